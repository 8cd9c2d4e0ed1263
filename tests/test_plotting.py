"""Plots: drawn on the Axes given, described from the data, readable in colour and in words."""

import io
from types import SimpleNamespace

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from course_utils import plotting
from course_utils.data import Data, Examples, standardize
from course_utils.datasets import load_orings
from course_utils.optimizers import sgd
from course_utils.plotting import (
    alt_text,
    artist,
    contrast,
    describe,
    description,
    label_line_ends,
    number,
    outcomes,
    panels,
    plot_confusion,
    plot_decision,
    plot_learning_curves,
    plot_outcomes,
    plot_probability_curve,
    plot_regions,
    plot_spread,
    text_colour,
)
from course_utils.plotting import style as drawing
from course_utils.surfaces import descend, logistic_loss, quadratic_bowl
from course_utils.sweep import Runs
from course_utils.train import Epoch, History, Score

matplotlib.use("Agg")
FLIGHTS = load_orings()
TURNED = quadratic_bowl((16.0, 1.0), degrees=110)       # the floor at 20 degrees


def published(X):
    """The published fit to the 23 flights, as logits (n,)."""
    return (15.04290 - 0.23216 * X)[:, 0]


CORNERS = torch.tensor([[0.0, 0.0], [2.0, 0.0], [0.0, 1.0], [2.0, 1.0]])


def ahead_of_x(points):
    """Two classes that are equally probable where x₁ is 1."""
    return torch.sigmoid(3 * (points[:, 0] - 1))


class Turning:
    train_loss, valid_loss = [2.0, 1.0, 0.5, 0.25], [2.0, 1.1, 1.3, 1.6]
    train_accuracy, valid_accuracy = [0.1, 0.5, 0.7, 0.9], [None] * 4


@pytest.fixture(autouse=True)
def ax():
    with matplotlib.rc_context(drawing.figure_style()):
        yield Figure(figsize=drawing.FIGURE_SIZE, dpi=100, layout="constrained").subplots()
    plt.close("all")


PLOTS = {
    "learning": lambda ax: plotting.plot_learning_curves(Turning, ax=ax),
    "outcomes": lambda ax: plotting.plot_outcomes(FLIGHTS, x="temperature", forecast=31, ax=ax),
    "curve": lambda ax: plotting.plot_probability_curve(published, FLIGHTS, forecast=31, ax=ax, interval=lambda X: (
        torch.sigmoid(published(X) - 1), torch.sigmoid(published(X) + 1))),
    "confusion": lambda ax: plotting.plot_confusion(torch.tensor([[8, 2, 0], [1, 9, 0], [0, 0, 10]]), "abc", ax=ax),
    "decision": lambda ax: plotting.plot_decision(
        [[1.0, -2.0], [0.5, 1.0], [0.0, 0.0]], [0.5, -0.25, 1.0], [2.0, 1.0], (1, 2), "abc", ax=ax),
    "ravine": lambda ax: plotting.plot_ravine(TURNED, {
        name: descend(sgd(lr), TURNED, steps=25) for name, lr in (("gradient descent", 0.09), ("astray", 9.0))}, ax=ax),
    "regions": lambda ax: plotting.plot_regions(
        ahead_of_x, CORNERS, [0, 1, 1, 1], class_names=["left", "right"], feature_names=["east", "north"], ax=ax),
    "weights": lambda ax: plotting.plot_weights_as_images(torch.arange(12.0).reshape(3, 4) - 6, (2, 2), ax=ax),
}
WORDS = {
    "learning": ["from 2.00 to 0.250 in 3 epochs", "best at epoch 1 with 1.10", "ends at 1.60"],
    "outcomes": ["23 examples, 7 of them with damage", "53 to 81 °F", "22 below every example"],
    "curve": ["At 31 °F the model says 1.00", "interval 1.00 to 1.00", "22 below every example"],
    "confusion": ["27 of 30 right", "most often a is taken for b (2 times)", "b 90%"],
    "decision": ["a +0.0 +0.5 = +0.5, b +2.0 -0.2 = +1.8, c +0.0 +1.0 = +1.0", "Softmax gives b 57% and c 27%"],
    "ravine": ["runs at 20 degrees", "with curvature 1;", "curvature is 16, 16 times", "4 times shorter",
               "gradient descent: in 25 steps it changes sides of the floor 25 times; 0.086 of the way is left",
               "astray: in 25 steps it changes sides of the floor", "times; it runs away"],
    "regions": ["3 of 4 examples lie in the region of their class, over east (across) and north (up)",
                "classes left, right", "The boundary between left and right runs from (1.0, -0.060) to (1.0, 1.1)"],
    "weights": ["3 pictures of 2 by 2 weights", "within ±6.0", "0: -6 at row 0, column 0"],
}


