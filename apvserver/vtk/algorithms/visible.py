"""Algorithms of our own: data without its hidden cells, which some filters take for cells like all others."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkDataSet, vtkDataSetAttributes, vtkUnstructuredGrid
from vtkmodules.vtkFiltersCore import vtkCleanPolyData, vtkConnectivityFilter, vtkExtractCells, vtkRemoveUnusedPoints

from ..base.blocks import parts
from .array_algorithm import ArrayAlgorithm
from .arrays.point_averages import hidden_cells
from .blanking import points_with, remove_cells
from .cell_groups import visible_cells
from .own_algorithms import data_of, like, output_of, told
from .passing import PassingFilter
from .uncovered import each_block

_REGIONS: Final = "RegionId"
_LARGEST_REGION: Final = 4
_ALL_REGIONS: Final = 5
"""Of vtkConnectivityFilter."""
_SETTINGS: Final = (
    "ExtractionMode", "ColorRegions", "RegionIdAssignmentMode", "ClosestPoint", "CompressArrays",
    "OutputPointsPrecision",
)  # fmt: skip


class VisibleCells(VTKPythonAlgorithmBase):
    """VisibleCells - Leaves out hidden cells; data without such is what it was, and so are levels of images (AMR)."""

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, inputType="vtkDataObject", outputType="vtkDataObject")

    def RequestDataObject(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Give the output the kind of the input; an unstructured grid of data with hidden cells."""
        data = data_of(inInfo)
        return like(vtkUnstructuredGrid() if _has_hidden(data) else data, outInfo)

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Leave hidden cells out, and those that are copies of those of other pieces."""
        data = data_of(inInfo)
        as_it_is = data.IsA("vtkUniformGridAMR") or data.IsA("vtkAMRDataObject")  # whose blocks can be images only
        return told(
            type(self).__name__,
            lambda: output_of(outInfo).ShallowCopy(data if as_it_is else each_block(data, _visible)),
        )


class VisiblePolygons(PassingFilter):
    """VisiblePolygons - Polygonal data without hidden cells, and without the points that only those have.

    VTK's contours and cuts of images and rectilinear grids are made of hidden cells, too, and marked as hidden.
    """

    input_types = ("vtkPolyData",)

    def pass_on(self, data: Any, output: Any) -> None:
        """Pass on data without hidden cells as it is."""
        output.ShallowCopy(data)
        hidden, marks = hidden_cells(data), data.GetCellData().GetArray(vtkDataSetAttributes.GhostArrayName())
        if hidden is not None:
            remove_cells(output, hidden)
        if hidden is None and (marks is None or points_with(data, np.ones(data.GetNumberOfCells(), bool)).all()):
            return  # else there are points of cells that were not made
        clean = vtkCleanPolyData()
        clean.PointMergingOff()
        clean.SetContainerAlgorithm(self)
        clean.SetInputData(output)
        clean.Update()
        output.ShallowCopy(clean.GetOutput())


class PointsOfRegions(ArrayAlgorithm):
    """PointsOfRegions - Leaves out the points of the regions of which a vtkConnectivityFilter leaves out the cells.

    What is left gets the number of its region: of cells VTK has as many numbers as there were cells, and of the region
    closest to a point, which is the only one, those of an execution before. Of several blocks each gets its own: the
    filter gives all of them the arrays of the last one.
    """

    def change(self, output: Any, *inputs: Any) -> None:
        """Change each block; where all regions of one data set are kept, nothing."""
        filter = self.GetInputConnection(0, 0).GetProducer()
        mode, given = filter.GetExtractionMode(), filter.GetInputDataObject(0, 0)
        if given.IsA("vtkCompositeDataSet"):
            for leaf, before in zip(parts(output), parts(given), strict=True):
                leaf.ShallowCopy(_regions_of(before, filter))
        if mode != _ALL_REGIONS:
            for leaf in parts(output):
                leave_out_points(leaf)
                _number(leaf, is_only_one=mode != _LARGEST_REGION)


def _regions_of(block: Any, like: Any) -> Any:
    filter = vtkConnectivityFilter()
    filter.SetInputData(block)
    for name in _SETTINGS:
        getattr(filter, f"Set{name}")(getattr(like, f"Get{name}")())
    filter.SetContainerAlgorithm(like)
    filter.Update()
    return filter.GetOutputDataObject(0)


def _number(data: Any, *, is_only_one: bool) -> None:
    """Give all points and cells the number that the first point has, or 0: one region is left."""
    found = data.GetPointData().GetArray(_REGIONS)
    if found is None:
        return
    number = 0.0 if is_only_one or not found.GetNumberOfTuples() else found.GetTuple1(0)
    for attributes, count in (
        (data.GetPointData(), data.GetNumberOfPoints()),
        (data.GetCellData(), data.GetNumberOfCells()),
    ):
        numbers = found.NewInstance()
        numbers.SetName(_REGIONS)
        numbers.SetNumberOfValues(count)
        numbers.Fill(number)
        attributes.SetScalars(numbers)


def leave_out_points(data: Any) -> None:
    """Leave out the points that no cell has."""
    if points_with(data, np.ones(data.GetNumberOfCells(), bool)).all():
        return
    if data.IsA("vtkPolyData"):
        clean = vtkCleanPolyData()
        clean.PointMergingOff()
        clean.SetInputData(data)
        clean.Update()
        data.ShallowCopy(clean.GetOutput())
    else:
        used = vtkRemoveUnusedPoints()
        used.GenerateOriginalPointIdsOff()
        used.SetInputData(data)
        used.Update()
        data.ShallowCopy(used.GetOutput())


def _has_hidden(data: Any) -> bool:
    return isinstance(data, vtkDataSet) and not bool(visible_cells(data).all())


def _visible(data: Any) -> Any:
    visible = visible_cells(data)
    if visible.all():
        return data
    if not visible.any():
        return vtkUnstructuredGrid()
    extract = vtkExtractCells()
    ids: Any = np.flatnonzero(visible).astype(np.int64)
    extract.SetInputData(data)
    extract.SetCellIds(ids, len(ids))
    extract.SetPassThroughCellIds(False)
    extract.Update()
    return extract.GetOutput()
