"""Cuts of data along a line, straight down the z axis."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkPolyData, vtkPolyPlane
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkAppendArcLength, vtkCutter, vtkProbeFilter, vtkThreshold
from vtkmodules.vtkFiltersGeometry import vtkGeometryFilter

from ...base.array_types import as_numpy
from ...base.data_making import points_of
from ...base.errors import InvalidProperty
from ...types.own_properties import OwnProperties, number
from ..own_algorithms import data_of, like, output_of, told
from ..uncovered import each_block
from .sorted_lines import lines_of

_VALID: Final = "vtkValidPointMaskArrayName"


class SliceAlongLine(OwnProperties, VTKPythonAlgorithmBase):  # type: ignore[misc]
    """SliceAlongLine - Cuts data where a line is, moved along z; points carry the arrays of the line as well."""

    PROPERTIES: ClassVar = (
        number("Tolerance", 10.0, "How far from the line, seen along z, a point of the cut may be.", limits=(0, 1e300)),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=2, outputType="vtkPolyData")

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take data sets and composites, and a line."""
        for kind in ("vtkPolyData",) if port else ("vtkDataSet", "vtkCompositeDataSet"):
            info.Append(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), kind)
        return 1

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make a surface, or the same composite of surfaces."""
        data = data_of(inInfo)
        return like(data if data.IsA("vtkDataObjectTree") else vtkPolyData(), outInfo)

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the cut."""
        data, line, output = data_of(inInfo), data_of(inInfo, 1), output_of(outInfo)
        return told(type(self).__name__, lambda: self._make(data, line, output))

    def _make(self, data: Any, given: Any, output: Any) -> None:
        if data.IsA("vtkCompositeDataSet") and not data.IsA("vtkDataObjectTree"):
            raise InvalidProperty("levels of refinement are not cut along lines: use ConvertToMultiBlock first")
        line = next(lines_of(given), None)
        if line is None:
            raise InvalidProperty("PolyLine has no line")
        flat = np.asarray(as_numpy(line.GetPoints().GetData()), np.float64)[:, :2]
        if not np.any(np.ptp(flat, axis=0) > 0):
            raise InvalidProperty("PolyLine goes along z alone: there is no surface to cut with")
        output.ShallowCopy(each_block(data, lambda one: self._cut(one, line)))

    def _cut(self, data: Any, line: Any) -> Any:
        surface = vtkPolyPlane()
        surface.SetPolyLine(line.GetCell(0))
        cutter = vtkCutter()
        cutter.SetCutFunction(surface)
        cutter.SetInputData(data)
        cutter.Update()
        cut = cutter.GetOutput()
        if not cut.GetNumberOfPoints():
            return vtkPolyData()
        distance = vtkAppendArcLength()
        distance.SetInputData(line)
        distance.Update()
        probe = vtkProbeFilter()
        probe.SetInputData(_flattened(cut))
        probe.SetSourceData(_flattened(distance.GetOutput()))
        probe.SetPassPointArrays(True)
        probe.SetPassCellArrays(True)
        probe.SetValidPointMaskArrayName(_VALID)
        probe.SetComputeTolerance(False)
        probe.SetTolerance(self.value_of("Tolerance"))
        probe.Update()
        whole = vtkPolyData()
        whole.ShallowCopy(cut)
        whole.GetPointData().ShallowCopy(probe.GetOutput().GetPointData())
        near = vtkThreshold()
        near.SetInputData(whole)
        near.SetInputArrayToProcess(0, 0, 0, 0, _VALID)
        near.SetThresholdFunction(vtkThreshold.THRESHOLD_UPPER)
        near.SetUpperThreshold(0.5)
        near.Update()
        made = vtkGeometryFilter()
        made.SetInputConnection(near.GetOutputPort())
        made.Update()
        for name in (_VALID, "functionValues"):
            made.GetOutput().GetPointData().RemoveArray(name)
        return made.GetOutput()


def _flattened(data: Any) -> Any:
    """Return the same with all points at z = 0."""
    made = data.NewInstance()
    made.ShallowCopy(data)
    places = np.asarray(as_numpy(data.GetPoints().GetData()), np.float64).copy()
    places[:, 2] = 0.0
    made.SetPoints(points_of(places))
    return made
