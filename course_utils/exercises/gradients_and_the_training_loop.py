"""The exercises of lesson 02: an autograd from nothing, the loop around it, and what goes wrong between the two."""

import copy
import math
from typing import Any
from weakref import WeakKeyDictionary

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checker import (
    Choice,
    Mistake,
    Number,
    Order,
    Prediction,
    Right,
    Wrong,
    exercise,
    first_step,
    give_names,
)

guess_gradient = Prediction(
    "`backward()` three times on the same loss, nothing zeroed: how many times the gradient is in `.grad`?",
    low=0, high=10, measured=3.0, spread="PyTorch adds, as your own autograd does", reveal_later=True,
)

recall_pull = Number(
    "A flight at x = 3 came back damaged (y = 1). The model gave damage the probability 0.2. "
    "What is the derivative of this flight's log loss in w?",
    answer=-2.4,
    tolerance=0.005,
    mistakes=[
        Mistake(2.4, "That points downhill. The derivative is (p - y) x: it points uphill, and the step subtracts it."),
        Mistake(-3.0, "That is −y x: the probability is left out. What pulls is p - y, times x."),
        Mistake(15.0, "You divided x by p. The way from p back to w leads through the sigmoid: (p - y) x."),
        Mistake(4.828, "That is the loss times x. Its derivative in w is asked for: (p - y) x."),
        Mistake(-0.384, "The factor p (1 - p) belongs to the squared error. In the log loss it cancels."),
        Mistake(0.6, "That is p times x. What pulls is the distance from the truth: p - y, times x."),
        Mistake(-0.8, "That is the derivative in b, p - y. For w it is multiplied by the input x."),
        Mistake(-5, "That is the derivative in p, -1/p. The way from p back to w is missing: the sigmoid, then x."),
        Mistake(1.609, "That is the loss itself, -log 0.2. Its derivative in w is asked for."),
        Mistake(0.48, "That is the slope of p in w, p (1 - p) x. The loss's own slope in p, -1/p, is missing."),
        Mistake(0.8, "That is how much p lacks, 1 - p. The derivative in w is (p - y) times the input x."),
        Mistake(-0.6, "That is p times x, with a minus. What pulls is the distance from the truth: p - y, times x."),
        Mistake(-0.8 / 3, "You divided by x. The score moves x times as much as w, so it multiplies."),
        Mistake(-1.2, "Half of it: nothing is halved here. The derivative is (p - y) times x."),
        Mistake(-4.8, "Twice too large: the 2 belongs to the slope of a square. Here it is (p - y) times x."),
        Mistake(-7.2, "x came in twice. The derivative is (p - y) times x, once."),
        Mistake(-15.0, "That is -1/p times x. Between p and the score stands the sigmoid: times p (1 - p)."),
    ],
    hints=["How far off was the probability, and with which sign? Then times the input.", "(0.2 - 1) x 3."],
    explanation="(p - y) x. Below you see where the rest of the chain went.",
)

recall_logits = Choice(
    "Which pair belongs together?",
    {
        "a": Wrong("`F.binary_cross_entropy` and scores; `F.binary_cross_entropy_with_logits` and probabilities",
                   "Turned round: `binary_cross_entropy` stops at a score outside 0 to 1. "
                   "Logits is another word for scores.", "M04"),
        "b": Right("`F.binary_cross_entropy` and probabilities; `F.binary_cross_entropy_with_logits` and scores"),
        "c": Wrong("Both and probabilities: the second takes more digits",
                   "Logits are scores: that loss applies the sigmoid itself. A second one would squeeze p to "
                   "0.5–0.73.", "M03"),
    },
    hints=["Logits is another word for scores. What does the longer name say about its input?",
           "The loss with the longer name applies the sigmoid itself."],
    explanation="And the second is the safe one, also for a score of -200.",
)

forgotten = Choice(
    "Program B lacks one line of the loop. Which?",
    {
        "a": Wrong("`loss = …`: it goes on with the loss of the first round",
                   "One `backward()` uses the record behind a loss up. The second would stop with a complaint, "
                   "and B runs."),
        "b": Wrong("`loss.backward()`: it has to do without gradients",
                   "Then `.grad` stays empty, and B stands still at its start. "
                   "The optimizer computes no slope of its own.", "M35"),
        "c": Wrong("`optimizer.step()`: it computes slopes and does not use them",
                   "Then no weight ever moves, and B is a point. Here it moves a long way."),
        "d": Right("`optimizer.zero_grad()`: it never empties what `backward()` fills"),
        "e": Wrong("None of them: its learning rate is larger",
                   "Both have 0.3. Too large a rate jumps from wall to wall or runs away; "
                   "this is a smooth swing.", "M37"),
    },
    hints=["B moves, smoothly, and passes the lowest loss without slowing down. What does it remember there?",
           "At the lowest loss the slope is 0. `.grad` is not, if it still holds all the slopes from before."],
    explanation="Nothing complains: adding to `.grad` is a feature, and what you write below has it too.",
)


# An autograd from nothing

class _Node:
    """A node as the lesson's page defines it, with a name for the one who compares; it records nothing."""

    def __init__(self, name: str, value: float, born: int = 0, made_from: Any = (), grad: float = 0.0):
        self.name, self.value, self.born, self.made_from, self.grad = name, value, born, made_from, grad

    def __add__(self, other: Any) -> "_Node":
        return _Node("", self.value + getattr(other, "value", other))

    def __mul__(self, other: Any) -> "_Node":
        return _Node("", self.value * getattr(other, "value", other))

    __radd__, __rmul__ = __add__, __mul__

    def sigmoid(self) -> "_Node":
        return _Node("", 1 / (1 + math.exp(-self.value)))


