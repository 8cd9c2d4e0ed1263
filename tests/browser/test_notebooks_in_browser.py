"""Each notebook as a learner meets it: opened, run to its end, nothing red, every figure with words, accessible."""

import shutil

import pytest
from lab import ROOT, SCREENSHOTS
from pages import violations

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

ERRORS = """() => [...document.querySelectorAll('[data-mime-type="application/vnd.jupyter.error"]')]
    .map(output => output.textContent.slice(0, 500))"""
STDERR = """() => [...document.querySelectorAll('[data-mime-type="application/vnd.jupyter.stderr"]')]
    .map(output => output.textContent.slice(0, 300))"""
WITHOUT_WORDS = """() => [...document.querySelectorAll('.jp-OutputArea-output img')]
    .filter(image => (image.getAttribute('alt') || '').length < 20).length"""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_to_its_end_without_red(lab, path):
    shutil.copy(path, lab.folder)
    page = lab.open(path.name)
    lab.run_all(page, timeout=180)
    page.screenshot(path=SCREENSHOTS / f"notebook_{path.stem}.png")
    assert page.evaluate(ERRORS) == []
    assert page.evaluate(STDERR) == []
    assert page.evaluate(WITHOUT_WORDS) == 0
    assert "Error displaying widget" not in page.inner_text("body")
    assert violations(page) == []
    lab.close(page)


def test_a_fault_would_be_seen(lab):
    """The check above is able to fail."""
    lab.write("faulty.ipynb", ["1 / 0", "import warnings\nwarnings.warn('beware')"])
    page = lab.open("faulty.ipynb")
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector("[data-mime-type='application/vnd.jupyter.error']")
    assert "ZeroDivisionError" in page.evaluate(ERRORS)[0]
    lab.close(page)
