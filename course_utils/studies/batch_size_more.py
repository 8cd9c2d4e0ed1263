"""Four claims of lesson 09: whether a batch can be too large, what lr goes with it, which clock, which end."""

import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.data import Examples
from course_utils.datasets import load_digits
from course_utils.models import MLP, MultinomialLogisticRegression
from course_utils.plotting import BLUE, GREY, ORANGE, PALETTE, describe, label_line_ends, new_axes, plot_spread
from course_utils.study import Finding, study
from course_utils.sweep import Runs, corrected_interval, sweep
from course_utils.train import fit

SEEDS = range(10)
BATCHES = (15, 45, 135, 450, 1_347)
UPDATES = {15: 90, 45: 30, 135: 10, 450: 3, 1_347: 1}           # in one epoch of 1,347 digits


def make_model() -> MultinomialLogisticRegression:
    return MultinomialLogisticRegression(64, 10)



def _curve(ax, values: dict[int, list], colour, style: str, label: str) -> None:
    """The mean of each batch size's runs, and the runs."""
    ax.plot(list(values), [np.mean(v) for v in values.values()], style, color=colour, label=label)
    ax.plot(np.repeat(list(values), [len(v) for v in values.values()]), np.concatenate(list(values.values())), ".",
            color=colour, alpha=0.4, label="_runs")


def _listed(batches) -> str:
    return ", ".join(f"{B:,}" for B in batches)


def _batch_axis(ax, batches) -> None:
    ax.set(xscale="log", xlabel="batch size")
    ax.set_xticks(list(batches), [f"{B:,}" for B in batches])
    ax.minorticks_off()


@study(claim="Too large a batch learns badly", kind="misleading", verdict="misleading",
       evidence="Ten epochs at lr 0.1 give 93 to 96 % with batches of 15 and 30 to 55 % with all images. With the best "
                "of seven rates those ten updates give 87 to 93 %, and with 900 every size gives 94 or 95 %.",
       expected={"15 images, 10 epochs, lr 0.1 (% right)": (93, 96),
                 "all images, 10 epochs, lr 0.1 (% right)": (30, 55),
                 "15 images, 10 epochs, best rate (% right)": (95, 97.5),
                 "all images, 10 epochs, best rate (% right)": (87, 93),
                 "lowest mean after 900 updates, lr 0.1 (% right)": (93.5, 95.5),
                 "highest mean after 900 updates, lr 0.1 (% right)": (93.5, 95.5)}, seconds=8)
