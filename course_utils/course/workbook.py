"""The learner's copies of the lessons: laid in `my_work/`, never overwritten, never lost; and progress, read from them.

A record in `my_work/.course/originals.json` keeps the SHA-256 of each file as it was laid. A copy that still has it is
nobody's work and may be renewed when the lesson changed; any other copy is the learner's, and the new version is laid
beside it. Nothing else is recorded: progress is what the saved notebooks themselves show.
"""

import hashlib
import json
import os
import re
import secrets
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

RECORD = Path(".course") / "originals.json"
LOCK_SECONDS = 10.0         # laying twelve files takes far less, so an older lock was left behind by a crash
CHECK = re.compile(r"\bexercises\.(\w+)\.check\(")


class WorkbookTrouble(RuntimeError):
    """The copies cannot be laid. The text says what happened and what to do."""


class Laid(NamedTuple):
    """What became of one lesson: its name, the learner's file, what was done, and a line to tell, or ""."""

    lesson: str
    path: Path
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

    A lesson the learner deleted is laid again. Raises WorkbookTrouble where `my_work` cannot be written to.
    """
    try:
        (my_work / RECORD).parent.mkdir(parents=True, exist_ok=True)
        with _lock((my_work / RECORD).parent / "lock"):
            record, told = _read_record(my_work / RECORD)
            laid = []
            for original in lessons(notebooks_dir):
                laid.append(_lay_one(original, my_work, record.setdefault(original.name, {})))
                _write(my_work / RECORD, _as_json(record))      # after each file: a crash leaves a true record
    except OSError as refusal:
        raise WorkbookTrouble(
            f"Your copies cannot be written to {my_work}: {refusal.strerror or refusal}.\n"
            "Nothing was changed. Give another folder: `course lab --dir FOLDER`."
        ) from refusal
    if told and laid:
        laid[0] = laid[0]._replace(note="\n".join(filter(None, [told, laid[0].note])))
    return laid


def _lay_one(original: Path, my_work: Path, record: dict) -> Laid:
    """Lay one lesson. `record` holds "laid" and "code" of the copy, and "beside": file name → SHA-256 as laid there."""
    name, copy, content = original.stem, my_work / original.name, original.read_bytes()
    new = _sha256(content)
    if not copy.exists() and _create(copy, content):
        record.update(laid=new, code=_code(content))
        return Laid(name, copy, "new")
    mine = copy.read_bytes()
    if _sha256(mine) == new:
        record.update(laid=new, code=_code(content))
        return Laid(name, copy, "same")
    if _sha256(mine) == record.get("laid"):
        _write(copy, content, only_over=record["laid"])
        record.update(laid=new, code=_code(content))
        return Laid(name, copy, "renewed", f"{copy.name} has changed, and you had not touched yours: it is renewed.")
    if new in (record.get("laid"), *record.get("beside", {}).values()):
        return Laid(name, copy, "kept")
    return _lay_beside(copy, content, mine, record)


def _lay_beside(copy: Path, content: bytes, mine: bytes, record: dict) -> Laid:
    """Lay the new version under a name of its own; an earlier one that nobody touched is renewed rather than kept."""
    beside, number = record.setdefault("beside", {}), 2
    while True:
        path = copy.with_name(f"{copy.stem}.new{'' if number == 2 else f'-{number - 1}'}.ipynb")
        if not path.exists() and _create(path, content):
            break
        if _sha256(path.read_bytes()) == beside.get(path.name):
            _write(path, content, only_over=beside[path.name])
            break
        number += 1
    beside[path.name] = _sha256(content)
    what = "holds your work"
    if record.get("code") and _code(mine) == record["code"]:
        what = "holds outputs or settings of yours, though no code of yours"
    note = f"{copy.name} has changed. Yours {what} and stays as it is; the new version lies beside it: {path.name}"
    return Laid(copy.stem, copy, "beside", note)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _code(content: bytes) -> str:
    """SHA-256 of the cells' sources alone, which saving and running do not change; "" for what is no notebook."""
    sources = [(cell.get("cell_type"), "".join(cell.get("source", []))) for cell in _cells(content)]
    return _sha256(json.dumps(sources).encode()) if sources else ""


