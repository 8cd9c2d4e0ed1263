"""The experiments of lesson 03: a ten-way decision, softmax applied twice, yes/no models against one budget."""

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.data import Data, Examples, standardize
from course_utils.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from course_utils.metrics import accuracy
from course_utils.optimum import fit_to_optimum
from course_utils.penalties import l2
from course_utils.plotting import BLUE, GREY, ORANGE, describe, panels, plot_decision, text_colour
from course_utils.study import Finding, study
from course_utils.sweep import Interval, Runs, corrected_interval, mean_interval, sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FLOOR = 1.4612                          # log(e + 9) − 1: one sure 1 and nine 0s, taken for scores


@study(question="What does a ten-way decision look like inside?")
def opening() -> Finding:
    """Softmax regression of ten classes, at the optimum with l2 strength 1/n, and one unseen 3 with a flat top."""
    digits = load_digits()
    best = fit_to_optimum(digits.train, penalty=l2(1 / len(digits.train.y)), tol=1e-6)
    three = cast(Examples, digits.valid).X[70]
    return Finding({}, data=best, draw=lambda: plot_decision(best.weights, best.bias, three, (8, 8)))


# --- softmax, twice --------------------------------------------------------------------------------------------------
@study(
    claim="`forward` should return probabilities, so end the model with softmax",
    kind="false",
    verdict="false where the loss takes logits",
    evidence="Each at its best of five rates, the softmax layer is 12 to 32 points behind after three epochs, 3 to 16 "
             "after ten, and within 2 after a hundred. Its training loss sticks above 1.461 throughout.",
    expected={
        "points behind after 3 epochs": (12, 32),
        "points behind after 10 epochs": (3, 16),
        "points behind after 30 epochs": (0.7, 6),
        "points behind after 100 epochs": (-0.3, 2),
        "starts without a single 8 after 3 epochs": (6, 10),
        "class whose mean image is nearest to the mean of all": (8, 8),
        "lowest training loss of the softmax layer": (FLOOR, 1.6),
    },
    seconds=9,
)
def double_softmax(
    rates: Sequence[float] = (0.3, 1.0, 3.0, 10.0, 30.0), epochs: Sequence[int] = (3, 10, 30, 100), starts: int = 10,
) -> Finding:
    """Ten starts with logits, ten with a softmax layer before the same loss, in batches of 32.

    A half of the digits to learn from, a quarter that chooses the rate by its accuracy, for each arm and each number of
    epochs anew, and a quarter to be judged by.
    """
    digits = load_digits(valid_size=0.25, test_size=0.25)
    train, test = digits.train, cast(Examples, digits.test)
    models = {"logits": lambda: nn.Linear(64, 10),
              "softmax layer": lambda: nn.Sequential(nn.Linear(64, 10), nn.Softmax(dim=1))}
    metrics = {"right": lambda model: 100 * accuracy(model(test.X), test.y),
               "eights": lambda model: (model(test.X[test.y == 8]).argmax(dim=1) == 8).sum().item()}
    with warnings.catch_warnings():                                          # the course warns, PyTorch does not
        warnings.simplefilter("ignore")
        runs = sweep(models, digits, F.cross_entropy, lr=list(rates), epochs=list(epochs), seeds=range(starts),
                     metrics=metrics)
    best = runs.at_best("lr", by="valid_accuracy", within=["model", "epochs"])
    right = {name: [best.where(model=name, epochs=number).values("right") for number in epochs] for name in models}
    behind = {f"points behind after {number} epochs": mean_interval(a - b for a, b in zip(*pair, strict=True)).mean
              for number, pair in zip(epochs, zip(*right.values(), strict=True), strict=True)}
    twice = best.where(model="softmax layer")
    from_mean = [(train.X[train.y == k].mean(dim=0) - train.X.mean(dim=0)).norm().item() for k in range(10)]
    return Finding(
        behind | {
            f"starts without a single 8 after {epochs[0]} epochs":
                sum(named == 0 for named in twice.where(epochs=epochs[0]).values("eights")),
            "class whose mean image is nearest to the mean of all": from_mean.index(min(from_mean)),
            "lowest training loss of the softmax layer": min(twice.where(epochs=epochs[-1]).values("train_loss"))},
        draw=lambda: _draw_twice(runs, right, epochs), data=runs)


