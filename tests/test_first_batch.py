"""What `training` says before and while it trains: every accident is provoked, and its sentence asserted.

The 25 commonest accidents, and which module voices each. Those of training are provoked here, in `ACCIDENTS` or in the
test named; the others belong to the tests of the module named.
"""

import re

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.data import Data, Examples
from course_utils.models import MLP
from course_utils.train import evaluate, fit
from course_utils.train.failures import explain_out_of_memory

VOICES = {
    "1 empty answer": "checker",
    "2 name not defined": "checker",
    "3 forgot return": "checker",  # and checks, for a forward without return
    "4 wrong shape": "checker",
    "5 (N,1) against (N,)": "checks",
    "6 float labels": "checks",
    "7 one-hot labels": "checks",
    "8 labels out of range": "checks",
    "9 softmax twice": "checks",
    "10 uint8 images": "checks",
    "11 layer size": "checks",
    "12 loss is nan": "failures",
    "13 loss does not move": "failures",
    "14 no zero_grad": "checker",
    "15 old optimizer": "checks",
    "16 trained twice": "train",
    "17 eval forgotten": "checker",
    "18 needs grad to numpy": "checker",
    "19 name hides a built-in": "checker",
    "20 loop without end": "checker",
    "21 you pressed stop": "train",
    "22 no internet": "download",
    "23 login page": "download",
    "24 damaged file": "download",
    "25 memory": "failures",
}

