"""What an unexpected answer does on other inputs: whether it uses an argument, takes them in order, sees every example.

And on the same inputs: whether it is another one each time, or by other random numbers.

Each sentence states what was seen when the answer, or the solution, ran once more; the cause is asked for.
"""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import torch

from course_utils.checker.compare import first_difference
from course_utils.checker.sandbox import Outcome

Inputs = list[tuple]                                            # the arguments of each probe
Runs = Callable[[Callable[[], Inputs]], Sequence[Outcome]]      # an answer's outcomes on probes that are made for it
MOST_SECONDS = 1.5                      # for the trials of one answer with other values
MOST_ARGUMENTS = 4                      # of one kind that may stand in any order: 4 have 24 orders
SHRINKS_TO = 0.83                       # of a number: shares stay shares, and lengths stay above 0


_PARTS = (              # of the examples; what is said of an answer that sees these alone, and what to ask or to do
    (slice(None, 1), "the first example alone gives", "Is there a `return` inside a loop?"),
    (slice(-1, None), "the last example alone gives",
     "Does each round of a loop overwrite what the one before it left?"),
    (slice(None, -1), "all examples but the last give", "`range(n)` goes through all n; `[:-1]` leaves the last out."),
    (slice(1, None), "all examples but the first give", "Places are numbered from 0: `range(n)`, not `range(1, n)`."),
)


class Trials(NamedTuple):
    """What is at hand to try: the outcomes so far, the arguments' names, and the two functions on probes of our choice.

    `inputs` are the probes, to be looked at; `make` makes them afresh inside of a run.
    """

    got: Sequence[Outcome]
    expected: Sequence[Outcome]
    names: Sequence[str]
    inputs: Inputs
    make: Callable[[], Inputs]
    yours: Runs
    ours: Runs
    yours_drawn_anew: Runs              # with other random numbers
    ours_drawn_anew: Runs

    def sentence(self, of_results: bool = True) -> str:
        """A sentence on what explains the answer, or "". `of_results` is False where an update is judged."""
        if any(outcome.raised for outcome in self.got) or not self.inputs:
            return ""
        of_a_result = of_results and (self._in_another_order() or self._of_some_examples())
        return of_a_result or self._changing() or self._unused() or self._unpaired()

    def _in_another_order(self) -> str:
        """Whether the solution gives this when two arguments change places, or all stand in another order."""
        for order in _orders([[_kind(arg) for arg in args] for args in self.inputs]):
            def turned(order: tuple[int, ...] = order) -> Inputs:
                return [tuple(args[i] for i in order) for args in self.make()]

            if _alike(self.got, self.ours(turned)):
                moved = [f"`{self.names[i]}`" for i, j in enumerate(order) if i != j]
                if len(moved) == 2:
                    return f"Yours is what comes out when {moved[0]} and {moved[1]} change places. Are they exchanged?"
                return f"Yours is what comes out with the arguments in another order; they come as " \
                       f"`({', '.join(self.names)})`."
        return ""

    def _of_some_examples(self) -> str:
        """Whether the solution gives this for one example alone, the first or the last, or for all but that one."""
        sizes = [_examples(args) for args in self.inputs]
        if min(sizes) < 2 or len(_numbers(self.got)) < 2:       # one value on all probes may be so by accident
            return ""
        for part, words, why in _PARTS:
            left = [len(range(size)[part]) for size in sizes]
            if not all(0 < n < size for n, size in zip(left, sizes, strict=True)):
                continue

            def cut(part: slice = part) -> Inputs:
                return [_only(args, part) for args in self.make()]

            seen = self.ours(cut)
            if _alike(self.got, seen):
                return f"Yours is what {words}. {why}"
            shares = [n / size for n, size in zip(left, sizes, strict=True)]
            if _alike(self.got, [_times(*pair) for pair in zip(seen, shares, strict=False)]):
                adds = "In a loop the examples add up: `+=`, and 0 before it." if "alone" in words else why
                return f"Yours is what {words}, divided by the number of all. {adds}"
        return ""

    def _changing(self) -> str:
        """Whether the answer is another one when it runs once more, on the same inputs, and the solution is not."""
        again = self.yours(self.make)
        if len(again) < len(self.got) or any(outcome.raised for outcome in again):
            return ""
        if not _alike(again, self.got):
            return "Yours is another one each time it runs, on the same input. Does it keep something from the time " \
                   "before, or is a part of it never filled, as `torch.empty` leaves it?"
        drawn = self.yours_drawn_anew(self.make)
        if _alike(drawn, self.got) or not _alike(self.ours_drawn_anew(self.make), self.expected) \
                or not _alike(self.yours(self.make), self.got):
            return ""
        return "Yours is another one with other random numbers, and the needed one is not. Is something drawn that " \
               "is given, such as a start or an order? Is dropout on? Is a layer made inside, with weights of its own?"

    def _unused(self) -> str:
        """Whether an argument may change and the answer stays what it is, though the solution does not."""
        name = self._without_effect(_other, _another, _far_away)
        return name and f"Yours stays the same when `{name}` changes. Is `{name}` used, or does something fixed " \
                        "stand in its place?"

    def _unpaired(self) -> str:
        """Whether an argument's rows may come in another order than those of the rest."""
        if any(sum(map(_rows, args)) < 2 * _examples(args) or not _examples(args) for args in self.inputs):
            return ""
        name = self._without_effect(_the_other_way_round)
        return name and f"Yours stays the same when the rows of `{name}` alone come in the opposite order: they are " \
                        "not held each against its own. Were all combined with all, as (n, 1) and (n,) are, or " \
                        "averaged too soon?"

    def _without_effect(self, *others: Callable[[Any], Any]) -> str:
        """The first argument whose replacement by each of `others` leaves the answer, and by one not the solution."""
        until = time.monotonic() + MOST_SECONDS
        for number, name in enumerate(self.names):
            stays = [stayed for other in others if (stayed := self._stays(number, other)) is not None]
            if stays and all(stays):
                return name
            if stays and time.monotonic() > until:
                break
        return ""

    def _stays(self, number: int, other: Callable[[Any], Any]) -> bool | None:
        """Whether the answer stays where the solution does not; None where nothing can be said by this change."""
        def changed() -> Inputs:
            return [(*args[:number], args[number] if (new := other(args[number])) is None else new,
                     *args[number + 1:]) for args in self.make()]

        touched = [number < len(args) and other(args[number]) is not None for args in self.inputs]
        wanted = self.ours(changed) if any(touched) else ()
        moved = [not _alike([now], [before]) for now, before in zip(wanted, self.expected, strict=False)]
        single = number < len(self.inputs[0]) and type(self.inputs[0][number]) in (int, float)
        noticed = sum(moved) > sum(touched) / 2 if single else moved == touched
        if not any(touched) or not noticed or any(outcome.raised for outcome in wanted):
            return None                     # the solution has to notice wherever there is a change; of a number, mostly
        return _alike(self.yours(changed), self.got)


