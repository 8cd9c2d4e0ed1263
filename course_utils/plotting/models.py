"""The course's plots: `plot_*(what, *, ax=None)` draws on an Axes, describes it in a sentence and returns it.

The tools they share live in `style`.
"""

import numpy as np

from course_utils.plotting.style import (
    BLUE,
    GREY,
    MARKERS,
    ORANGE,
    PALETTE,
    array,
    describe,
    label_line_ends,
    new_axes,
    number,
)


def plot_learning_curves(history, *, what: str = "loss", ax=None):
    """Training and validation curves of a `History`, a point an epoch (0 = untrained); `what`: "loss" or "accuracy"."""
    if what not in ("loss", "accuracy"):
        raise ValueError(f'what is {what!r}; learning curves exist for "loss" and "accuracy".')
    ax = new_axes() if ax is None else ax
    train, valid = (_curve(getattr(history, f"{part}_{what}")) for part in ("train", "valid"))
    ax.plot(np.arange(len(train)), train, color=BLUE, linestyle="-", label="training")
    if valid is not None:
        ax.plot(np.arange(len(valid)), valid, color=ORANGE, linestyle="--", label="validation")
    unit = " (mean per example)" if what == "loss" else " (share right)"
    ax.set(xlabel="epoch", ylabel=what + unit)
    ax.xaxis.get_major_locator().set_params(integer=True)
    title, sentence = _learning_story(what, train, valid)
    ax.set_title(title)
    label_line_ends(ax)
    return describe(ax, sentence)


def _curve(values):
    values = [] if values is None else list(values)
    return None if not values or all(v is None for v in values) else np.array(
        [np.nan if v is None else float(v) for v in values])


def _learning_story(what: str, train, valid) -> tuple[str, str]:
    if train is None:
        raise ValueError(f"this history holds no training {what}; run fit with measure=True.")
    epochs = len(train) - 1
    sentence = f"Training {what} goes from {number(train[0])} to {number(train[-1])} in {epochs} epochs"
    title = sentence
    if valid is None:
        return title, sentence + "."
    best = int(np.nanargmin(valid) if what == "loss" else np.nanargmax(valid))
    if best < epochs and not np.isclose(valid[best], valid[-1], rtol=0.01):
        title = f"Validation {what} turns at epoch {best}"
        sentence += (f"; validation {what} is best at epoch {best} with {number(valid[best])} "
                     f"and ends at {number(valid[-1])}")
    else:
        title = f"Validation {what} ends at {number(valid[-1])}, training {what} at {number(train[-1])}"
        sentence += f"; validation {what} goes from {number(valid[0])} to {number(valid[-1])}"
    return title, sentence + "."


def plot_outcomes(flights, x: str = "temperature", *, forecast: float | None = None, ax=None):
    """Outcomes 0 and 1 against one measured quantity, each example one mark; equal examples are stacked.

    `flights` is a `Data` (its training part is drawn) or an `Examples`; `forecast` marks a value of `x` to think about.
    """
    ax = new_axes() if ax is None else ax
    values, y, unit, names = _one_feature(flights, x)
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


def plot_probability_curve(model, data, x: str | None = None, *, interval=None, forecast: float | None = None, ax=None):
    """The probability of class 1 that `model` gives along one feature, over the outcomes it was fitted to.

    `model` has `predict_proba`, or maps X of shape (n, 1) to logits (n,); `interval`, if given, maps X to a pair of
    lower and upper probabilities, each (n,), drawn as a band. `forecast` extends the curve to a value and marks it.
    """
    import torch

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
    story = (f"The fitted probability of {names[1]} goes from {p[0]:.2f} at {x} {along[0]:.0f} "
             f"to {p[-1]:.2f} at {along[-1]:.0f}.")
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


def _examples(data):
    return getattr(data, "train", data)


def _feature_name(data) -> str:
    names = getattr(data, "feature_names", ())
    return names[0] if names else "x"


def _one_feature(data, x: str | None):
    """Values (n,), outcomes (n,), the unit as it is written after the name, and the names of the two outcomes."""
    examples, names = _examples(data), tuple(getattr(data, "feature_names", ()))
    if x is not None and names and x not in names:
        raise ValueError(f"{x!r} is none of the features {', '.join(names)}.")
    column = names.index(x) if x in names else 0
    classes = tuple(getattr(data, "class_names", ())) or ("0", "1")
    unit = " °F" if (x or _feature_name(data)) == "temperature" else ""
    return array(examples.X)[:, column].astype(float), array(examples.y).astype(float), unit, classes


def _mark_outcomes(ax, values, y) -> None:
    for outcome, colour, marker, step in ((0, BLUE, MARKERS[0], 0.05), (1, ORANGE, MARKERS[1], -0.05)):
        chosen = np.sort(values[y == outcome])
        # equal examples would hide each other: the second is moved inwards by one step, the third by two
        first = np.searchsorted(chosen, chosen)
        heights = outcome + step * (np.arange(len(chosen)) - first)
        ax.scatter(chosen, heights, s=55, color=colour, marker=marker, linewidth=0.8, edgecolor="white", zorder=3)


