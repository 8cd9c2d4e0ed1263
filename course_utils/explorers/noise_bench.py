"""Lesson 09: walk down one loss with batches of 1 to all, for equal epochs or for equal updates."""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from course_utils.datasets import load_digits
from course_utils.explorer import Choices, Explorer, Slider, Toggle
from course_utils.plotting import BLUE, GREY, ORANGE, array, artist, describe, number, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BATCHES = ("1", "11", "33", "121", "all")       # 363 images: every batch is full
BUDGETS = ("3 epochs", "200 updates")
EPOCHS, UPDATES = 3, 200
RUNS = 8                                        # orders of the images; the first one's path is drawn
MARKS = 50                                      # points of a curve
TARGET = 0.002
ALMOST_NOTHING = 1e-4                           # heights are drawn on a logarithmic axis, and 0 has no place there
WINDOW = ((-3.6, 0.9), (-0.9, 5.3))


class Walk(NamedTuple):
    """RUNS walks of equal settings, each with its own order of the images."""

    batch: str
    lr: float
    budget: str
    falling: bool
    updates: int
    path: np.ndarray        # (marks, 2): the first walk, from the start
    seen: np.ndarray        # (marks,) epochs, or updates, done at each mark
    heights: np.ndarray     # (RUNS, marks) loss above the lowest, of all images
    floor: float            # what theory expects of the height in the end: lr/(4B) · tr Σ, less near the full batch


class Ground(NamedTuple):
    """The loss of one neuron without bias on the threes and nines: mean of log(1 + exp(−x · w))."""

    X: np.ndarray           # (n, 2) standardised, rows of the threes times −1
    optimum: np.ndarray     # (2,)
    lowest: float
    noise: float            # tr Σ: the variance of one image's gradient at the optimum, summed over both entries


@lru_cache(maxsize=1)
def ground() -> Ground:
    """363 images of 3 and 9, and of each the ink of the whole image and of its upper half."""
    images, digit = load_digits(valid_size=0).train
    chosen = (digit == 3) | (digit == 9)
    images, nine = images[chosen].double().reshape(-1, 8, 8), array(digit[chosen] == 9)
    ink = np.stack([array(images.mean((1, 2))), array(images[:, :4].mean((1, 2)))], axis=1)
    X = (ink - ink.mean(0)) / ink.std(0) * np.where(nine, 1.0, -1.0)[:, None]
    w = np.zeros(2)
    for _ in range(20):                                             # Newton's method
        wrong = 1 / (1 + np.exp(X @ w))                             # the probability given to the other digit
        curvature = (X.T * (wrong * (1 - wrong))) @ X / len(X)
        w = w + np.linalg.solve(curvature, wrong @ X / len(X))
    return Ground(X, w, np.logaddexp(0, -X @ w).mean(), (wrong**2 * (X**2).sum(1)).mean())


