"""The first outputs of a model: can it take these inputs, does it give what the loss wants, can it learn from it?"""

import inspect
import warnings

import torch
from torch import Tensor, nn

from course_utils.train.losses import LossFunction, loss_kind

# What changes the shape of outputs and not their values, by the name that autograd gives it.
RESHAPING = ("Squeeze", "Unsqueeze", "View", "UnsafeView", "ReshapeAlias", "Transpose", "T", "Permute", "Select",
             "Alias", "Clone", "ToCopy", "Slice")


def predict(model: nn.Module, X: Tensor) -> Tensor:
    """model(X), or a ValueError or TypeError that says why the model cannot take X."""
    try:
        outputs = model(X)
    except (RuntimeError, ValueError, IndexError, TypeError) as trouble:
        message = _explain_forward(model, X, trouble)
        if message is None:
            raise
        raise ValueError(message) from trouble
    if not isinstance(outputs, Tensor):
        hint = "Does `forward` end with `return`?" if outputs is None else "Let `forward` return what the loss takes."
        raise TypeError(f"The model returns a {type(outputs).__name__}; a tensor is needed. {hint}")
    return outputs


def _explain_forward(model: nn.Module, X: Tensor, trouble: Exception) -> str | None:
    """Say why a layer cannot take what it is given, where that can be told from dtype and shape."""
    if isinstance(trouble, NotImplementedError) and "forward" in str(trouble):
        return f"The class {type(model).__name__} has no `forward`. Is it spelled so, and indented inside the class?"
    try:
        inspect.signature(model.forward).bind(X)
    except TypeError as mismatch:
        return f"`forward` is called with X, which yours does not take: {mismatch}. Write `def forward(self, X):`."
    name, layer, inputs, first = _where_it_failed(model, X)
    if isinstance(layer, nn.Embedding | nn.EmbeddingBag):
        return _explain_embedding(layer, inputs)
    if layer is None:
        return None
    if not first:
        return _explain_later_layer(name, layer, inputs)
    if X.dtype == torch.bool:
        return "Inputs are True and False; the layer needs decimals. `x.float()`. In NumPy `x.astype('float32')`."
    if not X.is_floating_point():
        return (
            f"Images are whole numbers 0-{int(X.max())}; the layer needs decimals. `x.float() / 255`."
            if X.dim() > 2
            else "Inputs are whole numbers; the layer needs decimals. `x.float()`. In NumPy `x.astype('float32')`."
        )
    weight = next(layer.parameters(recurse=False))
    if X.dtype != weight.dtype:
        ours, its = _short(X.dtype), _short(weight.dtype)
        return f"Inputs hold {ours} and the model {its}. Convert the inputs: `X.to(torch.{its})`."
    if isinstance(layer, nn.Linear):
        needed, size = layer.in_features, X[0].numel()
        if X.dim() > 2 and size == needed:
            shape = " x ".join(str(side) for side in X.shape[1:])
            return f"The layer expects {needed} inputs but got images of {shape}. Flatten first: `x.flatten(1)`."
        if X.dim() == 1:
            return (
                "X has shape (n,), one number an example; the layer takes a row for each. `X.unsqueeze(1)` makes one "
                "column. In NumPy `X[:, None]`, in pandas `X.to_frame()`."
            )
        if size != needed:
            return f"The layer expects {needed} inputs but each example has {size}. Make the layer for {size} inputs."
    return _explain_later_layer(name, layer, inputs)


def _explain_embedding(layer: nn.Embedding | nn.EmbeddingBag, inputs: Tensor) -> str | None:
    """A table of weights is asked for rows by their numbers, from 0."""
    if inputs.is_floating_point():
        return "An embedding takes whole numbers, each the number of a row, and gets decimals. `X.long()`."
    lowest, highest = (int(edge) for edge in inputs.aminmax())
    if lowest < 0 or highest >= layer.num_embeddings:
        outside = lowest if lowest < 0 else highest
        return (
            f"An embedding of {layer.num_embeddings} rows is asked for row {outside}. They are numbered 0 to "
            f"{layer.num_embeddings - 1}. Number yours so, or make it larger: `num_embeddings`."
        )
    return None


