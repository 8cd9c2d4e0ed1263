"""The exercises of lesson 04: read the numbers of a model, repair them, carry them away, freeze, rank, group them."""

import builtins
import tempfile
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checker import Choice, Mistake, Prediction, Right, Wrong, exercise, give_names, in_short

bias_guess = Prediction(
    "You put the bias of 8 right, to the last digit, and touch nothing else. What share of new digits is read rightly?",
    low=0,
    high=100,
    unit="%",
    measured=27,
    spread="121 of 450; 43 before, 426 when it was well",
    reveal_later=True,
    explanation="The loudest fault hid the others.",
)

flips_guess = Prediction(
    "Of the 30 weights, how many change their sign in at least one of 30 fits to other draws of patients?",
    low=0,
    high=30,
    measured=13,
    spread="of 30; between 11 and 14 in four such rounds of draws",
)

recall_shape = Choice(
    "`nn.Linear(64, 10)` turns 64 pixels into 10 scores. Which shape has its `weight`?",
    {
        "a": Wrong("(64, 10)",
                   "That is the textbook's W, used as X @ W. PyTorch keeps one row for each class and computes X @ "
                   "W.T."),
        "b": Right("(10, 64)"),
        "c": Wrong("(10,)",
                   "That is the shape of the bias: one number a class. The weights are one number a class and pixel."),
    },
    hints=["Each row can be looked at as a picture of 8 by 8 pixels. How many pictures are there?"],
    explanation="One row a class. A row is a picture of 64 pixels.",
)

recall_step = Choice(
    "`loss.backward()`, then `optimizer.step()`. What does the second line read?",
    {
        "a": Wrong("The loss, from which it works out the gradient",
                   "The optimizer never sees the loss: `backward` has already left the gradients in `.grad`.", "M35"),
        "b": Right("The `.grad` of each parameter it was given"),
        "c": Wrong("Every parameter of the model whose `requires_grad` is True",
                   "It knows only the parameters it was given, and skips those whose `.grad` is None.", "M35"),
    },
    hints=["Which of the two lines fills `.grad`, and who else could use it?"],
    explanation="Keep this in mind for the trap of freezing, below.",
)


# Predict without the model

def _linear_probe(n, m, n_classes, seed):
    g = torch.Generator().manual_seed(seed)
    return (torch.randn(n_classes, m, generator=g), 2 * torch.randn(n_classes, generator=g),
            torch.randn(n, m, generator=g))


@exercise(
    how=lambda place, W, b, X: f"The scores of image {place[0]} are {in_short(X[place[0]] @ W.T + b)}.",
    probes=[_linear_probe(7, 4, 3, 3), _linear_probe(9, 2, 5, 1)],
    mistakes=[
        Mistake(lambda W, b, X: (X @ W.T).argmax(dim=1),
                "The bias is missing. Each class adds its own number to all its scores."),
        Mistake(lambda W, b, X: (X @ W.T + b).argmax(dim=0),
                "You asked each class for its best image. Ask each image for its best class, along the "
                "dimension that counts classes.", "M32"),
        Mistake(lambda W, b, X: X @ W.T + b,
                "These are scores. The class is the place of the largest score in each row.", "M01"),
        Mistake(lambda W, b, X: torch.softmax(X @ W.T + b, dim=1),
                "These are probabilities. The class is the place of the largest one in each row."),
        Mistake(lambda W, b, X: torch.softmax(X @ W.T + b, dim=1).amax(dim=1),
                "These are the largest probabilities. The class is the place where each stands: `argmax`."),
        Mistake(lambda W, b, X: torch.softmax(X @ W.T + b, dim=1).max(dim=1),
                "`max` gives the largest probabilities and their places. The places are the classes: `.indices`."),
        Mistake(lambda W, b, X: (X @ W.T + b).max(dim=1),
                "`max` gives the largest scores and their places. The places are the classes: `.indices`, or "
                "`argmax`."),
        Mistake(lambda W, b, X: (X @ W.T + b).amax(dim=1),
                "These are the largest scores themselves. The class is the place where each stands: `argmax`."),
        Mistake(lambda W, b, X: torch.softmax(X @ W.T + b, dim=0).argmax(dim=1),
                "Softmax has to share out each row, `dim=1`; along the columns the images compete. You need none: "
                "the largest score has the largest probability.", "M32"),
        Mistake(lambda W, b, X: (X @ W.T + b).argmax(dim=1) + 1,
                "Classes are numbered from 0: the place is the class, with nothing added.", "M14"),
        Mistake(lambda W, b, X: (X @ W + b).argmax(dim=1),
                "W has one row a class, as `nn.Linear` stores it. Turn it over: `W.T`."),
        Mistake(lambda W, b, X: (X @ W.T + b).argmax(),
                "One place in the whole table came out. Ask each image, along the classes: `argmax(dim=1)`."),
        Mistake(lambda W, b, X: (X @ W.T + b).argmin(dim=1),
                "You took the smallest score. The class is the place of the largest."),
        Mistake(lambda W, b, X: (X @ W.T + b > 0).long(),
                "You asked each score whether it is above 0. The class is the place of the largest in each "
                "row.", "M31"),
        Mistake(lambda W, b, X: (X @ W.T - b).argmax(dim=1), "The bias was taken off. Each class adds its own."),
        Mistake(lambda W, b, X: (X @ W.T * b).argmax(dim=1), "The bias was multiplied. Each class adds its own."),
        Mistake(lambda W, b, X: (X @ W.T + b).abs().argmax(dim=1),
                "You took the score of the largest size. One far below 0 speaks against its class: no `abs`."),
        Mistake(lambda W, b, X: (X @ W.T + b).round().argmax(dim=1),
                "You rounded the scores first, and the nearest rivals became equal. Compare them as they are."),
        Mistake(lambda W, b, X: (X @ F.normalize(W, dim=1).T + b).argmax(dim=1),
                "The weights of each class were divided by their length. How long they are counts as well: take W as "
                "it is."),
        Mistake(lambda W, b, X: torch.sigmoid(X @ W.T + b).round().argmax(dim=1),
                "You decided yes or no for each class first, and of several yeses the first won. Compare the scores.",
                "M31"),
        Mistake(lambda W, b, X: F.one_hot((X @ W.T + b).argmax(dim=1), len(b)),
                "These are rows with a single 1. The class is the place where it stands: `argmax` alone."),
        Mistake(lambda W, b, X: (X @ W.T + b).topk(2, dim=1).indices[:, 1],
                "That is the second best class. The place of the largest score is asked for."),
        Mistake(lambda W, b, X: (X @ W.reshape(W.shape[::-1]) + b).argmax(dim=1),
                "`reshape` and `view` put the same numbers into other rows. Turning W over is `W.T`."),
        Mistake(lambda W, b, X: X @ W.T,
                "These are scores, without the bias. Add b; the class is the place of the largest in each row.", "M01"),
        Mistake(lambda W, b, X: (X @ W.T + b).argmax(dim=1, keepdim=True),
                "The classes stand in a column, (n, 1). One number for each image is asked for: leave `keepdim` out."),
        Mistake(lambda W, b, X: (X[0] @ W.T + b).argmax(),
                "The class of the first image alone came back. Does the `return` stand inside of the loop?"),
    ],
    hints=[
        "A score is a sum of pixel times weight, plus the bias of the class. W holds one row a class, X one row an "
        "image.",
        "`X @ W.T` has one row an image and one column a class. Add b, then ask each row where its largest score is.",
    ],
    axes=("images",),
    explanation="No model, no framework: a trained softmax regression is W, b and this line.",
)
def predict_from(W, b, X):
    """The class of each row of X (n, m) from W (K, m) and b (K,) alone, shape (n,)."""
    return (X @ W.T + b).argmax(dim=1)


