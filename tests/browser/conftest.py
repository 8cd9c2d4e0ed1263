"""One JupyterLab and one Chromium for all tests; they skip, and say so, where there is no Chromium."""

import os

import pytest
from lab import ARGUMENTS, SCREENSHOTS, chromium_path, serve


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    SCREENSHOTS.mkdir(exist_ok=True)
    with serve(tmp_path_factory.mktemp("lab"), browser) as lab:
        yield lab
