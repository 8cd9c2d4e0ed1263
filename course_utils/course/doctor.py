"""Will the lessons run here? Each function looks at one thing and returns findings: what is so, and what to do.

Nothing here needs torch, or any other package: whatever is missing becomes a finding.
"""

import contextlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils import colab, started
from course_utils.course import workbook
from course_utils.course.findings import FIX, GOOD, NOTE, OPEN, Finding, reinstall, requirements
from course_utils.course.sliders import kernel, widgets

if TYPE_CHECKING:
    from packaging.requirements import Requirement
    from packaging.specifiers import SpecifierSet

LEAST_MEMORY, LEAST_DISK = 1.5e9, 0.5e9         # bytes: two kernels with torch; MNIST with room for saved notebooks

# Files with these names are common in learners' folders, and no lesson imports the module they would hide.
HARMLESS = {"test", "this", "antigravity"}


def examine(folders: list[Path]) -> dict[str, list[Finding]]:
    """Heading → findings. `folders` are those in which a file could hide a module."""
    if importlib.util.find_spec("packaging") is None:
        text = "The package `packaging` is missing, so versions cannot be compared."
        return {"Versions": [Finding(FIX, text, reinstall())]}
    return {
        "Versions": versions(),
        "PyTorch": pytorch(),
        "Sliders": widgets(),
        "Kernel": kernel(),
        "Room": room(folders[0]),
        **({"Your copies": copies_on_colab()} if colab.on_colab() else {}),
        "Data": data(),
        "Files that hide a module": shadows(folders),
    }


def page(findings: dict[str, list[Finding]]) -> str:
    """All findings as text, and a last line that says whether the lessons run."""
    lines = []
    for heading, found in findings.items():
        lines += ["", heading]
        for level, text, action in found:
            lines.append(f"  {level:<4} {text}")
            lines += [f"       {line}" for line in action.splitlines()]
    levels = [finding.level for found in findings.values() for finding in found]
    return "\n".join([*lines[1:], "", _verdict(levels.count(FIX), levels.count(OPEN))])


def _verdict(fixes: int, left_open: int) -> str:
    if fixes:
        todo = "1 thing needs" if fixes == 1 else f"{fixes} things need"
        return f"{todo} fixing before every lesson runs. Look for {FIX} above."
    if left_open:
        return f"Nothing was found that needs fixing, but not all could be tried. Look for {OPEN} above."
    return "Every lesson runs here."


# ---- versions ----


def versions() -> list[Finding]:
    """Python and each dependency against the supported ranges, which the package's own metadata hold.

    Colab shows the notebooks itself: it has no JupyterLab, and needs none, and `widgets()` judges its sliders.
    """
    from packaging.specifiers import SpecifierSet

    try:
        python = SpecifierSet(metadata.metadata("course-utils")["Requires-Python"])
    except metadata.PackageNotFoundError:
        return [Finding(FIX, "course-utils itself is not installed.", reinstall())]
    version = ".".join(map(str, sys.version_info[:3]))
    found = [Finding(GOOD, f"Python {version} ({_range(python)})") if version in python else Finding(
        FIX, f"Python {version}; supported is {_range(python)}.", "Make an environment with a supported Python.")]
    colabs_own = ("jupyterlab", "ipywidgets") if colab.on_colab() else ()
    needed = [one for one in requirements("course-utils") if one.name not in colabs_own]
    return found + [_version_of(one) for one in sorted(needed, key=lambda one: one.name)]


def _version_of(requirement: "Requirement") -> Finding:
    name, wanted = requirement.name, _range(requirement.specifier)
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(FIX, f"{name} is missing; {wanted} is needed.", reinstall())
    if requirement.specifier.contains(version, prereleases=True):
        return Finding(GOOD, f"{name} {version} ({wanted})")
    return Finding(FIX, f"{name} is {version}; {wanted} is needed.",
                   "Run: " + started.install(f'"{name}{requirement.specifier}"'))


