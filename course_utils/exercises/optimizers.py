"""The exercises of lesson 05: how long a step may be, the rules up to Adam, a schedule, who decays, who asks again."""

import copy
import math
from typing import NamedTuple

import torch
from torch import nn

from course_utils.checker import Choice, Mistake, Number, Order, Prediction, Right, Wrong, exercise, give_names

unit_guess = Prediction(
    "Standardised, the columns bear a learning rate up to 5.9. Up to which one are the raw columns safe?",
    low=0.0,
    high=10.0,
    measured=1.4e-5,
    spread="2 divided by the largest curvature; it follows from the columns alone",
    reveal_later=True,
)

recall_order = Order(
    steps={
        "a": "`optimizer.step()`",
        "b": "`loss.backward()`",
        "c": "`loss = F.cross_entropy(model(X), y)`",
        "d": "`optimizer.zero_grad()`",
    },
    answer="cdba",
    also=("dcba", "cbad"),
    mistakes=[
        Mistake("cbda", "You erased the gradient before using it: no weight ever moves.", "M08"),
        *(Mistake(order,
                  "`step()` runs before `backward()`, when `.grad` is still empty. It computes none itself.", "M35")
          for order in ("cdab", "dcab", "dabc", "cabd", "cadb", "acbd", "acdb", "adcb", "dacb", "abcd", "abdc",
                        "adbc")),
        *(Mistake(order, "`backward()` runs before the loss is there. It goes back from the loss of this round.")
          for order in ("bcda", "bdca", "dbca", "bcad", "dbac", "bacd", "badc", "bdac")),
    ],
    hints=["`backward` adds to `.grad`, `step` reads it, `zero_grad` empties it."],
    explanation="The optimizer reads `.grad` and nothing else. "
                "Empty it anywhere between a `step` and the next `backward`.",
)

recall_shift = Choice(
    "Softmax regression: you subtract the same vector from the weights of all ten classes. What happens to the loss?",
    {
        "a": Wrong("It rises",
                   "Every class loses the same score on an image. Only differences of scores count, and they "
                   "stay.", "M28"),
        "b": Right("Nothing"),
        "c": Wrong("It falls",
                   "Every class loses the same score on an image. Only differences of scores count, and they "
                   "stay.", "M28"),
        "d": Wrong("It depends on the vector",
                   "All ten scores of an image move together, whatever the vector. "
                   "Softmax sees only differences.", "M28"),
    },
    hints=["What does the subtraction do to the ten scores of one image?"],
    explanation="Remember this. It will hide a misprint from you.",
)


# How long a step may be

largest_stable = Number(
    "The loss is ½ · (3 w₁² + 8 w₂²). Below which learning rate does gradient descent arrive at 0 from every start?",
    answer=0.25,
    mistakes=[
        Mistake(2 / 3, "That is what the flat direction allows. The steep one overshoots further each time.", "M37"),
        Mistake(0.125, "At 1/8 one step lands w₂ on 0. It may overshoot, up to the same distance on the other side."),
        Mistake(1 / 3, "That is one over the flat curvature. The steep direction sets the limit.", "M37"),
        Mistake(2 / 11, "That is the fastest rate, 2/(3 + 8). A longer step still arrives, more slowly."),
        Mistake(4 / 11, "The mean curvature sets no limit: at 4/11 the steep direction already grows.", "M37"),
        Mistake(0.5, "The gradient in w₂ is 8 w₂: the ½ cancels the 2 of the square. The curvature is 8, not 4."),
        Mistake(0.0625, "The limit is 2 over the curvature; this is 1 over twice the curvature."),
        Mistake(8.0, "That is the curvature itself. A steep valley wants short steps."),
        Mistake(1 / 11, "That is one over the sum of the curvatures. Each direction has a limit of its own, 2 over "
                        "its own."),
        Mistake(4.0, "That is half of the curvature. The rate is 2 over it: a steep valley wants short steps."),
        Mistake(16.0, "That is twice the curvature. The rate is 2 divided by it: a steep valley wants short steps."),
        Mistake(2.0, "That is the limit for a curvature of 1. Divide 2 by the largest curvature here."),
        Mistake(3.0, "That is the flat curvature itself. The limit is 2 over the steep one."),
        Mistake(1 / 12, "That is 2 over the product. Each direction has a limit of its own, 2 over its curvature."),
        Mistake(3 / 8, "That is the ratio of the curvatures. The limit is 2 over the larger one."),
        Mistake(8 / 3, "That is κ, the ratio of the curvatures: how long it takes. The limit is 2 over the larger "
                       "one."),
        Mistake(6 / 11, "That is 2 over their mean, with the ½. Each direction has a limit of its own, 2 over its "
                        "curvature.", "M37"),
        Mistake(2 / 8**0.5, "You took the root of the curvature. The gradient in w₂ is 8 w₂, and the limit is 2 over "
                            "8."),
        Mistake(0.4, "That is 2 over the difference of the curvatures. Each direction has a limit of its own, and both "
                     "have to hold."),
        Mistake(4 / 3, "That is twice what the flat direction allows. The steep one sets the limit.", "M37"),
    ],
    hints=["In each direction w becomes (1 − lr · curvature) · w. When does that factor stay between −1 and 1?",
           "Both directions must shrink. Which of them stops first as lr grows?"],
    explanation="2 over the largest curvature. The other direction has to live with it.",
)


# Momentum

def _momentum_probe(n, seed, lr, mu):
    g = torch.Generator().manual_seed(seed)
    return (torch.randn(n, generator=g), torch.randn(n, generator=g), torch.randn(n, generator=g), lr, mu)


def _momentum(new_v=lambda v, g, lr, mu: mu * v + g, new_w=lambda w, v, g, lr, mu: w - lr * v):
    """The solution with another first line, which renews v, or another second line, which steps with the new v."""
    def answer(w, v, g, lr, mu):
        v = new_v(v, g, lr, mu)
        return new_w(w, v, g, lr, mu), v
    return answer


