"""A dark theme: figures on a card of their own, and everything else in the theme's colours, with enough contrast."""

import json

import pytest
from lab import SCREENSHOTS
from pages import faint, violations
from toy_site import TOY, toy

from course_utils import site

CELLS = [
    """import matplotlib.pyplot as plt, pandas as pd
from course_utils.display import setup
from course_utils.exercises import start_here as exercises
from course_utils.studies import binary_logistic_regression, start_here
from course_utils.study import drawer
setup()""",
    "from course_utils.plotting import describe\n"
    "describe(plt.subplots(figsize=(7, 2))[1], 'An empty frame, from 0 to 1 both ways.');",
    "start_here.longest_run.run()",
    "drawer(binary_logistic_regression.squared_error, binary_logistic_regression.straight_line)",
    "exercises.first_check.check(...)",
    "exercises.first_check.check(23 / 7)",
    "exercises.first_check.check(7 / 23)",
    "exercises.first_check.hint()",
    "from toy_explorer import toy\ntoy().fixed()",
    "toy().show()",
    "pd.DataFrame({'weight': [0.5, 1.5]}, index=['a', 'b'])",
]
LOOK = """image => { const look = getComputedStyle(image), box = image.getBoundingClientRect();
    return [look.backgroundColor, look.borderTopLeftRadius, look.paddingLeft, look.boxSizing, box.width]; }"""
WHITE_CARD = ["rgb(255, 255, 255)", "10px", "6px", "border-box"]


@pytest.fixture(scope="module")
def page(lab):
    lab.write("dark.ipynb", CELLS)
    page = lab.open("dark.ipynb", dark=True)
    lab.run_all(page)
    page.locator(".widget-slider").first.wait_for()
    page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true; })")
    yield page
    lab.close(page)


def test_each_figure_is_a_card(page):
    images = page.locator(".jp-OutputArea-output img")
    assert images.count() == 4
    looks = [image.evaluate(LOOK) for image in images.all()]
    assert [look[:4] for look in looks] == [WHITE_CARD] * 4
    assert all(look[4] <= page.locator(".jp-Cell-outputWrapper").first.bounding_box()["width"] for look in looks)


def test_what_stands_around_them_is_read(page):
    for number, cell in enumerate(page.locator(".jp-CodeCell").all()):
        cell.scroll_into_view_if_needed()
        cell.screenshot(path=SCREENSHOTS / f"dark_{number:02d}.png")
    assert page.evaluate("() => document.body.dataset.jpThemeLight") == "false"
    assert violations(page) == []
    assert faint(page) == []


def test_too_little_contrast_would_be_seen(page):
    """The check above is able to fail: dark grey on the dark ground."""
    page.locator(".jp-OutputArea-output").first.evaluate(
        "output => output.insertAdjacentHTML('beforeend', '<p id=faint style=\"color: #444\">hardly read</p>')")
    found = faint(page)
    page.locator("#faint").evaluate("one => one.remove()")
    assert found == ["1.9: hardly read"]


def test_a_copy_of_unknown_origin_keeps_the_cards(page, lab):
    """JupyterLab takes much out of what it does not trust: scripts, and some of a style."""
    lab.save(page)
    saved = json.loads((lab.folder / "dark.ipynb").read_text(encoding="utf-8"))
    saved["cells"][0]["source"] = "# another hand wrote this"
    (lab.folder / "untrusted.ipynb").write_text(json.dumps(saved), encoding="utf-8")
    lab.close(page)
    reader = lab.read("untrusted.ipynb")
    reader.wait_for_selector(".jp-OutputArea-output img")
    assert [reader.locator(".jp-OutputArea-output img").first.evaluate(LOOK)[k] for k in (0, 1)] == WHITE_CARD[:2]


def test_on_the_site_pictures_keep_their_white_ground_too(browser, tmp_path):
    """The theme darkens what it takes for photographs: a white card would have a grey picture in it."""
    site.build({TOY: toy()}, {TOY: toy(solved=True)}, tmp_path / "site", tmp_path / "drawn")
    page = browser.new_context(viewport={"width": 1300, "height": 900}, color_scheme="dark", offline=True).new_page()
    for name in ("index.html", f"lessons/{TOY}.html"):
        page.goto((tmp_path / "site" / name).as_uri())
        page.screenshot(path=SCREENSHOTS / f"dark_site_{name[:2]}.png")
        filters = page.locator(".bd-content img").evaluate_all(
            "images => images.map(image => getComputedStyle(image).filter)")
        assert filters and set(filters) == {"none"}, name
    page.context.close()
