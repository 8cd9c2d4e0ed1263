"""The web site and the slides as a visitor meets them, from a folder and with the network cut off.

A small site at each push: lesson 00 as it runs, and a toy lesson. The whole site is built, and looked at, at night;
`COURSE_SITE=build/site` has one looked at that is there.
"""

import functools
import http.server
import os
import re
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lab import ROOT, SCREENSHOTS
from pages import violations
from toy_site import TOY, toy

from course_utils import site
from course_utils.course import build, publish, workbook
from course_utils.course.executed import executed

START = "00_start_here"
NIGHTLY = pytest.param("whole", marks=pytest.mark.nightly)
UNDER_ANOTHER = "living-under"          # a lower layer of an explorer's picture; the top one has the words
WIDE, NARROW = {"width": 1300, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module", params=["small", NIGHTLY])
def built(request, tmp_path_factory):
    """The folder of a site."""
    folder = tmp_path_factory.mktemp("site")
    if request.param == "whole":
        if "COURSE_SITE" in os.environ:                 # one that is built already
            return Path(os.environ["COURSE_SITE"])
        return next(build.build(workbook.lessons(workbook.lessons_folder()), folder, want_site=True)).parent
    path = ROOT / "notebooks" / f"{START}.ipynb"
    open_ = executed({START: publish.read(path)}, folder / "kept") | {TOY: toy()}
    solved = {START: publish.solved(publish.read(path), publish.catalogue(START)), TOY: toy(solved=True)}
    return site.build(open_, solved, folder / "site", folder / "drawn").parent


@pytest.fixture(scope="module")
def visitor(browser):
    """Opens pages without a network, and says what failed, what was asked for outside, of what the page complained."""
    return Visitor(browser)


class Visitor:
    def __init__(self, browser):
        self._browser, self.trouble, self._contexts = browser, [], {}

    def visit(self, path, size=WIDE, scheme="light"):
        key = (size["width"], scheme)
        if key not in self._contexts:
            context = self._browser.new_context(viewport=size, color_scheme=scheme, offline=True)
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.on("requestfailed", self._lost)
            page.on("request", lambda request: self._look(request.url))
            page.on("console", lambda said: said.type == "error" and self.trouble.append(said.text))
            page.on("pageerror", lambda error: self.trouble.append(str(error)))
            self._contexts[key] = page
        page = self._contexts[key]
        address = path if isinstance(path, str) else path.as_uri()
        page.goto(address)
        page.evaluate("() => window.MathJax?.startup?.promise")
        return page

    def _lost(self, request):
        if request.failure != "net::ERR_ABORTED":           # a picture on its way while the page was left
            self.trouble.append(f"failed: {request.url}: {request.failure}")

    def _look(self, url):
        if not url.startswith(("file:", "data:")):
            self.trouble.append(f"outside: {url}")

    def said(self):
        """The trouble since it was asked last."""
        trouble, self.trouble = self.trouble, []
        return trouble


def pages_of(folder):
    return sorted(folder.rglob("*.html"))


# ---- what stands in the files ----


class Page(HTMLParser):
    """What of a page leads elsewhere, what can be led to, and its headings."""

    def __init__(self, path):
        super().__init__()
        self.path, self.links, self.ids, self.headings, self.silent = path, [], set(), [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.ids.add(values.get("id"))
        self.links += [values[name] for name in ("href", "src") if values.get(name)]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "img" and not (values.get("alt") or "").strip() and values.get("class") != UNDER_ANOTHER:
            self.silent.append(values.get("src"))


@pytest.fixture(scope="module")
def read(built):
    return {path: Page(path) for path in pages_of(built)}


def test_links_resolve(read):
    lost = []
    for path, page in read.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto", "data"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                lost.append(f"{path.name}: {link}")
            elif parts.fragment and target in read and unquote(parts.fragment) not in read[target].ids:
                lost.append(f"{path.name}: {link} has no such place")
    assert lost == []


def test_headings_make_an_outline_and_figures_have_words(read):
    for path, page in read.items():
        levels = page.headings
        assert levels.count(1) == 1, path
        outline = levels[levels.index(1):]
        assert all(level <= before + 1 for before, level in zip(outline, outline[1:], strict=False)), (path, levels)
        assert page.silent == [], path


def test_each_lesson_links_the_first_use_of_a_term_and_the_entry_is_there(built, read):
    glossary = read[built / "glossary.html"]
    for path in (built / "lessons").glob("[0-9]*.html"):
        terms = re.findall(r'href="\.\./glossary\.html#(term-[\w-]+)"', path.read_text(encoding="utf-8"))
        assert len(terms) == len(set(terms)) >= 2 and set(terms) <= glossary.ids, path


def test_boxes_of_open_exercises_are_left_out(built):
    for path in (built / "lessons").glob("*.html"):
        assert "Not yet." not in path.read_text(encoding="utf-8"), path


# ---- what a visitor sees ----


def test_no_page_asks_for_anything_from_outside_and_nothing_fails(built, visitor):
    for path in pages_of(built):
        page = visitor.visit(path)
        page.evaluate("() => document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
        page.wait_for_function("() => [...document.images].every(image => image.complete)")
        broken = page.evaluate("() => [...document.images].filter(each => !each.naturalWidth).map(each => each.src)")
        assert (visitor.said(), broken) == ([], []), path


def test_a_request_outside_would_be_seen(visitor, tmp_path):
    """The check above is able to fail."""
    (tmp_path / "page.html").write_text('<img src="https://somewhere.invalid/a.png"><img src="lost.png">')
    visitor.visit(tmp_path / "page.html")
    said = "\n".join(visitor.said())
    assert "outside: https://somewhere.invalid/a.png" in said and "lost.png" in said


def test_formulas_are_drawn_and_read_aloud(built, visitor):
    pages = [path for path in pages_of(built) if 'class="math' in path.read_text(encoding="utf-8")]
    assert pages
    for path in pages:
        page = visitor.visit(path)
        page.wait_for_selector("mjx-container svg")
        assert page.locator("mjx-container").count() == page.locator("mjx-assistive-mml math").count(), path
        assert page.locator("mjx-merror, [data-mjx-error]").count() == 0, path
        assert not re.search(r"\$\$|\\frac|\\\(", page.inner_text("article")), path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_telephone_needs_no_sideways_scrolling(built, visitor, scheme):
    for path in pages_of(built):
        page = visitor.visit(path, NARROW, scheme)
        wider = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, (path, wider)
    page.goto((built / "lessons" / f"{START}.html").as_uri())
    page.screenshot(path=SCREENSHOTS / f"site_narrow_{scheme}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_page_is_accessible_and_readable(built, visitor, scheme):
    found = {}
    for path in pages_of(built):
        page = visitor.visit(path, WIDE, scheme)
        assert page.evaluate("() => document.documentElement.dataset.theme") == scheme
        found |= {path.relative_to(built).as_posix(): said for said in [violations(page, "body")] if said}
    assert found == {}
    visitor.said()                                      # axe reads the style sheets, which a page may not
    page.goto((built / "index.html").as_uri())
    page.screenshot(path=SCREENSHOTS / f"site_front_{scheme}.png")


def test_lines_are_of_readable_length_and_figures_as_wide_as_the_column(built, visitor):
    page = visitor.visit(built / "lessons" / f"{START}.html", {"width": 1700, "height": 900})
    letters = page.evaluate("""() => {
        const probe = document.createElement('span');
        probe.textContent = 'the quick brown fox jumps over it '.repeat(3);
        const line = [...document.querySelectorAll('article section > p')].find(p => p.offsetHeight > 60);
        line.append(probe);
        const width = probe.getClientRects().length && line.clientWidth;
        probe.style.cssText = 'white-space: nowrap; position: absolute';
        return width / (probe.offsetWidth / probe.textContent.length);
    }""")
    assert 55 <= letters <= 90
    widths = page.evaluate("""() => [...document.querySelectorAll('.cell_output .output > img')].map(
        image => image.clientWidth / image.closest('.cell').clientWidth)""")
    assert widths and min(widths) > 0.98


def test_next_leads_through_all_pages_and_previous_back(built, visitor):
    page = visitor.visit(built / "index.html")
    seen = [page.url]
    while page.locator("a.right-next").count():
        with page.expect_navigation():
            page.locator("a.right-next").click()
        seen.append(page.url)
    there = {path.as_uri() for path in pages_of(built)} - {(built / "search.html").as_uri()}
    assert len(seen) == len(set(seen)) and set(seen) == there
    for url in reversed(seen[:-1]):
        with page.expect_navigation():
            page.locator("a.left-prev").click()
        assert page.url == url


def test_arrow_keys_turn_pages(built, visitor):
    page = visitor.visit(built / "lessons" / f"{START}.html")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/lessons/01_*.html")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**/lessons/{START}.html")


def test_search_finds_a_word(built, visitor):
    page = visitor.visit(built / "index.html")
    visitor.said()                                      # what axe made the pages before say comes late
    page.keyboard.press("Control+k")
    page.keyboard.type("broadcasting")
    page.keyboard.press("Enter")
    page.locator("#search-results a", has_text="0 · Start here").first.wait_for()
    assert visitor.said() == []
    page = visitor.visit(f"{(built / 'search.html').as_uri()}?q=xylophone")
    page.get_by_text("did not match any documents").wait_for()


def test_served_as_pages_search_shows_the_words_around(built, browser):
    handler = functools.partial(Quiet, directory=str(built))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        page, asked = browser.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/search.html?q=broadcasting")
        page.locator("#search-results p.context").first.wait_for()
        page.close()
        server.shutdown()
    assert all(url.startswith(address) for url in asked)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


def test_the_answer_of_an_exercise_is_a_click_away(built, visitor):
    page = visitor.visit(built / "lessons" / f"{START}.html")
    with page.expect_navigation():
        page.get_by_role("link", name="Read an answer").nth(3).click()
    assert "/solved/" in page.url and page.locator(page.url[page.url.index("#"):]).count() == 1


# ---- slides ----


def test_slides_open_without_a_network(visitor, tmp_path):
    [file] = site.write_slides({TOY: toy()}, tmp_path)
    page = visitor.visit(file)
    page.wait_for_selector("mjx-container svg", state="attached")
    page.wait_for_function("() => window.Reveal && Reveal.isReady()")
    page.keyboard.press("ArrowRight")
    page.get_by_role("heading", name="Formulas").wait_for()
    assert page.locator("section.present mjx-container svg").first.is_visible()
    assert visitor.said() == []
    page.screenshot(path=SCREENSHOTS / "slides.png")
