"""Plots of outcomes 0 and 1 along one feature, and of the probability that a model gives them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from course_utils.data import Data, Examples
from course_utils.plotting.style import BLUE, GREY, MARKERS, ORANGE, array, describe, new_axes, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_outcomes(
    data: Data | Examples, x: str = "temperature", *, forecast: float | None = None, ax: "Axes | None" = None
) -> "Axes":
    """Outcomes 0 and 1 against one measured quantity, each example one mark; equal examples are stacked.

    Of a `Data` the training part is drawn, X (n, features) and y (n,); `forecast` marks a value of `x` to think about.
    Raises ValueError if `x` is none of the features.
    """
    ax = new_axes() if ax is None else ax
    values, y, unit, names = _one_feature(data, x)
    _mark_outcomes(ax, values, y)
    ax.set(xlabel=f"{x} ({unit.strip()})" if unit else x, ylim=(-0.15, 1.15), yticks=[0, 1], yticklabels=names)
    story = (f"{len(y)} examples, {int(y.sum())} of them with {names[1]}, "
             f"at {x} {values.min():g} to {values.max():g}{unit}.")
    title = f"{int(y.sum())} of {len(y)} show {names[1]}"
    if forecast is not None:
        _mark_forecast(ax, forecast, values)
        story += f" The forecast, {forecast:g}, lies {_outside(forecast, values)}."
        title += f"; the forecast lies {_outside(forecast, values)}"
    cold = values < np.median(values)
    story += (f" Below the median {np.median(values):g}, {int(y[cold].sum())} of {int(cold.sum())} show {names[1]};"
              f" from there up, {int(y[~cold].sum())} of {int((~cold).sum())}.")
    ax.set_title(title)
    return describe(ax, story)


def plot_probability_curve(
    model: nn.Module | Callable[[Tensor], Tensor],
    data: Data | Examples,
    x: str | None = None,
    *,
    interval: Callable[[Tensor], tuple] | None = None,
    forecast: float | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """The probability of class 1 that `model` gives along one feature, over the outcomes it was fitted to.

    `model` has `predict_proba`, or maps X of shape (n, 1) to logits (n,); `interval`, if given, maps X to a pair of
    lower and upper probabilities, each (n,), drawn as a band. `forecast` extends the curve to a value and marks it.
    """
    ax = new_axes() if ax is None else ax
    values, y, unit, names = _one_feature(data, x)
    x = x or _feature_name(data)
    _mark_outcomes(ax, values, y)
    low, high = values.min(), values.max()
    if forecast is not None:
        low, high = min(low, forecast), max(high, forecast)
    margin = 0.04 * (high - low)
    grid = torch.linspace(low - margin, high + margin, 200)[:, None]
    p, along = probabilities(model, grid), array(grid[:, 0])
    ax.plot(along, p, color="black", linestyle="-", label="_curve")
    story = (f"The fitted probability of {names[1]} goes from {p[0]:.2f} at {x} {_at(along[0])} "
             f"to {p[-1]:.2f} at {_at(along[-1])}.")
    title = f"P({names[1]}) goes from {p[0]:.2f} to {p[-1]:.2f} as {x} rises"
    if interval is not None:
        lower, upper = (array(bound).reshape(-1) for bound in interval(grid))
        ax.fill_between(along, lower, upper, color=GREY, alpha=0.25, linewidth=0)
    if forecast is not None:
        at = torch.tensor([[float(forecast)]])
        p_at = float(probabilities(model, at)[0])
        _mark_forecast(ax, forecast, values)
        ax.plot([forecast], [p_at], "D", color="black", markersize=8, label="_forecast")
        title = f"At {forecast:g}{unit} the model says {p_at:.2f}"
        if interval is not None:
            bounds = [float(array(bound).reshape(-1)[0]) for bound in interval(at)]
            title += f", interval {bounds[0]:.2f} to {bounds[1]:.2f}"
        story = f"{title}, {_outside(forecast, values)}. {story}"
    ax.set(xlabel=f"{x} ({unit.strip()})" if unit else x, ylabel=f"probability of {names[1]}", ylim=(-0.08, 1.08))
    ax.set_title(title)
    return describe(ax, story)


def _feature_name(data: Data | Examples) -> str:
    names = getattr(data, "feature_names", ())
    return names[0] if names else "x"


def _one_feature(data: Data | Examples, x: str | None) -> tuple[np.ndarray, np.ndarray, str, tuple[str, ...]]:
    """Values (n,), outcomes (n,), the unit as it is written after the name, and the names of the two outcomes."""
    examples, names = data.train if isinstance(data, Data) else data, tuple(getattr(data, "feature_names", ()))
    if x is not None and names and x not in names:
        raise ValueError(f"{x!r} is none of the features {', '.join(names)}.")
    column = names.index(x) if x in names else 0
    classes = tuple(getattr(data, "class_names", ())) or ("0", "1")
    unit = " °F" if (x or _feature_name(data)) == "temperature" else ""
    values, y = array(examples.X)[:, column].astype(float), array(examples.y).astype(float)
    if not np.isin(y, (0, 1)).all():
        raise ValueError("y holds something other than 0 and 1. Of several classes draw one against the rest: "
                         "`Examples(X, y == 2)`.")
    return values, y, unit, classes


def _at(value: float) -> str:
    """A value of the feature as prose writes it: to the unit where it is in the tens, finer where it is small."""
    return f"{value:.0f}" if abs(value) >= 10 else number(value, 2)


def _mark_outcomes(ax: "Axes", values: np.ndarray, y: np.ndarray) -> None:
    for outcome, colour, marker, step in ((0, BLUE, MARKERS[0], 0.05), (1, ORANGE, MARKERS[1], -0.05)):
        chosen = np.sort(values[y == outcome])
        # equal examples would hide each other: the second is moved inwards by one step, the third by two
        first = np.searchsorted(chosen, chosen)
        places = np.arange(len(chosen)) - first
        closer = min(1.0, 8 / max(places.max(initial=0), 1))        # a pile of more than nine would reach the other's
        heights = outcome + closer * step * places
        ax.scatter(chosen, heights, s=55, color=colour, marker=marker, linewidth=0.8, edgecolor="white", zorder=3)


def _mark_forecast(ax: "Axes", forecast: float, values: np.ndarray) -> None:
    ax.axvline(forecast, color=GREY, linestyle=":", linewidth=1.5, label="_forecast line")
    side = "left" if forecast <= values.mean() else "right"
    ax.annotate(f"forecast {forecast:g}", (forecast, 0.5), xytext=(6 if side == "left" else -6, 0),
                textcoords="offset points", ha=side, color=GREY)


def _outside(forecast: float, values: np.ndarray) -> str:
    if forecast < values.min():
        return f"{values.min() - forecast:g} below every example"
    if forecast > values.max():
        return f"{forecast - values.max():g} above every example"
    return "among the examples"


def probabilities(model: nn.Module | Callable[[Tensor], Tensor], X: Tensor) -> np.ndarray:
    """What `model` says of X: (n,) for two classes, (n, K) for K.

    `model.predict_proba` if it has one; else the model's output is taken as logits.
    """
    with torch.no_grad():
        if (predict_proba := getattr(model, "predict_proba", None)) is not None:
            return array(predict_proba(X))
        logits = model(X)
        if logits.ndim == 2 and logits.shape[1] > 1:
            return array(torch.softmax(logits, dim=1))
        return array(torch.sigmoid(logits.reshape(-1)))
