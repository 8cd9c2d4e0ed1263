"""Lesson 08: what a network makes of careless labels, masks, thinned networks and their mean, and the labels' end.

The claims live in `dropout_claims` and the ways to train in `dropout_arms`; the claims are reached from here too.
"""

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F

from course_utils.data import Data, Examples
from course_utils.plotting import BLUE, GREY, ORANGE, describe, label_line_ends, new_axes, panels
from course_utils.studies.dropout_arms import (
    EPOCHS,
    RATES,
    SEEDS,
    THIN_RATES,
    answers,
    at_its_best,
    digits,
    labelled,
    least_believed,
    network,
    on_test,
    opinions,
    plot_seeds,
    repeated,
    trained,
    unseen,
    wrong,
)
from course_utils.studies.dropout_claims import (
    doubt,
    forgotten,
    half_is_best,
    harmless,
    prevents,
    share_off,
)
from course_utils.study import Finding, study
from course_utils.sweep import sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "committee", "doubt", "forgotten", "half_is_best", "harmless", "masks", "opening", "prevents", "relabel",
    "share_off", "twenty_opinions",
]
CHECKS = 80  # how many labels there is time to look at again


@study(
    question="What does a network learn from 300 labels, 90 of them pressed without looking?",
    expected={"labels it was given, learnt at the end (%)": (94, 99), "wrong labels repeated at the end (%)": (84, 94),
              "unseen digits right at best (%)": (85, 89), "unseen digits right at the end (%)": (70, 76)},
    seconds=2,
)
def opening() -> Finding:
    """Two hidden layers of 128, Adam at 0.003, batches of 50, 60 epochs, no dropout; ten seeds, each with its own 90
    careless labels, first weights and order. The unseen digits are the 400 of the validation part."""
    arm = trained()
    learnt, right = arm.learnt.mean(0), arm.valid.mean(0)

    def draw() -> "Axes":
        ax = new_axes()
        for curves, colour, style, label in ((arm.learnt, GREY, "--", "labels it repeats"),
                                             (arm.valid, BLUE, "-", "unseen digits right")):
            ax.plot(EPOCHS, curves.T, "-", color=colour, linewidth=0.6, alpha=0.4, label="_run")
            ax.plot(EPOCHS, curves.mean(0), color=colour, linestyle=style, label=label)
        ax.axhline(73, color=ORANGE, linestyle=":", linewidth=1.2, label="_right")
        ax.text(18, 69.5, "so many of the labels are right", color=ORANGE)
        ax.set(xlabel="epoch", ylabel="share (%)", xlim=(0, 60), ylim=(40, 102),
               title="It goes on learning labels, and answers ever fewer unseen digits")
        label_line_ends(ax)
        return describe(ax, f"In 60 epochs ten networks come to repeat {learnt[-1]:.0f} % of the labels they were "
                            f"given, of which 73 % are right. Of unseen digits {right.max():.0f} % are right at epoch "
                            f"{EPOCHS[int(right.argmax())]}, and {right[-1]:.0f} % at the end.")

    return Finding({"labels it was given, learnt at the end (%)": learnt[-1].item(),
                    "wrong labels repeated at the end (%)": repeated(arm.last).mean().item(),
                    "unseen digits right at best (%)": right.max().item(),
                    "unseen digits right at the end (%)": right[-1].item()}, draw)


@study(question="Who is off, in two steps?",
       expected={"off in step 1 (of 288)": (120, 168), "off in step 2 (of 288)": (120, 168)}, seconds=0.2)
def masks(p: float = 0.5) -> Finding:
    """A coin for each of 24 units and each of 12 examples, in two steps."""
    torch.manual_seed(8)
    on = torch.rand(2, 12, 24) >= p
    off = [int((~step).sum()) for step in on]

    def draw() -> "Axes":
        axes = panels(new_axes((7.0, 2.6)), 2)
        for number, ax in enumerate(axes):
            ax.imshow(on[number], cmap="Greys", vmin=0, vmax=1.6, aspect="auto")
            ax.set(xlabel="unit", xticks=[], yticks=[], ylabel="" if number else "example",
                   title=f"step {number + 1}: {off[number]} of 288 are off (white)")
            describe(ax, f"Step {number + 1}: a grid of 12 examples and 24 units. {off[number]} of 288 are white, "
                         "which is off, in no pattern and not where the other step has them.")
        return axes[0]

    return Finding({"off in step 1 (of 288)": off[0], "off in step 2 (of 288)": off[1]}, draw)


