"""Every data set against an independent reading of the same bytes."""

import builtins
import math
import os
import shutil
import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sklearn.datasets
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from course_utils import datasets
from course_utils.data import Examples, one_hot
from course_utils.datasets import BIKE_NOISE, DataUnavailable, expected_bike_demand
from course_utils.download import places

REAL = Path(os.environ.get("COURSE_DATA") or Path(__file__).parents[1] / "data")
needs_mnist = pytest.mark.skipif(not (REAL / "MNIST" / "raw").is_dir(), reason="MNIST is not in $COURSE_DATA or data/")
needs_bikes = pytest.mark.skipif(
    not (REAL / "bike_sharing" / "hour.csv").is_file(), reason="hour.csv is not in $COURSE_DATA or data/"
)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    monkeypatch.setenv("COURSE_OFFLINE", "1")


@pytest.fixture
def empty_cache(tmp_path, monkeypatch) -> Path:
    """No data folder but a cache of the test's own."""
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.setattr(places, "checkout_data", lambda: None)
    monkeypatch.setattr(places, "user_cache", lambda: tmp_path / "cache")
    return tmp_path / "cache"


# ---- the small sets ----


def test_the_23_flights_give_the_published_fit():
    data = datasets.load_orings()
    assert data.train.X.shape == (23, 1) and data.train.y.shape == (23,) and data.train.X.dtype == torch.float32
    assert data.train.y.sum() == 7 and data.train.X.min() == 53 and data.train.X.max() == 81
    fit = LogisticRegression(C=1e9, tol=1e-10, max_iter=10_000).fit(data.train.X.numpy(), data.train.y.numpy())
    assert fit.coef_[0, 0] == pytest.approx(-0.23216, abs=1e-4)
    assert fit.intercept_[0] == pytest.approx(15.0429, abs=1e-2)
    assert data.feature_names == ("temperature",) and data.class_names == ("no damage", "damage")


def test_digits_are_those_of_scikit_learn_and_its_split():
    X, y = sklearn.datasets.load_digits(return_X_y=True)
    X_train, X_valid, y_train, y_valid = train_test_split(X / 16, y, test_size=0.25, stratify=y, random_state=0)
    data = datasets.load_digits()
    assert (len(data.train.y), len(data.valid.y), data.test) == (1347, 450, None)
    assert np.array_equal(data.train.X.numpy(), X_train.astype("float32")) and data.train.y.tolist() == y_train.tolist()
    assert np.array_equal(data.valid.X.numpy(), X_valid.astype("float32")) and data.valid.y.tolist() == y_valid.tolist()
    assert data.train.X.max() == 1 and data.train.y.dtype == torch.int64 and data.class_names == tuple("0123456789")


@pytest.mark.parametrize(("name", "dtype"), [
    ("breast_cancer", torch.float32), ("iris", torch.int64), ("wine", torch.int64)
])
def test_the_other_small_sets_are_those_of_scikit_learn(name, dtype):
    bunch = getattr(sklearn.datasets, f"load_{name}")()
    data = getattr(datasets, f"load_{name}")(valid_size=0)
    assert np.array_equal(data.train.X.numpy(), bunch.data.astype("float32")) and data.valid is None
    assert data.train.y.dtype == dtype and data.train.y.tolist() == bunch.target.tolist()
    assert data.feature_names == tuple(bunch.feature_names) and data.class_names == tuple(bunch.target_names)
    three = getattr(datasets, f"load_{name}")(valid_size=0.2, test_size=0.2, seed=3)
    assert len(three.train.y) + len(three.valid.y) + len(three.test.y) == len(bunch.target)


@pytest.mark.parametrize("name, sizes", [("digits", (1347, 450)), ("breast_cancer", (426, 143)), ("iris", (112, 38)),
                                         ("wine", (133, 45))])
def test_without_arguments_a_quarter_is_valid_and_the_seed_is_0(name, sizes):
    load, words = getattr(datasets, f"load_{name}"), name.replace("_", " ")
    data, said = load(), load(valid_size=0.25, test_size=0, seed=0)
    assert (len(data.train.y), len(data.valid.y)) == sizes and data.test is None
    assert torch.equal(data.train.X, said.train.X) and not torch.equal(data.train.X, load(seed=1).train.X)
    assert data.name == words and data.description == f"scikit-learn's {words} data"


