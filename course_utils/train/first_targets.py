"""The targets beside the first outputs: does the loss take them, and does it compare each with its own prediction?"""

import inspect
import re

import torch
from torch import Tensor, nn

from course_utils.arguments import not_finite
from course_utils.train.losses import LossFunction, loss_kind


def check_targets(part: str, outputs: Tensor, y: Tensor, rows: int, loss_fn: LossFunction) -> None:
    """Raise ValueError unless the loss takes the targets y of a whole part beside the outputs of its first `rows`.

    What a loss of your own takes is not known here.
    """
    kind = loss_kind(loss_fn)
    if kind is not None and (outputs.dim() == 0 or len(outputs) != rows):
        raise ValueError(
            f"The model makes outputs {tuple(outputs.shape)} of {rows} examples; each example needs a row of its own. "
            "Flatten with `x.flatten(1)`, which keeps the rows apart, and take no mean over them."
        )
    if kind is not None and (missing := int(not_finite(y).sum())):
        raise ValueError(
            f"The {part} targets hold nan or infinity in {missing} of {len(y)} rows, and the loss would be nan too. "
            "Drop those rows of X and y first."
        )
    if kind in ("cross entropy", "nll"):
        _check_class_numbers(part, outputs, y, getattr(loss_fn, "ignore_index", -100))
    elif kind in ("bce", "bce logits", "regression"):
        if outputs.shape[1:] != y.shape[1:]:
            raise ValueError(_explain_broadcast(outputs, y))
        if not y.is_floating_point():
            raise ValueError(
                f"Targets hold {_short(y.dtype)}; this loss needs decimals. Use `y.float()`. In NumPy "
                "`y.astype('float32')`."
            )
        if kind != "regression" and not 0 <= float(y.min()) <= float(y.max()) <= 1:
            raise ValueError(
                f"Targets run from {float(y.min()):g} to {float(y.max()):g}; this loss takes 0 and 1. "
                "For more classes use `F.cross_entropy` with one output a class."
            )


def _explain_broadcast(outputs: Tensor, y: Tensor) -> str:
    n = len(outputs)
    shapes = f"Predictions {tuple(outputs.shape)} and targets {(n, *y.shape[1:])}"
    if outputs.dim() == 2 and outputs.shape[1] == 1 and y.dim() == 1:
        return f"{shapes} would be compared all with all ({n} x {n}). Use `pred.squeeze(1)`."
    if y.dim() == 2 and y.shape[1] == 1 and outputs.dim() == 1:
        return f"{shapes} would be compared all with all ({n} x {n}). Use `y.squeeze(1)`."
    return f"{shapes} differ in shape. Each prediction needs exactly one target beside it."


def _check_class_numbers(part: str, outputs: Tensor, y: Tensor, left_out: int) -> None:
    if outputs.dim() == 1:
        raise ValueError(
            f"The model gives one score per example, {tuple(outputs.shape)}; this loss needs one per class, (n, K). "
            "For two classes with one score use `F.binary_cross_entropy_with_logits`."
        )
    if outputs.dim() > 2 and y.dim() == 1:
        raise ValueError(
            f"The model makes outputs {tuple(outputs.shape)}; for labels (n,) this loss takes one row of scores an "
            "example, (n, K). Flatten what the last layer gets: `x.flatten(1)`."
        )
    classes = outputs.shape[1]
    if y.dim() == 2 and y.shape[1] == 1 and outputs.dim() == 2:
        raise ValueError(f"Labels have shape {tuple(y.shape)}; (n,) is needed. Use `y.squeeze(1)`.")
    if classes == 1:
        raise ValueError(
            "The model has 1 output, and this loss needs one for each class, two at least. Give it 2 outputs; or keep "
            "the one, flattened, `outputs.squeeze(1)`, with `F.binary_cross_entropy_with_logits` and `y.float()`."
        )
    if y.dim() == 2 and outputs.dim() == 2 and not y.is_floating_point():
        raise ValueError(
            f"Labels have {y.shape[1]} columns of 0 and 1. Give the class number instead: `y.argmax(dim=1)`."
        )
    if y.dim() == outputs.dim() and y.is_floating_point():
        if y.shape[1] != classes:
            raise ValueError(f"Labels have {y.shape[1]} columns and the model has {classes} outputs; they must agree.")
        return
    if y.is_floating_point():
        raise ValueError(
            f"Labels hold {_short(y.dtype)}. Class numbers must be whole numbers. Use `y.long()`. In NumPy "
            "`y.astype(int)`."
        )
    if y.dtype not in (torch.int64, torch.uint8):
        raise ValueError(f"Labels hold {_short(y.dtype)}; this loss takes int64. Use `y.long()`.")
    lowest, highest = (int(edge) for edge in y.aminmax())
    if lowest == highest == left_out:
        raise ValueError(
            f"All {len(y)} labels of the {part} part are {left_out}, the mark for examples that the loss leaves out, "
            "so it has nothing to average. Give class numbers from 0."
        )
    if highest >= classes and highest != left_out:
        counted = " Are your labels counted from 1?" if lowest >= 1 and highest == classes else ""
        raise ValueError(
            f"Found label {highest}, but the model has {classes} outputs, numbered 0 to {classes - 1}.{counted}"
        )
    if lowest < 0 and lowest != left_out:
        raise ValueError(f"Found label {lowest}. Classes are numbered from 0 to {classes - 1}.")


