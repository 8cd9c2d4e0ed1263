"""A sweep is equal to the loop over `fit`, only faster; its summaries are equal to textbook formulas."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.data import Data, Examples
from course_utils.models import MLP, FromBytes, LogisticRegression, MultinomialLogisticRegression
from course_utils.penalties import Penalty, elastic_net, l2
from course_utils.sweep import Run, Runs, corrected_interval, mean_interval, paired, summarize, sweep
from course_utils.sweep.intervals import students_t
from course_utils.sweep.runs import Record
from course_utils.train import epochs_trained, fit, seeded


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
        model,
        data,
        loss_fn,
        optimizer(model.parameters(), **settings),
        epochs=epochs,
        batch_size=batch_size,
        seed=seed,
        penalty=penalty,
    )
    return model, history


def assert_same(run, model, history, tolerance=1e-5):
    for name, value in model.state_dict().items():
        torch.testing.assert_close(run.parameters[name], value, rtol=tolerance, atol=tolerance)
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
    "deep": lambda: nn.Sequential(
        nn.Linear(6, 5), nn.Tanh(), nn.Sequential(nn.Linear(5, 4), nn.Sigmoid()), nn.Linear(4, 3)
    ),
    "dropout": lambda: MLP(6, 3, hidden=(8, 5), dropout=0.3),
    "dropout on the inputs": lambda: nn.Sequential(nn.Dropout(0.2), nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3)),
}
OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {"lr": [0.05, 0.5]}),
    "weight decay": (torch.optim.SGD, {"lr": [0.1], "weight_decay": [0.0, 0.1]}),
    "momentum": (torch.optim.SGD, {"lr": [0.05, 0.1], "momentum": [0.0, 0.5, 0.9]}),
    "nesterov": (torch.optim.SGD, {"lr": [0.05], "momentum": [0.5, 0.9], "nesterov": True}),
    "adam": (torch.optim.Adam, {"lr": [0.01, 0.05], "betas": [(0.9, 0.999), (0.5, 0.9)], "weight_decay": [0, 0.1]}),
    "adamw": (torch.optim.AdamW, {"lr": [0.01, 0.05], "weight_decay": [0.01, 0.5]}),
    "rmsprop": (torch.optim.RMSprop, {"lr": 0.01, "alpha": [0.5, 0.99], "eps": [1e-8, 1e-2]}),
    "adagrad": (torch.optim.Adagrad, {"lr": [0.01, 0.1]}),
    "adadelta": (torch.optim.Adadelta, {"lr": 1.0, "rho": [0.5, 0.9], "weight_decay": [0.0, 0.1]}),
}


@pytest.mark.parametrize("batch_size", [16, 50, 64])  # of 50 rows: in parts, in one batch that is full or is not
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("model", MODELS)
def test_a_sweep_equals_the_loop_over_fit(model, optimizer, batch_size, capsys):
    data, (rule, settings) = classes(), OPTIMIZERS[optimizer]
    steering = {"epochs": 3, "batch_size": batch_size}
    runs = sweep(MODELS[model], data, F.cross_entropy, optimizer=rule, seeds=[0, 3], **steering, **settings)
    assert "one after another" not in capsys.readouterr().out
    assert len(runs) == 2 * math.prod(len(v) for v in settings.values() if isinstance(v, list))
    for run in runs:
        own = {name: run[name] for name in settings}
        assert_same(run, *alone(MODELS[model], data, F.cross_entropy, rule, run.seed, **steering, **own))


@pytest.mark.parametrize("batch_size", [16, 64])
def test_images_kept_as_bytes_are_swept_as_their_decimals_are(batch_size, capsys):
    data = classes()
    as_bytes = data.map(lambda X: X.mul(40).add(128).clamp(0, 255).byte())
    decimals = as_bytes.map(lambda X: X.float() / 255)
    settings = {"lr": [0.1, 0.5], "seeds": [1, 2], "epochs": 3, "batch_size": batch_size}
    ours = sweep(lambda: nn.Sequential(FromBytes(), MODELS["softmax"]()), as_bytes, F.cross_entropy, **settings)
    theirs = sweep(MODELS["softmax"], decimals, F.cross_entropy, **settings)
    assert "one after another" not in capsys.readouterr().out
    for one, other in zip(ours, theirs, strict=True):
        assert torch.equal(one.model[1].linear.weight, other.model.linear.weight)
        assert [epoch.valid_loss for epoch in one.history.epochs] == [e.valid_loss for e in other.history.epochs]


@pytest.mark.parametrize("loss_fn", [F.binary_cross_entropy_with_logits, nn.BCEWithLogitsLoss(), F.mse_loss])
@pytest.mark.parametrize(
    "make_model",
    [
        lambda: LogisticRegression(6),
        lambda: MLP(6, 1, hidden=(4,), activation=nn.Tanh),
        lambda: nn.Sequential(nn.Linear(6, 1), nn.Flatten(0)),
    ],
)
def test_one_output_an_example(make_model, loss_fn):
    data = two_classes()
    for run in sweep(make_model, data, loss_fn, lr=[0.1, 0.5], seeds=[1, 2], epochs=3, batch_size=16):
        assert_same(run, *alone(make_model, data, loss_fn, torch.optim.SGD, run.seed, lr=run["lr"]))


def test_images_are_flattened():
    flat = classes(n_features=6)
    data = flat.map(lambda X: X.view(-1, 2, 3))
    make_model = MODELS["softmax"]
    images = sweep(
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(6, 3)), data, F.cross_entropy, lr=0.3, seeds=[4], epochs=2
    )
    vectors = sweep(make_model, flat, F.cross_entropy, lr=0.3, seeds=[4], epochs=2)
    assert images.values("valid_loss") == pytest.approx(vectors.values("valid_loss"))


@pytest.mark.parametrize("model", ["mlp", "dropout", "scaled"])
def test_penalties_leave_the_bias_free_and_are_not_reported(model, capsys):
    data, make_model = classes(), (MODELS | {"scaled": Scaled})[model]
    penalties = [None, Penalty(l1=0.01), Penalty(l2=0.1), Penalty(l1=0.02, l2=0.05)]
    runs = sweep(make_model, data, F.cross_entropy, lr=0.1, penalty=penalties, seeds=[0, 1], epochs=3, batch_size=16)
    assert len(runs) == 8 and runs.axes["penalty"] == penalties and capsys.readouterr().out == ""
    for run in runs:
        assert_same(run, *alone(make_model, data, F.cross_entropy, torch.optim.SGD, run.seed, lr=0.1,
                                penalty=run["penalty"]))


def test_a_penalty_may_be_made_from_settings_or_have_a_name():
    data, same = classes(), dict(lr=0.1, seeds=[0], epochs=1, batch_size=16)
    arguments = MODELS["softmax"], data, F.cross_entropy
    mixed = sweep(*arguments, penalty=elastic_net, strength=[0.1, 0.5], l1_ratio=[0.0, 0.9], **same)
    assert mixed.axes["strength"] == [0.1, 0.5] and mixed.axes["l1_ratio"] == [0.0, 0.9]
    (run,) = mixed.where(strength=0.5, l1_ratio=0.9)
    penalty = elastic_net(0.5, 0.9)
    assert_same(run, *alone(*arguments, torch.optim.SGD, 0, epochs=1, lr=0.1, penalty=penalty))
    named = sweep(*arguments, penalty={"none": None, "ridge": l2, "both": penalty}, strength=0.3, **same)
    assert named.axes["penalty"] == ["none", "ridge", "both"] and len(named) == 3
    assert named.where(penalty="both")[0]["train_loss"] == pytest.approx(run["train_loss"])
    (ridge,) = named.where(penalty="ridge")
    assert_same(ridge, *alone(*arguments, torch.optim.SGD, 0, epochs=1, lr=0.1, penalty=l2(0.3)))
    with pytest.raises(TypeError, match="The penalty l2 needs `strength`. Give it beside: `penalty=l2, strength=...`"):
        sweep(*arguments, penalty=l2, **same)
    with pytest.raises(TypeError, match="No one takes the setting `strength`"):
        sweep(*arguments, penalty=l2(0.1), strength=0.1, **same)


def test_batch_sizes_optimizers_and_widths_are_axes_too(capsys):
    def make_model(width):
        return MLP(6, 3, hidden=(width,))

    data = classes()
    runs = sweep(
        make_model,
        data,
        F.cross_entropy,
        lr=0.05,
        width=[3, 7],
        batch_size=[8, 50],
        optimizer=[torch.optim.SGD, torch.optim.Adam],
        seeds=[0, 1],
        epochs=2,
    )
    assert len(runs) == 16 and runs.axes["optimizer"] == ["SGD", "Adam"]
    for run in runs:
        rule = getattr(torch.optim, run["optimizer"])
        model, history = alone(
            lambda run=run: make_model(run["width"]),
            data,
            F.cross_entropy,
            rule,
            run.seed,
            epochs=2,
            batch_size=run["batch_size"],
            lr=0.05,
        )
        assert_same(run, model, history)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("batch_size", [16, 50])
def test_every_seed_may_have_data_of_its_own(batch_size):
    def noisy(seed, share):
        data, g = classes(), torch.Generator().manual_seed(seed)
        y = torch.where(torch.rand(50, generator=g) < share, torch.randint(3, (50,), generator=g), data.train.y)
        return Data(Examples(data.train.X, y), data.valid)

    runs = sweep(
        MODELS["softmax"],
        noisy,
        F.cross_entropy,
        lr=[0.1, 0.4],
        share=[0.0, 0.5],
        seeds=[0, 1],
        epochs=3,
        batch_size=batch_size,
    )
    for run in runs:
        data, settings = noisy(run.seed, run["share"]), {"lr": run["lr"], "batch_size": batch_size}
        assert_same(run, *alone(MODELS["softmax"], data, F.cross_entropy, torch.optim.SGD, run.seed, **settings))


@pytest.mark.parametrize("loss_fn, model, data", [
    (nn.CrossEntropyLoss(reduction="sum"), MODELS["softmax"], classes()),
    (nn.BCEWithLogitsLoss(reduction="sum"), lambda: LogisticRegression(6), two_classes()),  # lists no settings
    (nn.MSELoss(reduction="sum"), lambda: LogisticRegression(6), two_classes()),
], ids=lambda part: type(part).__name__)
def test_a_loss_that_sums(loss_fn, model, data):
    for run in sweep(model, data, loss_fn, lr=[0.01, 0.02], seeds=[0, 1], epochs=3, batch_size=16):
        assert_same(run, *alone(model, data, loss_fn, torch.optim.SGD, run.seed, lr=run["lr"]))


def test_labels_that_are_left_out(capsys):
    data = classes()
    data.train.y[[7, 30]] = data.valid.y[5] = -100
    (run,) = sweep(MODELS["softmax"], data, F.cross_entropy, lr=0.1, seeds=[0], epochs=2, batch_size=16)
    assert_same(run, *alone(MODELS["softmax"], data, F.cross_entropy, torch.optim.SGD, 0, lr=0.1, epochs=2))
    assert "some labels are negative" in capsys.readouterr().out


def test_lists_as_settings_and_data_that_read_alike():
    runs = sweep(lambda hidden: MLP(6, 3, hidden=tuple(hidden)), classes(), F.cross_entropy, lr=0.1, seeds=[0],
                 epochs=1, hidden=[[8], [4, 4]])
    assert runs.axes["hidden"] == [(8,), (4, 4)] and "hidden" in repr(runs)
    clean, noisy = torch.zeros(2_000, dtype=torch.int64), torch.zeros(2_000, dtype=torch.int64)
    noisy[500:1_500] = 1
    assert repr(clean) == repr(noisy)
    X = torch.randn(2_000, 6, generator=torch.Generator().manual_seed(0))
    runs = sweep(MODELS["softmax"], lambda seed, y: Data(Examples(X, y)), F.cross_entropy, lr=0.1, seeds=[0], epochs=1,
                 y=[clean, noisy])
    assert runs[0]["train_loss"] != runs[1]["train_loss"]


REFUSED = [
    (torch.optim.SGD, {"lr": -0.1}, "lr is -0.1. SGD takes no negative one"),
    (torch.optim.SGD, {"momentum": -1}, "momentum is -1. SGD takes no negative one"),
    (torch.optim.SGD, {"weight_decay": -1}, "takes no negative one"),
    (torch.optim.SGD, {"nesterov": True}, "looks ahead along the momentum"),
    (torch.optim.SGD, {"nesterov": True, "momentum": 0.9, "dampening": 0.1}, "no `dampening`"),
    (torch.optim.Adam, {"eps": -1e-8}, "takes no negative one"),
    (torch.optim.Adam, {"betas": (0.9, 1.0)}, "betas is .* from 0 to below 1"),
    (torch.optim.Adam, {"betas": (-0.1, 0.9)}, "betas is .* from 0 to below 1"),
    (torch.optim.RMSprop, {"alpha": -1}, "alpha is -1. RMSprop takes no negative one"),
    (torch.optim.Adadelta, {"rho": 1.5}, "rho is 1.5"),
]


@pytest.mark.parametrize("optimizer, wrong, words", REFUSED)
def test_settings_that_torch_refuses(optimizer, wrong, words):
    wrong = {"lr": 0.1} | wrong
    with pytest.raises(ValueError):
        optimizer([torch.zeros(1, requires_grad=True)], **wrong)
    with pytest.raises(ValueError, match=words):
        sweep(MODELS["softmax"], classes(), F.cross_entropy, seeds=[0], epochs=1, optimizer=optimizer, **wrong)


def test_settings_at_the_edge_that_torch_takes():
    for optimizer, edge in [(torch.optim.Adam, {"betas": (0.0, 0.0), "eps": 0.1}), (torch.optim.SGD, {"momentum": 0})]:
        runs = sweep(MODELS["softmax"], classes(), F.cross_entropy, lr=0.1, seeds=[0], epochs=1, batch_size=16,
                     optimizer=optimizer, **edge)
        assert_same(runs[0], *alone(MODELS["softmax"], classes(), F.cross_entropy, optimizer, 0, 1, lr=0.1, **edge))


def test_data_of_different_sizes():
    runs = sweep(
        MODELS["softmax"],
        {"few": classes(20), "many": classes(60)},
        F.cross_entropy,
        lr=0.1,
        seeds=[0, 1],
        epochs=3,
        batch_size=16,
    )
    assert [run["data"] for run in runs] == ["few", "few", "many", "many"]
    assert_same(runs[3], *alone(MODELS["softmax"], classes(60), F.cross_entropy, torch.optim.SGD, 1, lr=0.1))


# --- what cannot be stacked from layers ------------------------------------------------------------------------------


class Scaled(nn.Module):
    """A module that LayerStack does not know, but torch.func can map over."""

    def __init__(self):
        super().__init__()
        self.linear, self.scale = nn.Linear(6, 3), nn.Parameter(torch.tensor(2.0))

    def forward(self, X):
        return self.linear(X) * self.scale


class FunctionalDropout(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 3)

    def forward(self, X):
        return F.dropout(self.linear(X), 0.2, self.training)


class Dropping(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.dropout = nn.Linear(6, 3), nn.Dropout(0.2)

    def forward(self, X):
        return self.dropout(self.linear(X))


class OwnNumber(nn.Module):
    """Differs from seed to seed in something that is no parameter."""

    def __init__(self):
        super().__init__()
        self.linear, self.number = nn.Linear(6, 3), float(torch.rand(()))

    def forward(self, X):
        return self.linear(X) * self.number


def test_modules_of_your_own_go_through_torch_func(capsys):
    data = classes()
    for loss_fn in (F.cross_entropy, nn.CrossEntropyLoss(label_smoothing=0.1)):
        for run in sweep(Scaled, data, loss_fn, lr=[0.1, 0.2], seeds=[0, 1], epochs=3, batch_size=16):
            assert_same(run, *alone(Scaled, data, loss_fn, torch.optim.SGD, run.seed, lr=run["lr"]))
    assert capsys.readouterr().out == ""


class Turned(nn.Module):
    """A layer whose sign no `repr` shows."""

    def __init__(self, sign):
        super().__init__()
        self.linear, self.sign = nn.Linear(6, 3), sign

    def forward(self, X):
        return self.sign * self.linear(X)


def test_models_that_look_alike_and_are_made_by_different_functions_are_not_stacked_together(capsys):
    makers, data = {"as it is": lambda: Turned(1), "turned": lambda: Turned(-1)}, classes()
    runs = sweep(makers, data, F.cross_entropy, lr=0.1, seeds=[0, 1], epochs=3, batch_size=16)
    assert capsys.readouterr().out == ""
    for run in runs:
        assert_same(run, *alone(makers[run["model"]], data, F.cross_entropy, torch.optim.SGD, run.seed, lr=0.1))


class Louder(nn.Module):
    """Twice as loud in train mode, without a draw."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 3)

    def forward(self, X):
        return self.linear(X) * (2 if self.training else 1)


