"""Run by each kernel that `course lab` starts, as PYTHONSTARTUP: whoever begins in the middle is told what to run.

After a restart a kernel knows no name, and a learner runs the cell that they were at. From the set-up cell on `setup()`
looks after that; until then this does. Nothing is loaded before a cell stops.
"""

import importlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

EVENT = "post_run_cell"


def explain_until_set_up(shell: "InteractiveShell") -> None:
    """Say what a cell that stopped needs; once `setup()` was called, what it was told counts."""
    def below_the_traceback(result: "ExecutionResult | None") -> None:
        if "course_utils.outside" in sys.modules:
            shell.events.unregister(EVENT, below_the_traceback)
        elif result is not None and (result.error_in_exec or result.error_before_exec):
            from course_utils import outside

            outside.explain_stops(shell)
            shell.events.callbacks[EVENT][-1](result)       # registered too late to be told of this cell

    shell.events.register(EVENT, below_the_traceback)


# A terminal in JupyterLab has the same environment, and its plain Python no `get_ipython`. IPython runs this among the
# learner's names, which `%reset` takes away: so the function comes from the module, which stays.
if __name__ == "__main__" and "get_ipython" in globals():
    importlib.import_module("course_utils.course.kernel_start").explain_until_set_up(globals()["get_ipython"]())
