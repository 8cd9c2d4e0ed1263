"""Right answers to the exercises of lesson 10 that are written differently from our solutions."""
# ruff: noqa: B023, B905

from collections import defaultdict
from fractions import Fraction

import numpy as np
import torch


def deal_in_blocks(rows, processes):
    return rows.tensor_split(processes)


def deal_by_masks(rows, processes):
    return [rows[torch.arange(len(rows)) % processes == r] for r in range(processes)]


def deal_like_cards(rows, processes):
    shares = [[] for _ in range(processes)]
    for place, row in enumerate(rows.tolist()):
        shares[place % processes].append(row)
    return [torch.tensor(share, dtype=torch.int64) for share in shares]


def deal_from_the_end(rows, processes):
    """Numbers of the rows as plain lists, and the larger shares last."""
    n, start, shares = len(rows), 0, []
    for r in range(processes):
        end = n * (r + 1) // processes
        shares.append(rows[start:end].tolist())
        start = end
    return shares


def deal_in_arrays(rows, processes):
    return np.array_split(rows.numpy(), processes)


def deal_by_sizes(rows, processes):
    return rows.split([len(rows) // processes + (r < len(rows) % processes) for r in range(processes)])


def deal_numbers_of_torch(rows, processes):
    """Each number is a tensor without dimensions still."""
    shares = [[] for _ in range(processes)]
    for place, row in enumerate(rows):
        shares[place % processes].append(row)
    return shares


def deal_until_none_is_left(rows, processes):
    rows, shares = rows.tolist(), [[] for _ in range(processes)]
    while rows:
        for share in shares:
            if rows:
                share.append(rows.pop(0))
    return shares


def deal_by_arange(rows, processes):
    return [rows[torch.arange(r, len(rows), processes)] for r in range(processes)]


def deal_shuffled(rows, processes):
    mixed = rows[torch.randperm(len(rows))]
    return tuple(mixed[r::processes].clone() for r in range(processes))


def average_of_numpy(gradients, sizes):
    return np.average(np.stack([gradient.numpy() for gradient in gradients]), axis=0, weights=sizes)


def average_of_repeated_rows(gradients, sizes):
    return torch.cat([gradient.expand(n, -1) for gradient, n in zip(gradients, sizes, strict=True)]).mean(dim=0)


def average_by_columns(gradients, sizes):
    return [sum(g[i].item() * n for g, n in zip(gradients, sizes, strict=True)) / sum(sizes)
            for i in range(len(gradients[0]))]


def average_on_the_way(gradients, sizes):
    mean, rows = 0, 0
    for gradient, size in zip(gradients, sizes, strict=True):
        if size:
            rows += size
            mean = mean + (gradient - mean) * size / rows
    return mean


def average_into_float32(gradients, sizes):
    total = torch.zeros(len(gradients[0]))
    for gradient, size in zip(gradients, sizes, strict=True):
        total += gradient * size
    return total / sum(sizes)


def average_by_broadcasting(gradients, sizes):
    return (torch.stack(gradients) * torch.tensor(sizes)[:, None]).sum(0) / sum(sizes)


def average_by_a_loop(gradients, sizes):
    total = torch.zeros_like(gradients[0])
    for gradient, size in zip(gradients, sizes, strict=True):
        total += gradient * size
    return total / sum(sizes)


def average_by_shares(gradients, sizes):
    n = sum(sizes)
    return sum((size / n) * gradient for gradient, size in zip(gradients, sizes, strict=True))


def average_by_a_product(gradients, sizes):
    weights = torch.tensor(sizes, dtype=gradients[0].dtype)
    return weights @ torch.stack(list(gradients)) / weights.sum()


def average_in_place(gradients, sizes):
    for gradient, size in zip(gradients, sizes, strict=True):
        gradient *= size / sum(sizes)
    return torch.stack(gradients).sum(dim=0)


def round_at_once(chunks, s):
    """All senders in one line, from a copy."""
    p = len(chunks)
    senders = torch.arange(p)
    numbers = (senders - s) % p
    chunks[(senders + 1) % p, numbers] += chunks.clone()[senders, numbers]


def round_by_receivers(chunks, s):
    p = len(chunks)
    for receiver in range(p):
        sender = receiver - 1                       # -1 is the last one
        number = (sender - s) % p
        chunks[receiver][number] = chunks[receiver][number] + chunks[sender][number]


def round_with_messages(chunks, s):
    p = len(chunks)
    messages = [(r, (r - s) % p, chunks[r, (r - s) % p].clone()) for r in range(p)]
    for sender, number, chunk in messages:
        chunks[(sender + 1) % p, number].add_(chunk)
    return chunks


def round_in_numpy(chunks, s):
    p, shared = len(chunks), chunks.numpy()
    for r in range(p):
        shared[(r + 1) % p, r - s] += shared[r, r - s]


def round_by_chunks(chunks, s):
    p = len(chunks)
    for c in range(p):
        r = (c + s) % p
        chunks[(r + 1) % p][c] += chunks[r][c]


def round_by_a_mask(chunks, s):
    p = len(chunks)
    sent = torch.zeros(p, p, 1)
    for r in range(p):
        sent[r, (r - s) % p] = 1
    chunks += (chunks * sent).roll(1, dims=0)


def round_copied_back(chunks, s):
    p, new = len(chunks), chunks.clone()
    for r in range(p):
        new[(r + 1) % p, (r - s) % p] = chunks[(r + 1) % p, (r - s) % p] + chunks[r, (r - s) % p]
    chunks[:] = new


def round_by_ifs(chunks, s):
    p = len(chunks)
    for r in range(p):
        receiver, number = (r + 1 if r < p - 1 else 0), (r - s if r >= s else r - s + p)
        chunks[receiver, number] = chunks[receiver, number].add(chunks[r, number])


def warm_up_by_interpolation(step, length, peak):
    return np.interp(step, [0, length], [0, peak])


def warm_up_by_a_table(step, length, peak):
    return torch.linspace(0, peak, length + 1)[min(step, length)]


def warm_up_by_adding(step, length, peak):
    return sum(peak / length for _ in range(min(step, length)))


def warm_up_in_fractions(step, length, peak):
    return Fraction(min(step, length), length) * Fraction(peak)


def warm_up_from_above(step, length, peak):
    return peak - max(0, (length - step) / length) * peak


def warm_up_by_cases(step, length, peak):
    if step >= length:
        return peak
    return step * (peak / length)


def warm_up_by_min(step, length, peak):
    return min(peak, step * peak / length)


def warm_up_as_a_tensor(step, length, peak):
    return peak * torch.tensor(step / length).clamp(max=1.0)


OTHERS = {
    "deal": [deal_in_blocks, deal_by_masks, deal_like_cards, deal_from_the_end, deal_in_arrays,
             deal_by_sizes, deal_numbers_of_torch, deal_until_none_is_left, deal_by_arange, deal_shuffled],
    "average": [average_by_a_loop, average_by_shares, average_by_a_product, average_in_place,
                average_of_numpy, average_of_repeated_rows, average_by_columns, average_on_the_way,
                average_into_float32, average_by_broadcasting],
    "ring_round": [round_at_once, round_by_receivers, round_with_messages, round_in_numpy, round_by_chunks,
                   round_by_a_mask, round_copied_back, round_by_ifs],
    "warm_up": [warm_up_by_cases, warm_up_by_min, warm_up_as_a_tensor, warm_up_by_interpolation, warm_up_by_a_table,
                warm_up_by_adding, warm_up_in_fractions, warm_up_from_above],
    "recall_mean": [5 / 2, torch.tensor(2.5)],
    "recall_bytes": [7_850 * 4],
    "published_ratio": [1 / 50],
    "two_process_guess": [55, 200.0, 0.5],
    "a_step": ["b, e, c, d, a", "BECDA"],
    "ddp_is": ["B", "b) One process with batches of 256 and lr 0.1"],
}


# In other styles: loops, NumPy, other libraries

def deal_cards(rows, processes):
    hands = defaultdict(list)
    for i, row in enumerate(rows.tolist()):
        hands[i % processes].append(row)
    return [torch.tensor(hands[r], dtype=rows.dtype) for r in range(processes)]


def deal_numpy(rows, processes):
    return [torch.from_numpy(part) for part in np.array_split(rows.numpy(), processes)]


def average_numpy(gradients, sizes):
    used = [(g.numpy(), s) for g, s in zip(gradients, sizes) if s]
    return torch.from_numpy(np.average([g for g, _ in used], axis=0, weights=[s for _, s in used]))


def average_matrix(gradients, sizes):
    G = torch.stack(tuple(gradients))
    s = torch.tensor(list(sizes)).to(G.dtype)
    return (s / s.sum()) @ torch.where(s[:, None] > 0, G, torch.zeros_like(G))


def ring_round_vectorised(chunks, s):
    p = len(chunks)
    r = torch.arange(p)
    chunks[(r + 1) % p, (r - s) % p] += chunks[r, (r - s) % p]


def ring_round_receiving(chunks, s):
    p = len(chunks)
    before = chunks.clone()
    for me in range(p):
        left = (me + p - 1) % p
        which = (left - s) % p
        chunks[me, which].add_(before[left, which])


def warm_up_branches(step, length, peak):
    if step > length:
        return peak
    return sum(peak / length for _ in range(step))


def warm_up_interp(step, length, peak):
    return np.interp(step, [0, length], [0.0, peak])


MORE = {
    "deal": [deal_cards, deal_numpy],
    "average": [average_numpy, average_matrix],
    "ring_round": [ring_round_vectorised, ring_round_receiving],
    "warm_up": [warm_up_branches, warm_up_interp],
}

OTHERS = {name: [*OTHERS.get(name, []), *MORE.get(name, [])] for name in OTHERS | MORE}


# Written without a look at the catalogue

def deal_card_by_card(rows, processes):
    hands = [[] for _ in range(processes)]
    for i, row in enumerate(rows):
        hands[i % processes].append(int(row))
    return [torch.tensor(h, dtype=torch.long) for h in hands]


def average_nan_to_num_and(gradients, sizes):
    G = torch.nan_to_num(torch.stack(list(gradients)))
    w = torch.as_tensor(sizes, dtype=G.dtype)
    return torch.einsum('pm,p->m', G, w / w.sum())


def ring_round_index_arrays(chunks, s):
    p = len(chunks)
    r = torch.arange(p)
    chunks[(r + 1) % p, (r - s) % p] += chunks[r, (r - s) % p]


def ring_round_all_sent_first(chunks, s):
    p = len(chunks)
    sent = [chunks[r, (r - s) % p].clone() for r in range(p)]
    for r in range(p):
        chunks[(r + 1) % p][(r - s) % p].add_(sent[r])
    return chunks


def ring_round_from_the_receiver(chunks, s):
    p = chunks.shape[0]
    for to in range(p):
        chunks[to, (to - 1 - s) % p] = chunks[to, (to - 1 - s) % p] + chunks[to - 1, (to - 1 - s) % p]


def warm_up_if(step, length, peak):
    if step >= length:
        return peak
    return peak / length * step


for _name, _answers in {
    "deal": [
        lambda rows, processes: rows.tensor_split(processes),
        deal_card_by_card,
        lambda rows, processes: [torch.from_numpy(a) for a in np.array_split(rows.numpy(), processes)],
    ],
    "average": [
        lambda gradients, sizes: sum((g * s for g, s in zip(gradients, sizes) if s)) / sum(sizes),
        average_nan_to_num_and,
    ],
    "ring_round": [
        ring_round_index_arrays,
        ring_round_all_sent_first,
        ring_round_from_the_receiver,
    ],
    "warm_up": [
        warm_up_if,
        lambda step, length, peak: np.interp(step, [0, length], [0, peak]),
        lambda step, length, peak: torch.as_tensor(step / length).clamp(max=1.0) * peak,
    ],
    "published_ratio": [
        torch.tensor(0.02),
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)
