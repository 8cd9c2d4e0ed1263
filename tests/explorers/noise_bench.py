import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

from course_utils.explorers.noise_bench import RUNS, ground

REACHES = {"batch": "1", "lr": 10**-0.5, "falling": True}


def threes_and_nines():
    """The 363 images from scikit-learn: ink of the whole and of the upper half, standardised, and 1 for a nine."""
    images, digit = load_digits(return_X_y=True)
    chosen = np.isin(digit, (3, 9))
    images = images[chosen].reshape(-1, 8, 8) / 16
    ink = np.stack([images.mean((1, 2)), images[:, :4].mean((1, 2))], axis=1)
    return torch.tensor((ink - ink.mean(0)) / ink.std(0)), torch.tensor((digit[chosen] == 9) * 1.0)


def check(compute):
    X, y = threes_and_nines()

    def loss(w):
        return F.binary_cross_entropy_with_logits(X @ w, y)

    # The lowest point: L-BFGS finds the one that Newton found.
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([w], max_iter=200, tolerance_grad=1e-12, tolerance_change=0,
                                  line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        value = loss(w)
        value.backward()
        return value

    optimizer.step(closure)
    lowest = loss(w).item()
    np.testing.assert_allclose(ground().optimum, w.detach(), atol=1e-4)
    assert abs(ground().lowest - lowest) < 1e-9

    # All images: plain gradient descent by autograd, and every run the same.
    for falling in (False, True):
        walk = compute(batch="all", lr=2.0, budget="200 updates", falling=falling)
        w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
        for step in range(200):
            (gradient,) = torch.autograd.grad(loss(w), w)
            w = (w - 2.0 * (1 - step / 200 if falling else 1) * gradient).detach().requires_grad_()
        np.testing.assert_allclose(walk.path[-1], w.detach(), atol=1e-9)
        np.testing.assert_allclose(walk.heights[:, -1], loss(w).item() - lowest, atol=1e-9)
        assert np.ptp(walk.heights, axis=0).max() == 0

    # Single images: after one epoch every image was used once, so that first steps of all runs add up to one gradient.
    few = compute(batch="121", lr=1e-2, budget="3 epochs", falling=False)
    assert few.updates == 9 and few.seen[-1] == 3 and len(few.heights) == RUNS
    full = compute(batch="all", lr=3e-2, budget="3 epochs", falling=False)              # a third of the updates
    np.testing.assert_allclose(few.heights[:, -1], full.heights[0, -1], rtol=0.02)
    one = compute(batch="1", lr=1e-2, budget="3 epochs", falling=False)
    assert (one.updates, one.seen[0], one.seen[-1]) == (1089, 0, 3)

    # The floor: lr/(4B) tr Σ, with Σ the covariance of one image's gradient at the optimum.
    p = torch.sigmoid(X @ torch.tensor(ground().optimum))
    gradients = (p - y)[:, None] * X
    trace = torch.cov(gradients.T, correction=0).trace().item()
    assert np.isclose(compute("1", 0.3, "200 updates", False).floor, 0.3 / 4 * trace)
    for batch, lr in (("11", 1.0), ("33", 3.0)):
        walk = compute(batch, lr, "200 updates", False)
        assert 0.5 < walk.heights[:, -20:].mean() / walk.floor < 2
        assert compute(batch, lr, "200 updates", True).heights[:, -1].max() < walk.floor / 4
    assert compute("all", 1.0, "3 epochs", False).floor == 0

    # Equal epochs: few updates do not arrive. Equal updates: the larger batch ends lower.
    ends = {(budget, batch): compute(batch, 1.0, budget, False).heights[:, -1].mean()
            for budget in ("3 epochs", "200 updates") for batch in ("11", "33", "121", "all")}
    assert ends["3 epochs", "11"] < 0.02 < 0.1 < ends["3 epochs", "all"]
    assert ends["200 updates", "11"] > ends["200 updates", "33"] > ends["200 updates", "121"] > ends[
        "200 updates", "all"]
    assert np.isfinite(compute("1", 10.0, "3 epochs", False).heights).all()
