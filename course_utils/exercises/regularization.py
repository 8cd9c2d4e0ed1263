"""The exercises of lesson 06: what a penalty pulls at, k folds, a stop in time, weights at 0, and who may look."""

from collections.abc import Iterator

import numpy as np
import torch

from course_utils.checker import Choice, Mistake, Number, Prediction, Right, Wrong, exercise, give_names, in_short
from course_utils.train import Epoch

memory_guess = Prediction(
    "Model A knows the labels of its 400 images nearly by heart, the rolled ones too. "
    "What share of the unseen images does it name rightly?",
    low=0.0,
    high=1.0,
    measured=0.58,
    spread="0.53 to 0.62 in ten draws of images and dice",
    reveal_later=True,
)

recall_growth = Choice(
    "A line separates two classes. Gradient descent on the log loss, no penalty. What does the length of w do?",
    {
        "a": Wrong("It settles once every example is right",
                   "Right is not enough for the log loss. A longer w makes right answers surer, and that pays.", "M39"),
        "b": Wrong("It settles when the gradient is 0",
                   "The gradient shrinks and never is 0: a longer w always costs a little less. "
                   "There is no optimum.", "M39"),
        "c": Right("It grows, more and more slowly, without end"),
        "d": Wrong("It grows by the same amount in every step",
                   "The gradient shrinks as the answers get surer. "
                   "Each tenfold of steps added the same, not each step.", "M39"),
    },
    hints=["Lesson 1 fitted two separable groups for 30, 300 and 3,000 steps."],
    explanation="No best w, only more certainty. A penalty will give the question an answer again.",
)

recall_confidence = Choice(
    "From one epoch to the next the validation loss rises and the validation accuracy rises too. How can that be?",
    {
        "a": Wrong("It cannot: one of the two is computed wrongly",
                   "Accuracy counts which side an answer is on. The loss asks how sure it was, too. "
                   "They may part.", "M40"),
        "b": Right("More answers are right, and some wrong ones have become very sure"),
        "c": Wrong("The loss includes the penalty, the accuracy does not",
                   "Our losses are measured without the penalty. "
                   "Accuracy ignores how sure an answer is: look there.", "M40"),
        "d": Wrong("The validation set is too small",
                   "It may happen on any number of examples. "
                   "A few wrong answers given with certainty are enough.", "M40"),
    },
    hints=["What does one wrong answer cost when the model gave the truth a probability of 0.000001?"],
    explanation="Accuracy is blind to confidence. So say which of the two you want, before you choose by it.",
)


# The price of a weight

def _fit_probe(n, m, seed, strength):
    g = torch.Generator().manual_seed(seed)
    X, w, b = torch.randn(n, m, generator=g), torch.randn(m, generator=g), torch.randn((), generator=g)
    return (X, (torch.rand(n, generator=g) < 0.4).float(), w, b, strength)


def _gradients(off=lambda X, y, w, b: torch.sigmoid(X @ w + b) - y,
               in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength * w,
               in_b=lambda off, b, strength: off.mean()):
    """The solution with another p − y, another gradient in w, or another one in b."""
    def answer(X, y, w, b, strength):
        difference = off(X, y, w, b)
        return in_w(X, difference, w, strength), in_b(difference, b, strength)
    return answer


@exercise(
    how=lambda place, X, y, w, b, strength: (
        f"The mean of p − y is {(torch.sigmoid(X @ w + b) - y).mean():.4g}" if place[0] else
        f"(p − y) · x is on average {((torch.sigmoid(X @ w + b) - y) @ X / len(X))[place[1]]:.4g} there, and strength "
        f"· w is {strength * w[place[1]]:.4g}") + ".",
    probes=[_fit_probe(7, 3, 0, 0.3), _fit_probe(5, 4, 1, 1.7)],
    mistakes=[
        Mistake(_gradients(in_b=lambda off, b, strength: off.mean() + strength * b),
                "The bias pays too here. Leave it free: it only sets the base rate.", "M18"),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + 2 * strength * w),
                "That is the slope of λ · w². Our penalty has the half, and its slope is λ · w.", "M19"),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength / 2 * w),
                "The half of λ/2 cancels the 2 of the square: the slope is λ · w.", "M19"),
        Mistake(_gradients(in_w=lambda X, off, w, strength: (X.T @ off + strength * w) / len(X)),
                "You divided the penalty by n. It is added once, to a loss that is already a mean."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength * w / len(w)),
                "Your penalty is the mean of w², divided by the number of weights. It is their sum."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength * w * len(X)),
                "You multiplied the penalty by n. The loss is a mean here, and the penalty is added once: λ · w."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength * w.abs()),
                "You added λ · |w|. Below 0 the penalty falls as w rises, so its slope has the sign of w: λ · w."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: (1 + strength) * X.T @ off / len(X)),
                "You multiplied the loss's own gradient by the strength. The penalty has a slope of its own, λ · w."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength * w.sign()),
                "That is the slope of λ · |w|, the penalty called L1. It comes later; here it is λ/2 · w²."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) - strength * w),
                "The sign: the gradient points uphill, and the penalty rises away from 0. Add λ · w."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength * torch.cat(
                    [0 * w[:1], w[1:]])),
                "The first weight pays nothing. In other texts entry 0 is the bias; here that is `b`, and every entry "
                "of w pays."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X)),
                "The penalty is missing: this is the gradient of the log loss alone."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength / 2 * w.square().sum()),
                "You added the value of the penalty, one number for all. Its slope has an entry a weight."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength / 2 * w**2),
                "You added the penalty of each weight, λ/2 · w². A gradient needs its slope."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength * w**2),
                "λ · w² is no slope: the derivative of λ/2 · w² has w, not its square."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength),
                "You added λ to every entry. The penalty pulls a long weight harder than a short one."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + w),
                "The strength is missing: what you added belongs to λ = 1."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength * w.norm()),
                "You added the length of w, one number for all. The slope of the penalty has an entry a weight."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength * w.sum()),
                "You summed the slopes to one number. Each weight has its own entry."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off + strength * w),
                "The log loss is the mean over the examples. Divide X.T @ (p − y) by n.", "M15"),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off + strength * w,
                           in_b=lambda off, b, strength: off.sum()),
                "Both sums are to be means: divide them by n. The penalty is not divided.", "M15"),
        Mistake(_gradients(in_b=lambda off, b, strength: off.sum()),
                "The gradient in b is to be a mean too: you summed p − y over the examples.", "M15"),
        Mistake(_gradients(off=lambda X, y, w, b: X @ w + b - y),
                "The sigmoid is missing: X @ w + b is a score, and p is its sigmoid.", "M01"),
        Mistake(_gradients(off=lambda X, y, w, b: torch.sigmoid(X @ w) - y),
                "The bias is missing in p: the score is X @ w + b. Only the penalty leaves b out."),
        Mistake(_gradients(off=lambda X, y, w, b: y - torch.sigmoid(X @ w + b)),
                "The difference is the wrong way round: p − y, so that too much probability pulls w down."),
    ],
    hints=[
        "Without the penalty: the mean of (p − y) times the inputs, and the mean of (p − y).",
        "What is the derivative of λ/2 · w² in w? And does the penalty contain b?",
    ],
    explanation="The penalty pulls every weight towards 0, in proportion to its size. PyTorch calls this weight decay.",
)
def penalised_gradient(X, y, w, b, strength):
    """The gradients in w and in b of log loss + strength/2 · Σw²."""
    off = torch.sigmoid(X @ w + b) - y
    return X.T @ off / len(y) + strength * w, off.mean()


