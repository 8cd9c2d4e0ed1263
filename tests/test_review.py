"""A review: chosen from saved notebooks, never over another file, on fresh numbers; and the wrong ideas met."""

import json
import os
from datetime import date
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest

from course_utils.checker import IDEAS, ON_THE_WAY, CodeExercise, Exercise, Prediction, afresh
from course_utils.checker.other_numbers import values
from course_utils.course import cli, fresh, publish, record, review, then_and_now, what_changed, workbook
from course_utils.course.record import Verdict

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
TODAY = date(2026, 11, 29)
DAY = 86_400.0
LESSONS = [path.stem for path in workbook.lessons(NOTEBOOKS)]


def output_of(feedback):
    data = {"text/plain": repr(feedback), "text/markdown": feedback._repr_markdown_()}
    return nbformat.v4.new_output("execute_result", data, execution_count=1)


def saved(folder, lesson, answers, name="", days_ago=0.0):
    """A copy of a lesson in which these exercises were answered: {name: answer, or several one after the other}."""
    exercises = record.catalogue(lesson)
    notebook = nbformat.read(NOTEBOOKS / f"{lesson}.ipynb", as_version=4)
    for cell in notebook.cells:
        for exercise, _ in workbook.checks(cell.source) if cell.cell_type == "code" else ():
            if exercise in answers:
                given = answers[exercise] if type(answers[exercise]) is list else [answers[exercise]]
                vars(exercises[exercise]).pop("_memory", None)
                cell.outputs = [output_of([exercises[exercise].check(one) for one in given][-1])]
                cell.execution_count = 1
                vars(exercises[exercise]).pop("_memory", None)
    folder.mkdir(exist_ok=True)
    path = folder / (name or f"{lesson}.ipynb")
    nbformat.write(notebook, path)
    when = path.stat().st_mtime - days_ago * DAY
    os.utime(path, (when, when))
    return path


def wrong(lesson, exercise, idea):
    """A wrong answer with that idea."""
    return next(m.answer for m in record.catalogue(lesson)[exercise].mistakes if m.id == idea)


def right(lesson, *names):
    return {name: record.catalogue(lesson)[name].right_answer for name in names}


LOGITS = "01_binary_logistic_regression"
SOFTMAX = "03_softmax_regression"


@pytest.fixture
def mine(tmp_path):
    """Three lessons: one long ago and right, one with a wrong answer, one with a detour."""
    folder = tmp_path / "my_work"
    answers = right("00_start_here", "centre", "share_right", "bytes_wrap", "kept") | {"guess_logit": 0.5}
    saved(folder, "00_start_here", answers, days_ago=40)
    saved(folder, LOGITS, {"classify": wrong(LOGITS, "classify", "M01")} | right(LOGITS, "log_loss", "odds_factor"),
          days_ago=20)
    detour = [wrong(SOFTMAX, "softmax", "M32"), record.catalogue(SOFTMAX)["softmax"].right_answer]
    saved(folder, SOFTMAX, {"softmax": detour} | right(SOFTMAX, "softmax_loss"), days_ago=2)
    return folder


# ---- what the notebooks tell ----


def test_the_verdicts_are_read_from_every_copy(mine):
    found = {verdict.exercise: verdict for verdict in record.verdicts(NOTEBOOKS, mine)}
    assert set(found) == {"centre", "share_right", "bytes_wrap", "kept", "guess_logit", "classify", "log_loss",
                          "odds_factor", "softmax", "softmax_loss"}
    assert [name for name, verdict in found.items() if not verdict.right] == ["classify"]
    assert found["classify"].lesson == LOGITS and found["softmax"].when > found["classify"].when
    assert record.ideas(found["classify"]) == {IDEAS["M01"]} and record.ideas(found["softmax"]) == {IDEAS["M32"]}
    assert [(one.idea, one.times, one.lessons) for one in record.met(list(found.values()))] == [
        (IDEAS["M32"], 1, ["03"]), (IDEAS["M01"], 1, ["01"])], "alike in number, so by the alphabet"


