"""Wrong answers to the exercises of lesson 11, written without a look at its catalogue. See the head of the folder.

They are as learners write them: names of one letter, long lines. What is wrong stands beside each.
"""
# ruff: noqa: B007, E501, E731, F821, F841

import numpy as np
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
        Wrong(gradients_pile_up, "never zeroed"),  # zero_grad forgotten
        Wrong(first_batch_of_each_pass, "a new pass for each step"),  # a new pass for each step: only first batches
        Wrong(one_batch_again_and_again, "The same batch serves for every step"),  # always the same batch
        Wrong(misspelt_name, "did you mean that"),  # optimiser for optimizer
    ],
    "measure": [
        Wrong(mean_over_batches, "the mean of the batches' shares"),  # mean of the shares of the batches
        Wrong(no_eval, "Dropout was on"),  # eval forgotten
        Wrong(no_no_grad, "Put `torch.no_grad()` round it"),  # no_grad forgotten
        Wrong(left_in_eval, "the model stays in `eval()`"),  # train() forgotten at the end
        Wrong(divided_by_batches, "You divide by the number of batches"),  # divided by the number of batches
        Wrong(count_only, "That is how many are right"),  # the count, no share
        Wrong(per_cent, "That is in per cent"),  # per cent
        Wrong(argmax_over_rows, "an image for each class", first="wrongly named"),  # argmax along dim 0
        Wrong(argmax_of_everything, "`argmax()` without `dim=1`"),  # argmax without dim
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
        Wrong(prepared(label=0), "The classes run from 1 to 3"),  # classes from 1
        Wrong(prepared(end=lambda X, y: (X.nan_to_num(0), y)), "You filled the gaps with 0"),  # gaps filled with 0
        Wrong(incomplete_rows_dropped, "Rows with a gap are gone"),  # rows with gaps dropped
        Wrong(prepared(end=lambda X, y: (X, y.float())), "Use `.long()`"),  # classes as floats
        Wrong(prepared(end=lambda X, y: (X.double(), y)), "Use `.float()`"),  # X in double precision
        Wrong(prepared(columns=["age", "education", "income", "town_size", "tv_news", *VIEWS]), NEUTRAL),  # columns in another order
        Wrong(prepared(words=lambda s: s.str.strip().str.lower().astype("category").cat.codes), "in the order of the alphabet"),  # levels by the alphabet
    ],
    "fill_and_scale": [
        Wrong(filled(fill=lambda t, o: (t.nanmedian(0).values, o.nanmedian(0).values)), "filled with its own medians"),  # other filled with its own medians
        Wrong(other_scaled_by_itself, "scaled by its own mean and spread"),  # other scaled by itself
        Wrong(filled(fill=lambda t, o: (t.nanmean(0),) * 2), "Gaps are filled with the mean"),  # filled with means
        Wrong(filled(fill=lambda t, o: (torch.zeros(t.shape[1]),) * 2), "Gaps are filled with 0 and then scaled"),  # filled with 0 before scaling
        Wrong(filled_with_zero_at_the_end, "You scaled first and filled then"),  # scaled with gaps, then filled with 0: the mean
        Wrong(filled(scale=lambda t, o: (t.mean(0), t.var(0))), "You divided by the variance"),  # divided by the variance
        Wrong(filled(scale=lambda t, o: (t.mean(0), torch.ones(()))), "divide by the standard deviation, too"),  # not divided
        Wrong(filled(scale=lambda t, o: (t.mean(), t.std())), "One mean and one spread for all columns"),  # one mean and deviation for all columns
        Wrong(filled(fill=lambda t, o: (torch.cat([t, o]).nanmedian(0).values,) * 2), "The medians are those of all rows"),  # medians of both parts
        Wrong(filled(scale=lambda t, o: (torch.cat([t, o]).mean(0), torch.cat([t, o]).std(0))), "Mean and spread are those of all rows"),  # scaled by both parts
        Wrong(never_filled, "the gaps are still there", first="neutral"),  # gaps left
        Wrong(filled(scale=lambda t, o: (torch.zeros(()), t.std(0))), "take off the mean first"),  # mean not subtracted
        Wrong(only_train_returned, "the training part alone"),  # train only
        Wrong(filled(fill=lambda t, o: (t.nanmedian(), t.nanmedian())), "One median of the whole table"),  # one median for all columns
        Wrong(filled(scale=lambda t, o: (t.min(0).values, t.max(0).values - t.min(0).values)), "by the extremes"),  # scaled to 0 to 1
    ],
    "honest_result": [
        Wrong(result(choose="test"), "The test rows chose the model"),  # chosen by test
        Wrong(result(choose="train"), "The training rows chose"),  # chosen by train
        Wrong(result(judge="valid"), "You report on the rows that chose"),  # reported on valid
        Wrong(result(half=lambda p, n: 1.96 * p * (1 - p) / n), "The root is missing"),  # root forgotten
        Wrong(result(half=lambda p, n: 2 * 1.96 * (p * (1 - p) / n) ** 0.5), "the whole width"),  # the whole width
        Wrong(result(half=lambda p, n: 1.96 * (p * (1 - p)) ** 0.5), "the spread of a single answer"),  # n forgotten
        Wrong(result(baseline=lambda data: (data.train.y == data.train.y.mode().values).double().mean().item()), "the commonest class in train"),  # baseline counted on train
        Wrong(result(baseline=lambda data: 1 / len(data.train.y.unique())), "what dice get"),  # baseline of dice
        Wrong(result(balanced=precisions), "You went by what was predicted"),  # precisions, not recalls
        Wrong(result(balanced=lambda predicted, y: (predicted == y).double().mean().item()), "the plain accuracy again"),  # accuracy in place of balanced
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
        Wrong(high_before_low, "in another order"),  # high before low
        Wrong(lambda a, b: interval(b - a, lambda d: t_times(d) * len(d) ** 0.5 / len(d)), "You divided by n"),  # divided by n, not its root
        Wrong(lambda a, b: interval((b - a) / a, t_times), "shares of what `a` had", first="neutral"),  # relative to a
        Wrong(lambda a, b: b.mean() - a.mean(), "That is the difference alone"),  # the mean alone
    ],
    "check_softmax": [
        Wrong(sums_only, "whose rows sum to 1 as well", first="neutral"),  # looks at the sums only
        Wrong(to_the_last_digit, "a right answer that differs in the last digit"),  # asks for the last digit
        Wrong(small_scores_only, "a wrong answer: nan for large scores"),  # no large scores
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
