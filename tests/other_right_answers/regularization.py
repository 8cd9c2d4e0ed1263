"""Right answers to the exercises of lesson 06 that are written differently from our solutions."""
# ruff: noqa: B023, B905

import copy
import io
import math
import random
import statistics

import numpy as np
import torch
import torch.nn.functional as F

from course_utils.penalties import soft_threshold
from course_utils.train import EarlyStopping


def gradient_by_autograd(X, y, w, b, strength):
    w, b = w.clone().requires_grad_(True), b.clone().requires_grad_(True)
    loss = F.binary_cross_entropy_with_logits(X @ w + b, y) + strength / 2 * (w**2).sum()
    return torch.autograd.grad(loss, (w, b))


def gradient_example_by_example(X, y, w, b, strength):
    grad_w, grad_b = strength * w, 0.0
    for row, target in zip(X, y, strict=True):
        off = torch.sigmoid(row @ w + b) - target
        grad_w, grad_b = grad_w + off * row / len(y), grad_b + off / len(y)
    return grad_w, grad_b


def gradient_by_broadcasting(X, y, w, b, strength):
    p = 1 / (1 + torch.exp(-(X @ w + b)))
    return ((p - y)[:, None] * X).mean(dim=0).add(w, alpha=strength), (p - y).mean()


def shrink_by_ours(w, gradient, lr, strength):
    return soft_threshold(w - lr * gradient, lr * strength)


def shrink_by_torch(w, gradient, lr, strength):
    return F.softshrink(w - lr * gradient, lr * strength)


def shrink_by_relu(w, gradient, lr, strength):
    v, t = w - lr * gradient, lr * strength
    return torch.relu(v - t) - torch.relu(-v - t)


def shrink_by_cases(w, gradient, lr, strength):
    v, t = w - lr * gradient, lr * strength
    return torch.where(v > t, v - t, torch.where(v < -t, v + t, 0.0))


def shrink_by_a_factor(w, gradient, lr, strength):
    v = w - lr * gradient
    return v * torch.relu(1 - lr * strength / v.abs().clamp(min=1e-12))


def folds_by_stride(n, k, seed=0):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    return [order[i::k] for i in range(k)]


def folds_by_numpy(n, k, seed=0):
    import numpy

    return [torch.from_numpy(part) for part in numpy.array_split(numpy.random.default_rng(seed).permutation(n), k)]


def folds_by_scikit(n, k, seed=0):
    from sklearn.model_selection import KFold

    splits = KFold(k, shuffle=True, random_state=seed).split(range(n))
    return [torch.from_numpy(numpy_fold)[torch.randperm(len(numpy_fold))] for _, numpy_fold in splits]


