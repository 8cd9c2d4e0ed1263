"""Lesson 05, what people say about optimizers, tried."""

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils import optimizers as rules
from course_utils.data import Data
from course_utils.datasets import load_digits
from course_utils.models import MultinomialLogisticRegression
from course_utils.optimizers import Rule
from course_utils.plotting import BLUE, GREY, ORANGE, describe, label_line_ends, new_axes
from course_utils.studies.optimizers_units import arrival, loss_at, slope_at, tumours, walk
from course_utils.study import Finding, study
from course_utils.surfaces import descend, ravine
from course_utils.sweep import Runs, corrected_interval, sweep
from course_utils.train import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

FAMILY: "dict[str, Callable[..., Rule]]" = {
    "SGD": rules.sgd, "momentum": rules.momentum, "Nesterov": rules.nesterov, "Adagrad": rules.adagrad,
    "RMSprop": rules.rmsprop, "Adadelta": rules.adadelta, "Adam": rules.adam, "AdamW": rules.adamw}
RATES = torch.logspace(-4, 2, 13)


@study(
    claim="One learning rate fits all: 0.001 is a good start", kind="false", verdict="false",
    evidence="The best rates of RMSprop and Adadelta lie more than two powers of ten apart. At 0.001 no optimizer is "
             "near its best after five epochs, and three of eight are still guessing.",
    expected={"best rate of RMSprop": (0.009, 0.2), "best rate of Adam": (0.03, 0.35), "best rate of SGD": (1, 11),
              "best rate of Adadelta": (9, 110), "lowest loss at 0.001": (1.2, 1.6),
              "highest of the best losses": (0.14, 0.25), "seeds whose best rate is farther than a neighbour": (0, 0)},
    seconds=9,
)
def one_rate_fits_all(seeds: int = 10, epochs: int = 5) -> Finding:
    """Eight optimizers, 13 rates spaced by 3.2, ten seeds (start and order of the batches): 1,040 softmax regressions
    on the digits, batches of 50, validation loss after five epochs. All rates and seeds run side by side."""
    digits = load_digits()
    judged = digits.valid
    assert judged is not None, "a quarter of the digits is kept to judge"
    X, valid = (torch.cat([part.X, torch.ones(len(part.X), 1)], dim=1) for part in (digits.train, judged))
    targets = F.one_hot(digits.train.y, 10).float()

    def valid_loss(make_rule: "Callable[..., Rule]") -> Tensor:
        generators = [torch.Generator().manual_seed(seed) for seed in range(seeds)]
        start = torch.stack([(torch.rand(65, 10, generator=g) - 0.5) / 4 for g in generators])
        W, rule = start.expand(len(RATES), seeds, 65, 10), make_rule(lr=RATES[:, None, None, None])
        state = rule.init(W)
        for _ in range(epochs):
            order = torch.stack([torch.randperm(len(X), generator=g) for g in generators])
            for rows in order.split(50, dim=1):
                x = X[rows]                                                              # (seeds, 50, 65)
                gradient = x.mT @ (torch.softmax(x @ W, -1) - targets[rows]) / rows.shape[1]
                W, state = rule.update(gradient, state, W)
        log_p = torch.log_softmax(valid @ W, -1)                                         # (rates, seeds, 450, 10)
        return -log_p[:, :, torch.arange(len(valid)), judged.y].mean(-1)

    losses = torch.stack([valid_loss(make) for make in FAMILY.values()])                 # (8, rates, seeds)
    mean = losses.mean(-1)
    best = mean.argmin(1)
    far = ((losses.argmin(1) - best[:, None]).abs() > 1).sum()
    rate = {name: RATES[column].item() for name, column in zip(FAMILY, best, strict=True)}
    measured = {f"best rate of {name}": rate[name] for name in ("RMSprop", "Adam", "SGD", "Adadelta")}
    return Finding(measured | {"lowest loss at 0.001": mean[:, 2].min().item(),
                               "highest of the best losses": mean.amin(1).max().item(),
                               "seeds whose best rate is farther than a neighbour": float(far)},
                   functools.partial(_draw_strips, mean, losses.std(-1), best), data=rate)


