"""Living explorers in Chromium, opened from a folder with the network off: keys, words, target, a narrow page."""

import os
import random
from functools import cache
from pathlib import Path

import pytest
from lab import SCREENSHOTS
from pages import violations
from test_explorers_in_browser import load

from course_utils.explorer import Button, Choices, Slider
from course_utils.explorers import claims_board
from course_utils.plotting import FIGURE_DPI
from course_utils.site import assets, explorer_names, write
from course_utils.site.living_choices import CHOICES, Choice
from course_utils.site.living_grid import make_grid, settled

QUICK = {"first_slider": 12, "path_viewer": 16, "claims_board": 1}      # name: how many settings at most
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{name}</title>
<style>body {{ font: 16px/1.5 sans-serif; margin: 1rem; background: {ground}; color: {ink};
  --pst-color-text-base: {ink}; --pst-color-text-muted: {muted}; --pst-color-surface: {surface}; }}
{css}</style></head>
<body><main><h1>{name}</h1>
{fragment}</main><script>{js}</script></body></html>"""
LIGHT = {"ground": "white", "ink": "#222832", "muted": "#48566b", "surface": "#f3f4f5"}
DARK = {"ground": "#121212", "ink": "#ced6dd", "muted": "#9ca4af", "surface": "#222832"}


def each_explorer():
    """A few explorers on small grids at every push, all of them as they stand on the site nightly."""
    return [*(pytest.param((name, most), id=f"{name}, few") for name, most in QUICK.items()),
            *(pytest.param((name, None), id=name, marks=pytest.mark.nightly) for name in explorer_names())]


class Living:
    """One living explorer on a plain page, what the browser asked for, and the `Explorer` that it was drawn from."""

    def __init__(self, browser, folder, name, most=None, theme=LIGHT, **context):
        self.name, self.most, (self.explorer, self.reaches, _) = name, most, load(name)
        script, style = (path.read_text("utf-8") for path in assets())
        folder.mkdir(exist_ok=True)
        page = folder / f"{name}.html"
        page.write_text(PAGE.format(name=name.replace("_", " "), fragment=write(name, folder, root=".", most=most),
                                    js=script, css=style, **theme), "utf-8")
        self.context = browser.new_context(offline=True, **context)
        self.page = self.context.new_page()
        self.asked, self.failed = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", lambda request: self.failed.append(request.url))
        self.page.on("pageerror", lambda trouble: self.failed.append(str(trouble)))
        self.page.goto(page.as_uri())
        self.page.wait_for_load_state("networkidle")
        self.section = self.page.locator(".living")

    def grid(self):
        choice = CHOICES.get(self.name, Choice())
        return make_grid(load(self.name)[0], choice, self.most or choice.most)

    def pictures_asked(self):
        return {Path(url).name for url in self.asked if url.endswith(".webp")}

    def alt(self):
        return self.section.locator(".living-change").get_attribute("alt")

    def wait_for(self, settings):
        """Wait until picture and status say what the explorer itself says of these settings."""
        self.explorer.set(**settings)
        self.page.wait_for_function(
            """([alt, status]) => document.querySelector(".living-change").alt === alt
               && document.querySelector(".living-status").textContent === status""",
            arg=[self.explorer.alt, self.explorer.status], timeout=10_000)

    def control(self, name):
        control = self.explorer.controls[name]
        role = next(role for kind, role in ROLES.items() if isinstance(control, kind))
        return self.section.get_by_role(role, name=control.label, exact=True)

    def move(self, name, number):
        """Bring a control to its position `number` by keys alone; one that is greyed out stays."""
        element, press = self.control(name), self.page.keyboard.press
        if element.is_disabled():
            return
        element.focus()
        if ROLES.get(type(self.explorer.controls[name])):
            press("Home")
            for _ in range(number):
                press("ArrowRight" if isinstance(self.explorer.controls[name], Slider) else "ArrowDown")
        elif element.is_checked() != bool(number):
            press("Space")

    def press(self, *names):
        for name in names:
            self.control(name).focus()
            self.page.keyboard.press("Enter")

    def go(self, grid, place):
        """Move every control to a place of the grid, twice: one that was greyed out at first is open then."""
        for _ in range(2):
            for name, number in zip(grid.positions, place, strict=False):
                self.move(name, number)
        if grid.leads:
            self.press(*(name for name, leads in grid.leads.items() if set(leads) == {0}), *grid.presses[place[-1]])
        return settled(load(self.name)[0], grid.settings(place))


ROLES = {Slider: "slider", Choices: "combobox", Button: "button", object: "checkbox"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A new one, or one in which all explorers were drawn before."""
    SCREENSHOTS.mkdir(exist_ok=True)
    return Path(os.environ.get("COURSE_LIVING", "") or tmp_path_factory.mktemp("living"))


def place_of(folder, most):
    return folder if most is None else folder / "few"


@pytest.fixture(scope="module", params=each_explorer())
def living(browser, folder, request):
    name, most = request.param
    shown = Living(browser, place_of(folder, most), name, most)
    yield shown
    shown.context.close()


@cache
def made(name):
    return load(name)[0]


def reached(name, settings):
    return made(name).goal(made(name).compute(**settings))


def without_board(living):
    if living.name == "claims_board":
        pytest.skip("the board has words instead of pictures; it has tests of its own")


