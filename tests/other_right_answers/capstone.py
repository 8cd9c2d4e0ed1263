"""Right answers to the exercises of lesson 11 that are written differently from our solutions."""
# ruff: noqa: B023, B905, E501

import copy
import itertools
import math
import statistics

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.data import Data, Examples, standardize
from course_utils.exercises.capstone import COLUMNS, LEVELS, VIEWS
from course_utils.metrics import accuracy, confusion_matrix
from course_utils.sweep import mean_interval


def steps_by_an_iterator(model, batches, optimizer, steps):
    iterator = iter(batches)
    for _ in range(steps):
        try:
            X, y = next(iterator)
        except StopIteration:
            iterator = iter(batches)
            X, y = next(iterator)
        optimizer.zero_grad(set_to_none=False)
        F.cross_entropy(model(X), y).backward()
        optimizer.step()


def steps_by_passes_and_a_break(model, batches, optimizer, steps):
    step = 0
    for _ in range(math.ceil(steps / len(batches))):
        for X, y in batches:
            torch.nn.CrossEntropyLoss()(model(X), y).backward()
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            if step == steps:
                break
    return step


def steps_by_a_chain(model, batches, optimizer, steps):
    passes = itertools.chain.from_iterable(itertools.repeat(batches))
    for X, y in itertools.islice(passes, steps):
        def closure(X=X, y=y):
            optimizer.zero_grad()
            loss = F.nll_loss(F.log_softmax(model(X), dim=1), y)
            loss.backward()
            return loss
        optimizer.step(closure)


def measured_by_a_decorator(model, batches):
    @torch.no_grad()
    def share():
        hits = torch.cat([model(X).argmax(1) == y for X, y in batches])
        return hits.float().mean()

    model.eval()
    result = share()
    model.train()
    return result


def measured_in_one_piece(model, batches):
    was = model.training
    model.train(False)
    with torch.inference_mode():
        X, y = (torch.cat(part) for part in zip(*batches, strict=True))
        share = accuracy(model(X), y)
    model.train(was)
    return share


def measured_by_weighting(model, batches):
    model.eval()
    with torch.no_grad():
        pairs = [((model(X).softmax(1).argmax(1) == y).double().mean(), len(y)) for X, y in batches]
    model.train()
    return sum(share * n for share, n in pairs) / sum(n for _, n in pairs)


def prepared_by_numpy(table):
    columns = {name: table[name].to_numpy() for name in table}
    for name in VIEWS:
        columns[name] = np.where(columns[name] == 9, np.nan, columns[name])
    columns["income"] = np.where(columns["income"] < 1000, 1000 * columns["income"], columns["income"])
    columns["education"] = np.array([LEVELS[words.strip().lower()] for words in table["education"]])
    X = np.stack([columns[name] for name in COLUMNS], axis=1).astype(np.float32)
    return torch.from_numpy(X), torch.from_numpy(columns["party"] - 1)


def prepared_by_mask(table):
    tidy = table.drop(columns=["id", "vote", "party"]).assign(
        education=[LEVELS[words] for words in table.education.str.lower().str.strip()],
        income=table.income.mask(table.income < 1000, table.income * 1000))
    for view in VIEWS:
        tidy[view] = tidy[view].mask(tidy[view] > 7)
    return torch.tensor(tidy.values, dtype=torch.float32), torch.tensor(table.party.values).long().sub(1)


def prepared_row_by_row(table):
    rows = []
    for _, row in table.iterrows():
        values = []
        for name in COLUMNS:
            value = LEVELS[row[name].strip().lower()] if name == "education" else float(row[name])
            if name in VIEWS and value == 9:
                value = float("nan")
            if name == "income" and value < 1000:
                value *= 1000
            values.append(value)
        rows.append(values)
    return torch.tensor(rows, dtype=torch.float), torch.tensor([party - 1 for party in table["party"]])


