"""Lesson 05: send an optimizer down a bowl, a ravine or a real loss, and count its steps."""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from torch import Tensor

from course_utils import optimizers as rules
from course_utils.data import standardize
from course_utils.datasets import load_orings
from course_utils.explorer import Choices, Explorer, Slider
from course_utils.plotting import BLUE, GREY, ORANGE, array, artist, describe, panels
from course_utils.surfaces import Surface, descend, logistic_loss, quadratic_bowl

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
    limit: float  # 2 / largest curvature at the optimum
    steps: int | None  # after which the height stays below ARRIVED; None if it does not within STEPS


@lru_cache(maxsize=3)
def _surface(name: str) -> Surface:
    if name == "23 flights":
        return logistic_loss(standardize(load_orings()).train)
    # turned, because the rules that scale each parameter by itself would find a valley along an axis too easy
    return quadratic_bowl((1.0, 2.0) if name == "bowl" else (1.0, 50.0), degrees=30)


@lru_cache(maxsize=3)
def _relief(name: str) -> np.ndarray:
    """(120, 120): the logarithm of the height over the window, for the picture beneath the path."""
    surface = _surface(name)
    _, _, values = surface.grid(120)
    low, start = surface.value(surface.optimum), surface.value(surface.start)
    return array(((values - low) / (start - low)).clamp(min=1e-4).log10())


def compute(surface: str, optimizer: str, lr: float, momentum: float) -> Race:
    """STEPS steps from the surface's start; momentum counts for momentum and Nesterov alone."""
    ground = _surface(surface)
    path = descend(OPTIMIZERS[optimizer](lr, momentum), ground, steps=STEPS)
    low = ground.value(ground.optimum)
    heights = (path.losses - low) / (path.losses[0] - low)
    above = int((~(heights < ARRIVED)).nonzero()[-1])
    return Race(surface, optimizer, lr, momentum, path.points, heights, 2 / ground.curvatures[1],
                above + 1 if above < STEPS else None)


def draw(race: Race, ax: "Axes") -> "Axes":
    """The path over the surface, the height at each step, and a gauge of the learning rate with its limit."""
    left, right, gauge = panels(ax, 3, widths=(10, 9, 1))
    _draw_path(race, left)
    _draw_gauge(race, gauge)
    heights = array(race.heights.nan_to_num(nan=1e9, posinf=1e9).clamp(ALMOST_NOTHING, 1e9))
    artist(right, "arrived", lambda: right.axhline(ARRIVED, color=GREY, linestyle=":"))
    artist(right, "arrived in words", lambda: right.text(STEPS, ARRIVED * 1.5, "arrived", ha="right", color=GREY))
    artist(right, "height", lambda: right.plot([], [], color=BLUE, linestyle="-")[0]).set_data(
        np.arange(len(heights)), heights)
    right.set(xlim=(0, STEPS), ylim=(1e-6, 1e2), yscale="log", xlabel="step", ylabel="height above the lowest")
    right.set_yticks([1e-6, 1e-3, 1])
    right.minorticks_off()
    result = f"arrives in {race.steps} steps" if race.steps else f"not there in {STEPS} steps"
    right.set_title(result[0].upper() + result[1:])
    describe(right, f"It {'' if race.steps else 'is '}{result}; the last height is {heights[-1]:.1g} of the first.")
    return left


def _draw_gauge(race: Race, ax: "Axes") -> None:
    """The learning rate on its scale, and the line at 2/L beyond which gradient descent does not settle."""
    colour = ORANGE if race.lr > race.limit else BLUE
    artist(ax, "limit", lambda: ax.axhline(1, color="black", linestyle="--")).set_ydata([race.limit] * 2)
    words = artist(ax, "limit in words", lambda: ax.annotate(
        "2/L", (1, 1), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points", va="center",
        annotation_clip=False))
    words.xy = (1, race.limit)
    mark = artist(ax, "lr", lambda: ax.plot([], [], "D", markersize=9)[0])
    mark.set_data([0.5], [race.lr])
    mark.set_color(colour)
    ax.set(xlim=(0, 1), ylim=(1e-3, 20), yscale="log", xticks=[])
    ax.set_yticks([1e-3, 1e-2, 1e-1, 1, 10])
    ax.minorticks_off()
    ax.set_title("lr", loc="left")
    describe(ax, f"A gauge with the learning rate at {race.lr:.3g} and a line at 2/L = {race.limit:.3g}.")


def _draw_path(race: Race, ax: "Axes") -> None:
    surface = _surface(race.surface)
    (x0, x1), (y0, y1) = surface.window
    image = artist(ax, "relief", lambda: ax.imshow(
        _relief(race.surface), origin="lower", cmap="Greys_r", vmin=-4, vmax=1.5, aspect="auto", zorder=0))
    image.set_data(_relief(race.surface))
    image.set_extent((x0, x1, y0, y1))
    points = array(race.points.nan_to_num(nan=1e6, posinf=1e6, neginf=-1e6).clamp(-1e6, 1e6))
    artist(ax, "path", lambda: ax.plot([], [], ".-", color=ORANGE, linewidth=1.2, markersize=5)[0]).set_data(*points.T)
    artist(ax, "optimum", lambda: ax.plot([], [], "*", color=BLUE, markersize=13, markeredgecolor="white")[0]).set_data(
        *array(surface.optimum)[:, None])
    ax.set(xlim=(x0, x1), ylim=(y0, y1), xlabel=surface.parameter_names[0], ylabel=surface.parameter_names[1])
    ax.locator_params(nbins=4)
    over = "above" if race.lr > race.limit else "below"
    ax.set_title(f"lr {race.lr:.3g} is {over} 2/L = {race.limit:.3g}")
    used = "" if race.optimizer in USES_MOMENTUM else ", which it does not use,"
    describe(ax, f"{race.optimizer} on the surface {race.surface}. The learning rate {race.lr:.3g} is {over} 2/L, "
                 f"{race.limit:.3g}; momentum {race.momentum:.2f}{used} is set. "
                 f"The path starts at ({points[0, 0]:.2f}, {points[0, 1]:.2f}).")


def goal(race: Race) -> str | None:
    """Reached on the ravine within TARGET steps."""
    if race.surface == "ravine" and race.steps is not None and race.steps <= TARGET:
        return f"{race.steps} steps with {race.optimizer}; gradient descent needs about 75 at its best learning rate"
    return None


def optimizer_race() -> Explorer:
    """Choose surface, optimizer, learning rate and momentum, and see when it arrives."""
    return Explorer(
        compute,
        draw,
        question="Which optimizer gets out of the ravine soonest, and at which learning rate?",
        target=f"Arrive on the ravine in {TARGET} steps or fewer.",
        goal=goal,
        surface=Choices(SURFACES, "ravine", "surface"),
        optimizer=Choices(tuple(OPTIMIZERS), "gradient descent", "optimizer"),
        lr=Slider(0.001, 10.0, 0.05, 0.02, "learning rate", log=True),
        momentum=Slider(0.0, 0.98, 0.02, 0.9, "momentum"),
    )
