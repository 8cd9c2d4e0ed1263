"""What a cell has set free goes back to the system when the cell ends.

The C library keeps free memory for later. After a few pictures and sweeps some 50 MB lie idle, as much as the data and
models of a lesson take, and a server on which thirty people read counts them for each. To hand them back takes some
thousandths of a second.
"""

import ctypes
import sys
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def give_back_after_cells(shell: "InteractiveShell") -> None:
    """From the end of this cell on. Calling it twice does no harm. Only Linux's usual C library has a way to do it."""
    if _trim() is not None and _after_a_cell not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _after_a_cell)


def _after_a_cell(*_: object) -> None:
    trim = _trim()
    assert trim is not None, "registered only where there is a way"
    trim(0)                                             # keep nothing at the end of the heap either


@cache
def _trim() -> Callable[[int], int] | None:
    """glibc's malloc_trim; None on other systems, and with another C library."""
    try:
        return ctypes.CDLL(None).malloc_trim if sys.platform == "linux" else None
    except (OSError, AttributeError):
        return None
