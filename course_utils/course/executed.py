"""Executed lessons, kept: one is run again only when its code changed, or code of the package that it can reach.

A change of its prose runs nothing: what is kept are outputs, and they are put below the cells as they are now.
"""

import ast
import copy
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.course import publish

PACKAGE = Path(__file__).resolve().parents[1]
FILE_BY_FILE = ("exercises", "explorers", "studies")    # rooms with a file a lesson; of others the whole is taken
CELL_SECONDS = 900                                      # a build may have to share its machine
_LIBRARIES = ("torch", "torchvision", "numpy", "scipy", "scikit-learn", "statsmodels", "pandas", "matplotlib")


def executed(notebooks: Mapping[str, NotebookNode], kept: Path, at_once: int | None = None) -> dict[str, NotebookNode]:
    """Each notebook with its outputs, by the same name: those in the folder `kept`, or made now and kept there.

    `at_once` are run side by side, as many as there are cores unless told otherwise. Raises PublishTrouble for a cell
    that raises.
    """
    kept.mkdir(parents=True, exist_ok=True)
    # The keys first, in this thread: where two threads parse at once, Python 3.11 may raise SystemError.
    places = {name: kept / f"{name}.{key(notebook)[:16]}.ipynb" for name, notebook in notebooks.items()}
    with ThreadPoolExecutor(at_once or min(4, os.cpu_count() or 1)) as pool:
        list(pool.map(lambda name: _run(notebooks[name], places[name]), notebooks))
    for name, place in places.items():
        for older in set(kept.glob(f"{name}.*.ipynb")) - {place}:
            older.unlink(missing_ok=True)
    return {name: _with_outputs(notebook, publish.read(places[name])) for name, notebook in notebooks.items()}


def _run(notebook: NotebookNode, place: Path) -> None:
    """Run it, unless its executed copy is there, and put that there: whole, or not at all."""
    if place.exists():
        return
    from jupyter_core.utils import ensure_event_loop

    try:
        with tempfile.TemporaryDirectory() as folder:           # a lesson may write files
            ran = publish.execute(notebook, Path(folder), cell_seconds=CELL_SECONDS)
    finally:
        ensure_event_loop().close()                             # nbclient opened one for this thread, and leaves it
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    part.write_text(nbformat.writes(ran), encoding="utf-8")
    os.replace(part, place)


def _with_outputs(notebook: NotebookNode, ran: NotebookNode) -> NotebookNode:
    result = copy.deepcopy(notebook)
    for cell, done in zip(_code(result), _code(ran), strict=True):
        cell.outputs, cell.execution_count = done.outputs, done.execution_count
    return result


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def key(notebook: NotebookNode) -> str:
    """SHA-256 of what the outputs depend on: the cells' code, the package's that they reach, and the libraries."""
    sources = [cell.source for cell in _code(notebook)]
    digest = hashlib.sha256(sys.version.encode())
    for library in _LIBRARIES:
        digest.update(metadata.version(library).encode())
    for source in sources:
        digest.update(hashlib.sha256(source.encode()).digest())
    for path in sorted(reached(sources)):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def reached(sources: list[str]) -> set[Path]:
    """The files of the package that code with these imports can use, through all that they import."""
    found: set[Path] = set()
    waiting = [path for source in sources for path in _imports(source)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imports(path.read_text(encoding="utf-8"))
    return found


def _imports(source: str) -> Iterator[Path]:
    lines = [line for line in source.split("\n") if not line.lstrip().startswith(("%", "!"))]     # IPython's own
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:                     # a cell that shows what Python refuses imports nothing
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            yield from _files(name)


def _files(name: str) -> Iterator[Path]:
    """The files that `import name` may bring: a module, and all of its room where that has a face."""
    first, *parts = name.split(".")
    if first != "course_utils" or not parts:
        return
    if parts[0] in FILE_BY_FILE:
        path = PACKAGE.joinpath(*parts).with_suffix(".py")
        yield from [path] if path.is_file() else []
    elif (PACKAGE / parts[0]).is_dir():
        yield from (PACKAGE / parts[0]).rglob("*.py")
    elif (path := PACKAGE / f"{parts[0]}.py").is_file():
        yield path
