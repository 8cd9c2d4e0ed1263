import numpy as np

from course_utils.explorers.first_slider import BEST, X, Y, distance, goal

REACHES = {"slope": 1.4}


def check(compute):
    (slope,), (loss,), *_ = np.linalg.lstsq(X[:, None], Y, rcond=None)
    np.testing.assert_allclose(slope, BEST)
    np.testing.assert_allclose(compute(slope=BEST).loss, loss / len(X))
    for slope in (-1.0, 0.0, 2.5):
        np.testing.assert_allclose(compute(slope=slope).loss, np.polynomial.Polynomial(
            [np.mean(Y**2), -2 * np.mean(X * Y), np.mean(X**2)])(slope))
    assert [round(compute(slope=slope).loss, 2) for slope in (1.35, 1.4, 1.45)] == [0.17, 0.15, 0.15]
    assert all(goal(compute(slope=slope)) for slope in (1.35, 1.4, 1.45))
    assert goal(compute(slope=1.6)) is None and distance(compute(slope=1.6)).endswith("to go")