@exercise(
    how=lambda place, a, b: f"With a = {a} and b = {b}: raise a by 1, and the product goes from {a * b:.4g} to "
                               f"{(a + 1) * b:.4g}; raise b by 1, and it goes to {a * (b + 1):.4g}.",
    probes=[(0.7, -2.4), (-1.3, 3.1)],
    mistakes=[
        Mistake(lambda a, b: (a * b, [b * a * b, a * a * b]),
                "The value is one factor too many. Raise a by 1, and a · b rises by b; nothing else is multiplied."),
        *(Mistake(lambda a, b, first=first, second=second: (a * b, [first(a, b), second(a, b)]),
                  "One slope is right, the other a fixed number. Raise a by 1, and a · b rises by b; raise b, and it "
                  "rises by a.")
          for first, second in ((lambda a, b: b, lambda a, b: 0), (lambda a, b: b, lambda a, b: 1),
                                (lambda a, b: 1, lambda a, b: a), (lambda a, b: 0, lambda a, b: a))),
        Mistake(lambda a, b: (a * b, [a, b]),
                "The slopes are exchanged. Raise a by 1, and a · b rises by b: the slope in a is b."),
        Mistake(lambda a, b: (a * b, [1, 1]),
                "That is the rule of the sum. Raise a by 1, and a · b rises by b."),
        Mistake(lambda a, b: (a * b, [a * b, a * b]),
                "That is the value, twice. How much does a · b rise when a rises by 1 and b stays?"),
        Mistake(lambda a, b: (a * b, b, a),
                "All three are right. The two slopes belong in one list, behind the value: `a * b, […, …]`."),
        Mistake(lambda a, b: [b, a],
                "Those are the slopes alone. A rule gives back two things: the value, and a list of slopes."),
        Mistake(lambda a, b: a * b,
                "That is the value alone. A rule gives back two things: the value, and a list of slopes."),
        Mistake(lambda a, b: (a * b, [b, b]),
                "The first slope is right, the second is not. Raise b by 1, and a · b rises by a."),
        Mistake(lambda a, b: (a * b, b),
                "One slope is missing. There are two inputs: a list of two slopes, first in a, then in b."),
        Mistake(lambda a, b: (a * b, [1 / a, 1 / b]),
                "Those are slopes of logarithms. How much does a · b rise when a rises by 1 and b stays?"),
        Mistake(lambda a, b: (a + b, [b, a]), "The slopes are right, the value is a sum: `a * b` is asked for."),
        Mistake(lambda a, b: (a + b, [1, 1]), "That is the rule of the sum, value and slopes. Here a is multiplied by "
                                              "b."),
        Mistake(lambda a, b: (a * b, [a + b, a + b]),
                "Both slopes are the sum. Raise a by 1 while b stays: a · b rises by b alone."),
        Mistake(lambda a, b: (a * b, [1 / b, 1 / a]),
                "1 was divided by the inputs. Raise a by 1, and a · b rises by b: the slope in a is b itself."),
        Mistake(lambda a, b: (a * b, [a + b]),
                "The two slopes were added up. Each input has its own: a list of two, first in a, then in b."),
        Mistake(lambda a, b: (a * b, b + a),
                "The two slopes were added up. Each input has its own: a list of two, first in a, then in b."),
        Mistake(lambda a, b: (a * b, [2 * a, 2 * b]),
                "Those are slopes of squares. How much does a · b rise when a rises by 1 and b stays?"),
        *(Mistake(lambda a, b, of_a=of_a, of_b=of_b: (a * b, [of_a * b, of_b * a]),
                  "A sign is turned round. Raise a by 1, and a · b rises by b, whatever the sign of b.")
          for of_a, of_b in ((1, -1), (-1, 1), (-1, -1))),
        Mistake(lambda a, b: (a * b, [0, 0]),
                "A slope of 0 would mean that nothing changes. Raise a by 1, and a · b rises by b."),
        Mistake(lambda a, b: (a * b, [a / b, b / a]),
                "You divided one input by the other. How much does a · b rise when a rises by 1 and b stays?"),
        Mistake(lambda a, b: (a * b, [a, a]),
                "The second slope is right, the first is not. Raise a by 1, and a · b rises by b."),
        Mistake(lambda a, b: ([b, a], a * b), "The two are exchanged: the value first, then the list of slopes."),
        *(Mistake(lambda a, b, only=only: (a * b, [only(a, b)]),
                  "One slope is missing. There are two inputs: a list of two slopes, first in a, then in b.")
          for only in (lambda a, b: b, lambda a, b: a)),
    ],
    hints=["Hold b fixed. Then a · b is a straight line in a. How steep is it?",
           "The slope in each is the other one."],
    explanation="Each input's slope is the other input: that is how x gets into the slope in w.",
)
def multiply_rule(a, b):
    """The product of two numbers, and a list: its slope in a, its slope in b."""
    return a * b, [b, a]


@exercise(
    how=lambda place, z: f"p = 1 / (1 + e^{-z:g}) = {_logistic(z):.4g}, and p (1 − p) is the slope.",
    probes=[(0.4,), (-1.7,), (2.3,)],
    rtol=1e-9,
    atol=1e-12,
    mistakes=[
        Mistake(lambda z: (_logistic(z), [0.25]),
                "A quarter is the slope at z = 0 alone, where p is one half. Elsewhere it is p (1 - p)."),
        Mistake(lambda z: (_logistic(z), [z]), "That is z itself. The slope of σ is p (1 - p), with p = σ(z)."),
        Mistake(lambda z: (_logistic(z), [_logistic(z) - 1]),
                "p - 1 is the slope of the log loss in z. That of σ alone is p (1 - p)."),
        *(Mistake(lambda z, of=of: of(z),
                  "`torch.sigmoid` and `torch.exp` want a tensor, and z is a number here. `math.exp` takes numbers.")
          for of in (torch.sigmoid, torch.exp)),
        Mistake(lambda z: (p := 1 / (1 + math.exp(-z)), [p * 1 - p]),
                "Your slope is 0. `p * 1 - p` is p less p: put brackets around the difference, `p * (1 - p)`."),
        Mistake(lambda z: (p := 1 / 1 + math.exp(-z), [p * (1 - p)]),
                "`1 / 1 + …` divides first. Put brackets around what is below the line: `1 / (1 + …)`."),
        *(Mistake(lambda z, slope=slope: (1 / 1 + math.exp(-z), [slope(z)]),
                  "In the value `1 / 1 + …` divides first. Put brackets around what is below the line: `1 / (1 + …)`.")
          for slope in (lambda z: _slope_of_sigmoid(z), lambda z: math.exp(-z), lambda z: -math.exp(-z))),
        Mistake(lambda z: torch.sigmoid(torch.tensor(z)),
                "That is the value alone. A rule gives back two things: the value, and a list with its slope."),
        Mistake(lambda z: [(p := 1 / (1 + math.exp(-z))) * (1 - p)],
                "That is the slope alone. A rule gives back two things: the value, and a list with its slope."),
        Mistake(lambda z: (p := 1 / (1 + math.exp(-z)), p * (1 - p)),
                "Both numbers are right. The slope belongs in a list, for there is one for each input: `[…]`."),
        Mistake(lambda z: ([(p := 1 / (1 + math.exp(-z))) * (1 - p)], p),
                "The two are exchanged: the value first, then the list with its slope."),
        Mistake(lambda z: (1 / (1 + math.exp(-z)), [z * (1 - z)]),
                "The slope of σ is p (1 - p), with the probability in it, not the score.", "M01"),
        Mistake(lambda z: (1 / (1 + math.exp(-z)), [_slope_of_sigmoid(1 / (1 + math.exp(-z)))]),
                "The slope took σ of p, a second sigmoid. p is σ(z) already: its slope is p (1 - p).", "M03"),
        Mistake(lambda z: (1 / (1 + math.exp(z)), [_slope_of_sigmoid(z)]),
                "The sign of z is turned round in the value: e to the power of MINUS z."),
        Mistake(lambda z: (p := 1 / (1 + math.exp(-z)), [p]),
                "p is the slope of e to the power of z. The sigmoid flattens near 1 as well: times (1 - p)."),
        Mistake(lambda z: (p := 1 / (1 + math.exp(-z)), [1 - p]),
                "1 - p is the slope of log σ(z). For σ(z) itself it is multiplied by p."),
        Mistake(lambda z: (p := 1 / (1 + math.exp(-z)), [-p * (1 - p)]),
                "The sign of the slope is turned round: σ rises everywhere."),
        Mistake(lambda z: (p := torch.sigmoid(torch.tensor(z)), [p * (1 - p)]),
                "Right to seven digits, those of float32, and here all sixteen are asked for. `torch.tensor` makes "
                "float32 of a number, and nudging stops early. `math.exp` and p (1 - p) keep them all."),
        Mistake(lambda z: (p := 1 / (1 + math.exp(-z)), [p * (1 + p)]), "A plus for a minus: the slope is p (1 - p)."),
        Mistake(lambda z: (p := 1 / (1 + math.exp(-z)), [1 - p**2]),
                "1 - p² is the slope of another curve, tanh. That of σ is p (1 - p)."),
        Mistake(lambda z: (h := math.tanh(z), [1 - h**2]),
                "That is tanh, which runs from -1 to 1. σ runs from 0 to 1: 1 / (1 + e⁻ᶻ)."),
        Mistake(lambda z: (p := 1 / (1 + math.exp(-z)), [p**2]),
                "You squared p. From 1 / (1 + e⁻ᶻ) also comes a factor e⁻ᶻ: together p (1 - p)."),
        Mistake(lambda z: (p := 1 / (1 + math.exp(-z)), [z * p * (1 - p)]),
                "z is one factor too many: how steep σ is depends on p alone, p (1 - p)."),
        Mistake(lambda z: (p := 1 / (1 + math.exp(-z)), [1 / p]),
                "1/p is the slope of the logarithm, the next link. That of σ is p (1 - p)."),
        Mistake(lambda z: (1 / (1 + math.exp(-z)), [1]),
                "A slope of 1 is a straight line. σ is steepest in the middle: p (1 - p)."),
        *(Mistake(lambda z, sign=sign: (1 / (1 + math.exp(-z)), [math.exp(sign * z)]),
                  "That is the slope of a power of e. The sigmoid divides, and flattens: p (1 - p).")
          for sign in (1, -1)),
        Mistake(lambda z: (p := 1 / (1 + math.exp(-z)), [p - 2 * p]),
                "p - 2p is -p. The slope is p less the square of p: `p - p**2`, or `p * (1 - p)`."),
        Mistake(lambda z: (p := 1 / (1 + math.exp(-z)), [p, 1 - p]),
                "Those are the two factors. One input has one slope, their product: `[p * (1 - p)]`."),
    ],
    hints=["1 / (1 + e⁻ᶻ), and `math.exp` computes e to the power of something. Call the value p.",
           "σ writes its slope itself: p (1 - p). It goes into a list of one."],
    explanation="Steepest in the middle, 0.25 at p = 0.5, and nearly flat where σ is sure.",
)
def sigmoid_rule(z):
    """σ(z) of a number z, and a list with one slope: that of σ(z) in z."""
    p = 1 / (1 + math.exp(-z))
    return p, [p * (1 - p)]


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _slope_of_sigmoid(z: float) -> float:
    return _logistic(z) * (1 - _logistic(z))


