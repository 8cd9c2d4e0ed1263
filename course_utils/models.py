"""The models of the course: one neuron, one layer of neurons, several layers."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from course_utils.metrics import predicted_classes


class LogisticRegression(nn.Module):
    """One neuron: X (n, n_features) → logits (n,). P(y = 1) is the sigmoid of the logit."""

    def __init__(self, n_features: int):
        super().__init__()
        self.linear = nn.Linear(n_features, 1)

    def forward(self, X: Tensor) -> Tensor:
        return self.linear(X).squeeze(-1)      # (n, 1) would broadcast against targets of shape (n,) to (n, n)

    @torch.no_grad()
    def predict_proba(self, X: Tensor) -> Tensor:
        """P(y = 1) of each row, shape (n,)."""
        return torch.sigmoid(self(X))

    @torch.no_grad()
    def predict(self, X: Tensor) -> Tensor:
        """The likelier class of each row, int64 of shape (n,): 1 where P(y = 1) is above ½, else 0."""
        return predicted_classes(self(X))


class MultinomialLogisticRegression(nn.Module):
    """One neuron per class, also called softmax regression: X (n, n_features) → logits (n, n_classes)."""

    def __init__(self, n_features: int, n_classes: int):
        super().__init__()
        self.linear = nn.Linear(n_features, n_classes)

    def forward(self, X: Tensor) -> Tensor:
        return self.linear(X)

    @torch.no_grad()
    def predict_proba(self, X: Tensor) -> Tensor:
        """The probability of each class for each row, shape (n, n_classes); rows sum to 1."""
        return torch.softmax(self(X), dim=1)

    @torch.no_grad()
    def predict(self, X: Tensor) -> Tensor:
        """The likeliest class of each row, int64 of shape (n,); of equally likely ones the first."""
        return predicted_classes(self(X))


class FromBytes(nn.Module):
    """Pixels kept as bytes, 0 to 255, become decimals from 0 to 1; what is decimal already passes through.

    As the first layer of a model it makes decimals of one batch at a time, so the images in memory take a quarter:

        model = nn.Sequential(FromBytes(), MultinomialLogisticRegression(784, 10))

    torchvision's ToTensor does the same with each image when it is drawn.
    """

    def forward(self, X: Tensor) -> Tensor:
        return X / 255 if X.dtype == torch.uint8 else X


class MLP(nn.Module):
    """A multilayer perceptron: X (n, n_features) → (n, n_outputs), or (n,) when there is one output.

    `hidden` holds the width of each hidden layer; `hidden=()` leaves a linear model. Each hidden layer is linear,
    then `activation`, then dropout with probability `dropout`. The output is linear: logits, or a number to regress.
    """

    def __init__(
        self,
        n_features: int,
        n_outputs: int,
        hidden: Sequence[int] = (64,),
        activation: Callable[[], nn.Module] = nn.ReLU,
        dropout: float = 0.0,
    ):
        super().__init__()
        if isinstance(hidden, int):
            raise TypeError(f"hidden is {hidden}. It lists the width of each hidden layer: `hidden=({hidden},)`.")
        if not callable(activation) or isinstance(activation, nn.Module):
            raise TypeError(
                f"activation is {activation!r}. It makes a layer anew each time, so give its class: "
                "`activation=nn.ReLU`."
            )
        layers, width = [], n_features
        for n_units in hidden:
            layers += [nn.Linear(width, n_units), activation()]
            if dropout:
                layers.append(nn.Dropout(dropout))
            width = n_units
        self.layers = nn.Sequential(*layers, nn.Linear(width, n_outputs))

    def forward(self, X: Tensor) -> Tensor:
        outputs = self.layers(X)
        return outputs.squeeze(-1) if outputs.shape[-1] == 1 else outputs


def at_zero(model: nn.Module) -> nn.Module:
    """`model` itself, with every parameter set to 0: a start without chance, for models without hidden layers.

        model = at_zero(LogisticRegression(30))
    """
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    return model
