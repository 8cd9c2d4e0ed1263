import numpy as np
import torch
import torch.nn.functional as F

from course_utils.data import standardize
from course_utils.datasets import load_orings

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
    idle = compute(lr=1.0, forget=False, presses=("step", "gradients", "loss", "predict", "gradients", "step"))
    assert (idle.w, idle.b, idle.grad, idle.updates) == (0.0, 0.0, None, 0)
    twice = compute(lr=1.0, forget=True, presses=(*one, "gradients"))
    assert twice.grad == compute(lr=1.0, forget=True, presses=one).grad  # backward uses the record up
    twice = compute(lr=1.0, forget=True, presses=(*one, *one))
    np.testing.assert_allclose(twice.grad, 2 * np.array(compute(lr=1.0, forget=True, presses=one).grad))
