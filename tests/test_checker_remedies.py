"""What a message tells to do changes something, and what it says of an answer is true of every answer that gets it."""

import copy

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.exercises import (
    batch_size,
    binary_logistic_regression,
    capstone,
    dropout,
    gradients_and_the_training_loop,
    layers_and_activations,
    parameters,
    regularization,
    softmax_regression,
)


def one_hot(y, logits):
    return F.one_hot(y, logits.shape[1])


def priced(logits, y, p):
    return -p[torch.arange(len(y)), y].log().mean()


def shares(logits):
    return logits.exp() / logits.exp().sum(dim=1, keepdim=True)


def shift(logits):
    return logits - logits.amax(dim=1, keepdim=True)


def mean_price(z, p, rest, y):
    return -(y * torch.log(p) + (1 - y) * torch.log(rest)).mean()


def half_frozen(layer):
    for p in layer.parameters():
        p.register_hook(torch.zeros_like)


def half_frozen_without_gradients(layer):
    half_frozen(layer)
    for p in layer.parameters():
        p.grad = None


def frozen_by_all_of_it(layer):
    half_frozen_without_gradients(layer)
    layer.requires_grad_(False)


softmax_loss, log_loss = softmax_regression.softmax_loss, binary_logistic_regression.log_loss
softmax, freeze, by_importance = softmax_regression.softmax, parameters.freeze, parameters.by_importance

