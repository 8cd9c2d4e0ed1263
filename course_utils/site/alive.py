"""The explorers of a site, drawn ahead: several at a time, and kept from one build to the next."""

import multiprocessing
import os
import shutil
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from nbformat import NotebookNode

from course_utils.site.living import assets, explorers_in, write

FOLDER = "living"                                           # in _static/


def draw(notebooks: Iterable[NotebookNode], kept: Path, static: Path) -> dict[str, str]:
    """{explorer: its HTML} for all that the notebooks show; pictures, script and style go below `static`.

    `kept` holds what was drawn before, and keeps what is drawn now.
    """
    names = sorted({name for notebook in notebooks for cell in notebook.cells if cell.cell_type == "code"
                    for name in explorers_in(cell.source)})
    kept.mkdir(parents=True, exist_ok=True)
    spawned = multiprocessing.get_context("spawn")          # a copy of this process would share its threads
    with ProcessPoolExecutor(min(4, os.cpu_count() or 1), mp_context=spawned) as pool:
        drawn = dict(zip(names, pool.map(write, names, [kept] * len(names)), strict=True))
    for name in names:
        shutil.copytree(kept / name, static / FOLDER / name, ignore=shutil.ignore_patterns("fragment.html", "drawn_by"))
    (static / FOLDER).mkdir(exist_ok=True)
    for file in assets():
        shutil.copy(file, static / FOLDER)
    return drawn


def html_of(source: str, drawn: dict[str, str]) -> str:
    """The explorers that a cell shows, or ""."""
    return "".join(drawn[name] for name in explorers_in(source) if name in drawn)
