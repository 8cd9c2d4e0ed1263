"""The link for a JupyterHub, taken apart by the rules that nbgitpuller documents; and the page about a hub."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from test_notebooks import ROOT
from test_project import REPOSITORY

import course_utils
from course_utils.course import cli, hub
from course_utils.course.workbook import WorkbookTrouble


def taken_apart(link):
    """Where it leads, and what is asked there: {name: value}."""
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}{parts.path}", {name: one for name, [one] in
                                                           parse_qs(parts.query, strict_parsing=True).items()}


@pytest.mark.parametrize("address", ["https://hub.example.org", "https://hub.example.org/", "https://hub.example.org?x=1"])
def test_the_link_has_the_documented_form(address):
    where, asked = taken_apart(hub.link(address, "01_x", "https://git.example.org/team/my course", "spring & co"))
    assert where == "https://hub.example.org/hub/user-redirect/git-pull"
    assert asked == {"repo": "https://git.example.org/team/my course", "branch": "spring & co",
                     "urlpath": "lab/tree/my course/notebooks/01_x.ipynb"}


def test_a_hub_below_a_path_keeps_it():
    assert taken_apart(hub.link("https://x.org/jupyter/", "01", REPOSITORY))[0].startswith("https://x.org/jupyter/hub/")


def test_the_folder_is_named_where_nbgitpuller_would_name_it_otherwise():
    """It takes the last part of the address, ".git" included, unless `targetPath` says otherwise."""
    _, asked = taken_apart(hub.link("https://x.org", "01", "https://x.org/course.git"))
    assert asked["targetPath"] == "course" and asked["urlpath"].startswith("lab/tree/course/")


@pytest.mark.parametrize("address", ["hub.example.org", "ftp://x.org", "javascript:alert(1)", ""])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(WorkbookTrouble, match="https://"):
        hub.link(address, "01", REPOSITORY)
    with pytest.raises(WorkbookTrouble, match="repository"):
        hub.link("https://x.org", "01", address)


def test_the_command_prints_it_for_a_lesson_that_there_is(capsys):
    assert cli.main(["link", "--hub", "https://hub.example.org", "--lesson", "01"]) == 0
    _, asked = taken_apart(capsys.readouterr().out.strip())
    folder, _, path = asked["urlpath"].removeprefix("lab/tree/").partition("/")
    assert asked["repo"] == REPOSITORY and asked["branch"] == "main" and REPOSITORY.endswith(f"/{folder}")
    assert (ROOT / path).is_file()
    assert cli.main(["link", "--hub", "https://hub.example.org", "--lesson", "77"]) == 1
    assert "77" in capsys.readouterr().err


# ---- the pages for teachers ----

INSTRUCTORS = (ROOT / "INSTRUCTORS.md").read_text(encoding="utf-8")
HUB = (ROOT / "JUPYTERHUB.md").read_text(encoding="utf-8")
COSTS = (ROOT / "benchmarks" / "results" / "lessons.md").read_text(encoding="utf-8")


def test_the_pages_show_what_was_measured_and_the_hub_has_room_for_it():
    rows = re.findall(r"^\| (\d\d_\w+) \| (\d+) \| (\d+) \|$", COSTS, re.MULTILINE)
    assert [name for name, *_ in rows] == sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
    assert COSTS[COSTS.index("| lesson"):].strip() in INSTRUCTORS
    computing, memory = ({name[:2]: int(row[place]) for name, *row in rows} for place in (0, 1))
    server, advised = 74, {"usual": 1_000, "10": 2_000}
    for lesson, megabytes in memory.items():
        assert 1.2 * (megabytes + server) <= advised.get(lesson, advised["usual"]), f"JUPYTERHUB.md: lesson {lesson}"
    for words in ("lessons 00 to 09 and 11, one kernel at a time | 1 GB", "two lessons open | 2 GB"):
        assert words in HUB
    assert max(computing.values()) < 90 and "less than 90 CPU seconds" in HUB


def test_the_page_about_a_hub_names_this_version():
    assert set(re.findall(r"course_utils-([\d.]+)-py3", HUB)) == {course_utils.__version__}
    assert f"{REPOSITORY}/releases/download/v{course_utils.__version__}/" in HUB


def test_every_command_on_the_pages_is_one_that_there_is(capsys):
    """As it is written, but that `--help` stands at its end."""
    commands = re.findall(r"(?:^|`)course ([a-z][^`\n]*)", INSTRUCTORS + "\n" + HUB, re.MULTILINE)
    names = {command.split()[0] for command in commands}
    assert {"classroom", "class", "link", "build", "progress", "doctor"} <= names
    for command in commands:
        words = re.sub(r"\[.*?\]", "", command).split("#")[0].split()
        with pytest.raises(SystemExit) as end:
            cli.main([*words, "--help"])
        assert end.value.code == 0, command
        said = " ".join(capsys.readouterr().out.split())
        for option in (word for word in words if word.startswith("--")):
            assert option in said, command
