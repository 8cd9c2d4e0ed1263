"""What every test run begins with, in which order its files run, and what it says at its end."""

import os

import in_turn
import pytest

# Tests run side by side. Threads of one that wait for a core which another holds make both many times slower;
# kernels and servers that the tests start inherit this.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Half a minute or more each, the others seconds. Begun last, one would leave the second process without work.
LONGEST_FIRST = ("test_notebooks.py", "test_notebooks_in_browser.py", "test_study.py", "test_explorers_in_browser.py",
                 "test_exercises.py", "test_wrong_answers.py", "test_explorers.py", "test_launch_faults.py",
                 "test_distributed.py", "test_launch.py", "test_mutants.py", "test_right_answers.py",
                 "test_arbitrary_answers.py", "test_site_in_browser.py", "test_two_hosts.py", "test_checkpoint.py",
                 "test_lessons.py", "test_living_in_browser.py", "test_exercise.py", "test_review.py",
                 "test_security.py")

# What a test records under such a name (`record_property`) is a line of the table with this title.
TABLES = {"lesson": "solved lessons, network cut off", "odd lesson": "lessons in odd places, and out of order"}


def pytest_configure(config):
    """Before the other processes start, so that all have it from the environment."""
    by_name = config.option.keyword or config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    in_turn.settle(asked_for_by_name=bool(by_name))


def pytest_report_header():
    """Which of the tests that take turns run."""
    return in_turn.in_words()


@pytest.hookimpl(tryfirst=True)             # before pytest looks which tests are marked as nightly
def pytest_collection_modifyitems(config, items):
    """The longest files first; otherwise the order stays as it is. Nightly tests run when they are asked for."""
    in_turns = [item for item in items if item.get_closest_marker("in_turn")]
    for item in in_turns:
        item.add_marker("nightly")
    if not config.option.markexpr:
        nightly = {item for item in items if item.get_closest_marker("nightly")}
        left = nightly - set(in_turns) | set(in_turn.waiting(in_turns))
        config.hook.pytest_deselected(items=list(left))
        items[:] = [item for item in items if item not in left]
    order = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def pytest_terminal_summary(terminalreporter):
    """What test_notebooks measured, time and memory of each lesson; and how the injected faults ended."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    _tell_of_faults(terminalreporter, reports)
    for kind, title in TABLES.items():
        lines = {text for report in reports for name, text in getattr(report, "user_properties", []) if name == kind}
        if lines:
            terminalreporter.section(title)
            for line in sorted(lines):
                terminalreporter.line(line)


def _tell_of_faults(terminalreporter, reports):
    """One line for all of tests/faults; a test of a fault that failed counts as one that was lost."""
    tests = [report for report in reports if getattr(report, "when", "") == "call" and "faults/" in report.nodeid]
    ends = [how for report in tests for name, how in report.user_properties if name == "fault"]
    lost = ends.count("lost") + sum(report.failed for report in tests)
    if ends:
        terminalreporter.section("faults")
        terminalreporter.line(f"faults: {len(ends)} injected, {ends.count('recovered')} recovered, "
                              f"{ends.count('explained')} explained, {lost} lost")
