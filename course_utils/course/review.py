"""A notebook of ten exercises to answer once more: first what was wrong, then what is longest ago.

Chosen by what the saved notebooks show, on fresh numbers where the exercise allows.
"""

import ast
import builtins
import importlib
import json
import time
from collections import Counter
from datetime import date
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from course_utils.course.cells import code
from course_utils.course.record import Verdict, catalogue, ideas, verdicts
from course_utils.course.workbook import WorkbookTrouble, checks, lessons

if TYPE_CHECKING:
    from course_utils.checker import Exercise

MANY = 10
SEEDS = (10_007, 20_011, 30_011, 40_009, 50_021)        # tried with each exercise by the tests; no lesson uses them
DAY = 86_400                            # seconds
SET_UP = """import copy
import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.course import fresh
from course_utils.display import setup

setup()"""
BROUGHT = {"copy", "math", "np", "torch", "F", "nn"}


def fresh(lesson: str, seed: int) -> SimpleNamespace:
    """The exercises of a lesson, such as "softmax_regression", on numbers that belong to `seed` where they allow it."""
    from course_utils.checker import Exercise, afresh

    module = importlib.import_module(f"course_utils.exercises.{lesson}")
    return SimpleNamespace(**{name: afresh(value, seed) for name, value in vars(module).items()
                              if isinstance(value, Exercise)})


def write(notebooks_dir: Path, my_work: Path, today: date) -> tuple[Path, int] | None:
    """Lay a review in `my_work`, under a free name; its path and how many exercises it has, or None where none is due.

    Raises WorkbookTrouble where `my_work` cannot be written to.
    """
    asked = {(path.stem, name) for path in lessons(notebooks_dir) for source in code(path.read_bytes())
             for name, answer in checks(source) if answer}
    found = verdicts(notebooks_dir, my_work)
    chosen = choose([verdict for verdict in found if (verdict.lesson, verdict.exercise) in asked], MANY)
    if not chosen:
        return None
    text = json.dumps(notebook(chosen, notebooks_dir, today), indent=1, ensure_ascii=False) + "\n"
    names = (f"review_{today}{f'-{n}' if n > 1 else ''}.ipynb" for n in count(1))
    for path in (my_work / name for name in names):
        try:
            with open(path, "x", encoding="utf-8") as file:         # "x": never over another file
                file.write(text)
            return path, len(chosen)
        except FileExistsError:
            continue
        except OSError as refusal:
            raise WorkbookTrouble(f"The review cannot be written to {my_work}: {refusal.strerror or refusal}.\n"
                                  "Nothing of yours was changed.") from refusal
    return None


# ---- which ----


def choose(found: list[Verdict], many: int) -> list[Verdict]:
    """The exercises to ask again, by the last verdict on each.

    What is wrong comes before what was wrong, that before what was right at once; within these, what is longest ago. A
    lesson that has given one waits until the others have, too.
    """
    last: dict[tuple[str, str], Verdict] = {}
    for verdict in sorted(found, key=lambda verdict: verdict.when):
        last[verdict.lesson, verdict.exercise] = verdict
    missed = {(verdict.lesson, verdict.exercise) for verdict in found if not verdict.right or ideas(verdict)}
    left = [verdict for verdict in last.values() if _can_be_asked_again(verdict)]
    taken: Counter[str] = Counter()
    chosen: list[Verdict] = []

    def urgency(verdict: Verdict) -> tuple:
        was_wrong = (verdict.lesson, verdict.exercise) in missed
        return verdict.right, not was_wrong, taken[verdict.lesson], verdict.when, verdict.exercise

    while left and len(chosen) < many:
        chosen.append(min(left, key=urgency))
        left.remove(chosen[-1])
        taken[chosen[-1].lesson] += 1
    return chosen


def _can_be_asked_again(verdict: Verdict) -> bool:
    """A guess cannot, nor what keeps its first answer, as the post-test of lesson 11 does."""
    from course_utils.checker import Prediction

    exercise = catalogue(verdict.lesson).get(verdict.exercise)
    return exercise is not None and not isinstance(exercise, Prediction) and not hasattr(exercise, "first")


# ---- the notebook ----


