"""A neutral message shows the place, the input that stands there, and how the needed value comes about."""

import pytest
import torch

from course_utils.checker import exercise
from course_utils.checker.compare import describe_both
from course_utils.checker.places import in_short, inputs_in_words, named_place, place_of

Z = torch.tensor([[2.0, 1.0, 0.1], [0.5, -1.0, 3.0]])


def told(right, wrong, args, **settings):
    """What is said of the answer `wrong`, in one line."""
    @exercise(probes=[args], **settings)
    def toy(x, y):
        return right

    return toy.check(lambda x, y: wrong).text.replace("\n", " ")


@pytest.mark.parametrize(("where", "place"), [
    ("", ()), ("[1]", (1,)), ("[1, 2]", (1, 2)), ("['weight'][0, 1]", ("weight", 0, 1)), ("[0][3]", (0, 3)),
    ("['rows of 0 … n − 1'][2]", ("rows of 0 … n − 1", 2)), ("['it\\'s'][2]", ("it's", 2)),
    ('["it\'s"][0]', ("it's", 0)),
])
def test_a_place_is_read_from_its_text(where, place):
    assert place_of(where) == place


def test_a_small_input_is_shown_whole_and_of_a_large_one_the_row_that_matters():
    large, long = torch.arange(40.0).reshape(10, 4), torch.arange(20.0)
    assert inputs_in_words(["z"], (Z,), "[1, 2]", Z) == "`z = [[2.0, 1.0, 0.1], [0.5, -1.0, 3.0]]`"
    assert inputs_in_words(["X", "lr"], (large, 0.5), "[3, 1]", large) == \
        "`X[3] = [12.0, 13.0, 14.0, 15.0]`, `lr = 0.5`"
    assert inputs_in_words(["z"], (long,), "[7]", long) == "`z[7] = 7.0`"
    wide = torch.arange(60.0).reshape(3, 20)
    assert inputs_in_words(["X"], (wide,), "[2, 5]", wide) == "`X[2, 5] = 45.0`"
    assert inputs_in_words(["X"], (wide,), "[2]", torch.zeros(3)) == "`X`, a tensor of shape (3, 20)"
    assert inputs_in_words(["X"], (large,), "[3]", torch.zeros(4)) == "`X`, a tensor of shape (10, 4)"
    assert inputs_in_words(["X"], (large,), "", torch.tensor(1.0)) == "`X`, a tensor of shape (10, 4)"
    assert inputs_in_words(["X"], (large,), "['w'][1]", {"w": torch.zeros(10)}) == "`X[1] = [4.0, 5.0, 6.0, 7.0]`"
    assert inputs_in_words(["X", "f"], ([1.0, 2.0], len), "", 3.0) == "`X = [1.0, 2.0]`"


def test_twelve_numbers_are_shown_and_thirteen_are_not():
    twelve, rows = torch.arange(12.0), torch.arange(65.0).reshape(5, 13)
    assert inputs_in_words(["z"], (twelve,), "[7]", twelve) == f"`z = {twelve.tolist()}`" == f"`z = {in_short(twelve)}`"
    assert in_short(rows[0]) == "a tensor of shape (13,)" and in_short(torch.tensor(1.5)) == "1.5"
    assert inputs_in_words(["X"], (rows[:, 1:],), "[1]", torch.zeros(5)) == f"`X[1] = {rows[1, 1:].tolist()}`"
    assert inputs_in_words(["X"], (rows[:, 1:],), "[1, 2]", rows[:, 1:]) == f"`X[1] = {rows[1, 1:].tolist()}`"
    assert inputs_in_words(["X"], (rows,), "[1, 2]", rows) == "`X[1, 2] = 15.0`"
    assert inputs_in_words(["X"], (rows[:1],), "[0, 2]", rows[:1]) == "`X[0, 2] = 2.0`"
    cube = rows.reshape(1, 5, 13)
    assert inputs_in_words(["X"], (cube,), "[0]", torch.zeros(1, 2)) == "`X`, a tensor of shape (1, 5, 13)"
    blocks = torch.arange(72.0).reshape(3, 2, 12)
    assert inputs_in_words(["X"], (blocks,), "[1, 1]", blocks) == f"`X[1, 1] = {blocks[1, 1].tolist()}`"


