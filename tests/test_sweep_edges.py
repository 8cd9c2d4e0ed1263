"""Borders of a sweep: two values, none at all, settings that are nearly alike, and how runs show themselves."""

import math

import pytest
import torch
import torch.nn.functional as F
from scipy import stats
from torch import nn

from course_utils.data import Data, Examples
from course_utils.penalties import l2
from course_utils.sweep import Runs, mean_interval, paired, summarize, sweep
from course_utils.train import Progress, fit, seeded

VALUES = [2.1, 2.5, 1.9, 2.8, 2.2, 2.6]


def data(n=30):
    g = torch.Generator().manual_seed(0)
    X = torch.randn(n, 4, generator=g)
    return Data(Examples(X, (X[:, :3] + torch.randn(n, 3, generator=g)).argmax(1)))


@pytest.fixture(scope="module")
def runs():
    return sweep(lambda: nn.Linear(4, 3), data(), F.cross_entropy, lr=[0.1, 0.2], momentum=[0.0, 0.9], seeds=[0, 2, 5],
                 epochs=1, batch_size=8, metrics={"largest": lambda model: model.weight.abs().max().item()})


# --- intervals -------------------------------------------------------------------------------------------------------


def test_two_values_have_an_interval_and_one_has_none():
    low, high = stats.t.interval(0.95, 1, loc=2.0, scale=stats.sem([1.0, 3.0]))
    assert mean_interval([1.0, 3.0])[:5] == pytest.approx((2.0, low, high, math.sqrt(2), 2))
    alone, none = mean_interval([3.0], confidence=0.9), mean_interval([])
    assert alone.mean == 3 and alone.n == 1 and alone.interval == "90 % t interval"
    assert math.isnan(alone.low) and math.isnan(alone.high) and math.isnan(alone.sd)
    assert none.n == 0 and all(math.isnan(value) for value in none[:4])


@pytest.mark.parametrize("confidence", [0, 1, 1.5, -0.1, 95, math.nan])
def test_a_confidence_lies_between_0_and_1(confidence):
    with pytest.raises(ValueError, match="give a share between 0 and 1, say 0.95"):
        mean_interval(VALUES, confidence=confidence)


def test_the_confidence_reaches_every_interval(runs):
    table = summarize(runs, "train_loss", confidence=0.5)
    for row, setting in zip(table.itertuples(), [(a, b) for a in (0.1, 0.2) for b in (0.0, 0.9)], strict=True):
        values = runs.where(lr=setting[0], momentum=setting[1]).values("train_loss")
        assert (row.low, row.high) == pytest.approx(stats.t.interval(0.5, 2, row.mean, stats.sem(values)))
    fast = runs.where(lr=0.2)
    a, b = {"momentum": 0.9}, {"momentum": 0.0}
    differences = [x - y for x, y in zip(fast.where(**a).values("train_loss"), fast.where(**b).values("train_loss"),
                                         strict=True)]
    difference = paired(fast, "train_loss", a=a, b=b, confidence=0.5)
    assert (difference.low, difference.high) == pytest.approx(
        stats.t.interval(0.5, 2, difference.mean, stats.sem(differences)))


def test_several_runs_a_seed_are_told_with_the_setting_that_varies(runs):
    with pytest.raises(ValueError, match=r"leaves several runs a seed. Say also which lr\.$"):
        paired(runs, "train_loss", a={"momentum": 0.9}, b={"momentum": 0.0})
    with pytest.raises(ValueError, match=r"choose one: `runs.where\(momentum=0.0\)`"):
        summarize(runs, "train_loss", by="lr")


# --- runs ------------------------------------------------------------------------------------------------------------


def test_settings_are_the_same_up_to_rounding_and_no_further(runs):
    assert len(runs.where(lr=0.1 + 1e-9)) == 6 and len(runs.where(momentum=0)) == 6
    for near in (0.105, 0.0999, 0.1001):
        with pytest.raises(ValueError, match=r"No run has lr=.*lr is one of \[0.1, 0.2\]"):
            runs.where(lr=near)
    with pytest.raises(ValueError, match="No run has momentum=fast"):
        runs.where(momentum="fast")


def test_a_name_is_not_compared_with_a_number():
    named = sweep({"a": lambda: nn.Linear(4, 3)}, data(), F.cross_entropy, lr=0.1, seeds=[0], epochs=0)
    assert len(named.where(model="a")) == 1
    with pytest.raises(ValueError, match="No run has model=1.5"):
        named.where(model=1.5)


def test_runs_show_themselves(runs):
    assert repr(runs) == "Runs(12 runs: lr [0.1, 0.2], momentum [0.0, 0.9], 3 seeds)"
    assert repr(runs.where(lr=0.1, momentum=0.0)) == "Runs(3 runs: 3 seeds)"
    assert repr(runs[4]) == "Run(lr=0.1, momentum=0.9, epochs=1, seed=2)"
    with pytest.raises(KeyError, match="train_accuracy, valid_accuracy, weight_norm, largest"):
        runs[0]["smallest"]


