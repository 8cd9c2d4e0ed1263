"""What a learner may hand in, and what a teacher sees of a class: nothing more than is said, and nothing that acts."""

import json
import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from test_review import LESSONS, LOGITS, NOTEBOOKS, SOFTMAX, right, saved, wrong

import course_utils
from course_utils.checker import IDEAS
from course_utils.course import cli, hand_in, handed_in, whole_class, workbook
from course_utils.course.workbook import WorkbookTrouble

PLACES = handed_in.asked(NOTEBOOKS)


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """Two lessons: one with a wrong answer, one with a detour."""
    folder = tmp_path_factory.mktemp("answered")
    saved(folder, LOGITS, {"classify": wrong(LOGITS, "classify", "M01")} | right(LOGITS, "odds_factor"))
    detour = [wrong(SOFTMAX, "softmax", "M32"), right(SOFTMAX, "softmax")["softmax"]]
    saved(folder, SOFTMAX, {"softmax": detour} | right(SOFTMAX, "softmax_loss"))
    return folder


@pytest.fixture
def mine(answered, tmp_path):
    return Path(shutil.copytree(answered, tmp_path / "my_work"))


def by_name(content):
    return {(lesson["lesson"], one["exercise"]): one for lesson in content["lessons"] for one in lesson["exercises"]}


# ---- the file ----


def test_the_file_says_of_every_exercise_how_it_stands(mine):
    content = hand_in.hand_in(NOTEBOOKS, mine)
    told = by_name(content)
    assert list(told) == PLACES and [lesson["lesson"] for lesson in content["lessons"]] == LESSONS
    assert told[LOGITS, "classify"] == {"exercise": "classify", "answer": "wrong",
                                        "ideas met": [f"M01: {IDEAS['M01']}"]}
    assert told[SOFTMAX, "softmax"] == {"exercise": "softmax", "answer": "right",
                                        "ideas met": [f"M32: {IDEAS['M32']}"]}
    assert told[SOFTMAX, "softmax_loss"] == {"exercise": "softmax_loss", "answer": "right"}
    assert {told[place]["answer"] for place in PLACES if place[0] == "08_dropout"} == {"not tried"}
    for lesson, counted in zip(content["lessons"], workbook.progress(NOTEBOOKS, mine), strict=True):
        assert (lesson["right"], lesson["of"]) == (counted.right, counted.total)


def test_it_holds_no_path_no_name_no_date_and_no_code_unless_asked_for(mine):
    text = json.dumps(hand_in.hand_in(NOTEBOOKS, mine))
    assert str(mine) not in text and "/" not in text and os.path.sep not in text
    assert not re.search(r"\bname\b|20\d\d-|check\(|def ", text)
    told = by_name(hand_in.hand_in(NOTEBOOKS, mine, name="Ada", with_answers=True))
    assert "exercises.classify.check(classify)" in told[LOGITS, "classify"]["code"]
    assert hand_in.hand_in(NOTEBOOKS, mine, name="Ada")["name"] == "Ada"


def test_a_date_is_told_where_the_notebook_keeps_it(mine):
    path = mine / f"{SOFTMAX}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if "exercises.softmax.check" in cell.source:
            cell.metadata["execution"] = {"iopub.execute_input": "2026-03-04T12:00:00Z"}
    nbformat.write(notebook, path)
    told = by_name(hand_in.hand_in(NOTEBOOKS, mine))
    assert told[SOFTMAX, "softmax"]["last run on"] == "2026-03-04"
    assert [one for one in told.values() if "last run on" in one] == [told[SOFTMAX, "softmax"]]


def test_one_copy_that_is_right_is_enough(mine):
    saved(mine, LOGITS, right(LOGITS, "classify"), name=f"Copy of {LOGITS}.ipynb")
    assert by_name(hand_in.hand_in(NOTEBOOKS, mine))[LOGITS, "classify"]["answer"] == "right"


