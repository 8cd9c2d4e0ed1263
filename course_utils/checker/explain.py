"""What a learner reads about an answer in code that no known mistake explains, and the remarks under any answer."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch

from course_utils.checker.base import Feedback
from course_utils.checker.compare import Difference, Tolerance, as_tensor, first_difference
from course_utils.checker.differences import all_with_all, difference_in_words, gave_none_in_words, value_in_words
from course_utils.checker.escaping import harmless
from course_utils.checker.exceptions import in_words
from course_utils.checker.places import how_in_words, inputs_in_words, named_place
from course_utils.checker.relations import relation
from course_utils.checker.sandbox import Outcome

Probe = tuple[str, tuple]               # its description ("" without one) and the arguments


@dataclass
class Comparison:
    """What an answer gave on each probe beside what is expected, which was never stopped."""

    got: tuple[Outcome, ...]
    expected: tuple[Outcome, ...]
    make_probes: Callable[[], list[Probe]]
    solution: Callable
    tolerance: Tolerance
    axes: tuple[str, ...]               # what the dimensions of the answer count
    how: Callable | str = ""            # how the needed value comes about, see `exercise`

    @cached_property
    def probes(self) -> list[Probe]:
        """The probes as the answer met them; made when something is to be told of them."""
        return self.make_probes()

    @property
    def parameters(self) -> list[str]:
        """The names under which the arguments of a probe are known."""
        return list(inspect.signature(self.solution).parameters)

    def difference(self, number: int) -> Difference | None:
        """The first difference on a probe; None where there is none, or nothing to compare."""
        got, expected = self.got[number], self.expected[number]
        return None if got.raised else first_difference(got.value, expected.value, self.tolerance)

    def input(self, number: int, where: str = "") -> str:
        """A probe in a few words: its description, and of its arguments what can be shown and stands at `where`."""
        label, args = self.probes[number]
        shown = inputs_in_words(self.parameters, args, where, self.expected[number].value)
        return ": ".join(filter(None, [label, shown if shown.replace("`", "") != label else ""]))

    def how_at(self, number: int, where: str) -> str:
        """How the needed value comes about there; "" where the author does not say it."""
        return how_in_words(self.how, where, self.probes[number][1])


def unexpected(comparison: Comparison, answer: Callable, call: str, seen: str = "") -> Feedback:
    """What is said of an answer that no mistake explains; `call` is the text of the check that the learner ran.

    `seen` is what it has to do with the right one, where that shows.
    """
    differing = (i for i, got in enumerate(comparison.got) if got.raised or comparison.difference(i))
    number = next(differing)
    got, found = comparison.got[number], comparison.difference(number)
    place = comparison.input(number, found.where if found and found.kind == "value" else "")
    where = f"The input was {place}." if place else ""
    if got.gave_none and not comparison.expected[number].gave_none and (found is None or found.kind == "nothing"):
        if all(outcome.gave_none for outcome in comparison.got):
            return Feedback("wrong", gave_none_in_words(answer, got.printed))
        return Feedback("wrong", "In one case your function gives back None. Each case needs its `return`.", where)
    if got.raised:
        used = ""
        if got.raised.while_comparing:
            used = "An object of your class was made; using it did not work." if isinstance(comparison.solution, type) \
                else "Your function ran; using what it gave back did not work."
        line = f"It stopped at: `{_quoted(got.raised.line)}`" if got.raised.line else ""
        return Feedback("wrong", in_words(got.raised, answer), used, line, where if number else "",
                        f"Python's own words: `{call}.explain()`", trace=got.raised.trace)
    for text in got.warnings:
        if "Using a target size" in text and all_with_all(text):
            return Feedback("wrong", all_with_all(text))
    assert found is not None, "an answer that is like the solution everywhere is right"
    told = found.kind in ("value", "shape", "dtype", "length")
    how = comparison.how_at(number, found.where) if found.kind == "value" else ""
    return Feedback("wrong", difference_in_words(found, comparison.axes, explained=bool(seen)), seen,
                    where if told else "", how)


def related(comparison: Comparison) -> str:
    """What the values have to do with the needed ones on all probes, or ""."""
    if any(outcome.raised for outcome in comparison.got):
        return ""
    first = [args[0] if args else None for _, args in comparison.probes]
    rows = [len(arg) if isinstance(arg, torch.Tensor) and arg.dim() else None for arg in first]
    pairs = zip(comparison.got, comparison.expected, strict=True)
    return relation([(got.value, expected.value) for got, expected in pairs], rows)


def beside(comparison: Comparison) -> str:
    """The learner's value and the expected one, at the first difference, for the line under a recognised mistake."""
    differences = ((i, comparison.difference(i)) for i in range(len(comparison.got)))
    number, found = next(((i, found) for i, found in differences if found), (0, None))
    if not found or found.kind != "value":
        return ""
    what = named_place(found.where) or f"your value{' at ' + found.where if found.where else ''}"
    place = comparison.probes[number][0] or comparison.input(number, found.where)
    what = f"For {place}: {what}" if place else what[0].upper() + what[1:]
    return what + value_in_words(found)