def test_a_module_mapped_over_is_in_train_mode_for_its_steps_and_in_eval_mode_to_be_measured(capsys):
    run = sweep(Louder, classes(), F.cross_entropy, lr=0.1, seeds=[3], epochs=3, batch_size=16)[0]
    assert_same(run, *alone(Louder, classes(), F.cross_entropy, torch.optim.SGD, 3, lr=0.1))
    assert capsys.readouterr().out == ""


def test_a_column_stays_a_column_under_a_flatten_that_keeps_the_rows(capsys):
    def make():
        return nn.Sequential(nn.Linear(6, 1), nn.Flatten(1))

    data = Data(*(Examples(part.X, part.y[:, None]) for part in (two_classes().train, two_classes().valid)))
    run = sweep(make, data, F.binary_cross_entropy_with_logits, lr=0.1, seeds=[3], epochs=3, batch_size=16)[0]
    assert_same(run, *alone(make, data, F.binary_cross_entropy_with_logits, torch.optim.SGD, 3, lr=0.1))
    assert capsys.readouterr().out == ""


LONERS = {
    "batch normalisation": (
        lambda: nn.Sequential(nn.Linear(6, 3), nn.BatchNorm1d(3)),
        torch.optim.SGD,
        "running averages",
    ),
    "dropout of one's own": (FunctionalDropout, torch.optim.SGD, "torch.func cannot map over it"),
    "a number of one's own": (OwnNumber, torch.optim.SGD, "differ in more than their weights"),
    "frozen": (
        lambda: nn.Sequential(nn.Linear(6, 4).requires_grad_(False), nn.Linear(4, 3)),
        torch.optim.SGD,
        "frozen",
    ),
    "dropout of torch's inside": (Dropping, torch.optim.SGD, "torch.func cannot map over it"),
    "another optimizer": (MODELS["softmax"], torch.optim.Adamax, "Adamax with these settings is no rule"),
    "a function that makes one": (MODELS["softmax"], lambda ps, lr: torch.optim.SGD(ps, lr), "is no rule"),
}


