"""Lesson 08: one thinned network a step, its answer, and the mean of all answers beside that of the whole network."""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.data import Data, Examples
from course_utils.datasets import load_digits
from course_utils.explorer import Button, Explorer, Slider, Toggle
from course_utils.models import MLP
from course_utils.plotting import BLUE, GREY, LIGHT_GREY, ORANGE, array, artist, describe, panels
from course_utils.sweep import sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DIGITS = (2, 3, 7)
UNITS = 10
IMAGE = 59  # a hand-written 3 of the validation rows that leans towards 2
FIRST_STEPS, MOST_STEPS = 12, 1000  # a dozen answers are on the page when it opens, and they disagree
ENOUGH_STEPS, QUARTER, CLOSE = 100, 0.25, 0.05
AT_ONCE = {"next": 1, "fifty": 50}


class Steps(NamedTuple):
    """What `steps` forward passes in training mode said of one image, and what eval() says of it."""

    p: float
    evaluating: bool
    steps: int
    image: np.ndarray  # (8, 8)
    hidden: np.ndarray  # (UNITS,) what leaves the ReLU, before dropout
    kept: np.ndarray  # (UNITS,) bool, in the last step
    factor: float  # of the units that are kept
    weights: np.ndarray  # (3, UNITS) of the last layer
    bias: np.ndarray  # (3,)
    answers: np.ndarray  # (steps, 3) probabilities, the last step last
    whole: np.ndarray  # (3,) the probabilities after eval()

    @property
    def mean(self) -> np.ndarray:
        """(3,) the mean of the answers so far."""
        return self.answers.mean(axis=0)

    @property
    def gap(self) -> float:
        """How far the mean lies from the answer of the whole network, at its farthest class."""
        return float(np.abs(self.mean - self.whole).max())

    @property
    def dissent(self) -> float:
        """The share of steps that named another digit than the whole network."""
        return float((self.answers.argmax(axis=1) != self.whole.argmax()).mean())


@lru_cache(maxsize=1)
def _network() -> tuple[np.ndarray, ...]:
    """A small network that tells 2, 3 and 7 apart, seen from one image: the image, its hidden units, last layer."""
    digits = load_digits()
    train, valid = (_only(part) for part in (digits.train, digits.valid) if part)
    model = sweep(lambda: MLP(64, len(DIGITS), hidden=(UNITS,), dropout=0.3), Data(train, valid), F.cross_entropy,
                  lr=0.01, optimizer=torch.optim.Adam, batch_size=50, epochs=[15], seeds=[1])[0].model
    image = valid.X[IMAGE]
    first, last = (layer for layer in model.layers if isinstance(layer, nn.Linear))
    return tuple(array(part).astype(float) for part in (image, torch.relu(first(image)), last.weight, last.bias))


def _only(part: Examples) -> Examples:
    chosen = torch.tensor(DIGITS)
    rows = torch.isin(part.y, chosen)
    return Examples(part.X[rows], torch.searchsorted(chosen, part.y[rows]))


@lru_cache(maxsize=1)
def _draws() -> np.ndarray:
    """(MOST_STEPS, UNITS) numbers from 0 to 1: a unit is off in a step if its number is below p."""
    return np.random.default_rng(8).random((MOST_STEPS, UNITS))


def _probabilities(scores: np.ndarray) -> np.ndarray:
    exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


def compute(p: float, evaluating: bool, presses: tuple[str, ...] = ()) -> Steps:
    """The first steps and those that were asked for, each with a mask of its own; none off while `evaluating`."""
    image, hidden, weights, bias = _network()
    steps = min(MOST_STEPS, FIRST_STEPS + sum(AT_ONCE[name] for name in presses))
    off = 0.0 if evaluating else p
    kept = _draws()[:steps] >= off
    factor = 1 / (1 - off)
    answers = _probabilities((kept * hidden * factor) @ weights.T + bias)
    whole = _probabilities(weights @ hidden + bias)
    return Steps(p, evaluating, steps, image.reshape(8, 8), hidden, kept[-1], factor, weights, bias, answers, whole)


def draw(result: Steps, ax: "Axes") -> "Axes":
    """Left the network of the last step; right its answer, all answers, their mean, and the whole network's."""
    left, right = panels(ax, 2, widths=(5, 6))
    _draw_network(result, left)
    rows = np.arange(len(DIGITS))[::-1]
    shown = result.answers[-200:]
    lift = 0.3 * np.random.default_rng(0).uniform(-1, 1, (len(shown), 1))
    artist(right, "steps", lambda: right.plot([], [], ".", color=GREY, alpha=0.35, markersize=4)[0]).set_data(
        shown.ravel(), (rows + lift).ravel())
    artist(right, "whole", lambda: right.plot([], [], "|", color="black", markersize=34, markeredgewidth=3,
                                              label="eval()")[0]).set_data(result.whole, rows)
    artist(right, "mean", lambda: right.plot([], [], "D", color=BLUE, markersize=9, label="mean")[0]).set_data(
        result.mean, rows)
    artist(right, "this", lambda: right.plot([], [], "o", color=ORANGE, fillstyle="none", markersize=12,
                                             markeredgewidth=2.5, label="this step")[0]).set_data(
        result.answers[-1], rows)
    artist(right, "legend", lambda: right.legend(loc="upper center", ncols=3, columnspacing=1.2, handletextpad=0.2,
                                                 markerscale=0.6)).set_zorder(0.5)      # never changes: painted once
    right.set(xlim=(-0.03, 1.03), ylim=(-0.5, 3.1), xticks=[0, 0.5, 1], xlabel="probability")
    right.set_yticks(rows, [str(digit) for digit in DIGITS])
    right.set_ylabel("digit")
    count = f"{result.steps} step{'' if result.steps == 1 else 's'}"
    right.set_title(f"{count}: {result.dissent:.0%} dissent, mean off by {result.gap:.3f}")
    said = "; ".join(f"{digit}: this step {a:.2f}, mean {m:.2f}, eval() {w:.2f}"
                     for digit, a, m, w in zip(DIGITS, result.answers[-1], result.mean, result.whole, strict=True))
    describe(right, f"After {count} {result.dissent:.0%} of them name another digit than eval(), and the mean of the "
                    f"probabilities is off by {result.gap:.3f}. {said}.")
    return left


