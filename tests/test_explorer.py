"""The shell: controls, goals, the kept figure, and the pace at which it is redrawn."""

import asyncio
import gc
import io
import sys

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure
from PIL import Image
from toy_explorer import compute, draw, toy

from course_utils import display
from course_utils.explorer import Button, Choices, Explorer, Slider, Toggle, panel


@pytest.fixture
def page(monkeypatch):
    """What a notebook would have been sent: bundles, then pictures as (png, words)."""
    sent = {"bundles": [], "pictures": []}

    class Picture:
        def __init__(self, png, alt, inches):
            sent["pictures"].append((png, alt))

        def replace(self, png, alt):
            sent["pictures"].append((png, alt))

    monkeypatch.setattr(display, "in_notebook", lambda: True)
    monkeypatch.setattr(display, "publish", sent["bundles"].append)
    monkeypatch.setattr(display, "LivePicture", Picture)
    return sent


def widgets(explorer):
    return explorer._panel._widgets


@pytest.mark.parametrize("value, part", [(2.5, "goes from 0 to 2"), (-0.1, "goes from 0 to 2"), ("high", "is a number"),
                                         (True, "is a number")])
def test_a_slider_refuses_what_lies_outside(value, part):
    with pytest.raises(ValueError, match=part):
        toy().set(height=value)


@pytest.mark.parametrize("settings, part", [({"shape": "oval"}, "'round', 'square'"), ({"flipped": 1}, "True or False"),
                                            ({"colour": 1}, "no control named colour"),
                                            ({"presses": ("jump",)}, "no button named 'jump'")])
def test_other_controls_refuse_too(settings, part):
    with pytest.raises(ValueError, match=part):
        toy().set(**settings)


def test_a_slider_gives_ints_for_ints_and_tidy_floats():
    settings = toy().set(waves=3, height=0.1 + 0.2).settings
    assert settings["waves"] == 3 and isinstance(settings["waves"], int)
    assert settings["height"] == 0.3


def test_samples_are_both_ends_and_a_middle():
    assert Slider(0.0, 2.0, 0.1, 1.0, "h").samples() == [0.0, 1.0, 2.0]
    assert Slider(0.01, 1.0, 0.5, 0.1, "s", log=True).samples() == [0.01, 0.1, 1.0]
    assert Choices(("a", "b")).samples() == ["a", "b"] and Toggle(True, "t").samples() == [False, True]


def test_presses_are_kept_in_order_and_emptied_by_a_reset():
    explorer = toy().press("push", "wait", "push")
    assert explorer.settings["presses"] == ("push", "wait", "push") and "after 3 presses" in explorer.alt
    assert explorer.press("again").settings["presses"] == ()
    assert explorer.press("again", "push").settings["presses"] == ("push",)


def test_the_target_is_told_in_words_when_it_is_reached():
    explorer = toy().set(height=1.5)
    assert explorer.reached == "the wave is 1.5 m high."
    assert explorer.alt.endswith("Target reached: the wave is 1.5 m high.")
    assert explorer.set(height=1.4).reached is None and "Target reached" not in explorer.alt


def test_the_way_to_the_target_is_told_until_it_is_reached(page):
    explorer = toy()
    explorer.show()
    assert "Target not reached yet: 0.5 m to go." in explorer._panel._status.value
    explorer.set(height=2.0)
    assert explorer.to_go == "" and "to go" not in explorer._panel._status.value


def test_a_control_that_changes_nothing_is_greyed_out(page):
    explorer = toy()
    explorer.show()
    waves = widgets(explorer)["waves"]
    assert not waves.disabled
    explorer.set(height=0.0)
    assert waves.disabled and not widgets(explorer)["height"].disabled
    explorer.set(height=1.0)
    assert not waves.disabled


def test_an_idle_control_that_there_is_not_is_named():
    explorer = toy()
    explorer._idle = lambda settings: ["colour"]
    with pytest.raises(ValueError, match="no control named colour"):
        _ = explorer.idle


def test_the_fixed_picture_is_folded_away_and_shown_once(page):
    from matplotlib import pyplot

    before = pyplot.get_fignums()
    toy().fixed(height=0.3)
    (shown,) = page["bundles"]
    assert shown["text/html"].startswith("<details><summary>Without a kernel") and "open" not in shown["text/html"][:60]
    assert "of height 0.3 metres" in shown["text/html"] and "of height 0.3 metres" in shown["text/plain"]
    assert pyplot.get_fignums() == before


def test_static_leaves_the_explorer_as_it_is():
    explorer = toy()
    ax = explorer.static(height=2.0)
    assert "2 m high" in ax.get_title(loc="left") + ax.get_title()
    assert explorer.settings["height"] == 1.0
    plt.close(ax.figure)


def test_the_kept_figure_is_unknown_to_pyplot_and_has_one_set_of_artists():
    before, explorer = plt.get_fignums(), toy().set(height=0.5)
    count = len(explorer._screen.ax.get_children())
    for height in (0.0, 1.0, 2.0):
        explorer.set(height=height)
    assert len(explorer._screen.ax.get_children()) == count and plt.get_fignums() == before


def test_what_was_drawn_before_leaves_no_trace():
    wandered = toy()
    for height, shape in ((2.0, "square"), (0.3, "round"), (1.2, "square")):
        png = wandered.set(height=height, shape=shape).render()
    direct = toy().set(height=1.2, shape="square").render()
    assert Image.open(io.BytesIO(png)).tobytes() == Image.open(io.BytesIO(direct)).tobytes()


