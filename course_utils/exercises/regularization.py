"""The exercises of lesson 06: what a penalty pulls at, what it is called elsewhere, and who may look at which data."""

import torch

from course_utils.checker import Choice, Mistake, Number, Order, Prediction, Right, Wrong, exercise, give_names
from course_utils.datasets import load_mnist
from course_utils.download import DataUnavailable


def _rightly_named() -> float:
    """The share measured in the lesson, for the images it runs on."""
    try:
        load_mnist(n_train=1, download=False)
    except DataUnavailable:
        return 0.60
    return 0.55


memory_guess = Prediction(
    "The model that knows its training set nearly by heart: what share of the unseen images does it name rightly?",
    low=0.0,
    high=1.0,
    measured=_rightly_named,
    spread="0.55 on MNIST, 0.60 on the digits, ten draws each",
    reveal_later=True,
)

recall_growth = Choice(
    "A line separates two classes. Gradient descent on the log loss, no penalty. What does the length of w do?",
    {
        "a": Wrong("It settles once every example is right",
                   "Right is not enough for the log loss. A longer w makes right answers surer, and that pays.", "M39"),
        "b": Wrong("It settles when the gradient is 0",
                   "The gradient shrinks and never is 0: a longer w always costs a little less. "
                   "There is no optimum.", "M39"),
        "c": Right("It grows, more and more slowly, without end"),
        "d": Wrong("It grows by the same amount in every step",
                   "The gradient shrinks as the answers get surer. "
                   "Each tenfold of steps added the same, not each step.", "M39"),
    },
    hints=["Lesson 1 fitted two separable groups for 30, 300 and 3,000 steps."],
    explanation="No best w, only more certainty. A penalty will give the question an answer again.",
)

recall_confidence = Choice(
    "From one epoch to the next the validation loss rises and the validation accuracy rises too. How can that be?",
    {
        "a": Wrong("It cannot: one of the two is computed wrongly",
                   "Accuracy counts which side an answer is on. The loss asks how sure it was, too. "
                   "They may part.", "M40"),
        "b": Right("More answers are right, and some wrong ones have become very sure"),
        "c": Wrong("The loss includes the penalty, the accuracy does not",
                   "Our losses are measured without the penalty. "
                   "Accuracy ignores how sure an answer is: look there.", "M40"),
        "d": Wrong("The validation set is too small",
                   "It may happen on any number of examples. "
                   "A few wrong answers given with certainty are enough.", "M40"),
    },
    hints=["What does one wrong answer cost when the model gave the truth a probability of 0.000001?"],
    explanation="Accuracy is blind to confidence. So say which of the two you want, before you choose by it.",
)


# The price of a weight

def _fit_probe(n, m, seed, strength):
    g = torch.Generator().manual_seed(seed)
    X, w, b = torch.randn(n, m, generator=g), torch.randn(m, generator=g), torch.randn((), generator=g)
    return (X, (torch.rand(n, generator=g) < 0.4).float(), w, b, strength)


def _gradients(off=lambda X, y, w, b: torch.sigmoid(X @ w + b) - y,
               in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength * w,
               in_b=lambda off, b, strength: off.mean()):
    """The solution with another p − y, another gradient in w, or another one in b."""
    def answer(X, y, w, b, strength):
        difference = off(X, y, w, b)
        return in_w(X, difference, w, strength), in_b(difference, b, strength)
    return answer


