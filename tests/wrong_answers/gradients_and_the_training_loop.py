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
        Wrong(update_no_step, "No weight of `model` has moved", idea="M08"),
        # no backward
        Wrong(update_no_backward, "No weight of `model` has moved", idea="M08"),
        # ten updates
        Wrong(update_ten, "Several rounds were done, each from where the one before had", first="neutral"),
        # an optimizer of its own with another rate
        Wrong(update_own_optimizer, "The step has another length than this optimizer's lr gives"),
        # empties the weight's grad, not the bias's
        Wrong(update_zeroes_weight_only, "The weight is right, and a gradient from before was still in the", first="neutral", idea="M07"),
        # step before backward
        Wrong(update_step_first, "No weight of `model` has moved", idea="M08"),
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
