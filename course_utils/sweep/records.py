"""What is kept of each run while it trains, from which its history is told afterwards."""

import math

import torch
from torch import Tensor

from course_utils.train import Epoch, History, mean_over_batches


class Record:
    """What K models that trained together went through, kept as tensors until somebody asks for a history."""

    def __init__(self, size: int, n: int, batch_size: int):
        self.size, self.n, self.batch_size = size, n, batch_size
        self.scores: list[tuple] = []  # of each epoch: the K train scores and the K valid scores, or None
        self.objectives = torch.empty(0, size)  # of each step; grown in blocks, see add_step
        self.starts = [0]  # of each epoch, the number of its first step
        self.steps = 0
        self.snapshots: dict[int, dict[str, Tensor]] = {}
        self.stopped: dict[int, tuple[int, str, dict[str, Tensor]]] = {}  # model → epoch, reason, weights
        self.interrupted: str | None = None

    def add_step(self, losses: Tensor) -> list[int]:
        """Keep the objectives of one step. Returns the models for which this is the first that is not finite.

        One block for many steps: a small tensor kept from every step would lie between the large ones that are given
        back, and the memory of those could not be used again.
        """
        if self.steps == len(self.objectives):
            more = torch.empty(max(256, self.steps), self.size, dtype=losses.dtype)
            self.objectives = torch.cat([self.objectives.to(losses.dtype), more])
        self.objectives[self.steps] = losses
        self.steps += 1
        if math.isfinite(losses.sum().item()):
            return []
        return [k for k in (~losses.isfinite()).nonzero().flatten().tolist() if k not in self.stopped]

    def add_scores(self, train: list | None, valid: list | None) -> None:
        self.scores.append((train, valid))
        self.starts.append(self.steps)

    def history(self, k: int, epochs: int) -> History:
        numbers = range(self.last_epoch(k, epochs).number + 1)
        cut_short = self.interrupted if epochs > len(self.scores) - 1 else None
        reason = self.stopped[k][1] if self.diverged(k, epochs) else cut_short
        return History([self._epoch(k, number) for number in numbers], reason)

    def last_epoch(self, k: int, epochs: int) -> Epoch:
        last = min(epochs, len(self.scores) - 1)
        return self._epoch(k, self.stopped[k][0] - 1 if self.diverged(k, epochs) else last)

    def diverged(self, k: int, epochs: int) -> bool:
        return k in self.stopped and self.stopped[k][0] <= epochs

    def weights(self, k: int, epochs: int) -> dict[str, Tensor]:
        if self.diverged(k, epochs):
            return self.stopped[k][2]
        snapshot = self.snapshots[epochs if epochs in self.snapshots else max(self.snapshots)]
        return {name: p[k].clone() for name, p in snapshot.items()}

    def _epoch(self, k: int, number: int) -> Epoch:
        train, valid = ([None] * self.size if side is None else side for side in self.scores[number])
        first, end = self.starts[number], (*self.starts, self.steps)[number + 1]
        losses = self.objectives[first:end, k].tolist()
        return Epoch(
            number,
            train_loss=train[k] and train[k].loss,
            valid_loss=valid[k] and valid[k].loss,
            train_accuracy=train[k] and train[k].accuracy,
            valid_accuracy=valid[k] and valid[k].accuracy,
            step_losses=tuple(losses),
            running_loss=mean_over_batches(losses, self.n, self.batch_size) if losses else None,
        )


class RecordOfOne:
    """The same for a model that trained alone: its history, and its weights at each of the epochs asked for."""

    def __init__(self, history: History, weights: dict[int, dict[str, Tensor]], diverged: bool):
        self._history, self._weights, self._diverged = history, weights, diverged

    def history(self, k: int, epochs: int) -> History:
        return History(self._history.epochs[: epochs + 1], self._history.stopped if self.diverged(k, epochs) else None)

    def last_epoch(self, k: int, epochs: int) -> Epoch:
        return self._history.epochs[min(epochs, len(self._history) - 1)]

    def diverged(self, k: int, epochs: int) -> bool:
        return self._diverged and epochs >= len(self._history)

    def weights(self, k: int, epochs: int) -> dict[str, Tensor]:
        return self._weights[epochs if epochs in self._weights else max(self._weights)]
