"""How good are the predictions? Numbers that compare them with the targets."""

import warnings
from typing import NamedTuple

import torch
from torch import Tensor

from course_utils.arguments import as_tensor, whole_number


def _tensors(*values: Tensor) -> tuple[Tensor, ...]:
    """Tensors as they are; arrays, tables and lists of numbers converted, with all their digits."""
    named = zip(("predictions", "y"), values, strict=True)
    return tuple(as_tensor(name, value, decimals=torch.float64) for name, value in named)


def _same_shape(predicted: Tensor, y: Tensor, given: Tensor | None = None) -> None:
    """Raise ValueError unless each target has one prediction; the sentence shows the shape of what was `given`."""
    given = predicted if given is None else given
    if y.dim() == 2 and y.shape[1] > 1 and predicted.dim() == 1 and bool(((y == 0) | (y == 1)).all()):
        raise ValueError(f"Targets have {y.shape[1]} columns of 0 and 1. Give the class numbers: `y.argmax(dim=1)`.")
    if predicted.shape != y.shape:      # (n, 1) against (n,) would broadcast to (n, n) without a word
        raise ValueError(
            f"Predictions of shape {tuple(given.shape)} do not match targets of shape {tuple(y.shape)}; "
            f"each target needs one prediction.{_as_one_column(given, y)}"
        )
    if y.dim() == 0:
        raise ValueError("There is a single number of each. Give one for each example, of shape (n,).")
    if len(y) == 0:
        raise ValueError("There are no examples to measure.")


def _as_one_column(given: Tensor, y: Tensor) -> str:
    """What makes the two alike, where that can be told from their shapes."""
    if y.dim() == 2 and y.shape[1] == 1:
        return " Use `y.squeeze(1)`."
    if given.dim() == 2 and given.shape[1] == 1:
        return " Use `predictions.squeeze(1)`."
    return " The order is predictions, y; are they swapped?" if y.dim() > given.dim() else ""


def predicted_classes(logits: Tensor, threshold: float = 0.0) -> Tensor:
    """The class that each logit, or row of logits, stands for: int64 of shape (n,).

    Of logits (n, K), one per class, the largest wins, and the first of those that are equal. A single logit an
    example, (n,), stands for class 1 if it lies above `threshold`, else for class 0: a logit of exactly 0, where both
    classes have probability ½, is class 0. Of probabilities (n,) pass `threshold=0.5`.
    """
    return logits.argmax(dim=1) if logits.ndim == 2 else (logits > threshold).long()


def accuracy(predictions: Tensor, y: Tensor) -> float:
    """The share of examples predicted right, from 0 to 1.

    `predictions` are logits of shape (n, K), where the largest wins; or, of shape (n,), logits of class 1 (floats:
    positive means class 1) or classes (integers or booleans). Float probabilities of shape (n,) are not logits:
    turn them into classes first, `predicted_classes(probabilities, 0.5)`. Ties are decided as said there. A prediction
    that is nan counts as wrong. Raises ValueError when the shapes do not fit `y`, of shape (n,), and for a target that
    none of the predictions can stand for; warns of nan, and of what looks like probabilities.
    """
    predictions, y = _tensors(predictions, y)
    predicted = predictions
    if predictions.ndim == 2 and predictions.shape[1] > 1:
        predicted = predicted_classes(predictions)
    elif predictions.is_floating_point():
        predicted = predicted_classes(predictions.flatten()).view_as(predictions)
    _same_shape(predicted, y, predictions)
    _check_targets(predictions, y)
    bad = predictions.isnan() if predictions.shape == y.shape else predictions.isnan().any(dim=1)
    if n_bad := int(bad.sum()):
        warnings.warn(
            f"{n_bad} of the {len(y)} predictions are nan (not a number) and count as wrong, as after a run that "
            "diverged.", stacklevel=2,
        )
    return ((predicted == y) & ~bad).double().mean().item()


def _check_targets(predictions: Tensor, y: Tensor) -> None:
    """Raise ValueError for a target that these predictions cannot stand for; warn of probabilities taken for logits."""
    if predictions.shape != y.shape:
        if (highest := float(y.max())) >= predictions.shape[1]:
            counted = " Are your labels counted from 1?" if float(y.min()) >= 1 else ""
            raise ValueError(
                f"Found label {highest:g}, but the predictions have {predictions.shape[1]} columns, numbered 0 to "
                f"{predictions.shape[1] - 1}.{counted}"
            )
    elif predictions.is_floating_point():
        if bool((other := (y != 0) & (y != 1)).any()):
            raise ValueError(
                f"y holds {float(y[other][0]):g}, but predictions in decimals are logits here, one an example, which "
                "stand for class 0 or 1. Give y in 0 and 1; or, of class numbers, `predictions.long()`."
            )
        below_half = (predictions > 0) & (predictions < 0.5)
        if bool(below_half.any()) and bool(((predictions >= 0) & (predictions <= 1)).all()):
            warnings.warn(
                "All predictions lie from 0 to 1, as probabilities do. Read as logits, those above 0 mean class 1. Of "
                "probabilities give the classes: `predicted_classes(probabilities, 0.5)`.", stacklevel=3,
            )


