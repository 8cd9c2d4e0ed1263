"""SGD, Adam and AdamW for models side by side, each with settings of its own.

They follow torch.optim step for step. torch.optim keeps one learning rate for a whole tensor; here every setting is a
number if all models agree on it, else a tensor that broadcasts over the leading dimension.
"""

import inspect

import torch
from torch import Tensor

_UNUSED = {"foreach", "fused", "capturable", "differentiable"}  # how torch computes, not what


def can_stack(optimizer: type, settings: dict) -> bool:
    """Whether `stacked_optimizer` knows this class of torch.optim with these settings."""
    known = _KNOWN.get(optimizer)
    defaults = full_settings(optimizer, settings) if known else {}
    unwritten = ("amsgrad", "maximize", "decoupled_weight_decay")
    return known is not None and not any(defaults.get(name) for name in unwritten)


def full_settings(optimizer: type, settings: dict) -> dict:
    """The settings with PyTorch's default for each one not given. Raises TypeError for a name it does not take."""
    parameters, name = inspect.signature(optimizer).parameters, optimizer.__name__
    unknown = [key for key in settings if key not in parameters]
    if unknown:
        raise TypeError(f"No one takes the setting `{unknown[0]}`: not {name}, not the model, not the data.")
    for key in ("lr", "momentum", "weight_decay", "eps"):
        if isinstance(settings.get(key), int | float) and settings[key] < 0:
            raise ValueError(f"{key} is {settings[key]}. {name} takes no negative one.")
    return {key: settings.get(key, p.default) for key, p in parameters.items() if key not in {"params", *_UNUSED}}


def stacked_optimizer(optimizer: type, parameters: dict[str, Tensor], settings: list[dict]) -> "_Stacked":
    """`step(gradients)` of it changes `parameters`, each (K, …), in place. `settings` holds one dict a model."""
    filled = [full_settings(optimizer, own) for own in settings]
    together = {name: [own[name] for own in filled] for name in filled[0]}
    if "betas" in together:
        together["beta1"], together["beta2"] = zip(*together.pop("betas"), strict=True)
    return _KNOWN[optimizer](parameters, together)


class _Stacked:
    """`coefficients` turns settings into the numbers of step `count`, in float64; `update` does the step for one w."""

    def __init__(self, parameters: dict[str, Tensor], settings: dict[str, list]):
        self.parameters = parameters
        self.settings = {
            name: values[0] if all(v == values[0] for v in values) else torch.tensor(values, dtype=torch.float64)
            for name, values in settings.items()
        }
        self.state = {name: {} for name in parameters}
        self.count = 0

    def step(self, gradients: dict[str, Tensor]) -> None:
        self.count += 1
        numbers = self.coefficients(self.count, **self.settings)
        for name, w in self.parameters.items():
            self.update(w, gradients[name], self.state[name], **{key: _beside(w, n) for key, n in numbers.items()})


class _SGD(_Stacked):
    def coefficients(self, count, lr, momentum, dampening, weight_decay, nesterov, **_):
        on = momentum != 0  # torch.optim knows no dampening without momentum
        on = on.double() if isinstance(on, Tensor) else on
        return {"lr": lr, "mu": momentum, "share": 1 - dampening * on, "decay": weight_decay, "nesterov": nesterov}

    def update(self, w, g, state, lr, mu, share, decay, nesterov):
        if _is_on(decay):
            g = g + decay * w
        if _is_on(mu):
            v = state["v"].mul_(mu).add_(share * g) if "v" in state else state.setdefault("v", g.clone())
            g = v + nesterov * (g + mu * v - v) if _is_on(nesterov) else v
        _subtract(w, g, lr)


class _Adam(_Stacked):
    def coefficients(self, count, lr, beta1, beta2, eps, weight_decay, **_):
        return {
            "beta1": beta1,
            "rest1": 1 - beta1,
            "beta2": beta2,
            "rest2": 1 - beta2,
            "rate": lr / (1 - beta1**count),
            "s_correction": 1 - beta2**count,
            "eps": eps,
            "decay": weight_decay,
            "shrink": 1,
        }

    def update(self, w, g, state, beta1, rest1, beta2, rest2, rate, s_correction, eps, decay, shrink):
        if not state:
            state.update(m=torch.zeros_like(w), s=torch.zeros_like(w))
        if _is_on(decay):
            g = g + decay * w
        if isinstance(shrink, Tensor) or shrink != 1:
            w.mul_(shrink)
        m, s = state["m"].mul_(beta1).add_(rest1 * g), state["s"].mul_(beta2).add_(rest2 * g.square())
        _subtract(w, m / (s / s_correction).sqrt_().add_(eps), rate)


class _AdamW(_Adam):
    def coefficients(self, count, lr, weight_decay, **others):
        numbers = super().coefficients(count, lr, weight_decay=0, **others)
        return numbers | {"shrink": 1 - lr * weight_decay}


def _beside(w: Tensor, number):
    """A number as it is; one number a model, (K,), as (K, 1, …) in the type of w."""
    return number.to(w).view(-1, *(1,) * (w.dim() - 1)) if isinstance(number, Tensor) else number


def _is_on(number) -> bool:
    return isinstance(number, Tensor) or number != 0


def _subtract(w: Tensor, step: Tensor, factor) -> None:
    if isinstance(factor, Tensor):
        w.addcmul_(step, factor, value=-1)
    else:
        w.sub_(step, alpha=factor)


_KNOWN = {torch.optim.SGD: _SGD, torch.optim.Adam: _Adam, torch.optim.AdamW: _AdamW}
