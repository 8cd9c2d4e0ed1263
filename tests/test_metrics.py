import numpy as np
import pytest
import torch
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

from course_utils.metrics import accuracy, calibration, confusion_matrix, predicted_classes, rmse, rmsle


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_accuracy_reads_logits_and_classes(rng):
    logits, y = torch.from_numpy(rng.normal(size=(50, 3))), torch.from_numpy(rng.integers(0, 3, 50))
    expected = sk.accuracy_score(y, logits.argmax(1))
    assert accuracy(logits, y) == pytest.approx(expected)
    assert accuracy(logits.argmax(1), y) == pytest.approx(expected)
    binary = torch.from_numpy(rng.normal(size=50))
    for targets in (y % 2, (y % 2).float()):
        expected = sk.accuracy_score(y % 2, (binary > 0).long())
        assert accuracy(binary, targets) == pytest.approx(expected)
        assert accuracy((binary > 0).long(), targets) == pytest.approx(expected)


def test_a_tie_is_decided_alike_everywhere():
    """At a logit of 0 both classes have probability ½: class 0. Of equal logits the first wins."""
    logits, y = torch.tensor([-1.0, 0.0, 1.0]), torch.tensor([0, 0, 1])
    assert predicted_classes(logits).tolist() == [0, 0, 1]
    assert accuracy(logits, y) == 1.0
    assert predicted_classes(torch.tensor([0.4, 0.5, 0.6]), threshold=0.5).tolist() == [0, 0, 1]
    rows = torch.tensor([[2.0, 2.0, 1.0], [0.0, 3.0, 3.0]])
    assert predicted_classes(rows).tolist() == [0, 1]
    assert accuracy(rows, torch.tensor([0, 1])) == 1.0


def test_logits_in_a_column_are_single_logits():
    assert accuracy(torch.tensor([[-1.0], [2.0]]), torch.tensor([[0.0], [1.0]])) == 1.0


def test_shapes_that_would_broadcast_are_refused():
    for metric in (accuracy, rmse, rmsle, confusion_matrix, calibration):
        with pytest.raises(ValueError, match="each target needs one prediction"):
            metric(torch.ones(4, 1), torch.ones(4))
        with pytest.raises(ValueError, match="no examples"):
            metric(torch.ones(0), torch.ones(0))


def test_confusion_matrix_has_true_classes_in_rows(rng):
    predicted, y = torch.from_numpy(rng.integers(0, 4, 60)), torch.from_numpy(rng.integers(0, 3, 60))
    expected = sk.confusion_matrix(y, predicted, labels=range(5))
    assert confusion_matrix(predicted, y, 5).tolist() == expected.tolist()
    assert confusion_matrix(predicted, y).shape == (4, 4)
    with pytest.raises(ValueError, match="0 to 2"):
        confusion_matrix(predicted, y, 3)


def test_calibration_agrees_with_scikit_learn(rng):
    p = torch.from_numpy(rng.uniform(0, 0.7, 300).round(2))        # values on the edges; the high bins stay empty
    y = torch.from_numpy((rng.uniform(size=300) < p.numpy()).astype(float))
    result = calibration(p, y, bins=10)
    observed, predicted = calibration_curve(y, p, n_bins=10)
    np.testing.assert_allclose(result.predicted, predicted)
    np.testing.assert_allclose(result.observed, observed)
    assert result.count.sum() == 300 and len(result.count) == 7
    by_hand = sum(int(c) / 300 * abs(float(o) - float(q)) for q, o, c in zip(*result, strict=True))
    assert result.error == pytest.approx(by_hand)


def test_calibration_refuses_logits():
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibration(torch.tensor([0.2, 1.4]), torch.tensor([0.0, 1.0]))


def test_rmse_and_rmsle(rng):
    y, predicted = rng.integers(0, 500, 40), rng.uniform(0, 500, 40)
    as_tensors = torch.from_numpy(predicted), torch.from_numpy(y)
    assert rmse(*as_tensors) == pytest.approx(sk.root_mean_squared_error(y, predicted))
    assert rmsle(*as_tensors) == pytest.approx(sk.root_mean_squared_log_error(y, predicted))
    with pytest.raises(ValueError, match="predictions, 1 are negative"):
        rmsle(torch.tensor([1.0, -1.0]), torch.tensor([1.0, 1.0]))


def test_arrays_and_lists_count_as_tensors():
    predicted, y = np.array([0.0, 1.25]), np.array([1.0, 1.0])
    assert rmse(predicted, y) == rmse(torch.tensor(predicted), torch.tensor(y))
    assert rmsle(predicted, y) == rmsle(torch.tensor(predicted), torch.tensor(y))
    assert accuracy(np.array([0, 2]), [0, 1]) == 0.5
    assert confusion_matrix([0, 1], np.array([0, 2])).tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 0]]
    assert calibration([0.5], [1]).error == 0.5
