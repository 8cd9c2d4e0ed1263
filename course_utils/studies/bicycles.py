"""The bicycles of lesson 07 as its studies use them: the city, columns made by hand, the single layer, the networks."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.data import Data, Examples, one_hot, standardize
from course_utils.datasets import load_bike_demand, simulate_bike_demand
from course_utils.download import DataUnavailable, fetch
from course_utils.models import MLP
from course_utils.sweep import Runs, sweep

RATES = (0.001, 0.003, 0.01, 0.03, 0.1)
WORKING, OFF = 1, 0


@lru_cache(maxsize=1)
def the_city() -> Callable[..., Data]:
    """The loader that works here: of the real records, or of the simulated city where they cannot be had."""
    try:
        fetch("bike_sharing")
    except DataUnavailable:
        return simulate_bike_demand
    return load_bike_demand


def is_simulated() -> bool:
    return the_city() is simulate_bike_demand


def titled(text: str) -> str:
    """The title of a picture, which says where it shows no real city."""
    return f"{text} (simulated)" if is_simulated() else text


@lru_cache(maxsize=2)
def raw_hours(ordered: bool = True) -> Data:
    """The 12 columns as published, without the two that add up to the answer; `ordered=False` draws parts at random."""
    return the_city()(leaks=False, ordered=ordered)


def column(data: Data, part: Examples, name: str) -> Tensor:
    """One column of `part`, shape (n,), by its name in `data`."""
    return part.X[:, data.feature_names.index(name)]


def encoded(data: Data) -> Data:
    """The columns that a layer can use: 0/1 columns for hour, month, weekday and weather, 49 in all.

    The season goes, since the month says it; the hours of thunderstorm, three in the real records, count as rain.
    """
    sky = data.feature_names.index("weathersit")
    kept = [i for i, name in enumerate(data.feature_names) if name != "season"]

    def fewer(X: Tensor) -> Tensor:
        X = X.clone()
        X[:, sky] = X[:, sky].clamp(max=3)
        return X[:, kept]

    data = replace(data.map(fewer), feature_names=tuple(data.feature_names[i] for i in kept))
    return one_hot(data, "mnth", "hr", "weekday", "weathersit", drop_first=True)


def hour_columns(data: Data) -> list[int]:
    """The places of the 23 columns `hr=1` to `hr=23` of encoded data."""
    return [i for i, name in enumerate(data.feature_names) if name.startswith("hr=")]


def with_ones(X: Tensor) -> Tensor:
    """X (n, m) in float64 with a column of ones at the end: its weight is the bias, shape (n, m + 1)."""
    return torch.cat([X.double(), torch.ones(len(X), 1, dtype=torch.float64)], dim=1)


def one_layer(data: Data, log: bool = True, clip: bool = True) -> Callable[[Examples], Tensor]:
    """The best single layer on `data`, by the formula of least squares: a function from examples to rentals (n,).

    With `log` it is fitted to log(1 + rentals), and its outputs are turned back. With `clip` none is below 0: nobody
    rents −3 bicycles.
    """
    target = data.train.y.double().log1p() if log else data.train.y.double()
    weights = torch.linalg.lstsq(with_ones(data.train.X), target[:, None], driver="gelsd").solution[:, 0]

    def forecast(part: Examples) -> Tensor:
        fitted = with_ones(part.X) @ weights
        rentals = fitted.expm1() if log else fitted
        return rentals.clamp(min=0) if clip else rentals

    return forecast


def crossed(data: Data, *, heat: bool = False) -> Data:
    """Encoded data with each hour times the working day; with `heat` the square of the temperature too."""
    hours, names = hour_columns(data), data.feature_names
    working, temp = names.index("workingday"), names.index("temp")

    def more(X: Tensor) -> Tensor:
        made = [X, X[:, hours] * X[:, [working]]] + ([X[:, [temp]] ** 2] if heat else [])
        return torch.cat(made, dim=1)

    return data.map(more)


class Prepared(NamedTuple):
    """Data for a network: scaled columns, scaled log target, and the way `back` from outputs to rentals."""

    data: Data
    back: Callable[[Tensor], Tensor]


def prepared(data: Data) -> Prepared:
    """Columns and log(1 + rentals) with mean 0 and standard deviation 1 over the train rows."""
    logs = data.train.y.log1p()
    mean, sd = logs.mean(), logs.std()

    def target(part: Examples) -> Examples:
        return Examples(part.X, (part.y.log1p() - mean) / sd)

    scaled = standardize(data)
    scaled = replace(scaled, train=target(scaled.train), valid=target(scaled.valid), test=target(scaled.test))
    return Prepared(scaled, lambda outputs: (outputs * sd + mean).expm1().clamp(min=0))


def networks(data: Data, widths: tuple[int, ...], rates: tuple[float, ...], seeds: int, epochs: int = 10) -> Runs:
    """Networks of one hidden layer on prepared data: each width, each learning rate of Adam, each seed."""

    def network(width: int) -> nn.Module:
        return MLP(len(data.feature_names), 1, hidden=(width,))

    at_a_time = max(1, 6 // (len(widths) * len(rates)))         # seeds; a step of 15 networks takes 50 MB
    return Runs(run for first in range(0, seeds, at_a_time) for run in sweep(
        network, data, F.mse_loss, optimizer=torch.optim.Adam, width=list(widths), lr=list(rates), batch_size=512,
        epochs=[epochs], seeds=range(first, min(first + at_a_time, seeds))))


def ten_forecasts(data: Data, width: int = 128) -> tuple[Tensor, float]:
    """Rentals of the test rows by ten networks, (10, n), and their rate: the best of five on valid, by three seeds."""
    ready, back = prepared(data)
    rate = networks(ready, (width,), RATES, seeds=3).at_best("lr")[0]["lr"]
    runs = networks(ready, (width,), (rate,), seeds=10)
    with torch.no_grad():
        return torch.stack([back(run.model(ready.test.X)) for run in runs]), rate


def by_hour(rentals: Tensor, data: Data, part: Examples, working: int) -> Tensor:
    """Mean rentals of each hour of the day, (24,), over the working days (1) or the days off (0) in `part`."""
    hour, kind = column(data, part, "hr"), column(data, part, "workingday")
    return torch.stack([rentals[(hour == h) & (kind == working)].mean() for h in range(24)])


def table_of_means(data: Data) -> Callable[[Examples], Tensor]:
    """What needs no model: the mean of each hour and kind of day, 48 in all, looked up for any examples, (n,)."""
    means = torch.stack([by_hour(data.train.y, data, data.train, kind) for kind in (OFF, WORKING)])

    def look_up(part: Examples) -> Tensor:
        return means[column(data, part, "workingday").long(), column(data, part, "hr").long()]

    return look_up


def is_morning(data: Data, part: Examples) -> Tensor:
    """Which rows of `part` are 8 o'clock on a working day, bool (n,)."""
    return (column(data, part, "hr") == 8) & (column(data, part, "workingday") == WORKING)