@torch.no_grad()
def check_loss(outputs: Tensor, y: Tensor, loss_fn: LossFunction) -> None:
    """Raise ValueError or TypeError unless loss_fn(outputs, y) is a tensor of one number.

    A loss of your own is asked, too, whether it takes the two in this order and each prediction with its own target.
    """
    try:
        loss = loss_fn(outputs, y)
    except (RuntimeError, ValueError, IndexError, TypeError) as trouble:
        message = _explain_loss(outputs, y, loss_fn, trouble)
        raise type(message)(str(message)) from trouble
    if not isinstance(loss, Tensor):
        raise TypeError(
            f"The loss is {_a(loss)}; a tensor of one number is needed, from which gradients come back. Let your loss "
            f"function return what torch computes, without `.item()`{' or `float()`' if loss is not None else ''}."
        )
    if loss.numel() != 1:
        shape = tuple(loss.shape)
        raise ValueError(f"The loss is {shape}; one number for the whole batch is needed. Take its mean: `.mean()`.")
    if loss_kind(loss_fn) is None and len(outputs) > 1 and _compares_all_with_all(outputs, y, loss_fn):
        raise ValueError(_explain_broadcast(outputs, y))


def _explain_loss(outputs: Tensor, y: Tensor, loss_fn: LossFunction, trouble: Exception) -> Exception:
    try:
        required = inspect.signature(loss_fn).bind(outputs, y) and ""
    except TypeError as mismatch:
        required = str(mismatch)
    except ValueError:  # some functions written in C do not tell
        required = ""
    if required:
        return TypeError(f"The loss function is called as `loss_fn(outputs, y)`. Yours does not take that: {required}.")
    shapes = f"outputs {tuple(outputs.shape)} and targets {tuple(y.shape)}"
    try:
        swapped = bool(torch.as_tensor(loss_fn(y, outputs)).numel())
    except Exception:
        swapped = False
    if swapped:
        return ValueError(
            "Your loss function takes the targets first, but is called as `loss_fn(outputs, y)`. Swap its arguments."
        )
    said = str(trouble).splitlines()[0][:160].rstrip(".") if str(trouble) else type(trouble).__name__
    made = isinstance(loss_fn, nn.Module) and not re.search("size|shape", said)
    where = "what it was made with, and at both types" if made else "both shapes in it"
    return ValueError(f"The loss function cannot take {shapes} of the first batch: {said}. Look at {where}.")


def _compares_all_with_all(outputs: Tensor, y: Tensor, loss_fn: LossFunction) -> bool:
    """Whether (n, 1) against (n,) is broadcast to (n, n) inside: then the loss is another without the 1.

    It is tried on outputs at random, for those of a new model may be all alike and then hide it.
    """
    if {outputs.dim(), y.dim()} != {1, 2} or (outputs if outputs.dim() == 2 else y).shape[1] != 1:
        return False
    guess = torch.rand(outputs.shape, generator=torch.Generator().manual_seed(0)).to(outputs)
    try:
        as_given, again = loss_fn(guess, y), loss_fn(guess, y)
        side_by_side = loss_fn(guess.flatten(), y.flatten())
    except Exception:                       # it counts on the shapes it gets, so it has looked at them
        return False
    noisy = not bool(torch.isclose(as_given, again))
    return not noisy and not bool(torch.isclose(as_given, side_by_side, rtol=1e-4))


def _a(value: object) -> str:
    return "None" if value is None else f"a {type(value).__name__}"


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
