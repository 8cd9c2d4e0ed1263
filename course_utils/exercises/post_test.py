"""The post-test of lesson 11: six guesses of the lessons asked again, and six questions on the lessons' main ideas.

A wrong answer named here stands for a wrong idea, or, without a number, for a slip. The first answer counts:
`course_utils.course.what_changed` lays it beside the guess in the learner's copy of the lesson.
"""

from typing import Any

from course_utils.checker import NOTHING_GIVEN, Choice, Exercise, Feedback, Mistake, Number, Right, Wrong, give_names


class KeepsFirst(Exercise):
    """Keeps the first answer that can be judged, and what was said to it; later answers correct the learner only."""

    lesson: str                         # where the answer is
    first: tuple[Any, Feedback] | None = None

    def check(self, answer: Any = NOTHING_GIVEN, *others: Any, **misnamed: Any) -> Feedback:
        """As every exercise, and the first answer is kept."""
        feedback = super().check(answer, *others, **misnamed)
        if self.first is None and feedback.status != "not yet":
            self.first = answer, feedback
        return feedback


class NumberAgain(KeepsFirst, Number):
    """A number that a lesson asked for as a guess."""

    def __init__(self, lesson: str, question: str, answer: float, tolerance: float, mistakes: list[Mistake],
                 hints: list[str], explanation: str):
        super().__init__(question, answer, tolerance, mistakes, hints=hints, explanation=explanation)
        self.lesson = lesson

    def _check(self, answer: Any) -> Feedback:
        """A right share that is given in per cent is asked for again: a unit is no wrong idea."""
        feedback = super()._check(answer)
        in_percent = isinstance(answer, int | float) and 0 < self.right_answer < 1 < answer
        if in_percent and super()._check(answer / 100).status == "right":
            return Feedback("not yet", f"If that is in per cent, give it as a share: {answer / 100:g}.")
        return feedback


class ChoiceOnce(KeepsFirst, Choice):
    """A choice whose first answer is kept."""

    def __init__(self, lesson: str, question: str, options: dict[str, Right | Wrong], hints: list[str],
                 explanation: str):
        super().__init__(question, options, hints, explanation)
        self.lesson = lesson


# The six numbers

again_logit = NumberAgain(
    "01", "A model's raw score, its logit, is 0.5. Which probability does it mean?", 0.6225, 0.005,
    [
        Mistake(0.5, "0.5 is the score itself. A logit is log-odds; a probability of one half has logit 0.", "M01"),
        Mistake(0.6065, "That is e to the power of −0.5. A probability is 1 over 1 plus that."),
        Mistake(1.6487, "Those are the odds, e to the score. A probability is odds / (1 + odds).", "M27"),
        Mistake(0.3775, "That is the probability of the other class: the logit is positive, so yes is likelier.",
                "M01"),
    ],
    ["Is a positive score for or against?", "The sigmoid: 1 / (1 + e to the minus score)."],
    "Above one half, and by less than the score suggests. Decide at logit 0, not at 0.5.",
)

again_floor = NumberAgain(
    "03", "Ten classes; softmax as last layer, then the usual loss, which applies softmax itself. "
          "How low can that loss get?", 1.4612, 0.01,
    [
        Mistake(0.0, "With logits it would be 0. Here the loss is handed shares, and no share is above 1.", "M02"),
        Mistake(2.3026, "That is ln 10, the price of knowing nothing. The best shares are a 1 and nine 0s.", "M02"),
        Mistake(0.1, "That is a share, the one of guessing among ten. A loss is minus the logarithm of a share."),
        Mistake(0.2320, "That is the share which the second softmax gives to the best. Its price is minus its log.",
                "M02"),
    ],
    ["What is the best row of shares that the first softmax can hand over?",
     "The second softmax makes e / (e + 9) of the 1 in it. The loss is minus the log of that."],
    "A loss with ten classes that sticks above 1.461 has had its softmax twice.",
)

