"""Files beside a notebook that Python takes for a library: a learner's `torch.py` is found before PyTorch is.

Looked for where a lesson begins, by `exercises` and `studies`, because nothing that needs the library can say it later.
"""

import sys
from pathlib import Path

LIBRARIES = {"torch", "torchvision", "numpy", "matplotlib", "pandas", "scipy", "sklearn", "statsmodels", "IPython",
             "ipywidgets", "threadpoolctl", "tqdm", "pooch", "packaging", "cloudpickle"}
HARMLESS = {"test", "this", "antigravity"}          # of Python's own modules those that nothing imports


class HidesALibrary(ImportError):
    """A file of the learner's has the name of a library. The text names the file and says what to do."""


def refuse_namesakes() -> None:
    """Raise HidesALibrary where a file in the current folder would be imported, or was, in place of a library.

    A library that is loaded already can no longer be hidden, so its namesake stays a file of the learner's.
    """
    try:
        here = Path.cwd()
        beside = sorted(here.iterdir()) if any(place == "" or Path(place) == here for place in sys.path) else []
    except OSError:                                 # the folder is gone, or may not be listed
        return
    needed = LIBRARIES | set(sys.stdlib_module_names) - HARMLESS
    for path in beside:
        is_module = path.suffix == ".py" or (path / "__init__.py").is_file()
        if is_module and path.stem in needed and not _loaded_elsewhere(path.stem, here):
            raise HidesALibrary(
                f"`{path.name}` beside this notebook has the name of a library.\n"
                "Python takes the file for the library, so nothing that needs the library can run.\n"
                f"Rename it, for example to `my_{path.name}`. Then: menu Kernel > Restart Kernel and Run All Cells."
            )


def _loaded_elsewhere(name: str, here: Path) -> bool:
    module = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    return module is not None and (file is None or here not in Path(file).resolve().parents[:2])
