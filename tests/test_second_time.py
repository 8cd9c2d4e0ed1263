"""The same mistake a second time, and a third: more is said each time, and the message stays what it was."""


import pytest
import torch

from course_utils.checker import IDEAS, ON_THE_WAY, Choice, Mistake, Number, Order, Right, Wrong, exercise
from course_utils.checker.memory import hint_due

X = torch.tensor([[1.0, 2.5], [3.0, 4.5]])


def made(probes=None, **settings):
    @exercise(**{"probes": probes or [(torch.arange(20.0).reshape(10, 2),), (X,)], "hints": ["First.", "Second."],
                 **settings})
    def centre(X):
        return X - X.mean(dim=0)

    @centre.mistake("That is the mean of the rows.", "M32")
    def _(X):
        return X - X.mean(dim=1, keepdim=True)

    @centre.mistake("Nothing is taken off.", again="What is the mean of the first column?")
    def _(X):
        return X

    centre.name = "centre"
    return centre


def by_rows(X):
    return X - X.mean(dim=1, keepdim=True)


def doubled(X):
    return 2 * X


def stops(X):
    return X.nothing


def test_more_is_said_each_time_and_the_message_stays():
    centre = made()
    said = [centre.check(by_rows) for _ in range(6)]
    assert {(one.status, one.message, one.mistake) for one in said} == {
        ("wrong", "That is the mean of the rows.", "M32")}
    texts = [one.text for one in said]
    assert "By hand" not in texts[0] and "Hint 1: " not in texts[0]
    assert "By hand: for `X = torch.tensor([[1.0, 2.5], [3.0, 4.5]])` yours gives at [0, 0] `-0.75`; `-1.0` is needed" \
        in texts[1] and "Hint" not in texts[1]
    assert "By hand" in texts[2] and "Hint 1: First." in texts[2]
    assert "Hint 2: Second." in texts[3] and "Hint 2: Second." in texts[5] and "Hint 1: " not in texts[3]
    assert [list(one.folded) for one in said[1:4]] == [
        [*hints, "An answer, and why it is right"] for hints in (["Hint 1", "Hint 2"], ["Hint 2"], ["Hint 1"])]
    assert all(len(text) < 2_000 for text in texts)


def test_other_words_are_counted_by_themselves_and_a_right_answer_begins_anew():
    centre = made()
    centre.check(by_rows)
    assert "By hand" not in centre.check(doubled).text and "By hand" in centre.check(doubled).text
    assert centre.check(lambda X: X - X.mean(dim=0)).status == "right"
    assert "By hand" not in centre.check(doubled).text
    assert "By hand" not in made().check(by_rows).text          # another exercise knows nothing of it
    centre.check(...)
    assert "By hand" not in centre.check(...).text


def test_a_mistake_may_bring_a_step_of_its_own():
    centre = made()
    assert "first column" not in centre.check(lambda X: X).text
    assert "What is the mean of the first column?" in centre.check(lambda X: X).text
    half = Choice("Which?", {"a": Wrong("0.5", "No.", again="What is the sigmoid of 0?"), "b": Right("0")})
    assert "sigmoid" not in half.check("a").text and "sigmoid" in half.check("a").text


@pytest.mark.parametrize("answer, words", [
    (stops, "By hand: for `X = torch.tensor([[1.0, 2.5], [3.0, 4.5]])` yours stops"),
    (lambda X: X[:1], "yours gives `[[1.0, 2.5]]`; `[[-1.0, -1.0], [1.0, 1.0]]` is needed"),
])
def test_what_stops_and_what_has_another_shape(answer, words):
    centre = made()
    centre.check(answer)
    assert words in centre.check(answer).text


def test_the_input_shown_is_one_that_the_answer_gets_wrong():
    centre = made([(torch.zeros(1, 2),), (torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]),)])
    centre.check(doubled)
    assert "By hand: for `X = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])`" in centre.check(doubled).text


def test_where_no_input_can_be_written_out_each_line_is_to_be_printed():
    for probes in (lambda: [(torch.nn.Linear(2, 2).weight.detach().repeat(9, 1),)], [(torch.ones(30, 2),)]):
        centre = made(probes)
        centre.check(doubled)
        assert "Put a `print` behind each line" in centre.check(doubled).text
    late = made(seconds=0.2)
    late.check(lambda X: [None for _ in iter(int, 1)])
    assert "Put a `print`" in late.check(lambda X: [None for _ in iter(int, 1)]).text


PICKED = {"rows": [1.5] * 12, "text": "x" * 40, "on": True, "none": None, "n": 3, "pair": (0.123456, "a `b`")}