def test_a_run_that_diverged_says_so():
    examples = data().train
    broken = sweep(lambda: nn.Linear(4, 2), Examples(examples.X, examples.X[:, :2]), F.mse_loss, lr=[0.1, 1e18],
                   seeds=[0], epochs=3)
    assert repr(broken[0]).endswith("seed=0)") and repr(broken[1]).endswith("seed=0, diverged)")
    assert [run.diverged for run in broken] == [False, True]


def test_a_part_of_the_runs_is_runs_again(runs):
    assert isinstance(runs[:3], Runs) and runs[:3].values("seed") == [0, 2, 5]
    assert runs[:1].values("largest") == [runs[0].model.weight.abs().max().item()]


def test_decimals_of_double_length_keep_all_their_digits():
    wide = data().map(torch.Tensor.double)
    runs = sweep(lambda: nn.Linear(4, 3).double(), wide, F.cross_entropy, lr=[0.3, 0.7], penalty=l2, strength=0.1,
                 seeds=[0], epochs=20, batch_size=8)
    with seeded(0):
        model = nn.Linear(4, 3).double()
    fit(model, wide, F.cross_entropy, torch.optim.SGD(model.parameters(), lr=0.3), epochs=20, batch_size=8,
        penalty=l2(0.1))
    torch.testing.assert_close(runs[0].model.weight, model.weight, rtol=0, atol=1e-14)


@pytest.mark.skipif(not hasattr(torch.optim, "Muon"), reason="this PyTorch has no Muon")
def test_an_optimizer_of_matrices_sweeps_models_of_matrices(capsys):
    runs = sweep(lambda: nn.Linear(4, 3, bias=False), data(), F.cross_entropy, lr=[0.01, 0.1], seeds=[0], epochs=1,
                 optimizer=torch.optim.Muon)
    assert len(runs) == 2 and "one after another" in capsys.readouterr().out


# --- those that train alone -----------------------------------------------------------------------------------------


@pytest.fixture
def bars(monkeypatch):
    made = []

    class Bar(Progress):
        def __init__(self, steps):
            super().__init__(steps)
            self.closed = False
            made.append(self)

        def close(self):
            self.closed = True

    monkeypatch.setattr("course_utils.sweep.grid.Progress", Bar)
    monkeypatch.setattr("course_utils.sweep.loop.Progress", Bar)
    return made


def test_who_trains_alone_is_every_run_of_every_group_in_the_order_asked_for(bars):
    own = {"own": lambda parameters, lr: torch.optim.SGD(parameters, lr=lr)}
    runs = sweep(lambda: nn.Linear(4, 3), data(), F.cross_entropy, lr=0.1, optimizer=own, batch_size=[8, 16], seeds=[0],
                 epochs=2, shuffle=False)
    assert runs.values("batch_size") == [8, 16]
    assert [(bar.closed, bar.done, bar.steps) for bar in bars] == [(True, 3, 3)] * 2   # epoch 0 is measured too
    for run, size in zip(runs, (8, 16), strict=True):
        with seeded(0):
            model = nn.Linear(4, 3)
        history = fit(model, data(), F.cross_entropy, own["own"](model.parameters(), 0.1), epochs=2, batch_size=size,
                      shuffle=False)
        assert run["train_loss"] == history.train_loss[-1]


def test_side_by_side_as_many_steps_are_taken_as_were_asked_for(bars):
    sweep(lambda: nn.Linear(4, 3), data(), F.cross_entropy, lr=0.1, seeds=[0, 1], epochs=[1, 3], batch_size=8)
    assert [(bar.closed, bar.done, bar.steps) for bar in bars] == [(True, 3 * 4, 3 * 4)]


def interrupted(where, monkeypatch):
    def stop(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(where, stop)
    return sweep(lambda: nn.Linear(4, 3), data(), F.cross_entropy, lr=0.1, seeds=[0, 1], epochs=3, batch_size=8)


def test_an_interrupt_in_the_first_epoch_keeps_the_untrained_models_and_one_before_it_keeps_nothing(
    monkeypatch, capsys
):
    runs = interrupted("course_utils.train.progress.Progress.tick", monkeypatch)
    assert capsys.readouterr().out == "Training stopped after 0 of 3 epochs. The runs so far are kept.\n"
    assert [run.history.numbers for run in runs] == [[0], [0]]
    with seeded(1):
        assert torch.equal(runs[1].parameters["weight"], nn.Linear(4, 3).weight)
    with pytest.raises(KeyboardInterrupt):
        interrupted("course_utils.sweep.loop._score", monkeypatch)
