"""Train mode and eval mode: dropout and batch normalisation behave differently in each."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from torch import nn


def train_mode(model: nn.Module) -> AbstractContextManager[None]:
    """Inside the block the whole model is in train mode; after it each part is back in its own mode."""
    return _mode(model, training=True)


def eval_mode(model: nn.Module) -> AbstractContextManager[None]:
    """Inside the block the whole model is in eval mode; after it each part is back in its own mode."""
    return _mode(model, training=False)


@contextmanager
def _mode(model: nn.Module, training: bool) -> Iterator[None]:
    before = [(module, module.training) for module in model.modules()]
    model.train(training)
    try:
        yield
    finally:
        for module, mode in before:
            module.training = mode
