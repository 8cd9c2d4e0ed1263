"""Borders of the optimum: intervals, columns that carry nothing, classes of unequal size, starts that are far off."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import torch
from torch.nn import functional as F

from course_utils.data import Examples
from course_utils.optimum import Separable, fit_to_optimum
from course_utils.optimum.newton import CrossEntropy, _inverse, conjugate_gradients, newton
from course_utils.penalties import l2

GENERATOR = torch.Generator().manual_seed(4)
X = torch.randn(60, 3, generator=GENERATOR, dtype=torch.float64)
Y = (X[:, 0] - 0.5 * X[:, 1] + torch.randn(60, generator=GENERATOR, dtype=torch.float64) > 0.8).long()
THREE = torch.where(X[:, 2] + torch.randn(60, generator=GENERATOR, dtype=torch.float64) > 0.9, 2, Y)


def glm():
    return sm.GLM(Y.numpy(), sm.add_constant(X.numpy()), family=sm.families.Binomial()).fit(tol=1e-12)


# --- how sure it is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{}, {"confidence": 0.8}])
def test_an_interval_is_that_of_statsmodels(settings):
    rows = torch.tensor([[0.0, 0.0, 0.0], [1.5, -1.0, 0.5], [-2.0, 3.0, 1.0], [0.5, 0.0, -4.0]])
    low, high = fit_to_optimum(Examples(X, Y)).interval(rows, **settings)
    peer = glm().get_prediction(sm.add_constant(rows.double().numpy(), has_constant="add"))
    expected = peer.summary_frame(alpha=1 - settings.get("confidence", 0.95))
    np.testing.assert_allclose(low, expected["mean_ci_lower"], rtol=1e-6)
    np.testing.assert_allclose(high, expected["mean_ci_upper"], rtol=1e-6)
    assert low.dtype == high.dtype == torch.float64


def test_every_weight_has_its_error_and_the_bias_has_its_own():
    weights, bias = fit_to_optimum(Examples(X, Y)).standard_errors()
    np.testing.assert_allclose(weights, glm().bse[1:], rtol=1e-6)
    assert bias.item() == pytest.approx(glm().bse[0], rel=1e-6)
    small, _ = fit_to_optimum(Examples(X / 100, Y)).standard_errors()
    torch.testing.assert_close(small, 100 * weights, rtol=1e-6, atol=0)


@pytest.mark.parametrize("extra", [torch.zeros(60), torch.ones(60), X[:, 0], X[:, 1] - 2 * X[:, 2]])
def test_a_column_that_follows_from_others_leaves_no_standard_errors(extra):
    fit = fit_to_optimum(Examples(torch.cat([X, extra[:, None]], dim=1), Y))
    with pytest.raises(ValueError, match="single weights have no standard error"):
        fit.standard_errors()


# --- what the columns hold -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strength", [0.0, 0.1])
def test_a_constant_column_has_weight_0_among_columns_of_any_size(strength):
    wide = torch.cat([X[:, :1] - 50, torch.full((60, 1), 3.0), X[:, 1:2] + 50], dim=1)
    fit, without = (fit_to_optimum(Examples(columns, Y), penalty=l2(strength)) for columns in (wide, wide[:, [0, 2]]))
    assert fit.weights[1] == 0 and fit.objective == pytest.approx(without.objective, abs=1e-12)


def test_where_no_column_tells_anything_the_bias_is_the_base_rate():
    fit = fit_to_optimum(Examples(torch.full((10, 2), 7.0), torch.tensor([1] * 3 + [0] * 7)))
    assert fit.weights.tolist() == [0, 0] and fit.bias.item() == pytest.approx(np.log(3 / 7), abs=1e-9)


def test_without_a_penalty_units_do_not_matter():
    units = torch.tensor([1e5, 1e-5, 1.0], dtype=torch.float64)
    plain, scaled = fit_to_optimum(Examples(X, Y)), fit_to_optimum(Examples(X * units, Y))
    torch.testing.assert_close(scaled.weights * units, plain.weights, rtol=1e-8, atol=1e-8)
    assert scaled.iterations == plain.iterations and scaled.converged


@pytest.mark.parametrize("strength", [1.0, 30.0])
def test_a_strong_penalty_is_on_the_weights_of_the_columns_as_they_are(strength):
    examples = Examples(X * torch.tensor([1.0, 20.0, 0.1]), Y)
    fit = fit_to_optimum(examples, penalty=l2(strength))
    weights, bias = fit.weights.clone().requires_grad_(), fit.bias.clone().requires_grad_()
    loss = F.binary_cross_entropy_with_logits(examples.X @ weights + bias, Y.double())
    (loss + strength / 2 * weights.square().sum()).backward()
    assert weights.grad.abs().max() < 1e-9 and bias.grad.abs() < 1e-9


def least(X, y, strength):
    """The lowest objective of one neuron, by Newton's method with the Hessian written out, in units of X's columns."""
    scale, n = X.std(axis=0), len(y)
    inputs = np.c_[(X - X.mean(axis=0)) / scale, np.ones(n)]
    pull, v = np.r_[strength / scale**2, 0], np.zeros(X.shape[1] + 1)
    for _ in range(60):
        p = 1 / (1 + np.exp(-inputs @ v))
        hessian = (inputs.T * (p * (1 - p))) @ inputs / n + np.diag(pull)
        v -= np.linalg.solve(hessian, inputs.T @ (p - y) / n + pull * v)
    z = inputs @ v
    return np.mean(np.logaddexp(0, z) - y * z) + (pull * v**2).sum() / 2


@pytest.mark.parametrize("strength", [1e-6, 1e-2, 1.0])
@pytest.mark.parametrize("ratio", [1e2, 1e4, 1e7, 1e10])
def test_with_a_penalty_no_column_is_lost_beside_one_in_larger_units(ratio, strength):
    wide = X * torch.tensor([ratio, 1.0, 1 / ratio], dtype=torch.float64)
    fit = fit_to_optimum(Examples(wide, Y), penalty=l2(strength))
    assert fit.converged and fit.objective == pytest.approx(least(wide.numpy(), Y.numpy(), strength), abs=1e-14)


@pytest.mark.parametrize("gap, told", [(1e-3, True), (1e-6, True), (1e-8, False)])
def test_columns_that_nearly_repeat_each_other_are_told_apart_or_it_says_that_it_did_not_arrive(gap, told):
    close = torch.stack([X[:, 0], X[:, 0] + gap * X[:, 1]], dim=1)
    fit, best = fit_to_optimum(Examples(close, Y)), fit_to_optimum(Examples(X[:, :2], Y))
    assert fit.converged == told
    assert (fit.objective == pytest.approx(best.objective, abs=1e-9)) == told


@pytest.mark.parametrize("strength", [0.0, 0.1])
def test_values_whose_squares_are_lost_are_refused_and_give_no_nan(strength):
    with pytest.raises(ValueError, match="X holds values beyond 1e.150, whose squares float64 cannot hold"):
        fit_to_optimum(Examples(X * 1e160, Y), penalty=l2(strength))
    assert fit_to_optimum(Examples(X * 1e140, Y)).converged


def test_a_penalty_without_end_and_a_class_too_many_are_refused():
    with pytest.raises(ValueError, match="a finite strength of 0 or more"):
        fit_to_optimum(Examples(X, Y), penalty=l2(float("inf")))
    with pytest.raises(ValueError, match="y holds class 2, but n_classes=2 means 0 to 1"):
        fit_to_optimum(Examples(X, THREE), n_classes=2)


# --- separable data --------------------------------------------------------------------------------------------------

LINE = torch.tensor([[-1.0], [-0.2], [0.0], [0.1], [2.0]])


def test_a_separation_says_whether_it_is_complete():
    with pytest.raises(Separable, match="gets every example right") as caught:
        fit_to_optimum(Examples(LINE, torch.tensor([0, 0, 0, 1, 1])))
    assert 0 < caught.value.margin < 1
    tied = Examples(torch.cat([LINE, torch.zeros(1, 1)]), torch.tensor([0, 0, 0, 1, 1, 1]))
    for steps in (1, 200):                              # out of steps, it looks for a separation before it gives in
        with pytest.raises(Separable, match="leaves the others tied") as caught:
            fit_to_optimum(tied, max_iterations=steps)
        assert caught.value.margin == 0


def test_a_separation_of_several_classes_is_given_without_a_shift_of_all():
    x = torch.tensor([[-3.0], [-2.0], [-2.0], [0.0], [2.0], [2.0], [3.0]], dtype=torch.float64)
    y = torch.tensor([0, 0, 1, 1, 1, 2, 2])
    with pytest.raises(Separable, match="tied") as caught:
        fit_to_optimum(Examples(x, y))
    weights, bias = caught.value.weights, caught.value.bias
    scores = x @ weights.T + bias
    own = scores.gather(1, y[:, None])
    assert (own >= scores - 1e-9).all() and (own - scores).max() > 0.1
    assert weights.sum(0).abs().max() < 1e-9 and bias.sum().abs() < 1e-9


@pytest.mark.parametrize("y", [Y, THREE])
def test_overlapping_classes_are_not_called_separable_when_the_steps_run_out(y):
    fit = fit_to_optimum(Examples(X, y), max_iterations=1)
    assert fit.iterations == 1 and not fit.converged


# --- the method itself -----------------------------------------------------------------------------------------------


def problem(y, strength=1e-3):
    return CrossEntropy(X, y.numpy(), strength, one_neuron=int(y.max()) == 1)


@pytest.mark.parametrize("y", [Y, THREE])
def test_it_starts_from_the_shares_of_the_classes(y):
    ours = problem(y)
    start = ours.start()
    assert not start[:, :-1].any()
    assert start[:, -1].sum() == pytest.approx(y.double().mean().logit().item() if y is Y else 0, abs=1e-12)
    gradient = ours.gradient(start, ours.evaluate(start)[1])
    np.testing.assert_allclose(gradient[:, -1], 0, atol=1e-12)         # for weights of 0 no bias is better


@pytest.mark.parametrize("y", [Y, THREE])
@pytest.mark.parametrize("far", [3.0, 10.0, 30.0])
def test_a_full_step_that_overshoots_is_shortened(y, far, monkeypatch):
    """Far from the optimum the curvature is next to nothing, and full steps would go to 10 000 and never come back."""
    ours = problem(y)
    start = ours.start()
    start[0, :3] = -far, far, -far
    monkeypatch.setattr(ours, "start", lambda: start)
    steps = [step for step, _ in zip(newton(ours, 1e-10), range(40), strict=False)]
    values = [step.objective for step in steps]
    assert steps[-1].converged and all(b <= a + 1e-15 for a, b in zip(values, values[1:], strict=False))
    assert values[-1] == pytest.approx(fit_to_optimum(Examples(X, y), penalty=l2(1e-3)).objective, abs=1e-12)


def test_the_same_shift_of_all_scores_changes_nothing():
    ours = problem(THREE)
    W = np.random.default_rng(0).normal(size=(3, 4))
    value, P = ours.evaluate(W)
    for shift in (-2000.0, 2000.0):
        moved, moved_P = ours.evaluate(W + np.array([0.0, 0.0, 0.0, shift]))
        assert moved == pytest.approx(value, abs=1e-11)
        np.testing.assert_allclose(moved_P, P, atol=1e-11)


def test_conjugate_gradients_leave_a_flat_direction_alone():
    step = conjugate_gradients(lambda v: 0 * v, lambda r: r.copy(), np.array([[1.0, -2.0]]), 1e-6)
    assert step.tolist() == [[0.0, 0.0]]


def test_what_is_0_up_to_rounding_has_no_inverse():
    assert _inverse(np.array([0.0, 1e-20, 2.0, 4.0])).tolist() == [0, 0, 0.5, 0.25]
    assert _inverse(np.array([1e-9, 1e6])).tolist() == [0, 1e-6]
    np.testing.assert_allclose(_inverse(np.array([1e-14, 2e-14])), [1e14, 5e13])
    assert _inverse(np.zeros(3)).tolist() == [0, 0, 0] and _inverse(np.zeros(0)).shape == (0,)


# --- what an optimum is asked ----------------------------------------------------------------------------------------


def test_an_array_that_was_fitted_may_be_asked_about():
    X, y = np.random.default_rng(0).normal(size=(40, 2)), np.arange(40) % 2
    best = fit_to_optimum((X, y))
    for given in (X, pd.DataFrame(X)):
        assert torch.equal(best.predict_proba(given), best.predict_proba(torch.tensor(X)))
        assert torch.equal(best.interval(given)[0], best.interval(torch.tensor(X))[0])


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, math.nan])
def test_a_confidence_that_is_no_share_gives_no_nan(confidence):
    best = fit_to_optimum((torch.tensor([[0.0], [1.0], [2.0], [3.0]]), torch.tensor([0, 1, 0, 1])))
    with pytest.raises(ValueError, match="a share between 0 and 1, say 0.95"):
        best.interval(torch.tensor([[1.5]]), confidence=confidence)


def test_a_model_without_a_layer_of_that_name_takes_no_weights():
    best = fit_to_optimum((torch.tensor([[0.0], [1.0], [2.0], [3.0]]), torch.tensor([0, 1, 0, 1])))
    with pytest.raises(TypeError, match="A Sequential has no layer `linear` to copy into. Give a LogisticRegression"):
        best.load_into(torch.nn.Sequential(torch.nn.Linear(1, 1)))
