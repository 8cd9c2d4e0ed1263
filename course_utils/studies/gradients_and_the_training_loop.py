"""The studies of lesson 02: paths on the loss of 23 flights, and who fills `.grad`, who empties it, who obeys it."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.data import Examples, standardize
from course_utils.datasets import load_orings
from course_utils.models import LogisticRegression
from course_utils.plotting import BLUE, GREY, LIGHT_GREY, ORANGE, array, describe, new_axes, text_colour
from course_utils.studies.gradients_and_the_training_loop_more import (
    backward_cost,
    links,
    smaller_nudge,
    sum_or_mean,
    tumours,
)
from course_utils.study import Finding, study
from course_utils.surfaces import Surface, logistic_loss

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Paths = Mapping[str, Iterable[tuple[float, float]]]
LOG_LOSS = F.binary_cross_entropy_with_logits

__all__ = ["backward_cost", "curves", "draw_paths", "forgetting", "links", "opening", "optimizer_computes",
           "smaller_nudge", "sum_or_mean"]


@lru_cache(maxsize=1)
def _flights() -> Examples:
    """Standardised temperature (23, 1) and damage (23,), in float64."""
    train = standardize(load_orings()).train
    return Examples(train.X.double(), train.y.double())


@lru_cache(maxsize=1)
def _surface() -> Surface:
    return logistic_loss(_flights())


def _height(places: Tensor) -> Tensor:
    """How far the loss at places (…, 2) lies above the lowest there is."""
    return _surface().value(places) - _surface().value(_surface().optimum)


def _descend(starts: Tensor, lr: float | Tensor, updates: int, forget: bool) -> Tensor:
    """The places (updates + 1, n, 2) of n neurons that train side by side from `starts`, with or without zero_grad.

    `lr` is a number, or (n, 1) for a learning rate each.
    """
    places, path = starts.clone().requires_grad_(True), [starts]
    for _ in range(updates):
        if not forget:
            places.grad = None                          # what optimizer.zero_grad() does
        _surface().value(places).sum().backward()       # each row's slope touches its own two parameters alone
        assert places.grad is not None, "backward() has filled it"
        with torch.no_grad():
            places -= lr * places.grad
        path.append(places.detach().clone())
    return torch.stack(path)


# ---- the path of training ----


def draw_paths(paths: Paths, *, title: str = "", ax: "Axes | None" = None) -> "Axes":
    """The loss of the 23 flights as a map over weight and bias, its lowest point as a star, and up to three paths.

    `paths` maps a name to places (weight, bias), the start first.
    """
    axes, surface = ax if ax is not None else new_axes((7, 4.2)), _surface()
    across, up, loss = surface.grid()
    lowest = surface.value(surface.optimum).item()
    lines = axes.contour(array(across), array(up), array(loss), levels=[0.45, 0.48, 0.55, 0.65, 0.8, 1.0, 1.3],
                         colors=[LIGHT_GREY], linestyles="-", linewidths=1, zorder=1)
    axes.clabel(lines, lines.levels[2:], fmt="%g", fontsize=10, colors=[GREY])
    axes.plot(*surface.optimum.tolist(), "*", color="black", markersize=12, zorder=4)
    said = []
    for (name, places), colour, style in zip(paths.items(), (BLUE, ORANGE, "black"), ("-", "--", ":"), strict=False):
        path = torch.tensor([tuple(map(float, place)) for place in places], dtype=torch.float64)
        axes.plot(*array(path.T), color=colour, linestyle=style, label=name, linewidth=1.8 if style == "-" else 1.2,
                  marker="." if len(path) <= 80 else "", zorder=3 if style == "-" else 2)
        above = (surface.value(path[-len(path) // 3:]) - lowest).max().item()
        said.append(f"{name} goes from ({path[0, 0]:.2f}, {path[0, 1]:.2f}) to ({path[-1, 0]:.2f}, {path[-1, 1]:.2f}); "
                    f"in the last third of its way the loss is at most {above:.4f} above the lowest")
    axes.legend(loc="upper right", frameon=True)
    axes.set(xlabel="weight w", ylabel="bias b", title=title or "The path of training on the loss of 23 flights")
    return describe(axes, f"Map of the loss over weight and bias, lowest, {lowest:.4f}, at "
                          f"({surface.optimum[0]:.2f}, {surface.optimum[1]:.2f}). {'. '.join(said)}.")


@study(
    question="Two programs differ in one line. Which one?",
    expected={"A, after 300 updates: loss above the lowest": (0.0, 1e-5),
              "B, updates 201 to 300: largest loss above the lowest": (0.2, 0.3)},
    seconds=0.3,
)
def opening(updates: int = 300, lr: float = 0.3) -> Finding:
    """One neuron, 23 flights, all in each batch: the same start, learning rate and number of updates for both."""
    start = torch.zeros(1, 2, dtype=torch.float64)
    a, b = (_descend(start, lr, updates, forget)[:, 0] for forget in (False, True))
    late = _height(b[-100:])
    return Finding({"A, after 300 updates: loss above the lowest": _height(a[-1]).item(),
                    "B, updates 201 to 300: largest loss above the lowest": late.max().item()},
                   draw=lambda: draw_paths({"program A": a.tolist(), "program B": b.tolist()},
                                           title="A walks to the lowest loss and stays, B passes it again and again"))


# ---- what a loss curve tells ----


@study(
    question="Four runs differ in the learning rate alone. Which is which?",
    expected={"run c: lowest loss after the start": (1.0, 2.0),
              "run d: loss above the lowest after 10 updates": (0.0, 4e-4),
              "2 / steepest curvature at the bottom": (12.7, 12.8),
              "at a rate of 12: loss above the lowest, updates 151 to 200": (0.0, 1e-4),
              "at a rate of 13.5: the same": (1e-3, 1.0)},
    seconds=0.3,
)
def curves(rates: Mapping[str, float] = {"a": 16.0, "b": 0.02, "c": 100.0, "d": 4.0}, updates: int = 60) -> Finding:
    """The neuron on all 23 flights from weights of 0, sixty updates, the loss after each. Two more runs, of 200
    updates, stand on both sides of the border that the curvature sets."""
    start, surface = torch.zeros(1, 2, dtype=torch.float64), _surface()
    losses = {name: surface.value(_descend(start, lr, updates, False)[:, 0]) for name, lr in rates.items()}
    below, above = (_height(_descend(start, lr, 200, False)[151:, 0]).max().item() for lr in (12.0, 13.5))
    lowest = surface.value(surface.optimum).item()
    return Finding({"run c: lowest loss after the start": losses["c"][1:].min().item(),
                    "run d: loss above the lowest after 10 updates": losses["d"][10].item() - lowest,
                    "2 / steepest curvature at the bottom": 2 / surface.curvatures[1],
                    "at a rate of 12: loss above the lowest, updates 151 to 200": max(0.0, below),
                    "at a rate of 13.5: the same": above},
                   draw=lambda: _draw_curves(losses), data=losses)


def _draw_curves(losses: Mapping[str, Tensor]) -> "Axes":
    from matplotlib import pyplot

    _, axes = pyplot.subplots(2, 2, figsize=(7, 4.6), sharex=True, layout="constrained")
    for ax, (name, loss) in zip(axes.flat, losses.items(), strict=True):
        ax.plot(loss.tolist(), color=BLUE, linestyle="-")
        ax.axhline(loss[0].item(), color=GREY, linestyle=":", linewidth=1)
        ax.set(title=f"run {name}", xticks=[0, 20, 40, 60], ylim=(0.4, 1.0) if loss.max() < 1 else (0, 12))
        describe(ax, f"Run {name}: loss {loss[0]:.2f} at the start, {loss[3]:.2f} after 3 updates, between "
                     f"{loss[30:].min():.2f} and {loss[30:].max():.2f} in the second half.")
    for ax in axes[1]:
        ax.set(xlabel="updates")
    for ax in axes[:, 0]:
        ax.set(ylabel="mean loss")
    axes[0, 0].text(60, losses["a"][0].item() + 0.02, "untrained", color=GREY, ha="right", va="bottom")
    return axes[0, 0]


# ---- claims ----

KINDS: Mapping[str, Callable[..., torch.optim.Optimizer]] = {
    "SGD": torch.optim.SGD, "SGD, momentum": partial(torch.optim.SGD, momentum=0.9), "Adagrad": torch.optim.Adagrad,
    "RMSprop": torch.optim.RMSprop, "Adadelta": torch.optim.Adadelta, "Adam": torch.optim.Adam,
    "AdamW": torch.optim.AdamW,
}


@study(
    claim="The optimizer computes the gradients",
    kind="false",
    verdict="false",
    evidence="Seven optimizers, ten models each: without `backward()` a step moves no weight, by 0.0. A 7 that we "
             "write into `.grad` is obeyed by all.",
    expected={"optimizers tried": (7, 7), "largest move of a weight without backward()": (0.0, 0.0),
              "optimizers of which every weight obeys our 7": (7, 7)},
    seconds=0.5,
)
def optimizer_computes(lr: float = 0.1, models: int = 10) -> Finding:
    """Seven optimizers of PyTorch, ten random models each. First `step()` after a loss, without `backward()`. Then a 7
    is written into every `.grad`, which has nothing to do with any loss, and `step()` is called again."""
    X, y = tumours().train
    alone: dict[str, float] = {}
    told: dict[str, list[float]] = {}
    for name, make in KINDS.items():
        alone[name], told[name] = 0.0, []
        for seed in range(models):
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(seed)
                model = LogisticRegression(31).double()
            optimizer, before = make(model.parameters(), lr=lr), model.linear.weight.detach().clone()
            LOG_LOSS(model(X), y.double())
            optimizer.step()
            alone[name] = max(alone[name], (model.linear.weight - before).abs().max().item())
            for parameter in model.parameters():
                parameter.grad = torch.full_like(parameter, 7.0)
            optimizer.step()
            told[name].append((model.linear.weight - before).max().item())
    return Finding({"optimizers tried": len(KINDS), "largest move of a weight without backward()": max(alone.values()),
                    "optimizers of which every weight obeys our 7": sum(max(moves) < 0 for moves in told.values())},
                   draw=lambda: _draw_moves(alone, told))


def _draw_moves(alone: Mapping[str, float], told: Mapping[str, list[float]]) -> "Axes":
    ax = new_axes((7, 3.6))
    for row, name in enumerate(alone):
        ax.plot(alone[name], row, "o", color=BLUE, markersize=8)
        ax.plot(max(told[name]), row, "X", color=ORANGE, markersize=8)
    ax.text(8e-5, -0.75, "without backward(): 0.0", color=BLUE, ha="right")
    ax.text(-0.1, -0.75, "after a 7 in .grad", color=text_colour(ORANGE), ha="center")
    ax.set_xscale("symlog", linthresh=1e-4)
    ax.set(yticks=range(len(alone)), xlim=(-3, 1e-4), ylim=(len(alone) - 0.5, -1.3),
           xlabel="change of a weight (the least that any weight of ten models moved)",
           title="Without a gradient no optimizer moves; given a 7, all obey")
    ax.set_xticks([-1, -0.1, -0.01, -0.001, -0.0001, 0], labels=["−1", "−0.1", "−0.01", "−0.001", "−0.0001", "0"])
    ax.set_yticks(range(len(alone)), labels=list(alone))
    return describe(ax, "Change of the weights for seven optimizers. " + "; ".join(
        f"{name}: {alone[name]:g} without backward(), {max(told[name]):.4f} with a 7 in .grad" for name in alone) + ".")


@study(
    claim="Forgetting zero_grad only makes the steps longer",
    kind="false",
    verdict="false",
    evidence="At each of seven learning rates, 0.01 to 10, all of twenty runs climb back to at least 95 % of the "
             "height from which they began. With the line, at its best rate, nothing is left. The loop "
             "equals an optimizer with momentum 1.0 (lesson 5), to rounding.",
    expected={"with zero_grad(), best rate: most that is left of a starting height": (0.0, 1e-9),
              "without, best rate: most that is left": (0.98, 1.1),
              "without, any rate: least that is left": (0.95, 1.0),
              "without, against momentum 1.0: largest difference of a weight": (0.0, 1e-9)},
    seconds=3,
)
def forgetting(rates: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0), starts: int = 20,
               updates: int = 2_000) -> Finding:
    """Twenty random starts on the flights, 2,000 updates, seven learning rates spaced by 3, with the line and without.
    What counts is the highest loss of a run during its last 1,000 updates: how far it lies above the lowest there is,
    as a share of how far the start did. Each arm's best rate is the one at which its worst run is lowest, a choice that
    favours whoever forgot."""
    begin = torch.randn(starts, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    everywhere, lr = begin.repeat(len(rates), 1), torch.tensor(rates).repeat_interleave(starts)[:, None]
    left = {}
    for forget in (False, True):
        path = _descend(everywhere, lr, updates, forget)
        late = torch.stack([_height(places) for places in path[-updates // 2:]]).max(dim=0).values
        left[forget] = dict(zip(rates, (late / _height(everywhere)).clamp(min=0).split(starts), strict=True))
    best = {forget: min(runs.max().item() for runs in by_rate.values()) for forget, by_rate in left.items()}
    twin = _with_momentum(begin, 0.1, 500) - _descend(begin, 0.1, 500, forget=True)[-1]
    return Finding({"with zero_grad(), best rate: most that is left of a starting height": best[False],
                    "without, best rate: most that is left": best[True],
                    "without, any rate: least that is left": min(runs.min().item() for runs in left[True].values()),
                    "without, against momentum 1.0: largest difference of a weight": twin.abs().max().item()},
                   draw=lambda: _draw_left(left))


def _with_momentum(starts: Tensor, lr: float, updates: int) -> Tensor:
    """Where PyTorch's SGD with momentum 1 gets to from `starts`, with zero_grad() in its place."""
    places = starts.clone().requires_grad_(True)
    optimizer = torch.optim.SGD([places], lr=lr, momentum=1.0)
    for _ in range(updates):
        optimizer.zero_grad()
        _surface().value(places).sum().backward()
        optimizer.step()
    return places.detach()


