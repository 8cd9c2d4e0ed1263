"""A name that Python does not know: the nearest one is named, in answers and in cells; what else stops a cell."""

import sys

import pytest
import torch
from torch import nn

from course_utils.checker import exercise, outside_a_check
from course_utils.checker.names import attribute, hidden_builtin, inside, module, nearest


@exercise(probes=[(torch.tensor([1.0, 2.0]), torch.tensor([0.0, 1.0]))])
def loss(z, targets):
    """A loss."""
    return (z - targets).mean()


def test_a_layer_whose_sizes_do_not_fit_is_told_what_it_takes():
    text = loss.check(lambda z, targets: nn.Linear(3, 2)(z)).text.replace("\n", " ")
    assert "The layer `nn.Linear(3, 2)` takes 3 columns, and its input has 2." in text and ".T" not in text
    by_hand = loss.check(lambda z, targets: z[None] @ torch.ones(3, 2)).text.replace("\n", " ")
    assert "(1, 2) times (3, 2) does not work: 2 columns meet 3 rows." in by_hand


def in_a_cell(source, **names):
    """What a cell defines as `answer`; the namespace is the notebook's."""
    exec(compile(source, "cell", "exec"), names)
    return names["answer"]


def said(body, **names):
    """What is said of an answer with this body."""
    return loss.check(in_a_cell(f"def answer(z, targets):\n    return {body}", **names)).text.replace("\n", " ")


@pytest.mark.parametrize(("body", "names", "words"), [
    ("Z.mean()", {}, "Python does not know `Z`. Inside your function there is `z`; did you mean that?"),
    ("z - target", {}, "there is `targets`; did you mean that?"),
    ("z - tragets", {}, "there is `targets`; did you mean that?"),
    ("(z - targ).mean()", {}, "there is `targets`; did you mean that?"),
    ("softmx(z)", {"softmax": len}, "Did you mean `softmax`?"), ("sun(z)", {"sum_up": len}, "No cell that was run"),
    ("F.relu(z)", {}, "It comes with `import torch.nn.functional as F`"),
    ("np.mean(z)", {"nb": 3}, "It comes with `import numpy as np`"),
    ("wholly_other(z)", {}, "No cell that was run defines it. Your function has `z` and `targets`."),
])
def test_the_nearest_name_is_named_and_no_restart_is_spoken_of(body, names, words):
    text = said(body, **names)
    assert words in text and "restart" not in text and "Restart" not in text


def test_a_name_in_capitals_is_found_at_any_length():
    assert nearest("X", ["y", "x"]) == "x" and nearest("x", ["X", "y"]) == "X" and nearest("w", ["x"]) == ""
    assert nearest("Loss", ["loss_of", "loss"]) == "loss" and nearest("prob", ["probabilities"]) == "probabilities"
    assert nearest("In", ["In", "_in", 3]) == "" and nearest("pro", ["probabilities"]) == ""


def test_what_is_misspelt_after_a_dot_is_looked_for_too():
    assert "`Tensor` has nothing called `men`" in said("z.men()") and "Did you mean `mean`?" in said("z.men()")
    assert "Did you mean `softmax`?" in said("torch.sofmax(z, 0)", torch=torch)
    assert "Did you mean" not in said("z.qqqqqq()")
    assert attribute("Tensor", "sigmiod") == "sigmoid" and attribute("NoSuchKind", "sigmoid") == ""
    assert module("trch") == "torch" and module("zzzzzz") == ""


