"""A classroom's folder, made in earnest and installed from in an empty network namespace: `course doctor`, two lessons.

COURSE_WHEELS names a folder with torch and torchvision for the CPU, where the index that has them is out of reach; a
torchvision of another build there is the one thing that the doctor may complain of. Takes some 400 MB and 10 minutes.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.course import cli

pytestmark = pytest.mark.nightly

PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
LESSONS = """
import json, pathlib, socket, nbformat
from course_utils.course import publish, workbook
try:
    socket.create_connection(("192.0.2.1", 80), timeout=3)
    raise SystemExit("there is a network")
except OSError:
    pass
told = {}
for path in workbook.lessons(workbook.lessons_folder())[:2]:
    solved = publish.solved(publish.read(path), publish.catalogue(path.stem), path.name)
    content = nbformat.writes(publish.execute(solved, pathlib.Path.cwd(), cell_seconds=600)).encode()
    told[path.stem] = [len(workbook.right(content)), len(workbook.exercises(content))]
print(json.dumps(told))
"""


def cut_off(command, **settings):
    """Run where there is no network but this machine itself, and nothing in the environment but what is given."""
    alone = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    return subprocess.run([*alone, *map(str, command)], capture_output=True, text=True, timeout=1800, **settings)


@pytest.mark.skipif(shutil.which("unshare") is None or cut_off(["true"]).returncode, reason="needs root and `ip`")
def test_a_room_installs_and_learns_without_a_network(tmp_path, capsys):
    folder, course = tmp_path / "room", tmp_path / "home" / "course"
    given = ["--wheels", os.environ["COURSE_WHEELS"]] if "COURSE_WHEELS" in os.environ else []
    assert cli.main(["classroom", str(folder), "--system", "linux", "--python", PYTHON, *given, "--yes"]) == 0
    python = Path(sys.base_prefix) / "bin" / "python3"
    clean = {"HOME": str(tmp_path / "home"), "PATH": os.defpath, "OMP_NUM_THREADS": "1"}
    installed = cut_off([python, folder / "install.py"], env=clean, cwd=folder)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    doctor = cut_off([course / "environment" / "bin" / "course", "doctor"], env=clean, cwd=course)
    to_mend = [line for line in doctor.stdout.splitlines() if line.startswith("  FIX")]
    assert [line for line in to_mend if "torchvision cannot be imported" not in line] == [], doctor.stdout
    assert "MNIST: " in doctor.stdout
    ran = cut_off([course / "environment" / "bin" / "python", "-c", LESSONS], env=clean, cwd=course)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = json.loads(ran.stdout.splitlines()[-1])
    with capsys.disabled():
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(f"\nthe folder: {size / 1e6:.0f} MB; to mend: {to_mend or 'nothing'}; right in the lessons: {told}")
    assert len(told) == 2 and all(right == asked > 0 for right, asked in told.values())
