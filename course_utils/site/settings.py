"""Sphinx's settings for the site. Nothing on its pages comes from elsewhere: scripts, formulas and fonts go with it."""

import shutil
from importlib import metadata
from pathlib import Path
from typing import Any

from course_utils.site import addresses, carried

HERE = Path(__file__).parent
TITLE = "How a model learns"
MATHJAX = "mathjax.js"
# A screen reader is given MathML beside each formula. MathJax's own menu would load parts that are not here.
MATHJAX_SETTINGS = {"options": {"enableMenu": False, "enableAssistiveMml": True}}


def write_static(static: Path) -> None:
    """Lay what all pages load into `static`. Raises SiteTrouble."""
    shutil.copytree(HERE / "static", static, dirs_exist_ok=True)
    shutil.copyfile(carried.mathjax(), static / MATHJAX)


def settings(static: Path) -> dict[str, Any]:
    """The settings by their names in a conf.py."""
    return {
        "project": TITLE, "author": "The authors of the course", "language": "en",
        "version": metadata.version("course-utils"),
        "copyright": "the authors of the course; code BSD 3-Clause, text CC BY 4.0",
        "extensions": ["myst_nb", "sphinx.ext.mathjax"],
        "nb_execution_mode": "off",                     # they come executed
        "nb_merge_streams": True,
        "nb_ipywidgets_js": {},                         # no widgets on the pages: their scripts lie on another server
        "myst_enable_extensions": ["dollarmath"],
        "mathjax_path": MATHJAX, "mathjax3_config": MATHJAX_SETTINGS,
        "pygments_style": "a11y-high-contrast-light",
        "html_theme": "pydata_sphinx_theme", "html_context": {"default_mode": "auto"},
        "html_title": TITLE,
        "html_static_path": [str(static)],
        "html_css_files": ["site.css", "living/living.css"],
        "html_js_files": ["site.js", ("living/living.js", {"defer": "defer"})],
        "html_show_sourcelink": False, "html_copy_source": False, "html_domain_indices": False, "html_use_index": False,
        "html_sidebars": {"**": ["sidebar-nav-bs"], "index": [], "glossary": [], "search": []},
        "html_theme_options": {
            "logo": {"text": TITLE},
            "icon_links": [{"name": "Repository", "url": addresses.repository(), "icon": "fa-brands fa-github"}],
            "navigation_with_keys": True,
            "search_bar_text": "Search the lessons",
            "show_toc_level": 2,
            "secondary_sidebar_items": ["page-toc"],
            "footer_start": ["copyright"], "footer_end": [],
            "primary_sidebar_end": [],
            "article_header_start": [],
            "pygments_light_style": "a11y-high-contrast-light", "pygments_dark_style": "a11y-high-contrast-dark",
        },
    }
