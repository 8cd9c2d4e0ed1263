"""A folder for a room without a network, with tiny packages from an index on this machine; install.py in earnest."""

import contextlib
import functools
import hashlib
import http.server
import json
import os
import platform
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_utils.course import classroom, classroom_install, classroom_pages, cli, wheelhouse
from course_utils.course.wheelhouse import Target, Wheel
from course_utils.course.workbook import WorkbookTrouble

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
CP = f"cp{PYTHON.replace('.', '')}"
LINUX, WINDOWS, MACOS = (Target(system, PYTHON) for system in ("linux", "windows", "macos"))


def tiny(folder, file, needs=(), module="", script=""):
    """A wheel of that name which needs others, and holds one module."""
    name, version, *_ = file.split("-")
    info = f"{name}-{version}.dist-info"
    files = {f"{name}.py": module, f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: "
             f"{'-'.join(file.removesuffix('.whl').split('-')[2:])}\n",
             f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n"
             + "".join(f"Requires-Dist: {need}\n" for need in needs),
             f"{info}/entry_points.txt": f"[console_scripts]\n{script}\n" if script else ""}
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / file, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return folder / file


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Counts what is asked for, and can refuse a file."""

    asked, refused = [], set()

    def do_GET(self):
        Quiet.asked.append(Path(self.path).name)
        if Path(self.path).name in Quiet.refused:
            self.send_error(503)
        else:
            super().do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def index(tmp_path, monkeypatch):
    """An index on this machine, in the form of PEP 503."""
    Quiet.asked, Quiet.refused, root = [], set(), tmp_path / "index"

    def publish(file, needs=()):
        path = tiny(root / "files", file, needs)
        page = root / "simple" / path.name.split("-")[0].replace("_", "-").lower() / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        before = page.read_text() if page.exists() else "<!DOCTYPE html>"
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        page.write_text(f'{before}<a href="/files/{file}#sha256={digest}">{file}</a>')

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=root))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{server.server_port}/simple")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    for name in ("UV_FIND_LINKS", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_CONSTRAINT", "UV_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    yield publish
    server.shutdown()
    server.server_close()


@pytest.fixture
def own(tmp_path, index, monkeypatch):
    """The course's wheel and torch for the CPU; from the index what they need, one thing on Windows alone."""
    try:
        wheelhouse.uv()
    except WorkbookTrouble:
        pytest.skip("uv is not installed")
    monkeypatch.setattr(wheelhouse, "_running", lambda: {"torch": "7.0", "helper": "1.0"})
    folder = tmp_path / "own"
    tiny(folder, "course_utils-1.0-py3-none-any.whl", ["torch>=6", "helper", "screen; sys_platform == 'win32'"],
         "def main():\n    import os\n    print(os.environ['COURSE_DATA'])\n", "course = course_utils:main")
    tiny(folder, f"torch-7.0+cpu-{CP}-{CP}-manylinux_2_28_x86_64.whl")
    index(f"torch-7.0-{CP}-{CP}-manylinux_2_28_x86_64.whl", ["nvidia-large"])
    index(f"torch-7.0-{CP}-{CP}-win_amd64.whl")
    index(f"torch-8.0-{CP}-{CP}-macosx_14_0_arm64.whl")
    index("helper-1.0-py3-none-any.whl")
    index("helper-2.0-py3-none-any.whl")
    index("screen-1.0-py3-none-any.whl")
    index("pip-1.0-py3-none-any.whl")
    return folder


def names(chosen):
    return {f"{wheel.name} {wheel.version}" for wheel in chosen.wheels}


# ---- choosing ----


def test_each_system_gets_what_it_needs_and_in_the_versions_that_run_here(own):
    always = {"course-utils 1.0", "helper 1.0", "pip 1.0"}
    assert names(wheelhouse.choose(LINUX, own)) == always | {"torch 7.0+cpu"}
    windows = wheelhouse.choose(WINDOWS, own)
    assert names(windows) == always | {"torch 7.0", "screen 1.0"} and windows.note == ""
    assert all(wheel.size is None or wheel.size > 0 for wheel in windows.wheels)


def test_other_versions_are_taken_and_told_where_those_here_are_not_to_be_had(own):
    macos = wheelhouse.choose(MACOS, own)
    assert "torch 8.0" in names(macos) and "other versions" in macos.note


