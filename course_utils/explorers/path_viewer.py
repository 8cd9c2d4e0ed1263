"""Lesson 06: turn up a penalty, and see what becomes of thirty weights, of two of them, and of the loss."""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.data import Data, Examples, standardize
from course_utils.datasets import load_breast_cancer
from course_utils.explorer import Choices, Explorer, Slider
from course_utils.optimum import fit_to_optimum
from course_utils.penalties import l2, soft_threshold
from course_utils.plotting import BLUE, ORANGE, array, artist, describe, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PENALTIES = ("L1", "L2")
STRENGTHS = torch.logspace(-3, 0, 25, dtype=torch.float64)
PAIR = (7, 21)    # mean concave points and worst texture: the two weights of the picture in the middle
MOST_FEATURES, LOW_ENOUGH = 6, 0.12
FAINT = "#8C8C8C"   # 3.4 : 1 on white


class Path(NamedTuple):
    """The optima of loss + penalty over all STRENGTHS, and the one that is looked at."""

    penalty: str
    strength: float
    here: int               # its place among STRENGTHS
    weights: np.ndarray     # (25, 30)
    train_loss: np.ndarray  # (25,) without the penalty
    valid_loss: np.ndarray  # (25,)
    pair: np.ndarray        # (2,) the optimum of a model that has only the two columns PAIR
    free: np.ndarray        # (2,) the same without a penalty
    border: np.ndarray      # (2, 121) all pairs whose penalty is as high as this one's
    level: np.ndarray       # (2, 61) all pairs whose training loss is as high as this one's

    @property
    def features(self) -> int:
        """How many of the 30 weights are not zero here."""
        return int((self.weights[self.here] != 0).sum())


@lru_cache(maxsize=1)
def _tumours() -> Data:
    """100 tumours to fit, 469 to validate; 1 is malignant, so that most weights are positive."""
    data = load_breast_cancer(valid_size=469, seed=2)
    train, valid = (Examples(part.X.double(), 1 - part.y.double()) for part in (data.train, data.valid) if part)
    return standardize(Data(train, valid))


@lru_cache(maxsize=1)
def _two_columns() -> Examples:
    train = _tumours().train
    return Examples(train.X[:, PAIR], train.y)


def _lasso(examples: Examples, steps: int = 4_000) -> Tensor:
    """(25, m + 1): weights, then bias, that minimise loss + strength · Σ|w| for each of the STRENGTHS.

    Proximal gradient steps with Nesterov's momentum (Beck and Teboulle, 2009), all strengths side by side.
    """
    n, m = examples.X.shape
    inputs = torch.cat([examples.X, torch.ones(n, 1)], dim=1).double()
    lr = 4 * n / torch.linalg.eigvalsh(inputs.T @ inputs)[-1]
    pull = lr * torch.cat([STRENGTHS[:, None].expand(-1, m), torch.zeros(len(STRENGTHS), 1)], dim=1)
    before = w = torch.zeros(len(STRENGTHS), m + 1, dtype=torch.float64)
    for step in range(steps):
        ahead = w + step / (step + 3) * (w - before)
        slope = (torch.sigmoid(ahead @ inputs.T) - examples.y) @ inputs / n
        before, w = w, soft_threshold(ahead - lr * slope, pull)
    return w


def _ridge(examples: Examples) -> Tensor:
    """(25, m + 1): the same for loss + strength/2 · Σw²."""
    fits = [fit_to_optimum(examples, penalty=l2(strength)) for strength in STRENGTHS.tolist()]
    return torch.stack([torch.cat([fit.weights, fit.bias[None]]) for fit in fits])


