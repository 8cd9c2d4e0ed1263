"""What every test run says at its end."""


def pytest_terminal_summary(terminalreporter):
    """What test_notebooks measured: time and memory of each lesson."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    lines = {text for report in reports for name, text in getattr(report, "user_properties", []) if name == "lesson"}
    if lines:
        terminalreporter.section("solved lessons, network cut off")
        for line in sorted(lines):
            terminalreporter.line(line)
