"""Which files of the server clients may name, to be read and to be written."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path, PurePath, PureWindowsPath
from typing import Final

from ...confinement import held
from ...settings import adopted
from .errors import FileError

WINDOWS: Final = sys.platform == "win32"
_IN_NO_NAME: Final = frozenset('<>"|?*')
"""What no name of a file has there: it is of names of the system's inside, such as \\\\?\\C:\\ and \\??\\C:\\."""


def roots() -> tuple[Path, ...]:
    """Return the directories that clients may read below; empty: any. What they have written they may read, too."""
    settings = adopted()
    return settings.data_roots and (*settings.data_roots, *settings.write_roots)


def by_names_alone() -> bool:
    """Return whether clients are kept below the roots by the names of files alone, not by the kernel, too."""
    return bool(roots()) and held() is None


def is_allowed(path: Path) -> bool:
    """Return whether a path lies below a data root after all links were followed. Raises OSError, ValueError."""
    return _is_below(path, roots())


def allowed_path(path: str) -> str:
    """Return the path, if it lies below a data root after all links were followed. Raises `FileError`.

    What a file names in turn is looked at before it is read, see `references`.
    """
    return _checked(path, roots(), "use")


def writable_path(path: str) -> str:
    """Return the path, if a file may be written there after all links were followed. Raises `FileError`."""
    settings = adopted()
    if settings.data_roots and not settings.write_roots:
        raise FileError(
            f"{path}: this server writes no files for clients: it was started with --data-root and without "
            "--write-root; fetch the data, and write it on the client"
        )
    return _checked(path, settings.write_roots, "write")


def denied(path: str | Path) -> str:
    """Return why the system does not let this process read a file: the roots, if it is confined to them."""
    if held() is not None and roots() and not is_allowed(Path(path)):
        return _refusal(path, roots(), "use")
    return f"{path}: the server may not read this file (permission denied)"


def _checked(path: str, known: tuple[Path, ...], verb: str) -> str:
    if not path:
        return path
    if known and "://" in path:
        raise FileError(f"{path!r:.200}: this is a URL, and this server lets clients {verb} files only")
    try:
        allowed = _is_below(Path(path), known)
    except (OSError, RuntimeError, ValueError) as error:
        raise FileError(f"{path!r:.200}: this is no path that can be followed: {error}") from error
    if not allowed:
        raise FileError(_refusal(path, known, verb))
    return path


def _is_below(path: Path, known: tuple[Path, ...]) -> bool:
    if not known:
        return True
    if WINDOWS and not is_of_this_machine(str(path), known):
        return False
    resolved = path.resolve()
    return any(resolved == root or root in resolved.parents for root in known)


def is_of_this_machine(path: str, known: Iterable[PurePath]) -> bool:
    """Return whether a path of Windows may be followed to see where it leads: it names a drive, or the share of a root.

    The name of another machine is sent there with who asks, by looking alone; those of devices lead anywhere.
    """
    if _IN_NO_NAME & set(path):
        return False
    shares = {PureWindowsPath(root).drive.casefold() for root in known}
    drive = PureWindowsPath(path).drive.casefold()
    return not drive.startswith("\\\\") or drive in shares


def _refusal(path: str | Path, known: tuple[Path, ...], verb: str) -> str:
    return (
        f"{path}: this server lets clients {verb} files below {', '.join(map(str, known))} only, and links out "
        "of it do not count"
    )