def _draw_strips(mean: Tensor, spread: Tensor, best: Tensor) -> "Axes":
    """Loss by optimizer (row) and rate (column), the best of each row in numbers."""
    from matplotlib import pyplot as plt
    from matplotlib.colors import LogNorm

    ax = new_axes((7.0, 4.0))
    image = ax.imshow(mean, aspect="auto", cmap="viridis_r", norm=LogNorm(0.14, 2.3))
    for row, column in enumerate(best.tolist()):
        ax.text(column, row, f"{mean[row, column]:.2f}", ha="center", va="center", fontweight="bold")
        ax.text(12.7, row, f"± {spread[row, column]:.3f}", va="center")
    ax.axvline(2, color="white", linestyle="--")
    ax.set(xticks=range(0, 13, 2), xticklabels=["0.0001", "0.001", "0.01", "0.1", "1", "10", "100"], yticks=range(8),
           yticklabels=list(FAMILY), xlabel="learning rate (dashed: 0.001)",
           title="Each optimizer has its own scale of learning rate")
    colours = plt.colorbar(image, ax=ax, label="validation loss (2.3: guessing)", pad=0.12)
    colours.set_ticks([0.15, 0.3, 0.6, 1.2, 2.3], labels=["0.15", "0.3", "0.6", "1.2", "2.3"])
    colours.ax.minorticks_off()
    rows = list(zip(FAMILY, best.tolist(), mean, strict=True))
    return describe(ax, "Best learning rate and validation loss there: " + "; ".join(
        f"{name} {RATES[column]:.2g}, {losses[column]:.2f}" for name, column, losses in rows) + ". At 0.001: "
        + ", ".join(f"{name} {losses[2]:.2f}" for name, _, losses in rows) + ".")


@study(
    claim="Adam gives better accuracy", kind="misleading", verdict="misleading",
    evidence="Against SGD at 0.1 Adam is four to five points ahead. Against SGD and momentum at rates of their own the "
             "corrected interval holds 0.",
    expected={"Adam − SGD at 0.1 (points)": (3.3, 5.5), "± of it (corrected, 95 %)": (0.5, 2),
              "Adam − SGD at its best": (-0.9, 0.6), "± of that": (0.4, 2),
              "Adam − momentum at its best": (-0.8, 0.8), "± of this": (0.4, 2),
              "training loss of Adam / of SGD at its best": (0.4, 0.75)},
    seconds=8,
)
def adam_is_more_accurate(splits: int = 20) -> Finding:
    """Softmax regression on the digits, ten epochs, 20 random splits: 55 % to train, 20 % to choose each optimizer's
    rate, out of five spaced by 3, and 25 % to judge. Differences are taken split by split. The splits share most of
    their images, so the intervals are those of Nadeau and Bengio (2003)."""
    def split(seed: int) -> Data:
        return load_digits(seed=seed, valid_size=0.2, test_size=0.25)

    def right(runs: Runs) -> np.ndarray:
        """Percent of the test part, split by split."""
        scores = [evaluate(run.model, split(run.seed).test or split(run.seed).train, F.cross_entropy) for run in runs]
        return 100 * np.array([score.accuracy for score in scores], dtype=float)

    sweep_rates = functools.partial(sweep, lambda: MultinomialLogisticRegression(64, 10), split, F.cross_entropy,
                                    seeds=range(splits), epochs=[10], batch_size=50)
    plain = sweep_rates(lr=[0.1, 0.3, 1.0, 3.0, 10.0])
    sgd = plain.at_best("lr")
    momentum = sweep_rates(lr=[0.03, 0.1, 0.3, 1.0, 3.0], momentum=0.9).at_best("lr")
    adam = sweep_rates(lr=[0.01, 0.03, 0.1, 0.3, 1.0], optimizer=torch.optim.Adam).at_best("lr")
    gaps = {name: right(adam) - right(other) for name, other in (
        ("SGD at 0.1", plain.where(lr=0.1)), ("SGD at its best", sgd), ("momentum at its best", momentum))}
    intervals = {name: corrected_interval(gap, test_share=0.25) for name, gap in gaps.items()}

    def draw() -> "Axes":
        ax = new_axes((7.0, 3.0))
        for row, (name, gap) in enumerate(gaps.items()):
            mean, low, high, *_ = intervals[name]
            ax.plot(gap, row + np.linspace(0.12, 0.32, len(gap)), "o", color=BLUE, alpha=0.5, markersize=5)
            ax.errorbar(mean, row, xerr=[[mean - low], [high - mean]], color="black", marker="D", capsize=5)
        ax.axvline(0, color=GREY, linestyle="--", linewidth=1)
        ax.set(yticks=range(3), yticklabels=[f"Adam − {name}" for name in gaps], ylim=(2.6, -0.5),
               xlabel="test accuracy, points (each dot a split; bar: corrected 95 % interval)",
               title="Adam's lead is the other's learning rate")
        return describe(ax, "Adam's accuracy minus that of " + "; ".join(
            f"{name}: {mean:.1f} points, from {low:.1f} to {high:.1f}"
            for name, (mean, low, high, *_) in intervals.items()) + ".")

    measured: dict[str, float] = {}
    for (lead, half), interval in zip((("Adam − SGD at 0.1 (points)", "± of it (corrected, 95 %)"),
                                       ("Adam − SGD at its best", "± of that"),
                                       ("Adam − momentum at its best", "± of this")), intervals.values(), strict=True):
        measured |= {lead: interval.mean, half: interval.high - interval.mean}
    ratio = float(np.mean(adam.values("train_loss")) / np.mean(sgd.values("train_loss")))
    return Finding(measured | {"training loss of Adam / of SGD at its best": ratio}, draw)


