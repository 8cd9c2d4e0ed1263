"""The reader of lesson 04, as it left the house and as it came back."""

import tempfile
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor, nn

from course_utils.data import Examples
from course_utils.datasets import load_digits
from course_utils.optimum import Optimum, fit_to_optimum
from course_utils.penalties import l2

SWAPPED, BLOWN, LOWER = (0, 7), 8, slice(32, 64)        # what was hit: two classes, a bias, the lower half
TOO_MUCH, SHARES = 6.0, 16                              # added to the bias; the scanner counts ink in sixteenths


@lru_cache(maxsize=1)
def _optimum() -> Optimum:
    return fit_to_optimum(load_digits().train, penalty=l2(0.01))


def reader() -> nn.Linear:
    """The reader as it left the house: softmax regression on 1,347 digits, 64 pixels → 10 scores, at its optimum."""
    return _linear(_optimum().weights, _optimum().bias)


def damaged_reader() -> nn.Linear:
    """The same after three accidents. Each can be found by reading the numbers, and put right without any training."""
    model = reader()
    with torch.no_grad():
        for p in model.parameters():
            p[list(SWAPPED)] = p[list(SWAPPED[::-1])]                   # indexing with a list copies first
        model.weight[:, LOWER] /= SHARES                                # per sixteenth, where the rest is per full ink
        model.bias[BLOWN] += TOO_MUCH
    return model


def new_digits() -> Examples:
    """450 digits that the reader never saw: X (450, 64), y (450,)."""
    valid = load_digits().valid
    assert valid is not None, "a quarter of the digits is kept aside"
    return valid


@lru_cache(maxsize=1)
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()                                # removed when Python ends


def received() -> Path:
    """Write the damaged reader to a file in a temporary folder, as it came back; the file's place."""
    file = Path(_folder().name) / "reader.pt"
    torch.save(damaged_reader().state_dict(), file)
    return file


def _linear(weights: Tensor, bias: Tensor) -> nn.Linear:
    layer = nn.Linear(weights.shape[1], weights.shape[0])
    with torch.no_grad():
        layer.weight.copy_(weights)
        layer.bias.copy_(bias)
    return layer
