"""The parts of the checker that the toy exercises of test_exercise do not pin down: limits, names, edges of a rule."""

import fractions
import inspect
import math
import os
import sys
import warnings

import numpy as np
import pytest
import torch
from torch import nn

from course_utils.checker import Mistake, Number, Prediction, exercise, sandbox, time_limit
from course_utils.checker.compare import Tolerance, as_tensor, describe, describe_both, first_difference
from course_utils.checker.relations import relation
from course_utils.checker.sandbox import MOST_PRINTED, run
from course_utils.checker.snapshot import Opaque, contains_dots, snapshot


def identity(**settings):
    @exercise(probes=[(torch.tensor([1.0, 2.0, 4.5]),)], **settings)
    def same(x):
        """The same."""
        return x
    return same


def test_an_author_sees_what_exercise_takes():
    parameters = inspect.signature(exercise).parameters
    assert {"probes", "mistakes", "hints", "axes", "compare_by", "rtol", "atol", "exact_dtype"} <= set(parameters)
    assert all(parameter.annotation is not parameter.empty for parameter in parameters.values())
    with pytest.raises(TypeError, match="tolerance"):
        exercise(tolerance=0.1)


# ---- comparing ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("dtype", "off", "same"), [
    (torch.float32, 0.9e-4, True), (torch.float32, 1.1e-4, False), (torch.float64, 0.9e-6, True),
    (torch.float64, 1.1e-6, False), (torch.bfloat16, 0.9e-2, True), (torch.bfloat16, 3e-2, False),
])
def test_the_tolerance_follows_the_dtype(dtype, off, same):
    got, expected = torch.tensor([1.0 + off, 1.0], dtype=dtype), torch.ones(2, dtype=dtype)
    assert (first_difference(got, expected) is None) == same


def test_rounding_is_measured_by_the_largest_number():
    expected = torch.tensor([1000.0, 0.0])
    assert first_difference(expected + torch.tensor([0.0, 0.9e-3]), expected) is None
    assert first_difference(expected + torch.tensor([0.0, 1.1e-3]), expected).where == "[1]"
    assert first_difference(torch.tensor([0.0, math.inf]), torch.tensor([1e-5, math.inf])).where == "[0]"


def test_the_first_difference_is_told_with_its_place():
    found = first_difference({"w": [1.0, torch.tensor([[1.0, 2.0]])]}, {"w": [1.0, torch.tensor([[1.0, 3.0]])]})
    assert found == ("value", "['w'][1][0, 1]", 2.0, 3.0)
    assert first_difference(1.0, 2.0) == ("value", "", 1.0, 2.0)
    assert first_difference([1, 2, 3], ["a", "b"]).kind == "length"
    assert first_difference(torch.ones(3), ["a", "b"]).kind == "length"
    assert first_difference(torch.tensor([1.1]), torch.tensor([1.0]), Tolerance(rtol=0.2)) is None
    assert first_difference(torch.tensor([1.1]), torch.tensor([1.0]), Tolerance(atol=0.2)) is None


def test_numbers_become_tensors_and_other_things_do_not():
    assert as_tensor([1, 2.5]).tolist() == [1.0, 2.5] and as_tensor([[1], [2]]).shape == (2, 1)
    assert as_tensor([[1], [2, 3]]) is as_tensor([]) is as_tensor("1") is as_tensor(None) is None
    assert as_tensor(-(10**400)).isinf() and as_tensor(2**64).item() == 2.0**64


@pytest.mark.parametrize(("value", "words"), [
    (0.25, "0.25"), (3.0, "3.0"), (-0.0, "0.0"), (1e6, "1e+06"), (1 / 3, "0.3333"), (10**17, "1" + "0" * 17),
    (10**18, "a whole number of 60 bits"), ("x" * 41, repr("x" * 37 + "...")),
    ([1, 2, 3, 4, 5, 6], "[1, 2, 3, 4, 5, 6]"),
    ([1] * 7, "a list of 7"), (["x" * 30] * 3, "a list of 3"), (torch.ones(6), "[1.0, 1.0, 1.0, 1.0, 1.0, 1.0]"),
    (torch.ones(7), "a tensor of shape (7,)"), (torch.ones(0), "a tensor of shape (0,)"), (torch.tensor(2), "2"),
    ({"a": 1}, "a dict with 1 keys: 'a'"), (dict.fromkeys("abcde"), "a dict with 5 keys: 'a', 'b', 'c', 'd', …"),
    (..., "..."), (None, "None"), (1 + 2j, "1+2j"),
])
def test_a_value_in_a_few_words(value, words):
    assert describe(value) == words


