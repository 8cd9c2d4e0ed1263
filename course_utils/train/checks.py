"""What `training` looks at before its first step, so that an accident is told in plain words before it costs an hour.

Each message says what happened, why, and what to do. `check_first_batch` tries one batch through the model in eval
mode, and leaves model and gradients as they are.
"""

import inspect
from collections.abc import Callable

import torch
from torch import Tensor, nn

from course_utils.arguments import not_finite, number, seed_number, whole_number, yes_or_no
from course_utils.data import Data, Examples
from course_utils.penalties import Penalty
from course_utils.train.failures import explain_out_of_memory
from course_utils.train.first_outputs import check_connected, check_outputs, predict
from course_utils.train.first_targets import check_loss, check_targets
from course_utils.train.losses import LossFunction
from course_utils.train.modes import eval_mode


def check_before_training(
    model: nn.Module,
    data: Data,
    loss_fn: LossFunction,
    optimizer: torch.optim.Optimizer,
    epochs: int | None,
    batch_size: int,
    device: torch.device,
    penalty: Callable[[nn.Module], Tensor] | None = None,
    seed: int = 0,
    shuffle: bool = True,
    measure: bool = True,
) -> None:
    """Raise ValueError or TypeError, with what to do, if these pieces cannot train together."""
    if epochs is not None:
        whole_number("epochs", epochs, "passes over the data")
    seed_number(seed)
    yes_or_no("shuffle", shuffle, "It says whether each epoch draws a new order.")
    yes_or_no("measure", measure, "It says whether the losses are measured after each epoch.")
    check_first_batch(model, data, loss_fn, batch_size, device, penalty)
    _check_optimizer(model, optimizer)


@explain_out_of_memory()
def check_first_batch(
    model: nn.Module,
    data: Data,
    loss_fn: LossFunction,
    batch_size: int,
    device: torch.device,
    penalty: Callable[[nn.Module], Tensor] | None = None,
) -> None:
    """The same for all but the optimizer, and a warning where the pieces can train together but hardly should."""
    _check_types(model, loss_fn)
    whole_number("batch_size", batch_size, "examples", least=1)
    parts = {part: getattr(data, part) for part in ("train", "valid") if getattr(data, part) is not None}
    for part, examples in parts.items():
        _check_examples(part, examples)
    _check_last_batch(model, len(data.train.X), batch_size)
    model.to(device)
    for part, examples in parts.items():
        X, y = examples.X[:batch_size].to(device), examples.y[:batch_size].to(device)
        with eval_mode(model), torch.set_grad_enabled(part == "train"):
            outputs = _predict(part, model, X, examples.y)
            if not bool(outputs.isfinite().all()):
                _check_weights(model)
            check_targets(part, outputs, examples.y, len(X), loss_fn)
            check_outputs(model, outputs, y, loss_fn, warn=part == "train")
            if part == "train":
                _check_parameters(model)
                check_connected(outputs)
            else:
                _check_finite_inputs(part, model, examples.X, batch_size, device)
            check_loss(outputs.detach(), y, loss_fn)
    if penalty is not None:
        _check_penalty(model, penalty)


def _check_types(model: nn.Module, loss_fn: LossFunction) -> None:
    if not isinstance(model, nn.Module):
        hint = " Did you give the class? Make one: `model = Model(...)`." if isinstance(model, type) else ""
        raise TypeError(f"The model is a {type(model).__name__}; a torch.nn.Module is needed.{hint}")
    if isinstance(loss_fn, torch.optim.Optimizer):
        raise TypeError("The loss function is an optimizer. The order is `fit(model, data, loss_fn, optimizer)`.")
    if not callable(loss_fn):
        raise TypeError(
            f"The loss function is a {type(loss_fn).__name__}. Give the function itself, without brackets: "
            "`F.cross_entropy`."
        )
    if isinstance(loss_fn, type):
        raise TypeError(f"{loss_fn.__name__} is a class. Make one: `{loss_fn.__name__}()`, with brackets.")


def _predict(part: str, model: nn.Module, X: Tensor, y: Tensor) -> Tensor:
    try:
        return predict(model, X)
    except ValueError as trouble:
        if X.dim() == 1 and y.dim() > 1:
            row = ", ".join(map(str, y.shape[1:]))
            raise ValueError(
                f"The {part} part has X of shape (n,) and y of shape (n, {row}). The order is (X, y); are they swapped?"
            ) from trouble
        raise


def _check_examples(part: str, examples: Examples) -> None:
    if len(examples.X) == 0:
        purpose = "learn from" if part == "train" else "measure on"
        raise ValueError(f"The {part} examples are empty: there is nothing to {purpose}.")


