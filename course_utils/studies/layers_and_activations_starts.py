"""Claims of lesson 07 about how the numbers of a network begin: scale and depth, symmetry and valleys, the box."""

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.data import Data, Examples, standardize
from course_utils.datasets import load_breast_cancer, load_digits
from course_utils.models import MLP, LogisticRegression, MultinomialLogisticRegression
from course_utils.plotting import (
    BLUE,
    ORANGE,
    array,
    describe,
    label_line_ends,
    new_axes,
    panels,
    plot_spread,
    plot_sweep,
)
from course_utils.study import Finding, study
from course_utils.sweep import Runs, sweep
from course_utils.train import seeded

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ADAM_RATES = [0.0003, 0.001, 0.003, 0.01, 0.03]


def linears(net: nn.Module) -> list[nn.Linear]:
    """The linear layers of a network, from the input side."""
    return [part for part in net.modules() if isinstance(part, nn.Linear)]


def _deep(start: str) -> nn.Module:
    """Ten hidden layers of 32 ReLU units; weights as `start` says: PyTorch's own, He's, or their standard deviation."""
    net = MLP(64, 10, hidden=(32,) * 10)
    for layer in linears(net) if start != "default" else []:
        nn.init.normal_(layer.weight, std=(2 / layer.in_features) ** 0.5 if start == "He" else float(start))
        nn.init.zeros_(layer.bias)
    return net


def _arriving(start: str, seed: int, data: Data) -> list[float]:
    """The size of the gradient at each layer's weights before the first step, from the input side, 11 of them."""
    with seeded(seed):
        net = _deep(start)
    F.cross_entropy(net(data.train.X), data.train.y).backward()
    return [layer.weight.grad.norm().item() for layer in linears(net) if layer.weight.grad is not None]


@study(claim="Small random weights cure vanishing gradients", kind="false",
       verdict="false: small is what makes them vanish",
       evidence="Through ten layers weights of about 0.01 leave a gradient below 1e-8, and at none of five rates does "
                "such a network learn. From PyTorch's default Adam gets to 50 to 85 % in 20 epochs, from He's scale "
                "to 90 % or more.",
       expected={"gradient at the first layer, sd 0.01, largest of ten": (0, 1e-8),
                 "gradient at the first layer, He, smallest of ten": (1e-3, 10),
                 "right after 20 epochs, sd 0.01 (%)": (8, 12), "right, PyTorch's default (%)": (45, 85),
                 "right, He (%)": (89, 98)}, seconds=9)
def small_weights(seeds: int = 10) -> Finding:
    """Digits, ten hidden layers of 32 ReLU units, ten seeds for each start. The gradients before the first step; then
    20 epochs of Adam, each start at the best of five rates from 0.0003 to 0.03, chosen by three seeds on the
    validation digits, whose share right is shown."""
    digits, starts = load_digits(), {"0.01": "sd 0.01", "default": "default", "He": "He: √(2/inputs)"}

    def train(start: str, lr: float | list[float], seeds: range) -> Runs:
        return sweep(_deep, digits, F.cross_entropy, start=start, lr=lr, optimizer=torch.optim.Adam, epochs=[20],
                     batch_size=128, seeds=seeds)

    sizes = {start: torch.tensor([_arriving(start, seed, digits) for seed in range(seeds)]) for start in (*starts, "1")}
    right = {}
    for start, name in starts.items():
        rate = train(start, ADAM_RATES, range(3)).at_best("lr", by="valid_accuracy")[0]["lr"]
        right[name] = [100 * value for value in train(start, rate, range(seeds)).values("valid_accuracy")]

    def draw() -> "Axes":
        from matplotlib import pyplot

        left, second = panels(pyplot.subplots(figsize=(9, 3.8))[1], 2)
        for (_, norms), name in zip(sizes.items(), [*starts.values(), "sd 1"], strict=True):
            line = left.plot(range(1, 12), norms.median(dim=0).values.numpy(), label=name.split(":")[0])[0]
            left.fill_between(range(1, 12), array(norms.amin(dim=0)), array(norms.amax(dim=0)), color=line.get_color(),
                              alpha=0.2)
        left.set(yscale="log", xlabel="layer (1 is next to the pixels)", ylabel="size of its gradient",
                 xticks=range(1, 12, 2), title="Before the first step")
        label_line_ends(left)
        describe(left, "Gradient at each of 11 layers, log scale. At the first: " + "; ".join(
            f"{start}, {norms[:, 0].median():.1g}" for start, norms in sizes.items()) + ".")
        plot_spread(right, ylabel="new digits right (%)", title="After 20 epochs, each at its best rate", ax=second)
        return left

    means = [sum(values) / seeds for values in right.values()]
    return Finding({"gradient at the first layer, sd 0.01, largest of ten": sizes["0.01"][:, 0].max().item(),
                    "gradient at the first layer, He, smallest of ten": sizes["He"][:, 0].min().item(),
                    "right after 20 epochs, sd 0.01 (%)": means[0], "right, PyTorch's default (%)": means[1],
                    "right, He (%)": means[2]}, draw)


