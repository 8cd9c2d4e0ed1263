"""The exercises of lesson 00: how a check talks, tensors, where work is kept, and two guesses for later."""

import torch

from course_utils.checker import Choice, Mistake, Number, Prediction, Right, Wrong, exercise, give_names

first_check = Number(
    "Of 23 flights, 7 came back damaged. What share is that?",
    answer=0.3043,
    tolerance=0.001,
    mistakes=[
        Mistake(3.2857, "Upside down: a share is the part divided by the whole, so it cannot pass 1."),
        Mistake(7.0, "That is how many, not which share. Divide by all the flights."),
        Mistake(0.6957, "That is the share that came back whole."),
        Mistake(0.4375, "That is damaged against undamaged, 7 to 16: the odds. A share is 7 of all 23."),
        *(Mistake(percent, "As a share it would be right; this is in percent.") for percent in (30.0, 30.43)),
        Mistake(2.2857, "That is whole against damaged, 16 to 7, and more than 1. A share is 7 of all 23."),
        Mistake(7 / 30, "The 23 flights already hold the 7 damaged ones: the whole is 23, not 30."),
        Mistake(23 / 30, "The whole is 23 flights; the 7 are among them. Divide the part by the whole."),
        Mistake(16.0, "That is how many came back whole. Divide the damaged ones by all the flights."),
        Mistake(23.0, "That is how many flights there were. Divide the damaged ones by them."),
        Mistake(161.0, "Part and whole were multiplied. A share is the part divided by the whole."),
        Mistake(0.0, "That is what `//` gives: it rounds down. A share lies between 0 and 1: `/` keeps the decimals."),
    ],
    hints=["Which of the two numbers is the part, and which is the whole?", "`7 / 23`, with all its decimals."],
    explanation="This is how every check works. Wrong answers cost nothing here, and most are told apart.",
)


# Tensors

bytes_wrap = Number(
    "Pictures often come as bytes, `torch.uint8`. What does `torch.tensor([250], dtype=torch.uint8) + 10` hold?",
    answer=4,
    mistakes=[
        Mistake(260, "260 does not fit into a byte, which ends at 255. Run the line and look."),
        Mistake(255, "Torch does not stop at the top; it begins again at 0."),
        Mistake(5, "Nearly: after 255 comes 0, so a byte holds 256 numbers, not 255."),
        Mistake(250, "That is the value before 10 is added. Count on from 250: what comes after 255?"),
        Mistake(10, "That is what is added. Count on from 250: what comes after 255?"),
        Mistake(240, "That is 250 − 10. The line adds, and a byte ends at 255."),
        Mistake(0, "0 comes after 255, and then the count goes on: ten steps from 250."),
        Mistake(3, "One too few: the step from 255 leads to 0, not to −1 or 255 again. Ten steps from 250."),
        *(Mistake(below, "The u in `uint8` says unsigned: such a byte holds nothing below 0. It begins again at 0 "
                         "after 255.") for below in (-6, -1, -5)),
    ],
    hints=["A byte counts from 0 to 255 and then begins again.", "260 minus 256."],
    explanation="So a bright pixel turned black, without a word. "
                "Lessons turn pictures into decimals before they compute.",
)


