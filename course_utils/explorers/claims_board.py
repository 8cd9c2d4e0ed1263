"""Lesson 11: the claims that the lessons tested, one after another; a verdict is shown once you have given your own."""

from collections import deque
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from course_utils.explorer import Button, Explorer, Slider
from course_utils.explorers._claims import CLAIMS, Claim
from course_utils.plotting import BLUE, GREY, LIGHT_GREY, artist, describe, panels
from course_utils.study import KINDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ENOUGH, AGREED = 20, 14                 # the target: so many committed, so many as the lessons say
LINE = 60                               # characters that fit beside the board
LESSONS = sorted({claim.lesson for claim in CLAIMS})
OPEN, AT_HAND, AGREES, DIFFERS = " ", "?", "✓", "✗"
FILLS = {OPEN: "white", AT_HAND: LIGHT_GREY, AGREES: "#CDE4F2", DIFFERS: "#F9DFCC"}


def asked_in_order() -> tuple[Claim, ...]:
    """Round the lessons: the first claim of each, then the second of each, and so on. Mixed asking is remembered."""
    rows = [[claim for claim in CLAIMS if claim.lesson == lesson] for lesson in LESSONS]
    return tuple(row[k] for k in range(max(map(len, rows))) for row in rows if k < len(row))


ASKED = asked_in_order()


class Board(NamedTuple):
    """Where a learner stands. Claims are counted from 0, in the order of asking."""

    said: tuple[str, ...]               # one a claim: the learner's verdict, a key of KINDS, or "" while it is open
    at_hand: int                        # the claim that is asked now; -1 when none is left
    shown: int                          # the claim whose verdict is shown; -1 for none
    looked_at: int                      # the claim that the slider points at, open or not; -1 for the last committed

    @property
    def committed(self) -> int:
        return sum(said != "" for said in self.said)

    @property
    def agreed(self) -> int:
        return sum(said == claim.kind for said, claim in zip(self.said, ASKED, strict=True))


def compute(look: int, presses: tuple[str, ...]) -> Board:
    """The board after these buttons, in this order: a verdict on the claim at hand, or `skip`, which puts it off.

    `look` is the claim to show once more, counted from 1; 0 is the last one committed.
    """
    queue, said, last = deque(range(len(ASKED))), [""] * len(ASKED), -1
    for press in presses:
        if not queue:
            break
        number = queue.popleft()
        if press == "skip":
            queue.append(number)
        else:
            said[number], last = press, number
    shown = last if look == 0 else look - 1 if said[look - 1] else -1
    return Board(tuple(said), queue[0] if queue else -1, shown, look - 1)


def draw(board: Board, ax: "Axes") -> "Axes":
    """On the left the claim at hand and the last verdict in words, on the right all claims as tiles, a row a lesson."""
    left, right = panels(ax, 2, widths=(9, 6))
    _draw_words(board, left)
    _draw_tiles(board, right)
    return ax


def _draw_words(board: Board, ax: "Axes") -> None:
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_axis_off()
    artist(ax, "rule", lambda: ax.plot([0, 0.95], [0.73, 0.73], "-", color=LIGHT_GREY, linewidth=1)[0])
    asked, question = what_is_asked(board)
    heading, told, evidence = what_is_told(board)
    _write(ax, "asked", 1.0, asked, color=GREY)
    _write(ax, "question", 0.93, _block(question, LINE - 17), size=12, weight="bold")
    below = _write(ax, "heading", 0.68, _block(heading), color=GREY)
    below = _write(ax, "told", below, _block(told, LINE - 7), weight="bold")
    _write(ax, "evidence", below, _block(evidence))
    _write(ax, "count", 0.06, count_in_words(board))
    describe(ax, " ".join(filter(None, [f"{asked}: “{question}”" if board.at_hand >= 0 else question,
                                        heading, told, evidence, count_in_words(board)])))


def _write(ax: "Axes", name: str, top: float, text: str, **look: Any) -> float:
    """Write `text` below the height `top`, a share of the axes; returns where the next text may begin."""
    written = artist(ax, name, lambda: ax.text(0, top, "", va="top", **look))
    written.set(text=text, y=top)
    return top - 0.048 * (text.count("\n") + 1) - 0.04