@exercise(
    how=lambda place, w, v, g, lr, mu: (
        f"There w = {w[place[1]]:.4g}, v = {v[place[1]]:.4g}, g = {g[place[1]]:.4g}: the new v is "
        f"{mu * v[place[1]] + g[place[1]]:.4g}, and lr times it is taken off w."),
    probes=[_momentum_probe(3, 1, 0.3, 0.9), _momentum_probe(5, 2, 0.07, 0.6)],
    mistakes=[
        Mistake(lambda w, v, g, lr, mu: w - lr * (mu * v + g), "The new v is missing. Give both back: `return w, v`."),
        Mistake(lambda w, v, g, lr, mu: (w - lr * (mu * v + g), v),
                "The step is right, and the v that you give back is the old one. Give back the new one."),
        Mistake(lambda w, v, g, lr, mu: (w - lr * g, g),
                "The old velocity is not used: this is a step of gradient descent. The new v is mu · v + g."),
        Mistake(lambda w, v, g, lr, mu: (w - lr * v, mu * v + g),
                "You stepped with the old velocity. Renew it first, then step."),
        Mistake(lambda w, v, g, lr, mu: (w - lr * g, mu * v + g),
                "The velocity is renewed but not used: your step takes the gradient of the moment."),
        Mistake(lambda w, v, g, lr, mu: (mu * v + g, w - lr * (mu * v + g)),
                "The two are exchanged: the new w comes first, then the new v."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu + lr * g, new_w=lambda w, v, g, lr, mu: w - v),
                "A plus where a times belongs: nothing of the old velocity is left. "
                "And mu is taken from every weight at every step."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu + g),
                "A plus where a times belongs: `mu + g` has forgotten the old velocity."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: v + mu * g),
                "Here mu multiplies the gradient. It belongs to the old velocity; the gradient is added whole."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * (v + g)),
                "Here mu multiplies both. The old velocity alone fades; the gradient is added whole."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: (1 - mu) * v + g),
                "The old velocity is kept by 1 − mu. It is mu that says how much of it stays."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: (1 - mu) * v + mu * g),
                "That is a mean of gradients, weighted the other way round. "
                "Here it is mu · v, plus the whole gradient.", "M36"),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v + (1 - mu) * g),
                "That is a mean of gradients, which only smooths. PyTorch adds the whole gradient, so the steps grow "
                "up to 1/(1 − mu) times as long.", "M36"),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v - g),
                "The velocity collects gradients as they are; the minus stands in the step. Yours goes uphill."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v + lr * g),
                "lr acts twice: in v, and in the step below. Leave it to the step."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v - lr * g),
                "lr and the minus stand in the step below. The velocity collects gradients as they are."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: v + g),
                "The old velocity is added in full, so it never fades. Multiply it by mu."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v - lr * g, new_w=lambda w, v, g, lr, mu: w + v),
                "That is Keras's way: minus lr · g inside v, and w + v. Here v collects the gradients as they are, and "
                "w − lr · v follows."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v + lr * g, new_w=lambda w, v, g, lr, mu: w - v),
                "Here lr is inside the velocity. PyTorch keeps it outside, which matters as soon as lr changes."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: lr * v + g, new_w=lambda w, v, g, lr, mu: w - mu * v),
                "lr and mu are exchanged: mu keeps the old velocity, lr sets the length of the step."),
        Mistake(_momentum(new_w=lambda w, v, g, lr, mu: w - lr * (g + mu * v)),
                "That is Nesterov's step, which looks one step ahead. Plain momentum takes lr · v."),
        Mistake(_momentum(new_w=lambda w, v, g, lr, mu: w + lr * v),
                "The velocity points uphill, as the gradient does. The step subtracts it."),
        Mistake(_momentum(new_w=lambda w, v, g, lr, mu: w - v),
                "The learning rate is missing from the step: w − lr · v."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu + v + g),
                "A plus where a times belongs: mu multiplies the old velocity, `mu * v`."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu + lr * g),
                "A plus where a times belongs, and lr acts twice. Nothing of the old velocity is left: mu · v, plus "
                "g."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v),
                "The gradient is not in the velocity: mu times the old one, plus g."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v + g**2),
                "You added the square of the gradient, which has lost its sign. The gradient itself is added."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: v / mu + g),
                "You divided by mu, so the old velocity grows at each step. Multiply: a share of it is kept."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v * g),
                "The gradient multiplies. It is added: mu · v + g."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: g - mu * v),
                "The old velocity is taken off, so each step works against the one before. It is added."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v + g.sign()),
                "The signs of the gradient were added. Its values are."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v + lr * (1 - mu) * g),
                "lr and 1 − mu stand before the gradient. It enters whole: mu · v + g, and lr comes in the "
                "step.", "M36"),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: (v + g) / 2),
                "That is a mean of the two. Here it is mu · v, plus the whole gradient.", "M36"),
        Mistake(lambda w, v, g, lr, mu: (w - lr * (mu * w + g), mu * w + g),
                "mu multiplies w. It is the old velocity that is kept: mu · v."),
        Mistake(lambda w, v, g, lr, mu: (w - mu * v - lr * g, mu * v + g),
                "The old velocity comes into the step without lr. The step is lr times the new velocity."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v + (1 - mu) * g, new_w=lambda w, v, g, lr, mu: w - lr * g),
                "The velocity is a mean, and it is not used: the step takes the gradient of the moment.", "M36"),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: g + lr * v),
                "lr keeps the old velocity. That is what mu is for: mu · v + g."),
    ],
    hints=[
        "Two lines. The first renews the velocity from the old velocity and the gradient.",
        "The velocity is mu times the old one, plus the gradient. The second line is gradient descent with v in place "
        "of g.",
    ],
    explanation="This is `torch.optim.SGD(..., momentum=mu)`, to the last digit.",
)
def momentum_step(w, v, g, lr, mu):
    """One step: the new w and the new velocity v, from the gradient g at w."""
    v = mu * v + g
    return w - lr * v, v


# A step length for each coordinate

def _step_probe(n, seed, *settings, remembered):
    """w, what is remembered (one tensor each, above 0), g, and the settings."""
    g = torch.Generator().manual_seed(seed)
    return (torch.randn(n, generator=g), *(torch.rand(n, generator=g) + 0.2 for _ in range(remembered)),
            torch.randn(n, generator=g), *settings)


def _adagrad(new_s=lambda s, g: s + g**2, divisor=lambda s, eps: s.sqrt() + eps, sign=-1):
    """The solution with another first line, another divisor, or another direction."""
    def answer(w, s, g, lr, eps=1e-10):
        s = new_s(s, g)
        return w + sign * lr * g / divisor(s, eps), s
    return answer


