"""The learner's copies of the lessons: laid in `my_work/`, never overwritten, never lost; and progress, read from them.

Each copy carries one note, in the notebook's own metadata: the SHA-256 of its cells' sources as they were laid. A copy
whose sources still have it is nobody's work and is renewed when the lesson changes; any other is the learner's, and the
new version is laid beside it. Outputs do not count, for running the cells again brings them back. Nothing else is
recorded: progress is what the saved notebooks themselves show.
"""

import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

from course_utils import colab, started
from course_utils.course.broken_saves import last_whole_save
from course_utils.course.cells import Cell, cells, note, texts, whole

CHECK = re.compile(r"\bexercises\.(\w+)\.check\((?:(\w+)\))?")      # the exercise, and the answer where it is a name

# Of a cell with which the lesson itself comes with an output, which says nothing about the learner.
_STORED_WITH_OUTPUT = "nbval-check-output"

SAYS_RIGHT = re.compile(r"^[*# ]*✓ (?:Right|Noted)", re.M)         # a line of its own; the question may stand above it


class WorkbookTrouble(RuntimeError):
    """The copies cannot be laid. The text says what happened and what to do."""


class Laid(NamedTuple):
    """What became of one lesson, and a line to tell the learner, or ""."""

    action: str             # "new", "same", "renewed", "kept" or "beside"
    note: str = ""


class Progress(NamedTuple):
    """How many of a lesson's exercises a saved copy shows as right; `opened` is False while nothing was run in it."""

    lesson: str
    right: int
    total: int
    opened: bool


def lessons_folder() -> Path:
    """The folder that holds the lessons: `notebooks/` of the checkout, or the copy in the installed package."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parent / "notebooks", package / "_notebooks"):
        if lessons(folder):
            return folder
    raise WorkbookTrouble("No lessons were found, beside the package or in it. Install the course again: see README.")


def lessons(folder: Path) -> list[Path]:
    """The lessons in `folder`, in order: `00_start_here.ipynb`, `01_….ipynb` and so on."""
    return sorted(folder.glob("[0-9][0-9]_*.ipynb"))


def lessons_named(beginning: str, folder: Path) -> list[Path]:
    """The lessons in `folder` whose names begin so; a number is a lesson's, 1 as well as 01."""
    wanted = beginning.zfill(2) if beginning.isdigit() else beginning
    return [path for path in lessons(folder) if path.stem.startswith(wanted)]


def default_folder() -> Path:
    """Where the learner's copies live unless `--dir` names another place: `my_work/` in the checkout, or right here.

    On Colab it is the folder of Drive in which "Save a copy in Drive" puts them.
    """
    if colab.on_colab():
        return colab.saved_copies()
    root = Path(__file__).resolve().parents[2]
    return (root if (root / "pyproject.toml").is_file() and (root / "notebooks").is_dir() else Path.cwd()) / "my_work"


# ---- laying ----


def lay(notebooks_dir: Path, my_work: Path) -> list[Laid]:
    """Copy each lesson of `notebooks_dir` that `my_work` lacks, renew what is untouched, leave what was edited.

    A file that the learner deleted is laid again, and a save that a crash broke off is undone. Each file is written
    whole beside its place and renamed, so there is no lock to wait for, or to be left behind by a crash. Raises
    WorkbookTrouble where `my_work` cannot be written to.
    """
    try:
        my_work.mkdir(parents=True, exist_ok=True)
        _clear_up(my_work)
        return [_lay_one(original, my_work / original.name) for original in lessons(notebooks_dir)]
    except OSError as refusal:
        if refusal.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
            first, action = "the disk is full", "Delete something you no longer need, then run the command again."
        else:
            first = f"{refusal.strerror or refusal}"
            action = f"Give another folder: `{started.command('lab --dir FOLDER')}`."
        raise WorkbookTrouble(f"Your copies cannot be written: {first}. The folder: {my_work}\n"
                              f"Nothing of yours was changed. {action}") from refusal


def _lay_one(original: Path, copy: Path) -> Laid:
    lesson = original.read_bytes()
    try:
        here, told = last_whole_save(copy)
        renamed = _rename_as_today(copy)
    except OSError as refusal:                      # a folder of that name, or a link to nowhere
        return Laid("kept", f"{copy.name} cannot be read ({refusal.strerror}). It stays as it is, and the lesson is "
                            "not laid. Move it away, then run the command again.")
    laid = _lay_over(here, lesson, copy)
    return Laid(laid.action, "\n".join(line for line in (told, *renamed, laid.note) if line))


def _lay_over(here: bytes | None, lesson: bytes, copy: Path) -> Laid:
    """Decide from what lies there, `here`, what becomes of it."""
    if here is None:
        _write(copy, lesson, over=None)
        return Laid("new")
    if not here.strip():
        _write(copy, lesson, over=here)
        return Laid("new", f"{copy.name} was empty: the lesson is laid anew.")
    if _sources(here) == _sources(lesson):
        return Laid("same")
    if _is_as_laid(here):
        _write(copy, lesson, over=here)
        return Laid("renewed", f"{copy.name} has changed, and you had written nothing in it: it is renewed.")
    if note(here) == _sources(lesson) or any(_holds(path, lesson) for path in _laid_beside(copy)):
        return Laid("kept")                         # the learner edits this very version, or has it beside
    beside, there = next((path, there) for path in _names_beside(copy)
                         if (there := _content_or_nothing(path)) is None or _is_as_laid(there))
    _write(beside, lesson, over=there)
    return Laid("beside", f"{copy.name} has changed. Yours holds your work and stays as it is; "
                          f"the new version lies beside it: {beside.name}")


