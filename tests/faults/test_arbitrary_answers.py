"""Any answer to any exercise ends in a Feedback, soon and short; none is right by accident, nothing is left changed."""

import builtins
import copy
import dataclasses
import gc
import importlib
import os
import pkgutil
import random
import re
import sys
import time
import zlib
from collections import Counter
from pathlib import Path

import arbitrary
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import course_utils.exercises
from course_utils.checker import Choice, CodeExercise, Exercise, Number, Order, Prediction
from course_utils.checker.base import FIRST_LINE
from course_utils.checker.compare import as_tensor
from course_utils.checker.sandbox import run

AT_EACH_PUSH, NIGHTLY = 2, 68               # answers for each exercise, of which there are some 150
MOST_BYTES, MOST_SECONDS = 2_000, 6.0
A_LITTLE = 0.3                              # seconds, in place of the 5 that an answer has: some answers never end
CATALOGUES = sorted(found.name for found in pkgutil.iter_modules(course_utils.exercises.__path__))

pytestmark = [pytest.mark.filterwarnings("ignore")]         # of coroutines that nobody awaits


@pytest.fixture(autouse=True)
def last_words(monkeypatch):
    """Odd objects complain when they are thrown away; to look at such a complaint may end in the next one."""
    monkeypatch.setattr(sys, "unraisablehook", lambda *_: None)
    yield
    gc.collect()


def exercises_of(catalogue):
    module = importlib.import_module(f"course_utils.exercises.{catalogue}")
    return {name: value for name, value in vars(module).items() if isinstance(value, Exercise)}


def in_little_time(exercise):
    """The same exercise with less time for an answer; what it knows of its own answers is shared."""
    if isinstance(exercise, CodeExercise):
        exercise.outcomes()
        exercise = copy.copy(exercise)
        exercise.settings = dataclasses.replace(exercise.settings, seconds=max(A_LITTLE, usual_time(exercise) * 4))
    return exercise


def usual_time(exercise):
    begun = time.monotonic()
    exercise.check(exercise.right_answer)
    return time.monotonic() - begun


def answers_for(exercise):
    if not isinstance(exercise, CodeExercise):
        return arbitrary.values | arbitrary.functions()
    kinds = {"function": 6, "value": 3, "endless": 1}
    if exercise.settings.compare_by is None and not isinstance(exercise.right_answer, type):
        kinds["nearly"] = 2
    made = {"function": arbitrary.functions(), "value": arbitrary.values, "endless": arbitrary.endless,
            "nearly": arbitrary.nearly_right(exercise.right_answer)}
    drawn = st.sampled_from([kind for kind, times in kinds.items() for _ in range(times)])
    return drawn.flatmap(made.get)


# ---- an opinion of our own about what is right ----------------------------------------------------------------------

def is_right(exercise, answer):
    """Whether "right" is no accident, found in another way than the checker finds it."""
    if isinstance(exercise, Choice | Order):
        return letters_are_right(exercise, answer)
    if isinstance(exercise, Prediction):
        return exercise.low <= the_number(answer) <= exercise.high
    if isinstance(exercise, Number):
        room = exercise.tolerance + 1e-9 * (1 + abs(exercise.right_answer))
        return abs(the_number(answer) - exercise.right_answer) <= room
    chosen = exercise.settings
    got, wanted = (run(one, lambda: [args for _, args in exercise.probes()], compare_by=chosen.compare_by,
                       seed=chosen.seed, ours=True) for one in (answer, exercise.right_answer))
    pairs = [*zip(got.outcomes, wanted.outcomes, strict=False)]
    return len(pairs) == len(wanted.outcomes) and all(not one.raised and alike(one.value, other.value)
                                                      for one, other in pairs)


def the_number(answer):
    """What is written there, brackets or not."""
    while isinstance(answer, list | tuple):
        (answer,) = answer
    return float(answer)


