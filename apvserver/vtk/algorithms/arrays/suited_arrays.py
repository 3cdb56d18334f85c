"""Algorithms of our own that stand before others: they hand on the data with its arrays as those can work on them."""

from __future__ import annotations

import sys
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import VTK_DOUBLE, vtkDoubleArray
from vtkmodules.vtkCommonDataModel import (
    vtkCellArray,
    vtkDataObject,
    vtkDataSet,
    vtkDataSetAttributes,
    vtkUnstructuredGrid,
)
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkThreshold

from ...base.precision import is_far
from ..array_algorithm import ArrayAlgorithm
from ..own_algorithms import like, warn
from .point_averages import averages_at_points, hidden_cells

_VECTOR: Final = 3


class _SameKind(VTKPythonAlgorithmBase):
    """Makes data of the kind that it gets, block by block."""

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(
            self, nInputPorts=1, nOutputPorts=1, inputType="vtkDataSet", outputType="vtkDataSet"
        )

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Give the output the kind of the input."""
        like(vtkDataSet.GetData(inInfo[0]), outInfo)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make a shallow copy, with other arrays."""
        data, output = vtkDataSet.GetData(inInfo[0]), vtkDataSet.GetData(outInfo)
        output.ShallowCopy(data)
        self.change(data, output)
        return 1

    def change(self, data: Any, output: Any) -> None:
        """Change the arrays of the output, which is a shallow copy of the data."""
        raise NotImplementedError


class ChosenPointArray(_SameKind):
    """ChosenPointArray - Marks the array to work on as the scalars, or the vectors, of the points; one of cells is
    brought to the points, as averages."""

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Announce the type and size of the array: what works on images looks for them before there are any."""
        array = self._array(vtkDataSet.GetData(inInfo[0]))
        if array is not None:
            averaged = self._chosen()[1] and array.IsIntegral()
            kind, size = VTK_DOUBLE if averaged else array.GetDataType(), array.GetNumberOfComponents()
            vtkDataObject.SetPointDataActiveScalarInfo(outInfo.GetInformationObject(0), kind, size)
        return 1

    def change(self, data: Any, output: Any) -> None:
        """Mark the array; where it is not, nothing is marked."""
        name, of_cells = self._chosen()
        if not name:
            return
        points = output.GetPointData()
        points.SetActiveScalars(None)
        points.SetActiveVectors(None)
        output.GetCellData().SetActiveScalars(None)  # what finds none of points would take those
        output.GetCellData().SetActiveVectors(None)
        if of_cells and data.GetCellData().HasArray(name):
            points.AddArray(averages_at_points(data, [data.GetCellData().GetArray(name)])[0])
        array = points.GetArray(name)
        if array is not None:
            points.SetActiveScalars(name)
            if array.GetNumberOfComponents() == _VECTOR:
                points.SetActiveVectors(name)

    def _array(self, data: Any) -> Any:
        """Return the array as it is in the input; None if it is not."""
        name, of_cells = self._chosen()
        if data is None or not name:
            return None
        return (data.GetCellData() if of_cells else data.GetPointData()).GetArray(name)

    def _chosen(self) -> tuple[str, bool]:
        """Return the name of the array, and whether it is one of cells."""
        information = self.GetInputArrayInformation(0)
        association = information.Get(vtkDataObject.FIELD_ASSOCIATION())
        return information.Get(vtkDataObject.FIELD_NAME()) or "", association == vtkDataObject.CELL


class AveragedPointArray(ChosenPointArray):
    """AveragedPointArray - The same for what averages it: integers become numbers with fractions."""

    def RequestInformation(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Announce the type and size that the array will have."""
        array = self._array(vtkDataSet.GetData(inInfo[0]))
        if array is not None:
            kind = array.GetDataType() if _has_fractions(array) else VTK_DOUBLE
            size = array.GetNumberOfComponents()
            vtkDataObject.SetPointDataActiveScalarInfo(outInfo.GetInformationObject(0), kind, size)
        return 1

    def change(self, data: Any, output: Any) -> None:
        """Mark the array, as double precision if it is one of integers."""
        ChosenPointArray.change(self, data, output)
        array = output.GetPointData().GetScalars()
        if array is not None and not _has_fractions(array):
            real = vtkDoubleArray()
            real.DeepCopy(array)
            real.SetName(array.GetName())
            output.GetPointData().SetScalars(real)


