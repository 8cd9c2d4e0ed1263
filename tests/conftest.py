"""What every test run begins with, and what it says at its end."""

import os

# Tests run side by side. Threads of one that wait for a core which another holds make both many times slower;
# kernels and servers that the tests start inherit this.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_terminal_summary(terminalreporter):
    """What test_notebooks measured: time and memory of each lesson."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    lines = {text for report in reports for name, text in getattr(report, "user_properties", []) if name == "lesson"}
    if lines:
        terminalreporter.section("solved lessons, network cut off")
        for line in sorted(lines):
            terminalreporter.line(line)
