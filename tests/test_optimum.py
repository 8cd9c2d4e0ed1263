"""Oracles: published numbers, scikit-learn, statsmodels, and autograd, which must find no slope at the optimum."""

import contextlib
import math
import subprocess
import sys

import numpy as np
import pytest
import sklearn.datasets
import statsmodels.api as sm
import torch
from sklearn.linear_model import LogisticRegression as Peer
from sklearn.model_selection import train_test_split
from torch.nn import functional as F

from course_utils.data import Examples
from course_utils.models import LogisticRegression, MultinomialLogisticRegression
from course_utils.optimum import Separable, fit_to_optimum, newton, optimum
from course_utils.penalties import l1, l2

TEMPERATURES = [66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58]     # °F
DAMAGE = [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1]
FLIGHTS = Examples(torch.tensor(TEMPERATURES).float()[:, None], torch.tensor(DAMAGE).float())


@pytest.fixture(scope="module")
def cancer():
    X, y = sklearn.datasets.load_breast_cancer(return_X_y=True)
    return Examples(torch.from_numpy((X - X.mean(0)) / X.std(0)), torch.from_numpy(y).float())


@pytest.fixture(scope="module")
def digits():
    X, y = sklearn.datasets.load_digits(return_X_y=True)
    X, _, y, _ = train_test_split(X / 16, y, test_size=0.25, stratify=y, random_state=0)
    return Examples(torch.from_numpy(X), torch.from_numpy(y))


def overlapping(K, n=200, m=3, seed=0):
    """Examples of K classes that no direction separates."""
    generator = torch.Generator().manual_seed(seed)
    y = torch.arange(n) % K
    centres = torch.randn(K, m, generator=generator, dtype=torch.float64)
    return Examples(centres[y] + torch.randn(n, m, generator=generator, dtype=torch.float64), y)


def slope(fit, examples):
    """The largest entry of the objective's gradient at the fit, by autograd; the objective too."""
    weights, bias = fit.weights.clone().requires_grad_(), fit.bias.clone().requires_grad_()
    logits = F.linear(examples.X.double(), weights) + bias
    if logits.ndim == 1:
        loss = F.binary_cross_entropy_with_logits(logits, examples.y.double())
    else:
        loss = F.cross_entropy(logits, examples.y.long())
    objective = loss + fit.penalty.l2 / 2 * weights.square().sum()
    gradients = torch.autograd.grad(objective, (weights, bias))
    return max(g.abs().max().item() for g in gradients), objective.item()


@pytest.mark.parametrize(
    ("strength", "objective"),
    [(1 / 569, 0.0663601862), (0.001, 0.0598279373), (0.01, 0.0995913755), (0.1, 0.1967477778)],
)
def test_breast_cancer(cancer, strength, objective):
    fit = fit_to_optimum(cancer, penalty=l2(strength))
    assert fit.converged and fit.gradient_norm < 1e-9
    assert fit.objective == pytest.approx(objective, abs=1e-10)
    steepest, by_torch = slope(fit, cancer)
    assert steepest < 1e-9 and by_torch == pytest.approx(fit.objective, abs=1e-14)
    peer = Peer(C=1 / (569 * strength), solver="newton-cholesky", tol=1e-10).fit(cancer.X, cancer.y)
    np.testing.assert_allclose(fit.weights, peer.coef_[0], atol=1e-6)
    np.testing.assert_allclose(fit.predict_proba(cancer.X), peer.predict_proba(cancer.X)[:, 1], atol=1e-7)
    assert fit.predict_proba(cancer.X).mean().item() == pytest.approx(cancer.y.mean().item())     # the bias is free


@pytest.mark.parametrize(
    ("strength", "objective"), [(0.1, 1.6634918176), (1e-3, 0.2578460700), (1e-4, 0.0827876024), (1e-5, 0.0218368206)]
)
def test_digits(digits, strength, objective):
    fit = fit_to_optimum(digits, penalty=l2(strength))
    assert fit.objective == pytest.approx(objective, abs=1e-10)
    steepest, by_torch = slope(fit, digits)
    assert steepest < 1e-9 and by_torch == pytest.approx(fit.objective, abs=1e-14)
    assert fit.loss == pytest.approx(fit.objective - strength / 2 * fit.weights.square().sum().item())
    assert not fit.weights[:, 0].any()                  # the corner pixel is black in every image