class Layers(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.first = nn.Linear(n, 1)

    def forward(self, x):
        hidden = x
        return hidden


@torch.no_grad()
def decorated(z, targets):
    return (z - tragets).mean()  # noqa: F821


@torch.no_grad()
def decorated_and_stopped(z, targets):
    return z.view(3, 50)


def test_under_a_decorator_the_learners_own_names_and_line_are_told():
    text = loss.check(decorated).text
    assert "there is `targets`; did you mean that?" in text and "It stopped at: `return (z - tragets)" in text
    assert "It stopped at: `return z.view(3, 50)`" in loss.check(decorated_and_stopped).text
    assert "func" not in inside(decorated)
    decorated_and_stopped.__wrapped__.__wrapped__ = decorated_and_stopped       # round and round
    assert inside(decorated_and_stopped) == inside(decorated_and_stopped)
    del decorated_and_stopped.__wrapped__.__wrapped__


def test_a_class_knows_what_its_methods_know():
    assert inside(Layers) == ["n", "x", "hidden"] and inside(3) == [] and inside(nn.Linear(1, 1)) == []
    assert hidden_builtin(Layers) == ""


def stopped(source, **names):
    """What is said outside of a check of a cell with this text."""
    try:
        exec(compile(source, "cell", "exec"), names)
    except BaseException as problem:
        return outside_a_check(problem, names)
    raise AssertionError("the cell ran to its end")


def shown(source, monkeypatch, **names):
    """The same, where Python can read the cell's lines, as it can in a notebook."""
    import linecache
    monkeypatch.setitem(linecache.cache, "cell", (len(source), None, source.splitlines(True), "cell"))
    return stopped(source, **names)


def test_a_letter_without_quotes_is_told_to_take_them(monkeypatch):
    assert shown("answer = B", monkeypatch) == ("Python looks for a variable called `B`. Letters as an answer stand in "
                                                "quotes: `\"B\"`.")
    assert "quotes: `\"cab\"`" in shown("answer = cab", monkeypatch)
    for source in ("answer = aa", "answer = B + 1", "answer = xyz"):
        assert "quotes" not in shown(source, monkeypatch)


def test_a_cell_that_needs_one_above_it_says_which_name_is_missing(monkeypatch):
    assert "No cell that was run defines it. If a cell further up does, run it" in stopped("model(3)")
    assert "Did you mean `model`?" in stopped("modle(3)", model=len)
    assert "Inside your function there is `z`" in stopped("def f(z):\n    return Z\nf(3)")
    assert "It comes with `import torch`" in stopped("torch.ones(2)")
    assert "write `self.first`" in stopped(
        "class A:\n    def __init__(self):\n        self.first = 1\n        first + 1\nA()", __name__="__main__")


@pytest.mark.parametrize(("source", "words"), [
    ("import trch", "Python finds no module `trch`."), ("import trch", "Did you mean `torch`?"),
    ("from torch import sofmax", "`torch` has nothing called `sofmax` to import. Look at the spelling. Did you mean"),
    ("import torch\ntorch.ones(2) @ torch.ones(3)", "Print the `.shape` of both sides"),
    ("answer = ...\nanswer * 2", "Something in this line is still `...`"), ("x = ...\nx[0]", "still `...`"),
    ("f = (1, 2", "The bracket `(` is opened"), ("f = 1)", "closes one that was not opened"),
    ("def f(x)\n    return x", "A colon is missing"), ("f = 'a", "A quote opens a text here"),
    ("if x = 3:\n    pass", "a comparison is written `==`"), ("f = [1 2]", "A comma or an operator is missing"),
    ("f = 3 − 2", "The character `−` is no part of Python"), ("f = 2x", "`2x` is written `2 * x`"),
    ("return 3", "belongs to no function"), ("f(a=1, 2)", "come first in a call"), ("3 = x", "to the left of `=`"),
    ("def f():\nreturn 3", "indented by four spaces"), ("f = 3\n  g = 4", "This line is indented"),
    ("if 1:\n    f = 3\n  g = 4", "where no line above begins"), ("f = 3 +", "Python cannot read this line"),
    ("1 / 0", "divides by 0"), ("{}['w']", "no entry 'w'"),
    ("import torch\ntorch.nn.Linear(2, 3)(torch.ones(4, 5))", "The layer `nn.Linear(2, 3)` takes 2 columns"),
])
def test_what_stops_a_cell_is_told(source, words):
    assert words in stopped(source)


def test_a_hidden_builtin_outside_of_a_check(monkeypatch):
    assert "`sum` is now one of your variables" in shown("sum([1])", monkeypatch, sum=3)
    assert shown("len(x([1]))", monkeypatch, x=3).startswith("A int stands before parentheses there")


@pytest.mark.parametrize("source", [
    "import sys; sys.exit(3)", "raise KeyboardInterrupt", "raise ValueError('of their own')",
    "from course_utils.data import one_hot\none_hot(3, 4)",
])
def test_nothing_is_added_where_there_is_nothing_to_say(source):
    assert stopped(source, __name__="__main__") == ""


def test_an_answer_from_outside_needs_no_traceback():
    assert "divides by 0" in outside_a_check(ZeroDivisionError("division by zero"), {})
    assert "nothing called" in outside_a_check(AttributeError("module 'sys' has no attribute 'sofmax'"), vars(sys))
    assert "No cell that was run" in outside_a_check(NameError("name 'qqq' is not defined"), {})
