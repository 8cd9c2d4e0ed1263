"""Lesson 05: two people and their units, how long each rule's steps are, and what becomes of what the learner builds.

The two people live in `optimizers_units` and the claims in `optimizers_claims`; both are reached from here.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils import optimizers as rules
from course_utils.datasets import load_digits
from course_utils.models import LogisticRegression
from course_utils.optimizers import Rule
from course_utils.plotting import BLUE, GREY, ORANGE, PALETTE, describe, label_line_ends, new_axes
from course_utils.studies.optimizers_claims import (
    adam_is_more_accurate,
    momentum_is_faster,
    mu_prevents_overshooting,
    one_rate_fits_all,
    weight_decay_is_l2,
)
from course_utils.studies.optimizers_units import (
    lbfgs_needs_no_rate,
    loss_at,
    lowest_loss,
    opening,
    slope_at,
    tumours,
    walk,
    way_out,
)
from course_utils.study import Finding, study
from course_utils.surfaces import descend, quadratic_bowl

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "adam_is_more_accurate", "farthest_from_torch", "free_bias", "lbfgs_needs_no_rate", "long_slope", "longest_steps",
    "misprint", "momentum_is_faster", "mu_prevents_overshooting", "one_rate_fits_all", "opening", "schedule", "tumours",
    "way_out", "weight_decay_is_l2",
]

@study(
    question="How long may a step be?",
    expected={"longest rate that arrives: gradient descent": (0.499, 0.5), "momentum 0.5": (0.749, 0.75),
              "momentum 0.9": (0.949, 0.95)},
    seconds=1,
)
def longest_steps() -> Finding:
    """A valley of curvature 4, w from 1. The longest rates are found by halving: does w shrink in 3,000 steps?"""
    valley = quadratic_bowl((4.0, 4.0))

    def longest(mu: float) -> float:
        low, high = 0.0, 2.0
        while high - low > 1e-4:
            middle = (low + high) / 2
            shrinks = descend(rules.momentum(middle, mu), valley, (1.0, 0.0), 3_000).points[-1, 0].abs() < 1
            low, high = (middle, high) if shrinks else (low, middle)
        return low

    def draw() -> "Axes":
        ax = new_axes()
        for lr, colour, style in ((0.05, BLUE, "-"), (0.45, GREY, "--"), (0.52, ORANGE, "-.")):
            path = descend(rules.sgd(lr), valley, (1.0, 0.0), 20)
            ax.plot(path.points[:, 0].numpy(), color=colour, linestyle=style, marker=".", label=f"lr {lr}")
        ax.set(xlabel="step", ylabel="w", xticks=range(0, 21, 5),
               title="At curvature 4, gradient descent never arrives with a rate above 0.5")
        label_line_ends(ax)
        return describe(ax, "w from 1 in 20 steps of gradient descent. With lr 0.05 it glides towards 0; with 0.45 it "
                            "jumps from side to side and settles; with 0.52 each jump is larger, up to nearly 5.")

    return Finding({"longest rate that arrives: gradient descent": longest(0.0), "momentum 0.5": longest(0.5),
                    "momentum 0.9": longest(0.9)}, draw)


@study(
    claim="The momentum rule reads coeff + lr · grad", kind="false", verdict="false: a misprint, the plus is a times",
    evidence="On ten classes it gives the losses of gradient descent, to 1e-6. On one neuron the loss climbs past 15.",
    expected={"ten classes: farthest from gradient descent": (0, 1e-6), "one neuron: loss at the end": (15, 30),
              "one neuron: loss with the right rule": (0, 0.2)},
    seconds=2,
)
def misprint(steps: int = 100) -> Finding:
    """A softmax regression on the digits and a neuron on the tumours, from 0, at lr 0.1: the rule as it was printed
    beside the right one and gradient descent. No random numbers."""
    digits = load_digits().train
    pixels = torch.cat([digits.X, torch.ones(len(digits.X), 1)], dim=1).double()
    ten_columns = F.one_hot(digits.y, 10).double()
    A, y = tumours()

    def on_digits(rule: Rule) -> Tensor:
        W = torch.zeros(65, 10).double()
        state, losses = rule.init(W), []
        for _ in range(steps + 1):
            losses.append(F.cross_entropy(pixels @ W, digits.y))
            W, state = rule.update(pixels.T @ (torch.softmax(pixels @ W, 1) - ten_columns) / len(pixels), state, W)
        return torch.stack(losses)

    three = {"momentum": rules.momentum(0.1), "gradient descent": rules.sgd(0.1),
             "misprint": rules.misprinted_momentum(0.1)}
    curves = {"Ten classes: nothing to see": {name: on_digits(rule) for name, rule in three.items()},
              "One neuron: it runs away": {name: walk(rule, A, y, steps) for name, rule in three.items()}}
    classes, neuron = curves.values()

    def draw() -> "Axes":
        from matplotlib import pyplot as plt

        _, axes = plt.subplots(1, 2)
        for ax, (title, losses) in zip(axes, curves.items(), strict=True):
            for (name, values), colour, style in zip(losses.items(), (BLUE, GREY, ORANGE), "--:", strict=True):
                ax.plot(values, color=colour, linestyle=style, linewidth=4 if style == ":" else 2, label=name)
            ax.set(xlabel="step", ylabel="loss", yscale="log", title=title)
            ticks = [tick for tick in (0.2, 0.3, 0.5, 1, 2, 5, 10, 20) if ax.get_ylim()[0] < tick < ax.get_ylim()[1]]
            ax.set_yticks(ticks, labels=[f"{tick:g}" for tick in ticks])
            ax.minorticks_off()
        axes[1].legend(loc="center right")
        describe(axes[0], f"On ten classes the misprinted rule lies exactly on gradient descent, at "
                          f"{classes['misprint'][-1]:.2g} after {steps} steps; momentum is far lower, at "
                          f"{classes['momentum'][-1]:.2g}.")
        return describe(axes[1], f"On one neuron the misprinted rule climbs from {neuron['misprint'][0]:.2g} to "
                                 f"{neuron['misprint'][-1]:.0f}; gradient descent falls to "
                                 f"{neuron['gradient descent'][-1]:.2g} and momentum to {neuron['momentum'][-1]:.2g}.")

    gap = (classes["misprint"] - classes["gradient descent"]).abs().max().item()
    return Finding({"ten classes: farthest from gradient descent": gap,
                    "one neuron: loss at the end": neuron["misprint"][-1].item(),
                    "one neuron: loss with the right rule": neuron["momentum"][-1].item()}, draw)


def joined(lr: float, beta1: float = 0.9, beta2: float = 0.999) -> Rule:
    """Momentum and RMSprop joined as they stand: Adam without its correction."""
    def joined_step(w: Tensor, m: Tensor, s: Tensor, g: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g**2
        return w - lr * m / (s.sqrt() + 1e-8), m, s

    return rules.from_step(joined_step)


@study(
    question="On a slope where every gradient is 1, how long is each step, in units of the learning rate?",
    expected={"Adagrad, step 100": (0.0999, 0.1001), "RMSprop, step 1": (9.99, 10.01),
              "joined, step 1": (3.16, 3.17), "joined, longest": (6.5, 6.6), "Adam, shortest": (0.999, 1.001),
              "Adam, longest": (0.999, 1.001)},
    seconds=1,
)
def long_slope(tried: dict[str, Rule] | None = None, steps: int = 100) -> Finding:
    """Rules at lr 1 on a slope without end: the gradient is 1 wherever they are. `joined` is momentum and RMSprop, put
    together without a correction."""
    walkers = tried or {"Adagrad": rules.adagrad(1.0), "RMSprop": rules.rmsprop(1.0), "joined": joined(1.0),
                             "Adam": rules.adam(1.0)}
    lengths = {}
    for name, rule in walkers.items():
        w, here = torch.zeros(1).double(), [0.0]
        state = rule.init(w)
        for _ in range(steps):
            w, state = rule.update(torch.ones(1).double(), state, w)
            here.append(w.item())
        lengths[name] = -np.diff(here)

    def draw() -> "Axes":
        ax = new_axes()
        for (name, values), colour, style in zip(lengths.items(), PALETTE, ("-", "--", "-.", ":"), strict=False):
            ax.plot(range(1, steps + 1), values, color=colour, linestyle=style, label=name)
        ax.axhline(1, color="#BBBBBB", linewidth=1, linestyle="-", label="_one", zorder=0)
        ax.set(xlabel="step", ylabel="length of the step, in lr", ylim=(0, None), xlim=(0, steps),
               title=f"Every gradient is 1; length of step {steps}: "
                     + ", ".join(f"{name} {values[-1]:.2f} lr" for name, values in lengths.items()))
        label_line_ends(ax)
        return describe(ax, "Length of each step in units of the learning rate. " + "; ".join(
            f"{name}: {values[0]:.2f} at first, {values[-1]:.2f} at step {steps}, {values.max():.2f} at most"
            for name, values in lengths.items()) + ".")

    measured = ({f"{name}, step {step}": values[step - 1] for name, values in lengths.items() for step in (1, steps)}
                if tried else
                {"Adagrad, step 100": lengths["Adagrad"][-1], "RMSprop, step 1": lengths["RMSprop"][0],
                 "joined, step 1": lengths["joined"][0], "joined, longest": lengths["joined"].max(),
                 "Adam, shortest": lengths["Adam"].min(), "Adam, longest": lengths["Adam"].max()})
    return Finding({name: float(value) for name, value in measured.items()}, draw)


def farthest_from_torch(rule: Rule, optimizer: Callable[..., torch.optim.Optimizer], steps: int = 50,
                        **settings: float) -> float:
    """The largest difference of a weight in `steps` steps of `rule` and of a torch optimizer, on the tumours."""
    A, y = tumours()
    ours, theirs = torch.zeros(4).double(), torch.zeros(4).double().requires_grad_()
    state, optimizer_of_torch, farthest = rule.init(ours), optimizer([theirs], **settings), 0.0
    for _ in range(steps):
        ours, state = rule.update(slope_at(A, y, ours), state, ours)
        optimizer_of_torch.zero_grad()
        loss_at(A, y, theirs).backward()
        optimizer_of_torch.step()
        farthest = max(farthest, (ours - theirs).abs().max().item())
    return farthest


@study(
    question="What does it cost to decay the bias?",
    expected={"mean probability, bias decays (%)": (52, 53.2), "mean probability, bias free (%)": (62.6, 62.9)},
    seconds=1,
)
def free_bias() -> Finding:
    """SGD with weight_decay 1 on the tumours, 300 steps at lr 0.5, from zeros: once with one group of parameters, once
    with the bias in a group of its own, without decay."""
    A, y = tumours()
    X, benign = A[:, :3].float(), y.float()

    def mean_probability(groups: Callable[[LogisticRegression], list]) -> float:
        model = LogisticRegression(3)
        torch.nn.init.zeros_(model.linear.weight)
        torch.nn.init.zeros_(model.linear.bias)
        optimizer = torch.optim.SGD(groups(model), lr=0.5, weight_decay=1.0)
        for _ in range(300):
            optimizer.zero_grad()
            F.binary_cross_entropy_with_logits(model(X), benign).backward()
            optimizer.step()
        return 100 * model.predict_proba(X).mean().item()

    return Finding({
        "mean probability, bias decays (%)": mean_probability(lambda model: list(model.parameters())),
        "mean probability, bias free (%)": mean_probability(lambda model: [
            {"params": [model.linear.weight]}, {"params": [model.linear.bias], "weight_decay": 0.0}])})


SCHEDULE = ("lowest with a constant rate (% above the optimum)", "lowest with a schedule (% above the optimum)",
            "the same in right answers (% of the tumours)")


@study(
    question="What does a learning rate gain that falls to 0?",
    expected=dict(zip(SCHEDULE, [(0.9, 2.6), (0.05, 0.3), (-0.5, 0.7)], strict=True)),
    seconds=2,
)
def schedule(lr_at: Callable[[int, int, float], float] | None = None, epochs: int = 12, seeds: int = 20) -> Finding:
    """Batches of 32, 12 epochs, 20 orders of the examples. Each arm at the best of seven rates spaced by 3, by the loss
    itself on the tumours that it trains on: what is asked is how low it comes."""
    A, y = tumours()
    first = torch.tensor([0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0]).double()
    lr_at = lr_at or (lambda epoch, epochs, first: first * (1 + math.cos(math.pi * epoch / epochs)) / 2)

    def ends(share: Callable[[int], float]) -> Tensor:
        generators = [torch.Generator().manual_seed(seed) for seed in range(seeds)]
        w = torch.zeros(len(first), seeds, 4).double()
        for epoch in range(epochs):
            order = torch.stack([torch.randperm(len(A), generator=g) for g in generators])
            for rows in order[:, :len(A) // 32 * 32].split(32, dim=1):
                x = A[rows]                                                              # (seeds, 32, 4)
                error = torch.sigmoid((x @ w[..., None])[..., 0]) - y[rows]
                w = w - share(epoch) * first[:, None, None] * (error[..., None] * x).mean(-2)
        return w

    arms = {"constant": ends(lambda epoch: 1.0), "from lr to 0": ends(lambda epoch: float(lr_at(epoch, epochs, 1.0)))}
    above = {name: 100 * (loss_at(A, y, w) / lowest_loss() - 1) for name, w in arms.items()}          # (rates, seeds)
    best = {name: int(values.mean(1).argmin()) for name, values in above.items()}
    right = {name: 100 * ((arms[name][best[name]] @ A.T > 0) == (y > 0)).double().mean().item() for name in arms}

    def draw() -> "Axes":
        ax = new_axes()
        for (name, values), colour, style in zip(above.items(), (ORANGE, BLUE), ("X--", "o-"), strict=True):
            ax.plot(first, values.mean(1), style, color=colour, label=name)
            ax.plot(first.repeat_interleave(seeds), values.flatten(), ".", color=colour, alpha=0.25, label="_orders")
            lowest = values.mean(1)[best[name]]
            ax.annotate(f"{lowest:.2g} %", (first[best[name]], lowest), (0, -14 if name != "constant" else 20),
                        textcoords="offset points", ha="center", fontweight="bold")
        ax.set(xscale="log", yscale="log", ylim=(0.01, 500), xlabel="learning rate at the start",
               ylabel="loss above the lowest (%)", title="Shrinking steps end lower; each at its best rate")
        ax.set_yticks([0.01, 0.1, 1, 10, 100], labels=["0.01", "0.1", "1", "10", "100"])
        ax.set_xticks(first.tolist(), labels=[f"{rate:g}" for rate in first.tolist()])
        ax.minorticks_off()
        label_line_ends(ax)
        return describe(ax, "Loss above the lowest after the last epoch, against the first learning rate. At its best "
                            "rate: " + ", ".join(f"{name} {values.mean(1)[best[name]]:.2f} %"
                                                 for name, values in above.items()) + ".")

    return Finding(dict(zip(SCHEDULE, [*(above[name].mean(1)[best[name]].item() for name in arms),
                                       right["from lr to 0"] - right["constant"]], strict=True)), draw)


