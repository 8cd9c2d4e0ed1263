"""The pictures of lesson 01's studies, the four curves behind one of them, and a learner's weights as numbers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from course_utils.data import Examples
from course_utils.datasets import load_orings
from course_utils.metrics import calibration
from course_utils.plotting import BLUE, GREY, ORANGE, PALETTE, array, describe, label_line_ends, new_axes, panels
from course_utils.sweep import mean_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def without_record(*values: Tensor | float) -> list[Tensor]:
    """Each of `values` as a tensor in float64, without the record for gradients that a learner's loop may have left."""
    return [torch.as_tensor(value).detach().double() for value in values]


def draw_damaged_flights() -> "Axes":
    """The seven flights on their temperatures, and the forecast."""
    flights = load_orings().train
    warm = np.sort(array(flights.X[flights.y == 1, 0]))
    height = np.arange(len(warm)) - np.searchsorted(warm, warm)         # equal temperatures are stacked
    ax = new_axes((7.0, 2.2))
    ax.plot(warm, height, "X", color=ORANGE, markersize=10)
    ax.axvline(31, color=GREY, linestyle=":")
    ax.text(32, 1.5, "forecast for\nthe morning: 31", color=GREY, va="center")
    ax.set(xlim=(28, 85), ylim=(-0.8, 2.5), yticks=[], xlabel="temperature at launch (°F)",
           title="Seven flights came back with damaged rings")
    ax.spines["left"].set_visible(False)
    return describe(ax, f"Seven flights with damage, at {', '.join(f'{t:g}' for t in warm)} °F, four below 65 and "
                        "three above. The forecast, 31 °F, lies far to the left of them all.")


