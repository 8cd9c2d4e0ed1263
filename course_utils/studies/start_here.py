"""What lesson 00 shows: a line in the wrong place, and how lumpy chance is."""

from collections import Counter
from typing import TYPE_CHECKING

import torch

from course_utils.explorers.first_slider import compute, draw
from course_utils.plotting import BLUE, describe, new_axes
from course_utils.study import Finding, study

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@study(question="How far is this line from ten showers?")
def opening(slope: float = 0.5) -> Finding:
    """Ten showers, a line of 0.5 mm an hour, and beside them the loss of every slope."""
    return Finding({}, draw=lambda: draw(compute(slope), new_axes()))


@study(
    question="Flip a coin 100 times. How long is the longest run of the same side?",
    expected={"mean": (6.0, 8.0), "shortest": (4, 6), "longest": (9, 14)},
)
def longest_run(flips: int = 100, seeds: int = 20) -> Finding:
    """A fair coin, 100 flips, the longest run of one side; the same from twenty seeds."""
    runs = [_longest_run(flips, seed) for seed in range(seeds)]
    return Finding({"mean": sum(runs) / seeds, "shortest": min(runs), "longest": max(runs)}, draw=lambda: _draw(runs))


def _longest_run(flips: int, seed: int) -> int:
    sides = torch.randint(2, (flips,), generator=torch.Generator().manual_seed(seed)).tolist()
    longest = run = 1
    for before, now in zip(sides, sides[1:], strict=False):
        run = run + 1 if now == before else 1
        longest = max(longest, run)
    return longest


def _draw(runs: list[int]) -> "Axes":
    counts = Counter(runs)
    ax = new_axes((7.0, 2.4))
    for length, count in counts.items():
        ax.plot([length] * count, range(1, count + 1), "o", color=BLUE, markersize=9)
    ax.set(xlabel="longest run of one side in 100 flips", yticks=[], ylim=(0.3, max(counts.values()) + 0.7),
           xticks=range(min(runs), max(runs) + 1), title=f"{len(runs)} seeds, {len(counts)} different answers")
    ax.spines["left"].set_visible(False)
    return describe(ax, "How many seeds had which longest run: "
                        + ", ".join(f"{counts[length]} had {length}" for length in sorted(counts)) + ".")
