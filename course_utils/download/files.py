"""Find the files of a data set, or fetch them; nothing is handed over before its SHA-256 has been checked.

Look-up: the folder given → `$COURSE_DATA` → `data/` of a checkout, or what an installed package carries → the user's
cache → the mirrors, unless `$COURSE_OFFLINE` is set. Nothing is ever written into `$COURSE_DATA`.
"""

import errno
import gzip
import hashlib
import http.client
import io
import os
import secrets
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from course_utils.download.transfer import LoginPage, NotTheFile, part_of, reason, receive


class DataUnavailable(RuntimeError):
    """A data set cannot be had. The text says on its first line whose turn it is, then why, then what to do."""

    def __init__(self, what: str, why: str, action: str):
        super().__init__(what, why, action)

    def __str__(self) -> str:
        return "\n".join(self.args)


@dataclass(frozen=True)
class File:
    """One published file: its path below a data folder, its size in bytes and SHA-256, and where to fetch it."""

    path: str
    size: int
    sha256: str
    mirrors: tuple[str, ...] = ()   # of the file itself, or of a .gz or .zip that holds it
    packed: tuple[str, ...] = ()    # patterns below a data folder of such a .gz or .zip, put there by hand
    text: bool = False              # line ends may be CRLF or LF; size and SHA-256 are those with LF


class Source(NamedTuple):
    title: str
    loader: str
    files: tuple[File, ...]


def _mnist(name: str, size: int, sha256: str) -> File:
    mirrors = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
    path = f"MNIST/raw/{name}"
    return File(path, size, sha256, tuple(f"{mirror}{name}.gz" for mirror in mirrors), (f"{path}.gz",))


