"""The exercises of lesson 01: scores, the loss, its gradient, the loop, and what to do with the answer."""

import math

import torch
import torch.nn.functional as F

from course_utils.checker import Choice, Mistake, Number, Prediction, Right, Wrong, exercise, give_names, in_short
from course_utils.datasets import load_orings
from course_utils.optimum import fit_to_optimum

launch_guess = Prediction(
    "How likely is it that rings are damaged at 31 °F? A number between 0 and 1.",
    low=0.0,
    high=1.0,
    measured=lambda: fit_to_optimum(load_orings().train).predict_proba(torch.tensor([[31.0]])),
    spread="the fitted curve; its 95 % interval runs from 0.48 to 1.00",
    reveal_later=True,
)

recall_broadcast = Choice(
    "`torch.ones(23, 1) - torch.ones(23)` has which shape?",
    {
        "a": Wrong("(23,)",
                   "Torch does not drop the 1: it stretches it. A column minus a row compares all with all, 23 x "
                   "23.", "M05"),
        "b": Wrong("(23, 1)", "The row is stretched too. A column minus a row compares all with all, 23 x 23.", "M05"),
        "c": Right("(23, 23)"),
    },
    hints=["Torch lines shapes up from the right, and stretches every 1 to fit."],
    explanation="Whenever a loss looks too smooth, print the shapes first.",
)


# Scores and what they decide

_SCORES = torch.tensor([2.1, 0.3, -0.2, -3.0, 0.45, 1.2, -0.7])


@exercise(
    how=lambda place, scores: f"sigmoid({scores[place]:.4g}) = {scores[place].sigmoid():.4g}, beside one half.",
    probes=[(_SCORES,), (torch.tensor([0.1, -0.1, 0.55, -4.0, 0.2]),),
            (torch.tensor([2.0, 1.1, 0.4, 0.2, -0.3]),),                    # more than the upper half is above 0
            (torch.tensor([-0.4, 0.0, 1.3]),)],                             # even odds are not more likely than not
    mistakes=[
        Mistake(lambda scores: (scores > 0.5).long(),
                "You compared the score with 0.5, not the probability. A score of 0 already is probability "
                "0.5.", "M01"),
        Mistake(lambda scores: (torch.sigmoid(scores) > 0).long(),
                "Every flight is called damaged, whatever its score. Decide at score 0: above it the probability is "
                "above one half. (A sigmoid is above 0 everywhere.)"),
        Mistake(lambda scores: (scores < 0).long(),
                "You have it the wrong way round: a high score means damage, which is class 1."),
        Mistake(lambda scores: scores.sign(),
                "These are 1 and −1. Where damage is less likely than not, 0 is asked for."),
        Mistake(lambda scores: torch.where(scores > 0, 1, -1),
                "These are 1 and −1. Where damage is less likely than not, 0 is asked for."),
        Mistake(lambda scores: (scores >= 0).long(),
                "A score of exactly 0 counts as damage here. There both are equally likely, and 1 is for more likely: "
                "`>`, not `>=`."),
        Mistake(lambda scores: (scores != 0).long(),
                "Every score other than 0 counts as damage, those below 0 too. Decide by whether it lies above 0."),
        Mistake(lambda scores: (torch.softmax(scores, dim=0) > 0.5).long(),
                "A softmax makes the flights share one probability, so hardly one passes a half. Each flight has its "
                "own: is its score above 0?", "M32"),
        Mistake(lambda scores: scores.round(),
                "You rounded the scores. A score is no probability: compare it with 0.", "M01"),
        Mistake(lambda scores: torch.sigmoid(scores),
                "These are probabilities. The question is a decision: 1 or 0 for each flight.", "M01"),
        Mistake(lambda scores: (scores > 1).long(),
                "Only scores above 1 count as damage here. A score of 0 already is probability 0.5.", "M01"),
        Mistake(lambda scores: (scores > scores.mean()).long(),
                "You compared each score with the mean of all. The border is fixed, at score 0."),
        Mistake(lambda scores: scores.argmax(),
                "That is the place of the highest score. Each flight gets a decision of its own: is its score above "
                "0?"),
        *(Mistake(places, "Those are the places of the damaged flights. Give 1 or 0 for each flight, in order.")
          for places in (lambda scores: (scores > 0).nonzero(), lambda scores: (scores > 0).nonzero().flatten())),
        Mistake(lambda scores: (scores.exp() > 0.5).long(),
                "You compared the odds, e to the score, with 0.5. Even odds are 1, at a score of 0.", "M01"),
        Mistake(lambda scores: (scores > scores.median()).long(),
                "You compared each score with the one in the middle. The border is fixed, at score 0."),
        Mistake(lambda scores: scores.clamp(0, 1),
                "You cut the scores to lie from 0 to 1. A score is no probability: compare it with 0.", "M01"),
        *(Mistake(one, "One answer for all came out. Each flight gets its own: is its score above 0?")
          for one in (lambda scores: (scores > 0).any(), lambda scores: (scores > 0).all())),
        Mistake(lambda scores: (scores > 0).sum(),
                "That is how many flights are called damaged. Give 1 or 0 for each of them."),
    ],
    hints=[
        "Damage is more likely than not where its probability is above 0.5. Which score has probability 0.5?",
        "sigmoid(0) = 0.5, and the sigmoid rises. So compare the scores with 0.",
    ],
    explanation="No exponential was needed: the sigmoid rises, so its middle sits at score 0.",
)
def classify(scores):
    """1 where damage is more likely than not, 0 elsewhere."""
    return (scores > 0).long()


# The loss

_LOSS_PROBES = [
    (torch.tensor([1.5, -0.3, 0.8, -2.0, 0.1]), torch.tensor([1.0, 0.0, 0.0, 1.0, 1.0])),
    (torch.tensor([-200.0, 0.7, -1.1]), torch.tensor([1.0, 1.0, 0.0])),
    (torch.tensor([30.0, -0.6, 1.3, 0.2]), torch.tensor([0.0, 1.0, 1.0, 0.0])),     # exp(30) is finite, 1 - p is 0
    (torch.tensor([200.0, -0.4]), torch.tensor([0.0, 1.0])),
]


def _by_logarithms(p, rest):
    """The mean price, from p and the rest, 1 - p, which are computed from z before the logarithm is taken."""
    return lambda z, y: -(y * torch.log(p(z)) + (1 - y) * torch.log(rest(z))).mean()


def _capped(small):
    """The two ways to keep the logarithms finite: add a small number, or clamp p by it."""
    return (_by_logarithms(lambda z: torch.sigmoid(z) + small, lambda z: 1 - torch.sigmoid(z) + small),
            _by_logarithms(lambda z: torch.sigmoid(z).clamp(small, 1 - small),
                           lambda z: 1 - torch.sigmoid(z).clamp(small, 1 - small)))