@study(
    question="How far is the mean of many thinned networks from the whole one?",
    expected={"off by, where eval() is over 99 % sure (mean)": (0.015, 0.05),
              "off by, elsewhere (mean)": (0.1, 0.24), "off by at most": (0.2, 0.45),
              "digits named differently (%)": (0, 1.2)},
    seconds=2,
)
def committee(times: int = 200) -> Finding:
    """One network, p = ½, trained on clean labels. Its probabilities for 1,097 unseen digits after eval(), and the mean
    of 200 passes with dropout on. The distance is that of the digit where the two differ most."""
    model, X = trained(p=0.5, share=0.0).last[0], unseen().X
    whole, mean = answers(model, X), opinions(model, X, times).mean(0)
    sure, gap = whole.amax(1), (mean - whole).abs().amax(1)

    def draw() -> "Axes":
        ax = new_axes()
        ax.plot(sure, gap, ".", color=BLUE, alpha=0.4)
        ax.set(xlabel="eval()'s probability for the digit it names", ylabel="largest difference",
               title=f"Where it is not sure, the mean of {times} is off by up to {gap.max():.2f}", ylim=(0, None))
        return describe(ax, f"A dot for each of 1,097 digits. Where eval() is over 99 % sure the mean of {times} "
                            f"thinned networks is off by {gap[sure > 0.99].mean():.2f} on average, elsewhere by "
                            f"{gap[sure <= 0.99].mean():.2f}; at most by {gap.max():.2f}.")

    return Finding({"off by, where eval() is over 99 % sure (mean)": gap[sure > 0.99].mean().item(),
                    "off by, elsewhere (mean)": gap[sure <= 0.99].mean().item(),
                    "off by at most": gap.max().item(),
                    "digits named differently (%)": 100 * (mean.argmax(1) != whole.argmax(1)).float().mean().item()},
                   draw)


@study(
    question="What do twenty opinions look like?",
    expected={"upright: lowest opinion on the sure digit": (0.9, 1.0), "on the torn digit": (0.0, 0.15),
              "sideways: lowest opinion on the digit it takes it for": (0.8, 1.0)},
    seconds=1,
)
def twenty_opinions() -> Finding:
    """One network, p = ½, clean labels, dropout left on for twenty passes. Shown are the unseen digit on which the
    opinions agree best, the one on which they scatter most, and, of those turned on their side, the one of which
    eval() is surest; 0 and 8, which look right sideways, are left out of these."""
    model, (X, y) = trained(p=0.5, share=0.0).last[0], unseen()
    sideways = X.view(-1, 8, 8).rot90(1, (1, 2)).flatten(1)
    upright, turned = answers(model, X), answers(model, sideways)
    said, said_turned = opinions(model, X, 20), opinions(model, sideways, 20)
    spread = said.std(0).gather(1, upright.argmax(1, keepdim=True))[:, 0]
    agreed, torn = int(spread.argmin()), int(spread.argmax())
    odd = int((turned.amax(1) - 2 * ((y == 8) | (y == 0)) - 2 * (turned.argmax(1) == y)).argmax())
    shown = {"agreed": (X[agreed], said[:, agreed], upright[agreed]), "torn": (X[torn], said[:, torn], upright[torn]),
             f"a {int(y[odd])} on its side": (sideways[odd], said_turned[:, odd], turned[odd])}
    lowest = [opinion[:, whole.argmax()].min().item() for _, opinion, whole in shown.values()]

    def draw() -> "Axes":
        from matplotlib import pyplot

        figure, rows = pyplot.subplots(2, 3, figsize=(7.5, 4.0), height_ratios=(2, 3), sharey="row")
        places = (torch.arange(10) + torch.linspace(-0.3, 0.3, 20)[:, None]).flatten()
        for (name, (pixels, opinion, whole)), top, ax in zip(shown.items(), *rows, strict=True):
            top.imshow(pixels.view(8, 8), cmap="Greys")
            top.set(xticks=[], yticks=[], title=name)
            ax.plot(places, opinion.flatten(), ".", color=BLUE, alpha=0.3)
            ax.plot(range(10), whole, "_", color="black", markersize=11, markeredgewidth=2)
            ax.set(xticks=range(10), xlabel="digit")
            one = opinion[:, whole.argmax()]
            describe(ax, f"{name}: eval() gives {whole.max():.2f} to {whole.argmax()}, twenty passes {one.min():.2f} "
                         f"to {one.max():.2f}, {int((opinion.argmax(1) == whole.argmax()).sum())} of them naming it.")
        rows[1][0].set_ylabel("probability")
        figure.suptitle("Twenty opinions (blue) and eval() (black): agreement, dispute, agreement on nonsense")
        return rows[1][0]

    return Finding(dict(zip(("upright: lowest opinion on the sure digit", "on the torn digit",
                             "sideways: lowest opinion on the digit it takes it for"), lowest, strict=True)), draw)


