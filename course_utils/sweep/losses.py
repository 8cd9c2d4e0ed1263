"""Mean losses of K models at once, and their gradients with respect to the outputs, written out."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.train import LossFunction


def written_out(loss_fn: LossFunction):
    """Two functions for a mean loss with nothing special about it (no class weights, no label smoothing), or two None.

    Both take outputs (K, B, …) and targets: the one returns the losses (K,), the other these and their gradients.
    """
    for function, (family, losses, with_gradients) in _LOSSES.items():
        if loss_fn is function or type(loss_fn) is family and _settings(loss_fn) == _settings(family()):
            return losses, with_gradients
    return None, None


def _settings(loss: nn.Module) -> dict:
    return {name: getattr(loss, name, None) for name in (*getattr(loss, "__constants__", ()), "weight", "pos_weight")}


def _cross_entropies(z: Tensor, y: Tensor) -> Tensor:
    """From logits z (K, B, C) and classes y (K, B)."""
    return _mean_surprise(torch.log_softmax(z, dim=-1), y)


def _mean_surprise(log_p: Tensor, y: Tensor) -> Tensor:
    return -log_p.gather(-1, y.unsqueeze(-1)).mean((1, 2))


def _cross_entropies_with_gradients(z: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """The gradient is (softmax(z) − onehot(y)) / B, (K, B, C)."""
    log_p = torch.log_softmax(z, dim=-1)
    losses, g, y = _mean_surprise(log_p, y), log_p.exp_(), y.unsqueeze(-1)
    return losses, g.scatter_add_(-1, y, g.new_tensor(-1.0).expand(y.shape)).div_(z.shape[1])


def _binary_cross_entropies(z: Tensor, y: Tensor) -> Tensor:
    """From logits z and targets y, both (K, B)."""
    return F.binary_cross_entropy_with_logits(z, y, reduction="none").flatten(1).mean(1)


def _binary_cross_entropies_with_gradients(z: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """The gradient is (σ(z) − y) / B."""
    return _binary_cross_entropies(z, y), (torch.sigmoid(z) - y).div_(z[0].numel())


def _squared_errors(prediction: Tensor, y: Tensor) -> Tensor:
    """The mean of (prediction − y)²."""
    return (prediction - y).square().flatten(1).mean(1)


def _squared_errors_with_gradients(prediction: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """The gradient is 2 (prediction − y) / B."""
    return _squared_errors(prediction, y), (prediction - y).mul_(2 / prediction[0].numel())


_LOSSES = {
    F.cross_entropy: (nn.CrossEntropyLoss, _cross_entropies, _cross_entropies_with_gradients),
    F.binary_cross_entropy_with_logits: (
        nn.BCEWithLogitsLoss,
        _binary_cross_entropies,
        _binary_cross_entropies_with_gradients,
    ),
    F.mse_loss: (nn.MSELoss, _squared_errors, _squared_errors_with_gradients),
}