@exercise(
    how=lambda place, z, y: f"The prices of the flights are {in_short(F.softplus(z) - y * z)}. Their mean is needed.",
    probes=_LOSS_PROBES,
    mistakes=[
        Mistake(lambda z, y: F.binary_cross_entropy(torch.sigmoid(z), y),
                "For the score -200 and damage you charge 100 where 200 is due. `sigmoid(-200)` has become 0, and its "
                "logarithm is capped at -100, as `F.binary_cross_entropy` does. Start from the scores.", "M34"),
        Mistake(lambda z, y: (y * torch.log(1 + torch.exp(-z)) + (1 - y) * torch.log(1 + torch.exp(z))).mean(),
                "For -200 with damage, and for 200 without, you charge infinity. In float32 `exp(200)` is infinite and "
                "`sigmoid(-200)` is 0, whose log is lost. `F.softplus(z)` is log(1 + exp(z)), and safe.", "M34"),
        Mistake(lambda z, y: (torch.log(1 + torch.exp(z)) - y * z).mean(),
                "For the score 200 and no damage you charge infinity. In float32 `exp(200)` is infinite and "
                "`sigmoid(-200)` is 0; `1 - sigmoid(200)` is 0 in float64, too. "
                "`F.softplus(z)` is log(1 + exp(z)), and safe.", "M34"),
        Mistake(lambda z, y: (torch.log(1 + torch.exp(-z)) + (1 - y) * z).mean(),
                "For the score -200 and damage you charge infinity. In float32 `exp(200)` is infinite and "
                "`sigmoid(-200)` is 0, whose log is lost. `F.softplus(-z)` is log(1 + exp(-z)), and safe.", "M34"),
        Mistake(lambda z, y: -(y * F.logsigmoid(z) + (1 - y) * torch.log(1 - torch.sigmoid(z))).mean(),
                "For the score 30 and no damage you charge infinity. `1 - sigmoid(30)` is exactly 0 in float32. "
                "`F.softplus(z)` is -log(1 - sigmoid(z)), and safe.", "M34"),
        Mistake(_by_logarithms(torch.sigmoid, lambda z: 1 - torch.sigmoid(z)),
                "For the score -200 and damage you charge infinity. `log(sigmoid(z))` computes `sigmoid(-200) = 0` "
                "first, and the logarithm of 0 is lost for good; 200 is the price.", "M34"),
        *(Mistake(_by_logarithms(lambda z: z.exp() / (1 + z.exp()), rest),
                  "For -200 with damage you charge infinity, for 200 without, nan. "
                  "`exp(200)` is too large for float32. `F.softplus(z)` is log(1 + exp(z)), and safe.", "M34")
          for rest in (lambda z: 1 - z.exp() / (1 + z.exp()), lambda z: 1 / (1 + z.exp()))),
        *(Mistake(answer, "A small number caps the price: a score of -200 must cost 200. Start from the scores.", "M34")
          for small in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-15)
          for answer in _capped(small)),
        *(Mistake(lambda z, y, most=most: F.binary_cross_entropy_with_logits(z.clamp(-most, most), y),
                  f"Your price ends at {most}: a score of -200 must cost 200. `F.softplus(-z)` needs no clamp.", "M34")
          for most in (10, 15, 16, 20, 30, 50, 88)),
        *(Mistake(lambda z, y, most=most: torch.nan_to_num(-(
                      y * torch.log(torch.sigmoid(z)) + (1 - y) * torch.log(1 - torch.sigmoid(z))), posinf=most).mean(),
                  f"A price that is infinite or nan became {number} (`nan_to_num` does that). A score of -200 "
                  "costs 200: start from the scores.", "M34")
          for most, number in ((None, "a huge number"), (0.0, "a 0"))),
        Mistake(lambda z, y: ((1 - y) * F.softplus(z)).mean(),
                "The flights with damage pay nothing here. They owe -log p: the model must be able to be wrong on "
                "them too."),
        *(Mistake(lambda z, y, s=sign: s * (y * F.softplus(-z) - (1 - y) * F.softplus(z)).mean(),
                  "One of the two prices has the wrong sign. Both are minus a logarithm, and are added.")
          for sign in (1, -1)),
        Mistake(lambda z, y: (F.softplus(-z[y == 1]).mean() + F.softplus(z[y == 0]).mean()) / 2,
                "You averaged within each class first, so that both count alike. Each flight counts alike: one mean "
                "over all.", "M15"),
        *(Mistake(lambda z, y, labels=labels: F.cross_entropy(z, labels(y)),
                  "`cross_entropy` takes K scores a flight. One score a flight goes into "
                  "`binary_cross_entropy_with_logits`.")
          for labels in (torch.Tensor.float, torch.Tensor.long)),
        Mistake(lambda z, y: F.binary_cross_entropy_with_logits(y, z),
                "Scores and labels are exchanged: the scores come first, then the labels."),
        Mistake(lambda z, y: -(y * F.logsigmoid(z) + (1 - y) * (1 - F.logsigmoid(z))).mean(),
                "For no damage you take 1 − log p. The price is −log(1 − p): the 1 − belongs inside the logarithm."),
        Mistake(lambda z, y: F.softplus(-y * z).mean(),
                "Flights without damage pay log 2 each, whatever their score. `log(1 + exp(−y z))` is the price for "
                "labels −1 and 1; here they are 0 and 1."),
        Mistake(lambda z, y: (F.softplus(z) - y).mean(),
                "You took off y alone. What is taken off is y times the score."),
        Mistake(lambda z, y: torch.nan_to_num(
                    _by_logarithms(torch.sigmoid, lambda z: 1 - torch.sigmoid(z))(z, y), posinf=0.0),
                "Where the price comes out infinite or nan, a 0 stands in its place. A score of −200 with damage costs "
                "200: start from the scores.", "M34"),
        Mistake(lambda z, y: F.binary_cross_entropy_with_logits(torch.sigmoid(z), y),
                "Two sigmoids: this loss takes scores and applies the sigmoid itself. Drop yours.", "M03"),
        Mistake(lambda z, y: F.binary_cross_entropy_with_logits(z.clamp(-100, 100), y),
                "Your price ends at 100: a score of -200 must cost 200. `F.softplus(-z)` needs no clamp.", "M34"),
        Mistake(lambda z, y: torch.nan_to_num(_by_logarithms(torch.sigmoid, lambda z: 1 - torch.sigmoid(z))(z, y)),
                "A huge number stands where infinity was (`nan_to_num` does that). The price is 200: start from the "
                "scores.", "M34"),
        Mistake(lambda z, y: -(y * torch.log(torch.sigmoid(z)) + (1 - y) * torch.log(1 - torch.sigmoid(z))).sum(),
                "A sum where the mean is needed, and infinity for -200 with damage. Start from the scores.", "M15"),
        Mistake(lambda z, y: ((z - y) ** 2).mean(),
                "You compared the score with y. A score is no probability, and a price is -log of one.", "M01"),
        Mistake(lambda z, y: (torch.sigmoid(z) - y).abs().mean(),
                "That is how far p is off. The price is -log of the probability given to what happened."),
        Mistake(lambda z, y: F.softplus(-z).mean(),
                "Every flight pays -log p, as if all were damaged. Without damage the price is -log(1 - p)."),
        Mistake(lambda z, y: (F.softplus(z) - y * z).mean() / len(z),
                "You divide by the number of flights twice: a mean has done so already.", "M17"),
        Mistake(lambda z, y: (F.softplus(z) - y * z)[0] / len(z),
                "Only the first flight is counted. Does the `return` stand inside of the loop? Move it to the left."),
        Mistake(lambda z, y: (F.softplus(z) - y * z).sum(),
                "This is the sum over the flights. The mean is needed, so that 23 flights and 2,300 can be "
                "compared.", "M15"),
        Mistake(lambda z, y: (y * F.softplus(-z)).mean(),
                "The flights without damage pay nothing here. They owe -log(1 - p): the model must be able to be wrong "
                "on them too."),
        Mistake(lambda z, y: -(F.softplus(z) - y * z).mean(),
                "The sign is turned round: a loss is minus the log. Yours falls without end as the model gets worse."),
        Mistake(lambda z, y: (F.softplus(-z) + y * z).mean(),
                "You charge the wrong flights: with damage the price is -log p, without it -log(1 - p)."),
        Mistake(lambda z, y: ((torch.sigmoid(z) - y) ** 2).mean(),
                "That is the squared distance. It never charges more than 1, so a score of -200 would cost hardly more "
                "than -5."),
        Mistake(lambda z, y: -(y * torch.log(z) + (1 - y) * torch.log(1 - z)).mean(),
                "You took logarithms of the scores, which may lie below 0. A price is -log of a probability: the "
                "sigmoid comes first.", "M01"),
        Mistake(lambda z, y: F.softplus(-z[y == 1]).mean(),
                "You averaged over the damaged flights alone. Those without damage pay -log(1 - p)."),
        Mistake(lambda z, y: F.softplus(-z[y == 1]).mean() + F.softplus(z[y == 0]).mean(),
                "Two means were added, one of each class. Add up the prices of all flights, then divide by their "
                "number."),
        Mistake(lambda z, y: (F.softplus(z) - y * z).sum() / (2 * len(z)),
                "Half of the mean: nothing is halved here. Only the squared distance has a ½ to cancel."),
        Mistake(lambda z, y: -(F.softplus(z) - y * z).sum(),
                "The sign is turned round, and it is a sum: minus the log, and the mean over the flights.", "M15"),
        *(Mistake(lambda z, y, base=base: (F.softplus(z) - y * z).mean() / torch.log(torch.tensor(base)),
                  "That is with another logarithm. The log loss takes the natural one, `log`, to base e.")
          for base in (2.0, 10.0)),
        Mistake(lambda z, y: (F.softplus(z) + y * z).mean(),
                "The term y z has the wrong sign. For damage -log p is softplus(z) - z, so it is taken off."),
        Mistake(lambda z, y: F.softplus(z).mean(),
                "Every flight pays -log(1 - p), as if none were damaged. With damage the price is -log p."),
        Mistake(lambda z, y: (((z > 0).float() - y) ** 2).mean(),
                "That is the share of wrong decisions. A price is -log of the probability given to what happened."),
        Mistake(lambda z, y: (1 - (2 * y - 1) * z).clamp(min=0).mean(),
                "That is the hinge loss, of another model. The price here is -log of a probability."),
        Mistake(lambda z, y: (-(2 * y - 1) * z).clamp(min=0).mean(),
                "Who is on the right side pays nothing here. The price is softer: log(1 + e⁻ᶻ) with damage, so a score "
                "of 0 costs log 2."),
        Mistake(lambda z, y: (F.softplus(z) - y * z).sum() / y.sum(),
                "The sum was divided by the number of damaged flights. All flights pay, so all are counted."),
        Mistake(lambda z, y: torch.where(y == 1, torch.sigmoid(z), 1 - torch.sigmoid(z)).mean(),
                "That is the mean probability of what happened. The price of each flight is -log of its own."),
        Mistake(lambda z, y: -torch.where(y == 1, torch.sigmoid(z), 1 - torch.sigmoid(z)).mean().log(),
                "You averaged the probabilities, then took the log. Each flight pays its own -log, then the mean."),
    ],
    hints=[
        "For y = 1 the model pays -log p, for y = 0 it pays -log(1 - p). "
        "Write p with the score and simplify before you code.",
        "-log(sigmoid(z)) = log(1 + exp(-z)), which torch computes safely: `F.softplus(-z)`. "
        "For y = 0 it is `F.softplus(z)`.",
        "`y` is 0 or 1 and switches one of the two off; `torch.where(y == 1, …, …)` does it, too. Then the mean.",
    ],
    explanation="`F.binary_cross_entropy_with_logits(z, y)` gives the same.",
)
def log_loss(z, y):
    """The mean over the flights of -log p for damage and -log(1 - p) for none, from the scores z."""
    return (F.softplus(z) - y * z).mean()


