"""The processes of a launch: started, watched and ended by the part of torchrun that does this."""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs, Std, SubprocessContext

from course_utils.distributed.failures import End, Outcome
from course_utils.distributed.group import PROGRESS_FILE
from course_utils.distributed.places import describe, frames_written

SETTLE_SECONDS = 1.5        # after a first failure: for the others to notice, and to say where they were
ANSWER_SECONDS = 1.0        # for a process that is asked where it stands
PATIENCE_SECONDS = 2        # for a process that is asked to end; then it is killed


class Processes(SubprocessContext):
    """`count` times `python -m course_utils.distributed.worker folder`, each in a session of its own.

    So the terminal's Ctrl-C reaches the notebook alone, and a signal to a process's group reaches what it started.
    """

    def __init__(self, folder: Path, count: int, port: int, threads: int, timeout: float):
        program = ("-u", "-P", "-m", "course_utils.distributed.worker", str(folder))
        super().__init__(
            name="rank",
            entrypoint=sys.executable,
            args={rank: program for rank in range(count)},
            envs={rank: _environment(rank, count, port, threads, timeout, folder) for rank in range(count)},
            logs_specs=DefaultLogsSpecs(log_dir=str(folder / "logs"), redirects=Std.ALL),
        )
        self.folder = folder

    def start(self) -> None:
        """Start them all, without the signal handlers that torchrun installs: the notebook keeps its own."""
        with interrupts_later():
            self._start()

    def exit_codes(self) -> dict[int, int | None]:
        """Of each rank: None while it runs, 0 if it returned, minus the number of the signal that ended it."""
        return {rank: handler.proc.poll() for rank, handler in self.subprocess_handlers.items()}

    def ends(self) -> dict[int, End]:
        """What is known of each rank now, those that still run having been asked where they stand."""
        self._wait_for_ends(SETTLE_SECONDS)
        codes, places = self.exit_codes(), self._ask()
        outcomes = {rank: Outcome.read(self.folder / f"outcome{rank}.json") for rank in codes}
        return {
            rank: End(code, outcomes[rank], places.get(rank, ""), self._last_words(rank))
            for rank, code in codes.items()
        }

    def close(self, death_sig: signal.Signals | None = None, timeout: int = PATIENCE_SECONDS) -> None:
        """End every process that still runs, and whatever they started. May be called twice."""
        with interrupts_later(), quiet():
            super().close(death_sig, timeout)
            for handler in self.subprocess_handlers.values():
                if hasattr(os, "killpg"):
                    try:
                        os.killpg(handler.proc.pid, signal.SIGKILL)
                    except (ProcessLookupError, PermissionError):       # nobody is left in its group
                        pass
                for stream in filter(None, (handler._stdout, handler._stderr)):     # torch leaves some of them open
                    stream.close()

    def _wait_for_ends(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while None in self.exit_codes().values() and time.monotonic() < deadline:
            time.sleep(0.02)

    def _ask(self) -> dict[int, str]:
        """The line at which each running process stands, for those that answer."""
        asked = {}
        for rank, code in self.exit_codes().items():
            file = self.folder / f"place{rank}.txt"                     # there is one: it listens for the signal
            if code is None and file.exists() and hasattr(signal, "SIGUSR1"):
                os.kill(self.pids()[rank], signal.SIGUSR1)
                asked[rank] = file
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline and not all(file.stat().st_size for file in asked.values()):
            time.sleep(0.02)
        time.sleep(0.1 if asked else 0)                                 # they write line by line
        return {rank: describe(frames_written(file.read_text())) for rank, file in asked.items() if file.read_text()}

    def _last_words(self, rank: int) -> str:
        return Path(self.stderrs[rank]).read_text(encoding="utf-8", errors="replace")[-2000:].strip()


def _is_here(place: str) -> bool:
    """Whether Python looks there as the current folder. It comes last: a learner's `random.py` may lie in it.

    Where somebody put that folder on the path by its name, it is meant, and stays in its place.
    """
    return place == ""


def _environment(rank: int, count: int, port: int, threads: int, timeout: float, folder: Path) -> dict[str, str]:
    """What torchrun tells its workers, and what `launch` tells its own, beside this process's own environment."""
    return {
        "RANK": str(rank), "LOCAL_RANK": str(rank), "GROUP_RANK": "0",
        "WORLD_SIZE": str(count), "LOCAL_WORLD_SIZE": str(count), "GROUP_WORLD_SIZE": "1",
        "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "TORCHELASTIC_USE_AGENT_STORE": "True",
        "OMP_NUM_THREADS": str(threads),
        "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sorted(sys.path, key=_is_here))),
        "MPLBACKEND": "agg",                                            # the notebook's would draw into a page
        "TORCH_CPP_LOG_LEVEL": os.environ.get("TORCH_CPP_LOG_LEVEL", "FATAL"),      # its errors reach Python anyhow
        "COURSE_LAUNCH_PARENT": str(os.getpid()),
        "COURSE_LAUNCH_TIMEOUT": str(timeout),
        PROGRESS_FILE: str(folder / "progress"),
    }


@contextmanager
def quiet() -> Iterator[None]:
    """Elastic's warnings that it ends processes are no news to who asks it to."""
    logger = logging.getLogger("torch.distributed.elastic.multiprocessing.api")
    logger.disabled, before = True, logger.disabled
    try:
        yield
    finally:
        logger.disabled = before


@contextmanager
def interrupts_later() -> Iterator[None]:
    """The stop button waits until the block is over: in between, a process could start and be forgotten."""
    if threading.current_thread() is not threading.main_thread():       # interrupts never reach other threads
        yield
        return
    pressed = []
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
        if pressed:
            signal.raise_signal(signal.SIGINT)
