"""Every sentence of the contract of `train`, and a plain loop as the oracle."""

import copy
import inspect
import itertools
import math
import os
import signal
import subprocess
import sys
import textwrap
import types
import warnings

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.data import Data, Examples
from course_utils.models import MLP, MultinomialLogisticRegression
from course_utils.penalties import l2
from course_utils.train import (
    Diverged,
    EarlyStopping,
    epoch_seed,
    epochs_trained,
    evaluate,
    fit,
    forget_half_loaded,
    is_right,
    seeded,
    set_epochs_trained,
    training,
)


def examples(n=50, n_features=6, n_classes=3, seed=0):
    """Noisy classes; 50 rows at batch 16 leave a last batch of 2."""
    g = torch.Generator().manual_seed(seed)
    X = torch.randn(n, n_features, generator=g)
    return Examples(X, (X[:, :n_classes] + torch.randn(n, n_classes, generator=g)).argmax(1))


DATA = Data(examples(), examples(n=21, seed=1))


def make(dropout=0.0, seed=0):
    with seeded(seed):
        return MLP(6, 3, hidden=(8,), dropout=dropout)


def sgd(model, lr=0.1, **settings):
    return torch.optim.SGD(model.parameters(), lr=lr, **settings)


def same_weights(model, other, tolerance=1e-7):
    for ours, theirs in zip(model.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=tolerance)


