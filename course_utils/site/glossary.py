"""The words of the course: one source, `glossary.md`, from which the page is made and each lesson's links.

An entry is a line with the word and other forms that are linked as well, then what it means. A number says from which
lesson on it is a term; before that the word may stand there as in any text.

    fold; folds (06)
    : One of the parts into which data are dealt for cross-validation.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from course_utils.site.lesson import Lesson

if TYPE_CHECKING:
    from docutils import nodes

SOURCE = Path(__file__).with_name("glossary.md")


class Term(NamedTuple):
    """A word, what it means in MyST Markdown, the forms in which prose has it, and the lesson from which on."""

    word: str
    meaning: str
    forms: tuple[str, ...]              # the word itself is the first
    since: str                          # the number of a lesson, "06"


def terms(text: str | None = None) -> list[Term]:
    """The entries, in alphabetical order."""
    text = SOURCE.read_text(encoding="utf-8") if text is None else text
    found = []
    for block in re.split(r"\n\s*\n", text.strip()):
        head, _, meaning = block.partition("\n: ")
        words, _, since = head.partition(" (")
        if meaning:
            forms = tuple(form.strip() for form in words.split(";"))
            found.append(Term(forms[0], " ".join(meaning.split()), forms, since.rstrip(")") or "00"))
    return sorted(found, key=lambda term: term.word.lower())


def pattern(known: list[Term]) -> re.Pattern[str]:
    """Finds any form of any term as a word of its own; longer ones first, so that "log loss" is not a loss."""
    forms = sorted((form for term in known for form in term.forms), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])", re.IGNORECASE)


def glossary_page(known: list[Term], prose: dict[str, str], lessons: list[Lesson]) -> str:
    """The page in MyST Markdown; `prose` is {lesson: its text}. Each entry says where the course meets it first."""
    titles = {lesson.name: lesson.title for lesson in lessons}
    entries = []
    for term in known:
        met = next((name for name in titles if name[:2] >= term.since and pattern([term]).search(prose[name])), None)
        where = f"\n\n  First in [{titles[met]}](lessons/{met}.ipynb)." if met else ""
        entries.append(f"{term.word}\n  {term.meaning}{where}\n")
    return ("# Glossary\n\nThe words of the course, each with the lesson that meets it first.\n\n```{glossary}\n"
            + "\n".join(entries) + "```\n")


def link_first_uses(doctree: "nodes.document", document: str, known: list[Term]) -> None:
    """Make the first use of each term in the lesson's prose a link to its entry; `document` is lessons/01_…"""
    from docutils import nodes
    from sphinx.addnodes import pending_xref

    known = [term for term in known if term.since <= Path(document).name[:2]]
    word_of = {form.lower(): term.word for term in known for form in term.forms}
    left, finder = set(word_of.values()), pattern(known)
    for text in list(_prose(doctree)):
        parts: list[nodes.Node] = []
        rest = 0
        for match in finder.finditer(str(text)):
            word = word_of[match[0].lower()]
            if word not in left:
                continue
            left.remove(word)
            link = pending_xref("", nodes.inline("", match[0], classes=["std", "std-term"]), refdomain="std",
                                reftype="term", reftarget=word, refexplicit=True, refwarn=True, refdoc=document)
            parts += [nodes.Text(str(text)[rest:match.start()]), link]
            rest = match.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(str(text)[rest:])])


def _prose(doctree: "nodes.document") -> Iterator["nodes.Text"]:
    """What the lesson's author wrote as running text: no title, code, formula, link or output."""
    from docutils import nodes
    from sphinx.addnodes import pending_xref

    other = (nodes.title, nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.reference, nodes.raw,
             pending_xref)
    for text in doctree.findall(nodes.Text):
        above, node = [], text.parent
        while node is not None:
            above.append(node)
            node = node.parent
        if not any(isinstance(node, other) or "cell_output" in node.get("classes", []) for node in above):
            yield text
