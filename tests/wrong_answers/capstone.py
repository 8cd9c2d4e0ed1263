"""Wrong answers to the exercises of lesson 11, written without a look at its catalogue. See the head of the folder.

They are as learners write them: names of one letter, long lines. What is wrong stands beside each.
"""
# ruff: noqa: B007, B023, B905, E501, E731, F821, F841

import math

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from scipy import stats

from wrong_answers import NEUTRAL, Wrong

VIEWS = ["left_right", "left_right_clinton", "left_right_dole"]
COLUMNS = ["town_size", "tv_news", *VIEWS, "age", "education", "income"]
LEVELS = {"grade school": 0, "some high school": 1, "high school": 2, "some college": 3, "college degree": 4,
          "master's degree": 5, "doctorate": 6}


def one_update(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(X), y)
    loss.backward()
    optimizer.step()


def one_pass_at_most(model, batches, optimizer, steps):
    done = 0
    for X, y in batches:
        if done == steps:
            break
        one_update(model, optimizer, X, y)
        done += 1


def whole_passes_rounded_down(model, batches, optimizer, steps):
    for epoch in range(int(steps / len(batches))):
        for X, y in batches:
            one_update(model, optimizer, X, y)


def whole_passes_to_the_end(model, batches, optimizer, steps):
    done = 0
    while done < steps:
        for X, y in batches:
            one_update(model, optimizer, X, y)
            done += 1


def one_too_many(model, batches, optimizer, steps):
    step = 0
    while True:
        for X, y in batches:
            if step > steps:
                return
            one_update(model, optimizer, X, y)
            step += 1


def one_too_few(model, batches, optimizer, steps):
    step = 1
    while step < steps:
        for X, y in batches:
            one_update(model, optimizer, X, y)
            step += 1
            if step >= steps:
                break


def steps_are_passes(model, batches, optimizer, steps):
    for _ in range(steps):
        for X, y in batches:
            one_update(model, optimizer, X, y)


def gradients_pile_up(model, batches, optimizer, steps):
    done = 0
    while done < steps:
        for X, y in batches:
            if done == steps:
                break
            loss = F.cross_entropy(model(X), y)
            loss.backward()
            optimizer.step()
            done += 1


def first_batch_of_each_pass(model, batches, optimizer, steps):
    for _ in range(steps):
        X, y = next(iter(batches))
        one_update(model, optimizer, X, y)


def one_batch_again_and_again(model, batches, optimizer, steps):
    X, y = next(iter(batches))
    for _ in range(steps):
        one_update(model, optimizer, X, y)


def misspelt_name(model, batches, optimizer, steps):
    done = 0
    while done < steps:
        for X, y in batches:
            if done == steps:
                return
            optimiser.zero_grad()
            F.cross_entropy(model(X), y).backward()
            optimiser.step()
            done += 1


def mean_over_batches(model, batches):
    model.eval()
    shares = []
    with torch.no_grad():
        for X, y in batches:
            shares.append((model(X).argmax(dim=1) == y).float().mean().item())
    model.train()
    return sum(shares) / len(shares)


def no_eval(model, batches):
    right = n = 0
    with torch.no_grad():
        for X, y in batches:
            right += (model(X).argmax(dim=1) == y).sum().item()
            n += len(y)
    return right / n


def no_no_grad(model, batches):
    model.eval()
    right = n = 0
    for X, y in batches:
        right += (model(X).argmax(dim=1) == y).sum().item()
        n += len(y)
    model.train()
    return right / n


@torch.no_grad()
def left_in_eval(model, batches):
    model.eval()
    right = n = 0
    for X, y in batches:
        right += (model(X).argmax(1) == y).sum().item()
        n += len(y)
    return right / n


@torch.no_grad()
def divided_by_batches(model, batches):
    model.eval()
    right = 0
    for X, y in batches:
        right += (model(X).argmax(1) == y).sum().item()
    model.train()
    return right / len(batches)


@torch.no_grad()
def count_only(model, batches):
    model.eval()
    right = 0
    for X, y in batches:
        right += (model(X).argmax(1) == y).sum().item()
    model.train()
    return right


@torch.no_grad()
def per_cent(model, batches):
    model.eval()
    right = n = 0
    for X, y in batches:
        right += (model(X).argmax(1) == y).sum().item()
        n += len(y)
    model.train()
    return 100 * right / n


@torch.no_grad()
def argmax_over_rows(model, batches):
    model.eval()
    right = n = 0
    for X, y in batches:
        right += (model(X).argmax(dim=0) == y).sum().item()
        n += len(y)
    model.train()
    return right / n


@torch.no_grad()
def argmax_of_everything(model, batches):
    model.eval()
    right = n = 0
    for X, y in batches:
        right += (model(X).argmax() == y).sum().item()
        n += len(y)
    model.train()
    return right / n


@torch.no_grad()
def return_in_the_loop(model, batches):
    model.eval()
    right = n = 0
    for X, y in batches:
        right += (model(X).argmax(1) == y).sum().item()
        n += len(y)
        model.train()
        return right / n


@torch.no_grad()
def share_wrong(model, batches):
    model.eval()
    right = n = 0
    for X, y in batches:
        right += (model(X).argmax(1) != y).sum().item()
        n += len(y)
    model.train()
    return right / n


def prepared(views=lambda t: t[VIEWS].replace(9, np.nan), words=lambda s: s.str.strip().str.lower().map(LEVELS),
             income=lambda s: s.where(s >= 1000, s * 1000), end=lambda X, y: (X, y), columns=COLUMNS, label=1):
    """A right `prepare` in which one thing is another."""
    def prepare(table):
        t = table.copy()
        t[VIEWS] = views(t)
        t["education"] = words(t["education"])
        t["income"] = income(t["income"])
        X = torch.tensor(t[columns].to_numpy("float32"))
        return end(X, torch.tensor(t["party"].to_numpy() - label))
    return prepare


def nines_everywhere(table):
    table = table.replace(9, np.nan)
    return prepared()(table)


