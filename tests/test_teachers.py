"""A teacher's page of a lesson: each exercise once, with its answer and every wrong one that the check knows."""

import re

import pytest
from test_notebooks import ROOT

from course_utils.course import cli, publish, teachers, workbook

LESSONS = workbook.lessons(ROOT / "notebooks")


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_page_holds_every_exercise_of_the_lesson_and_every_message(path):
    page, catalogue = teachers.answers(path), publish.catalogue(path.stem)
    asked = {name for cell in publish.read(path).cells if cell.cell_type == "code"
             for name, _ in workbook.checks(cell.source)}
    sections = re.split(r"^## `(\w+)` ", page, flags=re.MULTILINE)[1:]
    told = dict(zip(sections[::2], sections[1::2], strict=True))
    assert set(told) == asked
    for name, section in told.items():
        exercise = getattr(catalogue, name)
        assert exercise.solution_source in section
        for mistake in exercise.mistakes:
            assert mistake.message.split(". ")[0][:60] in section, (name, mistake.message)


def test_the_command_writes_it(tmp_path, capsys):
    assert cli.main(["build", "--answers", "--lesson", "01", str(tmp_path)]) == 0
    [file] = tmp_path.iterdir()
    assert file.name == "01_binary_logistic_regression.answers.md" and str(file) in capsys.readouterr().out
    assert "(M34: " in file.read_text(encoding="utf-8")


def test_nothing_to_build_is_said(capsys):
    assert cli.main(["build"]) == 1 and "--answers" in capsys.readouterr().err