def test_two_values_are_told_with_digits_enough_to_differ():
    assert describe_both(1.00001, 1.00002) == ("1.00001", "1.00002")
    assert describe_both(0.5, 0.25) == ("0.5", "0.25")


def test_dots_are_found_at_any_depth():
    assert contains_dots([1, [{"w": [...]}]]) and not contains_dots([1, [{"w": [None]}]])


def test_numbers_of_a_kind_that_torch_cannot_combine_are_widened():
    assert snapshot(torch.ones(2, dtype=torch.uint16)).dtype == torch.int64
    assert snapshot(torch.ones(2).to(torch.float8_e5m2)).dtype == torch.float32
    assert snapshot(torch.ones(2, dtype=torch.uint8)).dtype == torch.uint8


class Whole(int):
    __int__ = __index__ = __eq__ = lambda *args: 1 / 0
    __hash__ = int.__hash__


class Decimal(float):
    __float__ = __mul__ = lambda *args: 1 / 0


class Text(str):
    __str__ = lambda self: "another"                                                    # noqa: E731


@pytest.mark.parametrize(("value", "plain"), [
    (Whole(7), 7), (Decimal(0.5), 0.5), (type("Complex", (complex,), {})(1 + 2j), 1 + 2j), (Text("text"), "text"),
    (np.float32(0.5), 0.5), (np.array("text"), "text"), (np.array(["a", None], dtype=object), ["a", None]),
    (fractions.Fraction(1, 4), 0.25), (torch.float16, "torch.float16"), ({2, 1}, [1, 2]), (range(3), [0, 1, 2]),
])
def test_a_plain_value_is_taken_out_of_what_only_looks_like_one(value, plain):
    got = snapshot(value)
    got = got.tolist() if isinstance(got, torch.Tensor) else got
    assert got == plain and type(got) is type(plain)


def test_deep_and_long_values_and_odd_arrays_are_named_and_not_read(monkeypatch):
    def nested(depth):
        return [nested(depth - 1)] if depth else 1

    def innermost(value):
        return innermost(value[0]) if type(value) is list else value

    assert innermost(snapshot(nested(30))) == 1
    assert innermost(snapshot(nested(31))) == Opaque("a very long or very deep list")
    with monkeypatch.context() as short:
        short.setattr("course_utils.checker.snapshot.MOST_ITEMS", 5)
        assert snapshot([0] * 5) == [0] * 5 and snapshot([0] * 6) == Opaque("a very long or very deep list")
    odd = snapshot(np.zeros(2, dtype=[("n" * 100, float)]))
    assert odd.what.startswith("an array of [('nnn") and len(odd.what) == len("an array of ") + 60
    assert snapshot(np.zeros(2, dtype=np.longdouble)).dtype == torch.float64
    assert snapshot(np.zeros(2, dtype=">f4")).dtype == torch.float32
    loop = []
    loop.append(loop)
    assert snapshot(loop) == [Opaque("a list that contains itself")]
    assert snapshot([(part := [1]), part]) == [[1], [1]]                    # twice is no loop
    assert snapshot({len: 1}) == {Opaque("builtin_function_or_method"): 1}


# ---- running --------------------------------------------------------------------------------------------------------

def test_a_debugger_left_behind_does_not_wait_for_the_keyboard():
    assert "`breakpoint()` is switched off" in identity().check(lambda x: breakpoint()).text


def test_an_endless_loop_may_print():
    def talk(x):
        for _ in range(MOST_PRINTED):
            print("more")
        return x

    outcome = run(talk, lambda: [(1,)]).outcomes[0]
    assert outcome.printed.startswith("more\nmore") and len(outcome.printed) == MOST_PRINTED
    assert outcome.value == 1


def test_what_is_printed_is_cut_at_the_same_length_in_one_piece_or_two():
    for pieces in (["a" * 9_000, "b" * 9_000], ["a" * 20_000]):
        printed = run(lambda: [print(piece, end="") for piece in pieces], lambda: [()]).outcomes[0].printed     # noqa: B023
        assert printed == "".join(pieces)[:MOST_PRINTED]


