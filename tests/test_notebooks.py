"""The rules for lessons, and both copies of each run from beginning to end with the network cut off.

First the solved copy, then, in the same kernel, the untouched one: what studies found is shown again there, so that it
takes seconds. In a browser, with every experiment made anew, lessons take turns: tests/browser/.
"""

import ast
import os
import re
import subprocess
import sys
import threading
import time
import tomllib
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from browser.lab import chromium_path
from executed import TAG, changed_outputs, code_cells, not_run, notebook_of, passes_in_one_kernel, red

from course_utils import __version__
from course_utils.course import publish, workbook

ROOT = Path(__file__).resolve().parents[1]
LESSONS = workbook.lessons(ROOT / "notebooks")
REPOSITORY = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"]
FIRST_CELL = f"""# @title This fetches the course where it is missing, as on Colab {{ display-mode: "form" }}
try:
    import course_utils
except ModuleNotFoundError:
    import subprocess
    import sys

    # the package of this lesson's own version, and it alone: torch and numpy stay as they are
    wheel = "{REPOSITORY}/releases/download/v{__version__}/course_utils-{__version__}-py3-none-any.whl"
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--retries", "1", wheel]

    class NotFetched(Exception):
        def _render_traceback_(self):  # one sentence in place of a page of red
            return ["The course could not be fetched from GitHub. Are you online? Then run this cell again."]

    if subprocess.run(pip, capture_output=True).returncode:
        raise NotFetched from None"""
FRAME = ["Recall", "Explorer", "Exercises", "Claim", "What you can now claim"]
FIRST_LESSON_HAS_NO = {"Recall", "Claim"}               # nothing lies behind it
PUBLIC = ["data", "datasets", "metrics", "models", "penalties", "optimizers", "surfaces", "train", "optimum", "sweep",
          "distributed", "plotting", "display", "checker", "explorer", "course"]
MOST_LINES, MOST_PLOTTING_LINES = 18, 8                 # of a cell
SECOND = [path for path in LESSONS if path.stem[:2] < "10"]     # lessons whose experiments are studies
MOST_CODE, MOST_WORDS = 200, 1_800                      # of such a lesson
WORDS_A_MINUTE, SECONDS_A_LINE, MINUTES_AN_EXERCISE = 180, 8, 4
MOST_SECONDS, MOST_CELL_SECONDS = 60, 20

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
each_of_second = pytest.mark.parametrize("path", SECOND, ids=lambda path: path.stem)


def parse(cell):
    """The cell's code without IPython's own commands."""
    lines = [re.sub(r"^(\s*)[%!].*", r"\1pass", line) for line in cell.source.split("\n")]
    return ast.parse("\n".join(lines))


def test_there_are_lessons_and_only_lessons():
    files = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert LESSONS and files == {path.name for path in LESSONS}


# ---- rules ----


@each_lesson
def test_a_lesson_is_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    tagged = 0
    for cell in code_cells(notebook):
        kept = TAG in cell.metadata.get("tags", [])
        assert cell.execution_count == (1 if kept else None), cell.source      # tools want a number beside outputs
        if kept:
            tagged += 1
            assert cell.outputs and all(output.output_type == "stream" or set(output.data) == {"text/plain"}
                                        for output in cell.outputs), cell.source
        else:
            assert cell.outputs == [], cell.source
    assert tagged <= 4, "two to four tagged cells a notebook"


@each_lesson
def test_cells_have_ids_of_their_own_and_the_kernel_is_python3(path):
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    assert (notebook.nbformat, notebook.nbformat_minor >= 5) == (4, True)
    ids = [cell.get("id") for cell in notebook.cells]
    assert all(ids) and len(set(ids)) == len(ids)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "widgets" not in notebook.metadata


@each_lesson
def test_the_title_comes_first_and_then_the_same_folded_cell_everywhere(path):
    title, install = nbformat.read(path, as_version=4).cells[:2]
    assert title.cell_type == "markdown" and install.source == FIRST_CELL
    assert install.metadata.get("jupyter", {}).get("source_hidden") is True


