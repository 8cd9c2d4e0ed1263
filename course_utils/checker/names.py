"""The name that was meant by one that Python does not know, and where a name comes from that nothing defined."""

import builtins
import difflib
import dis
import re
import sys
import types
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch

IMPORTS = {
    "torch": "import torch", "nn": "from torch import nn", "F": "import torch.nn.functional as F",
    "np": "import numpy as np", "plt": "import matplotlib.pyplot as plt", "pd": "import pandas as pd",
    "math": "import math", "random": "import random", "copy": "import copy", "time": "import time",
}
NOT_MEANT = {"In", "Out", "exit", "quit", "get_ipython"}            # names of the notebook's own
KINDS: dict[str, Any] = {"Tensor": torch.Tensor, "Parameter": torch.Tensor, "list": list, "dict": dict, "str": str,
                         "tuple": tuple, "float": float, "int": int}
LETTERS = re.compile(r"\s*\w+\s*=\s*([a-hA-H]{1,8})\s*(#.*)?")         # a line such as `answer = B`


def unknown_name(name: str, arguments: Sequence[str], others: Iterable[str], line: str) -> str:
    """What to say of a name that Python does not know.

    `arguments` are the names inside of the function, `others` those around it, `line` is where Python stopped.
    """
    if name in IMPORTS and re.search(rf"\b{name}\.", line):
        return f"Python does not know `{name}`. It comes with `{IMPORTS[name]}`: run the cell that imports it."
    meant = nearest(name, arguments)
    if meant:
        return f"Python does not know `{name}`. Inside your function there is `{meant}`; did you mean that?"
    meant = nearest(name, others) or nearest(name, dir(builtins))
    if meant:
        return f"Python does not know `{name}`. Did you mean `{meant}`?"
    letters = LETTERS.fullmatch(line)
    if letters and len(set(letters[1])) == len(letters[1]):
        return f"Python looks for a variable called `{name}`. Letters as an answer stand in quotes: `\"{name}\"`."
    if name in IMPORTS:
        return f"Python does not know `{name}`. It comes with `{IMPORTS[name]}`: run the cell that imports it."
    known = f" Your function has {listed(arguments)}." if arguments else ""
    return f"Python does not know `{name}`. No cell that was run defines it.{known} " \
           "If a cell further up does, run it: menu Run > Run All Above Selected Cell."


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that differs in capitals, in a letter or two, or is the longer form; "" if there is none."""
    names = [other for other in known if type(other) is str and not other.startswith("_") and other not in NOT_MEANT]
    in_capitals = [other for other in names if other.lower() == name.lower() and other != name]
    longer = [other for other in names if len(name) >= 4 and other.startswith(name)]
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.75)
    return next(iter([*in_capitals, *close, *longer]), "")


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: `a`, `b` and `c`."""
    marked = [f"`{name}`" for name in names]
    return " and ".join(filter(None, [", ".join(marked[:-1]), marked[-1]]))


def attribute(kind: str, name: str) -> str:
    """The attribute that was meant, of a module that is loaded or of one of the commonest types; "" if not known."""
    owner = sys.modules.get(kind) or KINDS.get(kind)
    return nearest(name, dir(owner)) if owner is not None else ""


def module(name: str) -> str:
    """The module that was meant by a name that Python finds no module for; "" if none is near."""
    return nearest(name, {*sys.stdlib_module_names, *(known.split(".")[0] for known in [*sys.modules])})


# ---- what a piece of a learner's code knows -------------------------------------------------------------------------

def inside(answer: Callable) -> list[str]:
    """The names inside of a function, its arguments first; of a class, those of its methods."""
    codes = [function.__code__ for function in functions_of(answer)]
    names = dict.fromkeys(name for code in codes for name in (*code.co_varnames, *code.co_freevars))
    return [name for name in names if name not in ("self", "__class__")]


def around(answer: Callable) -> list[str]:
    """The names of the notebook that a function or a class was defined in."""
    return [name for function in functions_of(answer)[:1] for name in [*function.__globals__] if type(name) is str]


def as_written(answer: Any) -> Any:
    """The learner's function, under a decorator such as `@torch.no_grad()`, whose own code is that of a library."""
    for _ in range(10):                                                 # a function may name itself
        written = dict.get(answer.__dict__, "__wrapped__") if type(answer) is types.FunctionType else None
        if type(written) is not types.FunctionType:
            break
        answer = written
    return answer


def functions_of(answer: Callable) -> list[types.FunctionType]:
    """A function itself, or the methods of a class; looked up without asking the object."""
    if type(answer) is types.FunctionType:
        return [as_written(answer)]
    if not issubclass(type(answer), type):
        return []
    members = type.__dict__["__dict__"].__get__(answer).values()
    return [member for member in members if type(member) is types.FunctionType]


def is_attribute(name: str, answer: Callable) -> bool:
    """Whether a class defines a method of that name, or one of its methods sets it on `self`."""
    if not issubclass(type(answer), type):
        return False
    methods = functions_of(answer)
    steps = [step for method in methods for step in dis.get_instructions(method)]
    return any(method.__name__ == name for method in methods) or \
        any(step.opname == "STORE_ATTR" and step.argval == name for step in steps)


def hidden_builtin(answer: Callable) -> str:
    """The name of a built-in function that a global variable hides and the function uses; "" if there is none."""
    if type(answer) is not types.FunctionType:
        return ""
    called = [step.argval for step in dis.get_instructions(answer) if step.opname == "LOAD_GLOBAL"]
    names = [name for name in called
             if hasattr(builtins, name) and name in answer.__globals__ and not callable(answer.__globals__[name])]
    return names[0] if names else ""