again_pairs = NumberAgain(
    "00", "You subtract targets of shape (64,) from predictions of shape (64, 1). How many differences?", 4096, 0,
    [
        Mistake(64, "64 were meant. A column and a row are both stretched: all with all.", "M05"),
        Mistake(128, "They are not laid end to end. A column and a row are both stretched: all with all.", "M05"),
        Mistake(1, "One number is the loss, after a mean. How many differences go into it?"),
        Mistake(0, "Torch does not refuse. A column and a row are both stretched: all with all.", "M05"),
    ],
    ["Write the shapes under each other, flush right: (64, 1) and (64)."],
    "64 × 64, without a word of complaint. `squeeze(1)` or `unsqueeze(1)` one of them.",
)

again_gradient = NumberAgain(
    "02", "You call backward() three times on the same loss and zero nothing. How many times the gradient stands in "
          ".grad?", 3, 0,
    [
        Mistake(1, "Nothing is overwritten: `backward()` adds to what is there.", "M07"),
        Mistake(0, "Nothing is emptied either: `zero_grad()` does that, and nobody called it.", "M08"),
        Mistake(2, "Two calls repeat the first one, and the first counts as well."),
        Mistake(8, "It adds, it does not double: one gradient more at each call.", "M07"),
        Mistake(4, "`.grad` begins empty, so three calls add up to three.", "M07"),
    ],
    ["Does `backward()` overwrite, or add?"],
    "One for each call. That is wanted for a batch in parts, and nowhere else.",
)

again_divided = NumberAgain(
    "09", "A loss is the mean over 64 examples. Somebody divides it by 64 once more. Which part of the gradient is "
          "left?", 1 / 64, 0.0004,
    [
        Mistake(1, "The gradient is divided as the loss is, and every step with it.", "M17"),
        Mistake(64, "Dividing makes it smaller. A sum in place of the mean would be 64 times as large.", "M15"),
        Mistake(1 / 4096, "The first division made it the mean. Only the second one is too many.", "M17"),
    ],
    ["A constant factor before a loss stands before its gradient too."],
    "Nothing looks wrong but the pace: it is a learning rate 64 times too small.",
)

again_batch = NumberAgain(
    "09", "Ten passes in batches of 8 give 95 % right. Ten passes in batches of 512, nothing else changed: what share "
          "is right?", 0.80, 0.07,
    [
        Mistake(0.95, "The passes are equal, the updates are not: a batch of 512 gets a 64th of them.", "M42"),
        *(Mistake(share, "A better gradient is no gain when it is used a 64th as often.", "M42")
          for share in (0.97, 0.99)),
        Mistake(1.0, "A better gradient is used a 64th as often. It gets nowhere near everything right.", "M42"),
        Mistake(0.1, "That is guessing. Some 30 updates do teach it something.", "M42"),
    ],
    ["How many updates are ten passes over some 1,350 digits, in batches of 8 and in batches of 512?",
     "30 updates where there were 1,690. Lesson 09 shows a curve for batches of 450."],
    "Measured over ten seeds: 0.78 to 0.82. At equal updates the batch size leaves no trace; or raise lr with it.",
)


# Six on the main ideas

knows_momentum = ChoiceOnce(
    "05", "SGD runs at a learning rate a little below its limit. You add momentum 0.9 and change nothing else. "
          "What do you expect?",
    {
        "a": Wrong("The same steps, only smoother", "Along a steady slope old gradients add up: steps grow tenfold.",
                   "M36"),
        "b": Wrong("Faster, because longer steps are faster", "Beyond the limit longer steps walk away, uphill.",
                   "M37"),
        "c": Right("Steps up to ten times as long: lower lr first"),
        "d": Wrong("No overshooting, because the coefficient is below 1",
                   "A coefficient below 1 lets the swinging die out; momentum is what causes it.", "M36"),
    },
    ["If the gradient stays g, what does v = 0.9 v + g settle at?"],
    "v settles at g / (1 − 0.9), ten times the gradient. Raise μ, lower lr.",
)