def lines(cell):
    return [line for line in cell.source.split("\n") if line.strip()]


def words(notebook):
    return sum(len(cell.source.split()) for cell in notebook.cells if cell.cell_type == "markdown")


@each_of_second
def test_a_lesson_opens_with_its_picture(path):
    cell = nbformat.read(path, as_version=4).cells[2]
    assert cell.id == "picture" and "studies.opening.run()" in cell.source and len(lines(cell)) <= 4


def minutes(notebook):
    """(promised, needed): what the first text says, and what words, code and exercises take."""
    code = sum(len(lines(cell)) for cell in code_cells(notebook))
    exercises = sum(bool(workbook.checks(cell.source)) for cell in code_cells(notebook))
    needed = words(notebook) / WORDS_A_MINUTE + code * SECONDS_A_LINE / 60 + exercises * MINUTES_AN_EXERCISE
    return int(re.search(r"\b(\d\d+) minutes\b", notebook.cells[0].source)[1]), needed


@each_of_second
def test_a_lesson_is_as_short_as_its_minutes_say(path):
    notebook = nbformat.read(path, as_version=4)
    code = sum(len(lines(cell)) for cell in code_cells(notebook))
    assert code <= MOST_CODE and words(notebook) <= MOST_WORDS, (code, words(notebook))
    promised, needed = minutes(notebook)
    assert abs(promised - needed) <= 5, f"{needed:.0f} minutes are needed"


@each_lesson
def test_no_lesson_takes_much_longer_than_it_says(path):
    """The last one may take less than is counted: twelve of its exercises are answered with a letter or a number."""
    promised, needed = minutes(nbformat.read(path, as_version=4))
    assert promised >= 0.8 * needed, f"{needed:.0f} minutes are needed"


def plots(tree):
    """Whether the code calls a method that draws on an Axes."""
    drawing = {"plot", "scatter", "bar", "barh", "imshow", "contour", "contourf", "annotate", "subplots", "hist"}
    return any(isinstance(node, ast.Attribute) and node.attr in drawing for node in ast.walk(tree))


@each_of_second
def test_no_machinery_stands_in_the_readers_way(path):
    for cell in code_cells(nbformat.read(path, as_version=4)):
        tree = parse(cell)
        assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree)), f"a study expects it:\n{cell.source}"
        assert not any(isinstance(node, ast.Expr) and isinstance(node.value, ast.Tuple) for node in ast.walk(tree)), \
            f"a statement that ends in a comma:\n{cell.source}"
        if plots(tree):
            assert len(lines(cell)) <= MOST_PLOTTING_LINES, f"let a study draw it:\n{cell.source}"


@each_of_second
def test_a_lesson_leads_to_the_next_and_links_hold(path):
    notebook = nbformat.read(path, as_version=4)
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    targets = re.findall(r"\]\((\d\d_\w+\.ipynb)\)", "\n".join(prose))
    assert all((path.parent / target).is_file() for target in targets)
    following = next(lesson.name for lesson in LESSONS if lesson.name > path.name)
    last = prose[-1].rsplit("\n\n", 1)[-1]
    assert f"]({following})" in last, "the last paragraph links to the next lesson, in `my_work/` and on the site"
    on_colab = f"https://colab.research.google.com/github/{REPOSITORY.removeprefix('https://github.com/')}/blob/main"
    assert f"([on Colab]({on_colab}/notebooks/{following}))" in last, "where a copy in Drive has no lesson beside it"


@each_of_second
def test_half_of_the_exercises_are_code(path):
    from course_utils.checker import CodeExercise, Exercise, Prediction

    exercises = [value for name, value in vars(publish.catalogue(path.stem)).items()
                 if isinstance(value, Exercise) and name[0] != "_"]
    code = sum(isinstance(exercise, CodeExercise) for exercise in exercises)
    assert sum(isinstance(exercise, Prediction) for exercise in exercises) <= 2
    assert path.stem.startswith("00") or (code >= 4 and 2 * code >= len(exercises)), (code, len(exercises))


