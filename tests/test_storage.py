"""Examples on disk: the same run as in memory, without the memory, and shuffled by blocks without harm."""

import json
import os
import sys

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from course_utils.data import Data, Examples
from course_utils.distributed import block_order, fit_distributed, open_stored, store
from course_utils.models import MultinomialLogisticRegression
from course_utils.train import evaluate, explain_non_finite_loss, fit, seeded


def examples(n=53, dtype=torch.float32):
    g = torch.Generator().manual_seed(0)
    X = torch.randn(n, 6, generator=g)
    return Examples(X.to(dtype), (X[:, :3] + torch.randn(n, 3, generator=g)).argmax(1))


def same_tensor(ours, theirs):
    return ours.dtype == theirs.dtype and torch.equal(ours, theirs)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.uint8, torch.int64, torch.bool])
def test_what_was_stored_comes_back(tmp_path, dtype):
    X = torch.randn(9, 2, 3, generator=torch.Generator().manual_seed(0)).mul(9).abs().to(dtype)
    there = open_stored(store(Examples(X, torch.arange(9)), tmp_path / "set"))
    assert same_tensor(there.X, X) and same_tensor(there.y, torch.arange(9))
    assert sorted(os.listdir(tmp_path / "set")) == ["X.bin", "examples.json", "y.bin"]
    assert os.listdir(tmp_path) == ["set"]


def test_pieces_become_one_set_and_their_order_in_memory_does_not_matter(tmp_path):
    X, y = torch.arange(9000 * 3.0).view(3, 9000).T, torch.arange(9000.0)
    pieces = (Examples(X[start:start + 4500], y[start:start + 4500]) for start in (0, 4500))
    for number, given in enumerate((Examples(X, y), (X, y), pieces, [Examples(X[:1], y[:1]), (X[1:], y[1:])])):
        there = open_stored(store(given, str(tmp_path / f"deep/{number}")))
        assert same_tensor(there.X, X) and same_tensor(there.y, y)


def test_training_from_files_is_training_in_memory_to_the_last_bit(tmp_path):
    here = Data(examples(), examples(21))
    there = Data(open_stored(store(here.train, tmp_path / "train")), open_stored(store(here.valid, tmp_path / "valid")))
    for how, settings in ((fit, {}), (fit_distributed, {}), (fit_distributed, {"block": 4})):
        runs = []
        for data in (here, there):
            with seeded(0):
                model = MultinomialLogisticRegression(6, 3)
            optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
            history = how(model, data, F.cross_entropy, optimizer, epochs=3, batch_size=16, **settings)
            runs.append((history.epochs, model.linear.weight))
        assert runs[0][0] == runs[1][0] and torch.equal(runs[0][1], runs[1][1])


def test_writing_into_them_changes_no_file(tmp_path):
    X, y = open_stored(store(examples(), tmp_path / "set"))
    X.zero_()
    y += 1
    again = open_stored(tmp_path / "set")
    assert same_tensor(again.X, examples().X) and same_tensor(again.y, examples().y)


