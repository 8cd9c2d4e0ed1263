"""Borders of the checker: tolerances, answers of an unexpected kind, and what must not be told by accident."""

import importlib
import math

import numpy as np
import pytest
import torch
from torch import nn

from course_utils.checker import Choice, Exercise, Mistake, Number, Order, Prediction, Right, Wrong, exercise
from course_utils.checker.base import Feedback, first_sentence, still_dots
from course_utils.checker.compare import Tolerance, as_tensor, describe, describe_both, first_difference
from course_utils.checker.differences import shapes_in_words
from course_utils.checker.escaping import as_markdown, harmless, in_fence, in_html
from course_utils.checker.relations import relation
from course_utils.checker.snapshot import snapshot


def told(right, wrong, **settings):
    """The feedback on an answer that gives `wrong` where `right` is the solution's, in one line."""
    @exercise(probes=[(torch.tensor([1.0, 2.0]),)], **settings)
    def toy(x):
        return right

    return toy.check(lambda x: wrong).text.replace("\n", " ")


# --- how near is near enough -----------------------------------------------------------------------------------------


def differs(got, wanted, **settings):
    found = first_difference(snapshot(got), snapshot(wanted), Tolerance(**settings))
    return found and found[0]


@pytest.mark.parametrize(("dtype", "relative"), [
    (torch.float32, 1e-4), (torch.float64, 1e-6), (torch.float16, 1e-2), (torch.bfloat16, 1e-2),
    (torch.complex128, 1e-6), (torch.complex64, 1e-4),
])
def test_the_tolerance_follows_the_coarser_dtype(dtype, relative):
    wanted = torch.tensor([1000.0, 3000.0], dtype=torch.float64 if not dtype.is_complex else torch.complex128)
    near, far = wanted * (1 + 0.8 * relative), wanted * (1 + 4 * relative)
    assert differs(near.to(dtype), wanted) is None and differs(far.to(dtype), wanted) == "value"
    assert differs(near.to(dtype).tolist(), wanted.to(dtype)) is None or relative < 1e-4


def test_numbers_of_python_mostly_come_from_float32():
    assert differs(1.00009, 1.0) is None and differs(1.0002, 1.0) == "value"
    assert differs(torch.tensor(1.00009, dtype=torch.float64), 1.0) is None
    assert differs(np.array([1.00009]), np.array([1.0])) == "value"
    assert differs([1.00009], [1.0]) is None


def test_next_to_0_the_largest_value_sets_the_scale():
    wanted = torch.tensor([0.0, 1000.0, math.inf])
    assert differs(torch.tensor([5e-4, 1000.0, math.inf]), wanted) is None
    assert differs(torch.tensor([5e-3, 1000.0, math.inf]), wanted) == "value"
    assert differs(torch.tensor([2e-6, 0.01]), torch.tensor([0.0, 0.01])) == "value"
    assert differs(torch.tensor([5e-7, 0.01]), torch.tensor([0.0, 0.01])) is None


def test_a_tolerance_that_is_given_is_the_one_that_counts():
    assert differs(1.09, 1.0, rtol=0.1) is None and differs(1.11, 1.0, rtol=0.1) == "value"
    assert differs(0.2, 0.0, atol=0.25) is None and differs(0.3, 0.0, atol=0.25) == "value"
    assert differs({"w": [1.05, 2.0]}, {"w": [1.0, 2.0]}, rtol=0.1) is None


def test_the_first_place_that_differs_is_given_with_both_values():
    found = first_difference([1.0, {"loss": torch.tensor([[1.0, 2.0], [3.0, 4.0]])}],
                             [1.0, {"loss": torch.tensor([[1.0, 2.0], [5.0, 6.0]])}])
    assert tuple(found) == ("value", "[1]['loss'][1, 0]", 3.0, 5.0)
    assert tuple(first_difference([1.0, ...], [1.0, 2.0]))[:2] == ("dots", "[1]")
    assert tuple(first_difference([None, 1.0], [2.0, 3.0]))[:2] == ("nothing", "[0]")
    assert first_difference(..., ...) is None and first_difference(None, None) is None


