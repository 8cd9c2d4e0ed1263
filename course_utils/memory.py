"""Free memory goes back to the system: when a cell ends, and when models that trained side by side are done.

The C library keeps it for later. After a few pictures and sweeps some 50 MB lie idle, as much as the data and models
of a lesson take, and a server on which thirty people read counts them for each. To hand them back takes some
thousandths of a second.

A picture is not free when nobody looks at it any more, for its parts point at each other: Python's garbage collector
has to find it, and comes late, because torch's objects are so many. Each picture holds 2 to 6 MB until then. So it is
asked to look at what is new, which takes two thousandths of a second; at everything it would take a tenth.
"""

import ctypes
import gc
import sys
from collections.abc import Callable
from functools import cache


def give_back(*_: object) -> None:
    """Collect what is new and no longer used, and hand back what is free.

    Only Linux's usual C library has a way to hand it back; elsewhere it stays with the process, for what comes next.
    """
    gc.collect(1)
    if (trim := _trim()) is not None:
        trim(0)                                         # and keep nothing at the end of the heap either


@cache
def _trim() -> Callable[[int], int] | None:
    """glibc's malloc_trim; None on other systems, and with another C library."""
    try:
        return ctypes.CDLL(None).malloc_trim if sys.platform == "linux" else None
    except (OSError, AttributeError):
        return None
