"""The studies of lesson 04: a reader that somebody damaged, what a weight says, and what freezing buys.

Those of the drawer are in parameters_more.py.
"""

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.data import standardize, take
from course_utils.datasets import load_breast_cancer
from course_utils.models import MLP
from course_utils.optimum import fit_to_optimum
from course_utils.penalties import l2
from course_utils.plotting import BLUE, GREY, ORANGE, describe, plot_weights_as_images
from course_utils.studies._frozen_layers import DRAWS, arms, even_or_odd, first_layer, heads, low_and_high, mean
from course_utils.studies._reader import damaged_reader, new_digits, reader, received
from course_utils.studies.parameters_more import by_hand, elsewhere, gradient_left, listed, random_layer, stranger
from course_utils.study import Finding, study
from course_utils.sweep import sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "by_hand", "damaged_reader", "elsewhere", "freezing", "gradient_left", "importance", "listed", "opening",
    "random_layer", "reader", "received", "stranger",
]


@study(
    question="What came back?",
    expected={"digits read right, of 450": (40, 48), "the same before the accidents": (418, 434)},
    seconds=1,
)
def opening() -> Finding:
    """The ten rows of weights as pictures, the ten biases as bars, and how many new digits the reader gets right."""
    from matplotlib import pyplot

    model, digits = damaged_reader(), new_digits()
    right = {name: int((one(digits.X).argmax(dim=1) == digits.y).sum())
             for name, one in (("now", model), ("before", reader()))}

    def draw() -> "Axes":
        _, (left, ax) = pyplot.subplots(1, 2, figsize=(8.4, 3.5), width_ratios=(5, 2), layout="constrained")
        plot_weights_as_images(model.weight, (8, 8), ax=left)
        left.set_title("640 weights")
        bias = model.bias.detach()
        ax.barh(range(10), bias.numpy(), color=[ORANGE if k == bias.argmax() else BLUE for k in range(10)])
        ax.set(yticks=range(10), ylim=(9.6, -0.6), xlabel="bias")
        ax.set_title("10 biases")
        return describe(ax, f"Beside them the ten biases: that of {int(bias.argmax())} is {bias.max():.2f}, the others "
                            f"lie within ±{bias.sort().values[:-1].abs().max():.2f}. In the pictures the upper halves "
                            "have colour and the lower halves hardly any.")

    return Finding({"digits read right, of 450": right["now"], "the same before the accidents": right["before"]}, draw)


# ---- what a weight says ---------------------------------------------------------------------------------------------

@study(
    claim="The larger the weight, the more important the feature",
    kind="misleading",
    verdict="misleading",
    evidence="13 of 30 weights take both signs in thirty refits. Two refits agree on the ranking above 0.9 under a "
             "strong penalty, and below 0.55 under a weak one. The feature of the smallest weight orders 86 % of all "
             "pairs of patients rightly, alone.",
    expected={
        "weights that take both signs (of 30)": (10, 16),
        "rank agreement of one model in two units": (-0.3, 0.0),
        "rank agreement of two refits, strong penalty": (0.9, 1.0),
        "rank agreement of two refits, medium penalty": (0.5, 0.8),
        "rank agreement of two refits, weak penalty": (0.2, 0.55),
        "pairs that the feature of the smallest weight orders rightly (%)": (84, 88),
    },
    seconds=4,
)
def importance(refits: int = 30) -> Finding:
    """30 measurements of 569 tumours, benign or malignant, standardised; logistic regression at its optimum. Each refit
    draws 569 patients from the 569 with replacement (the bootstrap): patients that one could as well have had. The
    agreement is Spearman's, of the ranking by size: 1 is the same order, 0 is none. Penalties: scikit-learn's C of
    0.01, 1 and 100. The two units are the standard deviation and the raw one.
    """
    tumours = load_breast_cancer(valid_size=0)
    patients = standardize(tumours).train
    n = len(patients.y)

    def fitted(C: float, seed: int | None = None) -> Tensor:
        rows = torch.arange(n) if seed is None else \
            torch.randint(n, (n,), generator=torch.Generator().manual_seed(seed))
        return fit_to_optimum(take(patients, rows), penalty=l2(1 / (C * n)), tol=1e-6).weights

    def agreement(weights: Tensor) -> float:
        sizes = weights.abs()
        pairs = [rank_agreement(sizes[i], sizes[i + 1]) for i in range(0, refits - 1, 2)]
        return sum(pairs) / len(pairs)

    drawn = {C: torch.stack([fitted(C, seed) for seed in range(refits)]) for C in (0.01, 1, 100)}
    whole, medium = fitted(1), drawn[1]
    raw = whole / tumours.train.X.std(dim=0, correction=0)
    both = (medium > 0).any(dim=0) & (medium < 0).any(dim=0)
    smallest = int(whole.abs().argmin())
    alone = pairs_ordered(patients.y, patients.X[:, smallest])
    return Finding({
        "weights that take both signs (of 30)": int(both.sum()),
        "rank agreement of one model in two units": rank_agreement(whole.abs(), raw.abs()),
        "rank agreement of two refits, strong penalty": agreement(drawn[0.01]),
        "rank agreement of two refits, medium penalty": agreement(medium),
        "rank agreement of two refits, weak penalty": agreement(drawn[100]),
        "pairs that the feature of the smallest weight orders rightly (%)": 100 * max(alone, 1 - alone),
    }, lambda: _plot_refits(medium, both, tumours.feature_names))


