"""Lessons as slides: reveal.js, MathJax and the style lie in a folder beside them, so they open without a network.

A section (## in the lesson) is a column of slides; each text in it begins a slide, and the code and figures below the
text stay with it where there is room. Longer ones scroll.
"""

import copy
import re
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from nbformat import NotebookNode

from course_utils.site import addresses, carried
from course_utils.site.page import LINK, readable
from course_utils.site.settings import HERE, MATHJAX

ASSETS = "slides_need_this"             # the folder beside the slides
ROOM_FOR_CODE = 60                      # words of a text above which the code after it gets a slide of its own
_HEADING = re.compile(r"#+ ")


def write_slides(executed: Mapping[str, NotebookNode], folder: Path, ending: str = ".slides.html") -> list[Path]:
    """Write the slides of executed lessons, given by name, and what they need; the files of the slides.

    Raises SiteTrouble where a package that carries a part is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_assets(folder / ASSETS)
    written = []
    for name, notebook in executed.items():
        written.append(folder / f"{name}{ending}")
        written[-1].write_text(slides(notebook, name, executed, ending), encoding="utf-8")
    return written


def slides(notebook: NotebookNode, title: str, here: Collection[str] = (), ending: str = ".slides.html") -> str:
    """The page, which looks for its parts in the folder ASSETS; `here` are the lessons that have slides beside it."""
    from nbconvert import SlidesExporter

    deck = copy.deepcopy(notebook)
    deck.metadata["title"] = title
    deck.metadata.pop("widgets", None)
    deck.cells = [cell for cell in deck.cells if not cell.metadata.get("jupyter", {}).get("source_hidden")]
    words = 0
    for cell in deck.cells:
        if cell.cell_type == "code":
            cell.outputs = readable(cell.outputs)
            kind, words = ("subslide", 0) if words > ROOM_FOR_CODE else ("-", words)
        else:
            kind, words = "slide" if heading_level(cell) in (1, 2) else "subslide", len(cell.source.split())
            cell.source = LINK.sub(lambda link: f"]({link[1]}{ending})" if link[1] in here
                                   else f"]({addresses.on_github(link[1])})", cell.source)
        cell.metadata["slideshow"] = {"slide_type": kind}
    exporter = SlidesExporter(template_name="slides", extra_template_basedirs=[str(HERE / "templates")],
                              reveal_url_prefix=ASSETS, mathjax_url=f"{ASSETS}/{MATHJAX}", language_code="en",
                              exclude_input_prompt=True, exclude_output_prompt=True)
    return exporter.from_notebook_node(deck)[0]


def heading_level(cell: NotebookNode) -> int:
    """The level of the heading that a Markdown cell begins with, 0 where it begins otherwise."""
    marks = _HEADING.match(cell.source.lstrip())
    return len(marks[0]) - 1 if marks and cell.cell_type == "markdown" else 0


def _write_assets(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in (*(carried.reveal() / name for name in ("reveal.js", "reveal.css", "reset.css")),
                 HERE / "static" / "slides.css"):
        shutil.copyfile(file, folder / file.name)
    shutil.copyfile(carried.mathjax(), folder / MATHJAX)
