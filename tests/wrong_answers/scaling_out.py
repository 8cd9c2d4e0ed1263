"""Wrong answers to the exercises of lesson 10, written without a look at its catalogue. See the head of the folder.

They are as learners write them: names of one letter, loops where a call would do. What is wrong stands beside each.
"""
# ruff: noqa: B007, E501, E731, E741, F841

import numpy as np
import torch

from wrong_answers import Wrong


def rest_lost(rows, processes):
    k = len(rows) // processes
    return [rows[r * k:(r + 1) * k] for r in range(processes)]


def rest_to_the_last(rows, processes):
    k = len(rows) // processes
    shares = [rows[r * k:(r + 1) * k] for r in range(processes - 1)]
    shares.append(rows[(processes - 1) * k:])
    return shares


def padded(rows, processes):
    missing = -len(rows) % processes
    rows = torch.cat([rows, rows[:missing]])
    return [rows[r::processes] for r in range(processes)]


def ranks_from_one(rows, processes):
    return [rows[r::processes] for r in range(1, processes + 1)]


def places_not_rows(rows, processes):
    return list(torch.arange(len(rows)).tensor_split(processes))


def without_modulo(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[r + 1, r - s] += chunks[r, r - s]


def other_way_round_the_chunks(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r + s) % p] += chunks[r, (r + s) % p]


def round_ignored(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, r] += chunks[r, r]


def copied(chunks, s):
    p = len(chunks)
    for r in range(p):
        c = (r - s) % p
        chunks[(r + 1) % p, c] = chunks[r, c]


def to_the_left(chunks, s):
    p = len(chunks)
    for r in range(p):
        c = (r - s) % p
        chunks[(r - 1) % p, c] += chunks[r, c]


def into_another_chunk(chunks, s):
    p = len(chunks)
    for r in range(p):
        right = (r + 1) % p
        chunks[right, (right - s) % p] += chunks[r, (r - s) % p]


def last_rank_idle(chunks, s):
    p = len(chunks)
    for r in range(p - 1):
        chunks[r + 1, (r - s) % p] += chunks[r, (r - s) % p]


def a_copy_changed(chunks, s):
    chunks = chunks.clone()
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r - s) % p] += chunks[r, (r - s) % p]
    return chunks


def indices_swapped(chunks, s):
    p = len(chunks)
    for r in range(p):
        c = (r - s) % p
        chunks[c, (r + 1) % p] += chunks[c, r]


def s_minus_r(chunks, s):
    p = len(chunks)
    for r in range(p):
        c = (s - r) % p
        chunks[(r + 1) % p, c] += chunks[r, c]


def one_round_late(chunks, s):
    p = len(chunks)
    for r in range(p):
        c = (r - s - 1) % p
        chunks[(r + 1) % p, c] += chunks[r, c]


def all_chunks(chunks, s):
    p = len(chunks)
    old = chunks.clone()
    for r in range(p):
        chunks[(r + 1) % p] += old[r]


def no_else(step, length, peak):
    if step <= length:
        return peak * step / length


def zero_after(step, length, peak):
    if step <= length:
        return peak * step / length
    else:
        return 0.0


def falls(step, length, peak):
    if step < length:
        return peak * (1 - step / length)
    return peak


