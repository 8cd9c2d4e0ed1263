"""Wrong answers that no catalogue planned: what the checker says of them is measured, and never gets worse.

One file a lesson, named as its catalogue, holds `WRONG`, a list of answers for each exercise's name:

    from wrong_answers import NEUTRAL, Wrong

    def over_the_columns(logits):                           # any way of writing it: loop, NumPy, torch function …
        return logits.exp() / logits.exp().sum(0)

    WRONG = {
        "softmax": [
            Wrong(over_the_columns, "Your columns sum to 1"),
            Wrong(lambda logits: logits.abs(), NEUTRAL),
            Wrong(lambda logits: logits.exp(), "no division", first="neutral"),
        ],
        "floor": [Wrong("b", "Raw logits have no floor")],  # for a choice, an order or a number: the value
    }

`named` is what should be said: the first words, or other distinctive words, of a message that is true of this answer,
or NEUTRAL where no cause can be told from its values. Blanks and capitals do not matter. Words that would be untrue
of it go into `never=("did you forget eval",)`; a message with such words counts as a wrong name wherever it comes from.
`idea="M32"` is the number of the wrong idea that has to be recognised; of each there are three differently written.

Two measures are made of them. "Held out" is for answers written without a look at the catalogue, and counts what
was said at the first try. Its bars hold only if the record is honest:

- An answer written blind starts as `Wrong(answer, named)`. Decide on `named` before you run it; look for the fitting
  message, if there is one, afterwards, and only to copy its words.
- Was the catalogue (or the checker) changed because of it, it stays in this file with `first=`, what was said before:
  "neutral", "wrongly named", "accepted" or "not judged". Do not delete it, and do not change `named` to fit; but where
  a message that is true of it was added, its words take the place of NEUTRAL.
- An answer written with the catalogue in view is `seen=True`, and counts among "all" only.

    python -m benchmarks.feedback           prints and stores both measures
    pytest -n 0 tests/test_wrong_answers.py -k softmax_regression
"""

import importlib
from pathlib import Path
from typing import Any, NamedTuple

from course_utils.checker import Exercise, Feedback

NEUTRAL = "neutral"                     # the learner's value beside the needed one, and no cause
OUTCOMES = ("named", "neutral", "wrongly named", "accepted", "not judged")


class Wrong(NamedTuple):
    """A wrong answer, the words that are true of it, and how it was written: see above."""

    answer: Any
    named: str
    seen: bool = False
    first: str = ""
    never: tuple[str, ...] = ()
    idea: str = ""

    @property
    def held_out(self) -> bool:
        """Whether it was written without a look at the catalogue."""
        return not self.seen


def wrong_answers(catalogue: str) -> dict[str, list[Wrong]]:
    """Those of a lesson by exercise; none where there is no file yet."""
    if not (Path(__file__).parent / f"{catalogue}.py").exists():
        return {}
    return importlib.import_module(f"wrong_answers.{catalogue}").WRONG


def outcome(exercise: Exercise, wrong: Wrong, feedback: Feedback) -> str:
    """One of `OUTCOMES`: how well the feedback understood the answer.

    A mistake's message without the expected words is a wrong name; any other message without them is neutral.
    """
    if feedback.status == "right":
        return "accepted"
    if feedback.message.startswith("Our fault"):
        return "not judged"
    said = squeezed(feedback.text)
    if any(squeezed(words) in said for words in wrong.never):
        return "wrongly named"
    if wrong.named != NEUTRAL and squeezed(wrong.named) in said:
        return "named"
    known = {mistake.message.strip() for mistake in exercise.mistakes}
    return "wrongly named" if feedback.message in known else "neutral"


def squeezed(text: str) -> str:
    """Without line breaks, double blanks and capitals."""
    return " ".join(text.lower().split())
