"""Facts about answers that nobody foresaw: each must hold on every probe, and none may be said by coincidence."""

import pytest
import torch

from course_utils.checker import exercise
from course_utils.checker.relations import relation

LOGITS = [torch.tensor([[2.0, 1.0, 0.1], [0.5, -1.0, 3.0]]), torch.tensor([[0.3, 0.7], [1.5, -2.0], [4.0, 0.0]])]
LOSSES = [torch.tensor([0.3, 1.2, 2.5]), torch.tensor([0.9, 0.1, 0.4, 3.3, 0.2])]


def said(wrong, right, inputs):
    return relation([(wrong(x), right(x)) for x in inputs], [len(x) for x in inputs])


@pytest.mark.parametrize("wrong, right, words", [
    (lambda z: -z.softmax(1), lambda z: z.softmax(1), "is minus the needed one"),
    (lambda z: 2 * z.softmax(1), lambda z: z.softmax(1), "is twice the needed one"),
    (lambda z: z / 3, lambda z: z, "is 0.3333 times the needed one"),
    (lambda z: z.log_softmax(1), lambda z: z.softmax(1), "is the logarithm of the needed one"),
    (lambda z: z.softmax(1), lambda z: z.log_softmax(1), "is e to the power of the needed one"),
    (lambda z: 1 - z.softmax(1), lambda z: z.softmax(1), "is 1 minus the needed one"),
    (lambda z: z.sigmoid(), lambda z: z, "is the sigmoid of the needed one"),
    (lambda z: z + 0.25, lambda z: z, "is 0.25 above the needed one"),
    (lambda z: z.T, lambda z: z, "rows and columns exchanged"),
    (lambda z: z.softmax(1).round(decimals=2), lambda z: z.softmax(1), "is the needed one, rounded to 2 decimals."),
    (lambda z: (1.7 * z).round().long(), lambda z: 1.7 * z, "is the needed one, rounded to a whole number."),
    (lambda z: (1.7 * z).int(), lambda z: 1.7 * z, "without its decimals, as `int()` and `.long()` give it."),
    (lambda z: (1.7 * z).floor(), lambda z: 1.7 * z, "without its decimals, rounded down, as by `//`."),
])
def test_a_relation_of_arrays(wrong, right, words):
    assert words in said(wrong, right, LOGITS)


@pytest.mark.parametrize("wrong, right, words", [
    (lambda x: x.sum(), lambda x: x.mean(), "times the number of rows. Is it a sum"),
    (lambda x: x.mean() / len(x), lambda x: x.mean(), "divided by the number of rows. Is it averaged twice"),
    (lambda x: x.square().mean(), lambda x: x.square().mean().sqrt(), "Yours is the square of the needed one."),
    (lambda x: (x.square().mean() / 2).item(), lambda x: x.square().mean().item(), "Yours is half the needed one."),
    (lambda x: x.flip(0), lambda x: x, "in another order"),
    (lambda x: x.sum() / (len(x) - 1), lambda x: x.mean(), "times n/(n − 1), for n rows."),
])
def test_a_relation_of_numbers_and_vectors(wrong, right, words):
    assert words in said(wrong, right, LOSSES)


def test_parts_in_another_order():
    assert relation([([1.0, torch.ones(3)], [torch.ones(3), 1.0])], [None]).endswith("in another order.")
    assert "order" not in relation([([torch.ones(3).double(), 1.0], [torch.ones(3), 1.0])], [None])
    assert relation([([1.0, 1.0], [1.0, 2.0])], [None]) == ""


@pytest.mark.parametrize("pairs", [
    [(torch.tensor(3.0), torch.tensor(2.0))],                                       # any two numbers have a ratio
    [(2 * LOSSES[0], LOSSES[0]), (3 * LOSSES[1], LOSSES[1])],                       # another factor on each probe
    [(torch.tensor([1.0, 2.0, 3.1]), torch.tensor([1.0, 2.0, 3.0]))],               # one value is off
    [(torch.zeros(3), torch.tensor([1.0, 2.0, 3.0]))],
    [(torch.zeros(3), torch.tensor([0.1, 0.2, 0.3]))],                              # zeros are not rounded numbers
    [(torch.tensor([1.0, 2.0]), torch.zeros(2))],
    [(torch.tensor([float("nan"), 2.0]), torch.tensor([1.0, 1.0]))],
    [([torch.tensor([[1.0], [2.0], [3.0]]), 1.0], [torch.tensor([1.0, 2.0, 3.0]), 1.0])],   # the values are the same
    [("minus", "plus")], [(None, 1.0)], [(torch.ones(2), torch.ones(3))], [],
])
def test_nothing_is_said_where_nothing_is_known(pairs):
    assert relation(pairs, [None] * len(pairs)) == ""


def test_an_exercise_says_it_to_an_answer_it_does_not_know():
    @exercise(probes=[(torch.tensor([1.0, 2.0, 4.5]),)], hints=["The mean."])
    def mean_square(x):
        """The mean of the squares."""
        return x.square().mean()

    feedback = mean_square.check(lambda x: x.square().sum() / 6)
    assert feedback.status == "wrong" and "Yours is half the needed one." in feedback.text
    assert "needed one" not in mean_square.check(lambda x: x.square().sum() / 2.9).text
