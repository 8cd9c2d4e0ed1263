"""The exercises of lesson 03: scores of many classes, the shares they make, the loss, and what softmax cannot see."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checker import Choice, Mistake, Number, Prediction, Right, Wrong, exercise, give_names, in_short
from course_utils.datasets import load_digits
from course_utils.metrics import accuracy
from course_utils.optimum import fit_to_optimum
from course_utils.penalties import l2


def _measured_accuracy():
    digits = load_digits()
    best = fit_to_optimum(digits.train, penalty=l2(1 / len(digits.train.y)))
    return accuracy(best.predict_proba(digits.valid.X), digits.valid.y)


accuracy_guess = Prediction(
    "What share of the 450 unseen digits does this model name rightly?",
    low=0.0,
    high=1.0,
    measured=_measured_accuracy,
    spread="436 of 450 at the optimum; your loop stops a little before it",
    reveal_later=True,
)

recall_price = Number(
    "A model gave probability 0.5 to what then happened. What does it pay, as log loss?",
    answer=0.6931,
    tolerance=0.0075,                                               # 0.69 and 0.7 are good answers
    mistakes=[
        Mistake(0.5, "That is the probability. The price is minus its logarithm."),
        Mistake(2.3026, "That is what a model pays that shares 1 among ten classes. This one gave 0.5."),
        Mistake(0.6065, "That is e to the power of −0.5. The price goes the other way: minus the logarithm of 0.5."),
        Mistake(0.301, "That is the logarithm to base 10. The log loss takes the natural one."),
        Mistake(1.0, "That is the logarithm to base 2, a price in bits. The log loss takes the natural one."),
        Mistake(0.25, "That is the squared distance. The log loss is minus the logarithm of 0.5."),
        Mistake(2.0, "That is 1/p. The price is its logarithm, which is minus the logarithm of p."),
        Mistake(0.4055, "That is the logarithm of 1.5. The price is minus the logarithm of 0.5."),
        Mistake(1.3863, "That is the price of p = 0.25. Minus the logarithm of 0.5 is half of it."),
        Mistake(0.3466, "Half of it: nothing is halved here. The price is minus the logarithm of 0.5."),
        Mistake(0.0, "Only who gave probability 1 pays nothing. The price is minus the logarithm of 0.5."),
        Mistake(-1.0, "That is the logarithm to base 2, without the minus. Minus the natural one is asked for."),
        Mistake(-0.301, "That is the logarithm to base 10, without the minus. Minus the natural one is asked for."),
    ],
    hints=["Minus the logarithm of the probability given to what happened.", "`-math.log(0.5)`"],
    explanation="Remember 0.69: a model that tosses a coin pays it.",
)

# From scores to probabilities


def _with_and_without_shift(formula, message, id=None):
    """One wrong idea, written with the shift of the first line or without it: two mistakes, one sentence."""
    return (Mistake(formula, message, id),
            Mistake(lambda logits: formula(logits - logits.amax(dim=1, keepdim=True)), message, id))


@exercise(
    how=lambda place, logits: (
        f"In row {place[0]}, e to the shifted scores is {in_short((logits[place[0]] - logits[place[0]].max()).exp())}. "
        "Divide by the sum of these."),
    probes={
        "scores of ordinary size": (
            torch.tensor([[2.0, 1.0, 0.1], [0.5, -1.0, 3.0], [-2.2, 0.3, 0.4], [1.7, 1.1, -0.6], [0.2, 0.9, -3.1]]),),
        "four classes": (torch.tensor([[0.3, -1.4, 2.2, 0.8], [1.5, 0.6, -0.7, -2.0]]),),
        "scores up to 1000": (torch.tensor([[1000.0, 998.0, 999.5], [-300.0, -301.0, -299.8]]),),
        "scores far apart": (torch.tensor([[320.0, 0.0, -3.0, 319.0], [-1.0, 0.4, 0.9, 2.1]]),),
    },
    mistakes=[
        *_with_and_without_shift(lambda logits: logits.exp() / logits.logsumexp(dim=1, keepdim=True),
                                 "Below the line stands the logarithm of the sum. Divide by the sum itself."),
        *_with_and_without_shift(lambda logits: logits.exp() / (logits.exp().sum(dim=1, keepdim=True) - logits.exp()),
                                 "Each score's own share is missing below the line: those are odds. Divide by the sum "
                                 "of all K."),
        *(Mistake(lambda logits, small=small: (e := (logits - logits.amax(dim=1, keepdim=True)).exp())
                  / (e.sum(dim=1, keepdim=True) + small),
                  "A small number was added below the line, so the rows do not sum to 1. The sum is at least 1 here: "
                  "nothing can divide by 0.") for small in (1e-3, 1e-2, 0.1)),
        Mistake(lambda logits: (logits - logits.amin(dim=1, keepdim=True)).exp()
                / (logits - logits.amin(dim=1, keepdim=True)).exp().sum(dim=1, keepdim=True),
                "What you take off each row is not its largest score. A large one stays large, and e to it infinite: "
                "take off the largest, `amax`.", "M34"),
        Mistake(lambda logits: logits.exp() / logits.exp().sum(dim=1, keepdim=True),
                "Right, until a score is 1000: then e to it is infinite, and infinite by infinite is nan. Raise e to "
                "`shifted`, not to `logits`.", "M34"),
        Mistake(lambda logits: logits.double().exp() / logits.double().exp().sum(dim=1, keepdim=True),
                "More digits do not help: e to the power of 1000 is infinite in float64, too. Raise e to `shifted`.",
                "M34"),
        Mistake(lambda logits: (logits - logits.amax(dim=1, keepdim=True)).exp()
                / logits.exp().sum(dim=1, keepdim=True),
                "Above the line the scores are shifted, below it they are not. Take `shifted` in both places."),
        Mistake(lambda logits: (logits - logits.max()).exp() / (logits - logits.max()).exp().sum(dim=1, keepdim=True),
                "You took one largest score from all rows. A row far below it has nothing left to share, and 0 by 0 is "
                "nan: take from each row its own, `amax(dim=1, keepdim=True)`.", "M34"),
        Mistake(lambda logits: torch.softmax(logits, dim=0),
                "Your columns sum to 1, the rows do not: classes live in dim=1.", "M32"),
        *_with_and_without_shift(
            lambda z: z.exp() / z.exp().sum(),
            "All numbers of the table together sum to 1. Each image, so each row, has a 1 of its own to share."),
        *_with_and_without_shift(
            lambda z: z.exp() / z.exp().sum(dim=0),
            "Your columns sum to 1, the rows do not: classes live in dim=1.", "M32"),
        *_with_and_without_shift(
            lambda z: z.exp() / z.sum(dim=1, keepdim=True),
            "Above the line stands e to the score; below it, the scores as they are. Sum the `exp` of them, too."),
        *_with_and_without_shift(
            lambda z: z.exp() / z.sum(dim=1, keepdim=True).exp(),
            "Below the line you raised e to the sum. Raise e to each score first, then sum: `.exp().sum(…)`."),
        *_with_and_without_shift(
            torch.sigmoid,
            "You answered yes or no for each class by itself, so the rows do not share a budget of 1.", "M31"),
        *_with_and_without_shift(
            lambda z: z / z.sum(dim=1, keepdim=True),
            "You divided the scores as they are, and some are below 0. Raise e to each score first.", "M01"),
        Mistake(lambda logits: torch.log_softmax(logits, dim=1),
                "These are logarithms of probabilities, all below 0. Leave the logarithm out.", "M33"),
        Mistake(lambda logits: logits - logits.amax(dim=1, keepdim=True),
                "These are the shifted scores themselves. Raise e to them, then divide each row by its sum."),
        *_with_and_without_shift(
            torch.exp, "Positive they are, and they do not sum to 1 yet: divide each row by its sum."),
        *_with_and_without_shift(
            lambda z: torch.sigmoid(z) / torch.sigmoid(z).sum(dim=1, keepdim=True),
            "You shared out sigmoids. Softmax shares out e to each score.", "M31"),
        Mistake(lambda logits: torch.softmax(-logits, dim=1),
                "The order is turned round. A high score needs a high share: e to the score, without a minus."),
        Mistake(lambda logits: torch.softmax(torch.softmax(logits, dim=1), dim=1),
                "Softmax twice: the second takes the probabilities for scores, and evens them out.", "M02"),
        *_with_and_without_shift(
            lambda z: z.exp() / z.exp().mean(dim=1, keepdim=True),
            "Your rows sum to K, the number of classes, and not to 1. Divide each row by its sum."),
        Mistake(lambda logits: F.one_hot(logits.argmax(dim=1), logits.shape[1]).float(),
                "That is the decision, all for one class. Softmax lets the others keep a share."),
        Mistake(lambda logits: 100 * torch.softmax(logits, dim=1),
                "These are percent. The shares of a row sum to 1."),
        Mistake(lambda logits: torch.softmax(logits.flatten(), dim=0).reshape(logits.shape),
                "All numbers of the table together sum to 1. Each image, so each row, has a 1 of its own to share."),
        *(Mistake(lambda logits, share=share: share(logits - logits.amax(dim=0)),
                  "You took off the largest score of each column. Softmax is blind to one number taken off a whole "
                  "row: the row's own, dim=1.", "M32")
          for share in (lambda z: torch.softmax(z, dim=1), lambda z: z.exp() / z.exp().sum(dim=1, keepdim=True))),
        *(Mistake(lambda logits, cut=cut: torch.softmax(cut(logits), dim=1),
                  "You cut large scores off, so 1000 and 998 became one. Differences count: take each row's largest "
                  "score away instead.", "M34")
          for cut in (lambda z: z.clamp(max=80), lambda z: z.clamp(-80, 80))),
        *(Mistake(lambda logits, base=base: torch.softmax(logits * math.log(base), dim=1),
                  "You raised another number than e to the scores. Softmax raises e: `shifted.exp()`.")
          for base in (2.0, 10.0)),
        *_with_and_without_shift(
            lambda z: F.normalize(z.exp(), dim=1),
            "You divided each row by its length, so that its squares sum to 1. Divide by its sum."),
        *_with_and_without_shift(
            lambda z: z.square() / z.square().sum(dim=1, keepdim=True),
            "You squared the scores, so that one far below 0 gets much. Raise e to each score."),
        *_with_and_without_shift(
            lambda z: z.exp() / (1 + z.exp().sum(dim=1, keepdim=True)),
            "There is a 1 too many below the line, so the rows do not sum to 1. It belongs to the sigmoid; divide by "
            "the sum alone."),
        Mistake(lambda logits: (logits - logits.amax(dim=1, keepdim=True)).exp() / logits.shape[1],
                "You divided by the number of classes. Divide each row by its own sum."),
        Mistake(lambda logits: torch.softmax(logits / logits.amax(dim=1, keepdim=True), dim=1),
                "You divided by the largest score of each row. Differences count: subtract it."),
        Mistake(lambda logits: torch.softmax(logits, dim=1).logsumexp(dim=1, keepdim=True) * 0
                + torch.softmax(logits, dim=1).T.reshape(logits.shape),
                "The numbers are right and stand in other places: rows are images, columns are classes."),
        Mistake(lambda logits: [[math.exp(s) / sum(map(math.exp, row)) for s in row] for row in logits.tolist()],
                "`math.exp` stops at a score of 1000: e to it has 435 digits. Take each row's largest score away "
                "first.",
                "M34"),
    ],
    hints=[
        "Two steps: raise e to each shifted score, `shifted.exp()`; then let each row share out 1.",
        "The sum of each row, kept as a column so that it divides row by row: `.sum(dim=1, keepdim=True)`.",
    ],
    axes=("images", "classes"),
    explanation="Rows that sum to 1, at any size of score: what one class gains, the others lose.",
)
def softmax(logits):
    """Each row of scores, shape (n, K), becomes a row of K probabilities; no score is too large."""
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)


# The loss

_LOSS_PROBES = {
    "scores of ordinary size": (
        torch.tensor([[2.0, 1.0, 0.1], [0.5, -1.0, 3.0], [-2.2, 0.3, 0.4], [1.7, 1.1, -0.6], [0.2, 0.9, -3.1]]),
        torch.tensor([0, 2, 1, 1, 2]),
    ),
    "scores up to 1000": (
        torch.tensor([[1000.0, 998.0, 3.0, -500.0], [-300.0, 2.0, 1.0, 700.0]]), torch.tensor([1, 0]),
    ),
    "scores near 900": (                                            # e to that is infinite in float64, too
        torch.tensor([[900.0, 898.5, 899.2], [897.1, 899.4, 898.8]]), torch.tensor([1, 0]),
    ),
    "scores near 95": (                                             # e to that is infinite, and no probability is 0
        torch.tensor([[95.0, 92.5, 94.1, 90.0, 93.3], [88.7, 96.2, 95.9, 91.1, 94.0], [92.0, 93.7, 90.4, 97.5, 95.2]]),
        torch.tensor([2, 4, 0]),
    ),
    "one score of −800": (                                          # its probability is 0, and nobody pays for it
        torch.tensor([[3.0, -800.0, 1.0, 0.4], [2.5, 0.3, -1.0, 0.9]]), torch.tensor([2, 0]),
    ),
    "an image with scores near 700, another near −300": (           # 1000 apart, and finite in float64
        torch.tensor([[700.0, 698.0, 697.5], [-300.0, -302.0, -299.0]]), torch.tensor([1, 0]),
    ),
}


def _true(table, y):
    """What stands in each row of a table (n, K) at its true class."""
    return table[torch.arange(len(y)), y]


@exercise(
    how=lambda place, logits, y: (
        f"The images pay {in_short(F.cross_entropy(logits, y, reduction='none'))}. Their mean is needed."),
    probes=_LOSS_PROBES,
    mistakes=[
        Mistake(lambda logits, y: (logits.argmax(dim=1) == y).float().mean(),
                "That is the share of right decisions. A price is minus the logarithm of the true class's share."),
        *(Mistake(lambda logits, y, s=s: F.cross_entropy(logits, y, label_smoothing=s),
                  "Some of each label is spread over the other classes (`label_smoothing`). The true class alone is "
                  "priced here.") for s in (0.1, 0.2, 0.05)),
        Mistake(lambda logits, y: F.cross_entropy(logits, y, reduction="sum") / logits.shape[1],
                "The sum was divided by the number of classes. The mean is over the images: divide by `len(y)`.",
                "M17"),
        *(Mistake(lambda logits, y, price=price: torch.nan_to_num(price(logits, y)).mean(),
                  "Where a price was infinite or nan, `nan_to_num` put another number. Start from the scores: "
                  "`logits.logsumexp(dim=1)` less the true score is safe.", "M34")
          for price in (lambda logits, y: -(F.one_hot(y, logits.shape[1]) * logits.softmax(dim=1).log()).sum(dim=1),
                        lambda logits, y: -_true(logits.softmax(dim=1), y).log())),
        Mistake(lambda logits, y: F.cross_entropy(logits, y) - math.log(logits.shape[1]),
                "Inside the logarithm stands the mean of e to the scores. Their sum belongs there."),
        Mistake(lambda logits, y: F.multi_margin_loss(logits, y),
                "That is a margin loss, of another model. The price here is minus the logarithm of a share."),
        Mistake(lambda logits, y: F.cross_entropy(torch.softmax(logits, dim=1), y),
                "Two softmaxes: `F.cross_entropy` takes scores and applies softmax itself. Drop yours.", "M02"),
        Mistake(lambda logits, y: F.nll_loss(torch.softmax(logits, dim=1), y),
                "A loss below 0: `nll_loss` wants log-probabilities and got probabilities.", "M33"),
        Mistake(lambda logits, y: F.nll_loss(logits, y),
                "`nll_loss` only picks the true class and turns the sign. It wants log-probabilities; it got raw "
                "scores.", "M33"),
        Mistake(lambda logits, y: -_true(torch.softmax(logits, dim=1), y).log().mean(),
                "Your loss is infinite: a probability of e to −1000 becomes 0, and its logarithm −∞. Take both in one "
                "step: `logits.logsumexp(dim=1)` less the true score, or `log_softmax`.", "M34"),
        Mistake(lambda logits, y: (logits.exp().sum(dim=1).log() - _true(logits, y)).mean(),
                "e to the power of 1000 is infinite for the computer, and so is your loss. "
                "`logits.logsumexp(dim=1)` is the same, and safe.", "M34"),
        Mistake(lambda logits, y: sum(
                    math.log(sum(map(math.exp, row))) - row[k]
                    for row, k in zip(logits.tolist(), y, strict=True)) / len(y),
                "e to the power of 1000 is too large for `math.exp`. `logits.logsumexp(dim=1)` is the log of the sum, "
                "and safe.", "M34"),
        *(Mistake(lambda logits, y, dtype=dtype: (
                      -_true(logits.to(dtype).exp() / logits.to(dtype).exp().sum(dim=1, keepdim=True), y).log().mean()),
                  "e to the power of 1000 is infinite for the computer, and infinite by infinite is nan. Start from "
                  "the scores: `logits.logsumexp(dim=1)` less the true score is safe.", "M34")
          for dtype in (torch.float32, torch.float64)),
        Mistake(lambda logits, y: -(F.one_hot(y, logits.shape[1]) * torch.softmax(logits, dim=1).log()).sum() / len(y),
                "Your loss is nan: a probability became 0, its logarithm is −∞, and 0 · (−∞) is nan. Take softmax and "
                "logarithm in one step: `logits.log_softmax(dim=1)` stays finite.", "M34"),
        *(Mistake(lambda logits, y, small=small: -(_true(torch.softmax(logits, dim=1), y) + small).log().mean(),
                  "A small number inside the logarithm caps the price. Start from the scores, and nothing needs a "
                  "cap.", "M34")
          for small in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20, 1e-30, 1e-38)),
        Mistake(lambda logits, y: F.cross_entropy(y, logits),
                "Whole numbers stand where the scores belong. The scores come first, then the labels."),
        Mistake(lambda logits, y: F.cross_entropy(logits, y[:, None]),
                "The labels that reach the loss are a table that does not fit. The scores (n, K) come first, then the "
                "class numbers (n,)."),
        Mistake(lambda logits, y: F.binary_cross_entropy_with_logits(logits, F.one_hot(y, logits.shape[1]).float()),
                "That is K yes/no losses, each with a sigmoid. Softmax lets the classes share one budget.", "M31"),
        Mistake(lambda logits, y: F.cross_entropy(logits, y) / len(y),
                "The mean is divided by the number of images once more.", "M17"),
        Mistake(lambda logits, y: (logits.logsumexp(dim=1) - logits.amax(dim=1)).mean(),
                "You subtracted the largest score of each row. The score of the true class is needed."),
        Mistake(lambda logits, y: (
                    (logits - logits.max()).exp().sum(dim=1).log() - _true(logits - logits.max(), y)).mean(),
                "One largest score for all images: e to the rest may all become 0. Subtract from each row its own.",
                "M34"),
        Mistake(lambda logits, y: ((logits - logits.max()).logsumexp(dim=1) - _true(logits, y)).mean(),
                "The largest score of all was subtracted inside the log-sum-exp and not put back. Softmax does not "
                "notice a shift; log-sum-exp moves with it.", "M29"),
        Mistake(lambda logits, y: (
                    (logits - logits.amax(dim=1, keepdim=True)).logsumexp(dim=1) - _true(logits, y)).mean(),
                "You took the largest score out of the log-sum-exp and did not put it back. Softmax does not notice a "
                "shift; log-sum-exp moves with it.", "M29"),
        Mistake(lambda logits, y: logits.logsumexp(dim=1).mean(),
                "That is the log-sum-exp alone. Subtract from it the score of the true class."),
        Mistake(lambda logits, y: (logits.logsumexp(dim=1) + _true(logits, y)).mean(),
                "The true class's score is added; it belongs subtracted."),
        Mistake(lambda logits, y: _true(torch.softmax(logits, dim=1), y).mean(),
                "That is the mean probability of the true classes. The price of each is minus its logarithm."),
        Mistake(lambda logits, y: -_true(torch.softmax(logits, dim=1), y).mean().log(),
                "Logarithm of the mean: here the mean comes last. Each image pays minus its own logarithm."),
        Mistake(lambda logits, y: (logits.logsumexp(dim=1) - _true(logits, y - 1)).mean(),
                "You picked class `y - 1`. Classes are numbered from 0, so the label is the column.", "M14"),
        Mistake(lambda logits, y: F.cross_entropy(logits, F.one_hot(y, logits.shape[1])),
                "A one-hot target means probabilities, and those are decimals. Add `.float()`, or pass the class "
                "numbers as they are.", "M13"),
        Mistake(lambda logits, y: F.nll_loss(torch.log_softmax(logits, dim=0), y),
                "Your log-softmax runs down the columns: it compares images. Classes live in dim=1.", "M32"),
        Mistake(lambda logits, y: (logits.logsumexp(dim=1)[:, None] - logits[:, y]).mean(),
                "`logits[:, y]` takes the columns of all labels for every row. One score from each row is "
                "needed.", "M05"),
        Mistake(lambda logits, y: F.cross_entropy(logits, y, reduction="sum"),
                "This is the sum over the images; the mean is needed.", "M15"),
        Mistake(lambda logits, y: -(F.one_hot(y, logits.shape[1]) * torch.log_softmax(logits, dim=1)).mean(),
                "You averaged over images and classes. Each image pays once, so divide by the images only.", "M17"),
        Mistake(lambda logits, y: -F.cross_entropy(logits, y), "The sign is turned round: a price is minus the log."),
        Mistake(lambda logits, y: -_true((logits - logits.max()).exp()
                                         / (logits - logits.max()).exp().sum(dim=1, keepdim=True), y).log().mean(),
                "One largest score for all images: e to the rest may all become 0. Subtract from each row its own.",
                "M34"),
        *(Mistake(lambda logits, y, shares=shares: -_true(shares(logits), y).log().sum(),
                  "It is a sum, and infinite or nan where a score is 1000. The mean is needed, and from the scores: "
                  "`logits.logsumexp(dim=1)` is safe.", "M15")
          for shares in (lambda z: torch.softmax(z, dim=1), lambda z: z.exp() / z.exp().sum(dim=1, keepdim=True),
                         lambda z: z.double().exp() / z.double().exp().sum(dim=1, keepdim=True))),
        Mistake(lambda logits, y: F.cross_entropy(logits, y, reduction="sum") * -1,
                "The sign is turned round, and it is a sum: minus the log, and the mean over the images.", "M15"),
        Mistake(lambda logits, y: (logits.logsumexp(dim=1)
                                   - _true(logits - logits.amax(dim=1, keepdim=True), y)).mean(),
                "The largest score was put back once too often. The log-sum-exp has it, the true score lacks it: take "
                "both with it or both without.", "M29"),
        Mistake(lambda logits, y: -torch.log_softmax(logits, dim=1).amax(dim=1).mean(),
                "You took the class with the largest share. The price is that of the true class, `y`."),
        *(Mistake(lambda logits, y, base=base: F.cross_entropy(logits, y) / math.log(base),
                  "That is with another logarithm. The log loss takes the natural one, to base e.")
          for base in (2, 10)),
        *(Mistake(lambda logits, y, over=over: over(
                      (torch.softmax(logits, dim=1) - F.one_hot(y, logits.shape[1])).square()),
                  "That is a squared distance. The price is minus the logarithm of the true class's share.")
          for over in (lambda squares: squares.sum(dim=1).mean(), torch.mean, torch.sum)),
        Mistake(lambda logits, y: (logits.logsumexp(dim=1) - _true(logits, y))[0] / len(y),
                "Only the first image is counted. Does the `return` stand inside of the loop? Move it to the left."),
        Mistake(lambda logits, y: (1 - _true(torch.softmax(logits, dim=1), y)).mean(),
                "That is what the true class lacks to 1. The price is minus the logarithm of its share."),
        Mistake(lambda logits, y: -F.logsigmoid(_true(logits, y)).mean(),
                "That is a yes/no price, with a sigmoid. Softmax lets the other classes count too.", "M31"),
        Mistake(lambda logits, y: (logits.amax(dim=1) - _true(logits, y)).mean(),
                "That is what the true score lacks to the largest. The soft maximum is asked for: `logsumexp`."),
        Mistake(lambda logits, y: (logits.argmax(dim=1) != y).float().mean(),
                "That is the share of wrong decisions. The price is minus the logarithm of the true class's share."),
        *(Mistake(lambda logits, y, over=over: -over(logits.log_softmax(dim=1)),
                  "Every class of every image pays, and `y` is not used. An image pays for its true class alone.")
          for over in (torch.mean, lambda prices: prices.sum(dim=1).mean(), torch.sum)),
        Mistake(lambda logits, y: F.cross_entropy(logits, y) / 2,
                "Half of the mean: nothing is halved here."),
        Mistake(lambda logits, y: (logits.logsumexp(dim=1) - 2 * logits.amax(dim=1) - _true(logits, y)).mean(),
                "The largest score was taken off twice. Behind the logarithm it is put back: plus.", "M29"),
        Mistake(lambda logits, y: logits.logsumexp(dim=0).mean() - _true(logits, y).mean(),
                "Your log-sum-exp runs down the columns: it compares images. Classes live in dim=1.", "M32"),
        *(Mistake(lambda logits, y, by=by: F.cross_entropy(logits, (y + by) % logits.shape[1]),
                  "Another class pays than the true one. Is 1 taken off `y`, or added? Classes are numbered from 0, as "
                  "places are.", "M14") for by in (-1, 1)),
    ],
    hints=[
        "The price of one image is -log of its true class's probability. Write the logarithm of a softmax out: it is "
        "the true class's score minus the log of the sum of all exponentials.",
        "`logits.logsumexp(dim=1)` is that log of a sum, and safe; `logits[torch.arange(len(y)), y]` picks one score "
        "from each row.",
    ],
    explanation="Log-sum-exp minus the true score: this is what `F.cross_entropy` does with the logits you give it.",
)
def softmax_loss(logits, y):
    """The mean over the images of -log p of the true class, from logits (n, K) and class numbers y (n,)."""
    true_scores = logits[torch.arange(len(y)), y]
    return (logits.logsumexp(dim=1) - true_scores).mean()


# The gradient

_IMAGES = torch.tensor([[0.9, -0.4, 1.3], [0.2, 1.7, -0.8], [-1.1, 0.6, 0.5], [1.4, 0.1, -0.3], [-0.7, -1.2, 0.8]])
_W = torch.tensor([[0.4, -0.9, 0.3, 1.1], [-0.6, 0.2, 0.8, -0.1], [0.7, 0.5, -1.2, 0.35]])
_GRADIENT_PROBES = {
    "5 images, 3 pixels, 4 classes": (_IMAGES, torch.tensor([2, 0, 3, 0, 1]), _W, torch.tensor([0.25, -0.5, 0.1, 0.4])),
    "2 images, both of class 0": (
        torch.tensor([[0.3, -1.2, 0.8, 0.5], [1.1, 0.4, -0.6, -0.9]]), torch.tensor([0, 0]),
        torch.tensor([[0.5, -0.2, 0.9], [-1.1, 0.3, 0.4], [0.2, 0.8, -0.7], [0.6, -0.4, 0.15]]),
        torch.tensor([-0.3, 0.2, 0.6])),
}


def _slopes(X, y, W, b, *, shares=lambda z: torch.softmax(z, dim=1), off=lambda p, due: p - due,
            of_W=lambda X, off: X.T @ off / len(X), of_b=lambda off: off.mean(dim=0)):
    """The solution with a line of it as an argument."""
    wrong_by = off(shares(X @ W + b), F.one_hot(y, W.shape[1]))
    return of_W(X, wrong_by), of_b(wrong_by)


def _by_autograd(X, y, W, b, loss):
    """Both slopes of a loss of the scores, as PyTorch finds them."""
    W, b = W.clone().requires_grad_(), b.clone().requires_grad_()
    return torch.autograd.grad(loss(X @ W + b), (W, b))


def _off(message, id=None, **line):
    return Mistake(lambda X, y, W, b: _slopes(X, y, W, b, **line), message, id)


@exercise(
    how=lambda place, X, y, W, b: (
        f"Share minus share due, for class {place[-1]}: "
        f"{in_short((torch.softmax(X @ W + b, dim=1) - F.one_hot(y, W.shape[1]))[:, place[-1]])}, an entry an image."),
    probes=_GRADIENT_PROBES,
    mistakes=[
        _off("Both were divided by the number of classes. The loss is a mean over the images: `len(y)`.", "M17",
             of_W=lambda X, off: X.T @ off / off.shape[1], of_b=lambda off: off.sum(dim=0) / off.shape[1]),
        Mistake(lambda X, y, W, b: [slope * len(X) / X.shape[1] for slope in _slopes(X, y, W, b)],
                "Both were divided by the number of pixels. The loss is a mean over the images: `len(y)`.", "M17"),
        _off("The slope of b is 0. A bias moves a score by 1: its slope is the mean of share minus share due.",
             of_b=lambda off: 0 * off.sum(dim=0)),
        Mistake(lambda X, y, W, b: ((slopes := _slopes(X, y, W, b))[0] + W, slopes[1]),
                "The weights themselves were added, as the slope of a penalty. The loss alone is asked for."),
        Mistake(lambda X, y, W, b: ((slopes := _slopes(X, y, W, b)) and (W - slopes[0], b - slopes[1])),
                "Here is the step already taken. The two slopes alone are asked for."),
        _off("This is the gradient of the sum over the images. The loss is their mean: divide by `len(y)`.", "M15",
             of_W=lambda X, off: X.T @ off, of_b=lambda off: off.sum(dim=0)),
        _off("The slope of W is divided by the number of images, that of b is not yet. Both are means.", "M15",
             of_b=lambda off: off.sum(dim=0)),
        _off("The slope of b is a mean over the images, that of W is still a sum. Divide it by `len(y)`.", "M15",
             of_W=lambda X, off: X.T @ off),
        _off("The mean was taken over images and classes. Each image counts once: divide by the images only.", "M17",
             of_W=lambda X, off: X.T @ off / off.numel(), of_b=lambda off: off.sum(dim=0) / off.numel()),
        _off("The signs are turned round: this points down the slope. Share minus share due, in this order.",
             off=lambda p, due: due - p),
        _off("The shares are there, the shares due are not. Take 1 from the share of each image's true class.",
             off=lambda p, due: p),
        _off("The scores themselves were compared with what is due. Send them through softmax first.", "M01",
             shares=lambda z: z),
        _off("That is the gradient of K yes/no models. Here the classes share one budget: softmax in place of the "
             "sigmoid.", "M31", shares=torch.sigmoid),
        _off("Your softmax runs down the columns: it compares images. Classes live in dim=1.", "M32",
             shares=lambda z: torch.softmax(z, dim=0)),
        _off("Logarithms of the shares were compared with what is due. Leave the logarithm out.", "M33",
             shares=lambda z: torch.log_softmax(z, dim=1)),
        _off("The slope of W has shape (K, m), as `nn.Linear` keeps it. Here W is (m, K): `X.T @ …` gives that.",
             of_W=lambda X, off: off.T @ X / len(X)),
        _off("The slope of b became one number. Each class has a bias of its own: sum or mean over the images, "
             "dim=0.", of_b=lambda off: off.mean()),
        _off("The slope of b has one number an image. Each class has a bias: take the mean over the images, dim=0.",
             of_b=lambda off: off.mean(dim=1)),
        _off("A factor p (1 − p) stands in it, as for a squared distance. The log loss has the bare difference as its "
             "slope.", off=lambda p, due: (p - due) * p * (1 - p)),
        Mistake(lambda X, y, W, b: _slopes(X, y, W, 0 * b),
                "The bias is missing from the scores: they are `X @ W + b`."),
        Mistake(lambda X, y, W, b: _slopes(X, y, W, b)[0],
                "One slope came back. Two are needed, that of W and that of b: `return slope_W, slope_b`."),
        Mistake(lambda X, y, W, b: _slopes(X, y, W, b)[::-1], "Both are there, b first. Return that of W first."),
        Mistake(lambda X, y, W, b: (lambda off: (X.T @ off / len(y), off.mean(dim=0)))(
                    torch.softmax(X @ W + b, dim=1) - F.one_hot(y)),
                "`F.one_hot(y)` makes no column for a class that is missing at the end. Say how many: "
                "`F.one_hot(y, W.shape[1])`."),
        Mistake(lambda X, y, W, b: X.T @ (torch.softmax(X @ W + b, dim=1) - F.one_hot(y, 10)),
                "Ten columns were made, and these images know fewer classes. W says how many: "
                "`F.one_hot(y, W.shape[1])`."),
        Mistake(lambda X, y, W, b: X.T @ (torch.softmax(X @ W + b, dim=1) - y),
                "`y` has one number an image, the shares have a row. Make a row with a single 1 of each: "
                "`F.one_hot(y, W.shape[1])`.", "M05"),
        Mistake(lambda X, y, W, b: (X.T @ (torch.softmax(X @ W + b, dim=1) - y[:, None]) / len(y),
                                    (torch.softmax(X @ W + b, dim=1) - y[:, None]).mean(dim=0)),
                "The class numbers themselves were subtracted, a 3 as the number 3. What is due is a row with a single "
                "1: `F.one_hot(y, W.shape[1])`."),
        _off("Twice too large: the 2 belongs to the slope of a square. Here it is the bare difference.",
             off=lambda p, due: 2 * (p - due)),
        _off("The signs are turned round, and both are sums: share minus share due, divided by `len(y)`.", "M15",
             off=lambda p, due: due - p, of_W=lambda X, off: X.T @ off, of_b=lambda off: off.sum(dim=0)),
        _off("The slope of W is divided by the number of pixels. The loss is a mean over the images: by "
             "`len(y)`.", "M17",
             of_W=lambda X, off: X.T @ off / X.shape[1]),
        _off("The slopes were divided by the number of images twice: a mean has done so already.", "M17",
             of_W=lambda X, off: X.T @ off / len(X)**2, of_b=lambda off: off.mean(dim=0) / len(off)),
        _off("The slope of W was divided by the number of images twice.", "M17",
             of_W=lambda X, off: X.T @ off / len(X)**2),
        _off("Decisions were compared with what is due, all for one class. Take the shares themselves.",
             shares=lambda z: F.one_hot(z.argmax(dim=1), z.shape[1]).float()),
        _off("Softmax twice: the shares were taken for scores, and evened out.", "M02",
             shares=lambda z: torch.softmax(torch.softmax(z, dim=1), dim=1)),
        _off("The last image alone is there. In a loop the slopes of all images add up: `+=`.",
             of_W=lambda X, off: torch.outer(X[-1], off[-1]) / len(X), of_b=lambda off: off[-1] / len(off)),
        _off("The last image alone is there. In a loop the slopes of all images add up, and their mean is taken.",
             of_W=lambda X, off: torch.outer(X[-1], off[-1]), of_b=lambda off: off[-1]),
        _off("The first image alone is there. Is the `return` inside of the loop? The mean over all is needed.",
             of_W=lambda X, off: torch.outer(X[0], off[0]), of_b=lambda off: off[0]),
        _off("The size of each difference was taken, and its sign is lost: share minus share due.",
             off=lambda p, due: (p - due).abs()),
        Mistake(lambda X, y, W, b: (lambda slope, _: (slope, slope.mean(dim=0)))(*_slopes(X, y, W, b)),
                "The slope of b was averaged from that of W. It has no pixels in it: the mean of share minus share "
                "due."),
        Mistake(lambda X, y, W, b: (lambda slope, _: (slope, slope.sum(dim=0)))(*_slopes(X, y, W, b)),
                "The slope of b was summed from that of W. It has no pixels in it: the mean of share minus share due."),
        Mistake(lambda X, y, W, b: (lambda p: (X.T @ p / len(y), p.mean(dim=0)))(
                    torch.softmax(X @ W + b, dim=1) - F.one_hot(y, W.shape[1]).amax(dim=0)),
                "`p[:, y] -= 1` takes 1 from the columns of all labels in every row. One place in each row: "
                "`p[torch.arange(len(y)), y]`.", "M05"),
        _off("Each image moves its true class alone. The other classes got shares that were not due, and are moved by "
             "those.", off=lambda p, due: (p - due) * due),
        Mistake(lambda X, y, W, b: _by_autograd(X, y, W, b, lambda z: F.cross_entropy(torch.softmax(z, dim=1), y)),
                "Two softmaxes: `F.cross_entropy` takes scores and applies softmax itself. Drop yours.", "M02"),
        *(Mistake(lambda X, y, W, b, over=over: _by_autograd(X, y, W, b, lambda z: over(
                      (torch.softmax(z, dim=1) - F.one_hot(y, W.shape[1])).square())),
                  "That is the gradient of a squared distance. The cross-entropy's is share minus share due.")
          for over in (torch.mean, lambda squares: squares.sum(dim=1).mean(), torch.sum)),
        Mistake(lambda X, y, W, b: _by_autograd(X, y, W, b, lambda z: F.binary_cross_entropy_with_logits(
                    z, F.one_hot(y, W.shape[1]).float())),
                "That is the gradient of K yes/no losses, averaged over images and classes. Here the classes share one "
                "budget: `F.cross_entropy`.", "M31"),
    ],
    hints=[
        "First the shares, softmax of `X @ W + b`; then `off`: what they are minus what was due, "
        "`F.one_hot(y, W.shape[1])`.",
        "An image moves the weights of class k by its pixels times `off`; all images at once are `X.T @ off`. The loss "
        "is a mean, so divide by `len(y)`. A bias is a weight whose pixel is always 1.",
    ],
    explanation="Share minus share due, times the pixel, averaged: p − y again, once for each class.",
)
def softmax_gradient(X, y, W, b):
    """The gradient of the mean cross-entropy: that of W, shape (m, K), and that of b, shape (K,)."""
    off = torch.softmax(X @ W + b, dim=1) - F.one_hot(y, W.shape[1])
    return X.T @ off / len(y), off.mean(dim=0)


# The loop

def _loop(X, y, n_classes, lr, steps, strength, *, start=torch.zeros, start_b=torch.zeros, sign=-1.0, more_steps=0,
          of_W=lambda slope, W, strength: slope + strength * W, of_b=lambda slope, b, strength: slope):
    """The solution with a line of it as an argument."""
    W, b = start(X.shape[1], n_classes), start_b(n_classes)
    for _ in range(steps + more_steps):
        slope_W, slope_b = _slopes(X, y, W, b)
        W, b = W + sign * lr * of_W(slope_W, W, strength), b + sign * lr * of_b(slope_b, b, strength)
    return W, b


def _second_of_a_layer(n_classes):
    """The bias of a fresh layer, as the random numbers give it after its weights."""
    return nn.Linear(1, n_classes).bias.detach()


def _other_loop(message, id=None, **line):
    return Mistake(lambda X, y, n_classes, lr, steps, strength: _loop(X, y, n_classes, lr, steps, strength, **line),
                   message, id)


def _penalised_apart(step, message):
    """The mistake of a loop in which the penalty is not a part of the slope."""
    def answer(X, y, n_classes, lr, steps, strength):
        W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
        for _ in range(steps):
            slope_W, slope_b = _slopes(X, y, W, b)
            W, b = step(W, slope_W, lr, strength), b - lr * slope_b
        return W, b
    return Mistake(answer, message)


@exercise(
    how=lambda place, X, y, n_classes, lr, steps, strength: (
        "The first step leads this entry from 0 to "
        f"{_loop(X, y, n_classes, lr, 1, strength)[place[0]][place[1:]]:.4g}."),
    probes={
        "3 steps": (_IMAGES, torch.tensor([2, 0, 3, 0, 1]), 4, 0.7, 3, 0.0),
        "5 steps with strength 0.3": (_IMAGES, torch.tensor([2, 0, 0, 2, 1]), 4, 0.4, 5, 0.3),
        "2 images of class 0": (torch.tensor([[0.3, -1.2, 0.6, 0.9, -0.5], [1.1, 0.4, -0.8, 0.2, 0.7]]),
                                torch.tensor([0, 0]), 3, 1.5, 2, 0.1),
    },
    mistakes=[
        _other_loop("It goes uphill: the step is against the slope, `W - lr * …`.", sign=1.0),
        _other_loop("The penalty is not in your steps. Its slope is `strength * W`; add it to that of the loss.",
                    of_W=lambda slope, W, strength: slope),
        _other_loop("The bias is pulled to 0 as well. The penalty is on the weights only.", "M18",
                    of_b=lambda slope, b, strength: slope + strength * b),
        _other_loop("The penalty pulls twice as hard as it should. It is strength / 2 times the sum of squares, so its "
                    "slope is `strength * W`.", "M19", of_W=lambda slope, W, strength: slope + 2 * strength * W),
        _other_loop("The penalty pulls half as hard as it should. The half in strength / 2 cancels the 2 of a square: "
                    "its slope is `strength * W`.", "M19", of_W=lambda slope, W, strength: slope + strength / 2 * W),
        _other_loop("The penalty has the square of W for its slope. It is `strength * W`.",
                    of_W=lambda slope, W, strength: slope + strength * W**2),
        _other_loop("The penalty pushes the weights away from 0. Its slope is added to that of the loss.",
                    of_W=lambda slope, W, strength: slope - strength * W),
        _other_loop("The penalty pulls by its strength alone, whatever the weight. Its slope is `strength * W`.",
                    of_W=lambda slope, W, strength: slope + strength),
        _other_loop("The biases stay at 0. Each has a slope of its own, the mean over the images, `dim=0`: "
                    "`b - lr * slope_b`.",
                    of_b=lambda slope, b, strength: 0 * slope),
        *(_other_loop("The weights start at random numbers. Let both start at 0, so that every run is the same.",
                      start=start, start_b=start_b)
          for start in (torch.randn, torch.rand, lambda *n: 0.01 * torch.randn(*n), lambda *n: 0.1 * torch.randn(*n))
          for start_b in (torch.zeros, start)),
        *(_other_loop("The weights start at random numbers. Let both start at 0, so that every run is the same.",
                      start=lambda m, K, seed=seed, size=size: size * torch.randn(
                          m, K, generator=torch.Generator().manual_seed(seed)))
          for seed in (0, 42) for size in (1, 0.1, 0.01)),     # the seeds that people write
        _other_loop("The weights start at random numbers. Let both start at 0, so that every run is the same.",
                    start=lambda m, K: nn.Linear(m, K).weight.detach().T, start_b=lambda K: _second_of_a_layer(K)),
        *(_other_loop("The walk begins at 1. Start W and b at 0: `torch.zeros`.", start=torch.ones, start_b=start_b)
          for start_b in (torch.ones, torch.zeros)),
        _other_loop("The penalty pulls by its strength in the direction of each sign, as an L1 penalty does. The slope "
                    "of strength/2 times the squares is `strength * W`.", of_W=lambda slope, W, strength:
                    slope + strength * W.sign()),
        _other_loop("The penalty pulls at the biases, and not at the weights. It is the other way round.", "M18",
                    of_W=lambda slope, W, strength: slope, of_b=lambda slope, b, strength: slope + strength * b),
        _other_loop("The slope of the loss is turned round, so the step goes uphill. That of the penalty is right.",
                    of_W=lambda slope, W, strength: -slope + strength * W, of_b=lambda slope, b, strength: -slope),
        _other_loop("The biases walk uphill. Their step is against the slope as well: `b - lr * slope_b`.",
                    of_b=lambda slope, b, strength: -slope),
        _other_loop("The weights walk uphill. Their step is against the slope: `W - lr * …`.",
                    of_W=lambda slope, W, strength: -slope - strength * W),
        _other_loop("The steps are twice as long: the 2 belongs to the slope of a square.",
                    of_W=lambda slope, W, strength: 2 * slope + strength * W,
                    of_b=lambda slope, b, strength: 2 * slope),
        _other_loop("The weights stay at 0. Step them as well, by lr times the slope of the loss plus that of the "
                    "penalty.",
                    of_W=lambda slope, W, strength: 0 * slope),
        *(Mistake(lambda X, y, n_classes, lr, steps, strength, sums=sums: _loop(
                      X, y, n_classes, lr, steps, strength,
                      of_W=lambda slope, W, strength: (len(y) if sums[0] else 1) * slope + strength * W,
                      of_b=lambda slope, b, strength: (len(y) if sums[1] else 1) * slope),
                  f"{what} The loss is a mean over the images: divide by `len(y)`.", "M15")
          for sums, what in (((True, True), "The slopes of the loss are sums."),
                             ((True, False), "The slope of W is a sum."), ((False, True), "The slope of b is a sum."))),
        Mistake(lambda X, y, n_classes, lr, steps, strength: _loop(X, y, n_classes, lr, steps, strength / len(y)),
                "The penalty was divided by the number of images. Its slope is `strength * W`, as it is.", "M19"),
        Mistake(lambda X, y, n_classes, lr, steps, strength: _loop(
                    X, y, n_classes, lr, steps, strength,
                    of_W=lambda slope, W, strength: (slope + strength * W) / len(y),
                    of_b=lambda slope, b, strength: slope / len(y)),
                "The slopes are divided by the number of images once more: they are means already.", "M17"),
        Mistake(lambda X, y, n_classes, lr, steps, strength: _loop(X, y, n_classes, lr, steps, strength / lr),
                "The pull of the penalty has no lr before it. It is a part of the slope: "
                "`lr * (slope_W + strength * W)`."),
        _other_loop("The value of the penalty, strength/2 times the sum of squares, was added to every slope. What is "
                    "added is its own slope, `strength * W`.", "M19",
                    of_W=lambda slope, W, strength: slope + strength / 2 * W.square().sum()),
        _other_loop("The penalty was averaged over the weights. It is strength / 2 times the SUM of their squares, so "
                    "its slope is `strength * W`.",
                    of_W=lambda slope, W, strength: slope + strength * W / W.numel()),
        _other_loop("The penalty was averaged over the weights, and its half is missing. It is strength / 2 times the "
                    "SUM of their squares, so its slope is `strength * W`.",
                    of_W=lambda slope, W, strength: slope + 2 * strength * W / W.numel()),
        _other_loop("One step is missing: `range(steps)` makes `steps` of them.", more_steps=-1),
        _other_loop("There is one step too many: `range(steps)` makes `steps` of them.", more_steps=1),
        Mistake(lambda X, y, n_classes, lr, steps, strength: _loop(X, y, n_classes, lr, 1, strength),
                "One step was made, whatever `steps` says. Is the step inside of the loop, and `return` outside?"),
        Mistake(lambda X, y, n_classes, lr, steps, strength: _loop(X, y, n_classes, 1.0, steps, strength),
                "The learning rate is not in your steps: `W - lr * …`."),
        _penalised_apart(lambda W, slope, lr, strength: (W - lr * slope) * (1 - lr * strength),
                         "The penalty pulls at the new W, after the step. Add its slope to that of the loss, then step "
                         "once."),
        Mistake(lambda X, y, n_classes, lr, steps, strength: _loop(X, y, 10, lr, steps, strength),
                "You made ten classes, and here there are fewer. Take `n_classes`."),
        Mistake(lambda X, y, n_classes, lr, steps, strength: _loop(X, y, n_classes, lr, steps, strength)[0],
                "One thing came back. Return both, `W, b`."),
        Mistake(lambda X, y, n_classes, lr, steps, strength: _loop(X, y, n_classes, lr, steps, strength)[::-1],
                "Both are there, b first. Return W first."),
        Mistake(lambda X, y, n_classes, lr, steps, strength: (
                    lambda W, b: (W.T, b))(*_loop(X, y, n_classes, lr, steps, strength)),
                "W has shape (K, m), as `nn.Linear` keeps it. The text has (m, K): one column for each class."),
        Mistake(lambda X, y, n_classes, lr, steps, strength: _loop(X, y, int(y.max()) + 1, lr, steps, strength),
                "The classes were counted in y, and one may be missing there. Take `n_classes`."),
    ],
    hints=[
        "Before the loop W is `torch.zeros` of `X.shape[1]` rows and `n_classes` columns, b of `n_classes` numbers. "
        "After it, return both.",
        "In the loop, both slopes come from `softmax_gradient(X, y, W, b)`. Add `strength * W` to that of W. Then step "
        "against each slope by `lr` times it.",
    ],
    explanation="Predict, loss, gradients, step: here the first three are one call. This is softmax regression, whole.",
)
def fit_softmax(X, y, n_classes, lr, steps, strength):
    """W (m, K) and b (K,) after `steps` of gradient descent from 0, the penalty strength/2 · ‖W‖² included."""
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        off = torch.softmax(X @ W + b, dim=1) - F.one_hot(y, n_classes)
        slope_W, slope_b = X.T @ off / len(y), off.mean(dim=0)
        W, b = W - lr * (slope_W + strength * W), b - lr * slope_b
    return W, b


@fit_softmax.mistake("The second of your two steps already sees the new W. Take both slopes first, then step both.")
def _(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    for _ in range(steps):
        W = W - lr * (_slopes(X, y, W, b)[0] + strength * W)
        b = b - lr * _slopes(X, y, W, b)[1]
    return W, b


for summed in (0.0, 1.0):               # the penalty's slope is outside of the sum, or in it
    @fit_softmax.mistake("Each step uses the sum of all slopes so far. Take that of this round alone; PyTorch adds up, "
                         "too, until `.grad` is set to None.", "M07")
    def _(X, y, n_classes, lr, steps, strength, summed=summed):
        W, b, sum_W, sum_b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes), 0.0, 0.0
        for _ in range(steps):
            slope_W, slope_b = _slopes(X, y, W, b)
            sum_W, sum_b = sum_W + slope_W + summed * strength * W, sum_b + slope_b
            W, b = W - lr * (sum_W + (1 - summed) * strength * W), b - lr * sum_b
        return W, b


@fit_softmax.mistake("The penalty's slope was divided by the length of W, as that of ‖W‖ is. The norm is squared: its "
                     "slope is `strength * W`.")
def _(X, y, n_classes, lr, steps, strength):
    return _loop(X, y, n_classes, lr, steps, strength,
                 of_W=lambda slope, W, strength: slope + strength / 2 * W / (W.norm() + 1e-12))


@fit_softmax.mistake("The slopes are taken once, before the loop. After each step the weights are others: take them "
                     "in each round.")
def _(X, y, n_classes, lr, steps, strength):
    W, b = torch.zeros(X.shape[1], n_classes), torch.zeros(n_classes)
    slope_W, slope_b = _slopes(X, y, W, b)
    for _ in range(steps):
        W, b = W - lr * (slope_W + strength * W), b - lr * slope_b
    return W, b


# The module that PyTorch does not have

_FACTS = ("what forward gives back", "the shape of the logits", "what forward computes",
          "the scores of an image are the same in every batch", "number of parameters",
          "parameters that the loss reaches", "what predict_proba gives back", "the shape of the probabilities",
          "what predict_proba computes", "its shares where scores are near 1000")


def _behaviour(model, n_features, n_classes):
    """What holds for any weights, so that learners may start theirs as they like."""
    X = torch.linspace(-1.3, 2.1, 7 * n_features).sin().reshape(7, n_features)
    with torch.no_grad():
        model(X)                                                    # a lazy layer makes its parameters now
        for p in model.parameters():
            p.add_(torch.linspace(-0.9, 1.4, p.numel()).reshape(p.shape))
    found, logits = dict.fromkeys(_FACTS), model(X)
    found["what forward gives back"] = _kind(logits)
    if not isinstance(logits, torch.Tensor):
        return found
    found["the shape of the logits"] = str(tuple(logits.shape))
    if logits.shape != (7, n_classes):
        return found
    learning = [p for p in model.parameters() if p.requires_grad]
    slopes = torch.autograd.grad(logits.square().sum(), learning, allow_unused=True) \
        if learning and logits.requires_grad else ()
    ends = model(torch.stack([20 * X[0], -20 * X[0], 0 * X[0]])).double()
    found |= {
        "what forward computes": _scores_in_words(logits.double(), ends),
        "the scores of an image are the same in every batch": torch.allclose(model(X[:2]), logits[:2], atol=1e-5),
        "number of parameters": sum(p.numel() for p in model.parameters()),
        "parameters that the loss reaches": sum(p.numel() for p, slope in zip(learning, slopes, strict=False)
                                                if slope is not None and slope.any()),
    }
    p = model.predict_proba(X)
    found["what predict_proba gives back"] = _kind(p)
    if not isinstance(p, torch.Tensor | np.ndarray):
        return found
    p = torch.as_tensor(p).double()
    found["the shape of the probabilities"] = str(tuple(p.shape))
    if p.shape == logits.shape:
        found["what predict_proba computes"] = _shares_in_words(p, logits.double())
        if found["what predict_proba computes"] == "softmax of forward":
            finite = torch.as_tensor(model.predict_proba(3000 * X)).isfinite().all()
            found["its shares where scores are near 1000"] = "numbers" if finite else "nan"
    elif p.shape == logits.shape[:1]:
        found["what predict_proba computes"] = "a class" if torch.equal(p, p.round()) else "one number an image"
    return found


def _kind(answer):
    if answer is None or answer is Ellipsis:
        return answer
    return "a tensor" if isinstance(answer, torch.Tensor | np.ndarray) else type(answer).__name__


def _scores_in_words(z, ends):
    """`ends`: the scores of an x, of −x and of 0."""
    if torch.allclose(ends[:2].mean(dim=0), ends[2], atol=1e-3):
        return "weighted sums of X"
    if torch.allclose(z.exp().sum(dim=1), torch.ones(7).double(), atol=1e-5):
        return "logarithms of probabilities"
    if z.min() < 0 or z.max() > 1:
        return "no weighted sums of X"
    for dim, words in ((1, "probabilities"), (0, "columns that sum to 1")):
        if torch.allclose(z.sum(dim=dim), torch.ones(z.shape[1 - dim]).double(), atol=1e-5):
            return words
    return "numbers from 0 to 1"


def _shares_in_words(p, z):
    shares, sigmoids = z.softmax(dim=1), z.sigmoid()
    tables = {
        "softmax of forward": shares, "softmax down the columns": z.softmax(dim=0), "what forward gives": z,
        "sigmoids": sigmoids, "shared out sigmoids": sigmoids / sigmoids.sum(dim=1, keepdim=True),
        "e to the scores": z.exp(), "logarithms of softmax": z.log_softmax(dim=1),
        "softmax twice": shares.softmax(dim=1), "percent": 100 * shares,
        "the decision": F.one_hot(z.argmax(dim=1), z.shape[1]).double(),
        "softmax of minus forward": (-z).softmax(dim=1), "shared out scores": z / z.sum(dim=1, keepdim=True),
        "one 1 for all images": z.exp() / z.exp().sum(),
    }
    return next((words for words, table in tables.items() if torch.allclose(p, table, atol=1e-6)), "something else")


def _module(forward=lambda self, X: self.linear(X), predict_proba=lambda self, X: torch.softmax(self(X), dim=1),
            bias=True):
    """The solution's class, with another `forward` or `predict_proba`, or without a bias."""

    class Module(nn.Module):
        def __init__(self, n_features, n_classes):
            super().__init__()
            self.linear = nn.Linear(n_features, n_classes, bias=bias)

    Module.forward, Module.predict_proba = forward, predict_proba
    return Module


