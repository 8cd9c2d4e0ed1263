"""A lesson in the form that nbgrader takes: the answers marked as solutions, a point for each exercise that is right.

nbgrader (its version 0.9) keeps what it needs in a cell's metadata, by a schema with the number 3. Its
`generate_assignment` puts a line of its own in the place of what stands between the two marks, and gives the learners
the rest. So the lesson's stub stays above the marks, and the learners get the lesson that they know.
"""

import copy
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course_utils.checker import Prediction
from course_utils.course import publish
from course_utils.course.whole_files import write_whole
from course_utils.course.workbook import checks

SCHEMA = 3
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"          # nbgrader's own, as it comes

POINT = """# Worth a point when the answer above is right. Leave this cell as it is.
from course_utils.exercises.{catalogue} import {exercise} as asked

assert asked.check({answer}).status == "right", "Not yet right: the check above says why."
"""
SETTINGS = """# Read by nbgrader in this folder. Written by `course build --nbgrader`, once: change what you like.
c = get_config()  # noqa: F821
c.ClearSolutions.code_stub = {"python": "# Your answer stands above this line."}
c.ExecutePreprocessor.timeout = 120     # seconds for a cell; nbgrader's own 30 are too few on a slow server
"""


def convert(notebook: NotebookNode, exercises: object, catalogue: str, name: str = "the lesson") -> NotebookNode:
    """The lesson as nbgrader's source. A guess is neither right nor wrong, and gets no point.

    Raises PublishTrouble where a check has no exercise, or its cell no answer.
    """
    result = copy.deepcopy(notebook)
    result.cells = [new for cell in result.cells for new in _converted(cell, exercises, catalogue, name)]
    return result


def _converted(cell: NotebookNode, exercises: object, catalogue: str, name: str) -> list[NotebookNode]:
    found = checks(cell.source) if cell.cell_type == "code" else []
    points = []
    for exercise, answer in found:
        asked = getattr(exercises, exercise, None)
        if asked is None or (stub := publish.definition(cell.source, answer)) is None:
            raise publish.PublishTrouble(f"{name}: `exercises.{exercise}` has no answer that could be taken out.")
        if isinstance(asked, Prediction):
            continue
        lines = cell.source.split("\n")
        lines[stub.end_lineno:stub.end_lineno] = [BEGIN, asked.source_as(answer).strip(), END]
        cell.source = "\n".join(lines)
        cell.metadata["nbgrader"] = _marked(f"{exercise}-answer", solution=True)
        point = nbformat.v4.new_code_cell(
            POINT.format(catalogue=catalogue, exercise=exercise, answer=answer).strip(), id=f"{exercise}-point"[:64],
            metadata={"nbgrader": _marked(exercise, grade=True, locked=True, points=1)})
        points.append(point)
    return [cell, *points]


def _marked(grade_id: str, **marks: Any) -> dict[str, Any]:
    return {"schema_version": SCHEMA, "grade_id": grade_id, "grade": False, "solution": False, "locked": False,
            "task": False, **marks}


def write(path: Path, folder: Path) -> list[Path]:
    """Write the lesson at `path` to `source/LESSON/LESSON.ipynb` of a course folder; what was written.

    The folder's settings are written where it has none. Raises PublishTrouble, OSError.
    """
    notebook = convert(publish.read(path), publish.catalogue(path.stem), path.stem[3:], path.name)
    target, settings = folder / "source" / path.stem / path.name, folder / "nbgrader_config.py"
    write_whole(target, nbformat.writes(notebook) + "\n")
    if settings.exists():
        return [target]
    write_whole(settings, SETTINGS)
    return [target, settings]