knows_weight_decay = ChoiceOnce(
    "06", "scikit-learn's `LogisticRegression()` was fitted to 500 rows, with nothing in the brackets. Which "
          "`weight_decay` on the weights, with a mean loss, leads SGD to the same weights?",
    {
        "a": Wrong("0: nothing was asked for", "Unasked, scikit-learn takes C = 1. It is never without a penalty.",
                   "M21"),
        "b": Right("0.002"),
        "c": Wrong("1, because C is 1", "C multiplies a sum of losses; decay stands beside a mean. 1 is far too much.",
                   "M20"),
        "d": Wrong("0.001, because the penalty has a half in it",
                   "Both have the half: decay λ adds λw, the gradient of λ/2 times w squared.", "M19"),
    },
    ["scikit-learn minimises C · (sum of losses) + ½ ‖w‖². Divide by n · C."],
    "λ = 1 / (n · C) = 1/500. And the bias in a group without decay.",
)

knows_dropout = ChoiceOnce(
    "08", "A network with `nn.Dropout(0.5)` is measured twice on the same images, and gives two accuracies. What is "
          "to be done?",
    {
        "a": Wrong("Measure under `torch.no_grad()`", "That stops the recording. Units still fall silent at random.",
                   "M10"),
        "b": Right("Call `model.eval()` before you measure"),
        "c": Wrong("Nothing, that is the uncertainty of a test set",
                   "The images are the same: only switched-off units can differ.", "M09"),
        "d": Wrong("Multiply what the units say by one half",
                   "PyTorch rescales in training already, so afterwards nothing is to be corrected.", "M41"),
    },
    ["Which of `eval()` and `no_grad()` changes what a layer computes?"],
    "The flag `training` decides. Forgotten, it cost four to nine points in lesson 08.",
)

knows_test_set = ChoiceOnce(
    "06", "Two hundred settings were tried. The one with the best test accuracy has 81.7 %. What is that number?",
    {
        "a": Wrong("The accuracy on new rows: no row of the test set was trained on",
                   "The rows chose the setting, so they flatter it. Choosing is learning, too.", "M25"),
        "b": Wrong("The accuracy on new rows, if means and spreads came from the training rows",
                   "That closes another leak. These rows have chosen, and what chose cannot judge.", "M24"),
        "c": Wrong("Proof that this setting is better than the next one, at 81.3 %",
                   "Of 236 rows that is one. A difference inside the interval is noise.", "M46"),
        "d": Right("The best of 200 on the rows that chose it: too high, and other rows must say by how much"),
    },
    ["What would the highest of 200 scores be if all settings were equally good?"],
    "What has chosen cannot judge. Choose on validation rows, and look at the test rows once.",
)

knows_weighting = ChoiceOnce(
    "01", "Five in a hundred examples are positive. In the loss each of them is counted nineteen times. What becomes "
          "of the probabilities that the model states?",
    {
        "a": Wrong("They stay honest: about 5 % on average",
                   "It now learns from a world with half positives, and states what is true there.", "M45"),
        "b": Right("They are far too high; it answers for a world with nineteen times as many"),
        "c": Wrong("They become fairer, so the accuracy passes the 95 % of always saying no",
                   "Weighted, it says yes far more often, and accuracy falls below that baseline.", "M45"),
        "d": Wrong("They are right for the rare class, since a lower loss means a better model",
                   "It is another loss: lower there says nothing about these probabilities.", "M40"),
    },
    ["Nineteen copies of each positive example would give the same loss."],
    "It finds more of them, as a lower threshold would. Weight your decisions, not your data.",
)

knows_workers = ChoiceOnce(
    "10", "One process trains in batches of 64 at lr 0.1. Now four processes take 64 each, their gradients are "
          "averaged, and lr and epochs stay. What has changed?",
    {
        "a": Wrong("The time alone: a quarter of it, for the same result",
                   "It is one process at batch 256, with a quarter of the updates. Nor is it four times as fast.",
                   "M46"),
        "b": Wrong("The step: four gradients add up to one four times as long",
                   "They are averaged, so the step is as long as before. A sum would be four times as long.", "M15"),
        "c": Right("The batch: it is 256 now, with a quarter of the updates"),
        "d": Wrong("Nothing, as long as every mean counts alike, whatever its shard holds",
                   "The mean of means is the mean only for equal shares; and the batch has grown as well.", "M16"),
    },
    ["Which examples does one update look at, all processes together?"],
    "Averaging makes it one large batch. Compare at equal updates, or scale lr.",
)


give_names(globals())
