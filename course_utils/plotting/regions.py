"""The plane of two features, and what a model decides in each place of it."""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from course_utils.plotting.style import MARKERS, PALETTE, array, describe, new_axes, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLACES = 200                        # along each axis; a place is then two pixels of the page wide


def plot_regions(
    predict: Callable[[Tensor], Tensor | np.ndarray],
    X: Tensor | ArrayLike,
    y: Tensor | ArrayLike,
    *,
    class_names: Sequence[str] | None = None,
    feature_names: Sequence[str] | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Which class `predict` decides for in each place of the plane, how surely, and where it changes its mind.

    `X` has shape (n, 2) and `y` (n,), class numbers. `predict` maps float32 points (m, 2) to probabilities: (m,) of
    class 1 where there are two classes, or (m, K). A region has the colour of its class, deeper where the model is
    surer; the lines between regions are where two classes are equally probable; examples on the wrong side are ringed.
    Raises ValueError where X is not (n, 2), or `predict` gives other shapes or numbers outside of 0 to 1.
    """
    points, labels = array(X).astype(float), array(y).astype(int)
    if len(points) == 0 or len(points) != len(labels):
        raise ValueError(f"X has {len(points)} rows and y has {len(labels)}; each example needs one of each.")
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"X has shape {points.shape}; regions are drawn over two features, shape (n, 2).")
    ax = new_axes((7.0, 3.8)) if ax is None else ax
    across, up = (_places(points[:, i]) for i in range(2))
    plane = np.stack(np.meshgrid(across, up), axis=-1)                      # plane[row, column] is one place
    shares = _shares(predict, plane.reshape(-1, 2)).reshape(PLACES, PLACES, -1)
    n_classes = shares.shape[2]
    classes = [str(name) for name in (class_names if class_names is not None else range(n_classes))]
    if len(classes) != n_classes or not 0 <= labels.min() <= labels.max() < n_classes:
        raise ValueError(f"predict tells {n_classes} classes apart, y holds {labels.min()} to {labels.max()}, and "
                         f"there are {len(classes)} names. Number the classes from 0, and name each.")
    names = list(feature_names if feature_names is not None else ("x₁", "x₂"))
    ax.imshow(_shades(shares), extent=(across[0], across[-1], up[0], up[-1]), origin="lower", aspect="auto",
              interpolation="nearest")
    borders = {(classes[a], classes[b]): border for a, b in combinations(range(n_classes), 2)
               if len(border := _border(ax, across, up, shares, a, b))}
    wrong = _shares(predict, points).argmax(axis=1) != labels
    for k in range(n_classes):
        ax.scatter(points[labels == k, 0], points[labels == k, 1], s=30, color=PALETTE[k % len(PALETTE)],
                   marker=MARKERS[k % len(MARKERS)], linewidth=0.6, edgecolor="white", label=classes[k], zorder=3)
    if wrong.any():
        ax.scatter(points[wrong, 0], points[wrong, 1], s=95, facecolor="none", edgecolor="black", linewidth=1.2,
                   label="wrong side", zorder=4)
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), title="deeper: surer")
    ax.set(xlabel=names[0], ylabel=names[1], xlim=(across[0], across[-1]), ylim=(up[0], up[-1]))
    title = f"{len(labels) - int(wrong.sum())} of {len(labels)} examples lie in the region of their class"
    ax.set_title(title)
    lines = " ".join(f"The boundary between {a} and {b} runs from {_place(border[0])} to {_place(border[-1])}."
                     for (a, b), border in borders.items()) or "No boundary crosses the picture."
    return describe(ax, f"{title}, over {names[0]} (across) and {names[1]} (up); classes {', '.join(classes)}. {lines}")


def _places(values: np.ndarray) -> np.ndarray:
    margin = 0.06 * (values.max() - values.min()) or 1.0
    return np.linspace(values.min() - margin, values.max() + margin, PLACES)


def _shares(predict: Callable[[Tensor], Tensor | np.ndarray], points: np.ndarray) -> np.ndarray:
    """The probabilities of each class, shape (n, K), K = 2 where `predict` gives only those of class 1."""
    with torch.no_grad():
        p = array(predict(torch.as_tensor(points, dtype=torch.float32))).astype(float)
    if p.ndim not in (1, 2) or len(p) != len(points):
        raise ValueError(f"predict gave shape {p.shape} for {len(points)} points; ({len(points)},) is needed, or "
                         f"({len(points)}, K).")
    if not (p.min() >= 0 and p.max() <= 1 + 1e-6):
        raise ValueError(f"predict gave {p.min():.3g} to {p.max():.3g}; probabilities lie between 0 and 1. Does it "
                         "give logits? Then it needs softmax, or for one column sigmoid.")
    if p.ndim == 2 and p.shape[1] == 1:
        p = p[:, 0]
    return np.stack([1 - p, p], axis=1) if p.ndim == 1 else p


def _shades(shares: np.ndarray) -> np.ndarray:
    """One colour a place, (…, 3): that of the winning class, nearly white where its share is hardly above 1/K."""
    from matplotlib.colors import to_rgb

    n_classes = shares.shape[-1]
    colours = np.array([to_rgb(PALETTE[k % len(PALETTE)]) for k in range(n_classes)])[shares.argmax(axis=-1)]
    surer = np.clip((shares.max(axis=-1, keepdims=True) - 1 / n_classes) / (1 - 1 / n_classes), 0, 1)
    depth = 0.06 + 0.34 * surer                                             # examples stay visible on the deepest
    return 1 - depth * (1 - colours)


def _border(ax: "Axes", across: np.ndarray, up: np.ndarray, shares: np.ndarray, a: int, b: int) -> np.ndarray:
    """Draws where classes `a` and `b` share the first place; the longest such line, shape (points, 2), maybe empty."""
    ahead = shares[..., a] - shares[..., b]
    others = np.delete(shares, [a, b], axis=-1)
    if others.shape[-1]:                       # no border where a third class is ahead of both
        ahead = np.where(others.max(axis=-1) > np.maximum(shares[..., a], shares[..., b]), np.nan, ahead)
    if not (np.nanmin(ahead, initial=1.0) < 0 < np.nanmax(ahead, initial=-1.0)):
        return np.empty((0, 2))
    lines = ax.contour(across, up, ahead, levels=[0], colors="black", linewidths=1.4).allsegs[0]
    return max(lines, key=len, default=np.empty((0, 2)))


def _place(point: np.ndarray) -> str:
    return f"({number(point[0], 2)}, {number(point[1], 2)})"
