"""Lessons in nbgrader's form: its schema is kept, its marks take out our answers alone, points tell right."""

import re

import jsonschema
import nbformat
import pytest
from test_notebooks import ROOT

from course_utils.checker import Prediction
from course_utils.course import cli, nbgrader, publish, workbook

LESSONS = workbook.lessons(ROOT / "notebooks")

# What nbgrader 0.9 asks of a cell's metadata (its schema 3), in our words.
METADATA = {
    "type": "object", "additionalProperties": False,
    "required": ["schema_version", "grade", "solution", "locked", "grade_id"],
    "properties": {
        "schema_version": {"const": 3}, "grade": {"type": "boolean"}, "solution": {"type": "boolean"},
        "locked": {"type": "boolean"}, "task": {"const": False}, "points": {"type": "number", "minimum": 0},
        "grade_id": {"type": "string", "pattern": r"^[\w-]+$"},
    },
    "if": {"properties": {"grade": {"const": True}}}, "then": {"required": ["points"]},
}


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def both(request):
    """The lesson, its form for nbgrader, and its catalogue."""
    notebook, catalogue = publish.read(request.param), publish.catalogue(request.param.stem)
    return notebook, nbgrader.convert(notebook, catalogue, request.param.stem[3:]), catalogue


def marks(notebook):
    return [cell.metadata["nbgrader"] for cell in notebook.cells if "nbgrader" in cell.metadata]


def test_the_metadata_are_what_nbgrader_reads(both):
    _, converted, catalogue = both
    nbformat.validate(converted)
    for mark in marks(converted):
        jsonschema.validate(mark, METADATA)
    ids = [mark["grade_id"] for mark in marks(converted)]
    assert len(ids) == len(set(ids)) and len({cell.id for cell in converted.cells}) == len(converted.cells)
    points = {mark["grade_id"] for mark in marks(converted) if mark["grade"]}
    asked = set(workbook.exercises(nbformat.writes(both[0]).encode()))
    assert points == {name for name in asked if not isinstance(getattr(catalogue, name), Prediction)}
    assert points and all(mark["locked"] for mark in marks(converted) if mark["grade"])


def test_without_what_stands_between_the_marks_it_is_the_lesson(both):
    """What nbgrader's generate_assignment leaves to the learners: the lesson, and a cell for each point."""
    notebook, converted, _ = both
    between = re.compile(rf"\n{nbgrader.BEGIN}\n.*?\n{nbgrader.END}(?=\n)", re.DOTALL)
    left = [between.sub("", cell.source) for cell in converted.cells if not _is_point(cell)]
    assert left == [cell.source for cell in notebook.cells]
    for cell in converted.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            assert cell.source.count(nbgrader.BEGIN) == 1
            compile(re.sub(r"^%.*$", "", cell.source, flags=re.M), "cell", "exec")


def _is_point(cell):
    return cell.metadata.get("nbgrader", {}).get("grade", False)


def test_the_answer_follows_its_stub_and_the_point_its_answer(both):
    for before, cell in zip(both[1].cells, both[1].cells[1:], strict=False):
        if _is_point(cell):
            assert before.metadata["nbgrader"]["grade_id"] == f"{cell.metadata['nbgrader']['grade_id']}-answer"


@pytest.mark.parametrize("answer, point", [(lambda logits: logits > 0, True), (lambda logits: logits > 0.5, False),
                                           (..., False)])
def test_a_point_is_given_for_a_right_answer_and_for_no_other(answer, point):
    """nbgrader gives it to a cell that runs to its end."""
    path = next(path for path in LESSONS if path.stem.startswith("01"))
    converted = nbgrader.convert(publish.read(path), publish.catalogue(path.stem), path.stem[3:])
    [cell] = [cell for cell in converted.cells if _is_point(cell) and "import classify " in cell.source]
    try:
        exec(cell.source, {"classify": answer})
    except AssertionError as refusal:
        assert not point and "Not yet right" in str(refusal)
    else:
        assert point


def test_a_check_without_an_answer_is_refused():
    cell = nbformat.v4.new_code_cell("exercises.classify.check(classify)")
    notebook, catalogue = nbformat.v4.new_notebook(cells=[cell]), publish.catalogue("01_binary_logistic_regression")
    with pytest.raises(publish.PublishTrouble, match="classify"):
        nbgrader.convert(notebook, catalogue, "x")


def test_the_command_makes_a_course_folder_and_leaves_its_settings_alone(tmp_path, capsys):
    assert cli.main(["build", "--nbgrader", "--lesson", "01", str(tmp_path)]) == 0
    name = "01_binary_logistic_regression"
    folder = tmp_path / "nbgrader"
    assert (folder / "source" / name / f"{name}.ipynb").is_file() and str(folder) in capsys.readouterr().out
    settings = folder / "nbgrader_config.py"
    compile(settings.read_text(encoding="utf-8"), "settings", "exec")
    settings.write_text("# mine")
    assert cli.main(["build", "--nbgrader", "--lesson", "01", str(tmp_path)]) == 0
    assert settings.read_text() == "# mine"
