"""Exercises that know the wrong answers people give, and name the one you gave."""

from course_utils.checker.base import Exercise, Feedback, Mistake, Note
from course_utils.checker.code import CodeExercise, exercise
from course_utils.checker.values import Choice, Number, Order, Prediction

__all__ = [
    "Choice", "CodeExercise", "Exercise", "Feedback", "Mistake", "Note", "Number", "Order", "Prediction", "exercise",
]
