"""Lesson 02: the five jobs of the training loop as buttons on one neuron, `.grad` and the path on the loss in sight."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from course_utils.data import standardize
from course_utils.datasets import load_orings
from course_utils.explorer import Button, Explorer, Slider, Toggle
from course_utils.plotting import BLUE, GREY, LIGHT_GREY, ORANGE, array, artist, describe, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

JOBS = ("predict", "loss", "gradients", "step", "measure")
LOWEST_LOSS = 0.4416  # of any such neuron on the 23 flights; lesson 01 computes it
TARGET_LOSS = 0.442
WINDOW = ((-6.5, 2.0), (-4.2, 1.4))  # the part of the map that is drawn: weight, bias


class Machine(NamedTuple):
    """Everything that lies in memory after the last press."""

    lr: float
    forget: bool
    w: float = 0.0  # per standard deviation of temperature
    b: float = 0.0
    grad: tuple[float, float] | None = None  # w.grad and b.grad
    p: np.ndarray | None = None  # (23,) what the last "predict" gave
    loss: float | None = None  # what the last "loss" gave
    recorded: bool = False  # is there a loss that backward has not been through yet?
    fresh: bool = False  # was `.grad` filled since the last step?
    updates: int = 0
    path: tuple[tuple[float, float], ...] = ((0.0, 0.0),)  # w and b before the first update and after each
    measured: tuple[tuple[int, float], ...] = ()  # (updates so far, loss on all flights)
    pressed: str = ""
    message: str = "Five buttons, five jobs.\nWatch which numbers each one changes."


def compute(lr: float, forget: bool, presses: tuple[str, ...]) -> Machine:
    """Replay `presses` from w = b = 0 with learning rate `lr`; with `forget`, gradients are never zeroed."""
    now = Machine(lr=lr, forget=forget)
    for name in presses:
        for step in JOBS if name == "round" else (name,):
            now = _DO[step](now._replace(pressed=step))
    return now


@lru_cache(maxsize=1)
def _flights() -> tuple[np.ndarray, np.ndarray]:
    """Standardised temperature and damage, each (23,)."""
    flights = standardize(load_orings()).train
    return array(flights.X[:, 0]).astype(float), array(flights.y).astype(float)


def _predict(now: Machine) -> Machine:
    p = 1 / (1 + np.exp(-(now.w * _flights()[0] + now.b)))
    return now._replace(p=p, loss=None, recorded=False, message="23 probabilities, with a record of their making.")


def _loss(now: Machine) -> Machine:
    if now.p is None:
        return now._replace(message="No prediction yet, so there is nothing to price.")
    return now._replace(loss=_log_loss(now.p), recorded=True, message="One number, and the record now leads to it.")


def _gradients(now: Machine) -> Machine:
    """backward(), after zero_grad() unless that is forgotten."""
    if not now.recorded:
        what = "the record is used up: predict again" if now.loss is not None else "no loss to start from"
        return now._replace(message=f"backward() has nothing to walk back through:\n{what}.")
    x, y = _flights()
    pull = (now.p - y) / len(y)
    before = now.grad if now.forget and now.grad is not None else (0.0, 0.0)
    grad = (before[0] + float(pull @ x), before[1] + float(pull.sum()))
    added = "added the slopes to what lay there" if now.forget and now.grad is not None else "filled .grad"
    return now._replace(grad=grad, recorded=False, fresh=True, message=f"backward() {added}.\nw and b have not moved.")


def _step(now: Machine) -> Machine:
    if now.grad is None:
        return now._replace(message=".grad is None. The optimizer computes no slope of\nits own, so nothing moves.")
    w, b = now.w - now.lr * now.grad[0], now.b - now.lr * now.grad[1]
    again = "The old .grad once more: step() does not ask\nhow old it is."
    message = "w and b moved by lr times .grad." if now.fresh else again
    return now._replace(w=w, b=b, path=(*now.path, (w, b)), updates=now.updates + 1, fresh=False, message=message)


def _measure(now: Machine) -> Machine:
    loss = _loss_at(now.w, now.b)
    measured = (*now.measured, (now.updates, loss))
    return now._replace(measured=measured, message=f"Loss {loss:.4f} with the present w and b.")


_DO = dict(zip(JOBS, (_predict, _loss, _gradients, _step, _measure), strict=True))


def _log_loss(p: np.ndarray) -> float:
    given = np.where(_flights()[1] == 1, p, 1 - p)  # the probability given to what happened
    return float(-np.log(np.maximum(given, 1e-300)).mean())


def _loss_at(w: float, b: float) -> float:
    return _log_loss(1 / (1 + np.exp(-(w * _flights()[0] + b))))


def draw(now: Machine, ax: "Axes") -> "Axes":
    """On the left what lies in memory, on the right the path of w and b on the map of the loss."""
    left, right = panels(ax, 2, widths=(1, 1))
    _draw_map(now, right)
    return _draw_memory(now, left)


def _draw_memory(now: Machine, ax: "Axes") -> "Axes":
    ax.set(xlim=(0, 5), ylim=(0, 6))
    ax.set_axis_off()
    for place, step in zip((0.5, 1.42, 2.45, 3.45, 4.4), JOBS, strict=True):
        box = artist(ax, step, lambda x=place, s=step: _text(
            ax, x, 5.5, s, ha="center", bbox={"boxstyle": "round,pad=0.35", "edgecolor": GREY}))
        lit = step == now.pressed
        box.set_color("white" if lit else "black")
        if (patch := box.get_bbox_patch()) is not None:
            patch.set_facecolor(BLUE if lit else "white")
    gradients = ("None", "None") if now.grad is None else tuple(f"{g:+.4f}" for g in now.grad)
    mean_p = "–" if now.p is None else f"{now.p.mean():.3f}"
    loss = "–" if now.loss is None else f"{now.loss:.4f}"
    measured = f"{now.measured[-1][1]:.4f}" if now.measured else "–"
    heads = ("", "value", ".grad, kept" if now.forget else ".grad")
    rows = (heads, ("w", f"{now.w:+.4f}", gradients[0]), ("b", f"{now.b:+.4f}", gradients[1]),
            ("mean p", mean_p, ""), ("loss", loss, ""), ("measured", measured, ""))
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            x, y, colour = (1.35, 2.85, 4.9)[j], 4.55 - 0.6 * i, "black" if i else GREY
            cell = artist(ax, f"cell {i} {j}", lambda x=x, y=y, c=colour, z=3 if i and j else 0.5: _text(
                ax, x, y, "", ha="right", color=c, zorder=z))
            cell.set_text(text)
    artist(ax, "rule", lambda: ax.plot([0.1, 4.9], [4.25, 4.25], color=LIGHT_GREY, linewidth=1))
    artist(ax, "message", lambda: _text(ax, 0.05, 0.5, "")).set_text(now.message)
    pressed = f"Last press: {now.pressed}. " if now.pressed else ""
    message = now.message.replace("\n", " ")
    return describe(
        ax,
        f"{pressed}{message} w is {now.w:.4f} with gradient {gradients[0]}, b is {now.b:.4f} "
        f"with gradient {gradients[1]}; mean probability {mean_p}, loss {loss}, measured {measured}.",
    )


def _text(ax: "Axes", x: float, y: float, words: str, **look: Any) -> "Text":
    """Text that the arrangement of the panels takes no notice of: what it says, and so its width, changes."""
    text = ax.text(x, y, words, va="center", **look)
    text.set_in_layout(False)
    return text


@lru_cache(maxsize=1)
def _map() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights (80,), biases (80,) and the loss (80, 80) at each pair."""
    weights, biases = (np.linspace(*ends, 80) for ends in WINDOW)
    x, y = _flights()
    scores = weights[None, :, None] * x + biases[:, None, None]
    return weights, biases, (np.logaddexp(0, scores) - y * scores).mean(axis=2)


