"""Adds what VTK's reader of EnSight 6 leaves out: the constants of a case, as arrays of the data as a whole.

Tells of elements with points on their edges, of which it reads the corners alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkDoubleArray, vtkOutputWindow
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ...base.data_roots import allowed_path

_TIME: Final = vtkStreamingDemandDrivenPipeline.UPDATE_TIME_STEP()
_SECTIONS: Final = frozenset({"FORMAT", "GEOMETRY", "VARIABLE", "TIME", "FILE", "MATERIAL", "BLOCK_CONTINUATION"})
_SET: Final = "time set"
_VALUES: Final = "time values"
_CURVED: Final = re.compile(rb"(?:bar3|tria6|quad8|tetra10|pyramid13|penta15|hexa20)(?=[\s\0])")
_CHUNK: Final = 1 << 20
_LONGEST: Final = 16


def add_constants(reader: Any, data: Any) -> None:
    """Add the constants at the time of the data. Raises `OSError` or `ValueError` where a file has no numbers."""
    name = reader.GetCaseFileName()
    if not name or data is None:
        return
    path = Path(reader.GetFilePath() or "", name)
    if not path.is_file():
        return
    entries = list(_entries(path.read_text("latin-1")))
    asked = reader.GetOutputInformation(0)
    time = asked.Get(_TIME) if asked.Has(_TIME) else None
    times = _times(entries)
    for key, text in entries:
        if key in ("constant per case", "constant per case file"):
            _add(data, path, text, in_file=key.endswith("file"), times=times, time=time)
    gold = any(key == "type" and "gold" in text.lower() for key, text in entries)
    curved = [] if gold else sorted({one for file in _geometry(path, entries) for one in _curved(file)})
    if curved:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{path}: of {', '.join(curved)} the corners alone are read; write the case as EnSight Gold for all points"
        )


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a case says as (name, text); a text may go on in further lines."""
    found: tuple[str, str] | None = None
    for line in text.splitlines():
        stripped = line.partition("#")[0].strip()
        key, colon, rest = stripped.partition(":")
        if stripped.upper() in _SECTIONS or colon:
            if found is not None:
                yield found
            found = (" ".join(key.lower().split()), rest) if colon else None
        elif found is not None and stripped:
            found = (found[0], f"{found[1]} {stripped}")
    if found is not None:
        yield found


def _times(entries: list[tuple[str, str]]) -> dict[str, list[float]]:
    """Return the times of each set of times, by its number."""
    found: dict[str, list[float]] = {}
    current = ""
    for key, text in entries:
        if key == _SET and text.split():
            current = text.split()[0]
        elif key == _VALUES:
            found[current] = [float(word) for word in text.split()]
    return found


def _add(data: Any, path: Path, text: str, *, in_file: bool, times: dict[str, list[float]], time: float | None) -> None:
    words = text.split()
    steps = times.get(words.pop(0), []) if len(words) > 2 and words[0].isdigit() else []
    if len(words) < 2:
        return
    name, *rest = words
    found = Path(allowed_path(str(path.parent / rest[0]))).read_text("latin-1").split() if in_file else rest
    numbers = [float(word) for word in found]
    if not numbers:
        return
    reached = [index for index, one in enumerate(steps) if time is not None and one <= time]
    index = min(reached[-1] if reached else 0, len(numbers) - 1)
    array = vtkDoubleArray()
    array.SetName(name)
    array.InsertNextValue(numbers[index])
    data.GetFieldData().AddArray(array)


def _geometry(path: Path, entries: list[tuple[str, str]]) -> Iterator[Path]:
    """Yield the files with the geometry: that of a time, where there are several."""
    for key, text in entries:
        if key == "model" and (words := [word for word in text.split() if not word.isdigit()]):
            of_times = "*" in words[0]
            found = sorted(path.parent.glob(re.sub(r"\*+", "*", words[0]))) if of_times else [path.parent / words[0]]
            yield from (Path(allowed_path(str(one))) for one in found[:1])


def _curved(file: Path) -> Iterator[str]:
    if not file.is_file():
        return
    with file.open("rb") as stream:
        text = b""
        while chunk := stream.read(_CHUNK):
            text = text[-_LONGEST:] + chunk
            yield from (one[0].decode() for one in _CURVED.finditer(text))
