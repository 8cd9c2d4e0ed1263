"""More of lesson 06, on tumours: what penalties do to 30 weights, to a bias, to twins, and what leaks."""

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils import optimizers
from course_utils.data import Data, Examples, standardize
from course_utils.datasets import load_breast_cancer
from course_utils.optimum import fit_to_optimum
from course_utils.penalties import Penalty, elastic_net, l1, l2, soft_threshold
from course_utils.plotting import BLUE, ORANGE, describe, new_axes
from course_utils.study import Finding, study
from course_utils.sweep import corrected_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RATES = (0.003, 0.01, 0.03, 0.1, 0.3)


def _tumours() -> tuple[Tensor, Tensor]:
    """X (569, 30) standardised, y (569,), in float64."""
    train = standardize(load_breast_cancer(valid_size=0)).train
    return train.X.double(), train.y.double()


def _proximal(X: Tensor, y: Tensor, penalty: Penalty, steps: int, lr: float = 0.3, w: Tensor | None = None) -> Tensor:
    """(m,): weights after proximal steps on log loss + penalty, bias free, from `w` (zeros)."""
    w, b = torch.zeros(X.shape[1]).double() if w is None else w, torch.zeros(()).double()
    for _ in range(steps):
        off = torch.sigmoid(X @ w + b) - y
        w = soft_threshold(w - lr * (X.T @ off / len(y) + penalty.l2 * w), lr * penalty.l1)
        b = b - lr * off.mean()
    return w


@study(
    claim="AdamW is Adam with L2", kind="false", verdict="false",
    evidence="λ = 0.01, five rates each. With the penalty in the gradient, SGD and Adam end at a length of 3.06. AdamW "
             "goes on to 5.17, where the loss alone is lowest. To be held near 3.06 it needs a λ 34 times as large.",
    expected={"optimum with the penalty": (3.05, 3.07), "SGD and Adam, furthest from it": (0, 0.05),
              "AdamW, shortest of five rates": (4.6, 5.18), "AdamW, longest of five rates": (5.0, 5.2),
              "optimum of the loss alone": (5.16, 5.18), "λ at which AdamW ends near 3.06": (0.1, 1.0)},
    seconds=15,
)
def adamw(strength: float = 0.01, rates: tuple[float, ...] = RATES, steps: int = 10_000) -> Finding:
    """Two columns of the tumours, which no line separates, all rows in each step, for 10,000 steps at five rates (SGD
    at ten times these). SGD and Adam have λ · w in the gradient, bias free; AdamW shrinks w beside its step. At last
    AdamW with λ = 0.01, 0.03, … 1, at a rate of 0.01."""
    X, y = _tumours()
    pair = X[:, [7, 21]]
    inputs, examples = F.pad(pair, (0, 1), value=1.0), Examples(pair.float(), y.float())
    with_penalty, alone = (fit_to_optimum(examples, penalty=l2(one)).weights.norm().item() for one in (strength, 0.0))
    weights_only = torch.tensor([1.0, 1.0, 0.0]).double()

    def lengths(rule: optimizers.Rule, penalty: float, models: int) -> Tensor:
        w = torch.zeros(models, 3).double()
        state, found = rule.init(w), [w[:, :2].norm(dim=1)]
        for _ in range(steps):
            gradient = (torch.sigmoid(w @ inputs.T) - y) @ inputs / len(y) + penalty * weights_only * w
            w, state = rule.update(gradient, state, w)
            found.append(w[:, :2].norm(dim=1))
        return torch.stack(found)

    lr = torch.tensor(rates).double()[:, None]
    ends = {"SGD, λ · w in the gradient": lengths(optimizers.sgd(10 * lr), strength, 5),
            "Adam, λ · w in the gradient": lengths(optimizers.adam(lr), strength, 5),
            "AdamW": lengths(optimizers.adamw(lr, weight_decay=strength * weights_only), 0.0, 5)}
    others = torch.tensor([0.01, 0.03, 0.1, 0.3, 1.0]).double()
    last = lengths(optimizers.adamw(0.01, weight_decay=others[:, None] * weights_only), 0.0, 5)[-1]

    def picture() -> "Axes":
        ax = new_axes()
        for (name, found), colour, style in zip(ends.items(), (BLUE, "black", ORANGE), ("-", ":", "--"), strict=True):
            ax.plot(found[1:, rates.index(0.03)], style, color=colour, label=name)
        for value, name in ((alone, "loss alone"), (with_penalty, "loss + penalty")):
            ax.axhline(value, color="black", linewidth=0.7)
            ax.text(1, value + 0.08, f"optimum, {name}: {value:.2f}")
        ax.set(xscale="log", ylim=(0, 5.8), xlabel="step (rate 0.03)", ylabel="length of w",
               title="AdamW goes where there is no penalty")
        ax.legend(loc="lower right")
        return describe(ax, f"Length of w over {steps} steps. SGD and Adam settle at {with_penalty:.2f}; AdamW climbs "
                            f"to {ends['AdamW'][-1, 2]:.2f}; the loss alone is lowest at {alone:.2f}.")

    penalised_ends = torch.cat([found[-1] for name, found in ends.items() if name != "AdamW"])
    return Finding({"optimum with the penalty": with_penalty,
                    "SGD and Adam, furthest from it": (penalised_ends - with_penalty).abs().max().item(),
                    "AdamW, shortest of five rates": ends["AdamW"][-1].min().item(),
                    "AdamW, longest of five rates": ends["AdamW"][-1].max().item(), "optimum of the loss alone": alone,
                    "λ at which AdamW ends near 3.06": others[(last - with_penalty).abs().argmin()].item()}, picture)


