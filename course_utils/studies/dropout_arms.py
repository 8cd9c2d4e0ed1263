"""Lesson 08: the careless labeller's 300 digits, and the ways to train on them, each from ten seeds.

A seed draws the 90 labels that are pressed without looking, the first weights, and the order of the examples. Training
is Adam with batches of 50 for 60 epochs. 400 digits with checked labels choose, 1,097 others are reported on.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.data import Data, Examples, one_hot, standardize
from course_utils.datasets import load_bike_demand, load_digits, simulate_bike_demand, with_noisy_labels
from course_utils.download import DataUnavailable
from course_utils.metrics import accuracy
from course_utils.models import MLP
from course_utils.penalties import l2
from course_utils.plotting import plot_spread
from course_utils.sweep import sweep
from course_utils.train import eval_mode

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SEEDS = range(10)
EPOCHS = range(3, 61, 3)  # where the weights are kept
STORY = 3e-3  # the rate of the story, one at which the network learns every label
RATES = (3e-4, 1e-3, 3e-3)  # of the five from 0.0003 to 0.03 those among which no dropout has its best
THIN_RATES = (1e-3, 3e-3)  # those among which p = ½ has it: at 0.0003 sixty epochs are too few
BIKE_RATES = [1e-3, 3e-3]  # of the same five


class Arm(NamedTuple):
    """One way to train, from ten seeds. `stop` is the epoch at which most of the 400 validation digits are right."""

    valid: Tensor  # (10, 20) per cent right of the validation digits, at each of EPOCHS
    learnt: Tensor  # (10, 20) per cent of the labels it was given that it repeats, the right ones and the wrong ones
    stop: Tensor  # (10,) epochs
    stopped: list[nn.Module]  # the networks at their own stop
    last: list[nn.Module]  # after 60 epochs


@lru_cache(maxsize=1)
def digits() -> Data:
    """300 digits to learn from, 400 to choose with, 1,097 to report on."""
    return load_digits(valid_size=400, test_size=1097)


def unseen() -> Examples:
    """The 1,097 digits that are reported on."""
    test = digits().test
    assert test is not None, "the split was asked for one"
    return test


def labelled(seed: int, share: float = 0.3) -> Data:
    """The 300 digits, `share` of them labelled without looking: one in ten of those is right by luck."""
    return Data(with_noisy_labels(digits().train, share, 10, seed), digits().valid)


def network(p: float = 0.0) -> nn.Module:
    return MLP(64, 10, hidden=(128, 128), dropout=p)


def no_hidden_units(p: float = 0.0) -> nn.Module:
    """The linear model, with dropout on its inputs: there is nothing else to drop."""
    return nn.Sequential(nn.Dropout(p), nn.Linear(64, 10))


def trained(lr: float = STORY, p: float = 0.0, strength: float = 0.0, share: float = 0.3, hidden: bool = True) -> Arm:
    """Ten networks, side by side; `strength` is that of an L2 penalty, `share` that of the careless labels.

    Nothing is trained twice: the studies of a lesson ask for the same networks.
    """
    return _trained(lr, p, strength, share, hidden)


@lru_cache(maxsize=64)                  # it takes f() and f(3e-3) for different calls, so all arguments are given
def _trained(lr: float, p: float, strength: float, share: float, hidden: bool) -> Arm:
    five, others = (_runs(lr, p, strength, share, hidden, seeds) for seeds in (SEEDS[:5], SEEDS[5:]))
    valid, learnt = (100 * torch.tensor(five[part] + others[part]) for part in (0, 1))
    return Arm(valid, learnt, torch.tensor(EPOCHS)[valid.argmax(dim=1)], five[2] + others[2], five[3] + others[3])


def _runs(
    lr: float, p: float, strength: float, share: float, hidden: bool, seeds: range
) -> tuple[list[list[float]], list[list[float]], list[nn.Module], list[nn.Module]]:
    """An Arm's parts but `stop`, for some of the seeds: the weights of all ten at every one of EPOCHS take 20 MB."""
    runs = sweep(network if hidden else no_hidden_units, lambda seed: labelled(seed, share), F.cross_entropy, lr=lr,
                 p=p, penalty=l2(strength) if strength else None, optimizer=torch.optim.Adam, batch_size=50,
                 epochs=EPOCHS, seeds=seeds)
    by_seed = [sorted(runs.where(seed=seed), key=lambda run: run.settings["epochs"]) for seed in seeds]
    valid, learnt = ([[run[part] for run in own] for own in by_seed] for part in ("valid_accuracy", "train_accuracy"))
    stopped = [max(own, key=lambda run: run["valid_accuracy"]).model.eval() for own in by_seed]
    return valid, learnt, stopped, [own[-1].model.eval() for own in by_seed]


