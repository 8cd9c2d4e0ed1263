"""What an executed notebook shows: what went wrong in it, what it no longer prints, how far it came."""

import nbformat

TAG = "nbval-check-output"              # these cells are stored with their output, and print it again on every machine


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