def curve_with_link(flights: Examples, link: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Probability, lower and upper end at 31, 32, … 85 °F, with this link between the line and the probability."""
    import statsmodels.api as sm

    links = sm.families.links
    kind = {"logit": links.Logit, "probit": links.Probit, "cloglog": links.CLogLog, "cauchit": links.Cauchy}[link]
    X = sm.add_constant(array(flights.X).astype(float))
    fitted = sm.GLM(array(flights.y), X, family=sm.families.Binomial(link=kind())).fit(tol=1e-12, maxiter=200)
    v = sm.add_constant(np.arange(31.0, 86.0))
    score, spread = v @ fitted.params, np.sqrt(np.einsum("ij,jk,ik->i", v, fitted.cov_params(), v))
    middle, low, high = (kind().inverse(score + z * spread) for z in (0, -1.96, 1.96))
    return middle, low, high


def draw_links(curves: Mapping, flights: Examples, without: list[float]) -> "Axes":
    """The curves over the flights; beside them the interval of each at 31 °F, and 23 lower ends with one left out."""
    left, right = panels(new_axes((7.0, 3.6)), 2, (3, 2))
    along = np.arange(31.0, 86.0)
    for outcome, marker, colour in ((0, "o", BLUE), (1, "X", ORANGE)):
        there = array(flights.X[flights.y == outcome, 0])
        left.plot(there, np.full(len(there), outcome), marker, color=colour, alpha=0.6)
    for place, (name, (middle, low, high)) in enumerate(curves.items()):
        colour = PALETTE[place]
        left.plot(along, middle, color=colour, label=name)
        right.plot([place, place], [low[0], high[0]], "-", color=colour, linewidth=4)
        right.plot([place], [middle[0]], "D", color=colour, markersize=7)
        right.text(place, low[0] - 0.03, f"{low[0]:.2f}", ha="center", va="top")
    right.plot(np.full(23, 4.0), without, ".", color=GREY)
    right.text(4, min(without) - 0.03, f"{min(without):.2f}", ha="center", va="top")
    left.legend(loc="lower left")
    left.set(xlabel="temperature (°F)", ylabel="probability of damage", title="Four bends agree where flights are")
    right.set(ylim=(-0.12, 1.05), xlim=(-0.6, 4.7), title="Their bands at 31 °F")
    right.set_xticks(range(5), [*curves, "logit, one\nleft out"], rotation=45, ha="right", rotation_mode="anchor")
    describe(right, "Estimate and 95 % interval at 31 °F: " + "; ".join(
        f"{name} {middle[0]:.2f}, from {low[0]:.2f}" for name, (middle, low, _) in curves.items())
        + f". With the logit and one flight left out, the lower ends lie between {min(without):.2f} and "
          f"{max(without):.2f}.")
    return describe(left, "Four fitted curves, logit, probit, cloglog and cauchit, close together from 53 to 81 °F.")


def draw_landscapes(heights: Mapping, walks: Mapping) -> "Axes":
    """Each loss over weight and bias, darker where it is higher, with the walks that were made on it."""
    axes = panels(new_axes((7.0, 3.8)), 2)
    w, b = np.meshgrid(np.linspace(-5, 10, 46), np.linspace(-7, 5, 46))
    titles = ("one valley", "shelves")
    for ax, title, (name, height) in zip(axes, titles, heights.items(), strict=True):
        ax.contourf(w, b, np.vectorize(lambda *at, height=height: height(at))(w, b), 14, cmap="Blues")
        told = []
        for (loss, lr), walk in walks.items():
            if loss == name:
                across, up = np.array(walk).T
                colour = ORANGE if lr == 1 else "black"
                ax.plot(across, up, ".-", color=colour, linewidth=1, markersize=6 if lr == 1 else 4)
                ax.plot(across[-1], up[-1], "*", color=colour, markersize=14, markeredgecolor="white", zorder=4)
                side = (10, -16) if lr == 1 else (-12, 44)
                ax.annotate(f"rate {lr}", (across[-1], up[-1]), side, textcoords="offset points", color=colour)
                told.append(f"at rate {lr} the walk ends at ({across[-1]:.1f}, {up[-1]:.1f}), where it is "
                            f"{height(walk[-1]):.2g}")
        ax.annotate("start", walk[0], (-4, 8), textcoords="offset points", ha="center")
        ax.set(xlabel="weight", ylabel="bias", title=f"{name.capitalize()}: {title}", xlim=(-5, 10), ylim=(-7, 5))
        grid = np.array([[height(at) for at in zip(*row, strict=True)] for row in zip(w, b, strict=True)])
        shelf = (np.hypot(*np.gradient(grid, b[:, 0], w[0])) < 0.02).mean()         # per unit of weight or bias
        low = np.unravel_index(grid.argmin(), grid.shape)
        describe(ax, f"The {name} over weight and bias, darker where it is higher: lowest, {grid.min():.2g}, near "
                     f"({w[low]:.1f}, {b[low]:.1f}), up to {grid.max():.2g}, and next to level over {shelf:.0%} of the "
                     f"picture. From the start at ({walk[0][0]:.0f}, {walk[0][1]:.0f}) {'; '.join(told)}.")
    return axes[0]


def draw_rates(right: Mapping, best: Mapping) -> "Axes":
    """Right answers over the learning rate for each loss, and the rate that validation chooses for it."""
    ax = new_axes()
    told = []
    for (name, by_rate), colour, marker, aside in zip(right.items(), (BLUE, ORANGE), "oX", (0.96, 1.04), strict=True):
        rows = {lr: mean_interval(parts["test"]) for lr, parts in by_rate.items()}
        ax.plot(list(rows), [row.mean for row in rows.values()], marker=marker, color=colour, label=name)
        for lr, parts in by_rate.items():
            ax.plot([aside * lr] * len(parts["test"]), parts["test"], ".", color=colour, alpha=0.3, label="_runs")
        ax.plot(best[name], rows[best[name]].mean, "s", color="black", markersize=11, fillstyle="none", label="_best")
        told.append(f"{name}: " + ", ".join(f"{row.mean:.1f} at {lr:g}" for lr, row in rows.items())
                    + f", best on validation at {best[name]:g}")
    ax.set(xscale="log", xlabel="learning rate (□ chosen on validation)", ylabel="right on new tumours (%)",
           title="Squared error: far behind at a rate of 1, level at a rate of its own")
    ax.set_xticks(list(rows), [f"{lr:g}" for lr in rows])
    ax.minorticks_off()
    label_line_ends(ax)
    return describe(ax, f"Mean share of new tumours told right from bad starts. {'; '.join(told)}.")


def draw_reliability(said: Mapping[str, Tensor], y: Tensor) -> "Axes":
    """What each model says, in steps of 10 %, against what came true."""
    ax = new_axes((7.0, 4.2))
    ax.plot([0, 100], [0, 100], ":", color=GREY, label="_as said")
    ax.text(48, 53, "as said, so it comes true", color=GREY, ha="right")
    told = []
    for (name, p), colour, marker in zip(said.items(), (BLUE, ORANGE), "oX", strict=True):
        rows = calibration(p, y)
        ax.plot(100 * rows.predicted, 100 * rows.observed, marker=marker, color=colour, label=name)
        told.append(f"{name}: " + ", ".join(f"said {100 * s:.0f}, true {100 * t:.0f}" for s, t in
                                            zip(rows.predicted.tolist(), rows.observed.tolist(), strict=True)))
    ax.legend(loc="upper left", bbox_to_anchor=(0.0, 0.92))
    ax.set(xlabel="probability of cancer that the model says (%), all splits together",
           ylabel="share that had cancer (%)",
           title="Counted ten times, the model says 65 % where hardly one in ten is true")
    return describe(ax, f"A reliability curve of each model, in per cent. {'; '.join(told)}.")
