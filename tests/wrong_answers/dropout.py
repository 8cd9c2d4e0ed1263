"""Wrong answers to the exercises of lesson 08, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B023, B905, E501, E731, F821, F841

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from wrong_answers import Wrong


def in_loops_without_the_scale(x, u, p):
    out = x.clone()
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            if u[i, j] < p:
                out[i, j] = 0
    return out


def drop(x, u, p): return torch.where(u >= p, x / (1 - p), torch.zeros(()))


class Layer(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p


class ModeIgnored(Layer):
    def forward(self, x):
        return drop(x, torch.rand_like(x), self.p)


class ModesExchanged(Layer):
    def forward(self, x):
        if self.training:
            return x
        return drop(x, torch.rand_like(x), self.p)


class MethodForFlag(Layer):
    def forward(self, x):
        if self.train:
            return drop(x, torch.rand_like(x), self.p)
        return x


class ScaledAfterEvalToo(Layer):
    def forward(self, x):
        if self.training:
            return drop(x, torch.rand_like(x), self.p)
        return x * (1 - self.p)


class OlderTexts(Layer):
    def forward(self, x):
        if self.training:
            return x * (torch.rand_like(x) >= self.p)
        return x * (1 - self.p)


class NotLouder(Layer):
    def forward(self, x):
        if not self.training:
            return x
        return x * (torch.rand_like(x) > self.p).float()


class BellCurve(Layer):
    def forward(self, x):
        return drop(x, torch.randn_like(x), self.p) if self.training else x


class HalfWhateverP(Layer):
    def forward(self, x):
        return drop(x, torch.rand_like(x), 0.5) if self.training else x


class KeptWithChanceP(Layer):
    def forward(self, x):
        if self.training:
            mask = torch.rand_like(x) < self.p
            return x * mask / self.p
        return x


class OneMaskForAllExamples(Layer):
    def forward(self, x):
        if self.training:
            u = torch.rand(x.shape[-1])
            return drop(x, u.expand_as(x), self.p)
        return x


class FunctionWithoutTraining(Layer):
    def forward(self, x):
        return F.dropout(x, self.p)


class WholeLayerAtOnce(Layer):
    def forward(self, x):
        if self.training and torch.rand(1) < self.p:
            return torch.zeros_like(x)
        return x / (1 - self.p) if self.training else x


def right_share(model, part):
    with torch.no_grad():
        return (model(part.X).argmax(1) == part.y).float().mean().item()


def step(model, data, optimizer, rows, zero=True):
    if zero:
        optimizer.zero_grad()
    loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[rows])
    loss.backward()
    optimizer.step()


def no_modes(model, data, optimizer, epochs):
    shares = []
    for _ in range(epochs):
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows)
        shares.append(right_share(model, data.valid))
    return shares


def never_back_to_train(model, data, optimizer, epochs):
    shares = []
    model.train()
    for _ in range(epochs):
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows)
        model.eval()
        shares.append(right_share(model, data.valid))
    return shares


def no_grad_for_eval(model, data, optimizer, epochs):
    history = []
    for epoch in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows)
        with torch.no_grad():
            history.append((model(data.valid.X).argmax(dim=1) == data.valid.y).float().mean().item())
    return history


def modes_exchanged(model, data, optimizer, epochs):
    shares = []
    for _ in range(epochs):
        model.eval()
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows)
        model.train()
        shares.append(right_share(model, data.valid))
    return shares


def measured_on_the_training_rows(model, data, optimizer, epochs):
    shares = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows)
        model.eval()
        shares.append(right_share(model, data.train))
    return shares


def gradients_pile_up(model, data, optimizer, epochs):
    shares = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows, zero=False)
        model.eval()
        shares.append(right_share(model, data.valid))
    return shares


def last_share_alone(model, data, optimizer, epochs):
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows)
        model.eval()
        share = right_share(model, data.valid)
    return share


def measured_after_each_batch(model, data, optimizer, epochs):
    shares = []
    for _ in range(epochs):
        for rows in torch.randperm(len(data.train.y)).split(50):
            model.train()
            step(model, data, optimizer, rows)
            model.eval()
            shares.append(right_share(model, data.valid))
    return shares


def counts(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows)
        model.eval()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).sum().item())
    return right


def valid_losses(model, data, optimizer, epochs):
    losses = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows)
        model.eval()
        with torch.no_grad():
            losses.append(F.cross_entropy(model(data.valid.X), data.valid.y).item())
    return losses


def softmax_before_the_loss(model, data, optimizer, epochs):
    shares = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            probabilities = torch.softmax(model(data.train.X[rows]), dim=1)
            F.cross_entropy(probabilities, data.train.y[rows]).backward()
            optimizer.step()
        model.eval()
        shares.append(right_share(model, data.valid))
    return shares


def per_cent(model, data, optimizer, epochs):
    return [100 * share for share in trained(model, data, optimizer, epochs)]


def trained(model, data, optimizer, epochs):
    shares = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows)
        model.eval()
        shares.append(right_share(model, data.valid))
    return shares


def return_in_the_loop(model, data, optimizer, epochs):
    shares = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows)
        model.eval()
        shares.append(right_share(model, data.valid))
        return shares


def no_grad_alone(model, X):
    with torch.no_grad():
        return model(X).softmax(1)


def eval_alone(model, X):
    was = model.training
    model.eval()
    probabilities = F.softmax(model(X), dim=1)
    model.train(was)
    return probabilities


def left_in_eval(model, X):
    model.eval()
    with torch.no_grad():
        return torch.softmax(model(X), dim=1)


def always_back_to_train(model, X):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(dim=-1)
    model.train()
    return p


def scores(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        out = model(X)
    model.train(was)
    return out


def over_the_examples(model, X):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        p = torch.softmax(model(X), 0)
    if was_training:
        model.train()
    return p


def sigmoid(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        p = torch.sigmoid(model(X))
    model.train(was)
    return p


def mean_of_a_hundred(model, X):
    was = model.training
    model.train()
    with torch.no_grad():
        p = torch.stack([model(X).softmax(1) for _ in range(100)]).mean(0)
    model.train(was)
    return p


def digits(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        answer = model(X).softmax(1).argmax(1)
    model.train(was)
    return answer


def mode_read_too_late(model, X):
    model.eval()
    was = model.training
    with torch.no_grad():
        p = model(X).softmax(1)
    model.train(was)
    return p


def steady(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(1)
    model.train(was)
    return p


def believed_most(model, X, y, n):
    p = steady(model, X)[torch.arange(len(y)), y]
    return p.argsort(descending=True)[:n]


def least_sure_of_its_own_digit(model, X, y, n):
    return steady(model, X).max(dim=1).values.argsort()[:n]


def probabilities_themselves(model, X, y, n):
    p = steady(model, X).gather(1, y[:, None]).squeeze(1)
    return p.sort().values[:n]


def first_that_disagree(model, X, y, n):
    wrong = steady(model, X).argmax(1) != y
    return torch.where(wrong)[0][:n]


def every_label_for_every_row(model, X, y, n):
    p = steady(model, X)[:, y]
    return p.argsort()[:n]


def dropout_on(model, X, y, n):
    with torch.no_grad():
        p = model(X).softmax(1)
    return p[range(len(y)), y].argsort()[:n]


def all_of_them(model, X, y, n):
    p = steady(model, X)[torch.arange(len(y)), y]
    return torch.argsort(p)


def by_the_score(model, X, y, n):
    was = model.training
    model.eval()
    with torch.no_grad():
        s = model(X)
    model.train(was)
    return s[torch.arange(len(y)), y].argsort()[:n]


def lowest_losses(model, X, y, n):
    losses = -steady(model, X)[torch.arange(len(y)), y].log()
    return losses.topk(n, largest=False).indices


def the_labels_not_the_rows(model, X, y, n):
    p = steady(model, X)[torch.arange(len(y)), y]
    return y[p.argsort()[:n]]


def draws_multiply(x, u, p):
    return torch.mul(x, u).div(1 - p)


def kept_ones_only(x, u, p):
    return torch.masked_select(x, u >= p) / (1 - p)


def divided_by_p_by_index(x, u, p):
    out = torch.zeros_like(x)
    out[u >= p] = x[u >= p] / p
    return out


class DefaultChance(Layer):
    def forward(self, x):
        return F.dropout(x, training=self.training)


class NormalDraws(Layer):
    def forward(self, x):
        if not self.training:
            return x
        mask = (torch.normal(0.0, 1.0, x.shape) > self.p).float()
        return x * mask / (1 - self.p)


def losses_of_valid(model, data, optimizer, epochs):
    out = []
    loss_fn = nn.CrossEntropyLoss()
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows)
        model.eval()
        out += [float(loss_fn(model(data.valid.X), data.valid.y))]
    return out


def probabilities_into_the_loss(model, data, optimizer, epochs):
    shares, loss_fn = [], nn.CrossEntropyLoss()
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss_fn(nn.Softmax(dim=1)(model(data.train.X[rows])), data.train.y[rows]).backward()
            optimizer.step()
        model.eval()
        shares.append(right_share(model, data.valid))
    return shares


def counted_in_a_loop(model, data, optimizer, epochs):
    counts = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            step(model, data, optimizer, rows)
        model.eval()
        right = 0
        for x, y in zip(data.valid.X, data.valid.y):
            right += int(model(x[None]).argmax() == y)
        counts.append(right)
    return counts


def each_score_for_itself(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        p = 1 / (1 + (-model(X)).exp())
    model.train(was)
    return p


def names_of_the_classes(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        _, best = model(X).max(dim=1)
    model.train(was)
    return best


def disagreeing_rows(model, X, y, n):
    named = steady(model, X).argmax(1)
    return [i for i in range(len(y)) if named[i] != y[i]][:n]


def labels_picked(model, X, y, n):
    p = steady(model, X).gather(1, y.unsqueeze(1)).flatten()
    return torch.take(y, p.topk(n, largest=False).indices)


def sorted_without_a_cut(model, X, y, n):
    p = steady(model, X)
    return sorted(range(len(y)), key=lambda i: p[i, y[i]])


WRONG = {
    "drop": [
        Wrong(in_loops_without_the_scale, "The survivors are not made louder", idea="M41"),  # the others are not made louder
        Wrong(lambda x, u, p: x * (u < p) / (1 - p), "You kept the units that should be off", idea="M41"),  # the wrong ones kept: those below p
        Wrong(lambda x, u, p: torch.where(u >= p, x / p, 0), "the others are divided by p", first="neutral", idea="M41"),  # divided by p in place of 1 − p
        Wrong(lambda x, u, p: x * (u >= p) * (1 - p), "Multiplied by 1 − p, the survivors become even smaller", idea="M41"),  # multiplied by 1 − p in place of divided
        Wrong(lambda x, u, p: x / (1 - p), "the mask is missing"),  # nothing dropped
        Wrong(lambda x, u, p: x * u / (1 - p), "The draws themselves multiply x", first="neutral"),  # the draws themselves used as the mask
        Wrong(lambda x, u, p: x[u >= p] / (1 - p), "takes the units out that are off", first="neutral"),  # dropped ones are taken out, not set to 0
        Wrong(lambda x, u, p: x * (torch.rand_like(x) >= p) / (1 - p), "This flips coins of its own"),  # new draws, u is not used
        Wrong(lambda x, u, p: 2 * x * (u >= p), "A factor 2 belongs to p = 0.5", idea="M41"),  # doubled whatever p is
        Wrong(lambda x, u, p: (u >= p) / (1 - p), "That is the mask with its factor"),  # the mask alone, x is missing
        Wrong(lambda x, u, p: x * (u >= p) / 1 - p, "You subtract p from every number"),  # brackets missing: divided by 1, then p subtracted
        Wrong(lambda x, u, p: F.dropout(x, p), "This flips coins of its own"),  # PyTorch's own draws, u is not used
        Wrong(draws_multiply, "The draws themselves multiply x", seen=True),
        Wrong(kept_ones_only, "takes the units out that are off", seen=True),
        Wrong(divided_by_p_by_index, "the others are divided by p", seen=True, idea="M41"),
    ],
    "Dropout": [
        Wrong(ModeIgnored, "Units are off after `eval()` too", idea="M09"),  # the mode is not looked at: drops after eval() too
        Wrong(ModesExchanged, "The two cases are exchanged", idea="M09"),  # the modes are exchanged
        Wrong(MethodForFlag, "Ask `self.training`", idea="M09"),  # self.train is the method, always true; self.training is the flag
        Wrong(ScaledAfterEvalToo, "Scaled once in training and once more", idea="M41"),  # scaled in training and again after eval()
        Wrong(OlderTexts, "This makes everyone quieter after `eval()`", idea="M41"),  # the older convention: scales after eval() and not in training
        Wrong(NotLouder, "The survivors are not made louder", idea="M41"),  # the others are not made louder
        Wrong(BellCurve, "as where `randn` draws", first="neutral"),  # randn in place of rand: draws below p too often
        Wrong(HalfWhateverP, "Half of the units are off, whatever p is", first="neutral", idea="M41"),  # 0.5 whatever p is
        Wrong(KeptWithChanceP, "Here p is the chance to keep a unit", idea="M41"),  # kept with chance p in place of dropped
        Wrong(OneMaskForAllExamples, "All examples share one row of coins"),  # one mask for all examples
        Wrong(FunctionWithoutTraining, "Units are off after `eval()` too", idea="M09"),  # F.dropout without training=: drops after eval() too
        Wrong(WholeLayerAtOnce, "One coin decides for the whole tensor", first="neutral"),  # one coin for the whole layer
        Wrong(DefaultChance, "Half of the units are off, whatever p is", seen=True, idea="M41"),
        Wrong(NormalDraws, "as where `randn` draws", seen=True),
    ],
    "train_model": [
        Wrong(no_modes, "You measure with units off", idea="M09"),  # neither train() nor eval()
        Wrong(never_back_to_train, "After the first `eval()` nobody switches back", idea="M09"),  # not switched back to train() after the first epoch
        Wrong(no_grad_for_eval, "You measure with units off", idea="M09"),  # measured in training mode: eval() is missing
        Wrong(modes_exchanged, "The two are exchanged", idea="M09"),  # trains in eval mode and measures in training mode
        Wrong(measured_on_the_training_rows, "the share of the training labels", idea="M24"),  # measured on data.train
        Wrong(gradients_pile_up, "Each step adds its gradients"),  # zero_grad is missing
        Wrong(last_share_alone, "One number came back", first="neutral"),  # the last share alone, no list
        Wrong(measured_after_each_batch, "You measure after each batch", first="neutral"),  # measured after each batch
        Wrong(counts, "You count the examples that are right", first="neutral"),  # counts, not shares
        Wrong(valid_losses, "Those are losses", first="neutral"),  # losses, not shares that are right
        Wrong(softmax_before_the_loss, "Softmax acts twice", first="neutral", idea="M02"),  # softmax before cross_entropy: twice
        Wrong(per_cent, "These are per cents"),  # per cent, not shares
        Wrong(return_in_the_loop, "Training ends after the first epoch", first="neutral"),  # return in the loop: after the first epoch
        Wrong(losses_of_valid, "Those are losses", seen=True),
        Wrong(probabilities_into_the_loss, "Softmax acts twice", seen=True, idea="M02"),
        Wrong(counted_in_a_loop, "You count the examples that are right", seen=True),
    ],
    "steady": [
        Wrong(no_grad_alone, "Units are still off", idea="M10"),  # eval() is missing: dropout is on
        Wrong(eval_alone, "recorded for gradients: `eval()` changes layers", idea="M10"),  # no_grad is missing: recorded for gradients
        Wrong(left_in_eval, "the model stays in eval mode"),  # the mode is not put back: left in eval
        Wrong(always_back_to_train, "You always leave it in training mode"),  # always to train(), though the model was in eval mode
        Wrong(scores, "These are scores", idea="M01"),  # scores, no softmax
        Wrong(over_the_examples, "Your columns sum to 1", idea="M32"),  # softmax over the examples
        Wrong(sigmoid, "Each class went through a sigmoid alone", first="neutral"),  # sigmoid, rows do not sum to 1
        Wrong(mean_of_a_hundred, "mean of many calls with units off", first="neutral", idea="M10"),  # the mean of many passes with dropout on: not alike at each call
        Wrong(digits, "Those are the classes it would name", first="neutral"),  # the classes, no probabilities
        Wrong(mode_read_too_late, "the model stays in eval mode"),  # the mode is read after eval(), so it is never put back
        Wrong(each_score_for_itself, "Each class went through a sigmoid alone", seen=True),
        Wrong(names_of_the_classes, "Those are the classes it would name", seen=True),
    ],
    "suspects": [
        Wrong(believed_most, "These are the labels it believes most"),  # those believed most
        Wrong(least_sure_of_its_own_digit, "Here it is unsure of every class"),  # least sure of its own class; y is not used
        Wrong(probabilities_themselves, "These are probabilities"),  # the probabilities, not the rows
        Wrong(first_that_disagree, "rows it would label otherwise", first="neutral"),  # the first n that disagree, not the lowest
        Wrong(every_label_for_every_row, "pairs every row with every label", first="wrongly named"),  # [:, y] pairs every row with every label
        Wrong(dropout_on, "You asked a network with units off", idea="M09"),  # dropout is on: no eval()
        Wrong(all_of_them, "Keep the first n", first="neutral"),  # all rows, n is not used
        Wrong(by_the_score, "A score means nothing beside another row's", idea="M01"),  # by the raw score, no softmax
        Wrong(lowest_losses, "These are the labels it believes most"),  # the lowest losses: those believed most
        Wrong(the_labels_not_the_rows, "These are the labels of those rows", first="neutral"),  # the labels, not the rows
        Wrong(disagreeing_rows, "rows it would label otherwise", seen=True),
        Wrong(labels_picked, "These are the labels of those rows", seen=True),
        Wrong(sorted_without_a_cut, "Keep the first n", seen=True),
    ],
}


# By other learners, again without a look at the catalogue: beginners, people from NumPy and from statistics

def drop_unscaled(x, u, p):
    return x * (u >= p).float()


def drop_quieter(x, u, p):
    mask = (u >= p).float()
    return mask * x * (1 - p)


def drop_by_p(x, u, p):
    out = torch.zeros_like(x)
    keep = u >= p
    out[keep] = x[keep] / p
    return out


def drop_reversed(x, u, p):
    return torch.where(u < p, x, torch.tensor(0.0)) / (1 - p)


def drop_keep_probability(x, u, p):
    return (u < p) * x / p


def drop_times_u(x, u, p):
    return x * u / (1 - p)


def drop_compares_x(x, u, p):
    return torch.where(x >= p, x / (1 - p), torch.zeros_like(x))


def drop_own_draws(x, u, p):
    return F.dropout(x, p, training=True)


def drop_flat(x, u, p):
    return x[u >= p] / (1 - p)


def drop_observed_share(x, u, p):
    mask = (u >= p).float()
    return x * mask / mask.mean()


def drop_one_plus(x, u, p):
    return np.where(u >= p, x * (1 + p), 0)


def _drop(x, u, p):
    return torch.where(u >= p, x / (1 - p), 0.0)


class DropoutAlways(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return _drop(x, torch.rand_like(x), self.p)


class DropoutFunction(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return F.dropout(x, p=self.p)


class DropoutSwapped(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            return x
        return _drop(x, torch.rand_like(x), self.p)


class DropoutScalesTwice(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            return _drop(x, torch.rand_like(x), self.p)
        else:
            return x * (1 - self.p)


class DropoutOneMask(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p
        self.u = None

    def forward(self, x):
        if not self.training:
            return x
        if self.u is None:
            self.u = torch.rand_like(x)
        return _drop(x, self.u, self.p)


class DropoutOneCoin(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            return _drop(x, torch.rand(1), self.p)
        return x


class DropoutSharedMask(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            return _drop(x, torch.rand(x.shape[1]), self.p)
        return x


class DropoutNormalDraws(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return _drop(x, torch.randn_like(x), self.p) if self.training else x


class DropoutNoElse(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            out = _drop(x, torch.rand_like(x), self.p)
            return out


class DropoutCallsFlag(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training():
            return _drop(x, torch.rand_like(x), self.p)
        return x


class DropoutAsksGrad(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if torch.is_grad_enabled():
            return _drop(x, torch.rand_like(x), self.p)
        return x


class DropoutTruthyMethod(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.train:
            return _drop(x, torch.rand_like(x), self.p)
        return x


class DropoutRows(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            u = torch.rand(len(x), 1)
            return _drop(x, u, self.p)
        return x


def steady_no_eval(model, X):
    with torch.no_grad():
        return F.softmax(model(X), dim=1)


def steady_recorded(model, X):
    mode = model.training
    model.eval()
    p = torch.softmax(model(X), dim=-1)
    model.train(mode)
    return p


def steady_left_eval(model, X):
    model.eval()
    with torch.no_grad():
        scores = model(X)
        e = scores.exp()
        return e / e.sum(1, keepdim=True)


def steady_always_train(model, X):
    model.eval()
    with torch.inference_mode():
        p = model(X).softmax(1)
    model.train()
    return p


def steady_scores(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        out = model(X)
    model.train(was)
    return out


def steady_columns(model, X):
    was = model.training
    try:
        model.eval()
        with torch.no_grad():
            return nn.Softmax(dim=0)(model(X))
    finally:
        model.train(was)


def steady_sigmoid(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        out = model(X).sigmoid()
    model.train(was)
    return out


def steady_many(model, X):
    with torch.no_grad():
        return torch.stack([model(X).softmax(1) for _ in range(100)]).mean(0)


def steady_seed(model, X):
    torch.manual_seed(0)
    with torch.no_grad():
        return model(X).softmax(dim=1)


def steady_grad_off(model, X):
    was = model.training
    model.eval()
    torch.set_grad_enabled(False)
    p = model(X).softmax(dim=1)
    model.train(was)
    return p


def steady_logs(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        out = F.log_softmax(model(X), dim=1)
    if was:
        model.train()
    return out


def steady_classes(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        out = model(X).argmax(dim=1)
    model.train(was)
    return out


def train_model_no_eval(model, data, optimizer, epochs):
    X, y = data.train
    shares = []
    for _ in range(epochs):
        for rows in torch.randperm(len(y)).split(50):
            optimizer.zero_grad()
            F.cross_entropy(model(X[rows]), y[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            shares.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return shares


def train_model_train_once(model, data, optimizer, epochs):
    model.train()
    accuracies = []
    for epoch in range(epochs):
        for batch in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[batch]), data.train.y[batch])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right = (model(data.valid.X).argmax(dim=1) == data.valid.y).sum().item()
        accuracies.append(right / len(data.valid.y))
    return accuracies


def train_model_on_train(model, data, optimizer, epochs):
    out = []
    for _ in range(epochs):
        model.train()
        for b in torch.randperm(len(data.train.y)).split(50):
            X, y = data.train.X[b], data.train.y[b]
            optimizer.zero_grad()
            F.cross_entropy(model(X), y).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            out.append((model(data.train.X).argmax(1) == data.train.y).float().mean().item())
    return out


def train_model_no_zero(model, data, optimizer, epochs):
    history = []
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        model.train()
        order = torch.randperm(len(data.train.y))
        for rows in order.split(50):
            loss = loss_fn(model(data.train.X[rows]), data.train.y[rows])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            predictions = model(data.valid.X).argmax(dim=1)
        history.append((predictions == data.valid.y).float().mean().item())
    return history


def train_model_percent(model, data, optimizer, epochs):
    out = []
    for _ in range(epochs):
        model.train()
        for b in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            F.cross_entropy(model(data.train.X[b]), data.train.y[b]).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            hits = (model(data.valid.X).argmax(1) == data.valid.y).sum().item()
        out.append(100 * hits / len(data.valid.y))
    return out


def train_model_last(model, data, optimizer, epochs):
    for _ in range(epochs):
        model.train()
        for b in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            F.cross_entropy(model(data.train.X[b]), data.train.y[b]).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            share = (model(data.valid.X).argmax(1) == data.valid.y).float().mean().item()
    return share


def train_model_softmax(model, data, optimizer, epochs):
    out = []
    for _ in range(epochs):
        model.train()
        for b in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            probabilities = torch.softmax(model(data.train.X[b]), dim=1)
            F.cross_entropy(probabilities, data.train.y[b]).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            out.append((model(data.valid.X).softmax(1).argmax(1) == data.valid.y).float().mean().item())
    return out


def train_model_in_order(model, data, optimizer, epochs):
    out = []
    for _ in range(epochs):
        model.train()
        for X, y in zip(data.train.X.split(50), data.train.y.split(50)):
            optimizer.zero_grad()
            F.cross_entropy(model(X), y).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            out.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return out


def train_model_swapped(model, data, optimizer, epochs):
    out = []
    for _ in range(epochs):
        model.eval()
        for b in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            F.cross_entropy(model(data.train.X[b]), data.train.y[b]).backward()
            optimizer.step()
        model.train()
        with torch.no_grad():
            out.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return out


def train_model_loss(model, data, optimizer, epochs):
    out = []
    for _ in range(epochs):
        model.train()
        for b in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            F.cross_entropy(model(data.train.X[b]), data.train.y[b]).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            out.append(F.cross_entropy(model(data.valid.X), data.valid.y).item())
    return out


def train_model_indent(model, data, optimizer, epochs):
    out = []
    for _ in range(epochs):
        model.train()
        for b in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[b]), data.train.y[b])
            loss.backward()
        optimizer.step()
        model.eval()
        with torch.no_grad():
            out.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return out


def suspects_most(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(1)[torch.arange(len(y)), y]
    return p.topk(n).indices


def suspects_dropout_on(model, X, y, n):
    with torch.no_grad():
        p = torch.softmax(model(X), dim=1).gather(1, y[:, None])[:, 0]
    return p.argsort()[:n]


def suspects_least_sure(model, X, y, n):
    model.eval()
    with torch.no_grad():
        confidence = model(X).softmax(dim=1).max(dim=1).values
    return torch.argsort(confidence)[:n]


def suspects_values(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(1)[range(len(y)), y]
    return torch.topk(p, n, largest=False)[0]


def suspects_disagree(model, X, y, n):
    model.eval()
    with torch.no_grad():
        guesses = model(X).argmax(1)
    return torch.nonzero(guesses != y).flatten()[:n]


def suspects_scores(model, X, y, n):
    model.eval()
    with torch.no_grad():
        scores = model(X)[torch.arange(len(X)), y]
    return scores.argsort()[:n]


def suspects_smallest_loss(model, X, y, n):
    model.eval()
    losses = F.cross_entropy(model(X), y, reduction="none")
    return losses.argsort()[:n]


def suspects_dim0(model, X, y, n):
    was = model.training
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(dim=0)
    model.train(was)
    return p[torch.arange(len(y)), y].topk(n, largest=False).indices


def suspects_all_pairs(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = F.softmax(model(X), dim=1)
    lowest = p[:, y].min(dim=1).values
    return lowest.argsort()[:n]


def suspects_mask(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(1)[torch.arange(len(y)), y]
    return p <= p.sort().values[n - 1]


def suspects_eighty(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(1)[torch.arange(len(y)), y]
    return p.argsort()[:80]


MORE = {
    "drop": [
        Wrong(drop_unscaled, "The survivors are not made louder.", idea="M41"),  # The survivors are not made louder.
        Wrong(drop_quieter, "Multiplied by 1 − p, the survivors become even smaller.", idea="M41"),  # Multiplied by 1 − p, instead of divided.
        Wrong(drop_by_p, "The right units are off, but the others are divided by p.", idea="M41"),  # Divided by p.
        Wrong(drop_reversed, "You kept the units that should be off", idea="M41"),  # Keeps those with a draw below p.
        Wrong(drop_keep_probability, "Here p is the chance to keep a unit.", first="neutral", idea="M41"),  # p taken for the chance to stay: keep if u < p, divide by p.
        Wrong(drop_times_u, "The draws themselves multiply x."),  # The draw itself is multiplied in, not a mask.
        Wrong(drop_compares_x, "The units that stay are those where `x >= p`.", first="neutral"),  # x is compared with p, not the draws.
        Wrong(drop_own_draws, "This flips coins of its own."),  # Draws of its own: u is not used.
        Wrong(drop_flat, "`x[on]` takes the units out that are off."),  # Boolean indexing takes the survivors out: zeros and shape are lost.
        Wrong(drop_observed_share, "You divide by the share that happened to stay on."),  # Scaled by the share that stayed this time, not by 1 − p.
        Wrong(drop_one_plus, "Times 1 + p is too little", idea="M41"),  # 1 + p in place of 1/(1 − p).
    ],
    "Dropout": [
        Wrong(DropoutAlways, "Units are off after `eval()` too.", idea="M09"),  # Drops after eval() as well: the mode is not looked at.
        Wrong(DropoutFunction, "Units are off after `eval()` too.", idea="M09"),  # F.dropout without `training=`: on in both modes.
        Wrong(DropoutSwapped, "The two cases are exchanged", idea="M09"),  # The modes are swapped.
        Wrong(DropoutScalesTwice, "Scaled once in training and once more after `eval()`.", idea="M41"),  # Scales in training and once more after eval(), by 1 − p.
        Wrong(DropoutOneMask, "The same units are off at every call."),  # One mask, drawn at the first call and kept.
        Wrong(DropoutOneCoin, "One coin decides for the whole tensor", first="neutral"),  # One draw for the whole tensor: all or nothing.
        Wrong(DropoutSharedMask, "All examples share one row of coins."),  # One mask for the batch: every example loses the same units.
        Wrong(DropoutNormalDraws, "More units are off than p says, as where `randn` draws"),  # randn in place of rand: normal draws, so the share that is off is not p.
        Wrong(DropoutNoElse, "After `eval()` `forward` gives back None.", first="wrongly named"),  # Nothing is returned in eval mode: the return stands in the if.
        Wrong(DropoutCallsFlag, "`training` is a flag, True or False, and no function", first="neutral"),  # `training` is a flag, and is called like a function.
        Wrong(DropoutAsksGrad, "Units are off after `eval()` too.", idea="M09"),  # Asks whether gradients are recorded instead of for the mode.
        Wrong(DropoutTruthyMethod, "Units are off after `eval()` too.", idea="M09"),  # `self.train` is a method and always true; so it drops in both modes.
        Wrong(DropoutRows, "One coin an example"),  # Whole rows are dropped: a draw for each example.
    ],
    "steady": [
        Wrong(steady_no_eval, "Units are still off", idea="M10"),  # No eval(): dropout is still on.
        Wrong(steady_recorded, "Steady and put back, but recorded for gradients", idea="M10"),  # Recorded for gradients.
        Wrong(steady_left_eval, "The answer is right, but the model stays in eval mode"),  # The model is left in eval mode.
        Wrong(steady_always_train, "You always leave it in training mode."),  # train() at the end whatever the mode was before.
        Wrong(steady_scores, "These are scores.", idea="M01"),  # The raw scores, no softmax.
        Wrong(steady_columns, "Your columns sum to 1, the rows do not", idea="M32"),  # Softmax over the examples: dim=0.
        Wrong(steady_sigmoid, "Each class went through a sigmoid alone, so a row need not"),  # Sigmoid: each class by itself, rows do not sum to 1.
        Wrong(steady_many, "That is a mean of many calls with units off", first="neutral", idea="M10"),  # The mean of many calls with dropout on: still luck.
        Wrong(steady_seed, "Units are still off, the same ones at every call.", idea="M10"),  # A fixed seed makes luck repeatable; dropout is still on.
        Wrong(steady_grad_off, "The answer is right, and recording is left switched off.", idea="M10"),  # Recording is switched off for good: set_grad_enabled(False) stays.
        Wrong(steady_logs, "These are the logarithms of the probabilities.", first="neutral"),  # Log-probabilities.
        Wrong(steady_classes, "Those are the classes it would name."),  # The predicted classes instead of probabilities.
    ],
    "train_model": [
        Wrong(train_model_no_eval, "You measure with units off, so the share is left to luck.", idea="M09"),  # Never eval(): measured with dropout on.
        Wrong(train_model_train_once, "After the first `eval()` nobody switches back", idea="M09"),  # train() once before the loop: after the first eval() dropout stays off.
        Wrong(train_model_on_train, "That is the share of the training labels that it knows.", idea="M24"),  # Measures on the training examples.
        Wrong(train_model_no_zero, "Each step adds its gradients to those of all steps before."),  # No zero_grad.
        Wrong(train_model_percent, "These are per cents."),  # Per cent instead of shares.
        Wrong(train_model_last, "One number came back."),  # Only the last share comes back.
        Wrong(train_model_softmax, "Softmax acts twice", idea="M02"),  # A softmax before cross_entropy.
        Wrong(train_model_in_order, "The batches come in the order of the table, epoch after epoch.", first="accepted"),  # The batches are not shuffled.
        Wrong(train_model_swapped, "The two are exchanged", idea="M09"),  # eval() during the steps and train() for measuring: swapped.
        Wrong(train_model_loss, "Those are losses."),  # The validation loss instead of the share that is right.
        Wrong(train_model_indent, "One step an epoch", first="accepted"),  # Only the last batch of each epoch takes a step: step() stands outside of the inner loop.
    ],
    "suspects": [
        Wrong(suspects_most, "These are the labels it believes most."),  # The labels that the model believes most.
        Wrong(suspects_dropout_on, "You asked a network with units off", idea="M09"),  # Dropout is on while it is asked.
        Wrong(suspects_least_sure, "Here it is unsure of every class."),  # The images on which the model is least sure of anything, whatever their label.
        Wrong(suspects_values, "These are probabilities."),  # The probabilities instead of the rows.
        Wrong(suspects_disagree, "Those are rows it would label otherwise, in the table's order."),  # Rows that the model would call otherwise, the first n of them, in no order of doubt.
        Wrong(suspects_scores, "A score means nothing beside another row's.", idea="M01"),  # Raw scores compared between images, without softmax.
        Wrong(suspects_smallest_loss, "These are the labels it believes most."),  # The smallest losses: argsort goes up, the largest stand at the end.
        Wrong(suspects_dim0, "Your columns sum to 1, the rows do not", idea="M32"),  # Softmax over the images: dim=0.
        Wrong(suspects_all_pairs, "These rows have the lowest probability of all, of whichever", first="neutral"),  # p[:, y] pairs every image with every label; its minimum over the row is not the given label's.
        Wrong(suspects_mask, "That is a mask, a True or False for each row.", first="neutral"),  # A mask of True and False instead of row numbers.
        Wrong(suspects_eighty, "These are all the rows, in the right order."),  # A fixed 80 instead of n.
    ],
}

WRONG = {name: [*WRONG.get(name, []), *MORE.get(name, [])] for name in WRONG | MORE}


# Written blind, another time

def whole_rows_by_their_first_draw(x, u, p):
    keep = u[:, :1] >= p
    return x * keep / (1 - p)


def draws_of_its_own_with_rand(x, u, p):
    u = torch.rand_like(x)
    return torch.where(u >= p, x / (1 - p), 0.0)


def louder_by_the_share_that_was(x, u, p):
    keep = (u >= p).float()
    return x * keep / keep.mean()


class drops_in_both_modes(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return drop(x, torch.rand_like(x), self.p)


class modes_swapped(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            return x
        return drop(x, torch.rand_like(x), self.p)


class not_louder(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        return x * (torch.rand_like(x) >= self.p)


class old_dropout_scales_in_eval(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            return x * (torch.rand(x.shape) > self.p)
        return x * (1 - self.p)


class f_dropout_without_the_flag(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return F.dropout(x, self.p)


class one_draw_a_row(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            return drop(x, torch.rand(x.shape[0], 1), self.p)
        return x


class one_draw_for_all_rows(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            return drop(x, torch.rand(x.shape[-1]), self.p)
        return x


class a_layer_made_in_forward_is(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return nn.Dropout(self.p)(x)


class normal_draws(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            return drop(x, torch.randn_like(x), self.p)
        else:
            return x


class keeps_with_chance_p(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            keep = torch.bernoulli(torch.full_like(x, self.p))
            return x * keep / self.p
        return x


class lets_x_through_always(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return x


class p_fixed_at_one_half(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            return drop(x, torch.rand_like(x), 0.5)
        return x


class switches_itself_to_training(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        self.train()
        return drop(x, torch.rand_like(x), self.p) if self.training else x


class the_same_seed_at_every_call(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        torch.manual_seed(0)
        if self.training:
            return drop(x, torch.rand_like(x), self.p)
        return x


class nothing_given_back_in_eval_mode(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            return drop(x, torch.rand_like(x), self.p)


class zeros_after_eval(nn.Module):

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if self.training:
            return drop(x, torch.rand_like(x), self.p)
        return torch.zeros_like(x)


def no_eval(model, X):
    with torch.no_grad():
        return model(X).softmax(dim=1)


def no_no_grad(model, X):
    was = model.training
    model.eval()
    p = torch.softmax(model(X), dim=1)
    model.train(was)
    return p


def never_back(model, X):
    model.eval()
    with torch.no_grad():
        return F.softmax(model(X), dim=-1)


def always_back_to_training_mode(model, X):
    model.eval()
    with torch.inference_mode():
        p = model(X).softmax(-1)
    model.train()
    return p


def gives_logits(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        scores = model(X)
    model.train(was)
    return scores


def softmax_down_the_columns(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(dim=0)
    model.train(was)
    return p


def mean_of_fifty_passes_with_dropout(model, X):
    with torch.no_grad():
        return torch.stack([model(X).softmax(1) for _ in range(50)]).mean(0)


def sigmoid_in_place_of_softmax(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        p = torch.sigmoid(model(X))
    model.train(was)
    return p


def log_probabilities(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        p = F.log_softmax(model(X), dim=1)
    model.train(was)
    return p


def classes_not_probabilities(model, X):
    was = model.training
    model.eval()
    with torch.no_grad():
        p = model(X).argmax(1)
    model.train(was)
    return p


def a_seed_in_place_of_eval(model, X):
    torch.manual_seed(0)
    with torch.no_grad():
        return model(X).softmax(1)


def switches_recording_off_for_good(model, X):
    was = model.training
    torch.set_grad_enabled(False)
    model.eval()
    p = model(X).softmax(1)
    model.train(was)
    return p


def eval_is_meant_for_a_copy(model, X):
    was = model.training
    model.eval()
    model.requires_grad_(False)
    p = model(X).softmax(1)
    model.train(was)
    return p


def never_eval_measured_with_dropout_on(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[rows])
            loss.backward()
            optimizer.step()
        pass
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return right


def never_back_to_train_from_the(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        pass
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[rows])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return right


def train_and_eval_swapped(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.eval()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[rows])
            loss.backward()
            optimizer.step()
        model.train()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return right


def gradients_never_zeroed(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            pass
            loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[rows])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return right


def measured_on_the_training_part(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[rows])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append((model(data.train.X).argmax(1) == data.train.y).float().mean().item())
    return right


def gives_the_last_alone(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[rows])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return right[-1]


def rows_in_their_order_never_shuffled(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.arange(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[rows])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return right


def per_cent_2(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[rows])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append(100 * (model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return right


def the_number_right_not_the_share(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[rows])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).sum().item())
    return right


def the_loss_in_place_of_the(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[rows])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append(F.cross_entropy(model(data.valid.X), data.valid.y).item())
    return right


def softmax_before_cross_entropy(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[rows]).softmax(1), data.train.y[rows])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return right


def labels_of_other_rows_y_50(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[:len(rows)])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return right


def the_whole_training_part_in_every(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X), data.train.y)
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return right


def summed_loss(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.train.X[rows]), data.train.y[rows], reduction='sum')
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return right


def trains_on_valid(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data.valid.X[rows % len(data.valid.y)]), data.valid.y[rows % len(data.valid.y)])
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return right


def eval_once_before_the_epochs(model, data, optimizer, epochs):
    history = []
    model.eval()
    for epoch in range(epochs):
        order = torch.randperm(len(data.train.y))
        for rows in order.split(50):
            optimizer.zero_grad()
            F.cross_entropy(model(data.train.X[rows]), data.train.y[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            history.append((model(data.valid.X).argmax(dim=1) == data.valid.y).double().mean())
    return history


def measures_after_each_batch(model, data, optimizer, epochs):
    shares = []
    for e in range(epochs):
        for rows in torch.randperm(len(data.train.y)).split(50):
            model.train()
            optimizer.zero_grad()
            F.cross_entropy(model(data.train.X[rows]), data.train.y[rows]).backward()
            optimizer.step()
            model.eval()
            with torch.no_grad():
                shares.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return shares


def one_order_for_all_epochs(model, data, optimizer, epochs):
    shares = []
    batches = torch.randperm(len(data.train.y)).split(50)
    for e in range(epochs):
        model.train()
        for rows in batches:
            optimizer.zero_grad()
            F.cross_entropy(model(data.train.X[rows]), data.train.y[rows]).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            shares.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return shares


def those_it_believes_most(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(1)[torch.arange(len(y)), y]
    return p.topk(n).indices


def the_least_sure_answers_whatever_the(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(1).max(dim=1).values
    return p.argsort()[:n]


def dropout_on_while_it_judges(model, X, y, n):
    with torch.no_grad():
        p = model(X).softmax(1)
    return p[range(len(y)), y].argsort()[:n]


def probabilities_not_rows(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(1)[torch.arange(len(y)), y]
    return p.sort().values[:n]


def lowest_logits_in_place_of_probabilities(model, X, y, n):
    model.eval()
    with torch.no_grad():
        z = model(X)[torch.arange(len(y)), y]
    return z.argsort()[:n]


def lowest_loss_in_place_of_the(model, X, y, n):
    model.eval()
    with torch.no_grad():
        losses = F.cross_entropy(model(X), y, reduction='none')
    return losses.argsort()[:n]


def a_mask_in_place_of_row(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(1)[torch.arange(len(y)), y]
    return p <= p.kthvalue(n).values


def the_first_n_with_a_wrong(model, X, y, n):
    model.eval()
    with torch.no_grad():
        wrong = model(X).argmax(1) != y
    return wrong.nonzero().flatten()[:n]


def softmax_down_the_columns_2(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(0)[torch.arange(len(y)), y]
    return p.argsort()[:n]


def surest_wrong_answers_label_s_probability(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(1)
        top, guess = p.max(1)
    top = torch.where(guess == y, torch.zeros_like(top), top)
    return top.topk(n).indices


def probabilities_of_class_y_in_all(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(1)[:, y]
    return p.argsort()[:n]


def one_too_few(model, X, y, n):
    model.eval()
    with torch.no_grad():
        p = model(X).softmax(1).gather(1, y[:, None]).squeeze(1)
    return torch.argsort(p)[:n - 1]


for _name, _answers in {
    "drop": [
        Wrong(lambda x, u, p: torch.where(u >= p, x, torch.zeros_like(x)), "The survivors are not made louder. What leaves is too small by", idea="M41"),  # not made louder
        Wrong(lambda x, u, p: torch.where(u < p, x / (1 - p), torch.zeros_like(x)), "You kept the units that should be off: a unit is off where u", idea="M41"),  # keeps those below p
        Wrong(lambda x, u, p: (u >= p) * x / p, "The right units are off, but the others are divided by p. They", idea="M41"),  # divides by p
        Wrong(lambda x, u, p: x * (u >= p).float() * (1 - p), "Multiplied by 1 − p, the survivors become even smaller. Divide", idea="M41"),  # multiplies by 1 − p: quieter
        Wrong(whole_rows_by_their_first_draw, "The first draw of a row decides for all its units. Each unit", first="neutral"),  # whole rows by their first draw
        Wrong(lambda x, u, p: F.dropout(x, p), "This flips coins of its own. Use the draws in `u`: a unit is"),  # draws of its own
        Wrong(draws_of_its_own_with_rand, "This flips coins of its own. Use the draws in `u`: a unit is"),  # draws of its own with rand_like
        Wrong(lambda x, u, p: x * u / (1 - p), "The draws themselves multiply x. A unit is on or off: compare"),  # multiplies by the draw
        Wrong(louder_by_the_share_that_was, "You divide by the share that happened to stay on. Divide by the"),  # louder by the share that was really kept
        Wrong(lambda x, u, p: (1 + p) * x * (u >= p), "Times 1 + p is too little: at p = 0.5 the survivors must", idea="M41"),  # louder before, off after, by 1 + p
        Wrong(lambda x, u, p: x[u >= p] / (1 - p), "`x[on]` takes the units out that are off. They stay in their"),  # removes the units that are off
        Wrong(lambda x, u, p: torch.where(u >= p, x / (1 - p), x), "The others are louder, and those that should be off still say", first="neutral"),  # off units keep their value, others louder
        Wrong(lambda x, u, p: (u >= p) / (1 - p), "That is the mask with its factor. Multiply it by what the units"),  # gives the mask
        Wrong(lambda x, u, p: x * (u >= p) / (1 - p) ** 0.5, "The root of 1 − p keeps squares as large on average. It is the", first="neutral", idea="M41"),  # louder by the root
        Wrong(lambda x, u, p: x * (u >= 1 - p) / (1 - p), "The share that is off is 1 − p, not p. Off is where u lies", first="neutral", idea="M41"),  # 1 - p and comparison swapped: keeps u >= 1 - p
    ],
    "Dropout": [
        Wrong(drops_in_both_modes, "Units are off after `eval()` too. Ask `self.training`: it is", idea="M09"),  # drops in both modes
        Wrong(modes_swapped, "The two cases are exchanged: units are off after `eval()`, and", idea="M09"),  # modes swapped
        Wrong(not_louder, "The survivors are not made louder. Divide by 1 − p, or let your", idea="M41"),  # not louder
        Wrong(old_dropout_scales_in_eval, "This makes everyone quieter after `eval()`. It works; PyTorch", idea="M41"),  # old dropout: scales in eval
        Wrong(f_dropout_without_the_flag, "Units are off after `eval()` too. Ask `self.training`: it is", idea="M09"),  # F.dropout without the flag
        Wrong(one_draw_a_row, "One coin an example: all its units are on, or all are off. Draw"),  # one draw a row
        Wrong(one_draw_for_all_rows, "All examples share one row of coins. `torch.rand_like(x)` draws"),  # one draw for all rows
        Wrong(a_layer_made_in_forward_is, "Units are off after `eval()` too. Ask `self.training`: it is", idea="M09"),  # a layer made in forward is always in training mode
        Wrong(normal_draws, "More units are off than p says, as where `randn` draws: it lies"),  # normal draws
        Wrong(keeps_with_chance_p, "Here p is the chance to keep a unit. In PyTorch p is the chance", idea="M41"),  # keeps with chance p
        Wrong(lets_x_through_always, "Nothing is ever off. In training mode, each unit is off with", idea="M11"),  # lets x through always
        Wrong(p_fixed_at_one_half, "Half of the units are off, whatever p is. The layer keeps it in", idea="M41"),  # p fixed at one half
        Wrong(switches_itself_to_training, "Units are off after `eval()` too. Ask `self.training`: it is", idea="M09"),  # switches itself to training
        Wrong(the_same_seed_at_every_call, "The same units are off at every call. Flip new coins in"),  # the same seed at every call
        Wrong(nothing_given_back_in_eval_mode, "After `eval()` `forward` gives back None. Does the only"),  # nothing given back in eval mode
        Wrong(zeros_after_eval, "After `eval()` nothing comes through but zeros. Give x back as", first="neutral"),  # zeros after eval
    ],
    "steady": [
        Wrong(no_eval, "Units are still off: call it twice and compare. `no_grad", idea="M10"),  # no eval
        Wrong(no_no_grad, "Steady and put back, but recorded for gradients: `eval()", idea="M10"),  # no no_grad
        Wrong(never_back, "The answer is right, but the model stays in eval mode. Whoever trains it on"),  # never back
        Wrong(always_back_to_training_mode, "You always leave it in training mode. It may have come in eval"),  # always back to training mode
        Wrong(gives_logits, "These are scores. Softmax makes probabilities of them", idea="M01"),  # gives logits
        Wrong(softmax_down_the_columns, "Your columns sum to 1, the rows do not: classes live in dim=1", idea="M32"),  # softmax down the columns
        Wrong(mean_of_fifty_passes_with_dropout, "That is a mean of many calls with units off: less luck, and", idea="M10"),  # mean of fifty passes with dropout on
        Wrong(sigmoid_in_place_of_softmax, "Each class went through a sigmoid alone, so a row need not sum"),  # sigmoid in place of softmax
        Wrong(log_probabilities, "These are the logarithms of the probabilities. Leave the"),  # log probabilities
        Wrong(classes_not_probabilities, "Those are the classes it would name. Give the probabilities, K"),  # classes, not probabilities
        Wrong(a_seed_in_place_of_eval, "Units are still off, the same ones at every call. A seed", idea="M10"),  # a seed in place of eval
        Wrong(lambda model, X: model(X).softmax(1).detach(), "Units are still off: call it twice and compare. `no_grad", idea="M10"),  # detach, but never back and no eval
        Wrong(switches_recording_off_for_good, "The answer is right, and recording is left switched off. `with", idea="M10"),  # switches recording off for good
        Wrong(eval_is_meant_for_a_copy, "The answer is right, and the weights are left frozen: training", idea="M10"),  # eval is meant for a copy, but the parameters' requires_grad is cleared in the model
    ],
    "train_model": [
        Wrong(never_eval_measured_with_dropout_on, "You measure with units off, so the share is left to luck", idea="M09"),  # never eval: measured with dropout on
        Wrong(never_back_to_train_from_the, "After the first `eval()` nobody switches back: in later epochs", idea="M09"),  # never back to train: from the second epoch on no dropout
        Wrong(train_and_eval_swapped, "The two are exchanged: `train()` before the steps, `eval()", idea="M09"),  # train and eval swapped
        Wrong(gradients_never_zeroed, "Each step adds its gradients to those of all steps before"),  # gradients never zeroed
        Wrong(measured_on_the_training_part, "That is the share of the training labels that it knows. Measure", idea="M24"),  # measured on the training part
        Wrong(gives_the_last_alone, "One number came back. Keep one for each epoch: append to"),  # gives the last alone
        Wrong(rows_in_their_order_never_shuffled, "The batches come in the order of the table, epoch after epoch"),  # rows in their order, never shuffled
        Wrong(per_cent_2, "These are per cents. Return shares, from 0 to 1"),  # per cent
        Wrong(the_number_right_not_the_share, "You count the examples that are right. A share is the count"),  # the number right, not the share
        Wrong(the_loss_in_place_of_the, "Those are losses. Asked is the share of labels that are right"),  # the loss in place of the share
        Wrong(softmax_before_cross_entropy, "Softmax acts twice: `F.cross_entropy` wants scores, and has one", idea="M02"),  # softmax before cross_entropy
        Wrong(labels_of_other_rows_y_50, "The steps go by labels of other rows: X is taken in the order", first="neutral"),  # labels of other rows: y[:50]
        Wrong(the_whole_training_part_in_every, "Every step looks at all of `data.train`. Take the rows of its", first="neutral"),  # the whole training part in every step
        Wrong(summed_loss, "Each step follows the sum over its batch. It is as many times", first="neutral", idea="M15"),  # summed loss
        Wrong(trains_on_valid, "The steps learn from `data.valid`. So the share right in it is", first="neutral", idea="M24"),  # trains on valid
        Wrong(eval_once_before_the_epochs, "The steps are taken in eval mode, so no unit is ever off", idea="M09"),  # eval once before the epochs
        Wrong(measures_after_each_batch, "You measure after each batch. Measure once an epoch, when all"),  # measures after each batch
        Wrong(one_order_for_all_epochs, "One order was drawn for all epochs. `torch.randperm` belongs"),  # one order for all epochs
    ],
    "suspects": [
        Wrong(those_it_believes_most, "These are the labels it believes most. `argsort()` puts the"),  # those it believes most
        Wrong(the_least_sure_answers_whatever_the, "Here it is unsure of every class. Ask for the probability of"),  # the least sure answers, whatever the label
        Wrong(dropout_on_while_it_judges, "You asked a network with units off: another call gives other", idea="M09"),  # dropout on while it judges
        Wrong(probabilities_not_rows, "These are probabilities. The rows are asked for: `argsort"),  # probabilities, not rows
        Wrong(lowest_logits_in_place_of_probabilities, "A score means nothing beside another row's. Make probabilities", idea="M01"),  # lowest logits in place of probabilities
        Wrong(lowest_loss_in_place_of_the, "These are the labels it believes most. `argsort()` puts the"),  # lowest loss in place of the highest
        Wrong(a_mask_in_place_of_row, "That is a mask, a True or False for each row. The numbers of"),  # a mask in place of row numbers
        Wrong(the_first_n_with_a_wrong, "Those are rows it would label otherwise, in the table's order"),  # the first n with a wrong answer
        Wrong(softmax_down_the_columns_2, "Your columns sum to 1, the rows do not: classes live in dim=1", idea="M32"),  # softmax down the columns
        Wrong(surest_wrong_answers_label_s_probability, "Those are rows where it is surest of another label. How surely", first="neutral"),  # surest wrong answers, label's probability not asked
        Wrong(probabilities_of_class_y_in_all, "`[:, y]` pairs every row with every label. Each row needs its"),  # probabilities of class y in all rows: p[:, y]
        Wrong(one_too_few, "The order is right, and one row is missing. `[:n]` gives n of", first="neutral"),  # one too few
    ],
    "find_the_fault": [
        Wrong('b', "Steady, but now nothing is ever off, in training neither. It"),  # off in training too
        Wrong('c', "`eval()` sets `self.training` to False, and it stays so. The"),  # believes eval reaches the function
        Wrong('d', "`no_grad` stops recording. It does not touch dropout"),  # no_grad stops dropout
        Wrong('e', "Units would still be off at random. And the scaling is done"),  # scales once more
    ],
    "tiny_gain": [
        Wrong('a', "It can be repeated, and it is still the luckiest of ten draws"),  # names the luckiest seed
        Wrong('b', "The mean of ten has an uncertainty too, and here it includes 0"),  # calls it a gain
    ],
    "recall_stop": [
        Wrong('a', "The five epochs of patience made nothing better on unseen"),  # the last weights
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Wrong ideas in further ways of writing

class NothingIsEverOff(Layer):
    def forward(self, x):
        return nn.functional.dropout(x, self.p, training=False)


class AnIdentity(Layer):
    def forward(self, x):
        out = torch.empty_like(x)
        for i in range(len(x)):
            out[i] = x[i] * 1.0
        return out


def chance_set_to_zero(model, X):
    for part in model.modules():
        if hasattr(part, "p"):
            part.p = 0.0
    with torch.no_grad():
        return model(X).softmax(-1)


def steps_by_probabilities(model, data, optimizer, epochs):
    shares, loss_function = [], nn.CrossEntropyLoss()
    for _ in range(epochs):
        model.train()
        for rows in torch.randperm(len(data.train.y)).split(50):
            shares_of_classes = nn.Softmax(dim=1)(model(data.train.X[rows]))
            optimizer.zero_grad()
            loss_function(shares_of_classes, data.train.y[rows]).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            shares.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
    return shares


for _name, _answers in {
    "Dropout": [
        Wrong(NothingIsEverOff, "Nothing is ever off", seen=True, idea="M11"),
        Wrong(AnIdentity, "Nothing is ever off", seen=True, idea="M11"),
    ],
    "steady": [
        Wrong(chance_set_to_zero, "the dropout is gone for good", seen=True, idea="M11"),
    ],
    "train_model": [
        Wrong(steps_by_probabilities, "Softmax acts twice", seen=True, idea="M02"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


def trained_by(backward_of):
    def train_model(model, data, optimizer, epochs):
        shares = []
        for _ in range(epochs):
            model.train()
            for rows in torch.randperm(len(data.train.y)).split(50):
                optimizer.zero_grad()
                backward_of(model(data.train.X[rows]), data.train.y[rows])
                optimizer.step()
            model.eval()
            with torch.no_grad():
                shares.append((model(data.valid.X).argmax(1) == data.valid.y).float().mean().item())
        return shares
    return train_model


def sum_of_logarithms(model, data, optimizer, epochs):
    def backward_of(scores, y):
        (-scores.log_softmax(1).gather(1, y[:, None]).sum()).backward()
    return trained_by(backward_of)(model, data, optimizer, epochs)


def sum_image_by_image(model, data, optimizer, epochs):
    def backward_of(scores, y):
        total = 0
        for row, label in zip(scores, y):
            total = total + row.logsumexp(0) - row[label]
        total.backward()
    return trained_by(backward_of)(model, data, optimizer, epochs)


def mean_divided_again(model, data, optimizer, epochs):
    def backward_of(scores, y):
        (nn.CrossEntropyLoss()(scores, y) / y.numel()).backward()
    return trained_by(backward_of)(model, data, optimizer, epochs)


def gradients_divided_again(model, data, optimizer, epochs):
    def backward_of(scores, y):
        F.cross_entropy(scores, y).backward()
        for p in model.parameters():
            p.grad /= len(y)
    return trained_by(backward_of)(model, data, optimizer, epochs)


def mean_with_one_over_n_squared(model, data, optimizer, epochs):
    def backward_of(scores, y):
        losses = F.nll_loss(scores.log_softmax(1), y, reduction="none")
        (losses.sum() / len(y) ** 2).backward()
    return trained_by(backward_of)(model, data, optimizer, epochs)


for _name, _answers in {
    "train_model": [
        Wrong(sum_of_logarithms, "Each step follows the sum over its batch", seen=True, idea="M15"),
        Wrong(sum_image_by_image, "Each step follows the sum over its batch", seen=True, idea="M15"),
        Wrong(mean_divided_again, "`F.cross_entropy` has taken the mean already", seen=True, idea="M17"),
        Wrong(gradients_divided_again, "`F.cross_entropy` has taken the mean already", seen=True, idea="M17"),
        Wrong(mean_with_one_over_n_squared, "`F.cross_entropy` has taken the mean already", seen=True, idea="M17"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# A later round, by another hand: what was accepted, got a wrong name, or no name

class CutOff(Layer):
    def forward(self, x):
        return drop(x.detach(), torch.rand_like(x), self.p) if self.training else x


class SwitchesItself(Layer):
    def forward(self, x):
        out = drop(x, torch.rand_like(x), self.p) if self.training else x
        self.eval()
        return out


class ExactlySoMany(Layer):
    def forward(self, x):
        if not self.training:
            return x
        places = torch.rand_like(x).argsort(dim=1).argsort(dim=1)
        return x * (places >= int(self.p * x.shape[1])) / (1 - self.p)


class InPlace(Layer):
    def forward(self, x):
        if self.training:
            x *= (torch.rand_like(x) >= self.p) / (1 - self.p)
        return x


def gradients_wiped(model, X):
    was = model.training
    model.eval()
    p = model(X).softmax(dim=1).detach()
    model.zero_grad()
    model.train(was)
    return p


def eval_too_late(model, X):
    with torch.no_grad():
        p = F.softmax(model(X), dim=1)
    model.eval()
    return p


def an_epoch(model, data, optimizer, batches):
    model.train()
    for rows in batches:
        optimizer.zero_grad()
        F.cross_entropy(model(data.train.X[rows]), data.train.y[rows]).backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        return (model(data.valid.X).argmax(dim=1) == data.valid.y).float().mean().item()


def the_first_weights_at_the_end(model, data, optimizer, epochs):
    begun = {name: value.clone() for name, value in model.state_dict().items()}
    right = [an_epoch(model, data, optimizer, torch.randperm(len(data.train.y)).split(50)) for _ in range(epochs)]
    model.load_state_dict(begun)
    return right


def in_fifty_batches(model, data, optimizer, epochs):
    return [an_epoch(model, data, optimizer, torch.randperm(len(data.train.y)).chunk(50)) for _ in range(epochs)]


def with_repetition(model, data, optimizer, epochs):
    n = len(data.train.y)
    return [an_epoch(model, data, optimizer, torch.randint(n, (n,)).split(50)) for _ in range(epochs)]


def shares_wrong(model, data, optimizer, epochs):
    n = len(data.train.y)
    return [1 - an_epoch(model, data, optimizer, torch.randperm(n).split(50)) for _ in range(epochs)]


def images_of_the_rows(model, X, y, n):
    model.eval()
    with torch.no_grad():
        return X[F.cross_entropy(model(X), y, reduction="none").argsort(descending=True)[:n]]


for _name, _answers in {
    "drop": [
        Wrong(lambda x, u, p: (x / (1 - p)).masked_fill(u < p, float("nan")), "Units that are off say nan",
              first="wrongly named"),
    ],
    "Dropout": [
        Wrong(CutOff, "No gradient gets through in training", first="accepted"),
        Wrong(SwitchesItself, "After a call in training the layer is in eval mode", first="accepted"),
        Wrong(ExactlySoMany, "In each example exactly as many units are off", first="accepted"),
        Wrong(InPlace, "In training `forward` changes its input x itself", first="wrongly named"),
    ],
    "steady": [
        Wrong(gradients_wiped, "the gradients that lay in the model are gone", first="accepted"),
        Wrong(eval_too_late, "`eval()` comes after the prediction", first="wrongly named"),
    ],
    "train_model": [
        Wrong(the_first_weights_at_the_end, "The model does not end where its last step led", seen=True),
        Wrong(in_fifty_batches, "`chunk(50)` makes 50 batches", first="wrongly named"),
        Wrong(with_repetition, "Drawn with repetition", first="wrongly named"),
        Wrong(shares_wrong, "Those are the shares that are wrong", first="neutral"),
    ],
    "suspects": [Wrong(images_of_the_rows, "Those are the images of these rows", first="wrongly named")],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)
