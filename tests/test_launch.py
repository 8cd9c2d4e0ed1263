"""A function runs on several processes: what reaches them, what comes back, and what is shown meanwhile."""

import contextlib
import functools
import io
import os
import sys
import threading
from pathlib import Path

import nbformat
import pytest
import torch
import torch.distributed as dist
from executed import code_cells, not_run, red
from launched_work import Seen, look_around
from processes_of import running, unix
from test_notebooks import cut_off
from torch import nn

from course_utils.course import publish
from course_utils.data import Data
from course_utils.datasets import load_orings
from course_utils.distributed import NotSendable, launch, output, process_group, progress_of
from course_utils.distributed.output import Printed, ProgressShown
from course_utils.distributed.parcel import pack_value, pack_work, unpack_value, unpack_work
from course_utils.train import Progress


class Bar(Progress):
    """Notes what is done with it."""

    made = []

    def __init__(self, steps):
        super().__init__(steps)
        self.closed = False
        Bar.made.append(self)

    def close(self):
        self.closed = True


@pytest.fixture(scope="module")
def launched(tmp_path_factory):
    """What launch returned for four processes that look around, its stdout, its stderr, and the folder of the call."""
    out, err, folder, before = io.StringIO(), io.StringIO(), tmp_path_factory.mktemp("elsewhere"), os.getcwd()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setattr(output, "Progress", Bar)
        patch.setattr(sys, "path", [*sys.path, str(folder)])
        patch.setenv("COURSE_TEST_WORD", "hello")
        patch.delenv("GLOO_SOCKET_IFNAME", raising=False)
        os.chdir(folder)
        try:
            result = launch(look_around, 0.5, load_orings(), processes=4, threads=2, lr=torch.tensor(0.25))
        finally:
            os.chdir(before)
    return result, out.getvalue(), err.getvalue(), folder


def test_each_process_has_a_rank_and_they_reach_one_another(launched):
    result = launched[0]
    assert [(seen.rank, seen.processes, seen.total.item()) for seen in result.values] == [
        (rank, 4, 1111.0) for rank in range(4)]
    assert result.value is result.values[0] and 0 < result.seconds < 120


def test_the_arguments_arrive_and_values_come_back(launched):
    for seen in launched[0].values:
        (number, data), keywords = seen.arguments
        assert isinstance(seen, Seen) and number == 0.5 and keywords == {"lr": torch.tensor(0.25)}
        assert isinstance(data, Data) and torch.equal(data.train.X, load_orings().train.X)


def test_a_process_stands_where_the_notebook_stands(launched):
    result, _, _, folder = launched
    for seen in result.values:
        assert os.path.samefile(seen.folder, folder) and str(folder) in seen.path
        assert seen.variables["COURSE_TEST_WORD"] == "hello"
        assert seen.variables["OMP_NUM_THREADS"] == "2" and seen.threads == 2


def test_processes_stay_on_this_machine_and_on_the_cpu(launched):
    for seen in launched[0].values:
        assert seen.variables["GLOO_SOCKET_IFNAME"].startswith("lo") or sys.platform == "win32"
        assert seen.device == torch.device("cpu") or torch.cuda.device_count() >= 4


def test_every_process_begins_with_the_same_random_state(launched):
    expected = torch.rand(2, generator=torch.Generator().manual_seed(0))
    assert all(torch.equal(seen.drawn, expected) for seen in launched[0].values)


def test_what_they_print_is_shown_in_order_and_by_name(launched):
    lines = launched[1].split("\n")
    assert [line for line in lines if not line.startswith("rank")] == ["one 0", "two ✓ 0", "no newline", ""]
    for rank in (1, 2, 3):
        name = f"rank {rank} | "
        assert [line for line in lines if line.startswith(name)] == [
            f"{name}one {rank}", f"{name}two ✓ {rank}", f"{name}no newline"]
    assert sorted(launched[2].splitlines()) == ["beware 0", *(f"rank {rank} | beware {rank}" for rank in (1, 2, 3))]


def test_progress_of_rank_0_becomes_a_bar_here(launched):
    _, bar = Bar.made                                           # the first is the empty one before any report
    assert (bar.steps, bar.done, bar.closed) == (20, 20, True)



# ---- in a notebook ----

