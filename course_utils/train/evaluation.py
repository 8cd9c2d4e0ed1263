"""The fifth step, measure: how good is a model on a whole set of examples?"""

import torch
from torch import nn

from course_utils.data import Examples
from course_utils.train.devices import find_device
from course_utils.train.failures import explain_out_of_memory
from course_utils.train.history import Score
from course_utils.train.losses import LossFunction, is_right
from course_utils.train.modes import eval_mode

EVALUATION_ROWS = 8192  # rows measured at a time: a bound on memory, without an effect on the result


@explain_out_of_memory()
def evaluate(
    model: nn.Module, examples: Examples, loss_fn: LossFunction, *, batch_size: int = EVALUATION_ROWS
) -> Score:
    """Measure `model` on all `examples`, in eval mode and without recording gradients; the mode is put back.

    The loss is the mean over the examples: a shorter last batch counts by its size, and the value of a loss function
    that sums is divided by the number of examples.
    """
    X, y = examples
    device = find_device(model)
    sums = getattr(loss_fn, "reduction", "mean") == "sum"
    total_loss, total_right = 0.0, 0
    judged = True  # whether the loss is about classes, so that there is a right and a wrong
    with eval_mode(model), torch.no_grad():
        for inputs, targets in zip(X.split(batch_size), y.split(batch_size), strict=True):
            outputs, targets = model(inputs.to(device)), targets.to(device)
            loss = loss_fn(outputs, targets).item()
            total_loss += loss if sums else loss * len(inputs)
            right = is_right(outputs, targets, loss_fn)
            if right is None:
                judged = False
            else:
                total_right += int(right.sum())
    return Score(total_loss / len(X), total_right / len(X) if judged else None)
