"""The exercises of lesson 08: what is off, what the others are multiplied by, and when nothing is off at all."""

from contextlib import nullcontext

import torch
from torch import nn

from course_utils.checker import Choice, Mistake, Number, Order, Prediction, Right, Wrong, exercise, give_names

guess = Prediction(
    "Without dropout, 74 % of the unseen digits are right. How many per cent, if in every step each hidden unit is "
    "off with chance one half?",
    low=0,
    high=100,
    measured=86,
    unit="%",
    spread="mean of ten seeds; single runs from 81 to 89",
    reveal_later=True,
)

recall_stop = Choice(
    "Patience 5. The validation loss was lowest after epoch 12, training stopped after 17. Which weights do you keep?",
    {
        "a": Wrong("Those after epoch 17: they have learnt most",
                   "The five epochs of patience made nothing better on unseen examples. That is why it stopped."),
        "b": Right("Those after epoch 12"),
        "c": Wrong("Those of the epoch whose test score is best",
                   "Then the test examples have chosen, and can no longer judge.", "M25"),
    },
    hints=["What were the five epochs of patience waiting for?"],
    explanation="Patience looks a little further; the weights worth keeping lie behind it.",
)

recall_layers = Choice(
    "`nn.Linear(64, 128)`, then `nn.Linear(128, 10)`, nothing between them. What can the pair say that one "
    "`nn.Linear(64, 10)` cannot?",
    {
        "a": Right("Nothing"),
        "b": Wrong("Whatever 128 hidden units can say",
                   "A sum of sums is a sum: the two layers collapse into one. Something between them must bend."),
        "c": Wrong("Anything that needs an interaction of two inputs",
                   "An interaction needs a bend. Without an activation the two layers collapse into one."),
    },
    hints=["Multiply the two weight matrices."],
    explanation="So every network below has a ReLU between its layers.",
)


# By hand

def _probe(n, m, p, training, seed):
    g = torch.Generator().manual_seed(seed)
    return torch.randn(n, m, generator=g) + 0.3, torch.rand(n, m, generator=g), p, training


