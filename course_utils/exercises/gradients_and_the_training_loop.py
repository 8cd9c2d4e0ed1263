"""The exercises of lesson 02: who computes the gradient, who uses it, and what goes wrong between the two."""

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checker import Choice, Mistake, Number, Order, Right, Wrong, exercise, give_names

recall_pull = Number(
    "A flight at x = 3 came back damaged (y = 1). The model gave damage the probability 0.2. "
    "What is the derivative of this flight's log loss in w?",
    answer=-2.4,
    tolerance=0.005,
    mistakes=[
        Mistake(2.4, "That points downhill. The derivative is (p - y) x: it points uphill, and the step subtracts it."),
        Mistake(-0.384, "The factor p (1 - p) belongs to the squared error. In the log loss it cancels."),
        Mistake(0.6, "That is p times x. What pulls is the distance from the truth: p - y, times x."),
        Mistake(-0.8, "That is the derivative in b, p - y. For w it is multiplied by the input x."),
        Mistake(-5, "That is the derivative in p, -1/p. The way from p back to w is missing: the sigmoid, then x."),
        Mistake(1.609, "That is the loss itself, -log 0.2. Its derivative in w is asked for."),
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
                   "Logits are scores: that loss applies the sigmoid itself. "
                   "A second one would squeeze p to 0.5–0.73.", "M03"),
    },
    hints=["Logits is another word for scores. What does the longer name say about its input?",
           "The loss with the longer name applies the sigmoid itself."],
    explanation="And the second is the safe one, also for a score of -200.",
)

forgotten = Choice(
    "The line `optimizer.zero_grad()` is left out. What does the weight do over 300 updates?",
    {
        "a": Wrong("The same as before: `backward()` overwrites the old gradient",
                   "`backward()` does not overwrite `.grad`: it adds to it. Nobody empties it unless you do.", "M07"),
        "b": Wrong("It arrives sooner: the gradients are larger",
                   "Larger at first. "
                   "But at the best place, where the slope is 0, the sum of all earlier ones is still there.", "M07"),
        "c": Right("It swings through the best place and back, for ever"),
        "d": Wrong("It runs away to infinity",
                   "Once past the best place the new slopes have the other sign and eat up the sum. "
                   "It turns round, in time.", "M07"),
        "e": Wrong("PyTorch stops with a complaint",
                   "Adding gradients is a feature, so nothing complains. "
                   "That is what makes this mistake expensive.", "M07"),
    },
    hints=["What does `.grad` hold after a second `backward()`?",
           "A sum of all slopes so far; and on the far side they turn their sign."],
    explanation="Run the next cell and look at it.",
)


# The chain, by hand

def _chain(dloss_dp=lambda p, y: (p - y) / (p * (1 - p)), dp_dz=lambda p, z: p * (1 - p), dloss_dw=None):
    """The solution with other links in it; dloss_dw, where it is not given, is the product of the three links."""
    def answer(x, y, w, b):
        z = w * x + b
        p = torch.sigmoid(z)
        first, second = dloss_dp(p, y), dp_dz(p, z)
        return first, second, dloss_dw(p, x, y, w) if dloss_dw else first * second * x
    return answer


def _as_in_lesson_1(p, x, y, w):
    """dloss/dw without a chain: right, whatever the two links before it are."""
    return (p - y) * x


