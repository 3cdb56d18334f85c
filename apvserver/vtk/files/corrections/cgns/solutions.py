"""Tells what VTK's reader leaves out of CGNS files: solutions that no time points to, and elements of zones.

Of several solutions at the same places of a zone it reads one, and shows that at all times if nothing points to others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonCore import vtkOutputWindow

from ....base.blocks import parts

_DATA: Final = " data"
_POINTERS: Final = "FlowSolutionPointers"
_AT: Final = {"Vertex": "vertices", "CellCenter": "centres of cells"}


def tell_what_is_left_out(reader: Any, data: Any) -> None:
    """Warn of solutions that are not read, and of zones whose elements are not."""
    path = reader.GetFileName()
    if not path or data is None or not Path(path).is_file():
        return
    for text in (*_without_cells(data), *_unread(path)):
        vtkOutputWindow.GetInstance().DisplayWarningText(f"{path}: {text}")


def _without_cells(data: Any) -> Iterator[str]:
    for leaf in parts(data):
        if leaf is not None and leaf.IsA("vtkUnstructuredGrid") and leaf.GetNumberOfPoints():
            where = leaf.GetFieldData().GetAbstractArray("Base/Zone")
            if not leaf.GetNumberOfCells() and where is not None and where.GetNumberOfValues() == 1:
                yield (
                    f"no cells are read of the zone {where.GetValue(0)!r}: none of its elements has as many dimensions "
                    "as its base says that cells have (CellDimension, 2 for surfaces)"
                )


def _unread(path: str) -> Iterator[str]:
    try:
        import h5py
    except ImportError:
        return
    if not h5py.is_hdf5(path):
        return
    with h5py.File(path, "r") as file:
        for base in _nodes(file, "CGNSBase_t"):
            times = next((int(_numbers(one)[0]) for one in _nodes(base, "BaseIterativeData_t") if _DATA in one), 0)
            for zone in _nodes(base, "Zone_t"):
                yield from _of_zone(zone, times)


def _of_zone(zone: Any, times: int) -> Iterator[str]:
    if any(_POINTERS in one for one in _nodes(zone, "ZoneIterativeData_t")):
        return
    places = Counter(_place(one) for one in _nodes(zone, "FlowSolution_t"))
    for place, count in places.items():
        if place in _AT and count > 1:
            shown = f", and shown at all {times} times" if times > 1 else ""
            yield (
                f"the zone {_name(zone)!r} has {count} solutions at {_AT[place]}, and no {_POINTERS} "
                f"(ZoneIterativeData_t) to say of which times they are: one of them is read{shown}"
            )


def _place(solution: Any) -> str:
    found = next(iter(_nodes(solution, "GridLocation_t")), None)
    return "Vertex" if found is None or _DATA not in found else bytes(_numbers(found).tobytes()).decode().strip("\0 ")


def _nodes(parent: Any, label: str) -> list[Any]:
    """Return the nodes of a kind below another."""
    return [one for one in parent.values() if bytes(one.attrs.get("label", b"")) == label.encode()]


def _numbers(node: Any) -> Any:
    return np.asarray(node[_DATA]).ravel()


def _name(node: Any) -> str:
    return str(node.name).rpartition("/")[2]
