"""What each lesson computes and holds, solved, from its first cell to its last: `python -m benchmarks.lessons`.

CPU seconds are added up over the kernel and the processes that it starts, so that another program beside it counts
little. Memory is the peak of what they own; pages of libraries, which kernels share, come on top once. The table is
stored in benchmarks/results/lessons.md, and INSTRUCTORS.md shows the same one: both are written here.
"""

import datetime
import platform
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from course_utils.course import publish, workbook

if TYPE_CHECKING:
    from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
STORED = ROOT / "benchmarks" / "results" / "lessons.md"
SHOWN = ROOT / "INSTRUCTORS.md"
BEGIN, END = "<!-- from here: python -m benchmarks.lessons -->", "<!-- to here -->"
HEAD = ["| lesson | computing (CPU seconds) | longest cell (s) | memory of its own (MB) |",
        "| --- | ---: | ---: | ---: |"]


class Cost(NamedTuple):
    """What one lesson took: CPU seconds, seconds of its longest cell, and the most memory of its own, in MB."""

    lesson: str
    cpu: float
    longest: float
    own: float


class Scale(threading.Thread):
    """Looks at a kernel, and at the processes that it started, five times a second until it is gone."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.own = pid, 0.0
        self.cpu: dict[int, float] = {}

    def run(self) -> None:
        import psutil

        try:
            kernel = psutil.Process(self.pid)
            while kernel.is_running():
                self.own = max(self.own, sum(self.weigh(one) for one in [kernel, *kernel.children(recursive=True)]))
                time.sleep(0.2)
        except psutil.NoSuchProcess:                # it has ended
            return

    def weigh(self, process: "psutil.Process") -> float:   # noqa: F821
        """Note its CPU seconds; the megabytes that are its own."""
        import psutil

        try:
            times, memory = process.cpu_times(), process.memory_info()
            self.cpu[process.pid] = times.user + times.system
            return (memory.rss - getattr(memory, "shared", 0)) / 1e6
        except psutil.Error:                        # over in between
            return 0.0


def measure(path: Path) -> Cost:
    """Run the lesson at `path`, solved. Raises PublishTrouble where a cell stops."""
    scales: list[Scale] = []

    def watch(client: "NotebookClient") -> None:
        if not scales:
            scales.append(Scale(client.km.provisioner.pid))
            scales[0].start()

    notebook = publish.solved(publish.read(path), publish.catalogue(path.stem), path.name)
    with tempfile.TemporaryDirectory() as folder:
        notebook = publish.execute(notebook, Path(folder), cell_seconds=600, watch=watch)
    longest = max(_seconds(cell.metadata.get("execution", {})) for cell in notebook.cells)
    return Cost(path.stem, sum(scales[0].cpu.values()), longest, scales[0].own)


def _seconds(times: dict[str, str]) -> float:
    begin, end = times.get("iopub.execute_input"), times.get("shell.execute_reply")
    parse = datetime.datetime.fromisoformat
    return (parse(end) - parse(begin)).total_seconds() if begin and end else 0.0


def table(costs: list[Cost]) -> str:
    rows = [f"| {cost.lesson} | {cost.cpu:.0f} | {cost.longest:.0f} | {cost.own:.0f} |" for cost in costs]
    return "\n".join([*HEAD, *rows])


def show(page: str, table: str) -> str:
    """The page with the table between its two marks."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.split(END)[1]}"


def main() -> None:
    costs = []
    for path in workbook.lessons(workbook.lessons_folder()):
        costs.append(measure(path))
        print(costs[-1], flush=True)
    from importlib import metadata

    told = f"{datetime.date.today()}, {platform.system()} {platform.machine()}, Python {platform.python_version()}, " \
           f"torch {metadata.version('torch')}, {workbook.lessons_folder().name}/, every lesson solved"
    STORED.write_text(f"# What each lesson computes and holds\n\n{told}\n\n{table(costs)}\n", encoding="utf-8")
    SHOWN.write_text(show(SHOWN.read_text(encoding="utf-8"), table(costs)), encoding="utf-8")
    print(f"Stored in {STORED.relative_to(ROOT)}, and shown in {SHOWN.name}.")


if __name__ == "__main__":
    main()
