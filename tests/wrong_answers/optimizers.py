"""Wrong answers to the exercises of lesson 05, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B905, E501, E731, F821, F841

import math

import numpy as np
import torch

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
        Wrong(last_bias_forgotten, "The last layer's bias is in no group, so no step moves it", first="neutral"),
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
