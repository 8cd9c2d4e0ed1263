"""The arithmetic of `python -m benchmarks.feedback`: each bar can be missed, and is then said to be."""

import re

import pytest
import test_mutants
import wrong_answers
from wrong_answers import NEUTRAL, Wrong

from benchmarks import feedback
from benchmarks.feedback import Line, page, wrong_lines
from course_utils.checker import Mistake, Number, exercise


def bars(lines):
    return {line.what.rpartition(": ")[2]: line for line in lines}


def test_of_a_hundred_refused_85_must_be_named_and_none_wrongly():
    good = bars(wrong_lines(["named"] * 85 + ["neutral"] * 15, "all"))
    assert all(line.met for line in good.values())
    assert good["named rightly"].figure == "85 of 100 (85 %)" and good["neutral message"].figure == "15 of 100 (15 %)"
    poor = bars(wrong_lines(["named"] * 84 + ["neutral"] * 14 + ["wrongly named", "not judged", "accepted"], "all"))
    assert {what for what, line in poor.items() if not line.met} == {
        "refused", "named rightly", "wrongly named", "not judged"}
    assert poor["named rightly"].figure == "84 of 100 (84 %)", "an accepted one could not be named"


def test_nothing_measured_is_no_bar_met():
    (line,) = wrong_lines([], "held out")
    assert not line.met and str(line).endswith("not met |")


@exercise(probes=[(3.0,), (5.0,)], mistakes=[Mistake(lambda x: x + 1, "One more than x."),
                                             Mistake(lambda x: x - 1, "One less than x.")], hints=["Add."])
def twice(x):
    """Two times x."""
    return 2 * x


@pytest.fixture
def toy(monkeypatch):
    """A course of two exercises, one of them weak."""
    @exercise(probes=[(-1.0,)], hints=["Multiply."])
    def square(x):
        """x times x."""
        return x * x

    number = Number("How many?", 2, mistakes=[Mistake(3, "One too many.")], hints=["Count."])
    everything = [("toy", "twice", twice), ("toy", "square", square), ("toy", "number", number)]
    monkeypatch.setattr(feedback, "asked", lambda catalogues, code=False: everything[:2] if code else everything)
    return monkeypatch


def test_held_out_answers_count_as_they_were_met_at_first(toy):
    answers = {"twice": [
        Wrong(lambda x: 1 + x, "one more"), Wrong(lambda x: x - 1, "one less", first="neutral"),
        Wrong(lambda x: x + 1.0, "one less", seen=True), Wrong(lambda x: x / 2, NEUTRAL),
    ]}
    toy.setattr(wrong_answers, "wrong_answers", lambda catalogue: answers)
    lines = {line.what: line for line in feedback.wrong_answers_of(["toy"])}
    held = "wrong answers, held out, at the first try"
    assert lines[held].figure == "3" and lines[f"{held}: named rightly"].figure == "1 of 3 (33.3 %)"
    assert lines[f"{held}: wrongly named"].met
    assert lines["wrong answers, all, today: named rightly"].figure == "2 of 4 (50 %)"
    assert lines["wrong answers, all, today: wrongly named"].figure == "1"


def test_right_answers_that_are_refused_are_counted(toy):
    import test_exercises

    others = {"twice": [lambda x: x + x, lambda x: x * 3], "square": [lambda x: x**2, lambda x: x + 2]}
    toy.setattr(test_exercises, "other_answers", lambda catalogue, name: others[name])
    lines = {line.what: line for line in feedback.right_answers_of(["toy"])}
    assert lines["right answers in code, beside the solutions"].figure == "4"
    assert lines["right answers rejected"].figure == "2", "one on the own probe, and one on others only"
    assert not lines["right answers an exercise: the fewest"].met


def test_mutants_are_refused_as_good_or_slip_through(toy):
    as_good = "in `return x * x`: `x * x` becomes `x / x`"
    lines = {line.what: line for line in feedback.mutants_in(["toy"])}
    assert lines["altered solutions that slip through"].figure == "1", "of −1 both are 1"
    toy.setattr(test_mutants, "equivalents", lambda: {"toy.square": {as_good: "for the sake of the test"}})
    lines = {line.what: line for line in feedback.mutants_in(["toy"])}
    assert lines["altered solutions that slip through"].met
    assert lines["altered solutions accepted, and as good"].figure.startswith("1 of ")


def test_planned_mistakes_are_counted(toy):
    (line,) = feedback.planned_in(["toy"])
    assert line.figure == "3 of 3 (100 %)" and line.met


def test_the_page_says_which_bars_are_met():
    text = page([Line("right answers rejected", "0", "0"), Line("slips", "2", "0", False), Line("tried", "7")])
    assert re.findall(r"^\| (\w+ ?\w* ?\w*) \| \d \| (.*) ?\|$", text, re.M) == [
        ("right answers rejected", "0: met "), ("slips", "0: not met "), ("tried", " ")]