def test_benign_is_one():
    assert datasets.load_breast_cancer().class_names == ("malignant", "benign")


# ---- MNIST ----


def idx(path: Path) -> np.ndarray:
    """An IDX file, read by its definition: two zero bytes, type 8 (uint8), number of dimensions, sizes, bytes."""
    body = path.read_bytes()
    zero, kind, dims = struct.unpack(">HBB", body[:4])
    assert (zero, kind) == (0, 8)
    shape = struct.unpack(f">{dims}I", body[4 : 4 + 4 * dims])
    return np.frombuffer(body, np.uint8, offset=4 + 4 * dims).reshape(shape)


@needs_mnist
def test_mnist_is_byte_for_byte_what_the_idx_files_say():
    data, raw = datasets.load_mnist(), REAL / "MNIST" / "raw"
    assert data.train.X.dtype == torch.uint8 and data.train.y.dtype == torch.int64 and data.valid is None
    assert np.array_equal(data.train.X.numpy(), idx(raw / "train-images-idx3-ubyte"))
    assert np.array_equal(data.train.y.numpy(), idx(raw / "train-labels-idx1-ubyte"))
    assert np.array_equal(data.test.X.numpy(), idx(raw / "t10k-images-idx3-ubyte"))
    assert np.array_equal(data.test.y.numpy(), idx(raw / "t10k-labels-idx1-ubyte"))


@needs_mnist
def test_mnist_parts():
    whole, cut = datasets.load_mnist(), datasets.load_mnist(valid_size=5000, n_train=1000, seed=4)
    assert torch.equal(cut.valid.X, whole.train.X[-5000:]) and torch.equal(cut.valid.y, whole.train.y[-5000:])
    assert cut.train.X.shape == (1000, 28, 28) and len(cut.test.y) == 10_000
    same, other = (datasets.load_mnist(valid_size=5000, n_train=1000, seed=seed) for seed in (4, 5))
    assert torch.equal(cut.train.X, same.train.X) and not torch.equal(cut.train.y, other.train.y)
    every = datasets.load_mnist(valid_size=59_000, n_train=1000).train        # all that is left, in another order
    assert torch.equal(every.y.bincount(), whole.train.y[:1000].bincount())
    assert torch.equal(every.X.sum(0), whole.train.X[:1000].sum(0))


@pytest.mark.parametrize("arguments, bounds", [
    ({"n_train": 0}, "from 1 to 60000"), ({"n_train": 1.5}, "from 1 to 60000"),
    ({"n_train": 60_001}, "from 1 to 60000"),
    ({"valid_size": 60_000}, "from 0 to 59 999"), ({"valid_size": -1}, "from 0 to 59 999"),
    ({"valid_size": 0.2}, "from 0 to 59 999"), ({"n_train": 58_001, "valid_size": 2000}, "from 1 to 58000"),
])
def test_impossible_numbers_of_images_are_refused_before_anything_is_read(arguments, bounds, empty_cache):
    with pytest.raises(ValueError, match=f"give a number of images, {bounds}"):
        datasets.load_mnist(**arguments)


@pytest.mark.parametrize("arguments", [{"n_train": 1}, {"n_train": 60_000}, {"n_train": 1, "valid_size": 59_999},
                                       {"n_train": 58_000, "valid_size": 2000}])
def test_the_last_possible_numbers_of_images_are_not_refused(arguments, empty_cache):
    with pytest.raises(DataUnavailable):            # so it went on to look for the files
        datasets.load_mnist(**arguments)


@pytest.mark.parametrize("load", [datasets.load_mnist, datasets.bike_table, datasets.load_bike_demand])
def test_what_a_loader_is_told_reaches_the_download(load, monkeypatch):
    told = []

    def fetch(name, root, *, download, retry):
        told.append((root, download, retry))
        raise DataUnavailable("", "", "")

    monkeypatch.setattr(datasets, "fetch", fetch)
    for arguments in ({}, {"root": "mine"}, {"download": False}, {"retry": True}):
        with pytest.raises(DataUnavailable):
            load(**arguments)
    assert told == [(None, True, False), ("mine", True, False), (None, False, False), (None, True, True)]


