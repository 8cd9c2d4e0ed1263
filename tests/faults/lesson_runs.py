"""Lessons run as they are stored and solved, in an odd place: the kernel's surroundings, the passes, what they show."""

import copy
import os
import random
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

import nbformat
from executed import changed_outputs, code_cells, not_run, passes_in_one_kernel, red
from test_notebooks import ROOT, assert_all_right, cut_off, figures_without_words

from course_utils.course import kernel_start, publish, workbook
from course_utils.site import heading_level

HERE = Path(__file__).parent
LOCALES = {"tr_TR.UTF-8": ("tr_TR", "UTF-8"), "de_DE": ("de_DE", "ISO-8859-1")}
FLAGS = {"avx2": "avx2", "avx512": "avx512f"}                   # of /proc/cpuinfo


class Odd(NamedTuple):
    """What a kernel finds around it; besides no network, read-only data and HOME, blanks and umlauts in the path."""

    threads: int
    instructions: str                   # ATEN_CPU_CAPABILITY
    locale: str
    twice: bool = False                 # each cell is run twice

    @property
    def conditions(self):
        """Each by name."""
        names = ["network cut off", "read-only data", "read-only HOME", "blanks and umlauts in the path",
                 f"threads: {self.threads}", f"locale: {self.locale}"]
        names += [f"instructions: {self.instructions}"] if has_instructions(self.instructions) else []
        return names + (["every cell twice"] if self.twice else [])


ODD = {"A": Odd(2, "avx2", "tr_TR.UTF-8"), "B": Odd(1, "default", "de_DE"), "C": Odd(2, "avx512", "C", twice=True)}


# ---- the surroundings ----


def surroundings(odd: Odd, folder: Path) -> tuple[Path, dict[str, str]]:
    """The folder to run in and the environment of the kernel, made below `folder`."""
    place = folder / "Übungen für später, Größe 2"
    place.mkdir()
    home, data, source = place / "zu Hause", place / "die Daten", place / "der Kurs"
    home.mkdir()
    if os.environ.get("COURSE_DATA"):
        shutil.copytree(os.environ["COURSE_DATA"], data)
    source.symlink_to(ROOT, target_is_directory=True)
    for path in [*data.rglob("*"), data, home]:
        path.chmod(path.stat().st_mode & ~0o222)
    env = {name: value for name, value in cut_off().items()
           if not name.startswith(("XDG_", "LC_", "MPL", "IPYTHON")) and name != "LANGUAGE"}
    env |= {"HOME": str(home), "LC_ALL": odd.locale, "LANG": odd.locale,
            "OMP_NUM_THREADS": str(odd.threads), "OPENBLAS_NUM_THREADS": str(odd.threads),
            "PYTHONPATH": os.pathsep.join([str(HERE / "odd_machine"), str(HERE), str(source)])}
    if has_instructions(odd.instructions):
        env["ATEN_CPU_CAPABILITY"] = odd.instructions
    if data.exists():
        env["COURSE_DATA"] = str(data)
    if odd.locale != "C":
        env["LOCPATH"] = str(locales(folder))
    lessons = place / "my work"
    lessons.mkdir()
    return lessons, env


def locales(folder: Path) -> Path:
    """A folder with the locales of this test, made from the system's sources: nothing has to be installed for it."""
    made = folder / "locales"
    for name, (language, encoding) in LOCALES.items():
        if not (made / name).exists():
            made.mkdir(exist_ok=True)
            subprocess.run(["localedef", "-i", language, "-f", encoding, str(made / name)], check=True,
                           capture_output=True)
    return made


def has_instructions(name: str) -> bool:
    """Whether this processor has them; torch takes the word of ATEN_CPU_CAPABILITY for it, and would crash."""
    try:
        return name == "default" or FLAGS[name] in Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return False


def can_make_locales() -> bool:
    """Whether the system has what locales are made from."""
    return shutil.which("localedef") is not None and Path("/usr/share/i18n/locales/tr_TR").exists()


# ---- the passes ----


