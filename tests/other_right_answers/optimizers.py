"""Right answers to the exercises of lesson 05 that are written differently from our solutions."""

import torch


def momentum_by_torch(w, v, g, lr, mu):
    w = w.clone().requires_grad_(True)
    optimizer = torch.optim.SGD([w], lr=lr, momentum=mu)
    optimizer.state[w]["momentum_buffer"] = v.clone()
    w.grad = g
    optimizer.step()
    return w.detach(), optimizer.state[w]["momentum_buffer"]


def momentum_in_place(w, v, g, lr, mu):
    v *= mu
    v += g
    w -= lr * v
    return w, v


def momentum_by_parts(w, v, g, lr, mu):
    return w - lr * g - lr * mu * v, g + mu * v


def four_groups_by_name(model, lr, decay):
    groups = []
    for name, p in model.named_parameters():
        last = name.startswith(str(len(model) - 1))
        groups.append({"params": [p], "lr": lr / 10 if last else lr, "weight_decay": 0.0 if "bias" in name else decay})
    return torch.optim.SGD(groups, lr=lr)


def added_one_by_one(model, lr, decay):
    optimizer = torch.optim.SGD([model[0].weight], lr=lr, weight_decay=decay)
    optimizer.add_param_group({"params": [model[0].bias], "weight_decay": 0.0})
    optimizer.add_param_group({"params": [model[-1].weight], "lr": 0.1 * lr})
    optimizer.add_param_group({"params": model[-1].bias, "lr": 0.1 * lr, "weight_decay": 0.0})
    return optimizer


def changed_afterwards(model, lr, decay):
    optimizer = torch.optim.SGD([{"params": [p]} for p in model.parameters()], lr=lr)
    for group in optimizer.param_groups:
        (p,) = group["params"]
        group["weight_decay"] = decay if p.ndim == 2 else 0.0
        if p is model[-1].weight or p is model[-1].bias:
            group["lr"] = lr / 10
    return optimizer


OTHERS = {
    "momentum_step": [momentum_by_torch, momentum_in_place, momentum_by_parts],
    "make_optimizer": [four_groups_by_name, added_one_by_one, changed_afterwards],
    "largest_stable": [2 / 8, torch.tensor(0.25)],
    "recall_order": ["dcba", "cbad"],
    "effective_step": [0.01 / (1 - 0.9)],
    "unit_guess": [1e-6, 0.3],
}
