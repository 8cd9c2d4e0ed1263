"""Right answers to the exercises of lesson 05 that are written differently from our solutions."""
# ruff: noqa: B905, E501 (as learners write them)

import math

import numpy as np
import torch
from torch import nn


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
    optimizer = torch.optim.SGD([layer.weight for layer in model[:-1] if hasattr(layer, "weight")], lr=lr,
                                weight_decay=decay)
    optimizer.add_param_group({"params": [layer.bias for layer in model[:-1] if hasattr(layer, "bias")],
                               "weight_decay": 0.0})
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


def by_torch(make, **remembered):
    """One step of an optimizer of torch that already remembers something: its state's names → ours."""
    def answer(w, *rest):
        *memory, g = rest[:len(remembered) + 1]
        settings = rest[len(remembered) + 1:]
        w = w.clone().requires_grad_(True)
        optimizer = make([w], *settings)
        optimizer.state[w].update({name: torch.as_tensor(value, dtype=torch.float32).clone()
                                   for name, value in zip(remembered, memory, strict=True)})
        w.grad = g
        optimizer.step()
        return (w.detach(), *(optimizer.state[w][name] for name in remembered))
    return answer


def adagrad_by_torch(w, s, g, lr, eps=1e-10):
    step = by_torch(lambda p, lr, eps: torch.optim.Adagrad(p, lr=lr, eps=eps), step=0, sum=1)
    w, _, s = step(w, 0.0, s, g, lr, eps)
    return w, s


def adagrad_in_place(w, s, g, lr, eps=1e-10):
    s += g * g
    w -= lr / (torch.sqrt(s) + eps) * g
    return w, s


def adagrad_by_coordinate(w, s, g, lr, eps=1e-10):
    total = torch.tensor([a + b**2 for a, b in zip(s, g, strict=True)])
    return w - lr * g.div(total**0.5 + eps), total


def rmsprop_by_torch(w, s, g, lr, alpha=0.99, eps=1e-8):
    step = by_torch(lambda p, lr, alpha, eps: torch.optim.RMSprop(p, lr=lr, alpha=alpha, eps=eps),
                    step=0, square_avg=1)
    w, _, s = step(w, 0.0, s, g, lr, alpha, eps)
    return w, s


