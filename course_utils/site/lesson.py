"""What a lesson says about itself in its first text: `# N · Title`, the question in bold, the minutes."""

import re
from typing import NamedTuple

from nbformat import NotebookNode


class Lesson(NamedTuple):
    """A lesson of the site; `name` is that of its file, 01_binary_logistic_regression."""

    name: str
    title: str
    question: str
    minutes: str


def lesson_of(name: str, notebook: NotebookNode) -> Lesson:
    """Read from the first cell; what it does not say is ""."""
    opening = notebook.cells[0].source

    def found(pattern: str) -> str:
        match = re.search(pattern, opening, re.M)
        return match[1] if match else ""

    return Lesson(name, found(r"^# (.+)$") or name, found(r"^\*\*(.+\?)\*\*$"), found(r"\b(\d+) minutes\b"))
