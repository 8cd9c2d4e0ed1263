"""Variables that hide a name the answer uses: told first where the code stopped, below where it did not."""

import sys

import pytest
import torch

from course_utils.checker import exercise
from course_utils.checker.hidden import hidden_names


def answer_of(source, **names):
    exec(compile(source, "cell", "exec"), names)        # a notebook's cell, in a namespace of its own
    return names["answer"]


def feedback(source, **names):
    @exercise(probes=[(torch.tensor([1.0, 2.0]),)])
    def toy(z):
        return z

    return toy.check(answer_of(source, **names))


TORCH = "Your code uses `torch`, which is a name of yours now (an int) and hides the module of that name. " \
        "Rename yours, then run `import torch`."


def test_what_stopped_the_code_is_said_first_and_pythons_words_after_it():
    said = feedback("def answer(z):\n return torch.exp(z)", torch=5)
    assert said.status == "wrong" and said.message == TORCH
    assert said.more[0].startswith("`int` has nothing called `exp`")


def test_what_did_not_stop_it_is_said_below():
    said = feedback("def answer(z):\n return z * sum([0.5, 0.5])", sum=lambda parts: 7)
    assert said.status == "wrong" and "needed" in said.message and "hides" not in said.message
    assert said.more[:1] == ["Your code uses `sum`, which is a name of yours now (a function) and hides Python's own. "
                             "Rename yours, then run `del sum`."]


def test_a_right_answer_and_one_that_was_told_already_hear_nothing_of_it():
    assert feedback("def answer(z):\n return abs(z)", abs=lambda z: z).text == "✓ Right."
    told = feedback("def answer(z):\n return max(z)", max=3)
    assert "`max` is now one of your variables" in told.text and "which is a name of yours" not in told.text


@pytest.mark.parametrize(("source", "names", "stopped", "whose"), [
    ("return sum(z)", {"sum": lambda z: 7}, False, {"sum": "(a function) and hides Python's own"}),
    ("return sum(z)", {"sum": max}, False, {"sum": "(a function) and hides Python's own"}),
    ("return sum(z)", {"sum": [].append}, False, {"sum": "(a function) and hides"}),
    ("return sum(z)", {"sum": sum}, False, {}),
    ("return sum", {"sum": 7.0}, False, {}),                            # a variable on purpose
    ("return sum", {"sum": 7.0}, True, {"sum": "(a float) and hides Python's own"}),
    ("return isinstance(z, list)", {"list": (1, 2)}, False, {"list": "(a tuple) and hides Python's own"}),
    ("return input(z)", {"input": []}, False, {"input": "(a list) and hides Python's own"}),
    ("return mean(z)", {"mean": 3}, True, {}),                          # hides nothing
    ("return F.relu(z)", {"F": 3}, False, {"F": "(an int) and hides the module of that name"}),
    ("return F.more(z)", {"F": 3}, True, {}),                           # the module has no such thing
    ("return F.relu(z)", {"F": torch.nn.functional}, False, {}),
    ("return torch.exp(math.pi * z)", {"torch": 1, "math": 2}, False, {"torch": "hides", "math": "`import math`"}),
    ("return (lambda z: sum(z))(z)", {"sum": 3}, False, {"sum": "hides"}),
    ("class Inside:\n  total = sum([1])", {"sum": 3, "__name__": "cell"}, True, {"sum": "hides"}),
])
def test_a_name_counts_where_python_or_a_module_is_meant(source, names, stopped, whose):
    found = hidden_names(answer_of(f"def answer(z):\n {source}", **names), stopped)
    assert list(found) == list(whose) and all(words in found[name] for name, words in whose.items()), found


def test_functions_of_the_same_notebook_are_looked_into_and_those_of_others_are_not():
    source = "def helper(z):\n return answer(z) if z is None else max(z)\ndef answer(z):\n return helper(z)"
    assert list(hidden_names(answer_of(source, max=3), False)) == ["max"]
    elsewhere = answer_of("def answer(z):\n return max(z)", max=3)
    assert hidden_names(answer_of("def answer(z):\n return helper(z)", helper=elsewhere), False) == {}
    methods = "class answer:\n def __init__(self, z):\n  self.z = z\n def one(self):\n  return max(self.z)"
    assert list(hidden_names(answer_of(methods, max=3, __name__="cell"), False)) == ["max"]


def test_a_module_that_was_never_loaded_hides_nothing(monkeypatch):
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot", raising=False)
    assert hidden_names(answer_of("def answer(z):\n return plt.plot(z)", plt=3), False) == {}