def _holds(path: Path, lesson: bytes) -> bool:
    """Whether a copy laid beside is of this version: its note says so, or, where a tool dropped the note, its cells."""
    content = _content_or_nothing(path) or b""
    return _sources(lesson) in (note(content), _sources(content))


def _clear_up(folder: Path) -> None:
    """Delete what killed processes had begun to write: after an hour nobody is at it any more."""
    for part in folder.glob(".*.ipynb.*.part"):
        with contextlib.suppress(OSError):          # deleted meanwhile, or still open on Windows
            if abs(time.time() - part.stat().st_mtime) > 3600:      # dated in the future by a wrong clock: old too
                part.unlink()


def _names_beside(copy: Path) -> Iterator[Path]:
    """`NEW 01_….ipynb`, `NEW-2 01_….ipynb`: JupyterLab's list of files cuts long names off at the end."""
    yield copy.with_name(f"NEW {copy.name}")
    yield from (copy.with_name(f"NEW-{n} {copy.name}") for n in count(2))


def _laid_beside(copy: Path) -> list[Path]:
    """The newer versions beside a copy, under today's names and under those that the course gave them at first."""
    return [*sorted(copy.parent.glob(f"NEW* {copy.name}")), *_named_as_at_first(copy)]


def _named_as_at_first(copy: Path) -> list[Path]:
    return sorted(copy.parent.glob(f"{copy.stem}.new*.ipynb"))


def _rename_as_today(copy: Path) -> list[str]:
    """Give versions beside a copy today's names, where nobody wrote in them; a line to tell for each. Raises OSError.

    A file that holds the learner's work keeps its name: it may be open at this moment.
    """
    told = []
    for old in _named_as_at_first(copy):
        if _is_as_laid(_content_or_nothing(old) or b""):
            new = next(path for path in _names_beside(copy) if not path.exists())
            with contextlib.suppress(FileNotFoundError):        # another `course lab` was faster
                old.rename(new)                     # whatever was saved in it meanwhile moves along
                told.append(f"{old.name} is now called {new.name}")
    return told


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _content_or_nothing(path: Path) -> bytes | None:
    """What lies there; b"", neither absent nor laid by us, where it cannot be read, for whatever reason."""
    try:
        return path.read_bytes() if path.exists() or path.is_symlink() else None
    except OSError:
        return b""


def _sources(content: bytes) -> str:
    """SHA-256 of what is written in the cells; of the bytes for what is no notebook.

    Empty cells are left out: JupyterLab adds one when the last cell is run.
    """
    written = [(cell.kind, cell.source) for cell in cells(content) if cell.source.strip()]
    return hashlib.sha256(json.dumps(written).encode() if written else content).hexdigest()


def _is_as_laid(content: bytes) -> bool:
    return note(content) == _sources(content)


def _write(path: Path, lesson: bytes, *, over: bytes | None) -> None:
    """Lay a copy at `path`, whole or not at all, provided that what lies there is still `over`, or nothing (None)."""
    content = lesson
    if (notebook := whole(lesson)) is not None:     # what is none, say after a failed merge, is copied as it is
        notebook.setdefault("metadata", {})["course"] = {"laid": _sources(lesson)}
        content = (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(content)
        if _content(path) not in (over, content):   # looked at again, at the last moment
            raise OSError(f"{path.name} was saved a moment ago. Run the command again")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


# ---- progress ----


def checks(source: str) -> list[tuple[str, str]]:
    """The checks in a cell: the exercise's name, and that of the answer handed to it, or "" where it has none."""
    return CHECK.findall(source)


def exercises(content: bytes) -> list[str]:
    """The names of the exercises that a notebook checks, in order, each once."""
    return list(dict.fromkeys(name for cell in cells(content) for name in _checked(cell)))


def right(content: bytes) -> set[str]:
    """The exercises whose saved output says "✓ Right" or, of a guess, "✓ Noted". A cell shows its last check's."""
    return {_checked(cell)[-1] for cell in cells(content)
            if _checked(cell) and any(SAYS_RIGHT.search(text) for output in cell.outputs for text in texts(output))}


def _checked(cell: Cell) -> list[str]:
    return [name for name, _ in checks(cell.source)] if cell.kind == "code" else []


def copies_of(lesson: str, folder: Path) -> list[Path]:
    """The copies of a lesson in a folder, however they came there: laid beside, saved to Drive, downloaded twice.

    Colab saves "Copy of 01_lines.ipynb" ("Copy_of_" once it is downloaded), and browsers add " (1)".
    """
    name = re.compile(rf"(?:(?:copy[ _]of|new(?:-\d+)?)[ _])*{re.escape(lesson)}(?:[ .(-].*)?", re.IGNORECASE)
    return sorted(path for path in folder.glob("*.ipynb") if name.fullmatch(path.stem))


def progress(notebooks_dir: Path, my_work: Path) -> list[Progress]:
    """What the saved copies of each lesson show, the learner's own and versions laid beside it taken together."""
    result = []
    for original in lessons(notebooks_dir):
        wanted, solved, opened = exercises(original.read_bytes()), set(), False
        for copy in copies_of(original.stem, my_work):
            try:
                content = copy.read_bytes()
            except OSError:                         # may not be read: counts as not there
                continue
            solved |= right(content)
            opened = opened or any(cell.was_run and _STORED_WITH_OUTPUT not in cell.tags for cell in cells(content))
        result.append(Progress(original.stem, len(solved.intersection(wanted)), len(wanted), opened))
    return result