@exercise(
    probes={
        "training, p = 0.2": _probe(3, 7, 0.2, True, 1),
        "training, p = 0.7": _probe(5, 4, 0.7, True, 2),
        "not training, p = 0.2": _probe(2, 6, 0.2, False, 3),
    },
    mistakes=[
        Mistake(lambda x, u, p, training: x * (u >= p) / (1 - p),
                "Units are off even when not training. Look at `training` first.", "M09"),
        Mistake(lambda x, u, p, training: x * (u >= p),
                "Units are off even when not training, and the survivors are not scaled up.", "M09"),
        Mistake(lambda x, u, p, training: nn.Dropout(p)(x),
                "These are coins of its own, flipped even when not training. Use `u` and `training`.", "M09"),
        *(Mistake(answer, "This flips coins of its own. Use the draws in `u`: a unit is off where `u < p`.")
          for answer in (
              lambda x, u, p, training: nn.functional.dropout(x, p) if training else x,
              lambda x, u, p, training: x * torch.bernoulli(torch.full_like(x, 1 - p)) / (1 - p) if training else x,
              lambda x, u, p, training: x * (torch.rand_like(x) >= p) / (1 - p) if training else x)),
        Mistake(lambda x, u, p, training: x if training else x * (u >= p) / (1 - p),
                "The two cases are exchanged: units are off when training is False.", "M09"),
        Mistake(lambda x, u, p, training: x * (u >= p) if training else x,
                "The survivors are not scaled up, so what leaves is too small by a factor 1 − p on average.", "M41"),
        Mistake(lambda x, u, p, training: x * (u >= p) if training else x * (1 - p),
                "This scales when not training. It works, but PyTorch scales the survivors in training instead, and "
                "leaves eval() nothing to do.", "M41"),
        Mistake(lambda x, u, p, training: x * (u >= p) / (1 - p) if training else x * (1 - p),
                "Scaled once in training and once more when not training. Once is enough.", "M41"),
        Mistake(lambda x, u, p, training: x * (u >= p) / (1 - p) if training else x / (1 - p),
                "Training is right. When not training, x goes through untouched; yours is scaled there too.", "M41"),
        Mistake(lambda x, u, p, training: x * (u < p) / p if training else x,
                "Here p is the chance to keep a unit. In PyTorch p is the chance to drop it.", "M41"),
        Mistake(lambda x, u, p, training: x * (u >= p) / p if training else x,
                "The right units are off, but the others are divided by p. They survive with chance 1 − p.", "M41"),
        Mistake(lambda x, u, p, training: x * (u < p) / (1 - p) if training else x,
                "You kept the units that should be off: a unit is off where u lies below p.", "M41"),
        Mistake(lambda x, u, p, training: x * (u < 1 - p) / (1 - p) if training else x,
                "Other units are off than should be. Off is where u lies below p, so on is where `u >= p`."),
        Mistake(lambda x, u, p, training: x * (u[0] >= p) / (1 - p) if training else x,
                "One row of draws for all examples: every example has draws of its own, a row of `u` each."),
        Mistake(lambda x, u, p, training: x * (u >= p) * (1 - p) if training else x,
                "Multiplied by 1 − p, the survivors become even smaller. Divide.", "M41"),
        Mistake(lambda x, u, p, training: x * (u >= p) * (1 + p) if training else x,
                "Times 1 + p is too little: at p = 0.5 the survivors must double. Divide by 1 − p.", "M41"),
        Mistake(lambda x, u, p, training: x * (u >= p) * 2 if training else x,
                "A factor 2 belongs to p = 0.5. For any p, divide by 1 − p.", "M41"),
        Mistake(lambda x, u, p, training: x * (u >= p) / 1 - p if training else x,
                "You subtract p from every number. `/ 1 - p` does that; `/ (1 - p)` divides."),
        Mistake(lambda x, u, p, training: x * (u >= p) / (u >= p).float().mean() if training else x,
                "You divide by the share that happened to stay on. Divide by the chance, 1 − p: it needs no counting."),
    ],
    hints=[
        "Two cases. When not training, x goes through untouched.",
        "`u >= p` is True where a unit stays on. Multiplying by it makes the others 0.",
        "A unit is on in a share 1 − p of the draws. What must it say then, so that its mean is x?",
    ],
    axes=("examples", "units"),
    explanation="That is inverted dropout: all the correcting is done in training, and eval() has nothing to do.",
)
def drop(x, u, p, training):
    """x with each unit off where its draw u lies below p, and the others scaled so that the mean stays x."""
    if not training:
        return x
    return x * (u >= p) / (1 - p)


survivor = Number(
    "In training mode a unit says 3.0 and stays on. What leaves `nn.Dropout(0.2)`? Two decimals.",
    answer=3.75,
    mistakes=[
        Mistake(15.0, "That divides by 0.2. The chance to stay on is 1 − 0.2.", "M41"),
        Mistake(3.0, "Then the mean over many steps would be 2.4, and eval() would hand on more than that.", "M41"),
        Mistake(2.4, "That is 3 · 0.8, the mean without scaling. Survivors are made larger, not smaller.", "M41"),
        Mistake(0.6, "That is 3 · 0.2. p is the chance to be off, and survivors are made larger.", "M41"),
        Mistake(3.6, "That is 3 · 1.2. To keep the mean, divide by the chance to stay on."),
        Mistake(6.0, "A factor 2 belongs to p = 0.5.", "M41"),
        Mistake(1.25, "That is the factor. What leaves is 3.0 times as much."),
        Mistake(3.8, "Close. If you rounded, give two decimals."),
    ],
    hints=["On in 4 of 5 steps, off in the fifth. The mean of the five must be 3."],
    explanation="3 / 0.8. Four times 3.75 and once 0 has the mean 3.",
)


# Measuring

def _models():
    """One network in each mode, and one with its dropout elsewhere; units are off often enough to show."""
    models = {
        "a model in training mode": nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Dropout(0.5), nn.Linear(12, 3)),
        "a model in eval mode": nn.Sequential(nn.Linear(6, 9), nn.ReLU(), nn.Dropout(0.5), nn.Linear(9, 4)).eval(),
        "a model with two dropout layers":
            nn.Sequential(nn.Dropout(0.3), nn.Linear(6, 8), nn.ReLU(), nn.Dropout(0.4), nn.Linear(8, 3)),
    }
    return {label: (model, torch.randn(n, 6)) for n, (label, model) in zip((7, 5, 4), models.items(), strict=True)}


