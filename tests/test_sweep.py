"""A sweep is equal to the loop over `fit`, only faster; its summaries are equal to textbook formulas."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.data import Data, Examples
from course_utils.models import MLP, LogisticRegression, MultinomialLogisticRegression
from course_utils.penalties import elastic_net
from course_utils.sweep import paired, summarize, sweep
from course_utils.train import fit, seeded


def classes(n=50, n_features=6, n_classes=3, seed=0):
    """Examples of noisy classes; 50 rows at batch 16 leave a last batch of 2."""
    g = torch.Generator().manual_seed(seed)
    X = torch.randn(n + 20, n_features, generator=g)
    y = (X @ torch.randn(n_features, n_classes, generator=g) + torch.randn(n + 20, n_classes, generator=g)).argmax(1)
    return Data(Examples(X[:n], y[:n]), Examples(X[n:], y[n:]))


def two_classes():
    data = classes(n_classes=2)
    return Data(Examples(data.train.X, data.train.y.float()), Examples(data.valid.X, data.valid.y.float()))


def alone(make_model, data, loss_fn, optimizer, seed, epochs=3, batch_size=16, penalty=None, **settings):
    """The definition of a run."""
    with seeded(seed):
        model = make_model()
    history = fit(
        model, data, loss_fn, optimizer(model.parameters(), **settings),
        epochs=epochs, batch_size=batch_size, seed=seed, penalty=penalty,
    )
    return model, history


def assert_same(run, model, history, tolerance=1e-5):
    for name, value in model.state_dict().items():
        torch.testing.assert_close(run.weights[name], value, rtol=tolerance, atol=tolerance)
    assert len(run.history) == len(history)
    for ours, theirs in zip(run.history.epochs, history.epochs, strict=True):
        assert ours.number == theirs.number
        assert ours.step_losses == pytest.approx(theirs.step_losses, rel=1e-4, abs=1e-6)
        for name in ("train_loss", "valid_loss", "train_accuracy", "valid_accuracy", "running_loss"):
            assert getattr(ours, name) == (getattr(theirs, name) and pytest.approx(getattr(theirs, name), rel=1e-4))


MODELS = {
    "softmax": lambda: MultinomialLogisticRegression(6, 3),
    "linear": lambda: nn.Linear(6, 3, bias=False),
    "mlp": lambda: MLP(6, 3, hidden=(5,)),
    "deep": lambda: nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Sequential(nn.Linear(5, 4), nn.Sigmoid()), nn.Linear(4, 3)),
    "dropout": lambda: MLP(6, 3, hidden=(8, 5), dropout=0.3),
}
OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {"lr": [0.05, 0.5]}),
    "weight decay": (torch.optim.SGD, {"lr": [0.1], "weight_decay": [0.0, 0.1]}),
    "momentum": (torch.optim.SGD, {"lr": [0.05, 0.1], "momentum": [0.5, 0.9], "dampening": 0.1}),
    "nesterov": (torch.optim.SGD, {"lr": [0.05], "momentum": [0.5, 0.9], "nesterov": True}),
    "adam": (torch.optim.Adam, {"lr": [0.01, 0.05], "betas": [(0.9, 0.999), (0.5, 0.9)], "weight_decay": [0, 0.1]}),
    "adamw": (torch.optim.AdamW, {"lr": [0.01, 0.05], "weight_decay": [0.01, 0.5]}),
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("model", MODELS)
def test_a_sweep_equals_the_loop_over_fit(model, optimizer, capsys):
    data, (rule, settings) = classes(), OPTIMIZERS[optimizer]
    runs = sweep(MODELS[model], data, F.cross_entropy, optimizer=rule, seeds=[0, 3], epochs=3, batch_size=16, **settings)
    assert "one after another" not in capsys.readouterr().out
    assert len(runs) == 2 * math.prod(len(v) for v in settings.values() if isinstance(v, list))
    for run in runs:
        own = {name: run[name] for name in settings}
        assert_same(run, *alone(MODELS[model], data, F.cross_entropy, rule, run.seed, **own))