def test_ideas_are_counted_once_an_exercise_and_the_commonest_comes_first(mine):
    saved(mine, LOGITS, {"classify": wrong(LOGITS, "classify", "M01")}, name=f"Copy of {LOGITS}.ipynb")
    saved(mine, SOFTMAX, {"softmax": wrong(SOFTMAX, "softmax", "M32")}, name=f"{SOFTMAX} (1).ipynb")
    assert [one.times for one in record.met(record.verdicts(NOTEBOOKS, mine))] == [1, 1]
    answer = next(m.answer for m in record.catalogue(SOFTMAX)["softmax_loss"].mistakes if m.id == "M34")
    saved(mine, SOFTMAX, {"softmax_loss": answer, "softmax": wrong(SOFTMAX, "softmax", "M34")})
    words = record.met_in_words(record.verdicts(NOTEBOOKS, mine))
    assert words.split("\n")[1] == f"  2 × {IDEAS['M34']} (lesson 03)" and words.startswith("Wrong ideas met:\n")


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_idea_is_found_again_in_what_its_mistake_is_told(lesson):
    """In the plain text and in the Markdown alone, whichever a saved notebook holds."""
    for name, exercise in record.catalogue(lesson).items():
        for mistake in exercise.mistakes:
            if mistake.id:
                feedback = mistake.feedback("Your value is `3`.")
                for text in (repr(feedback), feedback._repr_markdown_()):
                    assert IDEAS[mistake.id] in record.ideas(Verdict(lesson, name, False, text, 0.0)), mistake.message


def test_a_message_of_another_exercise_is_no_idea_of_this_one():
    said = record.catalogue(LOGITS)["classify"].check(wrong(LOGITS, "classify", "M01")).text
    assert record.ideas(Verdict(LOGITS, "log_loss", False, said, 0.0)) == set()
    assert record.ideas(Verdict(LOGITS, "classify", True, said, 0.0)) == set()
    assert record.ideas(Verdict(LOGITS, "no_such_exercise", False, said, 0.0)) == set()
    assert record.ideas(Verdict(LOGITS, "classify", True, f"✓ Right.\n{ON_THE_WAY} nothing known.", 0.0)) == set()


def test_the_time_that_jupyterlab_keeps_counts_before_that_of_the_file(mine):
    path = mine / f"{LOGITS}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["metadata"]["execution"] = {"iopub.execute_input": "2026-01-02T03:04:05.000000Z"}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    times = {verdict.when for verdict in record.verdicts(NOTEBOOKS, mine) if verdict.lesson == LOGITS}
    assert times == {1767323045.0}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"cells": [1, {"cell_type": "code"}]}', "é".encode("latin-1")])
def test_files_that_are_no_notebooks_tell_nothing(tmp_path, content):
    for name in (f"{LOGITS}.ipynb", "review_x.ipynb"):
        (tmp_path / name).write_bytes(content)
    assert record.verdicts(NOTEBOOKS, tmp_path, tmp_path / "missing") == []


def test_the_command_and_lesson_11_name_the_ideas(mine, capsys, monkeypatch):
    assert cli.main(["progress", "--dir", str(mine)]) == 0
    said = capsys.readouterr().out
    assert f"Wrong ideas met:\n  1 × {IDEAS['M32']} (lesson 03)\n  1 × {IDEAS['M01']} (lesson 01)\n" in said
    assert "course review" in said and said.rstrip().endswith("nothing else is recorded.")
    monkeypatch.chdir(mine.parent)
    monkeypatch.setattr(then_and_now, "default_folder", lambda: mine)
    what_changed()
    assert IDEAS["M32"] in capsys.readouterr().out
    monkeypatch.setattr(then_and_now, "default_folder", lambda: mine / "empty")
    what_changed()
    assert "Wrong ideas" not in capsys.readouterr().out
    plt.close("all")


# ---- which are asked again ----


def test_what_is_wrong_comes_first_then_a_detour_then_what_is_longest_ago(mine):
    chosen = review.choose(record.verdicts(NOTEBOOKS, mine), 10)
    names = [verdict.exercise for verdict in chosen]
    assert names[:2] == ["classify", "softmax"] and names[2] in ("bytes_wrap", "centre", "kept", "share_right")
    assert sorted(names) == ["bytes_wrap", "centre", "classify", "kept", "log_loss", "odds_factor", "share_right",
                             "softmax", "softmax_loss"]                     # no guess
    assert [verdict.lesson[:2] for verdict in chosen[2:5]] == ["00", "00", "01"]     # lessons take turns


