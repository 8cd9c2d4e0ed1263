"""Guards around a learner's code: global state is put back, exits are switched off, memory has a limit.

They are set and lifted in the main thread, so that they are lifted even when the learner's thread hangs.
"""

import builtins
import contextlib
import os
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import torch

STACK = 64 * 2**20                      # bytes: deep recursion ends in a RecursionError, not in a crash
DEEPEST_CALLS = 10_000                  # what that stack has room for
SPACE = 4 * 2**30                       # bytes that a check may need on top of what is in use
REFUSED: tuple[tuple[object, tuple[str, ...]], ...] = (
    (os, ("_exit", "abort", "kill", "fork", "execv", "execve")),        # end the kernel; the other execs call these
    (signal, ("raise_signal",)),                                        # ends it, too
    (builtins, ("exit", "quit", "input", "breakpoint")),                # end it, or wait for the keyboard for ever
)
RANDOM: tuple[tuple[Callable, Callable], ...] = (                       # the learner's own numbers go on undisturbed
    (torch.get_rng_state, torch.set_rng_state),
    (np.random.get_state, np.random.set_state),
    (random.getstate, random.setstate),
)
SETTINGS: tuple[tuple[Callable, Callable], ...] = (                     # what every later cell would feel
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.get_num_threads, torch.set_num_threads),
    (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
    (threading.stack_size, threading.stack_size),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (os.getcwd, os.chdir),
)


class Refusal(RuntimeError):
    """Raised in place of a call that would end the kernel or wait for the keyboard."""


@contextlib.contextmanager
def state_put_back() -> Iterator[None]:
    """Put back the global state that a piece of code may change; inside, the default dtype is float32."""
    numbers, settings = [read() for read, _ in RANDOM], [read() for read, _ in SETTINGS]
    on_gpus = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []
    streams = sys.stdin, sys.stdout, sys.stderr
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
        for (_, write), value in zip(RANDOM, numbers, strict=True):
            write(value)
        torch.cuda.set_rng_state_all(on_gpus)
        for (read, write), value in zip(SETTINGS, settings, strict=True):
            if read() != value:
                write(value)


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
