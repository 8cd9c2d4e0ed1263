"""The training loop for models side by side: the same five jobs as in `train`, for K models at once.

The randomness is that of `fit`: for each seed and epoch the order of the examples comes from a generator of its own,
and so do the dropout masks. A model meets the same batches and masks whether it trains alone or among others.
"""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from course_utils.data import Examples
from course_utils.memory import give_back
from course_utils.sweep.rules import StackedRule
from course_utils.sweep.runs import Record
from course_utils.sweep.stack import CannotStack, Stack, layers_of, plain_mean
from course_utils.train import (
    EVALUATION_ROWS,
    Epoch,
    LossFunction,
    Progress,
    Score,
    adds_up,
    epoch_seed,
    eval_mode,
    explain_non_finite_loss,
    is_right,
    mean_over_batches,
)

if TYPE_CHECKING:
    from course_utils.sweep.grid import Job

EVALUATION_NUMBERS = 2**18  # inputs and outputs of one evaluation step, all models together: a bound on memory, some MB


def train_together(
    jobs: list, loss_fn: LossFunction, snapshots: list[int], every_epoch: bool, shuffle: bool
) -> tuple[list[tuple], bool]:
    """Train the jobs, alike in shape, as one stack: (job, its record) for each, and whether that was interrupted.

    Raises CannotStack, before the first step, if these models do not give in the stack what they give alone.
    """
    if any(_leaves_out(part) for job in jobs for part in (job.data.train, job.data.valid) if part is not None):
        raise CannotStack("some labels are negative, which marks examples to be left out")
    size, whole = jobs[0].batch_size, _order_is_idle(jobs[0], loss_fn)
    jobs, streams = _by_stream(jobs, whole)
    models = Stack([job.model for job in jobs], loss_fn)
    train = _Batches([job.data.train for job in streams])
    valid = _Batches([job.data.valid for job in streams]) if jobs[0].data.valid is not None else None
    _compare_with_each_alone(models, jobs, train)
    optimizer = StackedRule(jobs[0].rule[0], [job.rule[1] for job in jobs], models.parameters)
    penalties = [job.penalty for job in jobs]

    records, last, batches = [Record() for _ in jobs], max(snapshots), math.ceil(train.n / size)
    progress, interrupted, at_end = Progress(last * batches), False, dict(models.parameters)
    try:
        for epoch in range(last + 1):
            order = _orders(train.n, streams, epoch, shuffle and not whole).split(size, dim=1) if epoch else ()
            generators = [torch.Generator().manual_seed(epoch_seed(job.seed, epoch)) for job in streams]
            objectives = torch.empty(len(order), len(jobs))
            for step in range(len(order)):
                X, y = (train.X, train.y) if whole else train.take(order[step])
                objectives[step], gradients = models.objectives_and_gradients(X, y, generators, penalties)
                for k in _not_finite(objectives[step]):
                    if records[k].stopped is None:
                        loss, lr = float(objectives[step, k]), jobs[k].rule[1]["lr"]
                        reason = explain_non_finite_loss(loss, epoch, step + 1, lr, jobs[k].data.train)
                        records[k].stop(reason, _of_model(k, models.parameters), diverged=True)
                optimizer.step(models.parameters, gradients)
                progress.tick()
            order = ()  # free before the next is drawn: it has a number for each example and stream
            measured = every_epoch or epoch in (0, *snapshots)
            scores = [_score(models, part) if measured and part else None for part in (train, valid)]
            at_end = dict(models.parameters)  # a step makes new tensors, so these stay what they are
            _keep(records, at_end if epoch in snapshots else None, epoch, objectives, scores, train.n, size)
    except KeyboardInterrupt:
        done = max(len(record.epochs) for record in records) - 1
        if done < 0:
            raise
        interrupted = True
        reason = f"Training stopped after {done} of {last} epochs. The runs so far are kept."
        for k, record in enumerate(records):
            if record.stopped is None:
                record.stop(reason, _of_model(k, at_end))
        print(reason)
    finally:
        progress.close()
        give_back()
    return list(zip(jobs, records, strict=True)), interrupted


def _not_finite(objectives: Tensor) -> list[int]:
    """Which of the K objectives are nan or infinite. One sum tells in nearly every step that none is."""
    return [] if math.isfinite(objectives.sum().item()) else (~objectives.isfinite()).nonzero().flatten().tolist()


def _of_model(k: int, parameters: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: p.detach()[k] for name, p in parameters.items()}


def _keep(
    records: list[Record], parameters: dict[str, Tensor] | None, epoch: int, objectives: Tensor,
    scores: Sequence[Sequence[Score | None] | None], n: int, size: int,
) -> None:
    """Enter one epoch in the record of every run that has not stopped, and its parameters where there are any."""
    train, valid = (side or [None] * len(records) for side in scores)
    for k, (record, losses) in enumerate(zip(records, objectives.T.tolist(), strict=True)):
        if record.stopped is None:
            running = mean_over_batches(losses, n, size) if losses else None
            record.epochs.append(Epoch.of(epoch, train[k], valid[k], losses, running))
            if parameters:
                record.parameters[epoch] = _of_model(k, parameters)


