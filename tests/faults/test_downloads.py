"""Every way in which a server or a network misbehaves, while a data set is fetched by its loader.

Either the data come from elsewhere, bit for bit, or the learner reads in a few lines what happened and what to do; and
nobody waits longer than the limits. At each push the limits are fractions of a second, in the night those of a learner.
"""

import importlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from loopback import (
    BEHAVIOURS,
    FETCHED,
    HARMLESS,
    LOADERS,
    alone,
    certificate,
    explanation,
    files_in,
    holds,
    nobody_accepts,
    serving,
    small_contents,
    stand_in,
)

from course_utils.download import SOURCES, fetch, transfer

SMALL_LIMITS = {"CONNECT_SECONDS": 1.0, "STALL_SECONDS": 1.2, "LIMIT_SECONDS": 4.0}
CONTENTS = small_contents()
IN_TIME = {"stall_before_the_first_byte": "STALL_SECONDS", "stall_after_the_first_byte": "STALL_SECONDS",
           "no_connection": "CONNECT_SECONDS"}
WORDS = {
    "forbidden": "answered 403 (Forbidden)", "not_found": "answered 404 (Not Found)",
    "busy": "answered 503 (Service Unavailable)", "login_page": "answered with a web page",
    "redirect_loop": "leads in a circle", "stall_before_the_first_byte": "no answer in",
    "stall_after_the_first_byte": "less than 1 kB in", "truncated": "broke off after",
    "flipped_bit": "sent other bytes", "other_bytes": "sent other bytes", "wrong_length": "sent other bytes",
    "no_length_and_truncated": "sent other bytes", "slow_drip": "took longer than",
    "https_to_http": "leads from https to http", "no_connection": "no connection in",
    "a_part_unasked": "sent other bytes", "cut_anywhere": "broke off after",
    "cut_in_the_headers": "hung up before it answered", "whole_and_no_end": "less than 1 kB in",
}


def test_the_limits_are_those_that_we_promise():
    assert (transfer.CONNECT_SECONDS, transfer.STALL_SECONDS, transfer.LIMIT_SECONDS) == (10, 15, 120)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    return alone(tmp_path, monkeypatch)


@pytest.fixture(scope="module", autouse=True)
def readers():
    """What a download imports is imported before a clock runs."""
    for name in ("pooch", "requests", "tqdm.std"):
        importlib.import_module(name)


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def mirror(cache, pem, monkeypatch):
    """`mirror(behaviour, host)` is where a server with that behaviour can be found."""
    with serving(CONTENTS) as plain, serving(CONTENTS, pem) as safe, nobody_accepts() as deaf:
        safe.plain_port = plain.server_port

        def address(behaviour, host="127.0.0.1"):
            if behaviour == "https_to_http":
                if pem is None:
                    pytest.skip("no openssl to make a certificate with")
                monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem[0]))
                return f"https://{host}:{safe.server_port}/https_to_http/"
            port = deaf if behaviour == "no_connection" else plain.server_port
            return f"http://{host}:{port}/{behaviour}/"

        address.server = plain
        yield address


def is_right(name, data, cache):
    """Whether what was loaded is what the good files hold, and no other file lies in the cache."""
    contents = {file.path: CONTENTS[file.path] for file in SOURCES[name].files}
    return files_in(cache) == contents and holds(data, CONTENTS)


def fails_everywhere(name, behaviour, cache, mirror, monkeypatch):
    """All mirrors behave so: explained within the limits, nothing wrong is kept, and the next try succeeds."""
    both = [mirror(behaviour), mirror(behaviour, "localhost")]
    monkeypatch.setitem(SOURCES, name, stand_in(name, CONTENTS, both))
    if behaviour in HARMLESS:
        assert is_right(name, LOADERS[name](), cache)
        return "recovered"
    begin = time.monotonic()
    lines = explanation(LOADERS[name], retry=True)
    seconds = time.monotonic() - begin
    told = "\n".join(lines)
    asked = len(SOURCES[name].files[0].mirrors)
    if behaviour == "slow_drip":
        assert transfer.LIMIT_SECONDS <= seconds < transfer.LIMIT_SECONDS + 3
        assert ("too slow, " in told) == (asked > 1)
    elif behaviour in IN_TIME:
        limit = getattr(transfer, IN_TIME[behaviour])
        assert limit * asked <= seconds < limit * asked + 3 and f"{limit:g} s" in told
    assert WORDS[behaviour] in told and not [path for path in cache.rglob("*") if path.is_file()]
    monkeypatch.setitem(SOURCES, name, stand_in(name, CONTENTS, [mirror("good")] * 2))
    assert is_right(name, LOADERS[name](retry=True), cache)
    return "explained"


def fails_at_first(name, behaviour, cache, mirror, monkeypatch):
    """The first mirror behaves so, the second is good: the data are there, in time."""
    monkeypatch.setitem(SOURCES, name, stand_in(name, CONTENTS, [mirror(behaviour), mirror("good", "localhost")]))
    begin = time.monotonic()
    fetch(name)
    assert time.monotonic() - begin < transfer.LIMIT_SECONDS
    assert is_right(name, LOADERS[name](), cache)
    return "recovered"


