import numpy as np
import torch
import torch.nn.functional as F

from course_utils.data import standardize
from course_utils.datasets import load_orings

REACHES = {"optimizer": "momentum", "lr": 10**-1.25, "momentum": 0.6}


def theirs(race, make, loss):
    """The same descent by torch.optim and autograd."""
    w = torch.tensor(race.points[0].tolist(), dtype=torch.float64, requires_grad=True)
    optimizer, points = make([w]), [w.tolist()]
    for _ in range(len(race.points) - 1):
        optimizer.zero_grad()
        loss(w).backward()
        optimizer.step()
        points.append(w.tolist())
    return np.array(points)


def tilted(steep):
    turn = np.radians(30)
    along = torch.tensor([np.cos(turn), np.sin(turn)])
    across = torch.tensor([-np.sin(turn), np.cos(turn)])
    return lambda w: ((w @ along) ** 2 + steep * (w @ across) ** 2) / 2


def check(compute):
    flights = standardize(load_orings()).train
    x, y = flights.X[:, 0].double(), flights.y.double()
    losses = {"bowl": tilted(2.0), "ravine": tilted(50.0),
              "23 flights": lambda w: F.binary_cross_entropy_with_logits(w[0] * x + w[1], y)}
    makers = {
        "gradient descent": lambda p: torch.optim.SGD(p, lr=0.03),
        "momentum": lambda p: torch.optim.SGD(p, lr=0.03, momentum=0.7),
        "Nesterov": lambda p: torch.optim.SGD(p, lr=0.03, momentum=0.7, nesterov=True),
        "Adagrad": lambda p: torch.optim.Adagrad(p, lr=0.03),
        "RMSprop": lambda p: torch.optim.RMSprop(p, lr=0.03),
        "Adam": lambda p: torch.optim.Adam(p, lr=0.03),
    }
    for surface, loss in losses.items():
        for name, make in makers.items():
            race = compute(surface=surface, optimizer=name, lr=0.03, momentum=0.7)
            np.testing.assert_allclose(race.points, theirs(race, make, loss), atol=1e-6, err_msg=f"{surface}, {name}")

    assert np.isclose(compute("ravine", "gradient descent", 0.03, 0.7).limit, 2 / 50)
    assert np.isclose(compute("ravine", "momentum", 0.03, 0.7).limit, 2 * 1.7 / 50)
    assert compute("ravine", "Adam", 0.03, 0.7).limit is None
    for name in ("momentum", "Nesterov"):                                       # on both sides of its own limit
        limit = compute("ravine", name, 0.03, 0.7).limit
        inside, outside = (compute("ravine", name, share * limit, 0.7).heights for share in (0.97, 1.03))
        assert inside[-1] < 1 < outside[-1], name
    above = compute("ravine", "gradient descent", 0.041, 0.0)
    assert above.steps is None and above.heights[-1] > above.heights[1]
    arrives = compute("ravine", "gradient descent", 0.039, 0.0)
    heights = np.array([tilted(50.0)(point) for point in arrives.points])
    assert arrives.steps is None or heights[arrives.steps] < 1e-3 * heights[0] <= heights[arrives.steps - 1]
    assert compute("bowl", "gradient descent", 0.6, 0.0).steps in range(3, 8)
    assert compute("ravine", "gradient descent", 10.0, 0.0).steps is None           # the numbers grow beyond all bounds