# Read, and repair

def _summing_to_zero(*shape, seed):
    p = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
    return p - p.mean(dim=0)


def _with_a_wrong_row(p, k, wrong):
    p[k] = wrong
    return p, k


@exercise(
    how=lambda place, p, k: f"The other rows sum to {in_short(p.sum(dim=0) - p[k])}.",
    probes={"ten biases, that of 8 blown up": _with_a_wrong_row(_summing_to_zero(10, seed=0), 8, 4.75),
            "four rows of weights, row 1 lost": _with_a_wrong_row(_summing_to_zero(4, 6, seed=1), 1, 0.5),
            "seven biases, the first lost": _with_a_wrong_row(_summing_to_zero(7, seed=2), 0, -9.0)},
    mistakes=[
        Mistake(lambda p, k: -p.sum(dim=0),
                "Your sum counts the wrong number itself. Take it out: only the others are to be believed."),
        Mistake(lambda p, k: p.sum(dim=0),
                "This is what row k has too much. The row itself is asked for."),
        Mistake(lambda p, k: p.sum(dim=0) - p[k],
                "The sign is turned: with the others' sum, row k has to give 0."),
        Mistake(lambda p, k: p[k] - p.sum(),
                "With weights, each column sums to 0 for itself: `p.sum(dim=0)`."),
        Mistake(lambda p, k: p[k] - p.sum(dim=-1),
                "Rows are classes, and the sum goes over the classes: `dim=0`."),
        Mistake(lambda p, k: (p.sum(dim=0) - p[k]) / (len(p) - 1),
                "This is the mean of the others. What is asked for makes the sum of all of them 0."),
        Mistake(lambda p, k: -(p.sum(dim=0) - p[k]) / (len(p) - 1),
                "This is the mean of the others, with its sign turned. Their sum is what row k has to make up for."),
        Mistake(lambda p, k: p[k] - p.mean(dim=0),
                "You took the mean of all rows off row k. Their whole sum is what row k has too much: take that off."),
        Mistake(lambda p, k: p[8] - p.sum(dim=0),
                "Row `k` is asked for, which need not be the 8: `p` may have four rows."),
        Mistake(lambda p, k: p[k - 1] - p.sum(dim=0),
                "Row k − 1 stands where row k belongs. Rows are numbered from 0, and so is `k`: `p[k]`."),
        Mistake(lambda p, k: -p.mean(dim=0),
                "That is minus the mean of all rows, the wrong one too. Row k makes up for the sum of the others."),
        Mistake(lambda p, k: p[k] - 6,
                "6 is what one bias of one reader has too much. How much it is here, the sum of all rows tells."),
        Mistake(lambda p, k: torch.cat([p[:k], (p[k] - p.sum(dim=0))[None], p[k + 1:]]),
                "These are all the rows, put right. Row k alone is asked for."),
        Mistake(lambda p, k: torch.zeros_like(p[k]),
                "0 is a guess, and the other rows know better: all of them together sum to 0."),
        Mistake(lambda p, k: p[k], "That is row k as it stands, the lost one. What would make all rows sum to 0?"),
        Mistake(lambda p, k: 1 - (p.sum(dim=0) - p[k]),
                "You made all rows sum to 1. Weights and biases sum to 0 over the classes; it is shares that sum to "
                "1."),
        Mistake(lambda p, k: -p[:k].sum(dim=0),
                "Only the rows before k were added up. Those behind it count as well."),
        Mistake(lambda p, k: -p[k + 1:].sum(dim=0),
                "Only the rows behind k were added up. Those before it count as well."),
        Mistake(lambda p, k: -p[:k + 1].sum(dim=0),
                "The rows up to k were added up, k among them. All the others count, and k does not."),
        Mistake(lambda p, k: -(p[:k].sum(dim=0) + p[k + 2:].sum(dim=0)),
                "One row too many is left out: behind k it goes on with `p[k + 1:]`."),
        Mistake(lambda p, k: -(p[:max(k - 1, 0)].sum(dim=0) + p[k + 1:].sum(dim=0)),
                "One row too many is left out: `p[:k]` ends before k by itself."),
        Mistake(lambda p, k: -(p[:k - 1].sum(dim=0) + p[k:].sum(dim=0)),
                "The row before k is left out, and k is counted. Places are numbered from 0: `p[:k]` and `p[k + 1:]`."),
        Mistake(lambda p, k: -(p.sum(dim=0) - p[k]) / 2,
                "Half of it: nothing is halved here. Row k makes up for the whole sum of the others."),
        *(Mistake(lambda p, k, sign=sign: sign * (p.sum(dim=0) - p[k]) / len(p),
                  "The sum of the others is divided by the number of rows. Row k makes up for the whole of it.")
          for sign in (1, -1)),
        Mistake(lambda p, k: -(p.sum() - p[k].sum()),
                "With weights one number came out. Each column sums to 0 for itself: `sum(dim=0)`."),
        Mistake(lambda p, k: -(p.sum() - p.flatten()[k]),
                "With weights one number came out. Each column sums to 0 for itself: `sum(dim=0)`; and what is left "
                "out is row k, `np.delete(p, k, axis=0)` in NumPy."),
        Mistake(lambda p, k: -torch.cat([p[:k], p[k + 1:]]).sum(dim=-1),
                "With weights you have one number for each row. The sum goes over the classes: `dim=0`."),
        Mistake(lambda p, k: -torch.cat([p[..., :k], p[..., k + 1:]], dim=-1).sum(dim=0),
                "With weights column k is left out. Rows are classes: leave row k out."),
        Mistake(lambda p, k: (p[k - 1] + p[(k + 1) % len(p)]) / 2,
                "You took the mean of the rows beside it. Classes that stand side by side are not alike: what holds is "
                "that all rows sum to 0."),
        Mistake(lambda p, k: p[k] - 2 * p.sum(dim=0),
                "The excess was taken off twice. Row k less the sum of all rows, once."),
        Mistake(lambda p, k: p[k] + p.sum(dim=0),
                "The excess was added. It is what row k has too much: take it off."),
    ],
    hints=["All rows together sum to 0. How much do the others sum to?",
           "The sum of the others is `p.sum(dim=0)` less row k."],
    explanation="One row of ten says nothing that the other nine do not say: a check digit that came for free.",
)
def from_the_others(p, k):
    """Row k of `p`, weights (K, m) or biases (K,) whose rows sum to 0, from the other rows alone."""
    return p[k] - p.sum(dim=0)


_AT_FIRST = WeakKeyDictionary()                                 # model → its parameters and their damaged values


def _damaged_readers():
    """Models with the accidents of the lesson's reader."""
    return [(_damaged(seed),) for seed in (3, 4)]


def _damaged(seed):
    model = nn.Linear(64, 10)
    with torch.no_grad():
        model.weight.copy_(_summing_to_zero(10, 64, seed=seed))
        model.bias.copy_(_summing_to_zero(10, seed=10 + seed))
        for p in model.parameters():
            p[[0, 7]] = p[[7, 0]]
        model.weight[:, 32:] /= 16
        model.bias[8] += 6
    _AT_FIRST[model] = [(p, p.detach().clone()) for p in model.parameters()]
    return model


def _repaired(result, model):
    now = [model.weight, model.bias]
    kept = [old for old, _ in _AT_FIRST[model]]
    return {"weight": model.weight, "bias": model.bias,
            "the parameters are the model's old ones": all(a is b for a, b in zip(now, kept, strict=True)),
            "they can go on learning": all(p.requires_grad for p in now)}


