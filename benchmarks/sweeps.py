"""Sweeps of K models against the loop over `fit`, three epochs each on digits; and with layers called directly against
the same layers in a class of one's own, which `torch.func` maps over."""

import torch
import torch.nn.functional as F

from benchmarks.measuring import Row, ratio, row, take_turns
from course_utils.datasets import load_digits
from course_utils.models import MLP, MultinomialLogisticRegression
from course_utils.sweep import sweep
from course_utils.train import fit

BARS = {("softmax regression", 32): 8, ("MLP 64-32-10", 32): 3}


class Linear(MultinomialLogisticRegression):
    """The same model, but not one of those whose layers are called directly."""


class Deep(MLP):
    """The same."""


def rows(quick: bool = False) -> list[Row]:
    makers = {
        "softmax regression": lambda: MultinomialLogisticRegression(64, 10),
        "MLP 64-32-10": lambda: MLP(64, 10, hidden=(32,)),
    }
    digits, epochs = load_digits(), 3
    found = []
    for name, make_model in makers.items():
        for K in (8, 32) if quick else (8, 32, 128):

            def together(make_model=make_model, K=K):
                sweep(make_model, digits, F.cross_entropy, lr=0.1, seeds=range(K), epochs=epochs)

            def alone(make_model=make_model):  # 8 of the K runs; they all do the same work
                for seed in range(8):
                    model = make_model()
                    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
                    fit(model, digits, F.cross_entropy, optimizer, epochs=epochs, seed=seed)

            seconds = take_turns({"loop": alone, "sweep": together}, 2 if quick else 5)
            faster = ratio(seconds, "loop", "sweep") * K / 8
            took = sorted(seconds["sweep"])[len(seconds["sweep"]) // 2]
            what = f"sweep of {K}, times faster"
            found.append(
                Row(f"digits, {name}", what, "loop over fit", faster, took, BARS.get((name, K)), at_least=True)
            )
    own = {"softmax regression": lambda: Linear(64, 10), "MLP 64-32-10": lambda: Deep(64, 10, hidden=(32,))}
    for name, make_model in makers.items():
        seconds = take_turns(
            {
                way: lambda make=make: sweep(make, digits, F.cross_entropy, lr=0.1, seeds=range(32), epochs=epochs)
                for way, make in (("layers called directly", make_model), ("torch.func over the module", own[name]))
            },
            2 if quick else 5,
        )
        found.append(row(f"digits, {name}, sweep of 32", seconds, *seconds))
    return found
