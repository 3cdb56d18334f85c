"""An algorithm of our own: moves, turns by right angles and stretches data, whose kind stays as it is.

VTK 9.7.2 scales what it moves by in data with points, leaves the values of rectilinear grids where they were, and
turns no vectors. Here all data is scaled, then turned, then moved, and vectors, normals and tensors with it.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_DOUBLE, vtkIdList
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkDataSetAttributes
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline
from vtkmodules.vtkCommonTransforms import vtkTransform
from vtkmodules.vtkFiltersGeneral import vtkAxisAlignedTransformFilter

from ...base.array_types import as_numpy, copied, put_in_place, retyped
from ...base.blocks import parts
from ...base.data_making import points_of
from ...base.errors import VtkError
from ...types.definitions import PropertyDefinition
from ...types.own_properties import OwnProperties
from ..own_algorithms import data_of
from ..passing import PassingFilter
from .tensors import turn_tensors
from .vectors import NORMALS, is_vector

Numbers = npt.NDArray[np.float64]

_NORMALS: Final = vtkDataSetAttributes.NORMALS
_ANGLES: Final = (("0 degrees", 0), ("90 degrees", 1), ("180 degrees", 2), ("270 degrees", 3))
_AXES: Final = (("X", 0), ("Y", 1), ("Z", 2))


class AxisTransform(OwnProperties, PassingFilter):
    """AxisTransform - Stretches data, turns it by a right angle around an axis, and moves it."""

    PROPERTIES: ClassVar = (
        PropertyDefinition(
            "Scale", "float", 3, (1.0, 1.0, 1.0), doc="How much it is stretched along each axis, first."
        ),
        PropertyDefinition("RotationAngle", "enum", 1, 0, enumeration=_ANGLES, doc="How far it is turned then."),
        PropertyDefinition("RotationAxis", "enum", 1, 0, enumeration=_AXES, doc="The axis around which it is turned."),
        PropertyDefinition(
            "Translation", "float", 3, (0.0, 0.0, 0.0), doc="How far it is moved along each axis, last."
        ),
    )
    input_types = ("vtkDataSet", "vtkCompositeDataSet", "vtkHyperTreeGrid")

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Announce the indices, and where an image will be."""
        data, output = data_of(inInfo), outInfo.GetInformationObject(0)
        if data is None or not self._stretches():
            return 1
        if data.IsA("vtkImageData"):
            place = data.NewInstance()
            place.SetExtent(data.GetExtent())
            place.SetOrigin(data.GetOrigin())
            place.SetSpacing(data.GetSpacing())
            self._move(place)
            output.Set(vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT(), place.GetExtent(), 6)
            output.Set(vtkDataObject.ORIGIN(), place.GetOrigin(), 3)
            output.Set(vtkDataObject.SPACING(), place.GetSpacing(), 3)
        elif data.IsA("vtkRectilinearGrid"):
            counts = self._order(np.array(data.GetDimensions()))
            output.Set(vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT(), _extent(counts), 6)
        return 1

    def pass_on(self, data: Any, output: Any) -> None:
        """Move each block."""
        if not self._stretches():
            scale = list(self.value_of("Scale"))
            raise VtkError(f"Scale is {scale}: 0 leaves nothing of what it stretches, and what is not finite no places")
        if data.IsA("vtkHyperTreeGrid"):
            self._move_trees(data, output)
            return
        output.ShallowCopy(data)
        for leaf in parts(output):
            if leaf.IsA("vtkDataSet"):
                self._move(leaf)
        self._turn([one for leaf in parts(output) if leaf.IsA("vtkDataSet") for one in _attributes(leaf)])

    def _stretches(self) -> bool:
        return all(factor and math.isfinite(factor) for factor in self.value_of("Scale"))

    def matrix(self) -> Numbers:
        """Return the matrix of a vector: one number other than 0 in each row."""
        axis, steps = self.value_of("RotationAxis"), self.value_of("RotationAngle")
        quarter = np.eye(3)
        one, other = (axis + 1) % 3, (axis + 2) % 3
        quarter[[one, other], [one, other]] = 0
        quarter[one, other], quarter[other, one] = -1, 1
        return np.asarray(np.linalg.matrix_power(quarter, steps) * np.array(self.value_of("Scale")))

    def _order(self, counts: Any) -> Any:
        """Return what was said of the old axes for the new ones."""
        return counts[np.argmax(self.matrix() != 0, axis=1)]

    def _move(self, leaf: Any) -> None:
        if leaf.IsA("vtkPointSet"):
            moved = as_numpy(leaf.GetPoints().GetData()) @ self.matrix().T if leaf.GetNumberOfPoints() else None
            if moved is not None:
                leaf.SetPoints(points_of(moved + self.value_of("Translation")))
        elif leaf.IsA("vtkImageData") or leaf.IsA("vtkRectilinearGrid"):
            self._move_axes(leaf)
        else:
            raise VtkError(f"a {leaf.GetClassName()} cannot be turned here")

    def _move_trees(self, data: Any, output: Any) -> None:
        """Have VTK move trees, which it scales, turns and moves; of cells that are divided it turns no values."""
        inner = vtkAxisAlignedTransformFilter()
        for name in ("Scale", "RotationAngle", "RotationAxis", "Translation"):
            getattr(inner, f"Set{name}")(self.value_of(name))
        inner.SetInputData(data)
        inner.SetContainerAlgorithm(self)
        inner.Update()
        output.ShallowCopy(inner.GetOutputDataObject(0))
        self._turn([output.GetCellData()])
        if self.value_of("RotationAngle") and data.GetNumberOfCells() > data.GetNumberOfLeaves():
            self.warn("values of cells of the tree that are divided into others are not those of the input any more")

    def _move_axes(self, leaf: Any) -> None:
        """Give a grid its new axes, and its arrays the order that belongs to them."""
        counts, extent = np.array(leaf.GetDimensions()), np.array(leaf.GetExtent()).reshape(3, 2)
        old = self._order(np.arange(3))
        factors = self.matrix()[np.arange(3), old]
        is_image = leaf.IsA("vtkImageData")
        if is_image:
            sizes = np.array(leaf.GetSpacing())
            first = (np.array(leaf.GetOrigin()) + sizes * extent[:, 0])[old] * factors
            steps = sizes[old] * factors
            backwards = steps < 0
            first = np.where(backwards, first + steps * (counts[old] - 1), first) + self.value_of("Translation")
        else:
            axes = [as_numpy(getattr(leaf, f"Get{name}Coordinates")()).astype(float) for name in "XYZ"]
            made = [
                axes[n] * factor + move
                for n, factor, move in zip(old, factors, self.value_of("Translation"), strict=True)
            ]
            backwards = np.array([one[-1] < one[0] for one in made])
        for attributes, size in ((leaf.GetPointData(), counts), (leaf.GetCellData(), np.maximum(counts - 1, 1))):
            _reorder(attributes, size, old, backwards)
        if is_image:
            leaf.SetExtent(_extent(counts[old]))
            leaf.SetSpacing(np.abs(steps))
            leaf.SetOrigin(first)
            return
        leaf.SetExtent(_extent(counts[old]))
        for name, values, turned in zip("XYZ", made, backwards, strict=True):
            getattr(leaf, f"Set{name}Coordinates")(copied(np.ascontiguousarray(values[::-1] if turned else values)))

    def _turn(self, every: list[Any]) -> None:
        matrix = self.matrix()
        normal = np.linalg.inv(matrix).T
        for attributes in every:
            for index in reversed(range(attributes.GetNumberOfArrays())):
                array, marked = attributes.GetArray(index), attributes.IsArrayAnAttribute(index)
                if array is None or array.GetNumberOfComponents() != 3 or not is_vector(array, marked):
                    continue
                made = retyped(array, VTK_DOUBLE if array.IsIntegral() else array.GetDataType())
                values = vtk_to_numpy(made)
                if marked == _NORMALS or array.GetName() == NORMALS:
                    turned = values @ normal.T
                    sizes = np.linalg.norm(turned, axis=1, keepdims=True)
                    values[...] = turned / np.where(sizes == 0, 1.0, sizes)
                else:
                    values[...] = values @ matrix.T
                put_in_place(attributes, index, made)
        for remark in turn_tensors(every, _transform(matrix), True):
            self.warn(remark)


