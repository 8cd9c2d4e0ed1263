"""Look for the files of a data set on this computer, then ask the mirrors, unless `$COURSE_OFFLINE` is set."""

import contextlib
import errno
import os
from pathlib import Path
from urllib.parse import urlsplit

from course_utils.download.places import Place, no_such_folder, places
from course_utils.download.sources import SOURCES, File, Source
from course_utils.download.transfer import BrokeOff, Deadline, LoginPage, ProxyFailed, TransferFailed, receive

_DISK_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}     # no room, or more than this user's share
_failed: dict[str, "DataUnavailable"] = {}          # what became of the last download of each data set


class DataUnavailable(RuntimeError):
    """A data set cannot be had. The text says on its first line whose turn it is, then why, then what to do."""

    def __init__(self, what: str, why: str, action: str):
        super().__init__(what, why, action)

    def __str__(self) -> str:
        return "\n".join(self.args)


def fetch(name: str, root: str | Path | None = None, *, download: bool = True, retry: bool = False) -> Path:
    """The folder below which the files of the data set `name` lie, each with the published SHA-256.

    `name` is a key of `SOURCES`. `root` is looked at first, and is where a download goes. A download that failed is
    not tried again in this process unless `retry`. Raises DataUnavailable.
    """
    source = SOURCES[name]
    for place in places(root):
        if all(place.has(file) for file in source.files):
            return place.folder.resolve()
    looked, here = list(places(root)), dict[File, bytes]()
    for file in source.files:                       # everything is in memory before any file is touched
        content = next((found for place in looked if (found := place.find(file)) is not None), None)
        if content is not None:
            here[file] = content
    came: dict[File, bytes] = {}
    if len(here) < len(source.files):
        _refuse_download(source, looked, download)
        if retry:
            _failed.pop(name, None)
        if name in _failed:
            raise DataUnavailable(*_failed[name].args)
        try:
            _download(name, [file for file in source.files if file not in here], came)
        except DataUnavailable:
            with contextlib.suppress(DataUnavailable):      # what did come is kept, so that the next try is shorter
                _store(source, came, looked)
            raise
    return _store(source, here | came, looked)


def _refuse_download(source: Source, looked: list[Place], download: bool) -> None:
    """Raise DataUnavailable where no download may be tried."""
    why = "Looked in\n  " + "\n  ".join(f"{place.folder}: {place.why_not(source)}" for place in looked)
    if source.comes_with_the_course:
        raise DataUnavailable(f"Your turn: {source.title} came with the course and is damaged or gone.", why,
                              "Bring it back: `git restore data`, or install the course again.")
    offline = os.environ.get("COURSE_OFFLINE", "").lower() not in ("", "0", "no", "false")
    if offline or not download:
        _blame_a_mistyped_folder(f"{source.title} is in no other place, and fetching it is forbidden.")
        forbids, undo = ("COURSE_OFFLINE", "Unset") if offline else ("download=False", "Leave out")
        raise DataUnavailable(f"{source.title} is not on this computer, and {forbids} forbids fetching it.", why,
                              f"{undo} {forbids}, or put the files there by hand (data/README.md says how).")


def _blame_a_mistyped_folder(besides: str) -> None:
    """Raise DataUnavailable where COURSE_DATA names no folder: whoever set it expects the data there."""
    if (folder := no_such_folder()) is not None:
        raise DataUnavailable("Your turn: COURSE_DATA names a folder that does not exist.",
                              f"It names {folder}. {besides}",
                              "Set COURSE_DATA to the folder that holds the data, and start the kernel again.")


def _download(name: str, missing: list[File], came: dict[File, bytes]) -> None:
    """Fill `came` with what is missing. A server that failed once is asked last from then on."""
    source, failed_hosts, deadline = SOURCES[name], set(), Deadline()
    for file in missing:
        failures: dict[str, TransferFailed] = {}
        urls = sorted(file.mirrors, key=lambda url: urlsplit(url).netloc in failed_hosts)
        asked_again = set[str]()
        while urls:
            url = urls.pop(0)
            host, label = urlsplit(url).netloc, f"{source.title}: {Path(file.path).name}"
            try:
                content = file.unpack(receive(url, 2 * file.size, label, deadline, others=len(urls)))
                failure = TransferFailed("sent other bytes, not the published ones")
            except TransferFailed as trouble:
                content, failure = file.unpack(trouble.body), trouble       # it may be whole all the same
            if content is not None:
                came[file] = content
                break
            failures[host] = failure
            failed_hosts.add(host)
            if isinstance(failure, BrokeOff) and url not in asked_again:
                asked_again.add(url)
                urls.append(url)                    # after the others, once
        else:
            why = "\n".join(f"{host}: {failure}." for host, failure in failures.items())
            _blame_a_mistyped_folder(f"{source.title} could not be fetched either.\n{why}")
            if any(isinstance(failure, LoginPage) for failure in failures.values()):    # over after the login
                raise DataUnavailable("Your turn: log in to the wifi. The network answered with a web page.", why,
                                      "Open a browser, log in to the wifi, run this cell again.")
            if any(isinstance(failure, ProxyFailed) for failure in failures.values()):
                raise DataUnavailable("Your turn: the proxy that is set here lets nothing through.", why,
                                      "Where this network needs none, unset HTTPS_PROXY and HTTP_PROXY; else correct "
                                      "them. Then start the kernel again.")
            headline = next(iter(failures.values())).headline
            _failed[name] = DataUnavailable(
                f"{source.title} could not be fetched ({headline}). Not your doing.", why,
                f"The course goes on without it. Later, or elsewhere: `{source.loader}(retry=True)`.")
            raise _failed[name]


def _store(source: Source, contents: dict[File, bytes], looked: list[Place]) -> Path:
    """Write what is missing into the first folder that allows it, and return that folder."""
    why, numbers = "", set[int | None]()
    for place in (place for place in looked if place.writable):
        try:
            for file, content in contents.items():
                place.store(file, content, source.title)
            return place.folder.resolve()
        except OSError as refusal:
            why += f"{place.folder}: {refusal.strerror or refusal}.\n"
            numbers.add(refusal.errno)
    if numbers & _DISK_FULL:
        raise DataUnavailable(f"Your turn: the disk is full. {source.title} needs {source.megabytes:.0f} MB.",
                              why.rstrip(), f"Delete something you no longer need, then `{source.loader}()`.")
    if errno.EFBIG in numbers:
        raise DataUnavailable(f"Your turn: no file may grow as large here as {source.title} is.", why.rstrip(),
                              "A limit of this computer forbids it (`ulimit -f` shows it). Lift it, or name a folder "
                              f"on another disk: `{source.loader}(root=\"…\")`.")
    raise DataUnavailable(f"Your turn: {source.title} found no folder that may be written to.",
                          why.rstrip() or "No folder.", f"Name one of yours: `{source.loader}(root=\"…\")`.")
