"""One living explorer as HTML: question, target, real controls, picture, status line, and the table of settings.

Without JavaScript question, target and the start picture with its words are there. The table travels inside the page as
JSON, because a page opened from a folder may not read other files.
"""

import html
import json
import math
import re
from typing import Any, NamedTuple

from course_utils.explorer import Button, Choices, Explorer, Slider, Toggle
from course_utils.plotting import PIXELS_PER_INCH
from course_utils.site.living_grid import Grid
from course_utils.site.living_pictures import Layers


class Scene(NamedTuple):
    """What one setting shows."""

    layers: Layers
    alt: str
    status: str
    reached: bool
    idle: tuple[str, ...]           # controls that are greyed out


def fragment(name: str, explorer: Explorer, grid: Grid, scenes: list[Scene], start: int, root: str) -> str:
    """The HTML of an explorer; `scenes` stand in the order of `grid.places()`, and it opens with number `start`."""
    first, key = scenes[start], f"living-{name.replace('_', '-')}"
    width, height = (round(side * PIXELS_PER_INCH) for side in explorer.figsize)
    size = f'width="{width}" height="{height}" loading="lazy" decoding="sync"'
    folder = f"{root.rstrip('/')}/{name}"
    fields = [_field(f"{key}-{one}", control, grid.positions[one]) for one, control in explorer.controls.items()
              if not isinstance(control, Button)]
    buttons = [f'<button type="button" data-press="{_quoted(one)}">{_text(control.label)}</button>'
               for one, control in explorer.controls.items() if isinstance(control, Button)]
    lines = [
        f'<section class="living" id="{key}" data-folder="{_quoted(folder)}" aria-label="{_quoted(explorer.question)}">',
        f"<p><strong>Question.</strong> {_text(explorer.question)}",
        f"<br><strong>Target.</strong> {_text(explorer.target)}</p>" if explorer.target else "</p>",
        '<div class="living-controls" hidden>',
        *fields,
        *([f'<div class="living-buttons">{"".join(buttons)}</div>'] if buttons else []),
        "</div>",
        f'<p class="living-status{" living-reached" * first.reached}" role="status" aria-live="polite">'
        f"{_text(first.status)}</p>",
        '<div class="living-picture">',
        f'<img class="living-ground" src="{_quoted(folder)}/{first.layers.ground}" alt="" {size}>',
        f'<img class="living-change" src="{_quoted(folder)}/{first.layers.change}" alt="{_quoted(first.alt)}" {size}>',
        "</div>",
        f'<p class="living-note">{_note(explorer, grid)}</p>',
        f'<script type="application/json">{_json(_table(explorer, grid, scenes))}</script>',
        "</section>",
    ]
    return "\n".join(lines) + "\n"


def _text(words: str) -> str:
    return html.escape(words, quote=False)


def _quoted(words: str) -> str:
    return html.escape(words, quote=True)


def _note(explorer: Explorer, grid: Grid) -> str:
    """How the page differs from the notebook."""
    said = ["This page has no kernel: its pictures were drawn ahead."]
    thinned = [explorer.controls[name].label for name, values in grid.positions.items()
               if isinstance(control := explorer.controls[name], Slider | Choices) and len(values) < _in_notebook(control)]
    if thinned:
        said.append(f"In the notebook there are more positions for: {', '.join(thinned)}.")
    if any(-1 in leads for leads in grid.leads.values()):
        said.append("A button that is greyed out leads where nothing was drawn; the notebook goes on.")
    return _text(" ".join(said))


def _in_notebook(control: Slider | Choices) -> int:
    if isinstance(control, Choices):
        return len(control.options)
    span = math.log10(control.high / control.low) if control.log else control.high - control.low
    return math.floor(span / control.step + 1e-9) + 1


# ---- controls ----


def _field(key: str, control: Any, positions: list[Any]) -> str:
    """A labelled control; the number of a position is its value, what it means stands beside it."""
    label = f'<label for="{key}">{_text(control.label)}</label>'
    at = positions.index(control.start) if control.start in positions else _nearest(positions, control.start)
    if isinstance(control, Toggle):
        checked = " checked" if control.start else ""
        return f'<div class="living-control living-toggle"><input type="checkbox" id="{key}"{checked}>{label}</div>'
    if isinstance(control, Choices):
        options = "".join(f"<option{' selected' * (number == at)}>{_text(one)}</option>"
                          for number, one in enumerate(positions))
        return f'<div class="living-control">{label}<select id="{key}">{options}</select></div>'
    now = _quoted(readout(control, positions[at]))
    return (f'<div class="living-control">{label}<input type="range" id="{key}" min="0" max="{len(positions) - 1}" '
            f'step="1" value="{at}" aria-valuetext="{now}"><output for="{key}">{now}</output></div>')


def _nearest(positions: list[Any], value: float) -> int:
    return min(range(len(positions)), key=lambda number: abs(positions[number] - value))


def readout(slider: Slider, value: float) -> str:
    """`value` as the notebook writes it beside the slider: three digits on a logarithmic one, else those of a step."""
    if slider.log:
        mantissa, _, exponent = f"{value:#.3g}".rstrip(".").partition("e")
        return f"{mantissa}e{int(exponent):+d}" if exponent else mantissa
    decimals = 0 if slider.whole else max(0, -math.floor(math.log10(slider.step) + 1e-9))
    return f"{value:.{decimals}f}".replace("-", "−")


# ---- the table of settings ----


def _table(explorer: Explorer, grid: Grid, scenes: list[Scene]) -> dict[str, Any]:
    """What living.js reads. Words are split into a pattern, stored once, and the numbers that it is filled with."""
    names = list(explorer.controls)
    files, alts, statuses = _Numbered(), _Numbered(), _Numbered()
    rows, places = _Numbered(), []
    for scene in scenes:
        words = [part for said, known in ((scene.alt, alts), (scene.status, statuses)) for part in _split(said, known)]
        greyed = [names.index(name) for name in scene.idle]
        places.append(rows.of((files.of(scene.layers.ground), files.of(scene.layers.change), *words,
                               int(scene.reached), tuple(greyed))))
    readouts = {name: [readout(control, value) for value in grid.positions[name]]
                for name, control in explorer.controls.items() if isinstance(control, Slider)}
    return {"names": names, "controls": list(grid.positions), "readouts": readouts, "shape": grid.shape,
            "leads": grid.leads, "files": [name.removesuffix(".webp") for name in files], "alts": list(alts),
            "statuses": list(statuses), "rows": list(rows), "places": places}


class _Numbered(dict):
    """Things in the order in which they came, each once."""

    def of(self, thing: Any) -> int:
        return self.setdefault(thing, len(self))


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _split(words: str, patterns: _Numbered) -> tuple[int, str]:
    """The number of the pattern, "loss #.", and what stands in place of each #, separated by spaces."""
    assert "#" not in words, "a # marks the place of a number"
    return patterns.of(_NUMBER.sub("#", words)), " ".join(_NUMBER.findall(words))


def _json(table: dict[str, Any]) -> str:
    """JSON that may stand inside a page: no < begins a tag there."""
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
