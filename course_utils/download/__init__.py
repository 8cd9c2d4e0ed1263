"""Find the files of a data set, or fetch them; nothing is handed over before its SHA-256 has been checked."""

from course_utils.download.lookup import DataUnavailable, fetch
from course_utils.download.sources import SOURCES

__all__ = [
    "SOURCES", "DataUnavailable", "fetch",
]
