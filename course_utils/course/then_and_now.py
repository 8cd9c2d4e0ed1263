"""What the course changed: six guesses in the learner's copies of the lessons, beside the answers to the post-test.

The copies are read and never run. A guess counts if it stands there as a number, or as a sum, product or quotient of
numbers, such as 1/64.
"""

import ast
import math
import operator
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from course_utils.course.cells import code
from course_utils.course.record import met_in_words, verdicts
from course_utils.course.workbook import WorkbookTrouble, checks, copies_of, default_folder, lessons, lessons_folder

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NUMBERS = {                             # each guess: what was asked, in few words, and the ends of its scale
    "logit": ("a logit of 0.5, as a probability", 0, 1),
    "floor": ("lowest loss after two softmaxes", 0, 3),
    "pairs": ("differences of (64, 1) and (64,)", 1, 10_000),
    "gradient": ("gradients in .grad after 3 backward()", 0, 10),
    "divided": ("gradient left, divided by 64 again", 0.001, 100),
    "batch": ("right after ten epochs, batch 512", 0, 1),
}
ON_LOG_SCALE = ("pairs", "divided")
IDEAS = {
    "momentum": "momentum and the learning rate", "weight_decay": "weight decay and C",
    "dropout": "dropout when you measure", "test_set": "what a test set may do",
    "weighting": "weighting a rare class", "workers": "several processes, one batch",
}
COLUMNS = (1.14, 1.36, 1.62)            # where the figures stand, right of the scales
ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


class Line(NamedTuple):
    """One of the twelve: what was guessed in a lesson, what was answered now, and what is the case."""

    name: str
    then: float | None                  # None also for the six that no lesson asked before
    now: Any                            # None where nothing was answered
    measured: float | str
    was_right: bool                     # whether the guess was near enough to count as right today
    right: bool | None                  # None where nothing was answered
    why: str                            # what was said to a wrong answer
    lesson: str


def what_changed(then: Mapping[str, float] | None = None) -> "Axes":
    """Draw the six numbers then, now and measured, and say which of the twelve were right at once.

    `then` holds the guesses by name (logit, floor, pairs, gradient, divided, batch), for those who have no copies of
    the lessons here; without it, the copies beside this notebook and in `my_work/` are read. The wrong ideas that the
    copies tell of are listed beside them. Raises ValueError for a name that is none of the six.
    """
    if then is None:
        then = _guesses_found()
    elif unknown := set(then) - set(NUMBERS):
        raise ValueError(f"There is no guess named {sorted(unknown)[0]!r}. The six are {', '.join(NUMBERS)}.")
    found = lines(then)
    print(_in_words(found))
    met = _ideas_met()
    if met:
        print(f"\n{met}")
    return draw(found)


def _ideas_met() -> str:
    """The wrong ideas that the learner's copies tell of, one a line; "" where there is none, or no lesson is here."""
    try:
        return met_in_words(verdicts(lessons_folder(), Path.cwd(), default_folder()))
    except WorkbookTrouble:
        return ""


# ---- then ----


def guesses(content: bytes) -> dict[str, float]:
    """The guesses that stand in a saved copy of a lesson, by name; those still `...` or not numbers are left out."""
    found = {}
    for source in code(content):
        for exercise, answer in checks(source):
            name = exercise.removeprefix("guess_")
            if exercise.startswith("guess_") and name in NUMBERS and (value := _assigned(source, answer)) is not None:
                found[name] = value
    return found


def _assigned(source: str, name: str) -> float | None:
    """The number that the cell's last assignment gives to `name`, worked out without running anything."""
    try:
        tree = ast.parse("\n".join(line for line in source.split("\n") if not line.lstrip().startswith(("%", "!"))))
        given = [node.value for node in tree.body if isinstance(node, ast.Assign)
                 and [getattr(target, "id", "") for target in node.targets] == [name]]
        return float(_worked_out(given[-1])) if given else None
    except (SyntaxError, ValueError, ArithmeticError, RecursionError):
        return None


def _worked_out(node: ast.expr) -> float:
    """A literal number, or + − × ÷ of such. Raises ValueError for anything else."""
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        value = ARITHMETIC[type(node.op)](_worked_out(node.left), _worked_out(node.right))
    else:
        value = ast.literal_eval(node)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("no number")
    return float(value)


def _names_of_lessons() -> list[str]:
    try:
        return [path.stem for path in lessons(lessons_folder())]
    except WorkbookTrouble:
        return []


def _guesses_found() -> dict[str, float]:
    """The guesses of all copies: those beside this notebook count before those in `my_work/`. Says where it looked."""
    folders = list(dict.fromkeys([Path.cwd(), default_folder()]))
    copies = [path for folder in folders for lesson in _names_of_lessons() for path in copies_of(lesson, folder)]
    found: dict[str, float] = {}
    for copy in copies:
        new = {name: value for name, value in guesses(_read(copy)).items() if name not in found}
        if new:
            found |= new
            print(f"Read from {copy}: {', '.join(NUMBERS[name][0] for name in new)}.")
    if found:
        print()
        return found
    looked = " and ".join(map(str, folders))
    what = "Copies of lessons are there, without any of the six guesses" if copies else "No copy of a lesson is there"
    names = ", ".join(f'"{name}": …' for name in NUMBERS)
    print(f"{what}. (Looked in {looked}.)\n"
          "If you saved them elsewhere, bring them to one of these folders. If you remember your guesses, hand them "
          f"over, as many as you like:\n    what_changed(then={{{names}}})\n")
    return {}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:                     # may not be read: counts as not there
        return b""