def test_an_exception_that_hides_where_it_came_from_is_told_with_its_words():
    class Odd(Exception):
        __traceback__ = property(lambda self: 1 / 0)

    def stops():
        raise Odd("of its own")

    raised = run(stops, lambda: [()]).outcomes[0].raised
    assert raised.trace == "Odd: of its own" and raised.line == "" and raised.said == "Odd: of its own"


def test_each_probe_has_what_happened_on_it_alone():
    def f(x, log):
        print(x)
        log.append(x)

    first, second = run(f, lambda: [(1, []), (2, [])]).outcomes
    assert (first.printed, second.printed) == ("1\n", "2\n") and first.gave_none
    assert first.changed == second.changed == (1,)


def test_the_shells_limits_are_back_after_a_fault(monkeypatch):
    before = sys.getrecursionlimit(), os._exit, sys.setrecursionlimit
    assert "Our fault" in exercise(probes=lambda: 1 / 0)(lambda x: x).check(lambda x: x).text
    assert (sys.getrecursionlimit(), os._exit, sys.setrecursionlimit) == before


def test_a_report_says_how_a_run_ended(monkeypatch):
    assert run(lambda a, b: 1, lambda: [(1,), (2,)]) == sandbox.Report((), mismatch="(a, b)")
    fine = run(lambda x: min(x, 10**6), lambda: [(1,)])             # a number so large is rehearsed
    assert (fine.stopped, fine.outcomes[0].value, fine.alive) == ("", 1, False)

    def pressed(*arguments):
        raise KeyboardInterrupt

    known, new = identity(), identity()
    known.outcomes()
    monkeypatch.setattr(time_limit.Watched, "wait", pressed)
    assert run(lambda x: x, lambda: [(1,)]).stopped == "interrupt"
    assert "You pressed stop" in known.check(lambda x: x).text
    with pytest.raises(KeyboardInterrupt):
        new.outcomes()


def test_the_first_mistake_may_be_one_that_stops():
    toy = identity(mistakes=[Mistake(lambda x: x[9], "The tenth.")])
    assert toy.check(lambda x: x[9]).message == "The tenth." and toy.check(lambda x: 2 * x).status == "wrong"


def test_a_learners_code_is_looked_at_before_it_runs_and_ours_is_not(monkeypatch):
    asked = []
    monkeypatch.setattr(sandbox, "is_suspicious", lambda answer: bool(asked.append(answer)))
    toy, answer = identity(mistakes=[Mistake(lambda x: x + 1, "One more.")]), lambda x: x * 0 + x.sum() + 0.3
    toy.check(abs)
    assert asked == [abs]                       # right, so that nothing is tried after it
    toy.check(answer)
    assert len(asked) > 2 and {*asked[1:]} == {answer}


def test_a_solution_that_stops_is_not_the_learners_mistake():
    toy = exercise(probes=[(1,)])(lambda x: x.nothing)
    assert toy.check(lambda x: x.nothing).status == "not yet"


# ---- saying ---------------------------------------------------------------------------------------------------------

def test_where_help_is_stands_under_a_wrong_answer_only():
    toy = identity(hints=["Look."])
    assert "exercises.same.hint()" in toy.check(lambda x: x + 1.5).text
    assert "hint()" not in toy.check(lambda x: x).text + toy.check(...).text + toy.check(lambda: 1).text
    assert "hint()" not in identity().check(lambda x: x + 1.5).text


def test_the_first_line_of_a_warning_and_the_beginning_of_a_print_are_remarked():
    def talks(x):
        warnings.warn("first line\nsecond line", stacklevel=1)
        print("y" * 500)
        return x

    remarks = identity().check(talks).more
    assert remarks[0] == "Python also warned: `first line`"
    assert remarks[1] == f"Your function printed: `{'y' * 400}`"


@pytest.mark.parametrize(("value", "copied"), [
    (torch.ones(2), "x.clone()"), (np.ones(2), "x.copy()"), ([1.0, 2.0], "x.copy()"),
    ([torch.ones(2)], "[part.clone() for part in x]")])
def test_who_changes_an_input_is_told_how_to_copy_it(value, copied):
    @exercise(probes=[(value,)])
    def size(x):
        return len(x)

    def changes(x):
        x[0] = x[0] * 3
        return len(x)

    assert size.check(changes).more[0].endswith(f"Work on a copy: `{copied}`.")