@exercise(
    probes=[
        (torch.tensor(0.7), torch.tensor(1.0), torch.tensor(-1.3), torch.tensor(0.4)),
        (torch.tensor(-2.1), torch.tensor(0.0), torch.tensor(0.6), torch.tensor(-0.9)),
        (torch.tensor(1.6), torch.tensor(1.0), torch.tensor(0.5), torch.tensor(1.1)),
    ],
    mistakes=[
        Mistake(lambda x, y, w, b: (torch.sigmoid(w * x + b) - y) * x,
                "That is dloss/dw alone. Give back all three: dloss/dp, dp/dz, dloss/dw."),
        Mistake(_chain(dloss_dw=lambda p, x, y, w: (p - y) / (p * (1 - p)) + p * (1 - p) + x),
                "The links of a chain are multiplied, not added. A change passes through one after the other."),
        Mistake(_chain(dloss_dw=lambda p, x, y, w: p - y),
                "The last link is missing: z changes by x when w changes by 1. What you have is dloss/db."),
        Mistake(_chain(dloss_dw=lambda p, x, y, w: (p - y) * w),
                "The last link is x, not w: in z = w x + b the factor beside w is x."),
        Mistake(_chain(dloss_dw=lambda p, x, y, w: x),
                "x is dz/dw, the last link alone. dloss/dw is all three links, multiplied."),
        Mistake(_chain(dloss_dw=lambda p, x, y, w: (p - y) / (p * (1 - p)) * x),
                "The link through σ is missing in dloss/dw: multiply all three, dloss/dp, dp/dz and x."),
        *(Mistake(_chain(dloss_dp=first, dloss_dw=third), message)
          for third in (None, _as_in_lesson_1)
          for first, message in (
              (lambda p, y: (y - p) / (p * (1 - p)),
               "The sign of dloss/dp is turned round. For damage the loss is -log p: it FALLS as p rises."),
              (lambda p, y: -1 / p,
               "-1/p is for y = 1 only. For y = 0 the loss is -log(1 - p), and it rises with p."),
              (lambda p, y: -y / p,
               "-y/p alone is nothing for y = 0. There the loss is -log(1 - p), and it rises with p."),
              (lambda p, y: -y / p - (1 - y) / (1 - p),
               "For y = 0 the sign is turned round: -log(1 - p) rises with p, for 1 - p falls."),
              (lambda p, y: (p - y) / p * (1 - p),
               "dloss/dp is divided by 1 - p, and yours is multiplied by it. Brackets: `/ (p * (1 - p))`."),
          )),
        Mistake(_chain(dloss_dp=lambda p, y: p - y),
                "p - y is dloss/dz, where p (1 - p) has cancelled already. You multiplied by p (1 - p) once more."),
        Mistake(_chain(dloss_dp=lambda p, y: p - y, dloss_dw=_as_in_lesson_1),
                "p - y is dloss/dz: p (1 - p) has cancelled in it already. dloss/dp is -1/p or 1/(1 - p)."),
        Mistake(_chain(dp_dz=lambda p, z: z * (1 - z), dloss_dw=_as_in_lesson_1),
                "The derivative of σ is p (1 - p), with the probability in it, not the score.", "M01"),
        *(Mistake(_chain(dp_dz=lambda p, z: torch.sigmoid(p) * (1 - torch.sigmoid(p)), dloss_dw=third),
                  "dp/dz took σ of p, a second sigmoid. p is σ(z) already, so its derivative is p (1 - p).", "M03")
          for third in (None, _as_in_lesson_1)),
        Mistake(lambda x, y, w, b: _chain()(x, y, w, b)[::-1],
                "The three are right, in another order: dloss/dp first, then dp/dz, then dloss/dw."),
    ],
    hints=[
        "One link at a time. The loss is -log p for y = 1 and -log(1 - p) for y = 0: differentiate each in p.",
        "σ has a derivative that it writes itself: p (1 - p). And z = w x + b changes by x when w changes by 1.",
        "The first is (p - y) / (p (1 - p)), the second p (1 - p), and dloss/dw is both of them times x.",
    ],
    explanation="Multiply the first two: p (1 - p) cancels, p - y is left. "
                "That is why the log loss and σ belong together.",
)
def backward_pass(x, y, w, b):
    """The derivatives dloss/dp, dp/dz and dloss/dw of one example's log loss, with z = w x + b and p = σ(z)."""
    p = torch.sigmoid(w * x + b)
    dloss_dp = (p - y) / (p * (1 - p))
    dp_dz = p * (1 - p)
    dloss_dw = dloss_dp * dp_dz * x
    return dloss_dp, dp_dz, dloss_dw


# The loop

