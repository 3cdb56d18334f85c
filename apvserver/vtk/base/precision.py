"""Which precision coordinates need: far from the origin those of single precision would move by what can be seen.

VTK makes coordinates of single precision of images, and in many filters of anything. Metres of a map, say, are then
rounded to steps of 0.03 m or 0.5 m.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_FLOAT, vtkOutputWindow, vtkPoints
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm

from .array_types import copied
from .blocks import parts
from .values.ranges import find_bounds

PROPERTY: Final = "OutputPointsPrecision"
_DOUBLE: Final = vtkAlgorithm.DOUBLE_PRECISION
_FAR: Final = 8.0
"""So many times its own size from the origin data is far: steps of single precision are a millionth of its size."""

_SETTER: Final = f"Set{PROPERTY}"

_usual: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
"""The precision that algorithms had before one was chosen for them."""


def is_far(data: Any) -> bool:
    """Return whether data, or one of its blocks, has coordinates that single precision would round visibly.

    Points that are of single precision already do not become better.
    """
    return any(_is_far(leaf) and not _is_single(leaf) for leaf in parts(data)) if data is not None else False


def choose_precision(algorithm: Any) -> None:
    """Have an algorithm whose inputs are up to date make points of double precision, where single would round them."""
    kind: Any = type(algorithm)
    if not algorithm.GetNumberOfInputPorts() or not _chooses(kind):
        return
    if any(is_far(data) for data in _inputs(algorithm)):
        _make_double(algorithm)
    elif algorithm in _usual:
        algorithm.SetOutputPointsPrecision(_usual.pop(algorithm))


def moved_too_far(algorithm: Any) -> bool:
    """Return whether what was just made lies far away and was rounded, though the inputs were not: make it again."""
    kind: Any = type(algorithm)
    if not _chooses(kind) or not algorithm.GetNumberOfOutputPorts():
        return False
    if algorithm.GetOutputPointsPrecision() == _DOUBLE or any(_lies_far(data) for data in _inputs(algorithm)):
        return False
    if not _lies_far(algorithm.GetOutputDataObject(0)):
        return False
    _make_double(algorithm)
    return True


def warn_of_rounding(algorithm: Any) -> None:
    """Tell that an algorithm has just rounded coordinates; no property of it could prevent that."""
    if not algorithm.GetNumberOfInputPorts() or not algorithm.GetNumberOfOutputPorts():
        return
    if not any(map(is_far, _inputs(algorithm))):
        return
    output = algorithm.GetOutputDataObject(0)
    if output is None:
        return
    handed_on = [_points(leaf) for data in _inputs(algorithm) for leaf in parts(data)]
    rounded = [
        leaf
        for leaf in parts(output)
        if _is_single(leaf) and _is_far(leaf) and not any(_points(leaf) is one for one in handed_on)
    ]
    if rounded:
        vtkOutputWindow.GetInstance().DisplayWarningText(
            f"{type(algorithm).__name__}: coordinates were rounded to steps of {max(map(_step, rounded)):g}, as VTK "
            "makes them of single precision here; move the data to the origin with Transform before"
        )


def around_origin(data: Any) -> tuple[Any, tuple[float, float, float]]:
    """Return points whose middle is the origin, with all arrays, and where that was; what is not far, as it is."""
    if not _is_far(data):
        return data, (0.0, 0.0, 0.0)
    x, y, z = data.GetCenter()
    moved = data.NewInstance()
    moved.ShallowCopy(data)
    points = vtkPoints()
    points.SetData(copied(vtk_to_numpy(data.GetPoints().GetData()) - np.array((x, y, z))))
    moved.SetPoints(points)
    return moved, (x, y, z)


@functools.cache
def _chooses(kind: Any) -> bool:
    """Return whether algorithms of a class can be told the precision of the points that they make."""
    return hasattr(kind, _SETTER)


def _make_double(algorithm: Any) -> None:
    before = algorithm.GetOutputPointsPrecision()
    if before != _DOUBLE:
        _usual[algorithm] = before
        algorithm.SetOutputPointsPrecision(_DOUBLE)


def _inputs(algorithm: Any) -> Iterator[Any]:
    for port in range(algorithm.GetNumberOfInputPorts()):
        for connection in range(algorithm.GetNumberOfInputConnections(port)):
            yield algorithm.GetInputDataObject(port, connection)


def _lies_far(data: Any) -> bool:
    return data is not None and any(map(_is_far, parts(data)))


def lies_beyond(leaf: Any, sizes: float) -> bool:
    """Return whether data lies more than so many times its own size away from the origin."""
    if not leaf.IsA("vtkDataSet") or not leaf.GetNumberOfPoints():
        return False
    find_bounds(leaf)
    bounds = leaf.GetBounds()
    size, farthest = math.dist(bounds[::2], bounds[1::2]), max(map(abs, bounds))
    return math.isfinite(size) and math.isfinite(farthest) and farthest > sizes * size


def _is_far(leaf: Any) -> bool:
    return lies_beyond(leaf, _FAR)


def _points(data: Any) -> Any:
    """Return the places of the points of a data set, None if it has no such list."""
    points = data.GetPoints() if hasattr(data, "SetPoints") else None
    return None if points is None else points.GetData()


def _is_single(leaf: Any) -> bool:
    return bool(
        leaf.IsA("vtkPointSet") and leaf.GetPoints() is not None and leaf.GetPoints().GetDataType() == VTK_FLOAT
    )


def _step(leaf: Any) -> float:
    return float(np.spacing(np.float32(np.abs(leaf.GetBounds()).max())))
