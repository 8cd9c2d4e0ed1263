"""Plots of models of several classes: their weights, what they make of one example, which classes they mix up."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from torch import Tensor

from course_utils.plotting.style import BLUE, GREY, ORANGE, array, describe, new_axes, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_decision(
    weights: Tensor | ArrayLike,
    bias: Tensor | ArrayLike,
    x: Tensor | ArrayLike,
    shape: tuple[int, int],
    class_names: Sequence[str] | None = None,
    *,
    title: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """One picture, and what each class makes of it: pixel × weight, their sum as a bar, the softmax share above it.

    `weights` has shape (K, m), `bias` (K,), `x` (m,), `shape` is (height, width) with height · width = m. Red pixels
    speak for the class and blue ones against it. The bar is the whole score, the bias included.
    """
    W, b, x = (array(part).astype(float) for part in (weights, bias, x))
    scores = W @ x + b
    shares = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    names = [str(k) for k in (class_names if class_names is not None and len(class_names) else range(len(W)))]
    ax = new_axes((7.0, 3.8)) if ax is None else ax
    height, width = shape
    step = 1.12 * width
    _picture(ax, x.reshape(shape), "gray_r", (0.0, x.max()), -3.1 * step, 0.0, 2.5)
    ax.text(-3.1 * step + 1.25 * width, -0.4 * height, "the image", ha="center")
    limit = np.abs(W * x).max() or 1.0
    per_score = 1.7 * height / np.abs(scores).max()
    zero = 4.3 * height
    for k, name in enumerate(names):
        left, strong = k * step, k == scores.argmax()
        _picture(ax, (W[k] * x).reshape(shape), "RdBu_r", (-limit, limit), left, 0.0, 1.0)
        middle, bold = left + width / 2, "bold" if strong else "normal"
        ax.text(middle, -0.4 * height, name, ha="center", fontweight=bold)
        ax.bar(middle, -per_score * scores[k], 0.8 * width, bottom=zero, color=ORANGE if strong else BLUE)
        if shares[k] >= 0.005:
            top = zero - per_score * max(scores[k], 0) - 0.15 * height
            ax.text(middle, top, f"{shares[k]:.0%}", ha="center", va="bottom", fontweight=bold)
    ax.plot([0, len(names) * step], [zero, zero], color=GREY, linewidth=1, linestyle="-")
    ax.text(len(names) * step / 2, 1.25 * height, "pixel × weight: red speaks for the class, blue "
                                                  "against it", ha="center",
            va="top")
    ax.text(-0.3 * width, zero, "score,\nand share", ha="right", va="center")
    ax.set(xlim=(-3.2 * step, len(names) * step), ylim=(zero + 1.9 * height, -1.1 * height), aspect="equal")
    ax.set_axis_off()
    best, rest = names[scores.argmax()], [f"{name} {score:+.1f}" for name, score in zip(names, scores, strict=True)]
    ax.set_title(title or f"Ten weighted sums of the same pixels: {best} wins with {shares.max():.0%}")
    return describe(ax, f"An image of {height} by {width} pixels, beside it pixel times weight for each class, "
                        f"and each class's score as a bar: {', '.join(rest)}. Softmax gives {best} {shares.max():.0%}.")


def _picture(ax: "Axes", values: np.ndarray, cmap: str, limits: tuple[float, float], left: float, top: float,
             size: float) -> None:
    height, width = values.shape
    ax.imshow(values, cmap=cmap, vmin=limits[0], vmax=limits[1],
              extent=(left, left + size * width, top + size * height, top))
    ax.plot(np.array([0, 1, 1, 0, 0]) * size * width + left, np.array([0, 0, 1, 1, 0]) * size * height + top,
            color=GREY, linewidth=0.6, linestyle="-")


def plot_confusion(
    matrix: Tensor | ArrayLike, class_names: Sequence[str] | None = None, *, ax: "Axes | None" = None
) -> "Axes":
    """Counts of true class (rows) by predicted class (columns); `matrix` has shape (K, K)."""
    counts = array(matrix).astype(int)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"matrix has shape {counts.shape}; a confusion matrix has one row and one column a class.")
    ax = new_axes((7.0, max(3.5, 1.0 + 0.3 * len(counts)))) if ax is None else ax
    names = [str(k) for k in (class_names if class_names is not None and len(class_names) else range(len(counts)))]
    shade = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(shade, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, column in zip(*np.nonzero(counts), strict=True):
        ax.text(column, row, f"{counts[row, column]:,}", ha="center", va="center",
                color="white" if shade[row, column] > 0.6 else "black")
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    off = counts - np.diag(np.diag(counts))
    title = f"{int(np.trace(counts)):,} of {int(counts.sum()):,} right"
    if (off == off.max()).sum() > 1:
        title += f"; no class is taken for another more than {off.max():,} times" if off.max() else ""
    elif off.max() > 0:
        row, column = np.unravel_index(off.argmax(), off.shape)
        title += f"; most often {names[row]} is taken for {names[column]} ({off.max():,} times)"
    ax.set_title(title)
    each = ", ".join(f"{name} {right:.0%}" for name, right in zip(names, np.diag(shade), strict=True))
    return describe(ax, f"{title}. Share right by true class: {each}.")


def plot_weights_as_images(
    weights: Tensor | ArrayLike,
    shape: tuple[int, int],
    class_names: Sequence[str] | None = None,
    *,
    ax: "Axes | None" = None,
) -> "Axes":
    """Each class's weights laid out as the picture they are multiplied with: blue speaks against, red for the class.

    `weights` has shape (K, m) or (m,), `shape` is (height, width) with height · width = m. One colour scale for all.
    """
    W = np.atleast_2d(array(weights).astype(float))
    if W.shape[1] != shape[0] * shape[1]:
        raise ValueError(f"each class has {W.shape[1]} weights; a picture of {shape[0]} × {shape[1]} "
                         f"needs {shape[0] * shape[1]}.")
    columns = min(len(W), 5)
    rows = -(-len(W) // columns)
    ax = new_axes((7.0, 0.6 + 1.45 * rows) if len(W) > 1 else (4.0, 3.0)) if ax is None else ax
    names = [str(k) for k in (class_names if class_names is not None and len(class_names)
                              else range(len(W)) if len(W) > 1 else [""])]
    height, width = shape[0] * 1.3, shape[1] * 1.1       # room for the name above a picture, and for a gap beside it
    limit = float(np.abs(W).max()) or 1.0
    for k, w in enumerate(W):
        left, top = (k % columns) * width, (k // columns) * height
        picture = ax.imshow(w.reshape(shape), cmap="RdBu_r", vmin=-limit, vmax=limit,
                            extent=(left, left + shape[1], top + shape[0], top))
        ax.text(left + shape[1] / 2, top - 0.03 * height, names[k], ha="center", va="bottom")
    ax.set(xlim=(0, columns * width - 0.1 * shape[1]), ylim=(rows * height - 0.3 * shape[0], -0.25 * shape[0]))
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.figure.colorbar(picture, ax=ax, label="weight", shrink=0.8)
    strongest = np.abs(W).argmax(axis=1)
    ax.set_title(f"Weights lie within ±{number(limit, 2)}")
    where = "; ".join(f"{name}: {w[i]:+.2g} at row {i // shape[1]}, column {i % shape[1]}"
                      for name, w, i in zip(names, W, strongest, strict=True))
    return describe(ax, f"{len(W)} pictures of {shape[0]} by {shape[1]} weights, one a class, "
                        f"within ±{number(limit, 2)}. Strongest weight of each: {where}.")
