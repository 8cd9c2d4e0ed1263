"""The group of processes that train together: come together, know your device, report progress once.

A rank is a process's number in the group, from 0. The carrier between CPUs is gloo, between GPUs nccl; both are part
of PyTorch.
"""

import itertools
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist

from course_utils.distributed.collectives import explain_meeting, explained
from course_utils.train import Progress

PROGRESS_FILE = "COURSE_LAUNCH_PROGRESS"        # set by `launch` for its workers: the file that rank 0 reports to

# The store where the processes first meet, by its address. A second group of the same script meets there too, under a
# number of its own: else it would read what the first has left, and wait at doors that are closed.
_stores: dict[str, dist.Store] = {}
_groups = itertools.count()


@contextmanager
def process_group(timeout: float = 30.0, backend: str | None = None) -> Iterator[None]:
    """Inside the block this process belongs to the group that torchrun started: `dist.get_rank()` and so on work.

        with process_group():
            history = fit_distributed(model, data, F.cross_entropy, optimizer)

    Who belongs to it is read from RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT, which torchrun sets; without them the
    group is this process alone. Inside a worker of `launch` there is a group already, and it is left as it is.

    timeout: seconds to wait for the others, at the beginning and in each call. backend: None is gloo for tensors on
    the CPU and, where every rank of this machine has a GPU of its own, nccl for those on GPUs.
    Raises RuntimeError, in plain words, where the processes do not come together, or one waits for another in vain.
    """
    if dist.is_initialized():
        yield
        return
    _join(timeout, backend)
    try:
        with explained():
            yield
    finally:
        dist.destroy_process_group()


def device_of_rank() -> torch.device:
    """A GPU of its own for each process of this machine, `cuda:LOCAL_RANK`, if there are enough; else the CPU."""
    local_rank, here = int(os.environ.get("LOCAL_RANK", 0)), int(os.environ.get("LOCAL_WORLD_SIZE", 1))
    if torch.cuda.is_available() and torch.cuda.device_count() >= here:
        return torch.device("cuda", local_rank)
    return torch.device("cpu")


def join(store: dist.Store, rank: int, processes: int, timeout: float, backend: str | None = None) -> None:
    """Make this process rank `rank` of `processes` in PyTorch's default group; `store` is where they meet."""
    device = device_of_rank()
    if device.type == "cuda":
        torch.cuda.set_device(device)
    backend = backend or ("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")
    dist.init_process_group(
        backend, store=store, rank=rank, world_size=processes, timeout=timedelta(seconds=timeout)
    )


def stay_on_this_machine() -> None:
    """Let gloo use the loopback interface, unless GLOO_SOCKET_IFNAME says which.

    By itself gloo asks which address this machine's name has: one in a network, which a firewall may guard, or which
    stops answering when the network goes.
    """
    if sys.platform != "win32":
        loopback = next((name for _, name in socket.if_nameindex() if name.startswith("lo")), None)
        if loopback:
            os.environ.setdefault("GLOO_SOCKET_IFNAME", loopback)


def _join(timeout: float, backend: str | None) -> None:
    if "RANK" not in os.environ:
        join(dist.HashStore(), 0, 1, timeout, backend)
        return
    missing = [name for name in ("WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT") if name not in os.environ]
    if missing:
        raise RuntimeError(f"RANK is set, but not {' and '.join(missing)}. Start the script by torchrun: it sets all.")
    rank, processes = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    if not 0 <= rank < processes:
        raise RuntimeError(f"RANK is {rank} and WORLD_SIZE is {processes}: ranks count from 0 to {processes - 1}.")
    if os.environ.get("LOCAL_WORLD_SIZE") == str(processes):
        stay_on_this_machine()
    address = f"{os.environ['MASTER_ADDR']}:{os.environ['MASTER_PORT']}"
    try:
        if address not in _stores:
            _stores[address] = next(dist.rendezvous("env://", timeout=timedelta(seconds=timeout)))[0]
        store = dist.PrefixStore(f"group {next(_groups)}", _stores[address])
        store.set_timeout(timedelta(seconds=timeout))
        join(store, rank, processes, timeout, backend)
    except RuntimeError as error:
        raise explain_meeting(error, rank, processes, timeout, address) from error


# ---- progress ----


def progress_of(steps: int) -> Progress:
    """A progress bar for the whole group: on rank 0 it is shown, in the notebook where `launch` waits; elsewhere not.

    progress = progress_of(steps)
    for ...:
        progress.tick()
    progress.close()
    """
    if dist.is_initialized() and dist.get_rank() > 0:
        return _Silent(steps)
    if PROGRESS_FILE in os.environ:
        return _Reported(steps, Path(os.environ[PROGRESS_FILE]))
    return Progress(steps)


class _Silent(Progress):
    def tick(self) -> None:
        """The other ranks take the same steps."""


class _Reported(Progress):
    """Keeps a line in a file, from which `launch` draws a bar: the bar's number, done, steps, and whether closed."""

    bars = 0

    def __init__(self, steps: int, path: Path):
        super().__init__(steps)
        _Reported.bars += 1
        self.number, self.path, self.written = _Reported.bars, path, 0.0

    def tick(self) -> None:
        self.done += 1
        if time.monotonic() > self.written + 0.1:
            self._write("running")

    def close(self) -> None:
        self._write("closed")

    def _write(self, state: str) -> None:
        self.path.write_text(f"{self.number} {self.done} {self.steps} {state}\n")
        self.written = time.monotonic()