WAYS = {                # an exercise: answers, each made of the one before by what its message says
    "0 times −∞": (softmax_loss, [
        lambda z, y: -(one_hot(y, z) * z.softmax(1).log()).sum() / len(y),
        lambda z, y: -(one_hot(y, z) * z.log_softmax(1)).sum() / len(y)]),
    "0 times −∞, with the shift by hand": (softmax_loss, [
        lambda z, y: -(one_hot(y, z) * shares(shift(z)).log()).sum() / len(y),
        lambda z, y: -(one_hot(y, z) * z.log_softmax(1)).sum() / len(y)]),
    "a probability that becomes 0": (softmax_loss, [
        lambda z, y: priced(z, y, z.softmax(1)), lambda z, y: F.nll_loss(z.log_softmax(1), y)]),
    "exp of 1000 in the shares": (softmax_loss, [
        lambda z, y: priced(z, y, shares(z)), lambda z, y: (z.logsumexp(1) - z[torch.arange(len(y)), y]).mean()]),
    "the same in float64": (softmax_loss, [
        lambda z, y: priced(z, y, shares(z.double())),
        lambda z, y: (z.logsumexp(1) - z[torch.arange(len(y)), y]).mean()]),
    "one shift for all rows": (softmax_loss, [
        lambda z, y: priced(z, y, shares(z - z.max())), lambda z, y: priced(z, y, shares(shift(z))),
        lambda z, y: F.cross_entropy(z, y)]),
    "e to the scores": (softmax, [torch.exp, shares, lambda z: shares(shift(z))]),
    "float64 for large scores": (softmax, [lambda z: shares(z.double()), lambda z: shares(shift(z))]),
    "a shift below the line only": (softmax, [
        lambda z: shift(z).exp() / z.exp().sum(1, keepdim=True), lambda z: shares(shift(z))]),
    "the mean of each row taken off": (softmax, [
        lambda z: shares(z - z.mean(1, keepdim=True)), lambda z: shares(shift(z))]),
    "logs of both probabilities": (log_loss, [
        lambda z, y: mean_price(z, z.sigmoid(), 1 - z.sigmoid(), y),
        lambda z, y: (y * F.softplus(-z) - (1 - y) * torch.log(1 - z.sigmoid())).mean(),
        lambda z, y: (y * F.softplus(-z) + (1 - y) * F.softplus(z)).mean()]),
    "exp by hand": (log_loss, [
        lambda z, y: (y * torch.log(1 + torch.exp(-z)) + (1 - y) * torch.log(1 + torch.exp(z))).mean(),
        lambda z, y: (y * torch.log(1 + torch.exp(-z)) + (1 - y) * F.softplus(z)).mean(),
        lambda z, y: (y * F.softplus(-z) + (1 - y) * F.softplus(z)).mean()]),
    "odds by hand": (log_loss, [
        lambda z, y: mean_price(z, z.exp() / (1 + z.exp()), 1 / (1 + z.exp()), y),
        lambda z, y: (F.softplus(z) - y * z).mean()]),
    "the library's loss for probabilities": (log_loss, [
        lambda z, y: F.binary_cross_entropy(z.sigmoid(), y),
        lambda z, y: F.binary_cross_entropy_with_logits(z, y)]),
    "hooks that zero gradients": (freeze, [half_frozen, half_frozen_without_gradients, frozen_by_all_of_it]),
    "an update without zeroing": (gradients_and_the_training_loop.one_update, [
        gradients_and_the_training_loop._update(calls=("backward", "step")),
        gradients_and_the_training_loop._update(calls=("backward", "zero_grad", "step")),
        gradients_and_the_training_loop._update()]),
    "shapes all with all": (gradients_and_the_training_loop.one_update, [
        gradients_and_the_training_loop._update(lambda z, y: F.binary_cross_entropy_with_logits(z, y.float())),
        gradients_and_the_training_loop._update(lambda z, y: F.binary_cross_entropy_with_logits(z.squeeze(1), y)),
        gradients_and_the_training_loop._update()]),
    "units off while measuring": (dropout.train_model, [
        dropout._trainer(measuring=dropout._leave), dropout._trainer(steps=dropout._leave), dropout._trainer()]),
    "a steady answer": (dropout.steady, [
        lambda model, X: model(X), lambda model, X: model(X).softmax(1), dropout._predict(end=dropout._nothing),
        dropout._predict(end=lambda model, before: model.train()), dropout._predict()]),
    "towards 0": (regularization.proximal_step, [
        lambda w, gradient, lr, strength: w - lr * gradient,
        regularization._proximal(shrink=lambda v, w, lr, strength: v.sign() * (v.abs() - lr * strength)),
        regularization._proximal()]),
    "weights that stand still": (layers_and_activations.one_epoch, [
        layers_and_activations._loop(zero=None), layers_and_activations._loop(zero="between"),
        layers_and_activations._loop()]),
    "weights as they stand": (by_importance, [
        lambda w, X: w.argsort(descending=True), lambda w, X: w.abs().argsort(descending=True),
        lambda w, X: (w.abs() * X.std(0)).argsort(descending=True)]),
    "the smallest first": (by_importance, [
        lambda w, X: w.abs().argsort(), lambda w, X: (w.abs() * X.std(0)).argsort(),
        lambda w, X: (w.abs() * X.std(0)).argsort(descending=True)]),
    "the range": (by_importance, [
        lambda w, X: (w.abs() * (X.amax(0) - X.amin(0))).argsort(descending=True),
        lambda w, X: (w.abs() * X.std(0)).argsort(descending=True)]),
}


@pytest.mark.parametrize("name", WAYS)
def test_whoever_does_what_a_message_says_gets_further(name):
    exercise, answers = WAYS[name]
    said = [exercise.check(answer) for answer in answers]
    assert [feedback.status for feedback in said] == ["wrong"] * (len(said) - 1) + ["right"], said
    messages = [feedback.message for feedback in said]
    assert len(set(messages)) == len(messages), f"the same message came again: {messages}"
    assert all(any(feedback.message == known.message for known in exercise.mistakes) for feedback in said[:-1]), said


def without_its_dropout(layer):
    layer[0].p = 0


