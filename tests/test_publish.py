"""Derived copies: answers are written where stubs stood, and nothing else changes."""

import ast
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.course import publish
from course_utils.course.publish import PublishTrouble

SOFTMAX = '''def softmax(logits):
    """Rows become probabilities."""
    return logits.softmax(dim=1)
'''
EXERCISES = SimpleNamespace(
    softmax=SimpleNamespace(source_as=lambda name: SOFTMAX),
    guess=SimpleNamespace(source_as=lambda name: f"{name} = 0.622        # a share"),
    order=SimpleNamespace(source_as=lambda name: f"{name} = 'bacd'"),
    stray=SimpleNamespace(source_as=lambda name: "def other():\n    return 1"),
)


def solve(*sources):
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    return [cell.source for cell in publish.solved(notebook, EXERCISES).cells]


def same_code(one, other):
    return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))


@pytest.mark.parametrize("stub", [
    "def softmax(logits):\n    return ...                # your code",
    'def softmax(logits):\n    """Rows become probabilities."""\n    p = ...\n    return p',
    "def softmax(logits):\n    return logits.softmax(dim=0)    # find the fault",
    "@torch.no_grad()\ndef softmax(logits):\n    return ...",
    "class softmax:\n    x = ...",
])
def test_a_function_gives_way_to_the_solution(stub):
    [cell] = solve(f"import torch\n\n{stub}\n\nexercises.softmax.check(softmax)")
    assert same_code(cell, f"import torch\n{SOFTMAX}\nexercises.softmax.check(softmax)")


def test_a_value_gives_way_and_its_comment_stays():
    [cell] = solve("my_guess = ...        # between 0 and 1, “ä”\n\nexercises.guess.check(my_guess)")
    assert cell == "my_guess = 0.622        # a share        # between 0 and 1, “ä”\n\nexercises.guess.check(my_guess)"
    assert solve("answer = ...\nexercises.order.check(answer);") == ["answer = 'bacd'\nexercises.order.check(answer);"]
    [cell] = solve("'ä'; a = ...\nexercises.guess.check(a)")
    assert cell == "'ä'; a = 0.622        # a share\nexercises.guess.check(a)"


def test_two_answers_in_one_cell():
    two_checks = "\nexercises.guess.check(a)\nexercises.softmax.check(softmax)"
    [cell] = solve("a = ...\ndef softmax(x):\n    return ..." + two_checks)
    assert same_code(cell, f"a = 0.622\n{SOFTMAX}{two_checks}")


def test_other_cells_stay_as_they_are_and_so_does_the_lesson():
    source = "%pip install x\nmodel.check(...)"
    assert solve(source, "def softmax(z):\n    return ...") == [source, "def softmax(z):\n    return ..."]
    lesson = new_notebook(cells=[new_code_cell("a = ...\nexercises.guess.check(a)")])
    publish.solved(lesson, EXERCISES)
    assert lesson.cells[0].source.startswith("a = ...")


@pytest.mark.parametrize("source, words", [
    ("a = ...\nexercises.unknown.check(a)", "no such exercise"),
    ("exercises.guess.check(elsewhere)", "does not define"),
    ("exercises.guess.check(...)", "does not define"),
    ("%time\na = ...\nexercises.guess.check(a)", "invalid syntax"),
    ("def softmax(z):\n    return ...\nexercises.stray.check(softmax)", "does not define `softmax`"),
])
def test_what_does_not_fit_is_named_with_its_cell(source, words):
    with pytest.raises(PublishTrouble, match=words) as caught:
        solve("x = 1", source)
    assert "cell 1" in str(caught.value)


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    notebook = new_notebook(cells=[new_markdown_cell("# A lesson"), new_code_cell("print(6 * 7)")])
    return publish.execute(notebook, tmp_path_factory.mktemp("run"))


def test_an_executed_copy_has_outputs_and_times(executed):
    assert executed.cells[1].outputs[0].text == "42\n"
    assert "shell.execute_reply" in executed.cells[1].metadata.execution


def test_a_kernel_says_nothing_of_itself(tmp_path, capfd):
    notebook = new_notebook(cells=[new_code_cell("print(1)")])
    assert publish.execute(notebook, tmp_path).cells[0].outputs[0].text == "1\n"
    assert capfd.readouterr().err == ""


def test_a_cell_that_raises_is_reported(tmp_path):
    with pytest.raises(PublishTrouble, match="ZeroDivisionError"):
        publish.execute(new_notebook(cells=[new_code_cell("1 / 0")]), tmp_path)


def test_a_file_that_is_no_notebook_is_said_in_plain_words(tmp_path):
    (tmp_path / "x.ipynb").write_text("{")
    with pytest.raises(PublishTrouble, match="cannot be read as a notebook"):
        publish.read(tmp_path / "x.ipynb")
