"""Wrong answers to the exercises of lesson 04, written without a look at its catalogue. See the head of the folder.

They are as learners write them: `zip` without `strict`, a name misspelt, a long line.
"""
# ruff: noqa: B007, B018, B905, E501, E731, F821, F841

import copy

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from course_utils.exercises.parameters import from_the_others as _from_the_others
from wrong_answers import NEUTRAL, Wrong


def return_in_the_loop(W, b, X):
    for x in X:
        return int(torch.argmax(W @ x + b))


def rest(p, k): return torch.cat([p[:k], p[k + 1:]])


def loop_sign(p, k):
    total = torch.zeros_like(p[0])
    for i in range(len(p)):
        if i != k:
            total = total + p[i]
    return total


def loop_sub_and_k_in(p, k):
    total = 0
    for row in p:
        total = total - row
    return total


def rep(*jobs):
    def answer(model):
        with torch.no_grad():
            for job in jobs:
                job(model)
    return answer


def scale(f):
    def job(m):
        m.weight[:, 32:] *= f
    return job


def bias(m): m.bias[8] = -(m.bias.sum() - m.bias[8])


def swapw(m): m.weight[[0, 7]] = m.weight[[7, 0]].clone()


def swapb(m): m.bias[[0, 7]] = m.bias[[7, 0]].clone()


def swap(m):
    swapw(m)
    swapb(m)


def naive_swap(m):
    m.weight[0] = m.weight[7]
    m.weight[7] = m.weight[0]


def tmp_swap(m):
    t = m.weight[0]
    m.weight[0] = m.weight[7]
    m.weight[7] = t


def tuple_swap(m): m.weight[0], m.weight[7] = m.weight[7], m.weight[0]


def no_no_grad(model):
    model.weight[:, 32:] *= 16
    model.bias[8] -= 6
    model.weight[[0, 7]] = model.weight[[7, 0]]
    model.bias[[0, 7]] = model.bias[[7, 0]]


def a_copy_repaired(model):
    model = copy.deepcopy(model)
    rep(scale(16), bias, swap)(model)


def clone_of_weight(model):
    with torch.no_grad():
        W = model.weight.clone()
        W[:, 32:] *= 16
        W[[0, 7]] = W[[7, 0]]
        model.bias[8] -= model.bias.sum()


def new_parameter(model):
    W = model.weight.detach().clone()
    W[:, 32:] *= 16
    W[[0, 7]] = W[[7, 0]]
    model.weight = W
    model.bias.data[8] -= model.bias.data.sum()


def columns_16_added(model):
    with torch.no_grad():
        model.weight[:, 32:] += 16
        model.bias[8] -= model.bias.sum()
        swap(model)


def whole_object_saved(model, file):
    torch.save(model, file)
    return torch.load(file, weights_only=False)


def nothing_saved_same_model(model, file):
    return model


def not_loaded(model, file):
    torch.save(model.state_dict(), file)
    return nn.Linear(64, 10)


def dict_given_back(model, file):
    torch.save(model.state_dict(), file)
    return torch.load(file, weights_only=True)


def result_of_load_state_dict(model, file):
    torch.save(model.state_dict(), file)
    return nn.Linear(64, 10).load_state_dict(torch.load(file, weights_only=True))


def sizes_exchanged(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(10, 64)
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


def file_name_into_load_state_dict(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.load_state_dict(file)
    return new


def read_into_the_old(model, file):
    torch.save(model.state_dict(), file)
    model.load_state_dict(torch.load(file, weights_only=True))
    return model


def weight_only(model, file):
    torch.save({"weight": model.weight}, file)
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=True), strict=False)
    return new


def state_dict_without_brackets(model, file):
    torch.save(model.state_dict, file)
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


def parameters_saved(model, file):
    torch.save(list(model.parameters()), file)
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


def no_return(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=True))


def arguments_of_save_exchanged(model, file):
    torch.save(file, model.state_dict())
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


def own_file_name(model, file):
    torch.save(model.state_dict(), "mine.pt")
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load("mine.pt", weights_only=True))
    return new


def shares_memory_nothing_saved(model, file):
    new = nn.Linear(64, 10)
    new.weight, new.bias = model.weight, model.bias
    torch.save(new.state_dict(), file)
    return new


def requires_grad_only(layer):
    for p in layer.parameters():
        p.requires_grad = False


def attribute_of_the_layer(layer):
    layer.requires_grad = False


def weight_only_2(layer):
    layer.weight.requires_grad = False
    layer.weight.grad = None


def grad_zero(layer):
    for p in layer.parameters():
        p.requires_grad_(False)
        p.grad.zero_()


def grad_none_still_learns(layer):
    for p in layer.parameters():
        p.grad = None


def the_eval(layer):
    layer.eval()


def zero_grad_set_to_none_false(layer):
    layer.requires_grad_(False)
    layer.zero_grad(set_to_none=False)


def no_grad(layer):
    with torch.no_grad():
        for p in layer.parameters():
            p.grad = None


def detach(layer):
    for p in layer.parameters():
        p = p.detach()
        p.grad = None


def values_zeroed(layer):
    for p in layer.parameters():
        p.requires_grad_(False)
        p.data.zero_()
        p.grad = None


def copy_frozen(layer):
    layer = copy.deepcopy(layer)
    layer.requires_grad_(False)
    layer.zero_grad()


def hook_zero_grads(layer):
    for p in layer.parameters():
        p.grad = None
        p.register_hook(lambda g: torch.zeros_like(g))


def detach_in_place_but_grad_left(layer):
    for p in layer.parameters():
        p.detach_()
        p.requires_grad_(False)


def misspelt_attribute(layer):
    for p in layer.parameters():
        p.require_grad = False
        p.grad = None


def thawed(layer):
    layer.requires_grad_(True)
    layer.zero_grad()


def generator_used_up(model, strength):
    named = model.named_parameters()
    weights = [p for n, p in named if n.endswith("weight")]
    biases = [p for n, p in named if n.endswith("bias")]
    return [{"params": weights, "weight_decay": strength}, {"params": biases, "weight_decay": 0}]


def biases_frozen(model, strength):
    weights, biases = [], []
    for name, p in model.named_parameters():
        if "bias" in name:
            p.requires_grad = False
            biases.append(p)
        else:
            weights.append(p)
    return [{"params": weights, "weight_decay": strength}, {"params": biases, "weight_decay": 0}]


def returns_tensors(model):
    W, b = model.weight.detach().clone(), model.bias.detach().clone()
    W[:, 32:] *= 16
    b[8] -= b.sum()
    W[[0, 7]] = W[[7, 0]]
    return W, b


def saved_after_the_load_of_nothing_zero(model, file):
    new = nn.Linear(64, 10)
    torch.save(new.state_dict(), file)
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


def bias_false(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10, bias=False)
    new.load_state_dict(torch.load(file, weights_only=True), strict=False)
    return new


def weight_and_bias_tuple(model, file):
    torch.save((model.weight, model.bias), file)
    W, b = torch.load(file, weights_only=True)
    return W, b


