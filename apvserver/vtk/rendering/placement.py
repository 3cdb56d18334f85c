"""Where what is shown stands: moved, turned and scaled as its properties say."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkCommonTransforms import vtkTransform

from .images import Bounds, Vector

Matrix = npt.NDArray[np.float64]
_STAYS = tuple(np.eye(4).ravel().tolist())


def matrix_of(get: Mapping[str, Any]) -> vtkMatrix4x4 | None:
    """Return by what Position, Orientation, Scale, Origin and UserTransform move what is drawn; None: by nothing."""
    position, turned, scale, origin = (get[name] for name in ("Position", "Orientation", "Scale", "Origin"))
    user = get["UserTransform"]
    if not any(position) and not any(turned) and scale == (1.0, 1.0, 1.0) and user == _STAYS:
        return None
    transform = vtkTransform()
    transform.Concatenate(user)
    transform.Translate(*position)
    transform.Translate(*origin)
    transform.RotateZ(turned[2])
    transform.RotateX(turned[0])
    transform.RotateY(turned[1])
    transform.Scale(*scale)
    transform.Translate(*(-one for one in origin))
    matrix: vtkMatrix4x4 = transform.GetMatrix()
    return matrix


def as_matrix(rows: Matrix) -> vtkMatrix4x4:
    """Return 4 rows of 4 numbers as VTK has them."""
    matrix = vtkMatrix4x4()
    matrix.DeepCopy(rows.ravel().tolist())
    return matrix


def placement(get: Mapping[str, Any]) -> Matrix:
    """Return the same as 4 rows of 4 numbers."""
    matrix = matrix_of(get)
    if matrix is None:
        return np.eye(4)
    return np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])


def placed(matrix: Matrix, places: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return where places, shape (n, 3), stand in the scene."""
    moved: npt.NDArray[Any] = places @ matrix[:3, :3].T + matrix[:3, 3]
    return moved


def placed_bounds(get: Mapping[str, Any], bounds: Bounds) -> Bounds:
    """Return bounds of the scene around what has these bounds itself."""
    if matrix_of(get) is None:
        return bounds
    corners = placed(placement(get), np.array(list(itertools.product(bounds[0:2], bounds[2:4], bounds[4:6]))))
    (x0, y0, z0), (x1, y1, z1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return x0, x1, y0, y1, z0, z1


def in_data(get: Mapping[str, Any], position: Vector) -> Vector:
    """Return where in the data a place of the scene is."""
    if matrix_of(get) is None:
        return position
    x, y, z, _ = (np.linalg.pinv(placement(get)) @ np.array([*position, 1.0])).tolist()
    return x, y, z