@study(
    claim="Momentum makes it faster", kind="when", verdict="true when the problem is ill-conditioned and μ fits it",
    evidence="At κ = 1,000 gradient descent needs some 3,400 steps and momentum some 200; at κ = 2 they need 7 and 5. "
             "On the standardised tumours, each at its best of 13 rates, μ = 0.9 is the slower one.",
    expected={"κ 1,000: steps of gradient descent": (2_800, 3_800), "κ 1,000: steps of momentum": (150, 300),
              "κ 2: steps of gradient descent": (5, 9), "κ 2: steps of momentum": (3, 9),
              "tumours: steps of gradient descent": (5, 40), "tumours: steps at μ = 0.9": (20, 60)},
    seconds=4,
)
def momentum_is_faster() -> Finding:
    """Ravines of growing κ, ten random starts each, both rules with the best settings that theory gives: lr = 2/(1 + κ)
    and lr = 4/(1 + √κ)², μ = ((√κ − 1)/(√κ + 1))². Steps until the loss stays below a millionth. Then the tumours,
    to 1 % above the lowest loss."""
    def steps_needed(rule: Rule, kappa: float, most: int = 4_000) -> Tensor:
        h = torch.tensor([1.0, kappa]).double()
        w = torch.randn(10, 2, generator=torch.Generator().manual_seed(0)).double()
        state, target, last = rule.init(w), 1e-6 * (h * w**2).sum(-1), torch.zeros(10)
        for step in range(1, most):
            w, state = rule.update(h * w, state, w)
            high = (h * w**2).sum(-1) > target
            if not high.any() and step > last.max() + 20:                                # for good, not in passing
                break
            last[high] = step
        return last + 1

    kappas = (2, 10, 100, 1_000)
    plain = [steps_needed(rules.sgd(2 / (1 + k)), k) for k in kappas]
    heavy = [steps_needed(rules.momentum(4 / (1 + k**0.5) ** 2, ((k**0.5 - 1) / (k**0.5 + 1)) ** 2), k) for k in kappas]
    rates, (A, y) = torch.logspace(-1.5, 1.5, 13).double()[:, None], tumours()
    by_mu = {mu: arrival(walk(rules.momentum(rates, mu), A, y, 200, len(rates))).min().item() for mu in (0.0, 0.9)}

    def draw() -> "Axes":
        ax = new_axes()
        for name, counts, colour, style in (("gradient descent", plain, BLUE, "o-"),
                                            ("momentum", heavy, ORANGE, "X--")):
            ax.plot(kappas, [c.mean() for c in counts], style, color=colour, label=name)
            ax.plot(np.repeat(kappas, 10), torch.cat(counts), ".", color=colour, alpha=0.4, label="_starts")
        ax.set(xscale="log", yscale="log", xlabel="condition number κ", ylabel="steps to a millionth",
               title="Momentum pays when the valley is narrow")
        label_line_ends(ax)
        return describe(ax, "Steps needed against the condition number. " + "; ".join(
            f"κ {k}: gradient descent {p.mean():.0f}, momentum {h.mean():.0f}"
            for k, p, h in zip(kappas, plain, heavy, strict=True)) + ".")

    return Finding({"κ 1,000: steps of gradient descent": plain[3].mean().item(),
                    "κ 1,000: steps of momentum": heavy[3].mean().item(),
                    "κ 2: steps of gradient descent": plain[0].mean().item(),
                    "κ 2: steps of momentum": heavy[0].mean().item(),
                    "tumours: steps of gradient descent": by_mu[0.0], "tumours: steps at μ = 0.9": by_mu[0.9]}, draw)


