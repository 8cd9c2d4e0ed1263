"""Claims of lesson 07 about forecasts, tried on the bicycles: what a network is needed for, and what a test tells."""

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.data import standardize
from course_utils.datasets import expected_bike_demand
from course_utils.metrics import rmse
from course_utils.plotting import BLUE, GREY, ORANGE, describe, new_axes, plot_spread
from course_utils.studies.bicycles import (
    crossed,
    encoded,
    is_simulated,
    one_layer,
    raw_hours,
    table_of_means,
    ten_forecasts,
    titled,
    with_ones,
)
from course_utils.study import Finding, study

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _single_layers() -> dict[str, float]:
    """Test RMSE of one layer on ever better columns, log target, by name."""
    coded = encoded(raw_hours())
    data = {"one-hot hours": coded, "+ hour × working day": crossed(coded), "+ temp²": crossed(coded, heat=True)}
    return {name: rmse(one_layer(each)(each.test), each.test.y.double()) for name, each in data.items()}


@study(claim="A network is needed for this", kind="false", verdict="false, if you know which columns are missing",
       evidence="One layer with 23 columns for the hours of working days and the square of the temperature misses by "
                "0.85 to 1.05 times as much as the average of ten networks, each network at the best of five rates.",
       expected={"one layer without them, over the average network": (1.25, 1.8),
                 "one layer with the 23, over the average network": (0.85, 1.25),
                 "and with temp² too": (0.8, 1.05),
                 "mean of the ten forecasts, over the average network": (0.85, 0.98)},
       seconds=5)
def network_needed() -> Finding:
    """Ten networks of one hidden layer with 128 units, at the best of five learning rates, chosen on July and August;
    and one layer, by the formula, without and with 23 columns that a person makes, hour times working day, and temp².
    All by their test RMSE, September to December."""
    layers, y = _single_layers(), raw_hours().test.y
    forecasts, _ = ten_forecasts(encoded(raw_hours()))
    networks = torch.tensor([rmse(forecast, y) for forecast in forecasts])
    together = rmse(forecasts.mean(0), y)
    without, with_hours, with_heat = layers.values()

    def draw() -> "Axes":
        ax = plot_spread({"10 networks": networks}, ylabel="test RMSE (rentals)",
                         title=titled("Columns made by hand close the gap to the network"))
        for place, height in enumerate((together, *layers.values()), start=1):
            colour = BLUE if place == 1 else ORANGE
            ax.plot(place, height, "D" if place == 1 else "s", color=colour, markersize=8)
            ax.text(place, height + 4, f"{height:.0f}", ha="center")
        names = ["10 networks", "their mean\nforecast", "one layer,\none-hot hours", "… and hour ×\nworking day",
                 "… and temp²"]
        ax.set(xlim=(-0.5, 4.5), ylim=(min(*layers.values(), together) - 12, without + 12), xticks=range(5),
               xticklabels=names)
        return describe(ax, f"Test RMSE. Ten networks: mean {networks.mean():.1f}, from {networks.min():.1f} to "
                            f"{networks.max():.1f}; their mean forecast {together:.1f}. One layer: {without:.1f} with "
                            f"one-hot hours, {with_hours:.1f} with the interaction, {with_heat:.1f} with temp² too.")

    average = networks.mean().item()
    return Finding({"one layer without them, over the average network": without / average,
                    "one layer with the 23, over the average network": with_hours / average,
                    "and with temp² too": with_heat / average,
                    "mean of the ten forecasts, over the average network": together / average}, draw)


@study(claim="A random split is fine", kind="false",
       verdict="false for a forecast, where the world changes in ways your columns do not tell",
       evidence="On rows drawn at random the networks' error is smaller by a third or more in the real records, one "
                "layer's by about a fifth. In the simulated city most of the difference is that the rows are easier.",
       expected={"networks: error smaller on random rows by (%)": (15, 50),
                 "one layer: smaller by (%)": (12, 28),
                 "networks gain more than the layer by (points)": (-4, 30)}, seconds=8)
