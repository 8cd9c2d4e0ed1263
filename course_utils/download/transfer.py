"""Receive one file over the network, watched, so that no server and no network can hold a learner for ever."""

import re
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from course_utils.bar import bar
from course_utils.download.places import part_of

if TYPE_CHECKING:
    from requests import Response

# How long a download may hold a learner. Tests set these smaller; the nightly ones take them as they are.
CONNECT_SECONDS = 10.0  # until a server's address answers at all
STALL_SECONDS = 15.0    # without a byte: longer than a slow phone connection pauses, shorter than patience
LIMIT_SECONDS = 120.0   # for a whole data set, however it trickles: MNIST needs a line of 100 kB/s
BAR_AFTER_SECONDS = 2.0


class TransferFailed(Exception):
    """The file did not come. The text ends a sentence that begins with the server's name.

    `body` is what had come: the whole file, if the server went on or broke off only after its last byte.
    """

    body = b""

    @property
    def headline(self) -> str:
        """The text up to the first comma or bracket, short enough for a headline."""
        return str(self).partition(",")[0].partition(" (")[0]


class LoginPage(TransferFailed):
    """A web page came where a file was asked for, as in a wifi that wants a login first."""


class BrokeOff(TransferFailed):
    """The connection went away in the middle of the file; asked once more, the server may well send all of it."""


class ProxyFailed(TransferFailed):
    """The proxy through which this computer is set to ask did not let it through."""


class Deadline:
    """`LIMIT_SECONDS` from now on, and how much of them one server may use while there are others to ask."""

    def __init__(self) -> None:
        self.end = time.monotonic() + LIMIT_SECONDS

    def share(self, servers: int) -> float:
        """The moment at which the first of so many servers has had its part of what is left."""
        now = time.monotonic()
        return now + (self.end - now) / servers


def receive(url: str, limit: int, label: str, deadline: Deadline, others: int = 0) -> bytes:
    """The body behind `url`, of at most `limit` bytes; `label` names the progress bar of a slow one.

    pooch receives it in a thread of its own, so that no stage (name look-up, connecting, headers, body) can hold the
    caller longer than `STALL_SECONDS` without news or until after the `deadline`, and an interrupt is heard at once;
    its own limits are for each address that a server's name has, and for the wait between two bytes. Where `others` can
    be asked, a server that would not be done in time at its pace is left early enough for them. Raises TransferFailed.
    """
    answer = _Answer(limit)
    thread = threading.Thread(target=answer.receive, args=(url,), daemon=True)
    thread.start()
    begin = last_news = time.monotonic()
    review = deadline.share(1 + others)
    try:
        with bar(desc=label, unit="B", delay=BAR_AFTER_SECONDS) as shown:
            while thread.is_alive():
                thread.join(0.05)
                now, received = time.monotonic(), len(answer.body)
                if received > shown.n:
                    shown.total, last_news = answer.size, now
                    shown.update(received - shown.n)
                if now - last_news > STALL_SECONDS:
                    raise TransferFailed(answer.silence())
                if now > deadline.end:
                    raise TransferFailed(f"took longer than {LIMIT_SECONDS:g} s{answer.so_far()}")
                if others and now > review:
                    pace = received / (now - begin)
                    if answer.size is None or received + pace * (deadline.end - now) < answer.size:
                        raise TransferFailed(f"too slow{answer.so_far()}")
                    others = 0                      # it will be done in time
    except TransferFailed as failure:
        failure.body = bytes(answer.body)
        raise
    finally:
        answer.abandoned = True
    if isinstance(answer.failure, OSError):         # everything that `requests` raises is one
        kind = BrokeOff if answer.body else TransferFailed
        broken = _proxy_failed(answer.failure, answer.response) or kind(_reason(answer.failure, answer))
        broken.body = bytes(answer.body)
        raise broken from answer.failure
    if answer.failure is not None:
        raise answer.failure
    return bytes(answer.body)


