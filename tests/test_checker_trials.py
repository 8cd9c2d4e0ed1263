"""What is seen when an answer that no mistake explains runs on other inputs. Each sentence has to be true of it."""

import copy
import inspect
import itertools

import pytest
import torch

from course_utils.checker import exercise, trials
from course_utils.checker.sandbox import Outcome, Raised
from course_utils.checker.trials import Trials

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


NUMBERS = itertools.count(1)


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
    (weighed, lambda z, y: (z[:, None] * y + z.exp()).mean(), "when the rows of `y` alone come in the opposite order"),
    (weighed, loop_that_overwrites, "what the last example alone gives. Does each round of a loop overwrite"),
    (weighed, loop_that_leaves, "what the first example alone gives. Is there a `return` inside a loop?"),
    (weighed, lambda z, y: loop_that_overwrites(z, y) / len(z), "the last example alone gives, divided by the number"),
    (weighed, lambda z, y: weighed.right_answer(z[:-1], y[:-1]), "all examples but the last give. `range(n)`"),
    (weighed, lambda z, y: (z * y + z.exp())[1:].sum() / len(z), "but the first give, divided by the number of all."),
    (weighed, lambda z, y: (z * y + z.exp()).mean() + torch.rand(()), "another one with other random numbers"),
    (weighed, lambda z, y: (z * y + z.exp()).mean() + next(NUMBERS), "another one each time it runs"),
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
    assert not any(words in said for words in ("stays the same", "change places", "example", "another one"))


@exercise(probes=SCORES)
def noisy(z, y):
    return z + torch.rand(len(z))


def test_who_draws_where_the_solution_draws_is_not_told_of_it():
    assert "another one" not in noisy.check(lambda z, y: z + 2 * torch.rand(len(z))).text


def test_an_answer_that_takes_long_is_not_run_again():
    import time
    feedback = weighed.check(lambda z, y: time.sleep(0.6) or torch.tensor(3.5))
    assert "stays the same" not in feedback.text


# ---- one trial at a time, without a check around it -----------------------------------------------------------------

ROWS = torch.tensor([[1.5, 2.5], [-0.5, 4.0], [3.5, 1.0]])


def seen(solution, answer, *inputs, of_results=True):
    def runs(function):
        return lambda make: [Outcome(function(*args)) for args in make()]

    def make():
        return copy.deepcopy(list(inputs))

    return Trials(runs(answer)(make), runs(solution)(make), list(inspect.signature(solution).parameters), make(), make,
                  runs(answer), runs(solution), runs(answer), runs(solution)).sentence(of_results)


def four(a, b, c, d):
    return a + 2 * b + 3 * c + 5 * d


def five(a, b, c, d, e):
    return four(a, b, c, d) + 7 * e


