"""A loss of two parameters seen from above: where it is steep, where it is flat, and how an optimizer walks there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from course_utils.plotting.style import (
    BLUE,
    GREEN,
    GREY,
    LINE_STYLES,
    MARKERS,
    ORANGE,
    array,
    describe,
    new_axes,
)
from course_utils.surfaces import Path, Surface, Window

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PATH_COLOURS = (BLUE, ORANGE, GREEN, "#000000")
REACH = 0.75                    # of the way from the bottom to the nearest edge of the window: the longer arrow


def plot_ravine(
    surface: Surface,
    paths: Mapping[str, Path | Tensor] | None = None,
    *,
    arrows: bool = True,
    window: Window | None = None,
    title: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Lines of equal loss on `surface`, two arrows that tell its curvatures, and paths on it, name → where they went.

    From the bottom, one arrow points along the floor, one up the wall. Both climb to the same height, on the darker
    line: the wall's arrow gets there sooner, because the loss curves more that way. Half the length, four times the
    curvature. They are the eigenvectors of the Hessian at the bottom, the numbers beside them its eigenvalues, and the
    lengths go as 1 / √eigenvalue. Each line of equal loss lies four times as high as the one inside it.

    A path is a `Path` of `surfaces.descend`, or its points, (steps + 1, 2). Both axes have one scale, so that the two
    arrows are seen to be perpendicular. `window` is ((low, high), (low, high)), the surface's own when None.
    """
    walks = {name: _points(path) for name, path in (paths or {}).items()}
    (x0, x1), (y0, y1) = window = window or surface.window
    ax = new_axes() if ax is None else ax
    bottom, curvatures, directions = _axes_at_the_bottom(surface)
    nearest_edge = min(bottom[0] - x0, x1 - bottom[0], bottom[1] - y0, y1 - bottom[1])
    ends, height = _equally_high(curvatures, directions, REACH * nearest_edge)
    _contours(surface, window, height, ax)
    if arrows:
        for end in ends:
            _arrow(bottom, end, ax)
        along, across = ends
        _beside(bottom + 0.75 * along, -across, f"curvature {_short(curvatures[0])}", ax)
        _beside(bottom + across, across, f"curvature {_short(curvatures[1])}", ax)
    ax.plot(*bottom, "*", color="black", markersize=12, markeredgecolor="white", zorder=4, label="_bottom")
    for (name, points), colour, style, marker in zip(walks.items(), PATH_COLOURS, LINE_STYLES, MARKERS, strict=False):
        ax.plot(*points.T, color=colour, linestyle=style, linewidth=1.2, marker=marker, markersize=4, label=name)
    ax.set(xlim=(x0, x1), ylim=(y0, y1), xlabel=surface.parameter_names[0], ylabel=surface.parameter_names[1])
    ax.set_box_aspect((y1 - y0) / (x1 - x0))      # with these limits: one scale for both axes
    ax.set_anchor("W")
    ax.locator_params(nbins=5)
    if walks:
        if _stands_alone(ax):
            ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0))
        else:
            ax.legend(loc="lower left", frameon=True, framealpha=0.9, edgecolor="none")
    kappa = curvatures[1] / curvatures[0]
    ax.set_title(title or f"{_short(kappa)} times as curved across as along")
    if (figure := ax.get_figure(root=True)) is not None:
        figure.draw_without_rendering()               # matplotlib lays out axes of fixed shape rightly the second time
    return describe(ax, _in_words(bottom, curvatures, directions, kappa, walks, arrows))


def _stands_alone(ax: "Axes") -> bool:
    """Whether there is room beside `ax`: it fills its figure's width, as a square leaves half of it."""
    place = ax.get_subplotspec()
    return place is None or place.get_gridspec().ncols == 1


def _points(path: Path | Tensor) -> np.ndarray:
    """(steps + 1, 2); nan where the path has run so far away that nobody could draw it."""
    points = array(getattr(path, "points", path)).astype(float)
    return np.where(np.abs(points) < 1e6, points, np.nan)


