"""The house has floors: imports point down, or sideways without a circle, and nothing heavy lies at the bottom."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "course_utils"

# A module that is not named here makes a test fail: say where it belongs when you add it.
FLOORS = [
    # 0: data and models, no training
    "data metrics models penalties optimizers download transfer first_batch history mishaps progress randomness",
    # 1: one fit
    "train surfaces datasets newton",
    # 2: many fits, exact fits, pictures
    "sweep runs records intervals stacked stacked_losses stacked_optimizers stacked_training optimum distributed "
    "drawing plotting plots_of_classes plots_of_runs",
    # 3: what a notebook shows and asks
    "display exercise questions feedback wording accidents answers snapshots sandbox guards explorer controls panel "
    "screen relations",
    # 4: the lessons' own
    "exercises explorers workbook",
    # 5: around the notebooks
    "publish doctor",
    # 6: the terminal
    "cli",
]
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names.split()}
HEAVY = {"torchvision", "sklearn", "pandas", "matplotlib", "scipy", "statsmodels", "tqdm"}
JUPYTER = {"IPython", "ipywidgets", "ipykernel", "nbformat", "nbclient", "nbconvert", "jupyter_core", "jupyter_client"}

FILES = sorted(PACKAGE.rglob("*.py"))


def module_of(path):
    """The module or subpackage of course_utils that a file belongs to; "" for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def imported(tree):
    """(top-level module of another package, or module of course_utils; whether it is ours) for each import."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: write the import in full, from course_utils"
            names = [node.module]
            if node.module in ("course_utils", "course_utils.exercises", "course_utils.explorers"):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            first, _, rest = name.partition(".")
            yield (rest.split(".")[0], True) if first == "course_utils" else (first, False)


def at_the_top(tree):
    """The same tree without the bodies of functions, where imports are paid for only when they are used."""
    class Strip(ast.NodeTransformer):
        def visit_FunctionDef(self, node):
            node.body = [ast.Pass()]
            return node

        visit_AsyncFunctionDef = visit_FunctionDef

    return Strip().visit(tree)


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def test_every_module_has_its_floor():
    here = {module_of(path) for path in FILES} - {""}
    assert here <= set(FLOOR), f"name these in FLOORS: {sorted(here - set(FLOOR))}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path):
    mine = module_of(path)
    for name, ours in imported(parse(path)):
        if ours and mine and name and name != mine:
            assert FLOOR[name] <= FLOOR[mine], f"{mine} (floor {FLOOR[mine]}) imports {name} (floor {FLOOR[name]})"


def test_no_module_imports_in_a_circle():
    graph = {}
    for path in FILES:
        if module_of(path) not in ("exercises", "explorers"):
            graph[module_of(path)] = {name for name, ours in imported(parse(path)) if ours} - {module_of(path)}
    list(TopologicalSorter(graph).static_order())           # raises CycleError, which names the circle


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_a_module_may_not_import(path):
    tree = parse(path)
    assert not any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree))
    floor = FLOOR.get(module_of(path), 0)
    others = {name for name, ours in imported(tree) if not ours}
    if floor <= 2:
        assert not others & JUPYTER, "floors 0 to 2 know no Jupyter"
    assert "IPython" not in others or module_of(path) == "display", "only display touches IPython"
    top = {name for name, ours in imported(at_the_top(tree)) if not ours}
    assert not top & HEAVY, "import it in the function that uses it"


def test_the_package_itself_holds_its_version_only():
    docstring, version = parse(PACKAGE / "__init__.py").body
    assert isinstance(docstring, ast.Expr) and [target.id for target in version.targets] == ["__version__"]


CHEAP = """
import sys, time
begin = time.perf_counter()
import torch
torch_alone, before = time.perf_counter() - begin, set(sys.modules)
import course_utils.train
both = time.perf_counter() - begin
print(both / torch_alone, *sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
"""


def test_train_costs_little_more_than_torch():
    done = subprocess.run([sys.executable, "-c", CHEAP], capture_output=True, text=True, check=True)
    ratio, *modules = done.stdout.split()
    assert float(ratio) <= 1.1
    assert not (HEAVY | JUPYTER) & set(modules)


def test_the_rules_see_what_they_forbid():
    inside = "def f():\n    import pandas.io\n    from IPython import x\n"
    tree = ast.parse(f"import torch\nfrom course_utils.train import fit\n{inside}")
    assert set(imported(tree)) == {("torch", False), ("train", True), ("pandas", False), ("IPython", False)}
    assert set(imported(at_the_top(tree))) == {("torch", False), ("train", True)}
