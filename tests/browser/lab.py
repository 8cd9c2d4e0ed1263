"""A real JupyterLab in a folder of its own, and pages of it in a real browser."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
SCREENSHOTS = Path(__file__).parent / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
SETTINGS = {
    # Every cell stays in the page, so that the tests find it without scrolling.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}


def chromium_path() -> str | None:
    """`$COURSE_CHROMIUM`, or the Chromium that the system has."""
    return os.environ.get("COURSE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class Lab:
    """JupyterLab in a folder of its own, and a page of it. Loading that page takes seconds, so one serves all tests."""

    def __init__(self, folder: Path, url: str, token: str, browser) -> None:
        self.folder, self.url, self.token, self._browser = folder, url, token, browser
        self._page = None

    def write(self, name: str, cells: list[str]) -> None:
        """A notebook of these code cells."""
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)), metadata=kernel)
        nbformat.write(notebook, self.folder / name)

    def open(self, name: str, dark: bool = False):
        """The page with notebook `name` alone on it, its kernel started and idle."""
        page = self._show(name, None, "JupyterLab Dark" if dark else "JupyterLab Light")
        self.wait_idle(page)
        return page

    def read(self, name: str):
        """The page with notebook `name` and no kernel, as someone sees it who only reads."""
        return self._show(name, {"shouldStart": False, "canStart": False, "autoStartDefault": False})

    def close(self, page) -> None:
        """Close every notebook, unsaved ones too, and end every kernel."""
        page.evaluate("() => [...jupyterapp.shell.widgets('main')].forEach(widget => widget.dispose())")
        for session in self._ask("sessions"):
            self._ask(f"sessions/{session['id']}", method="DELETE")

    def _ask(self, what: str, method: str = "GET"):
        request = urllib.request.Request(f"{self.url}/api/{what}", method=method,
                                         headers={"Authorization": f"token {self.token}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or "null")

    def _show(self, name: str, kernel: dict | None, theme: str = "JupyterLab Light"):
        if self._page is None:
            self._page = self.visit("lab")
            self._page.evaluate("() => jupyterapp.shell.collapseLeft()")
        self.close(self._page)              # what a test that failed has left
        self._execute(self._page, "apputils:change-theme", {"theme": theme})
        self._execute(self._page, "docmanager:open", {"path": name, "factory": "Notebook", "kernelPreference": kernel})
        self._page.wait_for_selector(".jp-Notebook .jp-Cell")
        return self._page

    def visit(self, path: str):
        """A new page at `path` of the server, once JupyterLab runs in it."""
        page = self._browser.new_page(viewport={"width": 1100, "height": 900})
        page.set_default_timeout(60_000)
        page.goto(f"{self.url}/{path}?reset&token={self.token}")
        page.wait_for_function("() => window.jupyterapp")
        page.wait_for_selector(".jp-Launcher, .jp-Notebook")
        return page

    def _execute(self, page, command: str, arguments: dict | None = None, seconds: float = 60) -> None:
        """A command of JupyterLab's, to its end. Where a message was lost it has none: then this page is given up."""
        ended = page.evaluate("""([command, given, seconds]) => Promise.race([
            jupyterapp.commands.execute(command, given).then(() => true),
            new Promise(resolve => setTimeout(() => resolve(false), 1000 * seconds)),
        ])""", [command, arguments or {}, seconds])
        if not ended:
            page.close()
            self._page = None if page is self._page else self._page
            raise TimeoutError(f"JupyterLab did not end {command} in {seconds} seconds.")

    def wait_idle(self, page) -> None:
        page.wait_for_function("""() => {
            const panel = [...jupyterapp.shell.widgets('main')].find(widget => widget.sessionContext);
            if (panel && panel !== jupyterapp.shell.currentWidget) {
                jupyterapp.shell.activateById(panel.id);    // an emptied page brings a launcher, at times after it
            }
            const kernel = panel?.sessionContext.session?.kernel;
            return kernel && kernel.status === 'idle' && kernel.connectionStatus === 'connected';
        }""")

    def run_all(self, page, timeout: float = 90) -> None:
        """Run every cell and wait until the last one has run."""
        self._execute(page, "notebook:run-all-cells", seconds=timeout)
        page.wait_for_function("""() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every(
            prompt => !prompt.textContent.includes('*'))""", timeout=timeout * 1000)
        self.wait_idle(page)

    def save(self, page) -> None:
        self._execute(page, "docmanager:save")

    def _set(self, plugin: str, values: dict) -> None:
        path = self.folder.parent / "settings" / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")


@contextlib.contextmanager
def serve(home: Path, browser):
    """A JupyterLab that keeps all it writes in `home`; its `Lab`."""
    folder = home / "notebooks"
    folder.mkdir()
    shutil.copy(ROOT / "tests" / "toy_explorer.py", folder)
    port = free_port()
    lab = Lab(folder, f"http://127.0.0.1:{port}", "course", browser)
    for plugin, values in SETTINGS.items():
        lab._set(plugin, values)
    arguments = [*_arguments(port, lab.token), f"--ServerApp.root_dir={folder}"]
    with running([sys.executable, "-m", "jupyterlab", *arguments], home, lab):
        yield lab


@contextlib.contextmanager
def course_lab(home: Path, browser):
    """`course lab`, as README.md has it, on copies in `home`; its `Lab`."""
    port = free_port()
    lab = Lab(home / "mine", f"http://127.0.0.1:{port}", "course", browser)
    command = [sys.executable, "-m", "course_utils.course.cli", "lab", "--dir", str(lab.folder), "--", "--allow-root"]
    with running([*command, *_arguments(port, lab.token)], home, lab):
        yield lab


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def running(command: list[str], home: Path, lab: Lab):
    """A server that answers, and that is ended with all its children."""
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=_environment(home), stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_for(lab, server, home / "server.log")
            yield
        finally:
            if hasattr(os, "killpg"):
                with contextlib.suppress(ProcessLookupError):           # it died: its log says why
                    os.killpg(server.pid, signal.SIGTERM)
            server.terminate()
            server.wait(timeout=20)


def _arguments(port: int, token: str) -> list[str]:
    return ["--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", f"--IdentityProvider.token={token}",
            "--ServerApp.allow_root=True", "--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"]


def _environment(home: Path) -> dict[str, str]:
    """The tester's own Jupyter settings, trust database and history stay out of it."""
    own = {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
           "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
           "IPYTHONDIR": "ipython"}
    return {**os.environ, **{name: str(home / folder) for name, folder in own.items()}, "OMP_NUM_THREADS": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def _wait_for(lab: Lab, server, log: Path) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{lab.url}/api/status?token={lab.token}", timeout=2).close()
            return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.25)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
