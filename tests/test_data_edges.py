"""Borders of splitting, standardising and batching: batches of one row, classes of two, a constant column."""

import numpy as np
import pytest
import torch
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from course_utils.data import Data, Examples, as_data, minibatches, one_hot, split, standardize

Y = torch.arange(90) % 3
X = torch.randn(90, 4, generator=torch.Generator().manual_seed(3))


def test_a_batch_of_one_is_a_batch():
    assert [batch.tolist() for batch in minibatches(3, 1)] == [[0], [1], [2]]


def test_a_quarter_is_drawn_with_seed_0_when_nothing_else_is_said():
    data = split(X, Y)
    train, valid = train_test_split(torch.arange(90).numpy(), test_size=0.25, stratify=Y.numpy(), random_state=0)
    assert torch.equal(data.train.X, X[train]) and torch.equal(data.valid.X, X[valid]) and data.test is None


def test_a_size_that_does_not_fit_is_named():
    with pytest.raises(ValueError, match=r"^valid_size=1.0 takes 90 of 90 rows"):
        split(X, Y, valid_size=1.0)
    with pytest.raises(ValueError, match=r"^test_size=91 takes 91 of 90 rows"):
        split(X, Y, test_size=91)


def test_two_halves_leave_nothing_to_train_on():
    with pytest.raises(ValueError, match="valid_size and test_size take 90 of 90 rows"):
        split(X, Y, valid_size=45, test_size=45)
    assert len(split(X, Y, valid_size=44, test_size=43).train.y) == 3


def test_a_class_needs_two_rows_and_two_are_enough():
    alone, pair = torch.tensor([0] * 9 + [1]), torch.tensor([0] * 8 + [1] * 2)
    with pytest.raises(ValueError, match="occurs only once"):
        split(X[:10], alone, valid_size=2, test_size=2)
    halves = split(X[:10], pair, valid_size=0.5)
    assert halves.train.y.bincount().tolist() == halves.valid.y.bincount().tolist() == [4, 1]
    assert len(split(X[:10], alone, valid_size=0).train.y) == 10       # nothing is divided, so nothing is wrong


def test_a_constant_column_becomes_zero_and_spoils_no_other():
    columns = torch.cat([X[:, :1] - 50, torch.full((90, 1), 3.0), X[:, 1:2] + 50], dim=1).double()
    out = standardize(Data(Examples(columns, Y))).train.X
    assert out.dtype == torch.float64
    torch.testing.assert_close(out, torch.from_numpy(StandardScaler().fit_transform(columns.numpy())))
    assert out[:, 1].tolist() == [0.0] * 90 and out[:, [0, 2]].std(0, correction=0).tolist() == pytest.approx([1, 1])


def test_one_hot_keeps_every_value_and_the_dtype():
    hours = torch.tensor([[3.0], [5.0], [4.0], [3.0]], dtype=torch.float64)
    coded = one_hot(Data(Examples(hours, hours[:, 0]), feature_names=("hr",)), "hr")
    assert coded.feature_names == ("hr=3", "hr=4", "hr=5") and coded.train.X.dtype == torch.float64
    assert coded.train.X.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]]


def test_two_parts_of_one_size_both_leave_the_train_rows():
    data = split(X, Y, valid_size=0.2, test_size=0.2)
    assert [len(part.X) for part in (data.train, data.valid, data.test)] == [54, 18, 18]
    rows = {tuple(row) for part in (data.train, data.valid, data.test) for row in part.X.tolist()}
    assert len(rows) == 90, "a row is in two parts"


def test_a_pair_becomes_the_train_part_and_nothing_else_does():
    data = Data(Examples(X, Y))
    assert as_data(data) is data and as_data((X, Y)).train == Examples(X, Y) and as_data((X, Y)).valid is None
    for other, kind in ((X, "Tensor"), ((X,), "tuple"), ((X, Y, Y), "tuple")):
        with pytest.raises(TypeError, match=f"The data are a {kind}. Give a Data, or Examples"):
            as_data(other)


def test_examples_move_to_a_device_together():
    moved = Examples(X, Y).to(torch.device("meta"))
    assert moved.X.device.type == moved.y.device.type == "meta" and moved.y.shape == Y.shape


def test_what_is_masked_is_missing():
    table = np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]], mask=[[False, True], [False, False]])
    X = as_data((table, np.array([0, 1]))).train.X
    assert X.isnan().tolist() == [[False, True], [False, False]]
    whole = np.ma.masked_array([[1, 2], [3, 4]])
    assert as_data((whole, np.array([0, 1]))).train.X.dtype == torch.int64


def test_whole_numbers_beyond_int64_do_not_turn_negative():
    hashes = np.array([[2**63 + 5], [1]], dtype=np.uint64)
    with pytest.raises(ValueError, match="X of the train examples holds whole numbers up to 9223372036854775813"):
        as_data((hashes, np.array([0, 1])))
    assert as_data((hashes // 4, np.array([0, 1]))).train.X.tolist() == [[(2**63 + 5) // 4], [0]]


@pytest.mark.parametrize("size", [1e200, 1e-200])
def test_numbers_whose_squares_are_lost_are_not_standardized_in_silence(size):
    X = size * torch.tensor([[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]], dtype=torch.float64)
    with pytest.raises(ValueError, match="whose squares float64 cannot hold"):
        standardize(Examples(X, torch.arange(3)))
    with pytest.raises(ValueError, match="whose squares float64 cannot hold"):
        standardize(Examples(X[:, :1], torch.arange(3)))
