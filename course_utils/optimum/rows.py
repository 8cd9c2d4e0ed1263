"""Where the rows of a fit are. Newton's method needs them in sums only, and sums can be taken over many machines."""

from collections.abc import Callable

import numpy as np


class Rows:
    """All rows are here: the sum over them is the sum, and nobody else has to be asked.

    `course_utils.distributed` has the same for rows that lie on several processes. There each process calls these
    with what its own rows give, and every process gets the same answer.
    """

    def total(self, sums: np.ndarray) -> np.ndarray:
        """Sums over the rows here, any shape, become sums over all rows."""
        return sums

    def highest(self, values: np.ndarray) -> np.ndarray:
        """The largest values among the rows here, any shape, become the largest of all."""
        return values

    def first(self, trouble: str | None) -> str | None:
        """What is wrong with the rows here, if anything; becomes what is wrong with any."""
        return trouble

    def once(self, work: Callable[..., np.ndarray | None], *arrays: np.ndarray) -> np.ndarray | None:
        """work(*arrays) with all rows at once, in one place."""
        return work(*arrays)
