"""An explorer with every kind of control, for the tests of the shell and of the page."""

from typing import NamedTuple

import numpy as np

from course_utils.explorer import Button, Choices, Explorer, Slider, Toggle
from course_utils.plotting import BLUE, GREY, artist, describe


class Wave(NamedTuple):
    x: np.ndarray           # (100,)
    y: np.ndarray           # (100,)
    height: float
    kind: str
    presses: int


def compute(height: float, waves: int, speed: float, shape: str, flipped: bool, presses: tuple[str, ...]) -> Wave:
    x = np.linspace(0, 1, 100)
    phase = 2 * np.pi * (waves * x + speed)
    y = np.sin(phase) if shape == "round" else np.sign(np.sin(phase))
    kind = f"{shape} wave{', upside down,' if flipped else ''}"
    return Wave(x, (-1 if flipped else 1) * height * y, height, kind, len(presses))


def draw(wave: Wave, ax):
    artist(ax, "middle", lambda: ax.axhline(0, color=GREY, linestyle=":"))
    artist(ax, "wave", lambda: ax.plot([], [], color=BLUE)[0]).set_data(wave.x, wave.y)
    ax.set(xlim=(0, 1), ylim=(-2.1, 2.1), xlabel="time (s)", ylabel="height (m)")
    ax.set_title(f"A wave {wave.height:g} m high after {wave.presses} presses")
    return describe(ax, f"A {wave.kind} of height {wave.height:g} metres after {wave.presses} presses.")


def toy() -> Explorer:
    return Explorer(
        compute, draw,
        question="What makes a wave higher?", target="Make it 1.5 m high or more.",
        goal=lambda wave: f"the wave is {wave.height:g} m high." if wave.height >= 1.5 else None,
        distance=lambda wave: f"{1.5 - wave.height:.1f} m to go",
        idle=lambda settings: ["waves"] if settings["height"] == 0 else [],
        height=Slider(0.0, 2.0, 0.1, 1.0, "height"), waves=Slider(1, 5, 1, 2, "number of waves"),
        speed=Slider(0.01, 1.0, 0.5, 0.1, "speed", log=True), shape=Choices(("round", "square"), label="shape"),
        flipped=Toggle(False, "upside down"), wait=Button("Wait"), push=Button("Push"),
        again=Button("Start again", resets=True),
    )