@exercise(
    probes=[(5, 3), (4, 6)],
    compare_by=_behaviour,
    mistakes=[
        Mistake(_module(forward=lambda self, X: self.linear(X).argmax(dim=1)),
                "`forward` gives one number for each image. The loss wants all K scores, as the layer gives them."),
        Mistake(_module(forward=lambda self, X: self.linear.weight),
                "What `forward` gives has the shape of the weights. Send X through the layer: `self.linear(X)`."),
        Mistake(_module(forward=lambda self, X: self.linear(X).T),
                "`forward` gives (K, n), a row for each class. A row for each image is needed: leave the `.T` out."),
        Mistake(_module(forward=lambda self, X: torch.softmax(self.linear(X), dim=1),
                        predict_proba=lambda self, X: self(X)),
                "Your `forward` gives probabilities. `F.cross_entropy` takes logits and would apply softmax a second "
                "time: move the softmax to `predict_proba`.", "M02"),
        Mistake(_module(forward=lambda self, X: torch.softmax(self.linear(X), dim=1)),
                "Softmax twice: your `forward` has one already, and `predict_proba` adds another. `forward` gives "
                "logits.", "M02"),
        Mistake(_module(forward=lambda self, X: torch.softmax(self.linear(X), dim=1),
                        predict_proba=lambda self, X: self.linear(X)),
                "`forward` gives probabilities, and the loss wants logits. Here the two methods are exchanged.", "M02"),
        Mistake(_module(forward=lambda self, X: F.log_softmax(self.linear(X), dim=1)),
                "`forward` gives logarithms of probabilities. The loss takes that logarithm itself: give back what the "
                "linear layer gives.", "M33"),
        Mistake(_module(forward=lambda self, X: torch.sigmoid(self.linear(X)), predict_proba=lambda self, X: self(X)),
                "`forward` gives numbers from 0 to 1, as a sigmoid does. It gives logits; `predict_proba` makes shares "
                "of them.", "M31"),
        Mistake(_module(forward=lambda self, X: torch.relu(self.linear(X))),
                "`forward` bends the scores: they are no weighted sums of X. Give back what the linear layer gives."),
        Mistake(_module(forward=lambda self, X: None),                # the scores are made, and not returned
                "`forward` gives back None. End it with `return`, and the scores."),
        Mistake(_module(forward=lambda self, X: X @ self.linear.weight.T),
                "The loss does not reach the bias. Is it added to the scores? `self.linear(X)` does that."),
        Mistake(_module(forward=lambda self, X: self.linear(X).detach()),
                "Nothing would learn: no gradient gets from the scores of `forward` to the parameters. "
                "Leave out what stops it: `no_grad`, `detach`, `.data`, or `requires_grad` False."),
        Mistake(_module(forward=lambda self, X: self.linear((X - X.mean(dim=0)) / X.std(dim=0))),
                "The scores of an image depend on who else is in the batch. Leave X as it comes."),
        Mistake(_module(bias=False),
                "The bias is missing: a rare class needs a way to say so before it looks at the pixels."),
        Mistake(_module(predict_proba=lambda self, X: torch.softmax(X, dim=1)),
                "`predict_proba` has a number for each column of X, not for each class. Does it take X where the "
                "scores are needed, `self(X)`?"),
        Mistake(_module(predict_proba=lambda self, X: torch.softmax(self.linear(self(X)), dim=1)),
                "What goes into the layer has a column for each class, and the layer takes X. Does what came out of it "
                "go in once more? `self(X)` is the whole of `forward`: softmax is all that it still needs."),
        Mistake(_module(predict_proba=lambda self, X: None),
                "`predict_proba` gives back None. End it with `return`, and the probabilities."),
        Mistake(_module(predict_proba=lambda self, X: torch.softmax(self(X), dim=0)),
                "`predict_proba` makes columns that sum to 1, not rows: classes live in dim=1.", "M32"),
        Mistake(_module(predict_proba=lambda self, X: self(X)),
                "`predict_proba` gives the logits as they are. Let softmax turn them into shares of 1.", "M01"),
        Mistake(_module(predict_proba=lambda self, X: torch.sigmoid(self(X))),
                "A sigmoid for each class: K yes/no answers that do not share a budget of 1.", "M31"),
        Mistake(_module(predict_proba=lambda self, X: F.normalize(torch.sigmoid(self(X)), p=1)),
                "`predict_proba` shares out sigmoids. Softmax shares out e to each score.", "M31"),
        Mistake(_module(predict_proba=lambda self, X: self(X).exp()),
                "`predict_proba` raises e to each score. Divide each row by its sum, so that it sums to 1."),
        Mistake(_module(predict_proba=lambda self, X: F.log_softmax(self(X), dim=1)),
                "`predict_proba` gives logarithms, all below 0. Leave the logarithm out.", "M33"),
        Mistake(_module(predict_proba=lambda self, X: self(X).argmax(dim=1)),
                "`predict_proba` gives the decision, one class an image. Give the shares of all classes."),
        Mistake(_module(predict_proba=lambda self, X: F.one_hot(self(X).argmax(dim=1), self.linear.out_features)),
                "`predict_proba` gives the decision, all for one class. Softmax lets the others keep a share."),
        Mistake(_module(predict_proba=lambda self, X: 100 * torch.softmax(self(X), dim=1)),
                "`predict_proba` gives percent. Probabilities sum to 1, not to 100."),
        Mistake(_module(predict_proba=lambda self, X: torch.softmax(torch.softmax(self(X), dim=1), dim=1)),
                "Softmax twice in `predict_proba`: the second evens out what the first gave.", "M02"),
        Mistake(_module(predict_proba=lambda self, X: torch.softmax(self(X), dim=1).amax(dim=1)),
                "`predict_proba` gives one number for each image. Give the shares of all classes, (n, K)."),
        Mistake(_module(predict_proba=lambda self, X: self(X).exp() / self(X).exp().sum(dim=1, keepdim=True)),
                "Right, until a score is 1000: then e to it is infinite, and infinite by infinite is nan. "
                "`torch.softmax(…, dim=1)` takes the largest score away first.", "M34"),
        Mistake(_module(forward=lambda self, X: nn.Linear(X.shape[1], self.linear.out_features)(X)),
                "`forward` gives other scores each time, and the loss reaches no parameter. Is a layer made inside of "
                "it? Make it once, in `__init__`."),
        Mistake(_module(predict_proba=lambda self, X: self(X).exp() / self(X).exp().sum()),
                "`predict_proba` has one 1 for all images together. Each image, so each row, shares out a 1 of its "
                "own."),
        Mistake(_module(predict_proba=lambda self, X: self(X) / self(X).sum(dim=1, keepdim=True)),
                "`predict_proba` divides the scores as they are, and some are below 0. Softmax raises e to each first.",
                "M01"),
        Mistake(_module(predict_proba=lambda self, X: torch.softmax(-self(X), dim=1)),
                "`predict_proba` is turned round. A high score needs a high share: no minus before the scores."),
        *(Mistake(_module(forward=lambda self, X: torch.softmax(self.linear(X), dim=0), predict_proba=proba),
                  "Softmax stands in `forward`, and it runs down the columns. `forward` gives the scores as they are.",
                  "M32")
          for proba in (lambda self, X: self(X), lambda self, X: torch.softmax(self(X), dim=1),
                        lambda self, X: torch.softmax(self(X), dim=0))),
        Mistake(_module(forward=lambda self, X: torch.sigmoid(self.linear(X))),
                "`forward` gives numbers from 0 to 1, as a sigmoid does. It gives the scores as they are.", "M31"),
        *(Mistake(_module(forward=forward),
                  "X (n, m) meets a weight that lies the wrong way. The layer is `nn.Linear(n_features, n_classes)`, "
                  "in this order, and by hand it is `X @ self.linear.weight.T`.")
          for forward in (lambda self, X: X @ self.linear.weight + self.linear.bias,
                          lambda self, X: F.linear(X, self.linear.weight.T, self.linear.bias))),
    ],
    hints=[
        "`nn.Linear(n_features, n_classes)` holds W, of shape (K, m), and b. `forward` needs nothing else.",
        "`forward` gives raw scores, what the linear layer makes of X. `predict_proba` sends them through softmax "
        "along the classes, dim=1.",
    ],
    explanation="One layer, and a softmax for those who ask. `course_utils.models.MultinomialLogisticRegression` is "
                "the same.",
)
class MultinomialLogit(nn.Module):
    """Softmax regression as a module: `forward` gives the logits X W + b, `predict_proba` probabilities, all (n, K)."""

    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)

    def forward(self, X):
        return self.linear(X)

    def predict_proba(self, X):
        return torch.softmax(self(X), dim=1)


