"""The exercises of lesson 11: a published script repaired, a table of your own, a study, a check, and the post-test."""

import itertools

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checker import Choice, Mistake, Number, Right, Wrong, exercise, first_step, give_names, in_short
from course_utils.data import Data, Examples, minibatches, take
from course_utils.exercises.post_test import (
    again_batch,
    again_divided,
    again_floor,
    again_gradient,
    again_logit,
    again_pairs,
    knows_dropout,
    knows_momentum,
    knows_test_set,
    knows_weight_decay,
    knows_weighting,
    knows_workers,
)

# The published script

loud = Choice(
    "You repair each line that stops Python, and run again. Which lines stop it?",
    {
        "a": Right("line 5"),
        "b": Right("line 8"),
        "c": Wrong("line 9", "It runs. A `DataLoader` takes its batch size by position, and shuffles if told to."),
        "d": Right("line 12"),
        "e": Wrong("line 14", "It runs. Whether the lr is a good one, nobody asks."),
        "f": Wrong("line 20", "It runs: torch works out what −1 stands for, the number of images. The scores go to "
                              "the loss as they are, and that is what it takes.", "M02"),
        "g": Wrong("line 27", "It runs: without `no_grad` torch keeps records that nobody needs, and says nothing."),
    },
    hints=["Two names are used and never given a value. Who gives them one?",
           "And the images: are they in that folder? Who would put them there?"],
    explanation="No data in the folder, no `batch_size`, no `LogisticRegression`. These three are loud. What is "
                "left is quiet, and worse.",
)

recall_updates = Number(
    "`batch_size` is 50 and `len(train)` is 60,000. How many times does line 22 run?",
    answer=1_200,
    mistakes=[
        Mistake(1_500, "1,500 is what line 7 wants. Work out line 8 to the end, then count the passes of line 17."),
        Mistake(2_400, "That would be two passes. 1,500 / 1,200 is 1.25; what does `int` make of it?"),
        Mistake(1_000, "1,000 is the last number that line 24 lets print. Steps without a print are steps too."),
        Mistake(1, "That is the number of passes. Each has many batches."),
        Mistake(60_000, "That counts images. A step uses 50 of them."),
        Mistake(1_201, "One too many: 60,000 images in batches of 50 leave no rest."),
        Mistake(1_250, "1.25 is the number of passes before `int`. What does it make of that, and how many steps are "
                "in a pass?"),
        Mistake(500, "500 is the number of steps from one look to the next."),
        Mistake(75_000, "That counts images, and those of 1,500 steps. What does `int` in line 8 leave?"),
        Mistake(1_800_000, "That is 1,500 passes of 1,200 steps. Line 8 turns steps into passes."),
    ],
    hints=["How many batches are 60,000 images? Then line 8, from the inside out."],
    explanation="1,500 / 1,200 = 1.25, and `int` cuts it to 1. One pass, 1,200 steps. The 300 that are missing make no "
                "sound.",
)

recall_modes = Choice(
    "A network with dropout is to be measured in the middle of training. What does that take?",
    {
        "a": Wrong("`model.eval()`: it stops dropout and the records for gradients",
                   "`eval()` changes what layers do. `out.requires_grad` is still True after it.", "M10"),
        "b": Wrong("`torch.no_grad()`: what is not recorded is not dropped either",
                   "`no_grad` stops the records. Dropout goes on drawing, and every call gives other scores.", "M10"),
        "c": Right("`model.eval()` and `torch.no_grad()` before, `model.train()` after"),
        "d": Wrong("Nothing: only `backward()` and `step()` change anything",
                   "No weight would change, but the scores would be those of a thinned network.", "M09"),
    },
    hints=["Lesson 8: two switches. What does each switch?"],
    explanation="Two switches that know nothing of each other, and the first has to be put back.",
)


suspect = Choice(
    "One line is changed, the rest stays. Which change brings the script furthest beyond its 78 %?",
    {
        "a": Wrong("line 7: `wanted = 3600`, so that three passes are made",
                   "Three times the steps bring some six points. Another change brings twice as much in one pass."),
        "b": Wrong("line 27: under `torch.no_grad()`",
                   "It saves memory. No score changes by a digit, as you will see next."),
        "c": Right("line 14: `lr=0.1`"),
        "d": Wrong("line 9: batches of 25, so that one pass has 2,400 steps",
                   "Twice the steps, at the same small rate, bring some four points.", "M42"),
        "e": Wrong("line 13: a softmax before the loss, so that it gets probabilities",
                   "The loss applies softmax itself. Twice is worse than once, and slower.", "M02"),
    },
    hints=["Does the accuracy still rise when the script ends? How long are its steps?",
           "Lesson 9: what limits the learning rate, and how far below that limit is this one?"],
    explanation="You will see by how much: ten seeds for each rate stand under the claims.",
)


