"""The runs of a sweep, and what can be said of them: mean and interval over seeds, differences seed by seed."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from course_utils.penalties import weights as weights_of
from course_utils.train import Epoch, History

MEASURED = ("train_loss", "valid_loss", "train_accuracy", "valid_accuracy")


class Run:
    """One setting and one seed: how training went, and the model at its end.

    `settings` maps each setting to its value; `history` is what `fit` would have returned. A run whose loss stopped
    being finite has `diverged` True and nan for every result.
    """

    def __init__(self, settings: dict, seed: int, make: Callable[[], nn.Module], record, place: int, measures: dict):
        self.settings, self.seed = settings, seed
        self._make, self._record, self._place = make, record, place
        self.measured = {name: _number(measure(self.model)) for name, measure in measures.items()}

    @property
    def history(self) -> History:
        return self._record.history(self._place, self.settings["epochs"])

    @property
    def diverged(self) -> bool:
        return self._record.diverged(self._place, self.settings["epochs"])

    @property
    def model(self) -> nn.Module:
        """A new module with the weights at the end of the run; train it on with `fit` if you like."""
        model = self._make()
        model.load_state_dict(self.weights)
        model.epochs_trained = self._record.last_epoch(self._place, self.settings["epochs"]).number
        return model

    @property
    def weights(self) -> dict[str, Tensor]:
        """The parameters at the end of the run, as a `state_dict`."""
        return self._record.weights(self._place, self.settings["epochs"])

    def __getitem__(self, name: str):
        """A setting, the seed, or a result: a loss, an accuracy, "weight_norm", or one of your own measures."""
        if name in self.settings or name == "seed":
            return self.seed if name == "seed" else self.settings[name]
        if name in MEASURED:
            value = getattr(self._record.last_epoch(self._place, self.settings["epochs"]), name)
        elif name == "weight_norm":
            value = math.sqrt(sum(w.double().square().sum().item() for w in weights_of(self.model)))
        elif name in self.measured:
            value = self.measured[name]
        else:
            known = [*self.settings, "seed", *MEASURED, "weight_norm", *self.measured]
            raise KeyError(f"There is no column {name!r}. There are {', '.join(known)}.")
        return value if value is None or not self.diverged else math.nan

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.settings.items())
        return f"Run({shown}, seed={self.seed}{', diverged' if self.diverged else ''})"


def _number(value) -> float:
    return value.item() if isinstance(value, Tensor) else value


class Runs(Sequence):
    """The runs of a sweep, in the order of the grid, seeds last. Add two of them with `+`."""

    def __init__(self, runs: Iterable[Run]):
        self._runs = tuple(runs)

    def __len__(self) -> int:
        return len(self._runs)

    def __getitem__(self, index):
        return Runs(self._runs[index]) if isinstance(index, slice) else self._runs[index]

    def __add__(self, other: "Runs") -> "Runs":
        return Runs((*self, *other))

    @property
    def axes(self) -> dict[str, list]:
        """Each setting with its values, in the order in which they first occur."""
        names = dict.fromkeys(name for run in self for name in run.settings)
        return {name: list(dict.fromkeys(run.settings[name] for run in self if name in run.settings)) for name in names}

    def where(self, **settings) -> "Runs":
        """The runs with these settings, say `runs.where(lr=0.1)`; `seed=3` works too. ValueError if there are none."""
        chosen = Runs(run for run in self if all(_same(run[name], value) for name, value in settings.items()))
        if not chosen:
            there = "; ".join(f"{name} is one of {values}" for name, values in self.axes.items() if name in settings)
            raise ValueError(f"No run has {', '.join(f'{k}={v}' for k, v in settings.items())}. {there}")
        return chosen

    def values(self, y: str) -> list[float]:
        """One result of every run, in order; nan where the run diverged."""
        return [run[y] for run in self]

    def to_frame(self):
        """A pandas table with one row a run: its settings, seed, results, and whether it diverged."""
        import pandas

        measured = list(self[0].measured) if len(self) else []
        columns = [*self.axes, "seed", *MEASURED, "weight_norm", *measured]
        table = pandas.DataFrame({name: [run[name] for run in self] for name in columns})
        return table.assign(diverged=[run.diverged for run in self])

    def __repr__(self) -> str:
        axes = ", ".join(f"{name} {values}" for name, values in self.axes.items() if len(values) > 1)
        seeds = len({run.seed for run in self})
        return f"Runs({len(self)} runs{': ' + axes if axes else ''}{',' if axes else ':'} {seeds} seeds)"


def _same(a, b) -> bool:
    if isinstance(a, float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=1e-6)
    return a == b


class Interval(NamedTuple):
    """A mean with its interval: `low` to `high` covers the true mean in `confidence` of all such experiments."""

    mean: float
    low: float
    high: float
    sd: float
    n: int
    interval: str

    def __str__(self) -> str:
        return f"{self.mean:.4g}, {self.interval} {self.low:.4g} to {self.high:.4g} (n = {self.n})"


def mean_interval(values: Sequence[float], interval: str = "t", confidence: float = 0.95) -> Interval:
    """The mean of independent values and its interval; sd is the standard deviation (divisor n − 1).

    "t" is Student's interval, mean ± t · sd / √n, for values that are roughly normal. "bootstrap" takes quantiles of
    the means of 10,000 resamples (Efron, 1979), always drawn alike. One value has no interval: its bounds are nan.
    """
    if interval not in ("t", "bootstrap"):
        raise ValueError(f'interval is {interval!r}; choose "t" or "bootstrap".')
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a share between 0 and 1, say 0.95.")
    x = torch.tensor([v for v in values], dtype=torch.float64)
    n, name = len(x), f"{100 * confidence:g} % {interval} interval"
    mean = x.mean().item() if n else math.nan
    if n < 2:
        return Interval(mean, math.nan, math.nan, math.nan, n, name)
    sd = x.std().item()
    if interval == "t":
        from scipy.stats import t

        half = t.ppf((1 + confidence) / 2, n - 1) * sd / math.sqrt(n)
        low, high = mean - half, mean + half
    else:
        drawn = torch.randint(n, (10_000, n), generator=torch.Generator().manual_seed(0))
        tail = (1 - confidence) / 2
        low, high = x[drawn].mean(1).quantile(torch.tensor([tail, 1 - tail], dtype=torch.float64)).tolist()
    return Interval(mean, float(low), float(high), sd, n, name)


def summarize(
    runs: Runs, y: str, by: str | Sequence[str] | None = None, *, interval: str = "t", confidence: float = 0.95
):
    """A pandas table: for each setting the mean of `y` over the seeds, its interval, sd and n.

    `by` names the settings to tell apart, by default all that take several values. Runs that diverged cannot enter a
    mean; the column `diverged` counts them. Raises ValueError if a setting varies within a row, which would pass off
    settings as repetitions.
    """
    import pandas

    rows = []
    for chosen, members in grouped(runs, by):
        values = _results(members, y)
        finite = [value for value in values if not math.isnan(value)]
        row = mean_interval(finite, interval, confidence)._asdict()
        rows.append(chosen | row | {"diverged": len(values) - len(finite)})
    return pandas.DataFrame(rows)


def grouped(runs: Runs, by: str | Sequence[str] | None = None) -> list[tuple[dict, Runs]]:
    """The runs by setting: a dict of the settings named in `by`, and the runs that have them, one for each seed."""
    varying = [name for name, values in runs.axes.items() if len(values) > 1]
    by = varying if by is None else [by] if isinstance(by, str) else list(by)
    left_out = [name for name in varying if name not in by]
    if left_out:
        raise ValueError(
            f"{left_out[0]} takes {len(runs.axes[left_out[0]])} values in these runs. Add it to `by`, or choose one: "
            f"`runs.where({left_out[0]}={runs.axes[left_out[0]][0]!r})`."
        )
    groups: dict = {}
    for run in runs:
        groups.setdefault(tuple(run.settings.get(name) for name in by), []).append(run)
    return [(dict(zip(by, key, strict=True)), Runs(members)) for key, members in groups.items()]


def paired(runs: Runs, y: str, *, a: dict, b: dict, interval: str = "t", confidence: float = 0.95) -> Interval:
    """The mean of y(a) − y(b) over the seeds, with its interval. What the two runs of a seed share cancels out.

    `a` and `b` are settings, say `a={"momentum": 0.9}, b={"momentum": 0}`; each must leave one run a seed.
    """
    sides = []
    for settings in (a, b):
        chosen = runs.where(**settings)
        by_seed = dict(zip([run.seed for run in chosen], _results(chosen, y), strict=True))
        if len(by_seed) < len(chosen):
            varying = [name for name, values in chosen.axes.items() if len(values) > 1]
            raise ValueError(f"{settings} leaves several runs a seed. Say also which {' and '.join(varying)}.")
        sides.append(by_seed)
    first, second = sides
    differences = [first[seed] - second[seed] for seed in first if seed in second]
    return mean_interval([d for d in differences if not math.isnan(d)], interval, confidence)


def _results(runs: Runs, y: str) -> list[float]:
    values = runs.values(y)
    if any(value is None for value in values):
        raise ValueError(f"{y} was not measured in these runs: is there a validation part in the data?")
    return values


class Record:
    """What K models that trained together went through, kept as tensors until somebody asks for a history."""

    def __init__(self, size: int):
        self.size = size
        self.scores: list[tuple] = []  # of each epoch: the K train scores and the K valid scores, or None
        self.losses: list[list[Tensor]] = [[]]  # of each epoch, of each step, the K objectives
        self.batch_sizes: list[list[int]] = [[]]
        self.snapshots: dict[int, dict[str, Tensor]] = {}
        self.stopped: dict[int, tuple[int, str, dict[str, Tensor]]] = {}  # model → epoch, reason, weights
        self.interrupted: str | None = None

    def add_step(self, losses: Tensor, batch_size: int) -> list[int]:
        """Keep the objectives of one step. Returns the models for which this is the first that is not finite."""
        self.losses[-1].append(losses)
        self.batch_sizes[-1].append(batch_size)
        if math.isfinite(losses.sum().item()):
            return []
        return [k for k in (~losses.isfinite()).nonzero().flatten().tolist() if k not in self.stopped]

    def add_scores(self, train: list | None, valid: list | None) -> None:
        self.scores.append((train, valid))
        self.losses.append([])
        self.batch_sizes.append([])

    def history(self, k: int, epochs: int) -> History:
        numbers = range(self.last_epoch(k, epochs).number + 1)
        reason = self.stopped[k][1] if self.diverged(k, epochs) else self.interrupted
        return History([self._epoch(k, number) for number in numbers], reason)

    def last_epoch(self, k: int, epochs: int) -> Epoch:
        last = min(epochs, len(self.scores) - 1)
        return self._epoch(k, self.stopped[k][0] - 1 if self.diverged(k, epochs) else last)

    def diverged(self, k: int, epochs: int) -> bool:
        return k in self.stopped and self.stopped[k][0] <= epochs

    def weights(self, k: int, epochs: int) -> dict[str, Tensor]:
        if self.diverged(k, epochs):
            return self.stopped[k][2]
        snapshot = self.snapshots[epochs if epochs in self.snapshots else max(self.snapshots)]
        return {name: p[k].clone() for name, p in snapshot.items()}

    def _epoch(self, k: int, number: int) -> Epoch:
        train, valid = ([None] * self.size if side is None else side for side in self.scores[number])
        losses, sizes = self.losses[number], self.batch_sizes[number]
        losses = torch.stack(losses)[:, k].tolist() if losses else []
        running = sum(loss * size for loss, size in zip(losses, sizes, strict=True)) / sum(sizes) if sizes else None
        return Epoch(
            number,
            train_loss=train[k] and train[k].loss,
            valid_loss=valid[k] and valid[k].loss,
            train_accuracy=train[k] and train[k].accuracy,
            valid_accuracy=valid[k] and valid[k].accuracy,
            step_losses=tuple(losses),
            running_loss=running,
        )


class RecordOfOne:
    """The same for a model that trained alone: its history, and its weights at each of the epochs asked for."""

    def __init__(self, history: History, weights: dict[int, dict[str, Tensor]], diverged: bool):
        self._history, self._weights, self._diverged = history, weights, diverged

    def history(self, k: int, epochs: int) -> History:
        return History(self._history.epochs[: epochs + 1], self._history.stopped if self.diverged(k, epochs) else None)

    def last_epoch(self, k: int, epochs: int) -> Epoch:
        return self._history.epochs[min(epochs, len(self._history) - 1)]

    def diverged(self, k: int, epochs: int) -> bool:
        return self._diverged and epochs >= len(self._history)

    def weights(self, k: int, epochs: int) -> dict[str, Tensor]:
        return self._weights[epochs if epochs in self._weights else max(self._weights)]
