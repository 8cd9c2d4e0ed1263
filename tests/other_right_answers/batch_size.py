"""Right answers to the exercises of lesson 09 that are written differently from our solutions."""
# ruff: noqa: B023, B905, E741

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import BatchSampler, DataLoader, TensorDataset


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


def batches_by_slices(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return [order[i : i + B] for i in range(0, n, B)]


def batches_one_by_one(n, B, generator):
    order = torch.randperm(n, generator=generator)
    for begin in range(0, n, B):
        yield order[begin : begin + B]


def batches_of_numbers(n, B, generator):
    order = torch.randperm(n, generator=generator).tolist()
    return [order[i : i + B] for i in range(0, n, B)]


def batches_by_tensor_split(n, B, generator):
    return torch.randperm(n, generator=generator).tensor_split(list(range(B, n, B)))


def batches_by_filling(n, B, generator):
    """One row number after the other; a batch is handed over when it is full."""
    batches = [[]]
    for row in torch.randperm(n, generator=generator).tolist():
        if len(batches[-1]) == B:
            batches.append([])
        batches[-1].append(row)
    return batches


def batches_by_numpy(n, B, generator):
    return np.array_split(torch.randperm(n, generator=generator).numpy(), range(B, n, B))


def batches_by_sampler(n, B, generator):
    return BatchSampler(torch.randperm(n, generator=generator).tolist(), B, drop_last=False)


def epoch_by_closure(model, optimizer, X, y, batches):
    """Hands the four jobs to the optimizer as a function."""
    losses = []
    for rows in batches:
        def closure(rows=rows):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X[rows]), y[rows])
            loss.backward()
            return loss
        losses += [optimizer.step(closure).item()] * len(rows)
    return sum(losses) / len(losses)


def epoch_by_loader(model, optimizer, X, y, batches):
    total = n = 0
    for images, labels in DataLoader(TensorDataset(X, y), batch_sampler=[rows.tolist() for rows in batches]):
        loss = F.nll_loss(model(images).log_softmax(dim=1), labels)
        model.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        total, n = total + loss.item() * images.size(0), n + images.size(0)
    return np.float64(total / n)


def scale_by_pairs(G):
    """Half the mean squared distance of two rows is their variance."""
    return torch.cdist(G.double(), G.double()).square().mean() / 2 / G.double().mean(0).square().sum()


def epoch_with_lists(model, optimizer, X, y, batches):
    losses, sizes = [], []
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        sizes.append(len(rows))
    return sum(loss * size for loss, size in zip(losses, sizes, strict=True)) / sum(sizes)


def epoch_by_grad(model, optimizer, X, y, batches):
    total = 0
    for rows in batches:
        images, labels = X.index_select(0, rows), y.index_select(0, rows)
        each = F.cross_entropy(model(images), labels, reduction="none")
        for p, g in zip(model.parameters(), torch.autograd.grad(each.mean(), list(model.parameters())), strict=True):
            p.grad = g
        optimizer.step()
        total += each.sum().item()
    return total / sum(map(len, batches))


