"""Other probes than an exercise's own, of the same kind: what is right on a few inputs by luck is found out on these.

Values are drawn anew on the scale of the old ones; what has a meaning keeps it: rows that sum to 1 sum to 1, labels
stay below the number of classes, flags stay flags, what is sorted stays sorted. The number of examples changes where
the solution allows it. Models and what optimizes them are made by the exercise, and get other numbers in place.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from course_utils.checker import CodeExercise
from course_utils.checker.code import OurFault
from course_utils.checker.sandbox import seed_everything

TRIES = 5                               # for a set of probes that the solution takes; then they stay as they are


def on_other_probes(exercise: CodeExercise, draws: int, hook: Callable | None = None) -> CodeExercise:
    """The same exercise, asked with `draws` times as many probes, drawn from its own; no mistakes are known to it.

    `hook(draw, *arguments)` makes new arguments out of a probe's with the generator `draw`. Every second draw lies in
    memory column by column, which `view` would not stand, and a right answer has to.
    """
    seed_everything(exercise.settings.seed)
    attempts = [next((attempt for attempt in range(TRIES) if _solution_takes(exercise, seed, attempt, hook)), None)
                for seed in range(draws)]

    def probes():
        return {f"draw {seed}, probe {number}": args for seed, attempt in enumerate(attempts)
                for number, args in enumerate(_drawn(exercise, seed, attempt, hook))}

    return _asked_with(exercise, probes)


def _asked_with(exercise: CodeExercise, probes: Callable) -> CodeExercise:
    settings = dataclasses.replace(exercise.settings, probes=probes, mistakes=(), seconds=60.0)
    return CodeExercise(exercise.right_answer, settings)


def _drawn(exercise: CodeExercise, seed: int, attempt: int | None, hook: Callable | None) -> list[tuple]:
    """New arguments for each probe; the first attempts change the number of examples, too."""
    drawn = [args for _, args in exercise.probes()]
    if attempt is not None:
        draw = torch.Generator().manual_seed(100 * seed + attempt)
        drawn = [hook(draw, *args) if hook else Redraw(draw, resize=attempt < 2).arguments(args) for args in drawn]
    return [tuple(map(by_columns, args)) for args in drawn] if seed % 2 else drawn


def by_columns(value: Any) -> Any:
    """The same numbers, in another order in memory, where somebody else made the tensor."""
    plain = isinstance(value, torch.Tensor) and value.dim() == 2 and not value.requires_grad
    return value.T.contiguous().T if plain else value


def _solution_takes(exercise: CodeExercise, seed: int, attempt: int, hook: Callable | None) -> bool:
    """Whether the solution makes numbers of them: where it gives nan, any other nan would be alike."""
    try:
        outcomes = _asked_with(exercise, lambda: _drawn(exercise, seed, attempt, hook)).outcomes()
    except OurFault:
        return False
    return all(_is_number(outcome.value) for outcome in outcomes)


def _is_number(value: Any) -> bool:
    if isinstance(value, dict | list):
        return all(map(_is_number, value.values() if isinstance(value, dict) else value))
    if isinstance(value, torch.Tensor):
        return not value.is_floating_point() or not value.numel() or bool(value.isfinite().any())
    return value == value


class Redraw:
    """Arguments like those given; with `resize`, rows are dealt anew: some twice, some not at all, more or fewer."""

    def __init__(self, draw: torch.Generator, resize: bool):
        self.draw, self.resize = draw, resize
        self.rows: dict[int, int] = {}

    def arguments(self, args: tuple) -> tuple:
        first = next((arg for arg in args if isinstance(arg, torch.Tensor) and arg.dim()), None)
        if self.resize and first is not None and len(first) > 2:
            self.rows[len(first)] = len(first) + int(torch.randint(-1, 4, (), generator=self.draw))
        return tuple(self.value(arg) for arg in args)

    def value(self, value: Any) -> Any:
        if isinstance(value, nn.Module):
            return self.model(value)
        if isinstance(value, torch.Tensor):
            return self.tensor(value)
        if type(value) is float:
            return self.number(value)
        if type(value) in (list, tuple):
            return type(value)(self.value(part) for part in value)
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return type(value)(*(self.value(part) for part in value))
        return {key: self.value(part) for key, part in value.items()} if type(value) is dict else value

    def number(self, value: float) -> float:
        """Half as much to half as much again, a share stays one."""
        drawn = value * (0.5 + float(torch.rand((), generator=self.draw)))
        return min(drawn, (1 + value) / 2) if 0 < value < 1 else drawn

    def model(self, model: nn.Module) -> nn.Module:
        """In place, because an optimizer holds these very parameters."""
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(0.3 * torch.randn(parameter.shape, generator=self.draw))
        return model

    def tensor(self, old: torch.Tensor) -> torch.Tensor:
        shape = [self.rows.get(size, size) if axis == 0 else size for axis, size in enumerate(old.shape)]
        if not old.numel():
            return old
        if old.dtype == torch.bool:
            return torch.rand(shape, generator=self.draw) < 0.5
        whole = not old.is_floating_point() or bool((old == old.round()).all())
        if whole and old.abs().max() < 50:
            lowest, highest = int(old.min()), int(old.max())
            return torch.randint(lowest, highest + 1, shape, generator=self.draw).to(old.dtype)
        if not old.is_floating_point():
            return old
        return self.decimals(old.detach(), shape).to(old.dtype).requires_grad_(old.requires_grad)

    def decimals(self, old: torch.Tensor, shape: list[int]) -> torch.Tensor:
        normal = torch.randn(shape, generator=self.draw)
        if old.dim() == 2 and bool(((old.sum(1) - 1).abs() < 1e-5).all()) and bool((old >= 0).all()):
            return normal.softmax(1)                                # rows of probabilities
        if bool((old >= 0).all() and (old <= 1).all()):
            drawn = 0.02 + 0.96 * torch.rand(shape, generator=self.draw)
        else:
            finite = old[old.isfinite()]
            drawn = finite.mean() + finite.std(correction=0).clamp(min=1e-3) * normal
            drawn = drawn.abs() if bool((finite >= 0).all()) else drawn
        if bool(old.isnan().any()):
            drawn[torch.rand(shape, generator=self.draw) < old.isnan().double().mean()] = float("nan")
        return drawn.sort().values if old.dim() == 1 and len(old) > 2 and bool((old.diff() >= 0).all()) else drawn
