"""How the tests share two processes: everything from one file stays together, a notebook's cells above all."""

import pytest


def pytest_collection_modifyitems(items):
    # A file whose tests are slow may name groups of its own, as test_notebooks does for each lesson.
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.name))


def pytest_terminal_summary(terminalreporter):
    """What test_notebooks measured: time and memory of each lesson."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    lines = {text for report in reports for name, text in getattr(report, "user_properties", []) if name == "lesson"}
    if lines:
        terminalreporter.section("solved lessons, network cut off")
        for line in sorted(lines):
            terminalreporter.line(line)
