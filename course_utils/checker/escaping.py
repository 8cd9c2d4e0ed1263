"""What is a learner's in a message cannot act: the one place where class names, reprs and exceptions become harmless.

Texts pass it twice. Where they come in, `harmless` makes one printable line of them, fit to stand between backticks.
Where they go out, `as_plain` and `as_markdown` hold for the whole message, whoever put it together. A notebook shows
Markdown as HTML; `in_html` is for the pages that we write ourselves.
"""

import html
import re

ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?", re.S)    # colours, titles, cursors
CODE = re.compile(r"(?<![`\\])(`{1,2})(?!`)([^\n]+?)(?<!`)\1(?!`)")         # in one line: the next may begin a block

ACTIVE = {"`": "&#96;", "](": "]&#40;", "][": "]&#91;", "://": "&#58;//", "www.": "www&#46;", "@": "&#64;"}     # links


def harmless(text: str, most: int = 200) -> str:
    """One line of printable characters without backticks, `most` of them at most."""
    line = " ".join(as_plain(text[:20 * most]).split()).replace("`", "'")
    return line if len(line) <= most else line[:most - 1] + "…"


def as_plain(text: str) -> str:
    """Without what a terminal or a page obeys rather than shows: colours, control characters, a change of direction."""
    return "".join(character for character in ANSI.sub("", text) if character.isprintable() or character in "\n\t")


def as_markdown(text: str) -> str:
    """A message as Markdown in which code and bold print work, and no HTML, link, picture or formula."""
    said, end, text = [], 0, as_plain(text)
    for code in CODE.finditer(text):
        said += [_without_code(text[end:code.start()]), code[0]]
        end = code.end()
    return "".join([*said, _without_code(text[end:])])


def _without_code(text: str) -> str:
    text = html.escape(text, quote=False)
    for sign, entity in ACTIVE.items():
        text = text.replace(sign, entity)
    return text.replace("$", "`$`")             # in code no formula begins


def in_html(text: str) -> str:
    """A text for a page of ours, between tags or in quoted attributes."""
    return html.escape(as_plain(text), quote=True)


def in_fence(text: str) -> str:
    """A traceback, as a block of code that it cannot leave."""
    return f"```text\n{as_plain(text).rstrip().replace('```', chr(39) * 3)}\n```"
