"""Puts grids of CGNS in cylindrical coordinates in their places: VTK takes angles for x, and leaves radii out.

Of coordinates of other names it takes one for x, too, and leaves the others out: these are refused.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from ....base.blocks import parts
from ....base.data_making import points_of
from ....base.errors import FileError

_ANGLE: Final = "CoordinateTheta"
_RADIUS, _HEIGHT = "CoordinateR", "CoordinateZ"
_X: Final = "CoordinateX"
_IN_X: Final = re.compile(rb"CoordinateX(?![A-Za-z])")
_COORDINATES: Final = re.compile(rb"Coordinate(?:Theta|Phi|R|Xi|Eta|Zeta|Normal|Tangential|Transform)(?![A-Za-z])")
"""Names that are no places, after the standard: of the cylinder and the sphere, and auxiliary ones."""
_GRID: Final = "GridCoordinates"
_UNIT_BYTES: Final = 32
_ANGLE_UNIT: Final = 4
"""Units of mass, length, time, temperature, angle."""
_DATA: Final = " data"


def correct_cylinders(reader: Any, data: Any) -> None:
    """Place what is in cylindrical coordinates. Raises `FileError` where that is not known."""
    path = reader.GetFileName()
    if not path or data is None or not Path(path).is_file() or not Path(path).stat().st_size or not _has_others(path):
        return
    what = "it has other coordinates than x, y and z"
    try:
        import h5py
    except ImportError as error:
        raise FileError(f'{what}, which are read with h5py: pip install "async-paraview[formats]"') from error
    if not h5py.is_hdf5(path):
        raise FileError(f"{what}, and is of the older kind of file (ADF): convert it with cgnsconvert")
    with h5py.File(path, "r") as file:
        for leaf in parts(data):
            if leaf is not None and leaf.IsA("vtkPointSet") and leaf.GetNumberOfPoints():
                _place(file, leaf)


def _has_others(path: str) -> bool:
    """Return whether a file may have coordinates that are no places."""
    with open(path, "rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _COORDINATES.search(content) is not None or _IN_X.search(content) is None


def _place(file: Any, leaf: Any) -> None:
    where = leaf.GetFieldData().GetAbstractArray("Base/Zone")
    names = where.GetValue(0).split("/") if where is not None and where.GetNumberOfValues() == 1 else []
    if len(names) != 2 or names[0] not in file or names[1] not in file[names[0]]:
        raise FileError("it has other coordinates than x, y and z, and of which zone a block is cannot be told")
    base = file[names[0]]
    zone = base[names[1]]
    grids = [one for name, one in zone.items() if name.startswith(_GRID)]
    called = set().union(*map(_coordinates, grids))
    if not called or _X in called:
        return
    if called - {_RADIUS, _ANGLE, _HEIGHT} or not {_RADIUS, _ANGLE} <= called:
        raise FileError(
            f"the zone {names[1]!r} has the coordinates {', '.join(sorted(called))}: places are CoordinateX, Y and Z, "
            "or CoordinateR, Theta and Z (those of a sphere leave open which angle is from its axis)"
        )
    if len(grids) > 1:
        raise FileError(f"the zone {names[1]!r} is in cylindrical coordinates that move: they are not read")
    grid = grids[0]
    radius, angle = (np.asarray(grid[name][_DATA], float).ravel() for name in (_RADIUS, _ANGLE))
    height = np.asarray(grid[_HEIGHT][_DATA], float).ravel() if _HEIGHT in grid else np.zeros(len(radius))
    if not len(radius) == len(angle) == len(height) == leaf.GetNumberOfPoints():
        raise FileError(f"the zone {names[1]!r} is in cylindrical coordinates, and has not one for each point (Rind?)")
    if any(_in_degrees(one) for one in _said(grid[_ANGLE], grid, zone, base)):
        angle = np.radians(angle)
    leaf.SetPoints(points_of(np.column_stack((radius * np.cos(angle), radius * np.sin(angle), height))))


def _coordinates(grid: Any) -> set[str]:
    return {name for name, one in grid.items() if _label(one) == b"DataArray_t"}


def _label(node: Any) -> bytes:
    return bytes(node.attrs.get("label", b""))


def _said(*nodes: Any) -> Iterator[Any]:
    """Yield the units of the first of some nodes that has any."""
    for node in nodes:
        if "DimensionalUnits" in node:
            yield node["DimensionalUnits"][_DATA][...]
            return


def _in_degrees(units: Any) -> bool:
    text = bytes(np.asarray(units, np.int8).tobytes())
    return text[_ANGLE_UNIT * _UNIT_BYTES :].strip(b"\0 ").startswith(b"Degree")
