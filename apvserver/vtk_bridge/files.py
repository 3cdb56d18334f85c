"""Which files of the server clients may name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from apvserver.vtk_bridge.errors import FileError

ROOTS_VARIABLE: Final = "APV_DATA_ROOT"
"""Directories, separated as in PATH; set by --data-root. Unset: any file that the server may read."""


def allowed_path(path: str) -> str:
    """The path, if it lies below a data root after all links were followed. Raises `FileError`.

    What files name that are read (the pieces of a .pvtu, say) is not looked at.
    """
    roots = [Path(root).resolve() for root in os.environ.get(ROOTS_VARIABLE, "").split(os.pathsep) if root]
    if not roots or not path:
        return path
    try:
        resolved = Path(path).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise FileError(f"{path!r:.200}: this is no path that can be followed: {error}") from error
    if not any(resolved == root or root in resolved.parents for root in roots):
        raise FileError(
            f"{path}: this server lets clients use files below {', '.join(map(str, roots))} only, and links out of it "
            "do not count"
        )
    return path
