"""What people say about our subject, and what became of it: the table behind the claims board.

The claims of lessons 01 to 09 are those of their studies. Lesson 10 has its experiments on the page; its claims stand
here, in its own words where it has them under "Claims, tested".
"""

from types import ModuleType
from typing import NamedTuple

from course_utils.studies import (
    batch_size,
    binary_logistic_regression,
    dropout,
    gradients_and_the_training_loop,
    layers_and_activations,
    optimizers,
    parameters,
    regularization,
    softmax_regression,
)
from course_utils.study import Study

STUDIES: dict[str, ModuleType] = {
    "01": binary_logistic_regression, "02": gradients_and_the_training_loop, "03": softmax_regression, "04": parameters,
    "05": optimizers, "06": regularization, "07": layers_and_activations, "08": dropout, "09": batch_size,
}


class Claim(NamedTuple):
    """One claim, and the lesson that tested it."""

    lesson: str                         # its number, "01"
    claim: str
    kind: str                           # a key of `study.KINDS`
    verdict: str                        # as the lesson says it
    evidence: str


def _of(lesson: str) -> list[Claim]:
    """The claims that the lesson's studies test."""
    studies = [one for one in vars(STUDIES[lesson]).values() if isinstance(one, Study) and one.claim]
    return [Claim(lesson, one.claim, one.kind, one.verdict, one.evidence) for one in studies]


CLAIMS = (
    *(claim for lesson in STUDIES for claim in _of(lesson)),
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
