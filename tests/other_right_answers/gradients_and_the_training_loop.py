"""Right answers to the exercises of lesson 02 that are written differently from our solutions."""
# ruff: noqa: B007, B008, B905, E501 (as learners write them)

import heapq
import math
from functools import reduce

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def product_as_tensors(a, b):
    return torch.tensor(a * b, dtype=torch.float64), (b, a)


def product_by_autograd(a, b):
    left, right = (torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in (a, b))
    product = left * right
    product.backward()
    return product.item(), [left.grad.item(), right.grad.item()]


def sigmoid_by_tanh(z):
    return (1 + math.tanh(z / 2)) / 2, [(1 - math.tanh(z / 2) ** 2) / 4]


def sigmoid_of_numpy(z):
    p = 1 / (1 + np.exp(-z))
    return p, [np.exp(-z) * p**2]


def backward_by_recursion(loss):
    order = []

    def visit(node):
        if node not in order:
            for source, _ in node.made_from:
                visit(source)
            order.append(node)

    visit(loss)
    loss.grad = 1.0
    for node in reversed(order):
        for source, slope in node.made_from:
            source.grad += slope * node.grad


def backward_path_by_path(loss, arriving=1.0):
    loss.grad += arriving
    for source, slope in loss.made_from:
        backward_path_by_path(source, slope * arriving)


def backward_sorted_once(loss):
    found, everybody = [loss], {loss}
    while found:
        sources = {source for source, _ in found.pop().made_from}
        found += sources - everybody
        everybody |= sources
    loss.grad = 1
    for node in sorted(everybody, key=lambda node: -node.born):
        for source, slope in node.made_from:
            source.grad = source.grad + node.grad * slope
    return loss


def backward_by_heap(loss):
    loss.grad, heap, waits = 1.0, [(-loss.born, loss)], {loss.born}
    while heap:
        _, node = heapq.heappop(heap)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            if source.born not in waits:
                waits.add(source.born)
                heapq.heappush(heap, (-source.born, source))


def backward_by_counting_users(loss):
    users, found, seen = {}, [loss], set()
    while found:
        node = found.pop()
        if node not in seen:
            seen.add(node)
            for source, _ in node.made_from:
                users[source] = users.get(source, 0) + 1
                found.append(source)
    loss.grad, ready = 1, [loss]
    while ready:
        node = ready.pop()
        for source, slope in node.made_from:
            source.grad += node.grad * slope
            users[source] -= 1
            if not users[source]:
                ready.append(source)


def network_by_reduce(x, hidden, outer, bias):
    return reduce(lambda score, unit: score + unit[1] * (unit[0][0] * x + unit[0][1]).sigmoid(),
                  zip(hidden, outer, strict=True), bias)


def network_as_a_sum(x, hidden, outer, bias):
    return sum(v * (w * x + b).sigmoid() for (w, b), v in zip(hidden, outer, strict=False)) + bias


def network_by_place(x, hidden, outer, bias):
    score = bias
    for i in range(len(hidden)):
        unit = (x * hidden[i][0] + hidden[i][1]).sigmoid()
        score = unit * outer[i] + score
    return score


def network_in_two_parts(x, hidden, outer, bias):
    units = [(w * x + b).sigmoid() for w, b in hidden]
    weighted = [h * v for h, v in zip(units, outer, strict=True)]
    return sum(weighted, bias)


def update_clearing_first(model, optimizer, X, y):
    optimizer.zero_grad(set_to_none=False)
    F.binary_cross_entropy(torch.sigmoid(model(X)), y.float()[:, None]).backward()
    optimizer.step()
    return model


def update_through_the_model(model, optimizer, X, y):
    model.zero_grad()
    loss = torch.nn.BCEWithLogitsLoss()(model(X).flatten(), y.to(torch.float32))
    loss.backward()
    optimizer.step()
    return loss.item()


def update_by_hand(model, optimizer, X, y):
    with torch.no_grad():
        off = torch.sigmoid(model(X)) - y[:, None]
        model.weight -= optimizer.param_groups[0]["lr"] * (off * X).mean(0)
        model.bias -= optimizer.param_groups[0]["lr"] * off.mean()


def update_with_a_sum(model, optimizer, X, y):
    optimizer.zero_grad()
    (F.binary_cross_entropy_with_logits(model(X)[:, 0], y * 1.0, reduction="sum") / len(y)).backward()
    optimizer.step()
    optimizer.zero_grad()


def update_by_closure(model, optimizer, X, y):
    def closure():
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(X), y[:, None].float())
        loss.backward()
        return loss

    optimizer.step(closure)


