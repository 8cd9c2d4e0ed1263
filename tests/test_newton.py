"""The derivatives against autograd, which knows nothing of the formulas."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from course_utils.optimum.newton import CrossEntropy, conjugate_gradients, newton


def make(K, l2=0.1, n=40, m=5):
    """A problem with its objective written in torch, and a point W away from everything."""
    generator = torch.Generator().manual_seed(K)
    X = torch.randn(n, m, generator=generator, dtype=torch.float64) * torch.tensor([0.1, 1, 2, 5, 1.0]) + 3
    y = torch.arange(n) % max(K, 2)
    problem = CrossEntropy(X, y.numpy(), l2, one_neuron=K == 1)
    W = 0.3 * torch.randn(K, m + 1, generator=generator, dtype=torch.float64)
    inputs = torch.from_numpy(problem.X)

    def objective(W):
        logits = inputs @ W[:, :-1].T + W[:, -1]
        loss = F.cross_entropy(logits, y) if K > 1 else F.binary_cross_entropy_with_logits(logits[:, 0], y.double())
        return loss + l2 / 2 * W[:, :-1].square().sum()

    return problem, objective, W


@pytest.mark.parametrize("K", [1, 2, 4])
def test_value_gradient_and_curvature(K):
    problem, objective, W = make(K)
    value, P = problem.evaluate(W.numpy())
    assert value == pytest.approx(objective(W).item(), abs=1e-14)
    gradient = torch.autograd.functional.jacobian(objective, W)
    np.testing.assert_allclose(problem.gradient(W.numpy(), P), gradient, atol=1e-14)
    hessian = torch.autograd.functional.hessian(objective, W).reshape(W.numel(), -1)
    V = torch.randn(W.shape, generator=torch.Generator().manual_seed(9), dtype=torch.float64)
    expected = (hessian @ V.flatten()).reshape(V.shape)
    np.testing.assert_allclose(problem.curvature(P)(V.numpy()), expected, atol=1e-13)


@pytest.mark.parametrize("K", [1, 2, 4])
def test_the_preconditioner_is_exact_where_all_examples_are_alike(K):
    problem, _, _ = make(K)
    W = problem.start()                                 # all weights 0: each example has the same probabilities
    _, P = problem.evaluate(W)
    V = np.random.default_rng(0).normal(size=W.shape)
    V -= V.mean(axis=0) if K > 1 else 0
    np.testing.assert_allclose(problem.preconditioner(P)(problem.curvature(P)(V)), V, atol=1e-10)


def test_extreme_scores_overflow_nothing():
    for K in (1, 3):
        problem, objective, W = make(K)
        value, P = problem.evaluate(2000 * W.numpy())
        assert value == pytest.approx(objective(2000 * W).item(), rel=1e-12)
        assert np.isfinite(P).all()


def test_conjugate_gradients_solve_a_linear_system():
    rng = np.random.default_rng(0)
    A = rng.normal(size=(12, 12))
    A = A @ A.T + np.eye(12)
    b = rng.normal(size=(1, 12))
    step = conjugate_gradients(lambda v: v @ A, lambda r: r / np.diag(A), b, 1e-12)
    np.testing.assert_allclose(step[0], np.linalg.solve(A, b[0]), atol=1e-9)


def test_a_full_step_that_overshoots_is_shortened():
    """From far out on the flat side the parabola's bottom lies far beyond the loss's own: full steps run away."""
    x = torch.tensor([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0], dtype=torch.float64)[:, None]
    problem = CrossEntropy(x, np.array([0, 0, 1, 0, 1, 1]), 0.0, one_neuron=True)
    far = np.array([[8.0, 4.0]])
    problem.start = lambda: far
    objective, P = problem.evaluate(far)
    full = conjugate_gradients(problem.curvature(P), problem.preconditioner(P), -problem.gradient(far, P), 1e-12)
    assert problem.evaluate(far + full)[0] > 10 * objective
    steps = list(newton(problem, 1e-10))
    values = [step.objective for step in steps]
    assert all(after <= before + 1e-15 for before, after in zip(values, values[1:], strict=False))
    assert steps[-1].converged and steps[-1].gradient_norm <= 1e-10 and len(steps) < 30


@pytest.mark.parametrize("K", [1, 4])
def test_every_step_descends_and_the_last_ones_are_quick(K):
    problem, _, _ = make(K, l2=0.001)
    steps = list(newton(problem, 1e-12))
    values = [step.objective for step in steps]
    assert all(after <= before + 1e-15 for before, after in zip(values, values[1:], strict=False))
    assert steps[-1].converged and len(steps) < 15
    assert steps[-1].gradient_norm < 1e-4 * steps[-2].gradient_norm
