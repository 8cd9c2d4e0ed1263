"""Tests that take turns: the same commit has the same ones, every one has a turn, and what was changed always has."""

from pathlib import Path
from types import SimpleNamespace

import in_turn
import pytest

NAMES = [f"test_it[{n:02}_{lesson}]" for n, lesson in enumerate(("start_here", "dropout", "batch_size", "capstone"))]


def case(name, parts=3, function="test_it"):
    mark = SimpleNamespace(args=(parts,)) if parts else None
    return SimpleNamespace(name=name, path=Path("test_these.py"), originalname=function,
                           get_closest_marker=lambda wanted: mark if wanted == "in_turn" else None)


@pytest.fixture
def turn(monkeypatch):
    def choose(number, changed=""):
        monkeypatch.setenv("COURSE_TURN", str(number))
        monkeypatch.setenv("COURSE_CHANGED", changed)
    return choose


def running(items):
    waiting = in_turn.waiting(items)
    return [item.name for item in items if item not in waiting]


def test_each_case_has_a_turn_and_all_of_them_in_as_many_turns_as_there_are_parts(turn):
    items, ran = [*map(case, NAMES), case("test_always", parts=0)], []
    for number in range(7, 10):
        turn(number)
        assert running(items) == running(items) and "test_always" in running(items)
        ran += running(items)
    assert sorted(ran) == sorted([*NAMES, *["test_always"] * 3])


def test_functions_are_counted_each_for_itself(turn):
    turn(0)
    items = [case(f"{function}[{n}]", 2, function) for n in range(2) for function in ("test_one", "test_two")]
    assert running(items) == ["test_one[0]", "test_two[0]"]


def test_everybody_has_a_turn_where_files_are_asked_for_by_name(turn):
    turn(in_turn.ALL)
    assert running([*map(case, NAMES)]) == NAMES and "all" in in_turn.in_words()


def test_what_belongs_to_a_changed_lesson_runs_besides(turn):
    items = [*map(case, NAMES)]
    turn(0, "dropout")
    assert running(items) == [NAMES[0], NAMES[1], NAMES[3]]
    assert "COURSE_TURN=0" in in_turn.in_words() and "dropout" in in_turn.in_words()


@pytest.mark.parametrize("name, lesson, belongs", [
    ("test_it[03_softmax_regression]", "softmax_regression", True), ("test_it[dropout-half_is_best]", "dropout", True),
    ("test_it[regularization-dropout]", "dropout", True), ("test_it[binary_logistic_regression]", "regression", False),
    ("test_dropout[1]", "dropout", False), ("test_dropout", "dropout", False),
])
def test_a_lesson_is_recognised_by_its_whole_name(name, lesson, belongs):
    assert in_turn.is_of(name, lesson) is belongs


def test_a_lesson_is_changed_by_its_files_and_by_no_others():
    files = ["notebooks/08_dropout.ipynb", "course_utils/exercises/capstone.py", "tests/wrong_answers/batch_size.py",
             "course_utils/optimizers/__init__.py", "course_utils/train/fit.py", "README.md"]
    assert in_turn.changed_lessons(files) == {"dropout", "capstone", "batch_size"}


def test_the_commit_chooses_and_the_environment_has_precedence(monkeypatch):
    said = {"rev-parse": ["00000a" + 34 * "f"], "diff": ["notebooks/08_dropout.ipynb"], "ls-files": ["new.py"]}
    monkeypatch.setattr(in_turn, "git", lambda *words: said[words[0]])

    def settled(by_name=False, **environment):
        for name in ("COURSE_TURN", "COURSE_CHANGED"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        in_turn.settle(by_name)
        return tuple(map(in_turn.os.environ.get, ("COURSE_TURN", "COURSE_CHANGED")))

    assert settled() == settled() == ("10", "dropout")
    assert settled(by_name=True)[0] == "all"
    assert settled(by_name=True, COURSE_TURN="4")[0] == "4"
    said["rev-parse"] = []                              # an archive without its history
    assert settled()[0] == "all"


def test_git_is_asked_and_may_be_missing(monkeypatch):
    assert in_turn.git("no-such-command") == []
    monkeypatch.setenv("PATH", "")
    assert in_turn.git("rev-parse", "HEAD") == []


@pytest.mark.parametrize("asked, left", [("", ["test_it[01_dropout]", "test_it[02_batch_size]", "test_long"]),
                                         ("nightly", [])])
def test_who_waits_is_left_out_by_day_and_is_nightly(turn, pytestconfig, asked, left):
    """At night pytest itself leaves out what is not marked so."""
    conftest = next(plugin for plugin in pytestconfig.pluginmanager.get_plugins()
                    if getattr(plugin, "__file__", None) == str(Path(__file__).with_name("conftest.py")))
    turn(0)
    items = [Item("test_long", "nightly"), *(Item(name, "in_turn") for name in NAMES), Item("test_always")]
    taken = []
    config = SimpleNamespace(option=SimpleNamespace(markexpr=asked), hook=SimpleNamespace(
        pytest_deselected=lambda items: taken.extend(item.name for item in items)))
    conftest.pytest_collection_modifyitems(config, items)
    assert sorted(taken) == left and len(taken) + len(items) == 6
    assert all(item.get_closest_marker("nightly") for item in items if item.name != "test_always")


class Item:
    path, originalname = Path("test_these.py"), "test_it"

    def __init__(self, name, mark=None):
        self.name, self.marks = name, {mark: SimpleNamespace(args=(3,))}

    def get_closest_marker(self, name):
        return self.marks.get(name)

    def add_marker(self, name):
        self.marks[name] = SimpleNamespace(args=())