def at_its_best(rates: tuple[float, ...], **way: float) -> tuple[float, Arm]:
    """The learning rate whose runs, each at its own stop, are best on the validation digits; and these runs."""
    arms = {lr: trained(lr, **way) for lr in rates}
    return max(arms.items(), key=lambda item: item[1].valid.amax(dim=1).mean().item())


def on_test(models: list[nn.Module]) -> Tensor:
    """(10,) per cent right of the 1,097 test digits."""
    X, y = unseen()
    return torch.tensor([100 * accuracy(answers(model, X), y) for model in models])


def plot_seeds(groups: dict[str, Tensor], *, ylabel: str, title: str = "", ax: "Axes | None" = None) -> "Axes":
    """A mark for each seed in each group, and the group's mean with its 95 % interval."""
    lists: dict[str, Sequence[float]] = {name: values.tolist() for name, values in groups.items()}
    return plot_spread(lists, ylabel=ylabel, title=title, ax=ax)


def answers(model: nn.Module, X: Tensor) -> Tensor:
    """Probabilities (n, 10), every unit on."""
    with eval_mode(model), torch.no_grad():
        return model(X).softmax(dim=-1)


def opinions(model: nn.Module, X: Tensor, times: int) -> Tensor:
    """Probabilities (times, n, 10) of thinned networks: the same weights, with dropout on."""
    torch.manual_seed(0)
    model.train()  # dropout is the only layer here that minds
    with torch.no_grad():
        said = torch.stack([model(X) for _ in range(times)]).softmax(dim=-1)
    model.eval()
    return said


def wrong(seed: int) -> Tensor:
    """(300,) which of the labels that this seed draws are wrong."""
    return labelled(seed).train.y != digits().train.y


def repeated(models: list[nn.Module]) -> Tensor:
    """(10,) per cent of the wrong labels that the network which was given them repeats."""
    shares = []
    for seed, model in zip(SEEDS, models, strict=True):
        X, given = labelled(seed).train
        shares.append(100 * accuracy(answers(model, X)[wrong(seed)], given[wrong(seed)]))
    return torch.tensor(shares)


def least_believed(models: list[nn.Module], n: int) -> list[Tensor]:
    """For each seed the rows of the n labels to which its network gives the lowest probability."""
    rows = []
    for seed, model in zip(SEEDS, models, strict=True):
        X, given = labelled(seed).train
        rows.append(answers(model, X).gather(1, given[:, None])[:, 0].argsort()[:n])
    return rows


@lru_cache(maxsize=1)
def bikes() -> tuple[Data, Data, str]:
    """The hours as published; with columns and log rentals that a network can use, scaled; what the picture says."""
    try:
        raw, name = load_bike_demand(leaks=False), "Bicycles"
    except DataUnavailable:
        raw, name = simulate_bike_demand(leaks=False), "Bicycles (simulated)"
    logs = raw.train.y.log1p()

    def scaled(part: Examples) -> Examples:
        return Examples(part.X, (part.y.log1p() - logs.mean()) / logs.std())

    coded = standardize(one_hot(raw, "mnth", "hr", "weekday", drop_first=True))
    assert coded.valid is not None and coded.test is not None, "the loader cuts off both"
    return raw, replace(coded, train=scaled(coded.train), valid=scaled(coded.valid), test=scaled(coded.test)), name


def riding(p: float) -> dict[str, Tensor]:
    """RMSE in rentals, (10,) for each part, of networks with this dropout, at their own rate and stop."""
    raw, scaled, _ = bikes()
    logs = raw.train.y.log1p()
    runs = sweep(lambda: MLP(scaled.train.X.shape[1], 1, hidden=(32, 32), dropout=p), scaled, F.mse_loss,
                 lr=BIKE_RATES, optimizer=torch.optim.Adam, batch_size=256, epochs=[3, 6, 9, 12, 16, 20, 24],
                 seeds=range(10))

    def rmse(model: nn.Module, part: str) -> float:
        with torch.no_grad():
            outputs = model.eval()(getattr(scaled, part).X) * logs.std() + logs.mean()
        return (outputs.expm1().clamp(min=0) - getattr(raw, part).y).square().mean().sqrt().item()

    stopped = {lr: [min(runs.where(lr=lr, seed=seed), key=lambda run: run["valid_loss"]) for seed in range(10)]
               for lr in BIKE_RATES}
    best = min(stopped.values(), key=lambda own: sum(run["valid_loss"] for run in own))
    return {part: torch.tensor([rmse(run.model, part) for run in best]) for part in ("train", "test")}
