"""Right answers to the exercises of lesson 08 that are written differently from our solutions."""
# ruff: noqa: B023, B905


import copy

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def by_where(x, u, p):
    return torch.where(u < p, 0.0, x / (1 - p))


def with_a_filled_mask(x, u, p):
    x = x.masked_fill(u < p, 0)
    return x / (1 - p)


def in_place(x, u, p):
    x[u < p] = 0
    x *= 1 / (1 - p)
    return x


def one_formula(x, u, p):
    return torch.ceil(u - p).clamp(0, 1) * x / (1 - p)


def by_numpy(x, u, p):
    x, u = x.numpy(), u.numpy()
    return x * (u > p) / (1 - p)


class WithBernoulli(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            x = x * torch.bernoulli(torch.full_like(x, 1 - self.p)) / (1 - self.p)
        return x


class ByDrop(nn.Module):
    def __init__(self, share):
        nn.Module.__init__(self)
        self.share = share

    def forward(self, x):
        u = torch.rand(x.shape)
        return by_where(x, u, self.share) if self.training else x


class OneFormula(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, X):
        p = self.p * self.training
        return X * (torch.rand(X.size()) > p) / (1 - p)


class ByTheHouse(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return F.dropout(x, self.p, self.training)


def with_the_house(model, X):
    from course_utils.train import eval_mode

    with torch.no_grad(), eval_mode(model):
        return model(X).softmax(dim=-1)


def with_inference_mode(model, X):
    training = model.training
    model.train(False)
    with torch.inference_mode():
        p = model(X).softmax(1)
    if training:
        model.train()
    return p


def detached(model, X):
    was = model.training
    out = model.eval()(X).detach()
    model.train(mode=was)
    return torch.exp(out - out.logsumexp(1, keepdim=True))


def on_a_copy(model, X):
    import copy

    twin = copy.deepcopy(model).eval()
    with torch.no_grad():
        return torch.softmax(twin(X), dim=1)


def layer_by_layer(model, X):
    modes = [layer.training for layer in model.modules()]
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    p = model.eval()(X).softmax(1)
    torch.set_grad_enabled(recording)
    for layer, mode in zip(model.modules(), modes, strict=True):
        layer.training = mode
    return p


def by_data_loader(model, data, optimizer, epochs):
    from torch.utils.data import DataLoader, TensorDataset

    loader, loss_fn, share = DataLoader(TensorDataset(*data.train), 50, shuffle=True), nn.CrossEntropyLoss(), []
    for _ in range(epochs):
        model.train()
        for X, y in loader:
            optimizer.zero_grad()
            loss_fn(model(X), y).backward()
            optimizer.step()
        with torch.inference_mode():
            share.append((model.eval()(data.valid.X).argmax(-1) == data.valid.y).sum().item() / len(data.valid.y))
    return share


def recorded_as_a_tensor(model, data, optimizer, epochs):
    right = torch.zeros(epochs)
    for epoch in range(epochs):
        model.train(True)
        order = torch.randperm(len(data.train.X))
        for rows in order.split(50):
            F.cross_entropy(model(data.train.X[rows]), data.train.y[rows]).backward()
            optimizer.step()
            optimizer.zero_grad()
        model.train(False)
        right[epoch] = (model(data.valid.X).argmax(1) == data.valid.y).float().mean()
    return right


def measured_by_the_house(model, data, optimizer, epochs):
    from course_utils.train import evaluate

    right = []
    for _ in range(epochs):
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            F.cross_entropy(model(data.train.X[rows]), data.train.y[rows]).backward()
            optimizer.step()
        right.append(evaluate(model, data.valid, F.cross_entropy).accuracy)       # puts the mode back
    return right


def by_loss(model, X, y, n):
    with torch.no_grad():
        return F.cross_entropy(model.eval()(X), y, reduction="none").topk(n).indices


def by_log_softmax(model, X, y, n):
    model.train(False)
    believed = torch.log_softmax(model(X), 1).gather(1, y[:, None]).squeeze(1)
    return torch.topk(believed, n, largest=False).indices.tolist()


def row_by_row(model, X, y, n):
    model.eval()
    p = model(X).detach().softmax(1).numpy()
    return sorted(range(len(y)), key=lambda i: p[i, y[i]])[:n]

class FlippedByMask(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.keep = 1 - p

    def forward(self, x):
        if self.training:
            mask = torch.empty_like(x).bernoulli_(self.keep)
            return x.mul(mask).div(self.keep)
        return x


def counted_by_hand(model, data, optimizer, epochs):
    shares = []
    while len(shares) < epochs:
        model.train()
        rows = torch.randperm(len(data.train.y))
        for start in range(0, len(rows), 50):
            batch = rows[start:start + 50]
            model.zero_grad()
            scores = model(data.train.X[batch])
            (-scores.log_softmax(1).gather(1, data.train.y[batch, None]).mean()).backward()
            optimizer.step()
        model.eval()
        right = 0
        for said, label in zip(model(data.valid.X).argmax(1).tolist(), data.valid.y.tolist(), strict=True):
            right += said == label
        shares.append(right / len(data.valid.y))
    return shares


def measured_one_by_one(model, data, optimizer, epochs):
    shares = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.X)).split(50):
            optimizer.zero_grad()
            F.cross_entropy(model(data.train.X[rows]), data.train.y[rows]).backward()
            optimizer.step()
        model.eval()
        right = [model(x[None]).argmax() == label for x, label in zip(data.valid.X, data.valid.y, strict=True)]
        shares.append(sum(right) / len(right))
    return shares


def with_a_helper(model, data, optimizer, epochs):
    def one_pass():
        model.train()
        for X, y in zip(data.train.X[order].split(50), data.train.y[order].split(50), strict=True):
            loss = F.nll_loss(F.log_softmax(model(X), dim=-1), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    shares = []
    for _ in range(epochs):
        order = torch.randperm(len(data.train.X))
        one_pass()
        model.eval()
        with torch.no_grad():
            shares += [torch.mean((model(data.valid.X).max(1).indices == data.valid.y).double()).item()]
    return shares


def suspects_by_numpy(model, X, y, n):
    import numpy

    with torch.no_grad():
        scores = model.eval()(X).double().numpy()
    p = numpy.exp(scores - scores.max(1, keepdims=True))
    p = p / p.sum(1, keepdims=True)
    return torch.from_numpy(numpy.argsort(p[numpy.arange(len(p)), y.numpy()])[:n])


def suspects_by_sorting(model, X, y, n):
    believed = F.softmax(model.eval()(X), dim=1).detach()
    pairs = sorted((believed[i, label].item(), i) for i, label in enumerate(y.tolist()))
    return torch.tensor([i for _, i in pairs[:n]])


OTHERS = {
    "drop": [by_where, with_a_filled_mask, in_place, one_formula, by_numpy],
    "Dropout": [WithBernoulli, ByDrop, OneFormula, ByTheHouse, FlippedByMask],
    "train_model": [by_data_loader, recorded_as_a_tensor, measured_by_the_house, counted_by_hand, with_a_helper,
                    measured_one_by_one],
    "steady": [with_the_house, with_inference_mode, detached, on_a_copy, layer_by_layer],
    "suspects": [by_loss, by_log_softmax, row_by_row, suspects_by_numpy, suspects_by_sorting],
    "guess": [60, 99.5],
}


# In other styles: loops, NumPy, other libraries

def drop_loop(x, u, p):
    flat = [a.item() / (1 - p) if b >= p else 0.0 for a, b in zip(x.reshape(-1), u.reshape(-1))]
    return torch.tensor(flat).reshape(x.shape)


def drop_masked_fill(x, u, p):
    return x.div(1 - p).masked_fill(torch.lt(u, p), 0)


class DropoutBernoulli(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        keep = torch.bernoulli(torch.full_like(x, 1 - self.p))
        return keep * x / (1 - self.p)


class DropoutNumpy(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            coins = np.random.binomial(1, 1 - self.p, size=tuple(x.shape))
            x = x * torch.from_numpy(coins).to(x.dtype) * (1 / (1 - self.p))
        return x


def steady_copy(model, X):
    import copy
    twin = copy.deepcopy(model).eval()
    return twin(X).softmax(-1).detach()


@torch.no_grad()
def steady_modules(model, X):
    modes = [(m, m.training) for m in model.modules()]
    model.train(False)
    scores = model(X)
    for m, mode in modes:
        m.training = mode
    scores = scores - scores.max(1, keepdim=True).values
    return scores.exp() / scores.exp().sum(1)[:, None]


def train_model_parts(model, data, optimizer, epochs):
    def learn():
        model.train(True)
        (X, y) = data.train
        for rows in torch.randperm(len(data.train.y)).split(50):
            loss = -F.log_softmax(model(X[rows]), 1)[torch.arange(len(rows)), y[rows]].mean()
            model.zero_grad()
            loss.backward()
            optimizer.step()

    def look():
        model.train(False)
        guesses = model(data.valid.X).max(1).indices
        return sum(int(g == t) for g, t in zip(guesses, data.valid.y)) / len(guesses)

    result = []
    while len(result) < epochs:
        learn()
        result += [look()]
    return result


def train_model_numpy(model, data, optimizer, epochs):
    out = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            loss = nn.CrossEntropyLoss()(model(data.train.X[rows]), data.train.y[rows])
            optimizer.zero_grad(set_to_none=False)
            loss.backward()
            optimizer.step()
        model.eval()
        guesses = model(data.valid.X).detach().numpy().argmax(axis=1)
        out.append(float(np.mean(guesses == data.valid.y.numpy())))
    return out


def suspects_losses(model, X, y, n):
    was = model.training
    model.eval()
    losses = F.cross_entropy(model(X), y, reduction="none").detach()
    model.train(was)
    return torch.argsort(losses, descending=True)[:n]


def suspects_sorted(model, X, y, n):
    modes = model.training
    model.eval()
    with torch.no_grad():
        believed = [(torch.softmax(model(x[None])[0], 0)[label].item(), row)
                    for row, (x, label) in enumerate(zip(X, y))]
    model.train(modes)
    return [row for _, row in sorted(believed)[:n]]


MORE = {
    "drop": [drop_loop, drop_masked_fill],
    "Dropout": [DropoutBernoulli, DropoutNumpy],
    "steady": [steady_copy, steady_modules],
    "train_model": [train_model_parts, train_model_numpy],
    "suspects": [suspects_losses, suspects_sorted],
}

OTHERS = {name: [*OTHERS.get(name, []), *MORE.get(name, [])] for name in OTHERS | MORE}


# Written without a look at the catalogue

def drop_loop_2(x, u, p):
    out = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        if u[index] >= p:
            out[index] = x[index] / (1 - p)
    return out


class DropoutFDropoutWithThe(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return F.dropout(x, p=self.p, training=self.training)


class DropoutBernoulli_2(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        return x * torch.bernoulli(torch.full_like(x, 1 - self.p)) / (1 - self.p)


class DropoutDrawByRandShape(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            u = torch.rand(x.shape, dtype=x.dtype)
            x = torch.where(u < self.p, torch.zeros((), dtype=x.dtype), x / (1 - self.p))
        return x


class DropoutSubclassOfNnDropout(nn.Dropout):
    pass


class DropoutALayerInside(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.inner = nn.Dropout(p)

    def forward(self, x):
        return self.inner(x)


def steady_deepcopy_in_eval(model, X):
    twin = copy.deepcopy(model).eval()
    with torch.no_grad():
        return F.softmax(twin(X), dim=1)


def steady_modes_of_all_modules(model, X):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    try:
        return model(X).detach().softmax(dim=-1)
    finally:
        for m, t in modes.items():
            m.training = t


@torch.no_grad()
def steady_decorator_exp_by_hand(model, X):
    was = [m.training for m in model.modules()]
    model.eval()
    z = model(X)
    for m, t in zip(model.modules(), was):
        m.train(t) if not list(m.children()) else setattr(m, 'training', t)
    e = torch.exp(z - z.amax(1, keepdim=True))
    return e / e.sum(1, keepdim=True)


def train_model_helper_and_numpy(model, data, optimizer, epochs):
    X, y = (data.train.X, data.train.y)
    shares = np.zeros(epochs)
    for e in range(epochs):
        model.train(True)
        for rows in torch.randperm(len(data.train.y)).split(50):
            loss = nn.CrossEntropyLoss()(model(X[rows]), y[rows])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
        model.train(False)
        with torch.inference_mode():
            shares[e] = (model(data.valid.X).argmax(-1) == data.valid.y).numpy().mean()
    return shares


def train_model_nll_of_log_softmax(model, data, optimizer, epochs, batch_size=50):

    def epoch():
        model.train()
        order = torch.randperm(len(data.train.y))
        for rows in order.split(batch_size):
            optimizer.zero_grad()
            F.nll_loss(F.log_softmax(model(data.train.X[rows]), 1), data.train.y[rows]).backward()
            optimizer.step()
        model.eval()
        guess = model(data.valid.X).max(1).indices
        return sum((int(g == t) for g, t in zip(guess, data.valid.y))) / len(guess)
    return [epoch() for _ in range(epochs)]


def suspects_negative_log_likelihood_topk(model, X, y, n):
    was = model.training
    model.eval()
    with torch.no_grad():
        losses = F.cross_entropy(model(X), y, reduction='none')
    model.train(was)
    return losses.topk(n).indices


def suspects_lambda_over_a_list(model, X, y, n):
    model.eval()
    p = model(X).detach().softmax(1)
    return torch.tensor(sorted(range(len(y)), key=lambda i: p[i, y[i]].item())[:n])


def suspects_with_numpy_argpartition(model, X, y, n):
    was = model.training
    model.eval()
    with torch.no_grad():
        p = F.softmax(model(X), dim=1).gather(1, y.view(-1, 1)).view(-1).numpy()
    model.train(was)
    return np.argsort(p)[:n].tolist()


for _name, _answers in {
    "drop": [
        lambda x, u, p: x * (u >= p) / (1 - p),
        lambda x, u, p: (x / (1 - p)).masked_fill(u < p, 0.0),
        drop_loop_2,
        lambda x, u, p: torch.from_numpy(np.where(u.numpy() < p, 0, x.detach().numpy() / (1 - p))),
    ],
    "Dropout": [
        DropoutFDropoutWithThe,
        DropoutBernoulli_2,
        DropoutDrawByRandShape,
        DropoutSubclassOfNnDropout,
        DropoutALayerInside,
    ],
    "steady": [
        steady_deepcopy_in_eval,
        steady_modes_of_all_modules,
        steady_decorator_exp_by_hand,
    ],
    "train_model": [
        train_model_helper_and_numpy,
        train_model_nll_of_log_softmax,
    ],
    "suspects": [
        suspects_negative_log_likelihood_topk,
        suspects_lambda_over_a_list,
        suspects_with_numpy_argpartition,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)