@needs_mnist
def test_zeroed_labels_are_not_loaded(empty_cache, tmp_path):
    """Readers that test for presence only, as torchvision's does, would take these."""
    raw = tmp_path / "mine" / "MNIST" / "raw"
    shutil.copytree(REAL / "MNIST" / "raw", raw)
    assert len(datasets.load_mnist(root=tmp_path / "mine").train.y) == 60_000
    labels = raw / "train-labels-idx1-ubyte"
    labels.chmod(0o644)
    labels.write_bytes(labels.read_bytes()[:8] + bytes(60_000))
    with pytest.raises(DataUnavailable, match="not the published one"):
        datasets.load_mnist(root=tmp_path / "mine")
    assert labels.read_bytes()[8:] == bytes(60_000)


@needs_mnist
def test_torchvisions_old_processed_files_are_not_read(empty_cache, tmp_path):
    shutil.copytree(REAL / "MNIST" / "raw", tmp_path / "MNIST" / "raw")
    (tmp_path / "MNIST" / "processed").mkdir()
    for name in ("training.pt", "test.pt"):
        torch.save((torch.zeros(3, 28, 28, dtype=torch.uint8), torch.zeros(3)), tmp_path / "MNIST" / "processed" / name)
    assert len(datasets.load_mnist(root=tmp_path).train.y) == 60_000


@needs_mnist
def test_mnist_is_read_where_torchvision_does_not_load(monkeypatch):
    real_import = builtins.__import__

    def broken(name, *arguments, **settings):
        if name.startswith("torchvision"):
            raise RuntimeError("operator torchvision::nms does not exist\nand more")
        return real_import(name, *arguments, **settings)

    monkeypatch.setattr(builtins, "__import__", broken)
    assert len(datasets.load_mnist().test.y) == 10_000


def test_without_network_and_files_mnist_says_so(empty_cache):
    with pytest.raises(DataUnavailable, match="MNIST is not on this computer"):
        datasets.load_mnist()


# ---- bicycles ----


@needs_bikes
def test_bike_parts_are_the_published_hours_in_order_of_time():
    lines = (REAL / "bike_sharing" / "hour.csv").read_text().splitlines()
    header, rows = lines[0].split(","), [line.split(",") for line in lines[1:]]
    data = datasets.load_bike_demand()
    months = [row[1][:7] for row in rows]
    cuts = [0, months.index("2012-07"), months.index("2012-09"), len(rows)]
    assert np.diff(cuts).tolist() == [13003, 1488, 2888]
    chosen = [header.index(name) for name in data.feature_names]
    table = np.array([[float(row[i]) for i in (*chosen, header.index("cnt"))] for row in rows], dtype="float32")
    for part, begin, end in zip((data.train, data.valid, data.test), cuts[:-1], cuts[1:], strict=True):
        assert np.array_equal(part.X.numpy(), table[begin:end, :-1])
        assert np.array_equal(part.y.numpy(), table[begin:end, -1])
    assert data.test.y.mean().item() == pytest.approx(240.2, abs=0.05)


@needs_bikes
def test_casual_and_registered_give_the_answer_away_unless_left_out():
    data, honest = datasets.load_bike_demand(), datasets.load_bike_demand(leaks=False)
    assert data.feature_names[-2:] == ("casual", "registered") and len(honest.feature_names) == 12
    assert torch.equal(data.test.X[:, -2:].sum(1), data.test.y)
    assert torch.equal(data.train.X[:, :12], honest.train.X)


@needs_bikes
def test_the_random_split_has_the_same_sizes_and_mixes_the_years():
    ordered, drawn = datasets.load_bike_demand(), datasets.load_bike_demand(ordered=False, seed=1)
    assert [len(part.y) for part in (drawn.train, drawn.valid, drawn.test)] == [13003, 1488, 2888]
    assert 0.4 < drawn.test.X[:, drawn.feature_names.index("yr")].mean() < 0.6
    for data in (ordered, drawn):
        every = torch.cat([data.train.y, data.valid.y, data.test.y])
        assert every.sum() == 3_292_679                 # the year's rentals, whatever the order
    assert not torch.equal(drawn.test.y, datasets.load_bike_demand(ordered=False, seed=2).test.y)


