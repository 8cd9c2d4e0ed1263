"""Lesson 01: move one neuron over the 23 flights and see what it pays."""

from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.datasets import load_orings
from course_utils.explorer import Explorer, Slider
from course_utils.plotting import BLUE, GREY, ORANGE, array, artist, describe, text_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEMPERATURES = torch.linspace(30, 85, 111)
FORECAST = 31.0
LOWEST_LOSS = 0.4416  # the mean loss of the maximum-likelihood fit; lesson 01 computes it


class Bench(NamedTuple):
    """One setting of the neuron: its curve, and what it costs on the flights."""

    boundary: float  # °F at which damage and no damage are equally likely
    probabilities: Tensor  # (111,) over TEMPERATURES
    loss: float  # mean log loss over the 23 flights
    at_forecast: float  # P(damage) at 31 °F


def compute(boundary: float, steepness: float) -> Bench:
    """The neuron with weight `-steepness` per °F and even odds at `boundary` °F, on the 23 flights."""
    flights = load_orings().train
    scores = -steepness * (flights.X[:, 0] - boundary)
    loss = F.binary_cross_entropy_with_logits(scores, flights.y)
    curve = torch.sigmoid(-steepness * (TEMPERATURES - boundary))
    at_forecast = torch.sigmoid(torch.tensor(-steepness * (FORECAST - boundary)))
    return Bench(boundary, curve, loss.item(), at_forecast.item())


def draw(result: Bench, ax: "Axes") -> "Axes":
    """The flights, the curve through them, the temperature of even odds, and the loss in the title."""
    flights = load_orings().train
    for value, colour, marker, name in ((0, BLUE, "o", "no damage"), (1, ORANGE, "X", "damage")):
        temperatures = array(flights.X[flights.y == value, 0])
        artist(ax, name, lambda t=temperatures, v=value, c=colour, m=marker: ax.plot(
            t, [v] * len(t), m, color=c, markersize=8, alpha=0.7)[0])
        artist(ax, name + " in words", lambda v=value, c=colour, n=name: ax.text(
            84, v + (0.06 if v else -0.06), n, color=text_colour(c), ha="right", va="bottom" if v else "top",
            zorder=0.5))
    curve = artist(ax, "curve", lambda: ax.plot([], [], color="black", linewidth=2)[0])
    curve.set_data(array(TEMPERATURES), array(result.probabilities))
    artist(ax, "even odds", lambda: ax.axvline(60, color=GREY, linestyle="--")).set_xdata([result.boundary] * 2)
    artist(ax, "forecast", lambda: ax.plot([], [], "D", color="black", markersize=8)[0]).set_data(
        [FORECAST], [result.at_forecast])
    ax.set(xlim=(28, 85), ylim=(-0.2, 1.2), xlabel="temperature at launch (°F)", ylabel="probability of damage")
    ax.set_title(f"Mean loss {result.loss:.3f}; damage at 31 °F: {result.at_forecast:.3f}")
    return describe(
        ax,
        f"The probability of damage falls with temperature and passes one half at {result.boundary:.1f} °F. "
        f"The mean loss on the 23 flights is {result.loss:.3f}; at 31 °F the curve stands at {result.at_forecast:.3f}.",
    )


def goal(result: Bench) -> str | None:
    """Reached within 0.004 of the lowest loss there is."""
    if result.loss <= LOWEST_LOSS + 0.004:
        return f"loss {result.loss:.3f}; the lowest there is, is {LOWEST_LOSS:.3f}"
    return None


def boundary_bench() -> Explorer:
    """Move the temperature of even odds and the steepness until the loss is as low as it gets."""
    return Explorer(
        compute,
        draw,
        question="Where should the curve cross one half, and how steeply?",
        target="Bring the mean loss down to 0.445.",
        goal=goal,
        boundary=Slider(45.0, 80.0, 0.5, 75.0, "even odds at (°F)"),
        steepness=Slider(0.0, 1.0, 0.01, 0.05, "steepness (per °F)"),
    )
