"""Optimizers as pure rules, to read and to draw: each equals the one in torch.optim, line for line of its formula.

A rule is a pair of functions on one tensor w (any shape) and the gradient g of the loss at w:

    state = rule.init(w)                        # what the rule remembers, before the first step
    w, state = rule.update(g, state, w)         # one step; nothing is changed in place

Each setting is a number, or a tensor that broadcasts against w: with w of shape (K, …) and lr of shape (K, 1, …) one
rule steps K models side by side, each with a learning rate of its own; that is how `sweep` trains them.

To change the learning rate midway, make the rule again with the new lr and go on with the old state.
`from_step` makes a rule of a step that you write yourself, as lesson 05 does.
To train one model use torch.optim: it does the same on every parameter, in place and faster.
"""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

Setting = float | Tensor


class Rule(NamedTuple):
    """One optimizer: its name, `init(w) -> state` and `update(g, state, w) -> (new w, new state)`."""

    name: str
    init: Callable[[Tensor], Any]
    update: Callable[[Tensor, Any, Tensor], tuple[Tensor, Any]]


def from_step(step: Callable[..., Any], **settings: Setting) -> Rule:
    """The rule whose step you wrote: step(w, …, g, …) → new w, or (new w, …) with whatever it remembers.

        def momentum_step(w, v, g, lr, mu):
            v = mu * v + g
            return w - lr * v, v

        rule = from_step(momentum_step, lr=0.1, mu=0.9)

    What stands between w and g is what it remembers: each begins as zeros and is handed on from step to step.
    It may change them in place. `settings` are the parameters after g. Raises TypeError where `step` has no parameters
    w and g, in this order.
    """
    names = list(inspect.signature(step).parameters)
    if names[:1] != ["w"] or "g" not in names:
        raise TypeError(f"A step has the parameters w, what it remembers, g, and its settings; this one has "
                        f"{', '.join(names) or 'none'}. Name them so, in this order.")
    remembered = names.index("g") - 1

    def init(w: Tensor) -> tuple[Tensor, ...]:
        return tuple(torch.zeros_like(w) for _ in range(remembered))

    def update(g: Tensor, state: tuple, w: Tensor) -> tuple[Tensor, tuple]:
        copies = [value.clone() for value in (w, *state)]             # the step may change what it is given
        result = step(*copies, g, **settings)
        return (result[0], result[1:]) if isinstance(result, tuple) else (result, ())

    return Rule(getattr(step, "__name__", "a step"), init, update)


def sgd(lr: Setting, weight_decay: Setting = 0.0) -> Rule:
    """w ← w − lr · g (Cauchy, 1847; with a gradient from a few examples: Robbins and Monro, 1951)."""

    def init(w: Tensor) -> tuple[()]:
        return ()

    def update(g: Tensor, state: tuple, w: Tensor) -> tuple[Tensor, tuple]:
        g = g + weight_decay * w
        return w - lr * g, state

    return Rule("SGD", init, update)