def verdict(lesson, exercise, right=True, days=1.0):
    return Verdict(lesson, exercise, right, "✓ Right." if right else "✗ Not yet right.", -days * DAY)


def test_lessons_take_turns_and_no_more_than_ten_are_asked():
    many = [verdict(lesson, name, days=9 if lesson == SOFTMAX else 1) for lesson in (LOGITS, SOFTMAX)
            for name, exercise in record.catalogue(lesson).items() if not isinstance(exercise, Prediction)]
    chosen = review.choose(many, 10)
    assert len(chosen) == 10 == len({(one.lesson, one.exercise) for one in chosen})
    assert [one.lesson for one in chosen[:4]] == [SOFTMAX, LOGITS, SOFTMAX, LOGITS]


def test_the_last_verdict_on_an_exercise_counts():
    found = [verdict(LOGITS, "classify", right=False, days=5), verdict(LOGITS, "classify", days=1),
             verdict(LOGITS, "log_loss", days=9)]
    assert [(one.exercise, one.right) for one in review.choose(found, 10)] == [("classify", True), ("log_loss", True)]
    found = [verdict(LOGITS, "classify", right=False, days=50), verdict(LOGITS, "classify", days=40),
             verdict(SOFTMAX, "softmax", right=False, days=1)]
    assert [one.exercise for one in review.choose(found, 10)] == ["softmax", "classify"]    # now before then
    assert review.choose([verdict(LOGITS, "gone since"), verdict(LOGITS, "launch_guess"),
                          verdict("11_capstone", "again_logit")], 10) == []


# ---- the notebook ----


def test_a_review_is_laid_beside_the_copies_and_never_over_a_file(mine, capsys, monkeypatch):
    before = {path: path.read_bytes() for path in mine.iterdir()}
    for name in ("", "-2", "-3"):
        assert cli.main(["review", "--dir", str(mine)]) == 0
        path = mine / f"review_{date.today()}{name}.ipynb"
        assert str(path) in capsys.readouterr().out
        nbformat.validate(nbformat.read(path, as_version=4))
    assert {path: path.read_bytes() for path in before} == before

    def refused(*_, **__):
        raise PermissionError(13, "no")

    monkeypatch.setattr(review, "open", refused, raising=False)
    assert cli.main(["review", "--dir", str(mine)]) == 1 and "cannot be written" in capsys.readouterr().err


def test_where_nothing_was_answered_the_command_says_so(tmp_path, capsys):
    assert cli.main(["review", "--dir", str(tmp_path / "none")]) == 0
    assert "course lab" in capsys.readouterr().out
    saved(tmp_path, "00_start_here", {})
    assert cli.main(["review", "--dir", str(tmp_path)]) == 0 and "Nothing to review yet" in capsys.readouterr().out
    assert not list(tmp_path.glob("review*"))


def test_what_a_lesson_no_longer_asks_is_not_asked_again(mine, tmp_path, capsys):
    lessons = tmp_path / "lessons"
    lessons.mkdir()
    for path in workbook.lessons(NOTEBOOKS):
        text = path.read_text(encoding="utf-8").replace("exercises.classify.check(classify)", "classify")
        (lessons / path.name).write_text(text, encoding="utf-8")
    path, many = review.write(lessons, mine, TODAY)
    assert many == 8 and "classify" not in path.read_text(encoding="utf-8")


def everything(lessons=LESSONS):
    return [verdict(path.stem, name, days=3) for path in workbook.lessons(NOTEBOOKS) if path.stem in lessons
            for name in workbook.exercises(path.read_bytes()) if review._can_be_asked_again(verdict(path.stem, name))]


