"""What an unexpected answer has to do with the expected one: twice as large, the other way round, transposed.

Every sentence here states a fact about all probes at once, not a guess at its cause. Behind such answers are forgotten
halves and signs, sums for means, logarithms for probabilities, parts handed over in another order.
"""

from collections.abc import Sequence
from typing import Any

import torch

from course_utils.checker.compare import as_tensor, describe, first_difference, largest_size

Pairs = list[tuple[torch.Tensor, torch.Tensor]]         # (got, expected), float64, for each probe
NAMED_FACTORS = {-1.0: "minus", 2.0: "twice", 0.5: "half", -2.0: "minus twice", -0.5: "minus half", 4.0: "4 times",
                 0.25: "a quarter of", 10.0: "10 times", 0.1: "a tenth of", 100.0: "100 times",
                 0.01: "a hundredth of"}
ENOUGH = 3              # different values, before an unnamed factor or distance is more than a coincidence
FUNCTIONS = (           # got = f(expected)
    ("1 minus the needed one", lambda expected: 1 - expected),
    ("the square of the needed one", torch.square),
    ("the root of the needed one", torch.sqrt),
    ("the logarithm of the needed one", torch.log),
    ("e to the power of the needed one", torch.exp),
    ("the size of the needed one, without its sign", torch.abs),
    ("1 divided by the needed one", torch.reciprocal),
    ("the sigmoid of the needed one", torch.sigmoid),
    ("the logit of the needed one", torch.logit),
)

CUTS = (("as `int()` and `.long()` give it", torch.trunc), ("rounded down, as by `//`", torch.floor))


def relation(outcomes: Sequence[tuple[Any, Any]], rows: Sequence[int | None]) -> str:
    """A sentence on how (got, expected) are related on all probes, or "".

    `outcomes` are snapshots, one pair for each probe; `rows` says how many examples each probe holds (None: not known).
    """
    if outcomes and all(_same_parts_in_another_order(*pair) for pair in outcomes):
        return "The parts of your answer are the right ones, in another order."
    part = _only_part_that_differs(outcomes)
    if part is not None:
        said = relation([(got[part], expected[part]) for got, expected in outcomes], rows)
        name = f"`{part}`" if type(part) is str else f"`[{part}]`"
        return said.replace("Every value of yours", f"Every value in {name}").replace("Yours is", f"Your {name} is") \
            if said.startswith(("Every value of yours", "Yours is")) and " " not in name else ""
    found = [(_values(got), _values(expected)) for got, expected in outcomes]
    pairs = [(got, expected) for got, expected in found if got is not None and expected is not None]
    if not pairs or len(pairs) < len(outcomes):
        return ""
    if all(got.dim() == 2 and got.T.shape == expected.shape and _same(got.T, expected) for got, expected in pairs):
        return "Your answer is the needed one with rows and columns exchanged: `.T` turns it."
    if any(got.shape != expected.shape or not got.isfinite().all() or not expected.isfinite().all()
           for got, expected in pairs):
        return ""
    if all(_same(got, expected) for got, expected in pairs):        # only a shape or a kind of number is another
        return ""
    if _fixed(pairs):
        return f"Yours is `{describe(pairs[0][0].item())}` on every input that was tried."
    words = _factor(pairs, rows) or _function(pairs) or _distance(pairs) or _rounded(pairs)
    if words:
        return f"{'Every value of yours' if any(got.dim() for got, _ in pairs) else 'Yours'} is {words}"
    if _many(pairs) and all(got.dim() == 1 and _same(got.sort()[0], expected.sort()[0]) for got, expected in pairs):
        return "Your values are the needed ones, in another order."
    return ""


def _values(plain: Any) -> torch.Tensor | None:
    """All numbers of an answer; those of several parts, such as (w, b), in a row."""
    tensor = as_tensor(plain)
    if tensor is None and type(plain) is list:
        parts = [part.flatten() for part in map(as_tensor, plain) if part is not None]
        tensor = torch.cat(parts) if 0 < len(parts) == len(plain) else None
    return None if tensor is None or tensor.is_complex() or not tensor.numel() else tensor.double()


def _only_part_that_differs(outcomes: Sequence[tuple[Any, Any]]) -> Any:
    """The one key of a dict, or place in a list of parts, at which answers differ; None if there are more, or none."""
    differing = set()
    for got, expected in outcomes:
        keys = expected.keys() if isinstance(expected, dict) else range(len(expected)) if type(expected) is list else ()
        same_keys = (got.keys() if isinstance(got, dict) else range(len(got)) if type(got) is list else ()) == keys
        if not keys or not same_keys or as_tensor(expected) is not None:
            return None
        differing |= {key for key in keys if first_difference(got[key], expected[key])}
    return differing.pop() if len(differing) == 1 else None


