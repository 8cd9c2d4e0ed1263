"""Lesson 07: how many hidden units do two rush hours need? Small networks that know the hour as one number."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from course_utils.datasets import load_bike_demand, simulate_bike_demand
from course_utils.download import DataUnavailable
from course_utils.explorer import Choices, Explorer
from course_utils.plotting import BLUE, ORANGE, array, artist, describe

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HIDDEN = {"none": 0, "2": 2, "4": 4, "8": 8, "16": 16, "32": 32}
ACTIVATIONS = {"ReLU": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}
DAYS = {"day off": 0, "working day": 1}
WEATHER = {"clear": 1, "mist": 2, "rain": 3}
FINE = torch.linspace(0, 23, 116, dtype=torch.float64)      # five points an hour
TARGET = 0.97                                               # of the variance of log(1 + rentals)
MOST_UNITS = 8
N_STEPS, LR, SEED = 600, 0.05, 0


class Curve(NamedTuple):
    """One network's day, and how well it does over all days and weathers."""

    hidden: int
    predicted: Tensor  # (116,) rentals an hour over FINE, for the day and weather shown
    measured: Tensor  # (24,) typical rentals of each hour in the training months, nan where there is none
    explained: float  # share of the variance of log(1 + rentals) between the 144 groups of hours
    words: str  # day type and weather


class Table(NamedTuple):
    """The training hours in 24 × 2 × 3 groups, by hour, day type and weather, those that occur."""

    X: Tensor  # (groups, 4), see `_inputs`
    y: Tensor  # (groups,) mean of log(1 + rentals)
    share: Tensor  # (groups,) of the hours; sums to 1
    grid: Tensor  # (24, 2, 3) the same means, nan where a group is empty
    simulated: bool


def _inputs(hour: Tensor, day: Tensor, weather: Tensor) -> Tensor:
    """(n, 4): the hour as one number of size about 1, working day, mist, rain; each (n,) before."""
    return torch.stack([(hour - 11.5) / 6.9, day, (weather == 2).double(), (weather == 3).double()], dim=1)


@lru_cache(maxsize=1)
def _table() -> Table:
    try:
        data = load_bike_demand(leaks=False, download=False)
        simulated = False
    except DataUnavailable:
        data, simulated = simulate_bike_demand(leaks=False), True
    at = {name: data.train.X[:, i].double() for i, name in enumerate(data.feature_names)}
    weather = at["weathersit"].clamp(max=3)                 # three hours of storm count as rain
    group = (at["hr"] * 6 + at["workingday"] * 3 + weather - 1).long()
    count = torch.bincount(group, minlength=144).double()
    mean = torch.zeros(144).double().index_add_(0, group, data.train.y.double().log1p()) / count
    hour, day, kind = torch.cartesian_prod(torch.arange(24.0), torch.arange(2.0), torch.arange(1.0, 4.0)).double().T
    there = count > 0
    X = _inputs(hour, day, kind)[there]
    return Table(X, mean[there], (count / count.sum())[there], mean.reshape(24, 2, 3), simulated)


@lru_cache(maxsize=1)
def _networks() -> dict[tuple[str, str], Callable[[Tensor], Tensor]]:
    """All networks, trained side by side once: (hidden, activation) → a function from inputs to log(1 + rentals).

    Narrow ones are wide ones whose further units are kept at zero. Without hidden units least squares has a formula.
    """
    table = _table()
    centre, size = (table.share @ table.y), (table.share @ table.y.square()).sub((table.share @ table.y) ** 2).sqrt()
    names = [(hidden, activation) for activation in ACTIVATIONS for hidden in HIDDEN if hidden != "none"]
    widest, per_activation = max(HIDDEN.values()), len(HIDDEN) - 1
    used = torch.tensor([[unit < HIDDEN[hidden] for unit in range(widest)] for hidden, _ in names]).float()
    g = torch.Generator().manual_seed(SEED)
    W = torch.randn(len(names), table.X.shape[1], widest, generator=g)
    b = torch.randn(len(names), 1, widest, generator=g)
    v = torch.randn(len(names), widest, generator=g) * used / used.sum(dim=1, keepdim=True).sqrt()
    c = torch.zeros(len(names), 1)
    parameters = [t.requires_grad_(True) for t in (W, b, v, c)]

    def outputs(X: Tensor) -> Tensor:
        z = X @ W + b
        parts = [f(part) for f, part in zip(ACTIVATIONS.values(), z.split(per_activation), strict=True)]
        return (torch.cat(parts) * (v * used)[:, None]).sum(dim=2) + c

    X, y, share = table.X.float(), ((table.y - centre) / size).float(), table.share.float()
    _adam(parameters, lambda: ((outputs(X) - y).square() @ share).sum())  # a sum: each network has its own gradient
    W, b, v, c = (t.detach().double() for t in (W, b, v * used, c))

    def network(i: int, activation: str) -> Callable[[Tensor], Tensor]:
        return lambda X: (ACTIVATIONS[activation](X @ W[i] + b[i]) @ v[i] + c[i]) * size + centre

    made = {name: network(i, name[1]) for i, name in enumerate(names)}
    with_ones = torch.cat([table.X, torch.ones(len(table.X), 1).double()], dim=1)
    root = table.share.sqrt()
    line = torch.linalg.lstsq(with_ones * root[:, None], table.y * root).solution
    return made | {("none", activation): lambda X: X @ line[:-1] + line[-1] for activation in ACTIVATIONS}