def in_a_new_module_sequential(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Sequential(nn.Linear(64, 10))
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


def numpy_text(model, file):
    np.save(str(file), model.weight.detach().numpy())
    new = nn.Linear(64, 10)
    new.weight.data = torch.from_numpy(np.load(str(file) + ".npy"))
    return new


def requires_grad_and_eval(layer):
    layer.eval()
    layer.requires_grad_(False)


def no_grad_around_nothing(layer):
    with torch.no_grad():
        layer.requires_grad_(False)
        for p in layer.parameters():
            p.grad = torch.zeros_like(p)


def bias_only(layer):
    layer.bias.requires_grad_(False)
    layer.bias.grad = None


def returns_list(layer):
    return [p.requires_grad_(False) for p in layer.parameters()]


def deletes(layer):
    for p in layer.parameters():
        p.requires_grad = False
    del p


def zero_grad_only(layer):
    layer.zero_grad()


WRONG = {
    "predict_from": [
        Wrong(lambda W, b, X: (X @ W + b).argmax(dim=1), "W has one row a class, as `nn.Linear` stores it"),
        Wrong(lambda W, b, X: (X @ W.T + b).argmax(dim=0), "You asked each class for its best image"),
        Wrong(lambda W, b, X: (X @ W.T + b).argmax(), "One place in the whole table came out", first="neutral"),
        Wrong(lambda W, b, X: (X @ W.T).argmax(dim=1), "The bias is missing"),
        Wrong(lambda W, b, X: X @ W.T + b, "These are scores"),
        Wrong(lambda W, b, X: torch.softmax(X @ W.T + b, dim=1), "These are probabilities"),
        Wrong(lambda W, b, X: (X @ W.T + b).max(dim=1).values, "These are the largest scores themselves"),
        Wrong(lambda W, b, X: (X @ W.T + b).max(dim=1), "`max` gives the largest scores and their places"),
        Wrong(lambda W, b, X: (X @ W.T + b).argmin(dim=1), "You took the smallest score", first="neutral"),
        Wrong(lambda W, b, X: (X @ W.T + b > 0).long(), "You asked each score whether it is above 0", first="neutral"),
        Wrong(lambda W, b, X: (X @ W.T - b).argmax(1), "The bias was taken off", first="neutral"),
        Wrong(lambda W, b, X: np.argmax(X.numpy() @ W.numpy().T + b.numpy(), axis=0),
              "You asked each class for its best image"),
        Wrong(lambda W, b, X: (W @ X.T + b[:, None]).argmax(dim=1), "You asked each class for its best image"),
        Wrong(return_in_the_loop, "The class of the first image alone came back"),
        Wrong(lambda W, b, X: torch.softmax(X @ W.T + b, dim=0).argmax(dim=1),
              "Softmax has to share out each row, `dim=1`; along the columns the"),
        Wrong(lambda W, b, X: (X @ W.T + b).argmax(dim=1, keepdim=True), "The classes stand in a column, (n, 1)"),
        Wrong(lambda W, b, X: (X @ W.T + b).argmax(dim=1) + 1, "Classes are numbered from 0"),
        Wrong(lambda W, b, X: (X @ W.T + b).round().argmax(1),
              "You rounded the scores first, and the nearest rivals became equal", first="neutral"),
        Wrong(lambda W, b, X: (X @ W.T).argmax(0), "You asked each class for its best image"),
        Wrong(lambda W, b, X: ((X @ W.T) * b).argmax(1), "The bias was multiplied", first="neutral"),
        Wrong(lambda W, b, X: (X @ W.T + b).abs().argmax(1), "You took the score of the largest size", first="neutral"),
        Wrong(lambda W, b, X: torch.nn.functional.one_hot((X @ W.T + b).argmax(1), len(b)),
              "These are rows with a single 1", first="neutral"),
        Wrong(lambda W, b, X: (X @ W.T + b).argsort(1)[:, 0], "You took the smallest score", first="neutral"),
        Wrong(lambda W, b, X: (X @ W.T + b).topk(2, dim=1).indices[:, 1],
              "That is the second best class", first="neutral"),
    ],
    "from_the_others": [
        Wrong(lambda p, k: rest(p, k).sum(dim=0), "The sign is turned"),
        Wrong(lambda p, k: -p.sum(dim=0), "Your sum counts the wrong number itself"),
        Wrong(lambda p, k: rest(p, k).mean(dim=0), "This is the mean of the others"),
        Wrong(lambda p, k: -rest(p, k).mean(dim=0), "This is the mean of the others, with its sign turned"),
        Wrong(lambda p, k: p[k], "That is row k as it stands, the lost one", first="neutral"),
        Wrong(lambda p, k: -rest(p, k).sum(), "With weights one number came out"),
        Wrong(lambda p, k: -rest(p, k).sum(dim=-1), "With weights you have one number for each row", first="neutral"),
        Wrong(lambda p, k: p.sum(0) - p[k], "The sign is turned"),
        Wrong(lambda p, k: -p[:k].sum(0), "Only the rows before k were added up", first="neutral"),
        Wrong(lambda p, k: -(p[:k].sum(0) + p[k:].sum(0)), "Your sum counts the wrong number itself"),
        Wrong(lambda p, k: -(p[:k - 1].sum(0) + p[k:].sum(0)),
              "The row before k is left out, and k is counted", first="neutral"),
        Wrong(loop_sign, "The sign is turned"),
        Wrong(loop_sub_and_k_in, "Your sum counts the wrong number itself"),
        Wrong(lambda p, k: -np.delete(p.numpy(), k).sum(axis=0), "With weights one number came out", first="neutral"),
        Wrong(lambda p, k: p.index_fill_(0, torch.tensor([k]), 0).sum(0), "The sign is turned"),
        Wrong(lambda p, k: 1 - rest(p, k).sum(0), "You made all rows sum to 1"),
        Wrong(lambda p, k: p[k] - p.sum(0) - p.sum(0), "The excess was taken off twice", first="neutral"),
        Wrong(lambda p, k: -rest(p, k).sum(0) / 2, "Half of it"),
        Wrong(lambda p, k: -rest(p, k).sum(0) / len(p), "The sum of the others is divided by the number of rows"),
        Wrong(lambda p, k: -p[:k + 1].sum(0), "The rows up to k were added up, k among them", first="neutral"),
        Wrong(lambda p, k: -p[k + 1:].sum(0), "Only the rows behind k were added up", first="neutral"),
        Wrong(lambda p, k: -torch.cat([p[..., :k], p[..., k + 1:]], dim=-1).sum(0),
              "With weights column k is left out", first="neutral"),
    ],
    "repair": [
        Wrong(rep(scale(1 / 16), bias, swap), "The lower halves are paler still"),
        Wrong(rep(bias, swap), "The lower halves are still pale, by a factor of 16"),
        Wrong(rep(scale(16), swap), "The bias of 8 is still blown up"),
        Wrong(rep(scale(16), bias), "0 and 7 still stand in each other's place"),
        Wrong(rep(scale(16), bias, swapw), "The weights of 0 and 7 are back, their biases are not"),
        Wrong(rep(scale(16), bias, naive_swap, swapb), "Two rows are alike now"),
        Wrong(rep(scale(16), bias, tmp_swap, swapb), "Two rows are alike now"),
        Wrong(rep(scale(16), bias, tuple_swap, swapb), "Two rows are alike now"),
        Wrong(no_no_grad, "Autograd would have to record this change to a parameter"),
        Wrong(rep(scale(16), lambda m: m.bias.__setitem__(8, -m.bias.sum()), swap),
              "The sum of all biases counts the blown one, too"),
        Wrong(rep(scale(16), lambda m: m.bias.__setitem__(8, 0.0), swap), "The bias of 8 is 0 now"),
        Wrong(rep(scale(16), lambda m: m.bias.__setitem__(8, m.bias.sum() - m.bias[8]), swap),
              "The sign of the bias of 8 is turned round", first="neutral"),
        Wrong(rep(lambda m: m.weight[:, 33:].mul_(16), bias, swap), "Column 32 is still pale", first="neutral"),
        Wrong(rep(lambda m: m.weight[:, 32:63].mul_(16), bias, swap), "Column 63 is still pale", first="neutral"),
        Wrong(rep(lambda m: m.weight[32:].mul_(16), bias, swap), "The lower halves are still pale, by a factor of 16"),
        Wrong(rep(lambda m: m.weight[:, :32].mul_(16), bias, swap), "You made the upper half 16 times as strong"),
        Wrong(rep(scale(16), lambda m: m.bias[8].add_(6), swap),
              "6 was added to the bias of 8, and it has 6 too much", first="neutral"),
        Wrong(rep(scale(16), bias, lambda m: (m.weight.__setitem__([0, 8], m.weight[[8, 0]].clone()), m.bias.__setitem__([0, 8], m.bias[[8, 0]].clone()))),
              "Rows 0 and 8 changed places", first="neutral"),
        Wrong(a_copy_repaired, "The model is as damaged as before"),
        Wrong(clone_of_weight, "One of three"),
        Wrong(new_parameter, "A plain tensor is no parameter, so it may not take one's place"),
        Wrong(columns_16_added, "16 was added to the lower halves", first="neutral"),
        Wrong(rep(scale(1 / 16), swap), "The lower halves are paler still, and that is not all yet", first="neutral"),
        Wrong(rep(scale(16)), "One of three"),
        Wrong(rep(scale(15), bias, swap), "A factor of 15 is not enough", first="neutral"),
        Wrong(rep(lambda m: m.weight.mul_(16), bias, swap), "Everything is 16 times as strong now"),
        Wrong(rep(scale(16), lambda m: m.bias.__setitem__(8, m.bias.mean()), swap),
              "The mean of the biases is a guess", first="neutral"),
        Wrong(rep(scale(16), lambda m: m.bias.__setitem__(7, m.bias[7] - m.bias.sum()), swap),
              "The bias of 7 was changed for that of 8", first="neutral"),
        Wrong(returns_tensors, "The model is as damaged as before"),
    ],
    "carry": [
        Wrong(whole_object_saved, "`weights_only=True` refuses your file"),
        Wrong(nothing_saved_same_model, "Nothing is in `file`, and the old model came back"),
        Wrong(not_loaded, "The new model has the numbers of its own start"),
        Wrong(dict_given_back, "You gave back the dictionary of numbers"),
        Wrong(result_of_load_state_dict, "`load_state_dict` fills the model and gives back a note about names"),
        Wrong(sizes_exchanged, "The names or shapes of your new model are not those in the file"),
        Wrong(file_name_into_load_state_dict, "`load_state_dict` takes the dictionary, not the file"),
        Wrong(read_into_the_old, "You gave back the old model"),
        Wrong(weight_only, "The weights are in the file, the biases are not", first="neutral"),
        Wrong(state_dict_without_brackets, "You saved an object, program and all; `weights_only=True` refuses"),
        Wrong(parameters_saved, "`load_state_dict` asks for names, and the file has a list without", first="neutral"),
        Wrong(no_return, "The model is built and filled, and not handed over"),
        Wrong(arguments_of_save_exchanged, "The other way round"),
        Wrong(own_file_name, "Nothing is in `file`"),
        Wrong(shares_memory_nothing_saved, "The new model holds the old one's very tensors", first="accepted"),
        Wrong(saved_after_the_load_of_nothing_zero, "The file holds the numbers of a new model", first="neutral"),
        Wrong(bias_false, "The new model has no bias, and `strict=False` passes over that", first="wrongly named"),
        Wrong(weight_and_bias_tuple, "something else than the state_dict"),
        Wrong(in_a_new_module_sequential, "The names or shapes of your new model are not those in the file"),
        Wrong(numpy_text, "no file, where the numbers"),
    ],
    "freeze": [
        Wrong(requires_grad_only, "It still moves"),
        Wrong(attribute_of_the_layer, "The layer learns on as before"),
        Wrong(weight_only_2, "A layer may be a stack of several, without a `weight` of its own"),
        Wrong(grad_zero, "It still moves"),
        Wrong(grad_none_still_learns, "The old gradient is gone, and the next `backward()` makes a new one"),
        Wrong(the_eval, "The layer learns on"),
        Wrong(zero_grad_set_to_none_false, "It still moves"),
        Wrong(no_grad, "The old gradient is gone, and the next `backward()` makes a new one"),
        Wrong(detach, "The layer learns on as before"),
        Wrong(values_zeroed, "Your function set the numbers themselves to 0"),
        Wrong(copy_frozen, "The layer learns on as before"),
        Wrong(hook_zero_grads, "The gradients are 0 now, and the layer still moves by decay, or by", first="neutral"),
        Wrong(detach_in_place_but_grad_left, "It still moves"),
        Wrong(misspelt_attribute, "The old gradient is gone, and the next `backward()` makes a new one"),
        Wrong(thawed, "The old gradient is gone, and the next `backward()` makes a new one"),
        Wrong(requires_grad_and_eval, NEUTRAL, first="named"),
        Wrong(no_grad_around_nothing, "It still moves"),
        Wrong(bias_only, "A layer may be a stack of several, without a `bias` of its own", first="neutral"),
        Wrong(returns_list, "It still moves"),
        Wrong(deletes, "It still moves"),
        Wrong(zero_grad_only, "The old gradient is gone, and the next `backward()` makes a new one"),
    ],
    "by_importance": [
        Wrong(lambda w, X: (w.abs() * X.std(dim=0).sqrt()).argsort(descending=True),
              "Weight and spread do not count alike here", first="wrongly named"),
        Wrong(lambda w, X: w.abs().argsort(descending=True), "A weight carries a unit"),
        Wrong(lambda w, X: (w * X.std(dim=0)).argsort(descending=True),
              "A large negative weight matters as much as a large positive one"),
        Wrong(lambda w, X: (w.abs() * X.std(dim=0)).argsort(), "The other way round"),
        Wrong(lambda w, X: (w.abs() / X.std(dim=0)).argsort(descending=True), "Divided by the spread"),
        Wrong(lambda w, X: (w.abs() * X.mean(dim=0)).argsort(descending=True),
              "You went by where a feature lies, a mean or a single value"),
        Wrong(lambda w, X: (w * X.mean(dim=0)).abs().argsort(descending=True),
              "You went by where a feature lies, a mean or a single value"),
        Wrong(lambda w, X: (w.abs() * X.std(dim=1)).argsort(descending=True),
              "One spread for each example came out", first="neutral"),
        Wrong(lambda w, X: (w.abs() * X.var(dim=0)).argsort(descending=True),
              "The variance has the unit squared, so units matter again"),
        Wrong(lambda w, X: (w.abs() * X.std(dim=0)).sort(descending=True).values, "These are the importances, sorted"),
        Wrong(lambda w, X: (w.abs() * X.std(dim=0)).argmax(),
              "That is the most important feature alone", first="neutral"),
        Wrong(lambda w, X: X.std(dim=0).argsort(descending=True),
              "The standard deviation says how much a feature varies, not what the"),
        Wrong(lambda w, X: (w.abs() * (X.amax(0) - X.amin(0))).argsort(descending=True),
              "You took the range, which two rows decide, the smallest and the", first="accepted"),
        Wrong(lambda w, X: (w * X[0]).abs().argsort(descending=True),
              "You went by where a feature lies, a mean or a single value", first="wrongly named"),
        Wrong(lambda w, X: np.argsort(np.abs(w.numpy() * X.numpy().std(axis=0))), "The other way round"),
        Wrong(lambda w, X: np.argsort(w.numpy() * X.numpy().std(0))[::-1].copy(),
              "A large negative weight matters as much as a large positive one"),
        Wrong(lambda w, X: w.argsort(descending=True),
              "This is the order of the weights as they stand, with signs and units"),
        Wrong(lambda w, X: (w.abs() * X.std(0)).argsort(descending=True).argsort(), "That is the rank of each feature"),
        Wrong(lambda w, X: (X * w).abs().mean(0).argsort(descending=True),
              "The sizes of the values count where they lie, too"),
        Wrong(lambda w, X: (w.abs() * X.max(0).values).argsort(descending=True),
              "The largest value says where a feature reaches, not how much it", first="neutral"),
        Wrong(lambda w, X: (w ** 2 * X.std(0)).argsort(descending=True),
              "Weight and spread do not count alike here", first="neutral"),
        Wrong(lambda w, X: (w.abs() * (X ** 2).mean(0).sqrt()).argsort(descending=True),
              "The sizes of the values count where they lie, too", first="neutral"),
        Wrong(lambda w, X: [i for i, _ in sorted(enumerate(w.tolist()), key=lambda t: -abs(t[1]))],
              "A weight carries a unit"),
        Wrong(lambda w, X: sorted(range(len(w)), key=lambda j: abs(w[j].item()) * X[:, j].std().item()),
              "The other way round"),
        Wrong(lambda w, X: (w.abs() * X.std()).argsort(descending=True), "A weight carries a unit"),
        Wrong(lambda w, X: (w * (X - X.mean())).mean(0).abs().argsort(descending=True), NEUTRAL),
    ],
    "decay_groups": [
        Wrong(lambda model, strength: [{"params": [p for n, p in model.named_parameters() if "weight" in n], "weight_decay": strength}, {"params": [p for n, p in model.named_parameters() if "bias" in n], "weight_decay": strength}],
              "The biases decay too"),
        Wrong(lambda model, strength: [{"params": [p for n, p in model.named_parameters() if "bias" in n], "weight_decay": strength}, {"params": [p for n, p in model.named_parameters() if "bias" not in n], "weight_decay": 0}],
              "The groups are exchanged"),
        Wrong(lambda model, strength: [{"params": [p for n, p in model.named_parameters() if "weight" in n], "weight_decay": strength}],
              "Your biases are in no group, so no step ever moves them"),
        Wrong(lambda model, strength: [{"params": model.parameters(), "weight_decay": strength}, {"params": [p for n, p in model.named_parameters() if "bias" in n], "weight_decay": 0.0}],
              "A parameter stands in both groups"),
        Wrong(lambda model, strength: [{"params": [p for n, p in model.named_parameters() if "weight" in n], "decay": strength}, {"params": [p for n, p in model.named_parameters() if "bias" in n], "decay": 0}],
              "Nothing decays"),
        Wrong(lambda model, strength: [{"param": [p for n, p in model.named_parameters() if "weight" in n], "weight_decay": strength}, {"param": [p for n, p in model.named_parameters() if "bias" in n], "weight_decay": 0}],
              "The optimizer looks for `\"params\"`, with an s, in each group and does"),
        Wrong(lambda model, strength: [{"params": [p for n, p in model.named_parameters() if "weight" in n], "weight_decay": strength}, {"params": [p for n, p in model.named_parameters() if "bias" in n], "weight_decay": 0, "lr": 0}],
              "With a learning rate of 0 the biases stand still"),
        Wrong(lambda model, strength: [{"params": [n for n, p in model.named_parameters() if "weight" in n], "weight_decay": strength}, {"params": [n for n, p in model.named_parameters() if "bias" in n], "weight_decay": 0}],
              "The optimizer met a text where a parameter belongs"),
        Wrong(lambda model, strength: torch.optim.SGD([{"params": [p for n, p in model.named_parameters() if "weight" in n], "weight_decay": strength}, {"params": [p for n, p in model.named_parameters() if "bias" in n], "weight_decay": 0}], lr=0.1),
              "The list of groups is asked for, not the optimizer"),
        Wrong(lambda model, strength: [{"params": [list(model.parameters())[0]], "weight_decay": strength}, {"params": [list(model.parameters())[1]], "weight_decay": 0}],
              "Only the first layer is in your groups"),
        Wrong(lambda model, strength: [{"params": list(model.parameters())[:2], "weight_decay": strength}, {"params": list(model.parameters())[2:], "weight_decay": 0}],
              "You parted the layers, so a bias decays and a weight does not"),
        Wrong(lambda model, strength: [{"params": [p for p in model.parameters() if p.dim() > 1], "weight_decay": strength / 2}, {"params": [p for p in model.parameters() if p.dim() == 1], "weight_decay": 0}],
              "Half the decay"),
        Wrong(lambda model, strength: [{"params": [p.detach() for p in model.parameters() if p.dim() > 1], "weight_decay": strength}, {"params": [p.detach() for p in model.parameters() if p.dim() == 1], "weight_decay": 0}],
              "Your groups hold other tensors than the model's parameters, so no"),
        Wrong(lambda model, strength: [{"params": [p for p in model.parameters() if p.dim() == 1], "weight_decay": strength}, {"params": [p for p in model.parameters() if p.dim() == 2], "weight_decay": 0}],
              "The groups are exchanged"),
        Wrong(lambda model, strength: {"params": list(model.parameters()), "weight_decay": strength},
              "The optimizer met a text where a parameter belongs", first="neutral"),
        Wrong(generator_used_up, "Your biases are in no group, so no step ever moves them"),
        Wrong(biases_frozen, "`requires_grad` False keeps biases from learning"),
        Wrong(lambda model, strength: [{"params": [p for n, p in model.named_parameters() if not n.endswith("weight")], "weight_decay": strength}, {"params": [p for n, p in model.named_parameters() if n.endswith("weight")], "weight_decay": 0.0}],
              "The groups are exchanged"),
        Wrong(lambda model, strength: [{"params": [p for p in model.parameters() if p.dim() > 1], "lr": strength}, {"params": [p for p in model.parameters() if p.dim() == 1], "lr": 0}],
              "`strength` is no learning rate"),
        Wrong(lambda model, strength: ([p for p in model.parameters() if p.dim() > 1], [p for p in model.parameters() if p.dim() == 1]),
              "A list stands where a parameter is expected"),
        Wrong(lambda model, strength: [{"params": [p for p in model.parameters() if p.dim() > 1], "weight_decay": strength}] * 2,
              "A parameter stands in both groups"),
        Wrong(lambda model, strength: [{"params": [p for n, p in model.named_parameters() if n == "0.weight"], "weight_decay": strength}, {"params": [p for n, p in model.named_parameters() if n != "0.weight"], "weight_decay": 0}],
              "Only the first weight decays", first="neutral"),
        Wrong(lambda model, strength: [{"params": [p for p in model.parameters() if p.dim() > 1], "weight_decay": 0.01}, {"params": [p for p in model.parameters() if p.dim() == 1], "weight_decay": 0}],
              "The weights decay by a number of your own", first="neutral"),
    ],
}


# ---- a second set, written by the text of the lesson alone; behind each answer its cause, in the writer's words


def predict_loop_no_bias(W, b, X):
    out = []
    for x in X:
        out.append(int(torch.tensor([w @ x for w in W]).argmax()))
    return torch.tensor(out)


def predict_numpy_axis(W, b, X):
    return np.argmax(X.numpy() @ W.numpy().T + b.numpy(), axis=0)


def others_before(p, k):
    return -sum(p[i] for i in range(k))


def others_mean(p, k):
    rest = torch.cat([p[:k], p[k + 1:]])
    return rest.mean(dim=0)


def others_loop_sign(p, k):
    total = 0
    for i in range(len(p)):
        if i != k:
            total = total + p[i]
    return total


def _repair(scale=True, bias=True, swap=True):
    def repair(model):
        with torch.no_grad():
            if scale:
                model.weight[:, 32:] *= 16
            if bias:
                model.bias[8] -= model.bias.sum()
            if swap:
                model.weight[[0, 7]] = model.weight[[7, 0]]
    return repair


def repair_divides(model):
    with torch.no_grad():
        model.weight[:, 32:] /= 16
        model.bias[8] -= 6
        model.weight[[0, 7]] = model.weight[[7, 0]]


def repair_aliased(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] -= 6
        model.weight[0], model.weight[7] = model.weight[7], model.weight[0]


def repair_bias_zero(model):
    with torch.no_grad():
        model.weight[:, 32:64].mul_(16)
        model.bias[8] = 0
        model.weight[[0, 7]] = model.weight[[7, 0]]


def repair_upper(model):
    with torch.no_grad():
        model.weight[:, :32] *= 16
        model.bias[8] -= 6
        model.weight[[0, 7]] = model.weight[[7, 0]]


def repair_rows(model):
    with torch.no_grad():
        model.weight[32:] *= 16
        model.bias[8] -= 6
        model.weight[[0, 7]] = model.weight[[7, 0]]


def repair_clone(model):
    W, b = model.weight.detach().clone(), model.bias.detach().clone()
    W[:, 32:] *= 16
    b[8] -= 6
    W[[0, 7]] = W[[7, 0]]


def repair_recorded(model):
    model.weight[:, 32:] *= 16
    model.bias[8] -= 6
    model.weight[[0, 7]] = model.weight[[7, 0]]


def repair_swaps_biases(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] -= 6
        model.weight[[0, 7]] = model.weight[[7, 0]]
        model.bias[[0, 7]] = model.bias[[7, 0]]


def repair_plus(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] += 6
        model.weight[[0, 7]] = model.weight[[7, 0]]


def repair_columns(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] -= 6
        model.weight[:, [0, 7]] = model.weight[:, [7, 0]]


def repair_all_scaled(model):
    with torch.no_grad():
        model.weight *= 16
        model.bias[8] -= 6
        model.weight[[0, 7]] = model.weight[[7, 0]]


def repair_off_by_one(model):
    with torch.no_grad():
        model.weight[:, 33:] *= 16
        model.bias[8] -= 6
        model.weight[[0, 7]] = model.weight[[7, 0]]


def repair_mean_of_others(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] = model.bias[[0, 1, 2, 3, 4, 5, 6, 7, 9]].mean()
        model.weight[[0, 7]] = model.weight[[7, 0]]


def repair_new_names(model):
    for p in model.parameters():
        p = p * 16
    model.bias.data[8] -= 6


def carry_object(model, file):
    torch.save(model, file)
    return torch.load(file, weights_only=False)


def carry_same(model, file):
    torch.save(model.state_dict(), file)
    model.load_state_dict(torch.load(file, weights_only=True))
    return model


def carry_untouched(model, file):
    torch.save(model.state_dict(), file)
    torch.load(file, weights_only=True)
    return nn.Linear(64, 10)


def carry_keys(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    return new.load_state_dict(torch.load(file, weights_only=True))


def carry_never_reads(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.load_state_dict(model.state_dict())
    return new


def carry_deepcopy(model, file):
    torch.save(model.state_dict(), file)
    return copy.deepcopy(model)


def carry_dict(model, file):
    torch.save(model.state_dict(), file)
    return torch.load(file, weights_only=True)


def carry_swapped(model, file):
    torch.save(file, model.state_dict())
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file))
    return new


def carry_weight_only(model, file):
    torch.save(model.weight.detach(), file)
    new = nn.Linear(64, 10)
    with torch.no_grad():
        new.weight.copy_(torch.load(file))
    return new


def carry_unsafe(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=False))
    return new


