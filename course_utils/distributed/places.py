"""Where in the code a process stands: the line that the learner wrote, and the call in which it waits."""

import faulthandler
import linecache
import re
import signal
import sysconfig
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple

OURS = str(Path(__file__).parents[1])
WORKER = str(Path(__file__).with_name("worker.py"))
LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")})
STARTING = "still starting, before the function was called"


class Frame(NamedTuple):
    """One call on the way to where a process stands."""

    file: str
    line: int
    function: str


def frames_of(traceback: TracebackType | None) -> list[Frame]:
    """The frames of an exception's traceback, the innermost call last."""
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(Frame(code.co_filename, traceback.tb_lineno, code.co_name))
        traceback = traceback.tb_next
    return frames


def write_when_asked(file: IO[str]) -> None:
    """From now on, the signal SIGUSR1 makes this process write to `file` where it stands. Not on Windows."""
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, file=file, all_threads=False)


def frames_written(text: str) -> list[Frame]:
    """The frames that `write_when_asked` wrote last, the innermost call last."""
    dump = text.rpartition("most recent call first")[2]
    found = re.findall(r'File "(.*)", line (\d+) in (.*)', dump)
    return [Frame(file, int(line), function) for file, line, function in reversed(found)]


def collective(frames: list[Frame]) -> str | None:
    """The call of torch.distributed that these frames are in, such as "all_reduce"; None where there is none."""
    for frame in frames:
        if frame.file.endswith("distributed_c10d.py"):
            return frame.function
    if any(frame.file.endswith("nn/parallel/distributed.py") for frame in frames):
        return "DistributedDataParallel"
    if frames and frames[-1].function == "_engine_run_backward":
        return "backward"               # where DistributedDataParallel averages the gradients
    return None


def describe(frames: list[Frame]) -> str:
    """For example "line 4 of its cell, in work: `dist.all_reduce(x)`": the innermost line that is in no library."""
    while any(frame.file == WORKER for frame in frames):
        frames = frames[1:]             # of a worker, what comes after our own program
    if not frames:
        return STARTING
    own = [frame for frame in frames if not frame.file.startswith((*LIBRARIES, OURS, "<frozen"))]
    frame = (own or frames)[-1]
    place = "its cell" if "ipykernel" in frame.file or frame.file.startswith("<") else Path(frame.file).name
    source = linecache.getline(frame.file, frame.line).strip()
    return f"line {frame.line} of {place}, in {frame.function}" + (f": `{source}`" if source else "")
