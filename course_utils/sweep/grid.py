"""Train a whole grid of settings, each from many seeds, side by side.

    runs = sweep(make_model, digits, F.cross_entropy, lr=[0.01, 0.1, 1.0], seeds=range(20))
    plot_sweep(runs, x="lr", y="valid_accuracy")
    summarize(runs, "valid_accuracy")

A run is one setting and one seed. It is, to float tolerance, what you get from

    with seeded(seed):
        model = make_model()
    fit(model, data, loss_fn, optimizer(model.parameters(), lr=lr, ...), epochs=epochs, batch_size=..., seed=seed)

only faster: models of one shape are stacked and take their steps together (`stacked`). Models that cannot be stacked
are trained one after another, and a printed line says so.
"""

import inspect
import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import torch
from torch import nn

from course_utils.data import Data, Examples, as_data
from course_utils.penalties import Penalty
from course_utils.sweep.loop import train_together
from course_utils.sweep.optimizers import can_stack, full_settings
from course_utils.sweep.records import RecordOfOne
from course_utils.sweep.runs import Run, Runs
from course_utils.sweep.stack import CannotStack, layers_of, stack, structure_of
from course_utils.train import (
    Diverged,
    History,
    LossFunction,
    Progress,
    check_first_batch,
    forget_half_loaded,
    seeded,
    training,
)


def sweep(
    make_model: Callable[..., nn.Module] | dict[str, Callable[..., nn.Module]],
    data: Data | Examples | Callable[..., Data] | dict[str, Data],
    loss_fn: LossFunction,
    *,
    lr,
    seeds: Iterable[int] = range(10),
    epochs: int | Sequence[int] = 10,
    batch_size: int | Sequence[int] = 32,
    optimizer=torch.optim.SGD,
    l1: float | Sequence[float] = 0.0,
    l2: float | Sequence[float] = 0.0,
    measure: dict[str, Callable[[nn.Module], float]] | None = None,
    shuffle: bool = True,
    **settings,
) -> "Runs":
    """Train a model for each setting in the grid and each seed. A list, a range or a 1-d tensor spans an axis.

    Further keywords go to whoever has a parameter of that name, `make_model`, the function `data` or `optimizer`: say
    `hidden=[8, 64]`, `share=[0, 0.2]`, `momentum=[0, 0.9]`. A dict of makers or of data sets is an axis too, called
    "model" or "data". `data(seed, ...)`, if it is a function, gives every seed a data set of its own.
    `l1` and `l2` are penalties that leave the bias free (`weight_decay` does not).
    With several `epochs` each run goes to the largest and is reported at each of them; only those are measured.
    `measure` adds columns: name → function of the trained model.

    An interrupt keeps what there is: of models side by side all runs, up to the last epoch; else the finished ones.
    Raises the ValueError or TypeError of `fit` if the pieces do not fit together.
    """
    seeds = _checked_seeds(seeds)
    snapshots = sorted({_checked_epochs(number) for number in _values(epochs)})
    grid = {"model": make_model, "data": data, "lr": lr, "batch_size": batch_size, "optimizer": optimizer}
    grid |= {"l1": l1, "l2": l2} | settings
    jobs = _jobs(grid, seeds, loss_fn)
    every_epoch = not _is_axis(epochs)
    trained: dict[int, tuple] = {}  # which record a job is in, and where
    for group in _groups(jobs):
        done, interrupted = _train(group, loss_fn, snapshots, every_epoch, shuffle)
        trained |= {id(job): (record, place) for job, record, place in done}
        if interrupted:
            break
    runs = Runs(
        Run(job.settings | {"epochs": number}, job.seed, job.make, *trained[id(job)], measure or {})
        for job in jobs
        if id(job) in trained
        for number in snapshots
    )
    lost = sum(run.diverged for run in runs)
    if lost:
        print(f"{lost} of {len(runs)} runs diverged: their loss stopped being a finite number. Their results are nan.")
    return runs


OWN = ("model", "data", "optimizer", "batch_size", "l1", "l2")  # the rest goes to the model, the data, the optimizer


class Job(NamedTuple):
    """One run to be made: the model before training, its data, and everything that steers its steps."""

    settings: dict
    seed: int
    make: Callable[[], nn.Module]
    model: nn.Module
    data: Data
    optimizer: Callable
    optimizer_settings: dict
    batch_size: int
    penalty: Penalty
    model_settings: tuple


def _is_axis(value) -> bool:
    return isinstance(value, list | range | dict) or (hasattr(value, "tolist") and getattr(value, "ndim", 0) == 1)


def _values(value) -> list:
    if not _is_axis(value):
        return [value]
    values = value.tolist() if hasattr(value, "tolist") else list(value)
    if not values:
        raise ValueError("An empty list leaves nothing to train. Give at least one value for each setting.")
    return values


def _checked_seeds(seeds) -> list[int]:
    if isinstance(seeds, int):
        raise TypeError(f"seeds is {seeds}. Say which seeds: `seeds=range({seeds})` for {seeds} of them.")
    seeds = [int(seed) for seed in seeds]
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds is {seeds}. Give at least one seed, and each only once.")
    return seeds


