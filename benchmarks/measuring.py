"""How a ratio is taken: the candidates take turns, CPU time of the process is counted, and the median is reported.

Taking turns lets a busy spell of the machine hit all of them; a ratio is formed within each round, before the median.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import NamedTuple


class Row(NamedTuple):
    """One line of the table: `ratio` is the time of `what` divided by that of `against`."""

    work: str
    what: str
    against: str
    ratio: float
    seconds: float
    bar: float | None = None
    at_least: bool = False  # the bar is a floor (so many times faster), not a ceiling
    around: float | None = None  # the bar is how far the ratio may be from this number, on either side

    def verdict(self) -> str:
        if self.bar is None:
            return ""
        if self.around is not None:
            met = abs(self.ratio - self.around) <= self.bar
            return f"{self.around:g} ± {self.bar:g}: {'met' if met else 'not met'}"
        met = self.ratio >= self.bar if self.at_least else self.ratio <= self.bar
        return f"{'≥' if self.at_least else '≤'} {self.bar:g}: {'met' if met else 'not met'}"


def use_threads(n: int) -> None:
    """Let torch, and the BLAS under numpy and scikit-learn, work on n threads from now on."""
    import sklearn  # noqa: F401  (so that all thread pools are there to be limited)
    import threadpoolctl
    import torch

    torch.set_num_threads(n)
    threadpoolctl.threadpool_limits(n)


def take_turns(tasks: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of process CPU time of every task in every round, after one round that does not count."""
    seconds = {name: [] for name in tasks}
    for round_ in range(rounds + 1):
        for name, task in tasks.items():
            start = time.process_time()
            task()
            if round_:
                seconds[name].append(time.process_time() - start)
    return seconds


def ratio(seconds: dict[str, list[float]], what: str, against: str) -> float:
    return statistics.median(a / b for a, b in zip(seconds[what], seconds[against], strict=True))


def row(work: str, seconds: dict, what: str, against: str, bar: float | None = None) -> Row:
    return Row(work, what, against, ratio(seconds, what, against), statistics.median(seconds[what]), bar)


def peak_memory() -> float:
    """The most memory that this process has held so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