@pytest.mark.parametrize("loner", LONERS)
def test_what_cannot_be_stacked_trains_alone_and_says_so(loner, capsys):
    make_model, rule, reason = LONERS[loner]
    data = classes()
    runs = sweep(
        make_model, data, F.cross_entropy, lr=[0.1, 0.2], seeds=[0, 1], epochs=[1, 3], batch_size=16, optimizer=rule
    )
    out = capsys.readouterr().out
    assert out.startswith("These 4 models train one after another, not side by side: ") and reason in out
    assert out.count("\n") == 1
    for run in runs.where(epochs=3):
        assert_same(run, *alone(make_model, data, F.cross_entropy, rule, run.seed, lr=run["lr"]))
    for run in runs.where(epochs=1):
        assert_same(run, *alone(make_model, data, F.cross_entropy, rule, run.seed, lr=run["lr"], epochs=1))


def test_how_torch_computes_does_not_matter(capsys):
    arguments = MODELS["softmax"], classes(), F.cross_entropy
    (run,) = sweep(*arguments, lr=0.1, seeds=[2], epochs=2, batch_size=16, foreach=False, momentum=0, nesterov=False)
    assert capsys.readouterr().out == ""
    assert_same(run, *alone(*arguments, torch.optim.SGD, 2, 2, lr=0.1))


