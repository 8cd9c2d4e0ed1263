"""Right answers to the exercises of lesson 01 that are written differently from our solutions."""
# ruff: noqa: B007, B008, B905, E501 (as learners write them)

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def loss_by_logsigmoid(z, y):
    return -(y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z)).mean()


def loss_in_a_loop(z, y):
    total = 0.0
    for score, outcome in zip(z.tolist(), y.tolist(), strict=True):
        s = score if outcome == 1 else -score
        total += max(-s, 0) + math.log1p(math.exp(-abs(s)))
    return total / len(z)


def loss_by_softmax(z, y):
    return F.cross_entropy(torch.stack([torch.zeros_like(z), z], dim=1), y.long())


def gradient_by_autograd(X, y, w, b):
    w = w.clone().requires_grad_(True)
    F.binary_cross_entropy_with_logits(X @ w + b, y).backward()
    return w.grad


def gradient_transposed(X, y, w, b):
    return X.T @ (1 / (1 + torch.exp(-(X @ w + b))) - y) / y.numel()


def gradient_row_by_row(X, y, w, b):
    return torch.stack([(torch.sigmoid(x @ w + b) - t) * x for x, t in zip(X, y, strict=True)]).mean(0)


def walk_by_autograd(X, y, lr, steps):
    w, b = X.new_zeros(X.shape[1]).requires_grad_(True), X.new_zeros(()).requires_grad_(True)
    optimizer, losses = torch.optim.SGD([w, b], lr=lr), []
    for _ in range(steps):
        loss = F.binary_cross_entropy_with_logits(X @ w + b, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return w.detach(), b.detach(), losses


def walk_in_place(X, y, lr, steps):
    w, b, losses = torch.zeros(X.shape[1], dtype=X.dtype), 0.0, []
    for _ in range(steps):
        p = 1 / (1 + torch.exp(-(X @ w + b)))
        losses.append(-torch.where(y == 1, p, 1 - p).log().mean())
        grad = X.T @ (p - y) / len(y)
        b -= lr * (p - y).mean()
        w -= lr * grad
    return [w, b, losses]


def walk_with_a_column_of_ones(X, y, lr, steps):
    inputs = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
    v, losses = inputs.new_zeros(inputs.shape[1]), torch.zeros(steps)
    for step in range(steps):
        losses[step] = F.binary_cross_entropy_with_logits(inputs @ v, y)
        v = v - lr * gradient_by_autograd(inputs, y, v, torch.tensor(0.0))
    return v[:-1], v[-1], losses


def loss_flight_by_flight(z, y):
    total = 0
    for score, outcome in zip(z, y, strict=True):
        total += F.softplus(-score) if outcome == 1 else F.softplus(score)
    return total / len(y)


def gradient_by_functions(X, y, w, b):
    return torch.func.grad(lambda w: F.binary_cross_entropy_with_logits(X @ w + b, y))(w)


def gradient_in_numpy(X, y, w, b):
    X, y, w, b = (part.numpy() for part in (X, y, w, b))
    return X.T @ (1 / (1 + np.exp(-(X @ w + b))) - y) / len(y)


def walk_in_numpy(X, y, lr, steps):
    X, y = X.numpy(), y.numpy()
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(steps):
        z = X @ w + b
        losses.append(np.mean(np.logaddexp(0, z) - y * z))
        off = 1 / (1 + np.exp(-z)) - y
        w, b = w - lr * X.T @ off / len(y), b - lr * off.mean()
    return w, b, losses


def threshold_by_halving(false_alarm, missed):
    low, high = 0.0, 1.0
    for _ in range(60):
        p = (low + high) / 2
        low, high = (low, p) if p * missed > (1 - p) * false_alarm else (p, high)
    return low


def walk_with_one_vector(X, y, lr, steps):
    """Weights and bias in one vector, the gradient by `torch.func`, in the doubles that come."""
    inputs, losses = torch.nn.functional.pad(X, (0, 1), value=1.0), []
    price = torch.func.grad_and_value(lambda v: F.softplus(inputs @ v).mean() - (y * (inputs @ v)).mean())
    v = inputs.new_zeros(inputs.shape[1])
    for _ in range(steps):
        slope, loss = price(v)
        losses.append(loss)
        v = v.sub(slope, alpha=lr)
    return v[:-1], v[-1], losses


OTHERS = {
    "classify": [
        lambda scores: scores > 0,
        lambda scores: torch.sigmoid(scores).round(),
        lambda scores: torch.where(torch.sigmoid(scores) > 0.5, 1, 0),
        lambda scores: [1 if s > 0 else 0 for s in scores.tolist()],
        lambda scores: torch.stack([-scores, scores]).argmax(dim=0),
    ],
    "log_loss": [F.binary_cross_entropy_with_logits, loss_flight_by_flight, loss_by_logsigmoid, loss_in_a_loop,
                 loss_by_softmax,
                 lambda z, y: F.softplus(-(2 * y - 1) * z).mean(),
                 lambda z, y: (torch.logaddexp(torch.zeros_like(z), z) - y * z).mean(),
                 lambda z, y: torch.where(y == 1, F.softplus(-z), F.softplus(z)).mean(),
                 lambda z, y: (z.relu() - z * y + torch.log1p(torch.exp(-z.abs()))).mean()],
    "gradient": [gradient_by_autograd, gradient_transposed, gradient_row_by_row, gradient_by_functions,
                 gradient_in_numpy],
    "walk_down": [walk_by_autograd, walk_in_place, walk_with_a_column_of_ones, walk_in_numpy,
        walk_with_one_vector,
    ],
    "threshold": [
        threshold_by_halving,
        lambda false_alarm, missed: 1 / (1 + missed / false_alarm),
        lambda false_alarm, missed: np.float64(false_alarm) / np.sum([missed, false_alarm]),
        lambda false_alarm, missed: torch.tensor(1 - missed / (missed + false_alarm)),
        lambda false_alarm, missed: math.exp(-math.log1p(missed / false_alarm)),
    ],
    "odds_factor": [10.0 ** (2.322 / math.log(10)), 10.2, 10, math.exp(2.3), torch.tensor(10.1924)],
}


# written by the text of the lesson alone


def right_walk_numpy(X, y, lr, steps):
    A, t = np.c_[np.asarray(X), np.ones(len(X))], np.asarray(y)
    theta, losses = np.zeros(A.shape[1]), []
    for _ in range(steps):
        z = A @ theta
        losses.append(float(np.mean(np.logaddexp(0, z) - t * z)))
        theta = theta - lr * A.T @ (1 / (1 + np.exp(-z)) - t) / len(t)
    return theta[:-1], theta[-1], losses


def right_walk_autograd(X, y, lr, steps):
    w, b = X.new_zeros(X.shape[1], requires_grad=True), X.new_zeros((), requires_grad=True)
    optimizer, losses = torch.optim.SGD([w, b], lr=lr), []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.softplus((1 - 2 * y) * (X @ w + b)).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return w.detach(), b.detach(), torch.stack(losses)


for _name, _answers in {
    "classify": [
        lambda scores: [1 if float(s) > 0 else 0 for s in scores],
        lambda scores: torch.heaviside(scores, torch.zeros_like(scores)),
    ],
    "log_loss": [
        lambda z, y: torch.logaddexp(torch.zeros_like(z), torch.where(y == 1, -z, z)).sum() / len(y),
        lambda z, y: sum(F.softplus(-s) if t else F.softplus(s) for s, t in zip(z, y)) / len(z),
    ],
    "gradient": [
        lambda X, y, w, b: torch.einsum("nm,n->m", X, torch.sigmoid(X @ w + b) - y) / X.shape[0],
        lambda X, y, w, b: torch.func.grad(lambda v: F.binary_cross_entropy_with_logits(X @ v + b, y))(w),
    ],
    "walk_down": [
        right_walk_numpy,
        right_walk_autograd,
    ],
    "threshold": [
        lambda false_alarm, missed: 1 / (1 + missed / false_alarm),
        lambda false_alarm, missed: torch.sigmoid(torch.tensor(false_alarm / missed).log()).item(),
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)


# written by the text of the lesson alone


def numpy_3(scores):
    return np.where(np.array(scores) > 0, 1, 0)


def heaviside(scores):
    return torch.heaviside(scores, torch.zeros(1, dtype=scores.dtype))


def stack_of_log_odds_argmax(scores):
    two = torch.stack([torch.zeros_like(scores), scores], dim=-1)
    return two.softmax(-1).argmax(-1)


def loop_with_sigmoid(scores):
    out = []
    for s in scores.tolist():
        p = 0.5 * (1 + math.tanh(s / 2))
        out.append(1 if p > 0.5 else 0)
    return torch.tensor(out)


def logaddexp(z, y):
    return (torch.logaddexp(z, torch.zeros_like(z)) - y * z).mean()


def numpy_4(z, y):
    z, y = np.asarray(z, dtype=float), np.asarray(y, dtype=float)
    return np.mean(np.logaddexp(0, -(2 * y - 1) * z))


def loop_math(z, y):
    total = 0.0
    for s, t in zip(z.tolist(), y.tolist()):
        s = s if t == 1 else -s
        total += max(-s, 0) + math.log1p(math.exp(-abs(s)))
    return total / len(z)


def two_class_cross_entropy(z, y):
    two = torch.stack([torch.zeros_like(z), z], dim=1)
    return F.cross_entropy(two, y.long())


def module_with_default(z, y, criterion=nn.BCEWithLogitsLoss()):
    return criterion(z, y.to(z.dtype))


def autograd(X, y, w, b):
    w = w.detach().clone().requires_grad_()
    return torch.autograd.grad(F.binary_cross_entropy_with_logits(X @ w + b, y), w)[0]


def einsum(X, y, w, b):
    r = torch.sigmoid(torch.einsum("nm,m->n", X, w) + b) - y
    return torch.einsum("n,nm->m", r, X) / X.size(0)


def loops(X, y, w, b):
    n, m = X.shape
    g = [0.0] * m
    for i in range(n):
        z = sum(float(X[i, j]) * float(w[j]) for j in range(m)) + float(b)
        p = 1 / (1 + math.exp(-z))
        for j in range(m):
            g[j] += (p - float(y[i])) * float(X[i, j]) / n
    return torch.tensor(g)


def numpy_5(X, y, w, b):
    X, y, w = X.numpy(), y.numpy(), w.numpy()
    p = 1 / (1 + np.exp(-(X.dot(w) + float(b))))
    return (X * (p - y)[:, None]).mean(0)


def torch_optim(X, y, lr, steps):
    w = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    b = torch.zeros((), dtype=X.dtype, requires_grad=True)
    opt = torch.optim.SGD([w, b], lr=lr)
    losses = []
    for _ in range(steps):
        opt.zero_grad()
        loss = F.binary_cross_entropy_with_logits(X @ w + b, y)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return w.detach(), b.detach(), losses


def augmented_column(X, y, lr, steps):
    A = torch.cat([X, torch.ones_like(X[:, :1])], dim=1)
    v = A.new_zeros(A.shape[1])
    losses = []
    for _ in range(steps):
        z = A @ v
        losses.append(float(F.binary_cross_entropy_with_logits(z, y)))
        v -= lr * (A * (z.sigmoid() - y)[:, None]).mean(0)
    return v[:-1], v[-1], losses


def numpy_6(X, y, lr, steps):
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    while len(losses) < steps:
        z = X @ w + b
        losses.append(np.mean(np.logaddexp(0, z) - y * z))
        r = 1 / (1 + np.exp(-z)) - y
        w, b = w - lr * X.T @ r / len(y), b - lr * r.mean()
    return w, b, losses


def sigmoid_of_log_odds(false_alarm, missed):
    return torch.sigmoid(torch.log(torch.tensor(false_alarm / missed))).item()


def bisection(false_alarm, missed):
    low, high = 0.0, 1.0
    for _ in range(60):
        p = (low + high) / 2
        if p * missed > (1 - p) * false_alarm:
            high = p
        else:
            low = p
    return low


for _name, _answers in {
    "classify": [
        numpy_3,
        heaviside,
        stack_of_log_odds_argmax,
        lambda scores, threshold=0.0: scores > threshold,
        loop_with_sigmoid,
    ],
    "log_loss": [
        logaddexp,
        numpy_4,
        loop_math,
        two_class_cross_entropy,
        module_with_default,
    ],
    "gradient": [
        autograd,
        einsum,
        loops,
        numpy_5,
    ],
    "walk_down": [
        torch_optim,
        augmented_column,
        numpy_6,
    ],
    "threshold": [
        sigmoid_of_log_odds,
        lambda false_alarm, missed: 1 / (1 + missed / false_alarm),
        bisection,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)
