"""Where each wrong idea is recognised, made from the catalogues: `python -m benchmarks.coverage` writes the table.

It stands in tests/coverage.md; a test says when it is out of date, and holds the catalogues to what is promised.
"""

import importlib
import pkgutil
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import course_utils.exercises
from course_utils.checker import IDEAS, Choice, CodeExercise, Exercise, Number, Order

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "tests" / "coverage.md"

# The twenty that a first course runs into most: chosen by us from what people ask, not counted anywhere.
COMMONEST = (
    "M01", "M02", "M03", "M05", "M07", "M08", "M09", "M10", "M15", "M16", "M17", "M24", "M25", "M32", "M34", "M35",
    "M37", "M41", "M42", "M46",
)
KINDS = ((CodeExercise, "code"), (Choice, "choice"), (Order, "order"), (Number, "number"))

HEAD = """# Where each wrong idea is recognised

Made from the catalogues by `python -m benchmarks.coverage`, not written by hand. A number stands for a lesson, 12 for
the post-test. ● marks the twenty ideas that a first course runs into most, as far as we can tell; each is met in two
kinds of exercise at least.

| | Idea | In words | In code | In a choice, an order or a number |
| --- | --- | --- | --- | --- |
"""


class Place(NamedTuple):
    """An exercise that recognises an idea: "03 softmax", and its kind."""

    where: str
    kind: str


def lessons() -> dict[str, str]:
    """{catalogue: number of its lesson}; the post-test, which is no lesson, comes last."""
    names = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
    numbers = {name.partition("_")[2]: name[:2] for name in names}
    catalogues = [module.name for module in pkgutil.iter_modules(course_utils.exercises.__path__)]
    last = str(len(numbers))
    return dict(sorted(((name, numbers.get(name, last)) for name in catalogues), key=lambda pair: pair[1]))


def exercises() -> dict[str, Exercise]:
    """{"03 softmax": exercise} for every exercise of the course, each once: lesson 11 asks the post-test, too."""
    found, seen = {}, set()
    for catalogue, number in sorted(lessons().items(), key=lambda pair: pair[1], reverse=True):
        for name, value in vars(importlib.import_module(f"course_utils.exercises.{catalogue}")).items():
            if isinstance(value, Exercise) and not name.startswith("_") and id(value) not in seen:
                seen.add(id(value))
                found[f"{number} {name}"] = value
    return dict(sorted(found.items()))


def kind_of(exercise: Exercise) -> str:
    return next((kind for cls, kind in KINDS if isinstance(exercise, cls)), "guess")


def places() -> dict[str, list[Place]]:
    """{idea: where it is recognised}, for every idea that a mistake names."""
    found = defaultdict(list)
    for where, exercise in exercises().items():
        for idea in sorted({mistake.id for mistake in exercise.mistakes if mistake.id}):
            found[idea].append(Place(where, kind_of(exercise)))
    return dict(found)


def table() -> str:
    found = places()
    lines = []
    for idea, words in IDEAS.items():
        code, others = ([place.where for place in found.get(idea, []) if (place.kind == "code") == in_code]
                        for in_code in (True, False))
        mark = "●" if idea in COMMONEST else ""
        lines.append(f"| {mark} | {idea} | {words} | {', '.join(code) or '–'} | {', '.join(others) or '–'} |")
    code, every = code_among_lessons()
    return HEAD + "\n".join(lines) + f"\n\n{every} exercises in the lessons, {code} of them code.\n"


def code_among_lessons() -> tuple[int, int]:
    """How many exercises are code, and how many there are; without the post-test, which asks once more."""
    last = max(lessons().values())
    asked = [exercise for where, exercise in exercises().items() if not where.startswith(last)]
    return sum(isinstance(exercise, CodeExercise) for exercise in asked), len(asked)


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
    print(f"Stored in {TABLE.relative_to(ROOT)}.")
