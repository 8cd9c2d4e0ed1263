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
from course_utils.distributed.failures import WorkerFailed
from course_utils.distributed.group import device_of_rank, process_group, progress_of
from course_utils.distributed.launch import Launched, launch
from course_utils.distributed.loop import fit_distributed, training_distributed
from course_utils.distributed.optimum import fit_to_optimum_distributed
from course_utils.distributed.parcel import NotSendable
from course_utils.distributed.shards import average_gradients, padded_share, share_of
from course_utils.distributed.step_times import measure_steps
from course_utils.distributed.storage import block_order, open_stored, store
from course_utils.distributed.tpu import fit_on_xla, xla_device

__all__ = [
    "CheckpointError",
    "FittedCost",
    "Launched",
    "NotSendable",
    "Point",
    "Prediction",
    "Step",
    "StepCost",
    "StepSeconds",
    "WorkerFailed",
    "average_gradients",
    "block_order",
    "device_of_rank",
    "fit_cost",
    "fit_distributed",
    "fit_on_xla",
    "fit_to_optimum_distributed",
    "launch",
    "measure_steps",
    "open_stored",
    "padded_share",
    "process_group",
    "progress_of",
    "ring_bytes",
    "share_of",
    "store",
    "training_distributed",
    "xla_device",
]
