"""The exact optimum of rows that lie on three processes is that of all rows in one place."""

import pytest
import torch
import torch.distributed as dist

from course_utils.data import Examples
from course_utils.distributed import fit_to_optimum_distributed, launch
from course_utils.optimum import Separable, fit_to_optimum
from course_utils.penalties import l1, l2

PROCESSES = 3


def classes(K, n=120, m=4, sorted_by_class=False):
    """Overlapping classes on columns of unlike units, one of which never changes."""
    g = torch.Generator().manual_seed(K)
    X = torch.randn(n, m, generator=g) * torch.tensor([0.1, 1.0, 20.0, 1.0]) + torch.tensor([0.0, 5.0, 0.0, 0.0])
    X[:, 3] = 7.0
    y = torch.cat([torch.arange(K), torch.randint(K, (n - K,), generator=g)])
    X[:, 1] += 0.5 * y
    order = y.argsort(stable=True) if sorted_by_class else torch.arange(n)
    return Examples(X[order], y[order])


def tied():
    """Separable but for two rows that stay tied at 0: no finite optimum, and no direction that gets all right."""
    x = torch.tensor([-3.0, -2.0, -1.0, 0.0, 0.0, 1.0, 2.0, 3.0])
    return Examples(x[:, None], (x > 0).long().index_fill(0, torch.tensor([4]), 1))


def apart(K):
    """One column that tells the classes apart."""
    y = torch.arange(30) % K
    return Examples((2.0 * y + torch.linspace(-0.4, 0.4, 30))[:, None] ** 2, y)


def with_a_nan():
    X, y = classes(2)
    X[-1, 0] = torch.nan
    return Examples(X, y)


FITS = {        # name: (examples, settings)
    "one neuron": (classes(2), {}),
    "one neuron, a penalty": (classes(2), {"penalty": l2(0.1)}),
    "softmax": (classes(4), {}),
    "softmax, a penalty": (classes(4), {"penalty": l2(0.01)}),
    "softmax of two classes": (classes(2), {"n_classes": 2, "penalty": l2(0.01)}),
    "each process has other classes": (classes(3, sorted_by_class=True), {}),
    "a process without rows": (classes(2, n=100, sorted_by_class=True), {"penalty": l2(0.1)}),
    "whole numbers": (Examples(classes(3).X.to(torch.uint8), classes(3).y), {"penalty": l2(0.1)}),
    "a looser tolerance": (classes(4), {"tol": 1e-3}),
}
TROUBLES = {    # name: (examples, settings, words that the message begins with)
    "separable": (apart(2), {}, "The data are separable"),
    "separable, three classes": (apart(3), {}, "The data are separable"),
    "separable but for ties": (tied(), {}, "The data are separable"),
    "a nan in one place": (with_a_nan(), {}, "X holds values that are not finite"),
    "a class too many": (classes(4), {"n_classes": 3}, "y holds class 3, but n_classes=3"),
    "a class that nobody has": (classes(2), {"n_classes": 3}, "No example has class 2"),
    "an l1 penalty": (classes(2), {"penalty": l1(0.1)}, "This penalty has an l1 part"),
    "no rows at all": (Examples(torch.ones(0, 2), torch.ones(0).long()), {}, "There are no examples to fit"),
}


def shard_of(name, examples, rank):
    """Uneven parts: a fifth, a third, the rest; or nothing for the first."""
    n = len(examples.X)
    edges = [0, 0, n // 2, n] if name == "a process without rows" else [0, n // 5, n // 5 + n // 3, n]
    mine = slice(edges[rank], edges[rank + 1])
    return Examples(examples.X[mine], examples.y[mine])


def fitted(fit, examples, settings):
    """(weights, bias, objective, loss, iterations), or what was raised."""
    try:
        best = fit(examples, **settings)
    except Separable as raised:
        return "Separable", str(raised), raised.weights, raised.bias, raised.margin
    except ValueError as raised:
        return type(raised).__name__, str(raised)
    return best.weights, best.bias, best.objective, best.loss, best.iterations


def in_every_process():
    rank = dist.get_rank()
    found = {name: fitted(fit_to_optimum_distributed, shard_of(name, examples, rank), settings)
             for name, (examples, settings, *_) in {**FITS, **TROUBLES}.items()}
    found["other arguments"] = fitted(fit_to_optimum_distributed, classes(2), {"penalty": l2(0.1 + rank)})
    other = Examples(torch.ones(9, 2 + rank), torch.arange(9) % 2)
    found["other features"] = fitted(fit_to_optimum_distributed, other, {})
    best = fit_to_optimum_distributed(shard_of("", classes(2), rank))
    try:
        best.covariance()
    except ValueError as raised:
        found["covariance"] = str(raised)
    return found


@pytest.fixture(scope="module")
def ranks():
    return launch(in_every_process, processes=PROCESSES, time_limit=300, timeout=120).values


@pytest.mark.parametrize("name", FITS)
def test_the_optimum_is_that_of_all_rows(ranks, name):
    examples, settings = FITS[name]
    weights, bias, objective, loss, iterations = fitted(fit_to_optimum, examples, settings)
    for found in ranks:
        ours = found[name]
        torch.testing.assert_close(ours[0], weights, rtol=0, atol=1e-10)
        torch.testing.assert_close(ours[1], bias, rtol=0, atol=1e-10)
        assert ours[2:4] == (pytest.approx(objective, abs=1e-13), pytest.approx(loss, abs=1e-13))
        assert ours[4] == iterations
        assert torch.equal(ours[0], ranks[0][name][0])


@pytest.mark.parametrize("name", TROUBLES)
def test_what_cannot_be_fitted_is_said_alike_in_every_process(ranks, name):
    examples, settings, words = TROUBLES[name]
    kind, message, *direction = fitted(fit_to_optimum, examples, settings)
    assert message.startswith(words)
    for found in ranks:
        assert found[name][:2] == (kind, message)
        for ours, theirs in zip(found[name][2:], direction, strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=1e-6)


def test_processes_that_ask_for_unlike_things_are_told(ranks):
    for found in ranks:
        assert "Rank 1 was given penalty=Penalty(l1=0.0, l2=1.1) and rank 0 penalty" in found["other arguments"][1]
        assert "Rank 1 was given rows of X with shape=(3,) and rank 0" in found["other features"][1]


def test_standard_errors_need_all_rows_in_one_place(ranks):
    for found in ranks:
        assert "lie on several processes" in found["covariance"]


def test_alone_it_is_fit_to_optimum_to_the_last_bit():
    for examples, settings in FITS.values():
        ours, theirs = fit_to_optimum_distributed(examples, **settings), fit_to_optimum(examples, **settings)
        assert torch.equal(ours.weights, theirs.weights) and torch.equal(ours.bias, theirs.bias)
        assert ours.examples is examples
