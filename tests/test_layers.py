"""The house has floors and rooms: imports point down, a room is entered by its face, nothing heavy lies at the bottom.

The floors are stated once, in the picture of CONTRIBUTING.md; this test reads them there.
"""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "course_utils"
FILES = sorted(PACKAGE.rglob("*.py"))
HEAVY = {"torchvision", "sklearn", "pandas", "matplotlib", "scipy", "statsmodels", "tqdm", "pooch"}
JUPYTER = {"IPython", "ipywidgets", "ipykernel", "nbformat", "nbclient", "nbconvert", "jupyter_core", "jupyter_client"}


def floors(picture):
    """{room or single file: its floor}, from lines such as "2 │ sweep/   many settings": a slash marks a room."""
    found, floor = {}, None
    for line in picture.splitlines():
        number, name = re.match(r"\s*(\d)?\s*│\s*(\w+/?)?", line).groups() if "│" in line else (None, None)
        floor = int(number) if number else floor
        if name:
            assert name.rstrip("/") not in found, f"{name} is named twice"
            found[name.rstrip("/")] = floor
    return found


OPEN = ("exercises", "explorers", "studies")      # rooms without a face: one file a lesson, imported by name
PICTURE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("```text\n")[1].split("```")[0]
FLOOR = floors(PICTURE)


def place_of(path):
    """The room or the single file of course_utils that a file belongs to; "" for the package itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


def imported(tree):
    """(dotted name, whether it is ours) for each import; ours without `course_utils.`, another's first part only."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: write the import in full, from course_utils"
            names = [node.module]
            folder = ROOT.joinpath(*node.module.split("."))
            if any((folder / f"{alias.name}.py").exists() for alias in node.names) or node.module == "course_utils":
                names = [f"{node.module}.{alias.name}" for alias in node.names]         # modules of a folder
        for name in names:
            first, _, rest = name.partition(".")
            yield (rest, True) if first == "course_utils" else (first, False)


def at_the_top(tree):
    """The same tree without the bodies of functions, where imports are paid for only when they are used.

    Neither are imports for a type checker alone paid for.
    """
    class Strip(ast.NodeTransformer):
        def visit_FunctionDef(self, node):
            node.body = [ast.Pass()]
            return node

        visit_AsyncFunctionDef = visit_FunctionDef

        def visit_If(self, node):
            return None if ast.unparse(node.test) == "TYPE_CHECKING" else self.generic_visit(node)

    return Strip().visit(tree)


def parse(path):
    """The module, less what only a type checker reads."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if not ast.unparse(node).startswith("if TYPE_CHECKING:")]
    return tree


def test_the_picture_shows_every_room_and_no_other():
    here = {place_of(path) for path in FILES} - {""}
    assert here == set(FLOOR)
    rooms = {name for name in FLOOR if f" {name}/" in PICTURE}
    assert rooms == {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))


@each_file
def test_imports_point_down_and_enter_by_the_face(path):
    mine = place_of(path)
    for name, ours in imported(parse(path)):
        room, _, private = name.partition(".")
        if ours and mine and room and room != mine:
            assert FLOOR[room] <= FLOOR[mine], f"{mine} (floor {FLOOR[mine]}) imports {room} (floor {FLOOR[room]})"
            assert not private or room in OPEN, f"{name}: import it from course_utils.{room}"


@each_file
def test_a_room_does_not_enter_itself_by_its_own_face(path):
    """Inside, modules import one another: the face is still being made while they load."""
    assert not any(ours and name == place_of(path) for name, ours in imported(parse(path)))


def test_nothing_imports_in_a_circle():
    between, inside = {}, {}
    for path in FILES:
        mine, module = place_of(path), ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        if mine in OPEN:
            continue
        names = {name for name, ours in imported(parse(path)) if ours}
        between.setdefault(mine, set()).update({name.partition(".")[0] for name in names} - {mine})
        inside[module] = {name for name in names if name.startswith(f"{mine}.")}
    list(TopologicalSorter(between).static_order())         # raises CycleError, which names the circle
    list(TopologicalSorter(inside).static_order())


@each_file
def test_what_a_module_may_not_import(path):
    tree = parse(path)
    assert not any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree))
    others = {name for name, ours in imported(tree) if not ours}
    if FLOOR.get(place_of(path), 0) <= 2:
        assert not others & JUPYTER, "floors 0 to 2 know no Jupyter"
    assert "IPython" not in others or place_of(path) == "display", "only display touches IPython"
    top = {name for name, ours in imported(at_the_top(tree)) if not ours}
    assert not top & HEAVY, "import it in the function that uses it"


@each_file
def test_a_module_stays_within_a_few_screens(path):
    if place_of(path) != "exercises":
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, "when one grows past that, it holds two ideas"


@pytest.mark.parametrize("face", sorted(PACKAGE.glob("*/__init__.py")), ids=lambda face: face.parent.name)
def test_a_face_exports_what_it_imports_and_no_more(face):
    if face.parent.name in OPEN:
        return
    docstring, *rest = parse(face).body
    assert isinstance(docstring, ast.Expr), "a face begins with a sentence about its room"
    names = {alias.name for node in rest if isinstance(node, ast.ImportFrom) for alias in node.names}
    listed = [set(ast.literal_eval(node.value)) for node in rest if isinstance(node, ast.Assign)]
    assert all(isinstance(node, ast.ImportFrom | ast.Assign) for node in rest)
    assert listed == ([names] if names else [])


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
    tree = ast.parse(f"import torch\nfrom course_utils.train.loop import fit\n{inside}")
    assert set(imported(tree)) == {("torch", False), ("train.loop", True), ("pandas", False), ("IPython", False)}
    assert set(imported(at_the_top(tree))) == {("torch", False), ("train.loop", True)}
    tree = ast.parse("if TYPE_CHECKING:\n    import pandas\nif True:\n    import numpy\n")
    assert set(imported(at_the_top(tree))) == {("numpy", False)}
    assert floors("1 │ train/   one fit\n  │ surfaces  drawn\n──┼──\n0 │ data   examples") == {
        "train": 1, "surfaces": 1, "data": 0}