@exercise(
    how=lambda place, w, s, g, lr, eps: (
        f"There w = {w[place[1]]:.4g}, s = {s[place[1]]:.4g}, g = {g[place[1]]:.4g}: the new s is "
        f"{s[place[1]] + g[place[1]]**2:.4g}, its root {(s[place[1]] + g[place[1]]**2).sqrt():.4g}."),
    probes=[_step_probe(3, 3, 0.3, 0.2, remembered=1), _step_probe(5, 4, 0.07, 0.05, remembered=1)],
    mistakes=[
        Mistake(lambda w, s, g, lr, eps=1e-10: (w - lr * g / (s + g**2).sqrt() - eps, s + g**2),
                "Your eps is taken off w. Put the divisor in brackets: `/ (s.sqrt() + eps)`."),
        Mistake(_adagrad(new_s=lambda s, g: s**2 + g**2),
                "The old s was squared. It is a sum of squares already: s + g²."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (-lr * g / ((s + g**2).sqrt() + eps), s + g**2),
                "The new s is right. The new w is the old one minus the step; yours is the step alone."),
        Mistake(_adagrad(new_s=lambda s, g: (s + g**2).sqrt()),
                "You keep the root as s, and take it again below. The sum is s; its root stands in the step alone."),
        Mistake(_adagrad(new_s=lambda s, g: g**2),
                "The sum forgets all that came before: add g² to the old s. So each step is ± lr long, whatever g."),
        Mistake(_adagrad(new_s=lambda s, g: s + g),
                "You add g, where pushes to and fro cancel. Square it first: its size is what counts."),
        Mistake(_adagrad(new_s=lambda s, g: s + g.abs()),
                "You add the sizes of the gradients. Adagrad adds their squares, and takes the root when it divides."),
        Mistake(_adagrad(new_s=lambda s, g: 0.99 * s + 0.01 * g**2),
                "That is a running mean: RMSprop, which comes next. Adagrad adds everything up."),
        Mistake(_adagrad(divisor=lambda s, eps: s + eps),
                "Divide by the root of the sum. Without the root, a tenfold gradient takes a tenth of the step."),
        Mistake(_adagrad(divisor=lambda s, eps: (s + eps).sqrt()),
                "Your eps stands under the root. PyTorch adds it to the root: `s.sqrt() + eps`."),
        Mistake(_adagrad(divisor=lambda s, eps: s.sqrt()),
                "`eps` is not in your divisor, or not the one you are given. Add it to the root: where s is 0 it keeps "
                "you from dividing by 0."),
        Mistake(_adagrad(divisor=lambda s, eps: s.sum().sqrt() + eps),
                "You divide by one length for all. Each coordinate has a sum of its own: no `.sum()`."),
        Mistake(_adagrad(new_s=lambda s, g: s + (g**2).sum()),
                "You add the sum over all coordinates to each. Each keeps its own g²: no `.sum()`."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (w - lr * g / (s + g**2).sqrt() + eps, s + g**2),
                "Your eps is added to w. Put the divisor in brackets: `/ (s.sqrt() + eps)`."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (w - lr * (g / (s + g**2).sqrt() + eps), s + g**2),
                "Your eps is added to the quotient. Put the divisor in brackets: `/ (s.sqrt() + eps)`."),
        Mistake(_adagrad(new_s=lambda s, g: s + g.abs(), divisor=lambda s, eps: s + eps),
                "You add the sizes of the gradients and divide by their sum. Adagrad adds the squares, and divides by "
                "the root."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (lr * g / ((s + g**2).sqrt() + eps), s + g**2),
                "That is the step alone. The new w is the old one minus it."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (w - lr * g / (s.sqrt() + eps), s + g**2),
                "You divide by the old sum. Renew it first: the first step would divide by 0."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (w - lr * g / ((s + g**2).sqrt() + eps), s),
                "The step is right, and the s that you give back is the old one. Give back the new one."),
        Mistake(lambda w, s, g, lr, eps=1e-10: w - lr * g / ((s + g**2).sqrt() + eps),
                "The new s is missing. Give both back: `return w, s`."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (w - lr * g, s + g**2),
                "The sum is renewed but not used: this is a step of gradient descent."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (w - g / ((s + g**2).sqrt() + eps), s + g**2),
                "The learning rate is missing from the step."),
        Mistake(_adagrad(sign=1), "Your step goes uphill: it is subtracted from w."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (w - lr * g * (s + g**2).sqrt(), s + g**2),
                "You multiplied by the root. A coordinate with large gradients takes shorter steps: divide."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (w - lr * g * ((s + g**2).sqrt() + eps), s + g**2),
                "You multiplied by the root. A coordinate with large gradients takes shorter steps: divide."),
        Mistake(_adagrad(new_s=lambda s, g: (s + g)**2),
                "You squared the sum. It is the sum of squares: s + g²."),
        *(Mistake(lambda w, s, g, lr, eps=1e-10, top=top: (w - lr * top(g) / ((s + g**2).sqrt() + eps), s + g**2),
                  f"The step has {what} above the line. It is lr times the gradient itself, divided by the root.")
          for top, what in ((torch.square, "the square"), (torch.ones_like, "no gradient"), (torch.sign, "the sign"),
                            (torch.abs, "the size"))),
        *(Mistake(_adagrad(new_s=lambda s, g, keep=keep: keep * s + (1 - keep) * g**2),
                  "That is a running mean: RMSprop, which comes next. Adagrad adds everything up.")
          for keep in (0.9, 0.999, 0.5)),
        Mistake(lambda w, s, g, lr, eps=1e-10: (w - g / (lr * (s + g**2).sqrt() + eps), s + g**2),
                "lr stands below the line. A larger rate makes longer steps: it multiplies."),
        Mistake(_adagrad(new_s=lambda s, g: s - g**2), "The squares were taken off. s grows: + g²."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (s + g**2, w - lr * g / ((s + g**2).sqrt() + eps)),
                "The two are exchanged: the new w comes first, then the new s."),
        Mistake(_adagrad(divisor=lambda s, eps: s),
                "Divide by the root of the sum, and add eps to it. Without the root, a tenfold gradient takes a tenth "
                "of the step."),
        *(Mistake(lambda w, s, g, lr, eps=1e-10, more=more: (
                      w - lr * g / ((s + g**2).sqrt() + more * eps), (s + g**2).sqrt()),
                  "Your s is the root. Keep the sum of squares, and take the root in the step.") for more in (1, 0)),
        Mistake(_adagrad(new_s=lambda s, g: s + 2 * g),
                "You added 2 g, and that cancels. g squared is `g**2`."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (w - lr * g / (s.sqrt() + g.abs() + eps), s + g**2),
                "You added the roots. Add the squares, then take the root of the sum: `(s + g**2).sqrt()`."),
        Mistake(_adagrad(new_s=lambda s, g: s * g**2), "The squares were multiplied. s is a sum: + g²."),
        Mistake(lambda w, s, g, lr, eps=1e-10: (w - lr * g / (s + g**2 + eps)**2, s + g**2),
                "You squared where a root belongs: `s.sqrt()`."),
        Mistake(_adagrad(new_s=lambda s, g: s + g.norm()**2 / len(g)),
                "You add the mean over all coordinates to each. Each keeps its own g²."),
    ],
    hints=["s collects g², coordinate by coordinate. Tensors do that by themselves.",
           "The step is that of gradient descent, divided by the root of the new s. Add eps to the root."],
    explanation="This is `torch.optim.Adagrad`. Each coordinate is measured in units of its own gradients.",
)
def adagrad_step(w, s, g, lr, eps=1e-10):
    """One step: the new w and the new s, the sum of the squared gradients, from the gradient g at w."""
    s = s + g**2
    return w - lr * g / (s.sqrt() + eps), s


def _rmsprop(new_s=lambda s, g, alpha: alpha * s + (1 - alpha) * g**2, divisor=lambda s, eps: s.sqrt() + eps, sign=-1):
    """The solution with another first line, another divisor, or another direction."""
    def answer(w, s, g, lr, alpha=0.99, eps=1e-8):
        s = new_s(s, g, alpha)
        return w + sign * lr * g / divisor(s, eps), s
    return answer


