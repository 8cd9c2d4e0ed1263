"""Training is a `for` loop.

`training(...)` is a generator that yields one `Epoch` at a time; `fit(...)` collects a given number of them in a
`History`. There are no callbacks: to stop early, write an `if` and a `break`.

    for epoch in training(model, data, F.cross_entropy, optimizer):
        print(epoch.number, epoch.train_loss, epoch.valid_loss)
        if epoch.number == 20:
            break

What you can rely on:

- Epoch 0 is the untrained model.
- Both losses are measured after the epoch, in `eval` mode, over the whole set. The gap between them is generalisation
  and nothing else. What each step minimised on its own batch, penalty included, is kept in `step_losses`.
- A penalty steers the steps and is not part of the reported losses.
- The same arguments give the same history whatever ran before, and the global random state is put back after each epoch.
- Calling `fit` again on the same model continues it: 5 epochs and 5 more are the same as 10.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor, nn

from course_utils.data import Data, Examples, minibatches
from course_utils.first_batch import (
    LossFunction,
    as_data,
    check_first_batch,
    check_optimizer,
    explain_non_finite_loss,
    explain_out_of_memory,
    find_device,
    is_right,
    warn_if_nothing_moved,
)

EVALUATION_ROWS = 8192  # rows measured at a time: a bound on memory, without an effect on the result


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


class Diverged(RuntimeError):
    """The loss stopped being a finite number; the message says in which epoch and batch and with which learning rate."""


@dataclass
class History:
    """The epochs of one run, and why it ended before its time (`stopped`, None if it did not)."""

    epochs: list[Epoch] = field(default_factory=list)
    stopped: str | None = None

    def __len__(self) -> int:
        return len(self.epochs)

    def __getitem__(self, index):
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


class EarlyStopping:
    """Says when to stop: after `patience` epochs in a row without a valid loss lower by more than `min_delta`.

    stopper = EarlyStopping(patience=5)
    for epoch in training(model, data, F.cross_entropy, optimizer):
        if stopper.should_stop(epoch.valid_loss):
            break
    """

    def __init__(self, patience: int = 5, min_delta: float = 0.0):
        if patience < 1:
            raise ValueError(f"patience is {patience}. It counts the epochs to wait, so give 1 or more.")
        self.patience, self.min_delta = patience, min_delta
        self.best = math.inf
        self.waited = 0
        self.improved = False  # did the latest loss set a new best? Then now is the time to copy the weights

    def should_stop(self, valid_loss: float) -> bool:
        if valid_loss is None:
            raise ValueError("There is no validation loss to watch: give `training` a Data with a `valid` part.")
        self.improved = valid_loss < self.best - self.min_delta  # False for nan, so a broken run stops too
        if self.improved:
            self.best, self.waited = valid_loss, 0
        else:
            self.waited += 1
        return self.waited >= self.patience


def evaluate(
    model: nn.Module, examples: Examples, loss_fn: LossFunction, *, batch_size: int = EVALUATION_ROWS
) -> Score:
    """Measure `model` on all `examples`, in eval mode and without recording gradients; the mode is put back.

    The loss is the mean over the examples: a shorter last batch counts by its size, and the value of a loss function
    that sums is divided by the number of examples.
    """
    X, y = examples
    device = find_device(model, None)
    sums = getattr(loss_fn, "reduction", "mean") == "sum"
    total_loss, total_right = 0.0, 0
    with eval_mode(model), torch.no_grad():
        for inputs, targets in zip(X.split(batch_size), y.split(batch_size)):
            outputs, targets = model(inputs.to(device)), targets.to(device)
            loss = loss_fn(outputs, targets).item()
            total_loss += loss if sums else loss * len(inputs)
            right = is_right(outputs, targets, loss_fn)
            total_right = None if right is None else total_right + right.sum().item()
    return Score(total_loss / len(X), None if total_right is None else total_right / len(X))


def training(
    model: nn.Module,
    data: Data | Examples,
    loss_fn: LossFunction,
    optimizer: torch.optim.Optimizer,
    *,
    batch_size: int = 32,
    penalty: Callable[[nn.Module], Tensor] | None = None,
    seed: int = 0,
    shuffle: bool = True,
    device: str | torch.device | None = None,
    measure: bool = True,
) -> Iterator[Epoch]:
    """Train `model` epoch by epoch, for as long as you ask for the next one.

    `data.train.X` has shape (n, ...), one example a row, and `loss_fn(model(X), y)` is a scalar, the mean over a batch.
    `penalty(model)` is added to it in each step. With `measure=False` nothing is measured after the epochs, which saves
    the time of a forward pass over all examples. `device=None` trains where the model is.

    Raises ValueError or TypeError before the first step if the pieces do not fit together (the message says which and
    what to do), and `Diverged` if the loss stops being a finite number.
    """
    yield from _epochs(model, data, loss_fn, optimizer, batch_size, penalty, seed, shuffle, device, measure, tick=None)


def fit(
    model: nn.Module,
    data: Data | Examples,
    loss_fn: LossFunction,
    optimizer: torch.optim.Optimizer,
    *,
    epochs: int = 10,
    batch_size: int = 32,
    penalty: Callable[[nn.Module], Tensor] | None = None,
    seed: int = 0,
    shuffle: bool = True,
    device: str | torch.device | None = None,
    measure: bool = True,
) -> History:
    """Train for `epochs` epochs and return their `History`; see `training` for the arguments.

    A run that diverges or that you interrupt ends there: what was reached is in the history, `history.stopped` says what
    happened, and the same sentence is printed. A progress bar appears if the run is going to last over two seconds.
    """
    if epochs < 0:
        raise ValueError(f"epochs is {epochs}. It counts passes over the data, so give 0 or more.")
    history = History()
    progress = None
    try:
        progress = Progress(epochs * math.ceil(len(as_data(data).train.X) / max(1, batch_size)))
        run = _epochs(
            model, data, loss_fn, optimizer, batch_size, penalty, seed, shuffle, device, measure, progress.tick
        )
        for epoch in run:
            history.epochs.append(epoch)
            if len(history) > epochs:
                break
    except Diverged as trouble:
        history.stopped = str(trouble)
    except KeyboardInterrupt:
        done = max(0, len(history) - 1)
        history.stopped = (
            f"Training stopped after {done} of {epochs} epochs. The model and history so far are kept; "
            "you can plot them or continue."
        )
    finally:
        if progress is not None:
            progress.close()
    if history.stopped:
        print(history.stopped)
    return history


def _epochs(
    model, data, loss_fn, optimizer, batch_size, penalty, seed, shuffle, device, measure, tick
) -> Iterator[Epoch]:
    data = as_data(data)
    device = find_device(model, device)
    check_first_batch(model, data, loss_fn, batch_size, device)
    check_optimizer(model, optimizer)
    model.to(device)
    data = Data(train=_moved(data.train, device), valid=data.valid and _moved(data.valid, device))
    number = epochs_trained(model)
    if number:
        print(
            f"This model already had {number} epochs; the new ones come on top. "
            "For a fair comparison make a new model first."
        )
    yield _epoch(number, model, data, loss_fn, measure)
    while True:
        number += 1
        with seeded(epoch_seed(seed, number), device), train_mode(model):
            order = torch.Generator().manual_seed(epoch_seed(seed, number)) if shuffle else None
            batches = minibatches(len(data.train.X), batch_size, order)
            before = [p.detach().clone() for p in model.parameters()] if number == 1 else None
            with explain_out_of_memory():
                losses, sizes = _steps(model, data.train, loss_fn, optimizer, penalty, batches, number, tick)
        model.epochs_trained = number
        if before is not None:
            warn_if_nothing_moved(model, before)
        yield _epoch(number, model, data, loss_fn, measure, losses, sizes)


def _steps(model, train, loss_fn, optimizer, penalty, batches, number, tick) -> tuple[list[float], list[int]]:
    """One step for each batch: predict, loss, gradients, step. Returns every objective and every batch size."""
    needs_closure = isinstance(optimizer, torch.optim.LBFGS)  # it evaluates the loss several times within a step
    losses, sizes = [], []
    for batch in batches:
        batch = batch.to(train.X.device)
        X, y = train.X.index_select(0, batch), train.y.index_select(0, batch)

        def gradients(X=X, y=y) -> Tensor:
            optimizer.zero_grad()
            objective = loss_fn(model(X), y)
            if penalty is not None:
                objective = objective + penalty(model)
            objective.backward()
            return objective

        objective = gradients().item() if not needs_closure else optimizer.step(gradients).item()
        if not math.isfinite(objective):
            lr = max(group["lr"] for group in optimizer.param_groups)
            raise Diverged(explain_non_finite_loss(objective, number, len(losses) + 1, lr, train))
        if not needs_closure:
            optimizer.step()
        losses.append(objective)
        sizes.append(len(batch))
        if tick is not None:
            tick()
    return losses, sizes


def _epoch(number, model, data, loss_fn, measure, losses=(), sizes=()) -> Epoch:
    train = evaluate(model, data.train, loss_fn) if measure else None
    valid = evaluate(model, data.valid, loss_fn) if measure and data.valid else None
    running = sum(loss * size for loss, size in zip(losses, sizes)) / sum(sizes) if sizes else None
    return Epoch(
        number,
        train_loss=train and train.loss,
        valid_loss=valid and valid.loss,
        train_accuracy=train and train.accuracy,
        valid_accuracy=valid and valid.accuracy,
        step_losses=tuple(losses),
        running_loss=running,
    )


def _moved(examples: Examples, device: torch.device) -> Examples:
    return Examples(examples.X.to(device), examples.y.to(device))


def epochs_trained(model: nn.Module) -> int:
    """How many epochs this module has had from `training` or `fit`; a copy of the module has had as many."""
    return getattr(model, "epochs_trained", 0)


def epoch_seed(seed: int, number: int) -> int:
    """The seed of one epoch of one run: epoch 7 is drawn alike whether the run is continued or goes through."""
    return 1_000_003 * seed + number


@contextmanager
def seeded(seed: int, device: torch.device | str = "cpu"):
    """Draw from `seed` inside the block, and put the global generators of the CPU and of `device` back after it."""
    device = torch.device(device)
    accelerator = getattr(torch, device.type, None) if device.type != "cpu" else None  # torch.cuda, torch.mps
    where = (device,) if device.type == "cuda" else ()
    cpu_state = torch.get_rng_state()
    state = accelerator.get_rng_state(*where) if accelerator else None
    try:
        torch.default_generator.manual_seed(seed)  # not torch.manual_seed, which reseeds every device there is
        if accelerator:
            with torch.device(device):
                accelerator.manual_seed(seed)
        yield
    finally:
        torch.set_rng_state(cpu_state)
        if accelerator:
            accelerator.set_rng_state(state, *where)


@contextmanager
def train_mode(model: nn.Module):
    """Switch the whole model to train mode, and put the mode of each of its parts back."""
    with _mode(model, True):
        yield


@contextmanager
def eval_mode(model: nn.Module):
    """Switch the whole model to eval mode, and put the mode of each of its parts back."""
    with _mode(model, False):
        yield


@contextmanager
def _mode(model: nn.Module, training: bool):
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, mode in before:
            module.training = mode


class Progress:
    """A progress bar in steps that appears only once it is clear that the run will last over two seconds."""

    def __init__(self, steps: int):
        self.steps, self.done, self.bar = steps, 0, None
        self.start = math.nan  # the clock starts after the first step, which may load parts of torch for seconds

    def tick(self) -> None:
        self.done += 1
        if self.done == 1:
            self.start = time.perf_counter()
        if self.bar is not None:
            self.bar.update()
        elif self.done % 8 == 0:
            elapsed = time.perf_counter() - self.start
            if elapsed > 0.5 and elapsed * self.steps / self.done > 2:
                from tqdm.auto import tqdm  # here: it loads ipywidgets

                self.bar = tqdm(total=self.steps, initial=self.done, unit="step", leave=False)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
