"""The exercises of lesson 08: what is off, what the others are multiplied by, when nothing is off, whom to doubt."""

from contextlib import nullcontext

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checker import Choice, Mistake, Prediction, Right, Wrong, exercise, give_names
from course_utils.data import Data, Examples

guess = Prediction(
    "Without dropout, 73 % of the unseen digits are right after 60 epochs. How many per cent, if in every step each "
    "hidden unit is off with chance one half?",
    low=0,
    high=100,
    measured=85,
    unit="%",
    spread="mean of ten seeds; single runs from 82 to 88",
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

def _probe(n, m, p, seed):
    g = torch.Generator().manual_seed(seed)
    return torch.randn(n, m, generator=g) + 0.3, torch.rand(n, m, generator=g), p


@exercise(
    how=lambda place, x, u, p: (
        f"There x = {x[place]:.4g}, and u = {u[place]:.4g}, so the unit is {'off' if u[place] < p else 'on'}; 1 − p is "
        f"{1 - p:.4g}."),
    probes={"p = 0.2": _probe(3, 7, 0.2, 1), "p = 0.7": _probe(5, 4, 0.7, 2), "p = 0": _probe(2, 6, 0.0, 3)},
    mistakes=[
        Mistake(lambda x, u, p: x * (u >= p),
                "The survivors are not made louder. What leaves is too small by a factor 1 − p on average.", "M41"),
        *(Mistake(answer, "This flips coins of its own. Use the draws in `u`: a unit is off where `u < p`.")
          for answer in (
              lambda x, u, p: F.dropout(x, p),
              lambda x, u, p: x * torch.bernoulli(torch.full_like(x, 1 - p)) / (1 - p),
              lambda x, u, p: x * (torch.rand_like(x) >= p) / (1 - p))),
        Mistake(lambda x, u, p: (u >= p) / (1 - p) + 0 * x,
                "That is the mask with its factor. Multiply it by what the units say, `x`."),
        Mistake(lambda x, u, p: x / (1 - p), "All units are louder and none is off: the mask is missing."),
        *(Mistake(answer, "Here p is the chance to keep a unit. In PyTorch p is the chance to drop it.", "M41")
          for answer in (lambda x, u, p: x * (u < p) / max(p, 1e-9), lambda x, u, p: x * (u < p) / p,
                         lambda x, u, p: x * (u < p) / p if p else x)),
        Mistake(lambda x, u, p: x * (x >= p) / (1 - p),
                "The units that stay are those where `x >= p`. Coins do not look at x: compare `u` with p."),
        *(Mistake(answer, "The right units are off, but the others are divided by p. They survive with chance 1 − p.",
                  "M41")
          for answer in (lambda x, u, p: x * (u >= p) / p if p else x, lambda x, u, p: torch.where(u >= p, x / p, 0))),
        *(Mistake(answer, "The draws themselves multiply x. A unit is on or off: compare them with p, `u >= p`.")
          for answer in (lambda x, u, p: x * u / (1 - p), lambda x, u, p: x * u)),
        Mistake(lambda x, u, p: x[u >= p] / (1 - p),
                "`x[on]` takes the units out that are off. They stay in their places, as zeros."),
        Mistake(lambda x, u, p: x * (u < p) / (1 - p),
                "You kept the units that should be off: a unit is off where u lies below p.", "M41"),
        Mistake(lambda x, u, p: x * (u < 1 - p) / (1 - p),
                "Other units are off than should be. Off is where u lies below p, so on is where `u >= p`."),
        Mistake(lambda x, u, p: x * (u >= 1 - p) / (1 - p),
                "The share that is off is 1 − p, not p. Off is where u lies below p, so on is where `u >= p`.", "M41"),
        Mistake(lambda x, u, p: x * (u[:, :1] >= p) / (1 - p),
                "The first draw of a row decides for all its units. Each unit has a draw of its own: compare all of "
                "`u` with p."),
        Mistake(lambda x, u, p: torch.where(u >= p, x / (1 - p), x),
                "The others are louder, and those that should be off still say x. They say 0."),
        Mistake(lambda x, u, p: torch.where(u >= p, x, x / (1 - p)),
                "No unit is off, and it is those with a draw below p that you made louder. They say 0; the others are "
                "divided by 1 − p.", "M41"),
        Mistake(lambda x, u, p: x * (u >= p) / (1 - p) ** 0.5,
                "The root of 1 − p keeps squares as large on average. It is the mean that shall stay: divide by 1 − p.",
                "M41"),
        Mistake(lambda x, u, p: x * (u[0] >= p) / (1 - p),
                "One row of draws for all examples: every example has draws of its own, a row of `u` each."),
        Mistake(lambda x, u, p: x * (u >= p) * (1 - p),
                "Multiplied by 1 − p, the survivors become even smaller. Divide.", "M41"),
        Mistake(lambda x, u, p: x * (u >= p) * (1 + p),
                "Times 1 + p is too little: at p = 0.5 the survivors must double. Divide by 1 − p.", "M41"),
        Mistake(lambda x, u, p: x * (u >= p) * 2,
                "A factor 2 belongs to p = 0.5. For any p, divide by 1 − p.", "M41"),
        Mistake(lambda x, u, p: x * u.round() / (1 - p),
                "`round` asks whether u lies above 0.5, whatever p is. A unit is on where `u >= p`."),
        Mistake(lambda x, u, p: torch.where(u >= p, x / (1 - p), float("nan")),
                "Units that are off say nan. They say 0."),
        Mistake(lambda x, u, p: x.clamp(min=0) * (u >= p) / (1 - p),
                "Numbers below 0 became 0 as well. A coin does not look at x: they stay if they are on."),
        Mistake(lambda x, u, p: x * (u >= p) / 1 - p,
                "You subtract p from every number. `/ 1 - p` does that; `/ (1 - p)` divides."),
        Mistake(lambda x, u, p: x * (u >= p) / (u >= p).float().mean(),
                "You divide by the share that happened to stay on. Divide by the chance, 1 − p: it needs no counting."),
    ],
    hints=[
        "Multiplying by `on` makes the others 0: True counts as 1, False as 0.",
        "A unit is on in a share 1 − p of the draws. What must it say then, so that its mean is x?",
    ],
    axes=("examples", "units"),
    explanation="That is inverted dropout: all the correcting is done in training, and later there is nothing to do.",
)
def drop(x, u, p):
    """x with each unit off where its draw u lies below p, and the others made louder so that the mean stays x."""
    on = u >= p
    return x * on / (1 - p)


# A layer

def _in_both_modes(layer, p):
    """What a layer does to 300 examples of 20 units, in training mode and after eval(); no single coin is compared."""
    x = torch.linspace(1, 2, 6000).view(300, 20)
    layer.train()
    given = x.clone()
    first, second = layer(given), layer(x.clone())
    in_training = layer.training
    if not isinstance(first, torch.Tensor) or first.shape != x.shape:
        layer.eval()
        return {"forward gives back": first, "after eval()": layer(x.clone()) is None}
    more = [layer(x.clone()) != 0 for _ in range(6)]
    if {len(on.unique()) for on in more} == {1} and len({bool(on[0, 0]) for on in more}) == 2:
        return {"what is off in a call": "all units of all examples, or none"}
    on = first != 0
    with torch.enable_grad():
        followed = layer(x.clone().requires_grad_() * 1)
    layer.eval()
    later = layer(x.clone())
    if not isinstance(later, torch.Tensor) or later.shape != x.shape:
        return {"forward gives back after eval()": later}
    louder = (first / x)[on]
    return {
        "share off, to one digit": round(1 - on.double().mean().item(), 1),
        "survivors are multiplied by": louder.mean() if len(louder) else "nothing survives",
        "all by the same": bool(len(louder) == 0 or louder.max() - louder.min() < 1e-3),
        "each example has coins of its own": bool((on != on[0]).any()),
        "each unit has coins of its own": bool((on != on[:, :1]).any()),
        "the next call flips again": not torch.equal(first != 0, second != 0),
        "how many are off differs from example to example": len(on.sum(dim=1).unique()) > 1,
        "x itself is left as it was": torch.equal(given, x),
        "in training mode after a call": in_training,
        "a gradient gets through": followed.requires_grad,
        "share off after eval()": round((later == 0).double().mean().item(), 1),
        "after eval() multiplied by": (later / x)[later != 0].mean(),
    }


def _layer(forward):
    """A maker of layers with p whose `forward(layer, x)` is given: for wrong answers that differ in a line."""

    class Layer(nn.Module):
        def __init__(self, p):
            super().__init__()
            self.p = p

        def forward(self, x):
            return forward(self, x)

    return lambda p: Layer(p)


def _on(layer, x):
    return torch.rand_like(x) >= layer.p


@exercise(
    probes={"p = 0.3": (0.3,), "p = 0.6": (0.6,)},
    compare_by=_in_both_modes,
    mistakes=[
        Mistake(_layer(lambda layer, x: x * _on(layer, x) / (1 - layer.p)),
                "Units are off after `eval()` too. Ask `self.training`: it is True in training only.", "M09"),
        Mistake(_layer(lambda layer, x: x if layer.training else x * _on(layer, x) / (1 - layer.p)),
                "The two cases are exchanged: units are off after `eval()`, and none in training.", "M09"),
        Mistake(_layer(lambda layer, x: x),
                "Nothing is ever off. In training mode, each unit is off with chance p.", "M11"),
        Mistake(_layer(lambda layer, x: None), "`forward` gives nothing back. Is a `return` missing?"),
        Mistake(_layer(lambda layer, x: x * _on(layer, x) / (1 - layer.p) if layer.training else None),
                "After `eval()` `forward` gives back None. Does the only `return` stand inside of the `if`?"),
        Mistake(_layer(lambda layer, x: None if layer.training else x),
                "In training mode `forward` gives back None. Each of the two cases needs its `return`."),
        Mistake(_layer(lambda layer, x: x * _on(layer, x) / (1 - layer.p) if layer.training else torch.zeros_like(x)),
                "After `eval()` nothing comes through but zeros. Give x back as it is."),
        Mistake(_layer(lambda layer, x: x * _on(layer, x) / (1 - layer.p) if layer.training else x / (1 - layer.p)),
                "After `eval()` x is made louder, though nothing is off. Give it back as it is.", "M41"),
        Mistake(_layer(lambda layer, x: x.detach() * _on(layer, x) / (1 - layer.p) if layer.training else x),
                "No gradient gets through in training, so the layers before it cannot learn. Leave `detach` and "
                "`no_grad` out."),
        Mistake(_layer(lambda layer, x: x.mul_(_on(layer, x) / (1 - layer.p)) if layer.training else x),
                "In training `forward` changes its input x itself. Whoever handed it over finds zeros in it: make a "
                "new tensor, `x * on`."),
        Mistake(_layer(lambda layer, x: x * (torch.rand_like(x).argsort(1).argsort(1) >= int(
                    layer.p * x.shape[1])) / (1 - layer.p) if layer.training else x),
                "In each example exactly as many units are off. A coin for each makes that number vary: compare "
                "`torch.rand_like(x)` with p."),
        Mistake(_layer(lambda layer, x: x * _on(layer, x) if layer.training else x),
                "The survivors are not made louder. Divide by 1 − p, or let your `drop` do it.", "M41"),
        Mistake(_layer(lambda layer, x: x * _on(layer, x) if layer.training else x * (1 - layer.p)),
                "This makes everyone quieter after `eval()`. It works; PyTorch makes the survivors louder in training "
                "instead, and leaves `eval()` nothing to do.", "M41"),
        Mistake(_layer(lambda layer, x: x * _on(layer, x) / (1 - layer.p) if layer.training else x * (1 - layer.p)),
                "Scaled once in training and once more after `eval()`. Once is enough.", "M41"),
        Mistake(_layer(lambda layer, x: x * ~_on(layer, x) / layer.p if layer.training else x),
                "Here p is the chance to keep a unit. In PyTorch p is the chance to drop it.", "M41"),
        Mistake(_layer(lambda layer, x: x * (torch.rand_like(x) >= 0.5) / 0.5 if layer.training else x),
                "Half of the units are off, whatever p is. The layer keeps it in `self.p`.", "M41"),
        Mistake(_layer(lambda layer, x: x * (torch.randn_like(x) >= layer.p) / (1 - layer.p)
                       if layer.training else x),
                "More units are off than p says, as where `randn` draws: it lies below p too often. `rand_like` draws "
                "from 0 to 1."),
        Mistake(_layer(lambda layer, x: x * (torch.rand(x.shape[1]) >= layer.p) / (1 - layer.p)
                       if layer.training else x),
                "All examples share one row of coins. `torch.rand_like(x)` draws one for each number in x."),
        Mistake(_layer(lambda layer, x: x * (torch.rand(1) >= layer.p) / (1 - layer.p) if layer.training else x),
                "One coin decides for the whole tensor: in a call all is on, or all is off. Draw one for each number "
                "in x."),
        Mistake(_layer(lambda layer, x: x * (torch.rand(len(x), 1) >= layer.p) / (1 - layer.p)
                       if layer.training else x),
                "One coin an example: all its units are on, or all are off. Draw one for each number in x."),
    ],
    hints=[
        "Two cases, and `self.training` tells which: `nn.Module` keeps it, `train()` and `eval()` set it.",
        "`torch.rand_like(x)` is the `u` that your `drop` wants.",
        "When not training, x goes through untouched.",
    ],
    explanation="A layer without a single weight. `nn.Dropout` is no more than this.",
)
class Dropout(nn.Module):
    """A layer that drops each unit with chance p in training mode, and lets x through after eval()."""

    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        on = torch.rand_like(x) >= self.p
        return x * on / (1 - self.p)


@Dropout.mistake("After a call in training the layer is in eval mode, so the next step drops nothing. `forward` reads "
                 "the mode and never sets it.")
def _(p):
    def forward(layer, x):
        out = x * _on(layer, x) / (1 - layer.p) if layer.training else x
        layer.eval()
        return out
    return _layer(forward)(p)


@Dropout.mistake("The same units are off at every call. Flip new coins in `forward` each time, with no seed before "
                 "them.")
def _(p):
    u = torch.rand(300, 20)
    return _layer(lambda layer, x: x * (u >= layer.p) / (1 - layer.p) if layer.training else x)(p)


# A loop

class _Witness(nn.Module):
    """A layer of scores, with or without dropout before it, that notes each batch, its own mode, and the updates."""

    def __init__(self, n_features, n_classes, p=0.0):
        super().__init__()
        self.updates = 0
        self.drop, self.scores, self.seen = nn.Dropout(p), nn.Linear(n_features, n_classes), []

    def forward(self, X):
        self.seen.append((X, self.training))
        return self.scores(self.drop(X))

    def count(self, *step):
        """To be called after each step of an optimizer."""
        self.updates += 1
        self.stepped_to = [weights.detach().clone() for weights in self.parameters()]

    @property
    def is_where_the_steps_led(self):
        """Whether nobody has put other weights in since the last step."""
        return self.updates == 0 or all(map(torch.equal, self.parameters(), self.stepped_to))


def _to_train():
    """One batch, so that its order does not matter, and a net without dropout; then three batches, and dropout."""
    cases, sizes = {}, {"40 examples": (40, 23, 0.0, 3), "120 examples and dropout": (120, 31, 0.5, 2)}
    for label, (n, n_valid, p, epochs) in sizes.items():
        X, y = torch.randn(n + n_valid, 5), torch.randint(3, (n + n_valid,))
        X += 2 * torch.eye(5)[y]
        model = _Witness(5, 3, p)
        data = Data(Examples(X[:n], y[:n]), Examples(X[n:], y[n:]))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        optimizer.register_step_post_hook(model.count)
        cases[label] = model, data, optimizer, epochs
    return cases


def _to_measure(X, data):
    """Whether a batch begins with an example of `data.valid`, which one may measure all at once or one by one."""
    return bool((X.reshape(-1, X.shape[-1])[:1] == data.valid.X).all(dim=1).any())


def _orders(batches, train, epochs):
    """In words, in what orders the rows came, where they made several batches and each epoch had them all."""
    rows = torch.cat(batches) if batches else torch.empty(0, 5)
    if len(batches) <= epochs or rows.shape != (epochs * len(train), train.shape[1]):
        return "not told"
    each = rows.split(len(train))
    if any(torch.equal(order, train) for order in each):
        return "that of the table"
    return "one order for all epochs" if torch.equal(each[0], each[1]) else "drawn anew in each epoch"


def _training_seen(result, model, data, optimizer, epochs):
    """What came out, and in which mode the model met which rows; exact numbers where nothing is left to chance."""
    if result is None or result is ...:
        return result
    seen, chance = [(len(X), _to_measure(X, data), mode) for X, mode in model.seen], model.drop.p > 0
    with torch.no_grad():
        end = model.eval()(data.valid.X)
    share = (end.argmax(1) == data.valid.y).double().mean().item()
    numbers = [round(float(value), 4) for value in result] if hasattr(result, "__len__") else result
    steps = [mode for _, measured, mode in seen if not measured]
    sizes = [rows for rows, measured, _ in seen if not measured]
    return {
        "numbers, one an epoch": len(numbers) if chance and isinstance(numbers, list) else numbers,
        "weights at the end": "those after the last step" if model.is_where_the_steps_led else "others",
        "the last is the share right at the end":
            not model.is_where_the_steps_led or isinstance(numbers, list) and abs(numbers[-1] - share) < 1e-3,
        "batches to learn from": len(steps),
        "updates by this optimizer": model.updates,
        "order of the rows": _orders([X for X, _ in model.seen if not _to_measure(X, data)], data.train.X, epochs),
        "examples in each step": sorted(sizes),
        "rows in the first step": next(iter(sizes), 0),
        "steps in training mode": sum(steps),
        "measured in training mode": any(mode for _, measured, mode in seen if measured),
        "scores at the end": "by chance" if chance or not model.is_where_the_steps_led else end,
    }


def _leave(model):
    """Stands where a mode is not set."""


def _right(scores, y):
    return (scores.argmax(dim=1) == y).float().mean().item()


def _trainer(at_start=_leave, steps=lambda model: model.train(), measuring=lambda model: model.eval(), part="valid",
             clear=True, step=True, measure=_right, loss=F.cross_entropy, give=lambda right: right,
             order=lambda n, epoch, before: torch.randperm(n), cut=lambda rows: rows.split(50)):
    """The solution with another line: when a mode is set, what is measured, whether gradients are cleared and used."""

    def train_model(model, data, optimizer, epochs):
        at_start(model)
        right, rows = [], None
        for epoch in range(epochs):
            steps(model)
            rows = order(len(data.train.y), epoch, rows)
            for batch in cut(rows):
                value = loss(model(data.train.X[batch]), data.train.y[batch])
                if clear:
                    optimizer.zero_grad()
                value.backward()
                if step is True:
                    optimizer.step()
            if step == "once an epoch":
                optimizer.step()
            measuring(model)
            X, y = getattr(data, part)
            with torch.no_grad():
                right.append(measure(model(X), y))
        return give(right)

    return train_model


def _steps_on(examples):
    """The solution with other `examples` in a step."""

    def train_model(model, data, optimizer, epochs):
        right = []
        for _ in range(epochs):
            model.train()
            for batch in torch.randperm(len(data.train.y)).split(50):
                X, y = examples(batch)
                optimizer.zero_grad()
                F.cross_entropy(model(X), y).backward()
                optimizer.step()
            model.eval()
            with torch.no_grad():
                right.append(_right(model(data.valid.X), data.valid.y))
        return right

    return train_model


@exercise(
    probes=_to_train,
    compare_by=_training_seen,
    mistakes=[
        Mistake(_trainer(measuring=_leave),
                "You measure with units off, so the share is left to luck. `model.eval()` comes before it.", "M09"),
        Mistake(_trainer(steps=_leave),
                "After the first `eval()` nobody switches back: in later epochs no unit is off. "
                "`model.train()` begins every epoch.", "M09"),
        Mistake(_trainer(at_start=lambda model: model.eval(), steps=_leave),
                "The steps are taken in eval mode, so no unit is ever off. `model.train()` begins every epoch.", "M09"),
        Mistake(_trainer(steps=lambda model: model.eval(), measuring=lambda model: model.train()),
                "The two are exchanged: `train()` before the steps, `eval()` before you measure.", "M09"),
        Mistake(_trainer(clear=False),
                "Each step adds its gradients to those of all steps before. `optimizer.zero_grad()` belongs in each."),
        Mistake(_trainer(step=False),
                "The weights stay where they were. In each step `backward()` fills `.grad` and `optimizer.step()` uses "
                "it: is one of them missing, or `.grad` emptied between them?"),
        *(Mistake(_trainer(step="once an epoch", clear=clear),
                  "One step an epoch: does `optimizer.step()` stand behind the loop over the batches? Each of them "
                  "takes its own.") for clear in (True, False)),
        Mistake(_trainer(order=lambda n, epoch, before: torch.arange(n)),
                "The batches come in the order of the table, epoch after epoch. Take the rows of `torch.randperm(…)`."),
        Mistake(_trainer(order=lambda n, epoch, before: torch.randperm(n) if before is None else before),
                "One order was drawn for all epochs. `torch.randperm` belongs inside the loop over them."),
        Mistake(_trainer(part="train"),
                "That is the share of the training labels that it knows. Measure `data.valid`.", "M24"),
        Mistake(_trainer(measure=lambda scores, y: 100 * _right(scores, y)),
                "These are per cents. Return shares, from 0 to 1."),
        Mistake(_trainer(measure=lambda scores, y: (scores.argmax(1) == y).sum().item()),
                "You count the examples that are right. A share is the count over their number."),
        Mistake(_trainer(measure=lambda scores, y: F.cross_entropy(scores, y).item()),
                "Those are losses. Asked is the share of labels that are right."),
        Mistake(_trainer(loss=lambda scores, y: F.cross_entropy(scores.softmax(1), y)),
                "Softmax acts twice: `F.cross_entropy` wants scores, and has one inside.", "M02"),
        Mistake(_trainer(loss=lambda scores, y: F.cross_entropy(scores, y, reduction="sum")),
                "Each step follows the sum over its batch. It is as many times too long as the batch has examples: "
                "`F.cross_entropy` takes the mean by itself.", "M15"),
        Mistake(_trainer(loss=lambda scores, y: F.cross_entropy(scores, y) / len(y)),
                "`F.cross_entropy` has taken the mean already. You divide by the size of the batch once more.",
                "M17"),
        Mistake(_trainer(measure=lambda scores, y: 1 - _right(scores, y)),
                "Those are the shares that are wrong. Asked are the shares right."),
        Mistake(_trainer(measure=lambda scores, y: scores.softmax(1)[torch.arange(len(y)), y].mean().item()),
                "That is the mean probability of the right label. Count how often it is the highest: `argmax(1)`."),
        Mistake(_trainer(cut=lambda rows: rows.chunk(50)),
                "`chunk(50)` makes 50 batches, or as many as there are rows. `split(50)` makes batches of 50."),
        Mistake(_trainer(cut=lambda rows: [batch for batch in rows.split(50) if len(batch) == 50]),
                "The batch that is not full is left out. Its rows are there to be learned from as well."),
        Mistake(_trainer(cut=lambda rows: rows.split(50)[:1]),
                "One batch an epoch, and it is measured. Each epoch takes all batches: does the measuring stand inside "
                "their loop, or a `break`?"),
        Mistake(_trainer(order=lambda n, epoch, before: torch.randint(n, (n,))),
                "Drawn with repetition: some rows come twice in an epoch, others never. `torch.randperm` is an order."),
        Mistake(lambda model, data, optimizer, epochs: [
                    _right(model.eval()(data.valid.X), data.valid.y), *_trainer()(model, data, optimizer, epochs)],
                "One number too many: you measure before the first epoch as well. Measure after each."),
        Mistake(lambda model, data, optimizer, epochs: _trainer()(model, data, optimizer, epochs - 1),
                "One epoch is missing. Does the loop begin at 1? `range(epochs)` has as many rounds as asked for."),
        *(Mistake(_trainer(give=give), "One number came back. Keep one for each epoch: append to `right`.")
          for give in (lambda right: right[-1:], lambda right: right[-1])),
        Mistake(lambda model, data, optimizer, epochs: _trainer()(model, data, optimizer, 1),
                "Training ends after the first epoch. Is `return` inside the loop?"),
    ],
    hints=[
        "A step, as in lesson 7: scores of `data.train.X[batch]`, their loss, `zero_grad`, `backward`, `step`.",
        "Two modes: one belongs before the steps, the other before you measure, and both in every epoch.",
        "Of all scores, how often is `scores.argmax(1)` the label? `torch.no_grad()` spares the recording.",
    ],
    explanation="Two lines for the dropout, and both inside the loop over epochs.",
)
def train_model(model, data, optimizer, epochs):
    """Train with batches of 50; return the share of data.valid that is right after each epoch."""
    right = []
    for _ in range(epochs):
        model.train()
        for batch in torch.randperm(len(data.train.y)).split(50):
            loss = F.cross_entropy(model(data.train.X[batch]), data.train.y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            right.append((model(data.valid.X).argmax(dim=1) == data.valid.y).float().mean().item())
    return right


@train_model.mistake("Every step looks at all of `data.train`. Take the rows of its batch, of X and of y.")
def _(model, data, optimizer, epochs):
    whole = torch.arange(len(data.train.y))
    return _steps_on(lambda batch: (data.train.X[whole], data.train.y[whole]))(model, data, optimizer, epochs)


@train_model.mistake("The steps go by labels of other rows: X is taken in the order that was drawn, y is not. Both "
                     "need the batch's rows.")
def _(model, data, optimizer, epochs):
    return _steps_on(lambda batch: (data.train.X[batch], data.train.y[:len(batch)]))(model, data, optimizer, epochs)


@train_model.mistake("The steps learn from `data.valid`. So the share right in it is no longer one of unseen examples: "
                     "learn from `data.train`.", id="M24")
def _(model, data, optimizer, epochs):
    X, y = data.valid
    return _steps_on(lambda batch: (X[batch % len(y)], y[batch % len(y)]))(model, data, optimizer, epochs)


@train_model.mistake("The model does not end where its last step led: other weights are put back. Asked is to train "
                     "for so many epochs, with no choice among them.")
def _(model, data, optimizer, epochs):
    begun = {name: value.clone() for name, value in model.state_dict().items()}
    right = _trainer()(model, data, optimizer, epochs)
    model.load_state_dict(begun)
    return right


@train_model.mistake("You measure after each batch. Measure once an epoch, when all its steps are taken.")
def _(model, data, optimizer, epochs):
    right = []
    for _ in range(epochs):
        for batch in torch.randperm(len(data.train.y)).split(50):
            loss = F.cross_entropy(model.train()(data.train.X[batch]), data.train.y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                right.append(_right(model.eval()(data.valid.X), data.valid.y))
    return right


# Measuring

def _models():
    """One network in each mode, and one with its dropout elsewhere; units are off often enough to show."""
    models = {
        "a model in training mode": nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Dropout(0.5), nn.Linear(12, 3)),
        "a model in eval mode": nn.Sequential(nn.Linear(6, 9), nn.ReLU(), nn.Dropout(0.5), nn.Linear(9, 4)).eval(),
        "a model with two dropout layers":
            nn.Sequential(nn.Dropout(0.3), nn.Linear(6, 8), nn.ReLU(), nn.Dropout(0.4), nn.Linear(8, 3)),
    }
    for model in models.values():
        _watch(model)
    return {label: (model, torch.randn(n, 6)) for n, (label, model) in zip((7, 5, 4), models.items(), strict=True)}


def _watch(model):
    """Have the model note, at each call, whether units are off; copies of it write into the same list."""
    for weights in model.parameters():
        weights.grad = torch.ones_like(weights)
    calls = model.calls = []
    model.register_forward_pre_hook(lambda layers, inputs: calls.append(
        any(layer.training for layer in layers.modules() if isinstance(layer, nn.Dropout) and layer.p)))


def _what_is_left(result, model, X):
    """The answer, whether it is recorded for gradients, and all that must be as it was found."""
    often = sum(model.calls) > 2                # two may be a try; the mean of many is left to luck, whatever it is
    return {
        "probabilities": "by luck" if often else result.detach() if isinstance(result, torch.Tensor) else result,
        "calls with units off": "many" if often else "one or none",
        "recorded for gradients": getattr(result, "requires_grad", False),
        "training afterwards, model and layers": [layer.training for layer in model.modules()],
        "p afterwards": [layer.p for layer in model.modules() if isinstance(layer, nn.Dropout)],
        "weights afterwards": model.state_dict(),
        "requires_grad afterwards": [weights.requires_grad for weights in model.parameters()],
        "recording is on afterwards": torch.is_grad_enabled(),
        "gradients afterwards": "as before" if all(
            weights.grad is not None and weights.grad.eq(1).all() for weights in model.parameters()) else "others",
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


def _mean_of_many(recording, begin, end):
    """An answer that asks often, with units off, in place of once without."""

    def predict(model, X):
        before = model.training
        begin(model)
        with recording():
            mean = torch.stack([model(X).softmax(dim=1) for _ in range(20)]).mean(dim=0)
        end(model, before)
        return mean

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
                "The answer is right, but the model stays in eval mode. Whoever trains it on has no dropout."),
        Mistake(_predict(end=lambda model, before: model.train()),
                "You always leave it in training mode. It may have come in eval mode: put back what you found."),
        Mistake(_predict(end=lambda model, before: setattr(model, "training", before)),
                "The model has its own flag back, its layers have not: they stay in eval mode. Use `train(…)`."),
        Mistake(_predict(begin=lambda model: model.eval().requires_grad_(False), recording=nullcontext),
                "The answer is right, and the weights are left frozen: training would change them no more.", "M10"),
        Mistake(_predict(answer=lambda scores: scores),
                "These are scores. Softmax makes probabilities of them.", "M01"),
        Mistake(_predict(answer=lambda scores: torch.log_softmax(scores, dim=1)),
                "These are the logarithms of the probabilities. Leave the logarithm out: `softmax`."),
        *(Mistake(_mean_of_many(recording, begin, end),
                  "That is a mean of many calls with units off: less luck, and luck still. `eval()` needs one call.",
                  "M10") for recording in (torch.no_grad, nullcontext)
          for begin, end in ((_nothing, _nothing), (nn.Module.train, _nothing), (nn.Module.train, nn.Module.train))),
        *(Mistake(_predict(begin=_nothing, end=lambda model, before: model.eval(), recording=recording),
                  "`eval()` comes after the prediction, when units have been off already. It comes first, and the mode "
                  "is put back at the end.", "M09") for recording in (torch.no_grad, nullcontext)),
        Mistake(_predict(end=lambda model, before: (model.train(before), model.zero_grad())),
                "The answer is right, and the gradients that lay in the model are gone. A step may be about to use "
                "them: leave `zero_grad()` out."),
        Mistake(_predict(answer=lambda scores: scores.softmax(1).softmax(1)),
                "Softmax acts twice, so all probabilities come nearer to each other. Once is enough.", "M02"),
        Mistake(_predict(answer=lambda scores: scores / scores.sum(1, keepdim=True)),
                "You divided the scores by their sum, and scores may lie below 0. Softmax raises e to each first."),
        Mistake(_predict(answer=torch.sigmoid),
                "Each class went through a sigmoid alone, so a row need not sum to 1. Softmax weighs them together."),
        Mistake(_predict(answer=lambda scores: scores.argmax(dim=1)),
                "Those are the classes it would name. Give the probabilities, K in each row."),
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
    """There is also a function, `F.dropout`. After `model.eval()` this network still gives a new answer at every call.
Which repair is right?

```
1  class Net(nn.Module):                 # __init__ makes self.first and self.last, two nn.Linear
2      def forward(self, X):
3          h = F.relu(self.first(X))
4          h = F.dropout(h, 0.5)
5          return self.last(h)
```""",
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

# Whom to doubt

def _doubtful():
    """A network with dropout, in training mode, and labels of which some are not what it would say."""
    cases = {}
    for label, rows, n_classes, n in (("four of 17 labels", 17, 3, 4), ("six of 23 labels", 23, 5, 6)):
        model = nn.Sequential(nn.Dropout(0.5), nn.Linear(8, n_classes))
        with torch.no_grad():
            model[1].weight.mul_(6)
            model[1].bias.copy_(torch.linspace(-2, 2, n_classes))
        cases[label] = model, torch.randn(rows, 8), torch.randint(n_classes, (rows,)), n
    return cases


def _rows(result, model, X, y, n):
    """Which rows, whatever their order."""
    if not hasattr(result, "__len__"):
        return result
    if getattr(result, "ndim", 1) != 1:
        return {"what came back": f"a table of shape {tuple(result.shape)}", "rows": "of no use"}
    rows = sorted(value.item() if isinstance(value, torch.Tensor) else value for value in result)
    is_mask = bool(rows) and {type(row) for row in rows} <= {bool, np.bool_}
    return {"what came back": "a list of rows", "rows": "a mask" if is_mask else rows}


def _suspicion(belief, mode=lambda model: model.eval()):
    """The solution with another idea of belief: `belief(scores, y)` is lowest where a label is suspected."""

    def suspects(model, X, y, n):
        mode(model)
        with torch.no_grad():
            scores = model(X)
        return belief(scores, y).argsort()[:n]

    return suspects


def _given(numbers, y):
    return numbers[torch.arange(len(y)), y]


@exercise(
    probes=_doubtful,
    compare_by=_rows,
    mistakes=[
        Mistake(_suspicion(lambda scores, y: _given(scores.softmax(1), y), mode=_leave),
                "You asked a network with units off: another call gives other rows. `eval()` first.", "M09"),
        Mistake(_suspicion(lambda scores, y: -_given(scores.softmax(1), y)),
                "These are the labels it believes most. `argsort()` puts the lowest value first."),
        Mistake(_suspicion(lambda scores, y: scores.softmax(1).amax(1)),
                "Here it is unsure of every class. Ask for the probability of the label that was given, `y`."),
        Mistake(_suspicion(lambda scores, y: -scores.softmax(1).amax(1)),
                "Here it is surest of something. Ask for the probability of the label that was given, `y`."),
        Mistake(_suspicion(lambda scores, y: _given(scores, y)),
                "A score means nothing beside another row's. Make probabilities of each row first.", "M01"),
        Mistake(_suspicion(lambda scores, y: _given(scores.softmax(0), y)),
                "Your columns sum to 1, the rows do not: classes live in dim=1.", "M32"),
        Mistake(_suspicion(lambda scores, y: (scores.argmax(1) == y).float()),
                "These labels it would not have given. Ask how little it believes them: the probability of `y`."),
        Mistake(_suspicion(lambda scores, y: scores.softmax(1)[:, y]),
                "`[:, y]` pairs every row with every label. Each row needs its own: `torch.arange(len(y))` first."),
        *(Mistake(_suspicion(lambda scores, y, late=late: (scores.argmax(1) == y) * 1000 + late * torch.arange(len(y))),
                  "Those are rows it would label otherwise, in the table's order. Take those it believes least.")
          for late in (1, -1)),
        Mistake(_suspicion(lambda scores, y: scores.softmax(1).amin(1)),
                "These rows have the lowest probability of all, of whichever class. Each row needs that of its own "
                "label: `p[torch.arange(len(y)), y]`. (`p[:, y]` pairs every row with every label.)"),
        Mistake(lambda model, X, y, n: torch.ones(len(y), dtype=torch.bool),
                "That is a mask, a True or False for each row. The numbers of the rows are asked for: `argsort` gives "
                "them."),
        Mistake(_suspicion(lambda scores, y: _given(scores.softmax(1), y) - scores.softmax(1).amax(1)),
                "You went by how far the label lies behind the one that it would give. Asked is how little it believes "
                "the label itself."),
        Mistake(_suspicion(lambda scores, y: _given(scores.softmax(1), y).argsort()),
                "`argsort` of `argsort` gives each row its rank. Sort once: that gives the rows, lowest first."),
        Mistake(lambda model, X, y, n: (model.eval()(X).argmax(1) != y).nonzero().flatten(),
                "Those are all rows that it would label otherwise, however many. Take the n that it believes least."),
        Mistake(lambda model, X, y, n: X[suspects.right_answer(model, X, y, n)],
                "Those are the images of these rows. Give their numbers."),
        Mistake(_suspicion(lambda scores, y: y),
                "This orders by the labels themselves. What does the model say of them?"),
    ],
    hints=[
        "Steady probabilities of every row: you have written that.",
        "From each row take the one of its own label: index with `torch.arange(len(y))` and `y`.",
        "`argsort()` gives row numbers, that of the lowest value first.",
    ],
    explanation="The label it believes least is the one that costs most: you have ranked the labels by their loss.",
)
def suspects(model, X, y, n):
    """The rows of the n labels in y that the model believes least."""
    model.eval()
    with torch.no_grad():
        probabilities = torch.softmax(model(X), dim=1)
    believed = probabilities[torch.arange(len(y)), y]
    return believed.argsort()[:n]


@suspects.mistake("These are probabilities. The rows are asked for: `argsort` gives them, `sort` the values.")
def _(model, X, y, n):
    with torch.no_grad():
        return _given(model.eval()(X).softmax(1), y).sort().values[:n]


@suspects.mistake("The order is right, and one row is missing. `[:n]` gives n of them: the end of a slice is left out.")
def _(model, X, y, n):
    return _suspicion(lambda scores, y: _given(scores.softmax(1), y))(model, X, y, n - 1)


@suspects.mistake("There is one too many. Up to n is `[:n]`, which has n.")
def _(model, X, y, n):
    return _suspicion(lambda scores, y: _given(scores.softmax(1), y))(model, X, y, n + 1)


@suspects.mistake("Those are rows where it is surest of another label. How surely it names another is not how little "
                  "it believes the one that was given: that is the probability of `y`.")
def _(model, X, y, n):
    def belief(scores, y):
        top, said = scores.softmax(1).max(dim=1)
        return -torch.where(said == y, 0, top)
    return _suspicion(belief)(model, X, y, n)


@suspects.mistake("These are all the rows, in the right order. Keep the first n.")
def _(model, X, y, n):
    return _suspicion(lambda scores, y: _given(scores.softmax(1), y))(model, X, y, len(y))


@suspects.mistake("These are the labels of those rows. Give the numbers of the rows.")
def _(model, X, y, n):
    return y[_suspicion(lambda scores, y: _given(scores.softmax(1), y))(model, X, y, n)]


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
    explanation="Half the interval takes four times as many seeds.",
)


give_names(globals())
