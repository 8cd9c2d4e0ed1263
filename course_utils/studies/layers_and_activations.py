"""What lesson 07 measures on the bicycles: columns made by hand and by a network, honest tests, and what units do.

Where the real records cannot be had, every study runs on the simulated city and says so in its title. The ranges hold
for both. Its claims about forecasts, about starts and about activations lie beside it and are gathered here.
"""

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.data import Data
from course_utils.models import MLP
from course_utils.plotting import (
    BLUE,
    GREY,
    ORANGE,
    array,
    describe,
    label_line_ends,
    new_axes,
    panels,
    plot_ravine,
    plot_sweep,
)
from course_utils.studies.bicycles import (
    OFF,
    RATES,
    WORKING,
    by_hour,
    column,
    encoded,
    hour_columns,
    is_morning,
    networks,
    one_layer,
    prepared,
    raw_hours,
    table_of_means,
    titled,
    with_ones,
)
from course_utils.studies.layers_and_activations_claims import (
    least_variance,
    log_target,
    network_needed,
    random_split,
    simplest_network,
    suits_demand,
)
from course_utils.studies.layers_and_activations_starts import bell_curve, linear_start, random_start, small_weights
from course_utils.studies.layers_and_activations_units import activations, dead_units, flat_ends
from course_utils.study import Finding, study
from course_utils.surfaces import Surface
from course_utils.sweep import sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "activations", "bell_curve", "dead_units", "encoded", "flat_ends", "hidden_units", "hierarchy", "hour_columns",
    "is_morning", "least_variance", "linear_start", "log_target", "network_needed", "one_layer", "opening",
    "plot_mornings", "random_split", "random_start", "rates", "ravine", "simplest_network", "small_weights",
    "suits_demand", "table_of_means",
]


# The question

@study(question="How many bicycles does an hour need?", expected={
    "mean at 8, working days (rentals)": (280, 450), "mean at 8, days off (rentals)": (60, 130),
    "19 of 20 working mornings lie above (rentals)": (60, 250), "19 of 20 lie below (rentals)": (500, 900)}, seconds=1)
def opening() -> Finding:
    """The hours from January 2011 to June 2012: the mean of each hour, and every working morning at 8."""
    raw = raw_hours()
    lines = {kind: by_hour(raw.train.y, raw, raw.train, kind) for kind in (WORKING, OFF)}
    mornings = raw.train.y[is_morning(raw, raw.train)]
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


# The network

@study(question="Which learning rate suits each width?", expected={
    "best rate, 2 units": (0.01, 0.1), "best rate, 8 units": (0.01, 0.03), "best rate, 32 units": (0.003, 0.03),
    "best rate, 128 units": (0.003, 0.01)}, seconds=4)
def rates(widths: tuple[int, ...] = (2, 8, 32, 128), seeds: int = 3) -> Finding:
    """One hidden layer of each width, five rates of Adam, ten epochs, three seeds; judged on July and August."""
    runs = networks(prepared(encoded(raw_hours())).data, widths, RATES, seeds)
    best = runs.at_best("lr", within=["width"])
    return Finding({f"best rate, {width} units": best.where(width=width)[0]["lr"] for width in widths},
                   lambda: plot_sweep(runs, x="lr", y="valid_loss"), runs)


def _noon_of_two_days(data: Data) -> Tensor:
    """Encoded rows (2, 24, m): the weather of one Saturday noon in all hours of a Wednesday, and of that Saturday."""
    names = data.feature_names
    noon = (column(data, data.test, "hr=12") == 1) & (column(data, data.test, "weekday=6") == 1)
    saturday = data.test.X[noon][:1]
    wednesday = saturday.clone()
    wednesday[:, [names.index(name) for name in ("workingday", "weekday=3", "weekday=6")]] = torch.tensor([1.0, 1, 0])
    days = torch.cat([wednesday, saturday]).repeat_interleave(24, dim=0)
    days[:, hour_columns(data)] = torch.eye(24)[:, 1:].repeat(2, 1)
    return days.reshape(2, 24, -1)


