"""What the processes have to agree on: where each stands, the settings of the run, and what rank 0 alone can know."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import torch.distributed as dist

Result = TypeVar("Result")


class Place(NamedTuple):
    """Which process this is, counted from 0, and of how many."""

    rank: int
    processes: int


def place() -> Place:
    """This process's place; rank 0 of 1 where no process group has been made."""
    if dist.is_initialized():
        return Place(dist.get_rank(), dist.get_world_size())
    return Place(0, 1)


def from_rank_0(action: Callable[[], Result]) -> Result:
    """Do `action` on rank 0 alone; every rank gets what it returns, or raises what it raises.

    A rank that raised alone would leave the others waiting for it until their time is up. The result travels pickled.
    """
    rank, processes = place()
    if processes == 1:
        return action()
    outcome: list = [None, None]
    if rank == 0:
        try:
            outcome[0] = action()
        except Exception as trouble:
            outcome[1] = trouble
    dist.broadcast_object_list(outcome, src=0)
    if outcome[1] is not None:
        raise outcome[1]
    return outcome[0]


def from_every_rank(value: Result) -> list[Result]:
    """What each rank gave, in the order of their ranks. It travels pickled."""
    processes = place().processes
    if processes == 1:
        return [value]
    values: list = [None] * processes
    dist.all_gather_object(values, value)
    return values


def check_same_everywhere(settings: dict[str, object]) -> None:
    """Raise ValueError on every rank if some rank was given other settings: they would wait for each other for ever."""
    first, *others = from_every_rank(settings)
    for rank, theirs in enumerate(others, start=1):
        for name, value in first.items():
            if theirs[name] != value:
                raise ValueError(
                    f"Rank {rank} was given {name}={theirs[name]} and rank 0 {name}={value}. "
                    "All processes train one model together: give each the same."
                )
