"""The folders where a file may lie: which there are, what lies in them, and how a file is written there."""

import contextlib
import errno
import functools
import glob
import itertools
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from course_utils.download.sources import File, Source


class Place(NamedTuple):
    """A folder, and what may be done there: write new files, move damaged ones aside."""

    folder: Path
    writable: bool
    ours: bool

    def has(self, file: File) -> bool:
        """Whether the file lies here, unpacked and with the right SHA-256. It is only ever read.

        Read and hashed each time: size and times tell nothing of a bad disk, and can be set back by whoever changes
        a file. For MNIST that takes 0.07 CPU seconds, of a load's 0.09; for the bike data 0.003 of 0.01.
        """
        path = self.folder / file.path
        content = _content(path)
        good = file.read(content) is not None
        if content and not good and not self.ours:
            _say_once(f"{path} is {damage(content, file)}. "
                      "That folder is yours: we leave the file as it is and look elsewhere.")
        return good

    def find(self, file: File) -> bytes | None:
        """The file's content, from a plain, .gz or .zip file that lies here; None if there is none that is good."""
        if self.has(file):
            return file.read(_content(self.folder / file.path))
        for path in (path for pattern in file.packed for path in sorted(self.folder.glob(pattern))):
            content = file.unpack(_content(path))
            if content is not None:
                return content
            _say_once(f"{path} does not hold the published {Path(file.path).name}, so we look elsewhere.")
        return None

    def why_not(self, source: Source) -> str:
        """Why this place is of no use, in a few words."""
        for file in source.files:
            path = self.folder / file.path
            if path.is_file() and not self.has(file):
                return (f"{path.name} is {damage(_content(path), file)}" if os.access(path, os.R_OK)
                        else f"{path.name} may not be read")
        return "not there" if self.folder.is_dir() else "no such folder"

    def store(self, file: File, content: bytes, title: str) -> None:
        """Lay the file here, whole or not at all, and keep a damaged one of ours beside it. Raises OSError."""
        if self.has(file):                          # another file of the set was missing
            return
        path = self.folder / file.path
        if path.exists() and not self.ours:
            raise FileExistsError(errno.EEXIST, f"{path.name} is already there, is not the published one, and is yours")
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_up_after(path)
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            part.write_bytes(content)
            if file.read(_content(part)) is None:
                raise OSError(errno.EIO, f"{path.name} does not read back as it was written")
            self._put_aside(file, title)
            os.replace(part, path)
        except OSError:
            if not self.has(file):                  # another process was faster, and on Windows keeps it open
                raise
        finally:
            part.unlink(missing_ok=True)

    def _put_aside(self, file: File, title: str) -> None:
        """Give a damaged file a second name, under which it stays when the first goes to the good one."""
        path = self.folder / file.path
        content = _content(path)
        if not path.exists() or file.read(content) is not None:
            return
        for n in itertools.count(1):
            aside = path.with_name(f"{path.name}.damaged" + (f"-{n}" if n > 1 else ""))
            try:
                os.link(path, aside)
                break
            except FileExistsError:
                continue
            except OSError:                         # a file system where a file has one name
                path.rename(aside)
                break
        print(f"The saved {title} file is {damage(content, file)}. We put it aside as {aside.name} and fetch it anew. "
              "Nothing of yours was changed.")


def _clear_up_after(path: Path) -> None:
    """Delete what processes that were killed had begun to write for `path`: after an hour nobody is at it any more."""
    for part in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        with contextlib.suppress(OSError):          # deleted meanwhile, or still open on Windows
            if abs(time.time() - part.stat().st_mtime) > 3600:      # dated in the future by a wrong clock: old too
                part.unlink()


def places(root: str | Path | None) -> Iterator[Place]:
    """Where to look, in order: `root`, `$COURSE_DATA`, the checkout or what an installed package carries, the cache."""
    if root is not None:
        yield Place(Path(root).expanduser().absolute(), writable=True, ours=False)
    if os.environ.get("COURSE_DATA"):
        if (folder := no_such_folder()) is not None:
            _say_once(f"COURSE_DATA names {folder}, and that folder does not exist. Is it spelt otherwise, or on a "
                      "stick that is not plugged in? We look elsewhere.")
        yield Place(_named_folder(), writable=False, ours=False)
    if (checkout := checkout_data()) is not None:
        yield Place(checkout, writable=True, ours=True)
    else:
        yield Place(Path(__file__).resolve().parents[1] / "_data", writable=False, ours=True)
    if user_cache().is_absolute():                  # not "~/.cache", as it is for a user without a home folder
        yield Place(user_cache(), writable=True, ours=True)


def no_such_folder() -> Path | None:
    """The folder that `$COURSE_DATA` names, where it does not exist; else None."""
    return None if not os.environ.get("COURSE_DATA") or _named_folder().is_dir() else _named_folder()


def _named_folder() -> Path:
    return Path(os.environ["COURSE_DATA"]).expanduser().absolute()


def checkout_data() -> Path | None:
    """`data/` of the checkout this package runs from; None for an installed package."""
    project = Path(__file__).resolve().parents[2]
    return project / "data" if (project / "pyproject.toml").is_file() and (project / "data").is_dir() else None


def user_cache() -> Path:
    """The folder where this system keeps what programs can fetch again. (pooch takes 0.1 s to load, so it is last.)"""
    import pooch

    return pooch.os_cache("course_utils")


def _content(path: Path) -> bytes:
    """What lies there; nothing where there is no file, or one that may not be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def damage(content: bytes, file: File) -> str:
    """What is wrong with a file of such content, as the end of a sentence."""
    if len(content) < file.size:
        return f"incomplete ({part_of(len(content), file.size)}), probably a broken download"
    return "not the published one: its bytes differ"


def part_of(part: int, whole: int) -> str:
    """Two sizes in one unit: "20.0 of 47.0 MB"."""
    unit, divisor = ("MB", 1e6) if whole >= 1e6 else ("kB", 1e3) if whole >= 1e3 else ("bytes", 1)
    if part != whole and f"{part / divisor:.1f}" == f"{whole / divisor:.1f}":       # "47.0 of 47.0 MB" would puzzle
        return f"{part:,} of {whole:,} bytes"
    return f"{part / divisor:.1f} of {whole / divisor:.1f} {unit}"


@functools.cache
def _say_once(notice: str) -> None:
    print(notice)
