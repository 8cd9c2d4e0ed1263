"""The files around the code say the same thing: pyproject.toml, environment.yml, README, the notebooks, .ci/run."""

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
REPOSITORY = PROJECT["project"]["urls"]["Repository"]
CONDA_NAMES = {"torch": "pytorch-cpu"}


def bounds(lines):
    """{name: set of bounds}; conda's "name >=1,<2" and pip's "name>=1,<2" read the same."""
    requirements = [Requirement(line) for line in lines]
    return {requirement.name: {str(bound) for bound in requirement.specifier} for requirement in requirements}


NEEDED = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]


def test_environment_yml_says_the_same_as_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge"]
    python, *conda, last = environment["dependencies"]
    assert last["pip"][-1] == "-e ."
    expected = {CONDA_NAMES.get(name, name): bound for name, bound in bounds(NEEDED).items()}
    expected |= {"pip": set()}
    assert _python(python) in Requirement("p" + PROJECT["project"]["requires-python"]).specifier
    assert bounds([*conda, *last["pip"][:-1]]) == expected


def _python(line):
    """repo2docker, which builds Binder's images, finds a version of Python in `python=3.11` and not in bounds."""
    return re.fullmatch(r"python=(\d+\.\d+)", line)[1]


def test_binder_gets_the_same_without_the_tests_and_one_python():
    binder = yaml.safe_load((ROOT / ".binder" / "environment.yml").read_text(encoding="utf-8"))
    python, *others = binder["dependencies"]
    assert _python(python) in Requirement("p" + PROJECT["project"]["requires-python"]).specifier
    expected = bounds(PROJECT["project"]["dependencies"]) | {"pip": set()}
    assert bounds(others) == {CONDA_NAMES.get(name, name): bound for name, bound in expected.items()}
    script = ROOT / ".binder" / "postBuild"
    assert script.read_text(encoding="utf-8").startswith("#!") and os.access(script, os.X_OK)


@pytest.mark.parametrize("file, pattern", [
    (".binder/environment.yml", r"^ +- [\w-]+ ?[<>=].*"),
    ("environment.yml", r"^ +- [\w-]+ ?[<>=].*"), ("pyproject.toml", r'^    "[\w-]+>=.*",.*'),
])
def test_each_dependency_has_its_reason(file, pattern):
    lines = [line for line in re.findall(pattern, (ROOT / file).read_text(encoding="utf-8"), re.M)]
    assert len(lines) >= len(PROJECT["project"]["dependencies"])
    assert [line for line in lines if "#" not in line] == []


def test_the_versions_that_ci_runs_are_supported_ones():
    pinned = bounds(PROJECT["tool"]["uv"]["constraint-dependencies"])
    ranges = {requirement.name: requirement.specifier for requirement in map(Requirement, NEEDED)}
    for name, [pin] in pinned.items():
        assert pin.startswith("=="), f"{name} is not exact"
        if name in ranges:
            assert pin[2:] in ranges[name], f"{name}{pin} lies outside of {ranges[name]}"
    lessons_need = {Requirement(line).name for line in PROJECT["project"]["dependencies"]}
    assert lessons_need <= set(pinned)


def test_one_setting_names_the_repository():
    """[project.urls] is the source; every other place that names the repository follows it."""
    owner_and_name = REPOSITORY.removeprefix("https://github.com/")
    assert re.fullmatch(r"[\w-]+/[\w-]+", owner_and_name)
    first = "notebooks/00_start_here.ipynb"
    assert f"(https://mybinder.org/v2/gh/{owner_and_name}/HEAD?urlpath=lab/tree/{first})" in README
    assert f"(https://colab.research.google.com/github/{owner_and_name}/blob/main/{first})" in README
    assert f'repository-code: "{REPOSITORY}"' in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    for path in tracked():
        for found in re.findall(r"(?:gh|github|github\.com)/([\w-]+/course)\b", text_of(path)):
            assert found == owner_and_name, f"{path} names {found}"


def test_the_version_is_written_once_and_cited():
    version = re.search(r'__version__ = "(.+)"', (ROOT / "course_utils" / "__init__.py").read_text())[1]
    assert f"version: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_readme_starts_the_course_from_the_wheel_that_the_lessons_fetch():
    lesson = json.loads((ROOT / "notebooks" / "00_start_here.ipynb").read_text(encoding="utf-8"))
    [wheel] = re.findall(r'wheel = "(.+)"', "".join(lesson["cells"][1]["source"]))
    assert f"\nuvx --from {wheel} course lab\n" in README


def tracked():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def text_of(path):
    return path.read_bytes().decode("utf-8", errors="replace")


def test_no_tracked_file_names_a_registry_host():
    hosts = ["py" + "pi.org", "python" + "hosted", "registry." + "npmjs", "repo." + "anaconda", "conda." + "anaconda",
             "download." + "pytorch.org", "deb." + "debian.org"]
    found = [(path.name, host) for path in tracked() for host in hosts if host in text_of(path)]
    assert found == []


def test_what_is_derived_or_the_learners_own_is_never_committed():
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    assert [name for name in names if re.search(r"^my_work/|^build/|\.html$|solved|uv\.lock$|\.pyc$", name)] == []
    assert [name for name in names if name.startswith("data/")] == [
        "data/README.md", "data/breast_cancer.csv", "data/digits.npz", "data/iris.csv", "data/orings.csv",
        "data/survey.csv", "data/wine.csv"]


def test_ci_runs_the_test_command_of_the_readme():
    commands = re.findall(r"^python -m pip install uv && (.+)$", README, re.M)
    assert commands == ["python -m uv run course lab", "python -m uv run pytest"]
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in ci and "uv run pytest" in ci
    workflow = ROOT / ".github" / "workflows" / "check.yml"
    steps = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]["check"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["bash .ci/run"]


def test_each_environment_has_its_command_its_night_and_its_stored_result():
    """Where else the course is tried: named in one script, run by one workflow, kept in one table."""
    script = (ROOT / ".ci" / "elsewhere").read_text(encoding="utf-8")
    known = set(re.findall(r"^    (\w+)\)$", script, re.M))
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "nightly.yml").read_text(encoding="utf-8"))["jobs"]
    assert jobs["tests"]["steps"][-1]["run"] == "bash .ci/run -m nightly"
    assert jobs["elsewhere"]["steps"][-1]["run"] == "bash .ci/elsewhere ${{ matrix.where }} ${{ matrix.python }}"
    matrix = jobs["elsewhere"]["strategy"]["matrix"]
    pairs = {(where, python) for where in matrix["where"] for python in matrix["python"]}
    pairs |= {(one["where"], one["python"]) for one in matrix["include"]}
    assert {where for where, _ in pairs} == known
    supported = Requirement("p" + PROJECT["project"]["requires-python"]).specifier
    assert all(python in supported for _, python in pairs)
    results = (ROOT / "tests" / "environments" / "results.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| (\w+) \| (3\.\d+)[ .]", results, re.M))
    assert pairs <= rows, f"no result is stored of {sorted(pairs - rows)}"


def test_the_table_of_lessons_agrees_with_the_lessons():
    rows = dict(re.findall(r"^\| \[(\d\d_\w+)\]\(notebooks/\1\.ipynb\) \|.*\| (\d+) \|", README, re.M))
    lessons = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    assert sorted(rows) == [lesson.stem for lesson in lessons]
    for lesson in lessons:
        cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
        opening = next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        assert f"{rows[lesson.stem]} minutes" in opening, lesson.stem
        question = re.search(rf"{lesson.stem}\.ipynb\) \| (.+?) \|", README)[1]
        assert question in " ".join(opening.split()), lesson.stem
