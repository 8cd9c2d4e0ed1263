"""The data sets of the course, each as `Data`: whole tensors in memory, split into train, valid and test.

Origin, licence and SHA-256 of every file: data/README.md.
"""

import csv
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from course_utils.data import Data, Examples, split, take
from course_utils.download import DataUnavailable, fetch  # noqa: F401  (lessons take the first from here)

if TYPE_CHECKING:
    import numpy as np
    from numpy.random import Generator
    from pandas import DataFrame, DatetimeIndex

BIKE_COLUMNS = (
    "season", "yr", "mnth", "hr", "holiday", "weekday", "workingday", "weathersit", "temp", "atemp", "hum", "windspeed"
)
BIKE_LEAKS = ("casual", "registered")               # they add up to the target, so nobody has them beforehand


def load_orings(*, root: str | Path | None = None) -> Data:
    """23 flights: X (23, 1) the temperature at launch in °F, y (23,) 1.0 if a seal was damaged and 0.0 if not.

    `root` is looked at before the other folders. Raises DataUnavailable if orings.csv is damaged everywhere.
    """
    path = fetch("orings", root) / "orings.csv"
    with path.open(newline="", encoding="ascii") as file:
        header, *rows = csv.reader(file)
    table = torch.tensor([[float(value) for value in row] for row in rows])
    return Data(
        Examples(table[:, :1].contiguous(), table[:, 1].contiguous()), feature_names=(header[0],),
        class_names=("no damage", "damage"), name="orings", description="Temperature and seal damage of 23 flights",
    )


def survey_csv(*, root: str | Path | None = None) -> Path:
    """Where survey.csv lies: 944 answers of the American National Election Study 1996, as untidy as tables come.

    Read it as you would your own, `pandas.read_csv(survey_csv())`. data/README.md says what the columns hold and what
    was done to them. Raises DataUnavailable if it is damaged everywhere.
    """
    return fetch("survey", root) / "survey.csv"


def load_digits(*, valid_size: float = 0.25, test_size: float = 0.0, seed: int = 0) -> Data:
    """1797 handwritten digits: X (n, 64) float32, 8 × 8 pixels from 0 to 1, y (n,) int64.

    They and the next three are scikit-learn's, in files of ours: scikit-learn itself takes longer to load than torch.
    Each raises DataUnavailable if its file is damaged everywhere.
    """
    import numpy as np

    with np.load(fetch("digits") / "digits.npz", allow_pickle=False) as file:
        X, y = torch.from_numpy(file["pixels"]) / 16, torch.from_numpy(file["digit"]).long()
    names = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))
    return _divided(X, y, names, tuple("0123456789"), "digits", valid_size, test_size, seed)


def load_breast_cancer(*, valid_size: float = 0.25, test_size: float = 0.0, seed: int = 0) -> Data:
    """569 tumours: X (n, 30) float32, measures of cell nuclei in their own units, y (n,) float32, 1.0 is benign."""
    X, y, names = _table("breast_cancer", classes := ("malignant", "benign"))
    return _divided(X, y.float(), names, classes, "breast cancer", valid_size, test_size, seed)


def load_iris(*, valid_size: float = 0.25, test_size: float = 0.0, seed: int = 0) -> Data:
    """150 irises of three kinds: X (n, 4) float32, leaf lengths and widths in cm, y (n,) int64."""
    X, y, names = _table("iris", classes := ("setosa", "versicolor", "virginica"))
    return _divided(X, y, names, classes, "iris", valid_size, test_size, seed)


def load_wine(*, valid_size: float = 0.25, test_size: float = 0.0, seed: int = 0) -> Data:
    """178 wines from three growers: X (n, 13) float32, chemical measures in their own units, y (n,) int64."""
    X, y, names = _table("wine", classes := ("class_0", "class_1", "class_2"))
    return _divided(X, y, names, classes, "wine", valid_size, test_size, seed)


