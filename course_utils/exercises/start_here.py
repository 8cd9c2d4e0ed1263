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
    ],
    hints=["A byte counts from 0 to 255 and then begins again.", "260 minus 256."],
    explanation="So a bright pixel turned black, without a word. "
                "Lessons turn pictures into decimals before they compute.",
)


@exercise(
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
        Mistake(lambda X: X.mean(dim=0), "These are the means themselves. Take them off X."),
        Mistake(lambda X: X.mean(dim=0) - X, "The sign is turned round: X minus the mean."),
        *(Mistake(lambda X, correction=correction: (X - X.mean(dim=0)) / X.std(dim=0, correction=correction),
                  "You also divided by the spread. Here the mean alone is taken off.")
          for correction in (1, 0)),                                # torch's spread and NumPy's
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
    probes=[
        (torch.tensor([[1], [0], [0], [1], [1]]), torch.tensor([1, 0, 1, 1, 0])),
        (torch.tensor([[1], [1], [1], [0], [1], [1], [0]]), torch.tensor([1, 0, 1, 0, 0, 0, 0])),
    ],
    mistakes=[
        Mistake(lambda predicted, y: (predicted == y).float().mean(),
                "You compared every prediction with every label, n x n. "
                "Perfect ones would score about one half: match the shapes first.", "M06"),
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
                   "Yours is kept, and the new version is there as well. "
                   "It lies beside yours, ending in `.new.ipynb`."),
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
