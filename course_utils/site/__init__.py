"""The course on the web: pages that need no kernel."""

from course_utils.site.living import assets, explorer_names, explorers_in, write

__all__ = [
    "assets", "explorer_names", "explorers_in", "write",
]