@pytest.mark.parametrize(("got", "wanted", "kind"), [
    ([1.0], 1.0, "type"), ([1.0, 2.0], torch.tensor([1.0, 2.0]), None), ("1", 1, "type"), (1, "1", "type"),
    ({"a": 1}, [1], "type"), ([1], {"a": 1}, "type"), ([1], [1, 2], "length"),
    (torch.ones(2), [1.0, 1.0, 1.0], "length"),
    (torch.ones(3), [1.0, 1.0, 1.0], None), (torch.ones(1), torch.ones(1, 1), "shape"),
    (torch.ones(2), torch.tensor([True, True]), "dtype"), (1, True, None), ({"a": 1, "b": 2}, {"a": 1}, "keys"),
    (nn.Linear(2, 1), nn.Linear(2, 1).requires_grad_(False), "value"), ([], [], None), ({}, {}, None),
])
def test_a_difference_is_of_its_kind(got, wanted, kind):
    assert differs(got, wanted) == kind


def test_only_arrays_have_a_width_that_can_count():
    assert differs(torch.ones(2), torch.ones(2).double(), exact_dtype=True) == "dtype"
    assert differs(np.ones(2, dtype=np.int32), torch.ones(2, dtype=torch.int64), exact_dtype=True) == "dtype"
    assert differs([1, 2], torch.tensor([1.0, 2.0]), exact_dtype=True) is None
    assert differs(1, torch.tensor(1.0), exact_dtype=True) is None and differs(1.0, 1, exact_dtype=True) is None


def test_whole_numbers_beyond_64_bits_are_numbers_too():
    assert as_tensor(2**63 - 1).dtype == torch.int64 and as_tensor(-(2**63) + 1).item() == -(2**63) + 1
    assert as_tensor(2**63).item() == 2.0**63 and as_tensor(2**64).dtype == torch.float64
    assert as_tensor(10**2000).item() == math.inf and as_tensor(2**999).item() == 2.0**999
    assert as_tensor([1, 2.5]).tolist() == [1.0, 2.5] and as_tensor([[1, 2], [3, 4]]).tolist() == [[1, 2], [3, 4]]
    assert as_tensor([[1], [2, 3]]) is as_tensor([]) is as_tensor("1") is as_tensor([1, "a"]) is None


# --- describing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "words"), [
    (-0.0, "0.0"), (3.0, "3.0"), (999_999.0, "999999.0"), (1e6, "1e+06"), (0.123456, "0.1235"),
    (10**17, "1" + "0" * 17),
    (10**18, "a whole number of 60 bits"), (1 + 2j, "1+2j"), (True, "True"), (None, "None"), (..., "..."),
    ("a" * 40, repr("a" * 40)), ("a" * 41, repr("a" * 37 + "...")), ("a `b`", "'a 'b''"),
    (torch.tensor(2.5), "2.5"), (torch.arange(6), "[0, 1, 2, 3, 4, 5]"), (torch.arange(7), "a tensor of shape (7,)"),
    (torch.zeros(0), "a tensor of shape (0,)"), (np.zeros((3, 3)), "a tensor of shape (3, 3)"),
    (np.ones(2), "[1.0, 1.0]"), ([1, 2, 3, 4, 5, 6], "[1, 2, 3, 4, 5, 6]"), (list(range(7)), "a list of 7"),
    (["a" * 30] * 3, "a list of 3"), ([], "[]"),
    ({"a": 1, "b": 2}, "a dict with 2 keys: 'a', 'b'"),
    ({key: 0 for key in "abcd"}, "a dict with 4 keys: 'a', 'b', 'c', 'd'"),
    ({key: 0 for key in "abcde"}, "a dict with 5 keys: 'a', 'b', 'c', 'd', …"),
])
def test_a_value_in_a_few_words(value, words):
    assert describe(snapshot(value)) == words


