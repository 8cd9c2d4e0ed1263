"""Right answers stay right on inputs that are not the catalogue's, and in whatever kind of number they come."""

import importlib
import pkgutil

import numpy as np
import pytest
import torch
from random_probes import Redraw, on_other_probes
from test_exercises import other_answers

import course_utils.exercises
from course_utils.checker import CodeExercise, exercise
from course_utils.data import Data, Examples
from course_utils.exercises import parameters

DRAWS, AT_EACH_PUSH = 20, 5             # sets of other probes for each exercise
CATALOGUES = [module.name for module in pkgutil.iter_modules(course_utils.exercises.__path__)]
ALL = [pytest.param(catalogue, name, value, id=f"{catalogue}-{name}") for catalogue in CATALOGUES
       for name, value in vars(importlib.import_module(f"course_utils.exercises.{catalogue}")).items()
       if isinstance(value, CodeExercise)]
each_code_exercise = pytest.mark.parametrize(("catalogue", "name", "exercise"), ALL)


# ---- arguments whose parts belong together --------------------------------------------------------------------------

def same_sizes(draw, *args):
    return Redraw(draw, resize=False).arguments(args)


def same_batches(draw, model, optimizer, X, y, batches):
    """The row numbers of an epoch are each row once."""
    return model, optimizer, *same_sizes(draw, X, y), batches


def other_units(draw, train, other):
    """Rows in another order, columns in other units: a median between two values would be open, and nan stay nan."""
    times, plus = 0.5 + torch.rand(train.shape[1], generator=draw), torch.randn(train.shape[1], generator=draw)
    return tuple(part[torch.randperm(len(part), generator=draw)] * times + plus for part in (train, other))


def other_scale(draw, a, b):
    """A difference near 0 would make the last digit of a table of quantiles count."""
    runs, times = torch.randperm(len(a), generator=draw), 0.5 + float(torch.rand((), generator=draw))
    return times * a[runs], times * b[runs]


def other_order(draw, models, data):
    """The models know each row by its number, and which one is best by the loss is best by its share right."""
    def shuffled(part):
        rows = torch.randperm(len(part.y), generator=draw)
        return Examples(part.X[rows], part.y[rows])

    return models, Data(*map(shuffled, (data.train, data.valid, data.test)))


def a_round_share(draw, p):
    """The share that is off is compared by one digit."""
    return (int(torch.randint(1, 9, (), generator=draw)) / 10,)


def whole_bicycles(draw, forecast, residuals, too_few, too_many):
    """The quantile falls on one of the residuals, so that whoever rounds is right, too."""
    drawn = torch.randperm(200, generator=draw)[:len(residuals)] - 90.0
    return float(torch.randint(200, 700, (), generator=draw)), drawn, too_few, too_many


def other_damage(draw, model):
    return (parameters._damaged(int(torch.randint(1000, (), generator=draw))),)


def other_folds(draw, parts, loss_of):
    rows = torch.cat(list(parts))
    return rows[torch.randperm(len(rows), generator=draw)].split([len(part) for part in parts]), loss_of


HOOKS = {
    "batch_size.one_epoch": same_batches, "capstone.fill_and_scale": other_units, "capstone.honest_result": other_order,
    "capstone.paired_difference": other_scale, "dropout.Dropout": a_round_share,
    "layers_and_activations.order_size": whole_bicycles, "parameters.repair": other_damage,
    "regularization.cross_validate": other_folds, "scaling_out.deal": same_sizes,
    "scaling_out.ring_round": same_sizes,
}


def agree_on_other_probes(catalogue, name, exercise, draws):
    asked = on_other_probes(exercise, draws, HOOKS.get(f"{catalogue}.{name}"))
    for number, other in enumerate(other_answers(catalogue, name)):
        feedback = asked.check(other)
        assert feedback.status == "right", f"other answer {number}: {feedback.text}"