# --- the oracle ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [torch.optim.SGD, torch.optim.Adam])
@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_it_gives_the_weights_of_a_loop_written_out(rule, dropout):
    model, by_hand = make(dropout), make(dropout)
    history = fit(model, DATA, F.cross_entropy, rule(model.parameters(), lr=0.05), epochs=4, batch_size=16, seed=5)

    optimizer, losses = rule(by_hand.parameters(), lr=0.05), []
    X, y = DATA.train
    for epoch in range(1, 5):
        stream = 1_000_003 * 5 + epoch              # the seed of this epoch, not asked of the code under test
        order = torch.randperm(len(X), generator=torch.Generator().manual_seed(stream))
        torch.manual_seed(stream)
        by_hand.train()
        for start in range(0, len(X), 16):
            batch = order[start : start + 16]
            optimizer.zero_grad()
            loss = F.cross_entropy(by_hand(X[batch]), y[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    same_weights(model, by_hand)
    assert history.step_losses == pytest.approx(losses, abs=1e-7)
    by_hand.eval()
    with torch.no_grad():
        assert history.train_loss[-1] == pytest.approx(F.cross_entropy(by_hand(X), y).item(), abs=1e-6)
        assert history.train_accuracy[-1] == (by_hand(X).argmax(1) == y).double().mean().item()
        valid_loss = F.cross_entropy(by_hand(DATA.valid.X), DATA.valid.y).item()
        assert history.valid_loss[-1] == pytest.approx(valid_loss, abs=1e-6)


def test_no_two_epochs_of_a_study_are_drawn_alike():
    study = [(seed, epoch) for seed in range(50) for epoch in range(1, 201)]
    streams = {epoch_seed(seed, epoch) for seed, epoch in study}
    assert len(streams) == len(study)
    assert epoch_seed(5, 2) == 5_000_017           # written out: a stored run has to be repeatable


def orders(seed, epochs):
    """The rows in the order in which `fit` meets them, epoch by epoch."""
    seen = []

    def loss_fn(outputs, y):
        if outputs.requires_grad:
            seen.extend(y[:, 0].tolist())
        return F.mse_loss(outputs, y)

    X = torch.arange(20.0)[:, None]
    model = nn.Linear(1, 1)
    fit(model, Examples(X, X), loss_fn, sgd(model, 1e-6), epochs=epochs, measure=False, seed=seed)
    return [tuple(seen[start : start + 20]) for start in range(0, len(seen), 20)]


def test_neighbouring_seeds_share_no_order_of_the_examples():
    drawn = [order for seed in range(5) for order in orders(seed, 6)]
    assert len(drawn) == len(set(drawn)) == 30


def test_every_example_is_seen_once_an_epoch_and_the_order_changes():
    seen = []

    def loss_fn(outputs, y):
        if outputs.requires_grad:
            seen.append(y)
        return F.mse_loss(outputs, y)

    X = torch.arange(10.0).unsqueeze(1)
    model = nn.Linear(1, 1)
    fit(model, Examples(X, X), loss_fn, sgd(model, 1e-4), epochs=2, batch_size=4, measure=False)
    first, second = torch.cat(seen[:3]).flatten(), torch.cat(seen[3:]).flatten()
    assert first.sort().values.tolist() == second.sort().values.tolist() == list(range(10))
    assert first.tolist() != second.tolist()
    seen.clear()
    fit(model, Examples(X, X), loss_fn, sgd(model, 1e-4), epochs=1, batch_size=4, measure=False, shuffle=False)
    assert torch.cat(seen).flatten().tolist() == list(range(10))


# --- what is measured ------------------------------------------------------------------------------------------------


def test_epoch_0_is_the_untrained_model():
    model = make()
    before = evaluate(model, DATA.train, F.cross_entropy)
    history = fit(model, DATA, F.cross_entropy, sgd(model), epochs=2)
    assert history[0].number == 0 and history.numbers == [0, 1, 2]
    assert (history[0].train_loss, history[0].train_accuracy) == before
    assert history[0].step_losses == () and history[0].running_loss is None


def test_fit_of_no_epochs_measures_and_leaves_the_model():
    model, same = make(), make()
    assert len(fit(model, DATA, F.cross_entropy, sgd(model), epochs=0)) == 1
    same_weights(model, same, 0)
    with pytest.raises(ValueError, match="epochs is -1. It counts passes over the data"):
        fit(model, DATA, F.cross_entropy, sgd(model), epochs=-1)


class BiasOfMode(nn.Module):
    """Predicts only in eval mode; in train mode it adds 7 to the first class."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 3)

    def forward(self, X):
        return self.linear(X) + torch.tensor([7.0, 0, 0]) * self.training


def test_losses_are_measured_in_eval_mode_and_steps_are_taken_in_train_mode():
    model = BiasOfMode().eval()
    history = fit(model, DATA, F.cross_entropy, sgd(model, 1e-6), epochs=1)
    assert history.train_loss[1] == pytest.approx(history.train_loss[0], abs=1e-5)
    assert history[1].running_loss > history.train_loss[1] + 1
    assert not model.training


def test_the_mode_of_every_part_is_put_back():
    model = nn.Sequential(nn.Linear(6, 3), nn.BatchNorm1d(3), nn.Dropout(0.2))
    model.train()
    model[1].eval()  # a frozen normalisation in a model that trains
    modes = [module.training for module in model.modules()]
    evaluate(model, DATA.train, F.cross_entropy)
    assert [module.training for module in model.modules()] == modes
    for epoch in training(model, DATA, F.cross_entropy, sgd(model), batch_size=25):
        assert [module.training for module in model.modules()] == modes
        if epoch.number == 2:
            break
    fit(model, DATA, nn.CrossEntropyLoss(), sgd(model), batch_size=25, epochs=1)
    assert [module.training for module in model.modules()] == modes


def test_batch_normalisation_learns_its_averages_from_training_only():
    model = nn.Sequential(nn.Linear(6, 3), nn.BatchNorm1d(3))
    evaluate(model, DATA.train, F.cross_entropy)
    assert model[1].num_batches_tracked == 0
    fit(model, DATA, F.cross_entropy, sgd(model), batch_size=25, epochs=3)
    assert model[1].num_batches_tracked == 6


def test_a_mean_over_the_set_weighs_the_short_batch_by_its_size():
    X = torch.zeros(100, 1)
    y = torch.cat([torch.ones(96), torch.full((4,), math.sqrt(5))]).unsqueeze(1)
    model = nn.Linear(1, 1)
    nn.init.zeros_(model.weight), nn.init.zeros_(model.bias)
    for loss_fn in (F.mse_loss, nn.MSELoss(), nn.MSELoss(reduction="sum")):
        score = evaluate(model, Examples(X, y), loss_fn, batch_size=32)
        assert score.loss == pytest.approx(1.16) and score.accuracy is None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the weights do not move, and it says so
        history = fit(model, Examples(X, y), F.mse_loss, sgd(model, 0.0), epochs=1, shuffle=False)
    assert history[1].step_losses == pytest.approx([1, 1, 1, 5])
    assert history[1].running_loss == pytest.approx(1.16)


def test_a_schedule_that_skips_epoch_0_moves_once_an_epoch():
    """As the docstring of `training` has it; a step before the first of the optimizer makes PyTorch warn."""
    model = nn.Linear(6, 3)
    optimizer = sgd(model, 0.8)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    rates = []
    for epoch in training(model, DATA, F.cross_entropy, optimizer, epochs=3):
        if epoch.number:
            rates.append(optimizer.param_groups[0]["lr"])
            scheduler.step()
    assert rates == [0.8, 0.4, 0.2] and "if epoch.number: scheduler.step()" in training.__doc__


CLASS_WEIGHTS = torch.tensor([1.0, 5.0, 0.2])


@pytest.mark.parametrize("loss_fn", [
    nn.CrossEntropyLoss(weight=CLASS_WEIGHTS),
    nn.NLLLoss(weight=CLASS_WEIGHTS),
    nn.CrossEntropyLoss(ignore_index=2),
    lambda outputs, y: F.cross_entropy(outputs, y).sqrt(),
])
def test_a_loss_that_does_not_add_up_is_that_of_the_whole_set(loss_fn):
    """Class weights and labels left out decide what the mean is divided by, so pieces measured alone would not do."""
    X, y = DATA.train
    in_order = Examples(X[y.argsort()], y.sort().values)
    model = nn.Sequential(nn.Linear(6, 3), nn.LogSoftmax(dim=1))
    score = evaluate(model, in_order, loss_fn, batch_size=7)
    assert score.loss == pytest.approx(loss_fn(model(in_order.X), in_order.y).item(), rel=1e-6)
    assert score.accuracy == (model(X).argmax(1) == y).double().mean().item()


def test_outputs_without_a_row_for_each_example_are_measured_in_pieces():
    alike = lambda X: X @ X.T  # noqa: E731  (how alike is each to each?)
    model = type("Alike", (nn.Linear,), {"forward": lambda self, X: alike(nn.Linear.forward(self, X))})(6, 2)
    loss_fn = lambda outputs, y: outputs.mean()  # noqa: E731
    pieces = [loss_fn(model(X), None).item() * len(X) for X in DATA.train.X.split(7)]
    assert evaluate(model, DATA.train, loss_fn, batch_size=7).loss == pytest.approx(sum(pieces) / len(DATA.train.X))


def test_a_part_of_the_data_is_measured_in_any_form():
    model, (X, y) = nn.Linear(6, 3), DATA.train
    assert evaluate(model, (X.numpy(), y.numpy()), F.cross_entropy) == evaluate(model, DATA.train, F.cross_entropy)
    with pytest.raises(TypeError, match="Name it: `data.train`, `data.valid`"):
        evaluate(model, DATA, F.cross_entropy)
    with pytest.raises(ValueError, match="batch_size is 0. It counts examples"):
        evaluate(model, DATA.train, F.cross_entropy, batch_size=0)


def test_a_row_that_only_a_late_example_asks_for_is_explained_before_the_first_step():
    model = nn.Sequential(nn.Embedding(9, 3), nn.Flatten(), nn.Linear(3, 3))
    X = torch.tensor([[0]] * 99 + [[9]])
    before = model[0].weight.detach().clone()
    with pytest.raises(ValueError, match="An embedding of 9 rows is asked for row 9. They are numbered 0 to 8"):
        fit(model, (X, X.flatten() % 3), F.cross_entropy, sgd(model), batch_size=8)
    assert torch.equal(model[0].weight, before)


def test_accuracy_of_several_labels_an_example_is_the_share_of_right_ones():
    logits = torch.tensor([[2.0, -1.0, 0.5], [-2.0, 1.0, 3.0]])
    labels = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
    for loss_fn in (F.binary_cross_entropy_with_logits, nn.BCEWithLogitsLoss()):
        assert evaluate(nn.Identity(), Examples(logits, labels), loss_fn).accuracy == pytest.approx(5 / 6)
    own = lambda outputs, y: F.binary_cross_entropy_with_logits(outputs, y.float())  # noqa: E731
    assert evaluate(nn.Identity(), Examples(logits, labels.long()), own).accuracy is None     # which loss is not known


def test_accuracy_of_one_score_an_example():
    X, y = torch.tensor([[-1.0], [1.0], [2.0], [0.5]]), torch.tensor([0.0, 1, 0, 1])
    assert evaluate(nn.Flatten(0), Examples(X, y), F.binary_cross_entropy_with_logits).accuracy == 0.75
    assert evaluate(nn.Sequential(nn.Sigmoid(), nn.Flatten(0)), Examples(X, y), F.binary_cross_entropy).accuracy == 0.75
    doubtful = torch.tensor([[0.45], [0.5], [0.55]])        # as probabilities: no, a tie and so no, yes
    no_no_yes = Examples(doubtful, torch.tensor([0.0, 0.0, 1.0]))
    assert evaluate(nn.Flatten(0), no_no_yes, F.binary_cross_entropy).accuracy == 1
    tie = Examples(torch.tensor([[-0.1], [0.0], [0.1]]), torch.tensor([0.0, 0.0, 1.0]))
    assert evaluate(nn.Flatten(0), tie, F.binary_cross_entropy_with_logits).accuracy == 1


def test_each_of_several_yes_or_no_outputs_is_judged_by_itself():
    X, y = torch.tensor([[-1.0, 2.0, 3.0], [1.0, -2.0, 0.0]]), torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    right = is_right(X, y, F.binary_cross_entropy_with_logits)
    assert right.tolist() == [[True, True, False], [True, True, True]]


def test_a_penalty_steers_but_is_not_reported():
    model, plain = make(), make()
    penalised = fit(model, DATA, F.cross_entropy, sgd(model), epochs=3, penalty=l2(0.5))
    alone = fit(plain, DATA, F.cross_entropy, sgd(plain), epochs=3)
    assert penalised.train_loss[0] == alone.train_loss[0]
    assert penalised[3].train_loss == evaluate(model, DATA.train, F.cross_entropy).loss
    start = make()
    assert penalised.step_losses[0] == pytest.approx(alone.step_losses[0] + l2(0.5)(start).item(), abs=1e-5)
    assert model.layers[0].weight.norm() < plain.layers[0].weight.norm()


def test_nothing_is_measured_when_that_is_asked_for():
    model, measured = make(), make()
    history = fit(model, DATA, F.cross_entropy, sgd(model), epochs=2, measure=False)
    assert history.train_loss == history.valid_accuracy == [None] * 3
    assert len(history.step_losses) == 4
    fit(measured, DATA, F.cross_entropy, sgd(measured), epochs=2)
    same_weights(model, measured, 0)


def test_examples_will_do_where_there_is_nothing_to_validate_with():
    model = make()
    assert fit(model, DATA.train, F.cross_entropy, sgd(model), epochs=1).valid_loss == [None, None]


# --- randomness ------------------------------------------------------------------------------------------------------


def test_the_same_arguments_give_the_same_history_whatever_ran_before():
    histories = []
    for noise in (0, 17, 4711):
        torch.manual_seed(noise)
        torch.rand(noise)
        model = make(dropout=0.5)
        histories.append(fit(model, DATA, F.cross_entropy, sgd(model), epochs=3, seed=2))
    assert histories[0] == histories[1] == histories[2]
    model = make(dropout=0.5)
    assert fit(model, DATA, F.cross_entropy, sgd(model), epochs=3, seed=3) != histories[0]


def test_the_global_random_state_is_put_back_between_epochs_and_at_the_end():
    torch.manual_seed(99)
    state = torch.get_rng_state()
    model = make(dropout=0.5)
    for epoch in training(model, DATA, F.cross_entropy, sgd(model)):
        assert torch.equal(torch.get_rng_state(), state)
        if epoch.number == 2:
            break
    fit(model, DATA, F.cross_entropy, sgd(model, lr=1e30), epochs=2)
    assert torch.equal(torch.get_rng_state(), state)


def test_the_global_random_state_is_put_back_after_an_exception():
    class Breaks(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(6, 3)

        def forward(self, X):
            if self.training:
                torch.rand(3)
                raise RuntimeError("a bug in forward")
            return self.linear(X)

    model, state = Breaks().eval(), torch.get_rng_state()
    with pytest.raises(RuntimeError, match="a bug in forward"):
        fit(model, DATA, F.cross_entropy, sgd(model), epochs=1)
    assert torch.equal(torch.get_rng_state(), state)
    assert not model.training


def test_what_you_draw_between_two_epochs_does_not_change_the_run():
    models = [make(dropout=0.5), make(dropout=0.5)]
    for model, draw in zip(models, (False, True), strict=True):
        for epoch in training(model, DATA, F.cross_entropy, sgd(model)):
            if draw:
                torch.rand(epoch.number + 1)
            if epoch.number == 3:
                break
    same_weights(*models, 0)


# --- continuing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [torch.optim.SGD, torch.optim.Adam])
def test_two_epochs_and_three_more_are_five(rule, capsys):
    model, through = make(dropout=0.3), make(dropout=0.3)
    optimizer = rule(model.parameters(), lr=0.05)
    first = fit(model, DATA, F.cross_entropy, optimizer, epochs=2)
    assert capsys.readouterr().out == ""
    second = fit(model, DATA, F.cross_entropy, optimizer, epochs=3)
    assert capsys.readouterr().out == (
        "This model already had 2 epochs; these 3 come on top. For a fair comparison make a new model first.\n"
    )
    whole = fit(through, DATA, F.cross_entropy, rule(through.parameters(), lr=0.05), epochs=5)
    same_weights(model, through, 0)
    assert [*first.epochs, *second.epochs[1:]] == whole.epochs
    assert second[0].train_loss == first[-1].train_loss and second[0].number == 2
    assert epochs_trained(model) == 5 and epochs_trained(make()) == 0


def test_nothing_is_written_on_the_model_and_a_copy_is_a_new_one():
    model = make()
    before = set(vars(model))
    fit(model, DATA, F.cross_entropy, sgd(model), epochs=2)
    assert set(vars(model)) == before
    twin = copy.deepcopy(model)
    assert epochs_trained(twin) == 0
    set_epochs_trained(twin, epochs_trained(model))
    for one in (model, twin):
        fit(one, DATA, F.cross_entropy, sgd(one), epochs=1)
    same_weights(model, twin, 0)


def test_fit_takes_what_training_takes():
    ours, theirs = (dict(inspect.signature(f).parameters) for f in (fit, training))
    assert ours.pop("epochs").default == 10 and theirs.pop("epochs").default is None
    assert ours == theirs and list(ours) == list(theirs)


def test_training_ends_by_itself_after_so_many_epochs():
    model = make()
    run = training(model, DATA, F.cross_entropy, sgd(model), epochs=2)
    assert [epoch.number for epoch in run] == [0, 1, 2]


def test_training_says_too_that_it_continues(capsys):
    model = make()
    fit(model, DATA, F.cross_entropy, sgd(model), epochs=1)
    next(training(model, DATA, F.cross_entropy, sgd(model)))
    assert capsys.readouterr().out.startswith("This model already had 1 epochs; the new ones come on top.")


# --- when it ends before its time ------------------------------------------------------------------------------------


def test_divergence_says_where_and_with_which_learning_rate(capsys):
    def diverging():
        model = nn.Sequential(nn.Linear(6, 3))
        return model, sgd(model, lr=1e20)

    data = Examples(DATA.train.X, DATA.train.X[:, :3])
    model, optimizer = diverging()
    history = fit(model, data, F.mse_loss, optimizer, epochs=9, batch_size=25)
    assert "in epoch 2, batch 1" in history.stopped or "in epoch 1, batch 2" in history.stopped
    assert "the learning rate (now 1e+20) is too big" in history.stopped and "try 1e+19" in history.stopped
    assert capsys.readouterr().out == history.stopped + "\n"
    assert "stopped early" in repr(history) and len(history) < 9
    model, optimizer = diverging()
    with pytest.raises(Diverged, match="The loss became"):
        for _ in training(model, data, F.mse_loss, optimizer, batch_size=25):
            pass


def test_an_optimizer_of_ones_own_without_a_rate_may_diverge():
    class Own(torch.optim.Optimizer):
        def step(self, closure):
            with torch.enable_grad():
                loss = closure()
            for parameter in self.param_groups[0]["params"]:
                parameter.data.fill_(math.inf)
            return loss

    model = make()
    history = fit(model, DATA, F.cross_entropy, Own(model.parameters(), {}), epochs=1, batch_size=25)
    assert history.stopped.startswith("The loss became nan (not a number) in epoch 1, batch 2. Mostly the steps are")


def test_the_weights_before_the_broken_step_are_kept():
    model = nn.Linear(6, 3)
    X = DATA.train.X.clone()
    X[40] = math.nan
    history = fit(model, Examples(X, DATA.train.y), F.cross_entropy, sgd(model), epochs=3, batch_size=10)
    assert all(p.isfinite().all() for p in model.parameters())
    assert "1 of the 50 inputs hold nan or inf" in history.stopped


def test_an_interrupt_keeps_the_history_so_far(capsys):
    class Interrupted(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear, self.calls = nn.Linear(6, 3), 0

        def forward(self, X):
            self.calls += self.training
            if self.training and self.calls == 8:  # two steps an epoch: in the middle of the fourth
                raise KeyboardInterrupt
            return self.linear(X)

    model, state = Interrupted(), torch.get_rng_state()
    history = fit(model, DATA, F.cross_entropy, sgd(model), epochs=10)
    assert history.numbers == [0, 1, 2, 3]
    assert history.stopped == (
        "Training stopped after 3 of 10 epochs. The model and history so far are kept; you can plot them or continue."
    )
    assert capsys.readouterr().out == history.stopped + "\n"
    assert torch.equal(torch.get_rng_state(), state)
    more = fit(model, DATA, F.cross_entropy, sgd(model), epochs=2)
    assert more.numbers == [3, 4, 5]
    model.forward = lambda X: (_ for _ in ()).throw(KeyboardInterrupt)
    assert fit(model, DATA, F.cross_entropy, sgd(model)).stopped.startswith("Training stopped after 0 of 10 epochs.")


def run_and_interrupt(code):
    """Run Python `code` in a process of its own and send it SIGINT once it has printed "go"; returns what follows."""
    # a shell's background jobs ignore SIGINT, and so would their children
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    with subprocess.Popen(
        [sys.executable, "-c", heed + textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"},
    ) as process:
        before = list(itertools.takewhile(lambda line: not line.endswith("go\n"), process.stdout))
        process.send_signal(signal.SIGINT)
        return "".join(before) + process.communicate(timeout=120)[0]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to a single process")
def test_a_real_interrupt_from_outside():
    out = run_and_interrupt("""
        import torch, torch.nn.functional as F
        from course_utils.data import Examples
        from course_utils.train import epochs_trained, fit
        class Model(torch.nn.Linear):
            def forward(self, X):
                if self.training and epochs_trained(self) == 2 and not hasattr(self, "told"):
                    self.told = print("go")
                return super().forward(X)
        model = Model(50, 10)
        examples = Examples(torch.randn(20_000, 50), torch.randint(10, (20_000,)))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        history = fit(model, examples, F.cross_entropy, optimizer, epochs=30)
        assert len(history) >= 3 and history.stopped
        print(len(fit(model, examples, F.cross_entropy, optimizer, epochs=1)), "and on")
    """)
    assert "of 30 epochs. The model and history so far are kept" in out and "2 and on" in out


def test_what_an_interrupted_import_leaves_is_forgotten(monkeypatch):
    whole, part, half = (types.ModuleType(name) for name in ("whole", "whole.part", "half.part"))
    whole.part = part
    for module in (whole, part, half):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    forget_half_loaded("whole")
    forget_half_loaded("half")
    assert "whole.part" in sys.modules and "half.part" not in sys.modules


def test_early_stopping_is_an_if_and_a_break():
    stopper = EarlyStopping(patience=2, min_delta=0.1)
    losses = [1.0, 0.8, 0.75, 0.72, 0.1]
    assert [stopper.should_stop(loss) for loss in losses[:4]] == [False, False, False, True]
    assert stopper.best == 0.8
    assert stopper.should_stop(0.1) is False and stopper.improved
    assert [EarlyStopping(patience=1).should_stop(math.nan)] == [True]
    with pytest.raises(ValueError, match="patience is 0"):
        EarlyStopping(patience=0)
    with pytest.raises(ValueError, match="no validation loss to watch"):
        EarlyStopping().should_stop(None)
    model = make()
    for epoch in training(model, DATA, F.cross_entropy, sgd(model, lr=0.0001)):
        if EarlyStopping(patience=1, min_delta=10).should_stop(epoch.valid_loss) or epoch.number == 3:
            break
    assert epoch.number == 3


def test_a_progress_bar_appears_only_for_runs_over_two_seconds(capfd, monkeypatch):
    model = make()
    fit(model, DATA, F.cross_entropy, sgd(model), epochs=20)
    assert "step" not in capfd.readouterr().err
    model, clock = make(), iter(range(10**6))
    monkeypatch.setattr("course_utils.train.progress.time.perf_counter", lambda: float(next(clock)))
    fit(model, DATA, F.cross_entropy, sgd(model), epochs=20)
    assert "step" in capfd.readouterr().err


# --- optimizers and devices ------------------------------------------------------------------------------------------


def test_lbfgs_gets_its_closure():
    model = MultinomialLogisticRegression(6, 3)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=50, line_search_fn="strong_wolfe", tolerance_grad=1e-6)
    history = fit(model, DATA.train, F.cross_entropy, optimizer, epochs=1, batch_size=50, penalty=l2(0.1))
    loss = F.cross_entropy(model(DATA.train.X), DATA.train.y) + l2(0.1)(model)
    gradients = torch.autograd.grad(loss, list(model.parameters()))
    assert max(g.abs().max() for g in gradients) < 1e-4
    assert history.step_losses[0] == pytest.approx(history.train_loss[0] + 0.0, rel=0.2)


def test_lbfgs_that_runs_away_on_small_batches_is_told_what_helps_it():
    X, y = DATA.train.X, DATA.train.X[:, :3] ** 3

    def fitted(batch_size, **options):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3))
        optimizer = torch.optim.LBFGS(model.parameters(), **options)
        return fit(model, (X, y), F.mse_loss, optimizer, epochs=20, batch_size=batch_size)

    history = fitted(5, lr=2.0)
    assert history.stopped and "learning rate" not in history.stopped
    assert "`batch_size=50`" in history.stopped and '`line_search_fn="strong_wolfe"`' in history.stopped
    as_told = fitted(50, lr=2.0, line_search_fn="strong_wolfe")
    assert not as_told.stopped and as_told.train_loss[-1] < as_told.train_loss[0] / 2


def test_lbfgs_stops_before_a_step_from_a_loss_that_is_not_finite():
    model = nn.Linear(6, 3)
    before = copy.deepcopy(model)
    X = DATA.train.X.clone()
    X[:] = math.inf
    optimizer = torch.optim.LBFGS(model.parameters())
    with pytest.raises(Diverged, match="in epoch 1, batch 1. 50 of the 50 inputs hold nan or inf"):
        list(training(model, Examples(X, DATA.train.y), F.cross_entropy, optimizer, epochs=1, measure=False))
    same_weights(model, before, 0)


def test_an_optimizer_may_try_a_point_of_infinite_loss_and_turn_back():
    class LooksFar(torch.optim.SGD):
        def step(self, closure):
            [weights, *_] = self.param_groups[0]["params"]
            here = weights.detach().clone()
            with torch.enable_grad():
                loss = closure()
                weights.data.fill_(math.inf)
                assert not math.isfinite(closure())
                weights.data.copy_(here)
                closure()
            super().step()
            return loss

    model, plain = make(), make()
    history = fit(model, DATA, F.cross_entropy, LooksFar(model.parameters(), lr=0.1), epochs=2)
    assert not history.stopped and history == fit(plain, DATA, F.cross_entropy, sgd(plain), epochs=2)


def test_an_optimizer_whose_step_takes_no_closure_is_told():
    class Own(torch.optim.Optimizer):
        def step(self):
            pass

    model = make()
    with pytest.raises(TypeError, match="The `step` of your optimizer takes no argument"):
        fit(model, DATA, F.cross_entropy, Own(model.parameters(), {"lr": 0.1}), epochs=1)


class FakeAccelerator:
    """Stands in for torch.cuda's random state, which no machine without a GPU has."""

    def __init__(self):
        self.state, self.log = 5, []

    def get_rng_state(self, device):
        return self.state

    def set_rng_state(self, state, device):
        self.state = state
        self.log.append(("back to", state, str(device)))

    def manual_seed(self, seed):
        self.state = seed
        self.log.append(("seed", seed))

    def device(self, device):
        import contextlib

        self.log.append(("on", str(device)))
        return contextlib.nullcontext()


def test_the_generator_of_the_device_is_seeded_and_put_back(monkeypatch):
    fake = FakeAccelerator()
    monkeypatch.setattr(torch, "cuda", fake)
    with pytest.raises(ZeroDivisionError), seeded(3, "cuda:1"):
        assert fake.state == 3
        raise ZeroDivisionError
    assert fake.log == [("on", "cuda:1"), ("seed", 3), ("back to", 5, "cuda:1")]


def test_the_only_generator_of_apples_gpu_is_seeded_and_put_back(monkeypatch):
    seeds = [5]
    fake = types.SimpleNamespace(get_rng_state=lambda: seeds[-1], set_rng_state=seeds.append, manual_seed=seeds.append)
    monkeypatch.setattr(torch, "mps", fake)
    with seeded(3, "mps"):
        assert seeds == [5, 3]
    assert seeds == [5, 3, 5]


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_told_plainly(device):
    present = torch.cuda.is_available() if device == "cuda" else torch.backends.mps.is_available()
    if present:
        pytest.skip("this machine has one")
    model = make()
    with pytest.raises(ValueError, match="There is no (CUDA|MPS) device here.*Leave out `device` to use the CPU"):
        fit(model, DATA, F.cross_entropy, sgd(model), epochs=1, device=device)
    assert fit(model, DATA, F.cross_entropy, sgd(model), epochs=1, device="cpu").numbers == [0, 1]
