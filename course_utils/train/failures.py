"""What can go wrong while a model trains, and the sentence for each: what happened, why, and what to do."""

import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from course_utils.arguments import not_finite
from course_utils.data import Examples

LEFT_OUT = -100     # PyTorch's label for examples that a loss over classes passes by


class Diverged(RuntimeError):
    """The loss stopped being a finite number; the message says in which epoch and batch, and with which lr."""


def warn_if_nothing_moved(model: nn.Module, before: Iterable[Tensor]) -> None:
    """Warn if the first epoch left every weight where it was (`before`: copies of the parameters, in order)."""
    if all(torch.equal(new, old) for new, old in zip(model.parameters(), before, strict=True)):
        warnings.warn(
            "The weights did not change in the first epoch. Is the learning rate 0, does the loss depend on the model, "
            "and does the optimizer hold *this* model's parameters?",
            stacklevel=2,
        )


def explain_non_finite_loss(
    loss: float, epoch: int, batch: int, lr: float, train: Examples, remedy: str | None = None
) -> str:
    """One sentence for a loss that became nan or infinite: where, with which learning rate, and what to try.

    `remedy` is told instead of a smaller learning rate where the optimizer is one that this does not help.
    """
    bad_rows, bad_targets = int(not_finite(train.X).sum()), int(not_finite(train.y).sum())
    name = "nan (not a number)" if loss != loss else "infinite"
    where = f"The loss became {name} in epoch {epoch}, batch {batch}."
    if bad_rows:
        return f"{where} {bad_rows} of the {len(train.X)} inputs hold nan or inf: repair or drop those rows first."
    if bad_targets:
        return f"{where} {bad_targets} of the {len(train.y)} targets hold nan or inf: drop those rows first."
    if loss != loss and (left_out := 0 if train.y.is_floating_point() else int((train.y == LEFT_OUT).sum())):
        return (
            f"{where} {left_out} of the {len(train.y)} labels are {LEFT_OUT}, which leaves an example out, and a batch "
            "of none but those has no mean. Drop those rows, or take larger batches."
        )
    smaller = (f"Mostly the learning rate (now {lr:g}) is too big: steps overshoot. "
               f"Make the model anew and try {lr / 10:g}.")
    return f"{where} {remedy or smaller}"


def diverged(loss: float, epoch: int, batch: int, optimizer: torch.optim.Optimizer, train: Examples) -> Diverged:
    """The exception for a loss that is not finite, with its sentence."""
    rates = [float(group["lr"]) for group in optimizer.param_groups if "lr" in group]
    remedy = None if rates else "Mostly the steps are too long. Make the model anew and let them be shorter."
    if isinstance(optimizer, torch.optim.LBFGS):        # with lr=0.1 on small batches it stays finite, and huge
        remedy = (
            "L-BFGS reads the curvature off how gradients change from step to step; between different batches that is "
            f"mostly noise. Make the model anew, give it all examples at once, `batch_size={len(train.X)}`, and let it "
            'search along each step, `line_search_fn="strong_wolfe"`.'
        )
    return Diverged(explain_non_finite_loss(loss, epoch, batch, max(rates, default=0.0), train, remedy))


def forget_half_loaded(package: str = "sympy") -> None:
    """Remove what an interrupted import left behind, so that the next attempt starts afresh.

    The first optimizer of a process loads parts of torch for seconds, sympy among them. An interrupt in the middle
    takes back sympy itself but keeps its submodules, and then every later optimizer fails with "module 'sympy' has no
    attribute 'logic'".
    """
    parts = [name for name in sys.modules if name.startswith(package + ".")]
    if package not in sys.modules or not all(_is_bound(name) for name in parts):
        for name in (package, *parts):
            sys.modules.pop(name, None)


def _is_bound(name: str) -> bool:
    """Whether the module is known to its parent under its name, as it is after a complete import."""
    parent, _, own = name.rpartition(".")
    return parent in sys.modules and hasattr(sys.modules[parent], own)


@contextmanager
def explain_cut_off() -> Iterator[None]:
    """Turn a loss from which no gradient comes back into a sentence that says where to look."""
    try:
        yield
    except RuntimeError as trouble:
        if "does not require grad" not in str(trouble):
            raise
        raise ValueError(
            "The loss is cut off from the model's weights, so no gradient comes back. Is there `.detach()`, `.data`, "
            "`.argmax()` or `torch.no_grad()` in your loss function or in `forward`? Take it out."
        ) from trouble


@contextmanager
def explain_out_of_memory() -> Iterator[None]:
    """Turn a failed allocation into a sentence that says what to do."""
    try:
        yield
    except (MemoryError, RuntimeError) as trouble:
        if not isinstance(trouble, MemoryError | torch.OutOfMemoryError) and "allocate memory" not in str(trouble):
            raise
        asked = re.search(r"tried to allocate ([\d.]+) ?(bytes|[KMG]iB)", str(trouble), re.IGNORECASE)
        size = "more memory than is free"
        if asked:
            unit = {"bytes": 1, "kib": 2**10, "mib": 2**20, "gib": 2**30}[asked[2].lower()]
            size = f"{float(asked[1]) * unit / 1e9:.1f} GB at once, and that much memory is not free"
        raise MemoryError(f"This step needs {size}. Use fewer images or a smaller batch.") from trouble
