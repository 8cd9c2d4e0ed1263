"""The exact optimum of logistic and softmax regression: what every training run of such a model is heading for.

The loss is convex, so there is one lowest value, and Newton's method (newton.py) finds it to the last digits; unless
the data are separable, when the loss falls for ever.
"""

from dataclasses import dataclass, field
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from course_utils.arguments import as_tensor, number, whole_number
from course_utils.data import Examples, as_data
from course_utils.optimum.newton import CrossEntropy, newton
from course_utils.optimum.rows import Rows
from course_utils.penalties import Penalty, l2_strength

LARGEST = 1e150         # of the values in X: their squares are added up


class Separable(ValueError):
    """Some direction of the weights lowers the loss for ever, so no finite weights are best.

    weights, bias: that direction, shaped like the model's. margin: the smallest lead that it gives the true class
    over any other class, over all examples: positive when it gets every example right, 0 when some stay tied.
    """

    def __init__(self, weights: Tensor, bias: Tensor, margin: float):
        self.weights, self.bias, self.margin = weights, bias, margin
        how = "gets every example right" if margin > 0 else "gets some examples right and leaves the others tied"
        super().__init__(
            f"The data are separable: no finite optimum. The direction in .weights and .bias {how}; "
            "further along it the loss falls for ever. Give a penalty, `penalty=l2(0.01)`, or more examples."
        )


@dataclass(frozen=True, eq=False)
class Optimum:
    """The minimum of mean cross-entropy + penalty, in float64. The bias carries no penalty.

    weights: (m,) of one neuron, (K, m) of K classes; bias: () or (K,). loss is the cross-entropy in objective.
    gradient_norm is measured as the solver sees X: centred, and without a penalty of unit variance. iterations counts
    Newton steps; converged is False when they ran out, and where columns of X repeat each other so nearly that float64
    cannot tell what is best for their difference. examples is None where no process has them all.
    """

    weights: Tensor
    bias: Tensor
    objective: float
    loss: float
    gradient_norm: float
    iterations: int
    converged: bool
    penalty: Penalty
    examples: Examples | None = field(repr=False)

    def logits(self, X: Tensor) -> Tensor:
        """(n,) or (n, K), float64. X may be an array or a table, too, here and below."""
        weights = self.weights if self.weights.ndim == 1 else self.weights.mT
        return _decimals(X) @ weights + self.bias

    def predict_proba(self, X: Tensor) -> Tensor:
        """P(y = 1) of each row, (n,); with K classes, the probability of each, (n, K). In float64."""
        logits = self.logits(X)
        return torch.sigmoid(logits) if logits.ndim == 1 else torch.softmax(logits, dim=1)

    def load_into(self, model: nn.Module) -> nn.Module:
        """Copy the weights into `model.linear`, in its dtype and on its device, and return the model.

        Raises ValueError when the model has another number of features or classes, TypeError without a `linear`.
        """
        weights, bias = torch.atleast_2d(self.weights), torch.atleast_1d(self.bias)
        if not isinstance(getattr(model, "linear", None), nn.Linear):
            raise TypeError(
                f"A {type(model).__name__} has no layer `linear` to copy into. Give a LogisticRegression or a "
                "MultinomialLogisticRegression, or copy `.weights` and `.bias` yourself."
            )
        linear = cast(nn.Linear, model.linear)
        if linear.weight.shape != weights.shape:
            theirs = tuple(linear.weight.shape)
            raise ValueError(f"The optimum has weights of shape {tuple(weights.shape)}, the model of shape {theirs}.")
        with torch.no_grad():
            linear.weight.copy_(weights)
            linear.bias.copy_(bias)
        return model

    def covariance(self) -> Tensor:
        """The covariance (m + 1, m + 1) of weights, then bias: the inverse of n times the Hessian of the loss.

        This is the large-sample covariance of a maximum-likelihood fit (McCullagh and Nelder, 1989). The variance of
        the logit at x is v @ covariance @ v for v = (x, 1). Raises ValueError for a softmax fit, whose weights are
        only known up to a shift, for a fit with a penalty, when columns of X depend on each other, and where no
        process has all examples.
        """
        if self.weights.ndim == 2 or self.penalty.l2 > 0:
            raise ValueError("Standard errors belong to one neuron fitted without a penalty; it trades them for bias.")
        if self.examples is None:
            raise ValueError("The examples of this fit lie on several processes; standard errors need them in one.")
        X = self.examples.X.double()
        inputs = torch.cat([X, torch.ones(len(X), 1, dtype=X.dtype)], dim=1)
        p = self.predict_proba(X)
        hessian = (inputs.T * (p * (1 - p))) @ inputs
        size = hessian.diagonal().sqrt()                              # so that units do not decide what is singular
        correlation = hessian / size / size[:, None]
        if not bool((size > 0).all()) or torch.linalg.cond(correlation) > 1e13:
            raise ValueError("Some columns of X follow from others, so single weights have no standard error.")
        return torch.linalg.inv(correlation) / size / size[:, None]

    def interval(self, X: Tensor, confidence: float = 0.95) -> tuple[Tensor, Tensor]:
        """Lower and upper probability of each row, (n,) each: the logit ± z standard errors, through the sigmoid.

        This is the delta method on the logit (Agresti, Categorical Data Analysis, 5.2). Raises ValueError as
        `covariance` does, and for a `confidence` outside 0 to 1.
        """
        if not 0 < confidence < 1:
            raise ValueError(f"confidence is {confidence}; give a share between 0 and 1, say 0.95.")
        X = _decimals(X)
        inputs = torch.cat([X, torch.ones(len(X), 1, dtype=torch.float64)], dim=1)
        spread = (inputs @ self.covariance() * inputs).sum(dim=1).sqrt()
        z = torch.special.ndtri(torch.tensor(0.5 + confidence / 2, dtype=torch.float64))
        logits = self.logits(X)
        return torch.sigmoid(logits - z * spread), torch.sigmoid(logits + z * spread)

    def standard_errors(self) -> tuple[Tensor, Tensor]:
        """The standard error of each weight, (m,), and of the bias, (). Raises ValueError as `covariance` does."""
        sd = self.covariance().diagonal().sqrt()
        return sd[:-1], sd[-1]


