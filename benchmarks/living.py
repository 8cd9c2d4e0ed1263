"""What the living explorers of the web site weigh: draws them all and stores the table in tests/living.md.

python -m benchmarks.living              # some five minutes of CPU time
python -m benchmarks.living simplex      # one of them; the other lines stay
"""

import argparse
import importlib
import json
import re
import shutil
import tempfile
import time
from pathlib import Path

from course_utils.site import explorer_names, write
from course_utils.site.living_choices import CHOICES, Choice
from course_utils.site.living_grid import count, make_grid

TABLE = Path(__file__).parents[1] / "tests" / "living.md"
COLUMNS = ("settings", "pictures", "bytes", "of these HTML", "reach the target", "CPU seconds")
HEADING = """# Living explorers

Explorers on the web site have no kernel: their settings are drawn ahead. At most 3,000,000 bytes each, pictures and
page together. Settings that differ only in a control that does nothing there count once; those with the same result are
one picture. The claims board is made of words and has no pictures: its settings are five verdicts on each claim, and
its target is judged on the page. CPU seconds include loading data and training.

Written by `python -m benchmarks.living`.

"""


def grids() -> dict[str, int]:
    """How many settings each explorer has on the site."""
    return {name: settings_of(name) for name in explorer_names()}


def settings_of(name: str) -> int:
    module = importlib.import_module(f"course_utils.explorers.{name}")
    if name == "claims_board":
        from course_utils.study import KINDS

        return len(KINDS) * len(module.ASKED)
    explorer, choice = getattr(module, name)(), CHOICES.get(name, Choice())
    grid = make_grid(explorer, choice, choice.most)
    return count(explorer, grid.positions) * len(grid.presses)


def measure(name: str, folder: Path) -> dict[str, float]:
    """Draw one explorer below `folder`, anew."""
    shutil.rmtree(folder / name, ignore_errors=True)
    begin = time.process_time()
    html = write(name, folder)
    seconds = time.process_time() - begin
    files = list((folder / name).iterdir())
    table = json.loads(re.search(r'<script type="application/json">(.*)</script>', html).group(1))
    reach = sum(row[5] for row in table.get("rows", ()))
    return dict(zip(COLUMNS, (settings_of(name), sum(path.suffix == ".webp" for path in files),
                              sum(path.stat().st_size for path in files), len(html.encode()), reach,
                              round(seconds, 1)), strict=True))


def table(rows: dict[str, dict[str, float]]) -> str:
    lines = [f"| explorer | {' | '.join(COLUMNS)} |", "| --- |" + " ---: |" * len(COLUMNS)]
    for name, row in sorted(rows.items()):
        lines.append(f"| {name} | {' | '.join(f'{row[column]:,.1f}'.removesuffix('.0') for column in COLUMNS)} |")
    return HEADING + "\n".join(lines) + "\n"


def stored(text: str) -> dict[str, dict[str, float]]:
    """The rows of a table that `table` wrote."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return {name: {column: float(cell.replace(",", "")) for column, cell in zip(COLUMNS, cells, strict=True)}
            for name, *cells in lines[2:]}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("names", nargs="*")
    arguments.add_argument("--folder", type=Path, help="keeps what is drawn, for COURSE_LIVING of the browser tests")
    chosen = arguments.parse_args()
    rows = stored(TABLE.read_text("utf-8")) if TABLE.exists() else {}
    with tempfile.TemporaryDirectory() as new:
        for name in chosen.names or explorer_names():
            rows[name] = measure(name, chosen.folder or Path(new))
            print(name, rows[name], flush=True)
            TABLE.write_text(table({one: row for one, row in rows.items() if one in explorer_names()}), "utf-8")


if __name__ == "__main__":
    main()