def test_a_file_larger_than_the_memory_can_be_used(tmp_path):
    """Most of it is a hole, which takes no room on the disk. A copy of all pages, even one set aside, would not fit."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    rows = 4 * memory // (1000 * 4)
    folder = store(Examples(torch.ones(1, 1000), torch.ones(1)), tmp_path / "huge")
    description = json.loads((folder / "examples.json").read_text())
    for name, bytes_a_row in (("X", 4000), ("y", 4)):
        description[name]["rows"] = rows
        os.truncate(folder / f"{name}.bin", rows * bytes_a_row)
    (folder / "examples.json").write_text(json.dumps(description))
    X, y = open_stored(folder)
    assert X.shape == (rows, 1000)
    assert X[0].sum() == 1000
    assert X[torch.tensor([rows // 2, rows - 1])].sum() == 0


def megabytes(kind):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(kind))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc tells it")
def test_a_process_holds_a_small_part_of_the_data(tmp_path):
    """300 MB written in pieces and read. Mapped pages are the system's (RssFile), not the process's (RssAnon)."""
    piece = Examples(torch.randn(4096, 768), torch.arange(4096) % 10)
    model = MultinomialLogisticRegression(768, 10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    fit(model, piece, F.cross_entropy, optimizer, epochs=1, batch_size=4096)       # what loads at first, loads here
    held, mapped = [megabytes("RssAnon:")], [megabytes("RssFile:")]

    def looking(outputs, targets):
        held.append(megabytes("RssAnon:"))
        mapped.append(megabytes("RssFile:"))
        return F.cross_entropy(outputs, targets)

    def pieces():
        for number in range(25):
            held.append(megabytes("RssAnon:"))
            yield Examples(piece.X + number, piece.y)

    data = open_stored(store(pieces(), tmp_path / "set"))
    assert data.X.numel() * 4 == 300 * 2**20
    for how, settings in ((fit, {}), (fit_distributed, {"block": 256})):
        how(model, data, looking, optimizer, epochs=1, batch_size=1024, **settings)
    assert max(held) - held[0] < 75
    assert max(mapped) - mapped[0] > 250                # it did read them


def test_rows_that_are_no_numbers_are_counted_a_piece_at_a_time():
    X = torch.ones(20_000, 2)
    X[[5, 9_000, 19_999], 1] = torch.nan
    message = explain_non_finite_loss(torch.nan, 1, 2, 0.1, Examples(X, torch.ones(20_000)))
    assert "3 of the 20000 inputs hold nan or inf" in message


# ---------------------------------------------------------------- what cannot be used is said


def test_nothing_is_overwritten_and_nothing_half_written_is_left(tmp_path):
    store(examples(), tmp_path / "set")
    with pytest.raises(FileExistsError, match="set is there already"):
        store(examples(5), tmp_path / "set")
    assert len(open_stored(tmp_path / "set").X) == 53

    def breaks_off():
        yield examples()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store(breaks_off(), tmp_path / "other")
    assert os.listdir(tmp_path) == ["set"]


@pytest.mark.parametrize("pieces, words", [
    ([], "no example to store"),
    ([(torch.ones(0, 3), torch.ones(0))], "no example to store"),
    ([(torch.ones(3, 3), torch.ones(2))], "Piece 0 has 3 inputs and 2 targets"),
    ([(torch.ones(3, 3), torch.ones(3)), (torch.ones(3, 4), torch.ones(3))], r"X of piece 1 has rows of shape \(4,\)"),
    ([(torch.ones(3, 3), torch.ones(3)), (torch.ones(3, 3), torch.ones(3).long())], "y of piece 1 .* in int64"),
])
def test_pieces_that_do_not_fit_together(tmp_path, pieces, words):
    with pytest.raises(ValueError, match=words):
        store(pieces, tmp_path / "set")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name, size", [("X", 53 * 24 - 1), ("X", 0), ("y", 53 * 8 + 8)])
def test_a_file_that_was_cut_or_grew(tmp_path, name, size):
    folder = store(examples(), tmp_path / "set")
    os.truncate(folder / f"{name}.bin", size)
    with pytest.raises(ValueError, match=rf"{name}.bin has {size:,} bytes, and 53 rows of"):
        open_stored(folder)


def test_a_folder_of_something_else(tmp_path):
    with pytest.raises(FileNotFoundError, match="There is no .*examples.json. A folder that `store` has written"):
        open_stored(tmp_path)
    folder = store(examples(), tmp_path / "set")
    os.remove(folder / "y.bin")
    with pytest.raises(FileNotFoundError, match="There is no .*y.bin"):
        open_stored(folder)
    for text in ("{", "[]", "{}", '{"X": {"dtype": "float33", "row": [], "rows": 1}}'):
        (folder / "examples.json").write_text(text)
        with pytest.raises(ValueError, match="does not say what is stored"):
            open_stored(folder)


# ---------------------------------------------------------------- shuffling by blocks


def order(n, block, mixed, seed=0):
    return block_order(n, block, torch.Generator().manual_seed(seed), mixed)


@pytest.mark.parametrize("n, block, mixed", [(0, 4, 2), (1, 4, 2), (53, 4, 3), (53, 100, 3), (64, 8, 1), (53, 1, 4)])
def test_each_row_comes_once(n, block, mixed):
    rows = order(n, block, mixed)
    assert sorted(rows.tolist()) == list(range(n))
    assert torch.equal(rows, order(n, block, mixed))
    assert n < 2 or not torch.equal(rows, order(n, block, mixed, seed=1))


def test_few_blocks_are_in_use_at_a_time_and_neighbours_come_from_different_ones():
    rows = order(16_000, 100, 8)
    blocks = rows // 100
    rounds = blocks.view(-1, 800).sort(dim=1).values[:, ::100]
    assert rounds.shape == (20, 8)
    for place, together in enumerate(rounds):
        assert len(blocks[800 * place:][:800].unique()) == 8
        assert (together // 20).tolist() == list(range(8))                  # one from each eighth of the file
    assert len({tuple(column) for column in (rounds % 20).T.tolist()}) == 8                 # each drawn for itself
    assert float((blocks[1:] == blocks[:-1]).float().mean()) < 0.2          # one in eight by chance
    assert float((rows[1:] - rows[:-1]).abs().float().median()) > 2000


def test_blocks_need_a_row():
    for block, mixed in ((0, 8), (4, 0)):
        with pytest.raises(ValueError, match="give 1 or more of each"):
            order(10, block, mixed)


def test_shuffling_by_blocks_learns_as_well_on_data_sorted_by_class(monkeypatch):
    """Blocks of 16 rows hold one class. In the order of the file, or a block at a time, learning suffers."""
    g = torch.Generator().manual_seed(0)
    X = torch.randn(8000, 20, generator=g)
    y = (X[:, :10] + 0.7 * torch.randn(8000, 10, generator=g)).argmax(1)
    by_class = y.argsort(stable=True)
    data = Examples(X[by_class], y[by_class])

    def losses(seeds, **settings):
        found = []
        for seed in range(seeds):
            with seeded(seed):
                model = MultinomialLogisticRegression(20, 10)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
            fit_distributed(model, data, F.cross_entropy, optimizer, epochs=2, batch_size=32, seed=seed,
                            measure=False, **settings)
            found.append(evaluate(model, data, F.cross_entropy).loss)
        return np.array(found)

    full, blocks = losses(10), losses(10, block=16)
    assert abs(blocks.mean() - full.mean()) < full.std(ddof=1)
    assert 1.2 < full.mean() < 1.35
    assert losses(2, shuffle=False).min() > full.mean() + 100 * full.std(ddof=1)     # forgets what it saw first

    monkeypatch.setattr(block_order, "__defaults__", (1,))                          # a block at a time
    alone = losses(3, block=16)
    assert full.mean() + 2 * full.std(ddof=1) < alone.min()
