"""What lesson 09 measures: three walks, how wrong a batch is, where SGD settles. Its other claims: batch_size_more."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.data import Examples
from course_utils.datasets import load_digits
from course_utils.explorers import noise_bench as bench
from course_utils.models import MultinomialLogisticRegression
from course_utils.optimum import fit_to_optimum
from course_utils.penalties import l2
from course_utils.plotting import (
    BLUE,
    GREY,
    MARKERS,
    ORANGE,
    PALETTE,
    describe,
    label_line_ends,
    new_axes,
    plot_ravine,
)
from course_utils.studies.batch_size_more import (  # noqa: F401  (the lesson's, too)
    clocks,
    generalisation,
    large_batch,
    linear_scaling,
)
from course_utils.study import Finding, study
from course_utils.surfaces import ravine
from course_utils.sweep import sweep

SEEDS = range(10)


def make_model() -> nn.Module:
    return MultinomialLogisticRegression(64, 10)


@study(question="How do three batch sizes walk down the same loss?",
       expected={"above the lowest, one at a time": (0.001, 0.2), "above the lowest, eleven": (0.005, 0.05),
                 "above the lowest, all": (0.1, 0.4)}, seconds=1)
def opening() -> Finding:
    """One neuron tells 363 threes and nines apart by their ink. From weights of 0, lr 0.3, three passes each."""
    walks = [bench.compute(batch=batch, lr=0.3, budget="3 epochs", falling=False) for batch in ("1", "11", "all")]

    def draw():
        from matplotlib import pyplot

        ground = bench.ground()
        _, axes = pyplot.subplots(1, 3, sharey=True)
        grid = torch.cartesian_prod(torch.linspace(-3, 0.6, 60), torch.linspace(-0.6, 4.5, 60)).double()
        height = F.softplus(-grid @ torch.tensor(ground.X).T).mean(1).reshape(60, 60) - ground.lowest
        for ax, walk, name in zip(axes, walks, ("one", "eleven", "all 363"), strict=True):
            ax.contour(grid[::60, 0], grid[:60, 1], height.T, levels=[0.003, 0.01, 0.03, 0.1, 0.2], colors="#BBBBBB",
                       linewidths=0.8, linestyles="-")
            ax.plot(*walk.path.T, ".-", color=ORANGE, linewidth=1, markersize=4)
            ax.plot(*ground.optimum, "*", color=BLUE, markersize=13, markeredgecolor="white")
            ax.set(xlabel="weight of all ink", title=f"{name}: {walk.updates:,} updates")
            describe(ax, f"Batches of {name}: after {walk.updates} updates the walk from (0, 0) is at "
                         f"({walk.path[-1][0]:.1f}, {walk.path[-1][1]:.1f}); the lowest point is at (−1.7, 3.1).")
        axes[0].set_ylabel("weight of the ink above")
        return axes[0]

    names = ("one at a time", "eleven", "all")
    return Finding({f"above the lowest, {name}": walk.heights[:, -1].mean()
                    for name, walk in zip(names, walks, strict=True)}, draw)


# ---- what a batch knows ----


def gradients(model: nn.Module, images: Examples) -> Tensor:
    """The gradient of every single image, (n, 650): of softmax regression it is (p − y) x, and p − y for the bias."""
    X, y = images
    with torch.no_grad():
        off = torch.softmax(model(X), dim=1) - F.one_hot(y, 10)                         # (n, 10)
    return torch.cat([(off[:, :, None] * X[:, None, :]).flatten(1), off], dim=1)


def noise_and_signal(G: Tensor) -> tuple[float, float]:
    """tr Σ, the mean squared distance of a row of G from their mean, and the squared length of that mean."""
    return G.var(dim=0, correction=0).sum().item(), G.mean(dim=0).square().sum().item()


def _squared_distance(G: Tensor, B: int, draws: int = 200) -> float:
    """Mean squared distance of a batch's gradient from that of all, over batches of B drawn at random."""
    rows = torch.randint(len(G), (draws, B), generator=torch.Generator().manual_seed(B))
    share = torch.zeros(draws, len(G)).scatter_add_(1, rows, torch.full((draws, B), 1 / B))
    return (share @ G - G.mean(dim=0)).square().sum(dim=1).mean().item()