loop_order = Order(
    question="One round of the loop, shuffled. Put it in order.",
    steps={
        "a": "`optimizer.step()`",
        "b": "`scores = model(X)`",
        "c": "`loss.backward()`",
        "d": "`optimizer.zero_grad()`",
        "e": "`loss = F.binary_cross_entropy_with_logits(scores, y)`",
    },
    answer="bedca",
    also=("dbeca", "bdeca", "becad"),
    mistakes=[
        Mistake("becda",
                "You erased the gradient before using it: `step()` finds nothing, and no weight ever moves.", "M08"),
        *(Mistake(order,
                  "`step()` computes no gradient: it finds what `zero_grad()` left, nothing. "
                  "`backward()` comes first.", "M35")
          for order in ("bedac", "bdeac", "dbeac")),
        Mistake("beadc",
                "`step()` computes no gradient. Here it reads the last round's, for weights that have moved since.",
                "M35"),
        Mistake("beacd",
                "`step()` comes before `backward()`, and then the gradient is erased: no weight ever moves.", "M08"),
    ],
    hints=[
        "Who needs what? `step()` reads `.grad`, `backward()` adds to `.grad`, and it needs a loss.",
        "Predict, loss; empty `.grad`; fill `.grad`; use `.grad`.",
    ],
    explanation="`zero_grad()` may stand anywhere after the last `step()` and before `backward()`.",
)

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
    ],
    hints=["step = lr x gradient. Which of the two has changed, and by what factor?", "0.32 / 64."],
    explanation="True for plain SGD. Wait for what Adam does with it.",
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
                "Run b creeps and d falls at once, and both stay smooth. "
                "Of two smooth curves, which has the shorter steps?"),
    ],
    hints=["Smooth and slow; smooth and fast; overshooting a little; thrown about.",
           "Run b creeps: the smallest. Run c is thrown highest."],
    explanation="Too small, good, too large, hopeless: four shapes to recognise before you change anything else.",
)


def _model_and_batch():
    """Two models with a stale gradient each, and labels as files store them: whole numbers, shape (n,)."""
    probes = []
    for n, m, lr in ((7, 3, 0.5), (5, 2, 1.3)):
        model = nn.Linear(m, 1)
        X, y = torch.randn(n, m), (torch.arange(n) % 3 == 1).long()
        model(X).pow(2).mean().backward()
        probes.append((model, torch.optim.SGD(model.parameters(), lr=lr), X, y))
    return probes


def _weights_after(result, model, optimizer, X, y):
    return {"weight": model.weight, "bias": model.bias}


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


@exercise(
    probes=_model_and_batch,
    compare_by=_weights_after,
    mistakes=[
        Mistake(_update(calls=("backward", "step")),
                "A gradient from before was still in `.grad`, and `backward()` added to it. "
                "Empty it first: `optimizer.zero_grad()`.", "M07"),
        Mistake(_update(calls=("backward", "zero_grad", "step")),
                "No weight of `model` has moved. "
                "The gradient was erased before `step()`, never filled, or 0; or `step()` is missing.", "M08"),
        Mistake(_update(calls=("step", "zero_grad", "backward")),
                "`step()` used the gradient that already lay in `.grad`. `backward()` comes before it.", "M35"),
        Mistake(_update(calls=("zero_grad", "backward", "step", "step")),
                "The step is twice as long as it should be. "
                "Was `step()` or `backward()` called twice, or the loss doubled?"),
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
        *(Mistake(_update(loss),
                  "`cross_entropy` and `nll_loss` take K scores a row. "
                  "One score a row goes into `binary_cross_entropy_with_logits`.")
          for loss in (lambda scores, y: F.cross_entropy(scores, y),
                       lambda scores, y: F.cross_entropy(scores, y.float()),
                       lambda scores, y: F.cross_entropy(scores.squeeze(1), y),
                       lambda scores, y: F.cross_entropy(scores.squeeze(1), y.float()))),
        Mistake(_update(lambda scores, y: F.mse_loss(torch.sigmoid(scores.squeeze(1)), y.float())),
                "That is the squared distance. The log loss is asked for."),
        Mistake(_update(lambda scores, y: _log_loss(scores, y) / len(y)),
                "The loss is a mean already. You divided it by n once more, so the step is n times too short.", "M17"),
        Mistake(_update(lambda scores, y: F.binary_cross_entropy_with_logits(y.float(), scores.squeeze(1))),
                "Scores and labels are exchanged: the scores come first, then the labels."),
        Mistake(_update(lambda scores, y: -_log_loss(scores, y)),
                "The step goes uphill. Downhill is minus lr times the gradient of the loss."),
    ],
    hints=[
        "Look at the shapes: `model(X)` is (n, 1), `y` is (n,). "
        "And at the kind of number: `y.dtype` is int64, this loss wants decimals.",
        "Take the extra dimension off the scores with `.squeeze(1)`, and turn the labels into decimals with "
        "`.float()`.",
        "Then three calls: one empties `.grad`, one fills it, one uses it. The put-in-order exercise has their names.",
    ],
    explanation="Five steps, and the fifth, measure, changes nothing. "
                "You can write every training loop of this course now.",
)
def one_update(model, optimizer, X, y):
    """One update of `nn.Linear(m, 1)` on X (n, m) and whole-number labels y (n,), by the mean log loss."""
    scores = model(X).squeeze(1)
    loss = F.binary_cross_entropy_with_logits(scores, y.float())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


