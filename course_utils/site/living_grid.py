"""The settings that are computed ahead: a grid of positions, and a map of where presses lead.

A reader moves one control at a time and may go anywhere, so the grid is a product: every position of one control with
every position of the others. It grows fast, so sliders have fewer positions than in the notebook, unless all of them
fit. Controls that change nothing at some settings do not multiply it there.
"""

import itertools
import math
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from course_utils.explorer import Button, Choices, Explorer, Slider
from course_utils.site.living_choices import Choice, Presses

Place = tuple[int, ...]             # of each control with positions the number of its position, then of the presses


class Grid(NamedTuple):
    """`positions` of each control that has a value, in the explorer's order, and the unfolded presses."""

    positions: dict[str, list[Any]]
    presses: list[Presses]          # the shortest way to each state of the buttons; without buttons only ()
    leads: dict[str, list[int]]     # button → for each state the state it leads to, −1 where that was not computed

    @property
    def shape(self) -> Place:
        return (*map(len, self.positions.values()), len(self.presses))

    def places(self) -> Iterator[Place]:
        """All places, the last number running fastest."""
        return itertools.product(*map(range, self.shape))

    def settings(self, place: Place) -> dict[str, Any]:
        """The settings of one place; `presses` among them where there are buttons."""
        values = {name: values[at] for (name, values), at in zip(self.positions.items(), place, strict=False)}
        return values | ({"presses": self.presses[place[-1]]} if self.leads else {})


def make_grid(explorer: Explorer, choice: Choice, most: int) -> Grid:
    """The grid of an explorer with at most `most` settings, of which the start is one.

    Raises ValueError where what cannot be left out is more than that already, and where the choice names a position
    that the explorer's control does not have.
    """
    positions = {name: _fewest(control, name, choice) for name, control in explorer.controls.items()
                 if not isinstance(control, Button)}
    presses, leads = _unfold(explorer, positions, choice.presses)
    if (fewest := count(explorer, positions) * len(presses)) > most:
        raise ValueError(f"There are at least {fewest} settings, and no more than {most} may be drawn.")
    open_sliders = {name: control for name, control in explorer.controls.items()
                    if isinstance(control, Slider) and name not in choice.only}
    while open_sliders:
        name = max(open_sliders, key=lambda name: _widest(open_sliders[name], positions[name])[0])
        gap, between = _widest(open_sliders[name], positions[name])
        finer = positions | {name: sorted({*positions[name], between})}
        if gap == 0 or count(explorer, finer) * len(presses) > most:
            del open_sliders[name]
        else:
            positions = finer
    return Grid(positions, presses, leads)


def count(explorer: Explorer, positions: dict[str, list[Any]]) -> int:
    """How many settings differ, when controls that change nothing are left where they start."""
    return len({tuple(settled(explorer, dict(zip(positions, values, strict=True))).values())
                for values in itertools.product(*positions.values())})


def settled(explorer: Explorer, settings: dict[str, Any]) -> dict[str, Any]:
    """`settings` with the controls that change nothing there put back to their start."""
    explorer.settings = explorer.settings | settings
    return settings | {name: getattr(explorer.controls[name], "start", None)
                       for name in explorer.idle if name in settings}


# ---- the positions of one control ----


def every_position(slider: Slider) -> list[float]:
    """All values that the slider takes in the notebook."""
    ends = (math.log10(slider.low), math.log10(slider.high)) if slider.log else (slider.low, slider.high)
    steps = math.floor((ends[1] - ends[0]) / slider.step + 1e-9)
    values = [ends[0] + step * slider.step for step in range(steps + 1)]
    return [_tidy(10**value if slider.log else value) for value in values]


def _tidy(value: float) -> float:
    return float(f"{value:.10g}")               # 0.30000000000000004 is 0.3, as in the notebook


def _fewest(control: Any, name: str, choice: Choice) -> list[Any]:
    """Those that cannot be left out: both ends, the start, what the choice asks for; of a list of names all."""
    if not isinstance(control, Slider):
        return list(choice.only.get(name, control.options if isinstance(control, Choices) else (False, True)))
    asked = choice.only.get(name, (control.low, control.high, control.start, *choice.also.get(name, ())))
    there = np.array(every_position(control))
    nearest = {float(there[np.abs(there - value).argmin()]) for value in asked}
    if any(min(abs(value - one) for one in nearest) > 1e-6 * abs(value) for value in asked):
        raise ValueError(f"{name} has no position at one of {asked}.")
    return sorted(round(value) if control.whole else value for value in nearest)


def _widest(slider: Slider, positions: list[float]) -> tuple[float, float]:
    """The widest gap between neighbours, as a share of the slider, and a position in its middle; 0 if all are there."""
    every = every_position(slider)
    at = [int(np.abs(np.array(every) - value).argmin()) for value in positions]
    gap, left = max(((right - left, -left) for left, right in itertools.pairwise(at)), default=(1, 0))
    if gap < 2:
        return 0.0, positions[0]
    middle = every[-left + gap // 2]
    return gap / len(every), round(middle) if slider.whole else middle


# ---- presses ----


def _unfold(explorer: Explorer, positions: dict[str, list[Any]],
            sequences: Iterable[Presses]) -> tuple[list[Presses], dict[str, list[int]]]:
    """Every beginning of the `sequences`, once for what comes out the same; and where each button leads.

    Two ways come out the same if `compute` returns the same for both at every position: what lies in memory then is the
    same as well, and so is the future.
    """
    buttons = {name: control for name, control in explorer.controls.items() if isinstance(control, Button)}
    if not buttons:
        return [()], {}
    every = [dict(zip(positions, values, strict=True)) for values in itertools.product(*positions.values())]

    def outcome(presses: Presses) -> int:
        return hash(tuple(fingerprint(explorer.compute(**settings, presses=presses)) for settings in every))

    ways = sorted({sequence[:length] for sequence in sequences for length in range(len(sequence) + 1)},
                  key=lambda way: (len(way), way))
    states: dict[int, int] = {}
    presses: list[Presses] = []
    for way in ways:
        if states.setdefault(outcome(way), len(presses)) == len(presses):
            presses.append(way)
    leads = {name: [0 if control.resets else states.get(outcome((*way, name)), -1) for way in presses]
             for name, control in buttons.items()}
    return presses, leads


def fingerprint(value: Any) -> Any:
    """Equal for results that no picture tells apart: numbers that agree to nine decimals."""
    if isinstance(value, tuple):
        return tuple(map(fingerprint, value))
    if value is None or isinstance(value, str | bool):
        return value
    with np.errstate(over="ignore"):                # what ran away, past 1e299, is infinite in any picture
        rounded = np.round(np.asarray(value, dtype=np.float64), 9) + 0.0        # + 0.0: of two zeros make one
    return rounded.shape, rounded.tobytes()
