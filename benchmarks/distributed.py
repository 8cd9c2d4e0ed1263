"""Several processes on this machine: held-out step times against the cost model, `fit_distributed` against plain loops.

A step's seconds are wall time, not CPU time: a process that waits for the others uses no CPU, and the wait is what is
asked about. They are those of the fastest of many steps, which other programs on the machine disturb least. An epoch's
are CPU time in one process, as in the other parts, and wall time in two.
"""

import statistics
import time

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

from benchmarks.measuring import Row
from course_utils.data import Examples
from course_utils.distributed import Point, Step, fit_cost, fit_distributed, launch, measure_steps
from course_utils.models import MultinomialLogisticRegression
from course_utils.train import fit, set_epochs_trained

# Shapes (batch, features, classes) that tell the six constants apart, and others in between to predict.
FITTED = [(64, 64, 10), (1024, 64, 10), (4096, 64, 10), (64, 784, 10), (1024, 784, 10), (256, 784, 100),
          (64, 3072, 100), (512, 3072, 10)]
HELD_OUT = [(256, 784, 10), (2048, 64, 10), (128, 3072, 100), (512, 784, 100), (512, 2048, 10)]
PATIENT = {"time_limit": 600, "timeout": 120}


def rows(quick: bool = False) -> list[Row]:
    if torch.get_num_threads() > 1:
        print("Here each process has one thread: see the rows for one thread.")
        return []
    nothing = launch(_nothing, **PATIENT)
    print(f"Two processes that do nothing take {nothing.seconds:.1f} s from call to end.")
    return _cost_rows(quick, nothing.seconds) + _fit_rows(quick)


def _nothing() -> None:
    pass


def _measure(rounds: int) -> list[Point]:
    return measure_steps(FITTED + HELD_OUT, rounds=rounds)


def _cost_rows(quick: bool, startup: float) -> list[Row]:
    """For each held-out step the predicted seconds divided by the measured ones: within 25 % is from 0.75 to 1.25."""
    points = launch(_measure, 3 if quick else 16, **PATIENT).value
    fitted = fit_cost([point for point in points if point.step[:3] in FITTED])
    print("  ".join(f"{name} {constant:.3g}" for name, constant in fitted.cost._asdict().items()))
    epoch = fitted.predict(Step(65_536, 784, 10, processes=64), steps=10**9 // 65_536, startup=startup)
    print(f"An epoch over a billion rows of 784 features, 64 processes, batches of 65,536: {epoch}.")
    found = []
    for step, seconds in points:
        if step[:3] in HELD_OUT:
            off = fitted.predict(step).seconds / seconds
            found.append(Row(_named(step), "predicted by the cost model", "measured", off, seconds, 0.25, around=1))
    for batch, features, classes in FITTED + HELD_OUT:
        one, two = (
            next(seconds for step, seconds in points if step == (batch, features, classes, processes))
            for processes in (1, 2)
        )
        found.append(Row(_named(Step(batch, features, classes)), "2 processes", "1 process", two / one, two))
    return found


def _named(step: Step) -> str:
    work = f"step, batch {step.batch:,}, {step.features:,} features, {step.classes} classes"
    return work + (f", {step.processes} processes" if step.processes > 1 else "")


# ---- fit_distributed, and the loops that tutorials show ----


def plain_loop(model, examples: Examples, batch_size: int) -> None:
    """An epoch with nothing but DistributedDataParallel: each process takes its rows of every batch."""
    rank, processes = dist.get_rank(), dist.get_world_size()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    X, y = examples
    for batch in torch.randperm(len(X), generator=torch.Generator().manual_seed(0)).split(batch_size):
        mine = batch.tensor_split(processes)[rank]
        optimizer.zero_grad()
        F.cross_entropy(model(X[mine]), y[mine]).backward()
        optimizer.step()


def tutorial_loop(model, loader: DataLoader) -> None:
    """An epoch as most tutorials show it: a DataLoader with a DistributedSampler."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for X, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(X), y).backward()
        optimizer.step()


def _epochs(batch_size: int, rounds: int) -> dict[str, list[float]]:
    """Seconds of an epoch over 6,000 drawn images by each way, in turns, of which each begins some.

    CPU time where one process runs, wall time where several do; between the turns they wait for one another.
    """
    processes = dist.get_world_size()
    draw = torch.Generator().manual_seed(0)
    examples = Examples(torch.rand(6000, 784, generator=draw), torch.randint(10, (6000,), generator=draw))
    sampler = DistributedSampler(TensorDataset(*examples))
    loader = DataLoader(TensorDataset(*examples), batch_size=batch_size // processes, sampler=sampler)

    def model():
        return MultinomialLogisticRegression(784, 10)

    def ours(fit_function, model):
        def run():
            set_epochs_trained(model, 0)        # so that no note is printed
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            fit_function(model, examples, F.cross_entropy, optimizer, epochs=1, batch_size=batch_size, measure=False)
        return run

    plain, tutorial = (DistributedDataParallel(model()) for _ in range(2))
    tasks = {
        "fit_distributed": ours(fit_distributed, model()),
        "plain DDP loop": lambda: plain_loop(plain, examples, batch_size),
        "DDP, DistributedSampler, DataLoader": lambda: tutorial_loop(tutorial, loader),
    }
    if processes == 1:
        tasks["fit"] = ours(fit, model())
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    clock = time.process_time if processes == 1 else time.perf_counter
    names = list(tasks)
    for turn in range(rounds + 1):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            dist.barrier()
            begin = clock()
            tasks[name]()
            dist.barrier()
            if turn:
                seconds[name].append(clock() - begin)
    return seconds


def _fit_rows(quick: bool) -> list[Row]:
    found = []
    for processes in (1, 2):
        for batch_size in (64, 1024):
            taken = launch(_epochs, batch_size, 3 if quick else 15, processes=processes, **PATIENT).value
            ours = taken.pop("fit_distributed")
            for name, seconds in taken.items():
                ratio = statistics.median(a / b for a, b in zip(ours, seconds, strict=True))
                work = f"epoch of 6,000 x 784, batch {batch_size:,}, {processes} process{'es' * (processes > 1)}"
                found.append(Row(work, "fit_distributed", name, ratio, statistics.median(ours)))
    return found
