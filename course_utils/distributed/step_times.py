"""How long a step of training takes here, measured: the points that `fit_cost` fits its constants to."""

import time
from collections.abc import Callable, Sequence

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor
from torch.nn.parallel import DistributedDataParallel

from course_utils.distributed.cost import Point, Step
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
    quantile: float = 0.1,
) -> list[Point]:
    """Seconds of a step of softmax regression, for each shape (batch, features, classes) and number of processes.

    Call it in `launch`, in every process, with the same arguments; every process returns the same points. `processes`
    says how many of the launched processes share a step, by default 1 and all of them. Called without `launch` it
    measures one process.

    All the shapes take turns in each of `rounds` rounds, so that a busy spell of the machine hits all of them and not
    one. The time of a point is a quantile over `rounds` times `steps` steps, in the process where it is longest. By
    default one step in ten is faster: that is a step that nothing else on the machine disturbs, and repeats best. The
    median, `quantile=0.5`, is a step as it comes, with what other programs take from the machine.

    Raises ValueError for numbers of processes that are not running.
    """
    running = dist.is_initialized()
    rank, world = (dist.get_rank(), dist.get_world_size()) if running else (0, 1)
    counts = sorted(set(processes or (1, world)))
    if counts[0] < 1 or counts[-1] > world:
        raise ValueError(f"processes={tuple(processes)}, and {world} are running. Name numbers from 1 to {world}.")
    todo = [Step(*shape, processes=count) for shape in shapes for count in counts]
    with seeded(0):
        seconds = turns(todo, rank, rounds, steps, running)
    chosen = seconds.quantile(quantile, dim=1)
    if running:
        dist.all_reduce(chosen, op=dist.ReduceOp.MAX)
    return [Point(step, took) for step, took in zip(todo, chosen.tolist(), strict=True)]


def turns(todo: Sequence[Step], rank: int, rounds: int, steps: int, running: bool) -> Tensor:
    """The seconds of every step that this process takes, shape (len(todo), rounds * steps); 0 where it has no part."""
    pool = torch.rand(max(POOL, max(step.share * step.features for step in todo)))
    # Every process makes every group, as torch.distributed asks, and steps in those that it belongs to.
    groups = {p: dist.new_group(list(range(p))) for p in sorted({step.processes for step in todo}) if running}
    tasks = {step: one_step(step, pool, groups.get(step.processes)) for step in todo if rank < step.processes}
    seconds = torch.zeros(len(todo), rounds * steps, dtype=torch.float64)
    for turn in range(rounds):
        for number, step in enumerate(todo):
            if running:
                dist.barrier()      # those that have no part in this step wait, and leave the cores to the others
            if step in tasks:
                taken = [seconds_of(tasks[step]) for _ in range(WARM_UP + steps)]
                seconds[number, turn * steps : (turn + 1) * steps] = torch.tensor(taken[WARM_UP:])
    return seconds


def seconds_of(task: Callable[[], object]) -> float:
    begin = time.perf_counter()
    task()
    return time.perf_counter() - begin


def one_step(step: Step, pool: Tensor, group: object) -> Callable[[], None]:
    """A function that takes one step of training on rows drawn at random: predict, loss, gradients, step.

    `group` is that of the processes that share the step, as `dist.new_group` makes it; one process needs none.
    """
    n = len(pool) // step.features
    X, y = pool[: n * step.features].view(n, step.features), torch.randint(step.classes, (n,))
    model: torch.nn.Module = MultinomialLogisticRegression(step.features, step.classes)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    if step.processes > 1:
        model = DistributedDataParallel(model, process_group=group)

    def take() -> None:
        rows = torch.randint(n, (step.share,))
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X.index_select(0, rows)), y.index_select(0, rows))
        loss.backward()
        loss.item()
        optimizer.step()

    return take
