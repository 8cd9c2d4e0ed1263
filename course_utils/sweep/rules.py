"""Which of the course's update rules a class of torch.optim is, and that rule for models side by side."""

import inspect
from collections.abc import Callable

import torch
from torch import Tensor

from course_utils import optimizers as rules
from course_utils.arguments import number
from course_utils.optimizers import Rule

_HOW = {"params", "foreach", "fused", "capturable", "differentiable"}  # how torch computes, not what
_RULES: dict[Callable, tuple[Callable[..., Rule], tuple[str, ...]]] = {
    torch.optim.SGD: (rules.sgd, ("lr", "weight_decay")),
    torch.optim.Adagrad: (rules.adagrad, ("lr", "weight_decay", "eps")),
    torch.optim.RMSprop: (rules.rmsprop, ("lr", "alpha", "weight_decay", "eps")),
    torch.optim.Adadelta: (rules.adadelta, ("lr", "rho", "weight_decay", "eps")),
    torch.optim.Adam: (rules.adam, ("lr", "betas", "weight_decay", "eps")),
    torch.optim.AdamW: (rules.adamw, ("lr", "betas", "weight_decay", "eps")),
}


def check_settings(optimizer: type, settings: dict) -> None:
    """Raise TypeError for a name that `optimizer` does not take, and ValueError for a number that it refuses."""
    name = optimizer.__name__
    for key, value in settings.items():
        if key not in inspect.signature(optimizer).parameters:
            raise TypeError(
                f"No one takes the setting `{key}`: not {name}, not the model, not the data, not the penalty."
            )
        if key in ("lr", "momentum", "weight_decay", "eps", "alpha"):
            number(key, value, f"{name} takes no negative one.", least=0)
        if key == "rho" and not 0 <= number("rho", value, f"{name} keeps that share of the past.") <= 1:
            raise ValueError(f"rho is {value}. It is the share of the past that {name} keeps, from 0 to 1.")
        if key == "betas" and not (isinstance(value, tuple) and len(value) == 2):
            raise TypeError(f"betas is {value}. It is a pair: `betas=(0.9, 0.999)`; a list would span an axis.")
        if key == "betas" and not all(0 <= number("each of betas", beta, "It is a share.") < 1 for beta in value):
            raise ValueError(f"betas is {value}. Each is a share of the past that {name} keeps, from 0 to below 1.")
    if settings.get("nesterov") and (not settings.get("momentum") or settings.get("dampening")):
        raise ValueError("nesterov=True looks ahead along the momentum: set `momentum` above 0, and no `dampening`.")
    if optimizer not in _RULES and issubclass(optimizer, torch.optim.Optimizer):
        try:                                            # what this one refuses, it says before anything is trained
            optimizer([torch.nn.Parameter(torch.zeros(1, 1))], **settings)       # a matrix: Muon takes nothing else
        except (TypeError, ValueError) as trouble:
            given = ", ".join(f"{key}={value!r}" for key, value in settings.items())
            raise type(trouble)(f"{name} does not take {given}. It says: {trouble}") from trouble


def rule_of(optimizer: Callable, settings: dict) -> tuple[Callable[..., Rule], dict] | None:
    """The maker of the rule that `optimizer` follows, and what it takes, with PyTorch's default where none is given.

    None if there is no such rule, or if a setting other than these differs from PyTorch's default.
    """
    if optimizer not in _RULES:
        return None
    maker, names = _RULES[optimizer]
    if optimizer is torch.optim.SGD and settings.get("momentum"):
        maker = rules.nesterov if settings.get("nesterov") else rules.momentum
        names = (*names, "momentum")
    defaults = {key: parameter.default for key, parameter in inspect.signature(optimizer).parameters.items()}
    rest = {key for key in settings if key not in (*names, "nesterov", *_HOW)}
    if any(settings[key] != defaults[key] for key in rest):
        return None
    return maker, {key: settings.get(key, defaults[key]) for key in names}


class StackedRule:
    """One rule for parameters (K, …) of K models, each with settings of its own: `settings` holds one dict a model."""

    def __init__(self, maker: Callable[..., Rule], settings: list[dict], parameters: dict[str, Tensor]):
        together = {key: [own[key] for own in settings] for key in settings[0]}
        self.rules = {
            name: maker(**{key: _beside(w, values) for key, values in together.items()})
            for name, w in parameters.items()
        }
        self.state = {name: rule.init(parameters[name]) for name, rule in self.rules.items()}

    @torch.no_grad()
    def step(self, parameters: dict[str, Tensor], gradients: dict[str, Tensor]) -> None:
        """Put a new tensor in the place of each parameter; the old ones stay as they are."""
        for name, rule in self.rules.items():
            w, self.state[name] = rule.update(gradients[name], self.state[name], parameters[name])
            parameters[name] = w.requires_grad_()


def _beside(w: Tensor, values: list) -> Tensor | float | tuple:
    """One setting of K models: the number on which all agree, else a tensor that broadcasts against w, (K, 1, …)."""
    if isinstance(values[0], tuple):
        return tuple(_beside(w, list(parts)) for parts in zip(*values, strict=True))
    if all(value == values[0] for value in values):
        return values[0]
    return w.new_tensor(values).view(-1, *(1,) * (w.dim() - 1))
