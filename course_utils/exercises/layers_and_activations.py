"""The exercises of lesson 07: what a layer computes, what an activation adds, how to measure honestly."""

import torch

from course_utils.checker import Choice, Mistake, Order, Prediction, exercise
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
    later=True,
)

recall_test = Choice(
    "You tried five penalties. Which one do you keep, and which number do you report?",
    options={
        "a": "Keep the best on test; report its test score",
        "b": "Keep the best on validation; report its test score",
        "c": "Keep the best on validation; report its validation score",
    },
    answer="b",
    why={
        "a": "The test rows have chosen, so their score is one of five tries, the luckiest.",
        "c": "The validation rows have chosen, so their score is the luckiest of five. The test rows have not.",
    },
    ids={"a": "M25", "c": "M25"},
    hints=["A score that has chosen something can no longer judge it."],
    praise="Choose with one part, report with another.",
)

recall_shapes = Choice(
    "`outputs` has shape (64, 1) and `y` shape (64,). What is `(outputs == y).float().mean()`?",
    options={
        "a": "The share of the 64 outputs that are right",
        "b": "The share of 64 x 64 pairs that happen to agree",
        "c": "Nothing: torch stops, because the shapes differ",
    },
    answer="b",
    why={
        "a": "That needs equal shapes. A column against a row compares every output with every target.",
        "c": "Torch stretches the 1 without a word. A column against a row compares every output with every target.",
    },
    ids={"a": "M06", "c": "M06"},
    hints=["Line the shapes up from the right: (64, 1) and (64)."],
    praise="The same stretching spoils a loss, as you will see below.",
)


# What a forecast pays

@exercise(
    probes={
        "outputs of shape (5, 1)": (torch.tensor([[3.0], [-1.0], [4.5], [0.5], [7.0]]),
                                    torch.tensor([2.0, 1.0, 4.0, -2.5, 9.0])),
        "outputs of shape (4, 1)": (torch.tensor([[130.0], [20.0], [66.0], [310.0]]),
                                    torch.tensor([100.0, 45.0, 80.0, 260.0])),
    },
    hints=[
        "What shape has `outputs - y`, for (n, 1) minus (n,)? Print it.",
        "`outputs.squeeze(1)` has shape (n,). Subtract, square, average.",
    ],
    praise="The unit is rentals squared; the root brings it back to rentals.",
)
def mean_squared_error(outputs, y):
    """The mean over the hours of (output - target)², from outputs (n, 1) and targets (n,)."""
    return (outputs.squeeze(1) - y).square().mean()


@mean_squared_error.mistake("You averaged n x n differences, every output with every target. Make the outputs (n,) "
                            "first.", id="M05")
def _(outputs, y):
    return (outputs - y).square().mean()


@mean_squared_error.mistake("This is the sum over the hours. With the mean, 4 hours and 13,000 can be compared.",
                            id="M15")
def _(outputs, y):
    return (outputs.squeeze(1) - y).square().sum()


@mean_squared_error.mistake("This is the root of it, in rentals. The loss itself is the mean square, without a root.")
def _(outputs, y):
    return (outputs.squeeze(1) - y).square().mean().sqrt()


@mean_squared_error.mistake("This is the mean absolute error: each miss counts by its size, not by its square.")
def _(outputs, y):
    return (outputs.squeeze(1) - y).abs().mean()


@mean_squared_error.mistake("You squared after averaging. Misses of +50 and -50 then cancel; square each one first.")
def _(outputs, y):
    return (outputs.squeeze(1) - y).mean().square()


@mean_squared_error.mistake("The variance of the misses forgets their mean. A forecast 100 too high everywhere would "
                            "cost nothing.")
def _(outputs, y):
    return (outputs.squeeze(1) - y).var(correction=0)


# The data

leaks = Choice(
    "A forecast is made the evening before. Which columns may it not use? Give all their letters.",
    options={
        "a": "`hr`, the hour",
        "b": "`casual`, rentals by passers-by in that hour",
        "c": "`workingday`",
        "d": "`registered`, rentals by members in that hour",
        "e": "`yr`, 0 for 2011 and 1 for 2012",
    },
    answer="bd",
    why={
        "a": "The hour is known long before: it is the question.",
        "c": "The calendar is known long before.",
        "e": "The year is known the evening before.",
        "b": "Nobody knows it before the hour is over.",
        "d": "Nobody knows it before the hour is over.",
    },
    hints=["Which columns are known only when the hour is over?", "Two columns add up to the answer."],
    praise="They add up to the answer. A perfect score is a reason to look for such columns.",
)


def _scale_probe(n_train, n_test, seed, spreads):
    g = torch.Generator().manual_seed(seed)
    spreads, m = torch.tensor(spreads), len(spreads)
    return (torch.randn(n_train, m, generator=g) * spreads + 5, torch.randn(n_test, m, generator=g) * 2 * spreads + 9)


@exercise(
    probes=[_scale_probe(900, 230, 1, [1.0, 12.0, 0.4]), _scale_probe(700, 410, 2, [3.0, 0.5, 8.0, 1.5])],
    axes=("hours", "columns"),
    rtol=3e-3,
    atol=3e-3,
    hints=[
        "Which rows exist on the day you train? Their mean and standard deviation are all you may use.",
        "`train.mean(0)` gives one mean a column. Subtract the train rows' mean from both parts.",
    ],
    praise="The test rows need not come out with mean 0: that they do not is information.",
)
def scaled(train, test):
    """Both parts, column by column, minus the train rows' mean and over the train rows' standard deviation."""
    mean, sd = train.mean(0), train.std(0, correction=0)
    return (train - mean) / sd, (test - mean) / sd