def _graphs():
    """A chain; a weight that is used twice and has a slope already; a node with one early and one late use."""
    w, x, b = _Node("w", -0.5, 0), _Node("x", -2.4, 1), _Node("b", -0.8, 2)
    z = _Node("z", 0.4, 4, [(_Node("w x", 1.2, 3, [(w, -2.4), (x, -0.5)]), 1.0), (b, 1.0)])
    chain = _Node("loss", 0.51, 6, [(_Node("p", 0.6, 5, [(z, 0.24)]), -1.67)])
    again = _Node("w", 1.5, 0, grad=0.25)
    twice = _Node("loss", 2.25, 2, [(_Node("w w", 2.25, 1, [(again, 1.5), (again, 1.5)]), 0.8)])
    graphs = {"one flight": (chain,), "a weight used twice, with 0.25 in its `.grad` before": (twice,)}
    for label, soon_first in (("a node that two others use", True), ("the same, listed the other way round", False)):
        a = _Node("a", 0.3, 0)
        h = _Node("h", 0.9, 1, [(a, 0.5)])
        k = _Node("k", 1.1, 2, [(h, 2.0)])
        uses = [(h, 4.0), (_Node("m", 0.2, 3, [(k, -3.0)]), 1.5)]
        graphs[label] = (_Node("loss", 2.0, 4, uses if soon_first else uses[::-1]),)
    return graphs


def _slopes(result, loss):
    found, slopes = [loss], {}
    while found:
        node = found.pop()
        found += [source for source, _ in node.made_from]
        if node is not loss:
            slopes[f"slope in {node.name}"] = node.grad
    return slopes


def _walk(first=1.0, take="youngest", pass_on=lambda source, slope, node: source.grad + slope * node.grad, far=True,
          empty=False, once=False):
    """The solution with another start, another order, another thing that is passed on, or no walk behind the first.

    With `once` a node that waits already does not begin to wait a second time.
    """
    def answer(loss):
        loss.grad, waiting = first(loss) if callable(first) else first, [loss]
        while waiting:
            youngest = max(waiting, key=lambda node: node.born)
            node = {"first": waiting[0], "last": waiting[-1]}.get(take, youngest)
            if take == "youngest of a list":
                waiting.remove(node)
            elif take == "youngest":
                waiting = [other for other in waiting if other is not node]
            else:
                waiting.pop(0 if take == "first" else -1)
            for source, slope in node.made_from:
                if empty and source not in waiting:
                    source.grad = 0.0
                source.grad = pass_on(source, slope, node)
                if far and not (once and source in waiting):
                    waiting.append(source)
    return answer