def rmsprop_as_a_correction(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = s + (1 - alpha) * (g**2 - s)
    return w - lr * g / (torch.sqrt(s) + eps), s


def rmsprop_in_place(w, s, g, lr, alpha=0.99, eps=1e-8):
    s.mul_(alpha).addcmul_(g, g, value=1 - alpha)
    return w.addcdiv_(g, s.sqrt().add(eps), value=-lr), s


def adam_by_torch(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    step = by_torch(lambda p, lr, beta1, beta2, eps: torch.optim.Adam(p, lr=lr, betas=(beta1, beta2), eps=eps),
                    exp_avg=1, exp_avg_sq=1, step=0)
    w, m, s, t = step(w, m, s, float(t), g, lr, beta1, beta2, eps)
    return w, m, s, int(t)


def adam_by_lerp(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t += 1
    m, s = m.lerp(g, 1 - beta1), s.lerp(g.square(), 1 - beta2)
    root = (s / (1 - beta2**t)) ** 0.5
    return w - lr * (m / (1 - beta1**t)) / (root + eps), m, s, t


def adam_with_one_rate(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    bias = math.sqrt(1 - beta2**t)
    return w - lr * bias / (1 - beta1**t) * m / (s.sqrt() + eps * bias), m, s, t


def cosine_as_a_square(epoch, epochs, first):
    return first * math.cos(math.pi * epoch / epochs / 2) ** 2


def cosine_by_tensors(epoch, epochs, first):
    return first * (1 + torch.cos(torch.tensor(torch.pi * epoch / epochs))) / 2


def cosine_by_torch(epoch, epochs, first):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=first)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    for _ in range(epoch):
        optimizer.step()
        scheduler.step()
    return scheduler.get_last_lr()[0]


def momentum_in_doubles(w, v, g, lr, mu):
    v = v.double().mul(mu).add(g)
    return w.double().sub(v, alpha=lr), v


def adagrad_number_by_number(w, s, g, lr, eps=1e-10):
    s = torch.stack([old + slope * slope for old, slope in zip(s, g, strict=True)])
    return torch.stack([a - lr * b / (c**0.5 + eps) for a, b, c in zip(w, g, s, strict=True)]), s


def rmsprop_in_place_on_copies(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = s.clone().mul_(alpha).addcmul_(g, g, value=1 - alpha)
    return w.clone().addcdiv_(g, s.sqrt().add_(eps), value=-lr), s


def adam_in_doubles(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    w, m, s, g = (part.double() for part in (w, m, s, g))
    t, m, s = t + 1, torch.lerp(g, m, beta1), torch.lerp(g * g, s, beta2)
    return w - lr / (1 - beta1**t) * m / (s.div(1 - beta2**t).sqrt() + eps), m, s, t


def adam_by_numpy(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    w, m, s, g = (part.numpy() for part in (w, m, s, g))
    m, s = m + (1 - beta1) * (g - m), s + (1 - beta2) * (g**2 - s)
    share = 1 - beta1 ** (t + 1), 1 - beta2 ** (t + 1)
    return w - lr * m / share[0] / ((s / share[1]) ** 0.5 + eps), m, s, t + 1


def optimizer_by_names(model, lr, decay):
    last = str(len(model) - 1)
    return torch.optim.SGD([{"params": [p], "lr": lr / 10 if name.startswith(last) else lr,
                             "weight_decay": decay if name.endswith("weight") else 0}
                            for name, p in model.named_parameters()], lr=lr)


def optimizer_group_by_group(model, lr, decay):
    *rest, _ = model
    rest = [layer for layer in rest if isinstance(layer, torch.nn.Linear)]
    optimizer = torch.optim.SGD([layer.weight for layer in rest], lr=lr, weight_decay=decay)
    optimizer.add_param_group({"params": [layer.bias for layer in rest], "weight_decay": 0})
    optimizer.add_param_group({"params": [model[-1].weight], "lr": 0.1 * lr})
    optimizer.add_param_group({"params": [model[-1].bias], "lr": 0.1 * lr, "weight_decay": 0})
    return optimizer


OTHERS = {
    "adagrad_step": [adagrad_by_torch, adagrad_in_place, adagrad_by_coordinate,
        adagrad_number_by_number,
        lambda w, s, g, lr, eps=1e-10: (
            torch.addcdiv(w, g, torch.addcmul(s, g, g).sqrt() + eps, value=-lr), s + g * g),
    ],
    "rmsprop_step": [rmsprop_by_torch, rmsprop_as_a_correction, rmsprop_in_place,
        rmsprop_in_place_on_copies,
        lambda w, s, g, lr, alpha=0.99, eps=1e-8: (
            w - lr * g / (eps + (s + (1 - alpha) * (g.square() - s)) ** 0.5), torch.lerp(g.square(), s, alpha)),
    ],
    "adam_step": [adam_by_torch, adam_by_lerp, adam_with_one_rate,
        adam_in_doubles,
        adam_by_numpy,
    ],
    "cosine_lr": [cosine_as_a_square, cosine_by_tensors, cosine_by_torch,
        lambda epoch, epochs, first: first * math.cos(math.pi * epoch / epochs / 2) ** 2,
        lambda epoch, epochs, first: first * (1 - math.sin(math.pi * epoch / epochs / 2) ** 2),
    ],
    "momentum_step": [momentum_by_torch, momentum_in_place, momentum_by_parts,
        momentum_in_doubles,
        lambda w, v, g, lr, mu: [w - lr * g - lr * mu * v, torch.stack([mu * v, g]).sum(dim=0)],
    ],
    "make_optimizer": [four_groups_by_name, added_one_by_one, changed_afterwards,
        optimizer_by_names,
        optimizer_group_by_group,
    ],
    "largest_stable": [2 / 8, torch.tensor(0.25)],
    "recall_order": ["dcba", "cbad"],
    "unit_guess": [1e-6, 0.3],
}


# written by the text of the lesson alone


def _adam(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8, **change):
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    return w - lr * m_hat / (s_hat.sqrt() + eps), m, s, t


def right_make_by_loop(model, lr, decay):
    groups, last = [], {id(p) for p in model[-1].parameters()}
    for name, p in model.named_parameters():
        groups.append({"params": [p], "lr": lr * 0.1 if id(p) in last else lr, "weight_decay": 0.0 if "bias" in name else decay})
    return torch.optim.SGD(groups)


for _name, _answers in {
    "momentum_step": [
        lambda w, v, g, lr, mu: (w.add(torch.add(g, v, alpha=mu), alpha=-lr), torch.add(g, v, alpha=mu)),
        lambda w, v, g, lr, mu: [w - lr * g - lr * mu * v, g + mu * v],
    ],
    "adagrad_step": [
        lambda w, s, g, lr, eps=1e-10: (torch.addcdiv(w, g, (s + g.square()) ** 0.5 + eps, value=-lr), torch.addcmul(s, g, g)),
        lambda w, s, g, lr, eps=1e-10: (w - g * lr / (torch.hypot(s.sqrt(), g) + eps), s + g * g),
    ],
    "rmsprop_step": [
        lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * g / (torch.lerp(g * g, s, alpha).sqrt() + eps), torch.lerp(g * g, s, alpha)),
        lambda w, s, g, lr, alpha=0.99, eps=1e-8: (w - lr * (1 / ((s + (1 - alpha) * (g**2 - s)) ** 0.5 + eps)) * g, s + (1 - alpha) * (g**2 - s)),
    ],
    "adam_step": [
        lambda w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8: _adam(w, m, s, t, g, lr, beta1, beta2, eps),
    ],
    "cosine_lr": [
        lambda epoch, epochs, first: first * math.cos(math.pi * epoch / epochs / 2) ** 2,
        lambda epoch, epochs, first: first - first * math.sin(math.pi * epoch / (2 * epochs)) ** 2,
    ],
    "make_optimizer": [
        right_make_by_loop,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)


# written by the text of the lesson alone


def add_with_alpha(w, v, g, lr, mu, dampening=0.0):
    v = torch.add(g * (1 - dampening), v, alpha=mu)
    return torch.sub(w, v, alpha=lr), v


def torch_optimiser(w, v, g, lr, mu):
    p = w.detach().clone().requires_grad_()
    o = torch.optim.SGD([p], lr=lr, momentum=mu)
    o.state[p]["momentum_buffer"] = v.clone()
    p.grad = g.clone()
    o.step()
    return p.detach(), o.state[p]["momentum_buffer"]


def list_comprehension(w, v, g, lr, mu):
    v = torch.stack([mu * a + b for a, b in zip(v, g)])
    return w - lr * v, v


def addcmul(w, s, g, lr, eps=1e-10):
    s = torch.addcmul(s, g, g)
    return torch.addcdiv(w, g, s.sqrt().add(eps), value=-lr), s


def loop_6(w, s, g, lr, eps=1e-10):
    w, s = w.clone(), s.clone()
    for i in range(len(w)):
        s[i] = s[i] + g[i] ** 2
        w[i] = w[i] - lr * g[i] / (s[i] ** 0.5 + eps)
    return w, s


def numpy_float64(w, s, g, lr, eps=1e-10):
    w, s, g = (np.asarray(t, dtype=np.float64) for t in (w, s, g))
    s = s + np.square(g)
    return torch.from_numpy(w - lr * g / (np.sqrt(s) + eps)), torch.from_numpy(s)


def lerp(w, s, g, lr, alpha=0.99, eps=1e-8):
    s = torch.lerp(g.square(), s, alpha)
    return w - lr * g / (eps + s ** 0.5), s


def torch_2(w, s, g, lr, alpha=0.99, eps=1e-8):
    p = nn.Parameter(w.clone())
    o = torch.optim.RMSprop([p], lr=lr, alpha=alpha, eps=eps)
    o.state[p].update(step=torch.tensor(0.0), square_avg=s.clone())
    p.grad = g.clone()
    o.step()
    return p.detach(), o.state[p]["square_avg"]


def folded_form(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t += 1
    m, s = torch.lerp(g, m, beta1), beta2 * s + (1 - beta2) * g * g
    c = math.sqrt(1 - beta2 ** t)
    return w - lr * c / (1 - beta1 ** t) * m / (s.sqrt() + eps * c), m, s, t


def numpy_11(w, m, s, t, g, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    w, m, s, g = (x.numpy() for x in (w, m, s, g))
    t = t + 1
    m = m + (1 - beta1) * (g - m)
    s = s + (1 - beta2) * (g ** 2 - s)
    return w - lr * (m / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + eps), m, s, t


def cos_squared(epoch, epochs, first):
    return first * math.cos(math.pi * epoch / (2 * epochs)) ** 2


def torch_scheduler(epoch, epochs, first):
    return (first * 0.5 * (1 + torch.cos(torch.tensor(math.pi * epoch / epochs)))).item()


def one_group_per_parameter(model, lr, decay):
    last = {id(p) for p in model[-1].parameters()}
    return torch.optim.SGD([
        {"params": [p], "lr": lr * (0.1 if id(p) in last else 1), "weight_decay": decay * (p.ndim > 1)}
        for p in model.parameters()
    ])


def add_param_group(model, lr, decay):
    linears = [m for m in model.modules() if isinstance(m, nn.Linear)]
    o = torch.optim.SGD([linears[0].weight], lr=lr, weight_decay=decay)
    o.add_param_group({"params": [linears[0].bias], "weight_decay": 0})
    for m in linears[1:]:
        rate = lr / 10 if m is linears[-1] else lr
        o.add_param_group({"params": [m.weight], "lr": rate})
        o.add_param_group({"params": [m.bias], "lr": rate, "weight_decay": 0.0})
    return o


for _name, _answers in {
    "momentum_step": [
        add_with_alpha,
        torch_optimiser,
        list_comprehension,
    ],
    "adagrad_step": [
        addcmul,
        loop_6,
        numpy_float64,
    ],
    "rmsprop_step": [
        lerp,
        torch_2,
    ],
    "adam_step": [
        folded_form,
        numpy_11,
    ],
    "cosine_lr": [
        cos_squared,
        torch_scheduler,
        lambda epoch, epochs, first, last=0.0: last + (first - last) * (1 + np.cos(np.pi * epoch / epochs)) / 2,
    ],
    "make_optimizer": [
        one_group_per_parameter,
        add_param_group,
    ],
}.items():
    OTHERS.setdefault(_name, []).extend(_answers)
