"""Lesson 08: the claims that people make about dropout, tried out."""

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.metrics import accuracy
from course_utils.plotting import BLUE, ORANGE, describe, new_axes, panels
from course_utils.studies.dropout_arms import (
    RATES,
    THIN_RATES,
    answers,
    at_its_best,
    bikes,
    on_test,
    opinions,
    plot_seeds,
    repeated,
    riding,
    trained,
    unseen,
)
from course_utils.study import Finding, study
from course_utils.sweep import mean_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CLEAN_RATES = (1e-3, 3e-3, 1e-2)


def _gain(with_it: Tensor, without: Tensor) -> tuple[float, float, float]:
    """Mean and 95 % interval of the differences, seed by seed: both sides share labels, first weights and order."""
    mean, low, high, *_ = mean_interval((with_it - without).tolist())
    return mean, low, high


@study(
    claim="Dropout prevents overfitting",
    kind="when",
    verdict="true of a network that is trained on and on; one that is stopped in time hardly gains",
    evidence="With careless labels and 60 epochs at a rate of 0.003 it gains some twelve points. Where each has a rate "
             "and an epoch of its own the difference is less than a point, and its interval includes 0; L2, early "
             "stopping and a model without hidden units are as good.",
    expected={
        "trained on, nothing (% right)": (70, 76), "trained on, dropout (% right)": (83, 88),
        "trained on, gain of dropout (points)": (9, 15),
        "in time, nothing (% right)": (86.3, 89), "in time, L2 (% right)": (86, 89),
        "in time, dropout (% right)": (86.8, 90), "in time, no hidden units (% right)": (86, 89),
        "in time, gain of dropout (points)": (-0.7, 1.4),
        "wrong labels repeated (%): trained on, nothing": (84, 94), "trained on, dropout": (22, 40),
        "in time, nothing": (2, 11), "in time, dropout": (3, 14),
    },
    seconds=10,
)
def prevents(rates: tuple[float, ...] = ()) -> Finding:
    """300 labels, 90 of them careless; ten seeds; 1,097 unseen digits. Four ways: nothing; L2; dropout, p = ½; no
    hidden units, so that there is less to learn by heart with. Each is trained on, 60 epochs at 0.003, the rate of the
    story. And each in time: for every seed the epoch that is best on 400 validation digits, at the learning rate that
    is best on them. Five rates from 0.0003 to 0.03 were tried for each way, and four strengths of L2; those that no
    choice falls on are left out, to spare you the wait. With `rates` all ways choose among those."""
    arms = {
        "nothing": (trained(), at_its_best(rates or RATES)[1]),
        "L2": (trained(strength=0.01), at_its_best(rates or (1e-3,), strength=0.003)[1]),
        "dropout": (trained(p=0.5), at_its_best(rates or THIN_RATES, p=0.5)[1]),
        "no hidden units": (trained(hidden=False), at_its_best(rates or CLEAN_RATES, hidden=False)[1]),
    }
    on = {name: on_test(going_on.last) for name, (going_on, _) in arms.items()}
    own = {name: on_test(in_time.stopped) for name, (_, in_time) in arms.items()}
    gain_on = _gain(on["dropout"], on["nothing"])[0]
    gain_own, low_own, high_own = _gain(own["dropout"], own["nothing"])

    def signed(points: float) -> str:
        return f"{points:+.1f}".replace("-", "−")

    def draw() -> "Axes":
        ax = new_axes((7.0, 3.8))
        sentences = []
        for place, name in enumerate(arms):
            for side, shift, colour, marker in ((on, -0.17, ORANGE, "X"), (own, 0.17, BLUE, "o")):
                mean, low, high, *_ = mean_interval(side[name].tolist())
                ax.plot(side[name], [place + shift] * 10, marker, color=colour, alpha=0.35)
                ax.plot([low, high], [place + shift] * 2, "-", color="black", linewidth=1.5)
                ax.text(92.7, place + shift, f"{mean:.1f}", color=colour, va="center")
                sentences.append(f"{name}, {'in time' if side is own else 'trained on'}: {mean:.1f}")
        ax.text(on["nothing"].mean().item() - 0.5, -0.5, "60 epochs at 0.003", color=ORANGE, ha="center")
        ax.text(own["nothing"].mean().item() - 1, -0.5, "own rate, own epoch", color=BLUE, ha="center")
        ax.set(yticks=range(4), yticklabels=list(arms), ylim=(3.5, -0.8), xlim=(68, 94.5),
               xlabel="unseen digits right (%), ten seeds and the 95 % interval of their mean",
               title=f"Trained on, dropout gains {gain_on:.0f} points; in time {signed(low_own)} to {signed(high_own)}")
        return describe(ax, "Per cent of unseen digits right, mean of ten seeds. " + "; ".join(sentences) + ".")

    return Finding({
        "trained on, nothing (% right)": on["nothing"].mean().item(),
        "trained on, dropout (% right)": on["dropout"].mean().item(),
        "trained on, gain of dropout (points)": gain_on,
        **{f"in time, {name} (% right)": values.mean().item() for name, values in own.items()},
        "in time, gain of dropout (points)": gain_own,
        "wrong labels repeated (%): trained on, nothing": repeated(arms["nothing"][0].last).mean().item(),
        "trained on, dropout": repeated(arms["dropout"][0].last).mean().item(),
        "in time, nothing": repeated(arms["nothing"][1].stopped).mean().item(),
        "in time, dropout": repeated(arms["dropout"][1].stopped).mean().item(),
    }, draw)