def random_split() -> Finding:
    """The two years are shuffled, then cut into parts of the same sizes. Ten networks on each split, at the best of
    five rates of its own, chosen on its own validation rows; and one layer with one-hot hours."""
    later, drawn = (raw_hours(ordered) for ordered in (True, False))
    errors = {name: [rmse(forecast, data.test.y) for forecast in ten_forecasts(encoded(data))[0]]
              for name, data in (("later months", later), ("rows drawn at random", drawn))}
    means = [sum(values) / len(values) for values in errors.values()]
    layers = [rmse(one_layer(encoded(data))(encoded(data).test), data.test.y.double()) for data in (later, drawn)]
    gain, layer_gain = (100 * (1 - second / first) for first, second in (means, layers))
    truth = [rmse(expected_bike_demand(data.test.X), data.test.y) for data in (later, drawn)] if is_simulated() else []

    def draw() -> "Axes":
        ax = plot_spread(errors, ylabel="test RMSE (rentals)",
                         title=titled(f"The error looks {gain:.0f} % smaller on a random split"))
        for place, height in enumerate(truth):
            ax.hlines(height, place - 0.3, place + 0.5, color=GREY, linestyle=":")
            ax.text(place + 0.5, height, "the truth's own", va="center")
        return ax

    return Finding({"networks: error smaller on random rows by (%)": gain, "one layer: smaller by (%)": layer_gain,
                    "networks gain more than the layer by (points)": gain - layer_gain}, draw)


@study(claim="Linear regression suits demand", kind="when",
       verdict="depends on the columns and the scale of the target",
       evidence="On the 12 columns as published one layer misses by more than a table of 48 means. With one-hot hours, "
                "the interaction and a log target it misses by half as much. The logarithm alone makes it worse.",
       expected={"12 columns, rentals, over the table": (1.05, 1.5), "12 columns, log, over the table": (1.1, 1.9),
                 "49 columns, rentals, over the table": (0.85, 1.05), "49 columns, log, over the table": (0.75, 0.95),
                 "72 columns, rentals, over the table": (0.65, 0.9), "72 columns, log, over the table": (0.45, 0.65)},
       seconds=2)
def suits_demand() -> Finding:
    """One layer by the formula of least squares, on three sets of columns, for rentals and for log(1 + rentals), beside
    the mean of each hour and kind of day, by test RMSE."""
    raw, coded = raw_hours(), encoded(raw_hours())
    y = raw.test.y.double()
    errors = {f"{data.train.X.shape[1]} columns, {scale}": rmse(one_layer(data, scale == "log")(data.test), y)
              for data in (raw, coded, crossed(coded)) for scale in ("rentals", "log")}
    table = rmse(table_of_means(raw)(raw.test), raw.test.y)

    def draw() -> "Axes":
        ax = new_axes()
        for place, (name, error) in enumerate(errors.items()):
            ax.plot(error, place, "o", color=ORANGE if name.endswith("log") else BLUE, markersize=9)
            ax.text(error + 4, place, f"{error:.0f}", va="center")
        ax.axvline(table, color=GREY, linestyle="--")
        ax.text(table + 2, 5.4, "table of 48 means", va="center")
        ax.set(yticks=range(6), yticklabels=list(errors), xlabel="test RMSE (rentals)", ylim=(-0.6, 5.8),
               title=titled("One and the same layer: its columns and its target decide"))
        return describe(ax, "Test RMSE of one layer. " + "; ".join(f"{k}: {v:.0f}" for k, v in errors.items())
                        + f". A table of 48 means: {table:.0f}.")

    return Finding({f"{name}, over the table": error / table for name, error in errors.items()}, draw)


@study(claim="Fit the logarithm, turn it back, and you have the mean", kind="false",
       verdict="false: about the median",
       evidence="Of the hours that the layer was fitted to, 50 to 60 % lie above its forecast, and its forecasts add "
                "up to 1.5 to 9 % less than what was counted. Fitted to rentals they add up.",
       expected={"fitted to rentals: forecast over counted (%)": (99.99, 100.01),
                 "fitted to the log: forecast over counted (%)": (91, 98.5),
                 "fitted to the log: hours above the forecast (%)": (50, 60)}, seconds=1)
