"""One JupyterLab and one Chromium for the tests of a file; they skip, and say so, where there is no Chromium.

Not for the whole session: while Playwright is on, an event loop runs in this thread, and tests of another file that
come next in the same process would run inside it.
"""

import os

import pytest
from lab import ARGUMENTS, SCREENSHOTS, chromium_path, serve


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
