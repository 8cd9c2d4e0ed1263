"""What is done around the notebooks: the commands, the learner's copies, derived copies, the doctor."""

from course_utils.course.then_and_now import what_changed

__all__ = [
    "what_changed",
]