def test_the_command_writes_it_and_says_what_is_in_it(mine, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["progress", "--dir", str(mine), "--export"]) == 0
    said = capsys.readouterr().out
    assert "sent nowhere" in said and "no name" in said and "nothing that you wrote" in said
    assert cli.main(["progress", "--dir", str(mine), "--export", "again.json", "--name", "Ada", "--with-answers"]) == 0
    said = capsys.readouterr().out
    assert "your name" in said and "and what you wrote" in said
    with open("course_progress.json", encoding="utf-8") as file:
        assert json.load(file) == hand_in.hand_in(NOTEBOOKS, mine)
    assert cli.main(["progress", "--dir", str(mine), "--export"]) == 0, "over an older one of its kind"


def test_it_is_written_over_nothing_else(mine, tmp_path, capsys):
    other = tmp_path / "thesis.json"
    other.write_text("[1]")
    assert cli.main(["progress", "--dir", str(mine), "--export", str(other)]) == 1
    assert "stays as it is" in capsys.readouterr().err and other.read_text() == "[1]"
    with pytest.raises(WorkbookTrouble, match="another place"):
        hand_in.write(other / "below.json", {})


# ---- the class ----


@pytest.fixture
def file_of(tmp_path):
    """Writes a file of a learner: right, wrong and with ideas as told, and whatever else is asked for."""
    folder = tmp_path / "class"
    folder.mkdir()

    def write(file, name="", *, right=(), wrong=(), ideas=None, **more):
        lessons = []
        for lesson in LESSONS:
            asked = [{"exercise": one, "answer": "right" if one in right else "wrong" if one in wrong else "not tried",
                      **({"ideas met": ideas[one]} if one in (ideas or {}) else {})}
                     for place, one in PLACES if place == lesson]
            lessons.append({"lesson": lesson, "exercises": asked})
        content = {"made by": hand_in.MADE_BY, "format": 1, "course": course_utils.__version__, "lessons": lessons}
        (folder / file).write_text(json.dumps({**content, **more, **({"name": name} if name else {})}))
        return folder / file

    write.folder = folder
    return write


def read(folder):
    return handed_in.read_folder(folder, PLACES)


def test_what_is_exported_is_read_again(mine, tmp_path):
    folder = tmp_path / "class"
    hand_in.write(folder / "a.json", hand_in.hand_in(NOTEBOOKS, mine, name="Ada"))
    hand_in.write(folder / "b.json", hand_in.hand_in(NOTEBOOKS, mine))
    [ada, without_name], notes = read(folder)
    assert notes == [] and ada.who == "Ada" and without_name.who == "b"
    assert {place for place, answer in ada.answers.items() if answer == "wrong"} == {(LOGITS, "classify")}
    assert ada.ideas == {(LOGITS, "classify"): {"M01"}, (SOFTMAX, "softmax"): {"M32"}}


def test_a_teacher_sees_who_is_stuck_where_and_by_which_idea(file_of, capsys):
    file_of("1.json", "Ada", right=["classify", "log_loss"])
    file_of("2.json", "Ben", right=["classify"], wrong=["log_loss"], ideas={"log_loss": ["M34: words"]})
    file_of("3.json", "Cem", wrong=["classify", "log_loss"], ideas={"log_loss": ["M34: w"], "classify": ["M01: w"]})
    file_of("4.json", "Dee")
    learners, exercises, ideas = whole_class.tables(read(file_of.folder)[0])
    assert [row[0] for row in learners.rows] == ["Ada", "Ben", "Cem", "Dee"]
    assert learners.rows[1][1:] == [f"1 of {len(PLACES)}", "01", "01 log_loss"]
    assert learners.rows[3][2:] == ["none", "nowhere"]
    assert exercises.rows == [
        ["01 log_loss", "1", "2", "0", f"2 × {IDEAS['M34']}", "Ben, Cem"],      # Dee has not begun the lesson
        ["01 classify", "2", "1", "0", f"1 × {IDEAS['M01']}", "Cem"]]
    assert ideas.rows == [[IDEAS["M34"], "M34", "2", "01"], [IDEAS["M01"], "M01", "1", "01"]]
    page = file_of.folder.parent / "page.html"
    assert cli.main(["class", str(file_of.folder), "--html", str(page)]) == 0
    said = capsys.readouterr().out
    assert "Ben, Cem" in said and IDEAS["M34"] in said and "no marks" in said and str(page) in said
    assert IDEAS["M34"] in page.read_text(encoding="utf-8")


