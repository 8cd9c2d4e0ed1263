"""The course's plots: each draws on an Axes, describes it in a sentence and returns it."""

from course_utils.plotting.classes import plot_confusion, plot_decision, plot_weights_as_images
from course_utils.plotting.outcomes import plot_outcomes, plot_probability_curve
from course_utils.plotting.ravine import plot_ravine
from course_utils.plotting.regions import plot_regions
from course_utils.plotting.runs import plot_learning_curves, plot_spread, plot_sweep
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
    description,
    figure_style,
    label_line_ends,
    new_axes,
    number,
    panels,
    text_colour,
)

__all__ = [
    "BLUE", "FIGURE_DPI", "FIGURE_SIZE", "GREY", "LIGHT_GREY", "MARKERS", "ORANGE", "PALETTE", "PIXELS_PER_INCH",
    "alt_text", "array", "artist", "contrast", "describe", "description", "figure_style", "label_line_ends",
    "new_axes", "number", "panels", "plot_confusion", "plot_decision", "plot_learning_curves", "plot_outcomes",
    "plot_probability_curve", "plot_ravine", "plot_regions", "plot_spread", "plot_sweep", "plot_weights_as_images",
    "text_colour",
]
