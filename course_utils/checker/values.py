"""Exercises whose answer is a value: a choice, an order, a number, a prediction."""

import math
import os
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import torch

from course_utils.checker.base import Exercise, Feedback, Mistake, Note, still_dots
from course_utils.checker.compare import as_tensor, describe
from course_utils.checker.isolation import state_put_back
from course_utils.checker.sandbox import read
from course_utils.checker.snapshot import Opaque


class Right(NamedTuple):
    """A right option: its text, and what follows from it."""

    text: str
    why: str = ""


class Wrong(NamedTuple):
    """A wrong option: its text, a sentence about the wrong idea behind it, and the idea's number, if it has one."""

    text: str
    why: str
    id: str | None = None


class Choice(Exercise):
    """A question with lettered options: `{"a": Wrong("text", "why it is wrong", "M02"), "b": Right("text")}`.

    Raises ValueError unless one is right (or several, which are then asked for together) and one is wrong.
    """

    def __init__(self, question: str, options: dict[str, Right | Wrong], hints: Sequence[str] = (),
                 explanation: str = ""):
        right = {letter: option for letter, option in options.items() if isinstance(option, Right)}
        if not 0 < len(right) < len(options):
            raise ValueError(f"{question!r}: a choice needs an option that is right and one that is wrong")
        self.question, self.hints = question, tuple(hints)
        self.options = {letter: option.text for letter, option in options.items()}
        self.right_answer = "".join(sorted(right))
        self.explanation = explanation or " ".join(option.why for option in right.values() if option.why)
        self.mistakes = [Mistake(letter, *option[1:]) for letter, option in options.items() if letter not in right]

    def _check(self, answer: Any) -> Feedback:
        plain = read(answer)
        if plain is Ellipsis:
            return still_dots()
        letters = self._letters(plain)
        if not letters or (len(self.right_answer) == 1 and len(letters) != 1):
            how_many = "one letter" if len(self.right_answer) == 1 else "letters"
            choices = ", ".join(f'"{letter}"' for letter in self.options)
            return Feedback("not yet", f"Please answer with {how_many} out of {choices}, in quotes.",
                            f"Your answer was {_shown(plain)}. The options are:", _as_list(self.options))
        for mistake in self.mistakes:
            if mistake.answer in letters:
                return mistake.feedback()
        if letters != set(self.right_answer):
            return Feedback("wrong", "What you chose is right, and there is more. Look again at the options left over.")

        return Feedback("right", self.explanation)

    def _letters(self, plain: Any) -> set[str]:
        """The letters of an answer such as "a", "a and b", "b) its text", ["a", "b"] or the shape (3, 2); or none."""
        if type(plain) is list and all(type(item) is int for item in plain):
            plain = str(tuple(plain))                               # a shape, typed as Python writes it
        if type(plain) is list and len(plain) <= 50 and all(type(item) is str for item in plain):
            found = [self._letters(item) for item in plain]
            return set().union(*found) if all(found) else set()
        if type(plain) is not str or len(plain) > 500:
            return set()
        for text in (plain, re.sub(r"^\s*(option|answer)?\s*\w\s*[:).]\s+", "", plain)):   # "b: its text", too
            by_text = [letter for letter, option in self.options.items() if _squeezed(text) == _squeezed(option)]
            if len(by_text) == 1:
                return set(by_text)
        letters = re.sub(r"[\s,;.:()\[\]\"'+&/|-]|\b(and|options?|answers?)\b", "", plain.lower())
        known = {letter.lower(): letter for letter in self.options}
        return {known[letter] for letter in letters} if set(letters) <= set(known) else set()

    def _repr_markdown_(self):
        several = "" if len(self.right_answer) == 1 else "\n\nMore than one is right: give all their letters."
        return f"{self.question}\n\n{_as_list(self.options)}{several}"


