"""Whether the notebooks find their sliders, and a kernel that is this very Python."""

import json
import os
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils import started
from course_utils.colab import on_colab
from course_utils.course.findings import FIX, GOOD, Finding, requirements

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet


NEWER = '"ipywidgets>=8.1" jupyterlab_widgets'


def widgets() -> list[Finding]:
    """Whether the sliders have both halves: ipywidgets in Python, and the extension of JupyterLab that it asks for.

    Colab has the second half built in, for ipywidgets 7 only: a newer one would leave the sliders blank there.
    """
    if on_colab():
        return _widgets_on_colab()
    action = f"Run: {started.install(NEWER, anew=True)}"
    try:
        version, installed = metadata.version("ipywidgets"), metadata.version("jupyterlab_widgets")
    except metadata.PackageNotFoundError as missing:
        return [Finding(FIX, f"The sliders cannot work: {missing.name} is missing.", action)]
    fits = _second_half(version)
    if not fits.contains(installed, prereleases=True):
        return [Finding(FIX, f"Sliders stay blank: ipywidgets {version} needs jupyterlab_widgets {fits}, "
                             f"not {installed}.", action)]
    extension = Path("labextensions", "@jupyter-widgets", "jupyterlab-manager", "package.json")
    if any((folder / extension).is_file() for folder in _jupyter_folders()):
        return [Finding(GOOD, f"ipywidgets {version} and its JupyterLab extension {installed}")]
    return [Finding(FIX, "JupyterLab does not find the extension that draws sliders.", action)]


def _second_half(version: str) -> "SpecifierSet":
    """The jupyterlab_widgets that fit: what ipywidgets asks for. 7.7 asks for any, and the third cannot draw it."""
    from packaging.specifiers import SpecifierSet

    asked = [one.specifier for one in requirements("ipywidgets") if one.name.replace("-", "_") == "jupyterlab_widgets"]
    return SpecifierSet("<3" if version.startswith("7.") else "") & (asked[0] if asked else SpecifierSet())


def _widgets_on_colab() -> list[Finding]:
    try:
        version = metadata.version("ipywidgets")
    except metadata.PackageNotFoundError:
        version = "missing"
    if version.startswith("7."):
        return [Finding(GOOD, f"ipywidgets {version}, which Colab draws itself")]
    return [Finding(FIX, f"Sliders stay blank: ipywidgets is {version}, and Colab draws those of version 7.",
                    'Run: %pip install "ipywidgets==7.7.1", then menu Runtime > Restart session.')]


def _jupyter_folders() -> list[Path]:
    try:
        from jupyter_core.paths import jupyter_path
        return [Path(folder) for folder in jupyter_path()]
    except ImportError:
        return [Path(sys.prefix) / "share" / "jupyter"]


def kernel() -> list[Finding]:
    """Whether the kernel named python3, which every lesson asks for, is this very Python."""
    for folder in _jupyter_folders():
        spec = folder / "kernels" / "python3" / "kernel.json"
        try:
            program = json.loads(spec.read_text(encoding="utf-8"))["argv"][0]
        except (OSError, ValueError, KeyError, IndexError, TypeError):
            continue
        plain = re.fullmatch(r"python(3(\.\d+)?)?", program)        # jupyter puts its own Python in its place
        if plain or _environment(program) == _environment(sys.executable):
            return [Finding(GOOD, "notebooks run in this Python")]
        return [Finding(FIX, f"Notebooks would run in another Python: {program}", (
            f"{spec.parent} says so. Remove it: python -m jupyter kernelspec remove python3\n"
            "Then: python -m ipykernel install --sys-prefix"))]
    return [Finding(FIX, "There is no kernel named python3.", "Run: python -m ipykernel install --sys-prefix")]


def _environment(program: str) -> str:
    """The folder of a Python, links not followed: `python` and `python3` of one environment share it."""
    return os.path.normcase(os.path.dirname(os.path.abspath(program)))