def confusion_matrix(predicted: Tensor, y: Tensor, n_classes: int | None = None) -> Tensor:
    """Counts (n_classes, n_classes): row = the true class, column = the predicted one, as in scikit-learn.

    `predicted` and `y` hold class numbers, shape (n,). Raises ValueError for a class outside 0 … n_classes−1, and for
    probabilities and logits, which are no classes yet.
    """
    predicted, y = _tensors(predicted, y)
    _same_shape(predicted, y)
    for values, what in ((predicted, "predictions"), (y, "targets")):
        if bool((parts := values != values.long()).any()):
            raise ValueError(f"The {what} hold {values[parts][0]:.3g}, which is no class number. Of probabilities take "
                             "`predicted_classes(probabilities, 0.5)`, of logits `predicted_classes(logits)`.")
    predicted, y = predicted.long(), y.long()
    smallest, largest = (int(edge) for edge in torch.cat([predicted, y]).aminmax())
    n_classes = largest + 1 if n_classes is None else n_classes
    if smallest < 0 or largest >= n_classes:
        raise ValueError(f"Classes run from {smallest} to {largest}; n_classes={n_classes} means 0 to {n_classes - 1}.")
    return torch.bincount(y * n_classes + predicted, minlength=n_classes**2).reshape(n_classes, n_classes)


class Calibration(NamedTuple):
    """One row per occupied bin: what the model said, how often it came true, and of how many examples."""

    predicted: Tensor       # mean predicted probability, (b,)
    observed: Tensor        # share of y = 1, (b,)
    count: Tensor  # type: ignore[assignment]      # examples in the bin, int64 (b,); it hides tuple.count

    @property
    def error(self) -> float:
        """The expected calibration error: Σ count/n · |observed − predicted| (Naeini, Cooper and Hauskrecht, 2015)."""
        return ((self.observed - self.predicted).abs() * self.count / self.count.sum()).sum().item()


def calibration(probabilities: Tensor, y: Tensor, bins: int = 10) -> Calibration:
    """Sort predicted probabilities of y = 1, shape (n,), into `bins` equal widths and compare each with reality.

    A probability at the edge of two bins belongs to the lower one. Of several classes, pass the probability of the
    predicted class, and in `y` whether it was right. Raises ValueError for probabilities outside 0 … 1, which are
    logits, and for outcomes other than 0 and 1.
    """
    bins = whole_number("bins", bins, "intervals from 0 to 1", least=1)
    probabilities, y = _tensors(probabilities, y)
    _same_shape(probabilities, y)
    if not bool(((probabilities >= 0) & (probabilities <= 1)).all()):
        raise ValueError("Probabilities lie between 0 and 1; some of these do not. Logits go through sigmoid first.")
    if not bool(((y == 0) | (y == 1)).all()):
        raise ValueError("y says whether it came true, 0 or 1; some of it is neither. Of several classes pass "
                         "`predicted == y`, and the probability of the predicted class.")
    edges = torch.arange(bins + 1, dtype=torch.float64, device=y.device) / bins
    if probabilities.is_floating_point():
        edges = edges.to(probabilities.dtype)       # 0.1 is another number in float32, and has to meet the same edge
    probabilities, y, edges = probabilities.double(), y.double(), edges.double()
    which = torch.bucketize(probabilities, edges[1:-1])
    count = torch.bincount(which, minlength=bins)
    occupied = count > 0

    def mean_by_bin(values: Tensor) -> Tensor:
        return (torch.bincount(which, weights=values, minlength=bins) / count)[occupied]

    return Calibration(mean_by_bin(probabilities), mean_by_bin(y), count[occupied])


def rmse(predicted: Tensor, y: Tensor) -> float:
    """The root of the mean squared difference, in the unit of `y`. Both have shape (n,)."""
    predicted, y = _tensors(predicted, y)
    _same_shape(predicted, y)
    return (predicted.double() - y.double()).square().mean().sqrt().item()


def rmsle(predicted: Tensor, y: Tensor) -> float:
    """The root mean squared difference of log(1 + value): roughly, the relative error, for counts and prices.

    Raises ValueError for negative values; clip predictions of counts at 0 first.
    """
    predicted, y = _tensors(predicted, y)
    _same_shape(predicted, y)
    for values, what in ((predicted, "predictions"), (y, "targets")):
        if n_negative := int((values < 0).sum()):
            raise ValueError(f"Of the {what}, {n_negative} are negative; log(1 + value) is for counts. Clip them at 0.")
    return rmse(predicted.double().log1p(), y.double().log1p())
