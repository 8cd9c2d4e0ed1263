"""Wrong answers to the exercises of lesson 00, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B905, E501, E731, F821, F841


import numpy as np
import torch

from wrong_answers import NEUTRAL, Wrong


def last_column_forgotten(X):
    out = X.clone()
    for j in range(X.shape[1] - 1):
        out[:, j] -= out[:, j].mean()
    return out


def return_inside_the_loop(X):
    for j in range(X.shape[1]):
        column = X[:, j]
        return column - column.mean()


def columns_come_as_rows_transposed(X):
    rows = []
    for j in range(X.shape[1]):
        rows.append(X[:, j] - X[:, j].mean())
    return torch.stack(rows)


def first_example_skipped(predicted, y):
    n = 0
    for i in range(1, len(y)):
        if predicted[i, 0] == y[i]:
            n += 1
    return n / len(y)


def return_in_the_loop(predicted, y):
    hits = 0
    for p, t in zip(predicted, y):
        if p == t:
            hits += 1
        return hits / len(y)


def row_means(X):
    out = torch.empty_like(X)
    for i in range(len(X)):
        out[i] = X[i] - sum(X[i]) / len(X[i])
    return out


def row_by_row(X):
    return torch.stack([row - row.mean() for row in X])


def by_numpy_over_all(X):
    return X - float(np.mean(X.numpy()))


def only_the_first_column(X):
    X = X.clone()
    X[:, 0] -= X[:, 0].mean()
    return X


def every_pair_in_a_loop(predicted, y):
    right = 0
    for p in predicted:
        for label in y:
            right += int(p.item() == label.item())
    return right / len(y) ** 2


WRONG = {
    "first_check": [
        Wrong(0.2, NEUTRAL, seen=True),
        Wrong(7 / 30, "The 23 flights already hold the 7 damaged ones", first="neutral"),
        Wrong(16 / 23, "That is the share that came back whole"),
        Wrong(7 * 23, "Part and whole were multiplied", first="neutral"),
        Wrong(30.4, "As a share it would be right; this is in percent"),
        Wrong(0.3, "if it is rounded, give more digits"),
        Wrong(7 // 23, "That is what `//` gives", first="neutral"),
        Wrong(7 / 16, "That is damaged against undamaged, 7 to 16"),
        Wrong(16, "That is how many came back whole", first="neutral"),
        Wrong(23, "That is how many flights there were", first="neutral"),
        Wrong(23 / 30, "The whole is 23 flights; the 7 are among them", first="neutral"),
        Wrong(0.43, NEUTRAL),
        Wrong(3.29, "Upside down"),
    ],
    "bytes_wrap": [
        Wrong(260, "260 does not fit into a byte, which ends at 255"),
        Wrong(255, "Torch does not stop at the top; it begins again at 0"),
        Wrong(250, "That is the value before 10 is added", first="neutral"),
        Wrong(5, "Nearly"),
        Wrong(-6, "The u in `uint8` says unsigned", first="neutral"),
        Wrong(3, "One too few", first="neutral"),
        Wrong(10, "That is what is added", first="neutral"),
        Wrong(0, "0 comes after 255, and then the count goes on", first="neutral"),
        Wrong(6, NEUTRAL),
        Wrong(240, "That is 250 − 10", first="neutral"),
        Wrong(261, NEUTRAL),
    ],
    "centre": [
        Wrong(row_by_row, "mean of each row", seen=True),
        Wrong(by_numpy_over_all, "one mean of the whole table", seen=True),
        Wrong(only_the_first_column, "Only the first column is centred", seen=True, first="neutral"),
        Wrong(lambda X: X - X.mean(), "You took one mean of the whole table off everything"),
        Wrong(lambda X: X - X.mean(dim=1, keepdim=True),
              "You took off the mean of each row, mixing degrees with other units"),
        Wrong(lambda X: X - X.mean(1),
              "You combine n rows with n numbers, and torch lines up the last axes", first="neutral"),
        Wrong(lambda X: X - X.median(dim=0).values, "You took off the median of each column", first="neutral"),
        Wrong(lambda X: (X - X.mean(dim=0)) / X.std(dim=0), "You also divided by the spread"),
        Wrong(lambda X: X + X.mean(dim=0), "The means were added", first="neutral"),
        Wrong(lambda X: X.mean(dim=0) - X, "The sign is turned round"),
        Wrong(lambda X: X.mean(dim=0), "These are the means themselves"),
        Wrong(lambda X: X - X.sum(dim=0), "You took off the sum of each column", first="neutral"),
        Wrong(last_column_forgotten, "The last column is as it was", first="neutral"),
        Wrong(lambda X: np.array([row - np.mean(row) for row in X.numpy()]),
              "You took off the mean of each row, mixing degrees with other units"),
        Wrong(lambda X: X.numpy() - np.average(X.numpy()), "You took one mean of the whole table off everything"),
        Wrong(return_inside_the_loop, "The first column alone is there", first="neutral"),
        Wrong(columns_come_as_rows_transposed, "rows and columns exchanged"),
        Wrong(lambda X: x - x.mean(dim=0), "Python does not know `x`", first="wrongly named"),
        Wrong(lambda X: X - X.min(dim=0).values, "You took off the smallest value of each column", first="neutral"),
        Wrong(lambda X: torch.sub(X, torch.sum(X) / X.numel()), "You took one mean of the whole table off everything"),
        Wrong(row_means, "You took off the mean of each row, mixing degrees with other units"),
        Wrong(lambda X: X - X.sum(0) / X.shape[1], "The sums were divided by the number of columns", first="neutral"),
        Wrong(lambda X: (X.numpy() - X.numpy().mean(0)) / X.numpy().std(0), "You also divided by the spread"),
        Wrong(lambda X: X / X.mean(dim=0), "You divided by the means", first="neutral"),
        Wrong(lambda X: X - X.max(dim=0)[0], "You took off the largest value of each column", first="neutral"),
        Wrong(lambda X: X - X[:, 0].mean(), "You took the mean of the first column off all of them", first="neutral"),
        Wrong(lambda X: X.mean(dim=1, keepdim=True) - X,
              "You used the mean of each row, and the sign is turned round", first="neutral"),
    ],
    "share_right": [
        Wrong(every_pair_in_a_loop, "every prediction with every label", seen=True),
        Wrong(lambda predicted, y: (predicted == y).float().mean(),
              "You compared every prediction with every label, n x n"),
        Wrong(lambda predicted, y: (predicted == y).sum() / len(y), "You added up n x n comparisons and divided by n"),
        Wrong(lambda predicted, y: (predicted[:, 0] == y).sum(), "That is how many are right"),
        Wrong(lambda predicted, y: 100 * (predicted.squeeze() == y).float().mean(),
              "As a share it would be right; this is in percent"),
        Wrong(lambda predicted, y: (predicted.squeeze(1) != y).float().mean(), "That is the share of wrong ones"),
        Wrong(lambda predicted, y: (predicted[:, 0] - y).abs().float().mean(), "That is the share of wrong ones"),
        Wrong(lambda predicted, y: (predicted[:, 0] == y).sum().item() // len(y),
              "As soon as one prediction is wrong you give 0 or False", first="neutral"),
        Wrong(lambda predicted, y: (predicted[:, 0] * y).sum() / len(y),
              "You counted the predictions of 1 that are right", first="neutral"),
        Wrong(lambda predicted, y: predicted.view(-1) == y, "Is a `.mean()` or `.sum()` missing"),
        Wrong(lambda predicted, y: (predicted.view(-1) == y).mean(), "True and False are not averaged"),
        Wrong(lambda predicted, y: np.mean(predicted.numpy() == y.numpy()),
              "You compared every prediction with every label, n x n"),
        Wrong(lambda predicted, y: torch.equal(predicted[:, 0], y),
              "As soon as one prediction is wrong you give 0 or False", first="neutral"),
        Wrong(first_example_skipped, "The first prediction is left out of your count", first="wrongly named"),
        Wrong(return_in_the_loop, "Only the first prediction is counted", first="neutral"),
        Wrong(lambda predicted, y: predicted.float().mean(), "You averaged the predictions"),
        Wrong(lambda predicted, y: (predicted != y).float().mean(),
              "You compared every prediction with every label, n x n, and counted", first="neutral"),
        Wrong(lambda predicted, y: torch.eq(predicted, y).sum().item() / torch.eq(predicted, y).numel(),
              "You compared every prediction with every label, n x n"),
        Wrong(lambda predicted, y: sum(int(a == b) for a, b in zip(predicted.flatten().tolist(), y.tolist())),
              "That is how many are right"),
        Wrong(lambda predicted, y: (predicted[:, 0] == y).sum() / (len(y) - 1),
              "Your count of right ones is divided by one less than there are", first="neutral"),
        Wrong(lambda predicted, y: (predicted[:, 0][y == 1] == 1).float().mean(),
              "That is the share of right ones among the labels 1", first="neutral"),
        Wrong(lambda predicted, y: (predicted == y.unsqueeze(0)).float().mean(),
              "You compared every prediction with every label, n x n"),
    ],
}


# ---- a second set, written by the text of the lesson alone; behind each answer its cause, in the writer's words


def centre_numpy_all(X):
    A = np.asarray(X)
    return torch.from_numpy(A - np.mean(A))


def centre_rows_loop(X):
    out = []
    for row in X:
        out.append(row - row.mean())
    return torch.stack(out)


def centre_last_column_only(X):
    out = X.clone()
    for j in range(X.shape[1]):
        centred = X[:, j] - X[:, j].mean()
    out[:, j] = centred
    return out


def share_first_only(predicted, y):
    for i in range(len(y)):
        if predicted[i] == y[i]:
            return 1.0
        else:
            return 0.0


def share_counts_ones(predicted, y):
    n = 0
    for p, t in zip(predicted, y):
        if p == 1 and t == 1:
            n += 1
    return n / len(y)


def share_of_first_ten(predicted, y):
    right = sum(1 for p, t in zip(predicted.flatten().tolist(), y.tolist()) if p == t)
    return right / 10


for _name, _answers in {
    "first_check": [
        # damaged against whole (odds), not of all
        Wrong(7 / 16, "That is damaged against undamaged, 7 to 16"),
        # percent, not a share
        Wrong(30.4, "As a share it would be right"),
        # the share of the whole ones
        Wrong(16 / 23, "That is the share that came back whole"),
        # the count, not the share
        Wrong(7, "That is how many, not which share"),
        # the calculation in quotes
        Wrong("7/23", "A number is needed and this is text"),
        # integer division
        Wrong(7 // 23, "That is what `//` gives"),
    ],
    "bytes_wrap": [
        # does not wrap: a byte holds 256 values
        Wrong(260, "260 does not fit into a byte, which ends at 255"),
        # thinks it stops at the largest
        Wrong(255, "Torch does not stop at the top"),
        # wraps at 255 instead of 256
        Wrong(5, "Nearly"),
        # starts again from 0 when full, by the whole 10
        Wrong(10, "That is what is added"),
        # guesses signed bytes
        Wrong(-250, NEUTRAL),
        # counts the wrap one off: 260 - 257
        Wrong(3, "One too few"),
    ],
    "centre": [
        # one mean of all numbers
        Wrong(lambda X: X - X.mean(), "You took one mean of the whole table off everything"),
        # one mean of all numbers, in NumPy
        Wrong(centre_numpy_all, "You took one mean of the whole table off everything"),
        # the mean of each row
        Wrong(centre_rows_loop, "You took off the mean of each row, mixing degrees with other", idea="M32"),
        # row means, without keepdim: shapes do not fit
        Wrong(lambda X: X - X.mean(1), "You combine n rows with n numbers, and torch lines up the last", idea="M32"),
        # standardises: also divides by the spread
        Wrong(lambda X: (X - X.mean(0)) / X.std(0), "You also divided by the spread"),
        # gives the means, not the centred table
        Wrong(lambda X: X.mean(dim=0), "These are the means themselves"),
        # the median in place of the mean
        Wrong(lambda X: X - X.median(dim=0).values, "You took off the median of each column"),
        # sum in place of mean
        Wrong(lambda X: X - X.sum(dim=0), "You took off the sum of each column"),
        # the sign turned round
        Wrong(lambda X: X.mean(0) - X, "The sign is turned round"),
        # divides by the mean
        Wrong(lambda X: X / X.mean(0), "You divided by the means"),
        # indentation: only the last column is written
        Wrong(centre_last_column_only, NEUTRAL),
        # takes the first row off
        Wrong(lambda X: X - X[0], "You took off the first row"),
        # axis 1 in NumPy: row means
        Wrong(lambda X: np.array(X) - np.mean(np.array(X), axis=1, keepdims=True), "You took off the mean of each row, mixing degrees with other", idea="M32"),
    ],
    "share_right": [
        # column against row: all with all
        Wrong(lambda predicted, y: (predicted == y).float().mean(), "You compared every prediction with every label, n x n", idea="M06"),
        # the count, not the share
        Wrong(lambda predicted, y: (predicted.squeeze() == y).sum(), "That is how many are right"),
        # percent
        Wrong(lambda predicted, y: 100 * (predicted.squeeze(1) == y).float().mean(), "As a share it would be right"),
        # mean of booleans: torch refuses
        Wrong(lambda predicted, y: (predicted.squeeze(1) == y).mean(), "True and False are not averaged as they are"),
        # the share that is wrong
        Wrong(lambda predicted, y: (predicted.squeeze(1) != y).float().mean(), "That is the share of wrong ones"),
        # all with all, divided by n: above 1
        Wrong(lambda predicted, y: (predicted == y).sum() / len(y), "You added up n x n comparisons and divided by n", idea="M06"),
        # integer division
        Wrong(lambda predicted, y: (predicted[:, 0] == y).sum() // len(y), "As soon as one prediction is wrong you give 0 or False"),
        # return inside the loop: the first pair only
        Wrong(share_first_only, "Only the first prediction is compared, so it is all or nothing", first="neutral"),
        # length of the comparison, not the number of Trues
        Wrong(lambda predicted, y: len(predicted == y) / len(y), "Your share is 1, whatever the predictions", first="neutral"),
        # mean distance: the share that is wrong
        Wrong(lambda predicted, y: (predicted.squeeze() - y).abs().mean(), "This operation needs decimals and got whole numbers"),
        # asks whether all agree
        Wrong(lambda predicted, y: torch.equal(predicted.squeeze(1), y), "As soon as one prediction is wrong you give 0 or False"),
        # counts only agreeing ones, not zeros
        Wrong(share_counts_ones, "You counted the predictions of 1 that are right"),
        # a constant 10 left in place of n
        Wrong(share_of_first_ten, "Yours is the needed one times the number of rows, divided by 10", first="neutral"),
        # NumPy broadcasts all with all too
        Wrong(lambda predicted, y: np.mean(predicted.numpy() == y.numpy()), "You compared every prediction with every label, n x n", idea="M06"),
        # share of ones among the labels
        Wrong(lambda predicted, y: y.float().mean(), "That is the share of ones among the labels"),
    ],
    "kept": [
        # thinks it overwrites
        Wrong("a", "What you edited is never overwritten"),
        # thinks the new one is left out
        Wrong("b", "Yours is kept, and the new version is there as well"),
    ],
    "guess_logit": [
        # percent
        Wrong(62, "Your guess is `62`"),
        # no probability above 1
        Wrong(1.5, "Your guess is `1.5`"),
        # in quotes
        Wrong("0.62", "A number is needed and this is text"),
    ],
    "guess_pairs": [
        # in words
        Wrong("64 x 64", "A number is needed and this is text"),
        # no negative count
        Wrong(-64, "Your guess is `-64`"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


def thrown_away(X):
    for j in range(X.shape[1]):
        X[:, j] - X[:, j].mean()
    return X


def length_of_the_columns(X):
    return torch.nn.functional.normalize(X, dim=0)


def first_prediction_alone(predicted, y):
    return (predicted[0] == y).float().mean()


for _name, _answers in {
    "centre": [
        Wrong(thrown_away, "X came back as it was", first="neutral"),  # the difference is computed and thrown away: X comes back unchanged
        Wrong(length_of_the_columns, NEUTRAL, first="wrongly named"),  # divides columns by their length, subtracts nothing
    ],
    "share_right": [
        Wrong(first_prediction_alone, NEUTRAL),  # takes the first prediction alone
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# written by the text of the lesson alone


def mean_of_each_row_with_keepdim(X):
    return X - X.mean(1, keepdim=True)


def grand_mean_written_in_a_loop(X):
    total = 0
    for row in X:
        for value in row:
            total += value
    return X - total / X.numel()


def gives_only_the_column_means(X):
    return X.mean(axis=0)


def z_scores_divides_by_the_standard_deviation_too(X):
    mu = X.mean(0)
    sigma = X.std(0)
    return (X - mu) / sigma


def adds_instead_of_takes_off(X):
    m = torch.mean(X, dim=0, keepdim=True)
    return m - X


def median_in_place_of_mean(X):
    return X - X.median(dim=0).values


def subtracts_the_sum_of_the_column(X):
    return X - X.sum(dim=0)


def divides_by_the_mean(X):
    return X / X.mean(dim=0)


def only_the_first_column_is_centred(X):
    out = X.clone()
    out[:, 0] = X[:, 0] - X[:, 0].mean()
    return out


def divides_by_n_1_in_the_mean(X):
    n = X.shape[0]
    return X - X.sum(0) / (n - 1)


def divides_by_number_of_columns_rather_than_rows(X):
    n, m = X.shape
    return X - X.sum(0) / m


def subtracts_the_first_row(X):
    return X - X[0]


def min_max_midrange(X):
    return X - (X.max(0).values + X.min(0).values) / 2


def minimum_taken_off(X):
    return X - X.min(dim=0).values


def transposed_result(X):
    return (X - X.mean(0)).T


def prints_in_place_of_returning(X):
    X = X - X.mean(dim=0)
    print(X.shape)


def forgets_to_squeeze_broadcasts(predicted, y):
    return (predicted == y).float().mean().item()


def count_not_share(predicted, y):
    return (predicted.squeeze(1) == y).sum().item()


def share_wrong(predicted, y):
    return (predicted.flatten() != y).float().mean()


def percent(predicted, y):
    return 100 * (predicted.view(-1) == y).float().mean()


def divides_the_broadcast_count_by_n(predicted, y):
    return ((predicted == y).sum() / len(y)).item()


def y_made_column_then_the_wrong_dim_squeezed_y_none(predicted, y):
    return (predicted == y[None, :]).float().mean()


def zip_loop_that_stops_one_short(predicted, y):
    right = 0
    for i in range(len(y) - 1):
        if predicted[i, 0] == y[i]:
            right += 1
    return right / len(y)


def all_rather_than_mean(predicted, y):
    return float((predicted[:, 0] == y).all())


def only_the_positives_recall(predicted, y):
    p = predicted[:, 0]
    return ((p == 1) & (y == 1)).sum() / (y == 1).sum()


def precision(predicted, y):
    p = predicted[:, 0]
    return ((p == 1) & (y == 1)).sum() / (p == 1).sum()


def vector_of_agreements(predicted, y):
    return (predicted.squeeze() == y).float()


def mean_of_bool_raises(predicted, y):
    return (predicted.squeeze() == y).mean()


def compares_the_first_only(predicted, y):
    return float(predicted[0] == y[0])


def compares_the_shares_of_ones(predicted, y):
    return 1 - abs(predicted.float().mean() - y.float().mean())


for _name, _answers in {
    "first_check": [
        Wrong(7 / 30, "The 23 flights already hold the 7 damaged ones: the whole is 23, not 30"),  # 7/30: damaged over whole plus... treats 23 as undamaged
        Wrong(16 / 23, "That is the share that came back whole"),  # share of undamaged flights
        Wrong(7 / 16, "That is damaged against undamaged, 7 to 16: the odds"),  # the odds, damaged over undamaged
        Wrong(30.43, "As a share it would be right; this is in percent"),  # percent rather than share
        Wrong(7 // 23, "That is what `//` gives: it rounds down"),  # whole division
        Wrong(23 - 7, "That is how many came back whole"),  # difference instead of share
        Wrong(7, "That is how many, not which share"),  # the count
        Wrong(7 / 23 / 100, "Your answer is `0.003043`; a hundred times as much is needed", first="neutral"),  # a percent value divided twice by 100
    ],
    "bytes_wrap": [
        Wrong(260, "260 does not fit into a byte, which ends at 255"),  # no wrap: thinks it is widened
        Wrong(255, "Torch does not stop at the top; it begins again at 0"),  # saturates
        Wrong(5, "Nearly: after 255 comes 0, so a byte holds 256 numbers, not 255"),  # wraps at 255, not 256
        Wrong(-6, "The u in `uint8` says unsigned: such a byte holds nothing below 0"),  # signed wrap as int8 of 260 from 250 = -6, +10 ... thinks -6
        Wrong(0, "0 comes after 255, and then the count goes on: ten steps from 250"),  # wraps to zero
        Wrong(3, "One too few: the step from 255 leads to 0, not to −1 or 255 again"),  # counts one too few, 260-257
        Wrong(10, "That is what is added"),  # concatenates / takes last digits
    ],
    "kept": [
        Wrong("a", "What you edited is never overwritten"),  # overwrites
        Wrong("B)", "Yours is kept, and the new version is there as well"),  # left out, capital letter with bracket
    ],
    "centre": [
        Wrong(mean_of_each_row_with_keepdim, "You took off the mean of each row, mixing degrees with other units"),  # mean of each row with keepdim
        Wrong(grand_mean_written_in_a_loop, "You took one mean of the whole table off everything"),  # grand mean written in a loop
        Wrong(gives_only_the_column_means, "These are the means themselves"),  # gives only the column means
        Wrong(z_scores_divides_by_the_standard_deviation_too, "You also divided by the spread"),  # z-scores: divides by the standard deviation too
        Wrong(adds_instead_of_takes_off, "The sign is turned round: X minus the mean"),  # adds instead of takes off
        Wrong(median_in_place_of_mean, "You took off the median of each column"),  # median in place of mean
        Wrong(subtracts_the_sum_of_the_column, "You took off the sum of each column"),  # subtracts the sum of the column
        Wrong(divides_by_the_mean, "You divided by the means"),  # divides by the mean
        Wrong(only_the_first_column_is_centred, "Only the first column is centred"),  # only the first column is centred
        Wrong(divides_by_n_1_in_the_mean, "The sums were divided by n − 1", first="neutral"),  # divides by n-1 in the mean
        Wrong(divides_by_number_of_columns_rather_than_rows, "The sums were divided by the number of columns"),  # divides by number of columns rather than rows
        Wrong(subtracts_the_first_row, "You took off the first row"),  # subtracts the first row
        Wrong(min_max_midrange, "You took off the middle between the smallest and the largest value", first="neutral"),  # min-max midrange
        Wrong(minimum_taken_off, "You took off the smallest value of each column"),  # minimum taken off
        Wrong(transposed_result, "Your answer is the needed one with rows and columns exchanged: `.T` turns it"),  # transposed result
        Wrong(prints_in_place_of_returning, "Your function prints something and gives back None"),  # prints in place of returning
    ],
    "share_right": [
        Wrong(forgets_to_squeeze_broadcasts, "You compared every prediction with every label, n x n"),  # forgets to squeeze, broadcasts
        Wrong(count_not_share, "That is how many are right"),  # count, not share
        Wrong(share_wrong, "That is the share of wrong ones"),  # share wrong
        Wrong(percent, "As a share it would be right; this is in percent"),  # percent
        Wrong(divides_the_broadcast_count_by_n, "You added up n x n comparisons and divided by n"),  # divides the broadcast count by n
        Wrong(y_made_column_then_the_wrong_dim_squeezed_y_none, "You compared every prediction with every label, n x n"),  # y made column then the wrong dim squeezed: y[None]
        Wrong(zip_loop_that_stops_one_short, "The last prediction is left out of your count"),  # zip loop that stops one short
        Wrong(all_rather_than_mean, "As soon as one prediction is wrong you give 0 or False"),  # all() rather than mean
        Wrong(only_the_positives_recall, "That is the share of right ones among the labels 1"),  # only the positives: recall
        Wrong(precision, "That is the share of right ones among the predictions of 1"),  # precision
        Wrong(vector_of_agreements, "Is a `.mean()` or `.sum()` missing?"),  # vector of agreements
        Wrong(mean_of_bool_raises, "True and False are not averaged as they are"),  # mean of bool raises
        Wrong(compares_the_first_only, "Only the first prediction is compared, so it is all or nothing", first="neutral"),  # compares the first only
        Wrong(compares_the_shares_of_ones, "Your answer is `1.0`; `0.6` is needed"),  # compares the shares of ones
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Written from the page alone, in one more round

for _name, _answers in {
    "first_check": [Wrong(16 / 7, "whole against damaged", first="neutral")],
    "centre": [
        Wrong(lambda X: X.mean(0).expand_as(X), "These are the means themselves", first="neutral"),
        Wrong(lambda X: (X - X.min(0).values) / (X.max(0).values - X.min(0).values), "from 0 to 1", first="neutral"),
        Wrong(lambda X: (X - X.mean(0)).round(), "rounded to a whole number", first="neutral"),
        Wrong(lambda X: (X - X.mean(0)).long(), "without its decimals", first="neutral"),
        Wrong(lambda X: X - torch.tensor([67.5, 2.5])[: X.shape[1]] if X.shape[1] == 2 else X - 1, NEUTRAL),
    ],
    "share_right": [
        Wrong(lambda predicted, y: ((predicted[:, 0] > 0.5).long() == y).float().mean(), "There may be more classes", first="accepted"),
        Wrong(lambda predicted, y: 1 - (predicted.squeeze(1) - y).abs().double().mean(), "There may be more classes", first="accepted"),
        Wrong(lambda predicted, y: (predicted == y).any(1).double().mean(), "Your share is 1, whatever the predictions", first="neutral"),
        Wrong(lambda predicted, y: (predicted.squeeze(1).sort().values == y.sort().values).float().mean(), NEUTRAL),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)
