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
    """One picture, and what each class makes of it: pixel × weight, their sum, the bias, and the share of softmax.

    `weights` has shape (K, m), `bias` (K,), `x` (m,), `shape` is (height, width) with height · width = m. Red pixels
    speak for the class and blue ones against it. The wide bar is their sum, the hatched one the bias on top of it; the
    black line where it ends is the score.
    """
    W, b, x = (array(part).astype(float) for part in (weights, bias, x))
    if W.shape != (len(b), x.size) or x.size != shape[0] * shape[1]:
        raise ValueError(f"weights have shape {W.shape}, bias {b.shape}, x {x.shape} and the picture {shape}; for K "
                         "classes and m pixels they are (K, m), (K,), (m,), and height × width is m.")
    sums, scores = W @ x, W @ x + b
    shares = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    names = [str(k) for k in (class_names if class_names is not None and len(class_names) else range(len(W)))]
    ax = new_axes((7.0, 4.2)) if ax is None else ax
    height, width = shape
    step = 1.12 * width
    _picture(ax, x.reshape(shape), "gray_r", (0.0, x.max()), -3.1 * step, 0.0, 2.5)
    ax.text(-3.1 * step + 1.25 * width, -0.4 * height, "the image", ha="center")
    limit = np.abs(W * x).max() or 1.0
    highest, lowest = max(0.0, sums.max(), scores.max()), max(0.0, -sums.min(), -scores.min())
    per_score = 3.8 * height / ((highest + lowest) or 1.0)         # weights of 0 leave no bar
    zero = 2.3 * height + per_score * highest
    for k, name in enumerate(names):
        left, bold = k * step, "bold" if k == scores.argmax() else "normal"
        _picture(ax, (W[k] * x).reshape(shape), "RdBu_r", (-limit, limit), left, 0.0, 1.0)
        ax.text(left + width / 2, -0.4 * height, name, ha="center", fontweight=bold)
        _sum_and_bias(ax, left, width, zero, -per_score * sums[k], -per_score * b[k],
                      ORANGE if bold == "bold" else BLUE)
        if shares[k] >= 0.005:
            top = zero - per_score * max(scores[k], sums[k], 0) - 0.15 * height
            ax.text(left + width / 2, top, f"{shares[k]:.0%}", ha="center", va="bottom", fontweight=bold)
    ax.plot([0, len(names) * step], [zero, zero], color=GREY, linewidth=1, linestyle="-")
    ax.text(len(names) * step / 2, 1.25 * height, "pixel × weight: red speaks for the class, blue against it",
            ha="center", va="top")
    ax.text(-0.4 * width, zero, "wide: sum of the pixels\nhatched: plus the bias\nblack line: the score\n"
                               "number: its share", ha="right", va="center", linespacing=1.5)
    ax.set(xlim=(-3.3 * step, len(names) * step), ylim=(zero + per_score * lowest + 0.2 * height, -1.1 * height),
           aspect="equal")
    ax.set_axis_off()
    order = (-scores).argsort(kind="stable")                       # of equal ones the first, as `predicted_classes`
    count = "Ten" if len(names) == 10 else len(names)
    wins = (f"{names[order[0]]} wins with {shares.max():.0%}" if scores[order[0]] > scores[order[1]]
            else "two are equally high")
    ax.set_title(title or f"{count} weighted sums of the same pixels: {wins}")
    each = ", ".join(f"{name} {p:+.1f} {bias:+.1f} = {z:+.1f}"
                     for name, p, bias, z in zip(names, sums, b, scores, strict=True))
    return describe(ax, f"An image of {height} by {width} pixels, beside it pixel times weight for each class. Sum of "
                        f"the pixels, plus bias, is the score: {each}. Softmax gives {names[order[0]]} "
                        f"{shares[order[0]]:.0%} and {names[order[1]]} {shares[order[1]]:.0%}.")


def _sum_and_bias(ax: "Axes", left: float, width: float, zero: float, pixels: float, bias: float,
                  colour: str) -> None:
    """A wide bar as long as the pixels say, from its end a hatched one for the bias, and a line at the score."""
    middle, end = left + width / 2, zero + pixels + bias
    ax.bar(middle, pixels, 0.8 * width, bottom=zero, color=colour)
    ax.bar(middle, bias, 0.4 * width, bottom=zero + pixels, facecolor="white", edgecolor="black", hatch="/////",
           linewidth=0.8)
    ax.plot([left + 0.02 * width, left + 0.98 * width], [end, end], color="black", linewidth=2.4, linestyle="-")


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
    matrix = array(matrix)
    counts = matrix.astype(int)
    if (counts != matrix).any():
        raise ValueError("matrix holds shares; this plot takes counts, as `confusion_matrix` gives them, and makes the "
                         "shares itself.")
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"matrix has shape {counts.shape}; a confusion matrix has one row and one column a class.")
    ax = new_axes((7.0, max(3.5, 1.0 + 0.3 * len(counts)))) if ax is None else ax
    names = [str(k) for k in (class_names if class_names is not None and len(class_names) else range(len(counts)))]
    if len(names) != len(counts):
        raise ValueError(f"class_names holds {len(names)} names for {len(counts)} classes; each needs one.")
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
    each = ", ".join(f"{name} {right:.0%}" if n else f"{name} no example"
                     for name, right, n in zip(names, np.diag(shade), counts.sum(axis=1), strict=True))
    return describe(ax, f"{title}. Share right by true class: {each}.")


def plot_weights_as_images(
    weights: Tensor | ArrayLike,
    shape: tuple[int, int],
    class_names: Sequence[str] | None = None,
    *,
    outlines: Tensor | ArrayLike | None = None,
    title: str | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """Each class's weights laid out as the picture they are multiplied with: blue speaks against, red for the class.

    `weights` has shape (K, m) or (m,), `shape` is (height, width) with height · width = m. One colour scale for all.
    `outlines`, pictures of the same shape as `weights`, are drawn as a line around their darker half.
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
        if outlines is not None:
            image = np.pad(np.atleast_2d(array(outlines).astype(float))[k].reshape(shape), 1)    # so that lines close
            ax.contour(np.arange(-1, shape[1] + 1) + left + 0.5, np.arange(-1, shape[0] + 1) + top + 0.5, image,
                       levels=[image.max() / 2], colors="black", linewidths=1.0)
    ax.set(xlim=(0, columns * width - 0.1 * shape[1]), ylim=(rows * height - 0.3 * shape[0], -0.25 * shape[0]))
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.figure.colorbar(picture, ax=ax, label="weight", shrink=0.8)
    strongest = np.abs(W).argmax(axis=1)
    ax.set_title(title or f"Weights lie within ±{number(limit, 2)}")
    where = "; ".join(f"{name}: {w[i]:+.2g} at row {i // shape[1]}, column {i % shape[1]}"
                      for name, w, i in zip(names, W, strongest, strict=True))
    return describe(ax, f"{len(W)} pictures of {shape[0]} by {shape[1]} weights, one a class, "
                        f"within ±{number(limit, 2)}. Strongest weight of each: {where}.")
