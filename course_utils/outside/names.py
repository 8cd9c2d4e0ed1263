"""A name that Python does not know: what the cell, its notebook and the cells that ran before tell of it.

How it may be misspelt is known to the checker, for answers inside a check as well.
"""

import re
import sys

from course_utils.checker import Choice, CodeExercise, Order, harmless
from course_utils.outside.scene import Scene, defined_names

RUN_ABOVE = "Menu Run > Run All Above Selected Cell."
OF_MODULES = {"abs", "arange", "argmax", "cos", "exp", "floor", "inf", "linspace", "log", "log10", "manual_seed", "nan",
              "no_grad", "ones", "pi", "rand", "randn", "randperm", "relu", "sigmoid", "sin", "softmax", "sqrt",
              "stack", "tanh", "tensor", "where", "zeros"}


def unknown_name(problem: NameError, scene: Scene) -> str:
    """A sentence or two about a NameError, in Markdown; "" where the scene tells nothing of that name."""
    found = re.match(r"name '(\w+)' is not defined", str(problem))
    if not found:
        return ""
    name, within = found[1], [frame.f_code.co_name for frame in scene.frames(problem)]
    explanations = [_letter_without_quotes, _later_in_the_cell, _in_a_cell_that_ran, _in_the_notebook]
    if within[-1:] == ["<module>"]:                     # a method may mean one of its object's
        explanations += [_inside_a_function, _to_be_written, _of_a_module]
    return next((said for explain in explanations if (said := explain(name, scene))), "")


def _letter_without_quotes(name: str, scene: Scene) -> str:
    """For `answer = B` where the check asks for letters."""
    given = re.search(rf"^\s*(\w+)\s*=\s*(?:[\[(]\s*)?{name}\b", scene.cell, re.M)
    variable = given[1] if given else name
    check = re.search(rf"(\w+)\.(\w+)\.check\(\s*{variable}\s*\)", scene.cell)
    question = check and getattr(scene.namespace.get(check[1]), check[2], None)
    letters: dict[str, str] = {}
    if isinstance(question, Choice):
        letters = question.options
    elif isinstance(question, Order):
        letters = question.steps
    if not letters or not set(name.lower()) <= set(letters):
        return ""
    return f"Without quotes `{name}` is the name of a variable, and there is none. " \
           f'The check wants letters in quotes: `{variable if given else "answer"} = "{name.lower()}"`.'


def _later_in_the_cell(name: str, scene: Scene) -> str:
    if name not in defined_names(scene.cell):
        return ""
    return f"`{name}` is used before it has a value: this cell defines it further down. Move that line up."


def _in_a_cell_that_ran(name: str, scene: Scene) -> str:
    number = scene.run_that_defines(name)
    if not number:
        return ""
    deleted = any(re.search(rf"\bdel\b[^\n]*\b{name}\b", source) for source in (*scene.inputs[number - 1:], scene.cell))
    why = "a `del` has removed it since" if deleted else "that cell stopped before it came so far"
    return f"`{name}` is gone: cell [{number}] defines it, and {why}. Go back to that cell and run it once more."


def _in_the_notebook(name: str, scene: Scene) -> str:
    found = scene.cell_that_defines(name)
    if not found:
        return ""
    cell, above = found
    section = f"under “{harmless(cell.section)}” " if cell.section else ""
    which = f"The cell {section}that begins with `{_shortened(cell.source)}`"
    if above:
        return f"Python does not know `{name}` yet. {which} defines it and was not run. {RUN_ABOVE}"
    return f"Python does not know `{name}` yet. {which} defines it, further down: run that one first."


def _inside_a_function(name: str, scene: Scene) -> str:
    """For a variable that lives only while one of the learner's functions runs."""
    owners = [key for key, value in scene.namespace.items()
              if getattr(value, "__module__", "") == "__main__" and not key.startswith("_")
              and name in getattr(getattr(value, "__code__", None), "co_varnames", ())]
    if not owners:
        return ""
    return f"`{name}` lives inside your function `{owners[-1]}` and is gone when that ends. " \
           f"Hand it out with `return`, and give the result a name: `{name} = {owners[-1]}(…)`."


def _to_be_written(name: str, scene: Scene) -> str:
    """For a function that an exercise asks for, handed to its check before there is one."""
    check = re.search(rf"(\w+)\.(\w+)\.check\(\s*{name}\s*\)", scene.cell)
    exercise = check and getattr(scene.namespace.get(check[1]), check[2], None)
    if not isinstance(exercise, CodeExercise):
        return ""
    return f"`{name}` is what you are asked to write here, and no cell that was run defines it. " \
           f"Begin the cell with `def {name}(…):`, above the check."


def _of_a_module(name: str, scene: Scene) -> str:
    """For a function that lives in a module, and for a module that was not imported."""
    owners = [module for module in ("torch", "np", "math") if hasattr(scene.namespace.get(module), name)]
    if name in OF_MODULES and owners:
        return f"Python does not know `{name}` by itself: it belongs to `{owners[0]}`. Write `{owners[0]}.{name}`."
    if name in sys.stdlib_module_names and re.search(rf"\b{name}\.", scene.cell):
        return f"`{name}` is a module of Python's own that nothing has imported. Put `import {name}` above."
    return ""


def _shortened(source: str, most: int = 50) -> str:
    """The first line of a cell that is no comment."""
    lines = [line.strip() for line in source.replace("`", "'").split("\n")]
    first = next(line for line in lines if line and not line.startswith("#"))
    return harmless(first, most)
