"""Takes arrays out of grids of XDMF that do not have them.

Of grids whose cells are stored at the same place VTK's reader keeps what it has read first: arrays of another function,
or of an earlier time, with their old values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet, vtkDataObject

from ...base.blocks import parts
from ..contents.xdmf.parsing import seen_in

_MESH: Final = ("Topology", "Geometry")


@dataclass
class _Grid:
    """A grid with those in it."""

    name: str
    temporal: bool = False
    time: float | None = None
    arrays: set[str] = field(default_factory=set)
    whole: bool = True
    """Whether its arrays are all known: it includes no others."""
    children: list[_Grid] = field(default_factory=list)

    def at(self, time: float | None) -> Iterator[_Grid]:
        """Yield it and what is in it at a time; of a series whose times are not told all."""
        yield self
        steps = self.children
        if self.temporal and time is not None and any(one.time == time for one in steps):
            steps = [one for one in steps if one.time == time]
        for one in steps:
            yield from one.at(time)


class _Seen:
    """The grids of a file."""

    def __init__(self) -> None:
        self.outer: list[_Grid] = []
        self._open: list[_Grid] = []

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Grid":
            made = _Grid(attributes.get("Name", ""), attributes.get("CollectionType") == "Temporal")
            made.whole = "Reference" not in attributes
            (self._open[-1].children if self._open else self.outer).append(made)
            self._open.append(made)
        elif not self._open:
            return
        elif tag == "Attribute":
            self._open[-1].arrays.add(attributes.get("Name", ""))
        elif tag == "Time" and "Value" in attributes:
            self._open[-1].time = _number(attributes["Value"])
        elif tag.rpartition(":")[2] == "include":
            pointer = attributes.get("xpointer", "")
            self._open[-1].whole = self._open[-1].whole and any(f"self::{one}" in pointer for one in _MESH)

    def end(self, tag: str) -> None:
        if tag == "Grid":
            self._open.pop()


def leave_out_old_arrays(reader: Any, data: Any) -> None:
    """Remove the arrays that a file has in other grids, or at other times, from grids that do not have them."""
    path = reader.GetFileName()
    if not path or not Path(path).is_file() or data is None:
        return
    seen = seen_in(path, _Seen)
    known = {name for outer in seen.outer for one in outer.at(None) for name in one.arrays}
    information, key = data.GetInformation(), vtkDataObject.DATA_TIME_STEP()
    time = information.Get(key) if information.Has(key) else None
    for name, block in _blocks(data):
        grids = [one for one in seen.outer if one.name == name] or seen.outer
        here = [one for outer in grids for one in outer.at(time)]
        if all(one.whole for one in here):
            _remove(block, known - {name for one in here for name in one.arrays})


def _blocks(data: Any) -> Iterator[tuple[str, Any]]:
    """Yield what is directly below the root, with its name; the data itself if it is one."""
    if not data.IsA("vtkMultiBlockDataSet"):
        yield "", data
        return
    for index in range(data.GetNumberOfBlocks()):
        if data.GetBlock(index) is not None:
            key = vtkCompositeDataSet.NAME()
            named = data.HasMetaData(index) and data.GetMetaData(index).Has(key)
            yield data.GetMetaData(index).Get(key) if named else "", data.GetBlock(index)


def _remove(block: Any, names: Iterable[str]) -> None:
    for leaf in parts(block):
        if leaf is not None and leaf.IsA("vtkDataSet"):
            for name in names:
                leaf.GetPointData().RemoveArray(name)
                leaf.GetCellData().RemoveArray(name)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
