"""One epoch of softmax regression: `fit`, the same loop written out, and the ways that tutorials show."""

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
    for name, examples, batch_size, rounds in (
        ("digits, batch 32", load_digits().train, 32, 25),
        ("MNIST, batch 64", mnist(), 64, 7),
        ("MNIST, batch 1024", mnist(), 1024, 9),
    ):
        found += _fit_rows(name, examples, batch_size, 3 if quick else rounds)
    return found + _tutorial_rows(1 if quick else 3)


def _fit_rows(name: str, examples: Examples, batch_size: int, rounds: int) -> list[Row]:
    bare, measured, ours, loaded = (_model(examples) for _ in range(4))
    loader = DataLoader(TensorDataset(*examples), batch_size=batch_size, shuffle=True)
    weight, bias = torch.zeros(10, examples.X.shape[1]), torch.zeros(10)

    def run(pair, **options):
        set_epochs_trained(pair[0], 0)  # so that no note is printed
        fit(pair[0], examples, F.cross_entropy, pair[1], epochs=1, batch_size=batch_size, **options)

    seconds = take_turns(
        {
            "bare loop": lambda: bare_epoch(*bare, examples, batch_size),
            "fit, measure=False": lambda: run(ours, measure=False),
            "fit": lambda: run(measured),
            "closed form": lambda: closed_form_epoch(weight, bias, examples, batch_size),
            "DataLoader over TensorDataset": lambda: loader_epoch(*loaded, loader),
        },
        rounds,
    )
    return [
        row(name, seconds, "fit, measure=False", "bare loop", 1.05),
        row(name, seconds, "fit", "bare loop"),
        row(name, seconds, "fit, measure=False", "DataLoader over TensorDataset", 0.6 if batch_size == 64 else None),
        row(name, seconds, "closed form", "bare loop", 0.45 if batch_size <= 64 else None),
    ]


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
        set_epochs_trained(ours[0], 0)
        fit(ours[0], examples, F.cross_entropy, ours[1], epochs=1, batch_size=64, measure=False)

    tutorial = "torchvision + ToTensor + DataLoader"
    tasks = {"fit, measure=False": run, tutorial: lambda: loader_epoch(flat, theirs[1], loader)}
    return [row("MNIST, batch 64", take_turns(tasks, rounds), "fit, measure=False", tutorial, 0.1)]
