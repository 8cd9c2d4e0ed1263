"""What the doctor writes on its page: findings, where it is, and what an installed package says it needs."""

from importlib import metadata
from typing import TYPE_CHECKING, NamedTuple

from course_utils.colab import on_colab

if TYPE_CHECKING:
    from packaging.requirements import Requirement

GOOD, NOTE, FIX = "ok", "note", "FIX"


class Finding(NamedTuple):
    """A line of the page: `level` is GOOD, NOTE (lessons still run) or FIX (one would not); `action` is what to do."""

    level: str
    text: str
    action: str = ""


def reinstall() -> str:
    """How the course is installed again, in the place where this is."""
    if on_colab():
        return "Menu Runtime > Disconnect and delete runtime, then run the lesson from its first cell."
    return "Install the course again, from its folder: python -m pip install -e ."


def requirements(package: str) -> "list[Requirement]":
    """What an installed package says it needs, without its extras; nothing if it is missing."""
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(line) for line in metadata.requires(package) or []]
    except metadata.PackageNotFoundError:
        return []
    return [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