def test_as_many_digits_as_it_takes_to_tell_two_values_apart():
    assert describe_both(0.1234, 0.5) == ("0.1234", "0.5")
    assert describe_both(0.12341, 0.12342) == ("0.12341", "0.12342")
    assert describe_both(0.12345671, 0.12345672) == ("0.12345671", "0.12345672")
    assert describe_both(1 / 3, 1 / 3 + 1e-14) == ("0.33333333333333331", "0.33333333333334331")


# --- what is told of an answer of another kind -----------------------------------------------------------------------


def no_return(x):
    total = x.sum()                                                     # noqa: F841


class Silent:
    def __call__(self, x):
        return None


def test_why_a_function_gave_none():
    @exercise(probes=[(torch.tensor([1.0, 2.0]),)])
    def toy(x):
        return x.sum()

    for answer in (no_return, Silent()):
        said = toy.check(answer).text.replace("\n", " ")
        assert "It computes a result but does not hand it over. End it with `return result`." in said
    for answer in (lambda x: {"w": None}["w"], lambda x: x.grad, lambda x: print(end="")):
        assert "what stands after `return` is None" in toy.check(answer).text.replace("\n", " ")


@pytest.mark.parametrize(("right", "wrong", "said"), [
    (1.0, "1", "Your answer is text; a single number is needed."),
    (1.0, {"a": 1}, "Your answer is a dict with 1 keys: 'a'; a single number is needed."),
    (1.0, [1.0], "Your answer is a list or tuple with one number in it. Take the brackets away, or the comma."),
    (1.0, [1.0, 2.0], "Your answer is a list or tuple of 2; a single number is needed."),
    (torch.ones(2, 3), ["a", "b"], "Your answer holds text; a tensor of shape (2, 3) is needed. Leave the quotes out."),
    (torch.ones(2, 3), "a", "Your answer is text; a tensor of shape (2, 3) is needed."),
    (torch.ones(2, 3), [[1.0], [2.0, 3.0]], "Your answer is a list or tuple; a tensor of shape (2, 3) is needed."),
    ({"a": 1}, 1.0, "Your answer is 1.0; a dict is needed."),
    ("text", 1.0, "Your answer is 1.0; text is needed."),
    ((1.0, 2.0), 1.0, "Your answer is 1.0; a list or tuple of 2 is needed."),
    ((1.0, 2.0), (1.0,), "Your answer has 1 parts; 2 are needed."),
    ((1.0, torch.ones(2)), torch.ones(3),
     "Your answer is one tensor of shape (3,); 2 parts are needed, as in `return a, b`."),
    ({"w": 1.0}, {"v": 1.0}, "Your answer is a dict with 1 keys: 'v'; needed is a dict with 1 keys: 'w'."),
    (dict.fromkeys("abcde", 1.0), dict.fromkeys("abcd", 1.0), "needed is a dict with 5 keys: 'a', 'b', 'c', 'd', …. "
     "Missing: 'e'."),
    ((1.0, torch.ones(2)), (1.0, torch.ones(3)), "Item `[1]` of your answer has shape (3,); (2,) is needed."),
    ((1.0, 2.0), (1.0, None), "Item `[1]` of your answer is None; a single number is needed."),
    ((1.0, torch.ones(2)), (1.0, torch.tensor([1.0, 4.0])), "Your value at [1][1] is `4.0`; `1.0` is needed."),
    (torch.ones(2), torch.tensor([1.0, math.inf]), "value at [1] is `inf`; `1.0` is needed. An inf comes from exp"),
    (torch.ones(2), torch.tensor([1.0, -math.inf]), "`-inf`; `1.0` is needed. A −inf comes from the log of 0."),
    (torch.tensor([True, False]), torch.tensor([1.0, 0.0]), "Your answer holds float32; True and False are needed."),
])
def test_a_difference_is_told_in_words(right, wrong, said):
    text = told(right, wrong)
    assert said in text and "None" not in text.replace(" is None;", "")