@lru_cache(maxsize=2)
def _paths(penalty: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Weights (25, 30), training and validation loss (25,), and the weights (25, 2) of the smaller model."""
    solve = _lasso if penalty == "L1" else _ridge
    w = solve(_tumours().train)
    train_loss, valid_loss = (
        array(torch.stack([F.binary_cross_entropy_with_logits(part.X @ row[:-1] + row[-1], part.y) for row in w]))
        for part in (_tumours().train, _tumours().valid) if part
    )
    return array(w[:, :-1]), train_loss, valid_loss, array(solve(_two_columns())[:, :-1])


def _loss(pairs: Tensor) -> Tensor:
    """(k,): the lowest training loss that two weights (k, 2) allow, over all biases."""
    X, y = _two_columns()
    scores = pairs @ X.T
    bias = torch.zeros(len(pairs), 1, dtype=torch.float64)
    for _ in range(8):                                              # Newton's steps in one number
        p = torch.sigmoid(scores + bias)
        bias = bias - (p - y).mean(1, keepdim=True) / (p * (1 - p)).mean(1, keepdim=True).clamp(min=1e-3)
    return (F.softplus(scores + bias) - y * (scores + bias)).mean(1)


@lru_cache(maxsize=1)
def _free() -> np.ndarray:
    return array(fit_to_optimum(_two_columns()).weights)


@lru_cache(maxsize=1)
def _rays() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Directions (60, 2) from the free optimum, distances (80,), and the training loss (60, 80) there."""
    angle = torch.linspace(0, 2 * torch.pi, 61, dtype=torch.float64)[1:]
    direction, distance = torch.stack([angle.cos(), angle.sin()], dim=1), 12 * torch.linspace(0, 1, 80).double() ** 2
    points = torch.from_numpy(_free()) + direction[:, None] * distance[:, None]
    return array(direction), array(distance), array(_loss(points.reshape(-1, 2)).reshape(60, 80))


def _level(pair: np.ndarray) -> np.ndarray:
    """(2, 62): the closed line through `pair`, around the free optimum, on which the training loss is the same."""
    directions, distance, losses = _rays()                          # the loss rises along each ray, for it is convex
    loss = _loss(torch.from_numpy(pair)[None]).item()
    far = np.array([np.interp(loss, along, distance) for along in losses])
    points = np.vstack([_free() + far[:, None] * directions, pair])
    angles = np.arctan2(*(points - _free()).T[::-1])
    points = points[np.argsort(angles)]
    return np.vstack([points, points[:1]]).T


def _border(penalty: str, pair: np.ndarray) -> np.ndarray:
    """(2, 121): the diamond or the circle around 0 that passes through `pair`."""
    angle = np.linspace(0, 2 * np.pi, 121)
    ring = np.stack([np.cos(angle), np.sin(angle)])
    size = np.abs(ring).sum(0) if penalty == "L1" else 1.0
    return ring / size * (np.abs(pair).sum() if penalty == "L1" else np.hypot(*pair))


def compute(penalty: str, strength: float) -> Path:
    """The path of one penalty, looked at where the strength is nearest to `strength`."""
    here = int(np.abs(np.log(array(STRENGTHS) / strength)).argmin())
    weights, train_loss, valid_loss, pairs = _paths(penalty)
    pair = pairs[here]
    level = _level(pair)
    return Path(penalty, float(STRENGTHS[here]), here, weights, train_loss, valid_loss, pair, _free(),
                _border(penalty, pair), level)


def draw(path: Path, ax: "Axes") -> "Axes":
    """The paths of 30 weights, two weights in the plane, and both losses, each with a mark at the strength."""
    left, middle, right = panels(ax, 3, widths=(5, 5, 5))
    _draw_paths(path, left)
    _draw_pair(path, middle)
    _draw_losses(path, right)
    return left


def _draw_paths(path: Path, ax: "Axes") -> None:
    strengths = np.append(array(STRENGTHS), np.nan)                 # nan: the pen is lifted between two weights
    curves = np.vstack([path.weights, np.full(30, np.nan)])
    alive = path.weights[path.here] != 0
    for name, chosen, colour, width in (("zero", ~alive, FAINT, 1.0), ("alive", alive, BLUE, 1.2)):
        line = artist(ax, name, lambda colour=colour, width=width: ax.plot([], [], "-", color=colour, lw=width)[0])
        line.set_data(np.tile(strengths, chosen.sum()), curves[:, chosen].T.ravel())
    _mark_strength(path, ax)
    ax.set(xscale="log", xlim=(1e-3, 1), ylim=(-2, 5), xlabel="strength λ", ylabel="weight")
    ax.set_yticks([-2, 0, 2, 4])
    ax.minorticks_off()
    ax.set_title(f"{path.features} of 30 are not 0")
    describe(ax, f"Paths of 30 weights over the {path.penalty} strength from 0.001 to 1. At {path.strength:.3g} "
                 f"{path.features} of 30 are not zero; the largest is {np.abs(path.weights[path.here]).max():.2f}.")


def _draw_pair(path: Path, ax: "Axes") -> None:
    for share in (0.25, 0.6):                                       # two more levels, to see the valley
        artist(ax, f"level {share}", lambda share=share: ax.plot(
            *_level(share * path.free), "-", color=FAINT, lw=1)[0])
    artist(ax, "axes", lambda: ax.plot([-9, 9, np.nan, 0, 0], [0, 0, np.nan, -9, 9], "-", color=FAINT, lw=1)[0])
    artist(ax, "free", lambda: ax.plot(*path.free[:, None], "*", color="black", markersize=11)[0])
    artist(ax, "level", lambda: ax.plot([], [], "-", color=ORANGE, lw=1.5)[0]).set_data(*path.level)
    artist(ax, "border", lambda: ax.plot([], [], "--", color=BLUE, lw=1.5)[0]).set_data(*path.border)
    artist(ax, "pair", lambda: ax.plot([], [], "o", color=BLUE, markersize=8)[0]).set_data(*path.pair[:, None])
    ax.set(xlim=(-2, 6), ylim=(-6, 6), xticks=[0, 4], yticks=[-4, 0, 4],
           xlabel="w₁, concave points", ylabel="w₂, texture")
    ax.set_aspect("equal")
    corner = path.pair[1] == 0
    ax.set_title("Two alone: w₂ = 0" if corner else f"Two alone: w₂ = {path.pair[1]:.2f}")
    shape = "diamond" if path.penalty == "L1" else "circle"
    describe(ax, f"Two weights in the plane. A level line of the loss touches the {shape} of equal penalty at "
                 f"({path.pair[0]:.2f}, {path.pair[1]:.2f}){', a corner' if corner and path.pair[0] else ''}; without "
                 f"a penalty the optimum is ({path.free[0]:.2f}, {path.free[1]:.2f}).")


def _draw_losses(path: Path, ax: "Axes") -> None:
    for name, values, colour, style in (("training", path.train_loss, BLUE, "-"),
                                        ("validation", path.valid_loss, ORANGE, "--")):
        artist(ax, name, lambda colour=colour, style=style: ax.plot([], [], style, color=colour)[0]).set_data(
            array(STRENGTHS), values)
        dot = artist(ax, f"{name} here", lambda colour=colour: ax.plot([], [], "o", color=colour)[0])
        dot.set_data([path.strength], [values[path.here]])
    artist(ax, "words", lambda: (ax.text(1.2e-3, 0.32, "validation", color="#B04D00", zorder=0.5),
                                 ax.text(6e-3, 0.012, "training", color=BLUE, zorder=0.5)))
    _mark_strength(path, ax)
    ax.set(xscale="log", xlim=(1e-3, 1), ylim=(0, 0.7), xlabel="strength λ", ylabel="loss")
    ax.set_yticks([0, 0.2, 0.4, 0.6])
    ax.minorticks_off()
    ax.set_title(f"Validation {path.valid_loss[path.here]:.3f}")
    describe(ax, f"Training loss {path.train_loss[path.here]:.3f}, validation loss {path.valid_loss[path.here]:.3f}; "
                 "over the strengths the training loss only rises, the validation loss falls before it does.")


def _mark_strength(path: Path, ax: "Axes") -> None:
    artist(ax, "strength", lambda: ax.axvline(1, color="black", linestyle=":", lw=1)).set_xdata([path.strength] * 2)


def goal(path: Path) -> str | None:
    """Reached with few features and a validation loss below LOW_ENOUGH."""
    if path.features <= MOST_FEATURES and path.valid_loss[path.here] < LOW_ENOUGH:
        return f"{path.features} of 30 measurements, validation loss {path.valid_loss[path.here]:.3f}."
    return None


def distance(path: Path) -> str:
    """What is left to do: measurements too many, loss too high."""
    loss = path.valid_loss[path.here]
    left = [f"{path.features - MOST_FEATURES} measurements too many"] if path.features > MOST_FEATURES else []
    left += [f"{loss - LOW_ENOUGH:.3f} of validation loss too high"] if loss >= LOW_ENOUGH else []
    return ", ".join(left)


def path_viewer() -> Explorer:
    """Choose a penalty and its strength, and find a small model that predicts well; it opens in a diamond's corner."""
    return Explorer(
        compute,
        draw,
        question="Which penalty switches measurements off, and what does that cost?",
        target=f"Find a model that needs {MOST_FEATURES} measurements or fewer, with validation loss below "
               f"{LOW_ENOUGH}.",
        goal=goal,
        distance=distance,
        figsize=(8.4, 3.5),
        penalty=Choices(PENALTIES, "L1", "penalty"),
        strength=Slider(0.001, 1.0, 0.125, 10**-0.75, "strength λ", log=True),
    )
