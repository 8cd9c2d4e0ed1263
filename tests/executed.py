"""Notebooks executed, and what they show: what went wrong, what is no longer printed, how far they came."""

import copy
from pathlib import Path

import nbformat

from course_utils.course import publish

TAG = "nbval-check-output"              # these cells are stored with their output, and print it again on every machine
GO_ON = "raises-exception"              # nbclient goes on after a cell with this tag, whatever it raises
CELL_SECONDS = 900                      # a night's run shares the machine


def passes_in_one_kernel(passes: list[nbformat.NotebookNode], folder: Path, env: dict[str, str], first: str = "",
                         cell_seconds: float = CELL_SECONDS, watch=None) -> list[nbformat.NotebookNode]:
    """Run notebooks one after the other in one kernel, to the end of each; returned with their outputs.

    `first` is code that runs before them; `watch(client)` is called before each cell.
    """
    whole = nbformat.v4.new_notebook(metadata=copy.deepcopy(passes[0].metadata))
    whole.cells = [nbformat.v4.new_code_cell(first)] if first else []
    before = len(whole.cells)
    for one in passes:
        for cell in map(copy.deepcopy, one.cells):          # each for itself: some stand here more than once
            cell["id"] = f"cell-{len(whole.cells)}"
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                cell.metadata["tags"] = [*cell.metadata.get("tags", []), GO_ON]
            whole.cells.append(cell)
    ran = publish.execute(whole, folder, cell_seconds=cell_seconds, env=env, watch=watch)
    results = []
    for one in passes:
        result = copy.deepcopy(one)
        result.cells = ran.cells[before:before + len(one.cells)]
        result.metadata["widgets"] = ran.metadata.get("widgets", {})
        before += len(one.cells)
        results.append(result)
    return results


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def red(notebook) -> list[str]:
    """What JupyterLab shows on red: tracebacks, and all that goes to stderr, warnings among it; in widgets too."""
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    for widgets in notebook.metadata.get("widgets", {}).values():
        for widget in widgets["state"].values():
            outputs += widget["state"].get("outputs", [])
    return ["\n".join(output["traceback"]) if output["output_type"] == "error" else output["text"]
            for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]


def not_run(notebook) -> list[str]:
    """The sources of cells that no kernel has run; one that dies leaves the rest behind without a traceback."""
    return [cell.source for cell in code_cells(notebook) if cell.source.strip() and cell.execution_count is None]


def changed_outputs(notebook, stored) -> list[str]:
    """Of the tagged cells of `stored`, those that print something else in `notebook`: their source, then both texts."""
    changed = []
    for cell, kept in zip(code_cells(notebook), code_cells(stored), strict=True):
        if TAG in kept.metadata.get("tags", []) and _printed(cell) != _printed(kept):
            changed.append(f"{kept.source}\n--- stored: {_printed(kept)}\n--- now: {_printed(cell)}")
    return changed


def _printed(cell) -> list[tuple]:
    """A cell's outputs in order; a stream may arrive in several pieces, which are joined."""
    outputs: list[tuple] = []
    for output in cell.outputs:
        if output.output_type != "stream":
            outputs.append((output.output_type, dict(output.get("data", {}))))
        elif outputs and outputs[-1][0] == output.name:
            outputs[-1] = (output.name, outputs[-1][1] + output.text)
        else:
            outputs.append((output.name, output.text))
    return outputs


def notebook_of(*outputs, tags=(), source="1") -> nbformat.NotebookNode:
    """A notebook of one cell with these outputs, to try the rules on."""
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})
    return nbformat.v4.new_notebook(cells=[cell])
