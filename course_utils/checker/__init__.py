"""Exercises that know the wrong answers people give, and name the one you gave."""

from course_utils.checker.authoring import Finding, examine
from course_utils.checker.base import NOTHING_GIVEN, Exercise, Feedback, Mistake, Note, give_names
from course_utils.checker.choices import Choice, Order, Right, Wrong
from course_utils.checker.code import CodeExercise, exercise
from course_utils.checker.escaping import as_markdown, as_plain, harmless, in_html
from course_utils.checker.exceptions import outside_a_check
from course_utils.checker.ideas import IDEAS
from course_utils.checker.memory import ON_THE_WAY
from course_utils.checker.mutants import Mutant, is_refused, mutants_of
from course_utils.checker.other_numbers import afresh
from course_utils.checker.places import first_step, in_short
from course_utils.checker.values import Number, Prediction

__all__ = [
    "IDEAS", "NOTHING_GIVEN", "ON_THE_WAY", "Choice", "CodeExercise", "Exercise", "Feedback", "Finding", "Mistake",
    "Mutant", "Note", "Number", "Order", "Prediction", "Right", "Wrong", "afresh", "as_markdown", "as_plain", "examine",
    "exercise", "first_step", "give_names", "harmless", "in_html", "in_short", "is_refused", "mutants_of",
    "outside_a_check",
]
