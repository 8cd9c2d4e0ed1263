"""Wrong answers to the exercises of lesson 10, written without a look at its catalogue. See the head of the folder.

They are as learners write them: names of one letter, loops where a call would do. What is wrong stands beside each.
"""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F841

import math

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
        Wrong(lambda gradients, sizes: sum(gradients) / len(gradients), "the mean of the means", idea="M16"),  # plain mean
        Wrong(lambda gradients, sizes: sum(g * n for g, n in zip(gradients, sizes, strict=True)), "sum over all rows", idea="M15"),  # never divided
        Wrong(lambda gradients, sizes: sum(gradients), "That is the sum", idea="M15"),  # sum
        Wrong(lambda gradients, sizes: sum(g * n for g, n in zip(gradients, sizes, strict=True)) / len(sizes), "You divide by the number of processes", idea="M16"),  # divided by the processes, not the rows
        Wrong(lambda gradients, sizes: torch.stack(gradients).mean(), "a `.mean()` or `.sum()` too many"),  # mean over the entries as well: a single number
        Wrong(lambda gradients, sizes: sum(gradients) / sum(sizes), "is a mean already", idea="M17"),  # gradients not multiplied by their sizes
        Wrong(lambda gradients, sizes: sum(g / n for g, n in zip(gradients, sizes, strict=True) if n) , "divide it by its rows once more", first="neutral", idea="M17"),  # divided by the sizes, not multiplied
        Wrong(lambda gradients, sizes: torch.stack([g for g, n in zip(gradients, sizes, strict=True) if n > 0]).mean(0), "one with few rows counts as much as one with many", idea="M16"),  # plain mean of those that have rows
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


# By other learners, again without a look at the catalogue: beginners, people from NumPy and from statistics

def deal_split(rows, processes):
    return list(rows.split(processes))


def deal_one_more(rows, processes):
    size = len(rows) // processes
    return [rows[i:i + size] for i in range(0, len(rows), size)]


def deal_lost(rows, processes):
    size = len(rows) // processes
    return [rows[r * size:(r + 1) * size] for r in range(processes)]


def deal_chunk(rows, processes):
    return list(torch.chunk(rows, processes))


def deal_positions(rows, processes):
    return [torch.arange(r, len(rows), processes) for r in range(processes)]


def deal_all(rows, processes):
    return [rows.clone() for _ in range(processes)]


def deal_padded(rows, processes):
    size = math.ceil(len(rows) / processes)
    padded = torch.cat([rows, rows[:size * processes - len(rows)]])
    return [padded[r::processes] for r in range(processes)]


def deal_drawn(rows, processes):
    size = len(rows) // processes
    return [rows[torch.randperm(len(rows))[:size]] for _ in range(processes)]


def average_plain(gradients, sizes):
    return torch.stack(list(gradients)).mean(dim=0)


def average_by_processes(gradients, sizes):
    total = torch.zeros_like(gradients[0])
    for g, s in zip(gradients, sizes):
        if s > 0:
            total += s * g
    return total / len(gradients)


def average_sum(gradients, sizes):
    return sum(torch.nan_to_num(g) * s for g, s in zip(gradients, sizes))


def average_scalar(gradients, sizes):
    kept = torch.stack([g for g, s in zip(gradients, sizes) if s])
    weights = torch.tensor([float(s) for s in sizes if s])
    return (kept * weights[:, None]).mean() / weights.mean()


def average_plain_sum(gradients, sizes):
    total = 0
    for g, s in zip(gradients, sizes):
        if s != 0:
            total = total + g
    return total


def average_nonempty(gradients, sizes):
    return torch.stack([g for g, s in zip(gradients, sizes) if s > 0]).mean(0)


def average_divided(gradients, sizes):
    return sum(g / s for g, s in zip(gradients, sizes) if s) / len(gradients)


def average_largest(gradients, sizes):
    top = max(sizes)
    return sum(g * (s / top) for g, s in zip(gradients, sizes) if s)


def ring_round_plus(chunks, s):
    p = len(chunks)
    for r in range(p):
        c = (r + s) % p
        chunks[(r + 1) % p, c] += chunks[r, c]


def ring_round_left(chunks, s):
    p = chunks.shape[0]
    for r in range(p):
        c = (r - s) % p
        chunks[(r - 1) % p, c] += chunks[r, c]


def ring_round_copy(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r - s) % p] = chunks[r, (r - s) % p]


def ring_round_no_s(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p][r] += chunks[r][r]


