"""What a picture of a surface rests on: its axes, how far its window reaches, the noise of a descent."""

import math

import pytest
import torch

from course_utils.data import Examples
from course_utils.optimizers import sgd
from course_utils.optimum import fit_to_optimum
from course_utils.penalties import l2
from course_utils.surfaces import descend, logistic_loss, quadratic_bowl, ravine

X = torch.tensor([[-1.5], [-1.0], [-0.4], [0.1], [0.6], [1.3], [2.0]])
OVERLAPPING = Examples(X, torch.tensor([0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0]))


def test_the_axes_of_a_bowl_are_turned_anticlockwise():
    bowl = quadratic_bowl((2.0, 6.0), degrees=30, optimum=(1.0, -2.0))
    along = torch.tensor([math.cos(math.pi / 6), math.sin(math.pi / 6)], dtype=torch.float64)
    across = torch.tensor([-along[1], along[0]])
    assert bowl.value(bowl.optimum + along).item() == pytest.approx(1.0, abs=1e-12)
    assert bowl.value(bowl.optimum - 2 * across).item() == pytest.approx(12.0, abs=1e-12)
    assert bowl.name == "a bowl with curvatures 2 and 6"
    assert bowl.window == ((-0.5, 2.5), (-3.5, -0.5)) and bowl.start.tolist() == [2.0, -1.0]


def test_curvatures_are_those_at_the_optimum():
    surface = logistic_loss(OVERLAPPING)
    hessian = torch.autograd.functional.hessian(surface.value, surface.optimum)
    assert surface.curvatures == pytest.approx(torch.linalg.eigvalsh(hessian).tolist(), rel=1e-9)
    assert surface.name == "the loss of one neuron"


def test_a_flat_direction_makes_no_bowl_and_a_round_ravine_is_one():
    for curvatures in ((0.0, 1.0), (1.0, 0.0)):
        with pytest.raises(ValueError, match="not positive"):
            quadratic_bowl(curvatures)
    assert ravine(1).curvatures == (1.0, 1.0) and ravine(1.5).curvatures == (1.0, 1.5)
    assert ravine().curvatures == (1.0, 100.0)


@pytest.mark.parametrize("make", [quadratic_bowl, ravine, lambda: logistic_loss(OVERLAPPING)])
def test_everything_is_double(make):
    surface = make()
    path = descend(sgd(0.1), surface, torch.tensor([0.3, -0.4]), steps=3, noise=0.1)
    for tensor in (surface.optimum, surface.start, *surface.grid(5), *path):
        assert tensor.dtype == torch.float64
    assert surface.grid()[2].shape == (200, 200)


def test_the_penalty_is_exact_and_spares_the_bias():
    free, penalised = logistic_loss(OVERLAPPING), logistic_loss(OVERLAPPING, penalty=l2(0.1))
    w = torch.tensor([1.7, -0.6], dtype=torch.float64)
    assert (penalised.value(w) - free.value(w)).item() == pytest.approx(0.1 / 2 * 1.7**2, abs=1e-14)
    assert (penalised.gradient(w) - free.gradient(w)).tolist() == pytest.approx([0.17, 0.0], abs=1e-14)
    assert (penalised.hessian(w) - free.hessian(w)).flatten().tolist() == pytest.approx([0.1, 0, 0, 0], abs=1e-14)


@pytest.mark.parametrize("y", [OVERLAPPING.y, 1 - OVERLAPPING.y])
def test_the_window_holds_the_valley_around_the_optimum_and_the_origin_with_a_margin(y):
    examples = Examples(X, y)
    surface, fit = logistic_loss(examples), fit_to_optimum(examples)
    weight_error, bias_error = fit.standard_errors()
    errors = torch.stack([weight_error[0], bias_error]) * math.sqrt(len(X))   # of one example
    centre = torch.stack([fit.weights[0], fit.bias])
    for (low, high), middle, error in zip(surface.window, centre.tolist(), errors.tolist(), strict=True):
        assert low == pytest.approx(min(middle - 1.4 * error, -0.35 * error), rel=1e-6)
        assert high == pytest.approx(max(middle + 1.4 * error, 0.35 * error), rel=1e-6)


def test_a_target_that_is_no_class_and_a_row_without_one_are_refused():
    for bad in (Examples(X, 2 * OVERLAPPING.y), Examples(X, OVERLAPPING.y - 0.5), Examples(X[:-1], OVERLAPPING.y)):
        with pytest.raises(ValueError, match="two parameters"):
            logistic_loss(bad)


def test_the_noise_of_a_descent_is_normal_with_the_deviation_asked_for():
    bowl = quadratic_bowl((1.0, 2.0))
    points = descend(sgd(0.1), bowl, steps=4000, noise=0.7, seed=3).points
    noise = (points[:-1] - points[1:]) / 0.1 - bowl.gradient(points[:-1])
    assert noise.mean(0).abs().max() < 0.05 and noise.std(0).tolist() == pytest.approx([0.7, 0.7], rel=0.05)
    assert noise.abs().max() < 0.7 * 5
    assert abs(torch.corrcoef(noise.T)[0, 1]) < 0.05


def test_a_descent_of_fifty_steps_with_seed_0_when_nothing_else_is_said():
    bowl = quadratic_bowl()
    path = descend(sgd(0.1), bowl, noise=0.5)
    assert torch.equal(path.points, descend(sgd(0.1), bowl, bowl.start, 50, noise=0.5, seed=0).points)
    assert len(path.losses) == 51


def test_a_changing_rule_is_asked_for_the_steps_from_0_and_no_other():
    points = descend({0: sgd(0.1), 1: sgd(0.5)}.__getitem__, quadratic_bowl(), (1.0, 1.0), steps=2).points
    torch.testing.assert_close(points[:, 0], torch.tensor([1.0, 0.9, 0.45], dtype=torch.float64))
    assert len(descend({0: sgd(0.1)}.__getitem__, quadratic_bowl(), steps=1).points) == 2
