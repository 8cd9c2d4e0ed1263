"""What stands around a learner's code: the time it has, the rehearsal of what may never end, and what is put back."""

import builtins
import gc
import itertools
import locale
import logging
import os
import re
import signal
import sys
import threading
import time
import types
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checker import exercise, rehearsal, time_limit
from course_utils.checker.put_back import state_put_back
from course_utils.checker.rehearsal import can_be_rehearsed, is_suspicious, rehearse
from course_utils.checker.sandbox import run
from course_utils.checker.time_limit import Watched

ONLY_COPIES = pytest.mark.skipif(not can_be_rehearsed(), reason="a process is copied on Linux without a GPU only")


def checked(answer, seconds=5.0):
    @exercise(probes=[(torch.tensor([1.0, 2.0]),)], seconds=seconds)
    def same(x):
        return x

    same.outcomes()
    return same.check(answer)


# ---- what is put back -----------------------------------------------------------------------------------------------

def odd(*args, **kwargs):
    return 1.0


def hides(x):
    torch.Tensor.sum = odd


def stubs(x):
    sys.modules["json"] = types.ModuleType("json")


def changes_names(x):
    sys.modules["__main__"].__dict__["__doc__"] = "gone"


def forgets_names(x):
    del sys.modules["__main__"].__dict__["__doc__"]


NEEDED = ("all", "len", "map", "type", "zip", "vars", "setattr", "isinstance", "dict", "hasattr")
DEEDS = {
    "how torch prints": (lambda x: torch.set_printoptions(precision=2), lambda: str(torch.tensor([1 / 3]))),
    "how NumPy prints": (lambda x: np.set_printoptions(precision=2), lambda: str(np.array([1 / 3]))),
    "the environment": (lambda x: os.environ.update(COURSE_OFFLINE="x"), lambda: dict(os.environ)),
    "less of it": (lambda x: os.environ.pop("PATH"), lambda: dict(os.environ)),
    "the folder": (lambda x: os.chdir("/"), os.getcwd),
    "a builtin": (lambda x: setattr(builtins, "sum", odd), lambda: builtins.sum),
    "builtins that put things back": (lambda x: vars(builtins).update(dict.fromkeys(NEEDED, odd)),
                                      lambda: [vars(builtins)[name] for name in NEEDED]),
    "no builtin": (lambda x: delattr(builtins, "sum"), lambda: builtins.sum),
    "a function of torch": (lambda x: setattr(torch, "softmax", odd), lambda: torch.softmax),
    "a function of F": (lambda x: setattr(F, "relu", odd), lambda: F.relu),
    "a layer": (lambda x: setattr(nn, "Linear", nn.ReLU), lambda: nn.Linear),
    "a layer's method": (lambda x: setattr(nn.Linear, "forward", odd), lambda: nn.Linear.forward),
    "a method of all layers": (lambda x: setattr(nn.Module, "zero_grad", odd), lambda: nn.Module.zero_grad),
    "a tensor's method": (hides, lambda: torch.Tensor.sum),
    "NumPy": (lambda x: setattr(np, "exp", odd), lambda: np.exp),
    "the clock": (lambda x: setattr(time, "sleep", odd), lambda: time.sleep),
    "the path": (lambda x: sys.path.insert(0, "/nowhere"), lambda: [*sys.path]),
    "a module": (stubs, lambda: sys.modules["json"]),
    "a module that was nowhere": (lambda x: sys.modules.update(nowhere=types.ModuleType("nowhere")),
                                  lambda: "nowhere" in sys.modules),
    "collecting garbage": (lambda x: gc.disable(), gc.isenabled),
    "how often": (lambda x: gc.set_threshold(1, 1, 1), gc.get_threshold),
    "warnings": (lambda x: warnings.simplefilter("ignore"), lambda: warnings.filters[:]),
    "how warnings are shown": (lambda x: setattr(warnings, "showwarning", odd), lambda: warnings.showwarning),
    "the dtype": (lambda x: torch.set_default_dtype(torch.float64), torch.get_default_dtype),
    "the device": (lambda x: torch.set_default_device("meta"), torch.get_default_device),
    "gradients": (lambda x: torch.set_grad_enabled(False), torch.is_grad_enabled),
    "hunting for nan": (lambda x: torch.autograd.set_detect_anomaly(True), torch.is_anomaly_enabled),
    "threads": (lambda x: torch.set_num_threads(torch.get_num_threads() + 1), torch.get_num_threads),
    "the same every time": (lambda x: torch.use_deterministic_algorithms(True), torch.get_deterministic_debug_mode),
    "hooks of all layers": (lambda x: nn.modules.module.register_module_forward_hook(odd),
                            lambda: len(nn.modules.module._global_forward_hooks)),
    "deep recursion": (lambda x: sys.setrecursionlimit(3_000), sys.getrecursionlimit),
    "torch's random numbers": (lambda x: torch.manual_seed(9), lambda: torch.get_rng_state().tolist()),
    "NumPy's random numbers": (lambda x: np.random.seed(9), lambda: np.random.get_state()[1].tolist()),
    "Python's random numbers": (lambda x: __import__("random").seed(9), lambda: __import__("random").getstate()),
    "the language": (lambda x: locale.setlocale(locale.LC_ALL, "C.UTF-8"), lambda: locale.setlocale(locale.LC_ALL)),
    "the log": (lambda x: logging.disable(logging.CRITICAL), lambda: logging.root.manager.disable),
    "what an interrupt does": (lambda x: signal.signal(signal.SIGINT, odd), lambda: signal.getsignal(signal.SIGINT)),
    "the output": (lambda x: setattr(sys, "stdout", None), lambda: sys.stdout),
    "complaints": (lambda x: setattr(sys, "stderr", None), lambda: sys.stderr),
    "what an exception does": (lambda x: setattr(sys, "excepthook", odd), lambda: sys.excepthook),
    "errors of NumPy": (lambda x: np.seterr(all="raise"), np.geterr),
    "a name of the notebook": (changes_names, lambda: sys.modules["__main__"].__doc__),
    "a name less": (forgets_names, lambda: "__doc__" in vars(sys.modules["__main__"])),
}