# Symmetry and valleys

def _alike(start: str) -> nn.Module:
    net = MLP(64, 10, hidden=(32,))
    for p in net.parameters() if start != "random" else ():
        nn.init.constant_(p, float(start))
    return net


def _different_units(net: nn.Module) -> int:
    """How many of the hidden units differ from one another in their weights, to four decimals."""
    return len(torch.unique((1e4 * linears(net)[0].weight.detach()).round(), dim=0))


def _bottom(model: nn.Module, data: Examples) -> float:
    """The loss with a small penalty where L-BFGS comes to rest; its line search is strong Wolfe."""
    solver = torch.optim.LBFGS(model.parameters(), max_iter=250, tolerance_grad=1e-6, tolerance_change=0,
                               history_size=20, line_search_fn="strong_wolfe")
    X, y = data.X.double(), data.y.double()

    def objective() -> Tensor:
        solver.zero_grad()
        squares = torch.stack([layer.weight.square().sum() for layer in linears(model)]).sum()
        loss = F.binary_cross_entropy_with_logits(model(X), y) + 0.0005 * squares
        loss.backward()
        return loss

    solver.step(objective)
    return objective().item()


@study(claim="Random starting values are needed, and keep you out of local minima", kind="misleading",
       verdict="needed with a hidden layer, not without one; and no protection from local minima",
       evidence="Ten starts of the linear model end at one loss, to 1e-8; ten of a network with three hidden units end "
                "in valleys that differ by 1e-4 and more. Started alike, 32 hidden units stay one, at every rate.",
       expected={"linear model: highest end minus lowest": (0, 1e-8), "three hidden units: the same": (1e-4, 0.1),
                 "different units of 32, all started at 0.1": (1, 1), "started at random": (32, 32),
                 "right, all started at 0.1 (%)": (8, 35), "right, started at random (%)": (94, 99)}, seconds=8)
def random_start(seeds: int = 10) -> Finding:
    """Tumours with a small penalty: the linear model and a network with three tanh units, ten starts each, followed to
    where L-BFGS comes to rest. Digits, 32 ReLU units, started all at 0, all at 0.1 and at random: 20 epochs of plain
    steps, each at the best of five rates from 0.03 to 3, chosen on the validation digits."""
    patients = standardize(load_breast_cancer(valid_size=0)).train
    ends: dict[str, list[float]] = {"linear model": [], "three hidden units": []}
    for seed in range(seeds):
        with seeded(seed):
            one, three = LogisticRegression(30).double(), MLP(30, 1, hidden=(3,), activation=nn.Tanh).double()
            nn.init.normal_(one.linear.weight, std=[0, 0.1, 1, 3, 10][seed % 5])
        ends["linear model"].append(_bottom(one, patients))
        ends["three hidden units"].append(_bottom(three, patients))
    runs = sweep(_alike, load_digits(), F.cross_entropy, start=["0", "0.1", "random"], lr=[0.03, 0.1, 0.3, 1.0, 3.0],
                 epochs=[20], batch_size=128, seeds=range(seeds), metrics={"units": _different_units})
    runs = runs.at_best("lr", by="valid_accuracy", within=["start"])
    names = {"0": "all at 0", "0.1": "all at 0.1", "random": "at random"}
    right = {names[start]: [100 * value for value in runs.where(start=start).values("valid_accuracy")]
             for start in names}

    def draw() -> "Axes":
        from matplotlib import pyplot

        left, second = panels(pyplot.subplots(figsize=(9, 3.8))[1], 2)
        above = {name: [round(loss - min(losses), 7) for loss in losses] for name, losses in ends.items()}
        plot_spread(above, ylabel="loss above the lowest of ten", title="One valley, or several", ax=left)
        plot_spread(right, ylabel="new digits right (%)", title="Units that start alike stay alike", ax=second)
        return left

    spread = [max(losses) - min(losses) for losses in ends.values()]
    return Finding({"linear model: highest end minus lowest": spread[0], "three hidden units: the same": spread[1],
                    "different units of 32, all started at 0.1": max(runs.where(start="0.1").values("units")),
                    "started at random": min(runs.where(start="random").values("units")),
                    "right, all started at 0.1 (%)": sum(right["all at 0.1"]) / seeds,
                    "right, started at random (%)": sum(right["at random"]) / seeds}, draw, runs)


def _linear(start: str) -> nn.Module:
    model = MultinomialLogisticRegression(64, 10)
    if start != "default":
        nn.init.normal_(model.linear.weight, std={"zeros": 0.0, "sd 10": 10.0}[start])
        nn.init.zeros_(model.linear.bias)
    return model


