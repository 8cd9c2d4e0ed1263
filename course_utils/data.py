"""Examples and their split: whole tensors in memory, cut into train, valid and test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from course_utils.arguments import (
    as_tensor,
    check_order,
    instead_of,
    kind_of,
    not_finite,
    rows_of,
    seed_number,
    whole_number,
    yes_or_no,
)

if TYPE_CHECKING:
    import numpy as np


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

    def __repr__(self) -> str:
        """Names and sizes: the numbers themselves would fill a page."""
        given = {part: getattr(self, part)[0] for part in PARTS if getattr(self, part) is not None}
        shapes = [f"{part}={tuple(getattr(X, 'shape', [len(X)]))}" for part, X in given.items()]
        classes = [f"{len(self.class_names)} classes"] if self.class_names else []
        return f"Data({', '.join([*filter(None, [self.name]), *shapes, *classes])})"

    def map(self, f: Callable[[Tensor], Tensor]) -> "Data":
        """The same data with `f` applied to every X, say `mnist.map(lambda X: X.flatten(1).float() / 255)`."""

        def mapped(part: Examples) -> Examples:
            return Examples(f(part.X), part.y)

        valid, test = self.valid and mapped(self.valid), self.test and mapped(self.test)
        return replace(self, train=mapped(self.train), valid=valid, test=test)


PARTS = ("train", "valid", "test")


def as_data(data: Any, decimals: torch.dtype | None = None) -> Data:
    """`data` as a Data of tensors: the door by which they come into `fit`, `sweep`, `fit_to_optimum`, `standardize`.

    It may be a Data; Examples or a pair (X, y), which become its train part; or two or three such pairs, the second
    for validation, the third for testing. Arrays, tables and lists of numbers are converted by `as_tensor`, to which
    `decimals` goes. Raises TypeError for anything else.
    """
    parts: dict[str, Any]
    if isinstance(data, Data):
        given = {part: getattr(data, part) for part in PARTS if getattr(data, part) is not None}
        parts = {part: _as_examples(part, pair, decimals) for part, pair in given.items()}
        return data if all(parts[part] is given[part] for part in parts) else replace(data, **parts)
    if not isinstance(data, tuple):
        raise TypeError(f"The data are {kind_of(data)}. {instead_of(data)}")
    of_pairs = len(data) in (2, 3) and isinstance(data[0], tuple) and all(isinstance(p, tuple | None) for p in data)
    pairs = data if of_pairs else (data,)
    if len(pairs) == 1 and len(data) == 4:
        raise TypeError(
            "The data are a tuple of four. As `train_test_split` gives them, they are two pairs: "
            "`((X_train, y_train), (X_valid, y_valid))`."
        )
    if len(pairs) == 1 and len(data) != 2:
        raise TypeError(f"The data are a tuple. {instead_of(data)}")
    named = zip(PARTS, pairs, strict=False)
    parts = {part: _as_examples(part, pair, decimals) for part, pair in named if pair is not None}
    return Data(**parts, feature_names=_columns(pairs[0][0]))


def _as_examples(part: str, pair: Any, decimals: torch.dtype | None) -> Examples:
    """X and y of one part as tensors with a row for each example; what is that already is not copied."""
    if not isinstance(pair, tuple) or len(pair) != 2:
        needed = "Each part is a pair: `Data(train=Examples(X, y), valid=Examples(...))`."
        raise TypeError(f"The {part} part is {kind_of(pair)}. {needed}")
    check_order(*pair, f" of the {part} examples")
    tensors = [as_tensor(f"{name} of the {part} examples", v, decimals) for name, v in zip("Xy", pair, strict=True)]
    for name, tensor in zip("Xy", tensors, strict=True):
        if tensor.dim() == 0:
            raise ValueError(f"{name} of the {part} examples is a single number. Give a row for each example.")
    n, n_targets = map(len, tensors)
    if n != n_targets:
        raise ValueError(f"The {part} part has {n} inputs and {n_targets} targets. Each example needs one of each.")
    if isinstance(pair, Examples) and all(ours is given for ours, given in zip(tensors, pair, strict=True)):
        return pair
    return Examples(*tensors)


def _columns(X: object) -> tuple[str, ...]:
    """The names of a table's columns, which become the features'; of anything else none."""
    return tuple(str(column) for column in getattr(X, "columns", ()))


def take(examples: Examples, indices: Tensor) -> Examples:
    """The examples at `indices` (int64, shape (k,)), in that order."""
    return Examples(examples.X.index_select(0, indices), examples.y.index_select(0, indices))


def minibatches(n: int, batch_size: int, generator: torch.Generator | None = None) -> Iterator[Tensor]:
    """Index tensors that cover 0 … n-1 once, `batch_size` at a time; the last one may be shorter.

    The order is drawn from `generator`; without one it is 0, 1, 2, … as for measuring.
    Raises ValueError for a batch size below 1.
    """
    batch_size = whole_number("batch_size", batch_size, "examples", least=1)
    order = torch.arange(n) if generator is None else torch.randperm(n, generator=generator)
    return iter(order.split(batch_size)) if n else iter(())


def split(
    X: Tensor, y: Tensor, *, valid_size: float = 0.25, test_size: float = 0.0, stratify: bool = True, seed: int = 0
) -> Data:
    """Draw train, valid and test rows at random: the rows that scikit-learn's `train_test_split` draws.

    X and y are tensors, arrays, tables or lists. Sizes are shares of all rows, or whole numbers of rows; a part of
    size 0 is None. With `stratify` every part has each class in the same proportion, which needs class numbers in `y`:
    for a measured target pass `stratify=False`. Raises ValueError for sizes that leave no row to train on and for
    classes that cannot be divided so, TypeError for what holds no numbers.
    """
    check_order(X, y)
    names, seed = _columns(X), seed_number(seed)
    X, y = as_tensor("X", X), as_tensor("y", y)
    stratify = yes_or_no("stratify", stratify, "It says whether the classes in y are divided in proportion.")
    if X.dim() == 0 or y.dim() == 0:
        raise ValueError(f"{'y' if X.dim() else 'X'} is a single number. Give a row for each example.")
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y has {len(y)}; each row needs one target.")
    n_valid, n_test = rows_of(valid_size, len(X), "valid_size"), rows_of(test_size, len(X), "test_size")
    if n_valid + n_test >= len(X):
        raise ValueError(f"valid_size and test_size take {n_valid + n_test} of {len(X)} rows; none is left for train.")
    if stratify and n_valid + n_test:
        _check_classes(y)

    rest, examples = torch.arange(len(X)), Examples(X, y)
    parts: list[Examples | None] = []
    for size in (n_test, n_valid):
        chosen = None
        if size:
            rest, chosen = _divide(rest, y, size, stratify, seed)
        parts.append(None if chosen is None else take(examples, chosen))
    test, valid = parts
    return Data(take(examples, rest) if n_valid + n_test else examples, valid, test, names)


def _check_classes(y: Tensor) -> None:
    """Raise ValueError unless y holds classes that can be divided."""
    if missing := int(not_finite(y).sum()):
        raise ValueError(
            f"y is nan or infinite in {missing} of {len(y)} rows, which belong to no class. Drop those rows of X and y."
        )
    if int(torch.unique(y, return_counts=True)[1].min()) < 2:
        raise ValueError("Some value of y occurs only once, so it cannot be on both sides. Pass stratify=False.")


def _divide(rows: Tensor, y: Tensor, size: int, stratify: bool, seed: int) -> tuple[Tensor, Tensor]:
    """`rows` in two parts, the second of `size`, each shuffled.

    Draw by draw what scikit-learn does, without its import, which takes longer than torch's: NumPy's RandomState gives
    the same numbers for ever.
    """
    import numpy as np

    draw = np.random.RandomState(seed)
    if not stratify:
        order = torch.from_numpy(draw.permutation(len(rows)))
        return rows[order[size:]], rows[order[:size]]
    labels = y[rows].numpy()
    if labels.ndim > 1:                             # a class is a whole row; scikit-learn sorts them as words
        labels = np.array([" ".join(row) for row in labels.reshape(len(labels), -1).astype(str)])
    _, class_of, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if counts.min() < 2 or min(size, len(rows) - size) < len(counts):
        raise ValueError(
            f"{size} of {len(rows)} rows cannot hold each of the {len(counts)} values of y in proportion, the rarest "
            f"of which occurs {counts.min()} times. Take more rows, or pass stratify=False."
        )
    n_kept = _in_proportion(counts, len(rows) - size, draw)
    n_chosen = _in_proportion(counts - n_kept, size, draw)
    kept, chosen = [], []
    for number, (n, m) in enumerate(zip(n_kept, n_chosen, strict=True)):
        of_class = draw.permutation(np.flatnonzero(class_of == number))
        kept.append(of_class[:n])
        chosen.append(of_class[n : n + m])
    first, second = (torch.from_numpy(draw.permutation(np.concatenate(part))) for part in (kept, chosen))
    return rows[first], rows[second]


def _in_proportion(counts: "np.ndarray", total: int, draw: "np.random.RandomState") -> "np.ndarray":
    """`total` shared out among the classes as `counts` are: whole numbers, the largest remainders rounded up.

    Among equal remainders `draw` decides.
    """
    import numpy as np

    exact = counts / counts.sum() * total
    shares = np.floor(exact).astype(int)
    remainders = exact - shares
    for largest in np.unique(remainders)[::-1]:
        if (left := total - shares.sum()) == 0:
            break
        equal = np.flatnonzero(remainders == largest)
        shares[draw.choice(equal, min(left, len(equal)), replace=False)] += 1
    return shares


def standardize(data: Data | Examples) -> Data:
    """Give every feature mean 0 and standard deviation 1 (divisor n) over the train rows.

    Valid and test rows are shifted and scaled by the train rows' numbers, so nothing about them leaks into
    training. A feature that is constant in train carries nothing to learn and becomes 0 everywhere.
    Raises ValueError where a part holds nan or infinity, for one such value spoils its whole column, and for numbers
    too large or too small to be squared.
    """
    data = as_data(data)
    for part in PARTS:
        if getattr(data, part) is not None:
            _check_finite(part, getattr(data, part).X, data.feature_names)
            _check_columns(part, getattr(data, part).X, data.train.X)
    X = data.train.X.double()
    mean, sd = X.mean(0), X.std(0, correction=0)
    constant = X.amin(0) == X.amax(0)
    if bool((~constant & ~(1 / sd).isfinite() | ~sd.isfinite()).any()):
        raise ValueError("Some column holds numbers whose squares float64 cannot hold, beyond 1e154 or below 1e-154. "
                         "Give it another unit first.")
    scale = torch.where(constant, 0.0, 1 / sd)
    dtype = data.train.X.dtype if data.train.X.is_floating_point() else torch.get_default_dtype()
    return data.map(lambda X: ((X.double() - mean) * scale).to(dtype))


def _check_columns(part: str, X: Tensor, train: Tensor) -> None:
    if X.shape[1:] != train.shape[1:]:
        own, needed = (" x ".join(map(str, shape)) or "no" for shape in (X.shape[1:], train.shape[1:]))
        raise ValueError(f"The {part} part has {own} columns and the train part {needed}. Give each part the same.")


def _check_finite(part: str, X: Tensor, names: tuple[str, ...]) -> None:
    if len(X) == 0:
        raise ValueError(f"The {part} part has no rows, so it has no mean.")
    bad = (~X.isfinite()).flatten(1).sum(0) if X.dim() > 1 else (~X.isfinite()).sum()[None]
    if bad.any():
        at = int(bad.nonzero()[0])
        column = f"column {at}" + (f" ({names[at]})" if len(names) == len(bad) else "")
        spoils = "One is enough to make the whole column nan" if part == "train" else "The loss on them would be nan"
        raise ValueError(
            f"{int(bad[at])} of the {len(X)} {part} rows hold nan or infinity in {column}. {spoils}. Fill them in "
            "or drop those rows first."
        )


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
