"""Cuts of data along a line, straight down the z axis."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkPolyData, vtkPolyLine, vtkPolyPlane
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkCutter, vtkThreshold
from vtkmodules.vtkFiltersGeometry import vtkGeometryFilter

from ...base.array_types import as_numpy
from ...base.data_making import array_of, points_of
from ...base.errors import InvalidProperty
from ...base.precision import around_origin, choose_precision
from ...types.own_properties import OwnProperties, number
from ..own_algorithms import data_of, like, output_of, told
from ..uncovered import each_block
from .sorted_lines import lines_of

Numbers = npt.NDArray[np.float64]
_NEAR: Final = "vtkValidPointMaskArrayName"
_VALUES: Final = "functionValues"
"""What vtkCutter adds."""
_PAIRS: Final = 1_000_000
"""So many distances of points from pieces of the line are computed at once."""


class SliceAlongLine(OwnProperties, VTKPythonAlgorithmBase):
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
        flat = _from_above(line)
        if not np.isfinite(flat).all():
            raise InvalidProperty("PolyLine has a point whose place is no finite number")
        if not np.any(np.ptp(flat, axis=0) > 0):
            raise InvalidProperty("PolyLine goes along z alone: there is no surface to cut with")
        output.ShallowCopy(each_block(data, lambda one: self._cut_where_it_is(one, line)))

    def _cut_where_it_is(self, data: Any, line: Any) -> Any:
        """Cut around the origin what is far from it: vtkPolyPlane confuses its sides there."""
        near, middle = around_origin(data)
        if near is data:
            return self._cut(data, line)
        made = self._cut(near, _moved(line, -np.array(middle)))
        return _moved(made, np.array(middle)) if made.GetNumberOfPoints() else made

    def _cut(self, data: Any, line: Any) -> Any:
        polyline, surface = vtkPolyLine(), vtkPolyPlane()
        polyline.Initialize(line.GetNumberOfPoints(), line.GetPoints())  # the cell of a line of two points is another
        surface.SetPolyLine(polyline)
        cutter = vtkCutter()
        cutter.SetCutFunction(surface)
        cutter.SetInputData(data)
        cut = self._executed(cutter)
        if not cut.GetNumberOfPoints():
            return vtkPolyData()
        whole = vtkPolyData()
        whole.ShallowCopy(cut)
        distance, piece, part = _nearest(_from_above(cut), _from_above(line))
        _give_arrays(whole.GetPointData(), line.GetPointData(), piece, part)
        whole.GetPointData().AddArray(array_of((distance <= self.value_of("Tolerance")).astype(np.uint8), _NEAR))
        near = vtkThreshold()
        near.SetInputData(whole)
        near.SetInputArrayToProcess(0, 0, 0, 0, _NEAR)
        near.SetThresholdFunction(vtkThreshold.THRESHOLD_UPPER)
        near.SetUpperThreshold(0.5)
        surfaces = vtkGeometryFilter()
        surfaces.SetInputData(self._executed(near))
        made = self._executed(surfaces)
        for name in (_NEAR, _VALUES):
            made.GetPointData().RemoveArray(name)
        return made

    def _executed(self, filter: Any) -> Any:
        """Return what a filter makes, which ends when this is to end."""
        choose_precision(filter)
        filter.SetContainerAlgorithm(self)
        filter.Update()
        return filter.GetOutput()


def _moved(data: Any, by: Numbers) -> Any:
    """Return the same with other places of points."""
    made = data.NewInstance()
    made.ShallowCopy(data)
    made.SetPoints(points_of(np.asarray(as_numpy(data.GetPoints().GetData()), np.float64) + by))
    return made


def _from_above(data: Any) -> Numbers:
    """Return x and y of all points."""
    return np.asarray(as_numpy(data.GetPoints().GetData()), np.float64)[:, :2]


def _nearest(places: Numbers, line: Numbers) -> tuple[Numbers, npt.NDArray[np.int64], Numbers]:
    """Return for each place how far the line is, the number of its nearest piece, and how far along that is nearest."""
    begins, ways = line[:-1], np.diff(line, axis=0)
    squares = (ways**2).sum(axis=1)
    found = []
    for some in np.array_split(places, -(-len(places) * len(ways) // _PAIRS)):
        off = some[:, None] - begins
        along = np.divide((off * ways).sum(axis=2), squares, out=np.zeros(off.shape[:2]), where=squares > 0)
        along = np.clip(along, 0.0, 1.0)
        far = np.linalg.norm(off - along[:, :, None] * ways, axis=2)
        best, rows = far.argmin(axis=1), np.arange(len(some))
        found.append((far[rows, best], best, along[rows, best]))
    distance, piece, part = (np.concatenate(one) for one in zip(*found, strict=True))
    return distance, piece, part


def _give_arrays(points: Any, of_line: Any, piece: npt.NDArray[np.int64], part: Numbers) -> None:
    """Add the arrays of numbers of a line, between its points; of integers, too, numbers with fractions."""
    for index in range(of_line.GetNumberOfArrays()):
        array = of_line.GetArray(index)
        if array is None or not array.GetName():
            continue
        values = as_numpy(array)
        here = part.reshape(-1, *[1] * (values.ndim - 1))
        between = values[piece] * (1.0 - here) + values[piece + 1] * here
        kind = np.float32 if values.dtype == np.float32 else np.float64
        points.AddArray(array_of(between.astype(kind), array.GetName()))
