"""The runs of a sweep: what each was and where it ended."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

from course_utils.penalties import weights as weights_of
from course_utils.train import Epoch, History, set_epochs_trained

MEASURED = ("train_loss", "valid_loss", "train_accuracy", "valid_accuracy")


@dataclass
class Record:
    """What one run went through, alone or among others: epochs, parameters at those asked for, why it ended early."""

    epochs: list[Epoch] = field(default_factory=list)
    parameters: dict[int, dict[str, Tensor]] = field(default_factory=dict)  # epoch → state_dict
    stopped: str | None = None
    diverged: bool = False

    def stop(self, reason: str, parameters: dict[str, Tensor], diverged: bool = False) -> None:
        """End the run in the epoch that has begun, with these parameters; `diverged` if their loss is not finite."""
        self.stopped, self.diverged = reason, diverged
        self.parameters[len(self.epochs)] = parameters

    def ended_before(self, epoch: int) -> bool:
        return self.stopped is not None and epoch >= len(self.epochs)


class Run:
    """One setting and one seed: how training went, and the model at its end.

    `settings` maps each setting to its value; `history` is what `fit` would have returned. A run whose loss stopped
    being finite has `diverged` True and nan for every result.
    """

    def __init__(
        self,
        settings: dict,
        seed: int,
        make: Callable[[], nn.Module],
        record: Record,
        metrics: dict[str, Callable[[nn.Module], float]],
    ):
        self.settings, self.seed = settings, seed
        self._make, self._record = make, record
        self.metrics = {name: _number(metric(self.model)) for name, metric in metrics.items()}

    @property
    def history(self) -> History:
        """The epochs of the run, 0 (untrained) first."""
        epochs, record = self.settings["epochs"], self._record
        return History(record.epochs[: epochs + 1], record.stopped if record.ended_before(epochs) else None)

    @property
    def diverged(self) -> bool:
        """Whether the loss stopped being a finite number."""
        return self._record.diverged and self._record.ended_before(self.settings["epochs"])

    @property
    def parameters(self) -> dict[str, Tensor]:
        """A copy of the parameters at the end of the run, as a `state_dict`: weights and biases."""
        kept = self._record.parameters
        at = self.settings["epochs"]
        return {name: value.clone() for name, value in kept[at if at in kept else max(kept)].items()}

    @property
    def model(self) -> nn.Module:
        """A new module with the parameters at the end of the run; train it on with `fit` if you like."""
        model = self._make()
        model.load_state_dict(self.parameters)
        set_epochs_trained(model, len(self.history) - 1)
        return model

    def __getitem__(self, name: str) -> Any:
        """A setting, the seed, or a result: a loss, an accuracy, "weight_norm", or one of your own metrics."""
        if name in self.settings or name == "seed":
            return self.seed if name == "seed" else self.settings[name]
        if name in MEASURED:
            value = getattr(self.history[-1], name)
        elif name == "weight_norm":
            value = math.sqrt(sum(w.double().square().sum().item() for w in weights_of(self.model)))
        elif name in self.metrics:
            value = self.metrics[name]
        else:
            known = [*self.settings, "seed", *MEASURED, "weight_norm", *self.metrics]
            raise KeyError(f"There is no column {name!r}. There are {', '.join(known)}.")
        return value if value is None or not self.diverged else math.nan

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.settings.items())
        return f"Run({shown}, seed={self.seed}{', diverged' if self.diverged else ''})"


def _number(value: Tensor | float) -> float:
    return value.item() if isinstance(value, Tensor) else value


class Runs(Sequence[Run]):
    """The runs of a sweep, in the order of the grid, seeds last."""

    def __init__(self, runs: Iterable[Run]):
        self._runs = tuple(runs)

    def __len__(self) -> int:
        return len(self._runs)

    def __getitem__(self, index: int | slice) -> Any:  # a Run, or for a slice Runs
        return Runs(self._runs[index]) if isinstance(index, slice) else self._runs[index]

    @property
    def axes(self) -> dict[str, list]:
        """Each setting with its values, in the order in which they first occur."""
        names = dict.fromkeys(name for run in self for name in run.settings)
        return {name: list(dict.fromkeys(run.settings[name] for run in self if name in run.settings)) for name in names}

    def where(self, **settings: Any) -> "Runs":
        """The runs with these settings, say `runs.where(lr=0.1)`; `seed=3` works too. ValueError if there are none."""
        chosen = Runs(run for run in self if all(_same(run[name], value) for name, value in settings.items()))
        if not chosen:
            there = "; ".join(f"{name} is one of {values}" for name, values in self.axes.items() if name in settings)
            raise ValueError(f"No run has {', '.join(f'{k}={v}' for k, v in settings.items())}. {there}")
        return chosen

    def at_best(self, setting: str, by: str = "valid_loss", within: Sequence[str] = ()) -> "Runs":
        """The runs at the value of `setting` where the mean of `by` over the seeds is best; to diverge is worst.

            runs.at_best("lr")                                          # by the lowest loss on the validation part
            runs.at_best("lr", by="valid_accuracy", within=["momentum"])    # for each momentum, its own best rate

        A name that ends in "accuracy" is best where it is highest, every other where it is lowest. What is compared at
        its best of several settings was chosen on the data that `by` was measured on: say so. Raises ValueError where
        `by` was not measured.
        """
        sign = -1.0 if by.endswith("accuracy") else 1.0
        arms: dict[tuple, dict[Any, list[Run]]] = {}
        for run in self:
            arms.setdefault(tuple(run[name] for name in within), {}).setdefault(run[setting], []).append(run)

        def mean(members: list[Run]) -> float:
            results = [run[by] for run in members]
            if None in results:
                raise ValueError(f"{by} was not measured in these runs: is there a validation part in the data?")
            total = sum(sign * value for value in results) / len(results)
            return math.inf if math.isnan(total) else total

        return Runs(run for arm in arms.values() for run in min(arm.values(), key=mean))

    def values(self, y: str) -> list:
        """One result of every run, in order; nan where the run diverged."""
        return [run[y] for run in self]

    def __repr__(self) -> str:
        axes = ", ".join(f"{name} {values}" for name, values in self.axes.items() if len(values) > 1)
        seeds = len({run.seed for run in self})
        return f"Runs({len(self)} runs{': ' + axes if axes else ''}{',' if axes else ':'} {seeds} seeds)"


def _same(a: object, b: object) -> bool:
    """Whether a setting is the one asked for; numbers may differ by rounding, as float32 0.1 and 0.1 do."""
    if isinstance(a, float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=1e-6)
    return a == b
