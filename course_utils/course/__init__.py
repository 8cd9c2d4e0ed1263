"""What is done around the notebooks: the commands, the learner's copies, derived copies, the doctor."""

from course_utils.course.review import fresh
from course_utils.course.then_and_now import what_changed

__all__ = [
    "fresh", "what_changed",
]
