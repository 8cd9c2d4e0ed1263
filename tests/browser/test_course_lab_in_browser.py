"""The command of README.md: JupyterLab on the learner's own copies, open at the first lesson."""

from lab import ROOT, SCREENSHOTS, course_lab


def test_the_first_lesson_opens_on_a_copy_that_is_kept(browser, tmp_path):
    with course_lab(tmp_path, browser) as lab:
        page = lab.visit("")
        page.get_by_role("heading", name="0 · Start here").wait_for()
        assert "00_start_here.ipynb" in page.url
        lab.wait_idle(page)
        assert page.get_by_text("Jupyter news").count() == 0        # a question that would stand over the lesson
        page.screenshot(path=SCREENSHOTS / "course_lab.png")
        page.evaluate("""() => jupyterapp.shell.currentWidget.content.widgets.at(-1).model.sharedModel
            .setSource('my line')""")
        lab.save(page)
        lab.close(page)
    copy = tmp_path / "mine" / "00_start_here.ipynb"
    assert '"my line"' in copy.read_text(encoding="utf-8")
    assert '"my line"' not in (ROOT / "notebooks" / copy.name).read_text(encoding="utf-8")
