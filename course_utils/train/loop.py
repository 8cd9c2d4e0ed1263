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
- The same arguments give the same history whatever ran before, and the global random state is put back after each
  epoch.
- Calling `fit` again on the same model and optimizer continues: 5 epochs and 5 more are the same as 10.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn

from course_utils.data import Data, Examples, minibatches
from course_utils.train.checks import LossFunction, as_data, check_first_batch, check_optimizer, find_device, is_right
from course_utils.train.failures import (
    Diverged,
    explain_non_finite_loss,
    explain_out_of_memory,
    forget_half_loaded,
    warn_if_nothing_moved,
)
from course_utils.train.history import Epoch, History, Score, mean_over_batches
from course_utils.train.progress import Progress
from course_utils.train.randomness import epoch_seed, seeded

EVALUATION_ROWS = 8192  # rows measured at a time: a bound on memory, without an effect on the result


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
        for inputs, targets in zip(X.split(batch_size), y.split(batch_size), strict=True):
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
    yield from _epochs(model, data, loss_fn, optimizer, batch_size, penalty, seed, shuffle, device, measure)


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

    A run that diverges or that you interrupt ends there: what was reached is in the history, `history.stopped` says
    what happened, and the same sentence is printed. A progress bar appears if the run will last over two seconds.
    """
    if epochs < 0:
        raise ValueError(f"epochs is {epochs}. It counts passes over the data, so give 0 or more.")
    history, progress = History(), Progress(epochs * math.ceil(len(as_data(data).train.X) / max(1, batch_size)))
    run = _epochs(
        model, data, loss_fn, optimizer, batch_size, penalty, seed, shuffle, device, measure,
        new=f"these {epochs}", tick=progress.tick,
    )
    try:
        for epoch in run:
            history.epochs.append(epoch)
            if len(history) > epochs:
                break
    except Diverged as trouble:
        history.stopped = str(trouble)
    except KeyboardInterrupt:
        forget_half_loaded()
        history.stopped = (
            f"Training stopped after {max(0, len(history) - 1)} of {epochs} epochs. "
            "The model and history so far are kept; you can plot them or continue."
        )
    finally:
        progress.close()
    if history.stopped:
        print(history.stopped)
    return history


def _epochs(
    model, data, loss_fn, optimizer, batch_size, penalty, seed, shuffle, device, measure,
    new: str = "the new ones", tick: Callable[[], None] = lambda: None,
) -> Iterator[Epoch]:
    data, device = as_data(data), find_device(model, device)
    check_first_batch(model, data, loss_fn, batch_size, device)
    check_optimizer(model, optimizer)
    model.to(device)
    data = Data(train=_moved(data.train, device), valid=data.valid and _moved(data.valid, device))
    number = epochs_trained(model)
    if number:
        already = f"This model already had {number} epochs; {new} come on top."
        print(f"{already} For a fair comparison make a new model first.")
    with explain_out_of_memory():
        untrained = _epoch(number, model, data, loss_fn, measure)
    yield untrained
    while True:
        number += 1
        before = [p.detach().clone() for p in model.parameters()] if number == 1 else None
        order = torch.Generator().manual_seed(epoch_seed(seed, number)) if shuffle else None
        batches = minibatches(len(data.train.X), batch_size, order)
        with explain_out_of_memory():
            with seeded(epoch_seed(seed, number), device), train_mode(model):
                losses = _steps(model, data.train, loss_fn, optimizer, penalty, batches, number, tick)
            model.epochs_trained = number
            epoch = _epoch(number, model, data, loss_fn, measure, losses, batch_size)
        if before is not None:
            warn_if_nothing_moved(model, before)
        yield epoch


def _steps(model, train, loss_fn, optimizer, penalty, batches, number, tick) -> list[float]:
    """One step for each batch: predict, loss, gradients, step. Returns the objective of each."""
    needs_closure = isinstance(optimizer, torch.optim.LBFGS)  # it evaluates the loss several times within a step
    X, y, losses = *train, []
    device = X.device
    for batch in batches:
        batch = batch.to(device)
        pieces = model, X.index_select(0, batch), y.index_select(0, batch), loss_fn, optimizer, penalty
        objective = optimizer.step(partial(_gradients, *pieces)) if needs_closure else _gradients(*pieces)
        objective = objective.item()
        if not math.isfinite(objective):
            lr = max(float(group["lr"]) for group in optimizer.param_groups)
            raise Diverged(explain_non_finite_loss(objective, number, len(losses) + 1, lr, train))
        if not needs_closure:
            optimizer.step()
        losses.append(objective)
        tick()
    return losses


def _gradients(model, X, y, loss_fn, optimizer, penalty) -> Tensor:
    """Fill `.grad` of every parameter with the gradient of loss plus penalty on one batch; returns that objective."""
    optimizer.zero_grad()
    objective = loss_fn(model(X), y)
    if penalty is not None:
        objective = objective + penalty(model)
    objective.backward()
    return objective


def _epoch(number, model, data, loss_fn, measure, losses=(), batch_size=None) -> Epoch:
    train = evaluate(model, data.train, loss_fn) if measure else None
    valid = evaluate(model, data.valid, loss_fn) if measure and data.valid else None
    return Epoch(
        number,
        train_loss=train and train.loss,
        valid_loss=valid and valid.loss,
        train_accuracy=train and train.accuracy,
        valid_accuracy=valid and valid.accuracy,
        step_losses=tuple(losses),
        running_loss=mean_over_batches(losses, len(data.train.X), batch_size) if losses else None,
    )


def _moved(examples: Examples, device: torch.device) -> Examples:
    return Examples(examples.X.to(device), examples.y.to(device))


def epochs_trained(model: nn.Module) -> int:
    """How many epochs this module has had from `training` or `fit`; a copy of the module has had as many."""
    return getattr(model, "epochs_trained", 0)


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
