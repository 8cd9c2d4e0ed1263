"""Plots of runs: the curves of one or of many, and results with every run a mark and their mean with its interval."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plotting.style import (
    BLUE,
    LINE_STYLES,
    MARKERS,
    ORANGE,
    PALETTE,
    array,
    describe,
    label_line_ends,
    new_axes,
    number,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from course_utils.sweep import Runs
    from course_utils.train import History

CONFIDENCE = 0.95


def plot_learning_curves(history: "History | Runs", *, what: str = "loss", ax: "Axes | None" = None) -> "Axes":
    """Training and validation curves of a `History`, a point an epoch (0 = untrained); `what`: "loss" or "accuracy".

    Of `Runs` of one setting every run is a thin line and their mean a thick one; runs that diverged are left out.
    Raises ValueError if there is nothing to draw, or if the runs have several settings.
    """
    if what not in ("loss", "accuracy"):
        raise ValueError(f'what is {what!r}; learning curves exist for "loss" and "accuracy".')
    histories = _histories(history)
    first = next(iter(getattr(histories[0], "numbers", ())), 0)     # a run that was continued begins later
    ax = new_axes() if ax is None else ax
    means: list[np.ndarray | None] = []
    for part, colour, style in (("training", BLUE, "-"), ("validation", ORANGE, "--")):
        each = [_curve(getattr(one, f"{part[:5]}_{what}")) for one in histories]
        curves = [curve for curve in each if curve is not None]
        mean = np.mean(curves, axis=0) if len(curves) == len(each) else None
        means.append(mean)
        if mean is not None:
            for curve in curves if len(curves) > 1 else ():
                ax.plot(first + np.arange(len(curve)), curve, "-", color=colour, linewidth=0.6, alpha=0.5,
                        label="_run")
            ax.plot(first + np.arange(len(mean)), mean, color=colour, linestyle=style, label=part)
    unit = " (mean per example)" if what == "loss" else " (share right)"
    ax.set(xlabel="epoch", ylabel=what + unit)
    ax.locator_params(axis="x", integer=True)
    title, sentence = _learning_story(what, first, *means)
    ax.set_title(title)
    label_line_ends(ax)
    return describe(ax, sentence if len(histories) == 1 else f"Mean of {len(histories)} runs. {sentence}")


def _histories(history: "History | Runs") -> "list[History]":
    from course_utils.sweep import Runs, grouped

    if isinstance(history, list | tuple | dict):
        raise TypeError(
            f"plot_learning_curves draws one History, as `fit` returns it, and got a {type(history).__name__}. Epochs "
            "in a list become one by `History(epochs)`. For several runs call it once for each, with `ax=`."
        )
    if not isinstance(history, Runs):
        return [history]
    grouped(history, [])  # raises ValueError if a setting varies
    finite = [run.history for run in history if not run.diverged]
    if not finite:
        raise ValueError("All of these runs diverged, so there is no curve to draw.")
    return finite


def _curve(values: Iterable[float | None] | None) -> np.ndarray | None:
    values = [] if values is None else list(values)
    return None if not values or all(v is None for v in values) else np.array(
        [np.nan if v is None else float(v) for v in values])


def _learning_story(what: str, first: int, train: np.ndarray | None, valid: np.ndarray | None) -> tuple[str, str]:
    """Title and description; `first` is the number of the first epoch that was measured."""
    if train is None:
        raise ValueError(f"this history holds no training {what}. Either `fit` was called with measure=False, or, for "
                         "accuracy, the loss is not about classes.")
    epochs = len(train) - 1
    if epochs == 0:
        title = f"At epoch {first} training {what} is {number(train[0])}"
        title += "" if valid is None else f", validation {what} {number(valid[0])}"
        return title, f"{title}; no other epoch was measured."
    sentence = (f"Training {what} goes from {number(train[0])} to {number(train[-1])} in "
                f"{epochs} epoch{'' if epochs == 1 else 's'}")
    title = sentence
    if valid is None:
        return title, sentence + "."
    best = int(np.nanargmin(valid) if what == "loss" else np.nanargmax(valid))
    if best < epochs and not np.isclose(valid[best], valid[-1], rtol=0.01):
        title = f"Validation {what} turns at epoch {first + best}"
        sentence += (f"; validation {what} is best at epoch {first + best} with {number(valid[best])} "
                     f"and ends at {number(valid[-1])}")
    else:
        title = f"Validation {what} ends at {number(valid[-1])}, training {what} at {number(train[-1])}"
        sentence += f"; validation {what} goes from {number(valid[0])} to {number(valid[-1])}"
    return title, sentence + "."


def plot_spread(
    groups: dict[str, Sequence[float]], *, ylabel: str, title: str = "", ax: "Axes | None" = None
) -> "Axes":
    """One mark for each run in each group, and the group's mean with its 95 % t interval.

    `groups` maps the name of a group to its values, one per seed or split, shape (n,); n may differ. The interval is
    mean ± t(n - 1) s / √n: where it reaches tells how well n runs know the mean, the marks tell how much runs differ.
    """
    from course_utils.sweep import mean_interval

    ax = new_axes() if ax is None else ax
    sentences = []
    for place, (name, group) in enumerate(groups.items()):
        values = array(group).astype(float)
        mean, low, high, *_ = mean_interval(values, CONFIDENCE)
        colour = PALETTE[place % len(PALETTE)]
        spread_out = place - 0.12 + np.linspace(-0.14, 0.14, len(values))
        ax.plot(spread_out, values, MARKERS[place % len(MARKERS)], color=colour, alpha=0.75, markersize=6)
        ax.errorbar(place + 0.17, mean, yerr=high - mean, color="black", marker="_", markersize=14, capsize=4,
                    linewidth=1.5)
        ax.text(place + 0.25, mean, number(mean), va="center")
        sentences.append(f"{name}: mean {number(mean)}, 95 % interval {number(low)} to {number(high)}, "
                         f"{len(values)} runs from {number(values.min())} to {number(values.max())}"
                         if len(values) > 1 else f"{name}: one run, {number(mean)}, so no interval")
    ax.set(xticks=range(len(groups)), xticklabels=list(groups), xlim=(-0.5, len(groups) - 0.3), ylabel=ylabel)
    ax.set_title(title)
    return describe(ax, f"{title + '. ' if title else ''}{'; '.join(sentences)}.")


def plot_sweep(
    runs: "Runs", x: str, y: str, *, confidence: float = CONFIDENCE, ax: "Axes | None" = None
) -> "Axes":
    """One result of a sweep against one setting: a faint mark a run, and the mean over the seeds with its interval.

    Each combination of the other settings that vary is a line of its own. The x axis is logarithmic where the values
    are positive and span a factor of 20 or more. Runs that diverged have no mark; the title says how many there are.
    Raises ValueError if `x` is no setting of the runs, or `y` was not measured.
    """
    ax = new_axes() if ax is None else ax
    grouped_rows = _sweep_lines(runs, x, y, confidence)
    values = runs.axes[x]
    place = _places(ax, values)
    for i, (label, rows) in enumerate(grouped_rows.items()):
        colour, marker = PALETTE[i % len(PALETTE)], MARKERS[i % len(MARKERS)]
        at, means, low, high = ([row[part] for row in rows] for part in ("at", "mean", "low", "high"))
        at = [place(value) for value in at]
        ax.plot(at, means, marker=marker, linestyle=LINE_STYLES[i % len(LINE_STYLES)], color=colour, label=label)
        ax.fill_between(at, low, high, color=colour, alpha=0.2, linewidth=0)
        for where, row in zip(at, rows, strict=True):
            ax.plot([where] * len(row["values"]), row["values"], ".", color=colour, alpha=0.35, label="_runs")
    unit = {"loss": " (mean per example)", "accuracy": " (share right)"}.get(y.rpartition("_")[2], "")
    ax.set(xlabel=_in_words(x), ylabel=_in_words(y) + unit)
    if len(grouped_rows) > 1:
        label_line_ends(ax)
    title, story = _sweep_story(grouped_rows, x, y, confidence)
    ax.set_title(title)
    return describe(ax, story)


def _sweep_lines(runs: "Runs", x: str, y: str, confidence: float) -> dict[str, list[dict]]:
    """For each combination of the other settings, a row a value of x: mean, interval, finite values, lost runs."""
    from course_utils.sweep import grouped, mean_interval

    if x not in runs.axes:
        raise ValueError(f"{x!r} is not a setting of these runs. There are {', '.join(runs.axes)}.")
    varying = [name for name, values in runs.axes.items() if len(values) > 1 and name != x]
    lines: dict = {}
    for chosen, members in grouped(runs, [x, *varying]):
        values = [value for value in members.values(y) if value is not None]
        if not values:
            raise ValueError(f"{y} was not measured in these runs: is there a validation part in the data?")
        finite = [value for value in values if np.isfinite(value)]
        others = {name: value for name, value in chosen.items() if name != x}
        label = ", ".join(v if isinstance(v, str) else f"{name} {_value(v)}" for name, v in others.items())
        row = {"at": chosen[x], "values": finite, "lost": len(values) - len(finite)}
        lines.setdefault(label, []).append(row | mean_interval(finite, confidence)._asdict())
    return lines


def _places(ax: "Axes", values: list) -> Callable:
    """A function from a value to its place on the x axis; sets the scale, or names for what are not numbers."""
    if any(isinstance(value, str | tuple | bool) for value in values):
        ax.set_xticks(range(len(values)), [str(value) for value in values])
        return values.index
    if min(values) > 0 and max(values) >= 20 * min(values):
        ax.set_xscale("log")
    return float


def _sweep_story(lines: dict[str, list[dict]], x: str, y: str, confidence: float) -> tuple[str, str]:
    """The title, which names the best mean or the change, and the text alternative with all means and intervals."""
    name, of_x = _in_words(y), _in_words(x)
    lost = sum(row["lost"] for line in lines.values() for row in line)
    left = [(row["mean"], row["at"], label) for label, line in lines.items() for row in line if row["n"]]
    if not left:
        return "All runs diverged", f"All {lost} runs diverged."
    title = name[0].upper() + name[1:]
    if y.endswith(("loss", "accuracy")):
        mean, at, label = (min if y.endswith("loss") else max)(left, key=lambda row: row[0])
        extreme = "lowest" if y.endswith("loss") else "highest"
        title += f" is {extreme} at {of_x} {_value(at)}{label and ', ' + label}: {number(mean)}"
    else:
        title += f" goes from {number(left[0][0])} at {of_x} {_value(left[0][1])}"
        title += f" to {number(left[-1][0])} at {_value(left[-1][1])}"
    counts = sorted({row["n"] + row["lost"] for line in lines.values() for row in line})
    seeds = " to ".join(str(count) for count in dict.fromkeys((counts[0], counts[-1])))
    told = ". ".join(f"{label and label + ': '}{'; '.join(map(_row_story, line))}" for label, line in lines.items())
    bounds = f"{100 * confidence:g} % t interval"
    story = f"{title}. Mean {name} over {seeds} seeds with {bounds}, by {of_x}. {told}."
    if lost:
        title += f" ({lost} runs diverged)"
        story += f" {lost} runs diverged and are left out."
    return title, story


def _row_story(row: dict) -> str:
    if not row["n"]:
        return f"{_value(row['at'])}: none left"
    spread = f" ({number(row['low'])} to {number(row['high'])})" if row["n"] > 1 else ""
    return f"{_value(row['at'])}: {number(row['mean'])}{spread}"


def _in_words(name: str) -> str:
    return name.replace("valid_", "validation ").replace("train_", "training ").replace("_", " ")


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)
