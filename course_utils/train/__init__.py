"""Training is a `for` loop: `training` yields one epoch at a time, `fit` collects them."""

from course_utils.train.checks import LossFunction, as_data, check_first_batch, is_right
from course_utils.train.failures import Diverged, explain_non_finite_loss, forget_half_loaded
from course_utils.train.history import EarlyStopping, Epoch, History, Score, mean_over_batches
from course_utils.train.loop import EVALUATION_ROWS, epochs_trained, eval_mode, evaluate, fit, train_mode, training
from course_utils.train.progress import Progress
from course_utils.train.randomness import epoch_seed, seeded

__all__ = [
    "EVALUATION_ROWS", "Diverged", "EarlyStopping", "Epoch", "History", "LossFunction", "Progress", "Score", "as_data",
    "check_first_batch", "epoch_seed", "epochs_trained", "eval_mode", "evaluate", "explain_non_finite_loss", "fit",
    "forget_half_loaded", "is_right", "mean_over_batches", "seeded", "train_mode", "training",
]
