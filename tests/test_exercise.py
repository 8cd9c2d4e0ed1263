"""The engine, on toy exercises: what it accepts, what it recognises, what it says, and that nothing takes it down."""

import functools
import math
import os
import random
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from course_utils.checker import Choice, CodeExercise, Mistake, Number, Order, Prediction, Right, Wrong, exercise
from course_utils.checker.base import FIRST_LINE
from course_utils.checker.compare import describe
from course_utils.checker.snapshot import snapshot
from course_utils.plotting import contrast

SCORES = torch.tensor([[2.0, 1.0, 0.1], [0.5, -1.0, 3.0]])


def softmax_exercise(**settings):
    @exercise(**{"probes": [(SCORES,), (SCORES[:1] * 3,)], "hints": ["Raise e to each score.", "Divide by the sum."],
                 "axes": ("images", "classes"), "explanation": "Rows sum to 1.", **settings})
    def softmax(logits):
        """Each row of scores becomes probabilities."""
        return (logits - logits.logsumexp(dim=1, keepdim=True)).exp()

    @softmax.mistake("Your columns sum to 1, the rows do not: classes live in dim=1.", id="M32")
    def _(logits):
        return torch.softmax(logits, dim=0)

    @softmax.mistake("These are logarithms.", id="M33")
    def _(logits):
        return torch.log_softmax(logits, dim=1)

    @softmax.mistake("A tensor has no e.")
    def _(logits):
        return logits.e ** 2

    return softmax


@pytest.fixture(scope="module")
def softmax():
    return softmax_exercise()


# ---- what is accepted -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("answer", [
    lambda z: torch.softmax(z, 1),
    lambda z: torch.softmax(z.double(), 1),
    lambda z: (z.exp() / z.exp().sum(1, keepdim=True)).requires_grad_(),
    lambda z: torch.softmax(z, 1).numpy(),
    lambda z: torch.softmax(z, 1).tolist(),
    lambda scores, dim=1: nn.Softmax(dim)(scores),
    nn.Softmax(1),
])
def test_other_ways_to_the_right_answer(softmax, answer):
    feedback = softmax.check(answer)
    assert feedback.status == "right" and str(feedback).startswith("✓ Right. Rows sum to 1."), feedback


@pytest.mark.parametrize(("solution", "answer", "status"), [
    (0.25, torch.tensor(0.25), "right"), (0.25, np.float32(0.25), "right"), (torch.tensor(0.25), 0.25, "right"),
    (3, 3.0, "right"), (3, torch.tensor(3), "right"), (0.25, torch.tensor([0.25]), "wrong"), (0.25, "0.25", "wrong"),
    (0.25, 0.2501, "wrong"), (float("nan"), float("nan"), "right"), (0.25, float("nan"), "wrong"),
    (float("inf"), float("inf"), "right"), (float("inf"), -float("inf"), "wrong"), (2**60, 2**60 + 1, "wrong"),
    (10**400, 10**400, "right"), ("rows", " rows ", "right"), ("rows", "columns", "wrong"),
    ((1.0, torch.ones(2)), [1.0, np.ones(2)], "right"), ((1.0, 2.0), (1.0,), "wrong"),
    ((1.0, 2.0), (1.0, 2.5), "wrong"),
    ([1.0, 2.0], torch.tensor([1.0, 2.0]), "right"),
    ({"w": 1.0, "b": 2.0}, {"b": 2.0, "w": 1.0}, "right"),
    ({"w": 1.0}, {"v": 1.0}, "wrong"), ({1, 2}, {2, 1}, "right"),
    (torch.tensor([1, 2]), torch.tensor([1.0, 2.0]), "right"),
    (torch.tensor([True, False]), torch.tensor([1, 0]), "wrong"),
    (torch.tensor([1, 0]), torch.tensor([True, False]), "right"),
    (torch.zeros(3), torch.full((3,), 1e-9), "right"), (torch.full((3,), 1e-3), torch.zeros(3), "wrong"),
    (torch.ones(3, dtype=torch.float64), torch.full((3,), 1 + 1e-5, dtype=torch.float64), "wrong"),
    (torch.ones(2, 3), torch.ones(2, 3).to_sparse(), "right"),
    (torch.ones(3), torch.ones(3, dtype=torch.bfloat16), "right"),
    (torch.Size([2, 3]), (2, 3), "right"), (torch.float32, torch.float32, "right"), (1 + 2j, 1 + 2j, "right"),
    (torch.ones(2), None, "wrong"), (torch.ones(2), [1.0, ...], "not yet"), ({"w": 1.0}, {"w": ...}, "not yet"),
])
def test_values_are_compared_leniently_in_form_and_strictly_in_value(solution, answer, status):
    @exercise(probes=[(1,)])
    def toy(x):
        return solution

    feedback = toy.check(lambda x: answer)
    assert feedback.status == status, feedback


def test_the_dtype_counts_only_where_it_is_the_point():
    def labels(y):
        return y.long()
    for exact, status in ((False, "right"), (True, "wrong")):
        toy = exercise(probes=[(torch.tensor([0.0, 2.0]),)], exact_dtype=exact)(labels)
        assert toy.check(lambda y: y).status == status
    assert "float32; int64 is needed. Use `.long()`" in toy.check(lambda y: y).text.replace("\n", " ")


def test_a_tolerance_of_its_own_does_not_widen_the_mistakes():
    @exercise(probes=[(1.0,)], rtol=0.1)
    def toy(x):
        return x

    toy.mistake("You doubled.", id="M19")(lambda x: 2 * x)
    assert toy.check(lambda x: 1.05 * x).status == "right"
    assert toy.check(lambda x: 2 * x).mistake == "M19"
    assert toy.check(lambda x: 2.1 * x).mistake is None


# ---- what is recognised ---------------------------------------------------------------------------------------------

def test_a_mistake_is_recognised_by_its_values(softmax):
    feedback = softmax.check(lambda z: z.exp() / z.exp().sum(0))
    assert (feedback.status, feedback.mistake) == ("wrong", "M32")
    assert str(feedback).split("\n")[0] == \
        "✗ Not yet right. Your columns sum to 1, the rows do not: classes live in dim=1."
    assert "your value at [0, 0] is `0.8176`; `0.659` is needed" in feedback.text


def test_a_mistake_is_recognised_by_what_it_raises(softmax):
    assert softmax.check(lambda z: z.e / 2).message == "A tensor has no e."
    assert softmax.check(lambda z: z.f / 2).message != "A tensor has no e."


def test_a_mistake_must_fit_every_probe(softmax):
    feedback = softmax.check(lambda z: torch.softmax(z, 0 if len(z) > 1 else 1))
    assert feedback.mistake is None and "`0.659` is needed" in feedback.text