@pytest.mark.parametrize("name", PLOTS)
def test_draws_where_it_is_told_and_says_what_it_shows(name, ax):
    before = plt.get_fignums()
    assert PLOTS[name](ax) is ax and plt.get_fignums() == before
    for words in WORDS[name]:
        assert words in alt_text(ax.figure)
    ax.figure.savefig(io.BytesIO(), format="png")


@pytest.mark.parametrize("name", PLOTS)
def test_makes_one_figure_where_none_is_given(name):
    PLOTS[name](None)
    assert len(plt.get_fignums()) == 1


def test_the_title_says_where_validation_turns(ax):
    assert plotting.plot_learning_curves(Turning, ax=ax).get_title(loc="left") == "Validation loss turns at epoch 1"


def test_accuracy_without_validation_is_drawn_alone(ax):
    plotting.plot_learning_curves(Turning, what="accuracy", ax=ax)
    assert [line.get_label() for line in ax.get_lines()] == ["training"]


class _Many(Runs):
    """Runs with the histories and settings that a test makes up."""

    def __init__(self, *histories, diverged=(), settings=None):
        settings = settings or [{"epochs": 3}] * len(histories)
        super().__init__(
            SimpleNamespace(history=history, diverged=k in diverged, settings=settings[k])
            for k, history in enumerate(histories)
        )


class Flat:
    train_loss, valid_loss, train_accuracy, valid_accuracy = [2.0] * 4, [2.0] * 4, [0.1] * 4, [0.1] * 4


def test_curves_of_many_runs_are_thin_and_their_mean_is_thick(ax):
    plotting.plot_learning_curves(_Many(Turning, Flat, Flat, diverged=[2]), ax=ax)
    lines = {line.get_label(): line for line in ax.get_lines() if line.get_label() != "_run"}
    np.testing.assert_allclose(lines["training"].get_ydata(), [2.0, 1.5, 1.25, 1.125])
    np.testing.assert_allclose(lines["validation"].get_ydata(), [2.0, 1.55, 1.65, 1.8])
    thin = [line for line in ax.get_lines() if line.get_label() == "_run"]
    each = [Turning.train_loss, Flat.train_loss, Turning.valid_loss, Flat.valid_loss]
    assert [list(line.get_ydata()) for line in thin] == each
    assert all(line.get_linewidth() < lines["training"].get_linewidth() / 2 for line in thin)
    assert "Mean of 2 runs. Training loss goes from 2.00 to 1.12 in 3 epochs" in alt_text(ax.figure)


def test_curves_of_runs_that_no_mean_can_join(ax):
    with pytest.raises(ValueError, match="All of these runs diverged"):
        plotting.plot_learning_curves(_Many(Flat, diverged=[0]), ax=ax)
    with pytest.raises(ValueError, match="lr takes 2 values in these runs"):
        plotting.plot_learning_curves(_Many(Flat, Flat, settings=[{"lr": 0.1}, {"lr": 0.2}]), ax=ax)


def test_a_spread_shows_the_t_interval_of_scipy(ax):
    from scipy import stats

    values = [2.1, 2.5, 1.9, 2.8]
    plotting.plot_spread({"some": values, "others": [1.0, 1.5]}, ylabel="loss", ax=ax)
    low, high = stats.t.interval(0.95, 3, loc=np.mean(values), scale=stats.sem(values))
    bars = ax.containers[0].lines[2][0].get_segments()[0][:, 1]
    np.testing.assert_allclose(sorted(bars), [low, high])
    assert f"some: mean {number(np.mean(values))}, 95 % interval {number(low)} to {number(high)}" in alt_text(ax.figure)