def filled_by_pandas(train, other):
    train, other = pd.DataFrame(train.numpy()), pd.DataFrame(other.numpy())
    medians = train.median()
    train, other = train.fillna(medians), other.fillna(medians)
    return tuple(torch.tensor(((X - train.mean()) / train.std()).to_numpy()) for X in (train, other))


def filled_by_scikit(train, other):
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    steps = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    return steps.fit_transform(train.numpy()), steps.transform(other.numpy())


def filled_by_the_course(train, other):
    medians = torch.nanquantile(train, 0.5, dim=0)
    train, other = torch.where(train.isnan(), medians, train), torch.where(other.isnan(), medians, other)
    data = standardize(Data(Examples(train, train[:, 0]), Examples(other, other[:, 0])))
    return data.train.X, data.valid.X


def result_by_the_course(models, data):
    chosen = sorted(models, key=lambda name: accuracy(models[name](data.valid.X), data.valid.y))[-1]
    predicted = models[chosen](data.test.X).argmax(1)
    table = confusion_matrix(predicted, data.test.y, 3).double()
    right = accuracy(predicted, data.test.y)
    commonest = data.train.y.bincount().argmax()
    return {"chosen": chosen, "right": right, "half_width": 1.96 * math.sqrt(right * (1 - right) / len(predicted)),
            "baseline": accuracy(torch.full_like(data.test.y, commonest), data.test.y),
            "balanced": (table.diagonal() / table.sum(1)).mean()}


def result_by_scikit(models, data):
    from sklearn.dummy import DummyClassifier
    from sklearn.metrics import accuracy_score, balanced_accuracy_score

    scores = {name: accuracy_score(data.valid.y, model(data.valid.X).argmax(1)) for name, model in models.items()}
    chosen = max(scores, key=scores.get)
    predicted = models[chosen](data.test.X).argmax(1)
    right, dummy = accuracy_score(data.test.y, predicted), DummyClassifier().fit(data.train.X, data.train.y)
    return dict(balanced=balanced_accuracy_score(data.test.y, predicted), chosen=chosen, right=right,
                half_width=1.96 * np.sqrt(right * (1 - right) / len(data.test.y)),
                baseline=dummy.score(data.test.X, data.test.y))


def result_by_loops(models, data):
    best, chosen = -1, None
    for name, model in models.items():
        share = (model(data.valid.X).argmax(1) == data.valid.y).float().mean()
        if share > best:
            best, chosen = share, name
    X, y = data.test
    hits = models[chosen](X).argmax(1) == y
    right = hits.float().mean()
    return {"chosen": chosen, "right": right, "half_width": 1.96 * hits.double().std(correction=0) / len(y) ** 0.5,
            "baseline": (y == torch.mode(data.train.y)[0]).float().mean(),
            "balanced": sum(hits[y == k].float().mean() for k in range(3)) / 3}


def difference_by_the_course(a, b):
    interval = mean_interval((b - a).tolist())
    return interval.mean, interval.low, interval.high


def difference_by_scipy(a, b):
    from scipy import stats

    interval = stats.ttest_rel(b.numpy(), a.numpy()).confidence_interval(0.95)
    return (b - a).mean(), interval.low, interval.high