def _table(name: str, classes: tuple[str, ...]) -> tuple[Tensor, Tensor, tuple[str, ...]]:
    """X (n, columns) float32, y (n,) int64 and the columns' names, of a file whose last column names the class."""
    with (fetch(name) / f"{name}.csv").open(newline="", encoding="ascii") as file:
        header, *rows = csv.reader(file)
    X = torch.tensor([[float(value) for value in row[:-1]] for row in rows])
    return X, torch.tensor([classes.index(row[-1]) for row in rows]), tuple(header[:-1])


def _divided(
    X: Tensor, y: Tensor, feature_names: tuple[str, ...], class_names: tuple[str, ...], name: str,
    valid_size: float, test_size: float, seed: int,
) -> Data:
    data = split(X, y, valid_size=valid_size, test_size=test_size, seed=seed)
    return replace(data, feature_names=feature_names, class_names=class_names, name=name,
                   description=f"scikit-learn's {name} data")


def load_mnist(
    *, n_train: int | None = None, valid_size: int = 0, root: str | Path | None = None, download: bool = True,
    retry: bool = False, seed: int = 0,
) -> Data:
    """MNIST in its official split of 60 000 and 10 000 images: X (n, 28, 28) uint8, y (n,) int64.

    `valid_size` takes the last so many training images as valid; `n_train` keeps that many of the others, drawn with
    `seed`. `root` is looked at before the other folders; torchvision's layout is expected there. Raises ValueError for
    impossible numbers, and DataUnavailable; after a failed download only `retry=True` asks the network again.
    """
    if not isinstance(valid_size, int) or not 0 <= valid_size < 60_000:
        raise ValueError(f"valid_size={valid_size}: give a number of images, from 0 to 59 999.")
    left = 60_000 - valid_size
    if n_train is not None and (not isinstance(n_train, int) or not 1 <= n_train <= left):
        raise ValueError(f"n_train={n_train}: give a number of images, from 1 to {left}.")
    raw = fetch("mnist", root, download=download, retry=retry) / "MNIST" / "raw"
    official, test = (
        Examples(_idx(raw / f"{part}-images-idx3-ubyte", n, 28, 28), _idx(raw / f"{part}-labels-idx1-ubyte", n).long())
        for part, n in (("train", 60_000), ("t10k", 10_000))
    )
    train = Examples(official.X[:left], official.y[:left])
    valid = Examples(official.X[left:], official.y[left:]) if valid_size else None
    if n_train is not None:
        chosen = torch.randperm(left, generator=torch.Generator().manual_seed(seed))[:n_train]
        train = take(train, chosen)
    return Data(
        train, valid, test, class_names=tuple("0123456789"), name="MNIST",
        description="Handwritten digits, 28 × 28 grey values from 0 to 255",
    )


def _idx(path: Path, *shape: int) -> Tensor:
    """The bytes of an IDX file as uint8 of `shape`. Before them stand 4 bytes, and 4 for each size."""
    import numpy as np

    return torch.from_numpy(np.fromfile(path, np.uint8, offset=4 + 4 * len(shape))).view(shape)


def bike_table(*, root: str | Path | None = None, download: bool = True, retry: bool = False) -> "DataFrame":
    """The hourly bike rentals as published: a pandas DataFrame of 17 379 rows, `dteday` as a date.

    165 hours of the two years are missing. Raises DataUnavailable.
    """
    import pandas as pd

    path = fetch("bike_sharing", root, download=download, retry=retry) / "bike_sharing" / "hour.csv"
    return pd.read_csv(path, parse_dates=["dteday"])


def load_bike_demand(
    *, leaks: bool = True, ordered: bool = True, root: str | Path | None = None, download: bool = True,
    retry: bool = False, seed: int = 0,
) -> Data:
    """Hourly bike rentals of Washington, D.C., in 2011 and 2012: X (n, 14) float32, y (n,) float32 rentals an hour.

    The columns are those of the published file, `casual` and `registered` among them, which add up to y: finding
    that is part of the lesson, and `leaks=False` leaves them out (12 columns). Train is Jan 2011–Jun 2012 (13 003
    hours), valid Jul–Aug 2012 (1488), test Sep–Dec 2012 (2888), each in order of time. `ordered=False` draws parts
    of the same sizes at random with `seed`, which flatters every model. Raises DataUnavailable.
    """
    import numpy as np

    path = fetch("bike_sharing", root, download=download, retry=retry) / "bike_sharing" / "hour.csv"
    with path.open(newline="", encoding="ascii") as file:       # pandas would take longer to load than this to read
        header, *rows = csv.reader(file)
    table = {name: np.array(column) for name, column in zip(header, zip(*rows, strict=True), strict=True)}
    description = "Hourly bike rentals in Washington, D.C., 2011 and 2012 (Fanaee-T and Gama, 2013)"
    return _bike_data(table, leaks, ordered, seed, "bike demand", description)