# ---- and now ----


def lines(then: Mapping[str, float]) -> list[Line]:
    """The twelve, in order: the six numbers, then the six ideas."""
    from course_utils.exercises import post_test

    result = []
    for name in (*NUMBERS, *IDEAS):
        item = getattr(post_test, f"again_{name}" if name in NUMBERS else f"knows_{name}")
        now, right, why = None, None, ""
        if item.first is not None:
            answer, feedback = item.first
            now, right = _as_number(answer) if name in NUMBERS else str(answer), feedback.status == "right"
            why = "" if right else feedback.message
        guess = then.get(name)
        was_right = guess is not None and abs(guess - item.right_answer) <= item.tolerance
        result.append(Line(name, guess, now, item.right_answer, was_right, right, why, item.lesson))
    return result


def _as_number(answer: Any) -> float | None:
    try:
        return float(answer)
    except (TypeError, ValueError):     # the checker reads more, such as a tensor of shape (1, 1)
        return None


def _in_words(found: list[Line]) -> str:
    answered = [line for line in found if line.right is not None]
    if not answered:
        return "Nothing of the post-test is answered yet. Answer it above, then run this cell again."
    right = sum(bool(line.right) for line in answered)
    said = [f"{right} of the {len(answered)} that you answered were right at once."]
    if len(answered) < len(found):
        said[0] += f" {len(found) - len(answered)} are open."
    said += [f"Look again at lesson {line.lesson}, {_asked(line.name)}: {line.why}" for line in answered if line.why]
    return "\n".join(said)


def _asked(name: str) -> str:
    return NUMBERS[name][0] if name in NUMBERS else IDEAS[name]


# ---- the picture ----


def draw(found: list[Line], ax: "Axes | None" = None) -> "Axes":
    """The six numbers, each on a scale of its own: then, now and measured. Below them, the six ideas in words."""
    from course_utils.plotting import describe, new_axes

    ax = new_axes((8.0, 4.6)) if ax is None else ax
    for x, text in zip(COLUMNS, ("□ then", "● now", "| measured"), strict=True):
        ax.text(x, -0.9, text, ha="center", va="center")
    told = [_draw_number(ax, row, line) if line.name in NUMBERS else _draw_idea(ax, row, line)
            for row, line in enumerate(found)]
    ax.set(xlim=(-0.03, 1.78), ylim=(len(found) - 0.5, -1.4), xticks=[], yticks=range(len(found)),
           yticklabels=[_asked(line.name) for line in found], title=_title(found))
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(length=0)
    return describe(ax, f"{_title(found)}. Each number on its own scale. {'; '.join(told)}.")


def _draw_number(ax: "Axes", row: int, line: Line) -> str:
    """One number on its scale and in figures; returns the same in words."""
    from course_utils.plotting import BLUE, GREY, ORANGE

    known = None if line.right is None else float(line.measured)        # not told before it is answered
    ax.plot([0, 1], [row, row], "-", color=GREY, linewidth=0.8)
    for value, look in ((known, {"marker": "|", "color": "black", "markersize": 18, "markeredgewidth": 2}),
                        (line.then, {"marker": "s", "color": ORANGE, "markerfacecolor": "white", "markersize": 9}),
                        (line.now, {"marker": "o", "color": BLUE})):
        if value is not None:
            ax.plot([_place(line, value)], [row], linestyle="", **look)
    then, now, measured = ("–" if value is None else f"{value:,.4g}" for value in (line.then, line.now, known))
    for x, text in zip(COLUMNS, (then, now, measured), strict=True):
        ax.text(x, row, text, ha="center", va="center")
    return f"{_asked(line.name)}: then {then}, now {now}, measured {measured}"


def _draw_idea(ax: "Axes", row: int, line: Line) -> str:
    """One idea, right at the first answer or not, in words; returns the same with its name."""
    mark, said = ("", "open") if line.right is None else ("✓ ", "right at once") if line.right else (
        "✗ ", f"look again at lesson {line.lesson}")
    ax.text(0, row, mark + said, va="center")
    return f"{_asked(line.name)}: {said}"


def _place(line: Line, value: float) -> float:
    """Where a value lies on its scale, from 0 to 1; values beyond an end are drawn there."""
    _, low, high = NUMBERS[line.name]
    value = min(max(value, low), high)
    if line.name in ON_LOG_SCALE:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)


def _title(found: list[Line]) -> str:
    numbers = [line for line in found if line.name in NUMBERS]
    now = sum(bool(line.right) for line in numbers)
    if not any(line.then is not None for line in numbers):
        return f"Of the six numbers, {now} right now"
    return f"Of the six numbers, {sum(line.was_right for line in numbers)} right then, {now} right now"
