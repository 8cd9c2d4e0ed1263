"""The site: pages from executed lessons, set by Sphinx, in which every warning counts."""

import io
import re
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbformat import NotebookNode

from course_utils.site import alive, carried, front, glossary, settings
from course_utils.site.carried import SiteTrouble
from course_utils.site.lesson import lesson_of
from course_utils.site.page import page
from course_utils.site.typography import keep_with_formulas

if TYPE_CHECKING:
    from docutils import nodes

_NO_PROSE = re.compile(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|^#[^\n]*$|\]\([^)]*\)", re.DOTALL | re.MULTILINE)


def build(lessons: Mapping[str, NotebookNode], solved: Mapping[str, NotebookNode], folder: Path, kept: Path) -> Path:
    """Write the site into `folder`, over an older one, and return its front page.

    `lessons` and `solved` are executed notebooks by the name of the lesson; the pictures of explorers are kept in the
    folder `kept`, and drawn again where they have changed. Raises SiteTrouble.
    """
    for package in ("sphinx", "myst_nb", "pydata_sphinx_theme"):
        carried.folder_of(package)
    with tempfile.TemporaryDirectory() as scratch:
        source, static, output = (Path(scratch) / name for name in ("source", "static", "output"))
        _write_sources(lessons, solved, source, static, kept)
        _run_sphinx(source, static, output, Path(scratch) / "doctrees")
        for spare in [*output.rglob("*.map"), *output.rglob("webpack-macros.html")]:
            spare.unlink()                                  # for those who mend the theme
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(output, folder)
    return folder / "index.html"


def _write_sources(lessons: Mapping[str, NotebookNode], solved: Mapping[str, NotebookNode], source: Path,
                   static: Path, kept: Path) -> None:
    static.mkdir()
    settings.write_static(static)
    drawn = alive.draw([*lessons.values(), *solved.values()], kept, static)
    listed = [lesson_of(name, notebook) for name, notebook in lessons.items()]
    known = glossary.terms()
    texts = {"index.md": front.front_page(listed, front.pictures(lessons, static)),
             "glossary.md": glossary.glossary_page(known, {name: _prose(one) for name, one in lessons.items()}, listed)}
    for kind, copies in (("lessons", lessons), ("solved", solved)):
        texts[f"{kind}/index.md"] = front.list_of_lessons(listed, solved=kind == "solved")
        for name, notebook in copies.items():
            made = page(notebook, name, set(copies), static, solved=kind == "solved",
                        explorers=lambda source: alive.html_of(source, drawn))
            texts[f"{kind}/{name}.ipynb"] = nbformat.writes(made)
    for name, text in texts.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")


def _prose(notebook: NotebookNode) -> str:
    """The lesson's running text, roughly: what is code, a formula, a title or an address is left out."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return _NO_PROSE.sub(" ", text)


def _run_sphinx(source: Path, static: Path, output: Path, doctrees: Path) -> None:
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    said, known = io.StringIO(), glossary.terms()
    with patch_docutils(), docutils_namespace(), warnings.catch_warnings():
        for kind in (DeprecationWarning, PendingDeprecationWarning):
            warnings.simplefilter("ignore", kind)           # between Sphinx and its extensions; no page is the worse
        app = Sphinx(source, None, output, doctrees, "html", confoverrides=settings.settings(static), status=None,
                     warning=said, warningiserror=True)
        app.connect("doctree-read", lambda app, doctree: _finish(app.env.docname, doctree, known))
        app.build(force_all=True)
        status = app.statuscode
    if status or said.getvalue():
        raise SiteTrouble(f"Sphinx warns, and each warning counts:\n{said.getvalue()}")


def _finish(name: str, doctree: "nodes.document", known: list[glossary.Term]) -> None:
    if "/" in name and not name.endswith("/index"):
        glossary.link_first_uses(doctree, name, known)
    keep_with_formulas(doctree)