@needs_bikes
def test_one_hot_bikes_give_the_known_ordinary_least_squares_fit():
    data = datasets.load_bike_demand(leaks=False)
    keep = [i for i, name in enumerate(data.feature_names) if name != "season"]      # the months say it already
    data = datasets.Data(*(Examples(part.X[:, keep], part.y) for part in (data.train, data.valid, data.test)),
                         feature_names=tuple(data.feature_names[i] for i in keep))
    data = one_hot(data, "mnth", "hr", "weekday", "weathersit", drop_first=True)
    assert len(data.feature_names) == 50
    A, B = (np.c_[np.ones(len(part.y)), part.X.double().numpy()] for part in (data.train, data.test))
    weights = np.linalg.lstsq(A, data.train.y.double().numpy(), rcond=None)[0]
    rmse = np.sqrt(np.mean((np.maximum(B @ weights, 0) - data.test.y.numpy()) ** 2))
    assert rmse == pytest.approx(136.07, abs=0.01)


@needs_bikes
def test_both_line_ends_load_alike(empty_cache, tmp_path):
    raw = (REAL / "bike_sharing" / "hour.csv").read_bytes().replace(b"\r\n", b"\n")
    loaded = []
    for i, content in enumerate((raw, raw.replace(b"\n", b"\r\n"))):
        (tmp_path / f"{i}" / "bike_sharing").mkdir(parents=True)
        (tmp_path / f"{i}" / "bike_sharing" / "hour.csv").write_bytes(content)
        loaded.append(datasets.load_bike_demand(root=tmp_path / f"{i}"))
    assert torch.equal(loaded[0].train.X, loaded[1].train.X) and torch.equal(loaded[0].test.y, loaded[1].test.y)


@pytest.fixture(scope="module")
def simulated():
    return datasets.simulate_bike_demand(0)


def test_the_simulated_city_has_the_shape_of_the_real_one(simulated):
    assert [len(part.y) for part in (simulated.train, simulated.valid, simulated.test)] == [13003, 1488, 2888]
    assert simulated.feature_names == datasets.BIKE_COLUMNS + datasets.BIKE_LEAKS
    assert "imulated" in simulated.description and "imulated" in simulated.name
    X = simulated.train.X
    column = dict(zip(simulated.feature_names, X.unbind(1), strict=True))
    for name, low, high in (("season", 1, 4), ("yr", 0, 1), ("mnth", 1, 12), ("hr", 0, 23), ("holiday", 0, 1),
                            ("weekday", 0, 6), ("workingday", 0, 1)):
        assert (column[name].min(), column[name].max()) == (low, high), name
    for name in ("temp", "atemp", "hum", "windspeed"):
        assert 0 <= column[name].min() and column[name].max() <= 1, name
    assert torch.equal(column["casual"] + column["registered"], simulated.train.y)
    off = (column["weekday"] == 0) | (column["weekday"] == 6) | (column["holiday"] == 1)
    assert torch.equal(column["workingday"], (~off).float())
    assert column["weekday"][0] == 6                    # 1 January 2011 was a Saturday


def test_the_simulated_noise_is_what_it_is_said_to_be(simulated):
    for part in (simulated.train, simulated.test):
        mean = expected_bike_demand(part.X)
        spread = (mean + (BIKE_NOISE * mean) ** 2).sqrt()
        z = (part.y - mean) / spread
        assert abs(z.mean()) < 0.08 and z.std().item() == pytest.approx(1, abs=0.06)
        assert torch.equal(mean, expected_bike_demand(part.X[:, :12]))
    floor = (part.y - mean).square().mean().sqrt().item()
    said = float(simulated.description.split("below ")[1].split()[0])
    assert floor == pytest.approx(said, rel=0.08)
    hourly_mean = simulated.test.y.mean()
    assert floor < 0.4 * (simulated.test.y - hourly_mean).square().mean().sqrt()      # there is something to learn


def test_the_floor_that_is_told_is_that_of_the_test_part(simulated):
    mean = expected_bike_demand(simulated.test.X)
    floor = (mean + 0.04 * mean**2).mean().sqrt().item()        # Poisson's variance, and that of the factor
    assert BIKE_NOISE == 0.2 and f"below {floor:.1f} rentals an hour" in simulated.description


