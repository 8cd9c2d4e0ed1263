"""A cell that stops outside of a check: the traceback stays as it is, and a sentence below it says what to do."""

import json
import os
import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import torch
from jupyter_client.manager import start_new_kernel

from course_utils.checker import Choice, Number, Order, Right, Wrong, exercise
from course_utils.outside import hook, names
from course_utils.outside.scene import Scene, defined_names
from course_utils.outside.words import in_words

FIRST_LINE = 90
SET_UP = """
import math, random
import numpy as np
import torch
from course_utils.display import setup
from course_utils.exercises import start_here as exercises
"""


# ---- the words ------------------------------------------------------------------------------------------------------

def stopped(cell, names=(), inputs=(), notebook=None, cell_id=""):
    """What is said when `cell` is run where `names` are known."""
    namespace = {"__name__": "__main__", **dict(names)}
    scene = Scene(cell, namespace, list(inputs), notebook, cell_id)
    try:
        exec(compile(cell, "<cell>", "exec"), namespace)
    except Exception as problem:
        said = in_words(problem, scene)
        begin = re.split(r"(?<=[.?:]) (?=[A-Z`])", said)[0]
        assert len(begin) <= FIRST_LINE, begin
        assert not re.search(r"\b(error|invalid|exception|simply|just)\b|!", re.sub("`[^`]*`", "", said), re.I), said
        return said
    raise AssertionError("the cell did not stop")


class Written:
    @exercise(probes=[(torch.ones(2, 3),)])
    def softmax(logits):
        return torch.softmax(logits, dim=1)


class Catalogue:
    kept = Choice("Where?", {"a": Wrong("here", "no"), "b": Right("there"), "c": Wrong("nowhere", "no")})
    steps = Order({"a": "first", "b": "last", "c": "middle"}, "acb")
    share = Number("What share?", 0.5)


@pytest.mark.parametrize("cell, words", [
    ("answer = B\nexercises.kept.check(answer)", 'quotes: `answer = "b"`'),
    ("answer = b\nexercises.kept.check(answer)", 'quotes: `answer = "b"`'),
    ("mine = [a, c]\nexercises.kept.check(mine)", 'quotes: `mine = "a"`'),
    ("exercises.kept.check(c)", 'quotes: `answer = "c"`'),
    ("answer = acb\nexercises.steps.check(answer)", 'quotes: `answer = "acb"`'),
])
def test_letters_without_quotes(cell, words):
    assert words in stopped(cell, {"exercises": Catalogue})


@pytest.mark.parametrize("cell", ["exercises.softmax.check(softmax)", "1\nexercises.softmax.check( softmax )"])
def test_what_an_exercise_asks_for_is_not_looked_for_in_torch(cell):
    said = stopped(cell, {"exercises": Written, "torch": torch})
    assert said == ("`softmax` is what you are asked to write here, and no cell that was run defines it. "
                    "Begin the cell with `def softmax(…):`, above the check.")
    assert "Write `torch.softmax`" in stopped("softmax(3)", {"exercises": Written, "torch": torch})


@pytest.mark.parametrize("cell", [
    "answer = x\nexercises.kept.check(answer)", "answer = bb + 1\nexercises.share.check(answer)", "print(answer)"])
def test_quotes_are_advised_only_where_letters_are_asked_for(cell):
    assert "quotes" not in stopped(cell, {"exercises": Catalogue})


@pytest.mark.parametrize("cell, words", [
    ("print(later)\nlater = 1", "further down"),
    ("trian", "Did you mean `train`"),
    ("TRAIN", "Did you mean `train`"),
    ("pritn(1)", "Did you mean `print`"),
    ("def f(z):\n    return Z * 2\nf(3)", "Inside your function there is `z`"),
    ("plt.plot([1])", "import matplotlib.pyplot as plt"),
    ("itertools.count()", "Put `import itertools` above"),
    ("sqrt(2)", "Write `math.sqrt`"),
    ("wholly_unknown", "Run All Above"),
])
def test_names_that_are_not_there(cell, words):
    import math

    assert words in stopped(cell, {"train": 1, "math": math, "_trian": 2})


def test_a_name_that_lives_in_a_function_only():
    cell = "def total(X):\n    summed = sum(X)\n    return summed\ntotal([1])\nprint(summed)"
    assert "`summed` lives inside your function `total`" in stopped(cell)