X = torch.randn(64, 6, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(64) % 3
IMAGES = torch.randint(256, (64, 4, 5), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
YES_NO = (X[:, 0] > 0).float()


def linear(n_in=6, n_out=3, *more):
    return nn.Sequential(nn.Linear(n_in, n_out), *more)


class NoReturn(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 3)

    def forward(self, X):
        self.linear(X)


def frozen():
    return linear().requires_grad_(False)


# what happens: (model, X, y, loss function, the sentence)
ACCIDENTS = {
    "5 (N,1) against (N,)": (
        linear(6, 1),
        X,
        YES_NO,
        F.binary_cross_entropy_with_logits,
        "Predictions (32, 1) and targets (32,) would be compared all with all (32 x 32). Use `pred.squeeze(1)`.",
    ),
    "5 (N,) against (N,1)": (
        linear(6, 1, nn.Flatten(0)),
        X,
        YES_NO.unsqueeze(1),
        F.mse_loss,
        "Predictions (32,) and targets (32, 1) would be compared all with all (32 x 32). Use `y.squeeze(1)`.",
    ),
    "5 two targets for three predictions": (
        linear(),
        X,
        X[:, :2],
        F.mse_loss,
        "Predictions (32, 3) and targets (32, 2) differ in shape. Each prediction needs exactly one target beside it.",
    ),
    "6 float labels": (
        linear(),
        X,
        LABELS.float(),
        F.cross_entropy,
        "Labels hold float32. Class numbers must be whole numbers. Use `y.long()`.",
    ),
    "6 int32 labels": (
        linear(),
        X,
        LABELS.int(),
        nn.CrossEntropyLoss(),
        "Labels hold int32; this loss takes int64. Use `y.long()`.",
    ),
    "6 whole targets where decimals are due": (
        linear(6, 1, nn.Flatten(0)),
        X,
        YES_NO.long(),
        F.binary_cross_entropy_with_logits,
        "Targets hold int64; this loss needs decimals. Use `y.float()`.",
    ),
    "7 one-hot labels": (
        linear(),
        X,
        F.one_hot(LABELS, 10),
        F.cross_entropy,
        "Labels have 10 columns of 0 and 1. Give the class number instead: `y.argmax(dim=1)`.",
    ),
    "7 labels in a column": (
        linear(),
        X,
        LABELS.unsqueeze(1),
        F.cross_entropy,
        "Labels have shape (64, 1); (n,) is needed. Use `y.squeeze(1)`.",
    ),
    "7 probabilities of too many classes": (
        linear(),
        X,
        torch.ones(64, 4) / 4,
        F.cross_entropy,
        "Labels have 4 columns and the model has 3 outputs; they must agree.",
    ),
    "8 labels out of range": (
        linear(),
        X,
        LABELS + 1,
        F.cross_entropy,
        "Found label 3, but the model has 3 outputs, numbered 0 to 2. Are your labels counted from 1?",
    ),
    "8 too few outputs": (
        linear(6, 2),
        X,
        LABELS,
        F.cross_entropy,
        "Found label 2, but the model has 2 outputs, numbered 0 to 1.",
    ),
    "8 negative labels": (
        linear(),
        X,
        LABELS - 1,
        F.cross_entropy,
        "Found label -1. Classes are numbered from 0 to 2.",
    ),
    "8 classes for a yes/no loss": (
        linear(6, 1, nn.Flatten(0)),
        X,
        LABELS.float(),
        F.binary_cross_entropy_with_logits,
        "Targets run from 0 to 2; this loss takes 0 and 1. "
        "For more classes use `F.cross_entropy` with one output a class.",
    ),
    "8 one score for cross-entropy": (
        linear(6, 1, nn.Flatten(0)),
        X,
        LABELS,
        F.cross_entropy,
        "The model gives one score per example, (32,); this loss needs one per class, (n, K). "
        "For two classes with one score use `F.binary_cross_entropy_with_logits`.",
    ),
    "10 uint8 images": (
        linear(20, 3),
        IMAGES.flatten(1),
        LABELS,
        F.cross_entropy,
        "Inputs are whole numbers; the layer needs decimals.",
    ),
    "10 uint8 images, not yet flat": (
        nn.Sequential(nn.Flatten(), nn.Linear(20, 3)),
        IMAGES,
        LABELS,
        F.cross_entropy,
        "Images are whole numbers 0-255; the layer needs decimals. `x.float() / 255`.",
    ),
    "10 float64 inputs": (
        linear(),
        X.double(),
        LABELS,
        F.cross_entropy,
        "Inputs hold float64 and the model float32. Convert the inputs: `X.to(torch.float32)`.",
    ),
    "11 images not flat": (
        linear(20, 3),
        IMAGES.float(),
        LABELS,
        F.cross_entropy,
        "The layer expects 20 inputs but got images of 4 x 5. Flatten first: `x.flatten(1)`.",
    ),
    "11 layer size": (
        nn.Sequential(nn.Flatten(), nn.Linear(784, 3)),
        IMAGES.float(),
        LABELS,
        F.cross_entropy,
        "The layer expects 784 inputs but each example has 20. Make the layer for 20 inputs.",
    ),
    "11 one number an example": (
        linear(1, 3),
        X[:, 0],
        LABELS,
        F.cross_entropy,
        "X has shape (n,), one number an example; the layer takes a row for each. `X.unsqueeze(1)` makes one column. "
        "In NumPy `X[:, None]`, in pandas `X.to_frame()`.",
    ),
    "3 forward without return": (
        NoReturn(),
        X,
        LABELS,
        F.cross_entropy,
        "The model returns a NoneType; a tensor is needed. Does `forward` end with `return`?",
    ),
    "4 a loss for each example": (
        linear(),
        X,
        LABELS,
        nn.CrossEntropyLoss(reduction="none"),
        "The loss is (32,); one number for the whole batch is needed. Take its mean: `.mean()`.",
    ),
    "the class of a loss": (
        linear(),
        X,
        LABELS,
        nn.CrossEntropyLoss,
        "CrossEntropyLoss is a class. Make one: `CrossEntropyLoss()`, with brackets.",
    ),
    "a loss already computed": (
        linear(),
        X,
        LABELS,
        torch.tensor(1.0),
        "The loss function is a Tensor. Give the function itself, without brackets: `F.cross_entropy`.",
    ),
    "probabilities for NLLLoss": (
        linear(6, 3, nn.Softmax(dim=1)),
        X,
        LABELS,
        F.nll_loss,
        "Your model gives probabilities; NLLLoss wants their logarithms. End it with log-softmax.",
    ),
    "scores for BCELoss": (
        linear(6, 1, nn.Flatten(0)),
        X,
        YES_NO,
        nn.BCELoss(),
        "BCELoss wants probabilities, and the model gives ",
    ),
    "decimals for an embedding": (
        nn.Sequential(nn.EmbeddingBag(9, 3)),
        X,
        LABELS,
        F.cross_entropy,
        "An embedding takes whole numbers, each the number of a row, and gets decimals. `X.long()`.",
    ),
    "a row that an embedding does not have": (
        nn.Sequential(nn.Embedding(9, 3), nn.Flatten(), nn.Linear(18, 3)),
        torch.arange(len(LABELS) * 6).view(-1, 6) % 11,
        LABELS,
        F.cross_entropy,
        "An embedding of 9 rows is asked for row 10. They are numbered 0 to 8. Number yours so, or make it larger: ",
    ),
    "no example": (
        linear(),
        X[:0],
        LABELS[:0],
        F.cross_entropy,
        "The train examples are empty: there is nothing to learn",
    ),
    "a target missing": (
        linear(),
        X,
        LABELS[:-1],
        F.cross_entropy,
        "The train part has 64 inputs and 63 targets. Each example needs one of each.",
    ),
    "everything frozen": (frozen(), X, LABELS, F.cross_entropy, "Every parameter of the model is frozen."),
    "nothing to train": (nn.Sequential(nn.ReLU()), X[:, :3], LABELS, F.cross_entropy, "The model has no parameters"),
    "a lonely example under batch normalisation": (
        linear(6, 3, nn.BatchNorm1d(3)),
        X[:33],
        LABELS[:33],
        F.cross_entropy,
        "With 33 examples and batch_size=32 the last batch holds one example",
    ),
}


def some_optimizer(model):
    return torch.optim.SGD(list(model.parameters()) or [nn.Parameter(torch.zeros(1))], lr=0.1)


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_an_accident_is_told_in_plain_words_before_the_first_step(accident):
    model, inputs, targets, loss_fn, sentence = ACCIDENTS[accident]
    before = [p.clone() for p in model.parameters()]
    mode = model.training
    with pytest.raises((ValueError, TypeError), match=re.escape(sentence)):
        fit(model, Examples(inputs, targets), loss_fn, some_optimizer(model), epochs=1)
    assert all(torch.equal(p, old) for p, old in zip(model.parameters(), before, strict=True))
    assert model.training == mode


def test_the_validation_part_is_looked_at_too():
    model = linear()
    bad = Examples(X, LABELS + 7)
    with pytest.raises(ValueError, match="Found label 9"):
        fit(model, Data(Examples(X, LABELS), bad), F.cross_entropy, some_optimizer(model))
    with pytest.raises(ValueError, match="each example has 4"):
        fit(model, Data(Examples(X, LABELS), Examples(X[:, :4], LABELS)), F.cross_entropy, some_optimizer(model))


def test_the_pieces_themselves():
    model, data = linear(), Examples(X, LABELS)
    with pytest.raises(TypeError, match=r"The model is a type; a torch.nn.Module is needed. Did you give the class\?"):
        fit(MLP, data, F.cross_entropy, some_optimizer(model))
    with pytest.raises(TypeError, match="SGD is a class. Make one, with this model's parameters"):
        fit(model, data, F.cross_entropy, torch.optim.SGD)
    with pytest.raises(ValueError, match="batch_size is 0. It counts examples, so give a whole number, 1 or more"):
        fit(model, data, F.cross_entropy, some_optimizer(model), batch_size=0)
    with pytest.raises(TypeError, match="The data are a Tensor. Give a Data, or Examples"):
        fit(model, X, F.cross_entropy, some_optimizer(model))


def test_message_9_softmax_twice_is_a_warning():
    model = linear(6, 3, nn.Softmax(dim=1))
    with pytest.warns(
        UserWarning, match="ends with softmax, and cross_entropy applies it too, so learning is slow. Rem"
    ):
        fit(model, Examples(X, LABELS), F.cross_entropy, some_optimizer(model), epochs=1)
    model = linear(6, 1, nn.Flatten(0), nn.Sigmoid())
    with pytest.warns(UserWarning, match="ends with sigmoid, and this loss applies it too"):
        fit(model, Examples(X, YES_NO), F.binary_cross_entropy_with_logits, some_optimizer(model), epochs=1)


def test_message_12_the_loss_became_nan():
    model = linear()
    history = fit(model, Examples(X, X[:, :3]), F.mse_loss, torch.optim.SGD(model.parameters(), lr=1e15), epochs=5)
    assert re.match(
        r"The loss became (nan \(not a number\)|infinite) in epoch \d, batch \d. "
        r"Mostly the learning rate \(now 1e\+15\) is too big: steps overshoot. Make the model anew and try 1e\+14.",
        history.stopped,
    )


def test_message_13_nothing_moved():
    model = linear()
    with pytest.warns(UserWarning, match=r"The weights did not change in the first epoch.*hold \*this\* model's param"):
        fit(model, Examples(X, LABELS), F.cross_entropy, torch.optim.SGD(model.parameters(), lr=0.0), epochs=1)


def test_message_15_an_optimizer_of_another_model():
    optimizer, model = some_optimizer(linear()), linear()
    with pytest.raises(
        ValueError, match="You made a new model, but the optimizer still steers the old one. Run the op"
    ):
        fit(model, Examples(X, LABELS), F.cross_entropy, optimizer)


def test_messages_16_and_21_are_tested_with_train():
    from pathlib import Path

    told = (Path(__file__).parent / "test_train.py").read_text(encoding="utf-8")
    assert "these 3 come on top" in told and "Training stopped after 3 of 10 epochs." in told


class TooBig(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 3)

    def forward(self, X):
        if self.training:
            torch.empty(2**46)
        return self.linear(X)


def test_message_25_memory():
    model = TooBig()
    with pytest.raises(MemoryError, match=r"needs 281475.0 GB at once.*not free. Use fewer images or a smaller batch."):
        fit(model, Examples(X, LABELS), F.cross_entropy, some_optimizer(model), epochs=1)
    with pytest.raises(MemoryError, match=r"needs 2.1 GB at once"), explain_out_of_memory():
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has 1 GiB free.")
    with pytest.raises(RuntimeError, match="another matter"), explain_out_of_memory():
        raise RuntimeError("another matter")


def test_what_is_right_passes_without_a_word():
    for model, y, loss_fn in (
        (linear(), LABELS, F.cross_entropy),
        (linear(), LABELS.to(torch.uint8), F.cross_entropy),
        (linear(), torch.softmax(X[:, :3], 1), nn.CrossEntropyLoss()),
        (linear(), torch.where(LABELS == 0, -100, LABELS), F.cross_entropy),
        (linear(6, 3, nn.LogSoftmax(dim=1)), LABELS, nn.NLLLoss()),
        (linear(6, 1, nn.Flatten(0), nn.Sigmoid()), YES_NO, F.binary_cross_entropy),
        (linear(6, 1), YES_NO.unsqueeze(1), nn.BCEWithLogitsLoss()),
        (linear(6, 1, nn.Flatten(0)), X[:, 0], nn.HuberLoss()),
        (linear(), LABELS.numpy(), F.cross_entropy),
        (linear(), LABELS, lambda outputs, y: F.cross_entropy(outputs, y) * 2),
    ):
        fit(model, Data(Examples(X, y), Examples(X[:9], y[:9])), loss_fn, some_optimizer(model), epochs=1)
        evaluate(model, Examples(X, torch.as_tensor(y)), loss_fn)


def test_the_table_names_every_one_of_the_25():
    assert [int(name.split()[0]) for name in VOICES] == list(range(1, 26))
    ours = {name for name, module in VOICES.items() if module == "checks"}
    assert {name.split()[0] for name in ours} <= {name.split()[0] for name in ACCIDENTS} | {"9", "15"}
