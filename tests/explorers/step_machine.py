import numpy as np
import torch
import torch.nn.functional as F

from course_utils.data import standardize
from course_utils.datasets import load_orings
from course_utils.explorers import step_machine

REACHES = {"lr": 4.0, "presses": ("round",) * 12}


def by_autograd(lr, forget, presses):
    """The same presses with PyTorch itself: w, b, both gradients and the loss at the end."""
    flights = standardize(load_orings()).train
    x, y = flights.X[:, 0].double(), flights.y.double()
    parameters = [torch.zeros((), dtype=torch.float64, requires_grad=True) for _ in range(2)]
    optimizer = torch.optim.SGD(parameters, lr=lr)
    scores = loss = None
    for name in presses:
        for step in ("predict", "loss", "gradients", "step") if name == "round" else (name,):
            if step == "predict":
                scores = parameters[0] * x + parameters[1]
            elif step == "loss":
                loss = F.binary_cross_entropy_with_logits(scores, y)
            elif step == "gradients":
                if not forget:
                    optimizer.zero_grad()
                loss.backward()
            elif step == "step":
                optimizer.step()
    after = F.binary_cross_entropy_with_logits(parameters[0] * x + parameters[1], y).item()
    return [p.item() for p in parameters], [p.grad and p.grad.item() for p in parameters], after


def check(compute):
    one = ("predict", "loss", "gradients")
    for lr, forget, presses in (
        (1.0, False, ("round",) * 3 + one),
        (4.0, True, ("round",) * 5),
        (16.0, False, ("round",) * 20),
        (2.0, True, (*one, "step", "step", *one)),
        (2.0, False, (*one, *one, "step")),
    ):
        now = compute(lr=lr, forget=forget, presses=(*presses, "measure"))
        weights, gradients, loss = by_autograd(lr, forget, presses)
        np.testing.assert_allclose((now.w, now.b), weights, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(now.grad, gradients, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(now.measured[-1][1], loss, rtol=1e-6)
        assert now.path[0] == (0.0, 0.0) and now.path[-1] == (now.w, now.b) and len(now.path) == now.updates + 1
    idle = compute(lr=1.0, forget=False, presses=("step", "gradients", "loss", "predict", "gradients", "step"))
    assert (idle.w, idle.b, idle.grad, idle.updates) == (0.0, 0.0, None, 0)
    twice = compute(lr=1.0, forget=True, presses=(*one, "gradients"))
    assert twice.grad == compute(lr=1.0, forget=True, presses=one).grad  # backward uses the record up
    twice = compute(lr=1.0, forget=True, presses=(*one, *one))
    np.testing.assert_allclose(twice.grad, 2 * np.array(compute(lr=1.0, forget=True, presses=one).grad))
    far = [step_machine.distance(compute(lr=4.0, forget=False, presses=presses))
           for presses in ((), ("round",), ("round",) * 3, ("round",) * 12)]
    assert far[0].startswith("nothing is measured") and far[1] == "0.02 to go" and far[2] == "0.0023 to go", far
    assert far[3].startswith("low enough"), far
    weights, biases, losses = step_machine._map()
    scores = torch.tensor(weights[7] * step_machine._flights()[0] + biases[60])
    expected = F.binary_cross_entropy_with_logits(scores, torch.tensor(step_machine._flights()[1])).item()
    np.testing.assert_allclose(losses[60, 7], expected, rtol=1e-9)  # rows are biases
