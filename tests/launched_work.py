"""What the tests of `launch` let run on several processes. A module of its own, which workers import in no time."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import torch
import torch.distributed as dist

from course_utils.distributed import device_of_rank, process_group, progress_of


class Seen(NamedTuple):
    """What one process found around it."""

    rank: int
    processes: int
    total: torch.Tensor
    drawn: torch.Tensor
    arguments: tuple
    folder: str
    path: list
    variables: dict
    threads: int
    device: torch.device


def look_around(*arguments, **keywords):
    rank, drawn = dist.get_rank(), torch.rand(2)
    time.sleep(rank / 2)                                        # late, and within the timeout
    total = torch.tensor([float(10**rank)])
    dist.all_reduce(total)
    progress = progress_of(steps=20)
    for _ in range(20):
        progress.tick()
        time.sleep(0.03)
    progress.close()
    for line in ("one", "two ✓"):
        print(line, rank)
    print("no newline", end="")
    print("beware", rank, file=sys.stderr)
    names = ("COURSE_TEST_WORD", "GLOO_SOCKET_IFNAME", "OMP_NUM_THREADS")
    with process_group():                                       # there is one already
        assert dist.get_world_size() == 4
    assert dist.is_initialized()
    return Seen(rank, dist.get_world_size(), total, drawn, (arguments, keywords), os.getcwd(), sys.path,
                {name: os.environ.get(name) for name in names}, torch.get_num_threads(), device_of_rank())


def first_and_last(n):
    """Nothing between the first meeting and the last: who leaves too early tears the others' connections."""
    total = torch.full((n,), float(dist.get_rank() + 1))
    dist.all_reduce(total)
    return total.sum().item()


def come_in(folder):
    """Write down this process's number, and return when every rank has."""
    (Path(folder) / f"{dist.get_rank()}.pid").write_text(str(os.getpid()))
    dist.barrier()


def one_is_killed(folder):
    """Rank 1 is killed, and leaves a program of its own behind; rank 0 does not want to end."""
    if dist.get_rank() == 1:
        child = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(1000)"])
        (Path(folder) / "child.pid").write_text(str(child.pid))
        come_in(folder)
        (Path(folder) / "killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    come_in(folder)
    while True:
        try:
            dist.all_reduce(torch.ones(3))
        except RuntimeError:
            time.sleep(1)


def exits():
    sys.exit(3)


def exits_unseen():
    os._exit(0)


def one_does_not_call():
    if dist.get_rank() == 1:
        time.sleep(1000)
    dist.all_reduce(torch.ones(3))


def one_returns_early():
    if dist.get_rank() == 0:
        dist.barrier()


def other_sizes():
    dist.all_reduce(torch.ones(4 if dist.get_rank() else 400))


def returns_a_file():
    return {"loss": 0.5, "log": open(os.devnull, "w")}


def without_end(folder):
    come_in(folder)
    while True:
        pass
