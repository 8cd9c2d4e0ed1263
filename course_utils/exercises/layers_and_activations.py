"""The exercises of lesson 07: columns, a network and its loop, its width, and what a forecast is for."""

import copy
from statistics import mode

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checker import Choice, Mistake, Prediction, Right, Wrong, exercise, first_step, give_names
from course_utils.datasets import load_bike_demand, simulate_bike_demand
from course_utils.download import DataUnavailable


def _on_the_fifth() -> float:
    """Rentals on Wednesday, 5 September 2012, from 8 to 9 o'clock."""
    try:
        data = load_bike_demand(leaks=False, download=False)
    except DataUnavailable:
        data = simulate_bike_demand(leaks=False)
    at = dict(zip(data.feature_names, data.test.X.unbind(1), strict=True))
    asked = (at["mnth"] == 9) & (at["weekday"] == 3) & (at["hr"] == 8)
    return data.test.y[asked][0].item()


tomorrow = Prediction(
    "How many bicycles are rented from 8 to 9 o'clock on Wednesday, 5 September 2012? A number from 0 to 1,000.",
    low=0,
    high=1000,
    measured=_on_the_fifth,
    spread="what was counted that morning, by the data this lesson runs on",
    reveal_later=True,
)

recall_test = Choice(
    "You tried five penalties. Which one do you keep, and which number do you report?",
    {
        "a": Wrong("Keep the best on test; report its test score",
                   "The test rows have chosen, so their score is one of five tries, the luckiest.", "M25"),
        "b": Right("Keep the best on validation; report its test score"),
        "c": Wrong("Keep the best on validation; report its validation score",
                   "The validation rows have chosen, so their score is the luckiest of five. "
                   "The test rows have not.", "M25"),
    },
    hints=["A score that has chosen something can no longer judge it."],
    explanation="Choose with one part, report with another.",
)


# The data

leaks = Choice(
    "A forecast is made the evening before. Which columns may it not use? Give all their letters.",
    {
        "a": Wrong("`hr`, the hour", "The hour is known long before: it is the question."),
        "b": Right("`casual`, rentals by passers-by in that hour", "Nobody knows it before the hour is over."),
        "c": Wrong("`workingday`", "The calendar is known long before."),
        "d": Right("`registered`, rentals by members in that hour", "Nobody knows it before the hour is over."),
        "e": Wrong("`yr`, 0 for 2011 and 1 for 2012", "The year is known the evening before."),
    },
    hints=["Which columns are known only when the hour is over?",
           "Two columns add up to the answer."],
    explanation="They add up to the answer. A perfect score is a reason to look for such columns.",
)


def _scale_probe(n_train, n_test, seed, spreads):
    g = torch.Generator().manual_seed(seed)
    spreads, m = torch.tensor(spreads), len(spreads)
    return (torch.randn(n_train, m, generator=g) * spreads + 5, torch.randn(n_test, m, generator=g) * 2 * spreads + 9)


def _with_divisor(correction):
    """The mistakes of whoever divides by n (correction 0) or by n − 1 (correction 1)."""
    def by(rows, part):
        return (part - rows.mean(0)) / rows.std(0, correction=correction)

    return [
        Mistake(lambda train, test: tuple(by(torch.cat([train, test]), part) for part in (train, test)),
                "Test rows went into your mean and standard deviation. "
                "They must come from the train rows alone.", "M24"),
        Mistake(lambda train, test: (by(train, train), by(test, test)),
                "You scaled the test rows by their own numbers. One row of tomorrow has no mean of its own.", "M24"),
        Mistake(lambda train, test: tuple((part - train.mean()) / train.std(correction=correction)
                                          for part in (train, test)),
                "You took one mean over all columns. Each column has its own: `mean(0)`."),
        Mistake(lambda train, test: tuple((part - train.mean(0)) / train.var(0, correction=correction)
                                          for part in (train, test)),
                "You divided by the variance. Its root, the standard deviation, has the column's unit."),
        Mistake(lambda train, test: tuple(by(part.T, part.T).T for part in (train, test)),
                "Each row came out with mean 0: you went along the rows. A column has its mean, `mean(0)`."),
        Mistake(lambda train, test: tuple(part - train.mean(0) / train.std(0, correction=correction)
                                          for part in (train, test)),
                "Only the mean is divided: brackets belong round `train - mean`, before the division."),
        Mistake(lambda train, test: tuple(
                    (part - train.mean(0)) / part.std(0, correction=correction) for part in (train, test)),
                "The mean is that of the train rows, and each part was divided by a spread of its own. Both belong to "
                "the train rows.", "M24"),
        Mistake(lambda train, test: (by(test, train), by(test, test)),
                "Mean and standard deviation are those of the test rows. On the day you train there are none: take "
                "them from `train`.", "M24"),
        Mistake(lambda train, test: (by(train, test), by(train, train)),
                "The two parts are in the wrong order: `train` first."),
        Mistake(lambda train, test: tuple(part / train.std(0, correction=correction) for part in (train, test)),
                "The columns are divided, and their means are still in them. Subtract the mean first."),
        Mistake(lambda train, test: (train, by(train, test)),
                "The train rows came out as they went in. They are scaled as well, by the same mean and standard "
                "deviation."),
        Mistake(lambda train, test: tuple((part - train.mean(0)) / test.std(0, correction=correction)
                                          for part in (train, test)),
                "The mean is that of the train rows, and the spread that of the test rows. Both belong to the train "
                "rows.", "M24"),
        Mistake(lambda train, test: tuple((part - train.mean(0)) * train.std(0, correction=correction)
                                          for part in (train, test)),
                "You multiplied by the standard deviation. Divide by it."),
        Mistake(lambda train, test: tuple((part - train.median(0).values) / train.std(0, correction=correction)
                                          for part in (train, test)),
                "You subtracted the median of each column. Subtract its mean."),
        Mistake(lambda train, test: (by(train, train), test),
                "The test rows came out as they went in. Were they left out? Or had `train` been scaled already when "
                "you measured it? Then its mean is 0 and its standard deviation 1."),
    ]