CELLS = ["""
import torch, torch.distributed as dist
from torch import nn
from typing import NamedTuple
from course_utils.distributed import WorkerFailed, launch

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 2)

    def forward(self, X):
        return double(self.linear(X)) * factor

class Pair(NamedTuple):
    rank: int
    net: Net

def double(X):
    return 2 * X

factor = 1.0
""", """
def work(n):
    net = Net()
    print("shape", *net(torch.ones(n, 3)).shape)
    return Pair(dist.get_rank(), net), double, factor

launched = launch(work, 5)
pairs = [pair for pair, _, _ in launched.values]
assert [pair.rank for pair in pairs] == [0, 1]
assert all(type(pair) is Pair and type(pair.net) is Net for pair in pairs)
assert launched.value[1] is double
""", """
factor = 3.0                    # a model that came back is one of this notebook: it follows what changes here
net, X = pairs[1].net, torch.ones(1, 3)
assert torch.allclose(net(X), 6 * net.linear(X))
""", """
def broken():
    if dist.get_rank() == 1:
        raise ValueError("the loss is nan")
    dist.all_reduce(torch.ones(3))

try:
    launch(broken)
except WorkerFailed as failed:
    print(failed)
""", """
import os, signal, sys, threading, time
from pathlib import Path
sys.path.append(TESTS)
from launched_work import without_end

def stop():
    while not Path("0.pid").exists():
        time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGINT)             # the stop button

threading.Thread(target=stop).start()
try:
    launch(without_end, ".", processes=1)
except KeyboardInterrupt:
    print("stopped")
print(signal.getsignal(signal.SIGINT).__name__)
"""]


