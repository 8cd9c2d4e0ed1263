"""One file that a learner may hand in: which exercises are right, wrong or not tried, and which wrong ideas were met.

It is made from the saved notebooks and lies where the learner put it; nothing is sent. It holds no path, no name unless
one is given, no code unless that is asked for, and dates only where JupyterLab kept them in the notebooks.
"""

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import course_utils
from course_utils.course.record import Verdict, ideas, verdicts
from course_utils.course.whole_files import write_whole
from course_utils.course.workbook import WorkbookTrouble, exercises, lessons

MADE_BY = "course progress --export"        # by this a file is recognised
FORMAT = 1
RIGHT, WRONG, NOT_TRIED = "right", "wrong", "not tried"


def hand_in(notebooks_dir: Path, my_work: Path, *, name: str = "", with_answers: bool = False) -> dict[str, Any]:
    """What the copies in `my_work` show, exercise by exercise, as the file says it."""
    found: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts(notebooks_dir, my_work):
        found[verdict.lesson, verdict.exercise].append(verdict)
    named = {"name": name} if name else {}
    return {"made by": MADE_BY, "format": FORMAT, "course": course_utils.__version__, **named,
            "lessons": [_lesson(path, found, with_answers) for path in lessons(notebooks_dir)]}


def _lesson(path: Path, found: dict[tuple[str, str], list[Verdict]], with_answers: bool) -> dict[str, Any]:
    asked = [{"exercise": name, **_exercise(found[path.stem, name], with_answers)}
             for name in exercises(path.read_bytes())]
    right = sum(one["answer"] == RIGHT for one in asked)
    return {"lesson": path.stem, "right": right, "of": len(asked), "exercises": asked}


def _exercise(shown: list[Verdict], with_answers: bool) -> dict[str, Any]:
    """Of one exercise; right where any copy shows it so, as `course progress` counts."""
    if not shown:
        return {"answer": NOT_TRIED}
    told: dict[str, Any] = {"answer": RIGHT if any(one.right for one in shown) else WRONG}
    if met := set().union(*map(ideas, shown)):
        told["ideas met"] = sorted(f"{number}: {words}" for number, words in _numbered() if words in met)
    if ran := max(one.ran for one in shown):
        told["last run on"] = date.fromtimestamp(ran).isoformat()
    if with_answers:
        told["code"] = max(shown, key=lambda one: (one.right, one.when)).source
    return told


def _numbered() -> list[tuple[str, str]]:
    from course_utils.checker import IDEAS

    return list(IDEAS.items())


def write(path: Path, content: dict[str, Any]) -> None:
    """Write the file, over an older one of this kind and over nothing else. Raises WorkbookTrouble."""
    if path.exists() and not _is_ours(path):
        raise WorkbookTrouble(f"{path} is there already, and is no file of `{MADE_BY}`: it stays as it is.\n"
                              f"Give another name: {MADE_BY} FILE")
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    try:
        write_whole(path, text.encode("utf-8", "replace").decode())     # half a character from a damaged notebook
    except OSError as refusal:
        raise WorkbookTrouble(f"{path} cannot be written: {refusal.strerror or refusal}. Nothing was changed.\n"
                              f"Give another place: {MADE_BY} FILE") from refusal


def _is_ours(path: Path) -> bool:
    try:
        return path.stat().st_size < 5_000_000 and json.loads(path.read_bytes()).get("made by") == MADE_BY
    except (OSError, ValueError, AttributeError, RecursionError):
        return False