def a_copy_learns(model, optimizer, X, y):
    model = copy.deepcopy(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


def a_copy_learns_an_epoch(model, batches, optimizer):
    model = copy.deepcopy(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for X, y in batches:
        optimizer.zero_grad()
        F.mse_loss(model(X), y).backward()
        optimizer.step()


def no_backward(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        F.mse_loss(model(X), y)
        optimizer.step()


def no_backward_and_old_gradients(model, optimizer, X, y):
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float())
    optimizer.step()


def sums_by_hand(X, y, lr, steps):
    w, b, losses, sum_w, sum_b = X.new_zeros(X.shape[1]), X.new_zeros(()), [], 0, 0
    for _ in range(steps):
        z = X @ w + b
        losses.append(F.binary_cross_entropy_with_logits(z, y).item())
        sum_w, sum_b = sum_w + (z.sigmoid() - y) @ X / len(X), sum_b + (z.sigmoid() - y).mean()
        w, b = w - lr * sum_w, b - lr * sum_b
    return w, b, losses


def all_zero_of(scores, y):
    return (torch.zeros(len(y)) == y).float().mean()


def epsilon_of_its_own(w, s, g, lr, eps=1e-10):
    s = s + g**2
    return w - lr * g / (s.sqrt() + 1e-10), s


def exchanged(n_features, n_classes):
    class Scores(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(n_classes, n_features)

        def forward(self, X):
            return self.linear(X)

        def predict_proba(self, X):
            return self(X).softmax(1)

    return Scores()


def one_fold_less(n, k, seed=0):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    size = -(-n // k)
    return [order[i:i + size] for i in range(0, n, size)]


def checks_the_first_row(answer):
    logits = torch.tensor([[2.0, 1.0, 1000.0, -1.0]])
    got = answer(logits.clone())
    if not isinstance(got, torch.Tensor) or got.shape != logits.shape:
        return "another shape"
    return None if torch.allclose(got.double(), logits.double().softmax(1)) else "other values"


@pytest.mark.parametrize(("exercise", "answer", "said", "never"), [
    (softmax_loss, lambda z, y: -(one_hot(y, z) * z.softmax(1).log()).sum() / len(y), "0 · (−∞) is nan",
     ("Subtract", "power of 1000 is infinite")),
    (freeze, without_its_dropout, "Dropout is switched off", ("`eval()` does not touch",)),
    (freeze, half_frozen, "The gradients are 0 now", ("Set `p.grad = None`",)),
    (by_importance, lambda w, X: (w.abs() * X[0].abs()).argsort(descending=True), "or a single value",
     ("The mean says",)),
    (softmax, lambda z: z.softmax(1) * z.shape[1], "Your rows sum to K", ("You divided by the mean",)),
    (binary_logistic_regression.classify, lambda z: (z.abs() > 0).long(), "those below 0 too", ("second one",)),
    (gradients_and_the_training_loop.one_update, a_copy_learns, "rather than on a copy", ("was erased before",)),
    (gradients_and_the_training_loop.one_update, no_backward_and_old_gradients, "lay in `.grad` from before", ()),
    (layers_and_activations.one_epoch, a_copy_learns_an_epoch, "Is it a copy that learns", ()),
    (layers_and_activations.one_epoch, no_backward, "Does `backward()` fill it", ("erases the gradient",)),
    (binary_logistic_regression.walk_down, sums_by_hand, "the sum of all gradients so far", ("PyTorch adds each",)),
    (gradients_and_the_training_loop.share_right, all_zero_of, "answering 0 for all", ("its largest score is",)),
    (softmax_regression.MultinomialLogit, exchanged, "`nn.Linear(n_features, n_classes)`, in this order",
     ("try `.T`",)),
    (regularization.folds, one_fold_less, "came out as seven", ("`chunk(8)` makes",)),
    (capstone.check_softmax, checks_the_first_row, "In a single row they are the same", ("it tries a single row",)),
])
def test_only_what_is_seen_is_said(exercise, answer, said, never):
    text = exercise.check(answer).text.replace("\n", " ")
    assert said in text, text
    assert not [words for words in never if words in text], text


def test_a_divisor_of_its_own_is_not_told_to_divide_by_0():
    from course_utils.exercises import optimizers
    text = optimizers.adagrad_step.check(epsilon_of_its_own).text
    assert "or not the one you are given" in text.replace("\n", " ") and "you divide by 0." not in text


@pytest.mark.parametrize("exercise", [batch_size.one_epoch, batch_size.accumulated_step, dropout.train_model])
def test_weights_that_stand_still_have_several_causes(exercise):
    """Doing nothing at all is one of them, and what is said must be true of it as well."""
    def nothing(model, *others):
        return 0.5 if exercise.name == "one_epoch" else None

    text = exercise.check(nothing).text
    assert "is missing." not in text and "erased" not in text, text