def _transform(matrix: Numbers) -> Any:
    made = vtkTransform()
    rows = np.eye(4)
    rows[:3, :3] = matrix
    made.SetMatrix(rows.ravel().tolist())
    return made


def _extent(counts: Any) -> list[int]:
    return [int(n) for count in counts for n in (0, count - 1)]


def _attributes(leaf: Any) -> tuple[Any, Any]:
    return leaf.GetPointData(), leaf.GetCellData()


def _reorder(attributes: Any, counts: Any, old: Any, backwards: Any) -> None:
    """Put values in the order of new axes: which were which before, and which of them go backwards now."""
    numbers = np.arange(np.prod(counts)).reshape(counts[::-1])
    turned = numbers.transpose([2 - int(n) for n in old[::-1]])
    turned = turned[tuple(slice(None, None, -1 if back else None) for back in backwards[::-1])].ravel()
    if not turned.size or np.array_equal(turned, numbers.ravel()):
        return
    for index in range(attributes.GetNumberOfArrays()):
        array, marked = attributes.GetAbstractArray(index), attributes.IsArrayAnAttribute(index)
        made = array.NewInstance() if not array.IsA("vtkDataArray") else None
        if made is None:
            made = copied(as_numpy(array)[turned], array.GetDataType())
            for component in range(array.GetNumberOfComponents()):
                if array.HasAComponentName() and array.GetComponentName(component):
                    made.SetComponentName(component, array.GetComponentName(component))
        else:
            ids = vtkIdList()
            for one in turned.tolist():
                ids.InsertNextId(one)
            made.SetNumberOfComponents(array.GetNumberOfComponents())
            made.SetNumberOfTuples(len(turned))
            array.GetTuples(ids, made)
        made.SetName(array.GetName())
        if array.GetName():
            position = attributes.AddArray(made)
            if marked >= 0:
                attributes.SetActiveAttribute(position, marked)
