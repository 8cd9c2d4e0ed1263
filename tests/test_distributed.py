"""Training on several processes, held against `fit` on one.

Each process needs seconds to start, so all that several of them have to show is done in one launch of 2 and one of 4.
"""

import functools
import inspect
import math
import warnings

import pytest
import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from course_utils.data import Data, Examples
from course_utils.distributed import (
    average_gradients,
    fit_distributed,
    launch,
    padded_share,
    share_of,
    training_distributed,
)
from course_utils.models import MLP, MultinomialLogisticRegression
from course_utils.penalties import l2
from course_utils.train import epoch_seed, fit, seeded


def examples(n=53, n_features=6, n_classes=3, seed=0, dtype=torch.float64):
    """Noisy classes; 53 rows at batch 16 leave a last batch of 5: uneven for 2 and for 4."""
    g = torch.Generator().manual_seed(seed)
    X = torch.randn(n, n_features, generator=g, dtype=torch.float64)
    return Examples(X.to(dtype), (X[:, :n_classes] + torch.randn(n, n_classes, generator=g)).argmax(1))


def data(dtype=torch.float64, n=53):
    return Data(examples(n, dtype=dtype), examples(n=21, seed=1, dtype=dtype))


def network(dtype=torch.float64, seed=0, **settings):
    with seeded(seed):
        return MLP(6, 3, hidden=(8,), **settings).to(dtype)


OPTIMIZERS = {
    "SGD": lambda model: torch.optim.SGD(model.parameters(), lr=0.5),
    "momentum": lambda model: torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True),
    "Adam": lambda model: torch.optim.Adam(model.parameters(), lr=0.01),
    "L-BFGS": lambda model: torch.optim.LBFGS(model.parameters(), lr=0.1, max_iter=4),
}
SHORT = {"epochs": 3, "batch_size": 16}
RUNS = {        # name: (data, optimizer, loss, settings of fit, settings of fit_distributed alone)
    **{name: (data, name, F.cross_entropy, SHORT, {}) for name in OPTIMIZERS},
    "a penalty": (data, "SGD", F.cross_entropy, {**SHORT, "penalty": l2(0.1)}, {}),
    "the last batch has one row": (lambda dtype: data(dtype, n=49), "momentum", F.cross_entropy, SHORT, {}),
    "fewer rows than processes": (lambda dtype: data(dtype, n=3), "SGD", F.cross_entropy, SHORT, {}),
    "no order drawn, another seed": (data, "SGD", F.cross_entropy, {**SHORT, "shuffle": False, "seed": 3}, {}),
    "a share in three parts": (data, "Adam", F.cross_entropy, {**SHORT, "penalty": l2(0.1)}, {"accumulate": 3}),
    "more parts than rows": (data, "SGD", F.cross_entropy, SHORT, {"accumulate": 50}),
    "one batch of all rows": (data, "SGD", F.cross_entropy, {"epochs": 3, "batch_size": 100}, {}),
    "a loss made of another": (data, "SGD", functools.partial(F.cross_entropy, label_smoothing=0.1), SHORT, {}),
    "a loss of shape (1,)": (data, "SGD", lambda outputs, y: F.cross_entropy(outputs, y)[None], SHORT, {}),
    "a loss that sums": (data, "Adam", nn.CrossEntropyLoss(reduction="sum"), SHORT, {}),
    "not a loss of classes": (lambda dtype: Examples(examples(dtype=dtype).X, examples(dtype=dtype).X[:, :3]),
                              "SGD", F.mse_loss, SHORT, {}),
}
TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-6}
TRIED = [(name, torch.float64) for name in RUNS]
TRIED += [(name, torch.float32) for name in ("SGD", "momentum", "Adam", "a share in three parts")]
each_run = pytest.mark.parametrize("name, dtype", TRIED, ids=lambda value: str(value).removeprefix("torch."))


def trained(how, name, dtype, start=0, **more):
    """{parameter: values} and the epochs of one of RUNS."""
    make_data, optimizer, loss_fn, settings, _ = RUNS[name]
    model = network(dtype, seed=start)
    history = how(model, make_data(dtype), loss_fn, OPTIMIZERS[optimizer](model), **settings, **more)
    return state_of(model), [tuple(epoch) for epoch in history.epochs]


