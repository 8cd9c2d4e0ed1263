"""What a teacher wants at hand: for each exercise of a lesson the answer, the wrong ones to expect, and what to say.

All of it is read from the lesson and its catalogue, so it is never another than what the checks say.
"""

import re
import textwrap
from collections import defaultdict
from pathlib import Path

from course_utils.checker import IDEAS, Choice, CodeExercise, Exercise, Mistake, Order, Prediction
from course_utils.course import publish, workbook


def answers(path: Path) -> str:
    """The page for the lesson at `path`, in Markdown. Raises PublishTrouble where the lesson cannot be read."""
    title = re.match(r"# *(.+)", publish.read(path).cells[0].source)
    parts = [f"# {title[1] if title else path.stem}: the exercises, for teachers",
             "In the order of the lesson. Under each: an answer, why it is right, the known wrong answers, and "
             "what the check says to whoever gives one. Ask before you tell: the hints are questions.",
             _for_the_room(path, *room_question(path)), _ideas(exercises_of(path))]
    return "\n\n".join(parts + [_section(name, one) for name, one in exercises_of(path).items()]) + "\n"


def exercises_of(path: Path) -> dict[str, Exercise]:
    """The exercises of the lesson at `path`, by name, in order. Raises PublishTrouble where it cannot be read."""
    catalogue = publish.catalogue(path.stem)
    return {name: getattr(catalogue, name) for name in workbook.exercises(path.read_bytes())}


# ---- for the whole room ----


def room_question(path: Path) -> tuple[str, Choice]:
    """Of the lesson's choices the one whose wrong options stand for most ideas, the later of two; and its name.

    One that has several right options is hard to vote on, and taken where there is no other.
    """
    choices = [(name, one) for name, one in exercises_of(path).items() if isinstance(one, Choice)]
    return max(enumerate(choices), key=lambda numbered: (*_splits(numbered[1][1]), numbered[0]))[1]


def _splits(choice: Choice) -> tuple[bool, int, int]:
    """Whether one option is right, how many named ideas the others stand for, and how many options there are."""
    return len(choice.right_answer) == 1, len({one.id for one in choice.mistakes if one.id}), len(choice.options)


def _above(path: Path, name: str) -> str:
    """The text that stands above an exercise in the lesson, with the code that it may ask about; "" where none does."""
    cells = publish.read(path).cells
    for before, cell in zip(cells, cells[1:], strict=False):
        if cell.cell_type == "code" and name in dict(workbook.checks(cell.source)):
            return before.source if before.cell_type == "markdown" else ""
    return ""


def _for_the_room(path: Path, name: str, choice: Choice) -> str:
    """The question, and which idea votes for which option. No class was counted, so no shares are given."""
    wrong = {mistake.answer: mistake for mistake in choice.mistakes}
    votes = [f"- votes for **{letter}**: {_idea_of(wrong[letter]) if letter in wrong else 'right'}"
             for letter in choice.options]
    above = "\n".join(f"> {line}".rstrip() for line in _above(path, name).splitlines())
    return "\n\n".join(filter(None, [
        f"## For the whole room: `{name}`", "Everyone votes alone, talks with a neighbour who voted otherwise, and "
        "votes again. Only then is the cell run. The text in the lesson, and the question:", above, _question(choice),
        "\n".join(votes)]))


def _idea_of(mistake: Mistake) -> str:
    return f"{IDEAS[mistake.id]} ({mistake.id})" if mistake.id else "a slip that has no name"


# ---- the ideas ----


def _ideas(exercises: dict[str, Exercise]) -> str:
    """Which wrong ideas the lesson meets, the one that shows in most exercises first."""
    where: dict[str, set[str]] = defaultdict(set)
    for name, one in exercises.items():
        for mistake in one.mistakes if not isinstance(one, Prediction) else ():
            if mistake.id:
                where[mistake.id].add(f"`{name}`")
    rows = [f"| {IDEAS[idea]} | {idea} | {', '.join(sorted(where[idea]))} |"
            for idea in sorted(where, key=lambda idea: (-len(where[idea]), idea))]
    return "\n".join(["## Ideas to expect\n", "| idea | number | where it shows |", "| --- | --- | --- |", *rows])


# ---- exercise by exercise ----


def _section(name: str, exercise: Exercise) -> str:
    kind = "code" if isinstance(exercise, CodeExercise) else type(exercise).__name__.lower()
    lines = [f"## `{name}` ({kind})", _question(exercise), "**Right.**", exercise.solution().text]
    if isinstance(exercise, Prediction):
        return "\n\n".join([*lines, "A guess, and every number is welcome: what counts is the surprise."])
    if exercise.hints:
        lines += ["**Ask.** " + " ".join(f"({n}) {hint}" for n, hint in enumerate(exercise.hints, start=1))]
    named = dict.fromkeys(_wrong(exercise, mistake) for mistake in exercise.mistakes if mistake.id)
    others = dict.fromkeys(_wrong(exercise, mistake) for mistake in exercise.mistakes if not mistake.id)
    if named:
        lines += ["**Wrong by an idea, and what is said.**", "\n".join(named)]
    if others:
        lines += ["**Wrong in another way.**" if named else "**Wrong, and what is said.**", "\n".join(others)]
    return "\n\n".join(lines)


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
