"""The studies in the drawer of lesson 04: random layers, what the list of parameters holds, hands, gradients, files."""

import contextlib
import io
import pickle
from collections.abc import Callable, Sequence
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.data import Examples
from course_utils.datasets import load_digits
from course_utils.metrics import accuracy
from course_utils.models import MLP, MultinomialLogisticRegression
from course_utils.plotting import plot_spread
from course_utils.studies._frozen_layers import DRAWS, Question, first_layer, heads, mean
from course_utils.studies._reader import new_digits, reader
from course_utils.study import Finding, study
from course_utils.sweep import mean_interval, sweep
from course_utils.train import seeded


@study(
    claim="A layer frozen at its random start ruins a network",
    kind="misleading",
    verdict="it costs two points in a hundred here; most of the loss that people see is an under-trained head",
    evidence="A random hidden layer of 64 with its head at the optimum gets some 95 %, the network trained whole 97 %. "
             "With a head of 20 epochs the same layer gets 66 %. A layer frozen after 10 of 40 epochs, its head "
             "at the optimum, loses less than a point.",
    expected={
        "all trained (% right)": (95.5, 98),
        "frozen at random, head at its optimum (% right)": (93, 96),
        "frozen at random, head of 20 epochs (% right)": (52, 80),
        "cost of the random layer, low end of its interval (points)": (0.5, 4),
        "cost of the random layer, high end (points)": (1.5, 6),
        "cost of a layer frozen after 10 of 40 epochs (points)": (-0.5, 1.5),
    },
    seconds=14,
)
def random_layer() -> Finding:
    """Digits, one hidden layer of 64 units, ten starts, 897 images to learn from. The whole network learns for 40
    epochs at the best of five rates; heads are at their optimum, at the best of seven penalties. Both are chosen on 450
    images and judged on 450 others. The third number is a head of 20 epochs, 128 images a batch, at a rate of 0.5. The
    interval is over starts, paired, 95 %: it holds for this split.
    """
    digits = load_digits(valid_size=0.25, test_size=0.25)
    train, (valid, test) = digits.train, [part for part in (digits.valid, digits.test) if part]
    learn, choose, judge = torch.arange(len(train.y) + len(valid.y) + len(test.y)).split(
        [len(train.y), len(valid.y), len(test.y)])
    together = Examples(torch.cat([train.X, valid.X, test.X]), torch.cat([train.y, valid.y, test.y]))
    question = Question(together, 10, F.relu, lambda seed: (learn, choose, judge))

    def start() -> MLP:
        return MLP(64, 10, hidden=(64,))

    def judged(model: nn.Module) -> float:
        return 100 * accuracy(model(test.X).detach(), test.y)

    def random(seed: int) -> nn.Linear:
        with seeded(seed):
            return first_layer(start())

    def features(layer: Callable[[int], nn.Linear]) -> Callable[[int], Callable[[Tensor], Tensor]]:
        return lambda seed: lambda X: F.relu(layer(seed)(X))

    whole = sweep(start, digits, F.cross_entropy, lr=[0.03, 0.1, 0.3, 1.0, 3.0], epochs=[10, 40], seeds=DRAWS)
    best = whole.where(epochs=40).at_best("lr")
    early = [first_layer(run.model) for run in whole.where(epochs=10, lr=best[0]["lr"])]
    trained = [judged(run.model) for run in best]
    at_random, _ = heads(question, features(random), DRAWS)
    late, _ = heads(question, features(lambda seed: early[seed]), DRAWS)
    short = sweep(lambda: MultinomialLogisticRegression(64, 10),
                  lambda seed: digits.map(lambda X: F.relu(random(seed)(X)).detach()),
                  F.cross_entropy, lr=0.5, epochs=20, batch_size=128, seeds=DRAWS)
    hurried = [100 * accuracy(run.model(F.relu(random(run.seed)(test.X))).detach(), test.y) for run in short]
    cost = mean_interval(a - b for a, b in zip(trained, at_random, strict=True))
    right: dict[str, Sequence[float]] = {
        "all trained": trained, "frozen at random": at_random, "the same, head\nof 20 epochs": hurried,
        "frozen after\n10 of 40 epochs": late,
    }
    return Finding({
        "all trained (% right)": mean(trained),
        "frozen at random, head at its optimum (% right)": mean(at_random),
        "frozen at random, head of 20 epochs (% right)": mean(hurried),
        "cost of the random layer, low end of its interval (points)": cost.low,
        "cost of the random layer, high end (points)": cost.high,
        "cost of a layer frozen after 10 of 40 epochs (points)": mean(trained) - mean(late),
    }, lambda: plot_spread(right, ylabel="new digits right (%)", title="Most of the loss is a head that was stopped"))


