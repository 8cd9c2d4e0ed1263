"""What a teacher wants at hand: for each exercise of a lesson the answer, the wrong ones to expect, and what to say.

All of it is read from the lesson and its catalogue, so it is never another than what the checks say.
"""

import re
import textwrap
from pathlib import Path

from course_utils.checker import IDEAS, Choice, CodeExercise, Exercise, Mistake, Order, Prediction
from course_utils.course import publish, workbook


def answers(path: Path) -> str:
    """The page for the lesson at `path`, in Markdown. Raises PublishTrouble where the lesson cannot be read."""
    notebook = publish.read(path)
    catalogue = publish.catalogue(path.stem)
    names = dict.fromkeys(name for cell in notebook.cells if cell.cell_type == "code"
                          for name, _ in workbook.checks(cell.source))
    title = re.match(r"# *(.+)", notebook.cells[0].source)
    parts = [f"# {title[1] if title else path.stem}: the exercises, for teachers",
             "In the order of the lesson. Under each: an answer, why it is right, the known wrong answers, and "
             "what the check says to whoever gives one. Ask before you tell: the hints are questions."]
    return "\n\n".join(parts + [_section(name, getattr(catalogue, name)) for name in names]) + "\n"


def _section(name: str, exercise: Exercise) -> str:
    kind = "code" if isinstance(exercise, CodeExercise) else type(exercise).__name__.lower()
    lines = [f"## `{name}` ({kind})", _question(exercise), "**Right.**", exercise.solution().text]
    if isinstance(exercise, Prediction):
        return "\n\n".join([*lines, "A guess, and every number is welcome: what counts is the surprise."])
    if exercise.hints:
        lines += ["**Ask.** " + " ".join(f"({n}) {hint}" for n, hint in enumerate(exercise.hints, start=1))]
    told = dict.fromkeys(filter(None, (_wrong(exercise, mistake) for mistake in exercise.mistakes)))
    return "\n\n".join([*lines, "**Wrong, and what is said.**", "\n".join(told) or "None is listed."])


def _question(exercise: Exercise) -> str:
    """The text that the learner has: of code its docstring."""
    if isinstance(exercise, CodeExercise):
        return exercise.question
    return str(exercise)


def _wrong(exercise: Exercise, mistake: Mistake) -> str:
    idea = f" *({mistake.id}: {IDEAS[mistake.id]})*" if mistake.id else ""
    message = textwrap.shorten(mistake.message, 2_000)
    if isinstance(exercise, CodeExercise):
        return f"- {message}{idea}"
    if isinstance(exercise, Choice):
        return f"- **{mistake.answer}**, {exercise.options[mistake.answer]}: {message}{idea}"
    shown = mistake.answer if isinstance(exercise, Order) else f"{mistake.answer:g}"
    return f"- **{shown}**: {message}{idea}"


def write(path: Path, folder: Path) -> Path:
    """Write the page of the lesson at `path` into `folder`; the file written. Raises PublishTrouble, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{path.stem}.answers.md"
    target.write_text(answers(path), encoding="utf-8")
    return target