def headings(notebook):
    """(level, text) of every heading, in order; what stands in a code block is none."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"```.*?```", "", cell.source, flags=re.S)
            found += [(len(marks), text.strip()) for marks, text in re.findall(r"^(#+) (.+)$", prose, re.M)]
    return found


@each_lesson
def test_headings_make_an_outline(path):
    levels = [level for level, _ in headings(nbformat.read(path, as_version=4))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(level <= before + 1 for before, level in zip(levels, levels[1:], strict=False))


@each_lesson
def test_a_lesson_keeps_the_frame(path):
    notebook = nbformat.read(path, as_version=4)
    number, opening = int(path.stem[:2]), next(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert opening.startswith(f"# {number} · "), "the first text begins with the number and the title"
    assert re.search(r"^\*\*.+\?\*\*$", opening, re.M), "the question stands on a line of its own, in bold"
    assert re.search(r"\b\d\d minutes\b", opening)
    sections = [text for level, text in headings(notebook) if level == 2]
    wanted = [name for name in FRAME if number or name not in FIRST_LESSON_HAS_NO]
    places = [next((i for i, text in enumerate(sections) if text.startswith(name)), None) for name in wanted]
    assert None not in places, f"missing: {[name for name, place in zip(wanted, places, strict=True) if place is None]}"
    assert places == sorted(places), f"in another order: {sections}"


@each_lesson
def test_code_cells_are_short(path):
    for cell in code_cells(nbformat.read(path, as_version=4)):
        assert len([line for line in cell.source.split("\n") if line.strip()]) <= MOST_LINES, cell.source


def exported():
    """The names that notebooks import from course_utils."""
    names = set()
    for module in PUBLIC:
        file, room = ROOT / "course_utils" / f"{module}.py", ROOT / "course_utils" / module / "__init__.py"
        file = room if room.exists() else file
        for node in ast.parse(file.read_text(encoding="utf-8")).body if file.exists() else []:
            names |= {name for name in bound(node) if not name.startswith("_")}
            if bound(node) == {"__all__"}:
                names |= set(ast.literal_eval(node.value))
    return names - {"probabilities"}            # a word of the course's vocabulary, whatever exports it


def bound(statement):
    """The names that a statement binds where it stands, imports aside."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    names = set()
    for node in ast.iter_child_nodes(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif not isinstance(node, ast.Lambda):
            names |= bound(node)
    return names


@each_lesson
def test_no_name_of_ours_is_defined_anew(path):
    ours = exported()
    for cell in code_cells(nbformat.read(path, as_version=4)):
        for statement in parse(cell).body:
            assert not bound(statement) & ours, f"choose another name than {bound(statement) & ours}:\n{cell.source}"


@each_lesson
def test_exercises_are_all_used_each_in_a_cell_of_its_own(path):
    from course_utils.checker import Exercise

    catalogue = publish.catalogue(path.stem)
    exercises = {name for name, value in vars(catalogue).items() if isinstance(value, Exercise) and name[0] != "_"}
    used = []
    for cell in code_cells(nbformat.read(path, as_version=4)):
        names = [name for name, _ in workbook.checks(cell.source)]
        if names:
            assert len(names) == 1, f"one check a cell, because a cell shows the last one only:\n{cell.source}"
            assert ast.unparse(parse(cell).body[-1]).startswith(f"exercises.{names[0]}.check("), cell.source
        used += names
    assert len(set(used)) == len(used) >= 5
    assert set(used) == exercises


@each_lesson
def test_a_lesson_names_no_place_of_one_computer(path):
    place = re.compile(r"(?<![\w.:/])/(?:home|Users|root|tmp|work|content|mnt)\b|\b[A-Z]:\\\\?\w")
    for cell in nbformat.read(path, as_version=4).cells:
        assert not place.search(cell.source), cell.source


@each_lesson
def test_formulas_keep_their_backslashes(path):
    for cell in nbformat.read(path, as_version=4).cells:        # "\\text" written in a string by a script becomes a tab
        assert not re.search(r"[\x00-\x09\x0b-\x1f]", cell.source), cell.source


# ---- solved copies, run with the network cut off ----


def test_the_network_is_cut_off():
    code = """
import socket
near = socket.create_server(("127.0.0.1", 0))
socket.create_connection(near.getsockname()).close()
for attempt in (lambda: socket.socket().connect(("240.0.0.1", 9)),
                lambda: socket.create_connection(("somewhere.invalid", 9))):
    try:
        attempt()
    except OSError as refusal:
        assert "cut off" in str(refusal), refusal
    else:
        raise SystemExit("reached something")
print("near only")
"""
    done = subprocess.run([sys.executable, "-c", code], env=cut_off(), capture_output=True, text=True)
    assert done.stdout == "near only\n", done.stderr


def cut_off():
    folders = [str(Path(__file__).parent / "no_network"), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "COURSE_OFFLINE": "1", "PYTHONPATH": os.pathsep.join(folders)}


class Run(NamedTuple):
    notebook: nbformat.NotebookNode
    untouched: nbformat.NotebookNode | None     # as it is stored, run afterwards
    seconds: float              # of the solved copy, from the start of its kernel
    cells: list[float]          # seconds of each code cell
    own: float                  # peak of what it and the processes it started own (RssAnon), MB; 0 where unreadable
    total: float                # peak with the pages of libraries, which processes share and the system can take back
    load: float                 # processes that wanted to compute at the end, on average over a minute


class Scale(threading.Thread):
    """Weighs a process, with those that it started, five times a second until it is gone."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.weighed = pid, []        # [(when, MB of its own, MB with the pages of libraries)]

    def run(self):
        while sizes := memory(self.pid):
            sizes += [size for child in started_by(self.pid) for size in memory(child)]
            self.weighed.append((datetime.now(UTC), *(sum(kind) for kind in zip(*sizes, strict=True))))
            time.sleep(0.2)

    def peaks(self, until=None):
        """The largest of both sizes up to a moment."""
        sizes = [sizes for when, *sizes in self.weighed if until is None or when <= until]
        return [max(kind) for kind in zip(*sizes, strict=True)] or [0.0, 0.0]


def memory(pid):
    """[(MB of its own, MB with the pages of libraries)] of a process; [] if it is over, or there is no /proc."""
    try:
        sizes = dict(re.findall(r"^(RssAnon|VmRSS):\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M))
    except OSError:
        return []
    return [(int(sizes["RssAnon"]) / 1e3, int(sizes["VmRSS"]) / 1e3)] if len(sizes) == 2 else []


def started_by(pid):
    """The processes that this one started, whichever thread did it; those that they started are not followed."""
    try:
        return [int(child) for task in Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()]
    except OSError:                                         # over in between
        return []


KEEP_FINDINGS = "import kept_findings\nkept_findings.keep()"
LONG_UNTOUCHED = ("10", "11")           # their experiments stand on the page: the untouched copy is run in the browser


def run_solved(path, folder, env, and_untouched=False):
    """The solved copy, executed; then the untouched one, without the names of the first, in the same kernel."""
    scales = []

    def watch(client):
        if not scales:
            scales.append(Scale(client.km.provisioner.pid))
            scales[0].start()

    stored = nbformat.read(path, as_version=4)
    passes = [publish.solved(stored, publish.catalogue(path.stem), path.name)]
    if and_untouched:
        passes += [nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("%reset -f")]), stored]
        folders = [str(Path(__file__).parent / "faults"), *filter(None, [env.get("PYTHONPATH")])]
        env = env | {"PYTHONPATH": os.pathsep.join(folders)}
    begin = datetime.now(UTC)
    first = KEEP_FINDINGS if and_untouched else ""
    notebook, *others = passes_in_one_kernel(passes, folder, env, first, 2 * MOST_SECONDS, watch)
    end = max(filter(None, (times_of(cell)[1] for cell in code_cells(notebook))))
    return Run(notebook, others[-1] if others else None, (end - begin).total_seconds(),
               [seconds_of(cell) for cell in code_cells(notebook)], *scales[0].peaks(until=end),
               os.getloadavg()[0] if hasattr(os, "getloadavg") else 1.0)


def times_of(cell):
    """When a cell began and ended; None where it did not."""
    times = cell.metadata.get("execution", {})
    return [datetime.fromisoformat(times[name]) if name in times else None
            for name in ("iopub.execute_input", "shell.execute_reply")]


def seconds_of(cell):
    begin, end = times_of(cell)
    return (end - begin).total_seconds() if begin and end else 0.0


def assert_all_right(notebook):
    content = nbformat.writes(notebook).encode()
    wrong = set(workbook.exercises(content)) - workbook.right(content)
    cells = [cell for cell in code_cells(notebook) if {name for name, _ in workbook.checks(cell.source)} & wrong]
    assert not wrong, "\n\n".join(f"{cell.source}\n{cell.outputs}" for cell in cells)


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def solved(request, tmp_path_factory):
    path = request.param
    return run_solved(path, tmp_path_factory.mktemp(path.stem), cut_off(),
                      and_untouched=not path.stem.startswith(LONG_UNTOUCHED) or chromium_path() is None)


def test_every_check_says_right(solved):
    assert_all_right(solved.notebook)


def test_a_solved_lesson_runs_to_its_end_without_red(solved):
    assert not_run(solved.notebook) == []
    assert red(solved.notebook) == []


def test_what_a_lesson_measures_is_what_it_expects(solved):
    """Each study on the page shows its numbers; none is marked as lying outside of its range."""
    calls = sum(len(re.findall(r"\bstudies\.\w+\.run\(", cell.source)) for cell in code_cells(solved.notebook))
    shown = ["".join(output.get("data", {}).get("text/plain", "")) for cell in code_cells(solved.notebook)
             if "studies." in cell.source for output in cell.outputs]
    assert not [text for text in shown if "≠" in text]
    assert len([text for text in shown if text]) >= calls, "what a study finds is shown: it ends its cell"


def test_a_solved_lesson_prints_what_is_stored(solved, request):
    stored = nbformat.read(ROOT / "notebooks" / f"{request.node.callspec.id}.ipynb", as_version=4)
    assert changed_outputs(solved.notebook, stored) == []


def test_a_lesson_is_quick(solved, record_property, request):
    slowest = max(solved.cells)
    record_property("lesson", f"{request.node.callspec.id:<32} {solved.seconds:5.1f} s, slowest cell {slowest:4.1f} s, "
                              f"peak memory {solved.own:5.0f} MB of its own, {solved.total:5.0f} MB with libraries")
    # Where other work crowds the machine, a lesson gets its share of it only, and takes longer by as much.
    crowd = max(1.0, solved.load / (os.cpu_count() or 1))
    assert solved.seconds < MOST_SECONDS * crowd and slowest < MOST_CELL_SECONDS * crowd


class Images(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.alts = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.alts.append((dict(attributes).get("alt") or "").strip())


def figures_without_words(notebook):
    """The sources of cells that show a picture which says nothing to those who cannot see it."""
    silent = []
    for cell in code_cells(notebook):
        for output in cell.outputs:
            data = output.get("data", {})
            page = "".join(data.get("text/html", ""))
            if any(kind.startswith("image/") for kind in data) or "" in Images(page).alts:
                silent.append(cell.source)
    return silent


def test_every_figure_says_what_it_shows(solved):
    assert figures_without_words(solved.notebook) == []
    pages = ["".join(output.get("data", {}).get("text/html", "")) for cell in code_cells(solved.notebook)
             for output in cell.outputs]
    assert any(Images(page).alts for page in pages), "a lesson without a single figure"


DOWNLOADS = re.compile(r"load_(mnist|bike_demand)\(")
NEED_DOWNLOADS = [path for path in LESSONS if DOWNLOADS.search(path.read_text(encoding="utf-8"))]


@pytest.mark.in_turn(2)
@pytest.mark.parametrize("path", NEED_DOWNLOADS, ids=lambda path: path.stem)
def test_a_lesson_runs_where_nothing_was_ever_downloaded(path, tmp_path):
    import matplotlib

    bare = {**cut_off(), "COURSE_DATA": "", "XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path),
            "MPLCONFIGDIR": matplotlib.get_cachedir()}       # its list of fonts takes seconds to make
    assert_all_right(run_solved(path, tmp_path, bare).notebook)


# ---- copies as they are stored ----


def test_an_untouched_copy_runs_to_its_end_without_red(solved, request):
    if solved.untouched is None:
        pytest.skip("tests/browser/test_notebooks_in_browser.py runs it")
    stored = nbformat.read(ROOT / "notebooks" / f"{request.node.callspec.id}.ipynb", as_version=4)
    assert not_run(solved.untouched) == []
    assert red(solved.untouched) == []
    assert changed_outputs(solved.untouched, stored) == []
    assert figures_without_words(solved.untouched) == []


# ---- the rules, tried on what they forbid ----


def test_red_is_seen_in_cells_and_inside_widgets(tmp_path):
    cells = ["import sys\nprint('beware', file=sys.stderr)", "import ipywidgets\nout = ipywidgets.Output()\nout",
             "with out:\n    1 / 0"]
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    warning, traceback = red(publish.execute(notebook, tmp_path))
    assert "beware" in warning and "ZeroDivisionError" in traceback


def test_another_output_than_the_stored_one_is_seen():
    def printed(*pieces, **settings):
        return notebook_of(*(nbformat.v4.new_output("stream", text=piece) for piece in pieces), **settings)

    def shown(**data):
        return nbformat.v4.new_output("execute_result", data={"text/plain": "0.5"} | data)

    stored = printed("0.5\n0.25\n", tags=[TAG])
    assert changed_outputs(printed("0.5\n", "0.25\n"), stored) == []
    assert len(changed_outputs(printed("0.5\n0.26\n"), stored)) == len(changed_outputs(printed(), stored)) == 1
    assert changed_outputs(printed("0.26\n"), printed("0.25\n")) == []           # not tagged
    assert changed_outputs(notebook_of(shown()), notebook_of(shown(), tags=[TAG])) == []
    assert len(changed_outputs(notebook_of(shown(**{"text/html": "<b>"})), notebook_of(shown(), tags=[TAG]))) == 1
    assert not_run(printed()) == ["1"]


def test_the_rules_see_what_they_forbid():
    cell = nbformat.v4.new_code_cell("%pip install x\nfor fit in []:\n    a = [b for b in c]\ndef f(): d = 1\nimport e")
    assert set().union(*map(bound, parse(cell).body)) == {"fit", "a", "b", "f"}
    assert {"fit", "History", "load_digits", "Data"} <= exported()
    prose = nbformat.v4.new_markdown_cell("# One\n```\n# a comment\n```\n### Three")
    assert headings(nbformat.v4.new_notebook(cells=[prose])) == [(1, "One"), (3, "Three")]
    shown = [{"text/html": "<img alt=' '>"}, {"text/html": "<img>"}, {"image/png": "x"}, {"text/html": "<img alt='a'>"}]
    outputs = [nbformat.v4.new_output("display_data", data=data) for data in shown]
    cells = [nbformat.v4.new_code_cell(str(i), outputs=[output]) for i, output in enumerate(outputs)]
    assert figures_without_words(nbformat.v4.new_notebook(cells=cells)) == ["0", "1", "2"]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells how much memory a process has")
def test_memory_of_the_processes_that_a_lesson_starts_is_weighed():
    hold = "import sys; held = bytes(range(256)) * 800_000; print('held', flush=True); sys.stdin.read()"      # 205 MB
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    parent = subprocess.Popen([sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    scale = Scale(parent.pid)
    assert parent.stdout.readline() == "held\n"
    scale.start()
    time.sleep(0.5)
    parent.communicate()
    scale.join()
    assert 205 < scale.peaks()[0] < 260
    assert scale.peaks(until=scale.weighed[0][0]) == list(scale.weighed[0][1:])
    assert scale.peaks(until=datetime(2000, 1, 1, tzinfo=UTC)) == [0.0, 0.0]
