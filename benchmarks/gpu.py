"""The part for one CUDA device: softmax regression at the limit of memory bandwidth, and wide sweeps.

A step of softmax regression reads each input twice (scores, then gradient) and computes almost nothing per byte, so no
program is faster than the time to read its bytes. That roofline is measured here with a copy on the same device.
"""

import datetime
import time
from pathlib import Path

import torch
import torch.nn.functional as F

LR = 0.1


def seconds(task, rounds: int = 9) -> float:
    """Median wall time of a task on the device, after two runs that do not count."""
    found = []
    for _ in range(rounds + 2):
        torch.cuda.synchronize()
        start = time.perf_counter()
        task()
        torch.cuda.synchronize()
        found.append(time.perf_counter() - start)
    return sorted(found[2:])[rounds // 2]


def bandwidth() -> float:
    """Bytes per second that a large copy reads and writes."""
    source = torch.empty(2**30, dtype=torch.uint8, device="cuda")
    target = torch.empty_like(source)
    return 2 * source.numel() / seconds(lambda: target.copy_(source))


def closed_form_step(weight, bias, x, y) -> None:
    p = torch.addmm(bias, x, weight.T).softmax(dim=1)
    p.scatter_add_(1, y[:, None], p.new_tensor(-1.0).expand(len(y), 1))
    weight.addmm_(p.T, x, alpha=-LR / len(x))
    bias.sub_(p.sum(0), alpha=LR / len(x))


def epoch_lines(n=60_000, m=784, classes=10, batch_size=1024) -> list[str]:
    X, y = torch.rand(n, m, device="cuda"), torch.randint(classes, (n,), device="cuda")
    model = torch.nn.Linear(m, classes).cuda()
    optimizer = torch.optim.SGD(model.parameters(), lr=LR)
    weight, bias = torch.zeros(classes, m, device="cuda"), torch.zeros(classes, device="cuda")
    batches = range(0, n - batch_size + 1, batch_size)

    def step(x, labels):
        optimizer.zero_grad(set_to_none=False)
        F.cross_entropy(model(x), labels).backward()
        optimizer.step()

    def eager():
        for i in batches:
            step(X[i : i + batch_size], y[i : i + batch_size])

    x, labels = X[:batch_size].clone(), y[:batch_size].clone()
    side = torch.cuda.Stream()  # capture wants a few steps on a stream of their own first
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step(x, labels)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step(x, labels)

    def graphed():
        for i in batches:
            x.copy_(X[i : i + batch_size])
            labels.copy_(y[i : i + batch_size])
            graph.replay()

    def closed():
        for i in batches:
            closed_form_step(weight, bias, X[i : i + batch_size], y[i : i + batch_size])

    roofline = 2 * X.numel() * X.element_size() / bandwidth()
    return [
        f"| epoch {n:,} x {m}, {name} | {took * 1e3:.2f} ms | {took / roofline:.1f} x the roofline |"
        for name, took in (
            ("eager", seconds(eager)),
            ("CUDA graph", seconds(graphed)),
            ("closed form", seconds(closed)),
        )
    ]


def large_lines(m=150_528, classes=1000, batch_size=256, n_batches=8) -> list[str]:
    """The size of ImageNet: inputs resident on the device, and streamed from pinned memory."""
    weight, bias = torch.zeros(classes, m, device="cuda"), torch.zeros(classes, device="cuda")
    host = torch.rand(n_batches, batch_size, m).pin_memory()
    device, y = host.cuda(), torch.randint(classes, (batch_size,), device="cuda")

    def resident():
        for x in device:
            closed_form_step(weight, bias, x, y)

    def streamed():
        for x in host:
            closed_form_step(weight, bias, x.cuda(non_blocking=True), y)

    flops = 4 * n_batches * batch_size * m * classes
    return [
        f"| {m:,} x {classes:,}, {name} | {took * 1e3:.1f} ms | {flops / took / 1e12:.1f} TFLOP/s |"
        for name, took in (("resident", seconds(resident, 3)), ("streamed", seconds(streamed, 3)))
    ]


def sweep_lines(n=1347, m=64, classes=10, batch_size=32) -> list[str]:
    """One epoch of K models in one batched product, each with its own weights and learning rate."""
    X, y = torch.rand(n, m, device="cuda"), torch.randint(classes, (n,), device="cuda")
    lines = []
    for K in (32, 256, 1024, 4096):
        weight, rates = torch.zeros(K, classes, m, device="cuda"), torch.full((K, 1, 1), -LR, device="cuda")

        def epoch(K=K, weight=weight, rates=rates):
            for rows in torch.rand(K, n, device="cuda").argsort(1).split(batch_size, 1):
                x, labels = X[rows], y[rows]
                p = torch.bmm(x, weight.mT).softmax(-1)
                p.scatter_add_(-1, labels[..., None], p.new_tensor(-1.0).expand(*labels.shape, 1))
                weight.addcmul_(torch.bmm(p.mT, x) / rows.shape[1], rates)

        took = seconds(epoch, 5)
        each = f"{took / K * 1e6:.1f} µs a model"
        lines.append(f"| sweep of {K:,} linear models, one epoch of {n:,} | {took * 1e3:.1f} ms | {each} |")
    return lines


def main(results: Path) -> None:
    if not torch.cuda.is_available():
        print("There is no CUDA device here, so there is nothing to measure. Nothing is stored.")
        return
    device, today = torch.cuda.get_device_name(), datetime.date.today().isoformat()
    lines = [
        "| work | wall time | beside the limit |",
        "| --- | ---: | ---: |",
        *epoch_lines(),
        *large_lines(),
        *sweep_lines(),
    ]
    text = (
        f"# One GPU, {today}\n\n{device}, torch {torch.__version__}. Copy: {bandwidth() / 1e9:.0f} GB/s.\n\n"
        + "\n".join(lines)
    )
    results.mkdir(exist_ok=True)
    (results / f"{today}-{device.lower().replace(' ', '-')}.md").write_text(text + "\n", encoding="utf-8")
    print(text)