def _decimals(X: Tensor) -> Tensor:
    return as_tensor("X", X, decimals=torch.float64).double()


def fit_to_optimum(
    examples: Examples,
    *,
    penalty: Penalty | None = None,
    n_classes: int | None = None,
    tol: float = 1e-10,
    max_iterations: int = 200,
) -> Optimum:
    """Minimise mean cross-entropy + penalty, bias free, until the gradient's norm is below `tol`.

        best = fit_to_optimum(digits.train, penalty=l2(0.01))
        print(best.objective, best.weights.shape)           # weights (10, 64)

    X (n, m) holds numbers of any dtype, y (n,) the classes 0 … K−1. When y holds 0 and 1 and `n_classes` is None, the
    model is one neuron, as in LogisticRegression; otherwise softmax regression over K = n_classes (or the largest y
    plus 1). With `penalty=l2(strength)` the objective is within tol²/(2 · strength) of its minimum, and scikit-learn's
    C is 1 / (n · strength).

    Without a penalty, columns that repeat each other share their weight; a constant column gets weight 0 always, for
    the bias does its work. Raises Separable when no finite optimum exists, ValueError for data that cannot be fitted
    and for an l1 penalty, which has no gradient at 0.
    """
    examples = as_data(examples, decimals=torch.float64).train
    return fit_rows_to_optimum(Rows(), examples, penalty, n_classes, tol, max_iterations)


def fit_rows_to_optimum(
    rows: Rows, examples: Examples, penalty: Penalty | None, n_classes: int | None, tol: float, max_iterations: int
) -> Optimum:
    """`fit_to_optimum` for all rows that `rows` knows of, `examples` being those that are here."""
    strength = l2_strength(penalty)
    number("tol", tol, "It is the norm of the gradient at which to stop.", above=0)
    whole_number("max_iterations", max_iterations, "steps")
    if n_classes is not None:
        whole_number("n_classes", n_classes, "classes", least=2)
    X, y, one_neuron = _checked(rows, examples, n_classes)
    problem = CrossEntropy(X, y, strength, one_neuron, rows)
    for at in newton(problem, tol):
        if strength == 0 and problem.leads(at.W)[0] > 1e-9:
            raise _separable(problem, at.W)
        if at.number >= max_iterations:
            break
    if strength == 0 and (not at.converged or problem.leads(at.W)[1] > 12):      # such certainty may mean no limit
        if not problem.is_held(problem.evaluate(at.W)[1], at.gradient_norm):
            _look_for_separation(problem)                               # by SciPy's optimizers: 40 MB, so not unasked
    weights, bias = _tensors(problem, at.W)
    loss = at.objective - strength / 2 * weights.square().sum().item()
    penalty = penalty or Penalty()
    return Optimum(weights, bias, at.objective, loss, at.gradient_norm, at.number, at.converged, penalty, examples)


