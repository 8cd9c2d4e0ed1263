"""Right answers to the exercises of lesson 00 that are written differently from our solutions."""
# ruff: noqa: B905, E501 (as learners write them)

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