_DISK_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", None))    # no room, or more than this user's share
_ZIP = "[Bb]ike*[Ss]haring*.zip"
SOURCES = {
    "orings": Source("The flight data", "load_orings", (
        File("orings.csv", 134, "2994ca3a2ff1c41d2d7f9b9cc5b781218d5b4f53d85d12d2d5a857322136d617", text=True),
    )),
    "mnist": Source("MNIST", "load_mnist", (
        _mnist("train-images-idx3-ubyte", 47040016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        _mnist("train-labels-idx1-ubyte", 60008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        _mnist("t10k-images-idx3-ubyte", 7840016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        _mnist("t10k-labels-idx1-ubyte", 10008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    )),
    "bike_sharing": Source("The bike data", "load_bike_demand", (
        File(
            "bike_sharing/hour.csv", 1139356, "b03a2d02e8c10f435c43c7f0b358b7e34a003afea53dbc37f0183f2763295133",
            ("https://archive.ics.uci.edu/static/public/275/bike+sharing+dataset.zip",),
            (_ZIP, f"bike_sharing/{_ZIP}"), text=True,
        ),
    )),
}

_verified: dict[str, tuple[int, int]] = {}          # path → size and time of change when its SHA-256 was right
_told: set[str] = set()                             # notices already shown in this process
_failed: dict[str, DataUnavailable] = {}            # what became of the last download of each data set


class Place(NamedTuple):
    """A folder to look in, and what may be done there: write new files, move damaged ones aside."""

    folder: Path
    writable: bool
    ours: bool


def user_cache() -> Path:
    """The folder where this system keeps what programs can fetch again."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or ""
        base = base if os.path.isabs(base) else Path.home() / ".cache"  # the XDG rules ignore a relative path
    return Path(base) / "course_utils"


def checkout_data() -> Path | None:
    """`data/` of the checkout this package runs from; None for an installed package."""
    project = Path(__file__).resolve().parents[2]
    return project / "data" if (project / "pyproject.toml").is_file() and (project / "data").is_dir() else None


def _places(root: str | Path | None) -> list[Place]:
    places = []
    if root is not None:
        places.append(Place(Path(root).expanduser().absolute(), writable=True, ours=False))
    if os.environ.get("COURSE_DATA"):
        places.append(Place(Path(os.environ["COURSE_DATA"]).expanduser().absolute(), writable=False, ours=False))
    if checkout_data() is not None:
        places.append(Place(checkout_data(), writable=True, ours=True))
    else:
        places.append(Place(Path(__file__).resolve().parents[1] / "_data", writable=False, ours=False))
    try:
        places.append(Place(user_cache(), writable=True, ours=True))
    except RuntimeError:                            # this user has no home folder
        pass
    return places


def offline() -> bool:
    """Whether `$COURSE_OFFLINE` forbids every download."""
    return os.environ.get("COURSE_OFFLINE", "").lower() not in ("", "0", "no", "false")


def fetch(name: str, root: str | Path | None = None, *, download: bool = True, retry: bool = False) -> Path:
    """The folder below which the files of the data set `name` lie, each with the published SHA-256.

    `name` is a key of `SOURCES`. `root` is looked at first, and is where a download goes. A download that failed is
    not tried again in this process unless `retry`. Raises DataUnavailable.
    """
    source, places = SOURCES[name], _places(root)
    for place in places:
        if all(_is_good(place, file) for file in source.files):
            return place.folder.resolve()
    contents = {}
    for file in source.files:                       # everything is in memory before any file is touched
        contents[file] = _read_packed(file, places)
    if None in contents.values():
        _must_download(name, places, download, retry)
        _download_all(name, contents)
    return _store(source, contents, places)


# ---- what lies on this computer ----


def _is_good(place: Place, file: File) -> bool:
    """Whether the file lies there with the right SHA-256; the file itself is only ever read."""
    path = place.folder / file.path
    try:
        stat = path.stat()
        stamp = (stat.st_size, stat.st_mtime_ns)
        if _verified.get(str(path)) == stamp:
            return True
        if stat.st_size <= 2 * file.size and _matches(path.read_bytes(), file):
            _verified[str(path)] = stamp
            return True
    except OSError:                                 # not there, or may not be read
        return False
    if path.is_file() and not place.ours:
        _say(f"{path} is {_damage(path, file)}. That folder is yours: we leave the file as it is and look elsewhere.")
    return False


def _matches(content: bytes, file: File) -> bool:
    if file.text:
        content = content.replace(b"\r\n", b"\n")
    return hashlib.sha256(content).hexdigest() == file.sha256


def _damage(path: Path, file: File) -> str:
    size = path.stat().st_size
    if size < file.size:
        return f"incomplete ({part_of(size, file.size)}), probably a broken download"
    return "not the published one: its bytes differ"


def _say(notice: str) -> None:
    if notice not in _told:
        _told.add(notice)
        print(notice)


def _read_packed(file: File, places: list[Place]) -> bytes | None:
    """The file's content from a plain, .gz or .zip file in any of the places; None if there is none that is good."""
    for place in places:
        if _is_good(place, file):
            return (place.folder / file.path).read_bytes()
        for pattern in file.packed:
            for path in sorted(place.folder.glob(pattern)):
                try:
                    content = _unpack(path.read_bytes(), file)
                except OSError:
                    continue
                if content is not None:
                    return content
                _say(f"{path} does not hold the published {Path(file.path).name}, so we look elsewhere.")
    return None


def _unpack(body: bytes, file: File) -> bytes | None:
    """What `body` holds, packed or not, if its SHA-256 is right. Never more than twice the file's size is unpacked."""
    limit = 2 * file.size
    try:
        if body[:2] == b"\x1f\x8b":
            body = gzip.GzipFile(fileobj=io.BytesIO(body)).read(limit)
        elif body[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                member = next(m for m in archive.namelist() if Path(m).name == Path(file.path).name)
                body = archive.open(member).read(limit)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, StopIteration):
        return None
    return body if _matches(body, file) else None


def _store(source: Source, contents: dict[File, bytes], places: list[Place]) -> Path:
    """Write what is missing into the first folder that allows it, and return that folder."""
    refusals = []
    for place in places:
        if not place.writable:
            continue
        try:
            for file, content in contents.items():
                if not _is_good(place, file):
                    _put_aside(place, file, source.title)
                    _write(place, file, content)
            return place.folder.resolve()
        except OSError as refusal:
            refusals.append((place.folder, refusal))
    why = "\n".join(f"{folder}: {refusal.strerror or refusal}." for folder, refusal in refusals)
    if any(refusal.errno in _DISK_FULL for _, refusal in refusals):
        size = sum(file.size for file in source.files) / 1e6
        raise DataUnavailable(f"Your turn: the disk is full. {source.title} needs {size:.0f} MB.", why,
                              f"Delete something you no longer need, then `{source.loader}()`.")
    raise DataUnavailable(f"Your turn: {source.title} found no folder that may be written to.", why or "No folder.",
                          f"Name one of yours: `{source.loader}(root=\"…\")`.")


def _put_aside(place: Place, file: File, title: str) -> None:
    path = place.folder / file.path
    if not path.exists():
        return
    if not place.ours:
        raise FileExistsError(errno.EEXIST, f"{path.name} is already there, is not the published one, and is yours")
    damage, n = _damage(path, file), 1
    aside = path.with_name(path.name + ".damaged")
    while aside.exists():
        n += 1
        aside = path.with_name(f"{path.name}.damaged-{n}")
    path.rename(aside)
    print(f"The saved {title} file is {damage}. We put it aside as {aside.name} and fetch it anew. "
          "Nothing of yours was changed.")


def _write(place: Place, file: File, content: bytes) -> None:
    """Write beside the target, then rename: whoever looks sees the whole file or none."""
    target = place.folder / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(content)
        os.replace(part, target)
    except PermissionError:                         # Windows, while another process reads what it wrote itself
        if not _is_good(place, file):
            raise
    finally:
        part.unlink(missing_ok=True)
    if not _is_good(place, file):
        raise OSError(errno.EIO, "what was written does not read back the same")


# ---- what comes from elsewhere ----


def _must_download(name: str, places: list[Place], download: bool, retry: bool) -> None:
    """Raise DataUnavailable where no download may be tried."""
    source = SOURCES[name]
    looked = [f"{place.folder}: {_absence(place, source)}" for place in places]
    why = "Looked in\n  " + "\n  ".join(looked)
    by_hand = "put the files there by hand (data/README.md says how)"
    if not all(file.mirrors for file in source.files):
        raise DataUnavailable(f"Your turn: {source.title} came with the course and is damaged or gone.", why,
                              "Bring it back: `git restore data`, or install the course again.")
    if offline():
        raise DataUnavailable(f"{source.title} is not on this computer, and COURSE_OFFLINE forbids fetching it.", why,
                              f"Unset COURSE_OFFLINE, or {by_hand}.")
    if not download:
        raise DataUnavailable(f"{source.title} is not on this computer, and download=False forbids fetching it.", why,
                              f"Leave out download=False, or {by_hand}.")
    if retry:
        _failed.pop(name, None)
    if name in _failed:
        raise DataUnavailable(*_failed[name].args)


def _absence(place: Place, source: Source) -> str:
    """Why this place was of no use, in a few words."""
    if not place.folder.is_dir():
        return "no such folder"
    for file in source.files:
        path = place.folder / file.path
        if path.is_file() and not _is_good(place, file):
            return f"{path.name} is {_damage(path, file)}" if os.access(path, os.R_OK) else "may not be read"
    return "not there"


def _download_all(name: str, contents: dict[File, bytes | None]) -> None:
    """Fill in what is still None. A server that failed once is asked last from then on."""
    source, failed_hosts = SOURCES[name], set()
    for file in [file for file, content in contents.items() if content is None]:
        reasons: dict[str, Exception] = {}
        label = f"{source.title}: {Path(file.path).name}"
        for url in sorted(file.mirrors, key=lambda url: urlsplit(url).netloc in failed_hosts):
            host = urlsplit(url).netloc
            try:
                contents[file] = _unpack(receive(url, 2 * file.size, label), file)
                if contents[file] is None:
                    raise NotTheFile("sent other bytes than the published ones")
                break
            except (OSError, http.client.HTTPException, NotTheFile, ValueError) as failure:
                reasons[host] = failure
                failed_hosts.add(host)
        else:
            failure = _unavailable(source, reasons)
            if not any(isinstance(r, LoginPage) for r in reasons.values()):
                _failed[name] = failure             # a login page answers at once, and is over when you have logged in
            raise failure


def _unavailable(source: Source, reasons: dict[str, Exception]) -> DataUnavailable:
    told = "\n".join(f"{host}: {reason(failure)}." for host, failure in reasons.items())
    if any(isinstance(failure, LoginPage) for failure in reasons.values()):
        return DataUnavailable("Your turn: log in to the wifi. The network answered with a web page.", told,
                               "Open a browser, log in to the wifi, run this cell again.")
    short = reason(next(iter(reasons.values())), short=True)
    return DataUnavailable(f"{source.title} could not be fetched ({short}). Not your doing.", told,
                           f"The course goes on without it. Later, or elsewhere: `{source.loader}(retry=True)`.")


def forget_failures() -> None:
    """Let the next call try the network again; the loaders' `retry=True` does so for one data set."""
    _failed.clear()