def state_of(model):
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


# ---------------------------------------------------------------- what each process does, and returns


def in_every_process():
    """Everything, one after the other, in one launch. Each rank draws another model: rank 0's is to count."""
    rank = dist.get_rank()
    found = {
        "runs": {(name, dtype): trained(fit_distributed, name, dtype, start=rank, **alone)
                 for name, dtype in TRIED for alone in RUNS[name][-1:]},
        "averaged": gradients_averaged_by_hand(rank, dist.get_world_size()),
        "noise": [noisy_run() for _ in range(2)],
        "diverged": [diverged_run(*how) for how in DIVERGING],
        "messages": {name: message_of(trouble, rank) for name, trouble in TROUBLES.items()},
        "batch norm": batch_norm_run(),
        "unmoved": warnings_of(lambda: attempt(lr=0.0))[0],
        "stopped early": stopped_early(),
        "continued": continued(),
        "added up": times_added_up(),
    }
    torch.manual_seed(77)
    noisy_run()
    return {**found, "drawn after all this": torch.randn(3)}


def gradients_averaged_by_hand(rank, processes):
    """The gradients of a batch of 5 rows, uneven for 2 and 4 processes, and of 1 row, which leaves shares empty."""
    model, (X, y) = network(), examples(n=5)
    found = []
    for n in (5, 1):
        mine = share_of(torch.arange(n), rank, processes)
        model.zero_grad()
        F.cross_entropy(model(X[mine]), y[mine]).backward()
        average_gradients(model, len(mine) / n)
        found.append([p.grad.clone() for p in model.parameters()])
    return found


class Noise(nn.Module):
    """Dropout that remembers what it drew."""

    def __init__(self):
        super().__init__()
        self.linear, self.drawn = nn.Linear(6, 3).double(), []

    def forward(self, X):
        if self.training:
            self.drawn.append(torch.rand(()).item())
            X = F.dropout(X, 0.5)
        return self.linear(X)


def noisy_run(how=fit_distributed):
    with seeded(0):
        model = Noise()
    how(model, data(), F.cross_entropy, OPTIMIZERS["SGD"](model), **SHORT)
    return model.drawn, state_of(model)


def with_a_nan():
    """One row, which one process alone gets to see in the first epoch."""
    X, y = examples()
    X[17] = math.nan
    return Examples(X, y)


DIVERGING = [(examples, 1e200), (with_a_nan, 0.1)]


def diverged_run(make_data, lr, how=fit_distributed):
    model = network()
    history = how(model, make_data(), squares, torch.optim.SGD(model.parameters(), lr=lr), **SHORT)
    return history.stopped, state_of(model), len(history)


def squares(outputs, targets):
    """A loss that overflows, which cross-entropy hardly does."""
    return (outputs - F.one_hot(targets, 3)).square().mean()


def batch_norm_run():
    model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.Linear(8, 3))
    few = Data(examples(n=64, dtype=torch.float32), examples(n=21, seed=1, dtype=torch.float32))
    warned, history = warnings_of(
        lambda: fit_distributed(model, few, F.cross_entropy, OPTIMIZERS["SGD"](model), **SHORT))
    return warned, state_of(model), history.valid_loss


def warnings_of(work):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = work()
    return [str(warning.message) for warning in caught], value


def stopped_early():
    """An `if` and a `break`, as with `training`."""
    model, losses = network(), []
    for epoch in training_distributed(model, data(), F.cross_entropy, OPTIMIZERS["SGD"](model), batch_size=16):
        losses.append(epoch.valid_loss)
        if epoch.number == 4:
            break
    return losses, state_of(model)


def continued():
    model = network()
    optimizer = OPTIMIZERS["momentum"](model)
    for epochs in (1, 2):
        history = fit_distributed(model, data(), F.cross_entropy, optimizer, epochs=epochs, batch_size=16)
    return history.numbers, state_of(model)