@study(
    question="80 labels can be checked. Whose doubt finds the wrong ones, and what is that worth?",
    expected={"labels that are wrong (of 300)": (79, 83), "found by chance": (17, 26),
              "found by the network that was trained on": (45, 58), "found with dropout": (69, 76),
              "found by a network without dropout, stopped in time": (69, 77),
              "right before, with dropout (%)": (87, 89.7), "right after 80 checks by chance (%)": (88, 91),
              "right after the 80 that dropout doubts (%)": (91, 93.6)},
    seconds=8,
)
def relabel(checks: int = CHECKS) -> Finding:
    """Ten seeds. Each network ranks the 300 labels by the probability it gives to them after eval(); the 80 lowest are
    looked at again and put right where they are wrong. Then the network with dropout learns anew, 60 epochs at the
    rate that validation chose. The others rank for comparison: 60 epochs at 0.003 without dropout; without dropout, at
    its own rate and stop; and 80 labels drawn by lot."""
    rate, thin = at_its_best(THIN_RATES, p=0.5)
    lot = [torch.randperm(300, generator=torch.Generator().manual_seed(1_000 + seed))[:checks] for seed in SEEDS]
    chosen = {"by lot": lot, "trained on": least_believed(trained().last, checks),
              "with dropout": least_believed(thin.last, checks),
              "stopped in time": least_believed(at_its_best(RATES)[1].stopped, checks)}
    found = {name: torch.tensor([wrong(seed)[rows[seed]].sum().item() for seed in SEEDS], dtype=torch.float)
             for name, rows in chosen.items()}
    before, by_lot, after = (on_test(thin.last), *(
        _learn_anew(chosen[name], rate) for name in ("by lot", "with dropout")))

    def draw() -> "Axes":
        left, right = panels(new_axes((7.8, 3.6)), 2, widths=(5, 3))
        labels = ("by lot", "no dropout,\ntrained on", "dropout", "no dropout,\nin time")
        plot_seeds(dict(zip(labels, found.values(), strict=True)), ylabel="wrong labels found",
                    title=f"Among {checks} labels", ax=left)
        plot_seeds({"before": before, "80 by lot": by_lot, "80 by\ndropout": after}, ylabel="unseen digits right (%)",
                    title="Learnt anew", ax=right)
        left.figure.suptitle("Who has not learnt the wrong labels can point at them")
        return left

    return Finding({
        "labels that are wrong (of 300)": sum(wrong(seed).sum().item() for seed in SEEDS) / len(SEEDS),
        "found by chance": found["by lot"].mean().item(),
        "found by the network that was trained on": found["trained on"].mean().item(),
        "found with dropout": found["with dropout"].mean().item(),
        "found by a network without dropout, stopped in time": found["stopped in time"].mean().item(),
        "right before, with dropout (%)": before.mean().item(),
        "right after 80 checks by chance (%)": by_lot.mean().item(),
        "right after the 80 that dropout doubts (%)": after.mean().item(),
    }, draw)


def _learn_anew(rows: list[torch.Tensor], rate: float) -> torch.Tensor:
    """(10,) per cent right of the test digits, when the labels in these rows have been put right."""
    def corrected(seed: int) -> Data:
        X, y = labelled(seed).train
        y = y.clone()
        y[rows[seed]] = digits().train.y[rows[seed]]
        return Data(Examples(X, y), digits().valid)

    runs = sweep(network, corrected, F.cross_entropy, lr=rate, p=0.5, optimizer=torch.optim.Adam, batch_size=50,
                 epochs=[60], seeds=SEEDS)
    return on_test([run.model for run in runs])