def test_a_cell_that_ran_and_did_not_come_so_far_is_named_by_its_number():
    inputs = ["import x", "1 / 0\nbase = 3", "other = 1"]
    assert "cell [2] defines it, and that cell stopped" in stopped("base", inputs=inputs)
    assert "cell [2] defines it, and a `del`" in stopped("base", inputs=[*inputs, "del base"])


@pytest.fixture
def notebook(tmp_path):
    cells = [
        nbformat.v4.new_markdown_cell("# 3 · Lesson"),
        nbformat.v4.new_code_cell("# the tools\nimport torch.nn.functional as F", id="tools"),
        nbformat.v4.new_markdown_cell("## The data\nWords.\n\n### A few\nMore."),
        nbformat.v4.new_code_cell("%time\ntrain, valid = load()", id="data"),
        nbformat.v4.new_code_cell("print(F, train, trian, low)", id="here"),
        nbformat.v4.new_markdown_cell("## Later"),
        nbformat.v4.new_code_cell("low = 2\ndef f():\n    inner = 3", id="later"),
    ]
    path = tmp_path / "03_lesson.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_the_cell_and_the_section_that_define_a_name_are_found_in_the_notebook(notebook):
    said = stopped("F.relu", notebook=notebook, cell_id="here")
    assert "under “3 · Lesson” that begins with `import torch.nn.functional as F`" in said and "Run All Above" in said
    assert "under “A few” that begins with `%time`" in stopped("train", notebook=notebook, cell_id="here")
    said = stopped("low", notebook=notebook, cell_id="here")
    assert "under “Later” that begins with `low = 2`" in said and "further down" in said
    assert "Run All Above" in stopped("inner", notebook=notebook, cell_id="here")           # its own function's name
    assert "under “A few”" in stopped("train", notebook=notebook, cell_id="a cell that was added since")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": [1]}', None])
def test_a_notebook_that_cannot_be_read_costs_no_sentence(tmp_path, content):
    path = tmp_path / "x.ipynb"
    if content is not None:
        path.write_text(content)
    assert Scene("x", {}, [], path).cells == []
    assert "Run All Above" in stopped("wholly_unknown", notebook=path)


def test_the_names_that_a_cell_defines():
    source = "import a.b, c as d\nfrom e import f\nx, (y, *z) = 1\nfor i in []:\n    w: int = 1\n" \
             "def g():\n    no = 1\nclass H: no = 1\nwith k as m: pass\n%magic\n[n for n in x]"
    assert defined_names(source) == {"a", "d", "f", "x", "y", "z", "i", "w", "g", "H", "m"}
    assert defined_names("def (") == defined_names("x = '\0'") == set()


@pytest.mark.parametrize("cell, words", [
    ("import numpyy", "Did you mean `numpy`"),
    ("import rendom", "Did you mean `random`"),
    ("from course_utils.trian import fit", "Did you mean `course_utils.train`"),
    ("from course_utils.metrics import acuracy", "Did you mean `accuracy`"),
    ("from math import wholly_unknown", "`math` has nothing called `wholly_unknown`"),
    ("import wholly_unknown", "Python finds no module `wholly_unknown`"),
])
def test_imports(cell, words):
    assert words in stopped(cell)


def test_a_file_that_hides_a_library_is_named(tmp_path, monkeypatch):
    (tmp_path / "colorsys.py").write_text("mine = 1")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "colorsys", raising=False)
    assert "Your file `colorsys.py`" in stopped("from colorsys import rgb_to_hsv")
    monkeypatch.delitem(__import__("sys").modules, "colorsys")