# ---- the list, the hand, and the gradient that was left -------------------------------------------------------------

@study(
    claim="`parameters()` yields the parameters that are trained",
    kind="false",
    verdict="false",
    evidence="Of the 6 tensors it lists 5 are trainable, and a second pass yields 0. It leaves out 3 buffers that the "
             "model needs to predict.",
    expected={"tensors listed": (6, 6), "of these trainable": (5, 5), "listed by a second pass": (0, 0),
              "buffers, not listed": (3, 3), "in state_dict()": (9, 9)},
    seconds=0.1,
)
def listed() -> Finding:
    """Two linear layers with batch normalisation between them; the first weight is frozen."""
    net = nn.Sequential(nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 10))
    net[0].weight.requires_grad = False
    parameters = net.parameters()
    first = list(parameters)
    return Finding({"tensors listed": len(first), "of these trainable": sum(p.requires_grad for p in first),
                    "listed by a second pass": len(list(parameters)), "buffers, not listed": len(list(net.buffers())),
                    "in state_dict()": len(net.state_dict())})


@study(
    claim="Do not change parameters by hand, and do not predict from them",
    kind="misleading",
    verdict="too strict on both counts",
    evidence="In place and under `no_grad` a change is safe; rebinding a name changes nothing, silently. X @ W.T + b "
             "gives the model's class for every one of 450 digits; what it leaves out is hooks.",
    expected={"weights changed in place (of 640)": (0, 0), "by hanging a tensor on the model": (0, 0),
              "by rebinding the name": (0, 0), "in place, under no_grad": (640, 640),
              "answers that differ, by hand and by the model (of 450)": (0, 0),
              "calls seen by a hook, of model(X) and model.forward(X)": (1, 1)},
    seconds=0.5,
)
def by_hand() -> Finding:
    """Four ways to add 1 to all weights of an `nn.Linear`, each on a new one. Then the classes of 450 digits in two
    ways, and a forward hook that counts.
    """
    def in_place(model: nn.Linear) -> None:
        model.weight.add_(1)

    def hang(model: nn.Module) -> None:
        model.weight = torch.ones(10, 64)

    def rebind(model: nn.Linear) -> None:
        for p in model.parameters():
            p = p + 1                                                   # type: ignore[assignment]  # the slip itself

    def under_no_grad(model: nn.Linear) -> None:
        with torch.no_grad():
            model.weight.add_(1)

    changed = []
    for attempt in (in_place, hang, rebind, under_no_grad):
        model = nn.Linear(64, 10)
        before = model.weight.detach().clone()
        with contextlib.suppress(RuntimeError, TypeError):              # how PyTorch refuses the first two
            attempt(model)
        changed.append(int((model.weight.detach() != before).sum()))
    model, X, seen = reader(), new_digits().X, []
    model.register_forward_hook(lambda *_: seen.append("a call"))
    by_call, _ = model(X), model.forward(X)
    differ = int(((X @ model.weight.T + model.bias).argmax(dim=1) != by_call.argmax(dim=1)).sum())
    return Finding(dict(zip(by_hand.expected, (*changed, differ, len(seen)), strict=True)))


