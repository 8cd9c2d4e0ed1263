import math

import numpy as np

from course_utils.explorers.speed_up import BYTES, COUNTS, DEVICES, SECONDS, in_units

REACHES = {"rows": 1e7, "features": 1e4, "batch": 10**5.5, "devices": "64"}


def check(compute):
    # One device: nothing but work, by the formula.
    cost = DEVICES["a GPU"]
    speed = compute(rows=1e6, features=1_000, batch=1_000, kind="a GPU", devices="1", bandwidth=1.0, latency=10.0)
    alone = cost.startup + 1_000 * (cost.per_example + 1_000 * cost.per_number + 10_010 * cost.per_product)
    np.testing.assert_allclose(speed.parts[0], [alone, 0, 0])
    assert speed.speed_up[0] == 1 and speed.epoch == speed.epoch_of_one and math.isclose(speed.epoch, 1_000 * alone)
    assert speed.row_bytes == 4e9

    # Eight: a ring of 14 messages, and 14/8 of the 40,040 bytes of the gradient through each link.
    eight = compute(rows=1e6, features=1_000, batch=1_000, kind="a GPU", devices="8", bandwidth=2.0, latency=10.0)
    work = cost.startup + 125 * (cost.per_example + 1_000 * cost.per_number + 10_010 * cost.per_product)
    np.testing.assert_allclose(eight.parts[COUNTS.index(8)], [work, 14e-5, 14 / 8 * 40_040 / 2e9])
    assert math.isclose(eight.epoch, 1_000 * eight.parts[COUNTS.index(8)].sum()) and eight.row_bytes == 5e8
    assert math.isclose(eight.epoch_of_one / eight.epoch, eight.speed_up[COUNTS.index(8)])

    # What the question is about: rows change nothing; features outweigh messages, not traffic; a batch outweighs both.
    def worth(**changed):
        settings = dict(rows=1e6, features=1e3, batch=1e3, kind="one CPU core", devices="64", bandwidth=1.0,
                        latency=100.0) | changed
        return compute(**settings).speed_up[COUNTS.index(64)]

    assert worth(rows=1e9) == worth()
    assert worth(features=1e4) > 5 * worth()
    slow = dict(bandwidth=0.1, latency=1.0)
    assert worth(features=1e5, **slow) < 1.1 * worth(features=1e4, **slow)
    assert worth(features=1e5, batch=1e4, **slow) > 5 * worth(features=1e5, **slow)
    assert worth(batch=1e5) > 10 * worth()
    assert worth(rows=150, batch=1e6) == worth(rows=150, batch=150) < 1          # a batch has no more than all rows

    # A turn: where one more device costs more messages than it saves work, near √(work / 2 · latency).
    turn = compute(rows=1e6, features=1e3, batch=1e4, kind="one CPU core", devices="8", bandwidth=1e3, latency=100.0)
    divisible = turn.parts[0, 0] - DEVICES["one CPU core"].startup
    assert 0.5 < turn.best / math.sqrt(divisible / 2e-4) < 2
    assert turn.speed_up.max() == turn.speed_up[COUNTS.index(turn.best)]

    # What is written: the largest unit that is filled.
    assert [in_units(value, SECONDS) for value in (0.0, 9e-7, 0.0156, 90, 7_200, 1e6)] == [
        "0.00 µs", "0.90 µs", "16 ms", "1.5 minutes", "2.0 hours", "12 days"]
    assert [in_units(value, BYTES) for value in (400, 2_500, 3.1e12)] == ["400 bytes", "2.5 kB", "3.1 TB"]
