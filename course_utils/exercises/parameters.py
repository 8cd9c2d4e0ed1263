"""The exercises of lesson 04: read the numbers of a model, rank them, freeze them, group them, carry them away."""

from weakref import WeakKeyDictionary

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checker import Choice, Mistake, Order, Prediction, Right, Wrong, exercise, give_names

flips_guess = Prediction(
    "Of the 30 weights, how many change their sign in at least one of 30 fits to other patients?",
    low=0,
    high=30,
    measured=13,
    spread="of 30; between 11 and 14 in four such rounds of draws",
    reveal_later=True,
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
        Mistake(lambda W, b, X: (X @ W.T + b).argmax(dim=1) + 1,
                "Classes are numbered from 0: the place is the class, with nothing added.", "M14"),
        Mistake(lambda W, b, X: (X @ W + b).argmax(dim=1),
                "W has one row a class, as `nn.Linear` stores it. Turn it over: `W.T`."),
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


# What matters

def _importance_probe(n, sds, w, seed):
    g = torch.Generator().manual_seed(seed)
    sds = torch.tensor(sds)
    return torch.tensor(w), 3 * sds.flip(0) + sds * torch.randn(n, len(sds), generator=g)


@exercise(
    probes=[_importance_probe(40, [0.1, 30.0, 1.0, 5.0, 400.0], [-2.0, 3.0, -2.5, -0.9, 0.004], 0),
            _importance_probe(25, [2.0, 0.02, 70.0, 0.6], [0.5, -30.0, 0.03, -1.2], 1)],
    mistakes=[
        Mistake(lambda w, X: w.abs().argsort(descending=True),
                "A weight carries a unit: in millimetres it is a tenth of what it is in centimetres. Multiply "
                "each by the standard deviation of its feature.", "M26"),
        Mistake(lambda w, X: w.argsort(descending=True),
                "This is the order of the weights as they stand, with signs and units. Take sizes, `abs()`, "
                "each times the standard deviation of its feature.", "M26"),
        Mistake(lambda w, X: (w.abs() * X.std(dim=0)).argsort(),
                "The other way round: the most important one comes first. `argsort(descending=True)`."),
        Mistake(lambda w, X: (w * X.std(dim=0)).argsort(descending=True),
                "A large negative weight matters as much as a large positive one. Take the size first: `abs()`."),
        Mistake(lambda w, X: (w.abs() * X.mean(dim=0).abs()).argsort(descending=True),
                "The mean says where a feature lies, not how much it varies. What never varies moves no score."),
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
    """The features' indices, the one that moves the score most first: w (m,) in raw units, X (n, m)."""
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
                "It still moves: the old `.grad` is zero, not None, so momentum and decay go on. Set `p.grad = None` "
                "too. If it stands there: `parameters()` is used up after one pass.", "M43"),
        Mistake(lambda layer: layer.eval(),
                "`eval()` does not touch gradients. It changes what dropout and batch normalisation do, and the layer "
                "learns on.", "M10"),
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


# Groups

def _two_layers():
    return [(nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)), 0.5),
            (nn.Sequential(nn.Linear(2, 5)), 0.2)]


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
                "Nothing decays: give the group of the weights its `\"weight_decay\": strength`."),
        Mistake(lambda model, strength: [
                    {"params": [p for p in model.parameters() if p.ndim == 1], "weight_decay": 0.0}],
                "Your weights are in no group, so no step ever moves them."),
        Mistake(_two_groups(weights=lambda name: name != "bias", biases=lambda name: name == "bias"),
                "One group is empty, and the biases decay with the weights. Names here are `0.bias`, `2.bias`: ask "
                "`name.endswith(\"bias\")`."),
        Mistake(_two_groups(weights=lambda name: name == "weight", biases=lambda name: name == "bias"),
                "Your groups are empty. Names here are `0.weight`, `0.bias`: ask `name.endswith(\"bias\")`."),
        Mistake(_two_groups(weights=lambda name: True),
                "The biases are in both groups. `model.parameters()` holds all: give the first the weights alone."),
        Mistake(_two_groups(named=lambda model: model.state_dict().items()),
                "Your groups hold other tensors than the model's parameters, so no step moves the model. "
                "`state_dict()`, `.data` and `clone()` give such; `named_parameters()` gives the real ones."),
        Mistake(_two_groups(decays=lambda strength: (strength, strength)),
                "The biases decay too: their group has a `weight_decay` of `strength`. It should be 0.", "M18"),
        Mistake(_two_groups(decays=lambda strength: (0.0, strength)),
                "The groups are exchanged: here the biases decay and the weights do not."),
        Mistake(_two_groups(decays=lambda strength: (strength / 2, 0.0)),
                "Half the decay: `weight_decay` is the factor of w in the gradient, `strength` as it is.", "M19"),
        Mistake(_two_groups(decays=lambda strength: (2 * strength, 0.0)),
                "`weight_decay` is the factor of w in the gradient: `strength` as it is, no 2.", "M19"),
        Mistake(_two_groups(lr=0.0),
                "With a learning rate of 0 the biases stand still. They learn as well; they only do not decay."),
    ],
    hints=[
        "An optimizer takes a list of dicts: `{\"params\": [...], \"weight_decay\": ...}`. You need two.",
        "`named_parameters()` gives pairs such as (\"0.bias\", tensor): the name tells which group.",
    ],
    explanation="Hand the list to any optimizer in place of `model.parameters()`.",
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


