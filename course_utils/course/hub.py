"""The link by which nbgitpuller brings a lesson to a learner's place on a JupyterHub.

Its form is documented by nbgitpuller under "Options in an nbgitpuller URL": `repo`, `branch` and `urlpath`, which is
relative to the learner's folder and begins with the name of the repository's folder there.
"""

from importlib import metadata
from pathlib import PurePosixPath
from urllib.parse import urlencode, urlsplit

from course_utils.course.workbook import WorkbookTrouble


def link(hub: str, lesson: str, repository: str, branch: str = "main") -> str:
    """The address to hand out. Raises WorkbookTrouble where `hub` or `repository` is no address of the web."""
    for what, address in (("hub", hub), ("repository", repository)):
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise WorkbookTrouble(f"The address of the {what} begins with https://; {address} does not.")
    name = PurePosixPath(urlsplit(repository).path).name
    folder = name.removesuffix(".git")
    asked = {"repo": repository, "branch": branch, "urlpath": f"lab/tree/{folder}/notebooks/{lesson}.ipynb"}
    if folder != name:                              # nbgitpuller itself would keep the ".git"
        asked["targetPath"] = folder
    return f"{hub.split('?')[0].rstrip('/')}/hub/user-redirect/git-pull?{urlencode(asked)}"


def our_repository() -> str:
    """Where this course is published, as the installed package says it; "" where it does not."""
    try:
        urls = metadata.metadata("course-utils").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:
        return ""
    return next((url.partition(", ")[2] for url in urls if url.startswith("Repository, ")), "")