for c in (0, 1):                    # divisor n and divisor n − 1
    @scaled.mistake("Test rows went into your mean and standard deviation. They must come from the train rows alone.",
                    id="M24")
    def _(train, test, c=c):
        both = torch.cat([train, test])
        mean, sd = both.mean(0), both.std(0, correction=c)
        return (train - mean) / sd, (test - mean) / sd

    @scaled.mistake("You scaled the test rows by their own numbers. One row of tomorrow has no mean of its own.",
                    id="M24")
    def _(train, test, c=c):
        return tuple((part - part.mean(0)) / part.std(0, correction=c) for part in (train, test))

    @scaled.mistake("You took one mean over all columns. Each column has its own: `mean(0)`.")
    def _(train, test, c=c):
        mean, sd = train.mean(), train.std(correction=c)
        return (train - mean) / sd, (test - mean) / sd

    @scaled.mistake("You divided by the variance. Its root, the standard deviation, has the column's unit.")
    def _(train, test, c=c):
        mean, variance = train.mean(0), train.var(0, correction=c)
        return (train - mean) / variance, (test - mean) / variance

    @scaled.mistake("The test rows came out as they went in. Were they left out? Or had `train` been scaled already "
                    "when you measured it? Then its mean is 0 and its standard deviation 1.")
    def _(train, test, c=c):
        return (train - train.mean(0)) / train.std(0, correction=c), test


@scaled.mistake("The columns still differ in size. After the mean is gone, divide by the standard deviation.")
def _(train, test):
    return train - train.mean(0), test - train.mean(0)


# Layers

no_activation = Choice(
    "`nn.Sequential(nn.Linear(12, 64), nn.Linear(64, 1))` has 897 parameters, one `nn.Linear(12, 1)` has 13. "
    "What can the first do that the second cannot?",
    options={
        "a": "Nothing: both give straight lines",
        "b": "Bend: the 64 units in between let it follow curves",
        "c": "Combine columns, such as the hour with the kind of day",
    },
    answer="a",
    why={
        "b": "Nothing between the two layers bends. A weighted sum of weighted sums is a weighted sum.",
        "c": "A product of columns is needed for that, or a bend. Sums of sums stay sums.",
    },
    hints=["Write the second layer's output with the first one's formula in place, and multiply out."],
    praise="Multiply the two matrices and you have the one layer.",
)

baseline = Choice(
    "Two models of the same city. Nights (3 o'clock): the model misses by RMSE 9, the mean of the training nights by "
    "8. Evenings (17 o'clock): the model 90, the mean 180. Which model is worth having?",
    options={
        "a": "The one for the night: 9 is far less than 90",
        "b": "The one for the evening: it halves what a mean would miss",
        "c": "Both: each is the best anyone has fitted",
    },
    answer="b",
    why={
        "a": "A number alone says little. At night a constant misses by 8, so this model is worse than none.",
        "c": "At night a constant, which needs no model, misses by less. Print the baseline beside every score.",
    },
    ids={"a": "M45", "c": "M45"},
    hints=["Compare each model with what needs no model."],
    praise="The baseline comes first, as the majority does for a classifier.",
)

honest = Order(
    steps={
        "a": "Choose a candidate by its error on valid",
        "b": "Cut the rows in order of time: train, valid, test",
        "c": "Measure the chosen one on test",
        "d": "Train each candidate",
        "e": "Compute means and standard deviations of the columns",
    },
    answer="bedac",
    mistakes=[
        Mistake("ebdac", "The means then hold test rows. Cut first, then measure the train rows.", "M24"),
        Mistake("bedca", "You looked at the test score before you chose; now it has a say in the choice.", "M25"),
        Mistake("becda", "Measure on test last, and once: what is measured earlier gets used.", "M25"),
        Mistake("bdeac", "The candidates need scaled columns, so the means come before training."),
    ],
    hints=["What needs nothing but the rows comes first; what may happen only once comes last."],
    praise="The test rows are touched by the last line alone.",
)


# A name for what the notebook builds by hand

@exercise(
    probes=[
        (torch.eye(4)[[0, 2, 3, 1, 2, 0]], torch.tensor([1.0, 0.0, 1.0, 1.0, 1.0, 0.0])),
        (torch.eye(3)[[2, 1, 0, 0, 1]], torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0])),
    ],
    axes=("records", "hours"),
    hints=["Each row of `hours` is kept where `working` is 1 and becomes zeros where it is 0.",
           "Multiply each row of `hours` by its entry of `working`.",
           "`working` has shape (n,). As a column, (n, 1), it multiplies row by row: `[:, None]` makes one."],
    praise="Beside the plain hours, these columns let each hour of a working day have a level of its own.",
)
def interaction(hours, working):
    """(n, h): the one-hot hours (n, h) on working days, zeros on days off; working (n,) holds 1. and 0."""
    return hours * working[:, None]


@interaction.mistake("A sum adds the same to every hour, which a linear model does already. A product switches.")
def _(hours, working):
    return hours + working[:, None]


@interaction.mistake("These are the hours of days off: rows with `working` 0 must become zeros.")
def _(hours, working):
    return hours * (1 - working[:, None])


@interaction.mistake("You summed over the rows. Each row keeps its own h entries, so no sum is needed.")
def _(hours, working):
    return hours.T @ working


@interaction.mistake("Shapes (n, h) and (n,) do not line up. Make `working` a column, of shape (n, 1).")
def _(hours, working):
    return hours * working


@interaction.mistake("The days off are gone. Every row stays; on a day off it holds zeros.")
def _(hours, working):
    return hours[working == 1]
