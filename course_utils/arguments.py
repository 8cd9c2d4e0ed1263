"""What a call is given, looked at once, where it enters: counts, numbers, yes or no, seeds, arrays and tables.

Each message says what was given, what is needed, and, where that can be told, what to write instead.
"""

import math
import operator
from typing import Any

import numpy as np
import torch
from torch import Tensor

LARGEST_SEED = 2**32 - 1        # that of NumPy and scikit-learn


def whole_number(name: str, value: Any, counts: str, least: int = 0) -> int:
    """`value` as an int of `least` or more; `counts` says in the plural what it counts.

    Raises TypeError for what is no number, ValueError for 2.5 and for too few.
    """
    given = f"{name} is {_shown(value)}. It counts {counts}, so give a whole number, {least} or more."
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        number = operator.index(value)
    except (TypeError, ValueError):
        if isinstance(value, float):
            raise ValueError(f"{given}{_without(name, value, 'the decimal point')}") from None
        raise TypeError(f"{given}{_without(name, value, 'quotes')}") from None
    if number < least:
        raise ValueError(given)
    return number


def _without(name: str, value: object, what: str) -> str:
    """What to write for "3" and 3.0: the number that is meant."""
    try:
        meant = float(value) if isinstance(value, str | float) else math.nan
    except ValueError:
        return ""
    return f" Without {what}: `{name}={int(meant)}`." if meant.is_integer() else ""


def number(name: str, value: Any, meaning: str, least: float = -math.inf, above: float = -math.inf) -> float:
    """`value` as a finite float, from `least` up or above `above`; `meaning` is a sentence about it.

    Raises TypeError for what is no number, ValueError for nan, for infinity and for too small a one.
    """
    given = f"{name} is {_shown(value)}. {meaning}"
    plain = isinstance(value, int | float | np.number) or isinstance(value, Tensor) and value.numel() == 1
    if isinstance(value, bool) or not plain:
        raise TypeError(f"{given} Give a number.")
    if not math.isfinite(value):
        raise ValueError(f"{given} Give a finite number.")
    if value < least:
        raise ValueError(f"{given} Give {least:g} or more.")
    if value <= above:
        raise ValueError(f"{given} Give more than {above:g}.")
    return float(value)


def rows_of(size: Any, n: int, part: str) -> int:
    """`size`, a share or a number of rows, as so many of n rows. A share is rounded up, as scikit-learn does.

    Raises TypeError for what is neither, ValueError where no row would be left; `part` is the argument's name.
    """
    size = size.item() if getattr(size, "ndim", 1) == 0 else size           # a number of NumPy's or of torch's
    if isinstance(size, bool) or not isinstance(size, int | float) and not hasattr(size, "__index__"):
        raise TypeError(f"{part} is {size!r}. Give a share from 0 to 1, or a number of rows; 0 for no such part.")
    count = math.ceil(size * n) if isinstance(size, float) and math.isfinite(size) else size
    if not 0 <= count < n:
        raise ValueError(f"{part}={size} takes {count} of {n} rows. Give a share from 0 to 1, or a number of rows.")
    return int(count)


