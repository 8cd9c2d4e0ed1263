"""What many runs say together: the mean over seeds with its interval, and differences seed by seed."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import torch

from course_utils.sweep.runs import Runs

if TYPE_CHECKING:
    from pandas import DataFrame


class Interval(NamedTuple):
    """A mean with its interval: `low` to `high` covers the true mean in `confidence` of all such experiments."""

    mean: float
    low: float
    high: float
    sd: float
    n: int
    interval: str

    def __str__(self) -> str:
        return f"{self.mean:.4g}, {self.interval} {self.low:.4g} to {self.high:.4g} (n = {self.n})"


def mean_interval(values: Iterable[float], confidence: float = 0.95) -> Interval:
    """The mean of independent values with Student's interval, mean ± t · sd / √n; sd has divisor n − 1.

        mean_interval([2.1, 2.5, 1.9])      # 2.167, 95 % t interval 1.408 to 2.926 (n = 3)

    It is for values that are roughly normal (Student, 1908). One value has no interval: its bounds are nan.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a share between 0 and 1, say 0.95.")
    x = torch.tensor([v for v in values], dtype=torch.float64)
    n, mean, name = len(x), x.mean().item(), f"{100 * confidence:g} % t interval"  # the mean of no values is nan
    if n < 2:
        return Interval(mean, math.nan, math.nan, math.nan, n, name)
    sd = x.std().item()
    half = students_t(confidence, n - 1) * sd / math.sqrt(n)
    return Interval(mean, mean - half, mean + half, sd, n, name)


def students_t(confidence: float, freedom: int) -> float:
    """The t for which `confidence` of Student's distribution lies between −t and t: 2.262 for 0.95 and 9 of freedom.

    That share is a finite sum in the angle whose tangent is t / √freedom (Abramowitz and Stegun, Handbook of
    Mathematical Functions, 1964, 26.7.3 and 26.7.4), and halving finds the angle. SciPy has it too; it takes 14 MB.
    """
    odd = freedom % 2
    numbers = 2.0 * torch.arange(1, max(1, (freedom - odd) // 2), dtype=torch.float64) + odd
    ratios = (numbers - 1) / numbers                # of each term of the sum to the one before, but for cos²
    low, high = 0.0, math.pi / 2
    for _ in range(60):                             # a quarter turn, halved 60 times: all digits there are
        angle = (low + high) / 2
        cos = math.cos(angle)
        share = math.sin(angle) * (1 + (ratios * cos**2).cumprod(0).sum().item())
        if odd:
            share = 2 / math.pi * (angle + (cos * share if freedom > 1 else 0.0))
        low, high = (angle, high) if share < confidence else (low, angle)
    return math.sqrt(freedom) * math.tan(low)


def corrected_interval(differences: Iterable[float], test_share: float, confidence: float = 0.95) -> Interval:
    """The mean difference over random splits of one data set, with an interval for data of the same kind.

        corrected_interval(gaps, test_share=450 / 1797)     # one gap for each split; a quarter of the data judged each

    The splits share most of their examples, so their results vary together, and Student's interval over them is too
    narrow. The variance of the mean is taken as (1/n + r) · sd², with r = test_share / (1 − test_share), the ratio of
    examples judged to examples learned from (Nadeau and Bengio, Inference for the Generalization Error, 2003).
    Raises ValueError unless 0 < test_share < 1.
    """
    if not 0 < test_share < 1:
        raise ValueError(f"test_share is {test_share}; give the share of examples that each split judges, say 0.25.")
    plain = mean_interval(differences, confidence)
    wider = math.sqrt(1 + plain.n * test_share / (1 - test_share))
    low, high = (plain.mean + wider * (bound - plain.mean) for bound in (plain.low, plain.high))
    return plain._replace(low=low, high=high, interval=f"{100 * confidence:g} % corrected t interval")


def summarize(runs: Runs, y: str, by: str | Sequence[str] | None = None, *, confidence: float = 0.95) -> "DataFrame":
    """A pandas table: for each setting the mean of `y` over the seeds, its interval, sd and n.

        summarize(runs, "valid_accuracy", by="lr")

    `by` names the settings to tell apart, by default all that take several values. Runs that diverged cannot enter a
    mean; the column `diverged` counts them. Raises ValueError if a setting varies within a row, which would pass off
    settings as repetitions.
    """
    import pandas

    rows = []
    for chosen, members in grouped(runs, by):
        values = results(members, y)
        finite = [value for value in values if not math.isnan(value)]
        row = mean_interval(finite, confidence)._asdict()
        rows.append(chosen | row | {"diverged": len(values) - len(finite)})
    return pandas.DataFrame(rows)


def grouped(runs: Runs, by: str | Sequence[str] | None = None) -> list[tuple[dict, Runs]]:
    """The runs by setting: a dict of the settings named in `by`, and the runs that have them, one for each seed."""
    varying = [name for name, values in runs.axes.items() if len(values) > 1]
    by = varying if by is None else [by] if isinstance(by, str) else list(by)
    left_out = [name for name in varying if name not in by]
    if left_out:
        raise ValueError(
            f"{left_out[0]} takes {len(runs.axes[left_out[0]])} values in these runs. Add it to `by`, or choose one: "
            f"`runs.where({left_out[0]}={runs.axes[left_out[0]][0]!r})`."
        )
    groups: dict = {}
    for run in runs:
        groups.setdefault(tuple(run.settings.get(name) for name in by), []).append(run)
    return [(dict(zip(by, key, strict=True)), Runs(members)) for key, members in groups.items()]


def paired(runs: Runs, y: str, *, a: dict, b: dict, confidence: float = 0.95) -> Interval:
    """The mean of y(a) − y(b) over the seeds, with its interval. What the two runs of a seed share cancels out.

        paired(runs, "valid_accuracy", a={"momentum": 0.9}, b={"momentum": 0})

    `a` and `b` are settings; each must leave one run a seed, else ValueError.
    """
    sides = []
    for settings in (a, b):
        chosen = runs.where(**settings)
        by_seed = dict(zip([run.seed for run in chosen], results(chosen, y), strict=True))
        if len(by_seed) < len(chosen):
            varying = [name for name, values in chosen.axes.items() if len(values) > 1]
            raise ValueError(f"{settings} leaves several runs a seed. Say also which {' and '.join(varying)}.")
        sides.append(by_seed)
    first, second = sides
    differences = [first[seed] - second[seed] for seed in first if seed in second]
    return mean_interval([d for d in differences if not math.isnan(d)], confidence)


def results(runs: Runs, y: str) -> list[float]:
    """The values of `y`; ValueError if it was not measured."""
    values = runs.values(y)
    if any(value is None for value in values):
        raise ValueError(f"{y} was not measured in these runs: is there a validation part in the data?")
    return values
