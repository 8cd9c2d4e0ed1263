"""The exercises of lesson 09: what a batch knows of the gradient, where SGD settles, and how parts make a whole."""

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checker import Choice, Mistake, Number, Order, Prediction, Right, Wrong, exercise, give_names

full_batch_guess = Prediction(
    "Ten passes in batches of 15 at lr 0.1 give 94.6 % right. Ten passes in batches of all 1,347, same lr: how many "
    "per cent?",
    low=0.0,
    high=100.0,
    measured=42.0,
    unit="%",
    spread="single runs between 28 and 56",
    reveal_later=True,
)

recall_updates = Number(
    "1,347 images in batches of 64, for 10 epochs. How many updates?",
    answer=220,
    mistakes=[
        Mistake(210, "After 21 full batches an epoch has 3 images left, and they make an update too."),
        *(Mistake(value, "An update is whole: even the few images at the end of an epoch make one.")
          for value in (210.46875, 210.469, 210.47, 210.5)),
        Mistake(211, "Every epoch ends with a batch of 3 of its own; the next starts anew."),
        Mistake(22, "That is one epoch. There are ten."),
        Mistake(21, "That is one epoch without its last, short batch."),
        Mistake(13_470, "That counts the images seen. An update uses up to 64 of them."),
        Mistake(640, "64 is the number of images in a batch, not of batches in an epoch."),
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


# The gradient of a batch

def _gradients(n, m, seed):
    """n gradients of m entries: entries of different spread, around a mean that is not 0."""
    g = torch.Generator().manual_seed(seed)
    spread, mean = torch.rand(m, generator=g) + 0.5, torch.rand(m, generator=g) + 0.2
    return (mean + spread * torch.randn(n, m, generator=g),)


@exercise(
    probes=[_gradients(900, 7, 1), _gradients(1_400, 4, 2)],
    rtol=2e-3,                                          # with n − 1 in place of n it is right as well
    mistakes=[
        Mistake(lambda G: G.square().sum(dim=1).mean() / G.mean(dim=0).square().sum(),
                "The mean was not subtracted, so the signal counts as noise too: 1 too much."),
        Mistake(lambda G: G.var(dim=0).mean() / G.mean(dim=0).square().sum(),
                "That is the variance of one entry, on average. Sum the variances of all entries."),
        Mistake(lambda G: G.var(dim=0).sum() / G.square().sum(dim=1).mean(),
                "Below stands the mean squared length of single gradients. Take the mean first, then its length."),
        Mistake(lambda G: G.var(dim=0).sum() / G.norm() ** 2,
                "Below stands the squared length of all rows together. In the formula, ‖G‖² is that of their mean."),
        Mistake(lambda G: G.var(dim=0).sum() / G.mean(dim=0).sum() ** 2,
                "Below, the entries are summed and then squared. Square each, then sum."),
        Mistake(lambda G: G.var(dim=0).sum() / len(G) / G.mean(dim=0).square().sum(),
                "That is the noise scale divided by the number of rows. A variance is a mean already.", "M17"),
        Mistake(lambda G: G.var(dim=1).sum() / G.mean(dim=0).square().sum(),
                "Above, the entries within a row are compared. Compare the rows: dim=0, or `torch.cov(G.T)`."),
        Mistake(lambda G: G.var(dim=1).sum() / G.mean(dim=1).square().sum(),
                "Above and below, means are taken within a row. The mean gradient is taken over dim=0."),
        Mistake(lambda G: G.var() / G.mean() ** 2,
                "One variance and one mean of all numbers together mixes the entries. Go column by column."),
        Mistake(lambda G: torch.cov(G.T).sum() / G.mean(dim=0).square().sum(),
                "You summed the whole covariance matrix. Its diagonal holds the variances."),
        Mistake(lambda G: (G.var(dim=0) / G.mean(dim=0).square()).sum(),
                "A ratio for each entry, then their sum. Sum noise and signal first, then divide."),
        Mistake(lambda G: G.var(dim=0).sum(),
                "That is the noise alone. Divide it by the squared length of the mean gradient."),
        Mistake(lambda G: G.std(dim=0).sum() / G.mean(dim=0).norm(),
                "Standard deviations do not add up. Variances do."),
        Mistake(lambda G: G.var(dim=0).sum() / G.mean(dim=0).norm(),
                "The length of the mean gradient is not squared. Above stand squares, so below too."),
        Mistake(lambda G: G.var(dim=0).sum() / G.sum(dim=0).square().sum(),
                "Below stands the sum of all gradients. The mean is n times shorter.", "M15"),
        Mistake(lambda G: (G - G.mean(dim=0)).norm(dim=1).mean() / G.mean(dim=0).norm(),
                "You took lengths, not squared lengths. Only squares shrink as 1/B."),
        Mistake(lambda G: ((G - G.mean(dim=0)).square().sum(dim=1).mean() / G.mean(dim=0).square().sum()).sqrt(),
                "That is the ratio of the lengths, a square root too much. Squares shrink as 1/B."),
        Mistake(lambda G: G.mean(dim=0).square().sum() / (G - G.mean(dim=0)).square().sum(dim=1).mean(),
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


floors = Order(
    steps={
        "a": "lr 0.1, batches of 1",
        "b": "lr 1, batches of 45",
        "c": "lr 0.1, batches of 135",
        "d": "lr 0.1, batches of 15",
    },
    answer="cdba",
    mistakes=[
        Mistake("cbda", "You went by the batch size alone. A learning rate ten times as large lifts the "
                        "floor tenfold.", id="M42"),
        Mistake("abdc", "That is the order from the highest down."),
        Mistake("adcb", "You multiplied lr and B. A larger batch calms, so divide by it."),
        Mistake("bcda", "You multiplied lr and B, and began with the highest. Divide, and begin with the lowest."),
        Mistake("cdab", "By the learning rate first, then by the batch size. Only the ratio counts: 1/45 "
                        "is less than 0.1/1.", id="M42"),
    ],
    question="Put the floors in order, the lowest first.",
    hints=["Work out lr divided by B for each."],
    explanation="0.0007, 0.007, 0.02, 0.1: lr divided by B.",
)


# The same result with a larger batch

same_result = Choice(
    "Batches of 15, lr 0.1, ten epochs: training loss 0.29. You change to batches of 135. What else must change to be "
    "at 0.29 after ten epochs again?",
    {
        "a": Wrong("Nothing: the model sees the same images ten times",
                   "Seeing is not learning. There are 100 updates now instead of 900, each as long as before.", "M42"),
        "b": Right("lr = 0.9"),
        "c": Wrong("lr = 0.011", "Fewer updates and shorter ones as well: you would get about 1/81 of the way.", "M42"),
        "d": Wrong("lr = 0.3", "The root of 9 keeps the noise of each step as large, and makes a third of the way."),
        "e": Wrong("Nothing but the epochs: 10/9 is enough, since each gradient is better",
                   "A better gradient points better, not further. With the same lr it takes nine times the "
                   "epochs.", "M42"),
    },
    hints=["How many updates are there before and after? How long must each be to get as far?"],
    explanation="A ninth of the updates, each nine times as long.",
)


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


_ONLY_THE_LAST = ("Only the last part moved the weights. Is `zero_grad()` inside the loop, or `backward()` after it? "
                  "Zero once before the loop, call `backward()` for each part.")


@exercise(
    probes=_model_and_parts,
    compare_by=lambda result, model, optimizer, parts: {
        "weights": model.weight, "bias": model.bias, "parts put together": model.exceeded,
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
        Mistake(_update(zero="in the loop"), _ONLY_THE_LAST),
        Mistake(_update(zero="in the loop", step="in the loop"),
                "An update for every part: from the second on, the gradients belong to other weights. Step once, after "
                "the loop."),
        Mistake(_update(lambda scores, y, n, parts: F.cross_entropy(scores, y), zero="in the loop", step="in the loop"),
                "An update for every part, each of full length. Step once, after the loop.", "M42"),
        Mistake(_update(step="in the loop"),
                "`step()` in the loop, and the gradients go on adding up. Step once, after the loop."),
        Mistake(_update(zero="after the loop"),
                "No weight moved. Is `backward()` or `step()` missing? Or was the gradient erased before `step()`, or "
                "added only after it?", "M08"),
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


@accumulated_step.mistake("The number of images must be known before the first part: yours still grows in the loop.")
def _(model, optimizer, parts):
    optimizer.zero_grad()
    n = 0
    for X, y in parts:
        n += len(y)
        (F.cross_entropy(model(X), y) * len(y) / n).backward()
    optimizer.step()


@accumulated_step.mistake(_ONLY_THE_LAST)
def _(model, optimizer, parts):
    optimizer.zero_grad()
    for X, y in parts:
        loss = F.cross_entropy(model(X), y)
    loss.backward()
    optimizer.step()


@accumulated_step.mistake("The update is right, but all images went through the model at once. Take part after part: "
                          "memory is the reason for them.")
def _(model, optimizer, parts):
    X, y = torch.cat([X for X, y in parts]), torch.cat([y for X, y in parts])
    optimizer.zero_grad()
    F.cross_entropy(model(X), y).backward()
    optimizer.step()


# The mean of means

@exercise(
    probes={"losses 1, 1, 1, 5 of batches of 32, 32, 32, 4":
                (torch.tensor([1.0, 1.0, 1.0, 5.0]), torch.tensor([32, 32, 32, 4])),
            "losses 0.7, 0.4, 2.1 of batches of 50, 50, 11":
                (torch.tensor([0.7, 0.4, 2.1]), torch.tensor([50, 50, 11])),
            "losses 0.7, 0.4, 2.1 of batches of 20, 50, 11":
                (torch.tensor([0.7, 0.4, 2.1]), torch.tensor([20, 50, 11]))},
    mistakes=[
        Mistake(lambda batch_losses, batch_sizes: batch_losses.mean(),
                "That is the mean of the batches' means: 4 images count as much as 32.", "M16"),
        Mistake(lambda batch_losses, batch_sizes: batch_losses.sum() / batch_sizes.sum(),
                "Each loss is a mean already, and you divide by the number of images again.", "M17"),
        Mistake(lambda batch_losses, batch_sizes: (batch_losses / batch_sizes).sum(),
                "Each loss is a mean already, and you divide it by the size of its batch again.", "M17"),
        Mistake(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes).sum(),
                "That is the sum over all images. Divide by how many they are.", "M15"),
        Mistake(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes).sum() / len(batch_losses),
                "You divide by the number of batches where the number of images is needed.", "M16"),
        Mistake(lambda batch_losses, batch_sizes: (
                    (batch_losses * batch_sizes).sum() / (len(batch_sizes) * batch_sizes[0])),
                "You divide as if every batch were as large as the first. They are not.", "M16"),
        Mistake(lambda batch_losses, batch_sizes: (
                    batch_losses[:-1].sum() * batch_sizes[0] + batch_losses[-1] * batch_sizes[-1]) / batch_sizes.sum(),
                "You count all batches but the last as large as the first. Each has a size of its own.", "M16"),
        Mistake(lambda batch_losses, batch_sizes: batch_losses @ batch_sizes / batch_sizes.sum(),
                "A dot product needs two of a kind: the losses are decimals, the sizes whole numbers. Use "
                "`batch_sizes.float()`."),
        Mistake(lambda batch_losses, batch_sizes: (batch_losses * batch_sizes)[:-1].sum() / batch_sizes[:-1].sum(),
                "The last batch is missing. Its images belong to the epoch, few as they are."),
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
