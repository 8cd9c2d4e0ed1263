"""Right answers to the exercises of lesson 09 that are written differently from our solutions."""

import torch
import torch.nn.functional as F


def scale_by_variances(G):
    return G.var(dim=0).sum() / G.mean(dim=0).norm() ** 2


def scale_by_the_trace(G):
    return torch.trace(torch.cov(G.T)) / (G.mean(0) @ G.mean(0))


def scale_by_squares(G):
    """Mean square minus squared mean, and a Python number."""
    signal = (G.mean(0) ** 2).sum()
    return ((G**2).sum(1).mean() - signal).item() / signal.item()


def scale_by_a_loop(G):
    mean, total = G.sum(0) / len(G), 0.0
    for row in G:
        total += torch.dot(row - mean, row - mean)
    return total / len(G) / torch.dot(mean, mean)


def step_by_sums(model, optimizer, parts):
    n = sum(len(X) for X, _ in parts)
    model.zero_grad()
    for X, y in parts:
        (F.cross_entropy(model(X), y, reduction="sum") / n).backward()
    optimizer.step()


def step_divided_afterwards(model, optimizer, parts):
    optimizer.zero_grad()
    for X, y in parts:
        F.cross_entropy(model(X), y, reduction="sum").backward()
    for p in model.parameters():
        p.grad /= sum(len(y) for _, y in parts)
    optimizer.step()


def step_with_one_backward(model, optimizer, parts):
    """Keeps the records of all parts until the end, but never a batch of all."""
    optimizer.zero_grad(set_to_none=False)
    total = 0.0
    for X, y in parts:
        total = total + len(y) * F.cross_entropy(model(X), y)
    (total / sum(len(y) for _, y in parts)).backward()
    optimizer.step()
    return total


def step_by_grad(model, optimizer, parts):
    n = sum(len(y) for _, y in parts)
    parameters = list(model.parameters())
    sums = [torch.zeros_like(p) for p in parameters]
    for X, y in parts:
        loss = F.cross_entropy(model(X), y)
        for total, gradient in zip(sums, torch.autograd.grad(loss, parameters), strict=True):
            total += gradient * len(y) / n
    for p, gradient in zip(parameters, sums, strict=True):
        p.grad = gradient
    optimizer.step()


def step_image_by_image(model, optimizer, parts):
    n = sum(len(y) for _, y in parts)
    optimizer.zero_grad()
    for X, y in parts:
        for x, t in zip(X, y, strict=True):
            (F.cross_entropy(model(x[None]), t[None]) / n).backward()
    optimizer.step()


def step_by_finer_parts(model, optimizer, parts):
    n = sum(len(y) for _, y in parts)
    optimizer.zero_grad()
    for X, y in parts:
        for x, t in zip(X.split(2), y.split(2), strict=True):
            (F.cross_entropy(model(x), t) * len(t) / n).backward()
    optimizer.step()


def step_around_the_module(model, optimizer, parts):
    """Uses the parts up, and multiplies by the weights itself."""
    n = sum(len(y) for _, y in parts)
    optimizer.zero_grad()
    while parts:
        X, y = parts.pop()
        (F.cross_entropy(F.linear(X, model.weight, model.bias), y, reduction="sum") / n).backward()
    optimizer.step()


def loss_by_dot(batch_losses, batch_sizes):
    return batch_losses @ batch_sizes.float() / batch_sizes.sum()


def loss_by_loop(batch_losses, batch_sizes):
    total = images = 0
    for loss, size in zip(batch_losses.tolist(), batch_sizes.tolist(), strict=True):
        total, images = total + loss * size, images + size
    return total / images


def loss_by_repeating(batch_losses, batch_sizes):
    return batch_losses.repeat_interleave(batch_sizes).mean()


def loss_by_shares(batch_losses, batch_sizes):
    return sum(loss * share for loss, share in zip(batch_losses, batch_sizes / batch_sizes.sum(), strict=True))


OTHERS = {
    "noise_scale": [scale_by_variances, scale_by_the_trace, scale_by_squares, scale_by_a_loop],
    "accumulated_step": [step_by_sums, step_divided_afterwards, step_with_one_backward, step_by_grad,
                         step_image_by_image, step_by_finer_parts, step_around_the_module],
    "epoch_loss": [loss_by_dot, loss_by_loop, loss_by_repeating, loss_by_shares],
    "recall_updates": [220.0, 22 * 10],
    "full_batch_guess": [90.0, 0.5],
}