def test_digits_agree_with_scikit_learn(digits):
    fit = fit_to_optimum(digits, penalty=l2(1 / 1347))
    peer = Peer(tol=1e-8, max_iter=10_000, solver="newton-cg").fit(digits.X, digits.y)
    np.testing.assert_allclose(fit.weights, peer.coef_, atol=1e-5)
    np.testing.assert_allclose(fit.predict_proba(digits.X), peer.predict_proba(digits.X), atol=1e-6)


def test_the_flights_agree_with_statsmodels():
    fit = fit_to_optimum(FLIGHTS)
    inputs = sm.add_constant(np.array(TEMPERATURES))
    peer = sm.GLM(np.array(DAMAGE), inputs, family=sm.families.Binomial()).fit(tol=1e-12)
    assert [fit.bias.item(), fit.weights.item()] == pytest.approx([15.04290, -0.23216], abs=5e-6)
    assert [fit.bias.item(), fit.weights.item()] == pytest.approx(peer.params, rel=1e-8)
    weight_error, bias_error = fit.standard_errors()
    assert [bias_error.item(), weight_error.item()] == pytest.approx(peer.bse, rel=1e-6)
    np.testing.assert_allclose(fit.covariance().flip(0, 1), peer.cov_params(), rtol=1e-6)


def test_the_interval_at_31_degrees():
    fit = fit_to_optimum(FLIGHTS)
    v = torch.tensor([31.0, 1.0], dtype=torch.float64)
    logit, error = fit.logits(torch.tensor([[31.0]])).item(), (v @ fit.covariance() @ v).sqrt().item()
    low, high = (1 / (1 + math.exp(-logit - z * error)) for z in (-1.96, 1.96))
    assert (round(low, 2), round(high, 2)) == (0.48, 1.0)
    assert fit.predict_proba(torch.tensor([[31.0]])).item() == pytest.approx(0.9996, abs=5e-5)


def test_unpenalised_softmax_agrees_with_statsmodels():
    examples = overlapping(3)
    fit = fit_to_optimum(examples)
    peer = sm.MNLogit(examples.y.numpy(), sm.add_constant(examples.X.numpy())).fit(disp=0, tol=1e-12)
    assert fit.loss == pytest.approx(-peer.llf / 200, abs=1e-12)
    np.testing.assert_allclose((fit.weights - fit.weights[0])[1:].T, peer.params[1:], atol=1e-6)
    torch.testing.assert_close(fit.weights.sum(0), torch.zeros(3, dtype=torch.float64), rtol=0, atol=1e-10)


def test_two_softmax_rows_equal_one_neuron_at_half_the_penalty(cancer):
    both = fit_to_optimum(cancer, penalty=l2(0.01), n_classes=2)
    one = fit_to_optimum(cancer, penalty=l2(0.005))
    assert both.objective == pytest.approx(0.08341296, abs=5e-9)
    assert one.objective == pytest.approx(both.objective, abs=1e-12)
    torch.testing.assert_close(both.weights[1] - both.weights[0], one.weights, rtol=0, atol=1e-7)


def test_raw_columns_of_very_different_size():
    X, y = sklearn.datasets.load_breast_cancer(return_X_y=True)
    raw = Examples(torch.from_numpy(X[:, :4]), torch.from_numpy(y))
    fit = fit_to_optimum(raw)
    assert fit.loss == pytest.approx(0.1857352525, abs=1e-10)
    assert fit_to_optimum(Examples(torch.from_numpy(X), raw.y), penalty=l2(1e-3)).converged


def separates(error, examples):
    """The lead of the true class at each example, in the direction that the message hands over."""
    logits = F.linear(examples.X.double(), error.weights) + error.bias
    if logits.ndim == 1:
        return torch.where(examples.y == 1, logits, -logits)
    own = logits.gather(1, examples.y.long()[:, None])
    return (own - logits).scatter(1, examples.y.long()[:, None], torch.inf).amin(1)


def test_separable_data_have_no_optimum(cancer, digits):
    for examples in (cancer, digits):
        with pytest.raises(Separable, match="separable: no finite optimum") as caught:
            fit_to_optimum(examples)
        assert separates(caught.value, examples).min().item() == pytest.approx(caught.value.margin, rel=1e-6)
        assert caught.value.margin > 0
        assert caught.value.weights.norm().item() == pytest.approx(1)


