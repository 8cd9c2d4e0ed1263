"""Where a lesson lives outside of the site: its source, and the two places that run it."""

from importlib import metadata


def repository() -> str:
    """The address that pyproject.toml names as the Repository, as the installed package knows it."""
    entries = (entry.partition(", ") for entry in metadata.metadata("course-utils").get_all("Project-URL", []))
    return next(address for label, _, address in entries if label == "Repository")


def _owner_and_name() -> str:
    return "/".join(repository().rsplit("/", 2)[-2:])


def on_binder(lesson: str) -> str:
    """The address that opens the lesson with this file name on Binder."""
    return f"https://mybinder.org/v2/gh/{_owner_and_name()}/HEAD?urlpath=lab/tree/notebooks/{lesson}.ipynb"


def on_colab(lesson: str) -> str:
    """The address that opens the lesson with this file name on Colab."""
    return f"https://colab.research.google.com/github/{_owner_and_name()}/blob/main/notebooks/{lesson}.ipynb"


def on_github(lesson: str) -> str:
    """The address of the lesson's source."""
    return f"{repository()}/blob/main/notebooks/{lesson}.ipynb"