def _draw_map(now: Machine, ax: "Axes") -> None:
    levels = (0.45, 0.48, 0.55, 0.65, 0.8, 1.0)
    artist(ax, "map", lambda: ax.contour(*_map(), levels=levels, colors=[LIGHT_GREY], linewidths=1, zorder=0.4))
    artist(ax, "lowest", lambda: ax.plot(-1.6024, -1.1076, "*", color="black", markersize=11, zorder=0.5))
    line = artist(ax, "path", lambda: ax.plot([], [], ".-", color=BLUE, markersize=4, linewidth=1)[0])
    line.set_data(*zip(*now.path, strict=True))
    line.set(color=ORANGE if now.forget else BLUE, linestyle="--" if now.forget else "-")
    artist(ax, "here", lambda: ax.plot([], [], "o", color="black", markersize=6)[0]).set_data([now.w], [now.b])
    ax.set(xlim=WINDOW[0], ylim=WINDOW[1], xlabel="weight w", ylabel="bias b")
    ax.set_title(f"lr {now.lr:g}, {now.updates} updates")
    forgotten = ", zero_grad forgotten" if now.forget else ""
    describe(ax, f"Map of the loss over w and b; the lowest, {LOWEST_LOSS:.4f}, is at (−1.60, −1.11). Learning rate "
                 f"{now.lr:g}{forgotten}: after {now.updates} updates the path is at ({now.w:.2f}, {now.b:.2f}).")


def goal(now: Machine) -> str | None:
    """Reached when the loss stays down: two measures with an update between them, both within 0.0004 of the lowest."""
    if len(now.measured) < 2 or now.measured[-1][0] == now.measured[-2][0]:
        return None
    if max(loss for _, loss in now.measured[-2:]) > TARGET_LOSS:
        return None
    return f"the loss stays at {now.measured[-1][1]:.4f} after {now.updates} updates."


def distance(now: Machine) -> str:
    """How far the last measured loss is from staying down."""
    if not now.measured:
        return f"nothing is measured; the loss at (0, 0) is {_loss_at(0, 0) - TARGET_LOSS:.3f} too high"
    above = now.measured[-1][1] - TARGET_LOSS
    if above > 0:
        return f"{max(above, 1e-4):.4f} to go" if above < 0.01 else f"{above:.2f} to go"
    return "low enough, now another round to see whether it stays"


def step_machine() -> Explorer:
    """Press the five jobs of the training loop in any order and see what each one changes."""
    return Explorer(
        compute,
        draw,
        question="Which button fills .grad, and which one reads it?",
        target=f"Measure a loss of at most {TARGET_LOSS} twice running, a step apart. Then try it without zero_grad.",
        goal=goal,
        distance=distance,
        predict=Button("predict"),
        loss=Button("loss"),
        gradients=Button("gradients"),
        step=Button("step"),
        measure=Button("measure"),
        round=Button("all five"),
        again=Button("Start again", resets=True),
        lr=Slider(0.5, 20.0, 0.5, 1.0, "learning rate"),
        forget=Toggle(False, "forget zero_grad()"),
    )
