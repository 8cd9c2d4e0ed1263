"""Further studies of lesson 02: the slopes of one flight, what slopes cost, a sum for a mean, too small a nudge."""

import statistics
import time
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.data import Data, standardize
from course_utils.datasets import load_breast_cancer, load_orings
from course_utils.models import MLP, LogisticRegression
from course_utils.plotting import BLUE, GREY, ORANGE, describe, label_line_ends, new_axes, text_colour
from course_utils.study import Finding, study

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOG_LOSS = F.binary_cross_entropy_with_logits


@lru_cache(maxsize=1)
def tumours() -> Data:
    """426 tumours to train on and 143 to validate; 30 standardised measurements and a column of ones, in float64."""
    return standardize(load_breast_cancer()).map(
        lambda X: torch.cat([X, torch.ones(len(X), 1)], dim=1).double())


# ---- one flight's slopes, link by link ----


@study(
    question="How does the slope of the loss in w come about?",
    expected={"slope of the loss in w, the links multiplied": (0.95, 0.97),
              "slope of the loss in w, by (p − y) x": (0.95, 0.97)},
    seconds=0.2,
)
def links(w: float = -0.5, b: float = -0.8) -> Finding:
    """The flight at 53 °F, which came back damaged: values computed from left to right, then the slope of each link."""
    x = standardize(load_orings()).train.X[13, 0].item()
    z = w * x + b
    p = torch.sigmoid(torch.tensor(z)).item()
    loss = -torch.tensor(p).log().item()
    values = {"w": w, "x": x, "b": b, "w x": w * x, "z": z, "p": p, "loss": loss}
    local = {("loss", "p"): ("−1/p", -1 / p), ("p", "z"): ("p (1 − p)", p * (1 - p)), ("z", "w x"): ("1", 1.0),
             ("z", "b"): ("1", 1.0), ("w x", "w"): ("x", x), ("w x", "x"): ("w", w)}
    slopes = {"loss": 1.0}
    for (end, begin), (_, slope) in local.items():
        slopes[begin] = slopes[end] * slope
    return Finding({"slope of the loss in w, the links multiplied": slopes["w"],
                    "slope of the loss in w, by (p − y) x": (p - 1) * x},
                   draw=lambda: _draw_links(values, local, slopes), data=slopes)