scikit_c = Number(
    "You fit 569 examples with a mean loss and weight_decay 0.01 (bias free). Which C makes scikit-learn fit the same? "
    "Two digits will do.",
    answer=1 / 5.69,
    tolerance=0.005,
    mistakes=[
        Mistake(100.0, "That is 1/λ. scikit-learn sums the loss over the examples, so n belongs below too.", "M20"),
        Mistake(5.69, "That is n · λ. C multiplies the loss, not the penalty: it is one over that.", "M20"),
        Mistake(0.01, "C is no penalty: it multiplies the loss. A large C means little penalty.", "M20"),
        Mistake(1 / 2.845, "Twice too large: it belongs to λ/4 · ‖w‖². scikit-learn's ‖w‖² has a half too.", "M19"),
        Mistake(1 / 11.38, "Twice too small: it belongs to λ · ‖w‖². weight_decay means λ/2 · ‖w‖².", "M19"),
        Mistake(1.0, "C = 1 is what you get unasked, and stands for λ = 1/569. Your λ is larger.", "M21"),
        Mistake(1 / 0.0569, "100 times too large: λ = 0.01 stands in it once."),
        Mistake(1 / 569, "That is 1/n. The strength λ belongs in it too."),
        Mistake(569.0, "That is n. C multiplies a sum of 569 losses: with more of them it has to shrink.", "M20"),
        Mistake(569 / 0.01, "That is n/λ, and grows with n. C multiplies a sum of n losses, so n belongs below too.",
                "M20"),
        Mistake(0.01 / 569, "That is λ/n, and grows with λ. In `1/569*0.01` only 569 stands below.", "M20"),
    ],
    hints=["scikit-learn minimises C · (sum of losses) + ½ ‖w‖². Divide by C · n and compare with yours.",
           "mean loss + 1/(2 · C · n) · ‖w‖². So λ = 1/(C · n)."],
    explanation="C = 1/(n λ). With the same λ and more data, scikit-learn's C has to shrink.",
)


# k folds

class _Seed(int):
    """A seed that remembers which folds the calls of this check drew: of one call alone, any will do."""

    def __new__(cls, seed, drawn):
        self = super().__new__(cls, seed)
        self.drawn = drawn
        return self


def _sizes():
    """Each call begins with other global random numbers; the last two repeat the first, with its seed and another.

    In a fold of thirty rows a draw with repetition hardly ever passes for one without.
    """
    drawn = {}
    sizes = {"23 rows, 5 folds": (23, 5, 0), "25 rows, 8 folds": (25, 8, 3), "24 rows, 4 folds": (24, 4, 1),
             "90 rows, 3 folds": (90, 3, 2),
             "23 rows, 5 folds, the same seed": (23, 5, 0), "23 rows, 5 folds, another seed": (23, 5, 7)}
    return {label: (n, k, _Seed(seed, drawn)) for label, (n, k, seed) in sizes.items()}


def _dealt(result, n, k, seed):
    """What matters about folds: how many, how large, that each row is in one, and that the order was drawn."""
    kind = _kind_of_folds(result)
    if kind != "folds":
        return {"what came back": kind}
    folds = [fold.tolist() for fold in result]
    rows = [row for fold in folds for row in fold]
    in_the_table = [sorted(fold) for fold in folds]            # shuffled within a fold it is the same fold
    sizes = sorted(map(len, folds))
    uneven = len(folds) == k and sizes[-2] - sizes[0] > 1 and sorted(rows) == [*range(n)]
    drawn = tuple(map(tuple, in_the_table))
    seed.drawn.setdefault((n, k, int(seed)), drawn)
    regular = all(len({b - a for a, b in zip(fold, fold[1:], strict=False)}) <= 1 for fold in in_the_table)
    return {"what came back": "folds", "number of folds": len(folds),
            "folds more than one row apart in size": uneven,
            "sizes of the folds": [] if uneven else sizes,     # which ones chance made is of no interest
            "rows that come twice": _any([len(set(rows)) < len(rows)]),
            "twice in one fold": _any(len(set(fold)) < len(fold) for fold in folds) if n == 90 else "by luck",
            "rows of 0 … n − 1 that are in no fold": _any([not set(range(n)) <= set(rows)]),
            "rows that are not in the table": _outside(rows, n),
            "their order": "that of the table" if regular else "drawn",
            "the same for the same seed": seed.drawn[n, k, int(seed)] == drawn,
            "another for another seed": [*seed.drawn.values()].count(drawn) == 1}


