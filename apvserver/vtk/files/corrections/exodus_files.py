"""Exodus files that belong together: pieces that are missing, and times that files of a run started again both have.

VTK's reader reads what there is of the pieces, and such times from the earlier file, without a word.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from async_paraview.vtk_imports import one_at_a_time

from ...base.data_roots import allowed_path
from ...base.errors import FileError
from ...base.vtk_messages import capture, deliver
from ...types.catalog import construct
from ..file_states import FileStates, paths_of, states_of
from .netcdf.values import NotInstalled, dataset

_TIME_STEPS: Final = vtkStreamingDemandDrivenPipeline.TIME_STEPS()
_PIECE: Final = re.compile(r"^(.*\D)\.(\d+)\.\d+$", re.DOTALL)
"""Names of the pieces of a parallel run, which have all times in common: a.e.8.0, a.e.8.1, ..."""
_MOST_PIECES: Final = 100_000
_WIDTHS: Final = "int64_status"
_KNOWN_WIDTHS: Final = 0x400 | 0x800 | 0x1000
"""EX_MAPS_INT64_DB, EX_IDS_INT64_DB and EX_BULK_INT64_DB, by exodusII.h."""
_checked: WeakKeyDictionary[Any, FileStates] = WeakKeyDictionary()


def look_at_names(reader: Any) -> None:
    """Tell once, for files as they are, which pieces of a parallel run are missing, and which times are there twice.

    Raises `FileError` if a piece that VTK finds by its name is not complete, or leads out of the data roots.
    """
    with one_at_a_time:
        from ..truncation.checks import check_truncation  # late: before the first file, not the first picture

    files = list(paths_of(reader))
    check_widths(reader)
    for piece in _pieces(files):
        if os.path.exists(piece):
            check_truncation(allowed_path(piece), type(reader).__name__)
    if not files or _checked.get(reader) == (states := states_of(files)):
        return
    _checked[reader] = states
    for text in (*missing_pieces(files), *_overlaps(reader, files)):
        deliver("warning", text)


def check_widths(reader: Any) -> None:
    """Raise `FileError` for files that say of the widths of their integers what Exodus does not know."""
    for file in paths_of(reader):
        _check_widths(file)


def _check_widths(path: str) -> None:
    try:
        with dataset(path) as file:
            said = np.asarray(file.getncattr(_WIDTHS)) if _WIDTHS in file.ncattrs() else np.zeros(1, np.int32)
    except (NotInstalled, OSError):
        return  # the reader tells
    if said.size != 1 or said.dtype.kind not in "iu" or int(said.ravel()[0]) & ~_KNOWN_WIDTHS:
        raise FileError(
            f"{path}: its attribute {_WIDTHS} is {said.ravel()[:4].tolist()}, and has to be one integer, a sum of "
            "0x400, 0x800 and 0x1000 (maps, ids and all else of 64 bits); is the file damaged?"
        )


def missing_pieces(files: Sequence[str]) -> Iterator[str]:
    """Yield what is missing of the pieces that the names of files tell of: a.e.8.0 is the first of eight."""
    pieces = list(_pieces(files))
    missing = [piece for piece in pieces if not os.path.exists(piece)]
    if missing:
        told = ", ".join(missing[:8]) + (", ..." if len(missing) > 8 else "")
        yield f"{len(missing)} of the {len(pieces)} pieces of the run are missing, and what they hold: {told}"


def _pieces(files: Sequence[str]) -> Iterator[str]:
    """Yield all pieces of the runs that files are pieces of, whether there are files of those names or not."""
    runs: dict[tuple[str, str], None] = {(found[1], found[2]): None for one in files if (found := _PIECE.match(one))}
    for name, count in runs:
        yield from (f"{name}.{count}.{number:0{len(count)}}" for number in range(min(int(count), _MOST_PIECES)))


def _overlaps(reader: Any, files: Sequence[str]) -> Iterator[str]:
    whole = [file for file in files if not _PIECE.match(file)]
    known = sorted((times, file) for file in whole if (times := _times(reader, file))) if len(whole) > 1 else []
    for (earlier, before), (later, after) in pairwise(known):
        if later[0] <= earlier[-1]:
            common = f"from {later[0]:g} to {min(earlier[-1], later[-1]):g}"
            text = f"{before} and {after} both have times {common}: those are read from {before} as far as it has them"
            yield f"{text}; open the later file alone for what it says of them"


def _times(reader: Any, file: str) -> tuple[float, ...]:
    alone = construct(type(reader).__name__)
    alone.AddFileName(file)
    with capture():  # whatever is wrong with the file is told when it is read
        alone.UpdateInformation()
    found = alone.GetOutputInformation(0)
    return tuple(found.Get(_TIME_STEPS)) if found.Has(_TIME_STEPS) else ()