def test_two_mistakes_that_coincide_are_not_told_apart():
    toy = softmax_exercise()
    toy.mistake("Another idea with the same values.", id="M01")(lambda z: torch.softmax(z, 0))
    feedback = toy.check(lambda z: torch.softmax(z, 0))
    assert feedback.status == "wrong" and feedback.mistake is None
    assert "Your value at [0, 0] is `0.8176`; `0.659` is needed." in feedback.text


def test_what_an_update_did_is_observed():
    def probes():
        model = nn.Linear(3, 2)
        model(torch.ones(1, 3)).sum().backward()                # a stale gradient, which has to be cleared
        return [(model, torch.optim.SGD(model.parameters(), lr=0.5), torch.randn(4, 3), torch.tensor([0, 1, 1, 0]))]

    @exercise(probes=probes, compare_by=lambda result, model, *rest: model.weight)
    def step(model, optimizer, X, y):
        optimizer.zero_grad()
        F.cross_entropy(model(X), y).backward()
        optimizer.step()

    @step.mistake("backward() adds; zero the gradients each step.", id="M07")
    def _(model, optimizer, X, y):
        F.cross_entropy(model(X), y).backward()
        optimizer.step()

    @step.mistake("You erased the gradient before using it.", id="M08")
    def _(model, optimizer, X, y):
        F.cross_entropy(model(X), y).backward()
        optimizer.zero_grad()
        optimizer.step()

    def by_hand(model, optimizer, X, y):
        loss = F.cross_entropy(model(X), y)
        for p, g in zip(model.parameters(), torch.autograd.grad(loss, list(model.parameters())), strict=True):
            p.data -= 0.5 * g

    assert step.check(by_hand).status == "right"
    assert [step.check(mistake.answer).mistake for mistake in step.mistakes] == ["M07", "M08"]
    assert [step.check(stub).status for stub in (lambda *a: ..., lambda *a: None)] == ["not yet"] * 2
    half_done = step.check(lambda model, optimizer, X, y: optimizer.zero_grad() or ...)
    assert half_done.status == "not yet", "an update that ends in `return ...` is not finished"
    leaf = step.check(lambda model, optimizer, X, y: model.weight.sub_(1.0))
    assert "`with torch.no_grad():`" in leaf.text


def test_a_class_can_be_the_solution():
    X = torch.arange(12.0).reshape(4, 3)

    @exercise(probes=[(3, 2)], compare_by=lambda model, *sizes: model(X))
    class Scores(nn.Module):
        """A linear score for each class."""

        def __init__(self, n_features, n_classes):
            super().__init__()
            self.linear = nn.Linear(n_features, n_classes)

        def forward(self, X):
            return self.linear(X)

    assert Scores.check(nn.Linear).status == "right"
    assert Scores.check(lambda n, k: nn.Linear(n, k + 1)).status == "wrong"
    assert "shape (4, 3); (4, 2) is needed" in Scores.check(lambda n, k: nn.Linear(n, k + 1)).text
    assert Scores.solution_source.startswith("class Scores(nn.Module):")


# ---- what is said ---------------------------------------------------------------------------------------------------

def forever(z):
    while True:
        pass


def endless(z):
    return endless(z)


def in_place(z):
    z -= z.max(1, keepdim=True).values
    return torch.softmax(z, 1)


def misspelt(z):
    return sofmax(z)                                    # noqa: F821


def printed(z):
    print(torch.softmax(z, 1))


def with_yield(z):
    yield torch.softmax(z, 1)


def without_negatives(z):
    return max(z, 0)


class WithoutSelf:
    def scores(z):                                      # noqa: N805
        return z


class NotSetUp(nn.Module):
    def __init__(self):
        self.linear = nn.Linear(2, 3)


def in_one_case(z):
    if torch.equal(z, SCORES):
        return torch.softmax(z, 1)


def without_brackets(z):
    with torch.no_grad:
        return z


def unpacked(z):
    first, second, third = z
    return first


def unbound(z):
    total = total + z                                   # noqa: F821, F841
    return total


