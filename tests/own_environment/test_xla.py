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

from course_utils import penalties  # noqa: E402
from course_utils.data import Data, Examples  # noqa: E402
from course_utils.distributed import fit_on_xla, xla_device  # noqa: E402
from course_utils.models import MLP, LogisticRegression, MultinomialLogisticRegression  # noqa: E402
from course_utils.train import epochs_trained, fit  # noqa: E402


def examples(n=90, features=6, classes=3, seed=0):
    draw = torch.Generator().manual_seed(seed)
    X = torch.randn(n, features, generator=draw)
    return Examples(X, (X @ torch.randn(features, classes, generator=draw)).argmax(1))


def trained(fit_function, device, make_model=lambda: MultinomialLogisticRegression(6, 3), loss_fn=F.cross_entropy,
            data=None, make_optimizer=lambda p: torch.optim.SGD(p, lr=0.5), **options):
    torch.manual_seed(0)
    model = make_model().to(device)
    history = fit_function(model, data or Data(examples(), examples(40, seed=1)), loss_fn,
                           make_optimizer(model.parameters()), epochs=3, batch_size=32, **options)
    return model, history


def assert_equal(ours, theirs):
    (model, history), (reference, expected) = ours, theirs
    for name, value in reference.state_dict().items():
        torch.testing.assert_close(model.state_dict()[name].cpu(), value, rtol=1e-4, atol=2e-6, msg=name)
    assert history.numbers == expected.numbers
    for name in ("train_loss", "valid_loss", "train_accuracy", "valid_accuracy", "step_losses"):
        assert getattr(history, name) == pytest.approx(getattr(expected, name), rel=1e-4), name
    assert history[-1].running_loss == pytest.approx(expected[-1].running_loss, rel=1e-4)


CASES = {
    "SGD": {},
    "momentum": {"make_optimizer": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)},
    "Adam": {"make_optimizer": lambda p: torch.optim.Adam(p, lr=0.05)},
    "a penalty": {"penalty": penalties.l2(0.1)},
    "another seed": {"seed": 5},
    "in order": {"shuffle": False},
    "an MLP": {"make_model": lambda: MLP(6, 3, hidden=(8,))},
    "one neuron": {
        "make_model": lambda: LogisticRegression(6), "loss_fn": F.binary_cross_entropy_with_logits,
        "data": Data(*[Examples(X, (y == 0).float()) for X, y in (examples(), examples(40, seed=1))]),
    },
}


@pytest.mark.parametrize("case", CASES)
def test_the_parameters_and_the_history_are_those_of_fit(case):
    assert_equal(trained(fit_on_xla, xla_device(), **CASES[case]), trained(fit, "cpu", **CASES[case]))


def test_trained_again_it_goes_on():
    device, data = xla_device(), examples()
    torch.manual_seed(0)
    twice = MultinomialLogisticRegression(6, 3).to(device)
    optimizer = torch.optim.SGD(twice.parameters(), lr=0.5)
    for epochs in (1, 2):
        history = fit_on_xla(twice, data, F.cross_entropy, optimizer, epochs=epochs)
    assert epochs_trained(twice) == 3 and history.numbers == [1, 2, 3]
    assert_equal((twice, trained(fit_on_xla, device, data=data)[1]), trained(fit, "cpu", data=data))


def test_without_measuring_only_the_steps_are_known():
    _, history = trained(fit_on_xla, xla_device(), measure=False)
    assert history.train_loss == [None] * 4 and len(history.step_losses) == 9


def test_each_shape_of_a_batch_is_compiled_once_and_losses_are_read_once_an_epoch():
    """90 examples in batches of 32 have two shapes, 32 and 26: the number of epochs does not matter."""
    from torch_xla.debug import metrics

    def counted(epochs):
        torch.manual_seed(0)
        model = MultinomialLogisticRegression(7, 3).to(xla_device())
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
    (one, _), (again, _), (other, _) = [trained(fit_on_xla, xla_device(), seed=seed, **options) for seed in (1, 1, 2)]
    first, second, third = [next(model.parameters()).cpu() for model in (one, again, other)]
    assert torch.equal(first, second) and not torch.equal(first, third)


def test_a_loss_that_explodes_ends_the_run_with_a_sentence(capsys):
    data = Examples(1e30 * examples().X, examples().y)
    _, history = trained(fit_on_xla, xla_device(), data=data, make_optimizer=lambda p: torch.optim.SGD(p, lr=1e30))
    assert "in epoch 1, batch 2" in history.stopped and "learning rate" in history.stopped
    assert history.stopped in capsys.readouterr().out and history.numbers == [0]


def test_a_model_on_the_cpu_is_told_where_to_go():
    with pytest.raises(ValueError, match=r"The model is on cpu. Move it first: `model.to\(xla_device\(\)\)`"):
        trained(fit_on_xla, "cpu")


PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
from test_xla import CASES, trained
from course_utils.distributed import fit_on_xla, xla_device
import torch_xla, torch_xla.runtime

device = xla_device(several=True)
model, history = trained(fit_on_xla, device, **CASES[sys.argv[2]])
steps = "all-reduce" in torch_xla._XLAC._get_xla_tensors_hlo([history_of.sum() for history_of in model.parameters()])
print(json.dumps([torch_xla.runtime.global_runtime_device_count(), history.step_losses,
                  {name: value.cpu().tolist() for name, value in model.state_dict().items()}]))
"""


@pytest.mark.parametrize("case", ["SGD", "Adam", "one neuron"])
def test_four_devices_that_look_like_one_end_where_fit_ends(case, tmp_path):
    """Batches of 32 are shared evenly and the last one, of 26, is not."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, os.path.dirname(__file__), case], capture_output=True, text=True, timeout=120,
        env=os.environ | {"PJRT_DEVICE": "CPU", "CPU_NUM_DEVICES": "4"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    devices, losses, parameters = json.loads(done.stdout.splitlines()[-1])
    reference, expected = trained(fit, "cpu", **CASES[case])
    assert devices == 4
    assert losses == pytest.approx(expected.step_losses, rel=1e-4)
    for name, value in reference.state_dict().items():
        torch.testing.assert_close(torch.tensor(parameters[name]), value, rtol=1e-4, atol=2e-6)
