"""Wrong answers to the exercises of lesson 09, written without a look at its catalogue. See the head of the folder.

They are as learners write them: names of one letter, loops where a call would do. What is wrong stands beside each.
"""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F841

import math
import statistics

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from wrong_answers import NEUTRAL, Wrong


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
        Wrong(lambda batch_losses, batch_sizes: batch_losses.mean(), "mean of the batches' means", idea="M16"),  # mean of the batch means
        Wrong(lambda batch_losses, batch_sizes: batch_losses.sum(), "A sum of means", idea="M15"),  # sum of the batch means
        Wrong(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes).sum(), "the sum over all images", idea="M15"),  # weighted sum, never divided
        Wrong(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes).mean(), "You divide by the number of batches", idea="M16"),  # divided by the number of batches
        Wrong(lambda l, s: l * s / s.sum(), "Add them up"),  # not added up: a value for each batch
        Wrong(last_left_out, "Only batches as large as the first are counted", first="neutral"),  # the smaller batches left out
        Wrong(loop_by_largest, "as large as the largest", first="neutral", idea="M16"),  # divided as if all batches were as large as the largest
        Wrong(running_mean, "You halve again with each batch", first="neutral"),  # halves of halves: a running mean of the losses
        Wrong(lambda l, s: l.sum() / s.sum(), "is a mean already, and you divide by the number of images again", idea="M17"),  # losses not multiplied with the sizes, divided by all images
    ],
    "one_epoch": [
        Wrong(not_zeroed, "The gradients of earlier batches are still", idea="M07"),  # zero_grad forgotten
        Wrong(loss_of_the_last, "the loss of the last batch alone"),  # loss of the last batch returned
        Wrong(mean_of_the_means, "mean of the batches' means", idea="M16"),  # mean of the batch means returned
        Wrong(zeroed_before_the_step, "No weight moved", idea="M08"),  # zero_grad between backward and step: nothing moves
        Wrong(whole_each_time, "Every update looked at all images"),  # all images in each step
        Wrong(step_outside, "One update for the whole epoch", idea="M42"),  # step after the loop: one update
        Wrong(returned_too_early, "`return` stand inside of the loop"),  # return inside of the loop
        Wrong(softmax_twice, "takes the softmax itself", idea="M02"),  # softmax before the cross-entropy
        Wrong(divided_by_the_batches, "You divide by the number of batches", first="neutral", idea="M16"),  # sum over images divided by the number of batches
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
        Wrong(lambda G: ((G - G.mean(0)) ** 2).sum() / (G.mean(0) ** 2).sum(), "summed over the images", idea="M15"),  # sum over the rows, not divided by n
        Wrong(lambda G: G.var(0) / G.mean(0) ** 2, "That is a ratio for each entry"),  # entry by entry: not summed
        Wrong(lambda G: G.std(0).sum() / (G.mean(0) ** 2).sum(), "standard deviations are added up", first="neutral"),  # standard deviations summed, not variances
    ],
    "scaled_rate": [
        Wrong(lambda lr, B, new_B: lr * B / new_B, "Upside down", idea="M42"),  # upside down
        Wrong(lambda lr, B, new_B: lr * (new_B / B) ** 0.5, "The root keeps"),  # root rule
        Wrong(lambda lr, B, new_B: lr * new_B, "new_B times the rate"),  # not divided by B
        Wrong(lambda lr, B, new_B: lr * (new_B - B), "not by a difference"),  # difference, not ratio
        Wrong(lambda lr, B, new_B: lr, "The rate stays as it was", idea="M42"),  # left as it is
        Wrong(lambda lr, B, new_B: lr * (new_B // B), "`//` rounds down"),  # whole division
        Wrong(lambda lr, B, new_B: lr + new_B / B, "You added the factor", first="neutral"),  # added, not multiplied
        Wrong(lambda lr, B, new_B: new_B / B, "That is the factor"),  # lr forgotten: the factor alone
    ],
    "accumulated_step": [
        Wrong(parts_alike, "You divide by the number of parts", idea="M16"),  # parts count alike
        Wrong(sum_of_means, "A sum of means", idea="M15"),  # means added, not weighted
        Wrong(zeroed_in_the_loop, "Is `zero_grad()` inside the loop"),  # zero_grad inside the loop: last part only
        Wrong(step_in_the_loop, "`step()` in the loop"),  # a step for each part
        Wrong(put_together, "all images went through the model at once"),  # parts put together
        Wrong(sum_never_divided, "the gradient of the sum", idea="M15"),  # sums, never divided by n
        Wrong(never_zeroed, "call `zero_grad()` before the loop", idea="M07"),  # zero_grad forgotten
        Wrong(backward_after_the_loop, "or `backward()` after it"),  # backward after the loop: last part only
        Wrong(mean_divided_by_n, "is a mean already, and you divide it", idea="M17"),  # mean divided by n once more, not weighted by the size
    ],
}


# By other learners, again without a look at the catalogue: beginners, people from NumPy and from statistics

def batches_of_chunk(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return list(order.chunk(B))


def batches_of_drop_last(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return [order[i * B:(i + 1) * B] for i in range(n // B)]


def batches_of_unshuffled(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return [torch.arange(start, min(start + B, n)) for start in range(0, n, B)]


def batches_of_slice_end(n, B, generator):
    order = torch.randperm(n, generator=generator)
    batches = []
    for start in range(0, n, B):
        batches.append(order[start:B])
    return batches


def batches_of_first(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return order[:B]


def batches_of_replacement(n, B, generator):
    return [torch.randint(0, n, (min(B, n - i),), generator=generator) for i in range(0, n, B)]


def batches_of_even(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return order.tensor_split(math.ceil(n / B))


def batches_of_view(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return order.view(-1, B)


def batches_of_long_last(n, B, generator):
    order = torch.randperm(n, generator=generator)
    batches = [order[i:i + B] for i in range(0, n - n % B, B)]
    batches[-1] = torch.cat([batches[-1], order[n - n % B:]]) if n % B else batches[-1]
    return batches


def epoch_loss_plain(batch_losses, batch_sizes):
    return torch.as_tensor(batch_losses).float().mean().item()


def epoch_loss_by_batches(batch_losses, batch_sizes):
    total = 0.0
    for loss, size in zip(batch_losses, batch_sizes):
        total += loss * size
    return total / len(batch_losses)


def epoch_loss_unweighted(batch_losses, batch_sizes):
    return sum(batch_losses) / sum(batch_sizes)


def epoch_loss_total(batch_losses, batch_sizes):
    return sum(loss * size for loss, size in zip(batch_losses, batch_sizes))


def epoch_loss_first_size(batch_losses, batch_sizes):
    B = batch_sizes[0]
    total = sum(loss * size for loss, size in zip(batch_losses, batch_sizes))
    return total / (B * len(batch_sizes))


def epoch_loss_swapped(batch_losses, batch_sizes):
    return np.average(batch_sizes, weights=batch_losses)


def epoch_loss_running(batch_losses, batch_sizes):
    mean = batch_losses[0]
    for loss in batch_losses[1:]:
        mean = (mean + loss) / 2
    return mean


def epoch_loss_last(batch_losses, batch_sizes):
    for loss, size in zip(batch_losses, batch_sizes):
        epoch = loss
    return epoch


def epoch_loss_divided(batch_losses, batch_sizes):
    each = [loss / size for loss, size in zip(batch_losses, batch_sizes)]
    return sum(each) / len(each)


def one_epoch9_plain(model, optimizer, X, y, batches):
    losses = []
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return np.mean(losses)


def one_epoch9_no_zero(model, optimizer, X, y, batches):
    total = 0
    for rows in batches:
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(X)


def one_epoch9_whole(model, optimizer, X, y, batches):
    total = 0
    for batch in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    return total / len(y)


def one_epoch9_last(model, optimizer, X, y, batches):
    loss_fn = nn.CrossEntropyLoss()
    for rows in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
    return loss.item()


def one_epoch9_sum(model, optimizer, X, y, batches):
    total = 0.0
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows], reduction="sum")
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(X)


def one_epoch9_outside(model, optimizer, X, y, batches):
    total = 0.0
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        total += loss.item() * len(rows)
    optimizer.step()
    return total / len(X)


def one_epoch9_softmax(model, optimizer, X, y, batches):
    total = 0.0
    for rows in batches:
        p = model(X[rows]).softmax(dim=1)
        loss = F.cross_entropy(p, y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(X)


def one_epoch9_return(model, optimizer, X, y, batches):
    total = 0.0
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
        return total / len(X)


def one_epoch9_nll(model, optimizer, X, y, batches):
    total = 0.0
    for rows in batches:
        optimizer.zero_grad()
        loss = F.nll_loss(torch.softmax(model(X[rows]), 1), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(X)


def one_epoch9_by_batches(model, optimizer, X, y, batches):
    total = 0.0
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * rows.numel()
    return total / len(batches)


def one_epoch9_mse(model, optimizer, X, y, batches):
    total = 0.0
    for rows in batches:
        optimizer.zero_grad()
        scores = model(X[rows])
        loss = F.mse_loss(scores, F.one_hot(y[rows], scores.shape[1]).float())
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(X)


def noise_scale_inverse(G):
    mean = G.mean(0)
    spread = ((G - mean) ** 2).sum(1).mean()
    return (mean ** 2).sum() / spread


def noise_scale_root(G):
    mean = G.mean(dim=0)
    return (G - mean).norm(dim=1).pow(2).mean().sqrt() / mean.norm()


def noise_scale_not_squared(G):
    g = torch.mean(G, 0)
    trace = torch.sum((G - g) ** 2) / len(G)
    return trace / torch.linalg.norm(g)


def noise_scale_mean_lengths(G):
    centred = G - G.mean(0)
    return centred.square().sum() / G.square().sum()


def noise_scale_not_centred(G):
    lengths = [float(g @ g) for g in G]
    whole = G.mean(0)
    return statistics.mean(lengths) / float(whole @ whole)


def noise_scale_cov_rows(G):
    sigma = np.cov(G.numpy(), bias=True)
    mean = G.numpy().mean(axis=0)
    return np.trace(sigma) / (mean @ mean)


def noise_scale_mean_variance(G):
    return G.var(dim=0, unbiased=False).mean() / G.mean(dim=0).pow(2).sum()


def noise_scale_dim1(G):
    mean = G.mean(dim=1, keepdim=True)
    return ((G - mean) ** 2).sum(dim=0).mean() / (mean ** 2).sum()


def noise_scale_sds(G):
    return G.std(0, correction=0).sum() / G.mean(0).norm() ** 2


def noise_scale_of_mean(G):
    n = len(G)
    mean = G.sum(0) / n
    trace = ((G - mean) ** 2).sum(1).mean()
    return trace / n / mean.dot(mean)


def accumulated_step_unweighted(model, optimizer, parts):
    optimizer.zero_grad()
    for X, y in parts:
        loss = F.cross_entropy(model(X), y)
        loss.backward()
    optimizer.step()


def accumulated_step_alike(model, optimizer, parts):
    optimizer.zero_grad(set_to_none=True)
    accumulation_steps = len(parts)
    for X, y in parts:
        loss = nn.CrossEntropyLoss()(model(X), y) / accumulation_steps
        loss.backward()
    optimizer.step()


def accumulated_step_zero_inside(model, optimizer, parts):
    n = sum(len(y) for _, y in parts)
    for X, y in parts:
        optimizer.zero_grad()
        (F.cross_entropy(model(X), y, reduction="sum") / n).backward()
    optimizer.step()


def accumulated_step_many_steps(model, optimizer, parts):
    n = sum(len(y) for _, y in parts)
    optimizer.zero_grad()
    for X, y in parts:
        loss = F.cross_entropy(model(X), y) * len(y) / n
        loss.backward()
        optimizer.step()


def accumulated_step_sum(model, optimizer, parts):
    optimizer.zero_grad()
    for X, y in parts:
        F.cross_entropy(model(X), y, reduction="sum").backward()
    optimizer.step()


def accumulated_step_running(model, optimizer, parts):
    optimizer.zero_grad()
    seen = 0
    for X, y in parts:
        seen += len(X)
        loss = F.cross_entropy(model(X), y) * len(X) / seen
        loss.backward()
    optimizer.step()


def accumulated_step_item(model, optimizer, parts):
    optimizer.zero_grad()
    total, n = 0.0, 0
    for X, y in parts:
        total += F.cross_entropy(model(X), y).item() * len(y)
        n += len(y)
    loss = torch.tensor(total / n)
    loss.backward()
    optimizer.step()


def accumulated_step_stale(model, optimizer, parts):
    n = sum(X.shape[0] for X, _ in parts)
    for X, y in parts:
        (F.cross_entropy(model(X), y) * (X.shape[0] / n)).backward()
    optimizer.step()


def accumulated_step_no_step(model, optimizer, parts):
    n = sum(len(y) for X, y in parts)
    optimizer.zero_grad()
    for X, y in parts:
        loss = F.cross_entropy(model(X), y) * len(y) / n
        loss.backward()


def accumulated_step_cat(model, optimizer, parts):
    X = torch.cat([part[0] for part in parts])
    y = torch.cat([part[1] for part in parts])
    optimizer.zero_grad()
    F.cross_entropy(model(X), y).backward()
    optimizer.step()


def scaled_rate_inverse(lr, B, new_B):
    return lr / (new_B / B)


def scaled_rate_root(lr, B, new_B):
    k = new_B / B
    return lr * k ** 0.5


def scaled_rate_same(lr, B, new_B):
    return lr


def scaled_rate_floor(lr, B, new_B):
    return lr * (new_B // B)


def scaled_rate_times(lr, B, new_B):
    return lr * new_B


def scaled_rate_difference(lr, B, new_B):
    return lr + lr * (new_B - B)


def scaled_rate_capped(lr, B, new_B):
    return min(1.0, lr * new_B / B)


def scaled_rate_by_old(lr, B, new_B):
    return lr / B


def scaled_rate_log(lr, B, new_B):
    return lr * (1 + math.log2(new_B / B))


MORE = {
    "recall_updates": [
        Wrong(210, "After 21 full batches an epoch has 3 images left, and they"),  # The last, short batch of each epoch is not counted.
        Wrong(22, "That is one epoch."),  # One epoch, not ten.
        Wrong(211, "Every epoch ends with a batch of 3 of its own; the next"),  # 13,470 images cut at once, not epoch by epoch: rounded up only once.
        Wrong(640, "64 is the number of images in a batch, not of batches in an"),  # 64 times 10: the size of a batch, not the number of batches.
        Wrong(13470, "That counts the images seen."),  # The images looked at, not the updates.
        Wrong(21, "That is one epoch without its last, short batch."),  # One epoch, and without its short batch.
    ],
    "guess_batch": [
        Wrong(79, "Your guess is `79`; it can lie from 0 to 1."),  # Per cent where a share is asked.
    ],
    "guess_divided": [
        Wrong('1/64', "A number is needed and this is text"),  # A text instead of a number.
    ],
    "batches_of": [
        Wrong(batches_of_chunk, "These are B batches."),  # B batches instead of batches of B.
        Wrong(batches_of_drop_last, "The rest at the end is missing."),  # The short last batch is left out.
        Wrong(batches_of_unshuffled, "The rows come in the order of the file."),  # The order is drawn and not used: rows from 0 up.
        Wrong(batches_of_slice_end, "Only the first batch has rows.", first="neutral"),  # The slice ends at B in place of start + B: only the first batch has rows.
        Wrong(batches_of_first, "That is the first batch alone."),  # Only the first batch.
        Wrong(batches_of_replacement, "Drawn with putting back"),  # Drawn with replacement: some rows twice, some never.
        Wrong(batches_of_even, "Your parts are as equal as can be"),  # Even sizes: tensor_split spreads the rest over all batches.
        Wrong(batches_of_view, "A table has rows of one length, and here the last batch is"),  # reshape needs a size that fits: the rest does not.
        Wrong(batches_of_long_last, "The rest was put into the last full batch, which is too long", first="neutral"),  # The rest is added to the last batch, which becomes longer than B.
    ],
    "epoch_loss": [
        Wrong(epoch_loss_plain, "That is the mean of the batches' means", idea="M16"),  # The plain mean of the batch means.
        Wrong(epoch_loss_by_batches, "You divide by the number of batches where the number of", idea="M16"),  # Divided by the number of batches, after weighting by size.
        Wrong(epoch_loss_unweighted, "Each loss is a mean already, and you divide by the number of", idea="M17"),  # The losses are not weighted before they are divided by the number of images.
        Wrong(epoch_loss_total, "That is the sum over all images.", idea="M15"),  # Not divided: the sum over all images.
        Wrong(epoch_loss_first_size, "You divide as if every batch were as large as the first.", idea="M16"),  # Every batch counted as large as the first.
        Wrong(epoch_loss_swapped, "You divide by the sum of the losses", first="neutral"),  # Losses and weights swapped in np.average.
        Wrong(epoch_loss_running, "You halve again with each batch, so that the last counts for"),  # A running mean that halves: later batches weigh most.
        Wrong(epoch_loss_last, "That is the loss of the last batch alone.", first="neutral"),  # The loss of the last batch.
        Wrong(epoch_loss_divided, "Each loss is a mean already, and you divide it by the size of", first="neutral", idea="M17"),  # Each loss is divided by its size, though it is a mean already.
    ],
    "one_epoch": [
        Wrong(one_epoch9_plain, "The weights are right.", idea="M16"),  # The plain mean of the batch losses.
        Wrong(one_epoch9_no_zero, "The gradients of earlier batches are still in `.grad`", idea="M07"),  # No zero_grad.
        Wrong(one_epoch9_whole, "Every update looked at all images."),  # The whole X goes through the model for every batch.
        Wrong(one_epoch9_last, "The weights are right."),  # The loss of the last batch comes back.
        Wrong(one_epoch9_sum, "Each step follows the sum over the batch.", idea="M15"),  # reduction='sum' for the step: the gradient is B times too long.
        Wrong(one_epoch9_outside, "One update for the whole epoch", idea="M42"),  # step() after the loop: one update in an epoch.
        Wrong(one_epoch9_softmax, "`F.cross_entropy` takes the softmax itself.", idea="M02"),  # Softmax before cross_entropy.
        Wrong(one_epoch9_return, "One batch, and it is over."),  # return stands in the loop: one batch only.
        Wrong(one_epoch9_nll, "`nll_loss` takes logarithms of probabilities, and these are", first="neutral", idea="M33"),  # nll_loss of probabilities, not of their logarithms.
        Wrong(one_epoch9_by_batches, "The weights are right.", idea="M16"),  # Divides the sum over all images by the number of batches.
        Wrong(one_epoch9_mse, "These updates follow the squared error to one-hot labels.", first="neutral"),  # Mean squared error against one-hot labels.
    ],
    "noise_scale": [
        Wrong(noise_scale_inverse, "Upside down: that is signal over noise."),  # Upside down: signal over noise.
        Wrong(noise_scale_root, "That is the ratio of the lengths, a square root too much."),  # The root: distances, not their squares.
        Wrong(noise_scale_not_squared, "The length of the mean gradient is not squared."),  # The length of the mean gradient is not squared.
        Wrong(noise_scale_mean_lengths, "Below stand the squared lengths of single gradients."),  # Mean squared length of each image's gradient in the denominator.
        Wrong(noise_scale_not_centred, "The mean was not subtracted, so the signal counts as noise"),  # Not centred: mean squared length instead of distance from the mean.
        Wrong(noise_scale_cov_rows, "Above, the entries within a row are compared.", first="neutral"),  # np.cov takes rows for variables: the covariance of images, not of entries.
        Wrong(noise_scale_mean_variance, "That is the variance of one entry, on average."),  # The mean variance of an entry instead of their sum; the signal is a sum.
        Wrong(noise_scale_dim1, "Above and below, means are taken within a row.", first="neutral"),  # Along the wrong axis: mean over the entries of each image.
        Wrong(noise_scale_sds, "Above, standard deviations are added up."),  # Standard deviations summed instead of variances.
        Wrong(noise_scale_of_mean, "That is the noise scale divided by the number of rows.", idea="M17"),  # Divided by n: the noise of the whole mean, not of one image.
    ],
    "accumulated_step": [
        Wrong(accumulated_step_unweighted, "Each part counts in full.", idea="M15"),  # Each part's mean counts once: gradients of the parts are added up unweighted.
        Wrong(accumulated_step_alike, "You divide by the number of parts, so that an image in a", idea="M16"),  # Every part counts alike: divided by the number of parts.
        Wrong(accumulated_step_zero_inside, "Only the last part moved the weights."),  # zero_grad in the loop: only the last part is left.
        Wrong(accumulated_step_many_steps, "`step()` in the loop, and the gradients go on adding up."),  # A step after each part.
        Wrong(accumulated_step_sum, "That is the gradient of the sum", idea="M15"),  # The sum over all images, never divided by their number.
        Wrong(accumulated_step_running, "The number of images must be known before the first part"),  # Weighted by the images seen so far, not by all.
        Wrong(accumulated_step_item, "`backward()` finds no recorded computation."),  # item() takes the loss out of the graph: nothing to call backward on.
        Wrong(accumulated_step_stale, "The gradient left from before is in yours", idea="M07"),  # No zero_grad: gradients from before are still in .grad.
        Wrong(accumulated_step_no_step, "No weight moved.", idea="M08"),  # No step.
        Wrong(accumulated_step_cat, "The update is right, but all images went through the model at"),  # The parts are put together into one batch, which was not allowed.
    ],
    "scaled_rate": [
        Wrong(scaled_rate_inverse, "Upside down: fewer updates, and shorter ones as well.", idea="M42"),  # The other way round: a larger batch gets a smaller rate.
        Wrong(scaled_rate_root, "The root keeps the noise of each step as large, and goes too"),  # The square root rule.
        Wrong(scaled_rate_same, "The rate stays as it was.", idea="M42"),  # The rate stays.
        Wrong(scaled_rate_floor, "`//` rounds down, and a smaller batch gets a rate of 0."),  # Whole-number division: // throws the fraction away.
        Wrong(scaled_rate_times, "That is new_B times the rate."),  # Times the new batch size, not divided by the old one.
        Wrong(scaled_rate_difference, "The batch grew by a factor, not by a difference.", first="neutral"),  # Times the difference of the batch sizes.
        Wrong(scaled_rate_capped, "The factor is right, and a rate above 1 is cut off.", first="neutral"),  # Capped at 1.
        Wrong(scaled_rate_by_old, "That is the rate for one image."),  # Divided by the old size only.
        Wrong(scaled_rate_log, "Yours adds one lr for each doubling.", first="neutral"),  # A logarithm: a doubling adds one lr.
    ],
}

WRONG = {name: [*WRONG.get(name, []), *MORE.get(name, [])] for name in WRONG | MORE}


def growth_added(lr, B, new_B):
    return lr + (new_B - B) / B


for _name, _answers in {
    "scaled_rate": [
        Wrong(growth_added, NEUTRAL),  # added, not multiplied
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Written blind, another time

def chunk_b_b_batches(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return order.chunk(B)


def the_rest_is_left_out(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return [order[i:i + B] for i in range(0, n - B + 1, B)]


def n_b_batches_of_the_wrong(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return order.split(n // B)


def tensor_split_b_batches_as_even(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return torch.tensor_split(order, B)


def evens_out_the_sizes(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return torch.tensor_split(order, -(-n // B))


def only_the_first_batch(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return order[:B]


def windows_that_overlap(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return [order[i:i + B] for i in range(n)]


def the_order_is_sorted_again_in(n, B, generator):
    order = torch.randperm(n, generator=generator)
    return [torch.arange(i, min(i + B, n)) for i in range(0, n, B)]


def last_batch_filled_up_from_the(n, B, generator):
    order = torch.randperm(n, generator=generator)
    rest = -n % B
    return torch.cat([order, order[:rest]]).split(B)


def every_k_th_row(n, B, generator):
    order = torch.randperm(n, generator=generator)
    k = -(-n // B)
    return [order[i::k] for i in range(k)]


def divides_by_the_sizes(batch_losses, batch_sizes):
    total = 0
    for l, s in zip(batch_losses, batch_sizes):
        total += l / s
    return total / len(batch_losses)


def gradients_never_zeroed(model, optimizer, X, y, batches):
    total, seen = (0.0, 0)
    for rows in batches:
        pass
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
        seen += len(rows)
    return total / seen


def mean_of_batch_means(model, optimizer, X, y, batches):
    total, seen = (0.0, 0)
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item()
        seen += 1
    return total / seen


def the_last_batch_s_loss(model, optimizer, X, y, batches):
    total, seen = (0.0, 0)
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
        seen += len(rows)
    return loss.item()


def the_sum_over_images(model, optimizer, X, y, batches):
    total, seen = (0.0, 0)
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
        seen += len(rows)
    return total


def all_images_in_each_step(model, optimizer, X, y, batches):
    total, seen = (0.0, 0)
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
        seen += len(rows)
    return total / seen


def no_step(model, optimizer, X, y, batches):
    total, seen = (0.0, 0)
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        pass
        total += loss.item() * len(rows)
        seen += len(rows)
    return total / seen


def softmax_before_cross_entropy(model, optimizer, X, y, batches):
    total, seen = (0.0, 0)
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(F.softmax(model(X[rows]), dim=1), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
        seen += len(rows)
    return total / seen


def step_without_backward(model, optimizer, X, y, batches):
    total, seen = (0.0, 0)
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        pass
        optimizer.step()
        total += loss.item() * len(rows)
        seen += len(rows)
    return total / seen


def loss_counted_divided_by_the_batches(model, optimizer, X, y, batches):
    total, seen = (0.0, 0)
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
        seen += len(rows)
    return total / len(batches)


def summed_loss_in_the_step(model, optimizer, X, y, batches):
    total, seen = (0.0, 0)
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows], reduction='sum')
        loss.backward()
        optimizer.step()
        total += loss.item()
        seen += len(rows)
    return total / seen


def measures_once_more_at_the_end(model, optimizer, X, y, batches):
    total, seen = (0.0, 0)
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
        seen += len(rows)
    return F.cross_entropy(model(X), y).item()


def one_update_at_the_end(model, optimizer, X, y, batches):
    optimizer.zero_grad()
    total = 0
    for rows in batches:
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        total += loss.item() * len(rows)
    optimizer.step()
    return total / len(y)


def starting_zero_only_before_the_loop(model, optimizer, X, y, batches):
    optimizer.zero_grad()
    losses = []
    for rows in batches:
        loss = F.cross_entropy(model(X[rows]), y[rows], reduction='none')
        loss.mean().backward()
        optimizer.step()
        losses += loss.tolist()
    return sum(losses) / len(losses)


def divides_the_loss_by_len_rows(model, optimizer, X, y, batches):
    total, seen = (0.0, 0)
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows]) / len(rows)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
        seen += len(rows)
    return total / seen


def returns_inside_the_loop(model, optimizer, X, y, batches):
    total = 0
    for rows in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
        return total / len(X)


def signal_over_noise_2(G):
    g = G.mean(0)
    return g @ g / ((G - g) ** 2).sum(1).mean()


def mean_over_all_entries_the_noise(G):
    g = G.mean(0)
    return ((G - g) ** 2).mean() / g.pow(2).sum()


def signal_not_squared(G):
    g = G.mean(0)
    return ((G - g) ** 2).sum(1).mean() / g.norm()


def distances_not_squared_2(G):
    g = G.mean(0)
    return (G - g).norm(dim=1).mean() / g.norm()


def mean_of_the_rows_own_squared(G):
    g = G.mean(0)
    return ((G - g) ** 2).sum(1).mean() / (G ** 2).sum(1).mean()


def means_of_the_rows_wrong_axis(G):
    g = G.mean(dim=1, keepdim=True)
    return ((G - g) ** 2).sum(1).mean() / (g ** 2).sum()


def summed_over_the_rows_not_the(G):
    g = G.mean(0)
    noise = 0
    for row in G:
        noise += ((row - g) ** 2).sum()
    return noise / (g ** 2).sum()


def the_mean_is_not_taken_off(G):
    g = G.mean(0)
    return (G ** 2).sum(1).mean() / (g ** 2).sum()


def square_of_the_sum_of_the(G):
    g = G.mean(0)
    return ((G - g) ** 2).sum(1).mean() / g.sum() ** 2


def parts_counted_alike(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    optimizer.zero_grad()
    for X, y in parts:
        pass
        loss = F.cross_entropy(model(X), y) / len(parts)
        loss.backward()
        pass
    optimizer.step()


def means_added_up_never_divided(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    optimizer.zero_grad()
    for X, y in parts:
        pass
        loss = F.cross_entropy(model(X), y)
        loss.backward()
        pass
    optimizer.step()


def zeroes_in_every_part(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    pass
    for X, y in parts:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), y) * len(y) / total
        loss.backward()
        pass
    optimizer.step()


def a_step_for_each_part(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    optimizer.zero_grad()
    for X, y in parts:
        pass
        loss = F.cross_entropy(model(X), y) * len(y) / total
        loss.backward()
        optimizer.step()
    pass


def old_gradients_stay(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    pass
    for X, y in parts:
        pass
        loss = F.cross_entropy(model(X), y) * len(y) / total
        loss.backward()
        pass
    optimizer.step()


def sums_never_divided(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    optimizer.zero_grad()
    for X, y in parts:
        pass
        loss = F.cross_entropy(model(X), y, reduction='sum')
        loss.backward()
        pass
    optimizer.step()


def mean_divided_by_its_own_size(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    optimizer.zero_grad()
    for X, y in parts:
        pass
        loss = F.cross_entropy(model(X), y) / len(y)
        loss.backward()
        pass
    optimizer.step()


def mean_divided_by_the_total_not(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    optimizer.zero_grad()
    for X, y in parts:
        pass
        loss = F.cross_entropy(model(X), y) / total
        loss.backward()
        pass
    optimizer.step()


def weight_and_number_of_parts_both(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    optimizer.zero_grad()
    for X, y in parts:
        pass
        loss = F.cross_entropy(model(X), y) * len(y) / total / len(parts)
        loss.backward()
        pass
    optimizer.step()


def no_step_2(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    optimizer.zero_grad()
    for X, y in parts:
        pass
        loss = F.cross_entropy(model(X), y) * len(y) / total
        loss.backward()
        pass
    pass


def weights_by_the_first_part_s(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    optimizer.zero_grad()
    for X, y in parts:
        pass
        loss = F.cross_entropy(model(X), y) * len(parts[0][1]) / total
        loss.backward()
        pass
    optimizer.step()


def step_and_zero_after_each_part(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    optimizer.zero_grad()
    for X, y in parts:
        pass
        loss = F.cross_entropy(model(X), y) * len(y) / total
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    pass


def the_last_part_alone(model, optimizer, parts):
    for X, y in parts:
        loss = F.cross_entropy(model(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def zero_grad_after_backward_before_step(model, optimizer, parts):
    total = sum((len(y) for X, y in parts))
    optimizer.zero_grad()
    for X, y in parts:
        pass
        loss = F.cross_entropy(model(X), y) * len(y) / total
        loss.backward()
        pass
    optimizer.zero_grad()
    optimizer.step()


for _name, _answers in {
    "batches_of": [
        Wrong(chunk_b_b_batches, "These are B batches. B is the number of rows in each: `split"),  # chunk(B): B batches
        Wrong(the_rest_is_left_out, "The rest at the end is missing. It makes a batch too, if a"),  # the rest is left out
        Wrong(n_b_batches_of_the_wrong, "You split into parts of n // B rows, which is about how many"),  # n // B batches of the wrong size
        Wrong(lambda n, B, generator: torch.arange(n).split(B), "The rows come in the order of the file. `order` holds them"),  # not shuffled
        Wrong(tensor_split_b_batches_as_even, "These are B batches. B is the number of rows in each: `split"),  # tensor_split: B batches, as even as can be
        Wrong(evens_out_the_sizes, "Your parts are as equal as can be: 9 rows with B = 4 became 3"),  # evens out the sizes
        Wrong(only_the_first_batch, "That is the first batch alone. All rows come once in an epoch"),  # only the first batch
        Wrong(windows_that_overlap, "Each batch begins one row after the last, so that they overlap"),  # windows that overlap
        Wrong(lambda n, B, generator: torch.randint(n, (n,), generator=generator).split(B), "Drawn with putting back: some rows come twice in the epoch, and"),  # with replacement
        Wrong(the_order_is_sorted_again_in, "The rows come in the order of the file. `order` holds them"),  # the order is sorted again in each batch from arange
        Wrong(last_batch_filled_up_from_the, "The last batch is filled up with rows that had their turn. In", first="neutral"),  # last batch filled up from the front
        Wrong(every_k_th_row, "The rows are dealt like cards, so no batch is full: 9 rows with", first="neutral"),  # every k-th row
    ],
    "epoch_loss": [
        Wrong(lambda batch_losses, batch_sizes: sum(batch_losses) / len(batch_losses), "That is the mean of the batches' means: 4 images count as much", idea="M16"),  # mean of means
        Wrong(lambda batch_losses, batch_sizes: torch.dot(batch_losses, batch_sizes.to(batch_losses.dtype)), "That is the sum over all images. Divide by how many they are", idea="M15"),  # weighted sum, never divided
        Wrong(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes).sum() / len(batch_sizes), "You divide by the number of batches where the number of images", idea="M16"),  # divided by the number of batches
        Wrong(lambda batch_losses, batch_sizes: batch_losses.sum() / batch_sizes.sum(), "Each loss is a mean already, and you divide by the number of", idea="M17"),  # sum of means over all images
        Wrong(divides_by_the_sizes, "Each loss is a mean already, and you divide it by the size of", idea="M17"),  # divides by the sizes
        Wrong(lambda batch_losses, batch_sizes: batch_losses[-1], "That is the loss of the last batch alone. The images of all"),  # the last batch only
        Wrong(lambda batch_losses, batch_sizes: batch_losses * batch_sizes / batch_sizes.sum(), "That is the share of each batch. Add them up"),  # one weighted loss a batch, not one number
        Wrong(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes).mean() / batch_sizes.max(), "You divide as if every batch were as large as the largest", idea="M16"),  # mean of the products
        Wrong(lambda batch_losses, batch_sizes: (batch_losses[:-1] * batch_sizes[:-1]).sum() / batch_sizes[:-1].sum(), "The last batch is missing. Its images belong to the epoch, few"),  # leaves out the last batch
    ],
    "one_epoch": [
        Wrong(gradients_never_zeroed, "The gradients of earlier batches are still in `.grad`: call", idea="M07"),  # gradients never zeroed
        Wrong(mean_of_batch_means, "The weights are right. The loss is the mean of the batches'", idea="M16"),  # mean of batch means
        Wrong(the_last_batch_s_loss, "The weights are right. You return the loss of the last batch"),  # the last batch's loss
        Wrong(the_sum_over_images, "The weights are right. You return the sum over all images", idea="M15"),  # the sum over images
        Wrong(all_images_in_each_step, "Every update looked at all images. Take the rows of the batch"),  # all images in each step
        Wrong(no_step, "No weight moved. Print `model.weight.grad` before `step()`: is", idea="M08"),  # no step
        Wrong(softmax_before_cross_entropy, "`F.cross_entropy` takes the softmax itself. Give it the scores", idea="M02"),  # softmax before cross_entropy
        Wrong(step_without_backward, "No weight moved. Print `model.weight.grad` before `step()`: is", idea="M08"),  # step without backward
        Wrong(loss_counted_divided_by_the_batches, "The weights are right. You divide by the number of batches", idea="M16"),  # loss counted, divided by the batches
        Wrong(summed_loss_in_the_step, "Each step follows the sum over the batch. It is as many times", idea="M15"),  # summed loss in the step
        Wrong(measures_once_more_at_the_end, "The weights are right. You return the loss at the last weights"),  # measures once more at the end
        Wrong(one_update_at_the_end, "One update for the whole epoch: is `step()` outside the loop?", idea="M42"),  # one update at the end
        Wrong(starting_zero_only_before_the_loop, "You zero once, before the loop. From the second batch on, the", idea="M07"),  # starting zero only before the loop
        Wrong(divides_the_loss_by_len_rows, "The loss is a mean already, and you divide it by the size of", idea="M17"),  # divides the loss by len(rows) once more
        Wrong(returns_inside_the_loop, "One batch, and it is over. Does the `return` stand inside of"),  # returns inside the loop
    ],
    "noise_scale": [
        Wrong(signal_over_noise_2, "Upside down: that is signal over noise"),  # signal over noise
        Wrong(mean_over_all_entries_the_noise, "That is the variance of one entry, on average. Sum the"),  # mean over all entries: the noise is divided by m
        Wrong(signal_not_squared, "The length of the mean gradient is not squared. Above stand"),  # signal not squared
        Wrong(distances_not_squared_2, "You took lengths, not squared lengths. Only squares shrink as"),  # distances not squared
        Wrong(mean_of_the_rows_own_squared, "Below stand the squared lengths of single gradients. Take the"),  # mean of the rows' own squared lengths as the signal
        Wrong(means_of_the_rows_wrong_axis, "Images are rows: their mean is taken over dim=0"),  # means of the rows: wrong axis
        Wrong(summed_over_the_rows_not_the, "The distances are summed over the images. The mean distance is", idea="M15"),  # summed over the rows, not the mean
        Wrong(the_mean_is_not_taken_off, "The mean was not subtracted, so the signal counts as noise too"),  # the mean is not taken off
        Wrong(lambda G: (G.var(0, correction=0).sum() / G.mean(0).square().sum()).sqrt(), "That is the ratio of the lengths, a square root too much"),  # root of the ratio
        Wrong(lambda G: G.var(0, correction=0) / G.mean(0) ** 2, "That is a ratio for each entry. Sum the noise over the entries", first="neutral"),  # a ratio for each column
        Wrong(lambda G: (G.var(0, correction=0) / G.mean(0) ** 2).sum(), "A ratio for each entry, then their sum. Sum noise and signal"),  # sum of column ratios
        Wrong(lambda G: G.std(0, correction=0).sum() / G.mean(0).norm() ** 2, "Above, standard deviations are added up. Variances are needed"),  # standard deviations added
        Wrong(square_of_the_sum_of_the, "Below, the entries are summed and then squared. Square each"),  # square of the sum of the mean
    ],
    "scaled_rate": [
        Wrong(lambda lr, B, new_B: lr * B / new_B, "Upside down: fewer updates, and shorter ones as well", idea="M42"),  # the other way round
        Wrong(lambda lr, B, new_B: lr * (new_B / B) ** 0.5, "The root keeps the noise of each step as large, and goes too"),  # root rule
        Wrong(lambda lr, B, new_B: lr, "The rate stays as it was. With a larger batch an epoch has", idea="M42"),  # lr stays
        Wrong(lambda lr, B, new_B: lr * new_B, "That is new_B times the rate. By what factor did the batch grow?"),  # B forgotten
        Wrong(lambda lr, B, new_B: lr + new_B / B, "You added the factor. The rate is multiplied by it"),  # adds
        Wrong(lambda lr, B, new_B: lr * (new_B - B) / B, "The batch grew by a factor, not by a difference", first="neutral"),  # the difference
        Wrong(lambda lr, B, new_B: lr / new_B, "Divide by the old batch size, and multiply by the new one"),  # only divides by the new size
        Wrong(lambda lr, B, new_B: lr * (1 + new_B / B), "One lr too much: the factor is new_B / B itself, and 1 where", first="neutral"),  # one too many
        Wrong(lambda lr, B, new_B: lr * (new_B // B), "`//` rounds down, and a smaller batch gets a rate of 0. Divide"),  # whole ratios only
    ],
    "accumulated_step": [
        Wrong(parts_counted_alike, "You divide by the number of parts, so that an image in a small", idea="M16"),  # parts counted alike
        Wrong(means_added_up_never_divided, "Each part counts in full. A sum of means is as many times too", idea="M15"),  # means added up, never divided
        Wrong(zeroes_in_every_part, "Only the last part moved the weights. Is `zero_grad()` inside"),  # zeroes in every part
        Wrong(a_step_for_each_part, "`step()` in the loop, and the gradients go on adding up. Step"),  # a step for each part
        Wrong(old_gradients_stay, "The gradient left from before is in yours: call `zero_grad()", idea="M07"),  # old gradients stay
        Wrong(sums_never_divided, "That is the gradient of the sum: as many times too long as", idea="M15"),  # sums, never divided
        Wrong(mean_divided_by_its_own_size, "A part's loss is a mean already, and you divide it by the", idea="M17"),  # mean divided by its own size
        Wrong(mean_divided_by_the_total_not, "A part's loss is a mean already, and you divide it by the", idea="M17"),  # mean divided by the total, not times its size
        Wrong(weight_and_number_of_parts_both, "The weights add up to 1, and then you divide by the number of", first="neutral", idea="M17"),  # weight and number of parts both
        Wrong(no_step_2, "No weight moved. Print `model.weight.grad` before `step()`: is", idea="M08"),  # no step
        Wrong(weights_by_the_first_part_s, "Every part is weighted by the size of the first. Each has a", first="neutral", idea="M16"),  # weights by the first part's size
        Wrong(step_and_zero_after_each_part, "An update for every part: from the second on, the gradients"),  # step and zero after each part
        Wrong(the_last_part_alone, "Only the last part moved the weights. Is `zero_grad()` inside"),  # the last part alone
        Wrong(zero_grad_after_backward_before_step, "No weight moved. Print `model.weight.grad` before `step()`: is", idea="M08"),  # zero_grad after backward, before step
    ],
    "recall_updates": [
        Wrong(210, "After 21 full batches an epoch has 3 images left, and they make"),  # the rest left out
        Wrong(22, "That is one epoch. There are ten"),  # one epoch
        Wrong(210.5, "An update is whole: even the few images at the end of an epoch"),  # no whole number
        Wrong(13470, "That counts the images seen. An update uses up to 64 of them"),  # one image an update
        Wrong(640, "64 is the number of images in a batch, not of batches in an"),  # B times epochs
        Wrong(220.46875, "An update is whole: even the few images at the end of an epoch", first="neutral"),  # plain formula with fraction of images
    ],
    "recall_limit": [
        Wrong('a', "Each step multiplies w by 1 − 0.3 · 8 = −1.4. It does jump"),  # thinks it settles
    ],
    "twice_divided": [
        Wrong('a', "One update an epoch instead of 30, and line 3 would divide by"),  # exact gradient
        Wrong('d', "Line 7 gives each batch its weight, as it should. A mean of"),  # only the printed number
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Wrong ideas in further ways of writing

def epoch_with(loss_of):
    def one_epoch(model, optimizer, X, y, batches):
        total, seen = 0.0, 0
        for rows in batches:
            optimizer.zero_grad()
            loss = loss_of(model(X[rows]), y[rows])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
            seen += len(rows)
        return total / seen
    return one_epoch


def minus_the_probability_of_each_label(model, optimizer, X, y, batches):
    total = 0
    for rows in batches:
        optimizer.zero_grad()
        shares = torch.softmax(model(X[rows]), dim=1)
        loss = -sum(shares[i, label] for i, label in enumerate(y[rows])) / len(rows)
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    return total / len(y)


class ProbabilityLoss(nn.Module):
    def forward(self, scores, y):
        return nn.NLLLoss()(nn.Softmax(dim=1)(scores), y)


def nll_of_shares(model, optimizer, X, y, batches):
    losses, sizes = [], []
    for rows in batches:
        model.zero_grad()
        loss = F.nll_loss(F.softmax(model(X[rows]), dim=1), y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        sizes.append(len(rows))
    return float(np.average(losses, weights=sizes))


for _name, _answers in {
    "one_epoch": [
        Wrong(minus_the_probability_of_each_label, "`nll_loss` takes logarithms", seen=True, idea="M33"),
        Wrong(epoch_with(ProbabilityLoss()), "`nll_loss` takes logarithms of probabilities", seen=True, idea="M33"),
        Wrong(nll_of_shares, "`nll_loss` takes logarithms of probabilities", seen=True, idea="M33"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


def steps_before_the_gradients(model, optimizer, X, y, batches):
    total = 0.0
    for rows in batches:
        loss = F.cross_entropy(model(X[rows]), y[rows])
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
        total += loss.item() * len(rows)
    return total / len(y)


def a_step_behind(model, optimizer, X, y, batches):
    losses, sizes = [], []
    for rows in batches:
        scores = model(X[rows])
        optimizer.step()
        model.zero_grad()
        loss = nn.CrossEntropyLoss()(scores, y[rows])
        loss.backward()
        losses.append(loss.item())
        sizes.append(len(rows))
    return np.average(losses, weights=sizes)


def step_first_by_logarithms(model, optimizer, X, y, batches):
    each = []
    for rows in batches:
        of_batch = -model(X[rows]).log_softmax(1)[torch.arange(len(rows)), y[rows]]
        optimizer.step()
        optimizer.zero_grad()
        of_batch.mean().backward()
        each.extend(of_batch.tolist())
    return sum(each) / len(each)


for _name, _answers in {
    "one_epoch": [
        Wrong(steps_before_the_gradients, "`step()` runs before `backward()`", seen=True, idea="M35"),
        Wrong(a_step_behind, "`step()` runs before `backward()`", seen=True, idea="M35"),
        Wrong(step_first_by_logarithms, "`step()` runs before `backward()`", seen=True, idea="M35"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# A later round, by another hand: what was accepted, got a wrong name, or no name

def an_epoch_of(model, optimizer, X, y, batches, label_rows=lambda rows: rows):
    total = 0.0
    for rows in batches:
        loss = F.cross_entropy(model(X[rows]), y[label_rows(rows)])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(y)


def left_in_eval_mode(model, optimizer, X, y, batches):
    model.eval()
    return an_epoch_of(model, optimizer, X, y, batches)


def labels_of_the_first_rows(model, optimizer, X, y, batches):
    return an_epoch_of(model, optimizer, X, y, batches, lambda rows: torch.arange(len(rows)))


def an_empty_one_at_the_end(n, B, generator):
    order, batches = torch.randperm(n, generator=generator), []
    for i in range(n // B + 1):
        batches.append(order[i * B:(i + 1) * B])
    return batches


def shares_of_probabilities(model, optimizer, parts):
    n = sum(len(y) for _, y in parts)
    optimizer.zero_grad()
    for X, y in parts:
        (F.cross_entropy(F.softmax(model(X), dim=-1), y) * (len(y) / n)).backward()
    optimizer.step()


for _name, _answers in {
    "one_epoch": [
        Wrong(left_in_eval_mode, "the model is left in eval mode", first="accepted"),
        Wrong(labels_of_the_first_rows, "The steps go by labels of other rows", first="neutral"),
    ],
    "batches_of": [Wrong(an_empty_one_at_the_end, "an empty batch stands at the end", first="neutral")],
    "epoch_loss": [
        Wrong(lambda batch_losses, batch_sizes: statistics.median(batch_losses.tolist()), "That is the median",
              first="wrongly named"),
    ],
    "scaled_rate": [
        Wrong(lambda lr, B, new_B: round(new_B / B) * lr, "The factor is rounded", first="wrongly named"),
        Wrong(lambda lr, B, new_B: lr * new_B / 15, "Yours stays the same when `B` changes", first="neutral"),
    ],
    "accumulated_step": [
        Wrong(shares_of_probabilities, "`F.cross_entropy` takes the softmax itself", first="neutral"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)
