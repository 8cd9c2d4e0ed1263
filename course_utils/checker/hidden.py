"""Names of Python's own, or of a library, that a variable of the learner's hides: `sum = 3.2`, `torch = 5`.

A function that uses such a name stops in odd places, or gives odd values, and neither shows where the trouble is.
"""

import builtins
import dis
import sys
import types
from collections.abc import Iterator
from typing import Any

from course_utils.checker.base import Feedback
from course_utils.checker.snapshot import type_name

# The usual short names, with the module that is meant and the line that brings it.
MODULES = {
    "torch": ("torch", "import torch"), "F": ("torch.nn.functional", "import torch.nn.functional as F"),
    "nn": ("torch.nn", "from torch import nn"), "np": ("numpy", "import numpy as np"), "math": ("math", "import math"),
    "plt": ("matplotlib.pyplot", "import matplotlib.pyplot as plt"), "pd": ("pandas", "import pandas as pd"),
    "random": ("random", "import random"), "itertools": ("itertools", "import itertools"),
}
_NOTHING = object()


def hidden_names(answer: Any) -> dict[str, str]:
    """{name: a sentence about it} for each name that the answer, or a function of the learner's it calls, finds hidden.

    Looked up without asking the objects: types are read with `type`, and functions by what they are compiled to.
    """
    found = {}
    for function in _functions(answer):
        for name in dict.fromkeys(_names(function.__code__)):
            value = function.__globals__.get(name, _NOTHING)
            if value is _NOTHING or name in found:
                continue
            module, line = MODULES.get(name, ("", ""))
            if module and value is not sys.modules.get(module, value):
                whose, back = "the module of that name", line
            elif hasattr(builtins, name) and value is not getattr(builtins, name):
                whose, back = "Python's own", f"del {name}"
            else:
                continue
            found[name] = f"Your code uses `{name}`, which is a name of yours now ({_kind(value)}) and hides {whose}. " \
                          f"Rename yours, then run `{back}`."
    return found


def name_what_is_hidden(verdict: Feedback, answer: Any, stopped: bool) -> None:
    """Say of an answer that is not right which names it finds hidden: first of all where its code was stopped."""
    known = " ".join([verdict.message, *verdict.more])
    sentences = [said for name, said in hidden_names(answer).items()
                 if f"`{name}` is now one of your variables" not in known]
    if sentences and stopped:
        verdict.message, *sentences = [*sentences, verdict.message]
    verdict.more[:0] = sentences


def _kind(value: Any) -> str:
    kind = type_name(type(value))
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"


def _functions(answer: Any) -> Iterator[types.FunctionType]:
    """The answer, or a class's methods; and the functions of the same notebook that these call, each once."""
    if type(answer) is types.FunctionType:
        todo = [answer]
    elif type(answer) is type or type in type(answer).__mro__:
        members = type.__dict__["__dict__"].__get__(answer).values()
        todo = [member for member in members if type(member) is types.FunctionType]
    else:
        return
    seen = set()
    while todo:
        function = todo.pop()
        if id(function.__code__) in seen:
            continue
        seen.add(id(function.__code__))
        yield function
        globals_ = function.__globals__
        called = [globals_.get(name) for name in _names(function.__code__)]
        todo += [value for value in called if type(value) is types.FunctionType and value.__globals__ is globals_]


def _names(code: types.CodeType) -> Iterator[str]:
    """The global names that a function reads, those of functions inside of it too."""
    yield from (step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    for constant in code.co_consts:
        if type(constant) is types.CodeType:
            yield from _names(constant)
