"""A value to work out by hand, for code that gave the same wrong values twice."""

from typing import Any

import torch

from course_utils.checker.compare import NUMBERS, describe_both, in_backticks
from course_utils.checker.explain import Comparison
from course_utils.checker.places import named_place
from course_utils.checker.snapshot import is_one_of, snapshot

MOST_ENTRIES = 12                       # of a tensor that is written out to be worked on by hand
PRINT_IT = "Put a `print` behind each line: what your code prints for the first input is shown here. " \
           "Which is the first value that you did not expect?"


def by_hand(comparison: Comparison | None, name: str) -> str:
    """The smallest input that an answer gets wrong, written out, with both values, to be worked out by hand."""
    if comparison is None:
        return PRINT_IT
    wrong = [i for i, got in enumerate(comparison.got) if got.raised or comparison.difference(i)]
    written = {number: text for number in wrong if (text := _written_out(comparison, number))}
    if not written:
        return PRINT_IT
    number = min(written, key=lambda number: len(written[number]))
    got, expected = comparison.got[number], comparison.expected[number].value
    found = comparison.difference(number)
    if got.raised or found is None or found.kind != "value":
        yours, needed = "stops" if got.raised else f"gives {in_backticks(got.value)}", in_backticks(expected)
    else:
        named = named_place(found.where)
        place = f"for {named} " if named else f"at {found.where} " if found.where else ""
        mine, ours = describe_both(found.got, found.expected)
        yours, needed = f"gives {place}`{mine}`", f"`{ours}`"
    return f"By hand: for {written[number]} yours {yours}; {needed} is needed. " \
           f"Work that one out on paper, then print each line of `{name}`."


def _written_out(comparison: Comparison, number: int) -> str:
    """The arguments of a probe as Python writes them; "" where one is too large, or is no plain value."""
    _, args = comparison.probes[number]
    texts = [_as_code(plain) for plain in snapshot(args)]
    named = [f"`{name} = {text}`" for name, text in zip(comparison.parameters, texts, strict=False)]
    return ", ".join(named) if all(texts) and len(texts) == len(named) else ""


def _as_code(plain: Any) -> str:
    if type(plain) is torch.Tensor:
        entries = _as_code(plain.tolist()) if plain.numel() <= MOST_ENTRIES else ""
        return entries and f"torch.tensor({entries})"
    if type(plain) is float:
        return repr(float(f"{plain:.4g}"))
    if type(plain) is list:
        parts = [_as_code(part) for part in plain] if len(plain) <= MOST_ENTRIES else [""]
        return f"[{', '.join(parts)}]" if all(parts) else ""
    if type(plain) is str:
        return repr(plain.replace("`", "'")) if len(plain) <= 40 else ""
    return repr(plain) if plain is None or is_one_of(type(plain), *NUMBERS) else ""
