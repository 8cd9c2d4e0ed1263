"""The pages that are no lesson: the front page, with each lesson's question and picture, and the lists of lessons."""

import base64
import html
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from nbformat import NotebookNode

from course_utils.site import addresses
from course_utils.site.lesson import Lesson

DRAWN = Path(__file__).resolve().parents[2] / ".github" / "lessons"     # of a checkout: made by the course, for README
PICTURES = "pictures"                                                   # a folder in _static/
_FIGURE = re.compile(r'<img alt="([^"]*)" src="data:image/png;base64,([A-Za-z0-9+/=\s]+)"')


def pictures(executed: Mapping[str, NotebookNode], static: Path) -> dict[str, tuple[str, str]]:
    """{lesson: (file below _static/, alternative text)}: README's picture of it, else its first figure."""
    (static / PICTURES).mkdir(parents=True, exist_ok=True)
    words = json.loads((DRAWN / "alt.json").read_text(encoding="utf-8")) if (DRAWN / "alt.json").is_file() else {}
    found = {}
    for name, notebook in executed.items():
        target = static / PICTURES / f"{name}.png"
        if name in words and (DRAWN / target.name).is_file():
            shutil.copyfile(DRAWN / target.name, target)
            alt = words[name]
        elif figure := _first_figure(notebook):
            alt = html.unescape(figure[1])
            target.write_bytes(base64.b64decode(figure[2]))
        else:
            continue
        found[name] = (f"_static/{PICTURES}/{target.name}", alt)
    return found


def _first_figure(notebook: NotebookNode) -> re.Match[str] | None:
    pages = ("".join(output.get("data", {}).get("text/html", "")) for cell in notebook.cells
             if cell.cell_type == "code" for output in cell.outputs)
    return next(filter(None, map(_FIGURE.search, pages)), None)


def front_page(lessons: Sequence[Lesson], shown: Mapping[str, tuple[str, str]]) -> str:
    """The front page in MyST Markdown."""
    first = lessons[0].name
    return f"""---
html_theme.sidebar_secondary.remove: true
---

# How a model learns, from one neuron up

<div class="hero">
<p>Twelve notebooks, from one logistic neuron to networks trained on many devices, with PyTorch. Each lesson asks one
question, lets you predict before you run, checks what you write and tells you which idea went wrong. Then it takes
sentences that circulate about the topic and tests them, with the spread over many runs.</p>
<p class="hero-links"><a class="main" href="lessons/{first}.html">Begin to read</a>
<a href="{html.escape(addresses.on_colab(first))}">Run it on Colab</a>
<a href="{html.escape(addresses.on_binder(first))}">Run it on Binder</a></p>
</div>

<ol class="cards">
{"".join(_card(lesson, shown.get(lesson.name)) for lesson in lessons)}
</ol>

```{{toctree}}
:hidden:

lessons/index
solved/index
glossary
```
"""


def _card(lesson: Lesson, picture: tuple[str, str] | None) -> str:
    image = f'<img src="{picture[0]}" alt="{html.escape(picture[1])}" loading="lazy">' if picture else ""
    minutes = f"{lesson.minutes} minutes" if lesson.minutes else ""
    return (f'<li><div class="card-picture">{image}</div><div class="card-words">'
            f'<a href="lessons/{lesson.name}.html">{html.escape(lesson.question or lesson.title)}</a>'
            f"<p>{html.escape(lesson.title)}<span>{minutes}</span></p></div></li>\n")


def list_of_lessons(lessons: Sequence[Lesson], *, solved: bool) -> str:
    """The page over one of the two folders of lessons, in MyST Markdown."""
    if solved:
        title, words = "Solved", "Each lesson again, with an answer to every exercise and what comes of it."
    else:
        title, words = "Lessons", ("The lessons as you get them: exercises are open. What a later cell needs is the "
                                   "course's own until yours is right. To write and run, open one on Colab or Binder, "
                                   "or at home.")
    names = "\n".join(one.name for one in lessons)
    return f"# {title}\n\n{words}\n\n```{{toctree}}\n:maxdepth: 1\n\n{names}\n```\n"
