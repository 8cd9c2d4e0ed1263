"""One JupyterLab and one Chromium for the tests of a file; they skip, and say so, where there is no Chromium.

Not for the whole session: while Playwright is on, an event loop runs in this thread, and tests of another file that
come next in the same process would run inside it.
"""

import os
from pathlib import Path

import pytest
from lab import ARGUMENTS, SCREENSHOTS, chromium_path, serve


def pytest_collection_modifyitems(items):
    """A second try for what is tested through a server, a kernel, a socket and a browser at once.

    On a crowded machine one of them is late at times. Reruns are listed when the tests have ended: one that is listed
    often has a cause. What is broken fails twice.
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def browser():
    path = chromium_path()
    if path is None:
        reason = "no Chromium found; install one, or name it in COURSE_CHROMIUM"
        pytest.fail(reason) if os.environ.get("COURSE_REQUIRE_BROWSER") == "1" else pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    SCREENSHOTS.mkdir(exist_ok=True)
    with serve(tmp_path_factory.mktemp("lab"), browser) as lab:
        yield lab
