"""Penalties that keep weights small: functions of a model, added to the loss while it trains."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from course_utils.arguments import number


@dataclass(frozen=True)
class Penalty:
    """l1 · Σ|w| + l2/2 · Σw², over the weights of a model; call it with the model to get a scalar tensor.

    Weights are all parameters except those named `bias` (or `b`): a penalty on the bias would pull the
    predictions away from the base rate of the data, so it stays free, as in scikit-learn.
    """

    l1: float = 0.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        for strength in (self.l1, self.l2):
            if not isinstance(strength, float):
                number("The strength", strength, "It is the factor of a penalty.")
            if not 0 <= strength < float("inf"):
                raise ValueError(f"A penalty has a finite strength of 0 or more; this one has {strength}.")

    def __call__(self, model: nn.Module) -> Tensor:
        total = torch.zeros(())
        for w in weights(model):
            if self.l1:
                total = total + self.l1 * w.abs().sum()
            if self.l2:
                total = total + self.l2 / 2 * w.square().sum()
        return total


def weights(model: nn.Module) -> list[nn.Parameter]:
    """The parameters that a penalty sees: all whose own name is not `bias` or `b`."""
    return [p for name, p in model.named_parameters() if name.rpartition(".")[2] not in ("bias", "b")]


def l2_strength(penalty: Penalty | None) -> float:
    """The strength of a penalty that has a gradient everywhere, 0 for None, as Newton's method needs it.

    Raises TypeError for anything but a Penalty, ValueError for one with an l1 part.
    """
    if penalty is None:
        return 0.0
    if not isinstance(penalty, Penalty):
        raise TypeError(f"The penalty is a {type(penalty).__name__}. Make one: `course_utils.penalties.l2(0.01)`.")
    if penalty.l1 > 0:
        raise ValueError(
            f"This penalty has an l1 part, {penalty.l1:g} · Σ|w|, which has no gradient where a weight is 0, and "
            "Newton's method needs one. Use `l2(...)` here; for l1 take steps with `soft_threshold`."
        )
    return float(penalty.l2)


def l1(strength: float) -> Penalty:
    """strength · Σ|w|: the lasso. It pulls every weight towards 0 with the same force, and some arrive."""
    return Penalty(l1=strength)


def l2(strength: float) -> Penalty:
    """strength/2 · Σw²: ridge. Its gradient is strength · w, which is what SGD's `weight_decay` adds."""
    return Penalty(l2=strength)


def elastic_net(strength: float, l1_ratio: float = 0.5) -> Penalty:
    """strength · (l1_ratio · Σ|w| + (1 − l1_ratio)/2 · Σw²), as scikit-learn writes it (Zou and Hastie, 2005).

    Raises ValueError unless l1_ratio lies from 0 (all l2) to 1 (all l1).
    """
    if not 0 <= l1_ratio <= 1:
        raise ValueError(f"l1_ratio is the share of l1 in the penalty, from 0 to 1; it is {l1_ratio}.")
    strength = number("The strength", strength, "It is the factor of a penalty.")
    return Penalty(l1=strength * l1_ratio, l2=strength * (1 - l1_ratio))


def soft_threshold(w: Tensor, t: float) -> Tensor:
    """sign(w) · max(|w| − t, 0): every entry moves t towards 0, and those closer than t become exactly 0.

    It is the minimiser over v of t·|v| + (v − w)²/2, so a gradient step on the loss followed by
    soft_threshold(w, lr · strength) minimises loss + strength · Σ|w| (Daubechies, Defrise and De Mol, 2004).
    """
    return w.sign() * (w.abs() - t).clamp(min=0)
