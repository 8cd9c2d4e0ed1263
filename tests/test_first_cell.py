"""The lessons' first cell, where the course is missing: it fetches the wheel of its own version, or says why not."""

import os
import sys
import textwrap

import nbformat
import pytest
from nbclient import NotebookClient
from test_notebooks import FIRST_CELL

from course_utils import __version__

# Stands in for pip: keeps what it was asked for, and puts a package where Python finds it.
PIP = """
    import os, pathlib, sys
    pathlib.Path(os.environ["ASKED"]).write_text(" ".join(sys.argv[1:]))
    if os.environ["PIP_ENDS"] != "0":
        print("fifteen red lines", file=sys.stderr)
        sys.exit(1)
    package = pathlib.Path(os.environ["SITE"], "course_utils")
    package.mkdir()
    (package / "__init__.py").write_text("")
"""
# Finds everything but the course, which is installed here.
HIDE = """
    import sys
    class NoCourse:
        def find_spec(self, name, path=None, target=None):
            import os
            if name == "course_utils" and not os.path.isdir(os.path.join(os.environ["SITE"], "course_utils")):
                raise ModuleNotFoundError("No module named 'course_utils'", name="course_utils")
    sys.meta_path.insert(0, NoCourse())
"""


@pytest.fixture
def run(tmp_path):
    """The outputs of the first cell and of one below it, in a kernel without the course; pip ends as told."""
    def run(pip_ends):
        for name, code in (("pip/__main__.py", PIP), ("pip/__init__.py", ""), ("sitecustomize.py", HIDE)):
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(textwrap.dedent(code), encoding="utf-8")
        cells = [nbformat.v4.new_code_cell(source) for source in (FIRST_CELL, "import course_utils")]
        notebook = nbformat.v4.new_notebook(cells=cells)
        environment = {**os.environ, "PYTHONPATH": str(tmp_path), "SITE": str(tmp_path), "PIP_ENDS": str(pip_ends),
                       "ASKED": str(tmp_path / "asked")}
        NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True,
                       resources={"metadata": {"path": str(tmp_path)}}).execute(env=environment)
        return [cell.outputs for cell in notebook.cells], (tmp_path / "asked").read_text()
    return run


def test_it_fetches_the_wheel_of_its_own_version_in_silence(run):
    outputs, asked = run(pip_ends=0)
    assert outputs == [[], []]
    assert asked.startswith("install --no-deps") and asked.endswith(f"/course_utils-{__version__}-py3-none-any.whl")


def test_where_it_cannot_it_says_so_in_one_sentence(run):
    (first, _), _ = run(pip_ends=1)
    [output] = first
    assert output.output_type == "error" and len(output.traceback) == 1
    assert output.traceback[0].startswith("The course could not be fetched from GitHub.")


def test_where_the_course_is_there_it_does_nothing():
    namespace = {}
    exec(FIRST_CELL, namespace)                         # our own text
    assert namespace["course_utils"] is sys.modules["course_utils"] and "subprocess" not in namespace