@pytest.mark.parametrize(("right", "wrong", "call"), [
    (torch.ones(2), torch.ones(2).double(), "float()"), (torch.ones(2).double(), torch.ones(2), "double()"),
    (torch.ones(2).long(), torch.ones(2), "long()"), (torch.ones(2).half(), torch.ones(2), "to(torch.float16)"),
])
def test_the_call_that_changes_the_dtype_is_named(right, wrong, call):
    assert f"Use `.{call}`." in told(right, wrong, exact_dtype=True)


@pytest.mark.parametrize(("got", "wanted", "axes", "said"), [
    ((5, 5), (), (), "(5 x 5): use `.squeeze(1)` on the first. Or is a `.mean()` or `.sum()` missing?"),
    ((5, 5), (5,), (), "(5 x 5): use `.squeeze(1)` on the first."),
    ((2, 2), (2, 1), (), "(2 x 2): use `.squeeze(1)` on the first."),
    ((1, 1), (), (), "has shape (1, 1); a single number is needed. Use `.squeeze()`, or leave a `keepdim` out."),
    ((1,), (), (), "has shape (1,); a single number is needed. Use `.squeeze()`, or leave a `keepdim` out."),
    ((4,), (), (), "has shape (4,); a single number is needed. Is a `.mean()` or `.sum()` missing?"),
    ((2, 3), (), (), "has shape (2, 3); a single number is needed. Is a `.mean()` or `.sum()` missing?"),
    ((4, 1), (4,), (), "has shape (4, 1); (4,) is needed. Use `.squeeze(1)`."),
    ((), (4,), (), "is a single number; 4 are needed. Is the `return` inside a loop, or is there a `.mean()`"),
    ((), (2, 3), (), "has shape (); (2, 3) is needed. Print the shapes on the way there: where does"),
    ((1,), (4,), (), "holds one number; 4 are needed. Is the `return` inside a loop"),
    ((3, 2), (2, 3), (), "has shape (3, 2); (2, 3) is needed. You may need `.T` or another `dim`."),
    ((4, 3), (2, 3), ("rows", "classes"), "(2, 3) is needed: 2 rows (rows) with 3 classes each. Print the shapes"),
    ((4,), (2,), ("images",), "(2,) is needed: 2 images. Print the shapes"),
    ((4, 2, 2), (2, 3, 5), ("a", "b", "c"), "(2, 3, 5) is needed: 2 a x 3 b x 5 c. Print"),
    ((4, 2), (2, 3, 5), ("a", "b"), "(2, 3, 5) is needed. Print the shapes on the way there: where"),
    ((7, 2), (2,), (), "The 7 of dimension 0 are still there. Should a `.mean(dim=0)`"),
    ((2, 7), (2,), (), "The 7 of dimension 1 are still there. Should a `.mean(dim=1)`"),
    ((5,), (5, 3), (), "The 3 of dimension 1 are gone. A mean, a sum, an `argmax` or an index"),
])
def test_shapes_are_told_with_what_to_try(got, wanted, axes, said):
    text = shapes_in_words("It", got, wanted, axes)
    assert said in text and text.count(". ") <= 3
    assert ("Or is a" in text) == (got == (5, 5) and wanted == ())


# --- code that stops -------------------------------------------------------------------------------------------------


def stops(answer, **settings):
    @exercise(probes=[(torch.tensor([1.0, 2.0]),)], **settings)
    def toy(logits):
        return logits

    return toy.check(answer).text.replace("\n", " ")


class Forgetful(nn.Module):
    def __init__(self, x):
        super().__init__()
        self.weight = x
        self.scores()

    def scores(self):
        return weight * 2                                               # noqa: F821


