"""Free memory goes back to the system, where the C library has a way to do it, and when."""

import ctypes
import gc
import re
import sys
import weakref
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import torch
import torch.nn.functional as F
from nbclient import NotebookClient

from course_utils import memory
from course_utils.models import LogisticRegression
from course_utils.sweep import sweep
from course_utils.sweep.stack import Stack

needs_glibc = pytest.mark.skipif(memory._trim() is None, reason="not Linux, or not its usual C library")


@pytest.fixture(autouse=True)
def looked_up_anew():
    memory._trim.cache_clear()
    yield
    memory._trim.cache_clear()


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
    memory.give_back()
    after = own()
    for piece in pieces[1::2]:
        libc.free(piece)
    assert before - after > 30                          # of 50 MB


def test_what_points_at_itself_and_is_new_is_collected():
    """As the parts of a picture do; what is old is left to Python, for to look at everything takes too long."""
    class Part:
        pass

    def ring():
        part = Part()
        part.itself = part
        return weakref.ref(part)

    gc.collect()
    gc.disable()
    try:
        new = ring()
        memory.give_back()
        assert new() is None
    finally:
        gc.enable()


def test_a_sweep_leaves_nothing_to_collect():
    """Its stacks hold every weight and gradient: they are free when it ends, not when the collector comes round."""
    X = torch.randn(20, 2, generator=torch.Generator().manual_seed(0))

    def once():
        sweep(lambda: LogisticRegression(2), (X, (X[:, 0] > 0).float()), F.binary_cross_entropy_with_logits,
              lr=[0.1, 1.0], epochs=[1], seeds=range(2))

    once()                                              # what is loaded on the way may leave something
    gc.collect()
    gc.disable()
    try:
        once()
        assert not [thing for thing in gc.get_objects() if type(thing) is Stack]
    finally:
        gc.enable()


@pytest.mark.parametrize("platform, library", [("darwin", ctypes.CDLL), ("win32", ctypes.CDLL),
                                               ("linux", lambda name: SimpleNamespace())],
                         ids=["macOS", "Windows", "another C library"])
def test_elsewhere_nothing_happens(platform, library, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", library)
    memory.give_back()
    assert memory._trim() is None


def test_a_sweep_gives_back_once_for_each_stack(monkeypatch):
    from course_utils.sweep import loop

    asked = []
    monkeypatch.setattr(loop, "give_back", lambda: asked.append(1))
    X = torch.randn(20, 2, generator=torch.Generator().manual_seed(0))
    sweep(lambda: LogisticRegression(2), (X, (X[:, 0] > 0).float()), F.binary_cross_entropy_with_logits,
          lr=[0.1, 1.0], batch_size=[5, 20], epochs=[1], seeds=range(2))
    assert len(asked) == 2                              # one a batch size


def test_setup_asks_for_it_in_a_kernel(tmp_path):
    cells = ["from course_utils.display import setup\nsetup()\nsetup()",
             "from course_utils.memory import give_back\n"
             "print(get_ipython().events.callbacks['post_run_cell'].count(give_back))"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=60, kernel_name="python3",
                   resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert [[output.text for output in cell.outputs] for cell in notebook.cells] == [[], ["1\n"]]
