"""The exercises of lesson 09: the loop over batches, what a batch knows of the gradient, and how parts make a whole."""

import functools
import itertools
import math

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checker import (
    Choice,
    Mistake,
    Number,
    Prediction,
    Right,
    Wrong,
    exercise,
    first_step,
    give_names,
    in_short,
)

guess_batch = Prediction(
    "Batches of 8 give 95 % right after ten epochs. Batches of 512, the same learning rate, ten epochs: what share?",
    low=0, high=1, measured=0.80, spread="ten seeds, 95 % interval 0.78 to 0.82", reveal_later=True,
)
guess_divided = Prediction(
    "A loss is the mean over 64 examples. Somebody divides it by 64 once more. What is left of the gradient?",
    low=0, high=100, measured=1 / 64, spread="and the step is as much shorter", reveal_later=True,
)

recall_updates = Number(
    "1,347 images in batches of 64, for 10 epochs. How many updates?",
    answer=220,
    mistakes=[
        Mistake(210, "After 21 full batches an epoch has 3 images left, and they make an update too."),
        *(Mistake(value, "An update is whole: even the few images at the end of an epoch make one.")
          for value in (210.46875, 210.469, 210.47, 210.5, 220.46875, 220.469, 220.47, 220.5)),
        Mistake(211, "Every epoch ends with a batch of 3 of its own; the next starts anew."),
        Mistake(22, "That is one epoch. There are ten."),
        Mistake(21, "That is one epoch without its last, short batch."),
        Mistake(13_470, "That counts the images seen. An update uses up to 64 of them."),
        Mistake(640, "64 is the number of images in a batch, not of batches in an epoch."),
        Mistake(1_347, "That is the number of images. How many batches do they make, and how many epochs are there?"),
        Mistake(10, "Ten updates would mean that every batch holds all images."),
        Mistake(13_440, "That counts images seen, without those of the short batches."),
    ],
    hints=["How many batches does one epoch have, if the last may be short?"],
    explanation="21 full batches and one of 3, ten times.",
)

recall_limit = Choice(
    "The loss ½ · 8 · w², its exact gradient, lr = 0.3. What happens?",
    {
        "a": Wrong("w jumps from side to side and settles at 0",
                   "Each step multiplies w by 1 − 0.3 · 8 = −1.4. It does jump, further each time.", "M37"),
        "b": Right("w moves further from 0 with every step"),
        "c": Wrong("w glides to 0 without crossing it",
                   "That is lr below 1/8. Here each step multiplies w by 1 − 0.3 · 8 = −1.4.", "M37"),
        "d": Wrong("It depends on where w starts",
                   "From every start but 0 itself, each step multiplies w by −1.4.", "M37"),
    },
    hints=["What does one step multiply w by? Lesson 5 had a limit, 2 over the curvature."],
    explanation="2/8 = 0.25 is the limit. You will meet it again, from a side you may not expect.",
)


# The loop

def _rows_of_each(batches, *_):
    """The batches as a list of tensors, whether they came as a list, a tuple, or from a generator."""
    if isinstance(batches, torch.Tensor) or not hasattr(batches, "__iter__"):
        return batches
    return [torch.as_tensor(rows) for rows in batches]


