"""What lesson 07 measures on the bicycles: columns made by hand and by a network, honest tests, and what units do.

Where the real records cannot be had, every study runs on the simulated city and says so in its title. The ranges hold
for both. How the first weights are drawn, and what that does, is in `layers_and_activations_more`.
"""

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.data import Data
from course_utils.datasets import expected_bike_demand
from course_utils.metrics import rmse
from course_utils.models import MLP
from course_utils.plotting import (
    BLUE,
    GREY,
    LIGHT_GREY,
    ORANGE,
    array,
    describe,
    label_line_ends,
    new_axes,
    panels,
    plot_ravine,
    plot_spread,
    plot_sweep,
)
from course_utils.studies.bicycles import (
    OFF,
    RATES,
    WORKING,
    by_hour,
    column,
    crossed,
    encoded,
    hour_columns,
    is_simulated,
    networks,
    one_layer,
    prepared,
    raw_hours,
    ten_forecasts,
    titled,
    with_ones,
)
from course_utils.study import Finding, study
from course_utils.surfaces import Surface
from course_utils.sweep import sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes


# The question

@study(question="How many bicycles does an hour need?", expected={
    "mean at 8, working days (rentals)": (280, 450), "mean at 8, days off (rentals)": (60, 130),
    "19 of 20 working mornings lie above (rentals)": (60, 250), "19 of 20 lie below (rentals)": (500, 900)}, seconds=1)
def opening() -> Finding:
    """The hours from January 2011 to June 2012: the mean of each hour, and every working morning at 8."""
    raw = raw_hours()
    lines = {kind: by_hour(raw.train.y, raw, raw.train, kind) for kind in (WORKING, OFF)}
    mornings = raw.train.y[(column(raw, raw.train, "hr") == 8) & (column(raw, raw.train, "workingday") == WORKING)]
    low, high = mornings.quantile(0.05).item(), mornings.quantile(0.95).item()

    def draw() -> "Axes":
        ax = new_axes()
        aside = torch.arange(len(mornings)) * 0.618 % 1 - 0.5                 # so that the dots do not hide each other
        ax.plot(8 + array(0.7 * aside), array(mornings), ".", color=GREY, markersize=3, alpha=0.5, label="_mornings")
        for kind, name, colour, style in ((WORKING, "working day", BLUE, "-"), (OFF, "day off", ORANGE, "--")):
            ax.plot(array(lines[kind]), color=colour, linestyle=style, label=name)
        ax.annotate("8 o'clock tomorrow?", (8, high), (9.3, high), va="center")
        ax.set(xlabel="hour of the day", ylabel="rentals in that hour", xticks=range(0, 24, 4), ylim=(0, None),
               title=titled(f"8 o'clock on a working day: {mornings.min():.0f} to {mornings.max():.0f} bicycles"))
        label_line_ends(ax)
        return describe(ax, "Mean rentals by hour: working days have peaks at 8 and at 17 to 18 o'clock, days off one "
                            f"broad hump. At 8 on working days the dots reach from {mornings.min():.0f} to "
                            f"{mornings.max():.0f}, nine in ten of them between {low:.0f} and {high:.0f}.")

    return Finding({"mean at 8, working days (rentals)": lines[WORKING][8].item(),
                    "mean at 8, days off (rentals)": lines[OFF][8].item(),
                    "19 of 20 working mornings lie above (rentals)": low,
                    "19 of 20 lie below (rentals)": high}, draw)


@study(question="What does scaling a column do to the loss?", expected={
    "curvature across over curvature along, raw": (15, 60), "the same, standardised": (1, 1.001)}, seconds=1)
def ravine() -> Finding:
    """One weight, for the temperature, and the bias: the squared error of log(1 + rentals), raw and standardised."""
    raw = raw_hours()
    temp, y = column(raw, raw.train, "temp").double(), raw.train.y.double().log1p()
    surfaces = {"raw temperature": _loss_of_a_line(temp, y),
                "standardised": _loss_of_a_line((temp - temp.mean()) / temp.std(correction=0), y)}
    ratios = [high / low for low, high in (surface.curvatures for surface in surfaces.values())]

    def draw() -> "Axes":
        from matplotlib import pyplot

        two = panels(pyplot.subplots(figsize=(7.5, 3.8))[1], 2)
        for ax, (name, surface) in zip(two, surfaces.items(), strict=True):
            plot_ravine(surface, title=name, ax=ax)
        two[0].figure.suptitle("Scaling the column turns a ravine into a round bowl")
        return two[0]

    return Finding({"curvature across over curvature along, raw": ratios[0], "the same, standardised": ratios[1]}, draw)


def _loss_of_a_line(x: Tensor, y: Tensor) -> Surface:
    """The mean squared error of w x + b, over w and b."""
    at = torch.stack([x, torch.ones_like(x)], dim=1)
    best = torch.linalg.lstsq(at, y[:, None]).solution[:, 0]
    hessian = 2 * at.T @ at / len(x)
    lowest = (at @ best - y).square().mean()

    def value(w: Tensor) -> Tensor:
        away = w - best
        return lowest + ((away @ hessian) * away).sum(dim=-1) / 2

    w, b = best.tolist()
    return Surface("a line", value, lambda p: (p - best) @ hessian, lambda p: hessian, best,
                   ((w - 4, w + 4), (b - 4, b + 4)), best + 3, ("weight", "bias"))
