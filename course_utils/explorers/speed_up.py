"""Lesson 10: how long a step of softmax regression takes on 1 to 1,024 devices, and what of it is work."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from course_utils.distributed import Step, StepCost
from course_utils.explorer import Choices, Explorer, Slider
from course_utils.plotting import BLUE, GREY, MARKERS, ORANGE, artist, describe, label_line_ends, number, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CLASSES = 10
COUNTS = tuple(2**k for k in range(11))         # 1 … 1,024 devices
DEVICES = {                                     # one step alone, orders of magnitude: startup, and seconds per …
    "one CPU core": StepCost(startup=1.5e-4, per_example=2.6e-7, per_number=1.4e-9, per_product=4.4e-11),
    "a GPU": StepCost(startup=1e-4, per_example=1e-10, per_number=4e-12, per_product=2e-13),
}
GOAL_COUNT, GOAL_SPEED_UP = 64, 48.0
ROW_BYTES = 4                                   # of a feature, float32
SECONDS = {"µs": 1e-6, "ms": 1e-3, "s": 1.0, "minutes": 60.0, "hours": 3_600.0, "days": 86_400.0}
BYTES = {"bytes": 1.0, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}
PARTS = {"work": (BLUE, "-"), "messages": (ORANGE, "--"), "traffic": (GREY, "-.")}


class Speed(NamedTuple):
    """One step of the same batch on each of COUNTS, and an epoch on the chosen number of devices."""

    devices: int
    batch: int                  # no larger than the number of rows
    parts: np.ndarray           # (len(COUNTS), 3): seconds of work, of messages, of traffic
    speed_up: np.ndarray        # (len(COUNTS),) times as fast as one device
    epoch: float                # seconds of an epoch on `devices` devices
    epoch_of_one: float
    row_bytes: float            # the rows that each of `devices` devices holds
    best: int                   # the number of devices with the shortest step


def compute(rows: float, features: float, batch: float, kind: str, devices: str, bandwidth: float,
            latency: float) -> Speed:
    """`bandwidth` in GB/s and `latency` in µs are those of a link of the ring."""
    rows, features = round(rows), round(features)
    size = min(round(batch), rows)
    cost = DEVICES[kind]._replace(per_message=latency * 1e-6, per_byte=1e-9 / bandwidth)
    steps = [Step(size, features, CLASSES, p) for p in COUNTS]
    parts = np.array([cost.parts(step) for step in steps])
    total = parts.sum(1)
    chosen = COUNTS.index(int(devices))
    updates = -(-rows // size)
    return Speed(int(devices), size, parts, total[0] / total, updates * total[chosen], updates * total[0],
                 ROW_BYTES * rows * features / int(devices), COUNTS[int(total.argmin())])


def draw(speed: Speed, ax: "Axes") -> "Axes":
    """The parts of a step against the number of devices, and the speed-up beside the ideal line."""
    left, right = panels(ax, 2, widths=(1, 1))
    total, chosen = speed.parts.sum(1), COUNTS.index(speed.devices)
    for place, (name, (colour, style)) in enumerate(PARTS.items()):
        seconds = speed.parts[:, place]
        artist(left, name, lambda colour=colour, style=style, name=name: left.plot(
            [], [], style, color=colour, label=name)[0]).set_data(COUNTS, np.where(seconds > 0, seconds, np.nan))
    artist(left, "step", lambda: left.plot([], [], color="black", linewidth=3, alpha=0.3, zorder=1, label="_step")[0]
           ).set_data(COUNTS, total)
    artist(left, "chosen", lambda: left.plot([], [], MARKERS[0], color="black", label="_")[0]).set_data(
        [speed.devices], [total[chosen]])
    high = 10.0 ** np.ceil(np.log10(total.max()) + 0.1)
    left.set(xscale="log", yscale="log", xlim=(0.8, 9_000), ylim=(high / 1e6, high), xlabel="devices",
             ylabel="seconds a step")
    label_line_ends(left)
    left.set_title(f"{number(1e3 * total[chosen], 2)} ms on {speed.devices}; shortest on {speed.best:,}")
    artist(right, "ideal", lambda: right.plot(COUNTS, COUNTS, ":", color=GREY, zorder=0.5))
    artist(right, "rows in words", lambda: right.text(1, 170, "")).set_text(
        f"an epoch: {in_units(speed.epoch, SECONDS)}\nrows: {in_units(speed.row_bytes, BYTES)} on each")
    artist(right, "ideal in words", lambda: right.text(40, 22, "ideal", color=GREY, zorder=0.5))
    artist(right, "speed-up", lambda: right.plot([], [], "-", color=BLUE)[0]).set_data(COUNTS, speed.speed_up)
    artist(right, "chosen", lambda: right.plot([], [], MARKERS[0], color="black")[0]).set_data(
        [speed.devices], [speed.speed_up[chosen]])
    artist(right, "one", lambda: right.axhline(1, color=GREY, linewidth=0.8, zorder=0.5))
    right.set(xscale="log", yscale="log", xlim=(0.8, 1_300), ylim=(0.008, 1_300), xlabel="devices",
              ylabel="times as fast as one")
    for panel in (left, right):
        panel.set_xticks([1, 8, 64, 1_024], ["1", "8", "64", "1,024"])
        panel.minorticks_off()
    right.set_yticks([0.01, 0.1, 1, 10, 100, 1_000], ["0.01", "0.1", "1", "10", "100", "1,000"])
    right.set_title(f"{number(speed.speed_up[chosen], 2)} times as fast as one")
    work, messages, traffic = speed.parts[chosen]
    describe(left, f"A step with a batch of {speed.batch:,} on {_devices(speed.devices)} takes "
                   f"{number(1e3 * total[chosen])} ms: {number(1e3 * work)} of work, {number(1e3 * messages)} of "
                   f"messages, {number(1e3 * traffic)} of traffic. It is shortest on {speed.best:,}. On one device it "
                   f"takes {number(1e3 * total[0])} ms.")
    others = ", ".join(f"{number(speed.speed_up[COUNTS.index(p)], 2)} on {p:,}" for p in (8, 64, 1_024))
    describe(right, f"That is {number(speed.speed_up[chosen])} times as fast as one device. An epoch takes "
                    f"{in_units(speed.epoch, SECONDS)}, and {in_units(speed.epoch_of_one, SECONDS)} on one device. "
                    f"Each device holds {in_units(speed.row_bytes, BYTES)} of rows. Times as fast as one: {others}.")
    return left


def _devices(count: int) -> str:
    return f"{count:,} device{'' if count == 1 else 's'}"


def in_units(value: float, units: dict[str, float]) -> str:
    """`value` in the largest of `units` that it fills, or else in the smallest: 90 s is 1.5 minutes."""
    name, size = next((unit for unit in reversed(units.items()) if unit[1] <= value), next(iter(units.items())))
    return f"{number(value / size, 2)} {name}"


def goal(speed: Speed) -> str | None:
    """64 devices that are worth 48."""
    reached = speed.speed_up[COUNTS.index(speed.devices)]
    if speed.devices == GOAL_COUNT and reached >= GOAL_SPEED_UP:
        return f"{GOAL_COUNT} devices are {number(reached, 3)} times as fast as one, with a batch of {speed.batch:,}"
    return None


def speed_up() -> Explorer:
    """Choose a problem, a kind of device and a link, and see how many devices are worth it."""
    return Explorer(
        compute,
        draw,
        question="What makes many devices worth it: more rows, more features, or a larger batch?",
        target=f"{GOAL_COUNT} devices that are at least {GOAL_SPEED_UP:g} times as fast as one.",
        goal=goal,
        rows=Slider(100.0, 1e9, 1.0, 1e3, "rows", log=True),
        features=Slider(10.0, 1e5, 0.5, 100.0, "features", log=True),
        batch=Slider(10.0, 1e6, 0.5, 100.0, "batch, of all", log=True),
        kind=Choices(tuple(DEVICES), label="each device"),
        devices=Choices(tuple(map(str, COUNTS)), "8", "devices"),
        bandwidth=Slider(0.1, 1e3, 0.5, 1.0, "link: GB/s", log=True),
        latency=Slider(1.0, 1e3, 0.5, 100.0, "start-up: µs", log=True),
    )
