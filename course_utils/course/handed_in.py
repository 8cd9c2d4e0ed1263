"""Reads the files that a class handed in. They come from outside: nothing in one can stop the reading of the others.

What a file says beyond what this course asks is left out: an exercise that no lesson has, an idea that no catalogue
knows. So all that reaches a page from a file is the learner's name, which passes `harmless`.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import course_utils
from course_utils.course.hand_in import FORMAT, MADE_BY, NOT_TRIED, RIGHT, WRONG
from course_utils.course.workbook import exercises, lessons

LARGEST = 2_000_000                     # bytes; one with every answer in it has some 100,000
LONGEST_NAME = 60

Place = tuple[str, str]                 # lesson, exercise


class HandedIn(NamedTuple):
    """What one learner handed in; `answers` has an entry for each exercise of the course."""

    who: str
    answers: dict[Place, str]           # "right", "wrong" or "not tried"
    ideas: dict[Place, frozenset[str]]  # the numbers of the wrong ideas met there
    saved: float                        # seconds since 1970, of the file


class NotRead(ValueError):
    """A file was left out. The text says why."""


def asked(notebooks_dir: Path) -> list[Place]:
    """Every exercise of the course, in order."""
    return [(path.stem, name) for path in lessons(notebooks_dir) for name in exercises(path.read_bytes())]


def read_folder(folder: Path, places: list[Place]) -> tuple[list[HandedIn], list[str]]:
    """All that was handed in below `folder`, each learner once; and a line for each file that needs one.

    Of two files with the same name in them the one that was saved last counts.
    """
    from course_utils.checker import harmless

    read: dict[str, HandedIn] = {}
    notes, contents = [], set[str]()
    for path in sorted(folder.rglob("*.json")):
        said = harmless(str(path.relative_to(folder)), most=100)
        try:
            one, content, remark = read_one(path, places)
        except NotRead as why:
            notes.append(f"{said}: left out. {why}")
            continue
        if content in contents:
            notes.append(f"{said}: left out. It is the same file as another one.")
            continue
        contents.add(content)
        notes += [f"{said}: {remark}"] if remark else []
        key = one.who.casefold()
        if key in read:
            notes.append(f"{said}: a second file of {one.who}; the one that was saved last counts.")
            one = max(read[key], one, key=lambda file: file.saved)
        read[key] = one
    if notebooks := len(list(folder.rglob("*.ipynb"))):
        notes.append(f"{notebooks} notebook{'s' * (notebooks > 1)}: left out. What is read here is the file that "
                     f"`{MADE_BY}` makes; ask for it.")
    return sorted(read.values(), key=lambda one: one.who.casefold()), notes


def read_one(path: Path, places: list[Place]) -> tuple[HandedIn, str, str]:
    """One file, a fingerprint of what it holds, and a remark or "". Raises NotRead."""
    body, saved = _body(path)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise NotRead("It holds no JSON; it may have been cut off. Ask for it again.") from None
    if not isinstance(content, dict) or content.get("made by") != MADE_BY:
        raise NotRead(f"It was not made by `{MADE_BY}`.")
    if content.get("format") != FORMAT:
        raise NotRead("It comes from another version of the course, which writes them in another way.")
    told = {(_text(lesson, "lesson"), _text(exercise, "exercise")): exercise
            for lesson in _dicts(content, "lessons") for exercise in _dicts(lesson, "exercises")}
    answers = {place: _answer(told.get(place, {})) for place in places}
    ideas = {place: _ideas(told[place]) for place in places if place in told}
    one = HandedIn(_name(content, path), answers, {place: met for place, met in ideas.items() if met}, saved)
    return one, hashlib.sha256(body).hexdigest(), _remark(content, set(told) - set(places))


def _body(path: Path) -> tuple[bytes, float]:
    try:
        if not path.is_file():
            raise NotRead("It is no file.")
        if path.stat().st_size > LARGEST:
            raise NotRead(f"It is larger than {LARGEST / 1e6:.0f} MB, which none of these files is.")
        return path.read_bytes(), path.stat().st_mtime
    except OSError as refusal:
        raise NotRead(f"It cannot be read: {refusal.strerror or refusal}.") from refusal


def _remark(content: dict[str, Any], others: set[Place]) -> str:
    if content.get("course") != course_utils.__version__:
        return f"made with another version of the course than {course_utils.__version__}. What both have is counted."
    return f"{len(others)} of its exercises are none of this course, and are left out." if others else ""


def _name(content: dict[str, Any], path: Path) -> str:
    """The learner's name, or the name of the file where none is given."""
    from course_utils.checker import harmless

    given = harmless(_text(content, "name"), most=LONGEST_NAME)
    return given or harmless(path.stem, most=LONGEST_NAME) or "without a name"


def _answer(exercise: dict[str, Any]) -> str:
    answer = exercise.get("answer")
    return answer if answer in (RIGHT, WRONG) else NOT_TRIED


def _ideas(exercise: dict[str, Any]) -> frozenset[str]:
    """The numbers of ideas that the catalogues know; words beside them are not believed."""
    from course_utils.checker import IDEAS

    listed = exercise.get("ideas met")
    numbers = (re.match(r"M\d\d", one) for one in listed if isinstance(one, str)) if isinstance(listed, list) else ()
    return frozenset(number[0] for number in numbers if number and number[0] in IDEAS)


def _dicts(content: dict[str, Any], key: str) -> list[dict[str, Any]]:
    listed = content.get(key)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _text(content: dict[str, Any], key: str) -> str:
    value = content.get(key)
    return value if isinstance(value, str) else ""