def _adam(parameters: list[Tensor], loss: Callable[[], Tensor]) -> None:
    """Adam with a learning rate that falls to 0 along a cosine; without torch.optim, which takes seconds to load."""
    first, second = ([torch.zeros_like(t) for t in parameters] for _ in range(2))
    for step in range(1, N_STEPS + 1):
        rate = LR * (1 + math.cos(math.pi * step / N_STEPS)) / 2
        gradients = torch.autograd.grad(loss(), parameters)
        with torch.no_grad():
            for t, g, m, s in zip(parameters, gradients, first, second, strict=True):
                m.lerp_(g, 0.1)
                s.lerp_(g * g, 0.01)
                t -= rate * (m / (1 - 0.9**step)) / ((s / (1 - 0.99**step)).sqrt() + 1e-8)


def compute(hidden: str, activation: str, day: str, weather: str) -> Curve:
    """The curve of one network for one kind of day, and its share of the variance explained over all of them."""
    table, network = _table(), _networks()[hidden, activation]
    day_number, kind = DAYS[day], WEATHER[weather]
    X = _inputs(FINE, torch.full_like(FINE, day_number), torch.full_like(FINE, kind))
    squared = table.share @ (network(table.X) - table.y).square()
    variance = table.share @ (table.y - table.share @ table.y).square()
    measured = table.grid[:, day_number, kind - 1].expm1()
    predicted = network(X).expm1().clamp(min=0)
    return Curve(HIDDEN[hidden], predicted, measured, (1 - squared / variance).item(), f"{day}, {weather}")


def draw(result: Curve, ax: "Axes") -> "Axes":
    """Measured hours as points, the network's day as a curve."""
    points = artist(ax, "measured", lambda: ax.plot([], [], "o", color=BLUE, label="_measured")[0])
    points.set_data(np.arange(24), array(result.measured))
    curve = artist(ax, "predicted", lambda: ax.plot([], [], color=ORANGE, label="_predicted")[0])
    curve.set_data(array(FINE), array(result.predicted))
    source = "a simulated city" if _table().simulated else "Jan 2011 to Jun 2012"
    artist(ax, "key", lambda: ax.text(0.01, 0.97, f"dots: measured, {source}\ncurve: the network",
                                      transform=ax.transAxes, va="top", zorder=0.5))
    ax.set(xlim=(-0.5, 23.5), ylim=(0, 620), xticks=range(0, 24, 4), xlabel="hour of the day",
           ylabel="typical rentals an hour")
    units = "no hidden units" if result.hidden == 0 else f"{result.hidden} hidden units"
    ax.set_title(f"{result.words}: {units} explain {100 * result.explained:.1f} % over all kinds of day")
    top = result.predicted.argmax()
    return describe(
        ax,
        f"On a {result.words} the network with {units} expects most rentals, {result.predicted[top]:.0f} an hour, at "
        f"{FINE[top]:.1f} o'clock; measured at 8 o'clock are {result.measured[8]:.0f}, at 17 o'clock "
        f"{result.measured[17]:.0f}. Over all kinds of day it explains {100 * result.explained:.1f} % of the variance.",
    )


def goal(result: Curve) -> str | None:
    """Reached with 8 hidden units or fewer that explain enough, as the title shows it: to a tenth of a percent."""
    if 0 < result.hidden <= MOST_UNITS and _to_go(result) <= 0:
        return f"{result.hidden} units explain {100 * result.explained:.1f} %."
    return None


def distance(result: Curve) -> str:
    """How many points are missing, or that the units are too many."""
    if result.hidden > MOST_UNITS:
        return f"{result.hidden - MOST_UNITS} units too many"
    return f"{_to_go(result):.1f} points to go"


def _to_go(result: Curve) -> float:
    return round(100 * TARGET - round(100 * result.explained, 1), 1)


def idle(settings: dict[str, Any]) -> list[str]:
    """Without hidden units there is nothing to activate."""
    return ["activation"] if settings["hidden"] == "none" else []


def demand_lab() -> Explorer:
    """Choose hidden units, activation, day and weather, and watch the shape of a day."""
    return Explorer(
        compute,
        draw,
        question="The network gets the hour as one number. How many hidden units do two rush hours need?",
        target=f"Explain {100 * TARGET:.0f} % of the variance with {MOST_UNITS} hidden units or fewer.",
        goal=goal,
        distance=distance,
        idle=idle,
        hidden=Choices(tuple(HIDDEN), "2", "hidden units"),
        activation=Choices(tuple(ACTIVATIONS), "ReLU", "activation"),
        day=Choices(tuple(DAYS), "working day", "day"),
        weather=Choices(tuple(WEATHER), "clear", "weather"),
    )