class Loader:
    """Batches of some examples in a new order in every pass, as a `DataLoader` with `shuffle=True` gives them."""

    def __init__(self, examples, batch_size, seed):
        self.examples, self.batch_size = examples, batch_size
        self.order = torch.Generator().manual_seed(seed)

    def __len__(self):
        return -(-len(self.examples.y) // self.batch_size)

    def __iter__(self):
        return (take(self.examples, rows) for rows in minibatches(len(self.examples.y), self.batch_size, self.order))


class CountingSGD(torch.optim.SGD):
    """SGD that counts its updates."""

    updates = 0

    def step(self, closure=None):
        self.updates += 1
        return super().step(closure)


def _training_probes():
    probes = {}
    for n, batch_size, n_classes, steps in ((11, 3, 4, 6), (23, 5, 3, 3), (8, 3, 5, 6), (13, 4, 6, 5)):
        examples = Examples(torch.randn(n, 6), torch.arange(n) % n_classes)
        model = nn.Linear(6, n_classes)
        batches = Loader(examples, batch_size, seed=n)
        probes[f"{steps} steps, {len(batches)} batches a pass"] = (
            model, batches, CountingSGD(model.parameters(), lr=0.4), steps)
    return probes


def _one_step(model, X, y, optimizer, zero="first", backward=True, step=True, loss=F.cross_entropy):
    value = loss(model(X), y)
    if zero == "first":
        optimizer.zero_grad()
    if backward:
        value.backward()
    if zero == "too late":
        optimizer.zero_grad()
    if step:
        optimizer.step()


def _for_steps(batches_for=None, **changes):
    """The solution's loop with changes in a single step; `batches_for(batches, steps)` gives the batches to use."""

    def train(model, batches, optimizer, steps):
        chosen = batches_for(batches, steps) if batches_for else itertools.islice(_pass_after_pass(batches), steps)
        for X, y in chosen:
            _one_step(model, X, y, optimizer, **changes)

    return train


def _pass_after_pass(batches):
    while True:
        yield from batches


def _passes(count):
    return itertools.chain.from_iterable(count)


def _and_once_more(batches, steps):
    """Batches of a loop that begins another pass when it has made `steps`."""
    made = 0
    while made <= steps:
        for batch in batches:
            yield batch
            made += 1
            if made == steps:
                break


def _until_seen(batches, steps):
    """Batches of a loop that counts images in place of steps."""
    seen = 0
    for batch in _pass_after_pass(batches):
        if seen >= steps:
            return
        yield batch
        seen += len(batch[1])


def _noticed_late(batches, steps):
    """Batches of a loop that leaves a pass only when it has made more than `steps`."""
    made = 0
    while made < steps:
        for batch in batches:
            yield batch
            made += 1
            if made > steps:
                break


@exercise(
    how=lambda place, model, batches, optimizer, steps: first_step(
        place, model, optimizer, *(F.cross_entropy(model(X), y) for X, y in itertools.islice(batches, 1))),
    probes=_training_probes,
    compare_by=lambda result, model, batches, optimizer, steps: {
        "updates by this optimizer": optimizer.updates, "weight": model.weight, "bias": model.bias,
        "training mode afterwards": model.training},
    mistakes=[
        Mistake(_for_steps(lambda batches, steps: _passes(batches for _ in range(int(steps / len(batches))))),
                "Whole passes only, rounded down, as in line 8: the steps left over are never made."),
        Mistake(_for_steps(lambda batches, steps: _passes(batches for _ in range(-(-steps // len(batches))))),
                "Whole passes only, rounded up: you make more steps than were asked for."),
        Mistake(_for_steps(lambda batches, steps: itertools.islice(batches, steps)),
                "One pass, and then your loop ends. Begin another one until there are enough steps."),
        Mistake(_for_steps(lambda batches, steps: batches), "One whole pass, whatever `steps` says."),
        Mistake(_for_steps(lambda batches, steps: _passes(batches for _ in range(steps))),
                "You make `steps` passes. A pass has many steps."),
        Mistake(_for_steps(lambda batches, steps: itertools.islice(_pass_after_pass(batches), steps + 1)),
                "One step too many: stop as soon as `steps` are made."),
        Mistake(_for_steps(lambda batches, steps: itertools.islice(_pass_after_pass(batches), steps - 1)),
                "One step too few. Does your count begin at 1, or does the loop end at `steps` − 1?"),
        Mistake(_for_steps(lambda batches, steps: (next(iter(batches)) for _ in range(steps))),
                "You begin a new pass for each step, so you only ever see the first batch of a pass."),
        Mistake(_for_steps(lambda batches, steps: itertools.islice(itertools.cycle(list(batches)), steps)),
                "The right number of steps, but every pass repeats the order of the first. Go through `batches` itself "
                "again, and it shuffles anew."),
        Mistake(_for_steps(lambda batches, steps: itertools.islice(itertools.repeat(next(iter(batches))), steps)),
                "The same batch serves for every step. Go through `batches`."),
        Mistake(_for_steps(lambda batches, steps: _passes(batches for _ in range(round(steps / len(batches))))),
                "Whole passes only, rounded to the nearest: the number of steps is not the one asked for."),
        Mistake(_for_steps(lambda batches, steps: _passes(
                    itertools.islice(batches, steps) for _ in range(-(-steps // len(batches))))),
                "You stop within a pass only where all steps fit into one. Does the count begin again with each pass?"),
        Mistake(_for_steps(lambda batches, steps: _passes(batches for _ in range(steps // len(batches) + 1))),
                "Whole passes only, one more than fit: you make more steps than were asked for."),
        Mistake(_for_steps(lambda batches, steps: _passes([batch] * steps for batch in batches)),
                "You make `steps` updates on each batch of one pass. Each batch of a pass serves once."),
        Mistake(_for_steps(lambda batches, steps: [next(iter(batches))]),
                "You make a single update. Does a `return` or a `break` come too early?"),
        Mistake(_for_steps(lambda batches, steps: itertools.islice(
                    (batch for batch in _pass_after_pass(batches) if len(batch[1]) == batches.batch_size), steps)),
                "The short batch at the end of a pass is left out. It makes a step too."),
        Mistake(_for_steps(_until_seen),
                "You count the images, and stop when `steps` of them were seen. Count the updates."),
        Mistake(_for_steps(lambda batches, steps: _and_once_more(batches, steps)),
                "`break` leaves the inner loop, and the outer one begins a new pass: `while made < steps`."),
        Mistake(_for_steps(lambda batches, steps: _noticed_late(batches, steps)),
                "In the middle of a pass you notice one step too late. Compare with `==` or `>=` after counting."),
        Mistake(_for_steps(zero=""), "The gradients of earlier steps are never zeroed, so they add up.", "M07"),
        Mistake(_for_steps(backward=False),
                "`step()` ran and no weight of this model moved. Is there a gradient in `.grad` when it comes, and of "
                "this model rather than of a copy?", "M35"),
        Mistake(_for_steps(step=False),
                "No step of this optimizer was made. Is `optimizer.step()` there, and does your loop reach it?"),
        Mistake(_for_steps(loss=lambda scores, y: F.cross_entropy(scores.softmax(1), y)),
                "Softmax before `cross_entropy`, which applies it itself.", "M02"),
        Mistake(_for_steps(loss=lambda scores, y: F.cross_entropy(scores, y, reduction="sum")),
                "That is the sum over the batch: the step is as many times too long as there are images.", "M15"),
        Mistake(_for_steps(loss=lambda scores, y: F.cross_entropy(scores, y) / len(y)),
                "`cross_entropy` has taken the mean already, and you divide by the images once more.", "M17"),
        Mistake(_for_steps(loss=lambda scores, y: F.nll_loss(scores.softmax(1), y)),
                "`nll_loss` takes logarithms of probabilities. `F.cross_entropy` takes the scores as they are.", "M02"),
        Mistake(_for_steps(loss=lambda scores, y: F.mse_loss(scores, F.one_hot(y, scores.shape[1]).float())),
                "That is the squared error. Cross-entropy is asked for: `F.cross_entropy`."),
        Mistake(lambda model, batches, optimizer, steps: [model(X.view(-1, 784)) for X, _ in batches],
                "784 is the script's number of pixels. Here `X` is flat already, for any number: `model(X)`."),
    ],
    hints=["Two loops: `while` there are steps to make, `for X, y in batches`. And a way out in the middle of a pass.",
           "Count the steps made. Inside the inner loop: if that many are made, `return`."],
    explanation="It counts steps, not passes, so no rounding can lose any.",
)
def train_steps(model, batches, optimizer, steps):
    """Exactly `steps` updates by cross-entropy, pass after pass over `batches`, which yields pairs (X, y)."""
    made = 0
    while made < steps:
        for X, y in batches:
            if made == steps:
                return
            loss = F.cross_entropy(model(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            made += 1


@train_steps.mistake("The gradient is zeroed once a pass, so it adds up within one. Zero it for each step.", id="M07")
def _(model, batches, optimizer, steps):
    made = 0
    while made < steps:
        optimizer.zero_grad()
        for X, y in batches:
            if made == steps:
                return
            _one_step(model, X, y, optimizer, zero="")
            made += 1


@train_steps.mistake("The steps are right, and the model is left in eval mode. Dropout is off there: leave the mode.")
def _(model, batches, optimizer, steps):
    _for_steps()(model.eval(), batches, optimizer, steps)


@train_steps.mistake("You make one step a pass, by the gradients of all its batches. Each batch has its own step.")
def _(model, batches, optimizer, steps):
    for _ in range(steps):
        optimizer.zero_grad()
        for X, y in batches:
            _one_step(model, X, y, optimizer, zero="", step=False)
        optimizer.step()


class Watched(nn.Module):
    """A linear layer behind dropout that notes whether its scores were recorded for gradients."""

    def __init__(self, n_features, n_classes):
        super().__init__()
        self.linear, self.dropout, self.recorded = nn.Linear(n_features, n_classes), nn.Dropout(0.5), False
        self.chance = None                  # the state of the random numbers at the first call

    def forward(self, X):
        self.chance = torch.get_rng_state() if self.chance is None else self.chance
        scores = self.linear(self.dropout(X))
        self.recorded = self.recorded or scores.requires_grad
        return scores


def _measuring_probes():
    probes = {}
    for sizes, n_features, n_classes in (((7, 7, 2), 40, 5), ((9, 4), 30, 6)):
        model = Watched(n_features, n_classes)
        X = torch.randn(sum(sizes), n_features)
        y = model.eval()(X).argmax(dim=1)
        wrong = torch.tensor([0, 3, 5, len(y) - 1])
        y[wrong] = (y[wrong] + 1) % n_classes
        model.train()
        model.recorded, model.chance = False, None
        for weights in model.parameters():
            weights.grad = torch.ones_like(weights)
        probes[f"batches of {', '.join(map(str, sizes))}"] = (
            model, list(zip(X.split(sizes), y.split(sizes), strict=True)))
    return probes


def _after_the_look(share, model, batches):
    """The share, and what training would find changed; gradients and random numbers where nothing was recorded."""
    weights = list(model.parameters())
    same_gradients = all(w.grad is not None and w.grad.eq(1).all() for w in weights)
    goes_on = model.chance is None or torch.equal(model.chance, torch.get_rng_state())
    return {
        "share right": share, "records kept for gradients": model.recorded, "training mode afterwards": model.training,
        "recording is on afterwards": torch.is_grad_enabled(),
        "gradients afterwards": "as before" if model.recorded or same_gradients else "others",
        "weights can learn afterwards": all(w.requires_grad for w in weights),
        "random numbers afterwards": "as before" if model.recorded or goes_on else "others",
    }


def _share(right, seen):
    return right.sum() / seen.sum()


def _right_in(scores, y):
    return scores.argmax(dim=1) == y


def _measure(evaluate=True, record=False, back=True, result=_share, right_in=_right_in):
    """The solution with a switch left out, or with another `result` of (right a batch, seen a batch)."""

    def measure(model, batches):
        if evaluate:
            model.eval()
        rights, sizes = [], []
        with torch.set_grad_enabled(record):
            for X, y in batches:
                rights.append(right_in(model(X), y).sum().item())
                sizes.append(len(y))
        if evaluate and back:
            model.train()
        return result(torch.tensor(rights).double(), torch.tensor(sizes).double())

    return measure


@exercise(
    probes=_measuring_probes,
    compare_by=_after_the_look,
    mistakes=[
        Mistake(_measure(record=True),
                "The share is right, and torch recorded every score for gradients. Put `torch.no_grad()` round it."),
        Mistake(_measure(evaluate=False),
                "Dropout was on, so you measured a thinned network: `model.eval()` first.",
                "M09"),
        Mistake(_measure(evaluate=False, record=True),
                "Neither switch is set: dropout was on, and records were kept. Both are needed.", "M10"),
        Mistake(_measure(back=False),
                "The share is right, but the model stays in `eval()`. Dropout is off for the rest of training."),
        Mistake(_measure(record=True, back=False),
                "`eval()` does not stop the records, and it is never put back. See the second recall question.", "M10"),
        Mistake(_measure(result=lambda right, seen: (right / seen).mean()),
                "That is the mean of the batches' shares: the images of a short batch count for more.", "M16"),
        Mistake(_measure(result=lambda right, seen: right.sum()),
                "That is how many are right. Divide by how many there are."),
        Mistake(_measure(result=lambda right, seen: right.sum() / len(seen)),
                "You divide by the number of batches. Divide by the number of images."),
        Mistake(_measure(result=lambda right, seen: right.sum() / (len(seen) * seen[0])),
                "You divide as if every batch were as large as the first. The last is shorter.", "M16"),
        Mistake(_measure(result=lambda right, seen: (right / seen)[-1]), "That is the share of the last batch alone."),
        Mistake(_measure(result=lambda right, seen: (right / seen)[0]),
                "That is the share of the first batch alone. Is the `return` inside the loop?"),
        Mistake(_measure(back=False, result=lambda right, seen: (right / seen)[0]),
                "That is the share of the first batch alone. Is the `return` inside the loop? `train()` never runs."),
        Mistake(_measure(result=lambda right, seen: right.sum() / (len(seen) * seen[-1])),
                "You divide as if every batch were as short as the last. Add up the sizes.", "M16"),
        *(Mistake(_measure(right_in=right_in),
                  "That is no class for each image. `argmax()` without `dim=1` is one position for the whole batch, "
                  "`argmax(dim=0)` an image for each class.", "M32")
          for right_in in (lambda scores, y: scores.argmax() == y, lambda scores, y: scores.argmax(dim=0) == y)),
        Mistake(_measure(right_in=lambda scores, y: scores.amax(dim=1) == y),
                "The share came out as 0. Is each label compared with the place of the largest score, "
                "`argmax(dim=1)`? Does every batch add what it found? Does a `//` round the share down?"),
        Mistake(_measure(right_in=lambda scores, y: scores.softmax(1)[torch.arange(len(y)), y]),
                "That is the mean probability of the right label. Count how often it has the largest score: "
                "`argmax(dim=1)`."),
        Mistake(_measure(right_in=lambda scores, y: F.cross_entropy(scores, y, reduction="none")),
                "That is the mean loss. Asked is the share of images whose largest score stands at the right label."),
        Mistake(_measure(right_in=lambda scores, y: F.cross_entropy(scores, y, reduction="none"),
                         result=lambda losses, seen: (losses / seen).mean()),
                "That is the mean of the batches' losses. Asked is the share of images whose largest score stands at "
                "the right label."),
        Mistake(_measure(record=True, result=lambda right, seen: (right / seen).mean()),
                "Records are kept; and the mean of the batches' shares lets a short batch count for more.",
                "M16"),
        Mistake(_measure(result=lambda right, seen: right[-1] / seen.sum()),
                "Only the right ones of the last batch are counted: add them up, `+=`."),
        Mistake(_measure(result=lambda right, seen: 100 * right.sum() / seen.sum()),
                "That is in per cent. Give a share, from 0 to 1."),
        Mistake(_measure(result=lambda right, seen: 1 - right.sum() / seen.sum()), "That is the share of wrong ones."),
        Mistake(lambda model, batches: [model(X.view(-1, 784)) for X, _ in batches],
                "784 is the script's number of pixels. Here `X` is flat already, for any number: `model(X)`."),
        Mistake(lambda model, batches: len(batches.dataset),
                "Nothing but a loop is sure to work on `batches`. Add up `len(y)`, batch by batch."),
    ],
    hints=["Count the right ones and the images, batch by batch; divide once, at the end.",
           "Two switches before, one after: the second recall question has them."],
    explanation="It looks, and training goes on as if nobody had.",
)
def measure(model, batches):
    """The share of right answers, 0 to 1, over all images of `batches`; leaves the model in training mode."""
    right = seen = 0
    model.eval()
    with torch.no_grad():
        for X, y in batches:
            right += (model(X).argmax(dim=1) == y).sum().item()
            seen += len(y)
    model.train()
    return right / seen


@measure.mistake("The share is right, and recording is left switched off. `with torch.no_grad():` ends by itself.",
                 id="M10")
def _(model, batches):
    torch.set_grad_enabled(False)
    return _measure()(model, batches)


@measure.mistake("The share is right, and the gradients that lay in the model are gone. Training may be about to step: "
                 "leave `zero_grad()` out.")
def _(model, batches):
    model.zero_grad()
    return _measure()(model, batches)


@measure.mistake("The share is right, and the weights are left frozen: `requires_grad` is off. Training stands still.",
                 id="M10")
def _(model, batches):
    model.requires_grad_(False)
    return _measure()(model, batches)


for seed in (0, 1_234):                     # 0 is the check's own, and leads back to where the first probe began
    @measure.mistake("The share is right, and the random numbers are others afterwards. Drawing some does that, and so "
                     "does setting a seed: a look needs neither.")
    def _(model, batches, seed=seed):
        share = _measure()(model, batches)
        torch.manual_seed(seed)
        return share


@measure.mistake("The wrong way round: `model.eval()` comes before the measuring, `model.train()` after it.", id="M09")
def _(model, batches):
    share = _measure(evaluate=False)(model, batches)
    model.eval()
    return share


# A table of your own

VIEWS = ["left_right", "left_right_clinton", "left_right_dole"]
COLUMNS = ["town_size", "tv_news", *VIEWS, "age", "education", "income"]
LEVELS = {"grade school": 0, "some high school": 1, "high school": 2, "some college": 3, "college degree": 4,
          "master's degree": 5, "doctorate": 6}
GAP = float("nan")


def _survey(rows):
    import pandas as pd

    names = ["id", "town_size", "tv_news", *VIEWS, "age", "education", "income", "vote", "party"]
    return (pd.DataFrame(rows, columns=names),)


def _tables():
    """Small surveys with every untidiness of the large one; a 9 also where it is a number like any other."""
    return {
        "a table of 5 rows": _survey([
            (1, 9, 7, 4, 2, 6, 36.0, "high school", 3.0, "Dole", 3),
            (2, 190, 1, 9, 3, 5, GAP, "Some College ", 45_000.0, "Clinton", 1),
            (3, 31, 0, 6, 9, 7, 24.0, "master's degree", GAP, "Clinton", 1),
            (4, 83, 4, 3, 1, 9, 70.0, "DOCTORATE", 105.0, "Clinton", 2),
            (5, 640, 2, 5, 4, 5, 28.0, " grade school", 12_000.0, "Dole", 3)]),
        "a table of 4 rows": _survey([
            (6, 0, 3, 2, 2, 6, 51.0, "Master's degree", 960.0, "Clinton", 2),
            (7, 7_300, 5, 7, 1, 4, GAP, "some high school", 22_000.0, "Dole", 3),
            (8, 12, 7, 9, 9, 6, 19.0, "college degree", 1_500.0, "Clinton", 1),
            (9, 110, 6, 4, 3, 3, 44.0, "HIGH SCHOOL", 9.0, "Clinton", 1)]),
    }


def _tidied(table, nines=VIEWS, instead=GAP, units="dollars", words=lambda text: text.str.strip().str.lower(),
            number=lambda words: words.map(LEVELS), columns=tuple(COLUMNS), rows=lambda table: table, shift=1,
            below=1_000, ready=lambda table: table):
    """The solution, piece by piece, with another piece in place of one."""
    table = rows(table).copy()
    table[nines] = table[nines].replace(9, instead)
    thousands = table["income"] < below
    if units == "dollars":
        table.loc[thousands, "income"] *= 1_000
    elif units == "all times 1,000":
        table["income"] *= 1_000
    elif units == "the large times 1,000":
        table.loc[~thousands, "income"] *= 1_000
    elif units == "gaps":
        table.loc[thousands, "income"] = GAP
    elif units == "thousands":
        table.loc[~thousands, "income"] /= 1_000
    table["education"] = number(words(table["education"]))
    table = ready(table)
    X = torch.tensor(table[list(columns)].to_numpy("float32"))
    return X, torch.tensor(table["party"].to_numpy()) - shift


@exercise(
    how=lambda place, table: (
        f"In row {place[1]} of the table, `{COLUMNS[place[2]]}` holds `{table[COLUMNS[place[2]]].iloc[place[1]]}`."
        if place[0] == 0 else f"In row {place[1]} of the table, `party` holds {table['party'].iloc[place[1]]}."),
    probes=_tables,
    exact_dtype=True,
    mistakes=[
        Mistake(lambda table: _tidied(table, nines=[]),
                "The nines are still there, further right than any answer. In the three views, 9 means don't know."),
        Mistake(lambda table: _tidied(table, nines=list(table.columns[:6])),
                "You blanked every 9, and a town of 9,000 people lost its size. Only in the three views is it a code."),
        Mistake(lambda table: _tidied(table, nines=list(table.columns)),
                "You blanked every 9 of the table. Only in the three views is it a code."),
        Mistake(lambda table: _tidied(table, instead=0.0),
                "A 9 became a 0, and 0 is left of the leftmost answer. It is a gap: nan."),
        Mistake(lambda table: _tidied(table, instead=4.0),
                "A 9 became the middle of the scale. Who does not know is not in the middle: leave a gap, nan."),
        Mistake(lambda table: _tidied(table, units=""),
                "Some incomes are still in thousands: a household with 45 stands beside one with 45,000."),
        Mistake(lambda table: _tidied(table, units="all times 1,000"),
                "You multiplied every income. Only those under 1,000 are in thousands."),
        Mistake(lambda table: _tidied(table, units="the large times 1,000"),
                "You multiplied the incomes in dollars, and left those in thousands. It is the other way round."),
        Mistake(lambda table: _tidied(table, units="thousands"),
                "Now all are in thousands; dollars are asked for. Multiply the incomes below 1,000."),
        Mistake(lambda table: _tidied(table, units="dollars", below=100),
                "An income of 105 stays as it is. Below 1,000 it was typed in thousands."),
        Mistake(lambda table: _tidied(table, units="gaps"),
                "Incomes below 1,000 became gaps. They are known, in thousands: multiply them."),
        Mistake(lambda table: _tidied(table, ready=lambda table: table.fillna({"income": 0.0})),
                "Who gave no income got one of 0. Leave nan there; the next function fills it."),
        Mistake(lambda table: _tidied(table, nines=VIEWS[1:]),
                "`left_right` kept its nines. 9 is a code in all three views."),
        Mistake(lambda table: _tidied(table, number=lambda words: words.map(LEVELS) + 1),
                "Your levels begin at 1. Take the numbers of `LEVELS` as they are: `.map(LEVELS)`."),
        Mistake(lambda table: _tidied(table, nines=VIEWS[:1]),
                "Only the first of the three views lost its nines. 9 is a code in all three."),
        Mistake(lambda table: _tidied(table, words=lambda text: text),
                "Capitals and blanks hide some levels, and they became gaps. First `.str.strip().str.lower()`."),
        Mistake(lambda table: _tidied(table, words=lambda text: text.str.lower()),
                "Blanks before or behind a word hide its level, and it became a gap: `.str.strip()`."),
        Mistake(lambda table: _tidied(table, words=lambda text: text.str.strip()),
                "Capitals hide some levels, and they became gaps: `.str.lower()`."),
        Mistake(lambda table: _tidied(table, words=lambda text: text.str.replace(" ", "").str.lower()),
                "The blanks between words are gone too, and `LEVELS` has them. `.str.strip()` takes the outer ones."),
        Mistake(lambda table: _tidied(table, number=lambda words: words),
                "`education` is still in words. `.map(LEVELS)` makes numbers of them."),
        Mistake(lambda table: _tidied(table, words=lambda text: text, number=lambda words: words),
                "`education` is still in words. Strip, lower, and `.map(LEVELS)`."),
        Mistake(lambda table: _tidied(table, words=lambda text: text.replace(LEVELS), number=lambda words: words),
                "Some levels are still words, in capitals or with blanks. First `.str.strip().str.lower()`."),
        Mistake(lambda table: table["education"].strip(),
                "`strip` belongs to a text, and a column reaches its texts by `.str`: `.str.strip()`."),
        Mistake(lambda table: table["education"].lower(),
                "`lower` belongs to a text, and a column reaches its texts by `.str`: `.str.lower()`."),
        Mistake(lambda table: _tidied(table, number=lambda words: words.factorize()[0]),
                "Your levels are numbered as they come in the table. `LEVELS` has them in order."),
        Mistake(lambda table: _tidied(table, number=lambda words: words.factorize(sort=True)[0]),
                "Your levels are in the order of the alphabet, a doctorate below high school. Use `.map(LEVELS)`."),
        Mistake(lambda table: _tidied(table, shift=0),
                "The classes run from 1 to 3; a model with three scores numbers them 0 to 2.", "M14"),
        Mistake(lambda table: _tidied(table, columns=["id", *COLUMNS]),
                "`id` is among the columns. The rows are sorted by income, so it tells something, in this table only."),
        Mistake(lambda table: _tidied(table, columns=[*COLUMNS, "party"]),
                "`party` is among the columns of X: that is the answer itself."),
        Mistake(lambda table: _tidied(table, columns=sorted(COLUMNS)),
                "Your columns are in the order of the alphabet. Take them as they stand in `COLUMNS`."),
        Mistake(lambda table: _tidied(table, rows=lambda table: table.dropna()),
                "Rows with a gap are gone. Keep them: a gap stays nan here, and the next function fills it."),
        Mistake(lambda table: _tidied(table, ready=lambda table: table.dropna()),
                "Rows with a gap are gone, those with a 9 too. Keep them: a gap stays nan here."),
        Mistake(lambda table: _tidied(table, rows=lambda table: table[(table[VIEWS] != 9).all(axis=1)]),
                "Rows with a 9 are gone. Keep them, and make a gap of the 9: the next function fills it."),
        Mistake(lambda table: _tidied(table, ready=lambda table: table.fillna(table[COLUMNS].median())),
                "You filled the gaps with medians of all rows, test rows among them. Leave nan here.", "M24"),
        Mistake(lambda table: _tidied(table, ready=lambda table: table.fillna(table[COLUMNS].mean())),
                "You filled the gaps with means of all rows, test rows among them. Leave nan here.", "M24"),
        Mistake(lambda table: (_tidied(table)[0], torch.tensor((table["vote"] != "Clinton").to_numpy()).long()),
                "y holds the vote. What we want to know is the party."),
    ],
    hints=["`replace(9, float(\"nan\"))`, on the three views only. For the words: strip, lower, `map`.",
           "`table.loc[table[\"income\"] < 1_000, \"income\"]` are the incomes to multiply. Work on a copy.",
           "At the end `table[COLUMNS].to_numpy(\"float32\")`, and of the party 1 less."],
    axes=("people", "columns"),
    explanation="A table became tensors, and every gap is still seen as one.",
)
def prepare(table):
    """X (n, 8), float32, the columns of COLUMNS with nan in the gaps; and y (n,), int64, the party from 0."""
    table = table.copy()
    table[VIEWS] = table[VIEWS].replace(9, float("nan"))                        # don't know
    table.loc[table["income"] < 1_000, "income"] *= 1_000                       # all in dollars
    table["education"] = table["education"].str.strip().str.lower().map(LEVELS)
    return torch.tensor(table[COLUMNS].to_numpy("float32")), torch.tensor(table["party"].to_numpy()) - 1


@prepare.mistake("You filled the gaps with medians of all rows, test rows among them. Leave nan here.", id="M24")
def _(table):
    X, y = _tidied(table)
    return torch.where(X.isnan(), X.nanmedian(dim=0).values, X), y


@prepare.mistake("You filled the gaps with 0, which is a number like any other. Leave nan here.")
def _(table):
    X, y = _tidied(table)
    return X.nan_to_num(0.0), y


def _gapped():
    """Rows of training and of another part, drawn elsewhere; an odd number of values in each column of train."""
    probes = []
    for n, others, m in ((701, 90, 3), (655, 140, 4)):
        centre, spread = torch.arange(m) * 5.0 - 3, torch.arange(m) + 1.5
        parts = []
        for rows, off in ((n, 0.0), (others, 2.0)):
            X = centre + spread * (torch.randn(rows, m).exp() + off)            # lopsided: median and mean differ
            for column in range(m):
                X[torch.randperm(rows)[:20 + 10 * column], column] = float("nan")
            parts.append(X)
        probes.append(tuple(parts))
    return probes


def _median(X):
    return X.nanmedian(dim=0).values


def _fill_and_scale(train, other, fill=lambda train, other: (_median(train), _median(train)),
                    known=lambda train, other: (train, train), scale=lambda X, by: (X - by.mean(0)) / by.std(0)):
    """The solution with other rows to take the medians from (`fill`), or mean and spread (`known`)."""
    filled = [torch.where(X.isnan(), value, X) for X, value in zip((train, other), fill(train, other), strict=True)]
    return tuple(scale(X, by) for X, by in zip(filled, known(*filled), strict=True))


def _both(train, other):
    return 2 * (torch.cat([train, other]),)


_LEAK = "Test rows leak into training through them."


def _middle(X):
    """The median as NumPy and pandas have it: of an even number of values the mean of the two in the middle."""
    return X.nanquantile(0.5, dim=0)


def _of_all(train, other):
    return 2 * (_median(torch.cat([train, other])),)


def _leaks(correction):
    """Values taken from the wrong rows; libraries differ in the divisor of a variance, n or n − 1, and in medians."""
    def mistake(message, **changes):
        return Mistake(lambda train, other: _fill_and_scale(
            train, other, scale=lambda X, by: (X - by.mean(0)) / by.std(0, correction=correction), **changes),
            message, "M24")

    def own(*parts):
        return parts

    def filled_with_their_own(median):
        return [
            mistake("Each part is filled with its own medians. Use those of `train` for both.",
                    fill=lambda *parts: map(median, parts)),
            mistake("Each part has its own medians, mean and spread. Use those of `train` for both.",
                    fill=lambda *parts: map(median, parts), known=own),
        ]

    return [
        mistake(f"Mean and spread are those of all rows together. {_LEAK} Take them from `train`.", known=_both),
        mistake(f"The medians are those of all rows together. {_LEAK} Take them from `train`.", fill=_of_all),
        mistake(f"Medians, mean and spread are those of all rows together. {_LEAK} Take them from `train`.",
                fill=_of_all, known=_both),
        mistake("Each part is scaled by its own mean and spread: the same age becomes two numbers. Use those of "
                "`train` for both.", known=own),
        *filled_with_their_own(_median),
        *filled_with_their_own(_middle),
        mistake("Mean and spread are those of `other`. Take them from `train`.",
                known=lambda train, other: (other, other)),
    ]


def _scaled_by_known(correction, instead):
    """Mean and spread of the values that were there, and then the gaps filled, `instead` of the scaled values."""
    def answer(train, other):
        mean, known = train.nanmean(dim=0), (~train.isnan()).sum(dim=0)
        spread = ((train - mean).square().nansum(dim=0) / (known - correction)).sqrt()
        value = instead((train - mean) / spread)
        return tuple(torch.where(X.isnan(), value, (X - mean) / spread) for X in (train, other))

    return answer


@exercise(
    how=lambda place, train, other: (
        f"Column {place[-1]} of train has the median {_median(train)[place[-1]]:.4g}; filled with it, the mean "
        "{:.4g} and the standard deviation {:.4g}.".format(*(of(torch.where(
            train.isnan(), _median(train), train)[:, place[-1]]) for of in (torch.mean, torch.std)))),
    probes=_gapped,
    rtol=1e-3,                                          # a standard deviation with n − 1 is as good
    atol=1e-5,
    mistakes=[
        *_leaks(1),
        *_leaks(0),
        Mistake(lambda train, other: _fill_and_scale(train, other, fill=lambda train, other: 2 * (train.nanmean(0),)),
                "Gaps are filled with the mean; the median is asked for. A few very rich households pull a mean up."),
        Mistake(lambda train, other: _fill_and_scale(train, other, fill=lambda train, other: (0.0, 0.0)),
                "Gaps are filled with 0 and then scaled, so a gap in the age is a newborn. Fill with the median."),
        Mistake(lambda train, other: _fill_and_scale(train, other, fill=lambda train, other: 2 * (train.nanmedian(),)),
                "One median of the whole table fills every gap. Each column has its own: `dim=0`."),
        Mistake(lambda train, other: _fill_and_scale(train, other, fill=lambda train, other: (GAP, GAP)),
                "There are gaps left: after one nan, the whole column's mean is nan. Fill first: `isnan()` finds gaps, "
                "`== nan` finds none, and `median` of a column with a gap is nan, `nanmedian` is not."),
        *[Mistake(_scaled_by_known(correction, lambda X: torch.full((X.shape[1],), GAP)),
                  "Mean and spread leave the gaps out, and the gaps are still there. Fill them first, with the median.")
          for correction in (0, 1)],
        Mistake(lambda train, other: _fill_and_scale(train, other, fill=lambda train, other: (_median(train), GAP)),
                "`train` is in order, and `other` still has gaps. Fill them with the medians of `train`."),
        Mistake(lambda train, other: _fill_and_scale(train, other, fill=lambda train, other: 2 * (_median(other),)),
                "The medians are those of `other`. Take them from `train`.", "M24"),
        Mistake(lambda train, other: _fill_and_scale(
                    train, other, fill=lambda *parts: [_median(part.T)[:, None] for part in parts]),
                "Gaps are filled with the median of their row, years and dollars together. Each column has its own."),
        Mistake(lambda train, other: _fill_and_scale(
                    train, other, fill=lambda train, other: 2 * (train.nan_to_num(0.0).median(dim=0).values,)),
                "The gaps were 0 when you took the medians, so they are counted. `nanmedian` leaves them out."),
        Mistake(lambda train, other: torch.where(train.isnan(), train.nanmedian(dim=0), train),
                "`nanmedian(dim=0)` gives two things, values and positions. The medians are its `.values`."),
        *(Mistake(lambda train, other, correction=correction: _fill_and_scale(
                      *(part[~part.isnan().any(dim=1)] for part in (train, other)),
                      scale=lambda X, by: (X - by.mean(0)) / by.std(0, correction=correction)),
                  "The rows with a gap are gone, in both parts. Keep them: fill the gaps.") for correction in (0, 1)),
        Mistake(lambda train, other: _fill_and_scale(train[~train.isnan().any(dim=1)], other),
                "The rows of `train` with a gap are gone. Keep them: fill the gaps."),
        Mistake(lambda train, other: _fill_and_scale(train, other, scale=lambda X, by: X),
                "The gaps are filled. Now scale: minus the mean, divided by the standard deviation."),
        Mistake(lambda train, other: _fill_and_scale(train, other, scale=lambda X, by: X - by.mean(0)),
                "The mean is off; divide by the standard deviation, too."),
        Mistake(lambda train, other: _fill_and_scale(train, other, scale=lambda X, by: X / by.std(0)),
                "You divided by the standard deviation; take off the mean first."),
        Mistake(lambda train, other: _fill_and_scale(train, other, scale=lambda X, by: (X - by.mean(0)) / by.var(0)),
                "You divided by the variance. Its root has the unit of the column."),
        Mistake(lambda train, other: _fill_and_scale(train, other, scale=lambda X, by: (X - by.mean()) / by.std()),
                "One mean and one spread for all columns, years and dollars together. Go column by column: `dim=0`."),
        Mistake(lambda train, other: _fill_and_scale(
                    train, other, scale=lambda X, by: (X - X.mean(1, keepdim=True)) / X.std(1, keepdim=True)),
                "You scaled along the rows, a person's years with dollars. Columns are scaled: `dim=0`.", "M32"),
        Mistake(lambda train, other: _fill_and_scale(
                    train, other, scale=lambda X, by: (X - by.amin(0)) / (by.amax(0) - by.amin(0))),
                "You scaled to 0 … 1 by the extremes. One income of a million then presses all others together."),
        *[Mistake(_scaled_by_known(correction, lambda X: torch.zeros(X.shape[1])),
                  "You scaled first and filled then, with 0: that is the mean. Fill with the median, then scale.")
          for correction in (0, 1)],
        *[Mistake(_scaled_by_known(correction, _median),
                  "Mean and spread were taken before the gaps were filled. Fill first: 0 and 1 shall hold afterwards.")
          for correction in (0, 1)],
        Mistake(lambda train, other: (_fill_and_scale(train, other)[0],
                                      torch.where(other.isnan(), _median(train), other)),
                "`other` is filled and not scaled. Take mean and spread before `train` itself is scaled."),
        Mistake(lambda train, other: _fill_and_scale(
                    train, other, scale=lambda X, by: (X - by.median(0).values) / by.std(0)),
                "You took off the median. It fills the gaps; taken off is the mean."),
        Mistake(lambda train, other: _fill_and_scale(train, other, scale=lambda X, by: X - by.mean(0) / by.std(0)),
                "Brackets: `X - mean / spread` divides the mean alone. `(X - mean) / spread`."),
        Mistake(lambda train, other: _fill_and_scale(train, other)[::-1],
                "The two parts are in the wrong order: `train` first."),
        Mistake(lambda train, other: _fill_and_scale(train, other)[0],
                "That is the training part alone. Give back both."),
    ],
    hints=["Everything that is computed, the medians, the means, the spreads, is computed from `train` alone.",
           "`train.nanmedian(dim=0).values` are the medians; `torch.where(X.isnan(), medians, X)` fills."],
    axes=("people", "columns"),
    explanation="What the other part holds had no say in it.",
)
def fill_and_scale(train, other):
    """Both parts, gaps filled with the medians of train, then scaled to mean 0 and standard deviation 1 in train."""
    medians = train.nanmedian(dim=0).values
    train, other = (torch.where(X.isnan(), medians, X) for X in (train, other))
    mean, spread = train.mean(dim=0), train.std(dim=0, correction=0)
    return (train - mean) / spread, (other - mean) / spread


class Memorised(nn.Module):
    """Answers by a table: X (n, 1) holds row numbers, and the score of the class found there is 2, of others 0."""

    def __init__(self, answers, n_classes):
        super().__init__()
        self.scores = nn.Parameter(2.0 * F.one_hot(answers, n_classes))

    def forward(self, X):
        return self.scores[X[:, 0].long()]


def _candidates():
    """Models of which another one is best in each part, worst, first and last; of classes another is commonest."""
    probes = []
    for sizes, counts, rights in (
        ((20, 12, 25), ((12, 5, 3), (4, 1, 7), (7, 13, 5)), {"weak": (19, 7, 12), "simple": (13, 5, 11),
                                                            "middle": (14, 9, 15), "strong": (16, 8, 20)}),
        ((30, 16, 40), ((8, 19, 3), (5, 3, 8), (11, 24, 5)), {"0.1": (21, 12, 33), "0.01": (28, 11, 26),
                                                              "0.001": (25, 14, 28), "1": (22, 9, 23)}),
    ):
        labels = [torch.arange(3).repeat_interleave(torch.tensor(count))[torch.randperm(n)]
                  for n, count in zip(sizes, counts, strict=True)]
        rows = torch.arange(sum(sizes)).float()[:, None].split(sizes)
        models = {}
        for name, right in rights.items():
            answers = [torch.where(torch.randperm(n) < k, y, (y + 1) % 3)
                       for n, k, y in zip(sizes, right, labels, strict=True)]
            models[name] = Memorised(torch.cat(answers), 3)
        probes.append((models, Data(*map(Examples, rows, labels))))
    return [*probes, _one_class_never_found()]


def _one_class_never_found():
    """Two models that name the last class to nobody, as happens where a class is small."""
    labels = [torch.tensor(y) for y in ([0, 0, 1, 2, 0], [1, 0, 2, 1], [0, 1, 2, 1, 0, 0, 2])]
    rows = torch.arange(16.0)[:, None].split([5, 4, 7])
    said = {"flat": [0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0],
            "deep": [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}
    return ({name: Memorised(torch.tensor(answers), 3) for name, answers in said.items()},
            Data(*map(Examples, rows, labels)))


def _right(model, part):
    return (model(part.X).argmax(dim=1) == part.y).double().mean().item()


def _how_reported(place, models, data):
    """How the needed one of the five comes about."""
    if place[0] == "chosen":
        return "Right in valid: " + ", ".join(
            f"{name}: {_right(model, data.valid):.3g}" for name, model in models.items()) + "."
    kept = models[max(models, key=lambda name: _right(models[name], data.valid))]
    if place[0] == "baseline":
        commonest = data.train.y.mode().values
        return f"The commonest class in train is {commonest}; of {len(data.test.y)} test rows " \
               f"{(data.test.y == commonest).sum()} are of it."
    if place[0] == "balanced":
        return f"The shares found of each class in test are {in_short(_recalls(kept, data.test))}."
    return f"Of {len(data.test.y)} test rows {round(_right(kept, data.test) * len(data.test.y))} are right."


def _recalls(model, part):
    predicted = model(part.X).argmax(dim=1)
    return torch.stack([(predicted[part.y == k] == k).double().mean() for k in part.y.unique()])


def _reported(models, data, by="valid", on="test", half=lambda p, n: 1.96 * (p * (1 - p) / n) ** 0.5,
              commonest="train", baseline_on="test", balanced=lambda model, part: _recalls(model, part).mean().item(),
              choose=None, **changes):
    """The solution, with other rows to choose by, to report on, or to take the baseline from."""
    name = choose(models) if choose else max(models, key=lambda name: _right(models[name], getattr(data, by)))
    part, other = getattr(data, on), getattr(data, baseline_on)
    right = _right(models[name], part)
    baseline = (other.y == getattr(data, commonest).y.mode().values).double().mean().item()
    return {"chosen": name, "right": right, "half_width": half(right, len(part.y)), "baseline": baseline,
            "balanced": balanced(models[name], part)} | changes


@exercise(
    how=_how_reported,
    probes=_candidates,
    mistakes=[
        Mistake(lambda models, data: _reported(models, data, by="test"),
                "The test rows chose the model and then judged it: of several tries, the luckiest. Choose by "
                "`data.valid`.", "M25"),
        Mistake(lambda models, data: _reported(models, data, by="train"),
                "The training rows chose, and they like best what knows them by heart. Choose by `data.valid`."),
        Mistake(lambda models, data: _reported(
                    models, data, choose=lambda models: min(models, key=lambda name: _right(models[name], data.valid))),
                "You keep the model that is right least often in valid. `min` is for losses, `max` for shares right."),
        Mistake(lambda models, data: _reported(models, data, choose=max),
                "`max` of a dict goes by the names, in the order of the alphabet. Compare the shares right in valid."),
        Mistake(lambda models, data: _reported(models, data, choose=lambda models: list(models)[-1]),
                "You keep the last model of the dict, whichever it is. Keep the best one in valid."),
        Mistake(lambda models, data: _reported(models, data, choose=lambda models: next(iter(models))),
                "You keep the first model of the dict, whichever it is. Keep the best one in valid."),
        Mistake(lambda models, data: _reported(models, data)
                | {"chosen": models[_reported(models, data)["chosen"]]},
                "`chosen` is the model itself. Give its name, its key in `models`."),
        Mistake(lambda models, data: {name: value if name == "chosen" else 100 * value
                                      for name, value in _reported(models, data).items()},
                "Your numbers are in per cent. Give shares, from 0 to 1."),
        *(Mistake(lambda models, data, names=names: {
                      name: 100 * value if name in names else value
                      for name, value in _reported(models, data).items()},
                  f"{' and '.join(f'`{name}`' for name in names)} in per cent, the rest not. Give shares, from 0 to 1.")
          for names in (("right",), ("half_width",), ("right", "half_width"))),
        *(Mistake(lambda models, data, part=part: _reported(models, data, on="valid", baseline_on=part),
                  "You report on the rows that chose the model, so its luck is in the number. Report on `data.test`.",
                  "M25") for part in ("test", "valid")),
        Mistake(lambda models, data: _reported(models, data, on="train"),
                "You report on the rows it was fitted to. Report on `data.test`."),
        *(Mistake(lambda models, data, names=names: _reported(models, data) | {
                      name: value for name, value in _reported(models, data, on="valid").items() if name in names},
                  "`right` was counted on the rows that chose the model, so its luck is in the number. Count on "
                  "`data.test`.", "M25") for names in (("right",), ("right", "half_width"))),
        Mistake(lambda models, data: _reported(models, data) | {
                    "right": _reported(models, data, on="valid")["right"],
                    "half_width": 1.96 * (_reported(models, data, on="valid")["right"]
                                          * (1 - _reported(models, data, on="valid")["right"])
                                          / len(data.test.y)) ** 0.5},
                "`right` was counted on the rows that chose the model, so its luck is in the number. Count on "
                "`data.test`.", "M25"),
        Mistake(lambda models, data: _reported(models, data, half=lambda p, n: 1.96 * (p * (1 - p) / (
                    len(data.train.y) + len(data.valid.y) + n)) ** 0.5),
                "n is the number of rows that the share was counted on, and those are the test rows."),
        Mistake(lambda models, data: _reported(models, data, baseline=1 / 3),
                "One in three is what dice get. Without looking, one says the commonest class: that is the baseline.",
                "M45"),
        Mistake(lambda models, data: _reported(models, data, commonest="test"),
                "The baseline may not look at test labels either. Its class is the commonest one in train."),
        Mistake(lambda models, data: _reported(models, data, baseline_on="train"),
                "That is the share of the commonest class in train. Let the baseline answer the same test rows."),
        Mistake(lambda models, data: _reported(models, data, baseline_on="valid"),
                "The baseline answered the validation rows. Let it answer the same test rows as the model."),
        Mistake(lambda models, data: _reported(models, data, commonest="valid"),
                "You took the commonest class from valid. That class is learnt, so take it from train."),
        Mistake(lambda models, data: _reported(models, data, commonest="valid", baseline_on="valid"),
                "That is the share of the commonest class in valid. Find the class in train, and judge it by test."),
        Mistake(lambda models, data: _reported(models, data, baseline=data.train.y.mode().values.item()),
                "`baseline` is a whole number, as a class is. Which share of the test rows is of that class?"),
        Mistake(lambda models, data: _reported(models, data, half=lambda p, n: (p * (1 - p) / n) ** 0.5),
                "That is one standard error, which holds two thirds of the cases. For 95 %, times 1.96."),
        Mistake(lambda models, data: _reported(models, data, half=lambda p, n: 1.96 * p * (1 - p) / n),
                "The root is missing: p(1 − p)/n is a variance."),
        Mistake(lambda models, data: _reported(models, data, half=lambda p, n: 1.96 * (p * (1 - p)) ** 0.5),
                "That is the spread of a single answer. The share of n answers varies less: divide by n, under the "
                "root."),
        Mistake(lambda models, data: _reported(models, data, half=lambda p, n: 2 * 1.96 * (p * (1 - p) / n) ** 0.5),
                "That is the whole width. Give half of it, the number behind ±."),
        Mistake(lambda models, data: _reported(
                    models, data, half=lambda p, n: 1.96 * (p * (1 - p) / len(data.train.y)) ** 0.5),
                "n is the number of rows that the share was counted on, and those are the test rows."),
        Mistake(lambda models, data: _reported(
                    models, data, half=lambda p, n: 1.96 * (p * (1 - p) / len(data.valid.y)) ** 0.5),
                "n is the number of rows that the share was counted on, and those are the test rows."),
        Mistake(lambda models, data: _reported(models, data, half=lambda p, n: 1.96 * (p * (1 - p)) ** 0.5 / n),
                "n belongs under the root: p(1 − p)/n first, then the root of all of it."),
        Mistake(lambda models, data: _reported(models, data, half=lambda p, n: 1.96 * (0.25 / n) ** 0.5),
                "That half width belongs to a share of one half. Put in the share that you counted."),
        Mistake(lambda models, data: _reported(models, data, half=lambda p, n: 2 * (p * (1 - p) / n) ** 0.5),
                "You took 2 for 1.96. Two digits more are asked for here."),
        Mistake(lambda models, data: _reported(
                    models, data, baseline=(data.test.y == 0).double().mean().item()),
                "Your baseline says class 0 to everybody. The commonest class is another one here: count in train."),
        Mistake(lambda models, data: _reported(models, data, balanced=lambda model, part: (
                    _recalls(model, part)[_recalls(model, part) > 0].mean().nan_to_num().item())),
                "A class of which nobody is found is left out of the mean. It counts, with 0."),
        Mistake(lambda models, data: _reported(models, data, half=lambda p, n: 1.96 * (p * (1 - p) / (n - 1)) ** 0.5),
                "Close: you divided by n − 1, as `std()` does. The formula here has p(1 − p)/n."),
        Mistake(lambda models, data: _reported(models, data, balanced=lambda model, part: _right(model, part)),
                "`balanced` is the plain accuracy again. Take the share right of each class, then their mean.", "M45"),
        Mistake(lambda models, data: _reported(models, data, balanced=_precision),
                "You went by what was predicted. Of those who are in a class, which share is found? Group by `y`."),
        Mistake(lambda models, data: _reported(
                    models, data, balanced=lambda model, part: _recalls(model, part).min().item()),
                "That is the worst class alone. Take the mean over the classes."),
        Mistake(lambda models, data: _reported(
                    models, data, balanced=lambda model, part: _recalls(model, data.valid).mean().item()),
                "`balanced` was counted on the validation rows. Those have chosen; count on `data.test`.", "M25"),
        Mistake(lambda models, data: _reported(
                    models, data, balanced=lambda model, part: _recalls(model, part).sum().item()),
                "That is the sum over the classes. Take the mean."),
        Mistake(lambda models, data: _reported(models, data, balanced=lambda model, part: _right(model, part) / 3),
                "You divided by all rows. Of each class, divide by the rows of that class; then take the mean."),
        Mistake(lambda models, data: _reported(models, data)["right"],
                "One number is no report. Give back the dict with all five."),
    ],
    hints=["Three parts, three offices: train gave the models and the baseline's class, valid chooses, test judges.",
           "Of a share p counted on n rows, the half width is 1.96 times the root of p(1 − p)/n.",
           "`balanced`: for each class k, `(predicted[y == k] == k).float().mean()`; then the mean of these."],
    explanation="Five numbers, and none of them flatters.",
)
def honest_result(models, data):
    """The best of `models`, a dict from name to model: its share right ± half_width, baseline, balanced accuracy."""
    def right(name, part):
        return (models[name](part.X).argmax(dim=1) == part.y).float().mean().item()

    name, y = max(models, key=lambda name: right(name, data.valid)), data.test.y
    p, predicted = right(name, data.test), models[name](data.test.X).argmax(dim=1)
    recalls = [(predicted[y == k] == k).float().mean().item() for k in y.unique()]
    return {"chosen": name, "right": p, "half_width": 1.96 * (p * (1 - p) / len(y)) ** 0.5,
            "baseline": (y == data.train.y.mode().values).float().mean().item(),
            "balanced": sum(recalls) / len(recalls)}


def _precision(model, part):
    predicted = model(part.X).argmax(dim=1)
    return torch.stack([(part.y[predicted == k] == k).double().mean() for k in predicted.unique()]).mean().item()


# A study

_TEN = torch.tensor([0.884, 0.871, 0.902, 0.868, 0.893, 0.877, 0.911, 0.859, 0.886, 0.897], dtype=torch.float64)
_GAIN = torch.tensor([0.012, 0.004, 0.017, 0.009, -0.003, 0.011, 0.008, 0.015, 0.002, 0.010], dtype=torch.float64)
_SIX = torch.tensor([1.42, 1.61, 1.18, 1.55, 1.33, 1.27], dtype=torch.float64)
_LOSS = torch.tensor([-0.21, 0.16, -0.08, 0.11, -0.14, 0.07], dtype=torch.float64)


def _interval(values, quantile="t", correction=1, root=True, freedom=-1):
    """Mean, low and high of Student's interval, with another quantile, divisor or number of degrees of freedom."""
    n, values = len(values), torch.as_tensor(values).double()
    factor = _t_of(n + freedom, 0.975) if quantile == "t" else quantile
    half = factor * values.std(correction=correction).item() / (n**0.5 if root else 1)
    return values.mean().item(), values.mean().item() - half, values.mean().item() + half


def _with_either_factor(answer, message):
    """A mistake of whoever takes Student's t for the interval, and of whoever takes 1.96 and makes two."""
    return [Mistake(lambda a, b, of=of: answer(a, b, of(len(a))), message)
            for of in (lambda n: _t(n, 0.975), lambda n: 1.96)]


def _unpaired(a, b):
    half = _t_of(2 * len(a) - 2, 0.975) * ((a.var() + b.var()) / len(a)).sqrt().item()
    difference = (a.mean() - b.mean()).item()
    return difference, difference - half, difference + half


def _unpaired_as_by_welch(a, b):
    """The same with Welch's degrees of freedom, as `scipy.stats.ttest_ind(…, equal_var=False)` has them."""
    of_a, of_b = a.var().item() / len(a), b.var().item() / len(b)
    freedom = (of_a + of_b) ** 2 / (of_a**2 / (len(a) - 1) + of_b**2 / (len(b) - 1))
    half, difference = _t_of(freedom, 0.975) * (of_a + of_b) ** 0.5, (a.mean() - b.mean()).item()
    return difference, difference - half, difference + half


def _single_standard_error(a, b):
    """The interval of a alone, laid round the difference."""
    mean, low, _ = _interval(a)
    difference = (a.mean() - b.mean()).item()
    return difference, difference - (mean - low), difference + (mean - low)


@exercise(
    how=lambda place, a, b: (
        f"The {len(a)} differences have the mean {(b - a).mean():.4g} and the standard deviation {(b - a).std():.4g}; "
        f"t is {_t(len(a), 0.975):.4g}."),
    probes={"ten seeds, b ahead of a by about 0.01": (_TEN, _TEN + _GAIN), "six seeds": (_SIX, _SIX + _LOSS)},
    rtol=2e-3,                                          # 2.26 for the t of ten seeds will do
    mistakes=[
        *(Mistake(lambda a, b, of=of: of(a - b), "You took a minus b. It is asked how much b is ahead.")
          for of in (_interval, lambda d: _interval(d, quantile=_t(10, 0.975)), lambda d: _interval(d, quantile=1.96))),
        *(Mistake(lambda a, b, heaps=heaps: heaps(b, a),
                  "You compared two heaps. Run by run, what the two have in common cancels: take `b - a` first.")
          for heaps in (_unpaired, _unpaired_as_by_welch)),
        Mistake(lambda a, b: _interval((b - a) / a.mean()),
                "Those are shares of what `a` had. The difference itself is asked for: `b - a`."),
        Mistake(lambda a, b: _single_standard_error(b, a),
                "That is the spread of b alone, laid round the difference. Take `b - a` first, then its spread."),
        Mistake(lambda a, b: _interval(b - a, quantile=1.96),
                "1.96 is for hundreds of runs. The spread of a few is itself a guess: Student's t with n − 1."),
        Mistake(lambda a, b: _interval(b - a, quantile=1.96, root=False),
                "√n is missing, for a mean is surer than a single run; and 1.96 is for hundreds of runs."),
        Mistake(lambda a, b: _interval(b - a, quantile=2.0),
                "2 standard errors are for many runs. For a few it is Student's t with n − 1: 2.26 for ten."),
        Mistake(lambda a, b: _interval(b - a, quantile=1.0),
                "That is one standard error. For 95 %, times Student's t."),
        Mistake(lambda a, b: _interval(b - a, root=False, quantile=1.0),
                "Mean ± standard deviation shows the single runs. Their mean is surer: divide by √n, and times t."),
        Mistake(lambda a, b: _interval(b - a, root=False),
                "√n is missing: that interval holds single runs. Their mean is surer by √n."),
        Mistake(lambda a, b: _interval(b - a, correction=0),
                "The spread was divided by n. Around their own mean, n values leave n − 1 free. "
                "PyTorch's `std()` does so; NumPy's needs `ddof=1`."),
        Mistake(lambda a, b: _interval(b - a, quantile=1.96, correction=0),
                "Two things: 1.96 is for hundreds of runs, and the spread was divided by n, not by n − 1."),
        Mistake(lambda a, b: _interval(b - a, quantile=_t(len(a), 0.975) * (len(a) / (len(a) - 1)) ** 0.5),
                "n − 1 is counted twice: `std()` has it already. Divide by √n."),
        Mistake(lambda a, b: _interval(b - a, quantile=_t(10, 0.975)),
                "2.262 is for ten runs. Other numbers of runs have another t: `scipy.stats.t.ppf(0.975, n - 1)`."),
        Mistake(lambda a, b: _interval(b - a, freedom=len(a) - 2),
                "2n − 2 is for two heaps. You have n differences, and they leave n − 1 free."),
        Mistake(lambda a, b: ((b - a).mean().item(), (b - a).quantile(0.025).item(), (b - a).quantile(0.975).item()),
                "Those are quantiles of single runs. How sure is their mean? Use t · s / √n."),
        Mistake(lambda a, b: (_interval(b - a)[0], *_interval(a - b)[1:]),
                "The mean is of b minus a, low and high are of a minus b."),
        Mistake(lambda a, b: (_interval(b - a)[0], _interval(b - a)[1] - _interval(b - a)[0],
                              _interval(b - a)[2] - _interval(b - a)[0]),
                "Low and high lie round 0. They belong round the mean: mean − half, mean + half."),
        Mistake(lambda a, b: tuple(of_b - of_a for of_a, of_b in zip(_interval(a), _interval(b), strict=True)),
                "You subtracted one interval from the other, end from end. Take `b - a` first, then one interval."),
        Mistake(lambda a, b: _interval(b - a, freedom=0), "Student's t has n − 1 degrees of freedom here, not n."),
        Mistake(lambda a, b: ((b - a).mean().item(), (b - a).min().item(), (b - a).max().item()),
                "Smallest and largest single run: the more runs, the wider, though you know more. Use t · s / √n."),
        Mistake(lambda a, b: (_interval(b - a)[0], *_interval(b - a, freedom=-1, quantile=_t(len(a), 0.95))[1:]),
                "That interval holds 90 %: with 2.5 % on either side, ask t for its 0.975."),
        *_with_either_factor(
            lambda a, b, factor: _interval((b - a).abs(), quantile=factor),
            "The signs are gone. Where b is behind, its difference is below 0 and counts against it."),
        *_with_either_factor(
            lambda a, b, factor: _interval((b - a) / a, quantile=factor),
            "Those are shares of what `a` had. The difference itself is asked for: `b - a`."),
        *_with_either_factor(
            lambda a, b, factor: _interval(b - a, quantile=factor / len(a)**0.5),
            "You divided by n. A mean of n is surer by √n."),
        *_with_either_factor(
            lambda a, b, factor: _interval(b - a, quantile=factor * (b - a).std().item()),
            "That is the variance, in squared units. Take its root, the standard deviation."),
        *_with_either_factor(
            lambda a, b, factor: tuple(_interval(b - a, quantile=factor)[place] for place in (0, 2, 1)),
            "Low and high are exchanged: mean − half comes before mean + half."),
        *_with_either_factor(
            lambda a, b, factor: _interval(b - a, quantile=factor)[1:],
            "Low and high are there, and the mean is missing. Give back three: mean, low, high."),
        *_with_either_factor(
            lambda a, b, factor: (_interval(b - a, quantile=factor)[0],
                                  _interval(b - a, quantile=factor)[2] - _interval(b - a)[0]),
            "You gave the half width. Give back three: mean, low, high."),
        *_with_either_factor(
            lambda a, b, factor: (_interval(b - a)[0], *(side * factor * (
                (a.var() + b.var()) / len(a)).sqrt().item() + _interval(b - a)[0] for side in (-1, 1))),
            "You compared two heaps. Run by run, what the two have in common cancels: take `b - a` first."),
        Mistake(lambda a, b: (b - a).mean().item(),
                "That is the difference alone. How sure is it? Give low and high too."),
    ],
    hints=["First the differences, run by run. From there on, the two runs of a seed are one number.",
           "Half the width is t · s / √n: s with divisor n − 1, t from `students_t(0.95, n - 1)` in "
           "course_utils.sweep; SciPy has it as `scipy.stats.t.ppf(0.975, n - 1)`."],
    explanation="If it holds 0, the verdict is: not shown.",
)
def paired_difference(a, b):
    """How far b is ahead of a, both (n,), run by run: the mean, and low and high of its 95 % interval."""
    from course_utils.sweep import students_t

    difference = b - a
    n, mean = len(difference), difference.mean().item()
    half = students_t(0.95, n - 1) * difference.std().item() / n**0.5
    return mean, mean - half, mean + half


def _t(n, share):
    return _t_of(n - 1, share)


def _t_of(freedom, share):
    """What `scipy.stats.t.ppf(share, freedom)` gives, without scipy.stats, which would take 50 MB of the kernel's."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, share))


# A check

def _judgement(result, answer):
    """What a learner's check did with an answer, in words."""
    if result is None:
        return {"what your check gives back": "None (right)"}
    if isinstance(result, str) and result.strip():
        return {"what your check gives back": "a sentence (wrong)"}
    return {"what your check gives back": f"{result!r:.30}"}


def _answers():
    """Three right answers and five wrong ones, each of which names its wrong idea."""
    def undivided(logits):
        return (logits - logits.amax(dim=1, keepdim=True)).exp()

    def overflowing(logits):
        return logits.exp() / logits.exp().sum(dim=1, keepdim=True)

    def separate(logits):
        return torch.sigmoid(logits) / torch.sigmoid(logits).sum(dim=1, keepdim=True)

    def without_return(logits):
        torch.softmax(logits, dim=1)

    def of_the_table(logits):
        return torch.softmax(logits.flatten(), dim=0).view_as(logits) if len(logits) > 1 else logits.softmax(dim=1)

    def by_torch(logits):
        return torch.softmax(logits, dim=1)

    def by_logarithms(logits):
        return torch.log_softmax(logits, dim=1).exp()

    def in_doubles(logits):
        shifted = logits.double() - logits.double().amax(dim=1, keepdim=True)
        return shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)

    return {
        "a right answer, PyTorch's own": (by_torch,),
        "a right answer that differs in the last digit": (by_logarithms,),
        "a right answer in double precision": (in_doubles,),
        "a wrong answer: not divided by the sum of each row": (undivided,),
        "a wrong answer: nan for large scores": (overflowing,),
        "a wrong answer: sigmoids divided by their sum": (separate,),
        "a wrong answer: the `return` is forgotten, so it gives None": (without_return,),
        "a wrong answer: shares of the whole table": (of_the_table,),
    }


_SCORES = torch.tensor([[2.0, 1.0, 0.1, -1.0], [0.5, -1.0, 1_000.0, 3.0], [-2.0, 0.3, 0.7, 1.9]])


def _checking(scores=_SCORES, typed=True, shape=True, asks="", right=lambda got, expected: torch.allclose(
                  got.double(), torch.softmax(expected.double(), dim=1), atol=1e-6)):
    """The solution with other scores to try, or another idea of when an answer is `right`.

    Without `typed`, it stops at an answer that gives None: at the attribute that it `asks` for first.
    """

    def check(answer):
        got = answer(scores.clone())
        if typed and not isinstance(got, torch.Tensor):
            return "no tensor"
        if asks:
            getattr(got, asks)
        if shape and got.shape != scores.shape:
            return "another shape"
        return None if right(got, scores) else "other values"

    return check


def _careful_and_hasty(message, id=None, made_of=lambda check: check, **changes):
    """A fault in a check that asks for a tensor first, and in checks that stop at an answer that gives None.

    Those stop with words of Python's that name what they ask for, so there is one for each usual way to begin.
    """
    careful = _checking(**changes)
    hasty = [_checking(typed=False, shape=False, asks=asks, **changes)
             for asks in ("double", "float", "sum", "argmax", "isnan", "T")]
    return [Mistake(made_of(check), message, id) for check in (careful, *hasty)]


_TAME = _SCORES.clamp(max=3.0)


def _in_one_kind(right=torch.allclose, made_of=lambda check: check, scores=_SCORES):
    """A check that compares in float32, so that a right answer in doubles stops it, with a second fault: `made_of`."""
    def check(answer):
        return None if right(answer(scores.clone()), torch.softmax(scores, dim=1)) else "other values"

    return made_of(check)


def _asking_for_the_range(answer):
    """A check that asks whether numbers lie between 0 and 1, which nan is not found to violate."""
    got = answer(_SCORES.clone())
    if (got < 0).any() or (got > 1).any():
        return "out of range"
    return None


@exercise(
    probes=_answers,
    compare_by=_judgement,
    mistakes=[
        *(Mistake(_checking(typed=typed, shape=typed,
                            right=lambda got, scores: torch.equal(got, torch.softmax(scores, dim=1))),
                  "Too strict: it asks for every last digit, and for one dtype. Right answers differ by rounding: "
                  "`torch.allclose`.") for typed in (True, False)),
        Mistake(_checking(typed=False, shape=False,
                          right=lambda got, scores: (got == torch.softmax(scores, dim=1)).all()),
                "Too strict: `==` asks for every last digit. Right answers differ by rounding: `torch.allclose`."),
        Mistake(_checking(typed=False, right=lambda got, scores: True),
                "Too lax: wrong numbers in the right shape pass, all of them. Compare values."),
        *_careful_and_hasty("You ask that all shares together sum to 1. Each row sums to 1 by itself: `sum(dim=1)`.",
                            right=lambda got, scores: abs(got.sum().item() - 1) < 1e-4)[:1],
        Mistake(_checking(typed=False, shape=False, right=lambda got, scores: abs(got.sum().item() - 1) < 1e-4),
                "You ask that all shares together sum to 1. Each row sums to 1 by itself: `sum(dim=1)`."),
        Mistake(_checking(typed=False, shape=False, right=lambda got, scores: torch.isfinite(got).all()),
                "Too lax: finite numbers need not be the right ones. Compare values."),
        Mistake(_checking(right=lambda got, scores: got.dtype == torch.float32 and torch.allclose(
                    got, torch.softmax(scores, dim=1), atol=1e-6)),
                "Too strict: it rejects double precision, which is right, too. Compare `got.double()`."),
        Mistake(_checking(right=lambda got, scores: torch.allclose(got, torch.softmax(scores, dim=1), atol=1e-6)),
                "It stops at a right answer: `allclose` takes one dtype only. Compare `got.double()` with doubles."),
        Mistake(_checking(right=lambda got, scores: torch.allclose(
                    got.double(), torch.softmax(scores.double(), dim=1), rtol=0, atol=1e-12)),
                "Too strict: float32 has seven digits, and right answers differ in the last of them. Allow 1e-6."),
        *(mistake for scores in (_SCORES, _TAME) for mistake in _careful_and_hasty(
            "Too lax: sigmoids divided by their sum pass, whose rows sum to 1 as well. Compare values.", "M31",
            scores=scores,
            right=lambda got, scores: torch.allclose(got.sum(dim=1).double(), torch.ones(len(got)).double()))),
        *_careful_and_hasty(
            "Too lax: sigmoids divided by their sum pass, and nan does. Sums and order are not enough: compare the "
            "values.", right=lambda got, scores: got.argmax(dim=1).equal(scores.argmax(dim=1))),
        Mistake(_checking(right=lambda got, scores: bool(((got >= 0) & (got <= 1)).all())),
                "Too lax: numbers from 0 to 1 need not be the right ones. Compare values."),
        Mistake(_checking(right=lambda got, scores: True),
                "Too lax: wrong numbers in the right shape pass, all of them. Compare values."),
        *_careful_and_hasty(
            "Too lax: shares of the whole table pass. In a single row they are the same as shares of the row: try "
            "several rows.", scores=_SCORES[1:2]),
        *_careful_and_hasty(
            "Too lax: shares of the whole table pass. In a single row they are the same as shares of the row: try "
            "several rows.", scores=torch.tensor([[1_000.0, 999.0, 3.0, -1.0]])),
        *_careful_and_hasty(
            "Too lax: shares that were never divided pass. Their largest stands where it should: compare the values.",
            scores=1_000 * _TAME, right=lambda got, scores: got.argmax(dim=1).equal(scores.argmax(dim=1))),
        *_careful_and_hasty(
            "Too lax: nan passes. Try a score of 1,000, where exp overflows; and nan compares as False.", "M34",
            scores=_TAME),
        Mistake(_checking(scores=_TAME[:1]),
                "Too lax: nan passes, and so do shares of the whole table. Try several rows, one score of 1,000, and "
                "look at differences without their sign.", "M34"),
        Mistake(_asking_for_the_range,
                "Too lax: every tensor passes. `return` a sentence, for `print` hands nothing over, and compare "
                "values."),
        Mistake(_checking(typed=False, shape=False),
                "It stops at an answer that gives None. Look at the type first: `isinstance(got, torch.Tensor)`."),
        Mistake(_checking(typed=False),
                "It stops at an answer that gives None, which has no shape. First `isinstance(got, torch.Tensor)`."),
        Mistake(lambda answer: "wrong",
                "A sentence comes back whatever you are given, and a sentence means wrong. For right, give None."),
        Mistake(lambda answer: None if callable(answer) else "no function",
                "None comes back whatever you are given. Call the answer, look at what it gives, and `return` a "
                "sentence: `print` hands nothing over."),
        Mistake(lambda answer: torch.allclose(answer, torch.softmax(_SCORES, dim=1)),
                "`answer` is a function, not its result. Call it: `answer(logits)`."),
        Mistake(lambda answer: _checking()(answer) is None,
                "It tells right from wrong, but by True and False. Give None for right, and for wrong a sentence."),
        Mistake(lambda answer: _checking()(answer) or "",
                "Right is None, not an empty text: the learner would see a blank line."),
        *(mistake for scores in (_SCORES, _TAME) for mistake in (
            Mistake(_in_one_kind(made_of=lambda check: lambda answer: check(answer) is None, scores=scores),
                    "It answers by True and False. Give None for right, and for wrong a sentence."),
            Mistake(_in_one_kind(made_of=lambda check: lambda answer: None if check(answer) else "right",
                                 scores=scores),
                    "The wrong way round: None means that there is nothing to say."))),
        Mistake(_in_one_kind(made_of=lambda check: lambda answer: check(answer) or "right"),
                "A sentence comes back for every tensor, for right ones too. For those give None, and no word such as "
                "“right”. And compare with the softmax of the rows: the columns do not sum to 1."),
        Mistake(_in_one_kind(made_of=lambda check: lambda answer: check(answer) and None),
                "None comes back for wrong numbers too. `return` a sentence: `print` hands nothing over."),
        *(Mistake(_in_one_kind(right=lambda got, shares: torch.allclose(got.sum(dim=1), torch.ones(len(got))),
                               scores=scores),
                  "Too lax: sigmoids divided by their sum pass, whose rows sum to 1 as well. Compare values.", "M31")
          for scores in (_SCORES, _TAME)),
        *(Mistake(_in_one_kind(right=right, scores=_TAME),
                  "Too lax: nan passes. Try a score of 1,000, where exp overflows; and nan compares as False.", "M34")
          for right in (torch.allclose,
                        lambda got, shares: got.shape == shares.shape and torch.allclose(got, shares, atol=1e-6))),
        Mistake(_in_one_kind(scores=_SCORES[1:2]),
                "Too lax: shares of the whole table pass. In a single row they are the same as shares of the row: try "
                "several rows."),
        *_careful_and_hasty(
            "A sentence comes back for every tensor, for right ones too. What is compared? Rows sum to 1, columns "
            "do "
            "not.", right=lambda got, scores: False)[1:],                        # a careful one gives it for None too
        *_careful_and_hasty("The wrong way round: None means that there is nothing to say.",
                            made_of=lambda check: lambda answer: None if check(answer) else "right"),
        *_careful_and_hasty(
            "Too lax: every tensor passes. `return` a sentence, for `print` hands nothing over, and compare values.",
            made_of=lambda check: lambda answer: check(answer) and None)[1:],       # a careful one gives None always
    ],
    hints=["Choose scores that trap: several rows, more columns than rows or fewer, one score of 1,000.",
           "Type first, then shape, then the values, in double precision and with a tolerance."],
    explanation="Three accepted, five rejected. A test that cannot fail is no test, and one that fails right "
                "answers is worse.",
)
def check_softmax(answer):
    """None if `answer` is a right softmax of the rows of a tensor (n, K), else a sentence on what is wrong with it."""
    logits = torch.tensor([[2.0, 1.0, 0.1, -1.0], [0.5, -1.0, 1000.0, 3.0], [-2.0, 0.3, 0.7, 1.9]])
    got = answer(logits.clone())
    if not isinstance(got, torch.Tensor):
        return "It does not give back a tensor. Is the `return` there?"
    if got.shape != logits.shape:
        return f"Its shape is {tuple(got.shape)}; {tuple(logits.shape)} is needed."
    if not torch.allclose(got.double(), torch.softmax(logits.double(), dim=1), atol=1e-6):
        return "Its values are not those of a softmax over each row."
    return None


@check_softmax.mistake("`assert` stops the program, and nobody is told why. Give back a sentence in its place.")
def _(answer):
    got = answer(_SCORES.clone())
    assert isinstance(got, torch.Tensor)
    assert got.shape == _SCORES.shape
    assert torch.allclose(got.double(), torch.softmax(_SCORES.double(), dim=1), atol=1e-6)


# The post-test has a catalogue of its own; the lesson checks its items in the same way

POST_TEST = (again_batch, again_divided, again_floor, again_gradient, again_logit, again_pairs,
             knows_dropout, knows_momentum, knows_test_set, knows_weight_decay, knows_weighting, knows_workers)

give_names(globals())
