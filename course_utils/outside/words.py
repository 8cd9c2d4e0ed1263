"""The sentence for a cell that stopped: what its notebook tells of it, else what the checker says of such a stop."""

import importlib.metadata
import pkgutil
import sys
from difflib import get_close_matches
from pathlib import Path

from course_utils.checker import outside_a_check
from course_utils.outside.names import unknown_name
from course_utils.outside.scene import Scene
from course_utils.outside.syntax import unreadable


def in_words(problem: Exception, scene: Scene) -> str:
    """A sentence or two in Markdown; "" where there is nothing to add, as to a refusal of this package's own."""
    if isinstance(problem, SyntaxError):
        return unreadable(problem)
    said = ""
    if isinstance(problem, ImportError):
        said = _file_in_the_way(problem) or _part_of_a_package(problem)
    elif isinstance(problem, NameError):
        said = unknown_name(problem, scene)
    said = said or outside_a_check(problem, scene.namespace)
    if isinstance(problem, AttributeError) and said and "Did you mean" not in said:
        said += _near_attribute(problem)
    return said


def _file_in_the_way(problem: ImportError) -> str:
    """For a file beside the notebook that was imported in place of the library whose name it has."""
    library = (problem.name or "").partition(".")[0]
    known = library in sys.stdlib_module_names or library in importlib.metadata.packages_distributions()
    file = getattr(sys.modules.get(library), "__file__", None) or problem.path or ""
    if not known or Path(file).parent != Path.cwd():
        return ""
    return f"Your file `{Path(file).name}` has the name of a library, so Python takes it for that. " \
           "Rename the file, then restart the kernel."


def _near_attribute(problem: AttributeError) -> str:
    """For a misspelt method of an object, such as `exercises.softmax.chek`; "" where none is near."""
    owner = problem.obj if isinstance(problem.obj, type) else type(problem.obj)
    known = [name for name in (*dir(owner), *getattr(problem.obj, "__dict__", {})) if not name.startswith("_")]
    meant = get_close_matches(problem.name or "", known, n=1, cutoff=0.75)
    return f" Did you mean `{meant[0]}`?" if meant else ""


def _part_of_a_package(problem: ImportError) -> str:
    """For a misspelt module of a package that is there, such as `course_utils.trian`."""
    package, _, part = (problem.name or "").rpartition(".")
    if not isinstance(problem, ModuleNotFoundError) or package not in sys.modules:
        return ""
    parts = [module.name for module in pkgutil.iter_modules(getattr(sys.modules[package], "__path__", []))]
    meant = get_close_matches(part, parts, n=1)
    return f"`{package}` has no module `{part}`." + (f" Did you mean `{package}.{meant[0]}`?" if meant else "")
