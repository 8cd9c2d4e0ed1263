"""torch.optim is the oracle: a hundred steps side by side on a random problem that is not quadratic."""

import pytest
import torch

from course_utils import optimizers as rules

PAIRS = {
    "sgd": (rules.sgd, torch.optim.SGD, [dict(lr=0.1), dict(lr=0.03, weight_decay=0.2)]),
    "momentum": (
        rules.momentum,
        torch.optim.SGD,
        [dict(lr=0.05, momentum=0.9), dict(lr=0.02, momentum=0.6, weight_decay=0.1), dict(lr=0.05, momentum=0.0)],
    ),
    "nesterov": (
        rules.nesterov,
        lambda params, **settings: torch.optim.SGD(params, nesterov=True, **settings),
        [dict(lr=0.05, momentum=0.9), dict(lr=0.02, momentum=0.6, weight_decay=0.1)],
    ),
    "adagrad": (rules.adagrad, torch.optim.Adagrad, [dict(), dict(lr=0.5), dict(lr=0.1, weight_decay=0.1, eps=1e-3)]),
    "rmsprop": (
        rules.rmsprop,
        torch.optim.RMSprop,
        [dict(), dict(lr=0.05, alpha=0.5), dict(lr=0.01, alpha=0.9, weight_decay=0.1, eps=1e-3)],
    ),
    "adadelta": (
        rules.adadelta,
        torch.optim.Adadelta,
        [dict(), dict(lr=0.3, rho=0.5), dict(rho=0.99, weight_decay=0.1, eps=1e-3)],
    ),
    "adam": (
        rules.adam,
        torch.optim.Adam,
        [dict(), dict(lr=0.03, betas=(0.5, 0.9)), dict(lr=0.03, weight_decay=0.1, eps=1e-3)],
    ),
    "adamw": (
        rules.adamw,
        torch.optim.AdamW,
        [dict(), dict(lr=0.03, betas=(0.5, 0.9), weight_decay=0.3), dict(lr=0.03, weight_decay=0.0)],
    ),
}
CASES = [
    pytest.param(rule, peer, settings, id=f"{name} {settings}")
    for name, (rule, peer, many) in PAIRS.items()
    for settings in many
]


def problem(dtype, seed=0):
    """The gradient of a convex loss whose curvature varies from place to place, Σ log cosh(A w − b) / n; a start."""
    generator = torch.Generator().manual_seed(seed)
    A = torch.randn(30, 5, generator=generator, dtype=dtype) * torch.tensor([0.3, 0.5, 1.0, 1.0, 1.5], dtype=dtype)
    b = torch.randn(30, generator=generator, dtype=dtype) * 2
    start = 5 * torch.randn(5, generator=generator, dtype=dtype)      # far off: at the optimum some rules bounce
    return (lambda w: (w @ A.T - b).tanh() @ A / 30), start


def paths(make_rule, make_optimizer, settings, dtype, seed, drop_lr=False):
    """The weights after each of 100 steps, by the rule and by torch; lr falls to a tenth at step 50 if asked."""
    gradient, start = problem(dtype, seed)
    w = start.clone().requires_grad_()
    optimizer, rule = make_optimizer([w], **settings), make_rule(**settings)
    mine, state = start, rule.init(start)
    ours, theirs = [], []
    for step in range(100):
        if drop_lr and step == 50:
            lr = optimizer.param_groups[0]["lr"] / 10
            optimizer.param_groups[0]["lr"] = lr
            rule = make_rule(**{**settings, "lr": lr})
        w.grad = gradient(w.detach())
        optimizer.step()
        mine, state = rule.update(gradient(mine), state, mine)
        ours.append(mine)
        theirs.append(w.detach().clone())
    return torch.stack(ours), torch.stack(theirs)


@pytest.mark.parametrize("drop_lr", [False, True], ids=["constant", "lr drops"])
@pytest.mark.parametrize(("rule", "peer", "settings"), CASES)
def test_equals_torch_in_double(rule, peer, settings, drop_lr):
    for seed in range(2):
        ours, theirs = paths(rule, peer, settings, torch.float64, seed, drop_lr)
        assert (theirs[-1] - theirs[0]).abs().max() > 1e-3        # the walk goes somewhere
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-6)


@pytest.mark.parametrize(("rule", "peer", "settings"), CASES)
def test_equals_torch_in_single(rule, peer, settings):
    ours, theirs = paths(rule, peer, settings, torch.float32, 0)
    torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-3)


def test_update_changes_nothing_in_place():
    w, g = torch.ones(3), torch.full((3,), 0.5)
    for make_rule in (rules.sgd, rules.momentum, rules.classic_momentum, rules.nesterov, rules.adagrad,
                      rules.rmsprop, rules.adadelta, rules.adam, rules.adamw, rules.misprinted_momentum):
        rule = make_rule(lr=0.1)
        state = rule.init(w)
        first, _ = rule.update(g, state, w)
        again, _ = rule.update(g, state, w)
        assert torch.equal(first, again) and torch.equal(w, torch.ones(3)) and torch.equal(g, torch.full((3,), 0.5))


