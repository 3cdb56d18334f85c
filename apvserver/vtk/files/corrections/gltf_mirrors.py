"""Turns the triangles of meshes that a node of glTF mirrors: the other side of them is the front then (glTF 2.0).

VTK's reader mirrors their places, and leaves them as they are stored: closed surfaces are inside out. When it executes
again, the parts of a mesh are exchanged; where nothing moves another one reads the file then.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkIOGeometry import vtkGLTFReader

from ...base.blocks import children, composites
from ...base.data_making import cells_of

_TRANSFORM: Final = "globalTransform"
"""A matrix of 4 x 4 that VTK gives the first part of each mesh."""


_done: WeakKeyDictionary[Any, list[Any]] = WeakKeyDictionary()
"""The corners of what was turned of readers that have executed: of moving meshes VTK changes the places alone."""


def turn_mirrored(reader: Any, data: Any) -> None:
    """Turn polygons and strips of what is mirrored; strips become triangles."""
    if data is None:
        return
    if reader in _done and not reader.GetNumberOfAnimations():
        del _done[reader]
        another = vtkGLTFReader()
        another.SetFileName(reader.GetFileName())
        another.Update()
        data.CompositeShallowCopy(another.GetOutput())
    done = _done.setdefault(reader, [])
    for composite in composites(data):
        surfaces = [block for _, block in children(composite) if block is not None and block.IsA("vtkPolyData")]
        if any(_is_mirrored(one) for one in surfaces):
            for one in surfaces:
                if one.GetNumberOfStrips() or not any(_corners(one) is before for before in done):
                    _turn(one)
                    done += [_corners(one)] if one.GetNumberOfPolys() else []


def _corners(surface: Any) -> Any:
    return surface.GetPolys().GetConnectivityArray()


def _is_mirrored(surface: Any) -> bool:
    matrix = surface.GetFieldData().GetArray(_TRANSFORM)
    if matrix is None or matrix.GetNumberOfValues() != 16:
        return False
    return bool(np.linalg.det(vtk_to_numpy(matrix).reshape(4, 4)[:3, :3]) < 0)


def _turn(surface: Any) -> None:
    strips = list(_cells(surface.GetStrips()))
    faces = [*_turned(surface.GetPolys()), *(face for strip in strips for face in _apart(strip))]
    if faces:
        offsets = np.cumsum([0, *map(len, faces)])
        surface.SetStrips(None)
        surface.SetPolys(cells_of(offsets, np.concatenate(faces)))


def _turned(cells: Any) -> Iterator[Any]:
    for cell in _cells(cells):
        yield np.concatenate((cell[:1], cell[:0:-1]))


def _apart(strip: Any) -> Iterator[Any]:
    """Yield the triangles of a strip, turned: it begins every other one with its second point."""
    for first in range(len(strip) - 2):
        one, two, three = strip[first : first + 3]
        yield np.array((two, one, three) if first % 2 == 0 else (one, two, three))


def _cells(cells: Any) -> Iterator[Any]:
    if cells is not None and cells.GetNumberOfCells():
        offsets = vtk_to_numpy(cells.GetOffsetsArray()).astype(np.int64)
        points = vtk_to_numpy(cells.GetConnectivityArray()).astype(np.int64)
        yield from np.split(points, offsets[1:-1])