@exercise(
    how=lambda place, n, B, generator: (
        f"The order drawn is {', '.join(map(str, torch.randperm(n, generator=generator).tolist()))}; B is {B}."),
    probes=lambda: [(11, 4, torch.Generator().manual_seed(1)), (9, 4, torch.Generator().manual_seed(2)),
                    (6, 3, torch.Generator().manual_seed(3))],
    compare_by=_rows_of_each,
    mistakes=[
        *(Mistake(cut, "These are B batches. B is the number of rows in each: `split` counts rows, `chunk` counts "
                       "parts.") for cut in (lambda n, B, generator: torch.randperm(n, generator=generator).chunk(B),
                      lambda n, B, generator: torch.randperm(n, generator=generator).tensor_split(B))),
        Mistake(lambda n, B, generator: torch.randperm(n, generator=generator).chunk(-(-n // B)),
                "Your parts are as equal as can be: 9 rows with B = 4 became 3, 3, 3. `split` fills each batch: 4, 4, "
                "1."),
        Mistake(lambda n, B, generator: torch.randperm(n, generator=generator).chunk(n // B),
                "You have n // B batches, and the rest makes them too large. `split` counts rows."),
        Mistake(lambda n, B, generator: torch.randperm(n, generator=generator).reshape(-1, B),
                "A table has rows of one length, and here the last batch is short. `split` cuts without that."),
        Mistake(lambda n, B, generator: [order[i : i + B] for order in [torch.randperm(n, generator=generator)]
                                         for i in range(0, n - B, B)],
                "The last batch is missing, even where it is full: `range(0, n, B)` goes on to the end."),
        Mistake(lambda n, B, generator: torch.randperm(n).split(B),
                "This shuffle cannot be repeated. Give `randperm` the `generator`: `generator=generator`."),
        Mistake(lambda n, B, generator: torch.arange(n).split(B),
                "The rows come in the order of the file. `order` holds them shuffled."),
        Mistake(lambda n, B, generator: torch.randperm(n, generator=generator)[: n // B * B].split(B),
                "The rest at the end is missing. It makes a batch too, if a short one."),
        Mistake(lambda n, B, generator: torch.randperm(n, generator=generator).split(n // B),
                "You split into parts of n // B rows, which is about how many batches there are."),
        Mistake(lambda n, B, generator: torch.randint(n, (-(-n // B), B), generator=generator),
                "Drawn with putting back: some rows come twice in the epoch, and others never."),
        Mistake(lambda n, B, generator: torch.randint(n, (n,), generator=generator).split(B),
                "Drawn with putting back: some rows come twice in the epoch, and others never."),
        Mistake(lambda n, B, generator: [order[i:B] for order in [torch.randperm(n, generator=generator)]
                                         for i in range(0, n, B)],
                "Only the first batch has rows. A slice ends where its second number says, and yours says B each time: "
                "`order[i : i + B]`."),
        Mistake(lambda n, B, generator: [order[i : i + B if i + 2 * B <= n else n]
                                         for order in [torch.randperm(n, generator=generator)]
                                         for i in range(0, max(n // B, 1) * B, B)],
                "The rest was put into the last full batch, which is too long now. It makes a batch of its own."),
        Mistake(lambda n, B, generator: [order[i * B : (i + 1) * B]
                                         for order in [torch.randperm(n, generator=generator)]
                                         for i in range(n // B + 1)],
                "Where B divides n, an empty batch stands at the end. `range(0, n, B)` begins a batch only where rows "
                "are left."),
        Mistake(lambda n, B, generator: [batches[i] for batches in [torch.arange(n).split(B)]
                                         for i in torch.randperm(len(batches), generator=generator)],
                "The batches come in a drawn order, and in each the rows follow the file. Cut `order`, which is drawn "
                "row by row."),
        Mistake(lambda n, B, generator: torch.rand(n, generator=generator).argsort().split(B),
                "That is an order of your own. The line above has drawn one, `order`: cut that."),
        Mistake(lambda n, B, generator: [part for order in [torch.randperm(n, generator=generator)]
                                         for part in (order[: n % B], *order[n % B :].split(B)) if len(part)],
                "The short batch comes first. Fill the batches from the beginning; the rest is the last."),
        Mistake(lambda n, B, generator: [(i, min(i + B, n)) for i in range(0, n, B)],
                "Those are the places where a batch begins and ends. Give its rows: `order[begin:end]`."),
        Mistake(lambda n, B, generator: torch.randperm(n, generator=generator)[:B],
                "That is the first batch alone. All rows come once in an epoch."),
        Mistake(lambda n, B, generator: torch.randperm(n, generator=generator),
                "That is the whole order, in one piece. Cut it into pieces of B."),
        Mistake(lambda n, B, generator: [order[i : i + B] for order in [torch.randperm(n, generator=generator)]
                                         for i in range(n - B + 1)],
                "Each batch begins one row after the last, so that they overlap. Go on by B rows."),
        Mistake(lambda n, B, generator: [order[i : i + B] for order in [torch.randperm(n, generator=generator)]
                                         for i in range(n)],
                "Each batch begins one row after the last, so that they overlap. Go on by B rows."),
        Mistake(lambda n, B, generator: [order[i : i + B - 1] for order in [torch.randperm(n, generator=generator)]
                                         for i in range(0, n, B)],
                "Between two batches a row is lost. The end of a slice is not in it: `order[i : i + B]` has B rows."),
        Mistake(lambda n, B, generator: [order[i::-(-n // B)] for order in [torch.randperm(n, generator=generator)]
                                         for i in range(-(-n // B))],
                "The rows are dealt like cards, so no batch is full: 9 rows with B = 4 became 3, 3, 3. `split` fills "
                "each batch in turn."),
        Mistake(lambda n, B, generator: [torch.cat([order, order])[i : i + B]
                                         for order in [torch.randperm(n, generator=generator)]
                                         for i in range(0, n, B)],
                "The last batch is filled up with rows that had their turn. In an epoch each row comes once, so the "
                "rest stays short."),
        Mistake(lambda n, B, generator: [order[i::B] for order in [torch.randperm(n, generator=generator)]
                                         for i in range(B)],
                "These are B batches of every B-th row. B is the number of rows in each."),
    ],
    hints=["`order` is a tensor of n row numbers. Which method cuts a tensor into pieces of a given length?",
           "`split` takes the length of a piece; the last one may be shorter."],
    explanation="Every row once in an epoch, in an order of its own each time.",
)
def batches_of(n, B, generator):
    """The row numbers of each batch of an epoch over n rows: B in each, the rest in the last."""
    order = torch.randperm(n, generator=generator)
    return order.split(B)


@exercise(
    how=lambda place, batch_losses, batch_sizes: (
        f"The images of the batches lose {in_short(batch_losses * batch_sizes)} together; they are {batch_sizes.sum()}."
    ),
    probes={"losses 1, 1, 1, 5 of batches of 32, 32, 32, 4":
                (torch.tensor([1.0, 1.0, 1.0, 5.0]), torch.tensor([32, 32, 32, 4])),
            "losses 0.4, 0.7, 2.1 of batches of 50, 50, 11":
                (torch.tensor([0.4, 0.7, 2.1]), torch.tensor([50, 50, 11])),
            "losses 0.4, 0.7, 2.1 of batches of 20, 50, 11":
                (torch.tensor([0.4, 0.7, 2.1]), torch.tensor([20, 50, 11]))},
    mistakes=[
        Mistake(lambda batch_losses, batch_sizes: batch_losses.mean(),
                "That is the mean of the batches' means: 4 images count as much as 32.", "M16"),
        Mistake(lambda batch_losses, batch_sizes: batch_losses.sum() / batch_sizes.sum(),
                "Each loss is a mean already, and you divide by the number of images again.", "M17"),
        *(Mistake(lambda batch_losses, batch_sizes, together=together: together(batch_losses / batch_sizes),
                  "Each loss is a mean already, and you divide it by the size of its batch again.", "M17")
          for together in (torch.sum, torch.mean)),
        Mistake(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes).sum() / batch_losses.sum(),
                "You divide by the sum of the losses: that is a mean of the sizes, weighted by the losses. Swap the "
                "two."),
        Mistake(lambda batch_losses, batch_sizes: batch_losses[-1],
                "That is the loss of the last batch alone. The images of all batches belong to the epoch."),
        Mistake(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes).sum(),
                "That is the sum over all images. Divide by how many they are.", "M15"),
        Mistake(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes).sum() / len(batch_losses),
                "You divide by the number of batches where the number of images is needed.", "M16"),
        Mistake(lambda batch_losses, batch_sizes: (
                    (batch_losses * batch_sizes).sum() / (len(batch_sizes) * batch_sizes[0])),
                "You divide as if every batch were as large as the first. They are not.", "M16"),
        Mistake(lambda batch_losses, batch_sizes: (
                    (batch_losses * batch_sizes).sum() / (len(batch_sizes) * batch_sizes.max())),
                "You divide as if every batch were as large as the largest. Divide by the sum of the sizes.", "M16"),
        Mistake(lambda batch_losses, batch_sizes: (
                    batch_losses[:-1].sum() * batch_sizes[0] + batch_losses[-1] * batch_sizes[-1]) / batch_sizes.sum(),
                "You count all batches but the last as large as the first. Each has a size of its own.", "M16"),
        Mistake(lambda batch_losses, batch_sizes: batch_losses @ batch_sizes / batch_sizes.sum(),
                "A dot product needs two of a kind: the losses are decimals, the sizes whole numbers. Use "
                "`batch_sizes.float()`."),
        Mistake(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes)[:-1].sum() / batch_sizes[:-1].sum(),
                "The last batch is missing. Its images belong to the epoch, few as they are."),
        Mistake(lambda batch_losses, batch_sizes: batch_losses[batch_sizes == batch_sizes[0]].mean(),
                "Only batches as large as the first are counted. The images of the others belong to the epoch too."),
        Mistake(lambda batch_losses, batch_sizes: functools.reduce(lambda mean, loss: (mean + loss) / 2, batch_losses),
                "You halve again with each batch, so that the last counts for a half of all. Divide once, at the "
                "end."),
        Mistake(lambda batch_losses, batch_sizes: batch_losses.median(),
                "That is the median of the batches' losses. Every image counts, each once: a weighted mean."),
        Mistake(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes).sum() // batch_sizes.sum(),
                "`//` rounds down to a whole number. Divide with `/`."),
        Mistake(lambda batch_losses, batch_sizes: (batch_losses / batch_sizes).sum() / (1 / batch_sizes).sum(),
                "The weights are upside down: the smaller a batch, the more it counts. Multiply by its size.", "M16"),
        Mistake(lambda batch_losses, batch_sizes: batch_losses.sum(),
                "A sum of means grows with the number of batches.", "M15"),
        Mistake(lambda batch_losses, batch_sizes: batch_losses * batch_sizes / batch_sizes.sum(),
                "That is the share of each batch. Add them up."),
    ],
    hints=["What is the sum of the losses of all images in one batch?", "A weighted mean: the weights are the sizes."],
    explanation="The short batch counts for its images, not for a batch.",
)
def epoch_loss(batch_losses, batch_sizes):
    """The mean loss over all images, from the mean loss of each batch (k,) and its size (k,)."""
    return (batch_losses * batch_sizes).sum() / batch_sizes.sum()


@epoch_loss.mistake("Only the first batch is counted. Does the `return` stand inside of the loop? Move it to the left.")
def _(batch_losses, batch_sizes):
    return batch_losses[0] * batch_sizes[0] / batch_sizes.sum()


def _after_the_epoch(result, model, optimizer, X, y, batches):
    return {"weight": model.weight, "bias": model.bias, "what it returns": result,
            "training mode afterwards": model.training}


_NOT_BY_THIS_OPTIMIZER = ("These are the steps of an optimizer of its own, at another lr. The one that was handed over "
                          "knows its lr: leave the steps to it.")


def _model_and_batches():
    """A model that has learnt a little already, with a gradient left over, and batches of different sizes."""
    probes = []
    for sizes, n_classes in (((5, 4, 2), 3), ((3, 3, 3, 1), 4)):
        n = sum(sizes)
        model = nn.Linear(4, n_classes)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        model(torch.randn(2, 4)).square().sum().backward()
        probes.append((model, optimizer, torch.randn(n, 4), torch.arange(n) % n_classes,
                       list(torch.randperm(n).split(sizes))))
    return probes


def _epoch(zero="first", step="in the loop", X_of=lambda X, rows: X[rows], y_of=None, again=False, first_only=False,
           loss_of=F.cross_entropy, result=lambda losses, sizes, n: (losses * sizes).sum() / n):
    """The solution's loop with a call in another place, other images, another loss, or another number to return."""

    def one_epoch(model, optimizer, X, y, batches):
        losses, sizes = [], []
        if zero == "before the loop":
            optimizer.zero_grad()
        for rows in batches[:1] if first_only else batches:
            images, labels = X_of(X, rows), (y_of or X_of)(y, rows)
            loss = loss_of(model(images), labels)
            if step == "before backward":
                optimizer.step()
            if zero == "first":
                optimizer.zero_grad()
            loss.backward()
            if zero == "after backward":
                optimizer.zero_grad()
            if step in ("in the loop", "twice"):
                optimizer.step()
            if step == "twice":
                optimizer.step()
            if zero == "after step":
                optimizer.zero_grad()
            losses.append((loss_of(model(images), labels) if again else loss).item())
            sizes.append(len(rows))
        if step == "after the loop":
            optimizer.step()
        return result(torch.tensor(losses), torch.tensor(sizes), len(X))

    return one_epoch


_RETURNS = (lambda losses, sizes, n: (losses * sizes).sum() / n, lambda losses, sizes, n: losses.mean(),
            lambda losses, sizes, n: losses.sum() / n, lambda losses, sizes, n: losses.sum(),
            lambda losses, sizes, n: (losses * sizes).sum(), lambda losses, sizes, n: None,
            lambda losses, sizes, n: (losses * sizes * sizes).sum() / n,
            lambda losses, sizes, n: 2 * (losses * sizes).sum() / n)


def _wrong_updates(message, id=None, returns=_RETURNS, **wrong):
    """Wrong updates, whatever is returned beside them: the updates are told first."""
    return [Mistake(_epoch(result=result, **wrong), message, id) for result in returns]


@exercise(
    how=lambda place, model, optimizer, X, y, batches: first_step(
        place, model, optimizer, F.cross_entropy(model(X[batches[0]]), y[batches[0]])),
    probes=_model_and_batches,
    compare_by=_after_the_epoch,
    mistakes=[
        *_wrong_updates("The gradients of earlier batches are still in `.grad`: call `zero_grad()` for each batch.",
                        "M07", zero="nowhere"),
        *_wrong_updates("You zero once, before the loop. From the second batch on, the gradients of earlier ones are "
                        "still in `.grad`: zero for each batch.", "M07", zero="before the loop"),
        *_wrong_updates("A gradient left from before the epoch is in your first update. Zero before `backward()`, and "
                        "it does not matter what came before.", "M07", zero="after step"),
        *_wrong_updates("No weight moved. Print `model.weight.grad` before `step()`: is it None, or 0? If neither, "
                        "does `step()` run, and on this model rather than on a copy?", "M08", zero="after backward"),
        *_wrong_updates("`step()` runs before `backward()`. Each batch then moves the weights by the gradient of the "
                        "one before.", "M35", step="before backward"),
        *(mistake for zero in ("first", "before the loop") for mistake in _wrong_updates(
            "One update for the whole epoch: is `step()` outside the loop? Each batch makes its own.", "M42",
            step="after the loop", zero=zero)),
        *_wrong_updates("One batch, and it is over. Does the `return` stand inside of the loop? Move it to the left.",
                        first_only=True, returns=_RETURNS[:3]),
        *_wrong_updates("The steps go by labels of other rows: X is taken by `rows`, and y is not: `y[rows]`.",
                        y_of=lambda part, rows: part[: len(rows)]),
        *_wrong_updates("Two steps for each batch, with the same gradient. Is `step()` there twice?", step="twice"),
        *_wrong_updates("Each step is half as long as it should be. Is the loss halved before `backward()`?",
                        loss_of=lambda scores, labels: F.cross_entropy(scores, labels) / 2),
        *_wrong_updates("Every update looked at all images. Take the rows of the batch: `X[rows]`, `y[rows]`.",
                        X_of=lambda part, rows: part),
        *_wrong_updates("Every update looked at the first rows of X. `rows` holds the numbers of those in the batch: "
                        "`X[rows]`, `y[rows]`.", X_of=lambda part, rows: part[: len(rows)]),
        *_wrong_updates("Each step follows the sum over the batch. It is as many times too long as the batch has "
                        "images.", "M15", loss_of=nn.CrossEntropyLoss(reduction="sum")),
        *_wrong_updates("The loss is a mean already, and you divide it by the size of the batch once more.", "M17",
                        loss_of=lambda scores, labels: F.cross_entropy(scores, labels) / len(labels)),
        *_wrong_updates("`F.cross_entropy` takes the softmax itself. Give it the scores as they are.", "M02",
                        loss_of=lambda scores, labels: F.cross_entropy(scores.softmax(dim=1), labels)),
        *_wrong_updates("`nll_loss` takes logarithms of probabilities, and these are probabilities. `F.cross_entropy` "
                        "takes the scores as they are.", "M33",
                        loss_of=lambda scores, labels: F.nll_loss(scores.softmax(dim=1), labels)),
        *_wrong_updates("These updates follow the squared error to one-hot labels. Asked is the cross-entropy: "
                        "`F.cross_entropy`.",
                        loss_of=lambda scores, labels: F.mse_loss(scores, F.one_hot(labels, scores.shape[1]).float())),
        Mistake(_epoch(result=lambda losses, sizes, n: losses.mean()),
                "The weights are right. The loss is the mean of the batches' means: a short batch counts as much as a "
                "full one.", "M16"),
        Mistake(_epoch(result=lambda losses, sizes, n: losses.sum()),
                "The weights are right. You return the sum of the batches' means, which grows with their number.",
                "M15"),
        Mistake(_epoch(result=lambda losses, sizes, n: (losses * sizes).sum() / len(sizes)),
                "The weights are right. You divide by the number of batches where the number of images is needed.",
                "M16"),
        Mistake(_epoch(result=lambda losses, sizes, n: (losses * sizes).sum()),
                "The weights are right. You return the sum over all images: divide by how many they are.", "M15"),
        Mistake(_epoch(result=lambda losses, sizes, n: losses.sum() / n),
                "The weights are right. Each batch's loss is a mean already, and you divide by the number of images "
                "without having multiplied by it.", "M17"),
        Mistake(_epoch(result=lambda losses, sizes, n: (losses * sizes).sum() / (len(sizes) * sizes[0])),
                "The weights are right. You divide as if every batch were as large as the first.", "M16"),
        Mistake(_epoch(result=lambda losses, sizes, n: losses[-1]),
                "The weights are right. You return the loss of the last batch alone."),
        Mistake(_epoch(again=True),
                "The weights are right. The loss was taken once more after the step; the mean is over those that the "
                "steps came from."),
        Mistake(_epoch(result=lambda losses, sizes, n: None),
                "The weights are right, and nothing is returned. Return the mean loss of the epoch."),
    ],
    hints=["For each batch: predict, loss, `zero_grad()`, `backward()`, `step()`.",
           "Add up `loss.item() * len(rows)`, and divide by the number of images at the end."],
    explanation="With one number this loop is stochastic, mini-batch or batch gradient descent.",
)
def one_epoch(model, optimizer, X, y, batches):
    """One update for each batch of rows; returns the mean loss over all images, as met on the way."""
    total = 0.0
    for rows in batches:
        loss = F.cross_entropy(model(X[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(X)


@one_epoch.mistake("The weights are right. You return the loss at the last weights; asked is the mean of the losses "
                   "that the steps came from.")
def _(model, optimizer, X, y, batches):
    _epoch()(model, optimizer, X, y, batches)
    return F.cross_entropy(model(X), y).item()


@one_epoch.mistake("The weights are right. You return the share right; asked is the mean loss of the epoch.")
def _(model, optimizer, X, y, batches):
    _epoch()(model, optimizer, X, y, batches)
    return (model(X).argmax(dim=1) == y).float().mean().item()


@one_epoch.mistake("The epoch is right, and the model is left in eval mode, where dropout is off. Leave its mode "
                   "alone, or call `train()`.")
def _(model, optimizer, X, y, batches):
    model.eval()
    return _epoch()(model, optimizer, X, y, batches)


for own_lr, given_back in itertools.product((0.1, 0.01, 0.001), _RETURNS):
    @one_epoch.mistake(_NOT_BY_THIS_OPTIMIZER)
    def _(model, optimizer, X, y, batches, own_lr=own_lr, given_back=given_back):
        own = torch.optim.SGD(model.parameters(), lr=own_lr)
        return _epoch(result=given_back)(model, own, X, y, batches)


@one_epoch.mistake("After `X = X[rows]` the other images are gone. Give the images of the batch a name of their own.")
def _(model, optimizer, X, y, batches):
    for rows in batches:
        X, y = X[rows], y[rows]
        F.cross_entropy(model(X), y).backward()


for given_back in (*_RETURNS, lambda losses, sizes, n: (losses * sizes).sum() / sizes.sum()):
    @one_epoch.mistake("The short batch at the end is left out. It makes an update too.")
    def _(model, optimizer, X, y, batches, given_back=given_back):
        return _epoch(result=given_back)(model, optimizer, X, y, batches[:-1])


# The gradient of a batch

def _gradients(n, m, seed):
    """n gradients of m entries: entries of different spread, around a mean that is not 0."""
    g = torch.Generator().manual_seed(seed)
    spread, mean = torch.rand(m, generator=g) + 0.5, torch.rand(m, generator=g) + 0.2
    return (mean + spread * torch.randn(n, m, generator=g),)


def _from_variances(answer, message, id=None):
    """A wrong answer from G and its variances, which may be divided by n or by n − 1: both are accepted elsewhere."""
    return [Mistake(lambda G, one=one: answer(G, G.var(dim=0, correction=one)), message, id) for one in (0, 1)]


@exercise(
    how=lambda place, G: (
        f"The mean squared distance is {(G - G.mean(dim=0)).square().sum(dim=1).mean():.4g}, the squared length of the "
        f"mean {G.mean(dim=0).square().sum():.4g}."),
    probes=[_gradients(900, 7, 1), _gradients(1_400, 4, 2)],
    rtol=2e-3,                                          # with n − 1 in place of n it is right as well
    mistakes=[
        Mistake(lambda G: G.square().sum(dim=1).mean() / G.mean(dim=0).square().sum(),
                "The mean was not subtracted, so the signal counts as noise too: 1 too much."),
        *_from_variances(lambda G, v: v.mean() / G.mean(dim=0).square().sum(),
                         "That is the variance of one entry, on average. Sum the variances of all entries."),
        *_from_variances(lambda G, v: v.sum() / G.square().sum(dim=1).mean(),
                         "Below stand the squared lengths of single gradients. Take the mean first, then its length."),
        Mistake(lambda G: G.var(dim=0).sum() / G.norm() ** 2,
                "Below stands the squared length of all rows together. In the formula, ‖G‖² is that of their mean."),
        *_from_variances(lambda G, v: v.sum() / G.mean(dim=0).sum() ** 2,
                         "Below, the entries are summed and then squared. Square each, then sum."),
        *_from_variances(lambda G, v: v.sum() / G.mean() ** 2,
                         "Below, `G.mean()` is the mean of all entries, one number. Take it column by column: dim=0."),
        *_from_variances(lambda G, v: v.sum() / len(G) / G.mean(dim=0).square().sum(),
                         "That is the noise scale divided by the number of rows. Is a mean taken twice above, or a sum "
                         "in place of a mean below?", "M17"),
        *(Mistake(lambda G, one=one: G.var(dim=1, correction=one).sum() / G.mean(dim=0).square().sum(),
                  "Above, the entries within a row are compared. Compare the rows: dim=0, or `torch.cov(G.T)`.")
          for one in (0, 1)),
        *(Mistake(lambda G, one=one: G.var(dim=1, correction=one).sum() / G.mean(dim=1).square().sum(),
                  "Above and below, means are taken within a row. The mean gradient is taken over dim=0.")
          for one in (0, 1)),
        Mistake(lambda G: G.var(dim=1).sum() / G.norm() ** 2,
                "Above, the entries within a row are compared: use `torch.cov(G.T)`. Below stand all rows together: "
                "take their mean first."),
        *(Mistake(lambda G, one=one: G.var(correction=one) / G.mean() ** 2,
                  "One variance and one mean of all numbers together mixes the entries. Go column by column.")
          for one in (0, 1)),
        *(Mistake(lambda G, one=one: G.var(correction=one) * G.shape[1] / G.mean(dim=0).square().sum(),
                  "Above, one mean is subtracted from all entries. Each column has its own: `G.mean(dim=0)`.")
          for one in (0, 1)),
        *(Mistake(lambda G, one=one: G.var(correction=one) * G.shape[1] / G.mean() ** 2,
                  "Above and below stands the mean of all numbers, one for all entries. Each column has its own: "
                  "`G.mean(dim=0)`.") for one in (0, 1)),
        *_from_variances(lambda G, v: v.sum() / G.norm(dim=1).mean() ** 2,
                         "Below stands the mean length of single gradients, squared. Take the mean gradient first, "
                         "then its length."),
        Mistake(lambda G: torch.trace(G.T @ G) / G.mean(dim=0).square().sum(),
                "Above, the squares of all entries are summed. Subtract the mean of each column first, and divide by "
                "the number of rows."),
        Mistake(lambda G: torch.cov(G.T, correction=0).sum() / G.mean(dim=0).square().sum(),
                "You summed the whole covariance matrix. Its diagonal holds the variances."),
        Mistake(lambda G: torch.cov(G.T).sum() / G.mean(dim=0).square().sum(),
                "You summed the whole covariance matrix. Its diagonal holds the variances."),
        *_from_variances(lambda G, v: (v / G.mean(dim=0).square()).sum(),
                         "A ratio for each entry, then their sum. Sum noise and signal first, then divide."),
        *_from_variances(lambda G, v: (v / G.mean(dim=0).square()).mean(),
                         "A ratio for each entry, then their mean. Sum noise and signal first, then divide."),
        *_from_variances(lambda G, v: v / G.mean(dim=0).square(),
                         "That is a ratio for each entry. Sum the noise over the entries, and the signal, and divide "
                         "once."),
        *_from_variances(lambda G, v: v.sum(),
                         "That is the noise alone. Divide it by the squared length of the mean gradient."),
        *_from_variances(lambda G, v: v.sum() / len(G),
                         "That is the noise of a batch of all rows. Divide tr Σ by the squared length of the mean "
                         "gradient."),
        *_from_variances(lambda G, v: v.sqrt().sum() / G.mean(dim=0).norm(),
                         "Standard deviations do not add up. Variances do."),
        *_from_variances(lambda G, v: v.sqrt().sum() / G.mean(dim=0).square().sum(),
                         "Above, standard deviations are added up. Variances are needed, their squares."),
        Mistake(lambda G: (G - G.mean(dim=0)).norm(dim=1).mean() / G.mean(dim=0).square().sum(),
                "Above stand lengths, below a squared length. Square the distances before you take their mean."),
        *_from_variances(lambda G, v: v.sum() / G.mean(dim=0).norm(),
                         "The length of the mean gradient is not squared. Above stand squares, so below too."),
        Mistake(lambda G: G.var(dim=0).sum() / G.sum(dim=0).square().sum(),
                "Below stands the sum of all gradients. The mean is n times shorter.", "M15"),
        Mistake(lambda G: (G - G.mean(dim=0)).norm(dim=1).mean() / G.mean(dim=0).norm(),
                "You took lengths, not squared lengths. Only squares shrink as 1/B."),
        *_from_variances(lambda G, v: (v.sum() / G.mean(dim=0).square().sum()).sqrt(),
                         "That is the ratio of the lengths, a square root too much. Squares shrink as 1/B."),
        *_from_variances(lambda G, v: G.mean(dim=0).square().sum() / v.sum(),
                         "Upside down: that is signal over noise."),
        Mistake(lambda G: (G - G.mean(dim=1, keepdim=True)).square().sum(dim=1).mean() / G.mean(dim=1).square().sum(),
                "Images are rows: their mean is taken over dim=0."),
        Mistake(lambda G: (G - G.mean(dim=0)).square().sum() / G.mean(dim=0).square().sum(),
                "The distances are summed over the images. The mean distance is asked for.", "M15"),
    ],
    hints=[
        "Two numbers and their ratio. The lower one is the squared length of the mean gradient.",
        "The upper one: each row minus the mean row, squared, summed along the row; then the mean over the rows.",
    ],
    explanation="In batches of this size, noise and signal have the same squared length.",
)
def noise_scale(G):
    """Mean squared distance of a row of G (n, m) from their mean, over the squared length of that mean."""
    mean = G.mean(dim=0)
    return (G - mean).square().sum(dim=1).mean() / mean.square().sum()


# The same result with a larger batch

@exercise(
    how=lambda place, lr, B, new_B: (
        f"1,000 images make {1000 / B:.4g} updates in batches of {B}, and {1000 / new_B:.4g} in batches of {new_B}."),
    probes=[(0.1, 15, 135), (0.3, 64, 256), (0.8, 500, 20), (0.3, 20, 55)],
    mistakes=[
        Mistake(lambda lr, B, new_B: lr,
                "The rate stays as it was. With a larger batch an epoch has fewer updates, each as long as before.",
                "M42"),
        Mistake(lambda lr, B, new_B: lr * (new_B / B) ** 0.5,
                "The root keeps the noise of each step as large, and goes too short a way. "
                "Fewer updates need steps longer by the whole factor."),
        Mistake(lambda lr, B, new_B: lr * B / new_B,
                "Upside down: fewer updates, and shorter ones as well.", "M42"),
        Mistake(lambda lr, B, new_B: lr * (B / new_B) ** 0.5,
                "Upside down, and a root: fewer updates must be longer ones, by the whole factor.", "M42"),
        Mistake(lambda lr, B, new_B: 9 * lr,
                "9 is right from 15 to 135. Other batches have other factors: use B and new_B."),
        Mistake(lambda lr, B, new_B: lr / B, "That is the rate for one image. Multiply it by the new batch size."),
        Mistake(lambda lr, B, new_B: lr / new_B, "Divide by the old batch size, and multiply by the new one."),
        Mistake(lambda lr, B, new_B: lr * max(1, new_B / B),
                "For a smaller batch the rate falls as well: an epoch has more updates then."),
        Mistake(lambda lr, B, new_B: lr * new_B, "That is new_B times the rate. By what factor did the batch grow?"),
        Mistake(lambda lr, B, new_B: new_B / B, "That is the factor. The rate is multiplied by it."),
        Mistake(lambda lr, B, new_B: lr + new_B / B, "You added the factor. The rate is multiplied by it."),
        *(Mistake(by, "The batch grew by a factor, not by a difference.")
          for by in (lambda lr, B, new_B: lr * (new_B - B), lambda lr, B, new_B: lr + lr * (new_B - B),
                     lambda lr, B, new_B: lr * (new_B - B) / B)),
        Mistake(lambda lr, B, new_B: lr * (1 + new_B / B),
                "One lr too much: the factor is new_B / B itself, and 1 where the batch stays as it was."),
        Mistake(lambda lr, B, new_B: lr * (1 + math.log2(new_B / B)),
                "Yours adds one lr for each doubling. Twice the batch has half the updates: each doubling doubles."),
        Mistake(lambda lr, B, new_B: min(1.0, lr * new_B / B),
                "The factor is right, and a rate above 1 is cut off. The rule has no such limit; 2/L may lie "
                "anywhere."),
        Mistake(lambda lr, B, new_B: lr * round(new_B / B),
                "The factor is rounded to a whole number, and a smaller batch gets a rate of 0. Leave it as it is."),
        Mistake(lambda lr, B, new_B: lr * (new_B / B) ** 2,
                "That is the square of the factor. Fewer updates need steps longer by the factor itself."),
        Mistake(lambda lr, B, new_B: lr * B * new_B,
                "You multiplied by both batch sizes. What counts is how many times as large the new one is."),
        Mistake(lambda lr, B, new_B: lr ** (new_B / B), "You raised the rate to a power. Multiply it by the factor."),
        Mistake(lambda lr, B, new_B: lr * (new_B // B),
                "`//` rounds down, and a smaller batch gets a rate of 0. Divide with `/`."),
    ],
    hints=["How many updates has an epoch before and after? How long must each be to get as far?"],
    explanation="A ninth of the updates, each nine times as long.",
)
def scaled_rate(lr, B, new_B):
    """The learning rate for batches of new_B that takes an epoch as far as lr does with batches of B."""
    return lr * new_B / B


# The big batch in parts

class Memory(nn.Linear):
    """A linear layer that notes whether it has seen more images at once than there is room for."""

    def __init__(self, n_classes, room):
        super().__init__(4, n_classes)
        self.room, self.exceeded = room, False

    def forward(self, X):
        self.exceeded = self.exceeded or X.numel() // self.in_features > self.room
        return super().forward(X)


def _model_and_parts():
    probes = []
    for sizes, n_classes in (((5, 2, 4), 3), ((6, 3), 4)):
        model = Memory(n_classes, room=max(sizes))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        model(torch.randn(2, 4)).square().sum().backward()                    # left over from before
        parts = [(torch.randn(size, 4), torch.arange(size) % n_classes) for size in sizes]
        probes.append((model, optimizer, parts))
    return probes


def _update(loss=lambda scores, y, n, parts: F.cross_entropy(scores, y) * len(y) / n,
            zero="before the loop", step="after the loop"):
    """The solution's loop, with another `loss` of a part, or with `zero_grad()` and `step()` in other places."""

    def update(model, optimizer, parts):
        n = sum(len(y) for X, y in parts)
        if zero == "before the loop":
            optimizer.zero_grad()
        for X, y in parts:
            if zero == "in the loop":
                optimizer.zero_grad()
            loss(model(X), y, n, parts).backward()
            if step == "in the loop":
                optimizer.step()
        if zero == "after the loop":
            optimizer.zero_grad()
        if step == "after the loop":
            optimizer.step()

    return update


_LOSSES = (lambda scores, y, n, parts: F.cross_entropy(scores, y) * len(y) / n,
           lambda scores, y, n, parts: F.cross_entropy(scores, y) / len(parts),
           lambda scores, y, n, parts: F.cross_entropy(scores, y))
_ONLY_THE_LAST = ("Only the last part moved the weights. Is `zero_grad()` inside the loop, or `backward()` after it? "
                  "Zero once before the loop, call `backward()` for each part.")


@exercise(
    how=lambda place, model, optimizer, parts: first_step(place, model, optimizer, F.cross_entropy(
        model(torch.cat([X for X, y in parts])), torch.cat([y for X, y in parts]))),
    probes=_model_and_parts,
    compare_by=lambda result, model, optimizer, parts: {
        "weight": model.weight, "bias": model.bias, "parts put together": model.exceeded,
        "learning rate afterwards": [group["lr"] for group in optimizer.param_groups]},
    mistakes=[
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y)),
                "Each part counts in full. A sum of means is as many times too long as there are parts.", "M15"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y) / len(parts)),
                "You divide by the number of parts, so that an image in a small part counts for more. Weight each part "
                "by its size.", "M16"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y) / n),
                "A part's loss is a mean already, and you divide it by the number of all images once more.", "M17"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y) / len(y)),
                "A part's loss is a mean already, and you divide it by the part's size once more.", "M17"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y, reduction="sum")),
                "That is the gradient of the sum: as many times too long as there are images. Divide by n.", "M15"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y, reduction="sum") * len(y) / n),
                "The sum counts every image of a part already; times its size counts them twice.", "M15"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y) * len(y) / len(parts)),
                "You divide by the number of parts where the number of images is needed.", "M16"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y) * len(y) / sum(map(len, parts))),
                "You divide by twice the number of parts: a pair (X, y) has length 2. Count the labels, `len(y)`."),
        Mistake(lambda model, optimizer, parts: _update()(model, optimizer, parts[:-1]),
                "The last part is missing. Its images belong to the update too."),
        Mistake(_update(lambda scores, y, n, parts: _LOSSES[1](scores, y, n, parts) * len(y) / len(parts[0][1])),
                "You divide as if every part were as large as the first.", "M16"),
        Mistake(_update(lambda scores, y, n, parts: _LOSSES[2](scores, y, n, parts) * len(y) / max(
                    len(y) for X, y in parts)),
                "You divide by the largest part. The whole batch is all of them together.", "M16"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y) * len(y) / n / len(parts)),
                "The weights add up to 1, and then you divide by the number of parts as well.", "M17"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y) * len(parts[0][1]) / n),
                "Every part is weighted by the size of the first. Each has a size of its own, `len(y)`.", "M16"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y) * len(y) / 1_347),
                "1,347 is right for the digits alone. Count the images of the parts you are given."),
        *(Mistake(_update(loss, zero="in the loop"), _ONLY_THE_LAST) for loss in _LOSSES),
        Mistake(_update(zero="in the loop", step="in the loop"),
                "An update for every part: from the second on, the gradients belong to other weights. Step once, after "
                "the loop."),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y), zero="in the loop", step="in the loop"),
                "An update for every part, each of full length. Step once, after the loop.", "M42"),
        Mistake(_update(_LOSSES[1], zero="in the loop", step="in the loop"),
                "An update for every part, and all parts alike. Step once, after the loop, and weight each part by its "
                "size.", "M16"),
        *(Mistake(_update(loss, step="in the loop"),
                  "`step()` in the loop, and the gradients go on adding up. Step once, after the loop.")
          for loss in _LOSSES),
        Mistake(_update(zero="after the loop"),
                "No weight moved. Print `model.weight.grad` before `step()`: is it None, or 0? If neither, does "
                "`step()` run, and on this model rather than on a copy?", "M08"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y) * n / len(y)),
                "The weights are upside down: a part counts by its share of all images, len(y) / n."),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores.softmax(dim=1), y) * len(y) / n),
                "`F.cross_entropy` takes the softmax itself. Give it the scores as they are.", "M02"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y) * (len(y) / n) ** 2),
                "The shares are squared, so that they no longer add up to 1. Once is enough."),
        Mistake(_update(zero="nowhere"),
                "The gradient left from before is in yours: call `zero_grad()` before the loop.", "M07"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y) / len(parts), zero="nowhere"),
                "The gradient left from before is in yours, and each part counts alike. Zero first, and weight each "
                "part by its size.", "M07"),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y), zero="nowhere"),
                "The gradient left from before is in yours, and each part counts in full. Zero first, and weight each "
                "part by its share of the images.", "M07"),
    ],
    hints=[
        "`backward()` adds to `.grad`. So zero once, call `backward()` for each part, step once.",
        "A part's loss is the mean of its own images. What must it be multiplied by, so that all parts add up to the "
        "mean of all images?",
    ],
    explanation="One update of the big batch, in the memory of a part.",
)
def accumulated_step(model, optimizer, parts):
    """One update from the mean loss over all images of `parts`, a list of pairs (X, y) of different sizes."""
    n = sum(len(y) for X, y in parts)
    optimizer.zero_grad()
    for X, y in parts:
        loss = F.cross_entropy(model(X), y) * len(y) / n
        loss.backward()
    optimizer.step()


