"""A notebook that a crash cut off while it was being saved, brought back from what Jupyter keeps for that case."""

import os
import shutil
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from course_utils.course.cells import whole

# A save in another process shows as an empty or cut file for some milliseconds, on a slow network drive for longer.
SAVE_SECONDS = 2.0


def bring_back(path: Path) -> str:
    """Put the last whole save back where the notebook at `path` is empty or cut off; a line to tell, or "".

    While it saves, Jupyter keeps what was there before as `.~NAME`, and it keeps a checkpoint. A file that is still
    being saved is waited for, `SAVE_SECONDS` at most. What was cut off is kept beside it as `NAME.invalid`, as Jupyter
    itself would on opening it. Raises OSError.
    """
    there = _settled(path)
    if there is None or whole(there) is not None:
        return ""
    for kept in (path.with_name(f".~{path.name}"),
                 path.with_name(".ipynb_checkpoints") / f"{path.stem}-checkpoint{path.suffix}"):
        if kept.is_file() and whole(kept.read_bytes()) is not None:
            break
    else:
        return ""
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
    return note


def _settled(path: Path) -> bytes | None:
    """What lies there once nobody is saving it any more; None where there is no file."""
    for _ in range(int(SAVE_SECONDS / 0.1)):
        if not path.is_file():
            return None
        content, age = path.read_bytes(), time.time() - path.stat().st_mtime
        if whole(content) is not None or age > SAVE_SECONDS:        # a date in the future, by a wrong clock, is young
            break
        time.sleep(0.1)
    return content


def _names_aside(path: Path) -> Iterator[Path]:
    yield path.with_name(f"{path.name}.invalid")
    yield from (path.with_name(f"{path.name}.invalid-{n}") for n in count(2))