def _leaves_out(examples: Examples) -> bool:
    """Whether labels are negative: cross-entropy passes over those of −100, which the stack does not know."""
    return not examples.y.is_floating_point() and bool((examples.y < 0).any())


def _order_is_idle(job: "Job", loss_fn: LossFunction) -> bool:
    """Whether a batch holds all rows and only their means enter: no mask, and no module or loss of unknown make."""
    layers = layers_of(job.model)
    if layers is None or plain_mean(loss_fn) is None or any(isinstance(layer, nn.Dropout) for layer in layers):
        return False
    return job.batch_size >= len(job.data.train.X)


def _by_stream(jobs: list, whole: bool) -> tuple[list, list]:
    """The jobs sorted so that those which read the same batches are neighbours; and the first job of each stream."""
    streams: dict = {}
    for job in jobs:
        streams.setdefault((None if whole else job.seed, id(job.data)), []).append(job)
    if len({len(members) for members in streams.values()}) > 1:  # not the same number in each: everyone reads alone
        return jobs, jobs
    return [job for members in streams.values() for job in members], [members[0] for members in streams.values()]


class _Batches:
    """The examples of G streams: one set that they share, or one set for each of them."""

    def __init__(self, sets: list[Examples]):
        shared = all(examples is sets[0] for examples in sets)
        self.n, self.streams = len(sets[0].X), len(sets)
        self.X, self.y = (part[0][None] if shared else torch.stack(part) for part in zip(*sets, strict=True))
        self.first_row = torch.arange(self.streams)[:, None] * (0 if shared else self.n)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """X (G, B, …) and y (G, B, …) at `indices` (G, B)."""
        rows = (indices + self.first_row).flatten()
        X, y = (t.flatten(0, 1).index_select(0, rows).view(*indices.shape, *t.shape[2:]) for t in (self.X, self.y))
        return X, y


def _orders(n: int, streams: list, epoch: int, shuffle: bool) -> Tensor:
    """(G, n): the order in which each stream reads its examples in this epoch."""
    if not shuffle:
        return torch.arange(n).repeat(len(streams), 1)
    orders = torch.empty(len(streams), n, dtype=torch.int64)
    for order, job in zip(orders, streams, strict=True):
        torch.randperm(n, generator=torch.Generator().manual_seed(epoch_seed(job.seed, epoch)), out=order)
    return orders


@torch.no_grad()
def _score(models: Stack, examples: _Batches) -> list[Score]:
    """What `evaluate` says of each model, for all of them at once."""
    width = max(size for w in models.parameters.values() for size in (1, *w.shape[1:2]))  # units of the widest layer
    rows = max(1, min(EVALUATION_ROWS, EVALUATION_NUMBERS // (models.size * width + examples.X[:, 0].numel())))
    losses, right = torch.zeros(models.size, dtype=torch.float64), None
    sums = getattr(models.loss_fn, "reduction", "mean") == "sum"
    pieces: Iterable[tuple[Tensor, Tensor]] = (
        (models.outputs(X), y) for X, y in zip(examples.X.split(rows, 1), examples.y.split(rows, 1), strict=True)
    )
    if examples.n > rows and not adds_up(models.loss_fn, examples.y):
        all_outputs, all_y = zip(*pieces, strict=True)
        pieces = [(torch.cat(all_outputs, 1), torch.cat(all_y, 1))]
    for outputs, y in pieces:
        targets = models.for_each_model(y)
        losses += models.losses(outputs, targets).double() * (1 if sums else y.shape[1])
        correct = is_right(outputs.flatten(0, 1), targets.flatten(0, 1), models.loss_fn)
        if correct is not None:
            right = correct.view(models.size, -1).double().sum(1) / correct[0].numel() + (0 if right is None else right)
    shares = [None] * models.size if right is None else (right.double() / examples.n).tolist()
    return [Score(loss, share) for loss, share in zip((losses / examples.n).tolist(), shares, strict=True)]


def _compare_with_each_alone(models: Stack, jobs: list, train: _Batches) -> None:
    """Raise CannotStack unless every model predicts in the stack what it predicts alone, and gradients can be had."""
    X, y = train.take(torch.arange(min(train.n, 4)).repeat(train.streams, 1))
    try:
        with torch.no_grad():
            together = models.outputs(X)
        models.objectives_and_gradients(X, y, [torch.Generator() for _ in X], [None] * len(jobs))
    except (RuntimeError, NotImplementedError) as trouble:
        raise CannotStack(f"torch.func cannot map over it ({str(trouble).splitlines()[0][:80]})") from trouble
    for job, own, x in zip(jobs, together, models.for_each_model(X), strict=True):
        with eval_mode(job.model), torch.no_grad():
            alone = job.model(x)
        if alone.shape != own.shape or not torch.allclose(alone, own, rtol=1e-4, atol=1e-5, equal_nan=True):
            raise CannotStack("its models differ in more than their weights")
