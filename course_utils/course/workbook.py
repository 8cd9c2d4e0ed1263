"""The learner's copies of the lessons: laid in `my_work/`, never overwritten, never lost; and progress, read from them.

Each copy carries one note, in the notebook's own metadata: the SHA-256 of its cells' sources as they were laid. A copy
whose sources still have it is nobody's work and is renewed when the lesson changes; any other is the learner's, and the
new version is laid beside it. Outputs do not count, for running the cells again brings them back. Nothing else is
recorded: progress is what the saved notebooks themselves show.
"""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import NamedTuple

CHECK = re.compile(r"\bexercises\.(\w+)\.check\((?:(\w+)\))?")      # the exercise, and the answer where it is a name

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


def default_folder() -> Path:
    """Where the learner's copies live unless `--dir` names another place: `my_work/` in the checkout, or right here."""
    root = Path(__file__).resolve().parents[2]
    return (root if (root / "pyproject.toml").is_file() and (root / "notebooks").is_dir() else Path.cwd()) / "my_work"


# ---- laying ----


def lay(notebooks_dir: Path, my_work: Path) -> list[Laid]:
    """Copy each lesson of `notebooks_dir` that `my_work` lacks, renew what is untouched, leave what was edited.

    A file that the learner deleted is laid again. Raises WorkbookTrouble where `my_work` cannot be written to.
    """
    try:
        my_work.mkdir(parents=True, exist_ok=True)
        return [_lay_one(original, my_work / original.name) for original in lessons(notebooks_dir)]
    except OSError as refusal:
        raise WorkbookTrouble(
            f"Your copies cannot be written to {my_work}: {refusal.strerror or refusal}.\n"
            "Nothing of yours was changed. Give another folder: `course lab --dir FOLDER`."
        ) from refusal


def _lay_one(original: Path, copy: Path) -> Laid:
    lesson, here = original.read_bytes(), _content(copy)
    if here is None:
        _write(copy, lesson, over=None)
        return Laid("new")
    if _sources(here) == _sources(lesson):
        return Laid("same")
    if _is_as_laid(here):
        _write(copy, lesson, over=here)
        return Laid("renewed", f"{copy.name} has changed, and you had written nothing in it: it is renewed.")
    laid = [_laid_as(path.read_bytes()) for path in (copy, *copy.parent.glob(f"{copy.stem}.new*.ipynb"))]
    if _sources(lesson) in laid:                    # the learner edits this very version, or has it beside already
        return Laid("kept")
    beside, there = next((path, there) for path in _names_beside(copy)
                         if (there := _content(path)) is None or _is_as_laid(there))
    _write(beside, lesson, over=there)
    return Laid("beside", f"{copy.name} has changed. Yours holds your work and stays as it is; "
                          f"the new version lies beside it: {beside.name}")


def _names_beside(copy: Path) -> Iterator[Path]:
    yield copy.with_name(f"{copy.stem}.new.ipynb")
    yield from (copy.with_name(f"{copy.stem}.new-{n}.ipynb") for n in count(2))


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _sources(content: bytes) -> str:
    """SHA-256 of what is written in the cells; of the bytes for what is no notebook.

    Empty cells are left out: JupyterLab adds one when the last cell is run.
    """
    cells = [(cell.get("cell_type"), "".join(cell.get("source", []))) for cell in cells_of(content)]
    written = [cell for cell in cells if cell[1].strip()]
    return hashlib.sha256(json.dumps(written).encode() if written else content).hexdigest()


def _laid_as(content: bytes) -> str | None:
    """The note that a copy carries: `_sources` of it as it was laid. None for files of other origin."""
    try:
        return json.loads(content)["metadata"]["course"]["laid"]
    except (ValueError, KeyError, TypeError):
        return None


def _is_as_laid(content: bytes) -> bool:
    return _laid_as(content) == _sources(content)


def _write(path: Path, lesson: bytes, *, over: bytes | None) -> None:
    """Lay a copy at `path`, whole or not at all, provided that what lies there is still `over`, or nothing (None)."""
    content = lesson
    if cells_of(lesson):                            # what is no notebook, say after a failed merge, is copied as it is
        notebook = json.loads(lesson)
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


def cells_of(content: bytes) -> list[dict]:
    """The cells of a notebook; none of what is half saved, or no notebook."""
    try:
        return [cell for cell in json.loads(content)["cells"] if isinstance(cell, dict)]
    except (ValueError, KeyError, TypeError):
        return []


def code(content: bytes) -> list[str]:
    """The sources of a notebook's code cells, in order."""
    return ["".join(cell.get("source", [])) for cell in cells_of(content) if cell.get("cell_type") == "code"]


# ---- progress ----


def checks(source: str) -> list[tuple[str, str]]:
    """The checks in a cell: the exercise's name, and that of the answer handed to it, or "" where it has none."""
    return CHECK.findall(source)


def exercises(content: bytes) -> list[str]:
    """The names of the exercises that a notebook checks, in order, each once."""
    return list(dict.fromkeys(name for cell in cells_of(content) for name in _checked(cell)))


def right(content: bytes) -> set[str]:
    """The exercises whose saved output says "✓ Right" or, of a guess, "✓ Noted". A cell shows its last check's."""
    return {_checked(cell)[-1] for cell in cells_of(content)
            if _checked(cell) and any(_says_right(output) for output in cell.get("outputs", []))}


def _checked(cell: dict) -> list[str]:
    return [name for name, _ in checks("".join(cell.get("source", [])))] if cell.get("cell_type") == "code" else []


def _says_right(output: dict) -> bool:
    data = output.get("data", {})
    texts = (data.get("text/plain", ""), data.get("text/markdown", ""), output.get("text", ""))
    return any(SAYS_RIGHT.search("".join(text)) for text in texts)


def copies_of(lesson: str, folder: Path) -> list[Path]:
    """The copies of a lesson in a folder, however they came there: laid beside, saved to Drive, downloaded twice.

    Colab saves "Copy of 01_lines.ipynb" ("Copy_of_" once it is downloaded), and browsers add " (1)".
    """
    name = re.compile(rf"(?:copy[ _]of[ _])*{re.escape(lesson)}(?:[ .(-].*)?", re.IGNORECASE)
    return sorted(path for path in folder.glob("*.ipynb") if name.fullmatch(path.stem))


def _stored_with_output(cell: dict) -> bool:
    """Whether the lesson itself comes with an output in this cell, which says nothing about the learner."""
    return "nbval-check-output" in cell.get("metadata", {}).get("tags", [])


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
            opened = opened or any(cell.get("execution_count") and not _stored_with_output(cell)
                                   for cell in cells_of(content))
        result.append(Progress(original.stem, len(solved.intersection(wanted)), len(wanted), opened))
    return result
