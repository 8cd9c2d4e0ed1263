"""Exercises whose answer is a number: one that is right, or a prediction."""

import math
import re
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

import torch

from course_utils.checker.base import Exercise, Feedback, Mistake, Note, is_open, still_dots
from course_utils.checker.compare import as_tensor, describe, in_backticks
from course_utils.checker.put_back import state_put_back
from course_utils.checker.sandbox import read


class Number(Exercise):
    """A question with a number for an answer, in `unit`.

    `tolerance` is absolute; without one it is 0.5 % of a decimal answer and nothing for a whole number.
    """

    def __init__(self, question: str, answer: float, tolerance: float | None = None, mistakes: Sequence[Mistake] = (),
                 unit: str = "", hints: Sequence[str] = (), explanation: str = ""):
        given: object = answer
        if not isinstance(given, Real):
            raise TypeError(f"{question!r}: the answer is a {type(answer).__name__}; a number is needed")
        self.question, self.right_answer, self.unit = question, answer, unit
        exact = isinstance(answer, int)
        self.tolerance = tolerance if tolerance is not None else 0.0 if exact else 0.005 * abs(answer)
        self.mistakes, self.hints, self.explanation = list(mistakes), tuple(hints), explanation

    def _check(self, answer: Any) -> Feedback:
        number, problem = number_from(answer)
        if problem:
            return problem
        if self._near(number, self.right_answer):
            return Feedback("right", self.explanation)
        known = [mistake for mistake in self.mistakes if self._is_rounded(number, mistake.answer)]
        if known:
            return min(known, key=lambda mistake: abs(number - mistake.answer)).feedback()
        return Feedback("wrong", self._what_is_off(number))

    def _further(self, answer: Any) -> str:
        """Which way it is, or, where that was said, by which factor."""
        number, _ = number_from(answer)
        way = self._what_is_off(number)
        if any(self._is_rounded(number, mistake.answer) for mistake in self.mistakes):
            return way
        target = float(self.right_answer)
        if not (math.isfinite(number) and number * target > 0):
            return "Say it in words first: what is counted, or measured, and in which unit?"
        factor = max(number / target, target / number)
        if factor < 1.2:
            return "You are within a fifth of it. Which of the numbers that you used was rounded, or left out?"
        size = "large" if abs(number) > abs(target) else "small"
        return f"That is about {float(f'{factor:.1g}'):g} times too {size}. Which factor makes the difference?"

    def _near(self, number: float, target: float) -> bool:
        return abs(number - target) <= self.tolerance * (1 + 1e-9) + 1e-12

    def _is_rounded(self, number: float, target: float) -> bool:
        """Whether a known mistake was typed, to two digits at least, and not rather the right answer, badly rounded.

        Where whole numbers count, it must be exact.
        """
        off = abs(number - target)
        return off <= (0.01 * abs(target) if self.tolerance else 0.0) + 1e-12 and off < abs(number - self.right_answer)

    def _what_is_off(self, number: float) -> str:
        yours = f"Your answer is `{_with_unit(number, self.unit)}`;"
        if self.right_answer and self._near(-number, self.right_answer):
            return f"{yours} the size is right and the sign is not."
        if 0 < self.right_answer < 1 < number and self._near(number / 100, self.right_answer):
            return f"{yours} if that is in percent, give it as a share: divide by 100."
        if 0 < self.right_answer < 1 and self._near(100 * number, self.right_answer):
            return f"{yours} a hundred times as much is needed. Was a share divided by 100 as well?"
        if not math.isfinite(number):
            return f"{yours} a finite number is needed."
        if self.tolerance and abs(number - self.right_answer) < 0.03 * abs(self.right_answer):
            return f"{yours} that is close. If it is rounded, give more digits, and round only at the end."
        return f"{yours} a {'larger' if number < self.right_answer else 'smaller'} number is needed."

    def source_as(self, name: str) -> str:
        return super().source_as(name) + (f"        # {self.unit}" if self.unit else "")

    def _repr_markdown_(self) -> str:
        return f"{self.question}{f' (in {self.unit})' if self.unit else ''}"