@unix
def test_a_notebooks_own_functions_and_classes_go_and_come_back_and_it_can_be_stopped(tmp_path):
    cells = [cell.replace("TESTS", repr(str(Path(__file__).parent))) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    notebook = publish.execute(notebook, tmp_path, env=cut_off())
    assert not_run(notebook) == [] and red(notebook) == []
    texts = ["".join(output.get("text", "") for output in cell.outputs) for cell in code_cells(notebook)]
    assert sorted(texts[1].splitlines()) == ["rank 1 | shape 5 2", "shape 5 2"]
    first, *_, middle, last = filter(None, texts[3].splitlines())
    assert first.startswith("Rank 1 of 2 raised ValueError.") and last == "ValueError: the loss is nan"
    assert texts[3].count("Traceback") == 1
    assert middle.strip() == 'raise ValueError("the loss is nan")'              # the line of the cell, which is no file
    assert "In a cell of the notebook, line 3, in broken" in texts[3]
    assert texts[4].splitlines() == ["stopped", "default_int_handler"]
    assert (tmp_path / "0.pid").exists() and running(tmp_path) == []


# ---- what can be sent ----

lock = threading.Lock()


def sent(tmp_path, work, *arguments, **keywords):
    pack_work(tmp_path / "work.pickle", work, arguments, keywords)
    return unpack_work(tmp_path / "work.pickle")


def test_functions_models_and_figures_travel(tmp_path):
    from matplotlib.figure import Figure

    factor, figure = 3.0, Figure()
    figure.subplots().plot([0, 1], [2, 3])

    class Scaled(nn.Linear):
        def forward(self, X):
            return factor * super().forward(X)

    model = Scaled(2, 1)
    partial = functools.partial(max, 2)
    work, (given, drawing), keywords, _ = sent(tmp_path, lambda x: factor * x, model, figure, f=partial)
    assert work(2) == 6.0 and keywords["f"](1) == 2
    X = torch.rand(4, 2)
    assert torch.equal(given(X), model(X))
    assert drawing.axes[0].lines[0].get_ydata().tolist() == [2, 3]


def open_file(tmp_path):
    return open(tmp_path / "log", "w")


def in_closure(held):
    def work():
        return held

    return work


def in_default(held):
    def work(log=held):
        return log

    return work


def in_helper(held):
    def helper():
        return held

    def work():
        return [helper() for _ in range(2)]

    return work


def in_self(held):
    class Trainer:
        def __init__(self):
            self.steps, self.log = 3, held

        def work(self):
            return self.log

    return Trainer().work


@pytest.mark.parametrize("work, name", [
    (in_closure, "held"), (in_default, "default 1 of work"), (in_helper, "held"), (in_self, "the object of work.log"),
], ids=lambda value: getattr(value, "__name__", None))
def test_what_a_function_takes_along_is_found(tmp_path, work, name):
    with open_file(tmp_path) as held, pytest.raises(NotSendable) as refusal:
        sent(tmp_path, work(held), 1)
    assert str(refusal.value) == (
        f"`{name}` cannot be sent to another process: it is an open file, and the place in it belongs to this one "
        "process. Make it inside the function."
    )


@pytest.mark.parametrize("arguments, keywords, name, kind", [
    ((1, (n for n in range(3))), {}, "argument 2", "a generator, which stands in the middle of its work"),
    ((), {"settings": {"lr": 0.1, "guards": [0, lock]}}, "settings['guards'][1]", "a lock or a thread"),
    ((sys._getframe(),), {}, "argument 1", "a frame, which cannot be copied into another process"),
], ids=["generator", "lock", "frame"])
def test_an_argument_that_cannot_be_sent_is_named(tmp_path, arguments, keywords, name, kind):
    with pytest.raises(NotSendable) as refusal:
        sent(tmp_path, print, *arguments, **keywords)
    assert str(refusal.value).startswith(f"`{name}` cannot be sent to another process: it is {kind}")


class Fragile:
    """Can be packed, and not unpacked: like a DistributedDataParallel where there is no group."""

    def __setstate__(self, state):
        raise ValueError("no group here.")

    def __getstate__(self):
        return {}


def test_a_value_that_cannot_be_put_together_here_is_told(tmp_path):
    pack_value(tmp_path / "value.pickle", Fragile(), [])
    with pytest.raises(NotSendable, match="cannot be put together here: ValueError: no group here. Return what it is"):
        unpack_value(tmp_path / "value.pickle", [])


def test_a_global_of_the_notebook_is_named(tmp_path):
    notebook = {"__name__": "__main__", "lock": lock}
    exec("def helper():\n    return lock\ndef work():\n    return helper()", notebook)
    with pytest.raises(NotSendable, match="`lock` cannot be sent"):
        sent(tmp_path, notebook["work"])


def test_a_value_that_refers_to_itself_is_searched_to_its_end(tmp_path):
    value = {"lock": lock}
    value["me"] = value
    with pytest.raises(NotSendable, match=r"`argument 1\['lock'\]`"):
        sent(tmp_path, print, value)


# ---- arguments, the group, what is shown ----


@pytest.mark.parametrize("arguments, error, words", [
    (dict(work=3), TypeError, "a int. Give the function itself, without brackets"),
    (dict(processes=0), ValueError, "processes is 0; a whole number"),
    (dict(processes=True), ValueError, "processes is True"),
    (dict(threads=1.5), ValueError, "threads is 1.5"),
    (dict(time_limit=0), ValueError, "time_limit is 0; it counts seconds"),
    (dict(timeout=-1), ValueError, "timeout is -1"),
])
def test_wrong_arguments_are_told(arguments, error, words):
    with pytest.raises(error, match=words):
        launch(**{"work": print, **arguments})


def test_a_worker_launches_no_workers(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_LAUNCH_PROGRESS", str(tmp_path / "progress"))
    with pytest.raises(RuntimeError, match="already one of the processes of a launch"):
        launch(print)


def test_alone_a_process_is_a_group_of_one(monkeypatch):
    for name in ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    with process_group():
        total = torch.ones(2)
        dist.all_reduce(total)
        assert (dist.get_world_size(), dist.get_rank(), total.tolist()) == (1, 0, [1.0, 1.0])
        assert type(progress_of(3)) is Progress
    assert not dist.is_initialized()


def test_a_script_is_told_where_it_waits_in_vain(monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    gloo = "[unbound_buffer.cc:78] Timed out waiting 2500ms for recv operation to complete"
    with pytest.raises(RuntimeError) as caught, process_group():
        raise RuntimeError(gloo)
    assert str(caught.value).startswith("This rank waited 2.5 s in a call to the other ranks for a rank that did not ")
    assert "come, in line " in str(caught.value) and "of test_launch.py" in str(caught.value)
    assert str(caught.value).endswith("If a rank is only slow, allow a longer `timeout`.")
    with pytest.raises(RuntimeError, match="^shapes differ$"), process_group():
        raise RuntimeError("shapes differ")                     # no business of the group
    assert not dist.is_initialized()


@pytest.mark.parametrize("variables, words", [
    ({"RANK": "0", "WORLD_SIZE": "2"}, "RANK is set, but not MASTER_ADDR and MASTER_PORT"),
    ({"RANK": "2", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "1"}, "ranks count from 0 to 1"),
])
def test_half_a_description_of_the_group_is_told(monkeypatch, variables, words):
    for name in ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RuntimeError, match=words), process_group():
        pass


def test_lines_are_shown_whole(tmp_path, capsys):
    logs = {rank: str(tmp_path / f"{rank}.log") for rank in (0, 1)}
    nothing = dict.fromkeys(logs, os.devnull)
    printed, files = Printed(logs, nothing), {rank: open(name, "wb") for rank, name in logs.items()}
    with files[0], files[1]:
        for rank, text, shown in [
            (1, "half", ""), (0, "a\nb", "a\n"), (1, " of it\n\n", "rank 1 | half of it\nrank 1 | \n"), (0, "é", ""),
        ]:
            files[rank].write(text.encode())
            files[rank].flush()
            printed.show()
            assert capsys.readouterr().out == shown
        printed.show(all_is_written=True)
        assert capsys.readouterr().out == "bé\n"


def test_a_second_bar_follows_the_first(tmp_path, monkeypatch):
    monkeypatch.setattr(output, "Progress", Bar)
    Bar.made, file = [], tmp_path / "progress"
    shown = ProgressShown(file)
    for line in ("", "1 3 9 running\n", "1 5 9 runn", "1 9 9 closed\n", "2 1 4 running\n"):
        file.write_text(line)
        shown.show()
    _, first, second = Bar.made
    assert (first.done, first.closed, second.steps, second.done, second.closed) == (9, True, 4, 1, False)
    shown.close()
    assert second.closed