def folds_by_hand(n, k, seed=0):
    import random

    order = list(range(n))
    random.Random(seed).shuffle(order)
    return [torch.tensor(order[n * i // k:n * (i + 1) // k]) for i in range(k)]


def folds_sorted_within(n, k, seed=0):
    """Each row is told its fold; drawn all the same, though a fold's rows stand in order."""
    of = (torch.arange(n) % k)[torch.randperm(n, generator=torch.Generator().manual_seed(seed))]
    return [torch.nonzero(of == i).flatten() for i in range(k)]


def validated_with_statistics(parts, loss_of):
    import statistics

    losses = [loss_of(torch.cat([*parts[:i], *parts[i + 1:]]), parts[i]) for i in range(len(parts))]
    return statistics.mean(losses), statistics.stdev(losses)


def validated_by_isin(parts, loss_of):
    rows = torch.cat(list(parts))
    losses = torch.stack([torch.as_tensor(loss_of(rows[~torch.isin(rows, fold)], fold)) for fold in parts])
    return losses.mean().item(), losses.std().item()


def validated_by_popping(parts, loss_of):
    losses = []
    for i in range(len(parts)):
        others = list(parts)
        fold = others.pop(i)
        losses.append(loss_of(torch.cat(others), fold))
    mean = sum(losses) / len(losses)
    return torch.tensor([mean, math.sqrt(sum((loss - mean) ** 2 for loss in losses) / (len(losses) - 1))])


def stop_by_clones(model, epochs, patience):
    lowest, best, waited, kept = math.inf, 0, 0, {}
    for epoch in epochs:
        if epoch.valid_loss < lowest:
            lowest, best, waited = epoch.valid_loss, epoch.number, 0
            kept = {name: value.clone() for name, value in model.state_dict().items()}
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(kept)
    return best


def stop_with_ours(model, epochs, patience):
    from course_utils.train import EarlyStopping

    stopper = EarlyStopping(patience=patience)
    for epoch in epochs:
        stop = stopper.should_stop(epoch.valid_loss)
        if stopper.improved:
            kept, best = copy.deepcopy(model), epoch.number
        if stop:
            break
    model.load_state_dict(kept.state_dict())
    return best


def stop_with_a_list(model, epochs, patience):
    losses, weights = [], []
    for epoch in epochs:
        losses.append(epoch.valid_loss)
        weights.append([parameter.detach().clone() for parameter in model.parameters()])
        best = losses.index(min(losses))
        if len(losses) - 1 - best == patience:
            break
    with torch.no_grad():
        for parameter, kept in zip(model.parameters(), weights[best], strict=True):
            parameter.copy_(kept)
    return best

def gradient_by_differences(X, y, w, b, strength):
    """Finite differences in double precision, from both sides."""
    X, y, w, b = X.double(), y.double(), w.double(), torch.as_tensor(b).double()

    def loss(w, b):
        return F.softplus(X @ w + b).mean() - (y * (X @ w + b)).mean() + strength / 2 * w @ w

    step, unit = 1e-6, torch.eye(len(w)).double()
    grad_w = [(loss(w + step * e, b) - loss(w - step * e, b)) / (2 * step) for e in unit]
    return torch.stack(grad_w), (loss(w, b + step) - loss(w, b - step)) / (2 * step)


def gradient_by_numpy(X, y, w, b, strength):
    import numpy

    X, y, w = (part.numpy() for part in (X, y, w))
    off = 1 / (1 + numpy.exp(-(X @ w + float(b)))) - y
    return numpy.einsum("ni,n->i", X, off) / len(y) + strength * w, numpy.mean(off)


def validated_with_a_mask(parts, loss_of):
    n = sum(map(len, parts))
    losses = torch.zeros(len(parts))
    for i, fold in enumerate(parts):
        inside = torch.zeros(n, dtype=torch.bool)
        inside[fold] = True
        others = torch.cat(list(parts))
        losses[i] = loss_of(others[~inside[others]], fold)
    return losses.sum() / len(losses), losses.var().sqrt()


def validated_by_numpy(parts, loss_of):
    import numpy

    parts = [part.numpy() for part in parts]
    losses = [loss_of(torch.from_numpy(numpy.concatenate(parts[:i] + parts[i + 1:])), torch.from_numpy(parts[i]))
              for i in range(len(parts))]
    return numpy.mean(losses), numpy.std(losses, ddof=1)


def stop_by_the_number(model, epochs, patience):
    """Looks at how long ago the best epoch was, by position."""
    best = (float("inf"), None, None)
    since = 0
    for epoch in epochs:
        since = 0 if epoch.valid_loss < best[0] else since + 1
        if not since:
            best = epoch.valid_loss, epoch.number, copy.deepcopy(model.state_dict())
        if since >= patience:
            break
    model.load_state_dict(best[2])
    return best[1]


def stop_by_hand(model, epochs, patience):
    epochs, waited, best = iter(epochs), 0, None
    while waited < patience:
        epoch = next(epochs, None)
        if epoch is None:
            break
        if best is None or epoch.valid_loss < best.valid_loss:
            best, waited = epoch, 0
            flat = torch.nn.utils.parameters_to_vector(model.parameters()).detach().clone()
        else:
            waited = waited + 1
    torch.nn.utils.vector_to_parameters(flat, model.parameters())
    return best.number


def stop_by_counting(model, epochs, patience):
    """The first that `training` gives, before any step, has the number 0, as `enumerate` counts."""
    lowest, waited = float("inf"), 0
    for number, epoch in enumerate(epochs):
        if epoch.valid_loss < lowest:
            lowest, best, waited, kept = epoch.valid_loss, number, 0, copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(kept)
    return best


OTHERS = {
    "penalised_gradient": [gradient_by_autograd, gradient_example_by_example, gradient_by_broadcasting,
                           gradient_by_differences, gradient_by_numpy],
    "folds": [folds_by_stride, folds_by_numpy, folds_by_scikit, folds_by_hand, folds_sorted_within],
    "cross_validate": [validated_with_statistics, validated_by_isin, validated_by_popping, validated_with_a_mask,
                       validated_by_numpy],
    "stop_early": [stop_by_clones, stop_with_ours, stop_with_a_list, stop_by_the_number, stop_by_hand,
                   stop_by_counting],
    "proximal_step": [shrink_by_ours, shrink_by_torch, shrink_by_relu, shrink_by_cases, shrink_by_a_factor],
    "scikit_c": [0.1757, 1 / (569 * 0.01), 0.18, 0.175],
    "memory_guess": [0.6, 0.95],
}


# In other styles: loops, NumPy, other libraries

def penalised_gradient_autograd(X, y, w, b, strength):
    w1 = w.detach().clone().requires_grad_(True)
    b1 = torch.as_tensor(b).detach().clone().requires_grad_(True)
    objective = F.binary_cross_entropy_with_logits(X @ w1 + b1, y) + 0.5 * strength * torch.dot(w1, w1)
    return torch.autograd.grad(objective, [w1, b1])


def penalised_gradient_loops(X, y, w, b, strength):
    n, m = X.shape
    off = [(1 / (1 + math.exp(-float(sum(X[i, j] * w[j] for j in range(m)) + b)))) - float(y[i]) for i in range(n)]
    gw = [sum(off[i] * float(X[i, j]) for i in range(n)) / n + float(strength * w[j]) for j in range(m)]
    return torch.tensor(gw), torch.tensor(sum(off) / n)


def folds_kfold(n, k, seed=0):
    from sklearn.model_selection import KFold
    return [torch.tensor(fold) for _, fold in KFold(k, shuffle=True, random_state=seed).split(np.zeros(n))]


def folds_cards(n, k, seed=0):
    rows = list(range(n))
    random.Random(seed).shuffle(rows)
    hands = [[] for _ in range(k)]
    for place, row in enumerate(rows):
        hands[place % k].append(row)
    return [torch.tensor(hand) for hand in hands]


def cross_validate_numpy(parts, loss_of):
    result = np.empty(len(parts))
    every = torch.cat(tuple(parts))
    for i, fold in enumerate(parts):
        result[i] = loss_of(every[~torch.isin(every, fold)], fold)
    return float(result.mean()), float(result.std(ddof=1))


def cross_validate_statistics(parts, loss_of):
    from statistics import fmean, stdev
    found = []
    for _ in range(len(parts)):
        first, *rest = parts
        found.append(float(loss_of(torch.hstack(rest), first)))
        parts = [*rest, first]
    return fmean(found), stdev(found)


def stop_early_buffer(model, epochs, patience):
    import io
    buffer, best, best_number = io.BytesIO(), None, None
    for epoch in epochs:
        if best is None or epoch.valid_loss < best:
            best, best_number = epoch.valid_loss, epoch.number
            buffer = io.BytesIO()
            torch.save(model.state_dict(), buffer)
        elif epoch.number - best_number >= patience:
            break
    buffer.seek(0)
    model.load_state_dict(torch.load(buffer))
    return best_number


def stop_early_history(model, epochs, patience):
    seen = []
    for epoch in epochs:
        seen.append((epoch.valid_loss, epoch.number, [p.detach().clone() for p in model.parameters()]))
        if len(seen) > patience and min(seen, key=lambda t: t[0]) not in seen[-patience:]:
            break
    _, number, weights = min(seen, key=lambda t: t[0])
    for p, kept in zip(model.parameters(), weights):
        p.data = kept
    return number


def proximal_step_loop(w, gradient, lr, strength):
    out = torch.empty_like(w)
    pull = lr * strength
    for j in range(w.numel()):
        moved = w[j] - lr * gradient[j]
        if moved > pull:
            out[j] = moved - pull
        elif moved < -pull:
            out[j] = moved + pull
        else:
            out[j] = 0.0
    return out


def proximal_step_clamp(w, gradient, lr, strength):
    moved = w - lr * gradient
    return moved - moved.clamp(-lr * strength, lr * strength)


MORE = {
    "penalised_gradient": [penalised_gradient_autograd, penalised_gradient_loops],
    "folds": [folds_kfold, folds_cards],
    "cross_validate": [cross_validate_numpy, cross_validate_statistics],
    "stop_early": [stop_early_buffer, stop_early_history],
    "proximal_step": [proximal_step_loop, proximal_step_clamp],
}

OTHERS = {name: [*OTHERS.get(name, []), *MORE.get(name, [])] for name in OTHERS | MORE}


# Written without a look at the catalogue

def penalised_gradient_autograd_2(X, y, w, b, strength):
    w = w.detach().clone().requires_grad_(True)
    b = torch.as_tensor(b, dtype=w.dtype).clone().requires_grad_(True)
    loss = F.binary_cross_entropy_with_logits(X @ w + b, y.to(w.dtype)) + strength / 2 * (w ** 2).sum()
    return torch.autograd.grad(loss, [w, b])


def penalised_gradient_einsum(X, y, w, b, strength):
    off = torch.sigmoid(torch.einsum('nd,d->n', X, w) + b) - y
    return (torch.einsum('nd,n->d', X, off).div(len(X)).add(w, alpha=strength), off.mean())


def penalised_gradient_loop_numpy(X, y, w, b, strength):
    X_, y_, w_ = (np.asarray(X), np.asarray(y), np.asarray(w))
    gw, gb = (strength * w_, 0.0)
    for x, t in zip(X_, y_):
        off = 1 / (1 + np.exp(-(x @ w_ + float(b)))) - t
        gw = gw + off * x / len(y_)
        gb += off / len(y_)
    return (gw, gb)


def folds_lists_of_strides(n, k, seed=0):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    return [order[i::k] for i in range(k)]


def folds_numpy(n, k, seed=0):
    rng = np.random.default_rng(seed)
    return tuple(torch.from_numpy(part) for part in np.array_split(rng.permutation(n), k))


def folds_random_module(n, k, seed=0):
    rows = list(range(n))
    random.Random(seed).shuffle(rows)
    return [torch.tensor(rows[i::k]) for i in range(k)]


def folds_argsort_of_draws(n, k, seed=0):
    torch.manual_seed(seed)
    return torch.rand(n).argsort().tensor_split(k)


def folds_sizes_by_hand(n, k, seed=0):
    g = torch.Generator()
    g.manual_seed(seed)
    sizes = [n // k + (1 if i < n % k else 0) for i in range(k)]
    return list(torch.randperm(n, generator=g).split(sizes))


def folds_scikit_learn(n, k, seed=0):
    from sklearn.model_selection import KFold
    return [torch.as_tensor(test) for _, test in KFold(k, shuffle=True, random_state=seed).split(range(n))]


def cross_validate_statistics_2(parts, loss_of):
    losses = [float(loss_of(torch.cat([*parts[:i], *parts[i + 1:]]), fold)) for i, fold in enumerate(parts)]
    return (statistics.mean(losses), statistics.stdev(losses))


def cross_validate_float64_tensors(parts, loss_of):
    parts = list(parts)
    losses = torch.empty(len(parts), dtype=torch.float64)
    for i in range(len(parts)):
        losses[i] = loss_of(torch.cat(parts[:i] + parts[i + 1:]), parts[i])
    sd, mean = torch.std_mean(losses)
    return (mean, sd)


def cross_validate_numpy_ddof_1_sorted(parts, loss_of):
    losses = []
    for fold in parts:
        rest = torch.cat([p for p in parts if p is not fold]).sort().values
        losses.append(float(loss_of(rest, fold)))
    return (np.mean(losses), np.std(losses, ddof=1))


def cross_validate_by_a_membership_mask(parts, loss_of):
    n = sum(map(len, parts))
    losses = []
    for fold in parts:
        mask = torch.ones(n, dtype=torch.bool)
        mask[fold] = False
        losses.append(loss_of(mask.nonzero().squeeze(1), fold))
    losses = torch.as_tensor(losses)
    return (losses.mean().item(), losses.std().item())


def stop_early_clones_and_best_number(model, epochs, patience):
    lowest, best, kept = (None, None, None)
    for epoch in epochs:
        if lowest is None or epoch.valid_loss < lowest:
            lowest, best = (epoch.valid_loss, epoch.number)
            kept = {name: value.clone() for name, value in model.state_dict().items()}
        if epoch.number - best >= patience:
            break
    model.load_state_dict(kept)
    return best


def stop_early_parameters_by_hand(model, epochs, patience=10):
    best = (float('inf'), -1, [])
    for epoch in epochs:
        if epoch.valid_loss < best[0]:
            best = (epoch.valid_loss, epoch.number, [p.detach().clone() for p in model.parameters()])
        elif epoch.number == best[1] + patience:
            break
    with torch.no_grad():
        for p, old in zip(model.parameters(), best[2]):
            p.copy_(old)
    return best[1]


def stop_early_course_s_earlystopping(model, epochs, patience):
    stopper, lowest = (EarlyStopping(patience), float('inf'))
    for epoch in epochs:
        if epoch.valid_loss < lowest:
            lowest, number, weights = (epoch.valid_loss, epoch.number, copy.deepcopy(model.state_dict()))
        if stopper.should_stop(epoch.valid_loss):
            break
    model.load_state_dict(weights)
    return number


def stop_early_enumerate_from_0_io(model, epochs, patience):
    buffer, low, since, best = (None, float('inf'), 0, 0)
    for i, e in enumerate(epochs):
        since += 1
        if e.valid_loss < low:
            low, since, best = (e.valid_loss, 0, i)
            buffer = io.BytesIO()
            torch.save(model.state_dict(), buffer)
        if since == patience:
            break
    buffer.seek(0)
    model.load_state_dict(torch.load(buffer))
    return torch.tensor(best)


def proximal_step_v_minus_clamp(w, gradient, lr, strength):
    v = w - lr * gradient
    return v - v.clamp(-lr * strength, lr * strength)


def proximal_step_two_relus(w, gradient, lr, strength):
    v, t = (w - lr * gradient, lr * strength)
    return F.relu(v - t) - F.relu(-v - t)


def proximal_step_loop_2(w, gradient, lr, strength):
    new = []
    for wj, gj in zip(w.tolist(), gradient.tolist()):
        v = wj - lr * gj
        if v > lr * strength:
            new.append(v - lr * strength)
        elif v < -lr * strength:
            new.append(v + lr * strength)
        else:
            new.append(0.0)
    return torch.tensor(new)


def proximal_step_numpy(w, gradient, lr, strength):
    v = np.asarray(w) - lr * np.asarray(gradient)
    return np.sign(v) * np.maximum(np.abs(v) - lr * strength, 0)


for _name, _answers in {
    "penalised_gradient": [
        penalised_gradient_autograd_2,
        penalised_gradient_einsum,
        penalised_gradient_loop_numpy,
    ],
    "folds": [
        folds_lists_of_strides,
        folds_numpy,
        folds_random_module,
        folds_argsort_of_draws,
        folds_sizes_by_hand,
        folds_scikit_learn,
    ],
    "cross_validate": [
        cross_validate_statistics_2,
        cross_validate_float64_tensors,
        cross_validate_numpy_ddof_1_sorted,
        cross_validate_by_a_membership_mask,
    ],
    "stop_early": [
        stop_early_clones_and_best_number,
        stop_early_parameters_by_hand,
        stop_early_course_s_earlystopping,
        stop_early_enumerate_from_0_io,
    ],
    "proximal_step": [
        lambda w, gradient, lr, strength: F.softshrink(w - lr * gradient, float(lr * strength)),
        proximal_step_v_minus_clamp,
        proximal_step_two_relus,
        proximal_step_loop_2,
        proximal_step_numpy,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)
