"""An exercise on other numbers: decimals become a little smaller, whole numbers and all that hangs on them stay."""

import pytest
import torch

from course_utils.checker import Choice, Right, Wrong, afresh, exercise
from course_utils.checker.other_numbers import values

LEARNS = torch.tensor([1.5, -2.5], requires_grad=True)
ARGUMENTS = (LEARNS, torch.tensor([0.25, 3.0], dtype=torch.float64), [0.5, 3, 2.0], {"rate": 0.75, "steps": 4},
             (1.5, "0.5", None), torch.tensor([1.0, 2.0]), torch.tensor([1, 2]), LEARNS * 2, 1.5)


def first(*arguments):
    return arguments[0]


def made(probes=lambda: [ARGUMENTS], **settings):
    return exercise(probes=probes, **settings)(first)


def drawn(changed):
    ((_, arguments),) = changed._probes_again()
    return arguments


def test_every_decimal_shrinks_by_a_tenth_at_most_and_keeps_its_kind():
    leaf, double, numbers, settings, pair, whole, classes, computed, alone = drawn(afresh(made(), seed=3))
    for new, old in ((leaf, LEARNS), (double, ARGUMENTS[1]), (torch.tensor(alone), torch.tensor(1.5))):
        ratios = (new / old).flatten()
        assert bool(((ratios > 0.899) & (ratios < 1)).all()) and new.dtype == old.dtype and new.shape == old.shape
    assert leaf.is_leaf and leaf.requires_grad and not double.requires_grad
    assert len({*(leaf / LEARNS).tolist(), alone / 1.5, numbers[0] / 0.5, settings["rate"] / 0.75}) == 5
    assert type(numbers) is list and 0.45 <= numbers[0] < 0.5 and numbers[1:] == [3, 2.0]
    assert type(pair) is tuple and 1.35 <= pair[0] < 1.5 and pair[1:] == ("0.5", None)
    assert list(settings) == ["rate", "steps"] and 0.67 < settings["rate"] < 0.75 and settings["steps"] == 4
    assert torch.equal(whole, ARGUMENTS[5]) and torch.equal(classes, ARGUMENTS[6]) and torch.equal(computed, LEARNS * 2)


def test_a_seed_gives_the_same_numbers_each_time_and_another_gives_others():
    plain = made()
    assert values(afresh(plain, seed=3)) == values(afresh(plain, seed=3)) != values(afresh(plain, seed=4))
    assert values(made()) == values(plain)


def test_probes_that_are_drawn_are_drawn_anew_and_those_with_a_description_stay():
    random = made(lambda: [(torch.rand(3),)])
    torch.manual_seed(7)
    assert torch.equal(drawn(afresh(random, seed=7))[0], torch.rand(3))
    told = made({"the rate 0.75": (0.75,)})
    assert drawn(afresh(told, seed=3)) == (0.75,)


def test_what_is_no_code_stays_and_name_and_mistakes_are_kept():
    choice = Choice("Which?", {"a": Wrong("This.", "No."), "b": Right("That.")})
    assert afresh(choice, seed=3) is choice
    plain = made(hints=["Look."])
    plain.name = "under another name"
    plain.mistake("Nothing came.")(lambda *arguments: 0)
    other = afresh(plain, seed=3)
    assert other.name == plain.name and other.hints == plain.hints and other.mistakes == plain.mistakes
    assert other.check(lambda *arguments: 0).message == "Nothing came."


@pytest.mark.parametrize("value, text", [
    (torch.tensor([0.1]), "torch.float32 [0.10000000149011612]"), ([1, [None, "a"]], "[1, [None, 'a']]"),
    ({"a": 1.5, "b": [2]}, "{'a': 1.5, 'b': [2]}")])
def test_values_are_written_out_in_full(value, text):
    assert values(made([(value,)])) == f"[{text}]"
