"""The part for one CUDA device: softmax regression beside the limit of the device, in memory and streamed from disk.

    python -m benchmarks --gpu                           # stores a table with date and device
    python -m benchmarks --gpu --device cpu --quick      # tries the arithmetic at a small size, and stores nothing

A step has bytes to move and products to compute, and no program is faster than the slower of the two (Williams,
Waterman and Patterson, "Roofline: an insightful visual performance model", CACM 52, 2009). What the device can do is
measured in the same run: bytes per second with a large copy, operations per second with a large product; and for
what is streamed, bytes per second from the disk and from memory to the device.

No GPU has been at hand so far. What was tried is the arithmetic, on the CPU; no table of a GPU is among the results.
"""

import datetime
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F

from benchmarks.epochs import mnist
from course_utils.data import Examples
from course_utils.distributed import open_stored, store
from course_utils.download import DataUnavailable
from course_utils.train import fit, set_epochs_trained

LR = 0.1


# ---- what is measured, and what it is compared with ----


def seconds(task: Callable[[], object], rounds: int = 9) -> float:
    """Median wall time of a task on the device, after two runs that do not count."""
    found = []
    for _ in range(rounds + 2):
        wait()
        start = time.perf_counter()
        task()
        wait()
        found.append(time.perf_counter() - start)
    return sorted(found[2:])[rounds // 2]


def wait() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


class Limits(NamedTuple):
    """What the device can do: bytes and operations per second; bytes per second that reach it from memory and disk."""

    copy: float
    operations: float
    to_device: float
    disk: float

    def seconds(self, n_bytes: float, n_operations: float, streamed_bytes: float = 0.0) -> float:
        """No program that moves and computes this much takes less; streaming may go on meanwhile."""
        streaming = streamed_bytes / min(self.disk, self.to_device)
        return max(n_bytes / self.copy, n_operations / self.operations, streaming)


def step_bytes(batch: int, features: int, classes: int, fused: bool = False) -> int:
    """Bytes of float32 that a step has to move to and from the device's memory.

    The inputs are read for the scores, and again for the gradient. The weights are read for the scores; the gradient is
    written; the update reads it, reads the weights and writes them. If gradient and update are `fused` in one product,
    the gradient itself is never in memory. Scores and bias are few, and left out.
    """
    inputs, weights = batch * features, features * classes
    return 4 * (2 * inputs + (3 if fused else 5) * weights)


def step_operations(batch: int, features: int, classes: int) -> int:
    """Additions and multiplications in two products of batch x features x classes, for scores and gradient."""
    return 2 * 2 * batch * features * classes


def measure_limits(device: torch.device, folder: Path, quick: bool) -> Limits:
    n = 2**24 if quick else 2**30
    source = torch.empty(n, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    copy = 2 * n / seconds(lambda: target.copy_(source))
    size = 512 if quick else 8192
    a, b = torch.rand(size, size, device=device), torch.rand(size, size, device=device)
    operations = 2 * size**3 / seconds(lambda: a @ b)
    host = torch.empty(n, dtype=torch.uint8, pin_memory=device.type == "cuda")
    to_device = n / seconds(lambda: target.copy_(host, non_blocking=True))
    stored = store([Examples(host.random_().view(64, -1), torch.zeros(64))], folder / "limit")
    disk = n / seconds(lambda: host.view(64, -1).copy_(afresh(stored)), rounds=3)
    return Limits(copy, operations, to_device, disk)


# ---- images that are read from the disk while the device works on others ----


def afresh(stored: Path) -> torch.Tensor:
    """The memory-mapped inputs, of which the system has forgotten what it read before, where it can (Linux)."""
    if hasattr(os, "posix_fadvise"):
        with (stored / "X.bin").open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return open_stored(stored).X


def streamed(stored: Path, batch_size: int, device: torch.device) -> Iterator[torch.Tensor]:
    """The inputs, batch by batch in their order, as float32 on the device; the next one is read while one is used."""
    X = afresh(stored)
    buffers = [torch.empty(batch_size, X.shape[1], dtype=X.dtype, pin_memory=device.type == "cuda") for _ in range(2)]
    n_batches = len(X) // batch_size
    with ThreadPoolExecutor(1) as reader:
        def read(number: int) -> Future:
            rows = X[number * batch_size : (number + 1) * batch_size]
            return reader.submit(buffers[number % 2].copy_, rows)

        coming = read(0)
        for number in range(n_batches):
            here = coming.result()
            if number + 1 < n_batches:
                coming = read(number + 1)
            yield here.to(device, non_blocking=True).float().div_(255)
            wait()      # the device has done with this batch: its buffer may be filled again


# ---- the steps ----


def closed_form_step(weight, bias, x, y) -> None:
    """The gradient of mean cross-entropy is (p − onehot(y))ᵀ x / B, and the update is fused into that product."""
    p = torch.addmm(bias, x, weight.T).softmax(dim=1)
    p.scatter_add_(1, y[:, None], p.new_tensor(-1.0).expand(len(y), 1))
    weight.addmm_(p.T, x, alpha=-LR / len(x))
    bias.sub_(p.sum(0), alpha=LR / len(x))


def autograd_step(model, optimizer, x, y) -> None:
    optimizer.zero_grad(set_to_none=False)
    F.cross_entropy(model(x), y).backward()
    optimizer.step()


def line(work: str, took: float, limit: float) -> str:
    return f"| {work} | {took * 1e3:,.2f} ms | {limit * 1e3:,.2f} ms | {took / limit:.2f} |"


def mnist_lines(device: torch.device, limits: Limits, quick: bool) -> list[str]:
    """One epoch over all of MNIST, which lies on the device."""
    try:
        examples, name = mnist(), "MNIST"
    except DataUnavailable as missing:
        print(f"MNIST cannot be had here ({missing}); numbers drawn at random take its place, in its size.")
        examples, name = Examples(torch.rand(60_000, 784), torch.randint(10, (60_000,))), "60,000 x 784 drawn"
    examples = Examples(*(part[:2048] if quick else part for part in examples)).to(device)
    lines = []
    for batch_size in (64, 1024):
        step, n_batches = (batch_size, 784, 10), len(examples.X) // batch_size
        for way, task in mnist_ways(examples, batch_size, device).items():
            limit = limits.seconds(step_bytes(*step, fused=way == "closed form"), step_operations(*step))
            lines.append(line(f"{name}, an epoch, batch {batch_size:,}, {way}", seconds(task, 3), limit * n_batches))
    return lines


def mnist_ways(examples: Examples, batch_size: int, device: torch.device) -> dict[str, Callable[[], None]]:
    """An epoch by each way to write it; without the last short batch, which a recorded graph could not take."""
    n = len(examples.X) // batch_size * batch_size
    X, y = examples.X[:n], examples.y[:n]
    model = torch.nn.Linear(784, 10).to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    weight, bias = torch.zeros(10, 784, device=device), torch.zeros(10, device=device)

    def ours():
        set_epochs_trained(model, 0)  # so that no note is printed
        fit(model, Examples(X, y), F.cross_entropy, optimizer, epochs=1, batch_size=batch_size, measure=False)

    def eager():
        for x, labels in zip(X.split(batch_size), y.split(batch_size), strict=True):
            autograd_step(model, optimizer, x, labels)

    def closed():
        for x, labels in zip(X.split(batch_size), y.split(batch_size), strict=True):
            closed_form_step(weight, bias, x, labels)

    ways = {"fit, measure=False": ours, "eager loop": eager, "closed form": closed}
    if device.type == "cuda":
        ways["CUDA graph"] = graphed(X, y, batch_size)
    return ways


def graphed(X, y, batch_size: int) -> Callable[[], None]:
    """The eager loop with its step recorded once and replayed, which spares the launch of each operation.

    With a model of its own: a loop that throws gradients away would take them from under the recording.
    """
    model = torch.nn.Linear(784, 10).to(X.device)
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    x, labels = X[:batch_size].clone(), y[:batch_size].clone()
    side = torch.cuda.Stream()  # capture wants a few steps on a stream of their own first
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            autograd_step(model, optimizer, x, labels)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        autograd_step(model, optimizer, x, labels)

    def run():
        for inputs, targets in zip(X.split(batch_size), y.split(batch_size), strict=True):
            x.copy_(inputs)
            labels.copy_(targets)
            graph.replay()

    return run


def large_lines(device: torch.device, limits: Limits, folder: Path, quick: bool) -> list[str]:
    """The size of ImageNet: 224 x 224 images of three colours, 1,000 classes; on the device, and streamed from disk.

    As many batches as half of the free memory of the device holds, and half of the free disk, and not more than 64.
    """
    features, classes, batch_size = (3 * 32 * 32, 100, 64) if quick else (3 * 224 * 224, 1000, 256)
    memory = torch.cuda.mem_get_info()[0] if device.type == "cuda" else 2**30
    resident = max(1, min(4 if quick else 64, memory // 2 // (4 * batch_size * features)))
    on_disk = max(1, min(8 if quick else 64, shutil.disk_usage(folder).free // 2 // (batch_size * features)))
    images = (torch.randint(256, (batch_size, features), dtype=torch.uint8) for _ in range(on_disk))
    stored = store((Examples(X, torch.zeros(batch_size)) for X in images), folder / "images")
    here = torch.rand(resident, batch_size, features, device=device)
    y = torch.randint(classes, (batch_size,), device=device)
    model = torch.nn.Linear(features, classes).to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    weight, bias = torch.zeros(classes, features, device=device), torch.zeros(classes, device=device)
    ways = {
        "autograd": lambda x: autograd_step(model, optimizer, x, y),
        "closed form": lambda x: closed_form_step(weight, bias, x, y),
    }
    places = {
        f"{resident} on the device": (lambda: here, resident, 0),
        f"{on_disk} streamed": (lambda: streamed(stored, batch_size, device), on_disk, batch_size * features),
    }
    lines, step = [], (batch_size, features, classes)
    for (way, take), (place, (batches, n, n_bytes)) in product(ways.items(), places.items()):

        def run(take=take, batches=batches):
            for x in batches():
                take(x)

        limit = limits.seconds(step_bytes(*step, fused=way == "closed form"), step_operations(*step), n_bytes)
        work = f"{features:,} features, {classes:,} classes, batches of {batch_size}: {place}, {way}"
        lines.append(line(work, seconds(run, 3), n * limit))
    return lines


def sweep_lines(device: torch.device, limits: Limits, quick: bool) -> list[str]:
    """One epoch of K models in one batched product, each with its own weights and learning rate, on 1,347 x 64."""
    n, features, classes, batch_size = 1347, 64, 10, 32
    X, y = torch.rand(n, features, device=device), torch.randint(classes, (n,), device=device)
    lines = []
    for K in (4,) if quick else (32, 256, 1024, 4096):
        weight = torch.zeros(K, classes, features, device=device)
        rates = torch.full((K, 1, 1), -LR, device=device)

        def epoch(K=K, weight=weight, rates=rates):
            for rows in torch.rand(K, n, device=device).argsort(1).split(batch_size, 1):
                x, labels = X[rows], y[rows]
                p = torch.bmm(x, weight.mT).softmax(-1)
                p.scatter_add_(-1, labels[..., None], p.new_tensor(-1.0).expand(*labels.shape, 1))
                weight.addcmul_(torch.bmm(p.mT, x) / rows.shape[1], rates)

        step = (batch_size, features, classes)
        limit = -(-n // batch_size) * limits.seconds(K * step_bytes(*step), K * step_operations(*step))
        lines.append(line(f"sweep of {K:,} linear models, one epoch of {n:,}", seconds(epoch, 3), limit))
    return lines


def main(results: Path, device_name: str = "cuda", quick: bool = False) -> None:
    device = torch.device(device_name)
    if device.type == "cuda" and not torch.cuda.is_available():
        print("There is no CUDA device here, so there is nothing to measure. Nothing is stored.")
        return
    with tempfile.TemporaryDirectory() as name:
        limits = measure_limits(device, Path(name), quick)
        lines = [
            *mnist_lines(device, limits, quick),
            *large_lines(device, limits, Path(name), quick),
            *sweep_lines(device, limits, quick),
        ]
    today = datetime.date.today().isoformat()
    named = torch.cuda.get_device_name() if device.type == "cuda" else "the CPU, to try the arithmetic"
    text = "\n".join([
        f"# One device, {today}", "",
        f"{named}, torch {torch.__version__}. Measured in the same run: copy {limits.copy / 1e9:,.0f} GB/s, product "
        f"{limits.operations / 1e12:,.2g} TFLOP/s (float32), memory to device {limits.to_device / 1e9:,.1f} GB/s, "
        f"disk {limits.disk / 1e9:,.1f} GB/s. The limit of a row is the slowest of moving, computing and streaming.",
        "", "| work | wall time | limit | ratio |", "| --- | ---: | ---: | ---: |", *lines,
    ])
    print(text)
    if device.type == "cuda" and not quick:
        results.mkdir(exist_ok=True)
        (results / f"{today}-{named.lower().replace(' ', '-')}.md").write_text(text + "\n", encoding="utf-8")
