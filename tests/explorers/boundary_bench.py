import numpy as np
from sklearn.metrics import log_loss

from course_utils.datasets import load_orings

REACHES = {"boundary": 65.0, "steepness": 0.23}


def check(compute):
    flights = load_orings().train
    temperature, damage = flights.X[:, 0].double().numpy(), flights.y.numpy()
    for boundary, steepness in ((65.0, 0.23), (75.0, 0.05), (50.0, 1.0)):
        bench = compute(boundary=boundary, steepness=steepness)
        p = 1 / (1 + np.exp(steepness * (temperature - boundary)))
        np.testing.assert_allclose(bench.loss, log_loss(damage, p), rtol=1e-5)
        np.testing.assert_allclose(bench.at_forecast, 1 / (1 + np.exp(steepness * (31 - boundary))), rtol=1e-5)
        assert bench.boundary == boundary
    assert compute(boundary=60.0, steepness=0.0).at_forecast == 0.5
