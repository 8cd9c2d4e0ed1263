"""What `training_distributed` looks at before its first step, beyond what `training` does."""

import re
import warnings
from collections.abc import Callable

import torch
from torch import Tensor, nn

from course_utils.data import Examples, take
from course_utils.distributed.agreement import place
from course_utils.distributed.shards import share_of
from course_utils.train import LossFunction, eval_mode


def describe_run(
    train: Examples,
    loss_fn: LossFunction,
    optimizer: torch.optim.Optimizer,
    penalty: Callable[[nn.Module], Tensor] | None,
    **settings: object,
) -> dict[str, object]:
    """What decides where a run goes, as plain values: the same on every rank, and in a run that goes on later.

    The data are known by their shapes and by the sum of a hundred targets, for features may differ in their last digit
    where another machine has computed them.
    """
    n, shape = len(train.X), tuple(train.X.shape[1:])
    some = train.y[:: max(1, n // 100)].double().sum().item()
    return {
        "data": f"{n} examples of shape {shape}, some of whose targets add up to {some:.6g}",
        "loss_fn": _name(loss_fn),
        "penalty": _name(penalty),
        "optimizer": f"{type(optimizer).__name__}({', '.join(f'{k}={v}' for k, v in optimizer.defaults.items())})",
        **settings,
    }


def _name(function: object) -> str:
    """A function's name; for an object, such as `l2(0.01)` or `nn.MSELoss()`, how it is written, less its address."""
    return getattr(function, "__qualname__", None) or re.sub(r" at 0x\w+", "", repr(function))


def check_before_sharing(
    model: nn.Module,
    train: Examples,
    loss_fn: LossFunction,
    penalty: Callable[[nn.Module], Tensor] | None,
    batch_size: int,
    accumulate: int,
) -> None:
    """Raise ValueError if a batch that is cut into shares would not give the gradient of the whole batch."""
    processes = place().processes
    if isinstance(accumulate, bool) or not isinstance(accumulate, int) or accumulate < 1:
        raise ValueError(f"accumulate is {accumulate!r}; it counts the parts of a share, so give 1 or more.")
    if processes * accumulate == 1:
        return
    _check_loss_is_a_mean(model, train, loss_fn, min(batch_size, len(train.X)), processes * accumulate)
    _check_batch_normalisation(model, len(train.X), batch_size, accumulate)
    if processes > 1:
        _check_all_take_part(model, train, loss_fn, penalty)


def _check_loss_is_a_mean(
    model: nn.Module, train: Examples, loss_fn: LossFunction, batch_size: int, pieces: int
) -> None:
    """Try it on outputs at random, for those of a new model may be alike and then hide it."""
    if getattr(loss_fn, "reduction", "mean") == "sum":
        return
    rows = torch.linspace(0, len(train.X) - 1, batch_size, dtype=torch.float64).long()
    device = next(model.parameters()).device
    X, y = take(train, rows.to(train.X.device))
    y = y.to(device)
    with eval_mode(model), torch.no_grad():
        like = model(X[:1].to(device))
        outputs = torch.rand(batch_size, *like.shape[1:], generator=torch.Generator().manual_seed(0)).to(like)
        whole = loss_fn(outputs, y)
        parts = [part for part in torch.arange(batch_size).tensor_split(pieces) if len(part)]
        together = torch.stack([len(part) / batch_size * loss_fn(outputs[part], y[part]) for part in parts]).sum()
    rounding = max(1e-5, 10 * torch.finfo(outputs.dtype).eps)
    if bool(whole.isfinite()) and not bool((together - whole).abs() <= rounding * (1 + whole.abs())):
        raise ValueError(
            f"The loss of a batch is {whole.item():.4g}, and {together.item():.4g} when it is put together "
            f"from those of its {len(parts)} shares. It has to be the mean over the examples: without class weights, "
            "without targets that are left out, and not divided by the batch size once more."
        )


def _check_batch_normalisation(model: nn.Module, n: int, batch_size: int, accumulate: int) -> None:
    layers = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    if not layers or all(isinstance(layer, nn.SyncBatchNorm) for layer in layers):
        return
    rank, processes = place()
    sizes = {min(batch_size, n), n % batch_size or batch_size}
    smallest = min(len(share_of(torch.arange(size), processes - 1, processes)) // accumulate for size in sizes)
    if smallest < 2:
        raise ValueError(
            f"Of the last batch some process gets {smallest} example(s) at a time, and batch normalisation cannot "
            "average over fewer than two. Choose another batch_size."
        )
    if rank == 0:
        warnings.warn(
            "Batch normalisation averages over what a process takes at once, not over the whole batch, so the run "
            "differs from that of `fit`. On GPUs `nn.SyncBatchNorm.convert_sync_batchnorm(model)` averages over all.",
            stacklevel=2,
        )


def _check_all_take_part(
    model: nn.Module, train: Examples, loss_fn: LossFunction, penalty: Callable[[nn.Module], Tensor] | None
) -> None:
    """One example through the model and back: DistributedDataParallel waits for the gradient of every parameter."""
    device = next(model.parameters()).device
    with eval_mode(model):
        loss = loss_fn(model(train.X[:1].to(device)), train.y[:1].to(device))
    if penalty is not None:
        loss = loss + penalty(model)
    named = [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
    gradients = torch.autograd.grad(loss, [parameter for _, parameter in named], allow_unused=True)
    unused = [name for (name, _), gradient in zip(named, gradients, strict=True) if gradient is None]
    if unused:
        raise ValueError(
            f"The loss does not depend on the parameter {unused[0]!r}, and the processes would wait for its gradient. "
            "Freeze it, `requires_grad_(False)`, or take it out of the model."
        )