def what_is_asked(board: Board) -> tuple[str, str]:
    """What is asked now: a line above, and the claim itself."""
    if board.at_hand < 0:
        return "", "Every claim has your verdict."
    claim = ASKED[board.at_hand]
    return f"Your verdict on claim {board.at_hand + 1} of {len(ASKED)}, lesson {claim.lesson}", _plain(claim.claim)


def what_is_told(board: Board) -> tuple[str, str, str]:
    """What may be told of the claim that is shown: which it is, both verdicts, the evidence. Nothing of an open one."""
    if board.shown < 0:
        if board.looked_at < 0:
            return "Press a verdict, and the lesson's appears here.", "", ""
        return f"Claim {board.looked_at + 1} is still open: its verdict is shown once you have given yours.", "", ""
    claim, said = ASKED[board.shown], board.said[board.shown]
    beside = "as you do" if said == claim.kind else f"you say {KINDS[said]}"
    back = "Looking back: claim" if board.looked_at >= 0 else "Claim"
    return (f"{back} {board.shown + 1}, lesson {claim.lesson}: {_plain(claim.claim)}",
            f"The lesson says: {_plain(claim.verdict)} ({beside}).", _plain(claim.evidence))


def count_in_words(board: Board) -> str:
    return f"{board.committed} of {len(ASKED)} committed, {board.agreed} of them as the lessons say."


def _plain(text: str) -> str:
    return text.replace("`", "")


def _block(text: str, width: int = LINE) -> str:
    return "\n".join(wrap(text, width))


def _draw_tiles(board: Board, ax: "Axes") -> None:
    from matplotlib.patches import Rectangle

    columns, signs = dict.fromkeys(LESSONS, 0), {lesson: "" for lesson in LESSONS}
    for number, claim in enumerate(ASKED):
        x, y = columns[claim.lesson], LESSONS.index(claim.lesson)
        columns[claim.lesson] += 1
        sign = _sign(board, number)
        signs[claim.lesson] += sign
        tile = artist(ax, f"tile {number}", lambda x=x, y=y: ax.add_patch(Rectangle((x - 0.44, y - 0.42), 0.88, 0.84)))
        tile.set(facecolor=FILLS[sign], edgecolor=BLUE if number == board.shown else GREY,
                 linewidth=2.5 if number == board.shown else 0.8)
        artist(ax, f"sign {number}", lambda x=x, y=y: ax.text(x, y, "", ha="center", va="center")).set_text(sign)
    ax.set(xlim=(-0.6, max(columns.values()) - 0.4), ylim=(len(LESSONS) - 0.4, -0.6), xticks=[],
           yticks=range(len(LESSONS)), yticklabels=LESSONS, ylabel="lesson",
           xlabel=f"{AGREES} as the lesson says\n{DIFFERS} otherwise   {AT_HAND} at hand\nblue edge: told on the left")
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(length=0)
    rows = [f"lesson {lesson}: {row.count(AGREES)} as it says, {row.count(DIFFERS)} otherwise, "
            f"{row.count(OPEN) + row.count(AT_HAND)} open" for lesson, row in signs.items()]
    describe(ax, f"The board. {'; '.join(rows)}.")


def _sign(board: Board, number: int) -> str:
    if number == board.at_hand:
        return AT_HAND
    said = board.said[number]
    return OPEN if not said else AGREES if said == ASKED[number].kind else DIFFERS


def goal(board: Board) -> str | None:
    """Reached when 20 claims have the learner's verdict, and 14 of these are the lesson's as well."""
    return count_in_words(board) if board.committed >= ENOUGH and board.agreed >= AGREED else None


def claims_board() -> Explorer:
    """Commit to a verdict on each claim that the lessons tested, then see theirs."""
    verdicts: dict[str, Any] = {name: Button(label) for name, label in KINDS.items()}
    return Explorer(
        compute,
        draw,
        question="Which of the things that people say about all this hold?",
        target=f"Commit yourself on {ENOUGH} claims, and on {AGREED} of them say what the lesson found.",
        goal=goal,
        figsize=(8.4, 4.2),
        look=Slider(0, len(ASKED), 1, 0, "look back at claim (0: the last)"),
        **verdicts,
        skip=Button("skip, ask me later"),
        again=Button("begin again", resets=True),
    )
