"""What a check answers, and what every exercise has: a name, hints, a solution.

A `Feedback` has a plain text and a Markdown form. Its first line says whose turn it is; the full traceback, where
there is one, is one call away: `explain()`.
"""

import re
from functools import cached_property
from typing import Any, NamedTuple

from course_utils.checker.escaping import as_markdown, as_plain, harmless, in_fence
from course_utils.checker.memory import Memory, hint_due

HEADLINES = {"not yet": "… Not yet.", "right": "✓ Right.", "wrong": "✗ Not yet right."}
EDGES = {"not yet": "#767676", "right": "#007F5F", "wrong": "#D55E00"}      # found by scrolling; the sign says it too
FIRST_LINE = 90                         # characters


class Mistake(NamedTuple):
    """A wrong answer (code, or a value), what to say about it, and the number of the wrong idea, if it has one.

    `again` is said to somebody who makes it a second time: a smaller question, or a value to try by hand.
    """

    answer: Any
    message: str
    id: str | None = None
    again: str = ""

    def feedback(self, *more: str) -> "Feedback":
        """What is said to somebody who made it."""
        feedback = Feedback("wrong", self.message, *more, mistake=self.id)
        feedback.again = self.again
        return feedback


class Note:
    """A few lines to read, in Markdown where it is shown as such, else in plain text."""

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return self.text.replace("```python\n", "").replace("```text\n", "").replace("\n```", "")

    def _repr_markdown_(self) -> str:
        return self.text


class Feedback:
    """The answer of a check: `status` "not yet", "right" or "wrong"; `mistake` is the id of the wrong idea, or None.

    `more` are further lines below the message, `ask` the last one: where help is. `trace` is Python's traceback.
    `question` is shown above it, where the page does not have it, and `folded` below it, {what it is: text}, closed.
    `again` is a step further, which joins `more` when the same message is given a second time.
    """

    def __init__(self, status: str, message: str, *more: str, mistake: str | None = None, trace: str = "",
                 headline: str = ""):
        self.status, self.mistake, self.message, self.trace = status, mistake, message.strip(), trace
        self.headline, self.more, self.ask = headline or HEADLINES[status], list(more), ""
        self.question, self.folded, self.again = "", dict[str, str](), ""

    @property
    def text(self) -> str:
        """The plain form."""
        first, rest = first_sentence(self.message)
        one_line = f"{self.headline} {first}".strip()
        begin = one_line if len(one_line) <= FIRST_LINE else f"{self.headline}\n{first}"
        return as_plain("\n".join(filter(None, [begin, rest, *self.more, self.ask])))

    def __repr__(self) -> str:
        return f"{self.question}\n\n{self.text}" if self.question and self.status == "not yet" else self.text

    def _repr_markdown_(self) -> str:
        """Blank lines around the tags, for between them Markdown is read as such."""
        said = map(as_markdown, filter(None, [f"**{self.headline}** {self.message}".strip(), *self.more]))
        folded = (f"<details><summary>{what}</summary>\n\n{text}\n\n</details>" for what, text in self.folded.items())
        ask = "" if self.folded else self.ask
        return "\n\n".join(filter(None, [self.question, f'<div style="border-left: 6px solid {EDGES[self.status]}; '
                                         'padding: 2px 12px">', *said, ask, *folded, "</div>"]))

    def explain(self) -> Note:
        """Everything Python said, unabridged."""
        return Note(in_fence(self.trace) if self.trace else
                    "Python had no complaint: your code ran to its end. The text above is all there is.")


def first_sentence(text: str) -> tuple[str, str]:
    """Split after the first full stop or question mark that a new sentence follows."""
    parts = re.split(r"(?<=[.?])[ \n]+(?=[A-Z`(“\"'])", text, maxsplit=1)
    return parts[0].strip(), parts[1].strip() if len(parts) > 1 else ""


class NothingGiven:
    """Stands where a check was called with empty brackets; untouched dots are an answer of their own."""

    def __repr__(self) -> str:
        return "your answer"


NOTHING_GIVEN = NothingGiven()


