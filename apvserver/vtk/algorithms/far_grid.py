"""An algorithm of our own: images far from the origin as grids of points of double precision; all else as it is."""

from __future__ import annotations

from typing import Any

from vtkmodules.vtkCommonDataModel import vtkStructuredGrid, vtkUnstructuredGrid
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet, vtkRectilinearGridToPointSet

from ..base.precision import is_far
from .passing import PassingFilter


class FarGrid(PassingFilter):
    """FarGrid - Images far from the origin as grids of points of double precision; all else as it is."""

    input_types = ("vtkDataSet",)

    def __init__(self) -> None:
        super().__init__()
        self._unstructured = False
        self._planes = False

    def GetUnstructured(self) -> bool:
        """GetUnstructured(self) -> bool"""
        return self._unstructured

    def SetUnstructured(self, on: bool) -> None:
        """SetUnstructured(self, on:bool) -> None

        Whether they, and structured grids, become unstructured grids.
        """
        if bool(on) != self._unstructured:
            self._unstructured = bool(on)
            self.Modified()

    def GetPlanes(self) -> bool:
        """GetPlanes(self) -> bool"""
        return self._planes

    def SetPlanes(self, on: bool) -> None:
        """SetPlanes(self, on:bool) -> None

        Whether images of one layer become grids too: contours of those keep all arrays.
        """
        if bool(on) != self._planes:
            self._planes = bool(on)
            self.Modified()

    def kind_of(self, data: Any) -> Any:
        """A grid, if the data is converted."""
        kinds = ("vtkImageData", "vtkRectilinearGrid", *(("vtkStructuredGrid",) if self._unstructured else ()))
        needed = any(map(data.IsA, kinds)) and (is_far(data) or (self._planes and _is_plane(data)))
        if not needed:
            return data
        return vtkUnstructuredGrid() if self._unstructured else vtkStructuredGrid()

    def pass_on(self, data: Any, output: Any) -> None:
        """A shallow copy, or a grid with the same points, cells and arrays."""
        if output.GetClassName() == data.GetClassName():
            output.ShallowCopy(data)
            return
        convert: Any
        if self._unstructured:
            convert = vtkAppendFilter()
            convert.SetOutputPointsPrecision(vtkAlgorithm.DOUBLE_PRECISION)
        else:
            convert = vtkImageDataToPointSet() if data.IsA("vtkImageData") else vtkRectilinearGridToPointSet()
        convert.SetContainerAlgorithm(self)
        convert.SetInputData(data)
        convert.Update()
        output.ShallowCopy(convert.GetOutput())


def _is_plane(image: Any) -> bool:
    return bool(image.IsA("vtkImageData")) and sum(size > 1 for size in image.GetDimensions()) == 2
