"""The terminal commands: what they do and say, and that expected troubles end in a plain line, not a traceback."""

import errno
import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

import course_utils
from course_utils import started
from course_utils.course import around_jupyter, cli, doctor, sliders, workbook
from course_utils.course.doctor import FIX, GOOD, NOTE, OPEN, Finding
from course_utils.download import SOURCES, DataUnavailable, fetch


@pytest.fixture
def upstream(tmp_path, monkeypatch):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [],
            "source": "exercises.slope.check(...)"}
    lesson = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "00_start_here.ipynb").write_text(json.dumps(lesson))
    monkeypatch.setattr(workbook, "lessons_folder", lambda: folder)
    return folder


class Server:
    """Stands in for JupyterLab: is interrupted once, then ends."""

    started = []

    def __init__(self, command, env):
        Server.started.append(command)
        assert Path(env["PYTHONSTARTUP"]).name == "kernel_start.py" or "PYTHONSTARTUP" in os.environ
        self.interrupts = 1

    def wait(self):
        if self.interrupts:
            self.interrupts -= 1
            raise KeyboardInterrupt
        return 0


def test_course_alone_lists_the_commands(capsys):
    assert cli.main([]) == 0
    said = capsys.readouterr().out
    assert all(command in said for command in ("lab", "doctor", "data", "progress", "build"))


