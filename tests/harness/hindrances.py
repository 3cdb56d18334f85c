"""Disks that do not take what is written, or that the file to be replaced is not alone on: as a context, on Linux."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from unittest.mock import patch

from .saving import OLD

REFUSED: Final = ("readonly", "quota", "mounted")
"""The disk cannot be written to; the user's share of it is used up, which such disks tell when they are asked to have
it written; the file is a disk of its own, as containers have it, which no other file can take the place of."""

TAKEN: Final = ("linked", "elsewhere")
"""The file has a second name; it is a link to a file on another disk."""


def other_name(target: Path) -> Path:
    """Return where else the file is that was there before: its second name, or its place on another disk."""
    return target.parent.parent / "elsewhere" / f"other{target.suffix}"


@contextmanager
def hindered(kind: str, disk: Path, target: Path) -> Iterator[None]:
    """Make it so, of a disk that `target` is on, which holds OLD, until the context is left."""
    if kind == "readonly":
        _run("mount", "-o", "remount,ro", str(disk))
        try:
            yield
        finally:
            _run("mount", "-o", "remount,rw", str(disk))
    elif kind == "quota":
        with patch.object(os, "fsync", _used_up):
            yield
    elif kind == "mounted":
        _run("mount", "--bind", str(target), str(target))
        try:
            yield
        finally:
            _run("umount", str(target))
    elif kind == "linked":
        other_name(target).parent.mkdir(exist_ok=True)
        os.link(target, other_name(target))
        yield
    elif kind == "elsewhere":
        other_name(target).parent.mkdir(exist_ok=True)
        _run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(other_name(target).parent))
        other_name(target).write_bytes(OLD)
        target.unlink()
        target.symlink_to(other_name(target))
        yield
    else:
        raise ValueError(f"no hindrance is called {kind}")


def unharmed(kind: str, target: Path) -> bool:
    """Return whether, after a success, all is as it has to be besides; and make place for the next."""
    other = other_name(target)
    if kind == "linked":
        whole = other.read_bytes() == OLD and not target.is_symlink() and not target.samefile(other)
        other.unlink()
    else:
        beside = {one.name for one in other.parent.iterdir()} - {other.stem}  # a directory of pieces
        whole = target.is_symlink() and beside == {other.name} and other.stat().st_dev != target.parent.stat().st_dev
        _run("umount", str(other.parent))
    other.parent.rmdir()
    return whole


def _used_up(_handle: int) -> None:
    raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
