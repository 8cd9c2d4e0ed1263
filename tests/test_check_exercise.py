"""`course check-exercise`, the page for authors, and the checker as a library in somebody else's notebook."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.checker import Choice, Mistake, Right, Wrong, examine, exercise
from course_utils.course import check_exercise, cli

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "course_utils" / "checker" / "README.md"
WEAK = '''
from course_utils.checker import Mistake, Number, exercise

@exercise(probes=[([2.0, 2.0],)], mistakes=[
    Mistake(lambda x: max(x), "The largest."), Mistake(lambda x: sum(x), "The sum."),
    Mistake(lambda x: x[0] + x[1], "The first two."), Mistake(lambda x: x[9], "The tenth.")])
def mean(x):
    return sum(x) / len(x)

two = Number("1 + 1", 2, mistakes=[Mistake(2, "Too many.")], hints=["Count."])
OTHERS = {"mean": [lambda x: sum(x)], "median": []}
'''


@pytest.fixture
def file(tmp_path):
    def write(text, name="mine.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path
    return write


def said(capsys, *arguments):
    code = cli.main(["check-exercise", *map(str, arguments)])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_template_has_nothing_to_mend(capsys, tmp_path):
    code, text, _ = said(capsys, "--template")
    assert code == 0 and (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    code, out, _ = said(capsys, tmp_path / "mine.py")
    assert code == 0 and out.endswith("Nothing to mend.\n")
    assert [line[0] for line in out.splitlines() if line] == ["✓", "✓", "✓", "N"], out


def test_a_weak_exercise_is_told_every_weakness(capsys, file):
    code, out, _ = said(capsys, file(WEAK))
    assert code == 1
    for words in (
        "Mistake 2 (“The sum.”) and Mistake 3 (“The first two.”) coincide",
        "Mistake 1 (“The largest.”) is accepted as right", "Right answer 1 is refused",
        "Give 3 other right answers", "docstring", "It has no hints",
        "Mistake 1 (“Too many.”) is accepted as right", "OTHERS has answers to median",
    ):
        assert words in out, words
    assert "tenth" not in out, "an index beyond the end is recognised, so it is not spoken of"
    assert out.endswith("5 to mend.\n")


def test_a_mutant_that_slips_through_is_advice(capsys, file):
    text = WEAK.split("two =")[0].replace("x) / len(x)", "x) / len(x) if len(x) > 1 else x[0]")
    _, out, _ = said(capsys, file(text))
    assert "Slips through: in `return sum(x) / len(x) if len(x) > 1 else x[0]`" in out


@pytest.mark.parametrize("text, words", [
    ("x = [1,\n", "line 1, is not Python yet"),
    ("import torchmagic.parts\n", "python -m pip install torchmagic\n"),
    ("from course_utils.checker import Number\nn = Number('How many?')\n", "line 2, stops: n = Number('How many?')"),
    ("1 / 0\n", "ZeroDivisionError"),
    ("x = 3\n", "holds no exercise"),
    ("from course_utils.checker import Number\nn = Number('?', 2)\nOTHERS = [2]\n", "OTHERS in"),
])
def test_a_file_that_cannot_be_used_is_told_why_and_what_to_do(capsys, file, text, words):
    code, out, err = said(capsys, file(text))
    assert code == 1 and not out and words in err and "Traceback" not in err


def test_a_file_that_is_not_there_or_of_another_kind(capsys, file, tmp_path):
    assert "There is no file" in said(capsys, tmp_path / "none.py")[2]
    assert "no Python file" in said(capsys, file("{}", "mine.ipynb"))[2]


def test_right_answers_may_stand_in_a_file_of_their_own(capsys, file):
    exercises = file("from course_utils.checker import Choice, Right, Wrong\n"
                     "pick = Choice('?', {'a': Right('x'), 'b': Wrong('y', 'No.')}, hints=['Try.'])\n")
    others = file("OTHERS = {'pick': ['b', 'a) x']}\n", "others.py")
    assert said(capsys, exercises)[0] == 0
    code, out, _ = said(capsys, exercises, "--others", others)
    assert code == 1 and "Right answer 1 is refused" in out and "Right answer 2" not in out


def test_our_own_catalogue_has_nothing_to_mend():
    here = Path("course_utils/exercises/start_here.py"), Path("tests/other_right_answers/start_here.py")
    page, to_mend = check_exercise.report(*(ROOT / path for path in here))
    assert to_mend == 0 and "centre: CodeExercise, in code" in page, page


def test_a_mistake_that_is_taken_for_another_or_not_recognised():
    choice = Choice("?", {"a": Right("x"), "b": Wrong("y", "No."), "c": Wrong("z", "Neither.")}, hints=["Try."])
    assert examine(choice) == []
    choice.mistakes[0] = Mistake("c", "No.")
    assert [finding.text for finding in examine(choice)] == ["Mistake 2 (“Neither.”) is taken for “No.”."]
    choice.mistakes[0] = Mistake("q", "No.")
    assert "is not recognised. A learner reads" in examine(choice)[0].text


def test_a_solution_that_is_not_accepted_comes_first_and_alone():
    @exercise(probes=[(1,)])
    def broken(x):
        """Stops."""
        raise ValueError("no")

    (finding,) = examine(broken)
    assert finding.to_mend and "The solution is not accepted" in finding.text


# ---- the page, and somebody else's notebook -------------------------------------------------------------------------

def test_every_example_of_the_page_says_what_the_page_says(tmp_path):
    """All Python of the page, run in order by a Python that stands elsewhere, prints what stands below it."""
    examples = re.findall(r"```python\n(.*?)```\n(?:```text\n(.*?)```)?", PAGE.read_text(encoding="utf-8"), re.S)
    assert len(examples) >= 4
    (tmp_path / "page.py").write_text("".join(code for code, _ in examples), encoding="utf-8")
    done = subprocess.run([sys.executable, "page.py"], cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "".join(text for _, text in examples)


FOREIGN = '''
import pandas as pd
from course_utils.checker import Mistake, exercise

def _shop():
    tables = {"price": [2.0, 3.5, 1.0], "sold": [10, 4, 7]}, {"price": [9.0], "sold": [2]}
    return [(pd.DataFrame(table),) for table in tables]

@exercise(probes=_shop, mistakes=[Mistake(lambda table: table["price"].sum(), "Those are prices. Times how many?")],
          hints=["Column by column."])
def takings(table):
    """What a shop took, from a table of prices and numbers sold."""
    return (table["price"] * table["sold"]).sum()
'''


def test_it_serves_a_notebook_that_has_nothing_to_do_with_the_course(tmp_path):
    """Defined in a cell, where the source is no file, and about a table of a shop."""
    import nbformat
    from nbclient import NotebookClient

    cells = [FOREIGN, "print(takings.check(lambda t: sum(t.price)))",
             "print(takings.check(lambda t: float(t.price @ t.sold)))",
             "from course_utils.checker import examine\nprint(*(found.text for found in examine(takings)), sep='\\n')"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    wrong, right, examined = ("".join(output.text for output in cell.outputs) for cell in notebook.cells[1:])
    assert "Those are prices. Times how many?" in " ".join(wrong.split()) and "`exercises.takings.hint()`" in wrong
    assert right.startswith("✓ Right.")
    assert examined.startswith("Give 3 other right answers"), examined


def test_a_solution_whose_source_cannot_be_read_is_checked_all_the_same():
    names = {"exercise": exercise, "Mistake": Mistake}
    exec("@exercise(probes=[(2,)], mistakes=[Mistake(lambda x: x, 'Twice.')], hints=['Add.'])\n"
         "def double(x):\n    'Two times x.'\n    return 2 * x", names)
    feedback = names["double"].check(lambda x: x)
    assert feedback.message == "Twice." and "cannot be read" in names["double"].solution().text
    assert "cannot be read" in examine(names["double"])[0].text


@pytest.mark.parametrize("text, words", [
    ("import sys\nsys.exit(3)\n", "ends the program that reads it"),
    ("from course_utils.checker import exercise\n@exercise\ndef f(x):\n    return x\n", "With brackets"),
    ("from course_utils.checker import Number\nlong = Number('How long?', 'three')\n", "the answer is a str; a number"),
    ("from course_utils.checker import exercise\n@exercise(probes=[])\ndef f(x):\n    return x\n",
     "It has no probes. Give"),
    ("from course_utils.checker import exercise\n@exercise(probes=[(1,)])\ndef f(x, y):\n    return x\n",
     "it takes (x, y), and a probe gives other arguments"),
    ("from course_utils.checker import exercise\n@exercise(probes=[(1,)], mistakes=[('a', 'b')])\n"
     "def f(x):\n    return x\n",
     "Among its mistakes is a tuple"),
])
def test_what_an_author_does_wrong_is_no_fault_of_ours_and_no_traceback(capsys, file, text, words):
    code, out, err = said(capsys, file(text))
    assert code == 1 and words in out + err and "Our fault" not in out + err


def test_a_folder_is_no_file_that_is_missing(capsys, tmp_path):
    code, _, err = said(capsys, tmp_path)
    assert code == 1 and "is a folder" in err


def test_one_mistake_is_not_several(capsys, file):
    _, out, _ = said(capsys, file(WEAK))
    assert "two: Number, 1 mistake, 0 other right answers" in out


def test_what_is_to_mend_stands_before_advice_and_what_slips_through_is_advice():
    @exercise(probes=[([2.0, 2.0],)], mistakes=[Mistake(lambda x: max(x), "The largest.")])
    def mean(x):
        """The mean."""
        return sum(x) / len(x) if len(x) > 1 else x[0]

    found = examine(mean)
    assert [finding.to_mend for finding in found] == [True] + [False] * (len(found) - 1)
    assert any(finding.text.startswith("Slips through") for finding in found[1:])
    hidden = exercise(probes=[(1.0,)], hints=["Look."])(eval("lambda x: x"))
    unread = examine(hidden, [abs, lambda x: x * 1, lambda x: x + 0])
    assert [(finding.text[:32], finding.to_mend) for finding in unread] == [
        ("The source of the solution canno", False), ("A docstring of the solution woul", False)]


def test_other_answers_alone_are_no_wish_for_a_template(capsys, tmp_path):
    code, out, err = said(capsys, "--others", tmp_path / "others.py")
    assert code == 1 and out == "" and "Name the file with the exercises" in err
