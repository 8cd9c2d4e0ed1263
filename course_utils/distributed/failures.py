"""How a launch can fail, in sentences: what happened, why, and what to do."""

import json
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from course_utils.distributed.collectives import SAME_CALLS
from course_utils.distributed.places import STARTING


class WorkerFailed(RuntimeError):
    """The processes of a launch did not finish their work. The text says what happened, why, and what to do.

    `rank` is the process that failed first, None where it was all of them; `traceback` is its own, "" if it has none.
    """

    def __init__(self, message: str, rank: int | None = None, traceback: str = ""):
        super().__init__(message + (f"\n\n{traceback}" if traceback else ""))
        self.rank, self.traceback = rank, traceback


class Outcome(NamedTuple):
    """What a rank writes down at its end."""

    kind: str               # "returned", "raised", "exited", "unsendable", or "missed": waited for another rank in vain
    text: str = ""          # the error, in a line or in sentences
    place: str = ""         # the line of its code
    traceback: str = ""
    time: float = 0.0       # when it was written, in seconds: tells who was first

    def write(self, path: Path) -> None:
        """Store it where `read` finds it, with the time."""
        path.write_text(json.dumps(self._replace(time=time.time())._asdict()), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Outcome | None":
        """What was written; None for a rank that wrote nothing, or was ended while it wrote."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None


class End(NamedTuple):
    """What is known of one rank when a launch has failed."""

    code: int | None                # its exit code, minus the number of the signal that ended it; None: still at work
    outcome: Outcome | None
    place: str = ""                 # where it stood when it was asked, "" where it did not answer yet
    last_words: str = ""            # the end of what it wrote to stderr


SIGNALS = {
    "SIGKILL": "No code of yours does that. Mostly the system does, when memory runs out: use fewer processes, "
               "a smaller batch_size, or data that stay on disk.",
    "SIGTERM": "Somebody, or the system, asked it to end.",
}
CRASHED = "It crashed in compiled code, not in Python. Call the function once without `launch` to see where."


def failure(ends: Mapping[int, End]) -> WorkerFailed:
    """The error for ranks that ended as `ends` says; at least one of them returned nothing.

    Where several failed, the message is about the one that drew the others along.
    """
    if any("op.preamble.length" in end.last_words for end in ends.values()):        # gloo counts bytes, and gives up
        return WorkerFailed(
            "The ranks gave tensors of different sizes to one call that all make together. In each such call every "
            f"rank has to give a tensor of the same shape and dtype. This is where they stood:\n{_places(ends)}"
        )
    for rank, end in ends.items():
        if end.code == -signal.SIGKILL:
            return _ended(rank, ends)
    outcomes = sorted((end.outcome.time, rank, end.outcome) for rank, end in ends.items() if end.outcome)
    for _, rank, outcome in outcomes:
        if outcome.kind in ("raised", "exited", "unsendable"):
            return _told(rank, outcome, ends)
    for rank, end in ends.items():
        if end.code is not None and (not end.outcome or end.outcome.kind == "returned" and end.code):
            return _ended(rank, ends)
    _, rank, outcome = next(missed for missed in outcomes if missed[2].kind == "missed")
    return WorkerFailed(
        f"{_name(rank, ends)} {outcome.text}. This is where they stood:\n{_places(ends)}\n{SAME_CALLS} "
        "If a rank is only slow, give launch a longer `timeout`.", rank,
    )


def out_of_time(ends: Mapping[int, End], time_limit: float) -> WorkerFailed:
    """The error for ranks that were still at work when the time was over."""
    return WorkerFailed(
        f"The work was not done after {time_limit:g} s, the time limit, so every process was ended. This is where they "
        f"stood:\n{_places(ends)}\nIf the work needs longer, allow it: launch(..., time_limit={2 * time_limit:g}). "
        "If not, look there for a loop that does not end."
    )


def _told(rank: int, outcome: Outcome, ends: Mapping[int, End]) -> WorkerFailed:
    """The error for a rank that said itself what went wrong."""
    name = _name(rank, ends)
    if outcome.kind == "unsendable":
        return WorkerFailed(f"{name} {outcome.text}", rank)
    if outcome.kind == "exited":
        return WorkerFailed(
            f"{name} ended itself with {outcome.text} before the function had returned, in {outcome.place}."
            f"{_others(ends)} Leave the function with `return`, and report trouble with `raise`.", rank,
        )
    return WorkerFailed(
        f"{name} raised {outcome.text}.{_others(ends)} This is the traceback of rank {rank}:", rank, outcome.traceback,
    )


def _ended(rank: int, ends: Mapping[int, End]) -> WorkerFailed:
    """The error for a rank that ended without a word: by a signal, or by an exit that Python did not see."""
    name, code, words = _name(rank, ends), ends[rank].code or 0, ends[rank].last_words
    if code >= 0:
        return WorkerFailed(
            f"{name} ended with exit code {code} before the function had returned, and left no result.{_others(ends)}"
            + (f" Its last words:\n\n{words}" if words else ""), rank,
        )
    signal_name = signal.Signals(-code).name
    return WorkerFailed(
        f"{name} was ended by signal {-code} ({signal_name}).{_others(ends)} {SIGNALS.get(signal_name, CRASHED)} "
        "A run that wrote a checkpoint goes on from it with resume=True.", rank,
    )


def _places(ends: Mapping[int, End]) -> str:
    """A line for each rank."""
    def place(end: End) -> str:
        if end.outcome:
            return "had returned already" if end.outcome.kind == "returned" else end.outcome.place
        return "had ended" if end.code is not None else end.place or STARTING

    return "\n".join(f"  rank {rank}: {place(end)}" for rank, end in sorted(ends.items()))


def _name(rank: int, ends: Mapping[int, End]) -> str:
    return f"Rank {rank} of {len(ends)}"


def _others(ends: Mapping[int, End]) -> str:
    return {1: "", 2: " The other process was ended too."}.get(len(ends), " The other processes were ended too.")
