"""What the site takes from installed packages: MathJax and reveal.js, each carried by a package of the extra `site`."""

import importlib.util
from pathlib import Path

INSTALL = "python -m pip install 'course-utils[site]', or in the checkout: python -m uv sync --extra site"


class SiteTrouble(RuntimeError):
    """Pages cannot be made. The text says what is missing, or what Sphinx had to say."""


def folder_of(package: str) -> Path:
    """Where an importable package lies. Raises SiteTrouble where it is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SiteTrouble(f"Pages and slides are made with {package}, which is not installed here.\nTo install what "
                          f"they need: {INSTALL}")
    return Path(spec.origin).parent


def mathjax() -> Path:
    """MathJax 3 in one file, which draws formulas as SVG and so needs no fonts. Raises SiteTrouble."""
    return folder_of("sphinx-mathjax-offline") / "static" / "mathjax" / "tex-svg.js"


def reveal() -> Path:
    """The folder with reveal.js and its styles. Raises SiteTrouble."""
    return folder_of("sphinx_revealjs") / "_static" / "revealjs" / "dist"
