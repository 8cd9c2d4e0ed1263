"""Every wrong idea is recognised somewhere, the commonest in two kinds of exercise, and the table says where."""

import pytest

from benchmarks.coverage import COMMONEST, TABLE, code_among_lessons, exercises, kind_of, places, table
from course_utils.checker import IDEAS


def test_there_are_46_wrong_ideas():
    assert list(IDEAS) == [f"M{number:02}" for number in range(1, 47)]


@pytest.mark.parametrize("idea", IDEAS)
def test_a_wrong_idea_is_a_recognised_mistake_of_an_exercise(idea):
    assert places().get(idea), IDEAS[idea]


def test_mistakes_name_no_other_ideas():
    assert set(places()) <= set(IDEAS)


@pytest.mark.parametrize("idea", COMMONEST)
def test_the_commonest_are_met_in_two_kinds_of_exercise(idea):
    assert len({place.kind for place in places()[idea]}) >= 2, places()[idea]


def test_the_commonest_are_twenty():
    assert len(set(COMMONEST)) == 20 and set(COMMONEST) <= set(IDEAS)


def test_half_of_all_exercises_are_code():
    code, every = code_among_lessons()
    assert 2 * code >= every, (code, every)


def test_the_table_is_up_to_date():
    assert TABLE.read_text(encoding="utf-8") == table(), "out of date: python -m benchmarks.coverage"


def test_an_exercise_is_listed_once_under_its_lesson_and_kind():
    every = exercises()
    assert len({id(exercise) for exercise in every.values()}) == len(every)
    assert kind_of(every["03 softmax"]) == "code" and kind_of(every["03 seven_calls"]) == "choice"
    assert kind_of(every["00 first_check"]) == "number" and kind_of(every["05 recall_order"]) == "order"
    assert "12 again_floor" in every and "11 again_floor" not in every, "asked in lesson 11, kept in the post-test"