def _axes_at_the_bottom(surface: Surface) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The optimum (2,), the curvatures there, smaller first, (2,), and their directions as rows, (2, 2).

    Of the two ways that an arrow may point, the one away from the start is chosen, where no path lies over it.
    """
    curvatures, columns = torch.linalg.eigh(surface.hessian(surface.optimum))
    bottom, directions = array(surface.optimum), array(columns.T).copy()
    towards_start = directions @ (array(surface.start) - bottom)
    directions[towards_start > 0] *= -1
    return bottom, array(curvatures), directions


def _equally_high(curvatures: np.ndarray, directions: np.ndarray, longer: float) -> tuple[np.ndarray, float]:
    """Arrows as rows, (2, 2), that climb the parabola to one height, the flat one `longer` long; and that height."""
    height = curvatures[0] * longer**2 / 2
    return directions * np.sqrt(2 * height / curvatures)[:, None], height


def _contours(surface: Surface, window: Window, height: float, ax: "Axes") -> None:
    x, y = (torch.linspace(low, high, 250, dtype=torch.float64) for low, high in window)
    first, second = torch.meshgrid(x, y, indexing="xy")
    above = array(surface.value(torch.stack((first, second), dim=-1)) - surface.value(surface.optimum))
    outermost = max(int(np.ceil(np.log(above.max() / height) / np.log(4))), 1)
    levels = height * 4.0 ** np.arange(-1, outermost)
    ax.contour(array(first), array(second), above, levels=levels, colors="#BBBBBB", linewidths=0.8, linestyles="-")
    ax.contour(array(first), array(second), above, levels=[height], colors=GREY, linewidths=1.4, linestyles="-")


def _arrow(bottom: np.ndarray, arrow: np.ndarray, ax: "Axes") -> None:
    ax.annotate("", tuple(bottom + arrow), tuple(bottom), zorder=3, arrowprops={
        "arrowstyle": "-|>", "color": "black", "linewidth": 1.8, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 11})


def _beside(place: np.ndarray, direction: np.ndarray, text: str, ax: "Axes") -> None:
    """`text` a few points away from `place` in `direction`."""
    right, up = np.round(direction / np.abs(direction).max()).tolist()
    note = ax.annotate(
        text, tuple(place), (6 * right, 9 * up), textcoords="offset points", zorder=5,
        ha={1: "left", 0: "center", -1: "right"}[right], va={1: "bottom", 0: "center", -1: "top"}[up],
        bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1})
    note.set_in_layout(False)


def _short(value: float) -> str:
    """Two digits, and no zeros to fill them up: 1, 20, 0.071."""
    return f"{float(f'{value:.2g}'):,g}"


def _in_words(bottom: np.ndarray, curvatures: np.ndarray, directions: np.ndarray, kappa: float,
              paths: dict[str, np.ndarray], arrows: bool) -> str:
    slope = np.degrees(np.arctan2(directions[0, 1], directions[0, 0])) % 180
    words = [f"Lines of equal loss around the bottom at ({bottom[0]:.2f}, {bottom[1]:.2f}). The floor runs at "
             f"{slope:.0f} degrees to the horizontal, with curvature {_short(curvatures[0])}; across it the "
             f"curvature is {_short(curvatures[1])}, {_short(kappa)} times as much."]
    if arrows:
        words.append("An arrow along each climbs to the same height; the one across is "
                     f"{_short(kappa**0.5)} times shorter.")
    for name, points in paths.items():
        across = (points - bottom) @ directions[1]
        away = float(np.linalg.norm(points[-1] - bottom) / np.linalg.norm(points[0] - bottom))
        ends = "it runs away" if np.isnan(away) else f"{_short(away)} of the way is left"
        words.append(f"{name}: in {len(points) - 1} steps it changes sides of the floor "
                     f"{int((across[1:] * across[:-1] < 0).sum())} times; {ends}.")
    return " ".join(words)