@MultinomialLogit.mistake("Your model has no parameters, so nothing would train it. Plain tensors are none, nor are "
                          "layers in a Python list. Use `nn.Linear`.")
class _(MultinomialLogit.right_answer):
    def __init__(self, n_features, n_classes):
        nn.Module.__init__(self)
        self.W, self.b = torch.zeros(n_features, n_classes), torch.zeros(n_classes)

    def forward(self, X):
        return X @ self.W + self.b


# What the formulas say about use

seven_calls = Choice(
    "Which of these give the mean price of the true digits?",
    {
        "a": Right("`F.cross_entropy(logits, y)`"),
        "b": Wrong("`F.cross_entropy(logits.softmax(dim=1), y)`",
                   "(b) applies softmax twice. It runs without a word, and its loss can never fall under "
                   "1.461.", "M02"),
        "c": Right("`F.nll_loss(logits.log_softmax(dim=1), y)`"),
        "d": Wrong("`F.nll_loss(logits.softmax(dim=1), y)`",
                   "(d) gives a loss below 0: `nll_loss` wants log-probabilities.", "M33"),
        "e": Wrong("`F.cross_entropy(logits, F.one_hot(y, 10))`",
                   "(e) stops: one-hot targets are read as probabilities, and those must be decimals.", "M13"),
        "f": Wrong("`F.nll_loss(logits.log_softmax(dim=0), y)`",
                   "(f) lets the images share a class among them: it says no word, and rows do not sum to 1. "
                   "Classes live in dim=1.", "M32"),
        "g": Right("`F.cross_entropy(logits, F.one_hot(y, 10).float())`"),
    },
    hints=["Run each call on `logits = torch.randn(450, 10)` and `y = digits.valid.y`, and compare the numbers.",
           "Three of them are right."],
    explanation="Class numbers or decimal shares as targets, logits into `cross_entropy`, log-probabilities into "
                "`nll_loss`.",
)

