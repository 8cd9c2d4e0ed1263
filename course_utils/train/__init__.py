"""Training is a `for` loop: `training` yields one epoch at a time, `fit` collects them."""

from course_utils.train.checks import check_before_training, check_first_batch
from course_utils.train.devices import decimals_of, find_device
from course_utils.train.evaluation import EVALUATION_ROWS, evaluate
from course_utils.train.failures import (
    Diverged,
    diverged,
    explain_cut_off,
    explain_non_finite_loss,
    explain_out_of_memory,
    forget_half_loaded,
    warn_if_nothing_moved,
)
from course_utils.train.history import (
    EarlyStopping,
    Epoch,
    History,
    Score,
    epochs_trained,
    mean_over_batches,
    set_epochs_trained,
)
from course_utils.train.loop import fit, training
from course_utils.train.losses import LossFunction, adds_up, is_right
from course_utils.train.modes import eval_mode, train_mode
from course_utils.train.progress import Progress
from course_utils.train.randomness import epoch_seed, seeded

__all__ = [
    "EVALUATION_ROWS", "Diverged", "EarlyStopping", "Epoch", "History", "LossFunction", "Progress", "Score",
    "adds_up", "check_before_training", "check_first_batch", "decimals_of", "diverged", "epoch_seed", "epochs_trained",
    "eval_mode", "evaluate", "explain_cut_off", "explain_non_finite_loss", "explain_out_of_memory", "find_device",
    "fit", "forget_half_loaded", "is_right", "mean_over_batches", "seeded", "set_epochs_trained", "train_mode",
    "training", "warn_if_nothing_moved",
]