def difference_by_a_table(a, b):
    t = {6: 2.571, 10: 2.262}[len(a)]
    differences = [y - x for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    mean = sum(differences) / len(differences)
    s = math.sqrt(sum((d - mean) ** 2 for d in differences) / (len(differences) - 1))
    return [mean, mean - t * s / math.sqrt(len(a)), mean + t * s / math.sqrt(len(a))]


def check_by_many_draws(answer):
    for seed in range(5):
        X = 200 * torch.randn(3 + seed, 6, generator=torch.Generator().manual_seed(seed))
        got = answer(X)
        if not torch.is_tensor(got) or got.size() != X.size():
            return "Give back a tensor of the same shape."
        if (got.double() - X.double().softmax(1)).abs().max() > 1e-5 or got.isnan().any():
            return "The values are not those of a softmax."


def check_by_properties(answer):
    """Sums, ratios and large scores, without a softmax to compare with."""
    X = torch.tensor([[0.0, 1.0, 3.0], [2.0, 2.0, -1.0], [5.0, 900.0, 898.0], [0.5, 0.1, 0.2]])
    try:
        p = answer(X).double()
        if not torch.allclose(p.sum(dim=1), torch.ones(4).double(), atol=1e-5):
            return "Its rows do not sum to 1."
        if not torch.allclose(p[0, 2] / p[0, 1], torch.e ** torch.tensor(2.0).double(), rtol=1e-4):
            return "Two shares are not in the ratio e to the difference of their scores."
    except (TypeError, AttributeError, IndexError, RuntimeError):
        return "It gives back no table of numbers."
    return None


def check_by_numpy(answer):
    from scipy.special import softmax

    X = np.array([[1000.0, 998.5, 3.0, 0.0, 1.0], [0.3, 0.2, -5.0, 2.0, 1.0]])
    got = answer(torch.tensor(X, dtype=torch.float32))
    try:
        np.testing.assert_allclose(np.asarray(got, dtype=float), softmax(X, axis=1), rtol=1e-4, atol=1e-6)
    except (AssertionError, TypeError, ValueError) as complaint:
        return f"Not a softmax: {complaint}"


def steps_by_full_passes_and_a_rest(model, batches, optimizer, steps):
    full, rest = divmod(steps, len(batches))
    for number in range(full + (rest > 0)):
        for i, (X, y) in enumerate(batches):
            if number == full and i >= rest:
                break
            optimizer.zero_grad()
            F.cross_entropy(model(X), y, reduction="sum").div(len(y)).backward()
            optimizer.step()


def steps_by_a_stock_of_batches(model, batches, optimizer, steps):
    stock = []
    for _ in range(steps):
        stock = stock or list(batches)
        X, y = stock.pop(0)
        gradients = torch.autograd.grad(F.cross_entropy(model(X), y), list(model.parameters()))
        for parameter, gradient in zip(model.parameters(), gradients, strict=True):
            parameter.grad = gradient
        optimizer.step()


def measured_on_a_frozen_copy(model, batches):
    frozen = copy.deepcopy(model).eval().requires_grad_(False)
    return sum((frozen(X).argmax(1) == y).sum().item() for X, y in batches) / sum(len(y) for _, y in batches)


def measured_by_wrong_ones(model, batches):
    try:
        model.eval()
        with torch.no_grad():
            hits = [(model(X).max(1).indices != y).numpy() for X, y in batches]
        return 1 - np.concatenate(hits).mean()
    finally:
        model.train()


def prepared_by_categories(table):
    table = table.replace({view: {9: np.nan} for view in VIEWS})
    table["income"] = table["income"].where(table["income"] >= 1000, table["income"] * 1000)
    words = table["education"].str.casefold().str.strip()
    table["education"] = pd.Categorical(words, categories=list(LEVELS), ordered=True).codes
    return torch.tensor(table[COLUMNS].to_numpy("float32")), torch.tensor(table["party"].map({1: 0, 2: 1, 3: 2}).values)


def prepared_column_by_column(table):
    columns = []
    for name in COLUMNS:
        column = table[name]
        if name == "education":
            column = column.str.strip().str.lower().map(LEVELS)
        elif name in VIEWS:
            column = column.astype(float).replace(9, np.nan)
        elif name == "income":
            column = column + 999 * column * (column < 1000)
        columns.append(torch.tensor(column.to_numpy("float32")))
    return torch.stack(columns, dim=1), torch.tensor(table["party"].to_numpy("int64")).sub_(1)


def filled_column_by_column(train, other):
    train, other = train.clone(), other.clone()
    for j in range(train.shape[1]):
        known, gaps = train[:, j], other[:, j]
        median = known[~known.isnan()].median()
        known[known.isnan()] = median
        gaps[gaps.isnan()] = median
        mean, spread = known.mean(), known.std() + 1e-8
        train[:, j], other[:, j] = (known - mean) / spread, (gaps - mean) / spread
    return train, other


def filled_by_numpy(train, other):
    median = np.nanmedian(train.numpy(), axis=0)
    train, other = (np.where(np.isnan(X), median, X) for X in (train.numpy(), other.numpy()))
    return (train - train.mean(0)) / train.std(0), (other - train.mean(0)) / train.std(0)


def result_by_pandas(models, data):
    def hits(name, part):
        return models[name](part.X).detach().numpy().argmax(1) == part.y.numpy()

    chosen = pd.Series({name: hits(name, data.valid).mean() for name in models}).idxmax()
    found = pd.Series(hits(chosen, data.test))
    commonest = pd.Series(data.train.y.numpy()).mode()[0]
    return pd.Series({"chosen": chosen, "right": found.mean(),
                      "half_width": 1.96 * found.std(ddof=0) / len(found) ** 0.5,
                      "baseline": (data.test.y.numpy() == commonest).mean(),
                      "balanced": found.groupby(data.test.y.numpy()).mean().mean()}).to_dict()


def result_by_the_loss(models, data):
    name = min(models, key=lambda name: F.cross_entropy(models[name](data.valid.X), data.valid.y).item())
    return result_by_loops({name: models[name]}, data)


def difference_by_the_statistics_module(a, b):
    from scipy.stats import t

    differences = (b - a).tolist()
    mean, n = statistics.fmean(differences), len(differences)
    half = abs(t.ppf(0.025, n - 1)) * statistics.stdev(differences) / n**0.5
    return np.array([mean, mean - half, mean + half])


def check_by_known_shares(answer):
    got = answer(torch.tensor([[0.0, math.log(3)], [math.log(4), 0.0], [500.0, 500.0]]))
    shares = torch.tensor([[0.25, 0.75], [0.8, 0.2], [0.5, 0.5]])
    if got is None:
        return "None"
    return None if torch.allclose(got.float(), shares, atol=1e-4) else f"{shares} is needed."


def check_number_by_number(answer):
    rows = [[1000.0, 0.0, -5.0], [0.3, 0.2, 0.1]]
    got = answer(torch.tensor(rows))
    if got is None:
        return "Where is the `return`?"
    for row, shares in zip(rows, got.tolist(), strict=True):
        powers = [math.exp(score - max(row)) for score in row]
        if any(not abs(power / sum(powers) - share) < 1e-5 for power, share in zip(powers, shares, strict=True)):
            return "A share is another one."

def difference_in_torch(a, b):
    from scipy import stats

    d = torch.sub(b, a).double()
    low, high = stats.t.interval(0.95, len(d) - 1, loc=d.mean().item(), scale=(d.var() / len(d)).sqrt().item())
    return torch.stack([d.mean(), torch.tensor(low), torch.tensor(high)])


OTHERS = {
    "train_steps": [steps_by_an_iterator, steps_by_passes_and_a_break, steps_by_a_chain,
                    steps_by_full_passes_and_a_rest, steps_by_a_stock_of_batches],
    "measure": [measured_by_a_decorator, measured_in_one_piece, measured_by_weighting,
                measured_on_a_frozen_copy, measured_by_wrong_ones],
    "prepare": [prepared_by_numpy, prepared_by_mask, prepared_row_by_row,
                prepared_by_categories, prepared_column_by_column],
    "fill_and_scale": [filled_by_pandas, filled_by_scikit, filled_by_the_course,
                       filled_column_by_column, filled_by_numpy],
    "honest_result": [result_by_the_course, result_by_scikit, result_by_loops,
                      result_by_pandas, result_by_the_loss],
    "paired_difference": [difference_by_the_course, difference_by_scipy, difference_by_a_table,
                          difference_by_the_statistics_module, difference_in_torch],
    "check_softmax": [check_by_many_draws, check_by_properties, check_by_numpy,
                      check_by_known_shares, check_number_by_number],
    "loud": ["dab", "a, b and d", ["a", "b", "d"]],
    "recall_updates": [1200.0, 60_000 / 50],
}


# In other styles: loops, NumPy, other libraries

def train_steps_islice(model, batches, optimizer, steps):
    from itertools import chain, islice, repeat
    for X, y in islice(chain.from_iterable(repeat(batches)), steps):
        loss = F.cross_entropy(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def train_steps_next(model, batches, optimizer, steps):
    pass_ = iter(batches)
    for _ in range(steps):
        try:
            X, y = next(pass_)
        except StopIteration:
            pass_ = iter(batches)
            X, y = next(pass_)
        model.zero_grad()
        nn.CrossEntropyLoss()(model(X), y).backward()
        optimizer.step()


def measure_copy(model, batches):
    import copy
    judge = copy.deepcopy(model).eval()
    pairs = [(judge(X).argmax(1), y) for X, y in batches]
    return accuracy_of(torch.cat([a for a, _ in pairs]), torch.cat([b for _, b in pairs]))


def accuracy_of(guesses, y):
    return (guesses == y).double().mean()


@torch.inference_mode()
def measure_modes(model, batches):
    modes = {name: module.training for name, module in model.named_modules()}
    model.train(False)
    right, n = 0, 0
    for X, y in batches:
        _, guess = torch.max(model(X), dim=-1)
        right, n = right + torch.eq(guess, y).count_nonzero().item(), n + y.shape[0]
    for name, module in model.named_modules():
        module.training = modes[name]
    return right / n


def prepare_rows(table):
    rows = []
    for _, r in table.iterrows():
        views = [float("nan") if r[v] == 9 else r[v] for v in VIEWS]
        income = r["income"] * 1000 if r["income"] < 1000 else r["income"]
        rows.append([r["town_size"], r["tv_news"], *views, r["age"], LEVELS[r["education"].strip().lower()], income])
    return torch.tensor(rows, dtype=torch.float32), torch.tensor(table["party"].tolist()) - 1


def prepare_assign(table):
    clean = table.assign(
        **{name: table[name].where(table[name] != 9) for name in VIEWS},
        education=[LEVELS[" ".join(words.casefold().split())] for words in table["education"]],
        income=table["income"] * np.where(table["income"] < 1000, 1000, 1),
    )
    return clean.loc[:, COLUMNS].to_numpy(dtype="float32"), clean["party"].sub(1).to_numpy(dtype="int64")


def fill_and_scale_sklearn(train, other):
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    pipe = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    first = pipe.fit_transform(np.asarray(train))
    return first, pipe.transform(np.asarray(other))


def fill_and_scale_columns(train, other):
    a, b = train.clone(), other.clone()
    for j in range(train.shape[1]):
        known = train[:, j][~train[:, j].isnan()]
        middle = torch.tensor(np.median(known.numpy()), dtype=train.dtype)
        a[a[:, j].isnan(), j] = middle
        b[b[:, j].isnan(), j] = middle
        m, s = a[:, j].mean(), a[:, j].std()
        a[:, j], b[:, j] = (a[:, j] - m) / s, (b[:, j] - m) / s
    return a, b


def honest_result_sklearn(models, data):
    from sklearn.metrics import accuracy_score, balanced_accuracy_score
    scores = {name: accuracy_score(data.valid.y, model(data.valid.X).argmax(1)) for name, model in models.items()}
    best = sorted(scores, key=scores.get)[-1]
    said = models[best](data.test.X).argmax(1)
    p = accuracy_score(data.test.y, said)
    commonest = int(data.train.y.mode().values)
    return dict(chosen=best, right=p, half_width=1.96 * np.sqrt(p * (1 - p) / len(data.test.y)),
                baseline=float((data.test.y == commonest).double().mean()),
                balanced=balanced_accuracy_score(data.test.y, said))


def honest_result_loop(models, data):
    best, chosen = -1, None
    for name in models:
        hits = 0
        for x, t in zip(data.valid.X, data.valid.y):
            hits += int(models[name](x[None]).argmax() == t)
        if hits > best:
            best, chosen = hits, name
    said = models[chosen](data.test.X).argmax(dim=1).tolist()
    true = data.test.y.tolist()
    p = sum(s == t for s, t in zip(said, true)) / len(true)
    recall = [sum(s == t == c for s, t in zip(said, true)) / true.count(c) for c in sorted(set(true))]
    teaching = data.train.y.tolist()
    common = max(set(teaching), key=teaching.count)
    return {"balanced": statistics.mean(recall), "baseline": true.count(common) / len(true), "chosen": chosen,
            "half_width": 1.96 * (p * (1 - p) / len(true)) ** 0.5, "right": p}


def paired_difference_scipy(a, b):
    from scipy import stats
    test = stats.ttest_rel(np.asarray(b), np.asarray(a))
    interval = test.confidence_interval(0.95)
    return np.mean(np.asarray(b) - np.asarray(a)), interval.low, interval.high


def paired_difference_by_hand(a, b):
    from scipy.stats import t
    differences = [float(y) - float(x) for x, y in zip(a, b)]
    middle = statistics.fmean(differences)
    error = statistics.stdev(differences) / len(differences) ** 0.5
    return [middle + q * error for q in (0, t.ppf(0.025, len(differences) - 1), t.ppf(0.975, len(differences) - 1))]


MORE = {
    "train_steps": [train_steps_islice, train_steps_next],
    "measure": [measure_copy, measure_modes],
    "prepare": [prepare_rows, prepare_assign],
    "fill_and_scale": [fill_and_scale_sklearn, fill_and_scale_columns],
    "honest_result": [honest_result_sklearn, honest_result_loop],
    "paired_difference": [paired_difference_scipy, paired_difference_by_hand],
}

OTHERS = {name: [*OTHERS.get(name, []), *MORE.get(name, [])] for name in OTHERS | MORE}


# Written without a look at the catalogue

def train_steps_generator_of_for_ever(model, batches, optimizer, steps):
    forever = (pair for _ in itertools.count() for pair in batches)
    for X, y in itertools.islice(forever, steps):
        optimizer.zero_grad()
        F.cross_entropy(model(X), y).backward()
        optimizer.step()


def train_steps_next_with_stopiteration(model, batches, optimizer, steps):
    it = iter(batches)
    for _ in range(steps):
        try:
            X, y = next(it)
        except StopIteration:
            it = iter(batches)
            X, y = next(it)
        loss = nn.functional.nll_loss(model(X).log_softmax(1), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def train_steps_while_and_return(model, batches, optimizer, steps):
    done = 0
    while done < steps:
        for X, y in batches:
            if done >= steps:
                break
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), y)
            loss.backward()
            optimizer.step()
            done += 1
    return model


def measure_cat_all(model, batches):
    was = model.training
    model.eval()
    with torch.no_grad():
        hits = torch.cat([model(X).argmax(1) == y for X, y in batches])
    model.train(was)
    return hits.double().mean()


@torch.no_grad()
def measure_finally(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    hits = []
    try:
        for X, y in batches:
            hits += (model(X).topk(1).indices[:, 0] == y).tolist()
    finally:
        for m, t in modes:
            m.training = t
    return sum(hits) / len(hits)


def prepare_apply(table):
    t = table[COLUMNS].copy()
    for v in VIEWS:
        t[v] = t[v].where(t[v] != 9)
    t['income'] = [i * 1000 if i < 1000 else i for i in t['income']]
    t['education'] = [LEVELS[e.strip().lower()] for e in t['education']]
    return (torch.from_numpy(t.to_numpy(dtype='float32')), torch.as_tensor(table.party.values) - 1)


def prepare_mask_assign(table):
    t = table.assign(income=table['income'].mask(table['income'] < 1000, table['income'] * 1000), education=table['education'].str.lower().str.strip().map(LEVELS), **{v: table[v].mask(table[v] == 9) for v in VIEWS})
    X = np.stack([t[c].astype('float32') for c in COLUMNS], axis=1)
    return (torch.tensor(X), torch.tensor((table['party'] - 1).tolist()))


def fill_and_scale_numpy(train, other):
    a, b = (train.numpy().astype('float64'), other.numpy().astype('float64'))
    m = np.nanmedian(a, axis=0)
    a, b = (np.where(np.isnan(a), m, a), np.where(np.isnan(b), m, b))
    return ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.std(0))


def fill_and_scale_loop(train, other):
    train, other = (train.clone(), other.clone())
    for j in range(train.shape[1]):
        col, oth = (train[:, j], other[:, j])
        median = col[~torch.isnan(col)].median()
        col[torch.isnan(col)] = median
        oth[torch.isnan(oth)] = median
        m, s = (col.mean(), col.std())
        train[:, j] = (col - m) / s
        other[:, j] = (oth - m) / s
    return (train, other)


def fill_and_scale_pandas(train, other):
    a, b = (pd.DataFrame(train.numpy()), pd.DataFrame(other.numpy()))
    m = a.median()
    a, b = (a.fillna(m), b.fillna(m))
    return (torch.tensor(((a - a.mean()) / a.std()).to_numpy()), torch.tensor(((b - a.mean()) / a.std()).to_numpy()))


def honest_result_sklearn_2(models, data):
    import math

    from sklearn.metrics import accuracy_score, balanced_accuracy_score
    with torch.no_grad():
        name = max(models, key=lambda k: accuracy_score(data.valid.y, models[k](data.valid.X).argmax(1)))
        guess = models[name](data.test.X).argmax(1).numpy()
    y = data.test.y.numpy()
    p = accuracy_score(y, guess)
    common = int(np.bincount(data.train.y.numpy()).argmax())
    return dict(chosen=name, right=p, half_width=1.96 * math.sqrt(p * (1 - p) / len(y)), baseline=float((y == common).mean()), balanced=balanced_accuracy_score(y, guess))


def paired_difference_t_of_scipy(a, b):
    from scipy import stats
    d = (b - a).double().numpy()
    r = stats.ttest_rel(np.asarray(b, dtype=float), np.asarray(a, dtype=float)).confidence_interval(0.95)
    return (d.mean(), r.low, r.high)


def check_softmax_assert_close_in_try(answer):
    z = torch.tensor([[1.0, 2.0, -3.0, 0.5], [1000.0, 999.0, -1000.0, 0.0], [-500.0, -501.0, -500.0, -499.0]])
    keep = z.clone()
    try:
        got = torch.as_tensor(answer(z))
        torch.testing.assert_close(got, torch.softmax(keep, dim=1), check_dtype=False)
    except Exception as e:
        return f'Not the softmax of the rows: {type(e).__name__}'
    if not torch.equal(z, keep):
        return 'Your function changes the scores it is given.'


def check_softmax_by_properties(answer):
    z = torch.cat([torch.randn(7, 4, generator=torch.Generator().manual_seed(1)), torch.tensor([[1000.0, 0, 0, 5], [-1000, -1001, -1002, -999]])])
    p = answer(z.clone())
    if not isinstance(p, torch.Tensor) or p.shape != z.shape:
        return 'shape'
    if p.isnan().any():
        return 'overflow'
    for row, scores in zip(p, z):
        e = (scores.double() - scores.double().max()).exp()
        if (row.double() - e / e.sum()).abs().max() > 1e-05:
            return 'a row is not e to the scores over their sum'
    return None


for _name, _answers in {
    "train_steps": [
        train_steps_generator_of_for_ever,
        train_steps_next_with_stopiteration,
        train_steps_while_and_return,
    ],
    "measure": [
        measure_cat_all,
        measure_finally,
    ],
    "prepare": [
        prepare_apply,
        prepare_mask_assign,
    ],
    "fill_and_scale": [
        fill_and_scale_numpy,
        fill_and_scale_loop,
        fill_and_scale_pandas,
    ],
    "honest_result": [
        honest_result_sklearn_2,
    ],
    "paired_difference": [
        paired_difference_t_of_scipy,
    ],
    "check_softmax": [
        check_softmax_assert_close_in_try,
        check_softmax_by_properties,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)