@pytest.mark.parametrize("settings", [{"momentum": 0.9, "dampening": 0.1}, {"maximize": True}])
def test_settings_that_no_rule_has_train_alone_and_say_so(settings, capsys):
    arguments = MODELS["softmax"], classes(), F.cross_entropy
    (run,) = sweep(*arguments, lr=0.01, seeds=[2], epochs=2, batch_size=16, **settings)
    assert "SGD with these settings is no rule of course_utils.optimizers" in capsys.readouterr().out
    assert_same(run, *alone(*arguments, torch.optim.SGD, 2, 2, lr=0.01, **settings))


def test_a_penalty_of_ones_own_trains_alone_and_says_so(capsys):
    def far_from_one(model):
        return 0.1 * (model.linear.weight - 1).square().sum()

    arguments = MODELS["softmax"], classes(), F.cross_entropy
    penalties = {"ridge": l2(0.1), "own": lambda: far_from_one}
    ridge, run = sweep(*arguments, lr=0.1, penalty=penalties, seeds=[2], epochs=2, batch_size=16)
    assert "These 1 models train one after another" in (out := capsys.readouterr().out)
    assert "its penalty is a function of your own" in out
    assert_same(ridge, *alone(*arguments, torch.optim.SGD, 2, 2, lr=0.1, penalty=l2(0.1)))
    assert_same(run, *alone(*arguments, torch.optim.SGD, 2, 2, lr=0.1, penalty=far_from_one))