@one_update.mistake("The step is the whole gradient. "
                    "It should be lr times that: the optimizer knows lr, and `optimizer.step()` uses it.")
def _(model, optimizer, X, y):
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(X).squeeze(1), y.float()).backward()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= parameter.grad


# Shapes

fault = Choice(
    "The loss falls at first, nothing complains, and at the end every flight gets the probability 0.304, at 53 °F as "
    "at 81 °F. Which repair is right?",
    {
        "a": Wrong("Line 1: a larger learning rate, `lr=20`",
                   "It has arrived: the slope in w is 0 there. "
                   "Longer steps would not find what this loss does not contain.", "M37"),
        "b": Right("Line 3: `model(x).squeeze(1)`"),
        "c": Wrong("Line 4: `loss = F.binary_cross_entropy_with_logits(p, y)`",
                   "That loss applies the sigmoid itself: p would go through two. "
                   "(And it would stop at these shapes, rightly.)", "M03"),
        "d": Wrong("Line 4: `y.long()`, since the labels are classes",
                   "Whole numbers change nothing in this product. "
                   "Look at who is multiplied with whom: (23, 1) with (23,).", "M12"),
        "e": Wrong("Line 4: `.sum()` for `.mean()`",
                   "A sum of 529 prices instead of their mean. "
                   "The question is why there are 529 of them and not 23.", "M15"),
    },
    hints=["Print the shape of what stands before `.mean()`.",
           "(23, 1) times (23,) is (23, 23): every flight with every label."],
    explanation="Each flight was charged for the labels of all, so the share of damage, 7 in 23, was the best answer "
                "for each.",
)

_SCORES = torch.tensor([[2.1], [0.3], [-0.2], [-3.0], [0.45], [1.2], [-0.7]])


@exercise(
    probes=[
        (_SCORES, torch.tensor([1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0])),
        (torch.tensor([[0.2], [-1.4], [0.9], [0.4], [-0.3]]), torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0])),
        (torch.tensor([[20.0], [1.0], [1.0], [0.4], [0.2], [-0.3], [-2.0]]),        # sigmoid(20) and 1.0 equal a label
         torch.tensor([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0])),
    ],
    mistakes=[
        Mistake(lambda scores, y: ((scores > 0) == y).float().mean(),
                "Every answer was compared with every label, n x n. Make both (n,): `.squeeze(1)`.", "M06"),
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
        Mistake(lambda scores, y: (torch.sigmoid(scores.squeeze(1)) == y).float().mean(),
                "A probability is no answer yet, so it hardly ever equals a label. Decide first: above one half?"),
        Mistake(lambda scores, y: (scores.argmax(dim=1) == y).float().mean(),
                "There is one column, so its largest score is always in place 0. One score is compared with 0."),
        Mistake(lambda scores, y: ((torch.sigmoid(scores.squeeze(1)) > 0) == y).float().mean(),
                "That is the share of damaged flights, what you get by calling every flight damaged."),
        Mistake(lambda scores, y: ((scores > 0.5) == y).float().mean(),
                "Every answer was compared with every label, and one half lies at score 0, not 0.5.", "M06"),
        Mistake(lambda scores, y: ((scores.squeeze(1) > 0) & (y == 1)).float().mean(),
                "Those are the damaged flights that were found. Right answers about whole ones count too."),
        Mistake(lambda scores, y: ((scores.squeeze(1) > 0) != y).float().mean(), "That is the share of wrong answers."),
        Mistake(lambda scores, y: (scores.squeeze(1) > 0).float().mean(),
                "That is the share of flights called damaged. Compare it with the labels, flight by flight."),
    ],
    hints=[
        "A score above 0 says 1. Then compare each answer with its own label, and with no other: print the shapes.",
        "`.squeeze(1)` makes (n,) of (n, 1). "
        "Comparing two of shape (n,) gives n times True or False, and `.float().mean()` their share of True.",
    ],
    explanation="When a share stays near one half whatever the model does, look at the shapes first.",
)
def share_right(scores, y):
    """The share of right answers: scores (n, 1), labels y (n,) of 0. and 1."""
    says_damage = scores.squeeze(1) > 0
    return (says_damage == y).float().mean()


give_names(globals())
