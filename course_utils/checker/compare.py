"""Comparing two snapshots, with the first place where they differ, and describing them in a few words."""

from typing import Any, NamedTuple

import numpy as np
import torch

from course_utils.checker.snapshot import ModelState, Opaque


class Difference(NamedTuple):
    """Where two snapshots differ first: `kind` is dots, nothing, type, shape, dtype, length, keys or value."""

    kind: str
    where: str                  # "" for the whole answer, else an index such as "[1, 2]" or "['loss']"
    got: Any
    needed: Any


def first_difference(got: Any, needed: Any, *, rtol: float | None = None, atol: float | None = None,
                     exact_dtype: bool = False, where: str = "") -> Difference | None:
    """The first place where two snapshots differ, or None.

    Without `rtol` and `atol` the tolerance follows the coarser dtype: 1e-4 relative for float32 and for Python's
    numbers (which mostly come from float32 by `.item()`), 1e-6 for float64, 1e-2 for half precision. nan equals nan,
    shapes are strict, lists and tuples are one kind, the dtype's width does not matter unless `exact_dtype`.
    """
    options = {"rtol": rtol, "atol": atol, "exact_dtype": exact_dtype}
    if got is Ellipsis and needed is not Ellipsis:
        return Difference("dots", where, got, needed)
    if got is None and needed is not None:
        return Difference("nothing", where, got, needed)
    if is_numeric(needed):
        return _numeric_difference(got, needed, where, **options)
    if type(needed) is list and type(got) in (torch.Tensor, np.ndarray) and got.ndim:
        if len(got) != len(needed):
            return Difference("length", where, got, needed)     # one tensor in place of several parts
        got = got.tolist()
    if _kind(got) is not _kind(needed) or type(needed) is Opaque:
        return Difference("type", where, got, needed)
    if type(needed) is str:
        return None if got.strip() == needed.strip() else Difference("value", where, got, needed)
    if isinstance(needed, dict):
        if got.keys() != needed.keys():
            return Difference("keys", where, got, needed)
        pairs = [(f"{where}[{key!r}]", got[key], value) for key, value in needed.items()]
    elif type(needed) is list:
        if len(got) != len(needed):
            return Difference("length", where, got, needed)
        pairs = [(f"{where}[{i}]", *pair) for i, pair in enumerate(zip(got, needed, strict=True))]
    else:
        pairs = []
    differences = (first_difference(ours, theirs, where=place, **options) for place, ours, theirs in pairs)
    return next((difference for difference in differences if difference), None)


def _kind(plain: Any) -> type:
    return dict if type(plain) is ModelState else type(plain)


def is_numeric(plain: Any) -> bool:
    """Whether a snapshot is a number, a tensor or a numeric array."""
    return type(plain) in (bool, int, float, complex, torch.Tensor, np.ndarray)


def as_tensor(plain: Any) -> torch.Tensor | None:
    """A numeric snapshot, or a regular list of numbers, as a tensor; None for anything else."""
    if type(plain) is torch.Tensor:
        return plain
    if type(plain) is np.ndarray:
        return torch.from_numpy(plain)
    if type(plain) is int and abs(plain) >= 2**63:
        plain = float("inf") if abs(plain) >= 2**1000 else float(plain)
    if type(plain) in (bool, int, float, complex):
        return torch.tensor(plain, dtype={float: torch.float64, complex: torch.complex128}.get(type(plain)))
    if type(plain) is list:
        rows = [as_tensor(item) for item in plain]
        if rows and all(row is not None and row.shape == rows[0].shape for row in rows):
            return torch.stack([row.to(torch.promote_types(row.dtype, rows[0].dtype)) for row in rows]) \
                if len({row.dtype for row in rows}) == 1 else torch.stack([row.to(torch.float64) for row in rows])
    return None


def _numeric_difference(got, needed, where, *, rtol, atol, exact_dtype):
    ours, theirs = as_tensor(got), as_tensor(needed)
    if ours is None or (type(got) is list and not theirs.dim()):
        return Difference("type", where, got, needed)
    if ours.shape != theirs.shape:
        return Difference("shape", where, ours, theirs)
    both_arrays = type(got) is not list and not {type(got), type(needed)} & {bool, int, float, complex}
    if ours.dim() and theirs.dtype == torch.bool and ours.dtype != torch.bool:
        return Difference("dtype", where, ours, theirs)
    if exact_dtype and both_arrays and ours.dtype != theirs.dtype:
        return Difference("dtype", where, ours, theirs)
    same = _same(ours, theirs, *_tolerance(ours, theirs, both_arrays, rtol, atol))
    if bool(same.all()):
        return None
    if not same.dim():
        return Difference("value", where, ours.item(), theirs.item())
    index = tuple((~same).nonzero()[0].tolist())
    return Difference("value", f"{where}{list(index)}", ours[index].item(), theirs[index].item())


def _same(ours, theirs, rtol, atol):
    if not any(t.dtype.is_floating_point or t.dtype.is_complex for t in (ours, theirs)):
        return ours == theirs
    wide = torch.complex128 if ours.dtype.is_complex or theirs.dtype.is_complex else torch.float64
    ours, theirs = ours.to(wide), theirs.to(wide)
    finite = theirs[torch.isfinite(theirs)].abs()
    scale = max(1.0, finite.max().item()) if finite.numel() else 1.0    # cancellation leaves rounding of the largest
    return torch.isclose(ours, theirs, rtol=rtol, atol=atol * scale, equal_nan=True)


def _tolerance(ours, theirs, both_arrays, rtol, atol):
    dtypes = {ours.dtype, theirs.dtype}
    if any(dtype.is_floating_point and dtype.itemsize < 4 for dtype in dtypes):
        default = (1e-2, 1e-3)
    elif both_arrays and dtypes <= {torch.float64, torch.complex128}:
        default = (1e-6, 1e-10)
    else:
        default = (1e-4, 1e-6)
    return (default[0] if rtol is None else rtol), (default[1] if atol is None else atol)


# ---- describing -----------------------------------------------------------------------------------------------------

def describe(plain: Any, digits: int = 4) -> str:
    """A snapshot in a few words or digits, without backticks, at most about 80 characters."""
    if type(plain) in (torch.Tensor, np.ndarray):
        if plain.ndim == 0:
            return describe(plain.item(), digits)
        if 0 < (plain.numel() if type(plain) is torch.Tensor else plain.size) <= 6:
            return describe(plain.tolist(), digits)
        return f"{'a tensor' if type(plain) is torch.Tensor else 'an array'} of shape {tuple(plain.shape)}"
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
        words = [describe(item, digits) for item in plain[:7]]
        text = f"[{', '.join(words)}]"
        return text if len(plain) <= 6 and len(text) <= 80 else f"a list of {len(plain)}"
    if isinstance(plain, dict):
        keys = ", ".join(describe(key) if type(key) is not Opaque else key.what for key in list(plain)[:4])
        return f"a dict with {len(plain)} keys: {keys}{', …' if len(plain) > 4 else ''}"
    return plain.what if type(plain) is Opaque else "..." if plain is Ellipsis else str(plain)


def describe_both(got: Any, needed: Any) -> tuple[str, str]:
    """Two snapshots described with as many digits as it takes to tell them apart."""
    for digits in (4, 6, 9, 17):
        words = describe(got, digits), describe(needed, digits)
        if words[0] != words[1]:
            break
    return words
