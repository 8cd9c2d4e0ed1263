"""What a table of paths does not show: names, default settings, and the settings that a rule hands on to another."""

import pytest
import torch

from course_utils import optimizers as rules

MAKE = {
    "SGD": rules.sgd, "momentum": rules.momentum, "classic momentum": rules.classic_momentum,
    "misprinted momentum": rules.misprinted_momentum, "Nesterov": rules.nesterov, "Adagrad": rules.adagrad,
    "RMSprop": rules.rmsprop, "Adadelta": rules.adadelta, "Adam": rules.adam, "AdamW": rules.adamw,
}


def walk(rule, steps=40):
    """Where a rule goes on ½ · (w₁² + 3 w₂²), in double."""
    w = torch.tensor([2.0, -1.0], dtype=torch.float64)
    state, points = rule.init(w), []
    for _ in range(steps):
        w, state = rule.update(w * torch.tensor([1.0, 3.0]), state, w)
        points.append(w)
    return torch.stack(points)


@pytest.mark.parametrize("name", MAKE)
def test_a_rule_is_named_as_in_its_paper(name):
    assert MAKE[name](lr=0.1).name == name


@pytest.mark.parametrize("name", ["momentum", "classic momentum", "misprinted momentum", "Nesterov"])
def test_nine_tenths_of_the_velocity_stay_when_nothing_else_is_said(name):
    assert torch.equal(walk(MAKE[name](0.05)), walk(MAKE[name](0.05, momentum=0.9)))


def test_both_momentum_conventions_decay_alike():
    ours = walk(rules.classic_momentum(0.05, 0.8, weight_decay=0.3))
    torch.testing.assert_close(ours, walk(rules.momentum(0.05, 0.8, weight_decay=0.3)))


def test_adamw_hands_its_eps_to_adam():
    w = torch.tensor([2.0, -1.0], dtype=torch.float64, requires_grad=True)
    optimizer, points = torch.optim.AdamW([w], lr=0.03, weight_decay=0.1, eps=0.5), []
    for _ in range(40):
        w.grad = w.detach() * torch.tensor([1.0, 3.0])
        optimizer.step()
        points.append(w.detach().clone())
    torch.testing.assert_close(walk(rules.adamw(0.03, weight_decay=0.1, eps=0.5)), torch.stack(points))
