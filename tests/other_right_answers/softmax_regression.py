"""Right answers to the exercises of lesson 03 that are written differently from our solutions."""
# ruff: noqa: B007, B008, B905, E501 (as learners write them)

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def softmax_shifted(logits):
    logits = logits - logits.max(dim=1, keepdim=True).values
    e = torch.exp(logits)
    return e / e.sum(1)[:, None]


def softmax_row_by_row(logits):
    return torch.stack([torch.exp(row - row.max()) / torch.exp(row - row.max()).sum() for row in logits])


def softmax_by_numpy(logits):
    z = logits.numpy()
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_by_differences(logits):
    """Each share as one by the sum of e to the other scores' leads over it."""
    return 1 / (logits[:, None, :] - logits[:, :, None]).exp().sum(dim=2)


def loss_by_gather(logits, y):
    return -torch.log_softmax(logits, dim=1).gather(1, y[:, None]).mean()


def loss_in_a_loop(logits, y):
    total = 0.0
    for row, label in zip(logits, y.tolist(), strict=True):
        top = row.max()
        total += top + torch.log(torch.exp(row - top).sum()) - row[label]
    return total / len(y)


def gradient_by_autograd(X, y, W, b):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(X @ W + b, y), [W, b])


def gradient_in_place(X, y, W, b):
    off = torch.softmax(X @ W + b, 1)
    off[torch.arange(len(y)), y] -= 1
    off /= len(y)
    return [X.T @ off, off.sum(0)]


def gradient_image_by_image(X, y, W, b):
    slope_W, slope_b = torch.zeros_like(W), torch.zeros_like(b)
    for x, label in zip(X, y, strict=True):
        off = torch.softmax(x @ W + b, dim=0)
        off[label] -= 1
        slope_W += torch.outer(x, off) / len(y)
        slope_b += off / len(y)
    return slope_W, slope_b


def loop_in_double(X, y, n_classes, lr, steps, strength=0.0):
    X = X.double()
    W, b = torch.zeros(X.shape[1], n_classes).double(), torch.zeros(n_classes).double()
    for _ in range(steps):
        off = (torch.softmax(X @ W + b, dim=1) - F.one_hot(y, n_classes)) / len(y)
        W = (1 - lr * strength) * W - lr * X.T @ off
        b -= lr * off.sum(dim=0)
    return W, b


