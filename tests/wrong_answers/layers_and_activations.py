"""Wrong answers to the exercises of lesson 07, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B905, E501, E731, F821, F841

import statistics

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from wrong_answers import NEUTRAL, Wrong


def each_by_its_own(train, test):
    return (train - train.mean(0)) / train.std(0), (test - test.mean(0)) / test.std(0)


def both_together(train, test):
    everything = torch.cat([train, test])
    mean, sd = everything.mean(dim=0), everything.std(dim=0)
    return (train - mean) / sd, (test - mean) / sd


def one_mean_for_all(train, test):
    mean = train.mean()
    sd = train.std()
    return (train - mean) / sd, (test - mean) / sd


def along_the_rows(train, test):
    return ((train - train.mean(1, keepdim=True)) / train.std(1, keepdim=True),
            (test - test.mean(1, keepdim=True)) / test.std(1, keepdim=True))


def by_the_variance(train, test):
    mean, sd = train.mean(0), train.var(0)
    return (train - mean) / sd, (test - mean) / sd


def brackets_missing(train, test):
    mean = train.mean(0)
    sd = train.std(0)
    return train - mean / sd, test - mean / sd


def zero_to_one(train, test):
    low, high = train.min(0).values, train.max(0).values
    return (train - low) / (high - low), (test - low) / (high - low)


def test_left_as_it_is(train, test):
    mean = train.mean(0)
    sd = train.std(0)
    return (train - mean) / sd, test


def not_divided(train, test):
    mean = train.mean(0)
    return train - mean, test - mean




class Straight(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(self.hidden(X)).squeeze(1)


class Column(Straight):
    def forward(self, X):
        return self.output(torch.relu(self.hidden(X)))


class ReluBehind(Straight):
    def forward(self, X):
        return F.relu(self.output(F.relu(self.hidden(X)))).squeeze(1)


class ReluOnlyBehind(Straight):
    def forward(self, X):
        return torch.relu(self.output(self.hidden(X)))[:, 0]


class Sigmoid(Straight):
    def forward(self, X):
        h = torch.sigmoid(self.hidden(X))
        return self.output(h).squeeze(-1)


class ReluModuleCalledOnValues(Straight):
    def forward(self, X):
        return self.output(nn.ReLU(self.hidden(X))).squeeze(1)


class NoSuper(nn.Module):
    def __init__(self, n_columns, width):
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(self.hidden(X).relu()).squeeze(1)


class ReluInFront(Straight):
    def forward(self, X):
        return self.output(self.hidden(torch.relu(X))).flatten()


class HiddenOnly(Straight):
    def forward(self, X):
        return F.relu(self.hidden(X))


class NothingReturned(Straight):
    def forward(self, X):
        h = F.relu(self.hidden(X))
        y = self.output(h).squeeze(1)


class SizesExchanged(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(width, n_columns)
        self.output = nn.Linear(n_columns, 1)

    def forward(self, X):
        return self.output(F.relu(self.hidden(X))).squeeze(1)


def gradients_pile_up(model, batches, optimizer):
    for X, y in batches:
        loss = F.mse_loss(model(X), y)
        loss.backward()
        optimizer.step()


def zeroed_before_the_step(model, batches, optimizer):
    for X, y in batches:
        loss = ((model(X) - y) ** 2).mean()
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()


def no_step(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        F.mse_loss(model(X), y).backward()


def one_step_after_all(model, batches, optimizer):
    optimizer.zero_grad()
    for X, y in batches:
        loss = F.mse_loss(model(X), y)
        loss.backward()
    optimizer.step()


def sum_of_squares(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = (model(X) - y).square().sum()
        loss.backward()
        optimizer.step()


def absolute_misses(model, batches, optimizer):
    loss_fn = nn.L1Loss()
    for X, y in batches:
        optimizer.zero_grad()
        loss_fn(model(X), y).backward()
        optimizer.step()


def column_against_row(model, batches, optimizer):
    for X, y in batches:
        prediction = model(X).unsqueeze(1)
        loss = ((prediction - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def zeroed_once(model, batches, optimizer):
    optimizer.zero_grad()
    for X, y in batches:
        loss = F.mse_loss(model(X), y)
        loss.backward()
        optimizer.step()


def returns_after_one(model, batches, optimizer):
    for X, y in batches:
        loss = F.mse_loss(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()


def not_recorded(model, batches, optimizer):
    for X, y in batches:
        with torch.no_grad():
            loss = F.mse_loss(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def root_of_the_mean_square(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), y).sqrt()
        loss.backward()
        optimizer.step()


def backward_forgotten(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), y)
        optimizer.step()


def mean(values): return sum(values) / len(values)


def lowest_mean_itself(losses):
    return min(sum(v) / len(v) for v in losses.values())


def position(losses):
    return int(np.argmin([np.mean(v) for v in losses.values()]))


def pairs(losses):
    return min(losses.items(), key=lambda item: mean(item[1]))


def best_never_updated(losses):
    best = float("inf")
    for width, values in losses.items():
        if mean(values) < best:
            answer = width
    return answer


def share(few, many): return few / (few + many)


def rows_by_numpy(train, test):
    train, test = train.numpy(), test.numpy()
    return tuple((part - part.mean(axis=1)[:, None]) / part.std(axis=1)[:, None] for part in (train, test))


def mean_over_sd(train, test):
    sd, mean = torch.std_mean(train, dim=0)
    shift = mean / sd
    return train - shift, test - shift


def scikits_min_max(train, test):
    from sklearn.preprocessing import MinMaxScaler
    scaler = MinMaxScaler().fit(train.numpy())
    return scaler.transform(train.numpy()), scaler.transform(test.numpy())


def glued_by_numpy(hours, working):
    return np.column_stack([hours.numpy(), working.numpy()])


def number_of_the_hour(hours, working):
    return torch.tensor([float(row.argmax()) * w for row, w in zip(hours, working)])


class ReluInFrontToo(Straight):
    def forward(self, X):
        return self.output(self.hidden(X.clamp(min=0)))[:, 0]


class ReluMadeOfTheOutput(Straight):
    def forward(self, X):
        h = nn.ReLU(self.hidden(X))
        return self.output(h).squeeze()


def targets_as_a_column(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        off = model(X) - y.reshape(-1, 1)
        (off ** 2).mean().backward()
        optimizer.step()


def keeps_the_last(losses):
    for width in losses:
        best = width
    return best


def median_by_numpy(losses):
    widths = list(losses)
    return widths[int(np.argmin([np.median(losses[w]) for w in widths]))]


def width_and_its_mean(losses):
    return min((sum(v) / len(v), w) for w, v in losses.items())


def sorted_pairs(losses):
    return sorted(losses.items(), key=lambda pair: np.mean(pair[1]))[0]


def seventy_five_per_cent(forecast, residuals, too_few, too_many):
    return forecast + float(np.percentile(residuals.numpy(), 75))


def sizes_sorted(forecast, residuals, too_few, too_many):
    misses = torch.sqrt(residuals ** 2)
    return forecast + torch.quantile(misses, too_few / (too_few + too_many))


def forecast_made_larger(forecast, residuals, too_few, too_many):
    p = too_few / (too_few + too_many)
    return forecast + p * forecast


WRONG = {
    "scaled": [
        Wrong(each_by_its_own, "You scaled the test rows by their own numbers"),  # test rows by their own mean and sd
        Wrong(both_together, "Test rows went into your mean"),  # mean and sd of both parts together: test rows leak
        Wrong(one_mean_for_all, "You took one mean over all columns"),  # one mean and sd for all columns
        Wrong(along_the_rows, "you went along the rows", first="neutral"),  # along the rows, not the columns
        Wrong(by_the_variance, "You divided by the variance"),  # divided by the variance
        Wrong(brackets_missing, "Only the mean is divided", first="neutral"),  # brackets missing: only the mean is divided by sd
        Wrong(zero_to_one, "Your train columns go from 0 to 1", first="neutral"),  # scaled from 0 to 1 by lowest and highest
        Wrong(test_left_as_it_is, "The test rows came out as they went in"),  # test is not scaled
        Wrong(not_divided, "The columns still differ in size"),  # not divided by the sd
        Wrong(rows_by_numpy, "you went along the rows", seen=True),
        Wrong(mean_over_sd, "Only the mean is divided", seen=True),
        Wrong(scikits_min_max, "Your train columns go from 0 to 1", seen=True),
    ],
    "interaction": [
        Wrong(lambda hours, working: hours * working, "Make `working` a column"),  # (n, h) times (n,): shapes do not fit, a column (n, 1) is needed
        Wrong(lambda hours, working: torch.cat([hours, working[:, None]], dim=1), "You put `working` beside the hours", first="neutral"),  # glued on as one more column, not multiplied
        Wrong(lambda hours, working: hours * (1 - working).unsqueeze(1), "These are the hours of days off"),  # the days off
        Wrong(lambda hours, working: hours + working[:, None], "A sum adds the same to every hour"),  # added in place of multiplied
        Wrong(lambda hours, working: hours.T * working, "with rows and columns exchanged"),  # turned over (h, n): the .T back is missing
        Wrong(lambda hours, working: hours[working == 1], "The days off are gone"),  # rows of days off are dropped
        Wrong(lambda hours, working: hours.T @ working, "You summed over the rows"),  # summed over the rows: counts by hour
        Wrong(lambda hours, working: hours.argmax(1) * working, "the number of the hour", first="neutral"),  # the number of the hour, no columns
        Wrong(lambda hours, working: working.reshape(-1, 1), "the hours are missing", first="neutral"),  # working as a column alone, the hours are missing
        Wrong(glued_by_numpy, "You put `working` beside the hours", seen=True),
        Wrong(number_of_the_hour, "the number of the hour", seen=True),
    ],
    "Demand": [
        Wrong(Straight, "Nothing bends between the two layers, so they collapse"),  # no activation between the layers
        Wrong(Column, "Your outputs are a column"),  # (n, 1) and not (n,)
        Wrong(ReluBehind, "A second ReLU stands behind the output"),  # a ReLU behind the last layer too
        Wrong(ReluOnlyBehind, "ReLU stands behind the last layer"),  # ReLU behind the last layer and none between the two
        Wrong(Sigmoid, "That is a sigmoid"),  # sigmoid in place of ReLU
        Wrong(ReluModuleCalledOnValues, "makes a layer and computes nothing", first="neutral"),  # nn.ReLU makes a module: nn.ReLU()(…) or F.relu
        Wrong(NoSuper, "begin `__init__` with `super().__init__()`"),  # super().__init__() is missing
        Wrong(ReluInFront, "The ReLU cuts the columns of X", first="neutral"),  # the ReLU is on X, in front of the first layer
        Wrong(HiddenOnly, "These are the hidden units"),  # the output layer is not used
        Wrong(NothingReturned, "`forward` gives back None"),  # forward returns nothing
        Wrong(SizesExchanged, "The layer `nn.Linear(3, 5)` takes 3 columns"),  # the sizes of the first layer are exchanged
        Wrong(ReluInFrontToo, "The ReLU cuts the columns of X", seen=True),
        Wrong(ReluMadeOfTheOutput, "makes a layer and computes nothing", seen=True),
    ],
    "one_epoch": [
        Wrong(gradients_pile_up, "Gradients of earlier steps add up"),  # zero_grad is missing: gradients add up
        Wrong(zeroed_before_the_step, "`zero_grad()` between it and `step()`"),  # zero_grad between backward and step: nothing moves
        Wrong(no_step, "No step of this `optimizer` uses them"),  # no step is taken
        Wrong(one_step_after_all, "One step for all batches together"),  # one step at the end, gradients of all batches added
        Wrong(sum_of_squares, "This is the sum of the squares"),  # sum in place of mean
        Wrong(absolute_misses, "This is the absolute error"),  # mean absolute error
        Wrong(column_against_row, "Each output was compared with every target", first="neutral"),  # (n, 1) − (n,): every prediction against every target
        Wrong(zeroed_once, "`zero_grad()` stands before the loop"),  # zero_grad once before the loop: gradients add up
        Wrong(returns_after_one, "Only the first batch was used"),  # return in the loop: the first batch only
        Wrong(not_recorded, "`backward()` finds no recorded computation"),  # no_grad round the loss: nothing recorded, backward fails
        Wrong(root_of_the_mean_square, "The root changes the size of every gradient"),  # the root of the mean squared error
        Wrong(backward_forgotten, "Does `backward()` fill it"),  # backward is missing, so step has no gradient
        Wrong(targets_as_a_column, "Each output was compared with every target", seen=True),
    ],
    "best_width": [
        Wrong(lambda losses: min(losses, key=lambda width: min(losses[width])), "the luckiest single seed"),  # by the best seed
        Wrong(lambda losses: min(losses), "That is the narrowest"),  # the smallest width
        Wrong(lowest_mean_itself, "This is the lowest mean loss itself"),  # the lowest mean, not its width
        Wrong(lambda losses: max(losses, key=lambda w: sum(losses[w]) / len(losses[w])), "the highest mean loss"),  # the highest mean
        Wrong(lambda losses: min(losses, key=lambda w: statistics.median(losses[w])), "You went by the median", first="neutral"),  # by the median
        Wrong(lambda losses: sorted(losses, key=lambda w: max(losses[w]))[0], "the mildest worst seed"),  # by the worst seed
        Wrong(position, "This is its place in the list"),  # the position in the dict, not the width
        Wrong(lambda losses: min(losses, key=losses.get), "You compared first seeds only"),  # compares the lists, so by the first seed
        Wrong(pairs, "the width together with its losses", first="neutral"),  # the pair of width and losses
        Wrong(best_never_updated, "That is the last width in the dict", first="wrongly named"),  # best is never updated, so the last width wins
        Wrong(lambda losses: min(losses.values(), key=mean), "Those are the losses of that width", first="neutral"),  # the losses of the best width, not the width
        Wrong(width_and_its_mean, NEUTRAL, seen=True),
        Wrong(keeps_the_last, "That is the last width in the dict", seen=True),
        Wrong(median_by_numpy, "You went by the median", seen=True),
        Wrong(sorted_pairs, "the width together with its losses", seen=True),
    ],
    "order_size": [
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + residuals.quantile(too_many / (too_few + too_many)), "Your share is the other way round"),  # the costs are exchanged
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + torch.quantile(residuals, too_few / too_many), "few / many is no share"),  # too_few / too_many is no share: above 1
        Wrong(lambda forecast, residuals, too_few, too_many: residuals.quantile(share(too_few, too_many)), "This is the quantile of the residuals alone"),  # the quantile alone, the forecast is missing
        Wrong(lambda forecast, residuals, too_few, too_many: forecast - residuals.quantile(share(too_few, too_many)).item(), "You took the quantile away"),  # subtracted
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + residuals.mean(), "The mean of the residuals knows nothing"),  # the mean residual, costs not used
        Wrong(lambda forecast, residuals, too_few, too_many: forecast * (1 + share(too_few, too_many)), "The share multiplies the forecast", first="neutral"),  # the share of the forecast is added, residuals not used
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + np.quantile(residuals.abs(), too_few / (too_few + too_many)), "The signs of the residuals are gone", first="neutral"),  # sizes of the residuals: signs lost
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + residuals.quantile(0.75), "0.75 belongs to costs of 3 and 1", first="neutral"),  # 0.75 fixed whatever the costs are
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + residuals.std() * too_few / (too_few + too_many), NEUTRAL),  # the sd times the share, no quantile
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + np.percentile(residuals, share(too_few, too_many)), "`percentile` counts up to 100", first="neutral"),  # percentile counts in per cent: 0.75 % in place of 75 %
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + residuals.quantile(too_few / too_few + too_many), "Without brackets few / few + many", first="neutral"),  # brackets missing under the fraction line: above 1
        Wrong(seventy_five_per_cent, "0.75 belongs to costs of 3 and 1", seen=True),
        Wrong(sizes_sorted, "The signs of the residuals are gone", seen=True),
        Wrong(forecast_made_larger, "The share multiplies the forecast", seen=True),
    ],
}
