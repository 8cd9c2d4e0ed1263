"""The exercises of lesson 05: how long a step may be, what momentum remembers, who decays, and who asks again."""

import torch
from torch import nn

from course_utils.checker import Choice, Mistake, Number, Order, Prediction, Right, Wrong, exercise, give_names

unit_guess = Prediction(
    "Standardised, the columns bear a learning rate up to 0.6. Up to which one are the raw columns safe?",
    low=0.0,
    high=1.0,
    measured=4.8e-6,
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
          for order in ("cdab", "dcab")),
    ],
    hints=["`backward` adds to `.grad`, `step` reads it, `zero_grad` empties it."],
    explanation="The optimizer reads `.grad` and nothing else. "
                "Empty it anywhere between a `step` and the next `backward`.",
)

recall_shift = Choice(
    "Softmax regression: you subtract the same vector from the weights of all ten classes. What happens to the loss?",
    {
        "a": Wrong("It rises",
                   "Every class loses the same score on an image. "
                   "Only differences of scores count, and they stay.", "M28"),
        "b": Right("Nothing"),
        "c": Wrong("It falls",
                   "Every class loses the same score on an image. "
                   "Only differences of scores count, and they stay.", "M28"),
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
                "That is a mean of gradients, which only smooths. "
                "PyTorch adds the whole gradient, so the steps grow up to 1/(1 − mu) times as long.", "M36"),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: v + g),
                "The old velocity is added in full, so it never fades. Multiply it by mu."),
        Mistake(_momentum(new_v=lambda v, g, lr, mu: mu * v - lr * g, new_w=lambda w, v, g, lr, mu: w + v),
                "That is Keras's way: minus lr · g inside v, and w + v. "
                "Here v collects the gradients as they are, and w − lr · v follows."),
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
    ],
    hints=[
        "Two lines. The first renews the velocity from the old velocity and the gradient.",
        "The velocity is mu times the old one, plus the gradient. "
        "The second line is gradient descent with v in place of g.",
    ],
    explanation="This is `torch.optim.SGD(..., momentum=mu)`, to the last digit.",
)
def momentum_step(w, v, g, lr, mu):
    """One step: the new w and the new velocity v, from the gradient g at w."""
    v = mu * v + g
    return w - lr * v, v


effective_step = Number(
    "SGD with lr = 0.01 and momentum 0.9 on a long slope where every gradient is 1. How long do the steps become?",
    answer=0.1,
    mistakes=[
        Mistake(0.01, "The first step is that long. Then the velocity grows: 1, 1.9, 2.71, … up to 10.", "M36"),
        Mistake(0.009,
                "Momentum does not shorten the step. Each velocity is 0.9 of the last plus a whole gradient.", "M36"),
        Mistake(0.019, "That is the second step. The velocity goes on growing: 1, 1.9, 2.71, …"),
        Mistake(0.001,
                "Shorter than without momentum? The old steps are added to the new one, so steps grow.", "M36"),
        Mistake(10.0, "There the velocity settles. How long is a step with that velocity?"),
        Mistake(0.9, "0.9 is the share of the old velocity that is kept, not the length of a step."),
    ],
    hints=["The velocity stops growing where v = 0.9 · v + 1."],
    explanation="lr / (1 − μ). Whoever raises μ from 0 to 0.9 has made lr ten times as large.",
)


# Weight decay, twice

first_step = Choice(
    "One weight, w = 2, gradient 0.5, lr = 0.1, weight_decay = 10. Where is w after one step of Adam, and of AdamW?",
    {
        "a": Wrong("Both at 1.9",
                   "They treat the decay differently. "
                   "AdamW first multiplies w by 1 − lr · 10, which is 0 here.", "M22"),
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
            (nn.Sequential(nn.Linear(2, 5), nn.Linear(5, 3)), 0.05, 1.5)]


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


def _sgd(groups):
    """The solution with other groups, made of the first layer, the last layer and lr."""
    return lambda model, lr, decay: torch.optim.SGD(groups(model[0], model[-1], lr), lr=lr, weight_decay=decay)


@exercise(
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
        Mistake(lambda model, lr, decay: torch.optim.SGD([{"params": model[0].parameters()},
                                                          {"params": model[-1].parameters(), "lr": lr / 10}], lr=lr),
                "Nothing decays: pass `weight_decay=decay` as the keyword for the groups that do not say."),
    ],
    hints=[
        "An optimizer takes a list of dicts in place of `model.parameters()`. "
        "What a dict leaves out comes from the keywords.",
        "Ask two questions of each parameter: does it decay, and how fast does it learn? There are four answers.",
        "So it takes four groups, one for each of the four parameters. "
        "The last bias follows the last layer's lr, and has `\"weight_decay\": 0.0` as well.",
    ],
    explanation="One optimizer, four groups. `optimizer.param_groups` shows them.",
)
def make_optimizer(model, lr, decay):
    """SGD without momentum: weights decay, biases do not; the last layer, weight and bias, learns with lr / 10."""
    return torch.optim.SGD([
        {"params": [model[0].weight]},
        {"params": [model[0].bias], "weight_decay": 0.0},
        {"params": [model[-1].weight], "lr": lr / 10},
        {"params": [model[-1].bias], "lr": lr / 10, "weight_decay": 0.0},
    ], lr=lr, weight_decay=decay)


# Asking again

closure_fault = Choice(
    "It runs without a complaint, and its loss creeps down where L-BFGS should leap. Which repair is right?",
    {
        "a": Wrong("Line 8: `closure()`, then `optimizer.step()`, as with SGD",
                   "L-BFGS asks for the loss at several points within one step. "
                   "So its `step` needs the closure.", "M44"),
        "b": Right("Line 7: move `optimizer.zero_grad()` into the closure, before `loss.backward()`"),
        "c": Wrong("Line 1: a smaller lr, say 0.01",
                   "Shorter steps along a wrong direction. The direction is wrong because gradients pile up.", "M37"),
        "d": Wrong("Line 1: two groups, so that the bias learns at a rate of its own",
                   "L-BFGS takes one group only, and says so. "
                   "Its memory of the curvature covers all parameters at once.", "M44"),
        "e": Wrong("Line 5: return `loss.item()`",
                   "A number or a tensor, `step` takes either. What it reads wrongly is `.grad`."),
    },
    hints=["How often does one `step` call the closure, and what lies in `.grad` the second time?"],
    explanation="A closure is zero, predict, loss, backward, return: "
                "everything that must happen at every point it asks about.",
)


give_names(globals())