@pytest.mark.parametrize("n_classes", [None, 2])
def test_a_tie_is_still_no_optimum(n_classes):
    tied = Examples(torch.tensor([[1.0], [2.0], [3.0], [3.0], [4.0], [5.0]]), torch.tensor([0, 0, 0, 1, 1, 1]))
    with pytest.raises(Separable, match="leaves the others tied") as caught:
        fit_to_optimum(tied, n_classes=n_classes)
    leads = separates(caught.value, tied)
    assert caught.value.margin == pytest.approx(0, abs=1e-9)
    assert leads.min() > -1e-9 and leads.max() > 0.5


def test_one_class_apart_from_two_that_overlap():
    two = overlapping(2)
    far = Examples(torch.cat([two.X, two.X[:50] + 100]), torch.cat([two.y, torch.full((50,), 2)]))
    with pytest.raises(Separable, match="leaves the others tied") as caught:
        fit_to_optimum(far)
    leads = separates(caught.value, far)
    assert leads.min() > -1e-6 and leads.max() > 0.5


def test_certain_predictions_are_not_yet_separation():
    """One example far out on the right side: a lead above 12, and yet a finite optimum."""
    two = overlapping(2, m=1)
    side = 100.0 if two.X[two.y == 1].mean() > two.X[two.y == 0].mean() else -100.0
    fit = fit_to_optimum(Examples(torch.cat([two.X, torch.tensor([[side]])]), torch.cat([two.y, torch.tensor([1])])))
    assert fit.converged and fit.logits(torch.tensor([[side]])).item() > 12


def test_what_undecided_examples_prove_needs_no_linear_programme(monkeypatch):
    """`is_held` says yes of data that overlap, and SciPy's optimizers, 40 MB, stay unloaded; never of data that do not.

    The random problems are small, coarse and certain, so that many are separable, by all or all but some ties.
    """
    held = {"yes": 0, "no": 0}
    is_held = newton.CrossEntropy.is_held

    def compared(problem, P, gradient_norm):
        answer = is_held(problem, P, gradient_norm)
        held["yes" if answer else "no"] += 1
        assert not answer or optimum._separating_direction(problem.X, problem.y, 1) is None
        return answer

    monkeypatch.setattr(newton.CrossEntropy, "is_held", compared)
    generator = torch.Generator().manual_seed(0)
    for n in range(8, 108):
        X = (10 * torch.randn(n, 2, generator=generator, dtype=torch.float64)).round() / 10
        y = (X.sum(dim=1) + 0.15 * torch.randn(n, generator=generator) > 0).long()
        for examples in (Examples(X, y), Examples(torch.cat([X, X[:1]]), torch.cat([y, 1 - y[:1]]))):
            with contextlib.suppress(Separable):
                fit_to_optimum(examples)
    assert held["yes"] > 10 and held["no"] > 10, held