def _range(specifiers: "SpecifierSet") -> str:
    """">=2.6,<3" in words: "2.6 or later, below 3"."""
    words = {">=": "{} or later", "<": "below {}", "==": "exactly {}", "!=": "not {}"}
    bounds = sorted(specifiers, key=lambda bound: bound.operator != ">=")
    return ", ".join(words.get(bound.operator, bound.operator + "{}").format(bound.version) for bound in bounds)


# ---- PyTorch ----

_TRY_TORCH = "import torch; a = torch.ones(3, requires_grad=True); (a @ a).backward(); print(a.grad.sum().item())"
_TRY_VISION = "import torchvision.datasets, torchvision.transforms; print(torchvision.__version__)"
_PATIENCE = 120                         # seconds
_NOT_YET = "no answer yet"


def pytorch() -> list[Finding]:
    """Whether torch computes a gradient and torchvision can be imported, each tried in a Python of its own."""
    answer, complaint = _try(_TRY_TORCH)
    if complaint == _NOT_YET:
        return [_still_loading("torch")]
    if answer != "6.0":
        action = reinstall() if "No module named 'torch'" in complaint else _torch_action(complaint)
        return [Finding(FIX, f"torch does not compute: {complaint}", action)]
    found = [Finding(GOOD, "torch computes a gradient")]
    _, complaint = _try(_TRY_VISION)
    if not complaint:
        return [*found, Finding(GOOD, "torchvision can be imported")]
    if complaint == _NOT_YET:
        return [*found, _still_loading("torchvision")]
    action = reinstall() if "No module named 'torchvision'" in complaint else _vision_action(complaint)
    return [*found, Finding(FIX, f"torchvision cannot be imported: {complaint}", action)]


def _still_loading(package: str) -> Finding:
    """A computer under load is no fault of the package, and says nothing about it."""
    return Finding(OPEN, f"{package} was still loading after {_PATIENCE} s, so it is not known whether it works.",
                   "A busy computer or a slow disk does that. When less is running, ask again: "
                   f"{started.command('doctor')}")


def _try(code: str) -> tuple[str, str]:
    """What `code` prints, and its last line of complaint or ""; -P keeps the current folder out of the way."""
    try:
        done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        return "", _NOT_YET
    if done.returncode == 0:
        return done.stdout.strip(), ""
    lines = done.stderr.strip().splitlines()
    return "", lines[-1] if lines else f"Python stopped with code {done.returncode} and said nothing"


def _torch_action(complaint: str) -> str:
    if "DLL" in complaint:
        return "On Windows, install Microsoft's Visual C++ Redistributable, then open a new terminal."
    return f"Install it anew: {started.install('torch torchvision', anew=True)}"


def _vision_action(complaint: str) -> str:
    """The commonest cause is a torch for the CPU beside a torchvision for CUDA, or the other way round."""
    torch, vision = _version_and_build("torch"), _version_and_build("torchvision")
    if any(word in complaint for word in ("nms", "undefined symbol", "CUDA")) or torch[1] != vision[1]:
        return (f"torch is {' '.join(torch)}, torchvision is {' '.join(vision)}: they come from different places and\n"
                "do not fit together. Install both at once from one place. With uv, the small build for the CPU:\n"
                "python -m uv pip install --torch-backend=cpu --reinstall torch torchvision")
    return f"Install both anew, at once: {started.install('torch torchvision', anew=True)}"


def _version_and_build(package: str) -> tuple[str, str]:
    """("2.15.0", "(build cpu)"), or ("2.15.0", "(standard build)") where the version names none."""
    try:
        version, _, build = metadata.version(package).partition("+")
    except metadata.PackageNotFoundError:
        return "missing", ""
    return version, f"(build {build})" if build else "(standard build)"


# ---- the computer ----