def solved(notebook):
    """Every answer of a review written in, from the catalogues."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and workbook.checks(cell.source):
            catalogue = fresh(record.FRESH.search(cell.source)[1], 1)
            cell.source = publish.solved(nbformat.v4.new_notebook(cells=[cell]), catalogue).cells[0].source
    return notebook


SOME = list({one.lesson: one for one in everything()}.values())     # the last exercise of each lesson


@pytest.mark.parametrize("asked", [SOME, pytest.param(everything(), marks=pytest.mark.nightly)],
                         ids=["one a lesson", "all"])
def test_untouched_a_review_runs_to_its_end_and_solved_the_next_one_reads_it(asked, tmp_path):
    """One after the other in one kernel, for a kernel takes seconds to begin."""
    untouched = nbformat.from_dict(review.notebook(asked, NOTEBOOKS, TODAY))
    answered = solved(nbformat.from_dict(review.notebook(asked, NOTEBOOKS, TODAY)))
    for cell in answered.cells:
        cell.id += "-answered"
    done = publish.execute(nbformat.v4.new_notebook(cells=untouched.cells + answered.cells), tmp_path).cells
    said = [output["data"]["text/plain"] for cell in done[:len(untouched.cells)] if cell.cell_type == "code"
            for output in cell.outputs]
    assert len(said) == len(asked) >= 12 and not [text for text in said if "… Not yet." not in text]

    nbformat.write(nbformat.v4.new_notebook(cells=done), tmp_path / "review_x.ipynb")
    found = record.verdicts(NOTEBOOKS, tmp_path)
    assert not [one.text for one in found if not one.right]
    assert {(one.lesson, one.exercise) for one in found} == {(one.lesson, one.exercise) for one in asked}


def test_each_question_stands_on_the_page_with_its_lesson():
    cells = review.notebook(everything([LOGITS]), NOTEBOOKS, TODAY)["cells"]
    asked = [cell["source"] for cell in cells if cell["id"].startswith("question")]
    assert all(f"[Lesson 01]({LOGITS}.ipynb)" in text and len(text.split()) > 10 for text in asked)
    assert len({cell["id"] for cell in cells}) == len(cells)


# ---- on other numbers ----


@pytest.mark.parametrize("lesson", LESSONS)
def test_on_fresh_numbers_right_stays_right(lesson):
    from test_exercises import other_answers

    for name, exercise in vars(fresh(lesson[3:], review.SEEDS[0])).items():
        if isinstance(exercise, CodeExercise):
            for answer in (exercise.right_answer, *other_answers(lesson[3:], name)):
                feedback = exercise.check(answer)
                assert feedback.status == "right", (name, feedback.text)
        else:
            assert exercise is record.catalogue(lesson)[name]


@pytest.mark.nightly
@pytest.mark.parametrize("seed", review.SEEDS)
@pytest.mark.parametrize("lesson", LESSONS)
def test_on_fresh_numbers_no_mistake_is_right_and_none_is_taken_for_another(lesson, seed):
    from test_exercises import other_answers

    named = all_of_them = 0
    for name, exercise in vars(fresh(lesson[3:], seed)).items():
        if not isinstance(exercise, CodeExercise):
            continue
        for answer in (exercise.right_answer, *other_answers(lesson[3:], name)):
            assert exercise.check(answer).status == "right", name
        for mistake in exercise.mistakes:
            feedback = exercise.check(mistake.answer)
            assert feedback.status != "right" and feedback.mistake in (mistake.id, None), (name, mistake.message)
            named, all_of_them = named + (feedback.message == mistake.message), all_of_them + 1
    print(f"{lesson}, seed {seed}: {named} of {all_of_them} mistakes named")
    assert named >= 0.9 * all_of_them


def test_most_exercises_in_code_have_fresh_numbers_and_an_exercise_itself_stays_as_it_is():
    changed, all_of_them = 0, 0
    for lesson in LESSONS:
        for name, exercise in record.catalogue(lesson).items():
            if isinstance(exercise, CodeExercise):
                before = values(exercise)
                changed += values(afresh(exercise, review.SEEDS[0])) != before
                assert values(exercise) == before, name
                all_of_them += 1
    print(f"fresh numbers in {changed} of {all_of_them} exercises in code")
    assert changed >= 0.5 * all_of_them


def test_an_exercise_afresh_keeps_its_name_its_mistakes_and_its_kind():
    for exercise in vars(fresh("softmax_regression", 2)).values():
        assert isinstance(exercise, Exercise)
    again, once = fresh("softmax_regression", 2).softmax, record.catalogue(SOFTMAX)["softmax"]
    assert again.call == once.call and again.mistakes == once.mistakes and again.hints == once.hints
