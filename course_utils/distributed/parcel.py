"""What travels between the notebook and its workers: packed with cloudpickle, by value where the notebook defined it.

A class or a function of the notebook that went out comes back as itself, so that a model which a worker returns is an
instance of the notebook's own class.
"""

import linecache
import marshal
import pickle
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import cloudpickle

from course_utils.distributed.unsendable import explain


class NotSendable(TypeError):
    """Something cannot be packed. The text names it, and says what to do."""


def pack_work(path: Path, work: Callable[..., Any], arguments: Sequence[Any], keywords: dict[str, Any]) -> list[Any]:
    """Write what a worker needs to call `work`; returns what `unpack_value` needs later. Raises NotSendable."""
    parts = {getattr(work, "__name__", "work"): work}
    parts |= {f"argument {number}": value for number, value in enumerate(arguments, start=1)} | keywords
    with open(path, "wb") as file:
        packer = _Packer(file)
        _pack(packer, (work, arguments, keywords), parts, where="inside the function")
        notebooks = list(packer.notebooks.values())
        packer.dump(notebooks)
        packer.dump({name: entry for name, entry in linecache.cache.items() if len(entry) == 4 and entry[1] is None})
    return notebooks


def unpack_work(path: Path) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], list[Any]]:
    """In a worker: the function, its arguments and keywords, and what `pack_value` needs later."""
    with open(path, "rb") as file:
        unpacker = _Unpacker(file)
        work, arguments, keywords = unpacker.load()
        notebooks = unpacker.load()
        linecache.cache.update(unpacker.load())     # the sources of cells, which are in no file: tracebacks show them
    return work, arguments, keywords, notebooks


def pack_value(path: Path, value: Any, notebooks: Sequence[Any]) -> None:
    """In a worker: write what `work` returned. Raises NotSendable."""
    with open(path, "wb") as file:
        _pack(_Packer(file, notebooks), value, {"what it returns": value}, where="there, and return what it is made of")


def unpack_value(path: Path, notebooks: Sequence[Any]) -> Any:
    """In the notebook: what a worker returned. Raises NotSendable."""
    try:
        with open(path, "rb") as file:
            return _Unpacker(file, notebooks).load()
    except Exception as error:                      # whatever an object's own code raises
        raise NotSendable(
            f"What a process returned cannot be put together here: {type(error).__name__}: {error} "
            "Return what it is made of: a model's `state_dict()`, tensors, numbers."
        ) from error


def _pack(packer: "_Packer", value: Any, parts: dict[str, Any], where: str) -> None:
    try:
        packer.dump(value)
    except OSError:                                 # the disk is full: no fault of the value
        raise
    except Exception as error:                      # pickle's own errors, and whatever an object's own code raises
        raise NotSendable(explain(parts, error, where)) from error


class _Packer(cloudpickle.Pickler):
    """Names by its number what the other side has already, and notes in `notebooks` what only a notebook defines."""

    def __init__(self, file: BinaryIO, known: Sequence[Any] = ()):
        super().__init__(file)
        self.numbers = {id(thing): number for number, thing in enumerate(known)}
        self.notebooks: dict[int, Any] = {}

    def persistent_id(self, thing: Any) -> int | None:
        if isinstance(thing, type | types.FunctionType) and _travels_by_value(thing):
            self.notebooks[id(thing)] = thing
            return self.numbers.get(id(thing))
        return None

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, types.CodeType):       # as Python itself stores code, with the name of its file or cell
            return marshal.loads, (marshal.dumps(thing),)
        return super().reducer_override(thing)


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: BinaryIO, known: Sequence[Any] = ()):
        super().__init__(file)
        self.known = known

    def persistent_load(self, number: int) -> Any:
        return self.known[number]


def _travels_by_value(thing: type | types.FunctionType) -> bool:
    return thing.__module__ == "__main__" or "<locals>" in thing.__qualname__
