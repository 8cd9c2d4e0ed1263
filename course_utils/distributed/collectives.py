"""What PyTorch says when processes miss one another, in plain words.

A collective is a call that every rank makes and that ends only when all have made it, such as `all_reduce`. The texts
looked for are those of gloo, PyTorch's carrier between CPUs, and of its store, through which processes first meet.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from course_utils.distributed.places import collective, describe, frames_of

SAME_CALLS = (
    "Every rank has to make the same calls in the same order, with tensors of the same shape: look for an `if` that "
    "only some ranks enter."
)


class CollectiveFailed(RuntimeError):
    """A rank waited in vain for another one. `what` it did and at which `place`, for a report on all ranks."""

    def __init__(self, what: str, place: str, advice: str):
        super().__init__(f"This rank {what}, in {place}. {advice}")
        self.what, self.place = what, place


class NotTogether(RuntimeError):
    """The processes did not find one another at the beginning."""


@contextmanager
def explained() -> Iterator[None]:
    """Inside the block, a collective in which a rank waits in vain raises CollectiveFailed."""
    try:
        yield
    except RuntimeError as error:
        frames, text = frames_of(error.__traceback__), str(error)
        call = collective(frames) or "a call to the other ranks"
        if found := re.search(r"Timed out waiting (\d+)ms", text):
            raise CollectiveFailed(
                f"waited {int(found[1]) / 1000:g} s in {call} for a rank that did not come", describe(frames),
                f"{SAME_CALLS} If a rank is only slow, allow a longer `timeout`.",
            ) from error
        if re.search("Connection (closed|reset) by peer|Broken pipe", text):
            raise CollectiveFailed(
                f"was in {call}, which needs every rank, when another one ended", describe(frames),
                "Look for what that rank says.",
            ) from error
        raise


def explain_meeting(error: RuntimeError, rank: int, processes: int, timeout: float, address: str) -> NotTogether:
    """The sentences for an error of `init_process_group`; `address` is "host:port", where rank 0 is looked for."""
    text = str(error)
    if "EADDRINUSE" in text:
        return NotTogether(f"{taken(address.rpartition(':')[2])} Or were two processes both given RANK=0?")
    if found := re.search(r"(\d+)/\d+ clients joined", text):
        return NotTogether(
            f"{found[1]} of {processes} processes came within {timeout:g} s. Start the missing ones, with the same "
            "MASTER_ADDR and MASTER_PORT, or begin again with the WORLD_SIZE that you want."
        )
    if "trying to connect" in text or "cannot be retrieved" in text:
        return NotTogether(
            f"Rank {rank} looked {timeout:g} s for rank 0 at {address} and found nobody there. Start rank 0, and see "
            "that MASTER_ADDR and MASTER_PORT are the same for every rank and can be reached from here."
        )
    return NotTogether(
        f"The {processes} processes did not come together within {timeout:g} s (this is rank {rank}). Was each of the "
        f"ranks 0 to {processes - 1} started, and started once? PyTorch says: {text.splitlines()[0]}"
    )


def taken(port: int | str) -> str:
    """What to say when another program listens at `port`."""
    return f"Port {port} of this machine is taken by another program, perhaps an earlier run. Choose another port."