def _any(found):
    """In a word: how many is left to the draw, and would tell one wrong draw from another of its kind."""
    return "some" if any(found) else "none"


def _outside(rows, n):
    beyond = sorted(set(rows) - set(range(n)))
    return ", ".join(map(str, beyond)) + (", and 0 is missing" if 0 not in rows else "") if beyond else "none"


def _kind_of_folds(result):
    if isinstance(result, Iterator):
        return "a generator: it can be walked along once, and not be indexed"
    if getattr(result, "ndim", 2) <= 1 or isinstance(result, int | float):
        return "single numbers"
    if not isinstance(result, list | tuple | torch.Tensor):
        return f"{type(result).__name__}, where a list of tensors is needed"
    if any(isinstance(fold, tuple) for fold in result):
        return "pairs"
    if any(isinstance(fold, np.ndarray) for fold in result):
        return "NumPy's arrays"
    if not all(isinstance(fold, torch.Tensor) for fold in result):
        return "lists" if all(isinstance(fold, list) for fold in result) else "other things than tensors"
    if any(fold.dtype == torch.bool for fold in result):
        return "masks"
    return "decimals" if any(fold.is_floating_point() for fold in result) else "folds"


def _drawn(n, seed):
    return torch.randperm(n, generator=torch.Generator().manual_seed(seed))


def _by_a_die(n, k, seed):
    thrown = torch.randint(k, (n,), generator=None if seed is None else torch.Generator().manual_seed(seed))
    return [(thrown == fold).nonzero().flatten() for fold in range(k)]


