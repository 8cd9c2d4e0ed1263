"""What the learner's saved notebooks tell: which exercises were right or wrong, when, and which wrong ideas were met.

Nothing else is recorded anywhere. A notebook shows the last answer of each check; of those before it, a right answer
names the wrong ideas.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from course_utils.course.cells import Cell, cells, texts
from course_utils.course.workbook import SAYS_RIGHT, checks, copies_of, lessons

SAYS_WRONG = re.compile(r"^[*# ]*✗ ", re.M)
FRESH = re.compile(r"\bfresh\(\"(\w+)\"")          # in a review, the lesson that an exercise comes from
REVIEWS = "review_*.ipynb"


class Verdict(NamedTuple):
    """What a saved notebook shows under one check."""

    lesson: str                         # such as "03_softmax_regression"
    exercise: str
    right: bool
    text: str                           # all that was said, plain
    when: float                         # seconds since 1970: when it was run, else when the file was saved
    ran: float = 0.0                    # when it was run, where the notebook keeps it; else 0
    source: str = ""                    # what the learner wrote, with the check


class Met(NamedTuple):
    """A wrong idea in words, how often it was met, and the lessons, by number."""

    idea: str
    times: int
    lessons: list[str]


def verdicts(notebooks_dir: Path, *folders: Path) -> list[Verdict]:
    """All that the copies of the lessons in these folders show, and the reviews there."""
    found: list[Verdict] = []
    named = {path.stem[3:]: path.stem for path in lessons(notebooks_dir)}
    for folder in dict.fromkeys(folder.resolve() for folder in folders):
        files = [(path, lesson) for lesson in named.values() for path in copies_of(lesson, folder)]
        for path, lesson in [*files, *((path, "") for path in sorted(folder.glob(REVIEWS)))]:
            try:
                content, saved = path.read_bytes(), path.stat().st_mtime
            except OSError:                         # may not be read: counts as not there
                continue
            found += _in_notebook(content, saved, lesson, named)
    return found


def _in_notebook(content: bytes, saved: float, lesson: str, named: dict[str, str]) -> Iterator[Verdict]:
    for cell in cells(content):
        asked, said = checks(cell.source), "\n".join(_said(cell))
        right, wrong = SAYS_RIGHT.search(said), SAYS_WRONG.search(said)
        origin = FRESH.search(cell.source)
        belongs = lesson or (named.get(origin[1], "") if origin else "")
        if cell.kind == "code" and asked and belongs and (right or wrong):
            ran = _run_at(cell)
            yield Verdict(belongs, asked[-1][0], bool(right), said, ran or saved, ran, cell.source)


def _said(cell: Cell) -> Iterator[str]:
    """What its outputs say, each in the plainest of its forms."""
    for output in cell.outputs:
        yield next(filter(None, texts(output)), "")


def _run_at(cell: Cell) -> float:
    """When JupyterLab ran the cell, where it keeps the time ("Record timing" in its settings); else 0."""
    try:
        return datetime.fromisoformat(cell.metadata["execution"]["iopub.execute_input"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return 0.0


# ---- wrong ideas ----


def ideas(verdict: Verdict) -> set[str]:
    """The wrong ideas that a verdict tells of, in words: by the message of a mistake, and by "Met on the way"."""
    from course_utils.checker import IDEAS, ON_THE_WAY

    said = _squeezed(verdict.text)
    on_the_way = {words for line in verdict.text.split("\n") if ON_THE_WAY in line
                  for words in IDEAS.values() if words in line}
    messages = {} if verdict.right else _messages(verdict.lesson).get(verdict.exercise, {})
    return on_the_way | {IDEAS[idea] for message, idea in messages.items() if message in said and idea in IDEAS}


@cache
def _messages(lesson: str) -> dict[str, dict[str, str]]:
    """{exercise: {message of a mistake: number of the wrong idea}}, of one lesson's catalogue."""
    return {name: {_squeezed(mistake.message): mistake.id for mistake in exercise.mistakes if mistake.id}
            for name, exercise in catalogue(lesson).items()}


def catalogue(lesson: str) -> dict[str, Any]:
    """The exercises that the lesson with this file name checks, by name."""
    import importlib

    from course_utils.checker import Exercise

    module = importlib.import_module(f"course_utils.exercises.{lesson[3:]}")
    return {name: value for name, value in vars(module).items() if isinstance(value, Exercise)}


def _squeezed(text: str) -> str:
    """Words alone, for Markdown and plain text differ in blanks, line ends and marks."""
    return re.sub(r"[\W_]+", " ", html.unescape(text)).strip()


def met(found: list[Verdict]) -> list[Met]:
    """Each wrong idea that was met, the commonest first; once an exercise, however many copies show it."""
    where = {(idea, verdict.lesson, verdict.exercise) for verdict in found for idea in ideas(verdict)}
    times = Counter(idea for idea, _, _ in where)
    return [Met(idea, times[idea], sorted({lesson[:2] for other, lesson, _ in where if other == idea}))
            for idea in sorted(times, key=lambda idea: (-times[idea], idea))]


def met_in_words(found: list[Verdict]) -> str:
    """The wrong ideas met, one a line; "" where none was."""
    rows = [f"  {one.times} × {one.idea} (lesson{'s' * (len(one.lessons) > 1)} {', '.join(one.lessons)})"
            for one in met(found)]
    return "\n".join(["Wrong ideas met:", *rows]) if rows else ""
