"""Lesson 04's reader, and the networks that its studies train side by side, against PyTorch's own way."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.data import Examples
from course_utils.exercises import parameters as exercises
from course_utils.studies import _frozen_layers as frozen
from course_utils.studies.parameters import damaged_reader, reader, received


def test_the_rows_of_the_reader_sum_to_zero_and_the_damage_shows_in_one_bias_only():
    for model, too_much in ((reader(), 0.0), (damaged_reader(), 6.0)):
        assert model.weight.sum(dim=0).abs().max() < 1e-5
        assert model.bias.sum().item() == pytest.approx(too_much, abs=1e-5)


def test_the_lessons_repair_gives_back_the_reader_to_the_last_digits():
    model = damaged_reader()
    differ = [(mine != theirs).sum().item() for mine, theirs in zip(model.parameters(), reader().parameters(),
                                                                   strict=True)]
    assert differ[0] > 300 and differ[1] == 3
    exercises.repair.right_answer(model)
    for mine, theirs in zip(model.parameters(), reader().parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-6)


def test_what_is_received_is_the_damaged_reader_in_numbers_only():
    state = torch.load(received(), weights_only=True)
    assert all(torch.equal(state[name], p) for name, p in damaged_reader().state_dict().items())


def test_networks_side_by_side_are_those_that_sgd_trains(monkeypatch):
    monkeypatch.setattr(frozen, "STEPS", 40)
    monkeypatch.setattr(frozen, "EVERY", 40)
    monkeypatch.setattr(frozen, "RATES", (0.3, 1e-9))
    g = torch.Generator().manual_seed(0)
    X, y = torch.randn(90, 6, generator=g), torch.randint(3, (90,), generator=g)
    y[X[:, 0] > 0.3] = 2                                                # something to learn
    rows = {seed: torch.randperm(90, generator=g).split([20, 30, 40]) for seed in range(2)}
    question = frozen.Question(Examples(X, y), 3, torch.tanh, lambda seed: rows[seed])
    firsts, lasts = [nn.Linear(6, 5) for _ in rows], [nn.Linear(5, 3) for _ in rows]
    ends = [frozen.Head(last.weight.detach(), last.bias.detach(), 0.1) for last in lasts]

    shares = frozen.all_trained(question, lambda seed: firsts[seed], lambda seed: ends[seed], range(2))
    for seed, share in enumerate(shares):
        learn, _, judge = rows[seed]
        net = nn.Sequential(firsts[seed], nn.Tanh(), lasts[seed])
        optimizer = torch.optim.SGD([{"params": lasts[seed].weight, "weight_decay": 0.1},
                                     {"params": [*firsts[seed].parameters(), lasts[seed].bias]}], lr=0.3)
        for _ in range(40):
            optimizer.zero_grad()
            F.cross_entropy(net(X[learn]), y[learn]).backward()
            optimizer.step()
        assert share == pytest.approx(100 * (net(X[judge]).argmax(dim=1) == y[judge]).float().mean().item(), abs=0.01)


def test_a_frozen_layer_costs_what_its_part_of_the_backward_pass_costs():
    from course_utils.studies.parameters import operations

    sizes = [784 * 512, 512 * 512, 512 * 10]                            # forward; again for weights, and for inputs
    every = 3 * sum(sizes) - sizes[0]                                   # nobody asks for the gradient of the pixels
    assert operations(1) / operations(0) == pytest.approx((every - sizes[0] - sizes[1]) / every, rel=1e-3)