def scaled(monkeypatch, behaviour):
    for limit, seconds in SMALL_LIMITS.items():
        monkeypatch.setattr(transfer, limit, seconds)
    if behaviour == "slow_drip":                    # on a busy computer its pauses could be taken for silence
        monkeypatch.setattr(transfer, "STALL_SECONDS", 20.0)
    if behaviour == "whole_and_no_end":             # of each file its end is waited for
        monkeypatch.setattr(transfer, "STALL_SECONDS", 0.4)


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
@pytest.mark.parametrize("name", FETCHED)
def test_where_every_mirror_misbehaves_the_learner_reads_why(name, behaviour, cache, mirror, monkeypatch, ended):
    scaled(monkeypatch, behaviour)
    ended(fails_everywhere(name, behaviour, cache, mirror, monkeypatch))


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_where_one_mirror_misbehaves_the_other_is_asked(behaviour, cache, mirror, monkeypatch, ended):
    scaled(monkeypatch, behaviour)
    ended(fails_at_first("mnist", behaviour, cache, mirror, monkeypatch))


@contextmanager
def proxy(answer):
    """The address of a proxy that gives this answer, or none, to whoever asks to be let through."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        def answer_all():
            while True:
                try:
                    caller, _ = door.accept()
                except OSError:
                    return
                with caller:
                    caller.recv(4096)
                    caller.sendall(answer)

        threading.Thread(target=answer_all, daemon=True).start()
        yield f"http://someone:secret@127.0.0.1:{door.getsockname()[1]}"
        door.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("answer, words", [
    (None, "(it does not answer)"), (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "(it answers 407 Proxy"),
    ("socks5", "(its address cannot be used here)"), (" ", "(its address cannot be used here)"),
])
def test_a_proxy_that_lets_nothing_through_is_the_learners_turn_and_not_the_servers_fault(
    answer, words, cache, monkeypatch, ended
):
    monkeypatch.delenv("no_proxy")
    monkeypatch.setitem(SOURCES, "bike_sharing", stand_in("bike_sharing", CONTENTS, ["https://example.invalid/"]))
    with proxy(answer) as address:
        address = {None: "http://someone:secret@127.0.0.1:9", "socks5": "socks5://someone:secret@127.0.0.1:9",
                   " ": "http://someone:secret@company :3128"}.get(answer, address)
        monkeypatch.setenv("HTTPS_PROXY", address)
        lines = explanation(LOADERS["bike_sharing"])
    assert lines[0] == "Your turn: the proxy that is set here lets nothing through."
    assert "example.invalid: cannot be asked through the proxy that is set" in lines[1] and words in lines[1]
    assert "secret" not in "".join(lines) and "unset HTTPS_PROXY" in lines[-1]
    ended("explained")


def write_down(*cells):
    """A row of the table in downloads.md, at the end of the file that DOWNLOAD_FAULTS names."""
    with open(os.environ.get("DOWNLOAD_FAULTS", os.devnull), "a") as table:
        print("|", " | ".join(cells), "|", file=table)


@pytest.mark.nightly
@pytest.mark.parametrize("behaviour", [*IN_TIME, "slow_drip"])
@pytest.mark.parametrize("name", FETCHED)
def test_the_limits_hold_at_their_full_length(name, behaviour, cache, mirror, monkeypatch, ended):
    mirror.server.pause = 1.0                       # 128 bytes a second: not silent, and too slow for 120 s
    for mirrors, fails in (("all", fails_everywhere), ("the first", fails_at_first)):
        if fails is fails_at_first and len(SOURCES[name].files[0].mirrors) < 2:
            continue
        for path in [path for path in cache.rglob("*") if path.is_file()]:
            path.unlink()
        begin = time.monotonic()
        end = fails(name, behaviour, cache, mirror, monkeypatch)
        write_down(name, behaviour.replace("_", " "), mirrors, end, f"{time.monotonic() - begin:.0f}")
        ended(end)


@pytest.mark.parametrize("behaviour", ["busy", "login_page", "truncated", "flipped_bit", "other_bytes"])
def test_what_came_whole_is_kept_when_the_last_file_fails(behaviour, cache, mirror, monkeypatch, ended):
    scaled(monkeypatch, behaviour)
    good = stand_in("mnist", CONTENTS, [mirror("good")] * 2)
    bad = stand_in("mnist", CONTENTS, [mirror(behaviour)] * 2)
    monkeypatch.setitem(SOURCES, "mnist", good._replace(files=(*good.files[:3], bad.files[3])))
    explanation(LOADERS["mnist"], retry=True)
    monkeypatch.setitem(SOURCES, "mnist", good)
    mirror.server.asked.clear()
    assert is_right("mnist", LOADERS["mnist"](retry=True), cache)
    assert mirror.server.asked == [("good", "t10k-labels-idx1-ubyte.gz")]
    ended("explained")


def test_a_slow_server_that_will_be_done_in_time_is_not_left_for_another(cache, mirror, monkeypatch, ended):
    monkeypatch.setattr(transfer, "LIMIT_SECONDS", 20.0)
    file = stand_in("mnist", CONTENTS, [mirror("unhurried"), mirror("forbidden", "localhost")]).files[0]
    monkeypatch.setattr(transfer.Deadline, "share", lambda *_: time.monotonic() + 0.2)      # reviewed early
    monkeypatch.setitem(SOURCES, "mnist", SOURCES["mnist"]._replace(files=(file,)))
    assert (fetch("mnist") / file.path).read_bytes() == CONTENTS[file.path]
    assert {behaviour for behaviour, _ in mirror.server.asked} == {"unhurried"}
    ended("recovered")


# ---- killed in the middle ----

FETCH = """
import hashlib, json, pathlib, sys
from course_utils.download import SOURCES, fetch, places
from course_utils.download.sources import File, Source
cache = pathlib.Path(sys.argv[1])
files = [File(path, size, sha256, tuple(mirrors)) for path, size, sha256, mirrors in json.loads(sys.argv[2])]
places.user_cache, places.checkout_data = lambda: cache, lambda: None
SOURCES["mnist"] = Source("MNIST", "load_mnist", tuple(files))
folder = fetch("mnist")
assert all(hashlib.sha256((folder / file.path).read_bytes()).hexdigest() == file.sha256 for file in files)
"""


def prepare(draw, cache, files):
    """What four processes find: nothing, or all files but one that is missing or damaged."""
    shutil.rmtree(cache, ignore_errors=True)
    if draw.random() < 0.3:
        return
    for file in files:
        (cache / file.path).parent.mkdir(parents=True, exist_ok=True)
        (cache / file.path).write_bytes(CONTENTS[file.path])
    one = cache / draw.choice(files).path
    if draw.random() < 0.5:
        one.unlink()
    else:
        one.write_bytes(one.read_bytes()[:-5])


def four_processes_some_killed(seed, cache, server, files):
    """How many were killed. Those that were not have what they asked for, and what is left is good to go on with."""
    draw = random.Random(seed)
    prepare(draw, cache, files)
    server.asked.clear()
    as_json = json.dumps([[file.path, file.size, file.sha256, file.mirrors] for file in files])
    command = [sys.executable, "-c", FETCH, str(cache), as_json]
    children = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(4)]
    doomed = draw.sample(children, draw.randint(1, 3))
    deadline = time.monotonic() + 60
    while not server.asked and time.monotonic() < deadline:
        time.sleep(0.01)
    for child in doomed:
        time.sleep(draw.uniform(0, 0.5))
        child.kill()
    told = [child.communicate(timeout=60)[1].decode() for child in children]
    for child, words in zip(children, told, strict=True):
        assert child.returncode == 0 or child in doomed and child.returncode == -signal.SIGKILL, words
    for file in files:                              # at least one was not killed, so nothing is missing or damaged
        assert (cache / file.path).read_bytes() == CONTENTS[file.path]
    return len(doomed)


def killing(rounds, cache, mirror, monkeypatch, ended):
    mirror.server.pause = 0.02
    source = stand_in("mnist", CONTENTS, [mirror("unhurried"), mirror("unhurried", "localhost")])
    monkeypatch.setitem(SOURCES, "mnist", source)
    begin, all_killed = time.monotonic(), 0
    for seed in range(rounds):
        killed = four_processes_some_killed(seed, cache, mirror.server, source.files)
        mirror.server.asked.clear()
        fetch("mnist")
        assert not mirror.server.asked
        for _ in range(killed):
            ended("recovered")
        all_killed += killed
    write_down("mnist", f"{all_killed} of {4 * rounds} processes killed", "none", "recovered",
               f"{time.monotonic() - begin:.0f}")


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_four_processes_on_one_folder_some_killed(cache, mirror, monkeypatch, ended):
    killing(3, cache, mirror, monkeypatch, ended)


@pytest.mark.nightly
def test_four_processes_on_one_folder_some_killed_twenty_times(cache, mirror, monkeypatch, ended):
    killing(20, cache, mirror, monkeypatch, ended)


def test_what_a_killed_process_had_begun_is_cleared_up_and_a_lock_makes_nobody_wait(cache, mirror, monkeypatch, ended):
    monkeypatch.setitem(SOURCES, "mnist", stand_in("mnist", CONTENTS, [mirror("good")] * 2))
    folder, name = cache / "MNIST" / "raw", "train-images-idx3-ubyte"
    folder.mkdir(parents=True)
    now = time.time()
    for begun, age in (("0ld", 7200), ("future", -7200), ("atwork", 60)):
        (folder / f".{name}.{begun}.part").write_bytes(b"half")
        os.utime(folder / f".{name}.{begun}.part", (now - age, now - age))
    (folder / f"{name}.lock").write_bytes(b"4194305")               # as other programs leave them, dated in the future
    os.utime(folder / f"{name}.lock", (now + 1e6, now + 1e6))
    begin = time.monotonic()
    fetch("mnist")
    assert time.monotonic() - begin < 5
    assert [path.name for path in folder.glob(".*")] == [f".{name}.atwork.part"] and (folder / f"{name}.lock").exists()
    for _ in range(3):
        ended("recovered")
