"""What `fit_distributed` does, with Lightning Fabric: the same loop in one process and in several.

    python fabric_example.py PROCESSES FOLDER BATCH_SIZE ...      # saves the parameters in FOLDER/BATCH_SIZE.pt
"""

import sys

import torch
import torch.nn.functional as F

from course_utils.data import Examples, minibatches, take
from course_utils.models import MultinomialLogisticRegression
from course_utils.train import epoch_seed


def worker(fabric, train, epochs=3, batch_size=64):
    model = MultinomialLogisticRegression(64, 10)
    model, optimizer = fabric.setup(model, torch.optim.SGD(model.parameters(), lr=0.5))
    for epoch in range(1, epochs + 1):
        order = torch.Generator().manual_seed(epoch_seed(0, epoch))
        for batch in minibatches(len(train.X), batch_size, order):
            mine = batch.tensor_split(fabric.world_size)[fabric.global_rank]
            X, y = fabric.to_device(take(train, mine))
            optimizer.zero_grad()
            loss = F.cross_entropy(model(X), y, reduction="sum") / len(batch)   # my part of the batch's mean
            fabric.backward(loss * fabric.world_size)                           # for Fabric averages over processes
            optimizer.step()
    return model


def examples():
    """100 examples of 64 features and 10 classes, drawn."""
    draw = torch.Generator().manual_seed(1)
    return Examples(torch.randn(100, 64, generator=draw), torch.randint(10, (100,), generator=draw))


if __name__ == "__main__":
    from lightning.fabric import Fabric

    processes, folder, *batch_sizes = sys.argv[1:]
    fabric = Fabric(accelerator="cpu", devices=int(processes), strategy="ddp")
    fabric.launch()
    for batch_size in batch_sizes:
        fabric.seed_everything(0)
        trained = worker(fabric, examples(), batch_size=int(batch_size))
        fabric.save(f"{folder}/{batch_size}.pt", {"model": trained})
    if fabric.global_rank == 0:
        print(f"{fabric.world_size} processes")
