"""The folders where a file may lie: which there are, what lies in them, and how a file is written there."""

import errno
import functools
import itertools
import os
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
        """Whether the file lies here, unpacked and with the right SHA-256. It is only ever read."""
        path = self.folder / file.path
        content = _content(path)
        good = file.read(content) is not None
        if content and not good and not self.ours:
            _say_once(f"{path} is {damage(path, file)}. "
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
                return f"{path.name} is {damage(path, file)}" if os.access(path, os.R_OK) else "may not be read"
        return "not there" if self.folder.is_dir() else "no such folder"

    def store(self, file: File, content: bytes, title: str) -> None:
        """Lay the file here, whole or not at all, and put a damaged one of ours aside.

        pooch makes the folder, has the content written beside the target, verifies it there, and renames it. Raises
        OSError, or ValueError where what was written does not read back the same.
        """
        import pooch

        def write(_url: str, part: str, _pooch: None) -> None:
            Path(part).unlink()                     # pooch made it for this user alone, and a class may share a folder
            Path(part).write_bytes(content)

        if not self.has(file):                      # another file of the set was missing
            self._put_aside(file, title)
            pooch.get_logger().setLevel("WARNING")  # what it does would stand in red under the learner's cell
            path = self.folder / file.path
            try:
                pooch.retrieve("", f"sha256:{file.sha256}", fname=path.name, path=path.parent, downloader=write)
            except (OSError, ValueError):
                if not self.has(file):              # another process was faster, and on Windows keeps it open
                    raise

    def _put_aside(self, file: File, title: str) -> None:
        path = self.folder / file.path
        if not path.exists():
            return
        if not self.ours:
            raise FileExistsError(errno.EEXIST, f"{path.name} is already there, is not the published one, and is yours")
        names = itertools.chain([f"{path.name}.damaged"], (f"{path.name}.damaged-{n}" for n in itertools.count(2)))
        aside = next(free for name in names if not (free := path.with_name(name)).exists())
        print(f"The saved {title} file is {damage(path, file)}. We put it aside as {aside.name} and fetch it anew. "
              "Nothing of yours was changed.")
        path.rename(aside)


def places(root: str | Path | None) -> Iterator[Place]:
    """Where to look, in order: `root`, `$COURSE_DATA`, the checkout or what an installed package carries, the cache."""
    if root is not None:
        yield Place(Path(root).expanduser().absolute(), writable=True, ours=False)
    if os.environ.get("COURSE_DATA"):
        folder = Path(os.environ["COURSE_DATA"]).expanduser().absolute()
        if not folder.is_dir():
            _say_once(f"COURSE_DATA names {folder}, and there is no such folder. Is it spelt as it is, or on a stick "
                      "that is not plugged in? We look elsewhere.")
        yield Place(folder, writable=False, ours=False)
    if (checkout := checkout_data()) is not None:
        yield Place(checkout, writable=True, ours=True)
    else:
        yield Place(Path(__file__).resolve().parents[1] / "_data", writable=False, ours=True)
    if user_cache().is_absolute():                  # not "~/.cache", as it is for a user without a home folder
        yield Place(user_cache(), writable=True, ours=True)


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


def damage(path: Path, file: File) -> str:
    """What is wrong with the file at `path`, as the end of a sentence."""
    size = path.stat().st_size
    if size < file.size:
        return f"incomplete ({part_of(size, file.size)}), probably a broken download"
    return "not the published one: its bytes differ"


def part_of(part: int, whole: int) -> str:
    """Two sizes in one unit: "20.0 of 47.0 MB"."""
    unit, divisor = ("MB", 1e6) if whole >= 1e6 else ("kB", 1e3) if whole >= 1e3 else ("bytes", 1)
    return f"{part / divisor:.1f} of {whole / divisor:.1f} {unit}"


@functools.cache
def _say_once(notice: str) -> None:
    print(notice)
