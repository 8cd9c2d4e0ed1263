"""The claims board says what the lessons say, and nothing before the learner has."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from test_explorers import drawn_texts, inside

from course_utils.explorers._claims import CLAIMS, STUDIES
from course_utils.explorers.claims_board import ASKED, claims_board
from course_utils.study import KINDS, Study

ROOT = Path(__file__).resolve().parents[1]
LESSONS = {path.name[:2]: path for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))}
TESTED = [number for number in LESSONS if "00" < number < "11"]         # 11 is where the board stands
each_claim = pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.lesson in LESSONS],
                                     ids=lambda claim: f"{claim.lesson}-{claim.claim[:30]}")
NUMBER = re.compile(r"\d+(?:[.,/_]\d+)*")


@cache
def cells(number):
    return json.loads(LESSONS[number].read_text(encoding="utf-8"))["cells"]


@cache
def claims_in(number):
    """{claim: its verdict} of the lesson's section "Claims, tested", in the lesson's words."""
    prose = "\n".join("".join(cell["source"]) for cell in cells(number) if cell["cell_type"] == "markdown")
    section = re.split(r"^## (?!#)", prose.split("\n## Claims, tested")[1], flags=re.M)[0]
    titles = re.split(r"^### [“\"](.+)[”\"]$", section, flags=re.M)[1:]
    return {claim: re.search(r"\*\*Verdict(?: on [^:*]+)?: (.+?)\*\*", text, re.S)[1].strip(" .")
            for claim, text in zip(titles[::2], titles[1::2], strict=True)}


@pytest.mark.parametrize("number", TESTED)
def test_every_claim_of_a_lesson_is_on_the_board_with_its_verdict(number):
    on_board = {claim.claim: claim.verdict for claim in CLAIMS if claim.lesson == number}
    assert claims_in(number)
    assert claims_in(number).items() <= on_board.items()


@each_claim
def test_a_kind_is_the_verdict_in_one_word(claim):
    assert claim.kind in KINDS
    first = re.match(r"\w+", claim.verdict)[0]
    if first == "true":
        assert claim.kind == ("true" if claim.verdict == "true" else "when")
    elif first in ("false", "misleading"):
        assert claim.kind == first
    else:
        assert claim.kind in ("when", "misleading", "not_found")


def numbers(text):
    return {number.replace("_", "").replace(",", "") for number in NUMBER.findall(text)}


def is_within(number, low, high):
    """Whether a rounded number, a share told in per cent, or what is missing to a hundred, lies within the range."""
    value, half = float(number), 0.5 * 10.0 ** -len(number.partition(".")[2])
    return any(low - half * scale <= told * scale <= high + half * scale
               for told, scale in ((value, 1), (-value, 1), (value, 0.01), (100 - value, 1)))


@each_claim
def test_the_evidence_quotes_numbers_that_were_measured(claim):
    """Each stands in the lesson, or in how the study is tried, or within what the study expects."""
    lesson = "\n".join("".join(cell["source"]) + "".join("".join(output.get("text", ""))
                       for output in cell.get("outputs", [])) for cell in cells(claim.lesson))
    there, ranges = numbers(lesson), []
    for one in vars(STUDIES.get(claim.lesson, object)).values():
        if isinstance(one, Study) and one.claim == claim.claim:
            there |= numbers(" ".join([one.how, one.claim, one.verdict, *one.expected, str(one.code())]))
            ranges = list(one.expected.values())
    missing = {number for number in numbers(claim.evidence) - there
               if not any(is_within(number, *bounds) for bounds in ranges)}
    assert not missing, f"{claim.evidence!r}: nothing says {missing}"


def test_a_number_that_was_not_measured_is_seen():
    assert is_within("0.61", 0.6145, 0.6146) and is_within("95", 0.95, 1.0) and is_within("1.5", 91, 98.5)
    assert not is_within("0.62", 0.6145, 0.6146) and not is_within("85", 86, 97) and not is_within("3", 4, 5)


def test_every_lesson_has_claims_and_none_stands_there_twice():
    assert {claim.lesson for claim in CLAIMS} == set(TESTED)
    assert len({claim.claim for claim in CLAIMS}) == len(CLAIMS)


@pytest.mark.parametrize("presses", [(), ("true",), ("skip", "skip", "false"), ("misleading",) * 12])
@pytest.mark.parametrize("look", [0, 3, 20])
def test_nothing_is_told_of_a_claim_that_is_open(presses, look):
    explorer = claims_board().set(presses=presses, look=look)
    board = explorer.compute(**explorer.settings)
    words = " ".join([explorer.alt, *(text.get_text().replace("\n", " ") for text in drawn_texts(explorer))])
    told = [number for number, claim in enumerate(ASKED) if claim.evidence.replace("`", "") in words]
    assert told == ([board.shown] if board.shown >= 0 else [])
    assert all(board.said[number] for number in told)
    assert ("The lesson says:" in words) == bool(told)


def test_every_claim_fits_into_the_picture_and_leaves_the_tiles_free():
    explorer = claims_board().set()
    for number in range(len(ASKED)):
        explorer.set(presses=("when",) * number, look=0)
        _check_places(explorer)
    explorer.set(presses=("when",) * len(ASKED))
    for number in range(len(ASKED)):                                    # "Looking back" is the longer heading
        explorer.set(look=number + 1)
        _check_places(explorer)


def _check_places(explorer):
    texts = [text for text in explorer._screen.figure.axes[0].texts if text.get_text()]
    boxes = [text.get_window_extent(explorer._screen.canvas.get_renderer()) for text in texts]
    tiles = explorer._screen.figure.axes[1].get_tightbbox(explorer._screen.canvas.get_renderer())
    assert all(inside(text, explorer._screen) for text in texts)
    assert all(box.x1 < tiles.x0 for box in boxes), [text.get_text() for text in texts]
    boxes = sorted(boxes, key=lambda box: -box.y1)
    assert all(upper.y0 >= lower.y1 - 1 for upper, lower in zip(boxes, boxes[1:], strict=False)), (
        [text.get_text() for text in texts])


def test_the_verdict_and_its_mark_follow_what_was_said():
    explorer = claims_board().set(presses=(ASKED[0].kind,))
    assert "(as you do)" in explorer.alt and "1 of them as the lessons say" in explorer.alt
    wrong = next(kind for kind in KINDS if kind != ASKED[0].kind)
    explorer.set(presses=(wrong,))
    assert f"(you say {KINDS[wrong]})" in explorer.alt and "0 of them as the lessons say" in explorer.alt
    signs = [text.get_text() for text in explorer._screen.figure.axes[1].texts]
    assert signs.count("✗") == 1 and signs.count("✓") == 0 and signs.count("?") == 1
