"""Where this process looks for modules, for the processes that it starts: those have the same modules."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def module_path() -> list[str]:
    """Return the entries of `sys.path` as absolute paths, those of Python's own modules first.

    The folder of a script comes before them here, and was added when Python had imported what it begins with. To a
    process that begins with that path an `enum.py` or a `types.py` in that folder would be Python's own. An empty
    entry, which means the current directory, is left out.
    """
    entries = [os.path.abspath(entry) for entry in sys.path if entry and isinstance(entry, str)]
    return sorted(dict.fromkeys(entries), key=lambda entry: not _is_of_python(entry))


def python_path() -> dict[str, str]:
    """Return `module_path` as the environment variable that a Python reads as it starts."""
    return {"PYTHONPATH": os.pathsep.join(module_path())}


def _is_of_python(entry: str) -> bool:
    library = Path(os.__file__).resolve().parent
    archive = f"python{sys.version_info.major}{sys.version_info.minor}.zip"
    others = (library / "lib-dynload", library.parent / archive, library.parent / "DLLs")
    return Path(entry).resolve() in (library, *others)
