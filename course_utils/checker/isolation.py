"""Guards around a learner's code: global state put back, exits switched off, a limit on memory.

They are set and lifted in the main thread, so that they are lifted even when the learner's thread hangs.
"""

import _thread
import builtins
import contextlib
import os
import random
import signal
import sys
import threading

import numpy as np
import torch

GIB = 2**30
STACK = 64 * 2**20                      # bytes: deep recursion ends in a RecursionError, not in a crash
REFUSED = (                             # what would end or hang the kernel, switched off while a learner's code runs
    (os, ("_exit", "abort", "kill", "killpg", "fork", "forkpty",
          "execl", "execle", "execlp", "execlpe", "execv", "execve", "execvp", "execvpe")),
    (signal, ("raise_signal", "pthread_kill", "alarm", "setitimer")),
    (builtins, ("input", "exit", "quit")),
    (sys, ("breakpointhook",)),
    (_thread, ("interrupt_main",)),
)


class Refusal(RuntimeError):
    """Raised in place of a call that would end the kernel or wait for the keyboard."""


@contextlib.contextmanager
def state_put_back():
    """Put back the global state that a piece of code may change; inside, the default dtype is float32."""
    numbers = torch.get_rng_state(), np.random.get_state(), random.getstate()
    devices = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None
    dtype, threads, anomaly = torch.get_default_dtype(), torch.get_num_threads(), torch.is_anomaly_enabled()
    deterministic = torch.are_deterministic_algorithms_enabled()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    recursion, folder, hook = sys.getrecursionlimit(), os.getcwd(), sys.excepthook
    streams, stack = (sys.stdin, sys.stdout, sys.stderr), threading.stack_size()
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams
        sys.excepthook = hook
        threading.stack_size(stack)
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
        if torch.are_deterministic_algorithms_enabled() != deterministic:   # only then: its first call takes seconds
            torch.use_deterministic_algorithms(deterministic, warn_only=warn_only)
        with contextlib.suppress(RecursionError, OSError):
            sys.setrecursionlimit(recursion)
            os.chdir(folder)


@contextlib.contextmanager
def nothing_ends_the_kernel():
    """Switch off what would end or hang the kernel, IPython's own exit included."""
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
def memory_limit():
    """A soft limit above what is in use, where the system has one, so that 100 GB too much ends in a MemoryError."""
    try:
        import resource
        with open("/proc/self/statm") as statm:
            used = int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if torch.cuda.is_available():                           # a GPU's driver reserves addresses by the terabyte
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
        left = next((int(line.split()[1]) * 1024 for line in meminfo if line.startswith("MemAvailable")), 2**50)
    with contextlib.suppress(OSError, ValueError):
        with open("/sys/fs/cgroup/memory.max") as most, open("/sys/fs/cgroup/memory.current") as current:
            left = min(left, int(most.read()) - int(current.read()))
    return left
