"""Ties of a model: a logit of exactly 0, and two classes that are exactly alike."""

import torch

from course_utils.data import Examples
from course_utils.metrics import accuracy
from course_utils.models import LogisticRegression, MultinomialLogisticRegression
from course_utils.train import is_right

X = torch.tensor([[0.0, 0.0], [2.0, 1.0], [-2.0, 1.0], [1.0, 2.0]])


def test_a_logit_of_exactly_0_is_class_0_for_everyone_who_asks():
    model = LogisticRegression(2)
    with torch.no_grad():
        model.linear.weight.copy_(torch.tensor([[1.0, -2.0]]))
        model.linear.bias.zero_()
    examples = Examples(X, torch.tensor([0.0, 0.0, 0.0, 0.0]))
    assert model(X).tolist() == [0, 0, -4, -3] and model.predict(X).tolist() == [0, 0, 0, 0]
    assert accuracy(model(X), examples.y) == 1
    right = is_right(model(X), examples.y, torch.nn.functional.binary_cross_entropy_with_logits)
    assert right.tolist() == [True] * 4


def test_of_classes_that_are_alike_the_first_is_predicted():
    model = MultinomialLogisticRegression(2, 3)
    torch.nn.init.zeros_(model.linear.weight)
    with torch.no_grad():
        model.linear.bias.copy_(torch.tensor([0.5, 1.0, 1.0]))
    assert model.predict(X).tolist() == [1, 1, 1, 1]
