"""On Colab the learner's copies lie in their Drive, under names that Colab gives, and the commands find them there."""

import json

import pytest

from course_utils import colab, started
from course_utils.course import cli, doctor, then_and_now, workbook
from course_utils.course.doctor import FIX, GOOD, NOTE


@pytest.fixture
def drive(tmp_path, monkeypatch):
    """Drive's folder on a runtime like Colab's, not yet mounted; and the runtime's own folder, which is empty."""
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab_20260801")
    monkeypatch.setattr(colab, "DRIVE", tmp_path / "drive" / "MyDrive")
    started.start.cache_clear()
    (tmp_path / "content").mkdir()
    monkeypatch.chdir(tmp_path / "content")
    yield tmp_path / "drive" / "MyDrive"
    started.start.cache_clear()


def save_a_copy(drive, lesson, name):
    """What "Save a copy in Drive" and an answer make of the lesson that begins so."""
    [original] = workbook.lessons_folder().glob(f"{lesson}_*.ipynb")
    notebook = json.loads(original.read_text(encoding="utf-8"))
    checked = next(cell for cell in notebook["cells"] for name, answer in workbook.checks("".join(cell["source"]))
                   if answer and "guess" not in name)
    checked["execution_count"] = 1
    checked["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "✓ Right. So it is."},
                           "metadata": {}, "execution_count": 1}]
    folder = drive / "Colab Notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name.format(original.stem)).write_text(json.dumps(notebook), encoding="utf-8")


def test_drives_path_is_the_one_that_colab_documents():
    assert colab.saved_copies().as_posix() == "/content/drive/MyDrive/Colab Notebooks"


def test_a_drive_that_is_not_connected_is_said_with_what_to_do(drive, capsys):
    assert cli.main(["progress"]) == 0
    said = capsys.readouterr().out
    assert "Drive is not connected" in said and "drive.mount(" in said and "course lab" not in said
    [finding] = doctor.copies_on_colab()
    assert finding.level == NOTE and "drive.mount(" in finding.action
    drive.mkdir(parents=True)
    assert cli.main(["review"]) == 0 and "Save a copy in Drive" in capsys.readouterr().out
    assert "Save a copy in Drive" in doctor.copies_on_colab()[0].action


@pytest.mark.parametrize("name", ["Copy of {}.ipynb", "Copy_of_{}.ipynb", "{} (1).ipynb", "Copy of {} (1).ipynb",
                                  "Copy of Copy of {}.ipynb", "{}.ipynb"])
def test_progress_and_the_doctor_find_the_copies_in_drive(drive, capsys, name):
    save_a_copy(drive, "00", name)
    assert cli.main(["progress"]) == 0
    [first] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("00_start_here")]
    assert "1 of " in first and "not begun" not in first
    [finding] = doctor.copies_on_colab()
    assert finding.level == GOOD and finding.text.startswith("copies of 1 lesson in ")


def test_a_review_is_written_into_drive(drive, capsys):
    save_a_copy(drive, "01", "Copy of {}.ipynb")
    assert cli.main(["review"]) == 0
    assert list((drive / "Colab Notebooks").glob("review_*.ipynb")), capsys.readouterr().out


def test_guesses_are_found_in_copies_with_colabs_names(drive, capsys):
    [original] = workbook.lessons_folder().glob("00_*.ipynb")
    notebook = json.loads(original.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if "exercises.guess_logit.check(" in source:
            cell["source"] = source.replace("guess = ...", "guess = 0.7")
    (drive / "Colab Notebooks").mkdir(parents=True)
    (drive / "Colab Notebooks" / "Copy of 00_start_here.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert then_and_now._guesses_found() == {"logit": 0.7}


def test_lab_says_where_the_lessons_are_opened(drive, capsys):
    assert cli.main(["lab"]) == 1
    said = capsys.readouterr().err
    assert cli.COLAB_LESSONS in said and "Save a copy in Drive" in said and not (drive / "Colab Notebooks").exists()


def test_the_doctor_looks_at_drive_on_colab_only(drive, monkeypatch):
    for name in ("versions", "pytorch", "widgets", "kernel", "data"):
        monkeypatch.setattr(doctor, name, lambda: [])
    assert "Your copies" in doctor.examine([drive])
    monkeypatch.delenv("COLAB_RELEASE_TAG")
    assert "Your copies" not in doctor.examine([drive])


def test_without_lessons_the_doctor_says_that(drive, monkeypatch):
    (drive / "Colab Notebooks").mkdir(parents=True)

    def none():
        raise workbook.WorkbookTrouble("No lessons were found.")

    monkeypatch.setattr(workbook, "lessons_folder", none)
    assert doctor.copies_on_colab()[0].level == FIX