@pytest.mark.parametrize(("solution", "answer", "numbers", "said"), [
    (four, lambda a, b, c, d: four(b, c, a, d), (0.3, 1.1, 2.6, 4.0), "in another order; they come as `(a, b, c, d)`."),
    (four, lambda a, b, c, d: four(d, b, c, a), (0.3, 1.1, 2, 4), "when `a` and `d` change places. Are they"),
    (five, lambda a, b, c, d, e: five(a, e, c, d, b), (0.3, 1.1, 2.6, 4.0, 5), "`b` and `e` change places"),
    (five, lambda a, b, c, d, e: five(b, c, a, d, e), (0.3, 1.1, 2.6, 4.0, 5), ""),         # 120 orders are not tried
    (lambda a, b: a * 2.0 - len(b), lambda a, b: a * 2.0 + 1, (0.3, "text"), ""),           # a text is not changed
    (lambda a, on: a * 2.0 - on, lambda a, on: a * 2.0 + 1, (0.3, True), ""),
    (lambda a, n: a * 2.0 - n, lambda a, n: a * 2.0 + 1, (0.3, 4), "stays the same when `n` changes"),
    (lambda a, n: a * 2.0 - n // 9, lambda a, n: a * 2.0 + 1, (0.3, 4), ""),                # ours does not notice
])
def test_numbers_in_another_order_and_what_cannot_be_changed(solution, answer, numbers, said):
    doubled = tuple(2 * number if type(number) is float else number for number in numbers)
    found = seen(solution, answer, doubled, numbers)
    assert said in found and bool(said) == bool(found)


def one_row(X):
    return X[:1].sum()


@pytest.mark.parametrize(("answer", "inputs", "said"), [
    (one_row, [(ROWS,), (ROWS[1:] * 2,)], "what the first example alone gives. Is there a `return` inside a loop?"),
    (lambda X: X[-1].sum(), [(ROWS,), (ROWS[:2] * 2,)], "what the last example alone gives. Does each round"),
    (lambda X: X[0].sum() / len(X), [(ROWS,), (ROWS[1:] * 2,)], "the first example alone gives, divided by the number"),
    (lambda X: X[0].sum().item() / len(X), [(ROWS,), (ROWS[1:],)], "the first example alone gives, divided by the nu"),
    (one_row, [(ROWS,), (ROWS[:1] * 2,)], ""),                                              # a probe of one example
    (one_row, [(ROWS,), (ROWS[:2],)], ""),                                                  # the same value twice
])
def test_one_example_alone_needs_several_examples_and_values(answer, inputs, said):
    def total(X):
        return X.sum().item() if type(answer(ROWS)) is float else X.sum()

    found = seen(total, answer, *inputs)
    assert said in found and bool(said) == bool(found)
    assert "example" not in seen(total, answer, *inputs, of_results=False)


def test_what_goes_with_the_rows_is_cut_with_them_and_an_update_has_no_examples():
    def total(X, y, scale):
        return (X.sum(1) * y).sum() * scale.sum()

    inputs = [(ROWS, ROWS[:, 0], torch.tensor([2.0, 1.0])), (ROWS[1:] * 2, ROWS[1:, 1], torch.tensor([2.0, 1.0, 1.0]))]
    last = seen(total, lambda X, y, scale: X[-1].sum() * y[-1] * scale.sum(), *inputs)
    assert "the last example alone gives." in last
    exchanged = [(ROWS[:, 0], ROWS[:, 1])]
    assert "change places" in seen(lambda a, b: (a - b).exp(), lambda a, b: (b - a).exp(), *exchanged)
    assert seen(lambda a, b: (a - b).exp(), lambda a, b: (b - a).exp(), *exchanged, of_results=False) == ""


LABELS, ONES, FLAGS = torch.tensor([2, 0, 1]), torch.ones(3), torch.tensor([True, False, True])


@pytest.mark.parametrize(("solution", "answer", "args", "said"), [
    (lambda X, y: X.sum(1) * y, lambda X, y: X.sum(1), (ROWS, LABELS), "stays the same when `y` changes. Is `y` used"),
    (lambda X, y: X.sum(1) * y, lambda X, y: X.sum(1) * y[0], (ROWS, LABELS), ""),          # uses one of the labels
    (lambda X, y: X.sum(1) * y, lambda X, y: X.sum(1) * 3, (ROWS, ONES), ""),               # nothing to change
    (lambda X, y: X.sum(1) * y, lambda X, y: X.sum(1) * 3, (ROWS, FLAGS), ""),
    (lambda X, y: X.sum(1) * y, lambda X, y: X.sum(1) * 3, (ROWS, ROWS[:, 1]), "stays the same when `y` changes"),
    (lambda X, y: X.sum(1) * y, lambda X, y: X.sum(1) * y.amax(), (ROWS, ROWS[:, 1]), "when the rows of `y` alone"),
    (lambda X, y: X.sum(1) * y, lambda X, y: X.sum(1) * y[0], (ROWS, ROWS[:, 1]), ""),
    (lambda X, y: X.sum(), lambda X, y: X.sum() + 1.5, (ROWS, LABELS), ""),                 # neither does ours
    (lambda X, b: (X + b).argmax(1), lambda X, b: X.argmin(1), (ROWS, torch.tensor([2.0, 1.2])), "when `b` changes"),
    (lambda p: torch.tensor(p).log(), lambda p: torch.tensor(0.7), (0.3,), "stays the same when `p` changes"),
])
def test_what_an_answer_does_not_use_or_does_not_pair(solution, answer, args, said):
    found = seen(solution, answer, args)
    assert said in found and bool(said) == bool(found), found


def test_when_the_time_is_up_no_further_argument_is_tried(monkeypatch):
    solution, answer, args = lambda a, b: a - b, lambda a, b: a * 1.5, (0.3, 4.2)
    assert "when `b` changes" in seen(solution, answer, args)
    monkeypatch.setattr(trials, "MOST_SECONDS", -1.0)
    assert seen(solution, answer, args) == "" and "when `a` changes" in seen(solution, lambda a, b: b / 3, args)


def test_a_stopped_answer_and_no_probe_are_not_tried():
    stopped = Outcome(raised=Raised(("ValueError",), "", "", ""))
    for got, inputs in (([stopped], [(ROWS,)]), ([], [])):
        assert Trials(got, got, ["X"], inputs, lambda: 1 / 0, *[lambda make: 1 / 0] * 4).sentence() == ""
