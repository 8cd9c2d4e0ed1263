import numpy as np
import torch

from course_utils.datasets import load_bike_demand, simulate_bike_demand
from course_utils.download import DataUnavailable

REACHES = {"hidden": "8", "activation": "tanh"}


def hours():
    """The training hours as columns: hour, working day, weather from 1 to 3, rentals."""
    try:
        data = load_bike_demand(download=False)
    except DataUnavailable:
        data = simulate_bike_demand()
    at = dict(zip(data.feature_names, data.train.X.double().numpy().T, strict=True))
    return at["hr"], at["workingday"], np.minimum(at["weathersit"], 3), data.train.y.double().numpy()


def check(compute):
    hour, working, weather, rentals = hours()
    for day, is_working in (("working day", 1), ("day off", 0)):
        for sky, kind in (("clear", 1), ("rain", 3)):
            curve = compute(hidden="8", activation="tanh", day=day, weather=sky)
            for h in (3, 8, 17):
                chosen = rentals[(hour == h) & (working == is_working) & (weather == kind)]
                typical = np.expm1(np.log1p(chosen).mean()) if len(chosen) else np.nan
                np.testing.assert_allclose(curve.measured[h], typical, rtol=1e-9)
    # Without hidden units: least squares over the hours, and its share of the variance between the groups.
    X = np.stack([np.ones_like(hour), hour, working, weather == 2, weather == 3], axis=1)
    y = np.log1p(rentals)
    line = X @ np.linalg.lstsq(X, y, rcond=None)[0]
    group = (hour * 6 + working * 3 + weather - 1).astype(int)
    mean = (np.bincount(group, weights=y) / np.maximum(np.bincount(group), 1))[group]
    expected = 1 - ((line - mean) ** 2).mean() / mean.var()
    none = compute(hidden="none", activation="ReLU", day="working day", weather="clear")
    np.testing.assert_allclose(none.explained, expected, rtol=1e-9)
    assert torch.log1p(none.predicted).diff().diff().abs().max() < 1e-9
    at_eight = np.expm1(line[(hour == 8) & (working == 1) & (weather == 1)][0])
    np.testing.assert_allclose(none.predicted[::5][8], at_eight, rtol=1e-9)
    explained = [compute(hidden=units, activation="tanh", day="day off", weather="mist").explained
                 for units in ("2", "8", "32")]
    assert none.explained < explained[0] < explained[1] < explained[2] < 1
