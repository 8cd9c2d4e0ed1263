"""The learner's copies: whatever happens upstream or on the learner's side, no work of theirs is lost."""

import json
import os
import threading
import time

import pytest

from course_utils.course import workbook
from course_utils.course.workbook import RECORD, WorkbookTrouble, lay, progress


def notebook(*sources, outputs=(), **metadata):
    cells = [{"cell_type": "code", "id": f"c{i}", "metadata": {}, "execution_count": 1 if outputs else None,
              "outputs": list(outputs), "source": source} for i, source in enumerate(sources)]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


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


def test_lessons_are_laid_once_and_left_alone_after_that(upstream, mine):
    assert actions(lay(upstream, mine)) == ["new", "new"]
    assert everything(mine) == {p.name: p.read_bytes() for p in upstream.glob("0*.ipynb")}
    assert actions(lay(upstream, mine)) == ["same", "same"]
    assert not list(mine.rglob("*.part")) and not list(mine.rglob("lock"))


def test_an_untouched_copy_is_renewed(upstream, mine):
    lay(upstream, mine)
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    laid = lay(upstream, mine)
    assert actions(laid) == ["renewed", "same"] and "renewed" in laid[0].note
    assert (mine / "00_start_here.ipynb").read_bytes() == notebook("x = 2")


def test_an_edited_copy_is_kept_and_the_new_version_laid_beside_it_once(upstream, mine):
    lay(upstream, mine)
    (mine / "00_start_here.ipynb").write_bytes(notebook("x = 'mine'"))
    assert actions(lay(upstream, mine)) == ["kept", "same"]             # nothing new upstream
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    laid = lay(upstream, mine)
    assert actions(laid) == ["beside", "same"]
    assert "holds your work" in laid[0].note and "00_start_here.new.ipynb" in laid[0].note
    assert (mine / "00_start_here.ipynb").read_bytes() == notebook("x = 'mine'")
    assert (mine / "00_start_here.new.ipynb").read_bytes() == notebook("x = 2")
    assert actions(lay(upstream, mine)) == ["kept", "same"] and len(everything(mine)) == 3


def test_a_version_laid_beside_is_renewed_untouched_and_kept_edited(upstream, mine):
    lay(upstream, mine)
    (mine / "00_start_here.ipynb").write_bytes(notebook("x = 'mine'"))
    for version in (2, 3):
        (upstream / "00_start_here.ipynb").write_bytes(notebook(f"x = {version}"))
        lay(upstream, mine)
    assert (mine / "00_start_here.new.ipynb").read_bytes() == notebook("x = 3") and len(everything(mine)) == 3
    (mine / "00_start_here.new.ipynb").write_bytes(notebook("x = 'also mine'"))
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 4"))
    lay(upstream, mine)
    assert (mine / "00_start_here.new.ipynb").read_bytes() == notebook("x = 'also mine'")
    assert (mine / "00_start_here.new-2.ipynb").read_bytes() == notebook("x = 4")


def test_a_file_of_the_learner_under_our_name_for_a_new_version_is_kept(upstream, mine):
    lay(upstream, mine)
    (mine / "00_start_here.ipynb").write_bytes(notebook("x = 'mine'"))
    (mine / "00_start_here.new.ipynb").write_bytes(b"a note of mine")
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    lay(upstream, mine)
    assert (mine / "00_start_here.new.ipynb").read_bytes() == b"a note of mine"
    assert (mine / "00_start_here.new-2.ipynb").read_bytes() == notebook("x = 2")


def test_a_copy_that_was_only_run_is_kept_and_the_line_says_so(upstream, mine):
    lay(upstream, mine)
    ran = notebook("x = ...", outputs=[{"output_type": "stream", "text": "hello"}], lab="settings")
    (mine / "00_start_here.ipynb").write_bytes(ran)
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    laid = lay(upstream, mine)
    assert laid[0].action == "beside" and "no code of yours" in laid[0].note
    assert (mine / "00_start_here.ipynb").read_bytes() == ran


def test_a_deleted_lesson_comes_back(upstream, mine):
    lay(upstream, mine)
    (mine / "01_lines.ipynb").unlink()
    assert actions(lay(upstream, mine)) == ["same", "new"] and (mine / "01_lines.ipynb").exists()


@pytest.mark.parametrize("garbage", [
    b"", b"{", b"[]", b'{"00_start_here.ipynb": 3}', b"\xff\xfe", b'{"a": {"beside": 1}}',
])
def test_a_damaged_record_loses_no_work(upstream, mine, garbage):
    lay(upstream, mine)
    (mine / "00_start_here.ipynb").write_bytes(notebook("x = 'mine'"))
    (mine / RECORD).write_bytes(garbage)
    laid = lay(upstream, mine)
    assert (mine / "00_start_here.ipynb").read_bytes() == notebook("x = 'mine'")
    assert "cannot be read" in laid[0].note and actions(laid) == ["beside", "same"]
    assert actions(lay(upstream, mine)) == ["kept", "same"]             # said once


