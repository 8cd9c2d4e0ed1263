"""Lesson 08: the claims that people make about dropout, tried out."""

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from course_utils.data import Data, Examples, one_hot, standardize
from course_utils.datasets import load_bike_demand, simulate_bike_demand
from course_utils.download import DataUnavailable
from course_utils.metrics import accuracy
from course_utils.models import MLP
from course_utils.plotting import BLUE, ORANGE, describe, new_axes, panels, plot_spread
from course_utils.studies.dropout_arms import (
    RATES,
    STORY,
    Arm,
    answers,
    at_its_best,
    digits,
    on_test,
    opinions,
    repeated,
    trained,
)
from course_utils.study import Finding, study
from course_utils.sweep import mean_interval, sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STRENGTHS = (3e-3, 1e-2)  # of L2; 0.03 and 0.1 were tried as well and are worse
CLEAN_RATES = (1e-3, 3e-3, 1e-2)


def _gain(with_it: Tensor, without: Tensor) -> tuple[float, float, float]:
    """Mean and 95 % interval of the differences, seed by seed: both sides share labels, first weights and order."""
    mean, low, high, *_ = mean_interval((with_it - without).tolist())
    return mean, low, high


def _l2(rates: tuple[float, ...]) -> tuple[Arm, Arm]:
    """L2 trained on for 60 epochs, and at its own rate and stop; validation chooses the strength in both."""
    going_on = max((trained(STORY, strength=s) for s in STRENGTHS), key=lambda arm: arm.valid[:, -1].mean().item())
    own = max((at_its_best(rates, strength=s)[1] for s in STRENGTHS), key=lambda arm: arm.valid.amax(1).mean().item())
    return going_on, own


