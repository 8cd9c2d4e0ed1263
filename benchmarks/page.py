"""From the kernel's start to a lesson's first picture and first optimizer step, beside torch's and pyplot's imports.

    python -m benchmarks.page [lesson …] [--rounds 5]

Each is a fresh kernel whose CPU seconds are read from within: one imports torch and matplotlib.pyplot and no more, one
runs a lesson up to its first picture. They take turns, and a ratio is formed within each round, before the median. So
do a kernel whose first optimizer step follows `setup()` at once, and one whose reader has paused before it; of these
the cell with the step alone is counted. A round that does not count comes first: in it Python keeps what it compiles,
as it has done on a reader's computer since the first lesson.
"""

import argparse
import datetime
import os
import statistics
import sys
import time
from pathlib import Path

import nbformat
import torch
from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).parents[1]
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
IMPORTS = "import torch\nimport matplotlib.pyplot"
SETUP = "import torch\nfrom course_utils.display import setup\nsetup()"
STEP = """
weight = torch.ones(2, requires_grad=True)
optimizer = torch.optim.SGD([weight], lr=0.1)
weight.sum().backward()
optimizer.step()
"""
LOADED = "'torch._dynamo' in __import__('sys').modules"
BARS = {"first picture": 1.15, "first step": 0.05}


class Kernel:
    """A fresh kernel; `run` returns the CPU seconds that a cell took."""

    def __enter__(self):
        quiet = open(os.devnull, "w")       # it warns that it is reached without encryption
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self._manager, self._client = start_new_kernel(kernel_name="python3", env=env, stderr=quiet)
        return self

    def __exit__(self, *trouble):
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)

    def value(self, expression: str) -> object:
        reply = self._client.execute("", user_expressions={"value": expression}, reply=True, timeout=120)
        return literal(reply["content"]["user_expressions"]["value"])

    def spent(self) -> float:
        """CPU seconds since it was started, of all its threads."""
        return float(self.value("__import__('time').process_time()"))

    def run(self, source: str) -> float:
        before = self.spent()
        reply = self._client.execute_interactive(source, output_hook=lambda message: None, timeout=300)
        if reply["content"]["status"] != "ok":
            sys.exit("\n".join(reply["content"]["traceback"]))
        return self.spent() - before


def literal(answer: dict) -> object:
    import ast

    if answer["status"] != "ok":
        sys.exit("\n".join(answer["traceback"]))
    return ast.literal_eval(answer["data"]["text/plain"])


def up_to_the_picture(lesson: str) -> list[str]:
    """The cells of a lesson up to the first that runs a study; all cells up to its setup where none does before."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{lesson}.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    last = next(i for i, source in enumerate(sources) if ".run()" in source or "setup()" in source)
    return sources[: last + 1]


def seconds_of(*cells: str) -> float:
    """CPU seconds of a kernel, its own start among them, that has run these cells."""
    with Kernel() as kernel:
        for cell in cells:
            kernel.run(cell)
        return kernel.spent()


def step_seconds(pause: bool) -> float:
    """CPU seconds of the cell with the first step, directly after `setup()`, or once the kernel was left alone."""
    with Kernel() as kernel:
        kernel.run(SETUP)
        began = time.monotonic()
        while pause and time.monotonic() - began < 120 and not kernel.value(LOADED):
            time.sleep(5)                   # to ask is to run a cell, so the pause is longer than the one waited for
        return kernel.run(STEP)


def table(lessons: list[str], rounds: int) -> str:
    seconds: dict[str, list[float]] = {}
    for round_ in range(rounds + 1):
        for name, measure in {
            "imports": lambda: seconds_of(IMPORTS), "a step after a pause": lambda: step_seconds(True),
            "a step at once": lambda: step_seconds(False),
            **{lesson: lambda lesson=lesson: seconds_of(*up_to_the_picture(lesson)) for lesson in lessons},
        }.items():
            spent = measure()
            print(f"round {round_}: {name:40} {spent:6.2f} s", flush=True)
            if round_:
                seconds.setdefault(name, []).append(spent)
    lines = ["| until | CPU seconds | against the two imports | bar |", "| --- | ---: | ---: | --- |",
             f"| the two imports | {statistics.median(seconds['imports']):.2f} | 1 | |"]
    for name, own in seconds.items():
        if name == "imports":
            continue
        ratio = statistics.median(a / b for a, b in zip(own, seconds["imports"], strict=True))
        bar = BARS["first step" if "step" in name else "first picture"]
        says = "" if name == "a step at once" else f"≤ {bar}: {'met' if ratio <= bar else 'not met'}"
        lines.append(f"| {name} | {statistics.median(own):.2f} | {ratio:.3g} | {says} |")
    return "\n".join(lines)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("lessons", nargs="*", default=LESSONS)
    arguments.add_argument("--rounds", type=int, default=5)
    chosen = arguments.parse_args()
    today = datetime.date.today().isoformat()
    found = table(chosen.lessons, chosen.rounds)
    text = (f"# From the kernel's start to the first picture and the first step, {today}\n\n"
            f"{os.cpu_count()} cores, torch {torch.__version__}, {chosen.rounds} rounds of fresh kernels in turn; "
            "medians, and the medians of the ratios within a round. The machine was shared with other work.\n\n"
            f"{found}\n")
    print(text)
    build = "cuda" if torch.version.cuda else "cpu"
    (ROOT / "benchmarks" / "results" / f"{today}-page-{build}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
