"""What test_xla.py trains, on an XLA device and on the CPU. Importing it touches no device."""

import torch
import torch.nn.functional as F

from course_utils import penalties
from course_utils.data import Data, Examples
from course_utils.models import MLP, LogisticRegression, MultinomialLogisticRegression


def examples(n=90, features=6, classes=3, seed=0):
    draw = torch.Generator().manual_seed(seed)
    X = torch.randn(n, features, generator=draw)
    return Examples(X, (X @ torch.randn(features, classes, generator=draw)).argmax(1))


def trained(fit_function, device, make_model=lambda: MultinomialLogisticRegression(6, 3), loss_fn=F.cross_entropy,
            data=None, make_optimizer=lambda p: torch.optim.SGD(p, lr=0.5), **options):
    torch.manual_seed(0)
    model = make_model().to(device)
    history = fit_function(model, data or Data(examples(), examples(40, seed=1)), loss_fn,
                           make_optimizer(model.parameters()), epochs=3, batch_size=32, **options)
    return model, history


CASES = {
    "SGD": {},
    "momentum": {"make_optimizer": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)},
    "Adam": {"make_optimizer": lambda p: torch.optim.Adam(p, lr=0.05)},
    "a penalty": {"penalty": penalties.l2(0.1)},
    "another seed": {"seed": 5},
    "in order": {"shuffle": False},
    "an MLP": {"make_model": lambda: MLP(6, 3, hidden=(8,))},
    "one neuron": {
        "make_model": lambda: LogisticRegression(6), "loss_fn": F.binary_cross_entropy_with_logits,
        "data": Data(*[Examples(X, (y == 0).float()) for X, y in (examples(), examples(40, seed=1))]),
    },
}
