"""Which files the course uses: where they are published, and how each is recognised."""

import gzip
import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True)
class File:
    """One published file: its path below a data folder, its size in bytes and SHA-256, and where to fetch it."""

    path: str
    size: int
    sha256: str
    mirrors: tuple[str, ...] = ()   # of the file itself, or of a .gz or .zip that holds it
    packed: tuple[str, ...] = ()    # patterns below a data folder of such a .gz or .zip, put there by hand
    text: bool = False              # line ends may be CRLF or LF; size and SHA-256 are those with LF

    def read(self, body: bytes) -> bytes | None:
        """`body`, a text with LF as line ends; None where its SHA-256 is not the published one."""
        body = body.replace(b"\r\n", b"\n") if self.text else body
        return body if hashlib.sha256(body).hexdigest() == self.sha256 else None

    def unpack(self, body: bytes) -> bytes | None:
        """The same of what `body` holds, as it is or packed as .gz or .zip.

        In memory, and at most twice the file's size: pooch's unpackers write to disk whatever comes out, unverified.
        """
        try:
            if body[:2] == b"\x1f\x8b":
                body = gzip.GzipFile(fileobj=io.BytesIO(body)).read(2 * self.size)
            elif body[:2] == b"PK":
                with zipfile.ZipFile(io.BytesIO(body)) as archive:
                    member = next(name for name in archive.namelist() if Path(name).name == Path(self.path).name)
                    body = archive.open(member).read(2 * self.size)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, StopIteration):
            return None             # cut off, damaged, locked with a password, or an archive of something else
        return self.read(body)


class Source(NamedTuple):
    """One data set: what to call it, the function of `datasets` that loads it, and its files."""

    title: str
    loader: str
    files: tuple[File, ...]

    @property
    def megabytes(self) -> float:
        return sum(file.size for file in self.files) / 1e6

    @property
    def comes_with_the_course(self) -> bool:
        return not any(file.mirrors for file in self.files)


def _mnist(name: str, size: int, sha256: str) -> File:
    mirrors = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
    path = f"MNIST/raw/{name}"
    return File(path, size, sha256, tuple(f"{mirror}{name}.gz" for mirror in mirrors), (f"{path}.gz",))


_ZIP = "[Bb]ike*[Ss]haring*.zip"
SOURCES = {
    "orings": Source("The flight data", "load_orings", (
        File("orings.csv", 134, "2994ca3a2ff1c41d2d7f9b9cc5b781218d5b4f53d85d12d2d5a857322136d617", text=True),
    )),
    "survey": Source("The survey", "survey_csv", (
        File("survey.csv", 42480, "4e363f6add810065431370c6971b174eece2616c18d3836b46e0e25e24c9e05e", text=True),
    )),
    "digits": Source("The digit data", "load_digits", (
        File("digits.npz", 45393, "671f9ab7556c56c724e254bff018467b344272df9dcd3b05fa43fbc12f660ec6"),
    )),
    "breast_cancer": Source("The tumour data", "load_breast_cancer", (
        File("breast_cancer.csv", 123861, "8b8aa3675141b72d6a3648ead4a7059cad138443c6c139a02f65a7b6ef2f2c89",
             text=True),
    )),
    "iris": Source("The iris data", "load_iris", (
        File("iris.csv", 3734, "6965543259bb2336bb4c9dbb35e3e0638c9e015cff198299df4ec7fc84839b81", text=True),
    )),
    "wine": Source("The wine data", "load_wine", (
        File("wine.csv", 12370, "d36a29e284f8d726d01de988f3cbd056c22b02d9c15a01e72273e26373faf97d", text=True),
    )),
    "mnist": Source("MNIST", "load_mnist", (
        _mnist("train-images-idx3-ubyte", 47040016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        _mnist("train-labels-idx1-ubyte", 60008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        _mnist("t10k-images-idx3-ubyte", 7840016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        _mnist("t10k-labels-idx1-ubyte", 10008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    )),
    "bike_sharing": Source("The bike data", "load_bike_demand", (
        File("bike_sharing/hour.csv", 1139356, "b03a2d02e8c10f435c43c7f0b358b7e34a003afea53dbc37f0183f2763295133",
             ("https://archive.ics.uci.edu/static/public/275/bike+sharing+dataset.zip",),
             (_ZIP, f"bike_sharing/{_ZIP}"), text=True),
    )),
}
