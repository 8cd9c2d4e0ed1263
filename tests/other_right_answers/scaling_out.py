"""Right answers to the exercises of lesson 10 that are written differently from our solutions."""

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


def average_by_a_loop(gradients, sizes):
    total = torch.zeros_like(gradients[0])
    for gradient, size in zip(gradients, sizes, strict=True):
        total += gradient * size
    return total / sum(sizes)


def average_by_shares(gradients, sizes):
    n = sum(sizes)
    return sum((size / n) * gradient for gradient, size in zip(gradients, sizes, strict=True))


def average_by_a_product(gradients, sizes):
    weights = torch.tensor(sizes, dtype=torch.float32)
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


def warm_up_by_cases(step, length, peak):
    if step >= length:
        return peak
    return step * (peak / length)


def warm_up_by_min(step, length, peak):
    return min(peak, step * peak / length)


def warm_up_as_a_tensor(step, length, peak):
    return peak * torch.tensor(step / length).clamp(max=1.0)


OTHERS = {
    "deal": [deal_in_blocks, deal_by_masks, deal_like_cards, deal_from_the_end],
    "average": [average_by_a_loop, average_by_shares, average_by_a_product, average_in_place],
    "ring_round": [round_at_once, round_by_receivers, round_with_messages],
    "warm_up": [warm_up_by_cases, warm_up_by_min, warm_up_as_a_tensor],
    "recall_mean": [5 / 2, torch.tensor(2.5)],
    "recall_bytes": [7_850 * 4],
    "published_ratio": [1 / 50],
    "two_process_guess": [55, 200.0],
}
