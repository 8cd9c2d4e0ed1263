"""The exercises of lesson 07: what a layer computes, what an activation adds, how to measure honestly."""

import torch

from course_utils.checker import Choice, Mistake, Order, Prediction, Right, Wrong, exercise, give_names
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

recall_shapes = Choice(
    "`outputs` has shape (64, 1) and `y` shape (64,). What is `(outputs == y).float().mean()`?",
    {
        "a": Wrong("The share of the 64 outputs that are right",
                   "That needs equal shapes. A column against a row compares every output with every target.", "M06"),
        "b": Right("The share of 64 x 64 pairs that happen to agree"),
        "c": Wrong("Nothing: torch stops, because the shapes differ",
                   "Torch stretches the 1 without a word. "
                   "A column against a row compares every output with every target.", "M06"),
    },
    hints=["Line the shapes up from the right: (64, 1) and (64)."],
    explanation="The same stretching spoils a loss, as you will see below.",
)


# What a forecast pays

@exercise(
    probes={
        "outputs of shape (5, 1)": (torch.tensor([[3.0], [-1.0], [4.5], [0.5], [7.0]]),
                                    torch.tensor([2.0, 1.0, 4.0, -2.5, 9.0])),
        "outputs of shape (4, 1)": (torch.tensor([[130.0], [20.0], [66.0], [310.0]]),
                                    torch.tensor([100.0, 45.0, 80.0, 260.0])),
    },
    mistakes=[
        Mistake(lambda outputs, y: (outputs - y).square().mean(),
                "You averaged n x n differences, every output with every target. Make the outputs (n,) first.", "M05"),
        Mistake(lambda outputs, y: (outputs.squeeze(1) - y).square().sum(),
                "This is the sum over the hours. With the mean, 4 hours and 13,000 can be compared.", "M15"),
        Mistake(lambda outputs, y: (outputs.squeeze(1) - y).square().mean().sqrt(),
                "This is the root of it, in rentals. The loss itself is the mean square, without a root."),
        Mistake(lambda outputs, y: (outputs.squeeze(1) - y).abs().mean(),
                "This is the mean absolute error: each miss counts by its size, not by its square."),
        Mistake(lambda outputs, y: (outputs.squeeze(1) - y).mean().square(),
                "You squared after averaging. Misses of +50 and -50 then cancel; square each one first."),
        Mistake(lambda outputs, y: (outputs.squeeze(1) - y).var(correction=0),
                "The variance of the misses forgets their mean. "
                "A forecast 100 too high everywhere would cost nothing."),
    ],
    hints=[
        "What shape has `outputs - y`, for (n, 1) minus (n,)? Print it.",
        "`outputs.squeeze(1)` has shape (n,). Subtract, square, average.",
    ],
    explanation="The unit is rentals squared; the root brings it back to rentals.",
)
def mean_squared_error(outputs, y):
    """The mean over the hours of (output - target)², from outputs (n, 1) and targets (n,)."""
    return (outputs.squeeze(1) - y).square().mean()


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
        Mistake(lambda train, test: (by(train, train), test),
                "The test rows came out as they went in. Were they left out? Or had `train` been scaled already when "
                "you measured it? Then its mean is 0 and its standard deviation 1."),
    ]


@exercise(
    probes=[_scale_probe(900, 230, 1, [1.0, 12.0, 0.4]), _scale_probe(700, 410, 2, [3.0, 0.5, 8.0, 1.5])],
    axes=("hours", "columns"),
    rtol=3e-3,
    atol=3e-3,
    mistakes=[
        Mistake(lambda train, test: (train - train.mean(0), test - train.mean(0)),
                "The columns still differ in size. After the mean is gone, divide by the standard deviation."),
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
    explanation="The test rows are touched by the last line alone.",
)


# A name for what the notebook builds by hand

@exercise(
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


give_names(globals())
