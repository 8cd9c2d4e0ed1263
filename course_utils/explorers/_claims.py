"""What people say about our subject, and what became of it in the lessons: the table behind the claims board.

`claim` and `verdict` are the lesson's own words where it has them under "Claims, tested"; the others are settled on the
way. `kind` is the verdict in one word. `evidence` quotes what the lesson measured.
"""

from typing import NamedTuple


class Claim(NamedTuple):
    """One claim, and the lesson that tested it."""

    lesson: str                         # its number, "01"
    claim: str
    kind: str                           # a key of `study.KINDS`
    verdict: str                        # as the lesson says it
    evidence: str


CLAIMS = (
    Claim("01", "More training always brings the coefficients closer to the truth", "false",
          "false when the classes can be separated",
          "Each tenfold of steps adds between 1 and 3 to the length of the weights, in all twenty draws, and would go "
          "on for ever. The accuracy is 100 % from the first point on."),
    Claim("01", "Squared error would do as well", "false", "false from a bad start",
          "At a score of −8 on the wrong side the log loss has slope −0.9997, the squared error −0.0007. From twenty "
          "bad starts it ends 2 to 9 points behind on average."),
    Claim("01", "Above one half means yes", "when", "true only when both mistakes cost the same",
          "If a missed cancer costs ten false alarms, deciding at 1/11 is right less often, 92 % instead of 98 %, and "
          "costs less than three quarters."),
    Claim("01", "Weighting the rare class makes the model fairer to it", "misleading", "misleading",
          "Counted ten times, cancer gets a mean probability between 50 and 70 %, where it is 37 %. Unweighted, the "
          "model says 32 to 46 %."),
    Claim("01", "A likelihood is a product, and in practice one adds logarithms", "true", "true",
          "A product of 150 halves is 0.0 in float32; the sum of their logarithms is −103.97."),
    Claim("01", "The values of the sigmoid lie between 0 and 1, and never reach them", "when",
          "true on paper, not in the computer",
          "From a score of 17 on, 32-bit floats say exactly 1; at −200 they say exactly 0."),

    Claim("02", "The optimizer computes the gradients", "false", "false",
          "Seven optimizers, ten models each: without `backward()` a step moves no weight, by 0.0. A 7 that we write "
          "into `.grad` is obeyed by all."),
    Claim("02", "Backpropagation gives the gradient efficiently", "true", "true",
          "Forward and backward together count as 2 forward passes, for 2 parameters as for 10,001. Central "
          "differences take 20,002."),
    Claim("02", "Sum or mean only changes the number that is printed", "false", "false for SGD, nearly true for Adam",
          "With batches of 71 the sum walks the same path only at lr / 71. Adam at the same lr differs by less than "
          "1e-4."),
    Claim("02", "Forgetting zero_grad only makes the steps longer", "false", "false",
          "None of twenty runs stays at the bottom, at any of three learning rates. The loop equals momentum 1.0, "
          "digit by digit."),

    Claim("03", "`forward` should return probabilities, so end the model with softmax", "false",
          "false where the loss takes logits",
          "The loss sticks above 1.461. Twelve starts end 6 to 20 points lower on average, and hardly one of them has "
          "learned an 8."),
    Claim("03", "More than two classes? Train one yes/no model for each", "misleading",
          "often as good for the decision, worse for the probabilities",
          "It costs 4 points on iris, less than half a point on wine and digits. Log loss is 20 to 80 % higher "
          "everywhere."),
    Claim("03", "For two classes, softmax and sigmoid are the same model", "when",
          "true as a formula, false as a fit, unless you halve the penalty",
          "At equal penalty the weights come out 1.1 to 1.4 times as long, in each of ten halves. With half of it for "
          "the sigmoid they agree to 1e-6."),
    Claim("03", "`torch.nn.MultinomialLogit` implements softmax regression", "false", "false",
          "There is no such module. The model is one `nn.Linear`, and cross-entropy on its scores."),
    Claim("03", "Cross-entropy measures how far apart two distributions are", "when",
          "true where every label is certain",
          "0.765 = 0.611 + 0.154: the disagreement among those who labelled, which no model can undercut, and the "
          "divergence, which is the model's own."),

    Claim("04", "The larger the weight, the more important the feature", "misleading", "misleading",
          "Two draws of patients agree on the ranking above 0.9 under a strong penalty, and below 0.55 under a weak "
          "one. 13 of 30 weights change sign."),
    Claim("04", "Freezing parameters gives faster training and better results", "misleading",
          "faster, true; better, not in anything we measured",
          "A hidden layer frozen at its random start costs more than 5 points; frozen after 10 of 20 epochs, less than "
          "1.5 either way."),
    Claim("04", "Random starting values are needed, and keep you out of local minima", "misleading",
          "needed with a hidden layer, not without one; and no protection from local minima",
          "Ten starts of the linear model end at one loss, to 1e-8. Started alike, 32 hidden units stay 1."),
    Claim("04", "Small random weights cure vanishing gradients", "false", "false",
          "Through ten layers, weights of about 0.01 leave a gradient below 1e-8. At PyTorch's default ten layers do "
          "not pass 20 % right."),
    Claim("04", "`parameters()` yields the parameters that are trained", "false", "false",
          "Of the 6 tensors it lists 5 are trainable, and a second pass yields 0. It leaves out 3 buffers that the "
          "model needs to predict."),
    Claim("04", "Do not change parameters by hand, and do not predict from them", "misleading",
          "too strict on both counts",
          "In place and under `no_grad` a change is safe; rebinding a name changes nothing, silently. X @ W.T + b is "
          "the model."),
    Claim("04", "`requires_grad = False` freezes a parameter", "when", "true if no gradient is left behind",
          "With `.grad` None five optimizers leave it still. With a `.grad` of zero, momentum, decay, Adam and AdamW "
          "moved it."),
    Claim("04", "PyTorch draws the first weights from a bell curve around 0", "false", "false",
          "They are uniform between ±1/√(number of inputs), and so are the biases."),

    Claim("05", "One learning rate fits all: 0.001 is a good start", "false", "false",
          "The best rates of RMSprop and Adadelta lie more than two powers of ten apart. At 0.001 no optimizer is "
          "below a loss of 1.2 after five epochs."),
    Claim("05", "Momentum makes it faster", "when", "true when the problem is ill-conditioned and μ fits it",
          "Some 200 steps against 3,400 at κ = 1,000; 5 against 7 at κ = 2. On the tumours about 30 steps without it, "
          "some 80 with the usual 0.9."),
    Claim("05", "A coefficient between 0 and 1 prevents overshooting", "false",
          "false; momentum causes overshooting",
          "At μ = 0.9 it runs 15 % past the bottom, at 0.99 some 86 %. Without momentum it never crosses."),
    Claim("05", "Adam gives better accuracy", "misleading", "misleading",
          "Four points ahead of SGD at lr 0.1. Against SGD at a rate of its own, the interval over twenty splits "
          "holds 0."),
    Claim("05", "The momentum rule reads coeff + lr · grad", "false", "false: a misprint, the plus is a times",
          "On the tumours its loss passes 50. On the digits nobody sees it: there it is gradient descent, as softmax "
          "knows differences only."),

    Claim("06", "Train until the loss has converged, then stop", "false", "false where labels are noisy",
          "Stopped by validation it names 84 % (digits: 90 %), converged 55 % (60 %), and no draw of ten is an "
          "exception."),
    Claim("06", "A small learning rate prevents overfitting", "false", "false",
          "At the same training loss, rates fifty-fold apart have the same validation loss, to 0.05."),
    Claim("06", "Cross-validation prevents overfitting", "misleading", "misleading",
          "Cross-validated and left as it was: a loss of 0.51. Acting on the answer brings 0.26; the best penalty "
          "has 0.23."),
    Claim("06", "AdamW is Adam with L2", "false", "false",
          "With the same λ the weights end at 3.06 for SGD and Adam, and at 5.1 for AdamW. Without any penalty: 5.17."),
    Claim("06", "A penalty on the weights prevents overfitting", "when", "true where there is noise to learn by heart",
          "With a fifth of the labels drawn by dice it gains some 18 points (digits: 21), with clean ones some 2 "
          "(none)."),
    Claim("06", "L1 makes weights exactly 0", "when", "true with soft-thresholding, not by autograd",
          "With the penalty in the loss not one of 30 weights is 0, from any of ten starts. With proximal steps 25 "
          "or so are."),
    Claim("06", "A penalty is paid by every parameter, the bias too", "false", "false",
          "At λ = 1 a decayed bias brings the mean probability to 0.543. Free, it is 0.627, the share of benign "
          "tumours."),
    Claim("06", "Means and spreads taken over all rows spoil the test", "not_found",
          "a leak, and not to be seen here",
          "Less than 0.002 of loss in each of ten splits, not always to the worse. Columns chosen over all rows made "
          "83 % out of coin tosses."),
    Claim("06", "`EarlyStopping` comes with PyTorch", "false", "false",
          "It comes with libraries around PyTorch. By hand it is an `if` and a `break`."),

    Claim("07", "A network is needed for this", "false", "false, if you know which columns are missing",
          "In Washington, with one interaction and temp², a single layer has 0.9 to 1.08 times the error of the "
          "average of ten networks."),
    Claim("07", "A random split is fine", "false",
          "false for a forecast, where the world changes in ways your columns do not tell",
          "It makes the network's error on the real records smaller by about a third, and even a single layer's by "
          "about a fifth."),
    Claim("07", "Minimising the MSE minimises the variance of the residuals", "when",
          "true with a bias, false without",
          "Without one, 1 to 7 % more variance in each of twenty draws, and more than half of the MSE is mean²."),
    Claim("07", "Linear regression suits demand", "when", "depends on the columns and the scale of the target",
          "On raw columns it loses to a table of 48 means. With the right columns and a log target it misses by about "
          "half as much."),
    Claim("07", "Linear regression is the simplest neural network", "true", "true",
          "One `nn.Linear`, trained by LBFGS, and the formula of least squares agree in all 12 numbers, to the eighth "
          "decimal."),

    Claim("08", "Dropout prevents overfitting", "when", "true when the network learns what it should not",
          "With careless labels it gains some twelve points. With clean ones below 1.1, within its uncertainty. On "
          "the bicycles the error rises by more than half."),
    Claim("08", "In each step a chosen fraction of the units is off", "misleading", "misleading",
          "Of 100 units at p = 0.5, 50 are off on average, with a standard deviation of 5; in 2,000 steps fewer than "
          "40 and more than 60 were."),
    Claim("08", "Dropout acts during training only", "when", "true, once you say `eval()`",
          "Forgotten, it costs four points with clean labels and nine with careless ones, and nothing complains."),
    Claim("08", "Monte Carlo dropout tells you when a network does not know", "misleading", "misleading",
          "On digits turned sideways one answer in nine is right, and the mean of twenty opinions is 91 % certain."),

    Claim("09", "Too large a batch learns badly", "misleading", "misleading",
          "After ten epochs from 95 % down to about 42. After 900 updates 94.6 % for every batch size."),
    Claim("09", "k times the batch: k times the learning rate", "when",
          "true while the longer step stays well below 2/L",
          "From batches of 15 to 135 the same loss, to two digits. With all images, at lr 9, every run stands above a "
          "loss of 1."),
    Claim("09", "A larger batch trains faster", "when", "true per epoch, false per image, and to a target true up to a "
          "point",
          "From 5 images to 135 the updates fall from about 650 to 50. From 450 on, three times the batch saves none."),
    Claim("09", "Large batches generalise worse", "not_found", "not found here",
          "At a training loss of 0.05, batches of 15, 135 and 1,347 end level over ten splits; a point of difference "
          "would have shown."),
    Claim("09", "SGD takes one example at a time and reaches the minimum", "when",
          "true if lr falls to 0, and not too fast",
          "lr 0.1 with 15 examples, 0.3 with 45 and 1 with 135 settle on one floor. With a falling lr they end ten "
          "times lower or more."),
    Claim("09", "The batch must be large enough for a good gradient", "true", "true",
          "Its squared distance from the whole gradient falls as 1/B: slope −1.0. Large enough means 55 images at "
          "first, and several thousand late."),
    Claim("09", "The mean of the batches' means is the mean", "when", "true if all batches have one size",
          "Parts of 900, 400 and 47 images, each counted alike: the gradient is off by 23 %."),

    Claim("10", "N devices train N times faster", "false",
          "false as a rule; true while the work of a share is long against the messages",
          "A step on 64 images takes two processes longer than one, and 150 flowers are fastest on a single one. "
          "65,536 rows of 784 numbers follow N for a while."),
    Claim("10", "k devices: k times the learning rate", "when",
          "true while the longer step stays below 2/L. Warm-up helped where the start was the steepest part, and not "
          "otherwise",
          "Softmax regression in batches of 450 ends where it did at 30 times the rate. Warm-up gains it nothing at "
          "any of five rates; a network with a steep start ends at less than half the loss."),
    Claim("10", "The sampler takes care of uneven data", "false", "false",
          "For 64 ranks it repeats 62 of 450 rows, and the reported loss is up to ten per cent off. If the file is "
          "sorted, it is some 5 per cent too low on average."),
    Claim("10", "bf16 costs accuracy", "false", "false for the products, true for what is added up",
          "Products leave two digits of a gradient right, and change no loss by 0.005. A weight of 0.5 stored in bf16 "
          "stands still when its update is less than half of 0.002."),
    Claim("10", "Gradients can be computed on several devices and averaged", "when",
          "true if each share counts by its size",
          "So weighted, shares of 1000, 300, 40 and 7 rows give the whole gradient to 1e-12. Counted alike, the mean "
          "is off by half the length of the gradient."),
    Claim("10", "Dividing an averaged loss by the batch size once more does no harm", "false",
          "false: every step is as much shorter",
          "In the published program 150 flowers divide twice, and the loss barely leaves that of guessing, 1.10. With "
          "an lr 150 times as large the fault is gone."),
)
