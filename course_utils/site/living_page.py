"""The page of an explorer whose settings were drawn ahead: its picture in layers, and the table of settings."""

import math
import re
from typing import Any, NamedTuple

from course_utils.explorer import Choices, Explorer, Slider
from course_utils.plotting import PIXELS_PER_INCH
from course_utils.site.living_grid import Grid
from course_utils.site.living_html import field, quoted, readout, shell


class Scene(NamedTuple):
    """What one setting shows."""

    files: tuple[str, ...]          # the layers of the picture, the lowest first
    alt: str
    status: str
    reached: bool
    idle: tuple[str, ...]           # controls that are greyed out


def fragment(name: str, explorer: Explorer, grid: Grid, scenes: list[Scene], start: int, root: str) -> str:
    """The HTML of an explorer; `scenes` stand in the order of `grid.places()`, and it opens with number `start`."""
    first, key = scenes[start], f"living-{name.replace('_', '-')}"
    width, height = (round(side * PIXELS_PER_INCH) for side in explorer.figsize)
    size = f'width="{width}" height="{height}" loading="lazy" decoding="sync"'
    folder = f"{root}/{name}"
    fields = [field(f"{key}-{one}", explorer.controls[one], values) for one, values in grid.positions.items()]
    picture = [
        '<div class="living-picture">',
        *(f'<img class="living-under" src="{quoted(folder)}/{file}" alt="" {size}>' for file in first.files[:-1]),
        f'<img class="living-change" src="{quoted(folder)}/{first.files[-1]}" alt="{quoted(first.alt)}" {size}>',
        "</div>",
    ]
    return shell(key, explorer, fields, picture, status=first.status, reached=first.reached,
                 note=_note(explorer, grid), table=_table(explorer, grid, scenes), folder=folder)


def _note(explorer: Explorer, grid: Grid) -> str:
    """How the page differs from the notebook."""
    said = ["This page has no kernel: its pictures were drawn ahead."]
    thinned = [control.label for name, control in explorer.controls.items()
               if isinstance(control, Slider | Choices) and len(grid.positions[name]) < _in_notebook(control)]
    if thinned:
        said.append(f"In the notebook there are more positions for: {', '.join(thinned)}.")
    if any(-1 in leads for leads in grid.leads.values()):
        said.append("A button that is greyed out leads where nothing was drawn; the notebook goes on.")
    return " ".join(said)


def _in_notebook(control: Slider | Choices) -> int:
    if isinstance(control, Choices):
        return len(control.options)
    span = math.log10(control.high / control.low) if control.log else control.high - control.low
    return math.floor(span / control.step + 1e-9) + 1


# ---- the table of settings ----


def _table(explorer: Explorer, grid: Grid, scenes: list[Scene]) -> dict[str, Any]:
    """What living.js reads. Words are split into a pattern, stored once, and the numbers that it is filled with."""
    names = list(explorer.controls)
    files, alts, statuses = _Numbered(), _Numbered(), _Numbered()
    rows, places = _Numbered(), []
    for scene in scenes:
        words = [part for said, known in ((scene.alt, alts), (scene.status, statuses)) for part in _split(said, known)]
        greyed = [names.index(name) for name in scene.idle]
        places.append(rows.of((tuple(map(files.of, scene.files)), *words, int(scene.reached), tuple(greyed))))
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

