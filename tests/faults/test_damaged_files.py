"""Files that went bad on this computer: each file of each data set, in five ways, and folders without room.

At each push small stand-ins go bad, in the night the real files, where this computer has them.
"""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from loopback import (
    FETCHED,
    LOADERS,
    alone,
    explanation,
    files_in,
    flipped,
    holds,
    packed,
    serving,
    small_contents,
    stand_in,
)

from course_utils.course import cli
from course_utils.download import SOURCES, fetch, places

OURS = Path(__file__).parents[2] / "data"
BROUGHT = {file.path: (OURS / file.path).read_bytes().replace(b"\r\n", b"\n") if file.text else
           (OURS / file.path).read_bytes() for source in SOURCES.values() if source.comes_with_the_course
           for file in source.files}
CONTENTS = small_contents()
NAMES = {file.path: name for name, source in SOURCES.items() for file in source.files}      # path → data set
DAMAGES = ("cut", "emptied", "swapped", "zeroed", "changed in place")


def damage(path, how, other):
    """Damage the file at `path`; `other` is the content of another published file."""
    good, before = path.read_bytes(), path.stat()
    zeroed = good[:8] + bytes(len(good) - 8)        # the labels, or whatever follows the head
    bad = {"cut": good[:len(good) // 2], "emptied": b"", "swapped": other, "zeroed": zeroed}.get(how, flipped(good))
    with path.open("r+b") as file:                  # the same file: its bytes change, its number does not
        file.write(bad)
        file.truncate()
    if how == "changed in place":
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    return bad


def numbers(loaded):
    """All that a loader gave, to compare; of the survey, which is not read for the learner, its bytes."""
    if isinstance(loaded, Path):
        return loaded.read_bytes()
    return [part.tolist() for one in (loaded.train, loaded.valid, loaded.test) if one for part in one]


def lay(folder, contents):
    for path, content in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def goes_bad(path, how, cache, contents, monkeypatch, capsys):
    """Loaded once, the file goes bad and is loaded again, in the same process: a good one comes from the server."""
    name = NAMES[path]
    with serving(contents) as server:
        base = f"http://127.0.0.1:{server.server_port}/good/"
        monkeypatch.setitem(SOURCES, name, stand_in(name, contents, [base, base]))
        wanted = {file.path: contents[file.path] for file in SOURCES[name].files}
        lay(cache, wanted)
        assert holds(LOADERS[name](), contents) and not server.asked and not capsys.readouterr().out
        bad = damage(cache / path, how, next(other for one, other in contents.items() if one != path))
        assert holds(LOADERS[name](), contents)
        assert server.asked == [("good", packed(path, b"")[0])]
    assert files_in(cache) == wanted | {f"{path}.damaged": bad}
    told = capsys.readouterr().out
    assert "Nothing of yours was changed." in told and len(told.splitlines()) <= 12
    return "recovered"


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("path", CONTENTS)
def test_a_file_that_goes_bad_in_the_cache_is_fetched_anew(path, how, tmp_path, monkeypatch, capsys, ended):
    ended(goes_bad(path, how, alone(tmp_path, monkeypatch), CONTENTS, monkeypatch, capsys))


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("path", CONTENTS)
def test_without_a_network_it_is_named_and_stays_as_it_is(path, how, tmp_path, monkeypatch, ended):
    name, cache = NAMES[path], alone(tmp_path, monkeypatch)
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    monkeypatch.setitem(SOURCES, name, stand_in(name, CONTENTS, ["http://127.0.0.1:9/"] * 2))
    lay(cache, {file.path: CONTENTS[file.path] for file in SOURCES[name].files})
    assert holds(LOADERS[name](), CONTENTS)
    bad = damage(cache / path, how, next(other for one, other in CONTENTS.items() if one != path))
    told = "\n".join(explanation(LOADERS[name]))
    assert f"{Path(path).name} is incomplete" in told or f"{Path(path).name} is not the published one" in told
    assert (cache / path).read_bytes() == bad and len(files_in(cache)) == len(SOURCES[name].files)
    ended("explained")


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("path", BROUGHT)
def test_a_file_that_came_with_the_course_is_named_and_another_copy_is_taken(path, how, tmp_path, monkeypatch, ended):
    name, checkout = NAMES[path], tmp_path / "checkout"
    alone(tmp_path, monkeypatch)
    monkeypatch.setattr(places, "checkout_data", lambda: checkout)
    lay(checkout, BROUGHT)
    wanted = numbers(LOADERS[name]())
    bad = damage(checkout / path, how, next(other for one, other in BROUGHT.items() if one != path))
    lines = explanation(LOADERS[name])
    assert lines[0].startswith("Your turn: ") and "`git restore data`" in lines[-1]
    ended("explained")
    lay(tmp_path / "stick", BROUGHT)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "stick"))
    assert numbers(LOADERS[name]()) == wanted and (checkout / path).read_bytes() == bad
    ended("recovered")


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("path", CONTENTS)
def test_a_file_of_yours_is_left_as_it_is(path, how, tmp_path, monkeypatch, capsys, ended):
    name, cache = NAMES[path], alone(tmp_path, monkeypatch)
    mine = tmp_path / "mine"
    monkeypatch.setenv("COURSE_DATA", str(mine))
    with serving(CONTENTS) as server:
        base = f"http://127.0.0.1:{server.server_port}/good/"
        monkeypatch.setitem(SOURCES, name, stand_in(name, CONTENTS, [base, base]))
        lay(mine, {file.path: CONTENTS[file.path] for file in SOURCES[name].files})
        assert holds(LOADERS[name](), CONTENTS)
        damage(mine / path, how, next(other for one, other in CONTENTS.items() if one != path))
        before = files_in(mine)
        assert holds(LOADERS[name](), CONTENTS)
    assert files_in(mine) == before and files_in(cache)
    assert ("That folder is yours" in capsys.readouterr().out) == (how != "emptied")
    ended("recovered")


