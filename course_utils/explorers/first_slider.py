"""Lesson 00: ten showers, one slider, and the price of where the line lies."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from course_utils.explorer import Explorer, Slider
from course_utils.plotting import BLUE, GREY, ORANGE, artist, describe, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# hours of rain, and the water in the gauge afterwards in mm: made up, to be drawn and not to be believed
X = np.array([0.3, 0.7, 1.0, 1.4, 1.8, 2.1, 2.5, 2.8, 3.2, 3.6])
Y = np.array([0.9, 0.6, 1.8, 1.7, 2.9, 2.4, 3.6, 4.4, 4.1, 5.3])
BEST = float(X @ Y / (X @ X))  # the slope with the smallest mean squared distance, by setting its derivative to 0
LOW, HIGH = -1.0, 4.0
CLOSE_ENOUGH = 0.03                     # above the lowest loss: less than the eye sees in the valley


class Line(NamedTuple):
    """A line through the origin, and how far the ten showers lie from it."""

    slope: float  # mm an hour
    loss: float  # mean squared distance, upright, in mm²


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
    left.set(xlim=(0, 4), ylim=(-3, 7), xlabel="hours of rain",
             ylabel="water in the gauge (mm)")
    left.set_title(f"slope {result.slope:.2f} mm an hour")
    describe(left, "Ten showers, more water after more hours of rain, and a line through the origin with slope "
                   f"{result.slope:.2f} mm an hour.")

    slopes = np.linspace(LOW, HIGH, 101)
    artist(right, "valley", lambda: right.plot(slopes, price(slopes), "-", color=GREY)[0])
    artist(right, "here", lambda: right.plot([], [], "o", color=ORANGE, markersize=11)[0]).set_data(
        [result.slope], [result.loss])
    right.set(xlim=(LOW - 0.2, HIGH + 0.2), ylim=(-2, 36), xlabel="slope (mm an hour)", ylabel="loss",
              xticks=(-1, 0, 1, 2, 3, 4))
    right.set_title(f"loss {result.loss:.2f}")
    describe(right, f"The loss of every slope is a valley; this slope stands at {result.loss:.2f}.")
    return ax


def goal(result: Line) -> str | None:
    """Reached where the eye sees no lower place."""
    if result.loss <= price(BEST) + CLOSE_ENOUGH:
        return f"loss {result.loss:.2f}; the bottom of the valley is at {price(BEST):.2f}."
    return None


def distance(result: Line) -> str:
    """How far above the bottom the dot stands."""
    return f"{result.loss - price(BEST):.2f} to go"


def first_slider() -> Explorer:
    """Find the slope with the smallest loss."""
    return Explorer(
        compute,
        draw,
        question="How many mm an hour bring the line closest to all ten showers at once?",
        target="Bring the orange dot to the bottom of the valley.",
        goal=goal,
        distance=distance,
        slope=Slider(LOW, HIGH, 0.05, 0.0, "slope (mm an hour)"),
    )
