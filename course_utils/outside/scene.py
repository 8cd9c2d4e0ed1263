"""Where a cell stopped: its text, the names there are, the cells that ran before, the notebook it stands in."""

import ast
import json
import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

MOST_BYTES = 20_000_000                 # a notebook with many pictures; a larger one is not read
PATH = "JPY_SESSION_NAME"               # where JupyterLab tells a kernel the path of its notebook


class Cell(NamedTuple):
    """One code cell of the notebook as saved, with the last heading above it."""

    source: str
    section: str
    id: str


class Scene:
    """What is known about a cell that stopped."""

    def __init__(self, cell: str, namespace: dict[str, Any], inputs: list[str] | None = None,
                 notebook: Path | None = None, cell_id: str = "") -> None:
        self.cell, self.namespace, self.cell_id = cell, namespace, cell_id
        self.inputs = inputs or []          # earlier cells as they were run; the first one is number 1
        self._notebook = notebook

    @classmethod
    def of(cls, shell: "InteractiveShell", result: "ExecutionResult") -> "Scene":
        """The scene of a cell that a notebook's shell has run."""
        info = getattr(result, "info", None)
        inputs = list(shell.user_ns.get("In", []))[1:]
        path = os.environ.get(PATH) or shell.user_ns.get("__vsc_ipynb_file__") or ""
        return cls(getattr(info, "raw_cell", None) or "", shell.user_ns, inputs[:-1],
                   Path(path) if str(path).endswith(".ipynb") else None, getattr(info, "cell_id", None) or "")

    @cached_property
    def cells(self) -> list[Cell]:
        """The code cells of the notebook, in order; none where its file is not known."""
        if self._notebook is None:
            return []
        try:
            if self._notebook.stat().st_size > MOST_BYTES:
                return []
            return _code_cells(json.loads(self._notebook.read_text(encoding="utf-8")))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):       # moved, half saved, no notebook
            return []

    @property
    def here(self) -> int:
        """The position of the stopped cell among the notebook's code cells; beyond the last one if it is not there."""
        places = [place for place, cell in enumerate(self.cells)
                  if cell.id == self.cell_id or cell.source.strip() == self.cell.strip()]
        return places[0] if places else len(self.cells)

    def cell_that_defines(self, name: str) -> tuple[Cell, bool] | None:
        """The cell of the notebook that defines `name`, and whether it lies above: the last one above, or the next."""
        above = [cell for cell in self.cells[:self.here] if defines(cell.source, name)]
        below = [cell for cell in self.cells[self.here + 1:] if defines(cell.source, name)]
        return (above[-1], True) if above else (below[0], False) if below else None

    def run_that_defines(self, name: str) -> int:
        """The number of the last cell run before this one that would define `name`; 0 if there is none."""
        numbers = [number for number, source in enumerate(self.inputs, start=1) if defines(source, name)]
        return numbers[-1] if numbers else 0

    def frames(self, problem: BaseException) -> Iterator[FrameType]:
        """The frames of the learner's own code that `problem` came through, from the cell inwards."""
        trace = problem.__traceback__
        while trace:
            if trace.tb_frame.f_globals is self.namespace:
                yield trace.tb_frame
            trace = trace.tb_next


def _code_cells(notebook: dict) -> list[Cell]:
    found, section = [], ""
    for cell in notebook["cells"]:
        source = "".join(cell.get("source", []))
        if cell["cell_type"] == "markdown":
            headings = re.findall(r"^#{1,4} +(.+?)\s*$", source, re.M)
            section = headings[-1] if headings else section
        elif cell["cell_type"] == "code":
            found.append(Cell(source, section, cell.get("id", "")))
    return found


def innermost_module(problem: BaseException) -> str:
    """The name of the module in which `problem` was raised; "" where Python did not come so far."""
    trace, name = problem.__traceback__, ""
    while trace:
        name, trace = trace.tb_frame.f_globals.get("__name__", ""), trace.tb_next
    return name


def defined_names(source: str) -> set[str]:
    """The names that a cell gives a value to, at its top; none for a cell that Python cannot read."""
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n")]
    try:
        return set(_given_a_value(ast.parse("\n".join(lines))))
    except (SyntaxError, ValueError, RecursionError):
        return set()


def _given_a_value(node: ast.AST) -> Iterator[str]:
    """What lives inside a function, a class or a comprehension only is left out."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        for child in ast.iter_child_nodes(node):
            yield from _given_a_value(child)


def defines(source: str, name: str) -> bool:
    """Whether a cell gives a value to `name`."""
    return name in source and name in defined_names(source)
