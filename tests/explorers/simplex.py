import numpy as np
from scipy.special import expit, softmax

from course_utils.explorers.simplex import distance, goal

REACHES = {"three": 1.9, "five": 0.7, "eight": 0.0, "shift": -1.6}


def check(compute):
    for scores in ((0.0, 0.0, 0.0), (1.9, 0.7, 0.0), (-4.0, 4.0, 2.5)):
        for shift in (0.0, -1.6, 4.0):
            shares = compute(*scores, shift)
            np.testing.assert_allclose(shares.softmax, softmax(scores), rtol=1e-12)     # whatever the shift
            np.testing.assert_allclose(shares.yes_no, expit(np.add(scores, shift)), rtol=1e-12)
            np.testing.assert_allclose(shares.scores, np.add(scores, shift))
    right_shares = (np.log(7), np.log(2), 0.0)                      # 70, 20 and 10 %; the sum is 2.04 without a shift
    assert distance(compute(*right_shares, 0.0)) == "softmax is there, the sum 104 points over"
    assert distance(compute(0.0, 0.0, 0.0, -np.log(2))) == "softmax 37 points off, the sum is there"
    assert distance(compute(0.0, 0.0, 0.0, -4.0)) == "softmax 37 points off, the sum 95 points under"
    assert goal(compute(*right_shares, 0.0)) is None and goal(compute(*right_shares, -1.6))
