"""Borders of training: equal losses, one example, broken rows, half an import, random numbers that never meet."""

import itertools
import math
import re
import sys
import types
import warnings

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.data import Examples
from course_utils.train import (
    EarlyStopping,
    Epoch,
    History,
    Progress,
    epoch_seed,
    epochs_trained,
    evaluate,
    explain_non_finite_loss,
    find_device,
    fit,
    forget_half_loaded,
    is_right,
    set_epochs_trained,
)
from course_utils.train.failures import explain_out_of_memory
from course_utils.train.first_outputs import check_outputs
from course_utils.train.first_targets import check_targets

X = torch.randn(8, 6, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(8) % 3


def sgd(model):
    return torch.optim.SGD(list(model.parameters()) or [nn.Parameter(torch.zeros(1))], lr=0.1)


# --- random numbers --------------------------------------------------------------------------------------------------


def test_no_two_epochs_of_a_study_draw_alike():
    """20 seeds of 50 epochs: seed + number would give the 2nd epoch of seed 0 the draws of the 1st epoch of seed 1."""
    draws = {
        tuple(torch.randperm(60, generator=torch.Generator().manual_seed(epoch_seed(seed, number))).tolist())
        for seed, number in itertools.product(range(20), range(1, 51))
    }
    assert len(draws) == 20 * 50
    assert all(seed >= 0 for seed in (epoch_seed(0, 1), epoch_seed(3, 0)))


# --- who is right ----------------------------------------------------------------------------------------------------


def test_a_logit_of_0_is_class_0_and_so_is_a_probability_of_one_half():
    yes_no = torch.tensor([0.0, 0.0, 1.0, 1.0])
    logits = torch.tensor([0.0, 0.45, 0.45, -0.45])
    assert is_right(logits, yes_no, F.binary_cross_entropy_with_logits).tolist() == [True, False, True, False]
    probabilities = torch.tensor([0.5, 0.45, 0.55, 0.45])
    for loss_fn in (F.binary_cross_entropy, nn.BCELoss()):
        assert is_right(probabilities, yes_no, loss_fn).tolist() == [True, True, True, False]
    assert evaluate(nn.Flatten(0), Examples(logits, yes_no), F.binary_cross_entropy_with_logits).accuracy == 0.5


def test_a_target_given_as_probabilities_stands_for_its_likeliest_class():
    shares = torch.tensor([[0.6, 0.3, 0.1], [0.2, 0.3, 0.5]])
    logits = torch.tensor([[2.0, 1.0, 0.0], [2.0, 0.0, 1.0]])
    assert is_right(logits, shares, F.cross_entropy).tolist() == [True, False]
    assert evaluate(nn.Identity(), Examples(logits, shares), nn.CrossEntropyLoss()).accuracy == 0.5
    assert is_right(logits, shares, F.mse_loss) is None


# --- history ---------------------------------------------------------------------------------------------------------


def test_a_history_tells_its_last_epoch():
    assert repr(History()) == "History(no epoch yet)"
    assert repr(History(stopped="You stopped it.")) == "History(no epoch finished; You stopped it.)"
    epochs = [Epoch(number, 0.5 / (1 + number), None, 0.75, None) for number in range(3)]
    assert repr(History(epochs)) == "History(epochs 0 to 2, train_loss 0.1667, train_accuracy 0.7500)"
    assert repr(History(epochs[1:], "Full.")).endswith("epochs 1 to 2, train_loss 0.1667, train_accuracy 0.7500, "
                                                       "stopped early)")


def test_five_epochs_are_waited_for_any_progress_at_all():
    stopper = EarlyStopping()
    assert stopper.improved is False
    losses = [1.0, 1.0 - 1e-6, *[1.0] * 4, 0.9, *[0.9] * 5]           # the last of them is the fifth without progress
    assert [stopper.should_stop(loss) for loss in losses] == [False] * 11 + [True]


def test_a_loss_that_is_equal_is_no_progress_and_a_first_nan_counts_once():
    stopper = EarlyStopping(patience=2, min_delta=0.25)
    assert [stopper.should_stop(loss) for loss in (1.0, 0.75, 0.75)] == [False, False, True]
    stopper = EarlyStopping(patience=2)
    assert [stopper.should_stop(math.nan), stopper.should_stop(math.nan)] == [False, True]


# --- failures --------------------------------------------------------------------------------------------------------


def test_a_broken_loss_is_named_with_the_rows_that_broke_it():
    broken = X.clone()
    broken[1, 2], broken[4, 0], broken[4, 5] = math.nan, math.inf, math.nan
    said = explain_non_finite_loss(math.nan, 3, 7, 0.1, Examples(broken, LABELS))
    assert said.startswith("The loss became nan (not a number) in epoch 3, batch 7. 2 of the 8 inputs hold nan or inf")
    for whole in (X, X.long()):
        said = explain_non_finite_loss(-math.inf, 1, 1, 0.5, Examples(whole, LABELS))
        assert said.startswith("The loss became infinite in epoch 1, batch 1. Mostly the learning rate (now 0.5)")
        assert said.endswith("try 0.05.")
    for whole in (LABELS, LABELS.float()):
        assert explain_non_finite_loss(math.nan, 2, 4, 0.5, Examples(X, whole)).startswith(
            "The loss became nan (not a number) in epoch 2, batch 4. Mostly the learning rate (now 0.5)")


def test_a_module_that_its_package_does_not_know_is_forgotten_and_a_whole_one_is_kept(monkeypatch):
    def put(*names):
        modules = {name: types.ModuleType(name) for name in names}
        for name, module in modules.items():
            monkeypatch.setitem(sys.modules, name, module)
        return modules

    whole = put("whole", "whole.part", "whole.part.deep")
    whole["whole"].part, whole["whole.part"].deep = whole["whole.part"], whole["whole.part.deep"]
    put("halved", "halved.part", "halvedness")
    forget_half_loaded("whole")
    forget_half_loaded("halved")
    assert set(whole) <= set(sys.modules) and "halvedness" in sys.modules
    assert "halved" not in sys.modules and "halved.part" not in sys.modules


def test_it_is_sympy_that_is_forgotten_when_nothing_else_is_said(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "sympy"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sympy.half", types.ModuleType("sympy.half"))
    forget_half_loaded()
    assert "sympy.half" not in sys.modules


@pytest.mark.parametrize(("asked", "size"), [
    ("700000000 bytes", "0.7 GB"), ("900000.00 KiB", "0.9 GB"), ("600.00 MiB", "0.6 GB"), ("3.50 gib", "3.8 GB")])
def test_the_memory_that_was_asked_for_is_told_in_gigabytes(asked, size):
    with pytest.raises(MemoryError, match=f"^This step needs {size} at once"), explain_out_of_memory():
        raise torch.OutOfMemoryError(f"Out of memory. Tried to allocate {asked}.")


# --- the progress bar ------------------------------------------------------------------------------------------------


def run_of(durations, monkeypatch):
    """The bars that appear in a run whose steps last so many seconds, and how often it looked at the clock."""
    now, looks, bars = [0.0], [], []

    class Bar:
        def __init__(self, total, initial, **settings):
            self.total, self.initial, self.at, self.updates, self.closed = total, initial, now[0], 0, False
            bars.append(self)

        def update(self):
            self.updates += 1

        def close(self):
            self.closed = True

    monkeypatch.setattr("course_utils.train.progress.time.perf_counter", lambda: looks.append(1) or now[0])
    monkeypatch.setattr("course_utils.train.progress.bar", Bar)
    progress = Progress(steps=len(durations))
    for seconds in durations:
        now[0] += seconds
        progress.tick()
    progress.close()
    return bars, len(looks)


@pytest.mark.parametrize(("n", "seconds"), [(1000, 0.01), (100, 0.025), (1000, 0.05), (50, 0.6)])
def test_a_bar_appears_within_a_second_or_eight_steps_of_a_run_that_lasts_over_two(n, seconds, monkeypatch):
    (bar,), looks = run_of([seconds] * n, monkeypatch)
    assert bar.total == n and 0.5 < bar.at <= max(1, 8.1 * seconds) and bar.at == pytest.approx(bar.initial * seconds)
    assert bar.updates == n - bar.initial and bar.closed and looks < 20


@pytest.mark.parametrize("durations", [[0.0019] * 1000, [0.19] * 10, [10.0] + [0.001] * 1000, [0.2] * 7, [1.0]])
def test_a_run_of_less_than_two_seconds_has_none_however_long_its_first_step(durations, monkeypatch):
    bars, looks = run_of(durations, monkeypatch)
    assert bars == [] and looks <= len(durations) / 8 + 1


def test_a_slow_second_step_counts(monkeypatch):
    (bar,), _ = run_of([0.001, 3.0] + [0.001] * 98, monkeypatch)
    assert bar.initial == 8 and bar.total == 100


# --- what is said before the first step ------------------------------------------------------------------------------


class Fails(nn.Module):
    def forward(self, X):
        raise RuntimeError("an error of your own")


def test_an_error_that_no_sentence_fits_stays_as_it_is():
    with pytest.raises(RuntimeError, match="^an error of your own$"):
        fit(Fails(), Examples(X, LABELS), F.cross_entropy, sgd(Fails()), epochs=1)
    model = nn.Sequential(nn.Linear(6, 3), nn.Linear(4, 3))           # the first layer fits, the second does not
    with pytest.raises(ValueError, match="Layer '1' expects 4 inputs but gets 3 from what comes before it"):
        fit(model, Examples(X, LABELS), F.cross_entropy, sgd(model), epochs=1)


def test_one_example_is_enough_to_see_that_the_layer_has_another_size():
    model = nn.Linear(5, 3)
    with pytest.raises(ValueError, match="expects 5 inputs but each example has 6"):
        fit(model, Examples(X[:1], LABELS[:1]), F.cross_entropy, sgd(model), epochs=1)


def test_the_model_is_moved_to_the_device_before_it_is_tried():
    class Moved(nn.Linear):
        asked, tried = None, None

        def to(self, device):
            self.asked = device
            return super().to(device)

        def forward(self, X):
            self.tried = self.tried or self.asked
            return super().forward(X)

    model = Moved(6, 3)
    fit(model, Examples(X, LABELS), F.cross_entropy, sgd(model), epochs=0, device="cpu")
    assert model.asked == model.tried == torch.device("cpu")


def test_examples_go_where_the_model_is_to_be_measured():
    class Told(torch.Tensor):
        asked = []

        def to(self, device):
            self.asked.append(device)
            return super().to(device)

    evaluate(nn.Linear(6, 3), Examples(X.as_subclass(Told), LABELS.as_subclass(Told)), F.cross_entropy, batch_size=5)
    assert Told.asked == [torch.device("cpu")] * 4


def test_which_accelerators_there_are_is_asked(monkeypatch):
    model = nn.Linear(6, 3)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    for there in ("cuda", "cuda:0", "cuda:1", "mps", "cpu"):
        assert find_device(model, there) == torch.device(there)
    with pytest.raises(ValueError, match="^There is no cuda:2 here, only 2 CUDA"):
        find_device(model, "cuda:2")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert find_device(model, "cuda").index is None
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    with pytest.raises(ValueError, match="^There is no cuda here, only 0 CUDA"):
        find_device(model, "cuda")
    assert find_device(nn.Linear(2, 2, device="meta")) == torch.device("meta")
    assert find_device(nn.ReLU()) == find_device(len) == torch.device("cpu")


def test_probabilities_of_exactly_0_and_1_and_targets_of_one_class_are_fine():
    model = nn.Sequential(nn.Linear(6, 1), nn.Flatten(0), nn.Hardsigmoid())
    nn.init.constant_(model[0].bias, 100.0)
    nn.init.constant_(model[0].weight, 100.0)
    assert {0.0, 1.0} <= set(model(X).tolist())
    for y in (torch.zeros(8), torch.ones(8)):
        check_outputs(model, model(X), y, F.binary_cross_entropy, warn=True)
        check_targets("train", model(X), y, 8, F.binary_cross_entropy)


@pytest.mark.parametrize(("layers", "shape", "sentence"), [
    ([nn.Linear(6, 3), nn.Linear(8, 3)], (8, 6), "Layer '1' expects 8 inputs but gets 3 from what comes before it."),
    ([nn.Conv2d(1, 2, 2), nn.Linear(8, 3)], (1, 1, 3, 3), "Layer '1' expects 8 inputs but got 2 x 2 x 2. Flatten"),
    ([nn.Conv2d(1, 2, 2), nn.Flatten(), nn.Linear(32, 3)], (8, 5, 5),
     "Layer '0' is a Conv2d and takes (n, channels, height, width). Add the channel: `X.unsqueeze(1)`."),
    ([nn.Conv2d(1, 4, 2), nn.Conv2d(3, 2, 2)], (8, 1, 5, 5),
     "Layer '1' expects 3 channels but gets 4, from inputs (8, 4, 4, 4). Make it for 4."),
])
def test_the_layer_that_does_not_fit_is_named_whatever_else_has_its_size(layers, shape, sentence):
    model = nn.Sequential(*layers)
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        fit(model, Examples(torch.rand(shape), LABELS[:shape[0]]), F.cross_entropy, sgd(model), epochs=1)


@pytest.mark.parametrize(("outputs", "y"), [((1,), (2,)), ((3,), ()), ((3,), (1,)), ((), (2,))])
def test_shapes_that_no_squeeze_mends_are_said_to_differ(outputs, y):
    model = nn.Linear(6, *outputs) if outputs else nn.Sequential(nn.Linear(6, 1), nn.Flatten(0))
    with pytest.raises(ValueError, match="differ in shape. Each prediction needs exactly one target beside it"):
        fit(model, Examples(X, torch.zeros(8, *y)), F.mse_loss, sgd(model), epochs=1)


def test_a_loss_that_draws_is_not_taken_for_one_that_compares_all_with_all():
    def noisy(outputs, y):
        return (outputs.flatten() - y).square().mean() + torch.rand(())

    model = nn.Linear(6, 1)
    assert fit(model, Examples(X, X[:, 0]), noisy, sgd(model), epochs=1).numbers == [0, 1]


def test_of_what_a_loss_says_the_beginning_is_told():
    def stops(outputs, y):
        raise ValueError("x" * 200)

    with pytest.raises(ValueError, match=f"of the first batch: {'x' * 160}[.] Look at both shapes"):
        fit(nn.Linear(6, 3), Examples(X, LABELS), stops, sgd(nn.Linear(6, 3)), epochs=1)


def test_weights_that_never_move_are_told_of_once():
    model = nn.Linear(6, 3)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        fit(model, Examples(X, LABELS), F.cross_entropy, torch.optim.SGD(model.parameters(), lr=0.0), epochs=2)
    assert len([w for w in told if "did not change in the first epoch" in str(w.message)]) == 1


def test_a_compiled_model_counts_the_epochs_of_the_one_whose_weights_it_trains():
    model = nn.Linear(6, 3)
    fit(model, (X, LABELS), F.cross_entropy, sgd(model), epochs=2)
    compiled = torch.compile(model)             # nothing is compiled before it is called
    assert epochs_trained(compiled) == 2
    set_epochs_trained(compiled, 5)
    assert epochs_trained(model) == 5
