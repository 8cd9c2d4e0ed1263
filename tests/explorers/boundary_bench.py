import numpy as np
from scipy.stats import chi2
from sklearn.metrics import log_loss

from course_utils.datasets import load_orings
from course_utils.explorers.boundary_bench import MOST_LOSS, distance, goal
from course_utils.optimum import fit_to_optimum

REACHES = {"boundary": 55.5, "steepness": 0.08}


def check(compute):
    flights = load_orings().train
    temperature, damage = flights.X[:, 0].double().numpy(), flights.y.numpy()
    for boundary, steepness in ((65.0, 0.23), (75.0, 0.05), (50.0, 0.5)):
        bench = compute(boundary=boundary, steepness=steepness)
        p = 1 / (1 + np.exp(steepness * (temperature - boundary)))
        np.testing.assert_allclose(bench.loss, log_loss(damage, p), rtol=1e-5)
        np.testing.assert_allclose(bench.at_forecast, 1 / (1 + np.exp(steepness * (31 - boundary))), rtol=1e-5)
        assert bench.boundary == boundary
    assert compute(boundary=60.0, steepness=0.0).at_forecast == 0.5

    assert abs(MOST_LOSS - fit_to_optimum(flights).loss - chi2.ppf(0.95, 1) / 2 / 23) < 1e-4
    best, flat = compute(boundary=65.0, steepness=0.23), compute(boundary=50.0, steepness=0.05)
    assert goal(best) is None and distance(best) == "0.10 to go at 31 °F"
    assert goal(flat) is None and distance(flat) == "the loss is 0.015 too high"
