"""Whether this is Google Colab, which brings its own Jupyter and its own widgets, and no folder of the course."""

import importlib.util
import os
from pathlib import Path

# Where a mounted Drive shows what "File > Save a copy in Drive" saved, as Colab's own documentation mounts it.
DRIVE = Path("/content/drive/MyDrive")
SAVED_COPIES = "Colab Notebooks"


def on_colab() -> bool:
    """Colab names its release in the environment, and has a package of its own."""
    return "COLAB_RELEASE_TAG" in os.environ or (_there("google") and _there("google.colab"))


def saved_copies() -> Path:
    """The folder of the learner's Drive in which Colab saves notebooks; it is there once Drive is mounted."""
    return DRIVE / SAVED_COPIES


def without_copies() -> str:
    """What to do, on Colab, where that folder cannot be seen."""
    if DRIVE.is_dir():
        return (f"Nothing of yours is in the folder \"{SAVED_COPIES}\" of your Drive yet.\n"
                "A lesson is saved there by the menu: File > Save a copy in Drive.")
    return ("Your Drive is not connected, so the copies that you saved there cannot be seen.\n"
            "Run in a cell: from google.colab import drive; drive.mount(\"/content/drive\")")


def _there(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
