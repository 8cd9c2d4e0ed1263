"""How figures reach the page: one style, and every figure as an image that says in words what it shows.

An alternative text inside a PNG file is lost on the way to the browser; `<img alt="…">` in HTML stays, also in a saved
notebook without a kernel. This is the only module that imports IPython.
"""

import base64
import html
import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from course_utils.plotting import PIXELS_PER_INCH, alt_text, figure_style

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell
    from matplotlib.figure import Figure

CARD_MARGIN = 6                         # pixels of the page on each side of a figure
_CARD = (f"max-width: 100%; height: auto; box-sizing: border-box; padding: {CARD_MARGIN}px; background: white; "
         "border-radius: 10px;")

_IMAGE_TYPES = ("image/png", "image/jpeg", "image/svg+xml", "application/pdf")


def setup(explain_stops: bool = True) -> None:
    """Set the style of figures, and show each as an image with a text alternative. Calling it twice does no harm.

    Where a cell stops, a sentence or two below Python's traceback say what happened, why and what to do. To switch that
    off: `setup(explain_stops=False)`.

    Torch and NumPy compute on one thread. The models of this course are so small that sharing the work among threads
    costs more than it saves, and on a busy or shared machine (thirty people on one server) it costs ten times more.
    While you read, what the first optimizer needs is loaded (`course_utils.ahead`). When a cell ends, memory that it no
    longer uses goes back to the system (`course_utils.memory`).
    Outside a notebook the style is set and one line says that figures are not shown.
    """
    import matplotlib
    import torch
    from threadpoolctl import threadpool_limits

    torch.set_num_threads(1)
    threadpool_limits(1)                                # NumPy's own matrix library,
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # and SciPy's, which is loaded later

    shell = _notebook_shell()
    if shell is None or shell.display_formatter is None:
        matplotlib.rcParams.update(figure_style())
        print("This is not a notebook: figures are not shown here. Keep one with `axes.figure.savefig(...)`.")
        return
    from matplotlib.figure import Figure

    from course_utils import outside
    from course_utils.ahead import load_while_reading
    from course_utils.memory import give_back

    load_while_reading(shell)
    if give_back not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", give_back)
    (outside.explain_stops if explain_stops else outside.leave_stops_alone)(shell)
    # The inline backend registers formatters of its own when it is first used, so that comes first.
    shell.run_line_magic("matplotlib", "inline")
    matplotlib.rcParams.update(figure_style())
    formatters = shell.display_formatter.formatters
    for image_type in _IMAGE_TYPES:
        formatters[image_type].pop(Figure, None)
    formatters["text/html"].for_type(Figure, figure_html)
    formatters["text/plain"].for_type(Figure, lambda figure, printer, cycle: printer.text(alt_text(figure)))


def figure_html(figure: "Figure") -> str:
    """`figure` as an `<img>` with the text alternative that `plotting.alt_text` finds."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=figure.dpi)
    return image_html(buffer.getvalue(), alt_text(figure), tuple(figure.get_size_inches()))


def image_html(png: bytes, alt: str, inches: Sequence[float]) -> str:
    """An `<img>` of `inches` (width, height) that holds its own bytes and shrinks with the page.

    A page's theme may change after the picture was stored, and its colours cannot: so it is a white card with a margin
    and round corners, which is seen in a dark theme alone. Width and height keep its place while it is replaced, and
    `decoding="sync"` paints it together with the page around it, so that nothing flickers.
    """
    width, height = (round(float(side) * PIXELS_PER_INCH) + 2 * CARD_MARGIN for side in inches)
    data = base64.b64encode(png).decode("ascii")
    return (f'<img alt="{html.escape(alt, quote=True)}" src="data:image/png;base64,{data}" width="{width}" '
            f'height="{height}" decoding="sync" style="{_CARD}">')


def in_notebook() -> bool:
    """Whether this code runs in a kernel whose front end shows HTML: JupyterLab, Colab, nbclient."""
    return _notebook_shell() is not None


def _notebook_shell() -> "InteractiveShell | None":
    if "IPython" not in sys.modules:
        return None             # IPython is there before the first cell runs; plain Python need not load it
    from IPython import get_ipython

    shell = get_ipython()
    terminal = shell is None or type(shell).__name__ == "TerminalInteractiveShell"
    return None if terminal else shell


def publish(bundle: dict[str, object]) -> None:
    """Show one output that exists in several forms: MIME type → content."""
    from IPython.display import display

    display(bundle, raw=True)


class LivePicture:
    """An image of `inches` (width, height) on the page that can be replaced by another."""

    def __init__(self, png: bytes, alt: str, inches: Sequence[float]) -> None:
        from IPython.display import display

        self._inches = inches
        self._handle = display(self._bundle(png, alt), raw=True, display_id=True)

    def replace(self, png: bytes, alt: str) -> None:
        """Show another image of the same size in its place."""
        self._handle.update(self._bundle(png, alt), raw=True)

    def _bundle(self, png: bytes, alt: str) -> dict[str, str]:
        return {"text/html": image_html(png, alt, self._inches), "text/plain": alt}