def incomplete_rows_dropped(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t["education"] = t["education"].str.strip().str.lower().map(LEVELS)
    t.loc[t["income"] < 1000, "income"] *= 1000
    t = t.dropna()
    return torch.tensor(t[COLUMNS].to_numpy("float32")), torch.tensor(t["party"].to_numpy() - 1)


def filled(fill=lambda t, o: (t.nanmedian(0).values,) * 2, scale=lambda t, o: (t.mean(0), t.std(0))):
    """A right `fill_and_scale` in which one thing is another."""
    def fill_and_scale(train, other):
        a, b = fill(train, other)
        train, other = torch.where(train.isnan(), a, train), torch.where(other.isnan(), b, other)
        mean, std = scale(train, other)
        return (train - mean) / std, (other - mean) / std
    return fill_and_scale


def other_scaled_by_itself(train, other):
    median = train.nanmedian(0).values
    train, other = torch.where(train.isnan(), median, train), torch.where(other.isnan(), median, other)
    return (train - train.mean(0)) / train.std(0), (other - other.mean(0)) / other.std(0)


def never_filled(train, other):
    mean, std = train.nanmean(0), torch.from_numpy(np.nanstd(train.numpy(), axis=0))
    return (train - mean) / std, (other - mean) / std


def filled_with_zero_at_the_end(train, other):
    mean, std = train.nanmean(0), torch.from_numpy(np.nanstd(train.numpy(), axis=0))
    return ((train - mean) / std).nan_to_num(0), ((other - mean) / std).nan_to_num(0)


def only_train_returned(train, other):
    return filled()(train, other)[0]


def accuracy(model, part):
    return (model(part.X).argmax(dim=1) == part.y).float().mean().item()


def result(choose="valid", judge="test", half=lambda p, n: 1.96 * (p * (1 - p) / n) ** 0.5, best=max, baseline=None,
           balanced=None, end=lambda page: page):
    """A right `honest_result` in which one thing is another."""
    def honest_result(models, data):
        chosen = best(models, key=lambda name: accuracy(models[name], getattr(data, choose)))
        part = getattr(data, judge)
        predicted = models[chosen](part.X).argmax(1)
        p = (predicted == part.y).double().mean().item()
        commonest = data.train.y.mode().values
        recalls = [(predicted[part.y == k] == k).double().mean().item() for k in part.y.unique()]
        return end({"chosen": chosen, "right": p, "half_width": half(p, len(part.y)),
                    "baseline": baseline(data) if baseline else (data.test.y == commonest).double().mean().item(),
                    "balanced": balanced(predicted, part.y) if balanced else sum(recalls) / len(recalls)})
    return honest_result


def precisions(predicted, y):
    return np.mean([(y[predicted == k] == k).double().mean().item() if (predicted == k).any() else 0.0 for k in y.unique()])


def interval(d, width):
    d = torch.as_tensor(d).double()
    m = d.mean().item()
    return m, m - width(d), m + width(d)


def t_times(d, df=lambda n: n - 1, q=0.975):
    return stats.t.ppf(q, df(len(d))) * d.std().item() / len(d) ** 0.5


def unpaired(a, b):
    n = len(a)
    m = (b.mean() - a.mean()).item()
    h = stats.t.ppf(0.975, n - 1) * ((a.var() + b.var()) / n).sqrt().item()
    return m, m - h, m + h


def percentiles(a, b):
    d = (b - a).numpy()
    return d.mean(), np.percentile(d, 2.5), np.percentile(d, 97.5)


def mean_and_half(a, b):
    d = b - a
    return d.mean().item(), t_times(d)


def high_before_low(a, b):
    m, low, high = interval(b - a, t_times)
    return m, high, low


X3 = torch.tensor([[1.0, 2.0, 3.0, -1.0], [0.5, -0.5, 0.0, 2.0], [3.0, 1.0, 1.0, 1.0]])


def sums_only(answer):
    p = answer(torch.randn(5, 4))
    if not torch.allclose(p.sum(dim=1), torch.ones(5).to(p.dtype)):
        return "Your rows do not sum to 1."


def to_the_last_digit(answer):
    if not torch.equal(answer(X3), torch.softmax(X3, dim=1)):
        return "Your values are not those of softmax."
    if answer(1000 * X3).isnan().any():
        return "Large scores give nan."
    return None


def small_scores_only(answer):
    p = answer(X3)
    if not torch.allclose(p.double(), torch.softmax(X3.double(), dim=1), atol=1e-5):
        return "Your values are not those of softmax."
    return None


def true_or_false(answer):
    return torch.allclose(answer(X3).float(), X3.softmax(1), atol=1e-5)


def the_wrong_way_round(answer):
    if torch.allclose(answer(X3).float(), X3.softmax(1), atol=1e-5) and torch.isfinite(answer(1000 * X3)).all():
        return "Right."
    return None


def one_row_only(answer):
    x = torch.tensor([[1.0, 2.0, 3.0]])
    for z in (x, 1000 * x):
        if not torch.allclose(answer(z).float(), z.softmax(1), atol=1e-5):
            return f"For {z} you give {answer(z)}."
    return None


def always_content(answer):
    return None


def printed(answer):
    for z in (X3, 1000 * X3):
        if not torch.allclose(answer(z).float(), z.softmax(1), atol=1e-5):
            print("These are not the shares of softmax.")


def float_only(answer):
    for z in (X3, 1000 * X3):
        if not torch.allclose(answer(z), z.softmax(1), atol=1e-5):
            return "Not the values of softmax."
    return None


def argmax_only(answer):
    for z in (X3, 1000 * X3):
        if not torch.equal(answer(z).argmax(1), z.argmax(1)):
            return "The largest score must get the largest share."
    return None


def always_discontent(answer):
    return "Your rows do not sum to 1."


WRONG = {
    "recall_updates": [
        Wrong(1500, "1,500 is what line 7 wants"),  # as many as were wanted
        Wrong(60000, "That counts images"),  # one an image
        Wrong(2400, "That would be two passes"),  # passes rounded up
        Wrong(1201, "One too many", first="neutral"),  # one off
        Wrong(1, "the number of passes"),  # the passes
        Wrong(500, "from one look to the next", first="neutral"),  # as often as it prints
        Wrong(1250, "number of passes before `int`", first="neutral"),  # 1.25 passes read as 1,250
        Wrong(75000, "those of 1,500 steps", first="neutral"),  # wanted times batch size
    ],
    "train_steps": [
        Wrong(one_pass_at_most, "One pass, and then your loop ends"),  # one pass at most
        Wrong(whole_passes_rounded_down, "Whole passes only, rounded down"),  # whole passes, rounded down
        Wrong(whole_passes_to_the_end, "Whole passes only, rounded up"),  # stops after a whole pass only: too many
        Wrong(one_too_many, "One step too many"),  # one update too many
        Wrong(one_too_few, "begin at 1", first="wrongly named"),  # one update too few
        Wrong(steps_are_passes, "You make `steps` passes"),  # `steps` passes
        Wrong(gradients_pile_up, "never zeroed", idea="M07"),  # zero_grad forgotten
        Wrong(first_batch_of_each_pass, "a new pass for each step"),  # a new pass for each step: only first batches
        Wrong(one_batch_again_and_again, "The same batch serves for every step"),  # always the same batch
        Wrong(misspelt_name, "did you mean that"),  # optimiser for optimizer
    ],
    "measure": [
        Wrong(mean_over_batches, "the mean of the batches' shares", idea="M16"),  # mean of the shares of the batches
        Wrong(no_eval, "Dropout was on", idea="M09"),  # eval forgotten
        Wrong(no_no_grad, "Put `torch.no_grad()` round it"),  # no_grad forgotten
        Wrong(left_in_eval, "the model stays in `eval()`"),  # train() forgotten at the end
        Wrong(divided_by_batches, "You divide by the number of batches"),  # divided by the number of batches
        Wrong(count_only, "That is how many are right"),  # the count, no share
        Wrong(per_cent, "That is in per cent"),  # per cent
        Wrong(argmax_over_rows, "an image for each class", first="wrongly named", idea="M32"),  # argmax along dim 0
        Wrong(argmax_of_everything, "`argmax()` without `dim=1`", idea="M32"),  # argmax without dim
        Wrong(return_in_the_loop, "Is the `return` inside the loop"),  # return in the loop: first batch only
        Wrong(share_wrong, "the share of wrong ones"),  # share of wrong answers
    ],
    "prepare": [
        Wrong(prepared(views=lambda t: t[VIEWS]), "The nines are still there"),  # nines left in
        Wrong(nines_everywhere, "You blanked every 9"),  # nines taken out of all columns
        Wrong(prepared(words=lambda s: s.str.lower().map(LEVELS)), "Blanks before or behind a word"),  # strip forgotten
        Wrong(prepared(words=lambda s: s.str.strip().map(LEVELS)), "Capitals hide some levels"),  # lower forgotten
        Wrong(prepared(income=lambda s: s), "still in thousands"),  # income left as typed
        Wrong(prepared(income=lambda s: s * 1000), "You multiplied every income"),  # all incomes multiplied
        Wrong(prepared(label=0), "The classes run from 1 to 3", idea="M14"),  # classes from 1
        Wrong(prepared(end=lambda X, y: (X.nan_to_num(0), y)), "You filled the gaps with 0"),  # gaps filled with 0
        Wrong(incomplete_rows_dropped, "Rows with a gap are gone"),  # rows with gaps dropped
        Wrong(prepared(end=lambda X, y: (X, y.float())), "Use `.long()`"),  # classes as floats
        Wrong(prepared(end=lambda X, y: (X.double(), y)), "Use `.float()`"),  # X in double precision
        Wrong(prepared(columns=["age", "education", "income", "town_size", "tv_news", *VIEWS]), NEUTRAL),  # columns in another order
        Wrong(prepared(words=lambda s: s.str.strip().str.lower().astype("category").cat.codes), "in the order of the alphabet"),  # levels by the alphabet
    ],
    "fill_and_scale": [
        Wrong(filled(fill=lambda t, o: (t.nanmedian(0).values, o.nanmedian(0).values)), "filled with its own medians", idea="M24"),  # other filled with its own medians
        Wrong(other_scaled_by_itself, "scaled by its own mean and spread", idea="M24"),  # other scaled by itself
        Wrong(filled(fill=lambda t, o: (t.nanmean(0),) * 2), "Gaps are filled with the mean"),  # filled with means
        Wrong(filled(fill=lambda t, o: (torch.zeros(t.shape[1]),) * 2), "Gaps are filled with 0 and then scaled"),  # filled with 0 before scaling
        Wrong(filled_with_zero_at_the_end, "You scaled first and filled then"),  # scaled with gaps, then filled with 0: the mean
        Wrong(filled(scale=lambda t, o: (t.mean(0), t.var(0))), "You divided by the variance"),  # divided by the variance
        Wrong(filled(scale=lambda t, o: (t.mean(0), torch.ones(()))), "divide by the standard deviation, too"),  # not divided
        Wrong(filled(scale=lambda t, o: (t.mean(), t.std())), "One mean and one spread for all columns"),  # one mean and deviation for all columns
        Wrong(filled(fill=lambda t, o: (torch.cat([t, o]).nanmedian(0).values,) * 2), "The medians are those of all rows", idea="M24"),  # medians of both parts
        Wrong(filled(scale=lambda t, o: (torch.cat([t, o]).mean(0), torch.cat([t, o]).std(0))), "Mean and spread are those of all rows", idea="M24"),  # scaled by both parts
        Wrong(never_filled, "the gaps are still there", first="neutral"),  # gaps left
        Wrong(filled(scale=lambda t, o: (torch.zeros(()), t.std(0))), "take off the mean first"),  # mean not subtracted
        Wrong(only_train_returned, "the training part alone"),  # train only
        Wrong(filled(fill=lambda t, o: (t.nanmedian(), t.nanmedian())), "One median of the whole table"),  # one median for all columns
        Wrong(filled(scale=lambda t, o: (t.min(0).values, t.max(0).values - t.min(0).values)), "by the extremes"),  # scaled to 0 to 1
    ],
    "honest_result": [
        Wrong(result(choose="test"), "The test rows chose the model", idea="M25"),  # chosen by test
        Wrong(result(choose="train"), "The training rows chose"),  # chosen by train
        Wrong(result(judge="valid"), "You report on the rows that chose", idea="M25"),  # reported on valid
        Wrong(result(half=lambda p, n: 1.96 * p * (1 - p) / n), "The root is missing"),  # root forgotten
        Wrong(result(half=lambda p, n: 2 * 1.96 * (p * (1 - p) / n) ** 0.5), "the whole width"),  # the whole width
        Wrong(result(half=lambda p, n: 1.96 * (p * (1 - p)) ** 0.5), "the spread of a single answer"),  # n forgotten
        Wrong(result(baseline=lambda data: (data.train.y == data.train.y.mode().values).double().mean().item()), "the commonest class in train"),  # baseline counted on train
        Wrong(result(baseline=lambda data: 1 / len(data.train.y.unique())), "what dice get", idea="M45"),  # baseline of dice
        Wrong(result(balanced=precisions), "You went by what was predicted"),  # precisions, not recalls
        Wrong(result(balanced=lambda predicted, y: (predicted == y).double().mean().item()), "the plain accuracy again", idea="M45"),  # accuracy in place of balanced
        Wrong(result(best=min), "right least often in valid"),  # the worst chosen
        Wrong(result(end=lambda page: page | {"right": 100 * page["right"], "half_width": 100 * page["half_width"]}), "in per cent, the rest not", first="neutral"),  # per cent
        Wrong(result(end=lambda page: tuple(page.values())), "a dict is needed"),  # a tuple, no dict
        Wrong(result(half=lambda p, n: (p * (1 - p) / n) ** 0.5), "one standard error"),  # 1.96 forgotten
    ],
    "paired_difference": [
        Wrong(lambda a, b: interval(a - b, t_times), "You took a minus b"),  # a minus b
        Wrong(lambda a, b: interval(b - a, lambda d: 1.96 * d.std().item() / len(d) ** 0.5), "1.96 is for hundreds of runs"),  # 1.96, though there are few
        Wrong(lambda a, b: interval(b - a, lambda d: stats.t.ppf(0.975, len(d) - 1) * d.std().item()), "√n is missing"),  # root of n forgotten
        Wrong(lambda a, b: interval(b - a, lambda d: stats.t.ppf(0.975, len(d) - 1) * d.std(correction=0).item() / len(d) ** 0.5), "The spread was divided by n"),  # divided by n, not n - 1
        Wrong(unpaired, "You compared two heaps", first="neutral"),  # not paired
        Wrong(lambda a, b: interval(b - a, lambda d: t_times(d, df=lambda n: n)), "degrees of freedom here, not n"),  # n degrees of freedom
        Wrong(lambda a, b: interval(b - a, lambda d: t_times(d, q=0.95)), "That interval holds 90 %"),  # 0.95: a 90 % interval
        Wrong(percentiles, "quantiles of single runs"),  # percentiles of the differences
        Wrong(mean_and_half, "You gave the half width"),  # mean and half width
        Wrong(high_before_low, "Low and high are exchanged"),  # high before low
        Wrong(lambda a, b: interval(b - a, lambda d: t_times(d) * len(d) ** 0.5 / len(d)), "You divided by n"),  # divided by n, not its root
        Wrong(lambda a, b: interval((b - a) / a, t_times), "shares of what `a` had", first="neutral"),  # relative to a
        Wrong(lambda a, b: b.mean() - a.mean(), "That is the difference alone"),  # the mean alone
    ],
    "check_softmax": [
        Wrong(sums_only, "whose rows sum to 1 as well", first="neutral", idea="M31"),  # looks at the sums only
        Wrong(to_the_last_digit, "a right answer that differs in the last digit"),  # asks for the last digit
        Wrong(small_scores_only, "a wrong answer: nan for large scores", idea="M34"),  # no large scores
        Wrong(true_or_false, "gives back True"),  # True or False
        Wrong(the_wrong_way_round, "The wrong way round", first="neutral"),  # None for wrong ones
        Wrong(one_row_only, "shares of the whole table pass", first="neutral"),  # one row: the dim is not seen
        Wrong(always_content, "None comes back whatever"),  # always None
        Wrong(printed, "`print` hands nothing over", first="neutral"),  # printed, not returned
        Wrong(float_only, "Make them one kind"),  # stops at double precision
        Wrong(argmax_only, "Their largest stands where it should", first="neutral"),  # looks at the largest only
        Wrong(always_discontent, "A sentence comes back whatever"),  # a sentence for everybody
    ],
}


# By other learners, again without a look at the catalogue: beginners, people from NumPy and from statistics

def train_steps_one_pass(model, batches, optimizer, steps):
    for i, (X, y) in enumerate(batches):
        if i == steps:
            break
        optimizer.zero_grad()
        F.cross_entropy(model(X), y).backward()
        optimizer.step()


def train_steps_passes(model, batches, optimizer, steps):
    for _ in range(steps):
        for X, y in batches:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), y)
            loss.backward()
            optimizer.step()


def train_steps_int(model, batches, optimizer, steps):
    epochs = int(steps / len(batches))
    for epoch in range(epochs):
        for images, labels in batches:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()


def train_steps_round_up(model, batches, optimizer, steps):
    done = 0
    while done < steps:
        for X, y in batches:
            optimizer.zero_grad()
            F.cross_entropy(model(X), y).backward()
            optimizer.step()
            done += 1


def train_steps_endless(model, batches, optimizer, steps):
    done = 0
    while True:
        for X, y in batches:
            if done >= steps:
                break
            optimizer.zero_grad()
            F.cross_entropy(model(X), y).backward()
            optimizer.step()
            done += 1


def train_steps_first_batch(model, batches, optimizer, steps):
    for _ in range(steps):
        X, y = next(iter(batches))
        optimizer.zero_grad()
        F.cross_entropy(model(X), y).backward()
        optimizer.step()


def train_steps_one_more(model, batches, optimizer, steps):
    count = 0
    while count <= steps:
        for X, y in batches:
            optimizer.zero_grad()
            F.cross_entropy(model(X), y).backward()
            optimizer.step()
            count += 1
            if count > steps:
                return


def train_steps_no_zero(model, batches, optimizer, steps):
    done = 0
    while done < steps:
        for X, y in batches:
            F.cross_entropy(model(X), y).backward()
            optimizer.step()
            done += 1
            if done == steps:
                break


def train_steps_recount(model, batches, optimizer, steps):
    for _ in range(math.ceil(steps / len(batches))):
        done = 0
        for X, y in batches:
            optimizer.zero_grad()
            F.cross_entropy(model(X), y).backward()
            optimizer.step()
            done += 1
            if done == steps:
                break