def notebook(chosen: list[Verdict], notebooks_dir: Path, today: date) -> dict[str, Any]:
    """The review as a notebook in Jupyter's format 4.5, untouched and without outputs."""
    from course_utils.checker import afresh

    sources = {path.stem: code(path.read_bytes()) for path in lessons(notebooks_dir)}
    seed = SEEDS[today.toordinal() % len(SEEDS)]
    n = len(chosen)
    begin = f"# Review, {today}\n\n**What is still there?** {n} exercise{'s' * (n > 1)} from lessons you have worked " \
            "on: first what was wrong, then what is longest ago. Answer from memory, before you look anything up. " \
            "That is what makes it stay."
    cells = [_markdown("begin", begin), _code("setup", SET_UP)]
    for number, verdict in enumerate(chosen, start=1):
        exercise = afresh(catalogue(verdict.lesson)[verdict.exercise], seed)
        cells.append(_markdown(f"question-{number}", f"## {number} of {n}\n\n{_asked(exercise)}\n\n"
                                                     f"*{_why(verdict)} [Lesson {verdict.lesson[:2]}]"
                                                     f"({verdict.lesson}.ipynb)*"))
        cells.append(_code(f"answer-{number}", _cell(verdict, exercise, sources[verdict.lesson], seed)))
    cells.append(_markdown("end", "Save this notebook: the next review looks at it, too."))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
            "nbformat": 4, "nbformat_minor": 5}


def _markdown(name: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def _code(name: str, source: str) -> dict[str, Any]:
    return {"cell_type": "code", "id": name, "metadata": {}, "execution_count": None, "outputs": [], "source": source}


def _asked(exercise: "Exercise") -> str:
    """The question; of code, what the solution says of itself."""
    return exercise._repr_markdown_() if exercise.asks_itself else getattr(exercise, "question", "")


def _why(verdict: Verdict) -> str:
    days = int((time.time() - verdict.when) / DAY)
    ago = f", {days} day{'s' * (days > 1)} ago" if days > 0 else ""
    return f"{'Right' if verdict.right else 'Not yet right'} when last saved{ago}."


def _cell(verdict: Verdict, exercise: "Exercise", sources: list[str], seed: int) -> str:
    """The lesson's own stub and check, after the line that makes the exercise fresh and what the answer may need."""
    source, answer = next((source, answer) for source in sources for name, answer in checks(source)
                          if name == verdict.exercise and answer)
    stub = _text_of(answer, source)
    needed = _free_names(stub) | _free_names(exercise.source_as(answer))
    above = dict.fromkeys(line for name in sorted(needed - BROUGHT) for line in _brought(name, sources))
    return "\n".join([*above, f'exercises = fresh("{verdict.lesson[3:]}", seed={seed})', "", stub, "",
                      f"exercises.{verdict.exercise}.check({answer})"])


def _text_of(name: str, source: str) -> str:
    """The last statement of a cell that defines `name`, with the comment that follows it in its line."""
    node = [node for node in ast.parse(source).body if name in _defined(node)][-1]
    if isinstance(node, ast.Assign) and ast.unparse(node.value) not in ("...", "'…'"):
        return f"{name} = ..."                      # lesson 00 begins with a wrong answer
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    return "\n".join(source.split("\n")[first - 1:node.end_lineno])


def _defined(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    targets = node.targets if isinstance(node, ast.Assign) else []
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def _free_names(source: str) -> set[str]:
    """The names that a piece of code takes from outside, built-in ones left out."""
    nodes = list(ast.walk(ast.parse(source)))
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    names = [node for node in nodes if isinstance(node, ast.Name)]
    own |= {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    return {node.id for node in names} - own - set(dir(builtins))


def _brought(name: str, sources: list[str]) -> list[str]:
    """The lines by which a lesson comes by a name, an import or constants; none for what it computes."""
    for source in sources:
        try:
            body = ast.parse(source).body
        except SyntaxError:                         # a cell with a magic
            continue
        for node in body:
            if name not in _defined(node):
                continue
            if isinstance(node, ast.ImportFrom):
                [alias] = [alias for alias in node.names if name == (alias.asname or alias.name)]
                return [f"from {node.module} import {ast.unparse(alias)}"]
            if isinstance(node, ast.Import):
                return [ast.unparse(node)]
            if isinstance(node, ast.Assign) and _is_constant(node.value):
                before = [line for other in sorted(_free_names(ast.unparse(node.value)))
                          for line in _brought(other, sources)]
                return [*before, ast.unparse(node)]
    return []


def _is_constant(value: ast.expr) -> bool:
    """Whether it is written out: literals, and names of such."""
    return not any(isinstance(node, ast.Call | ast.Attribute | ast.BinOp) for node in ast.walk(value))