@decay_groups.mistake("A group is a dict: `{\"params\": [...], \"weight_decay\": ...}`. A bare list has no strength.")
def _(model, strength):
    weights = [p for name, p in model.named_parameters() if not name.endswith("bias")]
    return [weights, [p for name, p in model.named_parameters() if name.endswith("bias")]]


# Values

save_order = Order(
    steps={
        "a": "`model.load_state_dict(state)`",
        "b": "`model = MultinomialLogit(64, 10)`",
        "c": "`torch.save(model.state_dict(), path)`",
        "d": "`state = torch.load(path, weights_only=True)`",
    },
    answer="cbda",
    also=("cdba",),
    mistakes=[
        Mistake("bcda", "You saved a new model over the trained one: its numbers are those of its start."),
        Mistake("cdab", "There is no model yet to load into. A `state_dict` holds numbers and names, no program."),
        Mistake("cbad", "You load `state` into the model before you have read it from the file."),
        Mistake("dbac", "The file is read before it was written."),
        Mistake("bdac", "The file is read before it was written."),
    ],
    hints=["The first line runs where the model was trained; the other three in the program that wants it back.",
           "What must exist before `load_state_dict` can fill it?"],
    explanation="Numbers travel; the program stays. Both sides must agree on names and shapes.",
)

starts = Choice(
    "Softmax regression with a penalty, fitted to the very end from ten starts: zeros, small, and far too large. What "
    "differs at the end?",
    {
        "a": Wrong("The start from zeros is worse: without random numbers all classes learn the same",
                   "Each class has its own targets, so the classes part at the first step. Alike they stay in "
                   "a hidden layer.", "M38"),
        "b": Right("Nothing that eight decimals of the loss would show"),
        "c": Wrong("The loss: some starts end in a higher valley than others",
                   "This loss is convex: one valley. There is no higher one to end in.", "M38"),
        "d": Wrong("The loss is the same, but the weights are others",
                   "The penalty leaves one best W. Of all copies shifted by a vector it takes the smallest, "
                   "whose classes sum to 0.", "M28"),
    },
    hints=["How many valleys has a convex loss?"],
    explanation="The start decides how long the walk is, not where it ends.",
)

find_the_fault = Choice(
    "The model trains without complaint and hardly gets better than guessing. Which repair is right?",
    {
        "a": Wrong("Line 4: start from `torch.randn`, zeros are a bad start",
                   "Zeros are the best start for this model. The weights stay at 0 for another reason: nobody "
                   "moves them.", "M38"),
        "b": Right("Line 4: wrap the zeros in `nn.Parameter`"),
        "c": Wrong("Line 8: return `torch.softmax(...)` of the scores",
                   "`cross_entropy` takes scores and applies the softmax itself. The weights would still stay "
                   "at 0.", "M02"),
        "d": Wrong("Call `model.train()` before the loop, so that gradients are computed",
                   "`train()` and `eval()` switch dropout and batch normalisation. Gradients come with or "
                   "without them.", "M10"),
    },
    hints=["What does `list(model.parameters())` hold, and who is given it?"],
    explanation="A plain tensor is no parameter: not listed, not trained, not saved, not moved to a device.",
)


give_names(globals())