def measure_mean_of_means(model, batches):
    was = model.training
    model.eval()
    with torch.no_grad():
        shares = [(model(X).argmax(1) == y).float().mean().item() for X, y in batches]
    model.train(was)
    return sum(shares) / len(shares)


def measure_no_eval(model, batches):
    right, total = 0, 0
    with torch.no_grad():
        for X, y in batches:
            right += (model(X).argmax(dim=1) == y).sum().item()
            total += len(y)
    return right / total


def measure_left_eval(model, batches):
    model.eval()
    right = total = 0
    with torch.no_grad():
        for X, y in batches:
            right += int((model(X).argmax(1) == y).sum())
            total += y.size(0)
    return right / total


def measure_percent(model, batches):
    was = model.training
    model.eval()
    hits = []
    with torch.no_grad():
        for X, y in batches:
            hits.extend((model(X).argmax(1) == y).tolist())
    model.train(was)
    return 100 * np.mean(hits)


def measure_count(model, batches):
    was = model.training
    model.eval()
    with torch.no_grad():
        right = sum((model(X).argmax(1) == y).sum().item() for X, y in batches)
    model.train(was)
    return right


def measure_last(model, batches):
    was = model.training
    model.eval()
    with torch.no_grad():
        for X, y in batches:
            right = total = 0
            right += (model(X).argmax(1) == y).sum().item()
            total += len(y)
    model.train(was)
    return right / total


def measure_wrong_share(model, batches):
    was = model.training
    model.eval()
    wrong, total = 0, 0
    with torch.no_grad():
        for X, y in batches:
            wrong += (model(X).argmax(1) != y).sum().item()
            total += len(y)
    model.train(was)
    return wrong / total


def measure_full_batches(model, batches):
    was = model.training
    model.eval()
    right, sizes = 0, []
    with torch.no_grad():
        for X, y in batches:
            right += (model(X).argmax(1) == y).sum().item()
            sizes.append(len(y))
    model.train(was)
    return right / (len(sizes) * sizes[0])


def measure_grad_off(model, batches):
    was = model.training
    model.eval()
    torch.set_grad_enabled(False)
    right = total = 0
    for X, y in batches:
        right += (model(X).argmax(1) == y).sum().item()
        total += len(y)
    model.train(was)
    return right / total


def measure_dim0(model, batches):
    was = model.training
    model.eval()
    right = total = 0
    with torch.no_grad():
        for X, y in batches:
            guess = model(X).argmax(0)
            right += sum(int(a == b) for a, b in zip(guess, y))
            total += len(y)
    model.train(was)
    return right / total


def prepare_all_nines(table):
    table = table.replace(9, np.nan)
    table["education"] = table["education"].str.strip().str.lower().map(LEVELS)
    table.loc[table["income"] < 1000, "income"] *= 1000
    return torch.from_numpy(table[COLUMNS].to_numpy("float32")), torch.from_numpy(table["party"].to_numpy("int64") - 1)


