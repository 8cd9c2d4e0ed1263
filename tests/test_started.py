"""Hints name a command as the reader started this one: through uv, with its options, by name, or by path."""

import ast
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils import started
from course_utils.course import findings
from course_utils.started import Start, understand

THROUGH_PYTHON = {"UV_INTERNAL__PARENT_INTERPRETER": "/usr/bin/python3"}


@pytest.fixture(autouse=True)
def forgotten():
    started.start.cache_clear()
    yield
    started.start.cache_clear()


@pytest.mark.parametrize("above, environment, expected", [
    (["/venv/bin/uv", "run", "course", "lab"], THROUGH_PYTHON, ("python -m uv run course", "python -m uv")),
    (["uv", "run", "course", "lab"], {}, ("uv run course", "uv")),
    (["uv", "run", "--no-sync", "course", "lab"], {}, ("uv run --no-sync course", "uv")),
    (["/opt/my tools/uv", "run", "course", "lab"], {}, ("'/opt/my tools/uv' run course", "'/opt/my tools/uv'")),
    (["uv", "run", "python", "-m", "course_utils.course.cli", "lab"], {},
     ("uv run python -m course_utils.course.cli", "uv")),
    (["/usr/bin/uv", "tool", "uvx", "--from", "x.whl", "course", "lab"], {}, ("uvx --from x.whl course", "uvx")),
    (["uv", "tool", "run", "--from", "my x.whl", "course", "lab"], {}, ("uvx --from 'my x.whl' course", "uvx")),
    (["uv", "tool", "run", "--from", "x.whl", "course", "lab"], THROUGH_PYTHON, ("uvx --from x.whl course", "uvx")),
])
@pytest.mark.skipif(sys.platform == "win32", reason="quotes are others there")
def test_what_stood_before_our_own_words_stands_before_the_next_ones(above, environment, expected):
    own = ["/env/bin/python", "/env/bin/course", "lab"]
    assert understand(own, ["lab"], [above, ["-bash"]], environment) == expected
    assert understand(own, ["lab"], [["course.exe", "lab"], above], environment) == expected        # as on Windows


@pytest.mark.parametrize("above", [[], [[]], [["-bash"]], [["uv", "run", "jupyter", "lab", "--no-browser"]],
                                   [["uv", "run", "bash"]], [["uv", "run", "pytest", "-q", "doctor"]]])
def test_a_shell_or_another_program_above_is_no_uv(above, monkeypatch):
    monkeypatch.setattr(started, "_found_by_name", lambda script: True)
    assert understand(["python", "/env/bin/course", "doctor"], ["doctor"], above, THROUGH_PYTHON) == Start("course")


def test_a_script_that_no_shell_finds_is_named_by_its_path(tmp_path, monkeypatch):
    script = tmp_path / "course"
    script.touch()
    script.chmod(0o755)
    own = ["/env/bin/python", str(script), "lab"]
    monkeypatch.setenv("PATH", "")
    assert understand(own, ["lab"], [], {}).course == str(script)
    monkeypatch.setenv("PATH", str(tmp_path))
    if sys.platform != "win32":                     # where a program without `.exe` is none
        assert understand(own, ["lab"], [], {}).course == "course"


def test_a_module_is_named_as_it_was_run():
    own = ["python3", "-m", "course_utils.course.cli", "doctor"]
    assert understand(own, ["doctor"], [], {}).course == "python3 -m course_utils.course.cli"


def test_on_colab_a_command_begins_with_a_mark(monkeypatch):
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab_20260801")
    assert started.command("review") == "!course review"


@pytest.mark.parametrize("how, expected, anew", [
    (Start("course"), "python -m pip install x", "python -m pip install --force-reinstall x"),
    (Start("uv run course", "uv"), "uv pip install x", "uv pip install --reinstall x"),
    (Start("python -m uv run course", "python -m uv"), "python -m uv pip install x",
     "python -m uv pip install --reinstall x"),
    (Start("uv run --no-sync course", "uv"), "uv pip install --torch-backend=cpu x",
     "uv pip install --reinstall --torch-backend=cpu x"),
    (Start("uvx --from a.whl course", "uvx"), *["uvx --reinstall --from a.whl course doctor"] * 2),
])
def test_what_is_missing_is_installed_where_it_is_missing(monkeypatch, how, expected, anew):
    """An environment that uv made has no pip."""
    monkeypatch.setattr(started, "start", lambda: how)
    assert (started.install("x"), started.install("x", anew=True)) == (expected, anew)