@study(
    claim="Monte Carlo dropout tells you when a network does not know",
    kind="misleading",
    verdict="misleading",
    evidence="Of the network's mistakes, plain probability and the mean of twenty opinions find two thirds among the "
             "110 least certain digits. Of digits turned sideways one answer in eight is right, and the twenty are as "
             "certain of them as of upright ones, 90 %.",
    expected={
        "mistakes found by eval() (%)": (61, 73), "by the mean of 20 (%)": (60, 72), "by their scatter (%)": (45, 59),
        "certainty of the 20, upright (%)": (88, 93), "sideways (%)": (87, 93),
        "certainty of eval(), upright (%)": (95, 98), "sideways (%) ": (95, 99),
        "sideways answers that are right (%)": (9, 15.5),
    },
    seconds=4,
)
def doubt(times: int = 20) -> Finding:
    """Ten networks, p = ½, clean labels, 60 epochs at 0.003 (of five rates within 0.2 points of the best on
    validation). A human looks at the 110 least certain of 1,097 digits: certain by the probability that eval() gives,
    by the mean of twenty opinions, or by how little these scatter. Then all are turned on their side."""
    X, y = unseen()
    sideways = X.view(-1, 8, 8).rot90(1, (1, 2)).flatten(1)
    names = ("eval()", "mean of 20", "scatter")
    found: dict[str, list[float]] = {name: [] for name in names}
    certain: dict[str, list[float]] = {f"{who}, {way}": [] for who in names[:2] for way in ("upright", "sideways")}
    right = []
    for model in trained(p=0.5, share=0.0).last:
        for way, images in (("upright", X), ("sideways", sideways)):
            whole, said = answers(model, images), opinions(model, images, times)
            certain[f"eval(), {way}"].append(100 * whole.amax(1).mean().item())
            certain[f"mean of 20, {way}"].append(100 * said.mean(0).amax(1).mean().item())
            if way == "sideways":
                right.append(100 * accuracy(whole, y))
                continue
            first = whole.argmax(1)
            scatter = said.std(0).gather(1, first[:, None])[:, 0]
            for name, doubted in zip(names, (-whole.amax(1), -said.mean(0).amax(1), scatter), strict=True):
                mistakes = first != y
                found[name].append((100 * mistakes[doubted.topk(110).indices].sum() / mistakes.sum()).item())

    def draw() -> "Axes":
        left, axes = panels(new_axes((7.8, 3.6)), 2, widths=(3, 4))
        plot_seeds({name: torch.tensor(shares) for name, shares in found.items()}, ax=left,
                   ylabel="mistakes among the 110 (%)", title="Twenty opinions find no more")
        plot_seeds({name.replace(", ", "\n"): torch.tensor(values) for name, values in certain.items()},
                    ylabel="mean certainty (%)", title="As sure of sideways digits as of upright ones", ax=axes)
        return left

    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    return Finding({
        "mistakes found by eval() (%)": mean(found["eval()"]), "by the mean of 20 (%)": mean(found["mean of 20"]),
        "by their scatter (%)": mean(found["scatter"]),
        "certainty of the 20, upright (%)": mean(certain["mean of 20, upright"]),
        "sideways (%)": mean(certain["mean of 20, sideways"]),
        "certainty of eval(), upright (%)": mean(certain["eval(), upright"]),
        "sideways (%) ": mean(certain["eval(), sideways"]), "sideways answers that are right (%)": mean(right),
    }, draw)