def test_lab_lays_the_copies_and_opens_jupyter_on_them(upstream, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(subprocess, "Popen", Server)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    mine = tmp_path / "mine"
    assert cli.main(["lab", "--dir", str(mine), "--", "--no-browser", "--port=9999"]) == 0
    assert (mine / "00_start_here.ipynb").exists() and str(mine) in capsys.readouterr().out
    command = Server.started.pop()
    assert command[-2:] == ["--no-browser", "--port=9999"] and f"--ServerApp.root_dir={mine.resolve()}" in command


@pytest.mark.parametrize("words, said", [
    ("labb", "There is no command labb. Did you mean `course lab`?\nThere are lab, doctor, "),
    ("zzz", "There is no command zzz.\nThere are lab, doctor, "),
    ("lab --foo", "Nothing is known of --foo.\nMore: course lab --help"),
    ("lab --dir", "--dir: expected one argument.\nMore: course lab --help"),
    ("classroom x --python 3.9", "--python: '3.9' is none of '3.11', '3.12', '3.13', '3.14'.\n"),
])
def test_words_that_are_not_understood_are_told_in_words(words, said, capsys, monkeypatch):
    monkeypatch.setattr(started, "command", lambda arguments="": f"course {arguments}".rstrip())
    with pytest.raises(SystemExit, match="2"):
        cli.main(words.split())
    told = capsys.readouterr().err
    assert said in told and "error" not in told and "invalid" not in told


def test_version_and_help_may_be_asked_for_in_the_usual_ways(capsys):
    for words in (["--version"], ["help"], ["help", "lab"]):
        with pytest.raises(SystemExit, match="0"):
            cli.main(words)
        assert course_utils.__version__ in (said := capsys.readouterr().out) or "doctor" in said


@pytest.mark.parametrize("refusal, said", [
    (OSError(errno.ENOSPC, "No space left on device", "build/x.md"), "build/x.md: the disk is full"),
    (FileExistsError(errno.EEXIST, "File exists", "README.md"), "README.md: file exists.\nName another file or folder"),
])
def test_a_file_that_cannot_be_written_is_told_in_words(refusal, said, monkeypatch, capsys):
    def no(*_, **__):
        raise refusal

    monkeypatch.setattr("course_utils.course.build.build", no)
    assert cli.main(["build", "--answers"]) == 1
    assert said in capsys.readouterr().err


def test_a_lesson_may_be_named_by_its_number():
    folder = workbook.lessons_folder()
    for number, first in (("1", "01_"), ("01", "01_"), ("9", "09_"), ("10", "10_"), ("", "00_")):
        assert workbook.lessons_named(number, folder)[0].stem.startswith(first)
    assert workbook.lessons_named("99", folder) == []


def test_the_table_of_progress_has_room_for_every_name():
    assert max(len(path.stem) for path in workbook.lessons(workbook.lessons_folder())) <= cli.LONGEST_NAME


def test_jupyterlab_asks_about_no_news_unless_somebody_wants_them():
    surroundings, told = around_jupyter.environment({"JUPYTER_CONFIG_PATH": "/theirs"})
    theirs, ours = surroundings["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert theirs == "/theirs" and told == ""
    settings = json.loads((Path(ours) / "labconfig" / "default_setting_overrides.json").read_text())
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"


def test_jupyter_keeps_its_files_elsewhere_where_home_takes_none(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "file" / "runtime"))       # a folder that cannot be made
    surroundings, told = around_jupyter.environment(dict(os.environ))
    aside = Path(surroundings["JUPYTER_RUNTIME_DIR"]).parent
    assert aside.is_dir() and str(aside) in told and "not a directory" in told
    assert {Path(surroundings[name]).parent for name in around_jupyter.KEPT_AT_HOME} == {aside}
    aside.rmdir()


def test_lab_says_what_root_must_do(upstream, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(subprocess, "Popen", Server)
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    assert cli.main(["lab", "--dir", str(tmp_path / "mine")]) == 1
    assert "--allow-root" in capsys.readouterr().err and not Server.started
    assert cli.main(["lab", "--dir", str(tmp_path / "mine"), "--", "--allow-root"]) == 0 and Server.started.pop()


def test_lab_tells_of_a_new_version(upstream, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(subprocess, "Popen", Server)
    arguments = ["lab", "--dir", str(tmp_path), "--", "--allow-root"]
    cli.main(arguments)
    mine, theirs = tmp_path / "00_start_here.ipynb", upstream / "00_start_here.ipynb"
    mine.write_text(mine.read_text().replace("check(...)", "check(3)"))
    theirs.write_text(theirs.read_text().replace("check(...)", "check(answer)"))
    capsys.readouterr()
    assert cli.main(arguments) == 0
    assert "NEW 00_start_here.ipynb" in capsys.readouterr().out.splitlines()[0]
    Server.started.clear()


def test_expected_troubles_are_plain_lines(upstream, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    assert cli.main(["lab", "--dir", str(tmp_path / "file" / "x")]) == 1
    said = capsys.readouterr().err
    assert "--dir" in said and "Traceback" not in said

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(workbook, "lay", interrupted)
    assert cli.main(["lab"]) == 1 and "Stopped" in capsys.readouterr().err


def test_progress_counts_and_says_where_it_looked(upstream, tmp_path, capsys):
    assert cli.main(["progress", "--dir", str(tmp_path / "none")]) == 0
    assert "course lab" in capsys.readouterr().out
    workbook.lay(upstream, tmp_path / "mine")
    assert cli.main(["progress", "--dir", str(tmp_path / "mine")]) == 0
    assert "0 of 1 exercises right, not begun" in capsys.readouterr().out


def test_data_makes_a_folder_to_hand_round(tmp_path, monkeypatch, capsys):
    stick = tmp_path / "stick"
    for name in set(SOURCES) - {"orings", "survey"}:
        monkeypatch.delitem(SOURCES, name)
    assert cli.main(["data", "--to", str(stick)]) == 0
    assert "COURSE_DATA" in capsys.readouterr().out
    monkeypatch.setenv("COURSE_DATA", str(stick))
    assert fetch("orings") == fetch("survey") == stick.resolve()
    assert cli.main(["data", "--to", str(stick)]) == 0                  # onto itself: nothing to copy
    (tmp_path / "file").touch()
    assert cli.main(["data", "--to", str(tmp_path / "file")]) == 1 and "Name another folder" in capsys.readouterr().err


def test_data_that_cannot_be_had_is_said_and_the_rest_goes_on(monkeypatch, capsys):
    def pretend(name, **_):
        if name == "mnist":
            raise DataUnavailable("MNIST could not be fetched (no network).", "host: no network.", "Later.")
        return Path("somewhere")

    monkeypatch.setattr("course_utils.download.fetch", pretend)
    assert cli.main(["data"]) == 1
    said = capsys.readouterr().out
    assert "MNIST could not be fetched (no network)." in said and "The bike data         1.1 MB  somewhere" in said
    assert "show less" in said


def test_build_asks_what_to_build_and_names_a_cell_that_does_not_fit(upstream, tmp_path, monkeypatch, capsys):
    from course_utils.course import publish

    assert cli.main(["build"]) == 1 and "--slides" in capsys.readouterr().err
    assert cli.main(["build", "--site", "--lesson", "99"]) == 1 and "99" in capsys.readouterr().err
    monkeypatch.setattr(publish, "catalogue", lambda lesson: SimpleNamespace())
    assert cli.main(["build", "--solved", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "00_start_here.ipynb, cell 0" in said
    monkeypatch.setattr(publish, "execute", lambda notebook, folder, cell_seconds: notebook)
    assert cli.main(["build", "--slides", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "00_start_here.slides.html").exists()


# ---- doctor ----


def test_the_page_sums_up_and_the_exit_code_follows(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "examine", lambda folders: {"Versions": [Finding(NOTE, "odd", "do this\nand that")]})
    assert cli.main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert said == "Versions\n  note odd\n       do this\n       and that\n\nEvery lesson runs here.\n"
    monkeypatch.setattr(doctor, "examine", lambda folders: {"Data": [Finding(FIX, "gone")]})
    assert cli.main(["doctor"]) == 1 and "1 thing needs fixing" in capsys.readouterr().out


def test_every_dependency_is_listed_and_here_all_are_good():
    found = doctor.versions()
    assert len(found) == 1 + len(doctor.requirements("course-utils")) >= 11
    assert {finding.level for finding in found} == {GOOD}


@pytest.mark.parametrize("version, words", [(None, "torch is missing"), ("1.13.0", "torch is 1.13.0; 2.7 or later")])
def test_a_missing_or_old_package_is_named_with_what_to_do(monkeypatch, version, words):
    real = metadata.version

    def pretend(name):
        if name != "torch":
            return real(name)
        if version is None:
            raise metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(metadata, "version", pretend)
    [torch] = [finding for finding in doctor.versions() if finding.text.startswith("torch ")]
    assert torch.level == FIX and words in torch.text and "pip install" in torch.action


def test_without_packaging_the_doctor_says_that_first(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    [[finding]] = doctor.examine([tmp_path]).values()
    assert finding.level == FIX and "`packaging` is missing" in finding.text and "pip install -e ." in finding.action


def test_an_extra_is_no_requirement():
    names = {requirement.name for requirement in doctor.requirements("course-utils")}
    assert {"torch", "numpy"} <= names and "keras" not in names
    assert doctor.requirements("no-such-package") == []


def test_an_unsupported_python_is_named(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert doctor.versions()[0].level == FIX and "3.9.1" in doctor.versions()[0].text


def fake(folder, package, code):
    (folder / package).mkdir(parents=True)
    (folder / package / "__init__.py").write_text(code)
    return str(folder)


@pytest.mark.parametrize("complaint, words", [
    ("raise ModuleNotFoundError(\"No module named 'torch'\")", "pip install -e ."),
    ("raise OSError('[WinError 126] Error loading c10.dll: DLL load failed')", "Visual C++"),
    ("import os; os._exit(7)", "force-reinstall"),
])
def test_a_torch_that_cannot_start_is_a_finding(tmp_path, monkeypatch, complaint, words):
    monkeypatch.setenv("PYTHONPATH", fake(tmp_path, "torch", complaint))
    [finding] = doctor.pytorch()
    assert finding.level == FIX and words in finding.action


@pytest.mark.parametrize("package, before", [("torch", []), ("torchvision", ["torch computes a gradient"])])
def test_a_package_that_is_still_loading_is_no_fault(monkeypatch, package, before):
    monkeypatch.setattr(doctor, "_PATIENCE", 0.2)
    waited = doctor._try("import time; time.sleep(60)")
    answers = {doctor._TRY_TORCH: waited if package == "torch" else ("6.0", ""), doctor._TRY_VISION: waited}
    monkeypatch.setattr(doctor, "_try", answers.get)
    *good, waiting = doctor.pytorch()
    assert [finding.text for finding in good] == before
    assert waiting.level == OPEN and f"{package} was still loading after" in waiting.text
    said = doctor.page({"PyTorch": [*good, waiting]})
    assert said.splitlines()[-1].startswith("Nothing was found that needs fixing, but not all could be tried.")
    assert "cannot" not in said and "not compute" not in said


def test_torch_and_torchvision_from_different_places_are_recognised(monkeypatch):
    answers = {doctor._TRY_TORCH: ("6.0", ""),
               doctor._TRY_VISION: ("", "RuntimeError: operator torchvision::nms does not exist")}
    monkeypatch.setattr(doctor, "_try", answers.get)
    monkeypatch.setattr(metadata, "version", {"torch": "2.15.0+cpu", "torchvision": "0.29.2"}.get)
    good, bad = doctor.pytorch()
    assert (good.level, bad.level) == (GOOD, FIX) and "--torch-backend=cpu" in bad.action
    assert "2.15.0 (build cpu)" in bad.action and "0.29.2 (standard build)" in bad.action
    answers[doctor._TRY_VISION] = ("", "ImportError: something else")
    assert "different places" in doctor.pytorch()[1].action             # the builds differ all the same
    monkeypatch.setattr(metadata, "version", {"torch": "2.15.0", "torchvision": "0.29.2"}.get)
    assert "different places" not in doctor.pytorch()[1].action


def test_the_doctor_works_where_torch_is_missing_and_exits_with_1(tmp_path):
    code = "raise ModuleNotFoundError(\"No module named 'torch'\")"
    environment = {**os.environ, "PYTHONPATH": fake(tmp_path / "packages", "torch", code)}
    command = [sys.executable, "-m", "course_utils.course.cli", "doctor", "--dir", str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path)
    assert done.returncode == 1 and done.stderr == ""
    assert "torch does not compute" in done.stdout and "1 thing needs fixing" in done.stdout


def test_files_that_hide_a_module_are_found(tmp_path):
    for name in ("random.py", "numpy.py", "my_random.py", "test.py", "notes.txt"):
        (tmp_path / name).touch()
    fake(tmp_path, "torch", "")
    (tmp_path / "json").mkdir()                                         # an empty folder hides nothing
    found = doctor.shadows([tmp_path, tmp_path])
    assert [finding.level for finding in found] == [FIX] * 3
    assert [Path(finding.text.split()[0]).name for finding in found] == ["numpy.py", "random.py", "torch"]


def test_no_file_of_this_checkout_hides_a_module():
    here = Path(__file__).resolve().parent
    assert [finding.level for finding in doctor.shadows([here.parent, here.parent / "notebooks"])] == [GOOD]


@pytest.mark.parametrize("version, level, words", [
    ("7.7.1", GOOD, "which Colab draws itself"), ("8.1.9", FIX, '"ipywidgets==7.7.1"'), (None, FIX, "7.7.1")])
def test_on_colab_the_doctor_knows_where_it_is(monkeypatch, version, level, words):
    real = metadata.version

    def pretend(name):
        if name in ("jupyterlab", "jupyterlab_widgets") or (name == "ipywidgets" and version is None):
            raise metadata.PackageNotFoundError(name)
        return version if name == "ipywidgets" else real(name)

    monkeypatch.setattr(metadata, "version", pretend)
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab_20260801")
    [finding] = sliders.widgets()
    assert finding.level == level and words in finding.text + finding.action
    found = doctor.versions()
    assert not any("jupyterlab" in one.text for one in found) and not any("-e ." in one.action for one in found)
    assert not any("8.1" in one.action for one in [*found, finding])
    monkeypatch.delenv("COLAB_RELEASE_TAG")
    assert any("jupyterlab is missing" in one.text for one in doctor.versions())


def test_widgets_need_both_halves(tmp_path, monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    with monkeypatch.context() as without:
        without.setattr(metadata, "version", missing)
        assert sliders.widgets()[0].text == "The sliders cannot work: ipywidgets is missing."
    assert [finding.level for finding in sliders.widgets()] == [GOOD]
    monkeypatch.setattr(sliders, "_jupyter_folders", lambda: [tmp_path])
    assert [finding.level for finding in sliders.widgets()] == [FIX]
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "1.0.0" if name == "jupyterlab_widgets" else real(name))
    assert "stay blank" in sliders.widgets()[0].text


@pytest.mark.parametrize("lines, version, installed, level", [
    (["jupyterlab-widgets>=1.0.0; python_version >= \"3.6\""], "7.7.1", "3.0.17", FIX),     # what pip brings with 7.7.1
    (["jupyterlab-widgets>=1.0.0"], "7.7.1", "1.1.11", GOOD), (["jupyterlab_widgets~=3.0.15"], "8.1.9", "3.0.17", GOOD),
    (["jupyterlab-widgets~=3.0.15"], "8.1.9", "1.1.11", FIX), ([], "7.8.0", "1.1.11", GOOD),
])
def test_both_halves_of_the_sliders_have_to_fit(monkeypatch, lines, version, installed, level):
    """JupyterLab 4.3 shows a red line in place of a slider of 7.7.1 with 3.0.17; with 1.1.11 it shows the slider."""
    versions = {"ipywidgets": version, "jupyterlab_widgets": installed}
    monkeypatch.setattr(metadata, "version", versions.get)
    monkeypatch.setattr(metadata, "requires", {"ipywidgets": lines}.get)
    [finding] = sliders.widgets()
    assert finding.level == level and (level == GOOD or ("stay blank" in finding.text and ">=8.1" in finding.action))


def test_a_kernel_that_belongs_to_another_python_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(sliders, "_jupyter_folders", lambda: [tmp_path])
    assert "no kernel" in sliders.kernel()[0].text
    (tmp_path / "kernels" / "python3").mkdir(parents=True)
    for program, level in (("python", GOOD), (sys.executable, GOOD), (str(tmp_path / "bin" / "python"), FIX)):
        (tmp_path / "kernels" / "python3" / "kernel.json").write_text(json.dumps({"argv": [program]}))
        assert sliders.kernel()[0].level == level


def test_little_room_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "_free_memory", lambda: 1e9)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: SimpleNamespace(free=1e7))
    memory, disk = doctor.room(tmp_path / "not" / "yet")
    assert (memory.level, disk.level) == (NOTE, FIX) and "1.0 GB" in memory.text


def test_a_mistyped_data_folder_is_a_note_that_names_it(monkeypatch, tmp_path, capsys):
    from course_utils.download import places

    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "corse_data"))
    places._say_once.cache_clear()
    first = doctor.data()[0]
    assert first.level == NOTE and f"{tmp_path / 'corse_data'}, and that folder does not exist" in first.text
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    assert not any("COURSE_DATA" in finding.text for finding in doctor.data())


def test_absent_data_is_a_note_and_damaged_data_of_ours_needs_fixing(monkeypatch):
    def absent(name, **_):
        raise DataUnavailable("It is gone.", "why", "do this")

    monkeypatch.setattr("course_utils.download.fetch", absent)
    levels = dict(zip(SOURCES, (finding.level for finding in doctor.data()), strict=True))
    assert {name for name, level in levels.items() if level == NOTE} == {"mnist", "bike_sharing"}
    assert set(levels.values()) == {FIX, NOTE}
