import numpy as np
import torch
from torch import nn

from course_utils.explorers.mask_viewer import distance, idle

REACHES = {"p": 0.2, "presses": ("fifty", "fifty")}


def check(compute):
    start = compute(p=0.5, evaluating=False, presses=())
    assert start.steps == 12 and start.factor == 2 and 0 < start.dissent < 1           # it opens with a dispute
    many = compute(p=0.2, evaluating=False, presses=("fifty",) * 10 + ("next",))
    assert many.steps == 513 and many.answers.shape == (513, 3)
    np.testing.assert_array_equal(compute(0.2, False, ("next",)).answers, many.answers[:13])     # more steps, same past

    # The last answer and the whole network's, by PyTorch's own layers.
    last = nn.Linear(10, 3).double()
    with torch.no_grad():
        last.weight.copy_(torch.tensor(many.weights))
        last.bias.copy_(torch.tensor(many.bias))
        hidden = torch.tensor(many.hidden)
        thinned = hidden / 0.8
        thinned[~torch.tensor(many.kept)] = 0
        np.testing.assert_allclose(last(thinned).softmax(0), many.answers[-1], rtol=1e-9)
        np.testing.assert_allclose(last(hidden).softmax(0), many.whole, rtol=1e-9)

        # Many passes through nn.Dropout agree with many steps.
        torch.manual_seed(0)
        passes = last(nn.Dropout(0.2)(hidden.repeat(20_000, 1))).softmax(1)
    np.testing.assert_allclose(many.mean, passes.mean(0), atol=0.04)
    assert abs(many.dissent - (passes.argmax(1) != many.whole.argmax()).double().mean()) < 0.06

    for still in (compute(0.0, False, ("fifty",)), compute(0.7, True, ("next", "fifty"))):
        assert still.kept.all() and still.factor == 1 and still.dissent == 0 and still.gap < 1e-12
    assert compute(0.9, False, ("fifty",) * 40).steps == 1000                                   # and no further

    # How far it is: everything that the goal asks for, and nothing once it is reached.
    assert distance(start).startswith("88 more steps")
    assert "nearer" in distance(compute(0.8, False, ("fifty",) * 4))
    assert "25 points more dissent" in distance(compute(0.0, False, ("fifty",) * 4))
    assert distance(compute(evaluating=False, **REACHES)) == "" and idle({"p": 0.5, "evaluating": True}) == ["p"]
