"""Lesson 01: how low can the curve pass at 31 °F before it contradicts the 23 flights?"""

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
# Under a curve of the 95 % region the record is at most e^1.92 = 6.8 times less likely than under the best: the
# likelihood-ratio test (Wilks, 1938), 1.92 being half the 95 % point of chi-squared with one degree of freedom.
MOST_LOSS = LOWEST_LOSS + 1.92 / 23
LOW_ENOUGH = 0.90


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
    ax.set_title(f"Mean loss {result.loss:.3f}, at most {MOST_LOSS:.3f}; damage at 31 °F: {result.at_forecast:.2f}")
    falls = bool(result.probabilities[0] > result.probabilities[-1])
    course = (f"falls with temperature and passes one half at {result.boundary:.1f} °F" if falls
              else "is one half at every temperature")
    return describe(
        ax,
        f"The probability of damage {course}. "
        f"The mean loss on the 23 flights is {result.loss:.3f}; at 31 °F the curve stands at {result.at_forecast:.3f}.",
    )


def goal(result: Bench) -> str | None:
    """Reached where the record still allows the curve, and 31 °F is no sure thing; both as the title rounds them."""
    if round(result.loss, 3) <= round(MOST_LOSS, 3) and round(result.at_forecast, 2) <= LOW_ENOUGH:
        return (f"{result.at_forecast:.2f} at 31 °F, and the 23 flights are at most seven times less likely under this "
                "curve than under the best.")
    return None


def distance(result: Bench) -> str:
    """What is still too high, the probability or the loss."""
    parts = []
    if (above := round(result.at_forecast, 2) - LOW_ENOUGH) > 0:
        parts.append(f"{above:.2f} to go at 31 °F")
    if (over := round(result.loss, 3) - round(MOST_LOSS, 3)) > 0:
        parts.append(f"the loss is {over:.3f} too high")
    return " and ".join(parts)


def boundary_bench() -> Explorer:
    """Bend the curve down at 31 °F as far as the 23 flights allow."""
    return Explorer(
        compute,
        draw,
        question="How low can the curve pass at 31 °F before it contradicts the 23 flights?",
        target=f"Bring damage at 31 °F down to {LOW_ENOUGH:.2f}, with a mean loss of at most {MOST_LOSS:.3f}.",
        goal=goal,
        distance=distance,
        boundary=Slider(45.0, 80.0, 0.5, 65.0, "even odds at (°F)"),
        steepness=Slider(0.0, 0.5, 0.01, 0.23, "steepness (per °F)"),
    )
