"""A rehearsal in a process of its own, for answers that might never let go of Python's lock.

`sum(range(10**12))`, `10**10**9` or a regular expression that backtracks without end compute in C and hold the lock
all the while: no other thread gets a word in, neither our time limit nor the notebook's stop button, and the kernel has
to be restarted. So what looks as if it could (`is_suspicious`) is first run in a copy of this process, on Linux, where
copies are cheap (20 ms). Only how it ends is asked; the result is thrown away and computed again, here.

Nobody can tell from code whether it ends. A look at names and constants misses some, and suspects many that are
harmless; those pay with the 20 ms. SECURITY.md says what to do about the rest.
"""

import faulthandler
import os
import select
import signal
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import torch

# Sources without an end, searches and powers that take forever, and the way out of Python.
SUSPICIOUS = frozenset({"count", "cycle", "repeat", "iter", "re", "match", "search", "fullmatch", "findall", "sub",
                        "factorial", "comb", "perm", "ctypes", "_exit", "abort", "kill"})
LARGE = 10**6                           # a whole number as large as that may be the length of a loop, or an exponent
MOST_LOOKED_AT = 200                    # functions, classes and blocks of code
ENDS = ("", "time", "idle")             # how a part may end; the copy sends the place in this list as its last byte
BEAT = b"\xff"


def is_suspicious(answer: Any) -> bool:
    """Whether the code of an answer, or of what it calls among the learner's own, names something that may not end."""
    for code in _codes(answer):
        named = SUSPICIOUS.intersection([*code.co_names, *code.co_freevars])
        if named or any(map(_is_large, code.co_consts)):
            return True
    return False


def _is_large(constant: Any) -> bool:
    return type(constant) is int and abs(constant) >= LARGE


def _codes(answer: Any) -> Iterator[types.CodeType]:
    """The code of a function, a class or an object, and of functions beside it that it names; libraries are trusted."""
    todo, seen, home = [answer], set[int](), None
    while todo and len(seen) < MOST_LOOKED_AT:
        thing = todo.pop()
        kind = type(thing)
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if kind is types.CodeType:
            yield thing
            todo += [constant for constant in thing.co_consts if type(constant) is types.CodeType]
        elif kind is types.FunctionType:
            home = thing.__globals__ if home is None else home
            if thing.__globals__ is home:
                named = (home.get(name) for name in thing.__code__.co_names)
                todo += [thing.__code__, *(one for one in named if type(one) is types.FunctionType)]
                todo += [cell.cell_contents for cell in thing.__closure__ or () if _is_filled(cell)]
        elif kind is types.MethodType:
            todo.append(thing.__func__)
        elif issubclass(kind, type):
            todo += [member for member in type.__dict__["__dict__"].__get__(thing).values()
                     if type(member) is types.FunctionType]
        else:
            todo.append(kind)


def _is_filled(cell: types.CellType) -> bool:
    try:
        return type(cell.cell_contents) is types.FunctionType
    except ValueError:                  # a name that has no value yet
        return False


def can_be_rehearsed() -> bool:
    """Whether this process can be copied without harm: on Linux, and no GPU is in use, for its driver forbids it."""
    return sys.platform == "linux" and not torch.cuda.is_initialized()


def rehearse(part: Callable[[Callable[[], object]], str], seconds: float) -> str:
    """Run `part(beat)` in a copy of this process; it calls `beat` all the time, and says how it ended, one of `ENDS`.

    Gives that, or "time" where no beat was heard for so many `seconds`, or "crash" where the copy ended without a word.
    A KeyboardInterrupt ends the copy and is passed on.
    """
    hears, tells = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")             # Python 3.12 and later: a copy of a process with threads
        copy = os.fork()
    if copy == 0:
        _be_the_copy(part, tells)
    os.close(tells)
    heard, last = b"", BEAT
    try:
        while select.select([hears], [], [], max(1.0, seconds))[0]:
            heard = os.read(hears, 4096)
            if not heard:                           # it has ended
                return "crash" if last == BEAT else ENDS[last[0]]
            last = heard[-1:]
        return "time"                               # it holds the lock: even its own watch gets no word in
    finally:
        os.close(hears)
        os.kill(copy, signal.SIGKILL)               # it has ended, or has to
        os.waitpid(copy, 0)


def _be_the_copy(part: Callable[[Callable[[], object]], str], tells: int) -> None:
    """Never returns: what stands on the stack below belongs to the kernel."""
    try:
        faulthandler.disable()                      # a crash here is none of the kernel's
        sys.stdout = sys.stderr = open(os.devnull, "w")
        torch.set_num_threads(1)                    # the other threads of torch were not copied
        end = part(lambda: os.write(tells, BEAT))
        os.write(tells, bytes([ENDS.index(end)]))
    finally:
        os._exit(0)