def _bike_data(
    table: "dict[str, np.ndarray]", leaks: bool, ordered: bool, seed: int, name: str, description: str
) -> Data:
    """`table` holds the columns of hour.csv by name; numbers may be texts, and days are, as 2011-01-01."""
    columns = BIKE_COLUMNS + (BIKE_LEAKS if leaks else ())
    *inputs, y = (torch.from_numpy(table[column].astype("float32")) for column in (*columns, "cnt"))
    X = torch.stack(inputs, dim=1)
    n_train = int((table["dteday"] < "2012-07-01").sum())
    n_valid = int((table["dteday"] < "2012-09-01").sum()) - n_train
    n = len(y)
    rows = torch.arange(n) if ordered else torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    train, valid, test = (take(Examples(X, y), part) for part in rows.split([n_train, n_valid, n - n_train - n_valid]))
    return Data(train, valid, test, feature_names=columns, name=name, description=description)


def simulate_bike_demand(seed: int = 0, *, leaks: bool = True, ordered: bool = True) -> Data:
    """A simulated city with the columns, shapes, parts and row counts of `load_bike_demand`.

    Its noise is known: y is a Poisson count whose mean is `expected_bike_demand(X)` times a Gamma factor of mean 1
    and standard deviation `BIKE_NOISE`. Not even the true mean predicts y better than
    `rmse(expected_bike_demand(X), y)`; `description` gives the number for the test part.
    """
    table = _simulated_table(seed)
    mean = torch.tensor(table["mean"].to_numpy(dtype="float64"))
    last = torch.tensor((table["dteday"] >= "2012-09-01").to_numpy())
    floor = (mean + (BIKE_NOISE * mean) ** 2)[last].mean().sqrt().item()
    description = f"Simulated: no real city. No model can expect a test RMSE below {floor:.1f} rentals an hour"
    columns = {name: values.to_numpy() for name, values in table.items()}
    columns["dteday"] = columns["dteday"].astype("datetime64[D]").astype(str)
    return _bike_data(columns, leaks, ordered, seed, "simulated bike demand", description)


BIKE_NOISE = 0.2
_COMMUTE = (.1, .05, .03, .02, .02, .1, .5, 1.5, 2.4, 1.2, .7, .8, 1., 1., .9, 1., 1.5, 2.6, 2.4, 1.7, 1.2, .9, .7, .4)
_LEISURE = (.5, .4, .3, .1, .05, .05, .1, .2, .5, .9, 1.3, 1.6, 1.9, 1.9, 1.9, 1.8, 1.8, 1.7, 1.4, 1.2, .9, .7, .6, .4)


def expected_bike_demand(X: Tensor) -> Tensor:
    """The true mean (n,) of the simulated city's rentals an hour, from its raw columns X (n, 12 or 14).

    Level × growth from the first year to the second × the hour's share, which differs between working days and
    others × a hump over temperature × what rain and humid air leave of it.
    """
    column = dict(zip(BIKE_COLUMNS, X.double().unbind(1), strict=False))
    hour, working = column["hr"].long(), column["workingday"] > 0
    profile = torch.where(working, X.new_tensor(_COMMUTE).double()[hour], X.new_tensor(_LEISURE).double()[hour])
    warmth = (-(((column["temp"] - 0.7) / 0.4) ** 2)).exp()
    weather = X.new_tensor([0.0, 1.0, 0.9, 0.5, 0.3]).double()[column["weathersit"].long()]
    return 240 * (1 + 0.6 * column["yr"]) * profile * warmth * weather * (1.15 - 0.3 * column["hum"])


