"""Every exercise of every catalogue: the solution is right, a stub is not yet, each mistake is recognised as itself."""

import importlib
import importlib.util
import pkgutil
import re
import sys
from pathlib import Path

import pytest
import torch

import course_utils.exercises
from course_utils.checker import Choice, CodeExercise, Exercise, Order, Prediction
from course_utils.checker.base import FIRST_LINE, first_sentence

CATALOGUES = [module.name for module in pkgutil.iter_modules(course_utils.exercises.__path__)]
OTHERS = Path(__file__).parent / "other_right_answers"
FORBIDDEN = re.compile(r"(?<!squared )(?<!standard )(?<!absolute )\berror\b|\b(invalid|exception|simply|just|obviously|"
                       r"powerful)\b|!(?!=)", re.IGNORECASE)


def exercises_in(catalogue):
    try:
        module = importlib.import_module(f"course_utils.exercises.{catalogue}")
    except Exception:                   # a test below fails for this one, and the others are tested
        return {}
    return {name: value for name, value in vars(module).items() if isinstance(value, Exercise)}


def other_answers(catalogue, name):
    path = OTHERS / f"{catalogue}.py"
    if not path.exists():
        return []
    spec = importlib.util.spec_from_file_location(f"other_right_answers_{catalogue}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.OTHERS.get(name, [])


ALL = [pytest.param(catalogue, name, exercise, id=f"{catalogue}-{name}")
       for catalogue in CATALOGUES for name, exercise in exercises_in(catalogue).items()]
MISTAKES = [pytest.param(exercise, number, id=f"{catalogue}-{name}-{mistake.id or number}")
            for catalogue in CATALOGUES for name, exercise in exercises_in(catalogue).items()
            for number, mistake in enumerate(exercise.mistakes)]
each_exercise = pytest.mark.parametrize(("catalogue", "name", "exercise"), ALL)


def stubs(exercise):
    if not isinstance(exercise, CodeExercise):
        return [...]
    return [..., lambda *args: ..., lambda *args: None]


@each_exercise
def test_the_solution_is_right(catalogue, name, exercise):
    feedback = exercise.check(exercise.right_answer)
    assert feedback.status == "right", feedback.text
    assert exercise.check(exercise.right_answer).text == feedback.text, "the second check says something else"


@each_exercise
def test_a_stub_is_not_yet_an_answer(catalogue, name, exercise):
    for stub in stubs(exercise):
        feedback = exercise.check(stub)
        assert feedback.status == "not yet" and "Nothing is wrong yet" in feedback.text, feedback.text


@pytest.mark.parametrize(("exercise", "number"), MISTAKES)
def test_a_mistake_is_recognised_as_itself(exercise, number):
    mistake = exercise.mistakes[number]
    feedback = exercise.check(mistake.answer)
    assert (feedback.status, feedback.mistake) == ("wrong", mistake.id), feedback.text
    assert feedback.message == mistake.message.strip(), f"another message than its own:\n{feedback.text}"


@each_exercise
def test_messages_of_mistakes_are_in_the_courses_style(catalogue, name, exercise):
    for mistake in exercise.mistakes:
        message, identifier = mistake.message, mistake.id
        assert len(first_sentence(message)[0]) <= FIRST_LINE, f"the first sentence is too long for one line: {message}"
        assert not FORBIDDEN.search(re.sub(r"`[^`]*`", "", message)), (FORBIDDEN.search(message), message)
        assert identifier is None or re.fullmatch(r"M\d\d", identifier), (identifier, message)


@each_exercise
def test_no_two_mistakes_coincide_on_the_probes(catalogue, name, exercise):
    if not isinstance(exercise, CodeExercise):
        answers = [mistake.answer for mistake in exercise.mistakes]
        assert len(set(answers)) == len(answers), answers
        return
    for number, mistake in enumerate(exercise.mistakes):
        outcomes = exercise.outcomes(number)
        assert outcomes, f"mistake {number} does not run to its end"
        assert exercise.recognised(outcomes) is mistake, f"mistake {number} coincides with another one on the probes"


@each_exercise
def test_other_right_answers_are_accepted(catalogue, name, exercise):
    others = other_answers(catalogue, name)
    if isinstance(exercise, CodeExercise):
        assert len(others) >= 5, f"give five other right answers in tests/other_right_answers/{catalogue}.py"
        assert exercise.right_answer not in others
    for number, other in enumerate(others):
        feedback = exercise.check(other)
        assert feedback.status == "right", f"other answer {number}: {feedback.text}"


@each_exercise
def test_the_hints_help_and_do_not_tell(catalogue, name, exercise):
    if isinstance(exercise, Prediction):
        return
    assert exercise.hints, "an exercise needs a hint"
    solution_lines = {squeezed(line) for line in exercise.solution_source.split("\n")[1:]} - {""}
    if not isinstance(exercise, CodeExercise):
        solution_lines = {squeezed(exercise.solution_source)}
    for hint in exercise.hints:
        assert not FORBIDDEN.search(re.sub(r"`[^`]*`", "", hint)), hint
        told = [line for line in solution_lines if len(line) > 12 and line in squeezed(hint)]
        assert not told, f"the hint {hint!r} contains a line of the solution"


def squeezed(text):
    return re.sub(r"\s|return", "", text)


@each_exercise
def test_the_exercise_can_be_shown_and_published(catalogue, name, exercise):
    assert exercise.name == name, "the function's name is the catalogue's name"
    assert len(repr(exercise)) > 10 and exercise.solution().text
    compile(exercise.solution_source, name, "exec")         # our own text, only parsed
    if isinstance(exercise, CodeExercise):
        assert exercise.question, "a docstring says what the function does"
        helpers = helpers_of(exercise.right_answer)
        assert not helpers, f"the solution uses {helpers} of the catalogue, which the notebook does not have"


def helpers_of(solution):
    """Functions and classes of the catalogue itself that a solution calls."""
    catalogue, names = vars(sys.modules[solution.__module__]), getattr(solution, "__code__", None)
    used = [name for name in names.co_names if name in catalogue] if names else []
    return [name for name in used if getattr(catalogue[name], "__module__", "") == solution.__module__]


@each_exercise
def test_the_probes_have_distinct_sizes(catalogue, name, exercise):
    if not isinstance(exercise, CodeExercise):
        return
    for _, args in exercise.probes():
        for value in args:
            if isinstance(value, torch.Tensor) and value.dim() == 2:
                assert value.shape[0] != value.shape[1], f"a probe of shape {tuple(value.shape)} hides a transpose"


@each_exercise
def test_wrong_options_and_orders_stay_wrong(catalogue, name, exercise):
    """A question that every answer passes is no question."""
    if isinstance(exercise, Choice):
        wrong = [letter for letter in exercise.options if letter not in exercise.right_answer]
        assert all(exercise.check(letter).status == "wrong" for letter in wrong)
    if isinstance(exercise, Order):
        backwards = exercise.right_answer[::-1]
        assert exercise.check(backwards).status == "wrong" or backwards in exercise.also


def test_there_are_catalogues():
    if not CATALOGUES:
        pytest.skip("no catalogue in course_utils/exercises yet")


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_a_catalogue_can_be_imported_and_holds_exercises(catalogue):
    importlib.import_module(f"course_utils.exercises.{catalogue}")
    assert exercises_in(catalogue)


def test_other_right_answers_belong_to_a_catalogue():
    assert {path.stem for path in OTHERS.glob("[!_]*.py")} <= set(CATALOGUES)
