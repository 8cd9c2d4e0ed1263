"""From the kernel's start to a lesson's first picture and first optimizer step, beside torch's and pyplot's imports.

    python -m benchmarks.page [lesson …] [--rounds 5]

Each is a fresh kernel whose CPU seconds are read from within: one imports torch and matplotlib.pyplot and no more, one
runs a lesson, cell by cell, until a picture has come. They take turns, the imports before every third lesson, and a
ratio is formed with the imports nearest to it, before the median. So do a kernel whose first optimizer step follows
`setup()` at once, and one whose reader has paused before it; of these the cell with the step alone is counted. A round
that does not count comes first: in it Python keeps what it compiles, as it has done on a reader's computer since the
first lesson.

What the first step needs is loaded while the reader reads. So each lesson is run once more, until it needs that, and
the words between its `setup()` and there are counted.
"""

import argparse
import datetime
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
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
BOTH_IMPORTS, AFTER_A_PAUSE, AT_ONCE = "the two imports", "a step after a pause", "a step at once"


class Kernel:
    """A fresh kernel; `run` returns the CPU seconds that a cell took, and `shown` says whether a picture has come."""

    def __enter__(self):
        quiet = open(os.devnull, "w")       # it warns that it is reached without encryption
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self._manager, self._client = start_new_kernel(kernel_name="python3", env=env, stderr=quiet)
        self.shown = False
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
        reply = self._client.execute_interactive(source, output_hook=self._look, timeout=300)
        if reply["content"]["status"] != "ok":
            sys.exit("\n".join(reply["content"]["traceback"]))
        return self.spent() - before

    def _look(self, message: dict) -> None:
        self.shown |= "<img " in message["content"].get("data", {}).get("text/html", "")


def literal(answer: dict) -> object:
    import ast

    if answer["status"] != "ok":
        sys.exit("\n".join(answer["traceback"]))
    return ast.literal_eval(answer["data"]["text/plain"])


def cells(lesson: str) -> Iterator[tuple[bool, str]]:
    """The cells of a lesson in their order: whether it is code, and its source."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{lesson}.ipynb", as_version=4)
    return ((cell.cell_type == "code", cell.source) for cell in notebook.cells)


def seconds_to_the_picture(lesson: str) -> float:
    """CPU seconds of a kernel, its own start among them, when the lesson's first picture is there."""
    with Kernel() as kernel:
        for is_code, source in cells(lesson):
            if is_code:
                kernel.run(source)
            if kernel.shown:
                return kernel.spent()
    sys.exit(f"Lesson {lesson} shows no picture.")


def seconds_of_the_imports() -> float:
    with Kernel() as kernel:
        kernel.run(IMPORTS)
        return kernel.spent()


def step_seconds(pause: bool) -> float:
    """CPU seconds of the cell with the first step, directly after `setup()`, or once the kernel was left alone."""
    with Kernel() as kernel:
        kernel.run(SETUP)
        began = time.monotonic()
        while pause and time.monotonic() - began < 120 and not kernel.value(LOADED):
            time.sleep(5)                   # to ask is to run a cell, so the pause is longer than the one waited for
        return kernel.run(STEP)


def words_before_the_step(lesson: str) -> int | None:
    """The words to read between a lesson's `setup()` and what needs an optimizer first; None where nothing does.

    The cells follow one another at once, so that nothing is loaded ahead.
    """
    words, counting = 0, False
    with Kernel() as kernel:
        for is_code, source in cells(lesson):
            if not is_code:
                words += len(source.split()) if counting else 0
                continue
            kernel.run(source)
            if kernel.value(LOADED):
                return words
            counting |= "setup()" in source
    return None


Seconds = list[tuple[str, float, float]]        # what was measured, its CPU seconds, those of the nearest imports


def one_round(lessons: list[str]) -> Seconds:
    """Each lesson once, and the two kinds of first step, with the imports before every third of them."""
    tasks: list[tuple[str, Callable[[], float]]] = [
        (AFTER_A_PAUSE, lambda: step_seconds(True)), (AT_ONCE, lambda: step_seconds(False)),
        *((lesson, lambda lesson=lesson: seconds_to_the_picture(lesson)) for lesson in lessons),
    ]
    found: Seconds = []
    for place, (name, measure) in enumerate(tasks):
        if place % 3 == 0:
            imports = seconds_of_the_imports()
            found.append((BOTH_IMPORTS, imports, imports))
        found.append((name, measure(), imports))
        print(f"{name:40} {found[-1][1]:6.2f} s, the imports {imports:.2f} s", flush=True)
    return found


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"


def table(rounds: list[Seconds], words: dict[str, int | None]) -> str:
    lines = ["| until | CPU seconds | against the two imports | bar | words from `setup()` to the first step |",
             "| --- | ---: | ---: | --- | ---: |"]
    for name in dict.fromkeys(name for found in rounds for name, *_ in found):
        own = [(seconds, imports) for found in rounds for what, seconds, imports in found if what == name]
        ratios = [seconds / imports for seconds, imports in own]
        bar = BARS["first step" if name in (AFTER_A_PAUSE, AT_ONCE) else "first picture"]
        met = "met" if statistics.median(ratios) <= bar else "not met"
        says = "" if name in (AT_ONCE, BOTH_IMPORTS) else f"≤ {bar}: {met}"
        read = "" if name not in words else "no step" if words[name] is None else words[name]
        against = "1" if name == BOTH_IMPORTS else spread(ratios)
        lines.append(f"| {name} | {spread([seconds for seconds, _ in own])} | {against} | {says} | {read} |")
    return "\n".join(lines)


def store(rounds: list[Seconds], words: dict[str, int | None]) -> str:
    today = datetime.date.today().isoformat()
    text = (f"# From the kernel's start to the first picture and the first step, {today}\n\n"
            f"{os.cpu_count()} cores, torch {torch.__version__}, {len(rounds)} rounds of fresh kernels in turn; "
            "medians, and in brackets the lowest and the highest. The machine was shared with other work.\n\n"
            f"{table(rounds, words)}\n")
    build = "cuda" if torch.version.cuda else "cpu"
    (ROOT / "benchmarks" / "results" / f"{today}-page-{build}.md").write_text(text, encoding="utf-8")
    return text


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("lessons", nargs="*", default=LESSONS)
    arguments.add_argument("--rounds", type=int, default=5)
    chosen = arguments.parse_args()
    words = {lesson: words_before_the_step(lesson) for lesson in chosen.lessons}
    rounds = [one_round(chosen.lessons) for _ in range(chosen.rounds + 1)]
    print(store(rounds[1:], words))


if __name__ == "__main__":
    main()
