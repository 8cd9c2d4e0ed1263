"""Tests that take turns: at each push a part of them, which the commit chooses; at night all of them.

    @pytest.mark.in_turn(3)                 # a third of the cases at each push

The same commit has the same cases, everywhere. Those of a lesson of which the last commit, or what is not committed
yet, changes a file, run besides. `COURSE_TURN=5` makes it another number's turn, `COURSE_TURN=all` everybody's, as it
is where files, or tests, are asked for by name.
"""

import os
import re
import subprocess
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ALL = "all"


def settle(asked_for_by_name: bool) -> None:
    """Choose whose turn it is, once and for all processes of a run of tests; what the environment says has precedence.

    Where there is no git, nothing is known of the commit, and everybody has a turn.
    """
    commit = git("rev-parse", "HEAD")
    chosen = ALL if asked_for_by_name or not commit else str(int(commit[0][:6], 16))
    os.environ.setdefault("COURSE_TURN", chosen)
    os.environ.setdefault("COURSE_CHANGED", " ".join(sorted(changed_lessons(changed_files()))))


def in_words() -> str:
    """A line for the head of a run."""
    turn, changed = os.environ["COURSE_TURN"], os.environ["COURSE_CHANGED"]
    if turn == ALL:
        return "in turn: all tests (COURSE_TURN=all)"
    return f"in turn: COURSE_TURN={turn}, from the commit" + (f", and what is of {changed}" if changed else "")


def waiting(items: list) -> list:
    """Those of the tests marked `in_turn` that have to wait for another commit, or for the night."""
    turn, changed = os.environ["COURSE_TURN"], os.environ["COURSE_CHANGED"].split()
    place, left = Counter[tuple](), []
    for item in items:
        mark = item.get_closest_marker("in_turn")
        if mark is None or turn == ALL:
            continue
        function = item.path, item.originalname
        (parts,) = mark.args
        has_turn = (place[function] + int(turn)) % parts == 0
        place[function] += 1
        if not has_turn and not any(is_of(item.name, lesson) for lesson in changed):
            left.append(item)
    return left


def is_of(name: str, lesson: str) -> bool:
    """Whether the name of a test, `test_it[03_softmax_regression-softmax]`, has the lesson's among its cases."""
    return re.search(rf"\[(?:.*-)?(?:\d\d_)?{lesson}(?:-.*)?\]$", name) is not None


def changed_lessons(files: list[str]) -> set[str]:
    """The lessons, without their numbers, that have one of the files: a notebook, a catalogue, studies, answers."""
    lessons = {path.stem[3:] for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}
    return {re.sub(r"^\d\d_", "", Path(file).stem) for file in files} & lessons


def changed_files() -> list[str]:
    """What the last commit, a merge as a whole, and what is not committed, changes; [] where there is no commit before.

    A server's checkout has it where it fetches two commits or more.
    """
    return [*git("diff", "--name-only", "HEAD~1"), *git("ls-files", "--others", "--exclude-standard")]


def git(*words: str) -> list[str]:
    """The lines that git prints; [] where it cannot."""
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return []
    return done.stdout.splitlines() if not done.returncode else []
