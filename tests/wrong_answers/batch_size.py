"""Wrong answers to the exercises of lesson 09, written without a look at its catalogue. See the head of the folder.

They are as learners write them: names of one letter, loops where a call would do. What is wrong stands beside each.
"""
# ruff: noqa: B007, E501, E731, E741, F841

import numpy as np
import torch
import torch.nn.functional as F

from wrong_answers import Wrong


def lost_end(n, B, generator):
    order = torch.randperm(n, generator=generator)
    out = []
    for i in range(0, n - B, B):
        out.append(order[i:i + B])
    return out


def stride_of_one(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return [order[i:i + B] for i in range(n)]


def reshaped(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return order.reshape(-1, B)


def one_short(n, B, generator):
    order = torch.randperm(n, generator=generator).tolist()
    return [order[i:i + B - 1] for i in range(0, n, B)]


def only_full(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return [order[k * B:(k + 1) * B] for k in range(n // B)]


def last_left_out(batch_losses, batch_sizes):
    full = batch_sizes == batch_sizes[0]
    return batch_losses[full].mean()


def loop_by_largest(batch_losses, batch_sizes):
    total = 0
    for l, s in zip(batch_losses, batch_sizes, strict=True):
        total += l * s
    return total / (len(batch_sizes) * max(batch_sizes))


def running_mean(batch_losses, batch_sizes):
    mean = batch_losses[0]
    for l in batch_losses[1:]:
        mean = (mean + l) / 2
    return mean


def not_zeroed(model, optimizer, X, y, batches):
    total = 0.0
    for rows in batches:
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(X)


def loss_of_the_last(model, optimizer, X, y, batches):
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
    return loss.item()


def mean_of_the_means(model, optimizer, X, y, batches):
    losses = []
    for rows in batches:
        optimizer.zero_grad()
        loss = torch.nn.CrossEntropyLoss()(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.mean(losses)


def zeroed_before_the_step(model, optimizer, X, y, batches):
    total = 0
    for b in batches:
        loss = F.cross_entropy(model(X[b]), y[b])
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        total += loss.item() * len(b)
    return total / len(y)


def whole_each_time(model, optimizer, X, y, batches):
    total = 0
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(X)


def step_outside(model, optimizer, X, y, batches):
    total = 0
    optimizer.zero_grad()
    for rows in batches:
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        total += loss.item() * len(rows)
    optimizer.step()
    return total / len(X)


def returned_too_early(model, optimizer, X, y, batches):
    total = 0
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
        return total / len(X)


def softmax_twice(model, optimizer, X, y, batches):
    total = 0
    for rows in batches:
        optimizer.zero_grad()
        p = torch.softmax(model(X[rows]), dim=1)
        loss = F.cross_entropy(p, y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(X)


def divided_by_the_batches(model, optimizer, X, y, batches):
    total = 0
    for rows in batches:
        loss = F.cross_entropy(model(X[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(batches)


def loss_kept_over_all(model, optimizer, X, y, batches):
    with torch.no_grad():
        before = F.cross_entropy(model(X), y).item()
    for rows in batches:
        optimizer.zero_grad()
        F.cross_entropy(model(X[rows]), y[rows]).backward()
        optimizer.step()
    return F.cross_entropy(model(X), y).item()


def along_the_row(G):
    m = G.mean(dim=1, keepdim=True)
    return ((G - m) ** 2).sum(1).mean() / (m ** 2).sum()


def distances_not_squared(G):
    mean = G.mean(0)
    return (G - mean).norm(dim=1).mean() / mean.norm() ** 2


def signal_over_noise(G):
    mean = G.mean(0)
    noise = ((G - mean) ** 2).sum(1).mean()
    return mean.square().sum() / noise


def numpy_over_all(G):
    g = G.numpy()
    return g.var() / g.mean() ** 2


def zeroed_in_the_loop(model, optimizer, parts):
    n = sum(len(X) for X, y in parts)
    for X, y in parts:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), y) * len(X) / n
        loss.backward()
    optimizer.step()


def step_in_the_loop(model, optimizer, parts):
    n = sum(len(y) for _, y in parts)
    optimizer.zero_grad()
    for X, y in parts:
        loss = F.cross_entropy(model(X), y, reduction="sum") / n
        loss.backward()
        optimizer.step()


def parts_alike(model, optimizer, parts):
    optimizer.zero_grad()
    for X, y in parts:
        (F.cross_entropy(model(X), y) / len(parts)).backward()
    optimizer.step()


def sum_of_means(model, optimizer, parts):
    optimizer.zero_grad()
    for X, y in parts:
        F.cross_entropy(model(X), y).backward()
    optimizer.step()


def sum_never_divided(model, optimizer, parts):
    optimizer.zero_grad()
    for X, y in parts:
        loss = F.cross_entropy(model(X), y, reduction="sum")
        loss.backward()
    optimizer.step()


def never_zeroed(model, optimizer, parts):
    n = sum(len(y) for _, y in parts)
    for X, y in parts:
        loss = len(y) / n * F.cross_entropy(model(X), y)
        loss.backward()
    optimizer.step()


def backward_after_the_loop(model, optimizer, parts):
    n = sum(len(y) for _, y in parts)
    optimizer.zero_grad()
    for X, y in parts:
        loss = F.cross_entropy(model(X), y) * len(y) / n
    loss.backward()
    optimizer.step()


def put_together(model, optimizer, parts):
    X = torch.cat([X for X, _ in parts])
    y = torch.cat([y for _, y in parts])
    optimizer.zero_grad()
    F.cross_entropy(model(X), y).backward()
    optimizer.step()


def mean_divided_by_n(model, optimizer, parts):
    n = sum(len(y) for _, y in parts)
    optimizer.zero_grad()
    for X, y in parts:
        (F.cross_entropy(model(X), y) / n).backward()
    optimizer.step()


WRONG = {
    "recall_updates": [
        Wrong(210, "3 images left, and they make an update too"),  # the 3 images that are left over forgotten
        Wrong(22, "That is one epoch"),  # one epoch only
        Wrong(21, "one epoch without its last, short batch"),  # one epoch, and the rest forgotten
        Wrong(13470, "counts the images seen"),  # one update an image
        Wrong(210.47, "An update is whole"),  # divided, not rounded up
        Wrong(211, "Every epoch ends with a batch of 3"),  # rounded up once for all ten epochs
        Wrong(640, "the number of images in a batch, not of batches"),  # B times epochs
        Wrong(10, "every batch holds all images"),  # one update an epoch
    ],
    "batches_of": [
        Wrong(lambda n, B, generator: torch.arange(n).split(B), "in the order of the file"),  # not shuffled
        Wrong(lambda n, B, generator: torch.randperm(n, generator=generator).chunk(B), "These are B batches"),  # B batches, not batches of B
        Wrong(lost_end, "The last batch is missing, even where it is full"),  # the loop ends at n - B: the last batch is lost
        Wrong(stride_of_one, "begins one row after the last", first="neutral"),  # the step of range forgotten: batches overlap
        Wrong(reshaped, "here the last batch is short"),  # reshape fails where n is no multiple of B
        Wrong(one_short, "The end of a slice is not in it", first="neutral"),  # end of the slice one too small
        Wrong(only_full, "The rest at the end is missing"),  # n // B batches: the rest is dropped
        Wrong(lambda n, B, generator: torch.randint(n, (n,), generator=generator).split(B), "Drawn with putting back", first="neutral"),  # drawn with replacement
        Wrong(lambda n, B, generator: torch.randperm(n, generator=generator)[:B], "the first batch alone"),  # one batch only
    ],
    "epoch_loss": [
        Wrong(lambda batch_losses, batch_sizes: batch_losses.mean(), "mean of the batches' means"),  # mean of the batch means
        Wrong(lambda batch_losses, batch_sizes: batch_losses.sum(), "A sum of means"),  # sum of the batch means
        Wrong(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes).sum(), "the sum over all images"),  # weighted sum, never divided
        Wrong(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes).mean(), "You divide by the number of batches"),  # divided by the number of batches
        Wrong(lambda l, s: l * s / s.sum(), "Add them up"),  # not added up: a value for each batch
        Wrong(last_left_out, "Only batches as large as the first are counted", first="neutral"),  # the smaller batches left out
        Wrong(loop_by_largest, "as large as the largest", first="neutral"),  # divided as if all batches were as large as the largest
        Wrong(running_mean, "You halve again with each batch", first="neutral"),  # halves of halves: a running mean of the losses
        Wrong(lambda l, s: l.sum() / s.sum(), "is a mean already, and you divide by the number of images again"),  # losses not multiplied with the sizes, divided by all images
    ],
    "one_epoch": [
        Wrong(not_zeroed, "The gradients of earlier batches are still"),  # zero_grad forgotten
        Wrong(loss_of_the_last, "the loss of the last batch alone"),  # loss of the last batch returned
        Wrong(mean_of_the_means, "mean of the batches' means"),  # mean of the batch means returned
        Wrong(zeroed_before_the_step, "No weight moved"),  # zero_grad between backward and step: nothing moves
        Wrong(whole_each_time, "Every update looked at all images"),  # all images in each step
        Wrong(step_outside, "One update for the whole epoch"),  # step after the loop: one update
        Wrong(returned_too_early, "`return` stand inside of the loop"),  # return inside of the loop
        Wrong(softmax_twice, "takes the softmax itself"),  # softmax before the cross-entropy
        Wrong(divided_by_the_batches, "You divide by the number of batches", first="neutral"),  # sum over images divided by the number of batches
        Wrong(loss_kept_over_all, "the loss at the last weights"),  # loss measured after the epoch, not met on the way
    ],
    "noise_scale": [
        Wrong(along_the_row, "Images are rows"),  # mean along the row (dim 1)
        Wrong(numpy_over_all, "of all numbers together", first="neutral"),  # variance and mean over all entries
        Wrong(distances_not_squared, "Above stand lengths, below a squared length", first="neutral"),  # distances not squared
        Wrong(signal_over_noise, "Upside down"),  # upside down
        Wrong(lambda G: G.var(0).sum() / G.mean(0).norm(), "length of the mean gradient is not squared"),  # length of the mean not squared
        Wrong(lambda G: (G ** 2).sum(1).mean() / (G.mean(0) ** 2).sum(), "The mean was not subtracted"),  # mean not subtracted: squared lengths of the rows
        Wrong(lambda G: ((G - G.mean(0)) ** 2).mean() / (G.mean(0) ** 2).sum(), "the variance of one entry, on average"),  # mean over the entries too, not their sum
        Wrong(lambda G: ((G - G.mean(0)) ** 2).sum() / (G.mean(0) ** 2).sum(), "summed over the images"),  # sum over the rows, not divided by n
        Wrong(lambda G: G.var(0) / G.mean(0) ** 2, "Is a `.mean()` or `.sum()` missing"),  # entry by entry: not summed
        Wrong(lambda G: G.std(0).sum() / (G.mean(0) ** 2).sum(), "standard deviations are added up", first="neutral"),  # standard deviations summed, not variances
    ],
    "scaled_rate": [
        Wrong(lambda lr, B, new_B: lr * B / new_B, "Upside down"),  # upside down
        Wrong(lambda lr, B, new_B: lr * (new_B / B) ** 0.5, "The root keeps"),  # root rule
        Wrong(lambda lr, B, new_B: lr * new_B, "new_B times the rate"),  # not divided by B
        Wrong(lambda lr, B, new_B: lr * (new_B - B), "not by a difference"),  # difference, not ratio
        Wrong(lambda lr, B, new_B: lr, "The rate stays as it was"),  # left as it is
        Wrong(lambda lr, B, new_B: lr * (new_B // B), "`//` rounds down"),  # whole division
        Wrong(lambda lr, B, new_B: lr + new_B / B, "You added the factor", first="neutral"),  # added, not multiplied
        Wrong(lambda lr, B, new_B: new_B / B, "That is the factor"),  # lr forgotten: the factor alone
    ],
    "accumulated_step": [
        Wrong(parts_alike, "You divide by the number of parts"),  # parts count alike
        Wrong(sum_of_means, "A sum of means"),  # means added, not weighted
        Wrong(zeroed_in_the_loop, "Is `zero_grad()` inside the loop"),  # zero_grad inside the loop: last part only
        Wrong(step_in_the_loop, "`step()` in the loop"),  # a step for each part
        Wrong(put_together, "all images went through the model at once"),  # parts put together
        Wrong(sum_never_divided, "the gradient of the sum"),  # sums, never divided by n
        Wrong(never_zeroed, "call `zero_grad()` before the loop"),  # zero_grad forgotten
        Wrong(backward_after_the_loop, "or `backward()` after it"),  # backward after the loop: last part only
        Wrong(mean_divided_by_n, "is a mean already, and you divide it"),  # mean divided by n once more, not weighted by the size
    ],
}