@exercise(
    probes=[_fit_probe(7, 3, 0, 0.3), _fit_probe(5, 4, 1, 1.7)],
    mistakes=[
        Mistake(_gradients(in_b=lambda off, b, strength: off.mean() + strength * b),
                "The bias pays too here. Leave it free: it only sets the base rate.", "M18"),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + 2 * strength * w),
                "That is the slope of λ · w². Our penalty has the half, and its slope is λ · w.", "M19"),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength / 2 * w),
                "The half of λ/2 cancels the 2 of the square: the slope is λ · w.", "M19"),
        Mistake(_gradients(in_w=lambda X, off, w, strength: (X.T @ off + strength * w) / len(X)),
                "You divided the penalty by n. It is added once, to a loss that is already a mean."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength * w.sign()),
                "That is the slope of λ · |w|, the penalty called L1. It comes later; here it is λ/2 · w²."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) - strength * w),
                "The sign: the gradient points uphill, and the penalty rises away from 0. Add λ · w."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X)),
                "The penalty is missing: this is the gradient of the log loss alone."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off / len(X) + strength / 2 * w.square().sum()),
                "You added the value of the penalty, one number for all. Its slope has an entry a weight."),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off + strength * w),
                "The log loss is the mean over the examples. Divide X.T @ (p − y) by n.", "M15"),
        Mistake(_gradients(in_w=lambda X, off, w, strength: X.T @ off + strength * w,
                           in_b=lambda off, b, strength: off.sum()),
                "Both sums are to be means: divide them by n. The penalty is not divided.", "M15"),
        Mistake(_gradients(in_b=lambda off, b, strength: off.sum()),
                "The gradient in b is to be a mean too: you summed p − y over the examples.", "M15"),
        Mistake(_gradients(off=lambda X, y, w, b: X @ w + b - y),
                "The sigmoid is missing: X @ w + b is a score, and p is its sigmoid.", "M01"),
        Mistake(_gradients(off=lambda X, y, w, b: torch.sigmoid(X @ w) - y),
                "The bias is missing in p: the score is X @ w + b. Only the penalty leaves b out."),
        Mistake(_gradients(off=lambda X, y, w, b: y - torch.sigmoid(X @ w + b)),
                "The difference is the wrong way round: p − y, so that too much probability pulls w down."),
    ],
    hints=[
        "Without the penalty: the mean of (p − y) times the inputs, and the mean of (p − y).",
        "What is the derivative of λ/2 · w² in w? And does the penalty contain b?",
    ],
    explanation="The penalty pulls every weight towards 0, in proportion to its size. PyTorch calls this weight decay.",
)
def penalised_gradient(X, y, w, b, strength):
    """The gradients in w and in b of log loss + strength/2 · Σw²."""
    off = torch.sigmoid(X @ w + b) - y
    return X.T @ off / len(y) + strength * w, off.mean()


scikit_c = Number(
    "You fit 569 examples with a mean loss and weight_decay 0.01 (bias free). Which C makes scikit-learn fit the same? "
    "Two digits will do.",
    answer=1 / 5.69,
    tolerance=0.005,
    mistakes=[
        Mistake(100.0, "That is 1/λ. scikit-learn sums the loss over the examples, so n belongs below too.", "M20"),
        Mistake(5.69, "That is n · λ. C multiplies the loss, not the penalty: it is one over that.", "M20"),
        Mistake(0.01, "C is no penalty: it multiplies the loss. A large C means little penalty.", "M20"),
        Mistake(1 / 2.845, "Twice too large: it belongs to λ/4 · ‖w‖². scikit-learn's ‖w‖² has a half too.", "M19"),
        Mistake(1 / 11.38, "Twice too small: it belongs to λ · ‖w‖². weight_decay means λ/2 · ‖w‖².", "M19"),
        Mistake(1.0, "C = 1 is what you get unasked, and stands for λ = 1/569. Your λ is larger.", "M21"),
        Mistake(1 / 0.0569, "100 times too large: λ = 0.01 stands in it once."),
        Mistake(1 / 569, "That is 1/n. The strength λ belongs in it too."),
        Mistake(569.0, "That is n. C multiplies a sum of 569 losses: with more of them it has to shrink.", "M20"),
        Mistake(0.01 / 569, "That is λ/n, and grows with λ. In `1/569*0.01` only 569 stands below.", "M20"),
    ],
    hints=["scikit-learn minimises C · (sum of losses) + ½ ‖w‖². Divide by C · n and compare with yours.",
           "mean loss + 1/(2 · C · n) · ‖w‖². So λ = 1/(C · n)."],
    explanation="C = 1/(n λ). With the same λ and more data, scikit-learn's C has to shrink.",
)


# Weights that arrive at 0

def _shrink_probe(m, seed, lr, strength):
    """Two weights are 0 already: one that the gradient moves, one that nothing moves."""
    g = torch.Generator().manual_seed(seed)
    w, gradient = 0.5 * torch.randn(m, generator=g), 2 * torch.randn(m, generator=g)
    w[3:5] = gradient[4] = 0.0
    return (w, gradient, lr, strength)


