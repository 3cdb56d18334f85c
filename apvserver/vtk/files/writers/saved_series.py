"""Writes data at several times: a file for each, and a list of them with their times, all or nothing."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from async_paraview.atomic_files import Staging

from ...base.errors import FileError
from ..series import listed_steps
from .in_a_child import one_child
from .staging import free_name, pieces_of, remove_pieces, staged_directory
from .writing import PIECES, Written, write_data

_LEAST_DIGITS: Final = 4
_SERIES: Final = ".series"


def write_series(
    path: str, times: Sequence[float], data_at: Callable[[float], Any], options: Mapping[str, Any]
) -> Written:
    """Write what there is at each time into out_0000.vtu, out_0001.vtu, ... and their list into out.vtu.series.

    `data_at` makes the data of a time. All files appear, or are replaced, when the last is complete; files of the list
    that is replaced, and are not in the new one, go. Raises `FileError`, and what `data_at` raises, with all former
    files as they were.
    """
    target = Path(path)
    wanted = _checked(target, times)
    names = [name_at(target, number, len(wanted)) for number in range(len(wanted))]
    size_bytes, told = 0, dict[str, None]()
    with staged_directory(target) as staging:
        directory, place = staging.directory, staging.place.parent
        with one_child():
            for time, name in zip(wanted, names, strict=True):
                with _named(directory, place, time):
                    written = _write(staging, place / name, data_at(time), options)
                size_bytes += written.size_bytes
                told.update(dict.fromkeys(filter(None, [written.left_out])))
        files = [{"name": name, "time": time} for name, time in zip(names, wanted, strict=True)]
        listed = {"file-series-version": "1.0", "files": files}
        listing = directory / f"{target.name}{_SERIES}"
        listing.write_text(json.dumps(listed, indent=1), encoding="utf-8")
        with staging.alone():
            _publish(staging, [*names, listing.name], _former(target))
    return Written(size_bytes, "; ".join(told) or None)


def name_at(target: Path, number: int, count: int) -> str:
    """Return out_0007.vtu; more digits if there are more than ten thousand."""
    return f"{target.stem}_{number:0{max(_LEAST_DIGITS, len(str(count - 1)))}}{target.suffix}"


def _checked(target: Path, times: Sequence[float]) -> list[float]:
    """Return the times in their order. Raises `FileError`."""
    if not times:
        raise FileError(f"{target}: there are no times to write; without WriteTimeSteps one file is written")
    if not all(map(math.isfinite, times)) or len(set(times)) != len(times):
        raise FileError(f"{target}: times are finite numbers that are all different, not {list(times)!r:.200}")
    return sorted(times)


@contextmanager
def _named(directory: Path, place: Path, time: float) -> Iterator[None]:
    """Have errors tell where files were to be, and at which time."""
    try:
        yield
    except FileError as error:
        raise FileError(f"{str(error).replace(str(directory), str(place))} (at the time {time:g})") from error


def _former(target: Path) -> set[str]:
    """Return the files beside a list about to be replaced that are called as those of a series are."""
    listing = target.with_name(f"{target.name}{_SERIES}")
    if not listing.is_file() or listing.is_symlink():
        return set()
    own = re.compile(rf"{re.escape(target.stem)}_\d{{{_LEAST_DIGITS},}}{re.escape(target.suffix)}")
    try:
        paths = [Path(one.path) for one in listed_steps(listing)]
    except FileError:
        return set()  # whatever it is, it is replaced
    return {one.name for one in paths if one.parent == listing.parent and own.fullmatch(one.name)}


def _write(staging: Staging, place: Path, data: Any, options: Mapping[str, Any]) -> Written:
    """Write a file of the series into the directory; its pieces, if any, are in a directory that is new there."""
    directory = staging.directory
    name = free_name(staging, place) if place.suffix.lower() in PIECES else place.name
    written = write_data(str(directory / name), data, options)
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
