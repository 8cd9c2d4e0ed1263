"""What lesson 01 measures: the flights of that evening, what carries the number at 31 °F, and eight claims."""

import math
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from course_utils.data import Data, Examples, standardize
from course_utils.datasets import load_breast_cancer, load_orings
from course_utils.metrics import accuracy
from course_utils.models import LogisticRegression
from course_utils.optimum import Optimum, fit_to_optimum
from course_utils.penalties import l2
from course_utils.plotting import plot_spread, plot_sweep
from course_utils.studies import _binary_logistic_regression as pictures
from course_utils.studies._binary_logistic_regression import without_record as without_record
from course_utils.study import Finding, study
from course_utils.sweep import corrected_interval, sweep

Loss = Callable[[Tensor, Tensor], Tensor]           # scores (n,) and labels (n,) → one number

LOSSES: dict[str, Loss] = {"log loss": F.binary_cross_entropy_with_logits,
                           "squared error": lambda z, y: F.mse_loss(torch.sigmoid(z), y)}


@study(question="Does damage depend on the temperature, by the flights that were damaged?")
def opening() -> Finding:
    """The seven flights with damaged rings, and no other: what weighed that evening (Dalal and others, 1989)."""
    return Finding({}, draw=pictures.draw_damaged_flights)


@study(
    question="What carries the number at 31 °F?",
    expected={"lower end, logit": (0.47, 0.49), "lower end, probit": (0.65, 0.67), "lower end, cloglog": (0.87, 0.89),
              "lower end, cauchit": (0.04, 0.05), "lowest lower end, one flight left out": (0.23, 0.25),
              "highest lower end, one flight left out": (0.48, 0.51)},
    seconds=1,
)
def what_carries_it() -> Finding:
    """The same 23 flights, fitted with four ways to bend a line into a probability, each with its 95 % interval at
    31 °F; and with the sigmoid 23 times more, one flight left out each time."""
    flights = load_orings().train
    names = ("logit", "probit", "cloglog", "cauchit")
    curves = {name: pictures.curve_with_link(flights, name) for name in names}
    rest = [Examples(*(part[torch.arange(23) != i] for part in flights)) for i in range(23)]
    without = [fit_to_optimum(examples).interval(torch.tensor([[31.0]]))[0].item() for examples in rest]
    lower = {f"lower end, {name}": float(curves[name][1][0]) for name in names}
    return Finding(lower | {"lowest lower end, one flight left out": min(without),
                            "highest lower end, one flight left out": max(without)},
                   draw=lambda: pictures.draw_links(curves, flights, without))


@study(
    question="Which landscape does each loss make of the same 23 flights?",
    expected={"log loss, rate 1: weight after 300 steps": (-1.61, -1.59),
              "squared error, rate 1: weight after 300 steps": (3.0, 4.5),
              "squared error, rate 30: weight after 300 steps": (-2.2, -2.0)},
    seconds=3,
)
def landscapes(losses: Mapping[str, Loss] = LOSSES, start: tuple[float, float] = (8.0, 0.0)) -> Finding:
    """Every pair of weight and bias has its loss on the 23 flights (temperatures standardised). Three walks of 300
    steps from one bad start; the slopes are measured by differences of 1e-5, so that any loss can be walked."""
    flights = standardize(load_orings()).train
    x, y = flights.X[:, 0].double(), flights.y.double()
    heights = {name: lambda at, loss=loss: float(loss(x * at[0] + at[1], y)) for name, loss in losses.items()}
    log, squared = losses
    walks = {(name, lr): _walk(heights[name], start, lr) for name, lr in ((log, 1), (squared, 1), (squared, 30))}
    measured = {f"{name}, rate {lr}: weight after 300 steps": walk[-1][0] for (name, lr), walk in walks.items()}
    return Finding(measured, draw=lambda: pictures.draw_landscapes(heights, walks))


def _walk(height: Callable, start: tuple[float, float], lr: float, steps: int = 300, h: float = 1e-5) -> list:
    places = [np.array(start)]
    for _ in range(steps):
        slopes = [(height(places[-1] + h * e) - height(places[-1] - h * e)) / (2 * h) for e in np.eye(2)]
        places.append(places[-1] - lr * np.array(slopes))
    return places


@cache
def _tumours(seed: int) -> Data:
    """Half of the tumours to learn from, a quarter to choose on, a quarter to judge; y is 1 for benign."""
    return standardize(load_breast_cancer(valid_size=0.25, test_size=0.25, seed=seed))


