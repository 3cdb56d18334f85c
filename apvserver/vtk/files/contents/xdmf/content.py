"""What an XDMF file says that VTK's reader takes wrong: grids that others include, and numbers that are not there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from ....base.errors import FileError
from ....base.vtk_messages import deliver
from ...file_states import FileStates, states_of
from .completed import can_complete, completed, declared, is_foreign, says_its_kind
from .numbers import NumbersInText
from .parsing import seen_in

_POINTER: Final = re.compile(r"""(//|/Xdmf/Domain/)Grid((?:\[[^\]]*\])+)""")
_CONDITION: Final = re.compile(r"""\[(?:@(\w+)=["']([^"']*)["']|(\d+))\]""")
_LONGEST_NAME: Final = 4096

TOPOLOGIES: Final = frozenset({
    "NOTOPOLOGY", "POLYVERTEX", "POLYLINE", "POLYGON", "TRIANGLE", "QUADRILATERAL", "TETRAHEDRON", "PYRAMID", "WEDGE",
    "HEXAHEDRON", "MIXED", "EDGE_3", "TRIANGLE_6", "TRI_6", "QUADRILATERAL_8", "QUAD_8", "QUADRILATERAL_9", "QUAD_9",
    "TETRAHEDRON_10", "TET_10", "PYRAMID_13", "WEDGE_15", "WEDGE_18", "HEXAHEDRON_20", "HEX_20", "HEXAHEDRON_24",
    "HEXAHEDRON_27", "2DSMESH", "2DRECTMESH", "2DCORECTMESH", "3DSMESH", "3DRECTMESH", "3DCORECTMESH",
})  # fmt: skip
"""The kinds of XDMF 2, which is what VTK 9.7 reads files with, and its short names; capital letters do not matter."""


_UNSAID: Final = (
    "it does not say of which kind numbers in its files of HDF5 are, which are taken for single precision in a folder "
    "with a colon in its path; put it into another folder, or write NumberType and Precision into the file"
)
_completed: WeakKeyDictionary[Any, FileStates] = WeakKeyDictionary()
"""The states of the files that a reader has the completed text of, or was told of that it has none."""


@dataclass
class _Seen:
    """What is found on the way through a file."""

    tags: list[str] = field(default_factory=list)
    outer: list[dict[str, str]] = field(default_factory=list)
    included: set[tuple[str, str]] = field(default_factory=set)
    series: bool = False
    namespaces: dict[str, str] = field(default_factory=dict)
    foreign: bool = False
    """Whether it includes in a way that VTK's reader does not know; see `completed`."""
    unsaid: bool = False
    """Whether it leaves to HDF5 of which kind numbers are."""
    form: str = ""
    text: str = ""
    files: set[tuple[str, str]] = field(default_factory=set)
    topologies: set[str] = field(default_factory=set)
    numbers: NumbersInText = field(default_factory=NumbersInText)

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Note what an element says as it begins."""
        self.namespaces |= declared(attributes)
        if tag == "Grid" and self.tags[-1:] == ["Domain"]:
            self.outer.append(attributes)
            self.series = self.series or attributes.get("CollectionType") == "Temporal"
        if tag.rpartition(":")[2] == "include" and "Grid" in self.tags:
            self.included.update(_POINTER.findall(attributes.get("xpointer", "")))
            self.foreign = self.foreign or is_foreign(tag, self.namespaces)
        if tag == "Topology":
            self.topologies.add(attributes.get("TopologyType") or attributes.get("Type") or "")
        if tag == "DataItem":
            form = attributes.get("Format", "").lower()
            self.form = form if form in ("hdf", "binary") else ""
            self.unsaid = self.unsaid or (form == "hdf" and not says_its_kind(attributes))
            self.numbers.begin(attributes)
        self.text = ""
        self.tags.append(tag)

    def meshes(self) -> set[str]:
        """Return the names of the grids of the domain that others include something of."""
        found: set[str] = set()
        for where, conditions in self.included:
            grids = self.outer
            for name, value, position in _CONDITION.findall(conditions):
                if name:
                    grids = [one for one in grids if one.get(name) == value]
                else:
                    grids = grids[int(position) - 1 : int(position)] if where != "//" else []
            found.update(one.get("Name", "") for one in grids if one.get("GridType", "Uniform") == "Uniform")
        return found

    def end(self, tag: str) -> None:
        """Note the file that an element has named as it ends."""
        if tag == "DataItem" and self.form and (text := self.text.strip()):
            self.files.add((self.form, text))
        if tag == "DataItem":
            self.numbers.end()
        self.form, self.text = "", ""
        self.tags.pop()

    def characters(self, data: str) -> None:
        """Keep text that may be the name of a file."""
        if self.form and len(self.text) < _LONGEST_NAME:
            self.text += data
        self.numbers.characters(data)


def prepare_xdmf(reader: Any) -> None:
    """Have a reader leave out the grids that a series includes the mesh from: VTK shows them beside it, once more.

    What a file leaves open is completed; see `completed`.

    Raises `FileError` if a file with the numbers is not there, of which VTK makes empty data without an error, for
    kinds of cells that XDMF 2 does not have, and for numbers in the file of which it makes others.
    """
    path = reader.GetFileName()
    if not path or not Path(path).is_file():
        return
    seen = seen_in(path, _Seen)
    if missing := sorted(set(_missing_numbers(seen, Path(path).parent))):
        raise FileError(f"{path}: its numbers are in {', '.join(missing[:5])}, which is not there; bring it as well")
    if kinds := unknown_topologies(seen.topologies):
        raise FileError(
            f"{path}: {', '.join(kinds)} is no TopologyType of XDMF 2, which is what is read; write cells of XDMF 3 in "
            "another format, such as VTK's (.vtu)"
        )
    if wrong := list(seen.numbers.found):
        raise FileError(
            f"{path}: {'; '.join(wrong)}: XDMF 2, which is what is read, makes other numbers of that; have the numbers "
            "in a file of HDF5 beside it"
        )
    _complete(reader, path, seen)
    if seen.series and (names := seen.meshes()):
        reader.UpdateInformation()
        for name in sorted(names):
            if reader.GetGridStatus(name):
                reader.SetGridStatus(name, 0)


def _complete(reader: Any, path: str, seen: _Seen) -> None:
    """Hand a reader the completed text of an incomplete file, once for each state of it and of those that it names."""
    states = states_of([path], naming=True)
    if not seen.foreign and (not seen.unsaid or not can_complete(path)):
        reader.SetReadFromInputString(False)
        if seen.unsaid and _completed.get(reader) != states:
            _completed[reader] = states
            deliver("warning", f"{path}: {_UNSAID}")
        return
    if _completed.get(reader) != states or not reader.GetReadFromInputString():
        reader.SetInputString(completed(path))
        reader.SetReadFromInputString(True)
        _completed[reader] = states


def unknown_topologies(names: Collection[str]) -> list[str]:
    """Return those of these names that are no kinds of cells or points in XDMF 2."""
    return sorted(name for name in names if name and name.strip().upper() not in TOPOLOGIES)


def _missing_numbers(seen: _Seen, folder: Path) -> Iterator[str]:
    """Yield the files that numbers are in, and that are not there."""
    for form, text in seen.files:
        name = text.partition(":/")[0] if form == "hdf" else text
        name = name.removeprefix("File:").strip()
        if name and not (folder / name).exists():
            yield name
