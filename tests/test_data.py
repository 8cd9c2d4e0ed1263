"""Splitting, standardising and batching, against scikit-learn."""

import pytest
import torch
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from course_utils.data import Data, Examples, minibatches, one_hot, split, standardize, take


@pytest.fixture
def examples() -> Examples:
    generator = torch.Generator().manual_seed(3)
    return Examples(torch.randn(90, 4, generator=generator) * 7 + 100, torch.arange(90) % 3)


def test_split_is_that_of_scikit_learn(examples):
    data = split(*examples, valid_size=0.3, seed=5)
    X_train, X_valid, y_train, y_valid = train_test_split(
        examples.X.numpy(), examples.y.numpy(), test_size=0.3, stratify=examples.y.numpy(), random_state=5
    )
    assert torch.equal(data.train.X, torch.from_numpy(X_train)) and torch.equal(data.train.y, torch.from_numpy(y_train))
    assert torch.equal(data.valid.X, torch.from_numpy(X_valid)) and torch.equal(data.valid.y, torch.from_numpy(y_valid))
    assert data.test is None


def test_the_three_parts_are_all_rows_once_with_equal_shares_of_each_class(examples):
    data = split(torch.arange(90.0)[:, None], examples.y, valid_size=0.2, test_size=0.1, seed=1)
    rows = torch.cat([data.train.X, data.valid.X, data.test.X]).flatten()
    assert rows.sort().values.tolist() == list(range(90))
    assert data.valid.y.bincount().tolist() == [6, 6, 6] and data.test.y.bincount().tolist() == [3, 3, 3]
    for part in (data.train, data.valid, data.test):
        assert torch.equal(part.y, part.X.flatten().long() % 3)


def test_sizes_may_be_numbers_of_rows_and_another_seed_draws_others(examples):
    one, two = split(*examples, valid_size=30, seed=0), split(*examples, valid_size=30, seed=1)
    assert len(one.valid.y) == 30 and not torch.equal(one.valid.X, two.valid.X)


def test_without_parts_every_row_stays_in_order(examples):
    data = split(*examples, valid_size=0)
    assert torch.equal(data.train.X, examples.X) and data.valid is None and data.test is None


@pytest.mark.parametrize(("arguments", "words"), [
    ({"valid_size": 0.6, "test_size": 0.5}, "none is left"),
    ({"valid_size": 1.0}, "Give a share"),
    ({"valid_size": -0.1}, "Give a share"),
])
def test_impossible_sizes_say_what_to_give(examples, arguments, words):
    with pytest.raises(ValueError, match=words):
        split(*examples, **arguments)


def test_a_measured_target_asks_for_stratify_false(examples):
    with pytest.raises(ValueError, match="stratify=False"):
        split(examples.X, torch.arange(90.0))
    assert len(split(examples.X, torch.arange(90.0), stratify=False).valid.y) == 23
    with pytest.raises(ValueError, match="90 rows and y has 3"):
        split(examples.X, examples.y[:3])


def test_standardize_uses_the_train_rows_alone_as_scikit_learn_does(examples):
    data = standardize(split(*examples, test_size=0.2))
    raw = split(*examples, test_size=0.2)
    scaler = StandardScaler().fit(raw.train.X.double().numpy())
    for part, raw_part in zip((data.train, data.valid, data.test), (raw.train, raw.valid, raw.test), strict=True):
        expected = torch.from_numpy(scaler.transform(raw_part.X.double().numpy()))
        torch.testing.assert_close(part.X.double(), expected, atol=1e-6, rtol=0)
        assert part.X.dtype == torch.float32 and torch.equal(part.y, raw_part.y)


def test_a_constant_feature_becomes_zero_whatever_its_value():
    X = torch.full((569, 1), 0.1).double() / 3          # here rounding gives a standard deviation of 1.4e-17, not 0
    data = standardize(Data(Examples(X, torch.zeros(569)), Examples(X + 1, torch.zeros(569))))
    assert data.train.X[:, 0].tolist() == [0.0] * 569 and data.valid.X[:, 0].tolist() == [0.0] * 569
    assert data.train.X.isfinite().all()


