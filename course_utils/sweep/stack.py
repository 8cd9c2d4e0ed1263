"""Many models of one shape side by side: each parameter has a leading dimension, one entry a model.

A batch for K models is a stack too, X of shape (G, B, …) and y of shape (G, B): G batches, each read by K/G models that
lie next to one another (models of one seed and several learning rates see the same examples). One batched matrix
product then serves every model, where a loop would make K small ones. Nothing is shared: each model keeps its own
weights, learning rate and batch order, and a model whose weights become nan leaves the others alone.

`LayerStack` knows the layers and losses of this course and writes their gradients out, the chain rule by hand.
`VmapStack` takes other modules through `torch.func`. Both raise `CannotStack` for what they cannot do.
"""

import copy

import torch
from torch import Tensor, nn

from course_utils.models import MLP, LogisticRegression, MultinomialLogisticRegression
from course_utils.penalties import Penalty
from course_utils.sweep.losses import written_out
from course_utils.train import LossFunction, is_right


class CannotStack(Exception):
    """These models cannot train side by side; the message says why."""


def layers_of(model: nn.Module) -> list[nn.Module] | None:
    """The layers that `model` applies one after the other, or None if that cannot be told from its class."""
    if type(model) in (LogisticRegression, MultinomialLogisticRegression):
        return [model.linear]
    if type(model) is MLP:
        return layers_of(model.layers)
    if type(model) is nn.Sequential:
        parts = [layers_of(part) for part in model]
        return None if None in parts else [layer for part in parts for layer in part]
    return [model] if type(model) in (nn.Linear, nn.Dropout, nn.Flatten, nn.Identity, *_ACTIVATIONS) else None


def structure_of(model: nn.Module) -> tuple:
    """What two models must have in common to be stacked: class, layers, shapes and settings, all but the weights."""
    return repr(model), tuple((name, p.shape, p.dtype, p.requires_grad) for name, p in model.named_parameters())


def stack(models: list[nn.Module], loss_fn: LossFunction) -> "LayerStack | VmapStack":
    """The models, all of one structure, side by side. Raises CannotStack with the reason if that cannot work."""
    first = models[0]
    if any(True for _ in first.buffers()):
        raise CannotStack("the model keeps running averages or other buffers")
    if not all(p.requires_grad for p in first.parameters()):
        raise CannotStack("some of its parameters are frozen")
    if len(list(first.parameters())) != len(list(first.named_parameters(remove_duplicate=False))):
        raise CannotStack("some of its parameters are shared")
    try:
        return LayerStack(models, loss_fn)
    except CannotStack:
        return VmapStack(models, loss_fn)


class _Stack:
    """What both kinds of stack hold: `parameters`, name → (K, …), and one gradient for each."""

    def __init__(self, models: list[nn.Module], loss_fn: LossFunction):
        self.size, self.loss_fn = len(models), loss_fn
        named = [dict(model.named_parameters()) for model in models]
        self.parameters = {name: torch.stack([own[name].detach() for own in named]) for name in named[0]}
        self.is_weight = {name: name.rpartition(".")[2] not in ("bias", "b") for name in self.parameters}

    def weights(self, k: int) -> dict[str, Tensor]:
        """A copy of the parameters of model k, as its `state_dict` names them."""
        return {name: p[k].clone() for name, p in self.parameters.items()}

    def score(self, X: Tensor, y: Tensor) -> tuple[Tensor, Tensor | None]:
        """Each model's mean loss over its batch, (K,), and how many it got right, in eval mode."""
        outputs, y = self.outputs(X), _for_each_model(y, self.size)
        right = is_right(outputs.flatten(0, 1), y.flatten(0, 1), self.loss_fn)
        return self.losses(outputs, y), None if right is None else right.view(*y.shape[:2]).sum(1)