def times_added_up():
    """How often gradients were added up without a message to the others: two of three parts in each of 12 steps."""
    no_sync, times = DistributedDataParallel.no_sync, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DistributedDataParallel, "no_sync", lambda self: times.append(1) or no_sync(self))
        attempt(accumulate=3, batch_size=18, examples=lambda: examples(n=72))
    return len(times)


class Unused(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.forgotten = nn.Linear(6, 3).double(), nn.Linear(2, 2)

    def forward(self, X):
        return self.linear(X)


def counted_twice(outputs, targets):
    return F.cross_entropy(outputs, targets) / len(outputs)


def attempt(model=None, loss_fn=F.cross_entropy, examples=examples, lr=0.1, **settings):
    model = model or MultinomialLogisticRegression(6, 3).double()
    fit_distributed(model, examples(), loss_fn, torch.optim.SGD(model.parameters(), lr=lr), **{**SHORT, **settings})


TROUBLES = {
    "other settings": lambda rank: attempt(seed=rank),
    "other data": lambda rank: attempt(examples=lambda: examples(seed=rank)),
    "class weights": lambda rank: attempt(loss_fn=nn.CrossEntropyLoss(torch.tensor([1.0, 2.0, 5.0]).double())),
    "mean of the mean": lambda rank: attempt(loss_fn=counted_twice),
    "unused": lambda rank: attempt(Unused()),
    "batch norm": lambda rank: attempt(
        nn.Sequential(nn.BatchNorm1d(6), nn.Linear(6, 3)).double(), examples=lambda: examples(n=51)),
    "accumulate": lambda rank: attempt(accumulate=0),
    "of fit": lambda rank: attempt(nn.Linear(5, 3).double()),
    "resume": lambda rank: attempt(resume=True),
}


def message_of(trouble, rank):
    try:
        trouble(rank)
    except ValueError as raised:
        return str(raised)


def sharded_by_fsdp():
    """Three steps of a wide softmax layer of which each process holds a half of the weights."""
    from torch.distributed.fsdp import fully_shard

    with seeded(0):
        model = nn.Linear(20, 1000).double()
    fully_shard(model)
    held = model.weight.to_local().shape
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    X, y = wide()
    mine = share_of(torch.arange(len(X)), dist.get_rank(), dist.get_world_size())
    for _ in range(3):
        optimizer.zero_grad()
        F.cross_entropy(model(X[mine]), y[mine]).backward()
        optimizer.step()
    return held, {name: value.full_tensor() for name, value in model.state_dict().items()}


def wide():
    g = torch.Generator().manual_seed(0)
    return Examples(torch.randn(64, 20, generator=g).double(), torch.randint(1000, (64,), generator=g))


def in_two_processes():
    return {**in_every_process(), "fsdp": sharded_by_fsdp()}


# ---------------------------------------------------------------- the launches, and what they have to show


@pytest.fixture(scope="module")
def launched():
    """{processes: what each rank found}"""
    patient = {"time_limit": 300, "timeout": 120}       # on a busy machine one may load torch long after the others
    return {
        2: launch(in_two_processes, processes=2, **patient).values,
        4: launch(in_every_process, processes=4, **patient).values,
    }


@pytest.fixture(params=[2, 4])
def ranks(launched, request):
    return launched[request.param]


def numbers(epoch):
    """All numbers of an epoch in a row; nan for what was not measured."""
    *values, steps, running = epoch
    return [math.nan if value is None else value for value in (*values, running, *steps)]


def same_state(ours, theirs, tolerance=0.0):
    assert ours.keys() == theirs.keys()
    for name in ours:
        torch.testing.assert_close(ours[name], theirs[name], rtol=0, atol=tolerance)


@each_run
def test_several_processes_are_one(ranks, name, dtype):
    state, epochs = trained(fit, name, dtype)
    for found in ranks:
        its_state, its_epochs = found["runs"][name, dtype]
        same_state(its_state, state, TOLERANCE[dtype])
        for ours, theirs in zip(its_epochs, epochs, strict=True):
            assert numbers(ours) == pytest.approx(numbers(theirs), abs=10 * TOLERANCE[dtype], nan_ok=True)


@each_run
def test_every_process_has_the_same_to_the_last_bit(ranks, name, dtype):
    first, *others = (found["runs"][name, dtype] for found in ranks)
    for other in others:
        same_state(other[0], first[0])
        assert other[1] == first[1]


def test_gradients_averaged_by_hand(ranks):
    model, (X, y) = network(), examples(n=5)
    for place, n in enumerate((5, 1)):
        model.zero_grad()
        F.cross_entropy(model(X[:n]), y[:n]).backward()
        for found in ranks:
            for ours, theirs in zip(found["averaged"][place], model.parameters(), strict=True):
                torch.testing.assert_close(ours, theirs.grad, rtol=0, atol=1e-14)


def test_each_process_draws_its_own_dropout_and_the_run_repeats_itself(ranks):
    drawn, state = noisy_run(fit)
    for found in ranks:
        assert found["noise"][0][0] == found["noise"][1][0]
        same_state(found["noise"][0][1], found["noise"][1][1])
        same_state(found["noise"][0][1], ranks[0]["noise"][0][1])
        assert not torch.equal(found["noise"][0][1]["linear.weight"], state["linear.weight"])
    everything = [value for found in ranks for value in found["noise"][0][0]]
    assert len(set(everything)) == len(everything)
    assert ranks[0]["noise"][0][0][0] == drawn[0]


def test_no_two_epochs_of_two_processes_share_their_draws():
    """A generator on the CPU looks at 32 bits of its seed."""
    from course_utils.distributed.loop import _dropout_seed

    seeds = {_dropout_seed(seed, epoch, rank) % 2**32
             for seed in range(30) for epoch in range(1, 201) for rank in range(64)}
    assert len(seeds) == 30 * 200 * 64
    assert _dropout_seed(5, 7, 0) == epoch_seed(5, 7)


@pytest.mark.parametrize("which", [0, 1], ids=["too large a step", "a nan that one process sees"])
def test_a_loss_that_is_not_finite_ends_all(ranks, which):
    stopped, state, epochs = diverged_run(*DIVERGING[which], how=fit)
    assert "The loss became" in stopped
    for found in ranks:
        ours, its_state, its_epochs = found["diverged"][which]
        assert (ours, its_epochs) == (stopped, epochs)
        for name in state:
            assert its_state[name].isfinite().all()
            torch.testing.assert_close(its_state[name], state[name])


@pytest.mark.parametrize("name, words", {
    "other settings": "Rank 1 was given seed=1 and rank 0 seed=0",
    "other data": "Rank 1 was given data=53 examples of shape (6,), some of whose targets",
    "class weights": "without class weights",
    "mean of the mean": "not divided by the batch size once more",
    "unused": "does not depend on the parameter 'forgotten.weight'",
    "batch norm": "batch normalisation cannot average",
    "accumulate": "accumulate is 0; it counts",
    "of fit": "The layer expects 5 inputs but each example has 6",
    "resume": "give `checkpoint`, a path",
}.items())
def test_what_does_not_fit_together_is_said_in_every_process(ranks, name, words):
    for found in ranks:
        assert words in found["messages"][name]


def test_batch_normalisation_is_warned_of_once_and_leaves_one_model(ranks):
    first, *others = (found["batch norm"] for found in ranks)
    assert len(first[0]) == 1 and "averages over what a process takes at once" in first[0][0]
    for warned, state, valid_loss in others:
        assert not warned
        same_state(state, first[1])
        assert valid_loss == first[2]


def test_weights_that_do_not_move_are_warned_of_once(ranks):
    first, *others = (found["unmoved"] for found in ranks)
    assert len(first) == 1 and "The weights did not change in the first epoch" in first[0]
    assert not any(others)


def test_an_if_and_a_break(ranks):
    model = network()
    history = fit(model, data(), F.cross_entropy, OPTIMIZERS["SGD"](model), epochs=4, batch_size=16)
    for found in ranks:
        losses, state = found["stopped early"]
        assert losses == pytest.approx(history.valid_loss, abs=1e-12)
        same_state(state, state_of(model), 1e-12)


def test_called_again_it_continues(ranks):
    state, _ = trained(fit, "momentum", torch.float64)
    for found in ranks:
        assert found["continued"][0] == [1, 2, 3]
        same_state(found["continued"][1], state, 1e-12)


def test_the_global_random_state_is_put_back(ranks):
    drawn = torch.randn(3, generator=torch.Generator().manual_seed(77))
    for found in ranks:
        assert torch.equal(found["drawn after all this"], drawn)


def test_of_several_parts_only_the_last_is_sent(ranks):
    for found in ranks:
        assert found["added up"] == 3 * 4 * 2


def test_fully_sharded_layers_are_one_layer(launched):
    with seeded(0):
        model = nn.Linear(20, 1000).double()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    X, y = wide()
    for _ in range(3):
        optimizer.zero_grad()
        F.cross_entropy(model(X), y).backward()
        optimizer.step()
    for found in launched[2]:
        held, state = found["fsdp"]
        assert held == (500, 20)
        same_state(state, state_of(model), 1e-12)


# ---------------------------------------------------------------- one process, without a group


@pytest.mark.parametrize("name", RUNS)
def test_alone_it_is_fit_to_the_last_bit(name):
    *_, alone = RUNS[name]
    state, epochs = trained(fit, name, torch.float32)
    ours, our_epochs = trained(fit_distributed, name, torch.float32, **alone)
    if alone:
        same_state(ours, state, 1e-6)
    else:
        same_state(ours, state)
        assert our_epochs == epochs


def test_shares_are_even_and_complete():
    for n in (0, 1, 3, 10, 16, 53):
        for processes in (1, 2, 4, 7):
            rows = torch.arange(n) + 100
            shares = [share_of(rows, rank, processes) for rank in range(processes)]
            assert torch.cat(shares).tolist() == rows.tolist()
            sizes = [len(part) for part in shares]
            assert max(sizes) - min(sizes) <= 1
    for rank in (-1, 4):
        with pytest.raises(ValueError, match="ranks are numbered from 0 to 3"):
            share_of(torch.arange(9), rank, 4)
        with pytest.raises(ValueError, match="ranks are numbered from 0 to 3"):
            padded_share(9, rank, 4)


def test_padding_with_repeats_is_wrong_by_so_much_and_shares_are_not():
    """The mean of 10 losses on 4 ranks: DistributedSampler deals 12, rows 0 and 1 twice."""
    losses = torch.tensor([5.0, 7, 1, 2, 3, 1, 2, 3, 1, 2], dtype=torch.float64)
    dealt = [padded_share(10, rank, 4) for rank in range(4)]
    assert [len(rows) for rows in dealt] == [3, 3, 3, 3]
    assert sorted(torch.cat(dealt).tolist()) == [0, 0, 1, 1, *range(2, 10)]
    padded = float(torch.stack([losses[rows].mean() for rows in dealt]).mean())
    true, repeated = float(losses.mean()), float(losses[:2].mean())
    assert padded - true == pytest.approx(2 / 12 * (repeated - true), abs=1e-14)
    assert (true, padded) == (pytest.approx(2.7), pytest.approx(3.25))

    ours = [share_of(torch.arange(10), rank, 4) for rank in range(4)]
    assert [len(rows) for rows in ours] == [3, 3, 2, 2]
    weighted = sum(len(rows) / 10 * float(losses[rows].mean()) for rows in ours)
    assert weighted == pytest.approx(true, abs=1e-14)
    unweighted = sum(float(losses[rows].mean()) for rows in ours) / 4
    assert abs(unweighted - true) > 0.1


def test_fit_distributed_takes_the_words_of_its_generator_and_of_fit():
    ours, generator, alone = (inspect.signature(one).parameters for one in (fit_distributed, training_distributed, fit))
    assert list(ours) == list(generator)
    assert all(ours[name].default == generator[name].default for name in ours if name != "epochs")
    shared = [name for name in alone if name != "device"]           # each rank has its own
    assert set(alone) - set(ours) == {"device"} and {n: ours[n].default for n in shared} == {
        n: alone[n].default for n in shared}
