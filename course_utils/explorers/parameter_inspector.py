"""Lesson 04: the damaged reader trained instead of repaired, with any of its damaged parts left frozen."""

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
from course_utils.studies.parameters import damaged_reader

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LR = 1.0
MOST_STEPS = 100
TARGET = 0.94
ROWS, HALF = (0, 7), slice(32, 64)                          # which classes' weights, and which pixels, may stand still
SIDE, GAP = 8, 2                                                # pixels of a picture, and between two pictures


class Inspection(NamedTuple):
    """The reader after some steps of gradient descent on all training digits."""

    W: Tensor                                                   # (10, 64)
    b: Tensor                                                   # (10,)
    b_start: Tensor                                             # (10,) before the first step
    accuracy: float                                             # share right of the 450 digits kept aside
    steps: int
    frozen: tuple[str, ...]                                     # in words


def compute(steps: int, bias: bool, rows: bool, half: bool) -> Inspection:
    """The damaged reader after `steps` steps of gradient descent, with what is frozen left out of each.

    `bias` freezes the ten biases, `rows` the weights of 0 and 7, `half` the weights of the lower half of all classes.
    """
    path = _path(bias, rows, half)
    W, b = path[steps]
    _, valid = _digits()
    right = int(((valid.X @ W.T + b).argmax(dim=1) == valid.y).sum()) / len(valid.y)    # 423 of 450 are 94 %, exactly
    parts = {"the biases": bias, "the weights of 0 and 7": rows, "the lower half": half}
    return Inspection(W, b, path[0][1], right, steps, tuple(name for name, still in parts.items() if still))


@lru_cache(maxsize=1)
def _digits() -> tuple[Examples, ...]:
    """Those to train on, and those kept aside."""
    digits = load_digits()
    return tuple(part for part in (digits.train, digits.valid) if part)


@lru_cache(maxsize=8)
def _path(bias: bool, rows: bool, half: bool) -> list[tuple[Tensor, Tensor]]:
    """W and b after 0, 1, …, MOST_STEPS steps; the gradient of the mean cross-entropy is (p − y)ᵀX / n."""
    (X, y), _ = _digits()
    targets = F.one_hot(y, 10).float()
    learns = torch.ones(10, 64)
    if rows:
        learns[list(ROWS)] = 0
    if half:
        learns[:, HALF] = 0
    W, b = (p.detach() for p in damaged_reader().parameters())
    path = [(W, b)]
    for _ in range(MOST_STEPS):
        pull = (torch.softmax(X @ W.T + b, dim=1) - targets) / len(X)
        W = W - LR * learns * (pull.T @ X)
        b = b if bias else b - LR * pull.sum(dim=0)
        path.append((W, b))
    return path


def draw(now: Inspection, ax: "Axes") -> "Axes":
    """On the left the weights as ten pictures, on the right the ten biases, before and now."""
    left, right = panels(ax, 2, widths=(3, 1))
    return _draw_biases(now, right, _draw_pictures(now, left))


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
        name.set_text(f"{k} frozen" if k in ROWS and "the weights of 0 and 7" in now.frozen else f"{k}")
    share = f"{100 * now.accuracy:.1f} %"
    ax.set_title(f"{now.steps} steps: {share} of new digits right")
    frozen = f"Frozen: {', '.join(now.frozen)}." if now.frozen else "Nothing is frozen."
    return describe(ax, f"Ten pictures of weights after {now.steps} steps from the damaged reader; {share} of 450 new "
                        f"digits are right. {frozen} The largest weight is {limit:.2f} in size.")


def _draw_biases(now: Inspection, ax: "Axes", left: "Axes") -> "Axes":
    bars = artist(ax, "bars", lambda: ax.barh(range(10), array(now.b), color=BLUE, zorder=1))
    for bar, value in zip(bars, array(now.b), strict=True):
        bar.set_width(value)
    artist(ax, "start", lambda: ax.plot(array(now.b_start), range(10), "|", color=GREY, markersize=12, zorder=2)[0])
    ax.set(xlim=(-1.6, 5.4), ylim=(9.6, -0.6), yticks=range(10), xlabel="bias (line: at the start)")
    ax.set_title("biases frozen" if "the biases" in now.frozen else "biases")
    describe(ax, f"The ten biases; that of 8 is {float(now.b[8]):.2f}, and was {float(now.b_start[8]):.2f}.")
    return left


def goal(now: Inspection) -> str | None:
    """Reached when 94 % of the new digits are right while a damaged part stands still."""
    if now.accuracy < TARGET or not now.frozen:
        return None
    return f"{100 * now.accuracy:.1f} % right after {now.steps} steps, with {' and '.join(now.frozen)} frozen."


def distance(now: Inspection) -> str:
    """How far it is to the target, in points; or that nothing is frozen."""
    if not now.frozen:
        return "a part has to be frozen"
    return f"{100 * (TARGET - now.accuracy):.1f} points to go"


def parameter_inspector() -> Explorer:
    """Train the damaged reader, freeze what is damaged, and look at every parameter."""
    return Explorer(
        compute,
        draw,
        question="Trained instead of repaired: which damage can stay frozen, and the rest makes up for it?",
        target="94 % of the new digits, with a damaged part frozen.",
        goal=goal,
        distance=distance,
        steps=Slider(0, MOST_STEPS, 10, 20, "training steps"),
        bias=Toggle(False, "freeze the biases"),
        rows=Toggle(True, "freeze the weights of 0 and 7"),
        half=Toggle(False, "freeze the lower half of all"),
    )
