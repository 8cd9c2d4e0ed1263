"""Lesson 04: the 650 parameters of softmax regression on digits, from their start through training, any part frozen."""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.data import Examples
from course_utils.datasets import load_digits
from course_utils.explorer import Explorer, Slider, Toggle
from course_utils.plotting import BLUE, GREY, array, artist, describe, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LR = 1.0
MOST_STEPS = 60
TARGET = 0.93
SIDE, GAP = 8, 2                                                # pixels of a picture, and between two pictures
PARTS = ("bias", "zero", "upper")


class Inspection(NamedTuple):
    """The model after some steps of gradient descent on all training digits."""

    W: Tensor                                                   # (10, 64)
    b: Tensor                                                   # (10,)
    W_start: Tensor                                             # (10, 64) before the first step
    accuracy: float                                             # share right of the 450 digits kept aside
    steps: int
    scale: float
    frozen_classes: tuple[int, ...]                             # whose weights stand still
    bias_frozen: bool


def compute(steps: int, scale: float, bias: bool, zero: bool, upper: bool) -> Inspection:
    """Weights drawn from N(0, scale²), bias 0, then `steps` steps of gradient descent with what is frozen left out.

    `bias`, `zero` (the weights of digit 0) and `upper` (those of digits 5 to 9) say what is frozen.
    """
    frozen = ((0,) if zero else ()) + (tuple(range(5, 10)) if upper else ())
    path = _path(scale, bias, frozen)
    W, b = path[steps]
    _, valid = _digits()
    right = ((valid.X @ W.T + b).argmax(dim=1) == valid.y).float().mean().item()
    return Inspection(W, b, path[0][0], right, steps, scale, frozen, bias)


@lru_cache(maxsize=1)
def _digits() -> tuple[Examples, ...]:
    """Those to train on, and those kept aside."""
    digits = load_digits()
    return tuple(part for part in (digits.train, digits.valid) if part)


@lru_cache(maxsize=32)
def _path(scale: float, bias_frozen: bool, frozen: tuple[int, ...]) -> list[tuple[Tensor, Tensor]]:
    """W and b after 0, 1, …, MOST_STEPS steps; the gradient of the mean cross-entropy is (p − y)ᵀX / n."""
    (X, y), _ = _digits()
    targets = F.one_hot(y, 10).float()
    learns = torch.ones(10, 1)
    learns[list(frozen)] = 0
    W = scale * torch.randn(10, 64, generator=torch.Generator().manual_seed(0))
    b = torch.zeros(10)
    path = [(W, b)]
    for _ in range(MOST_STEPS):
        pull = (torch.softmax(X @ W.T + b, dim=1) - targets) / len(X)
        W = W - LR * learns * (pull.T @ X)
        b = b if bias_frozen else b - LR * pull.sum(dim=0)
        path.append((W, b))
    return path


def draw(now: Inspection, ax: "Axes") -> "Axes":
    """On the left the weights as ten pictures, on the right their histogram, before and now."""
    left, right = panels(ax, 2, widths=(3, 2))
    return _draw_histogram(now, right, _draw_pictures(now, left))


def _draw_pictures(now: Inspection, ax: "Axes") -> "Axes":
    stride = SIDE + GAP
    mosaic = np.full((2 * stride, 5 * stride - GAP), np.nan)
    for k, w in enumerate(array(now.W)):
        top, side = (k // 5) * stride + GAP, (k % 5) * stride
        mosaic[top:top + SIDE, side:side + SIDE] = w.reshape(SIDE, SIDE)
    ax.set_axis_off()
    picture = artist(ax, "mosaic", lambda: ax.imshow(mosaic, cmap="RdBu_r", aspect="equal", zorder=1))
    picture.set_data(mosaic)
    limit = float(now.W.abs().max())
    picture.set_clim(-limit, limit)
    for k in range(10):
        at = (k % 5) * stride + SIDE / 2 - 0.5, (k // 5) * stride + GAP - 0.8
        name = artist(ax, f"name {k}", lambda at=at: ax.text(at[0], at[1], "", ha="center", va="bottom"))
        name.set_text(f"{k} frozen" if k in now.frozen_classes else f"{k}")
    share = f"{100 * now.accuracy:.1f} %"
    ax.set_title(f"{now.steps} steps: {share} of new digits right")
    parts = [*(f"the weights of {k}" for k in now.frozen_classes), *(["the bias"] if now.bias_frozen else [])]
    frozen = f"Frozen: {', '.join(parts)}." if parts else "Nothing is frozen."
    return describe(ax, f"Ten pictures of weights after {now.steps} steps from a start with standard deviation "
                        f"{now.scale:g}; {share} of 450 new digits are right. {frozen} "
                        f"The largest weight is {limit:.2f} in size.")


def _draw_histogram(now: Inspection, ax: "Axes", left: "Axes") -> "Axes":
    reach = max(1.2, 3.6 * now.scale)
    edges = np.linspace(-reach, reach, 41)
    counts = [np.histogram(array(W).ravel(), edges)[0] for W in (now.W_start, now.W)]
    before = artist(ax, "before", lambda: ax.stairs(counts[0], edges, color=GREY, linewidth=1.5))
    after = artist(ax, "after", lambda: ax.stairs(counts[1], edges, color=BLUE, fill=True, alpha=0.6))
    top = max(10, min(counts[0].max(), 2 * counts[1].max()), counts[1].max())      # heights are shares of this
    before.set_data(counts[0] / top, edges)
    after.set_data(counts[1] / top, edges)
    ax.set(xlim=(-reach, reach), ylim=(0, 1.12), yticks=[], xlabel="weight (line: start, filled: now)")
    moved = float((now.W - now.W_start).norm())
    ax.set_title(f"moved by {moved:.2f} in all")
    describe(ax, f"Histogram of the 640 weights: standard deviation {float(now.W_start.std()):.3f} at the start, "
                 f"{float(now.W.std()):.3f} now; all weights together moved by {moved:.2f}.")
    return left


def goal(now: Inspection) -> str | None:
    """Reached when 93 % of the new digits are right while at least one part stands still."""
    if now.accuracy < TARGET or not (now.frozen_classes or now.bias_frozen):
        return None
    return f"{100 * now.accuracy:.1f} % right after {now.steps} steps, with a part of the model frozen."


def parameter_inspector() -> Explorer:
    """Choose the start, freeze parts, train, and look at every parameter."""
    return Explorer(
        compute,
        draw,
        question="Which parts of this model can you freeze at their random start and lose nothing?",
        target="93 % of the new digits, with a part frozen.",
        goal=goal,
        steps=Slider(0, MOST_STEPS, 5, 0, "training steps"),
        scale=Slider(0.01, 10.0, 0.25, 1.0, "start: standard deviation", log=True),
        bias=Toggle(False, "freeze the bias"),
        zero=Toggle(False, "freeze the weights of 0"),
        upper=Toggle(True, "freeze the weights of 5 to 9"),
    )
