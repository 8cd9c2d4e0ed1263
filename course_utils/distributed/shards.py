"""Who takes which rows, and how the gradients of all become one."""

from collections.abc import Callable
from typing import NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.utils.data import DistributedSampler, TensorDataset

from course_utils.distributed.agreement import place


def share(rows: Tensor, rank: int, processes: int) -> Tensor:
    """The part of a batch's row numbers (k,) that belongs to one rank: as even as can be, and nothing twice.

    Of 10 rows on 4 ranks the first two get 3 and the others 2. Their mean losses must then be weighted by the number
    of rows behind each: the mean of the four means is not the mean over the batch. A rank may get none.
    Raises ValueError where there is no such rank.
    """
    _check_rank(rank, processes)
    return rows.tensor_split(processes)[rank]


def padded_share(n: int, rank: int, processes: int) -> Tensor:
    """The rows of 0 … n−1 that `DistributedSampler` deals to one rank, unshuffled: every rank gets equally many.

    Where `processes` does not divide n, it repeats the first r rows until it does, and they count twice. A mean over
    what was dealt is off by r / (n + r) times the difference between the mean of the repeated rows and the mean of
    all: with 10 rows on 4 ranks by a sixth of it. Harmless in training, where chance picks the rows; in a loss or
    an accuracy that you report it is an error, the larger the fewer rows there are.
    Raises ValueError where there is no such rank.
    """
    _check_rank(rank, processes)
    rows = TensorDataset(torch.arange(n))
    sampler: DistributedSampler = DistributedSampler(rows, num_replicas=processes, rank=rank, shuffle=False)
    return torch.tensor(list(sampler), dtype=torch.int64)


def _check_rank(rank: int, processes: int) -> None:
    if not 0 <= rank < processes:
        raise ValueError(f"Rank {rank} of {processes} processes: ranks are numbered from 0 to {processes - 1}.")


class Part(NamedTuple):
    """Rows that go through the model at once, and how much their mean loss counts in the gradient."""

    rows: Tensor
    weight: float
    last: bool      # of this rank's parts of the batch


def parts_of(batch: Tensor, pieces: int, rank: int, processes: int, sums: bool = False) -> list[Part]:
    """This rank's share of a batch, in up to `pieces` parts.

    The gradients of a rank's parts add up, and DistributedDataParallel takes the mean over the ranks. For that to be
    the gradient of the mean over the batch, a part counts by its size, times the ranks by which the mean divides.
    Of a loss that `sums` over its examples, a part counts once, times the ranks.
    A rank whose share is empty takes the first row and counts it 0 times: the others wait for its gradients.
    """
    mine = share(batch, rank, processes)
    if not len(mine):
        return [Part(batch[:1], 0.0, last=True)]
    parts = mine.tensor_split(min(pieces, len(mine)))
    weights = [processes * (1.0 if sums else len(rows) / len(batch)) for rows in parts]
    return [Part(rows, weight, last=rows is parts[-1]) for rows, weight in zip(parts, weights, strict=True)]


def average_gradients(model: nn.Module, weight: float | None = None) -> None:
    """After `backward` on each rank: every gradient becomes the sum over the ranks of weight · gradient.

        loss_fn(model(X[mine]), y[mine]).backward()
        average_gradients(model, len(mine) / len(batch))

    With each rank's part of the batch as its weight, that is the gradient of the mean over the batch; None means
    equal shares, 1 / processes. Every rank has to call it, one whose share is empty with weight 0.
    DistributedDataParallel does the same while `backward` still runs, for all gradients in few messages.
    """
    processes = place().processes
    weight = 1 / processes if weight is None else weight
    for parameter in model.parameters():
        if not parameter.requires_grad:
            continue
        if parameter.grad is None:                          # the others wait for it all the same
            parameter.grad = torch.zeros_like(parameter)
        parameter.grad *= weight
        if processes > 1:
            dist.all_reduce(parameter.grad)


def start_mean(value: Tensor) -> Callable[[], float]:
    """Begin to average a number () over the ranks; call the result to wait for the answer, the same on each rank.

    In between there is time to compute: a message over a network takes longer than many a small layer.
    """
    processes = place().processes
    sent = dist.all_reduce(value, async_op=True) if processes > 1 else None

    def wait() -> float:
        if sent is not None:
            sent.wait()
        return value.item() / processes

    return wait