def rank_agreement(a: Tensor, b: Tensor) -> float:
    """Spearman's: the correlation of the ranks, for numbers of which no two are equal."""
    ranks = torch.stack([a.argsort().argsort(), b.argsort().argsort()]).double()
    return torch.corrcoef(ranks)[0, 1].item()


def pairs_ordered(y: Tensor, x: Tensor) -> float:
    """The share of pairs, one of class 1 and one of class 0, whose x orders them so (a tie is a half): the area under
    the ROC curve."""
    ahead = x[y == 1][:, None] - x[y == 0]
    return ((ahead > 0).double() + 0.5 * (ahead == 0)).mean().item()


def _plot_refits(weights: Tensor, both: Tensor, names: tuple[str, ...]) -> "Axes":
    """A row a feature, a mark a refit, shape (refits, features)."""
    from matplotlib import pyplot

    _, ax = pyplot.subplots(figsize=(7, 6.2))
    order = weights.median(dim=0).values.argsort().tolist()
    for row, j in enumerate(order):
        colour, mark, size = (ORANGE, "x", 5) if both[j] else (BLUE, "|", 8)
        ax.plot(weights[:, j].numpy(), [row] * len(weights), mark, color=colour, alpha=0.7, markersize=size)
    ax.axvline(0, color="black", linewidth=1)
    ax.set_yticks(range(len(names)), [names[j] for j in order])
    ax.set(xlabel="weight per standard deviation (left of 0: speaks for malignant)", ylim=(-0.7, len(names) - 0.3))
    ax.text(0.15, 5, "same sign in every refit", color=BLUE, va="center")
    ax.text(-2.3, 21, "takes both signs", color=ORANGE, va="center")
    ax.set_title(f"{int(both.sum())} of {len(names)} weights change their sign with the draw of patients")
    return describe(ax, f"A row a feature, each with its weight in {len(weights)} refits. {int((~both).sum())} rows "
                        f"lie on one side of zero, among them {names[order[0]]}; {int(both.sum())} lie on both.")


# ---- what freezing buys ---------------------------------------------------------------------------------------------