def _same_parts_in_another_order(got: Any, expected: Any) -> bool:
    if not (type(got) is type(expected) is list and len(got) == len(expected) > 1):
        return False
    places = [[i for i, part in enumerate(expected) if first_difference(mine, part) is None] for mine in got]
    in_order = [[i] for i in range(len(expected))]
    return sorted(places) == in_order != places         # in order, only a dtype is another: nothing to say of it


def _fixed(pairs: Pairs) -> bool:
    """Whether the answer is one number whatever the input, though three or more are needed."""
    several = len({expected.item() for _, expected in pairs if not expected.dim()}) >= ENOUGH
    return several and len({got.item() for got, _ in pairs}) == 1


def _factor(pairs: Pairs, rows: Sequence[int | None]) -> str:
    factors = [_one_factor(got, expected) for got, expected in pairs]
    if not all(factors):
        return ""
    known = [n for n in rows if n is not None]
    if len(known) == len(factors) and min(known) > 1:
        if _agree(factors, known):
            return "the needed one times the number of rows. Is it a sum, where a mean is needed?"
        if _agree(factors, [1 / n for n in known]):
            return "the needed one divided by the number of rows. Is it averaged twice, or where a sum is needed?"
        fixed = {f"{n / factor:.4g}" for n, factor in zip(known, factors, strict=True)}
        if len(fixed) == 1 and len({*known}) > 1:
            return f"the needed one times the number of rows, divided by {fixed.pop()}. Does a fixed number stand " \
                   "where the number of rows belongs?"
        if max(known) > 2 and _agree(factors, [n / (n - 1) for n in known]):
            return "the needed one times n/(n − 1), for n rows. Is n − 1 below the line, as in a standard deviation?"
    columns = [expected.shape[1] if expected.dim() == 2 else 0 for _, expected in pairs]
    if min(columns) > 1 and _agree(factors, [1 / k for k in columns]):
        return "the needed one divided by its number of columns. Is the mean taken over the columns as well?"
    if not _agree(factors, factors[:1] * len(factors)) or _agree(factors[:1], [1.0]):   # 1: only the shape is another
        return ""
    named = next((words for factor, words in NAMED_FACTORS.items() if _agree(factors[:1], [factor])), "")
    if named:
        return f"{named} the needed one."
    return f"{factors[0]:.4g} times the needed one." if _many(pairs) else ""


def _one_factor(got: torch.Tensor, expected: torch.Tensor) -> float:
    """0 where there is none."""
    largest = expected.abs().argmax()
    if expected.flatten()[largest].abs() < 1e-12:
        return 0.0
    factor = (got.flatten()[largest] / expected.flatten()[largest]).item()
    return factor if _same(got, factor * expected) else 0.0


def _function(pairs: Pairs) -> str:
    fits = (words for words, f in FUNCTIONS if all(_same(got, f(expected)) for got, expected in pairs))
    return next((f"{words}." for words in fits), "")


def _distance(pairs: Pairs) -> str:
    first = (pairs[0][0] - pairs[0][1]).flatten()[0]
    if _many(pairs) and all(_same(got, expected + first) for got, expected in pairs):
        return f"{abs(first):.4g} {'above' if first > 0 else 'below'} the needed one."
    return ""


def _rounded(pairs: Pairs) -> str:
    """Every value the needed one without some of its decimals; zeros alone may be anything."""
    if not _many(pairs) or len(torch.cat([got.flatten() for got, _ in pairs]).unique()) < 2:
        return ""
    for decimals in range(4):
        if all(_exactly(got, expected.round(decimals=decimals)) for got, expected in pairs):
            to = f"to {decimals} decimal{'s' * (decimals > 1)}" if decimals else "to a whole number"
            return f"the needed one, rounded {to}. Nothing is rounded here: leave the decimals as they come."
    cut = next((words for words, cut in CUTS if all(_exactly(got, cut(expected)) for got, expected in pairs)), "")
    return cut and f"the needed one without its decimals, {cut}. Leave them as they come."


def _exactly(got: torch.Tensor, expected: torch.Tensor) -> bool:
    """As near as float32 comes to decimals; what is rounded lies nearer than `_same` can see."""
    return torch.allclose(got, expected, rtol=1e-6, atol=1e-9)


def _many(pairs: Pairs) -> bool:
    return len(torch.cat([expected.flatten() for _, expected in pairs]).unique()) >= ENOUGH


def _agree(got: Sequence[float], expected: Sequence[float]) -> bool:
    return all(abs(a - b) <= 1e-4 * abs(b) for a, b in zip(got, expected, strict=True))


def _same(got: torch.Tensor, expected: torch.Tensor) -> bool:
    return torch.allclose(got, expected, rtol=1e-4, atol=1e-6 * largest_size(expected, 1e-30))
