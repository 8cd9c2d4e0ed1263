import math

import pytest
import torch

from course_utils.data import Examples
from course_utils.optimizers import momentum, sgd
from course_utils.penalties import l2
from course_utils.surfaces import _newton, descend, logistic_loss, quadratic_bowl, ravine

TEMPERATURES = [66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58]     # °F
DAMAGE = [0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1]
FLIGHTS = Examples(torch.tensor(TEMPERATURES).float()[:, None], torch.tensor(DAMAGE).float())
STANDARD = Examples((FLIGHTS.X - FLIGHTS.X.mean()) / FLIGHTS.X.std(correction=0), FLIGHTS.y)

SURFACES = {
    "bowl": lambda: quadratic_bowl((2.0, 5.0), degrees=30, optimum=(1.0, -2.0)),
    "ravine": lambda: ravine(100),
    "logistic": lambda: logistic_loss(STANDARD),
    "logistic, penalised": lambda: logistic_loss(STANDARD, penalty=l2(0.1)),
}


@pytest.fixture(params=SURFACES)
def surface(request):
    return SURFACES[request.param]()


def test_derivatives_against_autograd(surface):
    for seed in range(5):
        w = 2 * torch.randn(2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
        torch.testing.assert_close(surface.gradient(w), torch.autograd.functional.jacobian(surface.value, w))
        torch.testing.assert_close(surface.hessian(w), torch.autograd.functional.hessian(surface.value, w))
    many = torch.randn(4, 3, 2, dtype=torch.float64)
    torch.testing.assert_close(surface.value(many)[2, 1], surface.value(many[2, 1]))
    torch.testing.assert_close(surface.gradient(many)[2, 1], surface.gradient(many[2, 1]))


def test_the_optimum_is_the_lowest_point_of_the_window(surface):
    assert surface.gradient(surface.optimum).norm() < 1e-12
    first, second, values = surface.grid(41)
    assert values.shape == (41, 41)
    assert values[3, 7] == surface.value(torch.stack((first[3, 7], second[3, 7])))
    assert values.min() >= surface.value(surface.optimum) - 1e-15
    for point in (surface.optimum, surface.start):
        assert all(low < w < high for w, (low, high) in zip(point.tolist(), surface.window, strict=True))


def test_the_logistic_surface_knows_the_fit_of_the_flights():
    surface = logistic_loss(FLIGHTS)
    assert surface.optimum.tolist() == pytest.approx([-0.23216, 15.04290], abs=1e-5)
    assert surface.parameter_names == ("weight", "bias")


def test_newton_on_a_surface_shortens_a_step_that_overshoots():
    """Where log cosh is nearly straight, the bottom of its parabola lies far beyond its own."""
    low = torch.tensor([3.0, -1.0], dtype=torch.float64)

    def value(w):
        return 1 + torch.log(torch.cosh(w - low)).sum(-1)

    def gradient(w):
        return torch.tanh(w - low)

    def hessian(w):
        return torch.diag(1 / torch.cosh(w - low) ** 2)

    start = torch.zeros_like(low)
    assert value(start - torch.linalg.solve(hessian(start), gradient(start))) > 10 * value(start)
    torch.testing.assert_close(_newton(value, gradient, hessian), low, rtol=0, atol=1e-9)


def test_no_optimum_is_said():
    x = torch.tensor([[1.0], [2.0], [3.0]])
    for X, y in ((x, [0.0, 0.0, 1.0]), (torch.ones(3, 1), [0.0, 0.0, 1.0])):
        with pytest.raises(ValueError, match="no single optimum"):
            logistic_loss(Examples(X, torch.tensor(y)))
    with pytest.raises(ValueError, match="two parameters"):
        logistic_loss(Examples(torch.ones(3, 2), torch.tensor([0.0, 1.0, 0.0])))
    with pytest.raises(ValueError, match="upwards"):
        quadratic_bowl((1.0, -1.0))
    with pytest.raises(ValueError, match="1 or more"):
        ravine(0.5)


@pytest.mark.parametrize("kappa", [2, 10, 100])
def test_stable_below_two_over_the_largest_curvature(kappa):
    surface = ravine(kappa)
    assert surface.curvatures == pytest.approx((1, kappa))
    below, above = (descend(sgd(factor * 2 / kappa), surface, steps=2000).losses for factor in (0.99, 1.01))
    assert below[-1] < 1e-6 * below[0]
    assert above[-1] > 1e6 * above[0]


def steps_until(losses, share):
    """The number of steps after which the loss stays below `share` of where it began."""
    return int((losses > share * losses[0]).nonzero()[-1]) + 1


@pytest.mark.parametrize(
    ("kappa", "plain", "heavy"), [(2, 9, 7), (10, 46, 20), (100, 461, 71), (1000, 4606, 243)]
)
def test_tuned_momentum_turns_kappa_into_its_root(kappa, plain, heavy):
    root = math.sqrt(kappa)
    tuned = momentum(4 / (1 + root) ** 2, ((root - 1) / (root + 1)) ** 2)     # Polyak (1964)
    assert steps_until(descend(sgd(2 / (1 + kappa)), ravine(kappa), steps=plain + 100).losses, 1e-8) == plain
    assert steps_until(descend(tuned, ravine(kappa), steps=heavy + 100).losses, 1e-8) == heavy


@pytest.mark.parametrize(("mu", "overshoot"), [(0.0, 0), (0.8, 0), (0.9, -0.15), (0.95, -0.44), (0.99, -0.86)])
def test_momentum_causes_overshoot(mu, overshoot):
    path = descend(momentum(1 / 100, mu), ravine(100), steps=1500)
    assert path.points[:, 0].min().item() == pytest.approx(overshoot, abs=0.005)


def test_descend_records_every_point():
    surface = SURFACES["bowl"]()
    path = descend(sgd(0.1), surface, (3.0, 3.0), 7)
    assert path.points.shape == (8, 2) and path.losses.shape == (8,)
    assert path.points[0].tolist() == [3.0, 3.0]
    w = path.points[0]
    for point, loss in zip(path.points, path.losses, strict=True):
        torch.testing.assert_close(point, w)
        torch.testing.assert_close(loss, surface.value(w))
        w = w - 0.1 * surface.gradient(w)


def test_noise_follows_the_seed_and_a_rule_may_change():
    bowl = quadratic_bowl()
    noisy = [descend(sgd(0.1), bowl, steps=50, noise=1.0, seed=seed).points for seed in (1, 1, 2)]
    assert torch.equal(noisy[0], noisy[1]) and not torch.equal(noisy[0], noisy[2])
    far, near = (
        descend(rule, bowl, steps=400, noise=1.0).losses[-100:].mean()
        for rule in (sgd(0.1), lambda step: sgd(1 / (10 + step)))
    )
    assert near < far / 3       # a constant lr keeps a floor of noise, a falling one does not
