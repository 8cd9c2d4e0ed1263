"""Runs a learner's function on copies, in a thread of its own, so that it cannot take the kernel down.

Every run ends in a `Report` of plain values: a loop is stopped (`time_limit`), what could not be stopped is rehearsed
in a process of its own (`rehearsal`), an exit is caught, a large allocation meets a limit (`isolation`), and global
state is put back (`put_back`).
"""

import contextlib
import inspect
import io
import random
import threading
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import torch

from course_utils.checker.compare import NONE, first_difference
from course_utils.checker.escaping import harmless
from course_utils.checker.isolation import STACK, memory_limit, nothing_ends_the_kernel
from course_utils.checker.names import as_written
from course_utils.checker.put_back import state_put_back
from course_utils.checker.rehearsal import can_be_rehearsed, is_suspicious, rehearse
from course_utils.checker.snapshot import Opaque, is_plain, snapshot, type_name
from course_utils.checker.time_limit import TimeIsUp, Watched

AT_LEAST = 0.5                          # seconds for the run itself where its rehearsal took all the time there was
MOST_PRINTED = 10_000                   # characters
OTHER_DRAWS = 100_000                   # added to a seed, for random numbers that no probe has met


class Raised(NamedTuple):
    """What stopped a run: the names of the exception's classes, its text, the learner's line, the whole traceback."""

    kinds: tuple[str, ...]
    message: str
    line: str
    trace: str
    while_comparing: bool = False       # raised by what we do with the result, not inside the learner's function

    @property
    def said(self) -> str:
        """What Python says of it: the name of the class and the text."""
        return f"{self.kinds[0]}: {self.message}"


class Outcome(NamedTuple):
    """One probe: the snapshot of the result or what stopped it, and what happened on the way."""

    value: Any = None
    raised: Raised | None = None
    warnings: tuple[str, ...] = ()
    printed: str = ""
    changed: tuple[int, ...] = ()       # positions of the arguments that the function changed
    recorded: tuple[int, ...] = ()      # of those in which it left `requires_grad`
    gave_none: bool = False             # whether the function itself gave back None, whatever is compared


class Report(NamedTuple):
    """All probes of one run. `stopped` is "", "time", "interrupt" or "crash"; `alive`: the thread still runs."""

    outcomes: tuple[Outcome, ...]
    stopped: str = ""
    alive: bool = False
    mismatch: str = ""                  # the function's parameters, where the probe's arguments do not fit them
    fault: str = ""                     # what failed in our own probes


def run(function: Callable, probes: Callable[[], list[tuple]], *, compare_by: Callable | None = None, seed: int = 0,
        seconds: float = 5.0, ours: bool = False, drawn_anew: bool = False) -> Report:
    """Call `function` on every probe and snapshot what it gives (or what `compare_by(result, *args)` sees).

    `probes` makes the argument tuples afresh. `seconds` is the time for all of them together. A function that is `ours`
    is trusted to end. With `drawn_anew` the function meets the same probes and other random numbers.
    """
    def here(limit: float, beat: Callable[[], object] = lambda: None) -> tuple[Report, Watched]:
        return _run_here(_Work(function, probes, compare_by, seed, drawn_anew), limit, beat)

    def rehearsed(beat: Callable[[], object]) -> str:
        report, thread = here(seconds, beat)
        if report.stopped != "time":
            return ""
        return "idle" if thread.waits else "time"               # perhaps for a lock that was closed when it was copied

    if not ours and is_suspicious(function) and can_be_rehearsed():
        try:
            end = rehearse(rehearsed, seconds)
        except KeyboardInterrupt:
            end = "interrupt"
        if end == "idle":
            return here(AT_LEAST)[0]
        if end:
            return Report((), end)
    return here(seconds)[0]


def _run_here(work: "_Work", seconds: float, beat: Callable[[], object]) -> tuple[Report, Watched]:
    stopped, thread = "", Watched(work)
    with state_put_back(), nothing_ends_the_kernel(), memory_limit(), work.listening():
        threading.stack_size(STACK)
        thread.start()
        try:
            thread.wait(seconds, beat)
        except KeyboardInterrupt:
            stopped = "interrupt"
        if thread.runs():
            stopped = stopped or "time"
            work.abandoned = True
            thread.end()
    return Report(tuple(work.outcomes), stopped, thread.runs(), work.mismatch, work.fault), thread


def read(value: Any, seconds: float = 2.0) -> Any:
    """The snapshot of any value, taken where it can do no harm."""
    if value is None or value is Ellipsis or is_plain(type(value)):
        return value
    outcomes = run(lambda: value, lambda: [()], seconds=seconds).outcomes
    return outcomes[0].value if outcomes and not outcomes[0].raised else Opaque("an object that cannot be read")


