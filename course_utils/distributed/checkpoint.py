"""A checkpoint: all that a run needs to go on after an accident as if nothing had happened.

It holds the model, the optimizer with its memory, the epochs so far, and the settings that a run which goes on has to
share. No state of a random generator: each epoch draws from a seed of its own. Rank 0 writes it, to another name first,
so that under its own name there is always a whole file: the old one or the new one.
"""

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from course_utils.distributed.agreement import from_rank_0
from course_utils.train import Epoch, set_epochs_trained


class CheckpointError(ValueError):
    """A file that the run cannot go on from, and that is left as it is; the message says why and what to do."""


def write_checkpoint(
    path: Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    epochs: Sequence[Epoch],
    settings: dict[str, object],
) -> None:
    """Rank 0 replaces `path` by the state after the last of `epochs`. When any rank goes on, the file is whole.

    Raises OSError on every rank if it cannot be written; then the file that was there is still there.
    """
    from_rank_0(lambda: _replace(path, {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "epochs": [tuple(epoch) for epoch in epochs],
        "settings": settings,
    }))


def _replace(path: Path, state: dict[str, object]) -> None:
    """Write to a name beside it, see it on the disk, rename: an accident at any moment leaves one whole file."""
    unfinished = path.with_name(path.name + ".unfinished")
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(unfinished, "wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())         # else a power cut could leave the new name on the old disk's emptiness
    os.replace(unfinished, path)


def go_on_from(
    path: str | Path | None,
    resume: bool,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    settings: dict[str, object],
) -> list[Epoch]:
    """Load what `path` holds into `model` and `optimizer`, on every rank, and return its epochs; [] to begin anew.

    Rank 0 reads, so of several machines only its own has to hold the file. Raises ValueError to resume from no path,
    and CheckpointError, with nothing changed, on every rank: for a file that is there without `resume`, one that is
    damaged, one of another model, or of a run with other settings.
    """
    if path is None:
        if resume:
            raise ValueError("`resume=True` needs to know from which file: give `checkpoint`, a path.")
        return []
    path = Path(path)
    state = from_rank_0(lambda: _read(path, resume))
    if state is None:
        return []
    _check_settings(path, state["settings"], settings)
    _check_model(path, state["model"], model)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    epochs = [Epoch(*epoch) for epoch in state["epochs"]]
    set_epochs_trained(model, epochs[-1].number)
    return epochs


def _read(path: Path, resume: bool) -> dict | None:
    """What the file holds, on the CPU; None without a file. Its check sums are compared, for PyTorch does not do it."""
    if not path.exists():
        return None
    if not resume:
        raise CheckpointError(
            f"{path} is there already. Go on from it with `resume=True`, or give another name, so that it is kept."
        )
    try:
        with zipfile.ZipFile(path) as parts:
            if parts.testzip() is not None:
                raise zipfile.BadZipFile
        state = torch.load(path, map_location="cpu", weights_only=True)     # tensors and numbers, never code
        if set(state) == {"model", "optimizer", "epochs", "settings"} and state["epochs"]:
            return state
        what = "holds something else than a checkpoint of `fit_distributed`"
    except OSError:
        raise
    except Exception:                                                       # of a damaged file anything may come
        what = "is damaged or cut off, or was written by something else"
    raise CheckpointError(f"{path} {what}. It is left as it is: move it away, or give another name, and start anew.")


def _check_settings(path: Path, theirs: dict[str, object], ours: dict[str, object]) -> None:
    for name, value in ours.items():
        if theirs.get(name) != value:
            raise CheckpointError(
                f"{path} is of a run with {name}={theirs.get(name)}, and this run has {name}={value}. "
                "To go on, give what that run had; for a new run give another name."
            )


def _check_model(path: Path, theirs: dict[str, Tensor], model: nn.Module) -> None:
    ours = model.state_dict()
    for name in [*ours, *theirs]:
        here, there = (tuple(state[name].shape) if name in state else "no such part" for state in (ours, theirs))
        if here != there:
            raise CheckpointError(
                f"{path} is of another model: {name} is {there} in the file, and {here} here. "
                "Make the model as it was in that run, or give another name."
            )
