"""The page that shows what changed: guesses are read from a copy and never run; the first answer counts."""

import importlib
import json
import re
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from course_utils.checker import Exercise
from course_utils.course import then_and_now, what_changed
from course_utils.exercises import post_test
from course_utils.plotting import alt_text

ROOT = Path(__file__).resolve().parents[1]
ITEMS = {name: value for name, value in vars(post_test).items() if isinstance(value, Exercise)}
GUESSED = {"logit": 0.5, "floor": 0.0, "pairs": 64, "gradient": 1, "divided": 1.0, "batch": 0.95}


@pytest.fixture(autouse=True)
def nothing_answered(monkeypatch):
    for item in ITEMS.values():
        monkeypatch.setattr(item, "first", None)
    yield
    plt.close("all")


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder with no copy of a lesson, beside a `my_work/` that is not there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(then_and_now, "default_folder", lambda: tmp_path / "my_work")
    return tmp_path


def copy_of(lesson="00_start_here", **guesses):
    """A lesson as it is, with these texts in place of the dots."""
    notebook = json.loads((ROOT / "notebooks" / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        for name, text in guesses.items():
            if f"exercises.guess_{name}.check(" in source:
                cell["source"] = source.replace("guess = ...", text)
    return json.dumps(notebook).encode()


@cache
def where_asked():
    """{guess: the lesson that asks for it}."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("0*.ipynb")):
        for name in re.findall(r"exercises\.guess_(\w+)\.check\(", path.read_text(encoding="utf-8")):
            if name in then_and_now.NUMBERS:
                assert name not in found, f"guess_{name} is asked for twice"
                found[name] = path.stem
    return found


def answer_all_right():
    for item in ITEMS.values():
        assert item.check(item.right_answer).status == "right"


# ---- the twelve ----


def test_the_twelve_mirror_the_guesses_and_each_has_wrong_ideas_of_its_own():
    again = {name.removeprefix("again_") for name in ITEMS if name.startswith("again_")}
    assert set(then_and_now.NUMBERS) == set(where_asked()) == again
    assert set(then_and_now.IDEAS) == {n.removeprefix("knows_") for n in ITEMS if n.startswith("knows_")}
    assert len(ITEMS) == 12
    for name, lesson in where_asked().items():
        catalogue = importlib.import_module(f"course_utils.exercises.{lesson[3:]}")
        assert ITEMS[f"again_{name}"].right_answer == pytest.approx(
            getattr(catalogue, f"guess_{name}").right_answer, rel=1e-3)
        low, high = then_and_now.NUMBERS[name][1:]
        assert low <= ITEMS[f"again_{name}"].right_answer <= high
    lessons = {path.name[:2] for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")} | {"10"}
    for name, item in ITEMS.items():
        assert item.lesson in lessons
        ideas = [mistake.id for mistake in item.mistakes if mistake.id]         # the others are slips
        assert ideas and all(re.fullmatch(r"M(0[1-9]|[1-3]\d|4[0-6])", idea) for idea in ideas), name


def test_the_first_answer_counts():
    item = post_test.knows_dropout
    item.check(...)
    assert item.first is None                                   # the dots are no answer
    assert (item.check("a").mistake, item.check("b").status) == ("M10", "right")
    line = next(line for line in then_and_now.lines({}) if line.name == "dropout")
    assert (line.now, line.right) == ("a", False) and "recording" in line.why


# ---- then ----


@pytest.mark.parametrize(("text", "value"), [
    ("guess = 0.6", 0.6), ("guess = 1/64", 1 / 64), ("guess = (2 + 3) * -4 - 1", -21), ("guess = '0.6'", None),
    ("guess = 1\nguess = 7   # no, rather this", 7), ("%time\nguess = 64*64", 4096), ("guess = 1e3", 1000),
    ("guess = ...", None), ("guess = print('I was run')", None), ("guess = 2**9", None), ("guess = 1 / 0", None),
    ("guess = 'much'", None), ("guess = True", None), ("guess = (", None), ("other = 3", None),
    ("guess = " + "(" * 300 + "1" + ")" * 300, None), ("guess = 1e999", None), ("guess = 1e300 * 1e300", None),
])
def test_a_guess_is_worked_out_and_never_run(text, value, capsys):
    found = then_and_now.guesses(copy_of(logit=text))
    assert found == ({} if value is None else {"logit": value})
    assert capsys.readouterr().out == ""


def test_what_is_no_notebook_holds_no_guess():
    for content in (b"", b"{", b"[]", b'{"cells": [1]}', b'{"cells": [{"cell_type": "code"}]}'):
        assert then_and_now.guesses(content) == {}


def test_the_copy_beside_the_notebook_comes_first_and_the_next_one_is_looked_at(elsewhere, capsys):
    (elsewhere / "my_work").mkdir()
    (elsewhere / "my_work" / "00_start_here.ipynb").write_bytes(copy_of(logit="guess = 0.9"))
    (elsewhere / "00_start_here.ipynb").write_bytes(copy_of())          # untouched, as in notebooks/
    alt = alt_text(what_changed().figure)
    assert "then 0.9" in alt and str(Path("my_work") / "00_start_here.ipynb") in capsys.readouterr().out
    (elsewhere / "00_start_here.ipynb").write_bytes(copy_of(logit="guess = 0.4"))
    assert "then 0.4" in alt_text(what_changed().figure)


def test_the_guesses_of_all_lessons_are_gathered(elsewhere, capsys):
    for name, lesson in where_asked().items():
        path = elsewhere / f"{lesson}.ipynb"
        text = path.read_text(encoding="utf-8") if path.exists() else copy_of(lesson).decode()
        notebook = json.loads(text)
        for cell in notebook["cells"]:
            source = "".join(cell["source"])
            if f"exercises.guess_{name}.check(" in source:
                cell["source"] = source.replace("guess = ...", f"guess = {GUESSED[name]}")
        path.write_text(json.dumps(notebook), encoding="utf-8")
    assert then_and_now._guesses_found() == GUESSED
    assert capsys.readouterr().out.count("Read from") == len(set(where_asked().values()))


@pytest.mark.parametrize("copy", [None, copy_of()])
def test_without_guesses_it_says_where_it_looked_and_how_to_hand_them_over(elsewhere, copy, capsys):
    if copy:
        (elsewhere / "00_start_here.ipynb").write_bytes(copy)
    alt = alt_text(what_changed().figure)
    said = capsys.readouterr().out
    assert str(elsewhere) in said and "my_work" in said and "what_changed(then={" in said
    assert ("without any of the six" in said) == bool(copy)
    assert "right then" not in alt and "Of the six numbers, 0 right now" in alt
    call = re.search(r"what_changed\(then=(\{.*\})\)", said)[1]
    assert set(re.findall(r'"(\w+)"', call)) == set(then_and_now.NUMBERS)


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="There is no guess named 'accuracy'"):
        what_changed(then={"accuracy": 0.9})


# ---- then, now, measured ----


def test_nothing_is_told_before_it_is_answered(elsewhere, capsys):
    alt = alt_text(what_changed(then=GUESSED).figure)
    assert "Nothing of the post-test is answered yet" in capsys.readouterr().out
    for measured in ("0.6225", "1.461", "4,096", "0.01562", "measured 3", "0.8"):
        assert measured not in alt
    texts = [text.get_text() for text in plt.gcf().axes[0].texts]
    assert not {"0.6225", "1.461", "4,096", "3", "0.01562", "0.8"} & set(texts)


def test_all_right_now(elsewhere, capsys):
    answer_all_right()
    alt = alt_text(what_changed(then=GUESSED).figure)
    assert alt.startswith("Of the six numbers, 0 right then, 6 right now.")
    assert "then 64, now 4,096, measured 4,096" in alt and alt.count("right at once") == 6
    assert capsys.readouterr().out == "12 of the 12 that you answered were right at once.\n"


def test_a_wrong_idea_is_named_with_its_lesson(elsewhere, capsys):
    post_test.again_floor.check(0)
    post_test.knows_workers.check("a")
    post_test.again_pairs.check(4096)
    ax = what_changed(then={**GUESSED, "logit": 0.62})
    said = capsys.readouterr().out
    assert "1 of the 3 that you answered were right at once. 9 are open." in said
    assert "Look again at lesson 03, lowest loss after two softmaxes: With logits it would be 0." in said
    assert "Look again at lesson 10" in said
    alt = alt_text(ax.figure)
    assert "1 right then, 1 right now" in alt and "then 0, now 0, measured 1.461" in alt
    assert "several processes, one batch: look again at lesson 10" in alt and "dropout when you measure: open" in alt
    assert min(text.get_fontsize() for text in ax.texts) >= 10


def test_marks_lie_where_their_numbers_are():
    answer_all_right()
    ax = what_changed(then=GUESSED)
    marks = {(line.get_marker(), int(line.get_ydata()[0])): line.get_xdata()[0] for line in ax.lines
             if line.get_linestyle() == "None"}
    assert marks["s", 0] == pytest.approx(0.5) and marks["|", 0] == pytest.approx(0.6225)
    assert marks["|", 2] == pytest.approx(3.612 / 4, abs=1e-3)                      # log10(4096) of 4
    assert marks["s", 4] == pytest.approx(3 / 5) and marks["o", 4] == marks["|", 4]  # 1 between 0.001 and 100
    assert len(marks) == 18


def test_values_beyond_the_scale_are_drawn_at_its_end():
    line = then_and_now.lines({"pairs": 0.0})[2]
    assert then_and_now._place(line, 0.0) == 0 and then_and_now._place(line, 1e9) == 1


def test_a_share_in_per_cent_is_asked_for_again_and_does_not_count_as_the_first_answer():
    item = post_test.again_batch
    feedback = item.check(80)
    assert feedback.status == "not yet" and "share: 0.8" in feedback.text
    assert item.first is None
    assert item.check(0.8).status == "right" and item.first[0] == 0.8
    assert post_test.again_divided.check(64).status == "wrong"           # a wrong idea, and no per cent
