"""The exact minimiser of a convex fit."""

from course_utils.optimum.optimum import Optimum, Separable, fit_rows_to_optimum, fit_to_optimum
from course_utils.optimum.rows import Rows

__all__ = [
    "Optimum", "Rows", "Separable", "fit_rows_to_optimum", "fit_to_optimum",
]
