"""Plots of many runs: every run a mark, and over them the mean with its interval. `plotting` exports them."""

import numpy as np

from course_utils.drawing import MARKERS, PALETTE, array, describe, new_axes, number

CONFIDENCE = 0.95


def plot_spread(groups: dict, *, ylabel: str, title: str = "", ax=None):
    """One mark for each run in each group, and the group's mean with its 95 % t interval.

    `groups` maps the name of a group to its values, one per seed or split, shape (n,); n may differ. The interval is
    mean ± t(n - 1) s / √n: where it reaches tells how well n runs know the mean, the marks tell how much runs differ.
    """
    from scipy.stats import t

    ax = new_axes() if ax is None else ax
    sentences = []
    for place, (name, values) in enumerate(groups.items()):
        values = array(values).astype(float)
        mean = values.mean()
        half = t.ppf(0.5 + CONFIDENCE / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
        colour = PALETTE[place % len(PALETTE)]
        spread_out = place - 0.12 + np.linspace(-0.14, 0.14, len(values))
        ax.plot(spread_out, values, MARKERS[place % len(MARKERS)], color=colour, alpha=0.75, markersize=6)
        ax.errorbar(place + 0.17, mean, yerr=half, color="black", marker="_", markersize=14, capsize=4, linewidth=1.5)
        ax.text(place + 0.25, mean, number(mean), va="center")
        sentences.append(f"{name}: mean {number(mean)}, 95 % interval {number(mean - half)} to {number(mean + half)}, "
                         f"{len(values)} runs from {number(values.min())} to {number(values.max())}")
    ax.set(xticks=range(len(groups)), xticklabels=list(groups), xlim=(-0.5, len(groups) - 0.3), ylabel=ylabel)
    ax.set_title(title)
    return describe(ax, f"{title + '. ' if title else ''}{'; '.join(sentences)}.")