@exercise(
    how="To the slope of a node each of its uses adds its own: the slope of the link times the `grad` of the user.",
    probes=_graphs,
    compare_by=_slopes,
    mistakes=[
        Mistake(_walk(pass_on=lambda source, slope, node: slope * node.grad),
                "A node used twice got the slope of one use only. Each use ADDS to `.grad`: `+=`.", "M07"),
        Mistake(_walk(pass_on=lambda source, slope, node: source.grad + slope),
                "The local slopes were added up. On the way back they multiply: each times `node.grad`."),
        Mistake(_walk(pass_on=lambda source, slope, node: source.grad + node.grad),
                "The slope of the link is missing: what is passed on is `slope * node.grad`."),
        Mistake(_walk(pass_on=lambda source, slope, node: source.grad + slope * node.value),
                "The node's value was passed on. A slope is wanted: `slope * node.grad`."),
        Mistake(_walk(pass_on=lambda source, slope, node: source.grad + slope + node.grad),
                "The links of a chain are multiplied, not added: `slope * node.grad`."),
        Mistake(_walk(pass_on=lambda source, slope, node: source.grad - slope * node.grad),
                "The signs are turned round. The slope itself is wanted; the minus belongs into the step."),
        Mistake(_walk(first=0.0),
                "Every slope is as it was. Does the walk begin with `loss.grad = 1.0`, and reach the sources?"),
        *(Mistake(_walk(take=take, once=once),
                  "A node passed on before all who used it had: its slope was not whole. Take the youngest.")
          for take, once in (("first", False), ("last", True))),
        Mistake(_walk(take="youngest of a list"),
                "A node waited twice, so it passed its slope on twice. A set holds it once; with a list, ask "
                "`not in` first."),
        Mistake(_walk(take="last"),
                "A node passed its slope on twice, for it waited twice. A set holds it once; take the youngest."),
        Mistake(_walk(far=False),
                "Only what the loss itself was made from got a slope. Each of these passes on in turn, once its own is "
                "whole: until nobody waits, the youngest first."),
        Mistake(_walk(first=lambda loss: loss.value),
                "The walk began with the value of the loss. The loss has slope 1 in itself: `loss.grad = 1.0`."),
        Mistake(_walk(pass_on=lambda source, slope, node: source.grad + node.value * node.grad),
                "The node's value took the place of the slope: what is passed on is `slope * node.grad`."),
        Mistake(_walk(pass_on=lambda source, slope, node: source.grad + source.value * node.grad),
                "The source's value took the place of the slope: what is passed on is `slope * node.grad`."),
        Mistake(_walk(pass_on=lambda source, slope, node: source.grad + slope * source.value * node.grad),
                "The source's value is one factor too many: what is passed on is `slope * node.grad`."),
        Mistake(_walk(pass_on=lambda source, slope, node: source.grad + slope * node.value * node.grad),
                "The node's value is one factor too many: what is passed on is `slope * node.grad`."),
        Mistake(_walk(pass_on=lambda source, slope, node: source.grad * slope * node.grad),
                "You multiply into `.grad`, and what begins at 0 stays 0. Each use adds: `+=`, slope times "
                "`node.grad`."),
        Mistake(_walk(pass_on=lambda source, slope, node: source.grad + node.grad / slope),
                "You divided by the slope of the link. On the way back slopes multiply: `slope * node.grad`."),
        Mistake(_walk(empty=True),
                "What lay in `.grad` before is gone. PyTorch's `backward()` adds to it, and so shall yours.", "M07"),
    ],
    hints=[
        "The loss changes by 1 when it changes by 1: that is its own slope. Then a set of those who wait, with the "
        "loss in it, and a loop as long as somebody is in it.",
        "`max(waiting, key=lambda node: node.born)` finds the youngest, `.remove` takes it out of the set.",
        "For each `source, slope` in `node.made_from`: to `source.grad` comes slope times the node's own `grad`, and "
        "the source waits in turn.",
    ],
    explanation="Each link was passed once, and served every weight before it. PyTorch does no more than this.",
)
def backward(loss):
    """Add the slope of the loss, in each node it was made from, to that node's `grad`."""
    loss.grad = 1.0
    waiting = {loss}
    while waiting:
        node = max(waiting, key=lambda node: node.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


@backward.mistake("Every node that was reached began with a slope of 1 of its own. That is for the loss alone: what "
                  "calls itself for the sources may not set their `grad` to 1.")
def _(loss):
    loss.grad = 1.0
    for source, slope in loss.made_from:
        _restarting(source)
        source.grad += slope * loss.grad


def _restarting(node):
    node.grad = 1.0
    for source, slope in node.made_from:
        _restarting(source)
        source.grad += slope * node.grad


def _network_probes():
    def nodes(*values):
        return [_Node("", value) for value in values]

    return [
        (_Node("x", 1.3), [tuple(nodes(0.7, -0.4)), tuple(nodes(-1.1, 0.9))], nodes(1.6, -0.8), _Node("c", 0.3)),
        (_Node("x", -0.6), [tuple(nodes(2.1, 0.5)), tuple(nodes(0.4, -1.2)), tuple(nodes(-0.9, 0.2))],
         nodes(0.7, 1.9, -1.4), _Node("c", -0.25)),
    ]


def _score(result, *arguments):
    return {"the score": getattr(result, "value", result), "a node": type(result) is _Node}


def _layer(unit=lambda w, b, x: (w * x + b).sigmoid(), weigh=lambda v, h: v * h, start=lambda bias: bias,
           end=lambda score: score, keep=True):
    def answer(x, hidden, outer, bias):
        score = start(bias)
        for (w, b), v in zip(hidden, outer, strict=True):
            score = {True: score, False: 0, "bias": score if score is bias else score + bias}[keep] \
                + weigh(v, unit(w, b, x))
        return end(score)
    return answer


@exercise(
    how=lambda place, x, hidden, outer, bias: f"{bias.value:g} + " + " + ".join(
        f"{v.value:g} · σ({w.value:g} · {x.value:g} + {b.value:g})"
        for (w, b), v in zip(hidden, outer, strict=True)) + ".",
    probes=_network_probes,
    compare_by=_score,
    mistakes=[
        Mistake(lambda x, hidden, outer, bias: sum(((w * x + b).sigmoid() + bias) * v
                                                   for (w, b), v in zip(hidden, outer, strict=True)),
                "The last bias was added to each hidden unit and weighed with it. It belongs to the whole: once, "
                "behind the weights."),
        Mistake(lambda x, hidden, outer, bias: sum(w * x + b for w, b in hidden).sigmoid() * sum(outer) + bias,
                "All hidden units went into one sigmoid. Each has a sigmoid and a weight of its own; then they are "
                "added."),
        Mistake(_layer(unit=lambda w, b, x: w * x + b),
                "The hidden units have no sigmoid. Without it the whole is one straight line."),
        Mistake(_layer(unit=lambda w, b, x: (w * x).sigmoid()),
                "The biases of the hidden units are missing: `w * x + b` goes into the sigmoid."),
        Mistake(_layer(unit=lambda w, b, x: torch.sigmoid(w * x + b)),
                "`torch.sigmoid` knows tensors only. `(w * x + b).sigmoid()` works for your nodes too."),
        Mistake(_layer(end=lambda score: score.sigmoid()),
                "That is a probability. The score is asked for: no sigmoid around the whole.", "M03"),
        Mistake(_layer(unit=lambda w, b, x: (w * x).sigmoid() + b),
                "The biases of the hidden units stand outside of the sigmoid. Brackets first: "
                "`(w * x + b).sigmoid()`."),
        Mistake(_layer(start=lambda bias: 0),
                "The last bias is missing: the score is the weighted sum plus `bias`."),
        Mistake(_layer(keep=False),
                "The loop keeps the last hidden unit only. Add each one to what there is."),
        Mistake(lambda x, hidden, outer, bias: _layer()(x, hidden, outer[:1] * len(hidden), bias),
                "All hidden units have the first weight of `outer`. Each counts with its own."),
        Mistake(_layer(weigh=lambda v, h: h),
                "The hidden units were added as they are. Each counts with its weight from `outer`."),
        Mistake(_layer(keep="bias"),
                "The last bias was added once for each hidden unit. It belongs to the whole: once."),
        Mistake(_layer(unit=lambda w, b, x: (b * x + w).sigmoid()),
                "Weight and bias are exchanged: each pair of `hidden` is (weight, bias)."),
        Mistake(_layer(unit=lambda w, b, x: w * x + b.sigmoid()),
                "The sigmoid took the bias alone. Brackets first: `(w * x + b).sigmoid()`."),
        Mistake(_layer(unit=lambda w, b, x: w * x + b, weigh=lambda v, z: (v * z).sigmoid()),
                "The outer weight went into the sigmoid. It weighs what comes out: `v * (w * x + b).sigmoid()`."),
        Mistake(lambda x, hidden, outer, bias: outer[0] * (hidden[0][0] * x + hidden[0][1]).sigmoid() + bias,
                "That is the first hidden unit alone. Does `return` stand inside the loop?"),
        Mistake(lambda x, hidden, outer, bias: _layer()(x, hidden[:2], outer[:2], bias),
                "Right for two hidden units. There may be three: go through `hidden` in a loop."),
        Mistake(lambda x, hidden, outer, bias: _layer()(x, hidden, outer, bias).value,
                "That is a bare number: how it was made is forgotten. Leave `.value` out, and compute with the nodes."),
        *(Mistake(wrong,
                  "Nodes know `+`, `*`, `.sigmoid()` and `.log()`, and no minus. `(w * x + b).sigmoid()` needs none.")
          for wrong in (lambda x, hidden, outer, bias: -x, lambda x, hidden, outer, bias: bias - x)),
        Mistake(_layer(weigh=lambda v, h: v + h),
                "A weight multiplies: `v * h`, not a sum of the two."),
        Mistake(lambda x, hidden, outer, bias: _layer()(x, hidden[-1:], outer[-1:], bias),
                "The loop keeps the last hidden unit only, with the bias. Add each one to what there is."),
        Mistake(_layer(unit=lambda w, b, x: ((w + b) * x).sigmoid()),
                "Weight and bias were added before x came. The weight multiplies x, the bias is added: `w * x + b`."),
        Mistake(_layer(unit=lambda w, b, x: (w * x * b).sigmoid()),
                "The bias was multiplied. It is added: `w * x + b`."),
        Mistake(lambda x, hidden, outer, bias: _layer()(x, hidden, outer[::-1], bias),
                "The outer weights come in the wrong order: the first belongs to the first hidden unit."),
        Mistake(_layer(unit=lambda w, b, x: 2 * (2 * (w * x + b)).sigmoid() + -1),
                "That is tanh in the hidden units, which runs from -1 to 1. A sigmoid is asked for."),
        Mistake(_layer(unit=lambda w, b, x: w * x + b, start=lambda bias: 0),
                "The hidden units have no sigmoid, and the last bias is missing."),
        Mistake(lambda x, hidden, outer, bias: _layer(start=lambda bias: 0)(x, hidden, outer, bias)
                * (1 / len(hidden)) + bias,
                "The weighted units were averaged. The score is their sum, plus `bias`."),
        Mistake(lambda x, hidden, outer, bias:
                _layer(unit=lambda w, b, x: w * x + b, start=lambda bias: 0)(x, hidden, outer, bias).sigmoid() + bias,
                "One sigmoid stands around the whole sum. Each hidden unit has its own: `(w * x + b).sigmoid()`."),
        Mistake(lambda x, hidden, outer, bias:
                _layer(unit=lambda w, b, x: (w * x + b + bias).sigmoid(), start=lambda bias: 0)(x, hidden, outer, bias),
                "The last bias went into each hidden unit. It is added at the end, once."),
        Mistake(lambda x, hidden, outer, bias: _layer(start=lambda bias: 0)(x, hidden, outer, bias) + bias * -1,
                "The last bias was taken off. It is added."),
        Mistake(_layer(weigh=lambda v, h: v * h, unit=lambda w, b, x: (w * x + b).sigmoid() * x),
                "x came in twice. It goes into the hidden units alone; the score is made of what they give."),
        Mistake(_layer(unit=lambda w, b, x: (w * x + b).sigmoid().sigmoid()),
                "Two sigmoids in each hidden unit. One is asked for.", "M03"),
    ],
    hints=["Each hidden unit is a neuron: its own `w * x + b`, and a sigmoid around it.",
           "Begin with the bias. `for (w, b), v in zip(hidden, outer)` goes through units and weights together."],
    explanation="Neurons whose input is neurons. Nothing in it is new to `backward`.",
)
def network(x, hidden, outer, bias):
    """The score of a network for x: `hidden` has a (weight, bias) for each hidden unit, `outer` its weight."""
    score = bias
    for (w, b), v in zip(hidden, outer, strict=True):
        score = score + v * (w * x + b).sigmoid()
    return score


@network.mistake("Each hidden unit read what the one before gave. They all read x, and their outputs are added.")
def _(x, hidden, outer, bias):
    score = x
    for (w, b), v in zip(hidden, outer, strict=True):
        score = v * (w * score + b).sigmoid()
    return score + bias


@network.mistake("The weighted units were multiplied with each other. The score is their sum, plus `bias`.")
def _(x, hidden, outer, bias):
    score = 1
    for (w, b), v in zip(hidden, outer, strict=True):
        score = v * (w * x + b).sigmoid() * score
    return score + bias


@backward.mistake("Every node got a 1 of its own. The inner call began anew: only the loss has slope 1 to begin with.")
def _(loss):
    def begin_anew(node):
        node.grad = 1.0
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            begin_anew(source)
    begin_anew(loss)


@backward.mistake("Only the last source of each node begins to wait. Each has to: the line belongs in the inner loop.")
def _(loss):
    loss.grad, waiting = 1.0, {loss}
    while waiting:
        node = max(waiting, key=lambda node: node.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
        waiting |= {source for source, _ in node.made_from[-1:]}


@backward.mistake("The slopes went into the users. It is the other way: `source.grad` gets slope times `node.grad`.")
def _(loss):
    loss.grad, waiting = 1.0, {loss}
    while waiting:
        node = max(waiting, key=lambda node: node.born)
        waiting.remove(node)
        for source, slope in node.made_from:
            node.grad += slope * source.grad
            waiting.add(source)


@backward.mistake("In each pair of `made_from` the node comes first: `for source, slope in …`.")
def _(loss):
    for slope, source in loss.made_from:
        source.grad += slope * loss.grad


@backward.mistake("Python does not know which of two nodes is larger. Tell it: `max(…, key=lambda node: node.born)`.")
def _(loss):
    loss.grad, waiting = 1.0, {loss}
    while waiting:
        node = max(waiting)
        waiting.remove(node)
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            waiting.add(source)


@backward.mistake("A node passed on before all who used it had: its slope was not whole. Take the youngest.")
def _(loss):
    loss.grad, found = 1.0, [loss]
    for node in found:
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            if source not in found:
                found.append(source)


@backward.mistake("What lay in `.grad` before is gone, and the walk ends after the first link. "
                  "PyTorch's `backward()` adds. And each node passes on in turn, the youngest first.", "M07")
def _(loss):
    order = [loss]
    for node in order:
        node.grad = 0.0
        order += [source for source, _ in node.made_from if source not in order]
    loss.grad = 1.0
    for source, slope in loss.made_from:
        source.grad += slope


@backward.mistake("Each use overwrote the slope of the one before. Each use ADDS to `.grad`: `+=`.", "M07")
def _(loss):
    loss.grad = 1.0

    def pass_on(node):
        for source, slope in node.made_from:
            source.grad = slope * node.grad
            pass_on(source)
    pass_on(loss)


@backward.mistake("A node passed on before all who used it had: its slope was not whole. Take the youngest.")
def _(loss):
    loss.grad, passed = 1.0, []

    def pass_on(node):
        if node not in passed:
            passed.append(node)
            for source, slope in node.made_from:
                source.grad += slope * node.grad
                pass_on(source)
    pass_on(loss)


@backward.mistake("Only the first source of each node got a slope. `made_from` holds all of them: `for source, slope "
                  "in …`.")
def _(loss):
    loss.grad, node = 1.0, loss
    while node.made_from:
        source, slope = node.made_from[0]
        source.grad += slope * node.grad
        node = source


@backward.mistake("A node used twice passed on twice, its first slope both times. Let it wait for all its users.")
def _(loss):
    loss.grad = 1.0

    def pass_on(node):
        for source, slope in node.made_from:
            source.grad += slope * node.grad
            pass_on(source)
    pass_on(loss)


# The loop

sum_lr = Number(
    "With `reduction='mean'`, batches of 64 and plain SGD, lr = 0.32 works well. You change to `reduction='sum'`. "
    "Which lr walks the same path?",
    answer=0.005,
    tolerance=0.00002,
    mistakes=[
        Mistake(0.32, "The sum's gradient is 64 times the mean's, so the same lr takes steps 64 times as long.", "M15"),
        Mistake(20.48, "The sum's gradient is larger, 64 times, so the lr must become smaller.", "M15"),
        Mistake(0.01391, "23 flights were in the batches above. Here a batch holds 64.", "M15"),
        Mistake(0.04, "No square root: the gradient of the sum is 64 times that of the mean, not 8 times.", "M15"),
        *(Mistake(decimal, "The point has slipped: 0.32 / 64 has two zeros behind the point.", "M15")
          for decimal in (0.05, 0.5, 0.0005)),
        Mistake(1 / 64, "That is 1/64. The lr of 0.32 is divided by 64, not replaced.", "M15"),
        Mistake(64.0, "That is how many times longer the gradient is. The lr is divided by it.", "M15"),
        Mistake(200.0, "Turned upside down: that is 64 / 0.32.", "M15"),
        Mistake(2.56, "No square root, and the other way: the sum's gradient is 64 times as long, so lr "
                      "shrinks.", "M15"),
        *(Mistake(twice, "The 64 examples count once, and nothing is doubled or halved: lr by 64.", "M15")
          for twice in (0.0025, 0.01, 0.16, 0.64)),
        Mistake(0.32 / 64**2, "You divided by 64 twice. The sum is 64 times the mean, once.", "M17"),
    ],
    hints=["step = lr x gradient. Which of the two has changed, and by what factor?", "0.32 / 64."],
    explanation="True for plain SGD. The drawer of claims tries it on another optimizer.",
)

curves = Order(
    question="The four runs in the figure differ in the learning rate alone. Order them, smallest learning rate first.",
    steps={"a": "run a", "b": "run b", "c": "run c", "d": "run d"},
    answer="bdac",
    mistakes=[
        *(Mistake(order, "Run d is the fastest, but its lr is not the largest. Beyond some lr, steps overshoot.", "M37")
          for order in ("bacd", "bcad")),
        Mistake("cabd",
                "Run d is the fastest, but its lr is not the largest. Runs c and a overshoot, b creeps.", "M37"),
        Mistake("abcd", "That is the alphabet. Which curve creeps, which falls and stays, which overshoots?"),
        Mistake("cadb", "Turned round: that is largest first."),
        Mistake("bdca", "Runs a and c both overshoot. The longer the steps, the further up the other side they land."),
        Mistake("dbac",
                "Run b creeps and d falls at once, and both stay smooth. Of two smooth curves, which has the shorter "
                "steps?"),
    ],
    hints=["Smooth and slow; smooth and fast; overshooting a little; thrown about.",
           "Run b creeps: the smallest. Run c is thrown highest."],
    explanation="Too small, good, too large, hopeless: four shapes to recognise before you change anything else.",
)


_AT_FIRST: WeakKeyDictionary[nn.Module, list[torch.Tensor]] = WeakKeyDictionary()    # weights, each with its grad


def _model_and_batch():
    """Two models with a stale gradient each, and labels as files store them: whole numbers, shape (n,)."""
    probes = []
    for n, m, lr in ((7, 3, 0.5), (5, 2, 1.3)):
        model = nn.Linear(m, 1)
        X, y = torch.randn(n, m), (torch.arange(n) % 3 == 1).long()
        model(X).pow(2).mean().backward()
        _AT_FIRST[model] = [tensor.detach().clone() for p in model.parameters() for tensor in (p, p.grad)]
        probes.append((model, torch.optim.SGD(model.parameters(), lr=lr), X, y))
    return probes


def _weights_after(result, model, optimizer, X, y):
    """The weights, and where none has moved, what `.grad` holds: it tells why."""
    weights, grads = [*model.parameters()], [p.grad for p in model.parameters()]
    of_these = "no weights"
    if all(map(torch.equal, weights, _AT_FIRST[model][::2])):
        of_these = "something new"
        if all(grad is None or not grad.any() for grad in grads):
            of_these = "zeros" if any(grad is not None for grad in grads) else "nothing"
        elif all(grad is not None and torch.equal(grad, old)
                 for grad, old in zip(grads, _AT_FIRST[model][1::2], strict=True)):
            of_these = "what it held before"
    return {"weight": model.weight, "bias": model.bias, "in the `.grad` of weights that stand still": of_these}


def _log_loss(scores, y):
    return F.binary_cross_entropy_with_logits(scores.squeeze(1), y.float())


def _update(loss=_log_loss, calls=("zero_grad", "backward", "step"), rounds=1):
    """The solution with another loss, of the scores (n, 1) and the labels (n,), or with other calls after it."""
    def answer(model, optimizer, X, y):
        for _ in range(rounds):
            value = loss(model(X), y)
            known = {"zero_grad": optimizer.zero_grad, "backward": value.backward, "step": optimizer.step}
            for call in calls:
                known[call]()
    return answer


def _of_its_own(lr):
    def answer(model, optimizer, X, y):
        _update()(model, torch.optim.SGD(model.parameters(), lr=lr), X, y)
    return answer


def _of_a_copy(model, optimizer, X, y):
    twin = copy.deepcopy(model)
    _update()(twin, torch.optim.SGD(twin.parameters(), lr=optimizer.param_groups[0]["lr"]), X, y)


def _set_to_zero_too_late(model, optimizer, X, y):
    _log_loss(model(X), y).backward()
    optimizer.zero_grad(set_to_none=False)
    optimizer.step()


def _update_of_one(at):
    return lambda model, optimizer, X, y: _update()(model, optimizer, X[at], y[at])


def _one_by_one(model, optimizer, X, y):
    for i in range(len(y)):
        _update()(model, optimizer, X[i:i + 1], y[i:i + 1])


@exercise(
    how=lambda place, model, optimizer, X, y: first_step(place, model, optimizer, _log_loss(model(X), y)),
    probes=_model_and_batch,
    compare_by=_weights_after,
    mistakes=[
        Mistake(_update(calls=("backward", "step")),
                "A gradient from before was still in `.grad`, and `backward()` added to it. "
                "Empty it first: `optimizer.zero_grad()`.", "M07"),
        Mistake(_update(calls=("backward", "zero_grad", "step")),
                "No weight of `model` has moved, and its `.grad` is empty at the end. `backward()` fills it for "
                "`step()`, and `zero_grad()` comes before that. If yours do so, do they work on this model rather than "
                "on a copy?", "M08"),
        Mistake(_set_to_zero_too_late,
                "No weight of `model` has moved, and its `.grad` holds zeros at the end. Is it set to 0 after "
                "`backward()`, or is the loss flat, as where scores are cut or rounded?", "M08"),
        Mistake(_of_a_copy,
                "No weight of `model` has moved, and its `.grad` holds what it held before. Do your lines work on this "
                "model, rather than on a copy?"),
        Mistake(_update(calls=("zero_grad", "backward")),
                "No weight of `model` has moved, though its `.grad` is filled. `optimizer.step()` uses it, after "
                "`backward()`."),
        *(Mistake(_update_of_one(at),
                  f"The gradient is that of the {which} example alone. The loss is a mean over the batch: give the "
                   "model all of X.")
          for at, which in ((slice(None, 1), "first"), (slice(-1, None), "last"))),
        Mistake(_update(calls=("step", "zero_grad", "backward")),
                "`step()` used the gradient that lay in `.grad` from before, not that of this loss. `backward()` comes "
                "before it.", "M35"),
        Mistake(_update(calls=("zero_grad", "backward", "step", "step")),
                "The step is twice as long as it should be. Look for a call that is made twice, or for a 2 in the loss "
                "or in lr."),
        Mistake(_update(rounds=2),
                "Two rounds were done, the second from where the first had arrived. One is asked for."),
        Mistake(_update(lambda scores, y: F.binary_cross_entropy_with_logits(scores, y.float())),
                "Scores (n, 1) meet labels (n,). Here the loss refuses; others compare all with all. "
                "`.squeeze(1)`.", "M05"),
        Mistake(_update(lambda scores, y: (F.softplus(scores) - y * scores).mean()),
                "Scores (n, 1) and labels (n,) were compared all with all, n x n, without a word. "
                "`.squeeze(1)`.", "M05"),
        Mistake(_update(lambda scores, y: F.binary_cross_entropy_with_logits(scores.squeeze(1), y)),
                "The labels are whole numbers (int64). This loss wants decimals: `y.float()`.", "M12"),
        Mistake(_update(lambda scores, y: _log_loss(torch.sigmoid(scores), y)),
                "Two sigmoids: this loss applies one itself. Give it the scores.", "M03"),
        Mistake(_update(lambda scores, y: F.binary_cross_entropy_with_logits(scores.squeeze(1), y.float(),
                                                                             reduction="sum")),
                "That is the sum over the examples: a gradient n times as long. The mean is asked for.", "M15"),
        *(Mistake(_update(rounds=rounds),
                  "Several rounds were done, each from where the one before had arrived. One update is asked for: no "
                  "loop.") for rounds in (3, 5, 10, 100)),
        *(Mistake(_update(lambda scores, y, over=over: over((torch.sigmoid(scores) - y).square())),
                  "Scores (n, 1) and labels (n,) were compared all with all, by their squared distance. "
                  "`.squeeze(1)`, and the log loss.", "M05") for over in (torch.mean, torch.sum)),
        Mistake(_one_by_one,
                "One update for each example, n in all. One is asked for, by the mean over the batch."),
        *(Mistake(_update(loss),
                  "`cross_entropy` and `nll_loss` take K scores a row. One score a row goes into "
                  "`binary_cross_entropy_with_logits`.")
          for loss in (lambda scores, y: F.cross_entropy(scores, y),
                       lambda scores, y: F.cross_entropy(scores, y.float()),
                       lambda scores, y: F.cross_entropy(scores.squeeze(1), y),
                       lambda scores, y: F.cross_entropy(scores.squeeze(1), y.float()))),
        *(Mistake(_update(loss), "That is the squared distance. The log loss is asked for.")
          for loss in (lambda scores, y: F.mse_loss(torch.sigmoid(scores.squeeze(1)), y.float()),
                       lambda scores, y: F.mse_loss(scores.squeeze(1), y.float()))),
        Mistake(_update(lambda scores, y: _log_loss(scores, y) / len(y)),
                "The step is n times too short. The loss is a mean already: is it divided by n once more?", "M17"),
        Mistake(_update(lambda scores, y: F.binary_cross_entropy_with_logits(y.float(), scores.squeeze(1))),
                "Scores and labels are exchanged: the scores come first, then the labels."),
        Mistake(_update(lambda scores, y: -_log_loss(scores, y)),
                "The step goes uphill. Downhill is minus lr times the gradient of the loss."),
        Mistake(_update(lambda scores, y: _log_loss(scores, 1 - y)),
                "The labels are turned round: here whoever is 0 counts as 1. Give the loss `y` itself."),
        Mistake(_update(lambda scores, y: (y * F.softplus(-scores.squeeze(1))).mean()),
                "Only the examples with label 1 pay. Those with label 0 owe -log(1 - p)."),
        Mistake(_update(lambda scores, y: F.softplus(-scores).mean()),
                "Every example pays as if its label were 1. Those with label 0 owe -log(1 - p)."),
        *(Mistake(_update(loss, calls=("backward", "step")),
                  "A gradient from before was still in `.grad`, and `backward()` added to it. "
                  "Empty it first: `optimizer.zero_grad()`. Then check again: there is one thing more.", "M07")
          for loss in (lambda scores, y: _log_loss(scores, y) * len(y),
                       lambda scores, y: (F.softplus(scores) - y * scores).mean(),
                       lambda scores, y: _log_loss(torch.sigmoid(scores), y),
                       lambda scores, y: F.mse_loss(torch.sigmoid(scores.squeeze(1)), y.float()),
                       lambda scores, y: F.mse_loss(scores.squeeze(1), y.float()))),
        *(Mistake(_of_its_own(lr),
                  "The step has another length than this optimizer's lr gives. Was a new optimizer made? Use the one "
                  "that is handed over.") for lr in (0.0001, 0.001, 0.01, 0.1)),
    ],
    hints=[
        "Look at the shapes: `model(X)` is (n, 1), `y` is (n,). And at the kind of number: `y.dtype` is int64, this "
        "loss wants decimals.",
        "Take the extra dimension off the scores with `.squeeze(1)`, and turn the labels into decimals with "
        "`.float()`.",
        "Then three calls: one empties `.grad`, one fills it, one uses it. The loop with PyTorch has their names.",
    ],
    explanation="Four of the five jobs; the fifth, measure, changes nothing. "
                "You can write every training loop of this course now.",
)
def one_update(model, optimizer, X, y):
    """One update of `nn.Linear(m, 1)` on X (n, m) and whole-number labels y (n,), by the mean log loss."""
    scores = model(X).squeeze(1)
    loss = F.binary_cross_entropy_with_logits(scores, y.float())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


@one_update.mistake("The weight is right, and a gradient from before was still in the `.grad` of the bias. "
                    "`optimizer.zero_grad()` empties both.", "M07")
def _(model, optimizer, X, y):
    model.weight.grad = None
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


@one_update.mistake("The bias is right, and a gradient from before was still in the `.grad` of the weight. "
                    "`optimizer.zero_grad()` empties both.", "M07")
def _(model, optimizer, X, y):
    model.bias.grad = None
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
    optimizer.step()


@one_update.mistake("The weight has moved, the bias has not. It has a gradient too: `optimizer.step()` moves both.")
def _(model, optimizer, X, y):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
    model.bias.grad = None
    optimizer.step()


@one_update.mistake("The step is the whole gradient, as if lr were 1. "
                    "The optimizer knows lr, and `optimizer.step()` uses it.")
def _(model, optimizer, X, y):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= parameter.grad


# Shapes

_SCORES = torch.tensor([[2.1], [0.3], [-0.2], [-3.0], [0.45], [1.2], [-0.7]])


@exercise(
    how=lambda place, scores, y: (
        f"{((scores.squeeze(1) > 0) == y).sum()} of {len(y)} answers, a score above 0 or not, equal their label."),
    probes=[
        (_SCORES, torch.tensor([1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0])),
        (torch.tensor([[0.2], [-1.4], [0.9], [0.4], [-0.3]]), torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0])),
        (torch.tensor([[20.0], [1.0], [1.0], [0.4], [0.2], [-0.3], [-2.0]]),        # sigmoid(20) and 1.0 equal a label
         torch.tensor([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0])),
    ],
    mistakes=[
        Mistake(lambda scores, y: ((scores > 0) == y).float().mean(),
                "Every answer was compared with every label, n x n. Make both (n,): `.squeeze(1)`.", "M06"),
        Mistake(lambda scores, y: (y[scores.squeeze(1) > 0] == 1).float().mean(),
                "That is the share of right ones among the flights called damaged. All flights count."),
        Mistake(lambda scores, y: ((scores.squeeze(1) > scores.mean()) == y).float().mean(),
                "You compared each score with the mean of all. The border is fixed, at score 0."),
        Mistake(lambda scores, y: 1 - F.binary_cross_entropy_with_logits(scores.squeeze(1), y),
                "That is 1 less the loss. Decide first, score above 0 or not, then count the right ones."),
        Mistake(lambda scores, y: ((scores.squeeze(1) > 0.5) == y).float().mean(),
                "Scores are not probabilities: one half lies at score 0.", "M01"),
        Mistake(lambda scores, y: ((scores.squeeze(1) > 0) == y).sum(),
                "That is the number of right answers. Divide by how many there are."),
        Mistake(lambda scores, y: ((scores > 0) == y).sum() / len(y),
                "You added up n x n comparisons and divided by n. Make both (n,): `.squeeze(1)`.", "M06"),
        Mistake(lambda scores, y: 100 * ((scores.squeeze(1) > 0) == y).float().mean(),
                "As a share it would be right; this is in percent."),
        Mistake(lambda scores, y: (scores.squeeze(1) == y).float().mean(),
                "A score is no answer yet, so it hardly ever equals a label. Decide first: `scores > 0`.", "M01"),
        Mistake(lambda scores, y: (scores.squeeze(1).round() == y).float().mean(),
                "A score is no probability, so rounding it decides nothing. Above 0 or not?", "M01"),
        Mistake(lambda scores, y: ((scores.squeeze(1) > 0) & (y == 1)).sum() / y.sum(),
                "That is the share of damaged flights that were found. Right answers about whole ones count too."),
        Mistake(lambda scores, y: (torch.sigmoid(scores.squeeze(1)) == y).float().mean(),
                "A probability is no answer yet, so it hardly ever equals a label. Decide first: above one half?"),
        Mistake(lambda scores, y: (scores.argmax(dim=1) == y).float().mean(),
                "That is the share of flights without damage, what you get by answering 0 for all. One score is "
                "compared with 0: `argmax` over a single column is always 0."),
        Mistake(lambda scores, y: ((torch.sigmoid(scores.squeeze(1)) > 0) == y).float().mean(),
                "That is the share of damaged flights: the score for calling every flight damaged."),
        Mistake(lambda scores, y: ((scores > 0.5) == y).float().mean(),
                "Every answer was compared with every label, and one half lies at score 0, not 0.5.", "M06"),
        Mistake(lambda scores, y: ((scores.squeeze(1) > 0) & (y == 1)).float().mean(),
                "Those are the damaged flights that were found. Right answers about whole ones count too."),
        Mistake(lambda scores, y: ((scores.squeeze(1) > 0) != y).float().mean(), "That is the share of wrong answers."),
        Mistake(lambda scores, y: (scores.squeeze(1) > 0).float().mean(),
                "That is the share of flights called damaged. Compare it with the labels, flight by flight."),
        *(Mistake(lambda scores, y, of=of: of((torch.sigmoid(scores.squeeze(1)) - y).abs().mean()),
                  "That is how near the probabilities come to the labels. An answer is right or wrong: score above 0?")
          for of in (lambda far: 1 - far, lambda far: far)),
        Mistake(lambda scores, y: ((scores > 0) == y).sum(),
                "That is how many of n x n comparisons are right. Make both (n,), `.squeeze(1)`, then take the mean.",
                "M06"),
        Mistake(lambda scores, y: (scores == y).float().mean(),
                "Every score was compared with every label, n x n, and a score is no answer yet. `.squeeze(1)`, "
                "and decide first: above 0?", "M06"),
    ],
    hints=[
        "A score above 0 says 1. Then compare each answer with its own label, and with no other: print the shapes.",
        "`.squeeze(1)` makes (n,) of (n, 1). Comparing two of shape (n,) gives n times True or False, and "
        "`.float().mean()` their share of True.",
    ],
    explanation="When a share stays near one half whatever the model does, look at the shapes first.",
)
def share_right(scores, y):
    """The share of right answers: scores (n, 1), labels y (n,) of 0. and 1."""
    says_damage = scores.squeeze(1) > 0
    return (says_damage == y).float().mean()


give_names(globals())