@study(
    claim="L1 makes weights exactly 0", kind="when", verdict="true with soft-thresholding, not by autograd",
    evidence="With the penalty in the loss not one of 30 weights is 0, at any of five rates. With proximal steps 24 to "
             "26 are.",
    expected={"weights at 0, penalty in the loss, most of five rates": (0, 0),
              "weights at 0, proximal steps": (24, 26)},
    seconds=3,
)
def l1_zeros(strength: float = 0.1, rates: tuple[float, ...] = RATES, steps: int = 2_000) -> Finding:
    """The 569 tumours, λ = 0.1, 2,000 steps of all rows. In the loss: the slope that autograd gives λ · Σ|w|."""
    X, y = _tumours()
    zeros = []
    for lr in rates:
        g = torch.Generator().manual_seed(0)
        w, b = torch.randn(30, generator=g).double() / 30**0.5, torch.zeros(()).double()
        for _ in range(steps):
            off = torch.sigmoid(X @ w + b) - y
            w, b = w - lr * (X.T @ off / 569 + strength * w.sign()), b - lr * off.mean()
        zeros.append(int((w == 0).sum()))
    return Finding({"weights at 0, penalty in the loss, most of five rates": max(zeros),
                    "weights at 0, proximal steps": int((_proximal(X, y, l1(strength), steps) == 0).sum())})


@study(
    question="Two columns say the same: who gets the weight?", verdict="under L1 chance, under L2 and elastic net both",
    evidence="While both weights have one sign, L1 charges their sum, however it is shared: where they begin decides. "
             "L2 charges squares, least when they are alike. Elastic net charges both, and has zeros too.",
    expected={"L1, difference of the twins": (0.1, 5), "L2, difference": (0, 1e-4),
              "elastic net, difference": (0, 1e-4), "L2, weights at 0": (0, 0), "elastic net, weights at 0": (10, 28)},
    seconds=3,
)
def twins(strength: float = 0.03) -> Finding:
    """Column 7 of the tumours stands in the table twice; its copies begin at 3 and 0. 4,000 proximal steps, λ 0.03."""
    X, y = _tumours()
    start = torch.zeros(31).double()
    start[7] = 3.0
    found = {name: _proximal(torch.cat([X, X[:, 7:8]], dim=1), y, penalty, 4_000, w=start) for name, penalty in
             (("L1", l1(strength)), ("L2", l2(strength)), ("net", elastic_net(strength, l1_ratio=0.5)))}
    gap = {name: (w[7] - w[30]).abs().item() for name, w in found.items()}
    return Finding({"L1, difference of the twins": gap["L1"], "L2, difference": gap["L2"],
                    "elastic net, difference": gap["net"], "L2, weights at 0": int((found["L2"] == 0).sum()),
                    "elastic net, weights at 0": int((found["net"] == 0).sum())})


@study(
    claim="A penalty is paid by every parameter, the bias too", kind="false",
    verdict="false; `weight_decay` does it unless you give the bias a group of its own",
    evidence="At λ = 1 a decayed bias brings the mean probability down to 0.54. Free, it is 0.627, the share of benign "
             "tumours.",
    expected={"share of benign tumours": (0.627, 0.628), "mean probability, bias free": (0.627, 0.628),
              "mean probability, bias decayed": (0.53, 0.56)},
    seconds=1,
)
def bias_pays(strength: float = 1.0, lr: float = 0.5) -> Finding:
    """The 569 tumours at λ = 1, 1,000 steps of all rows: once the bias is left out of the penalty, once it pays too."""
    X, y = _tumours()

    def mean_probability(decayed: bool) -> float:
        w, b = torch.zeros(30).double(), torch.zeros(()).double()
        for _ in range(1_000):
            off = torch.sigmoid(X @ w + b) - y
            w, b = w - lr * (X.T @ off / 569 + strength * w), b - lr * (off.mean() + strength * decayed * b)
        return torch.sigmoid(X @ w + b).mean().item()

    return Finding({"share of benign tumours": y.mean().item(), "mean probability, bias free": mean_probability(False),
                    "mean probability, bias decayed": mean_probability(True)})


@study(
    claim="Means and spreads taken over all rows spoil the test", kind="not_found",
    verdict="a leak, and not to be seen here",
    evidence="It changes the loss on unseen tumours by less than 0.002 in each of ten splits, not always to the worse; "
             "the corrected interval holds 0. Columns chosen over all rows are another matter.",
    expected={"largest change of the loss": (0, 0.002), "mean change": (-0.001, 0.001),
              "lower end of its interval": (-0.002, 0), "upper end": (0, 0.002)},
    seconds=1,
)
def scaling_leak() -> Finding:
    """Ten splits of the tumours, 426 to learn from and 143 to judge; λ = 0.01 at its optimum. Once the columns are
    standardised by the rows to learn from, once by all. The splits overlap: the interval is the corrected one."""
    def loss(data: Data) -> float:
        fit = fit_to_optimum(data.train, penalty=l2(0.01), tol=1e-6)
        valid = data.valid or data.train
        return F.binary_cross_entropy_with_logits(fit.logits(valid.X), valid.y.double()).item()

    def change(seed: int) -> float:
        data = load_breast_cancer(seed=seed)
        rows = torch.cat([part.X for part in (data.train, data.valid) if part])
        return loss(data.map(lambda X: (X - rows.mean(0)) / rows.std(0))) - loss(standardize(data))

    changes = [change(seed) for seed in range(10)]
    mean = corrected_interval(changes, 143 / 569)
    return Finding({"largest change of the loss": max(map(abs, changes)), "mean change": mean.mean,
                    "lower end of its interval": mean.low, "upper end": mean.high})
