"""Copies derived from a lesson: solved, executed. The `.ipynb` is the source.

A solved copy is the lesson with each answer written in. Where a cell says `exercises.NAME.check(answer)`, what the cell
defines as `answer` (a function, a class or a value) gives way to the exercise's own solution.
"""

import ast
import copy
import importlib
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import nbformat
from nbformat import NotebookNode

from course_utils.course.workbook import checks

if TYPE_CHECKING:
    from nbclient import NotebookClient


class PublishTrouble(RuntimeError):
    """A copy cannot be derived. The text names the notebook, the cell, and what does not fit."""


def read(path: Path) -> NotebookNode:
    """The lesson at `path`. Raises PublishTrouble for what is no notebook."""
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.reader.NotJSONError) as failure:
        raise PublishTrouble(f"{path} cannot be read as a notebook: {failure}.") from failure


def catalogue(lesson: str) -> ModuleType:
    """The exercises of the lesson with this file name: the module of the same name, less the number."""
    return importlib.import_module(f"course_utils.exercises.{lesson[3:]}")


# ---- the solved copy ----


def solved(notebook: NotebookNode, exercises: object, name: str = "the lesson") -> NotebookNode:
    """A copy of `notebook` with every answer written in; `exercises` has an attribute for each exercise checked.

    Raises PublishTrouble where a check has no exercise, or its cell no answer to replace.
    """
    result = copy.deepcopy(notebook)
    for number, cell in enumerate(result.cells):
        if cell.cell_type == "code":
            try:
                cell.source = _solve_cell(cell.source, exercises)
            except (PublishTrouble, SyntaxError) as trouble:
                raise PublishTrouble(f"{name}, cell {number}: {trouble}") from None
    return result


def _solve_cell(source: str, exercises: object) -> str:
    for name, answer in checks(source):
        if not hasattr(exercises, name):
            raise PublishTrouble(f"`exercises.{name}` is checked here, and the catalogue has no such exercise.")
        stub = definition(source, answer)
        if stub is None:
            raise PublishTrouble(f"`exercises.{name}` checks `{answer}`, which this cell does not define.")
        solution = getattr(exercises, name).source_as(answer).strip()
        if definition(solution, answer) is None:
            raise PublishTrouble(f"the solution of `exercises.{name}` does not define `{answer}`.")
        source = replace(source, stub, solution)
    return source


def definition(source: str, name: str) -> ast.stmt | None:
    """The last statement at the top of the cell that defines `name`."""
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return node
        if isinstance(node, ast.Assign) and [getattr(target, "id", None) for target in node.targets] == [name]:
            return node
    return None


def replace(source: str, node: ast.stmt, new: str) -> str:
    """`source` with the text of `node`, decorators included, replaced by `new`."""
    assert node.end_lineno and node.end_col_offset, "every statement that was parsed has an end"
    lines = source.splitlines(keepends=True)
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    begin = lines[first - 1].encode()[: node.col_offset].decode()       # ast counts columns in UTF-8 bytes
    rest = lines[node.end_lineno - 1].encode()[node.end_col_offset:].decode()
    return "".join(lines[: first - 1]) + begin + new + rest + "".join(lines[node.end_lineno:])


# ---- the executed copy ----


def execute(notebook: NotebookNode, folder: Path, *, cell_seconds: float = 120, env: dict[str, str] | None = None,
            watch: Callable[["NotebookClient"], None] | None = None) -> NotebookNode:
    """Run a copy of `notebook` in `folder` and return it with its outputs; each cell's metadata hold its times.

    `env` is the kernel's whole environment (None: this process's). `watch(client)` is called before each cell runs.
    Raises PublishTrouble for a cell that raises or takes longer than `cell_seconds`.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    result = copy.deepcopy(notebook)
    client = NotebookClient(
        result, timeout=cell_seconds, kernel_name="python3", resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],      # its warning is of networks, and there is none
    )
    if watch is not None:
        client.on_cell_start = lambda cell, cell_index: watch(client)
    try:
        client.execute(env=dict(os.environ if env is None else env))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as failure:
        raise PublishTrouble(str(failure)) from failure
    return result
