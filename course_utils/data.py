"""Examples and their split: whole tensors in memory, cut into train, valid and test."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor


class Examples(NamedTuple):
    """Inputs and their targets, row by row: X of shape (n, …), y of shape (n,)."""

    X: Tensor
    y: Tensor

    def to(self, device: torch.device | str) -> "Examples":
        """The same examples on `device`; what is there already is not copied."""
        return Examples(self.X.to(device), self.y.to(device))


@dataclass(frozen=True, eq=False)
class Data:
    """A data set: examples to learn from, to choose with (`valid`) and to report on (`test`), and the names in it."""

    train: Examples
    valid: Examples | None = None
    test: Examples | None = None
    feature_names: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    name: str = ""
    description: str = ""

    def map(self, f: Callable[[Tensor], Tensor]) -> "Data":
        """The same data with `f` applied to every X, say `mnist.map(lambda X: X.flatten(1).float() / 255)`."""

        def mapped(part: Examples) -> Examples:
            return Examples(f(part.X), part.y)

        valid, test = self.valid and mapped(self.valid), self.test and mapped(self.test)
        return replace(self, train=mapped(self.train), valid=valid, test=test)


def as_data(data: Data | Examples) -> Data:
    """`data` as a Data; Examples, or a pair (X, y), become its train part. Raises TypeError for anything else."""
    if isinstance(data, Data):
        return data
    if isinstance(data, tuple) and len(data) == 2:
        return Data(train=Examples(*data))
    raise TypeError(f"The data are a {type(data).__name__}. Give a Data, or Examples(X, y) with two tensors.")


def take(examples: Examples, indices: Tensor) -> Examples:
    """The examples at `indices` (int64, shape (k,)), in that order."""
    return Examples(examples.X.index_select(0, indices), examples.y.index_select(0, indices))


def minibatches(n: int, batch_size: int, generator: torch.Generator | None = None) -> Iterator[Tensor]:
    """Index tensors that cover 0 … n-1 once, `batch_size` at a time; the last one may be shorter.

    The order is drawn from `generator`; without one it is 0, 1, 2, … as for measuring.
    Raises ValueError for a batch size below 1.
    """
    if batch_size < 1:
        raise ValueError(f"A batch holds at least one example; batch_size is {batch_size}.")
    order = torch.arange(n) if generator is None else torch.randperm(n, generator=generator)
    return iter(order.split(batch_size)) if n else iter(())


def _count(size: float, n: int, part: str) -> int:
    """`size` as a number of rows. A share is rounded up, as scikit-learn does."""
    count = size if isinstance(size, int) else math.ceil(size * n)
    if not 0 <= count < n:
        raise ValueError(f"{part}={size} takes {count} of {n} rows. Give a share from 0 to 1, or a number of rows.")
    return count


def split(
    X: Tensor, y: Tensor, *, valid_size: float = 0.25, test_size: float = 0.0, stratify: bool = True, seed: int = 0
) -> Data:
    """Draw train, valid and test rows at random with scikit-learn's `train_test_split`.

    Sizes are shares of all rows, or whole numbers of rows; a part of size 0 is None. With `stratify` every part
    has each class in the same proportion, which needs class numbers in `y`: for a measured target pass
    `stratify=False`. Raises ValueError for sizes that leave no row to train on, and for a class of one row.
    """
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y has {len(y)}; each row needs one target.")
    n_valid, n_test = _count(valid_size, len(X), "valid_size"), _count(test_size, len(X), "test_size")
    if n_valid + n_test >= len(X):
        raise ValueError(f"valid_size and test_size take {n_valid + n_test} of {len(X)} rows; none is left for train.")
    if stratify and n_valid + n_test and int(torch.unique(y, return_counts=True)[1].min()) < 2:
        raise ValueError("Some value of y occurs only once, so it cannot be on both sides. Pass stratify=False.")

    rest, examples = torch.arange(len(X)), Examples(X, y)
    parts: list[Examples | None] = []
    for size in (n_test, n_valid):
        chosen = None
        if size:
            rest, chosen = _divide(rest, y, size, stratify, seed)
        parts.append(None if chosen is None else take(examples, chosen))
    test, valid = parts
    return Data(take(examples, rest) if n_valid + n_test else examples, valid, test)


def _divide(rows: Tensor, y: Tensor, size: int, stratify: bool, seed: int) -> tuple[Tensor, Tensor]:
    from sklearn.model_selection import train_test_split  # here, because every lesson loads this module

    kept, chosen = train_test_split(
        rows.numpy(), test_size=size, stratify=y[rows].numpy() if stratify else None, random_state=seed
    )
    return torch.from_numpy(kept), torch.from_numpy(chosen)


def standardize(data: Data) -> Data:
    """Give every feature mean 0 and standard deviation 1 (divisor n) over the train rows.

    Valid and test rows are shifted and scaled by the train rows' numbers, so nothing about them leaks into
    training. A feature that is constant in train carries nothing to learn and becomes 0 everywhere.
    """
    X = data.train.X.double()
    mean, sd = X.mean(0), X.std(0, correction=0)
    scale = torch.where(X.amin(0) == X.amax(0), 0.0, 1 / sd)
    dtype = data.train.X.dtype if data.train.X.is_floating_point() else torch.get_default_dtype()
    return data.map(lambda X: ((X.double() - mean) * scale).to(dtype))


def one_hot(data: Data, *columns: str, drop_first: bool = False) -> Data:
    """Replace each named column by one 0/1 column per value, named like `hr=8`, at the end of X.

    The values are those of the train rows; a value first met in valid or test gives zeros throughout. With
    `drop_first` the lowest value has no column of its own, as a linear model with a bias needs none.
    Raises ValueError for a column that is not among `data.feature_names`.
    """
    unknown = [column for column in columns if column not in data.feature_names]
    if unknown:
        raise ValueError(f"There is no column {unknown[0]!r}. The columns are {', '.join(data.feature_names)}.")
    at = [data.feature_names.index(column) for column in columns]
    kept = [i for i in range(len(data.feature_names)) if i not in at]
    values = [data.train.X[:, i].unique()[int(drop_first) :] for i in at]  # unique() sorts

    def encode(X: Tensor) -> Tensor:
        coded = [(X[:, i, None] == v).to(X.dtype) for i, v in zip(at, values, strict=True)]
        return torch.cat([X[:, kept], *coded], dim=1)

    names = [data.feature_names[i] for i in kept]
    names += [f"{column}={value:g}" for column, v in zip(columns, values, strict=True) for value in v.tolist()]
    return replace(data.map(encode), feature_names=tuple(names))