def _mark_forecast(ax, forecast: float, values) -> None:
    ax.axvline(forecast, color=GREY, linestyle=":", linewidth=1.5, label="_forecast line")
    side = "left" if forecast <= values.mean() else "right"
    ax.annotate(f"forecast {forecast:g}", (forecast, 0.5), xytext=(6 if side == "left" else -6, 0),
                textcoords="offset points", ha=side, color=GREY)


def _outside(forecast: float, values) -> str:
    if forecast < values.min():
        return f"{values.min() - forecast:g} below every example"
    if forecast > values.max():
        return f"{forecast - values.max():g} above every example"
    return "among the examples"


def probabilities(model, X) -> np.ndarray:
    """What `model` says of X: (n,) for two classes, (n, K) for K.

    `model.predict_proba` if it has one; else the model's output is taken as logits.
    """
    import torch

    with torch.no_grad():
        if hasattr(model, "predict_proba"):
            return array(model.predict_proba(X))
        logits = model(X)
        if logits.ndim == 2 and logits.shape[1] > 1:
            return array(torch.softmax(logits, dim=1))
        return array(torch.sigmoid(logits.reshape(-1)))


def plot_decision_boundary(model, data, *, ax=None):
    """Where `model` decides for which class, over two features, with the examples on top; misjudged ones are ringed.

    `data` is a `Data` (its training part is drawn) or an `Examples` with X of shape (n, 2).
    """
    examples = _examples(data)
    X, y = array(examples.X), array(examples.y).astype(int)
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"X has shape {tuple(X.shape)}; a decision boundary is drawn over two features, shape (n, 2).")
    ax = new_axes() if ax is None else ax
    p = probabilities(model, examples.X)
    n_classes = 2 if p.ndim == 1 else p.shape[1]
    predicted = (p >= 0.5).astype(int) if p.ndim == 1 else p.argmax(axis=1)
    _shade_classes(ax, model, examples.X, n_classes)
    classes = tuple(getattr(data, "class_names", ())) or tuple(str(k) for k in range(n_classes))
    for k in range(n_classes):
        ax.scatter(*X[y == k].T, s=28, color=PALETTE[k % len(PALETTE)], marker=MARKERS[k % len(MARKERS)], linewidth=0.5,
                   edgecolor="white", label=classes[k], zorder=3)
    wrong = predicted != y
    ax.scatter(*X[wrong].T, s=90, facecolor="none", edgecolor="black", linewidth=1.3, label="misjudged", zorder=4)
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    names = tuple(getattr(data, "feature_names", ())) or ("x₁", "x₂")
    ax.set(xlabel=names[0], ylabel=names[1])
    ax.set_title(f"The model decides {int((~wrong).sum())} of {len(y)} examples rightly")
    return describe(ax, f"{len(y)} examples of {n_classes} classes ({', '.join(classes[:n_classes])}) over {names[0]} "
                        f"and {names[1]}, and the region the model gives to each class; {int(wrong.sum())} examples "
                        "lie on the wrong side.")


def _shade_classes(ax, model, X, n_classes: int) -> None:
    import torch
    from matplotlib.colors import ListedColormap, to_rgb

    low, high = X.min(dim=0).values, X.max(dim=0).values
    margin = 0.06 * (high - low)
    across, up = (torch.linspace(float(low[i] - margin[i]), float(high[i] + margin[i]), 200) for i in range(2))
    p = probabilities(model, torch.cartesian_prod(across, up).to(X.dtype))
    across, up = array(across), array(up)
    decided = ((p >= 0.5) if p.ndim == 1 else p.argmax(axis=1)).reshape(200, 200).T.astype(int)
    pale = ListedColormap([0.85 + 0.15 * np.array(to_rgb(PALETTE[k % len(PALETTE)])) for k in range(n_classes)])
    ax.pcolormesh(across, up, decided, cmap=pale, vmin=-0.5, vmax=n_classes - 0.5, shading="nearest", rasterized=True)
    for k in range(1 if n_classes == 2 else n_classes):
        surface = p.reshape(200, 200).T - 0.5 if p.ndim == 1 else (decided == k) - 0.5
        if surface.min() < 0 < surface.max():
            ax.contour(across, up, surface, levels=[0], colors="black", linewidths=1.2)
    ax.set(xlim=(float(across[0]), float(across[-1])), ylim=(float(up[0]), float(up[-1])))


