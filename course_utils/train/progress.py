"""A progress bar for runs that are worth waiting for."""

import math
import time
from typing import Any

from course_utils.bar import bar


class Progress:
    """Counts steps, and shows a bar as soon as it is clear that they will take over two seconds.

    progress = Progress(steps=1000)
    for ...:
        progress.tick()
    progress.close()
    """

    def __init__(self, steps: int):
        self.steps, self.done = steps, 0
        self.bar: Any = None
        self.start = math.nan

    def tick(self) -> None:
        self.done += 1
        if self.bar is not None:
            self.bar.update()
        elif self.done == 1:
            self.start = time.perf_counter()  # after the first step, which may load parts of torch for seconds
        elif self.done % 8 == 0:
            elapsed = time.perf_counter() - self.start
            if elapsed > 0.5 and elapsed * self.steps / self.done > 2:
                self.bar = bar(total=self.steps, initial=self.done)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
