"""What a teacher sees of a class: who is how far, where people are stuck, which wrong ideas occurred.

The same three tables stand in the terminal and, whole, on a page (`--html`).
"""

from collections import Counter
from typing import NamedTuple

from course_utils.course.hand_in import NOT_TRIED, RIGHT, WRONG
from course_utils.course.handed_in import HandedIn, Place
from course_utils.course.plain_page import plain_page

STUCK_SHOWN = 4                         # of a learner; the others are counted
WIDEST = 60                             # characters of a cell in the terminal
SAID = "Made from files that the learners handed in, and could have edited: something to talk about, no marks."


class Table(NamedTuple):
    """A table of texts; the first cell of a row names it."""

    title: str
    heads: list[str]
    rows: list[list[str]]
    empty: str                          # what is said where no row is there


def tables(files: list[HandedIn]) -> list[Table]:
    """Learners, exercises and ideas, of what was handed in."""
    return [_learners(files), _exercises(files), _ideas(files)]


def _learners(files: list[HandedIn]) -> Table:
    rows = []
    for one in files:
        counted = Counter(one.answers.values())
        begun = sorted({lesson[:2] for (lesson, _), answer in one.answers.items() if answer != NOT_TRIED})
        stuck = [f"{lesson[:2]} {name}" for (lesson, name), answer in one.answers.items() if answer == WRONG]
        more = f" and {len(stuck) - STUCK_SHOWN} more" if len(stuck) > STUCK_SHOWN else ""
        rows.append([one.who, f"{counted[RIGHT]} of {len(one.answers)}", " ".join(begun) or "none",
                     (", ".join(stuck[:STUCK_SHOWN]) + more) or "nowhere"])
    return Table("Learners", ["learner", "exercises right", "lessons begun", "not yet right"], rows,
                 "Nobody has handed in a file yet.")


def _exercises(files: list[HandedIn]) -> Table:
    """Those in which somebody is stuck or met a wrong idea, the hardest first; of the learners who began the lesson."""
    rows = []
    for place in files[0].answers if files else ():
        began = [one for one in files if _began(one, place[0])]
        counted = Counter(one.answers[place] for one in began)
        met = Counter(idea for one in began for idea in one.ideas.get(place, ()))
        if counted[WRONG] or met:
            rows.append((-counted[WRONG], -met.total(), _exercise_row(place, counted, met, began)))
    return Table("Exercises in which somebody is stuck, or was",
                 ["exercise", "right", "not yet right", "not tried", "wrong ideas met", "who is stuck"],
                 [row for *_, row in sorted(rows, key=lambda row: row[:2])], "None.")


def _exercise_row(place: Place, counted: Counter[str], met: Counter[str], began: list[HandedIn]) -> list[str]:
    from course_utils.checker import IDEAS

    ideas = "; ".join(f"{times} × {IDEAS[idea]}" for idea, times in met.most_common())
    stuck = [one.who for one in began if one.answers[place] == WRONG]
    return [f"{place[0][:2]} {place[1]}", str(counted[RIGHT]), str(counted[WRONG]), str(counted[NOT_TRIED]),
            ideas or "none that has a name", ", ".join(stuck) or "nobody"]


def _began(one: HandedIn, lesson: str) -> bool:
    return any(answer != NOT_TRIED for (other, _), answer in one.answers.items() if other == lesson)


def _ideas(files: list[HandedIn]) -> Table:
    from course_utils.checker import IDEAS

    who: dict[str, set[str]] = {}
    where: dict[str, set[str]] = {}
    for one in files:
        for (lesson, _), met in one.ideas.items():
            for idea in met:
                who.setdefault(idea, set()).add(one.who)
                where.setdefault(idea, set()).add(lesson[:2])
    order = sorted(who, key=lambda idea: (-len(who[idea]), idea))
    rows = [[IDEAS[idea], idea, str(len(who[idea])), " ".join(sorted(where[idea]))] for idea in order]
    return Table("Wrong ideas that occurred", ["idea", "number", "learners", "lessons"], rows, "None.")


# ---- as text ----


def as_text(files: list[HandedIn], notes: list[str]) -> str:
    """The tables for a terminal."""
    parts = [_table_text(table) for table in tables(files)]
    return "\n\n".join([*parts, *(["\n".join(["About the files", *notes])] if notes else []), SAID])


def _table_text(table: Table) -> str:
    """In columns; a long cell is cut, for the page has all of it."""
    lines = [[cell if len(cell) <= WIDEST else f"{cell[:WIDEST - 1]}…" for cell in row]
             for row in [table.heads, *table.rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.heads))]
    rows = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([table.title, *(rows if table.rows else [table.empty])])


# ---- as a page ----


def as_page(files: list[HandedIn], notes: list[str]) -> str:
    """The tables as one HTML page that needs nothing beside it. Every text passes `in_html`."""
    from course_utils.checker import in_html

    parts = "\n".join(_table_page(table) for table in tables(files))
    about = "\n".join(f"<li>{in_html(note)}</li>" for note in notes)
    return plain_page("The class", [
        f"<h1>The class: {len(files)} handed in</h1>\n<p>{in_html(SAID)}</p>", parts,
        f"<h2>About the files</h2>\n<ul>\n{about}\n</ul>" if notes else ""])


def _table_page(table: Table) -> str:
    from course_utils.checker import in_html

    if not table.rows:
        return f"<h2>{in_html(table.title)}</h2>\n<p>{in_html(table.empty)}</p>"
    heads = "".join(f'<th scope="col">{in_html(head)}</th>' for head in table.heads)
    rows = "\n".join(f'<tr><th scope="row">{in_html(first)}</th>{"".join(f"<td>{in_html(cell)}</td>" for cell in rest)}'
                     "</tr>" for first, *rest in table.rows)
    return (f'<h2>{in_html(table.title)}</h2>\n<div class="wide" role="region" tabindex="0" '
            f'aria-label="{in_html(table.title)}">\n<table>\n<caption>{in_html(table.title)}: {len(table.rows)}'
            f"</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>")