@log_loss.mistake("Python's `math.log` stops at 0, and for the score 200 `1 - p` is 0. The price is 200 there: start "
                  "from the score.", "M34")
def _(z, y):
    total = 0.0
    for score, label in zip(z.tolist(), y.tolist(), strict=True):
        p = 1 / (1 + math.exp(-score))
        total -= label * math.log(p) + (1 - label) * math.log(1 - p)
    return total / len(z)


# Its gradient

def _gradient_probe(n, m, seed):
    g = torch.Generator().manual_seed(seed)
    return (torch.randn(n, m, generator=g), (torch.rand(n, generator=g) < 0.4).float(),
            torch.randn(m, generator=g), torch.tensor(0.3 * seed))


def _from_p(gradient):
    """An answer that has computed p = sigmoid(X @ w + b) rightly, and goes on from there."""
    return lambda X, y, w, b: gradient(X, y, torch.sigmoid(X @ w + b))


@exercise(
    how=lambda place, X, y, w, b: (
        f"p − y is {in_short(torch.sigmoid(X @ w + b) - y)}, and column {place[0]} of X is {in_short(X[:, place[0]])}. "
        "Multiply flight by flight, then take the mean."),
    probes=[_gradient_probe(7, 2, 1), _gradient_probe(5, 3, 2)],
    mistakes=[
        Mistake(_from_p(lambda X, y, p: (y - p) @ X / len(X)),
                "Right size, wrong sign: this points downhill. A gradient points uphill, p - y, and the step subtracts "
                "it."),
        Mistake(_from_p(lambda X, y, p: (p - y) @ X),
                "This is the sum of the pulls. The loss is a mean over the flights, so divide by their number.", "M15"),
        Mistake(_from_p(lambda X, y, p: (p - y) @ X / X.shape[1]),
                "You divided by the number of features. The loss is a mean over the flights, the rows of X.", "M17"),
        Mistake(_from_p(lambda X, y, p: (p - y).mean() * X.mean(dim=0)),
                "You averaged p - y and the rows of X apart. Multiply flight by flight first, then average."),
        Mistake(_from_p(lambda X, y, p: (p - y).mean()),
                "This is the gradient for b: the mean of p - y. For w, each flight's p - y is multiplied by its row of "
                "X."),
        Mistake(_from_p(lambda X, y, p: ((p - y) @ X / len(X), (p - y).mean())),
                "Only the gradient for w is asked for here, and you gave back both. The one for b comes in the loop."),
        Mistake(_from_p(lambda X, y, p: (y - p) @ X),
                "A gradient points uphill: p - y. And the loss is a mean: divide by the number of flights.", "M15"),
        Mistake(_from_p(lambda X, y, p: p @ X / len(X)),
                "Each flight pulls by p alone. It pulls by how far p is from y: p - y."),
        Mistake(_from_p(lambda X, y, p: (p.round() - y) @ X / len(X)),
                "You took the decisions, 0 or 1, in place of the probabilities. Leave p as it is: p - y."),
        *(Mistake(_from_p(lambda X, y, p, k=k: k * ((p - y) * p * (1 - p)) @ X / len(X)),
                "The factor p(1 - p) belongs to the squared error. In the log loss it cancels, which is why a "
                "confident mistake still pulls.") for k in (1, 2)),
        Mistake(lambda X, y, w, b: (torch.sigmoid(X @ w) - y) @ X / len(X),
                "The bias is missing from the score: X @ w + b."),
        Mistake(lambda X, y, w, b: w - (torch.sigmoid(X @ w + b) - y) @ X / len(X),
                "Here is the step already taken. The gradient alone is asked for: (p - y) times x, averaged."),
        *(Mistake(lambda X, y, w, b, k=k: k * (X @ w + b - y) @ X / len(X),
                  "You compared the score with y. The score must pass through the sigmoid first.", "M01")
          for k in (1, 2)),                                         # 2 by the squared distance
        Mistake(_from_p(lambda X, y, p: 2 * (p - y) @ X / len(X)),
                "Twice too large: the 2 belongs to the slope of a square. Here it is (p - y) times x, averaged."),
        Mistake(_from_p(lambda X, y, p: (p - y) @ X / (len(X) - 1)),
                "You divided by one less than there are flights. The loss is a mean: divide by their number."),
        Mistake(_from_p(lambda X, y, p: (p - y) @ X / X.numel()),
                "You averaged over flights and features. Each flight counts once: divide by their number "
                "alone.", "M17"),
        Mistake(_from_p(lambda X, y, p: ((p - y)[:, None] * X).mean()),
                "One number came out: the mean ran over the features as well. It runs over the flights, dim=0.", "M17"),
        *(Mistake(_from_p(lambda X, y, p, over=over: over((p - y)[:, None] * X)),
                  "You have one number for each flight. The mean runs over the flights, dim=0, and leaves one for each "
                  "feature.") for over in (lambda pulls: pulls.mean(dim=1), lambda pulls: pulls.sum(dim=1))),
        *(Mistake(_from_p(pulls),
                  "That is p - y, one number a flight. Each is multiplied by its flight's row of X, and then their "
                  "mean is taken over the flights: `(p - y) @ X`.")
          for pulls in (lambda X, y, p: p - y, lambda X, y, p: (p - y) / len(X))),
        Mistake(_from_p(lambda X, y, p: ((p - y) / (p * (1 - p))) @ X / len(X)),
                "That is the slope in p times x. Between p and the score stands the sigmoid, with the slope p (1 - p): "
                "p - y is left."),
        Mistake(lambda X, y, w, b: (torch.sigmoid(X @ w + b) - y).mean() * w,
                "You multiplied by w. A weight's slope is its input's: each flight's p - y is multiplied by its row of "
                "X."),
        Mistake(_from_p(lambda X, y, p: torch.cat([(p - y) @ X / len(X), (p - y).mean()[None]])),
                "The gradient for b hangs on behind that for w. Only that for w is asked for here, one number a "
                "feature."),
        Mistake(_from_p(lambda X, y, p: (p - y) @ X[:, 0] / len(X)),
                "That is the gradient for the weight of the first feature alone. There is one for each column of X."),
        Mistake(lambda X, y, w, b: (torch.sigmoid(X @ (w + b)) - y) @ X / len(X),
                "The bias was added to the weights. It is added to the score: X @ w + b."),
        Mistake(lambda X, y, w, b: w, "These are the weights themselves. After `backward()` the gradient is in "
                                      "`w.grad`."),
        Mistake(_from_p(lambda X, y, p: (p - y)[-1] * X[-1] / len(X)),
                "Only the last flight pulls, divided by all. In a loop the pulls add up: `+=`."),
        Mistake(_from_p(lambda X, y, p: (p - y)[-1] * X[-1]),
                "Only the last flight pulls. In a loop the pulls add up, `+=`, and their mean is needed."),
        Mistake(_from_p(lambda X, y, p: (p - y)[0] * X[0]),
                "Only the first flight pulls. Is the `return` inside of the loop? The mean over all is needed."),
        Mistake(_from_p(lambda X, y, p: (p + y) @ X / len(X)), "The label was added. Each flight pulls by p - y."),
        Mistake(_from_p(lambda X, y, p: (1 - p - y) @ X / len(X)),
                "You took 1 - p for p. Each flight pulls by p - y, with p the probability of damage."),
        Mistake(_from_p(lambda X, y, p: (p - y).abs() @ X / len(X)),
                "The sign of p - y is lost. A flight with damage pulls the other way from one without."),
        Mistake(lambda X, y, w, b: (torch.sigmoid(X @ w - b) - y) @ X / len(X),
                "The bias was taken off. The score is X @ w + b."),
        Mistake(_from_p(lambda X, y, p: X @ (p - y) / len(X)),
                "`X @ (p - y)` pairs m features with n flights. Turn X over, or put it behind: `(p - y) @ X`."),
    ],
    hints=[
        "First the probabilities p = sigmoid(X @ w + b). Then one number per flight: how far p is from y.",
        "Each flight pulls on w by (p - y) times its own row of X. "
        "A vector `@` a matrix adds the pulls; their mean is needed.",
    ],
    explanation="(p - y) x: the further off, the harder the pull. The sigmoid's derivative has cancelled.",
)
def gradient(X, y, w, b):
    """The gradient of the mean log loss with respect to w, shape (m,)."""
    p = torch.sigmoid(X @ w + b)
    return (p - y) @ X / len(X)


