"""Many settings, each from many seeds, side by side; and what their runs say together."""

from course_utils.sweep.grid import sweep
from course_utils.sweep.intervals import (
    Interval,
    corrected_interval,
    grouped,
    mean_interval,
    paired,
    students_t,
    summarize,
)
from course_utils.sweep.runs import Run, Runs

__all__ = [
    "Interval", "Run", "Runs", "corrected_interval", "grouped", "mean_interval", "paired", "students_t", "summarize",
    "sweep",
]
