"""Many models of one structure side by side: each parameter has a leading dimension, one entry a model.

A batch for K models is a stack too, X of shape (G, B, …) and y of shape (G, B): G batches, each read by K/G models that
lie next to one another (models of one seed and several learning rates see the same examples). Nothing is shared: each
model keeps its own weights, learning rate and batch order, and one whose weights become nan leaves the others alone.

Any module can be mapped over by `torch.func`. The layers of this course are called directly, as one batched matrix
product a layer: a sweep of 32 linear models then takes half the time.
"""

import copy
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from course_utils.models import MLP, FromBytes, LogisticRegression, MultinomialLogisticRegression
from course_utils.penalties import Penalty
from course_utils.penalties import weights as weights_of
from course_utils.train import LossFunction

ELEMENTWISE = (nn.ReLU, nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Tanh, nn.Sigmoid, nn.Identity, FromBytes)
PLAIN_MEANS: dict[Callable[..., Tensor], nn.Module] = {
    F.cross_entropy: nn.CrossEntropyLoss(),
    F.binary_cross_entropy_with_logits: nn.BCEWithLogitsLoss(),
    F.mse_loss: nn.MSELoss(),
}


class CannotStack(Exception):
    """These models cannot train side by side; the message says why."""


def layers_of(model: nn.Module) -> list[nn.Module] | None:
    """The layers that `model` applies one after the other, or None if its class does not tell, or one is not known."""
    if type(model) is LogisticRegression or type(model) is MultinomialLogisticRegression:
        return [model.linear]
    if type(model) is MLP:
        return layers_of(model.layers)
    if type(model) is nn.Sequential:
        parts = [part for part in map(layers_of, model) if part is not None]
        return [layer for part in parts for layer in part] if len(parts) == len(model) else None
    return [model] if type(model) in (nn.Linear, nn.Dropout, nn.Flatten, *ELEMENTWISE) else None


def structure_of(model: nn.Module) -> tuple:
    """What two models must have in common to be stacked: class, layers, shapes and settings, all but the weights."""
    return repr(model), tuple((name, p.shape, p.dtype, p.requires_grad) for name, p in model.named_parameters())


def plain_mean(loss_fn: LossFunction) -> Callable[..., Tensor] | None:
    """The function of `F` whose mean over the examples `loss_fn` is, with no class weights or other settings; or None.

    It gives the losses of all models in one call, with `reduction="none"`.
    """
    for function, plain in PLAIN_MEANS.items():
        if loss_fn is function or type(loss_fn) is type(plain) and _settings(loss_fn) == _settings(plain):
            return function
    return None


def _settings(loss: object) -> dict:
    names = {*getattr(loss, "__constants__", ()), "reduction", "weight", "pos_weight"}  # not each loss lists its own
    return {name: getattr(loss, name, None) for name in names}


