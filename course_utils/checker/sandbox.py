"""Runs a learner's function on copies, in a thread of its own, so that it cannot take the kernel down.

Every run ends in a `Report` of plain values: a loop is stopped, an exit is caught, a large allocation meets a limit,
and global state is put back (`guards`).
"""

import contextlib
import ctypes
import inspect
import io
import random
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

from course_utils.checker.compare import first_difference
from course_utils.checker.isolation import STACK, memory_limit, nothing_ends_the_kernel, state_put_back
from course_utils.checker.snapshot import Opaque, is_plain, snapshot, type_name

PATIENCE = 3                            # waiting may last so many times longer than computing
IMPORTS = 60.0                          # seconds: torch loads some of its parts at their first use, which takes a while


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
    gave_none: bool = False             # whether the function itself gave back None, whatever was observed


class Report(NamedTuple):
    """All probes of one run. `stopped` is "", "time" or "interrupt"; `alive`: the thread could not be ended."""

    outcomes: tuple[Outcome, ...]
    stopped: str = ""
    alive: bool = False
    mismatch: str = ""                  # why the function cannot be called with the probe's arguments
    fault: str = ""                     # what failed in our own probes


class TimeIsUp(BaseException):
    """Sent into the thread of a learner's code that runs too long."""


def run(function: Callable, probes: Callable[[], list[tuple]], *, observe: Callable | None = None, seed: int = 0,
        seconds: float = 5.0) -> Report:
    """Call `function` on every probe and snapshot what it gives (or what `observe(result, *args)` sees).

    `probes` makes the argument tuples afresh. `seconds` is computing time, so that a busy machine is not held against
    the learner; waiting may last `PATIENCE` times as long.
    """
    work = _Work(function, probes, observe, seed)
    stopped = ""
    with state_put_back(), nothing_ends_the_kernel(), memory_limit(), work.listening():
        thread = _start(work)
        clock = _Clock(work, thread)
        try:
            while _runs(thread, work.over) and clock.waited < PATIENCE * seconds and clock.computed < seconds:
                work.over.wait(0.05)
                clock.tick()
        except KeyboardInterrupt:
            stopped = "interrupt"
        if _runs(thread, work.over):
            stopped = stopped or "time"
            work.abandoned = True
            _end(thread, work.over)
    return Report(tuple(work.outcomes), stopped, _runs(thread, work.over), work.mismatch, work.fault)


def read(value: Any, seconds: float = 2.0) -> Any:
    """The snapshot of any value, taken where it can do no harm."""
    if value is None or value is Ellipsis or is_plain(type(value)):
        return value
    outcomes = run(lambda: value, lambda: [()], seconds=seconds).outcomes
    return outcomes[0].value if outcomes and not outcomes[0].raised else Opaque("an object that cannot be read")


class _Clock:
    """How long a thread has waited and computed, without its imports: they are not the learner's code."""

    def __init__(self, work, thread):
        self.work, self.thread = work, thread
        self.waited = self.computed = self.imports = 0.0
        self.last = time.monotonic(), 0.0

    def tick(self):
        now = time.monotonic(), self.work.seconds_used()
        waited, computed = now[0] - self.last[0], max(0.0, now[1] - self.last[1])
        self.last = now
        if self.imports < IMPORTS and _is_importing(self.thread):
            self.imports += waited
        else:
            self.waited, self.computed = self.waited + waited, self.computed + computed


def _is_importing(thread) -> bool:
    frame = sys._current_frames().get(thread.ident)
    while frame and not frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame is not None


def seed_everything(seed: int) -> None:
    torch.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)


class _Work:
    """The body of the thread. What it finds is kept in plain attributes, so that it survives a thread that hangs."""

    def __init__(self, function, probes, observe, seed):
        self.function, self.probes, self.observe, self.seed = function, probes, observe, seed
        self.outcomes: list[Outcome] = []
        self.mismatch = self.fault = ""
        self.printed = _Printed()
        self.warned: list = []
        self.over = threading.Event()
        self.abandoned = False                      # nobody waits any more: should it ever wake, it ends
        self.clock: int | None = None               # asked for inside the thread: safe to read even when it has ended

    @contextlib.contextmanager
    def listening(self):
        with warnings.catch_warnings(record=True) as self.warned, contextlib.redirect_stdout(self.printed):
            warnings.simplefilter("always")
            yield

    def seconds_used(self) -> float:
        """Computing time so far; 0 where the system does not tell, and only waiting counts."""
        try:
            return time.clock_gettime(self.clock) if self.clock is not None else 0.0
        except OSError:
            return 0.0

    def __call__(self):
        try:
            if hasattr(time, "pthread_getcpuclockid"):
                self.clock = time.pthread_getcpuclockid(threading.get_ident())
            seed_everything(self.seed)
            try:
                probes = self.probes()
            except Exception as problem:
                self.fault = f"{type(problem).__name__} while making the probes: {problem}"
                return
            for number, args in enumerate(probes):
                if self.abandoned:
                    return
                if not number:
                    self.mismatch = _mismatch(self.function, args)
                if self.mismatch:
                    return
                seed_everything(self.seed + number)
                self.outcomes.append(self._one(args))
        except BaseException:           # the time limit, wherever it strikes; `run` knows that it was sent
            return
        finally:
            self.over.set()

    def _one(self, args) -> Outcome:
        before, n_warned, n_printed = snapshot(args), len(self.warned), len(self.printed.text)
        value, raised, returned, result = None, None, False, None
        try:
            result = self.function(*args)
            returned = True
            if self.observe and result is Ellipsis and _any_changed(before, snapshot(args)):
                result = None                           # a stub's `return ...` is left, under an update that was made
            value = result
            if self.observe and result is not Ellipsis:
                value = self.observe(result, *args)
            value = snapshot(value)
        except TimeIsUp:
            raise
        except BaseException as problem:
            value, raised = None, _raised(problem, self.function, while_observing=returned)
        after = snapshot(args)
        changed = tuple(i for i in range(len(args)) if _changed(before[i], after[i]))
        texts = tuple(str(warning.message) for warning in self.warned[n_warned:]
                      if not issubclass(warning.category, DeprecationWarning | FutureWarning))
        return Outcome(value, raised, texts, self.printed.text[n_printed:], changed, returned and result is None)


class _Printed(io.TextIOBase):
    """Keeps what is printed, up to a limit."""

    def __init__(self):
        self.text = ""

    def writable(self):
        return True

    def write(self, text):
        self.text += text[:10_000 - len(self.text)] if len(self.text) < 10_000 else ""
        return len(text)


def _any_changed(before: list, after: list) -> bool:
    return any(map(_changed, before, after))


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
        return str(signature)
    return ""


def _raised(problem: BaseException, function, while_observing: bool) -> Raised:
    kinds = tuple(type_name(kind) for kind in type(problem).__mro__)
    try:
        message = str(problem)[:4000]
    except TimeIsUp:
        raise
    except BaseException:                   # its own text may raise anything, SystemExit too
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


def _runs(thread: threading.Thread, over: threading.Event) -> bool:
    """Whether the thread still runs the learner's code.

    Not `is_alive`: where an interrupt strikes during `join`, Python 3.11 takes a running thread for ended, and a
    learner's endless loop would go on after the stop button.
    """
    return not over.is_set() and thread.ident in sys._current_frames()


def _end(thread: threading.Thread, over: threading.Event) -> None:
    """Ask the thread to stop, for a second at most: code inside one long C call does not hear it."""
    for _ in range(20):
        with contextlib.suppress(AttributeError):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(TimeIsUp))
        over.wait(0.05)
        if not _runs(thread, over):
            return
