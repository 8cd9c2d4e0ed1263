"""The pages that stand by themselves, of a class and of a classroom's folder: read by everybody, without a network."""

import pytest
from pages import faint, violations

from course_utils.course import classroom_pages, whole_class
from course_utils.course.handed_in import HandedIn

NAMES = ("Ada", "<script>document.title = 'taken over'</script>", "<img src=x onerror=\"document.title='taken over'\">")
FILES = [HandedIn(name, {("01_lines", "slope"): answer, ("01_lines", "loss"): "not tried"},
                  {("01_lines", "slope"): frozenset({"M01"})}, 0.0)
         for name, answer in zip(NAMES, ("right", "wrong", "wrong"), strict=True)]
PAGES = {
    "class": (lambda: whole_class.as_page(FILES, ["x.json: left out. <b>Because.</b>"]), "The class"),
    "empty class": (lambda: whole_class.as_page([], []), "The class"),
    **{system: (lambda system=system: classroom_pages.page(system, ["3.11", "3.12"], has_site=True), "Install")
       for system in classroom_pages.WORDS},
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_accessible_fits_a_phone_and_asks_for_nothing(browser, tmp_path, name, scheme):
    make, title = PAGES[name]
    path = tmp_path / "page.html"
    path.write_text(make(), encoding="utf-8")
    page = browser.new_page(color_scheme=scheme, viewport={"width": 390, "height": 800})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert asked == [path.as_uri()] and title in page.title(), "no name of a learner acts"
    assert violations(page, "html") == [] and faint(page, "body") == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "a wide table scrolls by itself"
    page.close()
