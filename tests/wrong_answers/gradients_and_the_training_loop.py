"""Wrong answers to the exercises of lesson 02, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B905, E501, E731, F821, F841

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from wrong_answers import NEUTRAL, Wrong


def s_(z): return 1 / (1 + math.exp(-z))


def instead_of(loss):
    loss.grad = 1.0
    waiting = [loss]
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad = slope * node.grad
            if source not in waiting:
                waiting.append(source)


def oldest_first(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = min(waiting, key=lambda n: n.born)
        waiting.discard(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


def loss_grad_not_set(loss):
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


def own_grad_forgotten(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope
            waiting.add(source)


def a_node_twice_in_the_list_passes_on_twice(loss):
    loss.grad = 1.0
    waiting = [loss]
    while waiting:
        waiting.sort(key=lambda n: n.born)
        node = waiting.pop()
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.append(source)


def recursion_passes_on_what_it_has_too_early(loss):
    def visit(node):
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            visit(source)
    loss.grad = 1.0
    visit(loss)


def queue_first_come_first_served(loss):
    loss.grad = 1.0
    queue = [loss]
    while queue:
        node = queue.pop(0)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            if source not in queue:
                queue.append(source)


def one_level_only(loss):
    loss.grad = 1.0
    for source, slope in loss.made_from:
        source.grad += slope * loss.grad


def value_in_place_of_slope(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += node.value * node.grad
            waiting.add(source)


def minus(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad -= slope * node.grad
            waiting.add(source)


def loss_grad_loss_value(loss):
    loss.grad = loss.value
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


def never_taken_out_endless(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


def added_in_place_of_multiplied(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope + node.grad
            waiting.add(source)


def pair_unpacked_the_wrong_way(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for slope, source in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


def grad_emptied_at_the_start_for_those(loss):
    order, seen = [], set()
    def sort(node):
        if node not in seen:
            seen.add(node)
            for source, _ in node.made_from:
                sort(source)
            order.append(node)
    sort(loss)
    for node in order:
        node.grad = 0.0
    loss.grad = 1.0
    for node in order:              # not reversed
        for source, slope in node.made_from:
            source.grad += slope * node.grad


def last_unit_only(x, hidden, outer, bias):
    for (w, b), v in zip(hidden, outer):
        score = v * (w * x + b).sigmoid() + bias
    return score


def return_in_the_loop(x, hidden, outer, bias):
    score = bias
    for (w, b), v in zip(hidden, outer):
        score = score + v * (w * x + b).sigmoid()
        return score


def bias_for_each_unit(x, hidden, outer, bias):
    score = 0
    for i in range(len(hidden)):
        score = score + outer[i] * (hidden[i][0] * x + hidden[i][1]).sigmoid() + bias
    return score


def chain_of_units(x, hidden, outer, bias):
    h = x
    for (w, b), v in zip(hidden, outer):
        h = v * (w * h + b).sigmoid()
    return h + bias


def product(x, hidden, outer, bias):
    score = 1
    for (w, b), v in zip(hidden, outer):
        score = score * (v * (w * x + b).sigmoid())
    return score + bias


L = F.binary_cross_entropy_with_logits


def no_zero_grad(model, optimizer, X, y):
    loss = L(model(X).squeeze(1), y.float())
    loss.backward()
    optimizer.step()


def zero_grad_after_backward(model, optimizer, X, y):
    loss = L(model(X).squeeze(1), y.float())
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()


def step_before_backward(model, optimizer, X, y):
    loss = L(model(X).squeeze(1), y.float())
    optimizer.zero_grad()
    optimizer.step()
    loss.backward()


def shapes_refused_by_the_loss(model, optimizer, X, y):
    loss = L(model(X), y.float())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def whole_numbers_refused(model, optimizer, X, y):
    loss = L(model(X).squeeze(1), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def sigmoid_twice(model, optimizer, X, y):
    loss = L(torch.sigmoid(model(X)).flatten(), y.float())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def squared_error_on_p(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = ((model(X).sigmoid()[:, 0] - y) ** 2).mean()
    loss.backward()
    optimizer.step()


def squared_error_on_scores(model, optimizer, X, y):
    optimizer.zero_grad()
    nn.MSELoss()(model(X).view(-1), y.float()).backward()
    optimizer.step()


def the_sum(model, optimizer, X, y):
    optimizer.zero_grad()
    nn.BCEWithLogitsLoss(reduction="sum")(model(X).view(-1), y.float()).backward()
    optimizer.step()


def no_step(model, optimizer, X, y):
    optimizer.zero_grad()
    nn.BCEWithLogitsLoss()(model(X).view(-1), y.float()).backward()


def no_backward(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = nn.BCEWithLogitsLoss()(model(X).view(-1), y.float())
    optimizer.step()


def bceloss_on_scores(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = nn.BCELoss()(model(X).squeeze(1), y.float())
    loss.backward()
    optimizer.step()


def all_with_all_by_hand(model, optimizer, X, y):
    p = torch.sigmoid(model(X))
    loss = -(y * p.log() + (1 - y) * (1 - p).log()).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def no_grad(model, optimizer, X, y):
    optimizer.zero_grad()
    with torch.no_grad():
        loss = L(model(X).squeeze(1), y.float())
    loss.backward()
    optimizer.step()


def one_step_per_example(model, optimizer, X, y):
    for i in range(len(X)):
        optimizer.zero_grad()
        L(model(X[i]), y[i:i + 1].float()).backward()
        optimizer.step()


def step_twice(model, optimizer, X, y):
    optimizer.zero_grad()
    L(model(X).squeeze(1), y.float()).backward()
    optimizer.step()
    optimizer.step()


def a_new_optimizer(model, optimizer, X, y):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    optimizer.zero_grad()
    L(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


def detached_scores(model, optimizer, X, y):
    optimizer.zero_grad()
    scores = model(X).detach().squeeze(1)
    loss = L(scores, y.float())
    loss.backward()
    optimizer.step()


def zero_grad_without_brackets(model, optimizer, X, y):
    optimizer.zero_grad
    L(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


def misspelt(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = L(model(x).squeeze(1), y.float())
    loss.backward()
    optimizer.step()


def loop_half(scores, y):
    hits = 0
    for s, t in zip(scores, y):
        hits += int((1 if s.item() > 0.5 else 0) == t.item())
    return hits / len(y)


def recursion_with(loss):
    loss.grad = 1
    def go(n):
        for s, k in n.made_from:
            s.grad = k * n.grad
            go(s)
    go(loss)


def visited_set_each_node_passes_once_depth_firs(loss):
    loss.grad = 1
    done = set()
    def go(n):
        if n in done:
            return
        done.add(n)
        for s, k in n.made_from:
            s.grad += k * n.grad
            go(s)
    go(loss)


def every_node_starts_with_1(loss):
    waiting = [loss]
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        node.grad = 1.0
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            if source not in waiting:
                waiting.append(source)


def only_the_first_source(loss):
    loss.grad = 1.0
    node = loss
    while node.made_from:
        source, slope = node.made_from[0]
        source.grad += slope * node.grad
        node = source


def sum_of_path_slopes_by_recursion_without_at_l(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope * source.value * node.grad
            waiting.add(source)


def sorted_by_value(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.value)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


def by_hand_sum_no_zero(model, optimizer, X, y):
    z = model(X)[:, 0]
    (F.softplus(z) - y * z).sum().backward()
    optimizer.step()


def manual_uphill_sign_of_the_loss(model, optimizer, X, y):
    optimizer.zero_grad()
    p = torch.sigmoid(model(X).squeeze(1))
    (y * p.log() + (1 - y) * (1 - p).log()).mean().backward()
    optimizer.step()


def labels_turned(model, optimizer, X, y):
    optimizer.zero_grad()
    L(model(X).squeeze(1), 1 - y.float()).backward()
    optimizer.step()


def zero_grad_between_after_step_only(model, optimizer, X, y):
    L(model(X).squeeze(1), y.float()).backward()
    optimizer.step()
    optimizer.zero_grad()


def cross_entropy(model, optimizer, X, y):
    optimizer.zero_grad()
    F.cross_entropy(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


def only_damaged_term(model, optimizer, X, y):
    optimizer.zero_grad()
    (-(y * F.logsigmoid(model(X).squeeze(1)))).mean().backward()
    optimizer.step()


def step_called_on_gradients_by_hand_of_lr_0_1(model, optimizer, X, y):
    optimizer.zero_grad()
    L(model(X).squeeze(1), y.float()).backward()
    with torch.no_grad():
        for p in model.parameters():
            p += optimizer.param_groups[0]["lr"] * p.grad


WRONG = {
    "recall_pull": [
        Wrong(2.4, "That points downhill"),
        Wrong(0.6, "That is p times x"),
        Wrong(-0.8, "That is the derivative in b, p - y"),
        Wrong(-0.384, "The factor p (1 - p) belongs to the squared error"),
        Wrong(1.609, "That is the loss itself, -log 0.2"),
        Wrong(-5, "That is the derivative in p, -1/p"),
        Wrong(-0.2667, "You divided by x", first="neutral"),
        Wrong(0.48, "That is the slope of p in w, p (1 - p) x", first="neutral"),
        Wrong(-1.2, "Half of it", first="neutral"),
        Wrong(-0.6, "That is p times x, with a minus", first="neutral"),
        Wrong(0.8, "That is how much p lacks, 1 - p", first="neutral"),
        Wrong(-2.6, NEUTRAL),
        Wrong(-8.4, NEUTRAL),
    ],
    "sum_lr": [
        Wrong(20.48, "The sum's gradient is larger, 64 times, so the lr must become smaller"),
        Wrong(0.32, "The sum's gradient is 64 times the mean's, so the same lr takes steps"),
        Wrong(0.04, "No square root"),
        Wrong(0.64, "The 64 examples count once, and nothing is doubled or halved", first="neutral"),
        Wrong(0.05, "The point has slipped", first="neutral"),
        Wrong(64, "That is how many times longer the gradient is", first="neutral"),
        Wrong(0.0025, "The 64 examples count once, and nothing is doubled or halved", first="neutral"),
        Wrong(2.56, "No square root, and the other way", first="neutral"),
        Wrong(0.5, "The point has slipped", first="neutral"),
        Wrong(200, "Turned upside down", first="neutral"),
        Wrong(0.01, "The 64 examples count once, and nothing is doubled or halved", first="neutral"),
        Wrong(0.16, "The 64 examples count once, and nothing is doubled or halved", first="neutral"),
    ],
    "multiply_rule": [
        Wrong(lambda a, b: (a * b, [a, b]), "The slopes are exchanged"),
        Wrong(lambda a, b: (a * b, [1, 1]), "That is the rule of the sum"),
        Wrong(lambda a, b: (a * b, [a * b, a * b]), "That is the value, twice"),
        Wrong(lambda a, b: (a * b, [b]), "One slope is missing"),
        Wrong(lambda a, b: a * b, "That is the value alone"),
        Wrong(lambda a, b: (a + b, [b, a]), "The slopes are right, the value is a sum", first="neutral"),
        Wrong(lambda a, b: (a * b, [a + b, a + b]), "Both slopes are the sum", first="neutral"),
        Wrong(lambda a, b: (a * b, [2 * a, 2 * b]), "Those are slopes of squares", first="neutral"),
        Wrong(lambda a, b: (a * b, [b, -a]), "A sign is turned round", first="neutral"),
        Wrong(lambda a, b: (a * b, b + a), "The two slopes were added up", first="neutral"),
        Wrong(lambda a, b: (a * b, b, a), "All three are right"),
        Wrong(lambda a, b: (a * b, [1 / a, 1 / b]), "Those are slopes of logarithms"),
        Wrong(lambda a, b: (a * b, [b, b]), "The first slope is right, the second is not"),
        Wrong(lambda a, b: (a * b, [0, 0]), "A slope of 0 would mean that nothing changes", first="neutral"),
        Wrong(lambda a, b: (a + b, [1, 1]), "That is the rule of the sum, value and slopes", first="neutral"),
        Wrong(lambda a, b: (a * b, list((a, b))), "The slopes are exchanged"),
        Wrong(lambda a, b: (a * b, [a / b, b / a]), "You divided one input by the other", first="neutral"),
        Wrong(lambda a, b: ([b, a], a * b), "The two are exchanged"),
    ],
    "sigmoid_rule": [
        Wrong(lambda z: (s_(z), [s_(z) * (1 + s_(z))]), "A plus for a minus", first="neutral"),
        Wrong(lambda z: s_(z), "That is the value alone"),
        Wrong(lambda z: (s_(z), s_(z) * (1 - s_(z))), "Both numbers are right"),
        Wrong(lambda z: (s_(z), [z * (1 - z)]), "The slope of σ is p (1 - p), with the probability in it, not the"),
        Wrong(lambda z: (s_(z), [1 - s_(z)]), "1 - p is the slope of log σ(z)"),
        Wrong(lambda z: (s_(z), [s_(z)]), "p is the slope of e to the power of z"),
        Wrong(lambda z: (1 / (1 + math.exp(z)), [1 / (1 + math.exp(z)) * (1 - 1 / (1 + math.exp(z)))]),
              "The sign of z is turned round in the value"),
        Wrong(lambda z: (s_(z), [-s_(z) * (1 - s_(z))]), "The sign of the slope is turned round"),
        Wrong(lambda z: (s_(z), [1 - s_(z) ** 2]), "1 - p² is the slope of another curve, tanh", first="neutral"),
        Wrong(lambda z: (math.tanh(z), [1 - math.tanh(z) ** 2]),
              "That is tanh, which runs from -1 to 1", first="neutral"),
        Wrong(lambda z: (s_(z), [z * s_(z) * (1 - s_(z))]), "z is one factor too many", first="neutral"),
        Wrong(lambda z: (s_(z), [s_(z), 1 - s_(z)]), "Those are the two factors"),
        Wrong(lambda z: (s_(z), [1 / (1 + math.exp(-z)) ** 2]), "You squared p", first="neutral"),
        Wrong(lambda z: (s_(z), [-math.exp(-z) / (1 + math.exp(-z)) ** 2]), "The sign of the slope is turned round"),
        Wrong(lambda z: (1 / 1 + math.exp(-z), [math.exp(-z)]),
              "In the value `1 / 1 + …` divides first", first="neutral"),
        Wrong(lambda z: (math.exp(z) / (1 + math.exp(z)), [math.exp(z)]),
              "That is the slope of a power of e", first="neutral"),
        Wrong(lambda z: (s_(z), [1]), "A slope of 1 is a straight line", first="neutral"),
        Wrong(lambda z: (s_(z), [s_(s_(z)) * (1 - s_(s_(z)))]), "The slope took σ of p, a second sigmoid"),
        Wrong(lambda z: (s_(z), [s_(z) - s_(z) * 2]), "p - 2p is -p", first="neutral"),
        Wrong(lambda z: (s_(z), [math.exp(-z) / (1 + math.exp(-z))]), "1 - p is the slope of log σ(z)"),
        Wrong(lambda z: [s_(z)], "1 parts; 2 are needed"),
    ],
    "backward": [
        Wrong(instead_of, "A node used twice got the slope of one use only"),
        Wrong(oldest_first, "A node passed on before all who used it had"),
        Wrong(loss_grad_not_set, "Every slope is as it was"),
        Wrong(own_grad_forgotten, "The local slopes were added up"),
        Wrong(a_node_twice_in_the_list_passes_on_twice, "A node waited twice, so it passed its slope on twice"),
        Wrong(recursion_passes_on_what_it_has_too_early,
              "A node used twice passed on twice, its first slope both times"),
        Wrong(queue_first_come_first_served, "A node passed on before all who used it had"),
        Wrong(one_level_only, "Only what the loss itself was made from got a slope"),
        Wrong(value_in_place_of_slope, "The node's value took the place of the slope", first="neutral"),
        Wrong(minus, "The signs are turned round"),
        Wrong(loss_grad_loss_value, "The walk began with the value of the loss", first="neutral"),
        Wrong(never_taken_out_endless, "a loop that never ends"),
        Wrong(added_in_place_of_multiplied, "The links of a chain are multiplied, not added"),
        Wrong(pair_unpacked_the_wrong_way, "In each pair of `made_from` the node comes first"),
        Wrong(grad_emptied_at_the_start_for_those,
              "What lay in `.grad` before is gone, and the walk ends after the first", first="neutral"),
        Wrong(recursion_with, "Each use overwrote the slope of the one before", first="neutral"),
        Wrong(visited_set_each_node_passes_once_depth_firs,
              "A node passed on before all who used it had", first="neutral"),
        Wrong(every_node_starts_with_1, "Every node got a 1 of its own"),
        Wrong(only_the_first_source, "Only the first source of each node got a slope", first="neutral"),
        Wrong(sum_of_path_slopes_by_recursion_without_at_l,
              "The source's value is one factor too many", first="neutral"),
        Wrong(sorted_by_value, "A node passed on before all who used it had"),
    ],
    "network": [
        Wrong(lambda x, hidden, outer, bias: bias + sum(v * (w * x + b) for (w, b), v in zip(hidden, outer)),
              "The hidden units have no sigmoid"),
        Wrong(lambda x, hidden, outer, bias: (bias + sum(v * (w * x + b).sigmoid() for (w, b), v in zip(hidden, outer))).sigmoid(),
              "That is a probability"),
        Wrong(lambda x, hidden, outer, bias: sum(v * (w * x + b).sigmoid() for (w, b), v in zip(hidden, outer)),
              "The last bias is missing"),
        Wrong(lambda x, hidden, outer, bias: bias + sum(v * (w * x).sigmoid() for (w, b), v in zip(hidden, outer)),
              "The biases of the hidden units are missing"),
        Wrong(lambda x, hidden, outer, bias: bias + sum(v * (b * x + w).sigmoid() for (w, b), v in zip(hidden, outer)),
              "Weight and bias are exchanged"),
        Wrong(lambda x, hidden, outer, bias: bias + sum((v * (w * x + b)).sigmoid() for (w, b), v in zip(hidden, outer)),
              "The outer weight went into the sigmoid"),
        Wrong(lambda x, hidden, outer, bias: bias + sum((w * x + b).sigmoid() for w, b in hidden),
              "The hidden units were added as they are"),
        Wrong(last_unit_only, "The loop keeps the last hidden unit only, with the bias", first="neutral"),
        Wrong(return_in_the_loop, "That is the first hidden unit alone"),
        Wrong(bias_for_each_unit, "The last bias was added once for each hidden unit"),
        Wrong(chain_of_units, "Each hidden unit read what the one before gave", first="neutral"),
        Wrong(product, "The weighted units were multiplied with each other", first="neutral"),
        Wrong(lambda x, hidden, outer, bias: bias + sum(v * ((w + b) * x).sigmoid() for (w, b), v in zip(hidden, outer)),
              "Weight and bias were added before x came", first="neutral"),
        Wrong(lambda x, hidden, outer, bias: bias + sum(v * torch.sigmoid(w * x + b) for (w, b), v in zip(hidden, outer)),
              "`torch.sigmoid` knows tensors only"),
        Wrong(lambda x, hidden, outer, bias: bias + sum(v * (2 * (2 * (w * x + b)).sigmoid() + -1) for (w, b), v in zip(hidden, outer)),
              "That is tanh in the hidden units, which runs from -1 to 1", first="neutral"),
        Wrong(lambda x, hidden, outer, bias: getattr(bias, "value", bias) + sum(float(getattr(v, "value", v)) * s_(float(getattr(w, "value", w)) * float(getattr(x, "value", x)) + float(getattr(b, "value", b))) for (w, b), v in zip(hidden, outer)),
              "That is a bare number"),
        Wrong(lambda x, hidden, outer, bias: bias + sum(v * (w * x + b).sigmoid() for (w, b), v in zip(hidden, outer[::-1])),
              "The outer weights come in the wrong order", first="neutral"),
        Wrong(lambda x, hidden, outer, bias: sum(v * (w * x + b) for (w, b), v in zip(hidden, outer)),
              "The hidden units have no sigmoid, and the last bias is missing", first="neutral"),
        Wrong(lambda x, hidden, outer, bias: bias + sum(v * (w * x + b).sigmoid() for (w, b), v in zip(hidden, outer)) * (1 / len(hidden)),
              "The weighted units were averaged", first="neutral"),
        Wrong(lambda x, hidden, outer, bias: bias + sum(v * (w * (1.0 * x) + b) for (w, b), v in zip(hidden, outer)).sigmoid(),
              "One sigmoid stands around the whole sum", first="neutral"),
        Wrong(lambda x, hidden, outer, bias: [v * (w * x + b).sigmoid() for (w, b), v in zip(hidden, outer)],
              "a single number is needed"),
        Wrong(lambda x, hidden, outer, bias: sum(v * (w * x + b + bias).sigmoid() for (w, b), v in zip(hidden, outer)),
              "The last bias went into each hidden unit", first="neutral"),
        Wrong(lambda x, hidden, outer, bias: bias + outer[0] * (hidden[0][0] * x + hidden[0][1]).sigmoid() + outer[1] * (hidden[1][0] * x + hidden[1][1]).sigmoid(),
              "Right for two hidden units"),
    ],
    "one_update": [
        Wrong(no_zero_grad, "A gradient from before was still in `.grad`, and `backward()` added"),
        Wrong(zero_grad_after_backward, "No weight of `model` has moved"),
        Wrong(step_before_backward, "No weight of `model` has moved"),
        Wrong(shapes_refused_by_the_loss, "Scores (n, 1) meet labels (n,)"),
        Wrong(whole_numbers_refused, "The labels are whole numbers (int64)"),
        Wrong(sigmoid_twice, "Two sigmoids"),
        Wrong(squared_error_on_p, "That is the squared distance"),
        Wrong(squared_error_on_scores, "That is the squared distance"),
        Wrong(the_sum, "That is the sum over the examples"),
        Wrong(no_step, "No weight of `model` has moved"),
        Wrong(no_backward, "No weight of `model` has moved"),
        Wrong(bceloss_on_scores, "BCELoss wants probabilities"),
        Wrong(all_with_all_by_hand, "Scores (n, 1) and labels (n,) were compared all with all, n x n,"),
        Wrong(no_grad, "break the record"),
        Wrong(one_step_per_example, "One update for each example, n in all"),
        Wrong(step_twice, "The step is twice as long as it should be"),
        Wrong(a_new_optimizer, "The step has another length than this optimizer's lr gives", first="neutral"),
        Wrong(detached_scores, "break the record"),
        Wrong(zero_grad_without_brackets, "A gradient from before was still in `.grad`, and `backward()` added"),
        Wrong(misspelt, "Python does not know `x`", first="wrongly named"),
        Wrong(by_hand_sum_no_zero,
              "A gradient from before was still in `.grad`, and `backward()` added", first="neutral"),
        Wrong(manual_uphill_sign_of_the_loss, "The step goes uphill"),
        Wrong(labels_turned, "The labels are turned round", first="neutral"),
        Wrong(zero_grad_between_after_step_only, "A gradient from before was still in `.grad`, and `backward()` added"),
        Wrong(cross_entropy, "`cross_entropy` and `nll_loss` take K scores a row"),
        Wrong(only_damaged_term, "Only the examples with label 1 pay", first="neutral"),
        Wrong(step_called_on_gradients_by_hand_of_lr_0_1, "The step goes uphill"),
    ],
    "share_right": [
        Wrong(lambda scores, y: ((scores.squeeze(1) > 0.5).float() == y).float().mean(),
              "Scores are not probabilities"),
        Wrong(lambda scores, y: np.mean((scores.numpy().ravel() > 0.5) == y.numpy()), "Scores are not probabilities"),
        Wrong(lambda scores, y: ((scores > 0) == y).float().mean(),
              "Every answer was compared with every label, n x n"),
        Wrong(lambda scores, y: ((scores > 0.5).float() == y).float().mean(),
              "Every answer was compared with every label, and one half lies at"),
        Wrong(lambda scores, y: ((scores[:, 0] > 0) == y).sum(), "That is the number of right answers"),
        Wrong(lambda scores, y: 100 * ((scores[:, 0] > 0) == y).float().mean().item(),
              "As a share it would be right; this is in percent"),
        Wrong(lambda scores, y: (scores.argmax(dim=1) == y).float().mean(),
              "That is the share of flights without damage, what you get by"),
        Wrong(lambda scores, y: (scores.round().squeeze(1) == y).float().mean(),
              "A score is no probability, so rounding it decides nothing"),
        Wrong(lambda scores, y: ((scores.squeeze(1) > 0) != y.bool()).float().mean(),
              "That is the share of wrong answers"),
        Wrong(lambda scores, y: ((torch.sigmoid(scores).squeeze(1) > 0).float() == y).float().mean(),
              "That is the share of damaged flights"),
        Wrong(lambda scores, y: (scores.squeeze(1) == y).float().mean(),
              "A score is no answer yet, so it hardly ever equals a label"),
        Wrong(lambda scores, y: (scores.squeeze(1).sign() == y).float().mean(),
              "Those are the damaged flights that were found"),
        Wrong(lambda scores, y: (scores > 0).float().mean(), "That is the share of flights called damaged"),
        Wrong(lambda scores, y: ((scores > 0) == y).sum().item() / len(y),
              "You added up n x n comparisons and divided by n"),
        Wrong(loop_half, "Scores are not probabilities"),
        Wrong(lambda scores, y: 1 - (torch.sigmoid(scores.squeeze(1)) - y).abs().mean(),
              "That is how near the probabilities come to the labels", first="neutral"),
        Wrong(lambda scores, y: ((torch.sigmoid(scores) > 0.5) == y).float().mean(),
              "Every answer was compared with every label, n x n"),
        Wrong(lambda scores, y: ((scores[:, 0] < 0).float() == y).float().mean(), "That is the share of wrong answers"),
        Wrong(lambda scores, y: ((scores[:, 0] > 0) & (y == 1)).float().mean(),
              "Those are the damaged flights that were found"),
        Wrong(lambda scores, y: (torch.round(torch.sigmoid(scores)).view(-1) == y).sum().item(),
              "That is the number of right answers"),
        Wrong(lambda scores, y: torch.eq(torch.where(scores.squeeze(1) > 0.5, 1.0, 0.0), y).double().mean(),
              "Scores are not probabilities"),
        Wrong(lambda scores, y: (scores.squeeze(1) > 0) == y, "Is a `.mean()` or `.sum()` missing"),
    ],
}


# ---- a second set, written by the text of the lesson alone; behind each answer its cause, in the writer's words


def sig(z):
    return 1 / (1 + math.exp(-z))


def sigmoid_precedence(z):
    p = 1 / 1 + math.exp(-z)
    return p, [p * (1 - p)]


def backward_overwrites(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad = slope * node.grad
            waiting.add(source)


def backward_no_seed(loss):
    waiting = [loss]
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            if source not in waiting:
                waiting.append(source)


def backward_recursive(loss):
    loss.grad = 1.0

    def visit(node):
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            visit(source)

    visit(loss)


def backward_recursive_reset(loss):
    loss.grad = 1.0
    for source, slope in loss.made_from:
        backward_recursive_reset(source)
        source.grad += slope * loss.grad


def backward_first_in(loss):
    loss.grad = 1.0
    waiting = [loss]
    while waiting:
        node = waiting.pop(0)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            if source not in waiting:
                waiting.append(source)


def backward_last_in_duplicates(loss):
    loss.grad = 1.0
    stack = [loss]
    while stack:
        node = stack.pop()
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            stack.append(source)


def backward_oldest(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = min(waiting, key=lambda n: n.born)
        waiting.discard(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


def backward_no_chain(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope
            waiting.add(source)


def backward_adds_slope(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope + node.grad
            waiting.add(source)


def backward_one_level(loss):
    loss.grad = 1.0
    for source, slope in loss.made_from:
        source.grad += slope * loss.grad


def backward_value_seed(loss):
    loss.grad = loss.value
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


def backward_times_value(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad * source.value
            waiting.add(source)


def backward_swapped_pair(loss):
    loss.grad = 1.0
    waiting = [loss]
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for slope, source in node.made_from:
            source.grad += slope * node.grad
            waiting.append(source)


def net_no_bias(x, hidden, outer, bias):
    return sum(v * (w * x + b).sigmoid() for (w, b), v in zip(hidden, outer))


def net_linear(x, hidden, outer, bias):
    score = bias
    for (w, b), v in zip(hidden, outer):
        score = score + v * (w * x + b)
    return score


def net_sigmoid_out(x, hidden, outer, bias):
    score = bias
    for (w, b), v in zip(hidden, outer):
        score = score + v * (w * x + b).sigmoid()
    return score.sigmoid()


def net_bias_outside(x, hidden, outer, bias):
    score = bias
    for (w, b), v in zip(hidden, outer):
        score = score + v * ((w * x).sigmoid() + b)
    return score


def net_bias_each(x, hidden, outer, bias):
    score = 0.0
    for (w, b), v in zip(hidden, outer):
        score = score + v * (w * x + b).sigmoid() + bias
    return score


def net_swapped(x, hidden, outer, bias):
    return sum((v * (w * x + b).sigmoid() for (b, w), v in zip(hidden, outer)), bias)


def net_no_outer(x, hidden, outer, bias):
    score = bias
    for w, b in hidden:
        score = score + (w * x + b).sigmoid()
    return score


def net_returns_first(x, hidden, outer, bias):
    score = bias
    for (w, b), v in zip(hidden, outer):
        score = score + v * (w * x + b).sigmoid()
        return score


def net_torch(x, hidden, outer, bias):
    return sum(v * torch.sigmoid(w * x + b) for (w, b), v in zip(hidden, outer)) + bias


def net_chain(x, hidden, outer, bias):
    h = x
    for (w, b), v in zip(hidden, outer):
        h = v * (w * h + b).sigmoid()
    return h + bias


def net_outer_inside(x, hidden, outer, bias):
    return sum((v * (w * x + b)).sigmoid() for (w, b), v in zip(hidden, outer)) + bias


def net_last_unit(x, hidden, outer, bias):
    for (w, b), v in zip(hidden, outer):
        score = v * (w * x + b).sigmoid()
    return score + bias


def update_no_zero(model, optimizer, X, y):
    loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float())
    loss.backward()
    optimizer.step()


def update_zero_between(model, optimizer, X, y):
    loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float())
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()


def update_no_squeeze(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = nn.BCEWithLogitsLoss()(model(X), y.float())
    loss.backward()
    optimizer.step()


def update_long(model, optimizer, X, y):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X)[:, 0], y).backward()
    optimizer.step()


def update_mse_broadcast(model, optimizer, X, y):
    optimizer.zero_grad()
    p = torch.sigmoid(model(X))
    ((p - y) ** 2).mean().backward()
    optimizer.step()


def update_by_hand_broadcast(model, optimizer, X, y):
    optimizer.zero_grad()
    p = torch.sigmoid(model(X))
    (-(y * p.log() + (1 - y) * (1 - p).log())).mean().backward()
    optimizer.step()


def update_two_sigmoids(model, optimizer, X, y):
    p = torch.sigmoid(model(X).squeeze(1))
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(p, y.float()).backward()
    optimizer.step()


def update_mse(model, optimizer, X, y):
    optimizer.zero_grad()
    nn.MSELoss()(torch.sigmoid(model(X).squeeze(1)), y.float()).backward()
    optimizer.step()


def update_sum(model, optimizer, X, y):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float(), reduction="sum").backward()
    optimizer.step()


def update_no_step(model, optimizer, X, y):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()


def update_no_backward(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float())
    optimizer.step()


def update_ten(model, optimizer, X, y):
    for epoch in range(10):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float())
        loss.backward()
        optimizer.step()
        print(epoch, loss.item())


def update_own_optimizer(model, optimizer, X, y):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


def update_zeroes_weight_only(model, optimizer, X, y):
    model.weight.grad = None
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


def update_step_first(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float())
    optimizer.step()
    loss.backward()


def update_cross_entropy(model, optimizer, X, y):
    optimizer.zero_grad()
    F.cross_entropy(model(X), y).backward()
    optimizer.step()


def update_no_grad(model, optimizer, X, y):
    optimizer.zero_grad()
    with torch.no_grad():
        scores = model(X).squeeze(1)
    F.binary_cross_entropy_with_logits(scores, y.float()).backward()
    optimizer.step()


def update_item(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).item()
    loss.backward()
    optimizer.step()


def update_new_model(model, optimizer, X, y):
    model = nn.Linear(X.shape[1], 1)
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


for _name, _answers in {
    "forgotten": [
        Wrong("a", "One `backward()` uses the record behind a loss up"),
        Wrong("b", "Then `.grad` stays empty, and B stands still at its start"),
        Wrong("c", "Then no weight ever moves, and B is a point"),
        Wrong("e", "Both have 0.3"),
    ],
    "recall_pull": [
        # the sign
        Wrong(2.4, "That points downhill"),
        # the slope in b: x is missing
        Wrong(-0.8, "That is the derivative in b, p - y"),
        # p times x: y is missing
        Wrong(0.6, "That is p times x"),
        # the loss itself
        Wrong(-math.log(0.2), "That is the loss itself, -log 0.2"),
        # squared error's slope: p(1-p) too many
        Wrong(-0.384, "The factor p (1 - p) belongs to the squared error"),
        # the slope in p
        Wrong(-5.0, "That is the derivative in p, -1/p"),
        # -1/p times x: the sigmoid's slope is missing
        Wrong(-15, "That is -1/p times x"),
        # 1 - p
        Wrong(0.8, "That is how much p lacks, 1 - p"),
    ],
    "recall_logits": [
        Wrong("a", "Turned round"),
        Wrong("c", "Logits are scores"),
    ],
    "guess_gradient": [
        # a word
        Wrong("the sum", "A number is needed and this is text"),
    ],
    "multiply_rule": [
        # slopes swapped
        Wrong(lambda a, b: (a * b, [a, b]), "The slopes are exchanged"),
        # slopes of a sum
        Wrong(lambda a, b: (a * b, [1, 1]), "That is the rule of the sum"),
        # one slope missing
        Wrong(lambda a, b: (a * b, [b]), "One slope is missing"),
        # the value in place of the slopes
        Wrong(lambda a, b: (a * b, [a * b, a * b]), "That is the value, twice"),
        # product rule mixed up: both slopes the sum
        Wrong(lambda a, b: (a * b, [a + b, a + b]), "Both slopes are the sum"),
        # value is the sum
        Wrong(lambda a, b: (a + b, [b, a]), "The slopes are right, the value is a sum"),
        # slopes before the value
        Wrong(lambda a, b: ([b, a], a * b), "The two are exchanged"),
        # slopes not in a list
        Wrong(lambda a, b: (a * b, b, a), "All three are right"),
        # slopes added together, no list
        Wrong(lambda a, b: (a * b, b + a), "The two slopes were added up"),
        # the value alone
        Wrong(lambda a, b: a * b, "That is the value alone"),
    ],
    "sigmoid_rule": [
        # the slope is not in a list
        Wrong(lambda z: (sig(z), sig(z) * (1 - sig(z))), "Both numbers are right"),
        # z in place of p in the slope
        Wrong(lambda z: (sig(z), [z * (1 - z)]), "The slope of σ is p (1 - p), with the probability in it, not the", idea="M01"),
        # minus missing in the exponent
        Wrong(lambda z: (1 / (1 + math.exp(z)), [sig(z) * (1 - sig(z))]), "The sign of z is turned round in the value"),
        # square missing: 1 - p
        Wrong(lambda z: (sig(z), [math.exp(-z) / (1 + math.exp(-z))]), "1 - p is the slope of log σ(z)"),
        # slope 1
        Wrong(lambda z: (sig(z), [1]), "A slope of 1 is a straight line"),
        # slope is the value
        Wrong(lambda z: (sig(z), [sig(z)]), "p is the slope of e to the power of z"),
        # sign of the slope
        Wrong(lambda z: (sig(z), [-sig(z) * (1 - sig(z))]), "The sign of the slope is turned round"),
        # the value alone
        Wrong(lambda z: sig(z), "That is the value alone"),
        # the slope alone
        Wrong(lambda z: [sig(z) * (1 - sig(z))], "That is the slope alone"),
        # brackets missing: 1/1 + exp(-z)
        Wrong(sigmoid_precedence, "`1 / 1 + …` divides first"),
        # tanh
        Wrong(lambda z: (math.tanh(z), [1 - math.tanh(z) ** 2]), "That is tanh, which runs from -1 to 1"),
        # p missing in the slope
        Wrong(lambda z: (sig(z), [1 - sig(z)]), "1 - p is the slope of log σ(z)"),
        # only the inner derivative
        Wrong(lambda z: (sig(z), [math.exp(-z)]), "That is the slope of a power of e"),
        # two slopes for one input
        Wrong(lambda z: (sig(z), [sig(z), 1 - sig(z)]), "Those are the two factors"),
    ],
    "backward": [
        # = in place of +=
        Wrong(backward_overwrites, "A node used twice got the slope of one use only", idea="M07"),
        # loss.grad never set to 1
        Wrong(backward_no_seed, "Every slope is as it was"),
        # depth first: passes on before all users have, and again
        Wrong(backward_recursive, "A node used twice passed on twice, its first slope both times"),
        # each node set to 1 on its way
        Wrong(backward_recursive_reset, "Every node that was reached began with a slope of 1 of its own", first="neutral"),
        # first in, first out in place of youngest
        Wrong(backward_first_in, "A node passed on before all who used it had"),
        # waits twice: passes on twice
        Wrong(backward_last_in_duplicates, "A node passed its slope on twice, for it waited twice"),
        # the oldest first
        Wrong(backward_oldest, "A node passed on before all who used it had"),
        # own grad missing: no chain
        Wrong(backward_no_chain, "The local slopes were added up"),
        # adds slope and grad in place of multiplying
        Wrong(backward_adds_slope, "The links of a chain are multiplied, not added"),
        # only the direct sources
        Wrong(backward_one_level, "Only what the loss itself was made from got a slope"),
        # seeded with the loss's value
        Wrong(backward_value_seed, "The walk began with the value of the loss"),
        # times the source's value
        Wrong(backward_times_value, "The source's value is one factor too many"),
        # pair taken apart the wrong way round: Python stops
        Wrong(backward_swapped_pair, "In each pair of `made_from` the node comes first"),
    ],
    "network": [
        # bias missing
        Wrong(net_no_bias, "The last bias is missing"),
        # no sigmoid in the hidden layer
        Wrong(net_linear, "The hidden units have no sigmoid"),
        # sigmoid on the score as well
        Wrong(net_sigmoid_out, "That is a probability", idea="M03"),
        # hidden bias outside of the sigmoid
        Wrong(net_bias_outside, "The biases of the hidden units stand outside of the sigmoid", first="neutral"),
        # bias added once a unit
        Wrong(net_bias_each, "The last bias was added once for each hidden unit"),
        # weight and bias swapped
        Wrong(net_swapped, "Weight and bias are exchanged"),
        # outer weights missing
        Wrong(net_no_outer, "The hidden units were added as they are"),
        # return inside the loop
        Wrong(net_returns_first, "That is the first hidden unit alone"),
        # torch.sigmoid of a Node: torch refuses
        Wrong(net_torch, "`torch.sigmoid` knows tensors only"),
        # units in a chain, not side by side
        Wrong(net_chain, "Each hidden unit read what the one before gave"),
        # outer weight inside of the sigmoid
        Wrong(net_outer_inside, "The outer weight went into the sigmoid"),
        # overwrites: only the last unit
        Wrong(net_last_unit, "The loop keeps the last hidden unit only, with the bias"),
    ],
    "sum_lr": [
        # times 64, not divided
        Wrong(20.48, "The sum's gradient is larger, 64 times, so the lr must become"),
        # unchanged
        Wrong(0.32, "The sum's gradient is 64 times the mean's, so the same lr takes"),
        # divided by the square root of 64
        Wrong(0.04, "No square root"),
        # 1/64: forgets the 0.32
        Wrong(1 / 64, "That is 1/64", first="neutral"),
        # divided by 100
        Wrong(0.0032, NEUTRAL),
        # the batch size
        Wrong(64, "That is how many times longer the gradient is"),
    ],
    "curves": [
        # as lettered
        Wrong("abcd", "That is the alphabet"),
        # largest first
        Wrong("cadb", "Turned round"),
        # a and c swapped
        Wrong("bdca", "Runs a and c both overshoot"),
        # d and b swapped
        Wrong("dbac", "Run b creeps and d falls at once, and both stay smooth"),
    ],
    "share_right": [
        # score compared with 0.5
        Wrong(lambda scores, y: ((scores.squeeze(1) > 0.5) == y).float().mean(), "Scores are not probabilities", idea="M01"),
        # all with all
        Wrong(lambda scores, y: ((scores > 0) == y).float().mean(), "Every answer was compared with every label, n x n", idea="M06"),
        # argmax of one column: always 0
        Wrong(lambda scores, y: (scores.argmax(dim=1) == y).float().mean(), "That is the share of flights without damage, what you get by"),
        # probability above 0: always 1
        Wrong(lambda scores, y: ((torch.sigmoid(scores).squeeze(1) > 0) == y).float().mean(), "That is the share of damaged flights"),
        # count
        Wrong(lambda scores, y: ((scores.squeeze(1) > 0) == y).sum(), "That is the number of right answers"),
        # share wrong
        Wrong(lambda scores, y: ((scores[:, 0] > 0).float() - y).abs().mean(), "That is the share of wrong answers"),
        # raw scores compared with labels
        Wrong(lambda scores, y: (scores.squeeze(1) == y).float().mean(), "A score is no answer yet, so it hardly ever equals a label", idea="M01"),
        # rounds the scores
        Wrong(lambda scores, y: (scores.squeeze(1).round() == y).float().mean(), "A score is no probability, so rounding it decides nothing", idea="M01"),
        # turned round
        Wrong(lambda scores, y: ((scores.squeeze(1) < 0) == y).float().mean(), "That is the share of wrong answers"),
        # percent
        Wrong(lambda scores, y: 100.0 * ((scores.squeeze(1) > 0) == y).sum() / len(y), "As a share it would be right"),
        # NumPy: all with all
        Wrong(lambda scores, y: np.mean((scores.numpy() > 0) == y.numpy()), "Every answer was compared with every label, n x n", idea="M06"),
        # average probability, no decision
        Wrong(lambda scores, y: 1 - (torch.sigmoid(scores.squeeze(1)) - y).abs().mean(), "That is how near the probabilities come to the labels"),
    ],
    "one_update": [
        # no zero_grad
        Wrong(update_no_zero, "A gradient from before was still in `.grad`, and `backward()`", idea="M07"),
        # zero_grad between backward and step
        Wrong(update_zero_between, "No weight of `model` has moved", idea="M08"),
        # (n, 1) against (n,): torch refuses
        Wrong(update_no_squeeze, "Scores (n, 1) meet labels (n,)", idea="M05"),
        # labels not float: torch refuses
        Wrong(update_long, "The labels are whole numbers (int64)", idea="M12"),
        # squared error, all with all
        Wrong(update_mse_broadcast, "compared all with all, by their squared distance", first="neutral", idea="M05"),
        # all with all by hand
        Wrong(update_by_hand_broadcast, "Scores (n, 1) and labels (n,) were compared all with all, n x n", idea="M05"),
        # sigmoid twice
        Wrong(update_two_sigmoids, "Two sigmoids", idea="M03"),
        # squared error
        Wrong(update_mse, "That is the squared distance"),
        # sum
        Wrong(update_sum, "That is the sum over the examples", idea="M15"),
        # no step
        Wrong(update_no_step, "No weight of `model` has moved"),
        # no backward
        Wrong(update_no_backward, "No weight of `model` has moved", idea="M08"),
        # ten updates
        Wrong(update_ten, "Several rounds were done, each from where the one before had", first="neutral"),
        # an optimizer of its own with another rate
        Wrong(update_own_optimizer, "The step has another length than this optimizer's lr gives"),
        # empties the weight's grad, not the bias's
        Wrong(update_zeroes_weight_only, "The weight is right, and a gradient from before was still in the", first="neutral", idea="M07"),
        # step before backward
        Wrong(update_step_first, "No weight of `model` has moved"),
        # cross_entropy with one score: torch refuses
        Wrong(update_cross_entropy, "`cross_entropy` and `nll_loss` take K scores a row"),
        # predicts under no_grad: torch refuses
        Wrong(update_no_grad, "`backward()` finds no recorded computation"),
        # item() is a number without backward
        Wrong(update_item, "A bare number, as from `.item()`, has no `backward`"),
        # a new model: the given one stays
        Wrong(update_new_model, "No weight of `model` has moved", idea="M08"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# three ways at least of writing what a numbered wrong idea leads to, for those that had fewer


def label_by_label(model, optimizer, X, y):
    optimizer.zero_grad()
    prices = [F.binary_cross_entropy_with_logits(score, label) for score, label in zip(model(X)[:, 0], y)]
    torch.stack(prices).mean().backward()
    optimizer.step()


def labels_as_they_come(model, optimizer, X, y):
    loss = nn.BCEWithLogitsLoss()(model(X).flatten(), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def step_on_what_was_there(model, optimizer, X, y):
    optimizer.step()
    loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float())
    optimizer.zero_grad()
    loss.backward()


def only_a_step(model, optimizer, X, y):
    loss = nn.BCEWithLogitsLoss()(model(X).view(-1), y.float())
    optimizer.step()


def step_before_backward(model, optimizer, X, y):
    scores = X @ model.weight[0] + model.bias
    price = F.softplus(scores) - y * scores
    optimizer.step()
    price.mean().backward()


for _name, _answers in {
    "one_update": [
        Wrong(label_by_label, "The labels are whole numbers (int64)", seen=True, idea="M12"),
        Wrong(labels_as_they_come, "The labels are whole numbers (int64)", seen=True, idea="M12"),
        Wrong(step_on_what_was_there, "`step()` used the gradient that lay in `.grad` from before, not", seen=True, idea="M35"),
        Wrong(only_a_step, "`step()` used the gradient that lay in `.grad` from before, not", seen=True, idea="M35"),
        Wrong(step_before_backward, "`step()` used the gradient that lay in `.grad` from before, not", seen=True, idea="M35"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


def emptied_before_the_step(model, optimizer, X, y):
    loss = F.binary_cross_entropy_with_logits(model(X)[:, 0], y.to(X.dtype))
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()


for _name, _answers in {
    "one_update": [
        Wrong(emptied_before_the_step, "No weight of `model` has moved", first="neutral"),  # zero_grad between backward and step: nothing moves
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


def one_outer_weight(x, hidden, outer, bias):
    return sum((w * x + b).sigmoid() for w, b in hidden) * outer[0] + bias


def first_label_for_all(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(X), y.float().unsqueeze(0).expand(len(y), -1)[:, :1])
    loss.backward()
    optimizer.step()


def scores_detached(model, optimizer, X, y):
    model.zero_grad()
    z = model(X).squeeze(1).detach().requires_grad_()
    loss = F.binary_cross_entropy_with_logits(z, y.float())
    loss.backward()
    optimizer.step()


for _name, _answers in {
    "network": [
        Wrong(one_outer_weight, "All hidden units have the first weight", first="neutral"),  # one outer weight for all
    ],
    "one_update": [
        Wrong(first_label_for_all, NEUTRAL, first="wrongly named"),  # every example gets the first label
        Wrong(scores_detached, "No weight of `model` has moved", first="neutral"),  # detached: no gradient gets to the model
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# written by the text of the lesson alone


def a_and_b_in_the_wrong_places(a, b):
    return a * b, [a, b]


def ones(a, b):
    return a * b, [1, 1]


def the_product_for_both(a, b):
    return a * b, [a * b, a * b]


def product_rule_sum(a, b):
    return a * b, [a + b]


def quotient_slip(a, b):
    return a * b, [1 / b, 1 / a]


def value_is_a_sum(a, b):
    return a + b, [b, a]


def second_slope_with_minus(a, b):
    return a * b, [b, -a]


def with_2a_as_if_squared(a, b):
    return a * b, [2 * b, 2 * a]


def no_value(a, b):
    return [b, a]


def flat_triple(a, b):
    return a * b, b, a


def slope_p_1_p(z):
    p = 1 / (1 + math.exp(-z))
    return p, [p * (1 + p)]


def slope_z_1_z(z):
    p = 1 / (1 + math.exp(-z))
    return p, [z * (1 - z)]


def wrong_sign_in_exponent(z):
    p = 1 / (1 + math.exp(z))
    return p, [p * (1 - p)]


def sigmoid_of_sigmoid_in_slope(z):
    s = lambda u: 1 / (1 + math.exp(-u))
    return s(z), [s(s(z)) * (1 - s(s(z)))]


def slope_minus(z):
    p = 1 / (1 + math.exp(-z))
    return p, [-p * (1 - p)]


def slope_is_1_p(z):
    p = 1 / (1 + math.exp(-z))
    return p, [1 - p]


def derivative_of_tanh_1_p_2(z):
    p = 1 / (1 + math.exp(-z))
    return p, [1 - p ** 2]


def slope_without_list(z):
    p = 1 / (1 + math.exp(-z))
    return p, p * (1 - p)


def tanh_for_sigmoid(z):
    t = math.tanh(z)
    return t, [1 - t * t]


def forgot_square_in_denominator_e_z_1_e_z(z):
    e = math.exp(-z)
    return 1 / (1 + e), [e / (1 + e)]


def only_the_slope(z):
    p = 1 / (1 + math.exp(-z))
    return [p * (1 - p)]


def precedence_1_1_exp(z):
    p = 1 / 1 + math.exp(-z)
    return p, [p * (1 - p)]


def chain_rule_once_more_p_1_p_times_z(z):
    p = 1 / (1 + math.exp(-z))
    return p, [p * (1 - p) * z]


def recursive_without(loss):
    loss.grad = 1.0
    waiting = [loss]
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad = slope * node.grad
            if source not in waiting:
                waiting.append(source)


def oldest_first_again(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = min(waiting, key=lambda n: n.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


def stack_depth_first_no_waiting_for_all(loss):
    loss.grad = 1.0
    stack = [loss]
    while stack:
        node = stack.pop()
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            stack.append(source)


def a_list_duplicates_pass_on_twice(loss):
    loss.grad = 1.0
    waiting = [loss]
    while waiting:
        waiting.sort(key=lambda n: n.born)
        node = waiting.pop()
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.append(source)


def loss_grad_never_set(loss):
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.discard(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


def slope_added_rather_than_multiplied(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.discard(node)
        for source, slope in node.made_from:
            source.grad += slope + node.grad
            waiting.add(source)


def node_s_value_instead_of_grad(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.discard(node)
        for source, slope in node.made_from:
            source.grad += slope * node.value
            waiting.add(source)


def only_first_level(loss):
    loss.grad = 1.0
    for source, slope in loss.made_from:
        source.grad += slope * loss.grad


def grad_of_loss_set_to_its_value(loss):
    loss.grad = loss.value
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.discard(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


def pair_unpacked_the_wrong_way_round(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.discard(node)
        for slope, source in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


def visits_only_the_first_source(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.discard(node)
        if node.made_from:
            source, slope = node.made_from[0]
            source.grad += slope * node.grad
            waiting.add(source)


def breadth_first_queue(loss):
    from collections import deque
    loss.grad = 1.0
    queue = deque([loss])
    seen = {loss}
    while queue:
        node = queue.popleft()
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            if source not in seen:
                seen.add(source)
                queue.append(source)


def multiplies_into_grad(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.discard(node)
        for source, slope in node.made_from:
            source.grad *= slope * node.grad
            waiting.add(source)


def minus_as_a_step(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.discard(node)
        for source, slope in node.made_from:
            source.grad -= slope * node.grad
            waiting.add(source)


def divides_by_slope(loss):
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda n: n.born)
        waiting.discard(node)
        for source, slope in node.made_from:
            source.grad += node.grad / slope
            waiting.add(source)


def no_sigmoid_2(x, hidden, outer, bias):
    score = bias
    for (w, b), v in zip(hidden, outer):
        score = score + v * (w * x + b)
    return score


def no_outer_bias(x, hidden, outer, bias):
    total = 0.0
    for (w, b), v in zip(hidden, outer):
        total = total + v * (w * x + b).sigmoid()
    return total


def sigmoid_on_the_output_too(x, hidden, outer, bias):
    total = bias
    for (w, b), v in zip(hidden, outer):
        total = total + v * (w * x + b).sigmoid()
    return total.sigmoid()


def bias_added_for_each_unit(x, hidden, outer, bias):
    total = 0.0
    for (w, b), v in zip(hidden, outer):
        total = total + v * (w * x + b).sigmoid() + bias
    return total


def weight_and_bias_swapped_in_the_pair(x, hidden, outer, bias):
    total = bias
    for (b, w), v in zip(hidden, outer):
        total = total + v * (w * x + b).sigmoid()
    return total


def sigmoid_of_v(x, hidden, outer, bias):
    total = bias
    for (w, b), v in zip(hidden, outer):
        total = total + (v * (w * x + b)).sigmoid()
    return total


def hidden_biases_forgotten(x, hidden, outer, bias):
    total = bias
    for (w, b), v in zip(hidden, outer):
        total = total + v * (w * x).sigmoid()
    return total


def bias_outside_sigmoid(x, hidden, outer, bias):
    total = bias
    for (w, b), v in zip(hidden, outer):
        total = total + v * ((w * x).sigmoid() + b)
    return total


def last_unit_only_again(x, hidden, outer, bias):
    for (w, b), v in zip(hidden, outer):
        score = v * (w * x + b).sigmoid() + bias
    return score


def units_chained_one_after_another(x, hidden, outer, bias):
    h = x
    for (w, b), v in zip(hidden, outer):
        h = v * (w * h + b).sigmoid()
    return h + bias


def math_exp_on_nodes(x, hidden, outer, bias):
    return sum(v * (1 / (1 + math.exp(-(w * x + b)))) for (w, b), v in zip(hidden, outer)) + bias


def outer_weights_ignored(x, hidden, outer, bias):
    return sum((w * x + b).sigmoid() for w, b in hidden) + bias


def mean_over_units(x, hidden, outer, bias):
    return sum(v * (w * x + b).sigmoid() for (w, b), v in zip(hidden, outer)) * (1 / len(hidden)) + bias


def x_multiplied_again_outside(x, hidden, outer, bias):
    return sum(v * x * (w * x + b).sigmoid() for (w, b), v in zip(hidden, outer)) + bias


def hard_coded_two_units(x, hidden, outer, bias):
    (w1, b1), (w2, b2) = hidden[0], hidden[1]
    return outer[0] * (w1 * x + b1).sigmoid() + outer[1] * (w2 * x + b2).sigmoid() + bias


def log_instead_of_sigmoid_minus_bias(x, hidden, outer, bias):
    return sum(v * (w * x + b).sigmoid() for (w, b), v in zip(hidden, outer)) + -1.0 * bias


def threshold_0_5_on_scores_2(scores, y):
    return ((scores.squeeze(1) > 0.5).float() == y).float().mean().item()


def broadcast(scores, y):
    return ((scores > 0).float() == y).float().mean().item()


def argmax_2(scores, y):
    return (scores.argmax(dim=1) == y).float().mean()


def scores_compared_with_y(scores, y):
    return (scores.squeeze() == y).float().mean()


def negated(scores, y):
    return ((scores.squeeze() < 0) == y).float().mean()


def count(scores, y):
    return ((scores.flatten() > 0) == y.bool()).sum().item()


def sigmoid_0(scores, y):
    return ((torch.sigmoid(scores).squeeze() > 0) == y).float().mean()


def rounds_scores(scores, y):
    return (scores.round().squeeze() == y).float().mean()


def both_slips_broadcast_and_0_5(scores, y):
    return ((scores > 0.5) == y).float().mean().item()


def mean_closeness_of_probability(scores, y):
    return 1 - (scores.sigmoid().squeeze() - y).abs().mean()


def forgot_zero_grad(model, optimizer, X, y):
    loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float())
    loss.backward()
    optimizer.step()


def zero_grad_between_backward_and_step(model, optimizer, X, y):
    loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float())
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()


def step_before_backward_again(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float())
    optimizer.step()
    loss.backward()


def y_not_float_raises(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y)
    loss.backward()
    optimizer.step()


def y_unsqueezed_wrong_broadcast_with_hand_written_loss(model, optimizer, X, y):
    optimizer.zero_grad()
    p = torch.sigmoid(model(X))
    loss = -(y * p.log() + (1 - y) * (1 - p).log()).mean()
    loss.backward()
    optimizer.step()


def sigmoid_before_with_logits(model, optimizer, X, y):
    optimizer.zero_grad()
    p = torch.sigmoid(model(X)).squeeze(1)
    F.binary_cross_entropy_with_logits(p, y.float()).backward()
    optimizer.step()


def sum_reduction(model, optimizer, X, y):
    optimizer.zero_grad()
    nn.BCEWithLogitsLoss(reduction="sum")(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


def mse(model, optimizer, X, y):
    optimizer.zero_grad()
    F.mse_loss(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


def two_steps(model, optimizer, X, y):
    for _ in range(2):
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
        optimizer.step()


def new_optimizer_of_its_own_with_lr_0_1(model, optimizer, X, y):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


def no_step_again(model, optimizer, X, y):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()


def no_backward_again(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float())
    optimizer.step()


def under_no_grad(model, optimizer, X, y):
    with torch.no_grad():
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float())
        loss.backward()
        optimizer.step()


def first_example_only(model, optimizer, X, y):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X[0]), y[:1].float()).backward()
    optimizer.step()


def one_example_after_the_other(model, optimizer, X, y):
    for i in range(len(X)):
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(model(X[i]), y[i:i + 1].float()).backward()
        optimizer.step()


def detaches_the_scores(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(X).squeeze(1).detach(), y.float())
    loss.backward()
    optimizer.step()


def updates_weights_by_hand_bias_forgotten(model, optimizer, X, y):
    model.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
    with torch.no_grad():
        lr = optimizer.param_groups[0]["lr"]
        model.weight -= lr * model.weight.grad


def deep_copy_updated(model, optimizer, X, y):
    import copy
    model = copy.deepcopy(model)
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


def labels_flipped(model, optimizer, X, y):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), 1 - y.float()).backward()
    optimizer.step()


def negated_loss_ascent(model, optimizer, X, y):
    optimizer.zero_grad()
    p = torch.sigmoid(model(X).squeeze(1))
    loss = (y * p.log() + (1 - y) * (1 - p).log()).mean()
    loss.backward()
    optimizer.step()


def cross_entropy_on_one_column(model, optimizer, X, y):
    optimizer.zero_grad()
    F.cross_entropy(model(X), y).backward()
    optimizer.step()


def only_damaged_part_of_the_price(model, optimizer, X, y):
    optimizer.zero_grad()
    p = torch.sigmoid(model(X).squeeze(1))
    (-(y * p.log())).mean().backward()
    optimizer.step()


for _name, _answers in {
    "forgotten": [
        Wrong("a", "One `backward()` uses the record behind a loss up"),  # a
        Wrong("b", "Then `.grad` stays empty, and B stands still at its start"),  # b
        Wrong("c", "Then no weight ever moves, and B is a point"),  # c
        Wrong("e", "Both have 0.3"),  # e
    ],
    "recall_pull": [
        Wrong((1 - 0.2) * 3, "That points downhill"),  # sign y-p
        Wrong(-0.8, "That is the derivative in b, p - y"),  # without x
        Wrong(0.6, "That is p times x"),  # p x, as if y = 0
        Wrong((0.2 - 1) * 3 * 0.2 * 0.8, "The factor p (1 - p) belongs to the squared error"),  # with p(1-p)
        Wrong(-5, "That is the derivative in p, -1/p"),  # derivative in p: -1/p
        Wrong(-math.log(0.2), "That is the loss itself, -log 0.2"),  # the loss itself
        Wrong(-15, "That is -1/p times x"),  # -1/p times x
        Wrong(0.48, "That is the slope of p in w, p (1 - p) x"),  # p*(1-p)*x
        Wrong(-4.8, "Twice too large: the 2 belongs to the slope of a square"),  # twice: -4.8
        Wrong(-0.8 / 3, "You divided by x"),  # divided by x
    ],
    "recall_logits": [
        Wrong("a", "Turned round: `binary_cross_entropy` stops at a score outside 0 to 1"),  # a
        Wrong("c", "Logits are scores: that loss applies the sigmoid itself"),  # c
    ],
    "sum_lr": [
        Wrong(0.32 * 64, "The sum's gradient is larger, 64 times, so the lr must become smaller"),  # times 64
        Wrong(0.32, "The sum's gradient is 64 times the mean's, so the same lr takes steps 64 times as long"),  # unchanged
        Wrong(0.32 / 8, "No square root: the gradient of the sum is 64 times that of the mean, not 8 times"),  # root
        Wrong(200, "Turned upside down: that is 64 / 0.32"),  # upside down 64/0.32
        Wrong(0.05, "The point has slipped: 0.32 / 64 has two zeros behind the point"),  # slip of the decimal
        Wrong(0.32 / 64 ** 2, "You divided by 64 twice"),  # squared
        Wrong(1 / 64, "That is 1/64"),  # the factor alone
    ],
    "curves": [
        Wrong("abcd", "That is the alphabet"),  # alphabetical
        Wrong(["d", "c", "b", "a"], "Another one comes before `d`"),  # list
        Wrong("bca", "In your order `d` is missing"),  # one missing
    ],
    "multiply_rule": [
        Wrong(a_and_b_in_the_wrong_places, "The slopes are exchanged"),  # a and b in the wrong places
        Wrong(ones, "That is the rule of the sum"),  # ones
        Wrong(the_product_for_both, "That is the value, twice"),  # the product for both
        Wrong(product_rule_sum, "The two slopes were added up", first="neutral"),  # product-rule sum
        Wrong(quotient_slip, "1 was divided by the inputs"),  # quotient slip
        Wrong(value_is_a_sum, "The slopes are right, the value is a sum: `a * b` is asked for"),  # value is a sum
        Wrong(second_slope_with_minus, "A sign is turned round"),  # second slope with minus
        Wrong(with_2a_as_if_squared, "Every value in `[1]` is twice the needed one"),  # 2a: as if squared
        Wrong(no_value, "Those are the slopes alone"),  # no value
        Wrong(flat_triple, "All three are right"),  # flat triple
    ],
    "sigmoid_rule": [
        Wrong(slope_p_1_p, "A plus for a minus: the slope is p (1 - p)"),  # slope p(1+p)
        Wrong(slope_z_1_z, "The slope of σ is p (1 - p), with the probability in it, not the score"),  # slope z(1-z)
        Wrong(wrong_sign_in_exponent, "The sign of z is turned round in the value: e to the power of MINUS z"),  # wrong sign in exponent
        Wrong(sigmoid_of_sigmoid_in_slope, "The slope took σ of p, a second sigmoid. p is σ(z) already: its slope is p (1 - p)"),  # sigmoid of sigmoid in slope
        Wrong(slope_minus, "The sign of the slope is turned round: σ rises everywhere"),  # slope minus
        Wrong(slope_is_1_p, "1 - p is the slope of log σ(z)"),  # slope is 1 - p
        Wrong(derivative_of_tanh_1_p_2, "1 - p² is the slope of another curve, tanh"),  # derivative of tanh: 1 - p^2
        Wrong(slope_without_list, "Both numbers are right"),  # slope without list
        Wrong(tanh_for_sigmoid, "That is tanh, which runs from -1 to 1. σ runs from 0 to 1: 1 / (1 + e⁻ᶻ)"),  # tanh for sigmoid
        Wrong(forgot_square_in_denominator_e_z_1_e_z, "1 - p is the slope of log σ(z)"),  # forgot square in denominator: e^-z/(1+e^-z)
        Wrong(only_the_slope, "That is the slope alone"),  # only the slope
        Wrong(precedence_1_1_exp, "`1 / 1 + …` divides first"),  # precedence: 1 / 1 + exp
        Wrong(chain_rule_once_more_p_1_p_times_z, "z is one factor too many: how steep σ is depends on p alone, p (1 - p)"),  # chain rule once more -> p(1-p) times z
    ],
    "backward": [
        Wrong(recursive_without, "A node used twice got the slope of one use only"),  # recursive, without += (=)
        Wrong(oldest_first_again, "A node passed on before all who used it had: its slope was not whole"),  # oldest first
        Wrong(stack_depth_first_no_waiting_for_all, "A node passed its slope on twice, for it waited twice"),  # stack (depth first), no waiting for all
        Wrong(a_list_duplicates_pass_on_twice, "A node waited twice, so it passed its slope on twice"),  # a list: duplicates pass on twice
        Wrong(loss_grad_never_set, "Every slope is as it was"),  # loss.grad never set
        Wrong(slope_added_rather_than_multiplied, "The links of a chain are multiplied, not added: `slope * node.grad`"),  # slope added rather than multiplied
        Wrong(node_s_value_instead_of_grad, "The node's value was passed on"),  # node's value instead of grad
        Wrong(only_first_level, "Only what the loss itself was made from got a slope"),  # only first level
        Wrong(grad_of_loss_set_to_its_value, "The walk began with the value of the loss"),  # grad of loss set to its value
        Wrong(pair_unpacked_the_wrong_way_round, "In each pair of `made_from` the node comes first: `for source, slope in …`"),  # pair unpacked the wrong way round
        Wrong(visits_only_the_first_source, "Only the first source of each node got a slope"),  # visits only the first source
        Wrong(breadth_first_queue, "A node passed on before all who used it had: its slope was not whole"),  # breadth-first queue
        Wrong(multiplies_into_grad, "You multiply into `.grad`, and what begins at 0 stays 0", first="neutral"),  # multiplies into grad
        Wrong(minus_as_a_step, "The signs are turned round"),  # minus: as a step
        Wrong(divides_by_slope, "You divided by the slope of the link", first="neutral"),  # divides by slope
    ],
    "network": [
        Wrong(no_sigmoid_2, "The hidden units have no sigmoid"),  # no sigmoid
        Wrong(no_outer_bias, "The last bias is missing: the score is the weighted sum plus `bias`"),  # no outer bias
        Wrong(sigmoid_on_the_output_too, "That is a probability"),  # sigmoid on the output too
        Wrong(bias_added_for_each_unit, "The last bias was added once for each hidden unit"),  # bias added for each unit
        Wrong(weight_and_bias_swapped_in_the_pair, "Weight and bias are exchanged: each pair of `hidden` is (weight, bias)"),  # weight and bias swapped in the pair
        Wrong(sigmoid_of_v, "The outer weight went into the sigmoid"),  # sigmoid of v * ...
        Wrong(hidden_biases_forgotten, "The biases of the hidden units are missing: `w * x + b` goes into the sigmoid"),  # hidden biases forgotten
        Wrong(bias_outside_sigmoid, "The biases of the hidden units stand outside of the sigmoid"),  # bias outside sigmoid
        Wrong(last_unit_only_again, "The loop keeps the last hidden unit only, with the bias"),  # last unit only
        Wrong(units_chained_one_after_another, "Each hidden unit read what the one before gave"),  # units chained one after another
        Wrong(math_exp_on_nodes, "Nodes know `+`, `*`, `.sigmoid()` and `.log()`, and no minus"),  # math.exp on nodes
        Wrong(outer_weights_ignored, "The hidden units were added as they are"),  # outer weights ignored
        Wrong(mean_over_units, "The weighted units were averaged"),  # mean over units
        Wrong(x_multiplied_again_outside, "x came in twice", first="neutral"),  # x multiplied again outside
        Wrong(hard_coded_two_units, "Right for two hidden units"),  # hard coded two units
        Wrong(log_instead_of_sigmoid_minus_bias, "The last bias was taken off", first="neutral"),  # log instead of sigmoid? minus bias
    ],
    "share_right": [
        Wrong(threshold_0_5_on_scores_2, "Scores are not probabilities: one half lies at score 0"),  # threshold 0.5 on scores
        Wrong(broadcast, "Every answer was compared with every label, n x n"),  # broadcast
        Wrong(argmax_2, "That is the share of flights without damage, what you get by answering 0 for all"),  # argmax
        Wrong(scores_compared_with_y, "A score is no answer yet, so it hardly ever equals a label"),  # scores compared with y
        Wrong(negated, "That is the share of wrong answers"),  # negated
        Wrong(count, "That is the number of right answers"),  # count
        Wrong(sigmoid_0, "That is the share of damaged flights: the score for calling every flight damaged"),  # sigmoid > 0
        Wrong(rounds_scores, "A score is no probability, so rounding it decides nothing"),  # rounds scores
        Wrong(both_slips_broadcast_and_0_5, "Every answer was compared with every label, and one half lies at score 0, not 0.5"),  # both slips: broadcast and 0.5
        Wrong(mean_closeness_of_probability, "That is how near the probabilities come to the labels"),  # mean closeness of probability
    ],
    "one_update": [
        Wrong(forgot_zero_grad, "A gradient from before was still in `.grad`, and `backward()` added to it"),  # forgot zero_grad
        Wrong(zero_grad_between_backward_and_step, "No weight of `model` has moved, and its `.grad` is empty at the end", first="neutral", idea="M08"),  # zero_grad between backward and step
        Wrong(step_before_backward_again, "No weight of `model` has moved, though its `.grad` is filled", first="neutral"),  # step before backward
        Wrong(y_not_float_raises, "The labels are whole numbers (int64)"),  # y not float: raises
        Wrong(y_unsqueezed_wrong_broadcast_with_hand_written_loss, "Scores (n, 1) and labels (n,) were compared all with all, n x n, without a word"),  # y unsqueezed wrong, broadcast with hand-written loss
        Wrong(sigmoid_before_with_logits, "Two sigmoids: this loss applies one itself"),  # sigmoid before with_logits
        Wrong(sum_reduction, "That is the sum over the examples: a gradient n times as long"),  # sum reduction
        Wrong(mse, "That is the squared distance"),  # mse
        Wrong(two_steps, "Two rounds were done, the second from where the first had arrived"),  # two steps
        Wrong(new_optimizer_of_its_own_with_lr_0_1, "The step has another length than this optimizer's lr gives"),  # new optimizer of its own with lr 0.1
        Wrong(no_step_again, "No weight of `model` has moved, though its `.grad` is filled", first="neutral"),  # no step
        Wrong(no_backward_again, "No weight of `model` has moved, and its `.grad` is empty at the end", first="neutral"),  # no backward
        Wrong(under_no_grad, "`backward()` finds no recorded computation"),  # under no_grad
        Wrong(first_example_only, "The gradient is that of the first example alone", first="neutral"),  # first example only
        Wrong(one_example_after_the_other, "One update for each example, n in all"),  # one example after the other
        Wrong(detaches_the_scores, "`backward()` finds no recorded computation"),  # detaches the scores
        Wrong(updates_weights_by_hand_bias_forgotten, "The weight has moved, the bias has not", first="neutral"),  # updates weights by hand, bias forgotten
        Wrong(deep_copy_updated, "No weight of `model` has moved, and its `.grad` is empty at the end", first="neutral"),  # deep copy updated
        Wrong(labels_flipped, "The labels are turned round: here whoever is 0 counts as 1"),  # labels flipped
        Wrong(negated_loss_ascent, "The step goes uphill"),  # negated loss (ascent)
        Wrong(cross_entropy_on_one_column, "`cross_entropy` and `nll_loss` take K scores a row"),  # cross_entropy on one column
        Wrong(only_damaged_part_of_the_price, "Only the examples with label 1 pay"),  # only damaged part of the price
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Written from the page alone, in one more round


def scores_cut_to_probabilities(model, optimizer, X, y):
    optimizer.zero_grad()
    F.binary_cross_entropy(torch.clamp(model(X).squeeze(1), 0, 1), y.float()).backward()
    optimizer.step()


def labels_as_true_and_false(model, optimizer, X, y):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.bool()).backward()
    optimizer.step()


for _name, _answers in {
    "recall_pull": [Wrong(-3, "the probability is left out", first="neutral"), Wrong(15, "You divided x by p", first="neutral")],
    "multiply_rule": [Wrong(lambda a, b: (a * b, (1, a)), "One slope is right, the other a fixed number", first="neutral")],
    "sigmoid_rule": [Wrong(lambda z: (0.5 * (1 + math.tanh(z / 2)), [0.25]), "A quarter is the slope at z = 0 alone", first="neutral")],
    "network": [
        Wrong(lambda x, hidden, outer, bias: sum([v * ((w * x + b).sigmoid() + bias) for (w, b), v in zip(hidden, outer)]), "weighed with it", first="neutral"),
    ],
    "one_update": [
        Wrong(scores_cut_to_probabilities, "its `.grad` holds zeros at the end", first="wrongly named", never=("is empty at the end",)),
        Wrong(labels_as_true_and_false, "True and False are not subtracted", first="neutral"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)