def ring_round_no_wrap(chunks, s):
    for r in range(len(chunks)):
        chunks[r + 1, r - s] += chunks[r, r - s]


def ring_round_returns(chunks, s):
    p = len(chunks)
    new = chunks.clone()
    for r in range(p):
        c = (r - s) % p
        new[(r + 1) % p, c] = chunks[(r + 1) % p, c] + chunks[r, c]
    return new


def ring_round_receiver(chunks, s):
    p = len(chunks)
    old = chunks.clone()
    for r in range(p):
        c = (r - s) % p
        chunks[r, c] += old[(r - 1) % p, c]


def ring_round_same_chunk(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, s] += chunks[r, s]


def ring_round_from_one(chunks, s):
    p = len(chunks)
    for r in range(p):
        c = (r - (s - 1)) % p
        chunks[(r + 1) % p, c] += chunks[r, c]


def ring_round_last_rank(chunks, s):
    p = len(chunks)
    for r in range(p - 1):
        c = (r - s) % p
        chunks[r + 1, c] += chunks[r, c]


def warm_up_from_zero(step, length, peak):
    return peak * min(1.0, (step - 1) / length)


def warm_up_no_cap(step, length, peak):
    return step / length * peak


def warm_up_falls(step, length, peak):
    if step >= length:
        return peak
    return peak * (1 - step / length)


def warm_up_none(step, length, peak):
    if step <= length:
        return peak * step / length


