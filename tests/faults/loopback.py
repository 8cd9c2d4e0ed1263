"""A server on this computer that misbehaves as it is told, and small files that stand in for the data sets.

The stand-ins have the paths, the packing and the number of mirrors of the real ones, so a loader takes the way through
the code that it takes for a learner; they differ in size and SHA-256 only.
"""

import gzip
import hashlib
import http.server
import io
import random
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from course_utils import datasets
from course_utils.download import SOURCES, DataUnavailable, fetch, lookup, places
from course_utils.download.sources import File, Source

LOADERS = {name: getattr(datasets, source.loader) for name, source in SOURCES.items()}
LOADERS["mnist"] = lambda **settings: fetch("mnist", **settings)       # as it begins; it expects 70 000 images then
FETCHED = ("mnist", "bike_sharing")                 # the data sets that are downloaded
PAGE = b"\n<!DOCTYPE html><html><body>Accept our terms</body></html>"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers http://…/BEHAVIOUR/NAME with `server.files[NAME]`, in the way that the behaviour says."""

    def do_GET(self):
        _, behaviour, self.name = self.path.split("/")
        self.server.asked.append((behaviour, self.name))
        self.body = self.server.files[self.name]
        getattr(self, behaviour)()

    def send(self, body, *, length=None, kind="application/octet-stream", code=200):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        if length != "none":
            self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def go_to(self, address):
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def good(self):
        self.send(self.body)

    def forbidden(self):
        self.send(PAGE, kind="text/html", code=403)

    def not_found(self):
        self.send(PAGE, kind="text/html", code=404)

    def busy(self):
        self.send(PAGE, kind="text/html", code=503)

    def login_page(self):
        self.send(PAGE, kind="text/html; charset=utf-8")

    def redirect_loop(self):
        self.go_to(f"/redirect_loop/{self.name}")

    def stall_before_the_first_byte(self):
        self.server.over.wait(60)

    def stall_after_the_first_byte(self):
        self.send(self.body[:1], length=len(self.body))
        self.server.over.wait(60)

    def truncated(self):
        self.send(self.body[:len(self.body) // 2], length=len(self.body))

    def flipped_bit(self):
        self.send(flipped(self.body))

    def other_bytes(self):
        self.send(self.server.flipped[self.name])

    def wrong_length(self):
        self.send(self.body, length=len(self.body) - 3)

    def no_length(self):
        self.send(self.body, length="none")

    def whole_and_no_end(self):
        """Every byte comes, and then nothing: no length was given, and the connection stays open.

        pooch hands over whole kB, so the last of them is still missing.
        """
        self.send(self.body, length="none")
        self.server.over.wait(60)

    def whole_without_the_last_chunk(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(self.body), self.body))
        self.close_connection = True

    def whole_then_reset(self):
        self.send(self.body)
        self.cut()

    def packed_on_the_way(self):
        """As servers do that take a .gz for a text packed for the way: the reader unpacks it."""
        body = gzip.compress(self.body)
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def a_part_unasked(self):
        self.send(self.body[:len(self.body) // 2], code=206)

    def cut_anywhere(self):
        self.send(self.body[:random.Random(len(self.server.asked)).randrange(len(self.body))], length=len(self.body))
        self.cut()

    def cut_the_first_time(self):
        first = self.server.asked.count(("cut_the_first_time", self.name)) == 1
        self.cut_anywhere() if first else self.good()

    def cut_in_the_headers(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Ty")
        self.cut()

    def cut(self):
        """End the connection at once, with a reset, as a network does that goes away."""
        self.wfile.flush()
        time.sleep(0.02)                            # a reset throws away what the reader has not taken yet
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def no_length_and_truncated(self):
        self.send(self.body[:len(self.body) // 2], length="none")

    def slow_drip(self):
        """Never silent, and never done: 128 bytes at a time."""
        self.send(b"", length=len(self.body))
        step = 128
        for part in range(0, len(self.body), step):
            if self.server.over.wait(self.server.pause):
                return
            self.wfile.write(self.body[part:part + step])

    def unhurried(self):
        """Good, and in no haste: in ten pieces, so that who is killed is killed in the middle."""
        self.send(b"", length=len(self.body))
        step = 1 + len(self.body) // 10
        for part in range(0, len(self.body), step):
            self.server.over.wait(self.server.pause)
            self.wfile.write(self.body[part:part + step])

    def https_to_http(self):
        self.go_to(f"http://127.0.0.1:{self.server.plain_port}/good/{self.name}")

    def log_message(self, *_):
        pass


BEHAVIOURS = ("forbidden", "not_found", "busy", "login_page", "redirect_loop", "stall_before_the_first_byte",
              "stall_after_the_first_byte", "truncated", "flipped_bit", "other_bytes", "wrong_length", "no_length",
              "no_length_and_truncated", "slow_drip", "https_to_http", "no_connection", "whole_and_no_end",
              "whole_without_the_last_chunk", "whole_then_reset", "packed_on_the_way", "a_part_unasked", "cut_anywhere",
              "cut_in_the_headers", "cut_the_first_time")
HARMLESS = ("no_length", "cut_the_first_time", "whole_without_the_last_chunk", "whole_then_reset",
            "packed_on_the_way")                    # the file comes all the same
LEVEL = 9                                           # how hard gzip tries


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):                     # clients here hang up on purpose
        pass


@contextmanager
def serving(contents, certificate=None, pause=0.03):
    """A server of `contents`, {path: bytes}, packed; with a certificate, (its path, the key's), it speaks https."""
    server = Server(("127.0.0.1", 0), Handler)
    server.files = published(contents)
    server.flipped = published({path: flipped(content) for path, content in contents.items()})
    server.asked, server.over, server.pause = [], threading.Event(), pause
    server.plain_port = server.server_port
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def nobody_accepts():
    """The port of a socket that answers no connection, as behind a firewall: its queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf:
        waiting = []
        try:
            for _ in range(8):
                caller = socket.socket()
                caller.setblocking(False)
                caller.connect_ex(deaf.getsockname())
                waiting.append(caller)
            yield deaf.getsockname()[1]
        finally:
            for caller in waiting:
                caller.close()


def certificate(folder):
    """A certificate for this computer and its key, made by openssl; None where there is no openssl."""
    if shutil.which("openssl") is None:
        return None
    paths = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", paths[0], "-keyout", paths[1]],
                   check=True, capture_output=True)
    return paths


def flipped(content):
    """The content with one bit in its middle turned."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1:]


# ---- what a learner has and gets ----

SETTINGS = ("COURSE_DATA", "COURSE_OFFLINE", "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy",
            "ALL_PROXY")


def alone(folder, monkeypatch):
    """An empty cache in `folder`, returned, and no other folder of this computer; nothing set, nothing remembered."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    monkeypatch.setattr(places, "user_cache", lambda: folder / "cache")
    monkeypatch.setattr(places, "checkout_data", lambda: None)
    monkeypatch.setattr(lookup, "_failed", {})
    places._say_once.cache_clear()
    return folder / "cache"


def explanation(load, *arguments, **settings):
    """The lines that a learner reads where the data cannot be had, held to the house's style."""
    with pytest.raises(DataUnavailable) as caught:
        load(*arguments, **settings)
    lines = str(caught.value).splitlines()
    assert 3 <= len(lines) <= 12 and len(lines[0]) <= 90, lines
    assert "!" not in str(caught.value) and "rror" not in str(caught.value) and "xception" not in str(caught.value)
    return lines


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def holds(loaded, contents):
    """Whether what a loader gave is what the files hold, read here in another way: the files of MNIST, the rentals."""
    if isinstance(loaded, Path):
        return all((loaded / path).read_bytes() == content for path, content in contents.items() if "MNIST" in path)
    rows = contents["bike_sharing/hour.csv"].decode().split()[1:]
    rentals = [y for part in (loaded.train, loaded.valid, loaded.test) for y in part.y.tolist()]
    return rentals == [float(row.split(",")[-1]) for row in rows]


# ---- stand-ins ----


def small_contents():
    """{path below a data folder: bytes} of small files in the formats of those that are downloaded."""
    draw, contents = random.Random(0), {}
    for part, n in (("train", 40), ("t10k", 20)):
        images = struct.pack(">IIII", 2051, n, 28, 28) + draw.randbytes(n * 784)
        contents[f"MNIST/raw/{part}-images-idx3-ubyte"] = images
        contents[f"MNIST/raw/{part}-labels-idx1-ubyte"] = struct.pack(">II", 2049, n) + bytes(i % 10 for i in range(n))
    rows = ["instant,dteday,season,yr,mnth,hr,holiday,weekday,workingday,weathersit,temp,atemp,hum,windspeed,casual,"
            "registered,cnt"]
    for i, date in enumerate(["2011-01-01"] * 4000 + ["2012-07-05"] * 500 + ["2012-09-03"] * 500):
        rows.append(f"{i},{date},1,0,1,{i % 24},0,6,0,1,0.24,0.2879,0.{draw.randrange(10, 99)},0,3,{i},{i + 3}")
    contents["bike_sharing/hour.csv"] = ("\n".join(rows) + "\n").encode()
    return contents


def packed(path, content):
    """The name and the bytes under which a file is published: MNIST's as .gz, the bikes' in a .zip."""
    if path.endswith("ubyte"):
        return f"{Path(path).name}.gz", gzip.compress(content, LEVEL, mtime=0)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Readme.txt", "hello")
        archive.writestr(Path(path).name, content)
    return "bike.zip", body.getvalue()


def published(contents):
    """The files as a server has them, {name: bytes}."""
    return dict(packed(path, content) for path, content in contents.items())


def stand_in(name, contents, bases) -> Source:
    """The source `name` with other contents and mirrors; of each file the first so many bases that it really has."""
    source = SOURCES[name]

    def file(real: File) -> File:
        content = contents[real.path]
        mirrors = tuple(base + packed(real.path, b"")[0] for base in bases[:len(real.mirrors)])
        return replace(real, size=len(content), sha256=hashlib.sha256(content).hexdigest(), mirrors=mirrors)

    return source._replace(files=tuple(file(real) for real in source.files))
