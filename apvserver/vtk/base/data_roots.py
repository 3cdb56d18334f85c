"""Which files of the server clients may name."""

from __future__ import annotations

from pathlib import Path

from ...settings import adopted
from .errors import FileError


def roots() -> tuple[Path, ...]:
    """Return the directories that clients are confined to; empty: they are not."""
    return adopted().data_roots


def is_allowed(path: Path) -> bool:
    """Return whether a path lies below a data root after all links were followed. Raises OSError, ValueError."""
    known = roots()
    if not known:
        return True
    resolved = path.resolve()
    return any(resolved == root or root in resolved.parents for root in known)


def allowed_path(path: str) -> str:
    """Return the path, if it lies below a data root after all links were followed. Raises `FileError`.

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
