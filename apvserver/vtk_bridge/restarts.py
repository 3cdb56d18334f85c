"""Files of a run that was started again: VTK's Exodus reader takes times that two of them have from the earlier one."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final
from weakref import WeakKeyDictionary

from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from apvserver.vtk_bridge.catalog import construct
from apvserver.vtk_bridge.file_states import FileStates, paths_of, states_of
from apvserver.vtk_bridge.messages import capture, deliver

_TIME_STEPS: Final = vtkStreamingDemandDrivenPipeline.TIME_STEPS()
_PIECE: Final = re.compile(r"\.\d+\.\d+$")
"""Ends of names of the pieces of a parallel run, which have all times in common: a.e.8.0, a.e.8.1, ..."""
_checked: WeakKeyDictionary[Any, FileStates] = WeakKeyDictionary()


def warn_of_overlaps(reader: Any) -> None:
    """Tell once, for files as they are, which of them have times that an earlier one has as well."""
    files = [path for path in paths_of(reader) if not _PIECE.search(path)]
    if len(files) < 2 or _checked.get(reader) == (states := states_of(files)):
        return
    _checked[reader] = states
    known = sorted((times, file) for file in files if (times := _times(reader, file)))
    for (earlier, before), (later, after) in pairwise(known):
        if later[0] <= earlier[-1]:
            common = f"from {later[0]:g} to {min(earlier[-1], later[-1]):g}"
            text = f"{before} and {after} both have times {common}: those are read from {before} as far as it has them"
            deliver("warning", f"{text}; open the later file alone for what it says of them")


def _times(reader: Any, file: str) -> tuple[float, ...]:
    alone = construct(type(reader).__name__)
    alone.AddFileName(file)
    with capture():  # whatever is wrong with the file is told when it is read
        alone.UpdateInformation()
    found = alone.GetOutputInformation(0)
    return tuple(found.Get(_TIME_STEPS)) if found.Has(_TIME_STEPS) else ()
