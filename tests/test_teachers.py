"""A teacher's page of a lesson: each exercise once, with its answer and every wrong one that the check knows."""

import re

import pytest
from test_notebooks import ROOT

from course_utils.checker import IDEAS, Choice
from course_utils.course import cli, publish, teachers, workbook

LESSONS = workbook.lessons(ROOT / "notebooks")


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_page_holds_every_exercise_of_the_lesson_and_every_message(path):
    page, catalogue = teachers.answers(path), publish.catalogue(path.stem)
    asked = {name for cell in publish.read(path).cells if cell.cell_type == "code"
             for name, _ in workbook.checks(cell.source)}
    sections = re.split(r"^## `(\w+)` \(", page, flags=re.MULTILINE)[1:]
    told = dict(zip(sections[::2], sections[1::2], strict=True))
    assert set(told) == asked
    for name, section in told.items():
        exercise = getattr(catalogue, name)
        assert exercise.solution_source in section
        for mistake in exercise.mistakes:
            assert mistake.message.split(". ")[0][:60] in section, (name, mistake.message)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_question_for_the_room_says_who_votes_for_what(path):
    name, choice = teachers.room_question(path)
    part = teachers.answers(path).split("## For the whole room")[1].split("\n## ")[0]
    votes = dict(re.findall(r"^- votes for \*\*(.+)\*\*: (.+)$", part, re.MULTILINE))
    assert f": `{name}`" in part and list(votes) == list(choice.options)
    assert "".join(letter for letter, told in votes.items() if told == "right") == choice.right_answer
    for mistake in choice.mistakes:
        assert not mistake.id or votes[mistake.answer] == f"{IDEAS[mistake.id]} ({mistake.id})"
    others = [one for one in teachers.exercises_of(path).values()
              if isinstance(one, Choice) and len(one.right_answer) == 1]
    assert choice in others, "one option is right"
    assert all(ideas_of(one) <= ideas_of(choice) for one in others), "no other such choice splits more"


def test_a_question_about_code_brings_the_code():
    part = teachers.answers(LESSONS[1]).split("## For the whole room")[1].split("\n## ")[0]
    assert "> 1  model = nn.Sequential" in part


def ideas_of(choice):
    return len({mistake.id for mistake in choice.mistakes if mistake.id})


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_ideas_of_the_lesson_are_listed_with_their_exercises(path):
    part = teachers.answers(path).split("## Ideas to expect")[1].split("\n## ")[0]
    rows = {idea: set(re.findall(r"`(\w+)`", where)) for idea, where in
            re.findall(r"^\| .+ \| (M\d\d) \| (.+) \|$", part, re.MULTILINE)}
    expected = {}
    for name, exercise in teachers.exercises_of(path).items():
        for mistake in exercise.mistakes:
            if mistake.id:
                expected.setdefault(mistake.id, set()).add(name)
    assert rows == expected


def test_instructors_names_the_question_of_each_lesson():
    page = (ROOT / "INSTRUCTORS.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d\d) \| `(\w+)` \| ", page, re.MULTILINE))
    assert rows == {path.stem[:2]: teachers.room_question(path)[0] for path in LESSONS}


def test_what_has_a_name_comes_first():
    page = teachers.answers(LESSONS[1]).split("## `classify` (")[1].split("\n## ")[0]
    named, others = page.split("**Wrong in another way.**")
    assert "(M01: " in named and "(M" not in others and "wrong way round" in others


def test_the_command_writes_it(tmp_path, capsys):
    assert cli.main(["build", "--answers", "--lesson", "01", str(tmp_path)]) == 0
    [file] = tmp_path.iterdir()
    assert file.name == "01_binary_logistic_regression.answers.md" and str(file) in capsys.readouterr().out
    assert "(M34: " in file.read_text(encoding="utf-8")


def test_nothing_to_build_is_said(capsys):
    assert cli.main(["build"]) == 1 and "--answers" in capsys.readouterr().err
