"""The runs of a sweep: what each was, where it ended, and all of them as a table."""

import math
from collections.abc import Callable, Iterable, Sequence

from torch import Tensor, nn

from course_utils.penalties import weights as weights_of
from course_utils.train import History, set_epochs_trained

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
        set_epochs_trained(model, self._record.last_epoch(self._place, self.settings["epochs"]).number)
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