def _repair(weights="copy", biases="copy", factor=16.0, part=(slice(None), slice(32, None)), bias="others", plus=0.0,
            rows=(0, 7)):
    """A repair with one thing done in another way: how rows change places, by what and where, which bias."""

    def swap(p, how):
        if how == "copy":
            p[list(rows)] = p[list(rows[::-1])]
        elif how == "views":
            p[0], p[7] = p[7], p[0]
        elif how == "columns":
            p[:, [0, 7]] = p[:, [7, 0]]
        elif how == "turned":
            p[:8] = p[:8].flip(0)

    def repair(model):
        with torch.no_grad():
            model.weight[part] *= factor
            model.weight[part] += plus
            b = model.bias
            b[7 if bias == "7" else 8] = {
                "others": b[8] - b.sum(), "all": -b.sum(), "zero": 0 * b[8], "as it is": b[8], "too much": b.sum(),
                "as printed": torch.tensor(-1.16), "of the page": torch.tensor(-1.164917),
                "less the others": b.sum() - b[8], "six more": b[8] + 6, "mean": b.mean(), "7": b[7] - b.sum(),
                "mean of the others": (b.sum() - b[8]) / 9}[bias]
            swap(model.weight, weights)
            swap(model.bias, biases)

    return repair


def _and_rows_left(message, known=False, **how):
    """A mistake alone; with the biases of 0 and 7 left where they are; with their rows left, where that is not `known`.

    For who swaps rows of weights forgets easily that a class has a bias.
    """
    yield Mistake(_repair(**how), message)
    yield Mistake(_repair(biases="not", **how), f"{message} And the biases of 0 and 7 have not changed places.")
    if not known:
        yield Mistake(_repair(weights="not", biases="not", **how),
                      f"{message} And 0 and 7 still stand in each other's place.")


def _as_it_was(model, name, row, *column):
    """Where the damaged model holds a number, and as what."""
    row = {0: 7, 7: 0}.get(row, row)
    number = dict(model.named_parameters())[name][row, *column]
    return f"Its number stands in row {row} of the damaged model, as {number:.4g}."


_RECORDED = ("Autograd would have to record this change to a parameter. Put your lines under "
             "`with torch.no_grad():`.")
_SAME_ROWS = ("Two rows are alike now: the first assignment overwrote what the second one reads. `p[0]` is a view, no "
              "copy; indexing with a list, as in `p[[7, 0]]`, copies first.")


@exercise(
    how=lambda place, model: _as_it_was(model, *place),
    probes=_damaged_readers,
    compare_by=_repaired,
    mistakes=[
        Mistake(lambda model: model.weight[:, 32:].mul_(16), _RECORDED),
        Mistake(lambda model: model.weight.__setitem__([0, 7], model.weight[[7, 0]]), _RECORDED),
        Mistake(lambda model: setattr(model, "weight", 16 * model.weight.detach()),
                "A plain tensor is no parameter, so it may not take one's place. Change the parameter in place."),
        Mistake(lambda model: nn.Linear(64, 10),
                "The model is as damaged as before: none of its own numbers has changed. Change them in place."),
        Mistake(_repair(weights="views", biases="views"), _SAME_ROWS),
        Mistake(_repair(weights="views"), _SAME_ROWS),
        Mistake(_repair(biases="views"), _SAME_ROWS),
        Mistake(_repair(biases="not"),
                "The weights of 0 and 7 are back, their biases are not. A class is a row and a bias."),
        Mistake(_repair(weights="not"),
                "The biases of 0 and 7 are back, their weights are not. A class is a row and a bias."),
        Mistake(_repair(weights="not", biases="not"),
                "0 and 7 still stand in each other's place. Write to the rows themselves, `p[[0, 7]] = …`; "
                "`p = …` would give a new tensor the name `p`."),
        Mistake(_repair(bias="as it is", weights="not", biases="not"),
                "One of three: the lower halves are whole. The bias of 8 is still blown up, and 0 and 7 still stand in "
                "each other's place."),
        Mistake(_repair(factor=1.0, weights="not", biases="not"),
                "One of three: the bias of 8 is right. The lower halves are still pale, and 0 and 7 still stand in "
                "each other's place."),
        Mistake(_repair(factor=1.0, bias="as it is"),
                "One of three: 0 and 7 are back. The lower halves are still pale, and the bias of 8 is blown up."),
        Mistake(_repair(bias="as it is", biases="not"),
                "The bias of 8 is still blown up, and the biases of 0 and 7 have not changed places."),
        Mistake(_repair(factor=1 / 16), "The lower halves are paler still. Which way round was the factor of 16?"),
        *_and_rows_left("The lower halves are still pale, by a factor of 16. Pixels are columns: `weight[:, 32:]`.",
                        known=True, factor=1.0),
        *_and_rows_left("You made the upper half 16 times as strong. Pixels 32 to 63 are the lower one.",
                        part=(slice(None), slice(None, 32))),
        *_and_rows_left("Everything is 16 times as strong now. Only pixels 32 to 63 are too pale.",
                        part=(slice(None),)),
        Mistake(_repair(bias="as it is"), "The bias of 8 is still blown up."),
        *_and_rows_left("The sum of all biases counts the blown one, too. What would make the sum 0?", bias="all"),
        *_and_rows_left("-1.16 is rounded, and it is the number of one reader. The sum of all ten tells every digit of "
                        "any.", bias="as printed"),
        *_and_rows_left("This is the bias of the reader on the page. `repair` gets another model: use `model.bias`, "
                        "not `b` or `mended`.", bias="of the page"),
        *_and_rows_left("The bias of 8 is 0 now. What it was, the sum of all ten tells.", bias="zero"),
        *_and_rows_left("This is what the bias of 8 has too much. Take it away from what is there.", bias="too much"),
        *_and_rows_left("Column 32 is still pale. Counted from 0, pixels 32 to 63 are `[:, 32:]`.",
                        part=(slice(None), slice(33, None))),
        *_and_rows_left("Column 63 is still pale: the end of a slice is left out. `[:, 32:]` goes to the last.",
                        part=(slice(None), slice(32, 63))),
        *_and_rows_left("Column 31 is 16 times too strong now. Counted from 0, pixels 32 to 63 are `[:, 32:]`.",
                        part=(slice(None), slice(31, None))),
        *_and_rows_left("A factor of 15 is not enough: written per sixteenth, a weight is 16 times too small.",
                        factor=15.0),
        *_and_rows_left("The lower halves are now 16 times too strong. Once by 16 is enough.", factor=256.0),
        *_and_rows_left("The sign of the bias of 8 is turned round: with the others it has to give 0.",
                        bias="less the others"),
        *_and_rows_left("6 was added to the bias of 8, and it has 6 too much. Take it off.", bias="six more"),
        *_and_rows_left("The mean of the biases is a guess. The sum of all ten tells what that of 8 was.", bias="mean"),
        *_and_rows_left("The bias of 8 is the mean of the other nine now. With them it has to give 0: minus their sum.",
                        bias="mean of the others"),
        *_and_rows_left("The bias of 7 was changed for that of 8. Classes are numbered from 0, as places are.",
                        bias="7"),
        *(Mistake(_repair(weights="columns", biases=how),
                  "Columns 0 and 7 changed places, and those are pixels. Classes are rows: `p[[0, 7]]`, for the "
                  "weights and for the biases.") for how in ("copy", "not")),
        Mistake(_repair(weights="views", biases="not"), _SAME_ROWS),
        Mistake(_repair(factor=1.0, bias="as it is", weights="not", biases="not", plus=16.0),
                "16 was added to the lower halves. A unit multiplies: `*=`."),
        Mistake(_repair(plus=16.0, factor=1.0), "16 was added to the lower halves. A unit multiplies: `*=`."),
        *(Mistake(_repair(factor=1 / 16, **more),
                  "The lower halves are paler still, and that is not all yet. Which way round was the factor of 16?")
          for more in ({"bias": "as it is"}, {"weights": "not", "biases": "not"}, {"biases": "not"},
                       {"bias": "as it is", "weights": "not", "biases": "not"})),
        *(Mistake(_repair(weights="turned", biases=how),
                  "Rows 0 to 7 were turned round, and 1 to 6 stood right. Only 0 and 7 change places: `p[[0, 7]]`, for "
                  "the weights and for the biases.") for how in ("turned", "copy", "not")),
        Mistake(_repair(rows=(0, 8)), "Rows 0 and 8 changed places. It is 0 and 7 that stand in each other's place."),
        Mistake(_repair(rows=(1, 7)), "Rows 1 and 7 changed places. Classes are numbered from 0: it is 0 and 7."),
        Mistake(_repair(rows=(0, 6)), "Rows 0 and 6 changed places. Classes are numbered from 0: it is 0 and 7."),
    ],
    hints=[
        "Everything happens under `torch.no_grad()`, on `model.weight` and `model.bias` themselves.",
        "Columns 32 to 63 times 16: `model.weight[:, 32:]`. The bias of 8 less the sum of all biases.",
        "To exchange two rows, index with a list: `p[[0, 7]]`, once for the weights and once for the biases.",
    ],
    explanation="Three accidents, no training, no data: the numbers themselves told.",
)
def repair(model):
    """Undo the three accidents in an `nn.Linear(64, 10)`, in place: pale columns 32 to 63, bias 8, classes 0 and 7."""
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] -= model.bias.sum()
        for p in model.parameters():
            p[[0, 7]] = p[[7, 0]]


