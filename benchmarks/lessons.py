"""Each lesson, solved, from beginning to end with the network cut off: memory at its peak, CPU seconds, slowest cell.

    python -m benchmarks.lessons [lesson …]

Run it in an environment with PyTorch's build for the CPU: that is the one the bars are meant for. Memory is what the
kernel and the processes that it starts own, each, and the pages of libraries once, for all of them share those. CPU
seconds are those of the kernel and of its processes, the imports among them.

A run of all lessons is stored in benchmarks/results/, the verdicts on the bars with its date and build, and in short in
lessons.md, which teachers plan with and INSTRUCTORS.md shows.
"""

import argparse
import copy
import datetime
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import torch

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))         # what a run is held to, and how the network is cut off, live there
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
MOST_MEGABYTES, MOST_CPU_SECONDS = 450, 45
SHORT, SHOWN = ROOT / "benchmarks" / "results" / "lessons.md", ROOT / "INSTRUCTORS.md"
BEGIN, END = "<!-- from here: python -m benchmarks.lessons -->", "<!-- to here -->"
SPENT = """import resource as _resource
print(sum(part.ru_utime + part.ru_stime for part in map(
    _resource.getrusage, (_resource.RUSAGE_SELF, _resource.RUSAGE_CHILDREN))))"""


class Weight(threading.Thread):
    """Weighs a kernel with the processes that it started, ten times a second until it is gone."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.kernel, self.all = pid, 0.0, 0.0

    def run(self) -> None:
        from test_notebooks import memory, started_by

        while sizes := memory(self.pid):
            self.kernel = max(self.kernel, sizes[0][1])
            sizes += [size for child in started_by(self.pid) for size in memory(child)]
            libraries = max(total - own for own, total in sizes)
            self.all = max(self.all, sum(own for own, _ in sizes) + libraries)
            time.sleep(0.1)


class Run(NamedTuple):
    """What one lesson took, and what was not as it has to be."""

    kernel: float               # peak memory of the kernel alone, MB
    all: float                  # with the processes that it started
    cpu: float                  # seconds
    slowest: float              # wall seconds of the slowest cell
    faults: list[str]


def run(lesson: str) -> Run:
    """Run the solved copy of a lesson, and weigh it."""
    from executed import code_cells
    from test_notebooks import cut_off, seconds_of

    from course_utils.course import publish

    stored = publish.read(ROOT / "notebooks" / f"{lesson}.ipynb")
    solved = publish.solved(stored, publish.catalogue(lesson), lesson)
    solved.cells.append(nbformat.v4.new_code_cell(SPENT))
    weights: list[Weight] = []

    def watch(client: Any) -> None:
        if not weights:
            weights.append(Weight(client.km.provisioner.pid))
            weights[0].start()

    with tempfile.TemporaryDirectory() as folder:
        ran = publish.execute(solved, Path(folder), cell_seconds=600, env=cut_off(), watch=watch)
    spent = float(ran.cells.pop().outputs[0].text)
    return Run(weights[0].kernel, weights[0].all, spent, max(map(seconds_of, code_cells(ran))), faults(ran, stored))


def faults(ran: nbformat.NotebookNode, stored: nbformat.NotebookNode) -> list[str]:
    """What is not as it has to be: cells on red, other outputs than the stored ones, a solution that is not right."""
    from executed import changed_outputs, code_cells, not_run, red
    from test_notebooks import assert_all_right

    found = [*not_run(ran), *red(ran), *changed_outputs(copy.deepcopy(ran), stored)]
    found += ["outside of what a study expects" for cell in code_cells(ran) for output in cell.outputs
              if "≠" in "".join(output.get("data", {}).get("text/plain", ""))]
    try:
        assert_all_right(ran)
    except AssertionError as wrong:
        found.append(str(wrong))
    return found


def table(runs: dict[str, Run]) -> str:
    """One line a lesson, with the verdict on both bars."""
    lines = ["| lesson | kernel, MB | with its processes, MB | CPU s | slowest cell, s | faults | "
             f"≤ {MOST_MEGABYTES} MB | ≤ {MOST_CPU_SECONDS} CPU s |",
             "| --- | ---: | ---: | ---: | ---: | ---: | --- | --- |"]
    for lesson, ran in runs.items():
        small, quick = ("met" if met else "not met" for met in (ran.all <= MOST_MEGABYTES, ran.cpu <= MOST_CPU_SECONDS))
        lines.append(f"| {lesson} | {ran.kernel:.0f} | {ran.all:.0f} | {ran.cpu:.1f} | {ran.slowest:.1f} | "
                     f"{len(ran.faults)} | {small} | {quick} |")
    return "\n".join(lines)


def short(runs: dict[str, Run]) -> str:
    """What a teacher plans with: computing time, and memory that a lesson needs."""
    rows = [f"| {lesson} | {ran.cpu:.0f} | {ran.all:.0f} |" for lesson, ran in runs.items()]
    return "\n".join(["| lesson | computing (CPU seconds) | memory (MB) |", "| --- | ---: | ---: |", *rows])


def show(page: str, table: str) -> str:
    """The page with the table between its two marks."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.split(END)[1]}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("lessons", nargs="*", default=LESSONS)
    chosen = arguments.parse_args().lessons
    runs: dict[str, Run] = {}
    for lesson in chosen:
        runs[lesson] = run(lesson)
        print(lesson, *(f"{figure:.1f}" for figure in runs[lesson][:4]), *runs[lesson].faults, flush=True)
        if len(chosen) == len(LESSONS):
            store(runs)                         # after every lesson: a long run may be stopped
    print(table(runs))


def store(runs: dict[str, Run]) -> None:
    """Write the table to benchmarks/results/, and, once it is whole, the short one beside it and into INSTRUCTORS."""
    today = datetime.date.today().isoformat()
    build = "cuda" if torch.version.cuda else "cpu"
    text = (f"# Every lesson, solved: memory, CPU seconds, slowest cell, {today}\n\n"
            f"{os.cpu_count()} cores, torch {torch.__version__}, one run each, the network cut off. The machine "
            "was shared with other work, so seconds by the clock are too high.\n\n"
            f"{table(runs)}\n")
    (ROOT / "benchmarks" / "results" / f"{today}-lessons-{build}.md").write_text(text, encoding="utf-8")
    if len(runs) < len(LESSONS):
        return
    told = f"{today}, torch {torch.__version__}, every lesson solved. Memory: a lesson with its processes."
    SHORT.write_text(f"# What each lesson computes and holds\n\n{told}\n\n{short(runs)}\n", encoding="utf-8")
    SHOWN.write_text(show(SHOWN.read_text(encoding="utf-8"), short(runs)), encoding="utf-8")


if __name__ == "__main__":
    main()
