"""The same training on several processes or devices, on torch.distributed."""

from course_utils.distributed.failures import WorkerFailed
from course_utils.distributed.group import device_of_rank, process_group, progress_of
from course_utils.distributed.launch import Launched, launch
from course_utils.distributed.parcel import NotSendable

__all__ = [
    "Launched",
    "NotSendable",
    "WorkerFailed",
    "device_of_rank",
    "launch",
    "process_group",
    "progress_of",
]
