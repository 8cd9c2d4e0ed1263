"""Right answers to the exercises of lesson 00 that are written differently from our solutions."""
# ruff: noqa: B905, E501 (as learners write them)

from fractions import Fraction

import numpy as np
import torch

OTHERS = {
    "first_check": [7 / 23, torch.tensor(7) / 23, 0.304],
    "bytes_wrap": [4.0, torch.tensor([250], dtype=torch.uint8) + 10],
    "centre": [
        lambda X: X - X.mean(0, keepdim=True),
        lambda X: X.numpy() - X.numpy().mean(axis=0),
        lambda X: torch.stack([column - column.sum() / len(column) for column in X.T], dim=1),
        lambda X: torch.einsum("ij,jk->ik", torch.eye(len(X)) - 1 / len(X), X),
        lambda X: (X.T.double() - X.T.double().mean(dim=1, keepdim=True)).T,
    ],
    "share_right": [
        lambda predicted, y: (predicted == y[:, None]).double().mean(),
        lambda predicted, y: (predicted.flatten() == y).sum().item() / len(y),
        lambda predicted, y: np.mean([a == b for a, b in zip(predicted[:, 0].tolist(), y.tolist(), strict=True)]),
        lambda predicted, y: 1 - torch.count_nonzero(predicted.T[0] - y) / y.numel(),
        lambda predicted, y: torch.eq(*torch.broadcast_tensors(predicted.reshape(-1), y)).sum() / len(y),
    ],
}


# written by the text of the lesson alone


for _name, _answers in {
    "centre": [
        lambda X: X - torch.ones(len(X), len(X)).to(X) @ X / len(X),
        lambda X: torch.stack([c - sum(c) / len(c) for c in X.unbind(1)], dim=1),
    ],
    "share_right": [
        lambda predicted, y: 1 - (predicted.T != y).double().mean().item(),
        lambda predicted, y: sum(int(p) == int(t) for p, t in zip(predicted.view(-1), y)) / y.numel(),
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)


# written by the text of the lesson alone


def loop_over_columns(X):
    cols = [X[:, j] - sum(X[:, j]) / len(X) for j in range(X.shape[1])]
    return torch.stack(cols, dim=1)


def numpy(X):
    A = np.asarray(X)
    return A - A.mean(axis=0)


def matrix_of_centring(X):
    n = X.shape[0]
    H = torch.eye(n) - torch.ones(n, n) / n
    return H.to(X.dtype) @ X


def float64(X):
    X = X.double()
    return X - torch.einsum("nm->m", X) / X.size(0)


def numpy_2(predicted, y):
    return np.mean(predicted.numpy().ravel() == y.numpy())


def loop(predicted, y):
    hits = [int(p) == int(t) for (p,), t in zip(predicted.tolist(), y.tolist())]
    return sum(hits) / len(hits)


def column_y(predicted, y):
    return predicted.eq(y.unsqueeze(-1)).double().mean()


def one_minus_wrong(predicted, y):
    wrong = torch.count_nonzero(predicted.reshape(-1) - y)
    return 1 - wrong / y.numel()


class AClassWithCall:
    def __call__(self, predicted, y):
        return (predicted.squeeze(-1) == y).sum().item() / y.shape[0]


for _name, _answers in {
    "first_check": [
        Fraction(7, 23),
    ],
    "centre": [
        loop_over_columns,
        numpy,
        matrix_of_centring,
        lambda X, dim=0: X.sub(X.mean(dim, keepdim=True)),
        float64,
    ],
    "share_right": [
        numpy_2,
        loop,
        column_y,
        one_minus_wrong,
        AClassWithCall(),
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)
