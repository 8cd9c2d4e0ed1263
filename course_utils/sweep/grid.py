"""Train a whole grid of settings, each from many seeds, side by side."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from course_utils.data import Data, Examples, as_data
from course_utils.penalties import Penalty
from course_utils.sweep.loop import train_together
from course_utils.sweep.rules import check_settings, rule_of
from course_utils.sweep.runs import Record, Run, Runs
from course_utils.sweep.settings import (
    check_sweep,
    checked_epochs,
    checked_seeds,
    data_from,
    is_axis,
    model_from,
    penalty_from,
    taken_by,
    values_of,
)
from course_utils.sweep.stack import CannotStack, layers_of, structure_of
from course_utils.train import (
    Diverged,
    LossFunction,
    Progress,
    check_first_batch,
    forget_half_loaded,
    seeded,
    training,
)

OWN = ("model", "data", "optimizer", "batch_size", "penalty")  # the rest goes to the makers of these


def sweep(
    make_model: Callable[..., nn.Module] | dict[str, Callable[..., nn.Module]],
    data: Data | Examples | Callable[..., Data | Examples] | dict[str, Data | Examples],
    loss_fn: LossFunction,
    *,
    lr: float | Sequence[float] | Tensor,
    seeds: Iterable[int] = range(10),
    epochs: int | Sequence[int] = 10,
    batch_size: int | Sequence[int] = 32,
    optimizer: Callable[..., torch.optim.Optimizer] | list | dict[str, Callable] = torch.optim.SGD,
    penalty: Penalty | Callable[..., Any] | list | dict[str, Penalty | Callable[..., Any]] | None = None,
    metrics: dict[str, Callable[[nn.Module], float]] | None = None,
    shuffle: bool = True,
    **settings: Any,
) -> Runs:
    """Train a model for each setting in the grid and each seed. A list, a range or a 1-d tensor spans an axis.

        runs = sweep(make_model, digits, F.cross_entropy, lr=[0.01, 0.1, 1.0], penalty=l2, strength=[0, 0.01])
        plot_sweep(runs.where(strength=0), x="lr", y="valid_accuracy")

    A run is one setting and one seed. It is, to float tolerance, what you get from

        with seeded(seed):
            model = make_model()
        fit(model, data, loss_fn, optimizer(model.parameters(), lr=lr), penalty=penalty, seed=seed, ...)

    only faster: models of one structure take their steps together. Models that cannot are trained one after another,
    and a printed line says so.

    Further keywords go to whoever has a parameter of that name: `make_model`, the function `data`, the maker of a
    penalty, or `optimizer`; say `hidden=[8, 64]`, `share=[0, 0.2]`, `strength=[0, 0.1]`, `momentum=[0, 0.9]`. A dict
    names the values of an axis, called "model", "data", "optimizer" or "penalty".
    `data(seed, ...)`, if it is a function, gives every seed a data set of its own. `penalty` is a `Penalty`, or a
    function that makes one, such as `penalties.l2`.
    With several `epochs` each run goes to the largest and is reported at each of them; only those are measured.
    `metrics` adds columns: name → function of the trained model.

    An interrupt keeps what there is: of models side by side all runs, up to the last epoch; else the finished ones.
    Raises the ValueError or TypeError of `fit` if the pieces do not fit together, and TypeError for a setting that
    nobody takes.
    """
    check_sweep(make_model, lr, batch_size, optimizer, penalty, metrics, shuffle)
    seeds, snapshots = checked_seeds(seeds), checked_epochs(epochs)
    grid = {"model": make_model, "data": data, "lr": lr, "batch_size": batch_size, "optimizer": optimizer}
    jobs = _jobs(grid | {"penalty": penalty} | settings, seeds)
    records: dict[int, Record] = {}
    for group in _groups(jobs):
        done, interrupted = _train(group, loss_fn, snapshots, not is_axis(epochs), shuffle)
        records |= {id(job): record for job, record in done}
        if interrupted:
            break
    runs = Runs(
        Run(job.settings | {"epochs": number}, job.seed, job.make, records[id(job)], metrics or {})
        for job in jobs
        if id(job) in records
        for number in snapshots
    )
    lost = sum(run.diverged for run in runs)
    if lost:
        print(f"{lost} of {len(runs)} runs diverged: their loss stopped being a finite number. Their results are nan.")
    return runs


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
    penalty: Callable | None
    made_by: tuple  # which maker, with which settings

    @property
    def rule(self) -> tuple[Callable, dict] | None:
        """The rule of `course_utils.optimizers` that the optimizer follows, and its settings."""
        return rule_of(self.optimizer, self.optimizer_settings)


def _jobs(grid: dict, seeds: list[int]) -> list[Job]:
    """Every combination of the values in `grid`, from every seed."""
    prepared: dict = {}  # models and data that several runs have in common, so that each is made once
    combinations = itertools.product(*map(values_of, grid.values()))
    return [
        _job(grid, dict(zip(grid, combination, strict=True)), seed, prepared)
        for combination in combinations
        for seed in seeds
    ]


def _job(grid: dict, chosen: dict, seed: int, prepared: dict) -> Job:
    shown = {name: _shown(value) for name, value in chosen.items() if name not in OWN or is_axis(grid[name])}
    make, data, optimizer, batch_size, penalty = (
        grid[name][chosen[name]] if isinstance(grid[name], dict) else chosen[name]
        for name in ("model", "data", "optimizer", "batch_size", "penalty")
    )
    rest = {name: value for name, value in chosen.items() if name not in OWN}
    for_model, for_data = taken_by(make, rest), taken_by(data, rest)
    penalties = grid["penalty"].values() if isinstance(grid["penalty"], dict) else values_of(grid["penalty"])
    for_penalty = {name: value for each in penalties for name, value in taken_by(each, rest).items()}
    if callable(penalty) and not isinstance(penalty, Penalty):
        penalty = penalty_from(penalty, taken_by(penalty, rest))
    rest = {name: value for name, value in rest.items() if name not in for_model | for_data | for_penalty}
    if isinstance(optimizer, type):
        check_settings(optimizer, rest)  # a misspelled setting is told before anything is trained

    def make_one() -> nn.Module:
        with seeded(seed):
            return model_from(make, for_model)

    made_by = (id(make), *_names(for_model))
    model_key, data_key = (*made_by, seed), ("data", id(data), seed, *_names(for_data))
    if model_key not in prepared:
        prepared[model_key] = make_one()
    if data_key not in prepared:
        with seeded(seed):
            prepared[data_key] = as_data(data_from(data, seed, for_data) if callable(data) else data)
    model, data = prepared[model_key], prepared[data_key]
    return Job(shown, seed, make_one, model, data, optimizer, rest, int(batch_size), penalty, made_by)


def _names(settings: dict) -> tuple:
    """Which values these are, for a key: two tensors may read alike and differ. The grid keeps them all alive."""
    return tuple((name, id(value)) for name, value in settings.items())


def _shown(value: object) -> object:
    value = tuple(value) if isinstance(value, list) else value  # a list could be no key of a table
    return value.__name__ if isinstance(value, type) else value


def _groups(jobs: list[Job]) -> list[list[Job]]:
    """The jobs that can be stacked: alike in all but weights, seed, data and the numbers that steer the optimizer."""
    groups: dict = {}
    for job in jobs:
        parts = [part for part in (job.data.train, job.data.valid) if part is not None]
        shapes = tuple((t.shape, t.dtype) for part in parts for t in part)
        made_by = None if layers_of(job.model) is not None else job.made_by
        rule = job.rule[0] if job.rule else None
        own_penalty = job.penalty is not None and not isinstance(job.penalty, Penalty)
        key = structure_of(job.model), made_by, shapes, job.batch_size, job.optimizer, rule, own_penalty
        groups.setdefault(key, []).append(job)
    return list(groups.values())


def _train(
    group: list[Job], loss_fn: LossFunction, snapshots: list[int], every_epoch: bool, shuffle: bool
) -> tuple[list[tuple[Job, Record]], bool]:
    """(job, its record) for each that was trained, stacked if that can be; and whether that was interrupted."""
    first = group[0]
    for job in {(id(job.data), id(job.penalty)): job for job in reversed(group)}.values():
        check_first_batch(job.model, job.data, loss_fn, job.batch_size, torch.device("cpu"), job.penalty)
    try:
        if first.rule is None:
            name = getattr(first.optimizer, "__name__", "this optimizer")
            raise CannotStack(f"{name} with these settings is no rule of course_utils.optimizers")
        if first.penalty is not None and not isinstance(first.penalty, Penalty):
            raise CannotStack("its penalty is a function of your own")
        return train_together(group, loss_fn, snapshots, every_epoch, shuffle)
    except CannotStack as reason:
        print(f"These {len(group)} models train one after another, not side by side: {reason}.")
    done, progress = [], Progress(len(group) * (1 + max(snapshots)))      # epoch 0 is measured too
    try:
        for job in group:
            done.append((job, _train_alone(job, loss_fn, snapshots, shuffle, progress)))
    except KeyboardInterrupt:
        forget_half_loaded()
        print(f"Training stopped after {len(done)} of {len(group)} runs. Those are kept.")
        return done, True
    finally:
        progress.close()
    return done, False


def _train_alone(
    job: Job, loss_fn: LossFunction, snapshots: list[int], shuffle: bool, progress: Progress
) -> Record:
    """The definition of a run: a model, an optimizer, and `training`."""
    model, record = job.make(), Record()
    optimizer = job.optimizer(model.parameters(), **job.optimizer_settings)
    try:
        for epoch in training(model, job.data, loss_fn, optimizer, batch_size=job.batch_size, penalty=job.penalty,
                              seed=job.seed, shuffle=shuffle):
            record.epochs.append(epoch)
            progress.tick()
            if epoch.number in snapshots:
                record.parameters[epoch.number] = {name: value.clone() for name, value in model.state_dict().items()}
            if epoch.number == max(snapshots):
                break
    except Diverged as trouble:
        record.stop(str(trouble), model.state_dict(), diverged=True)
    return record
