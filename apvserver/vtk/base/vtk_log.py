"""Errors and warnings that VTK writes to its log and nowhere else, such as those of its readers of HDF5 and Exodus.

VTK hands its log to files only. So it goes to a file of ours, which is looked at after each execution; each record
names the thread that wrote it.
"""

from __future__ import annotations

import atexit
import os
import re
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from vtkmodules.vtkCommonCore import vtkLogger

from async_paraview.records import dataclass

_RECORD: Final = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:.]+ \(\s*[\d.]+s\) \[(.{16}[^\]]*)\]\s+\S+:\d+\s+(ERR|WARN|FATL)\| ", re.MULTILINE
)
_MOST_RECORDS: Final = 1000
"""Of each thread: more are not kept."""
_MOST_BYTES: Final = 1024**2
"""A longer file is begun anew."""


@dataclass(frozen=True)
class Record:
    """One error or warning of the log, and the name of the thread that wrote it, as VTK names it."""

    thread: str
    is_error: bool
    text: str


class VtkLog:
    """The end of VTK's log that nobody has taken yet. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._looking = -1
        """Another descriptor of the file, by which its size is asked: its place is nobody's."""
        self._begun = False
        """Whether VTK writes to a file of this process; not yet in one that was forked."""
        self._path = ""
        self._waiting: list[Record] = []
        self._taken = 0
        """How much of the file has been read."""
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to take: told in a microsecond, as it is asked around each execution."""
        if self._begun and self._unread() == 0 and not self._waiting:  # in this order: see _keep_read
            return True
        with self._lock:
            self._begin()
            return not self._waiting and self._unread() == 0

    def take(self, wanted: Callable[[str], bool | None]) -> list[Record]:
        """Return records since the last call, oldest first: those of threads that are `wanted`.

        What is not wanted (False) waits for others; what nobody will want (None) is dropped.
        """
        with self._lock:
            self._begin()
            self._keep_read()
            answers = [(record, wanted(record.thread)) for record in self._waiting]
            self._waiting = [record for record, answer in answers if answer is False][-_MOST_RECORDS:]
            return [record for record, answer in answers if answer]

    def _begin(self) -> None:
        """Have VTK write to a file of this process; a process that was forked has one of its own."""
        if self._begun:
            return
        if self._path:
            vtkLogger.EndLogToFile(self._path)
            os.close(self._looking)
        self._looking, self._path = tempfile.mkstemp(prefix="apv-vtk-", suffix=".log")
        self._waiting = []
        vtkLogger.LogToFile(self._path, vtkLogger.APPEND, vtkLogger.VERBOSITY_WARNING)
        self._file = open(self._path, "rb+", buffering=0)  # noqa: SIM115  # for the life of the process
        self._taken = 0
        self._begun = True
        try:
            os.unlink(self._path)  # nothing is left behind, however the process ends
        except OSError:  # on Windows it is removed at the end
            atexit.register(_remove, self._path, self._file, self._looking)

    def _forked(self) -> None:
        """Begin anew, in a process that was forked: another thread of the first one may have held the lock."""
        self._lock, self._begun = threading.Lock(), False

    def _unread(self) -> int:
        return 0 if self._file is None else os.lseek(self._looking, 0, os.SEEK_END) - self._taken  # half of an `fstat`

    def _keep_read(self) -> None:
        """Keep what has not been read. `quiet` asks without the lock: what is kept counts as read only afterwards."""
        if self._file is None or self._unread() == 0:
            return
        self._file.seek(self._taken)
        text = self._file.read().decode(errors="replace")
        self._waiting = self._waiting + records_of(text)
        self._taken = self._file.tell()
        if self._taken > _MOST_BYTES:
            self._file.truncate(0)
            self._taken = 0


def records_of(text: str) -> list[Record]:
    """Return the errors and warnings in a piece of VTK's log."""
    found = list(_RECORD.finditer(text))
    ends = [*(one.start() for one in found[1:]), len(text)] if found else []
    return [
        Record(one[1].strip(), one[2] != "WARN", text[one.end() : end].strip())
        for one, end in zip(found, ends, strict=True)
    ]


def thread_name() -> str:
    """Return what VTK calls the calling thread."""
    return str(vtkLogger.GetThreadName())


def names_of(thread: threading.Thread) -> tuple[str, ...]:
    """Return what VTK may call a thread of Python's: its number, or its name where Python tells it to the system."""
    return (f"{thread.ident or 0:X}", thread.name[:15])


def _remove(path: str, file: BinaryIO, looking: int) -> None:
    vtkLogger.EndLogToFile(path)
    file.close()
    os.close(looking)
    with suppress(OSError):  # the system removes what is temporary
        Path(path).unlink()
