"""Training is a `for` loop.

`training(...)` is a generator that yields one `Epoch` at a time; `fit(...)` collects them in a `History`. There are no
callbacks: to stop early, write an `if` and a `break`. What you can rely on:

- Epoch 0 is the untrained model.
- Both losses are measured after the epoch, in `eval` mode, over the whole set. The gap between them is generalisation
  and nothing else. What each step minimised on its own batch, penalty included, is kept in `step_losses`.
- A penalty steers the steps and is not part of the reported losses.
- The same arguments give the same history whatever ran before, and the global random state is put back after each
  epoch.
- Calling `fit` again on the same model and optimizer continues: 5 epochs and 5 more are the same as 10.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice

import torch
from torch import Tensor, nn

from course_utils.arguments import whole_number
from course_utils.data import Data, Examples, as_data, minibatches, take
from course_utils.train.checks import check_before_training
from course_utils.train.devices import decimals_of, find_device
from course_utils.train.evaluation import evaluate
from course_utils.train.failures import (
    Diverged,
    diverged,
    explain_cut_off,
    explain_out_of_memory,
    forget_half_loaded,
    warn_if_nothing_moved,
)
from course_utils.train.history import Epoch, History, epochs_trained, mean_over_batches, set_epochs_trained
from course_utils.train.losses import LossFunction
from course_utils.train.modes import train_mode
from course_utils.train.progress import Progress
from course_utils.train.randomness import epoch_seed, seeded


@explain_cut_off()
@explain_out_of_memory()
def _steps(
    model: nn.Module,
    train: Examples,
    batches: Iterable[Tensor],
    loss_fn: LossFunction,
    optimizer: torch.optim.Optimizer,
    penalty: Callable[[nn.Module], Tensor] | None,
    epoch: int,
    tick: Callable[[], None],
) -> list[float]:
    """Predict, loss, gradients, step, for each batch in turn. Returns the objective that each step began from.

    The optimizer is given the function `objective` and calls it when it wants gradients: SGD and Adam once a step,
    L-BFGS again at every point that it tries.
    """
    losses: list[float] = []

    def objective() -> float:
        optimizer.zero_grad()
        outputs = model(X)                                              # predict
        loss = loss_fn(outputs, y)                                      # loss
        if penalty is not None:
            loss = loss + penalty(model)
        loss.backward()                                                 # gradients
        tried.append(loss.item())
        if not math.isfinite(tried[0]):     # of the points tried the first, where the weights are: L-BFGS turns back
            raise diverged(tried[0], epoch, len(losses) + 1, optimizer, train)
        return tried[-1]

    for batch in batches:
        X, y = take(train, batch.to(train.X.device))
        tried: list[float] = []
        optimizer.step(objective)                                       # step
        losses.append(tried[0])
        tick()
    return losses


def training(
    model: nn.Module,
    data: Data | Examples,
    loss_fn: LossFunction,
    optimizer: torch.optim.Optimizer,
    *,
    epochs: int | None = None,
    batch_size: int = 32,
    penalty: Callable[[nn.Module], Tensor] | None = None,
    seed: int = 0,
    shuffle: bool = True,
    device: str | torch.device | None = None,
    measure: bool = True,
) -> Iterator[Epoch]:
    """Train `model` epoch by epoch: for `epochs` more of them, or, with None, for as long as you ask for the next one.

    `data` is a Data, a pair (X, y), or two pairs, to train and to validate; arrays and tables become tensors.
    `data.train.X` has shape (n, ...), one example a row, and `loss_fn(model(X), y)` is a scalar, the mean over a batch.
    `penalty(model)` is added to it in each step. `seed` decides the order of the examples and what dropout draws; with
    `shuffle=False` the examples keep their order. `device=None` trains where the model is. With `measure=False`
    nothing is measured after the epochs, which saves the time of a forward pass over all examples.

        for epoch in training(model, digits, F.cross_entropy, torch.optim.SGD(model.parameters(), lr=0.5)):
            print(epoch.number, epoch.train_loss, epoch.valid_loss)
            if epoch.valid_accuracy > 0.95:
                break

    Epoch 0 has no step, so a schedule of PyTorch's that goes by epochs skips it: `if epoch.number: scheduler.step()`.

    Raises ValueError or TypeError before the first step if the pieces do not fit together (the message says which and
    what to do), `Diverged` if the loss stops being a finite number, before that step changes the weights, and
    MemoryError if a batch needs more memory than is free. A progress bar appears for `epochs` of over two seconds.
    """
    data, device = as_data(data, decimals_of(model)), find_device(model, device)
    check_before_training(model, data, loss_fn, optimizer, epochs, batch_size, device, penalty, seed, shuffle, measure)
    train, valid = data.train.to(device), data.valid and data.valid.to(device)

    def measured(number: int, losses: list[float]) -> Epoch:
        """The fifth step: the model as it stands, on all examples."""
        train_score = evaluate(model, train, loss_fn) if measure else None
        valid_score = evaluate(model, valid, loss_fn) if measure and valid else None
        running = mean_over_batches(losses, len(train.X), batch_size) if losses else None
        return Epoch.of(number, train_score, valid_score, losses, running)

    had = epochs_trained(model)
    if had:
        new = "the new ones" if epochs is None else f"these {epochs}"
        print(f"This model already had {had} epochs; {new} come on top. For a fair comparison make a new model first.")
    progress = Progress((epochs or 0) * math.ceil(len(train.X) / batch_size))
    try:
        yield measured(had, [])
        for number in islice(count(had + 1), epochs):
            before = [p.detach().clone() for p in model.parameters()] if number == 1 else None
            order = torch.Generator().manual_seed(epoch_seed(seed, number)) if shuffle else None
            batches = minibatches(len(train.X), batch_size, order)
            with seeded(epoch_seed(seed, number), device), train_mode(model):
                losses = _steps(model, train, batches, loss_fn, optimizer, penalty, number, progress.tick)
            set_epochs_trained(model, number)
            epoch = measured(number, losses)
            if before is not None:
                warn_if_nothing_moved(model, before)
            yield epoch
    finally:
        progress.close()


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
    """Train for `epochs` epochs and return their `History`. The arguments, and what is raised, are those of `training`.

        model = MultinomialLogisticRegression(64, 10)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        history = fit(model, digits, F.cross_entropy, optimizer, epochs=20)
        print(history.valid_accuracy[-1])

    A run that diverges or that you interrupt ends there: what was reached is in the history, `history.stopped` says
    what happened, and the same sentence is printed.
    """
    whole_number("epochs", epochs, "passes over the data")      # None is for `training`, which you can leave
    history = History()
    try:
        for epoch in training(
            model, data, loss_fn, optimizer, epochs=epochs, batch_size=batch_size, penalty=penalty, seed=seed,
            shuffle=shuffle, device=device, measure=measure,
        ):
            history.epochs.append(epoch)
    except Diverged as trouble:
        history.stopped = str(trouble)
    except KeyboardInterrupt:
        forget_half_loaded()
        history.stopped = (
            f"Training stopped after {max(0, len(history) - 1)} of {epochs} epochs. "
            "The model and history so far are kept; you can plot them or continue."
        )
    if history.stopped:
        print(history.stopped)
    return history
