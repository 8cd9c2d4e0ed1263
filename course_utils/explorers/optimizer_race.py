"""Lesson 05: send an optimizer down a bowl, a ravine or a real loss, and count its steps."""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from torch import Tensor

from course_utils import optimizers as rules
from course_utils.data import standardize
from course_utils.datasets import load_orings
from course_utils.explorer import Choices, Explorer, Slider
from course_utils.plotting import BLUE, GREY, ORANGE, array, artist, describe, number, panels
from course_utils.surfaces import Surface, descend, logistic_loss, quadratic_bowl

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.contour import QuadContourSet

SURFACES = ("bowl", "ravine", "23 flights")
OPTIMIZERS = {
    "gradient descent": lambda lr, momentum: rules.sgd(lr),
    "momentum": rules.momentum,
    "Nesterov": rules.nesterov,
    "Adagrad": lambda lr, momentum: rules.adagrad(lr),
    "RMSprop": lambda lr, momentum: rules.rmsprop(lr),
    "Adam": lambda lr, momentum: rules.adam(lr),
}
USES_MOMENTUM = ("momentum", "Nesterov")
LIMITS = {  # of lr · L, beyond which no path on a parabola arrives; the others scale their gradients and have none
    "gradient descent": ("2/L", lambda momentum: 2),
    "momentum": ("2(1 + μ)/L", lambda momentum: 2 * (1 + momentum)),
    "Nesterov": ("2(1 + μ)/(1 + 2μ)/L", lambda momentum: 2 * (1 + momentum) / (1 + 2 * momentum)),
}
STEPS = 100
ARRIVED = 1e-3  # of the height that the start lies above the lowest loss
TARGET = 25
ALMOST_NOTHING = 1e-9  # heights are drawn on a logarithmic axis, and 0 has no place there


class Race(NamedTuple):
    """One descent of STEPS steps, and what the curvature says of its learning rate."""

    surface: str
    optimizer: str
    lr: float
    momentum: float
    points: Tensor  # (STEPS + 1, 2), the start first
    heights: Tensor  # (STEPS + 1,) loss above the lowest, as a share of the start's
    limit: float | None  # the longest rate that arrives, from the largest curvature at the optimum; None where none is
    steps: int | None  # after which the height stays below ARRIVED; None if it does not within STEPS


@lru_cache(maxsize=3)
def _surface(name: str) -> Surface:
    if name == "23 flights":
        return logistic_loss(standardize(load_orings()).train)
    # turned, because the rules that scale each parameter by itself would find a valley along an axis too easy
    return quadratic_bowl((1.0, 2.0) if name == "bowl" else (1.0, 50.0), degrees=30)


def compute(surface: str, optimizer: str, lr: float, momentum: float) -> Race:
    """STEPS steps from the surface's start; momentum counts for momentum and Nesterov alone."""
    ground = _surface(surface)
    path = descend(OPTIMIZERS[optimizer](lr, momentum), ground, steps=STEPS)
    low = ground.value(ground.optimum)
    heights = (path.losses - low) / (path.losses[0] - low)
    above = int((~(heights < ARRIVED)).nonzero()[-1])
    limit = LIMITS[optimizer][1](momentum) / ground.curvatures[1] if optimizer in LIMITS else None
    return Race(surface, optimizer, lr, momentum, path.points, heights, limit, above + 1 if above < STEPS else None)


def draw(race: Race, ax: "Axes") -> "Axes":
    """The path over lines of equal loss, and the height at each step."""
    left, right = panels(ax, 2, widths=(10, 11))
    _draw_path(race, left)
    heights = array(race.heights.nan_to_num(nan=1e9, posinf=1e9).clamp(ALMOST_NOTHING, 1e9))
    artist(right, "arrived", lambda: right.axhline(ARRIVED, color=GREY, linestyle=":"))
    artist(right, "arrived in words", lambda: right.text(STEPS, ARRIVED * 1.5, "arrived", ha="right", color=GREY))
    artist(right, "height", lambda: right.plot([], [], color=BLUE, linestyle="-")[0]).set_data(
        np.arange(len(heights)), heights)
    right.set(xlim=(0, STEPS), ylim=(1e-6, 1e2), yscale="log", xlabel="step", ylabel="height above the lowest")
    right.set_yticks([1e-6, 1e-3, 1], ["a millionth", "a thousandth", "the start"])
    right.minorticks_off()
    result = f"arrives in {race.steps} steps" if race.steps else f"not there in {STEPS} steps"
    right.set_title(result[0].upper() + result[1:])
    height = f"is {heights[-1]:.1g} of the first" if heights[-1] < 1 else "is above the first, so it climbs"
    describe(right, f"It {'' if race.steps else 'is '}{result}; the last height {height}.")
    return left


