"""Receive one file over the network, watched, so that no server and no network can hold a learner for ever."""

import http.client
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request

STALL_SECONDS = 15.0    # without a byte: longer than a slow phone connection pauses, shorter than patience
LIMIT_SECONDS = 600.0   # for one file, however it trickles
BAR_AFTER_SECONDS = 2.0


class NotTheFile(Exception):
    """A server answered, but not with the file."""


class LoginPage(NotTheFile):
    """A server answered with a web page where a file was asked for."""


def part_of(part: int, whole: int) -> str:
    """Two sizes in one unit: "20.0 of 47.0 MB"."""
    unit, divisor = ("MB", 1e6) if whole >= 1e6 else ("kB", 1e3) if whole >= 1e3 else ("bytes", 1)
    return f"{part / divisor:.1f} of {whole / divisor:.1f} {unit}"


def receive(url: str, limit: int, label: str) -> bytes:
    """The body behind `url`, of at most `limit` bytes; `label` names the progress bar of a slow one.

    A thread of its own receives, so that no stage (name look-up, connecting, headers, body) can hold the caller
    longer than `STALL_SECONDS` without news or `LIMIT_SECONDS` in all, and an interrupt is heard at once.
    Raises OSError, HTTPException, NotTheFile or ValueError; `reason` puts them in words.
    """
    transfer = _Transfer(url, limit)
    thread = threading.Thread(target=transfer.run, daemon=True)
    begin = last_news = time.monotonic()
    seen, bar = 0, None
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.05)
            now = time.monotonic()
            if transfer.received > seen:
                seen, last_news = transfer.received, now
            if now - last_news > STALL_SECONDS:
                raise TimeoutError(f"no answer in {STALL_SECONDS:g} s" + (f" after {seen:,} bytes" if seen else ""))
            if now - begin > LIMIT_SECONDS:
                raise TimeoutError(f"took longer than {LIMIT_SECONDS:g} s")
            if now - begin > BAR_AFTER_SECONDS:
                if bar is None:                     # `or` would ask the bar for its truth, which it may refuse
                    bar = _bar(label, transfer.expected)
                bar.update(seen - bar.n)
    finally:
        transfer.abandoned = True
        if bar is not None:
            bar.close()
    if transfer.failure is not None:
        raise transfer.failure
    return bytes(transfer.body)


def _bar(label: str, total: int | None):
    from tqdm.auto import tqdm

    return tqdm(desc=label, total=total, unit="B", unit_scale=True)


class _Transfer:
    """One answer of one server, received in a thread and watched from outside."""

    def __init__(self, url: str, limit: int):
        self.url, self.limit = url, limit
        self.body, self.received, self.expected = bytearray(), 0, None
        self.failure: Exception | None = None
        self.abandoned = False

    def run(self) -> None:
        try:
            self._run()
        except Exception as failure:                # handed to the thread that waits
            self.failure = failure

    def _run(self) -> None:
        request = urllib.request.Request(self.url, headers={"User-Agent": "course-utils"})
        opener = urllib.request.build_opener()      # a new one, because it reads the proxy settings when it is made
        try:
            answer = opener.open(request, timeout=STALL_SECONDS)
        except urllib.error.HTTPError as refusal:
            with refusal:
                if refusal.code == http.client.NETWORK_AUTHENTICATION_REQUIRED:
                    raise LoginPage("answered that the network wants a login") from None
            raise
        with answer:
            length = answer.headers.get("Content-Length", "")
            self.expected = int(length) if length.isdigit() else None
            page = answer.headers.get_content_type() == "text/html"
            while not self.abandoned and (chunk := answer.read1(65536)):   # read() would wait for a full buffer
                self.body += chunk
                self.received += len(chunk)
                page = page or bytes(self.body[:200]).lstrip().lower().startswith((b"<!doctype html", b"<html"))
                if page:
                    raise LoginPage("answered with a web page")
                if self.received > self.limit:
                    raise NotTheFile(f"sent more than the file holds ({self.received:,} bytes)")
        if self.expected is not None and self.received < self.expected:
            raise NotTheFile(f"broke off after {part_of(self.received, self.expected)}")


def reason(failure: Exception, *, short: bool = False) -> str:
    """What went wrong with a transfer, as the end of a sentence; `short` fits into a headline."""
    if isinstance(failure, urllib.error.HTTPError):
        return f"answered {failure.code}" + ("" if short else f" {failure.reason}")
    cause = getattr(failure, "reason", failure)     # URLError wraps the real one
    if isinstance(cause, TimeoutError):
        return str(cause) if "no answer" in str(cause) or "took" in str(cause) else f"no answer in {STALL_SECONDS:g} s"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "no safe connection" if short else (
            "its certificate could not be checked (a wifi login page, a company's proxy or a wrong computer clock)")
    if isinstance(cause, socket.gaierror):
        return "no network" if short else "its name was not found, as when there is no network"
    if isinstance(cause, ConnectionRefusedError):
        return "refused the connection"
    if isinstance(cause, NotTheFile):
        return "not the published file" if short else str(cause)
    return "the connection broke" if short else f"the connection broke ({cause})"