def _where_it_failed(model: nn.Module, X: Tensor) -> tuple[str, nn.Module | None, Tensor, bool]:
    """The layer with weights that was entered last in a second try: name, layer, inputs, and if it was the first."""
    entered: list[tuple[str, nn.Module, Tensor]] = []
    hooks = [
        module.register_forward_pre_hook(
            lambda module, given, name=name: entered.append((name, module, given[0])) if given else None
        )
        for name, module in model.named_modules()
        if list(module.parameters(recurse=False))
    ]
    try:
        model(X)
    except Exception:  # noqa: S110  (it is the one that is being explained)
        pass
    finally:
        for hook in hooks:
            hook.remove()
    tensors = [entry for entry in entered if isinstance(entry[2], Tensor)]
    return (*tensors[-1], len(tensors) == 1) if tensors else ("", None, X, True)


def _explain_later_layer(name: str, layer: nn.Module, inputs: Tensor) -> str | None:
    """A layer that does not fit the one before it, or the images, if that is what is wrong."""
    kind = type(layer).__name__
    if isinstance(layer, nn.Linear) and inputs.dim() and inputs.shape[-1] != layer.in_features:
        got, needed = inputs.shape[-1], layer.in_features
        shape = " x ".join(str(side) for side in inputs.shape[1:])
        if inputs.dim() > 2 and inputs[0].numel() == needed:
            return f"Layer {name!r} expects {needed} inputs but got {shape}. Flatten before it: `x.flatten(1)`."
        return (
            f"Layer {name!r} expects {needed} inputs but gets {got} from what comes before it. Let them agree: "
            f"`nn.Linear({got}, {layer.out_features})`."
        )
    if isinstance(layer, nn.Conv2d) and inputs.dim() == 3 and layer.in_channels == 1:
        return f"Layer {name!r} is a {kind} and takes (n, channels, height, width). Add the channel: `X.unsqueeze(1)`."
    if isinstance(layer, nn.Conv2d) and inputs.dim() == 4 and inputs.shape[1] != layer.in_channels:
        return (
            f"Layer {name!r} expects {layer.in_channels} channels but gets {inputs.shape[1]}, from inputs "
            f"{tuple(inputs.shape)}. Make it for {inputs.shape[1]}."
        )
    return None


def check_outputs(model: nn.Module, outputs: Tensor, y: Tensor, loss_fn: LossFunction, warn: bool) -> None:
    """Raise ValueError where these outputs are not what the loss takes; with `warn`, warn where they hardly are."""
    kind, values = loss_kind(loss_fn), outputs.detach()
    if kind in ("cross entropy", "nll") and values.dim() >= 2:
        sums_to_one = bool((values >= 0).all()) and bool(((values.sum(dim=1) - 1).abs() < 1e-4).all())
        if sums_to_one and kind == "nll":
            raise ValueError("Your model gives probabilities; NLLLoss wants their logarithms. End it with log-softmax.")
        if kind == "nll" and not bool((values.logsumexp(dim=1).abs() < 0.01).all()):
            raise ValueError(
                "Your model gives raw scores; NLLLoss wants logarithms of probabilities, and would fall without end. "
                "Use `F.cross_entropy`, which takes raw scores."
            )
        if sums_to_one and warn:
            warnings.warn(
                "Your model ends with softmax, and cross_entropy applies it too, so learning is slow. "
                "Remove the softmax layer.",
                stacklevel=2,
            )
    if kind == "bce" and not bool(((values >= 0) & (values <= 1)).all()):
        raise ValueError(
            f"BCELoss wants probabilities, and the model gives {float(values.min()):.3g} to "
            f"{float(values.max()):.3g}. For raw scores use `F.binary_cross_entropy_with_logits`."
        )
    if kind == "bce logits" and warn and _ends_with_sigmoid(outputs):
        warnings.warn(
            "Your model ends with sigmoid, and this loss applies it too: no probability falls below 0.5. Remove one.",
            stacklevel=2,
        )


def _ends_with_sigmoid(outputs: Tensor) -> bool:
    """Whether the last operation but for changes of shape was a sigmoid, as autograd has recorded it."""
    node = outputs.grad_fn
    while node is not None:
        name = node.name().partition("Backward")[0]
        if name not in RESHAPING:
            return name == "Sigmoid"
        node = node.next_functions[0][0] if node.next_functions else None
    return False


def check_connected(outputs: Tensor) -> None:
    """Raise ValueError if no gradient can come back from the outputs to the weights."""
    if not outputs.requires_grad:
        raise ValueError(
            "The outputs are cut off from the model's weights, so no gradient comes back. Is there `.detach()`, "
            "`.data`, `.argmax()` or `torch.no_grad()` in `forward`? Take it out."
        )


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
