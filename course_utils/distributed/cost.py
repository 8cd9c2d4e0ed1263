"""What a step of training costs on several processes, as a formula whose six constants are fitted to measured steps.

Each process computes the gradient of its share of the batch, then an all-reduce adds the gradients up:

    startup                                                     what every step costs, whatever its size
    + per_example · examples                                    what each example of the largest share costs,
    + per_number  · examples · features                         reading its features,
    + per_product · examples · weights                          multiplying them by the weights
    + per_message · 2 (p - 1)                                   starting the messages, one after the other,
    + per_byte    · 2 (p - 1) / p · bytes of the gradient       and sending them

The last two are a ring: in 2 (p - 1) rounds every process sends one piece of 1/p of the gradient to its neighbour. No
all-reduce sends less (Patarasu and Yuan, "Bandwidth optimal all-reduce algorithms for clusters of workstations",
Journal of Parallel and Distributed Computing 69, 2009). With one process both are 0.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch

BYTES_OF_A_NUMBER = 4  # float32


class Step(NamedTuple):
    """One step of softmax regression: a batch of all processes together, its features, classes, and the processes."""

    batch: int
    features: int
    classes: int
    processes: int = 1

    @property
    def share(self) -> int:
        """The examples of the process that has most of them; the others wait for it."""
        return math.ceil(self.batch / self.processes)

    @property
    def weights(self) -> int:
        """How many numbers the gradient has: a weight for each feature and class, and a bias for each class."""
        return (self.features + 1) * self.classes

    @property
    def gradient_bytes(self) -> int:
        return self.weights * BYTES_OF_A_NUMBER


class Point(NamedTuple):
    """A measured step, and the seconds that it took."""

    step: Step
    seconds: float


def ring_bytes(n_bytes: float, processes: int) -> float:
    """Bytes that each process sends, and receives, when a ring of `processes` adds up `n_bytes`."""
    return 2 * (processes - 1) / processes * n_bytes


def ring_messages(processes: int) -> int:
    """Messages that each process sends, one after the other, in such a ring."""
    return 2 * (processes - 1)


class StepSeconds(NamedTuple):
    """Where the seconds of a step go."""

    compute: float
    messages: float
    traffic: float

    @property
    def total(self) -> float:
        return sum(self)


class StepCost(NamedTuple):
    """The six constants, all in seconds. 1 / per_byte is the bandwidth; per_message is also called latency."""

    startup: float
    per_example: float
    per_number: float
    per_product: float
    per_message: float = 0.0
    per_byte: float = 0.0

    def parts(self, step: Step) -> StepSeconds:
        """The seconds of one step, by what they are spent on."""
        startup, example, number, product, message, byte = (
            # with one process there is no all-reduce, and nobody needs to know what one costs
            constant * amount if amount else 0.0
            for constant, amount in zip(self, amounts(step), strict=True)
        )
        return StepSeconds(startup + example + number + product, message, byte)

    def seconds(self, step: Step) -> float:
        """The seconds of one step."""
        return self.parts(step).total

    def speed_up(self, step: Step) -> float:
        """How many times faster the same batch is done by `step.processes` than by one. Below 1, they lose to it."""
        return self.seconds(step._replace(processes=1)) / self.seconds(step)


def amounts(step: Step) -> tuple[float, ...]:
    """How often a step pays each of the six constants."""
    return (
        1,
        step.share,
        step.share * step.features,
        step.share * step.weights,
        ring_messages(step.processes),
        ring_bytes(step.gradient_bytes, step.processes),
    )


class Prediction(NamedTuple):
    """Predicted seconds; 95 of 100 measurements are expected from `low` to `high`, if the formula holds.

    `beyond` says in words how far outside of the measured points it lies. There the interval knows how noisy the points
    were, and not whether the formula still holds.
    """

    seconds: float
    low: float
    high: float
    beyond: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f"{self.seconds:.3g} s, 95 % interval {self.low:.3g} to {self.high:.3g}"
        return said + (f"; beyond what was measured: {', '.join(self.beyond)}" if self.beyond else "")


@dataclass(frozen=True, eq=False)
class FittedCost:
    """Constants fitted to `points`; the same constants refitted to noisy copies of them; and the noise of the points.

    `errors` are (measured - predicted) / predicted, one for each point, widened as `fit_cost` says.
    """

    cost: StepCost
    points: tuple[Point, ...]
    refitted: tuple[StepCost, ...]
    errors: tuple[float, ...]

    def predict(self, step: Step, steps: int = 1, startup: float = 0.0) -> Prediction:
        """The seconds of `steps` such steps in a row, after `startup` seconds for starting the program.

        Raises ValueError for several processes if all the points come from one, and nobody said what a network costs.
        """
        seconds = self.cost.seconds(step)
        if math.isnan(seconds):
            raise ValueError(
                "All the points were measured with one process, so they say nothing about adding up gradients. "
                "Measure steps with two processes too, or give the network: `fitted.with_constants(per_message=1e-5, "
                "per_byte=1e-9)`."
            )
        possible = torch.tensor([cost.seconds(step) for cost in self.refitted], dtype=torch.float64)
        noise = 1 + torch.tensor(self.errors, dtype=torch.float64)
        measured = (possible[:, None] * noise).flatten()
        low, high = torch.quantile(measured, torch.tensor([0.025, 0.975], dtype=torch.float64)).tolist()
        return Prediction(
            startup + steps * seconds, startup + steps * low, startup + steps * high, beyond(step, self.points)
        )

    def with_constants(self, **constants: float) -> "FittedCost":
        """The same with constants that you know from elsewhere: `per_byte=1 / 12.5e9` is a network of 100 Gbit/s."""
        refitted = tuple(cost._replace(**constants) for cost in self.refitted)
        return replace(self, cost=self.cost._replace(**constants), refitted=refitted)


def beyond(step: Step, points: Sequence[Point]) -> tuple[str, ...]:
    """In what a step lies outside of the points, as "64 processes (measured: 1 to 2)"; empty if in nothing."""
    said = []
    for name, of in (
        ("examples a process", lambda step: step.share), ("features", lambda step: step.features),
        ("classes", lambda step: step.classes), ("processes", lambda step: step.processes),
    ):
        low, high = min(of(point.step) for point in points), max(of(point.step) for point in points)
        if not low <= of(step) <= high:
            said.append(f"{of(step):,} {name} (measured: {low:,} to {high:,})")
    return tuple(said)


def fit_cost(points: Sequence[Point], *, refits: int = 200, seed: int = 0) -> FittedCost:
    """The constants, none below 0, that make the sum of the squared relative errors of `points` smallest.

    Relative, because a millisecond too many is nothing for a step of a second and much for a step of two milliseconds.

    The uncertainty comes from a bootstrap of the residuals (Efron, 1979): each of `refits` times, every point becomes
    its prediction times 1 plus the relative error of a point drawn at random, and the constants are fitted again. The
    points themselves are not drawn: they were chosen so that each constant can be told from the others, and a draw
    could miss those that tell. As a fit comes closer to its points than to new ones, errors are first widened by
    √(n / (n - k)), n points and k constants.

    Points of one process only leave per_message and per_byte unknown (nan). Raises ValueError for fewer points than
    constants plus one, for points that do not tell the constants apart, and for times that are not above 0.
    """
    points = tuple(points)
    known = 6 if any(point.step.processes > 1 for point in points) else 4
    check_points(points, known)
    design = torch.tensor([amounts(point.step)[:known] for point in points], dtype=torch.float64)
    measured = torch.tensor([point.seconds for point in points], dtype=torch.float64)
    constants = least_relative_errors(design, measured)
    predicted = design @ constants
    widened = (measured / predicted - 1) * math.sqrt(len(points) / (len(points) - known))
    errors = widened.clamp(min=-0.95)       # a time is above 0, however noisy the points

    generator = torch.Generator().manual_seed(seed)
    refitted = []
    for _ in range(refits):
        drawn = torch.randint(len(points), (len(points),), generator=generator)
        refitted.append(_as_cost(least_relative_errors(design, predicted * (1 + errors[drawn]))))
    return FittedCost(_as_cost(constants), points, tuple(refitted), tuple(errors.tolist()))


def least_relative_errors(design: torch.Tensor, measured: torch.Tensor) -> torch.Tensor:
    """Constants c ≥ 0, shape (k,), with the least Σ ((design @ c - measured) / measured)²; design has shape (n, k).

    The method is that of Lawson and Hanson (Solving Least Squares Problems, 1974), as scipy has it.
    """
    from scipy.optimize import nnls

    relative = design / measured[:, None]
    size = relative.norm(dim=0)  # some columns count bytes and some count ones: give them all length 1, to be precise
    solution, _ = nnls((relative / size).numpy(), torch.ones_like(measured).numpy())
    return torch.from_numpy(solution) / size


def check_points(points: Sequence[Point], known: int) -> None:
    """Raises ValueError, with what to do, unless `known` constants can be fitted to the points."""
    if any(not 0 < point.seconds < math.inf for point in points):
        raise ValueError("A measured time is not above 0. Leave that point out, or measure it again over more steps.")
    if len(points) <= known:
        raise ValueError(
            f"{len(points)} points are too few for {known} constants and their uncertainty. Measure at least "
            f"{known + 1}, better 12, that differ in batch, features and classes."
        )
    design = torch.tensor([amounts(point.step)[:known] for point in points], dtype=torch.float64)
    design = design / design.norm(dim=0)
    if int(torch.linalg.matrix_rank(design, rtol=1e-6)) < known:
        raise ValueError(
            "These points cannot tell the constants apart: where two things always grow together, no fit says which of "
            "them costs the time. Vary batch, features and classes each on its own."
        )


def _as_cost(constants: torch.Tensor) -> StepCost:
    known = constants.tolist()
    return StepCost(*known, *[math.nan] * (6 - len(known)))