@study(question="What do hidden units make of the hours of two days?", expected={
    "of 32 units, before ReLU: treat the hours of the two days differently": (0, 0),
    "after ReLU, fewest of ten networks": (8, 32), "after ReLU, most of ten networks": (16, 32)}, seconds=3)
def hidden_units(seeds: int = 10) -> Finding:
    """Ten networks with 32 units. The weather of one noon is kept and run through the hours of a Wednesday and of a
    Saturday. A unit treats hours differently if the difference between the days is not the same in all 24."""
    coded = encoded(raw_hours())
    ready = prepared(coded).data
    days = _noon_of_two_days(coded)
    mean, sd = coded.train.X.mean(0), coded.train.X.std(0, correction=0)
    runs = networks(ready, (32,), (0.003,), seeds)
    with torch.no_grad():
        sums = [run.model.layers[0]((days - mean) / sd) for run in runs]          # (2, 24, 32) each
    counts = [[int(((part[0] - part[1]).std(0) > 1e-2).sum()) for part in (z, z.relu())] for z in sums]

    def draw() -> "Axes":
        from matplotlib import pyplot

        active = sums[0].relu()
        order = (active[0] - active[1]).sum(dim=0).argsort(descending=True)         # Wednesday's units first
        two = panels(pyplot.subplots(figsize=(7.5, 3.8))[1], 2)
        for ax, day, name in zip(two, active, ("Wednesday", "Saturday"), strict=True):
            image = ax.imshow(array(day[:, order].T), aspect="auto", cmap="Blues", vmin=0,
                              vmax=active.max().item(), interpolation="nearest")
            ax.set(title=name, xticks=range(0, 24, 4), yticks=[], xlabel="hour of the day")
        two[0].set_ylabel("32 units of one network")
        two[0].figure.colorbar(image, ax=two, label="activation")
        two[0].figure.suptitle(titled("Most units are busier on one kind of day than on the other"))
        return describe(two[0], f"Two maps, 32 units by 24 hours, of one network. {counts[0][1]} of the units change "
                                "their hours with the day; the others are alike in both maps or silent.")

    before, after = zip(*counts, strict=True)
    return Finding({"of 32 units, before ReLU: treat the hours of the two days differently": max(before),
                    "after ReLU, fewest of ten networks": min(after), "after ReLU, most of ten networks": max(after)},
                   draw)


def _explained(features: Tensor, target: Tensor) -> float:
    """The share of the variance of `target` (n,) that a single layer on `features` (n, m) explains on the same rows."""
    inputs, target = with_ones(features), target.double()
    left = target - inputs @ torch.linalg.lstsq(inputs, target[:, None], driver="gelsd").solution[:, 0]
    return 1 - (left.var() / target.var()).item()


@study(claim="Hidden layers build a hierarchy of features", kind="when",
       verdict="true for what the network is trained on; not seen for a feature with a name",
       evidence="A single layer explains some 80 to 87 % of the log demand from the columns, more from the first "
                "hidden layer and more again from the second. Of “8 o'clock on a working day” it explains less from "
                "the hidden layers than from the columns.",
       expected={"log demand, from the columns (%)": (75, 90), "from hidden layer 1 (%)": (88, 98),
                 "layer 2 more than layer 1, lowest of ten (points)": (0, 4),
                 "8 o'clock on a working day, from the columns (%)": (55, 75), "8 o'clock, from layer 1 (%)": (15, 55),
                 "8 o'clock, from layer 2 (%)": (15, 55)}, seconds=4)
