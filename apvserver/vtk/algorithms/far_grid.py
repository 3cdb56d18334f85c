"""An algorithm of our own: images far from the origin as grids of points of double precision; all else as it is."""

from __future__ import annotations

from typing import Any, ClassVar

from vtkmodules.vtkCommonDataModel import vtkStructuredGrid, vtkUnstructuredGrid
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet, vtkRectilinearGridToPointSet

from ..base.precision import is_far
from ..types.own_properties import OwnProperties, switch
from .passing import PassingFilter


class FarGrid(OwnProperties, PassingFilter):
    """FarGrid - Images far from the origin as grids of points of double precision; all else as it is."""

    PROPERTIES: ClassVar = (
        switch("Unstructured", False, "Whether they, and structured grids, become unstructured grids."),
        switch("Planes", False, "Whether images of one layer become grids too: contours of those keep all arrays."),
    )
    input_types = ("vtkDataSet",)

    def kind_of(self, data: Any) -> Any:
        """Return a grid, if the data is converted."""
        unstructured = self.value_of("Unstructured")
        kinds = ("vtkImageData", "vtkRectilinearGrid", *(("vtkStructuredGrid",) if unstructured else ()))
        needed = any(map(data.IsA, kinds)) and (is_far(data) or (self.value_of("Planes") and _is_plane(data)))
        if not needed:
            return data
        return vtkUnstructuredGrid() if unstructured else vtkStructuredGrid()

    def pass_on(self, data: Any, output: Any) -> None:
        """Pass on a shallow copy, or a grid with the same points, cells and arrays."""
        if output.GetClassName() == data.GetClassName():
            output.ShallowCopy(data)
            return
        convert: Any
        if self.value_of("Unstructured"):
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
