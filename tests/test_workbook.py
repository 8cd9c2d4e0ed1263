"""The learner's copies: whatever happens upstream or on the learner's side, no work of theirs is lost."""

import json
import threading
from pathlib import Path

import pytest

from course_utils.course import broken_saves, workbook
from course_utils.course.workbook import WorkbookTrouble, lay, progress


def notebook(*sources, outputs=(), **metadata):
    cells = [{"cell_type": "code", "id": f"c{i}", "metadata": {}, "execution_count": 1 if outputs else None,
              "outputs": list(outputs), "source": source} for i, source in enumerate(sources)]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture(autouse=True)
def nobody_is_saving(monkeypatch):
    monkeypatch.setattr(broken_saves, "SAVE_SECONDS", 0.05)


@pytest.fixture
def upstream(tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "00_start_here.ipynb").write_bytes(notebook("x = ..."))
    (folder / "01_lines.ipynb").write_bytes(notebook("exercises.slope.check(...)", "exercises.bias.check(...)"))
    (folder / "notes.ipynb").write_bytes(notebook("not a lesson"))
    return folder


@pytest.fixture
def mine(tmp_path):
    return tmp_path / "deep" / "my_work"


def actions(laid):
    return [one.action for one in laid]


def everything(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.ipynb")}


def first_line(path):
    return json.loads(path.read_bytes())["cells"][0]["source"]


def save(path, *sources, outputs=()):
    """What JupyterLab does: the cells change, and what the notebook's metadata hold stays."""
    saved = json.loads(notebook(*sources, outputs=outputs))
    saved["metadata"] = {**json.loads(path.read_bytes())["metadata"], "kernelspec": {"name": "python3"}}
    path.write_text(json.dumps(saved))


def test_where_lessons_and_copies_lie_in_a_checkout_and_in_an_installed_package(tmp_path, monkeypatch):
    root = Path(__file__).parents[1]
    assert workbook.lessons_folder() == root / "notebooks" and workbook.default_folder() == root / "my_work"
    package = tmp_path / "site-packages" / "course_utils"
    (package / "_notebooks").mkdir(parents=True)
    monkeypatch.setattr(workbook, "__file__", str(package / "course" / "workbook.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WorkbookTrouble, match="Install the course again"):
        workbook.lessons_folder()
    (package / "_notebooks" / "00_start_here.ipynb").touch()
    assert workbook.lessons_folder() == package / "_notebooks" and workbook.default_folder() == tmp_path / "my_work"


def test_lessons_are_laid_once_and_left_alone_after_that(upstream, mine):
    assert actions(lay(upstream, mine)) == ["new", "new"]
    assert sorted(everything(mine)) == ["00_start_here.ipynb", "01_lines.ipynb"]
    for name, content in everything(mine).items():
        assert json.loads(content)["cells"] == json.loads((upstream / name).read_bytes())["cells"]
    laid = everything(mine)
    assert actions(lay(upstream, mine)) == ["same", "same"] and everything(mine) == laid
    assert sorted(path.name for path in mine.iterdir()) == sorted(laid)           # no half file, and no list of ours


@pytest.mark.parametrize("ran", [False, True])
def test_an_untouched_copy_is_renewed_and_running_it_is_no_touch(upstream, mine, ran):
    lay(upstream, mine)
    first = mine / "00_start_here.ipynb"
    if ran:                                         # running the last cell adds an empty one
        save(first, "x = ...", "", outputs=[{"output_type": "stream", "text": "hello"}])
    assert actions(lay(upstream, mine)) == ["same", "same"] and (b"hello" in first.read_bytes()) == ran
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    laid = lay(upstream, mine)
    assert actions(laid) == ["renewed", "same"] and "renewed" in laid[0].note
    assert first_line(first) == "x = 2"
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 3"))
    assert actions(lay(upstream, mine)) == ["renewed", "same"] and len(everything(mine)) == 2


def test_an_edited_copy_is_kept_and_the_new_version_laid_beside_it_once(upstream, mine):
    lay(upstream, mine)
    first = mine / "00_start_here.ipynb"
    save(first, "x = 'mine'")
    edited = first.read_bytes()
    assert actions(lay(upstream, mine)) == ["kept", "same"] and len(everything(mine)) == 2      # nothing new upstream
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    laid = lay(upstream, mine)
    assert actions(laid) == ["beside", "same"]
    assert "holds your work" in laid[0].note and "NEW 00_start_here.ipynb" in laid[0].note
    assert first.read_bytes() == edited
    assert first_line(mine / "NEW 00_start_here.ipynb") == "x = 2"
    save(mine / "NEW 00_start_here.ipynb", "x = 'there too'")
    laid = lay(upstream, mine)
    assert actions(laid) == ["kept", "same"] and laid[0].note == "" and len(everything(mine)) == 3


@pytest.mark.parametrize("sources", [("x = ...", "# a note"), ("x = ... ",), ()])
def test_whatever_is_written_counts_as_work(upstream, mine, sources):
    lay(upstream, mine)
    save(mine / "00_start_here.ipynb", *sources)
    edited = (mine / "00_start_here.ipynb").read_bytes()
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    assert actions(lay(upstream, mine)) == ["beside", "same"]
    assert (mine / "00_start_here.ipynb").read_bytes() == edited


def test_a_cell_turned_into_text_counts_as_work(upstream, mine):
    lay(upstream, mine)
    first = mine / "00_start_here.ipynb"
    first.write_bytes(first.read_bytes().replace(b'"code"', b'"markdown"'))
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    assert actions(lay(upstream, mine)) == ["beside", "same"]


def test_a_version_laid_beside_is_renewed_untouched_and_kept_edited(upstream, mine):
    lay(upstream, mine)
    save(mine / "00_start_here.ipynb", "x = 'mine'")
    for version in (2, 3):
        (upstream / "00_start_here.ipynb").write_bytes(notebook(f"x = {version}"))
        lay(upstream, mine)
    beside = mine / "NEW 00_start_here.ipynb"
    assert first_line(beside) == "x = 3" and len(everything(mine)) == 3
    save(beside, "x = 'also mine'")
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 4"))
    lay(upstream, mine)
    assert first_line(beside) == "x = 'also mine'"
    assert first_line(mine / "NEW-2 00_start_here.ipynb") == "x = 4"


def test_a_file_of_the_learner_under_our_name_for_a_new_version_is_kept(upstream, mine):
    lay(upstream, mine)
    save(mine / "00_start_here.ipynb", "x = 'mine'")
    (mine / "NEW 00_start_here.ipynb").write_bytes(b"a note of mine")
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    lay(upstream, mine)
    assert (mine / "NEW 00_start_here.ipynb").read_bytes() == b"a note of mine"
    assert first_line(mine / "NEW-2 00_start_here.ipynb") == "x = 2"


def as_at_first(mine, name="00_start_here.new.ipynb"):
    """What an earlier edition laid beside the learner's copy."""
    (mine / "NEW 00_start_here.ipynb").rename(mine / name)
    return mine / name


def test_a_version_under_its_first_name_is_renamed_unless_it_holds_work(upstream, mine):
    lay(upstream, mine)
    save(mine / "00_start_here.ipynb", "x = 'mine'")
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    lay(upstream, mine)
    old = as_at_first(mine)
    save(old, "x = 2", outputs=[{"output_type": "stream", "text": "seen"}])             # run, and that is no work
    seen = old.read_bytes()
    laid = lay(upstream, mine)
    assert actions(laid) == ["kept", "same"] and laid[0].note == f"{old.name} is now called NEW 00_start_here.ipynb"
    assert (mine / "NEW 00_start_here.ipynb").read_bytes() == seen and not old.exists() and len(everything(mine)) == 3
    save(as_at_first(mine), "x = 'mine too'")
    worked = old.read_bytes()
    assert actions(lay(upstream, mine)) == ["kept", "same"] and old.read_bytes() == worked
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 3"))
    lay(upstream, mine)
    assert old.read_bytes() == worked and first_line(mine / "NEW 00_start_here.ipynb") == "x = 3"


def test_renaming_never_covers_another_file(upstream, mine):
    lay(upstream, mine)
    save(mine / "00_start_here.ipynb", "x = 'mine'")
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    lay(upstream, mine)
    laid = as_at_first(mine, "00_start_here.new-2.ipynb").read_bytes()
    (mine / "NEW 00_start_here.ipynb").write_bytes(b"a note of mine")
    lay(upstream, mine)
    assert (mine / "NEW 00_start_here.ipynb").read_bytes() == b"a note of mine"
    assert (mine / "NEW-2 00_start_here.ipynb").read_bytes() == laid and len(everything(mine)) == 4


def test_a_deleted_lesson_comes_back(upstream, mine):
    lay(upstream, mine)
    (mine / "01_lines.ipynb").unlink()
    assert actions(lay(upstream, mine)) == ["same", "new"] and (mine / "01_lines.ipynb").exists()


@pytest.mark.parametrize("content", [b"half a noteb", b"[]", b"{}", b"\xff\xfe", notebook("x = 'older'"),
                                     notebook("x = 'older'", course=3), notebook("x = 'older'", course={"laid": "0"})])
def test_a_copy_of_unknown_origin_counts_as_the_learners(upstream, mine, content):
    mine.mkdir(parents=True)
    (mine / "00_start_here.ipynb").write_bytes(content)
    assert actions(lay(upstream, mine)) == ["beside", "new"]
    assert (mine / "00_start_here.ipynb").read_bytes() == content
    assert actions(lay(upstream, mine)) == ["kept", "same"]             # said once


@pytest.mark.parametrize("there", [True, False])
def test_a_copy_saved_at_the_last_moment_is_not_overwritten(upstream, mine, monkeypatch, there):
    mine.mkdir(parents=True)
    if there:
        lay(upstream, mine)
        (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    write, first, just_saved = Path.write_bytes, mine / "00_start_here.ipynb", notebook("x = 'just saved'")

    def saved_meanwhile(path, content):
        if path.name.startswith(".00"):
            write(first, just_saved)
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", saved_meanwhile)
    with pytest.raises(WorkbookTrouble, match="saved a moment ago"):
        lay(upstream, mine)
    assert first.read_bytes() == just_saved and not list(mine.glob(".*"))


def test_a_folder_that_cannot_be_written_to_is_said_in_plain_words(upstream, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WorkbookTrouble, match="--dir"):
        lay(upstream, tmp_path / "file" / "my_work")


def test_a_full_disk_leaves_the_copies_as_they_are(upstream, mine, monkeypatch):
    lay(upstream, mine)
    before = everything(mine)
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))

    def full(path, content):
        path.open("wb").close()                     # the disk fills after the file was begun
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WorkbookTrouble, match="the disk is full"):
        lay(upstream, mine)
    assert everything(mine) == before and not list(mine.glob(".*"))


def test_a_lesson_that_is_damaged_in_the_course_keeps_nobody_from_the_others(upstream, mine):
    (upstream / "00_start_here.ipynb").write_bytes(b"<<<<<<< HEAD")
    assert actions(lay(upstream, mine)) == ["new", "new"] and actions(lay(upstream, mine)) == ["same", "same"]


def test_several_at_once_lay_everything_and_disturb_nobody(upstream, mine):
    for i in range(2, 12):
        (upstream / f"{i:02}_more.ipynb").write_bytes(notebook(f"x = {i}"))
    begin, results = threading.Barrier(4), []

    def one():
        begin.wait()
        results.append(actions(lay(upstream, mine)))

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [len(result) for result in results] == [12] * 4 and set(sum(results, [])) <= {"new", "same"}
    assert actions(lay(upstream, mine)) == ["same"] * 12 and len(list(mine.iterdir())) == 12


def saved(name, text, mime="text/plain"):
    output = {"output_type": "execute_result", "data": {mime: [text]}, "metadata": {}, "execution_count": 1}
    return notebook(f"answer = 1\nexercises.{name}.check(answer)", outputs=[output])


def test_progress_is_what_the_saved_copies_show(upstream, mine):
    assert [(p.right, p.total, p.opened) for p in progress(upstream, mine)] == [(0, 0, False), (0, 2, False)]
    lay(upstream, mine)
    assert progress(upstream, mine)[1] == ("01_lines", 0, 2, False)
    (mine / "01_lines.ipynb").write_bytes(saved("slope", "✓ Right. The line rises."))
    assert progress(upstream, mine)[1] == ("01_lines", 1, 2, True)
    (mine / "NEW 01_lines.ipynb").write_bytes(saved("bias", "**✓ Right**", "text/markdown"))
    assert progress(upstream, mine)[1] == ("01_lines", 2, 2, True)


@pytest.mark.parametrize("name", ["Copy of 01_lines.ipynb", "Copy_of_01_lines.ipynb", "01_lines (1).ipynb",
                                  "Copy of Copy of 01_lines.ipynb", "01_lines-Copy1.ipynb", "01_lines.new-2.ipynb",
                                  "NEW 01_lines.ipynb", "NEW-2 01_lines.ipynb", "Copy of NEW 01_lines.ipynb",
                                  "Copy_of_NEW_01_lines (1).ipynb"])
def test_copies_that_came_another_way_count(upstream, mine, name):
    mine.mkdir(parents=True)
    (mine / name).write_bytes(saved("slope", "✓ Right. The line rises."))
    assert progress(upstream, mine)[1] == ("01_lines", 1, 2, True)


@pytest.mark.parametrize("name", ["01_lines_of_mine.ipynb", "My 01_lines.ipynb", "101_lines.ipynb",
                                  "RENEW 01_lines.ipynb", "NEWS 01_lines.ipynb"])
def test_other_notebooks_do_not_count(upstream, mine, name):
    mine.mkdir(parents=True)
    (mine / name).write_bytes(saved("slope", "✓ Right. The line rises."))
    assert progress(upstream, mine)[1].right == 0


@pytest.mark.parametrize("content", [
    saved("slope", "✗ Not right yet: ✓ Right comes later."), saved("unknown", "✓ Right."), b"half a noteb", b"[]",
    b'{"cells": [3, {}]}',
])
def test_progress_counts_nothing_else(upstream, mine, content):
    mine.mkdir(parents=True)
    (mine / "01_lines.ipynb").write_bytes(content)
    assert progress(upstream, mine)[1].right == 0
