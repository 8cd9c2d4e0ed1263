"""Other right answers to the exercises of lesson 04."""
# ruff: noqa: B007, B008, B905, E501 (as learners write them)

import io

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def predict_by_softmax(W, b, X):
    return torch.softmax(F.linear(X, W, b), dim=-1).argmax(-1)


def predict_by_numpy(W, b, X):
    return np.argmax(X.numpy() @ W.numpy().T + b.numpy(), axis=1)


def predict_in_a_loop(W, b, X):
    return [max(range(len(W)), key=lambda k: float(W[k] @ x + b[k])) for x in X]


def predict_turned(W, b, X):
    return (W @ X.T + b[:, None]).argmax(0)


def row_as_minus_the_rest(p, k):
    rest = [p[i] for i in range(len(p)) if i != k]
    return -sum(rest)


def row_from_a_copy(p, k):
    others = p.clone()
    others[k] = 0
    return -others.sum(0)


def row_by_numpy(p, k):
    return -np.delete(p.numpy(), k, axis=0).sum(axis=0)


def repair_by_subtraction(model):
    with torch.no_grad():
        model.bias[8] -= 6
        model.weight[:, 32:] = model.weight[:, 32:] * 16
        order = [7, 1, 2, 3, 4, 5, 6, 0, 8, 9]
        model.weight.copy_(model.weight[order])
        model.bias.copy_(model.bias[order])


@torch.no_grad()
def repair_with_a_third_hand(model):
    for p in (model.weight, model.bias):
        kept = p[0].clone()
        p[0] = p[7]
        p[7] = kept
    for row in model.weight:
        row[32:].mul_(16)
    model.bias[8] = -(model.bias.sum() - model.bias[8])


def repair_by_data(model):
    W, b = model.weight.data, model.bias.data
    W[:, 32:64] *= 16
    b[8] = 0
    b[8] = -b.sum()
    W[[0, 7]], b[[0, 7]] = W[[7, 0]], b[[7, 0]]
    return model


def repair_by_state_dict(model):
    state = {name: p.clone() for name, p in model.state_dict().items()}
    state["weight"][:, 32:] *= 16
    state["bias"][8] -= state["bias"].sum()
    for p in state.values():
        p[[7, 0]] = p[[0, 7]]
    model.load_state_dict(state)


def repair_by_numpy(model):
    W, b = model.weight.detach().numpy(), model.bias.detach().numpy()       # the same memory
    W[:, 32:] *= 16
    b[8] = -(b[:8].sum() + b[9])
    W[[0, 7]], b[[0, 7]] = W[[7, 0]], b[[7, 0]]


def repair_with_a_unit_a_pixel(model):
    with torch.inference_mode():
        ink = torch.ones(64)
        ink[-32:] = 16
        model.weight.mul_(ink)
        model.bias[8].sub_(model.bias.sum())
        order = torch.arange(10)
        order[0], order[7] = 7, 0
        for p in model.parameters():
            p.copy_(p[order])


def carry_by_bytes(model, file):
    memory = io.BytesIO()
    torch.save(model.state_dict(), memory)
    file.write_bytes(memory.getvalue())
    state, new = torch.load(io.BytesIO(file.read_bytes()), weights_only=True), torch.nn.Linear(64, 10)
    new.weight, new.bias = torch.nn.Parameter(state["weight"]), torch.nn.Parameter(state["bias"])
    return new


def carry_by_text(model, file):
    torch.save(model.state_dict(), str(file))
    new = torch.nn.Linear(model.in_features, model.out_features)
    new.load_state_dict(torch.load(str(file)))
    return new


def carry_by_copy(model, file):
    torch.save({name: p.detach() for name, p in model.named_parameters()}, file)
    state, new = torch.load(file, weights_only=True), torch.nn.Linear(64, 10)
    with torch.no_grad():
        for name, p in new.named_parameters():
            p.copy_(state[name])
    return new


def carry_with_open(model, file):
    with open(file, "wb") as stream:
        torch.save(model.state_dict(), stream)
    with open(file, "rb") as stream:
        state = torch.load(stream, weights_only=True, map_location="cpu")
    new = torch.nn.Linear(64, 10)
    new.load_state_dict(state, strict=True)
    return new.eval()


def importance_of_standardised(w, X):
    scaled = (X - X.mean(0)) / X.std(0, correction=0)
    return ((X.std(0, correction=0) * w)[None] * scaled).std(0).argsort(descending=True)


def importance_sorted(w, X):
    sizes = w.abs() * X.var(0).sqrt()
    return sorted(range(len(w)), key=lambda j: -sizes[j].item())


def importance_by_numpy(w, X):
    return np.argsort(-np.abs(w.numpy()) * X.numpy().std(axis=0))


def freeze_in_two_lines(layer):
    layer.requires_grad_(False)
    layer.zero_grad()


def freeze_and_return(layer):
    for _, p in layer.named_parameters():
        p.grad = None
        p.requires_grad_(False)
    return layer