# --- the runs --------------------------------------------------------------------------------------------------------


def test_a_run_that_diverges_disturbs_no_other(capsys):
    data = Examples(classes().train.X, classes().train.X[:, :2])
    make_model = lambda: nn.Linear(6, 2)  # noqa: E731
    runs = sweep(make_model, data, F.mse_loss, lr=[0.1, 1e18], seeds=[0, 1], epochs=3, batch_size=16)
    assert "2 of 4 runs diverged" in capsys.readouterr().out
    for run in runs:
        model, history = alone(make_model, data, F.mse_loss, torch.optim.SGD, run.seed, lr=run["lr"])
        assert run.diverged == (run["lr"] > 1)
        if run.diverged:
            assert run.history.stopped == history.stopped and "now 1e+18" in history.stopped
            assert len(run.history) == len(history) and math.isnan(run["train_loss"])
            assert all(value.isfinite().all() for value in run.parameters.values())
        else:
            assert_same(run, model, history)
    table = summarize(runs, "train_loss")
    assert table["n"].tolist() == [2, 0] and table["diverged"].tolist() == [0, 2]


def test_several_epochs_are_stages_of_one_run():
    data = classes()
    runs = sweep(MODELS["softmax"], data, F.cross_entropy, lr=0.1, seeds=[0, 1], epochs=[2, 5], batch_size=16)
    assert [run["epochs"] for run in runs] == [2, 2, 5, 5] or [run["epochs"] for run in runs] == [2, 5, 2, 5]
    for run in runs:
        model, history = alone(
            MODELS["softmax"], data, F.cross_entropy, torch.optim.SGD, run.seed, run["epochs"], lr=0.1
        )
        assert run["valid_loss"] == pytest.approx(history.valid_loss[-1])
        torch.testing.assert_close(run.parameters["linear.weight"], model.linear.weight.detach())
        assert len(run.history) == run["epochs"] + 1
        assert run.history.step_losses == pytest.approx(history.step_losses, abs=1e-6)
    assert runs[-1].history.train_loss[1] is None and runs[-1].history.train_loss[0] is not None


def test_a_run_gives_its_model_to_train_on(capsys):
    data = classes()
    run = sweep(MODELS["dropout"], data, F.cross_entropy, lr=0.1, seeds=[3], epochs=2, batch_size=16)[0]
    model = run.model
    fit(model, data, F.cross_entropy, torch.optim.SGD(model.parameters(), lr=0.1), epochs=2, batch_size=16, seed=3)
    whole, _ = alone(MODELS["dropout"], data, F.cross_entropy, torch.optim.SGD, 3, epochs=4, lr=0.1)
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(model.state_dict()[name], value)
    assert "already had 2 epochs" in capsys.readouterr().out
    assert not torch.equal(run.model.layers[0].weight, model.layers[0].weight)


def test_the_global_random_state_is_left_alone():
    state = torch.get_rng_state()
    sweep(MODELS["dropout"], classes(), F.cross_entropy, lr=0.1, seeds=[3], epochs=1)
    assert torch.equal(torch.get_rng_state(), state)


def test_an_epoch_of_many_steps_and_models_that_take_turns_with_the_data():
    """300 steps an epoch; seeds of one data set whose streams are of unequal number, so that everyone reads alone."""
    data = classes(n=300)
    both = {"a": data, "b": classes(n=300, seed=1), "a again": data}
    runs = sweep(MODELS["softmax"], both, F.cross_entropy, lr=0.01, seeds=[0, 5], epochs=2, batch_size=1)
    for run in runs[1::2]:
        assert_same(run, *alone(MODELS["softmax"], both[run["data"]], F.cross_entropy, torch.optim.SGD, run.seed,
                                epochs=2, batch_size=1, lr=run["lr"]))