def carry_file_as_state(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.load_state_dict(file)
    return new


def carry_shared(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.weight, new.bias = model.weight, model.bias
    return new


def carry_own_name(model, file):
    torch.save(model.state_dict(), "model.pt")
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load("model.pt"))
    return new


def freeze_grad_left(layer):
    for p in layer.parameters():
        p.requires_grad = False


def freeze_grad_none_only(layer):
    for p in layer.parameters():
        p.grad = None


def freeze_zero_grad(layer):
    for p in layer.parameters():
        p.requires_grad_(False)
        if p.grad is not None:
            p.grad.zero_()


def freeze_attribute(layer):
    layer.requires_grad = False


def freeze_eval(layer):
    layer.eval()


def freeze_weight_only(layer):
    layer.weight.requires_grad = False
    layer.weight.grad = None


def freeze_detach(layer):
    for p in layer.parameters():
        p = p.detach()
        p.grad = None


def freeze_typo(layer):
    for p in layer.parameters():
        p.require_grad = False
        p.grad = None


def freeze_no_grad(layer):
    with torch.no_grad():
        layer.zero_grad()


def freeze_zero_weights(layer):
    for p in layer.parameters():
        p.requires_grad = False
        p.grad = None
        p.zero_()


def freeze_state_dict(layer):
    for p in layer.state_dict().values():
        p.requires_grad = False
    layer.zero_grad()


def groups_generator(model, strength):
    params = model.named_parameters()
    weights = [p for name, p in params if name.endswith("weight")]
    biases = [p for name, p in params if name.endswith("bias")]
    return [{"params": weights, "weight_decay": strength}, {"params": biases, "weight_decay": 0.0}]


def _groups(model, strength, zero=0.0):
    weights = [p for n, p in model.named_parameters() if "weight" in n]
    biases = [p for n, p in model.named_parameters() if "bias" in n]
    return [{"params": weights, "weight_decay": strength}, {"params": biases, "weight_decay": zero}]


def groups_swapped(model, strength):
    return [{"params": [p for n, p in model.named_parameters() if "bias" in n], "weight_decay": strength},
            {"params": [p for n, p in model.named_parameters() if "weight" in n], "weight_decay": 0}]


def groups_no_biases(model, strength):
    return [{"params": [p for n, p in model.named_parameters() if "weight" in n], "weight_decay": strength}]


def groups_key(model, strength):
    a, b = _groups(model, strength)
    return [{"params": a["params"], "decay": strength}, {"params": b["params"], "decay": 0}]


def groups_optimizer(model, strength):
    return torch.optim.SGD(_groups(model, strength), lr=0.1)


def groups_first_layer(model, strength):
    return [{"params": [model[0].weight], "weight_decay": strength}, {"params": [model[0].bias], "weight_decay": 0}]


def groups_names(model, strength):
    return [{"params": [n for n, p in model.named_parameters() if "weight" in n], "weight_decay": strength},
            {"params": [n for n, p in model.named_parameters() if "bias" in n], "weight_decay": 0}]


def groups_frozen(model, strength):
    groups = _groups(model, strength)
    for p in groups[1]["params"]:
        p.requires_grad = False
    return groups


def groups_attribute(model, strength):
    return [{"params": [model.weight], "weight_decay": strength}, {"params": [model.bias], "weight_decay": 0}]


def groups_everything_first(model, strength):
    biases = [p for n, p in model.named_parameters() if "bias" in n]
    return [{"params": list(model.parameters()), "weight_decay": strength}, {"params": biases, "weight_decay": 0}]


def groups_rate(model, strength):
    weights = [p for n, p in model.named_parameters() if "weight" in n]
    biases = [p for n, p in model.named_parameters() if "bias" in n]
    return [{"params": weights, "weight_decay": strength}, {"params": biases, "weight_decay": 0, "lr": 0}]


for _name, _answers in {
    "bias_guess": [
        # a word
        Wrong("all", "A number is needed and this is text"),
        # above 100 percent
        Wrong(120, "Your guess is `120`"),
    ],
    "recall_shape": [
        Wrong("a", "That is the textbook's W, used as X @ W"),
        Wrong("c", "That is the shape of the bias"),
    ],
    "recall_step": [
        Wrong("a", "The optimizer never sees the loss"),
        Wrong("c", "It knows only the parameters it was given, and skips those whose"),
    ],
    "predict_from": [
        # W not transposed: shapes do not fit
        Wrong(lambda W, b, X: (X @ W + b).argmax(dim=1), "W has one row a class, as `nn.Linear` stores it"),
        # argmax over everything
        Wrong(lambda W, b, X: (X @ W.T + b).argmax(), "One place in the whole table came out"),
        # argmax down the rows
        Wrong(lambda W, b, X: (X @ W.T + b).argmax(dim=0), "You asked each class for its best image", idea="M32"),
        # argmax down the rows, NumPy
        Wrong(predict_numpy_axis, "You asked each class for its best image", idea="M32"),
        # the scores
        Wrong(lambda W, b, X: X @ W.T + b, "These are scores", idea="M01"),
        # the largest score, not its place
        Wrong(lambda W, b, X: (X @ W.T + b).max(dim=1).values, "These are the largest scores themselves"),
        # bias missing
        Wrong(predict_loop_no_bias, "The bias is missing"),
        # probabilities
        Wrong(lambda W, b, X: torch.softmax(X @ W.T + b, dim=1), "These are probabilities"),
        # the smallest
        Wrong(lambda W, b, X: (X @ W.T + b).argmin(1), "You took the smallest score"),
        # counts from 1
        Wrong(lambda W, b, X: (X @ W.T + b).argmax(1) + 1, "Classes are numbered from 0", idea="M14"),
        # yes or no for each class
        Wrong(lambda W, b, X: (X @ W.T + b > 0).int(), "You asked each score whether it is above 0", idea="M31"),
        # reshape in place of a transposition
        Wrong(lambda W, b, X: (X @ W.reshape(W.shape[1], W.shape[0]) + b).argmax(1), "`reshape` and `view` put the same numbers into other rows", first="neutral"),
        # both values and places
        Wrong(lambda W, b, X: (X @ W.T + b).max(dim=1), "`max` gives the largest scores and their places"),
        # a sigmoid each, rounded
        Wrong(lambda W, b, X: torch.sigmoid(X @ W.T + b).round(), "You asked each score whether it is above 0", idea="M31"),
        # bias taken off
        Wrong(lambda W, b, X: (X @ W.T - b).argmax(dim=1), "The bias was taken off"),
    ],
    "from_the_others": [
        # sum of the others without the minus
        Wrong(others_loop_sign, "The sign is turned"),
        # row k is counted as well
        Wrong(lambda p, k: -p.sum(dim=0), "Your sum counts the wrong number itself"),
        # mean of the others
        Wrong(others_mean, "This is the mean of the others"),
        # sum over all entries, right for a vector only
        Wrong(lambda p, k: p[k] - p.sum(), "With weights, each column sums to 0 for itself"),
        # only the rows before k
        Wrong(others_before, "Only the rows before k were added up"),
        # k counted from 1
        Wrong(lambda p, k: -torch.cat([p[:k - 1], p[k:]]).sum(0), "The row before k is left out, and k is counted"),
        # as if rows summed to 1
        Wrong(lambda p, k: 1 - torch.cat([p[:k], p[k + 1:]]).sum(0), "You made all rows sum to 1"),
        # mean with a minus
        Wrong(lambda p, k: -torch.cat([p[:k], p[k + 1:]]).mean(0), "This is the mean of the others, with its sign turned"),
        # row k as it is
        Wrong(lambda p, k: p[k], "That is row k as it stands, the lost one"),
        # np.delete without axis
        Wrong(lambda p, k: -np.delete(p.numpy(), k).sum(), "With weights one number came out", first="neutral"),
        # the other rows themselves
        Wrong(lambda p, k: torch.cat([p[:k], p[k + 1:]]), "Your answer has shape (9,)"),
        # k:, so row k stays in
        Wrong(lambda p, k: -torch.cat([p[:k], p[k:]]).sum(0), "Your sum counts the wrong number itself"),
    ],
    "repair": [
        # rows not swapped
        Wrong(_repair(swap=False), "0 and 7 still stand in each other's place"),
        # bias left
        Wrong(_repair(bias=False), "The bias of 8 is still blown up, and the biases of 0 and 7 have"),
        # columns left pale
        Wrong(_repair(scale=False), "The lower halves are still pale, by a factor of 16", first="neutral"),
        # divides by 16
        Wrong(repair_divides, "The lower halves are paler still, and that is not all yet"),
        # rows swapped through views: both the same
        Wrong(repair_aliased, "Two rows are alike now", first="neutral"),
        # bias of 8 set to 0
        Wrong(repair_bias_zero, "The bias of 8 is 0 now", first="neutral"),
        # the upper half scaled
        Wrong(repair_upper, "You made the upper half 16 times as strong", first="neutral"),
        # rows in place of columns
        Wrong(repair_rows, "The lower halves are still pale, by a factor of 16", first="neutral"),
        # works on a copy
        Wrong(repair_clone, "The model is as damaged as before"),
        # without no_grad: torch refuses
        Wrong(repair_recorded, "Autograd would have to record this change to a parameter"),
        # adds 6
        Wrong(repair_plus, "6 was added to the bias of 8, and it has 6 too much", first="neutral"),
        # columns 0 and 7 swapped
        Wrong(repair_columns, "Columns 0 and 7 changed places, and those are pixels", first="neutral"),
        # everything times 16
        Wrong(repair_all_scaled, "Everything is 16 times as strong now", first="neutral"),
        # column 32 left out
        Wrong(repair_off_by_one, "Column 32 is still pale", first="neutral"),
        # mean of the other biases
        Wrong(repair_mean_of_others, "The bias of 8 is the mean of the other nine now", first="neutral"),
        # p = p * 16 makes a new tensor
        Wrong(repair_new_names, "One of three"),
    ],
    "carry": [
        # saves the object
        Wrong(carry_object, "`weights_only=True` refuses your file"),
        # gives back the same model
        Wrong(carry_same, "You gave back the old model"),
        # what was read is not used
        Wrong(carry_untouched, "The new model has the numbers of its own start"),
        # gives back what load_state_dict says
        Wrong(carry_keys, "`load_state_dict` fills the model and gives back a note about"),
        # never reads the file
        Wrong(carry_never_reads, "The numbers of the new model come from the old one, and nobody", first="accepted"),
        # a copy, never reads the file
        Wrong(carry_deepcopy, "The numbers of the new model come from the old one, and nobody", first="accepted"),
        # gives back the dictionary
        Wrong(carry_dict, "You gave back the dictionary of numbers"),
        # arguments of save swapped
        Wrong(carry_swapped, "The other way round"),
        # the bias is not saved
        Wrong(carry_weight_only, "In the file", first="neutral"),
        # weights_only=False
        Wrong(carry_unsafe, "With `weights_only=False` whatever stands in a file may run while", first="accepted"),
        # hands the file name to load_state_dict
        Wrong(carry_file_as_state, "`load_state_dict` takes the dictionary, not the file"),
        # shares the parameters, never reads
        Wrong(carry_shared, "The new model holds the old one's very tensors"),
        # another file than the one given
        Wrong(carry_own_name, "Nothing is in `file`"),
    ],
    "freeze": [
        # the last gradient is left
        Wrong(freeze_grad_left, "It still moves", idea="M43"),
        # requires_grad stays True
        Wrong(freeze_grad_none_only, "The old gradient is gone, and the next `backward()` makes a new"),
        # a gradient of zero is a gradient
        Wrong(freeze_zero_grad, "It still moves", idea="M43"),
        # an attribute of the layer nobody reads
        Wrong(freeze_attribute, "The layer learns on as before"),
        # eval() freezes nothing
        Wrong(freeze_eval, "The layer learns on", idea="M10"),
        # the bias is left
        Wrong(freeze_weight_only, "A layer may be a stack of several, without a `weight` of its own"),
        # p = p.detach() makes a new tensor
        Wrong(freeze_detach, "The layer learns on as before"),
        # require_grad without s
        Wrong(freeze_typo, "The old gradient is gone, and the next `backward()` makes a new"),
        # no_grad ends with its block
        Wrong(freeze_no_grad, "The old gradient is gone, and the next `backward()` makes a new"),
        # sets the weights to 0
        Wrong(freeze_zero_weights, "Your function set the numbers themselves to 0"),
        # state_dict gives detached tensors
        Wrong(freeze_state_dict, "The old gradient is gone, and the next `backward()` makes a new"),
    ],
    "flips_guess": [
        # more than 30
        Wrong(31, "Your guess is `31`"),
        # a word
        Wrong("none", "A number is needed and this is text"),
    ],
    "by_importance": [
        # weights alone
        Wrong(lambda w, X: w.abs().argsort(descending=True), "A weight carries a unit", idea="M26"),
        # times the mean
        Wrong(lambda w, X: (w.abs() * X.mean(0)).argsort(descending=True), "You went by where a feature lies, a mean or a single value"),
        # sign kept
        Wrong(lambda w, X: (w * X.std(0)).argsort(descending=True), "A large negative weight matters as much as a large positive one"),
        # least first
        Wrong(lambda w, X: (w.abs() * X.std(0)).argsort(), "The other way round"),
        # sizes, not indices
        Wrong(lambda w, X: (w.abs() * X.std(0)).sort(descending=True).values, "These are the importances, sorted"),
        # divided by the spread
        Wrong(lambda w, X: (w.abs() / X.std(0)).argsort(descending=True), "Divided by the spread", idea="M26"),
        # only the first
        Wrong(lambda w, X: (w.abs() * X.std(0)).argmax(), "That is the most important feature alone"),
        # range in place of the spread
        Wrong(lambda w, X: (w.abs() * (X.amax(0) - X.amin(0))).argsort(descending=True), "You took the range, which two rows decide, the smallest and the"),
        # variance
        Wrong(lambda w, X: (w.abs() * X.var(0)).argsort(descending=True), "The variance has the unit squared, so units matter again", idea="M26"),
        # one spread for all
        Wrong(lambda w, X: (w.abs() * X.std()).argsort(descending=True), "A weight carries a unit", idea="M26"),
        # ranks of the features, not the features in order
        Wrong(lambda w, X: (w.abs() * X.std(0)).argsort(descending=True).argsort(), "That is the rank of each feature"),
        # spread alone
        Wrong(lambda w, X: X.std(0).argsort(descending=True), "The standard deviation says how much a feature varies, not what"),
        # spread of the rows
        Wrong(lambda w, X: np.argsort(np.abs(w.numpy()) * X.numpy().std(axis=1)), "Shapes (5,) and (40,) do not fit together", first="neutral"),
        # the first example
        Wrong(lambda w, X: (w.abs() * X[0].abs()).argsort(descending=True), "You went by where a feature lies, a mean or a single value"),
        # both values and indices
        Wrong(lambda w, X: (w.abs() * X.std(0)).sort(descending=True), "`sort` gives values and places, two tensors"),
        # square of the weight, spread not squared
        Wrong(lambda w, X: (w**2 * X.std(0)).argsort(descending=True), "Weight and spread do not count alike here, so units matter again", idea="M26"),
    ],
    "decay_groups": [
        # swapped
        Wrong(groups_swapped, "The groups are exchanged"),
        # biases left out: they do not learn
        Wrong(groups_no_biases, "Your biases are in no group, so no step ever moves them"),
        # generator used up
        Wrong(groups_generator, "Your biases are in no group, so no step ever moves them"),
        # key is not weight_decay
        Wrong(groups_key, "Nothing decays"),
        # half
        Wrong(lambda m, s: _groups(m, s / 2), "Half the decay", idea="M19"),
        # an optimizer
        Wrong(groups_optimizer, "The list of groups is asked for, not the optimizer"),
        # only the first layer
        Wrong(groups_first_layer, "Only the first layer is in your groups"),
        # names, not tensors
        Wrong(groups_names, "The optimizer met a text where a parameter belongs"),
        # biases frozen
        Wrong(groups_frozen, "`requires_grad` False keeps biases from learning"),
        # model.weight: only a single layer has it
        Wrong(groups_attribute, "A `Sequential` has no `weight` of its own"),
        # biases decay too
        Wrong(lambda m, s: _groups(m, s, zero=s), "The biases decay too", idea="M18"),
        # biases in both groups
        Wrong(groups_everything_first, "A parameter stands in both groups"),
        # biases do not learn: lr 0
        Wrong(groups_rate, "With a learning rate of 0 the biases stand still"),
        # one dict for all
        Wrong(lambda m, s: {"params": list(m.parameters()), "weight_decay": s}, "The optimizer met a text where a parameter belongs"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# three ways at least of writing what a numbered wrong idea leads to, for those that had fewer


def eval_on_each(layer):
    for module in layer.modules():
        module.eval()


def counted_from_one(W, b, X):
    classes = []
    for x in X:
        scores = [float(w @ x + c) for w, c in zip(W, b)]
        classes.append(1 + scores.index(max(scores)))
    return torch.tensor(classes)


for _name, _answers in {
    "predict_from": [
        Wrong(counted_from_one, "Classes are numbered from 0", seen=True, idea="M14"),
        Wrong(lambda W, b, X: np.argmax(X.numpy() @ W.numpy().T + b.numpy(), axis=1) + 1, "Classes are numbered from 0", seen=True, idea="M14"),
    ],
    "freeze": [
        Wrong(eval_on_each, "The layer learns on", seen=True, idea="M10"),
        Wrong(lambda layer: layer.train(False), "The layer learns on", seen=True, idea="M10"),
        Wrong(lambda layer: layer.requires_grad_(False), "It still moves", seen=True, idea="M43"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


def spread_along_the_rows(w, X):
    return (w.abs() * X.std(dim=1)[:len(w)]).argsort(descending=True)


def bias_not_read(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.weight.data = torch.load(file, weights_only=True)['weight']
    return new


def weight_of_a_single_layer(layer):
    layer.weight.requires_grad_(False)
    layer.weight.grad = None


def excess_spread_over_all(p, k):
    return p[k] - p.sum(dim=0) / len(p)


for _name, _answers in {
    "by_importance": [
        Wrong(spread_along_the_rows, "Multiply each by the standard deviation of its feature", first="neutral"),  # spread along the rows
    ],
    "carry": [
        Wrong(bias_not_read, "A part of the new model's numbers", first="wrongly named"),  # the bias is not read
    ],
    "freeze": [
        Wrong(weight_of_a_single_layer, "A layer may be a stack of several", first="neutral"),  # the bias still learns
    ],
    "from_the_others": [
        Wrong(excess_spread_over_all, "You took the mean of all rows off", first="neutral"),  # subtracts the mean of all rows: spreads the excess over all
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# what the page before has made
from_the_others = _from_the_others.right_answer


# written by the text of the lesson alone


def w_not_transposed_raises(W, b, X):
    return (X @ W + b).argmax(dim=1)


def argmax_over_images(W, b, X):
    return (X @ W.T + b).argmax(dim=0)


def argmax_of_all(W, b, X):
    return (X @ W.T + b).argmax()


def max_values_rather_than_classes(W, b, X):
    return (X @ W.T + b).max(dim=1).values


def no_bias(W, b, X):
    return torch.argmax(X @ W.T, dim=1)


def scores_again(W, b, X):
    return X @ W.T + b


def probabilities_2(W, b, X):
    return F.linear(X, W, b).softmax(dim=1)


def argmin(W, b, X):
    return (X @ W.T + b).argmin(1)


def minus_b(W, b, X):
    return (X @ W.T - b).argmax(dim=1)


def largest_absolute_score(W, b, X):
    return (X @ W.T + b).abs().argmax(dim=1)


def softmax_over_images_then_argmax(W, b, X):
    return torch.softmax(X @ W.T + b, dim=0).argmax(dim=1)


def class_numbers_start_at_1(W, b, X):
    return (X @ W.T + b).argmax(dim=1) + 1


def threshold(W, b, X):
    return (X @ W.T + b > 0).int()


def the_whole_max_tuple(W, b, X):
    return torch.max(X @ W.T + b, dim=1)


def argsort_first_is_smallest(W, b, X):
    return (X @ W.T + b).argsort(dim=1)[:, 0]


def normalises_the_weights_nearest_direction(W, b, X):
    W = W / W.norm(dim=1, keepdim=True)
    return (X @ W.T + b).argmax(dim=1)


def rounds_the_sigmoid_first_ties(W, b, X):
    return torch.sigmoid(X @ W.T + b).round().argmax(dim=1)


def sign_lost_2(p, k):
    return p.sum(dim=0) - p[k]


def includes_k_itself(p, k):
    return -p.sum(dim=0)


def mean_of_the_others(p, k):
    others = torch.cat([p[:k], p[k + 1:]])
    return -others.mean(dim=0)


def sums_over_everything(p, k):
    return p[k] - p.sum()


def axis_1(p, k):
    others = torch.cat([p[:k], p[k + 1:]])
    return -others.sum(dim=-1)


def neighbours_mean(p, k):
    return (p[k - 1] + p[(k + 1) % len(p)]) / 2


def the_row_itself(p, k):
    return p[k]


def slice_goes_off_by_one_drops_k_1_also(p, k):
    return -(p[:k].sum(0) + p[k + 2:].sum(0))


def only_those_before(p, k):
    return -p[:k].sum(dim=0)


def always_the_8(p, k):
    return p[8] - p.sum(dim=0)


def one_minus_the_others_as_if_probabilities(p, k):
    return 1 - (p.sum(dim=0) - p[k])


def minus_6_as_in_the_example(p, k):
    return p[k] - 6


def returns_the_whole_mended_tensor(p, k):
    q = p.clone()
    q[k] = p[k] - p.sum(dim=0)
    return q


def mean_including_p_k_mean(p, k):
    return p[k] - p.mean(dim=0)


def divides_rather_than_multiplies(model):
    with torch.no_grad():
        model.weight[:, 32:] /= 16
        model.bias[8] -= model.bias.sum()
        model.weight[[0, 7]] = model.weight[[7, 0]]
        model.bias[[0, 7]] = model.bias[[7, 0]]


def rows_32_on_rather_than_columns(model):
    with torch.no_grad():
        model.weight[32:] *= 16
        model.bias[8] -= model.bias.sum()
        model.weight[[0, 7]] = model.weight[[7, 0]]


def swap_by_naive_assignment_view_overwritten(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] -= model.bias.sum()
        zero, seven = model.weight[0], model.weight[7]
        model.weight[0] = seven
        model.weight[7] = zero


def new_parameter_in_place_of_in_place(model):
    W = model.weight.detach().clone()
    b = model.bias.detach().clone()
    W[:, 32:] *= 16
    b[8] -= b.sum()
    W[[0, 7]] = W[[7, 0]]
    model.weight = nn.Parameter(W)
    model.bias = nn.Parameter(b)


def works_on_a_copy_never_written_back(model):
    W, b = model.weight.detach().clone(), model.bias.detach().clone()
    W[:, 32:] *= 16
    b[8] -= b.sum()
    W[[0, 7]] = W[[7, 0]]
    return W, b


def bias_forgot(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.weight[[0, 7]] = model.weight[[7, 0]]


def columns_not_mended(model):
    with torch.no_grad():
        model.bias[8] -= model.bias.sum()
        model.weight[[0, 7]] = model.weight[[7, 0]]


def rows_not_swapped(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] -= model.bias.sum()


def from_column_31(model):
    with torch.no_grad():
        model.weight[:, 31:] *= 16
        model.bias[8] -= model.bias.sum()
        model.weight[[0, 7]] = model.weight[[7, 0]]


def with_32_63_leaves_out_the_last(model):
    with torch.no_grad():
        model.weight[:, 32:63] *= 16
        model.bias[8] = from_the_others(model.bias, 8)
        model.weight[[0, 7]] = model.weight[[7, 0]]


def no_no_grad_raises(model):
    model.weight[:, 32:] *= 16
    model.bias[8] -= 6
    model.weight[[0, 7]] = model.weight[[7, 0]]


def bias_of_8_set_to_zero(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] = 0
        model.weight[[0, 7]] = model.weight[[7, 0]]


def bias_to_minus_the_sum_itself_included(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] = -model.bias.sum()
        model.weight[[0, 7]] = model.weight[[7, 0]]


def rows_flipped_0_7(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] -= model.bias.sum()
        model.weight[0:8] = model.weight[0:8].flip(0)


def columns_0_and_7_swapped(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] -= model.bias.sum()
        model.weight[:, [0, 7]] = model.weight[:, [7, 0]]


def upper_half_multiplied(model):
    with torch.no_grad():
        model.weight[:, :32] *= 16
        model.bias[8] -= model.bias.sum()
        model.weight[[0, 7]] = model.weight[[7, 0]]


def times_15(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 15
        model.bias[8] -= model.bias.sum()
        model.weight[[0, 7]] = model.weight[[7, 0]]


def swap_then_swap_back_both_rows_via_flips(model):
    with torch.no_grad():
        model.weight[:, 32:] *= 16
        model.bias[8] -= model.bias.sum()
        model.weight[[0, 7]] = model.weight[[0, 7]].clone()


def data(model):
    W, b = model.weight.data, model.bias.data
    W[:, 32:].mul_(16)
    b[8] -= b.sum()
    tmp = W[0].clone()
    W[0] = W[7]
    W[7] = tmp


def loads_a_mended_copy(model):
    W, b = model.weight.detach().clone(), model.bias.detach().clone()
    scale = torch.ones(64)
    scale[32:] = 16
    W = (W * scale)[[7, 1, 2, 3, 4, 5, 6, 0, 8, 9]]
    b[8] = -(b[:8].sum() + b[9])
    model.load_state_dict({"weight": W, "bias": b})


@torch.no_grad()
def inference_style_with_index_copy(model):
    model.bias[8] = from_the_others(model.bias, 8)
    model.weight.mul_(torch.cat([torch.ones(32), torch.full((32,), 16.0)]))
    model.weight.copy_(model.weight.clone().index_select(0, torch.tensor([7, 1, 2, 3, 4, 5, 6, 0, 8, 9])))


def saves_the_module_itself(model, file):
    torch.save(model, file)
    return torch.load(file, weights_only=False)


def gives_back_the_same_model(model, file):
    torch.save(model.state_dict(), file)
    model.load_state_dict(torch.load(file, weights_only=True))
    return model


def new_model_without_reading(model, file):
    torch.save(model.state_dict(), file)
    return nn.Linear(64, 10)


def reads_without_weights_only(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=False))
    return new


def nothing_saved_state_dict_passed_directly(model, file):
    new = nn.Linear(64, 10)
    new.load_state_dict(model.state_dict())
    return new


def returns_the_result_of_load_state_dict(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    return new.load_state_dict(torch.load(file, weights_only=True))


def state_dict_returned(model, file):
    torch.save(model.state_dict(), file)
    return torch.load(file, weights_only=True)


def sizes_swapped_2(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(10, 64)
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


def deep_copy(model, file):
    import copy
    torch.save(model.state_dict(), file)
    return copy.deepcopy(model)


def arguments_of_save_swapped(model, file):
    torch.save(file, model.state_dict())
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


def shares_memory_weight_assigned(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.weight = model.weight
    new.bias = model.bias
    return new


def forgets_the_bias(model, file):
    torch.save(model.state_dict(), file)
    state = torch.load(file, weights_only=True)
    new = nn.Linear(64, 10)
    with torch.no_grad():
        new.weight.copy_(state["weight"])
    return new


def nothing_returned(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=True))


def load_state_dict_given_the_path(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10)
    new.load_state_dict(file)
    return new


def list_of_parameters_saved(model, file):
    torch.save(list(model.parameters()), file)
    new = nn.Linear(64, 10)
    for p, q in zip(new.parameters(), torch.load(file, weights_only=False)):
        p = q
    return new


def wrong_file_name_own_name(model, file):
    torch.save(model.state_dict(), "model.pt")
    new = nn.Linear(64, 10)
    new.load_state_dict(torch.load("model.pt", weights_only=True))
    return new


def no_bias_in_the_new_layer(model, file):
    torch.save(model.state_dict(), file)
    new = nn.Linear(64, 10, bias=False)
    new.load_state_dict(torch.load(file, weights_only=True), strict=False)
    return new


def only_requires_grad_false_gradient_left(layer):
    for p in layer.parameters():
        p.requires_grad = False


def eval_again(layer):
    layer.eval()


def rebinding(layer):
    for p in layer.parameters():
        p = p.detach()


def zero_grads_only(layer):
    layer.zero_grad()


def no_grad_block_with_pass(layer):
    with torch.no_grad():
        for p in layer.parameters():
            p.grad = None


def only_weight(layer):
    layer.weight.requires_grad = False
    layer.weight.grad = None


def requires_grad_false_and_grad_zero(layer):
    for p in layer.parameters():
        p.requires_grad_(False)
        if p.grad is not None:
            p.grad.zero_()


def requires_grad_on_the_module_attribute_typo(layer):
    layer.requires_grad = False


def misspelt_attribute_again(layer):
    for p in layer.parameters():
        p.require_grad = False
        p.grad = None


def detach_values_replaced_by_plain_copies_with_new_parameters(layer):
    layer.weight = nn.Parameter(layer.weight.detach().clone(), requires_grad=False)
    layer.bias = nn.Parameter(layer.bias.detach().clone(), requires_grad=False)


def only_direct_attributes_set_to_true_by_mistake(layer):
    for p in layer.parameters():
        p.requires_grad = True
        p.grad = None


def sets_weights_to_zero(layer):
    with torch.no_grad():
        for p in layer.parameters():
            p.zero_()
            p.requires_grad = False
            p.grad = None


def return_in_loop_only_first(layer):
    for p in layer.parameters():
        p.requires_grad = False
        p.grad = None
        return layer


def generator_used_twice(layer):
    ps = layer.parameters()
    for p in ps:
        p.requires_grad = False
    for p in ps:
        p.grad = None


def state_dict_tensors(layer):
    for t in layer.state_dict().values():
        t.requires_grad = False
        t.grad = None


def hook_zeroing_gradients(layer):
    for p in layer.parameters():
        p.grad = None
        p.register_hook(lambda g: torch.zeros_like(g))


def raw_weights(w, X):
    return w.abs().argsort(descending=True)


def no_abs(w, X):
    return (w * X.std(dim=0)).argsort(descending=True)


def ascending(w, X):
    return (w * X.std(dim=0)).abs().argsort()


def divided_by_sd(w, X):
    return (w / X.std(dim=0)).abs().argsort(descending=True)


def times_the_mean(w, X):
    return (w * X.mean(dim=0)).abs().argsort(descending=True)


def variance(w, X):
    return (w.abs() * X.var(dim=0)).argsort(descending=True)


def range_again(w, X):
    r = X.max(0).values - X.min(0).values
    return (w.abs() * r).argsort(descending=True)


def sd_along_rows(w, X):
    return (w * X.std()).abs().argsort(descending=True)


def only_the_sd(w, X):
    return X.std(dim=0).argsort(descending=True)


def ranks_rather_than_order_argsort_twice(w, X):
    return (w * X.std(dim=0)).abs().argsort(descending=True).argsort()


def importance_values_instead_of_indices(w, X):
    return (w * X.std(dim=0)).abs().sort(descending=True).values


def only_the_first(w, X):
    return (w * X.std(dim=0)).abs().argmax()


def mean_absolute_contributions_uncentred(w, X):
    return (w * X).abs().mean(dim=0).argsort(descending=True)


def squared_weights_times_sd(w, X):
    return (w ** 2 * X.std(dim=0)).argsort(descending=True)


def with_1_based(w, X):
    return (w * X.std(dim=0)).abs().argsort(descending=True) + 1


def standardises_x_and_ignores_w_times_std_of_standardised(w, X):
    Z = (X - X.mean(0)) / X.std(0)
    return (w * Z.std(0)).abs().argsort(descending=True)


def p_norm_of_the_columns_uncentred(w, X):
    return (w * X.norm(dim=0)).abs().argsort(descending=True)


def max_instead_of_sd(w, X):
    return (w * X.abs().max(dim=0).values).abs().argsort(descending=True)


def contribution_of_the_first_row(w, X):
    return (w * X[0]).abs().argsort(descending=True)


def all_decays(model, strength):
    return [{"params": list(model.parameters()), "weight_decay": strength}]


def biases_missing(model, strength):
    weights = [p for n, p in model.named_parameters() if n.endswith("weight")]
    return [{"params": weights, "weight_decay": strength}, {"params": [], "weight_decay": 0.0}]


def swapped(model, strength):
    w = [p for n, p in model.named_parameters() if "weight" in n]
    b = [p for n, p in model.named_parameters() if "bias" in n]
    return [{"params": w, "weight_decay": 0.0}, {"params": b, "weight_decay": strength}]


def decay_for_key(model, strength):
    w = [p for n, p in model.named_parameters() if "weight" in n]
    b = [p for n, p in model.named_parameters() if "bias" in n]
    return [{"params": w, "decay": strength}, {"params": b, "decay": 0.0}]


def names_instead_of_tensors(model, strength):
    w = [n for n, p in model.named_parameters() if "weight" in n]
    b = [n for n, p in model.named_parameters() if "bias" in n]
    return [{"params": w, "weight_decay": strength}, {"params": b, "weight_decay": 0.0}]


def an_optimizer(model, strength):
    w = [p for n, p in model.named_parameters() if "weight" in n]
    b = [p for n, p in model.named_parameters() if "bias" in n]
    return torch.optim.SGD([{"params": w, "weight_decay": strength}, {"params": b, "weight_decay": 0.0}], lr=0.1)


def biases_frozen_lr_0(model, strength):
    w = [p for n, p in model.named_parameters() if "weight" in n]
    b = [p for n, p in model.named_parameters() if "bias" in n]
    return [{"params": w, "weight_decay": strength}, {"params": b, "weight_decay": 0.0, "lr": 0.0}]


def only_first_layer(model, strength):
    return [{"params": [model[0].weight], "weight_decay": strength}, {"params": [model[0].bias], "weight_decay": 0.0}]


def generator_used_up_again(model, strength):
    named = model.named_parameters()
    w = [p for n, p in named if "weight" in n]
    b = [p for n, p in named if "bias" in n]
    return [{"params": w, "weight_decay": strength}, {"params": b, "weight_decay": 0.0}]


def cloned_parameters(model, strength):
    w = [p.clone() for n, p in model.named_parameters() if "weight" in n]
    b = [p.clone() for n, p in model.named_parameters() if "bias" in n]
    return [{"params": w, "weight_decay": strength}, {"params": b, "weight_decay": 0.0}]


def a_dict_rather_than_list(model, strength):
    w = [p for n, p in model.named_parameters() if "weight" in n]
    b = [p for n, p in model.named_parameters() if "bias" in n]
    return {"weights": {"params": w, "weight_decay": strength}, "biases": {"params": b, "weight_decay": 0.0}}


def strength_halved(model, strength):
    w = [p for n, p in model.named_parameters() if "weight" in n]
    b = [p for n, p in model.named_parameters() if "bias" in n]
    return [{"params": w, "weight_decay": strength / 2}, {"params": b, "weight_decay": 0.0}]


def no_zero_for_biases_negative(model, strength):
    w = [p for n, p in model.named_parameters() if "weight" in n]
    b = [p for n, p in model.named_parameters() if "bias" in n]
    return [{"params": w, "weight_decay": strength}, {"params": b, "weight_decay": -strength}]


def all_parameters_in_the_second(model, strength):
    w = [p for n, p in model.named_parameters() if "weight" in n]
    return [{"params": w, "weight_decay": strength}, {"params": list(model.parameters()), "weight_decay": 0.0}]


def by_dimension_swapped_ndim_1_decays(model, strength):
    return [{"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": strength},
            {"params": [p for p in model.parameters() if p.ndim >= 2], "weight_decay": 0.0}]


def weight_decay_fixed(model, strength):
    w = [p for n, p in model.named_parameters() if "weight" in n]
    b = [p for n, p in model.named_parameters() if "bias" in n]
    return [{"params": w, "weight_decay": 0.01}, {"params": b, "weight_decay": 0.0}]


def reads_only_nn_linear_children_s_weight_one_group_per_layer(model, strength):
    return [{"params": m.parameters(), "weight_decay": strength} for m in model if isinstance(m, nn.Linear)]


def params_key_misspelt(model, strength):
    w = [p for n, p in model.named_parameters() if "weight" in n]
    b = [p for n, p in model.named_parameters() if "bias" in n]
    return [{"parameters": w, "weight_decay": strength}, {"parameters": b}]


for _name, _answers in {
    "recall_shape": [
        Wrong("a", "That is the textbook's W, used as X @ W"),  # a
        Wrong("c", "That is the shape of the bias: one number a class"),  # c
    ],
    "recall_step": [
        Wrong("a", "The optimizer never sees the loss: `backward` has already left the gradients in `.grad`"),  # a
        Wrong("c", "It knows only the parameters it was given, and skips those whose `.grad` is None"),  # c
    ],
    "predict_from": [
        Wrong(w_not_transposed_raises, "W has one row a class, as `nn.Linear` stores it"),  # W not transposed: raises
        Wrong(argmax_over_images, "You asked each class for its best image"),  # argmax over images
        Wrong(argmax_of_all, "One place in the whole table came out"),  # argmax of all
        Wrong(max_values_rather_than_classes, "These are the largest scores themselves"),  # max values rather than classes
        Wrong(no_bias, "The bias is missing"),  # no bias
        Wrong(scores_again, "These are scores"),  # scores
        Wrong(probabilities_2, "These are probabilities"),  # probabilities
        Wrong(argmin, "You took the smallest score"),  # argmin
        Wrong(minus_b, "The bias was taken off"),  # minus b
        Wrong(largest_absolute_score, "You took the score of the largest size"),  # largest absolute score
        Wrong(softmax_over_images_then_argmax, "Softmax has to share out each row, `dim=1`; along the columns the images compete"),  # softmax over images then argmax
        Wrong(class_numbers_start_at_1, "Classes are numbered from 0: the place is the class, with nothing added"),  # class numbers start at 1
        Wrong(threshold, "You asked each score whether it is above 0"),  # threshold
        Wrong(the_whole_max_tuple, "`max` gives the largest scores and their places"),  # the whole max tuple
        Wrong(argsort_first_is_smallest, "You took the smallest score"),  # argsort first is smallest
        Wrong(normalises_the_weights_nearest_direction, "The weights of each class were divided by their length", first="neutral"),  # normalises the weights: nearest direction
        Wrong(rounds_the_sigmoid_first_ties, "You decided yes or no for each class first, and of several yeses the first won", first="neutral"),  # rounds the sigmoid first: ties
    ],
    "from_the_others": [
        Wrong(sign_lost_2, "The sign is turned: with the others' sum, row k has to give 0"),  # sign lost
        Wrong(includes_k_itself, "Your sum counts the wrong number itself"),  # includes k itself
        Wrong(mean_of_the_others, "This is the mean of the others, with its sign turned"),  # mean of the others
        Wrong(sums_over_everything, "With weights, each column sums to 0 for itself: `p.sum(dim=0)`"),  # sums over everything
        Wrong(axis_1, "With weights you have one number for each row"),  # axis 1
        Wrong(neighbours_mean, "You took the mean of the rows beside it", first="neutral"),  # neighbours' mean
        Wrong(the_row_itself, "That is row k as it stands, the lost one"),  # the row itself
        Wrong(slice_goes_off_by_one_drops_k_1_also, "One row too many is left out: behind k it goes on with `p[k + 1:]`"),  # slice goes off by one: drops k+1 also
        Wrong(only_those_before, "Only the rows before k were added up"),  # only those before
        Wrong(always_the_8, "Row `k` is asked for, which need not be the 8: `p` may have four rows"),  # always the 8
        Wrong(one_minus_the_others_as_if_probabilities, "You made all rows sum to 1"),  # one minus the others (as if probabilities)
        Wrong(minus_6_as_in_the_example, "6 is what one bias of one reader has too much"),  # minus 6 as in the example
        Wrong(returns_the_whole_mended_tensor, "These are all the rows, put right"),  # returns the whole mended tensor
        Wrong(mean_including_p_k_mean, "You took the mean of all rows off row k"),  # mean including: p[k] - mean
    ],
    "repair": [
        Wrong(divides_rather_than_multiplies, "The lower halves are paler still"),  # divides rather than multiplies
        Wrong(rows_32_on_rather_than_columns, "The lower halves are still pale, by a factor of 16"),  # rows 32 on rather than columns
        Wrong(swap_by_naive_assignment_view_overwritten, "Two rows are alike now: the first assignment overwrote what the second one reads"),  # swap by naive assignment (view overwritten)
        Wrong(new_parameter_in_place_of_in_place, "The weights of 0 and 7 are back, their biases are not: a class is a row and a bias", first="neutral"),  # new Parameter in place of in-place
        Wrong(works_on_a_copy_never_written_back, "The model is as damaged as before: none of its own numbers has changed"),  # works on a copy, never written back
        Wrong(bias_forgot, "The bias of 8 is still blown up, and the biases of 0 and 7 have not changed places"),  # bias forgot
        Wrong(columns_not_mended, "The lower halves are still pale, by a factor of 16"),  # columns not mended
        Wrong(rows_not_swapped, "0 and 7 still stand in each other's place"),  # rows not swapped
        Wrong(from_column_31, "Column 31 is 16 times too strong now"),  # from column 31
        Wrong(with_32_63_leaves_out_the_last, "Column 63 is still pale: the end of a slice is left out"),  # 32:63 leaves out the last
        Wrong(no_no_grad_raises, "Autograd would have to record this change to a parameter"),  # no no_grad: raises
        Wrong(bias_of_8_set_to_zero, "The bias of 8 is 0 now"),  # bias of 8 set to zero
        Wrong(bias_to_minus_the_sum_itself_included, "The sum of all biases counts the blown one, too"),  # bias to minus the sum, itself included
        Wrong(rows_flipped_0_7, "Rows 0 to 7 were turned round, and 1 to 6 stood right", first="neutral"),  # rows flipped 0..7
        Wrong(columns_0_and_7_swapped, "Columns 0 and 7 changed places, and those are pixels"),  # columns 0 and 7 swapped
        Wrong(upper_half_multiplied, "You made the upper half 16 times as strong"),  # upper half multiplied
        Wrong(times_15, "A factor of 15 is not enough: written per sixteenth, a weight is 16 times too small"),  # times 15
        Wrong(swap_then_swap_back_both_rows_via_flips, "0 and 7 still stand in each other's place"),  # swap then swap back (both rows via flips)
        Wrong(data, "The weights of 0 and 7 are back, their biases are not"),  # data
        Wrong(loads_a_mended_copy, "The weights of 0 and 7 are back, their biases are not"),  # copy_
        Wrong(inference_style_with_index_copy, "The weights of 0 and 7 are back, their biases are not"),  # inference style with index_copy
    ],
    "carry": [
        Wrong(saves_the_module_itself, "`weights_only=True` refuses your file: there is more in it than tensors by name"),  # saves the module itself
        Wrong(gives_back_the_same_model, "You gave back the old model"),  # gives back the same model
        Wrong(new_model_without_reading, "The new model has the numbers of its own start"),  # new model without reading
        Wrong(reads_without_weights_only, "With `weights_only=False` whatever stands in a file may run while it is read"),  # reads without weights_only
        Wrong(nothing_saved_state_dict_passed_directly, "Nothing is in `file`"),  # nothing saved: state_dict passed directly
        Wrong(returns_the_result_of_load_state_dict, "`load_state_dict` fills the model and gives back a note about names"),  # returns the result of load_state_dict
        Wrong(state_dict_returned, "You gave back the dictionary of numbers"),  # state dict returned
        Wrong(sizes_swapped_2, "The names or shapes of your new model are not those in the file"),  # sizes swapped
        Wrong(deep_copy, "The numbers of the new model come from the old one, and nobody reads the file"),  # deep copy
        Wrong(arguments_of_save_swapped, "The other way round: first what is saved, then the file"),  # arguments of save swapped
        Wrong(shares_memory_weight_assigned, "The new model holds the old one's very tensors: train one, and the other changes"),  # shares memory: weight assigned
        Wrong(forgets_the_bias, "A part of the new model's numbers is still of its own start"),  # forgets the bias
        Wrong(nothing_returned, "The model is built and filled, and not handed over"),  # nothing returned
        Wrong(load_state_dict_given_the_path, "`load_state_dict` takes the dictionary, not the file"),  # load_state_dict given the path
        Wrong(list_of_parameters_saved, "In the file: something else than the state_dict, where the numbers by name is needed"),  # list of parameters saved
        Wrong(wrong_file_name_own_name, "Nothing is in `file`"),  # wrong file name, own name
        Wrong(no_bias_in_the_new_layer, "The new model has no bias, and `strict=False` passes over that"),  # no bias in the new layer
    ],
    "freeze": [
        Wrong(only_requires_grad_false_gradient_left, "It still moves: `.grad` is zero, not None, so momentum and decay go on"),  # only requires_grad False, gradient left
        Wrong(eval_again, "The layer learns on"),  # eval
        Wrong(rebinding, "The layer learns on as before: its parameters still have `requires_grad` True"),  # rebinding
        Wrong(zero_grads_only, "The old gradient is gone, and the next `backward()` makes a new one"),  # zero grads only
        Wrong(no_grad_block_with_pass, "The old gradient is gone, and the next `backward()` makes a new one"),  # no_grad block with pass
        Wrong(only_weight, "A layer may be a stack of several, without a `weight` of its own"),  # only weight
        Wrong(requires_grad_false_and_grad_zero, "It still moves: `.grad` is zero, not None, so momentum and decay go on"),  # requires_grad False and grad zero
        Wrong(requires_grad_on_the_module_attribute_typo, "The layer learns on as before"),  # requires_grad on the module attribute (typo)
        Wrong(misspelt_attribute_again, "The old gradient is gone, and the next `backward()` makes a new one"),  # misspelt attribute
        Wrong(detach_values_replaced_by_plain_copies_with_new_parameters, "A layer may be a stack of several, without a `weight` of its own"),  # detach_ values replaced by plain copies with new parameters
        Wrong(only_direct_attributes_set_to_true_by_mistake, "The old gradient is gone, and the next `backward()` makes a new one"),  # only direct attributes set to True by mistake
        Wrong(sets_weights_to_zero, "Your function set the numbers themselves to 0"),  # sets weights to zero
        Wrong(return_in_loop_only_first, "The weight stands still and the bias moves on"),  # return in loop: only first
        Wrong(generator_used_twice, "It still moves: `.grad` is zero, not None, so momentum and decay go on"),  # generator used twice
        Wrong(state_dict_tensors, "The layer learns on as before: its parameters still have `requires_grad` True"),  # state_dict tensors
        Wrong(hook_zeroing_gradients, "The gradients are 0 now, and the layer still moves by decay, or by momentum"),  # hook zeroing gradients
    ],
    "by_importance": [
        Wrong(raw_weights, "A weight carries a unit: in millimetres it is a tenth of what it is in centimetres"),  # raw weights
        Wrong(no_abs, "A large negative weight matters as much as a large positive one"),  # no abs
        Wrong(ascending, "The other way round: the most important one comes first"),  # ascending
        Wrong(divided_by_sd, "Divided by the spread"),  # divided by sd
        Wrong(times_the_mean, "You went by where a feature lies, a mean or a single value"),  # times the mean
        Wrong(variance, "The variance has the unit squared, so units matter again"),  # variance
        Wrong(range_again, "You took the range, which two rows decide, the smallest and the largest"),  # range
        Wrong(sd_along_rows, "A weight carries a unit: in millimetres it is a tenth of what it is in centimetres"),  # sd along rows
        Wrong(only_the_sd, "The standard deviation says how much a feature varies, not what the model makes of it"),  # only the sd
        Wrong(ranks_rather_than_order_argsort_twice, "That is the rank of each feature"),  # ranks rather than order (argsort twice)
        Wrong(importance_values_instead_of_indices, "These are the importances, sorted"),  # importance values instead of indices
        Wrong(only_the_first, "That is the most important feature alone"),  # only the first
        Wrong(mean_absolute_contributions_uncentred, "The sizes of the values count where they lie, too"),  # mean absolute contributions (uncentred)
        Wrong(squared_weights_times_sd, "Weight and spread do not count alike here, so units matter again"),  # squared weights times sd
        Wrong(with_1_based, "Every value of yours is 1 above the needed one"),  # 1-based
        Wrong(standardises_x_and_ignores_w_times_std_of_standardised, "A weight carries a unit: in millimetres it is a tenth of what it is in centimetres"),  # standardises X and ignores: w times std of standardised
        Wrong(p_norm_of_the_columns_uncentred, "The sizes of the values count where they lie, too"),  # p-norm of the columns (uncentred)
        Wrong(max_instead_of_sd, "The largest value says where a feature reaches, not how much it varies"),  # max instead of sd
        Wrong(contribution_of_the_first_row, "You went by where a feature lies, a mean or a single value"),  # contribution of the first row
    ],
    "decay_groups": [
        Wrong(all_decays, "`weight_decay` takes every parameter of its group, the biases too"),  # all decays
        Wrong(biases_missing, "Your biases are in no group, so no step ever moves them"),  # biases missing
        Wrong(swapped, "The groups are exchanged: here the biases decay and the weights do not"),  # swapped
        Wrong(decay_for_key, "Nothing decays. The group of the weights needs"),  # 'decay' for key
        Wrong(names_instead_of_tensors, "The optimizer met a text where a parameter belongs"),  # names instead of tensors
        Wrong(an_optimizer, "The list of groups is asked for, not the optimizer: any optimizer takes it later"),  # an optimizer
        Wrong(biases_frozen_lr_0, "With a learning rate of 0 the biases stand still"),  # biases frozen: lr 0
        Wrong(only_first_layer, "Only the first layer is in your groups"),  # only first layer
        Wrong(generator_used_up_again, "Your biases are in no group, so no step ever moves them"),  # generator used up
        Wrong(cloned_parameters, "A tensor in your groups is computed from a parameter, as by `clone()`"),  # cloned parameters
        Wrong(a_dict_rather_than_list, "The optimizer met a text where a parameter belongs"),  # a dict rather than list
        Wrong(strength_halved, "Half the decay: `weight_decay` is the factor of w in the gradient, `strength` as it is"),  # strength halved
        Wrong(no_zero_for_biases_negative, "The decay of the biases is below 0, so they are pushed away from it", first="neutral"),  # no zero for biases: negative
        Wrong(all_parameters_in_the_second, "A parameter stands in both groups: each belongs in one"),  # all parameters in the second
        Wrong(by_dimension_swapped_ndim_1_decays, "The groups are exchanged: here the biases decay and the weights do not"),  # by dimension swapped: ndim == 1 decays
        Wrong(weight_decay_fixed, "The weights decay by a number of your own"),  # weight decay fixed
        Wrong(reads_only_nn_linear_children_s_weight_one_group_per_layer, "`weight_decay` takes every parameter of its group, the biases too"),  # reads only nn.Linear children's weight, one group per layer with both
        Wrong(params_key_misspelt, "The optimizer looks for `\"params\"`, with an s, in each group and does not find it"),  # params key misspelt
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)


# Written from the page alone, in one more round


def at_half_precision(model, file):
    torch.save({name: p.half() for name, p in model.state_dict().items()}, file)
    new = torch.nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


def the_model_at_half_precision(model, file):
    torch.save(model.half().state_dict(), file)
    new = torch.nn.Linear(64, 10)
    new.load_state_dict(torch.load(file, weights_only=True))
    return new


def all_to_zero(layer):
    with torch.no_grad():
        for p in layer.parameters():
            p.zero_()


for _name, _answers in {
    "predict_from": [
        Wrong(lambda W, b, X: torch.cdist(X, W).argmin(1), "Yours stays the same when `b` changes", first="wrongly named", never=("opposite order",)),
    ],
    "from_the_others": [Wrong(lambda p, k: p[k - 1] - p.sum(0), "Row k − 1 stands where row k belongs", first="neutral")],
    "carry": [
        Wrong(at_half_precision, "your numbers with fewer digits", first="wrongly named", never=("numbers of a new model",)),
        Wrong(the_model_at_half_precision, "`.half()` changes a model itself", first="accepted"),
    ],
    "freeze": [Wrong(all_to_zero, "Your function set the numbers themselves to 0", first="wrongly named", never=("other random numbers",))],
    "decay_groups": [
        Wrong(lambda model, strength: [{"params": list(model.parameters())[0::2], "weight_decay": strength},
                                       {"params": list(model.parameters())[1::2], "weight_decay": 0.0}], "Every second parameter decays", first="accepted"),
        Wrong(lambda model, strength: [{"params": [p for p in model.parameters() if p.numel() >= 20], "weight_decay": strength},
                                       {"params": [p for p in model.parameters() if p.numel() < 20]}], "and the weights in it", first="wrongly named"),
        Wrong(lambda model, strength: strength / 2 * sum(p.pow(2).sum() for p in model.parameters()), "perhaps a penalty for the loss", first="neutral"),
    ],
}.items():
    WRONG.setdefault(_name, []).extend(_answers)
