"""Plots of what a model of several classes does with one example. `plotting` exports them."""

import numpy as np

from course_utils.plotting.style import BLUE, GREY, ORANGE, array, describe, new_axes


def plot_decision(weights, bias, x, shape: tuple[int, int], class_names=None, *, title: str | None = None, ax=None):
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


def _picture(ax, values, cmap, limits, left, top, size):
    height, width = values.shape
    ax.imshow(values, cmap=cmap, vmin=limits[0], vmax=limits[1],
              extent=(left, left + size * width, top + size * height, top))
    ax.plot(np.array([0, 1, 1, 0, 0]) * size * width + left, np.array([0, 0, 1, 1, 0]) * size * height + top,
            color=GREY, linewidth=0.6, linestyle="-")