def hierarchy(seeds: int = 10) -> Finding:
    """Ten networks with two hidden layers of 32 units. On the training rows, what a single layer can read off each
    stage by least squares: the demand itself, and a feature that a person would name."""
    coded = encoded(raw_hours())
    ready = prepared(coded).data
    runs = sweep(lambda: MLP(49, 1, hidden=(32, 32)), ready, F.mse_loss, optimizer=torch.optim.Adam, lr=0.003,
                 batch_size=512, epochs=[15], seeds=range(seeds))
    rush = (column(coded, coded.train, "hr=8") * column(coded, coded.train, "workingday"))
    X, y = ready.train
    with torch.no_grad():
        stages = [(run.model.layers[:2](X), run.model.layers[:4](X)) for run in runs]
    demand = torch.tensor([[_explained(stage, y) for stage in pair] for pair in stages]) * 100
    named = torch.tensor([[_explained(stage, rush) for stage in pair] for pair in stages]) * 100
    columns = [100 * _explained(X, target) for target in (y, rush)]

    def draw() -> "Axes":
        ax = new_axes()
        for values, start, colour, style, name in ((demand, columns[0], BLUE, "-", "log demand"),
                                                   (named, columns[1], ORANGE, "--", "8 o'clock, working day")):
            for one in values:
                ax.plot(range(3), [start, *one.tolist()], color=colour, linestyle=style, linewidth=0.7, label="_run")
            ax.plot(range(3), [start, *values.mean(0).tolist()], color=colour, linestyle=style, label=name)
        ax.set(xticks=range(3), xticklabels=["columns", "hidden layer 1", "hidden layer 2"], ylim=(0, 100),
               ylabel="explained by one layer (%)", title=titled("Layer by layer the demand gets easier to read"))
        label_line_ends(ax)
        return describe(ax, "Share of the variance that one layer explains. Log demand: "
                            f"{columns[0]:.0f} % from the columns, {demand[:, 0].mean():.0f} and "
                            f"{demand[:, 1].mean():.0f} % from the hidden layers. 8 o'clock on a working day: "
                            f"{columns[1]:.0f}, {named[:, 0].mean():.0f} and {named[:, 1].mean():.0f} %.")

    return Finding({"log demand, from the columns (%)": columns[0],
                    "from hidden layer 1 (%)": demand[:, 0].mean().item(),
                    "layer 2 more than layer 1, lowest of ten (points)": (demand[:, 1] - demand[:, 0]).min().item(),
                    "8 o'clock on a working day, from the columns (%)": columns[1],
                    "8 o'clock, from layer 1 (%)": named[:, 0].mean().item(),
                    "8 o'clock, from layer 2 (%)": named[:, 1].mean().item()}, draw)


def plot_mornings(data: Data, residuals: Tensor, low: float, high: float) -> "Axes":
    """Counted minus forecast at 8 on working days, valid months and then test months, and an interval as a band.

    `residuals` (n,) belong to those mornings in order of time; the band was measured on the valid ones.
    """
    months = torch.cat([column(data, part, "mnth")[is_morning(data, part)] for part in (data.valid, data.test)])
    begins = [int((months == month).nonzero()[0]) for month in (7, 8, 9, 10, 11, 12)]
    test = begins[2]
    inside = ((residuals >= low) & (residuals <= high)).double()
    ax = new_axes()
    ax.axhspan(low, high, color=BLUE, alpha=0.15)
    ax.axvline(test - 0.5, color=GREY, linestyle=":")
    for part, colour, marker in ((slice(0, test), BLUE, "o"), (slice(test, None), ORANGE, "x")):
        ax.plot(range(len(residuals))[part], array(residuals[part]), marker, color=colour, markersize=5)
    ax.set(xticks=begins, xticklabels=["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], ylabel="counted − forecast at 8",
           xlabel="working mornings of 2012, in order; the band is the interval of July and August")
    ax.set_title(titled(f"It holds {100 * inside[:test].mean():.0f} % of the mornings it was made from, "
                        f"{100 * inside[test:].mean():.0f} % of those that came"))
    by_month = "; ".join(f"month {m}: mean {residuals[months == m].mean():.0f}, "
                         f"{100 * inside[months == m].mean():.0f} % inside" for m in range(7, 13))
    return describe(ax, f"Residuals at 8 on working days. The band reaches from {low:.0f} to {high:.0f}. {by_month}.")
