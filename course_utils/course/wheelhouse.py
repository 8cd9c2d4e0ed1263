"""The wheels that a room without a network installs from: which ones, how large, and fetching them.

uv chooses them, because it can choose for another system than the one it runs on; pip asks the conditions of a
requirement ("on Windows only") of the computer that it runs on. uv writes a lock in the form of PEP 751, which has for
each wheel its address, its size and its SHA-256.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from course_utils import started
from course_utils.course.findings import requirements
from course_utils.course.whole_files import copy_whole
from course_utils.course.workbook import WorkbookTrouble


class System(NamedTuple):
    """A kind of computer: uv's name of it, what its wheels' file names hold, and how Python there calls itself."""

    title: str
    uv_name: str
    in_file_names: str
    answers_to: tuple[str, str]         # platform.system(), platform.machine()


SYSTEMS = {
    "linux": System("Linux", "x86_64-manylinux_2_28", "linux", ("Linux", "x86_64")),
    "windows": System("Windows", "x86_64-pc-windows-msvc", "win", ("Windows", "AMD64")),
    "macos": System("macOS", "aarch64-apple-darwin", "macosx", ("Darwin", "arm64")),
}
MACOS = "14.0"                          # the oldest for which torch is built


class Target(NamedTuple):
    """A kind of computer with a version of Python, such as "3.12"."""

    system: str                         # a key of SYSTEMS
    python: str

    @property
    def title(self) -> str:
        """Such as "Windows, Python 3.12"."""
        return f"{SYSTEMS[self.system].title}, Python {self.python}"


class Wheel(NamedTuple):
    """One file to fetch; `size` is in bytes, None where the index does not tell it."""

    name: str
    version: str
    url: str
    sha256: str
    size: int | None

    @property
    def file(self) -> str:
        """The name of the file; it tells which computers it is for."""
        return unquote(urlsplit(self.url).path.rsplit("/", 1)[-1])


class Chosen(NamedTuple):
    """The wheels for one target, and what a teacher should know of the choice, or ""."""

    wheels: list[Wheel]
    note: str


class NotChosen(WorkbookTrouble):
    """There are no fitting wheels for a target. The text says of which package."""


def uv() -> list[str]:
    """How uv is called. Raises WorkbookTrouble where it is not installed."""
    if find_spec("uv") is not None:
        return [sys.executable, "-m", "uv"]
    if found := os.environ.get("UV") or shutil.which("uv"):
        return [found]
    raise WorkbookTrouble(f"uv is needed for this, and is not installed. Run: {started.install('uv')}")


# ---- choosing ----


def choose(target: Target, own: Path) -> Chosen:
    """What to install for a target, the course itself and pip with it. Raises NotChosen.

    `own` is a folder with wheels that are taken before those of an index: that of the course, and, where somebody
    fetched them beforehand, torch for the CPU. The versions are those that run here, so that the room has what the
    teacher tried; where one does not exist for the target, others within the bounds are taken.
    """
    everyones, given = _given(target, own)
    here = _running() | everyones | given
    if "torch" in everyones and "torchvision" not in everyones:
        here.pop("torchvision", None)               # each of its versions fits one of torch
    tries: list[tuple[list[str], dict[str, str]]] = [([], here), ([], given)]
    if target.system == "linux" and "+" not in given.get("torch", ""):
        tries = [(["--torch-backend=cpu"], here), (["--torch-backend=cpu"], given), *tries]
    for options, pinned in tries:
        try:
            wheels = _locked(target, own, options, pinned)
        except NotChosen as refusal:
            last = refusal
            continue
        return Chosen(wheels, _note(wheels, other_versions=pinned is given))
    raise last


def _note(wheels: list[Wheel], other_versions: bool) -> str:
    notes = ["other versions than here, because these are not to be had for it"] if other_versions else []
    if any(wheel.name.startswith("nvidia-") for wheel in wheels):
        notes.append("with CUDA, because the index with the build for the CPU gave no answer; "
                     "a folder with that build can be named by --wheels")
    builds = {wheel.name: wheel.version.partition("+")[2] for wheel in wheels}
    if builds.get("torch") and "torchvision" in builds and not builds["torchvision"]:
        notes.append("torchvision does not fit this build of torch: lessons run, but for the full MNIST of lesson 03; "
                     "put both into the folder of --wheels")
    return "; ".join(notes)


def _running() -> dict[str, str]:
    """{name: version} of what the course needs, as it runs here."""
    versions = {}
    for requirement in requirements("course-utils"):
        try:
            versions[requirement.name] = metadata.version(requirement.name).partition("+")[0]
        except metadata.PackageNotFoundError:
            continue
    return versions


def _given(target: Target, own: Path) -> tuple[dict[str, str], dict[str, str]]:
    """{name: version} of all wheels in `own`, without "+cpu" and the like, and of those that fit, exactly."""
    everyones, fitting = dict[str, str](), dict[str, str]()
    for path in sorted(own.glob("*.whl")):
        name, version, python, *_, platform = path.stem.split("-")
        fits = platform == "any" or (SYSTEMS[target.system].in_file_names in platform
                                     and python in ("py3", f"cp{target.python.replace('.', '')}"))
        name = name.replace("_", "-").lower()
        everyones[name] = version.partition("+")[0]
        if fits:
            fitting[name] = version
    return everyones, fitting


def _locked(target: Target, own: Path, options: list[str], pins: dict[str, str]) -> list[Wheel]:
    """Let uv choose, outside of the checkout, whose constraints would bind it. Raises NotChosen."""
    with tempfile.TemporaryDirectory() as folder:
        asked, pinned, lock = (Path(folder) / name for name in ("asked.in", "pinned.txt", "pylock.toml"))
        asked.write_text("course-utils\npip\n", encoding="utf-8")
        pinned.write_text("\n".join(f"{name}=={version}" for name, version in pins.items()), encoding="utf-8")
        done = subprocess.run(
            [*uv(), "pip", "compile", "--quiet", "--python-platform", SYSTEMS[target.system].uv_name,
             "--python-version", target.python, "--only-binary", ":all:", "--find-links", str(own.resolve()),
             "--constraints", str(pinned), "--format", "pylock.toml", "--output-file", str(lock), *options, str(asked)],
            cwd=folder, env={**os.environ, "MACOSX_DEPLOYMENT_TARGET": MACOS}, capture_output=True, text=True)
        if done.returncode:
            raise NotChosen(_reason(done.stderr))
        return [_wheel(package) for package in tomllib.loads(lock.read_text(encoding="utf-8"))["packages"]]


def _wheel(package: dict[str, Any]) -> Wheel:
    """Of the files that fit, one that lies here already, else the smallest."""
    files = [Wheel(package["name"], package["version"], _address(wheel), wheel["hashes"]["sha256"], _size(wheel))
             for wheel in package["wheels"]]
    return min(files, key=lambda wheel: (not wheel.url.startswith("file:"), wheel.size or 0, wheel.file))


def _address(wheel: dict[str, Any]) -> str:
    return wheel["url"] if "url" in wheel else Path(wheel["path"]).resolve().as_uri()


def _size(wheel: dict[str, Any]) -> int | None:
    if "size" in wheel:
        return wheel["size"]
    path = _local(_address(wheel))
    return path.stat().st_size if path is not None and path.is_file() else None


def _reason(said: str) -> str:
    """The last thing that uv said, without its marks."""
    lines = [line.strip(" ×╰─▶│\t") for line in said.splitlines()]
    return " ".join(filter(None, lines))[-400:] or "uv gave no reason."


# ---- fetching ----


def fetch(wheel: Wheel, folder: Path) -> Path:
    """The wheel in `folder`, whole and verified, or WorkbookTrouble; one that is there already is not fetched again."""
    import pooch

    path, source = folder / wheel.file, _local(wheel.url)
    try:
        if source is not None and not is_here(wheel, folder):
            copy_whole(source, path)
        if not is_here(wheel, folder):
            pooch.get_logger().setLevel("WARNING")
            pooch.retrieve(wheel.url, f"sha256:{wheel.sha256}", fname=wheel.file, path=folder,
                           downloader=pooch.HTTPDownloader(timeout=60))
    except (OSError, ValueError) as refusal:        # of requests, too; ValueError: other bytes than expected
        raise WorkbookTrouble(f"{wheel.file} could not be fetched: {type(refusal).__name__}.\n"
                              "What was fetched before is kept. Run the same command again to go on.") from refusal
    return path


def is_here(wheel: Wheel, folder: Path) -> bool:
    """Whether it lies in `folder`, byte for byte."""
    import pooch

    path = folder / wheel.file
    return path.is_file() and pooch.file_hash(str(path)) == wheel.sha256


def _local(url: str) -> Path | None:
    parts = urlsplit(url)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None