def _what_is_left(result, model, X):
    """The answer, whether it is recorded for gradients, and all that must be as it was found."""
    return {
        "probabilities": result.detach() if isinstance(result, torch.Tensor) else result,
        "recorded for gradients": getattr(result, "requires_grad", False),
        "training afterwards, model and layers": [layer.training for layer in model.modules()],
        "p afterwards": [layer.p for layer in model.modules() if isinstance(layer, nn.Dropout)],
        "weights afterwards": model.state_dict(),
        "requires_grad afterwards": [weights.requires_grad for weights in model.parameters()],
        "recording is on afterwards": torch.is_grad_enabled(),
    }


def _nothing(*arguments):
    """Stands where a line of the solution is missing."""


def _predict(begin=lambda model: model.eval(), recording=torch.no_grad,
             answer=lambda scores: torch.softmax(scores, dim=1), end=lambda model, before: model.train(before)):
    """The solution with another first or last line, another answer, or recorded (`nullcontext` for `no_grad`)."""

    def predict(model, X):
        before = model.training
        begin(model)
        with recording():
            result = answer(model(X))
        end(model, before)
        return result

    return predict


@exercise(
    probes=_models,
    compare_by=_what_is_left,
    mistakes=[
        Mistake(lambda model, X: model(X),
                "These are scores, recorded for gradients, and units are still off. Begin with the modes.", "M09"),
        Mistake(lambda model, X: torch.softmax(model(X), dim=1),
                "Units are still off, and the answer is recorded for gradients. You need `eval()` and "
                "`no_grad`.", "M09"),
        Mistake(_predict(begin=_nothing, end=_nothing),
                "Units are still off: call it twice and compare. `no_grad` changes recording, not layers.", "M10"),
        *(Mistake(_predict(begin=lambda model, seed=seed: torch.manual_seed(seed), end=_nothing),
                  "Units are still off, the same ones at every call. A seed repeats the luck; `eval()` needs none.",
                  "M10") for seed in (0, 1, 42)),
        Mistake(_predict(begin=lambda model: model.train()),
                "Units are off, even in a model that came in eval mode. `train()` does that; you need `eval()`.",
                "M09"),
        Mistake(_predict(begin=lambda model: model.train(), end=_nothing),
                "Units are off, and the model is left in training mode. `train()` does both; you need `eval()`.",
                "M09"),
        Mistake(_predict(recording=nullcontext),
                "Steady and put back, but recorded for gradients: `eval()` changes layers, not recording.", "M10"),
        Mistake(_predict(recording=nullcontext, end=_nothing),
                "The model stays in eval mode, and the answer is recorded for gradients. `eval()` changes layers only.",
                "M10"),
        Mistake(_predict(recording=nullcontext, end=lambda model, before: model.train()),
                "You leave it in training mode whatever you found, and the answer is recorded.", "M10"),
        Mistake(_predict(end=_nothing),
                "Right, but the model stays in eval mode: whoever trains it on trains without dropout."),
        Mistake(_predict(end=lambda model, before: model.train()),
                "You always leave it in training mode. It may have come in eval mode: put back what you found."),
        Mistake(_predict(end=lambda model, before: setattr(model, "training", before)),
                "The model has its own flag back, its layers have not: they stay in eval mode. Use `train(…)`."),
        Mistake(_predict(begin=lambda model: model.eval().requires_grad_(False), recording=nullcontext),
                "The answer is right, and the weights are left frozen: training would change them no more.", "M10"),
        Mistake(_predict(answer=lambda scores: scores),
                "These are scores. Softmax makes probabilities of them.", "M01"),
        Mistake(_predict(answer=lambda scores: torch.softmax(scores, dim=0)),
                "Your columns sum to 1, the rows do not: classes live in dim=1.", "M32"),
    ],
    hints=[
        "`model.training` says which mode you find. Keep it before you change it.",
        "`model.eval()` for the dropout, `torch.no_grad()` for the record. Each does one of the two.",
        "`model.train(False)` is `model.eval()`: `train` takes a True or False, such as the one you kept.",
    ],
    explanation="`course_utils.train.evaluate` does the same, so no loss this course has shown you was measured with "
                "units off.",
    seed=80_808,                                        # no learner's own seed, or a seeded answer looks unseeded
)
def steady(model, X):
    """Probabilities (n, K), alike at every call, not recorded for gradients; all is left as found, the mode too."""
    before = model.training
    model.eval()
    with torch.no_grad():
        probabilities = torch.softmax(model(X), dim=1)
    model.train(before)
    return probabilities


