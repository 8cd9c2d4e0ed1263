"""Listens for cells that stop, and writes a sentence or two below the traceback.

IPython's event comes when a cell is over and its traceback shown, so nothing of it is touched; a handler set by
`set_custom_exc` would have to show it itself, and would not see a cell that Python cannot read.
"""

import contextlib
from typing import TYPE_CHECKING

from course_utils.checker import Note, as_markdown, as_plain
from course_utils.outside.scene import Scene
from course_utils.outside.words import in_words

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

EVENT = "post_run_cell"


def explain_stops(shell: "InteractiveShell") -> None:
    """From now on, say what happened, why and what to do below each traceback. Calling it twice does no harm."""
    leave_stops_alone(shell)

    def below_the_traceback(result: "ExecutionResult | None") -> None:
        with contextlib.suppress(Exception):            # where no sentence comes about, the traceback says it alone
            if result is None:                          # the stop button, while a cell waits
                return
            stopped = result.error_in_exec or result.error_before_exec
            text = in_words(stopped, Scene.of(shell, result)) if isinstance(stopped, Exception) else ""
            if text:                                    # none for a KeyboardInterrupt: who presses stop knows why
                plain = as_plain(repr(Note(text)))
                shell.display_pub.publish({"text/markdown": as_markdown(text), "text/plain": plain})

    shell.events.register(EVENT, below_the_traceback)


def leave_stops_alone(shell: "InteractiveShell") -> None:
    """Tracebacks stand alone again."""
    for listener in list(shell.events.callbacks[EVENT]):
        if getattr(listener, "__module__", "") == __name__:         # also that of this module before it was reloaded
            shell.events.unregister(EVENT, listener)
