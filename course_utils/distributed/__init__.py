"""The same training on several processes or devices, on torch.distributed."""

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
from course_utils.distributed.step_times import measure_steps
from course_utils.distributed.tpu import fit_on_xla, xla_device

__all__ = [
    "FittedCost",
    "Point",
    "Prediction",
    "Step",
    "StepCost",
    "StepSeconds",
    "fit_cost",
    "fit_on_xla",
    "measure_steps",
    "ring_bytes",
    "xla_device",
]
