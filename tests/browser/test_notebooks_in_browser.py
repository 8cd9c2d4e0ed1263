"""Each notebook as a learner meets it: opened, run to its end, nothing red, every figure with words, accessible.

Its tagged cells print what is stored with them. At each push it is the turn of a fifth of the lessons, and of half of
those whose untouched copy is run here only; all of them are run at night.
"""

import shutil

import nbformat
import pytest
from executed import changed_outputs, not_run
from lab import ROOT, SCREENSHOTS
from pages import violations
from test_notebooks import LONG_UNTOUCHED

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# JupyterLab shows tracebacks and what goes to stderr, warnings among it, alike: on red.
RED = """() => [...document.querySelectorAll('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]')]
    .map(output => output.textContent.slice(0, 500))"""
WITHOUT_WORDS = """() => [...document.querySelectorAll('.jp-OutputArea-output img')]
    .filter(image => (image.getAttribute('alt') || '').length < 20).length"""


LONG = [path for path in NOTEBOOKS if path.stem.startswith(LONG_UNTOUCHED)]


@pytest.mark.in_turn(5)
@pytest.mark.parametrize("path", [path for path in NOTEBOOKS if path not in LONG], ids=lambda path: path.stem)
def test_runs_to_its_end_without_red(lab, path):
    check_in_browser(lab, path)


@pytest.mark.in_turn(2)
@pytest.mark.parametrize("path", LONG, ids=lambda path: path.stem)
def test_a_long_lesson_runs_to_its_end_without_red(lab, path):
    check_in_browser(lab, path)


def check_in_browser(lab, path):
    shutil.copy(path, lab.folder)
    page = lab.open(path.name)
    lab.run_all(page, timeout=180)
    page.screenshot(path=SCREENSHOTS / f"notebook_{path.stem}.png")
    assert page.evaluate(RED) == []
    assert page.evaluate(WITHOUT_WORDS) == 0
    assert "Error displaying widget" not in page.inner_text("body")
    assert violations(page) == []
    lab.save(page)
    stored, executed = (nbformat.read(folder / path.name, as_version=4) for folder in (path.parent, lab.folder))
    assert not_run(executed) == []
    assert changed_outputs(executed, stored) == []
    lab.close(page)


def test_a_fault_would_be_seen(lab):
    """The check above is able to fail."""
    lab.write("faulty.ipynb", ["import warnings\nwarnings.warn('beware')", "1 / 0"])
    page = lab.open("faulty.ipynb")
    lab.run_all(page)
    page.get_by_text("division by zero").first.wait_for()
    warning, traceback = page.evaluate(RED)
    assert "beware" in warning and "ZeroDivisionError" in traceback
    lab.close(page)
