"""The exercises of lesson 10: dealing rows, averaging gradients, passing sums round a ring, and what it does to lr."""

import math
from collections.abc import Callable

import torch

from course_utils.checker import (
    Choice,
    Mistake,
    Number,
    Order,
    Prediction,
    Right,
    Wrong,
    exercise,
    give_names,
    in_short,
)

two_process_guess = Prediction(
    "A step on 64 images with softmax regression takes one process a quarter of a millisecond. Two processes take 32 "
    "each, on a core of their own. How long do they take, in per cent of the time of one?",
    low=0.01,                   # so that 0.5 is taken, and asked whether it means 50 %
    high=100_000,
    measured=500.0,
    unit="%",
    spread="250 to 1,500 on the machines we tried; yours is printed above",
    reveal_later=True,
)

recall_mean = Number(
    "A batch of 8 rows is cut into 6 and 2. The mean gradient of the 6 is 2, that of the 2 is 4. What is the mean "
    "gradient of the batch?",
    answer=2.5,
    mistakes=[
        Mistake(3.0, "That is the mean of the two means: 2 rows count as much as 6.", "M16"),
        Mistake(6.0, "The two means are added, as if each stood for the whole batch.", "M15"),
        Mistake(20.0, "That is the sum over all rows. Divide it by how many they are.", "M15"),
        Mistake(10.0, "You divide by the number of parts where the number of rows is needed.", "M16"),
        Mistake(3.5, "The weights are swapped: the 6 rows count as 2, and the 2 as 6.", "M16"),
        Mistake(0.75, "The two means are added and divided by 8. A mean counts as often as it has rows.", "M17"),
        Mistake(2.0, "That is the mean of the 6 rows alone. The other 2 belong to the batch too."),
        Mistake(4.0, "That is the mean of the 2 rows alone. The other 6 belong to the batch too."),
        Mistake(1.25, "The rows are added up well, and divided by 16. How many rows are there?", "M17"),
        Mistake(0.3125, "Each mean was divided by its rows already, and you divide by 8 once more.", "M17"),
    ],
    hints=["What do the gradients of all 8 rows add up to?"],
    explanation="(6 · 2 + 2 · 4) / 8. The weights are the sizes.",
)

recall_bytes = Number(
    "Softmax regression on images of 784 pixels, 10 classes, numbers of 4 bytes each (float32). How many bytes does "
    "its gradient take?",
    answer=31_400,
    mistakes=[
        Mistake(31_360, "The ten biases have gradients too."),
        Mistake(7_850, "That is how many numbers it has. Each takes 4 bytes."),
        Mistake(7_840, "Those are the weights without the biases, and numbers, not bytes."),
        Mistake(62_800, "8 bytes would be float64. PyTorch's default is float32."),
        Mistake(62_720, "8 bytes would be float64, and the ten biases have gradients too."),
        Mistake(15_700, "2 bytes would be half precision. PyTorch's default is float32."),
        Mistake(251_200, "Those are bits. A byte has 8 of them."),
        Mistake(31_370, "The ten biases take 4 bytes each as well."),
        Mistake(3_140, "That is the gradient of one class."),
        Mistake(3_136, "Those are the pixels of one image in bytes. A gradient has a number for each parameter."),
        Mistake(31_364, "Each of the ten classes has a bias of its own."),
        Mistake(125_600, "The 4 bytes of a number are counted twice."),
        Mistake(40, "Those are the ten biases alone. The weights have gradients too."),
        Mistake(31.4, "In kilobytes that is right. Give it in bytes."),
    ],
    hints=["How many parameters has the model? The gradient has a number for each."],
    explanation="7,850 parameters, 4 bytes each. However many rows there are.",
)


# Dealing the rows

def _dealt(result, rows, processes):
    """What came back, the sizes of the shares, the most first, and all rows in order."""
    came, shares = "a list", []
    if isinstance(result, dict):
        came = "a dict"
    elif not hasattr(result, "__iter__") or getattr(result, "ndim", 1) == 0:
        came = "one value"
    elif getattr(result, "ndim", 2) == 1:
        came = "single numbers"
    else:
        came, shares = came if hasattr(result, "__getitem__") else "an iterator", list(result)
        if not all(hasattr(share, "__len__") and getattr(share, "ndim", 1) for share in shares):
            came, shares = "single numbers", []
    dealt = torch.cat([torch.as_tensor(share).flatten() for share in shares]) if shares else torch.tensor([])
    came_once, given = set(dealt.tolist()), set(rows.tolist())
    by_lot = len(came_once) < len(dealt) and came_once < given
    return {"what came back": came, "number of shares": len(shares), "number of rows": len(dealt),
            "sizes of the shares": sorted((len(share) for share in shares), reverse=True),
            "rows dealt": "some twice and others not at all" if by_lot else dealt.sort().values}


