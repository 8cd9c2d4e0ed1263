"""Borders of the metrics: a logit of 0, two columns, a probability of 1, a bin that holds one example, a count of 0."""

import pytest
import torch
from sklearn.calibration import calibration_curve
from sklearn.metrics import root_mean_squared_log_error

from course_utils.metrics import accuracy, calibration, confusion_matrix, rmsle


def test_a_logit_of_exactly_0_is_class_0():
    logits = torch.tensor([0.0, 0.0, -0.0, 1e-30, -1e-30])
    assert accuracy(logits, torch.tensor([0, 0, 0, 1, 0])) == 1
    assert accuracy(logits, torch.ones(5)) == pytest.approx(1 / 5)


def test_two_columns_are_the_logits_of_two_classes():
    logits = torch.tensor([[2.0, 1.0], [-3.0, -1.0], [0.5, 4.0], [-1.0, -2.0]])
    assert accuracy(logits, torch.tensor([0, 1, 1, 1])) == 0.75


def test_whole_numbers_are_classes_and_never_logits():
    assert accuracy(torch.tensor([0, 1, 2, 2, 3]), torch.tensor([0, 1, 2, 1, 3])) == 0.8
    assert accuracy(torch.tensor([True, False, False]), torch.tensor([1, 0, 1])) == pytest.approx(2 / 3)


def test_bins_are_tenths_when_nothing_else_is_said_and_a_bin_of_one_example_counts():
    p = torch.tensor([0, 0.03, 0.15, 0.25, 0.35, 0.45, 0.52, 0.58, 0.65, 0.75, 0.85, 0.93, 0.97, 1]).double()
    y = (torch.arange(14) % 2).double()
    result = calibration(p, y)
    assert result.count.tolist() == [2, 1, 1, 1, 1, 2, 1, 1, 1, 3]
    observed, predicted = calibration_curve(y, p, n_bins=10)
    torch.testing.assert_close(result.predicted, torch.from_numpy(predicted))
    torch.testing.assert_close(result.observed, torch.from_numpy(observed))
    assert len(calibration(p, y, bins=1).count) == 1


def test_a_count_of_0_and_a_share_below_1_have_a_logarithm_too():
    predicted, y = torch.tensor([0.0, 0.5, 3.0]), torch.tensor([0.25, 0.0, 2.0])
    assert rmsle(predicted, y) == pytest.approx(root_mean_squared_log_error(y, predicted))
    with pytest.raises(ValueError, match="Of the targets, 2 are negative"):
        rmsle(torch.ones(3), torch.tensor([-1.0, 0.0, -0.5]))


def test_a_nan_is_right_of_nothing():
    nan = float("nan")
    with pytest.warns(UserWarning, match="2 of the 4 predictions are nan"):
        assert accuracy(torch.tensor([nan, nan, 1.0, -1.0]), torch.tensor([0, 1, 1, 0])) == 0.5
    two_classes = torch.tensor([[nan, 1.0], [2.0, 1.0], [0.0, nan]])
    with pytest.warns(UserWarning, match="2 of the 3 predictions are nan"):
        assert accuracy(two_classes, torch.tensor([0, 0, 1])) == pytest.approx(1 / 3)


@pytest.mark.parametrize("values", [[0.2, 0.9, 0.4], [float("nan"), 1.0, 0.0], [float("inf"), 1.0, 0.0]])
def test_probabilities_are_no_classes_to_count(values):
    right = torch.tensor([0, 1, 1])
    with pytest.raises(ValueError, match="The predictions hold .*, which is no class number. Of probabilities take"):
        confusion_matrix(torch.tensor(values), right)
    with pytest.raises(ValueError, match="The targets hold"):
        confusion_matrix(right, torch.tensor(values))
    assert confusion_matrix(torch.tensor([0.0, 1.0, 1.0]), right).tolist() == [[1, 0], [0, 2]]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_probability_at_an_edge_belongs_to_the_bin_below_in_every_dtype(dtype):
    tenths = torch.tensor([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0], dtype=dtype)
    table = calibration(tenths, torch.arange(10) > 4)
    assert table.count.tolist() == [1] * 10 and table.predicted.tolist() == tenths.double().tolist()
    observed, predicted = calibration_curve((torch.arange(10) > 4).numpy(), tenths.double().numpy(), n_bins=10)
    if dtype == torch.float64:
        assert table.predicted.tolist() == pytest.approx(predicted.tolist(), abs=1e-12)


def test_calibration_takes_outcomes_and_whole_numbers_of_bins():
    p = torch.tensor([0.1, 0.9])
    with pytest.raises(ValueError, match="y says whether it came true, 0 or 1"):
        calibration(p, torch.tensor([0, 2]))
    for bins in (0, -1, 2.5):
        with pytest.raises(ValueError, match="It counts intervals from 0 to 1, so give a whole number, 1 or more"):
            calibration(p, torch.tensor([0, 1]), bins=bins)
