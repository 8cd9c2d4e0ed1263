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
        Wrong(bias_pays_too, "The bias pays too here"),  # the bias pays the penalty too
        Wrong(slope_of_the_square, "That is the slope of λ · w²"),  # twice too much: the half of λ/2 forgotten
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
        Wrong(subgradient, "That is a subgradient step"),  # the subgradient step, λ sign(w): weights hop over 0
        Wrong(crosses_zero, "Small weights jump to the other side"),  # weights that cross 0 are not stopped there
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
        Wrong(penalised_gradient_two, "That is the slope of λ · w²."),  # The derivative of w² is taken as 2w and the half in front is forgotten.
        Wrong(penalised_gradient_minus, "The sign: the gradient points uphill, and the penalty rises"),  # Penalty subtracted: weights 'decay', so a minus.
        Wrong(penalised_gradient_length, "You added the length of w, one number for all."),  # The length of w is added to each entry, instead of w.
        Wrong(penalised_gradient_bias, "The bias pays too here."),  # The bias pays as well.
        Wrong(penalised_gradient_quarter, "The half of λ/2 cancels the 2 of the square"),  # autograd of the loss with a squared norm in which the half is kept twice (strength/4).
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
        Wrong(stop_early_list, "You train to the end and judge afterwards."),  # Goes through all epochs first (a list), so nothing stops; and the weights in the end are the last.
        Wrong(stop_early_returns_loss, "You give back the lowest loss."),  # Keeps the loss and returns it, not the number of its epoch.
    ],
    "proximal_step": [
        Wrong(proximal_step_no_lr, "You moved by strength."),  # Moves by the strength itself, without lr.
        Wrong(proximal_step_hard, "Small weights are cut, the others are not shrunk."),  # Hard thresholding: the small become 0, the others are not moved.
        Wrong(proximal_step_subgradient, "That is a subgradient step."),  # The subgradient added: a step across 0 is not stopped there.
        Wrong(proximal_step_first, "You shrank first and stepped afterwards, so the step leaves 0"),  # Thresholds first and steps along the gradient afterwards.
        Wrong(proximal_step_relu, "Negative weights are all lost."),  # The sign is lost: negative weights become 0.
        Wrong(proximal_step_l2, "That shrinks by a factor, as L2 does, and none becomes 0."),  # Shrinks by a factor, as L2 does.
        Wrong(proximal_step_old_sign, "The sign is that of the old w."),  # Takes the sign and the size of the old w, not of the stepped one.
        Wrong(proximal_step_sizes, "The signs are lost"),  # The sizes come back without their signs.
        Wrong(proximal_step_unclipped, "Small weights jump to the other side"),  # Weights that cross 0 are moved too, away from 0: abs() - threshold is not clipped at 0.
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