class LayerStack(_Stack):
    """Sequences of Linear, ReLU, tanh, sigmoid, dropout and flatten under a mean cross-entropy or squared error."""

    def __init__(self, models: list[nn.Module], loss_fn: LossFunction):
        super().__init__(models, loss_fn)
        layers = layers_of(models[0])
        self.losses, self.losses_with_gradients = written_out(loss_fn)
        if layers is None or self.losses is None:
            raise CannotStack("its layers or its loss are not written out")
        self.squeeze = isinstance(models[0], LogisticRegression | MLP)  # these drop the dimension of a single output
        layers = [layer for layer in layers if not isinstance(layer, nn.Identity)]
        if layers and isinstance(layers[-1], nn.Flatten) and layers[-1].start_dim == 0:
            self.squeeze, layers = True, layers[:-1]  # (n, 1) → (n,), as in Sequential(Linear(2, 1), Flatten(0))
        self.flatten = bool(layers) and isinstance(layers[0], nn.Flatten)
        names = {module: name + "." if name else "" for name, module in models[0].named_modules()}
        self.layers = [self._stacked(layer, names[layer]) for layer in layers[int(self.flatten) :]]
        self.first = next((i for i, layer in enumerate(self.layers) if not isinstance(layer, _Dropout)), None)
        if self.first is None or not isinstance(self.layers[self.first], _Linear):
            raise CannotStack("its first layer is not linear")

    def _stacked(self, layer: nn.Module, prefix: str):
        if isinstance(layer, nn.Linear):
            return _Linear(self.parameters[prefix + "weight"], self.parameters.get(prefix + "bias"), prefix)
        if isinstance(layer, nn.Dropout):
            return _Dropout(layer.p)
        if type(layer) in _ACTIVATIONS:
            return _Activation(*_ACTIVATIONS[type(layer)])
        raise CannotStack("a layer in its middle is not written out")

    def outputs(self, X: Tensor, generators: list[torch.Generator] | None = None) -> Tensor:
        """(K, B, …) from X (G, B, …). Dropout is on if there are generators, one for each of the G batches."""
        h = X.flatten(2) if self.flatten else X
        for layer in self.layers:
            h = layer.forward(h, generators)
        return h.squeeze(-1) if self.squeeze and h.shape[-1] == 1 else h

    def losses_and_gradients(
        self, X: Tensor, y: Tensor, generators: list[torch.Generator]
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss of each model on its batch, (K,), and the gradients of all parameters, by the chain rule."""
        outputs, y = self.outputs(X, generators), _for_each_model(y, self.size)
        losses, g = self.losses_with_gradients(outputs, y)
        g, gradients = g.view(*g.shape[:2], -1), {}
        learning = self.layers[self.first :]  # what comes before is dropout on the inputs: nothing in it learns
        for layer in reversed(learning):
            g = layer.backward(g, gradients, needs_input_gradient=layer is not learning[0])
        return losses, gradients


class _Linear:
    """x Wᵀ + b for every model at once: x (G, B, in) or (K, B, in), W (K, out, in), b (K, out)."""

    def __init__(self, weight: Tensor, bias: Tensor | None, prefix: str):
        self.weight, self.bias, self.prefix = weight, bias, prefix

    def forward(self, x: Tensor, generators) -> Tensor:
        K, n_out, n_in = self.weight.shape
        self.x = x
        weight = self.weight.view(len(x), -1, n_in)  # the models that read one batch, as one tall matrix
        if self.bias is None:
            out = torch.bmm(x, weight.mT)
        else:
            out = torch.baddbmm(self.bias.view(len(x), 1, -1), x, weight.mT)
        return _apart(out, K // len(x))

    def backward(self, g: Tensor, gradients: dict[str, Tensor], needs_input_gradient: bool) -> Tensor | None:
        tall = _together(g, len(self.x))
        gradients[self.prefix + "weight"] = torch.bmm(tall.mT, self.x).view_as(self.weight)
        if self.bias is not None:
            gradients[self.prefix + "bias"] = tall.sum(1).view_as(self.bias)
        return torch.bmm(g, self.weight) if needs_input_gradient else None


def _apart(out: Tensor, M: int) -> Tensor:
    """(G, B, M·out) → (G·M, B, out): the outputs of M models that read one batch, model by model."""
    if M == 1:
        return out
    return out.view(*out.shape[:2], M, -1).transpose(1, 2).reshape(len(out) * M, out.shape[1], -1)


def _together(g: Tensor, G: int) -> Tensor:
    """(G·M, B, out) → (G, B, M·out), the way back."""
    if len(g) == G:
        return g
    return g.view(G, -1, *g.shape[1:]).transpose(1, 2).reshape(G, g.shape[1], -1)


class _Activation:
    """An elementwise function, and its derivative written in terms of its value."""

    def __init__(self, function, derivative):
        self.function, self.derivative = function, derivative

    def forward(self, x: Tensor, generators) -> Tensor:
        self.value = self.function(x)
        return self.value

    def backward(self, g: Tensor, gradients, needs_input_gradient) -> Tensor:
        return g * self.derivative(self.value)


class _Dropout:
    """Inverted dropout. The masks are those that torch draws on the CPU for one model: bernoulli, batch by batch."""

    def __init__(self, p: float):
        self.p, self.mask = p, None

    def forward(self, x: Tensor, generators) -> Tensor:
        self.mask = None
        if generators is None or self.p == 0:
            return x
        masks = [torch.empty_like(x[0]).bernoulli_(1 - self.p, generator=generator) for generator in generators]
        self.mask = torch.stack(masks).repeat_interleave(len(x) // len(masks), 0) / max(1 - self.p, 1e-30)
        return x * self.mask

    def backward(self, g: Tensor, gradients, needs_input_gradient) -> Tensor:
        return g if self.mask is None else g * self.mask


class VmapStack(_Stack):
    """Any module without buffers and without randomness of its own, through `torch.func`."""

    def __init__(self, models: list[nn.Module], loss_fn: LossFunction):
        super().__init__(models, loss_fn)
        for module in models[0].modules():
            if isinstance(module, nn.modules.dropout._DropoutNd) and module.p > 0:
                raise CannotStack("it has dropout, whose masks can only be drawn alike one model at a time")
        self.train_model = copy.deepcopy(models[0]).train()
        self.eval_model = copy.deepcopy(models[0]).eval()
        gradient = torch.func.grad_and_value(self._loss)
        self.batched_gradient = torch.func.vmap(gradient, randomness="error")

    def losses(self, outputs: Tensor, y: Tensor) -> Tensor:
        return torch.func.vmap(lambda own, targets: self.loss_fn(own, targets))(outputs, y)

    def _loss(self, parameters, X, y):
        return self.loss_fn(torch.func.functional_call(self.train_model, parameters, (X,)), y)

    def outputs(self, X: Tensor) -> Tensor:
        def predict(parameters, X):
            return torch.func.functional_call(self.eval_model, parameters, (X,))

        return torch.func.vmap(predict)(self.parameters, _for_each_model(X, self.size))

    def losses_and_gradients(self, X: Tensor, y: Tensor, generators) -> tuple[Tensor, dict[str, Tensor]]:
        X, y = _for_each_model(X, self.size), _for_each_model(y, self.size)
        gradients, losses = self.batched_gradient(self.parameters, X, y)
        return losses, gradients


def add_penalty(stack: _Stack, penalties: list[Penalty], losses: Tensor, gradients: dict[str, Tensor]) -> Tensor:
    """The objectives, (K,): each loss plus its model's penalty, whose gradient is added to `gradients`."""
    for name, w in stack.parameters.items():
        if stack.is_weight[name]:
            l1, l2 = (losses.new_tensor([getattr(p, part) for p in penalties]) for part in ("l1", "l2"))
            flat = w.flatten(1)
            losses = losses + l1 * flat.abs().sum(1) + l2 / 2 * flat.square().sum(1)
            column = (-1, *(1,) * (w.dim() - 1))
            gradients[name] = gradients[name] + l1.view(column) * w.sign() + l2.view(column) * w
    return losses


def _for_each_model(batch: Tensor, K: int) -> Tensor:
    """(G, B, …) → (K, B, …): every model's own batch."""
    return batch if len(batch) == K else batch.repeat_interleave(K // len(batch), 0)


_ACTIVATIONS = {
    nn.ReLU: (torch.relu, lambda value: (value > 0).to(value.dtype)),
    nn.Tanh: (torch.tanh, lambda value: 1 - value.square()),
    nn.Sigmoid: (torch.sigmoid, lambda value: value * (1 - value)),
}