@steady.mistake("The answer is right, and recording is left switched off. `with torch.no_grad():` ends by itself.",
                id="M10")
def _(model, X):
    before = model.training
    model.eval()
    torch.set_grad_enabled(False)
    result = torch.softmax(model(X), dim=1)
    model.train(before)
    return result


@steady.mistake("The answer is right, and the dropout is gone for good: its p is left at 0. Use `eval()`.", id="M11")
def _(model, X):
    for layer in model.modules():
        if isinstance(layer, nn.Dropout):
            layer.p = 0.0
    with torch.no_grad():
        return torch.softmax(model(X), dim=1)


find_the_fault = Choice(
    "After `model.eval()` it still gives a new answer at every call. Which repair is right?",
    {
        "a": Right("Line 4: `F.dropout(h, 0.5, training=self.training)`"),
        "b": Wrong("Line 4: `F.dropout(h, 0.5, training=False)`",
                   "Steady, but now nothing is ever off, in training neither. It must follow the mode.", "M11"),
        "c": Wrong("Call `model.eval()` before every single prediction",
                   "`eval()` sets `self.training` to False, and it stays so. The function in line 4 does not "
                   "look at it.", "M11"),
        "d": Wrong("Predict inside `with torch.no_grad():`",
                   "`no_grad` stops recording. It does not touch dropout.", "M10"),
        "e": Wrong("Line 5: `return self.last(0.5 * h)`",
                   "Units would still be off at random. And the scaling is done already: survivors leave "
                   "doubled.", "M41"),
    },
    hints=["`eval()` tells the module. Who tells the function?"],
    explanation="Or use nn.Dropout, a module, which looks itself.",
)

mc_order = Order(
    steps={
        "a": "`passes = torch.stack([model(image) for _ in range(20)])`",
        "b": "`mean, spread = probabilities.mean(0), probabilities.std(0)`",
        "c": "`model.eval()`",
        "d": "`probabilities = passes.softmax(dim=-1)`",
        "e": "`for layer in model.modules(): if isinstance(layer, nn.Dropout): layer.train()`",
    },
    answer="ceadb",
    mistakes=[
        Mistake("ecadb", "`eval()` comes after and switches dropout off again: twenty equal passes.", "M09"),
        *(Mistake(order, "It runs. But if the model is still in training mode, so is any other layer that changes with "
                         "the mode. Start from `eval()`.") for order in ("eadbc", "eadcb", "eacdb")),
        *(Mistake(order, "Dropout is switched on after the passes: twenty equal ones.", "M09")
          for order in ("cadeb", "cadbe", "caedb")),
        Mistake("ceabd", "`probabilities` does not exist yet when you take its mean."),
    ],
    hints=["Two lines set the modes. Which of them would undo the other?",
           "The passes are scores. Whose mean do you want?"],
    explanation="Everything in eval mode except the dropout.",
)

tiny_gain = Choice(
    "The labels are clean. Over ten seeds p = 0.2 gains 0.3 points, the 95 % interval of the differences runs from "
    "−0.1 to 0.7, and one seed gains 1.3. What may you report?",
    {
        "a": Wrong("A gain of 1.3 points, naming the seed, so that everyone can repeat it",
                   "It can be repeated, and it is still the luckiest of ten draws.", "M46"),
        "b": Wrong("A gain of 0.3 points, since ten seeds are more than one",
                   "The mean of ten has an uncertainty too, and here it includes 0.", "M46"),
        "c": Right("No gain that this experiment can tell from noise; at most some 0.7 points"),
        "d": Wrong("Proof that dropout does nothing to clean data",
                   "The interval includes 0.7 as well as 0. Not seen is not the same as not there.", "M46"),
    },
    hints=["Which numbers does the interval leave possible?"],
    explanation="And the loss may tell more: it did fall.",
)


give_names(globals())
