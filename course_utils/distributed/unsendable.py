"""Which part of a value cannot be sent to another process, and what to do about it.

Called after packing failed: the parts are tried one by one, and the search goes on inside the first that fails.
"""

import functools
import io
import threading
import types
from collections.abc import Iterator
from typing import Any

import cloudpickle

THIS_PROCESS = "it belongs to this one process"
REASONS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((io.IOBase,), "an open file, and the place in it belongs to this one process"),
    ((types.GeneratorType,), "a generator, which stands in the middle of its work"),
    ((types.CoroutineType, types.AsyncGeneratorType), "a coroutine, which nobody has awaited"),
    ((type(threading.Lock()), type(threading.RLock()), threading.Thread, threading.Event, threading.Condition),
     "a lock or a thread, and those belong to one process"),
)


def explain(parts: dict[str, Any], error: Exception, where: str) -> str:
    """The sentences for a value that could not be packed: `parts` are its pieces by name; make it `where` instead."""
    for name, value in parts.items():
        if (found := _culprit(name, value, frozenset())) is not None:
            path, culprit = found
            return f"`{path}` cannot be sent to another process: it is {_kind(culprit)}. Make it {where}."
    return f"This cannot be sent to another process: {type(error).__name__}: {error}. Make it {where}."


def _culprit(name: str, value: Any, above: frozenset[int]) -> tuple[str, Any] | None:
    """The innermost part that cannot travel, with the way to it such as `settings['log']`; None if `value` can."""
    if id(value) in above or _can_travel(value):
        return None
    for inner_name, inner in _parts(name, value):
        if (found := _culprit(inner_name, inner, above | {id(value)})) is not None:
            return found
    return name, value


def _can_travel(value: Any) -> bool:
    try:
        cloudpickle.dumps(value)
    except Exception:
        return False
    return True


def _parts(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, functools.partial):
        yield from [("its function", value.func), ("its arguments", value.args), ("its keywords", value.keywords)]
    elif isinstance(value, types.MethodType):
        yield from [(f"the object of {name}", value.__self__), (name, value.__func__)]
    elif isinstance(value, types.FunctionType):
        yield from _used_by(value)
    elif isinstance(value, dict):
        yield from ((f"{name}[{key!r}]", inner) for key, inner in value.items())
    elif isinstance(value, list | tuple):
        fields = getattr(value, "_fields", None)                # a NamedTuple's have names
        for number, inner in enumerate(value):
            yield f"{name}.{fields[number]}" if fields else f"{name}[{number}]", inner
    elif isinstance(value, set | frozenset):
        yield from ((f"a member of {name}", inner) for inner in value)
    elif hasattr(value, "__dict__"):
        yield from ((f"{name}.{attribute}", inner) for attribute, inner in vars(value).items())


def _used_by(function: types.FunctionType) -> Iterator[tuple[str, Any]]:
    """What a function takes along: names of its notebook, of the function around it, and defaults."""
    for used in sorted(_names(function.__code__)):
        if used in function.__globals__:
            yield used, function.__globals__[used]
    for free, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield free, cell.cell_contents
        except ValueError:                                      # not set yet
            pass
    for number, default in enumerate(function.__defaults__ or (), start=1):
        yield f"default {number} of {function.__name__}", default
    for keyword, default in (function.__kwdefaults__ or {}).items():
        yield f"the default of {keyword} in {function.__name__}", default


def _names(code: types.CodeType) -> set[str]:
    """Every name that the code uses, also in the functions inside it."""
    inner = [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return set(code.co_names).union(*map(_names, inner))


def _kind(value: Any) -> str:
    for types_, reason in REASONS:
        if isinstance(value, types_):
            return reason
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}, which cannot be copied into another process"
