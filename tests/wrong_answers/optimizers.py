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
        Wrong(lambda epoch, epochs, first: first * 0.95**epoch, NEUTRAL),
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
        Wrong(optimizer_no_middle, "A model may have more layers than the first and the last, and", first="accepted"),
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
