"""A folder for a room without a network: wheels for each kind of computer, the data, the pages, and how to install.

What it will hold and how large it is is said before anything is fetched. Each file is whole or not there, so the
command can be run again after an interruption and goes on where it was.
"""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import course_utils
from course_utils.course import wheelhouse
from course_utils.course.classroom_pages import page
from course_utils.course.wheelhouse import SYSTEMS, Chosen, NotChosen, Target, Wheel
from course_utils.course.whole_files import copy_whole, write_whole
from course_utils.course.workbook import WorkbookTrouble, lessons_folder
from course_utils.download import SOURCES, DataUnavailable, fetch

INSTALL = Path(__file__).with_name("classroom_install.py")
MB = 1e6


class Plan(NamedTuple):
    """What the folder will hold: the wheels of each target, and of those that have none the reason."""

    chosen: dict[Target, Chosen]
    missing: dict[Target, str]

    @property
    def wheels(self) -> list[Wheel]:
        """Each file once, though several targets may want it."""
        return list({wheel.file: wheel for chosen in self.chosen.values() for wheel in chosen.wheels}.values())


def plan(targets: list[Target], own: Path) -> Plan:
    """Choose the wheels of every target; `own` holds wheels that come before an index's. Raises WorkbookTrouble."""
    chosen, missing = {}, {}
    for target in targets:
        try:
            chosen[target] = wheelhouse.choose(target, own)
        except NotChosen as reason:
            missing[target] = str(reason)
    return Plan(chosen, missing)


def own_wheels(folder: Path, given: Path | None) -> None:
    """Put the course's wheel, built here, into `folder`, and what `given` holds. Raises WorkbookTrouble."""
    for path in sorted(given.glob("*.whl")) if given is not None else []:
        copy_whole(path, folder / path.name)
    root = Path(__file__).resolve().parents[2]
    if (root / "pyproject.toml").is_file() and lessons_folder().parent == root:
        done = subprocess.run([*wheelhouse.uv(), "build", "--quiet", "--wheel", "--out-dir", str(folder), str(root)],
                              capture_output=True, text=True)
        if done.returncode:
            raise WorkbookTrouble(f"The course's own wheel could not be built. uv says: {done.stderr.strip()[-300:]}")
    elif not list(folder.glob("course_utils-*.whl")):
        raise WorkbookTrouble("The course was installed from a wheel. Put that wheel into a folder, and name it: "
                              "--wheels FOLDER")


def told(plan: Plan, folder: Path) -> str:
    """What will be in the folder, in megabytes, before anything is fetched."""
    lines = [f"{folder} will hold:"]
    for target, chosen in plan.chosen.items():
        lines.append(f"  {target.title:<22} {len(chosen.wheels):4} packages {_megabytes(chosen.wheels):>9}"
                     + (f"  ({chosen.note})" if chosen.note else ""))
    for target, reason in plan.missing.items():
        lines.append(f"  {target.title:<22} nothing. {reason}")
    data = sum(source.megabytes for source in SOURCES.values())
    to_come = [wheel for wheel in plan.wheels if not wheelhouse.is_here(wheel, folder / "wheels")]
    return "\n".join([*lines, f"  {'Data':<22} {len(SOURCES):4} sets     {data:6.0f} MB",
                      f"Packages together, what several share once: {_megabytes(plan.wheels).strip()}, "
                      f"of which {_megabytes(to_come).strip()} are not here yet."])


def _megabytes(wheels: list[Wheel]) -> str:
    unknown = sum(wheel.size is None for wheel in wheels)
    some = f" and {unknown} of unknown size" if unknown else ""
    return f"{sum(wheel.size or 0 for wheel in wheels) / MB:6.0f} MB{some}"