class Order(Exercise):
    """Lettered steps to put in order: `answer="bacd"`; `also` holds further orders that are as good."""

    def __init__(self, steps: dict[str, str], answer: str, mistakes: Sequence[Mistake] = (), also: Sequence[str] = (),
                 question: str = "Put the steps in order.", hints: Sequence[str] = (), explanation: str = ""):
        for order in (answer, *also, *(mistake.answer for mistake in mistakes)):
            if sorted(order) != sorted(steps):
                raise ValueError(f"{question!r}: the order {order!r} needs each of the letters {''.join(steps)!r} once")
        if "".join(steps) == answer:
            raise ValueError(f"{question!r}: the steps are listed in the right order already; letter them in another")
        self.question, self.steps, self.right_answer, self.also = question, steps, answer, tuple(also)
        self.mistakes, self.hints, self.explanation = list(mistakes), tuple(hints), explanation

    def _check(self, answer: Any) -> Feedback:
        plain = read(answer)
        if plain is Ellipsis:
            return still_dots()
        order = self._letters(plain)
        if not order or not set(order) <= set(self.steps):
            return Feedback("not yet", f"Please give the letters {_listed(self.steps)} in your order, in quotes.",
                            f"Your answer was {_shown(plain)}. The steps are:", _as_list(self.steps))
        twice = [letter for letter in self.steps if order.count(letter) > 1]
        missing = [letter for letter in self.steps if letter not in order]
        if twice or missing:
            faults = [f"{_listed(letters)} {'is' if len(letters) == 1 else 'are'} {what}" for letters, what in
                      ((twice, "there more than once"), (missing, "missing")) if letters]
            return Feedback("not yet", f"In your order {' and '.join(faults)}. Each letter is needed once.")
        if order == self.right_answer or order in self.also:
            return Feedback("right", self.explanation)
        for mistake in self.mistakes:
            if order == mistake.answer:
                return mistake.feedback()
        return Feedback("wrong", self._how_far(order))

    def _letters(self, plain: Any) -> str:
        """The letters of an answer such as "bac", "b, a and c", ["b", "a", "c"] or the texts of the steps; or ""."""
        if type(plain) is str:
            plain = re.split(r"[,;\n]|\band\b", plain) if len(plain) <= 500 else []
        if type(plain) is not list or len(plain) > 50 or not all(type(item) is str for item in plain):
            return ""
        texts = {_squeezed(text): letter for letter, text in self.steps.items()}
        return "".join(texts.get(_squeezed(item)) or re.sub(r"[^\w]", "", item).lower() for item in plain)

    def _how_far(self, order: str) -> str:
        n = max(len(os.path.commonprefix([order, known])) for known in (self.right_answer, *self.also))
        if not n:
            return f"Another one comes before `{order[0]}`."
        return f"It starts well with {_listed(order[:n])}; after that, another one than `{order[n]}` comes next."

    def _repr_markdown_(self):
        return f"{self.question}\n\n{_as_list(self.steps)}"


class Number(Exercise):
    """A question with a number for an answer, in `unit`.

    `tolerance` is absolute; without one it is 0.5 % of a decimal answer and nothing for a whole number.
    """

    def __init__(self, question: str, answer: float, tolerance: float | None = None, mistakes: Sequence[Mistake] = (),
                 unit: str = "", hints: Sequence[str] = (), explanation: str = ""):
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
        if not math.isfinite(number):
            return f"{yours} a finite number is needed."
        if self.tolerance and abs(number - self.right_answer) < 0.03 * abs(self.right_answer):
            return f"{yours} that is close. If it is rounded, give more digits, and round only at the end."
        return f"{yours} a {'larger' if number < self.right_answer else 'smaller'} number is needed."

    def source_as(self, name: str) -> str:
        return super().source_as(name) + (f"        # {self.unit}" if self.unit else "")

    def _repr_markdown_(self):
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

    def _repr_markdown_(self):
        return f"{self.question} Any number from {describe(self.low)} to {describe(self.high)}."


def number_from(answer: Any) -> tuple[float, Feedback | None]:
    """A real number out of whatever was handed over, or the Feedback that asks for one."""
    plain = read(answer)
    if plain is Ellipsis:
        return 0.0, still_dots()
    tensor = as_tensor(plain)
    if type(plain) is str:
        problem = f"A number is needed and this is text: {_shown(plain)}. {_without_quotes(plain)}"
    elif type(plain) is bool or plain is None:
        problem = f"A number is needed; your answer is `{plain}`."
    elif tensor is None or tensor.numel() != 1:
        problem = f"One number is needed; your answer is {_shown(plain)}."
    elif tensor.dtype == torch.bool or tensor.is_complex():
        problem = f"A real number is needed; your answer is {_shown(plain)}."
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


def _squeezed(text: str) -> str:
    """An option's text as a learner may copy it: without blanks, backticks, brackets, capitals and full stop."""
    plain = re.sub(r"[\s`()\[\]]|\.$|torch\.Size", "", text.strip().replace("−", "-")).lower()
    return re.sub(r"(?<=\d)[x×](?=\d)", ",", plain)                        # 10 x 64 is (10, 64)


def _shown(plain: Any) -> str:
    return describe(plain) if type(plain) is Opaque else f"`{describe(plain)}`"


def _with_unit(number: float, unit: str) -> str:
    return f"{describe(number)} {unit}".strip()


def _as_list(texts: dict[str, str]) -> str:
    """Lettered options or steps, in Markdown."""
    return "\n".join(f"- **{letter}** {text}" for letter, text in texts.items())


def _listed(letters: Iterable[str]) -> str:
    return ", ".join(f"`{letter}`" for letter in letters)

