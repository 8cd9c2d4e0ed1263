"""Whether this is Google Colab, which brings its own Jupyter and its own widgets, and no folder of the course."""

import importlib.util
import os


def on_colab() -> bool:
    """Colab names its release in the environment, and has a package of its own."""
    return "COLAB_RELEASE_TAG" in os.environ or (_there("google") and _there("google.colab"))


def _there(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