# The loop: predict, loss, gradients, step, measure

def _descent(step, start=0.0, measure=None, moves=lambda steps: steps, gives=lambda w, b, losses: (w, b, losses)):
    """An answer with all five jobs; what is wrong with it is one of the arguments.

    `step(w, b, grad_w, grad_b, lr)` gives the new w and b, `measure(X, y, w, b)` an entry of the losses.
    """
    def answer(X, y, lr, steps):
        w, b, losses = X.new_full((X.shape[1],), start), X.new_full((), start), []
        for _ in range(moves(steps)):
            z = X @ w + b
            p = torch.sigmoid(z)
            before = F.binary_cross_entropy_with_logits(z, y)
            w, b = step(w, b, (p - y) @ X / len(X), (p - y).mean(), lr)
            losses.append((measure(X, y, w, b) if measure else before).item())
        return gives(w, b, losses)
    return answer


def _down(w, b, grad_w, grad_b, lr):
    return w - lr * grad_w, b - lr * grad_b


def _descent_probe(n, m, seed, lr, steps):
    X, y, *_ = _gradient_probe(n, m, seed)
    return X.double(), y.double(), lr, steps


@exercise(
    how=lambda place, X, y, lr, steps: (
        "The first step goes from 0 to w = {}, b = {:.4g}; the loss before it is {:.4g}.".format(
            *(part if type(part) is float else in_short(part) if part.dim() else part.item()
              for part in (*walk_down.right_answer(X, y, lr, 1)[:2], walk_down.right_answer(X, y, lr, 1)[2][0])))),
    probes=lambda: {"three steps": _descent_probe(7, 2, 1, 0.5, 3), "twelve steps": _descent_probe(5, 3, 2, 1.5, 12)},
    mistakes=[
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w + lr * grad_w, b + lr * grad_b)),
                "You walk uphill: the losses grow. A gradient points uphill, so the step subtracts it."),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w - grad_w, b - grad_b)),
                "Your step is the whole gradient. It is `lr` times the gradient, for w and for b."),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w - lr * grad_w, b)),
                "The bias never moves. It has a gradient too, the mean of p - y, and a step of its own."),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w - lr * grad_w, b - grad_b)),
                "The bias takes the whole gradient. Its step is `lr` times the gradient, as for w."),
        Mistake(_descent(_down, measure=lambda X, y, w, b: F.binary_cross_entropy_with_logits(X @ w + b, y)),
                "Each of your losses is one step late: keep the one that the step began from."),
        *(Mistake(_descent(_down, moves=lambda steps, most=most: min(steps, most)),
                  f"You stop after {most} steps. How many there are is `steps`: `range(steps)`.") for most in (5, 10)),
        Mistake(_descent(_down, moves=lambda steps: steps + 1),
                "You take one step too many: `range(steps)` is what counts them."),
        Mistake(_descent(_down, moves=lambda steps: steps - 1),
                "One step is missing: `range(steps)` counts from 0, and gives `steps` numbers."),
        Mistake(_descent(_down, moves=lambda steps: 1),
                "You take one step and leave. Does the `return` stand inside of the loop? Move it to the left."),
        Mistake(_descent(_down, gives=lambda w, b, losses: (w, b)),
                "The losses are missing. Give back three things: w, b and the list of losses."),
        Mistake(_descent(_down, gives=lambda w, b, losses: (w, b, losses[-1])),
                "The last loss alone is there. Give back the whole list, one loss for each step."),
        Mistake(_descent(_down, gives=lambda w, b, losses: (w, b, losses[-1:])),
                "The list holds the last loss alone. Does `append` stand behind the loop? Move it to the right, so "
                "that each round appends."),
        *(Mistake(_descent(_down, gives=lambda w, b, losses, up_to=up_to: (
                      w, b, [sum(losses[:up_to(n)]) for n in range(len(losses))])),
                  "Your losses add up from round to round. Keep each as it is: `loss = …`, not `loss += …`.")
          for up_to in (lambda n: n + 1, lambda n: None)),          # `+=` changes the tensor in the list as well
        Mistake(_descent(_down, gives=lambda w, b, losses: (w, b, sum(losses) / len(losses))),
                "That is the mean of the losses. Give back the whole list, one loss for each step."),
        Mistake(_descent(_down, gives=lambda w, b, losses: (b, w, losses)),
                "w and b are exchanged: give back w, then b, then the losses."),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w - lr * grad_w, b - lr * grad_w)),
                "Your bias has become a number for each feature, as by the gradient of w. "
                "It is one number, and so is its gradient, (p - y).mean()."),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w - grad_w, b - lr * grad_b)),
                "w takes the whole gradient. Its step is `lr` times the gradient, as for b."),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w - lr * grad_w, b + lr * grad_b)),
                "b walks uphill. Its gradient is the mean of p - y, and `lr` times that is subtracted, as for w."),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w - lr * grad_w, b - lr * grad_w.mean())),
                "The bias takes the mean of the gradient of w. Its own is the mean of p - y."),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (-lr * grad_w, -lr * grad_b)),
                "Each round starts from 0 again. Does `w = X.new_zeros(…)` stand inside of the loop, or is the w "
                "missing in `w - lr * …`?"),
        Mistake(_descent(_down, gives=lambda w, b, losses: (w, b, [])),
                "The list of losses is empty. Each round appends its loss."),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w, b)),
                "The weights stay at 0: a step makes new values, `w = w - lr * …`, in each round."),
        *(Mistake(_descent(_down, start=start), "The walk begins at 1. Start w and b at 0: `X.new_zeros(…)`.")
          for start in (1.0,)),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w, b - lr * grad_b)),
                "w never moves. Its step is `lr` times its gradient, as for b."),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w + lr * grad_w, b - lr * grad_b)),
                "w walks uphill. `lr` times its gradient is subtracted, as for b."),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w - 2 * lr * grad_w, b - 2 * lr * grad_b)),
                "Your steps are twice as long. The 2 belongs to the slope of a square; here it is (p - y) times x."),
        Mistake(_descent(_down, gives=lambda w, b, losses: (losses, w, b)),
                "All three are there in another order: give back w, then b, then the losses."),
        Mistake(_descent(lambda w, b, grad_w, grad_b, lr: (w - grad_w / lr, b - grad_b / lr)),
                "Your steps are divided by `lr`: a smaller rate would make longer ones. It multiplies the gradient."),
        Mistake(_descent(_down, gives=lambda w, b, losses: w),
                "w alone came back. Give back three things: w, b and the list of losses."),
    ],
    hints=[
        "The five jobs in order: p from X @ w + b; the loss; (p - y) @ X / len(X) and (p - y).mean(); "
        "w and b minus lr times these; the loss into the list.",
        "You have two of them already: `log_loss(z, y)` and `gradient(X, y, w, b)`. The one for b is `(p - y).mean()`.",
    ],
    explanation="The same five jobs train every model in this course, up to the largest.",
)
def walk_down(X, y, lr, steps):
    """Walk down the mean log loss from w = 0 and b = 0: gives w (m,), b, and the loss before each step."""
    w = X.new_zeros(X.shape[1])
    b = X.new_zeros(())
    losses = []
    for _ in range(steps):
        z = X @ w + b                                               # predict
        loss = F.binary_cross_entropy_with_logits(z, y)             # loss
        miss = torch.sigmoid(z) - y                                 # gradients
        w = w - lr * miss @ X / len(X)                              # step
        b = b - lr * miss.mean()
        losses.append(loss.item())                                  # measure
    return w, b, losses