@repair.mistake("The numbers are right, in new tensors. An optimizer built before would go on steering the old ones: "
                "change those in place.")
def _(model):
    weight, bias = (p.detach().clone() for p in model.parameters())
    weight[:, 32:] *= 16
    bias[8] -= bias.sum()
    model.weight, model.bias = nn.Parameter(weight[[7, *range(1, 7), 0, 8, 9]]), \
        nn.Parameter(bias[[7, *range(1, 7), 0, 8, 9]])


@repair.mistake("The weights of 0 and 7 are back, their biases are not: a class is a row and a bias. And all of it "
                "stands in new tensors, where an optimizer built before would go on steering the old ones: change "
                "those in place.")
def _(model):
    weight, bias = (p.detach().clone() for p in model.parameters())
    weight[:, 32:] *= 16
    bias[8] -= bias.sum()
    model.weight, model.bias = nn.Parameter(weight[[7, *range(1, 7), 0, 8, 9]]), nn.Parameter(bias)


@repair.mistake("The numbers are right, and the model can no longer learn: `requires_grad` is False now. "
                "`torch.no_grad()` lets you touch the numbers too, and ends with its block.")
def _(model):
    model.requires_grad_(False)
    repair.right_answer(model)


# Carry it away

@lru_cache(maxsize=1)
def _folder():
    return tempfile.TemporaryDirectory()                        # removed when Python ends


_SEEN = set()                           # what an answer did with files: "read", "unguarded"


def _model_and_file():
    """A model of its own numbers, and a file that is not there yet. From here on it is noted how it is read."""
    file = Path(_folder().name) / "numbers.pt"
    file.unlink(missing_ok=True)
    _SEEN.clear()
    builtins.open, torch.load = _noted_open(builtins.open), _noted_load(torch.load)
    model = nn.Linear(64, 10)
    with torch.no_grad():
        for p in model.parameters():                            # other numbers than a new model begins with
            p += 1
    _AT_FIRST[model] = [(p, p.detach().clone()) for p in model.parameters()]
    return [(model, file)]


def _noted_open(opening):
    """`open` that notes whether a file is read. The checker puts the real one back after each run."""
    def opened(file, mode="r", *more, **named):
        _SEEN.update({"read"} if "r" in mode and str(file).endswith("numbers.pt") else ())
        return real(file, mode, *more, **named)

    real = opened.real = getattr(opening, "real", opening)
    return opened


def _noted_load(loading):
    """`torch.load` that notes that it was called, and whether `weights_only` was switched off."""
    def loaded(f, *more, **named):
        _SEEN.update({"read"}, {"unguarded"} if named.get("weights_only") is False else ())
        return real(f, *more, **named)

    real = loaded.real = getattr(loading, "real", loading)
    return loaded


def _held(saved, ours):
    """What a file of numbers holds, beside the state_dict that belongs in it; other names do as well."""
    if isinstance(saved, torch.Tensor):
        return "one tensor alone"
    tensors = isinstance(saved, dict) and all(isinstance(value, torch.Tensor) for value in saved.values())
    if tensors and len(saved) == len(ours) \
            and all(any(torch.equal(value, mine) for value in saved.values()) for mine in ours.values()):
        return "the numbers by name"
    if not isinstance(saved, dict) or not set(saved) <= set(ours):
        return "something else than the state_dict"
    if sorted(saved) != sorted(ours):
        return "a part of the state_dict"
    near = tensors and all(saved[name].shape == mine.shape and torch.allclose(saved[name].float(), mine, rtol=0.01)
                           for name, mine in ours.items())
    return "numbers with fewer digits" if near else "other numbers"


def _carried(result, model, file):
    read, guarded = "read" in _SEEN, "unguarded" not in _SEEN       # before we read it ourselves
    try:
        saved = torch.load(file, weights_only=True)
    except FileNotFoundError:
        saved = "no file"
    except Exception:                                           # what anybody may have written there
        saved = "more than numbers: a file that `weights_only=True` refuses"
    holds = saved if isinstance(saved, str) else _held(saved, model.state_dict())
    back = isinstance(result, nn.Module)
    numbers = list(model.parameters()), list(result.parameters()) if back else []
    alike = [*map(torch.equal, *numbers)]
    facts = {"in the file": holds, "a model came back": back, "it is a new one": back and result is not model,
             "its names": sorted(result.state_dict()) if back else None,
             "its numbers are its own": back and not any(a is b for a in numbers[0] for b in numbers[1]),
             "numbers alike": len(numbers[0]) == len(numbers[1]) and all(alike), "some of them alike": any(alike),
             "it can go on learning": back and all(p.requires_grad for p in result.parameters()),
             "the model you were given is as it was": all(p.dtype == old.dtype and torch.equal(p, old)
                                                          for p, old in _AT_FIRST[model]),
             "what came back": "a model" if back else result}
    well = holds == "the numbers by name" and all(value for name, value in facts.items())
    return facts | {"somebody reads the file": read or not well, "only numbers may be read": guarded or not well}


def _weight_alone(model, file):
    """A new model whose bias is not that of the file."""
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.weight.data = torch.load(file, weights_only=True)["weight"]
    return new