class ClippableArray(ChosenPointArray):
    """ClippableArray - The same for what clips by it: cells of which it has no finite number are left out.

    VTK 9.7.2's vtkTableBasedClipDataSet puts points of such cells at places that stand in the memory.
    """

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Give the output the kind of the input, or make an unstructured grid if cells are to be left out."""
        data = vtkDataSet.GetData(inInfo[0])
        like(vtkUnstructuredGrid() if data is not None and self._leaves_out(data) else data, outInfo)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make a shallow copy with the array marked, or leave out the cells that have no numbers."""
        data, output = vtkDataSet.GetData(inInfo[0]), vtkDataSet.GetData(outInfo)
        copy = data.NewInstance()
        copy.ShallowCopy(data)
        self.change(data, copy)
        if output.GetClassName() != data.GetClassName() or self._leaves_out(data):
            copy = _with_numbers(copy, self._chosen()[0])
        output.ShallowCopy(copy)
        return 1

    def _leaves_out(self, data: Any) -> bool:
        array = self._array(data)
        return array is not None and not _is_finite(array)


class OwnArrays(_SameKind):
    """OwnArrays - Copies arrays of blanked data, into which what follows would write those of the input.

    VTK 9.7.2's vtkCellDataToPointData sets point arrays to 0 where it has no cells, vtkResampleWithDataSet blanks.
    """

    def change(self, data: Any, output: Any) -> None:
        """Copy the arrays where anything is blanked."""
        ghosts = vtkDataSetAttributes.GhostArrayName()
        kinds = (output.GetPointData(), output.GetCellData())
        if any(attributes.HasArray(ghosts) for attributes in kinds):
            for own, attributes in zip(kinds, (data.GetPointData(), data.GetCellData()), strict=True):
                own.DeepCopy(attributes)


class OwnCells(_SameKind):
    """OwnCells - Copies the cells of polygonal data of mixed kinds, which vtkPolyDataNormals of VTK 9.7.2 turns around
    in its input."""

    def change(self, data: Any, output: Any) -> None:
        """Copy them where there are not only polygons."""
        if not data.IsA("vtkPolyData") or data.GetNumberOfPolys() == data.GetNumberOfCells():
            return
        for kind in ("Verts", "Lines", "Polys", "Strips"):
            cells = vtkCellArray()
            cells.DeepCopy(getattr(data, f"Get{kind}")())
            getattr(output, f"Set{kind}")(cells)


class OwnCopy(ArrayAlgorithm):
    """OwnCopy - Hands on a shallow copy, for what adds arrays to its input: vtkExtractSelection of VTK 9.7.2."""

    def __init__(self) -> None:
        super().__init__()

    def change(self, output: Any, *inputs: Any) -> None:
        """Copy each block of a composite."""


class NumbersOnly(_SameKind):
    """NumbersOnly - Leaves out arrays of points and cells that hold texts, for what ends the process on them."""

    def change(self, data: Any, output: Any) -> None:
        """Leave them out, and tell which."""
        left_out = []
        for attributes in (output.GetPointData(), output.GetCellData()):
            arrays = [attributes.GetAbstractArray(index) for index in range(attributes.GetNumberOfArrays())]
            for array in arrays:
                if not array.IsA("vtkDataArray"):
                    attributes.RemoveArray(array.GetName())
                    left_out.append(array.GetName())
        if left_out:
            warn(f"arrays that hold no numbers are left out: {', '.join(dict.fromkeys(left_out))}")


def _has_fractions(array: Any) -> bool:
    return array.GetDataTypeAsString() in ("float", "double")


def _is_finite(array: Any) -> bool:
    if not _has_fractions(array) or not array.HasStandardMemoryLayout():
        return True
    return bool(np.isfinite(vtk_to_numpy(array)).all())


def with_finite_numbers(data: Any, name: str) -> Any:
    """Return data as it is if a point array of it is finite, else without the cells that have a point where not."""
    return data if _is_finite(data.GetPointData().GetArray(name)) else _with_numbers(data, name)


def _with_numbers(data: Any, name: str) -> Any:
    """Return the cells at all of whose points the array is finite; how many are left out is told."""
    largest, kept = sys.float_info.max, vtkThreshold()
    kept.SetInputData(data)
    kept.SetInputArrayToProcess(0, 0, 0, vtkDataObject.FIELD_ASSOCIATION_POINTS, name)
    kept.SetLowerThreshold(-largest)
    kept.SetUpperThreshold(largest)
    kept.SetAllScalars(True)
    if is_far(data):
        kept.SetOutputPointsPrecision(vtkAlgorithm.DOUBLE_PRECISION)
    kept.Update()
    hidden = hidden_cells(data)
    seen = data.GetNumberOfCells() - (0 if hidden is None else int(hidden.sum()))
    if left_out := seen - kept.GetOutput().GetNumberOfCells():
        warn(f"{name} is not finite in {left_out} cells, which are left out")
    return kept.GetOutput()