def test_equal_flights_do_not_hide_each_other(ax):
    plotting.plot_outcomes(FLIGHTS, ax=ax)
    points = np.concatenate([np.asarray(marks.get_offsets()) for marks in ax.collections])
    assert len(np.unique(points, axis=0)) == len(points) == 23


def test_the_curve_passes_one_half_at_the_published_temperature(ax):
    plotting.plot_probability_curve(published, FLIGHTS, ax=ax)
    x, p = ax.get_lines()[0].get_data()
    assert np.interp(0.5, p[::-1], x[::-1]) == pytest.approx(15.04290 / 0.23216, abs=0.01)


@pytest.mark.parametrize("model", [lambda X: X.sum(1), lambda X: X.sum(1, keepdim=True)])
def test_probabilities_of_two_classes_are_one_number_each(model):
    X = torch.tensor([[1.0, 2.0], [-1.0, 0.0]])
    np.testing.assert_allclose(outcomes.probabilities(model, X), 1 / (1 + np.exp([-3.0, 1.0])), rtol=1e-6)


@pytest.mark.parametrize("plot, part", [
    (lambda: plotting.plot_learning_curves(Turning, what="lose"), "learning curves exist for"),
    (lambda: plotting.plot_outcomes(FLIGHTS, x="wind"), "none of the features temperature"),
    (lambda: plotting.plot_confusion(torch.ones(2, 3)), "one row and one column a class"),
    (lambda: plotting.plot_weights_as_images(torch.ones(2, 5), (2, 2)), "needs 4"),
])
def test_refuses_in_plain_words(plot, part):
    with pytest.raises(ValueError, match=part):
        plot()


# --- the tools -------------------------------------------------------------------------------------------------------

def test_colours_can_be_seen_on_white():
    assert contrast("black") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)         # the usual example of just enough
    assert all(contrast(colour) >= 3 for colour in drawing.PALETTE)
    assert all(contrast(text_colour(colour)) >= 4.5 for colour in [*drawing.PALETTE, drawing.GREY, "#FF9999"])


def test_words_of_several_axes_are_joined_and_titles_stand_in(ax):
    figure = Figure()
    left, right = figure.subplots(1, 2)
    left.set_title("Loss falls", loc="left")
    right.set(xlabel="epoch", ylabel="loss")
    assert alt_text(figure) == "Loss falls. loss on the vertical axis, epoch on the horizontal axis."
    describe(left, "Loss falls\n   to 3.")
    assert alt_text(figure) == "Loss falls to 3."
    assert alt_text(Figure()) == "A figure without a description."


def test_an_artist_is_made_once_and_again_after_clear(ax):
    def line():
        return artist(ax, "line", lambda: ax.plot([0, 1])[0])

    first = line()
    assert line() is first and len(ax.get_lines()) == 1
    ax.clear()
    assert line() is not first and len(ax.get_lines()) == 1


def test_panels_share_the_place_and_stay(ax):
    left, right = panels(ax, 2, widths=(2, 1))
    assert left is ax and panels(ax, 2) == [left, right] and len(ax.figure.axes) == 2
    ax.figure.draw_without_rendering()
    assert left.get_position().x1 < right.get_position().x0


def test_labels_at_line_ends_keep_apart_and_move(ax):
    for k in range(4):
        ax.plot([0, 1, 2], [0, 1, 1 + k / 1000], label=f"line {k}")
    ax.plot([0, 2], [0, 0], label="_silent")
    label_line_ends(label_line_ends(ax))
    ax.figure.draw_without_rendering()
    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)
    assert len(boxes) == 4 and all(low.y1 <= high.y0 + 2 for low, high in zip(boxes, boxes[1:], strict=False))


