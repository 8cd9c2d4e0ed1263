"""Progress bars: seen while a job lasts, gone from the page, from the saved notebook and from the terminal after it."""

import json

import nbformat
import pytest
from nbclient import NotebookClient

from course_utils import bar as module
from course_utils.bar import BarOnPage, bar, with_bar

CELLS = {
    "fit, sweep and launch": """import time
from course_utils.train.progress import Progress
print("before")
progress = Progress(steps=40)
for _ in range(40):
    time.sleep(0.06)
    progress.tick()
progress.close()
print("after", progress.bar is not None)""",
    "download": """from course_utils.bar import bar, with_bar
with bar(desc="MNIST", unit="B") as shown:
    for total in (None, 55_000_000):
        shown.total = total
        shown.update(20_000_000)
        time.sleep(0.3)
print("after True")""",
    "loop": "for _ in with_bar([1, 2]):\n    pass\nprint('after True')",
    "stopped": "for _ in with_bar(range(3)):\n    time.sleep(0.3)\n    1 / (1 - _)",
}


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The notebook as saved, and what was shown on the way: {cell: all states of its bars}."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS.values()])
    states = {name: [] for name in CELLS}
    client = NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True)

    def look(message, cell, cell_index):
        if message["msg_type"] in ("display_data", "update_display_data"):
            states[list(CELLS)[cell_index]].append(message["content"]["data"]["text/plain"])

    process = client.process_message
    client.process_message = lambda message, cell, number: (look(message, cell, number), process(
        message, cell, number))[1]
    client.execute()
    return notebook, states


@pytest.mark.parametrize("name", CELLS)
def test_a_bar_leaves_nothing_behind_in_a_saved_notebook(executed, name):
    notebook, states = executed
    assert len(states[name]) >= 2 and states[name][0] and states[name][-1] == ""        # it was seen, and it went
    cell = notebook.cells[list(CELLS).index(name)]
    assert all(set(output.data.values()) == {""} for output in cell.outputs if output.output_type == "display_data")
    said = "".join(output.text for output in cell.outputs if output.output_type == "stream")
    assert said == ("before\nafter True\n" if name.startswith("fit") else "" if name == "stopped" else "after True\n")
    assert "widgets" not in notebook.metadata and "widget" not in json.dumps(notebook)


def test_a_bar_says_in_words_how_far_it_is(executed):
    states = executed[1]
    assert states["download"] == ["MNIST: 20 MB", "MNIST: 40 MB of 55 MB", ""]
    assert all(state.endswith(" of 40 steps") for state in states["fit, sweep and launch"][:-1])


def shown(**settings):
    seen = []
    made = BarOnPage(lambda data, transient, update: seen.append((data, update)),
                     **{"total": 1_000, "initial": 0, "unit": "step", "desc": "", "delay": 0.0, **settings})
    return made, seen


def test_it_is_drawn_at_once_then_five_times_a_second_and_never_again_once_closed(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    one, seen = shown()
    for _ in range(100):
        one.update()
        now[0] += 0.01
    assert len(seen) == 5 and [update for _, update in seen] == [False, True, True, True, True]
    assert seen[0][0] == {"text/html": '<progress max="1000" value="1" aria-label="1 of 1,000 steps"></progress> '
                                       "1 of 1,000 steps", "text/plain": "1 of 1,000 steps"}
    one.close()
    one.close()
    one.update()
    assert len(seen) == 6 and seen[-1] == ({"text/html": "", "text/plain": ""}, True)


def test_a_job_that_is_done_before_the_delay_shows_nothing():
    one, seen = shown(delay=60)
    with one:
        one.update(1_000)
    assert seen == []


def test_a_name_cannot_break_out_of_the_bar():
    one, seen = shown(desc='"><script>')
    one.update()
    assert "<script>" not in seen[0][0]["text/html"]


def test_in_a_terminal_it_is_wiped_out(capsys):
    assert list(with_bar("abc")) == ["a", "b", "c"]
    with bar(total=3) as wiped:
        wiped.update()
    said = capsys.readouterr()
    assert said.out == "" and said.err.split("\r")[-1] == "" and not said.err.split("\r")[-2].strip()


def test_a_loop_that_is_left_early_ends_the_bar(monkeypatch):
    one, seen = shown()
    monkeypatch.setattr(module, "bar", lambda **settings: one)
    for number in with_bar(iter(range(3))):
        if number == 1:
            break
    assert seen[-1][0] == {"text/html": "", "text/plain": ""}