@pytest.mark.parametrize("how, expected", [
    (Start("course"), "python -m pip install 'sphinx>=9' myst-nb"),
    (Start("uv run course", "uv"), "uv pip install 'sphinx>=9' myst-nb"),
    (Start("uvx --from a.whl course", "uvx"), "uvx --with 'sphinx>=9' --with myst-nb --from a.whl course"),
])
@pytest.mark.skipif(sys.platform == "win32", reason="quotes are others there")
def test_a_package_is_added_where_the_course_runs(monkeypatch, how, expected):
    monkeypatch.setattr(started, "start", lambda: how)
    assert started.install_beside("sphinx>=9", "myst-nb") == expected


@pytest.mark.parametrize("record, how, words", [
    ('{"url": "file:///course", "dir_info": {"editable": true}}', Start("course"), "python -m pip install -e ."),
    ('{"url": "file:///course", "dir_info": {}}', Start("uv run course", "uv"), "uv pip install -e ."),
    ('{"url": "https://x/a.whl", "archive_info": {}}', Start("course"), "--force-reinstall https://x/a.whl"),
    ('{"url": "https://x/a.whl", "archive_info": {}}', Start("uvx --from https://x/a.whl course", "uvx"), "uvx --rein"),
    (None, Start("course"), "python -m pip install -e ."), ("[", Start("course"), "python -m pip install -e ."),
])
def test_the_course_is_installed_again_from_where_it_came(monkeypatch, record, how, words):
    class Installed:
        def read_text(self, name):
            return record

    monkeypatch.setattr(findings.metadata, "distribution", lambda name: Installed())
    monkeypatch.setattr(started, "start", lambda: how)
    assert words in findings.reinstall()


@pytest.mark.skipif(sys.platform == "win32", reason="a process has no other name there")
def test_the_command_line_above_is_really_read(tmp_path):
    """A Python that calls itself uv starts the command, and waits, as uv does."""
    child = f"[{sys.executable!r}, '-m', 'course_utils.course.cli', *sys.argv[2:]]"     # "uv" finds itself no longer
    begin = f"import subprocess, sys; subprocess.run({child})"
    line = ["uv", "-c", begin, "course", "progress", "--dir", str(tmp_path / "none")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    environment.pop(started.THROUGH_PYTHON, None)           # as `python -m uv run pytest` sets it
    done = subprocess.run(line, executable=sys.executable, capture_output=True, text=True, env=environment)
    assert done.stdout.rstrip().endswith(f"They are laid by: uv -c {shlex.quote(begin)} course lab"), done


def test_no_hint_names_a_command_by_itself():
    """Wherever the program prints a command, `started` says how it begins."""
    # These write what is read on another computer, or later.
    elsewhere = {"started.py", "classroom_install.py", "classroom_pages.py", "hand_in.py", "nbgrader.py"}
    asked = {"start_here.py"}                               # a lesson's question about one of them
    folder = Path(started.__file__).parent
    commands = ("course lab", "course data", "course doctor", "course progress", "course review", "course build",
                "course check-exercise", "course class", "course link", "python -m pip", "uv run", "uv sync")
    hints = [(path.name, line.strip()) for path in sorted(folder.rglob("*.py")) if path.name not in elsewhere | asked
             for line in _strings_of(path) if any(command in line for command in commands)]
    assert hints == []


def _strings_of(path):
    """Texts in the code that are not docstrings, without what stands in braces of f-strings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {id(node.body[0].value) for node in ast.walk(tree)
                     if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
                     and isinstance(node.body[0], ast.Expr)}
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            and id(node) not in documentation]