@exercise(
    how=lambda place, train, test: (
        f"Column {place[-1]} of train has the mean {train[:, place[-1]].mean():.4g} and the standard deviation "
        f"{train[:, place[-1]].std(correction=0):.4g}."),
    probes=[_scale_probe(900, 230, 1, [1.0, 12.0, 0.4]), _scale_probe(700, 410, 2, [3.0, 0.5, 8.0, 1.5])],
    axes=("hours", "columns"),
    rtol=3e-3,
    atol=3e-3,
    mistakes=[
        Mistake(lambda train, test: (train - train.mean(0), test - train.mean(0)),
                "The columns still differ in size. After the mean is gone, divide by the standard deviation."),
        Mistake(lambda train, test: tuple((part - train.amin(0)) / (train.amax(0) - train.amin(0))
                                          for part in (train, test)),
                "Your train columns go from 0 to 1, by their lowest and highest. Take mean and standard deviation."),
        Mistake(lambda train, test: tuple((part - train.mean(0)) / train.mean(0) for part in (train, test)),
                "You divided by the mean. Divide by the standard deviation: how far the rows lie from the mean."),
        Mistake(lambda train, test: tuple((part - train.mean(0)) / train.square().mean(0).sqrt()
                                          for part in (train, test)),
                "You divided by the root of the mean square, which holds the mean as well. Measure the spread around "
                "the mean: `std(0)`."),
        *(Mistake(lambda train, test, off=off: tuple(F.normalize(part - off(train), dim=0) for part in (train, test)),
                  "Each column came out with length 1, as `F.normalize` makes it. A standard deviation does not grow "
                  "with the number of rows: divide by that of train.")
          for off in (lambda train: train.mean(0), lambda train: 0.0)),
        *_with_divisor(0),
        *_with_divisor(1),
    ],
    hints=[
        "Which rows exist on the day you train? Their mean and standard deviation are all you may use.",
        "`train.mean(0)` gives one mean a column. Subtract the train rows' mean from both parts.",
    ],
    explanation="The test rows need not come out with mean 0: that they do not is information.",
)
def scaled(train, test):
    """Both parts, column by column, minus the train rows' mean and over the train rows' standard deviation."""
    mean, sd = train.mean(0), train.std(0, correction=0)
    return (train - mean) / sd, (test - mean) / sd


# Layers

no_activation = Choice(
    "`nn.Sequential(nn.Linear(12, 64), nn.Linear(64, 1))` has 897 parameters, one `nn.Linear(12, 1)` has 13. "
    "What can the first do that the second cannot?",
    {
        "a": Right("Nothing: both give straight lines"),
        "b": Wrong("Bend: the 64 units in between let it follow curves",
                   "Nothing between the two layers bends. A weighted sum of weighted sums is a weighted sum."),
        "c": Wrong("Combine columns, such as the hour with the kind of day",
                   "A product of columns is needed for that, or a bend. Sums of sums stay sums."),
    },
    hints=["Write the second layer's output with the first one's formula in place, and multiply out."],
    explanation="Multiply the two matrices and you have the one layer.",
)

baseline = Choice(
    "Two models of the same city. Nights (3 o'clock): the model misses by RMSE 9, the mean of the training nights by "
    "8. Evenings (17 o'clock): the model 90, the mean 180. Which model is worth having?",
    {
        "a": Wrong("The one for the night: 9 is far less than 90",
                   "A number alone says little. "
                   "At night a constant misses by 8, so this model is worse than none.", "M45"),
        "b": Right("The one for the evening: it halves what a mean would miss"),
        "c": Wrong("Both: each is the best anyone has fitted",
                   "At night a constant, which needs no model, misses by less. "
                   "Print the baseline beside every score.", "M45"),
    },
    hints=["Compare each model with what needs no model."],
    explanation="The baseline comes first, as the majority does for a classifier.",
)


# Columns

