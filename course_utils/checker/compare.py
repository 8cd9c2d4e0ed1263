"""Comparing two snapshots, with the first place where they differ, and describing them in a few words."""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import torch

from course_utils.checker.snapshot import ModelState, Opaque, is_one_of

NUMBERS = (bool, int, float, complex)


class Difference(NamedTuple):
    """Where two snapshots differ first: `kind` is dots, nothing, type, shape, dtype, length, keys or value."""

    kind: str
    where: str                  # "" for the whole answer, else an index such as "[1, 2]" or "['loss']"
    got: Any
    expected: Any


class Tolerance(NamedTuple):
    """How far values may lie apart.

    Without `rtol` and `atol` it follows the coarser dtype: 1e-4 relative for float32 and for Python's numbers (which
    mostly come from float32 by `.item()`), 1e-6 for float64, 1e-2 for half precision. `atol` is meant for values up to
    1 and grows with the largest expected one. The width of a dtype does not matter unless `exact_dtype`.
    """

    rtol: float | None = None
    atol: float | None = None
    exact_dtype: bool = False


USUAL, NONE = Tolerance(), Tolerance(rtol=0.0, atol=0.0)


def first_difference(got: Any, expected: Any, tolerance: Tolerance = USUAL, where: str = "") -> Difference | None:
    """The first place where two snapshots differ, or None.

    nan equals nan, shapes are strict, lists and tuples are one kind, and so are numbers and tensors without dimensions.
    """
    if got is Ellipsis and expected is not Ellipsis:
        return Difference("dots", where, got, expected)
    if got is None and expected is not None:
        return Difference("nothing", where, got, expected)
    if is_numeric(expected):
        return _numeric_difference(got, expected, tolerance, where)
    if type(expected) is list and type(got) is torch.Tensor and got.dim():
        if len(got) != len(expected) or as_tensor(expected) is None:
            return Difference("length", where, got, expected)   # one tensor in place of several parts, or unlike ones
        got = got.tolist()
    if _kind(got) is not _kind(expected) or type(expected) is Opaque:
        return Difference("type", where, got, expected)
    if type(expected) is str:
        return None if got.strip() == expected.strip() else Difference("value", where, got, expected)
    if isinstance(expected, dict) and got.keys() != expected.keys():
        return Difference("keys", where, got, expected)
    if type(expected) is list and len(got) != len(expected):
        return Difference("length", where, got, expected)
    differences = (first_difference(got[key], part, tolerance, f"{where}[{key!r}]") for key, part in parts(expected))
    return next(filter(None, differences), None)


def parts(plain: Any) -> Iterable[tuple[Any, Any]]:
    """(key or index, value) of a dict or list; nothing for the rest."""
    return plain.items() if isinstance(plain, dict) else enumerate(plain) if type(plain) is list else ()


def _kind(plain: Any) -> type:
    return dict if type(plain) is ModelState else type(plain)


def is_numeric(plain: Any) -> bool:
    """Whether a snapshot is a number or a tensor."""
    return is_one_of(type(plain), torch.Tensor, *NUMBERS)


def as_tensor(plain: Any) -> torch.Tensor | None:
    """A numeric snapshot, or a regular list of numbers, as a tensor; None for anything else."""
    if type(plain) is torch.Tensor:
        return plain
    if type(plain) is int and abs(plain) >= 2**63:
        plain = float("inf") if abs(plain) >= 2**1000 else float(plain)
    if type(plain) in NUMBERS:
        return torch.tensor(plain, dtype={float: torch.float64, complex: torch.complex128}.get(type(plain)))
    rows: list[Any] = [as_tensor(item) for item in plain] if type(plain) is list else []
    regular = rows and all(row is not None and row.shape == rows[0].shape for row in rows)
    return torch.stack(rows) if regular else None


def _numeric_difference(got: Any, expected: Any, tolerance: Tolerance, where: str) -> Difference | None:
    both_tensors = type(got) is type(expected) is torch.Tensor
    numbers, expected = as_tensor(got), as_tensor(expected)
    if numbers is None or (type(got) is list and not expected.dim()):
        return Difference("type", where, got, expected)
    if numbers.shape != expected.shape:
        return Difference("shape", where, numbers, expected)
    missing_bool = numbers.dim() and expected.dtype == torch.bool != numbers.dtype
    if missing_bool or (tolerance.exact_dtype and both_tensors and numbers.dtype != expected.dtype):
        return Difference("dtype", where, numbers, expected)
    close = _close(numbers, expected, tolerance, both_tensors)
    if bool(close.all()):
        return None
    first = tuple((~close).nonzero()[0].tolist())
    return Difference("value", f"{where}{list(first) or ''}", numbers[first].item(), expected[first].item())


