import torch
import torch.nn.functional as F
from torch import nn

from course_utils.datasets import load_digits

REACHES = {"steps": 60, "scale": 0.01, "bias": True, "upper": False}


def check(compute):
    """Against nn.Linear trained by torch.optim.SGD, frozen rows put back after every step."""
    digits = load_digits()
    for steps, scale, bias, zero, upper in ((0, 1.0, False, False, False), (12, 0.1, False, True, False),
                                            (7, 1.0, True, False, True), (25, 0.01, False, False, True)):
        now = compute(steps, scale, bias, zero, upper)
        frozen = ([0] if zero else []) + (list(range(5, 10)) if upper else [])
        model = nn.Linear(64, 10)
        with torch.no_grad():
            model.weight.copy_(now.W_start)
            model.bias.zero_()
        model.bias.requires_grad_(not bias)
        optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
        for _ in range(steps):
            optimizer.zero_grad()
            F.cross_entropy(model(digits.train.X), digits.train.y).backward()
            optimizer.step()
            with torch.no_grad():
                model.weight[frozen] = now.W_start[frozen]
        torch.testing.assert_close(now.W, model.weight.detach(), rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(now.b, model.bias.detach(), rtol=1e-4, atol=1e-5)
        assert bool((now.b == 0).all()) == (bias or steps == 0)
        predicted = model(digits.valid.X).argmax(dim=1)
        assert abs(now.accuracy - (predicted == digits.valid.y).float().mean().item()) < 1.5 / 450
        assert abs(now.W_start.std().item() / scale - 1) < 0.1