@pytest.mark.parametrize(("answer", "status", "said"), [
    (..., "not yet", "`softmax` is still `...`. Nothing is wrong yet: replace the three dots with your code"),
    (lambda z: ..., "not yet", "is still `...`"),
    (lambda z: z * ..., "not yet", "A part of `softmax` is still `...`"),
    (lambda z: None, "not yet", "is still `...`"),
    (lambda z: setattr(torch.softmax(z, 1), "name", 1), "wrong", "gave back None. It computes a result but does not"),
    (printed, "wrong", "prints something and gives back None"),
    (lambda z: z.requires_grad_().sum().backward(), "wrong", "what stands after `return` is None. `backward()` and"),
    (in_one_case, "wrong", "In one case your function gives back None. Each case needs its `return`."),
    (lambda z: nn.Softmax(dim=1), "wrong", "is a layer or a model, `Softmax`, and not what it gives"),
    (without_negatives, "wrong", "Python's own `max` compares two single values, not entry by entry."),
    (lambda z: torch.maximum(z, 0), "wrong", "With a number: `.clamp(min=0)`"),
    (lambda z: math.exp(z), "wrong", "`math.exp` works on a single number. For a whole tensor: `torch.exp`."),
    (lambda z: nn.MSELoss(z, z), "wrong", "`MSELoss` is a class: make a loss of it first"),
    (lambda z: F.cross_entropy(torch.tensor([0, 1]), z), "wrong", "takes the scores first, then the labels"),
    (lambda z: z[0] @ torch.arange(3), "wrong", "One of the two holds decimals, the other whole numbers"),
    (lambda z: z ^ 2, "wrong", "`^` is not a power in Python"),
    (lambda z: z & z, "wrong", "combine True and False"),
    (lambda z: (z > 0).mean(), "wrong", "Make them 1.0 and 0.0 first"),
    (lambda z: nn.Linear(3, 2)(z.double()), "wrong", "float64 meets float32"),
    (lambda z: z.sum().item().backward(), "wrong", "how it was computed is forgotten"),
    (lambda z: list(nn.Linear(2, 3).parameters), "wrong", "parentheses are missing, as in `model.parameters()`"),
    (lambda z: NotSetUp(), "wrong", "begin `__init__` with `super().__init__()`"),
    (without_brackets, "wrong", "needs its parentheses, as in `with torch.no_grad():`"),
    (unpacked, "wrong", "another number of values than there are names on the left"),
    (lambda z: np.mean(z, axis=0), "wrong", "PyTorch's own: `X.mean(dim=0)`"),
    (lambda z: F.binary_cross_entropy_with_logits(z, z[0]), "wrong", "Targets of shape (3) meet predictions of shape"),
    (with_yield, "wrong", "is a generator, which has computed nothing yet"),
    (lambda z: torch.softmax, "wrong", "is a function; is a pair of parentheses missing"),
    (torch.softmax(SCORES, 1), "not yet", "Give its name without calling it: `exercises.softmax.check(softmax)`"),
    (None, "not yet", "The check got None, perhaps the result of a call"),
    ("softmax", "not yet", "Give the function itself, without quotes"),
    (nn.Softmax, "not yet", "A function is needed and this is a class"),
    (lambda: 0, "not yet", "Your function takes `()`; it is called with `(logits)`"),
    (lambda z, dim: 0, "not yet", "Your function takes `(z, dim)`; it is called with `(logits)`"),
    (misspelt, "wrong", "does not know `sofmax`. Did you mean `softmax`?"),
    (unbound, "wrong", "`total` is used before it has a value"),
    (lambda z: torch.softmax(z, 1).T, "wrong",
     "has shape (3, 2); (2, 3) is needed: 2 images (rows) with 3 classes each"),
    (lambda z: torch.softmax(z, 1)[0], "wrong", "has shape (3,); (2, 3) is needed"),
    (lambda z: z @ z, "wrong", "(2, 3) times (2, 3) does not work: 3 columns meet 2 rows"),
    (lambda z: z + torch.ones(4), "wrong", "A size of 3 meets a size of 4"),
    (lambda z: z.requires_grad_().exp().numpy(), "wrong", "Use `t.detach()`"),
    (lambda z: F.cross_entropy(z, torch.tensor([3, 1])), "wrong", "Found label 3, which the model has no output for"),
    (lambda z: F.cross_entropy(z, torch.tensor([2.0, 1.0])), "wrong", "Use `y.long()`"),
    (lambda z: F.cross_entropy(z, torch.eye(3).long()[:len(z)]), "wrong", "`y.argmax(dim=1)`"),
    (lambda z: F.binary_cross_entropy(z, z), "wrong", "BCELoss wants probabilities"),
    (lambda z: z.sum().backward(), "wrong", "finds no recorded computation"),
    (lambda z: z.requires_grad_().exp().backward(), "wrong", "needs one number to start from"),
    (lambda z: z.long().mean(), "wrong", "needs decimals and got whole numbers"),
    (lambda z: z[5], "wrong", "Positions count from 0"),
    (lambda z: z[0, 0, 0], "wrong", "more indices in the brackets than the tensor has dimensions"),
    (lambda z: z[torch.tensor([True])], "wrong", "does not fit the tensor's shape"),
    (lambda z: z[z], "wrong", "these are decimals. Use `.long()`"),
    (lambda z: [].pop(), "wrong", "The list is empty"),
    (lambda z: z if z > 0 else max(z, 0), "wrong", "`if` and `and` need one True or False"),
    (lambda z: math.sqrt(2) * float(z), "wrong", "A single number is needed there"),
    (lambda z: WithoutSelf().scores(z), "wrong", "Does `def scores(self, …)` begin with `self`"),
    (lambda z: torch.softmax(z, 1) @ torch.softmax(z, 1).T, "wrong", "has shape (2, 2); (2, 3) is needed"),
    (lambda z: 1 / 0, "wrong", "divides by 0"),
    (lambda z: {}["w"], "wrong", "no entry 'w'"),
    (lambda z: None + 1, "wrong", "Something in that line is None"),
    (lambda z: z.softmaks(1), "wrong", "has nothing called `softmaks`"),
    (lambda z: z.softmax(2), "wrong", "There is no dimension 2 here"),
    (lambda z: z if z > 0 else -z, "wrong", "`if` and `and` need one True or False"),
    (endless, "wrong", "calls itself without end"),
    (lambda z: [0] * 10**12, "wrong", "needs more memory than there is"),
    (lambda z: sys.exit(3), "wrong", "asks Python to quit"),
    (lambda z: os._exit(3), "wrong", "`_exit()` is switched off during a check"),
    (lambda z: os.kill(os.getpid(), signal.SIGKILL), "wrong", "`kill()` is switched off"),
    (lambda z: os.abort(), "wrong", "`abort()` is switched off"),
    (lambda z: exit(), "wrong", "`exit()` is switched off"),
    (lambda z: input("?"), "wrong", "`input()` is switched off"),
    (lambda z: z * float("nan"), "wrong", "A nan comes from 0/0"),
    (lambda z: 1.1 * torch.softmax(z, 1), "wrong", "Your value at [0, 0] is `0.7249`; `0.659` is needed."),
])
def test_an_accident_is_told_in_plain_words(softmax, answer, status, said):
    feedback = softmax.check(answer)
    assert feedback.status == status and said in feedback.text.replace("\n", " "), feedback
    assert len(str(feedback).split("\n")[0]) <= FIRST_LINE
    assert str(feedback).startswith({"not yet": "… Not yet.", "wrong": "✗ Not yet right."}[status])


def test_return_none_is_an_answer_and_a_body_of_dots_is_none(softmax):
    def nothing(logits):
        return None

    def dots(logits):
        ...

    assert "still `...`" not in softmax.check(nothing).text
    assert "still `...`" in softmax.check(dots).text


def test_memory_of_a_tensor_is_told_with_its_size(softmax):
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux lets us set a limit below the machine's")
    resource = pytest.importorskip("resource")
    assert "This needs 400.0 GB" in softmax.check(lambda z: torch.empty(10**11)).text
    usual, seen = resource.getrlimit(resource.RLIMIT_AS), []
    softmax.check(lambda z: seen.append(resource.getrlimit(resource.RLIMIT_AS)[0]))
    if not torch.cuda.is_available():
        assert 2**30 < seen[0] < 2**40, "no limit, or one that nothing fits under"
    assert resource.getrlimit(resource.RLIMIT_AS) == usual


def test_all_with_all_is_told_from_the_shape_and_from_the_warning():
    predictions, targets = torch.arange(5.0)[:, None], torch.tensor([0.0, 1.0, 2.0, 3.0, 5.0])

    @exercise(probes=[(predictions, targets)])
    def errors(pred, y):
        return (pred.squeeze(1) - y) ** 2

    @exercise(probes=[(predictions, targets)])
    def mse(pred, y):
        return F.mse_loss(pred.squeeze(1), y)

    said = errors.check(lambda pred, y: (pred - y) ** 2).text
    assert "combined all with all give that (5 x 5): use `.squeeze(1)`" in said
    assert "Predictions (5, 1) and targets (5,) would be compared all with all." in mse.check(F.mse_loss).text