@study(
    claim="`requires_grad = False` freezes a parameter",
    kind="when",
    verdict="true if no gradient is left behind",
    evidence="With `.grad` None five optimizers leave it still. With a `.grad` of zero, momentum, decay, Adam and "
             "AdamW move it.",
    expected={"moved, .grad None: the most of five optimizers": (0, 0), ".grad zero: SGD": (0, 0),
              ".grad zero: SGD with momentum": (0.1, 5), ".grad zero: SGD with decay": (0.001, 1),
              ".grad zero: Adam": (0.01, 2), ".grad zero: AdamW": (0.01, 2)},
    seconds=0.5,
)
def gradient_left() -> Finding:
    """Five steps on the digits, then `requires_grad = False` on the weights, then five steps more: how far do they move
    after they were frozen? Once with gradients set to None between steps, as is usual, and once to zero.
    """
    X, y = load_digits().train

    def moved(make: Callable[..., torch.optim.Optimizer], settings: dict[str, float], to_none: bool) -> float:
        with seeded(0):
            model = nn.Linear(64, 10)
        optimizer = make(model.parameters(), **settings)
        frozen_at = model.weight.detach().clone()
        for step in range(10):
            if step == 5:
                model.weight.requires_grad = False
                frozen_at = model.weight.detach().clone()
            optimizer.zero_grad(set_to_none=to_none)
            F.cross_entropy(model(X), y).backward()
            optimizer.step()
        return (model.weight.detach() - frozen_at).norm().item()

    kinds: list[tuple[Callable[..., torch.optim.Optimizer], dict[str, float]]] = [
        (torch.optim.SGD, {"lr": 0.1}), (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
        (torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.1}), (torch.optim.Adam, {"lr": 0.01}),
        (torch.optim.AdamW, {"lr": 0.01})]
    most = max(moved(make, settings, True) for make, settings in kinds)
    zero = [moved(make, settings, False) for make, settings in kinds]
    return Finding(dict(zip(gradient_left.expected, (most, *zero), strict=True)))


# ---- files ----------------------------------------------------------------------------------------------------------

@study(
    claim="A file of weights is only numbers",
    kind="when",
    verdict="true if you read it with `weights_only=True`",
    evidence="A stranger's file ran a line of its own when it was read with `weights_only=False`, and was refused with "
             "True.",
    expected={"lines run by the file, weights_only=False": (1, 1), "lines run, weights_only=True": (0, 0)},
    seconds=0.1,
)
def stranger() -> Finding:
    """`torch.save` writes a pickle, and a pickle may name a function to call. This one only counts its calls."""
    ran = []
    for weights_only in (False, True):
        file = io.BytesIO()
        torch.save(_Stranger(), file)
        file.seek(0)
        _Stranger.calls.clear()
        with contextlib.suppress(pickle.UnpicklingError):
            torch.load(file, weights_only=weights_only)
        ran.append(len(_Stranger.calls))
    return Finding(dict(zip(stranger.expected, ran, strict=True)))


class _Stranger:
    """What to call when it is read back: its author decides."""

    calls: ClassVar[list[str]] = []

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return _called, ("this line was run by the file",)


def _called(words: str) -> None:
    _Stranger.calls.append(words)


@study(
    question="Do the numbers fit another library?",
    evidence="The reader's weights, set into scikit-learn's LogisticRegression, give the same classes for 450 digits. "
             "A model that scikit-learn fitted gives the same classes as an `nn.Linear`.",
    expected={"answers that differ there (of 450)": (0, 0), "answers that differ back here (of 450)": (0, 0)},
    seconds=1.5,
)
def elsewhere() -> Finding:
    """To scikit-learn by `coef_`, `intercept_` and `classes_`; back by `copy_` under `no_grad`. Both keep one row a
    class.
    """
    from sklearn.linear_model import LogisticRegression

    digits, model, there = load_digits(), reader(), LogisticRegression()
    X = new_digits().X
    there.coef_, there.intercept_ = model.weight.detach().numpy(), model.bias.detach().numpy()
    there.classes_ = torch.arange(10).numpy()
    differ = int((model(X).argmax(dim=1).numpy() != there.predict(X.numpy())).sum())
    theirs = LogisticRegression(max_iter=1_000).fit(digits.train.X.numpy(), digits.train.y.numpy())
    with torch.no_grad():
        model.weight.copy_(torch.tensor(theirs.coef_))
        model.bias.copy_(torch.tensor(theirs.intercept_))
    back = int((model(X).argmax(dim=1).numpy() != theirs.predict(X.numpy())).sum())
    return Finding({"answers that differ there (of 450)": differ, "answers that differ back here (of 450)": back})
