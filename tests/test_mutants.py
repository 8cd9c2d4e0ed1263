"""Every code exercise's solution with one thing altered is refused by its check, or is listed with the reason."""

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest
import torch

import course_utils.exercises
from course_utils.checker import CodeExercise, exercise
from course_utils.checker.alterations import alterations
from course_utils.checker.mutants import is_refused, mutants_of

TABLE = Path(__file__).parent / "equivalent_mutants.md"
CATALOGUES = [module.name for module in pkgutil.iter_modules(course_utils.exercises.__path__)]
EXERCISES = {f"{catalogue}.{name}": value for catalogue in CATALOGUES
             for name, value in vars(importlib.import_module(f"course_utils.exercises.{catalogue}")).items()
             if isinstance(value, CodeExercise)}
FEWEST = 3                              # a solution of one line has few; with none the test below would be idle


def equivalents():
    """{exercise: {change: reason}}, from the table."""
    found = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) == 3 and "." in cells[0]:
            found.setdefault(cells[0], {})[cells[1]] = cells[2]
    return found


@pytest.mark.parametrize("name", EXERCISES)
def test_every_mutant_is_refused_or_listed(name):
    known, accepted, n = equivalents().get(name, {}), set(), 0
    for mutant in mutants_of(EXERCISES[name]):
        n += 1
        if not is_refused(EXERCISES[name], mutant.answer):
            accepted.add(mutant.change)
    assert n >= FEWEST
    new, gone = sorted(accepted - set(known)), sorted(set(known) - accepted)
    assert not new, "slips through: give the exercise a probe that shows it, or list it with the reason"
    assert not gone, "listed as equivalent, but refused by now, or no longer made"


def test_the_equivalent_ones_are_few_and_have_a_reason():
    listed = [reason for changes in equivalents().values() for reason in changes.values()]
    assert set(equivalents()) <= set(EXERCISES) and all(len(reason) > 5 for reason in listed)
    made = sum(1 for one in EXERCISES.values() for _ in mutants_of(one))
    assert len(listed) <= made / 20, f"{len(listed)} of {made}"


@exercise(probes=[(torch.tensor([[2.0, 1.0, 0.1], [0.5, -1.0, 3.0]]), 0.3)])
def toy(x, p):
    """One of everything."""
    total = 0.0
    total += x.mean(dim=0, keepdim=True).sum() / (1 - p)
    for i in range(len(x)):
        if x[i, 0] < 1 and p > 0:
            total = total - x[i].max()
    with torch.no_grad():
        return -total if p else x[1:]


EXPECTED = [
    "in `total += x.mean(dim=0, keepdim=True).sum() / (1 - p)`: `True` becomes `False`",
    "in `total += x.mean(dim=0, keepdim=True).sum() / (1 - p)`: `0` becomes `1`",
    "in `total += x.mean(dim=0, keepdim=True).sum() / (1 - p)`: `x.mean(dim=0, keepdim=True).sum() / (1 - p)` becomes "
    "`x.mean(dim=0, keepdim=True).sum()`",
    "in `total += x.mean(dim=0, keepdim=True).sum() / (1 - p)`: `x.mean` becomes `x.sum`",
    "in `total += x.mean(dim=0, keepdim=True).sum() / (1 - p)`: `x.mean(dim=0, keepdim=True)` becomes "
    "`x.mean(keepdim=True)`",
    "in `total += x.mean(dim=0, keepdim=True).sum() / (1 - p)`: `1 - p` becomes `1 + p`",
    "in `total += x.mean(dim=0, keepdim=True).sum() / (1 - p)`: `p` becomes `x`",
    "`total += x.mean(dim=0, keepdim=True).sum() / (1 - p)` is left out",
    "in `for i in range(len(x)):`: `range(len(x))` becomes `range(len(x) - 1)`",
    "in `if x[i, 0] < 1 and p > 0:`: `x[i, 0] < 1` becomes `x[i, 0] <= 1`",
    "in `if x[i, 0] < 1 and p > 0:`: `x[i, 0] < 1 and p > 0` becomes `x[i, 0] < 1 or p > 0`",
    "`total = total - x[i].max()` is left out",
    "in `total = total - x[i].max()`: `total - x[i].max()` becomes `x[i].max() - total`",
    "in `total = total - x[i].max()`: `x[i].max` becomes `x[i].min`",
    "`with torch.no_grad():` is left out, its body kept",
    "in `return -total if p else x[1:]`: `-total` becomes `total`",
    "in `return -total if p else x[1:]`: `x[1:]` becomes `x[:]`",
]