@pytest.mark.parametrize("what", DEEDS)
def test_it_is_put_back(what):
    deed, look = DEEDS[what]
    before = look()
    checked(lambda x: (deed(x), x)[1])
    assert look() == before


def test_what_torch_wraps_by_itself_and_what_an_import_adds_stay():
    with state_put_back():
        import torch._dynamo  # wraps functions of torch when it is imported

        wrapped = torch.manual_seed
    assert torch.manual_seed is wrapped and torch._dynamo is sys.modules["torch._dynamo"]


def test_an_imported_module_stays_and_one_that_hides_what_a_class_inherits_goes(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with state_put_back():
        import colorsys

        nn.ReLU.zero_grad = odd                     # inherited from Module
        nn.ReLU.more = odd
    assert sys.modules["colorsys"] is colorsys
    assert "zero_grad" not in vars(nn.ReLU) and vars(nn.ReLU)["more"] is odd
    del nn.ReLU.more


def test_decimals_are_float32_inside_whatever_they_are_outside():
    torch.set_default_dtype(torch.float64)
    try:
        with state_put_back():
            assert torch.get_default_dtype() is torch.float32
        assert torch.get_default_dtype() is torch.float64
    finally:
        torch.set_default_dtype(torch.float32)


def test_random_numbers_of_gpus_are_put_back_where_there_are_any(monkeypatch):
    numbers = [["first", "second"]]
    monkeypatch.setattr(torch.cuda, "get_rng_state_all", lambda: numbers[-1])
    monkeypatch.setattr(torch.cuda, "set_rng_state_all", numbers.append)
    for initialized, found in ((True, ["first", "second"]), (False, [])):
        monkeypatch.setattr(torch.cuda, "is_initialized", lambda initialized=initialized: initialized)
        with state_put_back():
            pass
        assert numbers.pop() == found


def test_putting_back_costs_little():
    """In computing time, so that a busy machine does not count: about 1.5 ms, of a check's 5."""
    def once():
        with state_put_back():
            pass

    once()
    begun = time.process_time()
    for _ in range(100):
        once()
    assert (time.process_time() - begun) / 100 < 0.006


# ---- the time it has ------------------------------------------------------------------------------------------------

def spent(body, seconds=0.4, share=1.0, monkeypatch=None):
    """Seconds on the clock until `body` is given up, and what counted of them."""
    monkeypatch.setattr(time_limit, "share_of_a_core", lambda: share)
    thread = Watched(body)
    begun = time.monotonic()
    thread.start()
    thread.wait(seconds)
    passed = time.monotonic() - begun
    thread.end()
    return passed, thread


def computes():
    while True:
        pass


def naps():
    while True:
        time.sleep(0.002)


@pytest.mark.parametrize("share", [1.0, 1 / 3])
def test_a_sleeper_has_the_time_that_is_said_whatever_others_do(monkeypatch, share):
    asleep = threading.Event()
    passed, thread = spent(lambda: asleep.wait(20), share=share, monkeypatch=monkeypatch)
    asleep.set()
    assert thread.waits and 0.4 <= passed < 0.4 * 2


def test_short_naps_are_no_way_around_it(monkeypatch):
    passed, thread = spent(naps, monkeypatch=monkeypatch)
    assert passed < 0.4 * 2 and not thread.runs()


@pytest.mark.parametrize(("passed", "computed", "share", "counts"), [
    (3.0, 3.0, 3.0, 3.0), (3.0, 1.0, 1.0, 1.0), (9.0, 1.0, 1.0, 3.0), (9.0, 5.0, 1.0, 5.0), (9.0, 0.1, 1.0, 9.0),
    (3.0, 0.1, 3.0, 3.0),
])
def test_who_stands_in_line_for_a_core_has_longer(passed, computed, share, counts):
    """At most three times as long, never less than it computed; and a sleeper stands in no line."""
    thread = Watched(computes)
    thread.passed, thread.computed, thread.share = passed, computed, share
    thread.due = max(share, passed * time_limit.SLOWEST)
    assert thread.spent == pytest.approx(counts)


class Scripted(Watched):
    """A thread that does not run; for each look at it stands what the clocks say, whether it imports, its share."""

    def __init__(self, looks, monkeypatch):
        super().__init__(computes)
        self.looks, self.at, self.waited = [(100.0, 0.0, False, 1.0), *looks], 0, []
        self.over = types.SimpleNamespace(wait=self.waits_for)
        monkeypatch.setattr(time_limit, "time", types.SimpleNamespace(monotonic=lambda: self.looks[self.at][0]))
        monkeypatch.setattr(time_limit, "share_of_a_core", lambda: self.looks[self.at][3])

    def waits_for(self, seconds):
        self.at += 1
        self.waited.append(seconds)

    def runs(self):
        return self.at + 1 < len(self.looks)

    def _seconds_computed(self):
        return self.looks[self.at][1]

    def _is_importing(self):
        return self.looks[self.at][2]


def test_what_passes_between_two_looks_is_added_up_and_what_an_import_takes_is_not(monkeypatch):
    thread, ticks = Scripted([
        (101.0, 0.8, False, 1.0), (103.0, 2.0, False, 0.5), (103.5, 2.1, False, 0.1), (104.0, 1.0, False, 1.0),
        (163.5, 9.0, True, 1.0), (163.9, 9.5, True, 1.0), (164.5, 9.6, True, 1.0), (165.0, 9.6, False, 1.0),
    ], monkeypatch), []
    thread.wait(60.0, lambda: ticks.append(thread.at))
    assert thread.passed == pytest.approx(1 + 2 + 0.5 + 0.5 + 0.5) and ticks == [1, 2, 3, 4, 5, 6, 7, 8]
    assert thread.computed == pytest.approx(0.8 + 1.2 + 0.1) and thread.waited == [time_limit.TICK] * 8
    assert thread.share == pytest.approx(1 + 2 * 0.5 + 0.5 * 0.1 + 0.5 + 0.5)
    assert thread.due == pytest.approx(1 + 2 * 0.5 + 0.5 / 3 + 0.5 + 0.5)


def test_an_import_of_over_a_minute_counts_and_the_wait_ends_when_the_time_is_up(monkeypatch):
    thread = Scripted([(130.0, 0.0, True, 1.0), (160.0, 0.0, True, 1.0), (161.0, 1.0, True, 1.0), *[
        (162.0 + n, 2.0 + n, False, 1.0) for n in range(9)]], monkeypatch)
    thread.wait(3.0)
    assert (thread.passed, thread.at) == (3.0, 5)
    short = Scripted([(100.01, 0.0, False, 1.0)] * 2, monkeypatch)
    short.wait(0.01)
    assert short.waited == [0.01] and short.spent == pytest.approx(0.01)


def test_half_of_what_it_could_have_had_is_no_waiting():
    thread = Watched(computes)
    thread.share = 2.0
    for thread.computed, waits in ((1.0, False), (0.99, True), (0.7, True)):
        assert thread.waits is waits


def test_who_hears_it_late_is_told_again_and_what_it_computed_is_known():
    def stubborn():
        for _ in range(3):
            try:
                computes()
            except time_limit.TimeIsUp:
                pass

    thread = Watched(stubborn)
    assert thread._thread.daemon, "or Python would wait for it at its end"
    assert not thread.runs() and thread._seconds_computed() == 0.0 and not thread._is_importing()
    thread.start()
    time.sleep(0.1)
    assert thread.runs() and thread._seconds_computed() > 0.0 and not thread._is_importing()
    thread.end()
    assert not thread.runs()
    thread._clock = 999                                 # no clock of this system
    assert thread._seconds_computed() == 0.0


@pytest.mark.parametrize(("loads", "cores", "share"), [
    ("0.00 0.00 0.00 1/90 7", 2, 1.0), ("0.00 0.00 0.00 3/90 7", 2, 1.0), ("0.00 0.00 0.00 5/90 7", 2, 0.5),
    ("9.00 9.00 9.00 81/99 7", 2, 0.025), ("nonsense", 2, 1.0),
])
def test_the_share_of_a_core_is_read_from_the_system(monkeypatch, tmp_path, loads, cores, share):
    (tmp_path / "loadavg").write_text(loads)
    monkeypatch.setattr("builtins.open", lambda *a, opened=open: opened(tmp_path / "loadavg"))
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(os, "getloadavg", lambda: (0.3, 9.0, 9.0), raising=False)
    assert time_limit.share_of_a_core() == share


def test_a_sleeping_answer_is_given_up_when_it_was_said():
    morning = threading.Event()
    begun = time.monotonic()
    said = checked(lambda x: morning.wait(60), seconds=1.0).text
    passed = time.monotonic() - begun
    morning.set()
    assert "did not finish in 1 seconds" in said and "Restart Kernel" in said and passed < 1 + 0.5 + 1


# ---- what may never let go of Python's lock -------------------------------------------------------------------------

def a_count(x):
    return sum(itertools.count())


def a_range(x):
    return max(range(10**13))


def a_pattern(x):
    return re.match("(a+)+$", "a" * 40 + "b")


def a_power(x):
    return 10**10**9


def helper():
    return sum(iter(int, 1))


def by_a_helper(x):
    return helper()


class InItsMethod:
    def __call__(self, x):
        return a_count(x)


HOLD = [a_count, a_range, a_pattern, a_power, by_a_helper, InItsMethod()]


@ONLY_COPIES
@pytest.mark.parametrize("answer", HOLD, ids=lambda answer: getattr(answer, "__name__", "a method"))
def test_what_never_lets_go_of_the_lock_is_stopped(answer):
    """Without the rehearsal this test would never end."""
    begun = time.monotonic()
    feedback = checked(answer, seconds=1.0)
    assert feedback.status == "wrong" and "did not finish in 1 seconds, so we stopped it" in feedback.text
    assert "still runs" not in feedback.text and time.monotonic() - begun < 1 + 3


@ONLY_COPIES
def test_what_takes_python_down_takes_down_a_copy():
    import ctypes

    said = checked(lambda x: ctypes.string_at(0)).text
    assert "ends Python itself, so it was run in a copy only" in said.replace("\n", " ")
    assert "a copy only" in checked(lambda x: os.kill and __import__("posix")._exit(3)).text


@ONLY_COPIES
def test_a_rehearsal_is_not_the_performance():
    """Right answers that look suspicious are right; what they did in the copy is not seen, here they run once."""
    calls = []

    def answer(x):
        calls.append(next(itertools.count()))
        return x

    assert is_suspicious(answer) and checked(answer).status == "right" and calls == [0]


@ONLY_COPIES
def test_who_sleeps_in_a_rehearsal_is_tried_again_for_it_may_be_a_lock_that_was_copied():
    here = os.getpid()

    def answer(x):
        while os.getpid() != here:
            time.sleep(0.01)
        return next(itertools.repeat(x))

    assert checked(answer, seconds=0.5).status == "right"


@ONLY_COPIES
def test_an_interrupt_ends_the_rehearsal_too():
    before = set(os.listdir("/proc"))
    threading.Timer(0.5, lambda: signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)).start()
    assert "You pressed stop" in checked(a_count).text
    copies = [number for number in set(os.listdir("/proc")) - before if number.isdigit() and is_ours(number)]
    assert not copies


