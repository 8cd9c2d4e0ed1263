"""One rank of a launch, as a program: `python -m course_utils.distributed.worker FOLDER`, which `launch` starts.

It joins the group, calls the function that the notebook packed into FOLDER, and writes there what became of it.
Nothing imports this module: it is run.
"""

import contextlib
import os
import re
import shutil
import signal
import sys
import threading
import time
import traceback
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist

from course_utils.distributed.collectives import CollectiveFailed, explained
from course_utils.distributed.failures import Outcome
from course_utils.distributed.group import join, stay_on_this_machine
from course_utils.distributed.parcel import NotSendable, pack_value, unpack_work
from course_utils.distributed.places import describe, frames_of, write_when_asked

WATCH_SECONDS = 0.5         # between two looks at whether the notebook is still there
FAREWELL_SECONDS = 1.0


def main(folder: Path) -> int:
    """Do the work as rank RANK; the exit code is 0 if it returned."""
    rank, processes = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    notebook = int(os.environ["COURSE_LAUNCH_PARENT"])
    threading.Thread(target=_end_with, args=(notebook, folder), daemon=True).start()
    with open(folder / f"place{rank}.txt", "w") as asked:
        write_when_asked(asked)
        outcome = _work(folder, rank, processes)
        outcome.write(folder / f"outcome{rank}.json")       # before the group is left, which the others notice
    if outcome.kind != "returned":
        sys.stdout.flush()
        os._exit(1)                     # without good-byes to the others, which may be waiting for what never comes
    dist.destroy_process_group()
    return 0


def _work(folder: Path, rank: int, processes: int) -> Outcome:
    try:
        work, arguments, keywords, notebooks = unpack_work(folder / "work.pickle")
    except Exception as error:
        return Outcome(
            "unsendable", f"cannot put together what you sent: {type(error).__name__}: {error}. What a file defines "
            "has to be importable in a new program too.",
        )
    try:
        torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
        store = _meet(rank, processes)
        torch.manual_seed(0)
        with explained():
            value = work(*arguments, **keywords)
        pack_value(folder / f"value{rank}.pickle", value, notebooks)
    except NotSendable as error:
        return Outcome("unsendable", f"did its work, but its result does not reach you. {error}")
    except CollectiveFailed as error:
        return Outcome("missed", error.what, error.place)
    except BaseException as error:
        frames = frames_of(error.__traceback__)
        if isinstance(error, SystemExit):
            return Outcome("exited", f"sys.exit({error.code!r})", describe(frames))
        return Outcome("raised", type(error).__name__, describe(frames), _own_traceback(error))
    with contextlib.suppress(dist.DistError):               # the others may be in the last call that all made together
        _wait_for_all("returned", store, rank, processes, seconds=FAREWELL_SECONDS)
    return Outcome("returned")


def _meet(rank: int, processes: int) -> dist.Store:
    """Wait until every rank is here, which takes as long as the slowest import; then join the group."""
    store = dist.TCPStore(os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"]), is_master=False)
    _wait_for_all("here", store, rank, processes)
    stay_on_this_machine()
    join(store, rank, processes, float(os.environ["COURSE_LAUNCH_TIMEOUT"]))
    _wait_for_all("joined", store, rank, processes)         # who leaves before, tears the others' connections
    return store


def _wait_for_all(point: str, store: dist.Store, rank: int, processes: int, seconds: float = 86_400) -> None:
    """Wait until all ranks have come to this point; by default as long as the launch's own time limit allows."""
    store.set(f"{point}/{rank}", "")
    store.wait([f"{point}/{other}" for other in range(processes)], timedelta(seconds=seconds))


def _own_traceback(error: BaseException) -> str:
    """The traceback from the notebook's function on, without this program's own calls; cells have no file to name."""
    step = error.__traceback__
    while step is not None and Path(step.tb_frame.f_code.co_filename).parent == Path(__file__).parent:
        step = step.tb_next
    text = "".join(traceback.format_exception(type(error), error, step or error.__traceback__)).rstrip()
    return re.sub(r'File "[^"]*ipykernel[^"]*", line', "In a cell of the notebook, line", text)


def _end_with(parent: int, folder: Path) -> None:
    """As soon as the program that launched it is gone, end this process and those it started, and remove the folder."""
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    shutil.rmtree(folder, ignore_errors=True)
    if hasattr(os, "killpg"):
        os.killpg(os.getpgid(0), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