@exercise(
    how=lambda place, hours, working: f"In row {place[0]}, `working` is {working[place[0]]:g}.",
    probes=[
        (torch.eye(4)[[0, 2, 3, 1, 2, 0]], torch.tensor([1.0, 0.0, 1.0, 1.0, 1.0, 0.0])),
        (torch.eye(3)[[2, 1, 0, 0, 1]], torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0])),
    ],
    axes=("records", "hours"),
    mistakes=[
        Mistake(lambda hours, working: hours + working[:, None],
                "A sum adds the same to every hour, which a linear model does already. A product switches."),
        Mistake(lambda hours, working: hours * (1 - working[:, None]),
                "These are the hours of days off: rows with `working` 0 must become zeros."),
        Mistake(lambda hours, working: torch.cat([hours, working[:, None]], dim=1),
                "You put `working` beside the hours, as one more column. Multiply each hour by it."),
        Mistake(lambda hours, working: hours,
                "The hours came back as they were, those of days off too. In a loop `row = …` gives the name another "
                "value and leaves the table alone."),
        Mistake(lambda hours, working: ((hours + working[:, None]) > 0).to(hours.dtype),
                "A 1 stands where it is that hour or the day works. Both are to hold: multiply."),
        Mistake(lambda hours, working: hours * working[0],
                "The first row's `working` decided for all rows. Each row has its own."),
        Mistake(lambda hours, working: hours - working[:, None],
                "You subtracted `working`. Multiply each hour by it."),
        Mistake(lambda hours, working: hours.masked_fill(working[:, None] == 0, float("nan")),
                "Days off hold nan. They are to hold zeros: a product of 0 and 1 makes them."),
        Mistake(lambda hours, working: hours * (2 * working[:, None] - 1),
                "Days off came out below 0. They are to hold zeros: multiply by `working` as it is."),
        Mistake(lambda hours, working: hours * working.sum(),
                "You multiplied by the number of working days. Each row has a `working` of its own: 1 or 0."),
        Mistake(lambda hours, working: working[:, None],
                "That is `working` as a column, and the hours are missing. Multiply them by it."),
        Mistake(lambda hours, working: hours.argmax(1) * working,
                "One number a row came out: the number of the hour. Keep the h columns, and multiply them."),
        Mistake(lambda hours, working: hours.T @ working,
                "You summed over the rows. Each row keeps its own h entries, so no sum is needed."),
        Mistake(lambda hours, working: hours * working,
                "Shapes (n, h) and (n,) do not line up. Make `working` a column, of shape (n, 1)."),
        Mistake(lambda hours, working: hours[working == 1],
                "The days off are gone. Every row stays; on a day off it holds zeros."),
    ],
    hints=["Each row of `hours` is kept where `working` is 1 and becomes zeros where it is 0.",
           "Multiply each row of `hours` by its entry of `working`.",
           "`working` has shape (n,). As a column, (n, 1), it multiplies row by row: `[:, None]` makes one."],
    explanation="Beside the plain hours, these columns let each hour of a working day have a level of its own.",
)
def interaction(hours, working):
    """(n, h): the one-hot hours (n, h) on working days, zeros on days off; working (n,) holds 1. and 0."""
    return hours * working[:, None]


# The network

def _demand(forward):
    """The class of the lesson with another `forward`."""

    class Demand(nn.Module):
        def __init__(self, n_columns, width):
            super().__init__()
            self.hidden = nn.Linear(n_columns, width)
            self.output = nn.Linear(width, 1)

    Demand.forward = forward
    return Demand