def is_ours(number):
    try:
        with open(f"/proc/{number}/stat") as file:
            return int(file.read().rsplit(")", 1)[1].split()[1]) == os.getpid()
    except OSError:
        return False


@ONLY_COPIES
@pytest.mark.parametrize(("part", "end"), [(lambda beat: "", ""), (lambda beat: "time", "time"),
                                           (lambda beat: "idle", "idle"), (lambda beat: os._exit(0), "crash"),
                                           (lambda beat: 1 / 0, "crash")])
def test_how_a_rehearsal_ends(part, end):
    assert rehearse(part, 5.0) == end


def usual(logits, y):
    scores = logits - logits.max(dim=1, keepdim=True).values
    return -(scores.log_softmax(1) ** 2)[range(len(y)), y].sum() / max(10, sum(p for p in [1, 2]))


class Usual(nn.Module):
    def forward(self, x):
        return x.repeat(2) if False else x


def test_ordinary_answers_are_not_suspected():
    assert not is_suspicious(usual) and not is_suspicious(torch.softmax) and not is_suspicious(3)
    assert all(map(is_suspicious, HOLD)) and is_suspicious(Usual), "`repeat` may be that of itertools: 20 ms more"


def test_a_look_at_hostile_code_harms_nothing():
    class Kind(type):
        __eq__ = __getattribute__ = lambda *args: 1 / 0
        __hash__ = type.__hash__

    class Odd(metaclass=Kind):
        def method(self):
            return 10**9

    def loop():
        return other(1)

    def other(x):
        return loop()

    assert is_suspicious(Odd) and not is_suspicious(loop)


