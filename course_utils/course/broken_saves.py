"""A notebook that a crash cut off while it was being saved, brought back from what Jupyter keeps for that case."""

import os
import shutil
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from course_utils.course.cells import whole

# A save in another process shows as an empty or cut file for some milliseconds, on a busy disk for longer. The file's
# date does not tell: ext4 has been seen to show a file as emptied for a while before it dates the change.
SAVE_SECONDS = 5.0


def last_whole_save(path: Path) -> tuple[bytes | None, str]:
    """What the notebook at `path` holds, put back where it is empty or cut off, and a line to tell of that, or "".

    None where there is no file; the file as it is where there is nothing to put back. While it saves, Jupyter keeps
    what was there before as `.~NAME`, and it keeps a checkpoint. A file that is still being saved is waited for,
    `SAVE_SECONDS` at most. What was cut off is kept beside it as `NAME.invalid`, as Jupyter itself would on opening it.
    Raises OSError.
    """
    there = _settled(path)
    if there is None or whole(there) is not None:
        return there, ""
    for kept in (path.with_name(f".~{path.name}"),
                 path.with_name(".ipynb_checkpoints") / f"{path.stem}-checkpoint{path.suffix}"):
        if kept.is_file() and whole(content := kept.read_bytes()) is not None:
            break
    else:
        return there, ""
    note = f"{path.name} was cut off while it was being saved. The save before that is back."
    if there.strip():
        aside = next(free for free in _names_aside(path) if not free.exists())
        shutil.copyfile(path, aside)
        note += f" What was cut off lies beside it: {aside.name}"
    if kept.name.startswith(".~"):
        os.replace(kept, path)
    else:
        part = path.with_name(f".{path.name}.back.part")
        shutil.copyfile(kept, part)
        os.replace(part, path)
    return content, note


def _settled(path: Path) -> bytes | None:
    """What lies there once nobody is saving it any more; None where there is no file."""
    patience = time.monotonic() + SAVE_SECONDS
    while path.exists() or path.is_symlink():       # a link to nowhere is not ours to replace
        content = path.read_bytes()
        if whole(content) is not None or time.monotonic() > patience:
            return content
        time.sleep(0.05)
    return None


def _names_aside(path: Path) -> Iterator[Path]:
    yield path.with_name(f"{path.name}.invalid")
    yield from (path.with_name(f"{path.name}.invalid-{n}") for n in count(2))