@study(claim="The start decides how good a linear model becomes", kind="misleading",
       verdict="it decides how long the walk is, and a rate of its own shortens the walk",
       evidence="After 20 epochs at the rate that suits zeros, weights of size 10 are 10 points and more behind; at a "
                "rate of their own less than 4. Zeros and PyTorch's default are equal to half a point. A bias at the "
                "log-odds of a rare class begins at half the loss of a bias of 0; after 20 epochs the two are within "
                "0.01.",
       expected={"right, zeros (%)": (94, 98.5), "right, default minus zeros (points)": (-0.6, 0.6),
                 "sd 10 minus zeros, at the rate for zeros (points)": (-22, -10),
                 "sd 10 minus zeros, each at its own (points)": (-4, 0.5),
                 "loss before the first step, bias 0": (0.69, 0.70), "bias at the base rate": (0.28, 0.35),
                 "after 20 epochs: first minus second": (-0.002, 0.01)}, seconds=4)
def linear_start(seeds: int = 10) -> Finding:
    """Softmax regression on the digits from three starts, plain steps, 20 epochs, each at the best of six rates from
    0.3 to 100, chosen on the validation digits. And a detector of eights, one digit in ten, whose bias begins at 0 or
    at the log-odds of that tenth."""
    digits = load_digits()
    runs = sweep(_linear, digits, F.cross_entropy, start=["zeros", "default", "sd 10"], epochs=[20], batch_size=128,
                 lr=[0.3, 1.0, 3.0, 10.0, 30.0, 100.0], seeds=range(seeds))
    best = runs.at_best("lr", by="valid_accuracy", within=["start"])
    right = {start: 100 * sum(best.where(start=start).values("valid_accuracy")) / seeds for start in runs.axes["start"]}
    rate = best.where(start="zeros")[0]["lr"]
    same = 100 * sum(runs.where(start="sd 10", lr=rate).values("valid_accuracy")) / seeds
    eights = Data(*(Examples(part.X, (part.y == 8).float()) for part in (digits.train, digits.valid)))
    share = eights.train.y.mean()

    def detector(bias: str) -> nn.Module:
        model = LogisticRegression(64)
        nn.init.zeros_(model.linear.weight)
        nn.init.constant_(model.linear.bias, 0.0 if bias == "0" else torch.log(share / (1 - share)).item())
        return model

    two = sweep(detector, eights, F.binary_cross_entropy_with_logits, bias=["0", "base rate"], epochs=[0, 20],
                batch_size=128, lr=[0.1, 0.3, 1.0, 3.0, 10.0], seeds=range(seeds))
    first, last = ({bias: sum(chosen.where(bias=bias, epochs=epochs).values("valid_loss")) / seeds
                    for bias in ("0", "base rate")}
                   for epochs in (0, 20)
                   for chosen in [two.where(epochs=epochs).at_best("lr", within=["bias"])])

    def draw() -> "Axes":
        ax = plot_sweep(runs, x="lr", y="valid_accuracy")
        ax.set_title("Weights of size 10 want a rate of their own")
        return ax

    return Finding({"right, zeros (%)": right["zeros"],
                    "right, default minus zeros (points)": right["default"] - right["zeros"],
                    "sd 10 minus zeros, at the rate for zeros (points)": same - right["zeros"],
                    "sd 10 minus zeros, each at its own (points)": right["sd 10"] - right["zeros"],
                    "loss before the first step, bias 0": first["0"], "bias at the base rate": first["base rate"],
                    "after 20 epochs: first minus second": last["0"] - last["base rate"]},
                   draw, runs)


@study(claim="PyTorch draws the first weights from a bell curve around 0", kind="false", verdict="false",
       evidence="They are uniform between ±1/√(number of inputs), and so are the biases.",
       expected={"largest of 7,840 weights, over 1/√784": (0.99, 1), "share beyond half of that (%)": (48, 52),
                 "a bell curve as wide has there (%)": (37, 40)}, seconds=0.5)
def bell_curve() -> Finding:
    """The weights of a new `nn.Linear(784, 10)`, beside a normal distribution with their standard deviation."""
    with seeded(0):
        drawn = nn.Linear(784, 10).weight.detach().flatten()
    edge = 784**-0.5
    bell = torch.distributions.Normal(0.0, drawn.std())

    def draw() -> "Axes":
        ax = new_axes()
        x = torch.linspace(-0.06, 0.06, 200)
        ax.hist(array(drawn), bins=50, density=True, color=BLUE, alpha=0.6)
        ax.plot(array(x), array(bell.log_prob(x).exp()), color=ORANGE, linestyle="--")
        ax.text(0.04, 8, "a bell curve\nas wide", color=ORANGE)
        ax.set(xlabel="weight of a new nn.Linear(784, 10)", ylabel="density",
               title="A box from −1/28 to 1/28, no bell")
        return describe(ax, "The histogram of 7,840 fresh weights is flat between -0.0357 and 0.0357, and empty "
                            "outside.")

    beyond = 100 * (drawn.abs() > edge / 2).double().mean().item()
    return Finding({"largest of 7,840 weights, over 1/√784": drawn.abs().max().item() / edge,
                    "share beyond half of that (%)": beyond,
                    "a bell curve as wide has there (%)": 200 * bell.cdf(torch.tensor(-edge / 2)).item()}, draw)
