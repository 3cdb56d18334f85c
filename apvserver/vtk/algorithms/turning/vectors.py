"""Which arrays turn with the points: vectors do, colors, texture coordinates and ids do not.

VTK's transform either turns the active vectors alone or everything of three components, and in its type: bytes and
texture coordinates as well. So what is no vector is taken out before, and put back after. Tensors are turned here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_DOUBLE
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes

from ...base.array_types import put_in_place, repeated, retyped
from ...base.blocks import parts
from ...base.errors import VtkError
from ..array_algorithm import ArrayAlgorithm, FollowingAlgorithm
from .tensors import may_be_tensor, order_of, turn_tensors, turned

_VECTORS: Final = vtkDataSetAttributes.VECTORS
_NORMALS: Final = vtkDataSetAttributes.NORMALS
_NO_VECTORS: Final = (vtkDataSetAttributes.TCOORDS, vtkDataSetAttributes.GLOBALIDS, vtkDataSetAttributes.PEDIGREEIDS)
_ALL_AROUND: Final = 360.0
NORMALS: Final = "Normals"
"""What VTK calls the normals that it makes."""


class VectorsToTurn(ArrayAlgorithm):
    """VectorsToTurn - Leaves of the arrays with three components those that are vectors, as numbers with fractions."""

    def __init__(self) -> None:
        super().__init__()

    def change(self, output: Any, *inputs: Any) -> None:
        """Take out what is no vector; integers become doubles, normals are marked as such."""
        for attributes in _attributes(output):
            for index in reversed(range(attributes.GetNumberOfArrays())):
                array, marked = attributes.GetArray(index), attributes.IsArrayAnAttribute(index)
                if array is not None and may_be_tensor(array, marked):
                    attributes.RemoveArray(index)
                if array is None or array.GetNumberOfComponents() != 3:
                    continue
                if not is_vector(array, marked):
                    attributes.RemoveArray(index)
                elif array.IsIntegral():
                    put_in_place(attributes, index, retyped(array))
            named = attributes.GetArray(NORMALS)
            if attributes.GetNormals() is None and named is not None and named.GetNumberOfComponents() == 3:
                attributes.SetActiveAttribute(NORMALS, _NORMALS)


class ArraysPutBack(ArrayAlgorithm):
    """ArraysPutBack - Gives its first input the arrays that only the second one has, in the order of that.

    Tensors among them are turned as the transform in front of it says.
    """

    def __init__(self) -> None:
        super().__init__(inputs=2)

    def change(self, output: Any, *inputs: Any) -> None:
        """Put arrays back, with what they were marked as."""
        changed, originals = list(parts(output)), list(parts(inputs[1]))
        if len(changed) != len(originals):
            raise VtkError(f"there were {len(originals)} blocks, and there are {len(changed)}: arrays are lost")
        for leaf, original in zip(changed, originals, strict=True):
            for attributes, before in zip(_attributes(leaf), _attributes(original), strict=True):
                _put_back(attributes, before)
        filter = self.GetInputConnection(0, 0).GetProducer()
        for remark in turn_tensors(_attributes(output), filter.GetTransform(), filter.GetTransformAllInputVectors()):
            self.warn(remark)


class SweptVectors(FollowingAlgorithm):
    """SweptVectors - Turns vectors and tensors with the profile, or the surface, that a filter has turned around.

    The filter is a vtkRotationalExtrusionFilter, whose cells go all around and keep theirs, or a
    vtkVolumeOfRevolutionFilter, each of whose cells is one step wide: what it has turns to the middle of that.
    """

    part_of: ClassVar = "RotationalExtrusion or VolumeOfRevolution"

    def change(self, output: Any, *inputs: Any) -> None:
        """Turn what stands at each step by the angle of that step."""
        filter = self.followed()
        for leaf in parts(output):
            if not filter.IsA("vtkVolumeOfRevolutionFilter"):
                degrees = np.linspace(0.0, filter.GetAngle(), filter.GetResolution() + 1)
                _sweep(leaf.GetPointData(), _turns(filter.GetRotationAxis(), degrees))
                continue
            degrees = np.linspace(0.0, filter.GetSweepAngle(), filter.GetResolution() + 1)
            closed = abs(filter.GetSweepAngle()) >= _ALL_AROUND  # then the last step ends at the first one
            _sweep(leaf.GetPointData(), _turns(filter.GetAxisDirection(), degrees[:-1] if closed else degrees))
            middles = _turns(filter.GetAxisDirection(), (degrees[1:] + degrees[:-1]) / 2)
            _sweep(leaf.GetCellData(), middles, steps_first=False)


def _sweep(attributes: Any, turns: npt.NDArray[np.float64], *, steps_first: bool = True) -> None:
    """Turn vectors and tensors: rows stand step by step, or all steps of one row after those of another."""
    for index in reversed(range(attributes.GetNumberOfArrays())):
        array, marked = attributes.GetArray(index), attributes.IsArrayAnAttribute(index)
        if array is None or not array.GetNumberOfTuples():
            continue
        count = array.GetNumberOfTuples() // len(turns)
        if may_be_tensor(array, marked) and (order := order_of(array)) is not None:
            each = repeated(turns, count) if steps_first else repeated(turns[None], count).reshape(-1, *turns.shape[1:])
            put_in_place(attributes, index, turned(array, order, each))
        elif array.GetNumberOfComponents() == 3 and is_vector(array, marked):
            made = retyped(array, array.GetDataType() if not array.IsIntegral() else VTK_DOUBLE)
            values = vtk_to_numpy(made)
            rows = values.reshape((len(turns), -1, 3) if steps_first else (-1, len(turns), 3))
            formula = "sij,spj->spi" if steps_first else "sij,psj->psi"
            values[...] = np.einsum(formula, turns, rows).reshape(values.shape)
            put_in_place(attributes, index, made)


def _turns(axis: tuple[float, float, float], degrees: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the matrices of turns about an axis (formula of Rodrigues)."""
    x, y, z = np.asarray(axis) / (np.linalg.norm(axis) or 1.0)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angles = np.radians(degrees)[:, None, None]
    return np.asarray(np.eye(3) + np.sin(angles) * cross + (1 - np.cos(angles)) * (cross @ cross))


def is_vector(array: Any, marked: int) -> bool:
    """Return whether an array of three components turns with the points: bytes do only if marked as vectors."""
    return marked in (_VECTORS, _NORMALS) or (array.GetDataTypeSize() > 1 and marked not in _NO_VECTORS)


def _attributes(data: Any) -> Iterator[Any]:
    for leaf in parts(data):
        if leaf.IsA("vtkDataSet"):
            yield leaf.GetPointData()
            yield leaf.GetCellData()


def _put_back(attributes: Any, before: Any) -> None:
    made = attributes.NewInstance()
    made.ShallowCopy(attributes)
    attributes.Initialize()
    for index in range(before.GetNumberOfArrays()):
        array, marked = before.GetAbstractArray(index), before.IsArrayAnAttribute(index)
        position = attributes.AddArray(made.GetAbstractArray(array.GetName() or "") or array)
        if marked >= 0:
            attributes.SetActiveAttribute(position, marked)
    for index in range(made.GetNumberOfArrays()):
        if not before.HasArray(made.GetArrayName(index) or ""):
            attributes.AddArray(made.GetAbstractArray(index))