@study(
    claim="Freezing parameters gives faster training and better results",
    kind="when",
    verdict="a step costs less; the result is better when the frozen part was trained for what you ask",
    evidence="Even or odd, from 40 labels: the frozen reader gets 96 %, pixels alone 84 %. Which of 5 to 9, from 40 "
             "labels: a layer trained on 0 to 4 and frozen gets 79 %, a random one 83 %, pixels alone 92 %. With the "
             "first of three layers frozen a step takes about 59 % of its operations.",
    expected={
        "even or odd, frozen reader (% right)": (94.5, 97.5),
        "even or odd, pixels alone (% right)": (81, 87),
        "frozen reader minus pixels, least of ten draws (points)": (4, 14),
        "even or odd, frozen reader, still damaged (% right)": (68, 85),
        "even or odd, what thawing the reader adds (points)": (-1, 1),
        "5 to 9, layer of 0 to 4 frozen (% right)": (75, 83),
        "5 to 9, the same thawed (% right)": (86, 94),
        "5 to 9, random layer frozen (% right)": (79, 88),
        "5 to 9, pixels alone (% right)": (89, 95),
        "pixels minus frozen layer, least of ten draws (points)": (4, 14),
        "operations of a step, first of three layers frozen (% of all)": (50, 65),
    },
    seconds=10,
)
def freezing() -> Finding:
    """Two questions, 40 labels each, ten draws of the 40. Is the digit even? Asked of the reader's ten probabilities,
    on images that it never saw. Which of 5 to 9 is it? Asked of 32 hidden units that were trained on 0 to 4. A head,
    and a model of the pixels, is at its optimum, at the best of seven penalties. What is trained as a whole is at the
    best of five learning rates and at its best step, which may be none: not to go on. All of these are chosen on 100
    further images; the rest judge, 310 and some 750. The draws share images: a gap counts where all ten draws have it.
    """
    low, high = low_and_high()
    layers = sweep(lambda: MLP(64, 5, hidden=(32,)), low, F.cross_entropy, lr=0.3, epochs=30, seeds=DRAWS)
    trained = [first_layer(run.model) for run in layers]
    as_it_was, as_it_came = reader(), damaged_reader()
    even = arms(even_or_odd(), lambda seed: as_it_was, 10)
    which = arms(high, lambda seed: trained[seed], 32)
    question = even_or_odd()
    damaged, _ = heads(question, lambda seed: lambda X: question.activation(as_it_came(X)), DRAWS)

    def least(a: list[float], b: list[float]) -> float:
        return min(x - y for x, y in zip(a, b, strict=True))

    pixels, frozen = "no layer: pixels", "pre-trained, frozen"
    thawing = round(mean(even["pre-trained, thawed"]) - mean(even[frozen]), 2) + 0.0       # no −0.00
    return Finding({
        "even or odd, frozen reader (% right)": mean(even[frozen]),
        "even or odd, pixels alone (% right)": mean(even[pixels]),
        "frozen reader minus pixels, least of ten draws (points)": least(even[frozen], even[pixels]),
        "even or odd, frozen reader, still damaged (% right)": mean(damaged),
        "even or odd, what thawing the reader adds (points)": thawing,
        "5 to 9, layer of 0 to 4 frozen (% right)": mean(which[frozen]),
        "5 to 9, the same thawed (% right)": mean(which["pre-trained, thawed"]),
        "5 to 9, random layer frozen (% right)": mean(which["random, frozen"]),
        "5 to 9, pixels alone (% right)": mean(which[pixels]),
        "pixels minus frozen layer, least of ten draws (points)": least(which[pixels], which[frozen]),
        "operations of a step, first of three layers frozen (% of all)": 100 * operations(1) / operations(0),
    }, lambda: _plot_arms({"Even or odd? The reader helps": even, "Which of 5 to 9? Frozen, it hurts": which}),
        data={"even or odd": even, "5 to 9": which})


def operations(frozen: int) -> int:
    """Multiplications and additions of one forward and backward pass through 784-512-512-10, as PyTorch counts them."""
    from torch.utils.flop_counter import FlopCounterMode

    net = MLP(784, 10, hidden=(512, 512))
    for layer in [part for part in net.layers if isinstance(part, nn.Linear)][:frozen]:
        layer.requires_grad_(False)
    with FlopCounterMode(display=False) as counter:
        F.cross_entropy(net(torch.zeros(128, 784)), torch.zeros(128).long()).backward()
    return counter.get_total_flops()


def _plot_arms(questions: dict[str, dict[str, list[float]]]) -> "Axes":
    """A panel a question, a row an arm: a mark for each draw, a bar at their mean."""
    from matplotlib import pyplot

    _, panels = pyplot.subplots(1, 2, figsize=(8, 3.2), sharex=True, sharey=True, layout="constrained")
    for ax, (title, rows) in zip(panels, questions.items(), strict=True):
        told = []
        for row, (name, right) in enumerate(rows.items()):
            colour = ORANGE if name.startswith("pre") else BLUE if name.startswith("no") else GREY
            ax.plot(right, [row] * len(right), "o", color=colour, alpha=0.6, markersize=5)
            middle = sum(right) / len(right)
            ax.plot([middle] * 2, [row - 0.3, row + 0.3], "-", color="black")
            told.append(f"{name} {middle:.0f} %, draws from {min(right):.0f} to {max(right):.0f}")
        ax.set(yticks=range(len(rows)), yticklabels=list(rows), ylim=(len(rows) - 0.5, -0.5),
               xlabel="right (%), mark: a draw, line: mean")
        ax.set_title(title)
        describe(ax, f"{title}. {'; '.join(told)}.")
    return panels[0]
