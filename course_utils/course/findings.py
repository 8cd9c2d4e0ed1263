"""What the doctor writes on its page: findings, where it is, and what an installed package says it needs."""

import json
from importlib import metadata
from typing import TYPE_CHECKING, NamedTuple

from course_utils import started
from course_utils.colab import on_colab

if TYPE_CHECKING:
    from packaging.requirements import Requirement

GOOD, NOTE, OPEN, FIX = "ok", "note", "open", "FIX"


class Finding(NamedTuple):
    """A line of the page, and what to do: GOOD, NOTE (lessons still run), OPEN (not known) or FIX (one would not)."""

    level: str
    text: str
    action: str = ""


def reinstall() -> str:
    """How the course is installed again, in the place where this is."""
    if on_colab():
        return "Menu Runtime > Disconnect and delete runtime, then run the lesson from its first cell."
    if started.start().uv == "uvx":
        return f"Let uv make its environment anew: {started.install('course-utils', anew=True)}"
    if (wheel := _installed_from()) is not None:
        return f"Install the course again: {started.install(wheel, anew=True)}"
    return f"Install the course again, from its folder: {started.install('-e .')}"


def _installed_from() -> str | None:
    """Where the wheel came from that was installed; None for a folder of the course, and where nothing is known."""
    try:
        record = metadata.distribution("course-utils").read_text("direct_url.json")
        origin = json.loads(record or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        return None
    return None if "dir_info" in origin else origin.get("url")


def requirements(package: str) -> "list[Requirement]":
    """What an installed package says it needs, without its extras; nothing if it is missing."""
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(line) for line in metadata.requires(package) or []]
    except metadata.PackageNotFoundError:
        return []
    return [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