@accumulated_step.mistake("The last part is missing. Its images belong to the update too.")
def _(model, optimizer, parts):
    n = sum(len(y) for X, y in parts)
    optimizer.zero_grad()
    for X, y in parts[:-1]:
        (F.cross_entropy(model(X), y) * len(y) / n).backward()
    optimizer.step()


@accumulated_step.mistake("You changed the optimizer's lr, for this step and all that follow. Leave it, and weight the "
                          "loss of each part.")
def _(model, optimizer, parts):
    for group in optimizer.param_groups:
        group["lr"] /= len(parts)
    _update(_LOSSES[2])(model, optimizer, parts)


for own_lr in (0.1, 0.01, 0.001):
    @accumulated_step.mistake(_NOT_BY_THIS_OPTIMIZER)
    def _(model, optimizer, parts, own_lr=own_lr):
        _update()(model, torch.optim.SGD(model.parameters(), lr=own_lr), parts)


@accumulated_step.mistake("The number of images must be known before the first part: yours still grows in the loop.")
def _(model, optimizer, parts):
    optimizer.zero_grad()
    n = 0
    for X, y in parts:
        n += len(y)
        (F.cross_entropy(model(X), y) * len(y) / n).backward()
    optimizer.step()


@accumulated_step.mistake("Only the first part moved the weights. Does the `return` stand inside of the loop?")
def _(model, optimizer, parts):
    n = sum(len(y) for X, y in parts)
    optimizer.zero_grad()
    for X, y in parts:
        (F.cross_entropy(model(X), y) * len(y) / n).backward()
        optimizer.step()
        return


