"""The same loop on XLA devices, TPUs above all, with torch_xla.

Two things differ from a loop on a CPU or a GPU. Operations are not run but noted down, until `torch_xla.sync()`
compiles what was noted into one program, or finds it compiled already, and starts it. And whoever looks at a number
in between, say with `loss.item()`, cuts the notes short and waits for the device. So every step here ends with a sync,
and the losses of an epoch are read together at its end.

Several devices work as one (torch_xla calls it SPMD): each batch is marked as spread over them by rows, the compiler
sees that the gradient of the weights sums over rows, and puts the all-reduce there by itself.

The other way is that of the other modules here, a worker for each device: `torch_xla.launch(work)`, and in place of
`optimizer.step()` a step that averages the gradients, `torch_xla.core.xla_model.optimizer_step(optimizer)`. With XLA's
CPU devices the all-reduces of two workers wait for one another and are ended after ten seconds, unless one of the two
has compiled its program before the other; so that way is not offered here.
"""

import math
from collections.abc import Callable
from types import ModuleType

import torch
from torch import Tensor, nn

from course_utils.data import Data, Examples, as_data, minibatches, take
from course_utils.train import (
    Diverged,
    Epoch,
    History,
    LossFunction,
    check_first_batch,
    decimals_of,
    epoch_seed,
    epochs_trained,
    evaluate,
    explain_non_finite_loss,
    mean_over_batches,
    set_epochs_trained,
    train_mode,
)


def import_torch_xla() -> ModuleType:
    """The package torch_xla, or an ImportError that says in plain words what is missing."""
    try:
        import torch_xla
    except ModuleNotFoundError as missing:
        raise ImportError(
            "torch_xla is not installed here, and without it PyTorch cannot reach a TPU. It works with a torch of its "
            'own version only, so give it an environment of its own: CONTRIBUTING.md says how, under "On a TPU".'
        ) from missing
    except ImportError as unfit:        # it is there, and was built for another torch
        from importlib.metadata import version

        raise ImportError(
            f"torch_xla {version('torch_xla')} does not fit torch {torch.__version__}: the first two parts of both "
            'have to be the same. Make an environment for the two, as CONTRIBUTING.md says under "On a TPU".'
        ) from unfit
    return torch_xla


def xla_device(*, several: bool = False) -> torch.device:
    """The XLA device of this process; with `several` all the devices of the machine together, which look like one.

    `PJRT_DEVICE=TPU` in the environment asks for TPUs and `PJRT_DEVICE=CPU` for XLA's own CPU device, of which
    `CPU_NUM_DEVICES=4` makes four.

    Raises ImportError if torch_xla is missing or does not fit this torch, and RuntimeError if it is too late: if
    something was trained on the CPU before, or if several are asked for after one.
    """
    torch_xla = import_torch_xla()
    if several:
        from torch_xla import runtime

        if torch_xla._XLAC._xla_runtime_is_initialized() and not runtime.is_spmd():
            raise RuntimeError(
                "The XLA device is in use already, as one device; several cannot be made of it now. "
                "Start anew, and ask for several first."
            )
        runtime.use_spmd()
        runtime.global_runtime_device_count()       # several stay unknown until somebody counts them
    device = torch_xla.device()
    try:
        torch.zeros(1, device=device, requires_grad=True).sum().backward()
    except RuntimeError as trouble:
        raise RuntimeError(
            "Gradients were computed in this program before it asked for the XLA device, and PyTorch counts its "
            "devices at the first gradient. Start anew, and call xla_device() before anything is trained."
        ) from trouble
    return device


def fit_on_xla(
    model: nn.Module,
    data: Data | Examples,
    loss_fn: LossFunction,
    optimizer: torch.optim.Optimizer,
    *,
    epochs: int = 10,
    batch_size: int = 32,
    penalty: Callable[[nn.Module], Tensor] | None = None,
    seed: int = 0,
    shuffle: bool = True,
    measure: bool = True,
) -> History:
    """Train a model that lies on an XLA device, for `epochs` epochs. The arguments are those of `fit`.

        device = xla_device()
        model = MultinomialLogisticRegression(64, 10).to(device)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        history = fit_on_xla(model, digits, F.cross_entropy, optimizer, epochs=20)

    The batches are those of `fit` with the same seed, so the parameters are those of `fit` to the precision of float32;
    what dropout draws differs. A batch size that divides the number of examples spares a second compilation, for the
    short last batch. The data stay in the memory of the machine; each batch is sent to the device.

    Raises ValueError or TypeError if the pieces do not fit together. A loss that stops being a finite number is seen at
    the end of its epoch, and ends the run as `fit` ends it: `history.stopped` says what happened.
    """
    torch_xla = import_torch_xla()
    data, device = as_data(data, decimals_of(model)), next(model.parameters()).device
    if device.type != "xla":
        raise ValueError(f"The model is on {device}. Move it first: `model.to(xla_device())`, then make the optimizer.")
    check_first_batch(model, data, loss_fn, batch_size, device)
    send = _sender(device)
    n, history, first = len(data.train.X), History(), epochs_trained(model)

    def measured(number: int, losses: list[float]) -> Epoch:
        train = evaluate(model, data.train, loss_fn) if measure else None
        valid = evaluate(model, data.valid, loss_fn) if measure and data.valid else None
        running = mean_over_batches(losses, n, batch_size) if losses else None
        return Epoch.of(number, train, valid, losses, running)

    history.epochs.append(measured(first, []))
    for number in range(first + 1, first + epochs + 1):
        order = torch.Generator().manual_seed(epoch_seed(seed, number)) if shuffle else None
        torch_xla.manual_seed(epoch_seed(seed, number))         # what dropout draws
        losses = []
        with train_mode(model):
            for batch in minibatches(n, batch_size, order):
                X, y = send(take(data.train, batch))
                optimizer.zero_grad()
                loss = loss_fn(model(X), y)
                if penalty is not None:
                    loss = loss + penalty(model)
                loss.backward()
                optimizer.step()
                losses.append(loss.detach())                    # a promise of a number: nobody waits for it yet
                torch_xla.sync()                                # the step is noted down in full: start it
        known = torch.stack(losses).tolist()                    # the one look at the device in this epoch
        try:
            _check_finite(known, number, optimizer, data.train)
        except Diverged as trouble:
            history.stopped = str(trouble)
            print(history.stopped)
            break
        set_epochs_trained(model, number)
        history.epochs.append(measured(number, known))
    return history


def _sender(device: torch.device) -> Callable[[Examples], Examples]:
    """A function that sends a batch to the device, or its rows to several devices, to each an equal share."""
    from torch_xla import runtime

    if not runtime.is_spmd():
        return lambda batch: batch.to(device)

    import numpy
    from torch_xla.distributed import spmd

    devices = runtime.global_runtime_device_count()
    mesh = spmd.Mesh(numpy.arange(devices), (devices,), ("rows",))

    def send(batch: Examples) -> Examples:
        batch = batch.to(device)
        for part in batch:
            spmd.mark_sharding(part, mesh, ("rows", *[None] * (part.dim() - 1)))
        return batch

    return send


def _check_finite(losses: list[float], epoch: int, optimizer: torch.optim.Optimizer, train: Examples) -> None:
    """Raises Diverged for the first loss that is not a finite number."""
    for number, loss in enumerate(losses, start=1):
        if not math.isfinite(loss):
            raise Diverged(explain_non_finite_loss(loss, epoch, number, optimizer.param_groups[0]["lr"], train))
