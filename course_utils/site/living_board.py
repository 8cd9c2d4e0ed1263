"""The claims board on the web: the one explorer that is all words, and whose settings nobody can count.

After twenty verdicts out of five there are more boards than could ever be drawn. But a board is a text and a table of
signs, and each claim adds to both by itself. So a page has the words of every claim and verdict, all from the
explorer's own functions, and `living.js` keeps the queue of claims. Real text needs no text alternative.
"""

import re
from typing import Any

from course_utils.explorer import Explorer
from course_utils.explorers import claims_board as board
from course_utils.site.living_html import field, shell, text
from course_utils.study import KINDS


def board_fragment(explorer: Explorer) -> str:
    """The HTML of the claims board, as it opens; `living.js` makes it move."""
    key, start = "living-claims-board", board.compute(look=0, presses=())
    slider = field(f"{key}-look", explorer.controls["look"], list(range(len(board.ASKED) + 1)))
    asked, question = board.what_is_asked(start)
    heading, told, evidence = board.what_is_told(start)
    words = {"asked": asked, "question": question, "heading": heading, "told": told, "evidence": evidence,
             "count": board.count_in_words(start)}
    picture = [
        '<div class="living-board">',
        '<div class="living-words">',
        *(f'<p data-words="{name}">{text(said)}</p>' for name, said in words.items()),
        "</div>",
        _tiles(),
        "</div>",
    ]
    explorer.render()
    return shell(key, explorer, [slider], picture, status=explorer.status, reached=False,
                 note="This page has no kernel, and forgets your verdicts when it is closed.", table=_table(explorer))


def _tiles() -> str:
    """A table with a row for each lesson, and a cell for each of its claims."""
    rows = []
    for lesson in board.LESSONS:
        cells = "".join(f'<td data-claim="{number}"></td>' for number, claim in enumerate(board.ASKED)
                        if claim.lesson == lesson)
        rows.append(f'<tr><th scope="row">{lesson}</th>{cells}</tr>')
    legend = f"{board.AGREES} as the lesson says, {board.DIFFERS} otherwise, {board.AT_HAND} at hand; blue edge: told"
    return f'<table class="living-tiles"><caption>Claims by lesson: {legend}</caption>{"".join(rows)}</table>'


def _table(explorer: Explorer) -> dict[str, Any]:
    """All that may be said of each claim, in the order of asking, and what the target asks for."""
    numbers, start = range(len(board.ASKED)), board.compute(look=0, presses=())
    target = explorer.set(presses=tuple(claim.kind for claim in board.ASKED[:board.ENOUGH]))
    return {
        "kinds": [claim.kind for claim in board.ASKED],
        "asked": [board.what_is_asked(_after(number)) for number in (*numbers, len(board.ASKED))],
        "headings": [board.what_is_told(_after(number, "true"))[0] for number in numbers],
        "lookingBack": [board.what_is_told(_after(number, "true", look=number + 1))[0] for number in numbers],
        "stillOpen": [board.what_is_told(board.compute(look=number + 1, presses=()))[0] for number in numbers],
        "told": [{kind: board.what_is_told(_after(number, kind))[1] for kind in KINDS} for number in numbers],
        "evidence": [board.what_is_told(_after(number, "true"))[2] for number in numbers],
        "nothingYet": board.what_is_told(start)[0],
        "count": re.sub(r"\b0\b", "#", board.count_in_words(start)),
        "reached": target.status.replace(target.reached or "", "#"),
        "notReached": explorer.set(presses=()).status,
        "enough": board.ENOUGH, "agreed": board.AGREED,
        "resets": [name for name, control in explorer.controls.items() if getattr(control, "resets", False)],
        "signs": [board.OPEN, board.AT_HAND, board.AGREES, board.DIFFERS],
    }


def _after(number: int, *verdict: str, look: int = 0) -> board.Board:
    """The board when claim `number` is at hand, or has this verdict."""
    return board.compute(look=look, presses=("true",) * number + verdict)
