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

__all__ = [
    "FittedCost",
    "Point",
    "Prediction",
    "Step",
    "StepCost",
    "StepSeconds",
    "fit_cost",
    "measure_steps",
    "ring_bytes",
]