class Stack:
    """K models: `parameters` maps each name to (K, …). Raises CannotStack for models that keep more than parameters."""

    def __init__(self, models: list[nn.Module], loss_fn: LossFunction):
        first = models[0]
        if any(True for _ in first.buffers()):
            raise CannotStack("the model keeps running averages or other buffers")
        if not all(p.requires_grad for p in first.parameters()):
            raise CannotStack("some of its parameters are frozen")
        if len(list(first.parameters())) != len(list(first.named_parameters(remove_duplicate=False))):
            raise CannotStack("some of its parameters are shared")
        self.size, self.loss_fn, self.plain_mean = len(models), loss_fn, plain_mean(loss_fn)
        self.parameters, _ = stack_module_state(models)
        weights = {id(w) for w in weights_of(first)}
        self.weight_names = [name for name, p in first.named_parameters() if id(p) in weights]
        self.model = copy.deepcopy(first)  # whose layers are called, with parameters from here
        self._name_layers()
        self._each_loss = vmap(loss_fn)

    def _name_layers(self) -> None:
        """`layers` in order, each with the beginning of its parameters' names; None if they are not all known."""
        names = {module: name and f"{name}." for name, module in self.model.named_modules()}
        layers = layers_of(self.model) or []
        self.squeeze = isinstance(self.model, LogisticRegression | MLP)  # these drop the dimension of a single output
        if layers and isinstance(layers[-1], nn.Flatten) and layers[-1].start_dim == 0:
            self.squeeze, layers = True, layers[:-1]  # (n, 1) → (n,), as in Sequential(Linear(2, 1), Flatten(0))
        self.flatten = bool(layers) and isinstance(layers[0], nn.Flatten)
        named = [(names[layer], layer) for layer in layers[int(self.flatten) :]]
        known = named and not any(isinstance(layer, nn.Flatten) for _, layer in named)
        self.layers = named if known else None

    def outputs(self, X: Tensor, generators: list[torch.Generator] | None = None) -> Tensor:
        """(K, B, …) from X (G, B, …). Models are in train mode if there are generators, one for each of the G batches.

        Features come before examples inside: models that read one batch are then one tall matrix, their outputs need no
        rearranging, and a softmax over the few classes is ten times faster than with the classes last.
        """
        if self.layers is None:
            self.model.train(generators is not None)
            each_model = vmap(self._call, randomness="error")   # kept in self, it would keep self from being freed
            return each_model(self.parameters, self.for_each_model(X))
        h = (X.flatten(2) if self.flatten else X).mT
        for name, layer in self.layers:
            if isinstance(layer, nn.Linear):
                h = _linear(h, self.parameters[f"{name}weight"], self.parameters.get(f"{name}bias"))
            elif not isinstance(layer, nn.Dropout):
                h = layer(h)
            elif generators is not None and layer.p > 0:
                h = h * _masks(h, layer.p, generators)
        h = self.for_each_model(h)
        return h[:, 0] if self.squeeze and h.shape[1] == 1 else h.mT

    def _call(self, parameters: dict[str, Tensor], X: Tensor) -> Tensor:
        return functional_call(self.model, parameters, (X,))

    def losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        """Each model's loss on its batch, (K,), from outputs (K, B, …) and targets (G, B, …)."""
        y = self.for_each_model(y)
        if self.plain_mean is None:
            return self._each_loss(outputs, y).view(self.size)
        if outputs.dim() == 3:
            outputs, y = outputs.mT.contiguous(), y.mT if y.dim() == 3 else y  # (K, classes, B), as F wants them
        return self.plain_mean(outputs, y, reduction="none").flatten(1).mean(1)

    def penalties(self, each: list[Penalty | None]) -> Tensor:
        """The penalty of every model on its own weights, (K,)."""
        total = torch.zeros(self.size)
        for part, size_of in (("l1", torch.abs), ("l2", lambda w: w.square() / 2)):
            strengths = [getattr(penalty, part, 0.0) for penalty in each]
            if any(strengths):
                sums = [size_of(self.parameters[name]).view(self.size, -1).sum(1) for name in self.weight_names]
                total = total + sums[0].new_tensor(strengths) * sum(sums)       # 0.1 with as many digits as the weights
        return total

    def objectives_and_gradients(
        self, X: Tensor, y: Tensor, generators: list[torch.Generator], penalties: list[Penalty | None]
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Loss plus penalty of each model on its batch, (K,), and the gradient of it for each parameter, (K, …)."""
        objectives = self.losses(self.outputs(X, generators), y)
        if any(penalties):
            objectives = objectives + self.penalties(penalties)
        gradients = torch.autograd.grad(objectives.sum(), list(self.parameters.values()))  # each has a term of its own
        return objectives.detach(), dict(zip(self.parameters, gradients, strict=True))

    def for_each_model(self, batches: Tensor) -> Tensor:
        """(G, …) → (K, …): every model's own batch."""
        return batches if len(batches) == self.size else batches.repeat_interleave(self.size // len(batches), 0)


def _linear(h: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """W h + b for every model: h (G, in, B), W (K, out, in), b (K, out) → (K, out, B)."""
    G, K, n_in = len(h), len(weight), weight.shape[-1]
    tall = weight.reshape(G, -1, n_in)  # the models that read one batch, one below the other
    out = torch.bmm(tall, h) if bias is None else torch.baddbmm(bias.reshape(G, -1, 1), tall, h)
    return out.view(K, -1, h.shape[-1])


def _masks(h: Tensor, p: float, generators: list[torch.Generator]) -> Tensor:
    """Dropout's factors for h (K, features, B), 0 or 1/(1 − p): those that torch draws on the CPU for a model alone."""
    masks = h.new_empty(len(generators), h.shape[2], h.shape[1])
    for mask, generator in zip(masks, generators, strict=True):
        mask.bernoulli_(1 - p, generator=generator)
    masks.div_(max(1 - p, 1e-30))
    return (masks if len(masks) == len(h) else masks.repeat_interleave(len(h) // len(masks), 0)).mT
