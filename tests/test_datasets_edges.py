"""How many labels are re-drawn: the nearest whole number."""

import pytest
import torch

from course_utils import datasets
from course_utils.data import Examples


@pytest.mark.parametrize(("share", "redrawn"), [
    (0.0, 0), (0.04, 0), (0.06, 1), (0.16, 2), (0.94, 9), (0.96, 10), (1, 10),
])
def test_the_nearest_number_of_labels_is_redrawn(share, redrawn):
    """A re-drawn label may be the old one, so the classes here are so many that this does not happen."""
    examples = Examples(torch.zeros(10, 1), torch.full((10,), -1))
    noisy = datasets.with_noisy_labels(examples, share, n_classes=10**6)
    assert int((noisy.y != -1).sum()) == redrawn
