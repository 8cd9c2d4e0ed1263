"""What every picture shares: the style, a sentence for those who cannot see it, artists that are kept and moved.

Nothing here shows a figure or knows Jupyter. matplotlib is imported where it is used, so that a lesson that draws
nothing does not pay for it.
"""

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import ArrayLike
from torch import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.typing import ColorType

Kept = TypeVar("Kept")

# Where HOME cannot be written to, Matplotlib makes a folder for the time being, and says so twice, in red below a cell.
logging.getLogger("matplotlib").setLevel(logging.ERROR)

# Each two of these and GREY are told apart by people with protanopia, deuteranopia and tritanopia too (CIEDE2000 of 16
# and more, tests/test_colour_vision.py): where hue does not help them, lightness does.
BLUE, ORANGE, GREEN, PURPLE, BROWN = "#0072B2", "#D55E00", "#004D00", "#660066", "#AB8977"
GREY, LIGHT_GREY = "#595959", "#D9D9D9"
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, BROWN, "#000000")
MARKERS = ("o", "X", "^", "s", "D", "v", "P", "*", "<", ">")     # a class has a marker as well as a colour
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 2)))

FIGURE_SIZE = (7.0, 3.5)            # inches; 672 × 336 pixels of the page, which a laptop shows beside a file browser
PIXELS_PER_INCH = 96                # of the page (CSS); 10-point text is then 13.3 pixels high
FIGURE_DPI = 144                    # of the image: 1.5 image pixels to a page pixel stays sharp on a dense screen

STYLE = {
    "figure.figsize": FIGURE_SIZE,
    "figure.dpi": FIGURE_DPI,
    "savefig.dpi": FIGURE_DPI,
    "figure.facecolor": "white",    # opaque, so that black text is read in a dark theme too
    "savefig.facecolor": "white",
    "axes.facecolor": "white",
    "figure.constrained_layout.use": True,
    "text.hinting": "no_hinting",   # at this density nobody sees a difference, and text is drawn a fifth faster
    "font.size": 10,
    "axes.labelsize": 10,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "legend.fontsize": 10,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "figure.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": "#262626",
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": "#262626",
    "ytick.labelcolor": "#262626",
    "text.color": "#262626",
    "lines.linewidth": 2.0,
    "lines.markersize": 6.0,
    "legend.frameon": False,
    "image.cmap": "viridis",
}


def figure_style() -> dict:
    """matplotlib settings for every figure of the course, the cycle of colours and line styles included."""
    from cycler import cycler

    return {**STYLE, "axes.prop_cycle": cycler(color=PALETTE) + cycler(linestyle=LINE_STYLES)}


def new_axes(figsize: tuple[float, float] = FIGURE_SIZE) -> "Axes":
    """One Axes on a new pyplot figure of `figsize` inches."""
    from matplotlib import pyplot

    return pyplot.subplots(figsize=figsize, layout="constrained")[1]


# --- what a picture says to those who cannot see it ------------------------------------------------------------------

def describe(ax: "Axes", sentence: str) -> "Axes":
    """Keep `sentence`, built from the data, as the text alternative of `ax`; returns `ax`."""
    vars(ax)["course_description"] = " ".join(sentence.split())
    return ax


def description(ax: "Axes") -> str:
    """What `describe` said of `ax`; nothing where nobody did."""
    return str(vars(ax).get("course_description", ""))


def alt_text(figure: "Figure") -> str:
    """The text alternative of `figure`: its title, then what `describe` said of each Axes.

    Where nobody described anything, titles and axis labels have to do.
    """
    heading = figure.get_suptitle() if hasattr(figure, "get_suptitle") else ""
    sentences = [said for ax in figure.axes if (said := description(ax))]
    if not sentences:
        sentences = [text for text in map(_from_labels, figure.axes) if text]
    text = " ".join(_as_sentence(part) for part in [heading, *sentences] if part)
    return text or "A figure without a description."


def _from_labels(ax: "Axes") -> str:
    title = ax.get_title(loc="left") or ax.get_title() or ax.get_title(loc="right")
    labels = [f"{label} on the {axis} axis" for label, axis in
              ((ax.get_ylabel(), "vertical"), (ax.get_xlabel(), "horizontal")) if label]
    return ": ".join(part for part in (title, ", ".join(labels)) if part)


def _as_sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "?", "!")) else text + "."


# --- tools for drawing -----------------------------------------------------------------------------------------------