STACKED = {
    "sgd": (rules.sgd, dict(lr=[0.1, 0.3], weight_decay=[0.0, 0.2])),
    "momentum": (rules.momentum, dict(lr=[0.1, 0.3], momentum=[0.0, 0.9], weight_decay=[0.2, 0.0])),
    "nesterov": (rules.nesterov, dict(lr=[0.1, 0.3], momentum=[0.5, 0.9], weight_decay=[0.2, 0.0])),
    "adagrad": (rules.adagrad, dict(lr=[0.1, 0.5], weight_decay=[0.0, 0.1], eps=[1e-3, 1e-10])),
    "rmsprop": (rules.rmsprop, dict(lr=[0.1, 0.5], alpha=[0.5, 0.9], weight_decay=[0.0, 0.1], eps=[1e-3, 1e-8])),
    "adadelta": (rules.adadelta, dict(lr=[1.0, 0.5], rho=[0.5, 0.9], weight_decay=[0.0, 0.1], eps=[1e-3, 1e-6])),
    "adam": (rules.adam, dict(lr=[0.1, 0.03], betas=[(0.9, 0.999), (0.5, 0.9)], weight_decay=[0.0, 0.1],
                              eps=[1e-3, 1e-8])),
    "adamw": (rules.adamw, dict(lr=[0.1, 0.03], betas=[(0.9, 0.999), (0.5, 0.9)], weight_decay=[0.0, 0.1],
                                eps=[1e-3, 1e-8])),
}


@pytest.mark.parametrize("name", STACKED)
def test_settings_may_be_one_for_each_of_several_models(name):
    """A setting of shape (2, 1) beside w of shape (2, 5): two models side by side, each on its own path."""
    make_rule, settings = STACKED[name]

    def beside(values):
        if isinstance(values[0], tuple):
            return tuple(beside(part) for part in zip(*values, strict=True))
        return torch.tensor(values, dtype=torch.float64)[:, None]

    gradient, start = problem(torch.float64)
    together = make_rule(**{key: beside(values) for key, values in settings.items()})
    apart = [make_rule(**{key: values[k] for key, values in settings.items()}) for k in range(2)]
    w, both = start.expand(2, 5), [start, start]
    state, states = together.init(w), [rule.init(start) for rule in apart]
    for _ in range(30):
        w, state = together.update(gradient(w), state, w)
        for k, rule in enumerate(apart):
            both[k], states[k] = rule.update(gradient(both[k]), states[k], both[k])
    assert (both[0] - both[1]).abs().max() > 1e-3
    torch.testing.assert_close(w, torch.stack(both), rtol=0, atol=1e-12)


def walk(make_rule, steps, lr=0.1, start=1.0):
    """Positions on ½ w², where the gradient is w itself; `lr` may be a function of the step."""
    w = torch.tensor(start, dtype=torch.float64)
    state, positions = None, [start]
    for step in range(steps):
        rule = make_rule(lr(step) if callable(lr) else lr, 0.9)
        state = rule.init(w) if state is None else state
        w, state = rule.update(w, state, w)
        positions.append(w.item())
    return positions


def test_both_momentum_conventions_agree_until_lr_changes():
    assert walk(rules.momentum, 60) == pytest.approx(walk(rules.classic_momentum, 60))
    inside, outside = (
        walk(rule, 60, lr=lambda step: 0.1 if step < 50 else 0.01) for rule in (rules.classic_momentum, rules.momentum)
    )
    assert abs(inside[-1] - outside[-1]) > 0.01


def test_the_misprint_settles_where_its_formula_says():
    h = torch.tensor([1.0, 10.0])
    w = torch.ones(2)
    rule = rules.misprinted_momentum(lr=0.1, momentum=0.9)
    for _ in range(300):
        w, _ = rule.update(h * w, (), w)
    torch.testing.assert_close(w, torch.tensor([-9.0, -0.9]))


# ---- a rule of one's own ----


def test_a_step_of_ones_own_becomes_the_rule():
    def momentum_step(w, v, g, lr, mu=0.9):
        v = mu * v + g
        return w - lr * v, v

    def plain_step(w, g, lr):
        return w - lr * g

    gradient, w = problem(torch.float64)
    for own, rule in ((rules.from_step(momentum_step, lr=0.05), rules.momentum(0.05)),
                      (rules.from_step(momentum_step, lr=0.05, mu=0.5), rules.momentum(0.05, 0.5)),
                      (rules.from_step(plain_step, lr=0.05), rules.sgd(0.05))):
        mine, theirs, my_state, their_state = w, w, own.init(w), rule.init(w)
        for _ in range(20):
            mine, my_state = own.update(gradient(mine), my_state, mine)
            theirs, their_state = rule.update(gradient(theirs), their_state, theirs)
        assert torch.equal(mine, theirs)
    assert rules.from_step(momentum_step, lr=0.05).name == "momentum_step"


def test_a_step_may_change_what_it_is_given():
    def in_place(w, v, g, lr):
        v *= 0.9
        v += g
        w -= lr * v
        return w, v

    gradient, w = problem(torch.float64)
    rule, state = rules.from_step(in_place, lr=0.1), None
    state, before = rule.init(w), w.clone()
    after, new_state = rule.update(gradient(w), state, w)
    assert torch.equal(w, before) and torch.equal(state[0], torch.zeros_like(w)) and not torch.equal(after, before)
    assert torch.equal(new_state[0], gradient(w))


def test_a_step_counter_among_what_is_remembered_begins_at_zero():
    rule = rules.from_step(lambda w, t, g: (w - g / (t + 1), t + 1))
    w, state = torch.tensor([5.0, -1.0]), None
    state = rule.init(w)
    for _ in range(2):
        w, state = rule.update(torch.tensor([2.0, 4.0]), state, w)
    assert w.tolist() == [5 - 2 - 1, -1 - 4 - 2] and state[0].tolist() == [2, 2]


@pytest.mark.parametrize("step", [lambda weights, g: g, lambda w, gradient: w, lambda: 0])
def test_a_step_with_other_parameters_is_refused_in_words(step):
    with pytest.raises(TypeError, match="A step has the parameters w, what it remembers, g"):
        rules.from_step(step)