@study(
    claim="Squared error would do as well", kind="when", verdict="true when each loss has a learning rate of its own",
    evidence="From twenty bad starts and at a rate of 1 it is 4 to 10 points behind on new tumours. With the best of "
             "seven rates for each, chosen on validation, the difference is below a point either way.",
    expected={"log loss at a rate of 1 (% right)": (95.0, 97.0), "squared error at a rate of 1": (85.0, 92.0),
              "log loss at its best rate": (95.0, 97.5), "squared error at its best rate": (95.0, 97.5),
              "lag at a rate of 1 (points)": (4.0, 10.0), "lag at the best rates": (-1.0, 1.0)},
    seconds=9,
)
def squared_error(rates: tuple = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0), starts: int = 20) -> Finding:
    """Twenty bad starts (weights drawn with standard deviation 5), each with a split of the tumours of its own, 500
    steps, seven rates a factor of 3 apart. Each loss is judged at the rate that is right most often on validation.
    The splits share most tumours; the intervals in `.data` are corrected for that."""
    right: dict[str, dict] = {}                     # % right by loss and rate
    for name, loss in LOSSES.items():
        runs = sweep(_bad_start, _tumours, loss, lr=list(rates), epochs=[500], batch_size=569, seeds=range(starts))
        right[name] = {lr: {part: np.array([100 * accuracy(run.model(examples.X).detach(), examples.y)
                                            for run in runs.where(lr=lr)
                                            if (examples := getattr(_tumours(run.seed), part))])
                            for part in ("valid", "test")} for lr in rates}
    best = {name: max(by_rate, key=lambda lr: by_rate[lr]["valid"].mean()) for name, by_rate in right.items()}
    at_one, at_best = ([by_rate[lr]["test"] for by_rate, lr in zip(right.values(), lrs, strict=True)]
                       for lrs in ((1.0, 1.0), best.values()))
    lag, own_lag = (corrected_interval(log - squared, 1 / 3) for log, squared in (at_one, at_best))  # judged : trained
    return Finding({"log loss at a rate of 1 (% right)": at_one[0].mean(),
                    "squared error at a rate of 1": at_one[1].mean(), "log loss at its best rate": at_best[0].mean(),
                    "squared error at its best rate": at_best[1].mean(),
                    "lag at a rate of 1 (points)": lag.mean, "lag at the best rates": own_lag.mean},
                   draw=lambda: pictures.draw_rates(right, best), data={"best": best, "lag": (lag, own_lag)})


def _bad_start() -> LogisticRegression:
    model = LogisticRegression(30)
    torch.nn.init.normal_(model.linear.weight, std=5)
    return model


def _two_measurements(seed: int) -> tuple[Examples, Examples]:
    """Radius and texture only, so that the model has doubts; y is 1 for cancer. Three quarters to learn from."""
    data = standardize(load_breast_cancer(seed=seed))
    train, rest = (Examples(part.X[:, :2], 1 - part.y) for part in (data.train, data.valid) if part)
    return train, rest


def _with_cancers(examples: Examples, times: int) -> Optimum:
    """The optimum where each cancer counts `times` times, which is `pos_weight`."""
    repeats = torch.where(examples.y == 1, times, 1)
    return fit_to_optimum(Examples(*(part.repeat_interleave(repeats, dim=0) for part in examples)))


@study(
    claim="Weighting the rare class makes the model fairer to it", kind="misleading", verdict="misleading",
    evidence="Counted ten times, cancer comes true in 4 to 12 of 100 cases where the model says 60 to 70 %. Its "
             "decisions are those of a threshold of 1/11, in more than 95 of 100 cases.",
    expected={"said by the plain model (%)": (36.0, 40.0), "said by the weighted model (%)": (56.0, 64.0),
              "true share (%)": (36.5, 37.7), "where the weighted model says 60 to 70 %, true (%)": (4.0, 12.0),
              "same decision as the plain model at 1/11 (%)": (96.0, 100.0)},
    seconds=3,
)
def weighting(times: int = 10, splits: int = 20) -> Finding:
    """Two measurements of each tumour, twenty splits, both models at their optimum. The tumours held back are sorted
    by what the model says of them, in steps of 10 %, and each step is compared with the share that had cancer."""
    said: dict[str, list[Tensor]] = {"each tumour counts once": [], f"each cancer counts {times} times": []}
    true, agree = [], []
    for seed in range(splits):
        train, rest = _two_measurements(seed)
        for group, weight in zip(said.values(), (1, times), strict=True):
            group.append(_with_cancers(train, weight).predict_proba(rest.X))
        plain, weighted = (group[-1] for group in said.values())
        agree.append(((plain > 1 / (1 + times)) == (weighted > 0.5)).double().mean().item())
        true.append(rest.y)
    y = torch.cat(true)
    plain, weighted = (torch.cat(group) for group in said.values())
    return Finding({
        "said by the plain model (%)": 100 * plain.mean().item(),
        "said by the weighted model (%)": 100 * weighted.mean().item(), "true share (%)": 100 * y.mean().item(),
        "where the weighted model says 60 to 70 %, true (%)": 100 * y[(weighted - 0.65).abs() < 0.05].mean().item(),
        f"same decision as the plain model at 1/{1 + times} (%)": 100 * sum(agree) / splits,
    }, draw=lambda: pictures.draw_reliability(dict(zip(said, (plain, weighted), strict=True)), y))