def plot_confusion(matrix, class_names=None, *, ax=None):
    """Counts of true class (rows) by predicted class (columns); `matrix` has shape (K, K)."""
    counts = array(matrix).astype(int)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"matrix has shape {counts.shape}; a confusion matrix has one row and one column a class.")
    ax = new_axes((7.0, max(3.5, 1.0 + 0.3 * len(counts)))) if ax is None else ax
    names = [str(k) for k in (class_names if class_names is not None and len(class_names) else range(len(counts)))]
    shade = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(shade, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, column in zip(*np.nonzero(counts), strict=True):
        ax.text(column, row, f"{counts[row, column]:,}", ha="center", va="center",
                color="white" if shade[row, column] > 0.6 else "black")
    ax.set(xlabel="predicted class", ylabel="true class")
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    off = counts - np.diag(np.diag(counts))
    title = f"{int(np.trace(counts)):,} of {int(counts.sum()):,} right"
    if (off == off.max()).sum() > 1:
        title += f"; no class is taken for another more than {off.max():,} times" if off.max() else ""
    elif off.max() > 0:
        row, column = np.unravel_index(off.argmax(), off.shape)
        title += f"; most often {names[row]} is taken for {names[column]} ({off.max():,} times)"
    ax.set_title(title)
    each = ", ".join(f"{name} {right:.0%}" for name, right in zip(names, np.diag(shade), strict=True))
    return describe(ax, f"{title}. Share right by true class: {each}.")


def plot_calibration(calibration, *, ax=None):
    """What was announced against what came true, from `metrics.calibration`, with 95 % intervals by Wilson (1927)."""
    announced, observed, n = (array(part).astype(float) for part in calibration)
    ax = new_axes() if ax is None else ax
    low, high = _wilson(observed, n)
    ax.plot([0, 1], [0, 1], color=GREY, linestyle=":", linewidth=1.5, label="perfect")
    ax.errorbar(announced, observed, [np.maximum(observed - low, 0), np.maximum(high - observed, 0)], color=BLUE,
                marker="o", capsize=3, linestyle="none", label="_observed")
    ax.set(xlabel="predicted probability", ylabel="observed share", xlim=(-0.02, 1.02), ylim=(-0.03, 1.03))
    label_line_ends(ax)
    gap = float((n * np.abs(announced - observed)).sum() / n.sum())
    outside = int(((announced < low) | (announced > high)).sum())
    ax.set_title(f"Predicted and observed differ by {gap:.3f} on average")
    points = ", ".join(f"{a:.2f} predicted and {o:.2f} observed (of {k:.0f})"
                       for a, o, k in zip(announced, observed, n, strict=True))
    return describe(ax, f"Predicted and observed probability differ by {gap:.3f} on average; in {outside} of {len(n)} "
                        f"groups the prediction lies outside the 95 % interval. {points}.")


def _wilson(share, n, z: float = 1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return centre - half, centre + half


def plot_weights_as_images(weights, shape: tuple[int, int], class_names=None, *, ax=None):
    """Each class's weights laid out as the picture they are multiplied with: blue speaks against, red for the class.

    `weights` has shape (K, m) or (m,), `shape` is (height, width) with height · width = m. One colour scale for all.
    """
    W = np.atleast_2d(array(weights).astype(float))
    if W.shape[1] != shape[0] * shape[1]:
        raise ValueError(f"each class has {W.shape[1]} weights; a picture of {shape[0]} × {shape[1]} "
                         f"needs {shape[0] * shape[1]}.")
    columns = min(len(W), 5)
    rows = -(-len(W) // columns)
    ax = new_axes((7.0, 0.6 + 1.45 * rows) if len(W) > 1 else (4.0, 3.0)) if ax is None else ax
    given = class_names is not None and len(class_names)
    names = [str(k) for k in (class_names if given else range(len(W)) if len(W) > 1 else [""])]
    height, width = shape[0] * 1.3, shape[1] * 1.1       # room for the name above a picture, and for a gap beside it
    limit = float(np.abs(W).max()) or 1.0
    for k, w in enumerate(W):
        left, top = (k % columns) * width, (k // columns) * height
        picture = ax.imshow(w.reshape(shape), cmap="RdBu_r", vmin=-limit, vmax=limit,
                            extent=(left, left + shape[1], top + shape[0], top))
        ax.text(left + shape[1] / 2, top - 0.03 * height, names[k], ha="center", va="bottom")
    ax.set(xlim=(0, columns * width - 0.1 * shape[1]), ylim=(rows * height - 0.3 * shape[0], -0.25 * shape[0]))
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.figure.colorbar(picture, ax=ax, label="weight", shrink=0.8)
    strongest = np.abs(W).argmax(axis=1)
    ax.set_title(f"Weights lie within ±{number(limit, 2)}")
    where = "; ".join(f"{name}: {w[i]:+.2g} at row {i // shape[1]}, column {i % shape[1]}"
                      for name, w, i in zip(names, W, strongest, strict=True))
    return describe(ax, f"{len(W)} pictures of {shape[0]} by {shape[1]} weights, one a class, "
                        f"within ±{number(limit, 2)}. Strongest weight of each: {where}.")