def test_the_fits_of_lessons_04_and_05_leave_scipys_optimizers_unloaded():
    tried = """
import sys
from course_utils.data import Examples
from course_utils.datasets import load_breast_cancer
from course_utils.optimum import fit_to_optimum
from course_utils.studies.optimizers_units import lowest_loss
tumours = load_breast_cancer(valid_size=0).train
fit_to_optimum(Examples(tumours.X[:, :4], tumours.y))
lowest_loss()
print("scipy.optimize" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", tried], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


def test_repeated_and_constant_columns():
    single = fit_to_optimum(FLIGHTS)
    X = torch.cat([FLIGHTS.X, torch.full((23, 1), 7.0), FLIGHTS.X], dim=1)
    for strength in (0.0, 0.01):
        fit = fit_to_optimum(Examples(X, FLIGHTS.y), penalty=l2(strength))
        assert fit.converged and fit.weights[1] == 0
        assert fit.weights[0].item() == pytest.approx(fit.weights[2].item())
        if strength == 0:
            assert fit.weights.sum().item() == pytest.approx(single.weights.item())
            assert fit.loss == pytest.approx(single.loss, abs=1e-12)
            with pytest.raises(ValueError, match="follow from others"):
                fit.standard_errors()


def test_nothing_but_constant_columns():
    fit = fit_to_optimum(Examples(torch.ones(23, 2), FLIGHTS.y))
    assert fit.predict_proba(torch.ones(1, 2)).item() == pytest.approx(7 / 23)


def test_more_features_than_examples_and_than_axes(monkeypatch):
    X = torch.randn(30, 80, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    examples = Examples(X, torch.arange(30) % 3)
    fit = fit_to_optimum(examples, penalty=l2(0.01))
    assert slope(fit, examples)[0] < 1e-9
    monkeypatch.setattr(newton, "MOST_AXES", 10)
    torch.testing.assert_close(fit_to_optimum(examples, penalty=l2(0.01)).weights, fit.weights, rtol=0, atol=1e-7)
    with pytest.raises(Separable):
        fit_to_optimum(examples)


def test_load_into_a_model(cancer, digits):
    fit = fit_to_optimum(cancer, penalty=l2(0.01))
    model = fit.load_into(LogisticRegression(30))
    np.testing.assert_allclose(model.predict_proba(cancer.X.float()), fit.predict_proba(cancer.X), atol=1e-5)
    many = fit_to_optimum(digits, penalty=l2(0.01))
    model = many.load_into(MultinomialLogisticRegression(64, 10))
    np.testing.assert_allclose(model(digits.X.float()).detach(), many.logits(digits.X), atol=1e-5)
    with pytest.raises(ValueError, match=r"\(10, 64\), the model of shape \(9, 64\)"):
        many.load_into(MultinomialLogisticRegression(64, 9))


def test_the_examples_are_left_as_they_were(cancer):
    before = cancer.X.clone()
    fit_to_optimum(cancer, penalty=l2(0.1))
    assert torch.equal(cancer.X, before)


def test_out_of_steps(cancer):
    fit = fit_to_optimum(cancer, penalty=l2(0.001), max_iterations=2)
    assert not fit.converged and fit.iterations == 2


def test_standard_errors_only_where_they_mean_something(cancer):
    for fit in (fit_to_optimum(cancer, penalty=l2(0.1)), fit_to_optimum(overlapping(3))):
        with pytest.raises(ValueError, match="one neuron fitted without a penalty"):
            fit.standard_errors()


def test_the_penalty_is_the_word_and_the_object_of_fit(cancer):
    assert fit_to_optimum(cancer, penalty=l2(0.1)).penalty == l2(0.1)
    assert fit_to_optimum(FLIGHTS).penalty == l2(0.0)
    with pytest.raises(TypeError, match=r"The penalty is a float. Make one: `course_utils.penalties.l2\(0.01\)`"):
        fit_to_optimum(cancer, penalty=0.1)


X3 = torch.tensor([[1.0], [2.0], [3.0]])


@pytest.mark.parametrize(
    ("X", "y", "settings", "message"),
    [
        (X3, [0, 1, 0], dict(penalty=l1(0.1)), "an l1 part, 0.1 · Σ|w|, which has no gradient where a weight is 0"),
        (X3, [0, 1], {}, "3 inputs and 2 targets"),
        (X3[:, 0], [0, 1, 0], {}, "these are (3,) and (3,)"),
        (X3[:0], [], {}, "no examples"),
        (X3 * float("nan"), [0, 1, 0], {}, "not finite"),
        (X3, [0.0, 0.5, 1.0], {}, "number the classes from 0"),
        (X3, [-1, 1, 0], {}, "number the classes from 0"),
        (X3, [0.0, float("nan"), 1.0], {}, "number the classes from 0"),
        (X3, [0, 0, 0], {}, "No example has class 1"),
        (X3, [1, 1, 1], dict(penalty=l2(1.0)), "No example has class 0"),
        (X3, [1, 2, 2], {}, "No example has class 0"),
        (X3, [0, 1, 2], dict(n_classes=2), "y holds class 2, but n_classes=2"),
        (X3, [0, 1, 1], dict(n_classes=3), "No example has class 2"),
    ],
)
def test_unfit_data_are_named(X, y, settings, message):
    with pytest.raises(ValueError) as caught:
        fit_to_optimum(Examples(X, torch.tensor(y)), **settings)
    assert message in str(caught.value)
