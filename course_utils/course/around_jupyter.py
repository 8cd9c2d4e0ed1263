"""What JupyterLab is started with: defaults for its settings, and a place for its files where home takes none."""

import os
import tempfile
from pathlib import Path

HERE = Path(__file__).parent

# Where Jupyter, IPython and matplotlib keep what is theirs: a running server's address, settings, history, fonts.
KEPT_AT_HOME = {"JUPYTER_RUNTIME_DIR": "runtime", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data",
                "IPYTHONDIR": "ipython", "MPLCONFIGDIR": "matplotlib"}


def environment(given: dict[str, str]) -> tuple[dict[str, str], str]:
    """`given` with what JupyterLab and its kernels need, and a line to tell the learner, or "".

    The defaults keep a question about Jupyter's news, or about a newer version, from standing over the first lesson.
    What somebody has set in JupyterLab counts before them.
    """
    ours = {"PYTHONSTARTUP": str(HERE / "kernel_start.py")} | given
    ours["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
        filter(None, [given.get("JUPYTER_CONFIG_PATH", ""), str(HERE / "jupyter")]))
    if (refusal := why_no_file_at_home()) is None:
        return ours, ""
    aside = Path(tempfile.mkdtemp(prefix="course_"))
    return ours | {name: str(aside / folder) for name, folder in KEPT_AT_HOME.items()}, (
        f"Jupyter cannot keep its own files in your home folder: {refusal}.\nUntil it ends they lie in {aside}. "
        "Its settings are forgotten then; your copies of the lessons are not.")


def why_no_file_at_home() -> str | None:
    """Why Jupyter's folder takes no file, as on a disk that is full or may only be read; None where it takes one."""
    from jupyter_core.paths import jupyter_runtime_dir

    try:
        folder = Path(jupyter_runtime_dir())
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="course_") as file:
            file.write(b"x" * 4096)
            file.flush()
    except OSError as refusal:
        return (refusal.strerror or str(refusal)).lower()
    return None