class _MadeAtEachCall(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.sizes = n_columns, width

    def forward(self, X):
        n_columns, width = self.sizes
        return nn.Linear(width, 1)(torch.relu(nn.Linear(n_columns, width)(X))).squeeze(1)


class _InAList(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.layers = [nn.Linear(n_columns, width), nn.Linear(width, 1)]

    def forward(self, X):
        return self.layers[1](torch.relu(self.layers[0](X))).squeeze(1)


OBSERVED = ("what comes back", "numbers that can learn", "the same outputs at each call", "outputs",
            "the output of a single row has a dimension", "a gradient gets through",
            "a gradient reaches every weight")


def _outputs(model, n_columns, width):
    """What the network makes of nine rows, from weights that are the same in every answer, and whether it can learn."""
    g = torch.Generator().manual_seed(n_columns)
    with torch.no_grad():
        for p in sorted(model.parameters(), key=lambda p: (p.numel(), p.dim()), reverse=True):     # made in any order
            p.copy_(torch.randn(p.shape, generator=g))
    X = torch.randn(9, n_columns, generator=g)
    with torch.enable_grad():
        outputs = model(X)
    if isinstance(outputs, list | tuple | np.ndarray | float | int):
        return {"what comes back": type(outputs).__name__, **dict.fromkeys(OBSERVED[1:], "of no use")}
    if not isinstance(outputs, torch.Tensor):
        return outputs
    learning, alike = sum(p.numel() for p in model.parameters()), torch.equal(outputs, model(X))
    of_one = model(X[:1]).shape if outputs.shape == (9,) else (1,)
    if outputs.requires_grad:
        outputs.sum().backward()
    reached = sum(p.numel() for p in model.parameters() if p.grad is not None)
    return dict(zip(OBSERVED, (
        "a tensor", learning, alike, outputs.detach() if learning and alike else "of no use", of_one == (1,),
        outputs.requires_grad, reached == learning), strict=True))


@exercise(
    probes={"5 columns, 3 units": (5, 3), "4 columns, 7 units": (4, 7)},
    compare_by=_outputs,
    axes=("hours",),
    mistakes=[
        Mistake(_demand(lambda self, X: self.output(torch.relu(self.hidden(X)))),
                "Your outputs are a column, (n, 1), and the targets a row, (n,). A loss would compare all with all: "
                "take the column out with `squeeze(1)`.", "M05"),
        Mistake(_demand(lambda self, X: self.output(torch.relu(self.hidden(X))).squeeze()),
                "Of a single row comes a number, with no dimension. `squeeze()` takes away every 1 in a shape, n too: "
                "say which one, `squeeze(1)`.", "M05"),
        *(Mistake(_demand(lambda self, X, bend=bend: self.output(bend(self.hidden(X))).squeeze(1)), message)
          for bend, message in (
              (torch.abs, "That is the size of each sum, `abs`. It bends as well, but ReLU is 0 wherever a sum lies "
                          "below 0: `torch.relu`."),
              (torch.square, "Each sum is squared. That bends as well, but ReLU was asked for: `torch.relu`."),
              (F.leaky_relu, "That is a leaky ReLU: below 0 a hundredth gets through. With `torch.relu` nothing does."),
              (F.softplus, "That is softplus, a ReLU with a round corner. `torch.relu` has the sharp one."),
              (F.gelu, "That is GELU, a smooth relative. ReLU was asked for: `torch.relu`."),
              (lambda sums: (sums > 0).float(), "A unit says 1 or 0 here, and how far its sum is above 0 is lost. ReLU "
                                                "gives the sum itself: `torch.relu`."),
              (lambda sums: -torch.relu(-sums), "Your units keep what lies below 0. ReLU keeps what lies above."),
              (lambda sums: sums.softmax(dim=1), "A softmax makes the units share a sum of 1. ReLU looks at each "
                                                 "alone: `torch.relu`."))),
        Mistake(_demand(lambda self, X: self.output(self.hidden(X)).squeeze(1)),
                "Nothing bends between the two layers, so they collapse into one. Send the sums through `torch.relu`."),
        Mistake(_demand(lambda self, X: self.output(self.hidden(X))),
                "Nothing bends between the two layers, and the outputs are a column. Put `torch.relu` between them and "
                "`squeeze(1)` behind."),
        Mistake(_demand(lambda self, X: torch.relu(self.output(self.hidden(X))).squeeze(1)),
                "ReLU stands behind the last layer. It belongs between the two: the output may be any number."),
        Mistake(_demand(lambda self, X: torch.relu(self.output(torch.relu(self.hidden(X)))).squeeze(1)),
                "A second ReLU stands behind the output. The scaled target goes below 0, so the output must too."),
        Mistake(_demand(lambda self, X: self.output(torch.sigmoid(self.hidden(X))).squeeze(1)),
                "That is a sigmoid. It bends as well, but ReLU was asked for: `torch.relu`."),
        Mistake(_demand(lambda self, X: self.output(torch.tanh(self.hidden(X))).squeeze(1)),
                "That is tanh. It bends as well, but ReLU was asked for: `torch.relu`."),
        Mistake(_demand(lambda self, X: torch.sigmoid(self.output(torch.relu(self.hidden(X)))).squeeze(1)),
                "A sigmoid behind the output is for probabilities. Here a number is forecast: leave the sum as it is."),
        Mistake(_demand(lambda self, X: self.output(self.hidden(torch.relu(X))).squeeze(1)),
                "The ReLU cuts the columns of X, before the first layer. It belongs behind it."),
        Mistake(_demand(lambda self, X: self.output(nn.ReLU(self.hidden(X))).squeeze(1)),
                "`nn.ReLU(…)` makes a layer and computes nothing. Call what it makes, `nn.ReLU()(…)`, or take "
                "`torch.relu`."),
        Mistake(_demand(lambda self, X: torch.relu(self.hidden(X))),
                "These are the hidden units, (n, width). Send them through `self.output`, and take the column out."),
        Mistake(_demand(lambda self, X: nn.Sequential(
                    nn.Linear(X.shape[1], 3), nn.ReLU(), nn.Linear(3, 1), nn.Flatten(0))(X)),
                "Every call gives other outputs. Does `forward` make new layers? Use those that `__init__` hung on "
                "`self`: they are what learns."),
        Mistake(_demand(lambda self, X: self.output(F.dropout(torch.relu(self.hidden(X)))).squeeze(1)),
                "Every call gives other outputs, from the same weights. Does something draw, as dropout does? Here "
                "nothing is left to chance."),
        Mistake(_MadeAtEachCall,
                "`forward` makes new layers at each call, so nothing is there that can learn. Hang them on `self` in "
                "`__init__`, once."),
        *(Mistake(_demand(lambda self, X, together=together: together(torch.relu(self.hidden(X)))),
                  "The units were put together without weights. That is the work of the second layer, `self.output`.")
          for together in (lambda units: units.sum(1), lambda units: units.mean(1))),
        Mistake(_demand(lambda self, X: self.output(torch.relu(X @ self.hidden.weight.T)).squeeze(1)),
                "The first layer's bias is missing. `self.hidden(X)` adds it by itself."),
        Mistake(_demand(lambda self, X: torch.relu(self.hidden(X)) @ self.output.weight[0]),
                "The second layer's bias is missing. `self.output(…)` adds it by itself."),
        Mistake(_demand(lambda self, X: torch.relu(X @ self.hidden.weight.T) @ self.output.weight[0]),
                "Both biases are missing. `self.hidden(X)` and `self.output(…)` add them by themselves."),
        Mistake(_demand(lambda self, X: self.output(torch.relu(self.hidden(X))).mean()),
                "This is one number for all hours. Each row of X needs its own output."),
        Mistake(_demand(lambda self, X: torch.expm1(self.output(torch.relu(self.hidden(X))).squeeze(1))),
                "The output went through `expm1`. Turning back to rentals comes after the training: here the sum stays "
                "as it is."),
        *(Mistake(_demand(lambda self, X, give=give: give(self.output(torch.relu(self.hidden(X))).squeeze(1))),
                  "A list or array came back, through which no gradient flows. Give the tensor as it is.")
          for give in (lambda outputs: outputs.tolist(), lambda outputs: tuple(outputs.tolist()),
                       lambda outputs: outputs.detach().numpy())),
        Mistake(_demand(lambda self, X: self.output(torch.relu(self.hidden(X)).detach()).squeeze(1)),
                "The second layer learns and the first does not: its gradient is cut off on the way. Leave out the "
                "`detach` or `no_grad` between the two."),
        Mistake(_InAList,
                "Your class has nothing that can learn. A plain tensor is no parameter, nor is a layer in a list. Hang "
                "an `nn.Linear` on `self`."),
        Mistake(_demand(lambda self, X: None),
                "`forward` gives back None. End it with `return`, and the outputs."),
        Mistake(_demand(lambda self, X: self.output(torch.relu(self.hidden(X))).squeeze(1).detach()),
                "No gradient gets from the outputs to the weights. Leave out what stops it: `detach`, `no_grad`, "
                "`.data`."),
    ],
    hints=[
        "Three things, in this order: the first layer, the bend, the second layer.",
        "`self.output(torch.relu(self.hidden(X)))` has shape (n, 1). The targets have shape (n,).",
    ],
    explanation="49 · 128 + 128 weights and biases make 128 columns, 128 + 1 make a forecast of them.",
)
class Demand(nn.Module):
    """A network of one hidden layer: X (n, n_columns) → (n,), ReLU between its two layers and nothing behind."""

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(torch.relu(self.hidden(X))).squeeze(1)


def _half_trained():
    """Two models, each with three batches of unequal sizes and an optimizer that holds gradients of an earlier step."""
    cases = []
    for seed, optimizer_of in ((0, lambda ps: torch.optim.SGD(ps, lr=0.05)),
                               (1, lambda ps: torch.optim.SGD(ps, lr=0.02, momentum=0.5))):
        g = torch.Generator().manual_seed(seed)
        model = _demand(lambda self, X: self.output(torch.relu(self.hidden(X))).squeeze(1))(4, 3)
        with torch.no_grad():
            for p in model.parameters():
                p.copy_(torch.randn(p.shape, generator=g))
        batches = [(torch.randn(n, 4, generator=g), torch.randn(n, generator=g)) for n in (6, 5, 3)]
        optimizer = optimizer_of(model.parameters())
        with torch.enable_grad():
            F.mse_loss(model(batches[0][0]), batches[0][1]).backward()
        model.left = [p.grad.clone() for p in model.parameters()]
        model.begun, model.steps = {name: p.detach().clone() for name, p in model.named_parameters()}, []
        optimizer.register_step_post_hook(lambda *step, made=model.steps: made.append(1))
        cases.append((model, batches, optimizer))
    return cases


def _where_it_stands(result, model, batches, optimizer):
    """The weights after the epoch. Where they stand still, whether gradients lie there unused tells the reason."""
    weights = {name: p.detach().clone() for name, p in model.named_parameters()}
    still = all(torch.equal(value, model.begun[name]) for name, value in weights.items())
    gradients = [p.grad for p in model.parameters()]
    untouched = all(g is not None and torch.equal(g, left) for g, left in zip(gradients, model.left, strict=True))
    unused = still and not untouched and any(g is not None and g.any() for g in gradients)
    if not still and not model.steps:
        return {"who moved the weights": "nobody this `optimizer` knows of"}
    return {**weights, "the weights stand still": still, "gradients lie there unused": unused,
            "this `optimizer` took a step": bool(model.steps), "nothing reached the model": still and untouched,
            "training mode afterwards": model.training}


def _loop(*, zero="first", loss=F.mse_loss, backward=True, step="each", first_only=False):
    """The epoch with one line changed, left out or moved."""

    def one_epoch(model, batches, optimizer):
        total = 0.0
        for X, y in batches[:1] if first_only else batches:
            value = loss(model(X), y)
            total = total + value
            if step == "before":
                optimizer.step()
            if zero == "first":
                optimizer.zero_grad()
            if step == "in between":
                optimizer.step()
            if backward and step != "at the end":
                value.backward()
            if zero == "between":
                optimizer.zero_grad()
            if step == "each":
                optimizer.step()
            if zero == "after step":
                optimizer.zero_grad()
        if step == "at the end":
            optimizer.zero_grad()
            total.backward()
        if step in ("at the end", "behind the loop"):
            optimizer.step()

    return one_epoch


@exercise(
    how=lambda place, model, batches, optimizer: first_step(
        place, model, optimizer, F.mse_loss(model(batches[0][0]), batches[0][1])),
    probes=_half_trained,
    compare_by=_where_it_stands,
    mistakes=[
        Mistake(_loop(zero=None),
                "Gradients of earlier steps add up in `.grad`. Call `optimizer.zero_grad()` before `backward()`, in "
                "every round.", "M07"),
        Mistake(_loop(zero="between"),
                "The weights stand still, and no gradient lies in `.grad`. Does `backward()` fill it, on this very "
                "model, and does `zero_grad()` between it and `step()` not erase it?", "M08"),
        Mistake(_loop(step=None),
                "The weights stand still, though gradients lie in `.grad`. No step of this `optimizer` uses them: that "
                "is `optimizer.step()`.", "M35"),
        Mistake(_loop(backward=False, zero=None),
                "Every step used the gradient that was there from before: nothing computes a new one. That is "
                "`loss.backward()`.", "M35"),
        Mistake(_loop(step="before"),
                "`step()` comes before `backward()`, so each step uses the gradient of the batch before."),
        Mistake(_loop(step="in between"),
                "The weights stand still. `step()` runs while `.grad` is empty, and `backward()` fills it afterwards: "
                "it has to come first.", "M35"),
        Mistake(lambda model, batches, optimizer: _loop()(
                    model, batches, torch.optim.SGD(model.parameters(), lr=0.01)),
                "The weights moved, and no step of the `optimizer` that was handed over moved them. Does your "
                "function make one of its own, or move them by hand? Leave the steps to this one."),
        Mistake(_loop(loss=lambda outputs, y: F.mse_loss(outputs, y, reduction="sum")),
                "This is the sum of the squares, so large batches step further. `F.mse_loss` averages by itself.",
                "M15"),
        Mistake(_loop(loss=lambda outputs, y: (outputs[:, None] - y).square().mean()),
                "Each output was compared with every target: (n, 1) against (n,) makes (n, n). Both are to be (n,).",
                "M05"),
        Mistake(_loop(loss=lambda outputs, y: F.mse_loss(outputs, y) / 2),
                "Each step is half as long as it should be. Is there a ½ before the square? `F.mse_loss` has none."),
        Mistake(_loop(zero="after step"),
                "A gradient left from before is in your first step. Empty `.grad` before `backward()`: whoever calls "
                "your function may have used the model.", "M07"),
        Mistake(lambda model, batches, optimizer: _loop()(
                    model, [tuple(map(torch.cat, zip(*batches, strict=True)))], optimizer),
                "The batches were put together, for one step. Each batch takes a step of its own."),
        Mistake(lambda model, batches, optimizer: _loop()(model, batches[:-1], optimizer),
                "The last batch is left out. It is shorter, and takes a step too."),
        Mistake(_loop(loss=F.l1_loss),
                "This is the absolute error. The squared one was asked for: `F.mse_loss`."),
        Mistake(_loop(loss=lambda outputs, y: F.mse_loss(outputs, y).sqrt()),
                "The root changes the size of every gradient. Minimise the mean square itself."),
        Mistake(_loop(loss=lambda outputs, y: F.mse_loss(outputs, y) / len(y)),
                "`F.mse_loss` has averaged already. Divided once more, the steps are too short.", "M17"),
        Mistake(_loop(step="at the end"),
                "One step for all batches together. A step belongs inside the loop, after each batch's `backward()`."),
        Mistake(_loop(step="behind the loop"),
                "One step was made, with the gradient of the last batch alone. `step()` belongs inside the loop, after "
                "each batch's `backward()`."),
        Mistake(_loop(first_only=True),
                "Only the first batch was used. Is `return` inside the loop? One epoch goes through all batches."),
    ],
    hints=[
        "Go through the batches. For each pair, four of the five jobs of lesson 2: predict, loss, gradients, step.",
        "Between the loss and the step stand two lines: what the last batch left goes, and new gradients come.",
    ],
    explanation="Predict, loss, gradients, step. Every library's `fit` is this, with more around it.",
)
def one_epoch(model, batches, optimizer):
    """One step for each (X, y) in `batches`, down the gradient of the mean squared error."""
    for X, y in batches:
        loss = F.mse_loss(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


@one_epoch.mistake("Nothing reached this model: its weights and its `.grad` are what they were. Is it a copy that "
                   "learns, as from `deepcopy`, or does the loop never run?")
def _(model, batches, optimizer):
    learner = copy.deepcopy(model)
    _loop()(learner, batches, torch.optim.SGD(learner.parameters(), lr=0.1))


@one_epoch.mistake("The epoch is right, and the model is left in eval mode, where dropout is off. Leave its mode "
                   "alone, or call `train()`.")
def _(model, batches, optimizer):
    model.eval()
    _loop()(model, batches, optimizer)


@one_epoch.mistake("All batches were gone through twice. One epoch is one pass.")
def _(model, batches, optimizer):
    _loop()(model, [*batches, *batches], optimizer)


@one_epoch.mistake("Two steps for each batch, with the same gradient. Is `step()` there twice?")
def _(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        F.mse_loss(model(X), y).backward()
        optimizer.step()
        optimizer.step()


for another, message in (
        (F.huber_loss,
         "That is the Huber loss, where large misses count less. The mean square is asked for: `F.mse_loss`."),
        (F.cross_entropy, "That is the cross-entropy, for classes. Rentals are numbers: `F.mse_loss`."),
        (F.binary_cross_entropy_with_logits,
         "That is the log loss, for yes and no. Rentals are numbers: `F.mse_loss`.")):
    one_epoch.mistake(message)(_loop(loss=another))


@one_epoch.mistake("`zero_grad()` stands before the loop, so gradients add up from batch to batch. It belongs inside.",
                   "M07")
def _(model, batches, optimizer):
    optimizer.zero_grad()
    for X, y in batches:
        F.mse_loss(model(X), y).backward()
        optimizer.step()


@exercise(
    how=lambda place, losses: "The means are " + ", ".join(
        f"{sum(values) / len(values):.4g} at {width}" for width, values in losses.items()) + ".",
    probes=[
        ({8: [0.12, 0.39, 0.42], 4: [0.31, 0.38, 0.11], 32: [0.13, 0.12, 0.14], 128: [0.10, 0.30, 0.18]},),
        ({24: [0.28, 0.56], 12: [0.60, 0.30], 6: [0.38, 0.60], 48: [0.46, 0.46]},),    # the last has no lowest seed
        ({5: [0.50, 0.52], 10: [0.30, 0.60], 20: [0.41, 0.47], 40: [0.48, 0.47]},),    # the last is the steadiest
        # the third wins most seeds, and the last is wider and hardly worse
        ({12: [0.20, 0.50, 0.50], 6: [0.30, 0.30, 0.31], 3: [0.60, 0.28, 0.27], 100: [0.31, 0.31, 0.31]},),
        ({16: [0.20, 0.21, 0.61], 64: [0.29, 0.28, 0.30], 3: [0.33, 0.31, 0.32], 9: [0.41, 0.19, 0.39]},),
    ],
    mistakes=[
        Mistake(lambda losses: min(losses, key=lambda width: sorted(losses[width])[len(losses[width]) // 2]),
                "You went by the middle seed, and a bad seed costs nothing there. Take the mean over all of them."),
        Mistake(lambda losses: min(losses, key=lambda width: min(losses[width])),
                "That width has the luckiest single seed. Take the mean over its seeds."),
        Mistake(lambda losses: max(losses, key=lambda width: sum(losses[width]) / len(losses[width])),
                "That is the width with the highest mean loss. The lowest is best."),
        Mistake(lambda losses: min(sum(values) / len(values) for values in losses.values()),
                "This is the lowest mean loss itself. Which width has it? Give that."),
        Mistake(lambda losses: max(losses), "That is the widest. What did the validation months say?"),
        Mistake(lambda losses: min(losses), "That is the narrowest. What did the validation months say?"),
        Mistake(lambda losses: list(losses)[-1],
                "That is the last width in the dict. Is the lowest mean so far set anew when a lower one comes?"),
        Mistake(lambda losses: list(losses)[0], "That is the first width in the dict. Go through all of them."),
        Mistake(lambda losses: min(losses, key=lambda width: torch.tensor(losses[width]).quantile(0.5)),
                "You went by the median, and a bad seed costs nothing there. Take the mean over all seeds."),
        Mistake(lambda losses: min(losses.items(), key=lambda pair: sum(pair[1]) / len(pair[1])),
                "That is the width together with its losses. Give the width alone."),
        Mistake(lambda losses: min(losses.values(), key=lambda values: sum(values) / len(values)),
                "Those are the losses of that width. Give the width itself, the key."),
        Mistake(lambda losses: min(losses, key=lambda width: max(losses[width])),
                "That width has the mildest worst seed. Take the mean over its seeds."),
        Mistake(lambda losses: min(losses, key=lambda width: torch.tensor(losses[width]).std()),
                "The seeds of that width differ least. Steady is not low: take the mean over its seeds."),
        Mistake(lambda losses: min(losses, key=lambda width: losses[width][0]),
                "You compared first seeds only. Take the mean over all seeds of a width."),
        Mistake(lambda losses: min(losses, key=lambda width: losses[width][-1]),
                "You compared last seeds only. Take the mean over all seeds of a width."),
        Mistake(lambda losses: mode(min(losses, key=lambda width: losses[width][seed])
                                    for seed in range(len(next(iter(losses.values()))))),
                "That width wins most of the seeds, however closely. A mean also asks by how much."),
        Mistake(lambda losses: list(losses).index(min(losses, key=lambda width: sum(losses[width]))),
                "This is its place in the list. Give the width itself, the key."),
    ],
    hints=[
        "`losses[width]` is a list. What is its mean?",
        "`min(losses, key=…)` gives the key for which the function `key` is lowest.",
    ],
    explanation="The mean over seeds judges the width; the lowest of ten judges the luck.",
)
def best_width(losses):
    """The width with the lowest mean, from a dict: width → validation losses, one a seed."""
    return min(losses, key=lambda width: sum(losses[width]) / len(losses[width]))


# The decision

def _order(share=lambda few, many: few / (few + many), of=lambda residuals, share: residuals.quantile(share), sign=1):
    """The solution with another share, another summary of the residuals, or a minus."""
    return lambda forecast, residuals, too_few, too_many: (
        forecast + sign * of(residuals, share(too_few, too_many)))


@exercise(
    how=lambda place, forecast, residuals, few, many: (
        f"Enough on a share of {few:g} / ({few:g} + {many:g}) = {few / (few + many):.4g} of the mornings: that "
        f"quantile of the residuals is {residuals.quantile(few / (few + many)):.4g}."),
    probes=[(500.0, torch.tensor([-80.0, -33.0, -12.0, 4.0, 21.0, 38.0, 55.0, 71.0, 149.0]), 3.0, 1.0),
            (240.0, torch.tensor([31.0, -9.0, 13.0, -64.0, -21.0, 92.0, 6.0, 47.0, -35.0]), 2.0, 6.0)],
    rtol=1e-4,
    mistakes=[
        Mistake(_order(lambda few, many: many / (few + many)),
                "Your share is the other way round: the dearer a missing bicycle, the higher the quantile."),
        Mistake(_order(sign=-1),
                "You took the quantile away. A residual is counted − forecast, so it is added."),
        Mistake(lambda forecast, residuals, few, many: residuals.quantile(few / (few + many)),
                "This is the quantile of the residuals alone. Add the forecast."),
        Mistake(lambda forecast, residuals, few, many: forecast * residuals.quantile(few / (few + many)),
                "You multiplied by the quantile. It is a number of bicycles: add it to the forecast."),
        Mistake(_order(of=lambda residuals, share: (-residuals).quantile(share)),
                "The residuals were turned round. Counted − forecast is above 0 where bicycles were missing."),
        Mistake(_order(of=lambda residuals, share: residuals.min() + share * (residuals.max() - residuals.min())),
                "You went that share of the way from the smallest residual to the largest. A quantile counts mornings: "
                "`residuals.quantile(share)`."),
        Mistake(_order(of=lambda residuals, share: residuals[int(share * len(residuals))]),
                "You took the residual at that place of the list, which is not sorted. A quantile goes by size: "
                "`residuals.quantile(share)`."),
        Mistake(lambda forecast, residuals, few, many: forecast + residuals.mean(),
                "The mean of the residuals knows nothing of the two costs. A quantile does."),
        Mistake(lambda forecast, residuals, few, many: forecast + residuals.median(),
                "The median is for equal costs. Which share of the mornings should you have enough for?"),
        Mistake(lambda forecast, residuals, few, many: forecast + residuals.max(),
                "That is enough for every morning so far, whatever the empty docks cost. Weigh the two costs."),
        Mistake(lambda forecast, residuals, few, many: forecast * few / many,
                "The costs do not multiply the forecast. They say on which share of the mornings you have enough."),
        Mistake(_order(lambda few, many: few / many),
                "few / many is no share: it can pass 1. The share is few / (few + many)."),
        Mistake(_order(lambda few, many: few / few + many),
                "Without brackets few / few + many is 1 + many, and no share. It is few / (few + many)."),
        Mistake(_order(lambda few, many: 0.75),
                "0.75 belongs to costs of 3 and 1. Compute the share from `too_few` and `too_many`."),
        Mistake(_order(lambda few, many: few / (few + many) / 100),
                "That is a quantile of 0.75 %: `percentile` counts up to 100, `quantile` up to 1."),
        *(Mistake(_order(of=lambda residuals, share, n=n: share * residuals.std(correction=n)),
                  "You added a share of the standard deviation. The share says which of the residuals to add: a "
                  "quantile.")
          for n in (0, 1)),
        *(Mistake(_order(of=lambda residuals, share, correction=correction: residuals.mean() + torch.special.ndtri(
                      torch.tensor(share)) * residuals.std(correction=correction)),
                  "That is the quantile of a normal curve with their mean and spread. Residuals need not be normal: "
                  "take their own, `residuals.quantile(share)`.") for correction in (0, 1)),
        Mistake(_order(of=lambda residuals, share: share * residuals.max()),
                "You added a share of the largest residual. The share is one of the mornings: a quantile."),
        Mistake(_order(of=lambda residuals, share: residuals.abs().quantile(share)),
                "The signs of the residuals are gone. Mornings with fewer than forecast count as well."),
        *(Mistake(answer,
                  "The share multiplies the forecast, and the residuals are not used. It says which quantile to add.")
          for answer in (lambda forecast, residuals, few, many: forecast * (1 + few / (few + many)),
                         lambda forecast, residuals, few, many: forecast * few / (few + many))),
        Mistake(_order(lambda few, many: 1 - 1 / (few + many)),
                "Your share forgets what one too many costs. It is few / (few + many)."),
        Mistake(lambda forecast, residuals, few, many: forecast, "The forecast alone is no decision: use the costs."),
        Mistake(lambda forecast, residuals, few, many: few / (few + many),
                "This is the share. The residual below which that share of the mornings lies is "
                "`residuals.quantile(share)`."),
    ],
    hints=[
        "One bicycle more pays as long as too_few times the chance that it is needed exceeds too_many times the chance "
        "that it is not.",
        "So stop where the chance that demand is no higher is too_few / (too_few + too_many).",
        "`residuals.quantile(share)`, added to the forecast.",
    ],
    explanation="The same fraction as lesson 1's threshold: two costs, and where they balance.",
)
def order_size(forecast, residuals, too_few, too_many):
    """How many bicycles to send: the forecast plus that quantile of the residuals (n,) at which the costs balance."""
    return forecast + residuals.quantile(too_few / (too_few + too_many))


# How the numbers begin

starts = Choice(
    "All 128 hidden units of your network begin with equal weights, and you train. What comes of them?",
    {
        "a": Right("They stay equal for ever and do the work of one"),
        "b": Wrong("They part after a few batches, since every batch is different",
                   "Every batch is the same for all of them. Equal units get equal gradients in each, and stay equal.",
                   "M38"),
        "c": Wrong("They end in a local minimum that random weights would avoid",
                   "They do not even explore: they move as one. And random weights do not avoid local minima, they "
                   "choose one.", "M38"),
        "d": Wrong("Nothing special: the loss is convex, so the start does not matter",
                   "That holds for one layer. With a hidden layer the loss is not convex, and the start matters.",
                   "M38"),
    },
    hints=["Two units have equal weights in and equal weights out. What differs in their gradients?"],
    explanation="Randomness is there to make them different.",
)


give_names(globals())