@pytest.mark.parametrize("cell, words", [
    ("def f(x)\n    return x", "Line 1 lacks a colon"),
    ("if x = 1:\n    pass", "write `==`"),
    ("print((1)", "The `(` in line 1 is opened and never closed"),
    ("x = 1)", "closes a `)` that was never opened"),
    ("x = (1]", "a `]` closes what `(` opened"),
    ("x = 'a", "does not end in one"),
    ("x = '''a", "does not end in one"),
    ("answer = …", "knows three dots"),
    ("answer = “a”", "straight ones"),
    ("x = 3 − 1", "is a dash, no minus"),
    ("x = 3 × 1", "multiplies with `*`"),
    ("x =\u00a01", "U+00A0"),
    ("def f():\nreturn 1", "the function definition in line 1 has to be indented"),
    ("x = 1\n  y = 2", "Line 2 is indented, and nothing above asks for it"),
    ("if 1:\n    x = 1\n  y = 2", "Line 3 is indented unlike"),
    ("return 3", "A `return` stands outside of a function"),
    ("break", "A `break` stands outside of a loop"),
    ("f(x) = 3", "Left stands a name"),
    ("3 = x", "Left stands a name"),
    ("x = 2x", "write `*` between them"),
    ("x = 007", "begins with 0"),
    ("print 3", "`print` is a function"),
    ("x = (1 2)", "Is a comma missing, or a `*`"),
    ("f(a=1, 2)", "arguments with `name=` come last"),
    ("f(a=1, a=2)", "`a=` stands twice"),
    ("try:\n    x = 1\ny = 2", "has no `except`"),
    ("f'{x'", "braces"),
    ("x = 1 \\ 2", "tells Python that the line goes on"),
    ("if 1:\n    x = 1\nelse if 2:\n    x = 2", "`elif`"),
    ("x++", "`+= 1`"),
    ("x = a && b", "`and`"),
    ("x = a => b", "`>=`"),
    ("share = 30 %", "give a share"),
    ("def f:\n    return 1", "needs parentheses"),
    ("answer =", "nothing stands right of `=`"),
    ("lambda = 3", "a word that belongs to Python"),
    ("fit(model, lambda=3)", "`lam`"),
    ("x = 1 1", "cannot read line 1"),
])
def test_cells_that_python_cannot_read(cell, words):
    assert words in stopped(cell)


def test_what_we_raise_ourselves_says_already_what_to_do():
    from course_utils.train import fit

    assert stopped("fit(1, 2, 3, 4)", {"fit": fit}) == ""


def test_shapes_get_the_words_of_a_check():
    import torch

    assert "3 columns meet 2 rows" in stopped("torch.ones(2, 3) @ torch.ones(2, 3)", {"torch": torch})


# ---- in a kernel ----------------------------------------------------------------------------------------------------