@exercise(
    how=lambda place, X: f"Column {place[1]} has the mean {X[:, place[1]].mean():.4g}. Take that off {X[place]:.4g}.",
    probes=[
        (torch.tensor([[66.0, 3.0], [70.0, 5.5], [53.0, -1.0], [81.0, 2.0], [75.0, 9.0]]),),
        (torch.tensor([[0.5, -2.0, 7.0, 1.0], [1.5, 4.0, 3.0, -6.0]]),),
    ],
    mistakes=[
        Mistake(lambda X: X - X.mean(dim=1, keepdim=True),
                "You took off the mean of each row, mixing degrees with other units. "
                "Examples are rows: average down them, dim=0.", "M32"),
        Mistake(lambda X: X - X.mean(),
                "You took one mean of the whole table off everything. Each column has a mean of its own."),
        *(Mistake(means, "These are the means themselves. Take them off X.")
          for means in (lambda X: X.mean(dim=0), lambda X: X.mean(dim=0).expand_as(X))),
        Mistake(lambda X: X.clone(),
                "X came back as it was. `X - …` is a new tensor and changes nothing by itself: `return` it."),
        Mistake(lambda X: X.mean(dim=0) - X, "The sign is turned round: X minus the mean."),
        *(Mistake(lambda X, correction=correction: (X - X.mean(dim=0)) / X.std(dim=0, correction=correction),
                  "You also divided by the spread. Here the mean alone is taken off.")
          for correction in (1, 0)),                                # torch's spread and NumPy's
        *(Mistake(lambda X, off=off: X - off(X), "You took off the median of each column. The mean is asked for.")
          for off in (lambda X: X.median(dim=0).values, lambda X: X.quantile(0.5, dim=0))),     # torch's, NumPy's
        Mistake(lambda X: (X - X.amin(dim=0)) / (X.amax(dim=0) - X.amin(dim=0)),
                "You stretched each column from 0 to 1. Here its mean is taken off, and nothing is divided."),
        Mistake(lambda X: X - X.amin(dim=0), "You took off the smallest value of each column. The mean is asked for."),
        Mistake(lambda X: X - X.amax(dim=0), "You took off the largest value of each column. The mean is asked for."),
        Mistake(lambda X: X + X.mean(dim=0), "The means were added. Take them off: minus."),
        Mistake(lambda X: X / X.mean(dim=0), "You divided by the means. Take them off: minus."),
        Mistake(lambda X: X - X.sum(dim=0), "You took off the sum of each column. A mean is the sum divided by n."),
        Mistake(lambda X: X - X.sum(dim=0) / X.shape[1],
                "The sums were divided by the number of columns. A column has n values: divide by the number of rows."),
        Mistake(lambda X: X.mean(dim=1, keepdim=True) - X,
                "You used the mean of each row, and the sign is turned round. Average down the rows, dim=0, and "
                "take that off X.", "M32"),
        Mistake(lambda X: X.mean() - X,
                "You used one mean of the whole table, and the sign is turned round. Each column has a mean of its "
                "own."),
        Mistake(lambda X: X - X[:, 0].mean(),
                "You took the mean of the first column off all of them. Each column has a mean of its own."),
        Mistake(lambda X: X - X.sum(dim=0) / (len(X) - 1),
                "The sums were divided by n − 1. That belongs to a variance; a mean is the sum divided by n."),
        Mistake(lambda X: X - (X.amin(dim=0) + X.amax(dim=0)) / 2,
                "You took off the middle between the smallest and the largest value. In a mean all values count."),
        Mistake(lambda X: torch.cat([X[:, :1] - X[:, :1].mean(), 0 * X[:, 1:]], dim=1),
                "The first column is centred, the others are still 0. Does the `return` stand inside of the loop? "
                "Move it to the left."),
        Mistake(lambda X: X - X[0], "You took off the first row. The mean of each column is asked for."),
        Mistake(lambda X: X[:, 0] - X[:, 0].mean(),
                "The first column alone is there. Does the `return` stand inside of a loop? Move it to the left."),
        Mistake(lambda X: torch.cat([X[:, :-1] - X[:, :-1].mean(dim=0), X[:, -1:]], dim=1),
                "The last column is as it was. `range(X.shape[1])` goes through all of them."),
        Mistake(lambda X: torch.cat([X[:, :1] - X[:, :1].mean(), X[:, 1:]], dim=1),
                "Only the first column is centred. Each column has a mean, and all of them are taken off."),
        Mistake(lambda X: X - X.mean(dim=1),
                "You combine n rows with n numbers, and torch lines up the last axes. Each column has a mean: "
                "average down the rows, dim=0.", "M32"),
    ],
    hints=["One mean for each column: m numbers, each averaged down the rows. Then (n, m) and (m,) fit from the right.",
           "`X.mean(dim=0)` runs down the rows and has shape (m,). Subtracting takes each mean off its column."],
    axes=("examples", "features"),
    explanation="(n, m) minus (m,): broadcasting at its best.",
)
def centre(X):
    """X, shape (n, m), with the mean of each column taken off that column."""
    return X - X.mean(dim=0)


