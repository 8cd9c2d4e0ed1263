"""How long a step of training takes here, measured: the points that `fit_cost` fits its constants to."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor
from torch.nn.parallel import DistributedDataParallel

from course_utils.distributed.agreement import place
from course_utils.distributed.cost import Point, Step
from course_utils.distributed.group import device_of_rank
from course_utils.memory import give_back
from course_utils.models import MultinomialLogisticRegression
from course_utils.train import seeded

POOL = 2**24    # numbers that the inputs are taken from, 64 MB: as in training, most rows are read from memory
WARM_UP = 2     # steps in each turn that do not count: they find nothing in the caches


def measure_steps(
    shapes: Sequence[tuple[int, int, int]],
    *,
    processes: Sequence[int] = (),
    rounds: int = 8,
    steps: int = 6,
    quantile: float = 0.0,
) -> list[Point]:
    """Seconds of a step of softmax regression, for each shape (batch, features, classes) and number of processes.

    Call it in `launch`, in every process, with the same arguments; every process returns the same points. `processes`
    says how many of the launched processes share a step, by default 1 and all of them. Called without `launch` it
    measures one process.

    All the shapes take turns in each of `rounds` rounds, so that a busy spell of the machine hits all of them and not
    one. The time of a point is that of the fastest of its `rounds` times `steps` steps, in the process where it is
    longest: what makes a step slower are other programs, so the fastest is the one that repeats (Python's timeit says
    the same). The median, `quantile=0.5`, is a step as it comes, with what other programs take from the machine.

    Raises ValueError for numbers of processes that are not running.
    """
    rank, running = place()
    counts = sorted(set(processes or (1, running)))
    if counts[0] < 1 or counts[-1] > running:
        raise ValueError(f"processes={tuple(processes)}, and {running} are running. Name numbers from 1 to {running}.")
    todo = [Step(*shape, processes=count) for shape in shapes for count in counts]
    with seeded(0, device_of_rank()):
        seconds = turns(todo, rank, running, rounds, steps)
    chosen = seconds.quantile(quantile, dim=1)
    if running > 1:
        dist.all_reduce(chosen, op=dist.ReduceOp.MAX)
    return [Point(step, took) for step, took in zip(todo, chosen.tolist(), strict=True)]


def turns(todo: Sequence[Step], rank: int, running: int, rounds: int, steps: int) -> Tensor:
    """The seconds of every step that this process takes, shape (len(todo), rounds * steps); 0 where it has no part."""
    give_back()                             # what the process did before may have left more than the pool takes
    device = device_of_rank()
    pool = torch.rand(max(POOL, max(step.share * step.features for step in todo)), device=device)
    most = len(pool) // min(step.features for step in todo)
    labels = {classes: torch.randint(classes, (most,), device=device) for classes in {step.classes for step in todo}}
    # Every process makes every group, as torch.distributed asks, and steps in those that it belongs to.
    shared = sorted({step.processes for step in todo} - {1})
    groups: dict[int, Any] = {p: dist.new_group(list(range(p))) for p in shared}
    tasks = {step: one_step(step, pool, labels[step.classes], groups.get(step.processes))
             for step in todo if rank < step.processes}
    seconds = torch.zeros(len(todo), rounds * steps, dtype=torch.float64)
    for turn in range(rounds):
        for number, step in enumerate(todo):
            if running > 1:
                dist.barrier()      # those that have no part in this step wait, and leave the cores to the others
            if step in tasks:
                taken = [seconds_of(tasks[step]) for _ in range(WARM_UP + steps)]
                seconds[number, turn * steps : (turn + 1) * steps] = torch.tensor(taken[WARM_UP:])
    return seconds


def seconds_of(task: Callable[[], object]) -> float:
    begin = time.perf_counter()
    task()
    return time.perf_counter() - begin


def one_step(step: Step, pool: Tensor, labels: Tensor, group: Any) -> Callable[[], None]:
    """A function that takes one step as `fit_distributed` takes it, on rows drawn at random.

    `pool` holds the numbers of the inputs, `labels` a class for each row that it has, or for more rows. `group` is that
    of the processes that share the step, as `dist.new_group` makes it; None for one process.
    """
    n, device = len(pool) // step.features, pool.device
    X, y = pool[: n * step.features].view(n, step.features), labels[:n]
    model = MultinomialLogisticRegression(step.features, step.classes).to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    together = DistributedDataParallel(model, process_group=group) if group else model

    def take() -> None:
        rows = torch.randint(n, (step.share,)).to(device)
        optimizer.zero_grad()
        loss = F.cross_entropy(together(X.index_select(0, rows)), y.index_select(0, rows))
        mean = loss.detach().clone()
        sent = dist.all_reduce(mean, group=group, async_op=True) if group else None     # the loss of the whole batch
        loss.backward()
        if sent:
            sent.wait()
        mean.item()
        optimizer.step()

    return take