class Helpless(nn.Module):
    def __init__(self, x):
        super().__init__()
        helper(x)                                                       # noqa: F821

    def helper(self):
        pass


class Misspelt(nn.Module):
    def __init__(self, x):
        super().__init__()
        self.weight = wieght                                            # noqa: F821


def nearly(logits):
    return logit * 2                                                    # noqa: F821


def nothing_like_it(logits):
    return qqqqqqqqq * 2                                                # noqa: F821


def test_a_name_that_is_not_known_is_looked_for_nearby():
    @exercise(probes=[(torch.tensor([1.0, 2.0]),)])
    class Model(nn.Module):
        def __init__(self, x):
            super().__init__()
            self.weight = x

    def said(answer):
        return Model.check(answer).text.replace("\n", " ")

    assert "`weight` belongs to what your class makes. Inside a method write `self.weight`." in said(Forgetful)
    assert "Inside a method write `self.helper`." in said(Helpless)
    assert "does not know `wieght`." in said(Misspelt) and "self.wieght" not in said(Misspelt)
    assert "does not know `logit`. Inside your function there is `logits`; did you mean that?" in stops(nearly)
    assert "does not know `qqqqqqqqq`. No cell that was run defines it." in stops(nothing_like_it)
    assert "did you mean" not in stops(nothing_like_it) + said(Misspelt)


def in_a_cell(source, **names):
    exec(compile(source, "cell", "exec"), names)        # a notebook's cell, in a namespace of its own
    return names["answer"]


def test_only_a_builtin_that_is_hidden_and_called_is_named():
    assert "`max` is now one of your variables" in stops(in_a_cell("def answer(z):\n return max(z)", max=3))
    for source, names in (("count(z)", {"count": 3}), ("sum.more(z)", {"sum": len}), ("count(len(z))", {"count": 3}),
                          ("three(z) or sum(z)", {"three": 3, "sum": len})):
        assert "one of your variables" not in stops(in_a_cell(f"def answer(z):\n return {source}", **names))


def raising(problem):
    def answer(z):
        raise problem
    return answer


def test_words_of_python_are_shortened_and_quoted():
    assert "Python says: `ValueError: a 'b'`" in stops(raising(ValueError("a `b`\nand more")))
    assert "Python says: `ValueError`" in stops(raising(ValueError()))
    long = stops(raising(ValueError("x" * 500)))
    assert "x" * 200 in long and "x" * 201 not in long
    assert f"There is no entry '{'k' * 58}… in there." in stops(raising(KeyError("k" * 100)))
    large = raising(RuntimeError("you tried to allocate 70368744177664 bytes"))
    assert "This needs 70368.7 GB at once, more than there is" in stops(large)
    missing = raising(ModuleNotFoundError("No module named 'colections'"))
    assert "Python finds no module `colections`." in stops(missing) and "mean `collections`?" in stops(missing)


def test_a_text_is_harmless_up_to_its_length_and_a_fence_cannot_be_left():
    assert harmless("x" * 9, most=9) == "x" * 9 and harmless("x" * 10, most=9) == "x" * 8 + "…"
    assert harmless(" a\n`b`\t\x1b[31mc ") == "a 'b' c"
    assert in_fence("a ```\nb\n") == "```text\na '''\nb\n```"
    assert in_html("<a href='x'>\"\x1b[0m") == "&lt;a href=&#x27;x&#x27;&gt;&quot;"
    assert as_markdown("say \"<b>\" and `<b>` for $5") == "say \"&lt;b&gt;\" and `<b>` for `$`5"


# --- relations -------------------------------------------------------------------------------------------------------

W, B = torch.tensor([0.3, -1.2, 2.5]), torch.tensor(0.7)


