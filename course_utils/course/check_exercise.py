"""`course check-exercise FILE`: what the exercises in a file take for what, before a learner meets them."""

import importlib.util
import re
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from course_utils import started
from course_utils.checker import CodeExercise, Exercise, examine

TEMPLATE = Path(__file__).with_name("exercise_template.py")


class FileTrouble(RuntimeError):
    """A file that cannot be read as exercises. The text says what happened and what to do."""


def report(path: Path, others: Path | None = None) -> tuple[str, int]:
    """The page about the exercises of a file, and how many things in it are to be mended.

    Other right answers come from the dict `OTHERS` of the file, or of the file `others`: {name of the exercise: list}.
    Raises FileTrouble.
    """
    module = load(path)
    exercises = {name: value for name, value in vars(module).items() if isinstance(value, Exercise)}
    if not exercises:
        raise FileTrouble(f"{path} holds no exercise. {_how_to_begin('another.py')}")
    answers = {**_others_in(module, path), **(_others_in(load(others), others) if others else {})}
    unknown = sorted(set(answers) - set(exercises))
    lines, to_mend = [], 0
    for name, exercise in exercises.items():
        exercise.name = exercise.name or name                       # as `give_names` would
        found = examine(exercise, answers.get(name, ()))
        to_mend += sum(finding.to_mend for finding in found)
        sign = "✗" if any(finding.to_mend for finding in found) else "○" if found else "✓"
        lines.append(f"{sign} {name}: {_counted(exercise, len(answers.get(name, ())))}")
        lines += [_indented(finding.text) for finding in found]
    if unknown:
        to_mend += 1
        lines.append(f"✗ OTHERS has answers to {', '.join(unknown)}, which the file does not ask.")
    ending = f"\n{to_mend} to mend." if to_mend else "\nNothing to mend."
    return "\n".join([*lines, ending]), to_mend


def _how_to_begin(path: Path | str) -> str:
    return (f"To begin one: {started.command('check-exercise --template')} > {path}\n"
            "How it is done: course_utils/checker/README.md")


def load(path: Path) -> ModuleType:
    """The file, imported under a name of its own. Raises FileTrouble, with the line that stopped it."""
    if path.is_dir():
        raise FileTrouble(f"{path} is a folder. Name one Python file in it.")
    if not path.is_file():
        raise FileTrouble(f"There is no file {path}. {_how_to_begin(path)}")
    if path.suffix != ".py":
        raise FileTrouble(f"{path} is no Python file. Exercises stand in a `.py` file, and a notebook imports them.")
    name = "checked" + re.sub(r"\W", "_", str(path.resolve()))
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader, "a file that ends in .py has a loader"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module                                      # where the source of a class is looked for
    try:
        spec.loader.exec_module(module)
    except SyntaxError as problem:
        raise FileTrouble(f"{path}, line {problem.lineno}, is not Python yet: {problem.msg}.\n"
                          f"    {(problem.text or '').strip()}\nMend that line, and check again.") from None
    except ModuleNotFoundError as problem:
        raise FileTrouble(f"{path} imports `{problem.name}`, which is not installed here, or spelled another way.\n"
                          f"To install it: {started.install((problem.name or '').split('.')[0])}") from None
    except SystemExit:
        raise FileTrouble(f"{path} ends the program that reads it, by `exit()` or `sys.exit()`. A notebook would end "
                          "with it.\nTake that line out, and check again.") from None
    except Exception as problem:
        lines = [frame for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == str(path)]
        where = f", line {lines[-1].lineno}, stops: {lines[-1].line}" if lines else " stops."
        brackets = "With brackets: `@exercise(probes=[...])`.\n" if "exercise.__init__()" in str(problem) else ""
        raise FileTrouble(f"{path}{where}\nPython says: {type(problem).__name__}: {problem}\n{brackets}"
                          "Run the file by itself to see more, mend it, and check again.") from None
    return module


def _others_in(module: ModuleType, path: Path) -> dict[str, list[Any]]:
    others = getattr(module, "OTHERS", {})
    if not isinstance(others, dict) or not all(isinstance(answers, list | tuple) for answers in others.values()):
        raise FileTrouble(f"OTHERS in {path} is to be a dict: the name of an exercise, and a list of right answers.")
    return others


def _counted(exercise: Exercise, others: int) -> str:
    code = ", in code" if isinstance(exercise, CodeExercise) else ""
    mistakes, answers = _many(len(exercise.mistakes), "mistake"), _many(others, "other right answer")
    return f"{type(exercise).__name__}{code}, {mistakes}, {answers}"


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _indented(text: str) -> str:
    return "    " + text.strip().replace("\n", "\n        ")
