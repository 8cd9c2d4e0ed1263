"""One figure that is kept, and drawn again at every move of a slider.

More than half of the time that matplotlib needs for a picture goes into its frame: ticks, their labels, the names of
the axes. While somebody moves a slider the frame stands still, so it is painted once and kept as pixels, with the
ground: images, texts and legends of a zorder below 1. Everything else is painted over it again and again. (Animations
in matplotlib call this blitting.) Whatever changes in a frame or a ground has it painted anew.
"""

import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from course_utils.plotting import FIGURE_DPI, figure_style

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure


class Screen:
    """A figure of `figsize` inches that pyplot does not know, so that it goes when its explorer goes."""

    def __init__(self, figsize: tuple[float, float]) -> None:
        import matplotlib
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        with matplotlib.rc_context(figure_style()):
            self.figure = Figure(figsize=figsize, dpi=FIGURE_DPI, layout="constrained")
            self.ax = self.figure.subplots()
        self.canvas = FigureCanvasAgg(self.figure)
        self._frame: list[tuple] | None = None  # what the frame says
        self._empty_frame: Any = None           # its pixels

    def render(self, draw: Callable[[Any, "Axes"], Any], result: Any) -> bytes:
        """The PNG of the figure after `draw(result, ax)`."""
        import matplotlib

        with matplotlib.rc_context(figure_style()):
            draw(result, self.ax)
            if self._frame is None:
                self._arrange()
            frame = frame_of(self.figure)
            if frame != self._frame:
                self._paint_frame()
                self._frame = frame
            self.canvas.restore_region(self._empty_frame)
            self._paint_inside()
        return self._png()

    @property
    def frame(self) -> list[tuple]:
        """What the frame and the ground of the last drawing say; nothing before the first."""
        return self._frame or []

    def forget_frame(self) -> None:
        """Arrange and paint everything anew at the next drawing."""
        self._frame = None

    def _arrange(self) -> None:
        """Find the places of axes and titles, once: it takes as long as drawing, and a still frame is calmer."""
        self.canvas.draw()
        self.figure.set_layout_engine("none")

    def _paint_frame(self) -> None:
        renderer = self.canvas.get_renderer()
        renderer.clear()
        self.figure.patch.draw(renderer)
        for ax in self.figure.axes:
            ax.apply_aspect()
            if ax.get_visible() and ax.axison:
                ax.patch.draw(renderer)
            for part in ground(ax) if ax.get_visible() else ():
                part.draw(renderer)
            if ax.get_visible() and ax.axison:
                ax.xaxis.draw(renderer)
                ax.yaxis.draw(renderer)
        self._empty_frame = self.canvas.copy_from_bbox(self.figure.bbox)

    def _paint_inside(self) -> None:
        renderer = self.canvas.get_renderer()
        for ax in self.figure.axes:
            for child in inside(ax) if ax.get_visible() else ():
                child.draw(renderer)
        for child in self.figure.get_children():
            if child is not self.figure.patch and child not in self.figure.axes:
                child.draw(renderer)

    def _png(self) -> bytes:
        import numpy as np
        from PIL import Image

        buffer = io.BytesIO()
        pixels = np.asarray(self.canvas.buffer_rgba())
        Image.fromarray(pixels).convert("RGB").save(buffer, "PNG", compress_level=1)    # 1: five times as fast as 6
        return buffer.getvalue()


def ground(ax: "Axes") -> list["Artist"]:
    """What of `ax` lies under everything and seldom changes: images, texts and a legend of a zorder below 1."""
    legend = [part for part in [ax.get_legend()] if part is not None]
    return _lowest_first(child for child in (*ax.images, *ax.texts, *legend) if child.get_zorder() < 1)


def inside(ax: "Axes") -> list["Artist"]:
    """What of `ax` is painted at every drawing, lowest first. The spines are: they lie over bars and images."""
    painted = {ax.patch, ax.xaxis, ax.yaxis, *ground(ax), *(() if ax.axison else ax.spines.values())}
    return _lowest_first(child for child in ax.get_children() if child not in painted)


def _lowest_first(artists: Iterable["Artist"]) -> list["Artist"]:
    return sorted(artists, key=lambda artist: artist.get_zorder())


def frame_of(figure: "Figure") -> list[tuple]:
    """All that a drawing may change about frames and grounds: places, limits, scales, names, ticks, labels, pixels."""
    return [(ax.get_visible(), ax.axison, ax.get_facecolor(), *ax.get_position().bounds,
             _axis(ax.xaxis), _axis(ax.yaxis), *map(_ground, ground(ax))) for ax in figure.axes]


def _axis(axis: "Axis") -> tuple:
    ticks = axis.get_majorticklocs().tolist()
    return (axis.get_scale(), *axis.get_view_interval(), axis.get_label_text(), *ticks,
            *axis.get_major_formatter().format_ticks(ticks))


def _ground(part: Any) -> tuple:
    if hasattr(part, "get_text"):
        return part.get_visible(), part.get_text(), part.get_color(), part.get_position()
    if hasattr(part, "get_texts"):
        return part.get_visible(), *(text.get_text() for text in part.get_texts())
    return part.get_visible(), hash(part.get_array().tobytes()), *part.get_extent(), *part.get_clim()