def _proximal(land=lambda w, gradient, lr: w - lr * gradient,
              shrink=lambda v, w, lr, strength: v.sign() * (v.abs() - lr * strength).clamp(min=0)):
    """The solution with another step to land at v, or another way to shrink v."""
    return lambda w, gradient, lr, strength: shrink(land(w, gradient, lr), w, lr, strength)


@exercise(
    probes=[_shrink_probe(9, 0, 0.3, 0.7), _shrink_probe(7, 3, 0.4, 0.3)],
    mistakes=[
        Mistake(lambda w, gradient, lr, strength: w - lr * (gradient + strength * w.sign()),
                "That is a subgradient step. It walks past 0 and back, and never lands on it.", "M23"),
        Mistake(lambda w, gradient, lr, strength: w - lr * gradient,
                "That is the gradient step alone. Now move every entry towards 0, by lr · strength."),
        Mistake(lambda w, gradient, lr, strength: (w - lr * gradient - lr * strength).clamp(min=0),
                "Negative weights are all lost. Shrink the absolute value, then give the sign back."),
        Mistake(lambda w, gradient, lr, strength: ((w - lr * gradient).abs() - lr * strength).clamp(min=0),
                "The signs are lost: negative weights came out positive."),
        Mistake(lambda w, gradient, lr, strength: w.sign() * (w.abs() - lr * strength).clamp(min=0) - lr * gradient,
                "You shrank first and stepped afterwards, so the step leaves 0 again. Turn the order round."),
        Mistake(lambda w, gradient, lr, strength: w - lr * (gradient + strength * w),
                "That is the step of L2, which shrinks by a factor. L1 shrinks by a fixed amount."),
        Mistake(lambda w, gradient, lr, strength: w.sign() * (w.abs() - lr * strength).clamp(min=0),
                "The gradient is not used. First a gradient step, then shrink what you have."),
        Mistake(lambda w, gradient, lr, strength: w - lr * (gradient + strength),
                "You subtracted the same from every weight. Negative ones are to move up, towards 0."),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: v.sign() * (v.abs() - strength).clamp(min=0)),
                "You moved by strength. A step of size lr moves the weight by lr · strength."),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: v.sign() * (v.abs() - lr).clamp(min=0)),
                "You moved by lr. Towards 0 it is lr · strength: a stronger penalty moves further."),
        Mistake(_proximal(land=lambda w, gradient, lr: w + lr * gradient),
                "Your gradient step goes uphill. Step against the gradient, then shrink."),
        Mistake(_proximal(land=lambda w, gradient, lr: w - gradient),
                "Your gradient step is the whole gradient. It has to be lr times that."),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: torch.where(v.abs() > lr * strength, v, 0.0)),
                "Small weights are cut, the others are not shrunk. Every weight moves by lr · strength."),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: v.sign() * (v.abs() - lr * strength)),
                "Small weights jump to the other side: what would cross 0 has to stop there.", "M23"),
        Mistake(_proximal(shrink=lambda v, w, lr, strength: w.sign() * (v.abs() - lr * strength).clamp(min=0)),
                "The sign is that of the old w. Take it from where the gradient step lands."),
    ],
    hints=[
        "First an ordinary gradient step, with the gradient you are given. Call where it lands v.",
        "Then move every entry of v by lr · strength towards 0; what would cross 0 stays there.",
        "The length that is left: `(v.abs() - t).clamp(min=0)`. It needs its sign back.",
    ],
    explanation="Gradient step, then shrink: a proximal step. Whatever lies within lr · λ of 0 becomes 0, exactly.",
)
def proximal_step(w, gradient, lr, strength):
    """One step on loss + strength · Σ|w|; `gradient` is that of the loss alone."""
    v = w - lr * gradient
    return v.sign() * (v.abs() - lr * strength).clamp(min=0)


# When to stop

def _early_stop(is_lower=lambda loss, lowest: loss < lowest,
                is_over=lambda epoch, best, patience: epoch - best >= patience,
                give=lambda epoch, best, valid_losses: (epoch, best)):
    """The solution with another idea of a lower loss, of when to stop, or of what to give back."""
    def answer(valid_losses, patience):
        best = 0
        for epoch in range(len(valid_losses)):
            if is_lower(valid_losses[epoch], valid_losses[best]):
                best = epoch
            if is_over(epoch, best, patience):
                break
        return give(epoch, best, valid_losses)
    return answer