@study(
    claim="Above one half means yes", kind="when", verdict="true only when both mistakes cost the same",
    evidence="If a missed cancer costs ten false alarms, deciding at 1/11 is right 8 to 16 points less often and "
             "costs about half. The interval for other tumours of this kind leaves 0 out.",
    expected={"cost of 100 tumours, decided at 0.5": (55.0, 85.0), "cost of 100 tumours, decided at 1/11": (28.0, 42.0),
              "lower end of what 1/11 saves": (5.0, 20.0), "right, 0.5 − 1/11 (points)": (8.0, 16.0)},
    seconds=2,
)
def above_one_half(missed: float = 10.0, splits: int = 20) -> Finding:
    """Two measurements of each tumour, twenty splits, one model each, at its optimum. It decides twice about the
    quarter held back: at 0.5 and at 1/11. A missed cancer costs 10, a false alarm 1. The splits share most tumours;
    the interval is corrected for that."""
    costs: dict[float, list[float]] = {0.5: [], 1 / (1 + missed): []}
    right: dict[float, list[float]] = {t: [] for t in costs}
    for seed in range(splits):
        train, rest = _two_measurements(seed)
        p = fit_to_optimum(train).predict_proba(rest.X)
        for t in costs:
            wrong = (p > t) != (rest.y == 1)
            price = torch.where(rest.y == 1, missed, 1.0)
            costs[t].append(100 * (wrong * price).mean().item())
            right[t].append(100 - 100 * wrong.double().mean().item())
    half, low = (np.array(values) for values in costs.values())
    half_right, low_right = (np.array(values) for values in right.values())
    return Finding({
        "cost of 100 tumours, decided at 0.5": half.mean(), "cost of 100 tumours, decided at 1/11": low.mean(),
        "lower end of what 1/11 saves": corrected_interval(half - low, 0.25).low,
        "right, 0.5 − 1/11 (points)": (half_right - low_right).mean(),
    }, draw=lambda: plot_spread({"decided at 0.5": half.tolist(), "at 1/11": low.tolist()}, ylabel="cost of 100",
                                title="Deciding at 1/11 is less often right, and cheaper"))


@study(
    claim="More training always brings the coefficients closer to the truth", kind="false",
    verdict="false when the classes can be separated",
    evidence="At each of five rates a tenfold of steps makes the weights longer by 0.5 to 3, in all twenty draws, and "
             "would for ever. From 300 steps on, every point is on its right side.",
    expected={"least growth in a tenfold of steps": (0.3, 1.5), "most growth": (1.5, 4.0),
              "right after 300 steps, worst run (%)": (100.0, 100.0)},
    seconds=8,
)
def separable(rates: tuple = (0.01, 0.03, 0.1, 0.3, 1.0), draws: int = 20) -> Finding:
    """Two groups of twenty points that a line separates without a mistake, twenty draws, 30, 300 and 3,000 steps at
    five rates a factor of 3 apart. What grows is the length of the weight vector."""
    runs = sweep(lambda: LogisticRegression(2), _two_groups, F.binary_cross_entropy_with_logits,
                 lr=list(rates), epochs=[30, 300, 3_000], batch_size=40, seeds=range(draws))
    growth = np.diff(np.array(runs.values("weight_norm")).reshape(-1, 3))
    right = 100 * min(runs.where(epochs=300).values("train_accuracy"))
    return Finding({"least growth in a tenfold of steps": growth.min(), "most growth": growth.max(),
                    "right after 300 steps, worst run (%)": right},
                   draw=lambda: plot_sweep(runs, x="epochs", y="weight_norm"))


def _two_groups(seed: int) -> Examples:
    g = torch.Generator().manual_seed(seed)
    centres = torch.tensor([1.5, -1.5]).repeat_interleave(20)[:, None]
    y = torch.tensor([1.0, 0.0]).repeat_interleave(20)
    return Examples(centres + 0.5 * torch.randn(40, 2, generator=g), y)