def log_target() -> Finding:
    """One layer with the interaction, fitted to rentals and to log(1 + rentals), on the hours it was fitted to."""
    data = crossed(encoded(raw_hours()))
    y = data.train.y.double()
    plain, logged = (one_layer(data, log, clip=False)(data.train) for log in (False, True))
    return Finding({"fitted to rentals: forecast over counted (%)": 100 * (plain.sum() / y.sum()).item(),
                    "fitted to the log: forecast over counted (%)": 100 * (logged.sum() / y.sum()).item(),
                    "fitted to the log: hours above the forecast (%)": 100 * (y > logged).double().mean().item()})


@study(claim="Minimising the MSE minimises the variance of the residuals", kind="when",
       verdict="true with a bias, false without",
       evidence="MSE = variance + mean². With a bias the mean of the training residuals is 0. Without one the variance "
                "is larger in each of twenty draws, by 0.5 to 7.5 %, and more than half of the MSE is mean².",
       expected={"with a bias: mean², largest share of the MSE (%)": (0, 1e-6),
                 "without: mean², smallest share (%)": (50, 100),
                 "without: variance larger, smallest (%)": (0.3, 7.5), "without: variance larger, largest (%)": (1, 9)},
       seconds=1)
def least_variance(draws: int = 20) -> Finding:
    """Twenty draws of 500 training hours, 11 standardised columns, one layer with a bias and one without."""
    columns = [i for i, name in enumerate(raw_hours().feature_names) if name != "atemp"]
    data = standardize(raw_hours().map(lambda X: X[:, columns]))
    X, y = data.train.X.double(), data.train.y.double()
    shares: dict[str, list[float]] = {"with a bias": [], "without": []}
    excess = []
    for seed in range(draws):
        rows = torch.randperm(len(X), generator=torch.Generator().manual_seed(seed))[:500]
        variances = []
        for name, inputs in (("with a bias", with_ones(X[rows])), ("without", X[rows])):
            left = y[rows] - inputs @ torch.linalg.lstsq(inputs, y[rows, None], driver="gelsd").solution[:, 0]
            shares[name].append(100 * (left.mean() ** 2 / left.square().mean()).item())
            variances.append(left.var(correction=0).item())
        excess.append(100 * (variances[1] / variances[0] - 1))
    return Finding({"with a bias: mean², largest share of the MSE (%)": max(shares["with a bias"]),
                    "without: mean², smallest share (%)": min(shares["without"]),
                    "without: variance larger, smallest (%)": min(excess),
                    "without: variance larger, largest (%)": max(excess)},
                   lambda: plot_spread(shares, ylabel="mean² as a share of the MSE (%)",
                                       title=titled("With a bias, the MSE is all variance")))


@study(claim="Linear regression is the simplest neural network", kind="true", verdict="true",
       evidence="One `nn.Linear`, trained by L-BFGS with the strong-Wolfe line search, and the formula of least "
                "squares agree in all 12 numbers, to the eighth decimal.",
       expected={"largest difference of 12 numbers": (0, 1e-8), "gradients asked for": (5, 500)}, seconds=2)
def simplest_network() -> Finding:
    """11 standardised columns without the felt temperature, which repeats the temperature, in 64-bit floats. L-BFGS
    asks for the loss again wherever its line search looks; with its default, a fixed step, it looks nowhere."""
    columns = [i for i, name in enumerate(raw_hours().feature_names) if name != "atemp"]
    data = standardize(raw_hours().map(lambda X: X[:, columns]))
    X, y = data.train.X.double(), data.train.y.double()
    formula = torch.linalg.lstsq(with_ones(X), y[:, None]).solution[:, 0]
    layer = nn.Linear(11, 1).double()
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=500, tolerance_grad=1e-10, tolerance_change=0,
                                  history_size=20, line_search_fn="strong_wolfe")
    asked = 0

    def closure() -> Tensor:
        nonlocal asked
        asked += 1
        optimizer.zero_grad()
        loss = F.mse_loss(layer(X).squeeze(1), y)
        loss.backward()
        return loss

    for _ in range(3):                                        # once more from where its line search gave up
        optimizer.step(closure)
    found = torch.cat([layer.weight[0], layer.bias]).detach()
    return Finding({"largest difference of 12 numbers": (found - formula).abs().max().item(),
                    "gradients asked for": asked})