def _cells(content: bytes) -> list[dict]:
    try:
        cells = json.loads(content)["cells"]
        return [cell for cell in cells if isinstance(cell, dict)]
    except (ValueError, KeyError, TypeError):       # half saved, or not a notebook
        return []


def _read_record(path: Path) -> tuple[dict, str]:
    """The record, and a line to tell. Without a readable one every copy that differs counts as edited."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if all(isinstance(value, dict) and isinstance(value.get("beside", {}), dict) for value in record.values()):
            return record, ""
    except FileNotFoundError:
        return {}, ""
    except (ValueError, AttributeError):
        pass
    os.replace(path, path.with_name("originals.damaged.json"))
    return {}, f"The record of what was laid ({RECORD.as_posix()}) cannot be read; every copy counts as edited by you."


def _as_json(record: dict) -> bytes:
    return (json.dumps(record, indent=1, sort_keys=True) + "\n").encode()


def _create(path: Path, content: bytes) -> bool:
    """Write a file that must not exist yet, whole or not at all; False if somebody else made it meanwhile."""
    part = _part(path, content)
    try:
        os.link(part, path)                         # unlike a rename, this never replaces a file
    except FileExistsError:
        return False
    except (OSError, AttributeError, NotImplementedError):      # a file system without hard links
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            return False
    finally:
        part.unlink(missing_ok=True)
    return True


def _write(path: Path, content: bytes, only_over: str | None = None) -> None:
    """Replace `path` at once; with `only_over`, look again at the last moment that it still is what we laid."""
    part = _part(path, content)
    try:
        if only_over is not None and _sha256(path.read_bytes()) != only_over:
            raise OSError(f"{path.name} was saved a moment ago. Run the command again")
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _part(path: Path, content: bytes) -> Path:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    part.write_bytes(content)
    return part


@contextmanager
def _lock(path: Path):
    """Let one process lay at a time. A lock older than LOCK_SECONDS was left behind and is taken over."""
    while True:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            try:
                if time.time() - path.stat().st_mtime > LOCK_SECONDS:
                    path.unlink(missing_ok=True)
            except FileNotFoundError:               # given back in between
                pass
            time.sleep(0.05)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


# ---- progress ----


def checks(content: bytes) -> list[str]:
    """The names of the exercises that a notebook checks, in order, each once."""
    code = ("".join(cell.get("source", [])) for cell in _cells(content) if cell.get("cell_type") == "code")
    return list(dict.fromkeys(name for source in code for name in CHECK.findall(source)))


def right(content: bytes) -> set[str]:
    """The exercises whose saved output says "✓ Right" or, of a guess, "✓ Noted". A cell shows its last check's."""
    solved = set()
    for cell in _cells(content):
        names = CHECK.findall("".join(cell.get("source", []))) if cell.get("cell_type") == "code" else []
        if names and any(_says_right(output) for output in cell.get("outputs", [])):
            solved.add(names[-1])
    return solved


def _says_right(output: dict) -> bool:
    data = output.get("data", {})
    texts = (data.get("text/plain", ""), data.get("text/markdown", ""), output.get("text", ""))
    return any("".join(text).lstrip("*# \n").startswith("✓ ") for text in texts)


def _stored_with_output(cell: dict) -> bool:
    """Whether the lesson itself comes with an output in this cell, which says nothing about the learner."""
    return "nbval-check-output" in cell.get("metadata", {}).get("tags", [])


def progress(notebooks_dir: Path, my_work: Path) -> list[Progress]:
    """What the saved copies of each lesson show, the learner's own and versions laid beside it taken together."""
    result = []
    for original in lessons(notebooks_dir):
        wanted, solved, opened = checks(original.read_bytes()), set(), False
        for copy in sorted(my_work.glob(f"{original.stem}*.ipynb")):
            try:
                content = copy.read_bytes()
            except OSError:                         # may not be read: counts as not there
                continue
            solved |= right(content)
            opened = opened or any(cell.get("execution_count") and not _stored_with_output(cell)
                                   for cell in _cells(content))
        result.append(Progress(original.stem, len(solved.intersection(wanted)), len(wanted), opened))
    return result
