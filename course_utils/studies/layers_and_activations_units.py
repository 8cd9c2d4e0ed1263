"""Claims of lesson 07 about activations: what a unit passes on, what it passes back, and when it falls silent."""

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.datasets import load_digits
from course_utils.models import MLP
from course_utils.plotting import array, describe, label_line_ends, panels, plot_spread
from course_utils.studies.layers_and_activations_starts import ADAM_RATES, linears
from course_utils.study import Finding, study
from course_utils.sweep import sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ACTIVATIONS = {"ReLU": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


def _stack(activation: str, depth: int = 5) -> nn.Module:
    """`depth` hidden layers of 32 units, weights at the scale made for the activation: He's, or Glorot's."""
    net = MLP(64, 10, hidden=(32,) * depth, activation=ACTIVATIONS[activation])
    for layer in linears(net):
        if activation == "ReLU":
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        else:
            nn.init.xavier_normal_(layer.weight)
        nn.init.zeros_(layer.bias)
    return net


@study(claim="Deep stacks of sigmoid and tanh learn slowly", kind="when",
       verdict="true for the sigmoid; tanh keeps up with ReLU here",
       evidence="Five hidden layers, five epochs, each activation at the best of five rates: sigmoid stays below 60 %, "
                "tanh and ReLU pass 86 %. With one hidden layer all three pass 90 %.",
       expected={"five layers, ReLU (%)": (86, 97), "five layers, tanh (%)": (88, 98),
                 "five layers, sigmoid (%)": (8, 60),
                 "one layer, ReLU (%)": (92, 98), "one layer, tanh (%)": (93, 98), "one layer, sigmoid (%)": (89, 97)},
       seconds=5)
def flat_ends(seeds: int = 10) -> Finding:
    """Digits, one and five hidden layers of 32 units, weights at the scale made for each activation, five epochs of
    Adam, each at the best of five rates from 0.0003 to 0.03, chosen on the validation digits, whose share right is
    shown."""
    digits = load_digits()
    right = {}
    for depth, name in ((1, "one layer"), (5, "five layers")):
        runs = sweep(_stack, digits, F.cross_entropy, activation=list(ACTIVATIONS), depth=depth, lr=ADAM_RATES,
                     optimizer=torch.optim.Adam, epochs=[5], batch_size=128, seeds=range(seeds))
        runs = runs.at_best("lr", by="valid_accuracy", within=["activation"])
        right |= {f"{name}, {activation}": [100 * v for v in runs.where(activation=activation).values("valid_accuracy")]
                  for activation in ACTIVATIONS}

    def draw() -> "Axes":
        return plot_spread({name.replace(", ", ",\n"): values for name, values in right.items()},
                           ylabel="new digits right (%)", title="Five sigmoids in a row pass little back")

    return Finding({f"{name} (%)": sum(values) / seeds for name, values in right.items()}, draw)


def _dead(net: nn.Module) -> float:
    """The share of hidden units (%) that are 0 for every training digit, of a network with one hidden layer."""
    with torch.no_grad():
        return 100 * (net.layers[0](load_digits().train.X) <= 0).all(dim=0).double().mean().item()


@study(claim="ReLU units die", kind="when", verdict="true at a learning rate too large",
       evidence="A unit whose sum is below 0 for every example passes nothing on and gets no gradient back. At the "
                "best of five rates fewer than 12 % of the units are dead; at three times that rate more than 80 %.",
       expected={"dead at the best rate (%)": (0, 12), "dead at three times that rate (%)": (80, 100)}, seconds=2)
def dead_units(seeds: int = 10) -> Finding:
    """Digits, one hidden layer of 32 ReLU units, 20 epochs of plain steps at five rates from 0.03 to 3; the best is
    chosen on the validation digits."""
    runs = sweep(lambda: MLP(64, 10, hidden=(32,)), load_digits(), F.cross_entropy, lr=[0.03, 0.1, 0.3, 1.0, 3.0],
                 epochs=[20], batch_size=128, seeds=range(seeds), metrics={"dead": _dead})
    best = runs.at_best("lr", by="valid_accuracy")
    beyond = runs.where(lr=3 * best[0]["lr"])
    return Finding({"dead at the best rate (%)": sum(best.values("dead")) / seeds,
                    "dead at three times that rate (%)": sum(beyond.values("dead")) / seeds})


@study(question="What do three activations pass on, and what do they pass back?", expected={
    "steepest slope, ReLU": (1, 1), "steepest slope, tanh": (0.99, 1), "steepest slope, sigmoid": (0.249, 0.251),
    "slope at −4, ReLU": (0, 0), "slope at −4, tanh": (0.001, 0.002), "slope at −4, sigmoid": (0.017, 0.018)})
def activations() -> Finding:
    """Each function and, by autograd, its slope, from −4 to 4."""
    z = torch.linspace(-4, 4, 160, requires_grad=True)
    curves, slopes = {}, {}
    for name, module in ACTIVATIONS.items():
        out = module()(z)
        curves[name], slopes[name] = out.detach(), torch.autograd.grad(out.sum(), z)[0]

    def draw() -> "Axes":
        from matplotlib import pyplot

        two = panels(pyplot.subplots(figsize=(9, 3.4))[1], 2)
        for ax, lines in zip(two, (curves, slopes), strict=True):
            for (name, line), style in zip(lines.items(), ("-", "--", "-."), strict=True):
                ax.plot(array(z), array(line), linestyle=style, label=name)
            ax.set_xlabel("weighted sum that enters a unit")
            label_line_ends(ax)
        two[0].set(ylabel="what leaves it", ylim=(-1.2, 4.2), title="Forward")
        two[1].set(ylabel="share of the gradient passed back", ylim=(-0.05, 1.1), title="Back")
        return describe(two[0], "Three activations from −4 to 4 and their slopes. ReLU: 0, then the sum itself; slope "
                                "0 or 1. tanh: an S from −1 to 1; slope 1 in the middle, near 0 at both ends. Sigmoid: "
                                "a wider S from 0 to 1; slope at most a quarter.")

    steepest = {f"steepest slope, {name}": slope.max().item() for name, slope in slopes.items()}
    return Finding(steepest | {f"slope at −4, {name}": slope[0].item() for name, slope in slopes.items()}, draw)
