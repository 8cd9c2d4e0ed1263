"""The kept figure: painted in parts, it must look as if painted whole, whatever a drawing changes."""

import io

import matplotlib
import numpy as np
import pytest
from PIL import Image

from course_utils.explorer.screen import Screen
from course_utils.plotting import artist, figure_style


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)), dtype=int)


def plain(result, ax):
    """A line over an image, with a text on the ground; `result` may change any property of what it draws."""
    image = artist(ax, "image", lambda: ax.imshow(np.eye(4), extent=(0.5, 1, 0, 1), aspect="auto", cmap="Blues"))
    image.set_data(result.get("image", np.eye(4)))
    artist(ax, "ground", lambda: ax.text(0.5, 0.5, "", zorder=0.5)).set_text(result.get("ground", "ground"))
    artist(ax, "bar", lambda: ax.bar([0.5], [0.8], width=0.1))[0].set_height(result.get("bar", 0.8))
    legend = artist(ax, "legend", lambda: ax.legend([artist(ax, "bar", lambda: None)[0]], [""], loc="upper left"))
    legend.set_zorder(0.5)
    legend.get_texts()[0].set_text(result.get("legend", "legend"))
    artist(ax, "line", lambda: ax.plot([], [])[0]).set_data([0, 1], [0, result.get("y", 1)])
    ax.set(xlim=(0.01, 1), ylim=(0, 1), xlabel="x", ylabel="y", yticks=(0, 1), yticklabels=("none", "all"))
    ax.set_title(result.get("title", "A title"))
    ax.set(**result.get("axes", {}))


CHANGES = {
    "what moves": {"y": 0.3, "bar": 0.2},
    "title": {"title": "Another title"},
    "limits": {"axes": {"xlim": (0.01, 2)}},
    "scale": {"axes": {"xscale": "log"}},
    "name of an axis": {"axes": {"xlabel": "time (s)"}},
    "places of ticks": {"axes": {"yticks": (0, 0.5, 1)}},
    "words of ticks": {"axes": {"yticks": (0, 1), "yticklabels": ("0 %", "100 %")}},
    "image": {"image": 1 - np.eye(4)},
    "text on the ground": {"ground": "floor"},
    "words of the legend": {"legend": "key"},
    "colour behind": {"axes": {"facecolor": "#EEEEEE"}},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_looks_as_if_all_were_painted_anew(change):
    screen = Screen((4, 3))
    before = pixels(screen.render(plain, {}))
    after = pixels(screen.render(plain, change))
    assert (after != before).any()
    screen._frame = ()                          # the frame's pixels are thrown away; places stay as arranged
    np.testing.assert_array_equal(after, pixels(screen.render(plain, change)))
    np.testing.assert_array_equal(before, pixels(screen.render(plain, {"axes": {"xscale": "linear",
                                                                                "facecolor": "white"}})))


def test_painted_in_parts_it_looks_as_matplotlib_paints_it():
    screen = Screen((4, 3))
    parts = pixels(screen.render(plain, {}))
    with matplotlib.rc_context(figure_style()):
        screen.canvas.draw()
    whole = np.asarray(screen.canvas.buffer_rgba(), dtype=int)[..., :3]
    assert (np.abs(parts - whole).max(-1) > 8).mean() < 0.002       # an image and a spine share half a line


def test_a_frame_that_stands_still_is_painted_once():
    screen, painted = Screen((4, 3)), []
    screen.render(plain, {})
    draw = screen.ax.xaxis.draw
    screen.ax.xaxis.draw = lambda renderer: painted.append(1) or draw(renderer)
    for k in range(5):
        screen.render(plain, {"y": k / 5, "bar": k / 5, "title": f"{k}"})
    assert not painted
    screen.render(plain, {"axes": {"xlim": (0.01, 3)}})
    assert painted == [1]


def test_axes_without_frame_or_hidden_are_not_painted():
    screen = Screen((4, 3))

    def draw(result, ax):
        plain({}, ax)
        ax.set_axis_off()
        ax.set_visible(result["visible"])

    without = pixels(screen.render(draw, {"visible": True}))
    assert (without[:, :4] == 255).all()        # no label of an axis at the left edge
    assert (pixels(screen.render(draw, {"visible": False})) == 255).all()
