"""Runs a learner's function on copies, in a thread of its own, so that it cannot take the kernel down.

Every run ends in a `Report` of plain values: a loop is stopped, an exit is caught, a large allocation meets a limit before
the machine runs out of memory, and global state (random numbers, default dtype, warnings …) is put back.
"""

import builtins
import contextlib
import copy
import ctypes
import inspect
import io
import os
import random
import signal
import sys
import threading
import time
import traceback
import types
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch

from course_utils.answers import Opaque, first_difference, snapshot, type_name

GIB = 2**30
STACK = 64 * 2**20                      # bytes: deep recursion ends in a RecursionError, not in a crash
REFUSED = (                             # what would end or hang the kernel, switched off while a learner's code runs
    (os, ("_exit", "abort", "kill", "killpg", "fork", "forkpty", "execv", "execve", "execl", "execle", "execlp", "execvp",
          "execvpe")),
    (signal, ("raise_signal", "pthread_kill", "alarm", "setitimer")),
    (builtins, ("input", "exit", "quit")),
    (sys, ("breakpointhook",)),
)


class Raised(NamedTuple):
    """What stopped a run: the names of the exception's classes, its text, the learner's line, the whole traceback."""

    kinds: tuple[str, ...]
    message: str
    line: str
    trace: str
    while_observing: bool = False       # raised by what we do with the result, not inside the learner's function


class Outcome(NamedTuple):
    """One probe: the snapshot of the result or what stopped it, and what happened on the way."""

    value: Any = None
    raised: Raised | None = None
    warnings: tuple[str, ...] = ()
    printed: str = ""
    changed: tuple[int, ...] = ()       # positions of the arguments that the function changed


class Report(NamedTuple):
    """All probes of one run. `stopped` is "", "time" or "interrupt"; `alive` says that the thread could not be ended."""

    outcomes: tuple[Outcome, ...]
    stopped: str = ""
    alive: bool = False
    mismatch: str = ""                  # why the function cannot be called with the probe's arguments
    fault: str = ""                     # what failed in our own probes


class Refusal(RuntimeError):
    """Raised in place of a call that would end the kernel or wait for the keyboard."""


class TimeIsUp(BaseException):
    """Sent into the thread of a learner's code that runs too long."""


def run(function: Callable, probes: Any, *, observe: Callable | None = None, seed: int = 0, seconds: float = 5.0) -> Report:
    """Call `function` on every probe and snapshot what it gives (or what `observe(result, *args)` sees).

    `probes` is a list of argument tuples, copied for the run, or a function without arguments that makes them.
    """
    work = _Work(function, probes, observe, seed)
    stopped = ""
    with state_put_back(), _nothing_ends_the_kernel(), _memory_limit(), work.listening():
        thread = _start(work)
        deadline = time.monotonic() + seconds
        try:
            while thread.is_alive() and time.monotonic() < deadline:
                thread.join(0.1)
        except KeyboardInterrupt:
            stopped = "interrupt"
        if thread.is_alive():
            stopped = stopped or "time"
            _end(thread)
    return Report(tuple(work.outcomes), stopped, thread.is_alive(), work.mismatch, work.fault)


def read(value: Any, seconds: float = 2.0) -> Any:
    """The snapshot of any value, taken where it can do no harm."""
    if value is None or value is Ellipsis or type(value) in (bool, int, float, str):
        return value
    outcomes = run(lambda: value, [()], seconds=seconds).outcomes
    return outcomes[0].value if outcomes and not outcomes[0].raised else Opaque("an object that cannot be read")


class _Work:
    """The body of the thread. What it finds is kept in plain attributes, so that it survives a thread that hangs."""

    def __init__(self, function, probes, observe, seed):
        self.function, self.probes, self.observe, self.seed = function, probes, observe, seed
        self.outcomes: list[Outcome] = []
        self.mismatch = self.fault = ""
        self.printed = _Printed()
        self.warned: list = []

    @contextlib.contextmanager
    def listening(self):
        with warnings.catch_warnings(record=True) as self.warned, contextlib.redirect_stdout(self.printed):
            warnings.simplefilter("always")
            yield

    def __call__(self):
        try:
            self._seed(0)
            try:
                probes = self.probes() if callable(self.probes) else copy.deepcopy(self.probes)
            except Exception as problem:
                self.fault = f"{type(problem).__name__} while making the probes: {problem}"
                return
            for number, args in enumerate(probes):
                if not number:
                    self.mismatch = _mismatch(self.function, args)
                if self.mismatch:
                    return
                self._seed(number)
                self.outcomes.append(self._one(args))
        except BaseException:           # the time limit, wherever it strikes; `run` knows that it was sent
            return

    def _seed(self, number):
        torch.manual_seed(self.seed + number)
        np.random.seed(self.seed + number)
        random.seed(self.seed + number)

    def _one(self, args) -> Outcome:
        before, n_warned, n_printed = snapshot(args), len(self.warned), len(self.printed.text)
        value, raised, returned, result = None, None, False, None
        try:
            result = self.function(*args)
            returned = True
            if self.observe and result is not Ellipsis:
                result = self.observe(result, *args)
            value = snapshot(result)
        except TimeIsUp:
            raise
        except BaseException as problem:
            if returned and result is not None:
                raised = _raised(problem, self.function, True)
            elif not returned:
                raised = _raised(problem, self.function, False)
        after = snapshot(args)
        changed = tuple(i for i in range(len(args)) if _changed(before[i], after[i]))
        texts = tuple(str(warning.message) for warning in self.warned[n_warned:]
                      if not issubclass(warning.category, DeprecationWarning | FutureWarning))
        return Outcome(value, raised, texts, self.printed.text[n_printed:], changed)


