"""Names of Python's own, or of a library, that a variable of the learner's hides: `sum = 3.2`, `torch = 5`.

A function that uses such a name stops in odd places, or gives odd values, and neither shows where the trouble is.
"""

import builtins
import dis
import sys
import types
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from course_utils.checker.base import Feedback
from course_utils.checker.names import functions_of
from course_utils.checker.snapshot import type_name

# The usual short names, with the module that is meant and the line that brings it.
MODULES = {
    "torch": ("torch", "import torch"), "F": ("torch.nn.functional", "import torch.nn.functional as F"),
    "nn": ("torch.nn", "from torch import nn"), "np": ("numpy", "import numpy as np"), "math": ("math", "import math"),
    "plt": ("matplotlib.pyplot", "import matplotlib.pyplot as plt"), "pd": ("pandas", "import pandas as pd"),
    "random": ("random", "import random"), "itertools": ("itertools", "import itertools"),
}
BUILT_IN = (types.BuiltinFunctionType, types.MethodType)    # to a learner a function like any other
_NOTHING = object()


class Use(NamedTuple):
    """A name of the notebook that a function reads, whether it calls it, and the attribute it takes of it, or ""."""

    name: str
    called: bool
    attribute: str


def hidden_names(answer: Any, stopped: bool) -> dict[str, str]:
    """{name: a sentence about it} for each name that the answer, or a function of the learner's it calls, finds hidden.

    A variable may be called `input` or `F` on purpose, so a built-in function counts as meant where it is called, and a
    module where something is taken of it that it has. Of code that was `stopped`, any use of a built-in counts.
    """
    found: dict[str, str] = {}
    for function in _functions(answer):
        for use in _uses(function.__code__):
            value = function.__globals__.get(use.name, _NOTHING)
            whose, back = _meant(use, value, stopped)
            if whose and use.name not in found:
                found[use.name] = f"Your code uses `{use.name}`, which is a name of yours now ({_kind(value)}) and " \
                                  f"hides {whose}. Rename yours, then run `{back}`."
    return found


def name_what_is_hidden(verdict: Feedback, answer: Any, stopped: bool) -> None:
    """Say of an answer that is not right which names it finds hidden: first of all where its code was stopped."""
    known = " ".join([verdict.message, *verdict.more])
    sentences = [said for name, said in hidden_names(answer, stopped).items()
                 if f"`{name}` is now one of your variables" not in known]
    if sentences and stopped:
        verdict.message, *sentences = [*sentences, verdict.message]
    verdict.more[:0] = sentences


def _meant(use: Use, value: Any, stopped: bool) -> tuple[str, str]:
    """What `value` hides from this use, and the line that brings it back; ("", "") where it hides nothing."""
    module = sys.modules.get(MODULES.get(use.name, ("",))[0])
    if value is _NOTHING:
        return "", ""
    if module is not None and value is not module and hasattr(module, use.attribute):
        return "the module of that name", MODULES[use.name][1]
    own = getattr(builtins, use.name, _NOTHING)
    if own is not _NOTHING and value is not own and (use.called or stopped or type(own) is type):
        return "Python's own", f"del {use.name}"
    return "", ""


def _kind(value: Any) -> str:
    kind = "function" if type(value) in BUILT_IN else type_name(type(value))
    return f"an {kind}" if kind[:1] in "aeiou" else f"a {kind}"


def _functions(answer: Any) -> Iterator[types.FunctionType]:
    """The answer, or a class's methods; and the functions of the same notebook that these call, each once."""
    todo, seen = functions_of(answer), set[int]()
    while todo:
        function = todo.pop(0)
        if id(function.__code__) not in seen:
            seen.add(id(function.__code__))
            yield function
            called = [function.__globals__.get(use.name) for use in _uses(function.__code__)]
            todo += [value for value in called
                     if type(value) is types.FunctionType and value.__globals__ is function.__globals__]


def _uses(code: types.CodeType) -> Iterator[Use]:
    """The names of the notebook that a function reads, those of functions inside of it too."""
    for step, following in pairwise(dis.get_instructions(code)):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME") and not step.argval.startswith("__"):     # `__name__` of a class
            attribute = following.argval if following.opname in ("LOAD_ATTR", "LOAD_METHOD") else ""
            yield Use(step.argval, "NULL" in step.argrepr, attribute)
    for constant in code.co_consts:
        if type(constant) is types.CodeType:
            yield from _uses(constant)
