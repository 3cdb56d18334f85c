"""An algorithm of our own: the part of data on one side of a function, or of a value, as ParaView's Clip keeps it.

VTK has a class for each way: by a function or points (vtkTableBasedClipDataSet), by cells (vtkThreshold), with whole
cells (vtkExtractGeometry). Which one it is, the properties say here.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkBox, vtkDataObject, vtkPlane, vtkUnstructuredGrid
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkAppendFilter, vtkThreshold
from vtkmodules.vtkFiltersExtraction import vtkExtractGeometry
from vtkmodules.vtkFiltersGeneral import vtkTableBasedClipDataSet

from ...base.precision import choose_precision
from ...types.own_properties import OwnProperties, implicit_function, number, switch
from ..arrays.suited_arrays import with_finite_numbers
from ..own_algorithms import data_of, output_of, told, warn


class ClippedData(OwnProperties, VTKPythonAlgorithmBase):
    """ClippedData - The part of a data set where a function is negative, or without a function, where an array is low.

    The array is that of SelectInputArray. Value counts for it alone; functions are cut at 0.
    """

    PROPERTIES: ClassVar = (
        implicit_function("ClipFunction", "What divides; without it the array does."),
        number("Value", 0.0, "The value of the array at which it is cut."),
        switch("InsideOut", False, "Whether the lower side is kept."),
        switch("ExactBoxClip", False, "Whether the edges and corners of a box are cut as sharp as they are."),
        switch("PreserveInputCells", False, "Whether cells on the surface are kept whole."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, outputType="vtkUnstructuredGrid")

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take any data set."""
        info.Set(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), "vtkDataSet")
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Keep one side of the data; of blocks VTK asks one at a time."""
        return told("ClippedData", lambda: output_of(outInfo).ShallowCopy(self._clipped(data_of(inInfo))))

    def _clipped(self, data: Any) -> Any:
        function = self.value_of("ClipFunction")
        if not data.GetNumberOfPoints():
            return vtkUnstructuredGrid()
        if function is None:
            return self._by_array(data)
        if self.value_of("PreserveInputCells"):
            return self._whole_cells(data, function)
        if isinstance(function, vtkBox) and self.value_of("ExactBoxClip"):
            return self._by_planes(data, _faces(function))
        return self._by_function(data, function, self.value_of("InsideOut"))

    def _by_function(self, data: Any, function: Any, inside: bool) -> Any:
        clip = vtkTableBasedClipDataSet()
        clip.SetClipFunction(function)
        return self._made(clip, data, inside)

    def _made(self, clip: Any, data: Any, inside: bool) -> Any:
        clip.SetInsideOut(inside)
        clip.SetInputData(data)
        return self._executed(clip)

    def _executed(self, filter: Any) -> Any:
        """Return what a filter makes, which ends when this is to end."""
        choose_precision(filter)
        filter.SetContainerAlgorithm(self)
        filter.Update()
        return filter.GetOutput()

    def _by_planes(self, data: Any, planes: list[vtkPlane]) -> Any:
        """Return what is on the inner side of all planes, or what each cuts off of the rest, together."""
        append = vtkAppendFilter()
        for plane in planes:
            if not self.value_of("InsideOut"):
                append.AddInputData(self._by_function(data, plane, False))
            data = self._by_function(data, plane, True)
        if self.value_of("InsideOut"):
            return data
        append.MergePointsOn()
        return self._executed(append)

    def _whole_cells(self, data: Any, function: Any) -> Any:
        extract = vtkExtractGeometry()
        extract.SetImplicitFunction(function)
        extract.SetExtractInside(self.value_of("InsideOut"))
        extract.ExtractBoundaryCellsOn()
        extract.SetInputData(data)
        return self._executed(extract)

    def _by_array(self, data: Any) -> Any:
        information = self.GetInputArrayInformation(0)
        name, association = (
            information.Get(vtkDataObject.FIELD_NAME()),
            information.Get(vtkDataObject.FIELD_ASSOCIATION()),
        )
        kind = vtkDataObject.CELL if association == vtkDataObject.CELL else vtkDataObject.POINT
        if not name or not data.GetAttributes(kind).HasArray(name):
            warn(f"ClippedData: a block does not have {name}, while others do: nothing of it is kept")
            return vtkUnstructuredGrid()
        if kind == vtkDataObject.CELL:
            return self._cells_by_array(data, name)
        clip = vtkTableBasedClipDataSet()
        clip.SetInputArrayToProcess(0, 0, 0, kind, name)
        clip.SetValue(self.value_of("Value"))
        return self._made(clip, with_finite_numbers(data, name), self.value_of("InsideOut"))

    def _cells_by_array(self, data: Any, name: str) -> Any:
        threshold = vtkThreshold()
        threshold.SetInputArrayToProcess(0, 0, 0, vtkDataObject.CELL, name)
        low = self.value_of("InsideOut")
        threshold.SetLowerThreshold(-math.inf if low else self.value_of("Value"))
        threshold.SetUpperThreshold(self.value_of("Value") if low else math.inf)
        threshold.SetInputData(data)
        return self._executed(threshold)


def _faces(box: vtkBox) -> list[vtkPlane]:
    """Return the six faces of a box, turned as it is, as planes that are negative inside."""
    low, high = [0.0] * 3, [0.0] * 3
    box.GetXMin(low)
    box.GetXMax(high)
    transform = box.GetTransform()
    back = None if transform is None else transform.GetInverse()
    planes = []
    for axis in range(3):
        for origin, side in ((low, -1.0), (high, 1.0)):
            place, normal = list(origin), [0.0] * 3
            normal[axis] = side
            if back is not None:
                turned = [0.0] * 3
                back.TransformNormalAtPoint(place, normal, turned)
                place, normal = list(back.TransformPoint(place)), turned
            plane = vtkPlane()
            plane.SetOrigin(place)
            plane.SetNormal(normal)
            planes.append(plane)
    return planes
