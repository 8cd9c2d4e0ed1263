"""What has to be on the grid of an explorer: where its target is, and the presses that a reader would try.

Everything else is found by halving (`living_grid`). A position that stands here is one of the explorer's own.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from course_utils.explorers.step_machine import JOBS

Presses = tuple[str, ...]


class Choice(NamedTuple):
    """What one explorer asks of its grid, beyond its start and the ends of its sliders."""

    also: dict[str, tuple] = {}             # control → positions that must be there, those of the target among them
    only: dict[str, tuple] = {}             # control → all its positions; nothing is found by halving
    presses: tuple[Presses, ...] = ()       # sequences whose every beginning is there
    shared: Callable[[Any], Any] | None = None      # of a result what many pictures show alike: a layer for each
    most: int = 600                         # pictures: some 60 ms of CPU time each
    colours: int = 48                       # lines and text on white need 24; with fewer, more pictures fit


def _step_machine() -> tuple[Presses, ...]:
    """A reader presses all five until it is low, or one by one; and tries the wrong order, as the question asks."""
    by_hand = JOBS * 3
    out_of_order = tuple((*JOBS[:done], job) for done in range(5) for job in JOBS)      # all that a first round allows
    old_gradient = (*JOBS[:4], "step", "step")
    twice = (*JOBS[:3], *JOBS[:4])          # with zero_grad forgotten, slopes add up
    return (("round",) * 14, by_hand, *out_of_order, old_gradient, twice)


CHOICES = {
    "first_slider": Choice(also={"slope": (1.4,)}),
    "boundary_bench": Choice(also={"boundary": (55.5,), "steepness": (0.08,)}, most=420),
    "mask_viewer": Choice(presses=tuple(("fifty",) * fifties + ("next",) * 3 for fifties in range(5)), colours=32),
    "noise_bench": Choice(colours=32),
    "optimizer_race": Choice(also={"lr": (10**-1.25,)}, only={"momentum": (0.0, 0.6, 0.9)}, most=370, colours=24),
    # With steps that the scores and the shift have in common, many pictures are the same: two more for each score is
    # as much as two more for the shift. At 1, −0.3 and −1 the shares are those of the target; with a shift of −0.7 the
    # yes/no answers are, too.
    "simplex": Choice(only={"three": (-3.0, -1.0, 0.0, 1.0, 3.0), "five": (-3.0, -1.0, -0.3, 0.0, 1.0, 2.0, 3.0),
                            "eight": (-3.0, -1.0, 0.0, 1.0, 3.0), "shift": (-3.0, -1.0, -0.7, 0.0, 1.0, 3.0)},
                      shared=lambda shares: shares.softmax, most=1_100, colours=24),
    "speed_up": Choice(only={
        "rows": (1e3, 1e7), "features": (100.0, 1e4), "batch": (100.0, 1e4, 10**5.5), "latency": (10**0.5, 100.0),
        "bandwidth": (1.0, 100.0), "devices": ("1", "4", "8", "16", "64", "256", "1024")},
        shared=lambda speed: speed.parts, most=700, colours=24),
    "step_machine": Choice(only={"lr": (0.5, 1.0, 4.0, 20.0)}, presses=_step_machine(), colours=32),
}
