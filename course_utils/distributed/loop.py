"""The training loop of `course_utils.train`, on several processes: each takes its share of every batch.

DistributedDataParallel averages the gradients over the processes while `backward` runs, so all of them take the same
step and hold the same model. What you can rely on, beyond what `training` says:

- `batch_size` is that of all processes together. The batches are those of `fit` with the same seed, so the parameters
  are those of `fit` too, but for rounding: a sum has another order.
- Shares are weighted by their size. No example is repeated and none is left out, whatever the number of processes.
- The losses are those of the whole set, and of whole batches; every process gets the same numbers.
- Dropout draws from a stream of its own in each process, so with dropout a run on two processes is another run than
  `fit`, and one that repeats itself. Batch normalisation averages over a share; a warning says so.
- A loss that is not finite in one process ends the run in all of them.
- Alone, without a process group, it is `fit`.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from itertools import count, islice
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from course_utils.arguments import whole_number
from course_utils.data import Data, Examples, as_data, minibatches, take
from course_utils.distributed.agreement import check_same_everywhere, place
from course_utils.distributed.checkpoint import go_on_from, write_checkpoint
from course_utils.distributed.checks import check_before_sharing, describe_run
from course_utils.distributed.group import device_of_rank, progress_of
from course_utils.distributed.shards import parts_of, start_mean
from course_utils.distributed.storage import block_order
from course_utils.train import (
    Diverged,
    Epoch,
    History,
    LossFunction,
    Score,
    adds_up,
    check_before_training,
    decimals_of,
    diverged,
    epoch_seed,
    epochs_trained,
    evaluate,
    explain_cut_off,
    explain_out_of_memory,
    find_device,
    mean_over_batches,
    seeded,
    set_epochs_trained,
    train_mode,
    warn_if_nothing_moved,
)


@explain_cut_off()
@explain_out_of_memory()
def _steps(
    model: nn.Module,
    together: nn.Module,
    train: Examples,
    batches: Iterable[Tensor],
    loss_fn: LossFunction,
    optimizer: torch.optim.Optimizer,
    penalty: Callable[[nn.Module], Tensor] | None,
    epoch: int,
    accumulate: int,
    tick: Callable[[], None],
) -> list[float]:
    """Predict, loss, gradients, step, for this rank's share of each batch. Returns the objectives of whole batches.

    `together` is `model`, wrapped so that its gradients are averaged over the processes.
    """
    (rank, processes), device = place(), find_device(model)
    sums = getattr(loss_fn, "reduction", "mean") == "sum"
    # Gradients of several parts add up in each process; they are averaged once, with those of the last part.
    add_up = together.no_sync if isinstance(together, DistributedDataParallel) else nullcontext
    losses: list[float] = []

    def objective() -> float:
        optimizer.zero_grad()
        total = torch.zeros((), dtype=torch.float64, device=device)
        for rows, weight, last in parts:
            X, y = take(train, rows.to(train.X.device)).to(device)
            with nullcontext() if last else add_up():
                outputs = together(X)                                   # predict
                loss = weight * loss_fn(outputs, y)                     # loss
                if last and penalty is not None:
                    loss = loss + penalty(model)
                total += loss.detach().squeeze()
                if last:
                    mean = start_mean(total)            # travels while the gradients are computed
                loss.backward()                                         # gradients, averaged over the processes
        tried.append(mean())
        if not math.isfinite(tried[0]):
            raise diverged(tried[0], epoch, len(losses) + 1, optimizer, train)
        return tried[-1]

    for batch in batches:
        parts = parts_of(batch, accumulate, rank, processes, sums)
        tried: list[float] = []
        optimizer.step(objective)                                       # step
        losses.append(tried[0])
        tick()
    return losses


def training_distributed(
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
    accumulate: int = 1,
    block: int | None = None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    measure: bool = True,
) -> Iterator[Epoch]:
    """Train `model` epoch by epoch on all processes of the group. Every process calls it, with the same arguments.

    The arguments of `training` mean what they mean there. The model trains on this process's device, without a group
    where it is, and starts from rank 0's parameters. Examples stay where they are, and each share goes to the device
    when its turn comes.

    `accumulate`: each process takes its share of a batch in that many parts, one after the other, and needs memory for
    one of them. `block`: shuffle by blocks of so many rows, for examples from `open_stored`; None as `fit` does.
    `checkpoint`: a file that rank 0 replaces after each epoch. With `resume=True` the run goes on from it, up to
    `epochs` in all, and yields the epochs in it first, though the model is beyond them by then; without a file it
    begins anew. The number of processes and `accumulate` may be others than before.

    Raises what `training` raises, on every process alike, and ValueError where processes were given different settings
    or the loss of a batch is not the mean of its examples' losses. A checkpoint that cannot be gone on from raises
    `CheckpointError`, and so does one that is there although `resume` is False.
    """
    data, (rank, processes) = as_data(data, decimals_of(model)), place()
    train, valid = data.train, data.valid
    device = device_of_rank() if dist.is_initialized() else find_device(model)
    check_before_training(model, data, loss_fn, optimizer, epochs, batch_size, device, penalty, seed, shuffle, measure)
    settings = describe_run(
        train, loss_fn, optimizer, penalty, batch_size=batch_size, seed=seed, shuffle=shuffle, block=block
    )
    check_same_everywhere({**settings, "epochs": epochs, "accumulate": accumulate, "measure": measure,
                           "checkpoint": checkpoint, "resume": resume})
    check_before_sharing(model, train, loss_fn, penalty, batch_size, accumulate)
    stored = go_on_from(checkpoint, resume, model, optimizer, settings)
    together = DistributedDataParallel(model) if processes > 1 else model       # starts from rank 0's parameters

    def measured(number: int, losses: list[float]) -> Epoch:
        """The fifth step: the model as it stands, on all examples."""
        train_score = _evaluate(model, train, loss_fn) if measure else None
        valid_score = _evaluate(model, valid, loss_fn) if measure and valid else None
        running = mean_over_batches(losses, len(train.X), batch_size) if losses else None
        return Epoch.of(number, train_score, valid_score, losses, running)

    had = epochs_trained(model)
    if had and not stored and rank == 0:
        print(f"This model already had {had} epochs; the new ones come on top.")
    done = stored or [measured(had, [])]
    yield from done
    more = None if epochs is None else max(0, epochs - (done[-1].number - done[0].number))
    progress = progress_of((more or 0) * math.ceil(len(train.X) / batch_size))
    try:
        for number in islice(count(done[-1].number + 1), more):
            before = [p.detach().clone() for p in model.parameters()] if number == 1 else None
            order = torch.Generator().manual_seed(epoch_seed(seed, number)) if shuffle else None
            batches = _batches(len(train.X), batch_size, order, block)
            with seeded(_dropout_seed(seed, number, rank), device), train_mode(model):
                losses = _steps(
                    model, together, train, batches, loss_fn, optimizer, penalty, number, accumulate, progress.tick
                )
            _take_buffers_of_rank_0(model)
            set_epochs_trained(model, number)
            done.append(measured(number, losses))
            if before is not None and rank == 0:
                warn_if_nothing_moved(model, before)
            if checkpoint is not None:
                write_checkpoint(Path(checkpoint), model, optimizer, done, settings)
            yield done[-1]
    finally:
        progress.close()


def _batches(n: int, batch_size: int, order: torch.Generator | None, block: int | None) -> Iterable[Tensor]:
    """The batches of `fit`, or with `block` others, of rows that lie near one another in few places."""
    if block is None or order is None:
        return minibatches(n, batch_size, order)
    return block_order(n, block, order).split(batch_size)


def _dropout_seed(seed: int, number: int, rank: int) -> int:
    """What dropout draws from in one epoch on one rank; on rank 0 what it draws from in `fit`.

    Ranks lie a large prime apart, so that no two epochs of two ranks share one. A seed on the CPU has 32 bits.
    """
    return epoch_seed(seed, number) + 15_485_863 * rank


def _take_buffers_of_rank_0(model: nn.Module) -> None:
    """Numbers that are not learnt, such as batch normalisation's running means, differ between the ranks."""
    if place().processes > 1:
        for buffer in model.buffers():
            dist.broadcast(buffer, src=0)