def prepare_no_strip(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t["education"] = t["education"].str.lower().map(LEVELS)
    t.loc[t.income < 1000, "income"] = t.income * 1000
    return torch.tensor(t[COLUMNS].to_numpy("float32")), torch.tensor(t.party.to_numpy()) - 1


def prepare_no_lower(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t["education"] = t["education"].str.strip().map(LEVELS)
    t.loc[t.income < 1000, "income"] *= 1000
    return torch.tensor(t[COLUMNS].to_numpy("float32")), torch.tensor(t.party.to_numpy()) - 1


def prepare_income(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].mask(t[VIEWS] == 9)
    t["education"] = t["education"].str.strip().str.lower().map(LEVELS)
    return torch.tensor(t[COLUMNS].to_numpy("float32")), torch.tensor(t.party.to_numpy()) - 1


def prepare_income_all(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, float("nan"))
    t["education"] = t["education"].str.strip().str.lower().map(LEVELS)
    t["income"] = t["income"] * 1000
    return torch.tensor(t[COLUMNS].to_numpy("float32")), torch.tensor(t.party.to_numpy()) - 1


def prepare_party(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, float("nan"))
    t["education"] = t["education"].str.strip().str.lower().map(LEVELS)
    t["income"] = np.where(t["income"] < 1000, t["income"] * 1000, t["income"])
    return torch.tensor(t[COLUMNS].to_numpy("float32")), torch.tensor(t.party.to_numpy())


def prepare_zeros(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, float("nan"))
    t["education"] = t["education"].str.strip().str.lower().map(LEVELS)
    t["income"] = np.where(t["income"] < 1000, t["income"] * 1000, t["income"])
    return torch.tensor(t[COLUMNS].fillna(0).to_numpy("float32")), torch.tensor(t.party.to_numpy()) - 1


def prepare_dropna(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, float("nan"))
    t["education"] = t["education"].str.strip().str.lower().map(LEVELS)
    t["income"] = np.where(t["income"] < 1000, t["income"] * 1000, t["income"])
    t = t.dropna()
    return torch.tensor(t[COLUMNS].to_numpy("float32")), torch.tensor(t.party.to_numpy()) - 1


def prepare_codes(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, float("nan"))
    t["education"] = t["education"].str.strip().str.lower().astype("category").cat.codes
    t["income"] = np.where(t["income"] < 1000, t["income"] * 1000, t["income"])
    return torch.tensor(t[COLUMNS].to_numpy("float32")), torch.tensor(t.party.to_numpy()) - 1


def prepare_nines(table):
    t = table.copy()
    t["education"] = t["education"].str.strip().str.lower().map(LEVELS)
    t["income"] = np.where(t["income"] < 1000, t["income"] * 1000, t["income"])
    return torch.tensor(t[COLUMNS].to_numpy("float32")), torch.tensor(t.party.to_numpy()) - 1


def prepare_double(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, float("nan"))
    t["education"] = t["education"].str.strip().str.lower().map(LEVELS)
    t["income"] = np.where(t["income"] < 1000, t["income"] * 1000, t["income"])
    return torch.tensor(t[COLUMNS].values), torch.tensor(t.party.values) - 1


def fill_and_scale_each(train, other):
    def one(X):
        X = torch.where(X.isnan(), X.nanmedian(0).values, X)
        return (X - X.mean(0)) / X.std(0)
    return one(train), one(other)


def fill_and_scale_mean(train, other):
    filling = train.nanmean(dim=0)
    train = torch.where(torch.isnan(train), filling, train)
    other = torch.where(torch.isnan(other), filling, other)
    m, s = train.mean(0), train.std(0)
    return (train - m) / s, (other - m) / s


def fill_and_scale_zero(train, other):
    train, other = train.nan_to_num(0), other.nan_to_num(0)
    m, s = train.mean(0), train.std(0)
    return (train - m) / s, (other - m) / s


def fill_and_scale_median_nan(train, other):
    med = train.median(dim=0).values
    train = torch.where(train.isnan(), med, train)
    other = torch.where(other.isnan(), med, other)
    m, s = train.mean(0), train.std(0)
    return (train - m) / s, (other - m) / s


def fill_and_scale_filled(train, other):
    med = np.nanmedian(train, axis=0)
    return np.where(np.isnan(train), med, train), np.where(np.isnan(other), med, other)


def fill_and_scale_pooled(train, other):
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    both = np.concatenate([train, other])
    pipe = make_pipeline(SimpleImputer(strategy="median"), StandardScaler()).fit(both)
    return pipe.transform(train), pipe.transform(other)


def fill_and_scale_one_median(train, other):
    med = train.nanmedian()
    train, other = train.nan_to_num(med.item()), other.nan_to_num(med.item())
    m, s = train.mean(0), train.std(0)
    return (train - m) / s, (other - m) / s


def fill_and_scale_dropped(train, other):
    train = train[~train.isnan().any(1)]
    other = other[~other.isnan().any(1)]
    m, s = train.mean(0), train.std(0)
    return (train - m) / s, (other - m) / s


def fill_and_scale_zero_after(train, other):
    m, s = np.nanmean(train, axis=0), np.nanstd(train, axis=0)
    return np.nan_to_num((np.asarray(train) - m) / s), np.nan_to_num((np.asarray(other) - m) / s)


def fill_and_scale_own_median(train, other):
    train = pd.DataFrame(train.numpy())
    other = pd.DataFrame(other.numpy())
    train = train.fillna(train.median())
    other = other.fillna(other.median())
    m, s = train.mean(), train.std()
    return ((train - m) / s).to_numpy(), ((other - m) / s).to_numpy()


def _share(model, part):
    with torch.no_grad():
        return (model(part.X).argmax(1) == part.y).double().mean().item()


def _report(models, data, choose_on="valid", factor=1.96):
    chosen = max(models, key=lambda name: _share(models[name], getattr(data, choose_on)))
    X, y = data.test
    guesses = models[chosen](X).argmax(1)
    p = (guesses == y).double().mean().item()
    counts = torch.bincount(y)
    found = [(guesses[y == c] == c).double().mean().item() for c in y.unique()]
    return {"chosen": chosen, "right": p, "half_width": factor * math.sqrt(p * (1 - p) / len(y)),
            "baseline": (y == torch.bincount(data.train.y).argmax()).double().mean().item(),
            "balanced": sum(found) / len(found)}


def honest_result_by_test(models, data):
    return _report(models, data, choose_on="test")


def honest_result_by_train(models, data):
    return _report(models, data, choose_on="train")


def honest_result_no_factor(models, data):
    return _report(models, data, factor=1)


def honest_result_whole_width(models, data):
    return _report(models, data, factor=2 * 1.96)


def honest_result_n_valid(models, data):
    page = _report(models, data)
    p = page["right"]
    page["half_width"] = 1.96 * (p * (1 - p) / len(data.valid.y)) ** 0.5
    return page


def honest_result_precision(models, data):
    page = _report(models, data)
    guesses = models[page["chosen"]](data.test.X).argmax(1)
    each = [(data.test.y[guesses == c] == c).double().mean().item() for c in guesses.unique()]
    page["balanced"] = sum(each) / len(each)
    return page


def honest_result_balanced_plain(models, data):
    page = _report(models, data)
    page["balanced"] = page["right"]
    return page


def honest_result_die(models, data):
    page = _report(models, data)
    page["baseline"] = 1 / len(set(data.test.y.tolist()))
    return page


def honest_result_right_valid(models, data):
    page = _report(models, data)
    page["right"] = _share(models[page["chosen"]], data.valid)
    page["half_width"] = 1.96 * math.sqrt(page["right"] * (1 - page["right"]) / len(data.valid.y))
    return page


def honest_result_percent(models, data):
    page = _report(models, data)
    return {key: v if key == "chosen" else 100 * v for key, v in page.items()}


def honest_result_no_root(models, data):
    page = _report(models, data)
    page["half_width"] = 1.96 * page["right"] * (1 - page["right"]) / len(data.test.y)
    return page


def honest_result_model(models, data):
    page = _report(models, data)
    page["chosen"] = models[page["chosen"]]
    return page


def paired_difference_reversed(a, b):
    from course_utils.sweep import mean_interval
    d = mean_interval((a - b).tolist())
    return d.mean, d.low, d.high


def paired_difference_welch(a, b):
    from scipy import stats
    ci = stats.ttest_ind(np.asarray(b), np.asarray(a), equal_var=False).confidence_interval()
    return float((b - a).mean()), ci.low, ci.high


def paired_difference_no_root(a, b):
    d = b - a
    half = 1.96 * d.std()
    return d.mean(), d.mean() - half, d.mean() + half


def paired_difference_normal(a, b):
    d = np.asarray(b) - np.asarray(a)
    half = 1.96 * d.std(ddof=1) / np.sqrt(len(d))
    return d.mean(), d.mean() - half, d.mean() + half


def paired_difference_quantiles(a, b):
    d = b - a
    return d.mean().item(), d.quantile(0.025).item(), d.quantile(0.975).item()


def paired_difference_abs(a, b):
    from scipy import stats
    d = np.abs(np.asarray(b - a))
    half = stats.t.ppf(0.975, len(d) - 1) * stats.sem(d)
    return d.mean(), d.mean() - half, d.mean() + half


def paired_difference_two(a, b):
    from scipy import stats
    d = np.asarray(b - a)
    return d.mean(), stats.t.ppf(0.975, len(d) - 1) * stats.sem(d)


def paired_difference_swapped(a, b):
    from course_utils.sweep import mean_interval
    d = mean_interval((b - a).tolist())
    return d.mean, d.high, d.low


def paired_difference_relative(a, b):
    from course_utils.sweep import mean_interval
    d = mean_interval(((b - a) / a).tolist())
    return d.mean, d.low, d.high


def paired_difference_one_sided(a, b):
    from scipy import stats
    d = np.asarray(b - a)
    half = stats.t.ppf(0.95, len(d) - 1) * d.std(ddof=1) / math.sqrt(len(d))
    return d.mean(), d.mean() - half, d.mean() + half


def check_softmax_sums(answer):
    out = answer(torch.randn(4, 3))
    if not torch.allclose(out.sum(dim=1), torch.ones(4)):
        return "Your rows do not sum to 1."


def check_softmax_exact(answer):
    torch.manual_seed(0)
    logits = torch.randn(5, 4)
    if torch.equal(answer(logits), torch.softmax(logits, dim=1)):
        return None
    return "Not the same as torch.softmax."


def check_softmax_moderate(answer):
    torch.manual_seed(0)
    logits = torch.randn(5, 4)
    got = answer(logits)
    if got.shape != logits.shape or not torch.allclose(got, logits.softmax(1), atol=1e-6):
        return "Your shares differ from e^score over the sum of the row."


def check_softmax_bool(answer):
    logits = torch.tensor([[1.0, 2.0, 3.0], [1000.0, 0.0, -1000.0]])
    return torch.allclose(answer(logits), torch.softmax(logits, 1))


def check_softmax_reversed(answer):
    logits = torch.tensor([[1.0, 2.0, 3.0], [1000.0, 0.0, -1000.0]])
    if torch.allclose(answer(logits), torch.softmax(logits, 1)):
        return "Right."
    return None


def check_softmax_prints(answer):
    logits = torch.tensor([[1.0, 2.0, 3.0], [1000.0, 0.0, -1000.0]])
    if not torch.allclose(answer(logits), torch.softmax(logits, 1)):
        print("Your softmax is off: shares of a row are e^score / sum.")


def check_softmax_assert(answer):
    logits = torch.tensor([[1.0, 2.0, 3.0], [1000.0, 0.0, -1000.0]])
    assert torch.allclose(answer(logits), torch.softmax(logits, 1)), "wrong shares"


def check_softmax_columns(answer):
    logits = torch.randn(6, 4)
    p = answer(logits)
    for column in p.T:
        if abs(column.sum() - 1) > 1e-5:
            return "The shares have to sum to 1."
    return None


def check_softmax_one_row(answer):
    logits = torch.tensor([[2.0, -1.0, 1000.0]])
    if torch.isnan(answer(logits)).any():
        return "It overflows."
    if not torch.allclose(answer(logits), F.softmax(logits, dim=1)):
        return "The shares are off."


MORE = {
    "loud": [
        Wrong('a, b, c, d', "It runs. A `DataLoader` takes its batch size by position, and"),  # Counts line 9 too, which has its batch_size once line 8 is repaired.
        Wrong('a', "What you chose is right, and there is more."),  # Only the missing data.
        Wrong('b, d', "What you chose is right, and there is more."),  # download=False in an empty folder is overlooked.
        Wrong('a, b, d, g', "It runs: without `no_grad` torch keeps records that nobody"),  # Takes the missing no_grad for something that stops Python.
        Wrong('a, b, d, f', "It runs: torch works out what −1 stands for, the number of"),  # Takes view for something that stops Python.
    ],
    "recall_updates": [
        Wrong(1500, "1,500 is what line 7 wants."),  # What was wanted, not what int() leaves.
        Wrong(1250, "1.25 is the number of passes before `int`."),  # int() taken for rounding up or to the nearest.
        Wrong(1000, "1,000 is the last number that line 24 lets print."),  # The last number on the screen.
        Wrong(60000, "That counts images."),  # An update for each image.
        Wrong(1, "That is the number of passes."),  # The epochs, not the updates.
        Wrong(2400, "That would be two passes."),  # 1.25 epochs rounded up to two.
    ],
    "again_logit": [
        Wrong(0.5, "0.5 is the score itself."),  # The logit taken for the probability.
        Wrong(0.378, "That is the probability of the other class"),  # σ(−0.5): the sign.
        Wrong(1.65, "Those are the odds, e to the score."),  # e^0.5, the odds.
        Wrong(0.606, "That is e to the power of −0.5.", first="neutral"),  # e^−0.5.
        Wrong(62, "If that is in per cent, give it as a share"),  # In per cent.
    ],
    "again_floor": [
        Wrong(0, "With logits it would be 0."),  # Thinks everything right means loss 0.
        Wrong(2.3026, "That is ln 10, the price of knowing nothing."),  # log 10: guessing.
        Wrong(0.1, "That is a share, the one of guessing among ten.", first="neutral"),  # One in ten.
        Wrong(1, NEUTRAL),  # e's exponent alone, without the logarithm of the others.
        Wrong(0.46, NEUTRAL),  # Forgot the −1 … +: log(e + 9) − 2.
    ],
    "again_pairs": [
        Wrong(64, "64 were meant."),  # Thinks shapes match element by element.
        Wrong(128, "They are not laid end to end."),  # Both shapes put together.
        Wrong(1, "One number is the loss, after a mean.", first="neutral"),  # A single number.
        Wrong(0, "Torch does not refuse."),  # Thinks that it raises.
        Wrong(65, NEUTRAL),  # 64 + 1.
    ],
    "again_gradient": [
        Wrong(1, "Nothing is overwritten"),  # Thinks that backward() starts anew.
        Wrong(8, "It adds, it does not double"),  # Doubling each time.
        Wrong(0, "Nothing is emptied either"),  # Thinks that they cancel or nothing remains.
        Wrong(9, NEUTRAL),  # 3 · 3.
        Wrong(2, "Two calls repeat the first one, and the first counts as well.", first="neutral"),  # Counts the repetitions only.
    ],
    "again_divided": [
        Wrong(1, "The gradient is divided as the loss is, and every step with"),  # Thinks nothing changes.
        Wrong(64, "Dividing makes it smaller."),  # Upside down.
        Wrong(0.5, NEUTRAL),  # A half.
        Wrong(1.5625, "If that is in per cent, give it as a share"),  # In per cent.
        Wrong(0.000244140625, "The first division made it the mean."),  # Divided twice more.
    ],
    "again_batch": [
        Wrong(0.95, "The passes are equal, the updates are not"),  # Thinks that only the number of passes counts.
        Wrong(0.99, "A better gradient is no gain when it is used a 64th as often."),  # Thinks that larger batches are better.
        Wrong(79, "If that is in per cent, give it as a share"),  # In per cent.
        Wrong(0.1, "That is guessing."),  # Thinks that nothing is learned.
        Wrong(1.484375, "Divides by the ratio of the batch sizes, in per cent"),  # Divides by the ratio of the batch sizes, in per cent.
    ],
    "train_steps": [
        Wrong(train_steps_one_pass, "One pass, and then your loop ends."),  # One pass and no more: it ends when the batches do.
        Wrong(train_steps_passes, "You make `steps` passes."),  # `steps` passes instead of steps.
        Wrong(train_steps_int, "Whole passes only, rounded down, as in line 8"),  # int(steps / len) passes: the rest is swallowed as in the script.
        Wrong(train_steps_round_up, "Whole passes only, rounded up"),  # Looks at the count only after a pass: rounds up to whole passes.
        Wrong(train_steps_endless, "Your code did not finish in 5 seconds, so we stopped it."),  # break leaves the inner loop only; the outer one never ends.
        Wrong(train_steps_first_batch, "You begin a new pass for each step, so you only ever see the"),  # Always the first batch of a new pass.
        Wrong(train_steps_one_more, "One step too many"),  # One step too many: > in place of >=.
        Wrong(train_steps_no_zero, "The gradients of earlier steps are never zeroed, so they add", idea="M07"),  # No zero_grad.
        Wrong(train_steps_recount, "You stop within a pass only where all steps fit into one.", first="neutral"),  # The count starts anew with every pass: it stops after no or too many.
    ],
    "measure": [
        Wrong(measure_mean_of_means, "That is the mean of the batches' shares", idea="M16"),  # The mean of the batches' shares: a short batch counts as much as a full one.
        Wrong(measure_no_eval, "Dropout was on, so you measured a thinned network", idea="M09"),  # No eval(): dropout is on while it looks.
        Wrong(measure_left_eval, "The share is right, but the model stays in `eval()`."),  # Leaves the model in eval mode.
        Wrong(measure_percent, "That is in per cent."),  # Per cent.
        Wrong(measure_count, "That is how many are right."),  # The number of right answers, not their share.
        Wrong(measure_last, "That is the share of the last batch alone."),  # Only the last batch: the count is set to 0 inside of the loop.
        Wrong(measure_wrong_share, "That is the share of wrong ones."),  # The share of wrong answers.
        Wrong(measure_full_batches, "You divide as if every batch were as large as the first.", idea="M16"),  # Divided by number of batches times the size of the first: the last one is taken for full.
        Wrong(measure_grad_off, "The share is right, and recording is left switched off.", first="accepted", idea="M10"),  # set_grad_enabled(False) and never back.
        Wrong(measure_dim0, "That is no class for each image.", first="wrongly named", idea="M32"),  # The highest score of each column: argmax(0).
    ],
    "prepare": [
        Wrong(prepare_all_nines, "You blanked every 9 of the table."),  # Every 9 in the table becomes a gap, also the towns with 9 thousand people.
        Wrong(prepare_no_strip, "Blanks before or behind a word hide its level, and it became"),  # Blanks at the end of the words are not stripped: those levels become gaps.
        Wrong(prepare_no_lower, "Capitals hide some levels, and they became gaps"),  # Capitals are not made small: those levels become gaps.
        Wrong(prepare_income, "Some incomes are still in thousands"),  # Incomes typed in thousands stay as they are.
        Wrong(prepare_income_all, "You multiplied every income."),  # All incomes times a thousand.
        Wrong(prepare_party, "The classes run from 1 to 3; a model with three scores", idea="M14"),  # The parties stay 1 to 3.
        Wrong(prepare_zeros, "You filled the gaps with 0, which is a number like any other."),  # Gaps are filled with 0 already.
        Wrong(prepare_dropna, "Rows with a gap are gone, those with a 9 too."),  # Rows with a gap are dropped.
        Wrong(prepare_codes, "Your levels are in the order of the alphabet, a doctorate"),  # Levels numbered in the order of the alphabet, by pandas' codes.
        Wrong(prepare_nines, "The nines are still there, further right than any answer."),  # The nines stay in, as if they were views.
        Wrong(prepare_double, "Item `[0]` of your answer holds float64; float32 is needed."),  # float64 in place of float32.
    ],
    "fill_and_scale": [
        Wrong(fill_and_scale_each, "Each part has its own medians, mean and spread.", idea="M24"),  # Each part is filled and scaled by itself.
        Wrong(fill_and_scale_mean, "Gaps are filled with the mean; the median is asked for."),  # Filled with the mean instead of the median.
        Wrong(fill_and_scale_zero, "Gaps are filled with 0 and then scaled, so a gap in the age"),  # Gaps filled with 0.
        Wrong(fill_and_scale_median_nan, "There are gaps left"),  # torch.median does not skip gaps: its median is nan, and everything after it.
        Wrong(fill_and_scale_filled, "The gaps are filled."),  # Filled, not scaled.
        Wrong(fill_and_scale_pooled, "Medians, mean and spread are those of all rows together.", idea="M24"),  # Median, mean and spread of both parts together.
        Wrong(fill_and_scale_one_median, "One median of the whole table fills every gap."),  # One median for the whole table.
        Wrong(fill_and_scale_dropped, "The rows with a gap are gone, in both parts.", first="neutral"),  # Rows with gaps are left out.
        Wrong(fill_and_scale_zero_after, "You scaled first and filled then, with 0"),  # Scaled first and the gaps filled with 0, which is the mean.
        Wrong(fill_and_scale_own_median, "Each part is filled with its own medians.", first="neutral", idea="M24"),  # The other part is filled by its own median; the scale is right.
    ],
    "honest_result": [
        Wrong(honest_result_by_test, "The test rows chose the model and then judged it", idea="M25"),  # Chosen by the test rows.
        Wrong(honest_result_by_train, "The training rows chose, and they like best what knows them"),  # Chosen by the training rows.
        Wrong(honest_result_no_factor, "That is one standard error, which holds two thirds of the"),  # One standard error, without 1.96.
        Wrong(honest_result_whole_width, "That is the whole width."),  # The whole width of the interval, not half.
        Wrong(honest_result_n_valid, "n is the number of rows that the share was counted on, and"),  # The interval counts the validation rows.
        Wrong(honest_result_precision, "You went by what was predicted."),  # The balanced accuracy is averaged over what was said (precision), not over what is.
        Wrong(honest_result_balanced_plain, "`balanced` is the plain accuracy again.", idea="M45"),  # Balanced is the plain share right.
        Wrong(honest_result_die, "One in three is what dice get.", idea="M45"),  # The baseline of a die: 1 / number of classes.
        Wrong(honest_result_right_valid, "`right` was counted on the rows that chose the model, so its", first="neutral", idea="M25"),  # The share right is that of the validation rows, which chose.
        Wrong(honest_result_percent, "Your numbers are in per cent."),  # Per cent.
        Wrong(honest_result_no_root, "The root is missing"),  # The square root is missing in the half width.
        Wrong(honest_result_model, "`chosen` is the model itself."),  # The model itself instead of its name.
    ],
    "paired_difference": [
        Wrong(paired_difference_reversed, "You took a minus b."),  # a − b: the wrong way round.
        Wrong(paired_difference_welch, "You compared two heaps.", first="neutral"),  # Not paired: the spreads of a and b are added (Welch).
        Wrong(paired_difference_no_root, "√n is missing, for a mean is surer than a single run; and", first="neutral"),  # The spread of the draws, not of their mean: √n is missing.
        Wrong(paired_difference_normal, "1.96 is for hundreds of runs.", first="neutral"),  # The normal's 1.96 for a handful of draws, in place of Student's t.
        Wrong(paired_difference_quantiles, "Those are quantiles of single runs."),  # Quantiles of the differences: where draws lie, not where their mean may lie.
        Wrong(paired_difference_abs, "The signs are gone.", first="neutral"),  # The sizes of the differences, signs thrown away.
        Wrong(paired_difference_two, "You gave the half width."),  # Mean and half width instead of mean, low and high.
        Wrong(paired_difference_swapped, "Your value at [1] is `0.01283`; `0.004165` is needed."),  # low and high are swapped.
        Wrong(paired_difference_relative, "Those are shares of what `a` had."),  # A relative difference: divided by a.
        Wrong(paired_difference_one_sided, "That interval holds 90 %"),  # The one-sided 95 % quantile of t: 0.95 in place of 0.975.
    ],
    "check_softmax": [
        Wrong(check_softmax_sums, "rows sum to 1 as well", idea="M31"),  # Asks only whether rows sum to 1: shares that are wrong in another way pass.
        Wrong(check_softmax_exact, "Too strict: it asks for every last digit, and for one dtype."),  # Asks for exact equality: right answers that round otherwise are refused.
        Wrong(check_softmax_moderate, "nan passes", idea="M34"),  # Moderate scores only: an overflow at 1000 goes unseen.
        Wrong(check_softmax_bool, "It answers by True and False.", first="neutral"),  # True and False instead of None and a sentence.
        Wrong(check_softmax_reversed, "The wrong way round", first="neutral"),  # The sentence goes to the right ones and None to the wrong: reversed.
        Wrong(check_softmax_prints, "None comes back for wrong numbers too.", first="neutral"),  # Printed, not returned.
        Wrong(check_softmax_assert, "`assert` stops"),  # assert: raises instead of giving back a sentence.
        Wrong(check_softmax_columns, "A sentence comes back for every tensor, for right ones too.", first="neutral"),  # Sums along the columns are asked to be 1: the right ones are refused.
        Wrong(check_softmax_one_row, "In a single row"),  # A single row: a softmax over dim 0 or a wrong broadcast is not the point, but one over everything passes.
    ],
}

WRONG = {name: [*WRONG.get(name, []), *MORE.get(name, [])] for name in WRONG | MORE}


def all_on_valid(models, data):
    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).float().mean().item()
    chosen = max(models, key=lambda name: share(models[name], data.valid))
    X, y = data.valid
    guessed = models[chosen](X).argmax(dim=1)
    right = (guessed == y).float().mean().item()
    half = 1.96 * (right * (1 - right) / len(y)) ** 0.5
    commonest = data.train.y.bincount().argmax()
    recalls = [(guessed[y == k] == k).float().mean().item() for k in y.unique()]
    return {"chosen": chosen, "right": right, "half_width": half,
            "baseline": (y == commonest).float().mean().item(), "balanced": sum(recalls) / len(recalls)}


def a_minus_b_by_2262(a, b):
    d = torch.as_tensor(a) - torch.as_tensor(b)
    half = 2.262 * d.std() / len(d) ** 0.5
    return d.mean(), d.mean() - half, d.mean() + half


def tame_sums(answer):
    p = answer(torch.randn(5, 4))
    if not torch.allclose(p.sum(dim=1), torch.ones(5)):
        return 'Each row has to sum to 1.'
    return None


def tame_scores(answer):
    z = torch.randn(6, 3)
    p = answer(z)
    if p.shape != z.shape:
        return 'The shape changed.'
    if not torch.allclose(p, z.softmax(dim=1), atol=1e-5):
        return 'The shares are not those of softmax.'


for _name, _answers in {
    "honest_result": [
        Wrong(all_on_valid, "You report on the rows that chose the model", first="neutral", idea="M25"),  # reports the validation part, by which it chose
    ],
    "paired_difference": [
        Wrong(a_minus_b_by_2262, "You took a minus b", first="neutral"),  # a - b: the wrong way round
    ],
    "check_softmax": [
        Wrong(tame_sums, "rows sum to 1 as well", first="neutral", idea="M31"),  # looks at the sums only: misses shares that are wrong but sum to 1
        Wrong(tame_scores, "nan passes", first="neutral", idea="M34"),  # no large scores: misses the one that overflows
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Written blind, another time

def one_pass_at_most_2(model, batches, optimizer, steps):
    done = 0
    for X, y in batches:
        if done == steps:
            break
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()
        done += 1


def whole_passes_int_of_them(model, batches, optimizer, steps):
    for _ in range(steps // len(batches)):
        for X, y in batches:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), y)
            loss.backward()
            optimizer.step()


def steps_taken_for_passes(model, batches, optimizer, steps):
    for _ in range(steps):
        for X, y in batches:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), y)
            loss.backward()
            optimizer.step()