shift_all = Choice(
    "You add the same picture, any 64 numbers you like, to all ten weight pictures. What changes?",
    {
        "a": Wrong("The probabilities, and with them the fit",
                   "All ten scores of an image move by the same amount, and softmax sees differences only.", "M28"),
        "b": Wrong("Nothing whatever, log-sum-exp included",
                   "Softmax is blind to the shift, log-sum-exp is not. It moves by what was added.", "M29"),
        "c": Right("The scores and their log-sum-exp; not the probabilities, and not the loss"),
        "d": Wrong("The decision, where the added picture looks like the image",
                   "However well it fits the image, it raises all ten scores alike. The largest stays the "
                   "largest.", "M28"),
    },
    hints=["By how much does each of the ten scores of one image move?",
           "The loss is log-sum-exp minus the true score, and both move alike."],
    explanation="So a single weight picture means nothing by itself; differences between two of them do.",
)

guess_floor = Prediction(
    "Ten classes; softmax as last layer, then the usual loss, which applies softmax itself. How low can that loss get?",
    low=0, high=3, measured=1.4612, spread="lesson 3", reveal_later=True,
)


# Two classes, one neuron


def _neuron(w=lambda W: W[:, 1] - W[:, 0], bias=lambda b: b[1] - b[0], share=0.5):
    return lambda W, b, strength: (w(W), bias(b), share * strength)


