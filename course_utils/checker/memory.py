"""What was said before about one exercise, for what is added when the same words are given again.

It lives in the exercise and ends with the kernel; nothing is stored. A feedback's message and mistake stay as they are.
"""

from collections import Counter

from course_utils.checker.ideas import IDEAS

ON_THE_WAY = "Met on the way:"          # `course progress` looks for it in saved notebooks


class Memory:
    """How often each message was given since the last right answer, and which wrong ideas were met."""

    def __init__(self) -> None:
        self._said: Counter[str] = Counter()
        self._ideas: dict[str, None] = {}

    def times(self, message: str, idea: str | None) -> int:
        """How often a message was given by now, this time included; `idea` is the number of the wrong idea."""
        self._said[message] += 1
        if idea in IDEAS:
            self._ideas[IDEAS[idea]] = None
        return self._said[message]

    def on_the_way(self) -> str:
        """The wrong ideas met before a right answer, in words; the next mistake counts as a first one again."""
        self._said.clear()
        return f"{ON_THE_WAY} {'; '.join(self._ideas)}." if self._ideas else ""


def hint_due(times: int, hints: int) -> int:
    """Which of so many hints is unfolded when a message comes for the n-th time: from the third on, one each time."""
    return min(max(times - 2, 0), hints)