def _checked_epochs(number: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise ValueError(f"epochs is {number!r}. It counts passes over the data, so give a whole number, 0 or more.")
    return number


def _jobs(grid: dict, seeds: list[int], loss_fn: LossFunction) -> list[Job]:
    """Every combination of the values in `grid`, from every seed."""
    names = list(grid)
    prepared: dict = {}  # models and data that several runs have in common, so that each is made once
    jobs = []
    for combination in itertools.product(*(_values(grid[name]) for name in names)):
        chosen = dict(zip(names, combination, strict=True))
        for seed in seeds:
            jobs.append(_job(grid, dict(chosen), seed, prepared))
    return jobs


def _job(grid: dict, chosen: dict, seed: int, prepared: dict) -> Job:
    shown = {
        name: _shown(value)
        for name, value in chosen.items()
        if name not in OWN or _is_axis(grid[name])
    }
    make, data = (
        grid[name][chosen[name]] if isinstance(grid[name], dict) else chosen[name] for name in ("model", "data")
    )
    optimizer, batch_size = chosen["optimizer"], chosen["batch_size"]
    optimizer = grid["optimizer"][optimizer] if isinstance(grid["optimizer"], dict) else optimizer
    penalty = Penalty(l1=chosen["l1"], l2=chosen["l2"])
    rest = {name: v for name, v in chosen.items() if name not in OWN}
    for_model = _taken_by(make, rest)
    for_data = _taken_by(data, rest) if not isinstance(data, Data | tuple) else {}
    rest = {name: value for name, value in rest.items() if name not in for_model and name not in for_data}
    if isinstance(optimizer, type):
        full_settings(optimizer, rest)  # a misspelled setting is told before anything is trained

    def make_one() -> nn.Module:
        with seeded(seed):
            return make(**for_model)

    model_key, data_key = ("model", id(make), seed, _names(for_model)), ("data", id(data), seed, _names(for_data))
    if model_key not in prepared:
        prepared[model_key] = make_one()
    if data_key not in prepared:
        prepared[data_key] = _data_of(data, seed, for_data) if callable(data) else as_data(data)
    return Job(
        shown, seed, make_one, prepared[model_key], prepared[data_key], optimizer, rest, batch_size, penalty,
        (id(make), _names(for_model)),
    )


def _names(settings: dict) -> tuple:
    """Which values these are, for a key: two tensors may read alike and differ. The grid keeps them all alive."""
    return tuple((name, id(value)) for name, value in settings.items())


def _shown(value):
    value = tuple(value) if isinstance(value, list) else value  # a list could be no key of a table
    return value.__name__ if isinstance(value, type) else value


def _taken_by(function, settings: dict) -> dict:
    """Those settings that `function` has a parameter for."""
    if not callable(function):
        return {}
    try:
        parameters = inspect.signature(function).parameters
    except ValueError:  # some functions written in C do not tell
        return {}
    return {name: value for name, value in settings.items() if name in parameters}


def _data_of(function, seed: int, settings: dict) -> Data:
    takes_seed = "seed" in inspect.signature(function).parameters
    with seeded(seed):
        return as_data(function(seed=seed, **settings) if takes_seed else function(seed, **settings))


def _groups(jobs: list[Job]) -> list[list[Job]]:
    """The jobs that can be stacked: alike in all but weights, seed, data and the numbers that steer the optimizer."""
    groups: dict = {}
    for job in jobs:
        parts = [part for part in (job.data.train, job.data.valid) if part is not None]
        shapes = tuple((t.shape, t.dtype) for part in parts for t in part)
        maker = None if layers_of(job.model) is not None else job.model_settings
        key = (structure_of(job.model), maker, shapes, len(parts), job.batch_size, job.optimizer)
        groups.setdefault(key, []).append(job)
    return list(groups.values())


def _train(group: list[Job], loss_fn, snapshots, every_epoch, shuffle):
    """(job, record, place in it) for each job of the group, stacked if that can be; and whether it was interrupted."""
    first = group[0]
    for job in {id(job.data): job for job in reversed(group)}.values():
        check_first_batch(job.model, job.data, loss_fn, job.batch_size, torch.device("cpu"))
    try:
        if not can_stack(first.optimizer, first.optimizer_settings):
            raise CannotStack(f"{getattr(first.optimizer, '__name__', 'this optimizer')} is not written for stacks")
        ordered, record = train_together(group, stack, loss_fn, snapshots, every_epoch, shuffle)
        return [(job, record, k) for k, job in enumerate(ordered)], record.interrupted is not None
    except CannotStack as reason:
        print(f"These {len(group)} models train one after another, not side by side: {reason}.")
    done, progress = [], Progress(len(group) * max(snapshots))
    try:
        for job in group:
            done.append((job, _train_alone(job, loss_fn, snapshots, shuffle, progress), 0))
    except KeyboardInterrupt:
        forget_half_loaded()
        print(f"Training stopped after {len(done)} of {len(group)} runs. Those are kept.")
        return done, True
    finally:
        progress.close()
    return done, False


def _train_alone(job: Job, loss_fn, snapshots, shuffle, progress) -> RecordOfOne:
    """The definition of a run: a model, an optimizer, and `training`."""
    model = job.make()
    optimizer = job.optimizer(model.parameters(), **job.optimizer_settings)
    penalty = job.penalty if job.penalty.l1 or job.penalty.l2 else None
    history, weights, diverged = History(), {}, False
    try:
        for epoch in training(
            model, job.data, loss_fn, optimizer,
            batch_size=job.batch_size, penalty=penalty, seed=job.seed, shuffle=shuffle,
        ):
            history.epochs.append(epoch)
            progress.tick()
            if epoch.number in snapshots:
                weights[epoch.number] = {name: value.clone() for name, value in model.state_dict().items()}
            if epoch.number == max(snapshots):
                break
    except Diverged as trouble:
        history.stopped, diverged = str(trouble), True
        weights[max(snapshots)] = model.state_dict()
    return RecordOfOne(history, weights, diverged)