class Counter:
    def count_up(self):
        return next(itertools.count())

    def add(self, x):
        return x + 1


def test_methods_and_functions_in_a_closure_are_looked_at_and_empty_names_are_not():
    assert is_suspicious(Counter().count_up) and not is_suspicious(Counter().add)

    def around(step, more=3):
        def answer(x):
            return step(x) + more
        return answer

    def never_filled():
        def answer(x):
            return later(x)
        return answer
        later = a_count

    assert is_suspicious(around(a_count)) and not is_suspicious(around(len)) and not is_suspicious(around(usual))
    assert not is_suspicious(never_filled())
    assert is_suspicious(lambda x: (lambda: next(itertools.count()))())
    for number, large in ((10**6, True), (-10**6, True), (10**6 - 1, False)):
        answer = eval(f"lambda x: {number}")
        assert is_suspicious(answer) is large


@pytest.mark.parametrize(("platform", "gpu", "can"), [
    ("linux", False, True), ("linux", True, False), ("win32", False, False), ("darwin", True, False)])
def test_a_process_is_copied_on_linux_without_a_gpu(monkeypatch, platform, gpu, can):
    monkeypatch.setattr(rehearsal, "sys", types.SimpleNamespace(platform=platform))
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: gpu)
    assert can_be_rehearsed() is can


def test_the_search_ends_after_so_many_functions():
    names = {f"f{n}": None for n in range(300)}
    chain = "\n".join(f"def f{n}(x):\n    return f{n + 1}(x)" for n in range(300)) + "\ndef f300(x):\n    return 10**9"
    exec(chain, names)
    assert not is_suspicious(names["f0"]) and is_suspicious(names["f250"])


def test_our_own_answers_are_trusted(monkeypatch):
    monkeypatch.setattr(rehearsal, "is_suspicious", lambda answer: 1 / 0)
    assert run(lambda x: next(itertools.count()), lambda: [(1,)], ours=True).outcomes[0].value == 0
