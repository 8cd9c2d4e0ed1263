"""What it costs to import, and how much memory a run holds, each in a process of its own."""

import json
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import Row

ROOT = Path(__file__).parents[1]

IMPORTS = {
    "import torch": "import torch",
    "import course_utils.train": "import course_utils.train",
    "import course_utils.sweep": "import course_utils.sweep",
    "import torch, torchvision": "import torch, torchvision",
}
MEMORY = {
    "fit on MNIST": """
        from benchmarks.epochs import *
        from benchmarks.epochs import _model
        examples = mnist()
        model, optimizer = _model(examples)
        fit(model, examples, F.cross_entropy, optimizer, epochs=1, batch_size=64)
    """,
    "torchvision + ToTensor + DataLoader": """
        from benchmarks.epochs import *
        from benchmarks.epochs import mnist_of_torchvision
        model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10))
        loader_epoch(model, torch.optim.SGD(model.parameters(), lr=0.1), mnist_of_torchvision())
    """,
}


def in_a_process(code: str) -> tuple[float, float]:
    """CPU seconds and peak memory in MB of a new Python that runs `code`."""
    ending = "\nimport json, time\nfrom benchmarks.measuring import peak_memory\n"
    ending += "print(json.dumps([time.process_time(), peak_memory()]))"
    lines = [line.strip() for line in code.strip().splitlines()]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines) + ending], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def rows(quick: bool = False) -> list[Row]:
    rounds = 2 if quick else 7
    turns = [{name: in_a_process(code)[0] for name, code in IMPORTS.items()} for _ in range(rounds)]
    found = []
    for name, bar in (
        ("import course_utils.train", 1.1),
        ("import course_utils.sweep", None),
        ("import torch, torchvision", None),
    ):
        ratio = statistics.median(turn[name] / turn["import torch"] for turn in turns)
        found.append(Row("imports", name, "import torch", ratio, statistics.median(turn[name] for turn in turns), bar))
    peaks = {name: in_a_process(code)[1] for name, code in MEMORY.items()}
    ours, theirs = peaks.values()
    what = f"fit ({ours:.0f} MB)"
    return [
        *found,
        Row("peak memory, MNIST", what, f"torchvision + ToTensor + DataLoader ({theirs:.0f} MB)", ours / theirs, 0),
    ]
