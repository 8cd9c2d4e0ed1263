"""Files that are written whole or not at all: a stick may be full, or pulled out, and a command interrupted."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a text file; what lay there stays until the new one is complete. Raises OSError."""
    _in_place(path, lambda part: part.write_text(text, encoding="utf-8"))


def copy_whole(source: Path, target: Path) -> None:
    """Copy a file, unless it would be onto itself. Raises OSError."""
    if target.resolve() != source.resolve():
        _in_place(target, lambda part: shutil.copyfile(source, part))


def _in_place(path: Path, make: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        make(part)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
