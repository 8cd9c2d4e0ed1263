"""The sentence for a cell that stopped, by the kind of what stopped it."""

import importlib.metadata
import pkgutil
import re
import sys
from pathlib import Path

from course_utils import checker
from course_utils.outside.names import nearest, unknown_name
from course_utils.outside.scene import Scene, innermost_module
from course_utils.outside.syntax import unreadable

OURS = "course_utils"


def in_words(problem: Exception, scene: Scene) -> str:
    """A sentence or two in Markdown; "" where there is nothing to add, as to a refusal of this package's own."""
    if isinstance(problem, SyntaxError):
        return unreadable(problem)
    if isinstance(problem, ImportError):
        return _import(problem)
    if innermost_module(problem).partition(".")[0] == OURS:
        return ""                                       # what we raise ourselves says what to do
    if isinstance(problem, NameError):
        text = unknown_name(problem, scene)
        if text:
            return text
    known = getattr(checker, "outside_a_check", None)
    return known(problem, scene.namespace) if known else ""


def _import(problem: ImportError) -> str:
    found = re.search(r"cannot import name '(\w+)' from (?:partially initialized module )?'([\w.]+)'", str(problem))
    name = problem.name or (found[2] if found else "")
    hidden = _hidden_by(problem, name)
    if hidden:
        return f"Your file `{hidden.name}` has the name of a library, so Python takes it for that. " \
               "Rename the file, then restart the kernel."
    if found:
        meant = nearest(found[1], dir(sys.modules.get(found[2])))
        hint = f"Did you mean `{meant}`?" if meant else "Look at how it is spelled, and at which module has it."
        return f"There is nothing called `{found[1]}` in `{found[2]}`. {hint}"
    if not isinstance(problem, ModuleNotFoundError):
        return ""
    parent, _, last = name.rpartition(".")
    if parent in sys.modules:
        inside = pkgutil.iter_modules(getattr(sys.modules[parent], "__path__", []))
        meant = nearest(last, [module.name for module in inside])
    else:
        meant = nearest(name, [*importlib.metadata.packages_distributions(), *sys.stdlib_module_names])
    if meant:
        return f"Python finds no module `{name}`. Did you mean `{f'{parent}.' * bool(parent)}{meant}`?"
    return f"Python finds no module `{name}`. If it is spelled right, it is not installed here: " \
           "the lessons do without it."


def _hidden_by(problem: ImportError, name: str) -> Path | None:
    """The file beside the notebook that was imported in place of a library of that name."""
    first = name.partition(".")[0]
    file = getattr(sys.modules.get(first), "__file__", None) or problem.path or ""
    path = Path(file)
    known = first in sys.stdlib_module_names or first in importlib.metadata.packages_distributions()
    return path if known and file and path.parent == Path.cwd() else None