def _draw_links(values: Mapping[str, float], local: Mapping[tuple[str, str], tuple[str, float]],
                slopes: Mapping[str, float]) -> "Axes":
    def minus(value: float, sign: str = "") -> str:                     # a sign of the width of the plus
        return f"{value:{sign}.3f}".replace("-", "−")

    ax, ink = new_axes((7, 3.4)), text_colour(ORANGE)
    places = dict(zip(values, [(0, 1), (0, -1), (1.6, -1.5), (1.6, 0), (3.2, 0), (4.8, 0), (6.4, 0)], strict=True))
    for name, (across, up) in places.items():
        ax.text(across, up + 0.12, f"{name}\n{minus(values[name])}", ha="center", va="center", zorder=3,
                bbox={"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": GREY})
        ax.text(across, up - 0.45, minus(slopes[name], "+"), ha="center", va="center", color=ink, weight="bold")
    for (end, begin), (words, _) in local.items():
        (x0, y0), (x1, y1) = places[begin], places[end]
        for (a, b), colour, shift in (((begin, end), BLUE, 0.26), ((end, begin), ink, 0.0)):
            (from_x, from_y), (to_x, to_y) = places[a], places[b]
            ax.annotate("", (to_x, to_y + shift), (from_x, from_y + shift),
                        arrowprops={"arrowstyle": "-|>", "color": colour, "shrinkA": 26, "shrinkB": 26})
        ax.text((x0 + x1) / 2 + 0.05, (y0 + y1) / 2 - (0.2 if y0 == y1 else 0.28), f"· {words}", color=ink, ha="center",
                va="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})
    ax.set(xlim=(-0.5, 6.9), ylim=(-2.2, 1.6), title="Values run to the right, slopes of the loss back to the left")
    ax.set_axis_off()
    return describe(ax, "Computation graph of one flight. " + "; ".join(
        f"{name} is {value:.3f}, the slope of the loss in it {slopes[name]:+.3f}" for name, value in values.items())
        + ". Blue arrows lead from w, x and b to the loss, orange ones back, each with the slope of its link.")


@study(
    claim="Backpropagation gives the gradient efficiently",
    kind="when",
    verdict="true, for one loss and many parameters",
    evidence="Forward and backward together count as 2 forward passes, for 2 parameters as for 10,001, and as less "
             "than 3 with a hidden layer; in time they are a few. Central differences take 20,002. Walking back, each "
             "link is passed once and serves every weight behind it; a nudge starts anew for each.",
    expected={"neuron, 2 parameters: forward + backward, in forward passes": (2.0, 2.0),
              "neuron, 10,001 parameters: forward + backward, in forward passes": (2.0, 2.0),
              "hidden layer: forward + backward, in forward passes": (2.0, 3.0),
              "10,001 parameters: central differences, in forward passes": (20_002, 20_002),
              "largest median of the time, in forward passes": (1.0, 25.0)},
    seconds=2,
)
def backward_cost(sizes: tuple[int, ...] = (1, 10, 100, 1_000, 10_000), times: int = 10) -> Finding:
    """Multiplications and additions are counted by PyTorch's own counter, for 100 examples, and time is measured ten
    times, each as a multiple of one forward pass. A central difference needs two losses for every parameter."""
    counted, timed = [], []
    for m in sizes:
        jobs = [partial(_pass, LogisticRegression(m), m, back) for back in (True, False)]
        counted.append(_operations(jobs[0]) / _operations(jobs[1]))
        timed.append([_seconds(jobs[0]) / _seconds(jobs[1]) for _ in range(times)])
    network = MLP(100, 1, hidden=(50,))
    deep = _operations(partial(_pass, network, 100, True)) / _operations(partial(_pass, network, 100, False))
    return Finding({f"neuron, {sizes[0] + 1:,} parameters: forward + backward, in forward passes": counted[0],
                    f"neuron, {sizes[-1] + 1:,} parameters: forward + backward, in forward passes": counted[-1],
                    "hidden layer: forward + backward, in forward passes": deep,
                    f"{sizes[-1] + 1:,} parameters: central differences, in forward passes": 2 * (sizes[-1] + 1),
                    "largest median of the time, in forward passes": max(map(statistics.median, timed))},
                   draw=lambda: _draw_cost([m + 1 for m in sizes], counted, timed))


def _pass(model: nn.Module, columns: int, backward: bool) -> None:
    inputs = torch.ones(100, columns)
    with torch.set_grad_enabled(backward):
        loss = LOG_LOSS(model(inputs).flatten(), torch.ones(100))
    if backward:
        loss.backward()


def _operations(job: Callable[[], None]) -> int:
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        job()
    return counter.get_total_flops()


def _seconds(job: Callable[[], None], repeats: int = 15) -> float:
    measured = []
    for _ in range(repeats):
        begin = time.perf_counter()
        job()
        measured.append(time.perf_counter() - begin)
    return statistics.median(measured)


def _draw_cost(parameters: list[int], counted: list[float], timed: list[list[float]]) -> "Axes":
    ax = new_axes((7, 3.8))
    ax.loglog(parameters, [2 * p for p in parameters], color=ORANGE, linestyle="--", label="central\ndifferences")
    ax.loglog(parameters, counted, color=BLUE, linestyle="-", label="forward +\nbackward")
    for p, ratios in zip(parameters, timed, strict=True):
        ax.plot([p] * len(ratios), ratios, "_", color=BLUE, markersize=12, alpha=0.6)
    label_line_ends(ax)
    ax.text(parameters[1], 14, "marks: time, ten measurements", color=BLUE)
    ax.set(xlabel="parameters", ylabel="cost, in forward passes", title="Differences cost more with every parameter, "
                                                                        "backward does not")
    medians = [statistics.median(ratios) for ratios in timed]
    return describe(ax, f"Central differences cost {2 * parameters[0]} forward passes for {parameters[0]} parameters "
                        f"and {2 * parameters[-1]:,} for {parameters[-1]:,}. Forward and backward together count as "
                        f"{counted[0]:.1f} to {counted[-1]:.1f}; in time their medians are {min(medians):.1f} to "
                        f"{max(medians):.1f}.")


@study(
    claim="Sum or mean only changes the number that is printed",
    kind="false",
    verdict="false for SGD at the same learning rate, nearly true for Adam",
    evidence="With batches of 71 SGD walks the same path only at lr / 71; at the same lr a weight ends more than 1 "
             "away. Adam at the same lr differs by less than 1e-4, at lr / 71 by more than 0.1. Each at its best of "
             "five rates, sum and mean validate alike. Use the mean: with a sum, the short last batch of an epoch "
             "takes a shorter step.",
    expected={"SGD, same lr: smallest difference of a weight": (1.0, 1e4),
              "SGD, lr / 71: largest difference": (0.0, 1e-9),
              "Adam, same lr: largest difference": (0.0, 1e-4),
              "Adam, lr / 71: smallest difference": (0.1, 10.0),
              "SGD, best of five rates each: sum's validation loss less the mean's": (-1e-9, 1e-9)},
    seconds=2,
)
def sum_or_mean(starts: int = 10, epochs: int = 10) -> Finding:
    """426 tumours in six batches of 71, ten epochs, ten random starts, the same batches for all. Each optimizer has
    five learning rates spaced by 3, and the one whose mean validates best; the sum then gets the same rate, and that
    rate / 71. At the end of the list the sum chooses among five rates of its own, each 71 times smaller."""
    differences: dict[str, Tensor] = {}
    for name, make, rates in (("SGD", torch.optim.SGD, (0.1, 0.3, 1.0, 3.0, 10.0)),
                              ("Adam", torch.optim.Adam, (0.003, 0.01, 0.03, 0.1, 0.3))):
        by_mean = {lr: _trained(make, lr, "mean", starts, epochs) for lr in rates}
        lr = min(rates, key=lambda rate: _validated(by_mean[rate]))
        for factor, words in ((1, "same lr"), (1 / 71, "lr / 71")):
            gap = by_mean[lr] - _trained(make, lr * factor, "sum", starts, epochs)
            differences[f"{name}, {words}"] = gap.abs().amax(dim=1)
        if name == "SGD":
            own = min(_validated(_trained(make, rate / 71, "sum", starts, epochs)) for rate in rates)
            at_best = own - _validated(by_mean[lr])
    low, high = ({name: reach(gaps).item() for name, gaps in differences.items()} for reach in (torch.min, torch.max))
    return Finding({"SGD, same lr: smallest difference of a weight": low["SGD, same lr"],
                    "SGD, lr / 71: largest difference": high["SGD, lr / 71"],
                    "Adam, same lr: largest difference": high["Adam, same lr"],
                    "Adam, lr / 71: smallest difference": low["Adam, lr / 71"],
                    "SGD, best of five rates each: sum's validation loss less the mean's": at_best},
                   draw=lambda: _draw_differences(differences))


def _trained(make: Callable[..., torch.optim.Optimizer], lr: float, reduction: str, starts: int, epochs: int) -> Tensor:
    """Weights (starts, 31) of neurons that train side by side: each is one row, and no row knows of another."""
    X, y = tumours().train
    generator = torch.Generator().manual_seed(0)
    weights = (torch.randn(starts, 31, generator=generator) / 10).double().requires_grad_(True)
    optimizer = make([weights], lr=lr)
    for _ in range(epochs):
        for rows in torch.randperm(len(X), generator=generator).split(71):
            targets = y[rows].double().expand(starts, -1)
            losses = LOG_LOSS(weights @ X[rows].T, targets, reduction="none")
            optimizer.zero_grad()
            (losses.mean(dim=1) if reduction == "mean" else losses.sum(dim=1)).sum().backward()
            optimizer.step()
    return weights.detach()


def _validated(weights: Tensor) -> float:
    """The mean validation loss of all rows of `weights`."""
    valid = tumours().valid
    assert valid is not None, "the tumours come with validation examples"
    return LOG_LOSS(weights @ valid.X.T, valid.y.double().expand(len(weights), -1)).item()


def _draw_differences(differences: Mapping[str, Tensor]) -> "Axes":
    ax = new_axes((7, 3.2))
    for row, (name, gaps) in enumerate(differences.items()):
        marker, colour = ("o", BLUE) if name.startswith("SGD") else ("X", ORANGE)
        heights = torch.linspace(row - 0.15, row + 0.15, len(gaps)).tolist()
        ax.semilogx(gaps.clamp(min=1e-17).tolist(), heights, marker, color=colour, alpha=0.8)
    ax.set(yticks=range(4), xlabel="largest difference of a weight, sum to mean (ten starts)", ylim=(3.5, -0.5),
           title="From mean to sum: SGD wants lr / 71, Adam the lr it had")
    ax.set_yticks(range(4), labels=list(differences))
    return describe(ax, "Weights after training with the sum against the mean. " + ". ".join(
        f"{name}: {gaps.min():.1e} to {gaps.max():.1e}" for name, gaps in differences.items()) + ".")


@study(
    claim="The smaller the nudge, the better the slope",
    kind="when",
    verdict="true until rounding takes over: down to about 10⁻⁵ in float64, 10⁻² in float32",
    evidence="Central differences in float64 are best near 1e-5, within 1e-9 of the slope; at 1e-13 they are off by "
             "more than 1e-5. In float32 none comes closer than 1e-7.",
    expected={"central, float64: best nudge": (1e-6, 1e-4), "central, float64: distance there": (1e-13, 1e-9),
              "central, float64: distance at a nudge of 1e-13": (1e-5, 1e-1),
              "forward, float64: best nudge": (1e-9, 1e-6),
              "central, float32: best nudge": (1e-3, 1e-1), "central, float32: distance there": (1e-7, 1e-3)},
    seconds=0.5,
)
def smaller_nudge(places: int = 10) -> Finding:
    """The slope of the mean loss of 426 tumours in the first of 31 weights, at ten random places, by nudging that
    weight, against (p − y) x in float64. Of the ten distances the largest counts."""
    nudges = [10.0**-k for k in range(1, 14)]
    kinds = {"forward, float64": (torch.float64, True), "central, float64": (torch.float64, False),
             "central, float32": (torch.float32, False)}
    far = {name: [_off_by(dtype, h, forward, places) for h in nudges] for name, (dtype, forward) in kinds.items()}
    best = {name: nudges[gaps.index(min(gaps))] for name, gaps in far.items()}
    return Finding({"central, float64: best nudge": best["central, float64"],
                    "central, float64: distance there": min(far["central, float64"]),
                    "central, float64: distance at a nudge of 1e-13": far["central, float64"][-1],
                    "forward, float64: best nudge": best["forward, float64"],
                    "central, float32: best nudge": best["central, float32"],
                    "central, float32: distance there": min(far["central, float32"])},
                   draw=lambda: _draw_nudges(nudges, far))


def _off_by(dtype: torch.dtype, h: float, forward: bool, places: int) -> float:
    X, y = tumours().train
    benign, gaps = y.double(), []
    for seed in range(places):
        w = torch.randn(31, generator=torch.Generator().manual_seed(seed)).double()
        exact = ((torch.sigmoid(X @ w) - benign) @ X[:, 0] / len(X)).item()
        nudge = h * torch.eye(31, dtype=torch.float64)[0]
        up, down = (LOG_LOSS(X.to(dtype) @ v.to(dtype), benign.to(dtype)).item()
                    for v in (w + nudge, w if forward else w - nudge))
        gaps.append(abs((up - down) / (h if forward else 2 * h) - exact))
    return max(gaps)


def _draw_nudges(nudges: list[float], far: Mapping[str, list[float]]) -> "Axes":
    ax = new_axes((7, 3.8))
    for (name, gaps), colour, style in zip(far.items(), (GREY, BLUE, ORANGE), (":", "-", "--"), strict=True):
        ax.loglog(nudges, gaps, color=colour, linestyle=style, label=name)
    ax.invert_xaxis()
    label_line_ends(ax)
    ax.set(xlabel="nudge h (smaller to the right)", ylabel="distance to the exact slope",
           title="A smaller nudge is better, until it is far worse")
    return describe(ax, "Each line is a V: the distance falls with h, then rises. " + " ".join(
        f"{name}: best at {nudges[gaps.index(min(gaps))]:g}, off by {min(gaps):.0e}." for name, gaps in far.items()))