def test_the_large_build_is_taken_and_told_where_that_for_the_cpu_is_out_of_reach(own, monkeypatch):
    next(own.glob("torch-*")).unlink()
    locked, tried = wheelhouse._locked, []

    def one_index_is_down(target, own, options, pins):
        tried.append(options)
        if options:
            raise wheelhouse.NotChosen("no answer")
        return [*locked(target, own, options, {**pins, "torch": "7.0"}), Wheel("nvidia-large", "1", "x", "y", 2)]

    monkeypatch.setattr(wheelhouse, "_locked", one_index_is_down)
    with contextlib.suppress(wheelhouse.NotChosen):         # nvidia-large is in no index here
        assert "CUDA" in wheelhouse.choose(LINUX, own).note
    assert tried[:2] == [["--torch-backend=cpu"]] * 2 and tried[2] == []


def test_a_torchvision_of_another_build_is_told():
    wheels = [Wheel("torch", "7.0+cpu", "u", "h", 1), Wheel("torchvision", "3.0", "u", "h", 1)]
    assert "torchvision" in wheelhouse._note(wheels, other_versions=False)
    wheels[1] = wheels[1]._replace(version="3.0+cpu")
    assert wheelhouse._note(wheels, other_versions=False) == ""
    assert "CUDA" in wheelhouse._note([Wheel("nvidia-x", "1", "u", "h", 1)], other_versions=False)


def test_a_target_for_which_nothing_is_to_be_had_is_told_with_the_package(own):
    page = own.parent / "index" / "simple" / "torch" / "index.html"
    page.write_text(page.read_text().replace("macosx_14_0_arm64", "macosx_14_0_x86_64"))
    planned = classroom.plan([LINUX, MACOS], own)
    assert list(planned.chosen) == [LINUX]
    assert "torch" in classroom.told(planned, own / "none") and "nothing." in classroom.told(planned, own / "none")


# ---- fetching ----


@pytest.fixture
def no_data(monkeypatch):
    """One small file in the place of the data sets."""
    def data(folder):
        folder.mkdir(exist_ok=True)
        (folder / "set.csv").write_text("1,2")
        return []

    monkeypatch.setattr(classroom, "_data", data)


def test_an_interrupted_run_goes_on_where_it_was(own, index, tmp_path, no_data):
    folder, planned = tmp_path / "room", classroom.plan([WINDOWS], own)
    Quiet.refused = {"screen-1.0-py3-none-any.whl"}
    with pytest.raises(WorkbookTrouble, match="Run the same command again"):
        classroom.make(planned, folder, None, lambda line: None)
    there = {path.name for path in (folder / "wheels").iterdir()}
    assert there and "screen-1.0-py3-none-any.whl" not in there and all(name.endswith(".whl") for name in there)
    assert not (folder / "classroom.json").exists(), "it is not complete"
    Quiet.refused, Quiet.asked, said = set(), [], []
    assert classroom.make(planned, folder, None, said.append) == []
    fetched = {name for name in Quiet.asked if name.endswith(".whl")}
    assert fetched.isdisjoint(there) and "screen-1.0-py3-none-any.whl" in fetched
    assert {path.name for path in (folder / "wheels").iterdir()} == {wheel.file for wheel in planned.wheels}
    assert (folder / "Windows.html").is_file() and not (folder / "Linux.html").exists()


