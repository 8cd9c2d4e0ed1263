"""`python -m torch.distributed.run --nproc-per-node=2 -m course_utils.distributed`: softmax regression, many processes."""

import argparse

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.distributed.elastic.multiprocessing.errors import record

from course_utils.data import Data
from course_utils.datasets import load_breast_cancer, load_digits, load_mnist
from course_utils.distributed.group import device_of_rank, process_group
from course_utils.models import MultinomialLogisticRegression

LOADERS = {"digits": load_digits, "breast_cancer": load_breast_cancer, "mnist": load_mnist}
SEVERAL_MACHINES = """
On several machines, start the same line on each of them at about the same time, with the address of the first:

  python -m torch.distributed.run --nnodes=2 --nproc-per-node=2 --rdzv-backend=c10d \\
      --rdzv-endpoint=ADDRESS_OF_THE_FIRST:29500 -m course_utils.distributed --data digits

Each needs this course and the same data, and has to reach the port on the first. Where a machine has several networks,
GLOO_SOCKET_IFNAME=eth0 (for GPUs NCCL_SOCKET_IFNAME) names the one to use, and --local-addr the machine's own address in
it. --checkpoint has to be a place that all of them share.
"""
