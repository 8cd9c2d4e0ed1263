"""The same training on several processes or devices, on torch.distributed."""

from course_utils.distributed.checkpoint import CheckpointError
from course_utils.distributed.loop import fit_distributed, training_distributed
from course_utils.distributed.optimum import fit_to_optimum_distributed
from course_utils.distributed.shards import average_gradients, padded_share, share
from course_utils.distributed.storage import block_order, open_stored, store

__all__ = [
    "CheckpointError",
    "average_gradients",
    "block_order",
    "fit_distributed",
    "fit_to_optimum_distributed",
    "open_stored",
    "padded_share",
    "share",
    "store",
    "training_distributed",
]