def _draw_twice(runs: Runs, right: dict[str, list[list[float]]], epochs: Sequence[int]) -> "Axes":
    from matplotlib import pyplot
    losses, points = panels(pyplot.subplots()[1], 2)
    for name, colour, style in (("logits", BLUE, "-"), ("softmax layer", ORANGE, "--")):
        arm = runs.where(model=name)
        steady = arm.where(lr=arm.where(epochs=epochs[-1]).at_best("lr", by="valid_accuracy")[0]["lr"])
        for seed in {run.seed for run in steady}:
            losses.plot(epochs, steady.where(seed=seed).values("train_loss"), style, color=colour, linewidth=0.8)
        means = [mean_interval(values) for values in right[name]]
        away = [[mean.mean - mean.low for mean in means], [mean.high - mean.mean for mean in means]]
        points.errorbar(epochs, [mean.mean for mean in means], away, color=colour, ls=style, capsize=4, label=name)
    losses.axhline(FLOOR, color="black", linestyle=":", linewidth=1.5)
    losses.text(epochs[-1], FLOOR - 0.04, "floor 1.461", ha="right", va="top")
    losses.set(ylim=(0, 2.6), ylabel="training loss", title="One loss has a floor")
    points.set(ylim=(50, 100), ylabel="right (%)", title="Each at its best rate")
    for ax in (losses, points):
        ax.set(xscale="log", xlabel="epochs", xlim=(epochs[0] / 1.2, epochs[-1] * 1.2))
        ax.set_xticks(epochs, [str(number) for number in epochs])
        ax.minorticks_off()
    points.legend(loc="lower right")
    describe(losses, "Training loss: with logits it falls towards 0, with a softmax layer it stays above 1.461.")
    said = "; ".join(f"{number} epochs: {a.mean:.1f} and {b.mean:.1f} %" for number, a, b in
                     zip(epochs, *([mean_interval(values) for values in arm] for arm in right.values()), strict=True))
    return describe(points, f"Share of unseen digits named rightly, with logits and with a softmax layer. {said}.")


# --- one budget or many ----------------------------------------------------------------------------------------------
class Compared(NamedTuple):
    """What softmax gains over one-vs-rest on one data set, over random splits of it."""

    equal_strength: Interval            # points gained by softmax, both at the first strength
    points: Interval                    # points gained by softmax, each at its own strength
    log_loss: Interval                  # what one-vs-rest pays more, each at its own strength
    ratio: float                        # of the mean log losses
    sums: list[Tensor]                  # of each row of yes/no answers


@study(
    claim="More than two classes? Train one yes/no model for each",
    kind="misleading",
    verdict="as good for the decision as these data can tell, worse for the probabilities on two of three",
    evidence="At one penalty for both, softmax is 3 to 7 points ahead on iris, on average. With their own the yes/no "
             "models come within 4 there and within 1 elsewhere; every interval holds 0. Their log loss is about twice "
             "as high on iris, a third higher on the digits, and equal on wine.",
    expected={
        "points gained on iris, one penalty for both": (3, 7),
        "points gained on iris, to each its own": (0, 4),
        "points gained on wine, to each its own": (-1, 1),
        "points gained on digits, to each its own": (-0.3, 1.2),
        "of these three intervals, hold 0": (3, 3),
        "log loss on iris, one-vs-rest ÷ softmax": (1.5, 3),
        "log loss on wine, one-vs-rest ÷ softmax": (0.8, 1.3),
        "log loss on digits, one-vs-rest ÷ softmax": (1.2, 1.6),
        "smallest sum of the yes/no answers": (0, 0.2),
        "largest sum": (1.5, 4),
    },
    seconds=12,
)
def one_vs_rest(
    strengths: Sequence[float] = (0.01, 0.003, 0.001, 0.0003, 0.0001), splits: int = 20, digit_splits: int = 10,
) -> Finding:
    """Both fitted to their optimum on a half of the data, at five strengths of l2, over 20 random splits (digits: 10).

    A quarter chooses the strength, for each of the two anew, by the mean log loss; a quarter judges. To compare the
    probabilities each row of yes/no answers is divided by its sum, as scikit-learn does. The splits of a data set
    overlap, so the intervals are corrected (Nadeau and Bengio, 2003).
    """
    loaders = {"iris": (load_iris, splits), "wine": (load_wine, splits), "digits": (load_digits, digit_splits)}
    found = {name: _compared(load, strengths, number) for name, (load, number) in loaders.items()}
    sums = torch.cat([row for result in found.values() for row in result.sums])
    return Finding(
        {"points gained on iris, one penalty for both": found["iris"].equal_strength.mean}
        | {f"points gained on {name}, to each its own": one.points.mean for name, one in found.items()}
        | {"of these three intervals, hold 0": sum(one.points.low < 0 < one.points.high for one in found.values())}
        | {f"log loss on {name}, one-vs-rest ÷ softmax": one.ratio for name, one in found.items()}
        | {"smallest sum of the yes/no answers": sums.min().item(), "largest sum": sums.max().item()},
        draw=lambda: _draw_compared(found), data=found)