@study(
    claim="Dropout prevents overfitting",
    kind="when",
    verdict="true of a network that is trained on and on; one that is stopped in time gains a point at most",
    evidence="With careless labels and 60 epochs at a rate of 0.003 it gains some twelve points. Each at its own rate "
             "and its own epoch, at most one and a half, as do L2, early stopping and a model without hidden units.",
    expected={
        "trained on, nothing (% right)": (70, 76), "trained on, dropout (% right)": (83, 88),
        "trained on, gain of dropout (points)": (9, 15),
        "in time, nothing (% right)": (86.3, 89), "in time, L2 (% right)": (86, 89),
        "in time, dropout (% right)": (87, 90), "in time, no hidden units (% right)": (86, 89),
        "in time, gain of dropout (points)": (-0.3, 1.6),
        "wrong labels repeated (%): trained on, nothing": (84, 94), "trained on, dropout": (22, 40),
        "in time, nothing": (2, 10), "in time, dropout": (4, 14),
    },
    seconds=14,
)
def prevents(rates: tuple[float, ...] = RATES) -> Finding:
    """300 labels, 90 of them careless; ten seeds; 1,097 unseen digits. Four ways: no remedy; L2, its strength chosen
    out of two; dropout, p = ½; no hidden units, so that there is less to learn by heart. Each is trained on, 60
    epochs at 0.003, the rate of the story. And each in time: for every seed the epoch that is best on 400 validation
    digits, at the rate of three that is best on them. Five rates were tried, 0.0003 to 0.03; no way is best at the two
    that are left out here."""
    going_on_l2, own_l2 = _l2(rates[-2:])
    arms = {
        "nothing": (trained(), at_its_best(rates)[1]), "L2": (going_on_l2, own_l2),
        "dropout": (trained(p=0.5), at_its_best(rates, p=0.5)[1]),
        "no hidden units": (trained(hidden=False), at_its_best(rates, hidden=False)[1]),
    }
    on, own = ({name: on_test(models) for name, models in side.items()} for side in (
        {name: arm[0].last for name, arm in arms.items()}, {name: arm[1].stopped for name, arm in arms.items()}))
    gain_on, gain_own = (_gain(side["dropout"], side["nothing"])[0] for side in (on, own))
    print("GAIN", *(_gain(side["dropout"], side["nothing"]) for side in (on, own)))

    def draw() -> "Axes":
        ax = new_axes((7.0, 3.8))
        sentences = []
        for place, name in enumerate(arms):
            for side, shift, colour, marker in ((on, -0.17, ORANGE, "X"), (own, 0.17, BLUE, "o")):
                mean, low, high, *_ = mean_interval(side[name].tolist())
                ax.plot(side[name], [place + shift] * 10, marker, color=colour, alpha=0.35, markersize=6)
                ax.plot([low, high], [place + shift] * 2, color="black")
                ax.text(91.5, place + shift, f"{mean:.1f}", color=colour, va="center")
                sentences.append(f"{name}, {'in time' if side is own else 'trained on'}: {mean:.1f}")
        ax.text(on["nothing"].mean() - 0.5, -0.5, "60 epochs at 0.003", color=ORANGE, ha="center")
        ax.text(own["nothing"].mean() - 1.5, -0.5 , "own rate, own epoch", color=BLUE, ha="center")
        ax.set(yticks=range(4), yticklabels=list(arms), ylim=(3.5, -0.8), xlim=(68, 93.5),
               xlabel="unseen digits right (%), ten seeds and the 95 % interval of their mean",
               title=f"Trained on, dropout gains {gain_on:.0f} points; stopped in time, about {gain_own:.1f}")
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
    validation). A human looks at the 110 least certain of 1,097 digits: certain by the probability that eval() gives, by
    the mean of twenty opinions, or by how little these scatter. Then all are turned on their side, and asked again."""
    X, y = digits().test
    sideways = X.view(-1, 8, 8).rot90(1, (1, 2)).flatten(1)
    names, found = ("eval()", "mean of 20", "scatter"), {"eval()": [], "mean of 20": [], "scatter": []}
    certain: dict[str, list[float]] = {f"{who}, {way}": [] for way in ("upright", "sideways") for who in names[:2]}
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
        plot_spread(found, ylabel="mistakes among the 110 (%)", title="Twenty opinions find no more", ax=left)
        plot_spread({name.replace(", ", "\n"): values for name, values in certain.items()},
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
    X, y = digits().test
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
        lambda: plot_spread(scores, ylabel="unseen digits right (%)",
                            title=f"One forgotten line costs {lost[0]:.0f} points, or {lost[1]:.0f}"))


@study(
    claim="For hidden units, p = 0.5 is best",
    kind="when",
    verdict="true here, and by little: from 0.2 to 0.5 it hardly matters",
    evidence="Each p at its own rate and epoch, chosen on validation: none 87 to 88 %, 0.2 and 0.5 about 88 %, 0.8 a "
             "point or two below that. With 0.8 the loss is the highest of all, since so few voices never become sure: "
             "loss and accuracy are two things; say beforehand which one chooses your p.",
    expected={"p = 0 (% right)": (86.3, 89), "p = 0.2 (% right)": (87, 89.3), "p = 0.5 (% right)": (87, 90),
              "p = 0.8 (% right)": (84.5, 88), "p = 0.8 less p = 0.5 (points)": (-4, -0.3)},
    seconds=20,
)
def half_is_best() -> Finding:
    """The careless labels, ten seeds. For each p the rate of three and, for every seed, the epoch of up to 60 that are
    best on the 400 validation digits; reported on the 1,097 others."""
    right = {p: on_test(at_its_best((*RATES, 1e-2) if p == 0.8 else RATES, p=p)[1].stopped)
             for p in (0.0, 0.2, 0.5, 0.8)}
    measured = {f"p = {p:g} (% right)": values.mean().item() for p, values in right.items()}
    measured["p = 0.8 less p = 0.5 (points)"] = _gain(right[0.8], right[0.5])[0]
    return Finding(measured, lambda: plot_spread(
        {f"p = {p:g}": values for p, values in right.items()}, ylabel="unseen digits right (%)",
        title="From 0.2 to 0.5 it hardly matters; 0.8 is too much"))


@study(
    claim="A little dropout never hurts",
    kind="false",
    verdict="false: where nothing false was learnt by heart, it costs",
    evidence="With clean labels it gains about half a point. Without hidden units, on the inputs, it costs two or more: "
             "in a linear model under a squared error it is, on average over the masks, an L2 penalty. On the bicycles "
             "of lesson 7, each network at its own rate and stop, it raises the error by a third or more, and also on "
             "the hours that were trained on. Compare training and validation first.",
    expected={"clean labels (points)": (-0.3, 1.6), "clean labels, no hidden units (points)": (-4, -1.2),
              "bicycles: test RMSE, times": (1.25, 2.1), "training RMSE, times": (1.3, 2.4)},
    seconds=40,
)
def harmless() -> Finding:
    """p = 0.5 against none, ten seeds, each at its own rate and stop by validation. The digits with clean labels; the
    linear model on them, its inputs dropped; and the bicycles' 13,000 hours, two layers of 32, up to 24 epochs."""
    clean = [on_test(at_its_best(CLEAN_RATES, p=p, share=0.0)[1].stopped) for p in (0.0, 0.5)]
    inputs = [on_test(at_its_best((3e-3, 1e-2, 3e-2), p=p, share=0.0, hidden=False)[1].stopped) for p in (0.0, 0.5)]
    plain, thin = (_riding(p) for p in (0.0, 0.5))
    times = [(thin[part] / plain[part]).mean().item() for part in ("test", "train")]

    def draw() -> "Axes":
        axes = panels(new_axes((7.8, 3.6)), 3)
        for ax, pair, title in zip(axes, (clean, inputs, (plain["test"], thin["test"])),
                                   ("Clean labels", "No hidden units", _bikes()[2]), strict=True):
            plot_spread({"none": pair[0], "p = 0.5": pair[1]}, ylabel="", title=title, ax=ax)
        axes[0].set_ylabel("unseen digits right (%)")
        axes[2].set_ylabel("test RMSE (rentals), lower is better")
        axes[0].figure.suptitle("One and the same dropout: half a point gained, two lost, errors that grow")
        return axes[0]

    return Finding({"clean labels (points)": _gain(clean[1], clean[0])[0],
                    "clean labels, no hidden units (points)": _gain(inputs[1], inputs[0])[0],
                    "bicycles: test RMSE, times": times[0], "training RMSE, times": times[1]}, draw)


