"""What is seen when an answer that no mistake explains runs on other inputs. Each sentence has to be true of it."""

import pytest
import torch

from course_utils.checker import exercise

SCORES = [(torch.tensor([1.5, -0.3, 0.8, -2.0]), torch.tensor([1.0, 0.0, 0.0, 1.0])),
          (torch.tensor([0.2, 1.4, -0.9]), torch.tensor([1.0, 1.0, 0.0]))]


@exercise(probes=SCORES)
def weighed(z, y):
    return (z * y + z.exp()).mean()


@exercise(probes=[(3, 12, 2.0), (6, 8, 0.5)])
def share(part, whole, of):
    return part / whole * of**2


@exercise(probes=lambda: [(torch.nn.Linear(2, 1), 0.3)], compare_by=lambda result, model, lr: model.weight)
def shrink(model, lr):
    model.weight.data *= 1 - lr


def loop_that_overwrites(z, y):
    for one, label in zip(z, y, strict=True):
        total = one * label + one.exp()
    return total


def loop_that_leaves(z, y):
    for one, label in zip(z, y, strict=True):
        return one * label + one.exp()


@pytest.mark.parametrize(("of", "answer", "said"), [
    (weighed, lambda z, y: (z.exp() * 1.5).mean(), "stays the same when `y` changes"),
    (weighed, lambda z, y: (z * y[:1] + z.exp()).mean() * 0 + 7.0, "stays the same when `z` changes"),
    (weighed, lambda z, y: (z * y + y.exp()).mean(), "when `z` and `y` change places"),
    (weighed, lambda z, y: (z[:, None] * y + z.exp()).mean(), "when the rows of `y` alone are shuffled"),
    (weighed, loop_that_overwrites, "what the last example alone gives. Does each round of a loop overwrite"),
    (weighed, loop_that_leaves, "what the first example alone gives. Is there a `return` inside a loop?"),
    (weighed, lambda z, y: loop_that_overwrites(z, y) / len(z), "the last example alone gives, divided by the number"),
    (share, lambda of, part, whole: part / whole * of**2, "in another order; they come as `(part, whole, of)`"),
    (share, lambda part, whole, of: whole / part * of**2, "when `part` and `whole` change places"),
    (share, lambda part, whole, of: part / whole + 0.3, "stays the same when `of` changes"),
    (shrink, lambda model, lr: model.weight.data.mul_(0.9), "stays the same when `lr` changes"),
])
def test_what_shows_on_other_inputs(of, answer, said):
    feedback = of.check(answer)
    assert feedback.status == "wrong" and said in feedback.text, feedback.text


@pytest.mark.parametrize("answer", [
    lambda z, y: (z * y - z.exp()).mean() + 0.1,                    # uses all, pairs all
    lambda z, y: (z / z.abs().sum() * y).sum() + 0.1,               # blind to the size of z
    lambda z, y: (z * y[0] + z.exp()).mean() + 0.1,                 # one label, the first, for all
    lambda z, y: (z * y + 1 / 0),
    lambda z, y: "text",
])
def test_nothing_is_said_that_does_not_show(answer):
    said = weighed.check(answer).text
    assert not any(words in said for words in ("stays the same", "change places", "example alone"))


def test_an_answer_that_takes_long_is_not_run_again():
    import time
    feedback = weighed.check(lambda z, y: time.sleep(0.6) or torch.tensor(3.5))
    assert "stays the same" not in feedback.text
