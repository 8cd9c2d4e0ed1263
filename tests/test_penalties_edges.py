"""The ends of the elastic net: all l2, all l1, and half and half where nothing is said."""

import pytest
import torch
from torch import nn

from course_utils.penalties import elastic_net, l1, l2, l2_strength


def test_the_elastic_net_runs_from_ridge_to_lasso_and_is_half_of_each_by_default():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = nn.Linear(4, 3)
    ridge, lasso = l2(0.3)(model).item(), l1(0.3)(model).item()
    assert elastic_net(0.3, 0)(model).item() == ridge
    assert elastic_net(0.3, 1)(model).item() == lasso
    torch.testing.assert_close(elastic_net(0.3)(model).item(), (ridge + lasso) / 2, rtol=1e-6, atol=0)


def test_the_strength_of_an_l2_penalty_and_of_nothing_else():
    assert l2_strength(None) == 0 and l2_strength(l2(0.3)) == 0.3
    with pytest.raises(ValueError, match=r"an l1 part, 0.5 · Σ\|w\|, which has no gradient where a weight is 0"):
        l2_strength(l1(0.5))
    with pytest.raises(TypeError, match="The penalty is a float. Make one"):
        l2_strength(0.3)