@lru_cache(maxsize=len(BATCHES) * len(BUDGETS))
def _rows(batch: int, updates: int) -> np.ndarray:
    """(updates, 2, RUNS, batch): the images of every update; each epoch of each run has an order of its own."""
    X, rng = ground().X, np.random.default_rng(0)
    epochs = -(-updates * batch // len(X))
    orders = [rng.permuted(np.tile(np.arange(len(X)), (RUNS, 1)), axis=1) for _ in range(epochs)]
    order = np.concatenate(orders, axis=1)[:, : updates * batch].reshape(RUNS, updates, batch)
    return np.ascontiguousarray(X[order].transpose(1, 3, 0, 2))


@lru_cache(maxsize=1)
def _relief() -> np.ndarray:
    """(120, 120): the logarithm of the height over the window."""
    first, second = np.meshgrid(*(np.linspace(*side, 120) for side in WINDOW))
    rows = np.stack([first, second], axis=-1)                       # one at a time: each place meets all the images
    return np.log10(np.maximum(np.stack([_height(row) for row in rows]), 1e-3))


def _height(w: np.ndarray) -> np.ndarray:
    """Loss above the lowest at each w (…, 2)."""
    X, _, lowest, _ = ground()
    scores = w[..., :1] * X[:, 0] + w[..., 1:] * X[:, 1]
    return (np.maximum(-scores, 0) + np.log1p(np.exp(-np.abs(scores)))).mean(-1) - lowest


def compute(batch: str, lr: float, budget: str, falling: bool) -> Walk:
    """SGD from w = 0; with `falling` the learning rate goes down to 0 in a straight line."""
    n = len(ground().X)
    size = n if batch == "all" else int(batch)
    updates = EPOCHS * n // size if budget == BUDGETS[0] else UPDATES
    runs = 1 if size == n else RUNS                                 # without chance all walks are one
    rows = ground().X.T[None, :, None] if size == n else _rows(size, updates)       # (updates or 1, 2, runs, size)
    w, points = np.zeros((2, runs, 1)), np.zeros((updates + 1, 2, runs, 1))
    with np.errstate(over="ignore"):                                # exp(800) is infinite, and 1/∞ is the 0 meant here
        for step in range(updates):
            x = rows[step % len(rows)]
            wrong = 1 / (1 + np.exp((x * w).sum(0)))                # (runs, size)
            rate = lr * (1 - step / updates) if falling else lr
            points[step + 1] = w = w + rate / size * (wrong * x).sum(2, keepdims=True)
    marks = np.unique(np.linspace(0, updates, MARKS + 1).round().astype(int))
    walks = points[marks, :, :, 0].transpose(2, 0, 1)                       # (runs, marks, 2)
    heights = np.broadcast_to(_height(walks), (RUNS, len(marks)))
    floor = 0.0 if falling else lr / (4 * size) * ground().noise * (n - size) / (n - 1)
    return Walk(batch, lr, budget, falling, updates, walks[0], marks * (size / n if budget == BUDGETS[0] else 1),
                heights, floor)


def draw(walk: Walk, ax: "Axes") -> "Axes":
    """One path over the surface, and the heights of all."""
    left, right = panels(ax, 2, widths=(5, 6))
    _draw_path(walk, left)
    epochs = walk.budget == BUDGETS[0]
    most, mean = EPOCHS if epochs else UPDATES, walk.heights.mean(0)
    each = np.concatenate([walk.heights, np.full((RUNS, 1), np.nan)], axis=1).clip(ALMOST_NOTHING).ravel()
    artist(right, "each", lambda: right.plot([], [], "-", color=GREY, linewidth=0.6, alpha=0.7)[0]).set_data(
        np.tile([*walk.seen, np.nan], RUNS), each)
    artist(right, "mean", lambda: right.plot([], [], "-", color=ORANGE)[0]).set_data(
        walk.seen, mean.clip(ALMOST_NOTHING))
    artist(right, "floor", lambda: right.axhline(1, color=BLUE, linestyle="--")).set_ydata([walk.floor or 1e-9] * 2)
    words = artist(right, "floor in words", lambda: right.text(0, 1, "lr · tr Σ / 4B", color=BLUE, va="bottom"))
    words.set(position=(0.02 * most, walk.floor * 1.1), visible=2 * ALMOST_NOTHING < walk.floor < 1)
    right.set(xlim=(0, 1.04 * most), ylim=(ALMOST_NOTHING, 3), yscale="log", ylabel="loss above the lowest",
              xlabel="epochs" if epochs else "updates",
              xticks=range(EPOCHS + 1) if epochs else (0, UPDATES // 2, UPDATES))
    right.set_yticks([1e-4, 1e-3, 1e-2, 1e-1, 1])
    right.minorticks_off()
    right.set_title(f"Ends {number(mean[-1], 2)} above the lowest")
    falls, ends = ", falling to 0" if walk.falling else "", walk.heights[:, -1]
    describe(right, f"Batches of {walk.batch}, learning rate {number(walk.lr)}{falls}: {walk.updates} updates. "
                    f"The loss above the lowest goes from {number(mean[0], 2)} to {number(mean[-1], 2)}, mean of "
                    f"{RUNS} orders of the images, {number(ends.min(), 2)} to {number(ends.max(), 2)}."
                    + (f" The floor expected is {number(walk.floor, 2)}." if walk.floor else ""))
    return left


def _draw_path(walk: Walk, ax: "Axes") -> None:
    (x0, x1), (y0, y1) = WINDOW
    artist(ax, "relief", lambda: ax.imshow(_relief(), origin="lower", cmap="Greys_r", vmin=-3, vmax=0.6, aspect="auto",
                                           zorder=0, extent=(x0, x1, y0, y1)))
    artist(ax, "path", lambda: ax.plot([], [], ".-", color=ORANGE, linewidth=1, markersize=4)[0]).set_data(
        *walk.path.clip(-1e6, 1e6).T)
    artist(ax, "optimum", lambda: ax.plot(*ground().optimum[:, None], "*", color=BLUE, markersize=13,
                                          markeredgecolor="white"))
    ax.set(xlim=(x0, x1), ylim=(y0, y1), xlabel="weight of all ink", ylabel="weight of the ink above")
    ax.locator_params(nbins=4)
    ax.set_title(f"{walk.updates:,} updates of {walk.batch}")
    end = walk.path[-1]
    describe(ax, f"One walk from (0, 0) towards the lowest point at ({ground().optimum[0]:.2f}, "
                 f"{ground().optimum[1]:.2f}); it ends at ({end[0]:.2f}, {end[1]:.2f}).")


def goal(walk: Walk) -> str | None:
    """Reached within three epochs, on the mean of all runs."""
    end = walk.heights[:, -1].mean()
    if walk.budget == BUDGETS[0] and end <= TARGET:
        return f"{number(end, 2)} above the lowest after {walk.updates:,} updates of {walk.batch}"
    return None


def distance(walk: Walk) -> str:
    """How much lower the mean of all runs has to end; nothing for another budget."""
    end = walk.heights[:, -1].mean()
    if walk.budget != BUDGETS[0]:
        return f"choose {BUDGETS[0]} for it"
    return f"{number(end - TARGET, 2)} to go" if np.isfinite(end) else "it ran away"


def noise_bench() -> Explorer:
    """Choose batch size, learning rate and budget, and see how near SGD comes to the lowest loss."""
    return Explorer(
        compute,
        draw,
        question="Which batch size comes nearest to the bottom: for the same epochs, and for the same updates?",
        target=f"In 3 epochs, end at most {TARGET} above the lowest loss, on the mean of {RUNS} runs.",
        goal=goal,
        distance=distance,
        batch=Choices(BATCHES, "1", "batch size"),
        lr=Slider(0.01, 10.0, 0.25, 0.1, "learning rate", log=True),
        budget=Choices(BUDGETS, BUDGETS[0], "budget"),
        falling=Toggle(False, "lr falls to 0"),
    )
