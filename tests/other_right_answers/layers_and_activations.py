"""Right answers to the exercises of lesson 07 that are written differently from our solutions."""
# ruff: noqa: B023, B905, E501, E731

import math
import statistics

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn


def scaled_by_sample_sd(train, test):
    mean, sd = train.mean(dim=0, keepdim=True), train.std(dim=0, keepdim=True)
    return (train - mean) / sd, (test - mean) / sd


def scaled_by_sklearn(train, test):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train.numpy())
    return scaler.transform(train.numpy()), scaler.transform(test.numpy())


def scaled_by_data(train, test):
    from course_utils.data import Data, Examples, standardize

    nothing = torch.zeros(len(train)), torch.zeros(len(test))
    data = standardize(Data(Examples(train, nothing[0]), test=Examples(test, nothing[1])))
    return [data.train.X, data.test.X]


class ByHand(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden, self.output = nn.Linear(n_columns, width), nn.Linear(width, 1)

    def forward(self, X):
        units = (X @ self.hidden.weight.T + self.hidden.bias).clamp(min=0)
        return units @ self.output.weight[0] + self.output.bias


class InARow(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(n_columns, width), nn.ReLU(), nn.Linear(width, 1), nn.Flatten(0))

    def forward(self, X):
        return self.layers(X)


def zero_at_the_end(model, batches, optimizer):
    optimizer.zero_grad()
    for X, y in batches:
        loss = ((model(X) - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()


def tells_its_losses(model, batches, optimizer):
    model.train()
    losses = []
    for X, y in batches:
        optimizer.zero_grad()
        loss = nn.MSELoss()(model(X), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def with_a_closure(model, batches, optimizer):
    for X, y in batches:
        def closure(X=X, y=y):
            optimizer.zero_grad()
            loss = F.mse_loss(model(X), y)
            loss.backward()
            return loss
        optimizer.step(closure)


def width_in_a_loop(losses):
    best, lowest = None, float("inf")
    for width, values in losses.items():
        mean = torch.tensor(values).mean()
        if mean < lowest:
            best, lowest = width, mean
    return best


class Functional(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden, self.output = nn.Linear(n_columns, width), nn.Linear(width, 1)

    def forward(self, X):
        return self.output(F.relu(self.hidden(X)))[:, 0]

def scaled_column_by_column(train, test):
    parts = [torch.empty_like(train), torch.empty_like(test)]
    for j in range(train.shape[1]):
        column = train[:, j]
        mean = sum(column.tolist()) / len(column)
        sd = (column - mean).square().mean().sqrt()
        for part, new in zip((train, test), parts, strict=True):
            new[:, j] = (part[:, j] - mean) / sd
    return parts


def scaled_by_numpy(train, test):
    mean, sd = np.mean(train.numpy(), axis=0), np.std(train.numpy(), axis=0)
    return (train.numpy() - mean) / sd, (test.numpy() - mean) / sd


def interaction_in_a_loop(hours, working):
    rows = []
    for hour, works in zip(hours, working, strict=True):
        rows.append(hour if works else torch.zeros_like(hour))
    return torch.stack(rows)


def interaction_on_a_copy(hours, working):
    hours = hours.clone()
    hours[working == 0] = 0
    return hours


class OfPlainParameters(nn.Module):
    """No layers: two matrices and their biases."""

    def __init__(self, n_columns, width):
        super().__init__()
        self.W, self.b = nn.Parameter(torch.randn(width, n_columns)), nn.Parameter(torch.zeros(width))
        self.v, self.c = nn.Parameter(torch.randn(1, width)), nn.Parameter(torch.zeros(1))

    def forward(self, X):
        units = torch.maximum(F.linear(X, self.W, self.b), torch.zeros(()))
        return F.linear(units, self.v, self.c).flatten()


class AsASequence(nn.Sequential):
    def __init__(self, n_columns, width):
        super().__init__(nn.Linear(n_columns, width), nn.ReLU(), nn.Linear(width, 1))

    def forward(self, X):
        return super().forward(X).view(-1)


def by_grad_of_the_weights(model, batches, optimizer):
    weights = list(model.parameters())
    for X, y in batches:
        slopes = torch.autograd.grad((model(X) - y).square().mean(), weights)
        for weight, slope in zip(weights, slopes, strict=True):
            weight.grad = slope
        optimizer.step()


def by_position(model, batches, optimizer):
    for i in range(len(batches)):
        X, y = batches[i]
        for weight in model.parameters():
            weight.grad = None
        (torch.sum((y - model(X)) ** 2) / len(y)).backward()
        optimizer.step()


def width_by_numpy(losses):
    widths = list(losses)
    return widths[int(np.argmin([np.mean(losses[width]) for width in widths]))]


def width_by_statistics(losses):
    from statistics import fmean

    means = {fmean(values): width for width, values in losses.items()}
    return means[min(means)]


def order_by_sorting(forecast, residuals, few, many):
    """Between two residuals in order, as far as the share says: what a quantile is."""
    ordered, place = sorted(residuals.tolist()), few / (few + many) * (len(residuals) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return forecast + ordered[below] + (place - below) * (ordered[above] - ordered[below])


OTHERS = {
    "Demand": [ByHand, InARow, Functional, OfPlainParameters, AsASequence],
    "one_epoch": [zero_at_the_end, tells_its_losses, with_a_closure, by_grad_of_the_weights, by_position],
    "best_width": [
        width_in_a_loop,
        lambda losses: sorted(losses, key=lambda width: sum(losses[width]))[0],
        lambda losses: min((torch.tensor(values).mean().item(), width) for width, values in losses.items())[1],
        width_by_numpy, width_by_statistics,
    ],
    "order_size": [
        lambda forecast, residuals, few, many: round(float(forecast + residuals.quantile(few / (few + many)))),
        lambda forecast, residuals, few, many: (forecast + residuals).quantile(few / (few + many)).item(),
        lambda forecast, residuals, few, many: forecast + torch.quantile(residuals, 1 - many / (few + many)),
        lambda forecast, residuals, few, many: forecast + float(
            np.percentile(residuals.numpy(), 100 * few / (few + many))),
        order_by_sorting,
    ],
    "scaled": [scaled_by_sample_sd, scaled_by_sklearn, scaled_by_data, scaled_column_by_column, scaled_by_numpy],
    "interaction": [
        lambda hours, working: (hours.T * working).T,
        lambda hours, working: torch.diag(working) @ hours,
        lambda hours, working: torch.where(working.unsqueeze(1) == 1, hours, 0),
        interaction_in_a_loop, interaction_on_a_copy,
    ],
}


# In other styles: loops, NumPy, other libraries

def scaled_sklearn(train, test):
    from sklearn.preprocessing import StandardScaler
    scaler = StandardScaler()
    return torch.from_numpy(scaler.fit_transform(train.numpy())), torch.from_numpy(scaler.transform(test.numpy()))


def scaled_columns(train, test):
    a, b = torch.empty_like(train), torch.empty_like(test)
    for j in range(train.size(1)):
        column = train[:, j].tolist()
        m, s = statistics.fmean(column), statistics.stdev(column)
        a[:, j] = (train[:, j] - m) / s
        b[:, j] = (test[:, j] - m) / s
    return [a, b]


def interaction_rows(hours, working):
    return torch.stack([row if day else torch.zeros_like(row) for row, day in zip(hours, working)])


def interaction_diag(hours, working):
    return torch.diag(working) @ hours


class DemandSequential(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return nn.Sequential(self.hidden, nn.ReLU(), self.output, nn.Flatten(0))(X)


class DemandByHand(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        h = X @ self.hidden.weight.t() + self.hidden.bias
        h = h * (h > 0)
        return h @ self.output.weight[0] + self.output.bias


def one_epoch_closure(model, batches, optimizer):
    for X, y in batches:
        def closure():
            optimizer.zero_grad()
            loss = torch.square(model(X) - y).mean()
            loss.backward()
            return loss
        optimizer.step(closure)


def one_epoch_grads(model, batches, optimizer):
    for i in range(len(batches)):
        X, y = batches[i]
        grads = torch.autograd.grad(nn.MSELoss()(model(X), y), list(model.parameters()))
        for p, g in zip(model.parameters(), grads):
            p.grad = g
        optimizer.step()


def best_width_pandas(losses):
    return pd.DataFrame(losses).mean().idxmin()


def best_width_loop(losses):
    winner = None
    for width in losses:
        if winner is None or sum(losses[width]) / len(losses[width]) < sum(losses[winner]) / len(losses[winner]):
            winner = width
    return winner


def order_size_numpy(forecast, residuals, too_few, too_many):
    return float(np.quantile(forecast + residuals.numpy(), too_few / (too_few + too_many)))


def order_size_sorted(forecast, residuals, too_few, too_many):
    values = sorted(residuals.tolist())
    place = (len(values) - 1) * too_few / (too_few + too_many)
    low = math.floor(place)
    high = min(low + 1, len(values) - 1)
    return forecast + values[low] + (place - low) * (values[high] - values[low])


MORE = {
    "scaled": [scaled_sklearn, scaled_columns],
    "interaction": [interaction_rows, interaction_diag],
    "Demand": [DemandSequential, DemandByHand],
    "one_epoch": [one_epoch_closure, one_epoch_grads],
    "best_width": [best_width_pandas, best_width_loop],
    "order_size": [order_size_numpy, order_size_sorted],
}

OTHERS = {name: [*OTHERS.get(name, []), *MORE.get(name, [])] for name in OTHERS | MORE}


# Written without a look at the catalogue

def scaled_course_s_own_way(train, test):
    from sklearn.preprocessing import StandardScaler
    s = StandardScaler().fit(train)
    return (torch.tensor(s.transform(train)), torch.tensor(s.transform(test)))


def scaled_correction_0(train, test):
    m, s = (train.mean(0), train.std(0, correction=0))
    return ((train - m) / s, (test - m) / s)


def scaled_loop(train, test):
    a, b = (train.clone(), test.clone())
    for j in range(train.shape[1]):
        m, s = (train[:, j].mean(), train[:, j].std())
        a[:, j] = (train[:, j] - m) / s
        b[:, j] = (test[:, j] - m) / s
    return [a, b]


scaled_lambda_float64 = lambda train, test: tuple((p.double() - train.double().mean(0, keepdim=True)) / train.double().std(0, keepdim=True) for p in (train, test))


def interaction_loop_in_a_copy(hours, working):
    out = hours.clone()
    for i, on in enumerate(working):
        if on == 0:
            out[i] = 0
    return out


class DemandClamp0(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(self.hidden(X).clamp(min=0))[:, 0]


class DemandByHand_2(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        h = torch.maximum(X @ self.hidden.weight.T + self.hidden.bias, torch.tensor(0.0))
        return h @ self.output.weight[0] + self.output.bias


class DemandSequentialInside(nn.Module):

    def __init__(self, n_columns, width=32):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_columns, width), nn.ReLU(), nn.Linear(width, 1), nn.Flatten(0))

    def forward(self, X):
        return self.net(X)


class DemandAnotherNameForThe(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.output, self.hidden = (nn.Linear(width, 1), nn.Linear(n_columns, width))
        self.relu = nn.ReLU()

    def forward(self, X):
        return self.output(self.relu(self.hidden(X))).view(-1)


def one_epoch_autograd_grad(model, batches, optimizer):
    parameters = list(model.parameters())
    for X, y in batches:
        off = model(X) - y
        for p, g in zip(parameters, torch.autograd.grad(off @ off / len(y), parameters)):
            p.grad = g
        optimizer.step()


def one_epoch_model_zero_grad_and(model, batches, optimizer):
    model.train()
    for X, y in batches:
        model.zero_grad()
        torch.mean(torch.square(y - model(X))).backward()
        optimizer.step()
    return model


def best_width_loop_2(losses):
    best, lowest = (None, float('inf'))
    for width, ls in losses.items():
        m = torch.tensor(ls, dtype=torch.double).mean()
        if m < lowest:
            best, lowest = (width, m)
    return best


def order_size_numpy_2(forecast, residuals, too_few, too_many):
    return forecast + np.quantile(np.asarray(residuals), too_few / (too_few + too_many))


def order_size_quantile_of_shifted(forecast, residuals, too_few, too_many):
    share = too_few / (too_few + too_many)
    return float((forecast + residuals).quantile(share))


def order_size_interpolated_by_hand(forecast, residuals, too_few, too_many):
    r = sorted(residuals.tolist())
    at = too_few / (too_few + too_many) * (len(r) - 1)
    i = int(at)
    j = min(i + 1, len(r) - 1)
    return forecast + r[i] + (at - i) * (r[j] - r[i])


for _name, _answers in {
    "scaled": [
        scaled_course_s_own_way,
        scaled_correction_0,
        scaled_loop,
        scaled_lambda_float64,
    ],
    "interaction": [
        lambda hours, working: torch.einsum('nh,n->nh', hours, working),
        lambda hours, working: (hours.T * working).T,
        lambda hours, working: torch.diag(working) @ hours,
        interaction_loop_in_a_copy,
        lambda hours, working: np.where(np.asarray(working)[:, None] == 1, np.asarray(hours), 0.0),
    ],
    "Demand": [
        DemandClamp0,
        DemandByHand_2,
        DemandSequentialInside,
        DemandAnotherNameForThe,
    ],
    "one_epoch": [
        one_epoch_autograd_grad,
        one_epoch_model_zero_grad_and,
    ],
    "best_width": [
        best_width_loop_2,
        lambda losses: sorted(losses.items(), key=lambda kv: np.mean(kv[1]))[0][0],
        lambda losses: pd.Series({w: np.mean(v) for w, v in losses.items()}).idxmin(),
    ],
    "order_size": [
        order_size_numpy_2,
        order_size_quantile_of_shifted,
        order_size_interpolated_by_hand,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)
