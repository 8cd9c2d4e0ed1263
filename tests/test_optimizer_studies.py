"""Lesson 05's ground: the neuron on the tumours, when a descent has arrived, and how far a rule is from torch.optim."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from course_utils import optimizers as rules
from course_utils.studies import optimizers as studies
from course_utils.studies import optimizers_units as units


def test_loss_and_slope_are_those_of_torch():
    A, y = studies.tumours("divided")
    w = torch.tensor([0.3, -0.2, 0.1, 0.5], dtype=torch.float64, requires_grad=True)
    loss = F.binary_cross_entropy_with_logits(A @ w, y)
    loss.backward()
    assert units.loss_at(A, y, w).item() == pytest.approx(loss.item())
    assert torch.allclose(units.slope_at(A, y, w.detach()), w.grad)
    many = torch.stack([w.detach(), 0 * w.detach()])
    assert units.loss_at(A, y, many)[1].item() == pytest.approx(np.log(2))


def test_the_lowest_loss_is_the_same_in_all_units():
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss

    A, y = studies.tumours()
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10).fit(A[:, :3].numpy(), y.numpy())
    assert units.lowest_loss() == pytest.approx(log_loss(y.numpy(), model.predict_proba(A[:, :3].numpy())), abs=1e-8)
    for name in ("raw", "divided", "standardised"):
        weights, _ = units.by_lbfgs(*studies.tumours(name))
        assert units.loss_at(*studies.tumours(name), weights).item() == pytest.approx(units.lowest_loss(), abs=1e-6)


def test_a_descent_has_arrived_when_it_stays_low():
    low = units.lowest_loss()
    losses = torch.tensor([3.0, 1.0, 1.2, 1.005, 1.0])[:, None] * low
    in_passing_only = torch.tensor([3.0, 1.0, 1.2, 1.0, float("nan")])[:, None] * low
    assert units.arrival(torch.cat([losses, in_passing_only], dim=1)).tolist() == [3, float("inf")]
    assert float(units.arrival(losses[:, 0])) == 3


def test_walks_side_by_side_are_the_single_ones():
    A, y = studies.tumours()
    rates = torch.tensor([0.1, 2.0]).double()[:, None]
    together = units.walk(rules.adam(rates), A, y, 30, 2)
    alone = [units.walk(rules.adam(rate.item()), A, y, 30) for rate in rates]
    assert torch.allclose(together, torch.stack(alone, dim=1))


@pytest.mark.parametrize(("rule", "near"), [
    (rules.momentum(0.1), True), (rules.classic_momentum(0.1), True), (rules.misprinted_momentum(0.1), False),
    (rules.momentum(0.1, 0.8), False), (rules.nesterov(0.1), False)])
def test_a_rule_is_told_from_the_librarys(rule, near):
    assert (studies.farthest_from_torch(rule, torch.optim.SGD, lr=0.1, momentum=0.9) < 1e-9) == near


def test_a_schedule_of_ones_own_is_the_one_that_runs():
    constant = studies.schedule.run(lr_at=lambda epoch, epochs, first: first, seeds=2).measured
    name, other, answers = constant
    assert constant[name] == constant[other] and constant[answers] == 0
    assert studies.schedule.run(seeds=2).measured[other] < constant[other]
