"""The arithmetic of the benchmarks: what a step has to move and compute, and when a bar is met. No time is tested."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest
import torch

from benchmarks import gpu
from benchmarks.gpu import Limits, step_bytes, step_operations
from benchmarks.measuring import Row


@pytest.mark.parametrize("step", [(8, 30, 5), (64, 7, 3)])
def test_a_step_computes_what_pytorch_counts(step):
    from torch.utils.flop_counter import FlopCounterMode

    batch, features, classes = step
    model = torch.nn.Linear(features, classes)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with FlopCounterMode(display=False) as counted:
        gpu.autograd_step(model, optimizer, torch.rand(batch, features), torch.randint(classes, (batch,)))
    assert counted.get_total_flops() == step_operations(*step)


def test_the_closed_form_and_autograd_take_the_same_step():
    draw = torch.Generator().manual_seed(0)
    x, y = torch.rand(8, 30, generator=draw), torch.randint(5, (8,), generator=draw)
    model = torch.nn.Linear(30, 5)
    weight, bias = model.weight.detach().clone(), model.bias.detach().clone()
    gpu.autograd_step(model, torch.optim.SGD(model.parameters(), lr=gpu.LR), x, y)
    gpu.closed_form_step(weight, bias, x, y)
    torch.testing.assert_close(weight, model.weight.detach())
    torch.testing.assert_close(bias, model.bias.detach())


def test_a_step_moves_its_inputs_twice_and_its_weights_five_times_or_three():
    X, W = 4 * 8 * 30, 4 * 30 * 5
    reads_and_writes = [X, W, X, W, W, W, W]    # scores: X, W; gradient: X, written; update: it and W read, W written
    assert step_bytes(8, 30, 5) == sum(reads_and_writes)
    assert step_bytes(8, 30, 5, fused=True) == sum([X, W, X, W, W])


def test_the_limit_is_the_slowest_of_moving_computing_and_streaming():
    limits = Limits(copy=100.0, operations=1000.0, to_device=10.0, disk=5.0)
    assert limits.seconds(200, 1000) == 2               # moving
    assert limits.seconds(200, 9000) == 9               # computing
    assert limits.seconds(200, 1000, 50) == 10          # streaming, from the disk
    assert limits._replace(disk=50.0).seconds(200, 1000, 50) == 5


class AtOnce:
    """A reader that has read the next batch before the device takes this one: as early as it may."""

    def __init__(self, workers):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *trouble):
        pass

    def submit(self, function, *arguments):
        done = Future()
        done.set_result(function(*arguments))
        return done


@pytest.mark.parametrize("reader", [ThreadPoolExecutor, AtOnce])
def test_what_is_streamed_arrives_whole_and_in_order(reader, tmp_path, monkeypatch):
    from course_utils.data import Examples
    from course_utils.distributed import store

    X = torch.randint(256, (37, 11), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    stored = store(Examples(X, torch.zeros(37)), tmp_path / "images")
    monkeypatch.setattr(gpu, "ThreadPoolExecutor", reader)
    batches = [batch.clone() for batch in gpu.streamed(stored, 5, torch.device("cpu"))]
    assert torch.equal(torch.cat(batches), X[:35].float() / 255)


def test_the_part_for_a_gpu_runs_at_a_small_size_on_the_cpu_and_stores_nothing(tmp_path, capsys):
    gpu.main(tmp_path, "cpu", quick=True)
    said = capsys.readouterr().out
    assert "the CPU, to try the arithmetic" in said and list(tmp_path.iterdir()) == []
    rows = [line.split("|") for line in said.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == 2 * 3 + 4 + 1
    for _, work, took, _, ratio, _ in rows:
        assert float(took.split()[0].replace(",", "")) > 0 and float(ratio) > 0, work


@pytest.mark.parametrize("row, said", [
    (Row("", "", "", 0.9, 1, 1.0), "≤ 1: met"), (Row("", "", "", 1.1, 1, 1.0), "≤ 1: not met"),
    (Row("", "", "", 0.9, 1, 1.0, at_least=True), "≥ 1: not met"),
    (Row("", "", "", 0.76, 1, 0.25, around=1), "1 ± 0.25: met"),
    (Row("", "", "", 1.26, 1, 0.25, around=1), "1 ± 0.25: not met"),
    (Row("", "", "", 0.74, 1, 0.25, around=1), "1 ± 0.25: not met"), (Row("", "", "", 5.0, 1), ""),
])
def test_a_bar_is_met_or_not(row, said):
    assert row.verdict() == said