class _Answer:
    """What a server answers; pooch writes to it as to a file."""

    def __init__(self, limit: int):
        self.limit, self.body, self.abandoned = limit, bytearray(), False
        self.size: int | None = None
        self.failure: Exception | None = None
        self.response: Response | None = None

    def receive(self, url: str) -> None:
        from pooch import HTTPDownloader

        headers = {"User-Agent": "course-utils"}    # who asks is no secret, and some servers turn unnamed programs away
        try:
            limits = (CONNECT_SECONDS, STALL_SECONDS)
            HTTPDownloader(timeout=limits, headers=headers, hooks={"response": self.begin})(url, self, None)
        except Exception as failure:                # handed to the thread that waits
            self.failure = failure
        finally:
            if self.response is not None:
                self.response.close()

    def begin(self, response: "Response", **_: object) -> None:
        """Read the headers of an answer; `requests` calls this before it reads the body."""
        self.response = response
        if response.status_code == 511:             # Network Authentication Required
            raise LoginPage("answered that the network wants a login")
        page = response.headers.get("Content-Type", "").startswith("text/html")
        if page and response.ok and not response.is_redirect:
            raise LoginPage("answered with a web page")
        target = urljoin(response.url, response.headers.get("Location", ""))
        if response.is_redirect and response.url.startswith("https:") and not target.startswith("https:"):
            raise TransferFailed("leads from https to http (where anybody on the way may answer)")
        length = response.headers.get("Content-Length", "")
        self.size = int(length) if length.isdigit() else None

    def write(self, chunk: bytes) -> None:
        self.body += chunk
        if self.body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
            raise LoginPage("answered with a web page")
        if len(self.body) > self.limit:
            raise TransferFailed(f"sent more than the file holds ({len(self.body):,} bytes)")
        if self.abandoned:
            raise TransferFailed("answered too late")

    def silence(self) -> str:
        """What to call a pause of `STALL_SECONDS`. pooch hands over whole kB, so a part of one may have come."""
        if self.response is None:
            return f"no answer in {STALL_SECONDS:g} s"
        return f"less than 1 kB in {STALL_SECONDS:g} s, after {len(self.body):,} bytes"

    def so_far(self) -> str:
        """How much has come, as the end of a sentence; nothing where the server did not say how much there is."""
        return f", {part_of(len(self.body), self.size)} had come" if self.size else ""

    def flush(self) -> None:
        """Nothing to do, since this is memory."""


_REASONS = (
    (ssl.SSLCertVerificationError, "no safe connection (its certificate could not be checked: a wifi login page, a "
                                   "company's proxy or a wrong computer clock)"),
    (socket.gaierror, "no network, at least none that knows this name"),
    (ConnectionRefusedError, "refused the connection"),
)


def _proxy_failed(failure: OSError, response: "Response | None") -> ProxyFailed | None:
    """What to say where `requests` got no further than to the proxy; None where it asked the server itself.

    The proxy's address is not told: it may hold a password.
    """
    from requests.exceptions import InvalidSchema, InvalidURL, ProxyError

    misspelt = isinstance(failure, InvalidURL) and response is None         # our own address is well formed
    if misspelt or isinstance(failure, InvalidSchema) and "SOCKS" in str(failure):
        return ProxyFailed("cannot be asked through the proxy that is set (its address cannot be used here)")
    if isinstance(failure, ProxyError):
        refusal = re.search(r"Tunnel connection failed: (\d+ [\w -]+)", str(failure))
        how = f"answers {refusal[1].strip()}" if refusal else "does not answer"
        return ProxyFailed(f"cannot be asked through the proxy that is set (it {how})")
    return None


def _reason(failure: OSError, answer: _Answer) -> str:
    """Why `requests` gave up. It wraps the real reason in two or three others."""
    from requests import ConnectTimeout, TooManyRedirects

    if isinstance(failure, ConnectTimeout):
        return f"no connection in {CONNECT_SECONDS:g} s"
    if isinstance(failure, TooManyRedirects):
        return "leads in a circle (each address to another, never to the file)"
    cause: BaseException | None = failure
    while cause is not None:
        if isinstance(cause, TimeoutError):
            return answer.silence()
        for kind, words in _REASONS:
            if isinstance(cause, kind):
                return words
        cause = cause.__cause__ or cause.__context__
    if answer.response is not None and not answer.response.ok:
        return f"answered {answer.response.status_code} ({answer.response.reason})"
    if answer.size is not None and len(answer.body) < answer.size:
        return f"broke off after {part_of(len(answer.body), answer.size)}"
    if "ConnectionResetError" in str(failure):
        return "hung up before it answered"
    return f"the connection broke ({failure})"
