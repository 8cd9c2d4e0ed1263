"""The training loop for models side by side: the same five steps as in `train`, for K models at once.

The randomness is that of `fit`: for each seed and epoch the order of the examples comes from a generator of its own,
and so do the dropout masks. A model meets the same batches and masks whether it trains alone or among others.
"""

import math

import torch
from torch import Tensor, nn

from course_utils.data import Examples
from course_utils.sweep.losses import written_out
from course_utils.sweep.optimizers import stacked_optimizer
from course_utils.sweep.records import Record
from course_utils.sweep.stack import CannotStack, add_penalty, layers_of
from course_utils.train import EVALUATION_ROWS, Progress, Score, epoch_seed, explain_non_finite_loss

EVALUATION_NUMBERS = 2**24  # inputs and outputs of one evaluation step, all models together: a bound on memory


def train_together(jobs, stack, loss_fn, snapshots, every_epoch, shuffle) -> tuple[list, Record]:
    """Train the jobs, which are alike in shape, as one stack. Returns them in the order of the stack, and the record.

    Raises CannotStack, before the first step, if these models do not give in the stack what they give alone.
    """
    if any(_leaves_out(part) for job in jobs for part in (job.data.train, job.data.valid) if part is not None):
        raise CannotStack("some labels are negative, which marks examples to be left out")
    size, whole = jobs[0].batch_size, _order_is_idle(jobs[0], loss_fn)
    jobs, streams = _by_stream(jobs, whole)
    models = stack([job.model for job in jobs], loss_fn)
    train = _Batches([jobs[i].data.train for i in streams])
    valid = _Batches([jobs[i].data.valid for i in streams]) if jobs[0].data.valid is not None else None
    seeds = [jobs[i].seed for i in streams]
    rates = [job.optimizer_settings.get("lr") for job in jobs]
    _compare_with_each_alone(models, jobs, train, loss_fn)
    optimizer = stacked_optimizer(jobs[0].optimizer, models.parameters, [job.optimizer_settings for job in jobs])
    penalties = [job.penalty for job in jobs] if any(job.penalty.l1 or job.penalty.l2 for job in jobs) else None

    last = max(snapshots)
    record, progress = Record(len(jobs), train.n, size), Progress(last * math.ceil(train.n / size))
    try:
        for epoch in range(last + 1):
            if epoch > 0:
                order = _orders(train.n, seeds, epoch, shuffle and not whole)
                generators = [torch.Generator().manual_seed(epoch_seed(seed, epoch)) for seed in seeds]
                for batch in order.split(size, dim=1):
                    X, y = (train.X, train.y) if whole else train.take(batch)
                    losses, gradients = models.losses_and_gradients(X, y, generators)
                    if penalties:
                        losses = add_penalty(models, penalties, losses, gradients)
                    for k in record.add_step(losses):
                        step = record.steps - record.starts[-1]
                        reason = explain_non_finite_loss(float(losses[k]), epoch, step, rates[k], jobs[k].data.train)
                        record.stopped[k] = (epoch, reason, models.weights(k))
                    optimizer.step(gradients)
                    progress.tick()
            if every_epoch or epoch in (0, *snapshots):
                record.add_scores(_score(models, train), _score(models, valid) if valid else None)
            else:
                record.add_scores(None, None)
            if epoch in snapshots:
                record.snapshots[epoch] = {name: w.clone() for name, w in models.parameters.items()}
    except KeyboardInterrupt:
        if not record.scores:
            raise
        done = len(record.scores) - 1
        record.interrupted = f"Training stopped after {done} of {last} epochs. The runs so far are kept."
        if done not in record.snapshots:
            record.snapshots[done] = {name: w.clone() for name, w in models.parameters.items()}
        print(record.interrupted)
    finally:
        progress.close()
    return jobs, record


def _leaves_out(examples: Examples) -> bool:
    """Whether labels are negative: cross-entropy passes over those of −100, which the stack does not know."""
    return not examples.y.is_floating_point() and bool((examples.y < 0).any())