def the_first_batch_for_ever(model, batches, optimizer, steps):
    for _ in range(steps):
        X, y = next(iter(batches))
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()


def one_step_too_many(model, batches, optimizer, steps):
    done = 0
    while True:
        for X, y in batches:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), y)
            loss.backward()
            optimizer.step()
            done += 1
            if done > steps:
                return


def break_leaves_the_inner_loop_only(model, batches, optimizer, steps):
    done = 0
    while done < steps:
        for X, y in batches:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), y)
            loss.backward()
            optimizer.step()
            done += 1


def gradients_never_zeroed(model, batches, optimizer, steps):
    done = 0
    while done < steps:
        for X, y in batches:
            if done == steps:
                return
            loss = F.cross_entropy(model(X), y)
            loss.backward()
            optimizer.step()
            done += 1


def softmax_before_cross_entropy(model, batches, optimizer, steps):
    done = 0
    while done < steps:
        for X, y in batches:
            if done == steps:
                return
            optimizer.zero_grad()
            F.cross_entropy(model(X).softmax(1), y).backward()
            optimizer.step()
            done += 1


def itertools_cycle_repeats_the_first_pass(model, batches, optimizer, steps):
    import itertools
    for X, y in itertools.islice(itertools.cycle(batches), steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()


def leaves_out_the_short_last_batch(model, batches, optimizer, steps):
    done = 0
    size = None
    while done < steps:
        for X, y in batches:
            size = size or len(y)
            if len(y) < size:
                continue
            if done == steps:
                return
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), y)
            loss.backward()
            optimizer.step()
            done += 1


def counts_images(model, batches, optimizer, steps):
    seen = 0
    while seen < steps:
        for X, y in batches:
            if seen >= steps:
                return
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), y)
            loss.backward()
            optimizer.step()
            seen += len(y)


def one_step_too_few(model, batches, optimizer, steps):
    done = 1
    while done < steps:
        for X, y in batches:
            if done >= steps:
                return
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), y)
            loss.backward()
            optimizer.step()
            done += 1


def step_before_backward(model, batches, optimizer, steps):
    done = 0
    while done < steps:
        for X, y in batches:
            if done == steps:
                return
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), y)
            optimizer.step()
            loss.backward()
            done += 1


def no_eval_2(model, batches):
    right = n = 0
    with torch.no_grad():
        for X, y in batches:
            right += (model(X).argmax(1) == y).sum().item()
            n += len(y)
    return right / n


def mean_of_batch_means(model, batches):
    was = model.training
    model.eval()
    with torch.no_grad():
        shares = [(model(X).argmax(1) == y).float().mean() for X, y in batches]
    model.train(was)
    return sum(shares) / len(shares)


def never_back_to_train(model, batches):
    model.eval()
    right, n = (0, 0)
    with torch.no_grad():
        for X, y in batches:
            right += (model(X).argmax(1) == y).sum().item()
            n += len(y)
    return right / n


def number_right_not_a_share(model, batches):
    model.eval()
    with torch.no_grad():
        right = sum((int((model(X).argmax(1) == y).sum()) for X, y in batches))
    model.train()
    return right


def divides_by_the_number_of_batches(model, batches):
    model.eval()
    right = 0
    k = 0
    with torch.no_grad():
        for X, y in batches:
            right += (model(X).argmax(1) == y).sum().item()
            k += 1
    model.train()
    return right / k


def argmax_over_the_rows(model, batches):
    model.eval()
    right, n = (0, 0)
    with torch.no_grad():
        for X, y in batches:
            guess = model(X).argmax(dim=0)
            right += sum((int(g) == int(t) for g, t in zip(guess, y)))
            n += len(y)
    model.train()
    return right / n


def share_wrong_2(model, batches):
    model.eval()
    wrong, n = (0, 0)
    with torch.no_grad():
        for X, y in batches:
            wrong += (model(X).argmax(1) != y).sum().item()
            n += len(y)
    model.train()
    return wrong / n


def records_for_gradients_are_kept(model, batches):
    model.eval()
    scores = torch.cat([model(X) for X, y in batches])
    labels = torch.cat([y for X, y in batches])
    model.train()
    return (scores.argmax(1) == labels).float().mean()


def the_last_batch_only(model, batches):
    model.eval()
    with torch.no_grad():
        for X, y in batches:
            share = (model(X).argmax(1) == y).float().mean().item()
    model.train()
    return share


def per_cent_2(model, batches):
    model.eval()
    r, n = (0, 0)
    with torch.no_grad():
        for X, y in batches:
            r += (model(X).argmax(1) == y).sum().item()
            n += len(y)
    model.train()
    return 100 * r / n


def trains_while_it_looks(model, batches):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    r, n = (0, 0)
    for X, y in batches:
        out = model(X)
        F.cross_entropy(out, y).backward()
        opt.step()
        r += (out.argmax(1) == y).sum().item()
        n += len(y)
    return r / n


