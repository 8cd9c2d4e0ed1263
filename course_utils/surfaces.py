"""Loss surfaces on two parameters, simple enough to draw whole, and the path that an optimizer takes on them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from course_utils.data import Examples
from course_utils.optimizers import Rule
from course_utils.penalties import Penalty, l2_strength

Window = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Surface:
    """A loss of two parameters w, in float64, with its derivatives written out.

    value: w (…, 2) → (…,), so a whole grid of points goes in at once.   gradient: w (…, 2) → (…, 2).
    hessian: w (2,) → (2, 2).   optimum: (2,).   window: ((low, high), (low, high)), the part worth drawing.
    start: (2,), a point in the window from which a descent is worth watching.
    """

    name: str
    value: Callable[[Tensor], Tensor]
    gradient: Callable[[Tensor], Tensor]
    hessian: Callable[[Tensor], Tensor]
    optimum: Tensor
    window: Window
    start: Tensor
    parameter_names: tuple[str, str] = ("w₁", "w₂")

    @property
    def curvatures(self) -> tuple[float, float]:
        """The smallest and the largest curvature at the optimum: the eigenvalues of the Hessian there.

        Gradient descent on a quadratic surface is stable for lr below 2 / largest; largest / smallest is the
        condition number κ.
        """
        smallest, largest = torch.linalg.eigvalsh(self.hessian(self.optimum)).tolist()
        return smallest, largest

    def grid(self, points: int = 200) -> tuple[Tensor, Tensor, Tensor]:
        """First parameter, second parameter and value on a grid over the window, each (points, points), to contour."""
        first, second = (torch.linspace(low, high, points, dtype=torch.float64) for low, high in self.window)
        first, second = torch.meshgrid(first, second, indexing="xy")
        return first, second, self.value(torch.stack((first, second), dim=-1))


def quadratic_bowl(
    curvatures: tuple[float, float] = (1.0, 1.0), *, degrees: float = 0.0, optimum: tuple[float, float] = (0.0, 0.0)
) -> Surface:
    """½ (w − optimum)ᵀ H (w − optimum), where H has the given curvatures along axes turned by `degrees`.

    Raises ValueError unless both curvatures are positive.
    """
    if min(curvatures) <= 0:
        raise ValueError(f"A bowl curves upwards in every direction; of {curvatures} one is not positive.")
    angle = math.radians(degrees)
    axes = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]], dtype=torch.float64)
    H = axes @ torch.diag(torch.tensor(curvatures, dtype=torch.float64)) @ axes.T
    centre = torch.tensor(optimum, dtype=torch.float64)
    x, y = optimum
    return Surface(
        name=f"a bowl with curvatures {curvatures[0]:g} and {curvatures[1]:g}",
        value=lambda w: ((w - centre) @ H * (w - centre)).sum(-1) / 2,
        gradient=lambda w: (w - centre) @ H,
        hessian=lambda w: H,
        optimum=centre,
        window=((x - 1.5, x + 1.5), (y - 1.5, y + 1.5)),
        start=centre + 1,
    )


def ravine(kappa: float = 100.0) -> Surface:
    """½ (w₁² + κ · w₂²): flat along w₁, κ times steeper along w₂. The longest stable lr is 2/κ.

    Raises ValueError for κ below 1.
    """
    if kappa < 1:
        raise ValueError(f"kappa is the larger curvature divided by the smaller, 1 or more; it is {kappa}.")
    return quadratic_bowl((1.0, float(kappa)))


def logistic_loss(examples: Examples, *, penalty: Penalty | None = None) -> Surface:
    """Mean cross-entropy + penalty of one neuron with one input, over (weight, bias).

    `examples` has X of shape (n, 1) and y of 0s and 1s, (n,). Standardise X first: with raw inputs the surface is
    a ravine too narrow to see. Raises ValueError for more than one feature, and where the loss has no minimum
    because one threshold on X separates the classes and there is no penalty; and for an l1 penalty.
    """
    x, y = examples.X.double().reshape(len(examples.X), -1), examples.y.double()
    if x.shape[1] != 1 or len(x) != len(y) or not bool(((y == 0) | (y == 1)).all()):
        raise ValueError("The surface has two parameters: X holds one feature, and y is 0 or 1 for each row.")
    inputs = torch.cat([x, torch.ones_like(x)], dim=1)                  # the bias is the weight of a constant input
    penalised = torch.tensor([l2_strength(penalty), 0.0], dtype=torch.float64)

    def value(w: Tensor) -> Tensor:
        logits = w @ inputs.T
        return (F.softplus(logits) - y * logits).mean(-1) + (penalised * w**2).sum(-1) / 2

    def gradient(w: Tensor) -> Tensor:
        return (torch.sigmoid(w @ inputs.T) - y) @ inputs / len(y) + penalised * w

    def hessian(w: Tensor) -> Tensor:
        p = torch.sigmoid(inputs @ w)
        return (inputs.T * (p * (1 - p))) @ inputs / len(y) + torch.diag(penalised)

    optimum = _newton(value, gradient, hessian)
    reach = 1.4 * torch.linalg.inv(hessian(optimum)).diagonal().sqrt()  # where the quadratic model has risen by 1.4²/2
    low, high = torch.minimum(optimum - reach, -reach / 4), torch.maximum(optimum + reach, reach / 4)
    across, up = zip(low.tolist(), high.tolist(), strict=True)
    start = torch.zeros(2, dtype=torch.float64)                         # in the window: that is where training starts
    return Surface("the loss of one neuron", value, gradient, hessian, optimum, (across, up), start, ("weight", "bias"))


def _newton(value: Callable, gradient: Callable, hessian: Callable) -> Tensor:
    """The minimum of a convex loss of two parameters by Newton's method, halving a step that does not descend."""
    w = torch.zeros(2, dtype=torch.float64)
    for _ in range(100):
        g, H = gradient(w), hessian(w)
        smallest, largest = torch.linalg.eigvalsh(H)
        if smallest < 1e-10 * largest or value(w) < 1e-9:
            break                                                       # flat, or falling to 0: no minimum ahead
        if g.norm() < 1e-12:
            return w
        step = torch.linalg.solve(H, g)
        while value(w - step) > value(w) + 1e-15:
            step = step / 2
        w = w - step
    raise ValueError("This loss has no single optimum: a threshold on X separates the classes, or X is constant.")


