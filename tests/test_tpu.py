"""Without a torch_xla that fits, asking for an XLA device ends in a sentence. With one: see tests/own_environment/."""

import sys

import pytest
import torch
import torch.nn.functional as F

from course_utils.data import Examples
from course_utils.distributed import fit_on_xla, xla_device
from course_utils.models import MultinomialLogisticRegression


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