@study(
    claim="Linear regression cannot classify", kind="false", verdict="false; what it cannot give is probabilities",
    evidence="Of a line's values for new tumours, 28 to 38 % lie below 0 or above 1. Cut at one half it is right for "
             "94 to 97 % of them all the same, at most 3 points behind the neuron.",
    expected={"outside of 0 to 1 (%)": (28.0, 38.0), "right: line (%)": (94.0, 97.0), "right: neuron (%)": (96.0, 98.5),
              "neuron − line (points)": (0.5, 3.0)},
    seconds=4,
)
def straight_line(splits: int = 20, strengths: tuple = (0.001, 0.003, 0.01, 0.03, 0.1)) -> Finding:
    """All 30 measurements, twenty splits. The line is the one closest to the labels, 0 and 1; the neuron is at its
    optimum under the penalty that is best of five on validation. Both are judged on the quarter held back."""
    outside, line, neuron = [], [], []
    for seed in range(splits):
        data = _tumours(seed)
        train, valid, test = (Examples(part.X, part.y.double()) for part in (data.train, data.valid, data.test) if part)
        fits = [fit_to_optimum(train, penalty=l2(strength)) for strength in strengths]
        best = min(fits, key=lambda fit: F.binary_cross_entropy_with_logits(fit.logits(valid.X), valid.y).item())
        inputs, new = (torch.cat([X, torch.ones(len(X), 1)], dim=1).double() for X in (train.X, test.X))
        said = new @ torch.linalg.lstsq(inputs, train.y[:, None]).solution[:, 0]
        outside.append(((said < 0) | (said > 1)).double().mean().item())
        line.append(accuracy((said > 0.5).long(), test.y.long()))
        neuron.append(accuracy(best.logits(test.X), test.y))
    shares = [100 * np.array(values) for values in (outside, line, neuron)]
    return Finding({"outside of 0 to 1 (%)": shares[0].mean(), "right: line (%)": shares[1].mean(),
                    "right: neuron (%)": shares[2].mean(), "neuron − line (points)": (shares[2] - shares[1]).mean()},
                   draw=lambda: plot_spread({"line": shares[1].tolist(), "neuron": shares[2].tolist()},
                                            ylabel="right on new tumours (%)", title="Cut at one half, it classifies"))


@study(
    claim="Binary cross-entropy is the inverse of information gain", kind="false",
    verdict="false; the gain is what the loss falls by",
    evidence="Who knows only that 7 of 23 flights were damaged pays 0.61 a flight. With the temperature it is 0.44. "
             "The difference, 0.17, is the information gained.",
    expected={"loss without the temperature": (0.6145, 0.6146), "loss with it": (0.4416, 0.4417),
              "information gained": (0.1728, 0.1729), "one over the loss": (2.26, 2.27)},
)
def information_gain() -> Finding:
    """The price a flight when everybody gets the probability 7/23, which is the entropy of the record; the price at
    the optimum of the neuron; and their difference. Natural logarithms."""
    flights = load_orings().train
    p = flights.y.double().mean().item()
    before, after = -(p * math.log(p) + (1 - p) * math.log(1 - p)), fit_to_optimum(flights).loss
    return Finding({"loss without the temperature": before, "loss with it": after,
                    "information gained": before - after, "one over the loss": 1 / after})


@study(
    claim="A likelihood is a product, and in practice one adds logarithms", kind="true", verdict="true",
    evidence="A product of 150 halves is 0.0 in float32; the sum of their logarithms is −103.97.",
    expected={"product of 150 halves": (0.0, 0.0), "sum of their logarithms": (-103.98, -103.96)},
)
def likelihood_as_a_sum() -> Finding:
    """A fair coin thrown 150 times, in 32-bit floats: the product of the probabilities, and the sum of their logs."""
    half = torch.full((150,), 0.5)
    return Finding({"product of 150 halves": half.prod().item(), "sum of their logarithms": half.log().sum().item()})


@study(
    claim="The values of the sigmoid lie between 0 and 1, and never reach them", kind="when",
    verdict="true on paper, not in the computer",
    evidence="From a score of 17 on, 32-bit floats say exactly 1; at −200 they say exactly 0.",
    expected={"1 − σ(16)": (1.1e-7, 1.3e-7), "1 − σ(17)": (0.0, 0.0), "σ(−17)": (4.0e-8, 4.3e-8),
              "σ(−200)": (0.0, 0.0)},
)
def ends_of_the_sigmoid() -> Finding:
    """The sigmoid of 16, 17, −17 and −200 in 32-bit floats."""
    at = torch.sigmoid(torch.tensor([16.0, 17.0, -17.0, -200.0]))
    return Finding({"1 − σ(16)": 1 - at[0].item(), "1 − σ(17)": 1 - at[1].item(),
                    "σ(−17)": at[2].item(), "σ(−200)": at[3].item()})