@study(claim="The batch must be large enough for a good gradient", kind="true", verdict="true",
       evidence="The squared distance of a batch's gradient from that of all images falls as 1/B. As large as the "
                "gradient itself it is for 40 to 80 images at first, and for more than there are after 100 epochs.",
       expected={"slope of the noise against B, log-log": (-1.06, -0.94),
                 "noise scale before training (images)": (40, 80),
                 "noise scale after 10 epochs (images)": (150, 1_500),
                 "noise scale after 100 epochs (images)": (1_347, 20_000),
                 "runs in which it grew each time": (10, 10)}, seconds=6)
def noise_of_a_batch(sizes=(1, 4, 16, 64, 256, 1_024), ages=(0, 10, 100)) -> Finding:
    """Softmax regression on the digits, ten seeds, batches of 45 at lr 0.3; before training, after 10 epochs and after
    100. For each size 200 batches are drawn, and their gradients compared with that of all images."""
    digits = load_digits()

    def part(which: int):
        return lambda model: noise_and_signal(gradients(model, digits.train))[which]

    runs = sweep(make_model, digits, F.cross_entropy, lr=0.3, batch_size=45, epochs=list(ages), seeds=SEEDS,
                 metrics={"noise": part(0), "signal": part(1)})
    relative, scale = {}, {}
    for age in ages:
        model = runs.where(epochs=age, seed=0)[0].model
        G = gradients(model, digits.train)
        relative[age] = [_squared_distance(G, B) / noise_and_signal(G)[1] for B in sizes]
        scale[age] = np.divide(runs.where(epochs=age).values("noise"), runs.where(epochs=age).values("signal"))

    def draw():
        from matplotlib import pyplot

        _, (left, right) = pyplot.subplots(1, 2, width_ratios=(3, 2))
        for place, (age, colour) in enumerate(zip(ages, (BLUE, GREY, ORANGE), strict=True)):
            style = MARKERS[place] + ("-", "--", "-.")[place]
            left.plot(sizes, relative[age], style, color=colour, label=f"{age} epochs")
            right.plot(np.full(len(SEEDS), place), scale[age], MARKERS[place], color=colour, alpha=0.7)
            right.text(place + 0.15, scale[age].mean(), f"{scale[age].mean():,.0f}", va="center")
        left.axhline(1, color="black", linewidth=0.8, linestyle="-", label="_as large as the gradient")
        left.set(xscale="log", yscale="log", xlim=(0.8, 1.5e4), xlabel="batch size B",
                 ylabel="‖g − G‖² / ‖G‖², mean", title="Ten times the batch, a tenth of the noise")
        label_line_ends(left)
        right.set(yscale="log", xticks=range(len(ages)), xticklabels=ages, xlim=(-0.4, len(ages) + 0.1),
                  xlabel="epochs trained", ylabel="noise scale (images)", title="The noise scale grows")
        describe(right, "Noise scale of ten runs: " + "; ".join(
            f"after {age} epochs mean {v.mean():,.0f}, from {v.min():,.0f} to {v.max():,.0f}"
            for age, v in scale.items()) + ".")
        return describe(left, "Squared distance of a batch's gradient from that of all images, relative to the length "
                              "of the latter. " + "; ".join(
            f"after {age} epochs {r[0]:,.0f} for one image and {r[-1]:.2g} for 1,024" for age, r in relative.items())
            + ". Three parallel lines of slope −1.")

    slopes = [np.polyfit(np.log(sizes), np.log(ratio), 1)[0] for ratio in relative.values()]
    rows = np.array(list(scale.values()))                                               # (ages, seeds)
    means = {"before training": 0, "after 10 epochs": 1, "after 100 epochs": 2}
    return Finding({"slope of the noise against B, log-log": max(slopes, key=lambda slope: abs(slope + 1)),
                    **{f"noise scale {when} (images)": rows[row].mean() for when, row in means.items()},
                    "runs in which it grew each time": int((np.diff(rows, axis=0) > 0).all(axis=0).sum())}, draw)


# ---- where it settles ----


@study(question="Which direction of a ravine holds more of the noise?",
       expected={"spread across over spread along": (0.2, 0.26), "loss across over loss along": (0.85, 1.25)},
       seconds=1)
