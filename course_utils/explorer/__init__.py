"""A question to settle by moving sliders: one picture that follows them, with words for those who cannot see it."""

from course_utils.explorer.controls import Button, Choices, Slider, Toggle
from course_utils.explorer.explorer import Explorer

__all__ = [
    "Button", "Choices", "Explorer", "Slider", "Toggle",
]
