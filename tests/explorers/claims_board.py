from collections import Counter

from course_utils.explorers._claims import CLAIMS
from course_utils.explorers.claims_board import ASKED
from course_utils.study import KINDS

RIGHT = tuple(claim.kind for claim in ASKED)
REACHES = {"presses": RIGHT[:14] + ("skip",) + tuple("true" if kind != "true" else "false" for kind in RIGHT[15:21])}


def check(compute):
    """Against a plain list of who was asked when."""
    assert Counter(ASKED) == Counter(CLAIMS)
    assert [claim.lesson for claim in ASKED[:11]] == [f"{n:02}" for n in range(1, 11)] + ["01"]
    for lesson in {claim.lesson for claim in CLAIMS}:                   # within a lesson, its own order
        assert [c for c in ASKED if c.lesson == lesson] == [c for c in CLAIMS if c.lesson == lesson]

    board = compute(0, ())
    assert board.said == ("",) * len(ASKED)
    assert (board.at_hand, board.shown, board.committed, board.agreed) == (0, -1, 0, 0)

    presses = ("false", "skip", "skip", "misleading", "not_found")
    board = compute(0, presses)
    assert {number: said for number, said in enumerate(board.said) if said} == {
        0: "false", 3: "misleading", 4: "not_found"}
    assert (board.at_hand, board.shown, board.committed) == (5, 4, 3)
    assert board.agreed == sum(board.said[n] == ASKED[n].kind for n in (0, 3, 4))
    assert compute(1, presses).shown == 0 and compute(2, presses).shown == -1 and compute(4, presses).shown == 3

    first, *rest = RIGHT                                                # what was skipped comes again, at the end
    board = compute(0, ("skip", *rest))
    assert (board.at_hand, board.committed, board.agreed) == (0, len(ASKED) - 1, len(ASKED) - 1)
    board = compute(0, ("skip", *rest, first, "false", "false"))        # further presses find nothing to judge
    assert (board.at_hand, board.shown, board.agreed) == (-1, 0, len(ASKED)) and board.said == RIGHT

    for kind in KINDS:
        assert compute(0, (kind,) * len(ASKED)).agreed == RIGHT.count(kind)