def test_without_a_record_an_unknown_copy_counts_as_the_learners(upstream, mine):
    mine.mkdir(parents=True)
    (mine / "00_start_here.ipynb").write_bytes(b"half a noteb")
    assert actions(lay(upstream, mine)) == ["beside", "new"]
    assert (mine / "00_start_here.ipynb").read_bytes() == b"half a noteb"


def test_a_copy_saved_at_the_last_moment_is_not_overwritten(upstream, mine, monkeypatch):
    lay(upstream, mine)
    (upstream / "00_start_here.ipynb").write_bytes(notebook("x = 2"))
    write_part = workbook._part

    def saved_meanwhile(path, content):
        if path.name == "00_start_here.ipynb":
            path.write_bytes(notebook("x = 'just saved'"))
        return write_part(path, content)

    monkeypatch.setattr(workbook, "_part", saved_meanwhile)
    with pytest.raises(WorkbookTrouble, match="saved a moment ago"):
        lay(upstream, mine)
    assert (mine / "00_start_here.ipynb").read_bytes() == notebook("x = 'just saved'")


def test_a_file_made_meanwhile_is_not_overwritten(upstream, mine, monkeypatch):
    write_part = workbook._part

    def made_meanwhile(path, content):
        if path.name == "00_start_here.ipynb":
            path.write_bytes(notebook("x = 'mine'"))
        return write_part(path, content)

    monkeypatch.setattr(workbook, "_part", made_meanwhile)
    lay(upstream, mine)
    assert (mine / "00_start_here.ipynb").read_bytes() == notebook("x = 'mine'")


def test_where_there_are_no_hard_links_files_are_laid_all_the_same(upstream, mine, monkeypatch):
    def refused(*_):
        raise OSError("no hard links here")

    monkeypatch.setattr(os, "link", refused)
    assert actions(lay(upstream, mine)) == ["new", "new"] and actions(lay(upstream, mine)) == ["same", "same"]


def test_a_folder_that_cannot_be_written_to_is_said_in_plain_words(upstream, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WorkbookTrouble, match="--dir"):
        lay(upstream, tmp_path / "file" / "my_work")

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(workbook, "_part", refused)
    with pytest.raises(WorkbookTrouble, match="Permission denied"):
        lay(upstream, tmp_path / "my_work")
    assert not (tmp_path / "my_work" / ".course" / "lock").exists()


def test_two_at_once_lay_everything_once(upstream, mine, monkeypatch):
    create = workbook._create
    monkeypatch.setattr(workbook, "_create", lambda *args: (time.sleep(0.01), create(*args))[1])
    for i in range(2, 12):
        (upstream / f"{i:02}_more.ipynb").write_bytes(notebook(f"x = {i}"))
    results = []
    threads = [threading.Thread(target=lambda: results.append(actions(lay(upstream, mine)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == [["new"] * 12] + [["same"] * 12] * 3
    assert len(everything(mine)) == 12 and len(json.loads((mine / RECORD).read_text())) == 12


def test_a_lock_left_behind_by_a_crash_is_taken_over(upstream, mine):
    (mine / ".course").mkdir(parents=True)
    (mine / ".course" / "lock").touch()
    os.utime(mine / ".course" / "lock", (1, 1))
    assert actions(lay(upstream, mine)) == ["new", "new"]


def saved(name, text, mime="text/plain"):
    output = {"output_type": "execute_result", "data": {mime: [text]}, "metadata": {}, "execution_count": 1}
    return notebook(f"answer = 1\nexercises.{name}.check(answer)", outputs=[output])


def test_progress_is_what_the_saved_copies_show(upstream, mine):
    assert [(p.right, p.total, p.opened) for p in progress(upstream, mine)] == [(0, 0, False), (0, 2, False)]
    lay(upstream, mine)
    assert progress(upstream, mine)[1] == ("01_lines", 0, 2, False)
    (mine / "01_lines.ipynb").write_bytes(saved("slope", "✓ Right. The line rises."))
    assert progress(upstream, mine)[1] == ("01_lines", 1, 2, True)
    (mine / "01_lines.new.ipynb").write_bytes(saved("bias", "**✓ Right**", "text/markdown"))
    assert progress(upstream, mine)[1] == ("01_lines", 2, 2, True)


@pytest.mark.parametrize("content", [
    saved("slope", "✗ Not right yet: ✓ Right comes later."), saved("unknown", "✓ Right."), b"half a noteb", b"[]",
    b'{"cells": [3, {}]}',
])
def test_progress_counts_nothing_else(upstream, mine, content):
    mine.mkdir(parents=True)
    (mine / "01_lines.ipynb").write_bytes(content)
    assert progress(upstream, mine)[1].right == 0
