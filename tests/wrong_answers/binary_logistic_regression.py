"""Wrong answers to the exercises of lesson 01, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B905, E501, E731, F821, F841

import math

import numpy as np
import torch
import torch.nn.functional as F

from course_utils.exercises.binary_logistic_regression import gradient as _gradient
from course_utils.exercises.binary_logistic_regression import log_loss as _log_loss
from wrong_answers import NEUTRAL, Wrong


def bern(p, y): return -(y * torch.log(p) + (1 - y) * torch.log(1 - p))


def loop_math_domain(z, y):
    total = 0
    for zi, yi in zip(z, y):
        p = 1 / (1 + math.exp(-zi))
        total -= yi * math.log(p) + (1 - yi) * math.log(1 - p)
    return total / len(z)


def p_(X, w, b): return torch.sigmoid(X @ w + b)


def last_row_only_for(X, y, w, b):
    g = torch.zeros_like(w)
    for i in range(len(y)):
        p = torch.sigmoid(X[i] @ w + b)
        g = (p - y[i]) * X[i]
    return g / len(y)


def loop_sum(X, y, w, b):
    g = torch.zeros_like(w)
    for xi, yi in zip(X, y):
        g += (torch.sigmoid(xi @ w + b) - yi) * xi
    return g


def autograd_sum(X, y, w, b):
    w = w.clone().requires_grad_(True)
    F.binary_cross_entropy_with_logits(X @ w + b, y, reduction="sum").backward()
    return w.grad


def autograd_mse(X, y, w, b):
    w = w.clone().requires_grad_(True)
    F.mse_loss(torch.sigmoid(X @ w + b), y).backward()
    return w.grad


def loss_(X, y, w, b): return F.binary_cross_entropy_with_logits(X @ w + b, y)


def walk(change):
    """The right loop but for `change(X, y, w, b, p, n, lr)` that gives the new w and b."""
    def answer(X, y, lr, steps):
        w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
        for _ in range(steps):
            losses.append(loss_(X, y, w, b))
            w, b = change(X, y, w, b, torch.sigmoid(X @ w + b), len(y), lr)
        return w, b, losses
    return answer


def loss_after_the_step(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        d = torch.sigmoid(X @ w + b) - y
        w = w - lr * (d @ X) / len(y)
        b = b - lr * d.mean()
        losses.append(loss_(X, y, w, b))
    return w, b, losses


def b_s_gradient_at_the_new_w(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        losses.append(loss_(X, y, w, b))
        w = w - lr * (torch.sigmoid(X @ w + b) - y) @ X / len(y)
        b = b - lr * (torch.sigmoid(X @ w + b) - y).mean()
    return w, b, losses


def no_zero_grad(X, y, lr, steps):
    w = X.new_zeros(X.shape[1]).requires_grad_()
    b = X.new_zeros(()).requires_grad_()
    losses = []
    for _ in range(steps):
        loss = loss_(X, y, w, b)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        losses.append(loss.item())
    return w, b, losses


def one_step_too_few(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(1, steps):
        d = torch.sigmoid(X @ w + b) - y
        losses.append(loss_(X, y, w, b))
        w, b = w - lr * (d @ X) / len(y), b - lr * d.mean()
    return w, b, losses


def return_in_the_loop(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        d = torch.sigmoid(X @ w + b) - y
        losses.append(loss_(X, y, w, b))
        w, b = w - lr * (d @ X) / len(y), b - lr * d.mean()
        return w, b, losses


def starts_at_ones(X, y, lr, steps):
    w, b, losses = X.new_ones(X.shape[1]), X.new_ones(()), []
    for _ in range(steps):
        d = torch.sigmoid(X @ w + b) - y
        losses.append(loss_(X, y, w, b))
        w, b = w - lr * (d @ X) / len(y), b - lr * d.mean()
    return w, b, losses


def only_the_last_loss(X, y, lr, steps):
    w, b = X.new_zeros(X.shape[1]), X.new_zeros(())
    for _ in range(steps):
        d = torch.sigmoid(X @ w + b) - y
        loss = loss_(X, y, w, b)
        w, b = w - lr * (d @ X) / len(y), b - lr * d.mean()
    return w, b, loss


def order_of_the_result(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        d = torch.sigmoid(X @ w + b) - y
        losses.append(loss_(X, y, w, b))
        w, b = w - lr * (d @ X) / len(y), b - lr * d.mean()
    return losses, w, b


def summed_losses_kept(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        d = torch.sigmoid(X @ w + b) - y
        losses.append(F.binary_cross_entropy_with_logits(X @ w + b, y, reduction="sum"))
        w, b = w - lr * (d @ X) / len(y), b - lr * d.mean()
    return w, b, losses


def squared_error(X, y, lr, steps):
    w = X.new_zeros(X.shape[1]).requires_grad_()
    b = X.new_zeros(1).requires_grad_()
    optimizer = torch.optim.SGD([w, b], lr=lr)
    losses = []
    for _ in range(steps):
        loss = F.mse_loss(torch.sigmoid(X @ w + b), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return w, b[0], losses


def b_never_in_the_score(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        d = torch.sigmoid(X @ w) - y
        losses.append(loss_(X, y, w, 0).item())
        w, b = w - lr * (d @ X) / len(y), b - lr * d.mean()
    return w, b, losses


def one_step_too_many(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps + 1):
        d = torch.sigmoid(X @ w + b) - y
        losses.append(loss_(X, y, w, b))
        w, b = w - lr * (d @ X) / len(y), b - lr * d.mean()
    return w, b, losses


WRONG = {
    "classify": [
        Wrong(lambda scores: (scores > 0.5).int(), "You compared the score with 0.5, not the probability"),
        Wrong(lambda scores: torch.where(scores >= 0.5, 1, 0), "You compared the score with 0.5, not the probability"),
        Wrong(lambda scores: np.where(scores.numpy() > 0.5, 1, 0),
              "You compared the score with 0.5, not the probability"),
        Wrong(lambda scores: torch.tensor([1 if s > 0.5 else 0 for s in scores]),
              "You compared the score with 0.5, not the probability"),
        Wrong(lambda scores: torch.sigmoid(scores), "These are probabilities"),
        Wrong(lambda scores: (torch.sigmoid(scores) > 0).long(), "Every flight is called damaged, whatever its score"),
        Wrong(lambda scores: (scores < 0).long(), "You have it the wrong way round"),
        Wrong(lambda scores: scores.round(), "You rounded the scores"),
        Wrong(lambda scores: scores.sign(), "These are 1 and −1"),
        Wrong(lambda scores: scores.argmax(), "That is the place of the highest score", first="neutral"),
        Wrong(lambda scores: (scores > scores.mean()).long(),
              "You compared each score with the mean of all", first="neutral"),
        Wrong(lambda scores: [(1 if s > 0 else 0) for s in scores][0], "Is the `return` inside a loop"),
        Wrong(lambda scores: (scores.abs() > 0).int(), "Every score other than 0 counts as damage", first="wrongly named"),
        Wrong(lambda scores: scores.bool(), "Every score other than 0 counts as damage", first="wrongly named"),
        Wrong(lambda scores: (scores > 1).float(), "Only scores above 1 count as damage here", first="neutral"),
        Wrong(lambda scores: (1 / (1 + np.exp(-scores.numpy())) > 0).astype(int),
              "Every flight is called damaged, whatever its score"),
        Wrong(lambda scores: torch.stack([(s > .5).float() for s in scores]),
              "You compared the score with 0.5, not the probability"),
        Wrong(lambda scores: 1 - (scores > 0).long(), "You have it the wrong way round"),
        Wrong(lambda scores: scores.clamp(0, 1).round(), "You compared the score with 0.5, not the probability"),
        Wrong(lambda scores: (torch.sigmoid(torch.sigmoid(scores)) > 0.5).int(),
              "Every flight is called damaged, whatever its score"),
        Wrong(lambda scores: torch.where(scores > 0, 1, -1), "These are 1 and −1"),
        Wrong(lambda scores: torch.ceil(torch.sigmoid(scores)), "Every flight is called damaged, whatever its score"),
        Wrong(lambda scores: (scores > 0).nonzero(), "Those are the places of the damaged flights", first="neutral"),
    ],
    "log_loss": [
        Wrong(lambda z, y: bern(z, y).mean(),
              "You took logarithms of the scores, which may lie below 0", first="neutral"),
        Wrong(lambda z, y: bern(torch.sigmoid(z), y).mean(), "For the score -200 and damage you charge infinity"),
        Wrong(lambda z, y: -np.mean(y.numpy() * np.log(1 / (1 + np.exp(-z.numpy()))) + (1 - y.numpy()) * np.log(1 - 1 / (1 + np.exp(-z.numpy())))),
              "For the score -200 and damage you charge infinity"),
        Wrong(lambda z, y: F.binary_cross_entropy_with_logits(z, y, reduction="sum"),
              "This is the sum over the flights"),
        Wrong(lambda z, y: (F.softplus(z) - y * z).sum(), "This is the sum over the flights"),
        Wrong(lambda z, y: (y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z)).mean(), "The sign is turned round"),
        Wrong(lambda z, y: -(y * F.logsigmoid(z)).mean(), "The flights without damage pay nothing here"),
        Wrong(lambda z, y: -F.logsigmoid(z[y == 1]).mean(),
              "You averaged over the damaged flights alone", first="neutral"),
        Wrong(lambda z, y: F.mse_loss(torch.sigmoid(z), y), "That is the squared distance"),
        Wrong(lambda z, y: ((1 / (1 + (-z).exp()) - y) ** 2).mean(), "That is the squared distance"),
        Wrong(lambda z, y: (y * F.softplus(z) + (1 - y) * F.softplus(-z)).mean(), "You charge the wrong flights"),
        Wrong(lambda z, y: F.softplus(z) - y * z, "Is a `.mean()` or `.sum()` missing"),
        Wrong(lambda z, y: F.binary_cross_entropy_with_logits(torch.sigmoid(z), y), "Two sigmoids"),
        Wrong(lambda z, y: bern(torch.sigmoid(z).clamp(1e-7, 1 - 1e-7), y).mean(), "A small number caps the price"),
        Wrong(lambda z, y: F.binary_cross_entropy(torch.sigmoid(z), y),
              "For the score -200 and damage you charge 100 where 200 is due"),
        Wrong(lambda z, y: -(y * (torch.sigmoid(z) + 1e-9).log() + (1 - y) * (1 - torch.sigmoid(z) + 1e-9).log()).mean(),
              "A small number caps the price"),
        Wrong(loop_math_domain, "Python's `math.log` stops at 0, and for the score 200 `1 - p` is 0", first="neutral"),
        Wrong(lambda z, y: bern(torch.sigmoid(z.double()), y.double()).mean(),
              "For the score 200 and no damage you charge infinity"),
        Wrong(lambda z, y: -((y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z)) / math.log(2)).mean(),
              "That is with another logarithm"),
        Wrong(lambda z, y: (F.softplus(z) + y * z).mean(), "The term y z has the wrong sign", first="neutral"),
        Wrong(lambda z, y: ((z > 0).float() != y).float().mean(),
              "That is the share of wrong decisions", first="neutral"),
        Wrong(lambda z, y: F.softplus(-z).mean(), "Every flight pays -log p, as if all were damaged"),
        Wrong(lambda z, y: torch.log(1 + torch.exp(z)).mean() - (y * z).mean(),
              "For the score 200 and no damage you charge infinity"),
        Wrong(lambda z, y: F.binary_cross_entropy_with_logits(y, z), "Scores and labels are exchanged"),
        Wrong(lambda z, y: F.softplus(-z[y == 1]).mean() + F.softplus(z[y == 0]).mean(),
              "Two means were added, one of each class", first="neutral"),
        Wrong(lambda z, y: (1 - (2 * y - 1) * z).clamp(min=0).mean(),
              "That is the hinge loss, of another model", first="neutral"),
        Wrong(lambda z, y: (torch.sigmoid(z) - y).abs().mean(), "That is how far p is off"),
        Wrong(lambda z, y: (y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z)).sum(),
              "The sign is turned round, and it is a sum", first="neutral"),
        Wrong(lambda z, y: F.binary_cross_entropy_with_logits(z, y, reduction="sum") / (2 * len(y)),
              "Half of the mean"),
        Wrong(lambda z, y: (F.softplus(-z) + y * z).mean(), "You charge the wrong flights"),
        Wrong(lambda z, y: torch.nan_to_num(bern(torch.sigmoid(z), y)).mean(), "became a huge number", first="neutral"),
        Wrong(lambda z, y: -np.mean(np.log(np.where(y.numpy() == 1, 1 / (1 + np.exp(-z.numpy())), 1 - 1 / (1 + np.exp(-z.numpy()))) + 1e-12)),
              "A small number caps the price"),
    ],
    "gradient": [
        Wrong(lambda X, y, w, b: X.T @ (p_(X, w, b) - y), "This is the sum of the pulls"),
        Wrong(lambda X, y, w, b: X.T @ (y - p_(X, w, b)) / len(y), "Right size, wrong sign"),
        Wrong(lambda X, y, w, b: X.T @ (X @ w + b - y) / len(y), "You compared the score with y"),
        Wrong(lambda X, y, w, b: X.T @ (torch.sigmoid(X @ w) - y) / len(y), "The bias is missing from the score"),
        Wrong(lambda X, y, w, b: X.T @ (p_(X, w, b) - y) / X.shape[1], "You divided by the number of features"),
        Wrong(lambda X, y, w, b: 2 * X.T @ (p_(X, w, b) - y) / len(y), "Twice too large"),
        Wrong(lambda X, y, w, b: (p_(X, w, b) - y).mean() * X.mean(dim=0),
              "You averaged p - y and the rows of X apart"),
        Wrong(lambda X, y, w, b: ((p_(X, w, b) - y)[:, None] * X).mean(dim=1),
              "You have one number for each flight", first="neutral"),
        Wrong(lambda X, y, w, b: X.T @ ((p_(X, w, b) - y) * p_(X, w, b) * (1 - p_(X, w, b))) / len(y),
              "The factor p(1 - p) belongs to the squared error"),
        Wrong(lambda X, y, w, b: X.T @ ((X @ w + b > 0).float() - y) / len(y),
              "You took the decisions, 0 or 1, in place of the probabilities"),
        Wrong(last_row_only_for, "Only the last flight pulls, divided by all", first="neutral"),
        Wrong(loop_sum, "This is the sum of the pulls"),
        Wrong(autograd_sum, "This is the sum of the pulls"),
        Wrong(autograd_mse, "The factor p(1 - p) belongs to the squared error"),
        Wrong(lambda X, y, w, b: X.T @ p_(X, w, b) / len(y), "Each flight pulls by p alone"),
        Wrong(lambda X, y, w, b: X @ (p_(X, w, b) - y) / len(y),
              "`X @ (p - y)` pairs m features with n flights", first="neutral"),
        Wrong(lambda X, y, w, b: (p_(X, w, b) - y).mean(), "This is the gradient for b"),
        Wrong(lambda X, y, w, b: X.numpy().T @ (1 / (1 + np.exp(-(X.numpy() @ w.numpy() + float(b)))) - y.numpy()),
              "This is the sum of the pulls"),
        Wrong(lambda X, y, w, b: (X * (p_(X, w, b) - y)[:, None]).mean(), "One number came out", first="neutral"),
        Wrong(lambda X, y, w, b: (y - p_(X, w, b)) @ X, "A gradient points uphill"),
        Wrong(lambda X, y, w, b: X.T @ (1 - p_(X, w, b) - y) / len(y), "You took 1 - p for p", first="neutral"),
        Wrong(lambda X, y, w, b: X.T @ (torch.sigmoid(X @ w - b) - y) / len(y),
              "The bias was taken off", first="neutral"),
        Wrong(lambda X, y, w, b: X.T @ (p_(X, w, b) - y) / (len(y) - 1),
              "You divided by one less than there are flights", first="neutral"),
        Wrong(lambda X, y, w, b: X.T @ (torch.tanh(X @ w + b) - y) / len(y), NEUTRAL),
        Wrong(lambda X, y, w, b: w * (X.T @ (p_(X, w, b) - y)) / len(y), NEUTRAL),
        Wrong(lambda X, y, w, b: 2 * X.numpy().T @ (X.numpy() @ w.numpy() + float(b) - y.numpy()) / len(y),
              "You compared the score with y", first="neutral"),
        Wrong(lambda X, y, w, b: X.T @ (p_(X, w, b) + y) / len(y), "The label was added", first="neutral"),
    ],
    "walk_down": [
        Wrong(walk(lambda X, y, w, b, p, n, lr: (w + lr * X.T @ (p - y) / n, b + lr * (p - y).mean())),
              "You walk uphill"),
        Wrong(walk(lambda X, y, w, b, p, n, lr: (w - lr * X.T @ (p - y) / n, b)), "The bias never moves"),
        Wrong(walk(lambda X, y, w, b, p, n, lr: (w - lr * X.T @ (p - y) / n, b - lr * (p - y).sum())),
              "The gradient for b is a sum"),
        Wrong(walk(lambda X, y, w, b, p, n, lr: (w - lr * X.T @ (p - y), b - lr * (p - y).sum())),
              "You add up the pulls"),
        Wrong(walk(lambda X, y, w, b, p, n, lr: (w - lr * X.T @ (X @ w + b - y) / n, b - lr * (X @ w + b - y).mean())),
              "You compared the score with y in the gradients", first="neutral"),
        Wrong(walk(lambda X, y, w, b, p, n, lr: (w - X.T @ (p - y) / n, b - (p - y).mean())),
              "Your step is the whole gradient"),
        Wrong(walk(lambda X, y, w, b, p, n, lr: (-lr * X.T @ (p - y) / n, -lr * (p - y).mean())),
              "Each round starts from 0 again"),
        Wrong(loss_after_the_step, "Each of your losses is one step late"),
        Wrong(b_s_gradient_at_the_new_w, "The step for b uses the new w"),
        Wrong(no_zero_grad, "Each step uses the sum of all gradients so far"),
        Wrong(one_step_too_few, "One step is missing"),
        Wrong(return_in_the_loop, "You take one step and leave"),
        Wrong(starts_at_ones, "The walk begins at 1", first="neutral"),
        Wrong(only_the_last_loss, "The last loss alone is there"),
        Wrong(order_of_the_result, "All three are there in another order"),
        Wrong(summed_losses_kept, "Each loss is a sum over the flights"),
        Wrong(squared_error, "The steps are those of the squared distance", first="neutral"),
        Wrong(walk(lambda X, y, w, b, p, n, lr: (w - 2 * lr * X.T @ (p - y) / n, b - 2 * lr * (p - y).mean())),
              "Your steps are twice as long", first="neutral"),
        Wrong(walk(lambda X, y, w, b, p, n, lr: (w, b - lr * (p - y).mean())), "w never moves", first="neutral"),
        Wrong(walk(lambda X, y, w, b, p, n, lr: (w - lr * X.T @ (p - y) / n, b + lr * (p - y).mean())),
              "b walks uphill"),
        Wrong(walk(lambda X, y, w, b, p, n, lr: (w - lr * (p - y) @ X, b - lr * (p - y).mean())),
              "The gradient for w is a sum", first="neutral"),
        Wrong(walk(lambda X, y, w, b, p, n, lr: (w - lr * (p - y) @ X / X.shape[1], b - lr * (p - y).mean())),
              "The gradient for w is divided by the number of features", first="neutral"),
        Wrong(walk(lambda X, y, w, b, p, n, lr: (w - lr * X.T @ (y - p) / n, b - lr * (y - p).mean())),
              "You walk uphill"),
        Wrong(b_never_in_the_score,
              "The bias is missing from the score, so its own step has no effect", first="neutral"),
        Wrong(one_step_too_many, "You take one step too many"),
    ],
    "threshold": [
        Wrong(lambda false_alarm, missed: missed / (false_alarm + missed), "It is turned round"),
        Wrong(lambda false_alarm, missed: false_alarm / missed,
              "That is a ratio of costs (it can pass 1); the threshold is a"),
        Wrong(lambda false_alarm, missed: missed / false_alarm, "A ratio of costs, and turned round"),
        Wrong(lambda false_alarm, missed: 0.5, "0.5 is right when both costs are equal"),
        Wrong(lambda false_alarm, missed: 1 - false_alarm / (false_alarm + missed), "It is turned round"),
        Wrong(lambda false_alarm, missed: math.log(false_alarm / missed), "Those are the log-odds of the threshold"),
        Wrong(lambda false_alarm, missed: missed - false_alarm,
              "A difference of prices is no probability", first="neutral"),
        Wrong(lambda false_alarm, missed: false_alarm // (false_alarm + missed),
              "You give 0 for all these prices", first="neutral"),
        Wrong(lambda false_alarm, missed: false_alarm / false_alarm + missed, "This is 1 + missed"),
        Wrong(lambda false_alarm, missed: 1 / (1 + math.exp(missed - false_alarm)),
              "You took the sigmoid of a difference of prices", first="neutral"),
        Wrong(lambda false_alarm, missed: false_alarm < missed, "That says which price is larger", first="neutral"),
        Wrong(lambda false_alarm, missed: 100 * false_alarm / (false_alarm + missed),
              "As a fraction it would be right; this is in percent"),
        Wrong(lambda false_alarm, missed: false_alarm / (2 * (false_alarm + missed)), "Half of it"),
        Wrong(lambda false_alarm, missed: (missed - false_alarm) / (missed + false_alarm),
              "That is the difference by the sum", first="neutral"),
        Wrong(lambda false_alarm, missed: min(1, false_alarm / missed),
              "A ratio of costs, cut at 1, is still no probability", first="neutral"),
        Wrong(lambda false_alarm, missed: 1 / (1 + math.exp(-false_alarm / missed)), NEUTRAL),
        Wrong(lambda false_alarm, missed: (false_alarm + missed) / 2,
              "That is the mean price, not a probability", first="neutral"),
        Wrong(lambda false_alarm, missed: 1 / missed, NEUTRAL),
    ],
    "odds_factor": [
        Wrong(0.0981, "That is for 10 °F warmer"),
        Wrong(2.322, "2.32 is what the log-odds gain"),
        Wrong(-2.322, "-2.32 is for 10 °F warmer, and in log-odds"),
        Wrong(1.2613, "That is the factor for 1 °F colder"),
        Wrong(12.613, "Ten factors of 1.261 are multiplied, not added"),
        Wrong(0.9107, "That is the sigmoid of 2.322, a probability", first="neutral"),
        Wrong(0.793, "That is the factor for 1 °F warmer"),
        Wrong(0.2322, "That is the size of the weight, one degree's share of the log-odds", first="neutral"),
        Wrong(23.22, "A weight is not a percentage", first="neutral"),
        Wrong(209.9, "Odds and log-odds belong to the natural logarithm"),
        Wrong(5, "Odds and log-odds belong to the natural logarithm", first="neutral"),
        Wrong(3.322, "A weight is not a percentage"),
        Wrong(-0.0981, NEUTRAL),
        Wrong(1.02, NEUTRAL),
        Wrong(2.72, NEUTRAL),
        Wrong(0.09, NEUTRAL),
    ],
}


# ---- a second set, written by the text of the lesson alone; behind each answer its cause, in the writer's words


def classify_first(scores):
    for s in scores:
        if s > 0:
            return 1
        else:
            return 0


def classify_list_of_damaged(scores):
    out = []
    for s in scores:
        if s > 0:
            out.append(1)
    return out


def classify_exp(scores):
    p = 1 / (1 + torch.exp(scores))
    return (p > 0.5).long()


def classify_thirds(scores):
    return torch.where(scores > 0.5, 1, torch.where(scores < -0.5, 0, -1))


def log_loss_naive(z, y):
    p = 1 / (1 + torch.exp(-z))
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()


def log_loss_clipped(z, y):
    p = torch.sigmoid(z).clamp(1e-7, 1 - 1e-7)
    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()


def log_loss_numpy_eps(z, y):
    z, y = np.asarray(z), np.asarray(y)
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p + 1e-15) + (1 - y) * np.log(1 - p + 1e-15))


def log_loss_loop_sum(z, y):
    total = 0
    for score, damaged in zip(z, y):
        total += -F.logsigmoid(score) if damaged else -F.logsigmoid(-score)
    return total


def log_loss_loop_last(z, y):
    for score, damaged in zip(z, y):
        total = 0
        total -= F.logsigmoid(score if damaged else -score)
    return total / len(y)


def gradient_loop_sum(X, y, w, b):
    g = torch.zeros(X.shape[1]).to(X)
    for x, t in zip(X, y):
        p = torch.sigmoid(x @ w + b)
        g += (p - t) * x
    return g


def gradient_loop_last(X, y, w, b):
    for x, t in zip(X, y):
        g = (torch.sigmoid(x @ w + b) - t) * x
    return g


def gradient_numpy_rows(X, y, w, b):
    X, y, w = np.asarray(X), np.asarray(y), np.asarray(w)
    p = 1 / (1 + np.exp(-(X @ w + float(b))))
    return ((p - y)[:, None] * X).mean(axis=1)


def _p(X, w, b):
    return torch.sigmoid(X @ w + b)


def _gw(X, y, w, b):
    return X.T @ (_p(X, w, b) - y) / len(y)


def _gb(X, y, w, b):
    return (_p(X, w, b) - y).mean()


def _loss(X, y, w, b):
    return F.binary_cross_entropy_with_logits(X @ w + b, y)


def walk_no_bias(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        loss = _loss(X, y, w, b)
        w = w - lr * _gw(X, y, w, b)
        losses.append(loss)
    return w, b, losses


def walk_uphill(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        loss = _loss(X, y, w, b)
        gw, gb = _gw(X, y, w, b), _gb(X, y, w, b)
        w, b = w + lr * gw, b + lr * gb
        losses.append(loss)
    return w, b, losses


def walk_no_rate(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        losses.append(_loss(X, y, w, b))
        gw, gb = _gw(X, y, w, b), _gb(X, y, w, b)
        w, b = w - gw, b - gb
    return w, b, losses


def walk_loss_after(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        gw, gb = _gw(X, y, w, b), _gb(X, y, w, b)
        w, b = w - lr * gw, b - lr * gb
        losses.append(_loss(X, y, w, b))
    return w, b, losses


def walk_new_w_for_b(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        losses.append(_loss(X, y, w, b))
        w = w - lr * _gw(X, y, w, b)
        b = b - lr * _gb(X, y, w, b)
    return w, b, losses


def walk_sums_bias(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        losses.append(_loss(X, y, w, b))
        error = _p(X, w, b) - y
        w, b = w - lr * X.T @ error / len(y), b - lr * error.sum()
    return w, b, losses


def walk_predicts_once(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    p = _p(X, w, b)
    for _ in range(steps):
        losses.append(_loss(X, y, w, b))
        w = w - lr * X.T @ (p - y) / len(y)
        b = b - lr * (p - y).mean()
    return w, b, losses


def walk_not_assigned(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        losses.append(_loss(X, y, w, b))
        w - lr * _gw(X, y, w, b)
        b - lr * _gb(X, y, w, b)
    return w, b, losses


def walk_returns_early(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        losses.append(_loss(X, y, w, b))
        gw, gb = _gw(X, y, w, b), _gb(X, y, w, b)
        w, b = w - lr * gw, b - lr * gb
        return w, b, losses


def walk_last_loss(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    for _ in range(steps):
        loss = _loss(X, y, w, b)
        gw, gb = _gw(X, y, w, b), _gb(X, y, w, b)
        w, b = w - lr * gw, b - lr * gb
    return w, b, loss


def walk_constant_rate(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        losses.append(_loss(X, y, w, b))
        gw, gb = _gw(X, y, w, b), _gb(X, y, w, b)
        w, b = w - 0.1 * gw, b - 0.1 * gb
    return w, b, losses


def walk_no_zero_grad(X, y, lr, steps):
    w = X.new_zeros(X.shape[1]).requires_grad_()
    b = X.new_zeros(()).requires_grad_()
    losses = []
    for _ in range(steps):
        loss = F.binary_cross_entropy_with_logits(X @ w + b, y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        losses.append(loss.item())
    return w, b, losses


def walk_wrong_order_returned(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        losses.append(_loss(X, y, w, b).item())
        gw, gb = _gw(X, y, w, b), _gb(X, y, w, b)
        w, b = w - lr * gw, b - lr * gb
    return losses, w, b


def threshold_expected_cost(false_alarm, missed):
    p = 0.5
    return p * missed / (p * missed + (1 - p) * false_alarm)


for _name, _answers in {
    "launch_guess": [
        # percent
        Wrong(95, "Your guess is `95`"),
        # a word
        Wrong("likely", "A number is needed and this is text"),
        # the temperature
        Wrong(31, "Your guess is `31`"),
    ],
    "recall_broadcast": [
        # thinks shapes agree
        Wrong("a", "Torch does not drop the 1"),
        # thinks the column wins
        Wrong("b", "The row is stretched too"),
    ],
    "classify": [
        # a score compared with 0.5 as if a probability
        Wrong(lambda scores: (scores > 0.5).int(), "You compared the score with 0.5, not the probability", idea="M01"),
        # a probability compared with 0: always 1
        Wrong(lambda scores: (torch.sigmoid(scores) > 0).float(), "Every flight is called damaged, whatever its score"),
        # turned round
        Wrong(lambda scores: (scores < 0).long(), "You have it the wrong way round"),
        # sigmoid without the minus: turned round
        Wrong(classify_exp, "You have it the wrong way round"),
        # gives probabilities, no decision
        Wrong(torch.sigmoid, "These are probabilities", idea="M01"),
        # return inside the loop: one number
        Wrong(classify_first, "Your answer is a single number"),
        # index of the largest score
        Wrong(lambda scores: scores.argmax(), "That is the place of the highest score"),
        # classes -1 and 1
        Wrong(lambda scores: torch.where(scores > 0, 1, -1), "These are 1 and −1"),
        # the sign: -1 and 1
        Wrong(lambda scores: np.sign(scores.numpy()), "These are 1 and −1"),
        # counts even odds as damaged
        Wrong(lambda scores: (scores >= 0).int(), "A score of exactly 0 counts as damage here", first="accepted"),
        # a list of the damaged only: length does not fit
        Wrong(classify_list_of_damaged, NEUTRAL),
        # everything not 0 is 1
        Wrong(lambda scores: scores.bool().int(), "Every score other than 0 counts as damage, those below 0 too"),
        # above the average score
        Wrong(lambda scores: (scores > scores.mean()).int(), "You compared each score with the mean of all"),
        # softmax over the flights
        Wrong(lambda scores: (torch.softmax(scores, dim=0) > 0.5).int(), "A softmax makes the flights share one probability, so hardly one", first="neutral", idea="M32"),
        # int() of many values: torch refuses
        Wrong(lambda scores: int(scores > 0), "A single number is needed there and the tensor holds several", first="neutral"),
        # threshold 1
        Wrong(lambda scores: scores > 1, "Only scores above 1 count as damage here", idea="M01"),
        # a third answer for doubtful ones
        Wrong(classify_thirds, NEUTRAL),
    ],
    "log_loss": [
        # not safe for large scores: log of 0
        Wrong(log_loss_naive, "For the score -200 and damage you charge infinity", idea="M34"),
        # clamps the probability: 200 becomes 16
        Wrong(log_loss_clipped, "A small number caps the price", idea="M34"),
        # adds a small number in the log: 200 becomes 34
        Wrong(log_loss_numpy_eps, "A small number caps the price", idea="M34"),
        # sum, not mean
        Wrong(log_loss_loop_sum, "This is the sum over the flights", idea="M15"),
        # total set to 0 inside the loop: only the last flight counts
        Wrong(log_loss_loop_last, "Yours is what the last example alone gives, divided by the number", first="neutral"),
        # the minus is missing
        Wrong(lambda z, y: (y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z)).mean(), "The sign is turned round"),
        # sigmoid twice
        Wrong(lambda z, y: F.binary_cross_entropy_with_logits(torch.sigmoid(z), y), "Two sigmoids", idea="M03"),
        # only the damaged flights pay
        Wrong(lambda z, y: -(y * F.logsigmoid(z)).mean(), "The flights without damage pay nothing here"),
        # arguments swapped
        Wrong(lambda z, y: F.binary_cross_entropy_with_logits(y, z), "Scores and labels are exchanged"),
        # logarithm to base 2
        Wrong(lambda z, y: F.binary_cross_entropy_with_logits(z, y) / math.log(2), "That is with another logarithm"),
        # squared error
        Wrong(lambda z, y: ((torch.sigmoid(z) - y) ** 2).mean(), "That is the squared distance"),
        # 1 - log p in place of log(1 - p)
        Wrong(lambda z, y: -(y * F.logsigmoid(z) + (1 - y) * (1 - F.logsigmoid(z))).mean(), "For no damage you take 1 − log p", first="neutral"),
        # one price a flight, no mean
        Wrong(lambda z, y: F.binary_cross_entropy_with_logits(z, y, reduction="none"), "Your answer has shape (5,)"),
        # the z missing in z*y
        Wrong(lambda z, y: (F.softplus(z) - y).mean(), "You took off y alone", first="neutral"),
        # margin formula for labels -1 and 1
        Wrong(lambda z, y: F.softplus(-y * z).mean(), "Flights without damage pay log 2 each, whatever their score", first="neutral"),
        # scores where probabilities are wanted: torch refuses
        Wrong(lambda z, y: F.binary_cross_entropy(z, y), "BCELoss wants probabilities from 0 to 1 and got scores"),
        # classes turned round
        Wrong(lambda z, y: -(y * F.logsigmoid(-z) + (1 - y) * F.logsigmoid(z)).mean(), "You charge the wrong flights"),
        # hides the infinite price
        Wrong(lambda z, y: torch.nan_to_num(log_loss_naive(z, y), posinf=0.0), "Where the price comes out infinite or nan, a 0 stands in its", first="neutral", idea="M34"),
        # absolute error
        Wrong(lambda z, y: F.l1_loss(torch.sigmoid(z), y), "That is how far p is off"),
    ],
    "gradient": [
        # sum over the flights, not the mean
        Wrong(gradient_loop_sum, "This is the sum of the pulls", idea="M15"),
        # overwrites: only the last flight
        Wrong(gradient_loop_last, "Only the last flight pulls"),
        # mean over the features: one a flight
        Wrong(gradient_numpy_rows, "You have one number for each flight"),
        # sign
        Wrong(lambda X, y, w, b: X.T @ (y - torch.sigmoid(X @ w + b)) / len(y), "Right size, wrong sign"),
        # scores in place of probabilities
        Wrong(lambda X, y, w, b: X.T @ (X @ w + b - y) / len(X), "You compared the score with y", idea="M01"),
        # the bias is missing
        Wrong(lambda X, y, w, b: X.T @ (torch.sigmoid(X @ w) - y) / len(X), "The bias is missing from the score"),
        # divides by the number of features
        Wrong(lambda X, y, w, b: X.T @ (torch.sigmoid(X @ w + b) - y) / X.shape[1], "You divided by the number of features", idea="M17"),
        # one gradient a flight, no mean
        Wrong(lambda X, y, w, b: (_p(X, w, b) - y)[:, None] * X, "Your answer has shape (7, 2)", first="neutral"),
        # gradient of the squared error: p(1-p) too many
        Wrong(lambda X, y, w, b: ((_p(X, w, b) - y) * _p(X, w, b) * (1 - _p(X, w, b))) @ X / len(X), "The factor p(1 - p) belongs to the squared error"),
        # mean over everything: one number
        Wrong(lambda X, y, w, b: ((_p(X, w, b) - y)[:, None] * X).mean(), "One number came out", idea="M17"),
        # a factor of 2, as from a square
        Wrong(lambda X, y, w, b: 2 * _gw(X, y, w, b), "Twice too large"),
        # decisions in place of probabilities
        Wrong(lambda X, y, w, b: X.T @ ((_p(X, w, b) > 0.5).to(X) - y) / len(y), "You took the decisions, 0 or 1, in place of the probabilities"),
        # the slope in b
        Wrong(lambda X, y, w, b: (_p(X, w, b) - y).mean(), "This is the gradient for b"),
        # product of means, not mean of products
        Wrong(lambda X, y, w, b: X.mean(0) * (_p(X, w, b) - y).mean(), "You averaged p - y and the rows of X apart"),
        # gives back both slopes
        Wrong(lambda X, y, w, b: (_gw(X, y, w, b), _gb(X, y, w, b)), "Only the gradient for w is asked for here, and you gave back both"),
        # shapes (n,) and (n, m) do not fit
        Wrong(lambda X, y, w, b: (_p(X, w, b) - y) * X, "A size of 7 meets a size of 2 in the same dimension"),
        # y is missing
        Wrong(lambda X, y, w, b: X.T @ _p(X, w, b) / len(y), "Each flight pulls by p alone"),
        # sum and sign at once
        Wrong(lambda X, y, w, b: -_gw(X, y, w, b) * len(y), "A gradient points uphill", idea="M15"),
    ],
    "walk_down": [
        # b never moves
        Wrong(walk_no_bias, "The bias never moves"),
        # adds the gradient
        Wrong(walk_uphill, "You walk uphill"),
        # lr is not used
        Wrong(walk_no_rate, "Your step is the whole gradient"),
        # keeps the loss after the step
        Wrong(walk_loss_after, "Each of your losses is one step late"),
        # b's slope is taken at the new w
        Wrong(walk_new_w_for_b, "The step for b uses the new w"),
        # sum for b, mean for w
        Wrong(walk_sums_bias, "The gradient for b is a sum", idea="M15"),
        # predicts once, before the loop
        Wrong(walk_predicts_once, "Every step is the first one again", first="neutral"),
        # computes the new w and throws it away
        Wrong(walk_not_assigned, "The weights stay at 0"),
        # return inside the loop: one step
        Wrong(walk_returns_early, "You take one step and leave"),
        # only the last loss, no list
        Wrong(walk_last_loss, "The last loss alone is there"),
        # a rate of 0.1 in place of lr
        Wrong(walk_constant_rate, "Yours stays the same when `lr` changes", first="neutral"),
        # gradients add up: never emptied
        Wrong(walk_no_zero_grad, "Each step uses the sum of all gradients so far", idea="M07"),
        # order of what is returned
        Wrong(walk_wrong_order_returned, "All three are there in another order"),
    ],
    "odds_factor": [
        # the change of the log-odds, not the factor
        Wrong(-2.322, "-2.32 is for 10 °F warmer, and in log-odds"),
        # the change of the log-odds, not the factor
        Wrong(2.322, "2.32 is what the log-odds gain"),
        # the wrong direction: warmer
        Wrong(math.exp(-2.322), "That is for 10 °F warmer"),
        # one degree
        Wrong(math.exp(0.2322), "That is the factor for 1 °F colder"),
        # ten times the factor of a degree
        Wrong(10 * math.exp(0.2322), "Ten factors of 1.261 are multiplied, not added"),
        # percent of something
        Wrong(0.2322 * 10 / 100, NEUTRAL),
        # 10 to the power
        Wrong(10**2.322, "Odds and log-odds belong to the natural logarithm"),
        # sigmoid: a probability
        Wrong(1 / (1 + math.exp(-2.322)), "That is the sigmoid of 2.322, a probability"),
        # 1 plus the log-odds
        Wrong(1 + 2.322, "A weight is not a percentage"),
    ],
    "find_the_fault": [
        Wrong("a", "`binary_cross_entropy` wants probabilities, not raw scores"),
        Wrong("c", "One sigmoid is gone, but a score of -200 then costs 100 and pulls"),
        Wrong("d", "Targets of this loss are decimals, 0"),
        Wrong("e", "Two sigmoids squeeze every probability into 0.5 to 0.73"),
    ],
    "separable": [
        Wrong("a", "There is no best value to settle at"),
        Wrong("c", "The accuracy is 100 % already"),
        Wrong("d", "Nothing pulls them back"),
    ],
    "threshold": [
        # prices swapped: the share of the wrong one
        Wrong(lambda false_alarm, missed: missed / (false_alarm + missed), "It is turned round"),
        # arguments in the wrong order
        Wrong(lambda missed, false_alarm: false_alarm / (false_alarm + missed), "It is turned round"),
        # the odds, not the probability
        Wrong(lambda false_alarm, missed: false_alarm / missed, "That is a ratio of costs (it can pass 1)"),
        # the odds, upside down
        Wrong(lambda false_alarm, missed: missed / false_alarm, "A ratio of costs, and turned round"),
        # one half, whatever the prices
        Wrong(lambda false_alarm, missed: 0.5, "0.5 is right when both costs are equal"),
        # forgets false_alarm
        Wrong(lambda false_alarm, missed: 1 / missed, "Yours stays the same when `false_alarm` changes", first="neutral"),
        # the score at the threshold
        Wrong(lambda false_alarm, missed: math.log(false_alarm / missed), "Those are the log-odds of the threshold"),
        # p * missed against missed - false_alarm
        Wrong(lambda false_alarm, missed: (missed - false_alarm) / missed, "That is 1 less the ratio of the prices", first="neutral"),
        # integer division
        Wrong(lambda false_alarm, missed: false_alarm // (false_alarm + missed), "You give 0 for all these prices"),
        # percent
        Wrong(lambda false_alarm, missed: 100 * false_alarm / (false_alarm + missed), "As a fraction it would be right"),
        # share of the missed price
        Wrong(threshold_expected_cost, "It is turned round"),
        # prints, gives nothing back
        Wrong(lambda false_alarm, missed: print(false_alarm / (false_alarm + missed)), "Your function prints something and gives back None"),
        # minus in place of plus
        Wrong(lambda false_alarm, missed: false_alarm / (missed - false_alarm), "Below the line stands the difference of the prices", first="neutral"),
        # a number, no function
        Wrong(1 / 11, "The check got a value of type float"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


def w_first_and_late(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        w = w - lr * X.T @ (torch.sigmoid(X @ w + b) - y) / len(y)
        b = b - lr * (torch.sigmoid(X @ w + b) - y).mean()
        losses.append(F.binary_cross_entropy_with_logits(X @ w + b, y))
    return w, b, losses


for _name, _answers in {
    "walk_down": [
        Wrong(w_first_and_late, "The step for b uses the new w", first="neutral"),  # b steps with the new w, and the loss is recorded after the step (two mistakes)
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# what the page before has made
log_loss = _log_loss.right_answer
gradient = _gradient.right_answer


# written by the text of the lesson alone


def threshold_0_5_on_scores(scores):
    return [1 if s > 0.5 else 0 for s in scores]


def reversed_again(scores):
    return (scores < 0).int()


def sigmoid_then_0(scores):
    return (torch.sigmoid(scores) > 0).long()


def round_the_scores(scores):
    return torch.round(scores)


def probabilities(scores):
    return 1 / (1 + torch.exp(-scores))


def sign_1_1(scores):
    return torch.sign(scores)


def round_clamp_threshold_at_one_half_of_clipped_score(scores):
    return scores.clamp(0, 1).round()


def relu_then_nonzero_ok_threshold_above_mean_score(scores):
    return (scores > scores.mean()).float()


def threshold_1(scores):
    return torch.where(scores >= 1, 1, 0)


def ties_called_damage_0(scores):
    return (scores >= 0).int()


def argmax(scores):
    return scores.argmax()


def sigmoid_twice(scores):
    p = torch.sigmoid(torch.sigmoid(scores))
    return (p > 0.5).int()


def abs_value(scores):
    return [int(abs(s) > 0) for s in scores]


def wrong_sigmoid_sign(scores):
    p = 1 / (1 + torch.exp(scores))
    return (p > 0.5).float()


def returns_strings(scores):
    return ["damage" if s > 0 else "whole" for s in scores]


def one_if_on_the_whole_vector_raises(scores):
    if scores > 0:
        return 1
    else:
        return 0


def no_mean_sum(z, y):
    return F.binary_cross_entropy_with_logits(z, y, reduction="sum")


def textbook_with_log_of_sigmoid_inf_and_nan_at_200(z, y):
    p = torch.sigmoid(z)
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()


def clamps_p_at_1e_7_cost_16_not_200(z, y):
    p = torch.sigmoid(z).clamp(1e-7, 1 - 1e-7)
    return -(y * p.log() + (1 - y) * (1 - p).log()).mean()


def eps_inside_the_log(z, y):
    eps = 1e-8
    p = 1 / (1 + torch.exp(-z))
    return torch.mean(-y * torch.log(p + eps) - (1 - y) * torch.log(1 - p + eps))


def f_binary_cross_entropy_on_sigmoid_capped_at_100(z, y):
    return F.binary_cross_entropy(torch.sigmoid(z), y)


def sigmoid_twice_2(z, y):
    return F.binary_cross_entropy_with_logits(z.sigmoid(), y)


def no_minus_sign(z, y):
    return (y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z)).mean()


def signs_swapped_prices_of_the_other_class(z, y):
    return F.softplus(torch.where(y == 1, z, -z)).mean()


def only_the_damaged_pay(z, y):
    return -(y * F.logsigmoid(z)).mean()


def base_2(z, y):
    return F.binary_cross_entropy_with_logits(z, y) / math.log(2)


def softplus_without_y_z(z, y):
    return F.softplus(z).mean()


def naive_log_1_exp_overflow_at_200_in_float32(z, y):
    return (torch.log(1 + torch.exp(z)) - y * z).mean()


def hinge_loss_instead(z, y):
    return torch.clamp(1 - (2 * y - 1) * z, min=0).mean()


def squared_error_of_probabilities(z, y):
    return ((torch.sigmoid(z) - y) ** 2).mean()


def vector_of_prices(z, y):
    return torch.nn.BCEWithLogitsLoss(reduction="none")(z, y)


def arguments_of_torch_function_swapped(z, y):
    return F.binary_cross_entropy_with_logits(y, z)


def log_of_the_mean_likelihood(z, y):
    p = torch.sigmoid(z)
    return -torch.log((y * p + (1 - y) * (1 - p)).mean())


def abs_error(z, y):
    return torch.abs(torch.sigmoid(z) - y).mean()


def max_0_z_branch_forgets_the_log1p(z, y):
    s = (2 * y - 1) * z
    return torch.relu(-s).mean()


def stable_but_mean_over_only_the_damaged_n_of_ones(z, y):
    prices = F.softplus(z) - z * y
    return prices.sum() / y.sum()


def name_of_parameter_misspelt_z(z, y):
    return (F.softplus(Z) - y * z).mean()


def no_mean(X, y, w, b):
    return ((torch.sigmoid(X @ w + b) - y)[:, None] * X).sum(0)


def y_p(X, y, w, b):
    p = torch.sigmoid(X @ w + b)
    return X.T @ (y - p) / len(y)


def no_sigmoid(X, y, w, b):
    return X.T @ (X @ w + b - y) / X.shape[0]


def bias_forgotten(X, y, w, b):
    return X.T @ (torch.sigmoid(X @ w) - y) / len(X)


def gradient_of_squared_error_with_p_1_p(X, y, w, b):
    p = torch.sigmoid(X @ w + b)
    return X.T @ ((p - y) * p * (1 - p)) / len(y)


def with_2_n_times(X, y, w, b):
    p = torch.sigmoid(X @ w + b)
    return 2 / len(y) * X.T @ (p - y)


def divided_by_m(X, y, w, b):
    p = torch.sigmoid(X @ w + b)
    return X.T @ (p - y) / X.shape[1]


def slope_in_b_instead_of_w(X, y, w, b):
    p = torch.sigmoid(X @ w + b)
    return (p - y).mean()


def means_of_the_factors_multiplied(X, y, w, b):
    p = torch.sigmoid(X @ w + b)
    return (p - y).mean() * X.mean(dim=0)


def mean_over_everything_scalar(X, y, w, b):
    p = torch.sigmoid(X @ w + b)
    return ((p - y)[:, None] * X).mean()


def mean_over_features_dim_1(X, y, w, b):
    p = torch.sigmoid(X @ w + b)
    return ((p - y).unsqueeze(1) * X).mean(dim=1)


def without_x_factor_broadcast_shape_n(X, y, w, b):
    return (torch.sigmoid(X @ w + b) - y) / len(y)


def bias_added_twice_minus_bias(X, y, w, b):
    p = torch.sigmoid(X @ w - b)
    return X.T @ (p - y) / len(y)


def sigmoid_without_minus_wrong_way_round(X, y, w, b):
    p = 1 / (1 + torch.exp(X @ w + b))
    return X.T @ (p - y) / len(y)


def autograd_of_the_sum(X, y, w, b):
    w = w.clone().requires_grad_()
    F.binary_cross_entropy_with_logits(X @ w + b, y, reduction="sum").backward()
    return w.grad


def autograd_returns_w_rather_than_the_gradient(X, y, w, b):
    w = w.detach().clone().requires_grad_(True)
    loss = F.binary_cross_entropy_with_logits(X @ w + b, y)
    loss.backward()
    return w


def column_shape_m_1(X, y, w, b):
    p = torch.sigmoid(X @ w + b)
    return X.T @ (p - y).unsqueeze(1) / len(y)


def tuple_with_slope_of_b(X, y, w, b):
    err = torch.sigmoid(X @ w + b) - y
    return X.T @ err / len(y), err.mean()


def loss_of_y_column_broadcasting(X, y, w, b):
    p = torch.sigmoid(X @ w.reshape(-1, 1) + b)
    d = p - y
    return (X.T @ d).mean(dim=1)


def loop_over_flights_overwrites_last_flight_only(X, y, w, b):
    for x, t in zip(X, y):
        g = (torch.sigmoid(x @ w + b) - t) * x
    return g / len(y)


def hard_decisions_in_place_of_probabilities(X, y, w, b):
    p = (X @ w + b > 0).float()
    return X.T @ (p - y) / len(y)


def ascends(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        losses.append(log_loss(X @ w + b, y))
        p = torch.sigmoid(X @ w + b)
        gw, gb = X.T @ (p - y) / len(y), (p - y).mean()
        w = w + lr * gw
        b = b + lr * gb
    return w, b, losses


def b_updated_with_the_new_w(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        loss = log_loss(X @ w + b, y)
        w = w - lr * gradient(X, y, w, b)
        b = b - lr * (torch.sigmoid(X @ w + b) - y).mean()
        losses.append(loss)
    return w, b, losses


def b_never_moves(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        loss = log_loss(X @ w + b, y)
        w = w - lr * gradient(X, y, w, b)
        losses.append(loss)
    return w, b, losses


def loss_after_the_step_again(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        p = torch.sigmoid(X @ w + b)
        gw, gb = gradient(X, y, w, b), (p - y).mean()
        w = w - lr * gw
        b = b - lr * gb
        losses.append(log_loss(X @ w + b, y))
    return w, b, losses


def lr_forgotten(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        loss = log_loss(X @ w + b, y)
        gb = (torch.sigmoid(X @ w + b) - y).mean()
        w, b = w - gradient(X, y, w, b), b - gb
        losses.append(loss)
    return w, b, losses


def b_gets_the_sum_rather_than_the_mean(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        loss = log_loss(X @ w + b, y)
        gw = gradient(X, y, w, b)
        gb = (torch.sigmoid(X @ w + b) - y).sum()
        w, b = w - lr * gw, b - lr * gb
        losses.append(loss)
    return w, b, losses


def one_step_too_few_again(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(1, steps):
        loss = log_loss(X @ w + b, y)
        gw = gradient(X, y, w, b)
        gb = (torch.sigmoid(X @ w + b) - y).mean()
        w, b = w - lr * gw, b - lr * gb
        losses.append(loss)
    return w, b, losses


def one_step_too_many_again(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps + 1):
        loss = log_loss(X @ w + b, y)
        gw = gradient(X, y, w, b)
        gb = (torch.sigmoid(X @ w + b) - y).mean()
        w, b = w - lr * gw, b - lr * gb
        losses.append(loss)
    return w, b, losses


def starts_at_random(X, y, lr, steps):
    w = torch.randn(X.shape[1], dtype=X.dtype)
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        loss = log_loss(X @ w + b, y)
        gw = gradient(X, y, w, b)
        gb = (torch.sigmoid(X @ w + b) - y).mean()
        w, b = w - lr * gw, b - lr * gb
        losses.append(loss)
    return w, b, losses


def the_autograd_without_zeroing(X, y, lr, steps):
    w = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    b = torch.zeros((), dtype=X.dtype, requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = F.binary_cross_entropy_with_logits(X @ w + b, y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        losses.append(loss.item())
    return w, b, losses


def lr_decays_with_the_step(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for t in range(steps):
        loss = log_loss(X @ w + b, y)
        gw = gradient(X, y, w, b)
        gb = (torch.sigmoid(X @ w + b) - y).mean()
        w, b = w - lr / (t + 1) * gw, b - lr / (t + 1) * gb
        losses.append(loss)
    return w, b, losses


def returns_losses_missing_the_first_and_only_last_loss(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        loss = log_loss(X @ w + b, y)
        gw = gradient(X, y, w, b)
        gb = (torch.sigmoid(X @ w + b) - y).mean()
        w, b = w - lr * gw, b - lr * gb
    losses.append(loss)
    return w, b, losses


def return_inside_the_loop(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        loss = log_loss(X @ w + b, y)
        gw = gradient(X, y, w, b)
        gb = (torch.sigmoid(X @ w + b) - y).mean()
        w, b = w - lr * gw, b - lr * gb
        losses.append(loss)
        return w, b, losses


def gradient_always_at_the_start_computed_before_the_loop(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    gw = gradient(X, y, w, b)
    gb = (torch.sigmoid(X @ w + b) - y).mean()
    for _ in range(steps):
        losses.append(log_loss(X @ w + b, y))
        w, b = w - lr * gw, b - lr * gb
    return w, b, losses


def stores_the_sum_of_losses_cumulated(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    loss = 0
    for _ in range(steps):
        loss += log_loss(X @ w + b, y)
        gw = gradient(X, y, w, b)
        gb = (torch.sigmoid(X @ w + b) - y).mean()
        w, b = w - lr * gw, b - lr * gb
        losses.append(loss)
    return w, b, losses


def step_on_b_with_the_gradient_of_w_s_mean(X, y, lr, steps):
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        losses.append(log_loss(X @ w + b, y))
        g = gradient(X, y, w, b)
        w, b = w - lr * g, b - lr * g.mean()
    return w, b, losses


def ratio_upside_down(false_alarm, missed):
    return missed / (false_alarm + missed)


def simple_ratio_odds(false_alarm, missed):
    return false_alarm / missed


def always_a_half(false_alarm, missed):
    return 0.5


def one_over_missed(false_alarm, missed):
    return 1 / missed


def with_1_1_missed(false_alarm, missed):
    return 1 / (1 + missed)


def logit_instead_of_probability(false_alarm, missed):
    return math.log(false_alarm / missed)


def with_1_ratio(false_alarm, missed):
    return 1 - false_alarm / missed


def fixed_number_of_the_example(false_alarm, missed):
    return 1 / 11


def swapped_argument_order(missed, false_alarm):
    return false_alarm / (false_alarm + missed)


def half_scaled_midpoint_of_prices(false_alarm, missed):
    return (false_alarm + missed) / 2


def sigmoid_of_the_difference(false_alarm, missed):
    return 1 / (1 + math.exp(-(false_alarm - missed)))


def decision_rather_than_threshold(false_alarm, missed):
    return false_alarm < missed


def whole_division(false_alarm, missed):
    return false_alarm // (false_alarm + missed)


for _name, _answers in {
    "recall_broadcast": [
        Wrong("a", "Torch does not drop the 1: it stretches it"),  # thinks pairs
        Wrong("b", "The row is stretched too"),  # column
    ],
    "find_the_fault": [
        Wrong("a", "`binary_cross_entropy` wants probabilities, not raw scores"),  # a
        Wrong("C", "One sigmoid is gone, but a score of -200 then costs 100 and pulls with gradient 0"),  # c: prints right but fails at -200
        Wrong("e)", "Two sigmoids squeeze every probability into 0.5 to 0.73"),  # e
    ],
    "separable": [
        Wrong("a", "There is no best value to settle at"),  # a
        Wrong("c", "The accuracy is 100 % already"),  # c
        Wrong("d", "Nothing pulls them back"),  # d
    ],
    "odds_factor": [
        Wrong(math.exp(-2.322), "That is for 10 °F warmer"),  # sign kept: exp(-2.322)
        Wrong(2.322, "2.32 is what the log-odds gain"),  # log-odds change rather than factor
        Wrong(10 * math.exp(0.2322), "Ten factors of 1.261 are multiplied, not added: 1.261 to the power of 10"),  # exp for one degree times ten
        Wrong(math.exp(0.2322), "That is the factor for 1 °F colder"),  # one degree only
        Wrong(1 / (1 + math.exp(-2.322)), "That is the sigmoid of 2.322, a probability"),  # sigmoid of it
        Wrong(2 ** 2.322, "Odds and log-odds belong to the natural logarithm: powers of e, not of 2"),  # 2 to the power
        Wrong(10 ** 0.2322, "10 is not the base, nor does it stand for 10 °F: that is 10 to the power of one weight", first="neutral"),  # 10 to the power
        Wrong(3.322, "A weight is not a percentage: it adds to the log-odds, and exp turns that into a factor"),  # 1 plus 2.322
        Wrong(1.2322 ** 10, "A weight is not a percentage: it adds to the log-odds, and exp turns that into a factor"),  # (1+0.2322)**10 compound
        Wrong(10 ** 2.322, "Odds and log-odds belong to the natural logarithm: powers of e, not of 10"),  # power of ten of 2.322
    ],
    "classify": [
        Wrong(threshold_0_5_on_scores, "You compared the score with 0.5, not the probability"),  # threshold 0.5 on scores
        Wrong(reversed_again, "You have it the wrong way round: a high score means damage, which is class 1"),  # reversed
        Wrong(sigmoid_then_0, "Every flight is called damaged, whatever its score"),  # sigmoid then > 0
        Wrong(round_the_scores, "You rounded the scores"),  # round the scores
        Wrong(probabilities, "These are probabilities"),  # probabilities
        Wrong(sign_1_1, "These are 1 and −1"),  # sign: -1/1
        Wrong(round_clamp_threshold_at_one_half_of_clipped_score, "You compared the score with 0.5, not the probability"),  # round clamp: threshold at one half of clipped score
        Wrong(relu_then_nonzero_ok_threshold_above_mean_score, "You compared each score with the mean of all"),  # ReLU then nonzero OK? threshold above mean score
        Wrong(threshold_1, "Only scores above 1 count as damage here"),  # threshold 1
        Wrong(ties_called_damage_0, "A score of exactly 0 counts as damage here"),  # ties called damage: >= 0
        Wrong(argmax, "That is the place of the highest score"),  # argmax
        Wrong(sigmoid_twice, "Every flight is called damaged, whatever its score"),  # sigmoid twice
        Wrong(abs_value, "Every score other than 0 counts as damage, those below 0 too"),  # abs value
        Wrong(wrong_sigmoid_sign, "You have it the wrong way round: a high score means damage, which is class 1"),  # wrong sigmoid sign
        Wrong(returns_strings, "Your answer holds text; a tensor of shape (7,) is needed"),  # returns strings
        Wrong(one_if_on_the_whole_vector_raises, "`if` and `and` need one True or False and got many"),  # one if on the whole vector: raises
    ],
    "log_loss": [
        Wrong(no_mean_sum, "This is the sum over the flights"),  # no mean (sum)
        Wrong(textbook_with_log_of_sigmoid_inf_and_nan_at_200, "For the score -200 and damage you charge infinity"),  # textbook with log of sigmoid: inf and nan at 200
        Wrong(clamps_p_at_1e_7_cost_16_not_200, "A small number caps the price: a score of -200 must cost 200"),  # clamps p at 1e-7: cost 16 not 200
        Wrong(eps_inside_the_log, "A small number caps the price: a score of -200 must cost 200"),  # eps inside the log
        Wrong(f_binary_cross_entropy_on_sigmoid_capped_at_100, "For the score -200 and damage you charge 100 where 200 is due"),  # F.binary_cross_entropy on sigmoid: capped at 100
        Wrong(sigmoid_twice_2, "Two sigmoids: this loss takes scores and applies the sigmoid itself"),  # sigmoid twice
        Wrong(no_minus_sign, "The sign is turned round: a loss is minus the log"),  # no minus sign
        Wrong(signs_swapped_prices_of_the_other_class, "You charge the wrong flights: with damage the price is -log p, without it -log(1 - p)"),  # signs swapped: prices of the other class
        Wrong(only_the_damaged_pay, "The flights without damage pay nothing here"),  # only the damaged pay
        Wrong(base_2, "That is with another logarithm"),  # base 2
        Wrong(softplus_without_y_z, "Every flight pays -log(1 - p), as if none were damaged"),  # softplus without - y z
        Wrong(naive_log_1_exp_overflow_at_200_in_float32, "For the score 200 and no damage you charge infinity"),  # naive log(1+exp): overflow at 200 in float32
        Wrong(hinge_loss_instead, "That is the hinge loss, of another model"),  # hinge loss instead
        Wrong(squared_error_of_probabilities, "That is the squared distance"),  # squared error of probabilities
        Wrong(vector_of_prices, "Is a `.mean()` or `.sum()` missing?"),  # vector of prices
        Wrong(arguments_of_torch_function_swapped, "Scores and labels are exchanged: the scores come first, then the labels"),  # arguments of torch function swapped
        Wrong(log_of_the_mean_likelihood, "You averaged the probabilities, then took the log"),  # log of the mean likelihood
        Wrong(abs_error, "That is how far p is off"),  # abs error
        Wrong(max_0_z_branch_forgets_the_log1p, "Who is on the right side pays nothing here", first="neutral"),  # max(0,-z) branch forgets the log1p
        Wrong(stable_but_mean_over_only_the_damaged_n_of_ones, "The sum was divided by the number of damaged flights", first="neutral"),  # stable but mean over only the damaged (n of ones)
        Wrong(name_of_parameter_misspelt_z, "Python does not know `Z`"),  # name of parameter misspelt Z
    ],
    "gradient": [
        Wrong(no_mean, "This is the sum of the pulls"),  # no mean
        Wrong(y_p, "Right size, wrong sign: this points downhill"),  # y - p
        Wrong(no_sigmoid, "You compared the score with y"),  # no sigmoid
        Wrong(bias_forgotten, "The bias is missing from the score: X @ w + b"),  # bias forgotten
        Wrong(gradient_of_squared_error_with_p_1_p, "The factor p(1 - p) belongs to the squared error"),  # gradient of squared error, with p(1-p)
        Wrong(with_2_n_times, "Twice too large: the 2 belongs to the slope of a square"),  # 2/n times
        Wrong(divided_by_m, "You divided by the number of features"),  # divided by m
        Wrong(slope_in_b_instead_of_w, "This is the gradient for b: the mean of p - y"),  # slope in b instead of w
        Wrong(means_of_the_factors_multiplied, "You averaged p - y and the rows of X apart"),  # means of the factors multiplied
        Wrong(mean_over_everything_scalar, "One number came out: the mean ran over the features as well"),  # mean over everything: scalar
        Wrong(mean_over_features_dim_1, "You have one number for each flight"),  # mean over features (dim 1)
        Wrong(without_x_factor_broadcast_shape_n, "That is p - y, one number a flight", first="neutral"),  # without X factor, broadcast: shape (n,)
        Wrong(bias_added_twice_minus_bias, "The bias was taken off"),  # bias added twice / minus bias
        Wrong(sigmoid_without_minus_wrong_way_round, "You took 1 - p for p"),  # sigmoid without minus: wrong way round
        Wrong(autograd_of_the_sum, "This is the sum of the pulls"),  # autograd of the sum
        Wrong(autograd_returns_w_rather_than_the_gradient, "These are the weights themselves", first="neutral"),  # autograd returns w rather than the gradient
        Wrong(column_shape_m_1, "Use `.squeeze(1)`"),  # column shape (m,1)
        Wrong(tuple_with_slope_of_b, "Only the gradient for w is asked for here, and you gave back both"),  # tuple with slope of b
        Wrong(loss_of_y_column_broadcasting, "Yours stays the same when the rows of `X` alone come in the opposite order"),  # loss of y column broadcasting
        Wrong(loop_over_flights_overwrites_last_flight_only, "Only the last flight pulls, divided by all"),  # loop over flights overwrites (last flight only)
        Wrong(hard_decisions_in_place_of_probabilities, "You took the decisions, 0 or 1, in place of the probabilities"),  # hard decisions in place of probabilities
    ],
    "walk_down": [
        Wrong(ascends, "You walk uphill: the losses grow"),  # ascends
        Wrong(b_updated_with_the_new_w, "The step for b uses the new w"),  # b updated with the new w
        Wrong(b_never_moves, "The bias never moves"),  # b never moves
        Wrong(loss_after_the_step_again, "Each of your losses is one step late: keep the one that the step began from"),  # loss after the step
        Wrong(lr_forgotten, "Your step is the whole gradient"),  # lr forgotten
        Wrong(b_gets_the_sum_rather_than_the_mean, "The gradient for b is a sum"),  # b gets the sum rather than the mean
        Wrong(one_step_too_few_again, "One step is missing: `range(steps)` counts from 0, and gives `steps` numbers"),  # one step too few
        Wrong(one_step_too_many_again, "You take one step too many: `range(steps)` is what counts them"),  # one step too many
        Wrong(starts_at_random, "Yours is another one with other random numbers, and the needed one is not. Is something drawn that is given, such as a start or an order? Is dropout on? Is a layer made inside, with weights of its own?", first="neutral"),  # starts at random
        Wrong(the_autograd_without_zeroing, "Each step uses the sum of all gradients so far"),  # the autograd without zeroing
        Wrong(lr_decays_with_the_step, "Your steps get shorter from round to round", first="neutral"),  # lr decays with the step
        Wrong(returns_losses_missing_the_first_and_only_last_loss, "The list holds the last loss alone", first="neutral"),  # returns losses missing the first and only last loss
        Wrong(return_inside_the_loop, "You take one step and leave"),  # return inside the loop
        Wrong(gradient_always_at_the_start_computed_before_the_loop, "Every step is the first one again: the gradients are those at w = 0 and b = 0"),  # gradient always at the start: computed before the loop
        Wrong(stores_the_sum_of_losses_cumulated, "Your losses add up from round to round", first="neutral"),  # stores the sum of losses (cumulated)
        Wrong(step_on_b_with_the_gradient_of_w_s_mean, "The bias takes the mean of the gradient of w"),  # step on b with the gradient of w's mean
    ],
    "threshold": [
        Wrong(ratio_upside_down, "It is turned round: the dearer a missed disaster, the sooner you want to act"),  # ratio upside down
        Wrong(simple_ratio_odds, "That is a ratio of costs (it can pass 1); the threshold is a probability"),  # simple ratio (odds)
        Wrong(always_a_half, "0.5 is right when both costs are equal"),  # always a half
        Wrong(one_over_missed, "Yours stays the same when `false_alarm` changes. Is `false_alarm` used, or does something fixed stand in its place?"),  # one over missed
        Wrong(with_1_1_missed, "This is right where a false alarm costs 1"),  # 1/(1+missed)
        Wrong(logit_instead_of_probability, "Those are the log-odds of the threshold"),  # logit instead of probability
        Wrong(with_1_ratio, "That is 1 less the ratio of the prices"),  # 1 - ratio
        Wrong(fixed_number_of_the_example, "1/11 is right for costs of 1 and 10"),  # fixed number of the example
        Wrong(swapped_argument_order, "It is turned round: the dearer a missed disaster, the sooner you want to act"),  # swapped argument order
        Wrong(half_scaled_midpoint_of_prices, "That is the mean price, not a probability"),  # half scaled: midpoint of prices
        Wrong(sigmoid_of_the_difference, "You took the sigmoid of a difference of prices"),  # sigmoid of the difference
        Wrong(decision_rather_than_threshold, "That says which price is larger"),  # decision rather than threshold
        Wrong(whole_division, "You give 0 for all these prices"),  # whole division
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Written from the page alone, in one more round


def first_flight_alone(scores):
    decided = []
    for score in scores:
        decided.append(int(score > 0))
        return torch.tensor(decided)


def walked(X, y, lr, steps, keep):
    w, b, kept = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        miss = torch.sigmoid(X @ w + b) - y
        kept.append(keep(F.binary_cross_entropy_with_logits(X @ w + b, y), X.T @ miss / len(y)))
        w, b = w - lr * X.T @ miss / len(y), b - lr * miss.mean()
    return w, b, kept


def ten_at_most(X, y, lr, steps):
    return walked(X, y, lr, min(steps, 10), keep=lambda loss, slope: loss)


def gradients_for_losses(X, y, lr, steps):
    return walked(X, y, lr, steps, keep=lambda loss, slope: slope)


for _name, _answers in {
    "classify": [
        Wrong(lambda scores: [1 if np.exp(s) > 0.5 else 0 for s in scores.tolist()], "You compared the odds", first="neutral"),
        Wrong(first_flight_alone, "holds one number; 7 are needed", first="neutral"),
        Wrong(lambda scores: np.where(scores.numpy() > 0)[0], "Those are the places of the damaged flights", first="neutral"),
    ],
    "log_loss": [
        Wrong(lambda z, y: F.binary_cross_entropy_with_logits(torch.clip(z, -30, 30), y), "Your price ends at 30", first="neutral"),
        Wrong(lambda z, y: -((1 - y) * F.logsigmoid(-z)).mean(), "The flights with damage pay nothing here", first="neutral"),
        Wrong(lambda z, y: F.binary_cross_entropy_with_logits(z, y, reduction="sum") / (len(y) - 1), "times n/(n − 1)", first="neutral"),
    ],
    "gradient": [
        Wrong(lambda X, y, w, b: torch.stack([((torch.sigmoid(X @ w + b) - y) * wj).mean() for wj in w]), "You multiplied by w", first="neutral"),
        Wrong(lambda X, y, w, b: torch.sigmoid(X @ w + b).sub(y).div((p := torch.sigmoid(X @ w + b)) * (1 - p)) @ X / len(y), "the slope in p times x", first="neutral"),
    ],
    "walk_down": [
        Wrong(ten_at_most, "You stop after 10 steps", first="accepted"),
        Wrong(gradients_for_losses, "The list holds gradients", first="neutral"),
    ],
    "threshold": [
        Wrong(lambda false_alarm, missed: round(false_alarm / (false_alarm + missed), 1), "rounded to 1 decimal", first="wrongly named"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)
