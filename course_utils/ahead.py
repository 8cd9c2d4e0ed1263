"""What you would wait for: loaded while you read, and without the garbage collector in the way.

The first optimizer of torch.optim loads PyTorch's compiler, some 800 modules, whether anything is compiled or not:
`Optimizer.add_param_group` and every `step` import it, and there is no switch. That takes as long as `import torch`.

A thread would not do: it shares the interpreter with your cells, which become half as fast, and an import of theirs can
meet one of its own halfway. So it happens in the kernel's own loop, where cells and sliders have their turns: after a
pause, a piece at a time.
"""

import asyncio
import contextlib
import gc
import importlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

PAUSE = 1.0                             # seconds without a cell before the first piece
BREATH = 0.05                           # seconds between two pieces, for what came in: a slider, an interrupt
PIECES = (                              # each half a second or less; whatever the last does not find loaded, it loads
    "mpmath", "sympy", "torch.fx.experimental.symbolic_shapes", "torch.distributed.tensor", "torch.distributed.fsdp",
    "torch._dynamo",
)


def load_torch() -> None:
    """Import torch, a fifth sooner than a plain import does.

    Its 170,000 objects stay as long as the kernel does. Python's garbage collector would look at them three times on
    the way, and at all of them again before the first picture. So it rests while they come, and passes them over later.
    """
    if "torch" in sys.modules:
        return                                          # what you made since then is yours, and has to be collected
    collecting = gc.isenabled()
    gc.disable()
    try:
        importlib.import_module("torch")
    finally:
        if collecting:
            gc.enable()
    gc.freeze()


class Ahead:
    """Loads `pieces` while no cell runs: a pause begins when a cell ends, and ends when the next begins."""

    def __init__(self, shell: "InteractiveShell", pieces: tuple[str, ...] = PIECES, pause: float = PAUSE):
        self._shell, self._left, self._pause = shell, list(pieces), pause
        self._timer: asyncio.TimerHandle | None = None
        shell.events.register("pre_run_cell", self._wait)
        shell.events.register("post_run_cell", self._begin)

    def _wait(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _begin(self, *_: object) -> None:
        self._wait()
        with contextlib.suppress(RuntimeError):         # no loop runs: this is not a kernel
            self._timer = asyncio.get_running_loop().call_later(self._pause, self._load)

    def _load(self) -> None:
        with contextlib.suppress(Exception):            # a build without this part: whoever needs it will be told
            importlib.import_module(self._left.pop(0))
        if self._left:
            self._timer = asyncio.get_running_loop().call_later(BREATH, self._load)
        else:
            self.stop()

    def stop(self) -> None:
        """Load nothing more."""
        self._wait()
        for event, callback in (("pre_run_cell", self._wait), ("post_run_cell", self._begin)):
            with contextlib.suppress(ValueError):       # stopped before
                self._shell.events.unregister(event, callback)


_begun: list[Ahead] = []


def load_while_reading(shell: "InteractiveShell") -> None:
    """From the end of this cell on. Calling it twice does no harm."""
    if not _begun:
        _begun.append(Ahead(shell))
