"""Colab's versions, in the classic notebook: a slider is moved in a browser, and the picture and its words change."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import ipywidgets
import nbformat
import pytest
from playwright.sync_api import sync_playwright

if not ipywidgets.__version__.startswith("7."):
    pytest.skip("for an environment of its own, see CONTRIBUTING", allow_module_level=True)

pytestmark = pytest.mark.nightly
ROOT = Path(__file__).parents[2]
CELL = """from course_utils.display import setup
from course_utils.explorers.first_slider import first_slider

setup()
first_slider().show()"""
PICTURE = "document.querySelector('.output_area img[alt]')"


@pytest.fixture(params=["as on Colab", "elsewhere"])
def server(tmp_path, request):
    """A classic notebook server on a folder with one explorer; as on Colab the picture is a widget's."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)], metadata={
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    nbformat.write(notebook, tmp_path / "one.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    if request.param == "as on Colab":
        environment["COLAB_RELEASE_TAG"] = "as-on-colab"
    command = [sys.executable, "-m", "notebook", "--no-browser", "--allow-root", f"--port={port}",
               f"--notebook-dir={tmp_path}", "--NotebookApp.token=course", "--NotebookApp.ip=127.0.0.1"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _ready(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(20)


def _ready(url):
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{url}/api/status?token=course", timeout=2).close()
            return url
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")


def test_the_versions_are_colabs():
    assert ipywidgets.__version__ == "7.7.1"


def test_a_slider_moves_the_picture_and_its_words(server):
    chromium = os.environ.get("COURSE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(f"{server}/notebooks/one.ipynb?token=course")
        page.wait_for_function("() => window.Jupyter?.notebook?.kernel?.is_connected()")
        page.wait_for_function("() => Jupyter.notebook.kernel.widget_manager")
        page.wait_for_timeout(5_000)            # the manager asks the kernel for old widgets, and draws none until then
        page.evaluate("() => Jupyter.notebook.execute_all_cells()")
        page.wait_for_function(f"() => {PICTURE} !== null")
        page.wait_for_selector(".widget-slider .ui-slider-handle")
        before = page.evaluate(f"() => ({{src: {PICTURE}.src, alt: {PICTURE}.alt}})")
        page.locator(".widget-slider .ui-slider-handle").first.focus()
        for _ in range(5):
            page.keyboard.press("ArrowRight")
        page.wait_for_function(f"before => {PICTURE}.src !== before.src && {PICTURE}.alt !== before.alt", arg=before)
        status = page.locator("[role=status] .output, .widget-html-content[role=status]")
        assert status.count() == 1, "the line about the target is spoken, the picture is not"
        browser.close()


def test_no_control_warns(recwarn):
    """What ipywidgets 7 calls by another name is called so."""
    from course_utils.explorers.first_slider import first_slider

    for control in first_slider().controls.values():
        control.widget(control.start)
    assert [str(one.message) for one in recwarn if "tooltip" in str(one.message)] == []