def _yes_no(examples: Examples, inputs: Sequence[Tensor], strength: float) -> list[Tensor]:
    """The K yes/no answers for each row, (n, K), from K models fitted one by one; one table for each of `inputs`."""
    answers = []
    for k in range(int(examples.y.max()) + 1):
        model = fit_to_optimum(Examples(examples.X, (examples.y == k).float()), penalty=l2(strength), tol=1e-6)
        answers.append([model.predict_proba(X) for X in inputs])
    return [torch.stack(columns, dim=1) for columns in zip(*answers, strict=True)]


def _compared(load: Callable[..., Data], strengths: Sequence[float], splits: int) -> Compared:
    right, loss = torch.zeros(2, 2, 2, len(strengths), splits).double()      # arm, part, strength, split
    sums = []
    for split in range(splits):
        data = standardize(load(valid_size=0.25, test_size=0.25, seed=split))
        parts = cast(Sequence[Examples], (data.valid, data.test))            # one chooses, one judges
        for i, strength in enumerate(strengths):
            together = fit_to_optimum(data.train, penalty=l2(strength), tol=1e-6)
            alone = _yes_no(data.train, [part.X for part in parts], strength)
            sums.append(alone[1].sum(dim=1))
            for j, part in enumerate(parts):
                for arm, p in enumerate((together.predict_proba(part.X), alone[j] / alone[j].sum(dim=1, keepdim=True))):
                    right[arm, j, i, split] = 100 * accuracy(p, part.y)
                    loss[arm, j, i, split] = F.nll_loss(p.log(), part.y)
    own = loss[:, 0].mean(dim=-1).argmin(dim=-1)                             # each arm's strength
    points, paid = (table[[0, 1], 1, own] for table in (right, loss))
    gains = (right[0, 1, 0] - right[1, 1, 0], points[0] - points[1], paid[1] - paid[0])
    equal, own_points, own_loss = (corrected_interval(gain.tolist(), test_share=1 / 3) for gain in gains)
    return Compared(equal, own_points, own_loss, (paid[1].mean() / paid[0].mean()).item(), sums)


def _draw_compared(found: dict[str, Compared]) -> "Axes":
    from matplotlib import pyplot
    points, loss = panels(pyplot.subplots(figsize=(7.0, 3.0))[1], 2)
    for row, result in enumerate(found.values()):
        for ax, interval in ((points, result.points), (loss, result.log_loss)):
            ax.plot([interval.low, interval.high], [row, row], color=BLUE, linestyle="-", linewidth=2)
            ax.plot([interval.mean], [row], "o", color=BLUE)
    iris = found["iris"].equal_strength
    points.plot([iris.low, iris.high], [-0.3, -0.3], color=ORANGE, linestyle="--", linewidth=1.5)
    points.plot([iris.mean], [-0.3], "o", color=ORANGE)
    points.text(iris.mean, -0.42, "one penalty for both", ha="center", color=text_colour(ORANGE))
    for ax, names in ((points, list(found)), (loss, [""] * len(found))):
        ax.axvline(0, color=GREY, linestyle=":", linewidth=1.2)
        ax.set(yticks=range(len(found)), yticklabels=names, ylim=(len(found) - 0.5, -0.9))
    points.set(xlabel="points gained by softmax", title="Right answers")
    loss.set(xlabel="log loss saved by softmax", title="Probabilities")
    each = "; ".join(f"{name}: {one.points.mean:.1f} points ({one.points.low:.1f} to {one.points.high:.1f}), log loss "
                     f"{one.log_loss.mean:.3f} ({one.log_loss.low:.3f} to {one.log_loss.high:.3f})"
                     for name, one in found.items())
    return describe(points, f"What softmax gains over one-vs-rest, corrected 95 % intervals. {each}.")