def test_a_hidden_builtin_is_named(softmax):
    code = "def shadowed(z):\n    return sum(z)\n"
    namespace = {"sum": 3}
    exec(compile(code, "cell", "exec"), namespace)      # a notebook's cell, in a namespace of its own
    assert "`sum` is now one of your variables" in softmax.check(namespace["shadowed"]).text


def test_the_traceback_is_one_call_away(softmax):
    feedback = softmax.check(misspelt)
    assert ".explain()" in feedback.text and "return sofmax(z)" in feedback.text
    assert "Traceback" not in feedback.text and "Traceback" in repr(feedback.explain())
    assert "sandbox.py" not in repr(feedback.explain())
    assert "no complaint" in repr(softmax.check(lambda z: z).explain())


def test_a_changed_input_is_mentioned_and_not_judged(softmax):
    scores = SCORES.clone()
    feedback = softmax.check(in_place)
    assert feedback.status == "right" and "changes its input `logits` in place" in feedback.text
    assert torch.equal(SCORES, scores)
    silent = softmax_exercise()                             # one that has met no mistake, of which a right answer tells
    assert silent.check(silent.right_answer).text.count("\n") == 0


def test_prints_and_warnings_are_shown(softmax, capsys):
    def chatty(z):
        print("shape", tuple(z.shape))
        warnings.warn("mind the gap", stacklevel=1)
        return torch.softmax(z, 1)

    feedback = softmax.check(chatty)
    assert feedback.status == "right"
    assert "Your function printed: `shape (2, 3)`" in feedback.text and "also warned: `mind the gap`" in feedback.text
    assert capsys.readouterr().out == ""


def test_a_described_probe_is_named_in_the_feedback():
    @exercise(probes={"the score −200 and damage": (torch.tensor([-200.0]), torch.tensor([1.0])), "a sure miss": (
        torch.tensor([30.0]), torch.tensor([0.0]))})
    def log_loss(z, y):
        return F.binary_cross_entropy_with_logits(z, y)

    feedback = log_loss.check(lambda z, y: -(y * z.sigmoid().log() + (1 - y) * (1 - z.sigmoid()).log()).mean())
    assert "Your answer is `inf`; `200.0` is needed." in feedback.text
    assert "The input was the score −200 and damage: `z = [-200.0]`, `y = [1.0]`." in feedback.text


def test_both_forms_say_the_same(softmax):
    feedback = softmax.check(lambda z: torch.softmax(z, 0))
    markdown = feedback._repr_markdown_()
    box, folded = markdown.split("<details>", 1)
    assert box.startswith("<div ") and "**✗ Not yet right.** Your columns" in box
    assert re.sub(r"<.*?>|\*\*", "", box).split() == feedback.text.removesuffix(feedback.ask).split()
    assert re.findall("<summary>(.*?)</summary>", markdown) == ["Hint 1", "Hint 2", "An answer, and why it is right"]
    assert "Raise e" in folded and "logsumexp" in folded and "open" not in re.findall("<details.*?>", markdown)[0]
    assert "<details>" not in softmax.check(softmax.right_answer)._repr_markdown_()


def test_the_state_of_an_answer_has_an_edge_of_its_own_colour(softmax):
    answers = {"not yet": ..., "right": softmax.right_answer, "wrong": lambda z: torch.softmax(z, 0)}
    edges = {status: re.search("solid (#\\w+)", softmax.check(answer)._repr_markdown_())[1]
             for status, answer in answers.items()}
    assert len(set(edges.values())) == 3
    for status, colour in edges.items():
        assert contrast(colour) >= 3, status               # WCAG 1.4.11


@pytest.mark.parametrize("kind", [
    Choice("Which?", {"a": Right("this"), "b": Wrong("that", "No.")}),
    Order({"a": "first", "b": "second"}, answer="ba", question="Which order?"), Number("How many?", 3),
    Prediction("How long?", 0, 9, 4),
])
def test_an_open_answer_shows_the_question(kind):
    for dots in (..., "…", "...", " … "):
        feedback = kind.check(dots)
        assert feedback.status == "not yet" and "Nothing is wrong yet" in feedback.text
        for form in (repr(feedback), feedback._repr_markdown_()):
            assert form.startswith(repr(kind)), "question and options come first"
    assert kind.check(kind.right_answer)._repr_markdown_().startswith(repr(kind))
    assert repr(kind.check(kind.right_answer)).startswith("✓")


def test_what_is_built_on_an_answer_runs_with_ours_until_it_is_right(softmax, capsys):
    def by_hand(logits):
        return logits.exp() / logits.exp().sum(dim=1, keepdim=True)

    def stub(logits):
        return ...

    def broken(logits):
        return logits.no_such_thing

    assert softmax.yours_or_ours(by_hand) is by_hand and capsys.readouterr().out == "`softmax`: yours\n"
    for answer in (stub, broken, torch.sigmoid, ...):
        assert softmax.yours_or_ours(answer) is softmax.right_answer
        assert capsys.readouterr().out == "`softmax`: ours, until yours is right\n"


def test_hints_and_solution(softmax):
    assert repr(softmax.hint()).startswith("Hint 1 of 2: Raise e") and "hint(2)" in repr(softmax.hint())
    assert repr(softmax.hint(2)).startswith("Hint 2 of 2, the last one:")
    assert repr(softmax.hint(9)) == repr(softmax.hint(2))
    for odd in (0, -1, "two", None, 1.5):
        assert repr(softmax.hint(odd)) == repr(softmax.hint(1))
    source = textwrap.dedent('''\
        def softmax(logits):
            """Each row of scores becomes probabilities."""
            return (logits - logits.logsumexp(dim=1, keepdim=True)).exp()''')
    assert softmax.solution_source == source
    assert softmax.solution()._repr_markdown_() == f"```python\n{source}\n```\n\nRows sum to 1."
    assert repr(softmax.solution()) == f"{source}\n\nRows sum to 1."


def test_our_own_failure_is_our_fault():
    @exercise(probes=[(1,)])
    def broken(x):
        raise ValueError("no such luck")

    def no_probes():
        raise OSError("gone")

    for toy, said in ((broken, "ValueError: no such luck"), (exercise(probes=no_probes)(lambda x: x), "OSError")):
        feedback = toy.check(lambda x: x)
        assert feedback.status == "not yet" and "Our fault; your answer was not judged." in feedback.text
        assert "report this line" in feedback.text and said in feedback.text


# ---- nothing takes it down ------------------------------------------------------------------------------------------

