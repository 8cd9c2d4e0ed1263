"""The exact minimiser of a convex fit."""

from course_utils.optimum.optimum import Optimum, Separable, fit_to_optimum

__all__ = [
    "Optimum", "Separable", "fit_to_optimum",
]
