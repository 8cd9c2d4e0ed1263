"""Wrong answers to the exercises of lesson 06, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B023, B905, E501, E731, F821, F841

import copy
import math
import statistics

import numpy as np
import torch
import torch.nn.functional as F

from wrong_answers import NEUTRAL, Wrong


def bias_pays_too(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return X.T @ off / len(y) + strength * w, off.mean() + strength * b


def slope_of_the_square(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return X.T @ off / len(y) + 2 * strength * w, off.mean()


def penalty_in_place_of_its_gradient(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return X.T @ off / len(y) + strength / 2 * w ** 2, off.mean()


def penalty_summed_to_one_number(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y  # p − y
    return X.T @ off / len(y) + strength / 2 * (w ** 2).sum(), off.mean()


def penalty_over_n(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return (X.T @ off + strength * w) / len(y), off.mean()


def decay_subtracted(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    in_w = X.T @ off / len(y) - strength * w
    return in_w, off.mean()


def pull_of_l1(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return X.T @ off / len(y) + strength * np.sign(w), off.mean()


def strength_misspelt(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return X.T @ off / len(y) + strenght * w, off.mean()


def drawn(n, seed): return torch.randperm(n, generator=torch.Generator().manual_seed(seed))


def split_by_size(n, k, seed=0):
    rows = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    return list(rows.split(n // k))


def in_the_order_of_the_rows(n, k, seed=0):
    torch.manual_seed(seed)
    return [torch.arange(n)[i::k] for i in range(k)]


def seed_forgotten(n, k, seed=0):
    return torch.randperm(n).tensor_split(k)


def with_replacement(n, k, seed=0):
    gen = torch.Generator().manual_seed(seed)
    return torch.randint(0, n, (n,), generator=gen).tensor_split(k)


def remainder_dropped(n, k, seed=0):
    perm = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    size = n // k
    parts = []
    for i in range(k):
        parts.append(perm[i * size:(i + 1) * size])
    return parts


def each_row_rolls_its_fold(n, k, seed=0):
    gen = torch.Generator().manual_seed(seed)
    fold = torch.randint(k, (n,), generator=gen)
    return [torch.where(fold == i)[0] for i in range(k)]


def new_order_for_each_fold(n, k, seed=0):
    g = torch.Generator().manual_seed(seed)
    return [torch.randperm(n, generator=g)[:n // k] for _ in range(k)]


def mean_and_sd(losses): return torch.tensor(losses).mean().item(), torch.tensor(losses).std().item()


def trained_on_the_fold(parts, loss_of):
    losses = []
    for i, fold in enumerate(parts):
        rest = torch.cat([p for j, p in enumerate(parts) if j != i])
        losses.append(loss_of(fold, rest))
    return mean_and_sd(losses)


def all_rows_are_the_rest(parts, loss_of):
    rest = torch.cat(list(parts))
    losses = [loss_of(rest, fold) for fold in parts]
    return statistics.mean(losses), statistics.stdev(losses)


def slice_keeps_the_fold(parts, loss_of):
    losses = []
    for i in range(len(parts)):
        rest = torch.cat([*parts[:i + 1], *parts[i + 1:]])
        losses.append(loss_of(rest, parts[i]))
    return mean_and_sd(losses)


def first_fold_never_judges(parts, loss_of):
    losses = []
    for i in range(1, len(parts)):
        rest = torch.cat([*parts[:i], *parts[i + 1:]])
        losses.append(loss_of(rest, parts[i]))
    return mean_and_sd(losses)


def standard_error(parts, loss_of):
    losses = [loss_of(torch.cat([p for p in parts if p is not fold]), fold) for fold in parts]
    return np.mean(losses), np.std(losses, ddof=1) / np.sqrt(len(losses))


def variance(parts, loss_of):
    losses = [loss_of(torch.cat([p for p in parts if p is not fold]), fold) for fold in parts]
    return float(np.mean(losses)), float(np.var(losses))


def mean_alone(parts, loss_of):
    total = 0
    for i, fold in enumerate(parts):
        total += loss_of(torch.cat([p for j, p in enumerate(parts) if j != i]), fold)
    return total / len(parts)


def rest_is_a_list(parts, loss_of):
    losses = torch.tensor([loss_of([p for p in parts if p is not fold], fold) for fold in parts])
    return losses.mean(), losses.std()


def returns_in_the_loop(parts, loss_of):
    losses = []
    for i, fold in enumerate(parts):
        rest = torch.cat([p for j, p in enumerate(parts) if j != i])
        losses.append(loss_of(rest, fold))
        return np.mean(losses), np.std(losses)


def state_not_copied(model, epochs, patience):
    best, waited = float("inf"), 0
    for epoch in epochs:
        if epoch.valid_loss < best:
            best, kept, waited = epoch.valid_loss, epoch.number, 0
            state = model.state_dict()
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(state)
    return kept


def copied_the_dict_alone(model, epochs, patience):
    best = math.inf
    for epoch in epochs:
        if epoch.valid_loss < best:
            best, kept, weights = epoch.valid_loss, epoch.number, dict(model.state_dict())
        if epoch.number - kept >= patience:
            break
    model.load_state_dict(weights)
    return kept


def weights_not_put_back(model, epochs, patience):
    best, bad = 1e9, 0
    for epoch in epochs:
        if epoch.valid_loss < best:
            best, bad, best_epoch = epoch.valid_loss, 0, epoch.number
        else:
            bad += 1
        if bad >= patience:
            break
    return best_epoch


def number_of_the_last_epoch(model, epochs, patience):
    best, waited = float("inf"), 0
    for epoch in epochs:
        if epoch.valid_loss < best:
            best, waited, state = epoch.valid_loss, 0, copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(state)
    return epoch.number


def waits_never_set_back(model, epochs, patience):
    best, waited = float("inf"), 0
    for epoch in epochs:
        if epoch.valid_loss < best:
            best, kept, state = epoch.valid_loss, epoch.number, copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(state)
    return kept


def one_epoch_more(model, epochs, patience):
    best, waited = float("inf"), 0
    for epoch in epochs:
        if epoch.valid_loss < best:
            best, kept, waited = epoch.valid_loss, epoch.number, 0
            state = {name: value.clone() for name, value in model.state_dict().items()}
        else:
            waited += 1
        if waited > patience:
            break
    model.load_state_dict(state)
    return kept


def against_the_last_loss(model, epochs, patience):
    previous, waited = float("inf"), 0
    for epoch in epochs:
        if epoch.valid_loss < previous:
            kept, waited, state = epoch.number, 0, copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
        previous = epoch.valid_loss
    model.load_state_dict(state)
    return kept


def put_back_only_where_it_stopped(model, epochs, patience):
    best, waited = float("inf"), 0
    for epoch in epochs:
        if epoch.valid_loss < best:
            best, kept, waited, state = epoch.valid_loss, epoch.number, 0, copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                model.load_state_dict(state)
                break
    return kept


def watches_the_training_loss(model, epochs, patience):
    best, waited = float("inf"), 0
    for epoch in epochs:
        if epoch.train_loss < best:
            best, kept, waited, state = epoch.train_loss, epoch.number, 0, copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(state)
    return kept


def lr_missing_in_the_threshold(w, gradient, lr, strength):
    v = w - lr * gradient
    return torch.sign(v) * torch.clamp(v.abs() - strength, min=0)


def subgradient(w, gradient, lr, strength):
    return w - lr * (gradient + strength * torch.sign(w))


def crosses_zero(w, gradient, lr, strength):
    v = w - lr * gradient
    return v - lr * strength * torch.sign(v)


def hard_threshold(w, gradient, lr, strength):
    new = w - lr * gradient
    new[new.abs() < lr * strength] = 0
    return new


def sign_lost(w, gradient, lr, strength):
    w = w - lr * gradient
    return torch.relu(w.abs() - lr * strength)


def negative_weights_cut(w, gradient, lr, strength):
    w = w - lr * gradient
    return (w - lr * strength).clamp(min=0)


def uphill(w, gradient, lr, strength):
    v = w + lr * gradient
    return v.sign() * (v.abs() - lr * strength).clamp(min=0)


def shrinks_as_l2_does(w, gradient, lr, strength):
    return (w - lr * gradient) * (1 - lr * strength)


def threshold_first_then_the_step(w, gradient, lr, strength):
    w = w.sign() * (w.abs() - lr * strength).clamp(min=0)
    return w - lr * gradient


def numpy_with_replacement(n, k, seed=0):
    rows = np.random.RandomState(seed).randint(0, n, size=n)
    return [torch.from_numpy(part) for part in np.array_split(rows, k)]


def choice_repeats(n, k, seed=0):
    rows = torch.tensor(np.random.default_rng(seed).choice(n, n))
    return [rows[i::k] for i in range(k)]


def sampled_for_each_fold(n, k, seed=0):
    import random
    chance = random.Random(seed)
    sizes = [n // k + (i < n % k) for i in range(k)]
    return [torch.tensor(chance.sample(range(n), size)) for size in sizes]


def one_row_too_many_to_draw_from(n, k, seed=0):
    return torch.randperm(n + 1, generator=torch.Generator().manual_seed(seed))[:n].tensor_split(k)


def loop_ends_too_soon(parts, loss_of):
    losses = []
    for k in range(len(parts) - 1):
        others = [parts[j] for j in range(len(parts)) if j != k]
        losses.append(loss_of(torch.cat(others), parts[k]))
    return statistics.mean(losses), statistics.stdev(losses)


def returns_after_one_fold(parts, loss_of):
    for i, fold in enumerate(parts):
        losses = [loss_of(torch.cat([p for j, p in enumerate(parts) if j != i]), fold)]
        return torch.tensor(losses).mean(), torch.tensor(losses).std()


def mean_of_squares_less_square(parts, loss_of):
    losses = np.array([loss_of(torch.cat([p for p in parts if p is not fold]), fold) for fold in parts])
    return losses.mean(), (losses ** 2).mean() - losses.mean() ** 2


def falls_in_a_row(model, epochs, patience):
    history, rises = [], 0
    for epoch in epochs:
        if history and epoch.valid_loss >= history[-1]:
            rises += 1
        else:
            rises, kept, state = 0, epoch.number, copy.deepcopy(model.state_dict())
        history.append(epoch.valid_loss)
        if rises == patience:
            break
    model.load_state_dict(state)
    return kept


def train_losses_in_a_list(model, epochs, patience):
    seen, states = [], []
    for epoch in epochs:
        seen.append(epoch.train_loss)
        states.append(copy.deepcopy(model.state_dict()))
        if len(seen) - 1 - seen.index(min(seen)) >= patience:
            break
    best = seen.index(min(seen))
    model.load_state_dict(states[best])
    return best


def share_of_each_weight(w, gradient, lr, strength):
    new = w.clone()
    for i in range(len(w)):
        new[i] = w[i] - lr * gradient[i]
        new[i] -= lr * strength * new[i]
    return new


WRONG = {
    "penalised_gradient": [
        Wrong(bias_pays_too, "The bias pays too here", idea="M18"),  # the bias pays the penalty too
        Wrong(slope_of_the_square, "That is the slope of λ · w²", idea="M19"),  # twice too much: the half of λ/2 forgotten
        Wrong(penalty_in_place_of_its_gradient, "You added the penalty of each weight, λ/2 · w²"),  # the penalty of each weight itself, λ/2 w², not its gradient
        Wrong(penalty_summed_to_one_number, "You added the value of the penalty, one number for all"),  # the penalty itself, one number, added to every coordinate
        Wrong(penalty_over_n, "You divided the penalty by n"),  # the penalty's part is divided by n too
        Wrong(decay_subtracted, "The sign: the gradient points uphill"),  # the penalty's part has a minus
        Wrong(pull_of_l1, "That is the slope of λ · |w|"),  # the gradient of L1, λ sign(w)
        Wrong(strength_misspelt, "Python does not know `strenght`"),  # the name strength is misspelt as strenght
    ],
    "scikit_c": [
        Wrong(5.69, "That is n · λ"),  # nλ, upside down
        Wrong(100, "That is 1/λ"),  # 1/λ, a mean and not a sum: the n is missing
        Wrong(0.01, "C is no penalty"),  # λ itself
        Wrong(0.00176, "That is 1/n"),  # 1/n, λ is missing
        Wrong(0.3515, "Twice too large"),  # 2/(nλ), a half too many
        Wrong(0.0879, "Twice too small"),  # 1/(2nλ), a half too many the other way
        Wrong(56900, "That is n/λ, and grows with n", first="neutral"),  # n/λ
        Wrong(1, "C = 1 is what you get unasked"),  # scikit-learn's default
    ],
    "folds": [
        Wrong(split_by_size, "the rows left over became folds of their own"),  # split(n // k) makes one fold more where n does not divide
        Wrong(in_the_order_of_the_rows, "Your folds follow the order of the table"),  # dealt out in the order of the rows, not shuffled
        Wrong(seed_forgotten, "The same seed draws other folds at the next call"),  # the seed is not used
        Wrong(with_replacement, "`randint` draws with repetition", first="neutral"),  # drawn with replacement: rows twice, others in no fold
        Wrong(remainder_dropped, "left over after the even division are in no fold"),  # the remainder of n / k is in no fold
        Wrong(each_row_rolls_its_fold, "Does each row draw its fold, as with a die", first="neutral"),  # each row rolls a die for its fold, so sizes differ
        Wrong(new_order_for_each_fold, "You draw anew for each fold", first="neutral"),  # a new order for each fold: rows in several folds, others in none
        Wrong(lambda n, k, seed=0: drawn(n, seed).chunk(k), "as `chunk` deals them"),  # chunk makes the last folds smaller or fewer
        Wrong(one_row_too_many_to_draw_from, NEUTRAL, seen=True),
        Wrong(numpy_with_replacement, "`randint` draws with repetition", seen=True),
        Wrong(choice_repeats, "`randint` draws with repetition", seen=True),
        Wrong(sampled_for_each_fold, "You draw anew for each fold", seen=True),
    ],
    "cross_validate": [
        Wrong(trained_on_the_fold, "You fit the fold and judge by the rest"),  # rest and fold exchanged
        Wrong(all_rows_are_the_rest, "The fold is among the rows that you fit"),  # the rest contains the fold: all rows are trained on
        Wrong(slice_keeps_the_fold, "The fold is among the rows that you fit"),  # the rest contains the fold
        Wrong(first_fold_never_judges, "The first fold never judges", first="neutral"),  # the first fold is never held back
        Wrong(standard_error, "That is a standard error"),  # the standard error, divided by √k
        Wrong(variance, "That spread is squared", first="neutral"),  # the variance
        Wrong(mean_alone, "That is the mean alone"),  # the mean alone
        Wrong(rest_is_a_list, "Your rest is a list of folds"),  # the rest is a list of tensors, not one tensor
        Wrong(returns_in_the_loop, "Is `return` inside the loop", first="neutral"),  # return in the loop: after the first fold
        Wrong(loop_ends_too_soon, "The last fold never judges", seen=True),
        Wrong(returns_after_one_fold, "Is `return` inside the loop", seen=True),
        Wrong(mean_of_squares_less_square, "That spread is squared", seen=True),
    ],
    "stop_early": [
        Wrong(state_not_copied, "What `state_dict()` gives changes with them"),  # the state was not copied, so the last weights are put back
        Wrong(copied_the_dict_alone, "What `state_dict()` gives changes with them"),  # the dict is copied and not its tensors, so the last weights are put back
        Wrong(weights_not_put_back, "The model ends with its last weights"),  # the best weights are not put back
        Wrong(number_of_the_last_epoch, "You give back the epoch after which you stopped"),  # the number of the last epoch, not of the best
        Wrong(waits_never_set_back, "You count all bad epochs"),  # waited is not set back to 0 by a better epoch
        Wrong(one_epoch_more, "You wait one epoch too long"),  # runs one epoch too many
        Wrong(against_the_last_loss, "You compare each loss with the one before it", first="neutral"),  # compared with the previous epoch, not with the best
        Wrong(put_back_only_where_it_stopped, "Where the epochs end before your patience"),  # the weights are put back only where patience ran out
        Wrong(watches_the_training_loss, "You watch the training loss", first="neutral"),  # watches the training loss
        Wrong(falls_in_a_row, "You compare each loss with the one before it", seen=True),
        Wrong(train_losses_in_a_list, "You watch the training loss", seen=True),
    ],
    "proximal_step": [
        Wrong(lr_missing_in_the_threshold, "You moved by strength"),  # moved by strength, without lr
        Wrong(subgradient, "That is a subgradient step", idea="M23"),  # the subgradient step, λ sign(w): weights hop over 0
        Wrong(crosses_zero, "Small weights jump to the other side", idea="M23"),  # weights that cross 0 are not stopped there
        Wrong(hard_threshold, "Small weights are cut, the others are not shrunk"),  # hard threshold: the rest is not moved towards 0
        Wrong(sign_lost, "The signs are lost"),  # the sign is lost: sizes only
        Wrong(negative_weights_cut, "Negative weights are all lost"),  # negative weights are all cut to 0
        Wrong(uphill, "Your gradient step goes uphill"),  # the gradient step goes uphill
        Wrong(shrinks_as_l2_does, "That shrinks by a factor, as L2 does", first="neutral"),  # shrinks by a share, as L2
        Wrong(threshold_first_then_the_step, "You shrank first and stepped afterwards"),  # the threshold comes before the step
        Wrong(share_of_each_weight, "That shrinks by a factor, as L2 does", seen=True),
    ],
}


# By other learners, again without a look at the catalogue: beginners, people from NumPy and from statistics

def penalised_gradient_by_n_too(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return (X.T @ off + strength * w) / len(y), off.mean()


def penalised_gradient_spares_first(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    grad = X.T @ off / len(y)
    grad[1:] = grad[1:] + strength * w[1:]
    return grad, off.mean()


def penalised_gradient_two(X, y, w, b, strength):
    n = X.shape[0]
    p = 1 / (1 + torch.exp(-(X @ w + b)))
    return X.t().mv(p - y) / n + 2 * strength * w, (p - y).sum() / n


def penalised_gradient_minus(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return X.T @ off / len(y) - strength * w, off.mean()


def penalised_gradient_length(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return X.T @ off / len(y) + strength * torch.linalg.norm(w), off.mean()


def penalised_gradient_bias(X, y, w, b, strength):
    grad_w = torch.zeros_like(w)
    grad_b = torch.zeros_like(b)
    for x_i, y_i in zip(X, y):
        error = torch.sigmoid(x_i @ w + b) - y_i
        grad_w += error * x_i
        grad_b += error
    return grad_w / len(y) + strength * w, grad_b / len(y) + strength * b


def penalised_gradient_quarter(X, y, w, b, strength):
    w = w.detach().clone().requires_grad_()
    b = torch.as_tensor(b).detach().clone().requires_grad_()
    loss = F.binary_cross_entropy_with_logits(X @ w + b, y) + strength / 4 * (w ** 2).sum()
    loss.backward()
    return w.grad, b.grad


def penalised_gradient_sign(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return X.T @ off / len(y) + strength * w / w.abs(), off.mean()


def folds_chunk(n, k, seed=0):
    torch.manual_seed(seed)
    return list(torch.randperm(n).chunk(k))


def folds_split_k(n, k, seed=0):
    g = torch.Generator().manual_seed(seed)
    return list(torch.split(torch.randperm(n, generator=g), k))


def folds_one_more(n, k, seed=0):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    size = n // k
    return [order[start:start + size] for start in range(0, n, size)]


def folds_lost_rows(n, k, seed=0):
    rng = np.random.default_rng(seed)
    rows = rng.permutation(n)
    size = n // k
    return [torch.from_numpy(rows[i * size:(i + 1) * size]) for i in range(k)]


def folds_in_order(n, k, seed=0):
    torch.manual_seed(seed)
    return [torch.tensor(range(i * n // k, (i + 1) * n // k)) for i in range(k)]


def folds_replacement(n, k, seed=0):
    g = torch.Generator().manual_seed(seed)
    return list(torch.randint(n, (n,), generator=g).tensor_split(k))


def folds_die(n, k, seed=0):
    g = torch.Generator().manual_seed(seed)
    label = torch.randint(0, k, (n,), generator=g)
    return [torch.where(label == i)[0] for i in range(k)]


def folds_pairs(n, k, seed=0):
    from sklearn.model_selection import KFold
    return [(torch.tensor(a), torch.tensor(b)) for a, b in
            KFold(k, shuffle=True, random_state=seed).split(np.zeros(n))]


def folds_seedless(n, k, seed=0):
    rows = list(range(n))
    random.shuffle(rows)
    return [torch.tensor(rows[i::k]) for i in range(k)]


def cross_validate_swapped(parts, loss_of):
    losses = []
    for i in range(len(parts)):
        rest = torch.cat([p for j, p in enumerate(parts) if j != i])
        losses.append(loss_of(parts[i], rest))
    return np.mean(losses), np.std(losses, ddof=1)


def cross_validate_all_rows(parts, loss_of):
    everything = torch.cat(list(parts))
    losses = torch.tensor([loss_of(everything, fold) for fold in parts])
    return losses.mean().item(), losses.std().item()


def cross_validate_standard_error(parts, loss_of):
    losses = [loss_of(torch.cat([*parts[:i], *parts[i + 1:]]), parts[i]) for i in range(len(parts))]
    return statistics.mean(losses), statistics.stdev(losses) / math.sqrt(len(losses))


def cross_validate_off_by_one(parts, loss_of):
    losses = []
    for i in range(len(parts) - 1):
        rest = torch.cat(parts[:i] + parts[i + 1:])
        losses.append(loss_of(rest, parts[i]))
    return sum(losses) / len(losses), statistics.stdev(losses)


def cross_validate_variance(parts, loss_of):
    k = len(parts)
    losses = [loss_of(torch.cat([parts[j] for j in range(k) if j != i]), parts[i]) for i in range(k)]
    mean = sum(losses) / k
    return mean, sum((loss - mean) ** 2 for loss in losses) / (k - 1)


def cross_validate_weighted(parts, loss_of):
    losses = torch.tensor([float(loss_of(torch.cat([q for q in parts if q is not p]), p)) for p in parts])
    sizes = torch.tensor([float(len(p)) for p in parts])
    return ((losses * sizes).sum() / sizes.sum()).item(), losses.std().item()


def cross_validate_mean_only(parts, loss_of):
    total = 0
    for i, fold in enumerate(parts):
        rest = torch.cat([other for j, other in enumerate(parts) if j != i])
        total += loss_of(rest, fold)
    return total / len(parts)


def cross_validate_list(parts, loss_of):
    losses = [loss_of([p for p in parts if p is not fold], fold) for fold in parts]
    return np.mean(losses), np.std(losses, ddof=1)


def stop_early_alias(model, epochs, patience):
    best_loss, best_epoch, best_state, waited = float("inf"), 0, None, 0
    for epoch in epochs:
        if epoch.valid_loss < best_loss:
            best_loss, best_epoch = epoch.valid_loss, epoch.number
            best_state = model.state_dict()
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(best_state)
    return best_epoch


def stop_early_shallow(model, epochs, patience):
    best, kept, number, bad = math.inf, {}, 0, 0
    for e in epochs:
        if e.valid_loss < best:
            best, kept, number, bad = e.valid_loss, dict(model.state_dict()), e.number, 0
            continue
        bad += 1
        if bad == patience:
            break
    model.load_state_dict(kept)
    return number


def stop_early_not_back(model, epochs, patience):
    losses = []
    best = None
    for epoch in epochs:
        losses.append(epoch.valid_loss)
        if epoch.valid_loss == min(losses):
            best = epoch.number
        if epoch.number - best >= patience:
            break
    return best


def stop_early_previous(model, epochs, patience):
    import copy
    previous, worse, best_weights, best_number = math.inf, 0, None, 0
    for epoch in epochs:
        if epoch.valid_loss < previous:
            best_weights, best_number, worse = copy.deepcopy(model.state_dict()), epoch.number, 0
        else:
            worse += 1
        previous = epoch.valid_loss
        if worse >= patience:
            break
    model.load_state_dict(best_weights)
    return best_number


def stop_early_one_longer(model, epochs, patience):
    from copy import deepcopy
    best, number, weights, wait = float("inf"), 0, deepcopy(model.state_dict()), 0
    for epoch in epochs:
        if epoch.valid_loss < best:
            best, number, weights, wait = epoch.valid_loss, epoch.number, deepcopy(model.state_dict()), 0
        else:
            wait += 1
        if wait > patience:
            break
    model.load_state_dict(weights)
    return number


def stop_early_never_reset(model, epochs, patience):
    best, number, wait = float("inf"), 0, 0
    weights = {k: v.clone() for k, v in model.state_dict().items()}
    for epoch in epochs:
        if epoch.valid_loss < best:
            best, number = epoch.valid_loss, epoch.number
            weights = {k: v.clone() for k, v in model.state_dict().items()}
        else:
            wait += 1
            if wait == patience:
                break
    model.load_state_dict(weights)
    return number


def stop_early_train_loss(model, epochs, patience):
    best, number, wait, saved = 1e9, 0, 0, None
    for epoch in epochs:
        if epoch.train_loss < best:
            best, number, wait = epoch.train_loss, epoch.number, 0
            saved = [p.detach().clone() for p in model.parameters()]
        else:
            wait += 1
        if wait >= patience:
            break
    with torch.no_grad():
        for p, s in zip(model.parameters(), saved):
            p.copy_(s)
    return number


def stop_early_from_one(model, epochs, patience):
    from copy import deepcopy
    best, number, wait, saved = float("inf"), 0, 0, None
    for i, epoch in enumerate(epochs, start=1):
        if epoch.valid_loss < best:
            best, number, wait, saved = epoch.valid_loss, i, 0, deepcopy(model.state_dict())
        else:
            wait += 1
            if wait >= patience:
                break
    model.load_state_dict(saved)
    return number


def stop_early_range(model, epochs, patience):
    best, wait = float("inf"), 0
    for epoch in range(epochs):
        if epoch.valid_loss < best:
            best = epoch.valid_loss
            best_epoch = epoch
            wait = 0
        else:
            wait += 1
        if wait >= patience:
            break
    return best_epoch


def stop_early_list(model, epochs, patience):
    losses = [epoch.valid_loss for epoch in epochs]
    return int(np.argmin(losses))


def stop_early_returns_loss(model, epochs, patience):
    from copy import deepcopy
    best, wait, saved = float("inf"), 0, None
    for epoch in epochs:
        if epoch.valid_loss < best:
            best, wait, saved = epoch.valid_loss, 0, deepcopy(model.state_dict())
        else:
            wait += 1
            if wait >= patience:
                break
    model.load_state_dict(saved)
    return best


def proximal_step_no_lr(w, gradient, lr, strength):
    moved = w - lr * gradient
    return torch.sign(moved) * torch.maximum(moved.abs() - strength, torch.zeros_like(moved))


def proximal_step_hard(w, gradient, lr, strength):
    step = w - lr * gradient
    step[step.abs() < lr * strength] = 0
    return step


def proximal_step_subgradient(w, gradient, lr, strength):
    return w - lr * (gradient + strength * torch.sgn(w))


def proximal_step_first(w, gradient, lr, strength):
    soft = F.softshrink(w, lambd=float(lr * strength))
    return soft - lr * gradient


def proximal_step_relu(w, gradient, lr, strength):
    return torch.relu(w - lr * gradient - lr * strength)


def proximal_step_l2(w, gradient, lr, strength):
    new = []
    for w_j, g_j in zip(w, gradient):
        new.append((w_j - lr * g_j) * (1 - lr * strength))
    return torch.stack(new)


def proximal_step_old_sign(w, gradient, lr, strength):
    step = w - lr * gradient
    return w.sign() * (step.abs() - lr * strength).clamp(min=0)


def proximal_step_sizes(w, gradient, lr, strength):
    step = w - lr * gradient
    return (step.abs() - lr * strength).clip(0)


def proximal_step_unclipped(w, gradient, lr, strength):
    step = w - lr * gradient
    return torch.sign(step) * (torch.abs(step) - lr * strength)


MORE = {
    "penalised_gradient": [
        Wrong(penalised_gradient_by_n_too, "You divided the penalty by n."),  # The pull of the penalty is divided by the number of examples as well.
        Wrong(penalised_gradient_spares_first, "The first weight pays nothing.", first="neutral"),  # The first weight is spared, as if it were the bias (theta[1:] in other courses).
        Wrong(penalised_gradient_two, "That is the slope of λ · w².", idea="M19"),  # The derivative of w² is taken as 2w and the half in front is forgotten.
        Wrong(penalised_gradient_minus, "The sign: the gradient points uphill, and the penalty rises"),  # Penalty subtracted: weights 'decay', so a minus.
        Wrong(penalised_gradient_length, "You added the length of w, one number for all."),  # The length of w is added to each entry, instead of w.
        Wrong(penalised_gradient_bias, "The bias pays too here.", idea="M18"),  # The bias pays as well.
        Wrong(penalised_gradient_quarter, "The half of λ/2 cancels the 2 of the square", idea="M19"),  # autograd of the loss with a squared norm in which the half is kept twice (strength/4).
        Wrong(penalised_gradient_sign, "That is the slope of λ · |w|, the penalty called L1."),  # The gradient of an L1 penalty: strength times the sign.
    ],
    "scikit_c": [
        Wrong(100, "That is 1/λ. scikit-learn sums the loss over the examples, so"),  # 1 over the weight decay, without n.
        Wrong(5.69, "That is n · λ."),  # n times λ: the reciprocal.
        Wrong(0.01, "C is no penalty"),  # C taken to be the strength itself.
        Wrong(0.088, "Twice too small"),  # A further half: 1 / (2 n λ).
        Wrong(56900, "That is n/λ, and grows with n."),  # n / λ: λ on the wrong side.
        Wrong(17.6, "100 times too large", first="neutral"),  # The number in per cent.
    ],
    "memory_guess": [
        Wrong(65, "Your guess is `65`; it can lie from 0.0 to 1.0."),  # A percentage where a share between 0 and 1 is asked.
    ],
    "leaks": [
        Wrong('a', "What you chose is right, and there is more."),  # Forgets that choosing by test rows is a say too.
        Wrong('a, d, e', "By then the model is chosen and the harm done."),  # Thinks that reporting feeds back into the model.
        Wrong('b, d', "The split lays the test rows aside."),  # Takes the split for a leak and overlooks the scaler.
        Wrong('d', "What you chose is right, and there is more."),  # Overlooks the scaler, fitted on all rows.
    ],
    "folds": [
        Wrong(folds_chunk, "25 rows for 8 folds came out as seven, the last one short, as"),  # torch.chunk makes pieces of one size and a short rest: sizes differ by more than one, or pieces lack.
        Wrong(folds_split_k, "Your folds have k rows each, as `split(k)` makes them."),  # Pieces of k rows each instead of k pieces.
        Wrong(folds_one_more, "There are more folds than asked for"),  # n // k rows a piece: what is left over makes one more fold.
        Wrong(folds_lost_rows, "The rows that are left over after the even division are in no"),  # What is left over after n // k rows a fold is thrown away.
        Wrong(folds_in_order, "Your folds follow the order of the table."),  # No shuffle: the rows stay in order.
        Wrong(folds_replacement, "`randint` draws with repetition"),  # Rows are drawn with replacement: some come twice, some never.
        Wrong(folds_die, "Your folds differ in size by more than one.", first="neutral"),  # A die for each row: the sizes are left to chance.
        Wrong(folds_pairs, "You give pairs."),  # Pairs (rest, fold) as scikit-learn's KFold gives them, instead of folds.
        Wrong(folds_seedless, "The same seed draws other folds at the next call."),  # The seed is taken in and never used, so every call deals anew.
    ],
    "cross_validate": [
        Wrong(cross_validate_swapped, "You fit the fold and judge by the rest."),  # Fits on the fold and judges on the rest: arguments swapped.
        Wrong(cross_validate_all_rows, "The fold is among the rows that you fit, so it judges what it"),  # The fold is not taken out of the rows that are fitted.
        Wrong(cross_validate_standard_error, "That is a standard error, too small here"),  # Standard error instead of standard deviation: divided by √k.
        Wrong(cross_validate_off_by_one, "The last fold never judges."),  # The last fold never judges: off by one in the range.
        Wrong(cross_validate_variance, "That spread is squared."),  # The variance instead of its root.
        Wrong(cross_validate_weighted, "Each fold counts by its number of rows.", first="neutral"),  # Weighted by the size of the folds, where the plain mean over folds is asked.
        Wrong(cross_validate_mean_only, "That is the mean alone."),  # Only the mean comes back, the spread is forgotten.
        Wrong(cross_validate_list, "Your rest is a list of folds."),  # The rest is a list of tensors; it was not put together with cat.
    ],
    "stop_early": [
        Wrong(stop_early_alias, "The model ends with its last weights."),  # state_dict() is kept without a copy: the 'best' weights train on.
        Wrong(stop_early_shallow, "The model ends with its last weights."),  # dict(state_dict()) copies the dictionary, not the tensors: the weights in it train on.
        Wrong(stop_early_not_back, "The model ends with its last weights.", first="neutral"),  # The best weights are never put back: the model keeps the last ones.
        Wrong(stop_early_previous, "You compare each loss with the one before it."),  # Compares with the epoch before, not with the best so far.
        Wrong(stop_early_one_longer, "You wait one epoch too long"),  # Waits one epoch too long: > in place of >=.
        Wrong(stop_early_never_reset, "You count all bad epochs."),  # The wait is never set back to 0 when a new best comes.
        Wrong(stop_early_train_loss, "You watch the training loss, which falls all the way."),  # Watches the training loss.
        Wrong(stop_early_from_one, "The number you give back is one too large"),  # Counts the epochs from 1 itself, though the first that comes is epoch 0.
        Wrong(stop_early_range, "A whole number is needed there, as in `range(n)`, and", first="neutral"),  # Takes `epochs` for a number of epochs: range(epochs).
        Wrong(stop_early_list, "You train to the end and judge afterwards.", idea="M25"),  # Goes through all epochs first (a list), so nothing stops; and the weights in the end are the last.
        Wrong(stop_early_returns_loss, "You give back the lowest loss."),  # Keeps the loss and returns it, not the number of its epoch.
    ],
    "proximal_step": [
        Wrong(proximal_step_no_lr, "You moved by strength."),  # Moves by the strength itself, without lr.
        Wrong(proximal_step_hard, "Small weights are cut, the others are not shrunk."),  # Hard thresholding: the small become 0, the others are not moved.
        Wrong(proximal_step_subgradient, "That is a subgradient step.", idea="M23"),  # The subgradient added: a step across 0 is not stopped there.
        Wrong(proximal_step_first, "You shrank first and stepped afterwards, so the step leaves 0"),  # Thresholds first and steps along the gradient afterwards.
        Wrong(proximal_step_relu, "Negative weights are all lost."),  # The sign is lost: negative weights become 0.
        Wrong(proximal_step_l2, "That shrinks by a factor, as L2 does, and none becomes 0."),  # Shrinks by a factor, as L2 does.
        Wrong(proximal_step_old_sign, "The sign is that of the old w."),  # Takes the sign and the size of the old w, not of the stepped one.
        Wrong(proximal_step_sizes, "The signs are lost"),  # The sizes come back without their signs.
        Wrong(proximal_step_unclipped, "Small weights jump to the other side", idea="M23"),  # Weights that cross 0 are moved too, away from 0: abs() - threshold is not clipped at 0.
    ],
}

WRONG = {name: [*WRONG.get(name, []), *MORE.get(name, [])] for name in WRONG | MORE}


def in_order_by_chunk(n, k, seed=0):
    return list(torch.arange(n).chunk(k))


def each_fold_drawn_with_repetition(n, k, seed=0):
    g = torch.Generator().manual_seed(seed)
    return [torch.randint(0, n, (n // k,), generator=g) for _ in range(k)]


def shared_and_from_one(model, epochs, patience):
    best, best_epoch, best_state = float("inf"), 0, None
    for number, epoch in enumerate(epochs, 1):
        if epoch.valid_loss < best:
            best, best_epoch = epoch.valid_loss, number
            best_state = model.state_dict()
        elif number - best_epoch >= patience:
            break
    model.load_state_dict(best_state)
    return best_epoch


def not_back_and_from_one(model, epochs, patience):
    best, waited, kept = float("inf"), 0, 0
    for number, epoch in enumerate(epochs, 1):
        if epoch.valid_loss < best:
            best, waited, kept = epoch.valid_loss, 0, number
        else:
            waited += 1
        if waited == patience:
            break
    return kept


def never_reset_and_from_one(model, epochs, patience):
    best, bad, kept, state = float("inf"), 0, 0, copy.deepcopy(model.state_dict())
    for number, epoch in enumerate(epochs, 1):
        if epoch.valid_loss < best:
            best, kept, state = epoch.valid_loss, number, copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad >= patience:
                break
    model.load_state_dict(state)
    return kept


def before_and_from_one(model, epochs, patience):
    before, bad, number = float("inf"), 0, 0
    for number, epoch in enumerate(epochs, 1):
        if epoch.valid_loss < before:
            bad, state, kept = 0, copy.deepcopy(model.state_dict()), number
        else:
            bad += 1
            if bad == patience:
                break
        before = epoch.valid_loss
    model.load_state_dict(state)
    return kept


for _name, _answers in {
    "folds": [
        Wrong(in_order_by_chunk, "Your folds follow the order of the table", first="wrongly named"),  # not shuffled, and chunk's sizes may differ by more than one
        Wrong(each_fold_drawn_with_repetition, "`randint` draws with repetition", first="neutral"),  # draws with replacement: rows repeat and are missing
    ],
    "stop_early": [
        Wrong(shared_and_from_one, "The model ends with its last weights", first="neutral"),  # state_dict shares memory: the kept weights go on changing
        Wrong(not_back_and_from_one, "The model ends with its last weights", first="neutral"),  # the best weights are not put back
        Wrong(never_reset_and_from_one, "You count all bad epochs", first="neutral"),  # bad epochs are counted altogether; the count is not set back
        Wrong(before_and_from_one, "You compare each loss with the one before it", first="neutral"),  # compares with the epoch before, not with the best so far
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Written blind, another time

def no_penalty_at_all(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return (X.T @ off / len(y) + 0, off.mean())


def adds_the_penalty_s_value_not(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return (X.T @ off / len(y) + strength / 2 * torch.sum(w ** 2), off.mean())


def the_gradient_of_l1(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return (X.T @ off / len(y) + strength * torch.where(w > 0, 1.0, -1.0), off.mean())


def forgets_that_the_half_takes_the(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return (X.T @ off / len(y) + 2 * strength * w, off.mean())


def the_penalty_is_divided_by_n(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return ((X.T @ off + strength * w) / X.shape[0], off.mean())


def sign_of_the_penalty_s_gradient(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return (X.T @ off / len(y) - w * strength, off.mean())


def bias_is_charged_too(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return (X.T @ off / len(y) + strength * w, off.mean() + strength * b)


def keeps_the_half_in_the_gradient(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return (X.T @ off / len(y) + 0.5 * strength * w, torch.mean(off))


def multiplies_by_the_length_of_w(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return (X.T @ off / len(y) + strength * w.norm(), off.mean())


def sums_over_the_examples_instead_of(X, y, w, b, strength):
    grad_w = torch.zeros_like(w)
    grad_b = 0.0
    for i in range(len(y)):
        p = 1 / (1 + torch.exp(-(X[i] @ w + b)))
        grad_w += (p - y[i]) * X[i]
        grad_b += p - y[i]
    return (grad_w + strength * w, grad_b)


def autograd_of_a_penalty_that_takes(X, y, w, b, strength):
    w = w.clone().requires_grad_(True)
    b = torch.as_tensor(b).clone().requires_grad_(True)
    loss = F.binary_cross_entropy_with_logits(X @ w + b, y) + strength / 2 * (w ** 2).mean()
    return torch.autograd.grad(loss, (w, b))


def y_minus_p_in_place_of(X, y, w, b, strength):
    off = y - torch.sigmoid(X @ w + b)
    return (X.T @ off / len(y) + strength * w, off.mean())


def penalty_only_as_a_constant_strength(X, y, w, b, strength):
    off = torch.sigmoid(X @ w + b) - y
    return (X.T @ off / len(y) + strength, off.mean())


def split_k_gives_folds_of_k(n, k, seed=0):
    g = torch.Generator().manual_seed(seed)
    return torch.randperm(n, generator=g).split(k)


def split_n_k_leaves_a_small(n, k, seed=0):
    torch.manual_seed(seed)
    return list(torch.randperm(n).split(n // k))


def rows_beyond_n_k_k_are(n, k, seed=0):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    size = n // k
    return [order[i * size:(i + 1) * size] for i in range(k)]


def drawn_with_replacement(n, k, seed=0):
    torch.manual_seed(seed)
    rows = torch.randint(0, n, (n,))
    return list(rows.tensor_split(k))


def each_row_to_a_fold_by(n, k, seed=0):
    np.random.seed(seed)
    which = np.random.randint(k, size=n)
    return [torch.from_numpy(np.where(which == i)[0]) for i in range(k)]


def chunk_takes_ceil_n_k_so(n, k, seed=0):
    gen = torch.Generator()
    gen.manual_seed(seed)
    return torch.randperm(n, generator=gen).chunk(k)


def gives_the_training_rows_of_each(n, k, seed=0):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    parts = order.tensor_split(k)
    return [torch.cat([p for j, p in enumerate(parts) if j != i]) for i in range(k)]


def seed_fixed_at_0_whatever_is(n, k, seed=0):
    rng = np.random.default_rng(0)
    return [torch.tensor(part) for part in np.array_split(rng.permutation(n), k)]


def one_fold_too_few_in_the(n, k, seed=0):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    return [order[i::k] for i in range(1, k)]


def fold_and_rest_swapped_fits_the(parts, loss_of):
    losses = []
    for i in range(len(parts)):
        rest = torch.cat([parts[j] for j in range(len(parts)) if j != i])
        losses.append(loss_of(parts[i], rest))
    losses = torch.tensor(losses)
    return (losses.mean(), losses.std())


def fits_on_all_rows_the_fold(parts, loss_of):
    everything = torch.cat(list(parts))
    losses = torch.tensor([float(loss_of(everything, fold)) for fold in parts])
    return (losses.mean(), losses.std())


def variance_in_place_of_the_standard(parts, loss_of):
    losses = []
    for i, fold in enumerate(parts):
        rest = torch.cat([p for j, p in enumerate(parts) if i != j])
        losses.append(float(loss_of(rest, fold)))
    return (np.mean(losses), np.var(losses, ddof=1))


def standard_error_in_place_of_the(parts, loss_of):
    losses = torch.tensor([loss_of(torch.cat([*parts[:i], *parts[i + 1:]]), parts[i]) for i in range(len(parts))])
    return (losses.mean().item(), losses.std().item() / len(parts) ** 0.5)


def only_the_later_folds_are_fitted(parts, loss_of):
    losses = torch.tensor([loss_of(torch.cat([*parts[i + 1:]]), parts[i]) for i in range(len(parts) - 1)])
    return (losses.mean(), losses.std())


def the_order_of_the_two_results(parts, loss_of):
    scores = [loss_of(torch.cat([p for p in parts if p is not fold]), fold) for fold in parts]
    scores = torch.tensor(scores)
    return (torch.std(scores), torch.mean(scores))


def a_list_of_tensors_is_handed(parts, loss_of):
    losses = []
    for i in range(len(parts)):
        rest = list(parts[:i]) + list(parts[i + 1:])
        losses.append(loss_of(rest, parts[i]))
    losses = torch.tensor(losses)
    return (losses.mean(), losses.std())


def weighted_by_fold_sizes(parts, loss_of):
    losses = torch.tensor([loss_of(torch.cat([p for p in parts if p is not f]), f) for f in parts])
    sizes = torch.tensor([len(f) for f in parts]).float()
    mean = (losses * sizes).sum() / sizes.sum()
    return (mean, losses.std())


def the_same_fold_is_held_back(parts, loss_of):
    rest = torch.cat(list(parts[1:]))
    losses = torch.tensor([loss_of(rest, parts[0]) for _ in parts])
    return (losses.mean(), losses.std())


def gives_the_mean_alone(parts, loss_of):
    total = 0
    for i, fold in enumerate(parts):
        rest = torch.cat([p for j, p in enumerate(parts) if i != j])
        total += loss_of(rest, fold)
    return total / len(parts)


def judges_by_the_rows_it_was(parts, loss_of):
    losses = torch.tensor([loss_of(torch.cat([p for p in parts if p is not f]), torch.cat([p for p in parts if p is not f])) for f in parts])
    return (losses.mean(), losses.std())


def state_dict_is_not_copied_it(model, epochs, patience):
    best, best_loss, waited = (0, float('inf'), 0)
    weights = None
    for epoch in epochs:
        if epoch.valid_loss < best_loss:
            best, best_loss, waited = (epoch.number, epoch.valid_loss, 0)
            weights = model.state_dict()
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(weights)
    return best


def shallow_copy_of_the_state_dict(model, epochs, patience):
    best, best_loss, waited = (0, float('inf'), 0)
    weights = None
    for epoch in epochs:
        if epoch.valid_loss < best_loss:
            best, best_loss, waited = (epoch.number, epoch.valid_loss, 0)
            weights = dict(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(weights)
    return best


def never_resets_the_count(model, epochs, patience):
    best, best_loss, waited = (0, float('inf'), 0)
    weights = None
    for epoch in epochs:
        if epoch.valid_loss < best_loss:
            best, best_loss, ignored = (epoch.number, epoch.valid_loss, 0)
            weights = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(weights)
    return best


def waits_one_epoch_too_long(model, epochs, patience):
    best, best_loss, waited = (0, float('inf'), 0)
    weights = None
    for epoch in epochs:
        if epoch.valid_loss < best_loss:
            best, best_loss, waited = (epoch.number, epoch.valid_loss, 0)
            weights = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited > patience:
                break
    model.load_state_dict(weights)
    return best


def never_puts_the_weights_back(model, epochs, patience):
    best, best_loss, waited = (0, float('inf'), 0)
    weights = None
    for epoch in epochs:
        if epoch.valid_loss < best_loss:
            best, best_loss, waited = (epoch.number, epoch.valid_loss, 0)
            weights = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
    pass
    return best


def gives_the_epoch_at_which_it(model, epochs, patience):
    best, best_loss, waited = (0, float('inf'), 0)
    weights = None
    for epoch in epochs:
        if epoch.valid_loss < best_loss:
            best, best_loss, waited = (epoch.number, epoch.valid_loss, 0)
            weights = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(weights)
    return epoch.number


def gives_the_lowest_loss_not_its(model, epochs, patience):
    best, best_loss, waited = (0, float('inf'), 0)
    weights = None
    for epoch in epochs:
        if epoch.valid_loss < best_loss:
            best, best_loss, waited = (epoch.number, epoch.valid_loss, 0)
            weights = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(weights)
    return best_loss


def watches_the_training_loss_2(model, epochs, patience):
    best, best_loss, waited = (0, float('inf'), 0)
    weights = None
    for epoch in epochs:
        if epoch.train_loss < best_loss:
            best, best_loss, waited = (epoch.number, epoch.train_loss, 0)
            weights = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(weights)
    return best


def higher_is_better(model, epochs, patience):
    best, best_loss, waited = (0, -float('inf'), 0)
    weights = None
    for epoch in epochs:
        if epoch.valid_loss > best_loss:
            best, best_loss, waited = (epoch.number, epoch.valid_loss, 0)
            weights = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(weights)
    return best


def watches_the_accuracy(model, epochs, patience):
    best, best_loss, waited = (0, -1.0, 0)
    weights = None
    for epoch in epochs:
        if epoch.valid_accuracy > best_loss:
            best, best_loss, waited = (epoch.number, epoch.valid_accuracy, 0)
            weights = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(weights)
    return best


def compares_with_the_epoch_before_not(model, epochs, patience):
    last, waited = (float('inf'), 0)
    for epoch in epochs:
        if epoch.valid_loss < last:
            waited = 0
            keep = {k: v.clone() for k, v in model.state_dict().items()}
            number = epoch.number
        else:
            waited += 1
        last = epoch.valid_loss
        if waited == patience:
            break
    model.load_state_dict(keep)
    return number


def counts_the_epochs_from_1(model, epochs, patience):
    best, lowest = (None, 1000000000.0)
    for i, epoch in enumerate(epochs, 1):
        if epoch.valid_loss < lowest:
            lowest, best = (epoch.valid_loss, i)
            kept = copy.deepcopy(model.state_dict())
        elif i - best >= patience:
            break
    model.load_state_dict(kept)
    return best


def rebinding_model_does_not_put_the(model, epochs, patience):
    lowest, waited = (float('inf'), 0)
    for epoch in epochs:
        if epoch.valid_loss < lowest:
            lowest, waited, best = (epoch.valid_loss, 0, epoch.number)
            best_model = copy.deepcopy(model)
        else:
            waited += 1
        if waited >= patience:
            break
    model = best_model
    return best


def stops_at_the_first_rise(model, epochs, patience):
    lowest = float('inf')
    for epoch in epochs:
        if epoch.valid_loss >= lowest:
            break
        lowest, best = (epoch.valid_loss, epoch.number)
        kept = copy.deepcopy(model.state_dict())
    model.load_state_dict(kept)
    return best


def moves_by_strength_lr_is_forgotten(w, gradient, lr, strength):
    v = w - lr * gradient
    return v.sign() * (v.abs() - strength).clamp(min=0)


def thresholds_before_the_step(w, gradient, lr, strength):
    w = torch.sign(w) * torch.relu(w.abs() - lr * strength)
    return w - lr * gradient


def hard_thresholding_the_others_do_not(w, gradient, lr, strength):
    v = w - lr * gradient
    return torch.where(v.abs() <= lr * strength, torch.zeros_like(v), v)


def the_sign_is_lost(w, gradient, lr, strength):
    v = w - lr * gradient
    return torch.clamp(v.abs() - lr * strength, min=0)


def lr_forgotten_before_the_gradient(w, gradient, lr, strength):
    v = w - gradient
    t = lr * strength
    return torch.where(v > t, v - t, torch.where(v < -t, v + t, torch.zeros_like(v)))


def those_that_cross_are_not_held(w, gradient, lr, strength):
    v = w - lr * gradient
    return v - lr * strength * v.sign()


def sign_of_the_old_w(w, gradient, lr, strength):
    v = w - lr * gradient
    return w.sign() * (v.abs() - lr * strength).clamp(min=0)


def only_weights_above_0_survive(w, gradient, lr, strength):
    v = w - lr * gradient
    return torch.relu(v - lr * strength)


def pushes_away_from_0(w, gradient, lr, strength):
    v = w - lr * gradient
    return v.sign() * (v.abs() + lr * strength)


for _name, _answers in {
    "penalised_gradient": [
        Wrong(no_penalty_at_all, "The penalty is missing: this is the gradient of the log loss"),  # no penalty at all
        Wrong(adds_the_penalty_s_value_not, "You added the value of the penalty, one number for all. Its"),  # adds the penalty's value, not its gradient
        Wrong(the_gradient_of_l1, "That is the slope of λ · |w|, the penalty called L1. It comes"),  # the gradient of L1
        Wrong(forgets_that_the_half_takes_the, "That is the slope of λ · w². Our penalty has the half, and its", idea="M19"),  # forgets that the half takes the 2 away
        Wrong(the_penalty_is_divided_by_n, "You divided the penalty by n. It is added once, to a loss that"),  # the penalty is divided by n too
        Wrong(sign_of_the_penalty_s_gradient, "The sign: the gradient points uphill, and the penalty rises"),  # sign of the penalty's gradient
        Wrong(bias_is_charged_too, "The bias pays too here. Leave it free: it only sets the base", idea="M18"),  # bias is charged too
        Wrong(keeps_the_half_in_the_gradient, "The half of λ/2 cancels the 2 of the square: the slope is λ · w", idea="M19"),  # keeps the half in the gradient
        Wrong(multiplies_by_the_length_of_w, "You added the length of w, one number for all. The slope of the"),  # multiplies by the length of w, not by w
        Wrong(sums_over_the_examples_instead_of, "Both sums are to be means: divide them by n. The penalty is not", idea="M15"),  # sums over the examples instead of the mean (loop)
        Wrong(autograd_of_a_penalty_that_takes, "Your penalty is the mean of w², divided by the number of", first="neutral"),  # autograd of a penalty that takes the mean of w² instead of the sum
        Wrong(y_minus_p_in_place_of, "The difference is the wrong way round: p − y, so that too much"),  # y − p in place of p − y
        Wrong(penalty_only_as_a_constant_strength, "You added λ to every entry. The penalty pulls a long weight"),  # penalty only as a constant strength
    ],
    "folds": [
        Wrong(lambda n, k, seed=0: list(torch.arange(n).tensor_split(k)), "Your folds follow the order of the table. If it is sorted, a"),  # no shuffling: rows in their order
        Wrong(split_k_gives_folds_of_k, "Your folds have k rows each, as `split(k)` makes them. Asked"),  # split(k) gives folds of k rows
        Wrong(split_n_k_leaves_a_small, "There are more folds than asked for: the rows left over became"),  # split(n // k) leaves a small extra fold
        Wrong(lambda n, k, seed=0: torch.randperm(n).tensor_split(k), "The same seed draws other folds at the next call. Give it to a"),  # the seed is ignored
        Wrong(rows_beyond_n_k_k_are, "The rows that are left over after the even division are in no"),  # rows beyond n // k · k are lost
        Wrong(drawn_with_replacement, "`randint` draws with repetition: some rows come twice, others"),  # drawn with replacement
        Wrong(each_row_to_a_fold_by, "Your folds differ in size by more than one. Does each row draw"),  # each row to a fold by a die: sizes are luck
        Wrong(chunk_takes_ceil_n_k_so, "25 rows for 8 folds came out as seven, the last one short, as"),  # chunk takes ceil(n / k), so the last fold is small
        Wrong(gives_the_training_rows_of_each, "Those are the rows outside of each fold. Give the folds"),  # gives the training rows of each fold, not the fold
        Wrong(seed_fixed_at_0_whatever_is, "Another seed draws the same folds. Use the `seed` that your"),  # seed fixed at 0, whatever is asked
        Wrong(one_fold_too_few_in_the, "A fold is missing: there are k − 1, and its rows are nowhere", first="neutral"),  # one fold too few in the loop
    ],
    "cross_validate": [
        Wrong(fold_and_rest_swapped_fits_the, "You fit the fold and judge by the rest. First the rows to fit"),  # fold and rest swapped: fits the fold
        Wrong(fits_on_all_rows_the_fold, "The fold is among the rows that you fit, so it judges what it"),  # fits on all rows, the fold among them
        Wrong(variance_in_place_of_the_standard, "That spread is squared. Take its root: the standard deviation"),  # variance in place of the standard deviation
        Wrong(standard_error_in_place_of_the, "That is a standard error, too small here: the folds share rows"),  # standard error in place of the standard deviation
        Wrong(only_the_later_folds_are_fitted, "You fit the folds behind this one only, and the last never", first="neutral"),  # only the later folds are fitted: parts[i + 1:]
        Wrong(the_order_of_the_two_results, "The two are exchanged: first the mean, then the spread"),  # the order of the two results swapped
        Wrong(a_list_of_tensors_is_handed, "Your rest is a list of folds. `torch.cat` joins them to one"),  # a list of tensors is handed over as rest
        Wrong(weighted_by_fold_sizes, "Each fold counts by its number of rows. Asked is the mean over"),  # weighted by fold sizes
        Wrong(the_same_fold_is_held_back, "Only the first fold has judged, and one loss has no spread. Is"),  # the same fold is held back each time
        Wrong(gives_the_mean_alone, "That is the mean alone. Give the standard deviation of the"),  # gives the mean alone
        Wrong(judges_by_the_rows_it_was, "You judge by the rows that were fitted. The fold that was held"),  # judges by the rows it was fitted to
    ],
    "stop_early": [
        Wrong(state_dict_is_not_copied_it, "The model ends with its last weights. What `state_dict()` gives"),  # state_dict is not copied: it follows the model
        Wrong(shallow_copy_of_the_state_dict, "The model ends with its last weights. What `state_dict()` gives"),  # shallow copy of the state_dict
        Wrong(never_resets_the_count, "You count all bad epochs. A new best starts the count again"),  # never resets the count
        Wrong(waits_one_epoch_too_long, "You wait one epoch too long: stop when `patience` epochs have"),  # waits one epoch too long
        Wrong(never_puts_the_weights_back, "The model ends with its last weights. What `state_dict()` gives"),  # never puts the weights back
        Wrong(gives_the_epoch_at_which_it, "You give back the epoch after which you stopped. Asked is the"),  # gives the epoch at which it stopped
        Wrong(gives_the_lowest_loss_not_its, "You give back the lowest loss. Asked is the number of its epoch"),  # gives the lowest loss, not its epoch
        Wrong(watches_the_training_loss_2, "You watch the training loss, which falls all the way. What was"),  # watches the training loss
        Wrong(higher_is_better, "You wait for a higher loss, and keep the weights of the", first="neutral"),  # higher is better
        Wrong(watches_the_accuracy, "You watch the accuracy. It counts right answers, not how sure", first="neutral"),  # watches the accuracy
        Wrong(compares_with_the_epoch_before_not, "You compare each loss with the one before it. Compare with the"),  # compares with the epoch before, not with the best
        Wrong(counts_the_epochs_from_1, "The number you give back is one too large: take `epoch.number"),  # counts the epochs from 1
        Wrong(rebinding_model_does_not_put_the, "The model ends with its last weights. What `state_dict()` gives"),  # rebinding model does not put the weights back
        Wrong(stops_at_the_first_rise, "You stop at the first rise. Patience means to wait: one bump is"),  # stops at the first rise
    ],
    "proximal_step": [
        Wrong(lambda w, gradient, lr, strength: w - lr * (gradient + strength * torch.sign(w)), "That is a subgradient step. It walks past 0 and back, and never", idea="M23"),  # subgradient: a full step to the other side
        Wrong(moves_by_strength_lr_is_forgotten, "You moved by strength. A step of size lr moves the weight by lr"),  # moves by strength, lr is forgotten
        Wrong(thresholds_before_the_step, "You shrank first and stepped afterwards, so the step leaves 0"),  # thresholds before the step
        Wrong(hard_thresholding_the_others_do_not, "Small weights are cut, the others are not shrunk. Every weight"),  # hard thresholding: the others do not move
        Wrong(the_sign_is_lost, "The signs are lost: negative weights came out positive"),  # the sign is lost
        Wrong(lr_forgotten_before_the_gradient, "Your gradient step is the whole gradient. It has to be lr times"),  # lr forgotten before the gradient
        Wrong(lambda w, gradient, lr, strength: (w - lr * gradient) * (1 - lr * strength), "That shrinks by a factor, as L2 does, and none becomes 0. L1"),  # the shrinking of L2
        Wrong(lambda w, gradient, lr, strength: (w - lr * gradient) / (1 + lr * strength), "That shrinks by a factor, as L2 does, and none becomes 0. L1"),  # proximal step of L2: division
        Wrong(those_that_cross_are_not_held, "Small weights jump to the other side: what would cross 0 has to", idea="M23"),  # those that cross are not held at 0
        Wrong(sign_of_the_old_w, "The sign is that of the old w. Take it from where the gradient"),  # sign of the old w
        Wrong(only_weights_above_0_survive, "Negative weights are all lost. Shrink the absolute value, then"),  # only weights above 0 survive
        Wrong(pushes_away_from_0, "Your weights move away from 0. Subtract lr · strength from"),  # pushes away from 0
        Wrong(lambda w, gradient, lr, strength: F.softshrink(w + lr * gradient, lr * strength), "Your gradient step goes uphill. Step against the gradient, then"),  # climbs: w + lr · gradient
        Wrong(lambda w, gradient, lr, strength: w - lr * gradient, "That is the gradient step alone. Now move every entry towards"),  # the gradient step alone
    ],
    "recall_growth": [
        Wrong('a', "Right is not enough for the log loss. A longer w makes right"),  # thinks length settles when all are right
        Wrong('d', "The gradient shrinks as the answers get surer. Each tenfold of"),  # thinks the growth is even
    ],
    "recall_confidence": [
        Wrong('A', "Accuracy counts which side an answer is on. The loss asks how"),  # thinks it impossible
    ],
    "scikit_c": [
        Wrong(100, "That is 1/λ. scikit-learn sums the loss over the examples, so n"),  # 1 / weight_decay without n
        Wrong(569 * 0.01, "That is n · λ. C multiplies the loss, not the penalty: it is"),  # n · weight_decay, not one over it
        Wrong(1 / (2 * 569 * 0.01), "Twice too small: it belongs to λ · ‖w‖². weight_decay means λ/2"),  # factor 2 of the half
        Wrong(0.01, "C is no penalty: it multiplies the loss. A large C means little"),  # C taken for the penalty
    ],
    "leaks": [
        Wrong('a', "there is more"),  # misses the choice of C
        Wrong('a, d, e', "By then the model is chosen and the harm done. Reporting a"),  # counts the report too
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Wrong ideas in further ways of writing

def score_taken_for_the_probability(X, y, w, b, strength):
    gradient, of_bias = strength * w, 0.0
    for row, target in zip(X, y):
        off = (row * w).sum() + b - target
        gradient = gradient + off * row / len(y)
        of_bias = of_bias + off / len(y)
    return gradient, of_bias


def score_in_numpy(X, y, w, b, strength):
    X, y, w = X.numpy(), y.numpy(), w.numpy()
    off = np.dot(X, w) + float(b) - y
    return np.dot(off, X) / y.size + strength * w, off.mean()


def bias_in_the_penalty_by_autograd(X, y, w, b, strength):
    w = w.clone().requires_grad_()
    b = torch.as_tensor(b).clone().requires_grad_()
    penalty = strength / 2 * (w.square().sum() + b ** 2)
    return torch.autograd.grad(F.binary_cross_entropy_with_logits(X @ w + b, y) + penalty, [w, b])


def bias_as_one_more_weight(X, y, w, b, strength):
    X = torch.cat([X, torch.ones(len(X), 1)], dim=1)
    w = torch.cat([w, torch.as_tensor(b).reshape(1)])
    gradient = (torch.sigmoid(X @ w) - y) @ X / len(y) + strength * w
    return gradient[:-1], gradient[-1]


def square_without_its_half(X, y, w, b, strength):
    w = w.clone().requires_grad_()
    b = torch.as_tensor(b).clone().requires_grad_()
    loss = F.binary_cross_entropy_with_logits(X @ w + b, y) + strength * w.pow(2).sum()
    loss.backward()
    return w.grad, b.grad


def subgradient_weight_by_weight(w, gradient, lr, strength):
    new = w.clone()
    for j in range(len(w)):
        side = 1.0 if w[j] > 0 else -1.0 if w[j] < 0 else 0.0
        new[j] -= lr * gradient[j] + lr * strength * side
    return new


def subgradient_in_numpy(w, gradient, lr, strength):
    return w.numpy() - lr * gradient.numpy() - lr * strength * np.sign(w.numpy())


for _name, _answers in {
    "penalised_gradient": [
        Wrong(score_taken_for_the_probability, "The sigmoid is missing", seen=True, idea="M01"),
        Wrong(score_in_numpy, "The sigmoid is missing", seen=True, idea="M01"),
        Wrong(lambda X, y, w, b, strength: (torch.einsum("nd,n->d", X, X @ w + b - y) / len(y) + strength * w,
                                            (X @ w + b - y).mean()), "The sigmoid is missing", seen=True, idea="M01"),
        Wrong(bias_in_the_penalty_by_autograd, "The bias pays too here", seen=True, idea="M18"),
        Wrong(bias_as_one_more_weight, "The bias pays too here", seen=True, idea="M18"),
        Wrong(square_without_its_half, "That is the slope of λ · w²", seen=True, idea="M19"),
    ],
    "proximal_step": [
        Wrong(subgradient_weight_by_weight, "That is a subgradient step", seen=True, idea="M23"),
        Wrong(subgradient_in_numpy, "That is a subgradient step", seen=True, idea="M23"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


def both_sums_by_autograd(X, y, w, b, strength):
    w = w.clone().requires_grad_()
    b = torch.as_tensor(b).clone().requires_grad_()
    loss = F.binary_cross_entropy_with_logits(X @ w + b, y, reduction="sum") + strength / 2 * w @ w
    return torch.autograd.grad(loss, [w, b])


def sum_of_rows_in_numpy(X, y, w, b, strength):
    X, y, w = X.numpy(), y.numpy(), w.numpy()
    off = 1 / (1 + np.exp(-(X @ w + float(b)))) - y
    return (off[:, None] * X).sum(axis=0) + strength * w, off.mean()


def best_of_all_epochs(model, epochs, patience):
    history = {epoch.number: epoch.valid_loss for epoch in epochs}
    return min(history, key=history.get)


def best_of_all_in_numpy(model, epochs, patience):
    losses = []
    for epoch in epochs:
        losses.append(epoch.valid_loss)
    return int(np.argmin(losses))


for _name, _answers in {
    "penalised_gradient": [
        Wrong(both_sums_by_autograd, "Both sums are to be means", seen=True, idea="M15"),
        Wrong(sum_of_rows_in_numpy, "The log loss is the mean over the examples", seen=True, idea="M15"),
    ],
    "stop_early": [
        Wrong(best_of_all_epochs, "You train to the end and judge afterwards", seen=True, idea="M25"),
        Wrong(best_of_all_in_numpy, "You train to the end and judge afterwards", seen=True, idea="M25"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# A later round, by another hand: what was accepted, got a wrong name, or no name

def stopping(epochs, model, patience, value=lambda epoch: epoch.valid_loss, while_waiting=lambda kept: None):
    best, waited = math.inf, 0
    for epoch in epochs:
        if value(epoch) < best:
            best, waited, number, kept = value(epoch), 0, epoch.number, copy.deepcopy(model.state_dict())
        else:
            while_waiting(kept)
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return number


def first_epoch_skipped(model, epochs, patience):
    next(iter(epochs))
    return stopping(epochs, model, patience)


def put_back_in_every_round(model, epochs, patience):
    return stopping(epochs, model, patience, while_waiting=model.load_state_dict)


def the_model_itself(model, epochs, patience):
    stopping(epochs, model, patience)
    return model


def by_the_lowest_accuracy(model, epochs, patience):
    return stopping(epochs, model, patience, value=lambda epoch: epoch.valid_accuracy)


def as_many_epochs_as_patience(model, epochs, patience):
    best = math.inf
    for _ in range(patience):
        epoch = next(epochs)
        if epoch.valid_loss < best:
            best, number, kept = epoch.valid_loss, epoch.number, copy.deepcopy(model.state_dict())
    model.load_state_dict(kept)
    return number


def with_a_penalty(slope):
    def penalised_gradient(X, y, w, b, strength):
        off = torch.sigmoid(X @ w + b) - y
        return X.T @ off / len(y) + slope(w, strength, len(y)), off.mean()
    return penalised_gradient


def folds_in_a_drawn_order(n, k, seed=0):
    parts = torch.arange(n).tensor_split(k)
    return [parts[i] for i in torch.randperm(k, generator=torch.Generator().manual_seed(seed))]


def places_of_the_folds(parts, loss_of):
    losses = []
    for i in range(len(parts)):
        rest = torch.tensor([j for j in range(len(parts)) if j != i])
        losses.append(float(loss_of(rest, torch.tensor([i]))))
    return statistics.mean(losses), statistics.stdev(losses)


def the_lowest_for_the_mean(parts, loss_of):
    losses = [float(loss_of(torch.cat([p for p in parts if p is not fold]), fold)) for fold in parts]
    return min(losses), statistics.stdev(losses)


def by_half_the_step(w, gradient, lr, strength):
    return F.softshrink(w - lr * gradient, lr * strength / 2)


def gradient_shrunk(w, gradient, lr, strength):
    return w - lr * F.softshrink(gradient, strength)


for _name, _answers in {
    "stop_early": [
        Wrong(first_epoch_skipped, "Epoch 0, the untrained model, is never looked at", first="accepted"),
        Wrong(put_back_in_every_round, "training goes on from there", first="accepted"),
        Wrong(the_model_itself, "a single number is needed", first="wrongly named", never=("Call it",)),
        Wrong(by_the_lowest_accuracy, "You watch the accuracy, and keep the lowest", first="neutral"),
        Wrong(as_many_epochs_as_patience, "You run as many epochs as `patience` says", first="neutral"),
    ],
    "penalised_gradient": [
        Wrong(with_a_penalty(lambda w, s, n: s * n * w), "You multiplied the penalty by n", first="neutral"),
        Wrong(with_a_penalty(lambda w, s, n: s * torch.abs(w)), "You added λ · |w|", first="neutral"),
    ],
    "folds": [Wrong(folds_in_a_drawn_order, "The folds come in a drawn order", first="neutral")],
    "cross_validate": [
        Wrong(places_of_the_folds, "You handed over the numbers of the folds", first="neutral"),
        Wrong(the_lowest_for_the_mean, "The first is the lowest loss", first="neutral"),
    ],
    "proximal_step": [
        Wrong(by_half_the_step, "You moved by half of lr · strength", first="neutral"),
        Wrong(gradient_shrunk, "You shrank the gradient", first="neutral"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)
