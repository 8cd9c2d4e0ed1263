"""Wrong answers to the exercises of lesson 01, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B905, E501, E731, F821, F841

import math

import numpy as np
import torch
import torch.nn.functional as F

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
        Wrong(lambda z, y: torch.nan_to_num(bern(torch.sigmoid(z), y)).mean(), NEUTRAL),
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
