"""Lessons in odd places, run twice, out of order, and beside names and files that hide what they need.

At each push a sample. Everything by `pytest -m nightly tests/faults/test_lessons.py`; its table is in lessons.md.
"""

import subprocess
import sys
import types

import lesson_runs
import nbformat
import pytest
import torch
from lesson_runs import ODD, Odd, each_twice, faults, in_random_order, not_in_our_words, passes_in_one_kernel, shown
from test_notebooks import LESSONS, cut_off

from course_utils.checker import CodeExercise
from course_utils.checker.hidden import hidden_names
from course_utils.course import publish
from course_utils.namesakes import HidesALibrary, refuse_namesakes

SEEDS = 20
FEWER_SEEDS = {"10_scaling_out": 2, "11_capstone": 4}       # their experiments stand on the page, and take a minute
LIGHT = next(path for path in LESSONS if path.stem.startswith("00"))
needs_locales = pytest.mark.skipif(not lesson_runs.can_make_locales(), reason="no localedef, or nothing to make from")
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def combination(name, lesson):
    """The odd place of that name, and the copies that meet it. Lesson 10 starts processes: it meets fewer at a time."""
    if not lesson.startswith("10"):
        return ODD[name], ("as stored", "solved")
    return ODD[name]._replace(twice=False), {"A": ("as stored", "solved"), "B": ("solved",), "C": ("as stored",)}[name]


def check_in_odd_place(path, odd, copies, folder, ended, record_property, name):
    ran = lesson_runs.run(path, odd, folder, copies)
    stored = nbformat.read(path, as_version=4)
    stored = each_twice(stored) if odd.twice else stored
    found = [f"{copy}: {fault}" for copy, notebook in ran.passes.items() for fault in faults(notebook, stored, copy)]
    record_property("odd lesson", f"{path.stem:<34} {name:<14} {' and '.join(copies):<20} {ran.seconds:5.0f} s  "
                                  f"{len(found)} faults")
    assert found == [], "\n\n".join(found)
    for _ in copies:
        for _ in odd.conditions:
            ended("recovered")


# ---- odd places ----


@needs_locales
@pytest.mark.parametrize("name", ["A", *(pytest.param(name, marks=pytest.mark.nightly) for name in "BC")])
def test_the_place_is_as_odd_as_it_says(name, tmp_path):
    odd = ODD[name]
    folder, env = lesson_runs.surroundings(odd, tmp_path)
    tried = """
import locale, os, socket, sys, course_utils, torch
print(torch.backends.cpu.get_cpu_capability(), torch.get_num_threads(), locale.localeconv()["decimal_point"])
for place in (os.environ["HOME"], os.environ.get("COURSE_DATA", os.environ["HOME"])):
    try:
        open(os.path.join(place, "new"), "w")
    except PermissionError:
        print("read-only")
try:
    socket.create_connection(("240.0.0.1", 9))
except OSError as refusal:
    print(refusal)
print(ascii(os.getcwd()), ascii(course_utils.__file__))
"""
    done = subprocess.run([sys.executable, "-c", tried], cwd=folder, env=env, capture_output=True, text=True)
    first, *rest = done.stdout.splitlines()
    point = "." if odd.locale == "C" else ","
    assert first.endswith(f" {odd.threads} {point}"), done.stderr
    assert first.startswith(odd.instructions.upper()) or not lesson_runs.has_instructions(odd.instructions)
    assert rest[:2] == ["read-only"] * 2 and "cut off" in rest[2]
    assert rest[3].count(" ") >= 5 and rest[3].count("bungen f") == 2 and "der Kurs" in rest[3]


@needs_locales
@pytest.mark.parametrize("lesson, copies", {"00": ("as stored", "solved"), "04": ("as stored",)}.items())
def test_a_light_lesson_in_an_odd_place(lesson, copies, tmp_path, ended, record_property):
    path = next(path for path in LESSONS if path.stem.startswith(lesson))
    check_in_odd_place(path, ODD["A"], copies, tmp_path, ended, record_property, "A")


@needs_locales
@pytest.mark.nightly
@pytest.mark.parametrize("name", ODD)
@each_lesson
def test_every_lesson_in_every_odd_place(path, name, tmp_path, ended, record_property):
    odd, copies = combination(name, path.stem)
    check_in_odd_place(path, odd, copies, tmp_path, ended, record_property, name)


def test_every_value_of_every_condition_meets_every_lesson_and_copy():
    values = {(field, value) for odd in ODD.values() for field, value in odd._asdict().items() if field != "twice"}
    assert values == {("threads", 1), ("threads", 2), ("instructions", "default"), ("instructions", "avx2"),
                      ("instructions", "avx512"), ("locale", "C"), ("locale", "de_DE"), ("locale", "tr_TR.UTF-8")}
    assert any(odd.twice for odd in ODD.values())
    for path in LESSONS:
        met = {(copy, value) for name in ODD for copy in combination(name, path.stem)[1] for value in ODD[name]}
        assert path.stem.startswith("10") or len(met) == 2 * len({value for odd in ODD.values() for value in odd})