@pytest.mark.parametrize("batch_size", [16, 50])
def test_examples_may_be_read_in_their_order(batch_size):
    data, steering = classes(), dict(epochs=2, batch_size=batch_size, shuffle=False)
    for run in sweep(MODELS["mlp"], data, F.cross_entropy, lr=[0.1, 0.2], seeds=[0, 1], **steering):
        with seeded(run.seed):
            model = MODELS["mlp"]()
        optimizer = torch.optim.SGD(model.parameters(), lr=run["lr"])
        assert_same(run, model, fit(model, data, F.cross_entropy, optimizer, seed=run.seed, **steering))


def test_outputs_and_targets_of_several_columns():
    data = classes()
    data = Data(*(Examples(part.X, part.X[:, :2] * 2 + 1) for part in (data.train, data.valid)))
    make_model = lambda: nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))  # noqa: E731
    for loss_fn in (F.mse_loss, F.l1_loss):
        for run in sweep(make_model, data, loss_fn, lr=[0.1, 0.2], seeds=[1, 2], epochs=2, batch_size=16):
            assert_same(run, *alone(make_model, data, loss_fn, torch.optim.SGD, run.seed, epochs=2, lr=run["lr"]))


def test_outputs_that_are_pictures(capsys):
    data = classes()
    data = Data(*(Examples(part.X, part.X.view(-1, 2, 3) * 2 + 1) for part in (data.train, data.valid)))
    make_model = lambda: nn.Sequential(nn.Linear(6, 6), nn.Unflatten(1, (2, 3)))  # noqa: E731
    for run in sweep(make_model, data, F.mse_loss, lr=[0.1, 0.2], seeds=[1, 2], epochs=2, batch_size=16):
        assert_same(run, *alone(make_model, data, F.mse_loss, torch.optim.SGD, run.seed, epochs=2, lr=run["lr"]))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("loss_fn", [
    nn.CrossEntropyLoss(),
    nn.CrossEntropyLoss(weight=torch.tensor([1.0, 5.0, 0.2])),
    nn.CrossEntropyLoss(label_smoothing=0.2),
    nn.CrossEntropyLoss(ignore_index=2),
])
def test_losses_with_settings_of_their_own(loss_fn):
    for run in sweep(MODELS["mlp"], classes(), loss_fn, lr=[0.1, 0.2], seeds=[1, 2], epochs=2, batch_size=50):
        model, history = alone(MODELS["mlp"], classes(), loss_fn, torch.optim.SGD, run.seed, 2, 50, lr=run["lr"])
        assert_same(run, model, history)


def test_evaluation_in_pieces_is_evaluation(monkeypatch):
    monkeypatch.setattr("course_utils.sweep.loop.EVALUATION_ROWS", 7)
    for run in sweep(MODELS["mlp"], classes(), F.cross_entropy, lr=[0.1, 0.2], seeds=[1], epochs=1, batch_size=16):
        assert_same(run, *alone(MODELS["mlp"], classes(), F.cross_entropy, torch.optim.SGD, 1, 1, lr=run["lr"]))


@pytest.mark.parametrize("loss_fn", [
    nn.CrossEntropyLoss(weight=torch.tensor([1.0, 5.0, 0.2])),
    nn.CrossEntropyLoss(ignore_index=2),
    lambda outputs, y: F.cross_entropy(outputs, y).sqrt(),
])
def test_a_loss_that_does_not_add_up_is_that_of_the_whole_set(loss_fn, monkeypatch):
    monkeypatch.setattr("course_utils.sweep.loop.EVALUATION_ROWS", 7)
    for run in sweep(MODELS["mlp"], classes(), loss_fn, lr=[0.1, 0.2], seeds=[1], epochs=1, batch_size=50):
        assert_same(run, *alone(MODELS["mlp"], classes(), loss_fn, torch.optim.SGD, 1, 1, 50, lr=run["lr"]))


def test_several_labels_an_example(capsys):
    data = classes()
    data = Data(*(Examples(part.X, F.one_hot(part.y, 3).float()) for part in (data.train, data.valid)))
    loss_fn = nn.BCEWithLogitsLoss()
    for run in sweep(MODELS["mlp"], data, loss_fn, lr=[0.1, 0.2], seeds=[1], epochs=1, batch_size=16):
        assert_same(run, *alone(MODELS["mlp"], data, loss_fn, torch.optim.SGD, 1, 1, lr=run["lr"]))
        assert 0 <= run["train_accuracy"] <= 1
    assert capsys.readouterr().out == ""


def test_parameters_are_copies_and_a_run_counts_its_epochs():
    (first, last) = sweep(MODELS["softmax"], classes(), F.cross_entropy, lr=0.1, seeds=[0], epochs=[1, 3])
    first.parameters["linear.weight"].zero_()
    assert first.parameters["linear.weight"].any() and last.parameters["linear.weight"].any()
    assert [epochs_trained(run.model) for run in (first, last)] == [1, 3]