def test_a_factor_that_all_parts_have_in_common():
    assert relation([([2 * W, 2 * B], [W, B])], [None]) == "Every value of yours is twice the needed one."
    assert "times the number of rows" in relation([([4 * W, 4 * B], [W, B]), ([7 * W, 7 * B], [W, B])], [4, 7])
    for wrong in ([2 * W, 3 * B], [2 * W], [2 * W, "text"], [2 * W, (2 + 0j) * B], [2 * W, B * math.nan], 2 * W):
        assert relation([(wrong, [W, B])], [None]) == ""
    assert relation([([2 * W, 2.0], [W, "text"])], [None]) == ""


def test_parts_are_exchanged_only_if_each_has_its_place():
    assert "in another order" in relation([([B, W], [W, B]), ([2 * B, W], [W, 2 * B])], [None, None])
    assert relation([([B, W], [W, B]), ([W, B], [W, B])], [None, None]).endswith("order.")
    assert relation([([B, W + 1], [W, B])], [None]) == "" and relation([([B, B], [W, B])], [None]) == ""


def test_a_factor_needs_three_values_and_a_name_needs_one():
    three, two = torch.tensor([1.0, 2.0, 4.5]), torch.tensor([1.0, 2.0, 2.0])
    assert relation([(three / 7, three)], [None]) == "Every value of yours is 0.1429 times the needed one."
    assert relation([(two / 7, two)], [None]) == "" and relation([(two + 3, two)], [None]) == ""
    assert relation([(torch.tensor(6.0), torch.tensor(3.0))], [None]) == "Yours is twice the needed one."
    assert relation([(three - 0.5, three)], [None]) == "Every value of yours is 0.5 below the needed one."
    assert relation([(2 * three * (1 + 5e-5), three)], [None]).startswith("Every value of yours is twice")
    for off, said in ((5e-5, True), (5e-4, False)):                         # of one of the values
        assert bool(relation([(2 * three * (1 + torch.tensor([off, 0, 0])), three)], [None])) is said


@pytest.mark.parametrize("rows", [[2, 2], [2, 5]])
def test_a_sum_over_two_rows_is_told_as_a_sum(rows):
    pairs = [(n * value, value) for n, value in zip(rows, (torch.tensor(0.3), torch.tensor(1.7)), strict=True)]
    assert "times the number of rows. Is it a sum" in relation(pairs, rows)
    pairs = [(value / n, value) for n, value in zip(rows, (torch.tensor(0.3), torch.tensor(1.7)), strict=True)]
    assert "divided by the number of rows. Is it averaged twice" in relation(pairs, rows)


def test_nothing_is_related_by_being_small():
    tiny = torch.tensor([1e-9, 2e-9, 3e-9], dtype=torch.float64)
    assert relation([(tiny.flip(0) * 3, tiny)], [None]) == "" and relation([(tiny.square(), tiny)], [None]) != ""
    assert relation([(2 * tiny, tiny)], [None]) == "Every value of yours is twice the needed one."
    for odd in ((1 + 1j) * W, torch.zeros(0)):
        assert relation([(odd, odd)], [None]) == ""


# --- values ----------------------------------------------------------------------------------------------------------


def test_the_border_of_a_tolerance_is_inside():
    question = Number("How long?", 2.0, tolerance=0.25, unit="m")
    assert [question.check(x).status for x in (1.75, 2.25, 1.7499, 2.2501)] == ["right", "right", "wrong", "wrong"]
    tenth = Number("How long?", 0.3, tolerance=0.1)
    assert tenth.check(0.2).status == tenth.check(0.4).status == "right"    # 0.3 − 0.2 is a little more than 0.1
    assert "Your answer is `1.0 m`; a larger number is needed." in question.check(1.0).text.replace("\n", " ")
    assert repr(question) == "How long? (in m)" and repr(tenth) == "How long?"
    assert tenth.source_as("x") == "x = 0.3" and question.source_as("x").endswith("# m")