# ---- out of order ----


def check_out_of_order(path, seeds, folder, ended, record_property):
    ran, seconds = in_random_order(path, range(seeds), folder)
    found = {seed: not_in_our_words(notebook) for seed, notebook in ran.items()}
    count = sum(map(len, found.values()))
    record_property("odd lesson", f"{path.stem:<34} {f'{seeds} orders':<14} {'in turn':<20} {seconds:5.0f} s  "
                                  f"{count} faults")
    assert count == 0, "\n\n".join(f"seed {seed}: {text}" for seed, texts in found.items() for text in texts)
    for notebook in ran.values():
        stopped = any(output.output_type == "error" for cell in notebook.cells for output in cell.get("outputs", []))
        ended("explained" if stopped else "recovered")


def test_sections_of_a_light_lesson_out_of_order(tmp_path, ended, record_property):
    check_out_of_order(LIGHT, 2, tmp_path, ended, record_property)


@pytest.mark.nightly
@each_lesson
def test_sections_in_random_order_from_any_heading(path, tmp_path, ended, record_property):
    check_out_of_order(path, FEWER_SEEDS.get(path.stem, SEEDS), tmp_path, ended, record_property)


# ---- names and files that hide what is needed ----

NAMES = ["sum", "list", "max", "min", "torch", "F", "nn", "data", "model", "len", "print", "str", "range", "abs",
         "type", "input", "id", "float", "int", "zip", "dict", "sorted", "math", "isinstance", "super"]
VALUES = {"a number": 3.2, "a list": [1, 2], "a tensor": torch.tensor([1.0, 2.0]), "a function": lambda *_, **__: None}
EXERCISES = [(path.stem, name) for path in LESSONS for name, exercise in vars(publish.catalogue(path.stem)).items()
             if isinstance(exercise, CodeExercise) and not name.startswith("_")]


def solution_in_a_notebook(exercise, **names):
    """The solution as a learner's notebook would define it, where these names have been given values."""
    namespace = vars(sys.modules[exercise.right_answer.__module__]) | names | {"__name__": "__main__"}
    exec(compile(exercise.solution_source, "cell", "exec"), namespace)
    return namespace[exercise.right_answer.__name__]


