"""Whether VTK's newer reader of EnSight Gold reads a case at all its times: of a file of several it has the first."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ...base.data_roots import allowed_path

_SEVERAL: Final = re.compile(r"^[ \t]*FILE[ \t]*\r?$", re.MULTILINE)
_MODEL: Final = re.compile(r"^[ \t]*model[ \t]*:(?:[ \t]+\d+){0,2}[ \t]+(\S+)", re.MULTILINE)
_FORTRAN: Final = b"Fortran Binary"
_HEAD: Final = 80
_MOST_BYTES: Final = 1 << 24
"""A case is text of some lines; what is longer is none."""


def needs_the_older_reader(path: str) -> str | None:
    """Return what of a case only VTK's older reader (GenericEnSightReader) reads; None if both do."""
    with open(path, "rb") as stream:
        text = stream.read(_MOST_BYTES).decode("latin-1")
    if _SEVERAL.search(text):
        return "several times stand in one file (its section FILE)"
    model = _MODEL.search(text)
    if model is None:
        return None
    named = model[1].strip('"')
    found = sorted(Path(path).parent.glob(re.sub(r"\*+", "*", named))) if "*" in named else [Path(path).parent / named]
    geometry = Path(allowed_path(str(found[0]))) if found else None
    if geometry is None or not geometry.is_file():
        return None
    with geometry.open("rb") as stream:
        head = stream.read(_HEAD)
    return "its geometry has records of Fortran" if _FORTRAN in head else None


def unread(path: str) -> str | None:
    """Return why a case is not given to VTK's newer reader; None if it can be."""
    why = needs_the_older_reader(path)
    if why is None:
        return None
    return f"{why}, which this reader does not read: session.open, and session.readers.GenericEnSightReader, do"