@pytest.mark.nightly
@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("path", CONTENTS)
def test_the_real_files_at_their_full_size(path, how, tmp_path, monkeypatch, capsys, ended):
    name, contents = NAMES[path], {}
    try:
        folder = fetch(name, download=False)
    except RuntimeError:
        pytest.skip(f"{name} is not on this computer")
    for file in SOURCES[name].files:
        contents[file.path] = file.read((folder / file.path).read_bytes())
    contents["another-ubyte"] = CONTENTS[path]
    monkeypatch.setattr("loopback.LEVEL", 1)        # of nine: it is to be quick
    ended(goes_bad(path, how, alone(tmp_path, monkeypatch), contents, monkeypatch, capsys))
    shutil.rmtree(tmp_path)


# ---- no room ----


@pytest.fixture(params=FETCHED)
def good(request, tmp_path, monkeypatch):
    """(loader, cache) of a data set whose server is good, while nothing lies on this computer."""
    name, cache = request.param, alone(tmp_path, monkeypatch)
    with serving(CONTENTS) as server:
        base = f"http://127.0.0.1:{server.server_port}/good/"
        monkeypatch.setitem(SOURCES, name, stand_in(name, CONTENTS, [base, base]))
        yield LOADERS[name], cache


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 16 kB that begins at the cache, where this user may mount one."""
    (tmp_path / "cache").mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() or not shutil.which("mount"):
        pytest.skip("only root may mount a small file system")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", tmp_path / "cache"])
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield tmp_path / "cache"
    subprocess.run(["umount", tmp_path / "cache"], check=True)


def only_good_files_are_left(cache):
    return all(CONTENTS.get(path) == content for path, content in files_in(cache).items())


def test_a_small_disk_that_fills_is_explained_and_with_room_all_is_well(small_disk, good, ended):
    loader, cache = good
    lines = explanation(loader)
    assert lines[0].startswith("Your turn: the disk is full.") and "No space left on device" in lines[1]
    assert only_good_files_are_left(cache)
    ended("explained")
    subprocess.run(["mount", "-o", "remount,size=2m", cache], check=True)
    assert holds(loader(), CONTENTS)
    ended("recovered")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_while_a_file_is_written_is_explained(good, number, monkeypatch, ended):
    loader, cache = good

    def fills(path, content):
        with path.open("wb") as file:
            file.write(content[:len(content) // 2])
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", fills)
        assert explanation(loader)[0].startswith("Your turn: the disk is full.")
    assert only_good_files_are_left(cache)
    ended("explained")
    assert holds(loader(), CONTENTS)
    ended("recovered")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_limit_on_the_size_of_files_is_explained(good, ended):
    import resource

    loader, cache = good
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        lines = explanation(loader)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert lines[0].startswith("Your turn: no file may grow as large here as ") and "ulimit -f" in lines[-1]
    assert only_good_files_are_left(cache)
    ended("explained")
    assert holds(loader(), CONTENTS)
    ended("recovered")


def test_a_folder_that_may_only_be_read_is_explained(good, monkeypatch, ended):
    loader, cache = good
    cache.mkdir()
    if hasattr(os, "geteuid") and os.geteuid():
        cache.chmod(0o500)
    else:                                           # root may write everywhere
        def refuses(path, *_, **__):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

        monkeypatch.setattr(Path, "mkdir", refuses)
    assert "found no folder that may be written to" in explanation(loader)[0]
    assert only_good_files_are_left(cache)
    ended("explained")
    monkeypatch.undo()
    cache.chmod(0o700)


def test_data_that_may_only_be_read_are_read(tmp_path, good, monkeypatch, ended):
    loader, cache = good
    lay(tmp_path / "shared", CONTENTS)
    for path in (tmp_path / "shared").rglob("*"):
        path.chmod(0o500 if path.is_dir() else 0o400)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "shared"))
    assert holds(loader(), CONTENTS) and not cache.exists()
    for path in (tmp_path / "shared").rglob("*"):
        path.chmod(0o700)
    ended("recovered")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_stick_that_fills_or_is_pulled_out_keeps_no_half_file(number, tmp_path, monkeypatch, capsys, ended):
    stick = tmp_path / "stick"
    alone(tmp_path, monkeypatch)
    monkeypatch.setattr(places, "checkout_data", lambda: OURS)
    for name in FETCHED:
        monkeypatch.delitem(SOURCES, name)
    assert cli.main(["data", "--to", str(stick)]) == 0
    (stick / "survey.csv").unlink()
    (stick / "orings.csv").write_bytes(b"an older one")

    def fills(source, target):
        Path(target).write_bytes(b"half")
        raise OSError(number, os.strerror(number))

    capsys.readouterr()
    with monkeypatch.context() as full:
        full.setattr(shutil, "copyfile", fills)
        assert cli.main(["data", "--to", str(stick)]) == 1
    told = capsys.readouterr()
    assert os.strerror(number) in told.err and len((told.out + told.err).splitlines()) <= 12
    assert files_in(stick) == {path: content for path, content in BROUGHT.items() if path != "survey.csv"} | {
        "orings.csv": b"an older one"}
    ended("explained")
    assert cli.main(["data", "--to", str(stick)]) == 0 and files_in(stick) == BROUGHT
    ended("recovered")


# ---- the cost of looking at every byte, each time ----


def test_every_byte_is_hashed_at_every_load(tmp_path, monkeypatch):
    cache = alone(tmp_path, monkeypatch)
    monkeypatch.setitem(SOURCES, "mnist", stand_in("mnist", CONTENTS, ["http://127.0.0.1:9/"] * 2))
    lay(cache, {path: content for path, content in CONTENTS.items() if "MNIST" in path})
    hashed, sha256 = [], hashlib.sha256
    monkeypatch.setattr(hashlib, "sha256", lambda body: (hashed.append(len(body)), sha256(body))[1])
    for _ in range(3):
        hashed.clear()
        fetch("mnist")
        assert sum(hashed) == sum(file.size for file in SOURCES["mnist"].files)
