"""What `training` looks at before its first step, so that an accident is told in plain words before it costs an hour.

Each message says what happened, why, and what to do. `check_first_batch` tries one batch through the model in eval mode
and without gradients, so nothing of the model changes.
"""

import inspect
import warnings

import torch
from torch import Tensor, nn

from course_utils.data import Data, Examples
from course_utils.train.losses import LossFunction, loss_kind
from course_utils.train.modes import eval_mode


def check_before_training(
    model: nn.Module,
    data: Data,
    loss_fn: LossFunction,
    optimizer: torch.optim.Optimizer,
    epochs: int | None,
    batch_size: int,
    device: torch.device,
) -> None:
    """Raise ValueError or TypeError, with what to do, if these pieces cannot train together."""
    if epochs is not None and epochs < 0:
        raise ValueError(f"epochs is {epochs}. It counts passes over the data, so give 0 or more.")
    check_first_batch(model, data, loss_fn, batch_size, device)
    _check_optimizer(model, optimizer)


def check_first_batch(
    model: nn.Module, data: Data, loss_fn: LossFunction, batch_size: int, device: torch.device
) -> None:
    """The same for all but the optimizer, and a warning where the pieces can train together but hardly should."""
    _check_types(model, loss_fn, batch_size)
    for part, examples in (("train", data.train), ("valid", data.valid)):
        if examples is not None:
            _check_examples(part, examples)
    _check_last_batch(model, len(data.train.X), batch_size)
    model.to(device)
    with eval_mode(model), torch.no_grad():
        for examples in filter(None, (data.train, data.valid)):
            X, y = examples.X[:batch_size].to(device), examples.y[:batch_size].to(device)
            outputs = _predict(model, X)
            _check_targets(outputs, examples.y, loss_fn)
            if examples is data.train:
                _check_outputs(model, outputs, loss_fn)
            loss = loss_fn(outputs, y)
    if not isinstance(loss, Tensor) or loss.numel() != 1:
        shape = tuple(loss.shape) if isinstance(loss, Tensor) else type(loss).__name__
        raise ValueError(f"The loss is {shape}; one number for the whole batch is needed. Take its mean: `.mean()`.")


def _check_types(model: nn.Module, loss_fn: LossFunction, batch_size: int) -> None:
    if not isinstance(model, nn.Module):
        hint = " Did you give the class? Make one: `model = Model(...)`." if isinstance(model, type) else ""
        raise TypeError(f"The model is a {type(model).__name__}; a torch.nn.Module is needed.{hint}")
    if not callable(loss_fn):
        raise TypeError(
            f"The loss function is a {type(loss_fn).__name__}. Give the function itself, without brackets: "
            "`F.cross_entropy`."
        )
    if isinstance(loss_fn, type):
        raise TypeError(f"{loss_fn.__name__} is a class. Make one: `{loss_fn.__name__}()`, with brackets.")
    if isinstance(batch_size, bool) or not isinstance(batch_size, int) or batch_size < 1:
        raise ValueError(f"batch_size is {batch_size!r}; a whole number of examples is needed, 1 or more.")


def _check_examples(part: str, examples: Examples) -> None:
    for name, value in (("X", examples.X), ("y", examples.y)):
        if not isinstance(value, Tensor):
            kind = type(value).__name__
            raise TypeError(f"{name} of the {part} examples is a {kind}. Make it a tensor: `torch.as_tensor({name})`.")
    if len(examples.X) == 0:
        raise ValueError(f"The {part} examples are empty: there is nothing to learn from.")
    if len(examples.X) != len(examples.y):
        raise ValueError(
            f"The {part} part has {len(examples.X)} inputs and {len(examples.y)} targets. "
            "Each example needs one of each."
        )


def _check_last_batch(model: nn.Module, n: int, batch_size: int) -> None:
    averages = any(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in model.modules())
    if averages and (n % batch_size == 1 or batch_size == 1):
        raise ValueError(
            f"With {n} examples and batch_size={batch_size} the last batch holds one example, and batch normalisation "
            "cannot average over one. Choose another batch_size."
        )


