"""Lesson 05, the two people: one neuron on 569 tumours, in two units, and the ways out for her."""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils import optimizers as rules
from course_utils.data import Examples
from course_utils.datasets import load_breast_cancer
from course_utils.optimizers import Rule
from course_utils.optimum import fit_to_optimum
from course_utils.plotting import BLUE, GREY, ORANGE, describe, label_line_ends, new_axes
from course_utils.study import Finding, study

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MEASUREMENTS = ("mean texture", "mean area", "mean smoothness")


@lru_cache
def tumours(units: str = "standardised") -> tuple[Tensor, Tensor]:
    """Three measurements of 569 tumours and a column of ones for the bias, A (569, 4), and y (569,), 1 for benign.

    `units`: "raw" as they came, "divided" by their standard deviations, or "standardised", with mean 0 as well.
    """
    data = load_breast_cancer(valid_size=0)
    X = data.train.X[:, [data.feature_names.index(name) for name in MEASUREMENTS]].double()
    if units != "raw":
        X = (X - (X.mean(0) if units == "standardised" else 0)) / X.std(0, correction=0)
    return torch.cat([X, torch.ones(len(X), 1)], dim=1), data.train.y.double()


def loss_at(A: Tensor, y: Tensor, w: Tensor) -> Tensor:
    """Mean log loss of one neuron with weights w (…, 4), the bias last: (…,)."""
    z = w @ A.T
    return (F.softplus(z) - y * z).mean(-1)


def slope_at(A: Tensor, y: Tensor, w: Tensor) -> Tensor:
    """The gradient of `loss_at`, (…, 4)."""
    return (torch.sigmoid(w @ A.T) - y) @ A / len(A)


@lru_cache
def lowest_loss() -> float:
    """The lowest that any weights reach, the same in all units."""
    A, y = tumours()
    return fit_to_optimum(Examples(A[:, :3], y)).objective


def walk(rule: Rule, A: Tensor, y: Tensor, steps: int, *rows: int) -> Tensor:
    """Losses of a descent from zeros, (steps + 1,); with a number of `rows` of as many side by side, (steps + 1, rows).
    """
    w = torch.zeros(*rows, A.shape[1]).double()
    state, losses = rule.init(w), []
    for _ in range(steps + 1):
        losses.append(loss_at(A, y, w))
        w, state = rule.update(slope_at(A, y, w), state, w)
    return torch.stack(losses)


def arrival(losses: Tensor, within: float = 0.01) -> Tensor:
    """The step from which losses (steps + 1, …) stay less than `within` above the lowest, (…,); inf if they do not."""
    high = ~(losses <= (1 + within) * lowest_loss())                                       # nan is high
    first = (high * torch.arange(1, len(losses) + 1).view(-1, *(1,) * (losses.ndim - 1))).amax(0).double()
    return torch.where(first == len(losses), torch.inf, first)


def by_lbfgs(A: Tensor, y: Tensor, search: str | None = "strong_wolfe") -> tuple[Tensor, Tensor]:
    """The weights (4,) that L-BFGS ends at from zeros, and the loss at every point that it asked about."""
    w, seen = torch.zeros(4).double().requires_grad_(), []
    optimizer = torch.optim.LBFGS([w], max_iter=200, max_eval=200, line_search_fn=search,
                                  tolerance_grad=0, tolerance_change=0)

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = loss_at(A, y, w)
        loss.backward()
        seen.append(loss.detach())
        return loss

    optimizer.step(closure)
    return w.detach(), torch.stack(seen)


SAFE = 0.98                                                  # of 2/L: every step is then sure to go down


def _curves(losses: dict[str, Tensor], title: str, most: int) -> "Axes":
    """The lowest loss so far, above the lowest that there is, against the step, both logarithmic, for each name."""
    ax = new_axes()
    styles = ((BLUE, "-"), (ORANGE, "--"), (GREY, "-."), ("black", ":"))
    for (name, values), (colour, style) in zip(losses.items(), styles, strict=False):
        above = np.minimum.accumulate(np.nan_to_num(values.numpy(), nan=np.inf)) / lowest_loss() - 1
        above[above < 2e-4] = np.nan                                                         # below the picture
        ax.plot(range(1, len(values)), above[1:], color=colour, linestyle=style, label=name)
    ax.axhline(0.01, color="#BBBBBB", linewidth=1, linestyle="-", label="_arrived")
    ax.text(1.1, 0.011, "arrived", va="bottom", color=GREY)
    ax.set(xscale="log", yscale="log", xlim=(1, most), ylim=(1e-4, 10), xlabel="step", title=title,
           ylabel="loss above the lowest, best so far")
    ax.set_yticks([1e-4, 1e-2, 1], ["0.01 %", "1 %", "100 %"])
    ax.set_xticks([1, 10, 100, 1_000][:len(str(most))], ["1", "10", "100", "1,000"][:len(str(most))])
    ax.minorticks_off()
    label_line_ends(ax)
    return ax