def alike(got, wanted):
    """Close to 2 %, number by number."""
    if isinstance(wanted, dict):
        return isinstance(got, dict) and got.keys() == wanted.keys() and all(alike(got[k], wanted[k]) for k in wanted)
    numbers, others = as_tensor(got), as_tensor(wanted)
    if numbers is None or others is None:
        if isinstance(wanted, list):
            return isinstance(got, list) and len(got) == len(wanted) and all(map(alike, got, wanted))
        return type(got) is type(wanted) and got == wanted
    return numbers.shape == others.shape and np.allclose(numbers.to(torch.complex128), others.to(torch.complex128),
                                                         rtol=0.02, atol=0.02, equal_nan=True)


def letters_are_right(exercise, answer):
    given = "".join(answer) if isinstance(answer, list | tuple) else answer
    typed = "".join(re.findall(r"\w", re.sub(r"\band\b", "", given.lower())))
    if isinstance(exercise, Order):
        return typed in (exercise.right_answer, *exercise.also)
    return "".join(sorted(set(typed))) == exercise.right_answer


# ---- what may not change --------------------------------------------------------------------------------------------

def state():
    return {"random numbers": (torch.get_rng_state().tolist(), np.random.get_state()[1].tolist(), random.getstate()),
            "dtype": torch.get_default_dtype(), "folder": os.getcwd(), "environment": dict(os.environ),
            "path": [*sys.path], "streams": (sys.stdin, sys.stdout, sys.stderr), "names": {*globals()},
            "gradients": torch.is_grad_enabled(), "depth": sys.getrecursionlimit(),
            "functions": [vars(place)[name] for place, name in WATCHED]}


WATCHED = [(torch, "softmax"), (torch, "isclose"), (torch, "equal"), (builtins, "all"), (builtins, "bool"),
           (builtins, "print"), (builtins, "exit"), (os, "_exit"), (os, "kill"), (torch.nn.Module, "forward"),
           (torch.nn.Linear, "forward"), (torch.nn.functional, "relu")]


def judged(exercise, answer, figures):
    """The feedback, held to everything that is promised for any answer whatsoever."""
    value, before, begun, computed = answer.make(), state(), time.monotonic(), time.process_time()
    feedback = exercise.check(value)
    seconds = min(time.monotonic() - begun, time.process_time() - computed + 2)     # waiting for others is not ours
    assert "Our fault" not in feedback.text, feedback.text
    assert feedback.status in ("not yet", "right", "wrong")
    assert feedback.status != "right" or is_right(exercise, value), "a false pass"
    assert len(feedback.text.encode()) <= MOST_BYTES and len(feedback.text.split("\n")[0]) <= FIRST_LINE
    assert feedback._repr_markdown_() and repr(feedback) and repr(feedback.explain())
    assert seconds < MOST_SECONDS
    after = state()
    assert [what for what in before if after[what] != before[what]] == []
    figures[feedback.status] += 1
    figures["longest text, bytes"] = max(figures["longest text, bytes"], len(feedback.text.encode()))
    figures["slowest, ms"] = max(figures["slowest, ms"], round(1000 * seconds))


def try_answers(catalogue, many, ended):
    figures = Counter()
    for name, exercise in exercises_of(catalogue).items():
        try_on(in_little_time(exercise), f"{catalogue}.{name}", many, figures, ended)
    return figures


def try_on(exercise, name, many, figures, ended):
    @seed(zlib.crc32(name.encode()))                # each exercise meets others, and the same ones every time
    @settings(max_examples=many, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(answers_for(exercise))
    def any_answer(answer):
        judged(exercise, answer, figures)
        ended("explained")

    any_answer()


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_any_answer_ends_in_a_feedback(catalogue, ended):
    figures = try_answers(catalogue, AT_EACH_PUSH, ended)
    assert sum(figures[status] for status in ("not yet", "right", "wrong")) >= AT_EACH_PUSH


@pytest.mark.nightly
@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_ten_thousand_answers(catalogue, ended):
    figures = try_answers(catalogue, NIGHTLY, ended)
    with Path(os.environ.get("ARBITRARY_ANSWERS", os.devnull)).open("a") as table:
        print(f"| {catalogue} | " + " | ".join(str(figures[what]) for what in (
            "not yet", "wrong", "right", "longest text, bytes", "slowest, ms")) + " |", file=table)
