"""What `course build` makes of the lessons: site, slides, solved copies, pages for teachers, assignments, pictures."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils import site
from course_utils.course import nbgrader, pictures, publish, teachers
from course_utils.course.executed import executed

KEPT = "executed"                       # the folder, below that of the build, with what need not be run again


def build(paths: list[Path], folder: Path, *, want_site: bool = False, want_solved: bool = False,
          want_slides: bool = False, want_answers: bool = False, want_pictures: bool = False,
          want_nbgrader: bool = False) -> Iterator[Path]:
    """Write what is wanted of the lessons at `paths` into `folder`; the files written, each once it is there.

    Slides are those of solved copies where these are wanted too. A lesson is run only if it has changed since it was
    last run for the same `folder`. Raises PublishTrouble, SiteTrouble.
    """
    if want_answers:
        yield from (teachers.write(path, folder) for path in paths)
    for path in paths:
        yield from pictures.write(path, folder) if want_pictures else []
        yield from nbgrader.write(path, folder / "nbgrader") if want_nbgrader else []
    if want_solved:
        for name, notebook in _answered(paths, folder).items():
            target = folder / f"{name}.solved.ipynb"
            target.write_text(nbformat.writes(notebook), encoding="utf-8")
            yield target
    if want_slides:
        ending = ".solved.slides.html" if want_solved else ".slides.html"
        yield from site.write_slides((_answered if want_solved else _open)(paths, folder), folder, ending)
    if want_site:
        drawn = folder / KEPT / "explorers"
        yield site.build(_open(paths, folder), _answered(paths, folder), folder / "site", drawn)


def _open(paths: list[Path], folder: Path) -> dict[str, NotebookNode]:
    """{lesson: its executed copy, as a learner gets it}."""
    return executed({path.stem: publish.read(path) for path in paths}, folder / KEPT / "lessons")


def _answered(paths: list[Path], folder: Path) -> dict[str, NotebookNode]:
    """{lesson: its executed copy with every exercise answered}."""
    solved = {path.stem: publish.solved(publish.read(path), publish.catalogue(path.stem), path.name) for path in paths}
    return executed(solved, folder / KEPT / "solved")