def yes_or_no(name: str, value: Any, meaning: str) -> bool:
    """`value` as a bool. Raises TypeError for all but True and False: the text "False" would count as a yes."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} is {_shown(value)}. {meaning} Give True or False, without quotes.")
    return bool(value)


def seed_number(seed: Any, name: str = "seed") -> int:
    """`seed` as an int. Raises TypeError or ValueError for all but the whole numbers from 0 to 2³² − 1."""
    try:
        if isinstance(seed, bool | np.bool_):
            raise TypeError
        value = operator.index(seed)
    except (TypeError, ValueError):
        raise TypeError(f"{name} is {_shown(seed)}. Random numbers begin from a whole number, such as 0.") from None
    if not 0 <= value <= LARGEST_SEED:
        raise ValueError(f"{name} is {value}. Give a whole number from 0 to {LARGEST_SEED}.")
    return value


def as_tensor(name: str, values: Any, decimals: torch.dtype | None = None) -> Tensor:
    """`values` as a tensor. A tensor stays as it is; a NumPy array, a table of pandas or a list of numbers is copied.

    Decimals become `decimals`, or torch's default: float32 keeps seven digits. Of an array whole numbers stay whole; of
    a table with several columns all become decimals, for its columns are features. What is missing becomes nan.
    Raises TypeError for what holds no numbers, and says how to get them.
    """
    if isinstance(values, Tensor):
        return _plain(name, values)
    short = name.split()[0]
    if isinstance(values, torch.nn.Module):
        raise TypeError(f"{name} is a model, {kind_of(values)}. Give what it computes: `model(X)`.")
    if isinstance(values, torch.utils.data.Dataset):
        wanted = "torch.tensor([y for x, y in dataset])" if short == "y" else "torch.stack([x for x, y in dataset])"
        given = kind_of(values)
        raise TypeError(f"{name} is {given}, which gives one example at a time. Make a tensor of it: `{wanted}`.")
    if hasattr(values, "toarray"):
        raise TypeError(f"{name} is a sparse {type(values).__name__}. Write out its zeros: `{short}.toarray()`.")
    if isinstance(values, list | tuple) and any(isinstance(value, Tensor) for value in values):
        raise TypeError(f"{name} is a {type(values).__name__} of tensors. Make it one: `torch.stack(list({short}))`.")
    array = _table_as_array(name, values) if hasattr(values, "columns") else _as_array(name, values)
    decimals = decimals or torch.get_default_dtype()
    if array.dtype.kind == "f":
        tensor = torch.from_numpy(array.astype(np.float64))
        rounded = tensor.to(decimals)
        if bool((rounded.isinf() & tensor.isfinite()).any()):
            raise ValueError(f"{name} holds numbers beyond the largest of {str(decimals)[6:]}. Divide them first.")
        return rounded
    kept = array.dtype.kind == "b" or array.dtype == np.uint8           # truths, and images
    return torch.from_numpy(array.astype(array.dtype if kept else np.int64))


def _plain(name: str, values: Tensor) -> Tensor:
    """A tensor that can be computed with row by row. Through data no gradient flows back: they are not learnt."""
    if values.is_nested:
        raise TypeError(f"{name} has rows of different lengths. Each needs the same number of entries.")
    if values.layout is not torch.strided:
        raise TypeError(f"{name} is a sparse tensor. Write out its zeros: `{name.split()[0]}.to_dense()`.")
    if values.is_complex():
        raise TypeError(f"{name} holds complex numbers; a model computes with real ones. Give two columns for each.")
    return values.detach() if values.requires_grad else values


def _table_as_array(name: str, table: Any) -> np.ndarray:
    """A table's columns as decimals, shape (n, columns). Raises TypeError that names a column without numbers."""
    columns = [_as_array(f"Column {column!r} of {name}", table[column]) for column in table.columns]
    if not columns:
        raise ValueError(f"{name} is a table without columns.")
    single = columns[0].dtype if len(columns) == 1 else np.float64      # one column may hold class numbers
    return np.stack(columns, axis=1).astype(single)