def remarks(comparison: Comparison) -> list[str]:
    """What is worth knowing and does not decide: inputs changed, warnings, prints, lists in place of tensors."""
    said, outcomes, expected = [], comparison.got, comparison.expected
    changed = {i for got, want in zip(outcomes, expected, strict=False) for i in {*got.changed} - {*want.changed}}
    arguments = comparison.probes[0][1] if changed else ()
    changed = {i for i in changed if not isinstance(arguments[i], torch.nn.Module)}         # models are there to change
    if changed:
        name = comparison.parameters[min(*changed, len(comparison.parameters) - 1)]
        argument = arguments[min(changed)]
        copied = f"{name}.clone()" if isinstance(argument, torch.Tensor) else f"{name}.copy()"
        if type(argument) in (list, tuple) and any(isinstance(part, torch.Tensor) for part in argument):
            copied = f"[part.clone() for part in {name}]"           # `copy` would hold the same tensors
        said.append(f"By the way: your function changes its input `{name}` in place, which surprises its caller. "
                    f"Work on a copy: `{copied}`.")
    recorded = {i for got, want in zip(outcomes, expected, strict=False) for i in {*got.recorded} - {*want.recorded}}
    if recorded:
        name = comparison.parameters[min(*recorded, len(comparison.parameters) - 1)]
        said.append(f"By the way: your function leaves `requires_grad` on in its input `{name}`, so a second call with "
                    f"it adds to `{name}.grad`. Work on a copy: `{name}.detach().clone().requires_grad_()`.")
    usual = {text for outcome in expected for text in outcome.warnings}
    warned = [text for outcome in outcomes for text in outcome.warnings if text not in usual]
    if warned:
        said.append(f"Python also warned: `{_quoted(warned[0].strip().split(chr(10))[0][:160])}`")
    if outcomes and outcomes[0].printed.strip():
        said.append(f"Your function printed: `{_quoted(outcomes[0].printed.strip()[:400])}`")
    lists = all(type(got.value) is list and got.value and as_tensor(got.value) is not None for got in outcomes)
    if lists and any(type(want.value) is torch.Tensor and want.value.dim() for want in expected):
        said.append("Your answer is a list or tuple. The lessons go on with tensors: `torch.tensor(...)`.")
    return said


def wrong_parameters(got: str, solution: Callable) -> Feedback:
    """For a function or a class that the probes cannot call; `got` is its signature as text."""
    expected = ", ".join(inspect.signature(solution).parameters)
    if isinstance(solution, type):
        return Feedback("not yet", f"Your class takes `{got}`; it is made with `({expected})`. "
                                   f"Its first method begins with `def __init__(self, {expected}):`.")
    return Feedback("not yet", f"Your function takes `{got}`; it is called with `({expected})`. "
                               f"Begin with `def {solution.__name__}({expected}):`.")


def ran_too_long(seconds: float, alive: bool) -> Feedback:
    """For an answer that did not end; `alive` if it could not be ended either."""
    still = "It could not be stopped and still runs: menu Kernel > Restart Kernel. Nothing in your notebook is lost." \
        if alive else ""
    return Feedback("wrong", f"Your code did not finish in {seconds:g} seconds, so we stopped it. "
                             "Is there a loop that never ends, or a line that waits?", still)


def crashed() -> Feedback:
    """For an answer that took down the copy of this process in which it was rehearsed."""
    return Feedback("wrong", "Your code ends Python itself, so it was run in a copy only; your kernel goes on. "
                             "Leave out what reaches below Python, such as `ctypes`.")


def _quoted(text: str) -> str:
    """Text for between backticks."""
    return harmless(text, most=400)