@lru_cache(maxsize=1)
def _bikes() -> tuple[Data, Data, str]:
    """The hours as published; with columns and log rentals that a network can use, scaled; what the picture says."""
    try:
        raw, name = load_bike_demand(leaks=False), "Bicycles"
    except DataUnavailable:
        raw, name = simulate_bike_demand(leaks=False), "Bicycles (simulated)"
    logs = raw.train.y.log1p()

    def scaled(part: Examples) -> Examples:
        return Examples(part.X, (part.y.log1p() - logs.mean()) / logs.std())

    coded = standardize(one_hot(raw, "mnth", "hr", "weekday", drop_first=True))
    return raw, replace(coded, **{part: scaled(getattr(coded, part)) for part in ("train", "valid", "test")}), name


def _riding(p: float) -> dict[str, Tensor]:
    """RMSE in rentals, (10,) for each part, of networks with this dropout, at their own rate and stop."""
    raw, bikes, _ = _bikes()
    logs = raw.train.y.log1p()
    runs = sweep(lambda: MLP(bikes.train.X.shape[1], 1, hidden=(32, 32), dropout=p), bikes, F.mse_loss,
                 lr=[1e-3, 3e-3, 1e-2], optimizer=torch.optim.Adam, batch_size=256, epochs=[3, 6, 9, 12, 16, 20, 24],
                 seeds=range(10))

    def rmse(model: nn.Module, part: str) -> float:
        with torch.no_grad():
            outputs = model.eval()(getattr(bikes, part).X) * logs.std() + logs.mean()
        return (outputs.expm1().clamp(min=0) - getattr(raw, part).y).square().mean().sqrt().item()

    stopped = {lr: [min(runs.where(lr=lr, seed=seed), key=lambda run: run["valid_loss"]) for seed in range(10)]
               for lr in (1e-3, 3e-3, 1e-2)}
    best = min(stopped.values(), key=lambda own: sum(run["valid_loss"] for run in own))
    return {part: torch.tensor([rmse(run.model, part) for run in best]) for part in ("train", "test")}
