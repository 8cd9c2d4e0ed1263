"""What a frozen layer is worth on a question of few labels: the arms that the studies of lesson 04 compare.

Every arm is at its own best, chosen on validation examples: a head by its penalty, a whole network by its learning rate
and the number of its steps.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.data import Examples, take
from course_utils.datasets import load_digits
from course_utils.metrics import accuracy
from course_utils.optimum import fit_to_optimum
from course_utils.penalties import l2
from course_utils.studies._reader import new_digits
from course_utils.train import seeded

STRENGTHS = (1e-1, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 1e-5)
RATES = (0.03, 0.1, 0.3, 1.0, 3.0)
DRAWS = range(10)
STEPS, EVERY = 600, 20                                  # full-batch steps; how often validation looks


class Question(NamedTuple):
    """Few labels for learning, others to choose by and to judge; `draw(seed)` gives the rows of these three."""

    examples: Examples
    n_classes: int
    activation: Callable[[Tensor], Tensor]
    draw: Callable[[int], tuple[Tensor, Tensor, Tensor]]


class Head(NamedTuple):
    """A last layer at its optimum: weights (K, h), bias (K,), with the l2 strength that gave them."""

    weights: Tensor
    bias: Tensor
    strength: float


def heads(question: Question, features: Callable[[int], Callable[[Tensor], Tensor]], seeds: range
          ) -> tuple[list[float], list[Head]]:
    """Each draw's share right (%) with a head at its optimum on frozen `features(seed)`, and the heads.

    One strength for all draws: that with the lowest mean loss on the validation examples.
    """
    X, y = question.examples
    tried = []
    for seed in seeds:
        Z = features(seed)(X).detach()
        learn, choose, judge = question.draw(seed)
        for strength in STRENGTHS:
            best = fit_to_optimum(take(Examples(Z, y), learn), penalty=l2(strength), n_classes=question.n_classes,
                                  tol=1e-6)
            logits = best.logits(Z)
            tried.append((F.cross_entropy(logits[choose], y[choose]).item(), accuracy(logits[judge], y[judge]),
                          Head(best.weights.float(), best.bias.float(), strength)))
    per_draw = [tried[i:i + len(STRENGTHS)] for i in range(0, len(tried), len(STRENGTHS))]
    chosen = min(range(len(STRENGTHS)), key=lambda k: sum(draw[k][0] for draw in per_draw))
    return [100 * draw[chosen][1] for draw in per_draw], [draw[chosen][2] for draw in per_draw]


def all_trained(question: Question, first: Callable[[int], nn.Linear], last: Callable[[int], Head], seeds: range
                ) -> list[float]:
    """Each draw's share right (%) when both layers go on learning from `first(seed)` and `last(seed)`.

    Gradient descent on all labels at once; one rate and one number of steps for all draws, those with the lowest mean
    loss on the validation examples. The networks of all draws and rates learn side by side.
    """
    (X, y), layers, ends = question.examples, [first(seed) for seed in seeds], [last(seed) for seed in seeds]
    learn, choose, judge = map(torch.stack, zip(*map(question.draw, seeds), strict=True))       # (draws, rows) each
    start = (torch.stack([layer.weight for layer in layers]), torch.stack([layer.bias[None] for layer in layers]),
             torch.stack([end.weights for end in ends]), torch.stack([end.bias[None] for end in ends]))
    W, b, V, c = (part.detach()[:, None].repeat(1, len(RATES), 1, 1).requires_grad_() for part in start)
    lr, strength = torch.tensor(RATES)[:, None, None], ends[0].strength

    def logits(rows: Tensor) -> Tensor:
        return question.activation(X[rows][:, None] @ W.mT + b) @ V.mT + c                      # (draws, rates, n, K)

    def losses(rows: Tensor) -> Tensor:
        targets = y[rows][:, None].expand(-1, len(RATES), -1)
        return F.cross_entropy(logits(rows).flatten(0, 2), targets.flatten(), reduction="none").view_as(targets).mean(2)

    looks = []
    for step in range(STEPS + 1):
        if step % EVERY == 0:
            with torch.no_grad():
                right = logits(judge).argmax(dim=-1) == y[judge][:, None]
                looks.append((losses(choose).mean(dim=0).nan_to_num(nan=torch.inf), right.float().mean(dim=-1)))
        loss = losses(learn).sum() + strength / 2 * V.square().sum()        # a sum: each network learns for itself
        gradients = torch.autograd.grad(loss, (W, b, V, c))
        with torch.no_grad():
            for p, gradient in zip((W, b, V, c), gradients, strict=True):
                p -= lr * gradient
    look, rate = divmod(int(torch.stack([loss for loss, _ in looks]).argmin()), len(RATES))
    return (100 * looks[look][1][:, rate]).tolist()


def first_layer(model: nn.Module) -> nn.Linear:
    """The layer next to the inputs."""
    return next(part for part in model.modules() if isinstance(part, nn.Linear))


def even_or_odd(labels: int = 40) -> Question:
    """A question that the reader was never asked, about 450 images that it never saw."""
    X, y = new_digits()

    def draw(seed: int) -> tuple[Tensor, Tensor, Tensor]:
        rows = torch.randperm(len(y), generator=torch.Generator().manual_seed(seed))
        return rows[:labels], rows[labels:labels + 100], rows[labels + 100:]

    return Question(Examples(X, y % 2), 2, lambda scores: torch.softmax(scores, dim=-1), draw)


def low_and_high() -> tuple[Examples, Question]:
    """The digits 0 to 4, to train a layer on; and which of 5 to 9 is it, with eight labels a class."""
    X, y = load_digits(valid_size=0).train
    low, high = Examples(X[y < 5], y[y < 5]), Examples(X[y >= 5], y[y >= 5] - 5)

    def draw(seed: int) -> tuple[Tensor, Tensor, Tensor]:
        rows = torch.randperm(len(high.y), generator=torch.Generator().manual_seed(seed))
        learn = torch.cat([rows[high.y[rows] == k][:8] for k in range(5)])
        rest = rows[~torch.isin(rows, learn)]
        return learn, rest[:100], rest[100:]

    return low, Question(high, 5, F.relu, draw)


def arms(question: Question, trained: Callable[[int], nn.Linear], hidden: int) -> dict[str, list[float]]:
    """The share right (%) of ten draws: without a layer, with a random one and with a trained one, frozen or not."""
    def random(seed: int) -> nn.Linear:
        with seeded(seed):
            return nn.Linear(64, hidden)

    def random_head(seed: int) -> Head:
        with seeded(1_000 + seed):
            last = nn.Linear(hidden, question.n_classes)
        return Head(last.weight.detach(), last.bias.detach(), 0.0)

    def frozen(layer: Callable[[int], nn.Linear]) -> tuple[list[float], list[Head]]:
        return heads(question, lambda seed: lambda X: question.activation(layer(seed)(X)), DRAWS)

    right = {"no layer: pixels": heads(question, lambda seed: lambda X: X, DRAWS)[0],
             "random, frozen": frozen(random)[0],
             "random, all trained": all_trained(question, random, random_head, DRAWS)}
    right["pre-trained, frozen"], at_optimum = frozen(trained)
    right["pre-trained, thawed"] = all_trained(question, trained, lambda seed: at_optimum[seed], DRAWS)
    return right


def mean(values: list[float]) -> float:
    """The mean of the draws."""
    return sum(values) / len(values)