def test_a_known_mistake_may_be_rounded_to_two_digits_and_is_exact_where_whole_numbers_count():
    share = Number("Which share?", 5.0, tolerance=0.01, mistakes=[Mistake(8.0, "Of all.")])
    assert ["Of all." in share.check(x).text for x in (8.08, 7.92, 8.09, 7.91)] == [True, True, False, False]
    near = Number("Which?", 5.0, tolerance=0.01, mistakes=[Mistake(5.04, "Of most.")])
    assert "Of most." not in near.check(5.02).text and "Of most." in near.check(5.03).text
    count = Number("How many?", 20, mistakes=[Mistake(21, "One too many.")])
    assert "One too many." in count.check(21).text and "One too many." not in count.check(21.1).text


def test_what_is_off_is_told_once():
    share = Number("Which share?", 0.25, tolerance=0.01)
    assert "divide by 100" in share.check(25).text and "divide by 100" not in share.check(30).text
    assert "percent" not in Number("How many?", 2.5).check(250.0).text
    assert "the sign is not" in share.check(-0.25).text and "a finite number" in share.check(-math.inf).text
    zero = Number("Which?", 0, mistakes=[])
    assert zero.check(0.0).status == "right" and "a smaller number" in zero.check(1).text


@pytest.mark.parametrize("answer", [[0.6, 0.4], torch.ones(2), 1j, torch.tensor(True), math.nan, "0.6"])
def test_what_is_no_single_number_is_never_judged(answer):
    feedback = Number("Which?", 0.0).check(answer)
    assert feedback.status == "not yet" and "Our fault" not in feedback.text


def test_the_ends_of_a_guess_are_inside_and_a_share_is_asked_about():
    guess = Prediction("How many?", low=10, high=20, measured=[12.0, 18.0], unit="%")
    assert [guess.check(x).status for x in (10, 20, 9.99, 20.01)] == ["right", "right", "not yet", "not yet"]
    assert "measured: 15.0 % (mean of 2 runs, from 12.0 to 18.0)" in guess.check(10).text.replace("\n", " ")
    later = Prediction("How many?", low=0, high=100, measured=12.5, unit="%", reveal_later=True)
    feedback = later.check(0.25)
    assert feedback.status == "right" and feedback.text.startswith("✓ Noted. You say 0.25 %.\nWe come back to it.")
    assert "If you mean 25.0 %, write 25.0." in feedback.text and "If you mean" not in later.check(1).text
    assert later.reveal().text == "You said 1 %; measured: 12.5 %."
    assert later.source_as("guess") == "guess = 12.5        # %"


def test_an_order_of_texts_too_long_to_read_asks_for_letters():
    steps = Order(steps={"a": "loss", "b": "step", "c": "zero"}, answer="cab")
    assert steps.check(", ".join("cab") + " " * 600).status == "not yet"
    assert steps.check(["c", "a", "b"] + [""] * 60).status == "not yet"


# --- what all of them share ------------------------------------------------------------------------------------------


def test_an_exercise_is_named_as_its_catalogue_names_it():
    catalogue = importlib.import_module("course_utils.exercises.softmax_regression")
    named = {name: value for name, value in vars(catalogue).items() if isinstance(value, Exercise)}
    assert len(named) >= 5
    assert {name: value.name for name, value in named.items()} == {name: name for name in named}
    assert all(value.call == f"exercises.{name}" for name, value in named.items())
    lonely = Number("How many?", 3)
    assert lonely.name == "" and lonely.call == "exercises.this" and lonely.solution_source == "answer = 3"


def test_hints_count_from_1_to_the_last():
    toy = Number("How many?", 3, hints=["First.", "Second.", "Third."])
    assert [repr(toy.hint(n)).split("\n")[0] for n in (1, 2, 3, 4)] == [
        "Hint 1 of 3: First.", "Hint 2 of 3: Second.", "Hint 3 of 3, the last one: Third.",
        "Hint 3 of 3, the last one: Third."]
    without = Number("How many?", 3)
    assert repr(without.hint()).startswith("There is no hint for this one. `exercises.this.solution()` shows")
    assert repr(without.solution()) == "answer = 3"


