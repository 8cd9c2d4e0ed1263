"""How long a learner's code may run in its thread, and how it is asked to end.

The limit is what is said: five seconds pass, whether the code computes, sleeps or waits. Only where more threads want
to compute than the machine has cores does the clock go slower, for that is not the learner's doing.
"""

import contextlib
import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable

SLOWEST = 1 / 3                         # of the usual speed: how slow the clock may go on a busy machine
IMPORTS = 60.0                          # seconds: torch loads some of its parts at their first use, which takes a while
TICK = 0.05                             # seconds from one look to the next


class TimeIsUp(BaseException):
    """Sent into the thread of a learner's code that runs too long."""


class Watched:
    """The thread that runs `body`; `over` is set when the body has ended."""

    def __init__(self, body: Callable[[], None]):
        self.over = threading.Event()
        self.passed = self.computed = 0.0           # seconds so far: on the wall, and of a core;
        self.share = self.due = 0.0                 # what it could have had of a core, and what counts of that at least
        self._body = body
        self._clock: int | None = None              # asked for inside the thread: safe to read even when it has ended
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        try:
            if hasattr(time, "pthread_getcpuclockid"):
                self._clock = time.pthread_getcpuclockid(threading.get_ident())
            with contextlib.suppress(BaseException):    # the time limit, wherever it strikes; who sent it knows
                self._body()
        finally:
            self.over.set()

    def wait(self, seconds: float, at_each_tick: Callable[[], object] = lambda: None) -> None:
        """Until the thread has ended or its time is up. Its imports do not count: they are not the learner's code."""
        imports, before = 0.0, (time.monotonic(), 0.0)
        while self.runs() and self.spent < seconds:
            self.over.wait(min(TICK, seconds))
            at_each_tick()
            now = time.monotonic(), self._seconds_computed()
            passed, computed = now[0] - before[0], max(0.0, now[1] - before[1])
            before = now
            if imports < IMPORTS and self._is_importing():
                imports += passed
                continue
            self.passed += passed
            self.computed += computed
            share = share_of_a_core()
            self.share += passed * share
            self.due += passed * max(SLOWEST, share)

    @property
    def spent(self) -> float:
        """Seconds that count: all that passed, but for those in which a thread that wanted a core did not get one."""
        return self.passed if self.waits else max(self.computed, self.due)

    @property
    def waits(self) -> bool:
        """Whether it leaves to others most of the computing that it could have had: it sleeps, or waits."""
        return self.computed < self.share / 2

    def runs(self) -> bool:
        """Whether the thread still runs its body.

        Not `is_alive`: where an interrupt strikes during `join`, Python 3.11 takes a running thread for ended, and a
        learner's endless loop would go on after the stop button.
        """
        return not self.over.is_set() and self._thread.ident in sys._current_frames()

    def end(self) -> None:
        """Ask the thread to stop, for half a second: code that sleeps, or sits in one long C call, does not hear it.

        It will when it wakes.
        """
        for _ in range(10):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread.ident or 0),
                                                       ctypes.py_object(TimeIsUp))
            self.over.wait(TICK)
            if not self.runs():
                return

    def _seconds_computed(self) -> float:
        """Computing time so far; 0 where the system does not tell."""
        try:
            return time.clock_gettime(self._clock) if self._clock is not None else 0.0
        except OSError:
            return 0.0

    def _is_importing(self) -> bool:
        frame = sys._current_frames().get(self._thread.ident or 0)
        while frame and not frame.f_code.co_filename.startswith("<frozen importlib"):
            frame = frame.f_back
        return frame is not None


def share_of_a_core() -> float:
    """What one thread that wants to compute gets on this machine now: 1 unless more want to than there are cores."""
    try:
        with open("/proc/loadavg") as file:                     # "0.52 0.41 0.30 3/289 4711": 3 want to, we among them
            wanting = int(file.read().split()[3].split("/")[0]) - 1
    except (OSError, ValueError, IndexError):                   # elsewhere than on Linux: the mean of the last minute
        wanting = int(os.getloadavg()[0]) if hasattr(os, "getloadavg") else 1
    return min(1.0, (os.cpu_count() or 1) / max(1, wanting))