@pytest.mark.parametrize("value, text", [(0.083333, "0.0833"), (2.3058, "2.31"), (1234.5, "1,234"), (0, "0.000"),
                                         (float("nan"), "nan"), (1e-9, "1.00e-09")])
def test_numbers_are_written_for_reading(value, text):
    assert number(value) == text


# --- one decision, many weights -------------------------------------------------------------------------------------

def test_the_bias_has_a_bar_of_its_own_from_the_sum_of_the_pixels_to_the_score(ax):
    PLOTS["decision"](ax)
    wide, hatched = [bar for bar in ax.patches if not bar.get_hatch()], [bar for bar in ax.patches if bar.get_hatch()]
    score_lines = [line.get_ydata()[0] for line in ax.get_lines() if line.get_linewidth() > 2]
    unit = wide[1].get_height() / 2.0                                            # class b: its pixels sum to 2
    for bar, bias, pixels, score in zip(hatched, (0.5, -0.25, 1.0), wide, score_lines, strict=True):
        assert bar.get_height() == pytest.approx(bias * unit)
        assert bar.get_y() == pytest.approx(pixels.get_y() + pixels.get_height())
        assert score == pytest.approx(bar.get_y() + bar.get_height())


def test_outlines_close_around_the_darker_half_of_a_picture(ax):
    image = torch.tensor([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    plotting.plot_weights_as_images(torch.ones(2, 6), (2, 3), outlines=torch.stack([image, image]).reshape(2, 6), ax=ax)
    lines = [np.asarray(path.vertices) for marks in ax.collections if hasattr(marks, "get_paths")
             for path in marks.get_paths() if len(path.vertices)]
    assert len(lines) == 2 and np.allclose(lines[0][0], lines[0][-1])
    assert 1.0 <= lines[0][:, 0].min() and lines[0][:, 0].max() <= 2.0           # around the second column


def arrows_of(ax):
    """Where each arrow ends, seen from where it begins."""
    notes = [note for note in ax.texts if getattr(note, "arrow_patch", None)]
    return np.array([np.subtract(note.xy, note.xyann) for note in notes])


@pytest.mark.parametrize("surface", [TURNED, logistic_loss(standardize(FLIGHTS).train)], ids=["parabola", "neuron"])
def test_the_arrows_of_a_ravine_are_its_eigenvectors(surface, ax):
    arrows = arrows_of(plotting.plot_ravine(surface, ax=ax))
    hessian = surface.hessian(surface.optimum).numpy()
    lengths = np.linalg.norm(arrows, axis=1)
    values, _ = np.linalg.eig(hessian)                                                   # another routine than ours
    assert np.allclose(sorted(values), [a @ hessian @ a / (a @ a) for a in arrows])
    assert abs(arrows[0] @ arrows[1]) < 1e-9 * lengths.prod()
    assert (lengths[0] / lengths[1]) ** 2 == pytest.approx(max(values) / min(values))
    assert (arrows @ (surface.start - surface.optimum).numpy() <= 0).all(), "an arrow lies where the path comes from"


def test_both_arrows_of_a_ravine_climb_to_the_darker_line(ax):
    plotting.plot_ravine(TURNED, ax=ax)
    heights = TURNED.value(torch.from_numpy(arrows_of(ax)))
    assert heights[0].item() == pytest.approx(heights[1].item())
    darker = ax.collections[-1]
    assert darker.levels.tolist() == pytest.approx([heights[0].item()])


def test_a_ravine_has_one_scale_for_both_axes_and_nothing_is_cut_off(ax):
    plotting.plot_ravine(TURNED, window=((-1.5, 1.5), (-1.0, 1.25)), ax=ax)
    box, window = ax.get_window_extent(), ax.viewLim
    assert box.width / window.width == pytest.approx(box.height / window.height, rel=0.01)
    assert ax.title.get_window_extent().y1 <= ax.figure.bbox.y1
    assert arrows_of(plotting.plot_ravine(TURNED, arrows=False, ax=Figure().subplots())).size == 0
# --- regions ---------------------------------------------------------------------------------------------------------

def _three(points):
    """Class 0 left of x₁ = 1, class 2 where besides x₂ is above ½ to its right, class 1 below."""
    left, up = 8 * (1 - points[:, 0]), 8 * (points[:, 1] - 0.5)
    return torch.softmax(torch.stack([left, -up.clamp(min=0), up.clamp(max=0)], dim=1), dim=1)


def test_a_region_has_its_class_s_colour_and_is_deeper_where_the_model_is_surer(ax):
    plotting.plot_regions(_three, CORNERS, [0, 1, 0, 2], ax=ax)
    assert ax.images[0].origin == "lower"                                        # row 0 is the bottom one
    shades = np.asarray(ax.images[0].get_array(), float)
    shades = shades / 255 if shades.max() > 1 else shades
    for row, column, k in ((100, 5, 0), (20, 195, 1), (180, 195, 2)):
        pure = np.array(matplotlib.colors.to_rgb(plotting.PALETTE[k]))
        taken = (1 - shades[row, column]) / (1 - pure)
        assert np.allclose(taken, taken[0], atol=0.02) and taken[0] > 0.25      # white mixed with that colour alone
    assert shades[100, 5].sum() < shades[100, 90].sum()                          # paler near the boundary at x₁ = 1


def test_each_two_classes_that_meet_have_a_boundary_and_no_other_two(ax):
    plotting.plot_regions(_three, CORNERS, [0, 1, 0, 2], class_names="abc", ax=ax)
    said = alt_text(ax.figure)
    for pair in ("a and b", "a and c", "b and c"):
        assert f"boundary between {pair} runs" in said

    def in_a_row(points):
        x = points[:, :1]
        return torch.softmax(torch.cat([-9 * x, 0 * x - 3, 9 * (x - 1.2)], dim=1), dim=1)

    said = alt_text(plotting.plot_regions(in_a_row, CORNERS, [0, 1, 0, 2], class_names="abc").figure)
    assert "between a and b runs" in said and "between b and c runs" in said and "between a and c" not in said


def test_rings_mark_the_examples_on_the_wrong_side(ax):
    plotting.plot_regions(ahead_of_x, CORNERS, [0, 1, 1, 1], ax=ax)
    rings = [marks for marks in ax.collections if marks.get_label() == "wrong side"]
    assert np.asarray(rings[0].get_offsets()).tolist() == [[0.0, 1.0]]
    plotting.plot_regions(ahead_of_x, CORNERS, [0, 1, 0, 1], ax=(other := Figure().subplots()))
    assert "wrong side" not in [marks.get_label() for marks in other.collections]


def test_two_classes_may_be_given_as_one_column_or_two(ax):
    def both(points):
        return torch.stack([1 - ahead_of_x(points), ahead_of_x(points)], dim=1)

    said = {alt_text(plotting.plot_regions(predict, CORNERS, [0, 1, 0, 1]).figure)
            for predict in (ahead_of_x, both, lambda points: ahead_of_x(points)[:, None],
                            lambda points: both(points).numpy())}
    assert len(said) == 1


def test_a_model_that_never_changes_its_mind_has_no_boundary(ax):
    plotting.plot_regions(lambda points: torch.full((len(points),), 0.9), CORNERS, [0, 1, 1, 1], ax=ax)
    assert "No boundary crosses the picture" in alt_text(ax.figure)


@pytest.mark.parametrize(("predict", "X", "words"), [
    (ahead_of_x, torch.ones(3, 4), "two features"),
    (lambda points: 3 * points[:, 0] - 3, CORNERS, "Does it give logits"),
    (lambda points: torch.ones(7), CORNERS, "is needed"),
    (lambda points: torch.full((len(points),), float("nan")), CORNERS, "between 0 and 1"),
])
def test_regions_say_what_they_cannot_draw(predict, X, words):
    with pytest.raises(ValueError, match=words):
        plotting.plot_regions(predict, X, torch.zeros(len(X)))


def test_a_run_that_was_continued_keeps_its_numbers(ax):
    losses = [1.0, 0.5, 0.4, 0.7]
    history = History([Epoch(number, loss, loss, None, None) for number, loss in enumerate(losses, start=5)])
    assert plotting.plot_learning_curves(history, ax=ax).get_title(loc="left") == "Validation loss turns at epoch 7"
    assert list(ax.get_lines()[0].get_xdata()) == [5, 6, 7, 8] and "best at epoch 7" in alt_text(ax.figure)


@pytest.mark.parametrize("given", [[Turning, Turning], (Turning,), {"a": Turning}])
def test_several_histories_at_once_are_told_what_to_do(given):
    with pytest.raises(TypeError, match=r"draws one History.*`History\(epochs\)`"):
        plotting.plot_learning_curves(given)


def test_a_confusion_matrix_holds_counts_and_says_of_a_class_that_nobody_has():
    with pytest.raises(ValueError, match="matrix holds shares; this plot takes counts"):
        plot_confusion(np.array([[0.9, 0.1], [0.2, 0.8]]))
    with pytest.raises(ValueError, match="class_names holds 2 names for 3 classes"):
        plot_confusion(np.diag([3, 4, 5]), ["a", "b"])
    assert "0 100%, 1 no example, 2 75%" in description(plot_confusion(np.array([[5, 0, 0], [0, 0, 0], [1, 0, 3]])))


@pytest.mark.parametrize("K, words", [(10, "Ten"), (3, "3")])
def test_a_decision_of_weights_of_0_is_drawn_and_its_classes_are_counted(K, words):
    ax = plot_decision(np.zeros((K, 6)), np.zeros(K), np.ones(6), (2, 3))
    assert ax.get_title(loc="left") == f"{words} weighted sums of the same pixels: two are equally high"
    with pytest.raises(ValueError, match="height × width is m"):
        plot_decision(np.zeros((K, 6)), np.zeros(K), np.ones(5), (2, 3))


def test_many_equal_examples_stay_on_the_side_of_their_outcome():
    X, y = torch.arange(400.0)[:, None] % 5, torch.arange(400) % 2
    low, high = (points.get_offsets()[:, 1] for points in plot_outcomes(Examples(X, y), "dose").collections)
    assert low.min() == 0 and low.max() < 0.5 < high.min() and high.max() == 1
    with pytest.raises(ValueError, match="y holds something other than 0 and 1"):
        plot_outcomes(Examples(X, torch.arange(400) % 3), "dose")


def test_a_curve_over_small_numbers_says_between_which():
    data = Data(Examples(torch.linspace(0, 0.001, 20)[:, None], torch.arange(20) % 2), feature_names=("share",))
    story = description(plot_probability_curve(lambda X: 1000 * X[:, 0], data))
    assert "at share -4.0e-05 to" in story and story.endswith("at 0.0010.")


def test_regions_know_every_class_in_y():
    X, y = torch.arange(12.0).reshape(6, 2), torch.tensor([0, 1, 2] * 2)
    with pytest.raises(ValueError, match="predict tells 2 classes apart, y holds 0 to 2, and there are 2 names"):
        plot_regions(lambda Z: torch.sigmoid(Z[:, 0]), X, y)
    with pytest.raises(ValueError, match="there are 1 names. Number the classes from 0, and name each"):
        plot_regions(lambda Z: torch.sigmoid(Z[:, 0]), X, y % 2, class_names=["no"])
    with pytest.raises(ValueError, match="X has 0 rows"):
        plot_regions(lambda Z: torch.sigmoid(Z[:, 0]), X[:0], y[:0])


def test_one_measured_epoch_and_one_run_are_told_as_such():
    history = History([Epoch.of(0, Score(0.868, 0.5), Score(0.882, 0.5), [], None)])
    assert description(plot_learning_curves(history)) == (
        "At epoch 0 training loss is 0.868, validation loss 0.882; no other epoch was measured.")
    with pytest.raises(ValueError, match="or, for accuracy, the loss is not about classes"):
        plot_learning_curves(History([Epoch.of(0, Score(0.868, None), None, [], None)]), what="accuracy")
    assert "b: one run, 1.00, so no interval" in description(plot_spread({"a": [1.0, 2.0], "b": [1.0]}, ylabel="u"))
