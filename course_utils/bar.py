"""How far a long job is, on a line that is gone when the job is done: in a terminal, and in a saved notebook.

A bar of ipywidgets would stay in the saved notebook, as a line that says 20 % for ever, with all its settings. This one
is HTML, and its last state is none.
"""

import html
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Sized
from types import TracebackType
from typing import Any, TypeVar

Item = TypeVar("Item")

PAUSE = 0.2                             # seconds between two states of the bar: smooth enough, and cheap
BYTES_IN = {"MB": 1e6, "kB": 1e3}


def bar(*, total: int | None = None, initial: int = 0, unit: str = "step", desc: str = "", delay: float = 0.0) -> Any:
    """A bar with `n`, `total`, `update(steps)` and `close()`, to be used in a `with` as well; tqdm's in a terminal.

    `total` may be unknown (None) and set later; `initial` steps are done already. `unit="B"` counts bytes. Nothing is
    shown in the first `delay` seconds.
    """
    shell = _notebook()
    if shell is not None:
        return BarOnPage(shell.display_pub.publish, total, initial, unit, desc, delay)
    from tqdm.std import tqdm

    return tqdm(total=total, initial=initial, unit=unit, unit_scale=unit == "B", desc=desc, delay=delay, leave=False)


def with_bar(items: Iterable[Item], unit: str = "step") -> Iterator[Item]:
    """The same `items`, one after another, and a bar that says how many there have been."""
    with bar(total=len(items) if isinstance(items, Sized) else None, unit=unit) as shown:
        for item in items:
            yield item
            shown.update()


def _notebook() -> Any:
    """The IPython that runs this notebook's cells, or None in a terminal. It is there, or IPython was never loaded."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell if shell is not None and hasattr(shell, "kernel") else None


class BarOnPage:
    """A bar as HTML, replaced while it grows and by nothing at the end.

    `publish` is called as IPython's display publisher is: `publish(data, transient={"display_id": …}, update=True)`.
    """

    def __init__(self, publish: Any, total: int | None, initial: int, unit: str, desc: str, delay: float) -> None:
        self.total, self.n, self.unit, self.desc = total, initial, unit, desc
        self._publish, self._id, self._is_shown = publish, uuid.uuid4().hex, False
        self._next = time.monotonic() + delay

    def update(self, steps: int = 1) -> None:
        """So many more are done."""
        self.n += steps
        if time.monotonic() >= self._next:
            self._show(self._html(), self._words())
            self._next = time.monotonic() + PAUSE

    def close(self) -> None:
        """Take the bar off the page."""
        if self._is_shown:
            self._show("", "")
            self._is_shown = False
        self._next = float("inf")

    def __enter__(self) -> "BarOnPage":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
                 ) -> None:
        self.close()

    def _show(self, page: str, words: str) -> None:
        self._publish({"text/html": page, "text/plain": words}, transient={"display_id": self._id},
                      update=self._is_shown)
        self._is_shown = True

    def _html(self) -> str:
        words = html.escape(self._words(), quote=True)
        extent = f'max="{self.total}" value="{self.n}"' if self.total else ""
        return f'<progress {extent} aria-label="{words}"></progress> {words}'

    def _words(self) -> str:
        done, total = self._amount(self.n), self._amount(self.total) if self.total else ""
        if total and self.unit != "B":
            done = f"{self.n:,}"                # 3 of 40 steps
        so_far = f"{done} of {total}" if total else done
        return f"{self.desc}: {so_far}" if self.desc else so_far

    def _amount(self, many: int) -> str:
        if self.unit != "B":
            return f"{many:,} {self.unit}{'s' * (many != 1)}"
        name, size = next(((name, size) for name, size in BYTES_IN.items() if many >= size), ("B", 1))
        return f"{many / size:.0f} {name}"
