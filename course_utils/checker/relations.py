"""What an unexpected answer has to do with the needed one: twice as large, the other way round, transposed.

Every sentence here states a fact about all probes at once, not a guess at its cause. Behind such answers are forgotten
halves and signs, sums for means, logarithms for probabilities, parts handed over in another order.
"""

from collections.abc import Sequence
from typing import Any

import torch

from course_utils.checker.compare import as_tensor, first_difference

NAMED_FACTORS = {-1.0: "minus", 2.0: "twice", 0.5: "half", -2.0: "minus twice", -0.5: "minus half", 4.0: "4 times",
                 0.25: "a quarter of", 10.0: "10 times", 0.1: "a tenth of", 100.0: "100 times",
                 0.01: "a hundredth of"}
ENOUGH = 3              # different values, before an unnamed factor or distance is more than a coincidence

FUNCTIONS = (           # yours = f(needed)
    ("1 minus the needed one", lambda needed: 1 - needed),
    ("the square of the needed one", torch.square),
    ("the root of the needed one", torch.sqrt),
    ("the logarithm of the needed one", torch.log),
    ("e to the power of the needed one", torch.exp),
    ("the size of the needed one, without its sign", torch.abs),
    ("the needed one, rounded", torch.round),
    ("1 divided by the needed one", torch.reciprocal),
    ("the sigmoid of the needed one", torch.sigmoid),
    ("the logit of the needed one", torch.logit),
)


def relation(pairs: Sequence[tuple[Any, Any]], rows: Sequence[int | None]) -> str:
    """A sentence on how (yours, needed) are related on all probes, or "".

    `pairs` are snapshots, one pair for each probe; `rows` says how many examples each probe holds (None: not known).
    """
    if not pairs:
        return ""
    tensors = [(as_tensor(yours), as_tensor(needed)) for yours, needed in pairs]
    if any(t is None or t.is_complex() or not t.numel() for pair in tensors for t in pair):
        return _parts(pairs) or _joined(pairs, rows)
    tensors = [(yours.double(), needed.double()) for yours, needed in tensors]
    if any(yours.shape != needed.shape for yours, needed in tensors):
        return _transposed(tensors)
    if not all(torch.isfinite(t).all() for pair in tensors for t in pair):
        return ""
    words = _factor(tensors, rows) or _function(tensors) or _distance(tensors)
    if words:
        alone = not any(yours.dim() for yours, _ in tensors)
        return f"{'Yours' if alone else 'Every value of yours'} is {words}"
    return _transposed(tensors) or _order(tensors) or _parts(pairs)


def _factor(tensors, rows) -> str:
    factors = [_one_factor(yours, needed) for yours, needed in tensors]
    if None in factors:
        return ""
    if None not in rows and min(rows) > 1:
        if _agree(factors, rows):
            return "the needed one times the number of rows. Is it a sum, where a mean is needed?"
        if _agree(factors, [1 / n for n in rows]):
            return "the needed one divided by the number of rows. Is it averaged twice, or where a sum is needed?"
    if not _agree(factors, factors[:1] * len(factors)):
        return ""
    named = next((words for factor, words in NAMED_FACTORS.items() if _agree(factors[:1], [factor])), None)
    if named:
        return f"{named} the needed one."
    return f"{factors[0]:.4g} times the needed one." if _many(tensors) else ""


def _one_factor(yours, needed) -> float | None:
    largest = needed.abs().argmax()
    if needed.flatten()[largest].abs() < 1e-12:
        return None
    factor = (yours.flatten()[largest] / needed.flatten()[largest]).item()
    return factor if factor and _same(yours, factor * needed) else None


def _transposed(tensors) -> str:
    if all(yours.dim() == 2 and yours.T.shape == needed.shape and _same(yours.T, needed) for yours, needed in tensors):
        return "Your answer is the needed one with rows and columns exchanged: `.T` turns it."
    return ""


def _function(tensors) -> str:
    for words, f in FUNCTIONS:
        if f is torch.round and not _many([(yours, yours) for yours, _ in tensors]):
            continue                                                    # any answer of 0 and 1 is something rounded
        if all(_same(yours, f(needed)) for yours, needed in tensors):
            return f"{words}."
    return ""


def _distance(tensors) -> str:
    first = (tensors[0][0] - tensors[0][1]).flatten()[0]
    if _many(tensors) and all(_same(yours, needed + first) for yours, needed in tensors):
        return f"{abs(first):.4g} {'above' if first > 0 else 'below'} the needed one."
    return ""


def _order(tensors) -> str:
    if any(yours.dim() != 1 or len(yours) < 3 or _is_ranking(needed) for yours, needed in tensors):
        return ""
    if _many(tensors) and all(_same(yours.sort()[0], needed.sort()[0]) for yours, needed in tensors):
        return "Your values are the needed ones, in another order."
    return ""


def _is_ranking(needed) -> bool:
    """Whether it holds 0 … n − 1 in some order, as `argsort` gives them: then every ranking is one in another order."""
    return torch.equal(needed.sort()[0], torch.arange(len(needed)).to(needed))


def _parts(pairs) -> str:
    """For answers of several parts, (w, b) or (train, test): the right ones, in another order."""
    for yours, needed in pairs:
        if not (type(yours) is type(needed) is list and len(yours) == len(needed) > 1):
            return ""
        places = [[i for i, part in enumerate(needed) if first_difference(mine, part) is None] for mine in yours]
        if any(len(place) != 1 for place in places) or sorted(sum(places, [])) != list(range(len(needed))):
            return ""
    return "The parts of your answer are the right ones, in another order."


def _joined(pairs, rows) -> str:
    """For answers of several parts: a factor that all their values have in common."""
    joined = []
    for yours, needed in pairs:
        if not (type(yours) is type(needed) is list and len(yours) == len(needed)):
            return ""
        parts = [(as_tensor(mine), as_tensor(part)) for mine, part in zip(yours, needed, strict=True)]
        if any(a is None or b is None or a.is_complex() or b.is_complex() or a.shape != b.shape for a, b in parts):
            return ""
        joined.append(tuple(torch.cat([t.double().flatten() for t in side]) for side in zip(*parts, strict=True)))
    if not all(t.numel() and torch.isfinite(t).all() for pair in joined for t in pair):
        return ""
    words = _factor(joined, rows)
    return words and f"Every value of yours is {words}"


def _many(tensors) -> bool:
    return len(torch.cat([needed.flatten() for _, needed in tensors]).unique()) >= ENOUGH


def _agree(these: Sequence[float], those: Sequence[float]) -> bool:
    return all(abs(a - b) <= 1e-4 * abs(b) for a, b in zip(these, those, strict=True))


def _same(yours, wanted) -> bool:
    scale = wanted[torch.isfinite(wanted)].abs().max().item() if torch.isfinite(wanted).any() else 0.0
    return torch.allclose(yours, wanted, rtol=1e-4, atol=1e-6 * max(scale, 1e-30))
