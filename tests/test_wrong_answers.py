"""Wrong answers that no catalogue planned are refused, and what is said of them is true. See tests/wrong_answers."""

import importlib
import pkgutil
from pathlib import Path

import pytest
from wrong_answers import NEUTRAL, OUTCOMES, Wrong, outcome, wrong_answers

import course_utils.exercises
from course_utils.checker import CodeExercise, Exercise, Feedback, Mistake, Number

CATALOGUES = [module.name for module in pkgutil.iter_modules(course_utils.exercises.__path__)]
ALL = [pytest.param(catalogue, name, number, id=f"{catalogue}-{name}-{number}")
       for catalogue in CATALOGUES for name, wrong in wrong_answers(catalogue).items() for number in range(len(wrong))]


def find(catalogue, name):
    exercise = getattr(importlib.import_module(f"course_utils.exercises.{catalogue}"), name, None)
    assert isinstance(exercise, Exercise), f"{catalogue} has no exercise {name}"
    return exercise


@pytest.fixture(autouse=True)
def where_answers_may_write(tmp_path, monkeypatch):
    """An answer may save a file under a name without a folder, as learners do."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("catalogue", "name", "number"), ALL)
def test_a_wrong_answer_is_refused_and_no_other_mistake_is_named(catalogue, name, number):
    """One that the catalogue was mended for is called by its name; of one written blind no more than truth is asked."""
    exercise, wrong = find(catalogue, name), wrong_answers(catalogue)[name][number]
    assert wrong.first in ("", *OUTCOMES)
    feedback = exercise.check(wrong.answer)
    came = outcome(exercise, wrong, feedback)
    assert came in ("named", "neutral"), f"{came}, where {wrong.named!r} is true:\n{feedback.text}"
    assert not wrong.idea or feedback.mistake == wrong.idea, f"{feedback.mistake} in place of {wrong.idea}"
    if wrong.named == NEUTRAL:
        assert came == "neutral"
        assert "needed" in feedback.text or feedback.trace or feedback.status == "not yet", \
            f"the learner's value beside the needed one is missing:\n{feedback.text}"
    elif wrong.seen or wrong.first:
        assert came == "named", f"{wrong.named!r} is not said:\n{feedback.text}"


FIRST_LESSONS = ("start_here", "binary_logistic_regression", "gradients_and_the_training_loop", "softmax_regression",
                 "parameters", "optimizers")
LATER_LESSONS = ("regularization", "layers_and_activations", "dropout", "batch_size", "scaling_out", "capstone")
FEWER = dict[str, str]()                # wrong ideas with fewer ways of writing than three, and the reason


def in_code(catalogues):
    """The numbers of the wrong ideas that a code exercise of these catalogues recognises."""
    modules = (importlib.import_module(f"course_utils.exercises.{catalogue}") for catalogue in catalogues)
    exercises = (value for module in modules for value in vars(module).values() if isinstance(value, CodeExercise))
    return {mistake.id for exercise in exercises for mistake in exercise.mistakes if mistake.id}


def ways_of_writing(catalogues):
    """{wrong idea: the differing code of the answers that commit it}."""
    found = {}
    for catalogue in catalogues:
        for wrong in (wrong for several in wrong_answers(catalogue).values() for wrong in several if wrong.idea):
            code = getattr(wrong.answer, "__code__", None)
            way = (code.co_code, code.co_consts, code.co_names) if code else wrong.answer
            found.setdefault(wrong.idea, set()).add(way)
    return found


def test_every_lesson_with_code_is_counted():
    assert {*FIRST_LESSONS, *LATER_LESSONS} == {catalogue for catalogue in CATALOGUES if in_code([catalogue])}


@pytest.mark.parametrize("lessons", [FIRST_LESSONS, *((lesson,) for lesson in LATER_LESSONS)],
                         ids=["the first six", *LATER_LESSONS])
def test_a_wrong_idea_is_recognised_in_three_ways_of_writing_it(lessons):
    """None of them is the one that the checker compares with: those stand in the catalogues."""
    ways = ways_of_writing(lessons)
    few = {idea: len(ways.get(idea, ())) for idea in in_code(lessons) if len(ways.get(idea, ())) < 3}
    assert few.keys() == FEWER.keys(), few


def test_the_files_belong_to_a_catalogue():
    here = Path(__file__).parent / "wrong_answers"
    assert {path.stem for path in here.glob("[!_]*.py")} <= set(CATALOGUES)


@pytest.mark.parametrize("feedback, wrong, came", [
    (Feedback("right", ""), Wrong(3, "twice"), "accepted"),
    (Feedback("not yet", "Our fault; your answer was not judged."), Wrong(3, "twice"), "not judged"),
    (Feedback("wrong", "You counted  it\nTwice."), Wrong(3, "it twice"), "named"),
    (Feedback("wrong", "You counted it twice."), Wrong(3, "once"), "wrongly named"),
    (Feedback("wrong", "You counted it twice."), Wrong(3, NEUTRAL), "wrongly named"),
    (Feedback("wrong", "2 is needed."), Wrong(3, "twice"), "neutral"),
    (Feedback("wrong", "2 is needed. Did you forget `eval()`?"), Wrong(3, NEUTRAL, never=("forget `eval",)),
     "wrongly named"),
])
def test_what_was_said_falls_into_one_of_five(feedback, wrong, came):
    exercise = Number("How many?", 2, mistakes=[Mistake(4, "You counted it twice.")])
    if feedback.message.startswith("You counted  "):
        exercise.mistakes.append(Mistake(5, feedback.message))
    assert outcome(exercise, wrong, feedback) == came and came in OUTCOMES