def loop_by_torch(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes, requires_grad=True), torch.zeros(n_classes, requires_grad=True)
    optimizer = torch.optim.SGD([{"params": [W], "weight_decay": strength}, {"params": [b]}], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(X @ W + b, y).backward()
        optimizer.step()
    return W.detach(), b.detach()


def loop_with_a_column_of_ones(X, y, n_classes, lr, steps, strength=0.0):
    X = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    V, pulled = torch.zeros(X.shape[1], n_classes), torch.ones(X.shape[1], 1)
    pulled[-1] = 0
    for _ in range(steps):
        V = V - lr * (X.T @ (torch.softmax(X @ V, dim=1) - F.one_hot(y, n_classes)) / len(y) + strength * pulled * V)
    return V[:-1], V[-1]


class ByHand(nn.Module):
    """W as in the text, (m, K), and zeros to start from."""

    def __init__(self, n_features, n_classes):
        super().__init__()
        self.W = nn.Parameter(torch.zeros(n_features, n_classes))
        self.b = nn.Parameter(torch.zeros(n_classes))

    def forward(self, X):
        return X @ self.W + self.b

    @torch.no_grad()
    def predict_proba(self, X):
        return self.forward(X).softmax(-1)


class Sequential(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(features, classes))

    def forward(self, inputs):
        return self.layers(inputs)

    def predict_proba(self, inputs):
        return F.log_softmax(self(inputs), dim=1).exp().detach()


class AsLinear(nn.Linear):
    def predict_proba(self, X):
        scores = self(X)
        e = (scores - scores.amax(dim=1, keepdim=True)).exp()
        return e / e.sum(dim=1, keepdim=True)


class ToNumpy(nn.Linear):
    def predict_proba(self, X):
        return self(X).softmax(1).detach().numpy()


class InDouble(nn.Linear):
    def predict_proba(self, X):
        return torch.softmax(self(X).double(), dim=1)


class DoubleThroughout(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes).double()

    def forward(self, X):
        return self.linear(X.double())

    def predict_proba(self, X):
        return torch.softmax(self(X), dim=1).detach().numpy()


class Lazy(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.LazyLinear(n_classes)

    def forward(self, X):
        return self.linear(X)

    def predict_proba(self, X):
        return F.softmax(self(X), dim=1)


class ColumnOfOnes(nn.Module):
    """The bias as one more row of W."""

    def __init__(self, n_features, n_classes):
        super().__init__()
        self.W = nn.Parameter(torch.zeros(n_features + 1, n_classes))

    def forward(self, X):
        return torch.cat([X, torch.ones(len(X), 1)], dim=1) @ self.W

    def predict_proba(self, X):
        return torch.softmax(self(X), dim=1)


class NeuronByNeuron(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.neurons = nn.ModuleList([nn.Linear(n_features, 1) for _ in range(n_classes)])

    def forward(self, X):
        return torch.cat([neuron(X) for neuron in self.neurons], dim=1)

    def predict_proba(self, X):
        return torch.softmax(self(X), dim=1)


def slopes_by_einsum(X, y, W, b):
    off = torch.einsum("nm,mk->nk", X.double(), W.double()) + b
    off = off.softmax(dim=1)
    off[torch.arange(len(y)), y] -= 1
    return torch.einsum("nm,nk->mk", X.double(), off) / len(y), torch.einsum("nk->k", off) / len(y)


def slopes_by_autograd(X, y, W, b):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(X @ W + b, y), (W, b))


def fit_by_optimizer(X, y, n_classes, lr, steps, strength):
    W = torch.zeros(X.shape[1], n_classes, requires_grad=True)
    b = torch.zeros(n_classes, requires_grad=True)
    optimizer = torch.optim.SGD([{"params": [W], "weight_decay": strength}, {"params": [b]}], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(X @ W + b, y).backward()
        optimizer.step()
    return W.detach(), b.detach()


def fit_in_doubles(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(n_classes, X.shape[1]).double(), torch.zeros(n_classes).double()
    due = F.one_hot(y, n_classes).double()
    for _ in range(steps):
        off = (torch.softmax(X.double() @ W.T + b, dim=1) - due) / len(y)
        W, b = W - lr * off.T @ X.double() - lr * strength * W, b - lr * off.sum(dim=0)
    return W.T, b


OTHERS = {
    "softmax": [softmax_shifted, softmax_row_by_row, softmax_by_numpy, lambda z: z.softmax(dim=-1),
                lambda z: (z - z.logsumexp(1, keepdim=True)).exp(), lambda z: torch.log_softmax(z.double(), 1).exp(),
                softmax_by_differences],
    "softmax_loss": [F.cross_entropy, loss_by_gather, loss_in_a_loop,
                     lambda z, y: F.nll_loss(z.log_softmax(1), y),
                     lambda z, y: F.cross_entropy(z, F.one_hot(y, z.shape[1]).float()),
                     lambda z, y: nn.CrossEntropyLoss()(z, y).item()],
    "softmax_gradient": [gradient_by_autograd, gradient_in_place, gradient_image_by_image,
        slopes_by_einsum,
        slopes_by_autograd,
    ],
    "fit_softmax": [loop_in_double, loop_by_torch, loop_with_a_column_of_ones,
        fit_by_optimizer,
        fit_in_doubles,
    ],
    "MultinomialLogit": [ByHand, Sequential, AsLinear, ToNumpy, InDouble, DoubleThroughout, Lazy, ColumnOfOnes,
                         NeuronByNeuron],
    "seven_calls": ["a, c, g", "gca", ["a", "c", "g"]],
    "recall_price": [0.69, 0.7],
    "as_one_neuron": [lambda W, b, strength: ((W[:, 1] - W[:, 0]).numpy(), float(b[1] - b[0]), 0.5 * strength),
                      lambda W, b, strength: [W @ torch.tensor([-1.0, 1.0]), b.diff()[0], strength / 2],
                      lambda W, b, strength: (*(side[1] - side[0] for side in (W.T, b)), torch.tensor(strength) / 2),
        lambda W, b, strength: (W @ torch.tensor([-1.0, 1.0]), (b * torch.tensor([-1, 1])).sum(), strength * 0.5),
        lambda W, b, strength: (W.numpy()[:, 1] - W.numpy()[:, 0], float(b[1]) - float(b[0]), strength / 2),
    ],
}


# written by the text of the lesson alone


def _D(X, y, W, b):
    return _P(X, W, b) - F.one_hot(y, W.shape[1])


def _P(X, W, b):
    return torch.softmax(X @ W + b, dim=1)


def right_fit_optimizer(X, y, n_classes, lr, steps, strength):
    W = nn.Parameter(X.new_zeros(X.shape[1], n_classes))
    b = nn.Parameter(X.new_zeros(n_classes))
    optimizer = torch.optim.SGD([{"params": W, "weight_decay": strength}, {"params": b}], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        nn.CrossEntropyLoss()(X @ W + b, y).backward()
        optimizer.step()
    return W, b


def right_fit_numpy(X, y, n_classes, lr, steps, strength):
    A, t = np.asarray(X, dtype=np.float64), np.eye(n_classes)[np.asarray(y)]
    W, b = np.zeros((A.shape[1], n_classes)), np.zeros(n_classes)
    while steps > 0:
        z = A @ W + b
        e = np.exp(z - z.max(1, keepdims=True))
        d = (e / e.sum(1, keepdims=True) - t) / len(A)
        W, b, steps = (1 - lr * strength) * W - lr * A.T @ d, b - lr * d.sum(0), steps - 1
    return W, b


class RightLogitPair(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
        self.link = nn.LogSoftmax(dim=-1)

    def forward(self, X):
        return F.linear(X, self.linear.weight, self.linear.bias)

    @torch.no_grad()
    def predict_proba(self, X):
        return self.link(self(X)).exp()


for _name, _answers in {
    "softmax": [
        lambda logits: (logits - logits.logsumexp(dim=1, keepdim=True)).exp(),
        lambda logits: 1 / (logits[:, None, :] - logits[:, :, None]).exp().sum(dim=2),
    ],
    "softmax_loss": [
        lambda logits, y: (logits.logsumexp(1) - logits.gather(1, y.view(-1, 1)).view(-1)).sum() / y.numel(),
        lambda logits, y: F.cross_entropy(logits, F.one_hot(y, logits.shape[-1]).to(logits)),
    ],
    "softmax_gradient": [
        lambda X, y, W, b: torch.func.grad(lambda W, b: F.cross_entropy(X @ W + b, y), argnums=(0, 1))(W, b),
        lambda X, y, W, b: [torch.einsum("nm,nk->mk", X, _D(X, y, W, b)) / len(X), torch.einsum("nk->k", _D(X, y, W, b)) / len(X)],
    ],
    "fit_softmax": [
        right_fit_optimizer,
        right_fit_numpy,
    ],
    "MultinomialLogit": [
        RightLogitPair,
    ],
    "as_one_neuron": [
        lambda W, b, strength: (W @ torch.tensor([-1.0, 1.0]).to(W), b @ torch.tensor([-1.0, 1.0]).to(b), 0.5 * strength),
        lambda W, b, strength: (W.diff(dim=1).flatten(), b.diff()[0], strength / 2),
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)


# written by the text of the lesson alone


def logsumexp(logits):
    return torch.exp(logits - torch.logsumexp(logits, dim=-1, keepdim=True))


def numpy_7(logits):
    a = logits.detach().cpu().numpy()
    e = np.exp(a - a.max(axis=1)[:, None])
    return torch.from_numpy(e / e.sum(axis=1, keepdims=True))


def loop_3(logits):
    rows = []
    for row in logits:
        e = (row - max(row)).exp()
        rows.append(e / sum(e))
    return torch.stack(rows)


def differences(logits, y):
    true = logits.gather(1, y[:, None])
    return torch.logsumexp(logits - true, dim=1).mean()


def nll_with_module(logits, y, f=nn.LogSoftmax(dim=-1)):
    return nn.NLLLoss()(f(logits), y)


def numpy_scipy(logits, y):
    from scipy.special import logsumexp
    a, t = logits.numpy(), y.numpy()
    return float(np.mean(logsumexp(a, axis=1) - a[np.arange(len(t)), t]))


def one_hot_targets(logits, y):
    return F.cross_entropy(logits, F.one_hot(y, logits.size(1)).to(logits.dtype))


def autograd_3(X, y, W, b):
    W = W.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(X @ W + b, y), [W, b])


def loops_2(X, y, W, b):
    gW, gb = torch.zeros_like(W), torch.zeros_like(b)
    for x, t in zip(X, y):
        p = (x @ W + b).softmax(0)
        p[t] -= 1
        gW += torch.outer(x, p)
        gb += p
    return gW / len(y), gb / len(y)


def einsum_and_numpy(X, y, W, b):
    X, y, W, b = (t.numpy() for t in (X, y, W, b))
    z = X @ W + b
    p = np.exp(z - z.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return np.einsum("nm,nk->mk", X, p) / len(y), p.mean(axis=0)


def nn_linear_with_two_groups(X, y, n_classes, lr, steps, strength):
    layer = nn.Linear(X.shape[1], n_classes).to(X.dtype)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    opt = torch.optim.SGD([{"params": [layer.weight], "weight_decay": strength}, {"params": [layer.bias]}], lr=lr)
    for _ in range(steps):
        opt.zero_grad()
        F.cross_entropy(layer(X), y).backward()
        opt.step()
    return layer.weight.detach().T, layer.bias.detach()


def numpy_8(X, y, n_classes, lr, steps, strength, verbose=False):
    X, Y = X.numpy().astype(float), np.eye(n_classes)[y.numpy()]
    W, b = np.zeros((X.shape[1], n_classes)), np.zeros(n_classes)
    for _ in range(steps):
        z = X @ W + b
        p = np.exp(z - z.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        d = (p - Y) / len(X)
        W, b = (1 - lr * strength) * W - lr * X.T @ d, b - lr * d.sum(0)
    return torch.from_numpy(W), torch.from_numpy(b)


def penalty_in_the_loss(X, y, n_classes, lr, steps, strength):
    W = X.new_zeros(X.shape[1], n_classes).requires_grad_()
    b = X.new_zeros(n_classes).requires_grad_()
    for _ in range(steps):
        loss = F.cross_entropy(torch.addmm(b, X, W), y) + strength * W.pow(2).sum() / 2
        loss.backward()
        with torch.no_grad():
            for p in (W, b):
                p.sub_(lr * p.grad)
                p.grad = None
    return W.detach(), b.detach()


class SubclassWithFLinear(nn.Module):
    def __init__(self, n_features, n_classes, bias=True):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes, bias=bias)
        self.softmax = nn.Softmax(dim=-1)
    def forward(self, X):
        return F.linear(X, self.linear.weight, self.linear.bias)
    @torch.no_grad()
    def predict_proba(self, X):
        return self.softmax(self.forward(X))


class LogSoftmaxExp(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return X @ self.linear.weight.t() + self.linear.bias
    def predict_proba(self, X):
        return self(X).log_softmax(1).exp()


def diff(W, b, strength):
    return W.diff(dim=1).squeeze(1), b.diff().item(), 0.5 * strength


def matrix_product(W, b, strength):
    d = torch.tensor([-1.0, 1.0], dtype=W.dtype)
    return [W @ d, d @ b, strength / 2]


for _name, _answers in {
    "softmax": [
        logsumexp,
        numpy_7,
        loop_3,
    ],
    "softmax_loss": [
        differences,
        nll_with_module,
        numpy_scipy,
        one_hot_targets,
    ],
    "softmax_gradient": [
        autograd_3,
        loops_2,
        einsum_and_numpy,
    ],
    "fit_softmax": [
        nn_linear_with_two_groups,
        numpy_8,
        penalty_in_the_loss,
    ],
    "MultinomialLogit": [
        SubclassWithFLinear,
        LogSoftmaxExp,
    ],
    "as_one_neuron": [
        diff,
        matrix_product,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)
