"""Each exercise that says how a needed value comes about can say it, for every probe, in one line."""

import importlib
import pkgutil

import pytest
import torch

import course_utils.exercises
from course_utils.checker import CodeExercise
from course_utils.checker.compare import parts
from course_utils.checker.places import how_in_words

CATALOGUES = [module.name for module in pkgutil.iter_modules(course_utils.exercises.__path__)]
SAYING = [pytest.param(value, id=f"{catalogue}-{name}") for catalogue in CATALOGUES
          for name, value in vars(importlib.import_module(f"course_utils.exercises.{catalogue}")).items()
          if isinstance(value, CodeExercise) and value.settings.how]


def places(expected, where=""):
    """Where an answer may differ from the expected one: the first and the last entry of each tensor, each number."""
    if isinstance(expected, torch.Tensor):
        indices = expected.isfinite().nonzero().tolist() if expected.dim() else [[]]
        yield from (f"{where}{index or ''}" for index in indices[:1] + indices[-1:])
    elif type(expected) in (int, float):
        yield where
    for key, part in parts(expected):
        yield from places(part, f"{where}[{key!r}]")


@pytest.mark.parametrize("exercise", SAYING)
def test_how_a_needed_value_comes_about_is_one_line(exercise):
    for number, outcome in enumerate(exercise.outcomes()):
        lines = [how_in_words(exercise.settings.how, where, exercise._probes_again()[number][1])
                 for where in places(outcome.value)]
        assert any(lines), "there is no place on this probe for which it can say anything"
        for line in filter(None, lines):
            assert len(line) < 330 and "\n" not in line and line.endswith((".", "`")), line
            assert "tensor(" not in line and "e+38" not in line, line


def test_most_exercises_in_code_say_how():
    asked = [value for catalogue in CATALOGUES
             for value in vars(importlib.import_module(f"course_utils.exercises.{catalogue}")).values()
             if isinstance(value, CodeExercise)]
    assert len(SAYING) > 0.7 * len(asked), (len(SAYING), len(asked))
