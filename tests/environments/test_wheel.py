"""The wheel alone, as a stranger gets it: `uvx --from WHEEL course …` in an empty home folder, with no clone."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

UV = shutil.which("uv")
pytestmark = [pytest.mark.nightly, pytest.mark.skipif(UV is None, reason="needs the program uv")]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    """`stranger(*words)` is the command line, with the folder and the environment that somebody new has."""
    folder = tmp_path_factory.mktemp("stranger")
    subprocess.run([UV, "build", "--quiet", "--wheel", "--out-dir", folder, ROOT], check=True)
    [wheel] = folder.glob("*.whl")
    (folder / "home").mkdir()
    (folder / "here").mkdir()
    kept = {name: value for name, value in os.environ.items() if name.startswith(("SSL_", "LANG"))}
    cache = subprocess.run([UV, "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()
    environment = {**kept, "PATH": os.defpath, "HOME": str(folder / "home"), "UV_CACHE_DIR": cache}

    def command(*words):
        line = [UV, "tool", "run", "--quiet", "--python", shutil.which("python3"), "--from", str(wheel), *words]
        return {"args": line, "env": environment, "cwd": folder / "here", "text": True}

    return command


def test_the_doctor_finds_everything_and_names_commands_that_work(stranger):
    done = subprocess.run(**stranger("course", "doctor"), capture_output=True, timeout=1_200)
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "Every lesson runs here.", done
    hints = [line for line in done.stdout.splitlines() if line.endswith("course data")]
    assert hints and all("uvx " in hint and ".whl course data" in hint for hint in hints), done.stdout


def test_jupyterlab_opens_on_all_lessons_and_one_runs(stranger):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token=course"]
    server = subprocess.Popen(**stranger("course", "lab", "--", *options), start_new_session=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        listed = _asked(f"http://127.0.0.1:{port}/api/contents?token=course", server)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
    lessons = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert sorted(one["name"] for one in listed["content"]) == lessons
    ran = subprocess.run(**stranger("jupyter-execute", "my_work/00_start_here.ipynb"), capture_output=True, timeout=600)
    assert ran.returncode == 0, ran.stderr


def _asked(url, server):
    """What the server answers, once it does."""
    for _ in range(600):
        assert server.poll() is None, "course lab ended"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return json.load(answer)
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the server does not answer")