class Kernel:
    """A kernel that a front end would start for the notebook at `path`."""

    def __init__(self, path):
        self.manager, self.client = start_new_kernel(
            kernel_name="python3", cwd=str(path.parent), env={**os.environ, "JPY_SESSION_NAME": str(path)})

    def run(self, source, **metadata):
        """The outputs of a cell, in order, as (type, content)."""
        found = []
        message = self.client.session.msg("execute_request", {
            "code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
            "stop_on_error": True}, metadata=metadata)
        self.client.shell_channel.send(message)
        while True:
            reply = self.client.get_iopub_msg(timeout=60)
            if reply["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            if reply["msg_type"] in ("error", "display_data", "stream", "execute_result"):
                found.append((reply["msg_type"], reply["content"]))
            if reply["msg_type"] == "status" and reply["content"]["execution_state"] == "idle":
                return found


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """One kernel, for the notebook of `notebook`; the set-up cell was run in it, but for the import of F."""
    path = tmp_path_factory.mktemp("lesson") / "03_lesson.ipynb"
    cells = [nbformat.v4.new_markdown_cell("## Tools"), nbformat.v4.new_code_cell("import torch.nn.functional as F")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    kernel = Kernel(path)
    assert kernel.run(SET_UP + "setup()\nsetup()") == []
    yield kernel
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=True)


def trace_alone(outputs):
    """The traceback of a cell's outputs, which has to be the first of them, without what differs between two runs."""
    kind, content = outputs[0]
    assert kind == "error"
    return [re.sub(r"\d+", "", line) for line in content["traceback"]]


@pytest.mark.parametrize("cell, words", [
    ("answer = B\n\nexercises.kept.check(answer)", '`answer = "b"`'),
    ("F.relu(torch.zeros(1))", "under “Tools”"),
    ("def f(x)\n    return x", "lacks a colon"),
    ("torch.ones(2, 3) @ torch.ones(2, 3)", "3 columns meet 2 rows"),
    ("await wholly_unknown", "Run All Above"),
    ("%time wholly_unknown", "Run All Above"),
    ("import numpyy", "Did you mean `numpy`"),
])
def test_one_sentence_stands_below_a_traceback_that_is_python_s_own(kernel, cell, words):
    draw = "random.random(), np.random.rand(), torch.rand(1)"
    seed = "random.seed(0), np.random.seed(0), torch.manual_seed(0)"
    kernel.run(seed)
    outputs = kernel.run(cell)
    drawn = kernel.run(draw)
    shown = [content["data"] for kind, content in outputs if kind == "display_data"]
    assert [words in data["text/plain"] and words in data["text/markdown"] for data in shown] == [True]
    assert kernel.run("setup(explain_stops=False)") == [] and kernel.run(seed)
    without = kernel.run(cell)
    assert "display_data" not in dict(without)
    assert trace_alone([one for one in without if one[0] == "error"]) == trace_alone(
        [one for one in outputs if one[0] == "error"])
    [(_, before)], [(_, after)] = drawn, kernel.run(draw)
    assert before["data"] == after["data"]                              # no random number was drawn
    kernel.run("setup()")


def test_a_stop_that_the_learner_asked_for_is_not_explained(kernel):
    assert [kind for kind, _ in kernel.run("raise KeyboardInterrupt")] == ["error"]
    assert [kind for kind, _ in kernel.run("print(1)")] == ["stream"]
    assert "SystemExit" not in str([c for k, c in kernel.run("1") if k == "display_data"])


def test_nothing_that_the_listener_meets_comes_out_of_it(kernel):
    cell = "class Odd(Exception):\n    def __str__(self):\n        raise ValueError('no text')\nraise Odd"
    with_it = [kind for kind, _ in kernel.run(cell)]
    kernel.run("setup(explain_stops=False)")
    assert with_it == [kind for kind, _ in kernel.run(cell)] and "error" in with_it
    kernel.run("setup()")


def test_the_lessons_set_it_up():
    for path in sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb")):
        cells = ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
        assert any(re.search(r"^setup\(\)$", cell, re.M) for cell in cells), path.name


# ---- what is a learner's cannot act ---------------------------------------------------------------------------------

HOSTILE = '<img src=x onerror=alert(1)> `a` [go](https://example.org) $x$ \x1b[31mred\x07'


class Shell:
    """Stands where the hook listens and speaks: `said` is what the page would show."""

    def __init__(self, namespace):
        self.user_ns, self.said, self.listeners = namespace, [], []
        self.events = self.display_pub = self
        self.callbacks = {"post_run_cell": self.listeners}

    def register(self, event, listener):
        self.listeners.append(listener)

    def unregister(self, event, listener):
        self.listeners.remove(listener)

    def publish(self, data):
        self.said.append(data)


def shown(problem, monkeypatch):
    """What stands below the traceback of a cell that `problem` stopped."""
    shell = Shell({})
    monkeypatch.setattr(hook.Scene, "of", lambda *_: Scene("x", {}, [], None, ""))
    hook.explain_stops(shell)
    shell.listeners[0](SimpleNamespace(error_in_exec=problem, error_before_exec=None))
    return shell.said


@pytest.mark.parametrize("problem", [
    KeyError(HOSTILE),
    AttributeError(f"'{HOSTILE}' object has no attribute 'x'"),
    TypeError(f"{HOSTILE} missing 2 required positional arguments: {HOSTILE}"),
    type(f"Error{HOSTILE}", (KeyError,), {})("a"),
    ImportError(f"cannot import name 'a' from '{HOSTILE}'"),
])
def test_a_hostile_text_is_shown_and_does_not_act(problem, monkeypatch):
    for data in shown(problem, monkeypatch):
        assert "\x1b" not in data["text/plain"] and "\x07" not in data["text/plain"]
        outside_code = re.sub(r"`[^`\n]+`", "", data["text/markdown"])
        assert not re.search(r"<img|\]\(|://|\$(?!`)|\x1b|\x07", outside_code), data["text/markdown"]
        assert data["text/markdown"].count("`") % 2 == 0


def test_a_hostile_text_comes_as_far_as_the_page(monkeypatch):
    assert "img" in shown(KeyError(HOSTILE), monkeypatch)[0]["text/markdown"]


def test_a_cells_first_line_is_quoted_in_one_harmless_line():
    line = names._shortened(f"x = '{HOSTILE}'")
    assert "`" not in line and "\x1b" not in line and len(line) <= 50