def _draw_network(result: Steps, ax: "Axes") -> None:
    """The image, the hidden units with those that are off crossed out, and their paths to the three digits."""
    from matplotlib.collections import LineCollection

    heights = np.linspace(7.6, 0.4, UNITS)
    outputs = np.array([6.5, 4.0, 1.5])
    artist(ax, "image", lambda: ax.imshow(result.image, cmap="Greys", extent=(0, 4, 2, 6), vmin=0, vmax=1))
    paths = artist(ax, "paths", lambda: ax.add_collection(LineCollection(
        [[(6.5, h), (10, o)] for o in outputs for h in heights],
        colors=[BLUE if w > 0 else ORANGE for w in result.weights.ravel()], zorder=1)))
    paths.set_linewidth((np.abs(result.weights) * result.hidden * result.kept * result.factor).ravel())
    artist(ax, "rings", lambda: ax.plot(np.full(UNITS, 6.5), heights, "o", markersize=15, color="white",
                                        markeredgecolor=LIGHT_GREY, markeredgewidth=1.5, zorder=2)[0])
    dots = artist(ax, "activations", lambda: ax.scatter(np.full(UNITS, 6.5), heights, color=GREY, zorder=3))
    dots.set_sizes(45 * result.hidden * result.kept * result.factor)
    off = ~result.kept
    artist(ax, "off", lambda: ax.plot([], [], "X", color="black", markersize=11, zorder=4)[0]).set_data(
        np.full(off.sum(), 6.5), heights[off])
    for digit, at in zip(DIGITS, outputs, strict=True):
        artist(ax, f"digit {digit}", lambda digit=digit, at=at: ax.text(10.3, at, str(digit), va="center", zorder=0.5))
    ax.set(xlim=(-0.2, 11), ylim=(-0.2, 8.2))
    ax.set_aspect("auto")
    ax.set_axis_off()
    state = "eval()" if result.evaluating else f"p = {result.p:.1f}"
    ax.set_title(f"{state}: {off.sum()} of {UNITS} off, others × {result.factor:.2f}")
    gone = ", ".join(str(unit + 1) for unit in np.flatnonzero(off)) or "none"
    describe(ax, f"An image of a 3, {UNITS} hidden units and the digits 2, 3 and 7. With {state} {off.sum()} units are "
                 f"off in this step ({gone}); what the others say is multiplied by {result.factor:.2f}.")


def goal(result: Steps) -> str | None:
    """A quarter of many thinned networks say something else, and their mean still says what the whole one says."""
    if result.steps >= ENOUGH_STEPS and result.dissent >= QUARTER and result.gap <= CLOSE:
        return (f"at p = {result.p:.1f}, {result.dissent:.0%} of {result.steps} thinned networks name another digit, "
                f"and their mean is within {result.gap:.3f} of eval().")
    return None


def distance(result: Steps) -> str:
    """What is missing of the target: steps, dissent, nearness of the mean."""
    missing = []
    if result.steps < ENOUGH_STEPS:
        missing.append(f"{ENOUGH_STEPS - result.steps} more steps")
    if result.dissent < QUARTER:
        missing.append(f"{100 * (QUARTER - result.dissent):.0f} points more dissent")
    if result.gap > CLOSE:
        missing.append(f"the mean {result.gap - CLOSE:.2f} nearer")
    return ", ".join(missing)


def idle(settings: dict) -> list[str]:
    """After eval() nobody is off, whatever p is."""
    return ["p"] if settings["evaluating"] else []


def mask_viewer() -> Explorer:
    """Choose p, take steps, and compare single masks, their mean and the whole network."""
    return Explorer(
        compute,
        draw,
        question="Every mask makes another network. Whose answer does eval() give?",
        target=f"In {ENOUGH_STEPS} steps or more, let a quarter of the thinned networks name another digit than "
               f"eval(), and their mean stay within {CLOSE} of it.",
        goal=goal,
        distance=distance,
        idle=idle,
        p=Slider(0.0, 0.9, 0.1, 0.5, "p"),
        evaluating=Toggle(False, "eval()"),
        next=Button("next step"),
        fifty=Button("50 steps"),
        again=Button("start again", resets=True),
    )