def _check_optimizer(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(
            f"The optimizer is a {type(optimizer).__name__}. Give one of torch.optim's, made with this model's "
            "parameters: `torch.optim.SGD(model.parameters(), lr=0.1)`."
        )
    if not type(optimizer).__module__.startswith("torch.") and not inspect.signature(optimizer.step).parameters:
        raise TypeError(
            "The `step` of your optimizer takes no argument, but it is given the function that computes the gradients. "
            "Begin it with `def step(self, closure):` and `loss = closure()`, under `torch.enable_grad()`."
        )
    ours = {id(parameter) for parameter in model.parameters()}
    if not ours:
        raise ValueError("The model has no parameters, so there is nothing to train.")
    if not any(parameter.requires_grad for parameter in model.parameters()):
        raise ValueError(
            "Every parameter of the model is frozen. Set `requires_grad_(True)` on those that shall learn."
        )
    steered = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    if not ours & steered:
        raise ValueError(
            "You made a new model, but the optimizer still steers the old one. Run the optimizer cell again."
        )


def _predict(model: nn.Module, X: Tensor) -> Tensor:
    try:
        outputs = model(X)
    except (RuntimeError, ValueError, IndexError) as trouble:
        message = _explain_forward(model, X)
        if message is None:
            raise
        raise ValueError(message) from trouble
    if not isinstance(outputs, Tensor):
        raise TypeError(
            f"The model returns a {type(outputs).__name__}; a tensor is needed. Does `forward` end with `return`?"
        )
    return outputs


def _explain_forward(model: nn.Module, X: Tensor) -> str | None:
    """Say why the first layer cannot take X, where that can be told from dtype and shape."""
    layer = next((module for module in model.modules() if list(module.parameters(recurse=False))), None)
    if not X.is_floating_point():
        return (
            f"Images are whole numbers 0-{int(X.max())}; the layer needs decimals. `x.float() / 255`."
            if X.dim() > 2
            else "Inputs are whole numbers; the layer needs decimals. `x.float()`."
        )
    if not isinstance(layer, nn.Linear):
        return None
    needed, size = layer.in_features, X[0].numel()
    if X.dtype != layer.weight.dtype:
        ours, its = _short(X.dtype), _short(layer.weight.dtype)
        return f"Inputs hold {ours} and the model {its}. Convert the inputs: `X.to(torch.{its})`."
    if X.dim() > 2 and size == needed:
        shape = " x ".join(str(side) for side in X.shape[1:])
        return f"The layer expects {needed} inputs but got images of {shape}. Flatten first: `x.flatten(1)`."
    if X.dim() == 1:
        return f"X has shape {tuple(X.shape)}; a row for each example is needed. `X.unsqueeze(1)` makes one column."
    if size != needed:
        return f"The layer expects {needed} inputs but each example has {size}. Make the layer for {size} inputs."
    return None


def _check_targets(outputs: Tensor, y: Tensor, loss_fn: LossFunction) -> None:
    kind = loss_kind(loss_fn)
    if kind in ("cross entropy", "nll"):
        _check_class_numbers(outputs, y)
    elif kind in ("bce", "bce logits", "regression"):
        if outputs.shape[1:] != y.shape[1:]:
            raise ValueError(_explain_broadcast(outputs, y))
        if not y.is_floating_point():
            raise ValueError(f"Targets hold {_short(y.dtype)}; this loss needs decimals. Use `y.float()`.")
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


def _check_class_numbers(outputs: Tensor, y: Tensor) -> None:
    if outputs.dim() == 1:
        raise ValueError(
            f"The model gives one score per example, {tuple(outputs.shape)}; this loss needs one per class, (n, K). "
            "For two classes with one score use `F.binary_cross_entropy_with_logits`."
        )
    classes = outputs.shape[1]
    if y.dim() == 2 and y.shape[1] == 1:
        raise ValueError(f"Labels have shape {tuple(y.shape)}; (n,) is needed. Use `y.squeeze(1)`.")
    if y.dim() == 2 and not y.is_floating_point():
        raise ValueError(
            f"Labels have {y.shape[1]} columns of 0 and 1. Give the class number instead: `y.argmax(dim=1)`."
        )
    if y.dim() == 2:
        if y.shape[1] != classes:
            raise ValueError(f"Labels have {y.shape[1]} columns and the model has {classes} outputs; they must agree.")
        return
    if y.is_floating_point():
        raise ValueError(f"Labels hold {_short(y.dtype)}. Class numbers must be whole numbers. Use `y.long()`.")
    if y.dtype not in (torch.int64, torch.uint8):
        raise ValueError(f"Labels hold {_short(y.dtype)}; this loss takes int64. Use `y.long()`.")
    lowest, highest = (int(edge) for edge in y.aminmax())
    if highest >= classes:
        counted = " Are your labels counted from 1?" if lowest >= 1 and highest == classes else ""
        raise ValueError(
            f"Found label {highest}, but the model has {classes} outputs, numbered 0 to {classes - 1}.{counted}"
        )
    if lowest < 0 and lowest != -100:  # -100 is PyTorch's own mark for "leave this one out"
        raise ValueError(f"Found label {lowest}. Classes are numbered from 0 to {classes - 1}.")


def _check_outputs(model: nn.Module, outputs: Tensor, loss_fn: LossFunction) -> None:
    kind = loss_kind(loss_fn)
    last = list(model.modules())[-1]
    if kind in ("cross entropy", "nll") and outputs.dim() == 2:
        sums_to_one = bool((outputs >= 0).all()) and bool(((outputs.sum(dim=1) - 1).abs() < 1e-4).all())
        if sums_to_one and kind == "nll":
            raise ValueError("Your model gives probabilities; NLLLoss wants their logarithms. End it with log-softmax.")
        if sums_to_one:
            warnings.warn(
                "Your model ends with softmax, and cross_entropy applies it too, so learning is slow. "
                "Remove the softmax layer.",
                stacklevel=2,
            )
    if kind == "bce" and not bool(((outputs >= 0) & (outputs <= 1)).all()):
        raise ValueError(
            f"BCELoss wants probabilities, and the model gives {float(outputs.min()):.3g} to "
            f"{float(outputs.max()):.3g}. For raw scores use `F.binary_cross_entropy_with_logits`."
        )
    if kind == "bce logits" and isinstance(last, nn.Sigmoid):
        warnings.warn(
            "Your model ends with sigmoid, and this loss applies it too: no probability falls below 0.5. Remove one.",
            stacklevel=2,
        )


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
