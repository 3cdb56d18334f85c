"""Which files of the server clients may name."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Final

from .errors import FileError

ROOTS_VARIABLE: Final = "APV_DATA_ROOT"
"""Directories, separated as in PATH; set by --data-root. Unset: any file that the server may read."""


def roots() -> tuple[Path, ...]:
    """The directories that clients are confined to; empty: they are not."""
    return _resolved(os.environ.get(ROOTS_VARIABLE, ""))


@functools.lru_cache(maxsize=8)
def _resolved(text: str) -> tuple[Path, ...]:
    return tuple(Path(root).resolve() for root in text.split(os.pathsep) if root)


def is_allowed(path: Path) -> bool:
    """Whether a path lies below a data root after all links were followed. Raises OSError, ValueError."""
    known = roots()
    if not known:
        return True
    resolved = path.resolve()
    return any(resolved == root or root in resolved.parents for root in known)


def allowed_path(path: str) -> str:
    """The path, if it lies below a data root after all links were followed. Raises `FileError`.

    What a file names in turn is looked at before it is read, see `references`.
    """
    if not path:
        return path
    try:
        allowed = is_allowed(Path(path))
    except (OSError, RuntimeError, ValueError) as error:
        raise FileError(f"{path!r:.200}: this is no path that can be followed: {error}") from error
    if not allowed:
        raise FileError(
            f"{path}: this server lets clients use files below {', '.join(map(str, roots()))} only, and links out "
            "of it do not count"
        )
    return path
