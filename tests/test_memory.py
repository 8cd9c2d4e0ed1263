"""Free memory goes back to the system when a cell ends, where the C library has a way to do it."""

import ctypes
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from course_utils import memory

needs_glibc = pytest.mark.skipif(memory._trim() is None, reason="not Linux, or not its usual C library")


@pytest.fixture(autouse=True)
def looked_up_anew():
    memory._trim.cache_clear()
    yield
    memory._trim.cache_clear()


@pytest.fixture
def shell():
    callbacks = {"post_run_cell": []}
    return SimpleNamespace(events=SimpleNamespace(
        callbacks=callbacks, register=lambda event, callback: callbacks[event].append(callback)))


@needs_glibc
def test_what_lies_free_between_pieces_in_use_goes_back():
    """The heap shrinks by itself only at its end, and there the pieces in use stand in the way."""
    status = Path("/proc/self/status")

    def own():
        return int(re.search(r"RssAnon:\s+(\d+)", status.read_text())[1]) / 1e3

    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    pieces = [libc.malloc(100_000) for _ in range(1_000)]
    for piece in pieces:
        ctypes.memset(piece, 1, 100_000)
    for piece in pieces[::2]:
        libc.free(piece)
    before = own()
    memory._after_a_cell()
    after = own()
    for piece in pieces[1::2]:
        libc.free(piece)
    assert before - after > 30                          # of 50 MB


@needs_glibc
def test_it_is_asked_for_once(shell):
    memory.give_back_after_cells(shell)
    memory.give_back_after_cells(shell)
    assert shell.events.callbacks == {"post_run_cell": [memory._after_a_cell]}


@pytest.mark.parametrize("platform, library", [("darwin", ctypes.CDLL), ("win32", ctypes.CDLL),
                                               ("linux", lambda name: SimpleNamespace())], ids=str)
def test_elsewhere_nothing_happens(platform, library, shell, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", library)
    memory.give_back_after_cells(shell)
    assert shell.events.callbacks == {"post_run_cell": []}


@needs_glibc
def test_setup_asks_for_it_in_a_kernel(tmp_path):
    cells = ["from course_utils.display import setup\nsetup()\nsetup()",
             "from course_utils import memory\n"
             "print(get_ipython().events.callbacks['post_run_cell'].count(memory._after_a_cell))"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=60, kernel_name="python3",
                   resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert [[output.text for output in cell.outputs] for cell in notebook.cells] == [[], ["1\n"]]
