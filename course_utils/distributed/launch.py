"""Run a function on several processes of this machine, from a notebook cell, and get back what each returned.

The processes are programs of their own (`worker.py`), started and ended by PyTorch's elastic, on which torchrun
stands too (`processes.py`). What goes to them and comes back is packed in `parcel.py`.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import torch.distributed as dist

from course_utils.distributed.collectives import taken
from course_utils.distributed.failures import WorkerFailed, failure, out_of_time
from course_utils.distributed.group import PROGRESS_FILE
from course_utils.distributed.output import Printed, ProgressShown
from course_utils.distributed.parcel import pack_work, unpack_value
from course_utils.distributed.processes import Processes

LOOK_SECONDS = 0.05         # between two looks at the processes


class Launched(NamedTuple):
    """What the processes of a launch returned: `values[r]` is rank r's, `value` is rank 0's."""

    values: list[Any]
    seconds: float          # from the call of `launch` to its end

    @property
    def value(self) -> Any:
        """What rank 0 returned, which mostly is what every rank did."""
        return self.values[0]


def launch(
    work: Callable[..., Any],
    *arguments: Any,
    processes: int = 2,
    time_limit: float = 120.0,
    timeout: float = 30.0,
    threads: int = 1,
    port: int | None = None,
    **keywords: Any,
) -> Launched:
    """Call `work(*arguments, **keywords)` in each of `processes` new processes, and return what they return.

        def work(lr):
            model = MultinomialLogisticRegression(64, 10)
            optimizer = torch.optim.SGD(model.parameters(), lr=lr)
            history = fit_distributed(model, load_digits(), F.cross_entropy, optimizer)
            return model.state_dict(), history.train_loss

        parameters, losses = launch(work, 0.5, processes=2).value

    In each, `torch.distributed` is ready: `dist.get_rank()` says which of the processes it is. All begin with
    `torch.manual_seed(0)`. `work` and its arguments are copied to them, with what the notebook defines and `work`
    uses; what a process changes in its copies does not come back, only what `work` returns does. Large data are better
    loaded inside `work` than sent. What rank 0 prints is shown as it is, the others' lines begin with "rank 1 | ".

    time_limit: seconds for everything, the start included, which takes some. timeout: seconds that a rank waits in one
    call for the others. threads: of PyTorch and NumPy in each process. port: where they meet on this machine, None for
    a free one. They talk through the loopback interface, so no network is needed; GLOO_SOCKET_IFNAME names another.

    Raises NotSendable (a TypeError) for what cannot be copied into another process, and WorkerFailed (a RuntimeError)
    if a process does not return: killed, an error of its own, a rank that the others wait for in vain, no time left,
    port taken. However it ends, and also after the stop button, no process is left running. Tried on Linux.
    """
    begin = time.monotonic()
    _check(work, processes, threads, time_limit, timeout)
    with tempfile.TemporaryDirectory(prefix="course_launch_", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        notebooks = pack_work(folder / "work.pickle", work, arguments, keywords)
        store = _store(port)
        workers = Processes(folder, processes, store.port, threads, timeout)
        try:
            workers.start()
            _wait(workers, begin + time_limit, time_limit)
        finally:
            workers.close()
        values = [unpack_value(folder / f"value{rank}.pickle", notebooks) for rank in range(processes)]
    return Launched(values, time.monotonic() - begin)


def _wait(workers: Processes, deadline: float, time_limit: float) -> None:
    """Return when every process has returned. Raises WorkerFailed."""
    printed = Printed(workers.stdouts, workers.stderrs)
    progress = ProgressShown(workers.folder / "progress")
    try:
        while True:
            codes = workers.exit_codes().values()
            printed.show()
            progress.show()
            if any(codes):
                raise failure(workers.ends())
            if None not in codes:
                ends = workers.ends()
                if all(end.outcome for end in ends.values()):
                    return
                raise failure(ends)                             # a program that ended itself, with a friendly 0
            if time.monotonic() > deadline:
                raise out_of_time(workers.ends(), time_limit)
            time.sleep(LOOK_SECONDS)
    finally:
        progress.close()
        printed.show(all_is_written=True)


def _store(port: int | None) -> dist.TCPStore:
    """Where the processes meet. It listens before they start, so that nobody else can take a free port in between."""
    try:
        return dist.TCPStore("127.0.0.1", port or 0, is_master=True, wait_for_workers=False)
    except dist.DistNetworkError as error:
        if "EADDRINUSE" in str(error):
            raise WorkerFailed(f"{taken(port or 0)} Without `port`, launch finds a free one.") from None
        raise


def _check(work: Callable[..., Any], processes: int, threads: int, time_limit: float, timeout: float) -> None:
    if not callable(work):
        raise TypeError(
            f"The first argument of launch is a {type(work).__name__}. Give the function itself, without brackets, and "
            "its arguments after it: launch(work, 0.5)."
        )
    for name, number in (("processes", processes), ("threads", threads)):
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            raise ValueError(f"{name} is {number!r}; a whole number is needed, 1 or more.")
    for name, seconds in (("time_limit", time_limit), ("timeout", timeout)):
        if not seconds > 0:
            raise ValueError(f"{name} is {seconds!r}; it counts seconds, so give more than 0.")
    if PROGRESS_FILE in os.environ:
        raise RuntimeError(
            "This is already one of the processes of a launch. Call launch in the notebook only, not in the function "
            "that it runs."
        )
