"""What the studies of lesson 07 stand on, beside autograd, scikit-learn and networks whose answer is plain."""

import pytest
import torch
from torch import nn

from course_utils.datasets import load_digits, simulate_bike_demand
from course_utils.models import MLP
from course_utils.plotting import alt_text
from course_utils.studies import bicycles
from course_utils.studies import layers_and_activations as studies
from course_utils.studies import layers_and_activations_starts as starts
from course_utils.studies import layers_and_activations_units as units


def test_the_loss_of_a_line_has_the_slopes_of_autograd():
    g = torch.Generator().manual_seed(0)
    x, y = (torch.randn(50, generator=g, dtype=torch.float64) for _ in range(2))
    surface = studies._loss_of_a_line(x, y)
    w = torch.tensor([0.7, -1.3], dtype=torch.float64, requires_grad=True)
    loss = (w[0] * x + w[1] - y).square().mean()
    torch.testing.assert_close(surface.value(w), loss)
    torch.testing.assert_close(surface.gradient(w), torch.autograd.grad(loss, w)[0])
    assert surface.value(surface.optimum) < surface.value(surface.optimum + 0.01)


def test_what_a_layer_explains_is_r_squared():
    from sklearn.linear_model import LinearRegression

    g = torch.Generator().manual_seed(1)
    X = torch.randn(80, 3, generator=g)
    y = X @ torch.tensor([1.0, -2.0, 0.0]) + torch.randn(80, generator=g)
    expected = LinearRegression().fit(X.numpy(), y.numpy()).score(X.numpy(), y.numpy())
    assert studies._explained(X, y) == pytest.approx(expected, abs=1e-6)


def test_a_dead_unit_and_units_alike_are_counted():
    net = MLP(64, 10, hidden=(4,))
    nn.init.constant_(net.layers[0].weight, 0.1)
    nn.init.constant_(net.layers[0].bias, 1.0)
    assert units._dead(net) == 0 and starts._different_units(net) == 1
    with torch.no_grad():
        net.layers[0].weight[2] = -0.1                      # pixels are never below 0
        net.layers[0].bias[2] = -1.0
    assert units._dead(net) == 25 and starts._different_units(net) == 2


def test_gradients_arrive_as_backward_leaves_them():
    found = starts._arriving("He", 3, load_digits())
    again = starts._arriving("He", 3, load_digits())
    assert len(found) == 11 and found == again and found != starts._arriving("He", 4, load_digits())


def test_two_days_differ_in_nothing_but_the_day_and_run_through_the_hours():
    coded = bicycles.encoded(simulate_bike_demand(leaks=False))
    days = studies._noon_of_two_days(coded)
    assert days.shape == (2, 24, 49)
    changed = {coded.feature_names[i] for i in (days[0] != days[1]).any(dim=0).nonzero().flatten().tolist()}
    assert changed == {"workingday", "weekday=3", "weekday=6"}
    assert torch.equal(days[0][:, bicycles.hour_columns(coded)], torch.eye(24)[:, 1:])


def test_the_picture_of_mornings_counts_what_the_band_holds():
    raw = simulate_bike_demand(leaks=False)
    n = int(bicycles.is_morning(raw, raw.valid).sum() + bicycles.is_morning(raw, raw.test).sum())
    residuals = torch.zeros(n)
    residuals[-10:] = 99.0
    title = studies.plot_mornings(raw, residuals, -1.0, 1.0).get_title()
    expected = round(100 * (1 - 10 / int(bicycles.is_morning(raw, raw.test).sum())))
    assert "holds 100 %" in title and f"{expected} % of those that came" in title


def test_no_study_of_the_page_lacks_words():
    assert "Scaling the column" in alt_text(studies.ravine.run().figure())
