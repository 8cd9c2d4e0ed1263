"""Wrong answers to the exercises of lesson 05, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B905, E501, E731, F821, F841

import copy
import math

import numpy as np
import torch
from torch import nn

from wrong_answers import NEUTRAL, Wrong


def mom(f):
    """w and v from f(w, v, g, lr, mu)."""
    return lambda w, v, g, lr, mu: f(w, v, g, lr, mu)


def ada(ds, dw):
    return lambda w, s, g, lr, eps=1e-10: (lambda s: (dw(w, s, g, lr, eps), s))(ds(s, g))


A = lambda s, g: s + g ** 2


D = lambda w, s, g, lr, eps: w - lr * g / (s.sqrt() + eps)


def rms(ds, dw=None):
    dw = dw or D
    return lambda w, s, g, lr, alpha=0.99, eps=1e-8: (lambda s: (dw(w, s, g, lr, eps), s))(ds(s, g, alpha))


R = lambda s, g, a: a * s + (1 - a) * g ** 2


def adam(m_=lambda m, g, b: b * m + (1 - b) * g, s_=lambda s, g, b: b * s + (1 - b) * g ** 2, t_=lambda t: t + 1,
         step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * (m / (1 - b1 ** t)) / ((s / (1 - b2 ** t)).sqrt() + eps)):
    def answer(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        t = t_(t)
        m, s = m_(m, g, beta1), s_(s, g, beta2)
        return step(w, m, s, t, g, lr, beta1, beta2, eps), m, s, t
    return answer


def t_counted_after_the_use(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    w = w - lr * (m / (1 - beta1 ** t)) / ((s / (1 - beta2 ** t)).sqrt() + eps)
    return w, m, s, t + 1


def corrected_m_and_s_handed_on(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = (beta1 * m + (1 - beta1) * g) / (1 - beta1 ** t)
    s = (beta2 * s + (1 - beta2) * g * g) / (1 - beta2 ** t)
    return w - lr * m / (s.sqrt() + eps), m, s, t


pi, cos = math.pi, math.cos


def layers(model): return list(model[:-1].parameters()), list(model[-1].parameters())


def split(ps): return [p for p in ps if p.dim() > 1], [p for p in ps if p.dim() == 1]


def everything_decays(model, lr, decay):
    rest, last = layers(model)
    return torch.optim.SGD([{"params": rest}, {"params": last, "lr": lr / 10}], lr=lr, weight_decay=decay)


def nothing_decays(model, lr, decay):
    rest, last = layers(model)
    return torch.optim.SGD([{"params": rest}, {"params": last, "lr": lr / 10}], lr=lr)


def last_layer_at_lr(model, lr, decay):
    w, b = split(model.parameters())
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b}], lr=lr)


def all_at_lr_10(model, lr, decay):
    w, b = split(model.parameters())
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b}], lr=lr / 10)


def times_10(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b},
                            {"params": [last[0]], "weight_decay": decay, "lr": lr * 10}, {"params": [last[1]], "lr": lr * 10}], lr=lr)


def last_bias_at_lr(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": [*b, last[1]]},
                            {"params": [last[0]], "weight_decay": decay, "lr": lr / 10}], lr=lr)


def last_bias_forgotten(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b},
                            {"params": [last[0]], "weight_decay": decay, "lr": lr / 10}], lr=lr)


def decay_turned_round(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": w}, {"params": b, "weight_decay": decay},
                            {"params": [last[0]], "lr": lr / 10}, {"params": [last[1]], "weight_decay": decay, "lr": lr / 10}], lr=lr)


def momentum(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b},
                            {"params": [last[0]], "weight_decay": decay, "lr": lr / 10}, {"params": [last[1]], "lr": lr / 10}], lr=lr, momentum=0.9)


def adam_in_place_of_sgd(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.Adam([{"params": w, "weight_decay": decay}, {"params": b},
                             {"params": [last[0]], "weight_decay": decay, "lr": lr / 10}, {"params": [last[1]], "lr": lr / 10}], lr=lr)


def first_layer_slow(model, lr, decay):
    first, rest = list(model[0].parameters()), list(model[1:].parameters())
    w, b = split(rest)
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b},
                            {"params": [first[0]], "weight_decay": decay, "lr": lr / 10}, {"params": [first[1]], "lr": lr / 10}], lr=lr)


def groups_no_optimizer(model, lr, decay):
    w, b = split(model.parameters())
    return [{"params": w, "weight_decay": decay}, {"params": b}]


def lr_missing(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b}, {"params": last, "lr": lr / 10}])


def last_layer_twice(model, lr, decay):
    w, b = split(model.parameters())
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b}, {"params": model[-1].parameters(), "lr": lr / 10}], lr=lr)


def last_layer_does_not_decay(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b}, {"params": last, "lr": lr / 10}], lr=lr)


def last_layer_all_decays(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b}, {"params": last, "lr": lr / 10, "weight_decay": decay}], lr=lr)


def plain(model, lr, decay):
    return torch.optim.SGD(model.parameters(), lr=lr, weight_decay=decay)


def decay_key(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": w, "decay": decay}, {"params": b}, {"params": last, "lr": lr / 10}], lr=lr)


def decay_per_lr_lr_10_and_decay_10(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b},
                            {"params": [last[0]], "weight_decay": decay / 10, "lr": lr / 10}, {"params": [last[1]], "lr": lr / 10}], lr=lr)


def adamw(model, lr, decay):
    w, b = split(model.parameters())
    return torch.optim.AdamW([{"params": w, "weight_decay": decay}, {"params": b, "weight_decay": 0}], lr=lr)


def rest_slow_last_fast(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": w, "weight_decay": decay, "lr": lr / 10}, {"params": b, "lr": lr / 10},
                            {"params": [last[0]], "weight_decay": decay}, {"params": [last[1]]}], lr=lr)


def last_weight_at_lr(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": [*w, last[0]], "weight_decay": decay}, {"params": b}, {"params": [last[1]], "lr": lr / 10}], lr=lr)


def lr_10(model, lr, decay):
    rest, last = layers(model)
    w, b = split(rest)
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b},
                            {"params": [last[0]], "weight_decay": decay, "lr": lr / 100}, {"params": [last[1]], "lr": lr / 100}], lr=lr)


def biases_missing(model, lr, decay):
    rest, last = layers(model)
    w, _ = split(rest)
    return torch.optim.SGD([{"params": w}, {"params": [last[0]], "lr": lr / 10}], lr=lr, weight_decay=decay)


WRONG = {
    "largest_stable": [
        Wrong(0.125, "At 1/8 one step lands w₂ on 0"),
        Wrong(0.6667, "That is what the flat direction allows"),
        Wrong(0.1818, "That is the fastest rate, 2/(3 + 8)"),
        Wrong(0.3333, "That is one over the flat curvature"),
        Wrong(0.0909, "That is one over the sum of the curvatures", first="neutral"),
        Wrong(0.5, "The gradient in w₂ is 8 w₂"),
        Wrong(4, "That is half of the curvature", first="neutral"),
        Wrong(8, "That is the curvature itself"),
        Wrong(2, "That is the limit for a curvature of 1", first="neutral"),
        Wrong(0.3636, "The mean curvature sets no limit"),
        Wrong(0.0833, "That is 2 over the product", first="neutral"),
        Wrong(0.375, "That is the ratio of the curvatures", first="neutral"),
        Wrong(0.24, NEUTRAL),
        Wrong(0.7272, NEUTRAL),
        Wrong(16, "That is twice the curvature", first="neutral"),
        Wrong(0.4082, NEUTRAL),
    ],
    "momentum_step": [
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(mu * v + (1 - mu) * g),
              "That is a mean of gradients, which only smooths"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(mu + v + g),
              "A plus where a times belongs", first="neutral"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(mu + lr * g),
              "A plus where a times belongs, and lr acts twice", first="neutral"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(v + mu * g), "Here mu multiplies the gradient"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(mu * v - g),
              "The velocity collects gradients as they are; the minus stands in the"),
        Wrong(lambda w, v, g, lr, mu: (w - lr * g, g), "The old velocity is not used"),
        Wrong(lambda w, v, g, lr, mu: (w - lr * (v + g), v + g),
              "The old velocity is added in full, so it never fades"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(mu * (v + g)), "Here mu multiplies both"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(mu * v + lr * g), "lr acts twice"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - v, v))(mu * v + lr * g), "Here lr is inside the velocity"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(mu * w + g), "mu multiplies w", first="neutral"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(mu * v),
              "The gradient is not in the velocity", first="neutral"),
        Wrong(lambda w, v, g, lr, mu: (w - lr * v, mu * v + g), "You stepped with the old velocity"),
        Wrong(lambda w, v, g, lr, mu: (w + lr * (mu * v + g), mu * v + g),
              "The velocity points uphill, as the gradient does"),
        Wrong(lambda w, v, g, lr, mu: (w - lr * (g + mu * (mu * v + g)), mu * v + g),
              "That is Nesterov's step, which looks one step ahead"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))((1 - mu) * v + g),
              "The old velocity is kept by 1 − mu"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))((1 - mu) * v + mu * g),
              "That is a mean of gradients, weighted the other way round"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))((v + g) / 2),
              "That is a mean of the two", first="neutral"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(mu * v + lr * (1 - mu) * g),
              "lr and 1 − mu stand before the gradient", first="neutral"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(mu * v * g),
              "The gradient multiplies", first="neutral"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(g - mu * v),
              "The old velocity is taken off, so each step works against the one", first="neutral"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(mu * v + g.sign()),
              "The signs of the gradient were added", first="neutral"),
        Wrong(lambda w, v, g, lr, mu: (lambda v: (w - lr * v, v))(mu * v - lr * g),
              "lr and the minus stand in the step below"),
    ],
    "adagrad_step": [
        Wrong(ada(A, lambda w, s, g, lr, eps: w - lr * g / (s + eps)), "Divide by the root of the sum"),
        Wrong(ada(lambda s, g: s + g, D), "You add g, where pushes to and fro cancel"),
        Wrong(ada(lambda s, g: s + g.abs(), D), "You add the sizes of the gradients"),
        Wrong(ada(lambda s, g: g ** 2, D), "The sum forgets all that came before"),
        Wrong(ada(A, lambda w, s, g, lr, eps: w + lr * g / (s.sqrt() + eps)), "Your step goes uphill"),
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - lr * g / (s.sqrt() + eps), s + g ** 2), "You divide by the old sum"),
        Wrong(ada(A, lambda w, s, g, lr, eps: w - lr * g * s.sqrt()), "You multiplied by the root", first="neutral"),
        Wrong(ada(lambda s, g: s + (g ** 2).sum(), D), "You add the sum over all coordinates to each"),
        Wrong(ada(lambda s, g: (s + g) ** 2, D), "You squared the sum", first="neutral"),
        Wrong(ada(A, lambda w, s, g, lr, eps: w - lr * g ** 2 / (s.sqrt() + eps)),
              "The step has the square above the line", first="neutral"),
        Wrong(ada(A, lambda w, s, g, lr, eps: w - lr / (s.sqrt() + eps)),
              "The step has no gradient above the line", first="neutral"),
        Wrong(ada(lambda s, g: 0.9 * s + 0.1 * g ** 2, D), "That is a running mean", first="neutral"),
        Wrong(ada(A, lambda w, s, g, lr, eps: w - lr * g / s.sqrt()),
              "`eps` is not in your divisor, or not the one you are given"),
        Wrong(ada(A, lambda w, s, g, lr, eps: w - g / (lr * s.sqrt() + eps)),
              "lr stands below the line", first="neutral"),
        Wrong(ada(A, lambda w, s, g, lr, eps: w - lr * g / s.sqrt() + eps), "Your eps is added to w"),
        Wrong(ada(lambda s, g: s - g ** 2, D), "The squares were taken off", first="neutral"),
        Wrong(lambda w, s, g, lr, eps=1e-10: (s + g ** 2, w - lr * g / ((s + g ** 2).sqrt() + eps)),
              "The two are exchanged"),
        Wrong(ada(lambda s, g: s + g ** 2, lambda w, s, g, lr, eps: w - lr * g / s),
              "Divide by the root of the sum, and add eps to it", first="neutral"),
        Wrong(ada(lambda s, g: (s + g ** 2).sqrt(), lambda w, s, g, lr, eps: w - lr * g / (s + eps)),
              "Your s is the root", first="neutral"),
        Wrong(ada(A, lambda w, s, g, lr, eps: w - lr * g / (s + eps).sqrt()), "Your eps stands under the root"),
        Wrong(ada(lambda s, g: s + 2 * g, D), "You added 2 g, and that cancels", first="neutral"),
        Wrong(ada(A, lambda w, s, g, lr, eps: w - lr * g / (s.sum().sqrt() + eps)), "You divide by one length for all"),
        Wrong(ada(A, lambda w, s, g, lr, eps: w - lr * g.sign()), NEUTRAL),
    ],
    "rmsprop_step": [
        Wrong(rms(lambda s, g, a: (1 - a) * s + a * g ** 2), "alpha and 1 − alpha are exchanged"),
        Wrong(rms(lambda s, g, a: a * s + (1 - a) * g), "You average g, where pushes to and fro cancel"),
        Wrong(rms(lambda s, g, a: a * s + g ** 2),
              "The new g² enters whole, so s settles at 1/(1 − alpha) times the mean"),
        Wrong(rms(lambda s, g, a: s + g ** 2), "That is Adagrad"),
        Wrong(rms(R, lambda w, s, g, lr, eps: w - lr * g / (s + eps)), "Divide by the root of s"),
        Wrong(rms(R, lambda w, s, g, lr, eps: w + lr * g / (s.sqrt() + eps)), "Your step goes uphill"),
        Wrong(rms(R, lambda w, s, g, lr, eps: w - lr * g / (s + eps).sqrt()), "Your eps stands under the root"),
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g / (s.sqrt() + eps), R(s, g, alpha)),
              "You divide by the old s"),
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: w - lr * g / (R(s, g, alpha).sqrt() + eps),
              "The new s is missing"),
        Wrong(rms(lambda s, g, a: a * s + (1 - a) * (g ** 2).mean()),
              "One number for all coordinates went into s", first="neutral"),
        Wrong(rms(lambda s, g, a: a * s + 1 - a * g ** 2),
              "Without brackets this is 1 less alpha · g²", first="neutral"),
        Wrong(rms(lambda s, g, a: a * s ** 2 + (1 - a) * g ** 2), "The old s was squared", first="neutral"),
        Wrong(rms(lambda s, g, a: a * s + a * g ** 2), "Both have the weight alpha", first="neutral"),
        Wrong(rms(R, lambda w, s, g, lr, eps: w - lr / (s.sqrt() + eps)),
              "The step has no gradient above the line", first="neutral"),
        Wrong(rms(lambda s, g, a: (a * s + (1 - a) * g ** 2).sqrt(), lambda w, s, g, lr, eps: w - lr * g / (s + eps)),
              "Your s is the root", first="neutral"),
        Wrong(rms(lambda s, g, a: 0.9 * s + 0.1 * g ** 2),
              "You keep 0.9 of the old s, whatever `alpha` says", first="neutral"),
        Wrong(rms(lambda s, g, a: (1 - a) * s + a * g),
              "alpha and 1 − alpha are exchanged, and g is not squared", first="neutral"),
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (R(s, g, alpha), w - lr * g / (R(s, g, alpha).sqrt() + eps)),
              "The two are exchanged"),
        Wrong(rms(lambda s, g, a: (a * s + (1 - a) * g) ** 2), "You squared the mean", first="neutral"),
        Wrong(rms(lambda s, g, a: (1 - a) * g ** 2), "The old s is forgotten altogether", first="neutral"),
        Wrong(rms(lambda s, g, a: a * s + (1 - a) * g ** 2, lambda w, s, g, lr, eps: w - g / (s.sqrt() + eps)),
              "The learning rate is missing from the step", first="neutral"),
        Wrong(rms(R, lambda w, s, g, lr, eps: w + lr * g / (s + eps)),
              "Your step goes uphill, and the root is missing", first="neutral"),
    ],
    "adam_step": [
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * m / (s.sqrt() + eps)),
              "The corrections are missing"),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * m / ((s / (1 - b2 ** t)).sqrt() + eps)),
              "s is corrected and m is not"),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * m / (1 - b1 ** t) / (s.sqrt() + eps)),
              "m is corrected and s is not"),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * m / (1 - b1) / ((s / (1 - b2)).sqrt() + eps)),
              "The correction is 1 − beta at the first step only"),
        Wrong(adam(t_=lambda t: t), "t stays as it is", first="neutral"),
        Wrong(t_counted_after_the_use, "Add 1 to t before you correct"),
        Wrong(corrected_m_and_s_handed_on, "You give back the corrected m and s"),
        Wrong(lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: adam()(w, m, s, t, g, lr, beta2, beta1, eps),
              "The two betas are exchanged", first="neutral"),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * (m / (1 - b1 ** t)) / (s / (1 - b2 ** t) + eps)),
              "Divide by the root of the corrected s"),
        Wrong(adam(s_=lambda s, g, b: b * s + (1 - b) * g), "s is the running mean of g²"),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * g / ((s / (1 - b2 ** t)).sqrt() + eps)),
              "Your step takes the gradient of the moment", first="neutral"),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w + lr * (m / (1 - b1 ** t)) / ((s / (1 - b2 ** t)).sqrt() + eps)),
              "Your step goes uphill"),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * (m / (1 - b1 * t)) / ((s / (1 - b2 * t)).abs().sqrt() + eps)),
              NEUTRAL),
        Wrong(adam(m_=lambda m, g, b: b * m + g), "Your m adds whole gradients, as momentum does"),
        Wrong(adam(m_=lambda m, g, b: (1 - b) * m + b * g), "In m, beta1 and 1 − beta1 are exchanged", first="neutral"),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * (m * (1 - b1 ** t)) / ((s * (1 - b2 ** t)).sqrt() + eps)),
              "You multiplied by 1 − betaᵗ, and m and s are too small already", first="neutral"),
        Wrong(lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: adam()(w, m, s, t, g, lr, beta1, beta2, eps)[:3],
              "The count t is missing"),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * (m / (1 - b1 ** t)) / (s / (1 - b2 ** t) + eps).sqrt()),
              "Your eps stands under the root"),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * (m / (1 - b1 ** t)) / ((s.sqrt() + eps) / math.sqrt(1 - b2 ** t))),
              NEUTRAL),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * (m / (1 - b1 ** t)) / ((s / (1 - b1 ** t)).sqrt() + eps)),
              "s is corrected with beta1", first="neutral"),
        Wrong(adam(s_=lambda s, g, b: b * s + (1 - b) * g.abs()),
              "s averages the sizes of the gradients", first="neutral"),
        Wrong(adam(t_=lambda t: t, step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * m / (s.sqrt() + eps)),
              "t stays as it is", first="neutral"),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * (m / (1 - t ** b1 + 1e-9)) / ((s / abs(1 - t ** b2 + 1e-9)).sqrt() + eps)),
              NEUTRAL),
        Wrong(adam(m_=lambda m, g, b: (1 - b) * m + b * g, s_=lambda s, g, b: (1 - b) * s + b * g ** 2),
              "beta and 1 − beta are exchanged"),
        Wrong(lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: tuple(adam()(w, m, s, t, g, lr, beta1, beta2, eps)[i] for i in (1, 2, 0, 3)),
              "All four are there in another order"),
        Wrong(adam(step=lambda w, m, s, t, g, lr, b1, b2, eps: w - lr * (m / (1 - b1 ** t)) / (s / (1 - b2 ** t) + eps) ** 2),
              "You squared where a root belongs", first="neutral"),
    ],
    "cosine_lr": [
        Wrong(lambda epoch, epochs, first: first * (1 + cos(pi * epoch / epochs)),
              "1 + cos goes from 2 to 0, so you begin at twice `first`"),
        Wrong(lambda epoch, epochs, first: first * cos(pi / 2 * epoch / epochs),
              "Its two ends are right, and it falls along a quarter of a turn"),
        Wrong(lambda epoch, epochs, first: first * cos(pi * epoch / epochs),
              "The cosine goes from 1 to −1, and a learning rate below 0 climbs"),
        Wrong(lambda epoch, epochs, first: first * (1 + cos(2 * pi * epoch / epochs)) / 2,
              "A whole turn comes back to where it began"),
        Wrong(lambda epoch, epochs, first: first * (1 - cos(pi * epoch / epochs)) / 2, "It rises from 0 to `first`"),
        Wrong(lambda epoch, epochs, first: first * (1 + cos(epoch / epochs)) / 2,
              "The angle goes from 0 to 1, and a half turn is π"),
        Wrong(lambda epoch, epochs, first: first * (1 + cos(180 * epoch / epochs)) / 2,
              "`math.cos` counts angles in radians"),
        Wrong(lambda epoch, epochs, first: first * (1 - epoch / epochs), "That is a straight line"),
        Wrong(lambda epoch, epochs, first: first * (1 + cos(pi * epoch / (epochs - 1))) / 2,
              "It is at 0 one epoch too soon", first="neutral"),
        Wrong(lambda epoch, epochs, first: (1 + cos(pi * epoch / epochs)) / 2, "That is the share"),
        Wrong(lambda epoch, epochs, first: first * math.sin(pi * epoch / epochs),
              "A sine begins at 0 and comes back to it", first="neutral"),
        Wrong(lambda epoch, epochs, first: first * (1 + cos(pi * (epoch // epochs))) / 2,
              "The rate stays at `first` and drops to 0 at the end"),
        Wrong(lambda epoch, epochs, first: first * 1 + cos(pi * epoch / epochs) / 2,
              "The brackets are missing", first="neutral"),
        Wrong(lambda epoch, epochs, first: first * (1 + cos(pi * epochs / epoch)) / 2,
              "`epochs / epoch` divides by 0 at the start", first="neutral"),
        Wrong(lambda epoch, epochs, first: first * (1 + cos(pi * (epoch + 1) / epochs)) / 2,
              "At epoch 0 it is already below `first`", first="neutral"),
        Wrong(lambda epoch, epochs, first: first * (1 + torch.cos(pi * epoch / epochs)) / 2,
              "`torch.cos` wants a tensor, and these are numbers", first="neutral"),
        Wrong(lambda epoch, epochs, first: first * (1 - math.sin(pi / 2 * epoch / epochs)),
              "Its two ends are right, and it falls steeply at first", first="neutral"),
        Wrong(lambda epoch, epochs, first: [first * (1 + cos(pi * e / epochs)) / 2 for e in range(epochs)],
              "Those are the rates of all epochs"),
        Wrong(lambda epoch, epochs, first: float(first * (1 + np.cos(np.deg2rad(epoch / epochs))) / 2),
              "The rate hardly changes", first="neutral"),
        Wrong(lambda epoch, epochs, first: first * (0.5 + cos(pi * epoch / epochs)),
              "The half was added to the cosine, and it belongs to all of it", first="neutral"),
        Wrong(lambda epoch, epochs, first: max(0, first * cos(pi * epoch / epochs)),
              "Cut at 0, it is there after half of the epochs", first="neutral"),
        Wrong(lambda epoch, epochs, first: first * abs(cos(pi * epoch / epochs)),
              "Without its sign the cosine rises again after half of the epochs", first="neutral"),
        Wrong(lambda epoch, epochs, first: first * cos(pi * epoch / epochs) ** 2,
              "A whole turn comes back to where it began"),
        Wrong(lambda epoch, epochs, first: first / 2 + cos(pi * epoch / epochs),
              "The brackets are missing", first="neutral"),
    ],
    "make_optimizer": [
        Wrong(everything_decays, "Both layers learn at their own rate, but the biases decay too"),
        Wrong(nothing_decays, "Nothing decays"),
        Wrong(last_layer_at_lr, NEUTRAL),
        Wrong(all_at_lr_10, NEUTRAL),
        Wrong(times_10, "The last layer learns ten times as fast"),
        Wrong(last_bias_at_lr, "The last layer's bias learns at the full rate"),
        Wrong(last_bias_forgotten, "No step moves the last layer's bias", first="neutral"),
        Wrong(decay_turned_round, "The decay is turned round", first="neutral"),
        Wrong(momentum, "There is momentum in it"),
        Wrong(adam_in_place_of_sgd, "SGD is asked for"),
        Wrong(first_layer_slow, "The rates are exchanged"),
        Wrong(groups_no_optimizer, "That is a list, perhaps of groups"),
        Wrong(lr_missing, NEUTRAL),
        Wrong(last_layer_twice, "The last layer stands in two groups"),
        Wrong(last_layer_does_not_decay, "The last layer's weight does not decay"),
        Wrong(last_layer_all_decays, "The last layer's bias decays"),
        Wrong(plain, "One group for all"),
        Wrong(decay_key, "Nothing decays"),
        Wrong(decay_per_lr_lr_10_and_decay_10, "The last weight's decay is a tenth", first="neutral"),
        Wrong(adamw, "SGD is asked for"),
        Wrong(rest_slow_last_fast, "The rates are exchanged"),
        Wrong(last_weight_at_lr, "The last layer's weight learns at the full rate", first="neutral"),
        Wrong(lr_10, "The last layer's rate is lr divided by 100", first="neutral"),
        Wrong(biases_missing, "No step ever moves the biases"),
    ],
}


# ---- a second set, written by the text of the lesson alone; behind each answer its cause, in the writer's words


def adagrad_loop_old(w, s, g, lr, eps=1e-10):
    w = w - lr * g / (s.sqrt() + eps)
    s = s + g**2
    return w, s


def _adam(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8, **change):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    return w - lr * m_hat / (s_hat.sqrt() + eps), m, s, t


def adam_uncorrected(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    return w - lr * m / (s.sqrt() + eps), m, s, t + 1


def adam_t_late(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    w = w - lr * (m / (1 - beta1**t)) / ((s / (1 - beta2**t)).sqrt() + eps)
    return w, m, s, t + 1


def adam_keeps_corrected(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t += 1
    m = (beta1 * m + (1 - beta1) * g) / (1 - beta1**t)
    s = (beta2 * s + (1 - beta2) * g**2) / (1 - beta2**t)
    return w - lr * m / (s.sqrt() + eps), m, s, t


def adam_betas_swapped(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    return _adam(w, m, s, t, g, lr, beta1=beta2, beta2=beta1, eps=eps)


def adam_no_root(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    return w - lr * (m / (1 - beta1**t)) / (s / (1 - beta2**t) + eps), m, s, t


def adam_no_square(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g.abs()
    return w - lr * (m / (1 - beta1**t)) / ((s / (1 - beta2**t)).sqrt() + eps), m, s, t


def adam_uphill(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    new, m, s, t = _adam(w, m, s, t, g, lr, beta1, beta2, eps)
    return 2 * w - new, m, s, t


def adam_t_forgotten(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    new, m, s, _ = _adam(w, m, s, t, g, lr, beta1, beta2, eps)
    return new, m, s, t


def adam_times_t(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    return w - lr * (m / (1 - beta1 * t)) / ((s / (1 - beta2 * t)).sqrt() + eps), m, s, t


def adam_no_share(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + g
    s = beta2 * s + g**2
    return w - lr * (m / (1 - beta1**t)) / ((s / (1 - beta2**t)).sqrt() + eps), m, s, t


def adam_squares_m(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * m**2
    return w - lr * (m / (1 - beta1**t)) / ((s / (1 - beta2**t)).sqrt() + eps), m, s, t


def adam_corrects_m_only(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    return w - lr * (m / (1 - beta1**t)) / (s.sqrt() + eps), m, s, t


def adam_only_w(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    return _adam(w, m, s, t, g, lr, beta1, beta2, eps)[0]


def adam_g_for_m(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    new, m, s, t = _adam(w, m, s, t, g, lr, beta1, beta2, eps)
    return w - lr * g / ((s / (1 - beta2**t)).sqrt() + eps), m, s, t


def adam_corrects_by_beta(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    return w - lr * (m / (1 - beta1)) / ((s / (1 - beta2)).sqrt() + eps), m, s, t


def cosine_torch(epoch, epochs, first):
    return first * (1 + torch.cos(math.pi * epoch / epochs)) / 2


def cosine_swapped(first, epoch, epochs):
    return first * (1 + math.cos(math.pi * epoch / epochs)) / 2


def _four(model, lr, decay, first_lr=None, last_lr=None, last_bias=0, rest_bias=0, make=torch.optim.SGD, **kw):
    *rest, last = model
    rest = [p for layer in rest for p in layer.named_parameters()]
    low = lr / 10 if last_lr is None else last_lr
    return make([
        {"params": [p for n, p in rest if n == "weight"], "weight_decay": decay},
        {"params": [p for n, p in rest if n == "bias"], "weight_decay": rest_bias},
        {"params": [last.weight], "lr": low, "weight_decay": decay},
        {"params": [last.bias], "lr": low, "weight_decay": last_bias},
    ], lr=lr, **kw)


def optimizer_decays_all(model, lr, decay):
    return torch.optim.SGD([{"params": model[:-1].parameters()}, {"params": model[-1].parameters(), "lr": lr / 10}],
                           lr=lr, weight_decay=decay)


def optimizer_overlap(model, lr, decay):
    weights = [p for n, p in model.named_parameters() if n.endswith("weight")]
    biases = [p for n, p in model.named_parameters() if n.endswith("bias")]
    return torch.optim.SGD([{"params": weights, "weight_decay": decay}, {"params": biases, "weight_decay": 0},
                            {"params": model[-1].parameters(), "lr": lr / 10}], lr=lr)


def optimizer_no_middle(model, lr, decay):
    return torch.optim.SGD([
        {"params": [model[0].weight], "weight_decay": decay}, {"params": [model[0].bias]},
        {"params": [model[-1].weight], "lr": lr / 10, "weight_decay": decay}, {"params": [model[-1].bias], "lr": lr / 10},
    ], lr=lr)


def optimizer_first_layer(model, lr, decay):
    first, *rest = model
    rest = [p for layer in rest for p in layer.named_parameters()]
    return torch.optim.SGD([
        {"params": [first.weight], "lr": lr / 10, "weight_decay": decay}, {"params": [first.bias], "lr": lr / 10},
        {"params": [p for n, p in rest if n == "weight"], "weight_decay": decay}, {"params": [p for n, p in rest if n == "bias"]},
    ], lr=lr)


def optimizer_bias_full(model, lr, decay):
    weights = [p for layer in model[:-1] for n, p in layer.named_parameters() if n == "weight"]
    biases = [p for n, p in model.named_parameters() if n.endswith("bias")]
    return torch.optim.SGD([{"params": weights, "weight_decay": decay}, {"params": biases},
                            {"params": [model[-1].weight], "lr": lr / 10, "weight_decay": decay}], lr=lr)


def optimizer_groups_only(model, lr, decay):
    return _four(model, lr, decay).param_groups


def optimizer_two_groups(model, lr, decay):
    weights = [p for n, p in model.named_parameters() if n.endswith("weight")]
    biases = [p for n, p in model.named_parameters() if n.endswith("bias")]
    return torch.optim.SGD([{"params": weights, "weight_decay": decay}, {"params": biases}], lr=lr)


def optimizer_decay_default(model, lr, decay):
    biases = [p for layer in model[:-1] for n, p in layer.named_parameters() if n == "bias"]
    weights = [p for layer in model[:-1] for n, p in layer.named_parameters() if n == "weight"]
    return torch.optim.SGD([{"params": weights}, {"params": biases, "weight_decay": 0},
                            {"params": [model[-1].weight], "lr": lr / 10}, {"params": [model[-1].bias], "lr": lr / 10}],
                           lr=lr, weight_decay=decay)


for _name, _answers in {
    "unit_guess": [
        # a word
        Wrong("small", "A number is needed and this is text"),
        # no negative rate
        Wrong(-1, "Your guess is `-1`"),
    ],
    "recall_order": [
        Wrong("cabd", "`step()` runs before `backward()`, when `.grad` is still empty", first="neutral"),
        Wrong("dcab", "`step()` runs before `backward()`, when `.grad` is still empty"),
        Wrong("cbda", "You erased the gradient before using it"),
        Wrong("bcda", "`backward()` runs before the loss is there", first="neutral"),
    ],
    "recall_shift": [
        Wrong("a", "Every class loses the same score on an image"),
        Wrong("c", "Every class loses the same score on an image"),
        Wrong("d", "All ten scores of an image move together, whatever the vector"),
    ],
    "largest_stable": [
        # the smaller curvature
        Wrong(2 / 3, "That is what the flat direction allows"),
        # 1/h: the best step, not the longest
        Wrong(1 / 8, "At 1/8 one step lands w₂ on 0"),
        # sum of the curvatures
        Wrong(2 / 11, "That is the fastest rate, 2/(3 + 8)"),
        # h/2, upside down
        Wrong(4.0, "That is half of the curvature"),
        # 1 over the smaller
        Wrong(1 / 3, "That is one over the flat curvature"),
        # 2/4: halves the curvature
        Wrong(0.5, "The gradient in w₂ is 8 w₂"),
        # mean of the curvatures
        Wrong(2 / 5.5, "The mean curvature sets no limit"),
        # 1 over 16: doubles the curvature
        Wrong(1 / 16, "The limit is 2 over the curvature"),
        # 2 over the difference
        Wrong(2 / 5, "That is 2 over the difference of the curvatures", first="neutral"),
    ],
    "momentum_step": [
        # a running mean
        Wrong(lambda w, v, g, lr, mu: (w - lr * (mu * v + (1 - mu) * g), mu * v + (1 - mu) * g), "That is a mean of gradients, which only smooths", idea="M36"),
        # mu on the gradient, not the velocity
        Wrong(lambda w, v, g, lr, mu: (w - lr * (v + mu * g), v + mu * g), "Here mu multiplies the gradient"),
        # plus where a times belongs
        Wrong(lambda w, v, g, lr, mu: (w - lr * (mu + g), mu + g), "A plus where a times belongs"),
        # lr twice
        Wrong(lambda w, v, g, lr, mu: (w - lr * (mu * v + lr * g), mu * v + lr * g), "lr acts twice"),
        # sign of the gradient
        Wrong(lambda w, v, g, lr, mu: (w - lr * (mu * v - g), mu * v - g), "The velocity collects gradients as they are"),
        # 1 - mu is kept
        Wrong(lambda w, v, g, lr, mu: (w - lr * ((1 - mu) * v + g), (1 - mu) * v + g), "The old velocity is kept by 1 − mu"),
        # uphill
        Wrong(lambda w, v, g, lr, mu: (w + lr * (mu * v + g), mu * v + g), "The velocity points uphill, as the gradient does"),
        # order of the two
        Wrong(lambda w, v, g, lr, mu: (mu * v + g, w - lr * (mu * v + g)), "The two are exchanged"),
        # w alone
        Wrong(lambda w, v, g, lr, mu: w - lr * (mu * v + g), "The new v is missing"),
        # steps with the old velocity
        Wrong(lambda w, v, g, lr, mu: (w - lr * v, mu * v + g), "You stepped with the old velocity"),
        # Nesterov
        Wrong(lambda w, v, g, lr, mu: (w - lr * (g + mu * (mu * v + g)), mu * v + g), "That is Nesterov's step, which looks one step ahead"),
        # velocity is the gradient: no memory
        Wrong(lambda w, v, g, lr, mu: (w - lr * g, g), "The old velocity is not used"),
        # mu missing: nothing is forgotten
        Wrong(lambda w, v, g, lr, mu: (w - lr * (v + g), v + g), "The old velocity is added in full, so it never fades"),
        # times where a plus belongs
        Wrong(lambda w, v, g, lr, mu: (w - lr * (mu * v * g), mu * v * g), "The gradient multiplies"),
        # mu on both
        Wrong(lambda w, v, g, lr, mu: (w - lr * mu * (v + g), mu * (v + g)), "Here mu multiplies both"),
        # lr missing
        Wrong(lambda w, v, g, lr, mu: (w - (mu * v + g), mu * v + g), "The learning rate is missing from the step"),
    ],
    "adagrad_step": [
        # not squared
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - lr * g / ((s + g).sqrt() + eps), s + g), "You add g, where pushes to and fro cancel"),
        # the last square only: no sum
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - lr * g / (g.abs() + eps), g**2), "The sum forgets all that came before"),
        # no root
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - lr * g / (s + g**2 + eps), s + g**2), "Divide by the root of the sum"),
        # eps inside of the root
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - lr * g / (s + g**2 + eps).sqrt(), s + g**2), "Your eps stands under the root"),
        # the old sum
        Wrong(adagrad_loop_old, "You divide by the old sum"),
        # one sum for all coordinates
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - lr * g / ((s + (g**2).sum()).sqrt() + eps), s + (g**2).sum()), "You add the sum over all coordinates to each"),
        # uphill
        Wrong(lambda w, s, g, lr, eps=1e-10: (w + lr * g / ((s + g**2).sqrt() + eps), s + g**2), "Your step goes uphill"),
        # w alone
        Wrong(lambda w, s, g, lr, eps=1e-10: w - lr * g / ((s + g**2).sqrt() + eps), "The new s is missing"),
        # lr missing
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - g / ((s + g**2).sqrt() + eps), s + g**2), "The learning rate is missing from the step"),
        # eps missing: 0/0
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - lr * g / (s + g**2).sqrt(), s + g**2), "`eps` is not in your divisor, or not the one you are given"),
        # gradient missing in the step
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - lr / ((s + g**2).sqrt() + eps), s + g**2), "The step has no gradient above the line"),
        # s not used in the step
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - lr * g, s + g**2), "The sum is renewed but not used"),
        # times the root
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - lr * g * ((s + g**2).sqrt() + eps), s + g**2), "You multiplied by the root"),
        # root of each, added
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - lr * g / (s.sqrt() + g.abs() + eps), s + g**2), "You added the roots", first="neutral"),
        # order of the two
        Wrong(lambda w, s, g, lr, eps=1e-10: (s + g**2, w - lr * g / ((s + g**2).sqrt() + eps)), "The two are exchanged"),
    ],
    "rmsprop_step": [
        # alpha and 1 - alpha swapped
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g / (((1 - alpha) * s + alpha * g**2).sqrt() + eps), (1 - alpha) * s + alpha * g**2), "alpha and 1 − alpha are exchanged"),
        # Adagrad's sum
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g / ((s + g**2).sqrt() + eps), s + g**2), "That is Adagrad"),
        # 1 - alpha missing
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g / ((alpha * s + g**2).sqrt() + eps), alpha * s + g**2), "The new g² enters whole, so s settles at 1/(1 − alpha) times the"),
        # no root
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g / (alpha * s + (1 - alpha) * g**2 + eps), alpha * s + (1 - alpha) * g**2), "Divide by the root of s"),
        # order
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (alpha * s + (1 - alpha) * g**2, w - lr * g / ((alpha * s + (1 - alpha) * g**2).sqrt() + eps)), "The two are exchanged"),
        # the old s
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g / (s.sqrt() + eps), alpha * s + (1 - alpha) * g**2), "You divide by the old s"),
        # not squared
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g / ((alpha * s + (1 - alpha) * g.abs()).sqrt() + eps), alpha * s + (1 - alpha) * g.abs()), "You average the sizes of the gradients"),
        # eps missing
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g / (alpha * s + (1 - alpha) * g**2).sqrt(), alpha * s + (1 - alpha) * g**2), "`eps` is not in your divisor, or not the one you are given"),
        # uphill
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w + lr * g / ((alpha * s + (1 - alpha) * g**2).sqrt() + eps), alpha * s + (1 - alpha) * g**2), "Your step goes uphill"),
        # w alone
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: w - lr * g / ((alpha * s + (1 - alpha) * g**2).sqrt() + eps), "The new s is missing"),
        # 0.9 in place of alpha
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g / ((0.9 * s + 0.1 * g**2).sqrt() + eps), 0.9 * s + 0.1 * g**2), "You keep 0.9 of the old s, whatever `alpha` says"),
        # mean of the gradients: squared afterwards
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g / ((alpha * s + (1 - alpha) * g).pow(2).sqrt() + eps), alpha * s + (1 - alpha) * g), "You average g, where pushes to and fro cancel", first="neutral"),
        # lr missing
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - g / ((alpha * s + (1 - alpha) * g**2).sqrt() + eps), alpha * s + (1 - alpha) * g**2), "The learning rate is missing from the step"),
        # 1 - alpha squared too
        Wrong(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g / ((alpha * s + ((1 - alpha) * g) ** 2).sqrt() + eps), alpha * s + ((1 - alpha) * g) ** 2), "The weight 1 − alpha was squared with g", first="neutral"),
    ],
    "adam_step": [
        # no correction
        Wrong(adam_uncorrected, "The corrections are missing"),
        # t raised after use: division by 0
        Wrong(adam_t_late, "Add 1 to t before you correct"),
        # hands on the corrected m and s
        Wrong(adam_keeps_corrected, "You give back the corrected m and s"),
        # betas swapped
        Wrong(adam_betas_swapped, "The two betas are exchanged"),
        # no root
        Wrong(adam_no_root, "Divide by the root of the corrected s"),
        # not squared
        Wrong(adam_no_square, "s averages the sizes of the gradients"),
        # uphill
        Wrong(adam_uphill, "Your step goes uphill"),
        # t handed back unraised
        Wrong(adam_t_forgotten, "The t that you give back is the old one, so every step is the"),
        # beta times t in place of beta to the t
        Wrong(adam_times_t, "You multiply beta by t"),
        # 1 - beta missing
        Wrong(adam_no_share, "The new g and the new g² enter whole", first="neutral"),
        # squares m, not g
        Wrong(adam_squares_m, "s averages the squares of m", first="neutral"),
        # s not corrected
        Wrong(adam_corrects_m_only, "m is corrected and s is not"),
        # w alone
        Wrong(adam_only_w, "The step is right"),
        # g in place of m
        Wrong(adam_g_for_m, "Your step takes the gradient of the moment"),
        # power t missing: always the first step's correction
        Wrong(adam_corrects_by_beta, "The correction is 1 − beta at the first step only"),
    ],
    "cosine_lr": [
        # ends at -first: not lifted
        Wrong(lambda epoch, epochs, first: first * math.cos(math.pi * epoch / epochs), "The cosine goes from 1 to −1, and a learning rate below 0 climbs"),
        # a quarter of a cosine
        Wrong(lambda epoch, epochs, first: first * math.cos(math.pi / 2 * epoch / epochs), "Its two ends are right, and it falls along a quarter of a turn"),
        # half missing: starts at twice first
        Wrong(lambda epoch, epochs, first: first * (1 + math.cos(math.pi * epoch / epochs)), "1 + cos goes from 2 to 0, so you begin at twice `first`"),
        # a straight line
        Wrong(lambda epoch, epochs, first: first * (1 - epoch / epochs), "That is a straight line"),
        # degrees
        Wrong(lambda epoch, epochs, first: first * (1 + math.cos(180 * epoch / epochs)) / 2, "`math.cos` counts angles in radians"),
        # sine
        Wrong(lambda epoch, epochs, first: first * (1 + math.sin(math.pi * epoch / epochs)) / 2, "A sine begins in the middle, climbs and comes back", first="neutral"),
        # a whole cosine
        Wrong(lambda epoch, epochs, first: first * (1 + math.cos(2 * math.pi * epoch / epochs)) / 2, "A whole turn comes back to where it began"),
        # rises
        Wrong(lambda epoch, epochs, first: first * (1 - math.cos(math.pi * epoch / epochs)) / 2, "It rises from 0 to `first`"),
        # epochs - 1
        Wrong(lambda epoch, epochs, first: first * (1 + math.cos(math.pi * epoch / (epochs - 1))) / 2, "It is at 0 one epoch too soon"),
        # exponential decay
        Wrong(lambda epoch, epochs, first: first * 0.95**epoch, "The rate falls by the same factor in each epoch, and never to 0", first="neutral"),
        # torch.cos of a number: torch refuses
        Wrong(cosine_torch, "`torch.cos` wants a tensor, and these are numbers"),
        # first missing
        Wrong(lambda epoch, epochs, first: (1 + math.cos(math.pi * epoch / epochs)) / 2, "That is the share"),
        # arguments in another order
        Wrong(cosine_swapped, "Yours is what comes out with the arguments in another order", first="neutral"),
        # pi missing
        Wrong(lambda epoch, epochs, first: first / 2 * (1 + math.cos(epoch / epochs)), "The angle goes from 0 to 1, and a half turn is π"),
        # counts from 1
        Wrong(lambda epoch, epochs, first: first * (1 + math.cos(math.pi * (epoch + 1) / epochs)) / 2, "At epoch 0 it is already below `first`"),
        # integer division
        Wrong(lambda epoch, epochs, first: first * (1 + math.cos(math.pi * (epoch // epochs))) / 2, "The rate stays at `first` and drops to 0 at the end"),
    ],
    "make_optimizer": [
        # everything decays
        Wrong(optimizer_decays_all, "Both layers learn at their own rate, but the biases decay too", idea="M18"),
        # last layer at full lr
        Wrong(optimizer_two_groups, "The decay is right, but the last layer learns at the full rate"),
        # last bias decays
        Wrong(lambda model, lr, decay: _four(model, lr, decay, last_bias=decay), "The last layer's bias decays", idea="M18"),
        # layers between are left out
        Wrong(optimizer_no_middle, "The layers between the first and the last are in no group", first="accepted"),
        # ten times lr
        Wrong(lambda model, lr, decay: _four(model, lr, decay, last_lr=10 * lr), "The last layer learns ten times as fast"),
        # last layer in two groups: torch refuses
        Wrong(optimizer_overlap, "The last layer stands in two groups"),
        # Adam
        Wrong(lambda model, lr, decay: _four(model, lr, decay, make=torch.optim.Adam), "SGD is asked for"),
        # momentum
        Wrong(lambda model, lr, decay: _four(model, lr, decay, momentum=0.9), "There is momentum in it"),
        # reversed: biases decay
        Wrong(lambda model, lr, decay: _four(model, lr, 0, last_bias=decay, rest_bias=decay), "The decay is turned round", idea="M18"),
        # last bias at full lr
        Wrong(optimizer_bias_full, "The last layer's bias learns at the full rate"),
        # the first layer is slow
        Wrong(optimizer_first_layer, "`0.weight` at [0, 0] is `-0.1832`"),
        # groups, no optimizer
        Wrong(optimizer_groups_only, "That is a list, perhaps of groups"),
        # one group
        Wrong(lambda model, lr, decay: torch.optim.SGD(model.parameters(), lr=lr, weight_decay=decay), "One group for all", idea="M18"),
        # last bias takes the default decay
        Wrong(optimizer_decay_default, "The last layer's bias decays", idea="M18"),
        # half the decay
        Wrong(lambda model, lr, decay: _four(model, lr, decay / 2), "The decay is not `decay` as it is", first="neutral"),
        # 0.1 in place of lr / 10
        Wrong(lambda model, lr, decay: _four(model, lr, decay, last_lr=0.1), "The last layer's rate is 0.1, whatever lr is", first="neutral"),
    ],
    "first_step": [
        Wrong("a", "They treat the decay differently"),
        Wrong("c", "The other way round"),
        Wrong("d", "That is SGD"),
    ],
    "closure_fault": [
        Wrong("a", "L-BFGS asks for the loss at several points within one step"),
        Wrong("c", "Shorter steps along a wrong direction"),
        Wrong("d", "L-BFGS takes one group only, and says so"),
        Wrong("e", "A number or a tensor, `step` takes either"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# three ways at least of writing what a numbered wrong idea leads to, for those that had fewer


def mean_number_by_number(w, v, g, lr, mu):
    v = torch.stack([mu * old + (1 - mu) * new for old, new in zip(v, g)])
    return w - lr * v, v


for _name, _answers in {
    "momentum_step": [
        Wrong(mean_number_by_number, "That is a mean of gradients, which only smooths", seen=True, idea="M36"),
        Wrong(lambda w, v, g, lr, mu: (w - lr * torch.lerp(g, v, mu), torch.lerp(g, v, mu)), "That is a mean of gradients, which only smooths", seen=True, idea="M36"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# written by the text of the lesson alone


def with_1_mu_g(w, v, g, lr, mu):
    v = mu * v + (1 - mu) * g
    return w - lr * v, v


def lr_twice(w, v, g, lr, mu):
    v = mu * v + lr * g
    return w - lr * v, v


def minus_gradient(w, v, g, lr, mu):
    v = mu * v - g
    return w - lr * v, v


def misprint_mu_g(w, v, g, lr, mu):
    v = mu + g
    return w - lr * v, v


def swapped_roles(w, v, g, lr, mu):
    v = v + mu * g
    return w - lr * v, v


def mu_on_both(w, v, g, lr, mu):
    v = mu * (v + g)
    return w - lr * v, v


def no_momentum(w, v, g, lr, mu):
    v = g
    return w - lr * v, v


def nesterov(w, v, g, lr, mu):
    v = mu * v + g
    return w - lr * (g + mu * v), v


def with_1_mu_v_mu_g(w, v, g, lr, mu):
    v = (1 - mu) * v + mu * g
    return w - lr * v, v


def order_of_return(w, v, g, lr, mu):
    v = mu * v + g
    return v, w - lr * v


def w_takes_old_v(w, v, g, lr, mu):
    new = mu * v + g
    return w - lr * v, new


def mu_w(w, v, g, lr, mu):
    v = mu * w + g
    return w - lr * v, v


def square_of_g(w, v, g, lr, mu):
    v = mu * v + g ** 2
    return w - lr * v, v


def plus_lr_v(w, v, g, lr, mu):
    v = mu * v + g
    return w + lr * v, v


def hard_coded_mu(w, v, g, lr, mu):
    v = 0.9 * v + g
    return w - lr * v, v


def v_mu(w, v, g, lr, mu):
    v = v / mu + g
    return w - lr * v, v


def v_stays_old_in_the_return(w, v, g, lr, mu):
    step = mu * v + g
    return w - lr * step, v


def no_root(w, s, g, lr, eps=1e-10):
    s = s + g ** 2
    w = w - lr * g / (s + eps)
    return w, s


def no_square(w, s, g, lr, eps=1e-10):
    s = s + g
    w = w - lr * g / (s.sqrt() + eps)
    return w, s


def old_s_in_step(w, s, g, lr, eps=1e-10):
    w = w - lr * g / (s.sqrt() + eps)
    s = s + g * g
    return w, s


def eps_under_the_root(w, s, g, lr, eps=1e-10):
    s = s + g ** 2
    w = w - lr * g / torch.sqrt(s + eps)
    return w, s


def sum_over_coordinates(w, s, g, lr, eps=1e-10):
    s = s + (g ** 2).sum()
    w = w - lr * g / (s.sqrt() + eps)
    return w, s


def replaces_s(w, s, g, lr, eps=1e-10):
    s = g ** 2
    w = w - lr * g / (s.sqrt() + eps)
    return w, s


def no_eps_0_0(w, s, g, lr, eps=1e-10):
    s = s + g ** 2
    w = w - lr * g / s.sqrt()
    return w, s


def plus(w, s, g, lr, eps=1e-10):
    s = s + g ** 2
    w = w + lr * g / (s.sqrt() + eps)
    return w, s


def sqrt_stored(w, s, g, lr, eps=1e-10):
    s = (s + g ** 2).sqrt()
    w = w - lr * g / (s + eps)
    return w, s


def lr_without_g(w, s, g, lr, eps=1e-10):
    s = s + g ** 2
    w = w - lr / (s.sqrt() + eps)
    return w, s


def precedence_g_sqrt_s_eps(w, s, g, lr, eps=1e-10):
    s = s + g ** 2
    w = w - lr * (g / s.sqrt() + eps)
    return w, s


def mean_square(w, s, g, lr, eps=1e-10):
    s = (s + g ** 2) / 2
    w = w - lr * g / (s.sqrt() + eps)
    return w, s


def multiplies(w, s, g, lr, eps=1e-10):
    s = s + g ** 2
    w = w - lr * g * (s.sqrt() + eps)
    return w, s


def abs_sum(w, s, g, lr, eps=1e-10):
    s = s + g.abs()
    w = w - lr * g / (s + eps)
    return w, s


def lr_missing_again(w, s, g, lr, eps=1e-10):
    s = s + g ** 2
    w = w - g / (s.sqrt() + eps)
    return w, s


def square_of_s_g(w, s, g, lr, eps=1e-10):
    s = (s + g) ** 2
    w = w - lr * g / (s.sqrt() + eps)
    return w, s


def alpha_swapped(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = (1 - alpha) * s + alpha * g ** 2
    return w - lr * g / (s.sqrt() + eps), s


def alpha_s_g_2(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = alpha * s + g ** 2
    return w - lr * g / (s.sqrt() + eps), s


def adagrad_sum(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = s + g ** 2
    return w - lr * g / (s.sqrt() + eps), s


def no_square_2(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = alpha * s + (1 - alpha) * g
    return w - lr * g / (s.sqrt() + eps), s


def no_root_2(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = alpha * s + (1 - alpha) * g ** 2
    return w - lr * g / (s + eps), s


def old_s(w, s, g, lr, alpha=0.99, eps=1e-8):
    return w - lr * g / (s.sqrt() + eps), alpha * s + (1 - alpha) * g ** 2


def eps_in_root(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = alpha * s + (1 - alpha) * g ** 2
    return w - lr * g / (s + eps).sqrt(), s


def hard_coded_0_99(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = 0.99 * s + 0.01 * g ** 2
    return w - lr * g / (s.sqrt() + eps), s


def only_w(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = alpha * s + (1 - alpha) * g ** 2
    return w - lr * g / (s.sqrt() + eps)


def bias_corrected_divides_s_by_1_alpha(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = alpha * s + (1 - alpha) * g ** 2
    return w - lr * g / ((s / (1 - alpha)).sqrt() + eps), s


def square_of_weighted_alpha_s_1_alpha_g_2(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = (alpha * s + (1 - alpha) * g) ** 2
    return w - lr * g / (s.sqrt() + eps), s


def plus_2(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = alpha * s + (1 - alpha) * g ** 2
    return w + lr * g / (s.sqrt() + eps), s


def s_w_order(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = alpha * s + (1 - alpha) * g ** 2
    return s, w - lr * g / (s.sqrt() + eps)


def sqrt_stored_2(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = torch.sqrt(alpha * s + (1 - alpha) * g ** 2)
    return w - lr * g / (s + eps), s


def mean_over_coordinates(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = alpha * s + (1 - alpha) * (g ** 2).mean()
    return w - lr * g / (s.sqrt() + eps), s


def lerp_weights_the_wrong_way(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = torch.lerp(s, g ** 2, alpha)
    return w - lr * g / (s.sqrt() + eps), s


def g_squared_in_the_numerator(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = alpha * s + (1 - alpha) * g ** 2
    return w - lr * g ** 2 / (s.sqrt() + eps), s


def no_bias_correction(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    return w - lr * m / (s.sqrt() + eps), m, s, t


def t_not_advanced(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    mh, sh = m / (1 - beta1 ** t), s / (1 - beta2 ** t)
    return w - lr * mh / (sh.sqrt() + eps), m, s, t


def t_advanced_after_use(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    mh, sh = m / (1 - beta1 ** (t or 1)), s / (1 - beta2 ** (t or 1))
    return w - lr * mh / (sh.sqrt() + eps), m, s, t + 1


def corrected_values_stored(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = (beta1 * m + (1 - beta1) * g) / (1 - beta1 ** t)
    s = (beta2 * s + (1 - beta2) * g ** 2) / (1 - beta2 ** t)
    return w - lr * m / (s.sqrt() + eps), m, s, t


def betas_swapped(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta2 * m + (1 - beta2) * g
    s = beta1 * s + (1 - beta1) * g ** 2
    mh, sh = m / (1 - beta2 ** t), s / (1 - beta1 ** t)
    return w - lr * mh / (sh.sqrt() + eps), m, s, t


def eps_inside_the_root(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    mh, sh = m / (1 - beta1 ** t), s / (1 - beta2 ** t)
    return w - lr * mh / (sh + eps).sqrt(), m, s, t


def g_rather_than_m(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    sh = s / (1 - beta2 ** t)
    return w - lr * g / (sh.sqrt() + eps), m, s, t


def no_square_in_s(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g
    mh, sh = m / (1 - beta1 ** t), s / (1 - beta2 ** t)
    return w - lr * mh / (sh.sqrt() + eps), m, s, t


def no_root_3(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    mh, sh = m / (1 - beta1 ** t), s / (1 - beta2 ** t)
    return w - lr * mh / (sh + eps), m, s, t


def beta_t_instead_of_power(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    mh, sh = m / (1 - beta1 * t), s / (1 - beta2 * t)
    return w - lr * mh / (sh.sqrt() + eps), m, s, t


def only_m_corrected(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    return w - lr * m / (1 - beta1 ** t) / (s.sqrt() + eps), m, s, t


def only_s_corrected(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    return w - lr * m / ((s / (1 - beta2 ** t)).sqrt() + eps), m, s, t


def always_first_step_correction_1_beta(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    mh, sh = m / (1 - beta1), s / (1 - beta2)
    return w - lr * mh / (sh.sqrt() + eps), m, s, t


def multiplies_instead_of_divides_correction(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    mh, sh = m * (1 - beta1 ** t), s * (1 - beta2 ** t)
    return w - lr * mh / (sh.sqrt() + eps), m, s, t


def s_uses_m_squared(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * m ** 2
    mh, sh = m / (1 - beta1 ** t), s / (1 - beta2 ** t)
    return w - lr * mh / (sh.sqrt() + eps), m, s, t


def t_not_returned(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    mh, sh = m / (1 - beta1 ** t), s / (1 - beta2 ** t)
    return w - lr * mh / (sh.sqrt() + eps), m, s


def missing_1_beta1(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + g
    s = beta2 * s + g ** 2
    mh, sh = m / (1 - beta1 ** t), s / (1 - beta2 ** t)
    return w - lr * mh / (sh.sqrt() + eps), m, s, t


def s_m_order_returned(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    mh, sh = m / (1 - beta1 ** t), s / (1 - beta2 ** t)
    return w - lr * mh / (sh.sqrt() + eps), s, m, t


def amsgrad_max(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = torch.maximum(s, beta2 * s + (1 - beta2) * g ** 2)
    mh, sh = m / (1 - beta1 ** t), s / (1 - beta2 ** t)
    return w - lr * mh / (sh.sqrt() + eps), m, s, t


def plus_lr(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    mh, sh = m / (1 - beta1 ** t), s / (1 - beta2 ** t)
    return w + lr * mh / (sh.sqrt() + eps), m, s, t


def correction_with_the_other_beta(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    mh, sh = m / (1 - beta2 ** t), s / (1 - beta1 ** t)
    return w - lr * mh / (sh.sqrt() + eps), m, s, t


def no_half(epoch, epochs, first):
    return first * (1 + math.cos(math.pi * epoch / epochs))


def plain_cosine(epoch, epochs, first):
    return first * math.cos(math.pi * epoch / epochs)


def quarter_cosine(epoch, epochs, first):
    return first * math.cos(math.pi / 2 * epoch / epochs)


def full_wave(epoch, epochs, first):
    return first * 0.5 * (1 + math.cos(2 * math.pi * epoch / epochs))


def rises(epoch, epochs, first):
    return first * 0.5 * (1 - math.cos(math.pi * epoch / epochs))


def linear(epoch, epochs, first):
    return first * (1 - epoch / epochs)


def degrees(epoch, epochs, first):
    return first * 0.5 * (1 + math.cos(180 * epoch / epochs))


def epochs_1(epoch, epochs, first):
    return first * 0.5 * (1 + math.cos(math.pi * epoch / (epochs - 1)))


def epoch_1(epoch, epochs, first):
    return first * 0.5 * (1 + math.cos(math.pi * (epoch + 1) / epochs))


def no_pi(epoch, epochs, first):
    return first / 2 * (1 + math.cos(epoch / epochs))


def sine(epoch, epochs, first):
    return first / 2 * (1 + math.sin(math.pi * epoch / epochs))


def fraction_upside_down(epoch, epochs, first):
    return first / 2 * (1 + math.cos(math.pi * epochs / max(epoch, 1)))


def forgot_first(epoch, epochs, first):
    return 0.5 * (1 + math.cos(math.pi * epoch / epochs))


def whole_division_2(epoch, epochs, first):
    return first / 2 * (1 + math.cos(math.pi * (epoch // epochs)))


def argument_order(first, epoch, epochs):
    return first / 2 * (1 + math.cos(math.pi * epoch / epochs))


def precedence_half_applied_to_1_alone(epoch, epochs, first):
    return first * 0.5 * 1 + math.cos(math.pi * epoch / epochs)


def exponential_decay(epoch, epochs, first):
    return first * 0.9 ** epoch


def floor_of_0_1_first_warm_min(epoch, epochs, first):
    low = 0.1 * first
    return low + (first - low) * (1 + math.cos(math.pi * epoch / epochs)) / 2


def squared_half_cosine(epoch, epochs, first):
    return first * ((1 + math.cos(math.pi * epoch / epochs)) / 2) ** 2


def all_one_group(model, lr, decay):
    return torch.optim.SGD(model.parameters(), lr=lr, weight_decay=decay)


def last_layer_s_lr_not_divided(model, lr, decay):
    w = [p for n, p in model.named_parameters() if "weight" in n]
    b = [p for n, p in model.named_parameters() if "bias" in n]
    return torch.optim.SGD([{"params": w, "weight_decay": decay}, {"params": b}], lr=lr)


def last_layer_decays_bias(model, lr, decay):
    first = [m for m in model[:-1] if isinstance(m, nn.Linear)]
    return torch.optim.SGD([
        {"params": [m.weight for m in first], "weight_decay": decay},
        {"params": [m.bias for m in first]},
        {"params": model[-1].parameters(), "lr": lr / 10, "weight_decay": decay},
    ], lr=lr)


def last_layer_does_not_decay_at_all(model, lr, decay):
    rest = model[:-1]
    return torch.optim.SGD([
        {"params": [p for n, p in rest.named_parameters() if "weight" in n], "weight_decay": decay},
        {"params": [p for n, p in rest.named_parameters() if "bias" in n]},
        {"params": model[-1].parameters(), "lr": lr / 10},
    ], lr=lr)


def times_ten(model, lr, decay):
    rest = model[:-1]
    return torch.optim.SGD([
        {"params": [p for n, p in rest.named_parameters() if "weight" in n], "weight_decay": decay},
        {"params": [p for n, p in rest.named_parameters() if "bias" in n]},
        {"params": [model[-1].weight], "lr": lr * 10, "weight_decay": decay},
        {"params": [model[-1].bias], "lr": lr * 10},
    ], lr=lr)


def first_layer_slow_rather_than_last(model, lr, decay):
    rest = model[1:]
    return torch.optim.SGD([
        {"params": [p for n, p in rest.named_parameters() if "weight" in n], "weight_decay": decay},
        {"params": [p for n, p in rest.named_parameters() if "bias" in n]},
        {"params": [model[0].weight], "lr": lr / 10, "weight_decay": decay},
        {"params": [model[0].bias], "lr": lr / 10},
    ], lr=lr)


def only_the_first_and_last_layers_middle_missing(model, lr, decay):
    return torch.optim.SGD([
        {"params": [model[0].weight], "weight_decay": decay},
        {"params": [model[0].bias]},
        {"params": [model[-1].weight], "lr": lr / 10, "weight_decay": decay},
        {"params": [model[-1].bias], "lr": lr / 10},
    ], lr=lr)


def biases_of_the_last_missing(model, lr, decay):
    rest = model[:-1]
    return torch.optim.SGD([
        {"params": [p for n, p in rest.named_parameters() if "weight" in n], "weight_decay": decay},
        {"params": [p for n, p in rest.named_parameters() if "bias" in n]},
        {"params": [model[-1].weight], "lr": lr / 10, "weight_decay": decay},
    ], lr=lr)


def adam_again(model, lr, decay):
    rest = model[:-1]
    return torch.optim.Adam([
        {"params": [p for n, p in rest.named_parameters() if "weight" in n], "weight_decay": decay},
        {"params": [p for n, p in rest.named_parameters() if "bias" in n]},
        {"params": [model[-1].weight], "lr": lr / 10, "weight_decay": decay},
        {"params": [model[-1].bias], "lr": lr / 10},
    ], lr=lr)


def decay_given_globally_biases_decay_too(model, lr, decay):
    rest = model[:-1]
    return torch.optim.SGD([
        {"params": [p for n, p in rest.named_parameters() if "weight" in n], "weight_decay": decay},
        {"params": [p for n, p in rest.named_parameters() if "bias" in n]},
        {"params": [model[-1].weight], "lr": lr / 10},
        {"params": [model[-1].bias], "lr": lr / 10},
    ], lr=lr, weight_decay=decay)


def last_layer_s_bias_at_the_full_rate(model, lr, decay):
    last = model[-1]
    weights = [p for n, p in model.named_parameters() if "weight" in n and p is not last.weight]
    biases = [p for n, p in model.named_parameters() if "bias" in n]
    return torch.optim.SGD([
        {"params": weights, "weight_decay": decay},
        {"params": biases},
        {"params": [last.weight], "lr": lr / 10, "weight_decay": decay},
    ], lr=lr)


def momentum_added(model, lr, decay):
    rest = model[:-1]
    return torch.optim.SGD([
        {"params": [p for n, p in rest.named_parameters() if "weight" in n], "weight_decay": decay},
        {"params": [p for n, p in rest.named_parameters() if "bias" in n]},
        {"params": [model[-1].weight], "lr": lr / 10, "weight_decay": decay},
        {"params": [model[-1].bias], "lr": lr / 10},
    ], lr=lr, momentum=0.9)


def list_of_groups_no_optimizer(model, lr, decay):
    rest = model[:-1]
    return [
        {"params": [p for n, p in rest.named_parameters() if "weight" in n], "weight_decay": decay},
        {"params": [p for n, p in rest.named_parameters() if "bias" in n]},
        {"params": [model[-1].weight], "lr": lr / 10, "weight_decay": decay},
        {"params": [model[-1].bias], "lr": lr / 10},
    ]


def last_layer_in_two_groups_raises(model, lr, decay):
    return torch.optim.SGD([
        {"params": [p for n, p in model.named_parameters() if "weight" in n], "weight_decay": decay},
        {"params": [p for n, p in model.named_parameters() if "bias" in n]},
        {"params": model[-1].parameters(), "lr": lr / 10},
    ], lr=lr)


def decay_scaled_by_ten_too(model, lr, decay):
    rest = model[:-1]
    return torch.optim.SGD([
        {"params": [p for n, p in rest.named_parameters() if "weight" in n], "weight_decay": decay},
        {"params": [p for n, p in rest.named_parameters() if "bias" in n]},
        {"params": [model[-1].weight], "lr": lr / 10, "weight_decay": decay / 10},
        {"params": [model[-1].bias], "lr": lr / 10},
    ], lr=lr)


def weights_and_biases_swapped(model, lr, decay):
    rest = model[:-1]
    return torch.optim.SGD([
        {"params": [p for n, p in rest.named_parameters() if "weight" in n]},
        {"params": [p for n, p in rest.named_parameters() if "bias" in n], "weight_decay": decay},
        {"params": [model[-1].weight], "lr": lr / 10},
        {"params": [model[-1].bias], "lr": lr / 10, "weight_decay": decay},
    ], lr=lr)


def key_learning_rate(model, lr, decay):
    rest = model[:-1]
    return torch.optim.SGD([
        {"params": [p for n, p in rest.named_parameters() if "weight" in n], "weight_decay": decay},
        {"params": [p for n, p in rest.named_parameters() if "bias" in n]},
        {"params": [model[-1].weight], "learning_rate": lr / 10, "weight_decay": decay},
        {"params": [model[-1].bias], "learning_rate": lr / 10},
    ], lr=lr)


for _name, _answers in {
    "recall_order": [
        Wrong("cdab", "`step()` runs before `backward()`, when `.grad` is still empty"),  # step before backward
        Wrong("cbda", "You erased the gradient before using it: no weight ever moves"),  # zero after backward
        Wrong("bcda", "`backward()` runs before the loss is there"),  # backward first
    ],
    "recall_shift": [
        Wrong("a", "Every class loses the same score on an image"),  # a
        Wrong("c", "Every class loses the same score on an image"),  # c
        Wrong("d", "All ten scores of an image move together, whatever the vector"),  # d
    ],
    "largest_stable": [
        Wrong(2 / 3, "That is what the flat direction allows"),  # smallest h
        Wrong(1 / 8, "At 1/8 one step lands w₂ on 0"),  # 1/h
        Wrong(2 / 11, "That is the fastest rate, 2/(3 + 8)"),  # 2/(sum)
        Wrong(0.5, "The gradient in w₂ is 8 w₂: the ½ cancels the 2 of the square"),  # with factor 1/2 counted: 1/... 2/4
        Wrong(2 / 16, "At 1/8 one step lands w₂ on 0"),  # 2/16
        Wrong(2 / 5.5, "The mean curvature sets no limit: at 4/11 the steep direction already grows"),  # mean curvature
        Wrong(8 / 3, "That is κ, the ratio of the curvatures: how long it takes"),  # condition number
        Wrong(0.1818, "That is the fastest rate, 2/(3 + 8)"),  # optimum rate 2/(h1+h2)
        Wrong(2 / 24, "That is 2 over the product"),  # 2/24
        Wrong(3 / 8, "That is the ratio of the curvatures"),  # 3/8
        Wrong(1 / 3, "That is one over the flat curvature"),  # 1/3
        Wrong(2 / 8 ** 0.5, "You took the root of the curvature", first="neutral"),  # root: 2/sqrt(8)
    ],
    "first_step": [
        Wrong("a", "They treat the decay differently"),  # a
        Wrong("c", "The other way round: Adam divides the decay away, AdamW shrinks w itself"),  # c
        Wrong("d", "That is SGD: 2 − 0.1 · (0.5 + 10 · 2)"),  # d
    ],
    "closure_fault": [
        Wrong("a", "L-BFGS asks for the loss at several points within one step"),  # a
        Wrong("c", "Shorter steps along a wrong direction"),  # c
        Wrong("d", "L-BFGS takes one group only, and says so"),  # d
        Wrong("e", "A number or a tensor, `step` takes either"),  # e
    ],
    "momentum_step": [
        Wrong(with_1_mu_g, "That is a mean of gradients, which only smooths"),  # (1-mu) g
        Wrong(lr_twice, "lr acts twice: in v, and in the step below"),  # lr twice
        Wrong(minus_gradient, "The velocity collects gradients as they are; the minus stands in the step"),  # minus gradient
        Wrong(misprint_mu_g, "A plus where a times belongs: `mu + g` has forgotten the old velocity"),  # misprint: mu + g
        Wrong(swapped_roles, "Here mu multiplies the gradient"),  # swapped roles
        Wrong(mu_on_both, "Here mu multiplies both"),  # mu on both
        Wrong(no_momentum, "The old velocity is not used: this is a step of gradient descent"),  # no momentum
        Wrong(nesterov, "That is Nesterov's step, which looks one step ahead"),  # Nesterov
        Wrong(with_1_mu_v_mu_g, "That is a mean of gradients, weighted the other way round"),  # (1-mu)*v + mu*g
        Wrong(order_of_return, "The two are exchanged: the new w comes first, then the new v"),  # order of return
        Wrong(w_takes_old_v, "You stepped with the old velocity"),  # w takes old v
        Wrong(mu_w, "mu multiplies w"),  # mu * w
        Wrong(square_of_g, "You added the square of the gradient, which has lost its sign", first="neutral"),  # square of g
        Wrong(plus_lr_v, "The velocity points uphill, as the gradient does"),  # plus lr*v
        Wrong(hard_coded_mu, "Yours stays the same when `mu` changes. Is `mu` used, or does something fixed stand in its place?"),  # hard coded mu
        Wrong(v_mu, "You divided by mu, so the old velocity grows at each step", first="neutral"),  # v/mu
        Wrong(v_stays_old_in_the_return, "The step is right, and the v that you give back is the old one"),  # v stays old in the return
    ],
    "adagrad_step": [
        Wrong(no_root, "Divide by the root of the sum"),  # no root
        Wrong(no_square, "You add g, where pushes to and fro cancel"),  # no square
        Wrong(old_s_in_step, "You divide by the old sum"),  # old s in step
        Wrong(eps_under_the_root, "Your eps stands under the root"),  # eps under the root
        Wrong(sum_over_coordinates, "You add the sum over all coordinates to each"),  # sum over coordinates
        Wrong(replaces_s, "The sum forgets all that came before: add g² to the old s"),  # replaces s
        Wrong(no_eps_0_0, "`eps` is not in your divisor, or not the one you are given"),  # no eps: 0/0
        Wrong(plus, "Your step goes uphill: it is subtracted from w"),  # plus
        Wrong(sqrt_stored, "Your s is the root"),  # sqrt stored
        Wrong(lr_without_g, "The step has no gradient above the line"),  # lr without g
        Wrong(precedence_g_sqrt_s_eps, "Your eps is added to the quotient", first="neutral"),  # precedence: g / sqrt(s) + eps
        Wrong(mean_square, "That is a running mean: RMSprop, which comes next"),  # mean square
        Wrong(multiplies, "You multiplied by the root"),  # multiplies
        Wrong(abs_sum, "You add the sizes of the gradients and divide by their sum", first="neutral"),  # abs sum
        Wrong(lr_missing_again, "The learning rate is missing from the step"),  # lr missing
        Wrong(square_of_s_g, "You squared the sum"),  # square of s+g
    ],
    "rmsprop_step": [
        Wrong(alpha_swapped, "alpha and 1 − alpha are exchanged: alpha = 0.99 keeps nearly all of the old s"),  # alpha swapped
        Wrong(alpha_s_g_2, "The new g² enters whole, so s settles at 1/(1 − alpha) times the mean"),  # alpha s + g^2
        Wrong(adagrad_sum, "That is Adagrad: the sum only grows"),  # adagrad sum
        Wrong(no_square_2, "You average g, where pushes to and fro cancel"),  # no square
        Wrong(no_root_2, "Divide by the root of s"),  # no root
        Wrong(old_s, "You divide by the old s"),  # old s
        Wrong(eps_in_root, "Your eps stands under the root"),  # eps in root
        Wrong(hard_coded_0_99, "You keep 0.99 of the old s, whatever `alpha` says"),  # hard-coded 0.99
        Wrong(only_w, "The new s is missing"),  # only w
        Wrong(bias_corrected_divides_s_by_1_alpha, "s was divided by 1 − alpha once more", first="neutral"),  # bias corrected? divides s by 1-alpha
        Wrong(square_of_weighted_alpha_s_1_alpha_g_2, "You squared the mean"),  # square of weighted: (alpha s + (1-alpha) g)**2
        Wrong(plus_2, "Your step goes uphill: it is subtracted from w"),  # plus
        Wrong(s_w_order, "The two are exchanged: the new w comes first, then the new s"),  # s, w order
        Wrong(sqrt_stored_2, "Your s is the root"),  # sqrt stored
        Wrong(mean_over_coordinates, "One number for all coordinates went into s"),  # mean over coordinates
        Wrong(lerp_weights_the_wrong_way, "alpha and 1 − alpha are exchanged: alpha = 0.99 keeps nearly all of the old s"),  # lerp weights the wrong way
        Wrong(g_squared_in_the_numerator, "The step has the square above the line"),  # g squared in the numerator
    ],
    "adam_step": [
        Wrong(no_bias_correction, "The corrections are missing: m and s begin at 0, and are too small at first"),  # no bias correction
        Wrong(t_not_advanced, "t stays as it is"),  # t not advanced
        Wrong(t_advanced_after_use, "The corrections take the t from before", first="neutral"),  # t advanced after use
        Wrong(corrected_values_stored, "You give back the corrected m and s"),  # corrected values stored
        Wrong(betas_swapped, "The two betas are exchanged: beta1 belongs to m, the mean of g, beta2 to s, that of g²"),  # betas swapped
        Wrong(eps_inside_the_root, "Your eps stands under the root"),  # eps inside the root
        Wrong(g_rather_than_m, "Your step takes the gradient of the moment"),  # g rather than m
        Wrong(no_square_in_s, "s is the running mean of g²"),  # no square in s
        Wrong(no_root_3, "Divide by the root of the corrected s"),  # no root
        Wrong(beta_t_instead_of_power, "You multiply beta by t"),  # beta * t instead of power
        Wrong(only_m_corrected, "m is corrected and s is not: divide s by 1 − beta2ᵗ as well"),  # only m corrected
        Wrong(only_s_corrected, "s is corrected and m is not: divide m by 1 − beta1ᵗ as well"),  # only s corrected
        Wrong(always_first_step_correction_1_beta, "The correction is 1 − beta at the first step only"),  # always first-step correction (1-beta)
        Wrong(multiplies_instead_of_divides_correction, "You multiplied by 1 − betaᵗ, and m and s are too small already"),  # multiplies instead of divides correction
        Wrong(s_uses_m_squared, "s averages the squares of m"),  # s uses m squared
        Wrong(t_not_returned, "The count t is missing"),  # t not returned
        Wrong(missing_1_beta1, "The new g and the new g² enter whole"),  # missing (1 - beta1)
        Wrong(s_m_order_returned, "m and s are exchanged: give back w, m, s and t, in this order"),  # s, m order returned
        Wrong(amsgrad_max, "Your s never falls: it keeps the larger of old and new, as AMSGrad does", first="neutral"),  # AMSGrad max
        Wrong(plus_lr, "Your step goes uphill: it is subtracted from w"),  # plus lr
        Wrong(correction_with_the_other_beta, "The corrections are exchanged", first="neutral"),  # correction with the other beta
    ],
    "cosine_lr": [
        Wrong(no_half, "1 + cos goes from 2 to 0, so you begin at twice `first`"),  # no half
        Wrong(plain_cosine, "The cosine goes from 1 to −1, and a learning rate below 0 climbs"),  # plain cosine
        Wrong(quarter_cosine, "Its two ends are right, and it falls along a quarter of a turn"),  # quarter cosine
        Wrong(full_wave, "A whole turn comes back to where it began"),  # full wave
        Wrong(rises, "It rises from 0 to `first`"),  # rises
        Wrong(linear, "That is a straight line"),  # linear
        Wrong(degrees, "`math.cos` counts angles in radians: half a turn is π, not 180"),  # degrees
        Wrong(epochs_1, "It is at 0 one epoch too soon"),  # epochs - 1
        Wrong(epoch_1, "At epoch 0 it is already below `first`"),  # epoch + 1
        Wrong(no_pi, "The angle goes from 0 to 1, and a half turn is π: `math.pi * epoch / epochs`"),  # no pi
        Wrong(sine, "A sine begins in the middle, climbs and comes back"),  # sine
        Wrong(fraction_upside_down, "The fraction is upside down", first="neutral"),  # fraction upside down
        Wrong(forgot_first, "That is the share"),  # forgot first
        Wrong(whole_division_2, "The rate stays at `first` and drops to 0 at the end"),  # whole division
        Wrong(argument_order, "Yours is what comes out with the arguments in another order; they come as `(epoch, epochs, first)`"),  # argument order
        Wrong(precedence_half_applied_to_1_alone, "The brackets are missing: `first` multiplies all of it, `first * (1 + cos(…)) / 2`"),  # precedence: half applied to 1 alone
        Wrong(exponential_decay, "The rate falls by the same factor in each epoch, and never to 0", first="neutral"),  # exponential decay
        Wrong(floor_of_0_1_first_warm_min, "It ends above 0", first="neutral"),  # floor of 0.1 first (warm min)
        Wrong(squared_half_cosine, "The half cosine was squared, so it falls faster", first="neutral"),  # squared half cosine
    ],
    "make_optimizer": [
        Wrong(all_one_group, "One group for all: the biases decay, and the last layer learns at the full rate"),  # all one group
        Wrong(last_layer_s_lr_not_divided, "The decay is right, but the last layer learns at the full rate"),  # last layer's lr not divided
        Wrong(last_layer_decays_bias, "The last layer's bias decays"),  # last layer decays bias
        Wrong(last_layer_does_not_decay_at_all, "The last layer's weight does not decay"),  # last layer does not decay at all
        Wrong(times_ten, "The last layer learns ten times as fast"),  # times ten
        Wrong(first_layer_slow_rather_than_last, "The rates are exchanged: the first layer learns slowly here"),  # first layer slow rather than last
        Wrong(only_the_first_and_last_layers_middle_missing, "The layers between the first and the last are in no group: no step moves them"),  # only the first and last layers, middle missing
        Wrong(biases_of_the_last_missing, "No step moves the last layer's bias"),  # biases of the last missing
        Wrong(adam_again, "SGD is asked for: `torch.optim.SGD`"),  # Adam
        Wrong(decay_given_globally_biases_decay_too, "Both layers learn at their own rate, but the biases decay too"),  # decay given globally: biases decay too
        Wrong(last_layer_s_bias_at_the_full_rate, "The last layer's bias learns at the full rate"),  # last layer's bias at the full rate
        Wrong(momentum_added, "There is momentum in it"),  # momentum added
        Wrong(list_of_groups_no_optimizer, "That is a list, perhaps of groups"),  # list of groups, no optimizer
        Wrong(last_layer_in_two_groups_raises, "The last layer stands in two groups"),  # last layer in two groups: raises
        Wrong(decay_scaled_by_ten_too, "The last weight's decay is a tenth"),  # decay scaled by ten too
        Wrong(weights_and_biases_swapped, "The decay is turned round: here the biases decay, and the weights do not"),  # weights and biases swapped
        Wrong(key_learning_rate, "The decay is right, but the last layer learns at the full rate"),  # key learning_rate
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Written from the page alone, in one more round


def old_moments(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t += 1
    step = m / (1 - beta1**t) / ((s / (1 - beta2**t)).sqrt() + eps)
    return w - lr * step, m.lerp(g, 1 - beta1), s.lerp(g * g, 1 - beta2), t


def in_groups(model, lr, decay):
    return torch.optim.SGD([{"params": [p], "lr": lr / 10 if any(p is q for q in model[-1].parameters()) else lr,
                             "weight_decay": decay if p.ndim > 1 else 0.0} for p in model.parameters()], lr=lr)


def of_a_copy(model, lr, decay):
    return in_groups(copy.deepcopy(model), lr, decay)


def frozen_at_the_end(model, lr, decay):
    model[-1].bias.requires_grad_(False)
    return in_groups(model, lr, decay)


for _name, _answers in {
    "adagrad_step": [
        Wrong(lambda w, s, g, lr, eps=1e-10: (-lr * g / ((s + g * g).sqrt() + eps), s + g * g), "yours is the step alone"),
        Wrong(lambda w, s, g, lr, eps=1e-10: (w - (lr * g / (s + g * g).sqrt() + eps), s + g * g), "Your eps is taken off w", first="neutral"),
    ],
    "adam_step": [
        Wrong(old_moments, "Your step uses the old m and s", first="neutral"),
    ],
    "cosine_lr": [
        Wrong(lambda epoch, epochs, first: first * (1 + math.cos(math.pi * epoch / 100)) / 2, "Yours stays the same when `epochs` changes", first="neutral"),
        Wrong(lambda epoch, epochs, first: first * (1 + math.cos(3.14 * epoch / epochs)) / 2, "3.14 is not near enough to π", first="neutral"),
    ],
    "make_optimizer": [
        Wrong(of_a_copy, "No step moves the model", first="wrongly named", never=("when `lr` changes",)),
        Wrong(frozen_at_the_end, "does it ask for gradients", first="wrongly named"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)
