"""Writes legacy .vtk files: by VTK, and anew where it leaves digits away."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from ..places import places_of
from ..written_as import LEGACY_WRITERS
from .legacy_text import rewrite

_ASCII: Final = 1
_BINARY: Final = 2


def is_legacy(writer: Any) -> bool:
    return type(writer).__name__ in LEGACY_WRITERS


def write_legacy(name: Path, writer: Any, data: Any) -> None:
    """Have a writer of legacy files write one with all digits. Raises `FileError`.

    VTK's text, and the places of images in any of its files, have too few of them.
    """
    form = writer.GetFileType()
    places = [*places_of(data)]
    if form != _ASCII and all(float(f"{one:g}") == one for place in places for one in place.values):
        _execute(writer)
        return
    binary = name.with_name("binary" if name.name != "binary" else "bytes")  # no longer than any name may be
    writer.SetFileName(str(binary))
    writer.SetFileType(_BINARY)
    try:
        _execute(writer)
        if binary.is_file() and not writer.GetErrorCode():
            rewrite(binary, name, iter(places), as_text=form == _ASCII)
    finally:
        writer.SetFileType(form)
        writer.SetFileName(str(name))
        binary.unlink(missing_ok=True)


def _execute(writer: Any) -> None:
    """Execute the writer: Python's lock is kept by `Write`, and not by `Update`."""
    writer.Modified()
    writer.Update()