def freeze_in_evaluation_mode(layer):
    layer.eval()
    for p in layer.parameters():
        p.requires_grad = False
        del p.grad


def groups_by_dimension(model, strength):
    parameters = list(model.parameters())
    return [{"params": [p for p in parameters if p.ndim > 1], "weight_decay": strength},
            {"params": [p for p in parameters if p.ndim == 1]}]


def groups_one_each(model, strength):
    return [{"params": [p], "weight_decay": 0 if "bias" in name else strength} for name, p in model.named_parameters()]


def groups_biases_first(model, strength):
    groups = {True: [], False: []}
    for name, p in model.named_parameters():
        groups["bias" in name].append(p)
    return ({"params": groups[True], "weight_decay": 0}, {"params": groups[False], "weight_decay": strength})


def groups_with_rates(model, strength):
    """A learning rate of their own, too, which nothing forbids."""
    return [{"params": [p for p in model.parameters() if p.ndim == 2], "weight_decay": strength, "lr": 0.5},
            {"params": [p for p in model.parameters() if p.ndim == 1], "weight_decay": 0.0, "lr": 0.02}]


def groups_of_an_optimizer(model, strength):
    return torch.optim.SGD(groups_by_dimension(model, strength), lr=0.01).param_groups


def carry_into_a_given_start(model, file):
    torch.save({name: values.clone() for name, values in model.state_dict().items()}, file)
    new = nn.utils.skip_init(nn.Linear, 64, 10)
    new.load_state_dict(torch.load(file, weights_only=True), assign=True)
    return new.requires_grad_(True)


def freeze_by_none(layer):
    for module in layer.modules():
        for p in module.parameters(recurse=False):
            p.grad = None
            p.requires_grad_(False)


def freeze_by_zero_grad(layer):
    layer.zero_grad(set_to_none=True)
    layer.requires_grad_(False)


OTHERS = {
    "predict_from": [predict_by_softmax, predict_by_numpy, predict_in_a_loop, predict_turned,
        lambda W, b, X: torch.einsum("nm,km->nk", X.double(), W.double()).add(b).max(dim=1).indices,
    ],
    "from_the_others": [row_as_minus_the_rest, row_from_a_copy, row_by_numpy,
        lambda p, k: -torch.stack([row for i, row in enumerate(p) if i != k]).double().sum(dim=0),
        lambda p, k: -torch.index_select(p, 0, torch.tensor([i for i in range(len(p)) if i != k])).sum(dim=0),
    ],
    "repair": [repair_by_subtraction, repair_with_a_third_hand, repair_by_data, repair_by_state_dict,
               repair_by_numpy, repair_with_a_unit_a_pixel],
    "carry": [carry_by_text, carry_by_copy, carry_with_open, carry_by_bytes,
        carry_into_a_given_start,
    ],
    "by_importance": [importance_of_standardised, importance_sorted, importance_by_numpy,
        lambda w, X: torch.argsort(-(w.double() * (X - X.mean(dim=0))).square().mean(dim=0)),
        lambda w, X: (w * X).std(dim=0, correction=0).topk(len(w)).indices,
    ],
    "freeze": [freeze_in_two_lines, freeze_and_return, freeze_in_evaluation_mode,
        freeze_by_none,
        freeze_by_zero_grad,
    ],
    "recall_shape": [(10, 64), "(10,64)"],
    "decay_groups": [groups_by_dimension, groups_one_each, groups_biases_first, groups_with_rates,
                     groups_of_an_optimizer],
}


# written by the text of the lesson alone


def right_repair_data(model):
    W = model.weight.data
    W[:, 32:] = W[:, 32:] * 16
    W[0], W[7] = W[7].clone(), W[0].clone()
    model.bias.data[8] = -(model.bias.data.sum() - model.bias.data[8])


def right_repair_state(model):
    state = {name: values.clone() for name, values in model.state_dict().items()}
    state["weight"] = state["weight"][[7, 1, 2, 3, 4, 5, 6, 0, 8, 9]] * torch.tensor([1.0] * 32 + [16.0] * 32)
    state["bias"][8] -= state["bias"].sum()
    model.load_state_dict(state)


def right_carry_open(model, file):
    with open(file, "wb") as out:
        torch.save({"W": model.weight.detach(), "b": model.bias.detach()}, out)
    saved = torch.load(str(file), weights_only=True, map_location="cpu")
    reader = nn.Linear(64, 10)
    with torch.no_grad():
        reader.weight.copy_(saved["W"]), reader.bias.copy_(saved["b"])
    return reader


def right_freeze(layer):
    layer.zero_grad(set_to_none=True)
    layer.requires_grad_(False)


def right_groups_by_dims(model, strength):
    groups = {True: {"params": [], "weight_decay": strength}, False: {"params": [], "weight_decay": 0}}
    for name, p in model.named_parameters():
        groups[not name.endswith("bias")]["params"].append(p)
    return tuple(groups.values())[::-1]


