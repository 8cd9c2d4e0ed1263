"""What a text alternative states, held against the numbers: a reader who sees no picture has nothing else."""

import re

import numpy as np
import pytest

from course_utils.explorers import boundary_bench, optimizer_race, speed_up
from course_utils.plotting import alt_text, new_axes
from course_utils.studies import binary_logistic_regression


def told(explorer, **settings):
    """The numbers and the words of one setting."""
    result, ax = explorer.compute(**settings), new_axes()
    explorer.draw(result, ax)
    return result, alt_text(ax.figure)


@pytest.mark.parametrize("optimizer, lr", [("gradient descent", 10**-1.4), ("gradient descent", 0.05),
                                           ("momentum", 0.03), ("Adam", 0.1)])
def test_the_race_says_where_its_path_ends_and_on_which_side_of_the_limit_the_rate_lies(optimizer, lr):
    race, words = told(optimizer_race, surface="ravine", optimizer=optimizer, lr=lr, momentum=0.8)
    rates = re.search(r"lr ([\d.]+), (below|above) 2.*?/L = ([\d.]+)", words)
    if race.limit is not None:
        assert rates and (float(rates[1]) > float(rates[3])) == (rates[2] == "above") == (lr > race.limit)
    if race.heights[-1] < 1:
        x, y = re.search(r"ends at \((-?[\d.]+), (-?[\d.]+)\)", words).groups()
        np.testing.assert_allclose([float(x), float(y)], race.points[-1], atol=0.006)
    else:
        assert "leaves the picture" in words and "above the first, so it climbs" in words


@pytest.mark.parametrize("steepness, words", [(0.0, "is one half at every temperature"),
                                              (0.01, "falls with temperature and passes one half at 60.0 °F")])
def test_a_curve_without_steepness_does_not_fall(steepness, words):
    assert words in told(boundary_bench, boundary=60.0, steepness=steepness)[1]


@pytest.mark.parametrize("devices", ["1", "64"])
def test_the_speed_of_few_and_of_many_devices_can_be_compared_by_ear(devices):
    speed, words = told(speed_up, rows=1e8, features=1000.0, batch=1e6, kind="a GPU", devices=devices, bandwidth=10.0,
                        latency=10.0)
    heard = {int(count.replace(",", "")): float(times) for times, count in re.findall(r"([\d.]+) on ([\d,]+\d)\b",
             words.partition("Times as fast as one: ")[2])}
    for count in heard.keys() | {64, 1024}:
        assert heard[count] == pytest.approx(speed.speed_up[speed_up.COUNTS.index(count)], rel=0.05)
    assert f"on {devices} device{'' if devices == '1' else 's'} takes" in words


def test_the_landscapes_say_how_low_they_are_and_where_a_walk_stands_still():
    finding = binary_logistic_regression.landscapes.run()
    words = alt_text(finding.figure())
    assert words.count("lowest, 0.44,") == 1 and words.count("where it is 0.44") == 1       # the log loss: arrived
    assert words.count("lowest, 0.14,") == 1 and words.count("where it is 0.14") == 1       # squared: one of two
    assert "where it is 0.35" in words and "next to level over 0% of the picture" in words