def test_who_leaves_a_tensor_asking_for_gradients_is_told():
    @exercise(probes=[(torch.tensor([1.0, 2.0]),)])
    def slope(w):
        return 2 * w

    def leaves_it_on(w):
        w.requires_grad_()
        return torch.autograd.grad((w**2).sum(), w)[0]

    told = slope.check(leaves_it_on)
    assert told.status == "right" and "leaves `requires_grad` on in its input `w`" in told.text
    assert "requires_grad" not in slope.check(lambda w: leaves_it_on(w.clone())).text


def test_of_several_probes_the_one_that_differs_is_shown_beside_a_mistake():
    @exercise(probes={"the first": (torch.tensor([1.0, 1.0]),), "the second": (torch.tensor([1.0, 3.0]),)},
              mistakes=[Mistake(lambda x: x * 0 + 1.0, "Ones.")])
    def same(x):
        return x

    assert "For the second: your value at [1] is `1.0`; `3.0` is needed." in same.check(lambda x: x * 0 + 1.0).text


def test_a_shape_is_told_with_the_input_and_a_value_that_is_no_tensor_without():
    assert "The input was `x = [1.0, 2.0, 4.5]`." in identity().check(lambda x: x[:2]).text
    assert "The input was" not in identity().check(lambda x: "text").text


def test_a_list_is_remarked_where_tensors_are_expected():
    assert "The lessons go on with tensors" in identity().check(lambda x: x.tolist()).text
    assert "lessons go on" not in exercise(probes=[(1,)])(lambda x: [1, 2]).check(lambda x: [1, 2]).text


def test_a_class_is_told_how_it_is_made():
    @exercise(probes=[(3, 2)], compare_by=lambda model, *sizes: model(torch.ones(1, 3)))
    class Scores(nn.Linear):
        """Scores."""

        def __init__(self, n_in, n_out):
            super().__init__(n_in, n_out)

    class Empty(nn.Module):
        def __init__(self, *sizes):
            super().__init__()

    assert "Give the class itself, without making one of it" in Scores.check(nn.Linear(3, 2)).text
    assert "It is made with" not in Scores.check(Empty).text and "using it did not work" in Scores.check(Empty).text
    assert "def __init__(self, n_in, n_out):" in Scores.check(type("None_", (), {"__init__": lambda self: None})).text


@pytest.mark.parametrize(("got", "expected", "words"), [
    (torch.ones(3), torch.ones(()), "a single number is needed. Is a `.mean()` or `.sum()` missing?"),
    (torch.ones(1), torch.ones(()), "Use `.squeeze()`, or leave a `keepdim` out."),
    (torch.ones(()), torch.ones(3), "is a single number; 3 are needed. Is the `return` inside a loop"),
    (torch.ones(3, 1), torch.ones(3), "(3,) is needed. Use `.squeeze(1)`."),
    (torch.zeros(3, 2), torch.ones(2, 3), "You may need `.T` or another `dim`."),
    (torch.ones(3, 2), torch.ones(2, 3), "(2, 3) is needed. Your answer is the needed one with rows and columns exch"),
    (torch.ones(1), torch.zeros(3), "holds one number; 3 are needed. Is the `return` inside a loop, so that it leaves"),
    (torch.ones(2), [torch.ones(2), 1.0], "is one tensor of shape (2,); 2 parts are needed"),
    (torch.ones(4, 3), torch.ones(2, 3), "Print the shapes on the way there."),
    (torch.ones(2), torch.ones(2, 3), "The 3 of dimension 1 are gone."),
    ([1.0], 1.5, "is a list or tuple with one number in it"), ([1.0, 2.0], 1.5, "list or tuple of 2; a single number"),
    (["a", "b"], torch.ones(2), "holds text; a tensor of shape (2,) is needed. Leave the quotes out."),
    ("a", [1.0, "b"], "Your answer is text; a list or tuple of 2 is needed."),
    ({"a": 1}, [1.0, "b"], "is a dict with 1 keys: 'a'; a list or tuple of 2 is needed."),
    (torch.ones(2), {"a": 1.0}, "is [1.0, 1.0]; a dict is needed."), ({"b": 1.0}, {"a": 1.0}, "'b'; needed is a dict"),
    ([1.0, 2.0], ["a", "b", "c"], "has 2 parts; 3 are needed."),
    (torch.ones(4), ["a", "b"], "is one tensor of shape (4,)"),
    (torch.tensor([0.3]), torch.tensor([True]), "True and False are needed. Compare, as in `p > 0.5`."),
    (math.nan, 1.5, "A nan comes from"), (math.inf, 1.5, "An inf comes from"), (-math.inf, 1.5, "A −inf comes from"),
])
def test_a_difference_is_told_with_what_to_do(got, expected, words):
    toy = exercise(probes=[(1,)])(lambda x: expected)
    assert words in toy.check(lambda x: got).text.replace("\n", " ")


