"""Executed lessons are kept, and run again when what their outputs depend on has changed, and only then."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_utils.course import executed as module
from course_utils.course import publish
from course_utils.course.executed import PACKAGE, executed, key, reached


def lesson(code="print(1)", prose="# One"):
    return new_notebook(cells=[new_markdown_cell(prose), new_code_cell(code)])


@pytest.fixture
def runs(monkeypatch):
    """The sources of what was run; nothing is, and each output says what would have been."""
    begun = []

    def pretend(notebook, folder, cell_seconds):
        begun.append(notebook.cells[1].source)
        done = nbformat.from_dict(notebook)
        done.cells[1].outputs = [new_output("stream", text=f"ran {notebook.cells[1].source}")]
        return done

    monkeypatch.setattr(publish, "execute", pretend)
    return begun


def test_each_is_run_once_and_a_change_of_one_runs_one(runs, tmp_path):
    executed({"01_a": lesson("a = 1"), "02_b": lesson("b = 1")}, tmp_path)
    done = executed({"01_a": lesson("a = 1"), "02_b": lesson("b = 2")}, tmp_path)
    assert sorted(runs) == ["a = 1", "b = 1", "b = 2"]
    assert [done[name].cells[1].outputs[0].text for name in done] == ["ran a = 1", "ran b = 2"]
    assert len(list(tmp_path.iterdir())) == 2, "an outdated one is not kept"


def test_a_change_of_the_prose_runs_nothing_and_is_there(runs, tmp_path):
    executed({"01_a": lesson(prose="# One")}, tmp_path)
    done = executed({"01_a": lesson(prose="# Another")}, tmp_path)["01_a"]
    assert len(runs) == 1 and done.cells[0].source == "# Another" and done.cells[1].outputs


def test_a_cell_that_raises_keeps_nothing(monkeypatch, tmp_path):
    def fail(notebook, folder, cell_seconds):
        raise publish.PublishTrouble("1 / 0")

    monkeypatch.setattr(publish, "execute", fail)
    with pytest.raises(publish.PublishTrouble):
        executed({"01_a": lesson()}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def names(*sources):
    return {path.relative_to(PACKAGE).as_posix() for path in reached(list(sources))}


def test_a_lesson_depends_on_what_its_imports_reach_and_on_no_other_lesson():
    found = names("%pip list\nfrom course_utils.studies import optimizers as studies", "not python (")
    assert {"studies/optimizers.py", "optimizers.py", "study.py", "train/loop.py"} <= found
    assert not {"studies/dropout.py", "exercises/optimizers.py", "course/cli.py"} & found
    assert "distributed/worker.py" in names("import course_utils.distributed"), "a room is taken as a whole"
    assert names("import torch\nfrom os import path") == set()


def test_the_key_follows_the_package_and_the_libraries(tmp_path, monkeypatch):
    (tmp_path / "one.py").write_text("x = 1")
    monkeypatch.setattr(module, "PACKAGE", tmp_path)
    importing = lesson("import course_utils.one")
    before = key(importing)
    assert key(importing) == before
    (tmp_path / "one.py").write_text("x = 2")
    changed = key(importing)
    monkeypatch.setattr(module.metadata, "version", lambda library: "0")
    assert len({before, changed, key(importing)}) == 3
