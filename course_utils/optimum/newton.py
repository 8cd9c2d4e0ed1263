"""Newton's method for logistic and softmax regression, one step at a time.

At each step it minimises the quadratic that has the loss's slope and curvature where it stands. The curvature, a matrix
of (m + 1)K × (m + 1)K numbers, is never formed: conjugate gradients ask only for its product with a vector, which costs
two products with X. The method is called truncated Newton (Dembo and Steihaug, 1983; Nocedal and Wright, Numerical
Optimization, 2006, section 7.1). Arrays are NumPy's: on a CPU its products are the faster ones for such thin matrices.
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from course_utils.optimum.rows import Rows

UNDECIDED = 0.01        # is an example whose probability is further than this from 0 or 1, whichever is true
MOST_AXES = 2000        # the preconditioner costs the cube of the features; above this a diagonal one has to do


class CrossEntropy:
    """Mean cross-entropy + l2/2 · Σ weights², and its derivatives, in W (K, m + 1), whose last column is the bias.

    Scores and probabilities are (K, n): a row per class, a column per example. One neuron is the case K = 1: its rival
    class has the score 0 throughout, which only `evaluate` has to know. Here X is centred, which parts the weights
    from the bias, and where there is no penalty to notice it is scaled too. `in_original_units` undoes both.

    Every sum over the examples passes through `rows`, which may add what other processes' examples give. Then n counts
    them all, and each process has the columns of its own examples.
    """

    def __init__(self, inputs: Tensor, y: np.ndarray, l2: float, one_neuron: bool, rows: Rows | None = None):
        self.rows = rows = rows or Rows()
        self.y, self.l2, self.one_neuron, self.n_columns = y, l2, one_neuron, inputs.shape[1]
        self.n = int(rows.total(np.array(len(inputs))))
        # Columns that never change, such as the border pixels of MNIST, do what the bias does, and the bias is free:
        # their weight is 0 at the optimum. Without them there is less to multiply.
        largest, smallest = _edges(inputs)
        self.kept = rows.highest(largest) > -rows.highest(-smallest)
        X = inputs[:, torch.from_numpy(self.kept)].double().numpy()        # a copy: what follows changes it
        self.mean = rows.total(X.sum(axis=0)) / self.n
        X -= self.mean
        self.scale = np.ones(X.shape[1])
        if l2 == 0:
            centre = rows.total(X.sum(axis=0)) / self.n                    # 0 but for rounding
            self.scale = np.sqrt(rows.total(np.square(X - centre).sum(axis=0)) / self.n)
            X /= self.scale
        self.X = X
        classes = [1] if one_neuron else np.arange(int(rows.highest(y.max(initial=0))) + 1)
        self.Y = (y == np.array(classes)[:, None]).astype(float)
        self.axes: np.ndarray | None = None
        if X.shape[1] <= MOST_AXES:
            self.spread, self.axes = np.linalg.eigh(rows.total(X.T @ X) / self.n)
        else:
            self.spread = rows.total(np.square(X).sum(axis=0)) / self.n

    def start(self) -> np.ndarray:
        """Weights of 0, and the bias that is best for them: the log of each class's share, with mean 0."""
        share = self.rows.total(np.bincount(self.y, minlength=max(len(self.Y), 2))) / self.n
        W = np.zeros((len(self.Y), self.X.shape[1] + 1))
        W[:, -1] = np.log(share[1] / share[0]) if self.one_neuron else np.log(share) - np.log(share).mean()
        return W

    def scores(self, W: np.ndarray) -> np.ndarray:
        return W[:, :-1] @ self.X.T + W[:, -1:]

    def evaluate(self, W: np.ndarray) -> tuple[float, np.ndarray]:
        """The objective, and the probabilities P (K, n)."""
        Z = self.scores(W)
        top = np.maximum(Z.max(axis=0), 0) if self.one_neuron else Z.max(axis=0)      # exp of more would overflow
        right = np.vdot(self.Y, Z)
        P = np.exp(Z - top)
        total = P.sum(axis=0) + (np.exp(-top) if self.one_neuron else 0)
        loss = self.rows.total(np.log(total).sum() + top.sum() - right) / self.n
        return float(loss + self.l2 / 2 * np.square(W[:, :-1]).sum()), P / total

    def gradient(self, W: np.ndarray, P: np.ndarray) -> np.ndarray:
        """(P − Y) · inputs / n + l2 · weights, shaped like W."""
        return self._times_inputs((P - self.Y) / self.n, W)

    def curvature(self, P: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        """V ↦ Hessian · V: with T = scores(V), it is P ∘ (T − Σₖ PₖTₖ) · inputs / n + l2 · V."""
        share = P / self.n

        def product(V: np.ndarray) -> np.ndarray:
            T = self.scores(V)
            T -= np.einsum("kn,kn->n", P, T)
            T *= share
            return self._times_inputs(T, V)

        return product

    def _times_inputs(self, T: np.ndarray, W: np.ndarray) -> np.ndarray:
        """Σ over examples of T (K, n) times inputs, the bias's constant input last, plus l2 · weights of W."""
        result = np.empty_like(W)
        np.matmul(T, self.X, out=result[:, :-1])
        result[:, -1] = T.sum(axis=1)
        result = self.rows.total(result)
        result[:, :-1] += self.l2 * W[:, :-1]
        return result

    def preconditioner(self, P: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        """R ↦ about Hessian⁻¹ · R, as if every example had the mean curvature B = diag(p̄) − PPᵀ/n (K, K).

        Then the Hessian would be the Kronecker product of B and XᵀX/n, plus l2, and diagonal along the axes of both
        (the idea of K-FAC: Martens and Grosse, 2015). Directions without any curvature, such as the same shift
        of all classes, are left alone; with a penalty every direction of the weights has some, however small beside
        that of a column in large units.
        """
        total = self.rows.total
        bends, mix = np.linalg.eigh(np.diag(total(P.sum(axis=1)) / self.n) - total(P @ P.T) / self.n)
        divide_bias = _inverse(bends)
        divide = np.outer(divide_bias, _inverse(self.spread))
        if self.l2 > 0:
            bent = np.outer(bends.clip(min=0), self.spread.clip(min=0)) + self.l2         # rounding may go below 0
            divide = np.where(divide_bias[:, None] > 0, 1 / bent, _inverse(bent))

        def precondition(R: np.ndarray) -> np.ndarray:
            R = mix.T @ R
            if self.axes is None:
                R[:, :-1] *= divide
            else:
                R[:, :-1] = (R[:, :-1] @ self.axes * divide) @ self.axes.T
            R[:, -1] *= divide_bias
            return mix @ R

        return precondition

    def leads(self, W: np.ndarray) -> tuple[float, float]:
        """How far the true class's score is ahead of the best other one: least and most; negative where it trails."""
        Z = self.scores(W)
        if self.one_neuron:
            leads = np.where(self.y == 1, Z[0], -Z[0])
        else:
            leads = np.where(self.Y == 1, Z, 0).sum(axis=0) - np.where(self.Y == 1, -np.inf, Z).max(axis=0)
        trails = (-leads).max(initial=-np.inf)
        return -float(self.rows.highest(trails)), float(self.rows.highest(leads.max(initial=-np.inf)))

    def is_held(self, P: np.ndarray, gradient_norm: float) -> bool:
        """Whether the undecided examples of one neuron prove that the data are not separable; False leaves it open.

        Along a direction of length 1 in which no example trails, the leads weighted by |pᵢ − yᵢ| add up to −n times
        the slope, so each is at most n ‖gradient‖ / |pᵢ − yᵢ|: next to nothing where p is undecided. There is no such
        direction if the undecided examples move in all of them. (Stiemke's lemma, with a gradient that is not quite 0.)
        """
        if not self.one_neuron:
            return False
        undecided = np.abs(P - self.Y)[0] > UNDECIDED
        inputs = np.hstack([self.X, np.ones((len(self.X), 1))])[undecided]
        moves = np.linalg.eigvalsh(self.rows.total(inputs.T @ inputs))       # Σ leads², the least first
        most = self.rows.total(np.array(undecided.sum())) * (self.n * gradient_norm / UNDECIDED) ** 2
        return bool(moves[0] > most + 1e-9 * moves[-1])

    def in_original_units(self, W: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weights for the columns of X as they came, (K, m), and the bias, (K,)."""
        weights = np.zeros((len(W), self.n_columns))
        weights[:, self.kept] = W[:, :-1] / self.scale
        return weights, W[:, -1] - weights[:, self.kept] @ self.mean


class Iterate(NamedTuple):
    """Where Newton's method stands after `number` steps; converged when no further step is worth it."""

    number: int
    W: np.ndarray
    objective: float
    gradient_norm: float
    converged: bool


def newton(problem: CrossEntropy, tol: float) -> Iterator[Iterate]:
    """Yield one Iterate after another, from the problem's start until the gradient's norm is at most `tol`.

    It also ends when a step promises or brings less than float64 can see of the objective: converged, unless there is
    more to gain straight down the slope. So it is where columns repeat each other to seven digits, which the
    preconditioner takes for the same.
    """
    W, stalled = problem.start(), False
    objective, P = problem.evaluate(W)
    for number in count():
        g = problem.gradient(W, P)
        norm = float(np.linalg.norm(g))
        converged = norm <= tol or stalled and _gain_straight_down(problem, P, g) <= _rounding(objective)
        yield Iterate(number, W, objective, norm, converged)
        if converged or stalled:
            return

        # Far from the optimum a rough step will do; near it, ever better ones make the convergence superlinear.
        step = conjugate_gradients(problem.curvature(P), problem.preconditioner(P), -g, min(0.25, norm**0.5))
        promised = -float(np.vdot(g, step))
        rounding = _rounding(objective)
        size, before = 1.0, objective
        objective, P = problem.evaluate(W + step)
        while objective > before - 1e-4 * size * promised + rounding and size > 1e-10:
            size /= 2
            objective, P = problem.evaluate(W + size * step)
        # A step along which nothing is lower is lost in the rounding of large scores, as raw columns give them.
        W, stalled = W + size * step, bool(promised <= rounding or objective >= before)


def _rounding(objective: float) -> float:
    """What of an objective of this size is lost in float64's last digits."""
    return float(4 * np.finfo(float).eps * abs(objective))


def _gain_straight_down(problem: CrossEntropy, P: np.ndarray, g: np.ndarray) -> float:
    """By how much the quadratic falls from here to its lowest point along −g (Cauchy's step)."""
    slope, bend = float(np.vdot(g, g)), float(np.vdot(g, problem.curvature(P)(g)))
    return slope / bend * slope / 2 if bend > 0 else 0.0


def conjugate_gradients(product: Callable, precondition: Callable, target: np.ndarray, tolerance: float) -> np.ndarray:
    """Solve product(step) = target until the residual, in the preconditioner's norm, has shrunk to `tolerance`.

    Hestenes and Stiefel (1952); the preconditioned form is in Nocedal and Wright (2006), algorithm 5.3.
    """
    step, residual = np.zeros_like(target), target.copy()
    direction = precondition(residual)
    size = np.vdot(residual, direction)
    goal = tolerance**2 * size
    for _ in range(10 * target.size):
        bent = product(direction)
        bend = np.vdot(direction, bent)
        if bend <= 0:                                                   # flat: rounding is all that is left
            break
        step += size / bend * direction
        residual -= size / bend * bent
        z = precondition(residual)
        size, before = np.vdot(residual, z), size
        if size <= goal:
            break
        direction = z + size / before * direction
    return step


def _inverse(values: np.ndarray) -> np.ndarray:
    """1 / values, and 0 where a value is 0 up to rounding."""
    real = values > 1e-14 * values.max(initial=0)
    return np.where(real, 1 / np.where(real, values, 1), 0)


def _edges(inputs: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """The largest and the smallest value of each column, (m,); of no rows −∞ and ∞."""
    if not len(inputs):
        return np.full(inputs.shape[1], -np.inf), np.full(inputs.shape[1], np.inf)
    return inputs.amax(dim=0).double().numpy(), inputs.amin(dim=0).double().numpy()
