"""Lesson 03: three scores, the shares softmax makes of them, and three yes/no answers beside it."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from course_utils.explorer import Explorer, Slider
from course_utils.plotting import BLUE, GREY, ORANGE, artist, describe, panels, text_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CLASSES = ("3", "5", "8")
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])  # where all of the budget goes to one class
WANTED = np.array([0.70, 0.20, 0.10])


class Shares(NamedTuple):
    """What becomes of three scores."""

    scores: np.ndarray  # (3,), the shift included
    softmax: np.ndarray  # (3,), sums to 1
    yes_no: np.ndarray  # (3,), the sigmoid of each score: three questions, asked one by one


def compute(three: float, five: float, eight: float, shift: float) -> Shares:
    """Softmax and sigmoids of the three scores, after `shift` was added to each of them."""
    scores = np.array([three, five, eight]) + shift
    odds = np.exp(scores - scores.max())
    return Shares(scores, odds / odds.sum(), 1 / (1 + np.exp(-scores)))


def draw(result: Shares, ax: "Axes") -> "Axes":
    """The triangle of all ways to share 1 among three classes; and the two answers side by side."""
    triangle, bars = panels(ax, 2, widths=(1, 1))
    _draw_triangle(result, triangle)
    _draw_bars(result, bars)
    return ax


def _draw_triangle(result: Shares, ax: "Axes") -> None:
    artist(ax, "budget", lambda: ax.fill(*CORNERS.T, facecolor="#F2F2F2", edgecolor=GREY, linewidth=1.2))
    middle = CORNERS.mean(axis=0)
    for k, (name, corner) in enumerate(zip(CLASSES, CORNERS, strict=True)):
        edge = CORNERS[[i for i in range(3) if i != k]].mean(axis=0)
        artist(ax, f"border {k}", lambda e=edge: ax.plot(*np.array([middle, e]).T, ":", color=GREY, linewidth=1)[0])
        outward = (corner - middle) * 0.14 - (0, 0.0 if k == 2 else 0.06)
        artist(ax, f"corner {k}", lambda p=corner + outward, n=name: ax.text(
            p[0], p[1], f"all for {n}", ha="center", va="center", zorder=0.5))
    at = result.softmax @ CORNERS
    scaled = result.yes_no / result.yes_no.sum() @ CORNERS
    artist(ax, "wanted", lambda: ax.plot(*(WANTED @ CORNERS), "+", color="black", markersize=16, markeredgewidth=2)[0])
    artist(ax, "scaled", lambda: ax.plot([], [], "s", markersize=10, markerfacecolor="none", markeredgecolor=ORANGE,
                                         markeredgewidth=2)[0]).set_data([scaled[0]], [scaled[1]])
    artist(ax, "softmax", lambda: ax.plot([], [], "o", color=BLUE, markersize=10)[0]).set_data([at[0]], [at[1]])
    ax.set(xlim=(-0.35, 1.35), ylim=(-0.62, 1.05), aspect="equal", xticks=(), yticks=())
    ax.set_axis_off()
    keys = (("+ the target", "black"), ("● softmax", BLUE), ("□ yes/no, each divided by their sum", ORANGE))
    for row, (words, colour) in enumerate(keys):
        artist(ax, f"key {row}", lambda y=-0.28 - 0.13 * row, w=words, c=colour: ax.text(
            -0.3, y, w, va="center", color=text_colour(c), zorder=0.5))
    ax.set_title("Where 1 is shared out")
    shares = ", ".join(f"{name} {share:.0%}" for name, share in zip(CLASSES, result.softmax, strict=True))
    describe(ax, f"A triangle with one corner for each class, and the target in it: 3 70%, 5 20%, 8 10%. Softmax gives "
                 f"{shares}.")


def _draw_bars(result: Shares, ax: "Axes") -> None:
    places = np.arange(3)
    for name, values, offset, style in (
        ("softmax", result.softmax, -0.2, {"color": BLUE}),
        ("yes/no", result.yes_no, 0.2, {"facecolor": "white", "edgecolor": ORANGE, "hatch": "////", "linewidth": 1.5}),
    ):
        kept = artist(ax, f"{name} bars", lambda o=offset, s=style: ax.bar(places + o, np.zeros(3), 0.38, **s))
        for k, (bar, value) in enumerate(zip(kept, values, strict=True)):
            bar.set_height(value)
            label = artist(ax, f"{name} in words {k}", lambda x=k + offset: ax.text(x, 0, "", ha="center", va="bottom"))
            label.set(y=value + 0.02, text=f"{value:.0%}",
                      color=text_colour(BLUE if name == "softmax" else ORANGE))
    for height, name, total in ((1.0, "● softmax", result.softmax.sum()), (0.87, "□ yes/no", result.yes_no.sum())):
        line = artist(ax, f"{name} in all", lambda y=height: ax.text(
            0.98, y, "", ha="right", va="top", transform=ax.transAxes))
        line.set(text=f"{name} adds up to {total:.0%}", color=text_colour(BLUE if "softmax" in name else ORANGE))
    ax.set(xlim=(-0.55, 2.55), ylim=(0, 1.4), xticks=places, xticklabels=CLASSES, xlabel="class",
           yticks=(0, 0.5, 1), yticklabels=("0%", "50%", "100%"))
    ax.set_title("One budget, or three")
    answers = ", ".join(f"{name} {share:.0%}" for name, share in zip(CLASSES, result.yes_no, strict=True))
    describe(ax, f"Three yes/no answers to the same scores are {answers}, which add up to {result.yes_no.sum():.0%}.")


def goal(result: Shares) -> str | None:
    """Softmax within 2 points of 70, 20, 10 %, and yes/no answers that sum to 1 within 5 points."""
    off, too_much = _missing(result)
    if off <= 0.02 and abs(too_much) <= 0.05:
        return f"70, 20 and 10 %, and the yes/no answers add up to {result.yes_no.sum():.0%}."
    return None


def distance(result: Shares) -> str:
    """How far the softmax share that is farthest off lies from its target, and the yes/no sum from 100 %."""
    off, too_much = _missing(result)
    shares = f"softmax {100 * off:.0f} points off" if off > 0.02 else "softmax is there"
    side = "over" if too_much > 0 else "under"
    return f"{shares}, the sum {100 * abs(too_much):.0f} points {side}" if abs(too_much) > 0.05 else \
        f"{shares}, the sum is there"


def _missing(result: Shares) -> tuple[float, float]:
    return float(np.abs(result.softmax - WANTED).max()), float(result.yes_no.sum() - 1)


def simplex() -> Explorer:
    """Find what softmax sees of three scores, and what it does not see."""
    return Explorer(
        compute,
        draw,
        question="What can you do to three scores that softmax does not notice, and yes/no answers do?",
        target="Let softmax say 70, 20 and 10 % (within 2) while the yes/no answers add up to 100 % (within 5).",
        goal=goal,
        distance=distance,
        figsize=(7.0, 3.6),
        three=Slider(-4.0, 4.0, 0.1, -1.0, "score of 3"),
        five=Slider(-4.0, 4.0, 0.1, 2.0, "score of 5"),
        eight=Slider(-4.0, 4.0, 0.1, 1.0, "score of 8"),
        shift=Slider(-4.0, 4.0, 0.1, 1.0, "added to all three"),
    )
