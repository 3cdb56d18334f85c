"""The reader for files that a client opens: one file, a series by the numbers in names, or a file that lists others."""

from __future__ import annotations

import functools
import json
import math
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from async_paraview.records import dataclass

from ..base.data_roots import allowed_path
from ..base.errors import FileError
from ..types.toml_definitions import composition, curated_names, curated_table, hand_written_names
from .listing import siblings
from .reader_choice import SERIES_EXTENSIONS, Choice, choose_reader
from .references import beside_its_pieces

SERIES_READER: Final = "FileSeriesReader"
MOST_LISTING_BYTES: Final = 64 * 1024**2
"""Largest file of a series that is read to see what it lists."""
_OWN_SERIES: Final = {"vtkIOSSReader": "FileNames", "vtkDICOMImageReader": "FileNames"}
"""Readers that take all files of a series themselves, and by which property."""


@dataclass(frozen=True)
class Listed:
    """A file of a list, its time, and the name of the part that it is, "" if it is all there is."""

    time: float
    path: str
    part: str = ""


def choose_for(paths: list[str], *, series: bool = False) -> Choice:
    """Return the type name and the properties of the reader for what a client opens. Raises `FileError`.

    Several paths are one data set at several times, in that order; so is, with `series`, one path that belongs to a
    series. Files that list others (.pvd, .vtu.series) give their times.
    """
    if not paths:
        raise FileError("nothing to open: no path was given")
    if len(paths) == 1 and Path(paths[0]).suffix.lower() in SERIES_EXTENSIONS:
        steps = listed_steps(Path(beside_its_pieces(allowed_path(paths[0]))))
        for step in steps:
            allowed_path(step.path)
        choose_reader(steps[0].path)
        parts = [step.part for step in steps]
        listed: dict[str, Any] = {"FileNames": [step.path for step in steps], "TimeValues": [one.time for one in steps]}
        return SERIES_READER, {**listed, "PartNames": parts} if any(parts) else listed
    found = siblings(allowed_path(paths[0])) if series and len(paths) == 1 else paths
    chosen = choose_reader(allowed_path(found[0]))
    if len(found) == 1:
        return chosen
    for path in found:
        allowed_path(path)
    own = _OWN_SERIES.get(chosen[0])
    return (chosen[0], {own: found}) if own else (SERIES_READER, {"FileNames": found})


def curated_choice(choice: Choice) -> Choice:
    """Return the same reader by the name, and with the properties, that ParaView's users know, where it has one.

    That is a curated type which consists of this reader alone, and has all the properties that were chosen.
    """
    class_name, properties = choice
    for name in _curated_readers().get(class_name, ()):
        if properties.keys() <= {one.name for one in composition(name).definition.properties}:
            return name, properties
    return choice


@functools.cache
def _curated_readers() -> dict[str, list[str]]:
    """Return the names of curated readers by the class that each consists of, first that of the same name."""
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys((*hand_written_names(), *curated_names())):
        table = curated_table(name)
        parts = list(table.get("parts", {}).values())
        if table.get("group") == "readers" and len(parts) == 1:
            same = name == parts[0].removeprefix("vtk")
            names = found.setdefault(parts[0], [])
            names.insert(0 if same else len(names), name)
    return found


def listed_steps(file: Path) -> list[Listed]:
    """Return what a .pvd or .series file lists, in the order of time; equal times are parts. Raises `FileError`."""
    try:
        if file.stat().st_size > MOST_LISTING_BYTES:
            raise FileError(f"{file}: a list of files of more than {MOST_LISTING_BYTES} bytes is not read")
        text = file.read_bytes()
    except FileNotFoundError as error:
        raise FileError(f"{file}: no such file on the server (paths are looked up there, not on the client)") from error
    except FileError:
        raise
    except OSError as error:
        raise FileError(f"{file}: cannot be read: {error}") from error
    try:
        steps = _collection(text) if file.suffix.lower() == ".pvd" else _series(text)
    except (ElementTree.ParseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(f"{file}: this is no list of files with their times: {error}") from error
    if not steps:
        raise FileError(f"{file}: it lists no files")
    for step in steps:
        if not math.isfinite(step.time):
            raise FileError(f"{file}: the time of {step.path} is {step.time}: a time is a finite number")
    return sorted((replace(step, path=str(file.parent / step.path)) for step in steps), key=lambda step: step.time)


def _collection(text: bytes) -> list[Listed]:
    """Read ParaView's .pvd: XML with a timestep, a file, and a group, a part and a name in every DataSet.

    Parts have names if there are several, or one is given: their own, else "group part" as far as that is told.
    """
    entries = list(ElementTree.fromstring(text).iter("DataSet"))
    keys = [tuple(one.get(name, "") for name in ("group", "part", "name")) for one in entries]
    several = len(set(keys)) > 1 or any(name for _, _, name in keys)
    return [
        Listed(float(one.get("timestep", "0")), one.attrib["file"], _part(*key) if several else "")
        for one, key in zip(entries, keys, strict=True)
    ]


def _part(group: str, part: str, name: str) -> str:
    return name or " ".join(filter(None, (group, part and f"part {part}"))) or "part 0"


def _series(text: bytes) -> list[Listed]:
    """Read ParaView's .series: JSON with a list of names and times."""
    files: list[Any] = json.loads(text)["files"]
    return [Listed(float(one["time"]), str(one["name"])) for one in files]