def each_twice(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with every code cell there twice, as somebody runs it who presses the key again."""
    result = copy.deepcopy(notebook)
    result.cells = [cell for cell in notebook.cells for _ in range(1 + (cell.cell_type == "code"))]
    return result


def copies(path: Path) -> dict[str, nbformat.NotebookNode]:
    """The lesson as a learner finds it, and solved."""
    stored = nbformat.read(path, as_version=4)
    return {"as stored": stored, "solved": publish.solved(stored, publish.catalogue(path.stem), path.name)}


class Ran(NamedTuple):
    """Both copies of a lesson in one odd place."""

    passes: dict[str, nbformat.NotebookNode]
    seconds: float


def run(path: Path, odd: Odd, folder: Path, which=("as stored", "solved")) -> Ran:
    """Run the copies of a lesson, the one after the other, as a learner does who solves it and runs it again."""
    lessons, env = surroundings(odd, folder)
    wanted = {name: notebook for name, notebook in copies(path).items() if name in which}
    if odd.twice:
        wanted = {name: each_twice(notebook) for name, notebook in wanted.items()}
    begin = time.perf_counter()
    ran = passes_in_one_kernel(list(wanted.values()), lessons, env,
                               f"import kept_findings\nkept_findings.keep({1 + odd.twice})")
    return Ran(dict(zip(wanted, ran, strict=True)), time.perf_counter() - begin)


# ---- what they show ----


def faults(notebook: nbformat.NotebookNode, stored: nbformat.NotebookNode, copy_name: str) -> list[str]:
    """What is not as it has to be in an executed copy, each in a few lines."""
    found = [f"not run: {source}" for source in not_run(notebook)]
    found += [f"red: {text}" for text in red(notebook)]
    found += [f"another output: {text}" for text in changed_outputs(notebook, stored)]
    found += [f"a figure without words: {source}" for source in figures_without_words(notebook)]
    for cell in code_cells(notebook):
        said = shown(cell)
        if "≠" in said:
            found.append(f"outside of what is expected: {said}")
        if "Our fault" in said:
            found.append(f"our fault: {said}")
        if workbook.checks(cell.source) and not re.search(r"✓ Right|✓ Noted|… Not yet|✗ Not yet right", said):
            found.append(f"a check without a verdict: {cell.source}\n{said}")
    if copy_name == "solved":
        try:
            assert_all_right(notebook)
        except AssertionError as wrong:
            found.append(f"a solution that is not right: {wrong}")
    return found


def shown(cell: nbformat.NotebookNode) -> str:
    """All text that a cell shows."""
    return "\n".join("".join(output.get("data", {}).get("text/plain", "")) or output.get("text", "")
                     for output in cell.outputs)


# ---- out of order ----


def sections(notebook: nbformat.NotebookNode) -> tuple[list, list[list]]:
    """The code cells above the second heading, which set a lesson up; and those of each section, one a heading."""
    found: list[list] = [[]]
    for cell in notebook.cells:
        if heading_level(cell) > 1 or (cell.cell_type == "markdown" and re.search(r"^##", cell.source, re.M)):
            found.append([])
        elif cell.cell_type == "code":
            found[-1].append(cell)
    return found[0], [section for section in found[1:] if section]


def in_random_order(path: Path, seeds: range, folder: Path) -> tuple[dict[int, nbformat.NotebookNode], float]:
    """For each seed: begin anew, set the lesson up and run its sections in random order; and the seconds it all took.

    Solved where the seed is odd. All in one kernel, as `course lab` starts it, whose names are taken away in between;
    its modules stay. What comes first, under the seed −1, are the sections without the cells that set the lesson up.
    """
    lesson = folder / path.name
    shutil.copyfile(path, lesson)
    passes = {-1: nbformat.v4.new_notebook(cells=sum(sections(copies(path)["as stored"])[1], []))}
    for seed in seeds:
        first, rest = sections(copies(path)["solved" if seed % 2 else "as stored"])
        random.Random(seed).shuffle(rest)
        cells = [nbformat.v4.new_code_cell("%reset -f"), *first, *(cell for section in rest for cell in section)]
        passes[seed] = nbformat.v4.new_notebook(cells=copy.deepcopy(cells))
    begin = time.perf_counter()
    env = cut_off() | {"JPY_SESSION_NAME": str(lesson), "PYTHONSTARTUP": kernel_start.__file__,
                       "PYTHONPATH": os.pathsep.join([str(HERE), cut_off()["PYTHONPATH"]])}
    ran = passes_in_one_kernel(list(passes.values()), folder, env, "import kept_findings\nkept_findings.keep()")
    return dict(zip(passes, ran, strict=True)), time.perf_counter() - begin


def not_in_our_words(notebook: nbformat.NotebookNode) -> list[str]:
    """Of cells that stopped or wrote on red, what was said by others alone: no sentence of ours stands below it."""
    found = [f"not run: {source}" for source in not_run(notebook)]
    for cell in code_cells(notebook):
        for place, output in enumerate(cell.outputs):
            if output.output_type == "error" and not (_raised_by_us(output) or _explained(cell.outputs[place + 1:])):
                found.append(f"{output.ename}: {output.evalue}\n  in: {cell.source}")
            if output.get("name") == "stderr":
                found.append(f"red: {output.text}\n  in: {cell.source}")
            if "Our fault" in "".join(output.get("data", {}).get("text/plain", "")):
                found.append(f"our fault: {output.data['text/plain']}")
    return found


def _raised_by_us(error) -> bool:
    """Whether the innermost frame of a traceback lies in the course's package."""
    trace = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error.traceback))
    frames = re.findall(r"^(?:File|Cell|Input) (.+?)(?:,| in )", trace, re.M)
    return bool(frames) and "course_utils/" in frames[-1]


def _explained(outputs) -> bool:
    return any("text/markdown" in output.get("data", {}) for output in outputs)