def test_opens_with_question_target_and_start_and_asks_for_no_other_picture(living):
    said = living.section.inner_text()
    assert living.explorer.question in said and living.explorer.target in said
    living.explorer.render()
    assert living.section.get_by_role("status").inner_text() == living.explorer.status
    if living.name != "claims_board":
        assert living.alt() == living.explorer.alt
        layers = living.section.locator(".living-picture img").count()
        assert len(living.pictures_asked()) <= layers
        living.control(next(iter(living.explorer.controls))).focus()
        living.page.wait_for_load_state("networkidle")
        living.page.wait_for_timeout(300)
        assert len(living.pictures_asked()) > layers, "no neighbour was fetched"
        shown = living.section.locator(".living-change").evaluate("image => image.naturalWidth")
        assert shown == pytest.approx(living.explorer.figsize[0] * FIGURE_DPI, abs=1)


def test_keys_lead_to_what_the_notebook_would_show(living):
    without_board(living)
    grid, draw = living.grid(), random.Random(0)
    places = list(grid.places())
    for place in draw.sample(places, min(len(places), 4 if living.most else 12)):
        living.wait_for(living.go(grid, place))
        for name, number in zip(grid.positions, place, strict=False):
            if isinstance(living.explorer.controls[name], Slider) and not living.control(name).is_disabled():
                shown = living.control(name).get_attribute("aria-valuetext")
                assert float(shown.replace("−", "-")) == pytest.approx(grid.positions[name][number], rel=6e-3, abs=6e-3)


def test_fast_moves_end_where_the_control_ends(living):
    without_board(living)
    sliders = [name for name in living.grid().positions if isinstance(living.explorer.controls[name], Slider)]
    if not sliders:
        pytest.skip("no slider here")
    living.control(sliders[0]).focus()
    for key in ["ArrowRight", "ArrowLeft", "ArrowRight"] * 10 + ["End"]:
        living.page.keyboard.press(key)
    expected = living.section.evaluate("""section => { const slider = section.querySelector("input[type=range]");
        return slider.value === slider.max; }""")
    assert expected
    living.page.wait_for_load_state("networkidle")
    living.page.wait_for_timeout(300)
    moved = living.alt()
    living.page.keyboard.press("Home")
    living.page.wait_for_function("old => document.querySelector('.living-change').alt !== old", arg=moved)


def test_the_target_is_reached_by_keys(living):
    if living.name == "claims_board":
        living.press("again", *living.reaches["presses"])
    else:
        grid = living.grid()
        place = next((place for place in grid.places() if reached(living.name, grid.settings(place))), None)
        assert place is not None
        living.wait_for(living.go(grid, place))
    assert "✓ Target reached: " in living.section.get_by_role("status").inner_text()
    assert living.section.locator(".living-status.living-reached").count() == 1
    living.section.screenshot(path=SCREENSHOTS / f"living_{living.name}_reached.png")


def test_nothing_failed_and_nothing_came_from_outside(living):
    assert living.failed == []
    assert all(url.startswith("file://") or url.startswith("data:") for url in living.asked)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_no_serious_accessibility_problem_and_no_overflow_on_a_telephone(living, browser, folder, theme):
    narrow = Living(browser, place_of(folder, living.most), living.name, living.most, theme,
                    viewport={"width": 390, "height": 844}, device_scale_factor=2)
    try:
        assert violations(narrow.page, ".living") == []
        assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 390
        narrow.page.screenshot(path=SCREENSHOTS / f"living_{living.name}_{'dark' if theme is DARK else 'narrow'}.png",
                               full_page=True)
        assert narrow.failed == []
    finally:
        narrow.context.close()


def test_without_javascript_the_start_is_there(living, browser, folder):
    bare = Living(browser, place_of(folder, living.most), living.name, living.most, java_script_enabled=False)
    try:
        assert bare.explorer.question in bare.section.inner_text()
        assert not bare.section.locator(".living-controls").is_visible()
        if living.name != "claims_board":
            bare.explorer.render()
            assert bare.alt() == bare.explorer.alt and bare.section.locator(".living-change").is_visible()
    finally:
        bare.context.close()


def test_the_end_of_what_was_drawn_is_said(living):
    grid = living.grid() if living.name != "claims_board" else None
    if grid is None or not any(-1 in leads for leads in grid.leads.values()):
        pytest.skip("no button leads beyond")
    state = next(state for leads in grid.leads.values() for state, to in enumerate(leads) if to == -1)
    button = next(name for name, leads in grid.leads.items() if leads[state] == -1)
    living.go(grid, (*(0 for _ in grid.positions), state))
    assert living.control(button).get_attribute("aria-disabled") == "true"
    living.press(button)
    assert "Nothing was drawn beyond" in living.section.get_by_role("status").inner_text()


def test_the_board_says_what_the_explorer_says(living):
    if living.name != "claims_board":
        pytest.skip("the board's own test")
    draw, presses = random.Random(1), []
    living.press("again")
    for look in (0, 0, 3, 0, 12, 5):
        more = [draw.choice([*dict.fromkeys(claim.kind for claim in claims_board.ASKED), "skip"]) for _ in range(7)]
        living.press(*more)
        living.control("look").fill(str(look))
        presses += more
        board = claims_board.compute(look=look, presses=tuple(presses))
        words = [*claims_board.what_is_asked(board), *claims_board.what_is_told(board),
                 claims_board.count_in_words(board)]
        assert living.section.locator("[data-words]").all_text_contents() == words
        tiles = living.section.locator("td[data-claim]")
        signs = tiles.evaluate_all("tiles => tiles.map(tile => [Number(tile.dataset.claim), tile.textContent])")
        assert dict(signs) == {number: claims_board._sign(board, number) for number in range(len(claims_board.ASKED))}