@study(
    claim="A coefficient between 0 and 1 prevents overshooting", kind="false",
    verdict="false; momentum causes overshooting",
    evidence="At the same lr gradient descent never crosses the bottom. With μ = 0.9 it runs 15 % past it, with 0.99 "
             "some 86 %, the same share from each of 20 starts. What μ below 1 ensures is that the swinging dies out.",
    expected={"past the bottom at μ 0 (%)": (0, 0), "at μ 0.8": (0, 0.01), "at μ 0.9": (14, 16),
              "at μ 0.99": (80, 90), "spread over the starts at μ 0.99": (0, 0.01)},
    seconds=2,
)
def mu_prevents_overshooting() -> Finding:
    """200 steps at lr 0.01 along the floor of a ravine of κ = 100, from w₁ = 1; at μ = 0.99 also from 20 random starts.
    """
    def along(mu: float, start: float = 1.0) -> Tensor:
        return descend(rules.momentum(0.01, mu), ravine(100.0), (start, 0.0), 200).points[:, 0] / start

    paths = {mu: along(mu) for mu in (0.0, 0.8, 0.9, 0.99)}
    past = {mu: 100 * max(0.0, -path.min().item()) for mu, path in paths.items()}
    shares = [-100 * along(0.99, start).min().item() for start in np.random.default_rng(0).normal(size=20)]

    def draw() -> "Axes":
        ax = new_axes()
        for (mu, path), colour, style in zip(paths.items(), (GREY, BLUE, ORANGE, "black"), ("-", "--", "-", ":"),
                                             strict=True):
            ax.plot(path, color=colour, linestyle=style, label=f"μ = {mu:g}")
        ax.axhline(0, color=GREY, linewidth=0.8, label="_bottom")
        ax.set(xlabel="step", ylabel="w₁ (the bottom is at 0)", xlim=(0, 215), title="Momentum is what overshoots")
        label_line_ends(ax)
        return describe(ax, "w₁ from 1 along the floor of a ravine. Past the bottom: " + ", ".join(
            f"{share:.0f} % with μ {mu:g}" for mu, share in past.items()) + ".")

    measured: dict[str, Any] = {f"at μ {mu:g}": share for mu, share in past.items() if mu}
    return Finding({"past the bottom at μ 0 (%)": past[0.0]} | measured
                   | {"spread over the starts at μ 0.99": float(np.ptp(shares))}, draw)


@study(
    claim="Weight decay is an L2 penalty", kind="when", verdict="true for SGD, false for AdamW",
    evidence="At λ = 1 SGD and Adam settle where the penalised loss is lowest, with the largest weight at 0.26. AdamW "
             "grows past 0.9, towards the edge of its box, |w| ≤ 1/λ.",
    expected={"largest weight, penalised optimum": (0.25, 0.28), "largest weight, SGD": (0.25, 0.28),
              "largest weight, Adam": (0.25, 0.28), "largest weight, AdamW": (0.9, 1.0)},
    seconds=3,
)
def weight_decay_is_l2(steps: int = 3_000) -> Finding:
    """The tumours, `weight_decay=1` on the three weights and not on the bias, 3,000 steps from zeros: SGD at lr 1, Adam
    and AdamW at 0.03. The optimum of loss + ½ λ ‖w‖² by Newton's method."""
    A, y = tumours()
    decay = torch.tensor([1.0, 1.0, 1.0, 0.0]).double()

    def settled(rule: Rule) -> Tensor:
        w = torch.zeros(4).double()
        state = rule.init(w)
        for _ in range(steps):
            w, state = rule.update(slope_at(A, y, w), state, w)
        return w

    optimum = torch.zeros(4).double()
    for _ in range(20):
        slope = slope_at(A, y, optimum) + decay * optimum
        hessian = torch.autograd.functional.hessian(lambda w: loss_at(A, y, w), optimum) + torch.diag(decay)
        optimum = optimum - torch.linalg.solve(hessian, slope)
    ends = {"penalised optimum": optimum, "SGD": settled(rules.sgd(1.0, weight_decay=decay)),
            "Adam": settled(rules.adam(0.03, weight_decay=decay)),
            "AdamW": settled(rules.adamw(0.03, weight_decay=decay))}

    def draw() -> "Axes":
        ax = new_axes()
        for place, (name, w) in enumerate(ends.items()):
            ax.plot([place] * 3, w[:3].abs(), "o", color=ORANGE if name == "AdamW" else BLUE, markersize=9)
        ax.axhline(1, color=GREY, linestyle="--")
        ax.text(0, 0.97, "the box: 1/λ", va="top", color=GREY)
        ax.set(xticks=range(4), xticklabels=list(ends), ylim=(0, 1.1), ylabel="sizes of the three weights",
               title="At λ = 1 three meet the penalty's optimum, AdamW its box")
        return describe(ax, "Sizes of the three weights. " + "; ".join(
            f"{name}: {', '.join(f'{size:.2f}' for size in w[:3].abs())}" for name, w in ends.items()) + ".")

    return Finding({f"largest weight, {name}": w[:3].abs().max().item() for name, w in ends.items()}, draw)
