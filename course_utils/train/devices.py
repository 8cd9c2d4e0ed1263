"""Where a model trains: on the CPU, on a CUDA device, or on Apple's GPU."""

import torch
from torch import nn


def find_device(model: nn.Module, device: str | torch.device | None = None) -> torch.device:
    """The device asked for, or the one that holds the model. Raises ValueError where there is no such device."""
    if device is None:
        first = next(iter(model.parameters()), None) if isinstance(model, nn.Module) else None
        return torch.device("cpu") if first is None else first.device
    try:
        device = torch.device(device)
    except (RuntimeError, TypeError):
        raise ValueError(
            f"device is {device!r}, which PyTorch does not know. A GPU of NVIDIA or AMD is 'cuda', Apple's 'mps'. "
            "Leave out `device` to train where the model is."
        ) from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(
            "There is no CUDA device here (torch.cuda.is_available() is False). Leave out `device` to use the CPU."
        )
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ValueError(f"There is no {device} here, only {torch.cuda.device_count()} CUDA device(s), counted from 0.")
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise ValueError("There is no MPS device here (Apple's GPU). Leave out `device` to use the CPU.")
    if device.type not in ("cpu", "cuda", "mps"):           # one of many others, of which few are there
        try:
            torch.zeros(1, device=device).item()
        except (RuntimeError, NotImplementedError):
            raise ValueError(
                f"Nothing can be computed here on the device '{device}'. Leave out `device` to train where the model "
                "is."
            ) from None
    return device


def decimals_of(model: nn.Module) -> torch.dtype | None:
    """The dtype of the model's weights, into which arrays and tables are converted; None where there are none."""
    parameters = model.parameters() if isinstance(model, nn.Module) else ()
    return next((parameter.dtype for parameter in parameters if parameter.is_floating_point()), None)
