"""What the processes of a launch print, and how far they are, shown while they run."""

import sys
from collections.abc import Mapping
from pathlib import Path

from course_utils.train import Progress


class Printed:
    """Shows what is new in the processes' log files, in whole lines: rank 0's as they are, the others' by name."""

    def __init__(self, stdouts: Mapping[int, str], stderrs: Mapping[int, str]):
        self.logs = [_Log(Path(name), rank, "stdout") for rank, name in stdouts.items()]
        self.logs += [_Log(Path(name), rank, "stderr") for rank, name in stderrs.items()]

    def show(self, all_is_written: bool = False) -> None:
        """Print the lines that are whole; where `all_is_written`, also what no newline ends."""
        for log in self.logs:
            log.show(all_is_written)


class _Log:
    def __init__(self, path: Path, rank: int, stream: str):
        self.path, self.stream, self.shown = path, stream, 0        # bytes shown
        self.prefix = f"rank {rank} | " if rank else ""

    def show(self, all_is_written: bool) -> None:
        with open(self.path, "rb") as file:
            file.seek(self.shown)
            new = file.read()
        end = len(new) if all_is_written else new.rfind(b"\n") + 1
        if end == 0:
            return
        self.shown += end
        stream = getattr(sys, self.stream)                          # looked up now: a notebook's cell has its own
        for line in new[:end].decode("utf-8", errors="replace").removesuffix("\n").split("\n"):
            stream.write(f"{self.prefix}{line}\n")
        stream.flush()


class ProgressShown:
    """Draws the bar that rank 0 reports through `group.progress_of`, from the file that it writes."""

    def __init__(self, path: Path):
        self.path, self.number, self.bar = path, 0, Progress(0)

    def show(self) -> None:
        """Bring the bar up to what the file says; a line that is being written is read the next time."""
        text = self.path.read_text() if self.path.exists() else ""
        if not text.endswith("\n"):
            return
        number, done, steps, state = text.split()
        if int(number) > self.number:
            self.close()
            self.number, self.bar = int(number), Progress(int(steps))
        while self.bar.done < int(done):
            self.bar.tick()
        if state == "closed":
            self.bar.close()

    def close(self) -> None:
        """Take the bar away."""
        self.bar.close()
