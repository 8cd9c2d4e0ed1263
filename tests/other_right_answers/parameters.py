"""Other right answers to the exercises of lesson 04."""

import numpy as np
import torch
import torch.nn.functional as F


def predict_by_softmax(W, b, X):
    return torch.softmax(F.linear(X, W, b), dim=-1).argmax(-1)


def predict_by_numpy(W, b, X):
    return np.argmax(X.numpy() @ W.numpy().T + b.numpy(), axis=1)


def predict_in_a_loop(W, b, X):
    return [max(range(len(W)), key=lambda k: float(W[k] @ x + b[k])) for x in X]


def predict_turned(W, b, X):
    return (W @ X.T + b[:, None]).argmax(0)


def importance_of_standardised(w, X):
    scaled = (X - X.mean(0)) / X.std(0, correction=0)
    return ((X.std(0, correction=0) * w)[None] * scaled).std(0).argsort(descending=True)


def importance_sorted(w, X):
    sizes = w.abs() * X.var(0).sqrt()
    return sorted(range(len(w)), key=lambda j: -sizes[j].item())


def importance_by_numpy(w, X):
    return np.argsort(-np.abs(w.numpy()) * X.numpy().std(axis=0))


def freeze_in_two_lines(layer):
    layer.requires_grad_(False)
    layer.zero_grad()


def freeze_and_return(layer):
    for _, p in layer.named_parameters():
        p.grad = None
        p.requires_grad_(False)
    return layer


def freeze_in_evaluation_mode(layer):
    layer.eval()
    for p in layer.parameters():
        p.requires_grad = False
        del p.grad


def groups_by_dimension(model, strength):
    parameters = list(model.parameters())
    return [{"params": [p for p in parameters if p.ndim > 1], "weight_decay": strength},
            {"params": [p for p in parameters if p.ndim == 1]}]


def groups_one_each(model, strength):
    return [{"params": [p], "weight_decay": 0 if "bias" in name else strength} for name, p in model.named_parameters()]


def groups_biases_first(model, strength):
    groups = {True: [], False: []}
    for name, p in model.named_parameters():
        groups["bias" in name].append(p)
    return ({"params": groups[True], "weight_decay": 0}, {"params": groups[False], "weight_decay": strength})


def groups_with_rates(model, strength):
    """A learning rate of their own, too, which nothing forbids."""
    return [{"params": [p for p in model.parameters() if p.ndim == 2], "weight_decay": strength, "lr": 0.5},
            {"params": [p for p in model.parameters() if p.ndim == 1], "weight_decay": 0.0, "lr": 0.02}]


def groups_of_an_optimizer(model, strength):
    return torch.optim.SGD(groups_by_dimension(model, strength), lr=0.01).param_groups


OTHERS = {
    "predict_from": [predict_by_softmax, predict_by_numpy, predict_in_a_loop, predict_turned],
    "by_importance": [importance_of_standardised, importance_sorted, importance_by_numpy],
    "freeze": [freeze_in_two_lines, freeze_and_return, freeze_in_evaluation_mode],
    "recall_shape": [(10, 64), "(10,64)"],
    "decay_groups": [groups_by_dimension, groups_one_each, groups_biases_first, groups_with_rates,
                     groups_of_an_optimizer],
}
