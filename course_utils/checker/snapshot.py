"""A plain copy of any value, safe to look at.

A value that a learner hands over may be anything, so its type is tested before any operation on it, and with
`type(value)` rather than `isinstance`, which asks the object itself. After `snapshot` only plain objects remain: `...`,
None, bool, int, float, complex, str, dense tensors on the CPU, lists, dicts (for models `ModelState`), and `Opaque` for
the rest.
"""

import decimal
import fractions
import types
from typing import Any, NamedTuple

import numpy as np
import torch

from course_utils.checker.escaping import harmless

MOST_ITEMS, DEEPEST = 200_000, 30
CONTAINERS: tuple[Any, ...] = (dict, list, tuple, range, set, frozenset)
ITERATORS: tuple[type, ...] = (map, filter, zip, enumerate, reversed, type(iter([])), type(iter(())))
NAMED_KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((types.GeneratorType, types.AsyncGeneratorType), "a generator"),
    ((types.CoroutineType,), "a coroutine"),
    ((types.FunctionType, types.BuiltinFunctionType, types.MethodType), "a function"),
    ((type,), "a class"),
)


class ModelState(dict):
    """What a layer or a model is compared by: name → parameter or buffer. `kind` is the name of its class."""

    kind = "nn.Module"


class Opaque(NamedTuple):
    """A value that is named and not compared: a generator, a function, an object of a class we do not know."""

    what: str


def is_plain(kind: type) -> bool:
    """Whether values of this very class are safe as they are."""
    return is_one_of(kind, bool, int, float, complex, str)


def is_one_of(kind: type, *kinds: type) -> bool:
    """By identity: `==`, and with it `in`, would ask the class's own metaclass."""
    return any(kind is other for other in kinds)


def type_name(kind: type) -> str:
    """The name of a class, fit to be shown, without asking its metaclass."""
    return harmless(type.__dict__["__name__"].__get__(kind), most=60)


def snapshot(value: Any) -> Any:
    """A plain, independent copy of `value` that is safe to compare and to print; unknown kinds become `Opaque`."""
    return _Copier().copy(value)


class _Copier:
    def __init__(self):
        self.items = 0
        self.inside: list[int] = []                 # ids of the containers around the current value

    def copy(self, value: Any) -> Any:
        kind = type(value)
        if value is None or value is Ellipsis or is_plain(kind):
            return value
        try:
            return self._copy(value, kind)
        except Exception:
            return Opaque(f"an object of type {type_name(kind)} that cannot be read")

    def _copy(self, value: Any, kind: type) -> Any:
        if issubclass(kind, torch.Tensor):
            return _plain_tensor(value)
        if issubclass(kind, np.ndarray | np.generic):
            return self._from_array(value)
        for number, convert in ((int, int.__index__), (float, float.__float__), (complex, complex.__complex__)):
            if issubclass(kind, number):
                return convert(value)
        if issubclass(kind, str):
            return str.__str__(value)
        if issubclass(kind, fractions.Fraction | decimal.Decimal):
            return float(value)
        if is_one_of(kind, torch.dtype, torch.device):
            return str(value)
        if issubclass(kind, torch.nn.Module):
            state = ModelState(self._container(dict(torch.nn.Module.state_dict(value)), dict))
            state.kind = type_name(kind)
            return state
        container = next((one for one in CONTAINERS if issubclass(kind, one)), None)
        if container:
            return self._container(value, container)
        if kind.__module__.split(".")[0] == "pandas" and hasattr(kind, "to_numpy"):
            return self._from_array(value.to_numpy())
        return Opaque(_kind_in_words(kind))

    def _container(self, value: Any, container: Any) -> Any:
        if id(value) in self.inside:
            return Opaque(f"a {container.__name__} that contains itself")
        entries = dict.items(value) if container is dict else container.__iter__(value)
        if container in (set, frozenset):
            entries = sorted(entries)
        self.inside.append(id(value))
        copies = []
        for entry in entries:
            self.items += 1
            if self.items > MOST_ITEMS or len(self.inside) > DEEPEST:
                return Opaque(f"a very long or very deep {container.__name__}")
            copies.append((self._key(entry[0]), self.copy(entry[1])) if container is dict else self.copy(entry))
        self.inside.pop()
        return dict(copies) if container is dict else copies

    @staticmethod
    def _key(key: Any) -> Any:
        return key if key is None or is_plain(type(key)) else Opaque(type_name(type(key)))

    def _from_array(self, value: Any) -> Any:
        array = np.array(value, subok=False)
        if array.dtype.kind in "OU":
            return self.copy(array.tolist())
        if array.dtype.kind not in "biufc":
            return Opaque(f"an array of {harmless(str(array.dtype), most=60)}")
        if array.dtype.itemsize > (16 if array.dtype.kind == "c" else 8):           # torch has no long double
            array = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
        return _plain_tensor(torch.from_numpy(array.astype(array.dtype.newbyteorder("="))))


def _plain_tensor(value: torch.Tensor) -> Any:
    with torch._C.DisableTorchFunctionSubclass(), torch.no_grad():
        for holds, words in ((value.is_meta, "on the meta device"), (value.is_nested, "of nested rows"),
                             (value.is_quantized, "of quantized numbers")):
            if holds:
                return Opaque(f"a tensor {words}")
        plain = value.detach()
        if plain.layout != torch.strided:
            plain = plain.to_dense()
        plain = plain.cpu().as_subclass(torch.Tensor).clone().resolve_conj().resolve_neg()
        try:
            torch.promote_types(plain.dtype, torch.int64)
        except RuntimeError:            # uint16 and float8 cannot be combined with anything
            plain = plain.to(torch.float32 if plain.is_floating_point() else torch.int64)
    return plain if type(plain) is torch.Tensor else Opaque(f"a tensor of type {type_name(type(value))}")


def _kind_in_words(kind: type) -> str:
    if issubclass(kind, ITERATORS):
        return f"an iterator ({type_name(kind)})"
    return next((words for kinds, words in NAMED_KINDS if issubclass(kind, kinds)),
                f"an object of type {type_name(kind)}")


def contains_dots(plain: Any) -> bool:
    """Whether `...` is left anywhere in a snapshot."""
    if isinstance(plain, dict):
        plain = list(plain.values())
    return plain is Ellipsis or (type(plain) is list and any(contains_dots(item) for item in plain))
