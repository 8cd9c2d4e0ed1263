"""The controls of an explorer: what a setting may be, and the ipywidget that sets it."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ipywidgets import Widget


@dataclass(frozen=True)
class Slider:
    """A number from `low` to `high`; an int where `low`, `step` and `start` are ints.

    With `log=True` the slider is even in powers of ten: `low`, `high` and `start` remain values, `step` counts decades
    (0.1 means ten positions from 1 to 10).
    """

    low: float
    high: float
    step: float
    start: float
    label: str
    log: bool = False

    @property
    def whole(self) -> bool:
        return not self.log and all(isinstance(value, int) for value in (self.low, self.step, self.start))

    def checked(self, name: str, value: Any) -> float:
        """`value` as `compute` receives it. Raises ValueError outside low … high."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValueError(f"{name} is a number from {self.low:g} to {self.high:g}; {value!r} is not.")
        if not self.low <= tidy(value) <= self.high:
            raise ValueError(f"{name} goes from {self.low:g} to {self.high:g}; {value:g} lies outside.")
        return round(value) if self.whole else tidy(value)

    def samples(self) -> list[float]:
        """Both ends and a position in the middle, for tests."""
        if self.log:
            middle = self.low * 10 ** (round(math.log10(self.high / self.low) / self.step / 2) * self.step)
        else:
            middle = self.low + round((self.high - self.low) / self.step / 2) * self.step
        return [self.low, tidy(middle), self.high]

    def widget(self, value: float, **look: Any) -> "Widget":
        """The ipywidget that starts at `value`; `look` are its style and layout."""
        import ipywidgets

        if self.log:
            return ipywidgets.FloatLogSlider(value, base=10, min=math.log10(self.low), max=math.log10(self.high),
                                             step=self.step, description=self.label, readout_format=".3g",
                                             **_hover(self.label), **look)
        kind = ipywidgets.IntSlider if self.whole else ipywidgets.FloatSlider
        decimals = max(0, -math.floor(math.log10(self.step) + 1e-9))
        shape = {} if self.whole else {"readout_format": f".{decimals}f"}
        return kind(value, min=self.low, max=self.high, step=self.step, description=self.label,
                    **_hover(self.label), **shape, **look)


@dataclass(frozen=True)
class Choices:
    """One of several names; `compute` receives the name. Starts at the first one unless told otherwise."""

    options: tuple[str, ...]
    start: str | None = None
    label: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", tuple(self.options))
        if self.start is None:
            object.__setattr__(self, "start", self.options[0])

    def checked(self, name: str, value: Any) -> str:
        """`value`, if it is one of the names. Raises ValueError."""
        if value not in self.options:
            raise ValueError(f"{name} is one of {', '.join(map(repr, self.options))}; {value!r} is not among them.")
        return value

    def samples(self) -> list[str]:
        return list(self.options)

    def widget(self, value: str, **look: Any) -> "Widget":
        import ipywidgets

        return ipywidgets.Dropdown(options=self.options, value=value, description=self.label,
                                   **_hover(self.label), **look)


@dataclass(frozen=True)
class Toggle:
    """On or off; `compute` receives a bool."""

    start: bool
    label: str

    def checked(self, name: str, value: Any) -> bool:
        """`value`, if it is True or False. Raises ValueError."""
        if not isinstance(value, bool):
            raise ValueError(f"{name} is True or False; {value!r} is neither.")
        return value

    def samples(self) -> list[bool]:
        return [False, True]

    def widget(self, value: bool, **look: Any) -> "Widget":
        import ipywidgets

        return ipywidgets.Checkbox(value=value, description=self.label, indent=False, layout=look["layout"],
                                   **_hover(self.label))


@dataclass(frozen=True)
class Button:
    """Something to press. `compute` receives `presses`, the names of all buttons pressed so far, in order.

    A button with `resets=True` is not remembered: it empties the list.
    """

    label: str
    resets: bool = False

    def widget(self) -> "Widget":
        import ipywidgets

        return ipywidgets.Button(description=self.label, layout=ipywidgets.Layout(width="auto"))


Control = Slider | Choices | Toggle | Button


def _hover(text: str) -> dict[str, str]:
    """The words that appear under the mouse; ipywidgets 7, which Colab has, calls them `description_tooltip`."""
    import ipywidgets

    return {"tooltip" if int(ipywidgets.__version__.split(".")[0]) >= 8 else "description_tooltip": text}


def tidy(value: float) -> float:
    """`value` without the float noise of a slider's arithmetic: 0.30000000000000004 is 0.3."""
    return float(f"{value:.10g}")