def warm_up_floor(step, length, peak):
    return peak * min(1, step // length)


def warm_up_max(step, length, peak):
    return max(peak, peak * step / length)


def warm_up_transformer(step, length, peak):
    return peak * length ** 0.5 * min(step ** -0.5, step * length ** -1.5)


def warm_up_inverse(step, length, peak):
    return peak * min(1, length / step)


def warm_up_two_levels(step, length, peak):
    return 0.1 * peak if step < length else peak


def warm_up_late(step, length, peak):
    return peak * np.clip(step / (length + 1), 0, 1)


MORE = {
    "recall_mean": [
        Wrong(3, "That is the mean of the two means"),  # The plain mean of 2 and 4.
        Wrong(6, "The two means are added, as if each stood for the whole batch."),  # The sum of the two means.
        Wrong(20, "That is the sum over all rows."),  # The sum over rows, not divided by 8.
        Wrong(3.5, "The weights are swapped"),  # Weights swapped: 6 · 4 + 2 · 2 over 8.
        Wrong(10, "You divide by the number of parts where the number of rows is"),  # 20 divided by the number of parts.
    ],
    "recall_bytes": [
        Wrong(31360, "The ten biases have gradients too."),  # The biases are forgotten.
        Wrong(7850, "That is how many numbers it has."),  # Numbers, not bytes.
        Wrong(62800, "8 bytes would be float64."),  # 8 bytes each: float64.
        Wrong(251200, "Those are bits."),  # Bits in place of bytes.
        Wrong(3136, "Those are the pixels of one image in bytes."),  # One image's bytes: 784 · 4.
        Wrong(31.4, "In kilobytes that is right."),  # In kilobytes.
    ],
    "a_step": [
        Wrong('b e c a d', "The step is taken with a process's own gradient"),  # Steps before the gradients are put together.
        Wrong('e b c d a', "Predict, yes, but for which rows?"),  # Predicts before it has its share.
        Wrong('b c e d a', "`backward()` goes back from a loss, and at that place there"),  # backward() before the loss exists.
        Wrong('b e d c a', "Before `backward()` there is no gradient of this batch to add"),  # Adds up gradients before backward() has made them.
        Wrong('b d e c a', "Before `backward()` there is no gradient of this batch to add"),  # Adds up first.
    ],
    "published_ratio": [
        Wrong(50, "The other way round"),  # Upside down.
        Wrong(1, "That is what its authors thought."),  # Sees no second division.
        Wrong(2, "Your answer is `2`; if that is in percent, give it as a share"),  # In per cent.
        Wrong(0.0067, "150 is the number of all flowers."),  # Divided by 150, all flowers, or by 50 · 3.
        Wrong(0.0004, "That is 1/50 squared."),  # Divides twice by 50 against a sum.
    ],
    "deal": [
        Wrong(deal_split, "Shares of as many rows as there are processes"),  # Shares of p rows, instead of p shares.
        Wrong(deal_one_more, "There are too many shares", first="neutral"),  # len // p rows a share: the rest makes one share too many.
        Wrong(deal_lost, "Rows are lost"),  # The rows left over are thrown away.
        Wrong(deal_chunk, "Nothing is lost, but the last gets what the others leave, or"),  # torch.chunk: may give fewer shares than there are processes.
        Wrong(deal_positions, "You dealt the places 0, 1, 2, … in place of the row numbers"),  # Numbers from 0 up in place of the rows that were given.
        Wrong(deal_all, "Everybody gets all rows, and does all of the work."),  # Every process gets all rows.
        Wrong(deal_padded, "All shares have one size because some rows are dealt twice."),  # Rows are repeated to make the shares even, as DistributedSampler does.
        Wrong(deal_drawn, "Some rows are dealt twice and others not at all.", first="neutral"),  # Each process draws its share by itself: rows come twice or never.
    ],
    "average": [
        Wrong(average_plain, "That is the mean of the means", idea="M16"),  # The plain mean.
        Wrong(average_by_processes, "You divide by the number of processes where the number of", idea="M16"),  # Weighted, but divided by the number of processes.
        Wrong(average_sum, "That is the sum over all rows.", idea="M15"),  # Weighted and not divided.
        Wrong(average_scalar, "Your answer is a single number; 5 are needed."),  # One number for all entries: the mean over everything.
        Wrong(average_plain_sum, "That is the sum over the processes that have rows.", first="neutral", idea="M15"),  # The plain sum of the gradients.
        Wrong(average_nonempty, "Empty shares are left out, well; but one with few rows counts", idea="M16"),  # Empty shares are left out, the others count alike.
        Wrong(average_divided, "Each gradient is a mean already, and you divide it by its", first="neutral", idea="M17"),  # Each gradient is divided by its size, though it is a mean already.
        Wrong(average_largest, "You divide by the largest share.", first="neutral", idea="M16"),  # Weights in proportion to the largest share, not to the sum.
    ],
    "ring_round": [
        Wrong(ring_round_plus, "You send chunk r + s."),  # Chunk r + s, counted the other way round.
        Wrong(ring_round_left, "The chunks go to the left"),  # Sent to the left neighbour.
        Wrong(ring_round_copy, "The receiver's own chunk is overwritten."),  # Copied, not added.
        Wrong(ring_round_no_s, "In every round you send chunk r, whatever s is."),  # Chunk r in every round: s is not used.
        Wrong(ring_round_no_wrap, "The last process has no neighbour r + 1"),  # r + 1 is not counted round the circle: the last rank has no neighbour.
        Wrong(ring_round_returns, "No chunk changed."),  # A copy is changed and returned; the chunks stay as they were.
        Wrong(ring_round_receiver, "The receiver's number travels, r + 1 − s."),  # The receiver takes its own chunk number r − s, not that of its left neighbour.
        Wrong(ring_round_same_chunk, "All send the chunk of one number"),  # All ranks send chunk s.
        Wrong(ring_round_from_one, "The receiver's number travels, r + 1 − s."),  # Rounds counted from 1: one chunk ahead.
        Wrong(ring_round_last_rank, "The ring is open"),  # The last rank sends nothing: range(p − 1).
    ],
    "warm_up": [
        Wrong(warm_up_from_zero, "Steps count from 1."),  # Starts at 0: step − 1.
        Wrong(warm_up_no_cap, "After the warm-up it goes on rising."),  # Goes on rising after the warm-up.
        Wrong(warm_up_falls, "It falls during the warm-up, and then jumps to the peak."),  # Falls instead of rising.
        Wrong(warm_up_none, "In one case your function gives back None."),  # Nothing comes back after the warm-up.
        Wrong(warm_up_floor, "The whole warm-up is 0."),  # Whole-number division: 0 until the last step of the warm-up.
        Wrong(warm_up_max, "It begins at the peak and grows from there."),  # max in place of min.
        Wrong(warm_up_transformer, "The warm-up is right."),  # The transformer's schedule: it falls again after the warm-up.
        Wrong(warm_up_inverse, "That stays at the peak and then falls."),  # Upside down: length / step.
        Wrong(warm_up_two_levels, "That is small throughout the warm-up and then jumps.", first="neutral"),  # Two levels: a tenth during the warm-up.
        Wrong(warm_up_late, "At step `length` the warm-up is over"),  # Off by one: the peak comes a step late.
    ],
}

WRONG = {name: [*WRONG.get(name, []), *MORE.get(name, [])] for name in WRONG | MORE}


def share_of_the_peak(step, length, peak):
    if step <= length:
        return step / length
    return peak


for _name, _answers in {
    "warm_up": [
        Wrong(share_of_the_peak, "During the warm-up that is the share of the peak", first="neutral"),  # forgot the peak during the rise
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Written blind, another time

def the_rest_is_lost(rows, processes):
    k = len(rows) // processes
    return [rows[i * k:(i + 1) * k] for i in range(processes)]


def the_last_takes_the_whole_rest(rows, processes):
    k = len(rows) // processes
    return [rows[i * k:(i + 1) * k] if i < processes - 1 else rows[i * k:] for i in range(processes)]


def padded_so_that_all_have_the(rows, processes):
    missing = -len(rows) % processes
    rows = torch.cat([rows, rows[:missing]])
    return [rows[r::processes] for r in range(processes)]


def plain_mean_of_shares_that_are(gradients, sizes):
    good = [g for g, s in zip(gradients, sizes) if s > 0]
    return torch.stack(good).mean(0)


def weights_by_1_size(gradients, sizes):
    w = [1 / s if s else 0 for s in sizes]
    return sum((a * g for a, g in zip(w, gradients) if a)) / sum(w)


def one_number_mean_over_the_entries(gradients, sizes):
    total = sum((s * g for g, s in zip(gradients, sizes) if s))
    return (total / sum(sizes)).mean()


def drops_the_first_process(gradients, sizes):
    total = 0
    for r in range(1, len(sizes)):
        if sizes[r]:
            total = total + sizes[r] * gradients[r]
    return total / sum(sizes)


def copies_instead_of_adding(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r - s) % p] = chunks[r, (r - s) % p]


def sends_to_the_left(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r - 1) % p, (r - s) % p] += chunks[r, (r - s) % p]


def the_receiver_s_number_for_the(chunks, s):
    p = len(chunks)
    for r in range(p):
        c = (r + 1 - s) % p
        chunks[(r + 1) % p, c] += chunks[r, c]


def chunk_r_s(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r + s) % p] += chunks[r, (r + s) % p]