def update_above_the_stubs_last_line(model, optimizer, X, y):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X), y.float().unsqueeze(1)).backward()
    optimizer.step()
    return ...  # nothing to return: change the model


def share_by_numpy(scores, y):
    return np.mean((scores.numpy().ravel() > 0) == y.numpy())


def share_one_by_one(scores, y):
    return sum((score.item() > 0) == (label.item() == 1) for score, label in zip(scores, y, strict=True)) / len(y)


def product_by_differences(a, b):
    def product(x, y):
        return x * y
    return product(a, b), [(product(a + 1, b) - product(a - 1, b)) / 2, (product(a, b + 1) - product(a, b - 1)) / 2]


def sigmoid_by_autograd(z):
    score = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    score.sigmoid().backward()
    return score.detach().sigmoid().item(), [score.grad.item()]


def network_from_the_end(x, hidden, outer, bias):
    units = [(x * weight + own).sigmoid() for weight, own in hidden]
    total = bias
    while units:
        total = outer[len(units) - 1] * units.pop() + total
    return total


OTHERS = {
    "multiply_rule": [product_as_tensors, product_by_autograd, lambda a, b: [b * a, [b, a]],
        product_by_differences,
        lambda a, b: [math.prod((a, b)), (b, a)],
    ],
    "sigmoid_rule": [sigmoid_by_tanh, sigmoid_of_numpy,
                     lambda z: (math.exp(z) / (1 + math.exp(z)), [math.exp(z) / (1 + math.exp(z)) ** 2]),
        sigmoid_by_autograd,
        lambda z: (0.5 * (1 + math.tanh(z / 2)), [0.25 / math.cosh(z / 2) ** 2]),
    ],
    "backward": [backward_by_recursion, backward_path_by_path, backward_sorted_once, backward_by_heap,
                 backward_by_counting_users],
    "network": [network_as_a_sum, network_by_place, network_in_two_parts, network_by_reduce,
        network_from_the_end,
    ],
    "one_update": [update_clearing_first, update_through_the_model, update_by_hand, update_with_a_sum,
                   update_by_closure, update_above_the_stubs_last_line],
    "share_right": [
        lambda scores, y: ((scores > 0) == y[:, None]).float().mean(),
        lambda scores, y: (torch.sigmoid(scores).round().squeeze() == y).double().mean(),
        share_by_numpy,
        share_one_by_one,
        lambda scores, y: 1 - ((torch.sign(scores[:, 0]) + 1) / 2 - y).abs().mean(),
    ],
    "guess_gradient": [1, 3],
    "recall_pull": [(0.2 - 1) * 3],
    "curves": ["b d a c", "b, d, a and c", ["run b", "run d", "run a", "run c"]],
    "sum_lr": [0.32 / 64],
}


# written by the text of the lesson alone


def right_backward_topological(loss):
    order, seen = [], set()

    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for source, _ in node.made_from:
                visit(source)
            order.append(node)

    visit(loss)
    loss.grad = 1
    for node in reversed(order):
        for source, slope in node.made_from:
            source.grad = source.grad + node.grad * slope


def right_backward_heap(loss):
    import heapq
    heap, there = [(-loss.born, loss)], {loss.born}
    loss.grad = 1.0
    while heap:
        _, node = heapq.heappop(heap)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            if source.born not in there:
                there.add(source.born)
                heapq.heappush(heap, (-source.born, source))


def right_net_recursive(x, hidden, outer, bias):
    if not hidden:
        return bias
    (w, b), *others = hidden
    return outer[0] * (x * w + b).sigmoid() + right_net_recursive(x, others, outer[1:], bias)


def right_update_by_hand(model, optimizer, X, y):
    for p in model.parameters():
        p.grad = torch.zeros_like(p)
    with torch.no_grad():
        error = (torch.sigmoid(X @ model.weight[0] + model.bias) - y) / len(y)
    model.weight.grad += error @ X
    model.bias.grad += error.sum()
    optimizer.step()


def right_update_closure(model, optimizer, X, y):
    def closure():
        optimizer.zero_grad(set_to_none=False)
        loss = nn.functional.soft_margin_loss(model(X).view(-1), 2.0 * y - 1)
        loss.backward()
        return loss
    optimizer.step(closure)


