"""A small site, for tests: lesson 00 as it runs, and a toy lesson with all that a lesson may show."""

import io

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_utils.display import image_html

TOY = "01_toy"


def shown(**data):
    return new_output("display_data", data={kind.replace("_", "/", 1): text for kind, text in data.items()})


def figure(alt="a rising line"):
    """A white picture as figures are embedded."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (1008, 504), "white").save(buffer, "PNG")
    return image_html(buffer.getvalue(), alt, (7.0, 3.5))


OPENING = """# 1 · A toy

**Does a toy lesson show what a lesson shows?**

It follows [0 · Start here](00_start_here.ipynb) and [5 · Optimizers](05_optimizers.ipynb). *10 minutes.*"""
FORMULAS = r"""## Formulas

A **logit** is $z = \log\frac{p}{1-p}$. Its loss is the mean of what each example pays, and a long one is

$$\ell = -\frac{1}{n}\sum_{i=1}^n \left[y_i \log p_i + (1 - y_i)\log(1 - p_i)\right]
    + \frac{\lambda}{2}\lVert w\rVert^2 + \frac{\lambda}{2}\lVert w\rVert^2.$$

### Below

A logit again, and `loss = 1`."""
TABLE = ("<table><thead><tr><th scope='col'>measured</th><th scope='col'>here</th><th scope='col'>expected</th></tr>"
         "</thead><tbody><tr><th scope='row'>a share</th><td>0.5</td><td>0 to 1</td></tr></tbody></table>")
NOT_YET = ('Which is larger?\n\n- **a** one\n- **b** two\n\n<div style="border-left: 6px solid #595959; padding: 2px '
           '12px">\n\n**… Not yet.** Nothing is wrong yet: put your answer where the dots are.\n\n</div>')
RIGHT = ('<div style="border-left: 6px solid #007F5F; padding: 2px 12px">\n\n**✓ Right.** Two is more than one.\n\n'
         "</div>")
LONG_LINE = "wide = [" + ", ".join(map(str, range(60))) + "]"
WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "1", "version_major": 2, "version_minor": 0}}


def toy(solved: bool = False) -> nbformat.NotebookNode:
    """The toy lesson as if it had been run."""
    explorer = [shown(text_html="<p><strong>Question.</strong> Where?</p><script>missing()</script>"),
                new_output("display_data", data=WIDGET | {"text/plain": "a slider"}),
                shown(text_html="<p>No sliders here: change a value.</p>"),
                shown(text_html=figure("a dot in a valley"))]
    progress = new_output("display_data", data=WIDGET | {"text/plain": " 64%|######4   |"})
    return new_notebook(cells=[
        new_markdown_cell(OPENING),
        new_code_cell("import nothing", metadata={"jupyter": {"source_hidden": True}}),
        new_code_cell("studies.opening.run()", outputs=[progress, shown(text_html=figure() + TABLE)]),
        new_markdown_cell(FORMULAS),
        new_code_cell(LONG_LINE + "\nprint(wide)", outputs=[new_output("stream", text=LONG_LINE + "\n")]),
        new_code_cell(f'answer = "{"b" if solved else "…"}"\n\nexercises.larger.check(answer)',
                      outputs=[shown(text_markdown=RIGHT if solved else NOT_YET, text_plain="said")]),
        new_code_cell("toy_explorer().show()", outputs=explorer),
        new_markdown_cell("## What you can now claim\n\n- A toy is enough."),
    ], metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}})
