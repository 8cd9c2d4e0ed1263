"""Softmax regression on many processes, from a shell.

    python -m torch.distributed.run --nproc-per-node=2 -m course_utils.distributed --data digits --epochs 5
"""

import argparse
from collections.abc import Sequence

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.distributed.elastic.multiprocessing.errors import record

from course_utils.data import Data
from course_utils.datasets import load_digits, load_iris, load_mnist, load_wine
from course_utils.distributed.group import process_group
from course_utils.models import MultinomialLogisticRegression

SEVERAL_MACHINES = """
On several machines, give this line to each of them, with the address of the first:

  python -m torch.distributed.run --nnodes=2 --nproc-per-node=2 --rdzv-backend=c10d \\
      --rdzv-endpoint=FIRST:29500 -m course_utils.distributed --data digits

Each needs the course and the same data, and has to reach that port of the first. Where a machine has more than one
network, --local-addr before the -m is its address in the one to use, and GLOO_SOCKET_IFNAME=eth0 names the interface
(NCCL_SOCKET_IFNAME for GPUs). The checkpoint has to be in a folder that all machines share.
"""


def load(name: str) -> Data:
    """The data set of this name, each example one row of floats."""
    if name == "mnist":
        return load_mnist(valid_size=10_000).map(lambda X: X.flatten(1).float() / 255)
    return {"digits": load_digits, "iris": load_iris, "wine": load_wine}[name]()


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m torch.distributed.run --nproc-per-node=2 -m course_utils.distributed",
        description="Softmax regression, trained by as many processes as --nproc-per-node says. Their batches together "
                    "are those of one process, so the result is the same.",
        epilog=SEVERAL_MACHINES, formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", choices=("digits", "iris", "wine", "mnist"), default="digits")
    parser.add_argument("--epochs", type=int, default=5, help="passes over the data")
    parser.add_argument("--batch-size", type=int, default=64, help="examples in a step, of all processes together")
    parser.add_argument("--lr", type=float, default=0.5, help="learning rate")
    parser.add_argument("--seed", type=int, default=0, help="of the first parameters and of the order of the examples")
    parser.add_argument("--checkpoint", metavar="FILE", help="written after each epoch")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint, if there is one")
    parser.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS",
                        help="how long a process waits for the others")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, and print one line an epoch on rank 0."""
    from course_utils.distributed.loop import training_distributed

    chosen = options(arguments)
    with process_group(timeout=chosen.timeout):
        torch.manual_seed(chosen.seed)
        data = load(chosen.data)
        model = MultinomialLogisticRegression(data.train.X.shape[1], int(data.train.y.max()) + 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=chosen.lr)
        epochs = training_distributed(
            model, data, F.cross_entropy, optimizer, epochs=chosen.epochs, batch_size=chosen.batch_size,
            seed=chosen.seed, checkpoint=chosen.checkpoint, resume=chosen.resume,
        )
        for epoch in epochs:
            if dist.get_rank() == 0:
                print(f"epoch {epoch.number}: train loss {epoch.train_loss:.6f}, valid loss {epoch.valid_loss:.6f}, "
                      f"valid accuracy {epoch.valid_accuracy:.4f}", flush=True)
        if dist.get_rank() == 0:
            norm = torch.cat([parameter.detach().flatten() for parameter in model.parameters()]).norm()
            print(f"processes: {dist.get_world_size()}, norm of the parameters: {norm:.6f}")


if __name__ == "__main__":
    record(main)()                          # torchrun then reports the traceback of the process that failed first
