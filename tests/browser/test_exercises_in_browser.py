"""An exercise as a learner meets it: an untouched stub, a wrong answer, a right one, each typed into the cell."""

IMPORTS = "import torch\nfrom course_utils.exercises import softmax_regression as exercises"
STUB = "def softmax(logits):\n    return ...\n\nexercises.softmax.check(softmax)"


def type_and_run(page, cell, code: str) -> None:
    """Replace the whole of `cell` by `code` and run it."""
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")


def test_a_wrong_and_a_right_answer_typed_into_the_cell(lab):
    lab.write("exercise.ipynb", [IMPORTS, STUB])
    page = lab.open("exercise.ipynb")
    lab.run_all(page)
    cell = page.locator(".jp-CodeCell").nth(1)
    feedback = cell.locator(".jp-OutputArea-output")
    feedback.get_by_text("replace the three dots").wait_for()
    type_and_run(page, cell, STUB.replace("...", "torch.softmax(logits, dim=0)"))
    feedback.get_by_text("classes live in dim=1").wait_for()
    type_and_run(page, cell, STUB.replace("...", "torch.softmax(logits, dim=1)"))
    feedback.get_by_text("✓ Right").wait_for()
    assert "Not yet" not in cell.inner_text()
    lab.close(page)


def test_below_a_traceback_stands_the_cell_that_was_not_run(lab):
    lab.write("stopped.ipynb", ["from course_utils.display import setup\nsetup()", "base = 3", "base + 1"])
    page = lab.open("stopped.ipynb")
    cells = page.locator(".jp-CodeCell")
    for number in (0, 2):
        cells.nth(number).locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
    outputs = cells.nth(2).locator(".jp-OutputArea-output")
    outputs.get_by_text("The cell that begins with base = 3 defines it and was not run").wait_for()
    assert "Traceback" in outputs.first.inner_text() and "NameError: name 'base'" in outputs.first.inner_text()
    lab.close(page)
