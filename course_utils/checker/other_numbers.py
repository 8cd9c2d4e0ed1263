"""The same exercise on other numbers, for another try weeks later."""

from dataclasses import replace
from typing import Any

import torch

from course_utils.checker.base import Exercise
from course_utils.checker.code import CodeExercise
from course_utils.checker.snapshot import snapshot

SHRINKS_BY = 0.1                        # at most, so that shares stay shares, and what is large stays large


def afresh(exercise: Exercise, seed: int) -> Exercise:
    """`exercise` on probes that are drawn with another seed or, where they draw nothing, with each decimal smaller.

    Whole numbers stay: they may be classes, sizes, or lie on a threshold. So do probes with a description, which speaks
    of their numbers. Exercises whose answer is no code are given back as they are.
    """
    if not isinstance(exercise, CodeExercise):
        return exercise
    drawn = _with(exercise, seed=seed)
    if values(drawn) != values(exercise) or any(label for label, _ in exercise._probes_again()):
        return drawn

    def smaller() -> list[tuple]:
        draw = torch.Generator().manual_seed(seed)
        return [tuple(_smaller(argument, draw) for argument in args) for _, args in exercise.probes()]

    return _with(exercise, seed=seed, probes=smaller)


def values(exercise: CodeExercise) -> str:
    """All that can be seen of the probes as a check makes them, to be compared."""
    return "\n".join(_seen(snapshot(args)) for _, args in exercise._probes_again())


def _seen(plain: Any) -> str:
    if type(plain) is torch.Tensor:
        return f"{plain.dtype} {plain.tolist()}"
    if type(plain) is list:
        return f"[{', '.join(map(_seen, plain))}]"
    if isinstance(plain, dict):
        return f"{{{', '.join(f'{key!r}: {_seen(value)}' for key, value in plain.items())}}}"
    return repr(plain)


def _with(exercise: CodeExercise, **settings: Any) -> CodeExercise:
    changed = CodeExercise(exercise.right_answer, replace(exercise.settings, mistakes=exercise.mistakes, **settings))
    changed.name = exercise.name
    return changed


def _smaller(value: Any, draw: torch.Generator) -> Any:
    """`value` with every decimal in it shrunk by a random part; a tensor of whole numbers counts as such."""
    if type(value) is torch.Tensor and value.is_floating_point() and value.is_leaf:
        plain = value.detach()
        if not torch.equal(plain, plain.round()):
            shrunk = plain * (1 - SHRINKS_BY * torch.rand(value.shape, generator=draw)).to(value.dtype)
            return shrunk.requires_grad_(value.requires_grad)
    if type(value) is float and not value.is_integer():
        return value * (1 - SHRINKS_BY * torch.rand((), generator=draw).item())
    if type(value) in (list, tuple):
        return type(value)(_smaller(part, draw) for part in value)
    if type(value) is dict:
        return {key: _smaller(part, draw) for key, part in value.items()}
    return value