@accumulated_step.mistake("The update is right, but all images went through the model at once. Take part after part: "
                          "memory is the reason for them.")
def _(model, optimizer, parts):
    X, y = torch.cat([X for X, y in parts]), torch.cat([y for X, y in parts])
    optimizer.zero_grad()
    F.cross_entropy(model(X), y).backward()
    optimizer.step()


# What the program printed

twice_divided = Choice(
    "With lr = 1 it prints 0.05 after one epoch, and at best four images in ten are right. Which repair is right?",
    {
        "a": Wrong("Line 1: one batch of all 1,347 images, so that the gradient is exact",
                   "One update an epoch instead of 30, and line 3 would divide by 1,347. It learns even less.", "M42"),
        "b": Right("Line 3: delete it"),
        "c": Wrong("Line 4: after `loss.backward()`",
                   "That erases the gradient before `step()` reads it, and nothing is learnt at all.", "M08"),
        "d": Wrong("Line 7: without `* len(X)`, and divide by the number of batches in line 8",
                   "Line 7 gives each batch its weight, as it should. A mean of batch means would not.", "M16"),
        "e": Wrong("The learning rate: 1,347 times as large",
                   "The gradient is 45 times too short, and 42 times in the last batch. No one lr repairs "
                   "both.", "M17"),
    },
    hints=["What does `F.cross_entropy` return for a batch: a sum or a mean?",
           "Guessing costs log 10 = 2.3. Where does 0.05 come from?"],
    explanation="`F.cross_entropy` has divided by the size of the batch already. A loss of 2.3 / 45 = 0.05 gives it "
                "away.",
)


give_names(globals())