# --- in the drawer ---------------------------------------------------------------------------------------------------
@study(
    claim="For two classes, softmax and sigmoid are the same model",
    kind="when",
    verdict="true as a formula, false as a fit, unless you halve the penalty",
    evidence="At equal penalty the weights of softmax come out 1.1 to 1.4 times as long, in each of ten halves of the "
             "tumour data: two vectors share w, and pay for half of it. With half of the strength for the sigmoid the "
             "two agree to 1e-6.",
    expected={"shortest, softmax ÷ sigmoid": (1.1, 1.4), "longest, softmax ÷ sigmoid": (1.1, 1.4),
              "apart at half the strength": (0, 1e-6)},
    seconds=1,
)
def two_classes(strength: float = 0.01, halves: int = 10) -> Finding:
    """Both models at their optimum, on ten random halves of the tumours: w₁ − w₀ of softmax beside w of the sigmoid."""
    longer, apart = [], []
    for seed in range(halves):
        tumours = standardize(load_breast_cancer(valid_size=0.5, seed=seed)).train
        two = fit_to_optimum(tumours, penalty=l2(strength), n_classes=2)
        w = two.weights[1] - two.weights[0]
        longer.append((w.norm() / fit_to_optimum(tumours, penalty=l2(strength)).weights.norm()).item())
        apart.append((w - fit_to_optimum(tumours, penalty=l2(strength / 2)).weights).abs().max().item())
    return Finding({"shortest, softmax ÷ sigmoid": min(longer), "longest, softmax ÷ sigmoid": max(longer),
                    "apart at half the strength": max(apart)})


@study(
    claim="There is one best set of weights, and training finds it",
    kind="when",
    verdict="true of the weights once they carry a penalty, never of the biases",
    evidence="From ten random starts the penalised weights come out the same to 1e-5, and the biases up to 3 apart: "
             "100 added to all of them changes no probability.",
    expected={"weights, largest difference between two starts": (0, 1e-5),
              "biases, largest difference": (1, 8),
              "biases less their mean, largest difference": (0, 1e-5),
              "probabilities, largest change by b + 100": (0, 1e-9)},
    seconds=1,
)
def unique(strength: float = 0.01, starts: int = 10) -> Finding:
    """Iris, ten random starts, 3,000 steps down loss + strength/2 · ‖W‖² until nothing moves; the biases go free."""
    iris, random = standardize(load_iris()).train, torch.Generator().manual_seed(0)
    X, due = iris.X.double(), F.one_hot(iris.y, 3)
    W, b = (torch.randn(starts, rows, 3, generator=random, dtype=torch.float64) for rows in (4, 1))
    for _ in range(3000):                                                    # all starts side by side
        off = (torch.softmax(X @ W + b, dim=2) - due) / len(X)
        W, b = W - (X.T @ off + strength * W), b - off.sum(dim=1, keepdim=True)

    def apart(values: Tensor) -> float:
        return (values.amax(dim=0) - values.amin(dim=0)).max().item()
    p, shifted = torch.softmax(X @ W + b, dim=2), torch.softmax(X @ W + (b + 100), dim=2)
    return Finding({
        "weights, largest difference between two starts": apart(W), "biases, largest difference": apart(b),
        "biases less their mean, largest difference": apart(b - b.mean(dim=2, keepdim=True)),
        "probabilities, largest change by b + 100": (shifted - p).abs().max().item()})


@study(
    claim="`torch.nn.MultinomialLogit` implements softmax regression",
    kind="false",
    verdict="false",
    evidence="There is no such module. The model is one `nn.Linear`, and cross-entropy on its scores.",
    expected={"names in torch.nn with “multinomiallogit” in them": (0, 0)},
)
def no_such_module() -> Finding:
    """Look for the name among all that `torch.nn` offers, in small and large letters."""
    found = [name for name in dir(nn) if "multinomiallogit" in name.lower()]
    return Finding({"names in torch.nn with “multinomiallogit” in them": len(found)})


@study(
    claim="Cross-entropy measures how far apart two distributions are",
    kind="when",
    verdict="true where every label is certain",
    evidence="0.765 = 0.611 + 0.154: the disagreement among those who labelled, which no model can undercut, and the "
             "divergence, which is the model's own.",
    expected={"cross-entropy": (0.7645, 0.7655), "entropy of the labels": (0.6105, 0.6115),
              "divergence": (0.1535, 0.1545), "cross-entropy of a model that is right": (0.6105, 0.6115)},
    seconds=0.1,
)
def distance() -> Finding:
    """Of ten people seven read a 3, three a 7; a model says 90 and 10 %, another one 70 and 30 %."""
    q, p = torch.tensor([0.7, 0.3]), torch.tensor([0.9, 0.1])
    return Finding({"cross-entropy": -(q * p.log()).sum().item(), "entropy of the labels": -(q * q.log()).sum().item(),
                    "divergence": (q * (q / p).log()).sum().item(),
                    "cross-entropy of a model that is right": F.cross_entropy(q.log()[None], q[None]).item()})
