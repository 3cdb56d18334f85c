"""Writes data at several times: a file for each, and a list of them with their times, all or nothing.

The list is a .series file beside them, or, if that was asked for, ParaView's .pvd file beside their directory.
"""

from __future__ import annotations

import json
import math
import os
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from async_paraview.atomic_files import Staging
from async_paraview.records import dataclass

from ...base.errors import FileError
from ..series import listed_steps
from .in_a_child import one_child
from .staging import free_name, pieces_of, remove_pieces, staged, staged_directory
from .writing import PIECES, Written, write_data, written_extension

COLLECTION: Final = ".pvd"
"""Files that list others, which are in a directory beside it, with their times."""
_SUFFIX: Final = "FileNameSuffix"
_LEAST_DIGITS: Final = 4
_MOST_DIGITS: Final = 20
_SERIES: Final = ".series"
_NUMBER: Final = re.compile(r"(?P<before>[^{}%/\\]*)(\{:?0?(?P<braced>\d{0,3})d\}|%0?(?P<percent>\d{0,3})d)")
"""How ParaView writes what stands between a name and its extension: _{:03d}, or _%03d."""
_IN_COLLECTIONS: Final = {
    "vtkImageData": ".vti", "vtkPolyData": ".vtp", "vtkUnstructuredGrid": ".vtu", "vtkStructuredGrid": ".vts",
    "vtkRectilinearGrid": ".vtr", "vtkTable": ".vtt",
}  # fmt: skip


def write_series(
    path: str, times: Sequence[float], data_at: Callable[[float], Any], options: Mapping[str, Any]
) -> Written:
    """Write what there is at each time into out_0000.vtu, out_0001.vtu, ... and their list into out.vtu.series.

    `data_at` makes the data of a time. All files appear, or are replaced, when the last is complete; files of the list
    that is replaced, and are not in the new one, go. FileNameSuffix among the options is another pattern of numbers,
    such as _{:d}. Raises `FileError`, and what `data_at` raises, with all former files as they were.
    """
    target = Path(path)
    wanted = _checked(target, times)
    if written_extension(path) == COLLECTION:
        return _write_collection(target, [(time, partial(data_at, time)) for time in wanted], options)
    numbered, options = names_of(path, len(wanted), options)
    names = [numbered.at(number) for number in range(len(wanted))]
    size_bytes, told = 0, dict[str, None]()
    with staged_directory(target, follow=False) as staging:  # beside a link: that leads to no file of the series
        directory, place = staging.directory, staging.place.parent
        with one_child():
            for number, (time, name) in enumerate(zip(wanted, names, strict=True)):
                with _named(directory, place, time):
                    written = _write(staging, place / name, data_at(time), options, number)
                size_bytes += written.size_bytes
                told.update(dict.fromkeys(filter(None, [written.left_out])))
        files = [{"name": name, "time": time} for name, time in zip(names, wanted, strict=True)]
        listed = {"file-series-version": "1.0", "files": files}
        listing = directory / f"{target.name}{_SERIES}"
        listing.write_text(json.dumps(listed, indent=1), encoding="utf-8")
        with staging.alone():
            _publish(staging, [*names, listing.name], _former(target, numbered))
    return Written(size_bytes, "; ".join(told) or None)


def write_collection(path: str, data: Any, options: Mapping[str, Any]) -> Written:
    """Write data into a directory, and a .pvd file beside it that names it, with its time if it has one.

    Both appear when they are complete. Raises `FileError`, with all former files as they were.
    """
    key = data.DATA_TIME_STEP() if data is not None else None
    time = data.GetInformation().Get(key) if key is not None and data.GetInformation().Has(key) else None
    return _write_collection(Path(path), [(time, lambda: data)], options)


def _write_collection(
    target: Path, steps: Sequence[tuple[float | None, Callable[[], Any]]], options: Mapping[str, Any]
) -> Written:
    """Write the data of each step as out/out_0000.vtu and so on, and what lists them with their times."""
    numbered, options = names_of(str(target), len(steps), options)
    size_bytes, told = 0, dict[str, None]()
    collection = ElementTree.Element("VTKFile", type="Collection", version="0.1", byte_order="LittleEndian")
    listed = ElementTree.SubElement(collection, "Collection")
    with staged(target, pieces=True) as listing, one_child():
        folder = listing.parent / listing.stem
        folder.mkdir()
        for number, (time, data_at) in enumerate(steps):
            data = data_at()
            name = replace(numbered, stem=folder.name, extension=_in_collection(target, data)).at(number)
            with _named(listing.parent, target.parent, time):
                written = write_data(str(folder / name), data, options, number)
            size_bytes += written.size_bytes
            told.update(dict.fromkeys(filter(None, [written.left_out])))
            at = {} if time is None else {"timestep": repr(time)}
            ElementTree.SubElement(listed, "DataSet", {**at, "part": "0", "file": f"{folder.name}/{name}"})
        ElementTree.indent(collection)
        ElementTree.ElementTree(collection).write(listing, encoding="utf-8", xml_declaration=True)
    return Written(size_bytes, "; ".join(told) or None)


