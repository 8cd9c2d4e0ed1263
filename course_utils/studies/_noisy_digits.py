"""What the studies of lesson 06 share: 400 digits, a fifth of them labelled by a die, in ten draws side by side.

`seen` are the 400 images that a model learns from, `unseen` the 947 others with clean labels, of which no step knows.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.data import Data, take
from course_utils.datasets import load_digits, with_noisy_labels
from course_utils.optimum import fit_to_optimum
from course_utils.penalties import l2
from course_utils.plotting import BLUE, GREY, ORANGE, describe, label_line_ends, new_axes, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DRAWS = 10
STRENGTHS = tuple(10.0**power for power in range(-6, 1))
STEPS = (1, 2, 3, 6, 10, 18, 30, 56, 100, 180, 300, 560, 1000, 1800, 3000)
UNSEEN_SHARE = 947 / 1347               # of the images of a draw, as the corrected interval needs it


@lru_cache(maxsize=1)
def _digits() -> Data:
    """Read once: a draw takes longer to read than a model to fit, and a study makes hundreds."""
    return load_digits(valid_size=0, test_size=0.25)


def draw(seed: int = 0, share: float = 0.2, n: int = 400) -> Data:
    """train: n digits, `share` of their labels rolled with a die; valid: the other digits; test: 450. Both clean."""
    digits = _digits()
    order = torch.randperm(len(digits.train.y), generator=torch.Generator().manual_seed(seed))
    chosen = take(digits.train, order[:n])
    # a seed of its own for the die: with the same one, folds would find the rolled labels together in one of them
    return Data(with_noisy_labels(chosen, share, 10, 1_000 + seed), take(digits.train, order[n:]), digits.test)


def rolled(seed: int = 0) -> Tensor:
    """(400,) bool: which labels of `draw(seed)` the die got wrong."""
    return draw(seed).train.y != draw(seed, share=0.0).train.y


class Measured(NamedTuple):
    """What models know and predict, each (models, draws); the shares in per cent."""

    loss_seen: Tensor
    loss_unseen: Tensor
    known: Tensor               # labels of the seen images that the model repeats
    by_heart: Tensor            # the same of those that the die got wrong
    right: Tensor               # unseen images named rightly


class Stacked(NamedTuple):
    """The ten draws: X (draws, 400, 65) with a column of ones, y (draws, 400), which are wrong; and the unseen."""

    X: Tensor
    y: Tensor
    wrong: Tensor
    unseen_X: Tensor
    unseen_y: Tensor


@lru_cache(maxsize=2)
def stacked(share: float = 0.2) -> Stacked:
    """All draws, `share` of their labels rolled."""
    draws = [draw(seed, share) for seed in range(DRAWS)]
    X, unseen_X = (F.pad(torch.stack([getattr(data, part).X for data in draws]), (0, 1), value=1.0)
                   for part in ("train", "valid"))
    y, unseen_y = (torch.stack([getattr(data, part).y for data in draws]) for part in ("train", "valid"))
    return Stacked(X, y, torch.stack([rolled(seed) for seed in range(DRAWS)]), unseen_X, unseen_y)


def measured(models: Tensor, share: float = 0.2) -> Measured:
    """`models` is (models, draws, 65, 10): weights, the biases in the last row."""
    data = stacked(share)
    rows = []
    for W in models:
        scores, unseen = data.X @ W, data.unseen_X @ W
        knows = (scores.argmax(-1) == data.y).float()
        rows.append((mean_loss(scores, data.y), mean_loss(unseen, data.unseen_y), 100 * knows.mean(-1),
                     100 * (knows * data.wrong).sum(-1) / data.wrong.sum(-1),
                     100 * (unseen.argmax(-1) == data.unseen_y).float().mean(-1)))
    return Measured(*(torch.stack(column) for column in zip(*rows, strict=True)))


def mean_loss(scores: Tensor, y: Tensor) -> Tensor:
    """(draws,): the cross-entropy of each draw, from scores (draws, n, 10)."""
    return F.cross_entropy(scores.mT, y, reduction="none").mean(-1)


@lru_cache(maxsize=8)
def descended(lr: float = 1.0, steps: tuple[int, ...] = STEPS) -> Tensor:
    """(steps, draws, 65, 10): gradient descent from zero on the loss alone, all 400 images in each step."""
    data = stacked()
    truth = F.one_hot(data.y, 10).float().mT.contiguous()
    columns = data.X.mT.contiguous()
    W, noted = torch.zeros(DRAWS, 10, 65), []           # classes first: products of this shape are six times as fast
    for step in range(1, max(steps) + 1):
        W = W - lr * (torch.softmax(W @ columns, dim=1) - truth) @ data.X / data.X.shape[1]
        if step in steps:
            noted.append(W.mT)
    return torch.stack(noted)


@lru_cache(maxsize=8)
def penalised(strengths: tuple[float, ...] = STRENGTHS, share: float = 0.2) -> Tensor:
    """(strengths, draws, 65, 10): the optimum of loss + λ/2 · Σw², bias free."""
    def best(strength: float, seed: int) -> Tensor:
        fit = fit_to_optimum(draw(seed, share).train, penalty=l2(strength), n_classes=10, tol=1e-4)
        return torch.cat([fit.weights.T, fit.bias[None]]).float()

    return torch.stack([torch.stack([best(strength, seed) for seed in range(DRAWS)]) for strength in strengths])


def plot_fit_and_prediction(x: tuple[float, ...], found: Measured, xlabel: str, titles: tuple[str, str]) -> "Axes":
    """Losses on the left, shares on the right: the mean of the draws a line, each draw a faint dot."""
    from matplotlib import pyplot

    _, (left, right) = pyplot.subplots(1, 2, figsize=(8.4, 3.4))
    lines = ((left, found.loss_seen, "seen", BLUE, "o-"), (left, found.loss_unseen, "unseen", ORANGE, "X--"),
             (right, found.known, "labels known", BLUE, "o-"), (right, found.right, "unseen right", ORANGE, "X--"),
             (right, found.by_heart, "wrong labels\nknown by heart", GREY, "^:"))
    for ax, values, name, colour, style in lines:
        ax.plot(x, values, ".", color=colour, alpha=0.3, label="_draws")
        ax.plot(x, values.mean(1), style, color=colour, markersize=5, label=name)
    losses = torch.cat([found.loss_seen, found.loss_unseen])
    left.set(yscale="log", yticks=[0.1, 0.2, 0.5, 1, 2, 5], yticklabels=["0.1", "0.2", "0.5", "1", "2", "5"],
             ylim=(0.8 * losses.min().item(), 1.2 * losses.max().item()))
    for ax, ylabel, title in ((left, "loss", titles[0]), (right, "per cent", titles[1])):
        ax.set(xscale="log", xlabel=xlabel, ylabel=ylabel, title=title)
        ax.minorticks_off()
        label_line_ends(ax)
    told = "; ".join(f"{name}: " + ", ".join(f"{value:.3g}" for value in values.mean(1).tolist())
                     for _, values, name, *_ in lines)
    return describe(left, f"Means of {DRAWS} draws by {xlabel} ({', '.join(f'{value:g}' for value in x)}). {told}.")


def plot_draws(groups: dict[str, Tensor], ylabel: str, title: str) -> "Axes":
    """Each draw is a line from group to group, each group's mean a bar with its number.

    Without an interval over the draws: they share images, and Student's would be too narrow.
    """
    ax = new_axes()
    values = torch.stack(list(groups.values()))
    ax.plot(values, "o-", color=BLUE, alpha=0.35, linewidth=1, markersize=5)
    for place, mean in enumerate(values.mean(1).tolist()):
        ax.plot([place - 0.12, place + 0.12], [mean, mean], "-", color="black", linewidth=2.5)
        ax.text(place + 0.16, mean, number(mean), va="center")
    ax.set(xticks=range(len(groups)), xticklabels=list(groups), xlim=(-0.4, len(groups) - 0.5))
    ax.set(ylabel=ylabel, title=title)
    told = "; ".join(f"{name}: mean {number(row.mean().item())}, from {number(row.min().item())} to "
                     f"{number(row.max().item())}" for name, row in groups.items())
    return describe(ax, f"{title}. {len(values[0])} draws. {told}.")
