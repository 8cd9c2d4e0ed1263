"""Prints the ratios of everything we compare with, and stores them in benchmarks/results/.

python -m benchmarks                     # all parts, on one thread and on two
python -m benchmarks epochs sweeps --threads 1 --quick
python -m benchmarks --gpu               # the part for one CUDA device
"""

import argparse
import datetime
import os
import platform
from pathlib import Path

import torch

from benchmarks import costs, distributed, epochs, gpu, optima, peers, sweeps
from benchmarks.measuring import Row, use_threads

RESULTS = Path(__file__).parent / "results"
MODULES = {"epochs": epochs, "sweeps": sweeps, "optima": optima, "costs": costs, "distributed": distributed}
PARTS = (*MODULES, *peers.PEERS)


def rows_of(part: str, threads: int, quick: bool) -> list[Row]:
    if part in peers.PEERS:
        return peers.run(part, threads, quick)
    return MODULES[part].rows(quick)


def table(rows: list[Row]) -> str:
    lines = ["| work | what | against | ratio | CPU seconds | bar |", "| --- | --- | --- | ---: | ---: | --- |"]
    for row in rows:
        lines.append(
            f"| {row.work} | {row.what} | {row.against} | {row.ratio:.3g} | {row.seconds:.3g} | {row.verdict()} |"
        )
    return "\n".join(lines)


def machine() -> str:
    cores = os.cpu_count()
    return f"{cores} cores, {platform.machine()}, Python {platform.python_version()}, torch {torch.__version__}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help=f"any of {', '.join(PARTS)}; all of them if none is named")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--quick", action="store_true", help="few rounds and small sizes, to see that it runs")
    parser.add_argument("--gpu", action="store_true", help="only the part for one CUDA device")
    parser.add_argument("--device", default="cuda", help="with --gpu: cpu tries its arithmetic, with --quick")
    options = parser.parse_args()
    if options.gpu:
        gpu.main(RESULTS, options.device, options.quick)
        return
    sections = {threads: [] for threads in options.threads}
    for threads, rows in sections.items():
        use_threads(threads)
        for part in options.parts or PARTS:
            print(f"{part}, {threads} thread{'s' * (threads > 1)} ...", flush=True)
            found = rows_of(part, threads, options.quick)
            print(table(found), flush=True)
            rows += found
            path = store(sections, options.quick)  # after every part: a long run may be stopped
    print(f"Stored in {path.name}.")


def store(sections: dict[int, list[Row]], quick: bool) -> Path:
    today = datetime.date.today().isoformat()
    how = (
        "A ratio is the CPU time of `what` divided by that of `against`, taken in turns in one process; medians over "
        'the rounds. In rows that say "times faster" it is the other way round. CPU seconds are those of `what`. '
        "Where several processes work together, and in steps, wall time takes the place of CPU time."
    )
    text = f"# Benchmarks, {today}\n\n{machine()}. The machine was shared with other work.\n\n{how}\n"
    for threads, rows in sections.items():
        if rows:
            text += f"\n## {threads} thread{'s' * (threads > 1)}\n\n{table(rows)}\n"
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{today}-{platform.system().lower()}-{os.cpu_count()}-cores{'-quick' * quick}.md"
    path.write_text(text, encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
