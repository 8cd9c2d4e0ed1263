"""What every later cell would feel is put back after a check: settings, random numbers, names, functions.

All of it together takes about a millisecond. What an answer changes inside of objects is not put back, but for those
that are named here; open files and figures are not either.
"""

import builtins
import contextlib
import functools
import gc
import locale
import logging
import math
import operator
import os
import random
import signal
import sys
import threading
import time
import types
import warnings
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

import numpy as np
import torch

RANDOM: tuple[tuple[Callable, Callable], ...] = (                       # the learner's own numbers go on undisturbed
    (torch.get_rng_state, torch.set_rng_state),
    (np.random.get_state, np.random.set_state),
    (random.getstate, random.setstate),
)
SETTINGS: tuple[tuple[Callable, Callable], ...] = (
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.get_num_threads, torch.set_num_threads),
    (torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
    (torch.get_deterministic_debug_mode, torch.set_deterministic_debug_mode),
    (torch.is_warn_always_enabled, torch.set_warn_always),
    (lambda: dict(vars(torch._tensor_str.PRINT_OPTS)), vars(torch._tensor_str.PRINT_OPTS).update),
    (np.get_printoptions, lambda options: np.set_printoptions(**options)),
    (threading.stack_size, threading.stack_size),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (gc.isenabled, lambda on: gc.enable() if on else gc.disable()),
    (gc.get_threshold, lambda limits: gc.set_threshold(*limits)),
    (lambda: locale.setlocale(locale.LC_ALL), lambda names: locale.setlocale(locale.LC_ALL, names)),
    (lambda: logging.root.manager.disable, logging.disable),
    (os.getcwd, os.chdir),
)
MODULES = (gc, math, os, random, signal, sys, threading, time, warnings, np, torch, torch.nn,
           torch.nn.functional, torch.nn.init, torch.optim, torch.autograd)
WHOLE: tuple[list | MutableMapping, ...] = (                            # restored with nothing added
    sys.path, os.environ, *(hooks for name, hooks in vars(torch.nn.modules.module).items()
                            if name.startswith("_global_") and isinstance(hooks, dict)),
)


@contextlib.contextmanager
def state_put_back() -> Iterator[None]:
    """Put back the global state that a piece of code may change; inside, the default dtype is float32."""
    settings, numbers = [read() for read, _ in SETTINGS], [read() for read, _ in RANDOM]
    on_gpus = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []
    wholes = [list(whole) if isinstance(whole, list) else dict(whole) for whole in WHOLE]
    modules, names = dict(sys.modules), [(place, dict(vars(place))) for place in _places()]
    all_builtins, usual_builtins = vars(builtins), dict(vars(builtins))
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        all_builtins.update(usual_builtins)         # first and without any of them: `all` may say yes to everything now
        for place, before in names:
            _put_names_back(place, before)
        _put_modules_back(modules)
        for whole, content in zip(WHOLE, wholes, strict=True):
            _put_whole_back(whole, content)
        for (read, write), value in zip(SETTINGS, settings, strict=True):
            if read() != value:
                write(value)
        for (_, write), value in zip(RANDOM, numbers, strict=True):
            write(value)
        torch.cuda.set_rng_state_all(on_gpus)


def _places() -> list[Any]:
    """The modules and classes whose functions may be replaced, and the notebook, whose names are the learner's own."""
    return [sys.modules["__main__"], *MODULES, *_classes()]


@functools.cache
def _classes() -> tuple[type, ...]:
    layers = [one for one in vars(torch.nn).values() if isinstance(one, type)]
    return tuple(dict.fromkeys([torch.Tensor, *layers]))


def _put_names_back(place: Any, before: dict[str, Any]) -> None:
    """What is new stays, for an import adds names: only if it hides what a class inherits, it goes."""
    now = vars(place)
    if _is_same(now, before):
        return
    for name, value in before.items():
        if now.get(name, before) is not value and not _is_torchs_own(now.get(name)):
            setattr(place, name, value)
    if isinstance(place, type):
        for name in [name for name in now if name not in before and hasattr(super(place, place), name)]:
            delattr(place, name)


def _is_same(now: Mapping[str, Any], before: dict[str, Any]) -> bool:
    """By identity: `==` would ask the values. As fast as Python can compare thousands of names."""
    return len(now) == len(before) and all(map(operator.is_, now.values(), before.values()))


def _is_torchs_own(replacement: Any) -> bool:
    """Whether a part of torch that was imported meanwhile has wrapped a function of torch, as its compiler does."""
    return type(replacement) is types.FunctionType and replacement.__globals__["__name__"].startswith("torch._")


def _put_modules_back(before: dict[str, Any]) -> None:
    """Modules imported meanwhile stay; one that came from nowhere is somebody's dummy and goes."""
    now = sys.modules
    if _is_same(now, before):
        return
    for name, module in before.items():
        if now.get(name) is not module:
            now[name] = module
    for name in now.keys() - before.keys():
        if type(now[name]) is types.ModuleType and vars(now[name]).get("__spec__") is None:
            del now[name]


def _put_whole_back(whole: Any, content: Any) -> None:
    if whole == content:
        return
    if isinstance(whole, list):
        whole[:] = content
    else:
        whole.clear()
        whole.update(content)
