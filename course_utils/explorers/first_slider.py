"""Lesson 00: one slider, one line, and the price of where it lies."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from course_utils.explorer import Explorer, Slider
from course_utils.plotting import BLUE, GREY, ORANGE, artist, describe, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

X = np.array([0.3, 0.7, 1.0, 1.4, 1.8, 2.1, 2.5, 2.8, 3.2, 3.6])
Y = np.array([0.9, 0.6, 1.8, 1.7, 2.9, 2.4, 3.6, 4.4, 4.1, 5.3])
BEST = float(X @ Y / (X @ X))  # the slope with the smallest mean squared distance, by setting its derivative to 0
LOW, HIGH = -1.0, 4.0


class Line(NamedTuple):
    """A line through the origin, and how far the ten points lie from it."""

    slope: float
    loss: float  # mean squared distance, upright


def price(slope: float | np.ndarray) -> np.ndarray | np.floating:
    """The mean squared upright distance of the points from the line; `slope` may be an array."""
    return np.mean((np.multiply.outer(slope, X) - Y) ** 2, axis=-1)


def compute(slope: float) -> Line:
    """The line with this slope, and its loss on the ten points."""
    return Line(slope, float(price(slope)))


def draw(result: Line, ax: "Axes") -> "Axes":
    """The points and the line; beside them, the loss of every slope, with the present one marked."""
    left, right = panels(ax, 2)
    ends = np.array([0.0, 4.0])
    artist(left, "gaps", lambda: left.vlines(X, Y, Y, color=ORANGE, linewidth=1.2)).set_segments(
        [[(x, y), (x, result.slope * x)] for x, y in zip(X, Y, strict=True)])
    artist(left, "points", lambda: left.plot(X, Y, "o", color=BLUE, markersize=7)[0])
    artist(left, "line", lambda: left.plot([], [], "-", color="black")[0]).set_data(ends, result.slope * ends)
    left.set(xlim=(0, 4), ylim=(-3, 7), xlabel="x", ylabel="y")
    left.set_title(f"slope {result.slope:.2f}")
    describe(left, f"Ten points that rise to the right, and a line through the origin with slope {result.slope:.2f}.")

    slopes = np.linspace(LOW, HIGH, 101)
    artist(right, "valley", lambda: right.plot(slopes, price(slopes), "-", color=GREY)[0])
    artist(right, "here", lambda: right.plot([], [], "o", color=ORANGE, markersize=11)[0]).set_data(
        [result.slope], [result.loss])
    right.set(xlim=(LOW - 0.2, HIGH + 0.2), ylim=(-2, 36), xlabel="slope", ylabel="loss", xticks=(-1, 0, 1, 2, 3, 4))
    right.set_title(f"loss {result.loss:.2f}")
    describe(right, f"The loss of every slope is a valley; this slope stands at {result.loss:.2f}.")
    return ax


def goal(result: Line) -> str | None:
    """Reached where no other position of the slider is lower."""
    if abs(result.slope - BEST) <= 0.025:
        return f"loss {result.loss:.2f}, the bottom of the valley."
    return None


def first_slider() -> Explorer:
    """Find the slope with the smallest loss."""
    return Explorer(
        compute,
        draw,
        question="Which slope brings the line closest to all ten points at once?",
        target="Bring the orange dot to the bottom of the valley.",
        goal=goal,
        slope=Slider(LOW, HIGH, 0.05, 0.0, "slope"),
    )
