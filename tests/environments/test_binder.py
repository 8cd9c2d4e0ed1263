"""repo2docker, which makes Binder's images, reads both recipes and takes the Python that they name. No image is built.

It needs jupyter-repo2docker on the PATH, in an environment of its own: see "Other versions" in CONTRIBUTING.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROGRAM = shutil.which("jupyter-repo2docker")
pytestmark = [pytest.mark.nightly, pytest.mark.skipif(PROGRAM is None, reason="needs jupyter-repo2docker")]
ROOT = Path(__file__).parents[2]


def recipe(folder):
    """All that repo2docker says of a folder, the Dockerfile among it."""
    command = [PROGRAM, "--no-build", "--debug", "--user-id", "1000", "--user-name", "learner", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def python_in(file):
    return re.search(r"^ +- python=(\d+\.\d+)\b", (ROOT / file).read_text(encoding="utf-8"), re.M)[1]


@pytest.mark.parametrize("file", [".binder/environment.yml", "environment.yml"])
def test_the_recipe_is_found_and_its_python_is_taken(tmp_path, file):
    if "/" in file:
        shutil.copytree(ROOT / ".binder", tmp_path / ".binder")
    shutil.copy(ROOT / "environment.yml", tmp_path)
    said = recipe(tmp_path)
    assert f"Building conda environment for python={python_in(file)}\n" in said, said[:2_000]
    assert f'env update -p ${{NB_PYTHON_PREFIX}} --file "{file}"' in said
    assert ".binder/postBuild" in said or "/" not in file


def test_bounds_would_not_be_taken(tmp_path):
    """What this file is for: repo2docker reads bounds as no version at all, and takes its own."""
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    (tmp_path / "environment.yml").write_text(re.sub(r"python=\S+", "python >=3.11,<3.15", text), encoding="utf-8")
    assert "Python version unspecified" in recipe(tmp_path)