def _check_finite_inputs(part: str, model: nn.Module, X: Tensor, batch_size: int, device: torch.device) -> None:
    """Nobody steps on the validation part, so a nan in it would go unnoticed but for a loss of nan.

    A model may fill gaps itself; so it is asked what it makes of the rows that have one.
    """
    if not X.is_floating_point() or bool(X.sum().isfinite()):       # one sum tells in most cases that all are finite
        return
    bad = not_finite(X).nonzero().flatten()
    if len(bad) and not bool(predict(model, X[bad[:batch_size]].to(device)).isfinite().all()):
        raise ValueError(
            f"{len(bad)} of the {len(X)} {part} inputs hold nan or infinity, and so would the loss on them. Fill them "
            "in or drop those rows first."
        )


def _check_last_batch(model: nn.Module, n: int, batch_size: int) -> None:
    averages = any(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in model.modules())
    if averages and (n % batch_size == 1 or batch_size == 1):
        raise ValueError(
            f"With {n} examples and batch_size={batch_size} the last batch holds one example, and batch normalisation "
            "cannot average over one. Choose another batch_size."
        )


def _check_parameters(model: nn.Module) -> None:
    parameters = list(model.parameters())
    if not parameters:
        raise ValueError("The model has no parameters, so there is nothing to train.")
    if not any(parameter.requires_grad for parameter in parameters):
        raise ValueError(
            "Every parameter of the model is frozen. Set `requires_grad_(True)` on those that shall learn."
        )


def _check_weights(model: nn.Module) -> None:
    for name, parameter in model.named_parameters():
        if not bool(parameter.detach().isfinite().all()):
            raise ValueError(
                f"The model's parameter {name!r} holds nan or infinity before the first step, as after a run that "
                "diverged. Make the model anew, and its optimizer too."
            )


def _check_optimizer(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    if isinstance(optimizer, type) and issubclass(optimizer, torch.optim.Optimizer):
        name = optimizer.__name__
        raise TypeError(f"{name} is a class. Make one, with this model's parameters: `{name}(model.parameters())`.")
    if isinstance(optimizer, torch.optim.lr_scheduler.LRScheduler):
        raise TypeError(
            f"The optimizer is a {type(optimizer).__name__}, a schedule for an optimizer's lr. Give the optimizer "
            "itself, and let the schedule follow in `for epoch in training(...):`, `if epoch.number: scheduler.step()`."
        )
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
    for group in optimizer.param_groups:
        if group.get("lr") is not None:                 # of torch.optim's each has one
            number("The optimizer's lr", group["lr"], "It is the factor of each step.", least=0)
    ours = {id(parameter) for parameter in model.parameters()}
    steered = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    if not ours & steered:
        raise ValueError(
            "You made a new model, but the optimizer still steers the old one. Run the optimizer cell again."
        )


def _check_penalty(model: nn.Module, penalty: Callable[[nn.Module], Tensor]) -> None:
    if not callable(penalty):
        raise TypeError(
            f"The penalty is {penalty!r}; a function of the model is needed, as `course_utils.penalties.l2(0.01)` is."
        )
    name = getattr(penalty, "__name__", "")
    if isinstance(penalty, type) or getattr(penalty, "__module__", "") == Penalty.__module__ and name:
        raise TypeError(f"The penalty {name} has no strength yet. Give it one: `{name}(0.01)`.")
    try:
        value = penalty(model)
    except Exception as trouble:        # its own, whatever they are: it was made for something else than a model
        said = str(trouble).splitlines()[0][:120].rstrip(".") if str(trouble) else type(trouble).__name__
        raise TypeError(
            f"The penalty is called as `penalty(model)`, and cannot take the model: {said}. Compute one number from "
            "`model.parameters()`."
        ) from trouble
    if not isinstance(value, Tensor | int | float):
        raise TypeError(f"The penalty gives a {type(value).__name__}; a number is needed. Does it end with `return`?")
    if isinstance(value, Tensor) and value.numel() != 1:
        raise ValueError(
            f"The penalty gives {tuple(value.shape)}; one number for the whole model is needed. Add them up: `.sum()`."
        )
    if not bool(torch.as_tensor(value).isfinite()):
        raise ValueError("The penalty is not a finite number before the first step. Look at what it computes.")
    if bool(torch.as_tensor(value)) and not isinstance(penalty, Penalty) and not _depends(value, model):
        raise ValueError(
            "The penalty does not depend on the weights that learn, so it would steer nothing. Compute it from the "
            "model that it is given, without `.item()`, `.detach()`, `.data` or `torch.no_grad()`."
        )


def _depends(value: Tensor | float, model: nn.Module) -> bool:
    """Whether a gradient comes back from `value` to one of the model's parameters."""
    if not isinstance(value, Tensor) or not value.requires_grad:
        return False
    learn = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return any(gradient is not None for gradient in torch.autograd.grad(value.sum(), learn, allow_unused=True))