def stubborn(z):
    """Computes for four seconds and lets nothing end it."""
    end = time.monotonic() + 4
    while time.monotonic() < end:
        try:
            while time.monotonic() < end:
                pass
        except BaseException:                           # noqa: S112
            continue


@pytest.mark.parametrize(("answer", "still"), [(forever, False), (stubborn, True), ("asleep", True)])
def test_a_loop_is_stopped_and_a_feedback_comes_back_anyway(answer, still):
    toy, morning, woken = softmax_exercise(seconds=0.3), threading.Event(), []
    toy.outcomes()
    feedback = toy.check((lambda z: woken.append(morning.wait(60))) if answer == "asleep" else answer)
    assert not woken                        # the check came back while the sleeper slept, however slow the machine is
    morning.set()
    assert feedback.text.split("\n")[0] == "✗ Not yet right. Your code did not finish in 0.3 seconds, so we stopped it."
    assert ("still runs" in feedback.text) == still


def test_global_state_is_put_back(softmax):
    def vandal(z):
        torch.set_default_dtype(torch.float64)
        torch.manual_seed(99)
        torch.set_num_threads(torch.get_num_threads() + 1)
        torch.set_grad_enabled(False)
        torch.autograd.set_detect_anomaly(True)
        np.random.seed(99)
        np.seterr(all="raise")
        random.seed(99)
        warnings.simplefilter("ignore")
        sys.setrecursionlimit(5_000)
        sys.stdout = sys.stderr = sys.stdin = None
        os.chdir("/")
        threading.stack_size(2**20)
        return torch.softmax(z, 1)

    def state():
        return (torch.get_default_dtype(), torch.get_num_threads(), torch.is_grad_enabled(), np.geterr(),
                warnings.filters[:],
                sys.getrecursionlimit(), sys.stdout, sys.stdin, os.getcwd(), threading.stack_size(), os._exit, os.kill,
                torch.is_anomaly_enabled(), random.getstate(), torch.initial_seed(), np.random.get_state()[1].tolist(),
                torch.get_rng_state().tolist(), signal.getsignal(signal.SIGINT))

    before = state()
    assert softmax.check(vandal).status == "right"
    assert state() == before


def test_the_learners_own_settings_do_not_change_the_judgement(softmax):
    torch.set_default_dtype(torch.float64)
    try:
        with torch.no_grad():
            assert softmax_exercise().check(lambda z: torch.softmax(z.requires_grad_(), 1)).status == "right"
        assert torch.get_default_dtype() == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)


def test_random_numbers_are_the_same_for_both():
    @exercise(probes=[(5,), (7,)])
    def noise(n):
        return torch.randn(n), np.random.rand(), random.random()

    assert noise.check(lambda n: (torch.randn(n), np.random.rand(), random.random())).status == "right"
    thrifty = noise.check(lambda n: (torch.randn(n), np.random.rand(), random.random(), torch.rand(3))[:3])
    assert thrifty.status == "right", "a number drawn too many for one probe shifts the next one"