def _evaluate(model: nn.Module, examples: Examples, loss_fn: LossFunction) -> Score:
    """Each rank measures its own share of the rows, and the sums are added up: the score on all, on every rank.

    A loss that cannot be added up, as with class weights, is measured by each on all rows.
    """
    rank, processes = place()
    if processes == 1 or not adds_up(loss_fn, examples.y):
        return evaluate(model, examples, loss_fn)
    n = len(examples.X)
    start, end = n * rank // processes, n * (rank + 1) // processes
    sums = torch.zeros(2, dtype=torch.float64, device=find_device(model))
    if end > start:
        score = evaluate(model, Examples(examples.X[start:end], examples.y[start:end]), loss_fn)
        right = math.nan if score.accuracy is None else round(score.accuracy * (end - start), 9)
        sums += torch.tensor([score.loss * (end - start), right], dtype=torch.float64)
    dist.all_reduce(sums)
    loss, accuracy = (sums / n).tolist()
    return Score(loss, None if math.isnan(accuracy) else accuracy)


def fit_distributed(
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
    accumulate: int = 1,
    block: int | None = None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    measure: bool = True,
) -> History:
    """Train on all processes and return the `History`, the same on each. The arguments are those of
    `training_distributed`, and so is what is raised.

        def work(lr):
            model = MultinomialLogisticRegression(64, 10)
            optimizer = torch.optim.SGD(model.parameters(), lr=lr)
            history = fit_distributed(model, load_digits(), F.cross_entropy, optimizer, epochs=5, batch_size=64)
            return model.state_dict(), history.train_loss

        together = launch(work, 0.5, processes=2)

    A run that diverges ends there on every process: `history.stopped` says what happened, and rank 0 prints it. An
    interrupt is not caught, for one process cannot go on without the others; give a `checkpoint` to go on later.
    """
    whole_number("epochs", epochs, "passes over the data")
    history = History()
    try:
        for epoch in training_distributed(
            model, data, loss_fn, optimizer, epochs=epochs, batch_size=batch_size, penalty=penalty, seed=seed,
            shuffle=shuffle, accumulate=accumulate, block=block, checkpoint=checkpoint, resume=resume, measure=measure,
        ):
            history.epochs.append(epoch)
    except Diverged as trouble:
        history.stopped = str(trouble)
        if place().rank == 0:
            print(history.stopped)
    return history
