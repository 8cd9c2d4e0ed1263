"""The helpers of lesson 07's studies, beside numpy and pandas, on the simulated city."""

import numpy as np
import pytest
import torch

from course_utils.datasets import simulate_bike_demand
from course_utils.studies import bicycles


@pytest.fixture(scope="module")
def raw():
    return simulate_bike_demand(leaks=False)


def test_encoded_columns_are_49_and_the_season_is_gone(raw):
    coded = bicycles.encoded(raw)
    assert coded.train.X.shape[1] == len(coded.feature_names) == 49
    assert not {"season", "weathersit", "weathersit=1", "weathersit=4"} & set(coded.feature_names)
    hours = coded.test.X[:, bicycles.hour_columns(coded)]
    expected = torch.nn.functional.one_hot(bicycles.column(raw, raw.test, "hr").long(), 24)[:, 1:]
    assert torch.equal(hours, expected.float())


def test_thunderstorm_counts_as_rain(raw):
    sky = raw.feature_names.index("weathersit")
    stormy = raw.map(lambda X: X.index_fill(1, torch.tensor([sky]), 4.0))
    rainy = raw.map(lambda X: X.index_fill(1, torch.tensor([sky]), 3.0))
    assert torch.equal(bicycles.encoded(stormy).test.X, bicycles.encoded(rainy).test.X)


@pytest.mark.parametrize("log", [False, True])
def test_one_layer_is_numpys_least_squares(raw, log):
    X = np.column_stack([raw.train.X.numpy().astype(float), np.ones(len(raw.train.y))])
    y = raw.train.y.numpy().astype(float)
    weights = np.linalg.lstsq(X, np.log1p(y) if log else y, rcond=None)[0]
    fitted = np.column_stack([raw.test.X.numpy().astype(float), np.ones(len(raw.test.y))]) @ weights
    expected = np.expm1(fitted) if log else fitted
    unclipped = bicycles.one_layer(raw, log, clip=False)(raw.test).numpy()
    np.testing.assert_allclose(unclipped, expected, rtol=1e-6, atol=1e-6)
    clipped = bicycles.one_layer(raw, log)(raw.test).numpy()
    np.testing.assert_allclose(clipped, expected.clip(min=0), rtol=1e-6, atol=1e-6)


def test_the_table_of_means_is_pandas(raw):
    import pandas

    hour, working = (bicycles.column(raw, raw.train, name).numpy() for name in ("hr", "workingday"))
    means = pandas.Series(raw.train.y.numpy().astype(float)).groupby([working, hour]).mean()
    looked_up = bicycles.table_of_means(raw)(raw.test)
    rows = zip(bicycles.column(raw, raw.test, "workingday").tolist(), bicycles.column(raw, raw.test, "hr").tolist(),
               strict=True)
    np.testing.assert_allclose(looked_up.numpy(), [means[row] for row in rows], rtol=1e-4)


def test_what_is_prepared_comes_back(raw):
    ready, back = bicycles.prepared(bicycles.encoded(raw))
    torch.testing.assert_close(back(ready.test.y), raw.test.y, rtol=1e-3, atol=1e-2)
    assert ready.train.y.mean().abs() < 1e-4 and abs(ready.train.y.std().item() - 1) < 1e-4
    assert back(torch.tensor([-100.0])).item() == 0


def test_crossed_columns_are_hours_of_working_days(raw):
    coded = bicycles.encoded(raw)
    X = bicycles.crossed(coded).test.X
    hours = coded.test.X[:, bicycles.hour_columns(coded)]
    working = bicycles.column(coded, coded.test, "workingday") == 1
    assert X.shape[1] == 72
    assert torch.equal(X[working][:, 49:], hours[working]) and not X[~working][:, 49:].any()
    heat = bicycles.crossed(coded, heat=True).test.X[:, -1]
    assert torch.equal(heat, bicycles.column(coded, coded.test, "temp") ** 2)


def test_mornings_are_8_oclock_on_working_days(raw):
    chosen = bicycles.is_morning(raw, raw.valid)
    hour, working = (bicycles.column(raw, raw.valid, name) for name in ("hr", "workingday"))
    assert chosen.tolist() == [h == 8 and w == 1 for h, w in zip(hour.tolist(), working.tolist(), strict=True)]
    assert chosen.any()