# ---- relations ------------------------------------------------------------------------------------------------------

W, B = torch.tensor([[1.0, -2.0], [3.0, 0.5], [4.0, 1.0]]), torch.tensor([0.7, 0.2])


def test_a_factor_of_all_parts():
    assert relation([([-W, -B], [W, B])], [None]) == "Every value of yours is minus the needed one."
    assert relation([([-W, B], [W, B])], [None]) == "Every value in `[0]` is minus the needed one."
    assert relation([([W, "b"], [W, "c"])], [None]) == ""


def test_a_factor_of_the_one_part_that_is_wrong():
    by_name = [({"weight": W / W.shape[1], "bias": B}, {"weight": W, "bias": B})]
    assert relation(by_name, [None]).startswith("Every value in `weight` is the needed one divided by its number of c")
    assert relation([({"how far": 2 * W, "bias": B}, {"how far": W, "bias": B})], [None]) == "", "a phrase is no name"
    assert relation([([2 * W, -B], [W, B])], [None]) == ""


def test_a_fixed_number_in_place_of_the_number_of_rows():
    got = [(torch.tensor(n * mean / 10), torch.tensor(mean)) for n, mean in ((5, 0.6), (7, 0.2), (4, 0.9))]
    assert "the number of rows, divided by 10. Does a fixed number" in relation(got, [5, 7, 4])
    too_large = [(torch.tensor(0.75), torch.tensor(0.6)), (torch.tensor(7 / 6), torch.tensor(1.0))]
    assert "n/(n − 1)" in relation(too_large, [5, 7])


def test_one_number_whatever_the_input():
    needed = [torch.tensor(value) for value in (0.6, 0.2, 0.9)]
    assert relation([(torch.tensor(1.0), value) for value in needed], [None] * 3).startswith("Yours is `1.0` on every")
    assert "every input" not in relation([(torch.tensor(1.0), value) for value in needed[:2]], [None] * 2)


@pytest.mark.parametrize(("factor", "words"), [
    (2, "twice"), (0.5, "half"), (-2, "minus twice"), (-0.5, "minus half"), (4, "4 times"), (0.25, "a quarter of"),
    (10, "10 times"), (0.1, "a tenth of"), (100, "100 times"), (0.01, "a hundredth of"),
])
def test_a_factor_is_named(factor, words):
    assert relation([(factor * B, B)], [None]) == f"Every value of yours is {words} the needed one."


@pytest.mark.parametrize(("f", "words"), [
    (torch.sqrt, "the root of"), (torch.reciprocal, "1 divided by"), (torch.logit, "the logit of"),
])
def test_a_function_is_named(f, words):
    p = torch.tensor([0.1, 0.35, 0.8])
    assert words in relation([(f(p), p)], [None])
    assert "without its sign" in relation([(torch.tensor([1.0, 2.0]), torch.tensor([1.0, -2.0]))], [None])


def test_a_distance_needs_three_values():
    assert relation([(W - 0.25, W)], [None]) == "Every value of yours is 0.25 below the needed one."
    assert relation([(B - 0.3, B)], [None]) == ""


# ---- numbers --------------------------------------------------------------------------------------------------------

def test_a_number_counts_up_to_its_tolerance():
    exact, wide = Number("?", 0.5, tolerance=0.0), Number("?", 0.5, tolerance=0.25)
    assert [exact.check(x).status for x in (0.5, 0.51)] == ["right", "wrong"]
    assert [wide.check(x).status for x in (0.25, 0.75, 0.7501)] == ["right", "right", "wrong"]


def test_a_known_mistake_may_be_rounded_to_two_digits():
    share = Number("?", 0.9, tolerance=0.001, mistakes=[Mistake(0.4, "Of all.")])
    assert share.check(0.4039).message == "Of all." and share.check(0.4041).message != "Of all."


def test_a_guess_may_lie_on_both_edges():
    guess = Prediction("?", 10, 20, measured=15.0, unit="%")
    assert [guess.check(n).status for n in (10, 20, 9.99, 20.01)] == ["right", "right", "not yet", "not yet"]
    assert guess.check(12).text == "✓ Noted. You say 12 %; measured: 15.0 %."
    assert guess.source_as("guess") == "guess = 15.0        # %"
