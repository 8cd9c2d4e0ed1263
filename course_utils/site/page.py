"""From an executed lesson to the notebook that Sphinx sets: no plumbing, figures in files, explorers alive.

A lesson stands on the site twice, in two folders of the same depth: `lessons/`, as a learner gets it, and `solved/`.
"""

import base64
import copy
import hashlib
import html
import re
from collections.abc import Callable, Collection
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output

from course_utils.site import addresses

FIGURES = "figures"                     # a folder in _static/
_CHECK = re.compile(r"\bexercises\.(\w+)\.check\(")
LINK = re.compile(r"\]\((\d\d_\w+)\.ipynb\)")
_EMBEDDED = re.compile(r'src="data:image/png;base64,([A-Za-z0-9+/=\s]+)"')
_NOT_YET = re.compile(r"<div [^>]*>\s*\*\*… Not yet\.\*\*.*?</div>", re.DOTALL)
_NO_SLIDERS = "<p>No sliders here"       # what an explorer says to whoever sees no controls
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)


def page(notebook: NotebookNode, name: str, here: Collection[str], static: Path, *, solved: bool,
         explorers: Callable[[str], str]) -> NotebookNode:
    """The page of the lesson `name`; `here` are the lessons that the site has, others are linked to on GitHub.

    Figures are written below `static`. `explorers(source)` is the HTML of the explorers that a cell shows, or "".
    """
    result = copy.deepcopy(notebook)
    result.metadata.pop("widgets", None)
    cells = []
    for cell in result.cells:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(lambda link: link[0] if link[1] in here else f"]({addresses.on_github(link[1])})",
                                    cell.source)
        elif cell.get("metadata", {}).get("jupyter", {}).get("source_hidden"):
            continue                                        # fetches the course where it is missing
        elif cell.cell_type == "code":
            alive = explorers(cell.source)
            cell.outputs = [_html(alive)] if alive else _in_files(readable(cell.outputs), static)
            for exercise in _CHECK.findall(cell.source)[:1]:
                if solved:
                    cells.append(new_markdown_cell(f'<span id="answer-{exercise}"></span>'))
                else:
                    cell.outputs.append(_html(_to_the_answer(name, exercise)))
        cells.append(cell)
    _open(cells[0], name, solved=solved)
    result.cells = cells
    return result


def _html(text: str) -> NotebookNode:
    return new_output("display_data", data={"text/html": text})


def _to_the_answer(name: str, exercise: str) -> str:
    return (f'<p class="to-the-answer"><a href="../solved/{name}.html#answer-{exercise}">Read an answer</a>, or '
            f'<a href="{html.escape(addresses.on_colab(name))}">write yours on Colab</a></p>')


def _open(cell: NotebookNode, name: str, *, solved: bool) -> None:
    """Below the title: where the lesson can be run, and its other copy."""
    title, _, rest = cell.source.partition("\n")
    other, words = ("lessons", "Without the answers") if solved else ("solved", "Solved")
    links = [(addresses.on_binder(name), "Run it on Binder"), (addresses.on_colab(name), "Run it on Colab"),
             (addresses.on_github(name), "Source"), (f"../{other}/{name}.html", words)]
    items = "".join(f'<a href="{html.escape(address)}">{label}</a>' for address, label in links)
    cell.source = (f"{title}{', solved' if solved else ''}\n\n"
                   f'<nav class="lesson-links" aria-label="Other places of this lesson">{items}</nav>\n{rest}')


def readable(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """What can be read without a kernel, in one form each: HTML before Markdown before plain text."""
    kept = []
    for output in outputs:
        data = {kind: "".join(content) for kind, content in output.get("data", {}).items()
                if kind in ("text/html", "text/markdown", "text/plain")}
        if "data" not in output:                                                # printed
            kept.append(output)
        elif "application/vnd.jupyter.widget-view+json" in output.data and "text/html" not in data:
            continue                                                            # a progress bar
        elif "text/html" in data:
            kept += [_html(_SCRIPT.sub("", data["text/html"]))] if _NO_SLIDERS not in data["text/html"] else []
        elif "text/markdown" in data:
            text = _NOT_YET.sub("", data["text/markdown"]).strip()
            kept += [new_output("display_data", data={"text/markdown": text})] if text else []
        else:
            kept.append(output)
    return kept


def _in_files(outputs: list[NotebookNode], static: Path) -> list[NotebookNode]:
    for output in outputs:
        if "text/html" in output.get("data", {}):
            output.data["text/html"] = figures_in_files(output.data["text/html"], static)
    return outputs


def figures_in_files(page: str, static: Path) -> str:
    """The same HTML with each embedded PNG in a file of its own, which is loaded when somebody scrolls there."""
    def write(match: re.Match[str]) -> str:
        png = base64.b64decode(match[1])
        name = hashlib.sha256(png).hexdigest()[:20] + ".png"
        (static / FIGURES).mkdir(parents=True, exist_ok=True)
        (static / FIGURES / name).write_bytes(png)
        return f'loading="lazy" src="../_static/{FIGURES}/{name}"'

    return _EMBEDDED.sub(write, page).replace(' decoding="sync"', "")
