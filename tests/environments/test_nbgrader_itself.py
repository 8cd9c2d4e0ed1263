"""nbgrader itself takes a lesson, hands it out, grades a right, a wrong and an empty submission, and keeps the score.

It gets an environment of its own, in a folder that goes away, unless COURSE_NBGRADER names one that has it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from test_notebooks import LESSONS

from course_utils.checker import CodeExercise, Prediction
from course_utils.course import nbgrader, publish, workbook
from course_utils.course.wheelhouse import uv

pytestmark = pytest.mark.nightly

LESSON = next(path for path in LESSONS if path.stem == "01_binary_logistic_regression")
SCORES = """
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    print(json.dumps({one.student.id: [one.score, one.max_score] for one in book.assignment_submissions("LESSON")}))
"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A function that runs a command of nbgrader in a course folder, whose kernels are this Python."""
    folder = tmp_path_factory.mktemp("nbgrader")
    environment = Path(os.environ.get("COURSE_NBGRADER") or folder / "environment")
    binaries = environment / ("Scripts" if os.name == "nt" else "bin")
    if not environment.is_dir():
        subprocess.run([*uv(), "venv", "--quiet", "--python", sys.executable, environment], check=True)
        subprocess.run([*uv(), "pip", "install", "--quiet", "--no-config", "--python", environment, "nbgrader>=0.9,<1"],
                       check=True, cwd=folder)
    kernel = folder / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text(json.dumps({"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                                  "display_name": "the course's", "language": "python"}))
    root = Path(__file__).resolve().parents[2]
    env = {**os.environ, "PATH": os.pathsep.join([str(binaries), os.environ["PATH"]]), "PYTHONPATH": str(root),
           "JUPYTER_PATH": str(folder / "jupyter"), "JUPYTER_DATA_DIR": str(folder / "data")}

    def run(*command):
        done = subprocess.run([binaries / command[0], *command[1:]], cwd=folder, env=env, capture_output=True,
                              text=True, timeout=900)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run.folder = folder
    return run


def answered(path, choose):
    """The text of a handed-out lesson in which each stub gave way to what `choose(exercise, name)` says, None: kept."""
    notebook, catalogue = publish.read(path), publish.catalogue(LESSON.stem)
    for cell in notebook.cells:
        if cell.cell_type != "code" or cell.metadata.get("nbgrader", {}).get("grade"):
            continue
        for name, answer in workbook.checks(cell.source):
            text = choose(getattr(catalogue, name), answer)
            if text is not None:
                cell.source = publish.replace(cell.source, publish.definition(cell.source, answer), text)
    return nbformat.writes(notebook)


def right(exercise, answer):
    return None if isinstance(exercise, Prediction) else exercise.source_as(answer)


def wrong(exercise, answer):
    """Code that is wrong, and of what is not code the first of the mistakes."""
    if isinstance(exercise, Prediction):
        return None
    return f"def {answer}(*_):\n    return 7" if isinstance(exercise, CodeExercise) else \
        f"{answer} = {exercise.mistakes[0].answer!r}"


def test_it_hands_out_grades_and_keeps_the_score(graded, capsys):
    nbgrader.write(LESSON, graded.folder)
    graded("nbgrader", "generate_assignment", LESSON.stem, "--create")
    released = graded.folder / "release" / LESSON.stem / LESSON.name
    notebook = publish.read(released)
    assert nbgrader.BEGIN not in nbformat.writes(notebook), "no answer of ours is handed out"
    for who, choose in {"ada": right, "ben": wrong, "cem": lambda *_: None}.items():
        target = graded.folder / "submitted" / who / LESSON.stem / LESSON.name
        target.parent.mkdir(parents=True)
        target.write_text(answered(released, choose), encoding="utf-8")
    graded("nbgrader", "autograde", LESSON.stem)
    scores = json.loads(graded("python", "-c", SCORES.replace("LESSON", LESSON.stem)))
    points = sum(cell.metadata.get("nbgrader", {}).get("grade", False) for cell in notebook.cells)
    with capsys.disabled():
        print(f"\n{graded('nbgrader', '--version').strip()}: {scores}")
    assert scores == {"ada": [points, points], "ben": [0, points], "cem": [0, points]}