def seed_everything(seed: int) -> None:
    """Begin all three streams of random numbers anew."""
    torch.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)


# ---- the thread -----------------------------------------------------------------------------------------------------

class _Work:
    """The body of the thread. What it finds is kept in plain attributes, so that it survives a thread that hangs."""

    def __init__(self, function: Callable, probes: Callable[[], list[tuple]], compare_by: Callable | None, seed: int,
                 drawn_anew: bool = False):
        self.function, self.probes, self.compare_by, self.seed = function, probes, compare_by, seed
        self.first_draw = seed + (OTHER_DRAWS if drawn_anew else 0)
        self.outcomes: list[Outcome] = []
        self.mismatch = self.fault = ""
        self.printed, self.warned = _Printed(), list[warnings.WarningMessage]()
        self.abandoned = False                      # nobody waits any more: should it ever wake, it ends

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Keep what is said. What goes to the other stream, progress bars mostly, is dropped: it may be a flood."""
        with warnings.catch_warnings(record=True) as self.warned, contextlib.redirect_stdout(self.printed), \
                contextlib.redirect_stderr(_Printed()):
            warnings.simplefilter("always")
            yield

    def __call__(self) -> None:
        seed_everything(self.seed)
        try:
            probes = self.probes()
        except Exception as problem:
            self.fault = f"{type(problem).__name__} while making the probes: {problem}"
            return
        self.mismatch = _mismatch(self.function, probes[0]) if probes else ""
        for number, args in enumerate(probes):
            if self.abandoned or self.mismatch:
                return
            seed_everything(self.first_draw + number)
            self.outcomes.append(self._outcome(args))

    def _outcome(self, args: tuple) -> Outcome:
        before, n_warned, n_printed = snapshot(args), len(self.warned), len(self.printed.text)
        asking = _asking_for_gradients(args)
        value = raised = result = None
        returned = False
        try:
            result = self.function(*args)
            returned = True
            if self.compare_by and result is Ellipsis and _changed(before, args):
                result = None                       # a stub's `return ...` is left, under an update that was made
            observed = self.compare_by(result, *args) if self.compare_by and result is not Ellipsis else result
            value = snapshot(observed)
        except TimeIsUp:
            raise
        except BaseException as problem:
            raised = _raised(problem, self.function, while_comparing=returned)
        warned = tuple(str(warning.message) for warning in self.warned[n_warned:]
                       if not issubclass(warning.category, DeprecationWarning | FutureWarning))
        return Outcome(value, raised, warned, self.printed.text[n_printed:], _changed(before, args),
                       tuple(i for i in _asking_for_gradients(args) if i not in asking),
                       gave_none=returned and result is None)


class _Printed(io.TextIOBase):
    """Keeps the beginning of what is printed: an endless loop may print."""

    text = ""

    def write(self, text: str) -> int:
        self.text += text[:MOST_PRINTED - len(self.text)] if len(self.text) < MOST_PRINTED else ""
        return len(text)


def _changed(before: list, args: tuple) -> tuple[int, ...]:
    """The positions of arguments that are no longer what they were; of an unknown kind nobody can tell."""
    return tuple(i for i, (old, new) in enumerate(zip(before, snapshot(args), strict=True))
                 if Opaque not in (type(old), type(new)) and first_difference(new, old, NONE))


def _asking_for_gradients(args: tuple) -> tuple[int, ...]:
    """The positions of tensors with `requires_grad`: who sets it adds to their `.grad` when called again."""
    return tuple(i for i, arg in enumerate(args) if isinstance(arg, torch.Tensor) and arg.requires_grad)


def _mismatch(function: Callable, args: tuple) -> str:
    try:
        signature = inspect.signature(function)
    except Exception:
        return ""
    try:
        signature.bind(*args)
    except TypeError:
        return harmless(str(signature))
    return ""


def _raised(problem: BaseException, function: Callable, while_comparing: bool) -> Raised:
    kinds, message, line, trace = tuple(type_name(kind) for kind in type(problem).__mro__), "", "", ""
    try:
        message = str(problem)[:4000]
    except TimeIsUp:
        raise
    except BaseException:                   # its own text may raise anything, SystemExit too
        pass
    with contextlib.suppress(Exception):
        trace = f"{kinds[0]}: {message}"
        frames = problem.__traceback__ and problem.__traceback__.tb_next    # leave out the frame of `_outcome`
        trace = "".join(traceback.format_exception(type(problem), problem, frames or problem.__traceback__))[-20_000:]
        written = as_written(function)
        file = written.__code__.co_filename if type(written) is types.FunctionType else None
        lines = [frame.line for frame in traceback.extract_tb(frames) if frame.filename == file]
        line = (lines[-1] if lines else "") or ""
    return Raised(kinds, message, harmless(line), trace, while_comparing)
