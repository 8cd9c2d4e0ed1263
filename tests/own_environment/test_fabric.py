"""A loop on Lightning Fabric ends with the parameters of `fit`, in one process and in two.

It runs in an environment of its own, where lightning is installed; .ci/run makes it.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

pytest.importorskip("lightning", reason="runs in an environment of its own; see .ci/run")

from fabric_example import examples, worker  # noqa: E402

from course_utils.models import MultinomialLogisticRegression  # noqa: E402
from course_utils.train import fit  # noqa: E402

EXAMPLE = Path(__file__).with_name("fabric_example.py")


def assert_those_of_fit(parameters, batch_size):
    torch.manual_seed(0)
    model = MultinomialLogisticRegression(64, 10)
    fit(model, examples(), F.cross_entropy, torch.optim.SGD(model.parameters(), lr=0.5), epochs=3,
        batch_size=batch_size)
    for name, value in model.state_dict().items():
        torch.testing.assert_close(parameters[name], value, rtol=1e-5, atol=1e-6, msg=f"{name}, {batch_size}")


def test_one_process_ends_with_the_parameters_of_fit():
    from lightning.fabric import Fabric

    torch.manual_seed(0)
    trained = worker(Fabric(accelerator="cpu", devices=1), examples())
    assert_those_of_fit(trained.module.state_dict(), 64)


def test_two_processes_end_with_the_parameters_of_fit(tmp_path):
    """100 examples in batches of 33 end with a batch of one, of which the second process has no part."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLE), "2", str(tmp_path), "64", "33"], capture_output=True, text=True, timeout=180,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "2 processes" in done.stdout.splitlines()
    for batch_size in (64, 33):
        assert_those_of_fit(torch.load(tmp_path / f"{batch_size}.pt", weights_only=True)["model"], batch_size)