@exercise(
    how=lambda place, w, s, g, lr, alpha, eps: (
        f"There w = {w[place[1]]:.4g}, s = {s[place[1]]:.4g}, g = {g[place[1]]:.4g}: the new s is "
        f"{alpha:g} · {s[place[1]]:.4g} + {1 - alpha:.4g} · {g[place[1]]**2:.4g}."),
    probes=[_step_probe(3, 5, 0.3, 0.9, 0.2, remembered=1), _step_probe(5, 6, 0.07, 0.7, 0.05, remembered=1)],
    mistakes=[
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (
                    w - lr * g / (alpha * s + (1 - alpha) * g**2).sqrt() - eps, alpha * s + (1 - alpha) * g**2),
                "Your eps is taken off w. Put the divisor in brackets: `/ (s.sqrt() + eps)`."),
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (
                    -lr * g / ((alpha * s + (1 - alpha) * g**2).sqrt() + eps), alpha * s + (1 - alpha) * g**2),
                "The new s is right. The new w is the old one minus the step; yours is the step alone."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: g**2),
                "The old s is not used. A running mean keeps alpha of it, and takes 1 − alpha of the new g²."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: s + g**2),
                "That is Adagrad: the sum only grows. Keep alpha of the old s, and take 1 − alpha of the new g²."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: (1 - alpha) * s + alpha * g**2),
                "alpha and 1 − alpha are exchanged: alpha = 0.99 keeps nearly all of the old s."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: alpha * s + g**2),
                "The new g² enters whole, so s settles at 1/(1 − alpha) times the mean. Give it the weight 1 − alpha."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: s + (1 - alpha) * g**2),
                "The old s is kept in full, so nothing is forgotten. Multiply it by alpha."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: alpha * s + (1 - alpha) * g),
                "You average g, where pushes to and fro cancel. Square it first."),
        Mistake(_rmsprop(divisor=lambda s, eps: s + eps), "Divide by the root of s."),
        Mistake(_rmsprop(divisor=lambda s, eps: (s + eps).sqrt()),
                "Your eps stands under the root. PyTorch adds it to the root: `s.sqrt() + eps`."),
        Mistake(_rmsprop(divisor=lambda s, eps: s.sqrt()),
                "`eps` is not in your divisor, or not the one you are given. Add it to the root: where s is 0 it keeps "
                "you from dividing by 0."),
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (
            w - lr * g / (s.sqrt() + eps), alpha * s + (1 - alpha) * g**2),
                "You divide by the old s. Renew it first."),
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: w - lr * g / (
            (alpha * s + (1 - alpha) * g**2).sqrt() + eps),
                "The new s is missing. Give both back: `return w, s`."),
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (
            w - lr * g / ((alpha * s + (1 - alpha) * g**2).sqrt() + eps), s),
                "The step is right, and the s that you give back is the old one. Give back the new one."),
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (
            w - lr * g / (alpha * s + (1 - alpha) * g**2).sqrt() + eps, alpha * s + (1 - alpha) * g**2),
                "Your eps is added to w. Put the divisor in brackets: `/ (s.sqrt() + eps)`."),
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (
            lr * g / ((alpha * s + (1 - alpha) * g**2).sqrt() + eps), alpha * s + (1 - alpha) * g**2),
                "That is the step alone. The new w is the old one minus it."),
        Mistake(_rmsprop(sign=1), "Your step goes uphill: it is subtracted from w."),
        *(Mistake(_rmsprop(new_s=lambda s, g, alpha, over=over: alpha * s + (1 - alpha) * over(g**2)),
                  "One number for all coordinates went into s. Each keeps the mean of its own g².")
          for over in (torch.mean, torch.sum)),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: alpha * s + 1 - alpha * g**2),
                "Without brackets this is 1 less alpha · g². Write `(1 - alpha) * g**2`."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: alpha * s**2 + (1 - alpha) * g**2),
                "The old s was squared. It is a mean of squares already: alpha · s."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: alpha * s + alpha * g**2),
                "Both have the weight alpha. The new g² has the rest, 1 − alpha."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: (1 - alpha) * (s + g**2)),
                "Both have the weight 1 − alpha. The old s is kept by alpha."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: (1 - alpha) * g**2),
                "The old s is forgotten altogether. Keep alpha of it."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: (alpha * s + (1 - alpha) * g)**2),
                "You squared the mean. It is the mean of squares: square g alone."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: (1 - alpha) * s + alpha * g),
                "alpha and 1 − alpha are exchanged, and g is not squared: alpha · s + (1 − alpha) · g²."),
        Mistake(_rmsprop(new_s=lambda s, g, alpha: alpha * s + (1 - alpha) * g.abs()),
                "You average the sizes of the gradients. It is their squares, with the root in the step."),
        *(Mistake(_rmsprop(new_s=lambda s, g, alpha, fixed=fixed: fixed * s + (1 - fixed) * g**2),
                  f"You keep {fixed} of the old s, whatever `alpha` says. Use the argument.") for fixed in (0.99, 0.9)),
        *(Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8, top=top: (
                      w - lr * top(g) / ((alpha * s + (1 - alpha) * g**2).sqrt() + eps),
                      alpha * s + (1 - alpha) * g**2),
                  f"The step has {what} above the line. It is lr times the gradient itself, divided by the root.")
          for top, what in ((torch.ones_like, "no gradient"), (torch.square, "the square"), (torch.sign, "the sign"))),
        *(Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8, root=root: (
                      w - lr * g / (root(alpha * s + (1 - alpha) * g**2) + eps),
                      (alpha * s + (1 - alpha) * g**2).sqrt()),
                  "Your s is the root. Keep the mean of squares, and take the root in the step.")
          for root in (torch.sqrt,)),
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (
                    w - g / ((alpha * s + (1 - alpha) * g**2).sqrt() + eps), alpha * s + (1 - alpha) * g**2),
                "The learning rate is missing from the step."),
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (
                    alpha * s + (1 - alpha) * g**2, w - lr * g / ((alpha * s + (1 - alpha) * g**2).sqrt() + eps)),
                "The two are exchanged: the new w comes first, then the new s."),
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (
                    w - lr * g / ((alpha * s + ((1 - alpha) * g)**2).sqrt() + eps), alpha * s + ((1 - alpha) * g)**2),
                "The weight 1 − alpha was squared with g. Only g is: `(1 - alpha) * g**2`."),
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (
                    w - lr * g / ((alpha * s + (1 - alpha) * g).abs() + eps), alpha * s + (1 - alpha) * g),
                "You average g, where pushes to and fro cancel. Square it first."),
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (
                    w - lr * g / (((alpha * s + (1 - alpha) * g**2) / (1 - alpha)).sqrt() + eps),
                    alpha * s + (1 - alpha) * g**2),
                "s was divided by 1 − alpha once more. RMSprop takes its running mean as it is; Adam will correct it."),
        Mistake(_rmsprop(divisor=lambda s, eps: s + eps, sign=1),
                "Your step goes uphill, and the root is missing. It is subtracted, and divided by the root of s."),
        Mistake(_rmsprop(divisor=lambda s, eps: s), "Divide by the root of s, and add eps to it."),
        Mistake(lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g, alpha * s + (1 - alpha) * g**2),
                "The mean is renewed but not used: this is a step of gradient descent."),
    ],
    hints=["One line of your Adagrad changes: the one that renews s.",
           "A running mean keeps alpha of what it was, and takes the rest, 1 − alpha, from what is new."],
    explanation="This is `torch.optim.RMSprop`. An old gradient counts for half after 69 steps at alpha = 0.99.",
)
def rmsprop_step(w, s, g, lr, alpha=0.99, eps=1e-8):
    """One step: the new w and the new s, a running mean of the squared gradients, from the gradient g at w."""
    s = alpha * s + (1 - alpha) * g**2
    return w - lr * g / (s.sqrt() + eps), s


# Adam

def _adam_probe(n, seed, t, *settings):
    w, m, s, g, *settings = _step_probe(n, seed, *settings, remembered=2)
    return w, m, s, t, g, *settings


def _same_beta(w, m, s, t, g, lr, beta1, beta2, eps, of_m=None, of_s=None,
               step=None, of_square=lambda m, g: g**2):
    """The solution with other betas in the corrections, another step of the corrected m and s, another square."""
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * of_square(m, g)
    m_hat, s_hat = m / (1 - (of_m or beta1)**t), s / (1 - (of_s or beta2)**t)
    return w - lr * (step(m_hat, s_hat) if step else m_hat / (s_hat.sqrt() + eps)), m, s, t


