"""Installs the course from this folder, without a network: python install.py [FOLDER]

It makes FOLDER (default: course, in your home folder) with Python's packages, the data and a file to start from.
Nothing else on the computer is changed; to take the course off again, delete FOLDER. Interrupted, it can be run again.
"""

# Copied as it is into a classroom's folder. It runs before anything is installed, in whatever Python is there: so it
# needs Python's own library alone, and its first lines have to be read by old versions, too.

import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"


def main(arguments):
    """Install into the folder named, and say how the course is started; the exit code."""
    target = Path(arguments[0]).expanduser().resolve() if arguments else Path.home() / "course"
    try:
        lock = fitting_lock(json.loads((HERE / "classroom.json").read_text(encoding="utf-8")))
        install(lock, target)
    except Stop as stop:
        print("\n" + str(stop), file=sys.stderr)
        return 1
    except OSError as refusal:
        print(f"\nThe course could not be installed: {refusal}.\nIs the disk full, or is this folder not complete? "
              "Then run this again.", file=sys.stderr)
        return 1
    print(f"\nThe course is in {target}. To start it: {starter(target)}")
    return 0


class Stop(Exception):
    """It cannot be installed. The text says why, and what to do."""


def fitting_lock(classroom):
    """The file that lists the packages for this computer and this Python."""
    here = [platform.system(), platform.machine()]
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    fitting = [one for one in classroom["targets"] if one["for"] == here]
    if not fitting:
        has = ", ".join(sorted(one["title"] for one in classroom["targets"]))
        intel = "\nPyTorch is no longer built for Macs with Intel processors." if here == ["Darwin", "x86_64"] else ""
        raise Stop(f"This folder has nothing for {here[0]} on {here[1]}. It has: {has}.{intel}")
    for one in fitting:
        if one["python"] == python:
            return HERE / one["lock"]
    has = " and ".join(one["python"] for one in fitting)
    raise Stop(f"This is Python {python}, and this folder has packages for Python {has}.\n"
               "Install that Python, and run this file with it.")


def install(lock, target):
    """Make the environment, put the packages in, copy the data, write the file that starts the course."""
    import venv

    environment, data = target / "environment", target / "data"
    print(f"Making {environment} …", flush=True)
    venv.create(environment, with_pip=False)        # Debian's Python has no pip to give; ours comes from the folder
    python = environment / ("Scripts/python.exe" if WINDOWS else "bin/python")
    pip = sorted((HERE / "wheels").glob("pip-*.whl"))[-1]
    print(f"Installing {lock.read_text().count('==')} packages, which takes a few minutes …", flush=True)
    command = [str(python), str(pip / "pip"), "install", "--quiet", "--no-index", "--disable-pip-version-check",
               "--no-cache-dir", "--find-links", str(HERE / "wheels"), "--require-hashes", "--requirement", str(lock)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    if subprocess.run(command, env={**clean, "PIP_CONFIG_FILE": os.devnull}).returncode:
        raise Stop("A package could not be installed; the lines above say which. If they speak of hashes, this folder\n"
                   "was damaged in copying: copy it again. Is the disk full? Then run this file again.")
    copy_data(data)
    remember_data(python, data)
    write_starter(target)


def copy_data(data):
    """Copy the data sets; a file is whole or not there."""
    for source in sorted((HERE / "data").rglob("*")):
        copy = data / source.relative_to(HERE / "data")
        if source.is_file() and not (copy.is_file() and copy.stat().st_size == source.stat().st_size):
            copy.parent.mkdir(parents=True, exist_ok=True)
            part = copy.with_name(copy.name + ".part")
            shutil.copyfile(source, part)
            os.replace(part, copy)


def remember_data(python, data):
    """Set COURSE_DATA in this environment alone, for `course lab`, its kernels and every script.

    Python runs the lines of a .pth file that begin with `import` whenever it starts. What somebody sets by hand counts.
    """
    where = subprocess.run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
                           stdout=subprocess.PIPE, check=True, text=True).stdout.strip()
    line = f"import os; os.environ.setdefault('COURSE_DATA', {str(data)!a})\n"
    (Path(where) / "course_data.pth").write_text(line, encoding="utf-8")


def starter(target):
    """The file that starts the course."""
    return target / ("start.bat" if WINDOWS else "start.command" if sys.platform == "darwin" else "start.sh")


def write_starter(target):
    """A file to start by name, or by a double click where the system allows it."""
    file = starter(target)
    if WINDOWS:
        text = '@echo off\ncd /d "%~dp0"\nenvironment\\Scripts\\course.exe lab %*\npause\n'
    else:
        text = '#!/bin/sh\ncd "$(dirname "$0")" && exec environment/bin/course lab "$@"\n'
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