for _name, _answers in {
    "multiply_rule": [
        lambda a, b: (b * a, (b, a)),
        lambda a, b: [a * b, [0 * a + b, 0 * b + a]],
    ],
    "sigmoid_rule": [
        lambda z: (0.5 * (1 + math.tanh(z / 2)), [0.25 / math.cosh(z / 2) ** 2]),
        lambda z: (torch.sigmoid(torch.tensor(float(z), dtype=torch.float64)).item(), [math.exp(z) / (1 + math.exp(z)) ** 2]),
    ],
    "backward": [
        right_backward_topological,
        right_backward_heap,
    ],
    "network": [
        right_net_recursive,
        lambda x, hidden, outer, bias: sum([v * (x * h[0] + h[1]).sigmoid() for v, h in zip(outer, hidden)], start=bias),
    ],
    "share_right": [
        lambda scores, y: float(np.mean((np.asarray(scores)[:, 0] > 0) == (np.asarray(y) > 0.5))),
        lambda scores, y: 1 - torch.logical_xor(scores.T[0] > 0, y.bool()).sum() / len(scores),
    ],
    "one_update": [
        right_update_by_hand,
        right_update_closure,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)


# written by the text of the lesson alone


def autograd_2(a, b):
    s = torch.tensor(float(a), dtype=torch.float64, requires_grad=True)
    t = torch.tensor(float(b), dtype=torch.float64, requires_grad=True)
    (s * t).backward()
    return a * b, [s.grad.item(), t.grad.item()]


def tanh_form(z):
    p = (1 + math.tanh(z / 2)) / 2
    return p, [p - p * p]


def slope_by_torch(z):
    z = torch.tensor(float(z), dtype=torch.float64, requires_grad=True)
    p = torch.sigmoid(z)
    return p.item(), [torch.autograd.grad(p, z)[0].item()]


def exp_form(z):
    e = math.exp(-abs(z))
    p = 1 / (1 + e) if z >= 0 else e / (1 + e)
    return p, [e / (1 + e) ** 2]


def topological_sort_recursive(loss):
    order, seen = [], set()
    def visit(node):
        if id(node) not in seen:
            seen.add(id(node))
            for source, _ in node.made_from:
                visit(source)
            order.append(node)
    visit(loss)
    loss.grad = 1.0
    for node in reversed(order):
        for source, slope in node.made_from:
            source.grad = source.grad + slope * node.grad


def heap_again(loss):
    import heapq
    loss.grad = 1
    heap, inside = [(-loss.born, loss)], {loss.born}
    while heap:
        _, node = heapq.heappop(heap)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            if source.born not in inside:
                inside.add(source.born)
                heapq.heappush(heap, (-source.born, source))


def recursion_over_all_paths(loss):
    loss.grad = 1.0
    def push(node, share):
        for source, slope in node.made_from:
            source.grad += slope * share
            push(source, slope * share)
    push(loss, 1.0)


def recursion(x, hidden, outer, bias):
    if not hidden:
        return bias
    (w, b), *rest = hidden
    return outer[0] * (x * w + b).sigmoid() + recursion(x, rest, outer[1:], bias)


def index_loop(x, hidden, outer, bias):
    units = []
    for i in range(len(hidden)):
        units.append((hidden[i][0] * x + hidden[i][1]).sigmoid())
    score = bias
    for i in range(len(units)):
        score = units[i] * outer[i] + score
    return score


def sigmoid_round(scores, y):
    return (torch.sigmoid(scores[:, 0]).round() == y).double().mean()


def sign_product(scores, y):
    return ((scores.ravel() * (2 * y - 1)) > 0).sum() / len(y)


def loop_2(scores, y):
    return sum((s.item() > 0) == bool(t) for s, t in zip(scores, y)) / len(scores)


def module_zero_grad_by_hand_formula(model, optimizer, X, y):
    model.zero_grad()
    z = model(X)[:, 0]
    loss = (F.softplus(z) - y * z).mean()
    loss.backward()
    optimizer.step()


def gradient_written_by_hand(model, optimizer, X, y):
    with torch.no_grad():
        r = (torch.sigmoid(model(X).squeeze(1)) - y) / len(y)
        model.weight.grad = (r @ X)[None]
        model.bias.grad = r.sum()[None]
    optimizer.step()


def y_as_column(model, optimizer, X, y, criterion=nn.BCEWithLogitsLoss()):
    optimizer.zero_grad(set_to_none=True)
    criterion(model(X), y.view(-1, 1).to(X.dtype)).backward()
    optimizer.step()


for _name, _answers in {
    "multiply_rule": [
        lambda a, b: (a * b, (b, a)),
        autograd_2,
    ],
    "sigmoid_rule": [
        tanh_form,
        slope_by_torch,
        exp_form,
    ],
    "backward": [
        topological_sort_recursive,
        heap_again,
        recursion_over_all_paths,
    ],
    "network": [
        recursion,
        index_loop,
    ],
    "share_right": [
        sigmoid_round,
        sign_product,
        loop_2,
    ],
    "one_update": [
        module_zero_grad_by_hand_formula,
        gradient_written_by_hand,
        y_as_column,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)
