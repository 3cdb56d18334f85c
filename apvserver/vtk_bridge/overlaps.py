"""An algorithm of our own: tells when tetrahedra that should fill space overlap."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import VTK_TETRA

from apvserver.vtk_bridge.passing import PassingFilter

_FACES: Final = ((1, 2, 3, 0), (0, 2, 3, 1), (0, 1, 3, 2), (0, 1, 2, 3))
"""Corners of each face of a tetrahedron, and the one across."""
_TOLERATED: Final = 1e-6


class OverlapsTold(PassingFilter):
    """OverlapsTold - The same data, with a warning if tetrahedra overlap.

    VTK 9.7.2's vtkDelaunay3D makes such of points that lie on a sphere.
    """

    input_types = ("vtkUnstructuredGrid",)

    def pass_on(self, data: Any, output: Any) -> None:
        """Their volumes add up to what their outer faces enclose, if they do not overlap."""
        output.ShallowCopy(data)
        if not data.GetNumberOfCells():
            return
        kinds = vtk_to_numpy(data.GetCellTypes()) if hasattr(data, "GetCellTypes") else None
        if kinds is None or not (kinds == VTK_TETRA).any():
            return
        connectivity = vtk_to_numpy(data.GetCells().GetConnectivityArray())
        starts = vtk_to_numpy(data.GetCells().GetOffsetsArray())[:-1][kinds == VTK_TETRA]
        corners = connectivity[starts[:, None] + np.arange(4)]
        filled, enclosed = volumes(vtk_to_numpy(data.GetPoints().GetData()).astype(float), corners)
        if abs(filled - enclosed) > _TOLERATED * filled:
            self.warn(
                f"the tetrahedra overlap: together they have the volume {filled:.6g}, and their outer faces enclose "
                f"{enclosed:.6g}. Points on a sphere do that; another Offset helps, or moving them by a little"
            )


def volumes(points: npt.NDArray[np.float64], corners: npt.NDArray[Any]) -> tuple[float, float]:
    """The volumes of tetrahedra together, and the volume that the faces enclose that only one of them has."""
    places = points[corners] - points.mean(axis=0)
    sizes = np.abs(np.einsum("ij,ij->i", places[:, 1] - places[:, 0], _normals(places, 0, 2, 3))) / 6
    faces = np.concatenate([np.sort(corners[:, face[:3]], axis=1) for face in _FACES])
    _, first, counts = np.unique(faces, axis=0, return_index=True, return_counts=True)
    outer = first[counts % 2 == 1]
    which, tetrahedra = np.divmod(outer, len(corners))
    enclosed = 0.0
    for number, (a, b, c, across) in enumerate(_FACES):
        some = places[tetrahedra[which == number]]
        normals = _normals(some, a, b, c)
        outward = -np.sign(np.einsum("ij,ij->i", some[:, across] - some[:, a], normals))
        enclosed += float((outward * np.einsum("ij,ij->i", some[:, a], normals)).sum()) / 6
    return float(sizes.sum()), abs(enclosed)


def _normals(places: npt.NDArray[np.float64], a: int, b: int, c: int) -> npt.NDArray[np.float64]:
    return np.cross(places[:, b] - places[:, a], places[:, c] - places[:, a])
