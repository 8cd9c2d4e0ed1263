"""What a figure tells apart by colour is told apart with three colour-vision deficiencies, or by a second sign."""

import importlib
from pathlib import Path

import matplotlib
import numpy as np
import pytest
import torch
from colour_vision import FAR_ENOUGH, SEEN_BY, ciede2000, distance, lab, simulated, too_close
from matplotlib import pyplot, rc_context
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from course_utils.checker.base import EDGES, HEADLINES
from course_utils.explorers import claims_board
from course_utils.plotting import GREY, LIGHT_GREY, MARKERS, PALETTE, figure_style, plot_regions, style

ROOT = Path(__file__).resolve().parents[1]
EXPLORERS = [path.stem for path in sorted((ROOT / "course_utils" / "explorers").glob("[a-z]*.py"))]
LESSONS = [path.stem[3:] for path in sorted((ROOT / "notebooks").glob("0[0-9]_*.ipynb"))]
GROUND = {LIGHT_GREY.lower(), "#bbbbbb", "#ffffff"}     # contour lines and the like, which nobody has to tell apart


# --- the instruments -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("one", "other", "far"), [         # from the table of Sharma, Wu and Dalal
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425), ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, -1, 2), (50, 0, 0), 2.3669), ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377)])
def test_the_distance_is_the_published_one(one, other, far):
    assert ciede2000(one, other) == pytest.approx(far, abs=5e-5) == ciede2000(other, one)


def test_the_simulations_keep_grey_and_confuse_what_they_should():
    for vision in SEEN_BY:
        assert simulated((0.5, 0.5, 0.5), vision) == pytest.approx(0.5, abs=1e-3)
    assert lab((1.0, 1.0, 1.0)) == pytest.approx([100, 0, 0], abs=0.01)
    red, green = "#B05050", "#7A7A20"
    assert distance(red, green) > 25 and distance(red, green, "deuteranopia") < 15
    assert distance("#0072B2", "#007F5F") > 30 and distance("#0072B2", "#007F5F", "tritanopia") < 8


def test_two_colours_that_only_some_tell_apart_are_found():
    """The rule below is able to fail."""
    assert too_close(["#0072B2", "#007F5F"]) == ["#0072B2 and #007F5F, tritanopia: 7.3"]


# --- the colours of the course ---------------------------------------------------------------------------------------

def test_each_two_colours_of_the_palette_are_far_enough_apart():
    assert too_close([*PALETTE, GREY]) == []


def test_both_ends_of_a_scale_around_zero_are_far_apart_and_steps_of_others_are_seen():
    blue, white, red = (to_rgb(matplotlib.colormaps["RdBu_r"](at)) for at in (0.1, 0.5, 0.9))
    assert too_close([to_hex(blue), to_hex(white), to_hex(red)], enough=20) == []
    for name in ("Blues", "Greys", "viridis"):
        steps = [to_hex(matplotlib.colormaps[name](at)) for at in (0.0, 0.33, 0.67, 1.0)]
        assert too_close(steps) == [], name


def test_right_and_wrong_have_a_sign_as_well_as_an_edge():
    assert len({headline[0] for headline in HEADLINES.values()}) == len(EDGES) == 3
    assert all(style.contrast(edge, ground) >= 3 for edge in EDGES.values() for ground in ("white", "#111111"))


def test_each_of_ten_classes_has_a_marker_of_its_own_for_there_are_six_colours():
    assert len(set(MARKERS)) == 10 and len(set(zip((*PALETTE, *PALETTE)[:10], MARKERS, strict=True))) == 10
    assert len(set(style.LINE_STYLES)) == len(PALETTE)


# --- the figures -----------------------------------------------------------------------------------------------------

def told_apart_by_colour(figure: Figure) -> dict[str, set]:
    """The colours of lines, dots and bars, each with the second signs that go with it: line styles and markers."""
    found: dict[str, set] = {}
    for ax in figure.axes:
        for line in ax.lines:
            if len(line.get_xdata()) and line.get_label() not in ("_run", "_runs"):
                found.setdefault(to_hex(line.get_color()), set()).add((line.get_linestyle(), line.get_marker()))
        for dots in (one for one in ax.collections if hasattr(one, "get_sizes") and len(one.get_facecolor())):
            found.setdefault(to_hex(dots.get_facecolor()[0]), set()).add("dots")
        for bar in ax.patches:
            found.setdefault(to_hex(bar.get_facecolor()), set()).add("bars")
    return {colour: signs for colour, signs in found.items() if colour not in GROUND}


def all_told_apart(figure: Figure) -> None:
    shown = told_apart_by_colour(figure)
    assert shown, "something is drawn"
    assert too_close(shown) == []


@pytest.mark.parametrize("name", EXPLORERS)
def test_what_an_explorer_draws_is_told_apart(name):
    with rc_context(figure_style()):
        explorer = getattr(importlib.import_module(f"course_utils.explorers.{name}"), name)()
        figure = explorer.static().get_figure(root=True)
    pyplot.close(figure)
    if name == "claims_board":                  # every tile has a sign; its colour says the same once more
        assert len({*claims_board.FILLS}) == len(claims_board.FILLS) == 4
        return
    all_told_apart(figure)


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_a_lesson_opens_with_is_told_apart(lesson):
    all_told_apart(importlib.import_module(f"course_utils.studies.{lesson}").opening.run().figure())


def test_classes_on_a_plane_differ_in_marker_too():
    points = torch.tensor([[float(k), float(k % 2)] for k in range(5) for _ in range(3)])
    with rc_context(figure_style()):
        ax = Figure().subplots()
        plot_regions(lambda X: torch.eye(5)[X[:, 0].round().clamp(0, 4).long()],
                     points, torch.arange(5).repeat_interleave(3), ax=ax)
    dots = [one for one in ax.collections if hasattr(one, "get_sizes") and len(one.get_offsets()) == 3]
    shapes = {np.round(one.get_paths()[0].vertices, 3).tobytes() for one in dots}
    assert len(dots) == len(shapes) == 5
    assert too_close([to_hex(one.get_facecolor()[0]) for one in dots], FAR_ENOUGH) == []
