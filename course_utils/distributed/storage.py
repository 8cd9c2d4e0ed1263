"""Examples on disk that are used like tensors in memory: for data that memory does not hold.

A folder holds `X.bin` and `y.bin`, the bare numbers row after row, and `examples.json`, which says how to read them.
The files are mapped: the system reads a page of them when a row on it is asked for, and forgets it when memory is
needed. So a process that trains on them needs memory for a batch. In what Linux reports, mapped pages count as
`RssFile`, which can be dropped at any time, and not as `RssAnon`, the memory that a process holds for itself.

What it costs is order. A disk, and the system's reading ahead, are fast along the file; rows drawn at random from all
of it are a page each. `block_order` shuffles so that whole blocks are read.
"""

import json
import math
import mmap
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor

from course_utils.data import Examples

ROWS_AT_ONCE = 4096         # written at a time, so that a tensor that is not contiguous is not copied whole
BLOCKS_MIXED = 64           # blocks whose rows are shuffled among themselves


def store(examples: Examples | Iterable[Examples], folder: str | Path) -> Path:
    """Write examples into a new folder, for `open_stored`. Several in a row, say from a generator, become one set.

        store((Examples(X, y) for X, y in read_in_pieces("huge.csv")), "huge")

    All need the same dtypes, and rows of one shape. The folder appears when all is written. Raises FileExistsError if
    there is one, and ValueError for pieces that do not fit together or hold no row.
    """
    folder = Path(folder)
    if folder.exists():
        raise FileExistsError(f"{folder} is there already. Give another name, or remove it if it is not needed.")
    one = isinstance(examples, tuple) and isinstance(examples[0], Tensor)
    pieces: Iterable = [examples] if one else examples
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f"{folder.name}.unfinished-", dir=folder.parent))
    try:
        description = _write(pieces, unfinished)
        (unfinished / "examples.json").write_text(json.dumps(description, indent=1), encoding="utf-8")
        os.replace(unfinished, folder)
    except BaseException:
        shutil.rmtree(unfinished)
        raise
    return folder


def _write(pieces: Iterable[Examples], folder: Path) -> dict[str, dict]:
    """X.bin and y.bin; returns dtype and shape of each."""
    description: dict[str, dict] = {}
    with open(folder / "X.bin", "wb") as X_file, open(folder / "y.bin", "wb") as y_file:
        for number, piece in enumerate(pieces):
            if len(piece[0]) != len(piece[1]):
                raise ValueError(f"Piece {number} has {len(piece[0])} inputs and {len(piece[1])} targets.")
            for name, tensor, file in (("X", piece[0], X_file), ("y", piece[1], y_file)):
                its = {"dtype": str(tensor.dtype).removeprefix("torch."), "row": list(tensor.shape[1:])}
                known = description.setdefault(name, {**its, "rows": 0})
                if its != {key: known[key] for key in its}:
                    raise ValueError(
                        f"{name} of piece {number} has rows of shape {tuple(its['row'])} in {its['dtype']}; "
                        f"before it they were {tuple(known['row'])} in {known['dtype']}."
                    )
                for rows in tensor.detach().cpu().split(ROWS_AT_ONCE):
                    rows.contiguous().flatten().view(torch.uint8).numpy().tofile(file)
                known["rows"] += len(tensor)
    if not description or not description["X"]["rows"]:
        raise ValueError("There is no example to store.")
    return description


def open_stored(folder: str | Path) -> Examples:
    """The examples that `store` wrote: tensors (n, …) and (n,) whose rows are read from disk when they are used.

        fit_distributed(model, open_stored("huge"), F.cross_entropy, optimizer, batch_size=1024, block=256)

    Give the tensors as they are: `X.float()` or `X - mean` makes a new tensor, in memory and whole. Writing into
    them is possible, and changes this process's copy of those pages and not the files.
    Raises FileNotFoundError if there is no such folder, and ValueError if a file in it is not as it was written.
    """
    folder = Path(folder)
    try:
        description = json.loads((folder / "examples.json").read_text(encoding="utf-8"))
        X, y = (_map(folder / f"{name}.bin", **description[name]) for name in ("X", "y"))
    except FileNotFoundError as missing:
        raise FileNotFoundError(
            f"There is no {missing.filename}. A folder that `store` has written holds X.bin, y.bin and examples.json."
        ) from None
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise ValueError(f"{folder / 'examples.json'} does not say what is stored. Store the examples anew.") from None
    return Examples(X, y)


def _map(path: Path, dtype: str, row: list[int], rows: int) -> Tensor:
    kind = getattr(torch, dtype)
    needed, there = rows * math.prod(row) * kind.itemsize, path.stat().st_size
    if needed != there:
        raise ValueError(
            f"{path} has {there:,} bytes, and {rows:,} rows of {dtype} with shape {tuple(row)} have {needed:,}. "
            "It was cut off or changed: store the examples anew."
        )
    with open(path, "rb") as file:
        if sys.platform == "win32":
            pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        else:
            # Private pages, so that writing into the tensor is no crash and changes no file. Linux would set memory
            # aside for writing to all of them, and refuse files larger than it has, unless told not to
            # (NORESERVE, 0x4000, for which Python 3.11 has no name). torch.from_file and numpy.memmap do not tell it.
            do_not_reserve = 0x4000 if sys.platform == "linux" else 0
            pages = mmap.mmap(
                file.fileno(), 0, flags=mmap.MAP_PRIVATE | do_not_reserve, prot=mmap.PROT_READ | mmap.PROT_WRITE
            )
    return torch.frombuffer(pages, dtype=kind).view(rows, *row)


def block_order(n: int, block: int, generator: torch.Generator, mixed: int = BLOCKS_MIXED) -> Tensor:
    """The rows 0 … n−1 shuffled, (n,) int64, in a way that reads a file by blocks of `block` rows.

    The file is divided into `mixed` stretches. Each round takes a block from every stretch, whichever chance gives, and
    shuffles the rows of these among themselves. So a batch holds rows from all over the file, while a round needs
    `mixed` · `block` rows to be at hand, each block read in one go.

    A file sorted by class is the hard case, for a block holds one class. Blocks drawn from anywhere would make rounds
    in which a class is rare, and the model would learn that last; one from every stretch gives each its part.
    Raises ValueError for blocks of less than one row.
    """
    if block < 1 or mixed < 1:
        raise ValueError(f"block is {block} and mixed is {mixed}; give 1 or more of each.")
    rounds = math.ceil(n / block / mixed)
    blocks = torch.rand(mixed, rounds, generator=generator).argsort(dim=1)          # of each stretch, in random order
    blocks += rounds * torch.arange(mixed)[:, None]
    order = []
    for together in blocks.T:
        rows = (together[:, None] * block + torch.arange(block)).flatten()
        rows = rows[rows < n]                                                       # the last stretch may be short
        order.append(rows[torch.randperm(len(rows), generator=generator)])
    return torch.cat(order) if order else torch.arange(0)
