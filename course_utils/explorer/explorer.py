"""An explorer: `compute(**settings)` is pure, `draw(result, ax)` knows no widgets, and the shell here knows neither.

    def compute(slope): ...                                      # → a NamedTuple
    def draw(result, ax): ...                                    # moves artists kept by `artist`, ends with `describe`
    Explorer(compute, draw, question="…", target="…", goal=…, slope=Slider(-5.0, 5.0, 0.1, 0.0, "slope")).show()

One figure is kept, rendered by Agg without pyplot, and sent as an image with a text alternative; `panel` puts it on the
page beside its controls.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from course_utils import display
from course_utils.explorer.controls import Button, Control
from course_utils.explorer.panel import Panel
from course_utils.explorer.screen import Screen
from course_utils.plotting import FIGURE_SIZE, alt_text, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Explorer:
    """A question to settle and a target to reach by moving controls.

    `compute` receives one keyword argument for each control, and `presses`, a tuple of names, if there are buttons.
    `goal(result)` returns a sentence once the target is reached, None before; until then `distance(result)` says how
    far it is, such as "0.02 to go", or nothing. `idle(settings)` names the controls that change nothing there: they
    are greyed out. `figsize` is in inches. Raises ValueError where a control starts outside of what it allows.
    """

    def __init__(
        self, compute: Callable[..., NamedTuple], draw: Callable[[Any, "Axes"], "Axes"], *, question: str,
        target: str = "", goal: Callable[[Any], str | None] | None = None,
        distance: Callable[[Any], str] | None = None, idle: Callable[[dict[str, Any]], Iterable[str]] | None = None,
        figsize: tuple[float, float] = FIGURE_SIZE, **controls: Control,
    ):
        self.compute, self.draw = compute, draw
        self.question, self.target, self.goal = question, target, goal
        self.distance, self._idle = distance, idle
        self.figsize, self.controls = figsize, controls
        self.settings: dict[str, Any] = {name: control.checked(name, control.start)
                                         for name, control in controls.items() if not isinstance(control, Button)}
        if len(self.settings) < len(controls):
            self.settings["presses"] = ()
        self.reached: str | None = None         # the sentence of `goal` for what was drawn last
        self.to_go = ""                         # the words of `distance` for what was drawn last, until it is reached
        self.alt = ""                           # the text alternative of what was drawn last
        self._screen: Screen | None = None
        self._panel: Panel | None = None

    def with_settings(self, **changes: Any) -> dict[str, Any]:
        """The present settings with `changes`. Raises ValueError for an unknown control or a value out of range."""
        settings = dict(self.settings)
        for name, value in changes.items():
            if name not in settings:
                raise ValueError(f"There is no control named {name}; the controls are {', '.join(settings)}.")
            control = self.controls.get(name)           # None for the presses
            settings[name] = (self.pressed((), value) if control is None or isinstance(control, Button)
                              else control.checked(name, value))
        return settings

    def pressed(self, before: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
        """What `compute` receives as `presses` when these buttons are pressed after those. Raises ValueError."""
        buttons = {name: control for name, control in self.controls.items() if isinstance(control, Button)}
        for name in names:
            if name not in buttons:
                raise ValueError(f"There is no button named {name!r}; the buttons are {', '.join(buttons)}.")
            before = () if buttons[name].resets else (*before, name)
        return before

    def set(self, **settings: Any) -> "Explorer":
        """Move the controls and draw at once. Raises ValueError, as `with_settings`."""
        self.settings = self.with_settings(**settings)
        if self._panel is None:
            self.render()
        else:
            self._panel.follow()
        return self

    def press(self, *names: str) -> "Explorer":
        """Press buttons, in this order, and draw at once."""
        return self.set(presses=self.pressed(self.settings.get("presses", ()), names))

    def render(self) -> bytes:
        """Draw the present settings on the kept figure: the PNG. `alt` and `reached` then describe it."""
        result = self.compute(**self.settings)
        if self._screen is None:
            self._screen = Screen(self.figsize)
        png = self._screen.render(self.draw, result)
        self.reached = self.goal(result) if self.goal is not None else None
        self.to_go = self.distance(result) if self.distance is not None and not self.reached else ""
        self.alt = alt_text(self._screen.figure)
        if self.reached:
            self.alt += f" Target reached: {self.reached}"
        return png

    @property
    def status(self) -> str:
        """What is said below the controls about what was drawn last; nothing where there is no target."""
        if self.reached:
            return f"✓ Target reached: {self.reached}"
        return f"Target not reached yet{f': {self.to_go}' if self.to_go else ''}." if self.target else ""

    @property
    def frame(self) -> str:
        """Equal for pictures that have the same ground: axes, ticks, names. Of what was drawn last, empty before."""
        return "" if self._screen is None else repr(self._screen.frame)

    @property
    def idle(self) -> frozenset[str]:
        """The controls that change nothing at the present settings. Raises ValueError for one that there is not."""
        names = frozenset(self._idle(self.settings) if self._idle is not None else ())
        if unknown := names - frozenset(self.controls):
            raise ValueError(f"There is no control named {min(unknown)}; the controls are {', '.join(self.controls)}.")
        return names

    def static(self, **settings: Any) -> "Axes":
        """The figure for `settings` without any control, on Axes of its own; the explorer itself stays as it is."""
        return self.draw(self.compute(**self.with_settings(**settings)), new_axes(self.figsize))

    def fixed(self, **settings: Any) -> None:
        """Show the figure for `settings` folded under "Without a kernel", so that it does not stand beside the hunt."""
        figure = self.static(**settings).get_figure(root=True)
        assert figure is not None, "a picture was drawn"
        words = "<summary>Without a kernel: a fixed picture</summary>"
        display.publish({"text/html": f"<details>{words}{display.figure_html(figure)}</details>",
                         "text/plain": alt_text(figure)})
        _forget(figure)

    def show(self) -> None:
        """Show question, controls and picture; without widgets, the picture and what to change in the call."""
        if display.in_notebook() and _have_widgets():
            if self._panel is not None:
                self._panel.close()
            self._panel = Panel(self)
        else:
            print(f"{self.question}\n{self.target}\n{self.without_sliders()}")
            self.static()

    def without_sliders(self) -> str:
        """The line for readers who have no widgets."""
        call = ", ".join(f"{name}={value!r}" for name, value in self.settings.items() if value != ())
        return f"No sliders here: change a value in .static({call}) and run it instead of .show()."


def _forget(figure: "Figure") -> None:
    """Take the figure off pyplot's list, or it would be shown once more at the end of the cell."""
    from matplotlib import pyplot

    pyplot.close(figure)


def _have_widgets() -> bool:
    try:
        import ipywidgets  # noqa: F401
    except ImportError:
        return False
    return True
