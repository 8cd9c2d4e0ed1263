"""Find the files of a data set, or fetch them; nothing is handed over before its SHA-256 has been checked."""

from course_utils.download.files import SOURCES, DataUnavailable, fetch, forget_failures

__all__ = [
    "SOURCES", "DataUnavailable", "fetch", "forget_failures",
]
