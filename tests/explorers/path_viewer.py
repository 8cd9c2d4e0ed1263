import warnings

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split

from course_utils.explorers.path_viewer import distance, goal

REACHES = {"penalty": "L1", "strength": 10**-2.125}


def theirs(columns, penalty, strength):
    """scikit-learn's fit of the same 100 tumours: its weights, training and validation loss."""
    X, y = load_breast_cancer(return_X_y=True)
    train, valid, train_y, valid_y = train_test_split(X[:, columns], 1 - y, test_size=469, stratify=y, random_state=2)
    mean, sd = train.mean(0), train.std(0)
    train, valid = (train - mean) / sd, (valid - mean) / sd
    settings = dict(l1_ratio=1, solver="saga", max_iter=20_000) if penalty == "L1" else dict(solver="newton-cholesky")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = LogisticRegression(C=1 / (100 * strength), tol=1e-8, **settings).fit(train, train_y)
    return fit.coef_[0], *(log_loss(y, fit.predict_proba(X)[:, 1]) for X, y in ((train, train_y), (valid, valid_y)))


def all_of_two_columns():
    X, y = load_breast_cancer(return_X_y=True)
    train, _, y, _ = train_test_split(X[:, [7, 21]], 1 - y, test_size=469, stratify=y, random_state=2)
    return (train - train.mean(0)) / train.std(0), y


def lowest_loss(X, y, weights):
    """The log loss of these two weights with the best bias."""
    scores = X @ weights
    return minimize_scalar(lambda b: np.logaddexp(0, -(2 * y - 1) * (scores + b)).mean()).fun


def check(compute):
    for penalty, strength in (("L1", 0.1), ("L1", 10**-1.5), ("L1", 10**-2.0), ("L2", 0.01), ("L2", 1.0)):
        path = compute(penalty=penalty, strength=strength)
        weights, train_loss, valid_loss = theirs(slice(None), penalty, strength)
        np.testing.assert_allclose(path.weights[path.here], weights, atol=2e-3, err_msg=f"{penalty} {strength}")
        assert (path.weights[path.here] != 0).tolist() == (weights != 0).tolist()
        np.testing.assert_allclose((path.train_loss[path.here], path.valid_loss[path.here]), (train_loss, valid_loss),
                                   atol=1e-4)
        np.testing.assert_allclose(path.pair, theirs([7, 21], penalty, strength)[0], atol=1e-3)
        order = 1 if penalty == "L1" else 2
        np.testing.assert_allclose(np.linalg.norm(path.border, order, axis=0), np.linalg.norm(path.pair, order))

    # the level line touches the border at the optimum, and no point of it lies inside
    for penalty, order in (("L1", 1), ("L2", 2)):
        for strength in (0.01, 0.1):
            touching = compute(penalty=penalty, strength=strength)
            nearest = np.linalg.norm(touching.level, order, axis=0).min()
            np.testing.assert_allclose(nearest, np.linalg.norm(touching.pair, order), rtol=1e-3)
            train_X, y = all_of_two_columns()
            losses = [lowest_loss(train_X, y, w) for w in touching.level.T[::20]]
            np.testing.assert_allclose(losses, lowest_loss(train_X, y, touching.pair), atol=4e-3)
    assert compute(penalty="L1", strength=1.0).features == 0 and compute(penalty="L2", strength=1.0).features == 30

    # what the eye accepts on both sides of the best place; and how far it is from elsewhere
    assert all(goal(compute(penalty="L1", strength=10**power)) for power in (-2.125, -2.0, -1.875))
    assert distance(compute(penalty="L2", strength=0.01)) == "24 measurements too many"
    assert distance(compute(penalty="L1", strength=0.1)).endswith("of validation loss too high")
