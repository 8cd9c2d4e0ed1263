"""Guards around a learner's code: exits are switched off, memory has a limit; `put_back` is the third.

They are set and lifted in the main thread, so that they are lifted even when the learner's thread hangs.
"""

import builtins
import contextlib
import faulthandler
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import torch

STACK = 64 * 2**20                      # bytes: deep recursion ends in a RecursionError, not in a crash
DEEPEST_CALLS = 10_000                  # what that stack has room for
SPACE = 4 * 2**30                       # bytes that a check may need on top of what is in use
REFUSED: tuple[tuple[object, tuple[str, ...]], ...] = (
    (os, ("_exit", "abort", "kill", "fork", "execv", "execve")),        # end the kernel; the other execs call these
    (signal, ("raise_signal", "alarm", "setitimer")),                   # end it, at once or later
    (faulthandler, ("dump_traceback_later",)),                          # ends it later
    (sys, ("setswitchinterval",)),                                      # a long one locks everybody else out
    (builtins, ("exit", "quit", "input", "breakpoint")),                # end it, or wait for the keyboard for ever
)
class Refusal(RuntimeError):
    """Raised in place of a call that would end the kernel or wait for the keyboard."""


@contextlib.contextmanager
def nothing_ends_the_kernel() -> Iterator[None]:
    """Switch off what would end or hang the kernel, IPython's own exit included."""
    set_limit = sys.setrecursionlimit
    shell = builtins.get_ipython() if hasattr(builtins, "get_ipython") else None
    with contextlib.ExitStack() as until_the_end:
        def replace(owner: object, name: str, replacement: Callable) -> None:
            until_the_end.enter_context(mock.patch.object(owner, name, replacement))

        for owner, names in REFUSED:
            for name in filter(lambda name: hasattr(owner, name), names):       # Windows lacks some
                replace(owner, name, _refusal(name))
        replace(sys, "setrecursionlimit", lambda limit: set_limit(min(limit, DEEPEST_CALLS)))
        if shell is not None:
            replace(shell, "ask_exit", _refusal("exit"))
        yield


def _refusal(name: str) -> Callable:
    def refused(*_: object, **__: object) -> None:
        raise Refusal(f"{name}() is switched off during a check")
    return refused


@contextlib.contextmanager
def memory_limit() -> Iterator[None]:
    """A limit on addresses, on Linux: 100 GB at once end in a MemoryError, where else the system ends the kernel."""
    statm = Path("/proc/self/statm")
    if not statm.exists() or torch.cuda.is_available():         # a GPU's driver reserves addresses by the terabyte
        yield
        return
    import resource

    usual, most = resource.getrlimit(resource.RLIMIT_AS)
    used = int(statm.read_text().split()[0]) * resource.getpagesize()
    limit = min(size for size in (used + SPACE, usual, most) if size != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (usual, most))