@exercise(
    probes=_model_and_file,
    compare_by=_carried,
    mistakes=[
        Mistake(lambda model, file: (torch.save(model.state_dict(), file), nn.Linear(64, 10))[1],
                "The new model has the numbers of its own start. `load_state_dict` puts those of the file into it; "
                "with `strict=False` it passes over names that do not fit."),
        Mistake(_weight_alone,
                "A part of the new model's numbers is still of its own start. It needs the weight and the bias: "
                "`load_state_dict` puts both into it."),
        Mistake(lambda model, file: (torch.save(model.state_dict(), file), model)[1],
                "You gave back the old model. Another program has the file alone: build a new one from it."),
        Mistake(lambda model, file: (torch.save(model.state_dict(), file), torch.load(file, weights_only=True))[1],
                "You gave back the dictionary of numbers. A model has to be built, and filled with them."),
        Mistake(lambda model, file: (torch.save(model, file), torch.load(file, weights_only=False))[1],
                "`weights_only=True` refuses your file: there is more in it than tensors by name. "
                "`torch.save(model.state_dict(), file)` writes the numbers only."),
        Mistake(lambda model, file: (torch.save(model, file), torch.load(file, weights_only=True))[1],
                "You saved an object, program and all; `weights_only=True` refuses that. Save `model.state_dict()`, "
                "with its brackets."),
        Mistake(lambda model, file: (torch.save(model.state_dict, file),
                                     nn.Linear(64, 10).load_state_dict(torch.load(file, weights_only=False)))[1],
                "`model.state_dict` without brackets is the method, not the numbers: `model.state_dict()`."),
        Mistake(lambda model, file: nn.Linear(64, 10).load_state_dict(file),
                "`load_state_dict` takes the dictionary, not the file. `torch.load(file, weights_only=True)` reads."),
        Mistake(lambda model, file: torch.load(file, weights_only=True),
                "You read the file before anything is in it. `torch.save` the numbers first."),
        *(Mistake(lambda model, file, new=new: new().load_state_dict(model.state_dict()),
                  "The names or shapes of your new model are not those in the file. Build `nn.Linear(64, 10)`: 64 "
                  "pixels in, 10 scores out, with a bias.")
          for new in (lambda: nn.Linear(10, 64), lambda: nn.Sequential(nn.Linear(64, 10)))),
        Mistake(lambda model, file: torch.save(file, model.state_dict()),
                "The other way round: first what is saved, then the file."),
        Mistake(lambda model, file: torch.save(model.parameters(), file),
                "`parameters()` is a generator, which cannot be saved, and has no names. Save `model.state_dict()`."),
    ],
    hints=[
        "Two lines write and read: `torch.save` and `torch.load`. What do they handle: the object, or its numbers?",
        "`model.state_dict()` is a dictionary of names and tensors. Read it with `weights_only=True`.",
        "Build `nn.Linear(64, 10)` and let it `load_state_dict` what you read. Give back the model.",
    ],
    explanation="Numbers travel, the program stays. Both sides agree on names and shapes.",
)
def carry(model, file):
    """Save the numbers of `model`, an `nn.Linear(64, 10)`, by name in `file`; give back a new one that read them there.
    """
    torch.save(model.state_dict(), file)
    state = torch.load(file, weights_only=True)
    new = nn.Linear(64, 10)
    new.load_state_dict(state)
    return new


@carry.mistake("Nothing is in `file`. `torch.save` the numbers there, and read them from there.")
def _(model, file):
    new = nn.Linear(64, 10)
    new.load_state_dict(model.state_dict())
    return new


@carry.mistake("The numbers of the new model come from the old one, and nobody reads the file. Where it is opened, "
               "there may be no old model: `torch.load(file, weights_only=True)`.")
def _(model, file):
    torch.save(model.state_dict(), file)
    return _filled(model)


@carry.mistake("With `weights_only=False` whatever stands in a file may run while it is read. Write True: numbers are "
               "all you need.")
def _(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=False))
    return new


@carry.mistake("The model is built and filled, and not handed over. End with `return` and its name.")
def _(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=True))


@carry.mistake("The file holds something else than `model.state_dict()`. Are names missing, or some of the numbers?")
def _(model, file):
    torch.save(list(model.parameters()), file)
    return _filled(model)


@carry.mistake("The numbers are right, and the new model cannot learn: its `requires_grad` is False. Leave it True; "
               "freezing comes later.")
def _(model, file):
    torch.save(model.state_dict(), file)
    return _filled(model).requires_grad_(False)


@carry.mistake("The new model has no bias, and `strict=False` passes over that. Build `nn.Linear(64, 10)`, with one.")
def _(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10, bias=False)
    new.load_state_dict(model.state_dict(), strict=False)
    return new


@carry.mistake("The new model holds the old one's very tensors: train one, and the other changes. Let it read its own "
               "from the file.")
def _(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.weight, new.bias = model.weight, model.bias
    return new


@carry.mistake("The weights are in the file, the biases are not. Save all of it: `model.state_dict()`.")
def _(model, file):
    torch.save({"weight": model.weight}, file)
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=True), strict=False)
    new.bias.data.fill_(0.0)
    return new


@carry.mistake("The file holds the numbers of a new model. Save those of the model you were given, "
               "`model.state_dict()`.")
def _(model, file):
    new = nn.Linear(64, 10)
    torch.save(new.state_dict(), file)
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


@carry.mistake("The file holds your numbers with fewer digits, as `.half()` leaves them. Save them as they are: "
               "`model.state_dict()`.")
def _(model, file):
    torch.save({name: p.half() for name, p in model.state_dict().items()}, file)
    return _filled_from(file)


@carry.mistake("The model that you were given has lost digits: `.half()` changes a model itself. Save its numbers as "
               "they are.")
def _(model, file):
    torch.save(model.half().state_dict(), file)
    return _filled_from(file)


@carry.mistake("One tensor alone is in the file. The weight and the bias travel by their names: "
               "`model.state_dict()`.")
def _(model, file):
    torch.save(model.weight.detach(), file)
    new = nn.Linear(64, 10)
    new.weight.data = torch.load(file, weights_only=True)
    return new


@carry.mistake("Nothing is in `file`, and the old model came back. Save its numbers there, and build a new model of "
               "them.")
def _(model, file):
    return model


def _filled_from(file):
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


@carry.mistake("`load_state_dict` asks for names, and the file has a list without them. Save `model.state_dict()`.")
def _(model, file):
    torch.save(list(model.parameters()), file)
    return nn.Linear(64, 10).load_state_dict(torch.load(file, weights_only=True))


def _filled(model):
    new = nn.Linear(64, 10)
    new.load_state_dict(model.state_dict())
    return new


@carry.mistake("`load_state_dict` fills the model and gives back a note about names. Give back the model.")
def _(model, file):
    torch.save(model.state_dict(), file)
    return nn.Linear(64, 10).load_state_dict(torch.load(file, weights_only=True))


# What matters

def _importance_probe(n, sds, w, seed):
    g = torch.Generator().manual_seed(seed)
    sds = torch.tensor(sds)
    return torch.tensor(w), 3 * sds.flip(0) + sds * torch.randn(n, len(sds), generator=g)


def _uneven_probe(n, seed):
    """Columns with a few far values, evenly spread, on one side, yes or no: only the standard deviation ranks them so.

    By the range, the mean distance from the mean, or the middle half of the rows the order is another.
    """
    g = torch.Generator().manual_seed(seed)
    even, one_sided = torch.rand(n, generator=g), torch.randn(n, generator=g).exp()
    yes_or_no, far = (torch.rand(n, generator=g) < 0.4).float(), torch.randn(n, generator=g) ** 3
    X = torch.stack([far, even, one_sided, yes_or_no], dim=1)
    X = X / X.std(dim=0) * torch.tensor([0.5, 20.0, 3.0, 0.04]) + torch.tensor([0.4, 24.0, -15.0, 0.0])
    return torch.tensor([2.6, -0.055, 0.333, -30.0]), X