def _as_array(name: str, values: Any) -> np.ndarray:
    if isinstance(values, np.ma.MaskedArray) and values.dtype.kind in "biuf" and np.ma.getmaskarray(values).any():
        values = np.ma.filled(values.astype(np.float64), math.nan)      # what is masked is missing, whatever lies there
    try:
        array = np.asarray(values)
    except ValueError:
        raise TypeError(f"{name} has rows of different lengths. Each needs the same number of entries.") from None
    if array.ndim == 0 and array.dtype.kind == "O" or isinstance(values, str):
        kind = kind_of(values)
        raise TypeError(f"{name} is {kind}. Give a tensor, an array or a table, with a row for each example.")
    if array.dtype.kind in "bfiu":
        if array.dtype == np.uint64 and array.size and array.max() > np.iinfo(np.int64).max:
            raise ValueError(f"{name} holds whole numbers up to {array.max()}, beyond the largest of int64. Are they "
                             "names of rows, such as hashes? A model computes with sizes; leave them out.")
        return array
    if array.dtype.kind == "c":
        raise TypeError(f"{name} holds complex numbers; a model computes with real ones. Give two columns for each.")
    if array.dtype.kind in "mM":
        raise TypeError(f"{name} holds dates. Make numbers of them, such as days since the first, or leave it out.")
    text = next((value for value in array.flat if isinstance(value, str)), None)
    if text is not None:
        raise TypeError(f"{name} holds text, such as {str(text)!r}; a model computes with numbers. {_coded(name)}")
    missing = [value is None or type(value).__name__ in ("NAType", "NaTType") for value in array.flat]
    try:
        return np.where(np.reshape(missing, array.shape), math.nan, array).astype(np.float64)
    except (TypeError, ValueError):
        kind = type(array.flat[0]).__name__
        raise TypeError(f"{name} holds values of the type {kind}; a model computes with numbers.") from None


def _coded(name: str) -> str:
    """How to make numbers of text: one column a value for inputs, class numbers for targets."""
    if name.startswith("Column"):
        return "Make a 0/1 column of each of its values: `X = pandas.get_dummies(X, dtype=float)`."
    if name.startswith("X"):
        return "Make a 0/1 column of each value: `X = pandas.get_dummies(pandas.DataFrame(X), dtype=float)`."
    return "Number the classes: `names, y = numpy.unique(y, return_inverse=True)`."


def check_order(X: Any, y: Any, of: str = "") -> None:
    """Raise ValueError where two tables of pandas hold the same rows in different orders, for only position counts."""
    rows: Any = getattr(X, "index", None)
    theirs: Any = getattr(y, "index", None)
    if not hasattr(rows, "equals") or not hasattr(theirs, "equals") or rows.equals(theirs):
        return
    if len(rows) == len(theirs) and rows.is_unique and set(rows) == set(theirs):
        raise ValueError(
            f"By their index X and y{of} hold the same rows in different orders, but row goes with row by position. "
            "Put y in the order of X, `y = y.loc[X.index]`, or number both anew, `.reset_index(drop=True)`."
        )


def not_finite(values: Tensor) -> Tensor:
    """Which rows hold nan or infinity, bool (n,). A piece at a time, for they may be larger than memory."""
    if not values.is_floating_point() or not len(values):
        return torch.zeros(len(values), dtype=torch.bool)
    return torch.cat([(~rows.reshape(len(rows), -1).isfinite()).any(dim=1)
                      for rows in values.split(8192)])


def _shown(value: object) -> str:
    """How a value is written, if that is short; else what it is."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    text = repr(value)
    return text if len(text) <= 40 and "\n" not in text and not text.startswith("<") else kind_of(value)


def kind_of(value: object) -> str:
    """What a value is, for a sentence: None, or its type with an article."""
    return "None" if value is None else f"a {type(value).__name__}"


def instead_of(data: object) -> str:
    """What to give in place of `data`, which is neither a Data nor a pair."""
    if hasattr(data, "batch_size") and hasattr(data, "dataset"):
        return "Give its tensors, `(X, y)`, and `batch_size`: the batches are drawn from them anew in each epoch."
    if callable(data) and not isinstance(data, torch.nn.Module | type) and not hasattr(data, "columns"):
        name = getattr(data, "__name__", "load")
        return f"Call it, with brackets: `{name}()`."
    if isinstance(data, torch.nn.Module):
        return "The order is `fit(model, data, loss_fn, optimizer)`."
    return "Give a Data, or Examples(X, y) with two tensors."
