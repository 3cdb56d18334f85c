"""Sees which files of a directory are opened or changed, by whatever process: inotify, by ctypes. Linux only."""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path
from typing import Any, Final

_OPEN, _MODIFY, _MOVED_TO, _CREATE, _DELETE = 0x20, 0x02, 0x80, 0x100, 0x200
_IS_DIRECTORY: Final = 0x40000000
_HEAD: Final = struct.Struct("iIII")


class Watch:
    """What happens to the files of some directories, since it was asked last."""

    def __init__(self, *directories: Path) -> None:
        library: Any = ctypes.CDLL(None, use_errno=True)
        self._handle = library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        for directory in directories:
            wanted = _OPEN | _MODIFY | _MOVED_TO | _CREATE | _DELETE
            if self._handle < 0 or library.inotify_add_watch(self._handle, bytes(directory), wanted) < 0:
                raise OSError(ctypes.get_errno(), f"{directory} cannot be watched")

    def seen(self) -> set[str]:
        """Return the names of files that were opened, changed, made or removed; not those of directories."""
        found: set[str] = set()
        while True:
            try:
                events = os.read(self._handle, 65536)
            except BlockingIOError:
                return found
            at = 0
            while at < len(events):
                _, mask, _, size = _HEAD.unpack_from(events, at)
                name = events[at + _HEAD.size : at + _HEAD.size + size].rstrip(b"\0").decode()
                at += _HEAD.size + size
                if not mask & _IS_DIRECTORY:
                    found.add(name)

    def close(self) -> None:
        """Watch no more."""
        os.close(self._handle)