class _Printed(io.TextIOBase):
    """Keeps what is printed, up to a limit."""

    def __init__(self):
        self.text = ""

    def writable(self):
        return True

    def write(self, text):
        self.text += text[:10_000 - len(self.text)] if len(self.text) < 10_000 else ""
        return len(text)


def _changed(before, after) -> bool:
    if type(before) is Opaque or type(after) is Opaque:
        return False
    return first_difference(after, before, rtol=0.0, atol=0.0) is not None


def _mismatch(function, args) -> str:
    try:
        signature = inspect.signature(function)
    except Exception:
        return ""
    try:
        signature.bind(*args)
    except TypeError:
        return f"({', '.join(signature.parameters)})"
    return ""


def _raised(problem: BaseException, function, while_observing: bool) -> Raised:
    kinds = tuple(type_name(kind) for kind in type(problem).__mro__)
    try:
        message = str(problem)[:4000]
    except Exception:
        message = ""
    line, trace = "", ""
    try:
        frames = problem.__traceback__.tb_next or problem.__traceback__         # leave out the frame of `_one`
        trace = "".join(traceback.format_exception(type(problem), problem, frames))[-20_000:]
        code = function.__code__ if type(function) is types.FunctionType else None
        lines = [frame.line for frame in traceback.extract_tb(frames) if code and frame.filename == code.co_filename]
        line = (lines[-1] if lines else "") or ""
    except Exception:
        trace = trace or f"{kinds[0]}: {message}"
    return Raised(kinds, message, line.strip(), trace, while_observing)


# ---- the thread -----------------------------------------------------------------------------------------------------

def _start(work) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    try:
        usual = threading.stack_size(STACK)
    except (ValueError, RuntimeError):
        thread.start()
        return thread
    try:
        thread.start()
    finally:
        threading.stack_size(usual)
    return thread


def _end(thread: threading.Thread) -> None:
    """Ask the thread to stop, for a second at most: code inside one long C call does not hear it."""
    for _ in range(20):
        with contextlib.suppress(AttributeError):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TimeIsUp))
        thread.join(0.05)
        if not thread.is_alive():
            return


# ---- what is guarded ------------------------------------------------------------------------------------------------

@contextlib.contextmanager
def state_put_back():
    """Put back the global state that a piece of code may change; inside, the default dtype is float32."""
    numbers = torch.get_rng_state(), np.random.get_state(), random.getstate()
    devices = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None
    dtype, threads, anomaly = torch.get_default_dtype(), torch.get_num_threads(), torch.is_anomaly_enabled()
    deterministic = torch.are_deterministic_algorithms_enabled()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    recursion, folder, hook = sys.getrecursionlimit(), os.getcwd(), sys.excepthook
    streams = sys.stdin, sys.stdout, sys.stderr
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
        sys.excepthook = hook
        torch.set_default_dtype(dtype)
        torch.set_rng_state(numbers[0])
        np.random.set_state(numbers[1])
        random.setstate(numbers[2])
        if devices is not None:
            torch.cuda.set_rng_state_all(devices)
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)
        if torch.is_anomaly_enabled() != anomaly:
            torch.autograd.set_detect_anomaly(anomaly)
        if torch.are_deterministic_algorithms_enabled() != deterministic:       # only then: its first call takes seconds
            torch.use_deterministic_algorithms(deterministic, warn_only=warn_only)
        with contextlib.suppress(RecursionError, OSError):
            sys.setrecursionlimit(recursion)
            os.chdir(folder)


@contextlib.contextmanager
def _nothing_ends_the_kernel():
    kept = []

    def refuse(owner, name, replacement=None):
        if hasattr(owner, name):
            kept.append((owner, name, getattr(owner, name)))
            setattr(owner, name, replacement or _refusal(name))

    usual_limit = sys.setrecursionlimit
    try:
        for owner, names in REFUSED:
            for name in names:
                refuse(owner, name)
        refuse(sys, "setrecursionlimit", lambda limit: usual_limit(min(limit, 10_000)))
        shell = builtins.get_ipython() if hasattr(builtins, "get_ipython") else None
        ask_exit = vars(shell).get("ask_exit") if shell is not None else None
        if shell is not None:
            shell.ask_exit = _refusal("exit")
        yield
    finally:
        for owner, name, original in kept:
            setattr(owner, name, original)
        if "shell" in locals() and shell is not None:
            if ask_exit is None:
                del shell.ask_exit
            else:
                shell.ask_exit = ask_exit


def _refusal(name):
    def refused(*_, **__):
        raise Refusal(f"{name}() is switched off during a check")
    return refused


@contextlib.contextmanager
def _memory_limit():
    """A soft limit above what is in use, where the system has one, so that 100 GB too much ends in a MemoryError."""
    try:
        import resource
        with open("/proc/self/statm") as statm:
            used = int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if torch.cuda.is_initialized():                         # a GPU's driver reserves addresses by the terabyte
            raise OSError
        limit = used + STACK + min(4 * GIB, max(GIB, int(0.8 * _memory_left())))
        limit = min(x for x in (limit, soft, hard) if x != resource.RLIM_INFINITY)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _memory_left() -> int:
    """Bytes still free, for the machine or for the container, whichever is less."""
    with open("/proc/meminfo") as meminfo:
        left = next(int(line.split()[1]) * 1024 for line in meminfo if line.startswith("MemAvailable"))
    with contextlib.suppress(OSError, ValueError):
        with open("/sys/fs/cgroup/memory.max") as most, open("/sys/fs/cgroup/memory.current") as current:
            left = min(left, int(most.read()) - int(current.read()))
    return left