def room(folder: Path) -> list[Finding]:
    """Free memory, and free disk where the learner's copies live."""
    memory = _free_memory()
    if memory is None:
        found = [Finding(NOTE, "How much memory is free cannot be read on this system.")]
    elif memory < LEAST_MEMORY:
        text = f"{memory / 1e9:.1f} GB of memory are free; lessons like {LEAST_MEMORY / 1e9:.1f} GB."
        found = [Finding(NOTE, text, "Close other programs, and shut down notebooks that you do not use.")]
    else:
        found = [Finding(GOOD, f"{memory / 1e9:.1f} GB of memory are free")]
    while not folder.exists():
        folder = folder.parent
    disk = shutil.disk_usage(folder).free
    if disk < LEAST_DISK:
        found.append(Finding(NOTE if disk > 5e7 else FIX, f"{disk / 1e9:.2f} GB of disk are free in {folder}.",
                             "Delete something you no longer need, or your notebooks may not be saved."))
    else:
        found.append(Finding(GOOD, f"{disk / 1e9:.0f} GB of disk are free in {folder}"))
    if not os.access(folder, os.W_OK):
        found.append(Finding(FIX, f"{folder} cannot be written to.",
                             f"Give another folder: {started.command('lab --dir FOLDER')}"))
    return found


def _free_memory() -> float | None:
    """Bytes that can be had without swapping."""
    try:
        import psutil
    except ImportError:
        return None
    return float(psutil.virtual_memory().available)


def copies_on_colab() -> list[Finding]:
    """How many copies of lessons are seen in the learner's Drive, or what to do to see any."""
    folder = colab.saved_copies()
    if not folder.is_dir():
        what, action = colab.without_copies().split("\n", 1)
        return [Finding(NOTE, what, action)]
    try:
        lessons = workbook.lessons(workbook.lessons_folder())
    except workbook.WorkbookTrouble as trouble:
        return [Finding(FIX, str(trouble), reinstall())]
    many = sum(bool(workbook.copies_of(lesson.stem, folder)) for lesson in lessons)
    return [Finding(GOOD, f"copies of {many} lesson{'s' * (many != 1)} in {folder}")]


def data() -> list[Finding]:
    """Which data sets are on this computer; one that is not makes a note, because every lesson runs without."""
    from course_utils.download import SOURCES, DataUnavailable, fetch

    found, notices = [], io.StringIO()
    for name, source in SOURCES.items():
        try:
            with contextlib.redirect_stdout(notices):       # a damaged file of the learner's, a mistyped COURSE_DATA
                folder = fetch(name, download=False)
            found.append(Finding(GOOD, f"{source.title}: {folder}"))
        except DataUnavailable as absence:
            what, _, action = absence.args
            found.append(Finding(FIX, what, action) if source.comes_with_the_course
                         else Finding(NOTE, f"{source.title} is not here. Lessons run without it, and show less.",
                                      f"Fetch it while you have a network: {started.command('data')}"))
    return [*(Finding(NOTE, line) for line in notices.getvalue().splitlines()), *found]


# ---- names ----


def shadows(folders: list[Path]) -> list[Finding]:
    """Files and folders that Python would import in place of a module of its own or of a package we use."""
    found, names = [], _module_names()
    for folder in dict.fromkeys(folder.resolve() for folder in folders):
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            is_module = path.suffix == ".py" or (path / "__init__.py").is_file()
            if is_module and path.stem in names and path.resolve() != Path(__file__).resolve().parents[1]:
                found.append(Finding(FIX, f"{path} hides the module `{path.stem}` from notebooks beside it.",
                                     f"Rename it, for example to my_{path.name}."))
    return found or [Finding(GOOD, "none")]


def _module_names() -> set[str]:
    """Names that notebooks import, themselves or through packages: the standard library and every dependency."""
    from packaging.utils import canonicalize_name

    needed, todo = set(), ["course-utils"]
    while todo:
        name = canonicalize_name(todo.pop())
        if name not in needed:
            needed.add(name)
            todo += [one.name for one in requirements(name)]
    modules = {module for module, owners in metadata.packages_distributions().items()
               if needed & {canonicalize_name(owner) for owner in owners}}
    always = {"torch", "torchvision", "numpy", "matplotlib", "sklearn", "pandas", "scipy", "statsmodels"}  # missing too
    return (set(sys.stdlib_module_names) | modules | always | {"course_utils"}) - HARMLESS
