"""What training leaves behind: a score, an epoch, the history of a run; and the rule that says when to stop."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from weakref import WeakKeyDictionary

from torch import nn

from course_utils.arguments import number, whole_number


class Score(NamedTuple):
    """The mean loss over a set, and the share of right classes (None where the loss is not a classification loss)."""

    loss: float
    accuracy: float | None


class Epoch(NamedTuple):
    """One pass over the training examples, and what was measured after it.

    `running_loss` is the mean of `step_losses`, each weighted by the size of its batch: the number that most training
    loops print, taken while the weights still move and with dropout on. The losses are None with `measure=False`.
    """

    number: int
    train_loss: float | None
    valid_loss: float | None
    train_accuracy: float | None
    valid_accuracy: float | None
    step_losses: tuple[float, ...] = ()
    running_loss: float | None = None

    @classmethod
    def of(
        cls, number: int, train: Score | None, valid: Score | None, losses: Sequence[float], running_loss: float | None
    ) -> "Epoch":
        """The epoch with these scores, None where nothing was measured, and the losses of its steps."""
        return cls(
            number,
            train_loss=train and train.loss,
            valid_loss=valid and valid.loss,
            train_accuracy=train and train.accuracy,
            valid_accuracy=valid and valid.accuracy,
            step_losses=tuple(losses),
            running_loss=running_loss,
        )


@dataclass
class History:
    """The epochs of one run, and why it ended before its time (`stopped`, None if it did not)."""

    epochs: list[Epoch] = field(default_factory=list)
    stopped: str | None = None

    def __len__(self) -> int:
        return len(self.epochs)

    def __getitem__(self, index: int) -> Epoch:
        return self.epochs[index]

    @property
    def numbers(self) -> list[int]:
        return [epoch.number for epoch in self.epochs]

    @property
    def train_loss(self) -> list[float | None]:
        return [epoch.train_loss for epoch in self.epochs]

    @property
    def valid_loss(self) -> list[float | None]:
        return [epoch.valid_loss for epoch in self.epochs]

    @property
    def train_accuracy(self) -> list[float | None]:
        return [epoch.train_accuracy for epoch in self.epochs]

    @property
    def valid_accuracy(self) -> list[float | None]:
        return [epoch.valid_accuracy for epoch in self.epochs]

    @property
    def step_losses(self) -> list[float]:
        """The objective of every step, in order: loss on the batch plus penalty."""
        return [loss for epoch in self.epochs for loss in epoch.step_losses]

    def __repr__(self) -> str:
        if not self.epochs:
            return f"History(no epoch finished; {self.stopped})" if self.stopped else "History(no epoch yet)"
        last = self.epochs[-1]
        parts = [f"epochs {self.epochs[0].number} to {last.number}"]
        for name in ("train_loss", "valid_loss", "train_accuracy", "valid_accuracy"):
            value = getattr(last, name)
            if value is not None:
                parts.append(f"{name} {value:.4f}")
        if self.stopped:
            parts.append("stopped early")
        return f"History({', '.join(parts)})"


def mean_over_batches(losses: Sequence[float], n: int, batch_size: int) -> float:
    """The mean over n examples of the mean losses of their batches; the last batch counts by its size."""
    short = n - batch_size * (len(losses) - 1)
    return (sum(losses[:-1]) * batch_size + losses[-1] * short) / n


class EarlyStopping:
    """Says when to stop: after `patience` epochs in a row without a valid loss lower by more than `min_delta`.

    stopper = EarlyStopping(patience=5)
    for epoch in training(model, data, F.cross_entropy, optimizer):
        if stopper.should_stop(epoch.valid_loss):
            break
    """

    def __init__(self, patience: int = 5, min_delta: float = 0.0):
        self.patience = whole_number("patience", patience, "epochs to wait", least=1)
        self.min_delta = number("min_delta", min_delta, "It is the progress that counts as one.", least=0)
        self.best = math.inf
        self.waited = 0
        self.improved = False  # did the latest loss set a new best? Then now is the time to copy the weights

    def should_stop(self, valid_loss: float | None) -> bool:
        """Whether `valid_loss`, of the latest epoch, was the last one to wait for. Raises ValueError if it is None."""
        if valid_loss is None:
            raise ValueError("There is no validation loss to watch: give `training` a Data with a `valid` part.")
        if isinstance(valid_loss, Epoch | History):
            raise TypeError(f"should_stop watches one number, not the {type(valid_loss).__name__}: `epoch.valid_loss`.")
        try:
            valid_loss = float(valid_loss)
        except (TypeError, ValueError, RuntimeError):
            raise TypeError(
                f"should_stop got a {type(valid_loss).__name__}; it watches one number, such as `epoch.valid_loss`."
            ) from None
        self.improved = valid_loss < self.best - self.min_delta  # False for nan, so a broken run stops too
        if self.improved:
            self.best, self.waited = valid_loss, 0
        else:
            self.waited += 1
        return self.waited >= self.patience


# Kept beside the models, so that nothing is written on a module of yours; an entry goes when its model goes.
_epochs_trained: WeakKeyDictionary[nn.Module, int] = WeakKeyDictionary()


def epochs_trained(model: nn.Module) -> int:
    """How many epochs this module has had from `training` or `fit`.

    A copy of it, or one read back from a file, is a new module and has had none; `set_epochs_trained` says otherwise.
    """
    return _epochs_trained.get(_weights_holder(model), 0)


def set_epochs_trained(model: nn.Module, epochs: int) -> None:
    """Let `training` go on as after that many epochs: with the next number, and the order that belongs to it."""
    _epochs_trained[_weights_holder(model)] = epochs


def _weights_holder(model: nn.Module) -> nn.Module:
    """The module itself; of what `torch.compile` makes of one, the module whose weights it trains."""
    return getattr(model, "_orig_mod", model)