def test_expected_demand_is_the_formula_that_is_told(simulated):
    """Written out anew for single hours; the shapes of a day are told by their sums and peaks."""
    commute, leisure = datasets._COMMUTE, datasets._LEISURE
    assert (len(commute), len(leisure)) == (24, 24)
    assert sum(commute) == pytest.approx(22.72) and sum(leisure) == pytest.approx(22.2)
    assert commute[8] == commute[18] == 2.4 and commute[17] == max(commute) and leisure[12:15] == (1.9, 1.9, 1.9)
    rows = torch.cat([part.X for part in (simulated.train, simulated.test)])[::97]
    for row, mean in zip(rows.tolist(), expected_bike_demand(rows).tolist(), strict=True):
        at = dict(zip(simulated.feature_names, row, strict=True))
        share = (commute if at["workingday"] else leisure)[int(at["hr"])]
        warmth = math.exp(-((at["temp"] - 0.7) ** 2) / 0.16)
        weather = {1: 1.0, 2: 0.9, 3: 0.5, 4: 0.3}[at["weathersit"]]
        year = 1.6 if at["yr"] else 1.0
        assert mean == pytest.approx(240 * year * share * warmth * weather * (1.15 - 0.3 * at["hum"]), rel=1e-6)
    storm = rows[:1].clone()
    storm[0, datasets.BIKE_COLUMNS.index("weathersit")] = 4
    clear = storm.clone()
    clear[0, datasets.BIKE_COLUMNS.index("weathersit")] = 1
    assert (expected_bike_demand(storm) / expected_bike_demand(clear)).item() == pytest.approx(0.3)


@pytest.fixture(scope="module")
def table():
    return datasets._simulated_table(0)


def test_the_simulated_calendar(table):
    days, dates = table["dteday"].dt, table["dteday"].dt.strftime("%Y-%m-%d")
    assert (dates.min(), dates.max()) == ("2011-01-01", "2012-12-31") and not table.duplicated(["dteday", "hr"]).any()
    assert (table["yr"] == days.year - 2011).all() and (table["mnth"] == days.month).all()
    assert (table["weekday"] == (days.day_of_week + 1) % 7).all()
    holidays = sorted(set(dates.str[5:][table["holiday"] == 1]))
    assert holidays == ["01-01", "01-15", "02-20", "04-16", "05-28", "07-04", "09-03", "11-11", "11-22", "12-25"]
    for season, begin, end in ((2, "03-21", "06-20"), (3, "06-21", "09-22"), (4, "09-23", "12-20")):
        of_season = dates.str[5:][table["season"] == season]
        assert (of_season.min(), of_season.max()) == (begin, end)
    assert set(dates.str[5:7][table["season"] == 1]) == {"12", "01", "02", "03"}
    for working, share in ((1, 0.14), (0, 0.25)):       # of those who ride without a subscription
        those = table[table["workingday"] == working]
        assert those["casual"].sum() / those["cnt"].sum() == pytest.approx(share, abs=0.002)


def test_the_simulated_weather():
    """The year, the day and the spells in it are found again by least squares and by their shares."""
    hours = pd.date_range("2011-01-01", "2012-12-31 23:00", freq="h")
    weather = datasets._simulated_weather(hours, np.random.default_rng(5))
    of_year, of_day = 2 * np.pi * hours.day_of_year.values / 365.25, 2 * np.pi * hours.hour.values / 24
    waves = np.c_[np.ones(len(hours)), np.cos(of_year), np.sin(of_year), np.cos(of_day), np.sin(of_day)]
    temp = weather["temp"]
    level, *found = np.linalg.lstsq(waves, temp, rcond=None)[0]
    expected = [-0.26 * np.cos(0.35), -0.26 * np.sin(0.35), -0.06 * np.cos(0.8), -0.06 * np.sin(0.8)]
    assert level == pytest.approx(0.5, abs=0.015) and found == pytest.approx(expected, abs=0.015)
    spells = temp - waves @ [level, *found]
    assert spells.std() == pytest.approx(0.06, abs=0.006)
    assert np.corrcoef(spells[:-36], spells[36:])[0, 1] == pytest.approx(0.5, abs=0.1)       # half is gone in 36 hours
    slope, at_zero = np.polyfit(temp, weather["atemp"], 1)
    assert (slope, at_zero) == pytest.approx((0.87, 0.05), abs=0.003)
    assert (weather["atemp"] - slope * temp - at_zero).std() == pytest.approx(0.01, abs=0.001)
    wet = (weather["hum"] - 0.63 - 0.05 * np.cos(of_day)) / 0.15
    seen = (weather["hum"] > 0.1) & (weather["hum"] < 1)
    assert abs(wet[seen].mean()) < 0.1 and wet[seen].std() == pytest.approx(0.97, abs=0.03)     # cut at 1
    assert np.corrcoef(wet[:-8], wet[8:])[0, 1] == pytest.approx(0.5, abs=0.05)
    assert np.array_equal(weather["weathersit"][seen], 1 + (wet[seen] > 0.4) + (wet[seen] > 1.4))
    assert 1 <= (weather["weathersit"] == 4).sum() <= 20            # hours of storm in two years
    wind = weather["windspeed"]
    assert wind.mean() == pytest.approx(0.19, abs=0.005) and wind.std() == pytest.approx(0.12, abs=0.005)
    extreme = [datasets._simulated_weather(hours, np.random.default_rng(seed)) for seed in (0, 4)]
    for name, lowest, highest in (("temp", 0.02, 1.0), ("hum", 0.1, 1.0)):
        assert min(w[name].min() for w in extreme) == lowest and max(w[name].max() for w in extreme) == highest
    assert max(w["windspeed"].max() for w in extreme) == 1.0


