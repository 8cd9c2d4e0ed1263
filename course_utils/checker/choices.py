"""Exercises whose answer is letters: a choice among options, an order of steps."""

import os
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from course_utils.checker.base import Exercise, Feedback, Mistake, is_open, still_dots
from course_utils.checker.compare import in_backticks
from course_utils.checker.sandbox import read


class Right(NamedTuple):
    """A right option: its text, and what follows from it."""

    text: str
    why: str = ""


class Wrong(NamedTuple):
    """A wrong option: its text, a sentence about the wrong idea behind it, and the idea's number, if it has one.

    `again` is said to somebody who chooses it a second time.
    """

    text: str
    why: str
    id: str | None = None
    again: str = ""


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
        if is_open(plain):
            return still_dots()
        letters = self._letters(plain)
        if not letters or (len(self.right_answer) == 1 and len(letters) != 1):
            how_many = "one letter" if len(self.right_answer) == 1 else "letters"
            choices = ", ".join(f'"{letter}"' for letter in self.options)
            return Feedback("not yet", f"Please answer with {how_many} out of {choices}, in quotes.",
                            f"Your answer was {in_backticks(plain)}.")
        for mistake in self.mistakes:
            if mistake.answer in letters:
                return mistake.feedback()
        if letters != set(self.right_answer):
            return Feedback("wrong", "What you chose is right, and there is more. Look again at the options left over.")

        return Feedback("right", self.explanation)

    def _further(self, answer: Any) -> str:
        chosen = self._letters(read(answer))
        left = _listed(letter for letter in self.options if letter not in chosen)
        return f"Take one after the other of {left}: what would you see if it were so? Strike out what you would not." \
            if left else ""

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
        letters = re.sub(r"[\s,;.:…()\[\]\"'+&/|-]|\b(and|options?|answers?)\b", "", plain.lower())
        known = {letter.lower(): letter for letter in self.options}
        return {known[letter] for letter in letters} if set(letters) <= set(known) else set()

    def _repr_markdown_(self) -> str:
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
        if is_open(plain):
            return still_dots()
        order = self._letters(plain)
        if not order or not set(order) <= set(self.steps):
            return Feedback("not yet", f"Please give the letters {_listed(self.steps)} in your order, in quotes.",
                            f"Your answer was {in_backticks(plain)}.")
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

    def _further(self, answer: Any) -> str:
        order = self._letters(read(answer))
        if any(order == mistake.answer for mistake in self.mistakes):
            return self._how_far(order)
        return "Take two steps that stand side by side: does one of them need what the other makes?"

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

    def _repr_markdown_(self) -> str:
        return f"{self.question}\n\n{_as_list(self.steps)}"


def _squeezed(text: str) -> str:
    """An option's text as a learner may copy it: without blanks, backticks, brackets, capitals and full stop."""
    plain = re.sub(r"[\s`()\[\]]|\.$|torch\.Size", "", text.strip().replace("−", "-")).lower()
    return re.sub(r"(?<=\d)[x×](?=\d)", ",", plain)                        # 10 x 64 is (10, 64)


def _as_list(texts: dict[str, str]) -> str:
    """Lettered options or steps, in Markdown."""
    return "\n".join(f"- **{letter}** {text}" for letter, text in texts.items())


def _listed(letters: Iterable[str]) -> str:
    return ", ".join(f"`{letter}`" for letter in letters)