def test_the_changes_that_people_make_are_made():
    made = [mutant.change for mutant in mutants_of(toy)]
    assert not set(EXPECTED) - set(made), sorted(set(EXPECTED) - set(made))
    assert len(made) == len(set(made)), "two changes with one description"
    assert toy.check(toy.right_answer).status == "right", "the solution itself stays what it was"


ALTERED = {
    "x + y": ["x - y", "x", "y"], "x - y": ["x + y", "y - x", "x"], "x * y": ["x / y", "x", "y"],
    "x / y": ["x * y", "y / x", "x"], "x // y": ["x / y"], "x % y": ["x // y"], "x ** y": ["x * y", "y ** x"],
    "x @ y": ["y @ x"], "x & y": ["x | y", "x", "y"], "x | y": ["x & y"], "x ^ y": [],
    "x < y": ["x <= y", "x > y"], "x >= y": ["x > y", "x <= y"], "x == y": ["x != y"], "x is not y": ["x is y"],
    "x in y": ["x not in y"], "x < y < z": [], "x and y": ["x or y", "x", "y"], "x or y": ["x and y", "x", "y"],
    "-x": ["x"], "not x": ["x"], "True": ["False"], "3": ["4", "2"], "0.5": ["1.5", "-0.5"], "None": [],
    "'mean'": ["'sum'"], "'text'": [], "f(x)": [], "f(x, strict=True)": [], "zip(x, y, strict=True)":
        ["zip(y, x, strict=True)"],
    "f(x, y, z, dim=0, strict=True, keepdim=True)": [
        "f(x, y, z, strict=True, keepdim=True)", "f(x, y, z, dim=0, strict=True)",
        "f(y, x, z, dim=0, strict=True, keepdim=True)"],
    "x.sqrt()": ["x"], "x.item()": [], "torch.exp(x)": ["x"], "torch.exp()": [], "torch.item(x)": [],
    "range(n)": ["range(n - 1)", "range(1, n)"], "range(1, n)": ["range(n, 1)", "range(1, n - 1)"],
    "x.mean": ["x.sum"], "x.sum": ["x.mean"], "x.T": ["x"], "x.shape": [], "max": ["min"], "mean": [],
    "x[i]": ["x[i - 1]"], "x[1:]": ["x[:]"], "x[:2]": ["x[:]"], "x[:]": [], "x[0]": [],
    "a if p else b": ["b if p else a", "a", "b"],
    "return (x, y, z)": ["return (y, x, z)"], "return x": ["return -x"], "return [x]": [], "return": [],
    "return x < y": [], "if x:\n    f()\nelse:\n    g()": ["if not x:\n    f()\nelse:\n    g()", "pass"],
    "x += y": ["x -= y", "x = y", "pass"], "x @= y": ["x = y", "pass"], "with x:\n    f()": ["if True:\n    f()"],
    "break": ["pass"], "continue": ["pass"], "import x": [],
}


@pytest.mark.parametrize("source", ALTERED)
def test_what_may_stand_in_place_of_a_piece_of_code(source):
    node = ast.parse(source).body[0]
    node = node.value if isinstance(node, ast.Expr) else node
    assert [ast.unparse(ast.fix_missing_locations(altered)) for altered in alterations(node)] == ALTERED[source]


