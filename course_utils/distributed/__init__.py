"""The same training on several processes or devices, on torch.distributed."""

from course_utils.distributed.checkpoint import CheckpointError
from course_utils.distributed.cost import (
    FittedCost,
    Point,
    Prediction,
    Step,
    StepCost,
    StepSeconds,
    fit_cost,
    ring_bytes,
)
from course_utils.distributed.loop import fit_distributed, training_distributed
from course_utils.distributed.optimum import fit_to_optimum_distributed
from course_utils.distributed.shards import average_gradients, padded_share, share
from course_utils.distributed.step_times import measure_steps
from course_utils.distributed.storage import block_order, open_stored, store

__all__ = [
    "CheckpointError",
    "FittedCost",
    "Point",
    "Prediction",
    "Step",
    "StepCost",
    "StepSeconds",
    "average_gradients",
    "block_order",
    "fit_cost",
    "fit_distributed",
    "fit_to_optimum_distributed",
    "measure_steps",
    "open_stored",
    "padded_share",
    "ring_bytes",
    "share",
    "store",
    "training_distributed",
]