def global_names(code):
    """All names that a piece of code could read from its notebook."""
    inner = [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
    return {*code.co_names, *(name for one in inner for name in global_names(one))}


def check_hidden_names(lesson, name, values, ended):
    exercise = getattr(publish.catalogue(lesson), name)
    used = global_names(compile(exercise.solution_source, "cell", "exec")) & set(NAMES)
    for hidden in sorted(used):
        for value in values:
            try:
                answer = solution_in_a_notebook(exercise, **{hidden: VALUES[value]})
            except (AttributeError, TypeError):             # a class takes its base from `nn` where it is defined
                continue
            said = exercise.check(answer)
            assert said.status == "right" or f"`{hidden}`" in said.text, f"{hidden} = {value}\n{said.text}"
            ended("recovered" if said.status == "right" else "explained")


@pytest.mark.parametrize("lesson, name", EXERCISES, ids=lambda text: text)
def test_a_hidden_name_changes_no_verdict_or_is_named(lesson, name, ended):
    check_hidden_names(lesson, name, ["a number"], ended)


@pytest.mark.nightly
@pytest.mark.parametrize("lesson, name", EXERCISES, ids=lambda text: text)
def test_a_name_hidden_by_anything_changes_no_verdict_or_is_named(lesson, name, ended):
    check_hidden_names(lesson, name, list(VALUES), ended)


def beside(files, lesson, folder, more=()):
    """The lesson's first cells, one solved exercise and `more` cells, run where these files lie beside the notebook."""
    for file in files:
        (folder / file).write_text("value = 1\n", encoding="utf-8")
    solved = lesson_runs.copies(next(path for path in LESSONS if path.stem.startswith(lesson)))["solved"]
    first, rest = lesson_runs.sections(solved)
    exercise = next(cell for section in rest for cell in section if "def " in cell.source and ".check(" in cell.source)
    cells = [*first, exercise, *map(nbformat.v4.new_code_cell, more)]
    return passes_in_one_kernel([nbformat.v4.new_notebook(cells=cells)], folder, cut_off())[0].cells


@pytest.mark.parametrize("files", [["random.py", "string.py", "statistics.py"], ["torch.py"], ["numpy.py"]], ids=str)
def test_a_file_that_hides_a_library_changes_no_verdict_or_is_named(files, tmp_path, ended):
    cells = beside(files, "00", tmp_path)
    stops = [output for cell in cells for output in cell.outputs if output.output_type == "error"]
    if stops:
        assert stops[0].ename == "HidesALibrary" and any(f"`{file}`" in stops[0].evalue for file in files), stops[0]
    else:
        assert "✓ Right" in shown(cells[-1])
    for _ in files:
        ended("explained" if stops else "recovered")


@pytest.mark.nightly
@pytest.mark.parametrize("lesson", ["01", "07", "10", "11"])
@pytest.mark.parametrize("file", ["random.py", "string.py", "statistics.py", "torch.py", "numpy.py"])
def test_a_file_hides_a_library_from_a_heavier_lesson(file, lesson, tmp_path, ended):
    launched = ["print('ranks', launch(lambda: __import__('random').random() < 1, processes=2).values)"]
    cells = beside([file], lesson, tmp_path, launched if lesson == "10" else ())
    stops = [output for cell in cells for output in cell.outputs if output.output_type == "error"]
    if stops:
        assert stops[0].ename == "HidesALibrary" and f"`{file}`" in stops[0].evalue, stops[0]
    else:
        assert any("✓ Right" in shown(cell) for cell in cells)
        assert lesson != "10" or "ranks" in shown(cells[-1])
    ended("explained" if stops else "recovered")


def defined(source, **names):
    namespace = {"torch": torch, **names}
    exec(source, namespace)
    return namespace["f"]


@pytest.mark.parametrize("source, names, stopped, hidden", [
    ("def f(x): return sum(x)", {"sum": 3}, False, ["sum"]),
    ("def f(x): return x.sum()", {"sum": 3}, True, []),                         # a method of the tensor's
    ("def f(x): return x @ F", {"F": torch.ones(2)}, True, []),                 # a matrix that is called so
    ("def f(x): return F.relu(x)", {"F": torch.ones(2)}, True, ["F"]),
    ("def f(x): return x * input", {"input": 2.0}, False, []),                  # a variable that is called so
    ("def f(x): return list(map(abs, x))", {"abs": 1}, True, ["abs"]),
    ("def f(x): return [max(v) for v in x]", {"max": torch.max}, False, ["max"]),
    ("def g(x): return torch.exp(x)\ndef f(x): return g(x)", {"torch": None}, False, ["torch"]),
    ("class f:\n    def forward(self, x): return len(x)", {"len": 1}, False, ["len"]),
    ("def f(sum): return sum(1)", {"sum": 3}, True, []),                        # its own argument
    ("def f(x): return len(x)", {"len": len}, True, []),
])
def test_a_name_is_hidden_where_it_is_meant(source, names, stopped, hidden):
    assert list(hidden_names(defined(source, **names), stopped)) == hidden


def test_a_file_hides_a_library_only_where_python_looks_and_before_it_is_loaded(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name in ("torch.py", "test.py", "mine.py", "antigravity.py"):
        (tmp_path / name).touch()
    sys.path.insert(0, "")
    refuse_namesakes()                                      # torch is loaded, nobody needs the others
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    (tmp_path / "colorsys").mkdir()
    refuse_namesakes()                                      # a folder of notes is no module
    (tmp_path / "colorsys" / "__init__.py").touch()
    with pytest.raises(HidesALibrary, match="`colorsys`"):
        refuse_namesakes()
    sys.path.remove("")
    refuse_namesakes()


# ---- the rules, tried on what they forbid ----


def test_what_goes_wrong_in_a_lesson_is_seen(tmp_path):
    cells = ["1 / 0", "import sys; print('beware', file=sys.stderr)", "print('a number ≠ here')", "fine = 1",
             "from course_utils.data import split; split(1, 2)"]
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    ran = passes_in_one_kernel([notebook, notebook], tmp_path, cut_off())[1]
    assert [fault.split(":")[0] for fault in faults(ran, notebook, "as stored")] == \
        ["red", "red", "red", "outside of what is expected"]
    assert [text.split(":")[0] for text in not_in_our_words(ran)] == ["ZeroDivisionError", "red"]


def test_a_cell_that_is_run_twice_shows_what_it_did_each_time(tmp_path):
    count = nbformat.v4.new_code_cell("runs = globals().get('runs', 0) + 1\nprint(runs)")
    ran, = passes_in_one_kernel([each_twice(nbformat.v4.new_notebook(cells=[count]))], tmp_path, cut_off())
    assert list(map(shown, ran.cells)) == ["1\n", "2\n"]
    nbformat.validate(ran)


def test_conditions_are_counted_where_they_are_there():
    assert len(Odd(1, "default", "C").conditions) + 1 == len(Odd(1, "default", "C", twice=True).conditions) == 8
