"""How the reader started `course`, so that each hint names its command in a form that works for them as well.

uv does not tell a program how it was called itself, so the command line of the process above is read.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from course_utils.colab import on_colab

PROGRAM, MODULE = "course", "course_utils.course.cli"
THROUGH_PYTHON = "UV_INTERNAL__PARENT_INTERPRETER"          # which `python -m uv` sets, and plain `uv` does not
MOST_STEPS_UP = 2                       # on Windows `course.exe` stands between uv and the Python that it starts


class Start(NamedTuple):
    """What stands before a command's own arguments, and uv as it was called: "" where it was not."""

    course: str                         # "course", "python -m uv run course", "uvx --from WHEEL course" and so on
    uv: str = ""                        # "uv", "python -m uv", or "uvx", which makes an environment for this call only


def command(arguments: str = "") -> str:
    """`course ARGUMENTS`, to be typed where this process was started."""
    return f"{start().course} {arguments}".rstrip()


def install(what: str, *, anew: bool = False) -> str:
    """The command that installs `what`, as pip takes it, where this process runs; `anew` even if it is there.

    An environment that uv made has no pip of its own. What uvx made is not to be mended: uv makes it again.
    """
    course, uv = start()
    if uv == "uvx":
        return course.replace("uvx", "uvx --reinstall", 1) + " doctor"
    option = ("--reinstall " if uv else "--force-reinstall ") if anew else ""
    if uv and "--no-sync" in course:                # the small build of torch, which the README starts in this way
        option += "--torch-backend=cpu "
    return f"{uv or 'python -m'} pip install {option}{what}"


def install_beside(*packages: str) -> str:
    """The command that adds `packages`, "sphinx>=9" and so on, to where this process runs.

    To what uvx made nothing can be added: uv makes it with them, and the command that was started is typed after it.
    """
    if start().uv == "uvx":
        more = _joined([word for package in packages for word in ("--with", package)])
        return start().course.replace("uvx", f"uvx {more}", 1)
    return install(_joined(packages))


@cache
def start() -> Start:
    """How this process was started."""
    return Start("!course") if on_colab() else understand(sys.orig_argv, sys.argv[1:], _above(), os.environ)


def understand(own: Sequence[str], arguments: Sequence[str], above: Sequence[Sequence[str]],
               environment: Mapping[str, str]) -> Start:
    """The start of a process from its command line, which ends in `arguments`, and those of the processes above it."""
    for line in above:
        name = Path(line[0].replace("\\", "/")).stem.lower() if line else ""
        if name in ("uv", "uvx") and _ends_in_course(before := _less(line, arguments)):
            words = before[1:] if name == "uv" else ["tool", "uvx", *before[1:]]
            if words[:2] in (["tool", "uvx"], ["tool", "run"]):
                return Start(_joined(["uvx", *words[2:]]), "uvx")
            uv = ["python", "-m", "uv"] if environment.get(THROUGH_PYTHON) else [line[0]]
            return Start(_joined([*uv, *words]), _joined(uv))
    if list(own[1:3]) == ["-m", MODULE]:
        return Start(_joined(own[:3]))
    script = own[1] if len(own) > 1 else ""
    if Path(script).stem == PROGRAM and not _found_by_name(script):
        return Start(_joined([script]))
    return Start(PROGRAM)


def _less(line: Sequence[str], arguments: Sequence[str]) -> list[str]:
    """The command line without the arguments at its end; [] where it does not end in them: another command's."""
    many = len(line) - len(arguments)
    return list(line[:many]) if list(line[many:]) == list(arguments) else []


def _ends_in_course(words: Sequence[str]) -> bool:
    """Whether these words start `course`, and not a program that calls it, such as the tests."""
    return bool(words) and (Path(words[-1].replace("\\", "/")).stem == PROGRAM or list(words[-2:]) == ["-m", MODULE])


def _found_by_name(script: str) -> bool:
    """Whether a shell finds this very script under the program's name."""
    found = shutil.which(PROGRAM)
    return found is not None and os.path.realpath(found) == os.path.realpath(script)


def _joined(words: Sequence[str]) -> str:
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def _above() -> list[list[str]]:
    """The command lines of the processes above this one, the nearest first; none where they cannot be read."""
    try:
        import psutil  # ipykernel brings it
    except ImportError:
        return []
    try:
        return [process.cmdline() for process in psutil.Process().parents()[:MOST_STEPS_UP]]
    except (psutil.Error, OSError):
        return []