def test_the_simulated_city_follows_its_seed(simulated):
    again, other = datasets.simulate_bike_demand(0), datasets.simulate_bike_demand(1, leaks=False, ordered=False)
    assert torch.equal(simulated.train.X, again.train.X) and torch.equal(simulated.test.y, again.test.y)
    assert not torch.equal(simulated.test.y, other.test.y) and other.train.X.shape == (13003, 12)


# ---- noisy labels ----


def test_noisy_labels_are_redrawn_uniformly():
    y = torch.arange(20_000) % 10
    examples = Examples(torch.arange(20_000.0)[:, None], y)
    noisy = datasets.with_noisy_labels(examples, 0.2, 10, seed=0)
    changed = noisy.y != y
    assert changed.float().mean().item() == pytest.approx(0.18, abs=0.008)       # a tenth of 20 % stays right by chance
    assert noisy.y[changed].bincount(minlength=10).float().std() < 30             # 360 each, give or take
    assert torch.equal(noisy.X, examples.X) and torch.equal(y, torch.arange(20_000) % 10)
    assert torch.equal(noisy.y, datasets.with_noisy_labels(examples, 0.2, 10, seed=0).y)
    assert not torch.equal(noisy.y, datasets.with_noisy_labels(examples, 0.2, 10, seed=1).y)


@pytest.mark.parametrize("share, n", [(0.24, 2), (0.26, 3), (0.04, 0), (0.96, 10), (0.35, 4), (1.0, 10)])
def test_the_number_of_noisy_labels_is_the_nearest(share, n):
    unlike_any = Examples(torch.zeros(10, 1), torch.full((10,), -1))
    for seed in range(5):
        assert (datasets.with_noisy_labels(unlike_any, share, 3, seed).y >= 0).sum() == n


def test_which_labels_are_noisy_is_drawn_without_a_second_draw_of_the_same():
    unlike_any = Examples(torch.zeros(1000, 1), torch.full((1000,), -1))
    noisy = [datasets.with_noisy_labels(unlike_any, 0.3, 4, seed).y for seed in (0, 1)]
    rows = [(y >= 0).nonzero().flatten() for y in noisy]
    assert [len(row) for row in rows] == [300, 300] and not torch.equal(*rows)
    assert all(abs(row.double().mean() - 500) < 60 for row in rows)                 # from all over
    assert set(noisy[0].tolist()) == {-1, 0, 1, 2, 3}


def test_noisy_labels_keep_their_type_and_refuse_a_share_above_one():
    examples = Examples(torch.zeros(10, 1), torch.zeros(10))
    noisy = datasets.with_noisy_labels(examples, 1.0, 2)
    assert noisy.y.dtype == torch.float32 and set(noisy.y.tolist()) == {0.0, 1.0}
    assert torch.equal(datasets.with_noisy_labels(examples, 0.0, 2).y, examples.y)
    for share in (1.5, -0.1):
        with pytest.raises(ValueError, match=f"share={share}"):
            datasets.with_noisy_labels(examples, share, 2)