def answer_9_stays_a_9(table):
    t = table.copy()
    pass
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def replaces_9_everywhere_ages_and_towns(table):
    t = table.copy()
    t = t.replace(9, np.nan)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def income_in_thousands_stays(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    pass
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def all_incomes_times_1000(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t['income'] *= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def blanks_not_stripped(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.lower().map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def capitals_not_lowered(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.strip().map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def words_as_typed(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def labels_1_to_3(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy())
    return (X, y)


def columns_in_the_table_s_order(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[['town_size', 'tv_news', *VIEWS, 'age', 'education', 'income', 'party']].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def columns_sorted_by_name(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[sorted(COLUMNS)].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def gaps_filled_with_0(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[COLUMNS].fillna(0)[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def rows_with_gaps_dropped(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    t = t.dropna()
    return (torch.tensor(t[COLUMNS].to_numpy('float32')), torch.tensor(t['party'].to_numpy() - 1))


def y_as_floats(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy().astype('float32') - 1)
    return (X, y)


def answer_9_replaced_by_the_middle_4(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, 4)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def only_the_first_view_is_cleaned(table):
    t = table.copy()
    t['left_right'] = t['left_right'].replace(9, np.nan)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def income_above_1000_divided_thousands_everywhere(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t.loc[t['income'] >= 1000, 'income'] /= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float32'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def float64(table):
    t = table.copy()
    t[VIEWS] = t[VIEWS].replace(9, np.nan)
    t.loc[t['income'] < 1000, 'income'] *= 1000
    t['education'] = t['education'].str.strip().str.lower().map(LEVELS)
    X = torch.tensor(t[COLUMNS].to_numpy('float64'))
    y = torch.tensor(table['party'].to_numpy() - 1)
    return (X, y)


def means_in_place_of_medians(train, other):
    m = torch.nanmean(train, dim=0)
    a, b = (torch.where(train.isnan(), m, train), torch.where(other.isnan(), m, other))
    return ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.std(0))


def other_filled_with_its_own_medians(train, other):
    a = torch.where(train.isnan(), train.nanmedian(0).values, train)
    b = torch.where(other.isnan(), other.nanmedian(0).values, other)
    return ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.std(0))


def other_scaled_by_its_own(train, other):
    m = train.nanmedian(0).values
    a, b = (torch.where(train.isnan(), m, train), torch.where(other.isnan(), m, other))
    return ((a - a.mean(0)) / a.std(0), (b - b.mean(0)) / b.std(0))


def median_of_a_column_with_nan(train, other):
    m = train.median(0).values
    a, b = (torch.where(train.isnan(), m, train), torch.where(other.isnan(), m, other))
    return ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.std(0))


def gaps_become_0_before_scaling(train, other):
    a, b = (torch.nan_to_num(train), torch.nan_to_num(other))
    return ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.std(0))


def filled_never_scaled(train, other):
    m = train.nanmedian(0).values
    return (torch.where(train.isnan(), m, train), torch.where(other.isnan(), m, other))


def both_joined(train, other):
    both = torch.cat([train, other])
    both = torch.where(both.isnan(), both.nanmedian(0).values, both)
    both = (both - both.mean(0)) / both.std(0)
    return (both[:len(train)], both[len(train):])


def one_median_of_the_whole_table(train, other):
    m = train.nanmedian()
    a, b = (torch.where(train.isnan(), m, train), torch.where(other.isnan(), m, other))
    return ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.std(0))


def rows_with_gaps_dropped_2(train, other):
    a, b = (train[~train.isnan().any(1)], other[~other.isnan().any(1)])
    return ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.std(0))


def scaled_by_what_was_there_gaps(train, other):
    mean = train.nanmean(0)
    sd = torch.stack([c[~c.isnan()].std() for c in train.T])
    return (torch.nan_to_num((train - mean) / sd), torch.nan_to_num((other - mean) / sd))


def scaled_to_0_1(train, other):
    m = train.nanmedian(0).values
    a, b = (torch.where(train.isnan(), m, train), torch.where(other.isnan(), m, other))
    lo, hi = (a.amin(0), a.amax(0))
    return ((a - lo) / (hi - lo), (b - lo) / (hi - lo))


def gaps_of_other_left(train, other):
    m = train.nanmedian(0).values
    a = torch.where(train.isnan(), m, train)
    return ((a - a.mean(0)) / a.std(0), (other - a.mean(0)) / a.std(0))


def variance(train, other):
    m = train.nanmedian(0).values
    a, b = (torch.where(train.isnan(), m, train), torch.where(other.isnan(), m, other))
    return ((a - a.mean(0)) / a.var(0), (b - a.mean(0)) / a.var(0))


def chosen_by_test(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.test))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'half_width': 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def chosen_by_train(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.train))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'half_width': 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def share_right_in_valid_is_reported(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = share(models[chosen], data.valid)
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'half_width': 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def no_1_96(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'half_width': (right * (1 - right) / n) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def the_whole_width(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'half_width': 2 * 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def no_root(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'half_width': 1.96 * right * (1 - right) / n, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def commonest_class_of_the_test_part(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'half_width': 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def precision_in_place_of_the_share(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(y[guess == c] == c).double().mean().item() if (guess == c).any() else 0.0 for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'half_width': 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def balanced_weighted_by_the_class_sizes(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [right]
    return {'chosen': chosen, 'right': right, 'half_width': 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def n_of_all_rows_in_the(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'half_width': 1.96 * (right * (1 - right) / (len(data.train.y) + len(data.valid.y) + n)) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def the_worst_in_valid(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = min(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'half_width': 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def the_model_not_its_name(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': models[chosen], 'right': right, 'half_width': 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def baseline_one_over_the_number_of(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'half_width': 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': 1 / len(y.unique()), 'balanced': sum(found) / len(found)}


def baseline_of_the_training_part(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'half_width': 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': (data.train.y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def per_cent_3(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': 100 * right, 'half_width': 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def half_width_is_forgotten(models, data):

    def share(model, part):
        return (model(part.X).argmax(dim=1) == part.y).double().mean().item()
    with torch.no_grad():
        chosen = max(models, key=lambda name: share(models[name], data.valid))
        guess = models[chosen](data.test.X).argmax(dim=1)
    y = data.test.y
    right = (guess == y).double().mean().item()
    n = len(y)
    commonest = data.train.y.mode().values.item()
    found = [(guess[y == c] == c).double().mean().item() for c in y.unique()]
    return {'chosen': chosen, 'right': right, 'halfwidth': 1.96 * (right * (1 - right) / n) ** 0.5, 'baseline': (y == commonest).double().mean().item(), 'balanced': sum(found) / len(found)}


def a_minus_b(a, b):
    d = a - b
    n = len(d)
    half = 2.262 * d.std() / n ** 0.5
    return (d.mean(), d.mean() - half, d.mean() + half)


def unpaired_the_two_spreads_added(a, b):
    d = b.mean() - a.mean()
    half = 1.96 * (a.var() / len(a) + b.var() / len(b)) ** 0.5
    return (d, d - half, d + half)


def spread_of_the_runs_not_of(a, b):
    d = b - a
    half = 1.96 * d.std()
    return (d.mean(), d.mean() - half, d.mean() + half)


def no_1_96_or_t(a, b):
    d = b - a
    half = d.std() / len(d) ** 0.5
    return (d.mean(), d.mean() - half, d.mean() + half)


def lowest_and_highest_run(a, b):
    d = b - a
    return (d.mean(), d.min(), d.max())


def quantiles_of_the_runs(a, b):
    d = b - a
    return (d.mean(), d.quantile(0.025), d.quantile(0.975))


def divided_by_n_not_by_its(a, b):
    d = b - a
    half = 1.96 * d.std() / len(d)
    return (d.mean(), d.mean() - half, d.mean() + half)


def absolute_differences(a, b):
    d = (b - a).abs()
    half = 1.96 * d.std() / len(d) ** 0.5
    return (d.mean(), d.mean() - half, d.mean() + half)


def relative_differences(a, b):
    d = (b - a) / a
    half = 1.96 * d.std() / len(d) ** 0.5
    return (d.mean(), d.mean() - half, d.mean() + half)


def low_and_high_swapped(a, b):
    d = b - a
    m, half = (d.mean(), 1.96 * d.std() / len(d) ** 0.5)
    return (m, m + half, m - half)


def mean_and_half_width_only(a, b):
    d = b - a
    return (d.mean(), 1.96 * d.std() / len(d) ** 0.5)


def variance_in_place_of_the_deviation(a, b):
    d = b - a
    m, half = (d.mean(), 1.96 * d.var() / len(d) ** 0.5)
    return (m, m - half, m + half)


def only_asks_whether_rows_sum_to(answer):
    p = answer(torch.randn(5, 3))
    if not torch.allclose(p.sum(1), torch.ones(5)):
        return 'rows do not sum to 1'


def compares_bit_for_bit(answer):
    z = torch.randn(4, 3)
    if not torch.equal(answer(z), torch.softmax(z, 1)):
        return 'The values are wrong.'


def square_scores_all_equal_no_axis(answer):
    z = torch.zeros(3, 3)
    if torch.allclose(answer(z), torch.softmax(z, dim=1)):
        return None
    return 'Not a softmax.'


def true_in_place_of_none(answer):
    z = torch.randn(6, 4)
    return torch.allclose(answer(z), torch.softmax(z, dim=1), atol=1e-05)


def always_a_complaint(answer):
    z = torch.randn(6, 4)
    if torch.allclose(answer(z), torch.softmax(z, dim=1)):
        return 'Right'
    return 'Wrong'


def checks_the_columns(answer):
    z = torch.randn(6, 4)
    if torch.allclose(answer(z), torch.softmax(z, dim=0), atol=1e-05):
        return None
    return 'Rows must sum to one.'


def small_scores_only_overflow_is_not(answer):
    z = torch.randn(6, 4, generator=torch.Generator().manual_seed(0))
    if not torch.allclose(answer(z), z.softmax(1), atol=1e-06):
        return 'values differ from softmax'
    return None


def raises_in_place_of_a_sentence(answer):
    z = torch.tensor([[1.0, 2.0, 3.0], [1000.0, 0.0, -1000.0]])
    torch.testing.assert_close(answer(z), z.softmax(1))


def range_only(answer):
    p = answer(torch.randn(5, 3))
    if (p < 0).any() or (p > 1).any():
        return 'shares lie between 0 and 1'


def row_sums_and_range_argmax_kept(answer):
    z = torch.randn(5, 3) * 3
    p = answer(z)
    if p.shape != z.shape:
        return 'shape'
    if not torch.allclose(p.sum(1), torch.ones(5), atol=0.0001):
        return 'rows must sum to 1'
    if (p.argmax(1) != z.argmax(1)).any():
        return 'order lost'
    return None


def no_shape_test_values_only_one(answer):
    z = torch.tensor([[1.0, 2.0, 3.0]])
    if torch.allclose(answer(z), z.softmax(1), atol=1e-05):
        return None
    return 'values'


for _name, _answers in {
    "train_steps": [
        Wrong(one_pass_at_most_2, "One pass, and then your loop ends. Begin another one until"),  # one pass at most
        Wrong(whole_passes_int_of_them, "Whole passes only, rounded down, as in line 8: the steps left"),  # whole passes, int() of them
        Wrong(steps_taken_for_passes, "You make `steps` passes. A pass has many steps"),  # steps taken for passes
        Wrong(the_first_batch_for_ever, "You begin a new pass for each step, so you only ever see the"),  # the first batch for ever
        Wrong(one_step_too_many, "One step too many: stop as soon as `steps` are made"),  # one step too many
        Wrong(break_leaves_the_inner_loop_only, "Whole passes only, rounded up: you make more steps than were"),  # break leaves the inner loop only after rounding up
        Wrong(gradients_never_zeroed, "The gradients of earlier steps are never zeroed, so they add up", idea="M07"),  # gradients never zeroed
        Wrong(softmax_before_cross_entropy, "Softmax before `cross_entropy`, which applies it itself", idea="M02"),  # softmax before cross_entropy
        Wrong(itertools_cycle_repeats_the_first_pass, "The right number of steps, but every pass repeats the order of"),  # itertools.cycle repeats the first pass, not a new order
        Wrong(leaves_out_the_short_last_batch, "The short batch at the end of a pass is left out. It makes a", first="neutral"),  # leaves out the short last batch
        Wrong(counts_images, "You count the images, and stop when `steps` of them were seen", first="neutral"),  # counts images
        Wrong(one_step_too_few, "One step too few. Does your count begin at 1, or does the loop"),  # one step too few
        Wrong(step_before_backward, "`step()` ran and no weight of this model moved. Is there a", idea="M35"),  # step before backward
    ],
    "measure": [
        Wrong(no_eval_2, "Dropout was on, so you measured a thinned network", idea="M09"),  # no eval
        Wrong(mean_of_batch_means, "That is the mean of the batches' shares: the images of a short", idea="M16"),  # mean of batch means
        Wrong(never_back_to_train, "The share is right, but the model stays in `eval()`. Dropout is"),  # never back to train
        Wrong(number_right_not_a_share, "That is how many are right. Divide by how many there are"),  # number right, not a share
        Wrong(divides_by_the_number_of_batches, "You divide by the number of batches. Divide by the number of"),  # divides by the number of batches
        Wrong(argmax_over_the_rows, "That is no class for each image. `argmax()` without `dim=1` is", idea="M32"),  # argmax over the rows
        Wrong(share_wrong_2, "That is the share of wrong ones"),  # share wrong
        Wrong(records_for_gradients_are_kept, "The share is right, and torch recorded every score for"),  # records for gradients are kept
        Wrong(the_last_batch_only, "That is the share of the last batch alone"),  # the last batch only
        Wrong(per_cent_2, "That is in per cent. Give a share, from 0 to 1"),  # per cent
        Wrong(trains_while_it_looks, "Neither switch is set: dropout was on, and records were kept", idea="M10"),  # trains while it looks
    ],
    "prepare": [
        Wrong(answer_9_stays_a_9, "The nines are still there, further right than any answer. In"),  # 9 stays a 9
        Wrong(replaces_9_everywhere_ages_and_towns, "You blanked every 9 of the table. Only in the three views is it"),  # replaces 9 everywhere, ages and towns too
        Wrong(income_in_thousands_stays, "Some incomes are still in thousands: a household with 45 stands"),  # income in thousands stays
        Wrong(all_incomes_times_1000, "You multiplied every income. Only those under 1,000 are in"),  # all incomes times 1000
        Wrong(blanks_not_stripped, "Blanks before or behind a word hide its level, and it became a"),  # blanks not stripped
        Wrong(capitals_not_lowered, "Capitals hide some levels, and they became gaps: `.str.lower()"),  # capitals not lowered
        Wrong(words_as_typed, "Capitals and blanks hide some levels, and they became gaps"),  # words as typed
        Wrong(labels_1_to_3, "The classes run from 1 to 3; a model with three scores numbers", idea="M14"),  # labels 1 to 3
        Wrong(columns_in_the_table_s_order, "`party` is among the columns of X: that is the answer itself"),  # columns in the table's order, party among them
        Wrong(columns_sorted_by_name, "Your columns are in the order of the alphabet. Take them as", first="neutral"),  # columns sorted by name
        Wrong(gaps_filled_with_0, "You filled the gaps with 0, which is a number like any other"),  # gaps filled with 0
        Wrong(rows_with_gaps_dropped, "Rows with a gap are gone, those with a 9 too. Keep them: a gap"),  # rows with gaps dropped
        Wrong(y_as_floats, "Use `.long()`"),  # y as floats
        Wrong(answer_9_replaced_by_the_middle_4, "A 9 became the middle of the scale. Who does not know is not in"),  # 9 replaced by the middle, 4
        Wrong(only_the_first_view_is_cleaned, "Only the first of the three views lost its nines. 9 is a code"),  # only the first view is cleaned
        Wrong(income_above_1000_divided_thousands_everywhere, "Now all are in thousands; dollars are asked for. Multiply the"),  # income above 1000 divided: thousands everywhere
        Wrong(float64, "Use `.float()`"),  # float64
    ],
    "fill_and_scale": [
        Wrong(means_in_place_of_medians, "Gaps are filled with the mean; the median is asked for. A few"),  # means in place of medians
        Wrong(other_filled_with_its_own_medians, "Each part is filled with its own medians. Use those of `train", idea="M24"),  # other filled with its own medians
        Wrong(other_scaled_by_its_own, "Each part is scaled by its own mean and spread: the same age", idea="M24"),  # other scaled by its own
        Wrong(median_of_a_column_with_nan, "There are gaps left: after one nan, the whole column's mean is"),  # median() of a column with nan is nan
        Wrong(gaps_become_0_before_scaling, "Gaps are filled with 0 and then scaled, so a gap in the age is"),  # gaps become 0 before scaling
        Wrong(filled_never_scaled, "The gaps are filled. Now scale: minus the mean, divided by the"),  # filled, never scaled
        Wrong(both_joined, "Medians, mean and spread are those of all rows together. Test", idea="M24"),  # both joined
        Wrong(one_median_of_the_whole_table, "One median of the whole table fills every gap. Each column has"),  # one median of the whole table
        Wrong(rows_with_gaps_dropped_2, "The rows with a gap are gone, in both parts. Keep them: fill"),  # rows with gaps dropped
        Wrong(scaled_by_what_was_there_gaps, "You scaled first and filled then, with 0: that is the mean"),  # scaled by what was there, gaps set to 0 afterwards: the mean, not the median
        Wrong(scaled_to_0_1, "You scaled to 0 … 1 by the extremes. One income of a million"),  # scaled to 0 … 1
        Wrong(gaps_of_other_left, "`train` is in order, and `other` still has gaps. Fill them with"),  # gaps of other left
        Wrong(variance, "You divided by the variance. Its root has the unit of the"),  # variance
    ],
    "honest_result": [
        Wrong(chosen_by_test, "The test rows chose the model and then judged it: of several", idea="M25"),  # chosen by test
        Wrong(chosen_by_train, "The training rows chose, and they like best what knows them by"),  # chosen by train
        Wrong(share_right_in_valid_is_reported, "`right` was counted on the rows that chose the model, so its", first="neutral", idea="M25"),  # share right in valid is reported
        Wrong(no_1_96, "That is one standard error, which holds two thirds of the"),  # no 1.96
        Wrong(the_whole_width, "That is the whole width. Give half of it, the number behind ±"),  # the whole width
        Wrong(no_root, "The root is missing: p(1 − p)/n is a variance"),  # no root
        Wrong(commonest_class_of_the_test_part, "The baseline may not look at test labels either. Its class is"),  # commonest class of the test part
        Wrong(precision_in_place_of_the_share, "You went by what was predicted. Of those who are in a class"),  # precision in place of the share found
        Wrong(balanced_weighted_by_the_class_sizes, "`balanced` is the plain accuracy again. Take the share right of", idea="M45"),  # balanced weighted by the class sizes: accuracy again
        Wrong(n_of_all_rows_in_the, "n is the number of rows that the share was counted on, and", first="neutral"),  # n of all rows in the interval
        Wrong(the_worst_in_valid, "You keep the model that is right least often in valid. `min` is"),  # the worst in valid
        Wrong(the_model_not_its_name, "`chosen` is the model itself. Give its name, its key in"),  # the model, not its name
        Wrong(baseline_one_over_the_number_of, "One in three is what dice get. Without looking, one says the", idea="M45"),  # baseline: one over the number of classes
        Wrong(baseline_of_the_training_part, "That is the share of the commonest class in train. Let the"),  # baseline of the training part
        Wrong(per_cent_3, "`right` in per cent, the rest not. Give shares, from 0 to 1"),  # per cent
        Wrong(half_width_is_forgotten, "Missing: 'half_width'"),  # half width is forgotten
    ],
    "paired_difference": [
        Wrong(a_minus_b, "You took a minus b. It is asked how much b is ahead"),  # a − b
        Wrong(unpaired_the_two_spreads_added, "You compared two heaps. Run by run, what the two have in common"),  # unpaired: the two spreads added
        Wrong(spread_of_the_runs_not_of, "√n is missing, for a mean is surer than a single run; and 1.96"),  # spread of the runs, not of their mean
        Wrong(no_1_96_or_t, "That is one standard error. For 95 %, times Student's t"),  # no 1.96 or t
        Wrong(lowest_and_highest_run, "Smallest and largest single run: the more runs, the wider"),  # lowest and highest run
        Wrong(quantiles_of_the_runs, "Those are quantiles of single runs. How sure is their mean? Use"),  # quantiles of the runs
        Wrong(divided_by_n_not_by_its, "You divided by n. A mean of n is surer by √n", first="neutral"),  # divided by n, not by its root
        Wrong(absolute_differences, "The signs are gone. Where b is behind, its difference is below", first="neutral"),  # absolute differences
        Wrong(relative_differences, "Those are shares of what `a` had. The difference itself is", first="neutral"),  # relative differences
        Wrong(low_and_high_swapped, "Low and high are exchanged: mean − half comes before mean +", first="neutral"),  # low and high swapped
        Wrong(mean_and_half_width_only, "You gave the half width. Give back three: mean, low, high", first="neutral"),  # mean and half width only
        Wrong(variance_in_place_of_the_deviation, "That is the variance, in squared units. Take its root, the", first="neutral"),  # variance in place of the deviation
    ],
    "check_softmax": [
        Wrong(only_asks_whether_rows_sum_to, "Too lax: sigmoids divided by their sum pass, whose rows sum to", idea="M31"),  # only asks whether rows sum to 1
        Wrong(compares_bit_for_bit, "Too strict: it asks for every last digit, and for one dtype"),  # compares bit for bit
        Wrong(square_scores_all_equal_no_axis, "float64 meets float32"),  # square scores, all equal: no axis can be told
        Wrong(lambda answer: None, "None comes back whatever you are given. Call the answer, look"),  # always content
        Wrong(true_in_place_of_none, "It answers by True and False. Give None for right, and for", first="neutral"),  # True in place of None
        Wrong(always_a_complaint, "A sentence comes back for every tensor, for right ones too. For", first="neutral"),  # always a complaint
        Wrong(checks_the_columns, "A sentence comes back for every tensor, for right ones too. For", first="neutral"),  # checks the columns
        Wrong(small_scores_only_overflow_is_not, "Too lax: nan passes. Try a score of 1,000, where exp overflows", idea="M34"),  # small scores only: overflow is not seen
        Wrong(raises_in_place_of_a_sentence, NEUTRAL),  # raises in place of a sentence
        Wrong(range_only, "Too lax: every tensor passes. `return` a sentence, for `print", first="neutral"),  # range only
        Wrong(row_sums_and_range_argmax_kept, "float64 meets float32"),  # row sums and range, argmax kept, but not the values
        Wrong(no_shape_test_values_only_one, "float64 meets float32"),  # no shape test: values only, one row
    ],
    "loud": [
        Wrong('ce', "It runs. A `DataLoader` takes its batch size by position, and"),  # leaves out most
        Wrong('abcdg', "It runs. A `DataLoader` takes its batch size by position, and"),  # thinks no_grad line stops
    ],
    "recall_updates": [
        Wrong(1500, "1,500 is what line 7 wants. Work out line 8 to the end, then"),  # one pass short of rounding
        Wrong(2400, "That would be two passes. 1,500 / 1,200 is 1.25; what does"),  # one pass too many
        Wrong(60000, "That counts images. A step uses 50 of them"),  # one pass of images
    ],
    "recall_modes": [
        Wrong('a', "`eval()` changes what layers do. `out.requires_grad` is still"),  # eval does all
    ],
    "suspect": [
        Wrong('b', "It saves memory. No score changes by a digit, as you will see"),  # no_grad
        Wrong('e', "The loss applies softmax itself. Twice is worse than once, and"),  # softmax first
    ],
    "again_logit": [
        Wrong(0.5, "0.5 is the score itself. A logit is log-odds; a probability of"),  # logit taken for a probability
    ],
    "again_floor": [
        Wrong(0, "With logits it would be 0. Here the loss is handed shares, and"),  # 0 can be reached
        Wrong(2.3, "That is ln 10, the price of knowing nothing. The best shares"),  # log 10
    ],
    "again_pairs": [
        Wrong(64, "64 were meant. A column and a row are both stretched: all with"),  # one for each
    ],
    "again_gradient": [
        Wrong(1, "Nothing is overwritten: `backward()` adds to what is there"),  # backward starts from zero
    ],
    "again_divided": [
        Wrong(1, "The gradient is divided as the loss is, and every step with it"),  # nothing is lost
        Wrong(64, "Dividing makes it smaller. A sum in place of the mean would be"),  # inverse
    ],
    "again_batch": [
        Wrong(0.95, "The passes are equal, the updates are not: a batch of 512 gets"),  # the same
        Wrong(0.97, "A better gradient is no gain when it is used a 64th as often", first="neutral"),  # better, exact gradient
    ],
    "knows_momentum": [
        Wrong('a', "Along a steady slope old gradients add up: steps grow tenfold"),  # smoother only
    ],
    "knows_weight_decay": [
        Wrong('a', "Unasked, scikit-learn takes C = 1. It is never without a"),  # 0
    ],
    "knows_weighting": [
        Wrong('a', "It now learns from a world with half positives, and states what"),  # honest
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Wrong ideas in further ways of writing

def steps_by_softmax_twice(model, batches, optimizer, steps):
    made = 0
    while True:
        for X, y in batches:
            if made == steps:
                return
            shares = torch.softmax(model(X), dim=1)
            loss = -(torch.log_softmax(shares, dim=1)[range(len(y)), y]).mean()
            model.zero_grad()
            loss.backward()
            optimizer.step()
            made += 1


def parties_from_one(table):
    t = table.copy()
    for view in VIEWS:
        t[view] = t[view].mask(t[view] == 9)
    t["income"] = t["income"].where(~(t["income"] < 1000), 1000 * t["income"])
    t["education"] = [LEVELS[word.strip().lower()] for word in t["education"]]
    return torch.tensor(t[COLUMNS].astype("float32").values), torch.as_tensor(t["party"].values)


def parties_as_written(table):
    columns = {name: table[name].astype(float).to_numpy(copy=True) for name in COLUMNS if name != "education"}
    columns["education"] = table["education"].map(lambda word: LEVELS[word.lower().strip()]).to_numpy()
    for view in VIEWS:
        columns[view][columns[view] == 9] = np.nan
    columns["income"][columns["income"] < 1000] *= 1000
    return torch.from_numpy(np.column_stack([columns[name] for name in COLUMNS]).astype("float32")), torch.tensor(
        [int(party) for party in table["party"]])


def _report_in_numpy(models, data, choose_by, balanced=None, baseline=None):
    shares = {name: np.mean([int(model(x[None]).argmax()) == int(t) for x, t in zip(choose_by.X, choose_by.y)])
              for name, model in models.items()}
    chosen = sorted(shares, key=shares.get)[-1]
    said, y = models[chosen](data.test.X).argmax(1).numpy(), data.test.y.numpy()
    right = float((said == y).mean())
    commonest = np.bincount(data.train.y.numpy()).argmax()
    found = [float((said[y == k] == k).mean()) for k in np.unique(y)]
    return {"chosen": chosen, "right": right, "half_width": 1.96 * np.sqrt(right * (1 - right) / len(y)),
            "baseline": float((y == commonest).mean()) if baseline is None else baseline,
            "balanced": float(np.mean(found)) if balanced is None else right}


def best_of_test_in_numpy(models, data):
    return _report_in_numpy(models, data, data.test)


def a_third_for_a_baseline(models, data):
    return _report_in_numpy(models, data, data.valid, baseline=1 / 3)


def sums_alone(answer):
    z = torch.tensor([[3.0, 1.0, -2.0, 0.0], [1.0, 5.0, 2.0, 2.5], [0.0, -1.0, 4.0, 1.0]])
    got = answer(z)
    if not isinstance(got, torch.Tensor):
        return "Nothing came back."
    for row in got:
        if abs(row.sum().item() - 1) > 1e-5:
            return "A row does not sum to 1."


def sums_in_numpy(answer):
    got = answer(torch.randn(4, 3, generator=torch.Generator().manual_seed(3)))
    if got is None:
        return "Is the return missing?"
    return None if np.allclose(got.numpy().sum(axis=1), 1) else "The rows have to sum to 1."


def small_scores_by_rows(answer):
    z = torch.tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]])
    got = answer(z)
    if got is None or got.shape != z.shape:
        return "Another shape is needed."
    for row, scores in zip(got.double(), z.double()):
        if (row - scores.exp() / scores.exp().sum()).abs().max() > 1e-6:
            return "These are other values."


def small_scores_in_numpy(answer):
    z = np.array([[0.2, -1.0, 2.0], [1.5, 1.0, -0.5]])
    got = answer(torch.tensor(z))
    if not torch.is_tensor(got):
        return "No tensor came back."
    wanted = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    return None if np.allclose(got.numpy(), wanted, atol=1e-6) else "These are other values."


for _name, _answers in {
    "train_steps": [
        Wrong(steps_by_softmax_twice, "Softmax before `cross_entropy`", seen=True, idea="M02"),
    ],
    "prepare": [
        Wrong(parties_from_one, "The classes run from 1 to 3", seen=True, idea="M14"),
        Wrong(parties_as_written, "The classes run from 1 to 3", seen=True, idea="M14"),
    ],
    "honest_result": [
        Wrong(best_of_test_in_numpy, "The test rows chose the model", seen=True, idea="M25"),
        Wrong(a_third_for_a_baseline, "One in three is what dice get", seen=True, idea="M45"),
    ],
    "check_softmax": [
        Wrong(sums_alone, "Too lax: sigmoids divided by their sum pass", seen=True, idea="M31"),
        Wrong(sums_in_numpy, "Too lax: sigmoids divided by their sum pass", seen=True, idea="M31"),
        Wrong(small_scores_by_rows, "Too lax: nan passes", seen=True, idea="M34"),
        Wrong(small_scores_in_numpy, "Too lax: nan passes", seen=True, idea="M34"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


def stepping(model, batches, optimizer, steps, update):
    made = 0
    while made < steps:
        for X, y in batches:
            if made >= steps:
                break
            update(model, optimizer, X, y)
            made += 1


def softmax_module_first(model, batches, optimizer, steps):
    def update(model, optimizer, X, y):
        optimizer.zero_grad()
        F.cross_entropy(torch.nn.Softmax(dim=-1)(model(X)), y).backward()
        optimizer.step()
    stepping(model, batches, optimizer, steps, update)


def sums_by_torch(model, batches, optimizer, steps):
    def update(model, optimizer, X, y):
        optimizer.zero_grad()
        torch.nn.CrossEntropyLoss(reduction="sum")(model(X), y).backward()
        optimizer.step()
    stepping(model, batches, optimizer, steps, update)


def sums_by_logarithms(model, batches, optimizer, steps):
    def update(model, optimizer, X, y):
        model.zero_grad()
        (-(model(X).log_softmax(1)[range(len(y)), y]).sum()).backward()
        optimizer.step()
    stepping(model, batches, optimizer, steps, update)


def sums_image_by_image(model, batches, optimizer, steps):
    def update(model, optimizer, X, y):
        optimizer.zero_grad()
        for x, label in zip(X, y):
            F.cross_entropy(model(x[None]), label[None]).backward()
        optimizer.step()
    stepping(model, batches, optimizer, steps, update)


def divided_by_the_images_again(model, batches, optimizer, steps):
    def update(model, optimizer, X, y):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), y)
        (loss / X.shape[0]).backward()
        optimizer.step()
    stepping(model, batches, optimizer, steps, update)


def gradients_divided_by_the_images(model, batches, optimizer, steps):
    def update(model, optimizer, X, y):
        optimizer.zero_grad()
        F.cross_entropy(model(X), y).backward()
        for p in model.parameters():
            p.grad.div_(len(y))
        optimizer.step()
    stepping(model, batches, optimizer, steps, update)


def one_over_n_squared(model, batches, optimizer, steps):
    def update(model, optimizer, X, y):
        model.zero_grad()
        scores = model(X)
        total = (scores.logsumexp(1) - scores.gather(1, y[:, None])[:, 0]).sum()
        (total / len(y) ** 2).backward()
        optimizer.step()
    stepping(model, batches, optimizer, steps, update)


def nothing_computes_gradients(model, batches, optimizer, steps):
    def update(model, optimizer, X, y):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(X), y)
        optimizer.step()
    stepping(model, batches, optimizer, steps, update)


def gradients_of_a_copy(model, batches, optimizer, steps):
    import copy
    twin = copy.deepcopy(model)
    def update(model, optimizer, X, y):
        twin.zero_grad()
        F.cross_entropy(twin(X), y).backward()
        optimizer.step()
    stepping(model, batches, optimizer, steps, update)


def measured_as_it_is(model, batches):
    hits = []
    for X, y in batches:
        hits.extend((model(X).argmax(dim=1) == y).tolist())
    return float(np.mean(hits))


for _name, _answers in {
    "train_steps": [
        Wrong(softmax_module_first, "Softmax before `cross_entropy`", seen=True, idea="M02"),
        Wrong(sums_by_torch, "That is the sum over the batch", seen=True, idea="M15"),
        Wrong(sums_by_logarithms, "That is the sum over the batch", seen=True, idea="M15"),
        Wrong(sums_image_by_image, "That is the sum over the batch", seen=True, idea="M15"),
        Wrong(divided_by_the_images_again, "you divide by the images once more", seen=True, idea="M17"),
        Wrong(gradients_divided_by_the_images, "you divide by the images once more", seen=True, idea="M17"),
        Wrong(one_over_n_squared, "you divide by the images once more", seen=True, idea="M17"),
        Wrong(nothing_computes_gradients, "`step()` ran and no weight of this model moved", seen=True, idea="M35"),
        Wrong(gradients_of_a_copy, "`step()` ran and no weight of this model moved", seen=True, idea="M35"),
    ],
    "measure": [
        Wrong(measured_as_it_is, "Neither switch is set", seen=True, idea="M10"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# A later round, by another hand: what was accepted, got a wrong name, or no name

def steps_in_eval_mode(model, batches, optimizer, steps):
    model.eval()
    while steps:
        for X, y in batches:
            optimizer.zero_grad()
            F.cross_entropy(model(X), y).backward()
            optimizer.step()
            steps -= 1
            if not steps:
                return


def a_look(model, batches, ending=lambda right, seen: right / seen, afterwards=lambda model: None):
    model.eval()
    right = seen = 0
    with torch.no_grad():
        for X, y in batches:
            right += (model(X).argmax(dim=1) == y).sum().item()
            seen += len(y)
    model.train()
    afterwards(model)
    return ending(right, seen)


def the_table(table, income=lambda column: column.mask(column < 1_000, column * 1_000)):
    table = table.copy()
    views, levels = ["left_right", "left_right_clinton", "left_right_dole"], ["grade school", "some high school",
        "high school", "some college", "college degree", "master's degree", "doctorate"]
    table[views] = table[views].replace(9, np.nan)
    table["education"] = table["education"].str.strip().str.lower().map({word: i for i, word in enumerate(levels)})
    table["income"] = income(table["income"])
    columns = ["town_size", "tv_news", *views, "age", "education", "income"]
    return table[columns].to_numpy("float32"), table["party"].to_numpy("int64") - 1


def five_numbers(models, data, shares=lambda shares: shares, baseline=None):
    def said(name, part):
        return models[name](part.X).argmax(dim=1)

    kept = max(models, key=lambda name: (said(name, data.valid) == data.valid.y).float().mean())
    y, g = data.test.y, said(kept, data.test)
    p = (g == y).double().mean().item()
    found = shares([(g[y == k] == k).double().mean().item() for k in y.unique()])
    return {"chosen": kept, "right": p, "half_width": 1.96 * math.sqrt(p * (1 - p) / len(y)),
            "baseline": (y == (data.train.y.mode().values if baseline is None else baseline)).double().mean().item(),
            "balanced": sum(found) / len(found)}


for _name, _answers in {
    "train_steps": [Wrong(steps_in_eval_mode, "the model is left in eval mode", first="accepted")],
    "measure": [
        Wrong(lambda model, batches: a_look(model, batches, afterwards=lambda model: model.zero_grad()),
              "the gradients that lay in the model are gone", first="accepted"),
        Wrong(lambda model, batches: a_look(model, batches, afterwards=lambda model: model.requires_grad_(False)),
              "the weights are left frozen", first="accepted"),
        Wrong(lambda model, batches: a_look(model, batches, afterwards=lambda model: torch.manual_seed(0)),
              "the random numbers are others afterwards", first="accepted"),
        Wrong(lambda model, batches: a_look(model, batches, lambda right, seen: round(right / seen, 2)),
              "Is there a `round`", first="wrongly named", never=("too far off for rounding",)),
        Wrong(lambda model, batches: a_look(model, batches, lambda right, seen: right // seen),
              "Does a `//` round the share down", first="wrongly named"),
    ],
    "prepare": [
        Wrong(lambda table: the_table(table, lambda column: column.where(column >= 1_000)),
              "Incomes below 1,000 became gaps", first="wrongly named"),
    ],
    "honest_result": [
        Wrong(lambda models, data: five_numbers(models, data, lambda shares: [s for s in shares if s > 0] or [0.0]),
              "A class of which nobody is found is left out", first="accepted"),
        Wrong(lambda models, data: five_numbers(models, data, baseline=0), "Your baseline says class 0 to everybody",
              first="neutral"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)
