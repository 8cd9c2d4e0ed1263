"""Wrong answers to the exercises of lesson 06, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B905, E501, E731, F821, F841

import copy
import math
import statistics

import numpy as np
import torch

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
        Wrong(each_row_rolls_its_fold, NEUTRAL),  # each row rolls a die for its fold, so sizes differ
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