def epoch_that_zeroes_last(model, optimizer, X, y, batches):
    """Keeps the loss as a tensor, graph and all, and erases after the step."""
    model.zero_grad()
    total = torch.zeros(())
    for rows in batches:
        loss = torch.nn.CrossEntropyLoss()(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        model.zero_grad()
        total = total + loss * rows.numel()
    return total / len(y)


def epoch_by_hand(model, optimizer, X, y, batches):
    """Gradient descent written out, without the optimizer; its rate is read from it."""
    total, lr = 0.0, optimizer.param_groups[0]["lr"]
    for rows in batches:
        off = torch.softmax(model(X[rows]), 1).detach()
        total -= off[range(len(rows)), y[rows]].log().sum().item()
        off[range(len(rows)), y[rows]] -= 1
        with torch.no_grad():
            model.weight -= lr * off.T @ X[rows] / len(rows)
            model.bias -= lr * off.mean(0)
    return total / len(X)


def rate_by_factor(lr, B, new_B):
    k = new_B / B
    return torch.tensor(lr * k)

def rate_by_examples(lr, B, new_B):
    """What one example is worth of the rate stays."""
    for_one = lr / B
    return sum(for_one for _ in range(new_B))


def rate_by_numpy(lr, B, new_B):
    return np.multiply(lr, np.divide(new_B, B))


def loss_by_numpy(batch_losses, batch_sizes):
    return np.average(np.asarray(batch_losses), weights=np.asarray(batch_sizes))


OTHERS = {
    "batches_of": [batches_by_slices, batches_one_by_one, batches_of_numbers, batches_by_tensor_split,
                   batches_by_filling, batches_by_numpy, batches_by_sampler],
    "one_epoch": [epoch_with_lists, epoch_by_grad, epoch_that_zeroes_last, epoch_by_hand, epoch_by_closure,
                  epoch_by_loader],
    "scaled_rate": [rate_by_factor, lambda lr, B, new_B: new_B * (lr / B), lambda lr, B, new_B: lr / B * new_B,
                    rate_by_examples, rate_by_numpy],
    "noise_scale": [scale_by_variances, scale_by_the_trace, scale_by_squares, scale_by_a_loop, scale_by_pairs],
    "accumulated_step": [step_by_sums, step_divided_afterwards, step_with_one_backward, step_by_grad,
                         step_image_by_image, step_by_finer_parts, step_around_the_module],
    "epoch_loss": [loss_by_dot, loss_by_loop, loss_by_repeating, loss_by_shares, loss_by_numpy],
    "recall_updates": [220.0, 22 * 10],
    "guess_batch": [0.5, 0.95],
    "guess_divided": [1, 1 / 64],
}


# In other styles: loops, NumPy, other libraries

def batches_of_sampler(n, B, generator):
    from torch.utils.data import BatchSampler
    order = torch.randperm(n, generator=generator)
    return [torch.tensor(rows) for rows in BatchSampler(order.tolist(), B, drop_last=False)]


def batches_of_while(n, B, generator):
    left = torch.randperm(n, generator=generator)
    batches = ()
    while len(left):
        batches += (left[:B],)
        left = left[B:]
    return batches


def epoch_loss_dot(batch_losses, batch_sizes):
    a, b = torch.as_tensor(batch_losses).double(), torch.as_tensor(batch_sizes).double()
    return torch.dot(a, b / b.sum())


def epoch_loss_incremental(batch_losses, batch_sizes):
    mean, seen = 0.0, 0
    for loss, size in zip(batch_losses, batch_sizes):
        seen += size
        mean += (loss - mean) * size / seen
    return mean


def one_epoch9_hand(model, optimizer, X, y, batches):
    seen = []
    for rows in batches:
        log_p = torch.log_softmax(model(X[rows]), -1)
        each = -log_p.gather(1, y[rows].unsqueeze(1)).squeeze(1)
        optimizer.zero_grad()
        each.mean().backward()
        optimizer.step()
        seen.append(each.detach())
    return torch.cat(seen).mean()


def one_epoch9_closure(model, optimizer, X, y, batches):
    sums, count = 0.0, 0
    for rows in batches:
        def again():
            model.zero_grad()
            loss = nn.functional.cross_entropy(model(X.index_select(0, torch.as_tensor(rows))), y[rows])
            loss.backward()
            return loss
        sums, count = sums + float(optimizer.step(again)) * len(rows), count + len(rows)
    return sums / count


def noise_scale_cov(G):
    return torch.trace(torch.cov(G.T, correction=0)) / torch.dot(G.mean(0), G.mean(0))


def noise_scale_identity(G):
    rows = G.numpy().astype("float64")
    mean = rows.mean(axis=0)
    return float((rows * rows).sum(axis=1).mean() / (mean ** 2).sum() - 1)


def accumulated_step_grads(model, optimizer, parts):
    n = sum(len(y) for _, y in parts)
    parameters = list(model.parameters())
    sums = [torch.zeros_like(p) for p in parameters]
    for X, y in parts:
        for s, g in zip(sums, torch.autograd.grad(F.cross_entropy(model(X), y, reduction="sum"), parameters)):
            s += g
    for p, s in zip(parameters, sums):
        p.grad = s / n
    optimizer.step()


def accumulated_step_afterwards(model, optimizer, parts):
    model.zero_grad()
    count = 0
    for images, labels in parts:
        nn.CrossEntropyLoss(reduction="sum")(model(images), labels).backward()
        count += labels.numel()
    for p in model.parameters():
        p.grad /= count
    optimizer.step()


def scaled_rate_numpy(lr, B, new_B):
    return np.float64(lr) * np.divide(new_B, B)


def scaled_rate_fraction(lr, B, new_B):
    from fractions import Fraction
    return float(Fraction(lr) * Fraction(new_B) / Fraction(B))


MORE = {
    "batches_of": [batches_of_sampler, batches_of_while],
    "epoch_loss": [epoch_loss_dot, epoch_loss_incremental],
    "one_epoch": [one_epoch9_hand, one_epoch9_closure],
    "noise_scale": [noise_scale_cov, noise_scale_identity],
    "accumulated_step": [accumulated_step_grads, accumulated_step_afterwards],
    "scaled_rate": [scaled_rate_numpy, scaled_rate_fraction],
}

OTHERS = {name: [*OTHERS.get(name, []), *MORE.get(name, [])] for name in OTHERS | MORE}


# Written without a look at the catalogue

def batches_of_slices(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return [order[i:i + B] for i in range(0, n, B)]


def batches_of_generator_function(n, B, generator):
    order = torch.randperm(n, generator=generator)
    for i in range(0, n, B):
        yield order[i:i + B]


def batches_of_lists_of_ints(n, B, generator):
    order = torch.randperm(n, generator=generator).tolist()
    return [order[i:i + B] for i in range(0, len(order), B)]


def epoch_loss_repeat_each(batch_losses, batch_sizes):
    return torch.repeat_interleave(torch.as_tensor(batch_losses), torch.as_tensor(batch_sizes)).mean()


def epoch_loss_loop(batch_losses, batch_sizes):
    total, n = (0.0, 0)
    for l, s in zip(batch_losses, batch_sizes):
        total, n = (total + float(l) * int(s), n + int(s))
    return total / n


def one_epoch_log_softmax_by_hand(model, optimizer, X, y, batches):
    losses = []
    for rows in batches:
        z = model(X[rows])
        each = z.logsumexp(1) - z.gather(1, y[rows][:, None])[:, 0]
        optimizer.zero_grad()
        each.mean().backward()
        optimizer.step()
        losses.append(each.detach())
    return torch.cat(losses).mean().item()


def one_epoch_sum_len(model, optimizer, X, y, batches):
    total = 0
    for rows in batches:
        total_of_batch = F.cross_entropy(model(X[rows]), y[rows], reduction='sum')
        optimizer.zero_grad()
        (total_of_batch / len(rows)).backward()
        optimizer.step()
        total = total + total_of_batch.item()
    return total / sum(len(rows) for rows in batches)


def noise_scale_mean_of_squares_less(G):
    G = G.double()
    g = G.mean(0) @ G.mean(0)
    return ((G * G).sum(1).mean() - g) / g


def noise_scale_loop(G):
    g = sum(G) / len(G)
    return sum(float((row - g) @ (row - g)) for row in G) / len(G) / float(g @ g)


def accumulated_step_sum_over_total(model, optimizer, parts):
    optimizer.zero_grad()
    n = sum((len(X) for X, _ in parts))
    for X, y in parts:
        (F.cross_entropy(model(X), y, reduction='sum') / n).backward()
    optimizer.step()


def accumulated_step_scale_the_gradients_at(model, optimizer, parts):
    model.zero_grad()
    n = 0
    for X, y in parts:
        F.cross_entropy(model(X), y, reduction='sum').backward()
        n += len(y)
    for p in model.parameters():
        p.grad /= n
    optimizer.step()
    optimizer.zero_grad()


def accumulated_step_autograd_grad(model, optimizer, parts):
    params = [p for p in model.parameters()]
    total = sum((y.numel() for _, y in parts))
    grads = [torch.zeros_like(p) for p in params]
    for X, y in parts:
        for g, new in zip(grads, torch.autograd.grad(F.cross_entropy(model(X), y), params)):
            g += new * len(y) / total
    for p, g in zip(params, grads):
        p.grad = g
    optimizer.step()


for _name, _answers in {
    "batches_of": [
        batches_of_slices,
        batches_of_generator_function,
        batches_of_lists_of_ints,
    ],
    "epoch_loss": [
        lambda batch_losses, batch_sizes: np.average(np.asarray(batch_losses), weights=np.asarray(batch_sizes)),
        epoch_loss_repeat_each,
        epoch_loss_loop,
    ],
    "one_epoch": [
        one_epoch_log_softmax_by_hand,
        one_epoch_sum_len,
    ],
    "noise_scale": [
        lambda G: G.var(0, correction=0).sum() / G.mean(0).pow(2).sum(),
        noise_scale_mean_of_squares_less,
        noise_scale_loop,
        lambda G: torch.trace(torch.cov(G.T, correction=0)) / torch.linalg.norm(G.mean(0)) ** 2,
    ],
    "scaled_rate": [
        lambda lr, B, new_B: new_B / B * lr,
    ],
    "accumulated_step": [
        accumulated_step_sum_over_total,
        accumulated_step_scale_the_gradients_at,
        accumulated_step_autograd_grad,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)