@each_code_exercise
def test_right_answers_agree_on_other_inputs(catalogue, name, exercise):
    agree_on_other_probes(catalogue, name, exercise, AT_EACH_PUSH)


@pytest.mark.nightly
@each_code_exercise
def test_right_answers_agree_on_twenty_other_inputs(catalogue, name, exercise):
    agree_on_other_probes(catalogue, name, exercise, DRAWS)


# ---- results of another kind ----------------------------------------------------------------------------------------

def each_tensor(change, value):
    if type(value) in (tuple, list):
        return type(value)(each_tensor(change, part) for part in value)
    return change(value) if isinstance(value, torch.Tensor) else value


STYLES = {
    "float64": lambda x: x.double() if x.is_floating_point() else x,
    "non-contiguous": lambda x: torch.stack([x, x], dim=-1)[..., 0],
    "requires_grad": lambda x: x.detach().requires_grad_() if x.is_floating_point() else x,
    "NumPy": lambda x: x.detach().numpy() if x.dim() else np.asarray(x.detach())[()],
}


@pytest.mark.parametrize("style", STYLES)
@each_code_exercise
def test_a_right_answer_may_come_as_another_kind_of_number(catalogue, name, exercise, style):
    """Where the result itself is compared; what is compared of a model or an update, the exercise has chosen."""
    if exercise.settings.compare_by or (exercise.settings.exact_dtype and style == "float64"):
        return

    def restyled(*args):
        return each_tensor(STYLES[style], exercise.right_answer(*args))

    assert exercise.check(restyled).status == "right", exercise.check(restyled).text


# ---- the drawing itself ---------------------------------------------------------------------------------------------

def test_what_is_drawn_is_of_the_same_kind():
    draw = torch.Generator().manual_seed(0)
    shares, labels, flags = torch.rand(5, 3).softmax(1), torch.tensor([0, 3, 1, 2, 2]), torch.tensor([True, False])
    gaps = torch.tensor([1.5, float("nan"), 200.0, 4.1, float("nan"), 0.3])
    for _ in range(20):
        new = Redraw(draw, resize=True).arguments((shares, labels, flags, gaps, 0.3, "text", [torch.tensor([7.5])], 12))
        assert new[0].shape[1] == 3 and torch.allclose(new[0].sum(1), torch.ones(len(new[0]))) and (new[0] >= 0).all()
        assert len(new[1]) == len(new[0]) and new[1].dtype == torch.int64 and 0 <= new[1].min() <= new[1].max() <= 3
        assert new[2].dtype == torch.bool and (new[3][new[3].isfinite()] >= 0).all() and 0 < new[4] < 1
        assert new[5] == "text" and new[6][0].shape == (1,) and new[7] == 12
    assert len({len(Redraw(draw, resize=True).arguments((shares,))[0]) for _ in range(20)}) > 1


def test_an_answer_that_is_right_on_the_own_probes_by_luck_is_found_out():
    @exercise(probes=[(torch.tensor([1.0, 2.5, 4.5, 6.0]),)])
    def largest(x):
        """The largest number."""
        return x.max()

    assert largest.check(lambda x: x[-1]).status == "right"             # that the numbers are sorted is kept
    unsorted = on_other_probes(largest, DRAWS, lambda draw, x: (torch.randn(4, generator=draw),))
    assert unsorted.check(lambda x: x[-1]).status == "wrong"
    assert on_other_probes(largest, DRAWS).check(lambda x: torch.tensor(6.0)).status == "wrong"
    assert len(on_other_probes(largest, DRAWS).probes()) == DRAWS


def test_where_the_solution_takes_nothing_else_the_probe_stays():
    @exercise(probes=[(torch.tensor([1.0, 2.0]),)])
    def picky(x):
        """Only the one."""
        return x if x.tolist() == [1.0, 2.0] else x / 0 * 0

    probes = on_other_probes(picky, 3, lambda draw, x: (torch.randn(2, generator=draw),)).probes()
    assert [args[0].tolist() for _, args in probes] == [[1.0, 2.0]] * 3
