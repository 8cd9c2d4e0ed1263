"""Every explorer, held to the same rules; its own numbers come from tests/explorers/<name>.py."""

import importlib
import importlib.util
import io
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import matplotlib.text
import numpy as np
import pytest
from PIL import Image
from test_explorer import page, widgets  # noqa: F401

from course_utils.explorer import Button, Slider
from course_utils.plotting import alt_text, contrast

HERE = Path(__file__).parent
FOLDER = HERE.parent / "course_utils" / "explorers"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem[0] != "_")


def module(name):
    return importlib.import_module(f"course_utils.explorers.{name}")


def make(name):
    return getattr(module(name), name)()


@cache
def entry(name):
    path = HERE / "explorers" / f"{name}.py"
    assert path.exists(), f"tests/explorers/{name}.py is missing: it holds REACHES and check(compute)."
    spec = importlib.util.spec_from_file_location(f"entry_{name}", path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)), dtype=int)


def placements(explorer):
    """Settings with each control in turn at both ends and in the middle, and each button pressed twice."""
    for name, control in explorer.controls.items():
        if isinstance(control, Button):
            if not control.resets:
                yield {"presses": (name, name)}
        else:
            for value in control.samples():
                yield {name: value}


every_explorer = pytest.mark.parametrize("name", NAMES)


@every_explorer
def test_compute_agrees_with_a_formula(name):
    explorer = make(name)
    entry(name).check(explorer.compute)


@every_explorer
def test_compute_is_pure_and_gives_a_named_tuple(name):
    explorer = make(name)
    first, second = explorer.compute(**explorer.settings), explorer.compute(**explorer.settings)
    assert isinstance(first, tuple) and first._fields
    for field, one, other in zip(first._fields, first, second, strict=True):
        np.testing.assert_equal(np.asarray(one), np.asarray(other), err_msg=field)


@every_explorer
def test_the_target_is_ahead_and_can_be_reached(name):
    explorer = make(name)
    assert explorer.question.endswith("?") and explorer.target
    assert explorer.set().reached is None, "The target is reached before anything was moved."
    explorer.set(**entry(name).REACHES)
    assert explorer.reached and "Target reached" not in explorer.reached


@every_explorer
def test_every_place_draws_with_words_and_text_inside(name):
    explorer = make(name)
    for settings in placements(explorer):
        explorer.set(**settings)
        texts = drawn_texts(explorer)
        assert len(explorer.alt) > 40, f"{settings}: {explorer.alt}"
        outside = [text for text in texts if not inside(text, explorer._screen)]
        assert not outside, f"{settings}: {[text.get_text() for text in outside]} leave the figure"


def drawn_texts(explorer):
    """The texts that one drawing writes; tick labels beyond the limits are kept by matplotlib but not written."""
    written = []

    def note(text, renderer, _draw=matplotlib.text.Text.draw):
        if text.get_visible() and text.get_text().strip():
            written.append(text)
        _draw(text, renderer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matplotlib.text.Text, "draw", note)
        explorer._screen.forget_frame()
        explorer.render()
    return written


def inside(text, screen, slack=1.5):
    box = text.get_window_extent(screen.canvas.get_renderer())
    width, height = screen.canvas.get_width_height()
    return box.x0 >= -slack and box.y0 >= -slack and box.x1 <= width + slack and box.y1 <= height + slack


@every_explorer
def test_text_is_large_and_dark_enough(name):
    explorer = make(name).set()
    for text in drawn_texts(explorer):
        assert text.get_fontsize() >= 10, text.get_text()
        if text.get_bbox_patch() is None and text.axes is not None and not text.axes.images:
            assert contrast(text.get_color()) >= 4.5, f"{text.get_text()} in {text.get_color()}"


@every_explorer
def test_words_follow_every_slider(name):
    pressed = {key: value for key, value in entry(name).REACHES.items() if key == "presses"}
    explorer = make(name)
    for control_name, control in explorer.controls.items():
        if isinstance(control, Slider):
            start = explorer.settings[control_name]
            said = {explorer.set(**pressed, **{control_name: value}).alt for value in control.samples()}
            explorer.set(**{control_name: start})
            assert len(said) > 1, f"{control_name} moves, the words stay."


@every_explorer
def test_the_figure_is_kept_and_its_artists_are_moved(name):
    explorer, count = make(name).set(), None
    for round_ in range(2):
        for settings in placements(explorer):
            explorer.set(**settings)
        if round_ == 0:
            count = [len(ax.get_children()) for ax in explorer._screen.figure.axes]
    assert [len(ax.get_children()) for ax in explorer._screen.figure.axes] == count
    direct = make(name).set()                   # the layout is arranged at the start in both
    direct.set(**explorer.settings)
    assert (pixels(explorer.render()) != pixels(direct.render())).mean() < 1e-3, "A trace of earlier settings remains."


@every_explorer
def test_static_shows_the_same_words(name):
    explorer = make(name)
    settings = next(placements(explorer))
    ax = explorer.static(**settings)
    assert explorer.set(**settings).alt.startswith(alt_text(ax.figure))
    plt.close("all")


@every_explorer
def test_the_shell_follows_its_widgets(name, page):  # noqa: F811
    explorer = make(name)
    explorer.show()
    for control_name, control in explorer.controls.items():
        widget = widgets(explorer)[control_name]
        assert widget.description == control.label != ""
        if isinstance(control, Button):
            widget.click()
            assert explorer.settings["presses"] == () if control.resets else (
                explorer.settings["presses"][-1] == control_name)
            continue
        for value in control.samples():
            widget.value = value
            assert explorer.settings[control_name] == value
    assert page["pictures"][-1][1] == explorer.alt