@study(
    claim="In each step a chosen fraction of the units is off",
    kind="misleading",
    verdict="misleading",
    evidence="Each unit is drawn by itself, for each example: of 100 units at p = 0.5, 50 are off on average, with a "
             "standard deviation of √(100 · ½ · ½) = 5. p is a chance, not a share.",
    expected={"off of 100, mean": (49.5, 50.5), "standard deviation": (4.7, 5.3), "fewest": (28, 39),
              "most": (61, 72)},
    seconds=0.3,
)
def share_off() -> Finding:
    """A layer of 100 units, p = 0.5, 2,000 steps: in each, the units that are off are counted."""
    torch.manual_seed(0)
    off = (nn.Dropout(0.5)(torch.ones(2_000, 100)) == 0).sum(1).float()
    few, many = int(off.min()), int(off.max())

    def draw() -> "Axes":
        ax = new_axes((7.0, 3.0))
        ax.hist(off.numpy(), bins=[bound - 0.5 for bound in range(28, 74)], color=BLUE, edgecolor="white")
        ax.set(xlabel="units off, of 100", ylabel="steps",
               title=f"Half are off on average: {few} once, {many} another time")
        return describe(ax, f"How many of 100 units are off in 2,000 steps: a bell from {few} to {many} round "
                            f"{off.mean():.1f}, standard deviation {off.std():.1f}.")

    return Finding({"off of 100, mean": off.mean().item(), "standard deviation": off.std().item(), "fewest": few,
                    "most": many}, draw)


@study(
    claim="Dropout acts during training only",
    kind="when",
    verdict="true, once you say `eval()`",
    evidence="Forgotten, it costs some four points with clean labels and eight with careless ones, and nothing "
             "complains. You notice it when the same call gives another answer.",
    expected={"lost with clean labels (points)": (2.5, 5), "lost with careless labels (points)": (6, 11)},
    seconds=4,
)
def forgotten() -> Finding:
    """The ten networks with p = 0.5, 60 epochs at 0.003, measured on 1,097 digits after eval(), and once with the one
    line forgotten."""
    X, y = unseen()
    scores = {}
    for name, share in (("clean", 0.0), ("careless", 0.3)):
        models = trained(p=0.5, share=share).last
        scores[f"{name} labels,\neval()"] = on_test(models)
        scores[f"{name} labels,\nforgotten"] = torch.tensor([100 * accuracy(opinions(model, X, 1)[0], y)
                                                             for model in models])
    clean, clean_lost, careless, careless_lost = scores.values()
    lost = (clean - clean_lost).mean().item(), (careless - careless_lost).mean().item()
    return Finding(
        {"lost with clean labels (points)": lost[0], "lost with careless labels (points)": lost[1]},
        lambda: plot_seeds(scores, ylabel="unseen digits right (%)",
                            title=f"One forgotten line costs {lost[0]:.0f} points, or {lost[1]:.0f}"))


