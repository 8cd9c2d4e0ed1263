"""The cost of a step: the formula, constants fitted to points, what they promise; and measuring steps."""

import itertools
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
import torch

from course_utils.distributed import (
    Point,
    Prediction,
    Step,
    StepCost,
    fit_cost,
    measure_steps,
    ring_bytes,
    step_times,
)

TRUE = StepCost(2e-4, 3e-7, 1.4e-9, 4e-11, 4e-4, 1.5e-9)
SHAPES = [(64, 64, 10), (1024, 64, 10), (4096, 64, 10), (64, 784, 10), (1024, 784, 10), (256, 784, 100),
          (64, 3072, 100), (512, 3072, 10), (4096, 64, 100)]
HELD_OUT = [Step(256, 784, 10), Step(128, 3072, 100, 2), Step(2048, 784, 100, 2), Step(2048, 64, 10, 4)]


def by_hand(cost, batch, features, classes, p):
    """The formula again, from the constants to the seconds, without a word of the package's."""
    startup, per_example, per_number, per_product, per_message, per_byte = cost
    share, weights = -(-batch // p), features * classes + classes
    compute = startup + per_example * share + per_number * share * features + per_product * share * weights
    return compute + per_message * 2 * (p - 1) + per_byte * 2 * (p - 1) / p * 4 * weights


def points_of(cost=TRUE, processes=(1, 2), noise=0.0, seed=0, shapes=SHAPES):
    draw = numpy.random.default_rng(seed)
    return [Point(Step(*shape, p), by_hand(cost, *shape, p) * math.exp(noise * draw.standard_normal()))
            for shape, p in itertools.product(shapes, processes)]


@pytest.mark.parametrize("batch, features, classes, p", [(64, 784, 10, 1), (64, 784, 10, 2), (10, 3, 2, 4)])
def test_a_step_costs_what_the_formula_says(batch, features, classes, p):
    step = Step(batch, features, classes, p)
    parts = TRUE.parts(step)
    assert TRUE.seconds(step) == parts.total == pytest.approx(by_hand(TRUE, batch, features, classes, p), rel=1e-12)
    assert (parts.messages == parts.traffic == 0) == (p == 1)


def test_everyone_waits_for_the_largest_share():
    assert [Step(10, 5, 3, p).share for p in (1, 2, 3, 4, 10, 64)] == [10, 5, 4, 3, 1, 1]


@pytest.mark.parametrize("p, n", [(1, 12), (2, 12), (3, 12), (4, 32), (7, 7)])
def test_a_ring_that_is_run_sends_as_many_bytes_as_the_formula_says(p, n):
    """Each of p processes holds n numbers of 4 bytes. They pass pieces around until all of them hold all the sums."""
    held = torch.randn(p, n, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    sums, pieces, sent, rounds = held.sum(0), torch.arange(n).chunk(p), 0, 0
    for adding in (True, False):
        for turn in range(p - 1):
            messages = []
            for rank in range(p):
                piece = pieces[(rank - turn + (0 if adding else 1)) % p]
                messages.append(((rank + 1) % p, piece, held[rank, piece].clone()))
                sent += 4 * len(piece)
            for to, piece, numbers in messages:
                held[to, piece] = held[to, piece] + numbers if adding else numbers
            rounds += 1
    assert torch.allclose(held, sums.expand(p, n))
    assert ring_bytes(4 * n, p) == pytest.approx(sent / p)
    assert StepCost(0, 0, 0, 0, 1, 0).seconds(Step(p, 5, 2, p)) == rounds


def test_the_gradient_has_as_many_numbers_as_the_model():
    from course_utils.models import MultinomialLogisticRegression

    model = MultinomialLogisticRegression(784, 10)
    assert Step(64, 784, 10).weights == sum(p.numel() for p in model.parameters())
    assert Step(64, 784, 10).gradient_bytes == sum(p.numel() * p.element_size() for p in model.parameters())


def test_points_without_noise_give_the_constants_back():
    fitted = fit_cost(points_of())
    assert list(fitted.cost) == pytest.approx(list(TRUE), rel=1e-6)
    assert max(map(abs, fitted.errors)) < 1e-6
    unseen = Step(65_536, 784, 10, 64)
    predicted = fitted.predict(unseen)
    assert predicted.seconds == pytest.approx(by_hand(TRUE, *unseen), rel=1e-6)
    assert predicted.low == pytest.approx(predicted.high, rel=1e-4)


@pytest.mark.parametrize("seed", range(10))
def test_noisy_points_predict_steps_that_they_do_not_hold(seed):
    fitted = fit_cost(points_of(noise=0.08, seed=seed), refits=10)
    for step in HELD_OUT:
        assert fitted.cost.seconds(step) / by_hand(TRUE, *step) == pytest.approx(1, abs=0.25)
    # the constants that make up most of some point's time come out as well
    assert fitted.cost.startup == pytest.approx(TRUE.startup, rel=0.3)
    assert fitted.cost.per_number == pytest.approx(TRUE.per_number, rel=0.3)
    assert fitted.cost.per_message == pytest.approx(TRUE.per_message, rel=0.3)


def test_relative_errors_count_and_not_seconds():
    """One long step measured 30 % too slow must not spoil the short ones, as least squares of seconds would."""
    points = points_of()
    longest = max(range(len(points)), key=lambda i: points[i].seconds)
    points[longest] = points[longest]._replace(seconds=points[longest].seconds * 1.3)
    fitted = fit_cost(points, refits=1)
    short = Step(64, 64, 10)
    assert fitted.cost.seconds(short) == pytest.approx(by_hand(TRUE, *short), rel=0.03)


def test_no_constant_is_below_0_where_plain_least_squares_would_say_so():
    free = TRUE._replace(per_byte=0.0)
    below = 0
    for seed in range(20):
        points = points_of(free, noise=0.1, seed=seed)
        fitted = fit_cost(points, refits=20)
        assert min(fitted.cost) >= 0 and all(min(cost) >= 0 for cost in fitted.refitted)
        design = numpy.array([
            (1, s.share, s.share * s.features, s.share * s.weights, 2 * (s.processes - 1),
             2 * (s.processes - 1) / s.processes * 4 * s.weights) for s, _ in points])
        relative = design / numpy.array([seconds for _, seconds in points])[:, None]
        below += numpy.linalg.lstsq(relative, numpy.ones(len(points)), rcond=None)[0].min() < 0
    assert below >= 5


def test_the_interval_holds_about_as_many_new_measurements_as_it_promises():
    inside = []
    for seed in range(60):
        fitted = fit_cost(points_of(noise=0.1, seed=seed), refits=100, seed=seed)
        draw = numpy.random.default_rng(1000 + seed)
        for step in HELD_OUT[:3]:
            predicted = fitted.predict(step)
            measured = by_hand(TRUE, *step) * math.exp(0.1 * draw.standard_normal())
            inside.append(predicted.low <= measured <= predicted.high)
    assert 0.88 <= numpy.mean(inside) <= 0.99


def test_more_noise_makes_a_wider_interval_and_the_same_seed_the_same():
    def width(noise, **options):
        predicted = fit_cost(points_of(noise=noise), **options).predict(HELD_OUT[0])
        return predicted.high / predicted.low

    assert width(0.02) < width(0.1) < width(0.3)
    assert width(0.1, seed=3) == width(0.1, seed=3) != width(0.1, seed=4)


def test_many_points_leave_the_noise_of_one_measurement_in_the_interval():
    """With 72 points the constants are known well; a new measurement still scatters by 10 %, 1.96 times up and down."""
    shapes = list(itertools.product((64, 256, 1024, 4096), (64, 784, 3072), (10, 30, 100)))
    for seed in range(5):
        predicted = fit_cost(points_of(noise=0.1, seed=seed, shapes=shapes), refits=50).predict(HELD_OUT[0])
        assert 0.15 < math.log(predicted.high / predicted.low) / 2 < 0.25


def test_the_errors_are_as_wide_as_the_noise_though_the_fit_followed_some_of_it():
    spreads = [numpy.std(fit_cost(points_of(noise=0.1, seed=seed), refits=1).errors) for seed in range(60)]
    assert numpy.mean(spreads) == pytest.approx(0.1, abs=0.006)         # not widened they would be 0.081


@pytest.mark.parametrize("seed", range(10))
def test_however_wild_the_points_all_times_are_above_0(seed):
    """Seven points for six constants: what the fit cannot follow is widened by 2.6."""
    points = points_of(noise=0.7, seed=seed)
    chosen = [points[i] for i in (0, 3, 4, 7, 10, 12, 17)]
    fitted = fit_cost(chosen, refits=50)
    assert all(fitted.predict(step).low > 0 for step in HELD_OUT)


def test_an_epoch_is_its_steps_and_the_start_of_the_program():
    fitted = fit_cost(points_of(noise=0.1))
    one, many = fitted.predict(HELD_OUT[0]), fitted.predict(HELD_OUT[0], steps=1000, startup=5.0)
    assert many[:3] == pytest.approx([5 + 1000 * seconds for seconds in one[:3]])


def test_a_prediction_says_how_far_it_goes_beyond_the_points():
    fitted = fit_cost(points_of())
    assert fitted.predict(HELD_OUT[0]).beyond == ()
    assert fitted.predict(Step(65_536, 784, 10, 64)).beyond == ("64 processes (measured: 1 to 2)",)
    far = fitted.predict(Step(8, 150_528, 1000, 1))
    assert far.beyond == (
        "8 examples a process (measured: 32 to 4,096)", "150,528 features (measured: 64 to 3,072)",
        "1,000 classes (measured: 10 to 100)")
    assert str(Prediction(1104.2, 676, 2740, ("64 processes (measured: 1 to 2)",))) == (
        "1.1e+03 s, 95 % interval 676 to 2.74e+03; beyond what was measured: 64 processes (measured: 1 to 2)")


def test_two_processes_lose_to_one_on_small_batches_and_win_on_large_ones():
    assert TRUE.speed_up(Step(64, 784, 10, 1)) == 1
    assert TRUE.speed_up(Step(64, 784, 10, 2)) < 0.5
    assert 1.5 < TRUE.speed_up(Step(65_536, 784, 10, 2)) < 2
    free = TRUE._replace(startup=0.0, per_message=0.0, per_byte=0.0)
    assert free.speed_up(Step(64_000, 784, 10, 64)) == pytest.approx(64)


def test_points_of_one_process_say_nothing_about_a_network():
    fitted = fit_cost(points_of(processes=(1,)))
    assert math.isnan(fitted.cost.per_message) and math.isnan(fitted.cost.per_byte)
    assert fitted.predict(HELD_OUT[0]).seconds == pytest.approx(by_hand(TRUE, *HELD_OUT[0]), rel=1e-6)
    with pytest.raises(ValueError, match="measured with one process.*Measure steps with two"):
        fitted.predict(HELD_OUT[1])
    known = fitted.with_constants(per_message=TRUE.per_message, per_byte=TRUE.per_byte)
    assert known.predict(HELD_OUT[1]).seconds == pytest.approx(by_hand(TRUE, *HELD_OUT[1]), rel=1e-6)
    assert known.predict(HELD_OUT[1]).high == pytest.approx(known.predict(HELD_OUT[1]).seconds, rel=1e-4)


@pytest.mark.parametrize("points, said", [
    (points_of()[:6], "6 points are too few for 6 constants.*at least 7"),
    ([], "0 points are too few for 4 constants"),
    (points_of(processes=(1,))[:4], "4 points are too few for 4 constants"),
    ([Point(Step(batch, 784, 10, 1), 1e-3) for batch in (8, 16, 32, 64, 128)], "cannot tell the constants apart"),
    (points_of(shapes=[(batch, 64, 10) for batch in (8, 16, 32, 64)]), "cannot tell.*Vary batch, features and classes"),
    ([*points_of(), Point(Step(8, 8, 2), 0.0)], "not above 0"),
    ([*points_of(), Point(Step(8, 8, 2), math.nan)], "not above 0"),
])
def test_what_cannot_be_fitted_is_said_in_a_sentence(points, said):
    with pytest.raises(ValueError, match=said):
        fit_cost(points)


# ------------------------------------------------------------------------------------------------ measuring


def test_one_process_measures_itself_and_returns_what_it_did():
    before = torch.get_rng_state()
    shapes = [(8, 6, 3), (9, 4, 2)]
    points = measure_steps(shapes, rounds=2, steps=2)
    assert [point.step for point in points] == [Step(*shape) for shape in shapes]
    assert all(0 < point.seconds < 10 for point in points)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_time_of_a_point_is_the_fastest_step_or_a_quantile(monkeypatch):
    """A clock that says 99 s in each warm-up step, and 1, 2, 3 ... s in the others."""
    counted = itertools.count()

    def clock(task):
        task()
        number = next(counted)
        turn, place = divmod(number, step_times.WARM_UP + 5)
        return 99.0 if place < step_times.WARM_UP else turn * 5 + place - step_times.WARM_UP + 1.0

    monkeypatch.setattr(step_times, "seconds_of", clock)
    assert measure_steps([(8, 6, 3)], rounds=1, steps=5, quantile=1.0)[0].seconds == 5
    counted = itertools.count()
    assert measure_steps([(8, 6, 3)], rounds=4, steps=5, quantile=0.5)[0].seconds == numpy.median(range(1, 21))
    counted = itertools.count()
    assert measure_steps([(8, 6, 3)], rounds=2, steps=5)[0].seconds == 1


@pytest.mark.parametrize("processes", [(0, 1), (2,)])
def test_more_processes_than_run_cannot_be_measured(processes):
    with pytest.raises(ValueError, match="1 are running. Name numbers from 1 to 1"):
        measure_steps([(8, 6, 3)], processes=processes)


PROGRAM = """
import torch.distributed as dist
from course_utils.distributed import measure_steps, step_times

dist.init_process_group("gloo")
points = measure_steps([(8, 6, 3), (9, 4, 2)], rounds=2, steps=2)
everyone = [None] * dist.get_world_size()
dist.all_gather_object(everyone, points)
assert everyone[0] == everyone[1] == points
step_times.seconds_of = lambda task: task() or dist.get_rank() + 1.0      # as if rank 1 took twice as long
taken = [point.seconds for point in measure_steps([(8, 6, 3)], rounds=2, steps=2)]
assert taken == [1.0, 2.0], taken
if dist.get_rank() == 0:
    print([tuple(point.step) for point in points], min(point.seconds for point in points) > 0)
dist.destroy_process_group()
"""


def test_two_processes_measure_one_and_two_and_agree(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    root = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", str(program)],
        env=os.environ | {"PYTHONPATH": root, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True, timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "[(8, 6, 3, 1), (8, 6, 3, 2), (9, 4, 2, 1), (9, 4, 2, 2)] True"