def test_a_line_is_left_out_unless_it_is_a_docstring_and_a_loop_loses_its_last_condition():
    call, text = ast.parse("f(x)\n'text'").body
    assert [ast.unparse(altered) for altered in alterations(call)] == ["pass"] and list(alterations(text)) == []
    for source, left in (("[x for x in y if x if y]", " for x in y if x"), ("[x for x in y]", None)):
        (loop,) = ast.parse(source, mode="eval").body.generators
        assert [ast.unparse(altered) for altered in alterations(loop)] == ([left] if left else [])
    (name,) = ast.parse("max = 3").body[0].targets
    assert list(alterations(name)) == []


def kept(number):
    return object if number == 3 else None


@exercise(probes=[(1.5,)])
class Toy(kept(3)):
    """A class with a base, a table, and annotations."""

    def __init__(self, x: "max" = 2, more: "min" = 4) -> "max":
        self.table = [[1, 2], [3, 4]]
        self.both, self.rows = [more, 1], dict(zip([x], [1.0], strict=True))
        self.both = x


def test_only_what_runs_is_altered_and_no_table_of_numbers():
    assert sorted(mutant.change for mutant in mutants_of(Toy)) == sorted([
        "in `self.both, self.rows = ([more, 1], dict(zip([x], [1.0], strict=True)))`: " + change for change in (
            "`1` becomes `2`", "`1` becomes `0`", "`1.0` becomes `2.0`", "`1.0` becomes `0.0`",
            "`zip([x], [1.0], strict=True)` becomes `zip([1.0], [x], strict=True)`")
    ] + ["`self.table = [[1, 2], [3, 4]]` is left out", "`self.both = x` is left out",
         "`self.both, self.rows = ([more, 1], dict(zip([x], [1.0], strict=True)))` is left out"])


@exercise(probes=[(1.5, 2.0)])
def small(x, y):
    """Two parameters, one name of its own, and a second value for it."""
    total = x
    total = total * 3
    return total


def test_a_parameter_becomes_the_next_and_an_assignment_to_what_has_a_value_may_go():
    multiplied = "in `total = total * 3`: "
    assert [mutant.change for mutant in mutants_of(small)] == [
        "`total = x` is left out", "in `total = x`: `x` becomes `y`", "`total = total * 3` is left out",
        *(f"{multiplied}`total * 3` becomes `{new}`" for new in ("total / 3", "total", "3")),
        f"{multiplied}`3` becomes `4`", f"{multiplied}`3` becomes `2`", "`return total` becomes `return -total`"]

    @exercise(probes=[(1.5,)])
    def once(x):
        """The only value of a name, and the only parameter."""
        y = x
        return y

    assert [mutant.change for mutant in mutants_of(once)] == ["`return y` becomes `return -y`"]


def test_a_solution_that_cannot_be_read_is_told():
    hidden = exercise(probes=[(1.5,)])(eval("lambda x: x"))
    with pytest.raises(OSError, match="cannot be read"):
        list(mutants_of(hidden))


def test_an_unchanged_solution_is_no_mutant_and_a_weak_probe_lets_one_through():
    @exercise(probes=[(torch.tensor([1.0, 1.0]),)])
    def product(x):
        """All equal, so that the mean is the largest."""
        return x.mean()

    assert "in `return x.mean()`: `x.mean` becomes `x.sum`" in [mutant.change for mutant in mutants_of(product)]
    assert not is_refused(product, lambda x: x.max()) and is_refused(product, lambda x: x.sum())
    assert not is_refused(product, product.right_answer)


def test_an_endless_mutant_is_given_up_soon():
    def endless(x, p):
        while True:
            pass

    assert is_refused(toy, endless)


def test_a_solution_may_use_what_surrounds_it():
    shift = 2.0

    @exercise(probes=[(1.5,)])
    def shifted(x):
        """A closure."""
        return x + shift

    found = {mutant.change: mutant.answer(1.5) for mutant in mutants_of(shifted)}
    assert found["in `return x + shift`: `x + shift` becomes `x - shift`"] == -0.5


@pytest.mark.parametrize("name", ["dropout.Dropout", "softmax_regression.MultinomialLogit"])
def test_a_class_is_altered_in_its_methods(name):
    assert any(isinstance(mutant.answer, type) for mutant in mutants_of(EXERCISES[name]))