for _name, _answers in {
    "predict_from": [
        lambda W, b, X: torch.tensor([max(range(len(W)), key=lambda k: float(W[k] @ x + b[k])) for x in X]),
        lambda W, b, X: np.argmax(np.einsum("km,nm->nk", W.numpy(), X.numpy()) + b.numpy(), axis=1),
    ],
    "from_the_others": [
        lambda p, k: p[k] - p.sum(0),
        lambda p, k: -sum(row for i, row in enumerate(p) if i != k),
    ],
    "carry": [
        right_carry_open,
    ],
    "freeze": [
        right_freeze,
    ],
    "by_importance": [
        lambda w, X: sorted(range(len(w)), key=lambda j: -abs(float(w[j])) * float(X[:, j].std())),
        lambda w, X: np.argsort(-np.abs(w.numpy()) * X.numpy().std(axis=0)),
    ],
    "decay_groups": [
        right_groups_by_dims,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)


# written by the text of the lesson alone


def einsum_2(W, b, X):
    return torch.einsum("km,nm->nk", W, X).add(b).max(1).indices


def loop_4(W, b, X):
    out = []
    for x in X:
        scores = [float(w @ x + c) for w, c in zip(W, b)]
        out.append(scores.index(max(scores)))
    return torch.tensor(out)


def functional_call(W, b, X):
    layer = nn.Linear(W.shape[1], W.shape[0], dtype=W.dtype)
    layer.load_state_dict({"weight": W, "bias": b})
    return layer(X).topk(1, dim=1).indices.flatten()


def numpy_9(W, b, X):
    return np.argmax(X.numpy() @ W.numpy().T + b.numpy(), axis=-1)


def mask(p, k):
    mask = torch.arange(len(p)) != k
    return p[mask].sum(dim=0).neg()


def loop_5(p, k):
    total = torch.zeros_like(p[0])
    for i, row in enumerate(p):
        if i != k:
            total = total - row
    return total


def numpy_delete(p, k):
    return -np.delete(p.detach().numpy(), k, axis=0).sum(axis=0)


def biases_of_0_and_7_not_swapped_or_swapped_though_they_shoul(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] -= model.bias.sum()
        model.weight[[0, 7]] = model.weight[[7, 0]]
        model.bias[[0, 7]] = model.bias[[7, 0]]


def copy_by_hand(model, file):
    torch.save({k: v.clone() for k, v in model.state_dict().items()}, str(file))
    state = torch.load(file, weights_only=True, map_location="cpu")
    new = nn.Linear(state["weight"].shape[1], state["weight"].shape[0])
    with torch.no_grad():
        for name, p in new.named_parameters():
            p.copy_(state[name])
    return new


def open_file(model, file):
    with open(file, "wb") as out:
        torch.save(model.state_dict(), out)
    new = nn.Linear(64, 10)
    with open(file, "rb") as source:
        new.load_state_dict(torch.load(source, weights_only=True))
    return new.eval()


def module_methods(layer):
    layer.requires_grad_(False)
    layer.zero_grad(set_to_none=True)


def comprehension_and_del(layer):
    for name, p in list(layer.named_parameters()):
        p.requires_grad_(False)
        del p.grad
    return layer


def recursion_2(layer):
    for child in layer.children():
        recursion_2(child)
    for p in layer._parameters.values():
        if p is not None:
            p.grad = None
            p.requires_grad = False


def numpy_10(w, X):
    return np.argsort(-np.abs(w.numpy() * X.numpy().std(axis=0))).copy()


def python_sorted(w, X):
    size = [abs(float(w[j])) * float(X[:, j].double().var(correction=0)) ** 0.5 for j in range(len(w))]
    return sorted(range(len(w)), key=size.__getitem__, reverse=True)


def standard_deviation_of_contributions(w, X):
    return torch.topk((X * w).std(dim=0), k=len(w)).indices


def by_name_suffix_biases_first(model, strength):
    groups = {True: [], False: []}
    for name, p in model.named_parameters():
        groups[name.rpartition(".")[2] == "bias"].append(p)
    return [dict(params=groups[True], weight_decay=0), dict(params=groups[False], weight_decay=strength)]


def identity_comparison(model, strength):
    biases = [m.bias for m in model.modules() if getattr(m, "bias", None) is not None]
    ids = {id(b) for b in biases}
    return [{"params": [p for p in model.parameters() if id(p) not in ids], "weight_decay": strength},
            {"params": biases}]


for _name, _answers in {
    "predict_from": [
        einsum_2,
        loop_4,
        functional_call,
        numpy_9,
    ],
    "from_the_others": [
        mask,
        loop_5,
        numpy_delete,
    ],
    "repair": [
        biases_of_0_and_7_not_swapped_or_swapped_though_they_shoul,
    ],
    "carry": [
        copy_by_hand,
        open_file,
    ],
    "freeze": [
        module_methods,
        comprehension_and_del,
        recursion_2,
    ],
    "by_importance": [
        numpy_10,
        python_sorted,
        standard_deviation_of_contributions,
    ],
    "decay_groups": [
        by_name_suffix_biases_first,
        identity_comparison,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)