def test_runs_are_chosen_by_their_settings_and_have_columns():
    runs = sweep(
        MODELS["softmax"],
        classes(),
        F.cross_entropy,
        lr=torch.tensor([0.1, 0.2]),
        seeds=range(3),
        epochs=1,
        metrics={"bias": lambda model: model.linear.bias.abs().max()},
    )
    assert len(runs.where(lr=0.1)) == 3 and runs.where(lr=0.1, seed=2)[0].seed == 2
    weight = runs[4].model.linear.weight
    assert runs[4]["weight_norm"] == pytest.approx(weight.norm().item())
    assert runs[4]["bias"] == pytest.approx(runs[4].model.linear.bias.abs().max().item())
    assert runs.axes["lr"] == pytest.approx([0.1, 0.2]) and "6 runs" in repr(runs)
    for near in (7, 0.11, 0.1001):
        with pytest.raises(ValueError, match=f"No run has lr={near}. lr is one of"):
            runs.where(lr=near)
    with pytest.raises(KeyError, match="There is no column 'loss'. There are lr, epochs, seed, train_loss"):
        runs[0]["loss"]


def test_settings_that_nobody_takes_and_other_slips():
    arguments = MODELS["softmax"], classes(), F.cross_entropy
    with pytest.raises(TypeError, match="No one takes the setting `momentun`: not SGD, not the model, not the data"):
        sweep(*arguments, lr=0.1, momentun=0.9)
    with pytest.raises(TypeError, match=r"seeds is 5. Say which seeds: `seeds=range\(5\)`"):
        sweep(*arguments, lr=0.1, seeds=5)
    with pytest.raises(ValueError, match="An empty list leaves nothing to train"):
        sweep(*arguments, lr=[])
    with pytest.raises(ValueError, match="epochs is -1"):
        sweep(*arguments, lr=0.1, epochs=-1)
    with pytest.raises(ValueError, match="each only once"):
        sweep(*arguments, lr=0.1, seeds=[1, 1])
    with pytest.raises(ValueError, match="The layer expects 4 inputs but each example has 6"):
        sweep(lambda: nn.Linear(4, 3), *arguments[1:], lr=0.1)


# --- what many runs say ----------------------------------------------------------------------------------------------

VALUES = [2.1, 2.5, 1.9, 2.8, 2.2, 2.6]


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 9, 10, 30, 99, 100, 1_001, 20_000])
def test_students_t_is_that_of_scipy(freedom):
    from scipy.special import stdtrit

    for confidence in (0.01, 0.5, 0.8, 0.9, 0.95, 0.99, 0.9999):
        theirs = float(stdtrit(freedom, (1 + confidence) / 2))
        assert students_t(confidence, freedom) == pytest.approx(theirs, rel=1e-8)


def test_the_t_interval_is_that_of_scipy():
    from scipy import stats

    ours = mean_interval(VALUES, 0.9)
    low, high = stats.t.interval(0.9, 5, loc=ours.mean, scale=stats.sem(VALUES))
    assert (ours.low, ours.high) == pytest.approx((low, high))
    assert ours.sd == pytest.approx(stats.tstd(VALUES)) and ours.n == 6
    assert str(ours) == "2.35, 90 % t interval 2.071 to 2.629 (n = 6)"
    alone = mean_interval([3.0])
    assert alone.mean == 3 and math.isnan(alone.low) and alone.n == 1


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_is_a_share(confidence):
    with pytest.raises(ValueError, match="give a share between 0 and 1"):
        mean_interval(VALUES, confidence)


def test_the_corrected_interval_is_that_of_nadeau_and_bengio():
    """Their variance of the mean, (1/n + test/train) · sd², written out."""
    from scipy.stats import t

    values, n, share = VALUES, len(VALUES), 0.2
    ours = corrected_interval(values, test_share=share)
    half = t.ppf(0.975, n - 1) * np.std(values, ddof=1) * (1 / n + share / (1 - share)) ** 0.5
    assert (ours.low, ours.high) == pytest.approx((np.mean(values) - half, np.mean(values) + half))
    assert ours.mean == mean_interval(values).mean and "corrected" in ours.interval
    for wrong in (0.0, 1.0, 450):
        with pytest.raises(ValueError, match="test_share"):
            corrected_interval(values, test_share=wrong)