def test_a_neutral_message_shows_the_input():
    scores = torch.tensor([2.1, 0.3, -0.2, -3.0, 0.45, 1.2, -0.7])
    text = told(torch.ones(7), torch.tensor([1.0, 0, 1, 1, 1, 1, 1]), (scores, 2.0))
    assert "Your value at [1] is `0.0`; `1.0` is needed." in text
    assert "The input was `x = [2.1, 0.3, -0.2, -3.0, 0.45, 1.2, -0.7]`, `y = 2.0`." in text


@pytest.mark.parametrize(("how", "words"), [
    ("Divide each row by its sum.", "Divide each row by its sum."),
    (lambda place, x, y: f"{x[place[0]].sum():g} in all, times {y}.", "4.5 in all, times 3."),
    (lambda place, x, y: x["no such place"], ""), (lambda place, x, y: None, ""),
])
def test_an_author_can_say_how_the_needed_value_comes_about(how, words):
    text = told(torch.ones(2), torch.tensor([1.0, 5.0]), (torch.tensor([[1.0, 2.0], [1.5, 3.0]]), 3), how=how)
    assert text.endswith(words) if words else "needed" in text and "Our fault" not in text


def test_a_probe_with_a_description_is_shown_with_its_numbers():
    @exercise(probes={"two scores": (Z,)})
    def toy(x):
        return x

    text = toy.check(lambda x: x.square() + 0.3).text
    assert "The input was two scores: `x = [[2.0, 1.0, 0.1], [0.5, -1.0, 3.0]]`." in text
    same = exercise(probes={"p = 0.3": (0.3,)})(lambda p: p)
    assert "The input was p = 0.3." in same.check(lambda p: p + 0.5).text


@pytest.mark.parametrize(("right", "wrong", "words"), [
    (-0.103634, -0.103712,
     "`-0.103712`; `-0.103634` is needed. Yours is 1.00075 times that, too far off for rounding."),
    (2.0, 1.99, "`1.99`; `2.0` is needed. Yours is 0.995 times that"),
    (1.0, 1.5, "`1.5`; `1.0` is needed."), (0.0, 1e-3, "`0.001`; `0.0` is needed."),
])
def test_two_numbers_that_look_alike_are_told_with_their_ratio(right, wrong, words):
    text = told(right, wrong, (1, 2))
    assert words in text and ("too far off" in text) == (0 < abs(wrong - right) < 0.02 and right != 0)


def test_float64_that_went_through_float32_is_asked_about():
    right = torch.tensor([1 / 3, 2 / 3, 1.7], dtype=torch.float64)
    assert "Is a float32 in between?" in told(right, right * (1 + 3e-6), (1, 2))


def test_digits_are_enough_to_see_the_difference():
    assert describe_both(-0.103712, -0.103634) == ("-0.103712", "-0.103634")
    assert describe_both(1.5, 1.0) == ("1.5", "1.0") and describe_both(0.5, 0.50004) == ("0.5", "0.50004")


@pytest.mark.parametrize(("right", "wrong", "words"), [
    ({"gradients are on": True}, {"gradients are on": False}, "Gradients are on: no, where yes is needed."),
    ({"their order": "drawn"}, {"their order": "that of the table"},
     "Their order: that of the table, where drawn is needed."),
    ({"rows in two folds": 0}, {"rows in two folds": 3}, "Rows in two folds: `3`, where `0` is needed."),
    ({"weight": torch.ones(2)}, {"weight": torch.tensor([1.0, 3.0])}, "`weight` at [1] is `3.0`; `1.0` is needed."),
    ({"weight afterwards": torch.ones(2)}, {"weight afterwards": torch.tensor([1.0, 3.0])},
     "Weight afterwards at [1]: `3.0`, where `1.0` is needed."),
])
def test_what_was_observed_is_told_as_one_speaks(right, wrong, words):
    assert words in observed(right, wrong)


def observed(right, wrong):
    @exercise(probes=[(1,)], compare_by=lambda result, x: result)
    def toy(x):
        return right

    return toy.check(lambda x: wrong).text.replace("\n", " ")


def test_a_name_of_one_word_is_code_and_a_phrase_is_none():
    assert named_place("['slope'][0]") == "`slope` at [0]" and named_place("[0]") == named_place("") == ""
    assert named_place("['how far']") == "how far"
