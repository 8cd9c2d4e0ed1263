"""What a notebook file holds, read in one place, so that no damage to the file can stop who reads it."""

import json
from typing import Any, NamedTuple


class Cell(NamedTuple):
    """A cell of a saved notebook; what is damaged in it is as good as absent, but for its source."""

    kind: object            # "code" or "markdown"
    source: str
    outputs: list[dict]
    metadata: dict
    was_run: bool

    @property
    def tags(self) -> list:
        """The words that the metadata mark it with."""
        return _list(self.metadata.get("tags"))


def whole(content: bytes) -> dict | None:
    """The notebook, whatever its cells hold; None for what was cut off, or is none."""
    try:
        notebook = json.loads(content)
        return notebook if isinstance(notebook["cells"], list) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def cells(content: bytes) -> list[Cell]:
    """Its cells, in order; none where it is no notebook."""
    return [_cell(cell) for cell in (whole(content) or {"cells": []})["cells"] if isinstance(cell, dict)]


def code(content: bytes) -> list[str]:
    """The sources of a notebook's code cells, in order."""
    return [cell.source for cell in cells(content) if cell.kind == "code"]


def note(content: bytes) -> object:
    """What the course wrote into the notebook's metadata as it was laid; None for files of other origin."""
    return _dict(_dict((whole(content) or {}).get("metadata")).get("course")).get("laid")


def texts(output: dict) -> list[str]:
    """What an output says, in each of the forms in which it says it."""
    data = _dict(output.get("data"))
    return [text(data.get("text/plain")), text(data.get("text/markdown")), text(output.get("text"))]


def text(value: Any) -> str:
    """A source or an output, which are stored as one text or as its lines. Anything else as it is stored."""
    if value is None or isinstance(value, str):
        return value or ""
    lines = value if isinstance(value, list) else [value]
    return "".join(line if isinstance(line, str) else json.dumps(line) for line in lines)


def _cell(cell: dict) -> Cell:
    outputs = [output for output in _list(cell.get("outputs")) if isinstance(output, dict)]
    metadata, was_run = _dict(cell.get("metadata")), bool(cell.get("execution_count"))
    return Cell(cell.get("cell_type"), text(cell.get("source")), outputs, metadata, was_run)


def _dict(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list:
    return value if isinstance(value, list) else []