@exercise(
    how=lambda place, predicted, y: f"{(predicted.squeeze(1) == y).sum()} of {len(y)} predictions equal their label.",
    probes=[
        (torch.tensor([[1], [0], [0], [1], [1]]), torch.tensor([1, 0, 1, 1, 0])),
        (torch.tensor([[1], [1], [1], [0], [1], [1], [0]]), torch.tensor([0, 1, 1, 0, 0, 0, 0])),
        (torch.tensor([[0], [1], [1], [0], [0], [1]]), torch.tensor([0, 1, 1, 0, 0, 0])),
        (torch.tensor([[1], [0], [1], [0]]), torch.tensor([1, 0, 1, 0])),               # all of them right
        (torch.tensor([[3], [0], [2], [5], [2], [1], [4], [2], [0]]),                   # more than two classes
         torch.tensor([3, 1, 2, 4, 0, 1, 4, 5, 2])),
    ],
    mistakes=[
        Mistake(lambda predicted, y: (predicted == y).float().mean(),
                "You compared every prediction with every label, n x n. Perfect ones would score about one half: match "
                "the shapes first.", "M06"),
        *(Mistake(lambda predicted, y, dim=dim: (predicted == y).float().mean(dim),
                  "You compared every prediction with every label, n x n, and averaged one side. "
                  "Match the shapes first.", "M06")
          for dim in (0, 1)),
        Mistake(lambda predicted, y: (predicted == y).sum() / len(y),
                "You added up n x n comparisons and divided by n. Match the shapes first.", "M06"),
        Mistake(lambda predicted, y: (predicted.squeeze(1) == y).sum(),
                "That is how many are right. Divide by how many there are."),
        Mistake(lambda predicted, y: (predicted.squeeze(1) != y).float().mean(), "That is the share of wrong ones."),
        Mistake(lambda predicted, y: predicted.float().mean(),
                "You averaged the predictions. Compare them with `y`, then average."),
        Mistake(lambda predicted, y: y.float().mean(),
                "That is the share of ones among the labels. Compare each with its prediction, then average."),
        Mistake(lambda predicted, y: (predicted != y).float().mean(),
                "You compared every prediction with every label, n x n, and counted the wrong pairs. "
                "Match the shapes first, and count the right ones.", "M06"),
        Mistake(lambda predicted, y: (predicted == y).sum(),
                "That is how many of n x n comparisons are right. Match the shapes first, then take the mean.", "M06"),
        Mistake(lambda predicted, y: 100 * (predicted.squeeze(1) == y).float().mean(),
                "As a share it would be right; this is in percent."),
        Mistake(lambda predicted, y: torch.equal(predicted.squeeze(1), y),
                "As soon as one prediction is wrong you give 0 or False. `//` rounds down, and `all` asks whether "
                "every one is right; a share lies between: `/`."),
        *(Mistake(ones, "You counted the predictions of 1 that are right. A 0 that is right counts too.")
          for ones in (lambda predicted, y: (predicted.squeeze(1) * y).sum() / len(y),
                       lambda predicted, y: ((predicted.squeeze(1) == 1) & (y == 1)).float().mean())),
        *(Mistake(of_two, "Right where labels are 0 and 1. There may be more classes, the digits 0 to 9: ask of each "
                          "prediction whether it equals its label, `==`.")
          for of_two in (lambda predicted, y: ((predicted.squeeze(1) > 0.5).long() == y).float().mean(),
                         lambda predicted, y: 1 - (predicted.squeeze(1) - y).abs().float().mean(),
                         lambda predicted, y: 1 - ((predicted.squeeze(1) - y) ** 2).float().mean())),
        Mistake(lambda predicted, y: (predicted.argmax(dim=1) == y).float().mean(),
                "`argmax` of a column is always 0. These are the answers already: drop the 1, `predicted.squeeze(1)`."),
        Mistake(lambda predicted, y: (predicted == y).any(dim=1).float().mean(),
                "Your share is 1, whatever the predictions. Does `any` ask whether one equals some label, or `len` "
                "count them all? Hold each against its own label."),
        Mistake(lambda predicted, y: (predicted.squeeze(1)[y == 1] == 1).float().mean(),
                "That is the share of right ones among the labels 1. All labels count."),
        Mistake(lambda predicted, y: (predicted.squeeze(1)[predicted.squeeze(1) == 1] == y[predicted.squeeze(1) == 1])
                .float().mean(),
                "That is the share of right ones among the predictions of 1. All predictions count."),
        Mistake(lambda predicted, y: (predicted.squeeze(1) == y).sum() / (len(y) - 1),
                "Your count of right ones is divided by one less than there are: divide by `len(y)`."),
        Mistake(lambda predicted, y: (predicted.squeeze(1) == y)[1:].sum() / len(y),
                "The first prediction is left out of your count. Places are numbered from 0: `range(len(y))`."),
        Mistake(lambda predicted, y: (predicted.squeeze(1) == y)[:-1].sum() / len(y),
                "The last prediction is left out of your count. `range(len(y))` goes through all of them."),
        Mistake(lambda predicted, y: (predicted.squeeze(1) == y)[0].float(),
                "Only the first prediction is compared, so it is all or nothing. A share counts all of them."),
        Mistake(lambda predicted, y: (predicted.squeeze(1) == y)[0].float() / len(y),
                "Only the first prediction is counted. Does the `return` stand inside of the loop? Move it to the "
                "left."),
    ],
    hints=["Compare shapes first: `predicted` is a column (n, 1), `y` is (n,). `predicted.squeeze(1)` drops the 1.",
           "Equal or not gives True and False; `.float().mean()` turns them into a share."],
    explanation="One number, and the right one: perfect predictions score 1.",
)
def share_right(predicted, y):
    """The share of right predictions; `predicted` has shape (n, 1), `y` has shape (n,)."""
    return (predicted.squeeze(1) == y).float().mean()


# Where work is kept

kept = Choice(
    "You edited a lesson in `my_work/`. A new version of the course changes that lesson. What does `course lab` do?",
    {
        "a": Wrong("It overwrites yours with the new version",
                   "What you edited is never overwritten. The new version gets a name of its own."),
        "b": Wrong("It keeps yours and leaves the new version out",
                   "Yours is kept, and the new version is there as well. It lies beside yours, under a name that "
                   "begins with `NEW`."),
        "c": Right("It keeps yours and lays the new version beside it"),
    },
    hints=["Nothing of yours is lost, and nothing new is withheld."],
    explanation="A lesson you never touched is renewed quietly; one that holds your work is not.",
)


# Two guesses, only noted: the lesson named in each spread brings the answer, and lesson 11 asks again

guess_logit = Prediction(
    "A model's raw score, its logit, is 0.5. Which probability does it mean?",
    low=0, high=1, measured=0.6225, spread="lesson 1", reveal_later=True,
)
guess_pairs = Prediction(
    "Predictions (64, 1) minus targets (64,): how many differences?",
    low=1, high=10_000, measured=4096.0, spread="this lesson", reveal_later=True,
)


give_names(globals())
