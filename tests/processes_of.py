"""Which of the processes that a test let start still run."""

from pathlib import Path

import pytest

unix = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc to see who is still running")


def running(folder):
    """The processes that wrote their numbers into `folder` and still run."""
    found = []
    for file in folder.glob("*.pid"):
        try:
            state = Path(f"/proc/{file.read_text()}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            continue
        if state != "Z":                # ended, and nobody has asked for its exit code yet
            found.append(file.name)
    return found
