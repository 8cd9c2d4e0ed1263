"""The fifth step, measure: how good is a model on a whole set of examples?"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from course_utils.arguments import whole_number
from course_utils.data import Data, Examples, as_data
from course_utils.train.devices import decimals_of, find_device
from course_utils.train.failures import explain_out_of_memory
from course_utils.train.first_outputs import predict
from course_utils.train.history import Score
from course_utils.train.losses import LossFunction, adds_up, is_right
from course_utils.train.modes import eval_mode

EVALUATION_ROWS = 8192  # rows that go through a model at a time: a bound on memory, without an effect on the result


@explain_out_of_memory()
def evaluate(
    model: nn.Module, examples: Examples, loss_fn: LossFunction, *, batch_size: int = EVALUATION_ROWS
) -> Score:
    """Measure `model` on all `examples`, in eval mode and without recording gradients; the mode is put back.

    `examples` may be a pair (X, y) of arrays or tables, too. Raises TypeError for a Data, which has several parts, and
    ValueError for inputs that the model cannot take.
    The loss is that of the whole set at once, and the value of a loss function that sums is divided by the number of
    examples. The accuracy is the share of right classes; where an example has several yes-or-no targets, all count.
    """
    if isinstance(examples, Data):
        raise TypeError("`evaluate` measures one part of the data. Name it: `data.train`, `data.valid` or `data.test`.")
    batch_size = whole_number("batch_size", batch_size, "examples", least=1)
    X, y = as_data(examples, decimals_of(model)).train
    device = find_device(model)
    sums = getattr(loss_fn, "reduction", "mean") == "sum"
    total_loss, total_right = 0.0, 0.0
    judged = True  # whether the loss is about classes, so that there is a right and a wrong
    with eval_mode(model), torch.no_grad():
        pieces = (
            (predict(model, inputs.to(device)), targets.to(device))
            for inputs, targets in zip(X.split(batch_size), y.split(batch_size), strict=True)
        )
        for outputs, targets in pieces if len(X) <= batch_size or adds_up(loss_fn, y) else _joined(pieces):
            loss = loss_fn(outputs, targets).item()
            total_loss += loss if sums else loss * len(targets)
            right = is_right(outputs, targets, loss_fn)
            if right is None:
                judged = False
            else:
                total_right += int(right.sum()) / right[0].numel()
    return Score(total_loss / len(X), total_right / len(X) if judged else None)


def _joined(pieces: Iterable[tuple[Tensor, Tensor]]) -> list[tuple[Tensor, Tensor]]:
    """All outputs and targets as one piece; or as they are, where the outputs have no row for each example."""
    pieces = list(pieces)
    outputs, targets = zip(*pieces, strict=True)
    shapes = {(len(output) - len(target), *output.shape[1:]) if output.dim() else () for output, target in pieces}
    in_rows = len(shapes) == 1 and shapes != {()}
    return [(torch.cat(outputs), torch.cat(targets))] if in_rows else pieces
