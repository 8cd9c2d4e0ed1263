"""The exact optimum of rows that lie on several processes: Newton's method asks for sums over them, and sums add up."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
import torch.distributed as dist

from course_utils.data import Examples
from course_utils.distributed.agreement import check_same_everywhere, from_every_rank, from_rank_0, place
from course_utils.optimum import Optimum, Rows, fit_rows_to_optimum
from course_utils.penalties import Penalty


def fit_to_optimum_distributed(
    shard: Examples,
    *,
    penalty: Penalty | None = None,
    n_classes: int | None = None,
    tol: float = 1e-10,
    max_iterations: int = 200,
) -> Optimum:
    """`fit_to_optimum` of all rows, where each process gives its own; the same Optimum on each.

        mine = share_of(torch.arange(len(X)), dist.get_rank(), dist.get_world_size())
        best = fit_to_optimum_distributed(Examples(X[mine], y[mine]), penalty=l2(0.01))

    Shards may be of any sizes and lack classes. What travels is a gradient or a product with the Hessian, of the size
    of the weights, some ten to a hundred times in all; the rows stay where they are. Only to tell whether the data are
    separable, when the weights have grown large, rank 0 gathers the rows of a small problem.
    `examples` of the result is None, so it gives no standard errors. Raises what `fit_to_optimum` raises, on all
    processes alike, and ValueError if they were given other arguments or features.
    """
    check_same_everywhere({
        "rows of X with shape": tuple(shard.X.shape[1:]), "penalty": penalty, "n_classes": n_classes, "tol": tol,
        "max_iterations": max_iterations,
    })
    optimum = fit_rows_to_optimum(OnAllProcesses(), shard, penalty, n_classes, tol, max_iterations)
    return replace(optimum, examples=shard if place().processes == 1 else None)


class OnAllProcesses(Rows):
    """Rows of which each process has some. Each of these is a message to all, and all wait for it.

    The answers are equal to the last bit on all processes, so that they decide alike and stay in step.
    """

    def total(self, sums: np.ndarray) -> np.ndarray:
        return _reduced(sums, dist.ReduceOp.SUM)

    def highest(self, values: np.ndarray) -> np.ndarray:
        return _reduced(values, dist.ReduceOp.MAX)

    def first(self, trouble: str | None) -> str | None:
        return next(filter(None, from_every_rank(trouble)), None)

    def once(self, work: Callable[..., np.ndarray | None], *arrays: np.ndarray) -> np.ndarray | None:
        parts = from_every_rank(arrays)
        return from_rank_0(lambda: work(*(np.concatenate(part) for part in zip(*parts, strict=True))))


def _reduced(array: np.ndarray, how: dist.ReduceOp.RedOpType) -> np.ndarray:
    if place().processes == 1:
        return array
    tensor = torch.from_numpy(np.array(array))                            # a copy, which the answer replaces
    dist.all_reduce(tensor, how)
    return tensor.numpy()
