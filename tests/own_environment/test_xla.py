"""The loop on XLA's CPU device against `fit` on the CPU: one device here, four in programs of their own.

It runs in an environment of its own, with the torch that torch_xla was built for; .ci/run makes it.
"""

import json
import os
import subprocess
import sys

import pytest
import torch
import torch.nn.functional as F

pytest.importorskip("torch_xla", reason="runs in an environment of its own; see .ci/run", exc_type=ImportError)

from xla_cases import CASES, examples, trained  # noqa: E402

from course_utils.data import Examples  # noqa: E402
from course_utils.distributed import fit_on_xla, xla_device  # noqa: E402
from course_utils.models import MLP, MultinomialLogisticRegression  # noqa: E402
from course_utils.train import epochs_trained, fit  # noqa: E402

DEVICE = xla_device()       # at once: no test of another file may compute a gradient before it


def assert_equal(ours, theirs):
    (model, history), (reference, expected) = ours, theirs
    for name, value in reference.state_dict().items():
        torch.testing.assert_close(model.state_dict()[name].cpu(), value, rtol=1e-4, atol=2e-6, msg=name)
    assert history.numbers == expected.numbers
    for name in ("train_loss", "valid_loss", "train_accuracy", "valid_accuracy", "step_losses"):
        assert getattr(history, name) == pytest.approx(getattr(expected, name), rel=1e-4), name
    assert history[-1].running_loss == pytest.approx(expected[-1].running_loss, rel=1e-4)


@pytest.mark.parametrize("case", CASES)
def test_the_parameters_and_the_history_are_those_of_fit(case):
    assert_equal(trained(fit_on_xla, DEVICE, **CASES[case]), trained(fit, "cpu", **CASES[case]))


def test_trained_again_it_goes_on():
    data = examples()
    torch.manual_seed(0)
    twice = MultinomialLogisticRegression(6, 3).to(DEVICE)
    optimizer = torch.optim.SGD(twice.parameters(), lr=0.5)
    for epochs in (1, 2):
        history = fit_on_xla(twice, data, F.cross_entropy, optimizer, epochs=epochs, batch_size=32)
    assert epochs_trained(twice) == 3 and history.numbers == [1, 2, 3]
    torch.testing.assert_close(twice.linear.weight.cpu(), trained(fit, "cpu", data=data)[0].linear.weight)


def test_without_measuring_only_the_steps_are_known():
    _, history = trained(fit_on_xla, DEVICE, measure=False)
    assert history.train_loss == [None] * 4 and len(history.step_losses) == 9


def test_each_shape_of_a_batch_is_compiled_once_and_losses_are_read_once_an_epoch():
    """90 examples in batches of 32 have two shapes, 32 and 26: the number of epochs does not matter."""
    from torch_xla.debug import metrics

    def counted(epochs):
        torch.manual_seed(0)
        model = MultinomialLogisticRegression(7, 3).to(DEVICE)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
        data = examples(features=7)
        fit_on_xla(model, data, F.cross_entropy, optimizer, epochs=1, measure=False)    # compiles what there is
        metrics.clear_all()
        fit_on_xla(model, data, F.cross_entropy, optimizer, epochs=epochs, measure=False)
        compiled, read = metrics.metric_data("CompileTime"), metrics.metric_data("TransferFromDeviceTime")
        return (compiled[0] if compiled else 0), read[0]

    (few, reads), (many, more_reads) = counted(2), counted(12)
    assert few == many == 0
    assert more_reads - reads == 10


def test_dropout_draws_from_the_seed():
    options = {"make_model": lambda: MLP(6, 3, hidden=(8,), dropout=0.5)}
    (one, _), (again, _), (other, _) = [trained(fit_on_xla, DEVICE, seed=seed, **options) for seed in (1, 1, 2)]
    first, second, third = [next(model.parameters()).cpu() for model in (one, again, other)]
    assert torch.equal(first, second) and not torch.equal(first, third)


def test_a_loss_that_explodes_ends_the_run_with_a_sentence(capsys):
    data = Examples(1e30 * examples().X, examples().y)
    _, history = trained(fit_on_xla, DEVICE, data=data, make_optimizer=lambda p: torch.optim.SGD(p, lr=1e30))
    assert "in epoch 1, batch 2" in history.stopped and "learning rate" in history.stopped
    assert history.stopped in capsys.readouterr().out and history.numbers == [0]


def test_a_model_on_the_cpu_is_told_where_to_go():
    with pytest.raises(ValueError, match=r"The model is on cpu. Move it first: `model.to\(xla_device\(\)\)`"):
        trained(fit_on_xla, "cpu")


def test_who_used_one_device_already_is_told_to_start_anew():
    with pytest.raises(RuntimeError, match="The XLA device is in use already.*Start anew"):
        xla_device(several=True)


def test_who_trained_on_the_cpu_first_is_told_to_start_anew():
    program = """
import torch
from course_utils.distributed import xla_device
torch.ones(1, requires_grad=True).sum().backward()
xla_device()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert done.returncode == 1
    assert "RuntimeError: Gradients were computed in this program before it asked for the XLA device" in done.stderr


PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
from xla_cases import CASES, trained
from course_utils.distributed import fit_on_xla, xla_device
import torch_xla
from torch_xla.distributed import spmd

device, mark, places = xla_device(several=True), spmd.mark_sharding, set()

def mark_and_look(part, *where):
    mark(part, *where)
    places.add(torch_xla._XLAC._get_xla_sharding_spec(part))

spmd.mark_sharding = mark_and_look
ends = {}
for case in sys.argv[2:]:
    model, history = trained(fit_on_xla, device, **CASES[case])
    ends[case] = history.step_losses, {name: value.cpu().tolist() for name, value in model.state_dict().items()}
print(json.dumps([sorted(places), ends]))
"""


def test_four_devices_that_look_like_one_end_where_fit_ends():
    """Each batch of 32 is spread over them by rows, and the last one, of 26, unevenly."""
    cases = ["SGD", "Adam", "an MLP", "one neuron"]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, os.path.dirname(__file__), *cases], capture_output=True, text=True, timeout=300,
        env=os.environ | {"PJRT_DEVICE": "CPU", "CPU_NUM_DEVICES": "4"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    places, ends = json.loads(done.stdout.splitlines()[-1])
    assert places == ["{devices=[4,1]0,1,2,3}", "{devices=[4]0,1,2,3}"]
    for case in cases:
        reference, expected = trained(fit, "cpu", **CASES[case])
        losses, parameters = ends[case]
        assert losses == pytest.approx(expected.step_losses, rel=1e-4), case
        for name, value in reference.state_dict().items():
            torch.testing.assert_close(torch.tensor(parameters[name]), value, rtol=1e-4, atol=2e-6, msg=case)
