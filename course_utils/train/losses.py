"""Which kind of loss is this, and which predictions are right under it?"""

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.metrics import predicted_classes

LossFunction = Callable[[Tensor, Tensor], Tensor]

_KINDS = {
    "cross entropy": (F.cross_entropy, nn.CrossEntropyLoss),
    "nll": (F.nll_loss, nn.NLLLoss),
    "bce logits": (F.binary_cross_entropy_with_logits, nn.BCEWithLogitsLoss),
    "bce": (F.binary_cross_entropy, nn.BCELoss),
    "regression": (
        F.mse_loss, nn.MSELoss, F.l1_loss, nn.L1Loss, F.smooth_l1_loss, nn.SmoothL1Loss, F.huber_loss, nn.HuberLoss,
    ),
}


def loss_kind(loss_fn: LossFunction) -> str | None:
    """Which family a loss of PyTorch's belongs to; None for a function of your own."""
    for kind, members in _KINDS.items():
        if any(loss_fn is member or (isinstance(member, type) and isinstance(loss_fn, member)) for member in members):
            return kind
    return None


def adds_up(loss_fn: LossFunction, targets: Tensor) -> bool:
    """Whether the loss of a whole set is the mean of the losses of its pieces, each counted by its size.

    It is not where class weights or labels to be left out decide what a mean is divided by. Of a function of your own
    nothing is known: it may end in a root.
    """
    kind = loss_kind(loss_fn)
    if kind in ("cross entropy", "nll") and getattr(loss_fn, "reduction", "mean") == "mean":
        left_out = targets == getattr(loss_fn, "ignore_index", -100)
        return getattr(loss_fn, "weight", None) is None and not bool(left_out.any())
    return kind is not None


def is_right(outputs: Tensor, targets: Tensor, loss_fn: LossFunction) -> Tensor | None:
    """For each target, whether the predicted class is it, or None where the loss is not about classes.

    `metrics.predicted_classes` decides. Whole-number targets (n,) belong to outputs (n, K), one per class. Under a
    binary loss each output is a yes or no of its own: a logit is compared with 0, a probability with 0.5.
    """
    kind = loss_kind(loss_fn)
    if outputs.dim() == 2 and targets.dim() == 1 and not targets.is_floating_point():
        return predicted_classes(outputs) == targets
    if kind == "cross entropy" and outputs.shape == targets.shape:      # targets given as probabilities
        return predicted_classes(outputs) == targets.argmax(dim=1)
    if kind in ("bce logits", "bce"):
        threshold = 0.0 if kind == "bce logits" else 0.5
        return predicted_classes(outputs.flatten(), threshold).view_as(outputs) == (targets > 0.5)
    return None
