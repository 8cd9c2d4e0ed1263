"""The course's plots: each draws on an Axes, describes it in a sentence and returns it."""

from course_utils.plotting.classes import plot_decision
from course_utils.plotting.models import (
    plot_calibration,
    plot_confusion,
    plot_decision_boundary,
    plot_learning_curves,
    plot_outcomes,
    plot_probability_curve,
    plot_weights_as_images,
    probabilities,
)
from course_utils.plotting.runs import plot_spread, plot_sweep
from course_utils.plotting.style import (
    BLUE,
    FIGURE_DPI,
    FIGURE_SIZE,
    GREY,
    LIGHT_GREY,
    MARKERS,
    ORANGE,
    PALETTE,
    PIXELS_PER_INCH,
    alt_text,
    array,
    artist,
    contrast,
    describe,
    figure_style,
    label_line_ends,
    new_axes,
    number,
    panels,
    text_colour,
)

__all__ = [
    "BLUE", "FIGURE_DPI", "FIGURE_SIZE", "GREY", "LIGHT_GREY", "MARKERS", "ORANGE", "PALETTE", "PIXELS_PER_INCH",
    "alt_text", "array", "artist", "contrast", "describe", "label_line_ends", "new_axes", "number", "panels",
    "plot_calibration", "plot_confusion", "plot_decision", "plot_decision_boundary", "plot_learning_curves",
    "plot_outcomes", "plot_probability_curve", "plot_spread", "plot_sweep", "plot_weights_as_images", "probabilities",
    "figure_style", "text_colour",
]