def _simulated_table(seed: int) -> "DataFrame":
    """The simulated city in the published layout, with its true mean: a pandas DataFrame."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    hours = pd.date_range("2011-01-01", "2012-12-31 23:00", freq="h")
    day, weekday = hours.month * 100 + hours.day, (hours.day_of_week + 1) % 7       # Sunday is 0, as published
    holiday = np.isin(day, [101, 115, 220, 416, 528, 704, 903, 1111, 1122, 1225])
    table = pd.DataFrame({
        "dteday": hours.normalize(),
        "season": np.select([day < 321, day < 621, day < 923, day < 1221], [1, 2, 3, 4], 1),
        "yr": hours.year - 2011, "mnth": hours.month, "hr": hours.hour,
        "holiday": holiday.astype(int), "weekday": weekday,
        "workingday": (~holiday & (weekday > 0) & (weekday < 6)).astype(int),
        **_simulated_weather(hours, rng),
    })
    missing = []                                    # as many hours as the published file lacks, part by part
    for begin, end, n in (("2011-01-01", "2012-07-01", 125), ("2012-09-01", "2013-01-01", 40)):
        missing.append(rng.choice(np.flatnonzero((hours >= begin) & (hours < end)), n, replace=False))
    table = table.drop(np.concatenate(missing)).reset_index(drop=True)

    table["mean"] = expected_bike_demand(torch.tensor(table[list(BIKE_COLUMNS)].to_numpy(dtype="float32"))).numpy()
    shape = 1 / BIKE_NOISE**2
    table["cnt"] = rng.poisson(table["mean"] * rng.gamma(shape, 1 / shape, len(table)))
    table["casual"] = rng.binomial(table["cnt"], np.where(table["workingday"] > 0, 0.14, 0.25))
    table["registered"] = table["cnt"] - table["casual"]
    return table


def _simulated_weather(hours: "DatetimeIndex", rng: "Generator") -> dict:
    """Columns of weather in the published units: temperatures, humidity and wind each as a share of a maximum."""
    import numpy as np
    import pandas as pd

    def spells(half_life: float) -> np.ndarray:  # a random walk pulled back to 0, of standard deviation about 1
        walk = pd.Series(rng.normal(size=len(hours))).ewm(halflife=half_life).mean().to_numpy()
        return walk / walk.std()

    of_year, of_day = 2 * np.pi * hours.day_of_year.to_numpy() / 365.25, 2 * np.pi * hours.hour.to_numpy() / 24
    wet = spells(8)
    temp = 0.5 - 0.26 * np.cos(of_year - 0.35) - 0.06 * np.cos(of_day - 0.8) + 0.06 * spells(36)
    return {
        "weathersit": np.select([wet > 3.6, wet > 1.4, wet > 0.4], [4, 3, 2], 1),
        "temp": temp.clip(0.02, 1),
        "atemp": (0.05 + 0.87 * temp + rng.normal(0, 0.01, len(hours))).clip(0, 1),
        "hum": (0.63 + 0.15 * wet + 0.05 * np.cos(of_day)).clip(0.1, 1),
        "windspeed": rng.gamma(2.5, 0.076, len(hours)).clip(0, 1),
    }


def with_noisy_labels(examples: Examples, share: float, n_classes: int, seed: int = 0) -> Examples:
    """The examples with `share` of their labels re-drawn uniformly from 0 … n_classes-1, the right one included.

    So of 10 classes and a share of 0.2 about 18 % of the labels are really wrong. Their number is rounded to the
    nearest; which ones, and what they become, depends on `seed`. Raises ValueError for a share outside 0 … 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share={share}: give a part of the labels, from 0 to 1.")
    generator = torch.Generator().manual_seed(seed)
    n = round(share * len(examples.y))
    chosen = torch.randperm(len(examples.y), generator=generator)[:n]
    y = examples.y.clone()
    y[chosen.to(y.device)] = torch.randint(n_classes, (n,), generator=generator).to(y)
    return Examples(examples.X, y)
