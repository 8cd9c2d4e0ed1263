"""The four tables that the course carries in place of scikit-learn, and the split that draws as scikit-learn does."""

import csv
import os
import subprocess
import sys

import numpy as np
import pytest
import sklearn.datasets
import torch
from sklearn.model_selection import train_test_split

from course_utils import datasets
from course_utils.data import split
from course_utils.download import fetch, places


def bunch(name):
    return getattr(sklearn.datasets, f"load_{name}")()


# ---- the files ----


@pytest.mark.parametrize("name", ["breast_cancer", "iris", "wine"])
def test_a_table_holds_the_very_numbers_of_scikit_learn(name):
    theirs = bunch(name)
    with (fetch(name) / f"{name}.csv").open(newline="", encoding="ascii") as file:
        header, *rows = csv.reader(file)
    values = np.array([[float(value) for value in row[:-1]] for row in rows])
    assert values.tobytes() == np.ascontiguousarray(theirs.data).tobytes()              # all 64 bits of each
    assert [row[-1] for row in rows] == [str(theirs.target_names[target]) for target in theirs.target]
    assert header == [*map(str, theirs.feature_names), "class"]


def test_the_digits_hold_the_very_numbers_of_scikit_learn():
    theirs = bunch("digits")
    with np.load(fetch("digits") / "digits.npz", allow_pickle=False) as file:
        assert sorted(file) == ["digit", "pixels"] and file["pixels"].dtype == file["digit"].dtype == np.uint8
        assert file["pixels"].astype(theirs.data.dtype).tobytes() == theirs.data.tobytes()
        assert file["digit"].astype(theirs.target.dtype).tobytes() == theirs.target.tobytes()


@pytest.mark.parametrize("name", ["digits", "breast_cancer", "iris", "wine"])
def test_what_is_loaded_is_what_scikit_learn_would_have_given(name):
    theirs, data = bunch(name), getattr(datasets, f"load_{name}")(valid_size=0)
    unit = 16 if name == "digits" else 1
    assert data.train.X.numpy().tobytes() == (theirs.data / unit).astype("float32").tobytes()
    assert data.train.y.tolist() == theirs.target.tolist()
    assert data.feature_names == tuple(map(str, theirs.feature_names))
    assert data.class_names == tuple(map(str, theirs.target_names))


@pytest.mark.parametrize("name", ["digits", "breast_cancer", "iris", "wine"])
def test_a_damaged_file_is_not_loaded(name, tmp_path, monkeypatch):
    [file] = fetch(name).glob(f"{name}.*")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / file.name).write_bytes(content)
    for folder in ("checkout_data", "user_cache"):
        monkeypatch.setattr(places, folder, lambda: tmp_path)
    monkeypatch.setenv("COURSE_DATA", "")
    with pytest.raises(datasets.DataUnavailable, match="came with the course and is damaged") as refused:
        getattr(datasets, f"load_{name}")()
    assert "its bytes differ" in str(refused.value)


def test_neither_the_tables_nor_their_split_load_what_is_heavy():
    program = ("import sys; from course_utils import datasets\n"
               "for name in ('digits', 'breast_cancer', 'iris', 'wine'): getattr(datasets, 'load_' + name)()\n"
               "print(sorted({'sklearn', 'scipy', 'pandas', 'torchvision', 'pooch'} & set(sys.modules)))")
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ})
    assert child.stdout.strip() == "[]", child.stderr


# ---- the split ----


def theirs(y, valid_size, test_size, stratify, seed):
    """Rows of train, valid and test by scikit-learn; None for an empty part."""
    rest, parts = np.arange(len(y)), []
    for size in (test_size, valid_size):
        part = None
        if size:
            rest, part = train_test_split(
                rest, test_size=size, stratify=y.numpy()[rest] if stratify else None, random_state=seed)
        parts.append(part)
    return rest, parts[1], parts[0]


KINDS_OF_CLASS = {
    "class numbers": lambda y: y, "decimals": lambda y: y * 1.5, "a column": lambda y: y[:, None] * 7,
    "0 and 1 for each class": lambda y: torch.nn.functional.one_hot(y, 12), "yes or no": lambda y: y > 4,
}


@pytest.mark.parametrize("kind", KINDS_OF_CLASS)
def test_the_rows_drawn_are_those_of_scikit_learn(kind):
    draw, compared = np.random.default_rng(0), 0
    for _ in range(120):
        n, classes, seed = int(draw.integers(4, 200)), int(draw.integers(1, 13)), int(draw.integers(10**6))
        y = KINDS_OF_CLASS[kind](torch.from_numpy(draw.integers(classes, size=n)))
        sizes = int(draw.integers(n // 2 + 1)), int(draw.integers(n // 3 + 1))
        stratify = bool(draw.integers(4))
        try:
            expected = theirs(y, *sizes, stratify, seed)
        except ValueError:                          # a class that cannot be on both sides
            with pytest.raises(ValueError):
                split(torch.arange(n), y, valid_size=sizes[0], test_size=sizes[1], stratify=stratify, seed=seed)
            continue
        try:
            data = split(torch.arange(n), y, valid_size=sizes[0], test_size=sizes[1], stratify=stratify, seed=seed)
        except ValueError as refused:               # of a 0/1 column, and a value that occurs once
            assert "occurs only once" in str(refused)
            continue
        compared += 1
        for rows, part in zip(expected, (data.train, data.valid, data.test), strict=True):
            assert (rows is None) == (part is None)
            assert part is None or part.X.tolist() == rows.tolist()
    assert compared > 60


# ---- the tables that pandas and torchvision would read ----


@pytest.mark.skipif(not os.environ.get("COURSE_DATA"), reason="the data sets that are fetched are not here")
def test_bicycles_and_mnist_are_read_without_pandas_and_torchvision():
    program = ("import sys; from course_utils import datasets\n"
               "datasets.load_bike_demand(), datasets.load_mnist()\n"
               "print(sorted({'pandas', 'torchvision', 'sklearn', 'scipy'} & set(sys.modules)))")
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ})
    assert child.stdout.strip() == "[]" or "DataUnavailable" in child.stderr, child.stderr


def test_the_bicycles_are_those_that_pandas_reads():
    try:
        table = datasets.bike_table()
    except datasets.DataUnavailable:
        pytest.skip("hour.csv is not here")
    data = datasets.load_bike_demand()
    rows = torch.tensor(table[list(data.feature_names)].to_numpy("float32"))
    assert torch.equal(torch.cat([data.train.X, data.valid.X, data.test.X]), rows)
    assert torch.cat([data.train.y, data.valid.y, data.test.y]).tolist() == table["cnt"].tolist()