def test_each_arm_stands_at_its_own_best_rate():
    def made(lr, momentum, seed, loss):
        run = Run({"lr": lr, "momentum": momentum, "epochs": 0}, seed, lambda: nn.Linear(1, 1),
                  Record(parameters={0: nn.Linear(1, 1).state_dict()}), {"mine": lambda model: loss,
                                                                        "my_accuracy": lambda model: loss})
        return run

    table = {(0.1, 0.0): (3, 5), (1.0, 0.0): (1, 6), (10.0, 0.0): (2, math.nan), (0.1, 0.9): (1, 2), (1.0, 0.9): (4, 4)}
    runs = Runs(made(lr, momentum, seed, loss) for (lr, momentum), losses in table.items()
                for seed, loss in enumerate(losses))
    best = runs.at_best("lr", by="mine", within=["momentum"])
    assert [(run["lr"], run["momentum"], run.seed) for run in best] == [
        (1.0, 0.0, 0), (1.0, 0.0, 1), (0.1, 0.9, 0), (0.1, 0.9, 1)]
    assert runs.where(momentum=0.0).at_best("lr", by="my_accuracy").axes["lr"] == [0.1]
    with pytest.raises(ValueError, match="valid_loss was not measured"):
        sweep(lambda: nn.Linear(2, 1), (torch.randn(20, 2), torch.randn(20, 1)), F.mse_loss, lr=[0.1, 0.2],
              epochs=1, seeds=[0]).at_best("lr")


def test_a_summary_has_a_row_for_each_setting_and_never_mixes_settings():
    runs = sweep(
        MODELS["softmax"], classes(), F.cross_entropy, lr=[0.1, 0.2], momentum=[0.0, 0.9], seeds=range(3), epochs=1
    )
    table = summarize(runs, "valid_loss")
    assert list(table) == ["lr", "momentum", "mean", "low", "high", "sd", "n", "interval", "diverged"]
    assert len(table) == 4 and table["interval"].tolist() == ["95 % t interval"] * 4
    one = runs.where(lr=0.2, momentum=0.9).values("valid_loss")
    assert table["mean"][3] == pytest.approx(sum(one) / 3)
    with pytest.raises(ValueError, match="momentum takes 2 values in these runs. Add it to `by`, or choose one"):
        summarize(runs, "valid_loss", by="lr")
    difference = paired(runs.where(lr=0.1), "valid_loss", a={"momentum": 0.9}, b={"momentum": 0.0})
    first, second = (runs.where(lr=0.1, momentum=m).values("valid_loss") for m in (0.9, 0.0))
    assert difference == mean_interval([a - b for a, b in zip(first, second, strict=True)])
    with pytest.raises(ValueError, match="leaves several runs a seed. Say also which lr"):
        paired(runs, "valid_loss", a={"momentum": 0.9}, b={"momentum": 0.0})
    with pytest.raises(ValueError, match="valid_loss was not measured"):
        summarize(sweep(MODELS["softmax"], classes().train, F.cross_entropy, lr=0.1, epochs=0), "valid_loss")


def test_the_plot_tells_its_means_in_words():
    import matplotlib

    matplotlib.use("Agg")
    from course_utils.plotting import alt_text, plot_sweep

    runs = sweep(MODELS["softmax"], classes(), F.cross_entropy, lr=[0.01, 1.0], seeds=range(3), epochs=2)
    ax = plot_sweep(runs, x="lr", y="valid_loss")
    row = summarize(runs, "valid_loss").iloc[1]
    assert f"1: {row['mean']:.3f} ({row['low']:.3f} to {row['high']:.3f})" in alt_text(ax.figure)
    assert ax.get_xscale() == "log" and ax.get_title().startswith("Validation loss is lowest at lr 1: ")
    matplotlib.pyplot.close(ax.figure)
    with pytest.raises(ValueError, match="'momentum' is not a setting of these runs. There are lr, epochs"):
        plot_sweep(runs, x="momentum", y="valid_loss")
    names = sweep(
        {"a": MODELS["softmax"], "b": MODELS["mlp"]}, classes(), F.cross_entropy, lr=[0.1, 0.2], seeds=[0, 1], epochs=1
    )
    ax = plot_sweep(names, x="model", y="weight_norm")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b"] and ax.get_title().startswith(
        "Weight norm goes"
    )
    matplotlib.pyplot.close(ax.figure)


@pytest.mark.parametrize("side_by_side", [True, False])
def test_an_interrupt_keeps_what_there_is(side_by_side, monkeypatch, capsys):
    calls = []

    def tick(progress):
        calls.append(1)
        if len(calls) == (9 if side_by_side else 35):  # of 4 steps an epoch; alone a run also ticks after each epoch
            raise KeyboardInterrupt

    monkeypatch.setattr("course_utils.train.progress.Progress.tick", tick)
    rule = torch.optim.SGD if side_by_side else torch.optim.Adamax
    runs = sweep(
        MODELS["softmax"], classes(), F.cross_entropy, lr=0.1, optimizer=rule, seeds=range(5), epochs=3, batch_size=16
    )
    if side_by_side:
        assert "Training stopped after 2 of 3 epochs. The runs so far are kept." in capsys.readouterr().out
        assert [run.history.numbers for run in runs] == [[0, 1, 2]] * 5
        model, _ = alone(MODELS["softmax"], classes(), F.cross_entropy, rule, 4, epochs=2, lr=0.1)
        torch.testing.assert_close(runs[4].parameters["linear.weight"], model.linear.weight.detach())
        assert runs[0].history.stopped and not runs[0].diverged and len(summarize(runs, "valid_loss")) == 1
    else:
        assert "Training stopped after 2 of 5 runs. Those are kept." in capsys.readouterr().out
        assert [run.seed for run in runs] == [0, 1]
