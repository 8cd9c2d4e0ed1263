"""The shell of an explorer on the page: question, controls with a status line, picture.

Three outputs, so that each survives alone: the picture stays in a saved notebook, and appears where there are no
widgets. On Colab it stands among the widgets: whether an output changes there after its cell has ended is not
documented, and what a widget shows does.
"""

import asyncio
import html
import time
import traceback
import uuid
from typing import TYPE_CHECKING, Any

from course_utils import display
from course_utils.colab import on_colab
from course_utils.explorer.controls import Button

if TYPE_CHECKING:
    from ipywidgets import Widget

    from course_utils.explorer.explorer import Explorer

QUIET = 0.015       # seconds: changes that come sooner after a drawing are waiting in a queue, and only the last counts


class Panel:
    """One explorer shown: moves its settings when a control moves, and replaces the picture."""

    def __init__(self, explorer: "Explorer") -> None:
        import ipywidgets

        self._explorer = explorer
        self._drawn_at, self._muted = 0.0, False
        self._timer: asyncio.TimerHandle | None = None
        self._status = ipywidgets.HTML()
        self._widgets = self._make_controls()
        self._box = self._arrange()
        png = explorer.render()
        self._announce()
        display.publish({"text/html": _heading(explorer), "text/plain": f"{explorer.question}\n{explorer.target}"})
        self._picture: WidgetPicture | display.LivePicture
        if on_colab():
            self._picture = WidgetPicture(png, explorer.alt, explorer.figsize)
            self._box.children = (*self._box.children, self._picture.widget)
            display.publish(self._bundle())
        else:
            display.publish(self._bundle())
            self._picture = display.LivePicture(png, explorer.alt, explorer.figsize)
        self._drawn_at = time.monotonic()

    def _make_controls(self) -> dict[str, "Widget"]:
        import ipywidgets

        longest = max((len(control.label) for control in self._explorer.controls.values()), default=0)
        look = {"style": {"description_width": f"{0.55 * longest + 1:.1f}em"},
                "layout": ipywidgets.Layout(width="auto")}
        widgets = {}
        for name, control in self._explorer.controls.items():
            if isinstance(control, Button):
                widgets[name] = control.widget()
                widgets[name].on_click(lambda _, name=name: self._pressed(name))
            else:
                widgets[name] = control.widget(self._explorer.settings[name], **look)
                widgets[name].observe(lambda change, name=name: self._moved(name, change["new"]), "value")
        return widgets

    def _arrange(self) -> "Widget":
        import ipywidgets

        buttons = [self._widgets[name] for name, control in self._explorer.controls.items()
                   if isinstance(control, Button)]
        others = [widget for widget in self._widgets.values() if widget not in buttons]
        grid = ipywidgets.GridBox(others, layout=ipywidgets.Layout(
            grid_template_columns=f"repeat(auto-fit, minmax({300 if len(others) > 3 else 450}px, 1fr))",
            grid_gap="2px 16px"))
        row = ipywidgets.HBox(buttons, layout=ipywidgets.Layout(flex_flow="row wrap"))
        parts = ([grid] if others else []) + ([row] if buttons else []) + [self._status]
        width = round(self._explorer.figsize[0] * display.PIXELS_PER_INCH) + 2 * display.CARD_MARGIN
        return ipywidgets.VBox(parts, layout=ipywidgets.Layout(max_width=f"{width}px"))

    def _bundle(self) -> dict[str, object]:
        line = self._explorer.without_sliders()
        view = {"version_major": 2, "version_minor": 0, "model_id": self._box.model_id}
        return {"application/vnd.jupyter.widget-view+json": view, "text/plain": line,
                "text/html": f"<p>{html.escape(line)}</p>"}

    def _moved(self, name: str, value: Any) -> None:
        if not self._muted:
            self._explorer.settings = self._explorer.with_settings(**{name: value})
            self._changed()

    def _pressed(self, name: str) -> None:
        presses = self._explorer.pressed(self._explorer.settings["presses"], [name])
        self._explorer.settings = {**self._explorer.settings, "presses": presses}
        self._changed()

    def follow(self) -> None:
        """Bring the controls to the explorer's settings, and draw."""
        self._muted = True
        try:
            for name, value in self._explorer.settings.items():
                if name != "presses":
                    self._widgets[name].value = value
        finally:
            self._muted = False
        self.redraw()

    def _changed(self) -> None:
        """Draw at once if nothing was drawn a moment ago; else wait for the changes that are queued behind this one."""
        if self._timer is not None:
            return                              # a drawing is due, and it will find the newest settings
        wait = self._drawn_at + QUIET - time.monotonic()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        if wait <= 0 or loop is None:
            self.redraw()
        else:
            self._timer = loop.call_later(wait, self.redraw)

    def redraw(self) -> None:
        """Draw now. What goes wrong is said on the page, and raised."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        try:
            self._picture.replace(self._explorer.render(), self._explorer.alt)
        except Exception as problem:
            self._say(_problem(problem))
            raise                               # also to the cell or the log, so that a test sees it
        finally:
            self._drawn_at = time.monotonic()
        self._announce()

    def _announce(self) -> None:
        words = html.escape(self._explorer.status)
        if words:
            reached = f'<div style="{_REACHED}"><strong>{words}</strong></div>'
            self._say(reached if self._explorer.reached else words)
        idle = self._explorer.idle
        for name, widget in self._widgets.items():
            widget.disabled = name in idle

    def _say(self, content: str) -> None:
        if self._status.value != content:       # said again only when it changes
            self._status.value = content

    def close(self) -> None:
        """Take the controls off the page."""
        if self._timer is not None:
            self._timer.cancel()
        for widget in (*self._widgets.values(), *self._box.children, self._box):
            widget.unobserve_all()
            widget.close()


class WidgetPicture:
    """An image of `inches` (width, height) inside a widget; it is replaced as `display.LivePicture` is."""

    def __init__(self, png: bytes, alt: str, inches: tuple[float, float]) -> None:
        import ipywidgets

        self._inches = inches
        self.widget = ipywidgets.HTML(display.image_html(png, alt, inches))

    def replace(self, png: bytes, alt: str) -> None:
        """Show another image of the same size in its place."""
        self.widget.value = display.image_html(png, alt, self._inches)


# A coloured edge that is seen from across the room; the words carry the message for those who do not see it.
_REACHED = "border-left: 6px solid #007F5F; background: rgba(0, 127, 95, 0.12); padding: 4px 12px; margin: 4px 0"


def _problem(problem: Exception) -> str:
    last = traceback.format_exception_only(problem)[-1].strip()
    whole = "".join(traceback.format_exception(problem))
    return (f"<p>The picture could not be drawn for these settings: {html.escape(last)}</p>"
            f"<pre>{html.escape(whole)}</pre>")


def _heading(explorer: "Explorer") -> str:
    name = f"explorer-{uuid.uuid4().hex[:8]}"
    lines = [f"<strong>Question.</strong> {html.escape(explorer.question)}"]
    if explorer.target:
        lines.append(f"<strong>Target.</strong> {html.escape(explorer.target)}")
    return f'<p id="{name}">{"<br>".join(lines)}</p><script>{_PAGE_SCRIPT.replace("NAME", name)}</script>'


# What core ipywidgets leave to do on the page. A slider's handle has no name for a screen reader, and a logarithmic one
# reports the exponent: label and readout are copied to it. One that is greyed out takes the focus all the same and
# swallows the keys: it says so. What is said of the target is spoken if it changes inside an element that stays and is
# known as a status. JupyterLab takes arrow keys and letters away from a list of choices ("a" would insert a cell): they
# are given back. A saved notebook opened without its kernel says what to do instead of "Error displaying widget". Where
# scripts are not allowed, everything else still works.
_PAGE_SCRIPT = """
(() => {
  let looks = 0;
  const look = () => {
    const heading = document.getElementById("NAME");
    if (!heading && looks > 8) return;
    const area = heading && (heading.closest(".jp-OutputArea, .output") || document.body);
    for (const status of area ? area.querySelectorAll(".widget-html-content") : []) {
      if (status.querySelector("img")) continue;
      status.setAttribute("role", "status");
      status.setAttribute("aria-live", "polite");
    }
    for (const slider of area ? area.querySelectorAll(".widget-slider") : []) {
      const handle = slider.querySelector("[role=slider]"), readout = slider.querySelector(".widget-readout");
      const label = slider.querySelector("label");
      if (!handle || !label || handle.hasAttribute("aria-label")) continue;
      handle.setAttribute("aria-label", label.textContent);
      const track = handle.closest(".noUi-target");
      const grey = () => handle.setAttribute("aria-disabled", String(track.hasAttribute("disabled")));
      if (track) {
        new MutationObserver(grey).observe(track, {attributes: true, attributeFilter: ["disabled"]});
        grey();
      }
      if (!readout) continue;
      readout.setAttribute("role", "textbox");
      readout.setAttribute("aria-label", label.textContent + ", value");
      const tell = () => handle.setAttribute("aria-valuetext", readout.textContent);
      new MutationObserver(tell).observe(readout, {childList: true, characterData: true, subtree: true});
      tell();
    }
    for (const list of area ? area.querySelectorAll(".widget-dropdown select") : [])
      list.setAttribute("data-lm-suppress-shortcuts", "true");
    for (const lost of area ? area.querySelectorAll(".jp-OutputArea-output") : [])
      if (/^Error displaying widget/.test(lost.textContent) || (looks > 25 && lost.textContent === "Loading widget..."))
        lost.textContent = "Run this cell to get the controls back.";
    if (++looks < 60) setTimeout(look, looks < 20 ? 100 : 500);
  };
  look();
})();
"""