@study(
    claim="For hidden units, p = 0.5 is best",
    kind="not_found",
    verdict="not found here: from 0 to 0.5 it hardly matters, and 0.8 is too much",
    evidence="Each p at its own rate and epoch, chosen on validation: from 0 to 0.5 about 88 % are right, at 0.8 some "
             "two points less, and there the loss is clearly higher, since so few voices never become sure. Loss and "
             "accuracy are two things: say beforehand which one chooses your p.",
    expected={"p = 0 (% right)": (86.3, 89), "p = 0.2 (% right)": (86.8, 89.3), "p = 0.5 (% right)": (86.8, 90),
              "p = 0.8 (% right)": (84.5, 88), "p = 0.8 less p = 0.5 (points)": (-4, -0.3),
              "loss at p = 0": (0.55, 0.85), "loss at p = 0.8": (0.85, 1.4)},
    seconds=20,
)
def half_is_best() -> Finding:
    """The careless labels, ten seeds. For each p the rate of three (0.8: of four) and, for every seed, the epoch of up
    to 60 that are best on the 400 validation digits; reported on the 1,097 others."""
    arms = {p: at_its_best((*RATES, 1e-2) if p == 0.8 else RATES, p=p)[1] for p in (0.0, 0.2, 0.5, 0.8)}
    right = {p: on_test(arm.stopped) for p, arm in arms.items()}
    X, y = unseen()
    loss = {p: sum(F.nll_loss(answers(model, X).log(), y).item() for model in arms[p].stopped) / 10 for p in (0.0, 0.8)}
    measured = {f"p = {p:g} (% right)": values.mean().item() for p, values in right.items()}
    measured["p = 0.8 less p = 0.5 (points)"] = _gain(right[0.8], right[0.5])[0]
    measured |= {f"loss at p = {p:g}": value for p, value in loss.items()}
    return Finding(measured, lambda: plot_seeds(
        {f"p = {p:g}": values for p, values in right.items()}, ylabel="unseen digits right (%)",
        title="From 0 to 0.5 it hardly matters; 0.8 is too much"))


@study(
    claim="A little dropout never hurts",
    kind="false",
    verdict="false: on the bicycles it raises the error by half or more",
    evidence="With clean labels it gains about half a point. Without hidden units, on the inputs, it costs two or "
             "more: in a linear model under a squared error it is, on average over the masks, an L2 penalty. On the "
             "bicycles of lesson 7, each network at its own rate and stop, the error is half as large again or more, "
             "also on the hours that were trained on. Compare training and validation first.",
    expected={"clean labels (points)": (-0.3, 1.6), "clean labels, no hidden units (points)": (-4, -1.2),
              "bicycles: test RMSE, times": (1.4, 2.1), "training RMSE, times": (1.5, 2.4)},
    seconds=25,
)
def harmless() -> Finding:
    """p = 0.5 against none, ten seeds, each at its own rate and stop by validation. The digits with clean labels; the
    linear model on them, its inputs dropped; and the bicycles' 13,000 hours, two layers of 32, up to 24 epochs."""
    clean = [on_test(at_its_best(CLEAN_RATES, p=p, share=0.0)[1].stopped) for p in (0.0, 0.5)]
    inputs = [on_test(at_its_best((3e-3, 1e-2, 3e-2), p=p, share=0.0, hidden=False)[1].stopped) for p in (0.0, 0.5)]
    plain, thin = (riding(p) for p in (0.0, 0.5))
    times = [(thin[part] / plain[part]).mean().item() for part in ("test", "train")]

    def draw() -> "Axes":
        axes = panels(new_axes((7.8, 3.6)), 3)
        for ax, pair, title in zip(axes, (clean, inputs, (plain["test"], thin["test"])),
                                   ("Clean labels", "No hidden units", bikes()[2]), strict=True):
            plot_seeds({"none": pair[0], "p = 0.5": pair[1]}, ylabel="", title=title, ax=ax)
        axes[0].set_ylabel("unseen digits right (%)")
        axes[2].set_ylabel("test RMSE (rentals), lower is better")
        axes[0].figure.suptitle("One and the same dropout: half a point gained, two lost, errors that grow")
        return axes[0]

    return Finding({"clean labels (points)": _gain(clean[1], clean[0])[0],
                    "clean labels, no hidden units (points)": _gain(inputs[1], inputs[0])[0],
                    "bicycles: test RMSE, times": times[0], "training RMSE, times": times[1]}, draw)
