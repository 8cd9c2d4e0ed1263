"""Small things that make running text easier to read."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docutils import nodes

_CLOSING = re.compile(r"[.,;:?!)\]’”]+")


def keep_with_formulas(doctree: "nodes.document") -> None:
    """Let no line begin with the full stop, comma or bracket that follows a formula.

    To a browser a formula is a picture, and beside pictures it breaks lines anywhere. The class stands in site.css.
    """
    from docutils import nodes

    for formula in list(doctree.findall(nodes.math)):
        parent = formula.parent
        here = parent.index(formula)
        after = parent[here + 1] if here + 1 < len(parent) else None
        if isinstance(after, nodes.Text) and (closing := _CLOSING.match(after)):
            parent.remove(after)
            parent.remove(formula)
            together = nodes.inline("", "", formula, nodes.Text(closing[0]), classes=["together"])
            parent.insert(here, [together, nodes.Text(after[closing.end():])])