@exercise(
    probes=[
        (torch.tensor([[0.4, -0.9], [1.3, 0.2], [-0.7, 0.55]]), torch.tensor([0.25, -0.6]), 0.01),
        (torch.tensor([[1.1, 0.3], [-0.2, 0.8], [0.6, -1.4], [0.9, 0.15], [-1.2, -0.35]]), torch.tensor([-0.1, 0.7]),
         0.3),
    ],
    mistakes=[
        *(Mistake(_neuron(w=lambda W: W[:, 1] * W[:, 0], bias=bias),
                  "You multiplied the two columns. Softmax sees their difference.")
          for bias in (lambda b: b[1] * b[0], lambda b: b[1] - b[0])),
        Mistake(_neuron(share=1.0),
                "With equal strength the neuron is held back more. Softmax splits w into two halves, and two halves "
                "cost less than one whole.", "M30"),
        Mistake(_neuron(share=2.0),
                "The strength went the other way. Two vectors of half the length cost half as much, so the neuron "
                "needs a weaker penalty.", "M30"),
        Mistake(_neuron(share=0.25), "Each half has a quarter of the square, and there are two halves.", "M30"),
        Mistake(_neuron(share=0.5**0.5), "Lengths halve, and the penalty squares them: no root is left over.", "M30"),
        Mistake(_neuron(lambda W: W[:, 0] - W[:, 1], lambda b: b[0] - b[1]),
                "This neuron speaks for class 0. The sigmoid gives the probability of class 1: w₁ − w₀."),
        Mistake(_neuron(bias=lambda b: b[0] - b[1]), "The weights are right, the bias is turned round: b₁ − b₀."),
        Mistake(_neuron(lambda W: W[:, 0] - W[:, 1]), "The bias is right, the weights are turned round: w₁ − w₀."),
        Mistake(_neuron(lambda W: W[:, 1], lambda b: b[1]),
                "Class 1's own column is half of the story: what class 0 says is taken off.", "M28"),
        Mistake(_neuron(lambda W: W.sum(dim=1), lambda b: b.sum()),
                "You added the two columns. Softmax sees their difference."),
        Mistake(_neuron(lambda W: (W[:, 1] - W[:, 0]) / 2, lambda b: (b[1] - b[0]) / 2),
                "That is half of the difference. The sigmoid takes the whole of it; the half belongs to the strength."),
        Mistake(lambda W, b, strength: (W[1] - W[0], b[1] - b[0], strength / 2),
                "You took two rows of W, and those are pixels. A class is a column: `W[:, 1]`."),
        Mistake(_neuron(bias=lambda b: b[1]), "Of the bias, too, only the difference counts: b₁ − b₀.", "M28"),
        *(Mistake(_neuron(lambda W: W[:, 0], lambda b: b[0], share),
                  "That is class 0's own column. The neuron speaks for class 1, and against class 0: w₁ − w₀.", "M28")
          for share in (0.5, 1.0)),
        *(Mistake(_neuron(lambda W: W[:, 1], lambda b: b[1], share),
                  "Class 1's own column is half of the story: what class 0 says is taken off.", "M28")
          for share in (1.0, 2.0)),
        *(Mistake(_neuron(lambda W: W[:, 0] - W[:, 1], lambda b: b[0] - b[1], share),
                  "This neuron speaks for class 0, and its strength is not yet right. The sigmoid gives the "
                  "probability of class 1: w₁ − w₀.") for share in (1.0, 2.0)),
        *(Mistake(_neuron(lambda W: (W[:, 1] - W[:, 0]) / 2, lambda b: (b[1] - b[0]) / 2, share),
                  "That is half of the difference. The sigmoid takes the whole of it; the half belongs to the "
                  "strength.")
          for share in (1.0, 2.0)),
        Mistake(_neuron(lambda W: W.mean(dim=1), lambda b: b.mean()),
                "You averaged the two columns. Softmax sees their difference."),
        Mistake(_neuron(lambda W: W[:, 1] / W[:, 0], lambda b: b[1] / b[0]),
                "You divided one column by the other. Softmax sees their difference."),
        *(Mistake(_neuron(lambda W: torch.softmax(W, dim=1)[:, 1], lambda b: torch.softmax(b, dim=0)[1], share),
                  "Softmax and sigmoid act on scores, not on weights. The neuron's weights are the difference: w₁ − "
                  "w₀.", "M01")
          for share in (0.5, 1.0)),
        Mistake(_neuron(bias=lambda b: b), "The bias is one number, what class 1 has more than class 0: b₁ − "
                                           "b₀.", "M28"),
        Mistake(_neuron(bias=lambda b: b.sum()), "Of the bias, too, only the difference counts: b₁ − b₀.", "M28"),
        Mistake(_neuron(bias=lambda b: 0 * b[0]), "The bias does not cancel: what counts is b₁ − b₀.", "M28"),
        Mistake(lambda W, b, strength: (W[:, 1] - W[:, 0], b[1] - b[0]),
                "The strength is missing. Give back three things: the weights, the bias, and half of the strength."),
        *(Mistake(lambda W, b, strength, of=of: (W[:, 1] - W[:, 0], b[1] - b[0], of(strength)),
                  "Lengths are squared in the penalty, the strength is not: it is halved.", "M30")
          for of in (lambda strength: strength**2, lambda strength: strength**0.5)),
    ],
    hints=["Column 1 of W is `W[:, 1]`.",
           "The penalty likes best to split w into w₁ = w/2 and w₀ = −w/2. What is ‖w₁‖² + ‖w₀‖², in terms of ‖w‖²?"],
    explanation="‖w/2‖² + ‖w/2‖² = ‖w‖²/2: the same model, and softmax pays half of what the neuron would.",
)
def as_one_neuron(W, b, strength):
    """The neuron that says what a softmax of two classes says, W (m, 2) and b (2,): w (m,), its bias, its strength.

    With that strength of penalty the neuron, fitted by itself, comes out the same.
    """
    return W[:, 1] - W[:, 0], b[1] - b[0], strength / 2


give_names(globals())
