"""Epochs of softmax regression: `fit`, the same loop written out, and the ways that tutorials show.

An epoch of the digits takes some ten milliseconds, in which the checks before the first step, half a millisecond once,
are seen beside the loop. So there are two rows for them, under one bar: the ten epochs that `fit` makes unless told
otherwise, and the first epoch alone, checks and all.
"""

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

from benchmarks.measuring import Row, row, take_turns
from course_utils.data import Examples
from course_utils.datasets import load_digits, load_mnist
from course_utils.models import MultinomialLogisticRegression
from course_utils.train import fit, set_epochs_trained

LR = 0.1


def mnist() -> Examples:
    images, labels = load_mnist().train
    return Examples(images.flatten(1).float() / 255, labels)


def bare_epoch(model, optimizer, examples: Examples, batch_size: int) -> None:
    """The loop written out, with nothing that it could do without."""
    X, y = examples
    for batch in torch.randperm(len(X)).split(batch_size):
        optimizer.zero_grad()
        F.cross_entropy(model(X[batch]), y[batch]).backward()
        optimizer.step()


def loader_epoch(model, optimizer, loader) -> None:
    for X, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(X), y).backward()
        optimizer.step()


def closed_form_epoch(weight, bias, examples: Examples, batch_size: int) -> None:
    """The gradient of mean cross-entropy is (p − onehot(y))ᵀ x / B: no graph, no optimizer."""
    X, y = examples
    rows = torch.arange(batch_size)
    for batch in torch.randperm(len(X)).split(batch_size):
        x, n = X.index_select(0, batch), len(batch)
        p = torch.addmm(bias, x, weight.T).softmax(dim=1)
        p[rows[:n], y.index_select(0, batch)] -= 1
        weight.addmm_(p.T, x, alpha=-LR / n)
        bias.sub_(p.sum(0), alpha=LR / n)


def _model(examples: Examples):
    model = MultinomialLogisticRegression(examples.X.shape[1], 10)
    return model, torch.optim.SGD(model.parameters(), lr=LR)


def rows(quick: bool = False) -> list[Row]:
    found = []
    for name, examples, batch_size, epochs, rounds in (
        ("digits, batch 32, ten epochs", load_digits().train, 32, 10, 25),
        ("MNIST, batch 64", mnist(), 64, 1, 7),
        ("MNIST, batch 1024", mnist(), 1024, 1, 9),
    ):
        found += _fit_rows(name, examples, batch_size, epochs, 3 if quick else rounds)
    return found + _first_epoch_row(3 if quick else 50) + _tutorial_rows(1 if quick else 3)


def _fit_from_the_start(pair, examples: Examples, batch_size: int, epochs: int, **options) -> None:
    model, optimizer = pair
    set_epochs_trained(model, 0)  # so that no note is printed
    fit(model, examples, F.cross_entropy, optimizer, epochs=epochs, batch_size=batch_size, **options)


def _fit_rows(name: str, examples: Examples, batch_size: int, epochs: int, rounds: int) -> list[Row]:
    bare, measured, ours, loaded = (_model(examples) for _ in range(4))
    loader = DataLoader(TensorDataset(*examples), batch_size=batch_size, shuffle=True)
    weight, bias = torch.zeros(10, examples.X.shape[1]), torch.zeros(10)

    def times(epoch):
        return lambda: [epoch() for _ in range(epochs)]

    seconds = take_turns(
        {
            "bare loop": times(lambda: bare_epoch(*bare, examples, batch_size)),
            "fit, measure=False": lambda: _fit_from_the_start(ours, examples, batch_size, epochs, measure=False),
            "fit": lambda: _fit_from_the_start(measured, examples, batch_size, epochs),
            "closed form": times(lambda: closed_form_epoch(weight, bias, examples, batch_size)),
            "DataLoader over TensorDataset": times(lambda: loader_epoch(*loaded, loader)),
        },
        rounds,
    )
    return [
        row(name, seconds, "fit, measure=False", "bare loop", 1.05),
        row(name, seconds, "fit", "bare loop"),
        row(name, seconds, "fit, measure=False", "DataLoader over TensorDataset", 0.6 if batch_size == 64 else None),
        row(name, seconds, "closed form", "bare loop", 0.45 if batch_size <= 64 else None),
    ]


def _first_epoch_row(rounds: int) -> list[Row]:
    examples = load_digits().train
    bare, ours = _model(examples), _model(examples)
    seconds = take_turns(
        {
            "bare loop": lambda: bare_epoch(*bare, examples, 32),
            "fit, measure=False": lambda: _fit_from_the_start(ours, examples, 32, 1, measure=False),
        },
        rounds,
    )
    return [row("digits, batch 32, the first epoch alone", seconds, "fit, measure=False", "bare loop", 1.05)]


def mnist_of_torchvision() -> DataLoader:
    """MNIST as most tutorials read it, filled from our verified copy: one image at a time, through ToTensor."""
    from torchvision import datasets, transforms

    dataset = datasets.MNIST.__new__(datasets.MNIST)
    dataset.data, dataset.targets = load_mnist().train
    dataset.root, dataset.train, dataset.transform, dataset.target_transform = "", True, transforms.ToTensor(), None
    return DataLoader(dataset, batch_size=64, shuffle=True)


def _tutorial_rows(rounds: int) -> list[Row]:
    examples, loader = mnist(), mnist_of_torchvision()
    ours, theirs = _model(examples), _model(examples)
    flat = torch.nn.Sequential(torch.nn.Flatten(), theirs[0])

    def run():
        _fit_from_the_start(ours, examples, 64, 1, measure=False)

    tutorial = "torchvision + ToTensor + DataLoader"
    tasks = {"fit, measure=False": run, tutorial: lambda: loader_epoch(flat, theirs[1], loader)}
    return [row("MNIST, batch 64", take_turns(tasks, rounds), "fit, measure=False", tutorial, 0.1)]