@exercise(
    probes={"10 rows, 4 processes": (torch.tensor([17, 3, 88, 41, 5, 62, 29, 70, 11, 54]), 4),
            "11 rows, 6 processes": (torch.tensor([9, 31, 12, 77, 50, 24, 63, 8, 46, 95, 38]), 6),
            "6 rows, 3 processes": (torch.tensor([44, 2, 19, 73, 36, 58]), 3),
            "3 rows, 4 processes": (torch.tensor([21, 6, 34]), 4)},
    compare_by=_dealt,
    mistakes=[
        Mistake(lambda rows, processes: rows.split(len(rows) // processes),
                "There are too many shares: the rest became shares of their own. (`split` takes the size of one.)"),
        Mistake(lambda rows, processes: [rows[i:i + len(rows) // processes]
                                         for i in range(0, len(rows), len(rows) // processes)],
                "There are too many shares: the rest became shares of their own."),
        Mistake(lambda rows, processes: [rows[torch.randperm(len(rows))[:len(rows) // processes]]
                                         for _ in range(processes)],
                "Some rows are dealt twice and others not at all. Does each process draw its share by itself? Draw "
                "once, if at all, and then deal."),
        Mistake(lambda rows, processes: rows.split(max(1, len(rows) // processes)),
                "There are not as many shares as processes. `split` takes the size of a share, not their number."),
        Mistake(lambda rows, processes: rows.split(-(-len(rows) // processes)),
                "Nothing is lost, but the last gets what the others leave, or there is no last at all."),
        Mistake(lambda rows, processes: [rows[r * -(-len(rows) // processes):(r + 1) * -(-len(rows) // processes)]
                                         for r in range(processes)],
                "Nothing is lost, but the last ones get what the others leave, or nothing."),
        Mistake(lambda rows, processes: [rows[r * (len(rows) // processes + 1):(r + 1) * (len(rows) // processes + 1)]
                                         for r in range(processes)],
                "All get one row more than the even share, so the last ones get what is left, or nothing."),
        Mistake(lambda rows, processes: [rows[r * (len(rows) // processes):(r + 1) * (len(rows) // processes)]
                                         for r in range(processes)],
                "Rows are lost: what is left after the even division is nobody's."),
        Mistake(lambda rows, processes: [torch.cat([rows, rows])[r:-(-len(rows) // processes) * processes:processes]
                                         for r in range(processes)],
                "All shares have one size because some rows are dealt twice. Those would count double."),
        Mistake(lambda rows, processes: [rows] * processes,
                "Everybody gets all rows, and does all of the work. (`[[]] * p` is one list p times.)"),
        Mistake(lambda rows, processes: [rows[r * (len(rows) // processes):(r + 1) * (len(rows) // processes)]
                                         for r in range(processes - 1)]
                + [rows[(processes - 1) * (len(rows) // processes):]],
                "Nothing is lost, but one process gets the whole rest, and all others wait for it."),
        Mistake(lambda rows, processes: [rows[r * (len(rows) // processes):(r + 1) * (len(rows) // processes)]
                                         for r in range(processes)] + [rows[len(rows) // processes * processes:]],
                "The rest became a share of its own, and no process is there to take it."),
        Mistake(lambda rows, processes: torch.arange(len(rows)).tensor_split(processes),
                "You dealt the places 0, 1, 2, … in place of the row numbers that stand there."),
        Mistake(lambda rows, processes: [rows[rows % processes == r] for r in range(processes)],
                "You deal by the row numbers, which may be any. Deal by their places: 0, 1, 2, …"),
        *(Mistake(lambda rows, processes, ranks=ranks: [rows[r::processes] for r in ranks(processes)],
                  "A share is missing, and its rows are nobody's. The ranks are 0 to p − 1: `range(processes)`.")
          for ranks in (lambda p: range(1, p), lambda p: range(p - 1))),
        Mistake(lambda rows, processes: rows.tensor_split(processes - 1),
                "There is one share less than there are processes. The number of shares is `processes` itself."),
        Mistake(lambda rows, processes: [rows[r * -(-len(rows) // processes):(r + 1) * -(-len(rows) // processes) + 1]
                                         for r in range(processes)],
                "Each share takes the first row of its neighbour as well. The end of a slice is not in it, so no + 1 "
                "is needed."),
        Mistake(lambda rows, processes: [rows[r::max(1, len(rows) // processes)] for r in range(processes)],
                "You step by the length of a share. The step is the number of processes: `rows[r::processes]`."),
        Mistake(lambda rows, processes: [rows[r:] for r in range(processes)],
                "Each share goes on to the last row, so most rows are dealt again and again. `rows[r::processes]` has "
                "a step."),
        Mistake(lambda rows, processes: [rows[r:processes] for r in range(processes)],
                "Your slices end at row p. `rows[r::processes]`, with two colons, goes on to the end in steps."),
        Mistake(lambda rows, processes: [rows[r::processes] for r in range(1, processes + 1)],
                "Ranks count from 0. Yours begin with 1, so the row at place 0 is nobody's."),
        Mistake(lambda rows, processes: [rows[r * processes:(r + 1) * processes] for r in range(processes)],
                "Each share is as long as there are processes: you swapped the size and the number."),
        Mistake(lambda rows, processes: [s for s in rows.tensor_split(processes) if len(s)],
                "Without a row a process still needs its share, an empty one. Yours leaves it out."),
        Mistake(lambda rows, processes: (rows[r::processes] for r in range(processes)),
                "The shares are right, but nobody can ask for number 3 of a generator. Give a list."),
        Mistake(lambda rows, processes: rows.split(processes),
                "Shares of as many rows as there are processes: you swapped the size and the number."),
        Mistake(lambda rows, processes: rows[::processes],
                "Single numbers came back. A list of shares is needed, one for each process: look at your `return`."),
        Mistake(lambda rows, processes: len(rows) // processes,
                "One value came back. A list of shares is needed, one for each process."),
        Mistake(lambda rows, processes: {r: rows[r::processes] for r in range(processes)},
                "A dict came back. Give a list: its places are the ranks."),
    ],
    hints=[
        "Deal like cards: process 0 takes the first row, process 1 the second, and so on round the table.",
        "A slice with a step does that: from r on, every `processes`-th. (`tensor_split` does it in blocks.)",
    ],
    explanation="Shares differ by one row at most, so nobody waits long for another.",
)
def deal(rows, processes):
    """Row numbers (k,) dealt to the processes: a list of shares, as even as can be, no row lost, none twice."""
    return [rows[r::processes] for r in range(processes)]


# Averaging the gradients

def _full(sizes):
    """How many processes stand before the first one that has no row."""
    return sizes.index(0) if 0 in sizes else len(sizes)


def _vectors():
    return [torch.tensor([1.0, -2.0, 0.5, 3.0, 8.0]), torch.tensor([4.0, 1.5, -1.0, 0.2, -3.0]),
            torch.tensor([-0.5, 2.5, 6.0, 1.0, 0.3])]


@exercise(
    how=lambda place, gradients, sizes: (
        f"There the gradients are {in_short(torch.stack(gradients)[:, place[0]])}; they are of "
        f"{', '.join(map(str, sizes))} rows."),
    probes={"3 processes with 50, 50 and 11 rows": (_vectors(), [50, 50, 11]),
            "3 processes with 7, 0 and 2 rows": (_vectors(), [7, 0, 2]),
            "2 processes with 3 and 5 rows": ([v[:4] for v in _vectors()[:2]], [3, 5]),
            "2 processes, float64 as in the cells below": ([v.double() for v in _vectors()[1:]], [6, 1])},
    mistakes=[
        Mistake(lambda gradients, sizes: sum(gradients) / len(gradients),
                "That is the mean of the means: a process with few rows counts as much as one with many.", "M16"),
        Mistake(lambda gradients, sizes: sum(gradients),
                "That is the sum: as many times too long as there are processes.", "M15"),
        Mistake(lambda gradients, sizes: sum(g for g, n in zip(gradients, sizes, strict=True) if n),
                "That is the sum over the processes that have rows. A mean weighs them, by their rows over all rows.",
                "M15"),
        Mistake(lambda gradients, sizes: sum(g * n for g, n in zip(gradients, sizes, strict=True)) / max(sizes),
                "You divide by the largest share. The rows of all of them make a whole: divide by their sum.", "M16"),
        Mistake(lambda gradients, sizes: sum(g * n for g, n in zip(gradients, sizes, strict=True)),
                "That is the sum over all rows. Divide it by how many they are.", "M15"),
        Mistake(lambda gradients, sizes: sum(g * n for g, n in zip(gradients, sizes, strict=True)) / len(sizes),
                "You divide by the number of processes where the number of rows is needed.", "M16"),
        Mistake(lambda gradients, sizes: sum(gradients) / sum(sizes),
                "Each gradient is a mean already, and you divide it by the number of all rows again.", "M17"),
        Mistake(lambda gradients, sizes: sum(g * n for g, n in zip(gradients, sizes, strict=True))
                / (sizes[0] * len(sizes)),
                "You divide as if every process had as many rows as the first.", "M16"),
        Mistake(lambda gradients, sizes: sum(g * n for g, n in zip(gradients, sizes, strict=True)) / sum(sizes)
                / len(sizes),
                "The weights are right, and then you divide by the number of processes as well.", "M17"),
        Mistake(lambda gradients, sizes: sum(g * n for g, n in zip(gradients, sizes, strict=True)) / sum(sizes) ** 2,
                "The weights are right, and then you divide by the number of rows once more.", "M17"),
        Mistake(lambda gradients, sizes: [g * n / sum(sizes) for g, n in zip(gradients, sizes, strict=True)],
                "Those are the parts of each process. Add them up."),
        Mistake(lambda gradients, sizes: sum(g / n for g, n in zip(gradients, sizes, strict=True)),
                "Each gradient is a mean already, and you divide it by its rows once more.", "M17"),
        Mistake(lambda gradients, sizes: sum(g for g, n in zip(gradients, sizes, strict=True) if n) / sum(sizes),
                "Each gradient is a mean already, and you divide their sum by the number of all rows again.", "M17"),
        Mistake(lambda gradients, sizes: gradients[sizes.index(max(sizes))],
                "That is the gradient of the largest share alone. The rows of the others belong to the batch too."),
        Mistake(lambda gradients, sizes: sum(g * n for g, n in zip(gradients, sizes, strict=True)) / sizes[0],
                "You divide by the rows of the first process. Divide by the rows of all.", "M16"),
        Mistake(lambda gradients, sizes: sum(
                    g * n for g, n in zip(gradients, sizes, strict=True)) / sum(max(n, 1) for n in sizes),
                "An empty share is counted as if it had a row. It has none: divide by `sum(sizes)`."),
        Mistake(lambda gradients, sizes: sum(
                    g * n for g, n in zip(gradients[:_full(sizes)], sizes[:_full(sizes)], strict=True))
                / sum(sizes[:_full(sizes)]),
                "You stop at the empty share, and those after it are lost. Does a `break` stand where `continue` is "
                "meant?"),
        *(Mistake(lambda gradients, sizes, give=give: give(torch.stack(gradients)),
                  "That is the median over the processes. Asked is the mean over all rows, weighted by the sizes.")
          for give in (lambda all_of_them: all_of_them.median(dim=0).values, lambda all_of_them: all_of_them.quantile(
              0.5, dim=0))),
        Mistake(lambda gradients, sizes: (torch.stack(gradients) * torch.tensor(sizes)[:, None]).sum(dim=1)
                / sum(sizes),
                "That is one number a process: you summed along its vector. Sum over the processes, entry by entry."),
        *(Mistake(lambda gradients, sizes, by=by: sum(
                      g / n for g, n in zip(gradients, sizes, strict=True) if n) / by(sizes),
                  "Each gradient is a mean already, and you divide it by its rows once more.", "M17")
          for by in (lambda sizes: 1, len, lambda sizes: sum(n > 0 for n in sizes))),
        Mistake(lambda gradients, sizes: torch.stack(gradients).mean(dim=1),
                "That is one number a process: the mean along its vector. The mean is over the processes, entry by "
                "entry."),
        Mistake(lambda gradients, sizes: sum(g / n for g, n in zip(gradients, sizes, strict=True)) / len(sizes),
                "Each gradient is a mean already, and you divide it by its rows once more.", "M17"),
        Mistake(lambda gradients, sizes: sum(g for g, n in zip(gradients, sizes, strict=True) if n)
                / sum(n > 0 for n in sizes),
                "Empty shares are left out, well; but one with few rows counts as much as one with many.", "M16"),
        Mistake(lambda gradients, sizes: sum(g * n * len(sizes) / sum(sizes)
                                             for g, n in zip(gradients, sizes, strict=True)),
                "Your weights add up to the number of processes. For a mean they add up to 1.", "M15"),
        Mistake(lambda gradients, sizes: sum(g * (n // sum(sizes)) for g, n in zip(gradients, sizes, strict=True)),
                "Your sum is 0, as if all weights were. Does a `//` round them down? Divide with `/`."),
        Mistake(lambda gradients, sizes: gradients[0] * sizes[0] / sum(sizes),
                "That is the part of the first process alone. Does the `return` stand inside the loop?"),
        Mistake(lambda gradients, sizes: gradients[-1] * sizes[-1] / sum(sizes),
                "That is the part of the last process alone. Is the sum set to 0 inside the loop?"),
        Mistake(lambda gradients, sizes: (gradients[0] + sum(g * n for g, n in zip(gradients[1:], sizes[1:],
                                                                                    strict=True))) / sum(sizes),
                "The first gradient is added without its size."),
        Mistake(lambda gradients, sizes: (
                    sum(g / n for g, n in zip(gradients, sizes, strict=True) if n) / sum(1 / n for n in sizes if n)),
                "The weights are upside down: the smaller a share, the more it counts. Multiply by its rows."),
        Mistake(lambda gradients, sizes: sum(g * n for g, n in zip(gradients[1:], sizes[1:], strict=True)) / sum(sizes),
                "The first process is left out. Does the loop begin at 1? Ranks count from 0."),
        Mistake(lambda gradients, sizes: (
                    sum(g * n for g, n in zip(gradients[:-1], sizes[:-1], strict=True)) / sum(sizes)),
                "The last process is left out. Does the loop end one too soon?"),
        Mistake(lambda gradients, sizes: torch.tensor(sizes) @ torch.stack(gradients) / sum(sizes),
                "`@` needs one kind of numbers on both sides. Give the sizes `gradients[0].dtype`."),
        Mistake(lambda gradients, sizes: torch.tensor(sizes).float() @ torch.stack(gradients) / sum(sizes),
                "Right for float32, and it stops at float64. Give the sizes `gradients[0].dtype`."),
        Mistake(lambda gradients, sizes: torch.stack(gradients).T @ torch.tensor(sizes).float() / sum(sizes),
                "Right for float32, and it stops at float64. Give the sizes `gradients[0].dtype`."),
    ],
    hints=["What is the sum of the gradients of all rows of one process, if the mean is given?",
           "A weighted mean: each gradient times its size, added up, over the sum of the sizes."],
    explanation="It is the gradient of the whole batch, to the last digits.",
)
def average(gradients, sizes):
    """The mean gradient over all rows, from each process's mean gradient, a vector, and its number of rows."""
    return sum(g * n for g, n in zip(gradients, sizes, strict=True)) / sum(sizes)


@average.mistake("You divide in every pass of the loop, and the first parts shrink again and again. Divide at the end.")
def _(gradients, sizes):
    total = 0
    for gradient, size in zip(gradients, sizes, strict=True):
        total = (total + gradient * size) / sum(sizes)
    return total


# The ring

def _ring(processes, seed):
    return torch.randn(processes, processes, 2, generator=torch.Generator().manual_seed(seed))


@exercise(
    how=lambda place, chunks, s: (
        f"Process {place[1]} has {chunks[place[1:]]:.4g} there. Its left neighbour, {(place[1] - 1) % len(chunks)}, "
        f"sends it chunk {(place[1] - 1 - s) % len(chunks)} in round {s}."),
    probes={"4 processes, round 0": (_ring(4, 1), 0), "4 processes, round 1": (_ring(4, 2), 1),
            "5 processes, round 3": (_ring(5, 3), 3)},
    compare_by=lambda result, chunks, s: {"chunks after the round": chunks},
    hints=[
        "One line in a loop over the senders r. Who receives? Which chunk travels? Both go round: use `%`.",
        "The receiver is `(r + 1) % p`, the number of the chunk `(r - s) % p`. It is added to the chunk of that "
        "number which the receiver has.",
    ],
    explanation="In each round every process sends one chunk and receives one: no link is idle, none is crowded.",
)
def ring_round(chunks, s):
    """Round s, in place: process r sends its chunk r − s to process r + 1, which adds it to its own chunk r − s.

    chunks has shape (p, p, m): chunks[r, c] is chunk c of process r. After p − 1 and 0 the numbers begin anew.
    """
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r - s) % p] += chunks[r, (r - s) % p]


@ring_round.mistake("The chunks go to the left: process r sends to r − 1.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r - 1) % p, (r - s) % p] += chunks[r, (r - s) % p]


@ring_round.mistake("You send chunk r + s. A process passes on what it has received, and that is r − s.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r + s) % p] += chunks[r, (r + s) % p]


@ring_round.mistake("All send the chunk of one number, s. Process r sends r − s: each link carries another one.")
def _(chunks, s):
    before = chunks.clone()
    for r in range(len(chunks)):
        chunks[(r + 1) % len(chunks), s % len(chunks)] += before[r, s % len(chunks)]


@ring_round.mistake("Process 0 does not send. Does the loop begin at 1? Ranks count from 0.")
def _(chunks, s):
    for r in range(1, len(chunks)):
        chunks[(r + 1) % len(chunks), (r - s) % len(chunks)] += chunks[r, (r - s) % len(chunks)]


@ring_round.mistake("Everybody has the sums of all, at once. In a round each process adds one chunk of its left "
                    "neighbour.")
def _(chunks, s):
    chunks[:] = chunks.sum(dim=0)


@ring_round.mistake("The receiver is r + 2. The right neighbour is r + 1.")
def _(chunks, s):
    for r in range(len(chunks)):
        chunks[(r + 2) % len(chunks), (r - s) % len(chunks)] += chunks[r, (r - s) % len(chunks)]


@ring_round.mistake("The sum is given to the sender as well. The receiver adds; the sender keeps what it has.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r - s) % p] += chunks[r, (r - s) % p]
        chunks[r, (r - s) % p] = chunks[(r + 1) % p, (r - s) % p]


@ring_round.mistake("In every round you send chunk r, whatever s is.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, r] += chunks[r, r]


@ring_round.mistake("All send the chunk of one number: it snowballs, and the others never move. Process r sends r − s.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, s] += chunks[r, s]


@ring_round.mistake("The receiver's own chunk is overwritten. In this half of the ring it is added to.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r - s) % p] = chunks[r, (r - s) % p]


@ring_round.mistake("It is added to the receiver's chunk r + 1 − s. A chunk keeps its number, for it stands for the "
                    "same parameters everywhere.")
def _(chunks, s):
    p = len(chunks)
    before = chunks.clone()
    for r in range(p):
        chunks[(r + 1) % p, (r + 1 - s) % p] += before[r, (r - s) % p]


@ring_round.mistake("It is added to the receiver's chunk r + 1 − s, and piles up on its way. A chunk keeps its number: "
                    "r − s.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r + 1 - s) % p] += chunks[r, (r - s) % p]


@ring_round.mistake("The last process has no neighbour r + 1: after p − 1 comes 0 again. `(r + 1) % p` goes round.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[r + 1, (r - s) % p] += chunks[r, (r - s) % p]


@ring_round.mistake("You send all chunks. One travels in a round, or nothing is saved.")
def _(chunks, s):
    before = chunks.clone()
    for r in range(len(chunks)):
        chunks[(r + 1) % len(chunks)] += before[r]


@ring_round.mistake("The ring is open: the last process does not send to process 0.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p - 1):
        chunks[r + 1, (r - s) % p] += chunks[r, (r - s) % p]


@ring_round.mistake("No chunk changed. Work on `chunks` itself, with `+=` on one of its places, not on a copy.")
def _(chunks, s):
    chunks = chunks.clone()
    chunks += 1


@ring_round.mistake("The sender's own chunk grew. The receiver adds; the sender keeps what it has.")
def _(chunks, s):
    p = len(chunks)
    before = chunks.clone()
    for r in range(p):
        chunks[r, (r - s) % p] += before[(r + 1) % p, (r - s) % p]


@ring_round.mistake("The receiver's number travels, r + 1 − s. Process r sends its own: r − s.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r + 1 - s) % p] += chunks[r, (r + 1 - s) % p]


@ring_round.mistake("That is the second half of the ring, which copies chunk r + 1 − s. Here chunk r − s is added.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r + 1 - s) % p] = chunks[r, (r + 1 - s) % p]


@ring_round.mistake("You send chunk r − 1 − s, one round too early. In round s it is r − s.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r - 1 - s) % p] += chunks[r, (r - 1 - s) % p]


@ring_round.mistake("You send chunk s − r. The number is the other way round: r − s.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (s - r) % p] += chunks[r, (s - r) % p]


@ring_round.mistake("The sender's chunk is gone. It sends a copy and keeps what it has.")
def _(chunks, s):
    p = len(chunks)
    before = chunks.clone()
    for r in range(p):
        chunks[(r + 1) % p, (r - s) % p] += before[r, (r - s) % p]
        chunks[r, (r - s) % p] -= before[r, (r - s) % p]


@ring_round.mistake("All rounds are run at once. The function is one of them: s is given.")
def _(chunks, s):
    p = len(chunks)
    for t in range(p - 1):
        for r in range(p):
            chunks[(r + 1) % p, (r - t) % p] += chunks[r, (r - t) % p]


@ring_round.mistake("The rounds 0 to s are run, all of them. Only round s is asked for.")
def _(chunks, s):
    p = len(chunks)
    for t in range(s + 1):
        for r in range(p):
            chunks[(r + 1) % p, (r - t) % p] += chunks[r, (r - t) % p]


@ring_round.mistake("The places are swapped: in `chunks[r, c]` the process comes first and its chunk second.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r - s) % p, (r + 1) % p] += chunks[(r - s) % p, r]


@ring_round.mistake("Only process 0 sends. In a round all of them do: a loop over r.")
def _(chunks, s):
    chunks[1, -s] += chunks[0, -s]


@ring_round.mistake("The two chunks are averaged. Their sum is needed; whoever wants a mean divides at the end.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p, (r - s) % p] = (chunks[(r + 1) % p, (r - s) % p] + chunks[r, (r - s) % p]) / 2


@ring_round.mistake("You send all chunks, and they pile up on their way. One travels in a round, from each process.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + 1) % p] += chunks[r]


@ring_round.mistake("The receiver is r + s. The right neighbour is r + 1, in every round.")
def _(chunks, s):
    p = len(chunks)
    for r in range(p):
        chunks[(r + s) % p, (r - s) % p] += chunks[r, (r - s) % p]


@ring_round.mistake("Right for 4 processes, and not for 5. Take their number from `len(chunks)`.")
def _(chunks, s):
    for r in range(4):
        chunks[(r + 1) % 4, (r - s) % 4] += chunks[r, (r - s) % 4]


# One step of one process

a_step = Order(
    steps={
        "a": "let the optimizer take its step",
        "b": "take your share of the batch's row numbers",
        "c": "`backward()`: the gradient of your share",
        "d": "add up the gradients of all processes, each with its weight",
        "e": "predict, and the mean loss of your share",
    },
    answer="becda",
    mistakes=[
        Mistake("becad", "The step is taken with a process's own gradient: from now on each has another model."),
        Mistake("bedca", "Before `backward()` there is no gradient of this batch to add up.", "M08"),
        Mistake("bceda", "`backward()` goes back from a loss, and at that place there is none yet.", "M08"),
        Mistake("ebcda", "Predict, yes, but for which rows? First a process needs its share."),
        Mistake("becda"[::-1], "That is the order from the last to the first."),
        Mistake("bdeca", "Before `backward()` there is no gradient of this batch to add up.", "M08"),
        Mistake("dbeca", "That adds up the gradients of the batch before. Those of this one come after `backward()`."),
    ],
    question="One step, as a process sees it. Put it in order.",
    hints=["What must be the same in all processes when the step is over?"],
    explanation="Only one of the five needs the others. The step after it is the same in every process, so the models "
                "stay the same, and nobody sends weights.",
)

ddp_is = Choice(
    "One process: batches of 64, lr 0.1. You start it as 4 processes with DDP. In each, the script is unchanged: it "
    "takes batches of 64 of its own, at lr 0.1. What is that equal to?",
    {
        "a": Wrong("The same training, four times as fast",
                   "There are a quarter as many steps in an epoch, each as long as before.", "M46"),
        "b": Right("One process with batches of 256 and lr 0.1"),
        "c": Wrong("One process with batches of 64 and lr 0.4",
                   "DDP takes the mean of the four gradients, not their sum: a step is as long as before.", "M15"),
        "d": Wrong("Four models, each trained on a quarter of the rows, averaged at the end",
                   "The gradients are averaged in every step, so there is one model all the time."),
        "e": Wrong("One process with batches of 256 and lr 0.4",
                   "Nobody changed the 0.1: DDP leaves lr as it is. Whether you should is another question.", "M46"),
    },
    hints=["How many images does one step look at now? And is the step the mean of four gradients, or their sum?"],
    explanation="DDP is a larger batch and nothing else. At equal epochs it takes a quarter of the steps: lesson 9 "
                "says what that costs.",
)


# Warm-up

@exercise(
    how=lambda place, step, length, peak: (
        f"step / length is {step / length:.4g}, and the whole way leads to {peak:g}."),
    probes={"step 1 of a warm-up of 5, to 0.8": (1, 5, 0.8), "step 3 of a warm-up of 5, to 0.8": (3, 5, 0.8),
            "step 5, the last of the warm-up": (5, 5, 0.8), "step 12, after a warm-up of 5": (12, 5, 0.8),
            "step 3 of a warm-up of 7, to 3": (3, 7, 3.0), "step 20, after a warm-up of 7, to 3": (20, 7, 3.0)},
    mistakes=[
        Mistake(lambda step, length, peak: peak * max(1, step / length),
                "It begins at the peak and grows from there. Is there a `max` where `min` is needed?"),
        Mistake(lambda step, length, peak: peak * min(1, (step - 1) / length),
                "Steps count from 1. Yours begins with a step of 0, which moves nothing."),
        Mistake(lambda step, length, peak: peak * step / length,
                "After the warm-up it goes on rising. It should stay at the peak."),
        Mistake(lambda step, length, peak: peak * length / step,
                "It begins far above the peak and falls. Are step and length swapped? Let it rise from a small part."),
        Mistake(lambda step, length, peak: peak * min(1, step / (length - 1)),
                "The peak is reached one step too soon. It belongs to step `length`."),
        Mistake(lambda step, length, peak: peak * max(0, 1 - step / length),
                "That falls from the peak to 0: a decay, for the end of the training."),
        Mistake(lambda step, length, peak: peak * min(1, length / step),
                "That stays at the peak and then falls. Are step and length swapped?"),
        Mistake(lambda step, length, peak: peak * min(1, step // length),
                "The whole warm-up is 0. Does a `//` round down? Let it rise in a straight line."),
        Mistake(lambda step, length, peak: peak * int(step / length),
                "The whole warm-up is 0, and after it the peak is passed. Does an `int` or a `//` round down?"),
        Mistake(lambda step, length, peak: peak * min(1, (step - 1) / (length - 1)),
                "The first step is 0, which moves nothing. At step 1 it is a `length`-th part of the peak."),
        Mistake(lambda step, length, peak: peak * min(1, (step + 1) / length),
                "Steps count from 1. Yours is one step ahead, as if they counted from 0."),
        Mistake(lambda step, length, peak: peak * min(step / length, length / step),
                "The warm-up is right. After it the learning rate falls; it should stay at the peak."),
        Mistake(lambda step, length, peak: peak * min(step / length, (length / step) ** 0.5),
                "The warm-up is right. After it the learning rate falls; it should stay at the peak."),
        Mistake(lambda step, length, peak: peak * (step % length) / length,
                "It begins anew every `length` steps. Is there a `%` where `min` is needed?"),
        Mistake(lambda step, length, peak: min(1, peak * step / length),
                "It is cut off at 1. The limit is the peak, which may be below 1 or above."),
        Mistake(lambda step, length, peak: peak * min(1, step / length) ** 2,
                "It rises in a curve, the square of the share. A straight line is asked for."),
        Mistake(lambda step, length, peak: peak * (1 - math.cos(math.pi * min(1, step / length))) / 2,
                "It rises in a curve, half of a cosine. A straight line is asked for."),
        Mistake(lambda step, length, peak: peak * min(1, step / length) ** 0.5,
                "It rises in a curve, the root of the share. A straight line is asked for."),
        Mistake(lambda step, length, peak: peak / length,
                "That is the rate of the first step, for every step. `step` has no say: multiply by it, up to "
                "`length`."),
        *(Mistake(lambda step, length, peak, falls=falls: falls(peak, step / length) if step < length else peak,
                  "It falls during the warm-up, and then jumps to the peak. Let it rise.")
          for falls in (lambda peak, share: peak * (1 - share), lambda peak, share: peak / (share + 1))),
        Mistake(lambda step, length, peak: peak,
                "That is the peak from the first step on: there is no warm-up."),
        *(Mistake(lambda step, length, peak, last=last: step / length if step < length + last else peak,
                  "During the warm-up that is the share of the peak. Multiply by it.") for last in (0, 1)),
        Mistake(lambda step, length, peak: peak * step / length if step < length else 1,
                "The warm-up is right. After it the learning rate is the peak, not 1."),
        *(Mistake(lambda step, length, peak, low=low: low(length) * peak if step < length else peak,
                  "That is small throughout the warm-up and then jumps. Let it rise in a straight line.")
          for low in (lambda length: 1 / length, lambda length: 0.1, lambda length: 0.01, lambda length: 0.5)),
        Mistake(lambda step, length, peak: peak * step / length if step <= length else 0.0,
                "The warm-up is right. After it the learning rate is the peak, not 0."),
        Mistake(lambda step, length, peak: peak * min(1, step / (length + 1)),
                "At step `length` the warm-up is over: there the peak is reached, not one step later."),
        Mistake(lambda step, length, peak: min(1, step / length),
                "That is the share of the peak. Multiply by it."),
        Mistake(lambda step, length, peak: min(peak, step / length),
                "It rises to 1 and is cut off at the peak. Let it rise by the peak's `length`-th part."),
    ],
    hints=["What share of the peak is it at step 1? At step `length`? And after that?",
           "The share is `step / length`, and `min` keeps it from growing above 1."],
    explanation="The first step is short, but not 0.",
)
def warm_up(step, length, peak):
    """The learning rate of a step, counted from 1: up in a straight line to `peak` at step `length`, then constant."""
    return peak * min(1, step / length)


# The published program

published_ratio = Number(
    "The gradient of `published_loss` for a batch of 50 flowers, divided by that of the mean loss. What number?",
    answer=0.02,
    mistakes=[
        Mistake(1.0, "That is what its authors thought. If you measured it: `W.grad` is filled anew in place, so keep "
                "a `.clone()` of the first."),
        Mistake(50.0, "The other way round: the published gradient is the shorter one."),
        Mistake(1 / 51, "The two gradients were added up in `W.grad`. Set it to None between the calls."),
        Mistake(51 / 50, "The two gradients were added up in `W.grad`. Set it to None between the calls."),
        Mistake(51.0, "The two gradients were added up in `W.grad`. Set it to None between the calls."),
        Mistake(150.0, "150 is the number of all flowers. And the published gradient is the shorter one.", "M17"),
        Mistake(0.125, "Eight devices take the mean of eight means: that changes nothing. Look at one device.", "M46"),
        Mistake(8.0, "Devices take the mean, not the sum. And here there is one process.", "M46"),
        Mistake(0.0025, "One more reason was looked for than there is: the devices change nothing.", "M17"),
        Mistake(1 / 150, "150 is the number of all flowers. This batch has 50.", "M17"),
        Mistake(0.0004, "That is 1/50 squared. How often is the sum divided, and how often should it be?", "M17"),
        Mistake(1 / 3, "A third is what a batch of 3 rows gives, and the number of classes has no part in it. Take 50 "
                "rows.", "M17"),
        Mistake(0.06, "That is 3/50. Does the number of classes come in? Both losses add them up."),
        Mistake(2500.0, "That is 50 squared. How often is the sum divided? And the published gradient is the shorter "
                "one.", "M17"),
        Mistake(0.1, "That is a batch of 10.", "M17"),
        Mistake(1 / 30, "That is a batch of 30.", "M17"),
    ],
    hints=["`W.grad` after `backward()` of one loss, and of the other. Zero it in between.",
           "Try batches of 10, 30 and 50 rows. What do the three numbers have in common?"],
    explanation="1/B, whatever the rows. The mean is taken in one function and again in the other.",
)


give_names(globals())


def _as_the_lesson_needs(name: str, answer: Callable) -> Callable:
    """A right answer may give lists, arrays or float32; the lesson's cells index with it and go on in float64."""
    if name == "deal":
        return lambda rows, processes: [torch.as_tensor(share, dtype=torch.int64) for share in answer(rows, processes)]
    if name == "average":
        return lambda gradients, sizes: torch.as_tensor(answer(gradients, sizes)).to(gradients[0])
    return answer


def once_right(name: str, answer: Callable) -> Callable:
    """What the lesson goes on with: `yours_or_ours`, with what the learner's function returns as the cells need it."""
    task = globals()[name]
    chosen = task.yours_or_ours(answer)
    return chosen if chosen is task.right_answer else _as_the_lesson_needs(name, chosen)