def test_a_file_with_other_bytes_is_fetched_again(own, tmp_path):
    [helper] = [wheel for wheel in wheelhouse.choose(LINUX, own).wheels if wheel.name == "helper"]
    path = wheelhouse.fetch(helper, tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert not wheelhouse.is_here(helper, tmp_path)
    assert wheelhouse.fetch(helper, tmp_path).read_bytes() == whole
    with pytest.raises(WorkbookTrouble, match="could not be fetched"):
        wheelhouse.fetch(helper._replace(sha256="0" * 64), tmp_path / "other")
    assert list((tmp_path / "other").glob("*.whl")) == [], "bytes that nobody expects are not kept"


def test_sizes_are_told_and_a_no_fetches_nothing(own, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(classroom, "own_wheels", lambda folder, given: [
        (folder / path.name).write_bytes(path.read_bytes()) for path in own.iterdir()])
    command = ["classroom", str(tmp_path / "room"), "--system", "linux", "--python", PYTHON]
    assert cli.main(command) == 1           # nobody is there to ask
    said = capsys.readouterr().out
    assert "Linux, Python" in said and "MB" in said and "--yes" in said and "Nothing was fetched" in said
    assert not (tmp_path / "room" / "wheels").exists()
    monkeypatch.setattr(classroom.shutil, "disk_usage", lambda folder: SimpleNamespace(free=1e6))
    assert cli.main([*command, "--yes"]) == 1 and "free in" in capsys.readouterr().err


def test_a_site_is_put_in_and_a_missing_one_is_said(own, tmp_path, no_data, capsys):
    site = tmp_path / "built"
    (site / "deep").mkdir(parents=True)
    (site / "index.html").write_text("x")
    classroom.make(classroom.plan([LINUX], own), tmp_path / "room", site, lambda line: None)
    assert (tmp_path / "room" / "site" / "index.html").read_text() == "x"
    assert "site/index.html" in (tmp_path / "room" / "Linux.html").read_text(encoding="utf-8")
    assert cli.main(["classroom", str(tmp_path / "room"), "--site", str(tmp_path / "none")]) == 1
    assert "no folder" in capsys.readouterr().err


@pytest.mark.parametrize("system", wheelhouse.SYSTEMS)
def test_a_page_says_how_in_the_words_of_its_system(system):
    page = classroom_pages.page(system, ["3.11", "3.12"], has_site=False)
    assert "3.11 or 3.12" in page and "COURSE_DATA" in page and "install.py" in page and '<html lang="en">' in page
    assert ("powershell" in page) == (system == "windows") and "http" not in page


# ---- installing ----


@pytest.fixture
def room(own, tmp_path, no_data):
    """A room's folder for this computer, with a pip that works."""
    bundled = pytest.importorskip("ensurepip")
    pips = sorted((Path(bundled.__file__).parent / "_bundled").glob("pip-*.whl"))
    if not pips or (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("no pip comes with this Python, or this is another system")
    (own / pips[-1].name).write_bytes(pips[-1].read_bytes())
    folder = tmp_path / "room"
    classroom.make(classroom.plan([LINUX], own), folder, None, lambda line: None)
    return folder


def install(room, target, **environment):
    return subprocess.run([sys.executable, room / "install.py", target], capture_output=True, text=True, timeout=300,
                          env={"PATH": os.defpath, "HOME": str(room), **environment}, cwd=room)


def test_one_line_installs_and_the_data_are_found(room, tmp_path):
    """Where pip was told to install elsewhere, too; the folder is all that counts."""
    target = tmp_path / "my course"
    done = install(room, target, PIP_TARGET=str(tmp_path / "elsewhere"), PYTHONPATH="/nowhere")
    assert done.returncode == 0, done.stderr
    assert str(target / "start.sh") in done.stdout
    course = subprocess.run([target / "environment" / "bin" / "course"], capture_output=True, text=True, env={})
    assert course.stdout.strip() == str(target / "data") and (target / "data" / "set.csv").read_text() == "1,2"
    by_hand = subprocess.run([target / "environment" / "bin" / "course"], capture_output=True, text=True,
                             env={"COURSE_DATA": "/mine"})
    assert by_hand.stdout.strip() == "/mine"
    assert install(room, target).returncode == 0, "a second time is no harm"


def test_a_damaged_package_is_refused(room, tmp_path):
    helper = next((room / "wheels").glob("helper-*"))
    tiny(room / "wheels", helper.name, module="print('other')")
    done = install(room, tmp_path / "course")
    assert done.returncode == 1 and "copy it again" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("change, said", [
    ({"for": ["Plan9", "mips"]}, "nothing for"), ({"python": "3.99"}, "packages for Python 3.99"),
])
def test_a_computer_that_does_not_fit_is_told_what_would(room, tmp_path, change, said):
    contents = json.loads((room / "classroom.json").read_text())
    contents["targets"][0].update(change)
    (room / "classroom.json").write_text(json.dumps(contents))
    done = install(room, tmp_path / "course")
    assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "course").exists()


def test_a_mac_with_an_intel_processor_is_told_why(monkeypatch):
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    with pytest.raises(classroom_install.Stop, match="Intel"):
        classroom_install.fitting_lock({"targets": [{"title": "macOS, Python 3.11", "for": ["Darwin", "arm64"]}]})


def test_install_needs_nothing_but_python():
    import ast

    tree = ast.parse(Path(classroom_install.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))
    modules = {alias.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import)
               for alias in node.names}
    modules |= {node.module.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules <= set(sys.stdlib_module_names)