def _order_is_idle(job, loss_fn) -> bool:
    """Whether a batch holds all rows and only their means enter: no mask, and no module or loss of unknown make."""
    layers = layers_of(job.model)
    if layers is None or written_out(loss_fn) == (None, None) or any(isinstance(part, nn.Dropout) for part in layers):
        return False
    return job.batch_size >= len(job.data.train.X)


def _by_stream(jobs: list, whole: bool) -> tuple[list, list[int]]:
    """The jobs sorted so that those which read the same batches are neighbours; and the first job of each stream."""
    streams: dict = {}
    for job in jobs:
        streams.setdefault((None if whole else job.seed, id(job.data)), []).append(job)
    if len({len(members) for members in streams.values()}) > 1:  # not the same number in each: everyone reads alone
        return jobs, list(range(len(jobs)))
    first = range(0, len(jobs), len(jobs) // len(streams))
    return [job for members in streams.values() for job in members], list(first)


class _Batches:
    """The examples of G streams: one set that they share, or one set for each of them."""

    def __init__(self, sets: list[Examples]):
        self.shared = all(examples is sets[0] for examples in sets)
        self.n, self.streams = len(sets[0].X), len(sets)
        self.X = sets[0].X[None] if self.shared else torch.stack([examples.X for examples in sets])
        self.y = sets[0].y[None] if self.shared else torch.stack([examples.y for examples in sets])
        self.first_row = torch.arange(self.streams)[:, None] * (0 if self.shared else self.n)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """X (G, B, …) and y (G, B, …) at `indices` (G, B)."""
        rows = (indices + self.first_row).flatten()
        return tuple(t.flatten(0, 1).index_select(0, rows).view(*indices.shape, *t.shape[2:]) for t in (self.X, self.y))


def _orders(n: int, seeds: list[int], epoch: int, shuffle: bool) -> Tensor:
    """(G, n): the order in which each stream reads its examples in this epoch."""
    if not shuffle:
        return torch.arange(n).repeat(len(seeds), 1)
    generators = [torch.Generator().manual_seed(epoch_seed(seed, epoch)) for seed in seeds]
    return torch.stack([torch.randperm(n, generator=generator) for generator in generators])


@torch.no_grad()
def _score(models, examples: _Batches) -> list[Score]:
    """What `evaluate` says of each model, for all of them at once."""
    width = max(size for w in models.parameters.values() for size in (1, *w.shape[1:2]))  # units of the widest layer
    rows = max(1, min(EVALUATION_ROWS, EVALUATION_NUMBERS // (models.size * width + examples.X[:, 0].numel())))
    losses, right = torch.zeros(models.size, dtype=torch.float64), None
    sums = getattr(models.loss_fn, "reduction", "mean") == "sum"
    for X, y in zip(examples.X.split(rows, 1), examples.y.split(rows, 1), strict=True):
        loss, correct = models.score(X, y)
        losses += loss.double() * (1 if sums else X.shape[1])
        if correct is not None:
            right = correct if right is None else right + correct
    shares = [None] * models.size if right is None else (right.double() / examples.n).tolist()
    return [Score(loss, share) for loss, share in zip((losses / examples.n).tolist(), shares, strict=True)]


def _compare_with_each_alone(models, jobs, train: _Batches, loss_fn) -> None:
    """Raise CannotStack unless every model predicts in the stack what it predicts alone, and gradients can be had."""
    rows = torch.arange(min(train.n, 4)).repeat(train.streams, 1)
    X, y = train.take(rows)
    try:
        with torch.no_grad():
            together = models.outputs(X)
        losses, _ = models.losses_and_gradients(X, y, [torch.Generator() for _ in range(train.streams)])
    except (RuntimeError, NotImplementedError) as trouble:
        raise CannotStack(f"torch.func cannot map over it ({str(trouble).splitlines()[0][:80]})") from trouble
    for k, job in enumerate(jobs):
        modes = [(module, module.training) for module in job.model.modules()]
        with torch.no_grad():
            alone = job.model.eval()(X[k * train.streams // len(jobs)])
        for module, mode in modes:
            module.training = mode
        same = alone.shape == together[k].shape
        if not same or not torch.allclose(alone, together[k], rtol=1e-4, atol=1e-5, equal_nan=True):
            raise CannotStack("its models differ in more than their weights")
