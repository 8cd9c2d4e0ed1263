"""Wrong answers to the exercises of lesson 03, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B905, E501, E731, F821, F841

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.exercises.softmax_regression import softmax_gradient as _softmax_gradient
from wrong_answers import NEUTRAL, Wrong


def e_(z): return z.exp()


def sum_over_all_after_the_shift_of_each_row(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().sum()


def divided_by_sum_of_unexponentiated(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.sum(dim=1, keepdim=True)


def keepdim_missing(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().sum(dim=1)


def divided_by_the_unshifted_sum(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / logits.exp().sum(dim=1, keepdim=True)


def divided_by_the_largest(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().amax(dim=1, keepdim=True)


def mean_for_sum(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().mean(dim=1, keepdim=True)


def loop_over_rows_without_shift(logits):
    return torch.tensor([[math.exp(s) / sum(math.exp(t) for t in row) for s in row] for row in logits.tolist()])


def shift_not_put_back(logits, y):
    m = logits.amax(dim=1, keepdim=True)
    return ((logits - m).exp().sum(dim=1).log() - logits[torch.arange(len(y)), y]).mean()


def shift_put_back_twice(logits, y):
    m = logits.amax(dim=1)
    shifted = logits - m[:, None]
    return (m + shifted.exp().sum(dim=1).log() - shifted[torch.arange(len(y)), y]).mean()


def loop_return_inside(logits, y):
    total = 0
    for row, k in zip(logits, y):
        total += row.logsumexp(0) - row[k]
        return total / len(y)


def loop_sum_with_naive_numpy(logits, y):
    total = 0.0
    for row, k in zip(logits.numpy(), y.numpy()):
        total += -np.log(np.exp(row[k]) / np.exp(row).sum())
    return total


def G(X, y, W, b):
    return torch.softmax(X @ W + b, dim=1) - F.one_hot(y, W.shape[1])


def both(f):
    """dW, db from f(X, y, W, b, d) with d = p - one_hot."""
    return lambda X, y, W, b: f(X, y, W, b, G(X, y, W, b))


def autograd_sum(X, y, W, b):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    F.cross_entropy(X @ W + b, y, reduction="sum").backward()
    return W.grad, b.grad


def autograd_softmax_before_the_loss(X, y, W, b):
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    F.cross_entropy(torch.softmax(X @ W + b, dim=1), y).backward()
    return W.grad, b.grad


def a_1_subtracted_in_place_in_all_columns_y(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    p[:, y] -= 1
    return X.T @ p / len(y), p.mean(0)


def train(step, start=torch.zeros, count=lambda steps: range(steps)):
    def answer(X, y, n_classes, lr, steps, strength):
        W, b = start(X.shape[1], n_classes), start(n_classes)
        for _ in count(steps):
            d = G(X, y, W, b)
            W, b = step(W, b, X.T @ d / len(y), d.mean(0), lr, strength)
        return W, b
    return answer


def weight_decay_of_sgd_on_all(X, y, n_classes, lr, steps, strength):
    model = nn.Linear(X.shape[1], n_classes)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, weight_decay=strength)
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(model(X), y).backward()
        optimizer.step()
    return model.weight.detach().T, model.bias.detach()


def no_zero_grad(X, y, n_classes, lr, steps, strength):
    W = torch.zeros(X.shape[1], n_classes, requires_grad=True)
    b = torch.zeros(n_classes, requires_grad=True)
    for _ in range(steps):
        loss = F.cross_entropy(X @ W + b, y) + strength / 2 * (W ** 2).sum()
        loss.backward()
        with torch.no_grad():
            W -= lr * W.grad
            b -= lr * b.grad
    return W, b


def transposed(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(n_classes, X.shape[1]), torch.zeros(n_classes)
    for _ in range(steps):
        d = torch.softmax(X @ W.T + b, 1) - F.one_hot(y, n_classes)
        W, b = W - lr * (d.T @ X / len(y) + strength * W), b - lr * d.mean(0)
    return W, b


def penalty_not_halved_norm_instead_of_its_squar(X, y, n_classes, lr, steps, strength):
    W = torch.zeros(X.shape[1], n_classes, requires_grad=True)
    b = torch.zeros(n_classes, requires_grad=True)
    for _ in range(steps):
        loss = F.cross_entropy(X @ W + b, y) + strength * (W ** 2).sum()
        gW, gb = torch.autograd.grad(loss, [W, b])
        with torch.no_grad():
            W -= lr * gW
            b -= lr * gb
    return W, b


def sum_of_the_loss(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        d = G(X, y, W, b)
        W, b = W - lr * (X.T @ d + strength * W), b - lr * d.sum(0)
    return W, b


def return_in_the_loop(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        d = G(X, y, W, b)
        W -= lr * (X.T @ d / len(y) + strength * W)
        b -= lr * d.mean(0)
        return W, b


def module(forward, proba, sizes=lambda m, k: (m, k), bias=True):
    class Answer(nn.Module):
        def __init__(self, n_features, n_classes):
            super().__init__()
            self.linear = nn.Linear(*sizes(n_features, n_classes), bias=bias)
    Answer.forward = forward
    Answer.predict_proba = proba
    return Answer


P = lambda self, X: torch.softmax(self(X), dim=1)


Z = lambda self, X: self.linear(X)


class SuperMissing(nn.Module):
    def __init__(self, n_features, n_classes):
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return torch.softmax(self(X), dim=1)


class SelfMissing(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return torch.softmax(forward(X), dim=1)


class ReturnsMissing(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        self.linear(X)
    def predict_proba(self, X):
        return torch.softmax(self(X), dim=1)


def loop_last_image_only(X, y, W, b):
    for i in range(len(y)):
        p = torch.softmax(X[i] @ W + b, 0)
        p[y[i]] -= 1
        gW, gb = torch.outer(X[i], p), p
    return gW / len(y), gb / len(y)


def b_s_gradient_at_the_new_w(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        W = W - lr * (X.T @ G(X, y, W, b) / len(y) + strength * W)
        b = b - lr * G(X, y, W, b).mean(0)
    return W, b


WRONG = {
    "recall_price": [
        Wrong(0.5, "That is the probability"),
        Wrong(-0.693, "the sign is not"),
        Wrong(0.301, "That is the logarithm to base 10"),
        Wrong(1, "That is the logarithm to base 2, a price in bits"),
        Wrong(1.386, "That is the price of p = 0.25", first="neutral"),
        Wrong(0.25, "That is the squared distance"),
        Wrong(0.1534, NEUTRAL),
        Wrong(0, "Only who gave probability 1 pays nothing", first="neutral"),
        Wrong(2, "That is 1/p", first="neutral"),
        Wrong(0.3466, "Half of it", first="neutral"),
        Wrong(-1, "That is the logarithm to base 2, without the minus", first="neutral"),
        Wrong(0.75, NEUTRAL),
    ],
    "softmax": [
        Wrong(lambda logits: torch.softmax(logits, dim=0), "Your columns sum to 1, the rows do not"),
        Wrong(lambda logits: (logits - logits.amax(0)).exp() / (logits - logits.amax(0)).exp().sum(0),
              "Your columns sum to 1, the rows do not"),
        Wrong(lambda logits: torch.softmax(logits.flatten(), 0).view_as(logits),
              "All numbers of the table together sum to 1", first="neutral"),
        Wrong(sum_over_all_after_the_shift_of_each_row, "All numbers of the table together sum to 1"),
        Wrong(lambda logits: logits.exp() / logits.exp().sum(dim=1, keepdim=True), "Right, until a score is 1000"),
        Wrong(lambda logits: np.exp(logits.numpy()) / np.exp(logits.numpy()).sum(axis=1, keepdims=True),
              "Right, until a score is 1000"),
        Wrong(lambda logits: torch.sigmoid(logits),
              "You answered yes or no for each class by itself, so the rows do not"),
        Wrong(lambda logits: F.log_softmax(logits, dim=1), "These are logarithms of probabilities, all below 0"),
        Wrong(lambda logits: logits / logits.sum(dim=1, keepdim=True),
              "You divided the scores as they are, and some are below 0"),
        Wrong(divided_by_sum_of_unexponentiated, "Above the line stands e to the score; below it, the scores as they"),
        Wrong(keepdim_missing, "`keepdim=True`"),
        Wrong(divided_by_the_unshifted_sum, "Above the line the scores are shifted, below it they are not"),
        Wrong(divided_by_the_largest, "Positive they are, and they do not sum to 1 yet"),
        Wrong(mean_for_sum, "Your rows sum to K, the number of classes, and not to 1"),
        Wrong(lambda logits: F.one_hot(logits.argmax(dim=1), logits.shape[1]).float(),
              "That is the decision, all for one class"),
        Wrong(lambda logits: torch.softmax(-logits, dim=1), "The order is turned round"),
        Wrong(loop_over_rows_without_shift, "`math.exp` stops at a score of 1000", first="neutral"),
        Wrong(lambda logits: logits - logits.amax(dim=1, keepdim=True), "These are the shifted scores themselves"),
        Wrong(lambda logits: (logits - logits.amax(dim=1, keepdim=True)).exp(),
              "Positive they are, and they do not sum to 1 yet"),
        Wrong(lambda logits: (lambda s: s.exp() / s.exp().sum(dim=0, keepdim=True))(logits - logits.amax(dim=1, keepdim=True)),
              "Your columns sum to 1, the rows do not"),
        Wrong(lambda logits: (lambda s: s.exp() / s.exp().sum(dim=1, keepdim=True))(logits - logits.max()),
              "You took one largest score from all rows"),
        Wrong(lambda logits: torch.sigmoid(logits) / torch.sigmoid(logits).sum(1, keepdim=True),
              "You shared out sigmoids"),
        Wrong(lambda logits: (lambda s: s.exp2() / s.exp2().sum(1, keepdim=True))(logits - logits.amax(1, keepdim=True)),
              "You raised another number than e to the scores", first="neutral"),
        Wrong(lambda logits: (logits - logits.amax(1, keepdim=True)).exp() / logits.shape[1],
              "You divided by the number of classes", first="neutral"),
        Wrong(lambda logits: (lambda s: s.exp() / s.exp().sum(1, keepdim=True))(logits - logits.amax(0, keepdim=True)),
              "You took off the largest score of each column", first="neutral"),
        Wrong(lambda logits: torch.softmax(logits.clamp(max=80), dim=1),
              "You cut large scores off, so 1000 and 998 became one", first="neutral"),
    ],
    "softmax_loss": [
        Wrong(lambda logits, y: F.cross_entropy(logits, y, reduction="sum"),
              "This is the sum over the images; the mean is needed"),
        Wrong(lambda logits, y: (logits.logsumexp(1) - logits[range(len(y)), y]).sum(),
              "This is the sum over the images; the mean is needed"),
        Wrong(lambda logits, y: F.log_softmax(logits, dim=1)[torch.arange(len(y)), y].mean(),
              "The sign is turned round"),
        Wrong(lambda logits, y: F.cross_entropy(torch.softmax(logits, dim=1), y), "Two softmaxes"),
        Wrong(lambda logits, y: F.nll_loss(torch.softmax(logits, dim=1), y), "A loss below 0"),
        Wrong(lambda logits, y: F.nll_loss(logits, y), "`nll_loss` only picks the true class and turns the sign"),
        Wrong(lambda logits, y: -torch.softmax(logits, dim=1).log()[torch.arange(len(y)), y].mean(),
              "Your loss is infinite"),
        Wrong(lambda logits, y: (logits.exp().sum(dim=1).log() - logits.gather(1, y[:, None]).squeeze(1)).mean(),
              "e to the power of 1000 is infinite for the computer, and so is your"),
        Wrong(lambda logits, y: -(F.one_hot(y, logits.shape[1]) * torch.softmax(logits, dim=1).log()).sum() / len(y),
              "Your loss is nan", first="wrongly named"),
        Wrong(lambda logits, y: -F.log_softmax(logits, dim=0)[torch.arange(len(y)), y].mean(),
              "Your log-softmax runs down the columns"),
        Wrong(lambda logits, y: -(F.one_hot(y, logits.shape[1]) * F.log_softmax(logits, dim=1)).mean(),
              "You averaged over images and classes"),
        Wrong(lambda logits, y: -F.log_softmax(logits, dim=1)[:, y].mean(),
              "`logits[:, y]` takes the columns of all labels for every row"),
        Wrong(shift_not_put_back, "You took the largest score out of the log-sum-exp and did not put it"),
        Wrong(shift_put_back_twice, "The largest score was put back once too often", first="neutral"),
        Wrong(lambda logits, y: logits.logsumexp(1) - logits[torch.arange(len(y)), y],
              "Is a `.mean()` or `.sum()` missing"),
        Wrong(lambda logits, y: logits.logsumexp(1).mean(), "That is the log-sum-exp alone"),
        Wrong(lambda logits, y: -(torch.softmax(logits, dim=1)[torch.arange(len(y)), y] + 1e-8).log().mean(),
              "A small number inside the logarithm caps the price"),
        Wrong(lambda logits, y: -torch.softmax(logits, dim=1).clamp(min=1e-12).gather(1, y.unsqueeze(1)).log().mean(),
              "A small number inside the logarithm caps the price"),
        Wrong(lambda logits, y: -F.log_softmax(logits, dim=1).max(dim=1).values.mean(),
              "You took the class with the largest share", first="neutral"),
        Wrong(lambda logits, y: F.cross_entropy(logits, y) / math.log(2), "That is with another logarithm"),
        Wrong(lambda logits, y: ((torch.softmax(logits, 1) - F.one_hot(y, logits.shape[1])) ** 2).sum(1).mean(),
              "That is a squared distance", first="neutral"),
        Wrong(lambda logits, y: F.binary_cross_entropy_with_logits(logits, F.one_hot(y, logits.shape[1]).float()),
              "That is K yes/no losses, each with a sigmoid"),
        Wrong(loop_return_inside, "Only the first image is counted", first="neutral"),
        Wrong(loop_sum_with_naive_numpy, "It is a sum, and infinite or nan where a score is 1000", first="neutral"),
        Wrong(lambda logits, y: F.log_softmax(logits, 1)[torch.arange(len(y)), y].sum(),
              "The sign is turned round, and it is a sum", first="neutral"),
        Wrong(lambda logits, y: -torch.softmax(logits, 1)[torch.arange(len(y)), y].mean().log(),
              "Logarithm of the mean"),
        Wrong(lambda logits, y: torch.softmax(logits, 1).gather(1, y[:, None]).mean(),
              "That is the mean probability of the true classes"),
        Wrong(lambda logits, y: (1 - torch.softmax(logits, 1).gather(1, y[:, None])).mean(),
              "That is what the true class lacks to 1", first="neutral"),
        Wrong(lambda logits, y: -F.logsigmoid(logits)[torch.arange(len(y)), y].mean(),
              "That is a yes/no price, with a sigmoid", first="neutral"),
        Wrong(lambda logits, y: (logits.amax(1) - logits[torch.arange(len(y)), y]).mean(),
              "That is what the true score lacks to the largest", first="neutral"),
        Wrong(lambda logits, y: -np.mean(np.log((np.exp(logits.numpy() - logits.numpy().max()) / np.exp(logits.numpy() - logits.numpy().max()).sum(1, keepdims=True))[np.arange(len(y)), y.numpy()])),
              "One largest score for all images", first="wrongly named"),
        Wrong(lambda logits, y: (logits.gather(1, y.view(-1, 1)).squeeze() - torch.logsumexp(logits, dim=1)).mean(),
              "The sign is turned round"),
    ],
    "softmax_gradient": [
        Wrong(both(lambda X, y, W, b, d: (X.T @ d, d.sum(0))), "This is the gradient of the sum over the images"),
        Wrong(both(lambda X, y, W, b, d: (X.T @ d / len(y), d.sum(0))),
              "The slope of W is divided by the number of images, that of b is not"),
        Wrong(both(lambda X, y, W, b, d: (X.T @ d, d.mean(0))),
              "The slope of b is a mean over the images, that of W is still a sum"),
        Wrong(both(lambda X, y, W, b, d: (-X.T @ d / len(y), -d.mean(0))), "The signs are turned round"),
        Wrong(both(lambda X, y, W, b, d: (X.T @ d / len(y), d.mean())), "The slope of b became one number"),
        Wrong(both(lambda X, y, W, b, d: (d.T @ X / len(y), d.mean(0))),
              "The slope of W has shape (K, m), as `nn.Linear` keeps it"),
        Wrong(both(lambda X, y, W, b, d: (X.T @ d / d.numel(), d.mean(0) / d.shape[1])),
              "The mean was taken over images and classes"),
        Wrong(both(lambda X, y, W, b, d: (X.T @ d / len(y), d.mean(1))), "The slope of b has one number an image"),
        Wrong(lambda X, y, W, b: (X.T @ (X @ W + b - F.one_hot(y, W.shape[1])) / len(y), (X @ W + b - F.one_hot(y, W.shape[1])).mean(0)),
              "The scores themselves were compared with what is due"),
        Wrong(lambda X, y, W, b: (X.T @ (torch.sigmoid(X @ W + b) - F.one_hot(y, W.shape[1])) / len(y), (torch.sigmoid(X @ W + b) - F.one_hot(y, W.shape[1])).mean(0)),
              "That is the gradient of K yes/no models"),
        Wrong(lambda X, y, W, b: (X.T @ (torch.softmax(X @ W + b, 0) - F.one_hot(y, W.shape[1])) / len(y), (torch.softmax(X @ W + b, 0) - F.one_hot(y, W.shape[1])).mean(0)),
              "Your softmax runs down the columns"),
        Wrong(lambda X, y, W, b: (X.T @ (torch.softmax(X @ W, 1) - F.one_hot(y, W.shape[1])) / len(y), (torch.softmax(X @ W, 1) - F.one_hot(y, W.shape[1])).mean(0)),
              "The bias is missing from the scores"),
        Wrong(lambda X, y, W, b: (X.T @ torch.softmax(X @ W + b, 1) / len(y), torch.softmax(X @ W + b, 1).mean(0)),
              "The shares are there, the shares due are not"),
        Wrong(lambda X, y, W, b: (X.T @ (torch.softmax(X @ W + b, 1) - y[:, None]) / len(y), (torch.softmax(X @ W + b, 1) - y[:, None]).mean(0)),
              "The class numbers themselves were subtracted, a 3 as the number 3"),
        Wrong(both(lambda X, y, W, b, d: X.T @ d / len(y)), "One slope came back"),
        Wrong(both(lambda X, y, W, b, d: (d.mean(0), X.T @ d / len(y))), "Both are there, b first"),
        Wrong(autograd_sum, "This is the gradient of the sum over the images"),
        Wrong(autograd_softmax_before_the_loss, "Two softmaxes", first="neutral"),
        Wrong(a_1_subtracted_in_place_in_all_columns_y,
              "`p[:, y] -= 1` takes 1 from the columns of all labels in every row", first="neutral"),
        Wrong(both(lambda X, y, W, b, d: (2 * X.T @ d / len(y), 2 * d.mean(0))), "Twice too large"),
        Wrong(both(lambda X, y, W, b, d: (-(X.T @ d), -d.sum(0))),
              "The signs are turned round, and both are sums", first="neutral"),
        Wrong(both(lambda X, y, W, b, d: (X.T @ d / X.shape[1], d.mean(0))),
              "The slope of W is divided by the number of pixels", first="neutral"),
        Wrong(both(lambda X, y, W, b, d: (X.T @ d / len(y), (X.T @ d / len(y)).mean(0))),
              "The slope of b was averaged from that of W", first="neutral"),
        Wrong(lambda X, y, W, b: (lambda d: (X.T @ d / len(y), d.mean(0)))((F.one_hot((X @ W + b).argmax(1), W.shape[1]) - F.one_hot(y, W.shape[1])).float()),
              "Decisions were compared with what is due, all for one class", first="neutral"),
        Wrong(loop_last_image_only, "The last image alone is there", first="neutral"),
    ],
    "fit_softmax": [
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * gW, b - lr * gb)), "The penalty is not in your steps"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * (gW + s * W), b - lr * (gb + s * b))),
              "The bias is pulled to 0 as well"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W + lr * (gW + s * W), b + lr * gb)), "It goes uphill"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * (gW - s * W), b - lr * gb)),
              "The penalty pushes the weights away from 0"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * gW - s * W, b - lr * gb)),
              "The pull of the penalty has no lr before it"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * (gW + 2 * s * W), b - lr * gb)),
              "The penalty pulls twice as hard as it should"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * (gW + s / 2 * W), b - lr * gb)),
              "The penalty pulls half as hard as it should"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * (gW + s * W), b)), "The biases stay at 0"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * (gW + s * W), b - lr * gb), count=lambda n: range(1, n)),
              "One step is missing"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * (gW + s * W), b - lr * gb), count=lambda n: range(n + 1)),
              "There is one step too many"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * (gW + s * W), b - lr * gb), start=torch.randn),
              "The weights start at random numbers", first="neutral"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * (gW + s * W), b - lr * gb), start=torch.ones),
              "The walk begins at 1", first="neutral"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * (gW + s), b - lr * gb)),
              "The penalty pulls by its strength alone, whatever the weight"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * (gW + s * W.sign()), b - lr * gb)),
              "The penalty pulls by its strength in the direction of each sign, as", first="neutral"),
        Wrong(weight_decay_of_sgd_on_all, "The bias is pulled to 0 as well"),
        Wrong(no_zero_grad, "Each step uses the sum of all slopes so far", first="neutral"),
        Wrong(transposed, "W has shape (K, m), as `nn.Linear` keeps it"),
        Wrong(penalty_not_halved_norm_instead_of_its_squar, "The penalty pulls twice as hard as it should"),
        Wrong(sum_of_the_loss, "The slopes of the loss are sums", first="neutral"),
        Wrong(return_in_the_loop, "One step was made, whatever `steps` says"),
        Wrong(lambda X, y, n_classes, lr, steps, strength: train(lambda W, b, gW, gb, lr, s: (W - lr * (gW + s * W / len(y)), b - lr * gb))(X, y, n_classes, lr, steps, strength),
              "The penalty was divided by the number of images", first="neutral"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * gW, b - lr * (gb + s * b))),
              "The penalty pulls at the biases, and not at the weights", first="neutral"),
        Wrong(train(lambda W, b, gW, gb, lr, s: ((W - lr * gW) * (1 - lr * s), b - lr * gb)),
              "The penalty pulls at the new W, after the step"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - gW - s * W, b - gb)), "The learning rate is not in your steps"),
        Wrong(lambda *a: train(lambda W, b, gW, gb, lr, s: (W - lr * (gW + s * W), b - lr * gb))(*a)[::-1],
              "Both are there, b first"),
        Wrong(train(lambda W, b, gW, gb, lr, s: (W - lr * (-gW + s * W), b + lr * gb)),
              "The slope of the loss is turned round, so the step goes uphill", first="neutral"),
        Wrong(b_s_gradient_at_the_new_w, "The second of your two steps already sees the new W"),
    ],
    "MultinomialLogit": [
        Wrong(module(lambda self, X: torch.softmax(self.linear(X), dim=1), lambda self, X: self(X)),
              "Your `forward` gives probabilities"),
        Wrong(module(lambda self, X: torch.softmax(self.linear(X), dim=1), P), "Softmax twice"),
        Wrong(module(lambda self, X: F.log_softmax(self.linear(X), dim=1), lambda self, X: self(X).exp()),
              "`forward` gives logarithms of probabilities"),
        Wrong(module(Z, lambda self, X: torch.softmax(self(X), dim=0)),
              "`predict_proba` makes columns that sum to 1, not rows"),
        Wrong(module(Z, lambda self, X: torch.sigmoid(self(X))), "A sigmoid for each class"),
        Wrong(module(Z, lambda self, X: F.log_softmax(self(X), dim=1)),
              "`predict_proba` gives logarithms, all below 0"),
        Wrong(module(Z, lambda self, X: self(X).argmax(dim=1)),
              "`predict_proba` gives the decision, one class an image"),
        Wrong(module(Z, lambda self, X: self(X)), "`predict_proba` gives the logits as they are"),
        Wrong(module(Z, P, sizes=lambda m, k: (k, m)),
              "X (n, m) meets a weight that lies the wrong way", first="wrongly named"),
        Wrong(module(Z, P, bias=False), "The bias is missing"),
        Wrong(module(lambda self, X: torch.relu(self.linear(X)), P), "`forward` bends the scores"),
        Wrong(module(Z, lambda self, X: torch.softmax(X, dim=1)),
              "`predict_proba` has a number for each column of X", first="neutral"),
        Wrong(module(lambda self, X: X @ self.linear.weight + self.linear.bias, P),
              "X (n, m) meets a weight that lies the wrong way"),
        Wrong(module(lambda self, X: X @ self.linear.weight.T, P), "The loss does not reach the bias"),
        Wrong(module(lambda self, X: self.linear, P), "Linear, where a tensor is needed"),
        Wrong(module(lambda self, X: self.linear(X).detach(), P), "Nothing would learn"),
        Wrong(SuperMissing, "super().__init__()"),
        Wrong(SelfMissing, "self.forward"),
        Wrong(ReturnsMissing, "`forward` gives back None"),
        Wrong(module(Z, lambda self, X: self(X).exp() / self(X).exp().sum()),
              "`predict_proba` has one 1 for all images together", first="neutral"),
        Wrong(module(Z, lambda self, X: self(X) / self(X).sum(1, keepdim=True)),
              "`predict_proba` divides the scores as they are, and some are below 0", first="neutral"),
        Wrong(module(lambda self, X: torch.sigmoid(self.linear(X)), P),
              "`forward` gives numbers from 0 to 1, as a sigmoid does", first="neutral"),
        Wrong(module(lambda self, X: torch.softmax(self.linear(X), dim=0), lambda self, X: self(X)),
              "Softmax stands in `forward`, and it runs down the columns", first="neutral"),
        Wrong(module(Z, lambda self, X: torch.softmax(self(X), 1).max(1).values),
              "`predict_proba` gives one number for each image", first="wrongly named"),
        Wrong(module(Z, lambda self, X: torch.softmax(-self(X), dim=1)),
              "`predict_proba` is turned round", first="neutral"),
    ],
    "as_one_neuron": [
        Wrong(lambda W, b, strength: (W[:, 0] - W[:, 1], b[0] - b[1], strength / 2), "This neuron speaks for class 0"),
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1] - b[0], strength),
              "With equal strength the neuron is held back more"),
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1] - b[0], 2 * strength), "The strength went the other way"),
        Wrong(lambda W, b, strength: (W[:, 1], b[1], strength / 2), "Class 1's own column is half of the story"),
        Wrong(lambda W, b, strength: (W[:, 1], b[1], strength),
              "Class 1's own column is half of the story", first="neutral"),
        Wrong(lambda W, b, strength: (W[:, 1] + W[:, 0], b[1] + b[0], strength / 2), "You added the two columns"),
        Wrong(lambda W, b, strength: ((W[:, 1] - W[:, 0]) / 2, (b[1] - b[0]) / 2, strength),
              "That is half of the difference", first="neutral"),
        Wrong(lambda W, b, strength: (W[1] - W[0], b[1] - b[0], strength / 2),
              "You took two rows of W, and those are pixels"),
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1], strength / 2),
              "Of the bias, too, only the difference counts"),
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b, strength / 2),
              "The bias is one number, what class 1 has more than class 0", first="neutral"),
        Wrong(lambda W, b, strength: (W[:, 1] / W[:, 0], b[1] / b[0], strength / 2),
              "You divided one column by the other", first="neutral"),
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1] - b[0], strength / 4),
              "Each half has a quarter of the square, and there are two halves"),
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1] - b[0]), "The strength is missing"),
        Wrong(lambda W, b, strength: (W.diff(dim=1), b.diff(), strength / 2), "Use `.squeeze(1)`"),
        Wrong(lambda W, b, strength: (W.mean(1), b.mean(), strength / 2),
              "You averaged the two columns", first="neutral"),
        Wrong(lambda W, b, strength: (W[:, 0] - W[:, 1], b[0] - b[1], strength),
              "This neuron speaks for class 0, and its strength is not yet right", first="neutral"),
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1] - b[0], strength / 2 ** 0.5),
              "Lengths halve, and the penalty squares them"),
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1] - b[0], strength ** 2),
              "Lengths are squared in the penalty, the strength is not", first="neutral"),
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[0] - b[1], strength / 2),
              "The weights are right, the bias is turned round"),
        Wrong(lambda W, b, strength: (W[:, 0], b[0], strength / 2), "That is class 0's own column", first="neutral"),
        Wrong(lambda W, b, strength: (torch.sigmoid(W[:, 1] - W[:, 0]), torch.sigmoid(b[1] - b[0]), strength / 2),
              "Softmax and sigmoid act on scores, not on weights", first="neutral"),
    ],
}


# ---- a second set, written by the text of the lesson alone; behind each answer its cause, in the writer's words


def softmax_loop_columns(logits):
    out = torch.empty_like(logits)
    for k in range(logits.shape[1]):
        e = (logits[:, k] - logits[:, k].max()).exp()
        out[:, k] = e / e.sum()
    return out


def softmax_numpy_global(logits):
    e = np.exp(logits.numpy() - logits.numpy().max())
    return e / e.sum()


def softmax_numpy_axis_forgotten(logits):
    e = np.exp(np.asarray(logits))
    return torch.tensor(e / e.sum(axis=1))


def loss_forgets_shift(logits, y):
    m = logits.amax(dim=1, keepdim=True)
    return ((logits - m).exp().sum(dim=1).log() - logits[range(len(y)), y]).mean()


def loss_naive(logits, y):
    p = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
    return -p[torch.arange(len(y)), y].log().mean()


def loss_one_hot_mean(logits, y):
    one_hot = F.one_hot(y, logits.shape[1])
    return -(one_hot * logits.log_softmax(dim=1)).mean()


def loss_loop_sum(logits, y):
    total = 0.0
    for z, k in zip(logits, y):
        total += torch.logsumexp(z, 0) - z[k]
    return total


def _P(X, W, b):
    return torch.softmax(X @ W + b, dim=1)


def _D(X, y, W, b):
    return _P(X, W, b) - F.one_hot(y, W.shape[1])


def sg_loop_true_only(X, y, W, b):
    dW, db = torch.zeros_like(W), torch.zeros_like(b)
    P = _P(X, W, b)
    for i in range(len(y)):
        dW[:, y[i]] += (P[i, y[i]] - 1) * X[i]
        db[y[i]] += P[i, y[i]] - 1
    return dW / len(y), db / len(y)


def _fit(update, W0=None):
    def fit_softmax(X, y, n_classes, lr, steps, strength):
        W = X.new_zeros(X.shape[1], n_classes) if W0 is None else W0(X.shape[1], n_classes).to(X)
        b = X.new_zeros(n_classes)
        for _ in range(steps):
            D = _D(X, y, W, b)
            W, b = update(W, b, X.T @ D / len(y), D.mean(dim=0), lr, strength, len(y))
        return W, b
    return fit_softmax


def fit_transposed(X, y, n_classes, lr, steps, strength):
    layer = nn.Linear(X.shape[1], n_classes).to(X)
    nn.init.zeros_(layer.weight), nn.init.zeros_(layer.bias)
    optimizer = torch.optim.SGD([{"params": [layer.weight], "weight_decay": strength}, {"params": [layer.bias]}], lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        F.cross_entropy(layer(X), y).backward()
        optimizer.step()
    return layer.weight.detach(), layer.bias.detach()


def fit_decays_all(X, y, n_classes, lr, steps, strength):
    W = torch.zeros(X.shape[1], n_classes).to(X).requires_grad_()
    b = torch.zeros(n_classes).to(X).requires_grad_()
    optimizer = torch.optim.SGD([W, b], lr=lr, weight_decay=strength)
    for _ in range(steps):
        loss = F.cross_entropy(X @ W + b, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return W.detach(), b.detach()


def fit_accumulates(X, y, n_classes, lr, steps, strength):
    W = torch.zeros(X.shape[1], n_classes).to(X).requires_grad_()
    b = torch.zeros(n_classes).to(X).requires_grad_()
    for _ in range(steps):
        loss = F.cross_entropy(X @ W + b, y) + strength / 2 * (W**2).sum()
        loss.backward()
        with torch.no_grad():
            W -= lr * W.grad
            b -= lr * b.grad
    return W.detach(), b.detach()


def fit_one_less(X, y, n_classes, lr, steps, strength):
    W, b = X.new_zeros(X.shape[1], n_classes), X.new_zeros(n_classes)
    for _ in range(1, steps):
        D = _D(X, y, W, b)
        W, b = W - lr * (X.T @ D / len(y) + strength * W), b - lr * D.mean(0)
    return W, b


def fit_new_W_for_b(X, y, n_classes, lr, steps, strength):
    W, b = X.new_zeros(X.shape[1], n_classes), X.new_zeros(n_classes)
    for _ in range(steps):
        W = W - lr * (X.T @ _D(X, y, W, b) / len(y) + strength * W)
        b = b - lr * _D(X, y, W, b).mean(0)
    return W, b


def fit_norm(X, y, n_classes, lr, steps, strength):
    W = torch.zeros(X.shape[1], n_classes).to(X).requires_grad_()
    b = torch.zeros(n_classes).to(X).requires_grad_()
    for _ in range(steps):
        loss = F.cross_entropy(X @ W + b, y) + strength * (W**2).sum()
        gW, gb = torch.autograd.grad(loss, [W, b])
        W = (W - lr * gW).detach().requires_grad_()
        b = (b - lr * gb).detach().requires_grad_()
    return W.detach(), b.detach()


class _Logit(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)

    def forward(self, X):
        return self.linear(X)

    def predict_proba(self, X):
        return torch.softmax(self.forward(X), dim=1)


class LogitTwice(_Logit):
    def forward(self, X):
        return torch.softmax(self.linear(X), dim=1)


class LogitForwardProbabilities(_Logit):
    def forward(self, X):
        return self.linear(X).softmax(-1)

    def predict_proba(self, X):
        return self(X)


class LogitClasses(_Logit):
    def predict_proba(self, X):
        return self.forward(X).argmax(dim=1)


class LogitColumns(_Logit):
    def predict_proba(self, X):
        return F.softmax(self.linear(X), dim=0)


class LogitLog(_Logit):
    def predict_proba(self, X):
        return F.log_softmax(self.linear(X), dim=1)


class LogitSigmoid(_Logit):
    def predict_proba(self, X):
        return torch.sigmoid(self.linear(X))


class LogitNoSuper(nn.Module):
    def __init__(self, n_features, n_classes):
        self.linear = nn.Linear(n_features, n_classes)

    def forward(self, X):
        return self.linear(X)

    def predict_proba(self, X):
        return self(X).softmax(dim=1)


class LogitSame(_Logit):
    def predict_proba(self, X):
        return self.linear(X)


class LogitNaive(_Logit):
    def predict_proba(self, X):
        e = torch.exp(self(X))
        return e / e.sum(dim=1, keepdim=True)


class LogitNewLayer(_Logit):
    def forward(self, X):
        return nn.Linear(X.shape[1], self.linear.out_features)(X)


class LogitNoBias(_Logit):
    def forward(self, X):
        return X @ self.linear.weight.T


class LogitRelu(_Logit):
    def forward(self, X):
        return torch.relu(self.linear(X))


class LogitSizesSwapped(_Logit):
    def __init__(self, n_features, n_classes):
        nn.Module.__init__(self)
        self.linear = nn.Linear(n_classes, n_features)


class LogitForgetsReturn(_Logit):
    def forward(self, X):
        self.linear(X)


class LogitSumAll(_Logit):
    def predict_proba(self, X):
        e = self(X).exp()
        return e / e.sum()


for _name, _answers in {
    "accuracy_guess": [
        # percent
        Wrong(90, "Your guess is `90`"),
        # above 1
        Wrong(1.2, "Your guess is `1.2`"),
    ],
    "recall_price": [
        # the probability itself
        Wrong(0.5, "That is the probability"),
        # sign
        Wrong(math.log(0.5), "Your answer is `-0.6931`"),
        # logarithm to base 10
        Wrong(0.301, "That is the logarithm to base 10"),
        # logarithm to base 2
        Wrong(1.0, "That is the logarithm to base 2, a price in bits"),
        # squared error
        Wrong(0.25, "That is the squared distance"),
        # counts both terms
        Wrong(2 * math.log(2), "That is the price of p = 0.25"),
    ],
    "softmax": [
        # sum over everything
        Wrong(lambda logits: (logits - logits.amax(1, keepdim=True)).exp() / (logits - logits.amax(1, keepdim=True)).exp().sum(), "All numbers of the table together sum to 1"),
        # sum down the columns after the row shift
        Wrong(lambda logits: (logits - logits.amax(1, keepdim=True)).exp() / (logits - logits.amax(1, keepdim=True)).exp().sum(dim=0), "Your columns sum to 1, the rows do not", idea="M32"),
        # keepdim missing: shapes do not fit
        Wrong(lambda logits: (logits - logits.amax(1, keepdim=True)).exp() / (logits - logits.amax(1, keepdim=True)).exp().sum(dim=1), "A size of 3 meets a size of 5 in the same dimension"),
        # sum of the shifted scores, not of their exponentials
        Wrong(lambda logits: (logits - logits.amax(1, keepdim=True)).exp() / (logits - logits.amax(1, keepdim=True)).sum(dim=1, keepdim=True), "Above the line stands e to the score"),
        # shifted above, unshifted below the line
        Wrong(lambda logits: (logits - logits.amax(1, keepdim=True)).exp() / logits.exp().sum(dim=1, keepdim=True), "Above the line the scores are shifted, below it they are not"),
        # divides by the number of classes
        Wrong(lambda logits: (logits - logits.amax(1, keepdim=True)).exp() / logits.shape[1], "You divided by the number of classes"),
        # divides by the largest
        Wrong(lambda logits: (logits - logits.amax(1, keepdim=True)).exp() / (logits - logits.amax(1, keepdim=True)).exp().amax(dim=1, keepdim=True), "Positive they are, and they do not sum to 1 yet"),
        # not safe: overflow
        Wrong(lambda logits: logits.exp() / logits.exp().sum(dim=1, keepdim=True), "Right, until a score is 1000", idea="M34"),
        # softmax down the columns, in a loop
        Wrong(softmax_loop_columns, "Your columns sum to 1, the rows do not", idea="M32"),
        # NumPy: max and sum over everything
        Wrong(softmax_numpy_global, "All numbers of the table together sum to 1"),
        # NumPy without keepdims: shapes do not fit (or wrong rows)
        Wrong(softmax_numpy_axis_forgotten, "Shapes (5,3) and (5,) do not fit together", first="neutral"),
        # log-probabilities
        Wrong(lambda logits: torch.log_softmax(logits, dim=1), "These are logarithms of probabilities, all below 0", idea="M33"),
        # a sigmoid for each class
        Wrong(torch.sigmoid, "You answered yes or no for each class by itself, so the rows do", idea="M31"),
        # mean in place of sum: rows sum to K
        Wrong(lambda logits: (logits - logits.amax(1, keepdim=True)).exp() / (logits - logits.amax(1, keepdim=True)).exp().mean(dim=1, keepdim=True), "Your rows sum to K, the number of classes, and not to 1"),
        # no exponential
        Wrong(lambda logits: logits / logits.sum(dim=1, keepdim=True), "You divided the scores as they are, and some are below 0", idea="M01"),
        # all to the largest: a hard maximum
        Wrong(lambda logits: F.one_hot(logits.argmax(dim=1), logits.shape[1]).float(), "That is the decision, all for one class"),
        # sign of the scores
        Wrong(lambda logits: torch.softmax(-logits, dim=1), "The order is turned round"),
    ],
    "softmax_loss": [
        # sum
        Wrong(loss_loop_sum, "This is the sum over the images", idea="M15"),
        # minus missing
        Wrong(lambda logits, y: logits.log_softmax(1)[torch.arange(len(y)), y].mean(), "The sign is turned round"),
        # mean over all classes: y is not used
        Wrong(lambda logits, y: -logits.log_softmax(dim=1).mean(), "Every class of every image pays, and `y` is not used", first="neutral"),
        # mean over n times K entries
        Wrong(loss_one_hot_mean, "You averaged over images and classes", idea="M17"),
        # not safe
        Wrong(loss_naive, "e to the power of 1000 is infinite for the computer, and infinite", idea="M34"),
        # softmax twice
        Wrong(lambda logits, y: F.cross_entropy(logits.softmax(dim=1), y), "Two softmaxes", idea="M02"),
        # z_y not taken off
        Wrong(lambda logits, y: logits.logsumexp(dim=1).mean(), "That is the log-sum-exp alone"),
        # log-sum-exp down the columns
        Wrong(lambda logits, y: (logits.logsumexp(dim=0)[y] - logits[range(len(y)), y]).mean(), "Your log-softmax runs down the columns", idea="M32"),
        # largest score in place of log-sum-exp
        Wrong(lambda logits, y: (logits.amax(1) - logits[range(len(y)), y]).mean(), "That is what the true score lacks to the largest"),
        # nll_loss of probabilities
        Wrong(lambda logits, y: F.nll_loss(logits.softmax(dim=1), y), "A loss below 0", idea="M33"),
        # nll_loss of raw scores
        Wrong(lambda logits, y: F.nll_loss(logits, y), "`nll_loss` only picks the true class and turns the sign", idea="M33"),
        # log-softmax down the columns
        Wrong(lambda logits, y: F.nll_loss(logits.log_softmax(dim=0), y), "Your log-softmax runs down the columns", idea="M32"),
        # logits[:, y] picks n by n
        Wrong(lambda logits, y: (logits.logsumexp(1, keepdim=True) - logits[:, y]).mean(), "`logits[:, y]` takes the columns of all labels for every row", idea="M05"),
        # the shift is not put back
        Wrong(loss_forgets_shift, "You took the largest score out of the log-sum-exp and did not put", idea="M29"),
        # K yes/no losses
        Wrong(lambda logits, y: F.binary_cross_entropy_with_logits(logits, F.one_hot(y, logits.shape[1]).to(logits)), "That is K yes/no losses, each with a sigmoid", idea="M31"),
        # the predicted class in place of y
        Wrong(lambda logits, y: F.cross_entropy(logits, logits.argmax(1)), "You took the class with the largest share"),
        # one price an image, no mean
        Wrong(lambda logits, y: F.cross_entropy(logits, y, reduction="none"), "Your answer has shape (5,)"),
        # 1 - p in place of -log p
        Wrong(lambda logits, y: 1 - logits.softmax(1)[range(len(y)), y].mean(), "That is what the true class lacks to 1"),
        # classes counted from 1
        Wrong(lambda logits, y: F.cross_entropy(logits, y - 1), "Found label -1, which the model has no output for"),
        # arguments swapped: torch refuses
        Wrong(lambda logits, y: F.cross_entropy(y, logits), "Whole numbers stand where the scores belong"),
        # squared error (Brier)
        Wrong(lambda logits, y: ((logits.softmax(1) - F.one_hot(y, logits.shape[1])) ** 2).sum(1).mean(), "That is a squared distance"),
    ],
    "softmax_gradient": [
        # sums
        Wrong(lambda X, y, W, b: (X.T @ _D(X, y, W, b), _D(X, y, W, b).sum(0)), "This is the gradient of the sum over the images", idea="M15"),
        # sign
        Wrong(lambda X, y, W, b: (-X.T @ _D(X, y, W, b) / len(y), -_D(X, y, W, b).mean(0)), "The signs are turned round"),
        # class numbers in place of one-hot rows
        Wrong(lambda X, y, W, b: (X.T @ (_P(X, W, b) - y[:, None]) / len(y), (_P(X, W, b) - y[:, None]).mean(0)), "The class numbers themselves were subtracted, a 3 as the number 3"),
        # divides W's slope by n times K
        Wrong(lambda X, y, W, b: (X.T @ _D(X, y, W, b) / _D(X, y, W, b).numel(), _D(X, y, W, b).mean(0)), "Every value in `[0]` is the needed one divided by its number of", first="neutral"),
        # softmax down the columns
        Wrong(lambda X, y, W, b: (X.T @ (torch.softmax(X @ W + b, 0) - F.one_hot(y, len(b))) / len(y), (torch.softmax(X @ W + b, 0) - F.one_hot(y, len(b))).mean(0)), "Your softmax runs down the columns", idea="M32"),
        # W's slope transposed
        Wrong(lambda X, y, W, b: (_D(X, y, W, b).T @ X / len(y), _D(X, y, W, b).mean(0)), "The slope of W has shape (K, m), as `nn.Linear` keeps it"),
        # b's slope over the classes
        Wrong(lambda X, y, W, b: (X.T @ _D(X, y, W, b) / len(y), _D(X, y, W, b).mean(1)), "The slope of b has one number an image"),
        # b's slope a sum
        Wrong(lambda X, y, W, b: (X.T @ _D(X, y, W, b) / len(y), _D(X, y, W, b).sum(0)), "The slope of W is divided by the number of images, that of b is", idea="M15"),
        # b missing in the scores
        Wrong(lambda X, y, W, b: (X.T @ _D(X, y, W, 0 * b) / len(y), _D(X, y, W, 0 * b).mean(0)), "The bias is missing from the scores"),
        # sigmoids
        Wrong(lambda X, y, W, b: (X.T @ (torch.sigmoid(X @ W + b) - F.one_hot(y, len(b))) / len(y), (torch.sigmoid(X @ W + b) - F.one_hot(y, len(b))).mean(0)), "That is the gradient of K yes/no models", idea="M31"),
        # order of the two
        Wrong(lambda X, y, W, b: (_D(X, y, W, b).mean(0), X.T @ _D(X, y, W, b) / len(y)), "Both are there, b first"),
        # raw scores, no softmax
        Wrong(lambda X, y, W, b: (X.T @ (X @ W + b - F.one_hot(y, len(b))) / len(y), (X @ W + b - F.one_hot(y, len(b))).mean(0)), "The scores themselves were compared with what is due", idea="M01"),
        # only the true class's column is filled
        Wrong(sg_loop_true_only, "Each image moves its true class alone", first="neutral"),
        # y is missing
        Wrong(lambda X, y, W, b: (X.T @ _P(X, W, b) / len(y), _P(X, W, b).mean(0)), "The shares are there, the shares due are not"),
        # only W's slope
        Wrong(lambda X, y, W, b: X.T @ _D(X, y, W, b) / len(y), "One slope came back"),
        # b's slope one number
        Wrong(lambda X, y, W, b: (X.T @ _D(X, y, W, b) / len(y), _D(X, y, W, b).mean()), "The slope of b became one number"),
    ],
    "fit_softmax": [
        # uphill
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W + lr * (gW + strength * W), b + lr * gb)), "It goes uphill"),
        # the biases decay too
        Wrong(fit_decays_all, "The bias is pulled to 0 as well", idea="M18"),
        # strength times the square, without the half
        Wrong(fit_norm, "The penalty pulls twice as hard as it should", idea="M19"),
        # strength is not used
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W - lr * gW, b - lr * gb)), "The penalty is not in your steps"),
        # lr is not used
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W - (gW + strength * W), b - gb)), "The learning rate is not in your steps"),
        # penalty pushes away from 0
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W - lr * (gW - strength * W), b - lr * gb)), "The penalty pushes the weights away from 0"),
        # b never moves
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W - lr * (gW + strength * W), b)), "The biases stay at 0"),
        # strength divided by n
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W - lr * (gW + strength * W / n), b - lr * gb)), "The penalty was divided by the number of images", idea="M19"),
        # penalty's step without lr
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W - lr * gW - strength * W, b - lr * gb)), "The pull of the penalty has no lr before it"),
        # the penalty's value in place of its slope
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W - lr * (gW + strength / 2 * (W**2).sum()), b - lr * gb)), "The value of the penalty, strength/2 times the sum of squares", first="neutral", idea="M19"),
        # slope of an L1 penalty
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W - lr * (gW + strength * W.sign()), b - lr * gb)), "The penalty pulls by its strength in the direction of each sign"),
        # sum in place of mean
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W - lr * (n * gW + strength * W), b - lr * n * gb)), "The slopes of the loss are sums", idea="M15"),
        # starts at random
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W - lr * (gW + strength * W), b - lr * gb), W0=torch.randn), "The weights start at random numbers"),
        # starts at ones
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W - lr * (gW + strength * W), b - lr * gb), W0=torch.ones), "The walk begins at 1"),
        # gives W the other way up
        Wrong(fit_transposed, "W has shape (K, m), as `nn.Linear` keeps it"),
        # gradients add up
        Wrong(fit_accumulates, "Each step uses the sum of all slopes so far", idea="M07"),
        # one step too few
        Wrong(fit_one_less, "One step is missing"),
        # b's slope at the new W
        Wrong(fit_new_W_for_b, "The second of your two steps already sees the new W"),
        # only W
        Wrong(lambda X, y, n_classes, lr, steps, strength: _fit(lambda W, b, gW, gb, lr, s, n: (W - lr * (gW + s * W), b - lr * gb))(X, y, n_classes, lr, steps, strength)[0], "One thing came back"),
        # strength times W squared
        Wrong(_fit(lambda W, b, gW, gb, lr, strength, n: (W - lr * (gW + strength * W**2), b - lr * gb)), "The penalty has the square of W for its slope"),
    ],
    "MultinomialLogit": [
        # softmax in forward, and again
        Wrong(LogitTwice, "Softmax twice", idea="M02"),
        # forward gives probabilities
        Wrong(LogitForwardProbabilities, "Your `forward` gives probabilities", idea="M02"),
        # classes in place of probabilities
        Wrong(LogitClasses, "`predict_proba` gives the decision, one class an image"),
        # softmax down the columns
        Wrong(LogitColumns, "`predict_proba` makes columns that sum to 1, not rows", idea="M32"),
        # log-probabilities
        Wrong(LogitLog, "`predict_proba` gives logarithms, all below 0", idea="M33"),
        # a sigmoid each
        Wrong(LogitSigmoid, "A sigmoid for each class", idea="M31"),
        # super().__init__() missing
        Wrong(LogitNoSuper, "A module has to be set up before layers are put into it"),
        # predict_proba gives logits
        Wrong(LogitSame, "`predict_proba` gives the logits as they are", idea="M01"),
        # naive exp: overflows
        Wrong(LogitNaive, "Right, until a score is 1000", first="accepted", idea="M34"),
        # a new layer in each call
        Wrong(LogitNewLayer, "`forward` gives other scores each time, and the loss reaches no", first="neutral"),
        # no bias
        Wrong(LogitNoBias, "The loss does not reach the bias"),
        # relu after the layer
        Wrong(LogitRelu, "`forward` bends the scores"),
        # sizes swapped
        Wrong(LogitSizesSwapped, "X (n, m) meets a weight that lies the wrong way"),
        # no return
        Wrong(LogitForgetsReturn, "`forward` gives back None"),
        # one sum for the whole batch
        Wrong(LogitSumAll, "`predict_proba` has one 1 for all images together"),
    ],
    "shift_all": [
        Wrong("a", "All ten scores of an image move by the same amount, and softmax"),
        Wrong("b", "Softmax is blind to the shift, log-sum-exp is not"),
        Wrong("d", "However well it fits the image, it raises all ten scores alike"),
    ],
    "as_one_neuron": [
        # the other way round
        Wrong(lambda W, b, strength: (W[:, 0] - W[:, 1], b[0] - b[1], strength / 2), "This neuron speaks for class 0"),
        # strength unchanged
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1] - b[0], strength), "With equal strength the neuron is held back more", idea="M30"),
        # strength doubled
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1] - b[0], 2 * strength), "The strength went the other way", idea="M30"),
        # rows in place of columns
        Wrong(lambda W, b, strength: (W[1] - W[0], b[1] - b[0], strength / 2), "You took two rows of W, and those are pixels"),
        # mean of the two
        Wrong(lambda W, b, strength: (W.mean(dim=1), b.mean(), strength / 2), "You averaged the two columns"),
        # sum of the two
        Wrong(lambda W, b, strength: (W.sum(dim=1), b.sum(), strength / 2), "You added the two columns"),
        # class 1 alone
        Wrong(lambda W, b, strength: (W[:, 1], b[1], strength / 2), "Class 1's own column is half of the story", idea="M28"),
        # both biases
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b, strength / 2), "The bias is one number, what class 1 has more than class 0", idea="M28"),
        # a quarter of the strength
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1] - b[0], strength / 4), "Each half has a quarter of the square, and there are two halves", idea="M30"),
        # bias the other way round
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[0] - b[1], strength / 2), "The weights are right, the bias is turned round"),
        # shape (m, 1)
        Wrong(lambda W, b, strength: (W[:, 1:] - W[:, :1], b[1] - b[0], strength / 2), "Item `[0]` of your answer has shape (3, 1)"),
        # sum of the biases
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1] + b[0], strength / 2), "Of the bias, too, only the difference counts", idea="M28"),
        # half the difference
        Wrong(lambda W, b, strength: ((W[:, 1] - W[:, 0]) / 2, (b[1] - b[0]) / 2, strength / 2), "That is half of the difference"),
        # np.diff keeps an axis
        Wrong(lambda W, b, strength: (np.diff(W.numpy()), np.diff(b.numpy()), strength / 2), "Item `[0]` of your answer has shape (3, 1)"),
        # root of 2
        Wrong(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1] - b[0], strength / math.sqrt(2)), "Lengths halve, and the penalty squares them", idea="M30"),
    ],
    "seven_calls": [
        # misses c and g
        Wrong("a", "What you chose is right, and there is more"),
        # misses g
        Wrong("ac", "What you chose is right, and there is more"),
        # b: softmax twice
        Wrong("abcg", "(b) applies softmax twice"),
        # e: whole-number one-hot
        Wrong("aceg", "(e) stops"),
        # f: columns
        Wrong("acfg", "(f) lets the images share a class among them"),
        # d: nll of probabilities
        Wrong("acdg", "(d) gives a loss below 0"),
        # e for g
        Wrong("ace", "(e) stops"),
        # only one
        Wrong("c", "What you chose is right, and there is more"),
    ],
    "guess_floor": [
        # no negative loss
        Wrong(-1, "Your guess is `-1`"),
        # a word
        Wrong("zero", "A number is needed and this is text"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# three ways at least of writing what a numbered wrong idea leads to, for those that had fewer


def one_hot_in_a_loop(logits, y):
    rows = torch.zeros(len(y), logits.shape[1], dtype=torch.long)
    for i, k in enumerate(y):
        rows[i, k] = 1
    return F.cross_entropy(logits, rows)


def shift_lost_in_a_loop(logits, y):
    total = 0.0
    for z, k in zip(logits, y):
        shifted = z - z.max()
        total = total + shifted.exp().sum().log() - z[k]
    return total / len(y)


def shift_lost_in_numpy(logits, y):
    z = logits.numpy()
    shifted = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - z[np.arange(len(z)), y.numpy()])


for _name, _answers in {
    "softmax_loss": [
        Wrong(one_hot_in_a_loop, "A one-hot target means probabilities, and those are decimals", seen=True, idea="M13"),
        Wrong(lambda logits, y: nn.CrossEntropyLoss()(logits, torch.eye(logits.shape[1], dtype=torch.long)[y]), "A one-hot target means probabilities, and those are decimals", seen=True, idea="M13"),
        Wrong(lambda logits, y: F.cross_entropy(logits, (y[:, None] == torch.arange(logits.shape[1])).int().long()), "A one-hot target means probabilities, and those are decimals", seen=True, idea="M13"),
        Wrong(shift_lost_in_a_loop, "You took the largest score out of the log-sum-exp and did not put", seen=True, idea="M29"),
        Wrong(shift_lost_in_numpy, "You took the largest score out of the log-sum-exp and did not put", seen=True, idea="M29"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


def e_to_the_sum(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.sum(dim=1, keepdim=True).exp()


def small_seeded_start(X, y, n_classes, lr, steps, strength):
    torch.manual_seed(0)
    W, b = 0.01 * torch.randn(X.shape[1], n_classes, dtype=X.dtype), torch.zeros(n_classes, dtype=X.dtype)
    for _ in range(steps):
        off = torch.softmax(X @ W + b, dim=1) - F.one_hot(y, n_classes)
        dW, db = X.T @ off / len(y), off.mean(dim=0)
        W = W - lr * (dW + strength * W)
        b = b - lr * db
    return W, b


for _name, _answers in {
    "softmax": [
        Wrong(e_to_the_sum, "Below the line you raised e to the sum", first="neutral"),  # e to the sum in place of the sum of e-powers
    ],
    "fit_softmax": [
        Wrong(small_seeded_start, "The weights start at random numbers", first="neutral"),  # starts at small random weights, not 0
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# what the page before has made
softmax_gradient = _softmax_gradient.right_answer


# written by the text of the lesson alone


def sum_over_images(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().sum(dim=0)


def total_again(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().sum()


def no_keepdim(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().sum(dim=1)


def sum_of_shifted_no_exp(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.sum(dim=1, keepdim=True)


def exp_of_the_sum(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.sum(dim=1, keepdim=True).exp()


def denominators_from_unshifted_logits(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / logits.exp().sum(dim=1, keepdim=True)


def divides_by_the_mean_2(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().mean(dim=1, keepdim=True)


def divides_by_the_max(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().amax(dim=1, keepdim=True)


def norm(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().norm(dim=1, keepdim=True)


def no_shift_overflows(logits):
    e = torch.exp(logits)
    return e / e.sum(dim=1, keepdim=True)


def log_softmax(logits):
    return F.log_softmax(logits, dim=1)


def sigmoid_each(logits):
    return torch.sigmoid(logits)


def subtracts_the_mean_overflows_for_big_spreads_row_mean(logits):
    shifted = logits - logits.mean(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)


def one_hot_of_argmax(logits):
    return F.one_hot(logits.argmax(dim=1), logits.shape[1]).float()


def sums_to_one_but_with_squares(logits):
    s = logits ** 2
    return s / s.sum(dim=1, keepdim=True)


def softmax_twice(logits):
    return logits.softmax(1).softmax(1)


def softmin(logits):
    return F.softmin(logits, dim=1)


def with_1_sum_an_extra_class_of_score_0(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / (1 + shifted.exp().sum(dim=1, keepdim=True))


def base_2_2(logits):
    shifted = logits - logits.amax(dim=1, keepdim=True)
    e = 2 ** shifted
    return e / e.sum(dim=1, keepdim=True)


def sum_of_the_linear_scores_normalised(logits):
    return logits / logits.sum(dim=1, keepdim=True)


def sum_again(logits, y):
    return F.cross_entropy(logits, y, reduction="sum")


def softmax_before(logits, y):
    return F.cross_entropy(logits.softmax(dim=1), y)


def log_of_softmax_inf_at_1000(logits, y):
    p = torch.softmax(logits, dim=1)
    return -torch.log(p[torch.arange(len(y)), y]).mean()


def one_hot_times_log_of_softmax_nan(logits, y):
    p = torch.softmax(logits, dim=1)
    onehot = F.one_hot(y, logits.shape[1])
    return -(onehot * p.log()).sum() / len(y)


def mean_over_all_entries_divided_by_k_too(logits, y):
    logp = F.log_softmax(logits, dim=1)
    return -(F.one_hot(y, logits.shape[1]) * logp).mean()


def all_columns_p_y(logits, y):
    logp = F.log_softmax(logits, dim=1)
    return -logp[:, y].mean()


def nll_without_log(logits, y):
    return F.nll_loss(logits.softmax(dim=1), y)


def sign_lost(logits, y):
    return F.log_softmax(logits, 1).gather(1, y[:, None]).mean()


def naive_logsumexp_overflow(logits, y):
    return (logits.exp().sum(dim=1).log() - logits[range(len(y)), y]).mean()


def max_not_put_back(logits, y):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    return (shifted.exp().sum(dim=1).log() - logits[torch.arange(len(y)), y]).mean()


def max_over_the_whole_table_put_back_wrongly_subtracts(logits, y):
    m = logits.max(dim=1).values
    lse = (logits - m[:, None]).exp().sum(dim=1).log() - m
    return (lse - logits[torch.arange(len(y)), y]).mean()


def dim_0(logits, y):
    return (torch.logsumexp(logits, dim=0).mean() - logits[torch.arange(len(y)), y].mean())


def log_softmax_dim_0(logits, y):
    return F.nll_loss(F.log_softmax(logits, dim=0), y)


def max_in_place_of_logsumexp(logits, y):
    return (logits.amax(dim=1) - logits[torch.arange(len(y)), y]).mean()


def clamp_p(logits, y):
    p = torch.softmax(logits, dim=1).clamp(min=1e-9)
    return -p[torch.arange(len(y)), y].log().mean()


def binary_cross_entropy_on_onehot(logits, y):
    return F.binary_cross_entropy_with_logits(logits, F.one_hot(y, logits.shape[1]).float())


def price_of_the_predicted_class(logits, y):
    logp = F.log_softmax(logits, dim=1)
    return -logp.max(dim=1).values.mean()


def only_logsumexp(logits, y):
    return torch.logsumexp(logits, dim=1).mean()


def y_off_by_one(logits, y):
    logp = F.log_softmax(logits, dim=1)
    return -logp[torch.arange(len(y)), y - 1].mean()


def prices_per_image(logits, y):
    return F.cross_entropy(logits, y, reduction="none")


def log_of_mean_share(logits, y):
    p = logits.softmax(1)[torch.arange(len(y)), y]
    return -p.mean().log()


def mean_share_wrong_1_p(logits, y):
    return (1 - logits.softmax(1).gather(1, y.unsqueeze(1))).mean()


def loop_forgets_last_image(logits, y):
    total = 0
    for i in range(len(y) - 1):
        total += torch.logsumexp(logits[i], 0) - logits[i, y[i]]
    return total / len(y)


def loop_returns_in_first(logits, y):
    total = 0
    for i in range(len(y)):
        total += torch.logsumexp(logits[i], 0) - logits[i, y[i]]
        return total / len(y)


def no_division_by_n(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    d = p - F.one_hot(y, W.shape[1])
    return X.T @ d, d.sum(0)


def only_b_not_divided(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    d = p - F.one_hot(y, W.shape[1])
    return X.T @ d / len(X), d.sum(0)


def y_p_2(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    d = F.one_hot(y, W.shape[1]) - p
    return X.T @ d / len(X), d.mean(0)


def dim_0_softmax(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=0)
    d = p - F.one_hot(y, W.shape[1])
    return X.T @ d / len(X), d.mean(0)


def bias_left_out_of_the_scores(X, y, W, b):
    p = torch.softmax(X @ W, dim=1)
    d = p - F.one_hot(y, W.shape[1])
    return X.T @ d / len(X), d.mean(0)


def sigmoid_instead_of_softmax(X, y, W, b):
    p = torch.sigmoid(X @ W + b)
    d = p - F.one_hot(y, W.shape[1])
    return X.T @ d / len(X), d.mean(0)


def transposed_w_gradient(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    d = p - F.one_hot(y, W.shape[1])
    return (d.T @ X) / len(X), d.mean(0)


def scores_not_probabilities(X, y, W, b):
    d = X @ W + b - F.one_hot(y, W.shape[1])
    return X.T @ d / len(X), d.mean(0)


def subtracts_the_class_number(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    d = p - y[:, None]
    return X.T @ d / len(X), d.mean(0)


def without_subtracting_1(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    return X.T @ p / len(X), p.mean(0)


def p_y_1_for_all(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    p[:, y] -= 1
    return X.T @ p / len(X), p.mean(0)


def only_true_class_entry(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    d = (p - 1) * F.one_hot(y, W.shape[1])
    return X.T @ d / len(X), d.mean(0)


def divides_by_k_too_mean_of_mean(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    d = p - F.one_hot(y, W.shape[1])
    return X.T @ d / d.numel(), d.sum(0) / d.numel()


def order_swapped_b_w(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    d = p - F.one_hot(y, W.shape[1])
    return d.mean(0), X.T @ d / len(X)


def mse_like_with_p_1_p(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    d = (p - F.one_hot(y, W.shape[1])) * p * (1 - p)
    return X.T @ d / len(X), d.mean(0)


def b_mean_over_classes_shape_n(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    d = p - F.one_hot(y, W.shape[1])
    return X.T @ d / len(X), d.mean(1)


def b_scalar(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    d = p - F.one_hot(y, W.shape[1])
    return X.T @ d / len(X), d.mean()


def hard_argmax_prediction(X, y, W, b):
    K = W.shape[1]
    p = F.one_hot((X @ W + b).argmax(1), K).float()
    d = p - F.one_hot(y, K)
    return X.T @ d / len(X), d.mean(0)


def autograd_with_softmax_before_cross_entropy(X, y, W, b):
    W = W.detach().clone().requires_grad_()
    b = b.detach().clone().requires_grad_()
    loss = F.cross_entropy(torch.softmax(X @ W + b, dim=1), y)
    return torch.autograd.grad(loss, [W, b])


def autograd_accumulating_in_place_on_w_raises(X, y, W, b):
    F.cross_entropy(X @ W + b, y).backward()
    return W.grad, b.grad


def one_hot_without_k(X, y, W, b):
    p = torch.softmax(X @ W + b, dim=1)
    d = p - F.one_hot(y)
    return X.T @ d / len(X), d.mean(0)


def penalty_on_b_too(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        gW, gb = softmax_gradient(X, y, W, b)
        W = W - lr * (gW + strength * W)
        b = b - lr * (gb + strength * b)
    return W, b


def penalty_slope_halved(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        gW, gb = softmax_gradient(X, y, W, b)
        W = W - lr * (gW + strength / 2 * W)
        b = b - lr * gb
    return W, b


def penalty_slope_doubled(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        gW, gb = softmax_gradient(X, y, W, b)
        W = W - lr * (gW + 2 * strength * W)
        b = b - lr * gb
    return W, b


def penalty_left_out(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        gW, gb = softmax_gradient(X, y, W, b)
        W, b = W - lr * gW, b - lr * gb
    return W, b


def penalty_subtracted(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        gW, gb = softmax_gradient(X, y, W, b)
        W = W - lr * (gW - strength * W)
        b = b - lr * gb
    return W, b


def decay_without_lr(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        gW, gb = softmax_gradient(X, y, W, b)
        W = W - lr * gW - strength * W
        b = b - lr * gb
    return W, b


def ascends_2(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        gW, gb = softmax_gradient(X, y, W, b)
        W = W + lr * (gW + strength * W)
        b = b + lr * gb
    return W, b


def random_start(X, y, n_classes, lr, steps, strength):
    W, b = 0.01 * torch.randn(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        gW, gb = softmax_gradient(X, y, W, b)
        W = W - lr * (gW + strength * W)
        b = b - lr * gb
    return W, b


def strength_added_not_times_w(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        gW, gb = softmax_gradient(X, y, W, b)
        W = W - lr * (gW + strength)
        b = b - lr * gb
    return W, b


def l1_sign(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        gW, gb = softmax_gradient(X, y, W, b)
        W = W - lr * (gW + strength * W.sign())
        b = b - lr * gb
    return W, b


def gradient_once(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    gW, gb = softmax_gradient(X, y, W, b)
    for _ in range(steps):
        W = W - lr * (gW + strength * W)
        b = b - lr * gb
    return W, b


def b_is_never_updated(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        gW, _ = softmax_gradient(X, y, W, b)
        W = W - lr * (gW + strength * W)
    return W, b


def gradient_for_b_after_w_moved(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        W = W - lr * (softmax_gradient(X, y, W, b)[0] + strength * W)
        b = b - lr * softmax_gradient(X, y, W, b)[1]
    return W, b


def weight_decay_of_sgd_on_everything(X, y, n_classes, lr, steps, strength):
    W = torch.zeros(X.shape[1], n_classes, requires_grad=True)
    b = torch.zeros(n_classes, requires_grad=True)
    opt = torch.optim.SGD([W, b], lr=lr, weight_decay=strength)
    for _ in range(steps):
        opt.zero_grad()
        F.cross_entropy(X @ W + b, y).backward()
        opt.step()
    return W.detach(), b.detach()


def penalty_in_the_loss_without_the_half(X, y, n_classes, lr, steps, strength):
    W = torch.zeros(X.shape[1], n_classes, requires_grad=True)
    b = torch.zeros(n_classes, requires_grad=True)
    for _ in range(steps):
        loss = F.cross_entropy(X @ W + b, y) + strength * (W ** 2).sum()
        gW, gb = torch.autograd.grad(loss, (W, b))
        with torch.no_grad():
            W -= lr * gW
            b -= lr * gb
    return W.detach(), b.detach()


def mean_of_squares_in_the_penalty(X, y, n_classes, lr, steps, strength):
    W = torch.zeros(X.shape[1], n_classes, requires_grad=True)
    b = torch.zeros(n_classes, requires_grad=True)
    for _ in range(steps):
        loss = F.cross_entropy(X @ W + b, y) + strength / 2 * (W ** 2).mean()
        gW, gb = torch.autograd.grad(loss, (W, b))
        with torch.no_grad():
            W -= lr * gW
            b -= lr * gb
    return W.detach(), b.detach()


def one_step_too_few_2(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(1, steps):
        gW, gb = softmax_gradient(X, y, W, b)
        W = W - lr * (gW + strength * W)
        b = b - lr * gb
    return W, b


def returns_only_w(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        gW, gb = softmax_gradient(X, y, W, b)
        W = W - lr * (gW + strength * W)
        b = b - lr * gb
    return W


def w_of_wrong_shape_k_m_returned(X, y, n_classes, lr, steps, strength):
    layer = nn.Linear(X.shape[1], n_classes)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    opt = torch.optim.SGD([{"params": [layer.weight], "weight_decay": strength}, {"params": [layer.bias]}], lr=lr)
    for _ in range(steps):
        opt.zero_grad()
        F.cross_entropy(layer(X), y).backward()
        opt.step()
    return layer.weight.detach(), layer.bias.detach()


def nn_linear_at_its_random_start(X, y, n_classes, lr, steps, strength):
    layer = nn.Linear(X.shape[1], n_classes)
    opt = torch.optim.SGD([{"params": [layer.weight], "weight_decay": strength}, {"params": [layer.bias]}], lr=lr)
    for _ in range(steps):
        opt.zero_grad()
        F.cross_entropy(layer(X), y).backward()
        opt.step()
    return layer.weight.detach().T, layer.bias.detach()


class SoftmaxInForward(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return torch.softmax(self.linear(X), dim=1)
    def predict_proba(self, X):
        return self.forward(X)


class SoftmaxInBothTwice(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return torch.softmax(self.linear(X), dim=1)
    def predict_proba(self, X):
        return torch.softmax(self(X), dim=1)


class Sigmoid(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return torch.sigmoid(self(X))


class Dim02(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return self(X).softmax(dim=0)


class LogProbabilities(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return F.log_softmax(self(X), dim=1)


class PredictProbaGivesLogits(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return self(X)


class ClassesRatherThanProbabilities(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return self(X).argmax(dim=1)


class BiasOff(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes, bias=False)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return self(X).softmax(dim=1)


class SizesSwapped(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_classes, n_features)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return self(X).softmax(dim=1)


class ReluAfterLinear(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return F.relu(self.linear(X))
    def predict_proba(self, X):
        return self(X).softmax(dim=1)


class SelfLinearSelfXTwice(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return torch.softmax(self.linear(self(X)), dim=1)


class SoftmaxOfRawX(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return torch.softmax(X, dim=1)


class WeightWithoutBiasByHand(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return X @ self.linear.weight.T
    def predict_proba(self, X):
        return torch.softmax(self(X), dim=1)


class NaiveOverflow(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        e = self(X).exp()
        return e / e.sum(dim=1, keepdim=True)


class DetachedLogits(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        with torch.no_grad():
            return self.linear(X)
    def predict_proba(self, X):
        return torch.softmax(self(X), dim=1)


class AnInstanceNotTheClass(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return torch.softmax(self(X), dim=1)


class SuperInitMissing(nn.Module):
    def __init__(self, n_features, n_classes):
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        return torch.softmax(self(X), dim=1)


class NothingReturnedFromPredictProba(nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)
    def forward(self, X):
        return self.linear(X)
    def predict_proba(self, X):
        p = torch.softmax(self(X), dim=1)


def first_minus_second(W, b, strength):
    return W[:, 0] - W[:, 1], b[0] - b[1], strength / 2


def strength_unchanged(W, b, strength):
    return W[:, 1] - W[:, 0], b[1] - b[0], strength


def strength_doubled(W, b, strength):
    return W[:, 1] - W[:, 0], b[1] - b[0], 2 * strength


def only_the_second_class(W, b, strength):
    return W[:, 1], b[1], strength / 2


def rows_rather_than_columns(W, b, strength):
    return W[1] - W[0], b[1] - b[0], strength / 2


def sum_2(W, b, strength):
    return W.sum(dim=1), b.sum(), strength / 2


def half_the_difference(W, b, strength):
    return (W[:, 1] - W[:, 0]) / 2, (b[1] - b[0]) / 2, strength / 2


def quarter_strength(W, b, strength):
    return W[:, 1] - W[:, 0], b[1] - b[0], strength / 4


def bias_of_one(W, b, strength):
    return W[:, 1] - W[:, 0], b[1], strength / 2


def root_of_strength(W, b, strength):
    return W[:, 1] - W[:, 0], b[1] - b[0], strength ** 0.5


def bias_sign_slip_only(W, b, strength):
    return W[:, 1] - W[:, 0], b[0] - b[1], strength / 2


def means(W, b, strength):
    return W.mean(1), b.mean(), strength / 2


def keepdim_column(W, b, strength):
    return W[:, 1:] - W[:, :1], b[1:] - b[:1], strength / 2


def abs_difference(W, b, strength):
    return (W[:, 1] - W[:, 0]).abs(), (b[1] - b[0]).abs(), strength / 2


def quotient(W, b, strength):
    return W[:, 1] / W[:, 0], b[1] / b[0], strength / 2


for _name, _answers in {
    "recall_price": [
        Wrong(1, "That is the logarithm to base 2, a price in bits"),  # log2
        Wrong(math.log(0.5), "Your answer is `-0.6931`; the size is right and the sign is not"),  # no minus
        Wrong(0.5, "That is the probability"),  # one minus p
        Wrong(-math.log10(0.5), "That is the logarithm to base 10"),  # log10
        Wrong(0.25, "That is the squared distance"),  # squared
        Wrong(1.386, "That is the price of p = 0.25"),  # both prices added
        Wrong(2, "That is 1/p"),  # odds
        Wrong(math.log(1.5), "That is the logarithm of 1.5", first="neutral"),  # log of 1.5
        Wrong(0.3466, "Half of it: nothing is halved here"),  # half of it y log p + ..
        Wrong(0, "Only who gave probability 1 pays nothing"),  # logit of a half
    ],
    "shift_all": [
        Wrong("a", "All ten scores of an image move by the same amount, and softmax sees differences only"),  # a
        Wrong("b", "Softmax is blind to the shift, log-sum-exp is not"),  # b
        Wrong("d", "However well it fits the image, it raises all ten scores alike"),  # d
    ],
    "seven_calls": [
        Wrong("a", "What you chose is right, and there is more"),  # only a
        Wrong("ac", "What you chose is right, and there is more"),  # a, c
        Wrong("a, c, e, g", "(e) stops: one-hot targets are read as probabilities, and those must be decimals"),  # a c e g
        Wrong("abc", "(b) applies softmax twice"),  # a b c
        Wrong("adg", "(d) gives a loss below 0: `nll_loss` wants log-probabilities"),  # a d g (nll of softmax)
        Wrong("abcdefg", "(b) applies softmax twice"),  # all
        Wrong("acfg", "(f) lets the images share a class among them: it says no word, and rows do not sum to 1"),  # acf g
    ],
    "softmax": [
        Wrong(sum_over_images, "Your columns sum to 1, the rows do not: classes live in dim=1"),  # sum over images
        Wrong(total_again, "All numbers of the table together sum to 1"),  # total
        Wrong(no_keepdim, "A size of 3 meets a size of 5 in the same dimension"),  # no keepdim
        Wrong(sum_of_shifted_no_exp, "Above the line stands e to the score; below it, the scores as they are"),  # sum of shifted, no exp
        Wrong(exp_of_the_sum, "Below the line you raised e to the sum"),  # exp of the sum
        Wrong(denominators_from_unshifted_logits, "Above the line the scores are shifted, below it they are not"),  # denominators from unshifted logits
        Wrong(divides_by_the_mean_2, "Your rows sum to K, the number of classes, and not to 1"),  # divides by the mean
        Wrong(divides_by_the_max, "Positive they are, and they do not sum to 1 yet: divide each row by its sum"),  # divides by the max
        Wrong(norm, "You divided each row by its length, so that its squares sum to 1", first="neutral"),  # norm
        Wrong(no_shift_overflows, "Right, until a score is 1000: then e to it is infinite, and infinite by infinite is nan"),  # no shift: overflows
        Wrong(log_softmax, "These are logarithms of probabilities, all below 0"),  # log softmax
        Wrong(sigmoid_each, "You answered yes or no for each class by itself, so the rows do not share a budget of 1"),  # sigmoid each
        Wrong(subtracts_the_mean_overflows_for_big_spreads_row_mean, "What you take off each row is not its largest score"),  # subtracts the mean: overflows for big spreads? row mean
        Wrong(one_hot_of_argmax, "That is the decision, all for one class"),  # one-hot of argmax
        Wrong(sums_to_one_but_with_squares, "You squared the scores, so that one far below 0 gets much", first="neutral"),  # sums to one but with squares
        Wrong(softmax_twice, "Softmax twice: the second takes the probabilities for scores, and evens them out"),  # softmax twice
        Wrong(softmin, "The order is turned round"),  # softmin
        Wrong(with_1_sum_an_extra_class_of_score_0, "There is a 1 too many below the line, so the rows do not sum to 1", first="neutral"),  # 1 + sum (an extra class of score 0)
        Wrong(base_2_2, "You raised another number than e to the scores"),  # base 2
        Wrong(sum_of_the_linear_scores_normalised, "You divided the scores as they are, and some are below 0"),  # sum of the linear scores normalised
    ],
    "softmax_loss": [
        Wrong(sum_again, "This is the sum over the images; the mean is needed"),  # sum
        Wrong(softmax_before, "Two softmaxes: `F.cross_entropy` takes scores and applies softmax itself"),  # softmax before
        Wrong(log_of_softmax_inf_at_1000, "Your loss is infinite: a probability of e to −1000 becomes 0, and its logarithm −∞"),  # log of softmax, -inf at 1000
        Wrong(one_hot_times_log_of_softmax_nan, "Your loss is nan: a probability became 0, its logarithm is −∞, and 0 · (−∞) is nan"),  # one hot times log of softmax: nan
        Wrong(mean_over_all_entries_divided_by_k_too, "You averaged over images and classes"),  # mean over all entries: divided by K too
        Wrong(all_columns_p_y, "`logits[:, y]` takes the columns of all labels for every row"),  # all columns p[:, y]
        Wrong(nll_without_log, "A loss below 0: `nll_loss` wants log-probabilities and got probabilities"),  # nll without log
        Wrong(sign_lost, "The sign is turned round: a price is minus the log"),  # sign lost
        Wrong(naive_logsumexp_overflow, "e to the power of 1000 is infinite for the computer, and so is your loss"),  # naive logsumexp overflow
        Wrong(max_not_put_back, "You took the largest score out of the log-sum-exp and did not put it back"),  # max not put back
        Wrong(max_over_the_whole_table_put_back_wrongly_subtracts, "The largest score was taken off twice", first="neutral"),  # max over the whole table put back wrongly: subtracts
        Wrong(dim_0, "Your log-sum-exp runs down the columns: it compares images", first="neutral"),  # dim 0
        Wrong(log_softmax_dim_0, "Your log-softmax runs down the columns: it compares images"),  # log_softmax dim=0
        Wrong(max_in_place_of_logsumexp, "That is what the true score lacks to the largest"),  # max in place of logsumexp
        Wrong(clamp_p, "A small number inside the logarithm caps the price"),  # clamp p
        Wrong(binary_cross_entropy_on_onehot, "That is K yes/no losses, each with a sigmoid"),  # binary cross entropy on onehot
        Wrong(price_of_the_predicted_class, "You took the class with the largest share"),  # price of the predicted class
        Wrong(only_logsumexp, "That is the log-sum-exp alone"),  # only logsumexp
        Wrong(y_off_by_one, "Another class pays than the true one", first="neutral"),  # y off by one
        Wrong(prices_per_image, "Is a `.mean()` or `.sum()` missing?"),  # prices per image
        Wrong(log_of_mean_share, "Logarithm of the mean: here the mean comes last"),  # log of mean share
        Wrong(mean_share_wrong_1_p, "That is what the true class lacks to 1"),  # mean share wrong: 1 - p
        Wrong(loop_forgets_last_image, "Yours is what all examples but the last give, divided by the number of all. `range(n)` goes through all n; `[:-1]` leaves the last out", first="neutral"),  # loop forgets last image
        Wrong(loop_returns_in_first, "Only the first image is counted"),  # loop returns in first
    ],
    "softmax_gradient": [
        Wrong(no_division_by_n, "This is the gradient of the sum over the images"),  # no division by n
        Wrong(only_b_not_divided, "The slope of W is divided by the number of images, that of b is not yet"),  # only b not divided
        Wrong(y_p_2, "The signs are turned round: this points down the slope"),  # y - p
        Wrong(dim_0_softmax, "Your softmax runs down the columns: it compares images"),  # dim 0 softmax
        Wrong(bias_left_out_of_the_scores, "The bias is missing from the scores: they are `X @ W + b`"),  # bias left out of the scores
        Wrong(sigmoid_instead_of_softmax, "That is the gradient of K yes/no models"),  # sigmoid instead of softmax
        Wrong(transposed_w_gradient, "The slope of W has shape (K, m), as `nn.Linear` keeps it"),  # transposed W gradient
        Wrong(scores_not_probabilities, "The scores themselves were compared with what is due"),  # scores not probabilities
        Wrong(subtracts_the_class_number, "The class numbers themselves were subtracted, a 3 as the number 3"),  # subtracts the class number
        Wrong(without_subtracting_1, "The shares are there, the shares due are not"),  # without subtracting 1
        Wrong(p_y_1_for_all, "`p[:, y] -= 1` takes 1 from the columns of all labels in every row"),  # p[:, y] -= 1 for all
        Wrong(only_true_class_entry, "Each image moves its true class alone"),  # only true-class entry
        Wrong(divides_by_k_too_mean_of_mean, "The mean was taken over images and classes"),  # divides by K too (mean of mean)
        Wrong(order_swapped_b_w, "Both are there, b first"),  # order swapped b, W
        Wrong(mse_like_with_p_1_p, "A factor p (1 − p) stands in it, as for a squared distance"),  # mse-like with p(1-p)
        Wrong(b_mean_over_classes_shape_n, "The slope of b has one number an image"),  # b mean over classes: shape (n,)
        Wrong(b_scalar, "The slope of b became one number"),  # b scalar
        Wrong(hard_argmax_prediction, "Decisions were compared with what is due, all for one class"),  # hard argmax prediction
        Wrong(autograd_with_softmax_before_cross_entropy, "Two softmaxes: `F.cross_entropy` takes scores and applies softmax itself"),  # autograd with softmax before cross_entropy
        Wrong(autograd_accumulating_in_place_on_w_raises, "`backward()` finds no recorded computation"),  # autograd accumulating in place on W raises
        Wrong(one_hot_without_k, "`F.one_hot(y)` makes no column for a class that is missing at the end", first="neutral"),  # one_hot without K
    ],
    "fit_softmax": [
        Wrong(penalty_on_b_too, "The bias is pulled to 0 as well"),  # penalty on b too
        Wrong(penalty_slope_halved, "The penalty pulls half as hard as it should"),  # penalty slope halved
        Wrong(penalty_slope_doubled, "The penalty pulls twice as hard as it should"),  # penalty slope doubled
        Wrong(penalty_left_out, "The penalty is not in your steps"),  # penalty left out
        Wrong(penalty_subtracted, "The penalty pushes the weights away from 0"),  # penalty subtracted
        Wrong(decay_without_lr, "The pull of the penalty has no lr before it"),  # decay without lr
        Wrong(ascends_2, "It goes uphill: the step is against the slope, `W - lr * …`"),  # ascends
        Wrong(random_start, "The weights start at random numbers"),  # random start
        Wrong(strength_added_not_times_w, "The penalty pulls by its strength alone, whatever the weight"),  # strength added, not times W
        Wrong(l1_sign, "The penalty pulls by its strength in the direction of each sign, as an L1 penalty does"),  # L1: sign
        Wrong(gradient_once, "The slopes are taken once, before the loop"),  # gradient once
        Wrong(b_is_never_updated, "The biases stay at 0"),  # b is never updated
        Wrong(gradient_for_b_after_w_moved, "The second of your two steps already sees the new W"),  # gradient for b after W moved
        Wrong(weight_decay_of_sgd_on_everything, "The bias is pulled to 0 as well"),  # weight_decay of SGD on everything
        Wrong(penalty_in_the_loss_without_the_half, "The penalty pulls twice as hard as it should"),  # penalty in the loss without the half
        Wrong(mean_of_squares_in_the_penalty, "The penalty was averaged over the weights", first="neutral"),  # mean of squares in the penalty
        Wrong(one_step_too_few_2, "One step is missing: `range(steps)` makes `steps` of them"),  # one step too few
        Wrong(returns_only_w, "One thing came back"),  # returns only W
        Wrong(w_of_wrong_shape_k_m_returned, "W has shape (K, m), as `nn.Linear` keeps it"),  # W of wrong shape (K, m) returned
        Wrong(nn_linear_at_its_random_start, "Yours is another one with other random numbers, and the needed one is not. Is something drawn that is given, such as a start or an order? Is dropout on? Is a layer made inside, with weights of its own?", first="neutral"),  # nn.Linear at its random start
    ],
    "MultinomialLogit": [
        Wrong(SoftmaxInForward, "Your `forward` gives probabilities"),  # softmax in forward
        Wrong(SoftmaxInBothTwice, "Softmax twice: your `forward` has one already, and `predict_proba` adds another"),  # softmax in both: twice
        Wrong(Sigmoid, "A sigmoid for each class: K yes/no answers that do not share a budget of 1"),  # sigmoid
        Wrong(Dim02, "`predict_proba` makes columns that sum to 1, not rows: classes live in dim=1"),  # dim 0
        Wrong(LogProbabilities, "`predict_proba` gives logarithms, all below 0"),  # log probabilities
        Wrong(PredictProbaGivesLogits, "`predict_proba` gives the logits as they are"),  # predict_proba gives logits
        Wrong(ClassesRatherThanProbabilities, "`predict_proba` gives the decision, one class an image"),  # classes rather than probabilities
        Wrong(BiasOff, "The bias is missing: a rare class needs a way to say so before it looks at the pixels"),  # bias off
        Wrong(SizesSwapped, "X (n, m) meets a weight that lies the wrong way"),  # sizes swapped
        Wrong(ReluAfterLinear, "`forward` bends the scores: they are no weighted sums of X"),  # relu after linear
        Wrong(SelfLinearSelfXTwice, "What goes into the layer has a column for each class", first="wrongly named"),  # self.linear(self(X)): twice
        Wrong(SoftmaxOfRawX, "`predict_proba` has a number for each column of X", first="neutral"),  # softmax of raw X
        Wrong(WeightWithoutBiasByHand, "The loss does not reach the bias"),  # weight without bias by hand
        Wrong(NaiveOverflow, "Right, until a score is 1000: then e to it is infinite, and infinite by infinite is nan"),  # naive overflow
        Wrong(DetachedLogits, "Nothing would learn: no gradient gets from the scores of `forward` to the parameters"),  # detached logits
        Wrong(AnInstanceNotTheClass(64, 10), "Give the class itself, without making one of it: `exercises.MultinomialLogit.check(MultinomialLogit)`"),  # an instance, not the class
        Wrong(SuperInitMissing, "A module has to be set up before layers are put into it: begin `__init__` with `super().__init__()`"),  # super().__init__ missing
        Wrong(NothingReturnedFromPredictProba, "`predict_proba` gives back None"),  # nothing returned from predict_proba
    ],
    "as_one_neuron": [
        Wrong(first_minus_second, "This neuron speaks for class 0"),  # first minus second
        Wrong(strength_unchanged, "With equal strength the neuron is held back more"),  # strength unchanged
        Wrong(strength_doubled, "The strength went the other way"),  # strength doubled
        Wrong(only_the_second_class, "Class 1's own column is half of the story: what class 0 says is taken off"),  # only the second class
        Wrong(rows_rather_than_columns, "You took two rows of W, and those are pixels"),  # rows rather than columns
        Wrong(sum_2, "You added the two columns"),  # sum
        Wrong(half_the_difference, "That is half of the difference"),  # half the difference
        Wrong(quarter_strength, "Each half has a quarter of the square, and there are two halves"),  # quarter strength
        Wrong(bias_of_one, "Of the bias, too, only the difference counts: b₁ − b₀"),  # bias of one
        Wrong(root_of_strength, "Lengths are squared in the penalty, the strength is not: it is halved"),  # root of strength
        Wrong(bias_sign_slip_only, "The weights are right, the bias is turned round: b₁ − b₀"),  # bias sign slip only
        Wrong(means, "You averaged the two columns"),  # means
        Wrong(keepdim_column, "Use `.squeeze(1)`"),  # keepdim column
        Wrong(abs_difference, "Every value of yours is the size of the needed one, without its sign"),  # abs difference
        Wrong(quotient, "You divided one column by the other"),  # quotient
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Written from the page alone, in one more round


class names_the_class(torch.nn.Module):
    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = torch.nn.Linear(n_features, n_classes)

    def forward(self, X):
        return self.linear(X).argmax(1)

    def predict_proba(self, X):
        return self.linear(X).softmax(1)


for _name, _answers in {
    "softmax": [
        Wrong(lambda logits: torch.softmax(logits, 1).round(decimals=2), "rounded to 2 decimals", first="neutral", never=("too far off for rounding",)),
        Wrong(lambda logits: (e := (logits - logits.amax(1, keepdim=True)).exp()) / (e.sum(1, keepdim=True) - e), "those are odds", first="neutral"),
    ],
    "softmax_loss": [
        Wrong(lambda logits, y: torch.nn.CrossEntropyLoss(label_smoothing=0.1)(logits, y), "spread over the other classes", first="neutral"),
        Wrong(lambda logits, y: F.cross_entropy(logits, y, reduction="none").sum() / logits.size(1), "divided by the number of classes", first="neutral"),
    ],
    "softmax_gradient": [
        Wrong(lambda X, y, W, b: [X.T @ (e := (X @ W + b).softmax(1) - torch.eye(len(b))[y]) / X.shape[1], e.sum(0) / X.shape[1]], "divided by the number of pixels", first="neutral"),
    ],
    "MultinomialLogit": [Wrong(names_the_class, "one number for each image", first="neutral")],
    "as_one_neuron": [
        Wrong(lambda W, b, strength: W[:, 1] - W[:, 0], "is one tensor of shape (3,); 3 parts are needed", first="wrongly named", never=("Is the `return` inside a loop",)),
        Wrong(lambda W, b, strength: (strength / 2, W[:, 1] - W[:, 0], b[1] - b[0]), "in another order", never=("Is the `return` inside a loop",)),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)