def test_an_exit_is_caught_in_a_process_of_its_own():
    """The one test that would end pytest itself if it failed here."""
    script = """
        import os, signal, sys
        from course_utils.checker import exercise
        @exercise(probes=[(1,)])
        def toy(x):
            return x
        for end in (lambda x: os._exit(7), lambda x: os.abort(), lambda x: os.kill(os.getpid(), 9),
                    lambda x: sys.exit(7),
                    lambda x: quit(), lambda x: signal.raise_signal(9), lambda x: os.fork(),
                    lambda x: os.execv("/x", ["x"])):
            assert toy.check(end).status == "wrong"
        sys.setrecursionlimit(10**6)
        def deep(x):
            sys.setrecursionlimit(10**9)
            return max(map(deep, [x]))
        assert "without end" in toy.check(deep).text
        print("alive")
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "alive", done.stderr


def test_the_notebooks_own_exit_is_switched_off_and_on_again(softmax, monkeypatch):
    class Shell:
        def __init__(self):
            self.exits = 0

        def ask_exit(self):
            self.exits += 1

    shell = Shell()
    monkeypatch.setattr("builtins.get_ipython", lambda: shell, raising=False)
    assert "switched off" in softmax.check(lambda z: shell.ask_exit()).text and shell.exits == 0
    shell.ask_exit()
    assert shell.exits == 1 and vars(shell) == {"exits": 1}


def test_an_interrupt_ends_the_check_and_nothing_else(softmax):
    if sys.platform == "win32":
        pytest.skip("Windows delivers the interrupt after the wait")
    threading.Timer(0.3, lambda: signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)).start()
    kill = signal.pthread_kill

    def waits(z):
        signal.pthread_kill = kill                      # the stop button's own way in
        time.sleep(0.1)
        forever(z)

    feedback = softmax.check(waits)
    assert feedback.status == "not yet" and "You pressed stop" in feedback.text
    running = [frame.f_code for frame in sys._current_frames().values()]
    assert forever.__code__ not in running, "the loop goes on, and takes a core from everything that comes after"


class Awkward:
    """Refuses everything that an object can be asked."""

    def _refuse(self, *args, **kwargs):
        raise ZeroDivisionError("asked")

    __eq__ = __ne__ = __lt__ = __bool__ = __len__ = __iter__ = __hash__ = __add__ = __repr__ = __str__ = _refuse
    __int__ = __float__ = __complex__ = __index__ = __array__ = __getattr__ = __deepcopy__ = __reduce_ex__ = _refuse
    __format__ = _refuse

    @property
    def __class__(self):
        raise ZeroDivisionError("asked for its class")


class Loops(Awkward):
    def _loop(self, *args, **kwargs):
        while True:
            pass
    __eq__ = __bool__ = __repr__ = __str__ = __len__ = __float__ = __array__ = _loop


class LoopingKind(type):
    __eq__ = Loops._loop
    __hash__ = type.__hash__


class OfLoopingKind(metaclass=LoopingKind):
    pass


class AwkwardFloat(float):
    __float__ = __eq__ = __repr__ = __abs__ = __sub__ = Awkward._refuse


class AwkwardText(str):
    __str__ = __eq__ = __repr__ = __len__ = strip = lower = Awkward._refuse
    __hash__ = str.__hash__


class AwkwardList(list):
    __iter__ = __len__ = __getitem__ = __eq__ = __repr__ = Awkward._refuse


class AwkwardTensor(torch.Tensor):
    @classmethod
    def __torch_function__(cls, *args, **kwargs):
        raise ZeroDivisionError("asked")


class AwkwardError(Exception):
    def __str__(self):
        raise ZeroDivisionError("asked")


def raises(problem):
    def answer(*args):
        raise problem
    return answer


def odd_values():
    itself, pandas = [1], pytest.importorskip("pandas")
    itself.append(itself)
    deep = []
    for _ in range(10_000):
        deep = [deep]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")                 # both kinds are about to change
        quantized = torch.quantize_per_tensor(torch.ones(2, 3), 0.1, 0, torch.qint8)
        nested = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])
    return [
        Awkward(), Loops(), OfLoopingKind(), OfLoopingKind, {OfLoopingKind(): 1},
        Awkward, AwkwardFloat(0.25), AwkwardText("b"), AwkwardList([1, 2]), itself, deep,
        object(), type,
        torch.ones(2, 3).as_subclass(AwkwardTensor), torch.ones(2, 3, device="meta"), torch.ones(2, 3).to_sparse(),
        quantized, torch.ones(2, 3) * 1j, torch.tensor([]),
        nested, torch.ones(2, 3).to(torch.float8_e5m2),
        nn.Linear(3, 2), nn.Linear, torch.Generator(), torch.float32, torch.device("cpu"), torch.Size([2]), torch,
        np.array([None, "a"], dtype=object), np.array(["a"]), np.datetime64("2026-01-01"), np.ma.masked,
        np.float128(0.25)
        if hasattr(np, "float128") else 0, np.zeros(2, dtype=[("a", int)]), np.array(3, dtype=">i4"), np.empty((0, 3)),
        pandas.Series([0.5]), pandas.DataFrame({"a": [1]}), pandas.NA, pandas.NaT, pandas.Series(["a", None]),
        10**5000, -1, True, 1e400, float("nan"), 3 + 4j, b"bytes", "x" * 10_000_000, "", "\0", "`", "<script>",
        "0.62", "b)", "ab",
        [], {}, (), set(), {1: {2: {3: ...}}}, {Awkward: 1}, {(1, 2): 3}, [[1], [2, 3]], range(10**9),
        iter([1]), (x for x in "ab"),
        map(int, "12"), print, len, lambda: 1, lambda *a, **k: Awkward(), lambda *a: Loops(),
        lambda *a: "x" * 10_000_000,
        sys, sys.stdout, memoryview(b"ab"), slice(1), NotImplemented, None, ..., Ellipsis.__class__, warnings,
        frozenset("ab"),
        raises(AwkwardError()), raises(KeyboardInterrupt), raises(SystemExit), raises(GeneratorExit),
        raises(StopIteration),
        raises(MemoryError), raises(Warning("a")), raises(ExceptionGroup("many", [ValueError("a")])),
        raises(AwkwardError),
        [torch.ones(2).to(torch.float8_e5m2), torch.ones(2)], [torch.ones(2, dtype=torch.uint16)] * 2, [1.0, 2j],
    ]


def all_exercises():
    @exercise(probes=[(SCORES,)], hints=["Look."], seconds=0.3)
    def toy(z):
        """Add one."""
        return z + 1

    @exercise(probes=[(2.0,)], hints=["Look."], seconds=0.3, compare_by=lambda result, x: result["loss"] + 1)
    def observed(x):
        return {"loss": x}

    return [toy, observed, choice(), several(), order(), number(), Prediction("How likely?", 0, 1, measured=0.9996)]


def test_what_cannot_be_read_is_named():
    itself = [1]
    itself.append(itself)
    assert describe(snapshot(itself)) == "[1, a list that contains itself]"
    assert describe(snapshot({1, "a"})) == "an object of type set that cannot be read"
    assert describe(snapshot(AwkwardText("b"))) == "'b'" and snapshot(AwkwardFloat(0.25)) == 0.25
    assert describe(snapshot(Awkward())) == "an object of type Awkward"
    assert describe(snapshot(torch.ones(2, device="meta"))).startswith("a tensor on the meta device")
    assert describe(snapshot(range(10**9))) == "a very long or very deep range"


@functools.cache
def every_answer():
    odd = odd_values()
    dice = random.Random(0)
    mixed = [[dice.choice(odd), dice.choice(odd)] for _ in range(15)] + [{"loss": dice.choice(odd)} for _ in range(15)]
    return odd + mixed


@pytest.mark.parametrize("number", range(7))
def test_every_answer_whatsoever_ends_in_a_feedback(number):
    # Not a fixture: pytest shows those when a test fails, and some of these never end when they are shown.
    toy, answers = all_exercises()[number], every_answer()
    functions = [lambda *args, value=value: value for value in answers] if isinstance(toy, CodeExercise) else []
    for answer in answers + functions:
        feedback = toy.check(answer)
        assert feedback.status in ("not yet", "right", "wrong")
        assert "Our fault" not in feedback.text, feedback.text
        lines = feedback.text.split("\n")
        assert len(lines[0]) <= FIRST_LINE and len(feedback.text) < 3_000
        assert feedback._repr_markdown_() and repr(feedback.explain())


# ---- values ---------------------------------------------------------------------------------------------------------

def choice():
    return Choice("Which logit means p = 0.5?", {"a": Wrong("0.5", "A logit is not a probability.", "M01"),
                                                 "b": Right("0", "sigmoid(0) = 1/2."),
                                                 "c": Wrong("1", "That is p = 0.731.")},
                  hints=["Solve sigmoid(z) = 0.5."])


def several():
    return Choice("Which are even?", {"a": Wrong("1", "1 is odd."), "b": Right("2"),
                                      "c": Wrong("3", "3 is odd."), "d": Right("4")}, explanation="Both can be halved.")


def order():
    return Order(steps={"a": "`backward()`", "b": "`step()`", "c": "`zero_grad()`"}, answer="cab", also=("abc",),
                 mistakes=[Mistake("acb", "You erased the gradient before using it.", "M08")],
                 hints=["What fills `.grad`?"])


def number():
    return Number("Which p has logit 0.5?", answer=0.622, tolerance=0.001, hints=["Use sigmoid."],
                  mistakes=[Mistake(0.5, "A logit is not a probability.", "M01")])


@pytest.mark.parametrize(("answer", "status", "said"), [
    ("b", "right", "✓ Right. sigmoid(0) = 1/2."), ("b …", "right", ""), ("…b", "right", ""),
    (" B ", "right", ""), ("B)", "right", ""),
    ("(b)", "right", ""), (["b"], "right", ""),
    ("0", "right", ""), ("a", "wrong", "A logit is not a probability."), ("c", "wrong", "That is p = 0.731."),
    (..., "not yet", "where the dots are"), ("x", "not yet", "Your answer was `'x'`."),
    (2, "not yet", "one letter out of \"a\", \"b\", \"c\", in quotes"),
    ("ab", "not yet", ""),
    ("", "not yet", ""), (None, "not yet", ""),
])
def test_choice(answer, status, said):
    feedback = choice().check(answer)
    assert feedback.status == status and said in feedback.text, feedback
    assert feedback.mistake == ("M01" if answer == "a" else None)


@pytest.mark.parametrize(("answer", "status", "said"), [
    ("bd", "right", "Both can be halved."), ("d, b", "right", ""), (["d", "b"], "right", ""), ("b and d", "right", ""),
    ("b", "wrong", "there is more"), ("abd", "wrong", "1 is odd."), ("xyz", "not yet", "answer with letters"),
])
def test_several_choices(answer, status, said):
    feedback = several().check(answer)
    assert feedback.status == status and said in feedback.text, feedback


@pytest.mark.parametrize(("answer", "status", "said"), [
    ("cab", "right", ""), ("c, a, b", "right", ""), ("C A B", "right", ""), (["c", "a", "b"], "right", ""),
    ("c→a→b", "right", ""),
    ("abc", "right", ""), ("acb", "wrong", "You erased the gradient"),
    ("cba", "wrong", "starts well with `c`; after that, another"),
    ("bca", "wrong", "Another one comes before `b`."), ("ca", "not yet", "`b` is missing"),
    ("caa", "not yet", "`a` is there more than once and `b` is missing"),
    ("cabd", "not yet", "the letters `a`, `b`, `c` in your order, in quotes"),
    (3, "not yet", "Your answer was `3`."), (..., "not yet", "where the dots are"),
])
def test_order(answer, status, said):
    feedback = order().check(answer)
    assert feedback.status == status and said in feedback.text, feedback


@pytest.mark.parametrize(("answer", "status", "said"), [
    (0.622, "right", ""), (torch.tensor(0.6225), "right", ""), (np.float32(0.6221), "right", ""),
    (torch.tensor([0.622]), "right", ""),
    (0.5, "wrong", "A logit is not a probability."),
    (0.6235, "wrong", "that is close.\nIf it is rounded, give more digits"),
    (0.1, "wrong", "a larger number"), (0.9, "wrong", "a smaller number"),
    (62.2, "wrong", "if that is in percent, give it as a share"), (-0.622, "wrong", "the sign is not"),
    (float("inf"), "wrong", "finite"),
    (float("nan"), "not yet", "not a number"), ("0.62", "not yet", "Give it without quotes."),
    ("1/(1+2)", "not yet", "Give it without quotes."), ("62 %", "not yet", "Give the number alone"),
    ("0,62", "not yet", "with a point for decimals"), ("1,000", "not yet", "nothing between thousands"),
    ("many", "not yet", "Replace it"),
    (True, "not yet", "A number is needed"), (None, "not yet", ""), ([0.622], "right", ""),
    ([0.6, 0.4], "not yet", "One number is needed"),
    (torch.ones(3), "not yet", ""), (1j, "not yet", ""), (..., "not yet", "where the dots are"),
    (lambda: 0.6, "not yet", "a function"),
])
def test_number(answer, status, said):
    feedback = number().check(answer)
    assert feedback.status == status and said in feedback.text, feedback


def test_a_whole_number_is_exact_and_a_decimal_has_half_a_percent():
    parameters, fit = Number("How many parameters?", 650), Number("What is the intercept?", 15.0429, unit="per °F")
    assert [parameters.check(n).status for n in (650, 650.0, 651)] == ["right", "right", "wrong"]
    assert [fit.check(x).status for x in (15.0, 15.1, 15.2)] == ["right", "right", "wrong"]
    assert fit.source_as("intercept") == "intercept = 15.0429        # per °F"


def test_a_prediction_is_never_wrong_and_shows_both_numbers():
    calls = []

    def runs():
        calls.append(1)
        return [0.90, 0.95, 1.0]

    guess = Prediction("How likely is damage?", low=0, high=1, measured=runs)
    assert not calls, "measured before anyone asked"
    assert guess.check(0.2).text == "✓ Noted. You say 0.2; measured: 0.95 (mean of 3 runs, from 0.9 to 1.0)."
    assert guess.check(1).status == "right" and len(calls) == 1
    assert guess.check(2).status == "not yet" and "from 0 to 1" in guess.check(2).text
    assert guess.check("high").status == guess.check(...).status == "not yet"


def test_a_prediction_can_be_kept_for_the_end():
    guess = Prediction("How likely is damage?", 0, 1, measured=0.9996,
                       spread="95 % interval from 0.48 to 1.00", reveal_later=True)
    assert guess.reveal().text.startswith("You made no guess; measured: 0.9996 (95 % interval")
    assert "0.9996" not in guess.check(0.2).text
    assert guess.reveal().text == "You said 0.2; measured: 0.9996 (95 % interval from 0.48 to 1.00)."


def test_a_question_shows_itself():
    assert repr(choice()) == "Which logit means p = 0.5?\n\n- **a** 0.5\n- **b** 0\n- **c** 1"
    assert "More than one is right" in repr(several()) and "**c** `zero_grad()`" in repr(order())
    assert choice().source_as("my_answer") == "my_answer = 'b'"


def test_a_question_that_is_not_thought_through_is_refused():
    for options in ({}, {"a": Right("1")}, {"a": Wrong("1", "No."), "b": Wrong("2", "No.")}):
        with pytest.raises(ValueError, match="one that is right|an option that is right"):
            Choice("?", options)
    with pytest.raises(ValueError, match="each of the letters"):
        Order(steps={"a": "1", "b": "2"}, answer="aa")


# ---- what learners of lessons 01 to 04 typed ------------------------------------------------------------------------

def test_an_import_is_not_counted_as_the_learners_time(tmp_path, monkeypatch):
    (tmp_path / "slow_to_load.py").write_text("import time\nend = time.perf_counter() + 1.5\n"
                                              "while time.perf_counter() < end:\n    pass\nTWO = 2.0\n")
    monkeypatch.syspath_prepend(tmp_path)

    @exercise(probes=[(3.0,)], hints=["Look."], seconds=0.4)
    def double(x):
        """Twice x."""
        return 2 * x

    def with_import(x):
        import slow_to_load
        return slow_to_load.TWO * x

    assert double.check(with_import).status == "right"


@pytest.mark.parametrize("answer", ["line 1: drop nn.Sigmoid()", "Line 1: drop `nn.Sigmoid()`", " b)"])
def test_an_option_may_be_typed_as_its_text(answer):
    question = Choice("Which?", {"a": Wrong("Line 3: drop it", "No."), "b": Right("Line 1: drop `nn.Sigmoid()`")},
                      hints=["Look."])
    assert question.check(answer).status == "right"


@pytest.mark.parametrize("answer", ["b: its `size`", "option b", "answer b", "Its size.", ["its size"], "b) its size"])
def test_an_option_may_be_typed_with_its_letter_and_its_text(answer):
    question = Choice("Which?", {"a": Wrong("its sign", "No."), "b": Right("Its `size`.")})
    assert question.check(answer).status == "right"
    assert question.check("a: its sign").status == "wrong" and question.check("a: what?").status == "not yet"


@pytest.mark.parametrize("answer", ["cab", "c, a and b", ["c", "a", "b"], ["zero", "loss", "`step()`"],
                                    "zero, loss, step()"])
def test_steps_may_be_typed_as_their_texts(answer):
    steps = Order(steps={"a": "loss", "b": "`step()`", "c": "zero"}, answer="cab")
    assert steps.check(answer).status == "right"


def test_steps_in_their_right_order_are_no_question():
    with pytest.raises(ValueError, match="listed in the right order already"):
        Order(steps={"a": "loss", "b": "step"}, answer="ab")


def test_a_number_keeps_its_form_and_a_known_mistake_its_digits():
    updates = Number("How many?", 220, mistakes=[Mistake(210.47, "Round up.")])
    assert "`4`" in updates.check(4).text and "4.0" not in updates.check(4).text
    assert updates.check(211).mistake is None and "Round up." not in updates.check(211).text
    share = Number("Which share?", 0.304, tolerance=0.001,
                   mistakes=[Mistake(0.4375, "Of all."), Mistake(0.44, "Of most.")])
    near = Number("Which share?", 0.304, tolerance=0.0001, mistakes=[Mistake(0.306, "Of 49.")])
    assert near.check(0.3047).mistake is None and "If it is rounded" in near.check(0.3047).text.replace("\n", " ")
    assert "Of 49." in near.check(0.3063).text
    assert "Of all." in share.check(0.4374).text and "Of most." in share.check(0.44).text


def test_what_an_exercise_observes_is_told_by_its_name():
    @exercise(probes=lambda: [(nn.Linear(2, 1),)], hints=["Look."],
              compare_by=lambda given, model: {"slope": given, "model.training": model.training})
    def slope(model):
        """Its first weight."""
        return model.weight[0, 0].item()

    assert "`slope` is `0.0`;" in slope.check(lambda model: 0.0).text
    assert "`model.training` is `False`; `True` is needed." in slope.check(
        lambda model: model.eval().weight[0, 0].item()).text
    assert "gave back None" in slope.check(lambda model: model.zero_grad()).text


def test_what_stands_after_the_time_limit_is_left_alone():
    before, seeds = random.getstate(), []

    @exercise(probes=[(1,), (2,)], seconds=0.2)
    def double(x):
        """Twice."""
        return 2 * x

    def late(x):
        stubborn(x)
        seeds.append(x)

    assert "still runs" in double.check(late).text
    while not seeds:
        time.sleep(0.05)
    time.sleep(0.2)                                         # time for the next probe, which it does not begin
    assert seeds == [1] and random.getstate() == before


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32, np.uint64, np.int16])
def test_whole_numbers_of_any_width(kind):
    @exercise(probes=[(torch.tensor([3, 70_000, 5]),)], hints=["Look."])
    def rest(x):
        """The rest after division by 7."""
        return x % 7

    assert rest.check(lambda x: (x % 7).numpy().astype(kind)).status == "right"
    assert rest.check(lambda x: [kind(1), kind(2), kind(3)]).status == "wrong"


def test_a_wrong_answer_leaves_the_learners_random_numbers_alone():
    def probes():
        return {"a model": (nn.Linear(3, 2), torch.randn(4, 3), np.random.rand())}

    @exercise(probes=probes, compare_by=lambda given, model, X, share: given, hints=["Look."])
    def outputs(model, X, share):
        """What the model gives."""
        return model(X)

    states = []
    for answer in (lambda model, X, share: model(X), lambda model, X, share: X, lambda model, X, share: X.add_(1)):
        torch.manual_seed(5)
        np.random.seed(5)
        outputs.check(answer)
        states.append((torch.rand(1).item(), np.random.rand()))
    assert len(set(states)) == 1


def test_a_stop_while_our_own_code_runs_spoils_nothing(monkeypatch):
    toy = softmax_exercise()
    whole = toy._run
    monkeypatch.setattr(toy, "_run", lambda answer, seconds: whole(answer, seconds)._replace(stopped="interrupt"))
    assert toy.check(lambda z: z).status == "not yet" and not toy._known
    monkeypatch.undo()
    assert "classes live in dim=1" in toy.check(lambda z: torch.softmax(z, 0)).text


def test_an_update_may_keep_the_stubs_last_line():
    @exercise(probes=lambda: [([1, 2],)], compare_by=lambda given, numbers: numbers)
    def append(numbers):
        """One more."""
        numbers.append(3)

    def with_dots(numbers):
        numbers.append(3)
        return ...

    assert append.check(with_dots).status == "right"
    assert append.check(lambda numbers: ...).status == "not yet"


@pytest.mark.parametrize("shape", [(10, 64), torch.Size([10, 64]), [10, 64], "(10,64)", "10, 64", "10 x 64",
                                   "torch.Size([10, 64])"])
def test_a_shape_may_be_given_as_a_shape(shape):
    question = Choice("Which?", {"a": Wrong("(64, 10)", "No."), "b": Right("(10, 64)")}, hints=["Look."])
    assert question.check(shape).status == "right"
    assert question.check((64, 10)).status == "wrong" and question.check((3, 4)).status == "not yet"


def test_a_column_too_many_is_told_as_such():
    @exercise(probes=[(torch.tensor([1.0, -2.0, 3.0]),)], hints=["Look."])
    def positive(x):
        """1 where x is above 0."""
        return (x > 0).long()

    assert "Use `.squeeze(1)`" in positive.check(lambda x: (x > 0)[:, None]).text
    two = positive.check(lambda x: ((x > 0).long(), x[0])).text
    assert "a tensor of shape (3,) is needed" in two and "The lessons go on" not in two


def test_changing_a_model_in_place_needs_no_remark():
    @exercise(probes=lambda: [(torch.nn.Linear(2, 1),)], compare_by=lambda result, model: model.weight, hints=["Look."])
    def leave(model):
        """Leave it as it is."""

    def change(model):
        with torch.no_grad():
            model.weight.add_(1)

    assert "By the way" not in leave.check(change).text


def test_a_guess_in_percent_is_told_its_fraction():
    guess = Prediction("How likely?", low=0.0, high=1.0, measured=0.9, reveal_later=True)
    assert "50 % is 0.5" in guess.check(50).text and "%" not in guess.check(-1).text