def no_closing_of_the_circle_the(chunks, s):
    p = len(chunks)
    for r in range(p - 1):
        chunks[r + 1, (r - s) % p] += chunks[r, (r - s) % p]


def all_chunks_are_sent(chunks, s):
    p = len(chunks)
    old = chunks.clone()
    for r in range(p):
        chunks[(r + 1) % p] += old[r]


def all_rounds_at_once(chunks, s):
    p = len(chunks)
    for t in range(p - 1):
        for r in range(p):
            chunks[(r + 1) % p, (r - t) % p] += chunks[r, (r - t) % p]


def works_on_a_copy(chunks, s):
    p = len(chunks)
    new = chunks.clone()
    for r in range(p):
        new[(r + 1) % p, (r - s) % p] += chunks[r, (r - s) % p]
    return new


def adds_to_chunk_r_minus_s(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r + 1 - s) % p] += chunks[r, (r - s) % p]


def axes_swapped(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r - s) % p, (r + 1) % p] += chunks[(r - s) % p, r]


def sender_adds_instead_of_the_receiver(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[r, (r - s) % p] += chunks[(r + 1) % p, (r - s) % p]


def s_forgotten_chunk_r_in_every(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, r] += chunks[r, r]


def no_p_falls_off_the_end(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[r + 1, r - s] += chunks[r, r - s]


def falls_back_to_0_after(step, length, peak):
    if step <= length:
        return step / length * peak
    return 0


def cosine_rise(step, length, peak):
    import math
    if step >= length:
        return peak
    return peak * (1 - math.cos(math.pi * step / length)) / 2


for _name, _answers in {
    "deal": [
        Wrong(lambda rows, processes: list(rows.split(processes)), "Shares of as many rows as there are processes: you swapped the"),  # split(processes): shares of p rows
        Wrong(the_rest_is_lost, "Rows are lost: what is left after the even division is nobody's"),  # the rest is lost
        Wrong(the_last_takes_the_whole_rest, "Nothing is lost, but one process gets the whole rest, and all"),  # the last takes the whole rest
        Wrong(lambda rows, processes: list(rows.chunk(processes)), "Nothing is lost, but the last gets what the others leave, or"),  # chunk: fewer shares than processes or uneven
        Wrong(lambda rows, processes: [rows for _ in range(processes)], "Everybody gets all rows, and does all of the work. (`[[]] * p"),  # everyone gets all rows
        Wrong(lambda rows, processes: [torch.arange(r, len(rows), processes) for r in range(processes)], "You dealt the places 0, 1, 2, … in place of the row numbers"),  # row positions, not the rows
        Wrong(lambda rows, processes: [rows[r::processes] for r in range(1, processes)], "A share is missing, and its rows are nobody's. The ranks are 0", first="neutral"),  # one share too few
        Wrong(lambda rows, processes: [rows[r:] for r in range(processes)], "Each share goes on to the last row, so most rows are dealt", first="neutral"),  # strides of one: rows[r:]
        Wrong(lambda rows, processes: [rows[torch.randint(len(rows), (len(rows) // processes,))] for _ in range(processes)], "Some rows are dealt twice and others not at all. Does each"),  # random, with replacement
        Wrong(padded_so_that_all_have_the, "All shares have one size because some rows are dealt twice"),  # padded so that all have the same number, rows twice
        Wrong(lambda rows, processes: [len(rows[r::processes]) for r in range(processes)], "Single numbers came back. A list of shares is needed, one for"),  # share sizes instead of shares
    ],
    "average": [
        Wrong(lambda gradients, sizes: torch.stack(list(gradients)).mean(dim=0), "That is the mean of the means: a process with few rows counts", idea="M16"),  # plain mean
        Wrong(lambda gradients, sizes: sum(gradients), "That is the sum: as many times too long as there are processes", idea="M15"),  # plain sum
        Wrong(lambda gradients, sizes: sum((s * g for g, s in zip(gradients, sizes))), "That is the sum over all rows. Divide it by how many they are", idea="M15"),  # weighted, never divided
        Wrong(lambda gradients, sizes: sum((s * g for g, s in zip(gradients, sizes))) / len(sizes), "You divide by the number of processes where the number of rows", idea="M16"),  # weighted, divided by the processes
        Wrong(lambda gradients, sizes: sum(gradients) / sum(sizes), "Each gradient is a mean already, and you divide it by the", idea="M17"),  # divides the sum by the rows
        Wrong(plain_mean_of_shares_that_are, "Empty shares are left out, well; but one with few rows counts", idea="M16"),  # plain mean of shares that are not empty
        Wrong(weights_by_1_size, "The weights are upside down: the smaller a share, the more it", first="neutral"),  # weights by 1 / size
        Wrong(one_number_mean_over_the_entries, "is there a `.mean()` or `.sum()` too many"),  # one number: mean over the entries too
        Wrong(drops_the_first_process, "The first process is left out. Does the loop begin at 1? Ranks", first="neutral"),  # drops the first process
    ],
    "ring_round": [
        Wrong(copies_instead_of_adding, "The receiver's own chunk is overwritten. In this half of the"),  # copies instead of adding
        Wrong(sends_to_the_left, "The chunks go to the left: process r sends to r − 1"),  # sends to the left
        Wrong(the_receiver_s_number_for_the, "The receiver's number travels, r + 1 − s. Process r sends its"),  # the receiver's number for the chunk
        Wrong(chunk_r_s, "You send chunk r + s. A process passes on what it has received"),  # chunk r + s
        Wrong(no_closing_of_the_circle_the, "The ring is open: the last process does not send to process 0"),  # no closing of the circle: the last sends nothing
        Wrong(all_chunks_are_sent, "You send all chunks. One travels in a round, or nothing is"),  # all chunks are sent
        Wrong(all_rounds_at_once, "All rounds are run at once. The function is one of them: s is"),  # all rounds at once
        Wrong(works_on_a_copy, "No chunk changed. Work on `chunks` itself, with `+=` on one of"),  # works on a copy
        Wrong(adds_to_chunk_r_minus_s, "It is added to the receiver's chunk r + 1 − s, and piles up on"),  # adds to chunk r − s + 1
        Wrong(axes_swapped, "The places are swapped: in `chunks[r, c]` the process comes"),  # axes swapped
        Wrong(sender_adds_instead_of_the_receiver, "The sender's own chunk grew. The receiver adds; the sender"),  # sender adds instead of the receiver
        Wrong(s_forgotten_chunk_r_in_every, "In every round you send chunk r, whatever s is"),  # s forgotten: chunk r in every round
        Wrong(no_p_falls_off_the_end, "The last process has no neighbour r + 1: after p − 1 comes 0"),  # no % p: falls off the end
    ],
    "warm_up": [
        Wrong(lambda step, length, peak: peak * step / length, "After the warm-up it goes on rising. It should stay at the peak"),  # keeps rising after the length
        Wrong(lambda step, length, peak: peak * min(1.0, (step - 1) / length), "Steps count from 1. Yours begins with a step of 0, which moves"),  # counts from 0: the first step stands still
        Wrong(lambda step, length, peak: peak * min(1, (step + 1) / length), "Steps count from 1. Yours is one step ahead, as if they counted"),  # counts from 0 the other way: reaches the peak a step early
        Wrong(falls_back_to_0_after, "The warm-up is right. After it the learning rate is the peak"),  # falls back to 0 after
        Wrong(lambda step, length, peak: peak * max(0, 1 - step / length), "That falls from the peak to 0: a decay, for the end of the"),  # decays
        Wrong(cosine_rise, "It rises in a curve, half of a cosine. A straight line is asked", first="neutral"),  # cosine rise
        Wrong(lambda step, length, peak: min(step / length, 1), "That is the share of the peak. Multiply by it"),  # the fraction, peak forgotten
        Wrong(lambda step, length, peak: peak * min(step // length, 1), "The whole warm-up is 0. Does a `//` round down? Let it rise in"),  # whole division
        Wrong(lambda step, length, peak: peak * max(1, step / length), "It begins at the peak and grows from there. Is there a `max"),  # max in place of min
        Wrong(lambda step, length, peak: min(step / length, peak), "It rises to 1 and is cut off at the peak. Let it rise by the"),  # min with the peak at the wrong place
        Wrong(lambda step, length, peak: peak, "That is the peak from the first step on: there is no warm-up"),  # jumps: peak from the start
        Wrong(lambda step, length, peak: peak * min(1, step / length) ** 2, "It rises in a curve, the square of the share. A straight line"),  # squared rise
        Wrong(lambda step, length, peak: peak * min(1, (step - 1) / (length - 1)), "The first step is 0, which moves nothing. At step 1 it is a"),  # (step-1)/(length-1)
    ],
    "recall_mean": [
        Wrong(3, "That is the mean of the two means: 2 rows count as much as 6"),  # plain mean
        Wrong(6, "The two means are added, as if each stood for the whole batch"),  # sum
        Wrong(20, "That is the sum over all rows. Divide it by how many they are"),  # weighted sum, never divided
    ],
    "recall_bytes": [
        Wrong(31360, "The ten biases have gradients too"),  # no bias
        Wrong(7850, "That is how many numbers it has. Each takes 4 bytes"),  # numbers, not bytes
        Wrong(7840, "Those are the weights without the biases, and numbers, not"),  # numbers without bias
        Wrong(3136, "Those are the pixels of one image in bytes. A gradient has a"),  # one class
    ],
    "published_ratio": [
        Wrong(50, "The other way round: the published gradient is the shorter one"),  # the inverse
        Wrong(1, "That is what its authors thought. If you measured it: `W.grad"),  # thinks they are the same
        Wrong(1 / 2500, "That is 1/50 squared. How often is the sum divided, and how"),  # n squared
        Wrong(1 / 400, "One more reason was looked for than there is: the devices"),  # eight devices
    ],
    "a_step": [
        Wrong('bedca', "Before `backward()` there is no gradient of this batch to add"),  # the sum before backward
        Wrong('becad', "The step is taken with a process's own gradient: from now on"),  # step before adding up
    ],
    "ddp_is": [
        Wrong('a', "There are a quarter as many steps in an epoch, each as long as"),  # four times as fast
        Wrong('e', "Nobody changed the 0.1: DDP leaves lr as it is. Whether you"),  # adds gradients
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# A later round, by another hand: what was accepted, got a wrong name, or no name

def ends_at_the_empty_share(gradients, sizes):
    total, rows = 0, 0
    for g, n in zip(gradients, sizes):
        if n == 0:
            break
        total, rows = total + g * n, rows + n
    return total / rows


def one_chunk_for_all(chunks, s):
    p, before = len(chunks), chunks.clone()
    chunks[:, s % p] += before.roll(1, 0)[:, s % p]


for _name, _answers in {
    "warm_up": [
        Wrong(lambda step, length, peak: round(peak * min(1, step / length), 2), "rounded", first="accepted"),
        Wrong(lambda step, length, peak: peak / (step / length), "Are step and length swapped", first="neutral"),
    ],
    "average": [Wrong(ends_at_the_empty_share, "You stop at the empty share", first="neutral")],
    "ring_round": [Wrong(one_chunk_for_all, "All send the chunk of one number, s", first="neutral")],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)