def test_an_empty_folder_and_a_missing_one_are_said(tmp_path, capsys):
    assert cli.main(["class", str(tmp_path)]) == 0
    assert "Nobody has handed in" in capsys.readouterr().out
    assert cli.main(["class", str(tmp_path / "none")]) == 1
    assert "is no folder" in capsys.readouterr().err


def test_notebooks_that_were_handed_in_are_not_passed_over_in_silence(mine, capsys):
    assert cli.main(["class", str(mine)]) == 0
    assert "2 notebooks: left out. What is read here is the file that `course progress --export` makes" in (
        capsys.readouterr().out)


def test_of_two_files_of_one_person_the_newer_counts(file_of):
    old, new = file_of("a.json", "Ada", wrong=["classify"]), file_of("b.json", "ADA", right=["classify"])
    os.utime(old, (1_000, 1_000))
    os.utime(new, (2_000, 2_000))
    [one], [note] = read(file_of.folder)
    assert one.answers[LOGITS, "classify"] == "right" and "second file" in note
    os.utime(old, (3_000, 3_000))
    assert read(file_of.folder)[0][0].answers[LOGITS, "classify"] == "wrong"


def test_the_same_file_twice_counts_once(file_of):
    first = file_of("a.json", wrong=["classify"])
    (file_of.folder / "b.json").write_bytes(first.read_bytes())
    [one], [note] = read(file_of.folder)
    assert one.who == "a" and "same file" in note


# ---- files that mean harm, or came to it ----


BAD = {
    "cut.json": b'{"made by": "course prog', "empty.json": b"", "list.json": b"[]", "number.json": b"7",
    "other.json": b'{"made by": "somebody"}', "bytes.json": b"\xff\xfe\x00", "deep.json": b"[" * 200_000,
    "digits.json": b'{"made by": ' + b"9" * 10_000 + b"}",
    "huge.json": json.dumps({"made by": hand_in.MADE_BY, "format": 1}).encode() + b" " * handed_in.LARGEST,
    "later.json": json.dumps({"made by": hand_in.MADE_BY, "format": 2}).encode(),
    "true.json": json.dumps({"made by": hand_in.MADE_BY, "format": "1"}).encode(),
}


def test_a_file_that_cannot_be_read_is_left_out_with_a_reason(file_of):
    file_of("ada.json", "Ada")
    for name, content in BAD.items():
        (file_of.folder / name).write_bytes(content)
    (file_of.folder / "folder.json").mkdir()
    (file_of.folder / "nowhere.json").symlink_to("nothing")
    files, notes = read(file_of.folder)
    assert [one.who for one in files] == ["Ada"]
    assert {note.partition(":")[0] for note in notes} == {*BAD, "folder.json", "nowhere.json"}
    assert all("left out" in note for note in notes)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders here")
def test_a_pipe_is_not_waited_for(file_of):
    os.mkfifo(file_of.folder / "pipe.json")
    assert "no file" in read(file_of.folder)[1][0]


ODD = {"exercise": "classify", "answer": ["right"], "ideas met": {"M01": 1}}


@pytest.mark.parametrize("lessons", [
    7, None, "x", [7, None, []], [{}], [{"lesson": 3, "exercises": [{"exercise": []}]}],
    [{"lesson": LOGITS, "exercises": {"classify": "right"}}], [{"lesson": LOGITS, "exercises": [ODD]}],
])
def test_other_shapes_count_as_not_tried(file_of, lessons):
    file_of("a.json", "Ada", lessons=lessons)
    [one], _ = read(file_of.folder)
    assert set(one.answers.values()) == {"not tried"} and one.ideas == {}
    whole_class.as_text([one], []), whole_class.as_page([one], [])