@study(
    question="How do two people fare who train one neuron on one data set, in different units?",
    expected={"he: steps to 1 % above the lowest loss": (30, 50),
              "she: loss after 800 steps, as a multiple of the lowest": (3, 4.2)},
    seconds=1,
)
def opening(steps: int = 800) -> Finding:
    """The same 569 tumours and three measurements, standardised (he) or as they came (she), from zeros. Each takes
    nearly the longest steps that are sure to go down: 0.98 · 2/L, with L read off the columns."""
    curves = {}
    for name, units in (("he", "standardised"), ("she", "raw")):
        A, y = tumours(units)
        longest = 2 / torch.linalg.eigvalsh(A.T @ A / (4 * len(A)))[-1].item()
        curves[name] = walk(rules.sgd(SAFE * longest), A, y, steps)
    arrived = int(arrival(curves["he"]))
    left = curves["she"][-1].item() / lowest_loss()

    def draw() -> "Axes":
        ax = _curves(curves, "One neuron, one data set, two people", steps)
        return describe(ax, f"Loss above the lowest against the step. His arrives within {arrived} steps. Hers hardly "
                            f"moves: after {steps} steps it is still {left:.1f} times the lowest.")

    return Finding({"he: steps to 1 % above the lowest loss": arrived,
                    "she: loss after 800 steps, as a multiple of the lowest": left}, draw)


@study(
    question="What should she do?",
    expected={"raw, gradient descent: loss after 3,000 steps / lowest": (2.7, 4),
              "raw, Adam: loss after 3,000 steps / lowest": (1.2, 1.7), "raw, L-BFGS: evaluations": (30, 100),
              "divided, Adam: steps": (700, 1_500), "both, gradient descent: steps": (5, 40),
              "both, Adam: steps": (20, 60), "farthest apart in probability, she and he": (0, 1e-3)},
    seconds=6,
)
def way_out(steps: int = 3_000) -> Finding:
    """Her columns as they came, divided by their standard deviations, and standardised (shifted as well). Gradient
    descent and Adam, each at the best of 14 rates spaced by 3.2, on the loss itself; L-BFGS with the strong-Wolfe
    search. Arrived: within 1 % of the lowest loss, for good."""
    rates = torch.logspace(-5, 1.5, 14).double()[:, None]
    best: dict[tuple[str, str], Tensor] = {}
    for units, which in (("raw", (rules.sgd, rules.adam)), ("divided", (rules.adam,)),
                         ("standardised", (rules.sgd, rules.adam))):
        A, y = tumours(units)
        for make in which:
            losses = walk(make(lr=rates), A, y, steps if units != "standardised" else 200, len(rates))
            arrived = arrival(losses)
            chosen = arrived.argmin() if arrived.isfinite().any() else losses[-1].nan_to_num(nan=torch.inf).argmin()
            best[units, make.__name__] = losses[:, chosen]
    A, y = tumours("raw")
    hers, seen = by_lbfgs(A, y)
    standardised, _ = tumours()
    his, _ = by_lbfgs(standardised, y)
    apart = (torch.sigmoid(A @ hers) - torch.sigmoid(standardised @ his)).abs().max().item()
    curves = {"her gradient descent": best["raw", "sgd"], "her Adam": best["raw", "adam"], "her L-BFGS": seen,
              "his gradient descent": best["standardised", "sgd"]}

    def draw() -> "Axes":
        ax = _curves(curves, "Three ways on her columns, and one on his", steps)
        return describe(ax, "Loss above the lowest, hers on raw columns: " + ", ".join(
            f"{name} ends at {values[-1] / lowest_loss():.2f} times it" for name, values in curves.items()) + ".")

    return Finding({
        "raw, gradient descent: loss after 3,000 steps / lowest": best["raw", "sgd"][-1].item() / lowest_loss(),
        "raw, Adam: loss after 3,000 steps / lowest": best["raw", "adam"][-1].item() / lowest_loss(),
        "raw, L-BFGS: evaluations": float(arrival(seen)),
        "divided, Adam: steps": float(arrival(best["divided", "adam"])),
        "both, gradient descent: steps": float(arrival(best["standardised", "sgd"])),
        "both, Adam: steps": float(arrival(best["standardised", "adam"])),
        "farthest apart in probability, she and he": apart}, draw)


@study(
    claim="L-BFGS needs no learning rate", kind="when", verdict="true when it searches along the line",
    evidence="With the strong-Wolfe search it arrives in all three units. As PyTorch makes it by default, with lr 1 "
             "and no search, it arrives on standardised columns and runs away on the raw ones.",
    expected={"raw, strong Wolfe: evaluations": (30, 100), "divided, strong Wolfe: evaluations": (10, 50),
              "standardised, strong Wolfe: evaluations": (4, 20), "standardised, default: evaluations": (4, 20),
              "raw, default: units that arrived": (0, 0)},
    seconds=1,
)
def lbfgs_needs_no_rate() -> Finding:
    """One neuron on the tumours in three units, from zeros, no random numbers: up to 200 evaluations with
    `line_search_fn="strong_wolfe"`, and with the default, which takes every step whole, lr 1, whether it helps or not.
    """
    searched = {units: float(arrival(by_lbfgs(*tumours(units))[1])) for units in ("raw", "divided", "standardised")}
    default = {units: float(arrival(by_lbfgs(*tumours(units), search=None)[1])) for units in ("raw", "standardised")}
    return Finding({f"{units}, strong Wolfe: evaluations": count for units, count in searched.items()} | {
        "standardised, default: evaluations": default["standardised"],
        "raw, default: units that arrived": float(default["raw"] < float("inf"))})
