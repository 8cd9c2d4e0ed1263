"""The course as a web site and as slides: executed lessons in, pages out that need nothing from outside."""

from course_utils.site.build import build
from course_utils.site.carried import SiteTrouble
from course_utils.site.living import assets, explorer_names, explorers_in, write
from course_utils.site.slides import heading_level, write_slides

__all__ = [
    "SiteTrouble", "assets", "build", "explorer_names", "explorers_in", "heading_level", "write", "write_slides",
]