def _in_collection(target: Path, data: Any) -> str:
    """Return the extension of a file in a collection. Raises `FileError` for what ParaView's have no place for."""
    found = None if data is None else next((one for kind, one in _IN_COLLECTIONS.items() if data.IsA(kind)), None)
    if found is None:
        what = "nothing" if data is None else data.GetClassName()
        raise FileError(f"{target}: a .pvd file lists grids and tables, not {what}; .vtm and .vtpc hold blocks")
    return found


@dataclass(frozen=True)
class Numbered:
    """How the files of a series are called: out_0007.vtu."""

    stem: str
    before: str
    digits: int
    extension: str

    def at(self, number: int) -> str:
        """Return the name with that number."""
        return f"{self.stem}{self.before}{number:0{self.digits}d}{self.extension}"

    def is_own(self, name: str) -> bool:
        """Return whether a file is called as those of the series are."""
        numbered = rf"\d{{{self.digits},}}"
        return re.fullmatch(re.escape(self.stem + self.before) + numbered + re.escape(self.extension), name) is not None


def names_of(path: str, count: int, options: Mapping[str, Any]) -> tuple[Numbered, dict[str, Any]]:
    """Return how so many files are called, and all options but the one that says it.

    Without FileNameSuffix numbers have four digits, or more if there are more than ten thousand. Raises `FileError` for
    a suffix that has no place for a number.
    """
    extension, suffix = written_extension(path), options.get(_SUFFIX)
    stem = Path(path).name[: -len(extension) or None]
    others = {name: value for name, value in options.items() if name != _SUFFIX}
    if suffix is None:
        return Numbered(stem, "_", max(_LEAST_DIGITS, len(str(count - 1))), extension), others
    found = _NUMBER.fullmatch(suffix) if isinstance(suffix, str) else None
    digits = int(found["braced"] or found["percent"] or 1) if found else 0
    if found is None or digits > _MOST_DIGITS:
        raise FileError(f"{_SUFFIX} ends with the place of a number, as _{{:d}} and _{{:04d}} do, not {suffix!r:.60}")
    return Numbered(stem, found["before"], digits, extension), others


def _checked(target: Path, times: Sequence[float]) -> list[float]:
    """Return the times in their order. Raises `FileError`."""
    if not times:
        raise FileError(f"{target}: there are no times to write; without WriteTimeSteps one file is written")
    if not all(map(math.isfinite, times)) or len(set(times)) != len(times):
        raise FileError(f"{target}: times are finite numbers that are all different, not {list(times)!r:.200}")
    return sorted(times)


@contextmanager
def _named(directory: Path, place: Path, time: float | None) -> Iterator[None]:
    """Have errors tell where files were to be, and at which time."""
    try:
        yield
    except FileError as error:
        at = "" if time is None else f" (at the time {time:g})"
        raise FileError(f"{str(error).replace(str(directory), str(place))}{at}") from error


def _former(target: Path, numbered: Numbered) -> set[str]:
    """Return the files beside a list about to be replaced that are called as those of a series are."""
    listing = target.with_name(f"{target.name}{_SERIES}")
    if not listing.is_file() or listing.is_symlink():
        return set()
    try:
        paths = [Path(one.path) for one in listed_steps(listing)]
    except FileError:
        return set()  # whatever it is, it is replaced
    return {one.name for one in paths if one.parent == listing.parent and numbered.is_own(one.name)}


def _write(staging: Staging, place: Path, data: Any, options: Mapping[str, Any], number: int) -> Written:
    """Write a file of the series into the directory; its pieces, if any, are in a directory that is new there."""
    directory = staging.directory
    name = free_name(staging, place) if place.suffix.lower() in PIECES else place.name
    written = write_data(str(directory / name), data, options, number)
    os.replace(directory / name, directory / place.name)
    return written


def _publish(staging: Staging, names: list[str], former: set[str]) -> None:
    """Have all files take their places, the list last; those of the former series go. Raises `FileError`, OSError."""
    place = staging.place.parent
    gone = sorted(one for one in former - set(names) if (place / one).is_file())
    before = [piece for one in (*gone, *names) if (place / one).is_file() for piece in pieces_of(place / one)]
    folders = [name for name in staging.written() if (staging.directory / name).is_dir()]
    staging.publish([*folders, *names], removed=gone)
    remove_pieces(before)