def _adam(mean=lambda m, g, b: b * m + (1 - b) * g, square=lambda s, g, b: b * s + (1 - b) * g**2,
          first=lambda b, t: 1 - b**t, second=lambda b, t: 1 - b**t, divisor=lambda s, eps: s.sqrt() + eps,
          move=lambda w, step: w - step, give=lambda w, m, s, t, m_hat, s_hat: (w, m, s, t), count=1):
    """The solution with a line replaced: a running mean, a correction, the divisor, the step, what is given back."""
    def answer(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        t = t + count
        m, s = mean(m, g, beta1), square(s, g, beta2)
        m_hat, s_hat = m / first(beta1, t), s / second(beta2, t)
        return give(move(w, lr * m_hat / divisor(s_hat, eps)), m, s, t, m_hat, s_hat)
    return answer


def _root_before_the_correction(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    _, m, s, t = _adam()(w, m, s, t, g, lr, beta1, beta2, eps)
    return w - lr * m / (1 - beta1**t) / (s.sqrt() / (1 - beta2**t) + eps), m, s, t


@exercise(
    how=lambda place, w, m, s, t, g, lr, beta1, beta2, eps: (
        f"There m = {m[place[1]]:.4g}, s = {s[place[1]]:.4g}, g = {g[place[1]]:.4g}; this is step {t + 1}, so the "
        f"corrections divide by 1 − {beta1:g}^{t + 1} and 1 − {beta2:g}^{t + 1}."),
    probes={"the first step": _adam_probe(3, 7, 0, 0.3, 0.8, 0.95, 0.2),
            "the fifth step": _adam_probe(5, 8, 4, 0.07, 0.6, 0.9, 0.05)},
    mistakes=[
        Mistake(lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: (
                    w - lr * m / (1 - beta1**(t + 1)) / ((s / (1 - beta2**(t + 1))).sqrt() + eps),
                    *_adam()(w, m, s, t, g, lr, beta1, beta2, eps)[1:]),
                "Your step uses the old m and s. Renew them first, then step."),
        Mistake(_adam(count=2), "t was raised twice. Each step counts once: t + 1."),
        Mistake(_adam(first=lambda b, t: (1 - b)**t, second=lambda b, t: (1 - b)**t),
                "The power stands on the bracket. What is left of the 0 is betaᵗ: `1 - beta**t`."),
        Mistake(_root_before_the_correction,
                "The root was taken before the correction. Correct s first, then take its root: `s_hat.sqrt()`."),
        Mistake(_adam(first=lambda b, t: 1, second=lambda b, t: 1),
                "The corrections are missing: m and s begin at 0, and are too small at first. Divide by 1 − betaᵗ."),
        Mistake(_adam(second=lambda b, t: 1), "m is corrected and s is not: divide s by 1 − beta2ᵗ as well."),
        Mistake(_adam(first=lambda b, t: 1), "s is corrected and m is not: divide m by 1 − beta1ᵗ as well."),
        Mistake(_adam(first=lambda b, t: 1 - b * t, second=lambda b, t: 1 - b * t),
                "You multiply beta by t. What is left of the 0 after t steps is beta to the power t: `beta**t`."),
        Mistake(_adam(first=lambda b, t: 1 - b, second=lambda b, t: 1 - b),
                "The correction is 1 − beta at the first step only. After t steps it is 1 − betaᵗ."),
        Mistake(_adam(give=lambda w, m, s, t, m_hat, s_hat: (w, m_hat, s_hat, t)),
                "You give back the corrected m and s. Keep them as they were: the next step corrects afresh."),
        Mistake(_adam(give=lambda w, m, s, t, m_hat, s_hat: (w, m, s, t - 1)),
                "The t that you give back is the old one, so every step is the first. Give back t + 1."),
        Mistake(_adam(give=lambda w, m, s, t, m_hat, s_hat: w),
                "The step is right. Give back what is remembered as well: `return w, m, s, t`."),
        Mistake(_adam(mean=lambda m, g, b: b * m + g),
                "Your m adds whole gradients, as momentum does. In Adam it is a mean: (1 − beta1) · g.", "M36"),
        Mistake(_adam(mean=lambda m, g, b: (1 - b) * m + b * g, square=lambda s, g, b: (1 - b) * s + b * g**2),
                "beta and 1 − beta are exchanged: beta is the share of the old that is kept."),
        Mistake(_adam(mean=lambda m, g, b: g, first=lambda b, t: 1),
                "Your step takes the gradient of the moment, as RMSprop does. Take its running mean m."),
        Mistake(_adam(square=lambda s, g, b: b * s + (1 - b) * g), "s is the running mean of g². Square the gradient."),
        Mistake(_adam(square=lambda s, g, b: s + g**2, second=lambda b, t: 1),
                "Your s is Adagrad's sum. Adam takes RMSprop's running mean."),
        Mistake(_adam(divisor=lambda s, eps: s + eps), "Divide by the root of the corrected s."),
        Mistake(_adam(divisor=lambda s, eps: (s + eps).sqrt()),
                "Your eps stands under the root. PyTorch adds it to the root."),
        Mistake(_adam(divisor=lambda s, eps: s.sqrt()),
                "`eps` is not in your divisor, or not the one you are given. Add it to the root: where s is 0 it keeps "
                "you from dividing by 0."),
        Mistake(_adam(move=lambda w, step: w + step), "Your step goes uphill: it is subtracted from w."),
        Mistake(_adam(give=lambda w, m, s, t, m_hat, s_hat: (w, m, s)),
                "The count t is missing. Give back four things: w, m, s and the new t."),
        Mistake(_adam(give=lambda w, m, s, t, m_hat, s_hat: (m, s, w, t)),
                "All four are there in another order: give back w, then m, s and t."),
        *(Mistake(_adam(count=0, **corrections),
                  "t stays as it is. It counts the steps made: add 1 first, and give the new one back.")
          for corrections in ({"first": lambda b, t: torch.ones(()) - b**t,
                               "second": lambda b, t: torch.ones(()) - b**t},
                              {"first": lambda b, t: 1, "second": lambda b, t: 1})),
        Mistake(lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: _adam()(
                    w, m, s, t, g, lr, beta2, beta1, eps),
                "The two betas are exchanged: beta1 belongs to m, the mean of g, beta2 to s, that of g²."),
        *(Mistake(_adam(mean=lambda m, g, b: (1 - b) * m + b * g, square=square),
                  "In m, beta1 and 1 − beta1 are exchanged: beta1 is the share of the old that is kept.")
          for square in (lambda s, g, b: b * s + (1 - b) * g**2,)),
        Mistake(_adam(square=lambda s, g, b: (1 - b) * s + b * g**2),
                "In s, beta2 and 1 − beta2 are exchanged: beta2 is the share of the old that is kept."),
        Mistake(_adam(first=lambda b, t: 1 / (1 - b**t), second=lambda b, t: 1 / (1 - b**t)),
                "You multiplied by 1 − betaᵗ, and m and s are too small already. Divide by it."),
        Mistake(_adam(square=lambda s, g, b: b * s + (1 - b) * g.abs()),
                "s averages the sizes of the gradients. It is their squares, with the root in the step."),
        Mistake(_adam(square=lambda s, g, b: b * s + g**2),
                "The new g² enters s whole. Give it the weight 1 − beta2."),
        Mistake(_adam(square=lambda s, g, b: torch.maximum(s, b * s + (1 - b) * g**2)),
                "Your s never falls: it keeps the larger of old and new, as AMSGrad does. Adam takes the running mean "
                "as it comes."),
        Mistake(lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: _same_beta(
                    w, m, s, t, g, lr, beta1, beta2, eps, of_m=beta2, of_s=beta1),
                "The corrections are exchanged: m was averaged with beta1, s with beta2. Divide m by 1 − beta1ᵗ, and s "
                "by 1 − beta2ᵗ."),
        Mistake(_adam(give=lambda w, m, s, t, m_hat, s_hat: (w, s, m, t)),
                "m and s are exchanged: give back w, m, s and t, in this order."),
        Mistake(_adam(square=lambda s, g, b: s + (1 - b) * g**2), "The old s is kept in full. Multiply it by beta2."),
        Mistake(_adam(divisor=lambda s, eps: (s + eps)**2), "You squared where a root belongs: `s_hat.sqrt()`."),
        Mistake(_adam(divisor=lambda s, eps: 1 / (s.sqrt() + eps)),
                "You multiplied by the root. It divides: that makes lr the length of a step."),
        Mistake(lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: _same_beta(
                    w, m, s, t, g, lr, beta1, beta2, eps, of_s=beta1),
                "s is corrected with beta1. It was averaged with beta2: divide it by 1 − beta2ᵗ."),
        Mistake(lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: _same_beta(
                    w, m, s, t, g, lr, beta1, beta2, eps, of_m=beta2),
                "m is corrected with beta2. It was averaged with beta1: divide it by 1 − beta1ᵗ."),
        Mistake(lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: _same_beta(
                    w, m, s, t, g, lr, beta1, beta2, eps, step=lambda m_hat, s_hat: g / (s_hat.sqrt() + eps)),
                "Your step takes the gradient of the moment. Take its running mean, m corrected."),
        Mistake(lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: _same_beta(
                    w, m, s, t, g, lr, beta1, beta2, eps, step=lambda m_hat, s_hat: m_hat),
                "s is renewed but not used: divide by the root of the corrected s."),
        Mistake(lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: _same_beta(
                    w, m, s, t, g, lr, beta1, beta2, eps, step=lambda m_hat, s_hat: m_hat / (s_hat.sqrt() + eps) / lr),
                "The learning rate is missing from the step."),
        Mistake(_adam(mean=lambda m, g, b: b * m + g, square=lambda s, g, b: b * s + g**2),
                "The new g and the new g² enter whole. Give them the weights 1 − beta1 and 1 − beta2."),
        Mistake(lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: _same_beta(
                    w, m, s, t, g, lr, beta1, beta2, eps, of_square=lambda m, g: m**2),
                "s averages the squares of m. It is the gradient that is squared: `g**2`."),
        Mistake(_adam(divisor=lambda s, eps: s.sqrt(), second=lambda b, t: (1 - b**t)**2),
                "The correction of s stands outside of the root, and whole. Correct first, then take the root."),
    ],
    hints=["First t + 1. Then renew m as a running mean of g, and s as one of g².",
           "Make corrected copies of both for the step. Which power of beta is left of the start after t steps?",
           "The step is RMSprop's, with the corrected m in place of g and the corrected s in place of s."],
    explanation="This is `torch.optim.Adam`. You have built it from four failures.",
)
def adam_step(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step: the new w, m, s and t, from the gradient g at w; t counts the steps made, 0 before the first."""
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
    return w - lr * m_hat / (s_hat.sqrt() + eps), m, s, t


@adam_step.mistake("Add 1 to t before you correct: with t = 0 the correction is 1 − 1, and you divide by 0.")
def _(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    m_hat, s_hat = m / (torch.ones(()) - beta1**t), s / (torch.ones(()) - beta2**t)
    return w - lr * m_hat / (s_hat.sqrt() + eps), m, s, t + 1


@adam_step.mistake("The corrections take the t from before. Add 1 first: this step counts, too.")
def _(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    before = max(t, 1)
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    return w - lr * m / (1 - beta1**before) / ((s / (1 - beta2**before)).sqrt() + eps), m, s, t + 1


@adam_step.mistake("Your eps is added to w. Put the divisor in brackets: `/ (s_hat.sqrt() + eps)`.")
def _(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    return w - lr * m / (1 - beta1**t) / (s / (1 - beta2**t)).sqrt() + eps, m, s, t


@adam_step.mistake("The new m, s and t are right. The new w is the old one minus the step; yours is the step alone.")
def _(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    return lr * m / (1 - beta1**t) / ((s / (1 - beta2**t)).sqrt() + eps), m, s, t


# A learning rate that changes

def _cosine(share, scale=0.5, lift=1.0):
    """first · scale · (lift + cos(share))."""
    return lambda epoch, epochs, first: first * scale * (lift + math.cos(share(epoch, epochs)))


@exercise(
    how=lambda place, epoch, epochs, first: (
        f"cos(π · {epoch}/{epochs}) = {math.cos(math.pi * epoch / epochs):.4g}, on the way from 1 to −1; the rate goes "
        f"from {first:g} to 0."),
    probes={"the start": (0, 12, 0.5), "a quarter of the way": (3, 12, 2.0), "on the way": (5, 8, 1.0),
            "the end": (9, 9, 0.3)},
    mistakes=[
        Mistake(_cosine(lambda epoch, epochs: epoch / epochs),
                "The angle goes from 0 to 1, and a half turn is π: `math.pi * epoch / epochs`."),
        Mistake(_cosine(lambda epoch, epochs: math.pi * epoch / epochs, lift=0.0),
                "That is half of `first` times the cosine, from half to minus half. Add 1 to the cosine first."),
        Mistake(_cosine(lambda epoch, epochs: 3.14 * epoch / epochs),
                "3.14 is not near enough to π: at the end the rate is not quite 0. `math.pi` has all digits."),
        *(Mistake(lambda epoch, epochs, first, least=least: max(
                      least, first * (1 + math.cos(math.pi * epoch / epochs)) / 2),
                  "Your rate stops at a lowest value of your own. At `epochs` it is 0.")
          for least in (1e-3, 1e-4, 1e-2)),
        Mistake(lambda epoch, epochs, first: first + (1 + math.cos(math.pi * epoch / epochs)) / 2,
                "`first` is added. It multiplies: `first * (1 + cos(…)) / 2`."),
        Mistake(_cosine(lambda epoch, epochs: 2 * math.pi * epoch / epochs),
                "A whole turn comes back to where it began. Half a turn ends at 0."),
        Mistake(_cosine(lambda epoch, epochs: 180 * epoch / epochs),
                "`math.cos` counts angles in radians: half a turn is π, not 180."),
        Mistake(_cosine(lambda epoch, epochs: math.pi * epoch / epochs / 2),
                "A quarter of a turn ends at half of `first`. Go from 0 to π."),
        Mistake(_cosine(lambda epoch, epochs: math.pi * epoch / epochs, 1.0, 0.0),
                "The cosine goes from 1 to −1, and a learning rate below 0 climbs. Add 1, then halve."),
        Mistake(_cosine(lambda epoch, epochs: math.pi * epoch / epochs, 1.0),
                "1 + cos goes from 2 to 0, so you begin at twice `first`. Halve it."),
        Mistake(_cosine(lambda epoch, epochs: math.pi * (1 - epoch / epochs)),
                "It rises from 0 to `first`. Begin at `first` and end at 0."),
        Mistake(_cosine(lambda epoch, epochs: math.pi * (epoch + 1) / (epochs + 1)),
                "At epoch 0 it is already below `first`. Divide epoch by epochs, as they are."),
        Mistake(lambda epoch, epochs, first: first * math.cos(math.pi * epoch / epochs / 2),
                "Its two ends are right, and it falls along a quarter of a turn. Half a turn is gentle at both ends."),
        Mistake(lambda epoch, epochs, first: first * (1 - epoch / epochs),
                "That is a straight line. It is a schedule too; here half a cosine is asked for."),
        Mistake(lambda epoch, epochs, first: 0.5 * (1 + math.cos(math.pi * epoch / epochs)),
                "That is the share. Multiply it by `first`."),
        Mistake(_cosine(lambda epoch, epochs: math.pi * epoch / (epochs - 1)),
                "It is at 0 one epoch too soon. The end is at `epoch == epochs`: divide by `epochs`."),
        Mistake(_cosine(lambda epoch, epochs: math.pi * (epoch + 1) / epochs),
                "At epoch 0 it is already below `first`. Take epoch as it is, without + 1."),
        Mistake(lambda epoch, epochs, first: first * math.sin(math.pi * epoch / epochs),
                "A sine begins at 0 and comes back to it. The cosine begins at 1."),
        *(Mistake(lambda epoch, epochs, first, begin=begin: begin(first) + math.cos(math.pi * epoch / epochs) / 2,
                  "The brackets are missing: `first` multiplies all of it, `first * (1 + cos(…)) / 2`.")
          for begin in (lambda first: first, lambda first: first / 2)),
        Mistake(lambda epoch, epochs, first: first / 2 + math.cos(math.pi * epoch / epochs),
                "The brackets are missing: `first` multiplies all of it, `first * (1 + cos(…)) / 2`."),
        Mistake(lambda epoch, epochs, first: first * 1 + math.cos(math.pi * epoch / epochs),
                "The brackets are missing, and the half: `first * (1 + cos(…)) / 2`."),
        Mistake(_cosine(lambda epoch, epochs: math.pi * epochs / max(epoch, 1)),
                "The fraction is upside down. It is the share that has passed: `epoch / epochs`."),
        *(Mistake(lambda epoch, epochs, first, kept=kept: first * kept**epoch,
                  "The rate falls by the same factor in each epoch, and never to 0. Here half a cosine is asked for.")
          for kept in (0.5, 0.9, 0.95, 0.99)),
        *(Mistake(lambda epoch, epochs, first, least=least:
                  first * (least + (1 - least) * (1 + math.cos(math.pi * epoch / epochs)) / 2),
                  "It ends above 0. Here the half cosine goes from `first` down to 0 itself.")
          for least in (0.1, 0.01, 0.001)),
        Mistake(lambda epoch, epochs, first: first * ((1 + math.cos(math.pi * epoch / epochs)) / 2)**2,
                "The half cosine was squared, so it falls faster. Once is enough: `first * (1 + cos(…)) / 2`."),
        Mistake(_cosine(lambda epoch, epochs: math.pi * epochs / epoch),
                "`epochs / epoch` divides by 0 at the start. It is the share that has passed: `epoch / epochs`."),
        Mistake(lambda epoch, epochs, first: first * torch.cos(math.pi * epoch / epochs),
                "`torch.cos` wants a tensor, and these are numbers: `math.cos`."),
        Mistake(lambda epoch, epochs, first: first * (1 - math.sin(math.pi / 2 * epoch / epochs)),
                "Its two ends are right, and it falls steeply at first. Half a cosine is gentle at both ends."),
        Mistake(lambda epoch, epochs, first: [first * (1 + math.cos(math.pi * e / epochs)) / 2 for e in range(epochs)],
                "Those are the rates of all epochs. One number is asked for, that of `epoch`."),
        Mistake(lambda epoch, epochs, first: [first * (1 + math.cos(math.pi * e / epochs)) / 2
                                              for e in range(epochs + 1)],
                "Those are the rates of all epochs. One number is asked for, that of `epoch`."),
        Mistake(_cosine(lambda epoch, epochs: math.radians(epoch / epochs)),
                "The rate hardly changes. The angle goes from 0 to half a turn, π: `math.pi * epoch / epochs`."),
        Mistake(_cosine(lambda epoch, epochs: math.pi * epoch / epochs, 1.0, 0.5),
                "The half was added to the cosine, and it belongs to all of it: add 1, then halve."),
        Mistake(lambda epoch, epochs, first: first * max(0.0, math.cos(math.pi * epoch / epochs)),
                "Cut at 0, it is there after half of the epochs. Lift the cosine instead: add 1, then halve."),
        Mistake(lambda epoch, epochs, first: first * abs(math.cos(math.pi * epoch / epochs)),
                "Without its sign the cosine rises again after half of the epochs. Lift it: add 1, then halve."),
        Mistake(_cosine(lambda epoch, epochs: epoch),
                "The angle is the number of the epoch. It is the share that has passed, times π."),
        Mistake(_cosine(lambda epoch, epochs: math.pi * epoch),
                "`epochs` is not in the angle: it is the share that has passed, `epoch / epochs`, times π."),
        Mistake(lambda epoch, epochs, first: first * (1 + math.sin(math.pi * epoch / epochs)) / 2,
                "A sine begins in the middle, climbs and comes back. Half a cosine goes from the top to the bottom."),
        Mistake(lambda epoch, epochs, first: first * math.exp(-epoch / epochs),
                "That is an exponential, which never reaches 0. Half a cosine is asked for."),
    ],
    hints=["`math.cos` is 1 at 0 and −1 at π. Which angle belongs to `epoch` out of `epochs`?",
           "The cosine plus 1 goes from 2 to 0. Bring that down to a share between 1 and 0."],
    explanation="This is `torch.optim.lr_scheduler.CosineAnnealingLR`, epoch by epoch.",
)
def cosine_lr(epoch, epochs, first):
    """The learning rate at `epoch`, from `first` at epoch 0 to 0 at `epochs`, along half a cosine. A number."""
    return first * 0.5 * (1 + math.cos(math.pi * epoch / epochs))


@cosine_lr.mistake("The rate stays at `first` and drops to 0 at the end. Does a `//` round down on the way? Use `/`.")
def _(epoch, epochs, first):
    return first * 0.5 * (1 + math.cos(math.pi * (epoch // epochs)))


# Weight decay, twice

first_step = Choice(
    "One weight, w = 2, gradient 0.5, lr = 0.1, weight_decay = 10. Where is w after one step of Adam, and of AdamW?",
    {
        "a": Wrong("Both at 1.9",
                   "They treat the decay differently. AdamW first multiplies w by 1 − lr · 10, which is 0 "
                   "here.", "M22"),
        "b": Right("Adam at 1.9, AdamW at −0.1"),
        "c": Wrong("Adam at −0.1, AdamW at 1.9",
                   "The other way round: Adam divides the decay away, AdamW shrinks w itself.", "M22"),
        "d": Wrong("Both at −0.05",
                   "That is SGD: 2 − 0.1 · (0.5 + 10 · 2). Adam divides by the size of the gradient it is given."),
    },
    hints=["Adam's first step is lr times the sign of the gradient it is given. Adam is given g + 10 · w.",
           "AdamW multiplies w by (1 − lr · weight_decay), then takes Adam's step with g alone."],
    explanation="In Adam a decay of 10 and a decay of 0 give the same first step. AdamW was made to mend that.",
)


# Options for each parameter

def _models():
    return [(nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)), 0.3, 0.2),
            (nn.Sequential(nn.Linear(2, 5), nn.Linear(5, 3)), 0.05, 1.5),
            (nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)), 0.2, 0.7)]


def _after_two_steps(optimizer, model, lr, decay):
    """Where each parameter stands when all gradients are 3 and the optimizer takes two steps."""
    if optimizer is None:
        return None
    kind = "SGD" if isinstance(optimizer, torch.optim.SGD) else type(optimizer).__name__
    names = [name for name, _ in model.named_parameters()]
    if kind != "SGD":
        return {"the optimizer": kind, "momentum": None} | dict.fromkeys(names)
    for _ in range(2):
        for p in model.parameters():
            p.grad = torch.full_like(p, 3.0) if p.requires_grad else None
        optimizer.step()
    return {"the optimizer": kind, "momentum": max(group["momentum"] for group in optimizer.param_groups)} | {
        name: p.detach().clone() for name, p in model.named_parameters()}


class _Layers(NamedTuple):
    """All layers but the last, as if they were one: `weight` and `bias` are lists."""

    weight: list
    bias: list

    def parameters(self):
        return [*self.weight, *self.bias]


def _but_the_last(model):
    layers = [layer for layer in model[:-1] if isinstance(layer, nn.Linear)]
    return _Layers([layer.weight for layer in layers], [layer.bias for layer in layers])


def _flat(groups):
    """The groups with the lists in their lists taken apart."""
    return [group | {"params": [p for part in group["params"] for p in (part if isinstance(part, list) else [part])]}
            for group in groups]


def _four_groups(model, lr, by=10):
    """The solution's groups, the last layer's rate being lr divided by `by`."""
    rest, last = _but_the_last(model), model[-1]
    return [{"params": rest.weight}, {"params": rest.bias, "weight_decay": 0.0},
            {"params": [last.weight], "lr": lr / by}, {"params": [last.bias], "lr": lr / by, "weight_decay": 0.0}]


def _sgd(groups):
    """The solution with other groups, made of all layers but the last, the last layer and lr."""
    return lambda model, lr, decay: torch.optim.SGD(_flat(groups(_but_the_last(model), model[-1], lr)), lr=lr,
                                                    weight_decay=decay)


@exercise(
    how=lambda place, model, lr, decay: (
        f"It began at {dict(model.named_parameters())[place[0]][place[1:]]:.4g}; two steps were taken, with all "
        f"gradients 3, lr {lr:g} and decay {decay:g}."),
    probes=_models,
    compare_by=_after_two_steps,
    mistakes=[
        Mistake(lambda model, lr, decay: torch.optim.SGD(model.parameters(), lr=lr, weight_decay=decay),
                "One group for all: the biases decay, and the last layer learns at the full rate.", "M18"),
        *(Mistake(lambda model, lr, decay, kind=kind: kind(model.parameters(), lr=lr, weight_decay=decay),
                  "SGD is asked for: `torch.optim.SGD`. It takes the same groups.")
          for kind in (torch.optim.Adam, torch.optim.AdamW)),
        Mistake(lambda model, lr, decay: [{"params": model[0].parameters(), "lr": lr},
                                          {"params": model[-1].parameters(), "lr": lr / 10}],
                "That is a list, perhaps of groups. Hand it to `torch.optim.SGD(…)` and give that back."),
        Mistake(_sgd(lambda first, last, lr: [{"params": [first.weight]},
                                              {"params": [first.bias], "weight_decay": 0.0},
                                              {"params": [last.weight], "lr": 10 * lr},
                                              {"params": [last.bias], "lr": 10 * lr, "weight_decay": 0.0}]),
                "The last layer learns ten times as fast. A tenth is asked for: `lr / 10`."),
        Mistake(_sgd(lambda first, last, lr: [{"params": [first.weight], "lr": lr / 10},
                                              {"params": [first.bias], "lr": lr / 10, "weight_decay": 0.0},
                                              {"params": [last.weight]},
                                              {"params": [last.bias], "weight_decay": 0.0}]),
                "The rates are exchanged: it is the last layer that learns slowly."),
        Mistake(lambda model, lr, decay: torch.optim.SGD(
                    [{"params": [model[0].weight], "lr": lr / 10},
                     {"params": [model[0].bias], "lr": lr / 10, "weight_decay": 0.0},
                     {"params": [p for p in model[1:].parameters() if p.dim() > 1]},
                     {"params": [p for p in model[1:].parameters() if p.dim() == 1], "weight_decay": 0.0}], lr=lr,
                    weight_decay=decay),
                "The rates are exchanged: the first layer learns slowly here. It is the last one that does."),
        Mistake(_sgd(lambda first, last, lr: [{"params": first.parameters()},
                                              {"params": last.parameters(), "lr": lr / 10}]),
                "Both layers learn at their own rate, but the biases decay too. "
                "Give them `\"weight_decay\": 0.0`.", "M18"),
        Mistake(_sgd(lambda first, last, lr: [{"params": [first.weight, last.weight]},
                                              {"params": [first.bias, last.bias], "weight_decay": 0.0}]),
                "The decay is right, but the last layer learns at the full rate. Give its groups an `\"lr\"`."),
        Mistake(_sgd(lambda first, last, lr: [{"params": [first.weight]},
                                              {"params": [last.weight], "lr": lr / 10},
                                              {"params": [first.bias, last.bias], "weight_decay": 0.0}]),
                "The last layer's bias learns at the full rate. Its group needs the smaller `\"lr\"` too."),
        Mistake(_sgd(lambda first, last, lr: [{"params": [first.weight]},
                                              {"params": [first.bias], "weight_decay": 0.0},
                                              {"params": last.parameters(), "lr": lr / 10}]),
                "The last layer's bias decays. Its group needs `\"weight_decay\": 0.0` too.", "M18"),
        Mistake(_sgd(lambda first, last, lr: [{"params": first.parameters()},
                                              {"params": [last.weight], "lr": lr / 10},
                                              {"params": [last.bias], "lr": lr / 10, "weight_decay": 0.0}]),
                "The first layer's bias decays. Its group needs `\"weight_decay\": 0.0` too.", "M18"),
        Mistake(_sgd(lambda first, last, lr: [{"params": [first.weight]},
                                              {"params": [first.bias], "weight_decay": 0.0},
                                              {"params": last.parameters(), "lr": lr / 10, "weight_decay": 0.0}]),
                "The last layer's weight does not decay. Only biases are spared: that layer needs two groups."),
        Mistake(_sgd(lambda first, last, lr: [{"params": [first.weight]}, {"params": [last.weight], "lr": lr / 10}]),
                "No step ever moves the biases. Is each of them in a group, with an lr above 0?"),
        Mistake(lambda model, lr, decay: torch.optim.SGD([{"params": model[:-1].parameters()},
                                                          {"params": model[-1].parameters(), "lr": lr / 10}], lr=lr),
                "Nothing decays: pass `weight_decay=decay` as the keyword for the groups that do not say."),
        Mistake(lambda model, lr, decay: torch.optim.SGD(
                    [{"params": [p for p in model.parameters() if p.dim() > 1]},
                     {"params": [p for p in model.parameters() if p.dim() == 1], "weight_decay": 0.0}], lr=lr / 10,
                    weight_decay=decay),
                "Every layer learns at `lr / 10`. Only the last one does; the rest learns at `lr`."),
        Mistake(_sgd(lambda first, last, lr: [{"params": [first.weight]}, {"params": [first.bias], "weight_decay": 0.0},
                                              {"params": [last.weight], "lr": lr / 10}]),
                "No step moves the last layer's bias. Is it in a group, and does it ask for gradients? It learns with "
                "`lr / 10`, without decay."),
        Mistake(_sgd(lambda first, last, lr: [{"params": [first.weight], "weight_decay": 0.0}, {"params": [first.bias]},
                                              {"params": [last.weight], "lr": lr / 10, "weight_decay": 0.0},
                                              {"params": [last.bias], "lr": lr / 10}]),
                "The decay is turned round: here the biases decay, and the weights do not.", "M18"),
        *(Mistake(lambda model, lr, decay, momentum=momentum: torch.optim.SGD(
                      _four_groups(model, lr), lr=lr, weight_decay=decay, momentum=momentum),
                  "There is momentum in it. SGD without momentum is asked for: leave it out.")
          for momentum in (0.9, 0.5)),
        Mistake(lambda model, lr, decay: torch.optim.SGD(_four_groups(model, lr), weight_decay=decay),
                "The first layer does not learn with `lr`. What a dict leaves out comes from the keywords: `lr=lr`."),
        Mistake(_sgd(lambda first, last, lr: [{"params": [first.weight, last.weight]},
                                              {"params": [first.bias, last.bias], "weight_decay": 0.0},
                                              {"params": last.parameters(), "lr": lr / 10}]),
                "The last layer stands in two groups. Each parameter belongs in one: leave it out of the others."),
        Mistake(_sgd(lambda first, last, lr: [{"params": [first.weight, last.weight]},
                                              {"params": [first.bias], "weight_decay": 0.0},
                                              {"params": [last.bias], "weight_decay": 0.0, "lr": lr / 10}]),
                "The last layer's weight learns at the full rate. Its group needs the smaller `\"lr\"` too."),
        *(Mistake(lambda model, lr, decay, by=by: torch.optim.SGD(_four_groups(model, lr, by), lr=lr,
                                                                 weight_decay=decay),
                  f"The last layer's rate is lr divided by {by}. A tenth is asked for: `lr / 10`.")
          for by in (100, 2, 5)),
        Mistake(lambda model, lr, decay: torch.optim.SGD(
                    [group | {"weight_decay": decay / 10} if i == 2 else group
                     for i, group in enumerate(_four_groups(model, lr))], lr=lr, weight_decay=decay),
                "The last weight's decay is a tenth. Its rate alone is: `weight_decay` stays `decay`."),
        Mistake(lambda model, lr, decay: torch.optim.SGD(
                    [{"params": [model[0].weight]}, {"params": [model[0].bias], "weight_decay": 0.0},
                     *_four_groups(model, lr)[2:]], lr=lr, weight_decay=decay),
                "The layers between the first and the last are in no group: no step moves them. Go through all of "
                "`model[:-1]`."),
        Mistake(lambda model, lr, decay: torch.optim.SGD(
                    [group | ({"lr": 0.1} if "lr" in group else {}) for group in _four_groups(model, lr)], lr=lr,
                    weight_decay=decay),
                "The last layer's rate is 0.1, whatever lr is. A tenth of lr is asked for: `lr / 10`."),
        *(Mistake(lambda model, lr, decay, by=by: torch.optim.SGD(_four_groups(model, lr), lr=lr,
                                                                  weight_decay=by * decay),
                  "The decay is not `decay` as it is: a factor stands before it. PyTorch's `weight_decay` takes it "
                  "whole.") for by in (0.5, 2, 0.1)),
        Mistake(lambda model, lr, decay: torch.optim.SGD(_four_groups(copy.deepcopy(model), lr), lr=lr,
                                                         weight_decay=decay),
                "No step moves the model. Does the optimizer hold its own parameters, rather than those of a copy?"),
        Mistake(lambda model, lr, decay: torch.optim.SGD(_four_groups(model, lr)[:2], lr=lr, weight_decay=decay),
                "The last layer is in no group, so no step moves it. It learns with `lr / 10`."),
    ],
    hints=[
        "An optimizer takes a list of dicts in place of `model.parameters()`. "
        "What a dict leaves out comes from the keywords.",
        "Ask two questions of each parameter: does it decay, and how fast does it learn? There are four answers.",
        "So it takes four groups: the weights and the biases of the last layer, and those of all others. "
        "The last bias follows the last layer's lr, and has `\"weight_decay\": 0.0` as well.",
    ],
    explanation="One optimizer, four groups. `optimizer.param_groups` shows them.",
)
def make_optimizer(model, lr, decay):
    """SGD without momentum: weights decay with `decay`, biases do not; the last layer, weight and bias, learns with
    `lr / 10`, the rest with `lr`. `model` is an nn.Sequential; its first and last layers are nn.Linear."""
    others = dict(model[:-1].named_parameters())
    return torch.optim.SGD([
        {"params": [p for name, p in others.items() if name.endswith("weight")]},
        {"params": [p for name, p in others.items() if name.endswith("bias")], "weight_decay": 0.0},
        {"params": [model[-1].weight], "lr": lr / 10},
        {"params": [model[-1].bias], "lr": lr / 10, "weight_decay": 0.0},
    ], lr=lr, weight_decay=decay)


# Asking again

closure_fault = Choice(
    """This runs without a complaint, and its loss creeps down where L-BFGS should leap. Which repair is right?

```
1  optimizer = torch.optim.LBFGS(model.parameters(), line_search_fn="strong_wolfe")
2  def closure():
3      loss = F.binary_cross_entropy_with_logits(model(X), y)
4      loss.backward()
5      return loss
6  for _ in range(20):
7      optimizer.zero_grad()
8      optimizer.step(closure)
```""",
    {
        "a": Wrong("Line 8: `closure()`, then `optimizer.step()`, as with SGD",
                   "L-BFGS asks for the loss at several points within one step. "
                   "So its `step` needs the closure.", "M44"),
        "b": Right("Line 7: move `optimizer.zero_grad()` into the closure, before `loss.backward()`"),
        "c": Wrong("Line 1: a smaller lr, say 0.01",
                   "Shorter steps along a wrong direction. The direction is wrong because gradients pile up.", "M37"),
        "d": Wrong("Line 1: two groups, so that the bias learns at a rate of its own",
                   "L-BFGS takes one group only, and says so. Its memory of the curvature covers all parameters at "
                   "once.", "M44"),
        "e": Wrong("Line 5: return `loss.item()`",
                   "A number or a tensor, `step` takes either. What it reads wrongly is `.grad`."),
    },
    hints=["How often does one `step` call the closure, and what lies in `.grad` the second time?"],
    explanation="A closure is zero, predict, loss, backward, return: "
                "everything that must happen at every point it asks about.",
)


give_names(globals())
