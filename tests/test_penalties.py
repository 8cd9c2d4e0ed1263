import pytest
import torch
from torch import nn

from course_utils.penalties import Penalty, elastic_net, l1, l2, soft_threshold


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2)).double()


def test_values_by_hand(model):
    first, second = model[0].weight, model[2].weight
    total = sum(abs(w) for W in (first, second) for w in W.flatten().tolist())
    squares = sum(w * w for W in (first, second) for w in W.flatten().tolist())
    assert l1(0.3)(model).item() == pytest.approx(0.3 * total)
    assert l2(0.3)(model).item() == pytest.approx(0.15 * squares)
    assert elastic_net(0.3, 0.2)(model).item() == pytest.approx(0.3 * (0.2 * total + 0.8 / 2 * squares))


def test_biases_feel_no_pull(model):
    elastic_net(1.0, 0.5)(model).backward()
    assert model[0].bias.grad is None and model[2].bias.grad is None
    assert model[0].weight.grad.abs().min() > 0


def test_l2_steers_like_weight_decay(model):
    l2(0.25)(model).backward()
    torch.testing.assert_close(model[0].weight.grad, 0.25 * model[0].weight.detach())


def test_a_hand_made_bias_is_spared():
    class Neuron(nn.Module):
        def __init__(self):
            super().__init__()
            self.w, self.b = nn.Parameter(torch.ones(3)), nn.Parameter(torch.tensor(5.0))

    assert l2(2.0)(Neuron()).item() == 3.0


def test_soft_threshold_is_the_proximal_map():
    w = torch.tensor([-2.0, -0.3, 0.0, 0.4, 1.5])
    torch.testing.assert_close(soft_threshold(w, 0.5), torch.tensor([-1.5, 0.0, 0.0, 0.0, 1.0]))
    v = torch.linspace(-3, 3, 6001)
    for x in w:
        best = v[(0.5 * v.abs() + (v - x).square() / 2).argmin()]
        assert abs(best - soft_threshold(x, 0.5)) < 1e-3


def test_strengths_are_checked():
    for bad in (-0.1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite strength of 0 or more"):
            l2(bad)
    with pytest.raises(ValueError, match="from 0 to 1"):
        elastic_net(0.1, 1.5)


def test_no_strength_costs_nothing(model):
    assert Penalty()(model).item() == 0.0