def _draw_path(race: Race, ax: "Axes") -> None:
    surface = _surface(race.surface)
    (x0, x1), (y0, y1) = surface.window
    for name in SURFACES:
        artist(ax, f"lines of {name}", lambda name=name: _lines(name, ax)).set_visible(name == race.surface)
    points = array(race.points.nan_to_num(nan=1e6, posinf=1e6, neginf=-1e6).clamp(-1e6, 1e6))
    artist(ax, "path", lambda: ax.plot([], [], ".-", color=ORANGE, linewidth=1.0, markersize=5)[0]).set_data(*points.T)
    artist(ax, "optimum", lambda: ax.plot([], [], "*", color=BLUE, markersize=13, markeredgecolor="white")[0]).set_data(
        *array(surface.optimum)[:, None])
    ax.set(xlim=(x0, x1), ylim=(y0, y1), xlabel=surface.parameter_names[0], ylabel=surface.parameter_names[1])
    ax.locator_params(nbins=4)
    if race.limit is None:
        verdict = f"lr {number(race.lr)}: steps of about its length"
    else:
        over = "above" if race.lr > race.limit else "below"
        digits = next(d for d in (3, 4, 17) if d == 17 or number(race.lr, d) != number(race.limit, d))
        verdict = f"lr {number(race.lr, digits)}, {over} {LIMITS[race.optimizer][0]} = {number(race.limit, digits)}"
    ax.set_title(verdict)
    used = "" if race.optimizer in USES_MOMENTUM else ", which it does not use"
    describe(ax, f"{race.optimizer} on the surface {race.surface}, with {verdict}; momentum {race.momentum:.2f}{used}. "
                 f"The path starts at ({points[0, 0]:.2f}, {points[0, 1]:.2f}), {_end(points, surface)}; the lowest "
                 f"point is at ({surface.optimum[0]:.2f}, {surface.optimum[1]:.2f}).")


def _end(points: np.ndarray, surface: "Surface") -> str:
    """Where the path ends, and how often it turns round on its way, in words."""
    (x0, x1), (y0, y1) = surface.window
    last = points[-1]
    inside = x0 <= last[0] <= x1 and y0 <= last[1] <= y1
    turns = max(int((np.diff(np.sign(np.diff(along))) != 0).sum()) for along in points.T)
    zigzag = f"turns back {turns} times" if turns > 1 else "turns back once" if turns else "never turns back"
    return f"{zigzag} and ends at ({last[0]:.2f}, {last[1]:.2f})" if inside else f"{zigzag} and leaves the picture"


def _lines(name: str, ax: "Axes") -> "QuadContourSet":
    """Lines of equal loss, each four times as high above the lowest as the one inside it."""
    surface = _surface(name)
    first, second, values = surface.grid(120)
    low, start = surface.value(surface.optimum), surface.value(surface.start)
    levels = [4.0**power for power in range(-5, 4)]
    return ax.contour(array(first), array(second), array((values - low) / (start - low)), levels=levels,
                      colors="#BBBBBB", linewidths=0.8, linestyles="-", zorder=0.4)


def goal(race: Race) -> str | None:
    """Reached on the ravine within TARGET steps."""
    if race.surface == "ravine" and race.steps is not None and race.steps <= TARGET:
        return f"{race.steps} steps with {race.optimizer}; gradient descent needs about 75 at its best learning rate"
    return None


def distance(race: Race) -> str:
    """How many steps too many, or how high it still is."""
    if race.surface != "ravine":
        return "the target is on the ravine"
    if race.steps is not None:
        return f"{race.steps - TARGET} steps too many"
    last = float(race.heights[-1])
    return f"after {STEPS} steps it has come down to {last:.2g} of the start; arrived is {ARRIVED:g}" if last < 1 else \
        "it is higher than where it began"


def idle(settings: dict) -> tuple[str, ...]:
    """Momentum does nothing for the rules that have none."""
    return () if settings["optimizer"] in USES_MOMENTUM else ("momentum",)


def optimizer_race() -> Explorer:
    """Choose surface, optimizer, learning rate and momentum, and see when it arrives."""
    return Explorer(
        compute,
        draw,
        question="Which optimizer gets out of the ravine soonest, and at which learning rate?",
        target=f"Arrive on the ravine in {TARGET} steps or fewer.",
        goal=goal,
        distance=distance,
        idle=idle,
        surface=Choices(SURFACES, "ravine", "surface"),
        optimizer=Choices(tuple(OPTIMIZERS), "gradient descent", "optimizer"),
        lr=Slider(0.001, 10.0, 0.05, 10**-1.4, "learning rate", log=True),
        momentum=Slider(0.0, 0.98, 0.02, 0.9, "momentum"),
    )
