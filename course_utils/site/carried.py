"""What the site takes from installed packages: MathJax and reveal.js, each carried by a package of the extra `site`."""

import importlib.util
from importlib import metadata
from pathlib import Path

from course_utils import started

EXTRA = "site"


class SiteTrouble(RuntimeError):
    """Pages cannot be made. The text says what is missing, or what Sphinx had to say."""


def folder_of(package: str) -> Path:
    """Where an importable package lies. Raises SiteTrouble where it is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SiteTrouble(f"Pages and slides are made with {package}, which is not installed here.\nTo have all that "
                          f"they need: {started.install_beside(*(_needed() or [package]))}")
    return Path(spec.origin).parent


def _needed() -> list[str]:
    """What the extra asks for, "sphinx<10,>=9.0" and so on; [] where the course itself is not installed.

    By name, because what the course was installed from, a folder or a wheel, may be gone.
    """
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(line) for line in metadata.requires("course-utils") or []]
    except metadata.PackageNotFoundError:
        return []
    return [f"{one.name}{one.specifier}" for one in wanted
            if one.marker and one.marker.evaluate({"extra": EXTRA}) and not one.marker.evaluate({"extra": ""})]


def mathjax() -> Path:
    """MathJax 3 in one file, which draws formulas as SVG and so needs no fonts. Raises SiteTrouble."""
    return folder_of("sphinx-mathjax-offline") / "static" / "mathjax" / "tex-svg.js"


def reveal() -> Path:
    """The folder with reveal.js and its styles. Raises SiteTrouble."""
    return folder_of("sphinx_revealjs") / "_static" / "revealjs" / "dist"