def _close(got: torch.Tensor, expected: torch.Tensor, tolerance: Tolerance, both_tensors: bool) -> torch.Tensor:
    dtypes = {got.dtype, expected.dtype}
    if not any(dtype.is_floating_point or dtype.is_complex for dtype in dtypes):
        return got == expected
    rtol, atol = 1e-4, 1e-6
    if any(dtype.is_floating_point and dtype.itemsize < 4 for dtype in dtypes):
        rtol, atol = 1e-2, 1e-3
    elif both_tensors and dtypes <= {torch.float64, torch.complex128}:
        rtol, atol = 1e-6, 1e-10
    rtol = rtol if tolerance.rtol is None else tolerance.rtol
    atol = atol if tolerance.atol is None else tolerance.atol
    wide = torch.complex128 if any(dtype.is_complex for dtype in dtypes) else torch.float64
    got, expected = got.to(wide), expected.to(wide)
    return torch.isclose(got, expected, rtol=rtol, atol=atol * largest_size(expected, 1.0), equal_nan=True)


def largest_size(tensor: torch.Tensor, least: float) -> float:
    """The largest finite |value|, or `least`: cancellation leaves rounding errors of the largest number in a sum."""
    finite = tensor[tensor.isfinite()].abs()
    return max(least, finite.max().item()) if finite.numel() else least


# ---- describing -----------------------------------------------------------------------------------------------------

def describe(plain: Any, digits: int = 4) -> str:
    """A snapshot in a few words or digits, without backticks, at most about 80 characters."""
    if type(plain) is torch.Tensor:
        small = plain.dim() == 0 or 0 < plain.numel() <= 6
        return describe(plain.tolist(), digits) if small else f"a tensor of shape {tuple(plain.shape)}"
    if type(plain) is float:
        plain += 0.0                                                # −0.0 is 0.0
        return f"{plain:.1f}" if plain.is_integer() and abs(plain) < 1e6 else f"{plain:.{digits}g}"
    if type(plain) is int:
        return str(plain) if abs(plain) < 10**18 else f"a whole number of {plain.bit_length()} bits"
    if type(plain) is complex:
        return f"{plain:.{digits}g}"
    if type(plain) is str:
        return repr(plain if len(plain) <= 40 else plain[:37] + "...").replace("`", "'")
    if type(plain) is list:
        text = f"[{', '.join(describe(item, digits) for item in plain[:7])}]"
        return text if len(plain) <= 6 and len(text) <= 80 else f"a list of {len(plain)}"
    if isinstance(plain, dict):
        if not plain:
            return "an empty dict"
        keys = ", ".join(map(describe, list(plain)[:4]))
        return f"a dict with {len(plain)} keys: {keys}{', …' if len(plain) > 4 else ''}"
    return plain.what if type(plain) is Opaque else "..." if plain is Ellipsis else str(plain)


def in_backticks(plain: Any) -> str:
    """A value of the learner's as it stands in a sentence: as code, or in words where it is none."""
    return describe(plain) if type(plain) is Opaque else f"`{describe(plain)}`"


def describe_both(got: Any, expected: Any) -> tuple[str, str]:
    """Two snapshots described with as many digits as it takes to tell them apart, and two more where they are near."""
    off, words = off_by(got, expected), ("", "")
    needed = round(2 - math.log10(off)) if 0 < off < 0.01 else 0
    for digits in (4, 6, 9, 17):
        words = describe(got, digits), describe(expected, digits)
        if words[0] != words[1] and digits >= needed:
            break
    return words


def off_by(got: Any, expected: Any) -> float:
    """By what share of the expected number another one is off; infinite where that cannot be said."""
    numbers = (float, int)
    if type(got) not in numbers or type(expected) not in numbers or not expected or not math.isfinite(expected):
        return math.inf
    return abs(got / expected - 1) if math.isfinite(got) else math.inf