def test_our_fault_is_one_line_without_backticks():
    class Broken(Number):
        def _check(self, answer):
            raise ValueError("a `b`\n" + "c" * 400)

    text = Broken("How many?", 3).check(3).text
    line = text.split("`")[1]
    assert line.startswith("exercise: ValueError: a 'b' ccc") and len(line) == 300


def test_dots_are_named_where_there_is_a_name():
    assert str(still_dots()).startswith("… Not yet.\nNothing is wrong yet: put your answer where the dots are")
    assert str(still_dots("softmax")).startswith("… Not yet. `softmax` is still `...`.")


@pytest.mark.parametrize(("text", "parts"), [
    ("One. Two. Three.", ("One.", "Two. Three.")), ("Is it? `x` is.", ("Is it?", "`x` is.")),
    ("See p. 3 and 0.5 there. Then go.", ("See p. 3 and 0.5 there.", "Then go.")), ("All of it", ("All of it", "")),
    ("One.\nTwo.", ("One.", "Two.")), ('One. "Two" is said.', ("One.", '"Two" is said.')),
])
def test_a_first_sentence_ends_where_another_begins(text, parts):
    assert first_sentence(text) == parts


def test_a_first_line_that_is_too_long_begins_below_the_headline():
    short, long = "x" * (90 - len("✓ Right. ")), "x" * (91 - len("✓ Right. "))
    assert Feedback("right", short).text == f"✓ Right. {short}" and Feedback("right", long).text == f"✓ Right.\n{long}"
    told = Feedback("wrong", "No.", "More.")
    told.ask = "Ask."
    assert told.text == "✗ Not yet right. No.\nMore.\nAsk."
    assert repr(Feedback("wrong", "No.", trace="  a\n  b\n\n").explain()) == "  a\n  b"


def test_an_answer_that_names_no_option_is_shown_as_it_came():
    choice = Choice("Which?", {"a": Wrong("1", "No."), "b": Right("2")})
    steps = Order(steps={"a": "loss", "b": "step", "c": "zero"}, answer="cab")
    assert "Your answer was `'zz'`." in choice.check("zz").text
    assert "Your answer was a function." in choice.check(len).text
    assert "Your answer was `'zz'`." in steps.check("zz").text
    assert "Your answer was `7`." in steps.check(7).text


# --- how a check is called -------------------------------------------------------------------------------------------


@exercise(probes=[(torch.tensor([1.0, 2.0]),)])
def doubled(x):
    return 2 * x


def test_a_check_with_empty_brackets_does_not_speak_of_dots():
    share = Number("Which share?", answer=0.3)
    assert doubled.check().text == ("… Not yet. Nothing was handed over, so nothing was judged.\n"
                                    "Put it in the brackets: `exercises.doubled.check(doubled)`.")
    assert "`exercises.this.check(answer)`" in share.check().text
    assert "still `...`" in doubled.check(...).text and "where the dots are" in share.check(...).text


def test_a_check_with_several_answers_is_told_of_the_decimal_point():
    share = Number("Which share?", answer=0.3)
    said = share.check(0, 3)
    assert said.status == "not yet" and "takes one answer and was given 2." in said.text
    assert "A decimal number has a point: 0.3." in said.text
    assert "point" not in doubled.check(lambda x: 2 * x, 3).text and share.check(answer=0.3).status == "right"
    assert doubled.check(answr=lambda x: 2 * x).status == "right"
    assert "was given 3" in doubled.check(1, 2, three=3).text


def test_a_coroutine_is_sent_back_for_its_async():
    async def mine(x):
        return 2 * x

    said = doubled.check(mine).text
    assert "is a coroutine, which has computed nothing yet: the word `async`" in said and "Begin with `def`" in said


def test_an_empty_dict_is_called_so():
    assert describe(snapshot({})) == "an empty dict"
