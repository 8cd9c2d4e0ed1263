"""Randomness that comes from a seed and leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


def epoch_seed(seed: int, number: int) -> int:
    """The seed of one epoch of one run: epoch 7 is drawn alike whether the run is continued or goes through.

    No two epochs of a study share one: `seed + number` would give epoch 2 of seed 0 the order of epoch 1 of seed 1.
    """
    return 1_000_003 * int(seed) + number


@contextmanager
def seeded(seed: int, device: torch.device | str = "cpu") -> Iterator[None]:
    """Draw from `seed` inside the block, and put the global generators of the CPU and of `device` back after it."""
    device = torch.device(device)
    accelerator = None if device.type == "cpu" else getattr(torch, device.type)  # torch.cuda or torch.mps
    which = (device,) if device.type == "cuda" else ()  # there is only one MPS device
    cpu_state = torch.get_rng_state()
    state = accelerator.get_rng_state(*which) if accelerator else None
    try:
        torch.default_generator.manual_seed(seed)  # torch.manual_seed would reseed devices that nobody puts back
        if device.type == "cuda":
            with torch.cuda.device(device):
                torch.cuda.manual_seed(seed)
        elif accelerator:
            accelerator.manual_seed(seed)
        yield
    finally:
        torch.set_rng_state(cpu_state)
        if accelerator:
            accelerator.set_rng_state(state, *which)
