"""Pictures of the slices of a volume: numbered files, called as FilePrefix and FilePattern of VTK's writers say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ....base.errors import FileError
from ....types.catalog import construct
from ..file_formats import PICTURES

_NAMES: Final = ("{:s}", "{}", "%s")
_NUMBER: Final = re.compile(r"\{:?(0?\d*)d\}|%(0?\d*)[di]")
_MOST_DIGITS: Final = 20


def is_numbered(writer: Any) -> bool:
    """Return whether a writer was told to write numbered files."""
    return bool(getattr(writer, "GetFilePrefix", bool)()) and not writer.GetFileName()


def names_of(writer: Any, data: Any) -> list[Path]:
    """Return the file of each slice. Raises `FileError`, of a writer that VTK lets write one file only, too."""
    class_name, prefix, pattern = type(writer).__name__, writer.GetFilePrefix(), writer.GetFilePattern() or ""
    if class_name not in PICTURES:
        raise FileError(f"{class_name} writes one file: set its FileName, not FilePrefix")
    if data is None or not data.IsA("vtkImageData"):
        raise FileError(f"{prefix}: there is no image whose slices could be written")
    first, last = data.GetExtent()[4:]
    names = [Path(_named(pattern, prefix, number)) for number in range(first, last + 1)]
    if len({name.parent for name in names}) > 1:
        raise FileError(f"{pattern!r:.200}: the number stands in the name of the file, not of its directory")
    return names


def _named(pattern: str, prefix: str, number: int) -> str:
    """Fill in a pattern as std::format takes it, or printf: {:s}_{:03d}.png, %s_%03d.png."""
    name = next((one for one in _NAMES if one in pattern), None)
    before, _, after = pattern.partition(name) if name else (pattern, "", "")
    found = list(_NUMBER.finditer(after))
    digits = (found[0][1] or found[0][2] or "0") if found else "0"
    rest = before + _NUMBER.sub("", after)
    if name is None or len(found) != 1 or int(digits) > _MOST_DIGITS or any(sign in rest for sign in "{}%"):
        raise FileError(
            f"FilePattern {pattern!r:.200} is to hold the prefix and then a number, such as "
            "{:s}_{:03d}.png or %s_%03d.png"
        )
    text = f"{number:{digits}d}" if digits != "0" else str(number)
    return f"{before}{prefix}{after[: found[0].start()]}{text}{after[found[0].end() :]}"


def slices(data: Any) -> Iterator[Any]:
    """Yield one image after the other, along the third axis."""
    *across, first, last = data.GetExtent()
    for number in range(first, last + 1):
        cut = construct("vtkExtractVOI")
        cut.SetInputData(data)
        cut.SetVOI(*across, number, number)
        cut.Update()
        yield cut.GetOutput()