for loss_of_the_new_place in (False, True):
    @walk_down.mistake("The step for b uses the new w. Work out both gradients first, then move both.")
    def _(X, y, lr, steps, late=loss_of_the_new_place):
        w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
        for _ in range(steps):
            before = F.binary_cross_entropy_with_logits(X @ w + b, y)
            w = w - lr * (torch.sigmoid(X @ w + b) - y) @ X / len(X)
            b = b - lr * (torch.sigmoid(X @ w + b) - y).mean()
            losses.append((F.binary_cross_entropy_with_logits(X @ w + b, y) if late else before).item())
        return w, b, losses


@walk_down.mistake("The step for w uses the new b. Work out both gradients first, then move both.")
def _(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        losses.append(F.binary_cross_entropy_with_logits(X @ w + b, y).item())
        b = b - lr * (torch.sigmoid(X @ w + b) - y).mean()
        w = w - lr * (torch.sigmoid(X @ w + b) - y) @ X / len(X)
    return w, b, losses


@walk_down.mistake("Each step uses the sum of all gradients so far. Take that of this round alone; PyTorch adds up, "
                   "too, until `.grad` is set to None.", "M07")
def _(X, y, lr, steps):
    w, b, losses, sums = X.new_zeros(X.shape[1]), X.new_zeros(()), [], [0.0, 0.0]
    for _ in range(steps):
        p = torch.sigmoid(X @ w + b)
        losses.append(F.binary_cross_entropy_with_logits(X @ w + b, y).item())
        sums = [sums[0] + (p - y) @ X / len(X), sums[1] + (p - y).mean()]
        w, b = w - lr * sums[0], b - lr * sums[1]
    return w, b, losses


@walk_down.mistake("Every step is the first one again: the gradients are those at w = 0 and b = 0. Predict in each "
                   "round, with the w and b it begins from.")
def _(X, y, lr, steps):
    first_w, first_b, _ = walk_down.right_answer(X, y, lr, 1)
    points = [(i * first_w, i * first_b) for i in range(steps + 1)]
    losses = [F.binary_cross_entropy_with_logits(X @ w + b, y).item() for w, b in points[:-1]]
    return *points[-1], losses


@walk_down.mistake("Each loss is a sum over the flights. `log_loss` gives the mean, and that is to be kept.", "M15")
def _(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        z = X @ w + b
        losses.append(F.binary_cross_entropy_with_logits(z, y, reduction="sum").item())
        w, b = w - lr * (torch.sigmoid(z) - y) @ X / len(X), b - lr * (torch.sigmoid(z) - y).mean()
    return w, b, losses


@walk_down.mistake("The gradient for b is a sum. The loss is a mean over the flights: take the mean of p - y.", "M15")
def _(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        z = X @ w + b
        losses.append(F.binary_cross_entropy_with_logits(z, y).item())
        w, b = w - lr * (torch.sigmoid(z) - y) @ X / len(X), b - lr * (torch.sigmoid(z) - y).sum()
    return w, b, losses


@walk_down.mistake("Your losses are those of a second sigmoid. `log_loss` takes the scores `X @ w + b`, not "
                   "probabilities.", "M03")
def _(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        p = torch.sigmoid(X @ w + b)
        losses.append(F.binary_cross_entropy_with_logits(p, y).item())
        w, b = w - lr * (p - y) @ X / len(X), b - lr * (p - y).mean()
    return w, b, losses


@walk_down.mistake("Your losses are those of scores without the bias. `log_loss` takes `X @ w + b`.")
def _(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        p = torch.sigmoid(X @ w + b)
        losses.append(F.binary_cross_entropy_with_logits(X @ w, y).item())
        w, b = w - lr * (p - y) @ X / len(X), b - lr * (p - y).mean()
    return w, b, losses


@walk_down.mistake("The list holds gradients. Keep the loss of each round in it, `log_loss(X @ w + b, y)`.")
def _(X, y, lr, steps):
    w, b, gradients = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        p = torch.sigmoid(X @ w + b)
        gradients.append((p - y) @ X / len(X))
        w, b = w - lr * gradients[-1], b - lr * (p - y).mean()
    return w, b, gradients


@walk_down.mistake("The gradient for b compares the score with y. It is the mean of p - y: first the sigmoid, then "
                   "the difference.", "M01")
def _(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        z = X @ w + b
        losses.append(F.binary_cross_entropy_with_logits(z, y).item())
        w, b = w - lr * (torch.sigmoid(z) - y) @ X / len(X), b - lr * (z - y).mean()
    return w, b, losses


@walk_down.mistake("You predict once, before the loop. After each step the weights are others: predict again in each "
                   "round.")
def _(X, y, lr, steps):
    w, b = X.new_zeros(X.shape[1]), X.new_zeros(())
    p, loss = torch.sigmoid(X @ w + b), F.binary_cross_entropy_with_logits(X @ w + b, y)
    for _ in range(steps):
        w, b = w - lr * (p - y) @ X / len(X), b - lr * (p - y).mean()
    return w, b, [loss.item()] * steps


@walk_down.mistake("Your steps get shorter from round to round. `lr` stays what it is; the gradient shrinks by itself.")
def _(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for t in range(steps):
        z = X @ w + b
        losses.append(F.binary_cross_entropy_with_logits(z, y).item())
        w, b = _down(w, b, (torch.sigmoid(z) - y) @ X / len(X), (torch.sigmoid(z) - y).mean(), lr / (t + 1))
    return w, b, losses


def _by_hand(slope, score=lambda X, w, b: X @ w + b, over_w=len, over_b=len):
    """A walk by other gradients: `slope(z, y)` in the score, summed, then divided by `over_w(X)` and `over_b(X)`."""
    def answer(X, y, lr, steps):
        w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
        for _ in range(steps):
            z = score(X, w, b)
            losses.append(F.binary_cross_entropy_with_logits(z, y).item())
            pull = slope(z, y)
            w, b = w - lr * pull @ X / over_w(X), b - lr * pull.sum() / over_b(X)
        return w, b, losses
    return answer


def _log_loss_slope(z, y):
    return torch.sigmoid(z) - y


def _squared(slope, loss):
    """The same walk, keeping the squared distance as its loss."""
    def answer(X, y, lr, steps):
        w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
        for _ in range(steps):
            z = X @ w + b
            losses.append(loss(z, y).item())
            w, b = w - lr * slope(z, y) @ X / len(X), b - lr * slope(z, y).mean()
        return w, b, losses
    return answer


walk_down.mistakes += [
    *(Mistake(_by_hand(lambda z, y, k=k: k * (z - y)),
              "You compared the score with y in the gradients. First the sigmoid: (p - y) times x.", "M01")
      for k in (1, 2)),
    *(Mistake(_squared(lambda z, y: 2 * (torch.sigmoid(z) - y) * torch.sigmoid(z) * (1 - torch.sigmoid(z)), loss),
              "The steps are those of the squared distance. The log loss is asked for: its gradient is (p - y) times "
              "x.")
      for loss in (lambda z, y: ((torch.sigmoid(z) - y) ** 2).mean(), F.binary_cross_entropy_with_logits)),
    Mistake(_squared(lambda z, y: 2 * (z - y), lambda z, y: ((z - y) ** 2).mean()),
            "This walks down the squared distance of the scores. The log loss is asked for, of their sigmoids.", "M01"),
    Mistake(_by_hand(_log_loss_slope, over_w=lambda X: 1),
            "The gradient for w is a sum. The loss is a mean over the flights: divide it by their number.", "M15"),
    Mistake(_by_hand(_log_loss_slope, over_w=lambda X: X.shape[1]),
            "The gradient for w is divided by the number of features. Divide by the number of flights.", "M17"),
    Mistake(_by_hand(_log_loss_slope, score=lambda X, w, b: X @ w),
            "The bias is missing from the score, so its own step has no effect: `X @ w + b`."),
    *(Mistake(_by_hand(lambda z, y, p=p: torch.sigmoid(p(z)) - y),
              "The gradients are those of a second sigmoid: p is the sigmoid of the score, once.", "M03")
      for p in (torch.sigmoid,)),
    Mistake(_by_hand(lambda z, y: (z > 0).to(y.dtype) - y),
            "The gradients take decisions, 0 or 1, in place of probabilities. Leave p as it is: p - y."),
]


@walk_down.mistake("You add up the pulls. The loss is a mean over the flights, so divide both gradients by their "
                   "number.", "M15")
def _(X, y, lr, steps):
    w, b, losses = X.new_zeros(X.shape[1]), X.new_zeros(()), []
    for _ in range(steps):
        z = X @ w + b
        losses.append(F.binary_cross_entropy_with_logits(z, y).item())
        w, b = w - lr * (torch.sigmoid(z) - y) @ X, b - lr * (torch.sigmoid(z) - y).sum()
    return w, b, losses


# What the answer means, and what to do with it

odds_factor = Number(
    "The weight is -0.2322 per °F. By what factor do the odds of damage grow when it gets 10 °F colder?",
    answer=10.19,
    tolerance=0.25,                                                 # ten is a good answer, and so is exp(2.3)
    mistakes=[
        Mistake(2.322,
                "2.32 is what the log-odds gain. The odds themselves are multiplied; exp turns the one into the "
                "other.", "M27"),
        Mistake(-2.322,
                "-2.32 is for 10 °F warmer, and in log-odds. Turn the sign round; exp makes it a factor.", "M27"),
        Mistake(-0.2322, "That is the weight itself: what the log-odds change by for each °F. Ten of them are added, "
                         "the sign is turned for colder, and exp makes a factor of the odds.", "M27"),
        Mistake(9.19, "That is by how much they grow. As a factor it is one more."),
        Mistake(919.24, "That is the growth in percent. As a factor it is a hundredth of it, and one more."),
        Mistake(1019.24, "As a factor it would be right; this is in percent."),
        *(Mistake(shrunk, "That is for 10 °F warmer. Colder goes the other way: the odds grow.")
          for shrunk in (0.1, 0.0981)),
        Mistake(12.61, "Ten factors of 1.261 are multiplied, not added: 1.261 to the power of 10."),
        Mistake(7.93,
                "The factor for 1 °F colder is neither 0.793 nor 1.23: exp makes it. Ten such factors are multiplied."),
        Mistake(1.261, "That is the factor for 1 °F colder. Use it ten times, as a power."),
        Mistake(0.793, "That is the factor for 1 °F warmer. Turn it round, and use it ten times."),
        *(Mistake(grown,
                  "A weight is not a percentage: it adds to the log-odds, and exp turns that into a factor.", "M27")
          for grown in (1.2322, 3.322, 8.0689)),
        Mistake(1.707, "10 is not the base, nor does it stand for 10 °F: that is 10 to the power of one weight. It is "
                       "e to the power of ten weights."),
        Mistake(1.175, "That is 2 to the power of one weight. It is e to the power of ten weights."),
        Mistake(209.9, "Odds and log-odds belong to the natural logarithm: powers of e, not of 10."),
        Mistake(0.2322, "That is the size of the weight, one degree's share of the log-odds. Ten degrees add ten; "
                        "then exp.", "M27"),
        Mistake(23.22, "A weight is not a percentage: it adds to the log-odds, and exp turns that into a "
                       "factor.", "M27"),
        Mistake(0.9107, "That is the sigmoid of 2.322, a probability. A factor for the odds is exp of it."),
        Mistake(5.0, "Odds and log-odds belong to the natural logarithm: powers of e, not of 2."),
    ],
    hints=["Log-odds add. Ten degrees add ten weights; then exp brings you back to odds.", "exp(10 x 0.2322)."],
    explanation="From 41 °F to 31 °F the odds grow tenfold, wherever you start. "
                "The probability does not: it runs out of room at 1.",
)


@exercise(
    how=lambda place, false_alarm, missed: (
        f"At {false_alarm / (false_alarm + missed):.4g} waiting and launching cost the same: "
        f"{1 - false_alarm / (false_alarm + missed):.4g} · {false_alarm:g} and "
        f"{false_alarm / (false_alarm + missed):.4g} · {missed:g}."),
    probes=[(1.0, 10.0), (3.0, 2.0), (5.0, 5.0), (0.5, 20.0)],
    mistakes=[
        Mistake(lambda false_alarm, missed: false_alarm**2 / (false_alarm**2 + missed**2),
                "The prices were squared. Setting p x missed = (1 - p) x false alarm needs no square."),
        Mistake(lambda false_alarm, missed: missed / (false_alarm + missed),
                "It is turned round: the dearer a missed disaster, the sooner you want to act. (Or do the arguments "
                "come in another order? `false_alarm` is the first.)"),
        Mistake(lambda false_alarm, missed: false_alarm / missed,
                "That is a ratio of costs (it can pass 1); the threshold is a probability. "
                "Divide by the sum of both costs."),
        Mistake(lambda false_alarm, missed: missed / false_alarm,
                "A ratio of costs, and turned round. The threshold is a probability: divide by the sum of both."),
        Mistake(lambda false_alarm, missed: false_alarm / false_alarm + missed,
                "This is 1 + missed: without brackets, `/` comes before `+`. Put the sum in brackets."),
        Mistake(lambda false_alarm, missed: 100 * false_alarm / (false_alarm + missed),
                "As a fraction it would be right; this is in percent."),
        Mistake(lambda false_alarm, missed: 1 / 11,
                "1/11 is right for costs of 1 and 10. Other launches have other costs: use both arguments."),
        Mistake(lambda false_alarm, missed: 1 / (1 + missed),
                "This is right where a false alarm costs 1. It may cost something else: use both arguments."),
        Mistake(lambda false_alarm, missed: 0.5,
                "0.5 is right when both costs are equal. Here a missed disaster may cost ten times a false alarm."),
        Mistake(lambda false_alarm, missed: math.log(false_alarm / missed),
                "Those are the log-odds of the threshold. Its sigmoid is the probability that is asked for."),
        *(Mistake(difference, "A difference of prices is no probability: it has their unit. Divide one by the sum of "
                              "both.")
          for difference in (lambda false_alarm, missed: missed - false_alarm,
                             lambda false_alarm, missed: false_alarm - missed)),
        *(Mistake(difference, "That is the difference by the sum. The threshold is the price of a false alarm by the "
                              "sum.")
          for difference in (lambda false_alarm, missed: (missed - false_alarm) / (missed + false_alarm),
                             lambda false_alarm, missed: (false_alarm - missed) / (missed + false_alarm))),
        Mistake(lambda false_alarm, missed: false_alarm // (false_alarm + missed),
                "You give 0 for all these prices. Is it `//`, which rounds down? A probability lies between 0 "
                "and 1: `/`."),
        Mistake(lambda false_alarm, missed: 1 / (1 + math.exp(missed - false_alarm)),
                "You took the sigmoid of a difference of prices. At the threshold the two costs are equal: "
                "p x missed = (1 - p) x false alarm."),
        Mistake(lambda false_alarm, missed: false_alarm < missed,
                "That says which price is larger. The threshold is a probability: divide one by the sum of both."),
        Mistake(lambda false_alarm, missed: false_alarm / (missed - false_alarm),
                "Below the line stands the difference of the prices. Setting p x missed = (1 - p) x false alarm leads "
                "to their sum."),
        Mistake(lambda false_alarm, missed: 1 - false_alarm / missed,
                "That is 1 less the ratio of the prices. Setting p x missed = (1 - p) x false alarm leads to one price "
                "by the sum of both."),
        Mistake(lambda false_alarm, missed: false_alarm > missed,
                "That says which price is larger. The threshold is a probability: divide one by the sum of both."),
        Mistake(lambda false_alarm, missed: min(1.0, false_alarm / missed),
                "A ratio of costs, cut at 1, is still no probability. Divide by the sum of both costs."),
        Mistake(lambda false_alarm, missed: false_alarm / (false_alarm + missed) / 2,
                "Half of it: nothing is halved here. p x missed = (1 - p) x false alarm, solved for p."),
        Mistake(lambda false_alarm, missed: (false_alarm + missed) / 2,
                "That is the mean price, not a probability. Divide one price by the sum of both."),
        Mistake(lambda false_alarm, missed: false_alarm + missed,
                "That is the sum of the prices. Which of them belongs above it?"),
    ],
    hints=[
        "At probability p of damage, launching costs p x missed on average; waiting costs (1 - p) x false alarm.",
        "Set both costs equal and solve for p.",
    ],
    explanation="At equal costs this is 0.5, and only then.",
)
def threshold(false_alarm, missed):
    """The probability of damage above which waiting costs less than launching."""
    return false_alarm / (false_alarm + missed)


find_the_fault = Choice(
    "The model trains without complaint, and no probability ever falls below 0.5. "
    "Which repair is right, and still right for a score of -200?",
    {
        "a": Wrong("Line 3: use `F.binary_cross_entropy`, and drop the sigmoid in line 1",
                   "`binary_cross_entropy` wants probabilities, not raw scores. It stops with a complaint.", "M04"),
        "b": Right("Line 1: drop `nn.Sigmoid()`"),
        "c": Wrong("Line 3: use `F.binary_cross_entropy`, and keep the sigmoid in line 1",
                   "One sigmoid is gone, but a score of -200 then costs 100 and pulls with gradient 0.", "M34"),
        "d": Wrong("Line 3: pass `y.long()`",
                   "Targets of this loss are decimals, 0. and 1. `long` is for the class numbers of "
                   "`cross_entropy`.", "M12"),
        "e": Wrong("No change: decide at 0.73 instead of 0.5",
                   "Two sigmoids squeeze every probability into 0.5 to 0.73. Another threshold leaves them "
                   "wrong.", "M03"),
    },
    hints=["How many sigmoids does a score pass before the logarithm?",
           "Keep the loss that takes scores."],
    explanation="Scores go in; the loss applies the sigmoid itself, safely.",
)

separable = Choice(
    "A line separates two groups without a single mistake. You train ten times longer. What happens to the weights?",
    {
        "a": Wrong("They settle at their best values",
                   "There is no best value to settle at. Double all weights: the line stays, the loss falls.", "M39"),
        "b": Right("They grow, by about the same amount for each tenfold of steps, for ever"),
        "c": Wrong("They grow, and the accuracy with them",
                   "The accuracy is 100 % already. A falling loss need not mean better answers, only more "
                   "certainty.", "M40"),
        "d": Wrong("They shrink back, because the model was too confident",
                   "Nothing pulls them back. Every point is on its right side, so more certainty lowers the loss."),
    },
    hints=["Take weights that separate the groups, and double them. What happens to each point's price?"],
    explanation="Twenty draws, five learning rates: the drawer at the end of this lesson holds the runs.",
)


give_names(globals())
