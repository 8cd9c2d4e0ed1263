import numpy as np
from scipy.special import expit, softmax

REACHES = {"three": 1.9, "five": 0.7, "shift": -1.6}


def check(compute):
    for scores in ((0.0, 0.0, 0.0), (1.9, 0.7, 0.0), (-4.0, 4.0, 2.5)):
        for shift in (0.0, -1.6, 4.0):
            shares = compute(*scores, shift)
            np.testing.assert_allclose(shares.softmax, softmax(scores), rtol=1e-12)     # whatever the shift
            np.testing.assert_allclose(shares.yes_no, expit(np.add(scores, shift)), rtol=1e-12)
            np.testing.assert_allclose(shares.scores, np.add(scores, shift))