def room_for(plan: Plan, folder: Path) -> None:
    """Raises WorkbookTrouble where the disk has too little room."""
    needed = sum(wheel.size or 0 for wheel in plan.wheels if not wheelhouse.is_here(wheel, folder / "wheels"))
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < needed + 200 * MB:
        raise WorkbookTrouble(f"{needed / MB:.0f} MB are to be fetched, and {free / MB:.0f} MB are free in {folder}.\n"
                              "Nothing was fetched. Make room, or name another folder.")


def make(plan: Plan, folder: Path, site: Path | None, say: Callable[[str], object]) -> list[str]:
    """Fetch and write everything; a line for each thing that is missing in the end. Raises WorkbookTrouble, OSError."""
    wheels = sorted(plan.wheels, key=lambda wheel: wheel.size or 0)
    (folder / "wheels").mkdir(parents=True, exist_ok=True)
    for number, wheel in enumerate(wheels, start=1):
        if not wheelhouse.is_here(wheel, folder / "wheels"):
            say(f"{number:4} of {len(wheels)}  {_megabytes([wheel])}  {wheel.file}")
            wheelhouse.fetch(wheel, folder / "wheels")
    for part in (folder / "wheels").glob("tmp*"):   # what an interrupted download left
        part.unlink()
    missing = [f"{target.title}: {reason}" for target, reason in plan.missing.items()] + _data(folder / "data")
    if site is not None:
        shutil.copytree(site, folder / "site", dirs_exist_ok=True)
    copy_whole(INSTALL, folder / "install.py")
    for system in SYSTEMS:
        pythons = [target.python for target in plan.chosen if target.system == system]
        if pythons:
            write_whole(folder / f"{SYSTEMS[system].title}.html", page(system, pythons, has_site=site is not None))
    for target, chosen in plan.chosen.items():
        write_whole(folder / _lock_of(target), _lock(chosen.wheels))
    write_whole(folder / "classroom.json", json.dumps(_contents(plan), indent=1) + "\n")    # last: now it is complete
    return missing


def _data(folder: Path) -> list[str]:
    missing = []
    for name, source in SOURCES.items():
        try:
            found = fetch(name, retry=True)
        except DataUnavailable:
            missing.append(f"{source.title}: could not be fetched. Lessons run without it, and show less.")
            continue
        for file in source.files:
            copy_whole(found / file.path, folder / file.path)
    return missing


def _lock_of(target: Target) -> str:
    return f"packages/{target.system}-{target.python}.txt"


def _lock(wheels: list[Wheel]) -> str:
    """In pip's form, with the SHA-256 of each: pip refuses a file that a stick has damaged."""
    return "".join(f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}\n" for wheel in wheels)


def _contents(plan: Plan) -> dict[str, object]:
    """What install.py reads: for which computers there is a list of packages."""
    targets = [{"title": target.title, "for": list(SYSTEMS[target.system].answers_to), "python": target.python,
                "lock": _lock_of(target)} for target in plan.chosen]
    return {"course": course_utils.__version__, "targets": targets}


def prepare(folder: Path, targets: list[Target], *, given: Path | None, site: Path | None,
            agrees: Callable[[str], bool], say: Callable[[str], object]) -> int:
    """The whole command: choose, tell, ask, make. Returns the exit code; raises WorkbookTrouble."""
    try:
        with tempfile.TemporaryDirectory() as own:
            own_wheels(Path(own), given)
            say("Choosing packages …")
            planned = plan(targets, Path(own))
            if not planned.chosen:
                raise WorkbookTrouble("For none of these is anything to be had.\n" + told(planned, folder))
            room_for(planned, folder)
            if not agrees(told(planned, folder)):
                say("Nothing was fetched.")
                return 1
            missing = make(planned, folder, site, say)
    except OSError as refusal:
        raise WorkbookTrouble(f"{refusal.filename or folder} cannot be written: {refusal.strerror or refusal}.\n"
                              "What is there is whole. Run the same command again to go on.") from refusal
    say("\n".join(["", f"{folder} is ready. Learners copy it, or the stick goes round, and run in it: "
                   "python install.py", *(["Missing:", *missing] if missing else [])]))
    return int(bool(missing))