class Prediction(Exercise):
    """A guess before a measurement. Any number from `low` to `high` counts, and none is wrong.

    `measured` is a number, a sequence with one number per run, or a function without arguments that gives either; it is
    called at the first check. `spread` says in words how sure the measurement is. With `reveal_later=True`, `check`
    only takes note, and `reveal()` shows both numbers at the end of the lesson.
    """

    def __init__(self, question: str, low: float, high: float, measured: float | Sequence[float] | Callable, *,
                 spread: str = "", unit: str = "", reveal_later: bool = False, hints: Sequence[str] = (),
                 explanation: str = ""):
        self.question, self.low, self.high, self.measured, self.spread = question, low, high, measured, spread
        self.unit, self.reveal_later, self.hints, self.explanation = unit, reveal_later, tuple(hints), explanation
        self.mistakes: list[Mistake] = []
        self.guess: float | None = None

    def _check(self, answer: Any) -> Feedback:
        number, problem = number_from(answer)
        if problem:
            return problem
        if not self.low <= number <= self.high:
            percent = f" {describe(number)} % is {describe(number / 100)}." if self.high == 1 < number <= 100 else ""
            return Feedback("not yet", f"Your guess is `{describe(number)}`; it can lie from {describe(self.low)} to "
                                       f"{describe(self.high)}. Any number in between will do.{percent}")
        self.guess = number
        share = f"If you mean {describe(100 * number)} %, write {describe(100 * number)}." \
            if self.unit == "%" and 0 < number < 1 else ""
        if self.reveal_later:
            return Feedback("right", f"You say {_with_unit(number, self.unit)}. We come back to it.", share,
                            headline="✓ Noted.")
        return Feedback("right", f"You say {_with_unit(number, self.unit)}; measured: {self._result()}.", share,
                        self.explanation, headline="✓ Noted.")

    def reveal(self) -> Note:
        """Both numbers side by side, for the end of a lesson."""
        yours = "You made no guess" if self.guess is None else f"You said {_with_unit(self.guess, self.unit)}"
        return Note(f"{yours}; measured: {self._result()}.{' ' + self.explanation if self.explanation else ''}")

    @property
    def right_answer(self) -> float:
        """The measured number, or the mean over the runs."""
        runs = self._runs()
        return sum(runs) / len(runs)

    def _runs(self) -> list[float]:
        if callable(self.measured):
            with state_put_back():
                self.measured = self.measured()
        runs = as_tensor(read(self.measured))
        assert runs is not None, "what is measured is a number, or a number for each run"
        return runs.double().flatten().tolist()

    def _result(self) -> str:
        runs = self._runs()
        spread = f" ({self.spread})" if self.spread else ""
        if len(runs) > 1 and not spread:
            spread = f" (mean of {len(runs)} runs, from {describe(min(runs))} to {describe(max(runs))})"
        return _with_unit(self.right_answer, self.unit) + spread

    def source_as(self, name: str) -> str:
        return f"{name} = {float(f'{self.right_answer:.4g}')!r}" + (f"        # {self.unit}" if self.unit else "")

    def _repr_markdown_(self) -> str:
        return f"{self.question} Any number from {describe(self.low)} to {describe(self.high)}."


def number_from(answer: Any) -> tuple[float, Feedback | None]:
    """A real number out of whatever was handed over, or the Feedback that asks for one."""
    plain = read(answer)
    if is_open(plain):
        return 0.0, still_dots()
    tensor = as_tensor(plain)
    if type(plain) is str:
        problem = f"A number is needed and this is text: {in_backticks(plain)}. {_without_quotes(plain)}"
    elif type(plain) is bool or plain is None:
        problem = f"A number is needed; your answer is `{plain}`."
    elif tensor is None or tensor.numel() != 1:
        problem = f"One number is needed; your answer is {in_backticks(plain)}."
    elif tensor.dtype == torch.bool or tensor.is_complex():
        problem = f"A real number is needed; your answer is {in_backticks(plain)}."
    elif math.isnan(tensor.item()):
        problem = "Your answer is `nan`, not a number. It comes from 0/0, for example."
    else:
        return tensor.item(), None                                  # an int stays one: 4 is not shown as 4.0
    return 0.0, Feedback("not yet", problem)


def _without_quotes(text: str) -> str:
    """What to type in place of a text that is meant as a number."""
    if len(text) > 60 or not re.match(r"\s*[-+−(]?\s*[\d.,]*\d", text):
        return "Replace it with a number."
    if re.search(r"\d,\d", text):
        return "Give it without quotes, with a point for decimals and nothing between thousands."
    if re.fullmatch(r"[\d.\s()+*/e-]+", text):
        return "Give it without quotes."
    return "Give the number alone, without quotes and without what follows it."


def _with_unit(number: float, unit: str) -> str:
    return f"{describe(number)} {unit}".strip()
