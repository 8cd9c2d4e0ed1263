"""Wrong answers to the exercises of lesson 00 that its catalogue did not plan."""

import numpy as np
import torch

from wrong_answers import NEUTRAL, Wrong


def row_by_row(X):
    return torch.stack([row - row.mean() for row in X])


def by_numpy_over_all(X):
    return X - float(np.mean(X.numpy()))


def only_the_first_column(X):
    X = X.clone()
    X[:, 0] -= X[:, 0].mean()
    return X


def every_pair_in_a_loop(predicted, y):
    right = 0
    for p in predicted:
        for label in y:
            right += int(p.item() == label.item())
    return right / len(y) ** 2


WRONG = {
    "centre": [
        Wrong(row_by_row, "mean of each row", seen=True),
        Wrong(by_numpy_over_all, "one mean of the whole table", seen=True),
        Wrong(only_the_first_column, "Only the first column is centred", seen=True),
    ],
    "share_right": [Wrong(every_pair_in_a_loop, "every prediction with every label", seen=True)],
    "first_check": [Wrong(7 / 16, "the odds", seen=True), Wrong(0.2, NEUTRAL, seen=True)],
}