def test_standardize_makes_images_of_whole_numbers_decimals():
    X = torch.arange(24, dtype=torch.uint8).reshape(4, 2, 3)
    out = standardize(Data(Examples(X, torch.zeros(4)))).train.X
    assert out.shape == (4, 2, 3) and out.dtype == torch.float32
    torch.testing.assert_close(out.mean(0), torch.zeros(2, 3), atol=1e-6, rtol=0)


def test_minibatches_cover_every_row_once():
    batches = list(minibatches(10, 4, torch.Generator().manual_seed(2)))
    assert [len(batch) for batch in batches] == [4, 4, 2]
    expected = torch.randperm(10, generator=torch.Generator().manual_seed(2))
    assert torch.equal(torch.cat(batches), expected)
    assert [batch.tolist() for batch in minibatches(5, 2)] == [[0, 1], [2, 3], [4]]
    assert list(minibatches(0, 4)) == []


def test_minibatches_leave_the_global_random_state_alone():
    before = torch.get_rng_state()
    list(minibatches(10, 4, torch.Generator().manual_seed(2)))
    assert torch.equal(torch.get_rng_state(), before)


def test_a_batch_of_none_is_refused_before_the_loop():
    with pytest.raises(ValueError, match="batch_size is 0"):
        minibatches(10, 0)


def test_take_keeps_rows_and_targets_together(examples):
    chosen = take(examples, torch.tensor([5, 2, 5]))
    assert torch.equal(chosen.X, examples.X[[5, 2, 5]]) and chosen.y.tolist() == [2, 2, 2]


def test_map_changes_every_x_and_nothing_else(examples):
    data = Data(examples, examples, None, ("a",), ("b",), "name", "words")
    mapped = data.map(lambda X: X * 2)
    assert torch.equal(mapped.train.X, examples.X * 2) and torch.equal(mapped.valid.X, examples.X * 2)
    assert mapped.train.y is examples.y and mapped.test is None
    assert (mapped.feature_names, mapped.class_names, mapped.name) == (("a",), ("b",), "name")
    assert torch.equal(data.train.X, examples.X)


@pytest.mark.parametrize("drop_first", [False, True])
def test_one_hot_is_that_of_scikit_learn(drop_first):
    generator = torch.Generator().manual_seed(0)
    X = torch.cat([torch.randint(3, 8, (60, 2), generator=generator), torch.randn(60, 1, generator=generator)], dim=1)
    valid = torch.tensor([[3.0, 99.0, 0.5]])        # 99 does not occur in train
    data = Data(Examples(X, X[:, 0]), Examples(valid, valid[:, 0]), feature_names=("hr", "mnth", "temp"))
    coded = one_hot(data, "mnth", "hr", drop_first=drop_first)
    encoder = OneHotEncoder(drop="first" if drop_first else None, sparse_output=False, handle_unknown="ignore")
    encoder.fit(X[:, [1, 0]].numpy())
    for part, raw in ((coded.train, X), (coded.valid, valid)):
        if not (drop_first and raw is valid):       # there scikit-learn warns about 99
            expected = torch.from_numpy(encoder.transform(raw[:, [1, 0]].numpy())).float()
            assert torch.equal(part.X, torch.cat([raw[:, 2:], expected], dim=1))
    assert coded.feature_names[0] == "temp" and coded.feature_names[-1] == "hr=7"
    assert len(coded.feature_names) == coded.train.X.shape[1]


def test_one_hot_names_the_columns_there_are():
    data = Data(Examples(torch.zeros(2, 1), torch.zeros(2)), feature_names=("hr",))
    with pytest.raises(ValueError, match="no column 'hour'. The columns are hr"):
        one_hot(data, "hour")


def test_data_are_shown_by_their_sizes():
    data = Data(Examples(torch.zeros(6, 2), torch.zeros(6)), test=Examples(torch.zeros(3, 2), torch.zeros(3)))
    assert repr(data) == "Data(train=(6, 2), test=(3, 2))"
    named = Data(data.train, name="rings", class_names=("no damage", "damage"))
    assert repr(named) == "Data(rings, train=(6, 2), 2 classes)"
    assert repr(Data(Examples([[1.0]], [0]))) == "Data(train=(1,))"         # lists are no tensors yet
