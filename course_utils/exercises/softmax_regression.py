"""The exercises of lesson 03: scores of many classes, the shares they make, the loss, and what softmax cannot see."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checker import Choice, Mistake, Number, Prediction, Right, Wrong, exercise, give_names
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
    spread="436 of 450",
    reveal_later=True,
)

recall_price = Number(
    "A model gave probability 0.5 to what then happened. What does it pay, as log loss?",
    answer=0.6931,
    tolerance=0.0075,                                               # 0.69 and 0.7 are good answers
    mistakes=[
        Mistake(0.5, "That is the probability. The price is minus its logarithm."),
        Mistake(0.301, "That is the logarithm to base 10. The log loss takes the natural one."),
        Mistake(1.0, "That is the logarithm to base 2, a price in bits. The log loss takes the natural one."),
        Mistake(0.25, "That is the squared distance. The log loss is minus the logarithm of 0.5."),
    ],
    hints=["Minus the logarithm of the probability given to what happened.", "`-math.log(0.5)`"],
    explanation="Remember 0.69: a model that tosses a coin pays it.",
)

recall_gradient = Choice(
    "In the loop of lesson 1, `loss.backward()` and `optimizer.step()` stand one after the other. Which one computes "
    "the gradients?",
    {
        "a": Wrong("`optimizer.step()`",
                   "The optimizer only reads gradients. Without `backward()` it has none, and no weight moves.", "M35"),
        "b": Right("`loss.backward()`"),
        "c": Wrong("Both, each its own half",
                   "`step()` computes no gradient. It reads what `backward()` has left in `.grad`, and moves the "
                   "weights.", "M35"),
    },
    hints=["One of the two lines changes `.grad`, the other one changes the weights."],
    explanation="`backward()` fills `.grad`; `step()` uses it.",
)


# From scores to probabilities


@exercise(
    probes=[
        (torch.tensor([[2.0, 1.0, 0.1], [0.5, -1.0, 3.0], [-2.2, 0.3, 0.4], [1.7, 1.1, -0.6], [0.2, 0.9, -3.1]]),),
        (torch.tensor([[0.3, -1.4, 2.2, 0.8], [1.5, 0.6, -0.7, -2.0]]),),
    ],
    mistakes=[
        Mistake(lambda logits: torch.softmax(logits, dim=0),
                "Your columns sum to 1, the rows do not: classes live in dim=1.", "M32"),
        Mistake(lambda logits: logits.exp() / logits.exp().sum(),
                "All numbers of the table together sum to 1. Each image, so each row, has a 1 of its own to share."),
        Mistake(lambda logits: logits.exp() / logits.sum(dim=1, keepdim=True),
                "Above the line stands e to the score; below it, the scores as they are. Sum the `exp` of them, too."),
        Mistake(lambda logits: torch.sigmoid(logits),
                "You answered yes or no for each class by itself, so the rows do not share a budget of 1.", "M31"),
        Mistake(lambda logits: logits / logits.sum(dim=1, keepdim=True),
                "You divided the scores as they are, and some are below 0. Raise e to each score first.", "M01"),
        Mistake(lambda logits: torch.log_softmax(logits, dim=1),
                "These are logarithms of probabilities, all below 0. Leave the logarithm out.", "M33"),
        Mistake(lambda logits: logits.exp(),
                "Positive they are, and they do not sum to 1 yet: divide each row by its sum."),
        Mistake(lambda logits: torch.sigmoid(logits) / torch.sigmoid(logits).sum(dim=1, keepdim=True),
                "You shared out sigmoids. Softmax shares out e to each score.", "M31"),
        Mistake(lambda logits: torch.softmax(-logits, dim=1),
                "The order is turned round. A high score needs a high share: e to the score, without a minus."),
        Mistake(lambda logits: torch.softmax(torch.softmax(logits, dim=1), dim=1),
                "Softmax twice: the second takes the probabilities for scores, and evens them out.", "M02"),
        Mistake(lambda logits: logits.exp() / logits.exp().mean(dim=1, keepdim=True),
                "You divided by the mean of the row, so it sums to K. Divide by its sum."),
        Mistake(lambda logits: logits.exp() / logits.exp().amax(dim=1, keepdim=True),
                "The largest of each row is 1, and the sum is not yet: divide each row by its sum."),
        Mistake(lambda logits: F.one_hot(logits.argmax(dim=1), logits.shape[1]).float(),
                "That is the decision, all for one class. Softmax lets the others keep a share."),
    ],
    hints=[
        "Two steps: raise e to each score, `logits.exp()`; then let each row share out 1.",
        "The sum of each row, kept as a column so that it divides row by row: `.sum(dim=1, keepdim=True)`.",
    ],
    axes=("images", "classes"),
    explanation="Rows that sum to 1: now the classes compete. What one gains, the others lose.",
)
def softmax(logits):
    """Each row of scores, shape (n, K), becomes a row of K probabilities."""
    shares = logits.exp()
    return shares / shares.sum(dim=1, keepdim=True)


# The loss

_LOSS_PROBES = {
    "scores of ordinary size": (
        torch.tensor([[2.0, 1.0, 0.1], [0.5, -1.0, 3.0], [-2.2, 0.3, 0.4], [1.7, 1.1, -0.6], [0.2, 0.9, -3.1]]),
        torch.tensor([0, 2, 1, 1, 2]),
    ),
    "scores up to 1000": (
        torch.tensor([[1000.0, 998.0, 3.0, -500.0], [-300.0, 2.0, 1.0, 700.0]]), torch.tensor([1, 0]),
    ),
    "scores near 95": (                                             # e to that is infinite, and no probability is 0
        torch.tensor([[95.0, 92.5, 94.1, 90.0, 93.3], [88.7, 96.2, 95.9, 91.1, 94.0], [92.0, 93.7, 90.4, 97.5, 95.2]]),
        torch.tensor([2, 4, 0]),
    ),
}


def _true(table, y):
    """What stands in each row of a table (n, K) at its true class."""
    return table[torch.arange(len(y)), y]


@exercise(
    probes=_LOSS_PROBES,
    mistakes=[
        Mistake(lambda logits, y: F.cross_entropy(torch.softmax(logits, dim=1), y),
                "Two softmaxes: `F.cross_entropy` takes scores and applies softmax itself. Drop yours.", "M02"),
        Mistake(lambda logits, y: F.nll_loss(torch.softmax(logits, dim=1), y),
                "A loss below 0: `nll_loss` wants log-probabilities and got probabilities.", "M33"),
        Mistake(lambda logits, y: F.nll_loss(logits, y),
                "`nll_loss` only picks the true class and turns the sign. It wants log-probabilities; it got raw "
                "scores.", "M33"),
        Mistake(lambda logits, y: -_true(torch.softmax(logits, dim=1), y).log().mean(),
                "Your loss is infinite: e to the power of 1000 overflows, and e to −1000 becomes 0. Take exponential "
                "and logarithm in one step: `logits.logsumexp(dim=1)` is safe.", "M34"),
        Mistake(lambda logits, y: (logits.exp().sum(dim=1).log() - _true(logits, y)).mean(),
                "e to the power of 1000 is infinite for the computer, and so is your loss. "
                "`logits.logsumexp(dim=1)` is the same, and safe.", "M34"),
        Mistake(lambda logits, y: sum(
                    math.log(sum(map(math.exp, row))) - row[k]
                    for row, k in zip(logits.tolist(), y, strict=True)) / len(y),
                "e to the power of 1000 is too large for `math.exp`. Subtract each row's largest score first, or use "
                "`logsumexp`.", "M34"),
        *(Mistake(lambda logits, y, dtype=dtype: (
                      -_true(logits.to(dtype).exp() / logits.to(dtype).exp().sum(dim=1, keepdim=True), y).log().mean()),
                  "e to the power of 1000 is infinite for the computer, and the loss became nan. "
                  "Subtract each row's largest score first, or use `logsumexp`.", "M34")
          for dtype in (torch.float32, torch.float64)),
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


# The module that PyTorch does not have

_FACTS = ("what forward gives back", "the shape of the logits", "what forward computes",
          "the scores of an image are the same in every batch", "number of parameters",
          "parameters that the loss reaches", "what predict_proba gives back", "the shape of the probabilities",
          "what predict_proba computes")


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
    return "probabilities" if torch.allclose(z.sum(dim=1), torch.ones(7).double(), atol=1e-5) else "numbers from 0 to 1"


def _shares_in_words(p, z):
    shares, sigmoids = z.softmax(dim=1), z.sigmoid()
    tables = {
        "softmax of forward": shares, "softmax down the columns": z.softmax(dim=0), "what forward gives": z,
        "sigmoids": sigmoids, "shared out sigmoids": sigmoids / sigmoids.sum(dim=1, keepdim=True),
        "e to the scores": z.exp(), "logarithms of softmax": z.log_softmax(dim=1),
        "softmax twice": shares.softmax(dim=1), "percent": 100 * shares,
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
        Mistake(_module(predict_proba=lambda self, X: 100 * torch.softmax(self(X), dim=1)),
                "`predict_proba` gives percent. Probabilities sum to 1, not to 100."),
        Mistake(_module(predict_proba=lambda self, X: torch.softmax(torch.softmax(self(X), dim=1), dim=1)),
                "Softmax twice in `predict_proba`: the second evens out what the first gave.", "M02"),
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
        "f": Wrong("`F.cross_entropy(logits, y + 1)`",
                   "(f) stops at the first 9, for there is no class 10: K classes are 0 to K - 1.", "M14"),
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

half_penalty = Number(
    "A softmax model of two classes was fitted with penalty strength 0.01. Which strength must a sigmoid model have to "
    "give the same probabilities?",
    answer=0.005,
    tolerance=0.00005,
    mistakes=[
        Mistake(0.01, "With equal strength the sigmoid model is held back more. Softmax splits w into two halves, and "
                      "two halves cost less than one whole.", "M30"),
        Mistake(0.02, "The other way round. Two vectors of half the length cost half as much, so the sigmoid needs a "
                      "weaker penalty.", "M30"),
        Mistake(0.5, "Half, yes. Half of the strength 0.01 is needed, as a number."),
        Mistake(0.0025, "Each half has a quarter of the square, and there are two halves.", "M30"),
        Mistake(0.0071, "Lengths halve, and the penalty squares them: no root is left over.", "M30"),
    ],
    hints=["The best split is w₁ = w/2 and w₀ = -w/2. What is ‖w₁‖² + ‖w₀‖², in terms of ‖w‖²?",
           "A quarter plus a quarter: the softmax model pays half of what the sigmoid would."],
    explanation="‖w/2‖² + ‖w/2‖² = ‖w‖²/2. Same model, and the penalty sees half of it.",
)

double_softmax = Choice(
    "A ten-class model ends in a softmax layer and is trained with `F.cross_entropy`. What will you see?",
    {
        "a": Wrong("PyTorch stops with a message",
                   "Probabilities are decimals of the right shape, so PyTorch has no reason to stop. It runs without a "
                   "word.", "M02"),
        "b": Wrong("The same as without the layer: softmax of probabilities leaves them as they are",
                   "Softmax takes them for scores between 0 and 1. Even a sure 1 against nine 0s gets e/(e + 9) = "
                   "0.23.", "M02"),
        "c": Right("It learns, slowly, and its loss never falls under a floor far above 0"),
        "d": Wrong("The loss falls to 0 faster, because the outputs are probabilities already",
                   "It cannot reach 0. The best scores it can offer are one 1 and nine 0s, which give p = e/(e + 9) = "
                   "0.23.", "M02"),
    },
    hints=["Which scores does the second softmax get when the model is perfectly sure and right?",
           "One 1 and nine 0s: a share of e/(e + 9)."],
    explanation="-log(e/(e + 9)) = 1.461: that is the floor.",
)


give_names(globals())