@pytest.mark.parametrize(("changed", "written"), [
    ({}, f"`rows = {[1.5] * 12}`, `text = '{'x' * 40}'`, `on = True`, `none = None`, `n = 3`, "
         "`pair = [0.1235, \"a 'b'\"]` yours gives `0.0`; `1.0` is needed."),
    ({"rows": torch.ones(12)}, f"`rows = torch.tensor({[1.0] * 12})`, `text"),
    ({"rows": [1.5] * 13}, ""), ({"text": "x" * 41}, ""), ({"rows": torch.ones(13)}, ""), ({"on": len}, ""),
    ({"rows": []}, "`rows = []`, `text"), ({"text": ""}, "`text = ''`"), ({"pair": [[1.5] * 13]}, ""),
])
def test_arguments_are_written_as_python_writes_them_while_they_are_short(changed, written):
    @exercise(probes=[tuple({**PICKED, **changed}.values())])
    def pick(rows, text, on, none, n, pair):
        return 1.0

    pick.check(lambda *_: 0.0)
    said = pick.check(lambda *_: 0.0).text
    assert written in said and ("Put a `print` behind each line" in said) == (not written)


@pytest.mark.parametrize(("right", "wrong", "words"), [
    ({"slope": 1.5}, {"slope": 2.5}, "yours gives for `slope` `2.5`; `1.5` is needed."),
    (1.5, 1.50002, "yours gives `1.50002`; `1.5` is needed."), ([1.5, 2], [1.5, 3], "gives at [1] `3`; `2` is"),
    (1.5, None, "yours gives `None`; `1.5` is needed."), (1.5, "text", "yours gives `'text'`; `1.5` is needed."),
])
def test_one_value_is_told_with_its_place_and_another_kind_as_a_whole(right, wrong, words):
    @exercise(probes=[(0.5,)], compare_by=lambda result, x: result, rtol=1e-6, atol=0.0)
    def toy(x):
        return right

    toy.check(lambda x: wrong)
    assert words in toy.check(lambda x: wrong).text


def test_numbers_choices_and_orders_have_their_own_step():
    number = Number("How many?", 6.0, mistakes=[Mistake(3.0, "Half of it.")], hints=["Count."])
    said = {answer: [number.check(answer).text for _ in range(2)][1] for answer in (3.0, 60.0, 6.5, -6.0, 0.0)}
    assert "a larger number is needed" in said[3.0] and "about 10 times too large" in said[60.0]
    assert "within a fifth" in said[6.5] and "in which unit" in said[-6.0] and "in which unit" in said[0.0]
    assert "Hint 1: Count." in number.check(3.0).text
    choice = Choice("Which?", {"a": Wrong("1", "no"), "b": Right("2"), "c": Wrong("3", "no")})
    assert "`b`, `c`" not in choice.check("a").text and "one after the other of `b`, `c`" in choice.check("a").text
    order = Order({"a": "1", "b": "2", "c": "3"}, "bca", [Mistake("bac", "No.")])
    assert "starts well" in [order.check("bac").text for _ in range(2)][1]
    assert "side by side" in [order.check("cab").text for _ in range(2)][1]


def test_cells_that_build_on_an_exercise_do_not_count(capsys):
    centre = made()
    centre.check(by_rows)
    for _ in range(3):
        centre.yours_or_ours(by_rows)
    assert "Hint " not in centre.check(by_rows).text


def test_random_numbers_go_on_as_if_nothing_was():
    centre = made(lambda: [(torch.rand(2, 2),)])
    torch.manual_seed(1)
    expected = torch.rand(4)
    torch.manual_seed(1)
    drawn = []
    for _ in range(4):
        centre.check(doubled)
        drawn.append(torch.rand(1))
    assert torch.equal(torch.cat(drawn), expected)


def test_a_right_answer_names_the_ideas_met_on_the_way():
    centre = made()
    right = centre.right_answer
    assert ON_THE_WAY not in centre.check(right).text
    centre.check(by_rows), centre.check(doubled), centre.check(by_rows)
    assert f"{ON_THE_WAY} {IDEAS['M32']}." in centre.check(right).text
    assert centre.check(right).text.count(IDEAS["M32"]) == 1            # run again, it still stands there


def test_the_hint_that_is_due():
    assert [hint_due(times, 2) for times in range(6)] == [0, 0, 0, 1, 2, 2] and hint_due(5, 0) == 0


def test_every_wrong_idea_has_its_words():
    assert list(IDEAS) == [f"M{n:02}" for n in range(1, 47)]
    assert len(set(IDEAS.values())) == 46 and max(map(len, IDEAS.values())) <= 60
    assert not any(one in two for one in IDEAS.values() for two in IDEAS.values() if one != two)
    assert not any(";" in words or words.endswith(".") for words in IDEAS.values())