def _draw_left(left: Mapping[bool, Mapping[float, Tensor]]) -> "Axes":
    ax = new_axes((7, 3.8))
    for forget, marker, colour, aside in ((False, "o", BLUE, 0.93), (True, "X", ORANGE, 1.07)):
        for lr, shares in left[forget].items():
            ax.loglog([lr * aside] * len(shares), shares.clamp(min=1e-8).tolist(), marker, color=colour, alpha=0.5,
                      markersize=5)
    ax.text(0.01, 4, "without zero_grad()", color=text_colour(ORANGE), ha="left")
    ax.text(0.033, 2e-5, "with it", color=BLUE, ha="left")
    ax.set(xlabel="learning rate", ylabel="height above the lowest loss,\nlast 1,000 updates, share of the start",
           ylim=(4e-9, 400), title="Without zero_grad() every run climbs back, at any of seven rates")
    ax.set_xticks(list(left[True]), labels=[f"{lr:g}" for lr in left[True]])
    ax.set_yticks([1e-8, 1e-6, 1e-4, 1e-2, 1, 100], labels=["0", "10⁻⁴ %", "0.01 %", "1 %", "100 %", "100 times"])
    ax.minorticks_off()
    return describe(ax, "Height above the lowest loss in the last 1,000 updates of twenty runs, as a share of the "
                        "start. "
                    + " ".join(f"{'Without' if forget else 'With'} zero_grad at {lr:g}: {shares.min():.1e} to "
                               f"{shares.max():.1e}." for forget, by_rate in left.items()
                               for lr, shares in by_rate.items()))
