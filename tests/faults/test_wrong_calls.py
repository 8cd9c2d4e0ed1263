"""What somebody new writes by mistake, one call a row, and beside it the exact sentence that they get.

Each sentence has to be true of its call, so whoever changes one reads the call beside it. `Warned` is a warning,
`Stopped` what the history says of a run that ended; all others are raised before the first step.
"""

import contextlib
import io
import math
import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.data import Data, Examples, as_data, split, standardize
from course_utils.datasets import load_digits
from course_utils.distributed import fit_distributed
from course_utils.metrics import accuracy
from course_utils.models import MLP
from course_utils.optimum import fit_to_optimum
from course_utils.penalties import Penalty, elastic_net, l1, l2
from course_utils.sweep import sweep
from course_utils.train import EarlyStopping, fit, training

X = torch.randn(64, 6, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(64) % 3
YES_NO = (X[:, 0] + X[:, 1].roll(1) > 0).float()
MEASURED = X[:, 2].clone()
WORDS = [("red", "green", "blue")[label] for label in LABELS]
TABLE = pd.DataFrame(X.numpy().astype(float), columns=list("abcdef"))
GAPS = X.clone()
GAPS[3, 1] = GAPS[40, 2] = math.nan
NO_ANSWER = MEASURED.clone()
NO_ANSWER[5] = math.nan
OURS = Examples(X, LABELS)
LOGITS_LOSS = F.binary_cross_entropy_with_logits
IMAGES = (torch.rand(64, 1, 8, 8, generator=torch.Generator().manual_seed(1)) * 255).to(torch.uint8)
STEERS_NOTHING = ("The penalty does not depend on the weights that learn, so it would steer nothing. Compute it from "
                  "the model that it is given, without `.item()`, `.detach()`, `.data` or `torch.no_grad()`.")


def linear(n_out=3, *more):
    return nn.Sequential(nn.Linear(6, n_out), *more)


def one(*more):
    """One output an example, of shape (n,)."""
    return nn.Sequential(nn.Linear(6, 1), *more, nn.Flatten(0))


class Written(nn.Linear):
    """A layer whose `forward` ends in a way of its own."""

    def __init__(self, ending, n_out=3):
        super().__init__(6, n_out)
        self.ending = ending

    def forward(self, X):
        return self.ending(super().forward(X))


class Misspelled(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(6, 3)

    def foward(self, X):
        return self.layer(X)


class TakesTargets(nn.Linear):
    def forward(self, X, y):
        return super().forward(X)


def broken(model):
    nn.init.constant_(next(model.parameters()), math.nan)
    return model


def sgd(model, **settings):
    return torch.optim.SGD(model.parameters(), **{"lr": 0.1, **settings})


def uphill(optimizer):
    for group in optimizer.param_groups:                    # its constructor takes no negative one
        group["lr"] = -0.1
    return optimizer


def fitted(model=None, X=X, y=LABELS, loss=F.cross_entropy, data=None, by=fit, **settings):
    """One epoch of it, with what is given in the place of what is right."""
    model = linear() if model is None else model
    optimizer = settings.pop("optimizer", None)
    optimizer = sgd(model) if optimizer is None else optimizer
    return by(model, (X, y) if data is None else data, loss, optimizer, **{"epochs": 1, **settings})


def swept(make=linear, data=OURS, loss=F.cross_entropy, **settings):
    return sweep(make, data, loss, **{"lr": 0.1, "seeds": [0, 1], "epochs": 1, **settings})


class Warned(str):
    """A warning; the call goes on."""


class Stopped(str):
    """What the history says of a run that ended before its time."""


WRONG_CALLS = [
    # --- the data ----------------------------------------------------------------------------------------------------

    (lambda: fitted(y=WORDS),
     "y of the train examples holds text, such as 'red'; a model computes with numbers. Number the classes: `names, "
     "y = numpy.unique(y, return_inverse=True)`."),
    (lambda: fitted(y=np.array(WORDS)),
     "y of the train examples holds text, such as 'red'; a model computes with numbers. Number the classes: `names, "
     "y = numpy.unique(y, return_inverse=True)`."),
    (lambda: fitted(y=pd.Series(WORDS)),
     "y of the train examples holds text, such as 'red'; a model computes with numbers. Number the classes: `names, "
     "y = numpy.unique(y, return_inverse=True)`."),
    (lambda: fitted(X=TABLE.assign(colour=WORDS)),
     "Column 'colour' of X of the train examples holds text, such as 'red'; a model computes with numbers. Make a "
     "0/1 column of each of its values: `X = pandas.get_dummies(X, dtype=float)`."),
    (lambda: fitted(X=np.array(WORDS)[:, None]),
     "X of the train examples holds text, such as 'red'; a model computes with numbers. Make a 0/1 column of each "
     "value: `X = pandas.get_dummies(pandas.DataFrame(X), dtype=float)`."),
    (lambda: fitted(X=TABLE.assign(day=pd.Timestamp("2026-01-01"))),
     "Column 'day' of X of the train examples holds dates. Make numbers of them, such as days since the first, or "
     "leave it out."),
    (lambda: fitted(X=[[1.0, 2.0], [3.0]], y=[0, 1]),
     "X of the train examples has rows of different lengths. Each needs the same number of entries."),
    (lambda: fitted(X=[*X]),
     "X of the train examples is a list of tensors. Make it one: `torch.stack(list(X))`."),
    (lambda: fitted(X=None),
     "X of the train examples is None. Give a tensor, an array or a table, with a row for each example."),
    (lambda: fitted(y=None),
     "y of the train examples is None. Give a tensor, an array or a table, with a row for each example."),
    (lambda: fitted(X=1.5),
     "X of the train examples is a single number. Give a row for each example."),
    (lambda: fitted(X={"a": [1, 2]}),
     "X of the train examples is a dict. Give a tensor, an array or a table, with a row for each example."),
    (lambda: fitted(X=X.numpy() * 1j),
     "X of the train examples holds complex numbers; a model computes with real ones. Give two columns for each."),
    (lambda: fitted(X=pd.Series([{1}] * 64)),
     "X of the train examples holds values of the type set; a model computes with numbers."),
    (lambda: fitted(X=np.full((64, 6), 1e300)),
     "X of the train examples holds numbers beyond the largest of float32. Divide them first."),
    (lambda: fitted(X=torch.tensor(3.0)),
     "X of the train examples is a single number. Give a row for each example."),
    (lambda: fitted(X=TABLE[[]]),
     "X of the train examples is a table without columns."),
    (lambda: fitted(data=X),
     "The data are a Tensor. Give a Data, or Examples(X, y) with two tensors."),
    (lambda: fitted(data=[X, LABELS]),
     "The data are a list. Give a Data, or Examples(X, y) with two tensors."),
    (lambda: fitted(data=(X, LABELS, X, LABELS)),
     "The data are a tuple of four. As `train_test_split` gives them, they are two pairs: `((X_train, y_train), "
     "(X_valid, y_valid))`."),
    (lambda: fitted(data=(X, X[:9], LABELS, LABELS[:9])),
     "The data are a tuple of four. As `train_test_split` gives them, they are two pairs: `((X_train, y_train), "
     "(X_valid, y_valid))`."),
    (lambda: fitted(data=(X,)),
     "The data are a tuple. Give a Data, or Examples(X, y) with two tensors."),
    (lambda: fitted(data=TABLE),
     "The data are a DataFrame. Give a Data, or Examples(X, y) with two tensors."),
    (lambda: fit(linear(), None, F.cross_entropy, sgd(linear())),
     "The data are None. Give a Data, or Examples(X, y) with two tensors."),
    (lambda: fitted(data=load_digits),
     "The data are a function. Call it, with brackets: `load_digits()`."),
    (lambda: fitted(data=torch.utils.data.DataLoader(torch.utils.data.TensorDataset(X, LABELS), batch_size=8)),
     "The data are a DataLoader. Give its tensors, `(X, y)`, and `batch_size`: the batches are drawn from them anew "
     "in each epoch."),
    (lambda: fitted(data=torch.utils.data.TensorDataset(X, LABELS)),
     "The data are a TensorDataset. Give a Data, or Examples(X, y) with two tensors."),
    (lambda: fitted(data=Data(X, LABELS)),
     "The train part is a Tensor. Each part is a pair: `Data(train=Examples(X, y), valid=Examples(...))`."),
    (lambda: fitted(data=Data(Examples(X, WORDS))),
     "y of the train examples holds text, such as 'red'; a model computes with numbers. Number the classes: `names, "
     "y = numpy.unique(y, return_inverse=True)`."),
    (lambda: fitted(data=Data(OURS, X)),
     "The valid part is a Tensor. Each part is a pair: `Data(train=Examples(X, y), valid=Examples(...))`."),
    (lambda: fitted(X=X[:0], y=LABELS[:0]),
     "The train examples are empty: there is nothing to learn from."),
    (lambda: fitted(y=LABELS[:-1]),
     "The train part has 64 inputs and 63 targets. Each example needs one of each."),
    (lambda: fitted(data=Data(OURS, Examples(X[:9], LABELS[:8]))),
     "The valid part has 9 inputs and 8 targets. Each example needs one of each."),
    (lambda: fitted(data=((X, LABELS), (GAPS, LABELS))),
     "2 of the 64 valid inputs hold nan or infinity, and so would the loss on them. Fill them in or drop those rows "
     "first."),
    (lambda: fitted(data=((X, LABELS), (X[:0], LABELS[:0]))),
     "The valid examples are empty: there is nothing to measure on."),
    (lambda: fitted(data=((X, LABELS), (X, LABELS + 5))),
     "Found label 7, but the model has 3 outputs, numbered 0 to 2."),
    (lambda: fitted(data=((X, LABELS), (X[:, :4], LABELS))),
     "The layer expects 6 inputs but each example has 4. Make the layer for 4 inputs."),
    (lambda: fitted(X=GAPS),
     Stopped("The loss became nan (not a number) in epoch 1, batch 1. 2 of the 64 inputs hold nan or inf: repair or "
             "drop those rows first.")),
    (lambda: fitted(X=X.double()),
     "Inputs hold float64 and the model float32. Convert the inputs: `X.to(torch.float32)`."),
    (lambda: fitted(X=X.long()),
     "Inputs are whole numbers; the layer needs decimals. `x.float()`. In NumPy `x.astype('float32')`."),
    (lambda: fitted(X=X.long().numpy()),
     "Inputs are whole numbers; the layer needs decimals. `x.float()`. In NumPy `x.astype('float32')`."),
    (lambda: fitted(X=X[:, :5]),
     "The layer expects 6 inputs but each example has 5. Make the layer for 5 inputs."),
    (lambda: fitted(X=X.reshape(64, 2, 3)),
     "The layer expects 6 inputs but got images of 2 x 3. Flatten first: `x.flatten(1)`."),
    (lambda: fitted(X=X[:, 0]),
     "X has shape (n,), one number an example; the layer takes a row for each. `X.unsqueeze(1)` makes one column. In "
     "NumPy `X[:, None]`, in pandas `X.to_frame()`."),

    (lambda: fitted(nn.Linear(64, 3), X=IMAGES.flatten(1).numpy()),
     "Inputs are whole numbers; the layer needs decimals. `x.float()`. In NumPy `x.astype('float32')`."),
    (lambda: fitted(nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(72, 3)), X=IMAGES),
     "Images are whole numbers 0-254; the layer needs decimals. `x.float() / 255`."),
    (lambda: fitted(X=X > 0),
     "Inputs are True and False; the layer needs decimals. `x.float()`. In NumPy `x.astype('float32')`."),
    (lambda: fitted(X=X.half()),
     "Inputs hold float16 and the model float32. Convert the inputs: `X.to(torch.float32)`."),
    (lambda: fitted(X=X.to(torch.complex64)),
     "X of the train examples holds complex numbers; a model computes with real ones. Give two columns for each."),
    (lambda: fitted(one(), y=MEASURED.to(torch.complex64), loss=F.mse_loss),
     "y of the train examples holds complex numbers; a model computes with real ones. Give two columns for each."),
    (lambda: fitted(X=scipy.sparse.csr_array(X.numpy())),
     "X of the train examples is a sparse csr_array. Write out its zeros: `X.toarray()`."),
    (lambda: fitted(data=Examples(X.to_sparse(), LABELS)),
     "X of the train examples is a sparse tensor. Write out its zeros: `X.to_dense()`."),
    (lambda: fitted(X=torch.nested.nested_tensor([*X[:63], X[63][:3]])),
     "X of the train examples has rows of different lengths. Each needs the same number of entries."),
    (lambda: fitted(X=np.ma.masked_greater(X.numpy(), 2)),
     Stopped("The loss became nan (not a number) in epoch 1, batch 1. 6 of the 64 inputs hold nan or inf: repair or "
             "drop those rows first.")),
    (lambda: fitted(X=pd.Series(X[:, 0].numpy(), index=range(5, 69))),
     "X has shape (n,), one number an example; the layer takes a row for each. `X.unsqueeze(1)` makes one column. In "
     "NumPy `X[:, None]`, in pandas `X.to_frame()`."),
    (lambda: fitted(X=TABLE, y=pd.Series(LABELS.numpy(), index=range(63, -1, -1))),
     "By their index X and y of the train examples hold the same rows in different orders, but row goes with row by "
     "position. Put y in the order of X, `y = y.loc[X.index]`, or number both anew, `.reset_index(drop=True)`."),
    (lambda: fitted(X=torch.randn(64, 2, 6)),
     "The model makes outputs (32, 2, 3); for labels (n,) this loss takes one row of scores an example, (n, K). "
     "Flatten what the last layer gets: `x.flatten(1)`."),
    (lambda: fitted(data=(LABELS, X)),
     "The train part has X of shape (n,) and y of shape (n, 6). The order is (X, y); are they swapped?"),
    (lambda: fitted(data=((X, LABELS), (LABELS, X))),
     "The valid part has X of shape (n,) and y of shape (n, 6). The order is (X, y); are they swapped?"),
    (lambda: fitted(X=torch.utils.data.TensorDataset(X, LABELS)),
     "X of the train examples is a TensorDataset, which gives one example at a time. Make a tensor of it: "
     "`torch.stack([x for x, y in dataset])`."),
    (lambda: fitted(y=torch.utils.data.TensorDataset(X, LABELS)),
     "y of the train examples is a TensorDataset, which gives one example at a time. Make a tensor of it: "
     "`torch.tensor([y for x, y in dataset])`."),
    (lambda: fitted(data=(torch.utils.data.DataLoader(OURS), torch.utils.data.DataLoader(OURS))),
     "X of the train examples is a DataLoader. Give a tensor, an array or a table, with a row for each example."),
    (lambda: fitted(y=linear()),
     "y of the train examples is a model, a Sequential. Give what it computes: `model(X)`."),
    (lambda: fitted(data="digits.csv"),
     "The data are a str. Give a Data, or Examples(X, y) with two tensors."),

    # --- the targets -------------------------------------------------------------------------------------------------

    (lambda: fitted(one(), y=NO_ANSWER, loss=F.mse_loss),
     "The train targets hold nan or infinity in 1 of 64 rows, and the loss would be nan too. Drop those rows of X "
     "and y first."),
    (lambda: fitted(one(), y=torch.where(NO_ANSWER.isnan(), NO_ANSWER, YES_NO), loss=LOGITS_LOSS),
     "The train targets hold nan or infinity in 1 of 64 rows, and the loss would be nan too. Drop those rows of X "
     "and y first."),
    (lambda: fitted(one(), data=((X, MEASURED), (X, NO_ANSWER)), loss=F.mse_loss),
     "The valid targets hold nan or infinity in 1 of 64 rows, and the loss would be nan too. Drop those rows of X "
     "and y first."),
    (lambda: fitted(one(), y=NO_ANSWER, loss=lambda outputs, y: (outputs - y).square().mean()),
     Stopped("The loss became nan (not a number) in epoch 1, batch 2. 1 of the 64 targets hold nan or inf: drop "
             "those rows first.")),
    (lambda: fitted(y=torch.full((64,), -100)),
     "All 64 labels of the train part are -100, the mark for examples that the loss leaves out, so it has nothing to "
     "average. Give class numbers from 0."),
    (lambda: fitted(y=torch.where(torch.arange(64) > 3, -100, LABELS), batch_size=4, shuffle=False),
     Stopped("The loss became nan (not a number) in epoch 1, batch 2. 60 of the 64 labels are -100, which leaves an "
             "example out, and a batch of none but those has no mean. Drop those rows, or take larger batches.")),
    (lambda: fitted(y=LABELS.float()),
     "Labels hold float32. Class numbers must be whole numbers. Use `y.long()`. In NumPy `y.astype(int)`."),
    (lambda: fitted(y=LABELS.numpy().astype(float)),
     "Labels hold float32. Class numbers must be whole numbers. Use `y.long()`. In NumPy `y.astype(int)`."),
    (lambda: fitted(y=LABELS.int()),
     "Labels hold int32; this loss takes int64. Use `y.long()`."),
    (lambda: fitted(y=LABELS + 1),
     "Found label 3, but the model has 3 outputs, numbered 0 to 2. Are your labels counted from 1?"),
    (lambda: fitted(y=LABELS - 1),
     "Found label -1. Classes are numbered from 0 to 2."),
    (lambda: fitted(y=LABELS[:, None]),
     "Labels have shape (64, 1); (n,) is needed. Use `y.squeeze(1)`."),
    (lambda: fitted(y=F.one_hot(LABELS)),
     "Labels have 3 columns of 0 and 1. Give the class number instead: `y.argmax(dim=1)`."),
    (lambda: fitted(linear(1), y=LABELS % 2),
     "The model has 1 output, and this loss needs one for each class, two at least. Give it 2 outputs; or keep the "
     "one, flattened, `outputs.squeeze(1)`, with `F.binary_cross_entropy_with_logits` and `y.float()`."),
    (lambda: fitted(one(), y=LABELS % 2),
     "The model gives one score per example, (32,); this loss needs one per class, (n, K). For two classes with one "
     "score use `F.binary_cross_entropy_with_logits`."),
    (lambda: fitted(linear(2)),
     "Found label 2, but the model has 2 outputs, numbered 0 to 1."),
    (lambda: fitted(one(), y=LABELS.float(), loss=LOGITS_LOSS),
     "Targets run from 0 to 2; this loss takes 0 and 1. For more classes use `F.cross_entropy` with one output a "
     "class."),
    (lambda: fitted(one(), y=YES_NO.long(), loss=LOGITS_LOSS),
     "Targets hold int64; this loss needs decimals. Use `y.float()`. In NumPy `y.astype('float32')`."),
    (lambda: fitted(one(), y=YES_NO.bool().numpy(), loss=LOGITS_LOSS),
     "Targets hold bool; this loss needs decimals. Use `y.float()`. In NumPy `y.astype('float32')`."),
    (lambda: fitted(linear(1), y=YES_NO, loss=LOGITS_LOSS),
     "Predictions (32, 1) and targets (32,) would be compared all with all (32 x 32). Use `pred.squeeze(1)`."),
    (lambda: fitted(one(), y=MEASURED[:, None], loss=F.mse_loss),
     "Predictions (32,) and targets (32, 1) would be compared all with all (32 x 32). Use `y.squeeze(1)`."),
    (lambda: fitted(linear(1), y=MEASURED, loss=lambda outputs, y: (outputs - y).square().mean()),
     "Predictions (32, 1) and targets (32,) would be compared all with all (32 x 32). Use `pred.squeeze(1)`."),
    (lambda: fitted(one(), y=MEASURED[:, None], loss=lambda outputs, y: (outputs - y).abs().mean()),
     "Predictions (32,) and targets (32, 1) would be compared all with all (32 x 32). Use `y.squeeze(1)`."),

    (lambda: fitted(y=LABELS[:, None].numpy()),
     "Labels have shape (64, 1); (n,) is needed. Use `y.squeeze(1)`."),
    (lambda: fitted(linear(4), y=F.one_hot(LABELS).float()),
     "Labels have 3 columns and the model has 4 outputs; they must agree."),
    (lambda: fitted(linear(2), y=YES_NO.bool()),
     "Labels hold bool; this loss takes int64. Use `y.long()`."),
    (lambda: fitted(one(), y=YES_NO * 2 - 1, loss=LOGITS_LOSS),
     "Targets run from -1 to 1; this loss takes 0 and 1. For more classes use `F.cross_entropy` with one output a "
     "class."),
    (lambda: fitted(y=pd.Series([None, *LABELS.tolist()[1:]], dtype="Int64")),
     "The train targets hold nan or infinity in 1 of 64 rows, and the loss would be nan too. Drop those rows of X "
     "and y first."),

    # --- the model ---------------------------------------------------------------------------------------------------

    (lambda: fitted(MLP, optimizer=sgd(linear())),
     "The model is a type; a torch.nn.Module is needed. Did you give the class? Make one: `model = Model(...)`."),
    (lambda: fitted("linear", optimizer=sgd(linear())),
     "The model is a str; a torch.nn.Module is needed."),
    (lambda: fitted(Misspelled()),
     "The class Misspelled has no `forward`. Is it spelled so, and indented inside the class?"),
    (lambda: fitted(TakesTargets(6, 3)),
     "`forward` is called with X, which yours does not take: missing a required argument: 'y'. Write `def "
     "forward(self, X):`."),
    (lambda: fitted(Written(lambda outputs: None)),
     "The model returns a NoneType; a tensor is needed. Does `forward` end with `return`?"),
    (lambda: fitted(Written(lambda outputs: (outputs, outputs))),
     "The model returns a tuple; a tensor is needed. Let `forward` return what the loss takes."),
    (lambda: fitted(Written(lambda outputs: outputs.detach())),
     "The outputs are cut off from the model's weights, so no gradient comes back. Is there `.detach()`, `.data`, "
     "`.argmax()` or `torch.no_grad()` in `forward`? Take it out."),
    (lambda: fitted(Written(lambda outputs: outputs.flatten())),
     "The model makes outputs (96,) of 32 examples; each example needs a row of its own. Flatten with "
     "`x.flatten(1)`, which keeps the rows apart, and take no mean over them."),
    (lambda: fitted(Written(lambda outputs: outputs.mean())),
     "The model makes outputs () of 32 examples; each example needs a row of its own. Flatten with `x.flatten(1)`, "
     "which keeps the rows apart, and take no mean over them."),
    (lambda: fitted(linear(4, nn.Linear(5, 3))),
     "Layer '1' expects 5 inputs but gets 4 from what comes before it. Let them agree: `nn.Linear(4, 3)`."),
    (lambda: fitted(linear(4, nn.ReLU(), nn.Linear(6, 3))),
     "Layer '2' expects 6 inputs but gets 4 from what comes before it. Let them agree: `nn.Linear(4, 3)`."),
    (lambda: fitted(nn.Sequential(nn.Conv2d(3, 4, 1), nn.Flatten(), nn.Linear(24, 3)), X=X.view(64, 1, 2, 3)),
     "Layer '0' expects 3 channels but gets 1, from inputs (32, 1, 2, 3). Make it for 1."),
    (lambda: fitted(nn.Sequential(nn.Conv2d(1, 4, 1), nn.Linear(24, 3)), X=X.view(64, 1, 2, 3)),
     "Layer '1' expects 24 inputs but got 4 x 2 x 3. Flatten before it: `x.flatten(1)`."),
    (lambda: fitted(nn.Sequential(nn.ReLU()), optimizer=sgd(linear())),
     "The model has no parameters, so there is nothing to train."),
    (lambda: fitted(linear().requires_grad_(False)),
     "Every parameter of the model is frozen. Set `requires_grad_(True)` on those that shall learn."),
    (lambda: fitted(broken(linear())),
     "The model's parameter '0.weight' holds nan or infinity before the first step, as after a run that diverged. "
     "Make the model anew, and its optimizer too."),
    (lambda: fitted(linear(3, nn.BatchNorm1d(3)), X=X[:33], y=LABELS[:33]),
     "With 33 examples and batch_size=32 the last batch holds one example, and batch normalisation cannot average "
     "over one. Choose another batch_size."),
    (lambda: fitted(linear(3, nn.Softmax(dim=1))),
     Warned("Your model ends with softmax, and cross_entropy applies it too, so learning is slow. Remove the softmax "
            "layer.")),
    (lambda: fitted(one(nn.Sigmoid()), y=YES_NO, loss=LOGITS_LOSS),
     Warned("Your model ends with sigmoid, and this loss applies it too: no probability falls below 0.5. Remove one.")),
    (lambda: fitted(Written(lambda outputs: torch.sigmoid(outputs).squeeze(1), 1), y=YES_NO, loss=LOGITS_LOSS),
     Warned("Your model ends with sigmoid, and this loss applies it too: no probability falls below 0.5. Remove one.")),
    (lambda: fitted(Written(lambda outputs: outputs[:, 0].sigmoid(), 1), y=YES_NO, loss=nn.BCEWithLogitsLoss()),
     Warned("Your model ends with sigmoid, and this loss applies it too: no probability falls below 0.5. Remove one.")),

    (lambda: fitted(Written(lambda outputs: {"logits": outputs})),
     "The model returns a dict; a tensor is needed. Let `forward` return what the loss takes."),
    (lambda: fitted(nn.LSTM(6, 3), X=torch.randn(64, 5, 6)),
     "The model returns a tuple; a tensor is needed. Let `forward` return what the loss takes."),
    (lambda: fitted(nn.ModuleList([nn.Linear(6, 3)])),
     "The class ModuleList has no `forward`. Is it spelled so, and indented inside the class?"),

    # --- the loss ----------------------------------------------------------------------------------------------------

    (lambda: fitted(loss=nn.CrossEntropyLoss),
     "CrossEntropyLoss is a class. Make one: `CrossEntropyLoss()`, with brackets."),
    (lambda: fitted(loss=F.cross_entropy(X[:, :3], LABELS)),
     "The loss function is a Tensor. Give the function itself, without brackets: `F.cross_entropy`."),
    (lambda: fitted(loss="cross_entropy"),
     "The loss function is a str. Give the function itself, without brackets: `F.cross_entropy`."),
    (lambda: fitted(loss=nn.CrossEntropyLoss(reduction="none")),
     "The loss is (32,); one number for the whole batch is needed. Take its mean: `.mean()`."),
    (lambda: fitted(loss=F.nll_loss),
     "Your model gives raw scores; NLLLoss wants logarithms of probabilities, and would fall without end. Use "
     "`F.cross_entropy`, which takes raw scores."),
    (lambda: fitted(linear(3, nn.Softmax(dim=1)), loss=F.nll_loss),
     "Your model gives probabilities; NLLLoss wants their logarithms. End it with log-softmax."),
    (lambda: fitted(one(), y=YES_NO, loss=F.binary_cross_entropy),
     "BCELoss wants probabilities, and the model gives -0.806 to 0.904. For raw scores use "
     "`F.binary_cross_entropy_with_logits`."),
    (lambda: fitted(loss=lambda y, outputs: F.cross_entropy(outputs, y)),
     "Your loss function takes the targets first, but is called as `loss_fn(outputs, y)`. Swap its arguments."),
    (lambda: fitted(loss=lambda outputs: outputs.mean()),
     "The loss function is called as `loss_fn(outputs, y)`. Yours does not take that: too many positional arguments."),
    (lambda: fitted(loss=lambda outputs, y: None),
     "The loss is None; a tensor of one number is needed, from which gradients come back. Let your loss function "
     "return what torch computes, without `.item()`."),
    (lambda: fitted(loss=lambda outputs, y: F.cross_entropy(outputs, y).item()),
     "The loss is a float; a tensor of one number is needed, from which gradients come back. Let your loss function "
     "return what torch computes, without `.item()` or `float()`."),
    (lambda: fitted(loss=lambda outputs, y: F.cross_entropy(outputs, y).detach()),
     "The loss is cut off from the model's weights, so no gradient comes back. Is there `.detach()`, `.data`, "
     "`.argmax()` or `torch.no_grad()` in your loss function or in `forward`? Take it out."),
    (lambda: fitted(loss=lambda outputs, y: F.cross_entropy(outputs, y[:9])),
     "The loss function cannot take outputs (32, 3) and targets (32,) of the first batch: Expected input batch_size "
     "(32) to match target batch_size (9). Look at both shapes in it."),
    (lambda: fit(linear(), OURS, sgd(linear()), F.cross_entropy),
     "The loss function is an optimizer. The order is `fit(model, data, loss_fn, optimizer)`."),
    (lambda: fit(OURS, linear(), F.cross_entropy, sgd(linear())),
     "The data are a Sequential. The order is `fit(model, data, loss_fn, optimizer)`."),

    (lambda: fitted(loss=nn.CrossEntropyLoss(reduction="average")),
     "The loss function cannot take outputs (32, 3) and targets (32,) of the first batch: average is not a valid value "
     "for reduction. Look at what it was made with, and at both types."),
    (lambda: fitted(loss=nn.CrossEntropyLoss(weight=torch.ones(4))),
     "The loss function cannot take outputs (32, 3) and targets (32,) of the first batch: weight tensor should be "
     "defined either for all 3 classes or no classes but got weight tensor of shape: [4]. Look at both shapes in it."),

    # --- the optimizer -----------------------------------------------------------------------------------------------

    (lambda: fitted(optimizer=torch.optim.SGD),
     "SGD is a class. Make one, with this model's parameters: `SGD(model.parameters())`."),
    (lambda: fitted(optimizer="sgd"),
     "The optimizer is a str. Give one of torch.optim's, made with this model's parameters: "
     "`torch.optim.SGD(model.parameters(), lr=0.1)`."),
    (lambda: fitted(optimizer=sgd(linear())),
     "You made a new model, but the optimizer still steers the old one. Run the optimizer cell again."),
    (lambda: fitted(optimizer=0.1),
     "The optimizer is a float. Give one of torch.optim's, made with this model's parameters: "
     "`torch.optim.SGD(model.parameters(), lr=0.1)`."),

    (lambda: fitted(model := linear(), optimizer=torch.optim.lr_scheduler.StepLR(sgd(model), 1)),
     "The optimizer is a StepLR, a schedule for an optimizer's lr. Give the optimizer itself, and let the schedule "
     "follow in `for epoch in training(...):`, `if epoch.number: scheduler.step()`."),
    (lambda: fitted(model := linear(), optimizer=sgd(model, lr=math.nan)),
     "The optimizer's lr is nan. It is the factor of each step. Give a finite number."),
    (lambda: fitted(model := linear(), optimizer=sgd(model, lr=math.inf)),
     "The optimizer's lr is inf. It is the factor of each step. Give a finite number."),
    (lambda: fitted(model := linear(), optimizer=uphill(sgd(model))),
     "The optimizer's lr is -0.1. It is the factor of each step. Give 0 or more."),
    (lambda: fitted(model := linear(), optimizer=sgd(model, lr=0.0)),
     Warned("The weights did not change in the first epoch. Is the learning rate 0, does the loss depend on the model, "
            "and does the optimizer hold *this* model's parameters?")),
    (lambda: fitted(optimizer=linear().parameters()),
     "The optimizer is a generator. Give one of torch.optim's, made with this model's parameters: "
     "`torch.optim.SGD(model.parameters(), lr=0.1)`."),

    # --- the settings of a fit ---------------------------------------------------------------------------------------

    (lambda: fitted(epochs=2.5),
     "epochs is 2.5. It counts passes over the data, so give a whole number, 0 or more."),
    (lambda: fitted(epochs="3"),
     "epochs is '3'. It counts passes over the data, so give a whole number, 0 or more. Without quotes: `epochs=3`."),
    (lambda: fitted(epochs=3.0),
     "epochs is 3.0. It counts passes over the data, so give a whole number, 0 or more. Without the decimal point: "
     "`epochs=3`."),
    (lambda: fitted(epochs=-1),
     "epochs is -1. It counts passes over the data, so give a whole number, 0 or more."),
    (lambda: fitted(epochs=True),
     "epochs is True. It counts passes over the data, so give a whole number, 0 or more."),
    (lambda: fitted(batch_size="32"),
     "batch_size is '32'. It counts examples, so give a whole number, 1 or more. Without quotes: `batch_size=32`."),
    (lambda: fitted(batch_size=None),
     "batch_size is None. It counts examples, so give a whole number, 1 or more."),
    (lambda: fitted(batch_size=0),
     "batch_size is 0. It counts examples, so give a whole number, 1 or more."),
    (lambda: fitted(batch_size=0.5),
     "batch_size is 0.5. It counts examples, so give a whole number, 1 or more."),
    (lambda: fitted(seed="a"),
     "seed is 'a'. Random numbers begin from a whole number, such as 0."),
    (lambda: fitted(seed=None),
     "seed is None. Random numbers begin from a whole number, such as 0."),
    (lambda: fitted(seed=-1),
     "seed is -1. Give a whole number from 0 to 4294967295."),
    (lambda: fitted(seed=1.5),
     "seed is 1.5. Random numbers begin from a whole number, such as 0."),
    (lambda: fitted(seed=2**70),
     "seed is 1180591620717411303424. Give a whole number from 0 to 4294967295."),
    (lambda: fitted(shuffle="False"),
     "shuffle is 'False'. It says whether each epoch draws a new order. Give True or False, without quotes."),
    (lambda: fitted(measure="yes"),
     "measure is 'yes'. It says whether the losses are measured after each epoch. Give True or False, without quotes."),
    (lambda: fitted(penalty=0.1),
     "The penalty is 0.1; a function of the model is needed, as `course_utils.penalties.l2(0.01)` is."),
    (lambda: fitted(penalty="l2"),
     "The penalty is 'l2'; a function of the model is needed, as `course_utils.penalties.l2(0.01)` is."),
    (lambda: fitted(penalty=l2),
     "The penalty l2 has no strength yet. Give it one: `l2(0.01)`."),
    (lambda: fitted(penalty=Penalty),
     "The penalty Penalty has no strength yet. Give it one: `Penalty(0.01)`."),
    (lambda: fitted(penalty=lambda model: model[0].weight.abs()),
     "The penalty gives (3, 6); one number for the whole model is needed. Add them up: `.sum()`."),
    (lambda: fitted(penalty=lambda model: None),
     "The penalty gives a NoneType; a number is needed. Does it end with `return`?"),
    (lambda: fitted(penalty=lambda model: model[0].weight.log().sum()),
     "The penalty is not a finite number before the first step. Look at what it computes."),
    (lambda: fitted(device="gpu"),
     "device is 'gpu', which PyTorch does not know. A GPU of NVIDIA or AMD is 'cuda', Apple's 'mps'. Leave out "
     "`device` to train where the model is."),
    (lambda: fitted(device="cuda:99"),
     "There is no CUDA device here (torch.cuda.is_available() is False). Leave out `device` to use the CPU."),
    (lambda: fitted(device=1.5),
     "device is 1.5, which PyTorch does not know. A GPU of NVIDIA or AMD is 'cuda', Apple's 'mps'. Leave out "
     "`device` to train where the model is."),
    (lambda: list(fitted(by=training, epochs="3")),
     "epochs is '3'. It counts passes over the data, so give a whole number, 0 or more. Without quotes: `epochs=3`."),
    (lambda: list(fitted(by=training, batch_size=2.0)),
     "batch_size is 2.0. It counts examples, so give a whole number, 1 or more. Without the decimal point: "
     "`batch_size=2`."),
    (lambda: fitted(by=fit_distributed, epochs=2.5),
     "epochs is 2.5. It counts passes over the data, so give a whole number, 0 or more."),
    (lambda: fitted(by=fit_distributed, seed="a"),
     "seed is 'a'. Random numbers begin from a whole number, such as 0."),
    (lambda: fitted(by=fit_distributed, penalty=0.1),
     "The penalty is 0.1; a function of the model is needed, as `course_utils.penalties.l2(0.01)` is."),
    (lambda: fitted(by=fit_distributed, y=WORDS),
     "y of the train examples holds text, such as 'red'; a model computes with numbers. Number the classes: `names, "
     "y = numpy.unique(y, return_inverse=True)`."),
    (lambda: fitted(by=fit_distributed, data=((X, LABELS), (GAPS, LABELS))),
     "2 of the 64 valid inputs hold nan or infinity, and so would the loss on them. Fill them in or drop those rows "
     "first."),

    (lambda: fitted(epochs=None),
     "epochs is None. It counts passes over the data, so give a whole number, 0 or more."),
    (lambda: fitted(by=fit_distributed, epochs=None),
     "epochs is None. It counts passes over the data, so give a whole number, 0 or more."),
    (lambda: fitted(epochs=math.inf),
     "epochs is inf. It counts passes over the data, so give a whole number, 0 or more."),
    (lambda: fitted(epochs=[1, 2]),
     "epochs is [1, 2]. It counts passes over the data, so give a whole number, 0 or more."),
    (lambda: fitted(device="meta"),
     "Nothing can be computed here on the device 'meta'. Leave out `device` to train where the model is."),
    (lambda: fitted(device="xla"),
     "Nothing can be computed here on the device 'xla'. Leave out `device` to train where the model is."),
    (lambda: fitted(penalty=lambda model: model[0].weight.detach().square().sum()), STEERS_NOTHING),
    (lambda: fitted(penalty=lambda model: model[0].weight.square().sum().item()), STEERS_NOTHING),
    (lambda: fitted(penalty=lambda model: linear()[0].weight.square().sum()), STEERS_NOTHING),
    (lambda: fitted(penalty=lambda model: 0.1), STEERS_NOTHING),
    (lambda: fitted(penalty=lambda weight: weight.square().sum()),
     "The penalty is called as `penalty(model)`, and cannot take the model: 'Sequential' object has no attribute "
     "'square'. Compute one number from `model.parameters()`."),
    (lambda: fitted(penalty=lambda: 0.1),
     "The penalty is called as `penalty(model)`, and cannot take the model: <lambda>.<locals>.<lambda>() takes 0 "
     "positional arguments but 1 was given. Compute one number from `model.parameters()`."),
    (lambda: fitted(penalty=l2("0.1")),
     "The strength is '0.1'. It is the factor of a penalty. Give a number."),
    (lambda: fitted(penalty=elastic_net("0.1")),
     "The strength is '0.1'. It is the factor of a penalty. Give a number."),
    (lambda: fitted(penalty=l2(math.nan)),
     "A penalty has a finite strength of 0 or more; this one has nan."),

    # --- early stopping ----------------------------------------------------------------------------------------------

    (lambda: EarlyStopping(patience="3"),
     "patience is '3'. It counts epochs to wait, so give a whole number, 1 or more. Without quotes: `patience=3`."),
    (lambda: EarlyStopping(patience=2.5),
     "patience is 2.5. It counts epochs to wait, so give a whole number, 1 or more."),
    (lambda: EarlyStopping(patience=0),
     "patience is 0. It counts epochs to wait, so give a whole number, 1 or more."),
    (lambda: EarlyStopping(patience=None),
     "patience is None. It counts epochs to wait, so give a whole number, 1 or more."),
    (lambda: EarlyStopping(min_delta="small"),
     "min_delta is 'small'. It is the progress that counts as one. Give a number."),
    (lambda: EarlyStopping(min_delta=-0.1),
     "min_delta is -0.1. It is the progress that counts as one. Give 0 or more."),
    (lambda: EarlyStopping(min_delta=math.nan),
     "min_delta is nan. It is the progress that counts as one. Give a finite number."),
    (lambda: EarlyStopping().should_stop(None),
     "There is no validation loss to watch: give `training` a Data with a `valid` part."),
    (lambda: EarlyStopping().should_stop("low"),
     "should_stop got a str; it watches one number, such as `epoch.valid_loss`."),
    (lambda: EarlyStopping().should_stop(fitted()[-1]),
     "should_stop watches one number, not the Epoch: `epoch.valid_loss`."),
    (lambda: EarlyStopping().should_stop(fitted()),
     "should_stop watches one number, not the History: `epoch.valid_loss`."),
    (lambda: EarlyStopping().should_stop(X),
     "should_stop got a Tensor; it watches one number, such as `epoch.valid_loss`."),

    (lambda: EarlyStopping(patience=math.inf),
     "patience is inf. It counts epochs to wait, so give a whole number, 1 or more."),
    (lambda: EarlyStopping().should_stop([0.5]),
     "should_stop got a list; it watches one number, such as `epoch.valid_loss`."),

    # --- a sweep -----------------------------------------------------------------------------------------------------

    (lambda: swept(make=linear()),
     "The first argument is one Sequential. Each run needs a new one, so give what makes it: `lambda: "
     "Sequential(...)`."),
    (lambda: swept(make="MLP"),
     "The first argument is a str. Give a function that makes a model."),
    (lambda: swept(make=MLP),
     "MLP needs `n_features`. Give it beside, `n_features=...`, or write `lambda: MLP(...)`."),
    (lambda: swept(make=lambda hidden: MLP(6, 3, (hidden,))),
     "The function that makes the model needs `hidden`. Give it beside, `hidden=...`."),
    (lambda: swept(make=lambda: None),
     "The function that makes the model gives a NoneType; a torch.nn.Module is needed. Does it end with `return`?"),
    (lambda: swept(lr=None),
     "lr is None. It is the factor of each step. Give a number."),
    (lambda: swept(lr="0.1"),
     "lr is '0.1'. It is the factor of each step. Give a number."),
    (lambda: swept(lr=(0.1, 0.2)),
     "lr is (0.1, 0.2). A tuple is one value; a list spans an axis: `lr=[0.1, 0.2]`."),
    (lambda: swept(lr=[0.1, "fast"]),
     "lr is 'fast'. It is the factor of each step. Give a number."),
    (lambda: swept(lr=-0.1),
     "lr is -0.1. SGD takes no negative one. Give 0 or more."),
    (lambda: swept(lr=math.nan),
     "lr is nan. It is the factor of each step. Give a finite number."),
    (lambda: swept(lr=[]),
     "An empty list leaves nothing to train. Give at least one value for each setting."),
    (lambda: swept(optimizer="Adam"),
     "The optimizer is 'Adam'. Give the class itself: `optimizer=torch.optim.Adam`."),
    (lambda: swept(optimizer="fastest"),
     "The optimizer is 'fastest'. Give the class itself: `optimizer=torch.optim.SGD`."),
    (lambda: swept(optimizer=sgd(linear())),
     "The optimizer is one SGD, which steers one model. Each run needs its own, so give the class, and its settings "
     "beside: `optimizer=torch.optim.SGD, lr=...`."),
    (lambda: swept(optimizer=torch.optim.Adam, betas=(0.9, 1.0)),
     "betas is (0.9, 1.0). Each is a share of the past that Adam keeps, from 0 to below 1."),
    (lambda: swept(optimizer=torch.optim.Adam, betas=(-0.1, 0.9)),
     "betas is (-0.1, 0.9). Each is a share of the past that Adam keeps, from 0 to below 1."),
    (lambda: swept(optimizer=torch.optim.AdamW, betas=(0.9, 1.5)),
     "betas is (0.9, 1.5). Each is a share of the past that AdamW keeps, from 0 to below 1."),
    (lambda: swept(optimizer=torch.optim.Adam, betas=[0.9, 0.999]),
     "betas is 0.9. It is a pair: `betas=(0.9, 0.999)`; a list would span an axis."),
    (lambda: swept(optimizer=torch.optim.Adam, betas=0.9),
     "betas is 0.9. It is a pair: `betas=(0.9, 0.999)`; a list would span an axis."),
    (lambda: swept(optimizer=torch.optim.NAdam, betas=(0.9, 1.0)),
     "betas is (0.9, 1.0). Each is a share of the past that NAdam keeps, from 0 to below 1."),
    (lambda: swept(nesterov=True),
     "nesterov=True looks ahead along the momentum: set `momentum` above 0, and no `dampening`."),
    (lambda: swept(nesterov=True, momentum=0.0),
     "nesterov=True looks ahead along the momentum: set `momentum` above 0, and no `dampening`."),
    (lambda: swept(nesterov=True, momentum=0.9, dampening=0.1),
     "nesterov=True looks ahead along the momentum: set `momentum` above 0, and no `dampening`."),
    (lambda: swept(momentum=-0.5),
     "momentum is -0.5. SGD takes no negative one. Give 0 or more."),
    (lambda: swept(momentum="high"),
     "momentum is 'high'. SGD takes no negative one. Give a number."),
    (lambda: swept(weight_decay=-1),
     "weight_decay is -1. SGD takes no negative one. Give 0 or more."),
    (lambda: swept(optimizer=torch.optim.Adadelta, rho=1.5),
     "rho is 1.5. It is the share of the past that Adadelta keeps, from 0 to 1."),
    (lambda: swept(momentun=0.9),
     "No one takes the setting `momentun`: not SGD, not the model, not the data, not the penalty."),
    (lambda: swept(epochs=2.5),
     "epochs is 2.5. It counts passes over the data, so give a whole number, 0 or more."),
    (lambda: swept(epochs="3"),
     "epochs is '3'. It counts passes over the data, so give a whole number, 0 or more. Without quotes: `epochs=3`."),
    (lambda: swept(epochs=[1, -1]),
     "epochs is -1. It counts passes over the data, so give a whole number, 0 or more."),
    (lambda: swept(batch_size="32"),
     "batch_size is '32'. It counts examples, so give a whole number, 1 or more. Without quotes: `batch_size=32`."),
    (lambda: swept(batch_size=None),
     "batch_size is None. It counts examples, so give a whole number, 1 or more."),
    (lambda: swept(batch_size=(8, 16)),
     "batch_size is (8, 16). A tuple is one value; a list spans an axis: `batch_size=[8, 16]`."),
    (lambda: swept(seeds=5),
     "seeds is 5. Say which seeds: `seeds=range(5)` for 5 of them."),
    (lambda: swept(seeds="abc"),
     "seeds is 'abc'. Say which seeds: `seeds=range(10)` for ten of them."),
    (lambda: swept(seeds=None),
     "seeds is None. Say which seeds: `seeds=range(10)` for ten of them."),
    (lambda: swept(seeds=[0.5]),
     "one of the seeds is 0.5. Random numbers begin from a whole number, such as 0."),
    (lambda: swept(seeds=[1, 1]),
     "seeds is [1, 1]. Give at least one seed, and each only once."),
    (lambda: swept(penalty=0.1),
     "The penalty is 0.1. Give a function that makes one, and its strength beside: `penalty=l2, strength=[0, 0.1]`, "
     "with `from course_utils.penalties import l2`."),
    (lambda: swept(penalty=[0, 0.1]),
     "The penalty is 0. Give a function that makes one, and its strength beside: `penalty=l2, strength=[0, 0.1]`, "
     "with `from course_utils.penalties import l2`."),
    (lambda: swept(penalty=l2),
     "The penalty l2 needs `strength`. Give it beside: `penalty=l2, strength=...`. A penalty that is itself a "
     "function of the model is given as `penalty=lambda: l2`."),
    (lambda: swept(penalty=lambda: lambda model: model[0].weight.abs()),
     "The penalty gives (3, 6); one number for the whole model is needed. Add them up: `.sum()`."),
    (lambda: swept(metrics=[len]),
     "metrics maps a name to a function of the trained model: `metrics={'name': function}`."),
    (lambda: swept(shuffle="no"),
     "shuffle is 'no'. It says whether each epoch draws a new order. Give True or False, without quotes."),
    (lambda: swept(data=(X, WORDS)),
     "y of the train examples holds text, such as 'red'; a model computes with numbers. Number the classes: `names, "
     "y = numpy.unique(y, return_inverse=True)`."),
    (lambda: swept(data=lambda: OURS),
     "The data are a function that takes no seed. Give it one, `lambda seed: ...`; or call it."),
    (lambda: swept(data=None),
     "The data are None. Give a Data, or Examples(X, y) with two tensors."),
    (lambda: swept(data=((X, LABELS), (GAPS, LABELS))),
     "2 of the 64 valid inputs hold nan or infinity, and so would the loss on them. Fill them in or drop those rows "
     "first."),
    (lambda: swept(loss=nn.CrossEntropyLoss),
     "CrossEntropyLoss is a class. Make one: `CrossEntropyLoss()`, with brackets."),
    (lambda: swept(make=lambda: one(nn.Sigmoid()), data=(X, YES_NO), loss=LOGITS_LOSS),
     Warned("Your model ends with sigmoid, and this loss applies it too: no probability falls below 0.5. Remove one.")),

    (lambda: swept(lr={"slow": 0.1}),
     "lr is a dict. Numbers need no names; a list spans an axis: `lr=[...]`."),
    (lambda: swept(lr=math.inf),
     "lr is inf. It is the factor of each step. Give a finite number."),
    (lambda: swept(data=torch.utils.data.DataLoader(OURS)),
     "The data are a DataLoader. Give its tensors, `(X, y)`, and `batch_size`: the batches are drawn from them anew "
     "in each epoch."),
    (lambda: swept(data=(X, LABELS[:9])),
     "The train part has 64 inputs and 9 targets. Each example needs one of each."),
    (lambda: swept(data=(X, LABELS + 1)),
     "Found label 3, but the model has 3 outputs, numbered 0 to 2. Are your labels counted from 1?"),
    (lambda: swept(make=lambda: Written(lambda outputs: (outputs, outputs))),
     "The model returns a tuple; a tensor is needed. Let `forward` return what the loss takes."),

    # --- the exact optimum -------------------------------------------------------------------------------------------

    (lambda: fit_to_optimum((X, WORDS)),
     "y of the train examples holds text, such as 'red'; a model computes with numbers. Number the classes: `names, "
     "y = numpy.unique(y, return_inverse=True)`."),
    (lambda: fit_to_optimum(X),
     "The data are a Tensor. Give a Data, or Examples(X, y) with two tensors."),
    (lambda: fit_to_optimum((GAPS, LABELS)),
     "X holds values that are not finite numbers. Remove or fill in those rows first."),
    (lambda: fit_to_optimum((X, NO_ANSWER)),
     "y holds something other than the class numbers 0, 1, 2, …; number the classes from 0."),
    (lambda: fit_to_optimum((X, LABELS - 1)),
     "y holds something other than the class numbers 0, 1, 2, …; number the classes from 0."),
    (lambda: fit_to_optimum((X, LABELS[:, None])),
     "X is (n, features) and y is (n,); these are (64, 6) and (64, 1). Use `y.squeeze(1)`."),
    (lambda: fit_to_optimum((X, LABELS * 2)),
     "No example has class 1, so its bias has no finite optimum. Number the classes that occur from 0, without gaps; "
     "there are at least two."),
    (lambda: fit_to_optimum((X, LABELS), penalty=0.1),
     "The penalty is a float. Make one: `course_utils.penalties.l2(0.01)`."),
    (lambda: fit_to_optimum((X, LABELS), penalty=l1(0.1)),
     "This penalty has an l1 part, 0.1 · Σ|w|, which has no gradient where a weight is 0, and Newton's method needs "
     "one. Use `l2(...)` here; for l1 take steps with `soft_threshold`."),
    (lambda: fit_to_optimum((X, LABELS), n_classes="3"),
     "n_classes is '3'. It counts classes, so give a whole number, 2 or more. Without quotes: `n_classes=3`."),
    (lambda: fit_to_optimum((X, LABELS), n_classes=2),
     "y holds class 2, but n_classes=2 means 0 to 1."),
    (lambda: fit_to_optimum((X, LABELS), tol="small"),
     "tol is 'small'. It is the norm of the gradient at which to stop. Give a number."),
    (lambda: fit_to_optimum((X, LABELS), tol=0),
     "tol is 0. It is the norm of the gradient at which to stop. Give more than 0."),
    (lambda: fit_to_optimum((X, LABELS), max_iterations=2.5),
     "max_iterations is 2.5. It counts steps, so give a whole number, 0 or more."),

    (lambda: fit_to_optimum((X, LABELS[:9])),
     "The train part has 64 inputs and 9 targets. Each example needs one of each."),
    (lambda: fit_to_optimum((X, F.one_hot(LABELS))),
     "X is (n, features) and y is (n,); these are (64, 6) and (64, 3). Use `y.argmax(1)`."),
    (lambda: fit_to_optimum((X.reshape(64, 2, 3), LABELS)),
     "X is (n, features) and y is (n,); these are (64, 2, 3) and (64,). Use `X.flatten(1)`."),
    (lambda: fit_to_optimum((X[:, 0], LABELS)),
     "X is (n, features) and y is (n,); these are (64,) and (64,). Use `X.unsqueeze(1)`."),
    (lambda: fit_to_optimum((X.to(torch.complex64), LABELS)),
     "X of the train examples holds complex numbers; a model computes with real ones. Give two columns for each."),
    (lambda: fit_to_optimum((X, LABELS + 1)),
     "No example has class 0, so its bias has no finite optimum. Number the classes that occur from 0, without gaps; "
     "there are at least two."),

    # --- dividing and scaling ----------------------------------------------------------------------------------------

    (lambda: split(X, WORDS),
     "y holds text, such as 'red'; a model computes with numbers. Number the classes: `names, y = numpy.unique(y, "
     "return_inverse=True)`."),
    (lambda: split(TABLE.assign(colour=WORDS), LABELS),
     "Column 'colour' of X holds text, such as 'red'; a model computes with numbers. Make a 0/1 column of each of "
     "its values: `X = pandas.get_dummies(X, dtype=float)`."),
    (lambda: split(X, torch.where(NO_ANSWER.isnan(), NO_ANSWER, YES_NO)),
     "y is nan or infinite in 1 of 64 rows, which belong to no class. Drop those rows of X and y."),
    (lambda: split(X, MEASURED),
     "Some value of y occurs only once, so it cannot be on both sides. Pass stratify=False."),
    (lambda: split(X, LABELS[:9]),
     "X has 64 rows and y has 9; each row needs one target."),
    (lambda: split(X, None),
     "y is None. Give a tensor, an array or a table, with a row for each example."),
    (lambda: split(X, 3),
     "y is a single number. Give a row for each example."),
    (lambda: split(X, LABELS, valid_size="a quarter"),
     "valid_size is 'a quarter'. Give a share from 0 to 1, or a number of rows; 0 for no such part."),
    (lambda: split(X, LABELS, valid_size=None),
     "valid_size is None. Give a share from 0 to 1, or a number of rows; 0 for no such part."),
    (lambda: split(X, LABELS, valid_size=True),
     "valid_size is True. Give a share from 0 to 1, or a number of rows; 0 for no such part."),
    (lambda: split(X, LABELS, valid_size=1.0),
     "valid_size=1.0 takes 64 of 64 rows. Give a share from 0 to 1, or a number of rows."),
    (lambda: split(X, LABELS, valid_size=-0.1),
     "valid_size=-0.1 takes -6 of 64 rows. Give a share from 0 to 1, or a number of rows."),
    (lambda: split(X, LABELS, valid_size=math.nan),
     "valid_size=nan takes nan of 64 rows. Give a share from 0 to 1, or a number of rows."),
    (lambda: split(X, LABELS, valid_size=64),
     "valid_size=64 takes 64 of 64 rows. Give a share from 0 to 1, or a number of rows."),
    (lambda: split(X, LABELS, valid_size=0.6, test_size=0.6),
     "valid_size and test_size take 78 of 64 rows; none is left for train."),
    (lambda: split(X, LABELS, valid_size=2),
     "2 of 64 rows cannot hold each of the 3 values of y in proportion, the rarest of which occurs 21 times. Take "
     "more rows, or pass stratify=False."),
    (lambda: split(X, LABELS, stratify=LABELS),
     "stratify is a Tensor. It says whether the classes in y are divided in proportion. Give True or False, without "
     "quotes."),
    (lambda: split(X, LABELS, seed="a"),
     "seed is 'a'. Random numbers begin from a whole number, such as 0."),
    (lambda: split(X, LABELS, seed=-1),
     "seed is -1. Give a whole number from 0 to 4294967295."),
    (lambda: standardize((GAPS, LABELS)),
     "1 of the 64 train rows hold nan or infinity in column 1. One is enough to make the whole column nan. Fill them "
     "in or drop those rows first."),
    (lambda: standardize((TABLE.assign(a=math.inf), LABELS)),
     "64 of the 64 train rows hold nan or infinity in column 0 (a). One is enough to make the whole column nan. Fill "
     "them in or drop those rows first."),
    (lambda: standardize(((X, LABELS), (GAPS, LABELS))),
     "1 of the 64 valid rows hold nan or infinity in column 1. The loss on them would be nan. Fill them in or drop "
     "those rows first."),
    (lambda: standardize((TABLE.assign(colour=WORDS), LABELS)),
     "Column 'colour' of X of the train examples holds text, such as 'red'; a model computes with numbers. Make a "
     "0/1 column of each of its values: `X = pandas.get_dummies(X, dtype=float)`."),
    (lambda: standardize(X),
     "The data are a Tensor. Give a Data, or Examples(X, y) with two tensors."),
    (lambda: standardize(None),
     "The data are None. Give a Data, or Examples(X, y) with two tensors."),
    (lambda: standardize((X[:0], LABELS[:0])),
     "The train part has no rows, so it has no mean."),
    (lambda: split(X.to(torch.complex64), LABELS),
     "X holds complex numbers; a model computes with real ones. Give two columns for each."),
    (lambda: split(TABLE, pd.Series(LABELS.numpy(), index=range(63, -1, -1))),
     "By their index X and y hold the same rows in different orders, but row goes with row by position. Put y in the "
     "order of X, `y = y.loc[X.index]`, or number both anew, `.reset_index(drop=True)`."),
    (lambda: split(torch.utils.data.TensorDataset(X, LABELS), LABELS),
     "X is a TensorDataset, which gives one example at a time. Make a tensor of it: `torch.stack([x for x, y in "
     "dataset])`."),
    (lambda: standardize((X.to_sparse(), LABELS)),
     "X of the train examples is a sparse tensor. Write out its zeros: `X.to_dense()`."),
    (lambda: standardize((X, LABELS[:9])),
     "The train part has 64 inputs and 9 targets. Each example needs one of each."),
    (lambda: standardize(((X, LABELS), (X[:, :4], LABELS))),
     "The valid part has 4 columns and the train part 6. Give each part the same."),

    # --- how good the predictions are --------------------------------------------------------------------------------

    (lambda: accuracy(linear(), LABELS),
     "predictions is a model, a Sequential. Give what it computes: `model(X)`."),
    (lambda: accuracy(X[:, :3], F.one_hot(LABELS)),
     "Targets have 3 columns of 0 and 1. Give the class numbers: `y.argmax(dim=1)`."),
    (lambda: accuracy(X[:, :3], LABELS[:, None]),
     "Predictions of shape (64, 3) do not match targets of shape (64, 1); each target needs one prediction. Use "
     "`y.squeeze(1)`."),
    (lambda: accuracy(X[:, :1], YES_NO),
     "Predictions of shape (64, 1) do not match targets of shape (64,); each target needs one prediction. Use "
     "`predictions.squeeze(1)`."),
    (lambda: accuracy(LABELS, X[:, :3]),
     "Predictions of shape (64,) do not match targets of shape (64, 3); each target needs one prediction. The order is "
     "predictions, y; are they swapped?"),
    (lambda: accuracy(torch.tensor(1.0), torch.tensor(1.0)),
     "There is a single number of each. Give one for each example, of shape (n,)."),
    (lambda: accuracy(X[:, :3], LABELS + 1),
     "Found label 3, but the predictions have 3 columns, numbered 0 to 2. Are your labels counted from 1?"),
    (lambda: accuracy(X[:, 0], YES_NO * 2 - 1),
     "y holds -1, but predictions in decimals are logits here, one an example, which stand for class 0 or 1. Give y in "
     "0 and 1; or, of class numbers, `predictions.long()`."),
    (lambda: accuracy(LABELS.float(), LABELS),
     "y holds 2, but predictions in decimals are logits here, one an example, which stand for class 0 or 1. Give y in "
     "0 and 1; or, of class numbers, `predictions.long()`."),
    (lambda: accuracy(X[:, 0].sigmoid(), YES_NO),
     Warned("All predictions lie from 0 to 1, as probabilities do. Read as logits, those above 0 mean class 1. Of "
            "probabilities give the classes: `predicted_classes(probabilities, 0.5)`.")),
    (lambda: accuracy(GAPS[:, :3], LABELS),
     Warned("2 of the 64 predictions are nan (not a number) and count as wrong, as after a run that diverged.")),
    (lambda: accuracy(NO_ANSWER, YES_NO),
     Warned("1 of the 64 predictions are nan (not a number) and count as wrong, as after a run that diverged.")),
]


def heard(call):
    """The sentence that a call gets: of what it raises, else of the first warning, else why its run ended."""
    torch.manual_seed(0)                                    # some sentences quote what an untrained model gives
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                result = call()
        except (TypeError, ValueError) as trouble:
            return str(trouble)
    stopped = getattr(result, "stopped", None)
    return Warned(told[0].message) if told else Stopped(stopped) if stopped else None


def name_of(row):
    """The call as it is written in the table, for the test's name."""
    return f"{row:03d} line {WRONG_CALLS[row][0].__code__.co_firstlineno}"


@pytest.mark.parametrize("row", range(len(WRONG_CALLS)), ids=name_of)
def test_a_wrong_call_gets_its_sentence(row, ended):
    call, sentence = WRONG_CALLS[row]
    answer = heard(call)
    assert answer == sentence and type(answer) is type(sentence)
    ended("explained")


def test_the_table_is_long_and_each_sentence_can_be_read():
    assert len(WRONG_CALLS) >= 120
    for _, sentence in WRONG_CALLS:
        assert sentence[0] != " " and sentence.rstrip("`)")[-1] in ".?" and len(sentence) <= 260, sentence
        assert "!" not in sentence and "rror" not in sentence and "xception" not in sentence, sentence


# --- what is accepted, for nothing is lost: the call, and the one that it is equal to -------------------------------

NUMBERS = X.numpy().astype("float64")
TARGETS = LABELS.numpy()
PAIR = ((X, LABELS), (X[:9], LABELS[:9]))
AS_DATA = Data(OURS, Examples(X[:9], LABELS[:9]))


def weights(X=X, y=LABELS, by=fit, data=None, **settings):
    """The weights after one epoch."""
    torch.manual_seed(0)
    model = linear()
    fitted(model, X, y, data=data, by=by, **settings)
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def accurately(X, y):
    """The weights of a model in float64 after one epoch: NumPy's own decimals keep all their digits for it."""
    torch.manual_seed(0)
    model = linear().double()
    fitted(model, X, y)
    return model[0].weight.detach()


def parts(data):
    return torch.cat([torch.cat([part.X.double(), part.y.double()[:, None]], dim=1)
                      for part in (data.train, data.valid, data.test) if part is not None])


def best(data, **settings):
    return fit_to_optimum(data, penalty=l2(0.1), **settings).weights


def losses(**settings):
    with contextlib.redirect_stdout(io.StringIO()):
        return torch.tensor(swept(**settings).values("train_loss"), dtype=torch.float64)


ACCEPTED = [
    # what is given, and what it means
    (lambda: weights(NUMBERS, TARGETS), weights),
    (lambda: weights(TABLE, pd.Series(TARGETS)), weights),
    (lambda: weights(TABLE.astype("Float64"), pd.Series(TARGETS, dtype="Int64")), weights),
    (lambda: weights(TABLE, pd.Series(TARGETS).astype("int8")), weights),
    (lambda: weights(TABLE.set_axis(range(7, 71)), pd.Series(TARGETS, index=range(100, 164))), weights),
    (lambda: weights(X.clone().requires_grad_(), LABELS), weights),
    (lambda: weights((3 * X.clone().requires_grad_()) / 3, LABELS), weights),
    (lambda: weights(data=((X, LABELS), None)), weights),
    (lambda: weights(y=F.one_hot(LABELS).float()), weights),
    (lambda: weights(batch_size=10**9), lambda: weights(batch_size=64)),
    (lambda: accurately(NUMBERS, TARGETS), lambda: accurately(X.double(), LABELS)),
    (lambda: weights(X.tolist(), LABELS.tolist()), weights),
    (lambda: weights(X.numpy()[::-1][::-1], TARGETS), weights),
    (lambda: weights(data=PAIR), lambda: weights(data=AS_DATA)),
    (lambda: weights(data=((TABLE, TARGETS), (TABLE[:9], TARGETS[:9]))), lambda: weights(data=AS_DATA)),
    (lambda: weights(data=Data((NUMBERS, TARGETS), (NUMBERS[:9], TARGETS[:9]))), lambda: weights(data=AS_DATA)),
    (lambda: weights(epochs=np.int64(2), batch_size=np.int32(8), seed=np.int32(2_000_000_000)),
     lambda: weights(epochs=2, batch_size=8, seed=2_000_000_000)),
    (lambda: weights(shuffle=np.bool_(False)), lambda: weights(shuffle=False)),
    (lambda: weights(NUMBERS, TARGETS, by=fit_distributed), weights),
    (lambda: losses(data=(NUMBERS, TARGETS)), losses),
    (lambda: losses(data=PAIR), losses),
    (lambda: losses(lr=np.float64(0.1), batch_size=np.int64(32), seeds=np.arange(2)), losses),
    (lambda: best((X, LABELS)), lambda: best(OURS)),
    (lambda: best((NUMBERS, TARGETS)), lambda: best(OURS)),
    (lambda: best((TABLE, pd.Series(TARGETS))), lambda: best(OURS)),
    (lambda: best(AS_DATA), lambda: best(OURS)),
    (lambda: parts(split(NUMBERS, TARGETS)), lambda: parts(split(X, LABELS))),
    (lambda: parts(split(TABLE, pd.Series(TARGETS), valid_size=np.int64(9))),
     lambda: parts(split(X, LABELS, valid_size=9))),
    (lambda: parts(split(X, LABELS, valid_size=torch.tensor(0.25))), lambda: parts(split(X, LABELS))),
    (lambda: parts(split(X, LABELS, valid_size=np.float32(0.25))), lambda: parts(split(X, LABELS))),
    (lambda: parts(split(1 * X.clone().requires_grad_(), 1 * YES_NO.clone().requires_grad_())),
     lambda: parts(split(X, YES_NO))),
    (lambda: parts(standardize((NUMBERS, TARGETS))), lambda: parts(standardize(Data(OURS)))),
    (lambda: parts(standardize(PAIR)), lambda: parts(standardize(AS_DATA))),
]


@pytest.mark.parametrize("row", range(len(ACCEPTED)))
def test_what_can_be_converted_without_loss_is_accepted(row, ended):
    given, meant = ACCEPTED[row]
    torch.testing.assert_close(given(), meant(), rtol=0, atol=1e-6)
    ended("recovered")


def test_columns_keep_their_names_and_decimals_their_digits():
    assert split(TABLE, TARGETS).feature_names == ("a", "b", "c", "d", "e", "f")
    third = fit_to_optimum((np.array([[1 / 3], [0.0], [2 / 3]]), np.array([0, 1, 1])), penalty=l2(0.1)).examples.X
    assert third.dtype == torch.float64 and third[0].item() == 1 / 3


def test_tensors_are_handed_on_and_not_copied():
    assert as_data((X, LABELS)).train.X is X and as_data(AS_DATA) is AS_DATA
    assert split(X, LABELS, valid_size=0).train.X is X


# --- following the advice ------------------------------------------------------------------------------------------


def test_the_advice_on_text_leads_to_a_fit():
    names, y = np.unique(WORDS, return_inverse=True)
    assert list(names) == ["blue", "green", "red"] and fitted(y=y)[-1].number == 1
    coded = pd.get_dummies(TABLE.assign(colour=WORDS), dtype=float)
    assert fitted(nn.Linear(9, 3), X=coded)[-1].number == 1
    coded = pd.get_dummies(pd.DataFrame(np.array(WORDS)[:, None]), dtype=float)
    assert fitted(nn.Linear(3, 3), X=coded)[-1].number == 1


# --- what only looks wrong stays without a word ----------------------------------------------------------------------

FINE = [
    lambda: fitted(Written(lambda outputs: outputs.nan_to_num(0.0)), data=(PAIR[0], (GAPS, LABELS))),
    lambda: fitted(one(), y=NO_ANSWER, loss=lambda outputs, y: (outputs - y)[~y.isnan()].square().mean()),
    lambda: fitted(linear(1), y=MEASURED, loss=lambda outputs, y: F.mse_loss(outputs.squeeze(1), y)),
    lambda: fitted(linear(1), y=MEASURED, loss=lambda outputs, y: (outputs.flatten() - y).square().mean()),
    lambda: fitted(linear(1), y=MEASURED, loss=lambda outputs, y: (outputs[:, 0] - y).square().mean()),
    lambda: fitted(linear(3, nn.LogSoftmax(dim=1)), loss=F.nll_loss),
    lambda: fitted(Written(lambda outputs: F.log_softmax(outputs, dim=1)), loss=nn.NLLLoss()),
    lambda: fitted(one(), y=YES_NO, loss=LOGITS_LOSS),
    lambda: fitted(one(nn.Sigmoid()), y=YES_NO, loss=F.binary_cross_entropy),
    lambda: fitted(nn.Sequential(nn.Linear(6, 4), nn.Sigmoid(), nn.Linear(4, 1), nn.Flatten(0)), y=YES_NO,
                   loss=LOGITS_LOSS),
    lambda: fitted(y=torch.where(LABELS == 0, -1, LABELS), loss=nn.CrossEntropyLoss(ignore_index=-1)),
    lambda: fitted(penalty=l2(0.1)),
    lambda: fitted(penalty=l2(0.0)),
    lambda: fitted(penalty=lambda model: 0 * model[0].weight.sum()),
    lambda: fitted(epochs=0),
    lambda: swept(lr=0),
    lambda: accuracy(X[:, 0], YES_NO),
    lambda: accuracy(YES_NO, YES_NO),
    lambda: accuracy(X[:, 0] > 0, YES_NO),
    lambda: accuracy(X[:, 0].abs() + 0.5, YES_NO),
    lambda: accuracy(X[:, :3].half(), LABELS.float()),
    lambda: fitted(penalty=lambda model: 0.1 * model[0].weight.norm()),
    lambda: fitted(nn.Sequential(nn.Linear(6, 4), nn.Unflatten(1, (2, 2)), nn.Flatten(0, 1), nn.Linear(2, 3)),
                   loss=lambda outputs, y: F.cross_entropy(outputs, y.repeat_interleave(2)), measure=False),
    lambda: swept(nesterov=True, momentum=0.9),
    lambda: swept(optimizer=torch.optim.Adam, betas=(0.0, 0.9)),
    lambda: swept(penalty=[None, l2(0.1)]),
    lambda: EarlyStopping(patience=1).should_stop(torch.tensor(0.5)),
]


@pytest.mark.parametrize("row", range(len(FINE)))
def test_what_is_right_is_not_complained_of(row):
    assert heard(FINE[row]) is None
