"""Fetching, against a server on this computer that misbehaves in every way that a classroom network does."""

import _thread
import gzip
import hashlib
import http.server
import io
import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from course_utils.download import SOURCES, DataUnavailable, fetch, lookup, places, transfer
from course_utils.download.sources import File, Source

CONTENT = bytes(range(256)) * 400                       # 102,400 bytes
PATH = "toy/raw/numbers"
README = (Path(__file__).parents[1] / "data" / "README.md").read_text(encoding="utf-8")
PAGE = b"\n<!DOCTYPE html><html><body>Accept our terms</body></html>"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers each path in its own way; `server.asked` lists the paths."""

    def do_GET(self):
        self.server.asked.append(self.path)
        assert self.headers["User-Agent"] == "course-utils"
        getattr(self, self.path.rsplit("/", 1)[1])()

    def send(self, body, *, length=None, kind="application/octet-stream", code=200):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        if length != "none":
            self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def good(self):
        self.send(gzip.compress(CONTENT))

    def plain(self):
        self.send(CONTENT, length="none")

    def moved(self):
        self.send_response(302)
        for header in (("Content-Type", "text/html"), ("Content-Length", str(len(PAGE))), ("Location", "good")):
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(PAGE)

    def archive(self):
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w") as archive:
            archive.writestr("Readme.txt", "hello")
            archive.writestr("folder/numbers", CONTENT)
        self.send(body.getvalue())

    def truncated(self):
        self.send(gzip.compress(CONTENT)[:200], length=len(gzip.compress(CONTENT)))

    def cut_without_length(self):
        self.send(gzip.compress(CONTENT)[:200], length="none")

    def reset(self):
        self.send(CONTENT[:70000], length=len(CONTENT))
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)     # closing now sends a reset

    def login(self):
        self.send(PAGE, kind="text/plain")

    def login_by_its_type(self):
        self.send(b"<head><title>Accept our terms</title>", kind="text/html; charset=utf-8")

    def login_511(self):
        self.send(PAGE, code=511)

    def wrong(self):
        self.send(gzip.compress(CONTENT[::-1]))

    def missing(self):
        self.send(b"<html>404</html>", kind="text/html", code=404)

    def endless(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(CONTENT)

    def bomb(self):
        self.send(gzip.compress(bytes(30_000_000)))

    def silent(self):
        self.server.over.wait(5)

    def stalls(self):
        self.send(CONTENT[:100], length=len(CONTENT))
        self.server.over.wait(5)

    def header_drip(self):
        self.drip(b"HTTP/1.0 200 OK\r\nServer: " + b"x" * 200)

    def body_drip(self):
        self.send(CONTENT[:1], length=len(CONTENT))
        self.drip(CONTENT[1:200])

    def drip(self, content):
        for byte in content:
            if self.server.over.wait(0.05):
                return
            self.wfile.write(bytes([byte]))

    def slow(self, length=None):
        self.send(CONTENT[:10240], length=length or len(CONTENT))
        for i in range(10240, len(CONTENT), 10240):
            self.server.over.wait(0.08)
            self.wfile.write(CONTENT[i : i + 10240])

    def slow_without_length(self):
        self.slow(length="none")

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):                         # clients here hang up on purpose
        pass


@pytest.fixture
def server():
    server = Server(("127.0.0.1", 0), Handler)
    server.asked, server.over = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    """No folder of this computer but an empty cache, no network setting, nothing remembered."""
    for name in ("COURSE_DATA", "COURSE_OFFLINE", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(places, "user_cache", lambda: tmp_path / "cache")
    monkeypatch.setattr(places, "checkout_data", lambda: None)
    places._say_once.cache_clear()
    monkeypatch.setattr(lookup, "_failed", {})
    return tmp_path / "cache"


@pytest.fixture
def toy(server, cache, monkeypatch):
    """`toy("wrong", "good")` makes a data set of one file with these two mirrors, and returns its File."""

    def make(*mirrors):
        base = f"http://127.0.0.1:{server.server_port}/"
        file = File(PATH, len(CONTENT), hashlib.sha256(CONTENT).hexdigest(),
                    tuple(f"{base}{i}/{mirror}" for i, mirror in enumerate(mirrors)), (PATH + ".gz", "*.zip"))
        monkeypatch.setitem(SOURCES, "toy", Source("Toy", "load_toy", (file,)))
        return file

    return make


def refused(*arguments, **settings) -> list[str]:
    """The lines of the refusal, each in the house style."""
    with pytest.raises(DataUnavailable) as caught:
        fetch("toy", *arguments, **settings)
    lines = str(caught.value).splitlines()
    assert len(lines) >= 3 and len(lines[0]) <= 90, lines
    assert "!" not in str(caught.value) and "rror" not in str(caught.value)
    return lines


@pytest.mark.parametrize("mirror", ["good", "plain", "archive", "moved"])
def test_a_file_is_fetched_unpacked_and_not_asked_for_again(toy, server, cache, capsys, mirror):
    toy(mirror)
    assert fetch("toy") == cache.resolve() and capsys.readouterr() == ("", "")
    asked = len(server.asked)
    assert (cache / PATH).read_bytes() == CONTENT
    assert [path.name for path in (cache / PATH).parent.iterdir()] == ["numbers"]     # no half file is left
    assert fetch("toy", download=False) == cache.resolve() and len(server.asked) == asked


@pytest.mark.parametrize(("fault", "words"), [
    ("truncated", "broke off after"), ("cut_without_length", "other bytes"), ("reset", "bro"), ("wrong", "other bytes"),
    ("missing", "answered 404"), ("endless", "more than the file holds"), ("bomb", "other bytes"),
])
def test_a_faulty_mirror_is_passed_over_and_named_when_it_is_the_only_one(toy, cache, fault, words):
    toy(fault)
    lines = refused()
    assert lines[0].startswith("Toy could not be fetched (") and words in lines[1]
    assert "load_toy(retry=True)" in lines[2]
    assert not (cache / PATH).exists()
    toy(fault, "good")
    assert (fetch("toy", retry=True) / PATH).read_bytes() == CONTENT


def test_a_server_that_failed_once_is_asked_last_from_then_on(toy, server, cache, monkeypatch):
    bad, good = (f"http://{host}:{server.server_port}/" for host in ("localhost", "127.0.0.1"))
    files = [replace(toy(), path=path, mirrors=(bad + "bad/missing", good + "fine/good")) for path in ("one", "two")]
    monkeypatch.setitem(SOURCES, "toy", Source("Toy", "load_toy", tuple(files)))
    assert (fetch("toy") / "two").read_bytes() == CONTENT
    assert server.asked == ["/bad/missing", "/fine/good", "/fine/good"]


@pytest.mark.parametrize("fault", ["login", "login_by_its_type", "login_511"])
def test_a_login_page_sends_the_learner_to_the_browser(toy, server, fault):
    toy(fault)
    lines = refused()
    assert lines[0] == "Your turn: log in to the wifi. The network answered with a web page."
    assert lines[-1] == "Open a browser, log in to the wifi, run this cell again."
    toy("good")                                         # logged in: the same cell works, without retry
    fetch("toy")


@pytest.mark.parametrize("fault, words", [
    ("silent", "no answer in 0.3 s"), ("stalls", "less than 1 kB in 0.3 s"), ("header_drip", "no answer in 0.3 s"),
])
def test_a_stalled_server_is_left_after_the_time_limit(toy, monkeypatch, fault, words):
    monkeypatch.setattr(transfer, "STALL_SECONDS", 0.3)
    toy(fault)
    begin = time.monotonic()
    assert words in refused()[0]
    assert time.monotonic() - begin < 2.0
    toy(fault, "good")
    assert (fetch("toy", retry=True) / PATH).read_bytes() == CONTENT


def test_a_slow_server_that_keeps_sending_is_not_stalled(toy, monkeypatch):
    monkeypatch.setattr(transfer, "STALL_SECONDS", 0.4)
    toy("slow")
    begin = time.monotonic()
    fetch("toy")
    assert time.monotonic() - begin > 0.6               # longer in all than the limit between two bytes


def test_a_server_that_trickles_is_left_too(toy, monkeypatch):
    monkeypatch.setattr(transfer, "LIMIT_SECONDS", 0.5)
    toy("body_drip")
    begin = time.monotonic()
    assert "took longer than 0.5 s" in refused()[0]
    assert time.monotonic() - begin < 2.0


def test_an_interrupt_is_heard_at_once_and_is_no_failure(toy):
    toy("silent")
    timer, begin = threading.Timer(0.3, _thread.interrupt_main), time.monotonic()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        fetch("toy")
    assert time.monotonic() - begin < 2.0
    toy("good")
    fetch("toy")


def test_what_comes_when_nobody_listens_any_more_ends_the_transfer():
    answer = transfer._Answer(limit=10)
    answer.write(b"1")
    answer.abandoned = True
    with pytest.raises(transfer.TransferFailed):
        answer.write(b"2")


def test_a_failure_is_remembered_until_retry(toy, server):
    toy("missing")
    first = refused()
    assert refused() == first and len(server.asked) == 1
    assert refused(retry=True) == first and len(server.asked) == 2
    toy("good")
    assert refused() == first
    fetch("toy", retry=True)
    fetch("toy")


def test_a_file_put_there_by_hand_counts_although_the_download_failed(toy, cache):
    toy("missing")
    refused()
    (cache / PATH).parent.mkdir(parents=True)
    (cache / PATH).write_bytes(CONTENT)
    assert fetch("toy") == cache.resolve()


def test_no_server_at_all(toy, server, monkeypatch):
    toy("good")
    monkeypatch.setattr(socket, "getaddrinfo", _no_name)
    assert "no network" in refused()[0]
    monkeypatch.undo()


def _no_name(*_, **__):
    raise socket.gaierror(-2, "Name or service not known")


def test_a_certificate_that_cannot_be_checked_is_said_so(toy, monkeypatch):
    def unsafe(*_, **__):
        try:
            raise ssl.SSLCertVerificationError("certificate verify failed: self-signed certificate")
        except OSError as failure:
            raise requests.exceptions.SSLError("Max retries exceeded") from failure

    toy("good")
    monkeypatch.setattr(requests.Session, "request", unsafe)
    lines = refused()
    assert "(no safe connection)" in lines[0] and "a wifi login page" in lines[1] and "retries" not in lines[1]


def test_a_server_that_is_not_there(toy, server):
    toy("good")
    server.shutdown()
    server.server_close()
    assert "(refused the connection)" in refused()[0]


def test_offline_is_obeyed_and_says_where_it_looked(toy, server, cache, monkeypatch, tmp_path):
    toy("good")
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    lines = refused(tmp_path / "argument")
    assert "COURSE_OFFLINE" in lines[0] and f"{tmp_path / 'argument'}: no such folder" in "\n".join(lines)
    monkeypatch.setenv("COURSE_OFFLINE", "0")
    assert "download=False" in refused(download=False)[0]
    assert server.asked == []
    fetch("toy")


def test_a_mistyped_folder_is_named_and_not_blamed_on_the_network(toy, monkeypatch, tmp_path, capsys):
    wrong = tmp_path / "corse_data"
    monkeypatch.setenv("COURSE_DATA", str(wrong))
    toy("missing")
    lines = refused()
    assert "Your turn: COURSE_DATA" in lines[0] and str(wrong) in lines[1] and "Not your doing" not in "\n".join(lines)
    assert f"COURSE_DATA names {wrong}, and that folder does not exist." in capsys.readouterr().out
    monkeypatch.setenv("COURSE_OFFLINE", "1")               # nor on the absent network
    lines = refused()
    assert "Your turn: COURSE_DATA" in lines[0] and str(wrong) in lines[1] and "forbidden" in lines[1]
    monkeypatch.delenv("COURSE_OFFLINE")
    wrong.mkdir()                                           # mended: from now on it is the network's
    assert "Not your doing" in refused(retry=True)[0]
    toy("good")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "another"))
    fetch("toy", retry=True)                                # what can be had elsewhere is had, and the slip is told
    assert "that folder does not exist" in capsys.readouterr().out


def test_places_are_tried_in_order(toy, cache, monkeypatch, tmp_path):
    toy("missing")
    folders = [tmp_path / "argument", tmp_path / "env", tmp_path / "checkout", cache]
    monkeypatch.setenv("COURSE_DATA", str(folders[1]))
    monkeypatch.setattr(places, "checkout_data", lambda: folders[2])
    for folder in reversed(folders):
        (folder / PATH).parent.mkdir(parents=True)
        (folder / PATH).write_bytes(CONTENT)
        assert fetch("toy", folders[0]) == folder.resolve()


def test_a_damaged_file_of_ours_is_put_aside_and_fetched_anew(toy, cache, capsys):
    toy("good")
    (cache / PATH).parent.mkdir(parents=True)
    for name in ("numbers.damaged", "numbers.damaged-2"):
        (cache / PATH).with_name(name).write_bytes(b"an earlier one")
    (cache / PATH).write_bytes(CONTENT[:51200])
    assert (fetch("toy") / PATH).read_bytes() == CONTENT
    assert (cache / (PATH + ".damaged-3")).read_bytes() == CONTENT[:51200]
    assert (cache / (PATH + ".damaged")).read_bytes() == b"an earlier one"
    assert capsys.readouterr().out == (
        "The saved Toy file is incomplete (51.2 of 102.4 kB), probably a broken download. "
        "We put it aside as numbers.damaged-3 and fetch it anew. Nothing of yours was changed.\n"
    )


def test_a_name_that_another_process_reads_is_never_without_a_file(toy, cache, monkeypatch):
    toy("good")
    (cache / PATH).parent.mkdir(parents=True)
    (cache / PATH).write_bytes(CONTENT[:51200])
    replace_by, there = os.replace, []
    monkeypatch.setattr(os, "replace", lambda *paths: (there.append((cache / PATH).exists()), replace_by(*paths)))
    fetch("toy")
    assert there == [True] and (cache / PATH).read_bytes() == CONTENT


def test_a_file_system_without_second_names_loses_nothing(toy, cache, monkeypatch):
    def refuses(*_):
        raise PermissionError(1, "Operation not permitted")

    toy("good")
    (cache / PATH).parent.mkdir(parents=True)
    (cache / PATH).write_bytes(CONTENT[:51200])
    monkeypatch.setattr(os, "link", refuses)
    assert (fetch("toy") / PATH).read_bytes() == CONTENT
    assert (cache / (PATH + ".damaged")).read_bytes() == CONTENT[:51200]


def test_a_damaged_file_stays_where_nothing_better_can_be_had(toy, cache):
    toy("missing")
    (cache / PATH).parent.mkdir(parents=True)
    (cache / PATH).write_bytes(CONTENT[:-1])
    refused()
    assert (cache / PATH).read_bytes() == CONTENT[:-1]
    assert "is incomplete" in "\n".join(refused(download=False))


@pytest.mark.parametrize("named_by", ["COURSE_DATA", "argument"])
def test_zeroed_bytes_in_the_users_folder_are_seen_and_left_alone(toy, cache, monkeypatch, tmp_path, capsys, named_by):
    toy("good")
    mine = tmp_path / "mine" / PATH
    mine.parent.mkdir(parents=True)
    mine.write_bytes(bytes(len(CONTENT)))
    if named_by == "COURSE_DATA":
        monkeypatch.setenv("COURSE_DATA", str(tmp_path / "mine"))
    root = tmp_path / "mine" if named_by == "argument" else None
    assert fetch("toy", root) == cache.resolve() and fetch("toy", root) == cache.resolve()
    assert mine.read_bytes() == bytes(len(CONTENT)) and len(list(mine.parent.iterdir())) == 1
    told = capsys.readouterr().out
    assert told.count("its bytes differ") == 1 and "yours" in told and str(mine) in told


def test_a_file_that_changes_after_it_was_verified_is_verified_again(toy, cache):
    toy("good")
    fetch("toy")
    (cache / PATH).write_bytes(bytes(len(CONTENT)))
    os.utime(cache / PATH, ns=(1, 1))                   # the clock of some file systems is coarse
    assert (fetch("toy") / PATH).read_bytes() == CONTENT


@pytest.mark.parametrize("pack", ["gz", "zip"])
def test_packed_files_are_unpacked_into_the_cache_and_the_users_folder_is_not_touched(
    toy, server, cache, monkeypatch, tmp_path, pack
):
    toy("missing")
    mine = tmp_path / "mine"
    (mine / PATH).parent.mkdir(parents=True)
    if pack == "gz":
        (mine / (PATH + ".gz")).write_bytes(gzip.compress(CONTENT))
    else:
        with zipfile.ZipFile(mine / "toy.zip", "w") as archive:
            archive.writestr("numbers", CONTENT)
    before = sorted(mine.rglob("*"))
    monkeypatch.setenv("COURSE_DATA", str(mine))
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    assert fetch("toy") == cache.resolve() and (cache / PATH).read_bytes() == CONTENT
    assert sorted(mine.rglob("*")) == before and server.asked == []


@pytest.mark.parametrize("body", [gzip.compress(CONTENT)[:300], b"PK\x03\x04 and then nothing", b"", CONTENT[::-1]])
def test_a_packed_file_that_is_damaged_is_passed_over(toy, cache, body):
    toy("good")
    (cache / PATH).parent.mkdir(parents=True)
    (cache / (PATH + ".gz")).write_bytes(body)
    assert (fetch("toy") / PATH).read_bytes() == CONTENT
    assert (cache / (PATH + ".gz")).read_bytes() == body


def test_crlf_and_lf_are_the_same_text(cache, monkeypatch):
    text = b"a,b\n1,2\n"
    file = File("table.csv", len(text), hashlib.sha256(text).hexdigest(), ("http://127.0.0.1:9/x",), text=True)
    monkeypatch.setitem(SOURCES, "toy", Source("Toy", "load_toy", (file,)))
    cache.mkdir()
    for content in (text, text.replace(b"\n", b"\r\n")):
        (cache / "table.csv").write_bytes(content)
        assert fetch("toy", download=False) == cache.resolve()
    (cache / "table.csv").write_bytes(text.replace(b"2", b"3"))
    refused(download=False)


def test_a_folder_that_may_not_be_written_gives_way_to_the_next(toy, cache, monkeypatch, tmp_path):
    toy("good")
    blocked = tmp_path / "a file, so no folder can be made below it"
    blocked.write_bytes(b"")
    monkeypatch.setattr(places, "checkout_data", lambda: blocked)
    assert fetch("toy") == cache.resolve()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may write everywhere")
def test_a_read_only_folder_gives_way_to_the_next(toy, cache, tmp_path):
    toy("good")
    folder = tmp_path / "read only"
    folder.mkdir(mode=0o500)
    assert fetch("toy", folder) == cache.resolve()


@pytest.mark.parametrize(("number", "first"), [
    (28, "Your turn: the disk is full. Toy needs 0 MB."), (13, "Your turn: Toy found no folder that may be written to.")
])
def test_a_full_disk_and_a_forbidden_one_are_the_users_turn(toy, cache, monkeypatch, number, first):
    toy("good")

    def refuse(self, *_):
        self.open("wb").close()                         # the disk fills after the file was begun
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert refused()[0] == first
    assert list((cache / PATH).parent.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_whoever_may_read_the_folder_may_read_the_file(toy, cache):
    toy("good")
    fetch("toy")
    (cache / "other").write_bytes(b"")
    assert (cache / PATH).stat().st_mode == (cache / "other").stat().st_mode


def test_a_write_that_does_not_read_back_is_refused(toy, monkeypatch):
    toy("good")
    write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda self, content: write(self, bytes(len(content))))
    assert "no folder" in refused()[0]


def test_the_file_appears_whole_or_not_at_all(toy, cache, monkeypatch):
    toy("good")
    written = []
    write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda self, content: (written.append(self), write(self, content))[1])
    fetch("toy")
    assert len(written) == 1 and written[0].parent == (cache / PATH).parent and written[0].name != "numbers"


def test_a_small_archive_of_something_huge_is_not_unpacked_whole(toy):
    file = toy()
    bomb = gzip.compress(bytes(30_000_000))
    tracemalloc.start()
    assert file.unpack(bomb) is None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000


def test_the_proxy_setting_is_honoured(toy, server, monkeypatch):
    file = toy()
    file = File(file.path, file.size, file.sha256, ("http://data.invalid/0/good",))
    monkeypatch.setitem(SOURCES, "toy", Source("Toy", "load_toy", (file,)))
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
    fetch("toy")
    assert server.asked == ["http://data.invalid/0/good"]


@pytest.mark.parametrize("mirror", ["slow", "slow_without_length"])
def test_the_bar_shows_only_when_it_takes_long(toy, monkeypatch, capsys, mirror):
    toy(mirror)
    fetch("toy")
    assert "numbers" not in capsys.readouterr().err
    monkeypatch.setattr(transfer, "BAR_AFTER_SECONDS", 0.1)
    (places.user_cache() / PATH).unlink()
    fetch("toy")
    assert "Toy: numbers" in capsys.readouterr().err


_CHILD = """
import sys, pathlib
from course_utils.download import SOURCES, fetch, places
from course_utils.download.sources import File, Source
cache, url, sha = sys.argv[1:]
places.user_cache = lambda: pathlib.Path(cache)
places.checkout_data = lambda: None
file = File("toy/raw/numbers", 102400, sha, (url,))
SOURCES["toy"] = Source("Toy", "load_toy", (file,))
print((fetch("toy") / file.path).stat().st_size)
"""


@pytest.mark.parametrize("damaged", [False, True])
def test_two_processes_may_fetch_at_once(toy, server, cache, damaged):
    file = toy("slow")
    if damaged:
        (cache / PATH).parent.mkdir(parents=True)
        (cache / PATH).write_bytes(CONTENT[:100])
    command = [sys.executable, "-c", _CHILD, str(cache), file.mirrors[0], file.sha256]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    for child in children:
        out, err = child.communicate(timeout=30)
        assert child.returncode == 0 and out.split()[-1] == b"102400", err
    assert (cache / PATH).read_bytes() == CONTENT
    assert not list(cache.rglob("*.part"))


def test_a_process_killed_in_mid_download_leaves_nothing_half(toy, server, cache):
    file = toy("stalls")
    command = [sys.executable, "-c", _CHILD, str(cache), file.mirrors[0], file.sha256]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 10
    while not server.asked and time.monotonic() < deadline:
        time.sleep(0.02)
    child.kill()
    child.communicate(timeout=10)
    assert server.asked and not (cache / PATH).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="each system has a rule of its own; pooch knows them")
def test_the_cache_is_where_the_system_keeps_it(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    for value, expected in ((str(tmp_path / "x"), tmp_path / "x"), ("relative", tmp_path / ".cache"),
                            ("", tmp_path / ".cache")):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert places.user_cache() == expected / "course_utils"
    assert "`~/.cache/course_utils`" in README


def test_a_user_without_a_home_folder_gets_no_folder_named_tilde(toy, monkeypatch):
    toy("good")
    monkeypatch.setattr(places, "user_cache", lambda: Path("~/.cache/course_utils"))
    assert refused()[0] == "Your turn: Toy found no folder that may be written to."


@pytest.mark.parametrize("part, whole, words", [
    (20_000_000, 47_000_000, "20.0 of 47.0 MB"), (0, 1_000_000, "0.0 of 1.0 MB"),
    (999_000, 999_999, "999.0 of 1000.0 kB"), (500, 1000, "0.5 of 1.0 kB"), (7, 134, "7.0 of 134.0 bytes"),
])
def test_two_sizes_are_told_in_one_unit(part, whole, words):
    assert places.part_of(part, whole) == words


def test_an_installed_package_brings_the_flights_along(tmp_path):
    package = Path(places.__file__).parents[1]
    (tmp_path / "course_utils" / "_data").mkdir(parents=True)
    shutil.copy(package / "__init__.py", tmp_path / "course_utils")
    shutil.copy(package / "bar.py", tmp_path / "course_utils")
    shutil.copytree(package / "download", tmp_path / "course_utils" / "download")
    shutil.copy(package.parent / "data" / "orings.csv", tmp_path / "course_utils" / "_data")
    command = [sys.executable, "-c", "from course_utils.download import fetch; print(fetch('orings'))"]
    settings = {key: value for key, value in os.environ.items() if key != "COURSE_DATA"}
    child = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, text=True, timeout=30)
    assert child.stdout.strip() == str((tmp_path / "course_utils" / "_data").resolve()), child.stderr


def test_the_published_numbers_are_in_the_data_readme():
    for source in SOURCES.values():
        for file in source.files:
            assert file.sha256 in README and file.path in README and f"{file.size:,}" in README
            assert all(mirror in README or mirror.rsplit("/", 1)[0] in README for mirror in file.mirrors)


def test_what_is_missing_is_told_in_bytes_where_megabytes_would_hide_it():
    assert places.part_of(47_040_009, 47_040_016) == "47,040,009 of 47,040,016 bytes"
    assert places.part_of(20_000_000, 47_040_016) == "20.0 of 47.0 MB" and places.part_of(3, 9) == "3.0 of 9.0 bytes"
