"""Explorers that live on a web page without a kernel: pictures of many settings, drawn ahead, behind real controls.

    names = explorers_in(cell.source)                       # which explorers the cell shows
    html = write(names[0], folder / "_static" / "living")   # pictures below the folder, HTML to put below the cell

`living.js` and `living.css`, once a page, serve all of them.
"""

import ast
import hashlib
import importlib
import shutil
from functools import cache
from importlib import metadata
from pathlib import Path

from course_utils.explorer import Explorer
from course_utils.site.living_board import board_fragment
from course_utils.site.living_choices import CHOICES, Choice
from course_utils.site.living_grid import Grid, fingerprint, make_grid, settled
from course_utils.site.living_page import Scene, fragment
from course_utils.site.living_pictures import Film

PACKAGE = Path(__file__).parents[1]
MOST_BYTES = 3_000_000          # pictures and table of one explorer
ROOT = "@root@"                 # stands in what is kept, so that a page elsewhere need not draw again
DRAWN_BY = ("matplotlib", "numpy", "pillow", "torch")


def explorer_names() -> list[str]:
    """All explorers of the course."""
    return sorted(path.stem for path in (PACKAGE / "explorers").glob("*.py") if path.stem[0] != "_")


def explorers_in(source: str) -> list[str]:
    """The explorers that a cell shows: `NAME().show()`, its module before it or not, or by way of a variable."""
    try:
        tree = ast.parse(source)
    except SyntaxError:                 # a cell with a line magic shows no explorer
        return []
    made: dict[str, str] = {}
    shown = []
    for node in sorted(ast.walk(tree), key=lambda node: getattr(node, "lineno", 0)):
        if isinstance(node, ast.Assign) and (name := _made_by(node.value)):
            made |= {target.id: name for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "show":
            thing = node.func.value
            name = made.get(thing.id) if isinstance(thing, ast.Name) else _made_by(thing)
            shown += [name] if name else []
    return shown


def _made_by(node: ast.AST) -> str | None:
    """The explorer that a call such as `simplex()` or `calculator.speed_up()` makes."""
    if not isinstance(node, ast.Call):
        return None
    name = getattr(node.func, "attr", getattr(node.func, "id", None))
    return name if name in explorer_names() else None


def assets() -> list[Path]:
    """The script and the style sheet that a page with living explorers needs, once."""
    return [Path(__file__).with_name(name) for name in ("living.js", "living.css")]


def write(name: str, folder: Path, root: str = "../_static/living", most: int | None = None) -> str:
    """Draw an explorer's settings below `folder/name`, and return its HTML, whose addresses start with `root/name`.

    What was drawn by the same sources and libraries is left as it is, so that the second time takes no time. `most` is
    the number of settings. Raises ValueError where there is no such explorer, and where it takes more than MOST_BYTES.
    """
    if name not in explorer_names():
        raise ValueError(f"There is no explorer named {name}; there are {', '.join(explorer_names())}.")
    choice = CHOICES.get(name, Choice())
    key = f"{_sources_of(name)} {most}"
    place, page = folder / name, folder / name / "fragment.html"
    if page.exists() and (place / "drawn_by").exists() and (place / "drawn_by").read_text("utf-8") == key:
        return page.read_text("utf-8").replace(ROOT, root.rstrip("/"))
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    explorer = getattr(importlib.import_module(f"course_utils.explorers.{name}"), name)()
    text = draw(name, explorer, choice, place, ROOT, most or choice.most)
    page.write_text(text, "utf-8")
    if (size := sum(path.stat().st_size for path in place.iterdir())) > MOST_BYTES:
        raise ValueError(f"{name} takes {size:,} bytes on the page; {MOST_BYTES:,} are allowed. Lower its `most`.")
    (place / "drawn_by").write_text(key, "utf-8")           # last: what was stopped half way is drawn again
    return text.replace(ROOT, root.rstrip("/"))


def draw(name: str, explorer: Explorer, choice: Choice, place: Path, root: str, most: int) -> str:
    """Draw `explorer` into the folder `place`, at `most` settings at most; returns its HTML."""
    start = dict(explorer.settings)
    if name == "claims_board":
        return board_fragment(explorer)
    grid = make_grid(explorer, choice, most)
    scenes = _scenes(explorer, choice, grid, place)
    opens = min(range(len(scenes)), key=lambda number: _away(grid, number, start))
    return fragment(name, explorer, grid, scenes, opens, root)


def _away(grid: Grid, number: int, start: dict) -> int:
    """How many controls stand elsewhere than at the start."""
    settings = grid.settings(list(grid.places())[number])
    return sum(fingerprint(value) != fingerprint(start[name]) for name, value in settings.items())


def _scenes(explorer: Explorer, choice: Choice, grid: Grid, place: Path) -> list[Scene]:
    """What each place of the grid shows, in their order. What comes out the same is drawn once."""
    film, drawn = Film(choice.colours), {}
    plans = []
    for at in grid.places():
        settings = settled(explorer, grid.settings(at))
        idle = tuple(sorted(explorer.idle))
        result = explorer.compute(**settings)
        if (key := fingerprint(result)) not in drawn:
            explorer.settings = settings
            png = explorer.render()
            number = film.add(png, explorer.frame, fingerprint(choice.shared(result)) if choice.shared else None)
            drawn[key] = (number, explorer.alt, explorer.status, bool(explorer.reached))
        plans.append((drawn[key], idle))
    files = film.write(place)
    return [Scene(files[number], alt, status, reached, idle) for (number, alt, status, reached), idle in plans]


# ---- whether it has to be drawn again ----


@cache
def _sources_of(name: str) -> str:
    """A short name for everything that an explorer's pictures depend on: its sources, these here, the libraries."""
    digest = hashlib.sha256()
    here = set(Path(__file__).parent.glob("living*.py"))
    for path in sorted(here | _imported_by(PACKAGE / "explorers" / f"{name}.py")):
        digest.update(path.read_bytes())
    digest.update(" ".join(metadata.version(library) for library in DRAWN_BY).encode())
    return digest.hexdigest()[:16]


def _imported_by(path: Path) -> set[Path]:
    """The file and all files of this package that it imports, and they in turn."""
    found: set[Path] = set()
    ahead = [path]
    while ahead:
        if (one := ahead.pop()) in found:
            continue
        found.add(one)
        for node in ast.walk(ast.parse(one.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("course_utils"):
                base = PACKAGE.parent.joinpath(*node.module.split("."))
                modules = (base, *(base / alias.name for alias in node.names))
                ahead += [file for module in modules for file in (module.with_suffix(".py"), module / "__init__.py")
                          if file.exists()]
    return found