WRONG = {
    "recall_mean": [
        Wrong(3, "mean of the two means"),  # plain mean of the two
        Wrong(3.5, "The weights are swapped"),  # sizes the wrong way round
        Wrong(20, "sum over all rows"),  # weighted sum, not divided
        Wrong(10, "You divide by the number of parts"),  # weighted sum divided by two parts
        Wrong(6, "The two means are added, as if"),  # the two added
        Wrong(0.75, "added and divided by 8"),  # plain sum over 8
        Wrong(2, "the mean of the 6 rows alone", first="neutral"),  # that of the larger part alone
        Wrong(1.25, "divided by 16", first="neutral"),  # halved once more
    ],
    "recall_bytes": [
        Wrong(31360, "The ten biases"),  # biases forgotten
        Wrong(7850, "how many numbers it has"),  # numbers, not bytes
        Wrong(7840, "without the biases, and numbers, not bytes"),  # numbers without the biases
        Wrong(62800, "8 bytes would be float64"),  # eight bytes each
        Wrong(251200, "Those are bits"),  # bits
        Wrong(3136, "the pixels of one image in bytes"),  # one class only
        Wrong(3140, "the gradient of one class"),  # one class and its bias
        Wrong(40, "the ten biases alone", first="neutral"),  # the ten classes alone, of four bytes
        Wrong(31364, "a bias of its own", first="neutral"),  # one bias for all classes
    ],
    "published_ratio": [
        Wrong(50, "The other way round"),  # upside down
        Wrong(1, "what its authors thought"),  # no difference
        Wrong(1 / 150, "the number of all flowers"),  # all 150 flowers, not 50
        Wrong(0.0004, "1/50 squared"),  # divided twice more
        Wrong(1 / 8, "Eight devices"),  # the eight devices
        Wrong(1 / 3, "the number of classes has no part in it", first="wrongly named"),  # the three classes
        Wrong(2500, "50 squared", first="neutral"),  # upside down and squared
        Wrong(0.06, "Does the number of classes come in", first="neutral"),  # times the three classes
    ],
    "deal": [
        Wrong(lambda rows, processes: list(rows.chunk(processes)), "the last gets what the others leave"),  # chunk: fewer or uneven shares
        Wrong(lambda rows, processes: rows.split(processes), "you swapped the size and the number"),  # shares of p rows, not p shares
        Wrong(lambda rows, processes: rows.split(max(1, len(rows) // processes)), "not as many shares as processes", first="neutral"),  # rounded down: more shares than processes
        Wrong(rest_lost, "Rows are lost"),  # the rest is lost
        Wrong(rest_to_the_last, "one process gets the whole rest"),  # the last process gets all of the rest
        Wrong(padded, "some rows are dealt twice"),  # rows repeated to make it even
        Wrong(lambda rows, processes: rows[0::processes], "A list of shares is needed"),  # one share, not a list of all
        Wrong(ranks_from_one, "Ranks count from 0"),  # ranks counted from 1: the first row is lost
        Wrong(places_not_rows, "You dealt the places"),  # places in place of row numbers
    ],
    "average": [
        Wrong(lambda gradients, sizes: sum(gradients) / len(gradients), "the mean of the means"),  # plain mean
        Wrong(lambda gradients, sizes: sum(g * n for g, n in zip(gradients, sizes, strict=True)), "sum over all rows"),  # never divided
        Wrong(lambda gradients, sizes: sum(gradients), "That is the sum"),  # sum
        Wrong(lambda gradients, sizes: sum(g * n for g, n in zip(gradients, sizes, strict=True)) / len(sizes), "You divide by the number of processes"),  # divided by the processes, not the rows
        Wrong(lambda gradients, sizes: torch.stack(gradients).mean(), "a `.mean()` or `.sum()` too many"),  # mean over the entries as well: a single number
        Wrong(lambda gradients, sizes: sum(gradients) / sum(sizes), "is a mean already"),  # gradients not multiplied by their sizes
        Wrong(lambda gradients, sizes: sum(g / n for g, n in zip(gradients, sizes, strict=True) if n) , "divide it by its rows once more", first="neutral"),  # divided by the sizes, not multiplied
        Wrong(lambda gradients, sizes: torch.stack([g for g, n in zip(gradients, sizes, strict=True) if n > 0]).mean(0), "one with few rows counts as much as one with many"),  # plain mean of those that have rows
        Wrong(lambda gradients, sizes: np.average(np.stack(gradients), axis=1, weights=None), "the mean along its vector", first="neutral"),  # along each vector: one mean a process
        Wrong(lambda gradients, sizes: [g * n / sum(sizes) for g, n in zip(gradients, sizes, strict=True)], "Add them up"),  # weighted, not added up
    ],
    "ring_round": [
        Wrong(without_modulo, "after p − 1 comes 0 again", first="neutral"),  # no modulo: runs out of the circle
        Wrong(other_way_round_the_chunks, "You send chunk r + s"),  # r + s in place of r - s
        Wrong(round_ignored, "you send chunk r, whatever s is"),  # s left out: always chunk r
        Wrong(copied, "own chunk is overwritten"),  # copied, not added
        Wrong(to_the_left, "The chunks go to the left"),  # to the left neighbour
        Wrong(into_another_chunk, "the receiver's chunk r + 1 − s", first="neutral"),  # added to the chunk beside
        Wrong(last_rank_idle, "The ring is open"),  # the last rank sends nothing
        Wrong(a_copy_changed, "not on a copy"),  # a copy is changed, not in place
        Wrong(indices_swapped, "The places are swapped"),  # rank and chunk swapped
        Wrong(s_minus_r, "You send chunk s − r"),  # s - r in place of r - s
        Wrong(one_round_late, "You send chunk r − 1 − s"),  # one chunk off: r - s - 1
        Wrong(all_chunks, "You send all chunks"),  # all chunks sent at once
    ],
    "warm_up": [
        Wrong(lambda step, length, peak: peak * step / length, "goes on rising"),  # no cap: goes on rising
        Wrong(lambda step, length, peak: min(peak, peak * (step - 1) / length), "Steps count from 1"),  # steps counted from 0
        Wrong(no_else, "Each case needs its `return`"),  # nothing returned after the warm-up
        Wrong(lambda step, length, peak: min(1, step / (length + 1)) * peak, "not one step later"),  # length + 1: peak one step late
        Wrong(falls, "It falls during the warm-up", first="neutral"),  # falls, and then jumps to peak
        Wrong(lambda step, length, peak: max(peak, peak * step / length), "Is there a `max` where `min` is needed"),  # max in place of min
        Wrong(lambda step, length, peak: min(1, step // length) * peak, "Does a `//` round down"),  # whole division: 0 until the end
        Wrong(lambda step, length, peak: min(step / length, 1), "That is the share of the peak"),  # peak forgotten
        Wrong(zero_after, "the learning rate is the peak, not 0"),  # 0 after the warm-up
        Wrong(lambda step, length, peak: peak / length, "the rate of the first step, for every step", first="neutral"),  # step forgotten: always the first rate
        Wrong(lambda step, length, peak: peak * min(1, (step / length) ** 2), "It rises in a curve"),  # a parabola, no straight line
    ],
}
