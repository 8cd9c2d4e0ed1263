"""What ACCESSIBILITY.md says of the course, tried: its sessions in a terminal, and the tests that it leans on."""

import doctest
import html
import re
from pathlib import Path

import nbformat
import pytest
from matplotlib import pyplot

from course_utils.checker import Exercise
from course_utils.checker.memory import Memory
from course_utils.exercises import start_here
from course_utils.study import Finding

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "ACCESSIBILITY.md").read_text(encoding="utf-8")
LESSONS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def test_the_sessions_in_a_terminal_answer_as_printed(monkeypatch):
    for one in vars(start_here).values():
        if isinstance(one, Exercise):
            monkeypatch.setattr(one, "_memory", Memory())       # a kernel that has just begun has heard nothing yet
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    blocks = "\n".join(re.findall(r"^```\n(>>> .*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    session = parser.get_doctest(blocks, {}, "ACCESSIBILITY.md", "ACCESSIBILITY.md", 0)
    said = []
    runner.run(session, out=said.append)
    pyplot.close("all")
    assert len(session.examples) >= 12
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


def test_readme_leads_to_the_page():
    assert "(ACCESSIBILITY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_catalogue_is_named_after_its_lesson_without_the_number():
    for lesson in LESSONS:
        assert (ROOT / "course_utils" / "exercises" / f"{lesson.stem[3:]}.py").is_file()


def test_the_table_below_a_study_has_headers_for_columns_and_rows():
    table = Finding({"mean": 7.2}, expected={"mean": (6, 8)})._repr_html_()
    assert table.count("<th scope='col'") == 3 and table.count("<th scope='row'") == 1
    assert table.index("<thead>") < table.index("<tbody>")


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_tables_of_a_lesson_have_a_row_of_headers_and_no_empty_one(path):
    """A Markdown table's first row becomes <th>; an empty cell in it would leave a column without a name."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            for header in re.findall(r"^(\|.*\|)\n\|(?: *:?-+:? *\|)+$", cell.source, re.MULTILINE):
                assert all(name.strip() for name in header.strip("|").split("|")[1:]), header


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_picture_in_the_text_of_a_lesson_lacks_words(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            assert all(words.strip() for words in re.findall(r"!\[([^\]]*)\]\(", cell.source))
            assert all("alt=" in tag for tag in re.findall(r"<img[^>]*>", html.unescape(cell.source)))
