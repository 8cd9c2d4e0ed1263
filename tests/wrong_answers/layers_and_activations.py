"""Wrong answers to the exercises of lesson 07, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B023, B905, E501, E731, F821, F841

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
        Wrong(each_by_its_own, "You scaled the test rows by their own numbers", idea="M24"),  # test rows by their own mean and sd
        Wrong(both_together, "Test rows went into your mean", idea="M24"),  # mean and sd of both parts together: test rows leak
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
        Wrong(Column, "Your outputs are a column", idea="M05"),  # (n, 1) and not (n,)
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
        Wrong(gradients_pile_up, "Gradients of earlier steps add up", idea="M07"),  # zero_grad is missing: gradients add up
        Wrong(zeroed_before_the_step, "`zero_grad()` between it and `step()`", idea="M08"),  # zero_grad between backward and step: nothing moves
        Wrong(no_step, "No step of this `optimizer` uses them", idea="M35"),  # no step is taken
        Wrong(one_step_after_all, "One step for all batches together"),  # one step at the end, gradients of all batches added
        Wrong(sum_of_squares, "This is the sum of the squares", idea="M15"),  # sum in place of mean
        Wrong(absolute_misses, "This is the absolute error"),  # mean absolute error
        Wrong(column_against_row, "Each output was compared with every target", first="neutral", idea="M05"),  # (n, 1) − (n,): every prediction against every target
        Wrong(zeroed_once, "`zero_grad()` stands before the loop", idea="M07"),  # zero_grad once before the loop: gradients add up
        Wrong(returns_after_one, "Only the first batch was used"),  # return in the loop: the first batch only
        Wrong(not_recorded, "`backward()` finds no recorded computation"),  # no_grad round the loss: nothing recorded, backward fails
        Wrong(root_of_the_mean_square, "The root changes the size of every gradient"),  # the root of the mean squared error
        Wrong(backward_forgotten, "Does `backward()` fill it", idea="M08"),  # backward is missing, so step has no gradient
        Wrong(targets_as_a_column, "Each output was compared with every target", seen=True, idea="M05"),
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
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + residuals.std() * too_few / (too_few + too_many), "a share of the standard deviation", first="neutral"),  # the sd times the share, no quantile
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + np.percentile(residuals, share(too_few, too_many)), "`percentile` counts up to 100", first="neutral"),  # percentile counts in per cent: 0.75 % in place of 75 %
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + residuals.quantile(too_few / too_few + too_many), "Without brackets few / few + many", first="neutral"),  # brackets missing under the fraction line: above 1
        Wrong(seventy_five_per_cent, "0.75 belongs to costs of 3 and 1", seen=True),
        Wrong(sizes_sorted, "The signs of the residuals are gone", seen=True),
        Wrong(forecast_made_larger, "The share multiplies the forecast", seen=True),
    ],
}


# By other learners, again without a look at the catalogue: beginners, people from NumPy and from statistics

def scaled_each(train, test):
    return tuple((part - part.mean(axis=0)) / part.std(axis=0) for part in (train, test))


def scaled_overall(train, test):
    mean = torch.mean(train)
    sd = torch.std(train)
    return (train - mean) / sd, (test - mean) / sd


def scaled_rows(train, test):
    mean = train.mean(dim=1, keepdim=True)
    sd = train.std(dim=1, keepdim=True)
    return (train - mean) / sd, (test - test.mean(1, keepdim=True)) / test.std(1, keepdim=True)


def scaled_together(train, test):
    from sklearn.preprocessing import StandardScaler
    both = StandardScaler().fit(torch.vstack([train, test]).numpy())
    return torch.tensor(both.transform(train.numpy())), torch.tensor(both.transform(test.numpy()))


def scaled_variance(train, test):
    mean = train.mean(0)
    sd = ((train - mean) ** 2).sum(0) / (len(train) - 1)
    return (train - mean) / sd, (test - mean) / sd


def scaled_min_max(train, test):
    low, high = train.min(0).values, train.max(0).values
    return (train - low) / (high - low), (test - low) / (high - low)


def scaled_brackets(train, test):
    mean = train.mean(dim=0)
    sd = train.std(dim=0)
    return train - mean / sd, test - mean / sd


def scaled_train_only(train, test):
    mean = train.mean(dim=0)
    sd = train.std(dim=0)
    train = (train - mean) / sd
    return train, test


def scaled_own_spread(train, test):
    m = train.mean(0)
    out = []
    for part in [train, test]:
        out.append((part - m) / part.std(0))
    return out[0], out[1]


def scaled_order(train, test):
    mean, sd = train.mean(0), train.std(0)
    return (test - mean) / sd, (train - mean) / sd


def scaled_by_test(train, test):
    sd, mean = torch.std_mean(test, dim=0)
    return (train - mean) / sd, (test - mean) / sd


def interaction_shapes(hours, working):
    return hours * working


def interaction_filter(hours, working):
    return hours[working == 1]


def interaction_days_off(hours, working):
    return hours * (working == 0).unsqueeze(1)


def interaction_beside(hours, working):
    return torch.hstack((hours, working.reshape(-1, 1)))


def interaction_sum(hours, working):
    return hours + working[:, None]


def interaction_einsum(hours, working):
    return torch.einsum("nh,n->h", hours, working)


def interaction_loop(hours, working):
    for row, day in zip(hours, working):
        if day == 0:
            row = row * 0
    return hours


def interaction_number(hours, working):
    return hours.argmax(dim=1) * working


def interaction_or(hours, working):
    return (hours.bool() | working.bool().unsqueeze(1)).to(hours.dtype)


class DemandLinear(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        X = self.hidden(X)
        X = self.output(X)
        return X.flatten()


class DemandColumn(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(self.hidden(X).relu())


class DemandBuildsRelu(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(nn.ReLU(self.hidden(X))).squeeze(1)


class DemandReluTwice(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return torch.relu(self.output(torch.relu(self.hidden(X)))).squeeze(-1)


class DemandReluFirst(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(self.hidden(F.relu(X))).squeeze(1)


class DemandSigmoid(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        h = torch.sigmoid(self.hidden(X))
        return self.output(h)[:, 0]


class DemandNewLayers(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.n_columns, self.width = n_columns, width
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        net = nn.Sequential(nn.Linear(self.n_columns, self.width), nn.ReLU(), nn.Linear(self.width, 1))
        return net(X).squeeze(1)


class DemandSumOfUnits(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return F.relu(self.hidden(X)).sum(dim=1)


class DemandNoGrad(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        with torch.no_grad():
            h = torch.clamp(self.hidden(X), min=0)
            return self.output(h).squeeze(1)


class DemandNoBias(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        h = torch.relu(X @ self.hidden.weight.T)
        return (h @ self.output.weight.T + self.output.bias).squeeze(1)


class DemandReluLate(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return F.relu(self.output(self.hidden(X))).view(-1)


def one_epoch_no_zero(model, batches, optimizer):
    model.train()
    for X, y in batches:
        prediction = model(X)
        loss = ((prediction - y) ** 2).mean()
        loss.backward()
        optimizer.step()


def one_epoch_zero_late(model, batches, optimizer):
    for X, y in batches:
        loss = F.mse_loss(model(X), y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()


def one_epoch_single_step(model, batches, optimizer):
    optimizer.zero_grad()
    for X, y in batches:
        F.mse_loss(model(X), y).backward()
    optimizer.step()


def one_epoch_sum(model, batches, optimizer):
    criterion = nn.MSELoss(reduction="sum")
    for X, y in batches:
        optimizer.zero_grad()
        criterion(model(X), y).backward()
        optimizer.step()


def one_epoch_absolute(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = (model(X) - y).abs().mean()
        loss.backward()
        optimizer.step()


def one_epoch_returns_early(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), y)
        loss.backward()
        optimizer.step()
        return loss.item()


def one_epoch_own_optimizer(model, batches, optimizer):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for X, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), y)
        loss.backward()
        optimizer.step()


def one_epoch_broadcast(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = torch.mean((model(X) - y.unsqueeze(1)) ** 2)
        loss.backward()
        optimizer.step()


def one_epoch_no_step(model, batches, optimizer):
    losses = []
    for X, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), y)
        loss.backward()
        losses.append(loss.item())
    return sum(losses) / len(losses)


def one_epoch_step_first(model, batches, optimizer):
    for X, y in batches:
        loss = F.mse_loss(model(X), y)
        optimizer.zero_grad()
        optimizer.step()
        loss.backward()


def one_epoch_rmse(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), y).sqrt()
        loss.backward()
        optimizer.step()


def best_width_max(losses):
    return max(losses, key=lambda width: np.mean(losses[width]))


def best_width_lucky(losses):
    best, lowest = None, float("inf")
    for width, values in losses.items():
        for v in values:
            if v < lowest:
                best, lowest = width, v
    return best


def best_width_loss(losses):
    return min(sum(v) / len(v) for v in losses.values())


def best_width_smallest(losses):
    return min(losses)


def best_width_lists(losses):
    return min(losses, key=losses.get)


def best_width_place(losses):
    means = torch.tensor(list(losses.values())).mean(dim=1)
    return means.argmin().item()


def best_width_spread(losses):
    return sorted(losses, key=lambda w: np.std(losses[w]))[0]


def best_width_worst(losses):
    return min(losses.items(), key=lambda item: max(item[1]))[0]


def order_size_swapped(forecast, residuals, too_few, too_many):
    return forecast + torch.quantile(residuals, too_many / (too_many + too_few))


def order_size_no_forecast(forecast, residuals, too_few, too_many):
    share = too_few / (too_few + too_many)
    return residuals.quantile(share)


def order_size_percentile(forecast, residuals, too_few, too_many):
    return forecast + np.percentile(np.asarray(residuals), too_few / (too_few + too_many))


def order_size_minus(forecast, residuals, too_few, too_many):
    return forecast - residuals.quantile(too_few / (too_few + too_many))


def order_size_times(forecast, residuals, too_few, too_many):
    return forecast * too_few / too_many


def order_size_abs(forecast, residuals, too_few, too_many):
    q = too_few / (too_few + too_many)
    return forecast + torch.quantile(residuals.abs(), q)


def order_size_sd(forecast, residuals, too_few, too_many):
    return forecast + too_few / (too_few + too_many) * residuals.std()


def order_size_constant(forecast, residuals, too_few, too_many):
    return forecast + residuals.quantile(0.75)


def order_size_normal(forecast, residuals, too_few, too_many):
    share = torch.tensor(too_few / (too_few + too_many))
    return forecast + residuals.mean() + residuals.std() * torch.distributions.Normal(0.0, 1.0).icdf(share)


def order_size_largest(forecast, residuals, too_few, too_many):
    return forecast + max(residuals) * too_few / (too_few + too_many)


MORE = {
    "tomorrow": [
        Wrong(1500, "Your guess is `1500`; it can lie from 0 to 1000."),  # A guess beyond the range that was asked for.
    ],
    "leaks": [
        Wrong('b', "What you chose is right, and there is more."),  # Overlooks that members' rentals are not known either.
        Wrong('b, d, e', "The year is known the evening before."),  # Takes the year for something unknown the evening before.
        Wrong('a, b, d', "The hour is known long before"),  # Takes the hour for something unknown the evening before.
        Wrong('c, e', "The calendar is known long before."),  # Names the calendar and overlooks the counts.
        Wrong('b, c, d', "The calendar is known long before."),  # Takes the working day for unknown.
    ],
    "scaled": [
        Wrong(scaled_each, "You scaled the test rows by their own numbers.", idea="M24"),  # The test part is scaled by its own mean and spread.
        Wrong(scaled_overall, "You took one mean over all columns."),  # One mean and one spread of all numbers, not one for each column.
        Wrong(scaled_rows, "Each row came out with mean 0"),  # Along the rows: dim=1.
        Wrong(scaled_together, "Test rows went into your mean and standard deviation.", idea="M24"),  # Mean and spread of both parts together: test rows leak in.
        Wrong(scaled_variance, "You divided by the variance."),  # Divides by the variance.
        Wrong(scaled_min_max, "Your train columns go from 0 to 1, by their lowest and"),  # Min-max scaling: to 0…1 by the training part's extremes.
        Wrong(scaled_brackets, "Only the mean is divided"),  # Brackets missing: only the mean is divided by sd.
        Wrong(scaled_train_only, "The test rows came out as they went in."),  # The test part comes back as it was.
        Wrong(scaled_own_spread, "The mean is that of the train rows, and each part was divided", first="neutral", idea="M24"),  # The mean is the training part's, the spread each part's own.
        Wrong(scaled_order, "The two parts are in the wrong order", first="neutral"),  # The two parts come back in the wrong order.
        Wrong(scaled_by_test, "Mean and standard deviation are those of the test rows.", first="neutral", idea="M24"),  # Mean and spread come from the test part.
    ],
    "interaction": [
        Wrong(interaction_shapes, "Shapes (n, h) and (n,) do not line up."),  # Shapes (n, h) and (n,) multiplied as they are.
        Wrong(interaction_filter, "The days off are gone."),  # Keeps only the rows of working days: fewer than n.
        Wrong(interaction_days_off, "These are the hours of days off"),  # The hours on days off.
        Wrong(interaction_beside, "You put `working` beside the hours, as one more column."),  # The working column is put beside the hours, nothing is multiplied.
        Wrong(interaction_sum, "A sum adds the same to every hour, which a linear model does"),  # Added instead of multiplied.
        Wrong(interaction_einsum, "You summed over the rows."),  # A sum over the rows: how many working days had each hour.
        Wrong(interaction_loop, "The hours came back as they were, those of days off too.", first="neutral"),  # The loop binds a new name; the rows of `hours` never change.
        Wrong(interaction_number, "One number a row came out"),  # The hour as a number times working: one column.
        Wrong(interaction_or, "A 1 stands where it is that hour or the day works.", first="neutral"),  # Either, instead of both: or.
    ],
    "Demand": [
        Wrong(DemandLinear, "Nothing bends between the two layers, so they collapse into"),  # No activation between the layers.
        Wrong(DemandColumn, "Your outputs are a column, (n, 1), and the targets a row", idea="M05"),  # The shape stays (n, 1).
        Wrong(DemandBuildsRelu, "`nn.ReLU(…)` makes a layer and computes nothing."),  # nn.ReLU(...) builds a layer instead of applying one.
        Wrong(DemandReluTwice, "A second ReLU stands behind the output."),  # A ReLU on the output as well: no forecast below 0.
        Wrong(DemandReluFirst, "The ReLU cuts the columns of X, before the first layer."),  # The ReLU stands before the hidden layer, on the columns.
        Wrong(DemandSigmoid, "That is a sigmoid."),  # Sigmoid units where ReLU units are asked for.
        Wrong(DemandNewLayers, "Every call gives other outputs.", first="neutral"),  # New layers are made in forward, with new random weights at every call.
        Wrong(DemandSumOfUnits, "The units were put together without weights.", first="neutral"),  # The output layer is left out: the units are added up.
        Wrong(DemandNoGrad, "No gradient gets from the outputs to the weights."),  # Computed under no_grad: the model cannot learn.
        Wrong(DemandNoBias, "The first layer's bias is missing.", first="neutral"),  # The weights by hand, and the hidden bias is forgotten.
        Wrong(DemandReluLate, "ReLU stands behind the last layer."),  # One relu too late: on the output instead of the hidden units.
    ],
    "one_epoch": [
        Wrong(one_epoch_no_zero, "Gradients of earlier steps add up in `.grad`.", idea="M07"),  # No zero_grad: gradients of all batches pile up.
        Wrong(one_epoch_zero_late, "The weights stand still, and no gradient lies in `.grad`.", idea="M08"),  # zero_grad between backward and step wipes the gradient out.
        Wrong(one_epoch_single_step, "One step for all batches together."),  # One step after all batches.
        Wrong(one_epoch_sum, "This is the sum of the squares, so large batches step further.", idea="M15"),  # The sum of the squared errors instead of their mean.
        Wrong(one_epoch_absolute, "This is the absolute error."),  # The absolute error instead of the squared one.
        Wrong(one_epoch_returns_early, "Only the first batch was used."),  # return inside of the loop: only the first batch is used.
        Wrong(one_epoch_own_optimizer, "The weights moved, and no step of the `optimizer` that was", first="neutral"),  # An optimizer of its own: the one that was handed over takes no step.
        Wrong(one_epoch_broadcast, "Each output was compared with every target", idea="M05"),  # Targets (n, 1) against predictions (n,): all with all.
        Wrong(one_epoch_no_step, "The weights stand still, though gradients lie in `.grad`.", idea="M35"),  # No step: gradients are computed and never used.
        Wrong(one_epoch_step_first, "The weights stand still.", first="neutral", idea="M35"),  # step() before backward(): each step uses the gradient of the batch before, then it is wiped.
        Wrong(one_epoch_rmse, "The root changes the size of every gradient."),  # The root of the mean squared error (RMSE) is minimised.
    ],
    "best_width": [
        Wrong(best_width_max, "That is the width with the highest mean loss."),  # The width with the largest mean loss.
        Wrong(best_width_lucky, "That width has the luckiest single seed."),  # The width with the luckiest seed: the lowest single loss.
        Wrong(best_width_loss, "This is the lowest mean loss itself."),  # Gives back the lowest mean loss, not its width.
        Wrong(best_width_smallest, "That is the narrowest."),  # min of a dictionary looks at its keys: the smallest width.
        Wrong(best_width_lists, "You compared first seeds only."),  # Lists are compared by their first entry: only the first seed counts.
        Wrong(best_width_place, "This is its place in the list."),  # argmin gives the place in the list, not the width.
        Wrong(best_width_spread, "The seeds of that width differ least.", first="neutral"),  # The steadiest width: smallest spread.
        Wrong(best_width_worst, "That width has the mildest worst seed."),  # By the worst seed of each width.
    ],
    "order_size": [
        Wrong(order_size_swapped, "Your share is the other way round"),  # The costs are swapped in the share.
        Wrong(order_size_no_forecast, "This is the quantile of the residuals alone."),  # The forecast is not added.
        Wrong(order_size_percentile, "That is a quantile of 0.75 %"),  # np.percentile counts from 0 to 100: a share is given where per cent are asked.
        Wrong(order_size_minus, "You took the quantile away."),  # The quantile is subtracted.
        Wrong(order_size_times, "The costs do not multiply the forecast."),  # The forecast multiplied by the ratio of costs.
        Wrong(order_size_abs, "The signs of the residuals are gone."),  # The quantile of the sizes of the residuals, signs thrown away.
        Wrong(order_size_sd, "You added a share of the standard deviation.", first="neutral"),  # A share of the standard deviation is added, not a quantile.
        Wrong(order_size_constant, "0.75 belongs to costs of 3 and 1."),  # 0.75 is written in: the costs are not looked at.
        Wrong(order_size_normal, "That is the quantile of a normal curve with their mean and", first="neutral"),  # A normal distribution is assumed in place of the residuals' own quantile.
        Wrong(order_size_largest, "You added a share of the largest residual.", first="neutral"),  # The share times the largest residual.
    ],
}

WRONG = {name: [*WRONG.get(name, []), *MORE.get(name, [])] for name in WRONG | MORE}


class MeanOverTheHours(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(torch.relu(self.hidden(X))).mean(dim=0)


def step_behind_the_loop(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), y)
        loss.backward()
    optimizer.step()


def fraction_of_its_own(forecast, residuals, too_few, too_many):
    return forecast + residuals.quantile(too_few / too_many / 100)


for _name, _answers in {
    "Demand": [
        Wrong(MeanOverTheHours, NEUTRAL),  # mean over the hours: one number
    ],
    "one_epoch": [
        Wrong(step_behind_the_loop, "with the gradient of the last batch alone", first="neutral"),  # step after the loop: only the last batch counts
    ],
    "order_size": [
        Wrong(fraction_of_its_own, NEUTRAL),  # a fraction of its own
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Written blind, another time

def mean_and_deviation_of_both_parts(train, test):
    both = torch.cat([train, test])
    m, s = (both.mean(dim=0), both.std(dim=0))
    return ((train - m) / s, (test - m) / s)


def one_mean_and_one_deviation_of(train, test):
    mean, sd = (train.mean(), train.std())
    return ((train - mean) / sd, (test - mean) / sd)


def variance_in_place_of_the_deviation(train, test):
    mean = train.mean(0)
    sd = train.var(0)
    return ((train - mean) / sd, (test - mean) / sd)


def min_max_scaling(train, test):
    lo, hi = (train.min(0).values, train.max(0).values)
    return ((train - lo) / (hi - lo), (test - lo) / (hi - lo))


def test_left_as_it_was(train, test):
    mean = train.mean(0)
    sd = train.std(0)
    return ((train - mean) / sd, test)


def brackets_sd_divides_the_mean_only(train, test):
    mean = train.mean(0)
    sd = train.std(0)
    return (train - mean / sd, test - mean / sd)


def no_division(train, test):
    mean = train.mean(0)
    return (train - mean, test - mean)


def test_by_train_s_mean_and(train, test):
    a, b = (torch.empty_like(train), torch.empty_like(test))
    for j in range(train.shape[1]):
        m = train[:, j].mean()
        a[:, j] = (train[:, j] - m) / train[:, j].std()
        b[:, j] = (test[:, j] - m) / test[:, j].std()
    return (a, b)


def each_row_not_each_column(train, test):
    mean = train.mean(1, keepdim=True)
    sd = train.std(1, keepdim=True)
    return ((train - mean) / sd, (test - test.mean(1, keepdim=True)) / test.std(1, keepdim=True))


def mean_and_deviation_of_test(train, test):
    mean, sd = (test.mean(0), test.std(0))
    return ((train - mean) / sd, (test - mean) / sd)


def the_two_parts_swapped(train, test):
    mean, sd = (train.mean(0), train.std(0))
    return ((test - mean) / sd, (train - mean) / sd)


class no_activation(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(self.hidden(X)).squeeze(1)


class relu_behind_the_last_layer_too(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        h = F.relu(self.hidden(X))
        return F.relu(self.output(h))[:, 0]


class shape_n_1(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(torch.relu(self.hidden(X)))


class squeeze_without_a_dim_one_row(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(torch.relu(self.hidden(X))).squeeze()


class sigmoid_in_place_of_relu(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(torch.sigmoid(self.hidden(X))).flatten()


class relu_on_the_columns_before_the(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(self.hidden(F.relu(X))).squeeze(-1)


class the_sum_of_the_rows_one(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(F.relu(self.hidden(X))).sum()


class nn_relu_h_makes_a_layer(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        h = nn.ReLU(self.hidden(X))
        return self.output(h).squeeze(1)


class new_layers_at_every_call(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.n, self.w = (n_columns, width)

    def forward(self, X):
        h = F.relu(nn.Linear(self.n, self.w)(X))
        return nn.Linear(self.w, 1)(h).squeeze(1)


class relu_at_the_end_in_place(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return F.relu(self.output(self.hidden(X)).squeeze(1))


class abs_for_relu(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(self.hidden(X).abs()).squeeze(1)


class forgets_to_return(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        h = F.relu(self.hidden(X))
        self.output(h).squeeze(1)


class exp_of_the_output(nn.Module):

    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden = nn.Linear(n_columns, width)
        self.output = nn.Linear(width, 1)

    def forward(self, X):
        return self.output(F.relu(self.hidden(X))).squeeze(1).exp()


def gradients_never_zeroed(model, batches, optimizer):
    for X, y in batches:
        loss = torch.mean((model(X) - y) ** 2)
        loss.backward()
        optimizer.step()


def zero_grad_between_backward_and_step(model, batches, optimizer):
    for X, y in batches:
        loss = F.mse_loss(model(X), y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()


def one_step_at_the_end_only(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), y)
        loss.backward()
    optimizer.step()


def returns_after_the_first_batch(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), y)
        loss.backward()
        optimizer.step()
        return loss.item()


def sum_of_squares_2(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = ((model(X) - y) ** 2).sum()
        loss.backward()
        optimizer.step()


def absolute_errors(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        (model(X) - y).abs().mean().backward()
        optimizer.step()


def root_of_the_mean_square_2(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        torch.sqrt(F.mse_loss(model(X), y)).backward()
        optimizer.step()


def step_before_backward(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), y)
        optimizer.step()
        loss.backward()


def gradients_zeroed_once_before_the_loop(model, batches, optimizer):
    optimizer.zero_grad()
    for X, y in batches:
        loss = F.mse_loss(model(X), y)
        loss.backward()
        optimizer.step()


def no_step_at_all(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), y)
        loss.backward()


def all_batches_in_one_step(model, batches, optimizer):
    X = torch.cat([X for X, _ in batches])
    y = torch.cat([y for _, y in batches])
    optimizer.zero_grad()
    F.mse_loss(model(X), y).backward()
    optimizer.step()


def half_of_the_squares(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = 0.5 * ((model(X) - y) ** 2).mean()
        loss.backward()
        optimizer.step()


def recording_switched_off(model, batches, optimizer):
    with torch.no_grad():
        for X, y in batches:
            optimizer.zero_grad()
            loss = F.mse_loss(model(X), y)
            loss.backward()
            optimizer.step()


def n_1_against_n_every_output(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        out = model(X).reshape(-1, 1)
        loss = ((out - y) ** 2).mean()
        loss.backward()
        optimizer.step()


def loss_item_has_no_backward(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = F.mse_loss(model(X), y).item()
        loss.backward()
        optimizer.step()


def the_first_seed_alone(losses):
    best = None
    for w in losses:
        if best is None or losses[w][0] < losses[best][0]:
            best = w
    return best


for _name, _answers in {
    "scaled": [
        Wrong(lambda train, test: ((train - train.mean(0)) / train.std(0), (test - test.mean(0)) / test.std(0)), "You scaled the test rows by their own numbers. One row of", idea="M24"),  # the test part by its own mean and deviation
        Wrong(mean_and_deviation_of_both_parts, "Test rows went into your mean and standard deviation. They must", idea="M24"),  # mean and deviation of both parts together
        Wrong(one_mean_and_one_deviation_of, "You took one mean over all columns. Each column has its own"),  # one mean and one deviation of the whole table
        Wrong(variance_in_place_of_the_deviation, "You divided by the variance. Its root, the standard deviation"),  # variance in place of the deviation
        Wrong(min_max_scaling, "Your train columns go from 0 to 1, by their lowest and highest"),  # min-max scaling
        Wrong(test_left_as_it_was, "The test rows came out as they went in. Were they left out? Or"),  # test left as it was
        Wrong(brackets_sd_divides_the_mean_only, "Only the mean is divided: brackets belong round `train - mean"),  # brackets: sd divides the mean only
        Wrong(no_division, "The columns still differ in size. After the mean is gone"),  # no division
        Wrong(test_by_train_s_mean_and, "The mean is that of the train rows, and each part was divided", idea="M24"),  # test by train's mean and its own deviation (loop)
        Wrong(each_row_not_each_column, "Each row came out with mean 0: you went along the rows. A"),  # each row, not each column
        Wrong(mean_and_deviation_of_test, "Mean and standard deviation are those of the test rows. On the", idea="M24"),  # mean and deviation of test
        Wrong(the_two_parts_swapped, "The two parts are in the wrong order: `train` first"),  # the two parts swapped
    ],
    "interaction": [
        Wrong(lambda hours, working: hours * working, "Shapes (n, h) and (n,) do not line up. Make `working` a column"),  # working as a row: shapes do not fit
        Wrong(lambda hours, working: hours + working.unsqueeze(1), "A sum adds the same to every hour, which a linear model does"),  # adds instead of multiplying
        Wrong(lambda hours, working: hours[working == 1], "The days off are gone. Every row stays; on a day off it holds"),  # drops the days off
        Wrong(lambda hours, working: torch.where(working[:, None] == 0, hours, torch.zeros_like(hours)), "These are the hours of days off: rows with `working` 0 must"),  # hours on days off
        Wrong(lambda hours, working: torch.cat([hours, working[:, None]], dim=1), "You put `working` beside the hours, as one more column"),  # puts working beside the hours
        Wrong(lambda hours, working: hours.T * working, "the needed one with rows and columns exchanged"),  # transposed: (h, n)
        Wrong(lambda hours, working: hours.argmax(dim=1) * working, "One number a row came out: the number of the hour. Keep the h"),  # hour's number times working: one column
        Wrong(lambda hours, working: working[:, None].expand(-1, hours.shape[1]), "Yours stays the same when `hours` changes"),  # working repeated, hours forgotten
        Wrong(lambda hours, working: working @ hours, "You summed over the rows. Each row keeps its own h entries, so"),  # a matrix product: counts an hour over all rows
        Wrong(lambda hours, working: torch.maximum(hours, working[:, None]), "A 1 stands where it is that hour or the day works. Both are to"),  # or in place of and
    ],
    "Demand": [
        Wrong(no_activation, "Nothing bends between the two layers, so they collapse into"),  # no activation
        Wrong(relu_behind_the_last_layer_too, "A second ReLU stands behind the output. The scaled target goes"),  # ReLU behind the last layer too
        Wrong(shape_n_1, "Your outputs are a column, (n, 1), and the targets a row, (n,)", idea="M05"),  # shape (n, 1)
        Wrong(squeeze_without_a_dim_one_row, "Of a single row comes a number, with no dimension. `squeeze()", first="accepted", idea="M05"),  # squeeze without a dim: one row gives a scalar
        Wrong(sigmoid_in_place_of_relu, "That is a sigmoid. It bends as well, but ReLU was asked for"),  # sigmoid in place of ReLU
        Wrong(relu_on_the_columns_before_the, "The ReLU cuts the columns of X, before the first layer. It"),  # ReLU on the columns, before the hidden layer
        Wrong(the_sum_of_the_rows_one, "is there a `.mean()` or `.sum()` too many"),  # the sum of the rows: one number for all
        Wrong(nn_relu_h_makes_a_layer, "`nn.ReLU(…)` makes a layer and computes nothing. Call what it"),  # nn.ReLU(h) makes a layer
        Wrong(new_layers_at_every_call, "`forward` makes new layers at each call, so nothing is there", first="neutral"),  # new layers at every call
        Wrong(relu_at_the_end_in_place, "ReLU stands behind the last layer. It belongs between the two"),  # ReLU at the end in place of in the middle
        Wrong(abs_for_relu, "That is the size of each sum, `abs`. It bends as well, but ReLU", first="neutral"),  # abs for ReLU
        Wrong(forgets_to_return, "`forward` gives back None. End it with `return`, and the"),  # forgets to return
        Wrong(exp_of_the_output, "e to the power of the needed one"),  # exp of the output
    ],
    "one_epoch": [
        Wrong(gradients_never_zeroed, "Gradients of earlier steps add up in `.grad`. Call", idea="M07"),  # gradients never zeroed
        Wrong(zero_grad_between_backward_and_step, "The weights stand still, and no gradient lies in `.grad`. Does", idea="M08"),  # zero_grad between backward and step
        Wrong(one_step_at_the_end_only, "One step was made, with the gradient of the last batch alone"),  # one step at the end only
        Wrong(returns_after_the_first_batch, "Only the first batch was used. Is `return` inside the loop? One"),  # returns after the first batch
        Wrong(sum_of_squares_2, "This is the sum of the squares, so large batches step further", idea="M15"),  # sum of squares
        Wrong(absolute_errors, "This is the absolute error. The squared one was asked for"),  # absolute errors
        Wrong(root_of_the_mean_square_2, "The root changes the size of every gradient. Minimise the mean"),  # root of the mean square
        Wrong(step_before_backward, "The weights stand still. `step()` runs while `.grad` is empty", idea="M35"),  # step before backward
        Wrong(gradients_zeroed_once_before_the_loop, "`zero_grad()` stands before the loop, so gradients add up from", idea="M07"),  # gradients zeroed once, before the loop
        Wrong(no_step_at_all, "The weights stand still, though gradients lie in `.grad`. No", idea="M35"),  # no step at all
        Wrong(all_batches_in_one_step, "The batches were put together, for one step. Each batch takes a", first="neutral"),  # all batches in one step
        Wrong(half_of_the_squares, "Each step is half as long as it should be. Is there a ½ before", first="neutral"),  # half of the squares
        Wrong(recording_switched_off, "`backward()` finds no recorded computation"),  # recording switched off
        Wrong(n_1_against_n_every_output, "Each output was compared with every target: (n, 1) against (n,)", idea="M05"),  # (n,1) against (n,): every output with every target
        Wrong(loss_item_has_no_backward, "A bare number, as from `.item()`, has no `backward`"),  # loss.item() has no backward
    ],
    "best_width": [
        Wrong(lambda losses: min(losses, key=lambda w: min(losses[w])), "That width has the luckiest single seed. Take the mean over its"),  # the luckiest seed
        Wrong(lambda losses: max(losses, key=lambda w: sum(losses[w]) / len(losses[w])), "That is the width with the highest mean loss. The lowest is"),  # the highest mean
        Wrong(lambda losses: min(np.mean(v) for v in losses.values()), "This is the lowest mean loss itself. Which width has it? Give"),  # gives the loss, not the width
        Wrong(lambda losses: int(np.argmin([np.mean(v) for v in losses.values()])), "This is its place in the list. Give the width itself, the key"),  # gives the position
        Wrong(the_first_seed_alone, "You compared first seeds only. Take the mean over all seeds of"),  # the first seed alone
        Wrong(lambda losses: min(losses, key=lambda w: max(losses[w])), "That width has the mildest worst seed. Take the mean over its"),  # the worst seed
        Wrong(lambda losses: min(losses, key=lambda w: np.std(losses[w])), "The seeds of that width differ least. Steady is not low: take"),  # the smallest spread
        Wrong(lambda losses: min(losses), "That is the narrowest. What did the validation months say?"),  # the narrowest
    ],
    "order_size": [
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + torch.quantile(residuals, too_many / (too_few + too_many)), "Your share is the other way round: the dearer a missing"),  # the fraction upside down
        Wrong(lambda forecast, residuals, too_few, too_many: residuals.quantile(too_few / (too_few + too_many)), "This is the quantile of the residuals alone. Add the forecast"),  # the forecast is not added
        Wrong(lambda forecast, residuals, too_few, too_many: forecast - residuals.quantile(too_few / (too_few + too_many)), "You took the quantile away. A residual is counted − forecast"),  # minus the quantile
        Wrong(lambda forecast, residuals, too_few, too_many: forecast * too_few / (too_few + too_many), "The share multiplies the forecast, and the residuals are not"),  # times the fraction
        Wrong(lambda forecast, residuals, too_few, too_many: forecast * too_few / too_many, "The costs do not multiply the forecast. They say on which share"),  # times the ratio of costs
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + residuals.abs().quantile(too_few / (too_few + too_many)), "The signs of the residuals are gone. Mornings with fewer than"),  # absolute residuals
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + residuals.mean(), "The mean of the residuals knows nothing of the two costs. A"),  # the mean residual
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + residuals.median(), "The median is for equal costs. Which share of the mornings"),  # the median whatever the costs
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + too_few / (too_few + too_many) * residuals.max(), "You added a share of the largest residual. The share is one of"),  # the fraction of the largest residual
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + residuals.mean() + residuals.std() * torch.distributions.Normal(0.0, 1.0).icdf(torch.tensor(too_few / (too_few + too_many))), "That is the quantile of a normal curve with their mean and"),  # assumes a bell curve
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + too_few / (too_few + too_many), "Yours stays the same when `residuals` changes"),  # adds the fraction itself
        Wrong(lambda forecast, residuals, too_few, too_many: forecast + residuals.quantile(too_few / too_many), "few / many is no share: it can pass 1. The share is few / (few"),  # few / many as the share, above 1
    ],
    "recall_test": [
        Wrong('a', "The test rows have chosen, so their score is one of five tries"),  # keeps the best on test
    ],
    "leaks": [
        Wrong('b', "there is more"),  # one of the two
        Wrong('bde', "The year is known the evening before"),  # counts the year too
    ],
    "no_activation": [
        Wrong('b', "Nothing between the two layers bends. A weighted sum of"),  # 64 units bend
    ],
    "starts": [
        Wrong('b', "Every batch is the same for all of them. Equal units get equal"),  # batches part them
    ],
    "baseline": [
        Wrong('a', "A number alone says little. At night a constant misses by 8, so"),  # 9 is less than 90
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


def mean_divided_by_the_rows(model, batches, optimizer):
    for X, y in batches:
        optimizer.zero_grad()
        loss = nn.MSELoss()(model(X), y) / X.shape[0]
        loss.backward()
        optimizer.step()


def mean_of_the_mean(model, batches, optimizer):
    for X, y in batches:
        model.zero_grad()
        off = model(X) - y
        (off.square().mean() / y.numel()).backward()
        optimizer.step()


def sum_divided_by_the_square_of_n(model, batches, optimizer):
    parameters = list(model.parameters())
    for X, y in batches:
        total = sum((model(x[None])[0] - t) ** 2 for x, t in zip(X, y))
        for p, slope in zip(parameters, torch.autograd.grad(total / len(y) ** 2, parameters)):
            p.grad = slope
        optimizer.step()


for _name, _answers in {
    "one_epoch": [
        Wrong(mean_divided_by_the_rows, "`F.mse_loss` has averaged already", seen=True, idea="M17"),
        Wrong(mean_of_the_mean, "`F.mse_loss` has averaged already", seen=True, idea="M17"),
        Wrong(sum_divided_by_the_square_of_n, "`F.mse_loss` has averaged already", seen=True, idea="M17"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# A later round, by another hand: what was accepted, got a wrong name, or no name

class Given(nn.Module):
    def __init__(self, n_columns, width):
        super().__init__()
        self.hidden, self.output = nn.Linear(n_columns, width), nn.Linear(width, 1)


class HiddenCutOff(Given):
    def forward(self, X):
        return self.output(F.relu(self.hidden(X)).detach())[:, 0]


class WithDropout(Given):
    def forward(self, X):
        return self.output(F.dropout(F.relu(self.hidden(X)))).squeeze(1)


class GivesAList(Given):
    def forward(self, X):
        return self.output(F.relu(self.hidden(X))).squeeze(1).tolist()


def steps(model, batches, optimizer, loss=F.mse_loss):
    for X, y in batches:
        optimizer.zero_grad()
        loss(model(X), y).backward()
        optimizer.step()


def in_eval_mode(model, batches, optimizer):
    model.eval()
    steps(model, batches, optimizer)


def a_copy_is_trained(model, batches, optimizer):
    import copy
    mine = copy.deepcopy(model)
    steps(mine, batches, torch.optim.Adam(mine.parameters()))
    return mine


def most_seeds_won(losses):
    winners = [min(losses, key=lambda width: losses[width][i]) for i in range(min(map(len, losses.values())))]
    return max(winners, key=winners.count)


def widest_of_the_near_ones(losses):
    means = {width: sum(values) / len(values) for width, values in losses.items()}
    return max(width for width in means if means[width] <= 1.05 * min(means.values()))


def unsorted_residual(forecast, residuals, too_few, too_many):
    return forecast + residuals[int(too_few / (too_few + too_many) * len(residuals))].item()


for _name, _answers in {
    "Demand": [
        Wrong(HiddenCutOff, "its gradient is cut off on the way", first="accepted"),
        Wrong(WithDropout, "Does something draw, as dropout does", first="wrongly named"),
        Wrong(GivesAList, "A list or array came back", first="wrongly named", never=("a dict is needed",)),
    ],
    "one_epoch": [
        Wrong(in_eval_mode, "the model is left in eval mode", first="accepted"),
        Wrong(a_copy_is_trained, "Nothing reached this model", first="wrongly named", never=("optimizer.step()",)),
        Wrong(lambda model, batches, optimizer: steps(model, batches, optimizer, F.smooth_l1_loss),
              "That is the Huber loss", first="neutral"),
        Wrong(lambda model, batches, optimizer: steps(model, batches * 2, optimizer), "gone through twice",
              first="neutral"),
    ],
    "best_width": [
        Wrong(most_seeds_won, "wins most of the seeds", first="wrongly named"),
        Wrong(widest_of_the_near_ones, NEUTRAL, first="accepted"),
    ],
    "scaled": [
        Wrong(lambda train, test: (train, (test - train.mean(0)) / train.std(0)), "The train rows came out as they went in",
              first="neutral"),
        Wrong(lambda train, test: tuple((part - train.mean(0)) * train.std(0) for part in (train, test)),
              "You multiplied by the standard deviation", first="neutral"),
    ],
    "interaction": [
        Wrong(lambda hours, working: torch.where(working[:, None] == 1, hours, torch.nan), "Days off hold nan",
              first="wrongly named"),
    ],
    "order_size": [Wrong(unsorted_residual, "which is not sorted", first="neutral")],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)
