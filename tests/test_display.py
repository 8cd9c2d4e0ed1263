"""Figures reach the page as images with words, in a kernel and outside one."""

import base64
import io
import re

import matplotlib
import nbformat
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from nbclient import NotebookClient
from PIL import Image

from course_utils.display import CARD_MARGIN, figure_html, image_html, setup
from course_utils.plotting import describe, figure_style


def run(tmp_path, *cells):
    """Outputs of each cell, run by a real kernel."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    folder = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=60, kernel_name="python3", resources=folder).execute()
    return [cell.outputs for cell in notebook.cells]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """One kernel for all that is asked of it."""
    return run(
        tmp_path_factory.mktemp("run"),
        "import matplotlib.pyplot as plt\nfrom course_utils.display import setup\n"
        "from course_utils.plotting import describe\nsetup()\nsetup()",
        "describe(plt.subplots()[1], 'Loss < 1 & \"falls\".');",
        "plt.plot([1, 2])\nplt.title('Up');",
        "figure = plt.figure()\nplt.close(figure)\nfigure",
        "%matplotlib inline\nplt.plot([1, 2]);",
    )


def test_setup_itself_shows_nothing(outputs):
    assert outputs[0] == []


def test_a_figure_is_shown_once_with_its_words(outputs):
    [shown] = outputs[1]
    assert set(shown.data) == {"text/html", "text/plain"}
    assert shown.data["text/plain"] == 'Loss < 1 & "falls".'
    assert 'alt="Loss &lt; 1 &amp; &quot;falls&quot;."' in shown.data["text/html"]


def test_a_figure_without_description_falls_back_on_its_title(outputs):
    assert [shown.data["text/plain"] for shown in outputs[2]] == ["Up."]


def test_a_figure_as_the_value_of_a_cell_is_shown_the_same_way(outputs):
    assert [set(shown.data) for shown in outputs[3]] == [{"text/html", "text/plain"}]


def test_asking_for_inline_again_changes_nothing(outputs):
    assert [set(shown.data) for shown in outputs[4]] == [{"text/html", "text/plain"}]


def test_the_image_is_as_wide_as_the_page_expects():
    figure = Figure(figsize=(7, 3.5), dpi=144)
    describe(figure.subplots(), "Nothing yet.")
    text = figure_html(figure)
    assert f'width="{672 + 2 * CARD_MARGIN}" height="{336 + 2 * CARD_MARGIN}"' in text and "max-width: 100%" in text
    png = base64.b64decode(re.search("base64,([^\"]+)", text)[1])
    assert Image.open(io.BytesIO(png)).size == (1008, 504)


def test_words_cannot_break_out_of_the_image():
    assert "<script>" not in image_html(b"", '"><script>', (1, 1))


def test_plain_python_gets_the_style_and_one_line(capsys):
    with matplotlib.rc_context():
        setup()
        assert matplotlib.rcParams["axes.titlelocation"] == "left"
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and "not a notebook" in said


def test_the_style_has_no_text_under_ten_points():
    with matplotlib.rc_context(figure_style()):
        figure = Figure()
        ax = figure.subplots()
        ax.plot([0, 1], label="line")
        ax.legend(title="legend")
        ax.set(xlabel="x", ylabel="y", title="title")
        FigureCanvasAgg(figure).draw()
        sizes = [text.get_fontsize() for text in figure.findobj(matplotlib.text.Text) if text.get_text()]
    assert len(sizes) > 8 and min(sizes) >= 10
