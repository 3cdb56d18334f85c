"""An algorithm of our own: images far from the origin as grids of points of double precision; all else as it is."""

from __future__ import annotations

from typing import Any

from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkStructuredGrid, vtkUnstructuredGrid
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm, vtkStreamingDemandDrivenPipeline
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkImageDataToPointSet, vtkRectilinearGridToPointSet

from apvserver.vtk_bridge.precision import is_far


class FarGrid(VTKPythonAlgorithmBase):  # type: ignore[misc]
    """FarGrid - Images far from the origin as grids of points of double precision; all else as it is."""

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, nOutputPorts=1, outputType="vtkDataSet")
        self._unstructured = False

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

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Data sets; of a composite each."""
        info.Set(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), "vtkDataSet")
        return 1

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """The input is up to date: whatever executes a pipeline here does so one after the other."""
        data, information = vtkDataObject.GetData(inInfo[0]), outInfo.GetInformationObject(0)
        held = information.Get(vtkDataObject.DATA_OBJECT())
        kind = self._kind(data)
        if held is None or held.GetClassName() != kind.GetClassName():
            information.Set(vtkDataObject.DATA_OBJECT(), kind.NewInstance())
        return 1

    def RequestUpdateExtent(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """All of the input."""
        information, key = inInfo[0].GetInformationObject(0), vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT()
        if information.Has(key):
            information.Set(vtkStreamingDemandDrivenPipeline.UPDATE_EXTENT(), information.Get(key), 6)
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """A shallow copy, or a grid with the same points, cells and arrays."""
        data, output = vtkDataObject.GetData(inInfo[0]), vtkDataObject.GetData(outInfo)
        output.ShallowCopy(self._converted(data, output))
        return 1

    def _is_converted(self, data: Any) -> bool:
        kinds = ("vtkImageData", "vtkRectilinearGrid", *(("vtkStructuredGrid",) if self._unstructured else ()))
        return any(map(data.IsA, kinds)) and is_far(data)

    def _kind(self, data: Any) -> Any:
        if not self._is_converted(data):
            return data
        return vtkUnstructuredGrid() if self._unstructured else vtkStructuredGrid()

    def _converted(self, data: Any, output: Any) -> Any:
        if output.GetClassName() == data.GetClassName():
            return data
        convert: Any
        if self._unstructured:
            convert = vtkAppendFilter()
            convert.SetOutputPointsPrecision(vtkAlgorithm.DOUBLE_PRECISION)
        else:
            convert = vtkImageDataToPointSet() if data.IsA("vtkImageData") else vtkRectilinearGridToPointSet()
        convert.SetContainerAlgorithm(self)
        convert.SetInputData(data)
        convert.Update()
        return convert.GetOutput()
