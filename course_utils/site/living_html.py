"""The HTML that all living explorers share: question and target, labelled controls, status line, note, table.

Without JavaScript question, target and the start picture with its words are there, and the controls are hidden. The
table travels inside the page as JSON, because a page opened from a folder may not read other files.
"""

import html
import json
import math
from typing import Any

from course_utils.explorer import Button, Choices, Explorer, Slider, Toggle


def shell(key: str, explorer: Explorer, fields: list[str], picture: list[str], *, status: str, reached: bool, note: str,
          table: dict[str, Any], folder: str = "") -> str:
    """A section named `key` around the controls `fields` and the lines of the `picture`; below it stands `note`.

    The script that moves it reads `table`, and finds its files in `folder`.
    """
    target = f"<br><strong>Target.</strong> {text(explorer.target)}" if explorer.target else ""
    buttons = "".join(f'<button type="button" data-press="{quoted(name)}">{text(control.label)}</button>'
                      for name, control in explorer.controls.items() if isinstance(control, Button))
    lines = [
        f'<section class="living" id="{key}" data-folder="{quoted(folder)}" aria-label="{quoted(explorer.question)}">',
        f"<p><strong>Question.</strong> {text(explorer.question)}{target}</p>",
        '<div class="living-controls" hidden>',
        *fields,
        *([f'<div class="living-buttons">{buttons}</div>'] if buttons else []),
        "</div>",
        f'<p class="living-status{" living-reached" * reached}" role="status" aria-live="polite">{text(status)}</p>',
        *picture,
        f'<p class="living-note">{text(note)}</p>',
        f'<script type="application/json">{_json(table)}</script>',
        "</section>",
    ]
    return "\n".join(lines) + "\n"


def text(words: str) -> str:
    return html.escape(words, quote=False)


def quoted(words: str) -> str:
    return html.escape(words, quote=True)


def _json(table: dict[str, Any]) -> str:
    """JSON that may stand inside a page: no < begins a tag there."""
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def field(key: str, control: Any, positions: list[Any]) -> str:
    """A labelled control; the number of a position is its value, what it means stands beside it."""
    label = f'<label for="{key}">{text(control.label)}</label>'
    at = positions.index(control.start) if control.start in positions else _nearest(positions, control.start)
    if isinstance(control, Toggle):
        checked = " checked" if control.start else ""
        return f'<div class="living-control living-toggle"><input type="checkbox" id="{key}"{checked}>{label}</div>'
    if isinstance(control, Choices):
        options = "".join(f"<option{' selected' * (number == at)}>{text(one)}</option>"
                          for number, one in enumerate(positions))
        return f'<div class="living-control">{label}<select id="{key}">{options}</select></div>'
    now = quoted(readout(control, positions[at]))       # a screen reader has it from aria-valuetext, once
    return (f'<div class="living-control">{label}<input type="range" id="{key}" min="0" max="{len(positions) - 1}" '
            f'step="1" value="{at}" aria-valuetext="{now}"><output for="{key}" aria-hidden="true">{now}</output></div>')


def _nearest(positions: list[Any], value: float) -> int:
    return min(range(len(positions)), key=lambda number: abs(positions[number] - value))


def readout(slider: Slider, value: float) -> str:
    """`value` as the notebook writes it beside the slider: three digits on a logarithmic one, else those of a step."""
    if slider.log:
        mantissa, _, exponent = f"{value:#.3g}".rstrip(".").partition("e")
        return f"{mantissa}e{int(exponent):+d}" if exponent else mantissa
    decimals = 0 if slider.whole else max(0, -math.floor(math.log10(slider.step) + 1e-9))
    return f"{value:.{decimals}f}".replace("-", "−")
