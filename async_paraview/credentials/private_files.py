"""Files that nobody else may read: written whole with mode 0600, and refused if others could have read or made them."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import platformdirs

from services_core import ConfigurationError

from ..atomic_files import write_file

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

CONFIG_VARIABLE: Final = "APV_CONFIG_DIR"
"""The directory of keys, and of whom they belong to; unset: the user's own."""

RUNTIME_VARIABLE: Final = "APV_RUNTIME_DIR"
"""The directory of connection files; unset: the user's own."""

HAS_MODES: Final = sys.platform != "win32"
"""On Windows a user's directories are closed to others by their access lists, and modes say nothing."""

_NAME: Final = "async-paraview"
_MOST_BYTES: Final = 1 << 20
_LOCK: Final = ".lock"
_LOCK_S: Final = 10.0
_LOCK_LOOK_S: Final = 0.01
_TAKEN: Final = (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)


def config_directory() -> Path:
    """Return where the keys of this user are."""
    return Path(os.environ.get(CONFIG_VARIABLE) or platformdirs.user_config_path(_NAME, appauthor=False))


def runtime_directory() -> Path:
    """Return where the connection files of this user are."""
    if named := os.environ.get(RUNTIME_VARIABLE):
        return Path(named)
    with warnings.catch_warnings():  # that XDG_RUNTIME_DIR is not set: what is taken instead is looked at as well
        warnings.simplefilter("ignore")
        return Path(platformdirs.user_runtime_path(_NAME, appauthor=False))


def write_private(path: Path, text: str, *, replace: bool = True) -> None:
    """Write a file that only this user can read, and its directory if there is none; it appears when it is complete.

    Raises ConfigurationError if that cannot be, or, without `replace`, FileExistsError if there is one already.
    """
    try:
        _make_directory(path.parent)
        write_file(path, text, mode=0o600, replace=replace)
    except OSError as error:
        if isinstance(error, FileExistsError) and not replace and path.parent.is_dir():
            raise
        raise ConfigurationError(f"{path} cannot be written: {error.strerror or error}") from error


@contextlib.contextmanager
def changing(directory: Path) -> Iterator[None]:
    """Have what is read there, changed and written again to itself: two programs at once would lose what one changed.

    Blocks while another program is at it; the lock goes with its process. Raises ConfigurationError if that takes long,
    or the directory is none that secrets are written to. Where a file system has no locks nothing is held.
    """
    path = directory / _LOCK
    try:
        _make_directory(directory)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror or error}") from error
    try:
        until = time.monotonic() + _LOCK_S
        while not _lock(descriptor):
            if time.monotonic() > until:
                raise ConfigurationError(
                    f"another program has been changing files in {directory} for {_LOCK_S:g} s (it holds {path}); end "
                    "it, and try again"
                )
            time.sleep(_LOCK_LOOK_S)
        yield
    finally:
        os.close(descriptor)


def read_private(path: Path) -> str:
    """Return what is in such a file. Raises FileNotFoundError, or ConfigurationError if others could read or write it.

    The file is looked at by the descriptor that it is read by, so that nobody can change it in between.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            _check_file(path, os.fstat(descriptor))
            with open(descriptor, encoding="utf-8", closefd=False) as file:
                return file.read(_MOST_BYTES)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise
    except (OSError, UnicodeError) as error:
        if path.is_dir():  # Windows does not even open it
            raise ConfigurationError(f"{path} is no file") from error
        raise ConfigurationError(f"{path} cannot be read: {error}") from error


def _make_directory(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_directory(path)


def _lock(descriptor: int) -> bool:
    """Take the lock of a file, which is given back as it is closed; tells whether nobody else has it."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True


def _check_file(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ConfigurationError(f"{path} is no file")
    if not HAS_MODES:
        return
    if found.st_uid != os.geteuid():
        raise ConfigurationError(f"{path} belongs to another user (uid {found.st_uid}), so it is not used")
    if found.st_mode & 0o077:
        raise ConfigurationError(f"{path} may be read or changed by other users, so it is not used: chmod 600 {path}")


def _check_directory(path: Path) -> None:
    """Raise ConfigurationError if others could put files into a directory, or another in its place."""
    for directory in (path, path.parent) if HAS_MODES else ():
        found = directory.stat()
        safe_owner = found.st_uid in (os.geteuid(), 0)
        others_write = found.st_mode & 0o022 and not found.st_mode & stat.S_ISVTX
        if not safe_owner or others_write or (directory == path and found.st_mode & 0o022):
            raise ConfigurationError(
                f"other users can change {directory}, so nothing secret is written below it; set "
                f"{RUNTIME_VARIABLE} (connection files) or {CONFIG_VARIABLE} (keys) to a directory of yours"
            )


def remove(path: Path) -> None:
    """Remove a file if it is there and may be removed."""
    with contextlib.suppress(
        OSError
    ):  # somebody else has removed it, or closed the directory: it is stale all the same
        path.unlink(missing_ok=True)