@exercise(
    how=lambda place, w, X: f"Sizes of the weights times standard deviations: {in_short(w.abs() * X.std(dim=0))}.",
    probes=[_importance_probe(40, [0.1, 30.0, 1.0, 5.0, 400.0], [-2.0, 3.0, -2.5, -0.9, 0.004], 0),
            _importance_probe(25, [2.0, 0.02, 70.0, 0.6], [0.5, -30.0, 0.03, -1.2], 1), _uneven_probe(31, 1),
            _importance_probe(37, [3.0, 0.5, 20.0, 0.08, 1.4, 7.0, 0.9], [-0.4, 1.7, 0.11, -9.0, -0.8, 0.3, 0.35], 2)],
    mistakes=[
        Mistake(lambda w, X: w.abs().argsort(descending=True),
                "A weight carries a unit: in millimetres it is a tenth of what it is in centimetres. Multiply "
                "each by the standard deviation of its feature.", "M26"),
        Mistake(lambda w, X: X.std(dim=0).argsort(descending=True),
                "The standard deviation says how much a feature varies, not what the model makes of it. Times the size "
                "of its weight."),
        Mistake(lambda w, X: w.abs().argsort(),
                "The other way round: the largest first. And a weight carries a unit: times the standard deviation of "
                "its feature.", "M26"),
        Mistake(lambda w, X: (w * X.std(dim=0)).argsort(),
                "Take the size first, `abs()`, and the largest first, `descending=True`."),
        Mistake(lambda w, X: w.argsort(descending=True),
                "This is the order of the weights as they stand, with signs and units. Take sizes, `abs()`, "
                "each times the standard deviation of its feature.", "M26"),
        Mistake(lambda w, X: (w.abs() * X.std(dim=0)).argsort(),
                "The other way round: the most important one comes first. `argsort(descending=True)`."),
        Mistake(lambda w, X: (w * X.std(dim=0)).argsort(descending=True),
                "A large negative weight matters as much as a large positive one. Take the size first: `abs()`."),
        *(Mistake(lambda w, X, mean=mean: (w.abs() * mean(X)).argsort(descending=True),
                  "You went by where a feature lies, a mean or a single value. What counts is how much it varies: what "
                  "never varies moves no score.")
          for mean in (lambda X: X.mean(dim=0).abs(), lambda X: X.mean(dim=0), lambda X: X[0], lambda X: X[0].abs())),
        Mistake(lambda w, X: (w.abs() * (X.amax(dim=0) - X.amin(dim=0))).argsort(descending=True),
                "You took the range, which two rows decide, the smallest and the largest. In the standard deviation "
                "all rows count."),
        Mistake(lambda w, X: (w.abs() * (X - X.mean(dim=0)).abs().mean(dim=0)).argsort(descending=True),
                "You took the mean distance from the mean. The standard deviation is asked for, which squares first."),
        Mistake(lambda w, X: w.abs() * X.std(dim=0),
                "These are the importances. The order is asked for, as places: `argsort(descending=True)`."),
        Mistake(lambda w, X: (w.abs() * X.std(dim=0)).sort(descending=True).values,
                "These are the importances, sorted. Which features are they? `argsort` gives the places."),
        Mistake(lambda w, X: (w.abs() * X.std(dim=0)).sort(descending=True),
                "`sort` gives values and places, two tensors. The places alone are asked for: `.indices`."),
        Mistake(lambda w, X: (w.abs() * X.std(dim=0)).argsort(descending=True).argsort(),
                "That is the rank of each feature. The list of features is asked for, the first in rank first."),
        Mistake(lambda w, X: (w.abs() * X.var(dim=0)).argsort(descending=True),
                "The variance has the unit squared, so units matter again. Take the standard deviation.", "M26"),
        Mistake(lambda w, X: (w.abs() / X.std(dim=0)).argsort(descending=True),
                "Divided by the spread. A weight is per unit, so times the spread is what it does to a score.", "M26"),
        *(Mistake(lambda w, X, top=top: (w.abs() * top(X)).argsort(descending=True),
                  "The largest value says where a feature reaches, not how much it varies. Take the standard "
                  "deviation.")
          for top in (lambda X: X.amax(dim=0), lambda X: X.abs().amax(dim=0))),
        *(Mistake(lambda w, X, size=size: (w.abs() * size(X)).argsort(descending=True),
                  "The sizes of the values count where they lie, too. What never varies moves no score: take off the "
                  "mean first, as the standard deviation does.")
          for size in (lambda X: X.abs().mean(dim=0), lambda X: X.square().mean(dim=0).sqrt())),
        Mistake(lambda w, X: (w**2 * X.std(dim=0)).argsort(descending=True),
                "Weight and spread do not count alike here, so units matter again. Size of the weight times the "
                "standard deviation, each as it is.", "M26"),
        Mistake(lambda w, X: (w.abs() * X.std(dim=0)).argmax(),
                "That is the most important feature alone. All are asked for, in order: `argsort(descending=True)`."),
        Mistake(lambda w, X: (w.abs() * X.std(dim=1)).argsort(descending=True),
                "One spread for each example came out. Each feature has a spread, down the rows: "
                "`X.std(dim=0)`.", "M32"),
        Mistake(lambda w, X: X.std(dim=0).argsort(),
                "The standard deviation says how much a feature varies, not what the model makes of it. Times the size "
                "of its weight, and the largest first."),
        Mistake(lambda w, X: (w.abs() / X.std(dim=0)).argsort(),
                "Divided by the spread, and the smallest first. A weight is per unit: times the spread, largest first.",
                "M26"),
        Mistake(lambda w, X: torch.arange(len(w)),
                "That is the order in which they came. Sort by the size of the weight times the standard deviation.",
                "M26"),
    ],
    hints=[
        "How far does the score move when this feature goes from a usual value to another usual one?",
        "A usual difference in feature j is its standard deviation. Times the size of the weight.",
        "`X.std(dim=0)` has one number a feature; `argsort(descending=True)` gives places, largest first.",
    ],
    axes=("places",),
    explanation="w · sd(x) has no unit. Feet or metres, it comes out the same.",
)
def by_importance(w, X):
    """The features' indices, the one first that moves the score most with a step of one standard deviation.

    w (m,) is in raw units, one weight for each column of X (n, m).
    """
    return (w.abs() * X.std(dim=0)).argsort(descending=True)


# Freeze

_TRAINING = WeakKeyDictionary()                                 # layer → the training it is a part of, and its values