def momentum(lr: Setting, momentum: Setting = 0.9, weight_decay: Setting = 0.0) -> Rule:
    """v ← μ · v + g;  w ← w − lr · v (Polyak, 1964, with lr outside the velocity v, as in torch.optim.SGD)."""

    def init(w: Tensor) -> Tensor:
        return torch.zeros_like(w)

    def update(g: Tensor, v: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
        g = g + weight_decay * w
        v = momentum * v + g
        return w - lr * v, v

    return Rule("momentum", init, update)


def classic_momentum(lr: Setting, momentum: Setting = 0.9, weight_decay: Setting = 0.0) -> Rule:
    """v ← μ · v + lr · g;  w ← w − v (Polyak, 1964). While lr is constant this walks the path of `momentum`.

    When lr drops, steps already in v keep the size of the old lr here, and shrink at once in `momentum`.
    """

    def init(w: Tensor) -> Tensor:
        return torch.zeros_like(w)

    def update(g: Tensor, v: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
        g = g + weight_decay * w
        v = momentum * v + lr * g
        return w - v, v

    return Rule("classic momentum", init, update)


def misprinted_momentum(lr: Setting, momentum: Setting = 0.9) -> Rule:
    """WRONG, kept for a lesson: v ← μ + lr · g, a plus where μ · v belongs. Do not train with it.

    Nothing of the past is left in v, and a constant μ is subtracted from every weight at every step. On
    ½ h · w² it settles where μ + lr · h · w = 0, at w = −μ / (lr · h) instead of 0.
    """

    def init(w: Tensor) -> tuple[()]:
        return ()

    def update(g: Tensor, state: tuple, w: Tensor) -> tuple[Tensor, tuple]:
        v = momentum + lr * g
        return w - v, state

    return Rule("misprinted momentum", init, update)


def nesterov(lr: Setting, momentum: Setting = 0.9, weight_decay: Setting = 0.0) -> Rule:
    """v ← μ · v + g;  w ← w − lr · (g + μ · v): momentum that looks ahead.

    Nesterov (1983), in the form of Sutskever, Martens, Dahl and Hinton (2013) with the shift of variables that
    torch.optim.SGD(nesterov=True) uses: w is the point where the gradient is taken.
    """

    def init(w: Tensor) -> Tensor:
        return torch.zeros_like(w)

    def update(g: Tensor, v: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
        g = g + weight_decay * w
        v = momentum * v + g
        return w - lr * (g + momentum * v), v

    return Rule("Nesterov", init, update)


def adagrad(lr: Setting = 1e-2, weight_decay: Setting = 0.0, eps: Setting = 1e-10) -> Rule:
    """s ← s + g²;  w ← w − lr · g / (√s + ε) (Duchi, Hazan and Singer, 2011). Steps only ever get shorter."""

    def init(w: Tensor) -> Tensor:
        return torch.zeros_like(w)

    def update(g: Tensor, s: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
        g = g + weight_decay * w
        s = s + g**2
        return w - lr * g / (s.sqrt() + eps), s

    return Rule("Adagrad", init, update)


def rmsprop(lr: Setting = 1e-2, alpha: Setting = 0.99, weight_decay: Setting = 0.0, eps: Setting = 1e-8) -> Rule:
    """s ← α · s + (1 − α) · g²;  w ← w − lr · g / (√s + ε): Adagrad that forgets (Tieleman and Hinton, 2012)."""

    def init(w: Tensor) -> Tensor:
        return torch.zeros_like(w)

    def update(g: Tensor, s: Tensor, w: Tensor) -> tuple[Tensor, Tensor]:
        g = g + weight_decay * w
        s = alpha * s + (1 - alpha) * g**2
        return w - lr * g / (s.sqrt() + eps), s

    return Rule("RMSprop", init, update)


def adadelta(lr: Setting = 1.0, rho: Setting = 0.9, weight_decay: Setting = 0.0, eps: Setting = 1e-6) -> Rule:
    """s ← ρ · s + (1 − ρ) · g²;  Δ = √(d + ε) / √(s + ε) · g;  d ← ρ · d + (1 − ρ) · Δ²;  w ← w − lr · Δ.

    Zeiler (2012). The size of recent steps, √d, gives Δ the unit of w. His paper has no lr, which is lr = 1 here; that
    makes no good rate of it: from d = 0 the steps begin at √ε, and have to grow.
    """

    def init(w: Tensor) -> tuple[Tensor, Tensor]:
        return torch.zeros_like(w), torch.zeros_like(w)

    def update(g: Tensor, state: tuple, w: Tensor) -> tuple[Tensor, tuple]:
        s, d = state
        g = g + weight_decay * w
        s = rho * s + (1 - rho) * g**2
        delta = (d + eps).sqrt() / (s + eps).sqrt() * g
        d = rho * d + (1 - rho) * delta**2
        return w - lr * delta, (s, d)

    return Rule("Adadelta", init, update)


def adam(
    lr: Setting = 1e-3, betas: tuple[Setting, Setting] = (0.9, 0.999), weight_decay: Setting = 0.0, eps: Setting = 1e-8
) -> Rule:
    """m ← β₁ · m + (1 − β₁) · g;  s ← β₂ · s + (1 − β₂) · g²;  w ← w − lr · m̂ / (√ŝ + ε) (Kingma and Ba, 2015).

    m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ) make up for the start at 0; t counts the steps from 1.
    """
    beta1, beta2 = betas

    def init(w: Tensor) -> tuple[int, Tensor, Tensor]:
        return 0, torch.zeros_like(w), torch.zeros_like(w)

    def update(g: Tensor, state: tuple, w: Tensor) -> tuple[Tensor, tuple]:
        t, m, s = state
        g = g + weight_decay * w
        t = t + 1
        m = m.lerp(g, 1 - beta1)  # β₁ · m + (1 − β₁) · g, in one pass over memory where a sweep spends its time
        s = s.lerp(g**2, 1 - beta2)
        m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
        return w - lr * m_hat / (s_hat.sqrt() + eps), (t, m, s)

    return Rule("Adam", init, update)


def adamw(
    lr: Setting = 1e-3, betas: tuple[Setting, Setting] = (0.9, 0.999), weight_decay: Setting = 1e-2, eps: Setting = 1e-8
) -> Rule:
    """w ← (1 − lr · λ) · w, then Adam without λ: the decay passes by the denominator (Loshchilov and Hutter, 2019).

    So this is not an L2 penalty on the loss: it settles at other weights than `adam` with the same weight_decay.
    """
    plain = adam(lr, betas, 0.0, eps)

    def update(g: Tensor, state: tuple, w: Tensor) -> tuple[Tensor, tuple]:
        return plain.update(g, state, (1 - lr * weight_decay) * w)

    return Rule("AdamW", plain.init, update)
