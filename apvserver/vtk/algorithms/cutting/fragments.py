"""Cuts of fragments: pieces of material, each a surface of its own, and the middles of where they are cut."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import (
    vtkDataObject,
    vtkMultiBlockDataSet,
    vtkMultiPieceDataSet,
    vtkPlane,
    vtkPolyData,
)
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm
from vtkmodules.vtkFiltersCore import vtkCutter

from ...base.data_making import cells_of, points_of
from ...base.errors import InvalidProperty
from ...base.precision import choose_precision
from ...types.own_properties import OwnProperties, implicit_function
from ..own_algorithms import data_of, told


class CutFragments(OwnProperties, VTKPythonAlgorithmBase):
    """CutFragments - Cuts the fragments of each material, and gives the middles of the cuts with their attributes.

    The first input has for each material the surfaces of its fragments, the second a point for each of them, with its
    attributes. The middle of a cut is that of its bounds, on the plane if it is cut by one.
    """

    PROPERTIES: ClassVar = (implicit_function("CutFunction", "What cuts the fragments."),)

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=2, nOutputPorts=2, outputType="vtkMultiBlockDataSet")

    def FillInputPortInformation(self, port: int, info: Any) -> int:
        """Take blocks."""
        info.Set(vtkAlgorithm.INPUT_REQUIRED_DATA_TYPE(), "vtkMultiBlockDataSet")
        return 1

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the cuts and the points."""
        outputs = [vtkDataObject.GetData(outInfo, port) for port in range(2)]
        return told(type(self).__name__, lambda: self._make(data_of(inInfo), data_of(inInfo, 1), *outputs))

    def _make(self, geometry: Any, statistics: Any, cuts: Any, centers: Any) -> None:
        count = geometry.GetNumberOfBlocks()
        if statistics.GetNumberOfBlocks() != count:
            raise InvalidProperty(
                f"Source has {statistics.GetNumberOfBlocks()} materials and Input {count}: both have a block for each"
            )
        if self.value_of("CutFunction") is None:
            raise InvalidProperty("SliceType is not set: there is nothing to cut with")
        for block in range(count):
            pieces, points = geometry.GetBlock(block), statistics.GetBlock(block)
            surfaces = _pieces(pieces)
            if not isinstance(points, vtkPolyData) or points.GetNumberOfPoints() != len(surfaces):
                raise InvalidProperty(f"block {block} of Source is not a point for each of {len(surfaces)} fragments")
            found = [(number, self._cut(one)) for number, one in enumerate(surfaces) if one is not None]
            hit = [(number, one) for number, one in found if one.GetNumberOfPoints()]
            cuts.SetBlock(block, _as_pieces(len(surfaces), hit))
            centers.SetBlock(block, self._centers(hit, points))

    def _cut(self, surface: Any) -> Any:
        cutter = vtkCutter()
        cutter.SetCutFunction(self.value_of("CutFunction"))
        cutter.SetInputData(surface)
        cutter.SetContainerAlgorithm(self)
        choose_precision(cutter)
        cutter.Update()
        return cutter.GetOutput()

    def _centers(self, hit: list[tuple[int, Any]], points: Any) -> Any:
        made = vtkPolyData()
        places = np.array([one.GetCenter() for _, one in hit]).reshape(-1, 3)
        plane = self.value_of("CutFunction")
        if isinstance(plane, vtkPlane):
            normal = np.array(plane.GetNormal()) / np.linalg.norm(plane.GetNormal())
            places -= np.outer((places - np.array(plane.GetOrigin())) @ normal, normal)
        made.SetPoints(points_of(places))
        made.SetVerts(cells_of(np.arange(len(hit) + 1), np.arange(len(hit))))
        made.GetPointData().CopyAllOn()
        made.GetPointData().CopyAllocate(points.GetPointData(), len(hit))
        for place, (number, _) in enumerate(hit):
            made.GetPointData().CopyData(points.GetPointData(), number, place)
        return made


def _pieces(block: Any) -> list[Any]:
    """Return the surfaces of the fragments of a material; None where there is none. Raises `InvalidProperty`."""
    if isinstance(block, vtkMultiPieceDataSet):
        found = [block.GetPieceAsDataObject(index) for index in range(block.GetNumberOfPieces())]
    elif isinstance(block, vtkMultiBlockDataSet):
        found = [block.GetBlock(index) for index in range(block.GetNumberOfBlocks())]
    else:
        found = [block]
    if not all(one is None or isinstance(one, vtkPolyData) for one in found):
        raise InvalidProperty("fragments are surfaces (vtkPolyData) in a block for each material: use ExtractSurface")
    return found


def _as_pieces(count: int, hit: list[tuple[int, Any]]) -> Any:
    made = vtkMultiPieceDataSet()
    made.SetNumberOfPieces(count)
    for number, one in hit:
        made.SetPiece(number, one)
    return made
