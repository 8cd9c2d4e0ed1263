"""A small picture of each lesson, for README.md and for the front page: `course build --pictures .github/lessons`.

It is what the lesson's study `opening` shows, drawn in 4 by 2.5 inches with letters of the usual size, so that they are
read where the picture is 320 pixels wide. What has no room there, or is said by the question beside it, is left out.
"""

import importlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.plotting import (
    BLUE,
    GREY,
    ORANGE,
    alt_text,
    describe,
    description,
    figure_style,
    label_line_ends,
    new_axes,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

INCHES = (4.0, 2.5)
DPI = 160                               # 640 by 400 pixels, two for each of the page
MARGIN = 0.08                           # inches
COLOURS = 64                            # a palette of so many makes the file a third as large, and is not seen
ALTS = "alt.json"                       # {file name of the lesson without its ending: text alternative}


def write(lesson: Path, folder: Path) -> list[Path]:
    """Write the picture of the notebook at `lesson` into `folder`, and its text alternative beside those of others.

    Returns the files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file, kept = folder / f"{lesson.stem}.png", folder / ALTS
    alts = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    png, alts[lesson.stem] = picture(lesson.stem)
    file.write_bytes(png)
    kept.write_text(json.dumps(dict(sorted(alts.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [file, kept]


def picture(lesson: str) -> tuple[bytes, str]:
    """The PNG and the text alternative of a lesson, known by its notebook's file name without the ending."""
    from matplotlib import pyplot, rc_context
    from PIL import Image

    with rc_context(figure_style()):
        name = lesson[3:]
        figure = _OWN[name]() if name in _OWN else _opening(name)
        figure.set_size_inches(INCHES)
        figure.set_layout_engine("constrained", w_pad=MARGIN, h_pad=MARGIN)
        _FITTED.get(name, lambda figure: None)(figure)
        drawn, packed = io.BytesIO(), io.BytesIO()
        figure.savefig(drawn, format="png", dpi=DPI)
        pyplot.close(figure)
    Image.open(drawn).convert("RGB").quantize(COLOURS).save(packed, "PNG", optimize=True)
    return packed.getvalue(), alt_text(figure)


def _opening(name: str) -> "Figure":
    figure = importlib.import_module(f"course_utils.studies.{name}").opening.run().figure()
    assert figure is not None, "a lesson opens with a picture"
    return figure


# ---- what is left out of a picture, or moved, where it is small ----


def _without_title(figure: "Figure") -> None:
    for ax in figure.axes:
        ax.set_title("", loc="left")


def _start_here(figure: "Figure") -> None:
    _without_title(figure)
    figure.axes[0].set_ylim(-1, 6)


def _decision(figure: "Figure") -> None:
    """Only the classes' names and shares stay of the texts, and in words what they come to."""
    _without_title(figure)
    ax = figure.axes[0]
    for text in ax.texts:
        text.set_visible(len(text.get_text()) < 4)
    _say_only(ax, 0, -1)


def _parameters(figure: "Figure") -> None:
    weights, *_, colour_scale = figure.axes
    colour_scale.remove()
    _say_only(weights, 0)


def _say_only(ax: "Axes", *which: int) -> None:
    """Of the sentences that describe `ax`, those that are seen in this size too."""
    sentences = description(ax).rstrip(".").split(". ")
    describe(ax, ". ".join(sentences[i] for i in which) + ".")


def _optimizers(figure: "Figure") -> None:
    _without_title(figure)
    figure.axes[0].set_ylabel("loss above the lowest")


def _regularization(figure: "Figure") -> None:
    """What both models know, and the question; the digits would be too small."""
    for ax in figure.axes:
        if ax.images:
            ax.remove()
    _without_title(figure)
    (bars,) = figure.axes
    _alone(bars)
    known = ", ".join(text.get_text() for text in bars.texts if "knows" in text.get_text())
    describe(bars, f"{known}. Beside each a hatched bar asks: of unseen images?")


def _alone(ax: "Axes") -> None:
    """Give `ax` the whole figure."""
    ax.set_subplotspec(_whole(ax).add_gridspec(1, 1)[0])


def _layers_and_activations(figure: "Figure") -> None:
    """Of the title what must not be left out: that there is no such city, where the real records are not here."""
    ax = figure.axes[0]
    simulated = ax.get_title(loc="left").endswith("(simulated)")
    _without_title(figure)
    if simulated:
        ax.set_title("a simulated city", loc="left")
        describe(ax, f"A simulated city. {description(ax)}")


def _dropout(figure: "Figure") -> None:
    """The two curves; the third line needs more words than have room."""
    _without_title(figure)
    ax = figure.axes[0]
    parts: list[Text | Line2D] = [*ax.texts, *ax.lines]
    for part in parts:
        if part.get_color() == ORANGE:
            part.remove()


def _batch_size(figure: "Figure") -> None:
    for ax, title in zip(figure.axes, ("one", "eleven", "all 363"), strict=True):
        ax.set_title(title, loc="left")
        ax.set_xlabel("weight of all ink" if title == "eleven" else "")


_FITTED: dict[str, Callable[["Figure"], None]] = {
    "start_here": _start_here, "gradients_and_the_training_loop": _without_title, "softmax_regression": _decision,
    "parameters": _parameters, "optimizers": _optimizers, "regularization": _regularization,
    "layers_and_activations": _layers_and_activations, "dropout": _dropout, "batch_size": _batch_size,
}


# ---- lessons that open without a study ----


def _scaling_out() -> "Figure":
    """The two problems that lesson 10 begins with, by its own formula."""
    from course_utils.explorers import speed_up

    ax = new_axes()
    ax.plot(speed_up.COUNTS, speed_up.COUNTS, ":", color=GREY, label="ideal")
    said = []
    for rows, features, name, colour, style in ((1e9, 784, "a billion rows", BLUE, "-"),
                                                (150, 4, "150 flowers", ORANGE, "--")):
        curve = speed_up.compute(rows, features, min(rows, 1e5), "one CPU core", "8", 1.0, 100.0).speed_up
        ax.plot(speed_up.COUNTS, curve, style, color=colour, label=name)
        said.append(f"{name} {curve[3]:.2g} times as fast on 8 devices as on one, and {curve[-1]:.2g} times on 1,024")
    ax.set(xscale="log", yscale="log", xlabel="devices", ylabel="times as fast as one", xlim=(0.9, 60_000))
    ax.set_xticks([1, 8, 64, 1_024], ["1", "8", "64", "1,024"])
    ax.minorticks_off()
    label_line_ends(ax)
    return _whole(describe(ax, f"Times as fast as one device, by the number of devices: {'; '.join(said)}."))


def _capstone() -> "Figure":
    """Lesson 11's board of claims, before anybody gave a verdict."""
    from course_utils.explorers.claims_board import claims_board

    words, board = (figure := _whole(claims_board().static())).axes
    words.remove()
    _alone(board)
    for sign in board.texts:
        sign.set_text("?")
    board.set_xlabel("claims")
    describe(board, f"{len(board.texts)} tiles in {len(board.get_yticks())} rows, a tile for each claim and a row for "
                    "each lesson. On each stands a question mark: none has a verdict yet.")
    return figure


def _whole(ax: "Axes") -> "Figure":
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes stand on a figure"
    return figure


_OWN: dict[str, Callable[[], "Figure"]] = {"scaling_out": _scaling_out, "capstone": _capstone}
