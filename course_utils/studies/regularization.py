"""The experiments of lesson 06: what a model makes of 400 digits when a die has labelled a fifth of them.

The draws of images and dice are made in _noisy_digits.py; the claims are tried in
regularization_more.py, and on tumours in regularization_tumours_more.py.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from course_utils.data import Examples
from course_utils.optimizers import sgd
from course_utils.optimum import fit_to_optimum
from course_utils.penalties import l2
from course_utils.plotting import BLUE, GREY, ORANGE, describe, label_line_ends, plot_ravine, plot_spread
from course_utils.studies._noisy_digits import (
    DRAWS,
    STEPS,
    STRENGTHS,
    descended,
    draw,
    measured,
    penalised,
    plot_fit_and_prediction,
    rolled,
    stacked,
)
from course_utils.studies.regularization_more import (
    clean_labels,
    converged,
    cross_validation,
    early_stopping_in_torch,
    network_roads,
    small_rate,
)
from course_utils.studies.regularization_tumours_more import adamw, bias_pays, l1_zeros, scaling_leak, twins
from course_utils.study import Finding, study
from course_utils.surfaces import descend, quadratic_bowl

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "STRENGTHS", "adamw", "bias_pays", "chosen_columns", "clean_labels", "converged", "cross_validation", "draw",
    "early_stopping_in_torch", "l1_zeros", "more_images", "network_roads", "one_road", "opening", "ravine", "rolled",
    "scaling_leak", "small_rate", "twins", "two_curves", "worse_fit",
]


@study(
    question="Two models learn the same 400 labels. Which would you hire?",
    expected={"labels that A knows (%)": (99, 100), "labels that B knows (%)": (76, 82),
              "labels that the die made wrong (%)": (15, 21)},
    seconds=1,
)
def opening() -> Finding:
    """400 digits, the label of each fifth rolled with a ten-sided die. Model A is trained until hardly anything is left
    to learn; model B pays for long weights. Both are softmax regressions."""
    from matplotlib import pyplot

    images, wrong = draw().train, rolled()
    fits = [fit_to_optimum(images, penalty=l2(strength), tol=1e-4) for strength in (1e-6, 1e-2)]
    known = [100 * (fit.logits(images.X).argmax(1) == images.y).float().mean().item() for fit in fits]

    def picture() -> "Axes":
        rows = [[*"abcdef", "x"], [*"ghijkl", "x"]]
        _, axes = pyplot.subplot_mosaic(rows, figsize=(8.4, 3), width_ratios=[1] * 6 + [7])
        shown = slice(6, 18)
        examples = zip(images.X[shown], images.y[shown], wrong[shown], strict=True)
        for name, (image, label, is_wrong) in zip("abcdefghijkl", examples, strict=True):
            axes[name].imshow(image.view(8, 8).numpy(), cmap="Greys")
            axes[name].set(xticks=[], yticks=[])
            axes[name].set_title(f"{label} ✗" if is_wrong else f"{label}", color="#B04D00" if is_wrong else "black")
        ax = axes["x"]
        ax.barh([3.4, 0.9], known, height=0.8, color=BLUE)
        ax.barh([2.5, 0.0], 100, height=0.8, color="white", edgecolor=GREY, linestyle=":", hatch="///")
        for height, name, share in ((3.4, "A", known[0]), (0.9, "B", known[1])):
            ax.text(2, height, f"{name} knows {share:.0f} % of its labels", color="white", va="center")
            ax.text(50, height - 0.9, "of unseen images?", va="center", ha="center", backgroundcolor="white")
        ax.set(xlim=(0, 100), yticks=[2.95, 0.45], yticklabels=["model A", "model B"], xlabel="per cent",
               title="One knows its labels better")
        return describe(ax, f"""Twelve digits with their labels; a cross marks {int(wrong[shown].sum())} that the die
            made wrong. Beside them model A knows {known[0]:.0f} % of 400 such labels, model B {known[1]:.0f} %; what
            they say of unseen images is left open.""")

    return Finding({"labels that A knows (%)": known[0], "labels that B knows (%)": known[1],
                    "labels that the die made wrong (%)": 100 * wrong.float().mean().item()}, picture)


@study(
    question="What happens on the way down?",
    expected={"step with the lowest unseen loss": (100, 560), "unseen right at best (%)": (90, 93),
              "unseen right after 3,000 steps (%)": (74, 84), "wrong labels known by then (%)": (22, 42)},
    seconds=4,
)
def two_curves() -> Finding:
    """Gradient descent from zero at a rate of 1, all 400 images in each step, in ten draws of images and dice."""
    found = measured(descended())
    right = found.right.mean(1)
    return Finding(
        {"step with the lowest unseen loss": STEPS[int(found.loss_unseen.mean(1).argmin())],
         "unseen right at best (%)": right.max().item(), "unseen right after 3,000 steps (%)": right[-1].item(),
         "wrong labels known by then (%)": found.by_heart[-1].mean().item()},
        lambda: plot_fit_and_prediction(STEPS, found, "step", ("One loss falls, the other turns",
                                                               "What it knows, and what it can do")))


@study(
    question="Would more images do?",
    expected={"A, 100 images (% unseen right)": (60, 70), "A, 400 images": (53, 63), "A, 1,200 images": (83, 92),
              "B, 100 images": (75, 85), "B, 400 images": (89, 93), "B, 1,200 images": (92, 96)},
    seconds=4,
)
def more_images(sizes: tuple[int, ...] = (100, 200, 400, 800, 1200)) -> Finding:
    """The two models of the opening with 100 to 1,200 images to learn from, a fifth of the labels rolled; ten draws."""
    from matplotlib import pyplot

    names = {"model A, hardly a penalty": 1e-6, "model B, λ = 0.01": 1e-2}

    def known_and_right(strength: float, size: int, seed: int) -> list[float]:
        data = draw(seed, n=size)
        fit = fit_to_optimum(data.train, penalty=l2(strength), n_classes=10, tol=1e-4)
        return [100 * (fit.logits(part.X).argmax(1) == part.y).float().mean().item()
                for part in (data.train, data.valid) if part]

    found = torch.tensor([[[known_and_right(strength, size, seed) for seed in range(DRAWS)] for size in sizes]
                          for strength in names.values()])                       # (models, sizes, draws, 2)
    right = found[..., 1].mean(2)

    def picture() -> "Axes":
        _, axes = pyplot.subplots(1, 2, figsize=(8.4, 3.2), sharey=True)
        for ax, name, values in zip(axes, names, found, strict=True):
            for part, curve, colour, style in ((0, "labels known", BLUE, "o-"), (1, "unseen right", ORANGE, "X--")):
                ax.plot(sizes, values[:, :, part], ".", color=colour, alpha=0.3, label="_draws")
                ax.plot(sizes, values[:, :, part].mean(1), style, color=colour, label=curve)
            ax.set(xscale="log", xlabel="images to learn from", title=name, ylim=(45, 101))
            ax.set(xticks=sizes, xticklabels=sizes)
            ax.minorticks_off()
            label_line_ends(ax)
        axes[0].set(ylabel="per cent")
        told = (f"{name}: " + ", ".join(f"{value:.0f}" for value in right[i]) for i, name in enumerate(names))
        return describe(axes[0], f"Unseen right, in per cent, by the number of images: {'; '.join(told)}.")

    a, b = right[:, [sizes.index(100), sizes.index(400), sizes.index(1200)]].tolist()
    return Finding({"A, 100 images (% unseen right)": a[0], "A, 400 images": a[1], "A, 1,200 images": a[2],
                    "B, 100 images": b[0], "B, 400 images": b[1], "B, 1,200 images": b[2]}, picture)


@study(
    question="What does a price on the weights do to the fit, and what to the prediction?",
    expected={"λ = 0.000001: labels known (%)": (99, 100), "wrong labels known (%)": (95, 100),
              "unseen right (%)": (53, 62), "λ = 0.01: labels known (%)": (77, 81),
              "wrong labels known at 0.01 (%)": (0, 5), "unseen right at 0.01 (%)": (89, 93)},
    seconds=3,
)
def worse_fit() -> Finding:
    """Seven strengths of the penalty, each at its optimum, in ten draws of images and dice."""
    found = measured(penalised())
    shares = (found.known, found.by_heart, found.right)
    weak, good = ([values[STRENGTHS.index(strength)].mean().item() for values in shares] for strength in (1e-6, 1e-2))
    return Finding(
        {"λ = 0.000001: labels known (%)": weak[0], "wrong labels known (%)": weak[1], "unseen right (%)": weak[2],
         "λ = 0.01: labels known (%)": good[0], "wrong labels known at 0.01 (%)": good[1],
         "unseen right at 0.01 (%)": good[2]},
        lambda: plot_fit_and_prediction(STRENGTHS, found, "strength λ", ("The fit gets worse all the way",
                                                                         "The prediction does not")))


@study(
    question="On a ravine: does stopping go where a penalty goes?",
    expected={"largest gap along the floor (share of the way)": (0.15, 0.3),
              "up the wall (share of the way)": (0.15, 0.3)},
    seconds=1,
)
def ravine(curvatures: tuple[float, float] = (1.0, 10.0), lr: float = 0.02, steps: int = 128) -> Finding:
    """Gradient descent from (0, 0) on ½ (w − w*)ᵀ H (w − w*), and where the same loss + λ/2 · ‖w‖² is lowest, for
    λ = 1 / (lr · steps)."""
    origin = torch.zeros(2, dtype=torch.float64)
    surface = replace(quadratic_bowl(curvatures, degrees=15, optimum=(1.3, 1.0)), start=origin)
    H, best = surface.hessian(origin), surface.optimum
    stopped = descend(sgd(lr), surface, steps=steps).points

    def priced(strength: float) -> Tensor:
        return torch.linalg.solve(H + strength * torch.eye(2, dtype=torch.float64), H @ best)

    ridge = torch.stack([origin, *(priced(1 / (lr * step)) for step in range(1, steps + 1))])
    directions = torch.linalg.eigh(H).eigenvectors
    shares = [(points @ directions) / (best @ directions) for points in (stopped, ridge)]    # of the way, by direction
    along, across = (shares[0] - shares[1]).abs().amax(0).tolist()
    shown = [0, 1, 2, 4, 8, 16, 32, 64, 128]
    return Finding({"largest gap along the floor (share of the way)": along, "up the wall (share of the way)": across},
                   lambda: plot_ravine(surface, {"stopped after 1, 2, 4, … 128 steps": stopped[shown],
                                                 "penalty, λ = 1 / (lr · steps)": ridge[shown]},
                                       window=((-0.2, 2.0), (-0.2, 1.6)), title="Two ways down, nearly one road"))


@study(
    question="And on the digits?",
    expected={"largest gap, 3 to 1,000 steps (points)": (0, 4), "best of the penalties (% right)": (90, 93),
              "best of the stops (% right)": (90, 93), "same answer at λ = 0.01 and 100 steps (%)": (96, 100)},
    seconds=4,
)
def one_road(your_strength: float | None = None, your_stop: float | None = None) -> Finding:
    """Ten draws: gradient descent at a rate of 1, looked at after 3 to 3,000 steps, and the optimum with λ = 1 / steps.
    `your_strength` and `your_stop`, lr · steps, are marked."""
    from matplotlib import pyplot

    steps = STEPS[2:]
    models = {"stopped": descended()[2:], "penalty": penalised(tuple(1 / step for step in steps))}
    found = {name: measured(one) for name, one in models.items()}
    right = {name: one.right.mean(1) for name, one in found.items()}
    answers = [(stacked().unseen_X @ one[steps.index(100)]).argmax(-1) for one in models.values()]
    same = 100 * (answers[0] == answers[1]).float().mean().item()
    gap = (right["stopped"] - right["penalty"]).abs()[:steps.index(1_000) + 1].max()

    def picture() -> "Axes":
        _, axes = pyplot.subplots(1, 2, figsize=(8.4, 3.4))
        for ax, part, ylabel in zip(axes, ("loss_unseen", "right"), ("unseen loss", "unseen right (%)"), strict=True):
            for name, colour, style in (("penalty", ORANGE, "X--"), ("stopped", BLUE, "o-")):
                ax.plot(steps, getattr(found[name], part).mean(1), style, color=colour, markersize=5, label=name)
            height = 0.92 if part == "loss_unseen" else 0.05                    # where no curve passes
            for x, words, side in ((your_strength and 1 / your_strength, "your λ", 1), (your_stop, "your stop", -1)):
                if x:
                    ax.axvline(x, color="black", linestyle=":", linewidth=1)
                    ax.annotate(words, (x, height), (5 * side, 0), ("data", "axes fraction"), "offset points",
                                ha="left" if side == 1 else "right")
            ax.set(xscale="log", xlabel="lr · steps, or 1/λ", ylabel=ylabel)
            ax.minorticks_off()
            label_line_ends(ax)
        axes[0].set(title="The loss turns for both, the stop ahead …")
        axes[1].set(title="… and up to there they are equally right")
        return describe(axes[0], f"Unseen right, in per cent, at {', '.join(map(str, steps))}: " + "; ".join(
            f"{name} " + ", ".join(f"{value:.0f}" for value in row) for name, row in right.items()) + ".")

    return Finding({"largest gap, 3 to 1,000 steps (points)": gap.item(),
                    "best of the penalties (% right)": right["penalty"].max().item(),
                    "best of the stops (% right)": right["stopped"].max().item(),
                    "same answer at λ = 0.01 and 100 steps (%)": same}, picture)


@study(
    question="Can noise predict a coin?",
    expected={"columns chosen from all rows (% right)": (78, 92), "chosen without the fold (% right)": (40, 57)},
    seconds=1,
)
def chosen_columns() -> Finding:
    """100 coin tosses and 2,000 columns of pure noise. The 20 columns that agree best with the coin go into a model,
    which five folds judge: chosen once from all rows, or for each fold from the others. Ten times."""
    def right(seed: int, leak: bool) -> float:
        g = torch.Generator().manual_seed(seed)
        X, y, count = torch.randn(100, 2_000, generator=g), torch.randint(2, (100,), generator=g).float(), 0.0
        for fold in torch.arange(100).tensor_split(5):
            rest = torch.ones(100, dtype=torch.bool)
            rest[fold] = False
            rows = slice(None) if leak else rest
            agreement = ((y[rows] - y[rows].mean())[:, None] * X[rows]).mean(0).abs()
            columns = agreement.topk(20).indices
            fit = fit_to_optimum(Examples(X[rest][:, columns], y[rest]), penalty=l2(0.01))
            count += int(((fit.logits(X[fold][:, columns]) > 0) == (y[fold] == 1)).sum())
        return count

    scores: dict[str, Sequence[float]] = {
        "chosen from all rows": [right(seed, True) for seed in range(10)],
        "chosen without the fold": [right(seed, False) for seed in range(10)]}

    def picture() -> "Axes":
        ax = plot_spread(scores, ylabel="held-out rows right (%)",
                         title="Noise predicts a coin, if the choice has seen the coin")
        ax.axhline(50, color="black", linestyle=":", linewidth=1)
        return ax

    leaking, honest = (sum(values) / 10 for values in scores.values())
    return Finding({"columns chosen from all rows (% right)": leaking, "chosen without the fold (% right)": honest},
                   picture)