@exercise(
    probes=_sizes,
    compare_by=_dealt,
    mistakes=[
        Mistake(lambda n, k, seed: torch.arange(n).tensor_split(k),
                "Your folds follow the order of the table. If it is sorted, a fold holds one class: draw an order."),
        Mistake(lambda n, k, seed: [torch.arange(n).tensor_split(k)[i] for i in _drawn(k, seed)],
                "The folds come in a drawn order, and in each the rows still follow the table. Draw an order of the "
                "rows, then cut."),
        Mistake(lambda n, k, seed: torch.randperm(n).tensor_split(k),
                "The same seed draws other folds at the next call. Give it to a generator: "
                "`torch.Generator().manual_seed(seed)`."),
        Mistake(lambda n, k, seed: _drawn(n, 0).tensor_split(k),
                "Another seed draws the same folds. Use the `seed` that your function is given."),
        Mistake(lambda n, k, seed: _drawn(n, seed).chunk(k),
                "25 rows for 8 folds came out as seven, the last one short, as `chunk` deals them. `tensor_split` "
                "keeps to the number."),
        Mistake(lambda n, k, seed: torch.arange(n).chunk(k),
                "Your folds follow the order of the table, and `chunk` leaves the last one short. Draw an order; "
                "`tensor_split` deals it evenly."),
        Mistake(lambda n, k, seed: _drawn(n, seed).split(n // k),
                "There are more folds than asked for: the rows left over became folds of their own. "
                "(`split` takes the size of a fold.)"),
        Mistake(lambda n, k, seed: _drawn(n, seed).split(k),
                "Your folds have k rows each, as `split(k)` makes them. Asked are k folds."),
        Mistake(lambda n, k, seed: [_drawn(n, seed)[i * (n // k):(i + 1) * (n // k)] for i in range(k)],
                "The rows that are left over after the even division are in no fold."),
        *(Mistake(answer,
                  "You draw anew for each fold, so folds share rows, and other rows are in none. Draw once, then deal.")
          for answer in (
              lambda n, k, seed: [_drawn(n, seed + i)[:n // k] for i in range(k)],
              lambda n, k, seed: [_drawn(n, seed + i)[:(n + i) // k] for i in range(k)])),
        Mistake(lambda n, k, seed: [torch.cat([*parts[:i], *parts[i + 1:]])
                                    for parts in [_drawn(n, seed).tensor_split(k)] for i in range(k)],
                "Those are the rows outside of each fold. Give the folds themselves; the rest is for later."),
        *(Mistake(lambda n, k, seed, seeded=seeded: torch.randint(
                      n, (n,), generator=torch.Generator().manual_seed(seed) if seeded else None).tensor_split(k),
                  "`randint` draws with repetition: some rows come twice, others never. `randperm` is an order.")
          for seeded in (True, False)),
        Mistake(lambda n, k, seed: torch.randint(
                    n, (k, n // k), generator=torch.Generator().manual_seed(seed)).unbind(),
                "`randint` draws with repetition: some rows come twice, others never. `randperm` is an order."),
        *(Mistake(lambda n, k, seed, seeded=seeded: _by_a_die(n, k, seed if seeded else None),
                  "Your folds differ in size by more than one. Does each row draw its fold, as with a die? Draw an "
                  "order of the rows, and cut it evenly.") for seeded in (True, False)),
        *(Mistake(lambda n, k, seed, kept=kept: kept(_drawn(n, seed), k),
                  "A fold is missing: there are k − 1, and its rows are nowhere. Count from 0 to k − 1: `range(k)`.")
          for kept in (lambda order, k: [order[i::k] for i in range(1, k)],
                       lambda order, k: [order[i::k] for i in range(k - 1)])),
        Mistake(lambda n, k, seed: (_drawn(n, seed) + 1).tensor_split(k),
                "Your rows run from 1 to n. They are counted from 0."),
        Mistake(lambda n, k, seed: [*_drawn(n, seed)[:(k - 1) * (n // k)].split(n // k),
                                    _drawn(n, seed)[(k - 1) * (n // k):]],
                "The last fold got all that was left over. Sizes may differ by one."),
        Mistake(lambda n, k, seed: [fold.tolist() for fold in _drawn(n, seed).tensor_split(k)],
                "Your folds are lists, and rows are taken with tensors: `torch.tensor(fold)` makes one."),
        Mistake(lambda n, k, seed: [fold.numpy() for fold in _drawn(n, seed).tensor_split(k)],
                "Your folds are NumPy's arrays. Rows are taken with tensors: `torch.from_numpy(fold)` makes one."),
        Mistake(lambda n, k, seed: _drawn(n, seed).float().tensor_split(k),
                "Your row numbers are decimals. Rows are taken with whole numbers: `.long()` makes them so."),
        Mistake(lambda n, k, seed: [_drawn(n, seed) % k == i for i in range(k)],
                "Those are masks, true where a row is in the fold. Give its row numbers: `mask.nonzero().flatten()`."),
        Mistake(lambda n, k, seed: iter(_drawn(n, seed).tensor_split(k)),
                "That is a generator: gone after one walk. Every λ needs the same folds, so give them all in a list."),
        Mistake(lambda n, k, seed: [(_drawn(n, seed)[:1], fold) for fold in _drawn(n, seed).tensor_split(k)],
                "You give pairs. Give the folds alone; the rest of each is made later."),
        Mistake(lambda n, k, seed: _drawn(n, seed) % k,
                "You give single numbers. Give k tensors: the row numbers of each fold together."),
    ],
    hints=[
        "Draw one order of the rows 0 … n − 1: `torch.randperm`, with a generator that has the seed.",
        "Then deal this order into k parts. Which of `chunk`, `split`, `tensor_split` keeps to the number of parts?",
    ],
    explanation="Each row is in one fold, so each is judged once, by a model that never saw it.",
)
def folds(n, k, seed=0):
    """k tensors of row numbers: 0 … n − 1 in an order drawn with `seed`, each row in one fold, sizes within one."""
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    return order.tensor_split(k)


class _LossOf:
    """Stands for a fit: a loss that depends on the rows to be fitted and, otherwise, on the rows to be judged."""

    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.fitted, self.judged = torch.rand(n, generator=g), 3 * torch.rand(n, generator=g)

    def __call__(self, rest, fold):
        return (self.fitted.index_select(0, rest).sum() / 7 + self.judged.index_select(0, fold).mean()).item()


def _cross_validation(rest=lambda parts, i: torch.cat([*parts[:i], *parts[i + 1:]]),
                      loss=lambda loss_of, rest, fold: loss_of(rest, fold),
                      give=lambda losses: (losses.mean(), losses.std())):
    """The solution with other rows to fit, another call, or other things to give back."""
    def answer(parts, loss_of):
        parts = list(parts)
        return give(torch.tensor([loss(loss_of, rest(parts, i), fold) for i, fold in enumerate(parts)]))
    return answer


def _weighted(parts, loss_of, spread):
    losses = _cross_validation(give=lambda losses: losses)(parts, loss_of)
    shares = torch.tensor([float(len(fold)) for fold in parts])
    shares = shares / shares.sum()
    return (shares * losses).sum(), spread(losses, shares)


def _by_places(parts, loss_of):
    places = torch.arange(len(parts))
    losses = torch.tensor([loss_of(places[places != i], places[i:i + 1]) for i in range(len(parts))])
    return losses.mean(), losses.std()


def _later_alone(parts, loss_of):
    losses = torch.tensor([loss_of(torch.cat(parts[i + 1:]), parts[i]) for i in range(len(parts) - 1)])
    return losses.mean(), losses.std()


def _dealt_rows(n, k, seed):
    return (_drawn(n, seed).tensor_split(k), _LossOf(n, seed + 10))


@exercise(
    how=lambda place, parts, loss_of: "The losses of the folds are " + in_short(torch.tensor([
        loss_of(torch.cat([*parts[:i], *parts[i + 1:]]), fold) for i, fold in enumerate(parts)])) + ".",
    probes={"five folds of 23 rows": _dealt_rows(23, 5, 0), "three folds of 10 rows": _dealt_rows(10, 3, 1)},
    mistakes=[
        Mistake(_cross_validation(rest=lambda parts, i: torch.cat(parts)),
                "The fold is among the rows that you fit, so it judges what it has taught. Leave it out."),
        Mistake(_cross_validation(loss=lambda loss_of, rest, fold: loss_of(fold, rest)),
                "You fit the fold and judge by the rest. First the rows to fit, then the fold to judge."),
        Mistake(_cross_validation(loss=lambda loss_of, rest, fold: loss_of(rest, rest)),
                "You judge by the rows that were fitted. The fold that was held back is the judge."),
        *(Mistake(_cross_validation(rest=lambda parts, i, other=other: parts[(i + other) % len(parts)]),
                  "You fit one other fold only. Fit all the others together: `torch.cat`.") for other in (-1, 1)),
        Mistake(_cross_validation(loss=lambda loss_of, rest, fold: loss_of(fold, fold)),
                "You fit the fold itself. Fit the others; this one is held back to judge."),
        Mistake(_cross_validation(rest=lambda parts, i: [*parts[:i], *parts[i + 1:]]),
                "Your rest is a list of folds. `torch.cat` joins them to one tensor of row numbers."),
        *(Mistake(lambda parts, loss_of, spread=spread: _weighted(parts, loss_of, spread),
                  "Each fold counts by its number of rows. Asked is the mean over the folds: here they count alike.")
          for spread in (lambda losses, shares: losses.std(),
                         lambda losses, shares: (shares * (losses - (shares * losses).sum()).square()).sum().sqrt())),
        Mistake(lambda parts, loss_of: _cross_validation()(list(parts)[:-1], loss_of),
                "The last fold is left out. Each of them judges once."),
        Mistake(_cross_validation(give=lambda losses: (losses[:-1].mean(), losses[:-1].std())),
                "The last fold never judges. Does the loop end one too soon? Each of them judges once."),
        Mistake(_cross_validation(give=lambda losses: (losses[1:].mean(), losses[1:].std())),
                "The first fold never judges. Does the loop begin at 1? Each of them judges once."),
        *(Mistake(_cross_validation(give=lambda losses, spread=spread: (losses[0], spread)),
                  "Only the first fold has judged, and one loss has no spread. Is `return` inside the loop?")
          for spread in (0.0, float("nan"))),
        Mistake(_cross_validation(give=lambda losses: (losses.min(), losses.std())),
                "The first is the lowest loss, the luckiest fold's. Give the mean of the losses."),
        Mistake(_cross_validation(give=lambda losses: (losses.mean(), 1.96 * losses.std() / len(losses) ** 0.5)),
                "That is half of a 95 % interval, too narrow here: the folds share rows to fit. Give the standard "
                "deviation."),
        Mistake(_by_places,
                "You handed over the numbers of the folds. `loss_of` takes row numbers: those in `parts[i]`."),
        Mistake(_cross_validation(give=lambda losses: (losses.median(), losses.std())),
                "The first is the median. Give the mean of the losses."),
        Mistake(_cross_validation(rest=lambda parts, i: torch.cat(parts[:i] or parts[1:])),
                "You fit the folds before this one only. Those after it belong to the rest as well."),
        Mistake(lambda parts, loss_of: _later_alone(list(parts), loss_of),
                "You fit the folds behind this one only, and the last never judges. Those before it belong to the rest "
                "as well."),
        Mistake(_cross_validation(give=lambda losses: (losses.mean(), losses.std(correction=0))),
                "For the spread divide by the number of folds less one, as `torch.std` does."),
        *(Mistake(_cross_validation(give=lambda losses, less=less: (losses.mean(), losses.var(correction=less))),
                  "That spread is squared. Take its root: the standard deviation.") for less in (0, 1)),
        Mistake(_cross_validation(give=lambda losses: (losses.mean(), losses.std() / len(losses) ** 0.5)),
                "That is a standard error, too small here: the folds share rows to fit. Give the standard deviation."),
        Mistake(_cross_validation(give=lambda losses: (losses.mean(), losses.max() - losses.min())),
                "That is the range. Give the standard deviation of the losses."),
        Mistake(_cross_validation(give=lambda losses: (losses.sum(), losses.std())),
                "The first is the sum. Divide it by the number of folds."),
        Mistake(_cross_validation(give=lambda losses: (losses.std(), losses.mean())),
                "The two are exchanged: first the mean, then the spread."),
        Mistake(_cross_validation(give=lambda losses: losses),
                "Those are the losses of the folds. Give two numbers: their mean and their standard deviation."),
        Mistake(_cross_validation(give=lambda losses: losses.mean()),
                "That is the mean alone. Give the standard deviation of the losses as well."),
    ],
    hints=[
        "For each fold: all the other folds together are the rest. `torch.cat` joins a list of tensors.",
        "`enumerate(parts)` numbers the folds, so that you can leave one out.",
        "Collect the losses in a list; `torch.tensor(losses)` has a `mean()` and a `std()`.",
    ],
    explanation="Every row has judged once. The spread says how far apart two folds may be before it means something.",
)
def cross_validate(parts, loss_of):
    """Mean and standard deviation, over the folds, of `loss_of(rest, fold)`: fit the rest, judge by the fold."""
    losses = []
    for i, fold in enumerate(parts):
        rest = torch.cat([other for j, other in enumerate(parts) if j != i])
        losses.append(loss_of(rest, fold))
    losses = torch.tensor(losses)
    return losses.mean(), losses.std()


# When to stop

class _Epochs:
    """Stands for `training`: epoch by epoch it gives the next loss, and adds 1 to every weight, which begins at −1.

    So the weights are the epoch's number, unless somebody put others in meanwhile.
    """

    def __init__(self, model, losses):
        self.model, self.losses, self.run = model, losses, 0
        self._move(lambda parameter: parameter.fill_(-1.0))

    def __iter__(self):
        return self

    def __next__(self):
        if self.run == len(self.losses):
            raise StopIteration
        self._move(lambda parameter: parameter.add_(1.0))
        self.run += 1
        training_loss = 1 / self.run                    # what is learned from is fitted better and better
        loss = self.losses[self.run - 1]
        right = 0.9 if loss == self.losses[1] else 0.5              # its best epoch is another than the loss's
        return Epoch(self.run - 1, training_loss, loss, 0.5, right)

    def _move(self, change):
        with torch.no_grad():
            for parameter in self.model.parameters():
                change(parameter)


LISTS = {
    "a loss that falls, then rises": ([5.0, 4.0, 3.0, 3.5, 3.2, 3.4, 3.6, 2.0, 1.0], 3),
    "a bump on the way down": ([9.0, 6.0, 7.0, 5.0, 5.5, 5.2, 4.8, 4.9, 5.1, 4.0, 3.0], 2),
    "a loss that only falls": ([3.0, 2.5, 2.0, 1.5, 1.0], 2),
    "the same loss twice": ([2.0001, 2.0, 2.0, 2.5, 1.0, 0.5, 0.7, 0.8, 0.9], 2),
    "a loss that rises from the first epoch on": ([1.0, 1.5, 2.0, 2.5, 0.5], 2),
    "large losses that end while you wait": ([2.5e6, 2.7e6, 2.4999e6, 2.49995e6], 2),
}


def _runs():
    models = {label: torch.nn.Linear(3, 2) for label in LISTS}
    return {label: (models[label], _Epochs(models[label], losses), patience)
            for label, (losses, patience) in LISTS.items()}


def _after(result, model, epochs, patience):
    """What stopping comes to: how far training went, whose weights the model has, and which epoch was named."""
    weights = torch.cat([parameter.detach().flatten() for parameter in model.parameters()])
    return {"epochs that were run": epochs.run, "epoch whose weights the model ends with": weights,
            "epoch given back": result}


def _stopper(is_lower=lambda loss, lowest: loss < lowest, is_over=lambda waited, patience: waited >= patience,
             waits=lambda waited, loss, before: waited + 1, give=lambda best, last, lowest: best, restores=True,
             restores_at_the_end=True, reset=True, first=float("inf")):
    """The solution with another idea of a lower loss, of waiting, of what to give back or to restore."""
    def answer(model, epochs, patience):
        lowest, best, waited, before, kept = first, 0, 0, float("inf"), {}
        stopped = False
        for epoch in epochs:
            loss = epoch.valid_loss
            if is_lower(loss, lowest):
                lowest, best, waited = loss, epoch.number, 0 if reset else waited
                kept = {name: value.clone() for name, value in model.state_dict().items()}
            else:
                waited = waits(waited, loss, before)
            before = loss
            if is_over(waited, patience):
                stopped = True
                break
        if kept and restores and (stopped or restores_at_the_end):
            model.load_state_dict(kept)
        return give(best, epoch.number, lowest)
    return answer


@exercise(
    how=lambda place, model, epochs, patience: (
        f"The validation losses are {', '.join(f'{loss:g}' for loss in epochs.losses)}; patience is {patience}."),
    probes=_runs,
    compare_by=_after,
    mistakes=[
        *(Mistake(_stopper(restores=False, **other),
                  "The model ends with its last weights. What `state_dict()` gives changes with them: `deepcopy` it. "
                  "Then `load_state_dict`, for `model = …` only renames.")
          for other in ({}, {"is_lower": lambda loss, lowest: loss <= lowest}, {"reset": False}, {"first": 100.0},
                        {"give": lambda best, last, lowest: best + 1},
                        {"is_over": lambda waited, patience: waited > patience})),
        Mistake(_stopper(is_over=lambda waited, patience: False),
                "You run every epoch there is. Stop once `patience` of them in a row brought nothing lower."),
        Mistake(_stopper(is_over=lambda waited, patience: waited > 0),
                "You stop at the first rise. Patience means to wait: one bump is often noise."),
        Mistake(_stopper(is_over=lambda waited, patience: waited > patience),
                "You wait one epoch too long: stop when `patience` epochs have brought nothing."),
        Mistake(_stopper(is_over=lambda waited, patience: waited >= patience - 1 and waited > 0),
                "You stop an epoch too early: let `patience` epochs after the best pass, then stop."),
        Mistake(_stopper(is_lower=lambda loss, lowest: loss <= lowest),
                "The same loss again is no improvement. Ask for a lower one: `<`, not `<=`."),
        *(Mistake(_stopper(reset=False, give=lambda best, last, lowest, first=first: best + first),
                  "You count all bad epochs. A new best starts the count again.") for first in (0, 1)),
        Mistake(_stopper(waits=lambda waited, loss, before: waited + 1 if loss > before else 0),
                "You wait for rises in a row. Count every epoch that brought nothing below the best."),
        Mistake(_stopper(give=lambda best, last, lowest: lowest),
                "You give back the lowest loss. Asked is the number of its epoch."),
        Mistake(_stopper(give=lambda best, last, lowest: last),
                "You give back the epoch after which you stopped. Asked is the one whose weights are kept."),
        Mistake(_stopper(restores_at_the_end=False),
                "Where the epochs end before your patience, the model keeps its last weights. Put the best back."),
        Mistake(_stopper(give=lambda best, last, lowest: best + 1),
                "The number you give back is one too large: take `epoch.number` of the best epoch as it is."),
        Mistake(_stopper(is_lower=lambda loss, lowest: loss > lowest, first=-float("inf")),
                "You wait for a higher loss, and keep the weights of the highest. Of a loss the lowest is best: `<`."),
        Mistake(_stopper(first=100.0),
                "Large losses never count as the lowest. Begin with `float('inf')` as the lowest so far."),
    ],
    hints=[
        "Keep four things: the lowest loss so far, its epoch, a copy of the weights, how long you waited.",
        "A loop over `epochs` trains one more each time round: judge its `valid_loss`, and `break` when it is time.",
        "A copy that stays: `copy.deepcopy(model.state_dict())`. After the loop, load it into the model.",
    ],
    explanation="The epoch at which you stop is one thing, the epoch whose weights you keep another.",
)
def stop_early(model, epochs, patience):
    """Train until `patience` epochs in a row bring no lower valid_loss; put the best weights back, give their epoch."""
    import copy

    lowest, waited = float("inf"), 0
    for epoch in epochs:
        if epoch.valid_loss < lowest:
            lowest, best, waited = epoch.valid_loss, epoch.number, 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
        if waited == patience:
            break
    model.load_state_dict(kept)
    return best


@stop_early.mistake("You watch the accuracy. It counts right answers, not how sure they are: use `epoch.valid_loss`.")
def _(model, epochs, patience):
    highest, waited = -1.0, 0
    for epoch in epochs:
        waited += 1
        if epoch.valid_accuracy > highest:
            highest, best, waited = epoch.valid_accuracy, epoch.number, 0
            kept = {name: value.clone() for name, value in model.state_dict().items()}
        if waited == patience:
            break
    model.load_state_dict(kept)
    return best


for counted_from in (0, 1):
    @stop_early.mistake("You compare each loss with the one before it. Compare with the lowest so far: a fall after a "
                        "rise may bring nothing new.")
    def _(model, epochs, patience, counted_from=counted_from):
        before, waited = float("inf"), 0
        for epoch in epochs:
            waited = waited + 1
            if epoch.valid_loss < before:
                best, waited = epoch.number + counted_from, 0
                kept = {name: value.clone() for name, value in model.state_dict().items()}
            before = epoch.valid_loss
            if waited == patience:
                break
        model.load_state_dict(kept)
        return best


@stop_early.mistake("You watch the accuracy, and keep the lowest. The lowest is best of a loss: `epoch.valid_loss`.")
def _(model, epochs, patience):
    lowest, waited = float("inf"), 0
    for epoch in epochs:
        waited += 1
        if epoch.valid_accuracy < lowest:
            lowest, best, waited = epoch.valid_accuracy, epoch.number, 0
            kept = {name: value.clone() for name, value in model.state_dict().items()}
        if waited == patience:
            break
    model.load_state_dict(kept)
    return best


@stop_early.mistake("You put the best weights back while it still trains, and training goes on from there. Put them "
                    "back once, after the loop.")
def _(model, epochs, patience):
    lowest, waited = float("inf"), 0
    for epoch in epochs:
        if epoch.valid_loss < lowest:
            lowest, best, waited = epoch.valid_loss, epoch.number, 0
            kept = {name: value.clone() for name, value in model.state_dict().items()}
        else:
            model.load_state_dict(kept)
            waited += 1
        if waited == patience:
            break
    model.load_state_dict(kept)
    return best


@stop_early.mistake("Only the first of the parameters is put back. `state_dict()` holds all of them, the bias too.")
def _(model, epochs, patience):
    weight = next(model.parameters())
    lowest, waited = float("inf"), 0
    for epoch in epochs:
        if epoch.valid_loss < lowest:
            lowest, best, waited = epoch.valid_loss, epoch.number, 0
            kept = weight.detach().clone()
        else:
            waited += 1
        if waited == patience:
            break
    weight.data.copy_(kept)
    return best


@stop_early.mistake("You run as many epochs as `patience` says. It counts those that brought nothing since the lowest "
                    "loss.")
def _(model, epochs, patience):
    lowest = float("inf")
    for epoch, _ in zip(epochs, range(patience), strict=False):
        if epoch.valid_loss < lowest:
            lowest, best = epoch.valid_loss, epoch.number
            kept = {name: value.clone() for name, value in model.state_dict().items()}
        if epoch.number == patience - 1:
            break
    model.load_state_dict(kept)
    return best


for begins_at in (0, 1):
    @stop_early.mistake("Epoch 0, the untrained model, is never looked at. Its loss may be the lowest.")
    def _(model, epochs, patience, begins_at=begins_at):
        next(epochs)
        return _stopper(give=lambda best, last, lowest: best + begins_at)(model, epochs, patience)


@stop_early.mistake("You watch the training loss, which falls all the way. What was held back judges: "
                    "`epoch.valid_loss`.")
def _(model, epochs, patience):
    lowest, waited = float("inf"), 0
    for epoch in epochs:
        waited = waited + 1
        if epoch.train_loss < lowest:
            lowest, best, waited = epoch.train_loss, epoch.number, 0
            kept = {name: value.clone() for name, value in model.state_dict().items()}
        if waited == patience:
            break
    model.load_state_dict(kept)
    return best


@stop_early.mistake("You train to the end and judge afterwards. Judge each epoch as it comes.", "M25")
def _(model, epochs, patience):
    history = list(epochs)
    return min(history, key=lambda epoch: epoch.valid_loss).number


# Weights that arrive at 0

def _shrink_probe(m, seed, lr, strength):
    """Two weights are 0 already: one that the gradient moves, one that nothing moves."""
    g = torch.Generator().manual_seed(seed)
    w, gradient = 0.5 * torch.randn(m, generator=g), 2 * torch.randn(m, generator=g)
    w[3:5] = gradient[4] = 0.0
    return (w, gradient, lr, strength)


def _proximal(land=lambda w, gradient, lr: w - lr * gradient,
              shrink=lambda v, w, lr, strength: v.sign() * (v.abs() - lr * strength).clamp(min=0)):
    """The solution with another step to land at v, or another way to shrink v."""
    return lambda w, gradient, lr, strength: shrink(land(w, gradient, lr), w, lr, strength)


@exercise(
    how=lambda place, w, gradient, lr, strength: (
        f"The gradient step goes from {w[place]:.4g} to {w[place] - lr * gradient[place]:.4g}; lr · strength is "
        f"{lr * strength:.4g}."),
    probes=[_shrink_probe(9, 0, 0.3, 0.7), _shrink_probe(7, 3, 0.4, 0.3)],
    mistakes=[
        Mistake(lambda w, gradient, lr, strength: w - lr * (gradient + strength * w.sign()),
                "That is a subgradient step. It walks past 0 and back, and never lands on it.", "M23"),
        Mistake(lambda w, gradient, lr, strength: w - lr * gradient,
                "That is the gradient step alone. Now move every entry towards 0, by lr · strength."),
        Mistake(lambda w, gradient, lr, strength: (w - lr * gradient - lr * strength).clamp(min=0),
                "Negative weights are all lost. Shrink the absolute value, then give the sign back."),
        Mistake(lambda w, gradient, lr, strength: ((w - lr * gradient).abs() - lr * strength).clamp(min=0),
                "The signs are lost: negative weights came out positive."),
        Mistake(lambda w, gradient, lr, strength: w.sign() * (w.abs() - lr * strength).clamp(min=0) - lr * gradient,
                "You shrank first and stepped afterwards, so the step leaves 0 again. Turn the order round."),
        Mistake(lambda w, gradient, lr, strength: w - lr * (gradient + strength * w),
                "That is the step of L2, which shrinks by a factor. L1 shrinks by a fixed amount."),
        Mistake(lambda w, gradient, lr, strength: w.sign() * (w.abs() - lr * strength).clamp(min=0),
                "The gradient is not used. First a gradient step, then shrink what you have."),
        Mistake(lambda w, gradient, lr, strength: w - lr * (gradient + strength),
                "You subtracted the same from every weight. Negative ones are to move up, towards 0."),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: v.sign() * (v.abs() - strength).clamp(min=0)),
                "You moved by strength. A step of size lr moves the weight by lr · strength."),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: v.sign() * (v.abs() - lr).clamp(min=0)),
                "You moved by lr. Towards 0 it is lr · strength: a stronger penalty moves further."),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: v.sign() * (v.abs() - lr * strength / 2).clamp(min=0)),
                "You moved by half of lr · strength. λ · |w| has no half in it, and its slope is λ."),
        Mistake(lambda w, gradient, lr, strength: w - lr * gradient.sign() * (gradient.abs() - strength).clamp(min=0),
                "You shrank the gradient. Step with all of it, then shrink where the step lands."),
        Mistake(lambda w, gradient, lr, strength: w - lr * gradient.sign() * (
                    gradient.abs() - lr * strength).clamp(min=0),
                "You shrank the gradient. Step with all of it, then shrink where the step lands."),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: torch.where(
                    (v - lr * strength * w.sign()) * w < 0, 0.0, v - lr * strength * w.sign())),
                "You ask the old w which side it is on. What crosses 0, and which way is towards it, shows where the "
                "gradient step lands."),
        Mistake(_proximal(land=lambda w, gradient, lr: w + lr * gradient),
                "Your gradient step goes uphill. Step against the gradient, then shrink."),
        Mistake(_proximal(land=lambda w, gradient, lr: w - gradient),
                "Your gradient step is the whole gradient. It has to be lr times that."),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: torch.where(v.abs() > lr * strength, v, 0.0)),
                "Small weights are cut, the others are not shrunk. Every weight moves by lr · strength."),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: v.sign() * (v.abs() - lr * strength)),
                "Small weights jump to the other side: what would cross 0 has to stop there.", "M23"),
        *(Mistake(_proximal(shrink=shrink),
                  "That shrinks by a factor, as L2 does, and none becomes 0. L1 shrinks by a fixed amount.")
          for shrink in (lambda v, w, lr, strength: v / (1 + lr * strength),
                         lambda v, w, lr, strength: v * (1 - lr * strength))),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: v.clamp(-lr * strength, lr * strength)),
                "You kept what is to go: no weight is further from 0 than lr · strength. Subtract this part from v."),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: v.sign() * (v.abs() + lr * strength)),
                "Your weights move away from 0. Subtract lr · strength from their size."),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: w.sign() * (v.abs() - lr * strength).clamp(min=0)),
                "The sign is that of the old w. Take it from where the gradient step lands."),
    ],
    hints=[
        "First an ordinary gradient step, with the gradient you are given. Call where it lands v.",
        "Then move every entry of v by lr · strength towards 0; what would cross 0 stays there.",
        "The length that is left: `(v.abs() - t).clamp(min=0)`. It needs its sign back.",
    ],
    explanation="Gradient step, then shrink: a proximal step. Whatever lies within lr · λ of 0 becomes 0, exactly.",
)
def proximal_step(w, gradient, lr, strength):
    """One step on loss + strength · Σ|w|; `gradient` is that of the loss alone."""
    v = w - lr * gradient
    return v.sign() * (v.abs() - lr * strength).clamp(min=0)


# Who may look

leaks = Choice(
    "Through which lines do test rows have a say in the model that comes out?",
    {
        "a": Right("Line 1: the scaler is fitted",
                   "`fit_transform` saw every row, so the test rows' mean and spread are in every training row."),
        "b": Wrong("Line 2: the split",
                   "The split lays the test rows aside. What matters is what happened before it.", "M24"),
        "c": Wrong("Line 3: the model is fitted",
                   "The fit gets X_train and y_train and no others, as it should.", "M24"),
        "d": Right("Line 4: C is chosen",
                   "The best of five test scores is no longer a test score: the test set has chosen."),
        "e": Wrong("Line 5: the number that is reported",
                   "By then the model is chosen and the harm done. "
                   "Reporting a score is what the test set is for.", "M25"),
    },
    hints=["Imagine other numbers in the test rows. Through which lines could that change the model?",
           "There are two. One is before the split, one is a `max` over the wrong set."],
    explanation="Fit the scaler on the training rows, choose on validation rows, and the last line is honest.",
)


give_names(globals())
