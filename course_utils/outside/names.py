"""A name that Python does not know: where it is defined, how it is spelled, which module has it."""

import builtins
import difflib
import re
import sys
from collections.abc import Iterable

from course_utils.checker import Choice, Order
from course_utils.outside.scene import Scene, defined_names

RUN_ABOVE = "Menu Run > Run All Above Selected Cell."
USUAL = {
    "np": "import numpy as np", "plt": "import matplotlib.pyplot as plt", "pd": "import pandas as pd",
    "F": "import torch.nn.functional as F", "nn": "from torch import nn", "tqdm": "from tqdm.auto import tqdm",
}


def unknown_name(problem: NameError, scene: Scene) -> str:
    """A sentence or two about a NameError; "" for those that are about something else."""
    found = re.match(r"name '(\w+)' is not defined", str(problem))
    if not found:
        return ""
    name = found[1]
    explanations = (_letter_without_quotes, _later_in_the_cell, _inside_a_function, _in_a_cell_that_ran,
                    _in_the_notebook, _misspelt, _of_a_module)
    return next((text for explain in explanations if (text := explain(name, problem, scene))),
                f"Python does not know `{name}` yet. Either a cell above was not run, or the name is spelled another "
                f"way there. {RUN_ABOVE}")


def _letter_without_quotes(name: str, problem: NameError, scene: Scene) -> str:
    """For `answer = B` where the check asks for letters."""
    given = re.search(rf"^\s*(\w+)\s*=\s*(?:[\[(]\s*)?{name}\b", scene.cell, re.M)
    check = re.search(rf"(\w+)\.(\w+)\.check\(\s*{re.escape(given[1]) if given else name}\s*\)", scene.cell)
    question = check and getattr(scene.namespace.get(check[1]), check[2], None)
    letters = question.options if isinstance(question, Choice) else question.steps if isinstance(question, Order) else {}
    meant = name.lower()
    if not letters or not set(meant) <= set(letters):
        return ""
    variable = given[1] if given else "answer"
    return f"Without quotes `{name}` is the name of a variable, and there is none. The check wants the letter: " \
           f'write `{variable} = "{meant}"`.'


def _later_in_the_cell(name: str, problem: NameError, scene: Scene) -> str:
    if name not in defined_names(scene.cell):
        return ""
    return f"`{name}` is used before it has a value: this cell defines it further down. Move that line up."


def _inside_a_function(name: str, problem: NameError, scene: Scene) -> str:
    """For the name of a variable that lives only while one of the learner's functions runs."""
    owners = [key for key, value in scene.namespace.items()
              if getattr(value, "__module__", "") == "__main__" and not key.startswith("_")
              and name in getattr(getattr(value, "__code__", None), "co_varnames", ())]
    if not owners or scene.run_that_defines(name) or scene.cell_that_defines(name):
        return ""
    return f"`{name}` lives inside your function `{owners[-1]}` and is gone when that ends. " \
           f"Hand it out with `return`, and give the result a name: `{name} = {owners[-1]}(…)`."


def _in_a_cell_that_ran(name: str, problem: NameError, scene: Scene) -> str:
    number = scene.run_that_defines(name)
    if not number:
        return ""
    deleted = any(re.search(rf"\bdel\b[^\n]*\b{name}\b", source) for source in (*scene.inputs[number - 1:], scene.cell))
    why = "a `del` has removed it since" if deleted else "that cell stopped before it came so far"
    return f"`{name}` is gone: cell [{number}] defines it, and {why}. Go back to that cell and run it once more."


def _in_the_notebook(name: str, problem: NameError, scene: Scene) -> str:
    found = scene.cell_that_defines(name)
    if not found:
        return ""
    cell, above = found
    first = next(line.strip() for line in cell.source.split("\n") if line.strip() and not line.lstrip().startswith("#"))
    section = f"under “{cell.section}” " if cell.section else ""
    which = f"The cell {section}that begins with `{_shortened(first)}`"
    if above:
        return f"Python does not know `{name}` yet. {which} defines it and was not run. {RUN_ABOVE}"
    return f"Python does not know `{name}` yet. {which} defines it, further down: run that one first."


def _misspelt(name: str, problem: NameError, scene: Scene) -> str:
    """For a name that is nearly one of the learner's, the notebook's or Python's own."""
    local = [known for frame in scene.frames(problem) for known in frame.f_code.co_varnames]
    there = [*local, *(key for key in scene.namespace if not key.startswith("_")), *dir(builtins)]
    meant = nearest(name, there)
    if meant:
        return f"Python does not know `{name}`. Did you mean `{meant}`, which there is? " \
               "Capitals and underscores count."
    meant = nearest(name, [known for cell in scene.cells for known in defined_names(cell.source)])
    if meant:
        return f"Python does not know `{name}`. The notebook has a `{meant}`: if that is meant, spell it so. {RUN_ABOVE}"
    return ""


def _of_a_module(name: str, problem: NameError, scene: Scene) -> str:
    """For the name of a module that was not imported, or of a function that lives in one."""
    if name in USUAL or name in sys.stdlib_module_names or name in ("torch", "numpy", "sklearn", "scipy"):
        line = USUAL.get(name, f"import {name}")
        return f"Python does not know `{name}`: it is a module, and nothing has imported it. Run `{line}` first."
    for module in ("torch", "np", "math"):
        if callable(getattr(scene.namespace.get(module), name, None)):
            return f"Python does not know `{name}` by itself: it belongs to `{module}`. Write `{module}.{name}`."
    return ""


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like `name`: the same but for capitals, else alike in three letters of four."""
    names = [other for other in dict.fromkeys(known) if type(other) is str and other != name]
    same = [other for other in names if other.casefold() == name.casefold()]
    return next(iter(same or difflib.get_close_matches(name, names, n=1, cutoff=0.75)), "")


def _shortened(line: str, most: int = 50) -> str:
    line = line.replace("`", "'")
    return line if len(line) <= most else f"{line[:most - 1]}…"