class Path(NamedTuple):
    """Where a descent went: points (steps + 1, 2), start first, and the loss at each, (steps + 1,)."""

    points: Tensor
    losses: Tensor


def descend(
    rule: Rule | Callable[[int], Rule],
    surface: Surface,
    start: Tensor | tuple[float, float] | None = None,
    steps: int = 50,
    *,
    noise: float = 0.0,
    seed: int = 0,
) -> Path:
    """Take `steps` steps of an optimizer on a surface from `start` (the surface's own when None), in float64.

        path = descend(momentum(lr=0.01, momentum=0.9), ravine(100), steps=200)
        print(path.losses[-1])

    `rule` is a Rule, or a function from the step number (from 0) to a Rule, for a learning rate that changes:
    `lambda step: sgd(lr=0.1 / (1 + step))`. `noise` is the standard deviation of a normal number added to each
    gradient entry, as minibatches would; `seed` fixes it. A descent that diverges is returned as it is, with
    losses that grow without bound.
    """
    rule_at = (lambda step: rule) if isinstance(rule, Rule) else rule
    generator = torch.Generator().manual_seed(seed)
    w = torch.as_tensor(surface.start if start is None else start, dtype=torch.float64)
    state, points = rule_at(0).init(w), [w]
    for step in range(steps):
        g = surface.gradient(w)
        if noise:
            g = g + noise * torch.randn(2, generator=generator, dtype=torch.float64)
        w, state = rule_at(step).update(g, state, w)
        points.append(w)
    path = torch.stack(points)
    return Path(path, surface.value(path))
