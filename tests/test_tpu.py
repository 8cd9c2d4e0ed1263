"""Without a torch_xla that fits, asking for an XLA device ends in a sentence. With one: see tests/own_environment/."""

import sys
from pathlib import Path

import nbformat
import pytest
import torch
import torch.nn.functional as F

from course_utils.data import Examples
from course_utils.distributed import fit_on_xla, xla_device
from course_utils.models import MultinomialLogisticRegression

ROOT = Path(__file__).resolve().parents[1]


def ask_for_a_device():
    xla_device()


def train():
    model = MultinomialLogisticRegression(4, 3)
    fit_on_xla(model, Examples(torch.rand(9, 4), torch.arange(9) % 3), F.cross_entropy,
               torch.optim.SGD(model.parameters(), lr=0.1))


@pytest.mark.parametrize("call", [ask_for_a_device, train])
def test_where_torch_xla_is_missing_a_sentence_says_so(call, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch_xla", None)
    with pytest.raises(ImportError, match='not installed here.*CONTRIBUTING.md says how, under "On a TPU"'):
        call()


def test_where_it_was_built_for_another_torch_the_sentence_names_both_versions(tmp_path, monkeypatch):
    for file, text in {
        "torch_xla/__init__.py": 'raise ImportError("_XLAC.so: undefined symbol: _ZN5torch8autograd10deleteNodeE")',
        "torch_xla-2.9.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: torch_xla\nVersion: 2.9.0\n",
    }.items():
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "torch_xla", raising=False)
    with pytest.raises(ImportError, match=rf"torch_xla 2\.9\.0 does not fit torch {torch.__version__.split('+')[0]}"):
        xla_device()


def test_the_lesson_shows_the_lines_of_fabric_that_are_tested():
    lesson = next(ROOT.glob("notebooks/10_*.ipynb"))
    cells = nbformat.read(lesson, as_version=4).cells
    shown = {line.strip() for cell in cells for line in cell.source.split("\n")}
    example = (ROOT / "tests" / "own_environment" / "fabric_example.py").read_text(encoding="utf-8")
    worker = example.split("def worker")[1].split("return model")[0]
    loop = [line.strip() for line in worker.split("for batch in")[1].splitlines()[1:] if line.strip()]
    setup = next(line.strip() for line in worker.splitlines() if "fabric.setup" in line)
    assert len(loop) == 6 and {setup, *loop} <= shown