def test_only_what_the_course_knows_reaches_the_tables(file_of):
    file_of("a.json", "Ada", wrong=["classify"], course="9.9",
            ideas={"classify": ["M01: <script>alert(1)</script>", "M99: x", "M01x", 7, None]})
    [one], [note] = read(file_of.folder)
    assert one.ideas[LOGITS, "classify"] == {"M01"} and "another version" in note
    page = whole_class.as_page([one], [])
    assert "script>" not in page and "M99" not in page
    file_of("b.json", "Ben", lessons=[{"lesson": LOGITS, "exercises": [{"exercise": "<b>", "answer": "wrong"}]}])
    assert any("none of this course" in note for note in read(file_of.folder)[1])


HOSTILE = ["<script>alert(1)</script>", '" onmouseover="alert(1)', "</table><h1>x</h1>", "&lt;b&gt;", "a\x1b[2Jb",
           "\u202egnp.exe", "x\n\ny\r\nz", "<img src=x onerror=alert(1)>", "\ud800", "=cmd|'/c calc'!A1", "Z" * 100_000]


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.attributes, self.heads = [], set(), []

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        self.attributes |= {name for name, _ in attributes}
        if tag == "th":
            self.heads.append(dict(attributes).get("scope"))


def tags(page):
    parser = Tags()
    parser.feed(page)
    return parser


def test_what_stands_in_a_name_or_a_file_name_is_shown_and_does_nothing(file_of):
    file_of("0.json", "Ada", wrong=["classify"])
    plain = tags(whole_class.as_page(*read(file_of.folder)))
    for number, name in enumerate(HOSTILE, start=1):
        file_of(f"{number}.json", name, wrong=["classify"])
    (file_of.folder / "<img src=x>.json").write_text("{")
    files, notes = read(file_of.folder)
    assert len(files) == len(HOSTILE) + 1 and max(len(one.who) for one in files) <= handed_in.LONGEST_NAME
    page, text = whole_class.as_page(files, notes), whole_class.as_text(files, notes)
    hostile = tags(page)
    assert set(hostile.seen) - {"ul", "li"} == set(plain.seen), "no tag of theirs"
    assert hostile.attributes == plain.attributes
    assert "&lt;script&gt;" in page and "<script" not in page and "<img" not in page
    assert all(character.isprintable() or character == "\n" for character in text)
    page.encode("utf-8"), text.encode("utf-8")


def test_the_page_is_one_that_a_screen_reader_can_take_apart(file_of):
    file_of("1.json", "Ada", wrong=["classify"], ideas={"classify": ["M01: w"]})
    page = whole_class.as_page(*read(file_of.folder))
    found = tags(page)
    assert {"caption", "thead", "main", "title", "h1", "h2"} <= set(found.seen) and '<html lang="en">' in page
    assert set(found.heads) == {"col", "row"} and found.seen.count("table") == 3
    assert not re.search(r"(src|href)=", page), "it needs nothing beside it"


def test_reading_changes_nothing(file_of):
    path = file_of("1.json", "Ada")
    before = (path.read_bytes(), path.stat().st_mtime_ns, sorted(file_of.folder.iterdir()))
    read(file_of.folder)
    assert before == (path.read_bytes(), path.stat().st_mtime_ns, sorted(file_of.folder.iterdir()))


def test_wrong_answers_of_the_course_end_as_ideas_in_the_table(tmp_path):
    """From a notebook to the teacher: the idea that the check names is the one that is counted."""
    work, folder = tmp_path / "work", tmp_path / "class"
    saved(work, LOGITS, {"log_loss": wrong(LOGITS, "log_loss", "M34")})
    hand_in.write(folder / "one.json", hand_in.hand_in(NOTEBOOKS, work))
    assert whole_class.tables(read(folder)[0])[2].rows == [[IDEAS["M34"], "M34", "1", "01"]]