class Exercise:
    """What all kinds of exercise share: `check`, `hint` and `solution`; each kind judges in a `_check` of its own."""

    hints: tuple[str, ...] = ()
    explanation: str = ""
    right_answer: Any                   # as a learner would hand it to `check`
    mistakes: list[Mistake]
    asks_itself = True                  # a check shows the question above its feedback; code is asked for in the text
    name: str = ""                      # in its catalogue, see `give_names`

    @property
    def call(self) -> str:
        """How a learner reaches the exercise from a notebook."""
        return f"exercises.{self.name or 'this'}"

    @property
    def own_call(self) -> str:
        """How a learner has an answer judged."""
        return f"{self.call}.check(answer)"

    def check(self, answer: Any = NOTHING_GIVEN, *others: Any, **misnamed: Any) -> Feedback:
        """Judge one answer. Whatever it is, and however many are given, a Feedback comes back."""
        given = [value for value in (answer, *others, *misnamed.values()) if value is not NOTHING_GIVEN]
        if len(given) != 1:
            return _not_one(given, self.own_call)
        return self._judged(given[0], remember=True)

    def _judged(self, answer: Any, remember: bool) -> Feedback:
        due = 0
        try:
            feedback = self._check(answer)
            if remember:
                due = self._go_further(feedback, answer)
        except KeyboardInterrupt:
            return pressed_stop()
        except Exception as problem:
            line = harmless(f"{self.name or 'exercise'}: {type(problem).__name__}: {problem}", most=300)
            return Feedback("not yet", "Our fault; your answer was not judged.", f"Please report this line: `{line}`")
        feedback.question = self._repr_markdown_() if self.asks_itself else ""
        if feedback.status == "wrong" and self.hints:
            feedback.ask = f"Ask for `{self.call}.hint()`."
            feedback.folded = self._help(unfolded=due)
        return feedback

    def _go_further(self, feedback: Feedback, answer: Any) -> int:
        """Add what is due after what was said before: a step further, then a hint; the number of that hint, or 0."""
        if feedback.status == "right":
            feedback.more += filter(None, [self._memory.on_the_way()])
        if feedback.status != "wrong":
            return 0
        times = self._memory.times(feedback.message, feedback.mistake)
        due = hint_due(times, len(self.hints))
        further = (feedback.again or self._further(answer)) if times > 1 else ""
        feedback.more += filter(None, [further, f"Hint {due}: {self.hints[due - 1]}" if due else ""])
        return due

    @cached_property
    def _memory(self) -> Memory:
        """Of what was said; it ends with the kernel."""
        return Memory()

    def _further(self, answer: Any) -> str:
        """What may help somebody who gives an answer of the same kind once more; each kind of exercise has its own."""
        return ""

    def _help(self, unfolded: int = 0) -> dict[str, str]:
        """What may be unfolded below a wrong answer: the hints one by one, but for one that is, then the solution."""
        several = len(self.hints) > 1
        hints = {f"Hint {n}" if several else "Hint": hint
                 for n, hint in enumerate(self.hints, start=1) if n != unfolded}
        return hints | {"An answer, and why it is right": self.solution().text}

    def _check(self, answer: Any) -> Feedback:
        raise NotImplementedError

    def hint(self, n: int = 1) -> Note:
        """The n-th hint, counted from 1; beyond the last one, the last one again."""
        if not self.hints:
            return Note(f"There is no hint for this one. `{self.call}.solution()` shows an answer and its reason.")
        n = min(max(n, 1), len(self.hints)) if type(n) is int else 1
        if n < len(self.hints):
            return Note(f"Hint {n} of {len(self.hints)}: {self.hints[n - 1]}\n\nMore: `{self.call}.hint({n + 1})`")
        return Note(f"Hint {n} of {n}, the last one: {self.hints[n - 1]}\n\nStill stuck: `{self.call}.solution()`")

    def solution(self) -> Note:
        """A right answer and why it is right."""
        return Note(f"```python\n{self.solution_source}\n```" + (f"\n\n{self.explanation}" if self.explanation else ""))

    @property
    def solution_source(self) -> str:
        """The text that replaces a stub: `name = value`."""
        return self.source_as(self.name or "answer")

    def source_as(self, name: str) -> str:
        """The assignment of the solution to a variable of that name."""
        return f"{name} = {self.right_answer!r}"

    def __repr__(self) -> str:
        return str(Note(self._repr_markdown_()))

    def _repr_markdown_(self) -> str:
        return f"`{self.call}`"


def give_names(catalogue: dict[str, Any]) -> None:
    """Tell each exercise the name under which a notebook reaches it: the last line of a catalogue, on `globals()`."""
    for name, value in catalogue.items():
        if isinstance(value, Exercise):
            value.name = name


def is_open(plain: Any) -> bool:
    """Whether an answer, read, is still what the lesson left there: `...`, or "…" where a text is asked for."""
    return plain is Ellipsis or (type(plain) is str and plain.strip() in ("…", "..."))


def _not_one(given: list, call: str) -> Feedback:
    """The answer to a check that was given no answer, or several."""
    if not given:
        return Feedback("not yet", f"Nothing was handed over, so nothing was judged. Put it in the brackets: `{call}`.")
    decimal = len(given) == 2 and all(type(value) is int for value in given)
    point = f" A decimal number has a point: {given[0]}.{given[1]}." if decimal else ""
    return Feedback("not yet", f"The check takes one answer and was given {len(given)}.{point} Write `{call}`.")


def still_dots(name: str = "") -> Feedback:
    """The answer to an untouched stub."""
    if not name:
        return Feedback("not yet", "Nothing is wrong yet: put your answer where the dots are, and run this cell again.")
    return Feedback("not yet", f"`{name}` is still `...`. Nothing is wrong yet: replace the three dots with your code, "
                               "and run the cell again.")


def pressed_stop() -> Feedback:
    """The answer to an interrupt during a check."""
    return Feedback("not yet", "You pressed stop, so the check ended early. Nothing is lost: run this cell again.")
