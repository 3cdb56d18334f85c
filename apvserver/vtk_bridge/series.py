"""The reader for files that a client opens: one file, a series by the numbers in names, or a file that lists others."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any, Final

from apvserver.vtk_bridge.errors import FileError
from apvserver.vtk_bridge.files import allowed_path
from apvserver.vtk_bridge.listing import siblings
from apvserver.vtk_bridge.readers import SERIES_EXTENSIONS, Choice, choose_reader

SERIES_READER: Final = "FileSeriesReader"
MOST_LISTING_BYTES: Final = 64 * 1024**2
"""Largest file of a series that is read to see what it lists."""
_OWN_SERIES: Final = {"vtkIOSSReader": "FileNames", "vtkDICOMImageReader": "FileNames"}
"""Readers that take all files of a series themselves, and by which property."""

Step = tuple[float, str]
"""A time, and the file that has the data of that time."""


def choose_for(paths: list[str], *, series: bool = False) -> Choice:
    """The type name and the properties of the reader for what a client opens. Raises `FileError`.

    Several paths are one data set at several times, in that order; so is, with `series`, one path that belongs to a
    series. Files that list others (.pvd, .vtu.series) give their times.
    """
    if not paths:
        raise FileError("nothing to open: no path was given")
    if len(paths) == 1 and Path(paths[0]).suffix.lower() in SERIES_EXTENSIONS:
        steps = listed_steps(Path(allowed_path(paths[0])))
        for _, path in steps:
            allowed_path(path)
        choose_reader(steps[0][1])
        return SERIES_READER, {"FileNames": [path for _, path in steps], "TimeValues": [time for time, _ in steps]}
    found = siblings(allowed_path(paths[0])) if series and len(paths) == 1 else paths
    chosen = choose_reader(allowed_path(found[0]))
    if len(found) == 1:
        return chosen
    for path in found:
        allowed_path(path)
    own = _OWN_SERIES.get(chosen[0])
    return (chosen[0], {own: found}) if own else (SERIES_READER, {"FileNames": found})


def listed_steps(file: Path) -> list[Step]:
    """What a .pvd or .series file lists, in the order of time; equal times are parts. Raises `FileError`."""
    try:
        if file.stat().st_size > MOST_LISTING_BYTES:
            raise FileError(f"{file}: a list of files of more than {MOST_LISTING_BYTES} bytes is not read")
        text = file.read_bytes()
    except FileNotFoundError as error:
        raise FileError(f"{file}: no such file on the server (paths are looked up there, not on the client)") from error
    except OSError as error:
        raise error if isinstance(error, FileError) else FileError(f"{file}: cannot be read: {error}") from error
    try:
        steps = _collection(text) if file.suffix.lower() == ".pvd" else _series(text)
    except (ElementTree.ParseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(f"{file}: this is no list of files with their times: {error}") from error
    if not steps:
        raise FileError(f"{file}: it lists no files")
    return sorted(((time, str(file.parent / name)) for time, name in steps), key=lambda step: step[0])


def _collection(text: bytes) -> list[Step]:
    """ParaView's .pvd: XML with a timestep and a file in every DataSet."""
    return [
        (float(one.get("timestep", "0")), one.attrib["file"]) for one in ElementTree.fromstring(text).iter("DataSet")
    ]


def _series(text: bytes) -> list[Step]:
    """ParaView's .series: JSON with a list of names and times."""
    files: list[Any] = json.loads(text)["files"]
    return [(float(one["time"]), str(one["name"])) for one in files]