def artist(ax: "Axes", name: str, make: Callable[..., Kept]) -> Kept:
    """The artist kept on `ax` under `name`; made by `make()` the first time, and again after `ax.clear()`.

    This is how an explorer's `draw` updates a figure instead of redrawing it:
    `artist(ax, "curve", lambda: ax.plot([], [])[0]).set_data(x, y)`.
    """
    kept = ax.__dict__.setdefault("course_artists", {})
    if name not in kept or _was_cleared(kept[name]):
        kept[name] = make()
    return kept[name]


def _was_cleared(kept: object) -> bool:
    parts = list(kept) if isinstance(kept, (list, tuple)) else [kept]
    return bool(parts) and hasattr(parts[0], "figure") and parts[0].figure is None


def panels(ax: "Axes", n: int, widths: Sequence[float] | None = None) -> "list[Axes]":
    """`ax` and n − 1 further Axes to its right, in the place that `ax` had; the same ones at every call.

    `widths` are relative. Raises ValueError unless `ax` stands in a grid, as `plt.subplots` makes it.
    """
    def split() -> "list[Axes]":
        if (place := ax.get_subplotspec()) is None:
            raise ValueError("These axes stand in no grid, so they cannot be divided. Make them with `plt.subplots`.")
        grid = place.subgridspec(1, n, width_ratios=widths)
        ax.set_subplotspec(grid[0])
        return [ax, *(ax.figure.add_subplot(grid[i]) for i in range(1, n))]

    return artist(ax, "panels", split)


def contrast(colour: "ColorType", background: "ColorType" = "white") -> float:
    """Contrast ratio of two colours, 1 to 21, as the Web Content Accessibility Guidelines 2.1 define it."""
    from matplotlib.colors import to_rgb

    def luminance(c: "ColorType") -> float:
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in to_rgb(c)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(colour), luminance(background)))
    return (light + 0.05) / (dark + 0.05)


def text_colour(colour: "ColorType") -> tuple[float, float, float]:
    """`colour`, darkened as far as text on white needs (4.5 : 1; a line or a marker needs only 3 : 1)."""
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    while contrast((red, green, blue)) < 4.5:
        red, green, blue = 0.95 * red, 0.95 * green, 0.95 * blue
    return red, green, blue


def label_line_ends(ax: "Axes", labels: dict[str, str] | None = None) -> "Axes":
    """Write each line's label beside its last point, in its colour, moved apart where two would overlap.

    `labels` maps a line's label to the text to write; without it every label that does not start with "_" is written.
    Called again on the same Axes it moves the labels.
    """
    lines = [(line, label) for line in ax.get_lines() if not (label := str(line.get_label())).startswith("_")]
    ends = []
    for line, label in lines:
        x, y = np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)
        finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if len(finite):
            ends.append((x[finite[-1]], y[finite[-1]], (labels or {}).get(label, label), line))
    points_per_pixel = 72 / ax.figure.dpi
    heights = [ax.transData.transform((x, y))[1] * points_per_pixel for x, y, _, _ in ends]
    for (x, y, text, line), height, at in zip(ends, heights, _spread(heights, gap=13), strict=True):
        note = artist(ax, f"end of {line.get_label()}", lambda: ax.annotate(
            "", (0, 0), (6, 0), textcoords="offset points", va="center", annotation_clip=False))
        note.xy = (x, y)
        note.set(text=text, position=(6, at - height), color=text_colour(line.get_color()))
    return ax


def _spread(heights: list[float], gap: float) -> list[float]:
    """Heights at least `gap` apart, in the same order, moved as little as a simple sweep can."""
    order = np.argsort(heights, kind="stable")
    placed = np.array(heights, float)
    for below, above in zip(order, order[1:], strict=False):
        placed[above] = max(placed[above], placed[below] + gap)
    if len(placed):
        placed -= (placed - np.array(heights)).mean()
    return placed.tolist()


def array(values: Tensor | ArrayLike) -> np.ndarray:
    """`values` as a NumPy array: a tensor is detached and brought to the CPU first."""
    return np.asarray(values.detach().cpu().numpy() if isinstance(values, Tensor) else values)


def number(value: float, digits: int = 3) -> str:
    """`value` with `digits` significant digits, as prose writes it: 0.0833, 2.31, 1,200."""
    value = float(value)
    if not np.isfinite(value):
        return str(value)
    if value and (abs(value) < 1e-4 or abs(value) >= 1e7):
        return f"{value:.{digits - 1}e}"
    decimals = digits if not value else max(0, digits - 1 - int(np.floor(np.log10(abs(value)))))
    return f"{value:,.{decimals}f}"
