"""`my_work/` through changes of the course, crashes and full disks: not a byte of the learner's is lost.

JupyterLab's saving is Jupyter's own code, killed in the middle. Laying is `lay` and `course lab`, killed too.
"""

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course_utils.course import broken_saves, workbook
from course_utils.course.workbook import WorkbookTrouble, lay, progress

FIRST, SECOND = "00_start_here.ipynb", "01_lines.ipynb"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL, no fork")


def notebook(*sources, **metadata):
    cells = [{"cell_type": "code", "id": f"c{i}", "metadata": {}, "execution_count": None, "outputs": [],
              "source": source} for i, source in enumerate(sources)]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture(autouse=True)
def short_wait(monkeypatch):
    """How long a file that is cut off is waited for, in case somebody is saving it: nobody is, in most of this file."""
    monkeypatch.setattr(broken_saves, "SAVE_SECONDS", 0.1)


@pytest.fixture
def upstream(tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in (FIRST, SECOND):
        (folder / name).write_bytes(notebook("x = ...", "exercises.slope.check(x)"))
    return folder


@pytest.fixture
def mine(tmp_path):
    return tmp_path / "my_work"


def save(path, *sources, note=True):
    """What JupyterLab does: the cells change, and what the notebook's metadata hold stays; or a tool drops them."""
    metadata = json.loads(path.read_bytes())["metadata"] if note else {}
    path.write_bytes(notebook(*sources, **metadata))


def sources(path):
    return [cell["source"] for cell in json.loads(path.read_bytes())["cells"]]


def everything(folder):
    return {path.name: path.read_bytes() for path in folder.glob("[!.]*.ipynb")}


def notes(laid):
    return "\n".join(one.note for one in laid if one.note)


def held_to_style(text, lines=12):
    assert len(text.splitlines()) <= lines and "!" not in text and "Traceback" not in text and "rror" not in text, text
    return text


# ---- ten changes of the course ----


@pytest.mark.parametrize("seed", range(5))
def test_ten_changes_of_the_course_leave_every_edit_as_it_is(seed, upstream, mine, ended):
    draw, saved = random.Random(seed), {}
    lay(upstream, mine)
    for version in range(10):
        for path in mine.glob("*.ipynb"):
            if draw.random() < 0.3:
                save(path, f"x = 'mine {version}'", note=draw.random() < 0.7)
                saved[path.name] = path.read_bytes()
        name = draw.choice((FIRST, SECOND))
        (upstream / name).write_bytes(notebook(f"x = {version}"))
        held_to_style(notes(lay(upstream, mine)))
        assert {name: everything(mine)[name] for name in saved} == saved
        newest = json.loads((upstream / name).read_bytes())["cells"]
        assert any(json.loads(content)["cells"] == newest for content in everything(mine).values())
        assert {one.action for one in lay(upstream, mine)} <= {"same", "kept"}          # and once is enough
        ended("recovered")
    assert not list(mine.glob(".*"))


# ---- a note that is damaged ----


def test_without_their_notes_new_versions_are_laid_once(upstream, mine, ended):
    lay(upstream, mine)
    save(mine / FIRST, "x = 'mine'")
    (upstream / FIRST).write_bytes(notebook("x = 2"))
    for _ in range(4):
        lay(upstream, mine)
        for path in mine.glob("*.ipynb"):
            save(path, *sources(path), note=False)      # as a tool does that cleans metadata away
    assert sorted(everything(mine)) == [FIRST, SECOND, "NEW 00_start_here.ipynb"]
    ended("recovered")


@pytest.mark.parametrize("note", [
    None, 3, [], {}, {"laid": 0}, {"laid": ["a"]}, {"laid": {"a": 1}}, {"laid": "0" * 64},
])
def test_a_damaged_note_costs_one_more_copy_at_most(note, upstream, mine, ended):
    lay(upstream, mine)
    save(mine / FIRST, "x = 'mine'")
    (upstream / FIRST).write_bytes(notebook("x = 2"))
    lay(upstream, mine)
    for path in mine.glob("*00*"):
        content = json.loads(path.read_bytes())
        content["metadata"]["course"] = note
        path.write_text(json.dumps(content))
    for version in range(3, 13):
        (upstream / FIRST).write_bytes(notebook(f"x = {version}"))
        lay(upstream, mine)
        lay(upstream, mine)
    names = sorted(everything(mine))
    assert names == [FIRST, SECOND, "NEW 00_start_here.ipynb", "NEW-2 00_start_here.ipynb"]
    assert sources(mine / FIRST) == ["x = 'mine'"] and sources(mine / "NEW-2 00_start_here.ipynb") == ["x = 12"]
    ended("recovered")


# ---- files that are no notebook any more ----


@pytest.mark.parametrize("content", [b"", b"\n", b"  \n\n"])
def test_an_empty_file_is_nobodys_work(content, upstream, mine, ended):
    mine.mkdir()
    (mine / FIRST).write_bytes(content)
    laid = lay(upstream, mine)
    assert sources(mine / FIRST) == ["x = ...", "exercises.slope.check(x)"] and len(everything(mine)) == 2
    assert f"{FIRST} was empty" in held_to_style(notes(laid))
    assert not notes(lay(upstream, mine))
    ended("recovered")


@pytest.mark.parametrize("rest", [b"", b'{"cells": [{"cell_type": "co'])
@pytest.mark.parametrize("kept", [f".~{FIRST}", ".ipynb_checkpoints/00_start_here-checkpoint.ipynb"])
def test_a_save_that_broke_off_is_undone(rest, kept, upstream, mine, ended):
    lay(upstream, mine)
    save(mine / FIRST, "x = 'mine'")
    (mine / kept).parent.mkdir(exist_ok=True)
    shutil.copy(mine / FIRST, mine / kept)
    (mine / FIRST).write_bytes(rest)
    laid = lay(upstream, mine)
    assert sources(mine / FIRST) == ["x = 'mine'"] and not (mine / f".~{FIRST}").exists()
    assert f"{FIRST} was cut off" in held_to_style(notes(laid))
    asides = list(mine.glob("*.invalid"))
    assert [path.read_bytes() for path in asides] == ([rest] if rest else [])
    assert not notes(lay(upstream, mine))
    ended("recovered")


@pytest.mark.parametrize("rest", [b"", b'{"cells": [{"cell_type": "co'])
def test_a_save_that_goes_on_in_jupyterlab_is_not_disturbed(rest, upstream, mine, monkeypatch, ended):
    lay(upstream, mine)
    save(mine / FIRST, "x = 'mine'")
    shutil.copy(mine / FIRST, mine / f".~{FIRST}")
    whole = notebook("x = 'mine, longer'", **json.loads((mine / FIRST).read_bytes())["metadata"])
    saving = (mine / FIRST).open("wb", buffering=0)
    saving.write(rest)
    waited = []

    def done(seconds):                              # meanwhile, in another process
        waited.append(seconds)
        if len(waited) == 2:
            saving.seek(0)
            saving.write(whole)
            saving.truncate()
            saving.close()
            (mine / f".~{FIRST}").unlink()

    monkeypatch.setattr(broken_saves, "SAVE_SECONDS", 5.0)
    monkeypatch.setattr(time, "sleep", done)
    assert not notes(lay(upstream, mine))
    assert (mine / FIRST).read_bytes() == whole and len(everything(mine)) == 2 and sum(waited) < 5
    ended("recovered")


DEEP = b'{"cells": ' + b"[" * 200_000
ODD = [
    b"half a noteb", b"[]", b"3", b"null", b"\xff\xfe\x00", b'"cells"', DEEP, b'{"cells": null}', b'{"cells": {}}',
    b'{"cells": [3, null, [], "x"]}', b'{"cells": [{"source": 3}]}', b'{"cells": [{"source": null}], "metadata": null}',
    b'{"cells": [{"source": [1, null]}], "metadata": []}', b'{"cells": [{"cell_type": ["code"], "source": {}}]}',
    b'{"cells": [{"cell_type": "code", "source": "exercises.slope.check(x)", "outputs": null, "metadata": null}]}',
    b'{"cells": [{"cell_type": "code", "source": "exercises.slope.check(x)", "outputs": [3, {"data": null}, '
    b'{"data": {"text/plain": 3}}, {"text": [1]}], "metadata": {"tags": null}, "execution_count": 1}]}',
]


@pytest.mark.parametrize("row", range(len(ODD)))
def test_whatever_a_file_holds_it_is_kept_and_the_rest_goes_on(row, upstream, mine, ended):
    mine.mkdir()
    for name in (FIRST, "NEW 00_start_here.ipynb"):
        (mine / name).write_bytes(ODD[row])
    held_to_style(notes(lay(upstream, mine)))
    assert (mine / FIRST).read_bytes() == (mine / "NEW 00_start_here.ipynb").read_bytes() == ODD[row]
    assert sources(mine / "NEW-2 00_start_here.ipynb") == sources(mine / SECOND) == sources(upstream / FIRST)
    assert [one.right for one in progress(upstream, mine)] == [0, 0]
    assert not notes(lay(upstream, mine)) and len(everything(mine)) == 4
    ended("recovered")


@pytest.mark.parametrize("kind", ["folder", "link to nowhere", "link in a circle", "may not be read"])
def test_a_copy_that_cannot_be_read_is_named_and_the_rest_goes_on(kind, upstream, mine, monkeypatch, ended):
    mine.mkdir()
    path = mine / FIRST
    if kind == "folder":
        path.mkdir()
    elif kind == "may not be read":
        path.write_bytes(b"mine")
        read = Path.read_bytes

        def refuses(self):
            if self == path:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return read(self)

        monkeypatch.setattr(Path, "read_bytes", refuses)
    else:
        path.symlink_to(mine / "nowhere" if kind == "link to nowhere" else path)
    before = path.lstat()
    laid = lay(upstream, mine)
    assert [one.action for one in laid] == ["kept", "new"] and f"{FIRST} cannot be read" in held_to_style(notes(laid))
    assert path.lstat() == before
    progress(upstream, mine)
    ended("explained")


# ---- locks, and what killed processes left ----


@pytest.mark.parametrize("age", [-1e6, 5, 1e6])
@pytest.mark.parametrize("name", [".course/lock", f".{FIRST}.lock", f"{FIRST}.lock", "lock"])
def test_no_lock_makes_anybody_wait(name, age, upstream, mine, ended):
    (mine / name).parent.mkdir(parents=True, exist_ok=True)
    (mine / name).write_text("4194305")             # a process that there is not
    os.utime(mine / name, (time.time() - age, time.time() - age))
    begin = time.monotonic()
    assert [one.action for one in lay(upstream, mine)] == ["new", "new"]
    assert time.monotonic() - begin < 2 and (mine / name).read_text() == "4194305"
    ended("recovered")


def test_what_a_killed_process_had_begun_is_cleared_up(upstream, mine, ended):
    mine.mkdir()
    for begun, age in (("01d", 7200), ("future", -7200), ("at_work", 60)):
        part = mine / f".{FIRST}.{begun}.part"
        part.write_bytes(b"half")
        os.utime(part, (time.time() - age, time.time() - age))
    lay(upstream, mine)
    assert [path.name for path in mine.glob(".*")] == [f".{FIRST}.at_work.part"]
    ended("recovered")
    ended("recovered")


# ---- killed in the middle ----

SAVER = """
import json, os, sys
from itertools import count
from pathlib import Path
from jupyter_server.services.contents.fileio import atomic_writing
path, log = sys.argv[1:]

def save_for_ever(first):
    done = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    metadata = json.loads(Path(path).read_bytes())["metadata"]
    for n in count(first):
        cells = [{"cell_type": "code", "id": "c", "metadata": {}, "execution_count": None, "outputs": [],
                  "source": f"x = {n}" + " # mine" * 20_000}]
        content = json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
        with atomic_writing(path) as file:
            file.write(content)
        if Path(path).read_text() != content:
            os.write(done, f"lost {n}\\n".encode())
        os.write(done, f"{n}\\n".encode())

for line in sys.stdin:                              # imported once, and a process for each kill
    child = os.fork()
    if not child:
        save_for_ever(int(line))
    print(child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""

LAYER = """
import json, os, sys
from itertools import count
from pathlib import Path
from course_utils.course.workbook import lay
upstream, mine = map(Path, sys.argv[1:])

def lay_for_ever(first):
    for n in count(first):
        for path in upstream.glob("*.ipynb"):
            lesson = json.loads(path.read_bytes())
            lesson["cells"][0]["source"] = f"x = {n}" + " # upstream" * 20_000
            part = path.with_suffix(".part")
            part.write_text(json.dumps(lesson))
            os.replace(part, path)
        lay(upstream, mine)

for line in sys.stdin:
    child = os.fork()
    if not child:
        lay_for_ever(int(line))
    print(child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


def killed(script, arguments, kills, draw, after):
    """Start the script's work so often, kill it at a random moment, and call `after`."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for kill in range(kills):
            process.stdin.write(f"{1000 * (kill + 1)}\n")
            process.stdin.flush()
            child = int(process.stdout.readline())
            time.sleep(draw.uniform(0.02, 0.12))
            os.kill(child, signal.SIGKILL)
            assert process.stdout.readline() == "ended\n"
            after(kill)
        process.stdin.close()


def kill_savers(kills, upstream, mine, tmp_path, ended):
    """How many kills hit a save in its middle. What was saved last is there, or what was being saved."""
    lay(upstream, mine)
    log, broken, seen = tmp_path / "log", [], [0]

    def after(kill):
        broken.append((mine / f".~{FIRST}").exists())
        saved = int(log.read_text().split()[-1]) if log.exists() else 0
        held_to_style(notes(lay(upstream, mine)))
        there = sources(mine / FIRST)[0]
        number = int(there.split()[2]) if "# mine" in there else 0
        last = max(saved, seen[-1])                 # what was being saved at the last kill may have been whole
        assert number in (last, last + 1, 1000 * (kill + 1))
        seen.append(number)
        assert len(everything(mine)) == 2
        ended("recovered")

    killed(SAVER, (mine / FIRST, log), kills, random.Random(0), after)
    return sum(broken)


def lay_while_jupyter_saves(rounds, upstream, mine, tmp_path, monkeypatch, ended):
    """The course changes and is laid again and again while JupyterLab saves without a pause, and is killed then."""
    monkeypatch.setattr(broken_saves, "SAVE_SECONDS", 5.0)
    lay(upstream, mine)
    save(mine / FIRST, "x = 1 # mine")
    log, version = tmp_path / "log", 0
    command = [sys.executable, "-c", SAVER, mine / FIRST, log]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for turn in range(rounds):
            process.stdin.write(f"{100_000 * (turn + 1)}\n")
            process.stdin.flush()
            child = int(process.stdout.readline())
            for _ in range(40):
                version += 1
                (upstream / FIRST).write_bytes(notebook(f"x = {version}"))
                lay(upstream, mine)
            os.kill(child, signal.SIGKILL)
            assert process.stdout.readline() == "ended\n"
            lay(upstream, mine)
            saved = int(log.read_text().split()[-1])
            assert "lost" not in log.read_text()
            assert int(sources(mine / FIRST)[0].split()[2]) - saved in (0, 1)
            assert sources(mine / "NEW 00_start_here.ipynb") == [f"x = {version}"]
            assert len(everything(mine)) == 3 and not list(mine.glob("*.invalid*")) or turn
            ended("recovered")
        process.stdin.close()


def kill_layers(kills, upstream, mine, ended):
    lay(upstream, mine)
    save(mine / SECOND, "x = 'mine'")
    before = (mine / SECOND).read_bytes()
    (upstream / SECOND).write_bytes(notebook("x = 2"))

    def after(kill):
        assert (mine / SECOND).read_bytes() == before
        for content in everything(mine).values():
            assert json.loads(content)["cells"]
        lay(upstream, mine)
        assert sources(mine / FIRST) == sources(upstream / FIRST)
        assert sources(mine / "NEW 01_lines.ipynb") == sources(upstream / SECOND) and len(everything(mine)) == 3
        ended("recovered")

    killed(LAYER, (upstream, mine), kills, random.Random(1), after)
    for part in mine.glob(".*.part"):
        os.utime(part, (1e9, 1e9))
    lay(upstream, mine)
    assert not list(mine.glob(".*"))


@POSIX
def test_kills_while_jupyter_saves(upstream, mine, tmp_path, ended):
    kill_savers(10, upstream, mine, tmp_path, ended)


@POSIX
def test_kills_while_the_course_lays(upstream, mine, ended):
    kill_layers(10, upstream, mine, ended)


@POSIX
def test_the_course_is_laid_while_jupyter_saves(upstream, mine, tmp_path, monkeypatch, ended):
    lay_while_jupyter_saves(1, upstream, mine, tmp_path, monkeypatch, ended)


@POSIX
@pytest.mark.nightly
def test_the_course_is_laid_a_thousand_times_while_jupyter_saves(upstream, mine, tmp_path, monkeypatch, ended):
    lay_while_jupyter_saves(25, upstream, mine, tmp_path, monkeypatch, ended)


@POSIX
@pytest.mark.nightly
def test_a_hundred_kills_while_jupyter_saves(upstream, mine, tmp_path, ended):
    assert kill_savers(100, upstream, mine, tmp_path, ended) > 10


@POSIX
@pytest.mark.nightly
def test_a_hundred_kills_while_the_course_lays(upstream, mine, ended):
    kill_layers(100, upstream, mine, ended)


# ---- course lab ----


@pytest.fixture
def course_lab(tmp_path):
    """Starts `course lab` on a folder, with a JupyterLab that ends at once: the browser tests have the real one."""
    (tmp_path / "packages" / "jupyterlab").mkdir(parents=True)
    (tmp_path / "packages" / "jupyterlab" / "__init__.py").touch()
    (tmp_path / "packages" / "jupyterlab" / "__main__.py").write_text("print('JupyterLab')")
    path = os.pathsep.join([str(tmp_path / "packages"), str(Path(workbook.__file__).parents[2])])

    def start(mine, **settings):
        command = [sys.executable, "-m", "course_utils.course.cli", "lab", "--dir", mine, "--", "--allow-root"]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
                                env={**os.environ, "PYTHONPATH": path}, **settings)

    return start


def lessons_are_whole(mine):
    for original in workbook.lessons(workbook.lessons_folder()):
        assert json.loads((mine / original.name).read_bytes())["cells"] == json.loads(original.read_bytes())["cells"]
    return not list(mine.glob(".*.part")) and not list(mine.glob("NEW*"))


def test_course_lab_twice_and_from_two_terminals_at_once(course_lab, mine, ended):
    both = [course_lab(mine), course_lab(mine)]
    for process in both:
        told = process.communicate(timeout=120)
        assert process.returncode == 0 and "JupyterLab" in held_to_style("".join(told)), told
    assert lessons_are_whole(mine)
    ended("recovered")
    before = {path: path.stat().st_mtime_ns for path in mine.glob("*.ipynb")}
    assert course_lab(mine).communicate(timeout=120) and lessons_are_whole(mine)
    assert {path: path.stat().st_mtime_ns for path in mine.glob("*.ipynb")} == before
    ended("recovered")


@POSIX
def test_course_lab_where_files_may_not_grow(course_lab, mine, ended):
    import resource

    process = course_lab(mine, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)))
    _, told = process.communicate(timeout=120)
    assert process.returncode == 1 and "File too large" in held_to_style(told)
    assert not list(mine.iterdir())
    ended("explained")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_course_lab_with_a_full_disk(number, upstream, mine, monkeypatch, ended):
    lay(upstream, mine)
    save(mine / FIRST, "x = 'mine'")
    before = everything(mine)
    (upstream / FIRST).write_bytes(notebook("x = 2"))

    def fills(path, content):
        with path.open("wb") as file:
            file.write(content[:10])
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", fills)
        with pytest.raises(WorkbookTrouble) as trouble:
            lay(upstream, mine)
    told = held_to_style(str(trouble.value))
    assert "the disk is full" in told.splitlines()[0] and "Nothing of yours was changed" in told
    assert everything(mine) == before and not list(mine.glob(".*"))
    ended("explained")
    assert [one.action for one in lay(upstream, mine)] == ["beside", "same"]
    ended("recovered")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a small file system")
def test_course_lab_on_a_small_disk(course_lab, tmp_path, ended):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", disk]).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        process = course_lab(disk / "my_work")
        _, told = process.communicate(timeout=120)
        assert process.returncode == 1 and "the disk is full" in held_to_style(told).splitlines()[0]
        assert all(json.loads(content)["cells"] for content in everything(disk / "my_work").values())
        ended("explained")
        subprocess.run(["mount", "-o", "remount,size=8m", disk], check=True)
        assert course_lab(disk / "my_work").communicate(timeout=120) and lessons_are_whole(disk / "my_work")
        ended("recovered")
    finally:
        subprocess.run(["umount", disk], check=True)