def _half_trained():
    """A layer in the middle of a training: its gradients and the optimizer's momentum are not zero."""
    layer = nn.Sequential(nn.Dropout(0.5), nn.Linear(6, 5))
    model = nn.Sequential(layer, nn.Tanh(), nn.Linear(5, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9, weight_decay=0.01)
    batch = torch.randn(8, 6), torch.tensor([0, 2, 1, 1, 0, 2, 2, 1])
    for _ in range(3):
        _one_more_step(model, optimizer, *batch)
    _TRAINING[layer] = model, optimizer, *batch, _values(layer)
    return [(layer,)]


def _one_more_step(model, optimizer, X, y):
    optimizer.zero_grad(set_to_none=False)
    with torch.enable_grad():
        F.cross_entropy(model(X), y).backward()
    optimizer.step()


def _values(layer):
    return {name: p.detach().clone() for name, p in layer.named_parameters()}


def _differing(before, after):
    return [name for name in before if not torch.equal(before[name], after[name])]


def _moved(result, layer):
    model, *training, at_first = _TRAINING[layer]
    before, rest = _values(layer), model[2].weight.detach().clone()
    left = any(p.grad is not None for p in layer.parameters())
    _one_more_step(model, *training)
    after = _values(layer)
    moved = _differing(before, after)
    return {"gradients are on": torch.is_grad_enabled(),
            "changed by your function": ", ".join(_differing(at_first, before)) or "nothing",
            "moved by the next step": ", ".join(moved) or "nothing",
            "how far": sum((after[name] - before[name]).norm() for name in at_first),
            "a gradient was left": bool(moved) and left,             # what the others cannot tell apart
            "gradients are asked for": bool(moved) and any(p.requires_grad for p in layer.parameters()),
            "in training mode": bool(moved) and layer.training,
            "a new name on the layer": bool(moved) and "requires_grad" in vars(layer),
            "the rest still learns": not torch.equal(model[2].weight.detach(), rest)}


def _set(of=lambda layer: layer.parameters(), **attributes):
    """A wrong answer that sets attributes, such as `p.grad = None`, on each `p` of what `of` gives of a layer."""

    def set_each(layer):
        for p in of(layer):
            for name, value in attributes.items():
                setattr(p, name, value)

    return set_each


@exercise(
    probes=_half_trained,
    compare_by=_moved,
    mistakes=[
        Mistake(lambda layer: layer.requires_grad_(False),
                "It still moves: `.grad` is zero, not None, so momentum and decay go on. Set `p.grad = None` as well. "
                "If that stands there: `parameters()` is used up after one pass.", "M43"),
        Mistake(lambda layer: layer.eval(),
                "The layer learns on. Its dropout is off now, as after `eval()`, and that does not touch gradients. "
                "What does each of `layer.parameters()` have that could be changed?", "M10"),
        Mistake(_set(grad=None),
                "The old gradient is gone, and the next `backward()` makes a new one. Set `p.requires_grad = False` "
                "too, spelled so and with one `=`."),
        Mistake(_set(of=lambda layer: [layer], requires_grad=False),
                "The layer learns on as before. `requires_grad = False` belongs on each of `layer.parameters()`: on "
                "the layer it is a new name that nobody reads."),
        Mistake(_set(require_grad=False),                            # without the s
                "The layer learns on as before: its parameters still have `requires_grad` True. Set it to False on "
                "each `p` of `layer.parameters()`. What `no_grad` does ends with your function."),
        Mistake(_set(of=lambda layer: [layer[1].weight], requires_grad=False, grad=None),
                "The weight stands still and the bias moves on. Go through all of `layer.parameters()`."),
        Mistake(_set(of=lambda layer: [layer[1].bias], requires_grad=False, grad=None),
                "The bias stands still and the weight moves on. Go through all of `layer.parameters()`."),
        Mistake(lambda layer: torch.set_grad_enabled(False),
                "Gradients are off for the whole program now, and nothing learns any more. Freeze this layer alone."),
        Mistake(_set(of=lambda layer: [layer.weight], requires_grad=False),
                "A layer may be a stack of several, without a `weight` of its own. `layer.parameters()` finds all."),
        Mistake(_set(of=lambda layer: [layer.bias], requires_grad=False),
                "A layer may be a stack of several, without a `bias` of its own. `layer.parameters()` finds all."),
        Mistake(_set(of=lambda layer: [layer[0]], p=0.0),
                "Dropout is switched off, and the layer learns on. Set `requires_grad` False on each of its "
                "parameters."),
    ],
    hints=[
        "There are two things to change on each of `layer.parameters()`.",
        "`requires_grad = False` keeps new gradients out. Which old thing does the optimizer still find?",
        "An optimizer skips a parameter whose `.grad` is None.",
    ],
    explanation="No new gradient, no old one: the optimizer passes by.",
)
def freeze(layer):
    """From now on the layer's parameters keep their values, though the optimizer holds them and has momentum."""
    for p in layer.parameters():
        p.requires_grad = False
        p.grad = None


@freeze.mistake("The gradients are 0 now, and the layer still moves: momentum and decay go on. An optimizer skips a "
                "parameter only where `.grad` is None, and `requires_grad = False` keeps it so.", "M43")
def _(layer):
    for p in layer.parameters():
        p.register_hook(torch.zeros_like)


@freeze.mistake("The gradients are 0 now, and the layer still moves by decay, or by momentum. An optimizer skips a "
                "parameter only where `.grad` is None, and `requires_grad = False` keeps it so.", "M43")
def _(layer):
    for p in layer.parameters():
        p.register_hook(torch.zeros_like)
        p.grad = None


@freeze.mistake("The old gradient is gone, and the next `backward()` makes a new one. On the layer, `requires_grad` is "
                "a new name that nobody reads. Set it on each of `layer.parameters()`.")
def _(layer):
    layer.requires_grad = False
    for p in layer.parameters():
        p.grad = None


@freeze.mistake("Your function set the numbers themselves to 0. They keep their values; it is their gradients that go.")
def _(layer):
    for p in layer.parameters():
        p.data.zero_()


@freeze.mistake("Your function set the numbers themselves to 0. They keep their values; it is their gradients that go.")
def _(layer):
    for p in layer.parameters():
        p.requires_grad = False
        p.grad = None
        p.data.zero_()


# Groups

def _two_layers():
    return [(nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)), 0.5),
            (nn.Sequential(nn.Linear(2, 5)), 0.2),
            (nn.Sequential(nn.Linear(3, 4, bias=False), nn.Tanh(), nn.Linear(4, 2)), 0.3)]       # not all have a bias


def _after_one_step(groups, model, strength):
    """Where one step of plain SGD takes each parameter when all gradients are 1."""
    optimizer = torch.optim.SGD(groups, lr=0.1)
    held = {p for group in optimizer.param_groups for p in group["params"]}
    mixed = any(group["weight_decay"] and len({p.ndim for p in group["params"]}) > 1
                for group in optimizer.param_groups)
    facts = {"a group has a learning rate of 0": not all(group["lr"] for group in optimizer.param_groups),
             "parameters in no group": sum(p not in held for p in model.parameters()),
             "parameters that do not learn": sum(not p.requires_grad for p in model.parameters()),
             "weights and biases decay together": mixed,
             "a group is empty": (mixed or not held) and not all(group["params"] for group in optimizer.param_groups)}
    for group in optimizer.param_groups:
        group["lr"] = 0.1 if group["lr"] else 0.0                    # which one is the learner's choice
    for p in model.parameters():
        p.grad = torch.ones_like(p) if p.requires_grad else None
    optimizer.step()
    return facts | {name: p.detach().clone() for name, p in model.named_parameters()}


def _two_groups(weights=lambda name: "weight" in name, biases=lambda name: "bias" in name,
                decays=lambda strength: (strength, 0.0), named=lambda model: model.named_parameters(), **more):
    """The solution with other names taken for those of `weights` or `biases`, with other `decays` for the two, with
    other tensors than `named_parameters()` has, or with `more` settings for the biases.
    """

    def groups(model, strength):
        decay, decay_of_biases = decays(strength)
        return [{"params": [p for name, p in named(model) if weights(name)], "weight_decay": decay},
                {"params": [p for name, p in named(model) if biases(name)], "weight_decay": decay_of_biases, **more}]

    return groups