def large_batch(rates=(0.1, 0.3, 1.0, 3.0, 9.0, 27.0, 81.0)) -> Finding:
    """Softmax regression on the digits, five batch sizes, ten random starts. Ten epochs at lr 0.1; ten epochs with the
    best of seven rates, chosen by the accuracy on the validation images; 900 updates at lr 0.1."""
    digits = load_digits()
    arms: dict[str, dict[int, list[float]]] = {"900 updates": {}, "10 epochs, best lr": {}, "10 epochs": {}}
    best_rates = {}

    def right(some: Runs) -> list[float]:
        return [100 * share for share in some.values("valid_accuracy")]

    for B in BATCHES:                               # the runs of one size at a time: each remembers its every step
        runs = sweep(make_model, digits, F.cross_entropy, batch_size=B, lr=list(rates), epochs=[10], seeds=SEEDS)
        best = runs.at_best("lr", by="valid_accuracy")
        arms["10 epochs"][B], arms["10 epochs, best lr"][B] = right(runs.where(lr=0.1)), right(best)
        best_rates[B] = best[0]["lr"]
        arms["900 updates"][B] = right(sweep(make_model, digits, F.cross_entropy, batch_size=B, lr=0.1, seeds=SEEDS,
                                             epochs=[900 // UPDATES[B]]))

    def draw():
        ax = new_axes()
        for (name, values), colour, style in zip(arms.items(), (BLUE, GREY, ORANGE), ("o-", "s:", "X--"), strict=True):
            _curve(ax, values, colour, style, name)
        for B in BATCHES[1:]:
            ax.annotate(f"{10 * UPDATES[B]} updates", (B, np.mean(arms["10 epochs"][B])), (-8, -16), ha="right",
                        textcoords="offset points", color="#B04D00")
        _batch_axis(ax, BATCHES)
        ax.set(ylabel="validation accuracy (%)", xlim=(12, 1_600), ylim=(25, 101),
               title="At lr 0.1: equal updates, equal accuracy")
        label_line_ends(ax)
        return describe(ax, f"Validation accuracy for batches of {_listed(BATCHES)}. " + ". ".join(
            f"{name}: " + ", ".join(f"{np.mean(v):.1f}" for v in values.values()) for name, values in arms.items())
            + f". Single runs of the full batch after 10 epochs at lr 0.1: {min(arms['10 epochs'][1_347]):.0f} to "
              f"{max(arms['10 epochs'][1_347]):.0f}. Best rates: " + ", ".join(
                f"{rate:g}" for rate in best_rates.values()) + ".")

    after_900 = [np.mean(values) for values in arms["900 updates"].values()]
    return Finding({
        **{f"{name} images, 10 epochs, lr 0.1 (% right)": np.mean(arms["10 epochs"][B])
           for name, B in (("15", 15), ("all", 1_347))},
        **{f"{name} images, 10 epochs, best rate (% right)": np.mean(arms["10 epochs, best lr"][B])
           for name, B in (("15", 15), ("all", 1_347))},
        "lowest mean after 900 updates, lr 0.1 (% right)": min(after_900),
        "highest mean after 900 updates, lr 0.1 (% right)": max(after_900)}, draw)


def limit(model: nn.Module, images: Examples) -> float:
    """2/L of lesson 5, with L the largest curvature at the model's weights, found by repeated multiplication."""
    X, y = images
    ones = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    W, v = torch.cat([model.linear.weight.T, model.linear.bias[None]]).detach(), torch.ones(65, 10).cumsum(1)
    for _ in range(40):
        v = torch.autograd.functional.hvp(lambda W: F.cross_entropy(ones @ W, y), W, v / v.norm())[1]
    return 2 / v.norm().item()


@study(claim="k times the batch: k times the learning rate", kind="when",
       verdict="true while the longer step stays below 2/L, and beyond it only where updates enough are left",
       evidence="From four rates, 0.01 to 0.3, the loss after ten epochs stays within 4 % up to lr 0.9, even with ten "
                "updates, and at lr 2.7 if they are 100. With ten at lr 2.7 it is 20 to 60 % higher.",
       expected={"largest change of the loss, lr up to 0.9 (%)": (0, 4),
                 "change at lr 2.7 with 100 updates (%)": (-4, 4), "change at lr 2.7 with 10 updates (%)": (20, 60),
                 "2/L at the start": (0.9, 1.8)}, seconds=6)
def linear_scaling(bases=(0.01, 0.03, 0.1, 0.3)) -> Finding:
    """Batches of 15 at four learning rates, and k times the batch at k times the rate: the training loss after ten
    epochs, ten seeds. Beside it 2/L at the random starts, the limit of lesson 5."""
    digits = load_digits()
    loss: dict[float, dict[int, list]] = {base: {} for base in bases}
    for B in BATCHES:
        rates = [base * B / 15 for base in bases]
        runs = sweep(make_model, digits, F.cross_entropy, lr=rates, batch_size=B, epochs=[10], seeds=SEEDS)
        for base, lr in zip(bases, rates, strict=True):
            loss[base][B] = runs.where(lr=lr).values("train_loss")
    starts = sweep(make_model, digits, F.cross_entropy, lr=0.1, epochs=[0], seeds=range(3))
    bound = float(np.mean([limit(run.model, digits.train) for run in starts]))

    def change(base: float, B: int) -> float:
        return 100 * (np.mean(loss[base][B]) / np.mean(loss[base][15]) - 1)

    def draw():
        ax = new_axes()
        for base, colour, style in zip(bases, PALETTE, ("o-", "s--", "^-.", "X:"), strict=False):
            _curve(ax, loss[base], colour, style, f"from lr {base:g}")
            over = [B for B in BATCHES if base * B / 15 > bound]
            ax.plot(over, [np.mean(loss[base][B]) for B in over], "o", markersize=13, markerfacecolor="none",
                    markeredgecolor="black", linestyle="", label="_over")
        _batch_axis(ax, BATCHES)
        ax.set(yscale="log", ylabel="training loss after 10 epochs", xlim=(12, 1_600),
               title="k times the rate keeps the loss, while the step is short (circles: above 2/L)")
        ax.set_yticks([0.2, 1, 5, 25], ["0.2", "1", "5", "25"])
        ax.minorticks_off()
        label_line_ends(ax, {f"from lr {base:g}": f"  from lr {base:g}" for base in bases})      # clear of the circles
        return describe(ax, f"Training loss after ten epochs for batches of {_listed(BATCHES)}. "
                        + "; ".join(f"from lr {base:g}: " + ", ".join(f"{np.mean(v):.2f}" for v in values.values())
                                    for base, values in loss.items())
                        + f". Circles mark rates above 2/L at the start, {bound:.1f}.")

    short = [abs(change(base, B)) for base in bases for B in BATCHES if base * B / 15 < 1]
    return Finding({"largest change of the loss, lr up to 0.9 (%)": max(short),
                    "change at lr 2.7 with 100 updates (%)": change(0.3, 135),
                    "change at lr 2.7 with 10 updates (%)": change(0.03, 1_347), "2/L at the start": bound}, draw)


def first_below(runs: Runs, target: float) -> list[float]:
    """For each run the first epoch whose training loss is below `target`; infinite where it never is."""
    return [next((float(epoch) for epoch, loss in enumerate(run.history.train_loss) if loss < target), np.inf)
            for run in runs]


@study(claim="A larger batch trains faster", kind="when",
       verdict="true per epoch, false per image, and to a target true up to a point",
       evidence="From 5 images to 135 the updates to a loss of 0.15 fall from about 650 to 50, while the images looked "
                "at double. From 450 on, three times the batch saves hardly an update. An epoch in one batch takes "
                "less than a tenth of the time that it takes in batches of 5.",
       expected={"updates, batches of 5": (400, 900), "updates, batches of 135": (35, 70),
                 "updates, batches of 450": (25, 45), "updates, all images": (25, 45),
                 "images, all over batches of 5": (8, 22), "best rate, batches of 5": (0.3, 3),
                 "best rate, batches of 135 and more": (9, 9),
                 "seconds of an epoch, batches of 5 over all images": (10, 2_000)}, seconds=8)
def clocks(rates=(0.3, 1.0, 3.0, 9.0, 27.0), target=0.15) -> Finding:
    """Softmax regression on the digits, six batch sizes, each with the best of five rates: the one that comes first to
    a training loss of 0.15, mean of ten seeds, looked at after every epoch. The seconds are those of this machine."""
    digits = load_digits()
    most = {5: 6, 15: 8, 45: 10, 135: 14, 450: 24, 1_347: 60}                   # epochs, enough for the target
    best, epochs = {}, {}
    for B, longest in most.items():
        runs = sweep(make_model, digits, F.cross_entropy, lr=list(rates), seeds=SEEDS, batch_size=B, epochs=longest)
        means = {lr: float(np.mean(first_below(runs.where(lr=lr), target))) for lr in rates}
        best[B] = min(means, key=lambda lr: means[lr])
        epochs[B] = means[best[B]]

    def seconds_an_epoch(B: int) -> float:
        times = []
        for _ in range(4):
            model = make_model()
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            begin = time.perf_counter()
            fit(model, digits.train, F.cross_entropy, optimizer, epochs=1, batch_size=B, measure=False)
            times.append(time.perf_counter() - begin)
        return min(times)

    seconds = {B: seconds_an_epoch(B) for B in most}
    costs = {"images": np.array([1_347 * epochs[B] for B in most]),
             "updates": np.array([-(-1_347 // B) * epochs[B] for B in most]),
             "time, here": np.array([seconds[B] * epochs[B] for B in most])}

    def draw():
        ax = new_axes()
        looks = ((ORANGE, "X--"), (BLUE, "o-"), ("black", "s:"))
        for (name, cost), (colour, style) in zip(costs.items(), looks, strict=True):
            ax.plot(list(most), cost / cost.min(), style, color=colour, label=name)
        _batch_axis(ax, most)
        ax.set(yscale="log", ylabel="cost, as a multiple of the lowest",
               title="Large batches save updates, small ones save images")
        ax.set_yticks([1, 3, 10, 30], ["1", "3", "10", "30"])
        ax.minorticks_off()
        label_line_ends(ax)
        return describe(ax, f"Cost to the same training loss for batches of {_listed(most)}. "
                        + "; ".join(f"{name}: " + ", ".join(f"{c:.3g}" for c in (
                            cost / cost.min() if "time" in name else cost)) for name, cost in costs.items())
                        + ". Time is a multiple of the shortest, measured on this machine.")

    updates = dict(zip(most, costs["updates"], strict=True))
    return Finding({"updates, batches of 5": updates[5], "updates, batches of 135": updates[135],
                    "updates, batches of 450": updates[450], "updates, all images": updates[1_347],
                    "images, all over batches of 5": costs["images"][-1] / costs["images"][0],
                    "best rate, batches of 5": best[5],
                    "best rate, batches of 135 and more": float(np.mean([best[B] for B in (135, 450, 1_347)])),
                    "seconds of an epoch, batches of 5 over all images": seconds[5] / seconds[1_347]}, draw)


@study(claim="Large batches generalise worse", kind="not_found", verdict="not found here",
       evidence="At a training loss of 0.05, each at its best of five rates, batches of 45 and of all 1,347 images end "
                "level over ten splits: the interval of the difference holds 0, and reaches one point to either side.",
       expected={"all images minus 45, accuracy (points)": (-0.6, 0.6), "half the interval (points)": (0.2, 1.5),
                 "epochs, batches of 45": (6, 30), "epochs, all images": (150, 240)}, seconds=30)
def generalisation(rates=(0.1, 0.3, 1.0, 3.0, 9.0), target=0.05) -> Finding:
    """A network of 64 hidden units, ten splits of the digits. Batches of 45 and all images, each at five rates, until
    the training loss first falls below 0.05; of the rates that get there with every split, the one with the lowest
    validation loss at that moment. The splits overlap: the interval is the corrected one (Nadeau and Bengio, 2003)."""
    splits = [load_digits(seed=seed) for seed in SEEDS]
    ends = {}
    for B, longest in ((45, 60), (1_347, 240)):
        runs = sweep(lambda: MLP(64, 10, hidden=(64,)), lambda seed: splits[seed], F.cross_entropy, lr=list(rates),
                     batch_size=B, epochs=longest, seeds=SEEDS)
        arrived = {}
        for lr in rates:
            first = first_below(runs.where(lr=lr), target)
            if np.isfinite(first).all():
                at = [(run.history, int(epoch)) for run, epoch in zip(runs.where(lr=lr), first, strict=True)]
                arrived[lr] = (np.mean([history.valid_loss[epoch] for history, epoch in at]),
                               np.array([100 * history.valid_accuracy[epoch] for history, epoch in at]), np.mean(first))
        ends[B] = min(arrived.values(), key=lambda end: end[0])
    gap = corrected_interval(ends[1_347][1] - ends[45][1], test_share=450 / 1_797)

    def draw():
        return plot_spread({f"batches of {B:,}\n{epochs:.0f} epochs": right for B, (_, right, epochs) in ends.items()},
                           ylabel="validation accuracy (%)", title="At equal training loss no difference is found here")

    return Finding({"all images minus 45, accuracy (points)": gap.mean,
                    "half the interval (points)": (gap.high - gap.low) / 2,
                    "epochs, batches of 45": ends[45][2], "epochs, all images": ends[1_347][2]}, draw)