def _checked(rows: Rows, examples: Examples, n_classes: int | None) -> tuple[Tensor, np.ndarray, bool]:
    """X, y as whole numbers, and whether one neuron is asked for; ValueError for what cannot be fitted."""
    X, y = examples.X.detach().cpu(), examples.y.detach().cpu()
    if trouble := rows.first(_trouble(X, y)):
        raise ValueError(trouble)
    if rows.total(np.array(len(X))) == 0:
        raise ValueError("There are no examples to fit.")
    classes = y.long().numpy()
    highest = int(rows.highest(classes.max(initial=0)))
    K = max(highest + 1, 2) if n_classes is None else n_classes
    if highest >= K:
        raise ValueError(f"y holds class {highest}, but n_classes={K} means 0 to {K - 1}.")
    counts = rows.total(np.bincount(classes, minlength=K))
    if (counts == 0).any():
        raise ValueError(
            f"No example has class {counts.argmin()}, so its bias has no finite optimum. "
            "Number the classes that occur from 0, without gaps; there are at least two."
        )
    return X, classes, n_classes is None and K == 2


def _trouble(X: Tensor, y: Tensor) -> str | None:
    """What is wrong with these rows, if anything."""
    if X.ndim != 2 or y.ndim != 1:
        if y.ndim == 2:
            hint = f" Use `y.{'squeeze' if y.shape[1] == 1 else 'argmax'}(1)`."
        else:
            hint = " Use `X.unsqueeze(1)`." if X.ndim == 1 else " Use `X.flatten(1)`." if X.ndim > 2 else ""
        return f"X is (n, features) and y is (n,); these are {tuple(X.shape)} and {tuple(y.shape)}.{hint}"
    if not bool(torch.isfinite(X).all()):
        return "X holds values that are not finite numbers. Remove or fill in those rows first."
    if X.numel() and max(abs(float(edge)) for edge in X.aminmax()) > LARGEST:
        return f"X holds values beyond {LARGEST:g}, whose squares float64 cannot hold. Give them another unit first."
    if not bool(((y >= 0) & (y == y.long())).all()):
        return "y holds something other than the class numbers 0, 1, 2, …; number the classes from 0."
    return None


def _tensors(problem: CrossEntropy, W: np.ndarray) -> tuple[Tensor, Tensor]:
    """Weights and bias for X as it came: (m,) and () of one neuron, else (K, m) and (K,)."""
    weights, bias = (torch.from_numpy(part) for part in problem.in_original_units(W))
    return (weights[0], bias[0]) if problem.one_neuron else (weights, bias)


def _separable(problem: CrossEntropy, W: np.ndarray) -> Separable:
    weights, bias = _tensors(problem, W)
    length = weights.norm()
    return Separable(weights / length, bias / length, max(0.0, problem.leads(W)[0] / float(length)))


def _look_for_separation(problem: CrossEntropy) -> None:
    """Raise Separable if in some direction the true class trails nowhere and leads somewhere."""
    K, rivals = len(problem.Y), 1 if problem.one_neuron else len(problem.Y) - 1
    if problem.n * rivals * K * (problem.X.shape[1] + 1) > 1e8:
        return                                                        # a gigabyte of constraints: not worth the answer
    W = problem.rows.once(lambda X, y: _separating_direction(X, y, K), problem.X, problem.y)
    if W is not None:
        raise _separable(problem, W)


def _separating_direction(X: np.ndarray, y: np.ndarray, K: int) -> np.ndarray | None:
    """Weights (K, m + 1) with the bias last, or None. One neuron is K = 1.

    A linear programme finds them: maximise the sum of all leads, none of them negative, over a box of directions
    (Albert and Anderson, 1984, define this separation; Konis, 2007, finds it so).
    """
    from scipy.optimize import linprog

    if K == 1:
        pairs = (2.0 * y - 1)[:, None, None]                          # (n, rivals, K): the true class minus a rival
    else:
        unit = np.eye(K)
        pairs = unit[y][:, None] - np.stack([np.delete(unit, k, axis=0) for k in y])
    inputs = np.hstack([X, np.ones((len(X), 1))])
    leads = np.einsum("nrk,nj->nrkj", pairs, inputs).reshape(-1, K * inputs.shape[1])
    best = linprog(-leads.sum(axis=0), A_ub=-leads, b_ub=np.zeros(len(leads)), bounds=(-1, 1))
    if best.status != 0 or (leads @ best.x).max() <= 1e-6:
        return None
    W = best.x.reshape(K, -1)
    return W if K == 1 else W - W.mean(axis=0)