def ravine_at_rest(lr=0.005, noise=6.0, steps=3_000, starts=100) -> Finding:
    """Gradient descent at a constant lr from the bottom of a ravine, noise of one size added to both entries of every
    gradient; a hundred walks of 3,000 steps, lr a twentieth of 2/L. Where are they, and how much loss does each
    direction cost?"""
    surface = ravine(20.0)
    curvatures, columns = torch.linalg.eigh(surface.hessian(surface.optimum))
    generator = torch.Generator().manual_seed(0)
    w, seen = surface.optimum.repeat(starts, 1), []
    for _ in range(steps):
        kick = noise * torch.randn(starts, 2, generator=generator, dtype=torch.float64)
        w = w - lr * ((w - surface.optimum) @ surface.hessian(w[0]) + kick)
        seen.append(w)
    cloud = torch.stack(seen)[steps // 3:]                                              # (2000, 100, 2)
    spread = ((cloud - surface.optimum) @ columns).flatten(0, 1).std(dim=0)             # along, across
    cost = curvatures * spread**2 / 2

    def draw():
        ax = plot_ravine(surface, title="Narrow across, wide along: the noise costs about the same both ways")
        ax.plot(*cloud[::500].flatten(0, 1).T.numpy(), ".", color=ORANGE, markersize=3, alpha=0.6, zorder=2)
        return describe(ax, f"The ravine of lesson 5, and where noisy steps stay. They spread {spread[0]:.2f} along "
                            f"the floor and {spread[1]:.2f} across; in loss that is {cost[0]:.4f} and {cost[1]:.4f}.")

    return Finding({"spread across over spread along": (spread[1] / spread[0]).item(),
                    "loss across over loss along": (cost[1] / cost[0]).item()}, draw)


class _Digits:
    """Softmax regression with the penalty 0.01/2 · ‖W‖² on the digits, whose lowest loss is known."""

    def __init__(self):
        self.examples = load_digits().train
        self.ones = torch.cat([self.examples.X, torch.ones(len(self.examples.X), 1)], dim=1)    # bias: a column of ones
        self.targets = F.one_hot(self.examples.y, 10).float()
        self.penalty = torch.tensor([0.01] * 64 + [0.0])[:, None]
        self.lowest = fit_to_optimum(self.examples, penalty=l2(0.01))
        self.noise, _ = noise_and_signal(gradients(self.lowest.load_into(make_model()), self.examples))

    def height(self, W: Tensor) -> Tensor:
        """Loss above the lowest of each W (…, 65, 10)."""
        entropy = -(torch.log_softmax(self.ones @ W, dim=-1) * self.targets).sum(-1).mean(-1)
        return entropy + (self.penalty * W**2).sum((-1, -2)) / 2 - self.lowest.objective

    def settle(self, B: int, rates: list, falling: bool = False, updates: int = 1_500) -> Tensor:
        """(rates, 10): ten runs of each lr side by side, fresh draws; mean height of the last 300 updates.

        With a falling lr it is the height of the last update.
        """
        g, lr, late = torch.Generator().manual_seed(0), torch.tensor(rates)[:, None, None, None], []
        W = torch.zeros(len(rates), 10, 65, 10)
        for k in range(updates):
            rows = torch.randint(len(self.ones), (10, B), generator=g)
            p = torch.softmax(self.ones[rows] @ W, dim=-1)
            gradient = self.ones[rows].mT @ (p - self.targets[rows]) / B + self.penalty * W
            W = W - lr * (1 - k / updates if falling else 1) * gradient
            if k % 50 == 49 and k >= updates - 300:
                late.append(self.height(W))
        return late[-1] if falling else torch.stack(late).mean(0)


@study(claim="SGD takes one example at a time and reaches the minimum", kind="when",
       verdict="true if lr falls to 0, and not too fast",
       evidence="lr 0.1 with 15 images, 0.3 with 45 and 1 with 135 settle on one floor, 1.1 to 2.2 times as high as "
                "lr/B · tr Σ/4. With a learning rate that falls to 0 they end ten times lower or more.",
       expected={"lowest floor, as a multiple of lr/B · tr Σ/4": (1.1, 2.2),
                 "highest floor, as a multiple of lr/B · tr Σ/4": (1.1, 2.2),
                 "highest over lowest floor at lr/B = 1/150": (1.0, 1.4),
                 "mean end with a falling lr, as a share of the floor": (0.0, 0.1)}, seconds=9)
def floors() -> Finding:
    """From zero weights 1,500 updates, each with a batch drawn afresh; eight pairs of lr and B, ten runs each, mean
    height over the last 300 updates. Two of the pairs once more, with an lr that falls to 0 in a straight line."""
    digits = _Digits()
    settings = {1: [0.1, 0.3], 15: [0.1, 0.3, 1.0], 45: [0.3, 1.0], 135: [1.0]}
    floor = {(lr, B): heights for B, rates in settings.items()
             for lr, heights in zip(rates, digits.settle(B, rates), strict=True)}
    fallen = {(lr, B): digits.settle(B, [lr], falling=True)[0] for lr, B in [(0.3, 1), (1.0, 15)]}
    quarter = digits.noise / 4

    def draw():
        ax = new_axes()
        named = {(0.1, 1), (0.1, 15), (0.3, 45), (1.0, 135)}
        for (lr, B), heights in floor.items():
            kind = list(settings).index(B)
            ax.plot([lr / B] * 10, heights, MARKERS[kind], color=PALETTE[kind], alpha=0.6,
                    label=f"B = {B}" if (lr, B) in named else "_")
        for (lr, B), heights in fallen.items():
            ax.plot([lr / B] * 10, heights, "*", color="black", alpha=0.6, label="lr falls to 0" if B == 1 else "_")
        ax.plot([4e-3, 0.5], [4e-3 * quarter, 0.5 * quarter], color=GREY, linestyle="-", label="lr/B · tr Σ/4")
        ax.set(xscale="log", yscale="log", xlim=(4e-3, 3), xlabel="lr / B", ylabel="loss above the lowest",
               title="The floor goes with lr / B; a falling lr goes through it")
        ax.legend(loc="center right")
        return describe(ax, "Loss above the lowest, ten runs each. " + "; ".join(
            f"lr {lr:g}, B {B}: {h.mean():.3f}" for (lr, B), h in floor.items()) + ". lr falling to 0: " + "; ".join(
            f"lr {lr:g}, B {B}: {h.mean():.4f}" for (lr, B), h in fallen.items()) + ".")

    above = [(heights.mean() / (lr / B * quarter)).item() for (lr, B), heights in floor.items()]
    alike = [floor[pair].mean().item() for pair in ((0.1, 15), (0.3, 45), (1.0, 135))]
    return Finding({"lowest floor, as a multiple of lr/B · tr Σ/4": min(above),
                    "highest floor, as a multiple of lr/B · tr Σ/4": max(above),
                    "highest over lowest floor at lr/B = 1/150": max(alike) / min(alike),
                    "mean end with a falling lr, as a share of the floor":
                        max((heights.mean() / floor[pair].mean()).item() for pair, heights in fallen.items())}, draw)


# ---- the big batch in parts ----


@study(claim="The mean of the batches' means is the mean", kind="when", verdict="true if all batches have one size",
       evidence="Parts of 900, 400 and 47 images, each counted alike, give a gradient that is off by some 23 %. "
                "Weighted by their sizes they give that of all images to 1e-12.",
       expected={"off, each part counted alike (%)": (15, 35), "off, weighted by size": (0.0, 1e-12)}, seconds=0.2)
def mean_of_means(sizes=(900, 400, 47)) -> Finding:
    """Softmax regression before training, in double precision: the gradient of each part, their mean, and their mean
    weighted by the parts' sizes, beside the gradient of all images at once."""
    X, y = load_digits().train
    torch.manual_seed(0)
    model = make_model().double()

    def gradient(images: Tensor, labels: Tensor) -> Tensor:
        return torch.autograd.grad(F.cross_entropy(model(images), labels), model.linear.weight)[0]

    parts = [gradient(*part) for part in zip(X.double().split(sizes), y.split(sizes), strict=True)]
    whole, n = gradient(X.double(), y), sum(sizes)
    alike, weighted = sum(parts) / len(parts), sum(size / n * part for size, part in zip(sizes, parts, strict=True))
    return Finding({"off, each part counted alike (%)": (100 * (alike - whole).norm() / whole.norm()).item(),
                    "off, weighted by size": ((weighted - whole).norm() / whole.norm()).item()})
