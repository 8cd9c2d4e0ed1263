"""What is loaded while the reader reads: after a pause, between cells, and never in their way; and torch, at once."""

import asyncio
import subprocess
import sys
import time
from types import SimpleNamespace

import nbformat
import pytest
import torch
from nbclient import NotebookClient

from course_utils import ahead
from course_utils.study import Finding, study


class Events:
    """IPython's, as far as they are used here."""

    def __init__(self):
        self.registered = {"pre_run_cell": [], "post_run_cell": []}

    def register(self, event, callback):
        self.registered[event].append(callback)

    def unregister(self, event, callback):
        self.registered[event].remove(callback)

    def tell(self, event):
        for callback in list(self.registered[event]):
            callback(None)


@pytest.fixture
def shell():
    return SimpleNamespace(events=Events())


@pytest.fixture
def pieces(tmp_path, monkeypatch):
    """Three modules of which the second cannot be loaded."""
    monkeypatch.syspath_prepend(tmp_path)
    for name, text in (("piece_a", ""), ("piece_b", "raise OSError('not built')"), ("piece_c", "")):
        (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield ("piece_a", "piece_b", "piece_c")
    for name in ("piece_a", "piece_b", "piece_c"):
        sys.modules.pop(name, None)


def test_all_is_loaded_in_a_pause_and_then_nothing_is_listened_to(shell, pieces):
    async def read():
        ahead.Ahead(shell, pieces, pause=0.01)
        shell.events.tell("post_run_cell")
        assert not set(pieces) & set(sys.modules)               # not before the cell has ended
        await asyncio.sleep(0.6)

    asyncio.run(read())
    assert set(pieces) & set(sys.modules) == {"piece_a", "piece_c"}     # one that fails holds nothing up
    assert shell.events.registered == {"pre_run_cell": [], "post_run_cell": []}


def test_where_cell_follows_cell_nothing_is_loaded(shell, pieces):
    async def run_all():
        ahead.Ahead(shell, pieces, pause=0.2)
        for _ in range(5):
            shell.events.tell("pre_run_cell")
            shell.events.tell("post_run_cell")
            await asyncio.sleep(0.05)
        shell.events.tell("pre_run_cell")                       # a long cell: the timer is off while it runs
        await asyncio.sleep(0.4)

    asyncio.run(run_all())
    assert not set(pieces) & set(sys.modules)


def test_a_cell_between_two_pieces_comes_first(shell, pieces, monkeypatch):
    monkeypatch.setattr(ahead, "BREATH", 0.1)

    async def read():
        ahead.Ahead(shell, pieces, pause=0.01)
        shell.events.tell("post_run_cell")
        await asyncio.sleep(0.06)
        shell.events.tell("pre_run_cell")
        await asyncio.sleep(0.4)
        assert set(pieces) & set(sys.modules) == {"piece_a"}
        shell.events.tell("post_run_cell")
        await asyncio.sleep(0.6)

    asyncio.run(read())
    assert "piece_c" in sys.modules


def test_outside_of_a_kernel_nothing_happens(shell, pieces):
    loader = ahead.Ahead(shell, pieces)
    shell.events.tell("post_run_cell")                          # no loop runs
    loader.stop()
    loader.stop()
    assert not set(pieces) & set(sys.modules)


def test_in_a_kernel_the_first_optimizer_finds_all_loaded_after_a_pause(tmp_path):
    count = "import sys\nprint('torch._dynamo' in sys.modules)"
    first, step = (nbformat.v4.new_code_cell(source) for source in (
        "import torch\nfrom course_utils.display import setup\nsetup()\nsetup()\n" + count,
        "before = set(sys.modules)\nweight = torch.ones(2, requires_grad=True)\n"
        "optimizer = torch.optim.SGD([weight], lr=0.1)\nweight.sum().backward()\noptimizer.step()\n"
        "print(len(set(sys.modules) - before) < 20)"))
    client = NotebookClient(nbformat.v4.new_notebook(cells=[first, step]), timeout=120, kernel_name="python3",
                            resources={"metadata": {"path": str(tmp_path)}})
    with client.setup_kernel():
        client.execute_cell(first, 0)
        for _ in range(60):
            time.sleep(ahead.PAUSE + 1)
            client.execute_cell(loaded := nbformat.v4.new_code_cell(count), 1)
            if loaded.outputs[0].text == "True\n":
                break
        client.execute_cell(step, 1)
    said = [[output.text for output in cell.outputs] for cell in (first, loaded, step)]
    assert said == [["False\n"], ["True\n"], ["True\n"]]        # and nothing on red


@pytest.mark.parametrize("room", ["exercises", "studies"])
def test_the_collector_rests_while_torch_is_loaded_and_passes_it_over_later(room):
    tried = f"""
import gc
rounds = []
gc.callbacks.append(lambda phase, about: rounds.append((phase, about["generation"])))
import course_utils.{room}
print(gc.isenabled(), gc.get_freeze_count() > 100_000, ("start", 2) in rounds)
"""
    done = subprocess.run([sys.executable, "-c", tried], capture_output=True, text=True)
    assert done.stdout == "True True False\n", done.stderr


def test_where_torch_is_there_already_the_collector_is_left_alone(monkeypatch):
    monkeypatch.setattr(ahead.gc, "freeze", lambda: pytest.fail("what a learner has made is never collected"))
    ahead.load_torch()


def test_a_torch_that_cannot_be_loaded_leaves_the_collector_at_work(monkeypatch):
    monkeypatch.delitem(sys.modules, "torch")
    monkeypatch.setattr(ahead.importlib, "import_module", lambda name: exec("raise OSError('broken')"))
    with pytest.raises(OSError):
        ahead.load_torch()
    assert ahead.gc.isenabled()


def test_a_study_computes_on_one_thread_and_gives_the_others_back():
    seen = []

    @study(question="How many?")
    def counted(stop: bool = False) -> Finding:
        seen.append(torch.get_num_threads())
        if stop:
            raise KeyboardInterrupt
        return Finding({})

    before = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        counted.run()
        with pytest.raises(KeyboardInterrupt):
            counted.run(stop=True)
        assert seen == [1, 1] and torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_a_picture_is_drawn_once_for_all_forms_in_which_a_notebook_asks_for_it():
    from course_utils.plotting import describe, new_axes

    drawn = []

    def draw():
        drawn.append(1)
        return describe(new_axes(), "A line rises.")

    for first, second in (("__repr__", "_repr_html_"), ("_repr_html_", "__repr__")):
        drawn.clear()
        finding = Finding({"slope": 2.0}, draw=draw)
        shown = [getattr(finding, form)() for form in (first, second, first)]
        assert all("A line rises." in form for form in shown) and drawn == [1] and finding._drawn is None