def test_outside_a_notebook_show_prints_what_to_change(capsys):
    plt.close("all")
    toy().show()
    said = capsys.readouterr().out
    assert "What makes a wave higher?" in said and ".static(height=1.0, waves=2" in said
    assert len(plt.get_fignums()) == 1
    plt.close("all")


def test_without_ipywidgets_show_does_the_same(capsys, monkeypatch, page):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    toy().show()
    assert "instead of .show()" in capsys.readouterr().out and page["bundles"] == []
    plt.close("all")


def test_show_sends_question_controls_and_picture(page):
    explorer = toy()
    explorer.show()
    heading, controls = page["bundles"]
    assert "What makes a wave higher?" in heading["text/html"] and "Make it 1.5" in heading["text/plain"]
    assert {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"} == set(controls)
    assert page["pictures"][0][1] == explorer.alt


def test_every_control_has_a_name_and_moves_the_picture(page):
    explorer = toy()
    explorer.show()
    for name, control in explorer.controls.items():
        widget = widgets(explorer)[name]
        assert widget.description == control.label != ""
        if isinstance(control, Button):
            if not control.resets:
                widget.click()
                assert explorer.settings["presses"][-1] == name
            continue
        for value in control.samples():
            widget.value = value
            assert explorer.settings[name] == value
    assert page["pictures"][-1][1] == explorer.alt


@pytest.mark.parametrize("version, name", [("8.1.7", "tooltip"), ("7.7.1", "description_tooltip")])
def test_the_words_under_the_mouse_have_the_name_that_this_ipywidgets_knows(monkeypatch, version, name):
    import ipywidgets

    from course_utils.explorer import controls

    monkeypatch.setattr(ipywidgets, "__version__", version)
    assert controls._hover("height") == {name: "height"}


def test_set_moves_the_controls_and_draws_once(page):
    explorer = toy()
    explorer.show()
    explorer.set(height=1.7, shape="square", speed=0.5)
    assert widgets(explorer)["height"].value == 1.7 and widgets(explorer)["shape"].value == "square"
    assert len(page["pictures"]) == 2


def test_the_status_line_is_a_live_region(page):
    explorer = toy()
    explorer.show()
    status = explorer._panel._status
    assert "not reached yet" in status.value
    explorer.set(height=2.0)
    assert "Target reached: the wave is 2 m high." in status.value


def test_a_queue_of_moves_is_drawn_once_at_its_last_position(page):
    explorer = toy()

    async def drag():
        explorer.show()
        for k in range(200):                    # no pause: as messages that wait in a queue
            widgets(explorer)["height"].value = (k % 20) / 10
        await asyncio.sleep(3 * panel.QUIET)

    asyncio.run(drag())
    assert page["pictures"][-1][1] == explorer.alt and "height 1.9 metres" in explorer.alt
    assert len(page["pictures"]) <= 3


def test_a_single_move_is_drawn_at_once(page):
    explorer = toy()

    async def move():
        explorer.show()
        await asyncio.sleep(2 * panel.QUIET)
        widgets(explorer)["height"].value = 0.4
        assert len(page["pictures"]) == 2       # before anything else had a turn

    asyncio.run(move())


@pytest.mark.parametrize("part", ["compute", "draw"])
def test_a_fault_is_shown_and_raised_and_gone_after_the_next_move(page, part):
    def faulty_compute(height, **others):
        return compute(**others, height=height if height < 1.9 or part != "compute" else 1 / 0)

    def faulty_draw(result, ax):
        return draw(result, ax) if result.height < 1.9 or part != "draw" else 1 / 0

    explorer = toy()
    explorer.compute, explorer.draw = faulty_compute, faulty_draw
    explorer.show()
    with pytest.raises(ZeroDivisionError):
        widgets(explorer)["height"].value = 2.0
    said = explorer._panel._status.value
    assert "could not be drawn" in said and "ZeroDivisionError" in said and "Traceback" in said
    widgets(explorer)["height"].value = 1.0
    assert "could not be drawn" not in explorer._panel._status.value


def test_showing_again_closes_the_old_controls(page):
    explorer = toy()
    explorer.show()
    old = widgets(explorer)["height"]
    explorer.show()
    old.value = 2.0
    assert explorer.settings["height"] == 1.0


def test_moves_leave_no_memory_behind(page):
    explorer = toy()
    explorer.show()

    def moves(n):
        for k in range(n):
            explorer.set(height=(k % 20) / 10)
            page["pictures"].clear()
        gc.collect()
        return sys.getallocatedblocks(), sum(type(each) is Figure for each in gc.get_objects())

    blocks, figures = moves(20)
    later, figures_later = moves(200)
    assert figures_later == figures and later - blocks < 200 * 5       # one kept artist alone is some hundred objects


def test_an_explorer_may_do_without_target_and_goal(page):
    explorer = Explorer(lambda size: toy().compute(size, 1, 0.1, "round", False, ()), draw, question="How high?",
                        size=Slider(0.0, 2.0, 0.1, 1.0, "size"))
    explorer.show()
    assert "Target" not in page["bundles"][0]["text/html"] and "Target" not in explorer._panel._status.value