@exercise(
    how=lambda place, model, strength: (
        f"It began at {dict(model.named_parameters())[place[0]][place[1:]]:.4g}, lr is 0.1 and the gradient 1"
        + (f"; the decay adds {strength:g} times the weight to the gradient." if "weight" in place[0] else ".")),
    probes=_two_layers,
    compare_by=_after_one_step,
    mistakes=[
        Mistake(lambda model, strength: [{"params": list(model.parameters()), "weight_decay": strength}],
                "`weight_decay` takes every parameter of its group, the biases too. They need a group of "
                "their own.", "M18"),
        *(Mistake(lambda model, strength, optimizer=optimizer: optimizer(model.parameters(), lr=0.1),
                  "The list of groups is asked for, not the optimizer: any optimizer takes it later.")
          for optimizer in (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW)),
        Mistake(lambda model, strength: [{"params": list(model.parameters())}],
                "Nothing decays. The group of the weights needs `\"weight_decay\": strength`, and the weights in it: "
                "ask for the names."),
        Mistake(lambda model, strength: [{"params": [*model.parameters()][::2], "weight_decay": strength},
                                         {"params": [*model.parameters()][1::2], "weight_decay": 0.0}],
                "Every second parameter decays. A layer without a bias puts that out of step: ask for the names."),
        Mistake(lambda model, strength: [{"params": [model.weight]}],
                "A `Sequential` has no `weight` of its own. Its layers have: `named_parameters()` finds all."),
        Mistake(lambda model, strength: strength * sum(p.square().sum() for p in model.parameters()),
                "A tensor came back, perhaps a penalty for the loss. Groups are asked for, with `weight_decay` in "
                "them."),
        Mistake(lambda model, strength: [
                    {"params": [pair for pair in model.named_parameters() if "weight" in pair[0]],
                     "weight_decay": strength}, {"params": [p for p in model.parameters() if p.ndim == 1]}],
                "`named_parameters()` gives pairs, (name, tensor). Into the groups go the tensors alone: "
                "`[p for name, p in …]`."),
        Mistake(_two_groups(decays=lambda strength: (str(strength), 0.0)),
                "`strength` became text. Leave its quotes and `str` out: a number is needed."),
        Mistake(lambda model, strength: [
                    {"params": [p for p in model.parameters() if p.ndim == 1], "weight_decay": 0.0}],
                "Your weights are in no group, so no step ever moves them."),
        Mistake(_two_groups(weights=lambda name: name != "bias", biases=lambda name: name == "bias"),
                "One group is empty, and the biases decay with the weights. Names here are `0.bias`, `2.bias`: ask "
                "`name.endswith(\"bias\")`."),
        Mistake(_two_groups(weights=lambda name: name == "weight", biases=lambda name: name == "bias"),
                "Your groups are empty. Names here are `0.weight`, `0.bias`: ask `name.endswith(\"bias\")`."),
        Mistake(_two_groups(weights=lambda name: True),
                "A parameter stands in both groups: each belongs in one. `model.parameters()` holds all of them, and "
                "`a = b = []` makes one list with two names."),
        Mistake(_two_groups(named=lambda model: model.state_dict().items()),
                "Your groups hold other tensors than the model's parameters, so no step moves the model. "
                "`state_dict()`, `.data` and `clone()` give such; `named_parameters()` gives the real ones."),
        Mistake(_two_groups(named=lambda model: [(name, p.clone()) for name, p in model.named_parameters()]),
                "A tensor in your groups is computed from a parameter, as by `clone()`. No optimizer takes that: "
                "put the parameters themselves into the groups."),
        Mistake(_two_groups(decays=lambda strength: (strength, strength)),
                "The biases decay too: their group has a `weight_decay` of `strength`. It should be 0.", "M18"),
        Mistake(_two_groups(decays=lambda strength: (0.0, strength)),
                "The groups are exchanged: here the biases decay and the weights do not."),
        Mistake(_two_groups(decays=lambda strength: (strength, -strength)),
                "The decay of the biases is below 0, so they are pushed away from it. Theirs is 0: left alone."),
        Mistake(_two_groups(decays=lambda strength: (strength / 2, 0.0)),
                "Half the decay: `weight_decay` is the factor of w in the gradient, `strength` as it is.", "M19"),
        Mistake(_two_groups(decays=lambda strength: (2 * strength, 0.0)),
                "`weight_decay` is the factor of w in the gradient: `strength` as it is, no 2.", "M19"),
        Mistake(_two_groups(lr=0.0),
                "With a learning rate of 0 the biases stand still. They learn as well; they only do not decay."),
        Mistake(lambda model, strength: [{"param": list(model.parameters())}],
                "The optimizer looks for `\"params\"`, with an s, in each group and does not find it."),
        Mistake(lambda model, strength: [{"params": ["0.weight"], "weight_decay": strength}],
                "The optimizer met a text where a parameter belongs. Groups are a list of dicts, and `\"params\"` "
                "holds the parameters, not their names."),
        Mistake(lambda model, strength: [{"params": list(model.parameters())[:2], "weight_decay": strength},
                                         {"params": list(model.parameters())[2:], "weight_decay": 0.0}],
                "You parted the layers, so a bias decays and a weight does not. Part weights from biases.", "M18"),
        Mistake(lambda model, strength: [{"params": [list(model.parameters())[0]], "weight_decay": strength},
                                         {"params": [list(model.parameters())[1]], "weight_decay": 0.0}],
                "Only the first layer is in your groups. Go through all parameters, by their names."),
        Mistake(lambda model, strength: [{"params": [list(model.parameters())[0]], "weight_decay": strength},
                                         {"params": list(model.parameters())[1:], "weight_decay": 0.0}],
                "Only the first weight decays. Each layer's does: ask `name.endswith(\"weight\")`."),
        *(Mistake(_two_groups(decays=lambda strength, fixed=fixed: (fixed, 0.0)),
                  "The weights decay by a number of your own. Let them decay with `strength`.")
          for fixed in (0.1, 0.01, 0.001, 1.0)),
        *(Mistake(lambda model, strength, rate=rate: [
                      {"params": [p for p in model.parameters() if p.ndim == 2], "lr": strength},
                      {"params": [p for p in model.parameters() if p.ndim == 1], "lr": rate}],
                  "`strength` is no learning rate: nothing decays. Pass it as `\"weight_decay\"`, and leave `\"lr\"` "
                  "out.")
          for rate in (0.0,)),
    ],
    hints=[
        "An optimizer takes a list of dicts: `{\"params\": [...], \"weight_decay\": ...}`. You need two.",
        "`named_parameters()` gives pairs such as (\"0.bias\", tensor): the name tells which group.",
    ],
    explanation="Hand the list to any optimizer in place of `model.parameters()`. A group that says nothing of its "
                "decay takes the optimizer's own: 0 for SGD, 0.01 for AdamW.",
)
def decay_groups(model, strength):
    """Two parameter groups for an optimizer: weights decay with `strength`, biases do not decay, and both learn."""
    weights = [p for name, p in model.named_parameters() if not name.endswith("bias")]
    biases = [p for name, p in model.named_parameters() if name.endswith("bias")]
    return [{"params": weights, "weight_decay": strength}, {"params": biases, "weight_decay": 0.0}]


@decay_groups.mistake("`requires_grad` False keeps biases from learning. They learn as well; they only do not decay.")
def _(model, strength):
    for p in model.parameters():
        p.requires_grad = p.ndim == 2
    return _two_groups()(model, strength)


@decay_groups.mistake("Your biases are in no group, so no step ever moves them. If you went through `parameters()` "
                      "twice: it is used up after one pass, so make a list of it, or ask again.")
def _(model, strength):
    parameters = model.parameters()
    weights = [p for p in parameters if p.ndim == 2]
    biases = [p for p in parameters if p.ndim == 1]
    return [{"params": weights, "weight_decay": strength}, {"params": biases, "weight_decay": 0.0}]


@decay_groups.mistake("Every group is a dict: `{\"params\": [...], \"weight_decay\": ...}`. One is a bare list.")
def _(model, strength):
    weights = [p for name, p in model.named_parameters() if not name.endswith("bias")]
    return [{"params": weights, "weight_decay": strength}, [p for p in model.parameters() if p.ndim == 1]]


@decay_groups.mistake("A list stands where a parameter is expected. Groups are dicts, "
                      "`{\"params\": [p, …], \"weight_decay\": …}`, each with its parameters in one plain list.")
def _(model, strength):
    weights = [p for name, p in model.named_parameters() if not name.endswith("bias")]
    return [weights, [p for name, p in model.named_parameters() if name.endswith("bias")]]


give_names(globals())