def _where_lowest(losses):
    return min(range(len(losses)), key=losses.__getitem__)


@exercise(
    probes={
        "a loss that falls, then rises": ([5.0, 4.0, 3.0, 3.5, 3.2, 3.4, 3.6, 2.0, 1.0], 3),
        "a bump on the way down": ([9.0, 6.0, 7.0, 5.0, 5.5, 5.2, 4.8, 4.9, 5.1, 4.0, 3.0], 2),
        "a loss that only falls": ([3.0, 2.5, 2.0, 1.5, 1.0], 2),
        "the same loss twice": ([2.0001, 2.0, 2.0, 2.5, 1.0, 0.5, 0.7, 0.8, 0.9], 2),
        "large losses that end while you wait": ([2.5e6, 2.7e6, 2.4999e6, 2.49995e6], 2),
    },
    mistakes=[
        Mistake(lambda valid_losses, patience: (len(valid_losses) - 1, _where_lowest(valid_losses)),
                "On each list you stop at its last loss. Stop once `patience` epochs brought nothing lower."),
        Mistake(lambda valid_losses, patience: (min(_where_lowest(valid_losses) + patience, len(valid_losses) - 1),
                                                _where_lowest(valid_losses)),
                "You looked at losses that had not happened yet. Stop, then keep the best so far.", "M25"),
        Mistake(lambda valid_losses, patience: (_where_lowest(valid_losses) + patience, _where_lowest(valid_losses)),
                "You looked at losses that had not happened yet, and may stop after the last epoch.", "M25"),
        Mistake(_early_stop(is_over=lambda epoch, best, patience: epoch > best),
                "You stop at the first rise. Patience means to wait: one bump is often noise."),
        Mistake(_early_stop(is_over=lambda epoch, best, patience: epoch - best > patience),
                "You wait one epoch too long: stop when `patience` epochs have brought nothing."),
        Mistake(_early_stop(is_over=lambda epoch, best, patience: epoch - best >= patience - 1),
                "You stop an epoch too early: let `patience` epochs after the best pass, then stop."),
        Mistake(_early_stop(is_lower=lambda loss, lowest: loss <= lowest),
                "The same loss again is no improvement. Ask for a lower one: `<`, not `<=`."),
        Mistake(_early_stop(give=lambda epoch, best, valid_losses: (epoch, valid_losses[best])),
                "The second is a loss. Say in which epoch it was: those weights are kept."),
        Mistake(_early_stop(give=lambda epoch, best, valid_losses: (epoch, epoch)),
                "You keep the last weights. Keep those of the epoch with the lowest loss so far."),
        Mistake(_early_stop(give=lambda epoch, best, valid_losses: (best, epoch)),
                "The two are exchanged: first the epoch after which you stop, then the one you keep."),
    ],
    hints=[
        "Keep two things while you walk along the losses: the lowest so far, and where it was.",
        "Stop as soon as `patience` epochs in a row have brought nothing lower.",
        "If the list ends first, you stop at its last epoch, and still keep the best.",
    ],
    explanation="Two epochs, and they differ: where you stop looking, and whose weights you keep.",
)
def stop_and_keep(valid_losses, patience):
    """(the epoch after which training stops, the epoch whose weights are kept); epochs count from 0."""
    best = 0
    for epoch in range(len(valid_losses)):
        if valid_losses[epoch] < valid_losses[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return epoch, best


@stop_and_keep.mistake("Large losses never count as the lowest. Begin with the first loss as the lowest so far.")
def _(valid_losses, patience):
    lowest, best, waited = 100.0, 0, 0
    for epoch, loss in enumerate(valid_losses):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == patience:
            break
    return epoch, best


@stop_and_keep.mistake("You wait for rises in a row. Count every epoch that brought nothing below the best.")
def _(valid_losses, patience):
    for epoch in range(patience, len(valid_losses)):
        if all(valid_losses[epoch - k] > valid_losses[epoch - k - 1] for k in range(patience)):
            return epoch, epoch - patience
    return len(valid_losses) - 1, _where_lowest(valid_losses)


@stop_and_keep.mistake("When the list ends before your patience does, you keep the last weights, not the best.")
def _(valid_losses, patience):
    best = 0
    for epoch in range(len(valid_losses)):
        if valid_losses[epoch] < valid_losses[best]:
            best = epoch
        if epoch - best >= patience:
            return epoch, best
    return epoch, epoch


@stop_and_keep.mistake("You count all bad epochs. A new best starts the count again.")
def _(valid_losses, patience):
    best = bad = 0
    for epoch in range(1, len(valid_losses)):
        if valid_losses[epoch] < valid_losses[best]:
            best = epoch
        else:
            bad += 1
        if bad >= patience:
            break
    return epoch, best


@stop_and_keep.mistake("You compare with the epoch before. Compare with the best so far.")
def _(valid_losses, patience):
    best = bad = 0
    for epoch in range(1, len(valid_losses)):
        if valid_losses[epoch] < valid_losses[best]:
            best = epoch
        bad = 0 if valid_losses[epoch] < valid_losses[epoch - 1] else bad + 1
        if bad >= patience:
            break
    return epoch, best


# Who may look

honest_order = Order(
    steps={
        "a": "measure the chosen model on the test examples",
        "b": "split into train, validation and test",
        "c": "choose λ by the validation loss",
        "d": "subtract mean, divide by standard deviation (of the rows at hand)",
        "e": "fit one model for each λ",
    },
    answer="bdeca",
    mistakes=[
        Mistake("dbeca", "Before the split, the rows at hand are all rows: mean and sd have seen the test.", "M24"),
        Mistake("bdeac", "You measured on the test examples before the choice, so the choice has seen them.", "M25"),
        Mistake("bdaec", "There is no chosen model to measure yet. The test comes last, and once.", "M25"),
        Mistake("dbeac", "Twice too early: the scaling saw all rows, and the test came before the choice.", "M24"),
        Mistake("bedca", "A model fitted to raw columns is of no use to scaled ones. Scale before you fit."),
        Mistake("bdcea", "There is nothing to choose from before the models are fitted."),
    ],
    hints=["Everything that is computed from rows belongs after the split. What is looked at last?"],
    explanation="Split, scale by the training rows, fit, choose, and only then the test. Once.",
)

leaks = Choice(
    "Through which lines do test rows have a say in the model that comes out?",
    {
        "a": Right("Line 1: the scaler is fitted",
                   "`fit_transform` saw every row, so the test rows' mean and spread are in every training row."),
        "b": Wrong("Line 2: the split",
                   "The split lays the test rows aside. What matters is what happened before it.", "M24"),
        "c": Wrong("Line 3: the model is fitted",
                   "The fit gets X_train and y_train and no others, as it should.", "M24"),
        "d": Right("Line 4: C is chosen",
                   "The best of five test scores is no longer a test score: the test set has chosen."),
        "e": Wrong("Line 5: the number that is reported",
                   "By then the model is chosen and the harm done. "
                   "Reporting a score is what the test set is for.", "M25"),
    },
    hints=["Imagine other numbers in the test rows. Through which lines could that change the model?",
           "There are two. One is before the split, one is a `max` over the wrong set."],
    explanation="Fit the scaler on the training rows, choose on validation rows, and the last line is honest.",
)


# Decay is not always a penalty

adamw_guess = Choice(
    "λ = 0.01. The log loss alone is lowest at ‖w‖ = 5.17, the log loss with λ/2 · ‖w‖² at 3.06. "
    "SGD, and Adam with λ · w in its gradient, end at 3.06. Where does AdamW(weight_decay=0.01) go?",
    {
        "a": Wrong("To 3.06 too: decay is decay",
                   "With Adam the two part: in AdamW the decay works beside the gradient step, not inside it.", "M22"),
        "b": Wrong("Below 3.06: AdamW's decay is not divided by anything, so it acts in full",
                   "The decay is lr · 0.01 · w. "
                   "But Adam's own step is lr whatever the slope: the scales differ.", "M22"),
        "c": Right("Nearly to 5.17, as if there were hardly a penalty"),
        "d": Wrong("Past 5.17, further with every step, as in lesson 5",
                   "There a plane separated the tumours. "
                   "Here the log loss rises again past 5.17, and turns w back.", "M22"),
    },
    hints=["Adam's step is about lr, however small the gradient. For which |w| is lr · 0.01 · |w| as large?"],
    explanation="lr · 0.01 · |w| is as long as a full step of Adam only near |w| = 100. "
                "The loss turns w back long before.",
)


give_names(globals())