def _kind(value: Any) -> Any:
    """What may change places with it: a tensor of the same shape, a number."""
    return tuple(value.shape) if isinstance(value, torch.Tensor) else type(value) in (int, float) or None


def _orders(kinds: list[list[Any]]) -> Iterator[tuple[int, ...]]:
    """Orders of the arguments: two of one kind exchanged; where all are of one kind, any other order too."""
    count = len(kinds[0])
    straight = tuple(range(count))
    for i, j in itertools.combinations(straight, 2):
        if all(row[i] is not None and row[i] == row[j] for row in kinds):
            order = list(straight)
            order[i], order[j] = j, i
            yield tuple(order)
    if 2 < count <= MOST_ARGUMENTS and all(len({*row}) == 1 and row[0] is not None for row in kinds):
        yield from (order for order in itertools.permutations(straight) if sum(map(int.__ne__, order, straight)) > 2)


def _other(value: Any) -> Any:
    """Another value of the same kind, within the same bounds; None where there is none.

    Whole numbers may be classes, or 0 and 1: of those all become the first. The order of rows is left alone.
    """
    if type(value) in (int, float):
        return value + 1 if type(value) is int else value * SHRINKS_TO
    if type(value) is not torch.Tensor or not value.numel() or value.dtype == torch.bool:
        return None
    if value.is_floating_point() and not torch.equal(value, value.round()):
        return value * SHRINKS_TO
    all_alike = value.flatten()[0].expand(value.shape).clone()
    return None if torch.equal(all_alike, value) else all_alike


def _another(value: Any) -> Any:
    """A second change, for answers that look at a single entry or are blind to the size: every entry, not all alike.

    Whole numbers become the next that occurs, the largest becomes the smallest.
    """
    if type(value) is not torch.Tensor or value.numel() < 2 or value.dtype == torch.bool:
        return None
    if value.is_floating_point() and not torch.equal(value, value.round()):
        return value * torch.linspace(SHRINKS_TO, 0.9, value.numel(), dtype=value.dtype).reshape(value.shape)
    occurring, which = value.unique(return_inverse=True)
    return None if len(occurring) == 1 else occurring[(which + 1) % len(occurring)]


def _far_away(value: Any) -> Any:
    """A third change, for what only a large one moves, such as a decision: other signs, three times the size."""
    if type(value) is not torch.Tensor or value.numel() < 2 or not value.is_floating_point() \
            or torch.equal(value, value.round()):
        return None
    return -3 * value.flatten().flip(0).reshape(value.shape)


def _the_other_way_round(value: Any) -> Any:
    """A tensor with its last row first; None where that is the same, or it has no rows."""
    return value.flip(0) if _rows(value) and not torch.equal(value.flip(0), value) else None


def _rows(value: Any) -> int:
    return len(value) if type(value) is torch.Tensor and value.dim() else 0


def _examples(args: tuple) -> int:
    """How many examples an input holds: the length of its first tensor; 0 if it has none."""
    return next(filter(None, map(_rows, args)), 0)


def _only(args: tuple, part: slice) -> tuple:
    """The arguments with one example: every tensor with as many rows as the first is cut."""
    size = _examples(args)
    return tuple(arg[part] if isinstance(arg, torch.Tensor) and arg.dim() and len(arg) == size else arg for arg in args)


def _times(outcome: Outcome, factor: float) -> Outcome:
    number = isinstance(outcome.value, torch.Tensor | float)
    return outcome._replace(value=outcome.value * factor) if number else outcome


def _numbers(outcomes: Sequence[Outcome]) -> set[Any]:
    """The first numbers of all outcomes that are tensors or numbers."""
    values = [outcome.value.flatten() if isinstance(outcome.value, torch.Tensor) else outcome.value
              for outcome in outcomes]
    firsts = [value[0].item() if isinstance(value, torch.Tensor) and len(value) else value for value in values]
    return {first for first in firsts if type(first) in (bool, int, float)}


def _alike(some: Sequence[Outcome], others: Sequence[Outcome]) -> bool:
    return len(some) == len(others) > 0 and not any(outcome.raised for outcome in (*some, *others)) and \
        all(first_difference(one.value, other.value) is None for one, other in zip(some, others, strict=True))
